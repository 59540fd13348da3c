//! The trusted data of a site beside its configuration: votes from elsewhere, moderation, search tests, headlines of
//! feeds.
//!
//! What is not understood is an error with its place. Whether the pages named are there is not asked here.

pub mod feed;

use std::borrow::Cow;
use std::sync::Arc;

use crate::config::normalised;
use crate::diagnostic::{Diagnostic, Rule, Spanned};
use crate::page::front_matter::Status;
use crate::yaml::key::{Keys, Takes, keys};
use crate::yaml::walk::Walk;
use crate::yaml::{self, Dialect, Document, NodeKind, Shape};

/// `data/reactions.yaml`: a snapshot of the votes that an entry or an answer got elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reaction {
    /// The entry, as `questions/slug`, without slashes at its ends; the place is that of the whole key.
    pub entry: Spanned<String>,
    /// The stem of the answer that is meant, or none for the entry itself.
    pub answer: Option<String>,
    /// The votes, of everybody together.
    pub votes: i64,
    /// Those of the voters whose names are known, each once.
    pub by: Vec<Spanned<String>>,
}

/// `data/moderation.yaml`: what becomes of a file, whatever it says itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Moderation {
    /// The file, as written, without slashes at its ends.
    pub path: Spanned<String>,
    /// What it is now.
    pub status: Status,
    /// Why.
    pub reason: Option<String>,
    /// Who decided.
    pub by: Option<Spanned<String>>,
}

/// `search-tests.yaml`: a question in plain words, and the page that must be found.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SearchTest {
    /// What is searched for.
    pub query: Spanned<String>,
    /// The page, as a path of the site or of its file.
    pub page: Spanned<String>,
    /// Among this many first hits.
    pub within: usize,
}

keys! {
    /// In votes of `data/reactions.yaml` whose voters are known in part.
    ReactionKey {
        Votes = "votes", Takes::Number(-VOTES, VOTES), "", "ideas/dark-mode: {votes: 12, by: [ana]}",
            "How many votes there are, those by the people named included.";
        By = "by", Takes::People, "", "ideas/dark-mode: {votes: 12, by: [ana, ben]}",
            "Handles or names of people who voted there. On an idea each counts once, however often they say that they want \
             it.";
    }
}

keys! {
    /// In a decision of `data/moderation.yaml`.
    ModerationKey {
        Status = "status", Takes::Word(Status::WORDS), "", "questions/spam.md: {status: hidden}",
            "What happens to the file.";
        Reason = "reason", Takes::Text, "", "questions/spam.md: {status: hidden, reason: Advertising}",
            "The reason. It is shown instead of the page.";
        By = "by", Takes::Person, "", "questions/spam.md: {status: hidden, by: ben}",
            "The handle of the person who decided.";
    }
}

keys! {
    /// In a test of `search-tests.yaml`.
    SearchTestKey {
        Query = "query", Takes::Text, "", "- {query: forgot my password, page: questions/reset-password.md}",
            "What people search for.";
        Page = "page", Takes::Text, "", "- {query: forgot my password, page: /questions/reset-password/}",
            "The page that must be found: its address, or the path of its file.";
        Within = "within", Takes::Number(1, 100), "5", "- {query: forgot my password, page: /questions/reset-password/, within: 1}",
            "The page must be among this many first results.";
    }
}

/// More votes than this, on either side of none, are a slip.
const VOTES: i64 = 1_000_000_000;

/// At most this many voters of one entry are named.
const VOTERS: usize = 10_000;

/// What stands in `data/reactions.yaml`.
pub const REACTIONS: Takes = Takes::Named(
    "questions/slug, questions/slug#answer-stem or ideas/slug",
    &Takes::Either(&[Takes::Number(-VOTES, VOTES), Takes::People, Takes::Map(ReactionKey::KEYS)]),
);

/// What stands in `data/moderation.yaml`.
pub const MODERATION: Takes = Takes::Named("path", &Takes::Map(ModerationKey::KEYS));

/// What was read, and what was understood although it should be written differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data<T> {
    /// The entries, in the order written.
    pub entries: Vec<T>,
    /// Warnings.
    pub warnings: Vec<Diagnostic>,
}

/// Reads `data/reactions.yaml`.
///
/// # Errors
/// Everything that is wrong, in the order of the text.
pub fn reactions(file: &Arc<str>, text: &str) -> Result<Data<Reaction>, Vec<Diagnostic>> {
    let normal = normalised(text);
    let document = read(file, &normal);
    let mut walk = Walk::new(file);
    let mut entries = Vec::new();
    for (key, node) in pairs(&mut walk, &document, "questions/reset-password: 12") {
        let Some((votes, by)) = votes(&mut walk, key, node) else { continue };
        let (entry, answer) = match key.value.split_once('#') {
            Some((entry, answer)) => {
                (entry, Some(answer.strip_prefix("answer-").unwrap_or(answer).to_owned()))
            }
            None => (&*key.value, None),
        };
        let entry = entry.trim_matches('/');
        if !entry.contains('/') || answer.as_deref() == Some("") {
            walk.problem(
                key.span,
                format!("`{}` is not an entry.", key.value),
                "Write the kind and the slug, as in `questions/reset-password` or `questions/reset-password#answer-ana`.",
            );
            continue;
        }
        entries.push(Reaction { entry: Spanned::new(entry.to_owned(), key.span), answer, votes, by });
    }
    finish(document, walk, entries)
}

