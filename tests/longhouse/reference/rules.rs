//! The pages of the rules: what each one shows as wrong breaks exactly that rule, and what it shows as right
//! breaks none.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::sync::Arc;
use std::time::Duration;

use longhouse::BuildError;
use longhouse::check::{self, possible_duplicate, program_state, search_test};
use longhouse::cli::report;
use longhouse::diagnostic::{Diagnostic, Fate, Rule, Severity};
use longhouse::external::cache::Cache;
use longhouse::external::{self, Options};
use longhouse::insight::{self, health};
use longhouse::output::Gather;
use longhouse::site::Visibility;
use longhouse::source::git_diff::since;
use longhouse::source::{self, LoadError, LoadOptions, Sources};

use super::{assert_generated, docs};
use crate::fixture::{Folder, folder, meant};

/// A part of a page that shows a site.
#[derive(Default)]
struct Shown {
    /// Path and text of each file.
    files: Vec<(String, String)>,
    /// What cannot be shown as the text of a file is said in such sentences.
    sentences: Vec<String>,
}

#[test]
fn every_rule_has_a_page_and_every_page_a_rule() {
    let pages: BTreeSet<String> = fs::read_dir(docs("content/reference/rules"))
        .expect("the folder of the rules")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| name != "_index.md")
        .collect();
    let rules: BTreeSet<String> = Rule::ALL.iter().map(|rule| format!("{rule}.md")).collect();
    assert_eq!(pages, rules);
}

#[test]
fn what_a_page_shows_as_wrong_is_said_just_so_and_what_is_right_says_nothing() {
    for rule in Rule::ALL {
        let path = format!("content/reference/rules/{rule}.md");
        let page = fs::read_to_string(docs(&path)).expect("a page");
        assert!(page.contains(&format!("\n# `{rule}`\n")), "{path}");
        let (diagnostics, message) = said(&shown(&page, "## Wrong"));
        assert!(diagnostics.iter().any(|it| it.rule == *rule), "{path}: {message}");
        for it in &diagnostics {
            assert!(is_sentence(&it.message) && is_sentence(&it.help), "{path}: {} {}", it.message, it.help);
        }
        // A file that is not published leaves a link or an image that leads nowhere.
        let follows = |it: &Diagnostic| *rule == Rule::UnsafeFile && it.rule == Rule::DeadImage;
        assert!(diagnostics.iter().all(|it| it.rule == *rule || follows(it)), "{path}: {message}");
        if *rule != Rule::Bidi {
            assert_eq!(diagnostics[0].severity, rule.default_severity(), "{path}");
        }
        let message = format!("```text\n{}\n```\n", message.trim_end());
        assert_generated(&path, &[facts(*rule), message]);
        let right = shown(&page, "## Right");
        assert!(!right.files.is_empty(), "{path}");
        let (diagnostics, message) = said(&right);
        assert!(diagnostics.is_empty(), "{path}: {message}");
    }
}

#[test]
fn the_overview_names_every_rule_in_its_place() {
    let mut text = String::new();
    for (fate, title) in [
        (Fate::Mended, "Mended: the problem is removed, and the page is published"),
        (Fate::Held, "Held: the page is left out until the problem is solved"),
        (Fate::Reported, "Reported: the page is published as it is"),
    ] {
        let _ = write!(text, "## {title}\n\n| rule | level | what it says |\n| --- | --- | --- |\n");
        for rule in Rule::ALL.iter().filter(|rule| rule.fate() == fate) {
            let level = match (level(*rule), rule.can_be_off()) {
                (level, true) => level.to_owned(),
                (level, false) => format!("{level}, never off"),
            };
            let _ = writeln!(text, "| [`{rule}`]({rule}.md) | {level} | {} |", rule.meaning().trim());
        }
        text.push('\n');
    }
    assert_generated("content/reference/rules/_index.md", &[text]);
}

/// What the page of a rule shows as wrong.
pub(crate) fn wrong_example(rule: Rule) -> Folder {
    let page = fs::read_to_string(docs(&format!("content/reference/rules/{rule}.md"))).expect("a page");
    on_disk(&shown(&page, "## Wrong"))
}

