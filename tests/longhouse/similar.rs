//! Questions that people asked twice, and others about the same things: what is called the same question, and
//! how often wrongly. The pairs stand in `similar/`, one file a site.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use longhouse::check::possible_duplicate;
use longhouse::site::{Site, Visibility};
use longhouse::source::{LoadOptions, load};
use longhouse_search::{Asked, Index, Near, SAME};

use crate::fixture::{Folder, folder};
use crate::repository::{Repository, repository};

/// The sites, by name, and the questions about each.
const PAIRS: [(&str, &str); 5] = [
    ("example-site", include_str!("similar/example-site.txt")),
    ("coffee", include_str!("similar/coffee.txt")),
    ("accounts", include_str!("similar/accounts.txt")),
    ("bicycles", include_str!("similar/bicycles.txt")),
    ("hosting", include_str!("similar/hosting.txt")),
];

/// A question that is on a site, and new ones.
#[derive(Debug, Default)]
struct Group<'a> {
    /// Its title; on the example site, its slug.
    asked: &'a str,
    text: &'a str,
    again: Vec<&'a str>,
    near: Vec<&'a str>,
}

/// What was said of a new question.
#[derive(Debug)]
struct Judged<'a> {
    question: &'a str,
    /// The slug of the one that it repeats, if it repeats one.
    repeats: Option<String>,
    /// Slug and sureness of the nearest questions, the surest first.
    near: Vec<(String, f32)>,
}

#[test]
fn at_most_one_new_question_in_twenty_is_wrongly_called_a_duplicate() {
    let judged: Vec<Judged> = PAIRS.iter().flat_map(|(name, text)| judge(name, text)).collect();
    let again = judged.iter().filter(|it| it.repeats.is_some()).count();
    let others = judged.len() - again;
    assert!(again >= 200 && others >= 120, "{again} that repeat, {others} that do not");
    let curve = curve(&judged);
    if std::env::var_os("LONGHOUSE_CURVE").is_some() {
        panic!("{curve}\n{}", wrong(&judged));
    }
    let (alarms, recall) = rates(&judged, SAME);
    assert!(alarms <= 0.05, "false alarms {alarms:.3}\n{curve}");
    assert!(recall >= 0.45, "found {recall:.3}\n{curve}");
    // Whether or not it is called the same: who looks at five questions finds the one that was asked.
    let among_five = judged.iter().filter(|it| {
        it.repeats.as_ref().is_some_and(|slug| it.near.iter().take(5).any(|(near, _)| near == slug))
    });
    let among_five = among_five.count() as f32 / again as f32;
    assert!(among_five >= 0.95, "among the first five {among_five:.3}");
}

#[test]
fn a_new_question_that_was_asked_before_is_named_until_it_is_committed() {
    let repository = repository(
        "\
=== longhouse.yaml
base_url: https://x.example/help/
=== content/questions/reset-password.md
# How do I reset my password?
The page to sign in does not let me in.
=== content/questions/reset-password/ana.md
Follow the link below the form.
=== content/questions/refund.md
# How long does a refund take?
=== content/how-tos/passwords.md
# How can I reset my password?
A how-to is no question.
",
    );
    repository.commit("Ana", "2025-01-01", "questions");
    assert_eq!(said_of_new(&repository), [""; 0]);

    repository.write(
        "content/questions/account/password.md",
        "---\ntitle: How can I reset my password?\n---\nI forgot it.\n",
    );
    repository.write("content/questions/other.md", "# How often must I change my password?\n");
    repository.write("content/questions/refund/ben.md", "How can I reset my password?\n");
    let said = said_of_new(&repository);
    assert_eq!(
        said,
        [
            "content/questions/account/password.md:2:8: This may have been asked already: “How do I reset my password?” \
          (/help/questions/reset-password/)."
        ]
    );

    // Who says so is believed, and so is anyone who switches the rule off.
    repository.write(
        "content/questions/account/password.md",
        "---\nduplicate_of: reset-password\n---\n# How can I reset my password?\n",
    );
    assert_eq!(said_of_new(&repository), [""; 0]);
    repository.write("content/questions/account/password.md", "# How can I reset my password?\n");
    assert_eq!(said_of_new(&repository).len(), 1);
    repository
        .write("longhouse.yaml", "base_url: https://x.example/help/\nrules: {possible-duplicate: off}\n");
    assert_eq!(said_of_new(&repository), [""; 0]);
    repository.write("longhouse.yaml", "base_url: https://x.example/help/\n");
    repository.commit("Ben", "2025-01-02", "one more");
    assert_eq!(said_of_new(&repository), [""; 0]);
}

