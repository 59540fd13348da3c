//! Whether the title of a question says what is asked. Real titles are questions, noun phrases, error messages
//! and “How to …”: all of them are good, because they are found and understood. What is left are titles that
//! say nothing, begin with a plea, or tell a story. Rather one too few than a good title that is blamed.

use std::collections::BTreeSet;
use std::sync::LazyLock;

/// What is wrong with a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is made of words such as “help” and “problem” alone.
    SaysNothing,
    /// It begins with a greeting or a plea.
    Pleads,
    /// It tells what somebody did, and asks nothing.
    Tells,
    /// It is a question or a call in nothing but capitals.
    Shouts,
}

/// The words of one language.
struct Language {
    name: &'static str,
    /// A title of such words alone says nothing.
    empty: BTreeSet<&'static str>,
    /// Beginnings that address people instead of asking.
    pleas: Vec<&'static str>,
    /// Beginnings of a sentence in which somebody tells of themselves.
    tells: Vec<&'static str>,
    /// A title that holds one of these asks something.
    asks: Vec<&'static str>,
}

/// Of each language: its name, what is empty, what pleads, what tells, what asks.
const LANGUAGES: &[Row] = &[
    (
        "en",
        "a about again an and any anybody anyone bug broken can could does doesn't error everybody everyone \
         fails for got guys hallo have hello help hey hi i i've in is issue issues it it's me my need needed \
         new newbie no noob not one or please pls plz problem problems quick question questions quickly \
         simple small solved somebody some someone something sos stuck stupid thank thanks the there this \
         title to topic trouble untitled urgent urgently with work working works wrong you your asap out \
         other general test asking",
        "can anybody help, can anyone help, can somebody help, can someone help, can you help, \
         could anybody help, could anyone help, could somebody help, could someone help, good evening, \
         good morning, hello, help me, help needed, help please, hey, hi, i need help, i need some help, \
         i need your help, need help, please help, pls help, plz help, urgent help",
        "i, i'm, i've, i'd, i had, we, we're, we've",
        "how, what, what's, when, where, which, who, whose, why, whether, should i, can i, do i, am i, \
         must i, may i, could i, can we, should we, do we, is it, is there, are there, does it, any way",
    ),
    (
        "de",
        "alle an anfänger bei bitte brauche dringend ein eine einem einer es fehler frage fragen geht gelöst \
         hallo hat hilfe ich ihr jemand kann kaputt kurze mal mir mit moin neu nicht problem probleme \
         schnelle servus zusammen danke eilt wichtig noch nochmal etwas und funktioniert titel",
        "bitte um hilfe, bitte helft, brauche dringend hilfe, brauche hilfe, dringend hilfe, guten abend, \
         guten morgen, guten tag, hallo, hilfe bei, ich brauche hilfe, kann jemand helfen, \
         kann mir jemand helfen, kann mir wer helfen, moin, servus",
        "ich, wir",
        "wie, was, wann, wo, welche, welcher, welches, wer, wessen, wem, wen, warum, wieso, weshalb, wohin, \
         woher, womit, wozu, ob, kann ich, muss ich, soll ich, darf ich, sollte ich, können wir, gibt es",
    ),
    (
        "fr",
        "à aide au aidez avec besoin bonjour ça d'aide de débutant erreur j'ai je marche me merci moi ne \
         nouveau panne pas petite plaît problème problèmes question questions résolu rien s'il salut secours \
         svp stp tous tout un une urgent vous le monde titre fonctionne",
        "bonjour, bonsoir, salut, aidez-moi, aidez moi, besoin d'aide, j'ai besoin d'aide, au secours, \
         pouvez-vous m'aider, quelqu'un peut m'aider, qui peut m'aider",
        "je, j'ai, j', nous avons, nous",
        "comment, que, quoi, quand, où, quel, quelle, quels, quelles, qui, pourquoi, combien, est-ce, \
         puis-je, dois-je, faut-il, peut-on, y a-t-il, si",
    ),
    (
        "es",
        "a ayuda ayúdenme buenas buenos con consulta de días duda dudas el error favor funciona gracias hola \
         la me mi necesito no nuevo novato por pregunta preguntas problema problemas resuelto socorro tengo \
         todos un una urgente título algo",
        "hola, buenas tardes, buenas noches, buenos días, ayúdenme, ayuda por favor, necesito ayuda, \
         alguien me puede ayudar, alguien puede ayudarme, me pueden ayudar, por favor ayuda, pido ayuda",
        "yo, tengo, he, nosotros, tenemos, hemos",
        "cómo, qué, cuándo, dónde, cuál, cuáles, quién, por qué, cuánto, cuánta, si, puedo, debo, hay que, \
         se puede, como, que, cuando, donde",
    ),
    (
        "ar",
        "مساعدة سؤال أسئلة مشكلة خطأ مرحبا مرحباً السلام عليكم عاجل أحتاج إلى ساعدوني من فضلكم شكرا شكراً لا \
         يعمل عندي لدي",
        "السلام عليكم, مرحبا, مرحباً, ساعدوني, أحتاج مساعدة, أحتاج إلى مساعدة",
        "",
        "كيف, ماذا, ما, متى, أين, من, لماذا, هل, كم, أي",
    ),
];

