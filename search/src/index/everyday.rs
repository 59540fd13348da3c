//! A small help site is asked as people type: with options of commands, quotes, spaces in other places, numbers of
//! versions, slips of the fingers and short names.

use super::*;
use crate::document::{Document, Options, Passage};
use crate::write::write;

/// Pages by slug, each with its title, its text and its tags.
const PAGES: [(&str, &str, &str, &str); 40] = [
    (
        "wc",
        "Count the lines of a file",
        "Run wc -l and the name of the file. It counts lines, not words.",
        "shell",
    ),
    (
        "exec",
        "Open a shell in a running container",
        "Run docker exec -it web sh. The container must be up.",
        "docker",
    ),
    ("rm", "Delete a folder with all that is in it", "Run rm -rf folder. There is no way back.", "shell"),
    (
        "warnings",
        "See all warnings of the compiler",
        "Call gcc -Wall -Wextra main.c to see what is doubtful.",
        "compiler",
    ),
    (
        "heap",
        "Give a server more memory",
        "Start it by java -Xmx512m -jar server.jar; the heap grows to that.",
        "java",
    ),
    ("cache", "Build an image anew", "Run docker build --no-cache so that no layer is used again.", "docker"),
    (
        "freeze",
        "The pump below -5 degrees",
        "Drain it before frost. At -5 degrees the housing cracks.",
        "pump",
    ),
    ("port", "Which well-known port is used", "The hub listens on port 443.", "hub"),
    (
        "battery",
        "Change the batteries of the sensor",
        "Open the lid and put in two new batteries.",
        "batteries",
    ),
    (
        "offline",
        "The sensor is offline after new batteries",
        "The battery is fine, but it stays offline.",
        "batteries",
    ),
    ("space", "Error: no space left on device", "The disk of the hub is full. Delete old logs.", "disk"),
    (
        "refused",
        "Connection refused by the hub",
        "The hub refused the connection because its clock is wrong.",
        "network",
    ),
    ("login", "I cannot login", "The login page says that the name is wrong. Reset it there.", "account"),
    ("signup", "Create an account", "Use the signup form on the start page.", "account"),
    (
        "wifi",
        "Connect to Wi-Fi",
        "Hold the button until the light blinks, then choose your Wi-Fi.",
        "network",
    ),
    ("encode", "Decode base64 text", "The message is base64 text; decode it first.", "api"),
    ("virus", "Masks during the coronavirus season", "Masks are sold in the shop.", "shop"),
    ("host", "Rename the host", "The host name is set in the settings of the hub.", "network"),
    ("newline", "Keep new lines in a message", "Two spaces make new lines.", "api"),
    ("seven", "What is new in v7.3.1-rc.2", "The release candidate mends the clock.", "release"),
    ("jdk", "Install jdk-21.0.3+9", "Take the archive for your processor.", "java"),
    ("ubuntu", "Images for Ubuntu-22.04", "They are made every night.", "linux"),
    ("node", "Crash with node-18.20.1-x64", "Take a later one.", "javascript"),
    ("python", "Wheels for python3.11", "There are none for older ones.", "python"),
    ("snapshot", "Try 4.1-SNAPSHOT", "It is built from the main branch.", "release"),
    ("nineteen", "Upgrade from 19.5.x", "Read the notes first.", "release"),
    ("fourtwo", "What is new in 4.2", "Charts and a dark theme.", "release"),
    ("fourthree", "What is new in 4.3", "Faster charts.", "release"),
    ("invoice", "Where are my invoices", "They are sent by mail at the end of a month.", "billing"),
    ("thermostat", "Calibrate the thermostat", "The temperature is measured beside the door.", "heating"),
    ("kubernetes", "Run the hub on Kubernetes", "There is a chart for it.", "deployment"),
    ("cpp", "A client in C++", "Templates are in the header.", "client"),
    ("mfa", "Turn on two-factor authentication", "Scan the code with your phone.", "account"),
    ("again", "Why it forgets who you are", "You have to log in again every day.", "account"),
    ("clock", "Set up the clock", "Set up the clock before anything else.", "network"),
    ("setup", "A setup for two gardens", "This setup has two pumps.", "pump"),
    ("copy", "Back up the settings", "Back up what is set once a week.", "disk"),
    ("backup", "Where the backup is", "The backup is on the card.", "disk"),
    (
        "pay",
        "Check out with a card",
        "When you check out, choose the card. The checkout is on the next page.",
        "shop",
    ),
    ("water", "Water the garden at night", "Set the pump to the evening.", "watering"),
];