#[test]
fn a_site_that_begins_hears_nothing_of_duplicates() {
    let repository = repository("=== longhouse.yaml\nbase_url: https://x.example/\n");
    repository.commit("Ana", "2025-01-01", "a site");
    for number in 0..60 {
        repository.write(&format!("content/questions/q{number}.md"), "# How do I reset my password?\n");
    }
    assert_eq!(said_of_new(&repository), [""; 0]);
}

#[test]
fn similar_takes_a_text_a_file_or_lines_and_never_fails() {
    let folder = folder(
        "\
=== longhouse.yaml
base_url: https://x.example/help/
=== content/questions/reset-password.md
# How do I reset my password?
The page to sign in does not let me in.
=== content/questions/refund.md
# How long does a refund take?
I sent the parcel back.
=== draft.md
---
title: How can I reset my password?
---
-sign kind:story \"in
",
    );
    let urls = |output: &str| -> Vec<Vec<String>> {
        let arrays =
            output.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("an array"));
        let url = |hit: &serde_json::Value| hit["url"].as_str().unwrap_or_default().to_owned();
        arrays.map(|array| array.as_array().expect("an array").iter().map(url).collect()).collect()
    };
    let reset = "/help/questions/reset-password/";
    let found = similar(&folder, &["--json", "I forgot my password, how to reset it"], "");
    assert_eq!(urls(&found), [[reset]]);
    let hits: serde_json::Value = serde_json::from_str(&found).expect("JSON");
    assert_eq!(hits[0]["title"], "How do I reset my password?");
    assert_eq!(hits[0]["kind"], "question");
    assert_eq!(hits[0]["shared"], serde_json::json!(["password", "reset"]));
    assert!(hits[0]["score"].as_f64().is_some_and(|score| score > 0.0));
    assert!(hits[0]["likeness"].as_f64().is_some_and(|likeness| (0.0..=1.0).contains(&likeness)));

    let draft = folder.root().join("draft.md");
    let draft = draft.to_str().expect("a path");
    assert_eq!(urls(&similar(&folder, &["--json", draft], "")), [[reset]], "nothing in it is an operator");
    let own = folder.root().join("content/questions/reset-password.md");
    assert_eq!(similar(&folder, &["--json", own.to_str().expect("a path")], ""), "[]\n", "not like itself");
    let lines = similar(&folder, &["--json", "-"], "How long is a refund?\n\nxyzzy\n");
    assert_eq!(urls(&lines), [vec!["/help/questions/refund/".to_owned()], vec![], vec![]]);
    let file = similar(&folder, &["--json", "-"], "# Refund\n\nHow long?\n");
    assert_eq!(urls(&file), [["/help/questions/refund/"]]);
    let read = similar(&folder, &["How can I reset my password?"], "");
    assert_eq!(
        read,
        "How do I reset my password?  question /help/questions/reset-password/\n  the same question: reset, password\n\n"
    );
    assert_eq!(similar(&folder, &["xyzzy"], "").trim(), "No similar pages on this site.");
    assert_eq!(similar(&folder, &["--json", "--limit", "0", "refund"], ""), "[]\n");
}

/// What the rule says of the files that git does not know.
fn said_of_new(repository: &Repository) -> Vec<String> {
    let sources = repository.folder().load();
    let (site, _) = longhouse::understand(&sources, Visibility::default(), &|_| {});
    let new = possible_duplicate::new_files(&site);
    let said = possible_duplicate::check(&site, &|path| new.contains(&path)).expect("an index");
    said.iter().map(|it| format!("{}:{}:{}: {}", it.file, it.line, it.column, it.message)).collect()
}