/// Of the empty words those that show that somebody wants something, rather than those in between: “The other
/// one” may be what a thing is called.
const WEIGHTY: &str = "help issue issues problem problems question questions error urgent please hello hi hey trouble stuck \
    broken working work works wrong untitled title noob newbie test sos bug fails thanks pls plz topic \
    hilfe frage fragen fehler probleme hallo geht funktioniert bitte titel kaputt dringend moin aide \
    problème erreur bonjour salut marche fonctionne titre secours ayuda duda dudas consulta pregunta \
    preguntas problema problemas hola funciona urgente título socorro مساعدة سؤال مشكلة خطأ مرحبا عاجل \
    يعمل";

type Row = (&'static str, &'static str, &'static str, &'static str, &'static str);

static KNOWN: LazyLock<(Vec<Language>, BTreeSet<&str>)> =
    LazyLock::new(|| (LANGUAGES.iter().map(language).collect(), WEIGHTY.split_whitespace().collect()));

fn language((name, empty, pleas, tells, asks): &Row) -> Language {
    let phrases =
        |text: &'static str| text.split(',').map(str::trim).filter(|it| !it.is_empty()).collect::<Vec<_>>();
    Language {
        name,
        empty: empty.split_whitespace().collect(),
        pleas: phrases(pleas),
        tells: phrases(tells),
        asks: phrases(asks),
    }
}

/// What is wrong with a title of a question on a site of these languages, if anything is. English always counts,
/// because people mix it in; a title in a language that is not known is right.
#[must_use]
pub fn fault(title: &str, languages: &[String]) -> Option<Fault> {
    if shouts(title) {
        return Some(Fault::Shouts);
    }
    let lower: String = title.to_lowercase().replace('’', "'");
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '-');
    let words: Vec<&str> = lower.split(|c| !is_part(c)).filter(|it| !it.is_empty()).collect();
    if words.is_empty() {
        return Some(Fault::SaysNothing);
    }
    let spoken = |name: &str| name == "en" || languages.iter().any(|it| it.split('-').next() == Some(name));
    let known: Vec<&Language> = KNOWN.0.iter().filter(|language| spoken(language.name)).collect();
    let joined = words.join(" ");
    let begins = |start: &&str| {
        joined.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    let has_mark = title.contains(['?', '？', '؟', ';']);
    let asks = known.iter().any(|it| it.asks.iter().any(|word| holds(&joined, word)));
    let pleads = known.iter().any(|it| it.pleas.iter().any(&begins));
    let is_empty = |word: &&str| known.iter().any(|it| it.empty.contains(word));
    if !asks
        && (!has_mark || words.len() < 3 || pleads)
        && words.len() <= 8
        && words.iter().all(is_empty)
        && words.iter().any(|word| KNOWN.1.contains(word))
    {
        return Some(Fault::SaysNothing);
    }
    if asks || has_mark {
        return None;
    }
    if pleads {
        return Some(Fault::Pleads);
    }
    // What a program printed may begin with anything; it has signs that a sentence has not.
    let is_sentence = words.len() > 3 && !title.contains([':', '`', '"', '“', '/', '_', '=', '(']);
    let tells = is_sentence && known.iter().any(|it| it.tells.iter().any(&begins));
    tells.then_some(Fault::Tells)
}

/// Whether these words stand in a text of words.
fn holds(joined: &str, words: &str) -> bool {
    joined.match_indices(words.trim_end()).any(|(at, found)| {
        let (before, after) = (&joined[..at], &joined[at + found.len()..]);
        (before.is_empty() || before.ends_with(' ')) && (after.is_empty() || after.starts_with(' '))
    })
}

/// Whether several words stand in capitals and end in a sign of them. What only stands in capitals may be the message
/// of a machine.
fn shouts(title: &str) -> bool {
    let words =
        title.split_whitespace().filter(|word| word.chars().filter(|char| char.is_alphabetic()).count() > 1);
    title.trim_end().ends_with(['?', '!'])
        && words.count() > 3
        && title.chars().all(|char| !char.is_alphabetic() || char.is_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(title: &str) -> Option<Fault> {
        fault(title, &["en".to_owned(), "de".to_owned(), "fr".to_owned(), "es".to_owned(), "ar".to_owned()])
    }

    #[test]
    fn questions_noun_phrases_and_error_messages_are_good_titles() {
        for title in [
            "How do I reset my password?",
            "How to make coffee concentrate",
            "Roast vs Body vs Acidity",
            "Small grinder for espresso",
            "No water since I plugged the pump into another output",
            "My espresso tastes sour",
            "Error: failed to compute cache key",
            "psql - command not found: psql",
            "Docker build error",
            "Help files cannot be opened",
            "Help with understanding the AUC of each value",
            "Question 7: Multiplication operators.",
            "I opened the export and half of the numbers are dates. What did I do wrong?",
            "I cannot find where the log is written",
            "Hello world does not compile, why?",
            "Hi-res images on the start page",
            "The same accuracy on epochs",
            "Wie stelle ich die Luftfeuchte ein",
            "Warum geht das nicht?",
            "Why does it not work?",
            "What is this?",
            "Can it work?",
            "Pourquoi la pompe ne s'arrête pas",
            "Problème de vanne",
            "¿Cómo cambio la batería?",
            "كيف أغير البطارية؟",
            "給水ポンプが動かない",
            "Что делать, если насос не включается",
            "Error 404",
            "Shaken, not stirred",
            "C",
            "It",
            "TypeError: I is not defined",
            "Works with Home Assistant",
            "Broken glass in the greenhouse",
        ] {
            assert_eq!(faults(title), None, "{title}");
        }
    }

    #[test]
    fn titles_that_say_nothing_plead_or_tell_are_named() {
        for title in [
            "Help",
            "HELP!!!",
            "Help?",
            "Please help",
            "Urgent",
            "Question",
            "Problem",
            "I have a problem",
            "I need help",
            "It does not work",
            "Not working",
            "Quick question",
            "[SOLVED] Problem",
            "Hilfe!",
            "Frage",
            "Es geht nicht",
            "Ich habe ein Problem",
            "Hallo zusammen",
            "J'ai un problème",
            "Ça ne marche pas",
            "Ayuda",
            "Tengo un problema",
            "No funciona",
            "مساعدة",
            "???",
            "Untitled",
        ] {
            assert!(faults(title).is_some(), "{title}");
        }
        for title in [
            "Please help me with my greenhouse controller",
            "Need help with the pump",
            "Hello, my pump is broken",
            "Hallo, meine Pumpe steht",
            "Bonjour, ma pompe est en panne",
            "Hola, mi bomba no arranca",
        ] {
            assert_eq!(faults(title), Some(Fault::Pleads), "{title}");
        }
        for title in [
            "I cannot log in to my account",
            "We changed the battery and nothing happens",
            "Ich habe die Batterie gewechselt",
            "J'ai changé la batterie hier",
        ] {
            assert_eq!(faults(title), Some(Fault::Tells), "{title}");
        }
    }

    #[test]
    fn only_the_languages_of_the_site_count() {
        assert_eq!(fault("Hilfe", &["en".to_owned()]), None);
        assert_eq!(fault("Hilfe", &["de-AT".to_owned()]), Some(Fault::SaysNothing));
        assert_eq!(fault("Help", &["de".to_owned()]), Some(Fault::SaysNothing));
    }
}
