//! What `fix` mends, and what it must never do: lose what somebody wrote, or find something to do twice.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use longhouse::diagnostic::{Diagnostic, Rule};
use longhouse::edit::{self, Journal};
use longhouse::fix::{self, Fixed, Options};
use longhouse::rename;
use longhouse::site::{Site, Visibility};
use longhouse::source::{self, LoadOptions};
use longhouse::state::State;
use proptest::prelude::*;

use crate::fixture::{Folder, STATE, folder};

/// Everything under a root, as it lies on disk.
fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let walk = walkdir::WalkDir::new(root).into_iter().flatten().filter(|entry| entry.file_type().is_file());
    walk.map(|entry| {
        let name = entry.path().strip_prefix(root).expect("inside").to_string_lossy().into_owned();
        (name, fs::read(entry.path()).expect("a file"))
    })
    .collect()
}

fn journal(root: &Path) -> Journal {
    let root = root.canonicalize().expect("a folder");
    let state = State::at(Path::new(STATE), &root).expect("a state folder");
    Journal::new(&root, Some(&state)).expect("a place for records")
}

fn understood(root: &Path) -> (Site, Vec<Diagnostic>) {
    let sources = source::load(root, &LoadOptions::default()).expect("a site that can be read");
    let (site, mut found) = longhouse::understand(&sources, Visibility::default(), &|_| {});
    found.extend(longhouse::check::thorough(&site));
    found.sort();
    (site, found)
}

/// Mends everything, and says what was done.
fn mended(root: &Path, options: &Options) -> Fixed {
    let sources = source::load(root, &LoadOptions::default()).expect("a site that can be read");
    let fixed = fix::plan(&sources, options);
    edit::begin(&journal(root), &rename::scope(&sources), &fixed.change, edit::fixing())
        .expect("a change that can be made");
    fixed
}

/// Mends a site, and holds the result against what must be true of any.
#[track_caller]
pub(crate) fn keeps_its_word(root: &Path) -> Fixed {
    keeps_all_but(root, &[], &Options::default())
}

/// The same where a community writes some words differently.
#[track_caller]
fn keeps_all_but(root: &Path, unwanted: &[&str], options: &Options) -> Fixed {
    let before = files(root);
    let (site, _) = understood(root);
    let written = words(&site);
    let fixed = mended(root, options);
    let (site, found) = understood(root);
    let only = |a: &[Diagnostic], b: &[Diagnostic]| {
        a.iter().filter(|it| !b.contains(it)).cloned().collect::<Vec<_>>()
    };
    let differ = (only(&found, &fixed.left), only(&fixed.left, &found));
    assert_eq!(differ, (Vec::new(), Vec::new()), "what is said to be left is what is left");
    let again = fix::plan(site.sources(), options);
    assert_eq!((again.change, again.mended), (edit::Change::default(), 0), "nothing is done twice");
    let now = words(&site);
    for (path, words) in &written {
        let to = fixed.change.moved(path);
        // What stood in the text may be a field now, whose end was missing.
        let mut kept =
            of(site.sources().text(&to).unwrap_or_else(|| panic!("{path} is gone, and no {to} is there")));
        kept.extend(now.get(&to).into_iter().flatten().cloned());
        kept.extend(unwanted.iter().map(|it| it.to_string()));
        assert!(words.is_subset(&kept), "{path} lost {:?}", words.difference(&kept).collect::<Vec<_>>());
    }
    assert_eq!(before.len(), files(root).len(), "no file comes or goes");
    undo(root);
    assert_eq!(before, files(root), "and then it is as it was");
    fixed
}

/// Takes the change back. Another test may start a program at this moment, which holds whatever is open, the lock of
/// the record too, until it begins.
fn undo(root: &Path) {
    let mut tries = 0;
    while let Err(error) = edit::undo(&journal(root)) {
        tries += 1;
        assert!(
            error.to_string().contains("is running on this site") && tries < 1_000_000,
            "it can be taken back: {error}"
        );
        std::thread::yield_now();
    }
}

/// The words of each page that readers see. Where nobody can tell the fields from the text, nobody can say.
fn words(site: &Site) -> BTreeMap<String, BTreeSet<String>> {
    let shown = site.pages().iter().filter(|page| !page.held);
    shown.map(|page| (page.path.to_string(), of(&page.body.text))).collect()
}

fn of(text: &str) -> BTreeSet<String> {
    let parts = text.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty());
    // A day in a date that is read now is written with a zero.
    parts.map(|it| it.trim_start_matches('0').to_lowercase()).collect()
}

