//! What has no equal, by name: told once a file, with how often it was used.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Rule, Span, count};

/// At most this many names are told.
const NAMES: usize = 8;

/// What of a file has no equal.
#[derive(Default)]
pub(crate) struct LeftOut {
    shortcodes: Used,
    tags: Used,
    containers: Used,
}

/// Names, how often each was used, and where the first was.
#[derive(Default)]
struct Used {
    first: Option<Range<usize>>,
    names: BTreeMap<String, usize>,
}

impl LeftOut {
    pub(super) fn shortcode(&mut self, name: &str, place: Range<usize>) {
        self.shortcodes.note(name, place);
    }

    pub(super) fn tag(&mut self, name: &str, place: Range<usize>) {
        self.tags.note(name, place);
    }

    pub(super) fn container(&mut self, name: &str, place: Range<usize>) {
        self.containers.note(name, place);
    }

    /// What is told of it; `span` turns a range of the text into one of the file.
    pub(crate) fn diagnostics(
        &self,
        file: &Arc<str>,
        span: impl Fn(Range<usize>) -> Span,
    ) -> Vec<Diagnostic> {
        let all = [
            (
                &self.shortcodes,
                (
                    "is a shortcode without an equal here, so it is left out",
                    "are shortcodes without an equal here, so they are left out",
                ),
                "Write what it stands for as markdown: a link, an image or a code block. What stands between its \
                 opening and its closing is shown.",
            ),
            (
                &self.tags,
                (
                    "is a template tag, and nothing in content is a template, so it is shown as typed",
                    "are template tags, and nothing in content is a template, so they are shown as typed",
                ),
                "Write what it stands for as markdown. If it is meant as text, put it between backticks.",
            ),
            (
                &self.containers,
                (
                    "is a container without an equal here, so only what stands in it is shown",
                    "are containers without an equal here, so only what stands in them is shown",
                ),
                "For a note write an alert: `> [!NOTE]`, and `> ` before each line of its text.",
            ),
        ];
        let told = all.into_iter().filter_map(|(used, (is, are), help)| {
            let first = used.first.clone()?;
            let total: usize = used.names.values().sum();
            let names: Vec<String> = used.names.keys().take(NAMES).map(|it| format!("`{it}`")).collect();
            let more = if used.names.len() > NAMES { ", …" } else { "" };
            let is = if used.names.len() == 1 { is } else { are };
            let often =
                if total > 1 { format!(" ({} in this file)", count(total, "time")) } else { String::new() };
            let message = format!("{}{more} {is}{often}.", listed(&names));
            Some(Diagnostic::new(Rule::Markdown, file, span(first), message).help(help))
        });
        told.collect()
    }
}

fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

impl Used {
    fn note(&mut self, name: &str, place: Range<usize>) {
        self.first.get_or_insert(place);
        let name: String = name.chars().take(60).collect();
        *self.names.entry(name).or_default() += 1;
    }
}
