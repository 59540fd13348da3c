//! A small community is searched as its readers would.

use super::*;
use crate::document::{Document, Options, Passage};
use crate::write::write;

fn page(slug: &str, title: &str, text: &str) -> Document {
    Document {
        url: format!("/questions/{slug}/"),
        title: title.to_owned(),
        kind: "question".to_owned(),
        passages: vec![passage("", text)],
        ..Document::default()
    }
}

fn passage(anchor: &str, text: &str) -> Passage {
    Passage { anchor: anchor.to_owned(), text: text.to_owned(), ..Passage::default() }
}

fn open(documents: &[Document]) -> Index {
    let facets = vec!["product".to_owned(), "use_case".to_owned()];
    let options = Options { facets, ..Options::default() };
    Index::open(write(documents, &options).expect("it is written")).expect("it opens")
}

/// Facets by name, each with its values.
fn of<const F: usize, const V: usize>(facets: [(&str, [&str; V]); F]) -> BTreeMap<String, Vec<String>> {
    let owned = |(name, values): (&str, [&str; V])| (name.to_owned(), values.map(str::to_owned).to_vec());
    facets.into_iter().map(owned).collect()
}

fn request(query: &str) -> Request {
    Request { query: query.to_owned(), limit: 10, ..Request::default() }
}

fn ask(index: &Index, query: &str) -> Vec<Hit> {
    index.search(&request(query)).expect("no query fails")
}

/// The slugs of the hits of a query, best first, with fragments.
fn slugs(index: &Index, query: &str) -> Vec<String> {
    ask(index, query).iter().map(slug).collect()
}

fn slug(hit: &Hit) -> String {
    hit.url.trim_start_matches("/questions/").replace('/', "")
}

/// The marked parts of a hit's snippet.
fn marked(hit: &Hit) -> Vec<String> {
    let chars: Vec<char> = hit.snippet.chars().collect();
    hit.marks.iter().map(|[start, end]| chars[*start..*end].iter().collect()).collect()
}

fn community() -> Index {
    let mut docker = page("docker", "Installing Docker on Windows", "Use WSL 2. Then restart the machine.");
    docker.tags = vec!["Docker".to_owned(), "Data Engineering".to_owned()];
    docker.answered = true;
    docker.facets = of([("product", ["cloud"]), ("use_case", ["Continuous Integration"])]);
    let mut cpp = page("cpp", "Templates in C++ and C#", "A template is a recipe for types.");
    cpp.tags = vec!["C++".to_owned()];
    cpp.kind = "how-to".to_owned();
    let mut reset = page("reset", "How do I reset my password?", "I forgot the password of my account.");
    reset.alternatives = vec!["Locked out after too many attempts".to_owned()];
    reset.answered = true;
    reset.passages.push(passage("answer-ana", "Click on Forgot below the form and wait for an e-mail."));
    reset.passages.push(Passage {
        accepted: true,
        ..passage("answer-ben", "An administrator can set a new one in the console, under Members.")
    });
    let mut order = page("order", "The password you reset", "About the order of words: password reset.");
    order.lang = "de".to_owned();
    open(&[
        docker,
        cpp,
        reset,
        order,
        page("hamlet", "Hamlet", "Somebody asked: to be or not to be?"),
        page("invoice", "Where are my invoices", "They are sent by mail. Database backups are not."),
        page(
            "net",
            "Migrating from .NET to node.js",
            "snake_case becomes camelCase; version 4.2.1 is needed.",
        ),
        page("tokyo", "東京都の図書館", "図書館は朝九時に開きます。"),
        page("cafe", "Café opening hours", "The café opens at nine. Le résumé est là."),
        page("data", "Data retention", "How long data is kept. Data is deleted after a year."),
    ])
}

#[test]
fn a_question_in_plain_words_finds_its_page_whatever_the_wording() {
    let index = community();
    assert_eq!(slugs(&index, "How can I install docker in windows?")[0], "docker");
    assert_eq!(slugs(&index, "forgot the passwords of accounts")[0], "reset");
    assert_eq!(slugs(&index, "I am locked out")[0], "reset", "another wording of the title is enough");
    assert_eq!(slugs(&index, "invoice by mail")[0], "invoice");
    assert_eq!(slugs(&index, "zebra crossing"), [""; 0]);
}