/// The votes of one entry: their number, the people who voted, or both.
fn votes(
    walk: &mut Walk<'_>,
    key: &Spanned<Cow<'_, str>>,
    node: &yaml::Node<'_>,
) -> Option<(i64, Vec<Spanned<String>>)> {
    let name = &*key.value;
    let (number, by) = match &node.kind {
        NodeKind::List(_) => (None, walk.texts(node.clone(), name)),
        NodeKind::Map(_) => {
            let (mut number, mut by) = (None, Vec::new());
            for (inner, node) in walk.map(node.clone(), name) {
                match ReactionKey::from_name(&inner.value) {
                    Some(ReactionKey::Votes) => {
                        number = Some(walk.number(node, &inner.value, -VOTES, VOTES)?);
                    }
                    Some(ReactionKey::By) => by = walk.texts(node, &inner.value),
                    None => walk.unknown_key(&inner, name, ReactionKey::KEYS),
                }
            }
            (number, by)
        }
        _ => return Some((walk.number(node.clone(), name, -VOTES, VOTES)?, Vec::new())),
    };
    if by.len() > VOTERS {
        let message = format!("`{name}` names {} people.", by.len());
        walk.problem(
            key.span,
            message,
            format!("Name at most {VOTERS}, and give the number of all as `votes`."),
        );
    }
    // Who is named voted, whatever the number says.
    let named = i64::try_from(by.len()).unwrap_or(VOTES);
    Some((number.unwrap_or(named), by))
}

/// Reads `data/moderation.yaml`.
///
/// # Errors
/// Everything that is wrong, in the order of the text.
pub fn moderation(file: &Arc<str>, text: &str) -> Result<Data<Moderation>, Vec<Diagnostic>> {
    const EXAMPLE: &str = "questions/spam.md: {status: hidden, reason: Advertising, by: ben}";
    let normal = normalised(text);
    let document = read(file, &normal);
    let mut walk = Walk::new(file);
    let mut entries = Vec::new();
    for (key, node) in pairs(&mut walk, &document, EXAMPLE) {
        let (mut status, mut reason, mut by) = (None, None, None);
        let problems = walk.problems.len();
        if let NodeKind::Scalar { .. } = node.kind {
            status = walk.word(node.clone(), "status", Status::WORDS, Status::from_word);
        } else {
            for (inner, node) in walk.map(node.clone(), &key.value) {
                let name: &str = &inner.value;
                match ModerationKey::from_name(name) {
                    Some(ModerationKey::Status) => {
                        status = walk.word(node, name, Status::WORDS, Status::from_word);
                    }
                    Some(ModerationKey::Reason) => reason = walk.text(node, name).map(|text| text.value),
                    Some(ModerationKey::By) => by = walk.text(node, name),
                    None => walk.unknown_key(&inner, &key.value, ModerationKey::KEYS),
                }
            }
        }
        match status {
            Some(status) => {
                let path = key.value.trim_matches('/').to_owned();
                entries.push(Moderation { path: Spanned::new(path, key.span), status, reason, by });
            }
            None if walk.problems.len() == problems => {
                walk.problem(
                    key.span,
                    format!("`{}` has no `status`.", key.value),
                    format!("Write `{EXAMPLE}`."),
                );
            }
            None => {}
        }
    }
    finish(document, walk, entries)
}

/// Reads `search-tests.yaml`.
///
/// # Errors
/// Everything that is wrong, in the order of the text.
pub fn search_tests(file: &Arc<str>, text: &str) -> Result<Data<SearchTest>, Vec<Diagnostic>> {
    const HELP: &str = "Write each one as `- {query: how do I reset my password, page: /questions/reset-password/, within: 5}`.";
    let normal = normalised(text);
    let document = read(file, &normal);
    let mut walk = Walk::new(file);
    let mut entries = Vec::new();
    let items: &[_] = match &document.root.kind {
        NodeKind::List(items) => items,
        NodeKind::Null => &[],
        NodeKind::Map(pairs) if pairs.is_empty() => &[],
        _ => {
            walk.problem(document.root.span, "The search tests must be a list.", HELP);
            &[]
        }
    };
    for item in items {
        let (mut query, mut page, mut within) = (None, None, 5);
        let problems = walk.problems.len();
        for (key, node) in walk.map(item.clone(), "a search test") {
            let name: &str = &key.value;
            match SearchTestKey::from_name(name) {
                Some(SearchTestKey::Query) => query = walk.text(node, name),
                Some(SearchTestKey::Page) => page = walk.text(node, name),
                Some(SearchTestKey::Within) => within = walk.number(node, name, 1, 100).unwrap_or(5),
                None => walk.unknown_key(&key, "a search test", SearchTestKey::KEYS),
            }
        }
        match (query, page) {
            (Some(query), Some(page)) => {
                entries.push(SearchTest { query, page, within: usize::try_from(within).unwrap_or(5) });
            }
            _ if walk.problems.len() == problems => {
                walk.problem(item.span, "A search test needs `query` and `page`.", HELP);
            }
            _ => {}
        }
    }
    finish(document, walk, entries)
}

