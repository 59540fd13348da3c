//! Titles, pages in other languages than the site's, compounds, and scripts without spaces.

use super::*;
use crate::document::{Document, Options, Passage};
use crate::write::write;

fn page(slug: &str, title: &str, text: &str) -> Document {
    Document {
        url: format!("/{slug}/"),
        title: title.to_owned(),
        passages: vec![Passage { text: text.to_owned(), ..Passage::default() }],
        ..Document::default()
    }
}

/// The slugs of the hits in an index in a language, best first.
fn found(language: &str, documents: &[Document], query: &str) -> Vec<String> {
    let options = Options { language: Some(language.to_owned()), ..Options::default() };
    let index = Index::open(write(documents, &options).expect("it is written")).expect("it opens");
    let request = Request { query: query.to_owned(), limit: 10, ..Request::default() };
    let hits = index.search(&request).expect("no query fails");
    hits.iter().map(|hit| hit.url.trim_matches('/').to_owned()).collect()
}

#[test]
fn a_title_that_is_the_question_is_first() {
    let much =
        "Set up the printer. The printer is set up. Where is the printer set up? Set it up anew. ".repeat(3);
    let mut documents = vec![
        page("much", "Printers of all kinds", &much),
        page("exact", "Where is the printer?", "Second floor."),
        page("other", "How is the printer set up?", &much),
    ];
    documents[1].alternatives = vec!["I cannot find the printer room".to_owned()];
    assert_eq!(found("en", &documents, "where is the printer")[0], "exact");
    assert_eq!(found("en", &documents, "How is the printer set up?")[0], "other");
    assert_eq!(found("en", &documents, "printer of all kinds")[0], "much");
    assert_eq!(
        found("en", &documents, "i cannot find the printer room")[0],
        "exact",
        "another wording counts as a title"
    );
}

#[test]
fn words_without_meaning_tell_titles_apart_but_find_nothing() {
    let text = "A virus that spreads by air. Symptoms are fever and cough.";
    let documents = [
        page("how", "How does the virus spread?", text),
        page("what", "What is the virus?", text),
        page("who", "Who are we?", "Some people."),
    ];
    assert_eq!(found("en", &documents, "what is this virus"), ["what", "how"]);
    assert_eq!(found("en", &documents, "how does this virus do it"), ["how", "what"]);
}

#[test]
fn a_short_question_is_answered_by_titles_and_a_long_one_by_texts() {
    let story = "The filter of the pump was full of leaves after the storm, and the motor stopped.";
    let documents = [
        page("title", "Why did the pump stop?", "Something is in its way."),
        page("story", "What the autumn brought", story),
        page("other", "A pond", "Without fish."),
    ];
    assert_eq!(found("en", &documents, "why does a pump stop")[0], "title");
    let long =
        "after the storm our pump with the new filter did not go on, its motor stopped, are leaves why";
    assert_eq!(found("en", &documents, long)[0], "story");
}

#[test]
fn a_title_that_only_begins_the_text_says_no_more_than_the_text() {
    let begins = "Garden pumps in winter need care. Drain them before the frost comes, and store them dry.";
    let mut documents = [
        page("begins", "Garden pumps in winter", begins),
        page("named", "Storing machines", "Garden pumps in winter need care. Garden pumps are stored dry."),
    ];
    assert_eq!(found("en", &documents, "garden pumps")[0], "named");
    assert_eq!(found("en", &documents, "garden pumps in winter")[0], "begins", "the very title is first");
    documents[0].alternatives = vec!["Where do garden pumps go?".to_owned()];
    assert_eq!(found("en", &documents, "garden pumps")[0], "begins", "other wordings count as ever");
    documents[0].alternatives.clear();
    documents[0].passages[0].text = begins.replace("Garden pumps in winter", "They");
    assert_eq!(found("en", &documents, "garden pumps")[0], "begins", "a title of its own counts");
}