#[test]
fn what_hardly_covers_a_question_is_called_doubtful() {
    let index = community();
    let answer = |query: &str| {
        let request = Request { query: query.to_owned(), limit: 10, ..Request::default() };
        let answer = index.answer(&request).expect("no query fails");
        assert!(answer.hits.iter().all(|hit| (0.0..=1.0).contains(&hit.coverage)), "{query}: {answer:?}");
        answer
    };
    for query in [
        "How can I install docker in windows?",
        "forgot the passwords of accounts",
        "What is the best way to find out where my invoices are?",
        "invoices",
        "invoicse",
        "invo",
        "is:answered",
        "東京都の図書館",
    ] {
        let answer = answer(query);
        assert!(!answer.doubtful && !answer.hits.is_empty(), "{query}: {answer:?}");
    }
    for query in [
        "How do I connect a thermostat to my account?",
        "zebra crossing opening in windows",
        "Which printer prints the templates of zebras?",
    ] {
        let answer = answer(query);
        assert!(answer.doubtful && !answer.hits.is_empty(), "{query}: {answer:?}");
    }
    assert!(!answer("zebra").doubtful, "where nothing is found there is nothing to doubt");
    // Whatever one asks with, it is the rest that counts.
    let [plain, asked] = ["docker windows", "please explain the docker windows problem"].map(answer);
    assert!(asked.hits[0].coverage > 0.7 * plain.hits[0].coverage, "{asked:?}");
}

#[test]
fn the_answer_that_fits_is_linked_and_shown_with_its_words_marked() {
    let index = community();
    let hits = ask(&index, "administrator console");
    assert_eq!(hits[0].url, "/questions/reset/#answer-ben");
    assert_eq!(hits[0].snippet, "An administrator can set a new one in the console, under Members.");
    assert_eq!(marked(&hits[0]), ["administrator", "console"]);
    assert_eq!(ask(&index, "clicking")[0].url, "/questions/reset/#answer-ana");
    assert_eq!(marked(&ask(&index, "clicking")[0]), ["Click"], "words are marked by stem");
    assert_eq!(
        ask(&index, "forgot account")[0].url,
        "/questions/reset/",
        "the page's own text has no fragment"
    );
    assert_eq!(marked(&ask(&index, "cafe")[0]), ["café"]);
    assert_eq!(marked(&ask(&index, "図書館")[0]), ["図書館"]);
}

#[test]
fn an_answer_is_found_by_words_far_behind_what_is_stored_of_it() {
    let mut thread = page("thread", "A long thread", "It begins here.");
    for number in 0..60 {
        let text = format!("{} The secret is unicorn{number}.", "Many words go by. ".repeat(100));
        thread.passages.push(passage(&format!("answer-{number}"), &text));
    }
    let short = page("short", "Something else", "A page about nothing of the sort, but words.");
    let index = open(&[short, thread]);
    // Ten words of each answer fit into its fingerprint.
    assert_eq!(slugs(&index, "unicorn7 words"), ["thread#answer-7", "short"]);
}

#[test]
fn phrases_must_stand_as_they_are_typed() {
    let index = community();
    assert_eq!(slugs(&index, "\"reset my password\""), ["reset"]);
    assert_eq!(slugs(&index, "\"password reset\""), ["order"]);
    assert_eq!(slugs(&index, "“password reset”"), ["order"]);
    assert_eq!(slugs(&index, "\"to be or not to be\""), ["hamlet"]);
    assert_eq!(slugs(&index, "\"be or not to\""), ["hamlet"]);
    assert_eq!(slugs(&index, "\"from .NET to node.js\""), ["net"]);
    assert_eq!(slugs(&index, "\"snake case becomes\""), ["net"]);
    let crossing = index.answer(&request("\"windows use\"")).expect("no query fails");
    assert_eq!(crossing.loosened, ["windows use"], "no phrase crosses the end of a title");
    assert_eq!(slugs(&index, "\"図書館\""), ["tokyo"]);
}

#[test]
fn stop_words_count_only_where_nothing_else_is_asked() {
    let index = community();
    assert_eq!(slugs(&index, "to be or not to be")[0], "hamlet");
    assert_eq!(slugs(&index, "what is the invoice"), ["invoice"]);
}

