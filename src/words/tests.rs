//! How words are read and said.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::load::{Draft, LANGUAGES};
use super::*;
use crate::diagnostic::Rule;
use crate::yaml::{Dialect, Shape};

fn draft(language: &str) -> Draft {
    let (_, text) = LANGUAGES.iter().find(|(known, _)| *known == language).expect("a language");
    let dialect = Dialect { rule: Rule::Config, limit: 1 << 20, shape: |_| Shape::Other, is_known: |_| true };
    let mut draft = Draft::default();
    let problems = draft.take(&Arc::from(language), text, &dialect, None);
    assert_eq!(problems, [], "{language}");
    draft
}

fn own(path: &str, text: &str) -> BTreeMap<String, Vec<u8>> {
    BTreeMap::from([(path.to_string(), text.as_bytes().to_vec())])
}

#[test]
fn every_language_says_everything_that_english_says() {
    let english = draft("en");
    for (language, _) in LANGUAGES {
        let draft = draft(language);
        let names = |draft: &Draft| draft.texts.keys().cloned().collect::<BTreeSet<_>>();
        let (there, wanted) = (names(&draft), names(&english));
        assert_eq!(wanted.difference(&there).collect::<Vec<_>>(), Vec::<&String>::new(), "{language} lacks");
        assert_eq!(there.difference(&wanted).collect::<Vec<_>>(), Vec::<&String>::new(), "{language} has");
        assert_eq!(draft.months.map(|months| months.len()), Some(12), "{language}");
        let plurals = Plurals::new(language);
        for (name, text) in &draft.texts {
            let places = |sentence: &Sentence| sentence.places().map(str::to_string).collect::<BTreeSet<_>>();
            let wanted = places(english.texts[name].plain());
            assert_eq!(places(text.plain()), wanted, "{language}: {name}");
            let is_counted = |text: &Text| matches!(text, Text::Counted { .. });
            assert_eq!(is_counted(text), is_counted(&english.texts[name]), "{language}: {name}");
            let Text::Counted { forms, .. } = text else { continue };
            // A form may leave the number out, and so may a word for what a number beside it counts.
            let with_count = |mut places: BTreeSet<String>| {
                places.insert("count".to_string());
                places
            };
            let wanted = with_count(wanted);
            for (category, sentence) in forms {
                let places = with_count(places(sentence));
                assert_eq!(places, wanted, "{language}: {name}, {category:?}");
            }
            for count in 0..200 {
                let category = plurals.category(count);
                assert!(forms.iter().any(|(it, _)| *it == category), "{language}: {name}, {category:?}");
            }
        }
    }
}

#[test]
fn what_every_language_says_is_what_its_sites_say() {
    for word in
        [Word::NameReply, Word::NewQuestion, Word::WriteQuestion, Word::WriteTime, Word::NotHelpedText]
    {
        let said: Vec<&str> = every_language(word).collect();
        let wanted =
            LANGUAGES.iter().map(|(language, _)| draft(language).texts[word.key()].plain().written.clone());
        assert_eq!(said, wanted.collect::<Vec<_>>());
    }
}

#[test]
fn every_word_of_the_views_is_in_the_file() {
    let english = draft("en");
    for word in Word::ALL {
        assert!(english.texts.contains_key(word.key()), "{word:?}");
    }
    let words = Words::english();
    assert_eq!(words.get(Word::Separator), ", ");
    assert_eq!(words.get(Word::Home), "Home");
}

#[test]
fn every_facet_and_every_word_of_one_has_a_text() {
    let words = Words::english();
    for (field, name) in Field::facets() {
        assert!(words.named(&format!("search_by_{name}")).is_some(), "search_by_{name}");
        for word in field.form().words().unwrap_or_default() {
            assert!(words.named(&format!("{}_{}", field.name(), word.replace('-', "_"))).is_some(), "{word}");
        }
    }
    assert_eq!(words.value(Field::State, "shipped"), "shipped");
    assert_eq!(words.value(Field::Industry, "happy"), "happy", "a text of somebody's own");
}

