use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;
use crate::{Answer, Document, Index, Options, Packed, Passage, Request, write};

/// A site large enough for words in several blocks, common ones and rare ones.
fn documents() -> Vec<Document> {
    let syllables = ["ka", "ro", "mi", "te", "lu", "san", "vor", "nel", "pi", "dux", "gra", "lim"];
    let word = |number: usize| -> String {
        [number, number / 12, number / 144].map(|place| syllables[place % 12]).concat()
    };
    (0..600)
        .map(|number: usize| {
            let words: Vec<String> = (1..90)
                .map(|place| word((number * 31 + place * place * 7) % (number % 1500 + 3 + place * 11)))
                .collect();
            Document {
                url: format!("/questions/{number}/"),
                title: format!("How do I {} the {}", word(number % 400), word(number % 77 + 13)),
                kind: if number.is_multiple_of(3) { "how-to" } else { "question" }.to_owned(),
                tags: vec![format!("{}-{}", word(number % 40), word(number % 50))],
                answered: number.is_multiple_of(4),
                passages: vec![
                    Passage { text: words.join(" "), by: "Ana".to_owned(), ..Passage::default() },
                    Passage {
                        anchor: "answer-ben".to_owned(),
                        text: format!("An answer of {} 東京都 {}", word(number), words[number % 80]),
                        by: "Ben".to_owned(),
                        accepted: number.is_multiple_of(8),
                    },
                ],
                ..Document::default()
            }
        })
        .collect()
}

fn packed() -> (BTreeMap<String, Vec<u8>>, Packed) {
    let files = write(&documents(), &Options::default()).expect("it is written");
    let pack = pack(files.clone()).expect("it is packed");
    (files, pack)
}

fn manifest(pack: &Packed) -> Manifest {
    Manifest::from_json(&pack[MANIFEST]).expect("there is a manifest")
}

/// The file of a piece.
fn file(pack: &Packed, number: u32) -> &[u8] {
    &pack[&manifest(pack).piece(number)]
}

fn open(pack: &Packed) -> (Arc<Pack>, Index) {
    let (head, hot) = cut::inflate(file(pack, HOT)).expect("it inflates");
    let opened = Arc::new(Pack::open(head, hot).expect("the hot bundle is right"));
    let index = Index::open(Arc::clone(&opened)).expect("opening reads nothing but the hot bundle");
    (opened, index)
}

fn give(opened: &Pack, pack: &Packed, number: u32) {
    let (head, bytes) = cut::inflate(file(pack, number)).expect("it inflates");
    opened.give(number, head, bytes).expect("it is taken");
}

/// Asks as a browser does, and says how many rounds it took.
fn ask(opened: &Pack, index: &Index, pack: &Packed, request: &Request) -> (Answer, usize) {
    for rounds in 0..20 {
        match index.answer(request) {
            Ok(answer) => return (answer, rounds),
            Err(Error::Pending) => {
                let missing = opened.missing();
                assert!(!missing.is_empty(), "what is pending is told");
                missing.into_iter().for_each(|number| give(opened, pack, number));
            }
            Err(error) => panic!("{request:?}: {error}"),
        }
    }
    panic!("{request:?} takes too many rounds");
}

fn requests() -> Vec<Request> {
    let texts = [
        "how do I karomi the temi",
        "karoro lumi santete vorka nelro",
        "ka",
        "\"ro ka\" karomi",
        "karomi -lumi",
        "tag:ka-ka is:answered kind:how-to",
        "title:karoka tesan",
        "東京",
        "karomx lumki ",
        "answer of grakaka",
        "nothing-like-it zzzzzz",
        "",
    ];
    let request = |query: &&str| Request { query: (*query).to_owned(), limit: 10, ..Request::default() };
    let mut all: Vec<Request> = texts.iter().map(request).collect();
    all.push(Request { counts: true, ..request(&"answer san") });
    all
}

#[test]
fn a_pack_answers_as_the_index_does() {
    let (files, pack) = packed();
    let plain = Index::open(files).expect("it opens");
    let whole = pack.clone();
    let fetching =
        Pack::fetching(Box::new(move |number| Ok(file(&whole, number).to_vec()))).expect("it opens");
    let fetching = Index::open(fetching).expect("it opens");
    for request in requests() {
        let expected = plain.answer(&request).expect("it is answered");
        assert_eq!(fetching.answer(&request).expect("it is answered"), expected, "{request:?}");
        let (opened, index) = open(&pack);
        assert_eq!(ask(&opened, &index, &pack, &request).0, expected, "{request:?}");
    }
}

