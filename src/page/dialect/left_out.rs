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
                "Hugo shortcode",
                "left out",
                "Write what it stands for as markdown: a link, an image or a code block. What stands between its \
                 opening and its closing is shown.",
            ),
            (
                &self.tags,
                "template tag",
                "shown as typed, because nothing in content is a template",
                "Write what it stands for as markdown. If it is meant as text, put it between backticks.",
            ),
            (
                &self.containers,
                "container",
                "left out",
                "What stands in it is shown. For a note write an alert: `> [!NOTE]`, and `> ` before each line of its \
                 text.",
            ),
        ];
        let told = all.into_iter().filter_map(|(used, what, how, help)| {
            let first = used.first.clone()?;
            let total = used.names.values().sum();
            let names: Vec<String> = used.names.keys().take(NAMES).map(|it| format!("`{it}`")).collect();
            let more = if used.names.len() > NAMES { ", …" } else { "" };
            let is = if total == 1 { "is" } else { "are" };
            let message = format!("{} {is} {how}: {}{more}.", count(total, what), names.join(", "));
            Some(Diagnostic::new(Rule::Markdown, file, span(first), message).help(help))
        });
        told.collect()
    }
}

impl Used {
    fn note(&mut self, name: &str, place: Range<usize>) {
        self.first.get_or_insert(place);
        let name: String = name.chars().take(60).collect();
        *self.names.entry(name).or_default() += 1;
    }
}
