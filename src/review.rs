//! What is said about somebody's branch on a git host: to the one who wrote it, what there is to do, and to those who merge
//! it, what to look at. And afterwards, where it is live.
//!
//! Whatever a stranger wrote stands in code, where no host looks for anything: a name there tells nobody, a number leads
//! nowhere, HTML is text. A backslash would not do, for hosts look for names and numbers after markdown was read.

mod suggestion;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::code_fence::span;
use crate::diagnostic::{Diagnostic, Rule, Severity, count};
use crate::page::Page;
use crate::page::destination::Destination;
use crate::site::Site;
use crate::source::git::Person;
use crate::source::git_diff::Changes;
pub use suggestion::suggestions;

/// By this a comment of ours is found again, to be kept up to date.
pub const COMMENT_MARK: &str = "<!-- longhouse review -->";

/// The same of the comment that says where a change is live.
pub const LIVE_MARK: &str = "<!-- longhouse live -->";

/// At most this many rows of one sort are shown.
const MOST: usize = 30;

/// At most this many characters of a text are shown.
const SHOWN: usize = 300;

/// The rules that tell whoever merges a change what to look at. Whoever wrote it has nothing to mend there.
const FOR_REVIEWERS: [Rule; 7] = [
    Rule::Trust,
    Rule::PossibleDuplicate,
    Rule::NewcomerLinks,
    Rule::LookalikeHost,
    Rule::Consent,
    Rule::WordList,
    Rule::Stale,
];

/// A branch, read beside what it began from.
#[derive(Debug, Clone, Copy)]
pub struct Branch<'a> {
    /// The site with the branch.
    pub site: &'a Site,
    /// The site where it began.
    pub before: &'a Site,
    /// What is different.
    pub changes: &'a Changes,
    /// The problems that it brought.
    pub diagnostics: &'a [Diagnostic],
}

/// The comment on a request: markdown for GitHub, GitLab or Forgejo.
#[must_use]
pub fn comment(branch: &Branch<'_>) -> String {
    let is_for_reviewers = |it: &&Diagnostic| FOR_REVIEWERS.contains(&it.rule);
    let (look, mend): (Vec<&Diagnostic>, Vec<&Diagnostic>) =
        branch.diagnostics.iter().partition(is_for_reviewers);
    let errors = mend.iter().filter(|it| it.severity == Severity::Error).count();
    let mut text = format!("{COMMENT_MARK}\n");
    text += &match (errors, mend.len() - errors) {
        (0, 0) => {
            "**There is nothing for you to do.** A maintainer will read this and publish it.".to_string()
        }
        (0, advice) => format!(
            "**There is nothing that you have to do.** {} can be better, if you like; it will be published all the same.",
            count(advice, "place")
        ),
        (errors, 0) => {
            format!("**Please look at {}.** Each is below, with what to do.", count(errors, "place"))
        }
        (errors, advice) => format!(
            "**Please look at {}.** Each is below, with what to do. {} more can be better, if you like.",
            count(errors, "place"),
            count(advice, "place")
        ),
    };
    text.push('\n');
    problems(&mut text, branch.site, &mend);
    pages(&mut text, branch);
    text.push_str("\n<details><summary>For those who review it</summary>\n");
    section(&mut text, "Who", who(branch));
    section(&mut text, "Please look at", look.iter().map(|it| row(it)));
    section(&mut text, "New links to other sites", new_links(branch).iter().map(|it| code(it)));
    section(&mut text, "Removed files", branch.changes.gone.iter().map(|it| code(it)));
    text.push_str("\n</details>\n");
    text
}

/// The comment on a request that was merged and published: where it is live, and who asked what it answers.
#[must_use]
pub fn live(branch: &Branch<'_>) -> String {
    let mut text = format!("{LIVE_MARK}\n");
    let shown: BTreeSet<String> =
        branch.changes.touched.keys().filter_map(|path| address(branch.site, path)).collect();
    if shown.is_empty() {
        text.push_str("This is published. Thank you.\n");
    }
    for url in shown.iter().take(MOST) {
        text += &format!("Live: <{url}>\n");
    }
    if !shown.is_empty() {
        text.push_str("\nThank you.\n");
    }
    for (login, url) in askers(branch) {
        text += &format!("\n@{login}, your question has an answer: <{url}>\n");
    }
    text
}