#[test]
fn words_are_excluded_by_a_minus() {
    let index = community();
    assert_eq!(slugs(&index, "password -console"), ["order"]);
    assert_eq!(slugs(&index, "password -\"password reset\"")[..1], ["reset"]);
    assert_eq!(slugs(&index, "password -kind:question"), [""; 0]);
    assert_eq!(slugs(&index, "-password"), slugs(&index, "password"), "nothing else is asked");
    assert_eq!(slugs(&index, "invoice -invoices"), ["invoice"], "nothing would be left");
    assert_eq!(slugs(&index, "docker --windows"), ["docker"], "two of them are an option of some program");
}

#[test]
fn fields_restrict_what_is_found() {
    let index = community();
    assert_eq!(slugs(&index, "tag:docker"), ["docker"]);
    assert_eq!(slugs(&index, "tag:\"data engineering\" windows"), ["docker"]);
    for tag in ["tag:c++", "TAG:C++", "tag:c-plus-plus", "kind:how-tos", "kind:how-to", "type:How-To"] {
        assert_eq!(slugs(&index, tag), ["cpp"], "{tag}");
    }
    assert_eq!(slugs(&index, "product:cloud is:answered"), ["docker"]);
    assert_eq!(slugs(&index, "is:answered").len(), 2);
    assert_eq!(slugs(&index, "title:password lang:de"), ["order"]);
    assert_eq!(slugs(&index, "title:account"), [""; 0]);
    assert_eq!(slugs(&index, "kind:story password"), [""; 0]);
    let only = |query: &str, facets: BTreeMap<String, Vec<String>>| {
        let request = Request { query: query.to_owned(), limit: 9, facets, ..Request::default() };
        index.search(&request).expect("found").len()
    };
    assert_eq!(only("", of([("kind", ["questions"])])), 9);
    assert_eq!(only("password", of([("is", ["answered"])])), 1);
    assert_eq!(only("", of([("tag", ["docker", "c++"])])), 0);
    assert_eq!(only("", of([("lang", ["de"])])), 1);
    assert_eq!(only("", of([("product", ["cloud"])])), 1);
    assert_eq!(only("", of([("use_case", ["continuous integration"])])), 1);
    assert_eq!(only("", of([("use_case", ["another"])])), 0);
    assert_eq!(only("", of([("nonsense", ["another"])])), 0);
}

#[test]
fn what_looks_like_a_facet_is_one_where_a_page_has_that_value() {
    let index = community();
    for query in ["use_case:\"continuous integration\"", "use-case:continuous-integration", "products:cloud"]
    {
        assert_eq!(slugs(&index, query), ["docker"], "{query}");
    }
    assert!(!slugs(&index, "-product:cloud password").contains(&"docker".to_owned()));
    assert_eq!(slugs(&index, "product:windows docker"), ["docker"], "words, as nothing has that value");
    assert_eq!(slugs(&index, "size:docker"), ["docker"], "no facet of this index");
    let counts = index.answer(&Request { query: "docker".to_owned(), counts: true, ..Request::default() });
    let counts = counts.expect("no query fails").counts;
    let named: Vec<&str> = counts.iter().map(|count| count.field.as_str()).collect();
    assert_eq!(named, ["is", "kind", "product", "tag", "tag", "use_case"]);
}

#[test]
fn names_with_signs_are_told_apart() {
    let index = community();
    assert_eq!(slugs(&index, "C++"), ["cpp"]);
    assert_eq!(slugs(&index, "c# template"), ["cpp"]);
    assert_eq!(slugs(&index, "c "), [""; 0], "a space finishes it");
    for query in
        [".NET", "net", "nodejs", "node.js", "Node JS", "snake_case", "case", "camel", "4.2.1", "v4.2.1"]
    {
        assert_eq!(slugs(&index, query), ["net"], "{query}");
    }
}