#[test]
fn a_page_is_read_in_its_own_language() {
    let english = "The meetings are held every week in the rooms upstairs. Whoever wants to take part has to register before \
                   with the organisers, who keep a list of all the participants and of what they would like to eat.";
    let german = "Die Treffen finden jede Woche in den oberen Räumen statt. Wer teilnehmen will, muss sich vorher bei den \
                  Veranstaltern anmelden, die eine Liste aller Teilnehmer führen.";
    let russian = "Встречи проходят каждую неделю в верхних комнатах. Кто хочет принять участие, должен заранее \
                   зарегистрироваться у организаторов, которые ведут список всех участников.";
    let documents = [
        page("english", "Weekly meetings", english),
        page("german", "Treffen", german),
        page("russian", "Встречи", russian),
    ];
    for language in ["ru", "de", "en"] {
        assert_eq!(found(language, &documents, "registering a participant"), ["english"], "{language}");
        assert_eq!(found(language, &documents, "organisers")[0], "english", "{language}");
        assert_eq!(found(language, &documents, "Veranstalter eines Treffens"), ["german"], "{language}");
        assert_eq!(found(language, &documents, "участник встречи"), ["russian"], "{language}");
        assert_eq!(
            found(language, &documents, "\"all the participant\""),
            ["english"],
            "phrases too, {language}"
        );
    }
    // Too short to be told, unless the page says it.
    let mut short =
        [page("short", "Meetings", "They organise them weekly."), page("long", "Встречи", russian)];
    assert_eq!(found("ru", &short, "organising?"), [""; 0]);
    short[0].lang = "en".to_owned();
    assert_eq!(found("ru", &short, "organising?"), ["short"]);
}

#[test]
fn a_word_finds_the_compounds_that_it_is_part_of() {
    let documents = [
        page("customers", "Kundenrechnungen", "Sie liegen im Archiv."),
        page("address", "Rechnungsadresse ändern", "Im Konto."),
        page("customer", "Ein Kunde", "Mit einer Adresse und einer Rechnung."),
        page("component", "Eine Komponente", "Sie ist schwer."),
    ];
    let mut bills = found("de", &documents, "Rechnung");
    assert_eq!(bills[0], "customer", "the word itself counts more");
    bills.sort();
    assert_eq!(bills, ["address", "customer", "customers"]);
    assert_eq!(found("de", &documents, "Adressen"), ["customer", "address"]);
    assert_eq!(found("de", &documents, "Ente"), [""; 0], "what is left is no word");
    assert_eq!(found("en", &documents, "Rechnung?"), ["customer"], "no compounds in English");
}

#[test]
fn a_compound_that_nobody_has_written_finds_those_that_begin_alike() {
    let documents = [
        page("rails", "Schmalspurschienen verlegen", "Mit Schwellen."),
        page("split", "Verteilte Rechner", "An vielen Orten."),
    ];
    assert_eq!(found("de", &documents, "Schmalspurbahnen"), ["rails"]);
    assert_eq!(found("de", &documents, "Verteidigungsspieler"), [""; 0], "more than a prefix is alike");
    assert_eq!(found("en", &documents, "Schmalspurbahnen"), [""; 0]);
}

#[test]
fn scripts_without_spaces_are_searched_by_their_letters() {
    let documents = [
        page("password", "รีเซ็ตรหัสผ่าน", "ไปที่หน้าตั้งค่าแล้วเลือกเปลี่ยนรหัสผ่าน"),
        page("order", "วิธีสั่งซื้อสินค้า", "เลือกสินค้าแล้วชำระเงิน"),
    ];
    assert_eq!(found("th", &documents, "เปลี่ยนรหัสผ่าน")[0], "password");
    assert_eq!(found("th", &documents, "สินค้า")[0], "order");
    assert_eq!(found("th", &documents, "รห"), ["password"], "two letters are enough");
    // A long page has more of everything.
    let long = "東京の天気は晴れです。図書館は駅の近くにあります。".repeat(20) + "予約は電話でもできます。";
    let documents = [page("long", "街の案内", &long), page("short", "予約", "図書館の予約は窓口で。")];
    assert_eq!(found("ja", &documents, "図書館の予約")[0], "short");
}