/// The whole address of the place where a file stands.
fn address(site: &Site, path: &str) -> Option<String> {
    let (address, fragment) = site.place_of(path)?;
    let hash = if fragment.is_empty() {
        String::new()
    } else {
        format!("#{}", crate::site::url::encode_fragment(&fragment))
    };
    Some(format!("{}{hash}", site.urls().absolute(&address)))
}

/// The logins of those whose questions have new answers of somebody else, each with the address of the first.
fn askers(branch: &Branch<'_>) -> BTreeMap<String, String> {
    let mut askers = BTreeMap::new();
    let new = branch.changes.touched.iter().filter(|(_, before)| before.is_none());
    for path in new.map(|(path, _)| path) {
        let Some((at, fragment)) = branch.site.place_of(path).filter(|it| it.1.starts_with("answer")) else {
            continue;
        };
        let Some(question) = branch.site.pages_at(&at).first().map(|page| Arc::clone(&page.path)) else {
            continue;
        };
        let wrote: BTreeSet<&str> = branch.changes.authors(path).iter().filter_map(|it| login(it)).collect();
        for person in branch.site.sources().committers(&question) {
            if let Some(login) = login(person).filter(|it| !wrote.contains(it))
                && !fragment.is_empty()
                && let Some(url) = address(branch.site, path)
            {
                askers.entry(login.to_string()).or_insert(url);
            }
        }
    }
    askers
}