#[test]
fn languages_count_as_they_count() {
    let load =
        |language: &str| Words::load(language, &BTreeMap::new(), "themes/default").expect("no mistakes");
    let answers = |language: &str, count| load(language).count(Word::CountAnswers, count);
    assert_eq!([0, 1, 2].map(|count| answers("en", count)), ["0 answers", "1 answer", "2 answers"]);
    assert_eq!([0, 1, 2].map(|count| answers("fr", count)), ["0 réponse", "1 réponse", "2 réponses"]);
    assert_eq!(answers("fr", 1_000_000), "1000000 réponses");
    assert_eq!(
        [0, 1, 2, 3, 11, 100, 103, 1_000_003].map(|count| answers("ar", count)),
        [
            "لا إجابات",
            "إجابة واحدة",
            "إجابتان",
            "3 إجابات",
            "11 إجابة",
            "100 إجابة",
            "103 إجابات",
            "1000003 إجابات"
        ]
    );
    assert_eq!(answers("de-CH", 2), "2 Antworten");
    // Nobody has translated this one: English words, counted as English counts.
    assert_eq!([1, 2].map(|count| answers("ja", count)), ["1 answer", "2 answers"]);
}

#[test]
fn days_are_written_as_the_language_writes_them() {
    let date = |language: &str| {
        let words = Words::load(language, &BTreeMap::new(), "themes/default").expect("no mistakes");
        let day = jiff::civil::date(2026, 3, 7);
        (words.date(day), words.month(day))
    };
    let pair = |day: &str, month: &str| (day.to_string(), month.to_string());
    assert_eq!(date("en-GB"), pair("7 March 2026", "March 2026"));
    assert_eq!(date("de"), pair("7. März 2026", "März 2026"));
    assert_eq!(date("es"), pair("7 de marzo de 2026", "marzo de 2026"));
    assert_eq!(date("ja"), pair("2026-03-07", "2026-03"));
}

#[test]
fn a_site_replaces_single_words_and_adds_languages() {
    let files = own(
        "words/it.yaml",
        "home: Inizio\nmonths: [gennaio, febbraio, marzo, aprile, maggio, giugno, luglio, agosto, settembre, ottobre, novembre, dicembre]\ncount_answers: {one: '{count} risposta', other: '{count} risposte'}\n",
    );
    let words = Words::load("it-CH", &files, "themes/our").expect("no mistakes");
    assert_eq!(words.get(Word::Home), "Inizio");
    assert_eq!(words.get(Word::Tags), "Tags");
    assert_eq!(words.count(Word::CountAnswers, 2), "2 risposte");
    assert_eq!(words.date(jiff::civil::date(2026, 3, 7)), "7 marzo 2026");
    let words =
        Words::load("de", &own("words/de.yaml", "home: Zuhause\n"), "themes/our").expect("no mistakes");
    assert_eq!((words.get(Word::Home), words.get(Word::Tags)), ("Zuhause", "Schlagwörter"));
}

#[test]
fn what_is_wrong_with_a_sites_words_is_told_with_its_place() {
    let files = own(
        "words/de.yaml",
        "home: Zuhause\nhoem: Start\nanswered_by: Von {nmaes}\ncount_answers: {one: eine, mony: viele, other: '{count}'}\nmonths: [Jan, Feb]\nsearch: {one: Suche, other: Suchen}\ntags: [a]\nanswers: {one: Eine}\n",
    );
    let problems = Words::load("de", &files, "themes/our").expect_err("mistakes");
    let told: Vec<String> = problems
        .iter()
        .map(|it| format!("{}:{}:{}: {} | {} {:?}", it.file, it.line, it.column, it.message, it.help, it.fix))
        .collect();
    assert_eq!(
        told,
        [
            "themes/our/words/de.yaml:2:1: The theme has no word `hoem`. | Did you mean `home`? Some(\"home\")",
            "themes/our/words/de.yaml:3:14: `answered_by` has no placeholder `{nmaes}`. | Did you mean `{names}`? It has `{names}`. None",
            "themes/our/words/de.yaml:4:28: `count_answers` cannot be `mony`. | Did you mean `many`? It can be `zero`, `one`, `two`, `few`, `many`, `other`. Some(\"many\")",
            "themes/our/words/de.yaml:5:9: `months` has 2 names. | Write twelve names, January first. None",
            "themes/our/words/de.yaml:6:9: `search` must be a single text. | It contains no number, so it has no plural forms. None",
            "themes/our/words/de.yaml:7:7: `tags` must be a single text. | Write `tags: ` followed by the text. None",
            "themes/our/words/de.yaml:8:10: `answers` has no `other`. | Every number needs a form: add `other: …`. None",
        ]
    );
}