#[test]
fn a_question_in_plain_words_takes_three_rounds() {
    let (_, pack) = packed();
    let titles = [3, 77, 300, 599].map(|number| documents()[number].title.clone());
    for query in titles.into_iter().chain(requests().into_iter().map(|request| request.query)) {
        let is_plain = query.starts_with("How do I");
        let request = Request { query, limit: 10, ..Request::default() };
        let (opened, index) = open(&pack);
        let (answer, rounds) = ask(&opened, &index, &pack, &request);
        // Words, their pages, what is shown of these; and for other spellings all of the words before.
        assert!(rounds <= if is_plain { 3 } else { 6 }, "{request:?}: {rounds}");
        let (again, rounds) = ask(&opened, &index, &pack, &request);
        assert_eq!((again, rounds), (answer, 0), "what has been fetched is kept");
    }
}

#[test]
fn any_single_piece_may_be_missing() {
    let (files, pack) = packed();
    let plain = Index::open(files).expect("it opens");
    let count = manifest(&pack).pieces;
    let requests = requests();
    let mut asked_for = 0;
    for missing in 0..count {
        let (opened, index) = open(&pack);
        (0..count).filter(|number| *number != missing).for_each(|number| give(&opened, &pack, number));
        for request in &requests {
            let expected = plain.answer(request).expect("it is answered");
            match index.answer(request) {
                Ok(answer) => assert_eq!(answer, expected),
                Err(error) => {
                    assert_eq!(error, Error::Pending);
                    assert_eq!(opened.missing(), [missing]);
                    asked_for += 1;
                    give(&opened, &pack, missing);
                    assert_eq!(index.answer(request).as_ref(), Ok(&expected));
                    break;
                }
            }
        }
    }
    assert!(count > 50 && asked_for > 20, "{asked_for} of {count}");
}

#[test]
fn a_piece_that_is_not_the_one_that_was_written_is_refused() {
    let (_, pack) = packed();
    let (opened, _) = open(&pack);
    let (head, bytes) = cut::inflate(file(&pack, 7)).expect("it inflates");
    assert!(opened.give(8, head, bytes.clone()).is_err(), "another piece");
    assert!(opened.give(7, head, bytes[1..].to_vec()).is_err(), "cut off");
    assert!(opened.give(7, &head[1..], bytes.clone()).is_err());
    for place in [0, bytes.len() / 2, bytes.len() - 1] {
        let mut damaged = bytes.clone();
        damaged[place] ^= 1;
        assert!(opened.give(7, head, damaged).is_err(), "one bit is another");
    }
    assert!(opened.give(7, head, bytes).is_ok());
    assert!(cut::inflate(b"<!doctype html><title>404</title>").is_err(), "the error page of a host");
    let (head, hot) = cut::inflate(file(&pack, HOT)).expect("it inflates");
    for place in (0..hot.len()).step_by(hot.len() / 50) {
        let mut damaged = hot.clone();
        damaged[place] ^= 0x40;
        assert!(Pack::open(head, damaged.clone()).is_err());
        // Anyone who can make the guard fit still gets no panic.
        let head = [&guard(HOT, &damaged).to_le_bytes()[..], &(damaged.len() as u32).to_le_bytes()].concat();
        if let Ok(pack) = Pack::open(&head, damaged) {
            let _ = pack.read("meta.json", 0..10);
        }
    }
}

#[test]
fn a_manifest_names_nothing_outside_its_folder() {
    let manifest =
        |folder: &str, version| format!("{{\"version\":{version},\"folder\":\"{folder}\",\"pieces\":1}}");
    assert!(Manifest::from_json(manifest("0123456789abcdef", VERSION).as_bytes()).is_ok());
    assert!(Manifest::from_json(manifest("0123456789abcdef", VERSION + 1).as_bytes()).is_err());
    for folder in ["", ".", "../secret", "/etc", "a/b"] {
        assert!(Manifest::from_json(manifest(folder, VERSION).as_bytes()).is_err(), "{folder}");
    }
}

#[test]
fn the_same_index_gives_the_same_pack() {
    let (files, expected) = packed();
    for threads in [1, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads start");
        assert!(pool.install(|| pack(files.clone())).expect("it is packed") == expected, "{threads}");
    }
    let nothing = write(&[], &Options::default()).expect("it is written");
    let (_, index) = open(&pack(nothing).expect("it is packed"));
    let request = Request { query: "anything".to_owned(), limit: 3, ..Request::default() };
    assert_eq!(index.answer(&request), Ok(Answer::default()));
}