/// Whether a text for people begins with a capital, or with a name in backticks or quotation marks, and ends as a sentence
/// does.
pub(crate) fn is_sentence(text: &str) -> bool {
    let begins = text.starts_with(|c: char| c.is_uppercase() || matches!(c, '`' | '“'));
    begins && text.ends_with(['.', '?', '!']) && !text.ends_with("..")
}

/// What every page says first: the rule in one sentence, its level, what becomes of the page.
fn facts(rule: Rule) -> String {
    let may = match (level(rule), rule.can_be_off()) {
        ("error", true) => "It can be `warning` or `off`.",
        ("error", false) => "It can be `warning`, and never `off`.",
        (_, true) => "It can be `error` or `off`.",
        (_, false) => "It can be `error`, and never `off`.",
    };
    let fate = match rule.fate() {
        Fate::Mended if rule == Rule::Contrast => "published, with a colour that can be read.",
        Fate::Mended => "mended: the problem is removed, and the page is published.",
        Fate::Held => "held: it is left out until the problem is solved. All other pages are published.",
        Fate::Reported if matches!(rule, Rule::Config | Rule::Theme) => {
            "not published, and neither is any other, until it is solved."
        }
        Fate::Reported => "published as it is.",
    };
    format!("{}\n\n- Level: `{}`. {may}\n- The page is {fate}\n", rule.meaning().trim(), level(rule))
}

fn level(rule: Rule) -> &'static str {
    match rule.default_severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// The files that a section of a page shows: each is a path in backticks, a colon, and a block of code.
fn shown(page: &str, heading: &str) -> Shown {
    let mut shown = Shown::default();
    let (mut inside, mut path, mut fence) = (false, None, None::<(String, String)>);
    for line in page.lines() {
        if let Some((marks, text)) = &mut fence {
            if line == marks.as_str() {
                if let Some(path) = path.take().filter(|_| inside) {
                    shown.files.push((path, std::mem::take(text)));
                }
                fence = None;
            } else {
                text.push_str(line);
                text.push('\n');
            }
        } else if line.starts_with("```") {
            let marks = line.trim_end_matches(|it: char| it != '`');
            fence = Some((marks.to_owned(), String::new()));
        } else if line.starts_with("## ") {
            inside = line == heading;
        } else if let Some(named) = line.strip_prefix('`').and_then(|line| line.strip_suffix("`:")) {
            path = Some(named.to_owned());
        } else if inside {
            shown.sentences.push(line.to_owned());
        }
    }
    shown
}

/// Writes the files, with what stands in braces made what it stands for.
fn on_disk(shown: &Shown) -> Folder {
    let folder = folder("");
    // A site that says nothing of where it is would be told so, which is not what the page is about.
    if !shown.files.iter().any(|(path, _)| path == "longhouse.yaml") {
        folder.write("longhouse.yaml", "base_url: https://community.example.org/\n");
    }
    for (path, text) in &shown.files {
        folder.write(path, meant(text));
    }
    for sentence in &shown.sentences {
        let words: Vec<&str> = sentence.split('`').collect();
        match words.as_slice() {
            ["", path, " is a symbolic link to ", target, "."] => link(target, &folder.root().join(path)),
            ["The repository was cloned with ", "git clone --depth 1", "."] => make_shallow(&folder),
            ["A pull request of ", who, " adds ", path, "."] => pull_request(&folder, who, path),
            ["The file ", path, " is damaged."] => damage(&folder, path),
            ["", path, " is not committed yet."] => commit_all_but(&folder, path),
            _ => {}
        }
    }
    folder
}