#[test]
fn a_word_is_said_as_html() {
    let words = Words::english();
    let names = |place: &str, html: &mut String| {
        html.push_str("<b>Ana</b>");
        place == "names"
    };
    assert_eq!(words.say("answered_by", None, names), Ok("Answered by <b>Ana</b>.".to_string()));
    let nothing = |_: &str, _: &mut String| false;
    assert_eq!(words.say("more_answers", Some(1), nothing), Ok("One more answer".to_string()));
    let wrong = |name: &str, count| words.say(name, count, nothing).expect_err("a mistake");
    assert_eq!(wrong("more_answer", None), "there is no word `more_answer` (did you mean `more_answers`?)");
    assert_eq!(wrong("more_answers", None), "the word `more_answers` needs a `count`");
    assert_eq!(wrong("answered_by", None), "the word `answered_by` needs `names`");
    let sentence = Sentence::new("{ {a} {B} {} {a_b}{");
    assert_eq!(sentence.places().collect::<Vec<_>>(), ["a", "a_b"]);
    assert_eq!(Words::english().filled(&sentence, &[("a", &1), ("a_b", &2)]), "{ 1 {B} {} 2{");
}

/// Names that stand in a template after a mark, up to the first character that no name has.
fn behind<'a>(template: &'a str, mark: &'a str) -> impl Iterator<Item = &'a str> {
    let is_name = |it: char| it.is_ascii_lowercase() || it == '_';
    template.split(mark).skip(1).map(move |rest| rest.split(|it| !is_name(it)).next().unwrap_or_default())
}

#[test]
fn templates_say_every_word_and_no_other() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/themes/default/templates");
    let files = walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok);
    let mut used: BTreeSet<String> = Word::ALL.iter().map(|word| word.key().to_string()).collect();
    let words = Words::english();
    let plain: BTreeSet<&str> = words.plain().map(|(name, _)| name).collect();
    for file in files.filter(|file| file.file_type().is_file()) {
        let template = std::fs::read_to_string(file.path()).expect("a template");
        for name in behind(&template, "words.") {
            assert!(plain.contains(name), "{}: words.{name}", file.path().display());
            used.insert(name.to_string());
        }
        for name in behind(&template, "say(word=\"") {
            assert!(words.names.iter().any(|known| known == name), "{}: {name}", file.path().display());
            used.insert(name.to_string());
        }
    }
    // What is called by the table of fields.
    for field in Field::ALL {
        let words = field.form().words().unwrap_or_default().iter();
        used.extend(words.map(|word| format!("{}_{}", field.name(), word.replace('-', "_"))));
    }
    used.extend(crate::site::facet::Facet::all().map(|facet| format!("search_by_{}", facet.name())));
    // The script that searches is given all words of its own.
    let script = include_str!("../../themes/default/static/search.js");
    for name in words.names.iter().filter(|name| name.starts_with("search_")) {
        if script.contains(&format!("\"{name}\"")) {
            used.insert(name.clone());
        }
    }
    for name in behind(script, "say(\"") {
        assert!(words.names.iter().any(|known| known == name), "search.js: {name}");
    }
    // The script of the page on which people write is given its own, some of them by what is written.
    let script = include_str!("../../themes/default/static/write.js");
    let replies = ["comment", "confirm", "support", "stuck"];
    let kinds = ["question", "answer", "story", "how_to", "idea"].into_iter().chain(replies);
    let by_kind = kinds.map(|kind| format!("writing_{kind}"));
    let texts = ["question", "answer", "idea"].into_iter().chain(replies);
    let texts = texts.map(|kind| format!("writing_text_{kind}"));
    let written = words.names.iter().filter(|name| script.contains(&format!("\"{name}\""))).cloned();
    let said = behind(script, "say(\"").map(str::to_string).chain(by_kind).chain(texts).chain(written);
    for name in said.collect::<BTreeSet<String>>() {
        assert!(words.names.contains(&name), "write.js: {name}");
        used.insert(name);
    }
    // So is the script that opens doors.
    let script = include_str!("../../themes/default/static/doors.js");
    for name in words.names.iter().filter(|name| name.starts_with("door_")) {
        if script.contains(&format!("say(\"{name}\"")) || script.contains(&format!("sentence(\"{name}\"")) {
            used.insert(name.clone());
        }
    }
    for name in behind(script, "sentence(\"").chain(behind(script, "say(\"")) {
        assert!(words.names.iter().any(|known| known == name), "doors.js: {name}");
    }
    let unused: Vec<&String> = words.names.iter().filter(|name| !used.contains(*name)).collect();
    assert_eq!(unused, Vec::<&String>::new(), "nobody says these");
}