/// The login of somebody on the host, if it can only be one.
fn login(person: &Person) -> Option<&str> {
    let is_plain = |it: &&str| {
        (1..=39).contains(&it.len()) && it.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    person.login().filter(is_plain)
}

fn problems(text: &mut String, site: &Site, mend: &[&Diagnostic]) {
    let mut sorted = mend.to_vec();
    sorted.sort_by_key(|it| it.severity);
    for problem in sorted.iter().take(MOST) {
        *text += &format!("\n- {}", row(problem));
        if let Some(corrected) = corrected(site, problem) {
            *text += &format!("\n  Corrected line: {}", code(&corrected));
        }
    }
    if sorted.len() > MOST {
        *text += &format!("\n- and {} more; `longhouse check` shows all of them", sorted.len() - MOST);
    }
    if !sorted.is_empty() {
        text.push('\n');
    }
}

/// A problem in one row.
fn row(problem: &Diagnostic) -> String {
    let help = if problem.help.is_empty() { String::new() } else { format!(" {}", prose(&problem.help)) };
    format!("{}, line {}: {}{help}", code(&problem.file), problem.line, prose(&problem.message))
}

/// The line of a problem as it should be.
fn corrected(site: &Site, problem: &Diagnostic) -> Option<String> {
    let line = site.sources().line(&problem.file, problem.line)?;
    suggestion::replaced(line, &[problem])
}

fn pages(text: &mut String, branch: &Branch<'_>) {
    let mut rows: BTreeMap<String, String> = BTreeMap::new();
    let mut held: Vec<String> = Vec::new();
    for (path, before) in &branch.changes.touched {
        let Some(page) = branch.site.page_of(path) else { continue };
        let Some((at, fragment)) = branch.site.place_of(path) else {
            held.push(code(path));
            continue;
        };
        let what = match (before, fragment.is_empty()) {
            (None, true) => "New",
            (None, false) => "New on",
            (Some(_), _) => "Changed",
        };
        let title = branch.site.pages_at(&at).first().map_or_else(|| at.clone(), |page| title(page));
        let title = if title.is_empty() { self::title(page) } else { title };
        rows.entry(format!("{at}#{fragment}"))
            .or_insert_with(|| format!("{what}: {} at {}", code(&title), code(&at)));
    }
    section(text, "What it changes", rows.into_values());
    section(text, "Not shown until it is mended", held);
}

fn title(page: &Page) -> String {
    page.fields
        .title
        .as_ref()
        .map(|it| it.value.clone())
        .or_else(|| page.body.headings.first().map(|it| it.text.clone()))
        .unwrap_or_default()
}

/// Who wrote the change, and whether they wrote anything before.
fn who(branch: &Branch<'_>) -> Vec<String> {
    let people: BTreeSet<&Person> =
        branch.changes.touched.keys().flat_map(|path| branch.changes.authors(path)).collect();
    let mut rows = BTreeSet::new();
    for person in people {
        let name = person.login().unwrap_or(&person.name);
        let handle = branch.before.people().of_name(name);
        let known = branch.before.people().get(&handle).map_or(0, |it| it.gave.count());
        rows.insert(match known {
            0 => format!("{}: this is their first contribution", code(&handle)),
            known => format!("{}: {} before this one", code(&handle), count(known, "contribution")),
        });
    }
    rows.into_iter().collect()
}

/// The addresses on other sites to which the branch links, and which the files did not have before.
fn new_links(branch: &Branch<'_>) -> BTreeSet<String> {
    let links = |page: &Page| -> BTreeSet<String> {
        let away = page.body.links.iter().filter(|it| matches!(it.target, Destination::Absolute(_)));
        away.map(|it| it.destination.value.clone()).collect()
    };
    let mut new = BTreeSet::new();
    for (path, before) in &branch.changes.touched {
        let Some(page) = branch.site.page_of(path) else { continue };
        let before =
            before.as_ref().and_then(|it| branch.before.page_of(it)).map(|it| links(it)).unwrap_or_default();
        new.extend(links(page).difference(&before).cloned());
    }
    new
}

fn section(text: &mut String, title: &str, rows: impl IntoIterator<Item = String>) {
    let rows: Vec<String> = rows.into_iter().collect();
    if rows.is_empty() {
        return;
    }
    *text += &format!("\n**{title}**\n\n");
    text.extend(rows.iter().take(MOST).map(|row| format!("- {row}\n")));
    if rows.len() > MOST {
        *text += &format!("- and {} more\n", rows.len() - MOST);
    }
}

/// A text of ours that quotes what somebody wrote between backticks: the quotes stay code, and what is left has no sign
/// that a host would act on.
fn prose(text: &str) -> String {
    let is_plain = |text: &str| {
        !text.contains(['@', '#', '<', '>', '[', ']', '*', '_', '!', '&', '\\']) && !text.contains("://")
    };
    let parts: Vec<&str> = text.split('`').collect();
    // Quotes that hold a backtick themselves cannot be told from ours.
    let is_even = parts.len() % 2 == 1;
    if is_even && parts.iter().step_by(2).all(|part| is_plain(part)) {
        let quote = |(n, part): (usize, &&str)| if n % 2 == 0 { (*part).to_string() } else { code(part) };
        return parts.iter().enumerate().map(quote).collect();
    }
    code(text)
}

/// A text as code in one row.
fn code(text: &str) -> String {
    let is_shown = |c: &char| {
        !c.is_control()
            && !matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
    };
    let text: String =
        text.split_whitespace().collect::<Vec<_>>().join(" ").chars().filter(is_shown).take(SHOWN).collect();
    if text.is_empty() {
        return "–".to_string();
    }
    span(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_wrote_is_code() {
        assert_eq!(code("@ana #12"), "`@ana #12`");
        assert_eq!(code("a `b` ``c``"), "``` a `b` ``c`` ```");
        assert_eq!(code("a\nb\u{202e}c"), "`a bc`");
        assert_eq!(code(""), "–");
    }

    #[test]
    fn our_own_words_stay_words_and_their_quotes_are_code() {
        assert_eq!(
            prose("There is no page `x.md`. Did you mean `y.md`?"),
            "There is no page `x.md`. Did you mean `y.md`?"
        );
        assert_eq!(prose("The name `@everyone` is taken."), "The name `@everyone` is taken.");
        assert_eq!(prose("Here is @everyone"), "`Here is @everyone`");
        assert_eq!(
            prose("odd ` @everyone"),
            "`` odd ` @everyone ``".replace("`` odd", "``odd").replace("everyone ``", "everyone``")
        );
        assert_eq!(prose("<img src=x>"), "`<img src=x>`");
    }
}