/// What the command prints on standard output; it always ends well.
fn similar(folder: &Folder, arguments: &[&str], input: &str) -> String {
    let mut command = crate::fixture::command();
    command.arg("similar").arg("--root").arg(folder.root()).args(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program runs");
    child.stdin.take().expect("standard input").write_all(input.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// How often a question that repeats none is called a duplicate, and how often one that repeats another is called
/// that one's.
fn rates(judged: &[Judged], threshold: f32) -> (f32, f32) {
    let called = |it: &&Judged| it.near.iter().any(|(_, sure)| *sure >= threshold);
    let others: Vec<&Judged> = judged.iter().filter(|it| it.repeats.is_none()).collect();
    let alarms = others.iter().copied().filter(called).count();
    let again: Vec<&Judged> = judged.iter().filter(|it| it.repeats.is_some()).collect();
    let found = again.iter().filter(|it| {
        it.near.iter().any(|(slug, sure)| *sure >= threshold && Some(slug) == it.repeats.as_ref())
    });
    (alarms as f32 / others.len() as f32, found.count() as f32 / again.len() as f32)
}

/// The rates at other thresholds, to be looked at when one is changed.
fn curve(judged: &[Judged]) -> String {
    let mut text = String::from("threshold  false alarms  found\n");
    for step in 20..=40 {
        let threshold = step as f32 * 0.02;
        let (alarms, found) = rates(judged, threshold);
        let _ = writeln!(text, "{threshold:.2}  {alarms:.3}  {found:.3}");
    }
    text
}

/// The questions that are called duplicates and are none.
fn wrong(judged: &[Judged]) -> String {
    let mut all: Vec<(f32, String)> = judged
        .iter()
        .filter(|it| it.repeats.is_none())
        .filter_map(|it| it.near.first().map(|(slug, sure)| (*sure, format!("{} ({slug})", it.question))))
        .collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    all.iter().take(16).map(|(sure, text)| format!("{sure:.3} {text}\n")).collect()
}

fn judge<'a>(name: &str, pairs: &'a str) -> Vec<Judged<'a>> {
    let groups = groups(pairs);
    let site = site(name, &groups);
    let files = longhouse::search::in_memory(&site).expect("an index can be made");
    let index = Index::open(files).expect("an index");
    let mut judged = Vec::new();
    for (number, group) in groups.iter().enumerate() {
        let slug = if group.text.is_empty() { group.asked.to_owned() } else { format!("q{number}") };
        if !group.again.is_empty() {
            let asked = |entry: &&longhouse::site::Entry| entry.slug == slug;
            assert!(site.entries().iter().any(|entry| asked(&entry)), "{name} has no question {slug}");
        }
        let all = group.again.iter().map(|it| (it, Some(slug.clone())));
        for (question, repeats) in all.chain(group.near.iter().map(|it| (it, None))) {
            let asked = Asked { title: question, only_questions: true, ..Asked::default() };
            let near = index.similar(&asked, 10).expect("an answer");
            let near = near.into_iter().map(|Near { hit, sure, .. }| (slug_of(&hit.url), sure)).collect();
            judged.push(Judged { question, repeats, near });
        }
    }
    judged
}

/// The last part of an address.
fn slug_of(url: &str) -> String {
    let path = url.split('#').next().unwrap_or_default();
    path.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned()
}

/// The site that the questions are about.
fn site(name: &str, groups: &[Group<'_>]) -> Site {
    if name == "example-site" {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        let sources = load(&root, &LoadOptions::default()).expect("the example site");
        return longhouse::understand(&sources, Visibility::default(), &|_| {}).0;
    }
    let mut files = String::from("=== longhouse.yaml\nbase_url: https://x.example/\n");
    for (number, Group { asked, text, .. }) in groups.iter().enumerate() {
        let _ = write!(
            files,
            "=== content/questions/q{number}.md\n# {asked}\n=== content/questions/q{number}/ana.md\n{text}\n"
        );
    }
    let sources = folder(&files).load();
    longhouse::understand(&sources, Visibility::default(), &|_| {}).0
}

fn groups(pairs: &str) -> Vec<Group<'_>> {
    let mut groups: Vec<Group> = Vec::new();
    for line in pairs.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (name, value) = line.split_once(": ").unwrap_or_else(|| panic!("`{line}` has no name"));
        if name == "asked" {
            groups.push(Group { asked: value, ..Group::default() });
            continue;
        }
        let group = groups.last_mut().expect("`asked` comes first");
        match name {
            "text" => group.text = value,
            "again" => group.again.push(value),
            "near" => group.near.push(value),
            _ => panic!("there is no `{name}`"),
        }
    }
    groups
}
