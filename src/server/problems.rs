//! What is wrong with the site now, as the preview shows it: on the page concerned, in its corner, and in a
//! list of all.

use std::collections::BTreeMap;
use std::time::Instant;

use serde_json::{Value, json};

use crate::diagnostic::{Diagnostic, Fate, Severity};

/// Everything that is wrong now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems {
    /// One after the other, in the order in which they shall be listed.
    pub list: Vec<Problem>,
}

/// One problem as the preview shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The place, the rule, what is wrong, what to do.
    pub diagnostic: Diagnostic,
    /// The lines that it is on with a mark below, as plain text of one width; may be empty. Message and help are
    /// not part of it, and secrets are masked.
    pub excerpt: String,
    /// The pages that it concerns.
    pub pages: Pages,
    /// Whether the site cannot be renewed before it is mended: the pages are the last good ones.
    pub stops: bool,
}

/// The pages that a problem concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pages {
    /// All of them, as for the configuration and for templates.
    Every,
    /// Those at these addresses, as in [`Update`](super::Update); may be none.
    These(Vec<String>),
}

/// So many problems of one page are sent to it; the list of all has the rest.
const SHOWN_ON_A_PAGE: usize = 20;

/// The problems that stand now, and since when.
#[derive(Debug, Default)]
pub(super) struct CurrentProblems {
    problems: Problems,
    /// By what makes a problem the same one after the lines around it moved.
    since: BTreeMap<String, Instant>,
}

/// How many problems there are of each weight.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) errors: usize,
    pub(super) warnings: usize,
}

impl CurrentProblems {
    /// Takes what is wrong now. Says whether anything of it is new or gone.
    pub(super) fn renew(&mut self, problems: Problems) -> bool {
        if problems == self.problems {
            return false;
        }
        let now = Instant::now();
        let before = std::mem::take(&mut self.since);
        self.since = problems
            .list
            .iter()
            .map(|problem| {
                let key = problem.key();
                let since = before.get(&key).copied().unwrap_or(now);
                (key, since)
            })
            .collect();
        self.problems = problems;
        true
    }

    /// All of them, in the order in which they are listed.
    pub(super) fn all(&self) -> &[Problem] {
        &self.problems.list
    }

    /// Those that concern a page.
    pub(super) fn of<'a>(&'a self, address: &str) -> impl Iterator<Item = &'a Problem> {
        self.problems.list.iter().filter(move |problem| problem.concerns(address))
    }

    /// What the page at an address has to know, as JSON. `edit` gives the place of a problem in the writer's
    /// editor.
    pub(super) fn json(&self, address: &str, edit: impl Fn(&Diagnostic) -> Option<String>) -> Value {
        let here: Vec<&Problem> = self.of(address).collect();
        let shown: Vec<Value> = here
            .iter()
            .take(SHOWN_ON_A_PAGE)
            .map(|problem| {
                let Diagnostic { file, line, column, severity, rule, message, help, fix, .. } =
                    &problem.diagnostic;
                let key = problem.key();
                let stands = self.since.get(&key).map_or(0, |since| since.elapsed().as_millis());
                json!({
                    "key": key,
                    "severity": severity,
                    "rule": rule,
                    "file": file,
                    "line": line,
                    "column": column,
                    "message": visible(message),
                    "help": visible(help),
                    "fix": fix.as_deref().map(visible),
                    "excerpt": visible(&problem.excerpt),
                    "stops": problem.stops,
                    "holds": rule.fate() == Fate::Held,
                    "stands_ms": u64::try_from(stands).unwrap_or(u64::MAX),
                    "edit": edit(&problem.diagnostic),
                })
            })
            .collect();
        json!({
            "page": Counts::of(here).json(),
            "site": Counts::of(&self.problems.list).json(),
            "problems": shown,
        })
    }
}

impl Problem {
    /// Whether a page is one of those that it concerns.
    pub(super) fn concerns(&self, address: &str) -> bool {
        match &self.pages {
            Pages::Every => true,
            Pages::These(addresses) => addresses.iter().any(|concerned| concerned == address),
        }
    }

    /// What makes it the same problem although it stands on another line now.
    fn key(&self) -> String {
        let Diagnostic { file, rule, message, .. } = &self.diagnostic;
        let hash = blake3::hash(format!("{file}\n{rule}\n{message}").as_bytes());
        hash.to_hex()[..16].to_owned()
    }
}

impl Counts {
    pub(super) fn of<'a>(problems: impl IntoIterator<Item = &'a Problem>) -> Counts {
        let mut counts = Counts::default();
        for problem in problems {
            match problem.diagnostic.severity {
                Severity::Error => counts.errors += 1,
                Severity::Warning => counts.warnings += 1,
            }
        }
        counts
    }

    /// In words, as in `2 errors and 1 warning`.
    pub(super) fn said(self) -> String {
        let count = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
        match (self.errors, self.warnings) {
            (0, 0) => "No problems".to_owned(),
            (errors, 0) => count(errors, "error"),
            (0, warnings) => count(warnings, "warning"),
            (errors, warnings) => format!("{} and {}", count(errors, "error"), count(warnings, "warning")),
        }
    }

    fn json(self) -> Value {
        json!({ "errors": self.errors, "warnings": self.warnings })
    }
}

/// A text without the characters that would turn what stands beside them round.
pub(super) fn visible(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\t' => c,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                '\u{fffd}'
            }
            c if c.is_control() => '\u{fffd}',
            c => c,
        })
        .collect()
}