fn help() -> Index {
    let documents: Vec<Document> = PAGES
        .iter()
        .map(|(slug, title, text, tag)| Document {
            url: format!("/how-tos/{slug}/"),
            title: (*title).to_owned(),
            kind: "how-to".to_owned(),
            tags: vec![(*tag).to_owned()],
            passages: vec![Passage { text: (*text).to_owned(), ..Passage::default() }],
            ..Document::default()
        })
        .collect();
    let synonyms = vec![
        vec!["watering".to_owned(), "irrigation".to_owned(), "sprinkling".to_owned()],
        vec!["batteries".to_owned(), "power cell".to_owned()],
    ];
    let options = Options { synonyms, ..Options::default() };
    Index::open(write(&documents, &options).expect("it is written")).expect("it opens")
}

fn answer(index: &Index, query: &str) -> Answer {
    let request = Request { query: query.to_owned(), limit: 10, ..Request::default() };
    index.answer(&request).expect("no query fails")
}

fn slugs(index: &Index, query: &str) -> Vec<String> {
    let slug = |hit: &Hit| hit.url.trim_start_matches("/how-tos/").trim_end_matches('/').to_owned();
    answer(index, query).hits.iter().map(slug).collect()
}

/// What people type, and the page that they want first.
const PROBES: [(&str, &str); 86] = [
    // Options of commands, and minus signs that exclude nothing.
    ("wc -l", "wc"),
    ("docker exec -it", "exec"),
    ("what does docker exec -it do", "exec"),
    ("rm -rf", "rm"),
    ("gcc -Wall", "warnings"),
    ("gcc -Wall -Wextra", "warnings"),
    ("java -Xmx512m", "heap"),
    ("java -jar server.jar", "heap"),
    ("docker build --no-cache", "cache"),
    ("pump -5 degrees", "freeze"),
    ("-5 degrees", "freeze"),
    ("well-known port", "port"),
    ("pump – frost", "freeze"),
    ("-bash: no space left", "space"),
    // Exclusions.
    ("battery -offline", "battery"),
    ("sensor batteries -offline", "battery"),
    // Quotes.
    ("\"no space left on device\"", "space"),
    ("\"Error: no space left on the device\"", "space"),
    ("„connection was refused by hub“", "refused"),
    ("«connection refused»", "refused"),
    ("\"connection refused", "refused"),
    ("the hub says \"connection has been refused\" why", "refused"),
    ("5\" housing of the pump", "freeze"),
    ("don't find my invoices", "invoice"),
    // Spaces in other places.
    ("log in", "login"),
    ("log-in", "login"),
    ("sign up", "signup"),
    ("sign-up form", "signup"),
    ("wifi", "wifi"),
    ("wi fi", "wifi"),
    ("wi-fi", "wifi"),
    ("base 64", "encode"),
    ("base-64 text", "encode"),
    ("corona virus", "virus"),
    ("hostname", "host"),
    ("host-name", "host"),
    ("newlines", "newline"),
    // The same where the site writes it in both ways.
    ("login every day", "again"),
    ("login again", "again"),
    ("log in again", "again"),
    ("setup clock", "clock"),
    ("setup of the clock", "clock"),
    ("set up two gardens", "setup"),
    ("backup settings", "copy"),
    ("backup once a week", "copy"),
    ("back up card", "backup"),
    ("checkout with card", "pay"),
    ("check-out", "pay"),
    ("wi fi button", "wifi"),
    // Versions.
    ("7.3.1", "seven"),
    ("v7.3.1", "seven"),
    ("7.3", "seven"),
    ("v7.3.1-rc.2", "seven"),
    ("jdk 21", "jdk"),
    ("jdk 21.0.3", "jdk"),
    ("jdk-21.0.3+9", "jdk"),
    ("21.0", "jdk"),
    ("ubuntu 22.04", "ubuntu"),
    ("ubuntu 22", "ubuntu"),
    ("node 18.20.1", "node"),
    ("node 18.20", "node"),
    ("python 3.11", "python"),
    ("python3.11", "python"),
    ("3.11", "python"),
    ("4.1-snapshot", "snapshot"),
    ("4.1", "snapshot"),
    ("19.5", "nineteen"),
    ("19.5.x", "nineteen"),
    ("19.5.3", "nineteen"),
    ("4.2.0", "fourtwo"),
    ("4.2", "fourtwo"),
    // Slips of the fingers.
    ("invioce", "invoice"),
    ("where on this site can I find the last invioces that you sent", "invoice"),
    ("thermosatt calibration", "thermostat"),
    ("termostatt", "thermostat"),
    ("conection refused", "refused"),
    // Short names and synonyms.
    ("k8s", "kubernetes"),
    ("cpp client", "cpp"),
    ("c++ client", "cpp"),
    ("2fa", "mfa"),
    ("mfa", "mfa"),
    ("two factor", "mfa"),
    ("irrigation", "water"),
    ("tag:irrigation", "water"),
    ("tag:battery offline", "offline"),
    ("power cell offline", "offline"),
];

