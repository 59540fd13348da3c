//! What no change of files can reach, and what is to be done about it: the history of the repository above all.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::names;
use super::person::Person;
use super::{Plan, published};
use crate::edit::Move;

/// At most this many renamed files stand in the command itself; more stand in a file of their own.
const IN_LINE: usize = 8;

/// The lines of a `.mailmap` by which git calls somebody by their neutral name.
#[must_use]
pub fn mailmap(person: &Person) -> Vec<String> {
    let line = |(name, email): (&str, &str)| {
        let new = format!("{} <{}@example.invalid>", person.former_name, person.former);
        match (name.is_empty(), email.is_empty()) {
            (_, false) => format!("{new} <{email}>"),
            (_, true) => format!("{new} {name} <>"),
        }
    };
    let mut lines: Vec<String> =
        person.commits.iter().map(|commit| line((&commit.name, &commit.email))).collect();
    lines.sort();
    lines.dedup();
    lines
}

/// What stays after a change was made, in plain words, with what removes it.
#[must_use]
pub fn told(plan: &Plan, also: &[String]) -> String {
    // What a shell reads until a word at the margin is not indented.
    let texts = filter_repo(plan, also);
    let files = without_files(plan).map_or_else(String::new, |command| format!("{FILES}\n{command}\n"));
    format!("{HISTORY}\n{texts}\n{files}{COPIES}")
}

const HISTORY: &str = "\
What stays, and how to remove it:

1. The git history. Every version that was ever committed still has the name. To rewrite it, commit this change, make a
   fresh clone, and run there (https://github.com/newren/git-filter-repo):
";

const FILES: &str = "   Then take the old profile out of the history, and those pictures that show who it is; leave out the ones that may stay.
   The other lines keep the neutral profile:
";

const COPIES: &str = "   Everyone with a clone has to clone again. Ask the git host to delete what it keeps of the old commits: forks, and the
   pages and comments of pull requests, which no rewriting reaches.
2. Other copies: the caches of your host and CDN (purge them), search engines (ask each to remove the old address), web
   archives, and feed readers and mailboxes, which nobody can reach.
3. The record for `--undo` on this computer, until the next `mv`, `fix` or `forget`.
";

/// The command that rewrites the history, as lines for a shell.
fn filter_repo(plan: &Plan, also: &[String]) -> String {
    let person = &plan.person;
    let mut out = String::new();
    let mut options = vec!["--replace-text ../forget.txt", "--replace-message ../forget.txt"];
    let _ = writeln!(out, "cat > ../forget.txt <<'FORGET'");
    for rule in rules(person, also) {
        let _ = writeln!(out, "{rule}");
    }
    let _ = writeln!(out, "FORGET");
    let mailmap = mailmap(person);
    if !mailmap.is_empty() {
        let _ = writeln!(out, "cat > ../forget.mailmap <<'FORGET'\n{}\nFORGET", mailmap.join("\n"));
        options.push("--mailmap ../forget.mailmap");
    }
    let moves = &plan.change.moves;
    let renames: Vec<String> = if moves.len() > IN_LINE {
        let _ = writeln!(out, "cat > ../forget.paths <<'FORGET'");
        for Move { from, to } in moves {
            let _ = writeln!(out, "{from}==>{to}");
        }
        let _ = writeln!(out, "FORGET");
        vec!["--paths-from-file ../forget.paths".to_string()]
    } else {
        moves
            .iter()
            .map(|Move { from, to }| format!("--path-rename {}", quoted(&format!("{from}:{to}"))))
            .collect()
    };
    let all: Vec<&str> = options.into_iter().chain(renames.iter().map(String::as_str)).collect();
    let _ = writeln!(out, "git filter-repo {}", all.join(" \\\n  "));
    out
}

/// The command that takes files out of the history, as lines for a shell; nothing if there are none.
fn without_files(plan: &Plan) -> Option<String> {
    let word = |paths: &[String]| paths.iter().map(|path| quoted(path)).collect::<Vec<_>>();
    let profiles = word(&plan.profiles).join(" ");
    let paths: Vec<String> = [word(&plan.profiles), word(&plan.files)].concat();
    if paths.is_empty() {
        return None;
    }
    let mut out = String::new();
    if !profiles.is_empty() {
        let _ = writeln!(out, "tar -cf ../forget.tar {profiles}");
    }
    let paths: Vec<String> = paths.iter().map(|path| format!("--path {path}")).collect();
    let _ = writeln!(out, "git filter-repo --invert-paths \\\n  {}", paths.join(" \\\n  "));
    if !profiles.is_empty() {
        let _ = writeln!(
            out,
            "tar -xf ../forget.tar && git add {profiles} && git commit -m \"Keep the neutral profile\""
        );
    }
    Some(out)
}

/// What stands in the file of replacements: the longest names first.
fn rules(person: &Person, also: &[String]) -> Vec<String> {
    // Addresses come before what may be a part of them.
    let emails: BTreeSet<&str> = person.commits.iter().map(|commit| commit.email.as_str()).collect();
    let emails = emails.into_iter().filter(|email| !email.is_empty() && !email.contains("==>"));
    let emails =
        emails.map(|email| format!("literal:{}==>{}@example.invalid", one_line(email), person.former));
    let mut full: Vec<&String> = person.names.iter().chain(also).collect();
    full.sort_by_key(|name| (std::cmp::Reverse(name.len()), name.as_str()));
    full.dedup();
    let names = full.into_iter().filter(|name| !name.contains("==>"));
    let mut rules: Vec<String> = emails
        .chain(names.map(|name| match name.is_ascii() {
            // A single word is one that somebody gave, in the case that is meant.
            true if names::count(name) > 1 => {
                let words: Vec<String> = name.split_whitespace().map(escaped).collect();
                format!("regex:(?i)\\b{}\\b==>{}", words.join("\\s+"), person.former_name)
            }
            true => format!("regex:\\b{}\\b==>{}", escaped(name), person.former_name),
            // Such signs have no case that a pattern over bytes would know.
            false => format!("literal:{}==>{}", one_line(name), person.former_name),
        }))
        .collect();
    rules.push(match person.handle.is_ascii() {
        true => format!("regex:(?<![\\w-]){}(?![\\w-])==>{}", escaped(&person.handle), person.former),
        false => format!("literal:{}==>{}", person.handle, person.former),
    });
    rules
}

/// A text as a pattern that means it.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if c.is_ascii_punctuation() && c != '_' {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A word that a shell reads as it is.
fn quoted(text: &str) -> String {
    let is_plain =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | ':' | ',' | '+');
    if text.chars().all(is_plain) { text.to_string() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

/// What somebody should look at of a report of what is published.
#[must_use]
pub fn places(report: &published::Report) -> Vec<String> {
    report
        .hits
        .iter()
        .map(|hit| {
            let place = match hit.part {
                published::Part::Path => format!("{}: in its path", hit.file),
                published::Part::Line(line) => format!("{}:{line}: {}", hit.file, hit.excerpt),
                published::Part::Read => format!("{}: written in another way: {}", hit.file, hit.excerpt),
                published::Part::Bytes => format!("{}: in its data: {}", hit.file, hit.excerpt),
                published::Part::IndexText => format!("{}: in the search index, {}", hit.file, hit.excerpt),
                published::Part::IndexWord => {
                    format!("{}: a word of the search index: {}", hit.file, hit.excerpt)
                }
            };
            format!("{place} ({})", hit.name)
        })
        .collect()
}