#[test]
fn the_last_word_may_be_unfinished() {
    let index = community();
    assert_eq!(slugs(&index, "wind"), ["docker"]);
    assert_eq!(slugs(&index, "administ")[0], "reset#answer-ben");
    assert_eq!(
        slugs(&index, "administratio")[0],
        "reset#answer-ben",
        "the stem is shorter than what is typed"
    );
    assert_eq!(slugs(&index, "wind "), [""; 0], "a space finishes it");
    assert_eq!(slugs(&index, "wind docker")[0], "docker");
    assert_eq!(
        slugs(&index, "data"),
        ["data", "docker", "invoice"],
        "the word itself stands above its endings"
    );
    assert_eq!(marked(&ask(&index, "datab")[0]), ["Database"]);
}

#[test]
fn typos_are_forgiven_where_nothing_good_is_found_without() {
    let index = community();
    assert_eq!(slugs(&index, "accuont pasword ")[0], "reset");
    assert_eq!(slugs(&index, "dokcer ")[0], "docker");
    assert_eq!(slugs(&index, "adminstrator ")[0], "reset#answer-ben");
    assert_eq!(slugs(&index, "dor "), [""; 0], "short words must be right");
    assert_eq!(slugs(&index, "4.2.2"), [""; 0], "another version is no typo");
    let index = open(&[page("from", "From", "from"), page("form", "Form", "form")]);
    assert_eq!(slugs(&index, "form "), ["form"], "what is spelt right is not corrected");
}

#[test]
fn any_characters_of_an_eastern_word_find_it() {
    let index = community();
    for query in ["東京", "京都", "図書", "館", "東京都の図書館", "図書館は朝九時"] {
        assert_eq!(slugs(&index, query), ["tokyo"], "{query}");
    }
    assert_eq!(slugs(&index, "password 図書館 -東京"), ["order", "reset"]);
    assert_eq!(slugs(&index, "大阪"), [""; 0]);
}

#[test]
fn accents_may_be_left_out() {
    let index = community();
    for query in ["cafe", "café", "CAFE\u{301}", "resume", "RÉSUMÉ"] {
        assert_eq!(slugs(&index, query), ["cafe"], "{query}");
    }
}

#[test]
fn equal_pages_stand_in_the_order_of_documents() {
    let documents: Vec<Document> =
        (0..30).map(|number| page(&format!("p{number}"), "Same title", "Same text.")).collect();
    let index = open(&documents);
    let expected: Vec<String> = (0..10).map(|number| format!("p{number}")).collect();
    assert_eq!(slugs(&index, "same text"), expected);
    assert_eq!(slugs(&index, "kind:question"), expected);
}

#[test]
fn a_long_thread_does_not_lose_to_a_short_page_that_barely_fits() {
    let mut thread = page("thread", "Printer does not print", "The printer is silent.");
    for number in 0..60 {
        let text =
            format!("Turn the printer off and on, then try driver {number}. {}", "More words. ".repeat(40));
        thread.passages.push(passage(&format!("answer-{number}"), &text));
    }
    let mut documents = vec![page("other", "Office", "We have a printer.")];
    documents.extend(
        (0..20).map(|number| page(&format!("p{number}"), "Unrelated", "Some words on other things.")),
    );
    documents.push(thread);
    let index = open(&documents);
    assert!(slugs(&index, "printer driver does not print")[0].starts_with("thread"));
}

#[test]
fn nothing_that_is_typed_fails_or_hangs() {
    let index = community();
    let long = "password \"".repeat(1 << 10);
    let odd = [
        "",
        " ",
        "\"",
        "\"\"",
        "\"\"\"",
        "-",
        "--",
        "- -",
        "-\"",
        "-\"\"",
        "???",
        "AND",
        "OR NOT",
        "a AND (b OR c)",
        "titl:x",
        "title:",
        "title:\"",
        "tag:",
        "tag:\"",
        "tag:\"\"",
        ":",
        "::",
        "is:",
        "is:what",
        "kind:\u{0}",
        "+",
        "*",
        "pass*",
        "~1",
        "password~1",
        "[a TO b]",
        "{",
        "\\",
        "\u{0}",
        "\u{feff}",
        "\u{202e}x",
        "\u{301}",
        "#",
        "++",
        "+++",
        ".",
        "..",
        ".-_'",
        "\u{200d}",
        "👍🏽",
        "\u{10ffff}",
        "١٢٣",
        "नमस्ते",
        "สวัสดี",
        "İ",
        "ß",
        "<script>",
        "../../etc/passwd",
        "tag:-",
        "-tag:-",
        "title:+",
        "\u{1}\u{0}",
        &long,
    ];
    for query in odd {
        for hit in ask(&index, query) {
            assert!(hit.marks.iter().all(|[start, end]| start < end && *end <= hit.snippet.chars().count()));
        }
    }
    assert_eq!(slugs(&index, "titl:password AND (account")[0], "reset");
    assert_eq!(slugs(&index, "\"password account")[0], "reset");
    for unit in
        ["\"", "-", "a ", "é", "東", "x:", "tag:x ", "-a ", "\"a\" ", "aB", "password ", "administrator "]
    {
        let query = unit.repeat(10_000 / unit.len());
        ask(&index, &query);
    }
}