/// Everything that `check` says of a site: as data, and as people read it.
fn said(shown: &Shown) -> (Vec<Diagnostic>, String) {
    let folder = on_disk(shown);
    let root = folder.root();
    let sources = match source::load(root, &LoadOptions::default()) {
        Ok(sources) => sources,
        Err(LoadError::Config(diagnostics)) => {
            let message = report::human(&diagnostics, |file| source::read_again(root, file), false);
            return (diagnostics, message);
        }
        Err(error) => panic!("{error:?}"),
    };
    let sources =
        match shown.sentences.iter().find_map(|it| it.strip_prefix("Today is `")?.strip_suffix("`.")) {
            Some(today) => {
                Arc::new(Sources { today: Some(today.parse().expect("a day")), ..Sources::clone(&sources) })
            }
            None => sources,
        };
    let (site, mut diagnostics) = longhouse::understand(&sources, Visibility::default(), &|_| {});
    diagnostics.extend(check::thorough(&site));
    diagnostics.extend(program_state::check(&site, &BTreeSet::new()));
    diagnostics.extend(search_test::check(&site).expect("an index"));
    let new = possible_duplicate::new_files(&site);
    diagnostics.extend(possible_duplicate::check(&site, &|path| new.contains(&path)).expect("an index"));
    if sources.documents.iter().any(|it| it.text.contains(NOBODY)) {
        let options = Options {
            allowed: ["127.0.0.1".to_owned()].into(),
            pause: Duration::ZERO,
            timeout: Duration::from_secs(300),
            chain: Duration::from_secs(300),
            limit: Duration::from_secs(300),
            now: 0,
        };
        diagnostics.extend(external::check(&site, &|_| true, &options, &mut Cache::default()).diagnostics);
    }
    let conditions =
        |it: &String| Some(it.strip_prefix("The conditions are `")?.strip_suffix("`.")?.to_owned());
    if let Some(conditions) = shown.sentences.iter().find_map(conditions) {
        let conditions = health::parse(&conditions).expect("conditions");
        let report = insight::report(site.counted(), None, &insight::Options::default());
        let verdicts = health::verdicts(&conditions, &report, None);
        diagnostics.extend(verdicts.iter().filter_map(health::Verdict::problem));
    }
    if let Ok(since) = since(&sources, BEFORE) {
        let (before, former) = longhouse::understand_beside(&site, &since.sources, Visibility::default());
        diagnostics =
            longhouse::check::diff_filter::report(&site, diagnostics, &before, &former, &since.changes);
    }
    if let Err(BuildError::Template(errors)) = longhouse::build(&site, &Gather::default(), &|_| {}) {
        let message = report::human(&errors.diagnostics, |file| errors.texts.get(file).cloned(), false);
        return (errors.diagnostics, message);
    }
    let text = |file: &str| sources.text(file).cloned().or_else(|| sources.trusted_text(file));
    let message = report::human(&diagnostics, text, false);
    (diagnostics, message)
}

fn link(target: &str, at: &std::path::Path) {
    std::os::unix::fs::symlink(target, at).expect("a symbolic link");
}

/// A place at which nobody listens.
const NOBODY: &str = "http://127.0.0.1:9/";

/// The branch that pull requests are meant for.
const BEFORE: &str = "before";

/// Makes the folder a repository in which somebody added one of the files, and somebody else all others.
fn pull_request(folder: &Folder, who: &str, path: &str) {
    git(folder, "ana", &["init", "--quiet", "."]);
    git(folder, "ana", &["add", "--all", ".", &format!(":(exclude){path}")]);
    git(folder, "ana", &["commit", "--quiet", "--message", "All"]);
    git(folder, "ana", &["branch", BEFORE]);
    git(folder, who, &["add", "--all"]);
    git(folder, who, &["commit", "--quiet", "--message", "More"]);
}

/// Makes the folder a repository whose history was cut off.
fn make_shallow(folder: &Folder) {
    commit_all_but(folder, ".git");
    // What `git clone --depth 1` leaves behind: the commit beyond which nothing is known.
    let commit = git(folder, "ana", &["rev-parse", "HEAD"]);
    folder.write(".git/shallow", format!("{commit}\n"));
}

/// Makes the folder a repository in which a file of git's says nothing.
fn damage(folder: &Folder, path: &str) {
    commit_all_but(folder, ".git");
    folder.write(path, "nothing");
}

/// Makes the folder a repository that knows all files but one.
fn commit_all_but(folder: &Folder, path: &str) {
    git(folder, "ana", &["init", "--quiet", "."]);
    git(folder, "ana", &["add", "--all"]);
    git(folder, "ana", &["rm", "--quiet", "--cached", "--ignore-unmatch", "--", path]);
    git(folder, "ana", &["commit", "--quiet", "--message", "All"]);
}

fn git(folder: &Folder, who: &str, arguments: &[&str]) -> String {
    let mut git = std::process::Command::new("git");
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GIT_")) {
        git.env_remove(name);
    }
    let output = git
        .current_dir(folder.root())
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .args(["-c", &format!("user.name={who}"), "-c", &format!("user.email={who}@example.com")])
        .args(arguments)
        .output()
        .expect("git");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
