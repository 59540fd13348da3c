//! The headings that fill a field, in the languages of the site: `## Answer`, `## Steps`, `## Problem`.
//!
//! English always counts, because people copy templates; other languages count where the configuration
//! names them, so that a German word does not surprise an English site.

use crate::config::Config;

/// A part of a body that fills a field: the field's name and the headings that open it, by language.
type Headings = (&'static str, &'static [(&'static str, &'static [&'static str])]);

/// The field that an answer in the question's own file fills.
pub const ANSWER: &str = "answer";

const HEADINGS: &[Headings] = &[
    (
        ANSWER,
        &[
            ("en", &["answer", "solution"]),
            ("de", &["antwort", "lösung"]),
            ("fr", &["réponse", "solution"]),
            ("es", &["respuesta", "solución"]),
            ("pt", &["resposta", "solução"]),
            ("it", &["risposta", "soluzione"]),
            ("nl", &["antwoord", "oplossing"]),
            ("da", &["svar", "løsning"]),
            ("nb", &["svar", "løsning"]),
            ("sv", &["svar", "lösning"]),
            ("fi", &["vastaus", "ratkaisu"]),
            ("pl", &["odpowiedź", "rozwiązanie"]),
            ("cs", &["odpověď", "řešení"]),
            ("ru", &["ответ", "решение"]),
            ("uk", &["відповідь", "рішення"]),
            ("tr", &["yanıt", "cevap", "çözüm"]),
            ("ar", &["الجواب", "الإجابة", "الحل"]),
            ("he", &["תשובה", "פתרון"]),
            ("ja", &["回答", "解決策", "解決"]),
            ("zh", &["回答", "答案", "解决方案", "解決方案"]),
            ("ko", &["답변", "해결책", "해결"]),
        ],
    ),
    (
        "problem",
        &[
            ("en", &["problem", "the problem"]),
            ("de", &["problem", "das problem"]),
            ("fr", &["problème", "le problème"]),
            ("es", &["problema", "el problema"]),
            ("pt", &["problema", "o problema"]),
            ("it", &["problema", "il problema"]),
            ("nl", &["probleem", "het probleem"]),
            ("ar", &["المشكلة"]),
            ("ja", &["課題", "問題"]),
            ("zh", &["问题", "問題"]),
        ],
    ),
    (
        "why",
        &[
            ("en", &["why"]),
            ("de", &["warum"]),
            ("fr", &["pourquoi"]),
            ("es", &["por qué"]),
            ("pt", &["por quê", "porquê"]),
            ("it", &["perché"]),
            ("nl", &["waarom"]),
            ("ar", &["لماذا"]),
            ("ja", &["理由"]),
            ("zh", &["原因", "为什么"]),
        ],
    ),
    (
        "outcome",
        &[
            ("en", &["outcome", "result", "the outcome"]),
            ("de", &["ergebnis"]),
            ("fr", &["résultat"]),
            ("es", &["resultado"]),
            ("pt", &["resultado"]),
            ("it", &["risultato"]),
            ("nl", &["resultaat"]),
            ("ar", &["النتيجة"]),
            ("ja", &["結果", "成果"]),
            ("zh", &["结果", "結果"]),
        ],
    ),
    (
        "needs",
        &[
            ("en", &["what you need", "you need", "prerequisites", "requirements"]),
            ("de", &["was du brauchst", "was sie brauchen", "voraussetzungen"]),
            ("fr", &["ce qu'il faut", "ce qu’il faut", "prérequis"]),
            ("es", &["lo que necesitas", "requisitos"]),
            ("pt", &["o que você precisa", "pré-requisitos"]),
            ("it", &["cosa serve", "prerequisiti"]),
            ("nl", &["wat je nodig hebt", "benodigdheden"]),
            ("ar", &["ما تحتاج إليه"]),
            ("ja", &["必要なもの"]),
            ("zh", &["你需要", "准备"]),
        ],
    ),
    (
        "steps",
        &[
            ("en", &["steps"]),
            ("de", &["schritte"]),
            ("fr", &["étapes"]),
            ("es", &["pasos"]),
            ("pt", &["passos"]),
            ("it", &["passi", "passaggi"]),
            ("nl", &["stappen"]),
            ("ar", &["الخطوات"]),
            ("ja", &["手順"]),
            ("zh", &["步骤", "步驟"]),
        ],
    ),
];

/// The field that a heading fills on this site, if it is one of `fields`.
#[must_use]
pub fn field_of(heading: &str, fields: &[&str], config: &Config) -> Option<&'static str> {
    // Most headings are longer than every word of the table.
    if heading.len() > 64 {
        return None;
    }
    let heading = heading.trim().trim_end_matches([':', '：', '?']).to_lowercase();
    HEADINGS.iter().filter(|(field, _)| fields.contains(field)).find_map(|(field, words)| {
        let counts = |language: &str| {
            language == "en" || config.languages.iter().any(|it| it.split('-').next() == Some(language))
        };
        words
            .iter()
            .any(|(language, words)| counts(language) && words.contains(&heading.as_str()))
            .then_some(*field)
    })
}