#[test]
fn an_index_of_nothing_finds_nothing() {
    let index = open(&[]);
    assert_eq!(slugs(&index, "anything"), [""; 0]);
    let index = open(&[Document::default()]);
    assert_eq!(slugs(&index, "anything"), [""; 0]);
}

#[test]
fn marks_are_counted_in_characters_and_the_snippet_is_text() {
    let index =
        open(&[page("a", "Ä", "Ünï\u{301}ćode 👍 <b>first</b>,\n\n\tthen\u{202e} the Wörd & \"more\".")]);
    let hit = &ask(&index, "word first")[0];
    assert_eq!(hit.snippet, "Ünï\u{301}ćode 👍 <b>first</b>, then the Wörd & \"more\".");
    assert_eq!(marked(hit), ["first", "Wörd"]);
    let json = serde_json::to_string(hit).expect("it is written");
    assert!(
        json.starts_with("{\"url\":\"/questions/a/\",\"title\":\"Ä\",\"kind\":\"question\",\"score\":"),
        "{json}"
    );
    assert!(json.contains("\"marks\":[["), "{json}");
}

#[test]
fn a_snippet_shows_the_sentence_with_the_words() {
    let text = format!(
        "{}Here the capybara swims. {}",
        "Nothing to see yet. ".repeat(15),
        "And on it goes. ".repeat(30)
    );
    let hit = &ask(&open(&[page("a", "Animals", &text)]), "capybara swims")[0];
    assert_eq!(marked(hit), ["capybara", "swims"]);
    assert!(hit.snippet.starts_with("… ") && hit.snippet.ends_with(" …"), "{}", hit.snippet);
    assert!(hit.snippet.chars().count() <= 245);
}

#[test]
fn a_damaged_index_is_said_to_be_damaged() {
    let good = write(&[page("a", "A", "word")], &Options::default()).expect("it is written");
    let none = BTreeMap::<String, Vec<u8>>::new();
    assert!(matches!(Index::open(none).map(|_| ()), Err(Error::Damaged(_))));
    let mut foreign = good.clone();
    foreign.insert(META.to_owned(), b"{}".to_vec());
    assert!(matches!(Index::open(foreign).map(|_| ()), Err(Error::Damaged(_))));
    for name in good.keys().filter(|name| *name != META) {
        let mut cut = good.clone();
        cut.insert(name.clone(), Vec::new());
        let asked = Index::open(cut).and_then(|index| {
            index.search(&Request { query: "word".to_owned(), limit: 1, ..Request::default() })
        });
        // No plain question reads these.
        let idle = name.ends_with(".fast") || name.ends_with(".words");
        assert!(idle || asked.is_err(), "{name}");
    }
}

#[test]
fn a_source_may_answer_not_yet() {
    struct Later(BTreeMap<String, Vec<u8>>);
    impl Source for Later {
        fn size(&self, name: &str) -> Option<usize> {
            self.0.size(name)
        }
        fn read(&self, name: &str, range: Range<usize>) -> io::Result<Vec<u8>> {
            if name.ends_with(".idx") {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            self.0.read(name, range)
        }
    }
    let files = write(&[page("a", "A", "word")], &Options::default()).expect("it is written");
    let asked = Index::open(Later(files)).and_then(|index| {
        index.search(&Request { query: "word".to_owned(), limit: 1, ..Request::default() })
    });
    assert_eq!(asked, Err(Error::Pending));
}