#[test]
fn people_find_what_they_want_however_they_type_it() {
    let index = help();
    let missed: Vec<String> = PROBES
        .iter()
        .filter_map(|(query, wanted)| {
            let found = slugs(&index, query);
            (found.first().map(String::as_str) != Some(*wanted))
                .then(|| format!("{query}: {found:?}, not {wanted}"))
        })
        .collect();
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn what_was_made_of_minus_and_quotes_is_told() {
    let index = help();
    let told = answer(&index, "battery -offline");
    assert_eq!(told.excluded, ["-offline"]);
    assert!(slugs(&index, "battery -offline").iter().all(|slug| slug != "offline"));
    assert_eq!(answer(&index, "wc -l").excluded, [""; 0]);
    assert_eq!(answer(&index, "battery -thermostat").excluded, [""; 0], "no page was left out");
    assert_eq!(answer(&index, "offline -sensor").excluded, [""; 0], "nothing would be left");
    assert_eq!(slugs(&index, "offline -sensor")[0], "offline");
    let told = answer(&index, "\"new batteries\" sensor");
    assert_eq!((told.loosened, told.hits.len()), (Vec::new(), 2), "a phrase that exists is a condition");
    let told = answer(&index, "\"batteries new\" \"no space left\"");
    assert_eq!((told.loosened, told.hits.len()), (vec!["batteries new".to_owned()], 1));
    // A phrase that no page has under a filter is none there.
    let told = answer(&index, "tag:docker \"no space left\" container");
    assert_eq!(told.loosened, ["no space left"]);
    assert!(told.hits[0].url.contains("exec"), "{told:?}");
}

#[test]
fn what_was_found_stays_while_one_types_on() {
    let index = help();
    for query in ["t", "th", "ther", "tag:batt", "tag:batteries of", "where are my inv", "\"no space le"] {
        assert!(!answer(&index, query).hits.is_empty(), "{query}");
    }
    let shown = answer(&index, "hub").documents;
    let request = |shown: &[u32]| {
        let query = "hub sensor".to_owned();
        let request = Request { query, limit: 3, shown: shown.to_vec(), ..Request::default() };
        index.answer(&request).expect("no query fails").documents
    };
    let [plain, kept] = [request(&[]), request(&shown)];
    let of_shown = |found: &[u32]| found.iter().filter(|document| shown.contains(document)).count();
    assert!(of_shown(&kept) > of_shown(&plain), "{plain:?} and {kept:?} of {shown:?}");
    assert_eq!(request(&[u32::MAX, 0, 0]).len(), 3, "a page that is not there is no harm");
}

#[test]
fn words_that_exist_are_not_taken_for_others() {
    let index = help();
    assert_eq!(slugs(&index, "4.2"), ["fourtwo"], "4.3 is no misspelling of it");
    assert_eq!(slugs(&index, "tag:watering").len(), 1);
    assert_eq!(slugs(&index, "tag:battery").len(), 2);
    assert_eq!(slugs(&index, "tag:nothing"), [""; 0]);
}

#[test]
fn a_long_or_hostile_query_is_answered() {
    let index = help();
    for unit in
        ["host name ", "logfrom1 ", "4.2.1.2.3 ", "hostnames", "-a ", "\"a b\" ", "\"x ", "k8s 2fa ", "1.1."]
    {
        let query = unit.repeat(1000);
        assert!(answer(&index, &query).hits.len() <= 10, "{unit}");
    }
}