/// Snapshots of votes grow with a community.
const DIALECT: Dialect =
    Dialect { rule: Rule::Config, limit: 64 * 1024 * 1024, shape: |_| Shape::Other, is_known: |_| false };

fn read<'a>(file: &Arc<str>, text: &'a str) -> Document<'a> {
    yaml::read(file, text, 0..text.len(), &DIALECT)
}

fn pairs<'a, 'd>(walk: &mut Walk<'_>, document: &'d Document<'a>, example: &str) -> Vec<&'d yaml::Pair<'a>> {
    match &document.root.kind {
        NodeKind::Map(pairs) => pairs.iter().collect(),
        NodeKind::Null => Vec::new(),
        _ => {
            walk.problem(document.root.span, "This must be names and values.", format!("Write `{example}`."));
            Vec::new()
        }
    }
}

fn finish<T>(document: Document<'_>, walk: Walk<'_>, entries: Vec<T>) -> Result<Data<T>, Vec<Diagnostic>> {
    let broken = document.broken || !walk.problems.is_empty();
    let mut warnings = document.diagnostics;
    warnings.extend(walk.problems);
    warnings.sort_by_key(|diagnostic| (diagnostic.line, diagnostic.column));
    if broken { Err(warnings) } else { Ok(Data { entries, warnings }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> Arc<str> {
        Arc::from("data/x.yaml")
    }

    #[test]
    fn votes_are_for_entries_and_for_answers() {
        let data = reactions(&file(), "questions/a: 3\nquestions/a#answer-ana: 5\n/how-tos/b/#ben: -1\n")
            .expect("right");
        let read: Vec<_> = data
            .entries
            .iter()
            .map(|reaction| (reaction.entry.value.as_str(), reaction.answer.as_deref(), reaction.votes))
            .collect();
        assert_eq!(
            read,
            [("questions/a", None, 3), ("questions/a", Some("ana"), 5), ("how-tos/b", Some("ben"), -1)]
        );
        let found = reactions(&file(), "questions/a: many\nb: 3\nquestions/a: 4\n")
            .expect_err("three things are wrong");
        let places: Vec<_> = found.iter().map(|found| (found.line, found.column)).collect();
        assert_eq!(places, [(1, 14), (2, 1), (3, 1)]);
    }

    #[test]
    fn moderation_says_what_becomes_of_a_file() {
        let data = moderation(
            &file(),
            "questions/spam.md: {status: hidden, reason: 'Advertising', by: ben}\nideas/x.md: locked\n",
        )
        .expect("right");
        assert_eq!(data.entries[0].status, Status::Hidden);
        assert_eq!(data.entries[0].by.as_ref().map(|by| by.value.as_str()), Some("ben"));
        assert_eq!(data.entries[1].status, Status::Locked);
        let found =
            moderation(&file(), "a.md: {status: hiden}\nb.md: {reason: x}\nc.md: {status: hidden, why: x}\n")
                .expect_err("three things are wrong");
        let places: Vec<_> = found.iter().map(|found| (found.line, found.column)).collect();
        assert_eq!(places, [(1, 16), (2, 1), (3, 24)]);
        assert_eq!(found[0].fix.as_deref(), Some("hidden"));
    }

    #[test]
    fn search_tests_name_a_question_and_a_page() {
        let data = search_tests(
            &file(),
            "# remark\n- query: C#: how do I start?\n  page: /questions/a/\n- {query: backup, page: how-tos/b.md, within: 1}\n",
        )
        .expect("right");
        assert_eq!(data.entries[0].query.value, "C#: how do I start?");
        assert_eq!((data.entries[0].within, data.entries[1].within), (5, 1));
        assert_eq!(data.warnings.len(), 1);
        let found = search_tests(&file(), "- query: a\n- page: b\n  querry: c\n- x\n")
            .expect_err("three things are wrong");
        let lines: Vec<_> = found.iter().map(|found| found.line).collect();
        assert_eq!(lines, [1, 3, 4]);
        assert!(search_tests(&file(), "").is_ok_and(|data| data.entries.is_empty()));
        assert!(search_tests(&file(), "query: a\n").is_err());
    }
}