fn run(site: &Folder, arguments: &[&str]) -> Output {
    crate::fixture::command()
        .arg("--root")
        .arg(site.root())
        .args(arguments)
        .env_remove("SOURCE_DATE_EPOCH")
        .output()
        .expect("the command runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Every slip that a newcomer makes, in one site.
const SLIPS: &str = "\
=== longhouse.yaml
base_url: https://community.example.org/
=== content/questions/reset.md
---
acepted: anna
title: How: a word
date: 21.11.2026
---
# How?

See [the other](rest-it.md#x), it \u{200b}works.
=== content/questions/reset/ana.md
# I think

Press the button.
=== content/questions/reset-it.md
# Another one?

## X

Text.
=== content/questions/What is this, then.md
Some text, and [a link](reset.md).
=== content/questions/why?.md
---
tags: [a]
---
Nobody knows.
=== content/questions/saved.txt
# Saved by an editor?

Yes, see [this](What%20is%20this,%20then.md).
=== content/questions/Without an ending
Bare.
=== content/questions/LICENSE
Not a page.
=== content/questions/topic/reset-it.md
# The same name?

Text.
=== questions/outside.md
# Outside?

![a picture](picture.gif)
=== questions/picture.gif
GIF89a\u{3}\u{0}\u{2}\u{0}
";

#[test]
fn everything_that_can_be_mended_is_and_nothing_else() {
    let site = folder(SLIPS);
    let options = Options { guesses: true, ..Options::default() };
    let fixed = keeps_all_but(site.root(), &[], &options);
    mended(site.root(), &options);
    let now = files(site.root());
    let names: Vec<&str> = now.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "content/questions/LICENSE",
            "content/questions/outside.md",
            "content/questions/picture.gif",
            "content/questions/reset-it.md",
            "content/questions/reset.md",
            "content/questions/reset/ana.md",
            "content/questions/saved.md",
            "content/questions/topic/reset-it-2.md",
            "content/questions/what-is-this-then.md",
            "content/questions/why.md",
            "content/questions/without-an-ending.md",
            "longhouse.yaml",
        ]
    );
    let reads = |name: &str| text(&now[&format!("content/questions/{name}")]);
    assert_eq!(
        reads("reset.md"),
        "---\naccepted: ana\ntitle: \"How: a word\"\ndate: 2026-11-21\n---\n# How?\n\n\
         See [the other](reset-it.md#x), it works.\n"
    );
    assert_eq!(reads("reset/ana.md"), "## I think\n\nPress the button.\n");
    assert_eq!(reads("what-is-this-then.md"), "# What is this, then\n\nSome text, and [a link](reset.md).\n");
    assert_eq!(reads("saved.md"), "# Saved by an editor?\n\nYes, see [this](what-is-this-then.md).\n");
    assert_eq!(reads("without-an-ending.md"), "# Without an ending\n\nBare.\n");
    assert_eq!(reads("why.md"), "---\ntags: [a]\n---\nNobody knows.\n");
    let guesses: Vec<&String> = fixed.notes.iter().filter(|note| note.contains("a guess")).collect();
    assert_eq!(guesses.len(), 3, "{guesses:#?}");
    let left: Vec<String> = fixed.left.iter().map(|it| format!("{}: {}", it.file, it.rule)).collect();
    // A file without an ending that is called so on purpose, and that nothing refers to, is nobody's business.
    assert_eq!(left, ["content/questions/why.md: missing-title"]);
}

#[test]
fn the_command_shows_what_it_does_and_takes_it_back() {
    let site = folder(SLIPS);
    let before = files(site.root());
    let said = run(&site, &["fix", "--dry-run"]);
    assert_eq!(said.status.code(), Some(0));
    assert_eq!(before, files(site.root()));
    let shown = text(&said.stdout);
    assert!(shown.contains("content/questions/why?.md -> content/questions/why.md\n"), "{shown}");
    assert!(shown.contains("\n-title: How: a word\n"), "{shown}");
    assert!(!shown.contains("accepted"), "which answer it was is a guess: {shown}");
    assert!(text(&said.stderr).contains("Nothing was changed"), "{}", text(&said.stderr));

    let check = run(&site, &["check"]);
    assert!(
        text(&check.stderr)
            .trim_end()
            .ends_with("`longhouse fix` can fix 8 of them, and 2 more with `--guesses`"),
        "{}",
        text(&check.stderr)
    );
    let done = run(&site, &["fix"]);
    assert_eq!((done.status.code(), text(&done.stdout)), (Some(0), shown));
    let done = text(&done.stderr);
    assert!(
        done.contains("longhouse fix --undo") && done.contains("Left to fix by hand: 1 error and 2 warnings"),
        "{done}"
    );
    assert_ne!(before, files(site.root()));
    let again = run(&site, &["fix"]);
    assert!(again.stdout.is_empty() && text(&again.stderr).contains("Nothing to fix"));
    assert_eq!(run(&site, &["fix", "--undo"]).status.code(), Some(0));
    assert_eq!(before, files(site.root()));
    assert_eq!(run(&site, &["fix", "--undo"]).status.code(), Some(2));
}

#[test]
fn the_name_of_a_template_makes_way_for_a_title_that_says_more_and_leaves_no_alias() {
    let site = folder(
        "\
=== content/questions/your-question.md
# Your question

Is there something to say?
=== content/questions/your-question-2.md
# How long does it last?

Longer than a week?
",
    );
    let fixed = keeps_its_word(site.root());
    let moves: Vec<_> = fixed.change.moves.iter().map(|it| (it.from.as_str(), it.to.as_str())).collect();
    let to = "content/questions/how-long-does-it-last.md";
    assert_eq!(moves, [("content/questions/your-question-2.md", to)]);
    assert!(fixed.change.texts.is_empty(), "{:?}", fixed.change.texts);
}

#[test]
fn a_part_can_be_mended_by_its_path_or_its_rule() {
    let site = folder(SLIPS);
    let said = run(&site, &["fix", "-n", "content/questions/reset"]);
    assert_eq!(text(&said.stdout).matches("+++ ").count(), 1);
    let said = run(&site, &["fix", "-n", "--guesses", "--rule", "unknown-field", "--rule", "heading"]);
    assert!(text(&said.stdout).contains("+accepted: anna") && text(&said.stdout).contains("+## I think"));
    assert_eq!(text(&said.stdout).matches("+++ ").count(), 2);
    let said = run(&site, &["fix", "-n", "content/questions/reset.md"]);
    assert!(text(&said.stdout).contains("\n acepted: anna\n"), "{}", text(&said.stdout));
    assert!(text(&said.stdout).contains("+date: 2026-11-21"), "{}", text(&said.stdout));
    let said = run(&site, &["fix", "-n", "questions/outside.md"]);
    assert_eq!(text(&said.stdout).lines().count(), 2, "{}", text(&said.stdout));
    for wrong in [&["fix", "--rule", "unknown-feild"][..], &["fix", "gone.md"], &["fix", "/"]] {
        assert_eq!(run(&site, wrong).status.code(), Some(2), "{wrong:?}");
    }
}

#[test]
fn nothing_is_written_over_and_no_link_is_followed() {
    let site = folder(
        "\
=== longhouse.yaml
base_url: https://community.example.org/
=== content/questions/why.md
# Why?

Taken.
=== content/questions/why?.md
Somebody else's.
=== content/questions/saved.md
# Saved?

Here.
=== content/questions/saved.txt
# Saved twice?

There.
=== questions/why.md
# Also why?
",
    );
    std::os::unix::fs::symlink("/etc", site.root().join("stories")).expect("a link");
    let before = files(site.root());
    let fixed = keeps_its_word(site.root());
    mended(site.root(), &Options::default());
    let now = files(site.root());
    for (path, bytes) in &before {
        let to = fixed.change.moved(path);
        assert_eq!(&now[&to], bytes, "{path}");
    }
    assert_eq!(fixed.change.moved("content/questions/why?.md"), "content/questions/why-2.md");
    assert_eq!(fixed.change.moved("questions/why.md"), "content/questions/why-3.md");
    assert_eq!(fixed.change.moved("content/questions/saved.txt"), "content/questions/saved-2.md");
    assert!(!now.keys().any(|path| path.starts_with("content/stories")));
}

#[test]
fn a_secret_beside_a_mended_line_goes_into_no_log() {
    let token = format!("ghp_{}", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8");
    let site = folder(&format!("=== content/questions/a.md\n---\ntagz: [x]\nsummary: {token}\n---\n# A?\n"));
    let said = run(&site, &["fix", "--guesses"]);
    assert!(text(&said.stdout).contains("+tags: [x]"), "{}", text(&said.stdout));
    assert!(!text(&said.stdout).contains(&token[8..]), "{}", text(&said.stdout));
    assert!(text(&files(site.root())["content/questions/a.md"]).contains(&token), "and the file keeps it");
}

#[test]
fn line_ends_and_the_byte_order_mark_stay() {
    let site = folder("");
    site.write("longhouse.yaml", "base_url: https://community.example.org/\n");
    site.write(
        "content/questions/a.md",
        "\u{feff}---\r\ntagz: [x]\r\ndate: 1.2.2026\r\n---\r\n# A?\r\n\r\nText\r\n",
    );
    keeps_its_word(site.root());
    mended(site.root(), &Options { guesses: true, ..Options::default() });
    let now = text(&files(site.root())["content/questions/a.md"]);
    assert_eq!(now, "\u{feff}---\r\ntags: [x]\r\ndate: 2026-02-01\r\n---\r\n# A?\r\n\r\nText\r\n");
}

#[test]
fn what_every_page_of_a_rule_shows_as_wrong_keeps_its_words() {
    let mut mended = BTreeSet::new();
    for rule in Rule::ALL.iter().filter(|rule| !matches!(rule, Rule::Config | Rule::Theme)) {
        let site = crate::reference::rules::wrong_example(*rule);
        let unwanted: &[&str] = if *rule == Rule::WordList { &["oven"] } else { &[] };
        keeps_all_but(site.root(), unwanted, &Options::default());
        let fixed = keeps_all_but(site.root(), unwanted, &Options { guesses: true, ..Options::default() });
        if fixed.mended > 0 {
            mended.insert(rule.name());
        }
    }
    for rule in ["duplicate-address", "field-value", "stray", "unknown-field", "zero-width", "moved-link"] {
        assert!(mended.contains(rule), "{mended:?}");
    }
}

#[test]
fn whole_sites_keep_their_words() {
    let sites: Vec<PathBuf> =
        std::env::var_os("LONGHOUSE_SITES").iter().flat_map(std::env::split_paths).collect();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("example-site");
    for root in sites.iter().chain([&example]) {
        let site = folder("");
        copy(root, site.root());
        keeps_its_word(site.root());
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from).into_iter().flatten().filter(|it| it.file_type().is_file()) {
        let path = to.join(entry.path().strip_prefix(from).expect("inside"));
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, fs::read(entry.path()).expect("a file")).expect("a file");
    }
}

/// Pieces of which files are made that somebody could write, or would to do harm.
const PIECES: &[&str] = &[
    "---\n",
    "---\n",
    "\n",
    "tilte: A\n",
    "title: a: b # c\n",
    "tags: [a, b\n",
    "tags: a, b\n",
    "\ttags: [x]\n",
    "date: 1.2.2026\n",
    "accepted: \u{201c}ana\u{201d}\n",
    "author:ana\n",
    "status: drfat\n",
    "  score: 3\n",
    "'title': \"x\n",
    "description: |\n  more\n",
    "# A title\n\n",
    "Title\n=====\n\n",
    "See [x](rest.md) and [y](reset.md#gone).\n\n",
    "a\u{200b}b \u{202e}c\u{202c}\n\n",
    "<file> & <b>x</b>\n\n",
    "```\ncode \u{202e}x\n```\n\n",
    "- one\n- two\n\n",
    "![p](p.png \"t\")\n",
    "[x]: gone.md\n\n[x]\n\n",
    "{{ x }}\n",
    "***\n",
    "\u{feff}",
    "\u{1}",
    "+++\ntitle = 'x'\n+++\n",
    "## Answer\n\n# Again\n\n",
    "accepted: nobody\n",
    "duplicate_of: rest\n",
    "url: x\n",
    "a: &b *c\n",
    "x:\n  - y\n - z\n",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn whatever_a_file_says_it_keeps_its_words(
        first in proptest::collection::vec(proptest::sample::select(PIECES), 0..12),
        second in proptest::collection::vec(proptest::sample::select(PIECES), 0..8),
        name in "[a-cA-C ?,.'-]{1,6}",
        ending in proptest::sample::select(&["", ".md", ".txt", ".MD", ".markdown"][..]),
    ) {
        let site = folder("=== content/questions/reset.md\n# How?\n\n## X\n\nText.\n=== content/questions/reset/ana.md\nYes.\n");
        site.write("content/questions/other.md", first.concat());
        let name = name.trim_matches(['.', ' ', '-']);
        if !name.is_empty() {
            site.write(&format!("content/questions/{name}{ending}"), second.concat());
            site.write(&format!("content/questions/reset/{name}{ending}"), second.concat());
        }
        keeps_its_word(site.root());
    }
}
