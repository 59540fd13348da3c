//! What MkDocs writes with indented lines below it: notes (`!!!`, `???`), tabs (`===`), and definitions.

use std::ops::Range;

use super::block::Line;
use super::container::trimmed;
use super::frame::{End, Holds};
use super::{Reader, Title, line};
use crate::page::markdown::Alert;

/// At most this many lines may be the terms of one definition.
const TERMS: usize = 4;

impl<'t> Reader<'t> {
    /// `!!! note "Title"`, `??? note` folded and `???+ note` open.
    pub(super) fn admonition(&mut self, line: Line<'t>, relative: usize) -> bool {
        let (fold, rest) = match line.text.split_at_checked(3) {
            Some(("!!!", rest)) => ("]", rest),
            Some(("???", rest)) => match rest.strip_prefix('+') {
                Some(rest) => ("]+", rest),
                None => ("]-", rest),
            },
            _ => return false,
        };
        if !rest.starts_with([' ', '\t']) {
            return false;
        }
        let words = rest.trim_start();
        let at = line.start + line.text.len() - words.len();
        let quote = words.find(['"', '\'']);
        let names = words[..quote.unwrap_or(words.len())].trim_end();
        let is_name =
            |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || matches!(it, '-' | '_' | ' ');
        let Some(name) = names.split(' ').next().filter(|it| !it.is_empty() && names.chars().all(is_name))
        else {
            return false;
        };
        let title = match quote {
            None => Title::None,
            Some(from) => {
                let sign = &words[from..=from];
                let Some(length) = words[from + 1..].rfind(sign) else { return false };
                match trimmed(self.text, at + from + 1..at + from + 1 + length) {
                    Some(title) => Title::Written(title),
                    None => Title::Untitled,
                }
            }
        };
        let column = line.columns + 4;
        // A sentence may begin so. What has neither a title nor indented lines below it has a known name at least.
        let is_known = Alert::of(name).is_some()
            || quote.is_some()
            || self.next_column(line).is_some_and(|it| it >= column);
        if !is_known {
            return false;
        }
        let mark = format!("{name}{fold}");
        let place = line.start..line.start + line.text.len();
        self.open_quote(&mark, title, place, relative, (End::Indent(column), Holds::Blocks, column));
        self.skip_line(line);
        true
    }

    /// The column at which the next line begins that is not empty.
    fn next_column(&self, line: Line<'_>) -> Option<usize> {
        let mut at = line.end + 1;
        for _ in 0..3 {
            if at >= self.text.len() {
                return None;
            }
            let next = self.line_at(at);
            if !next.text.is_empty() {
                return Some(next.columns);
            }
            at = next.end + 1;
        }
        None
    }

    /// `=== "Label"`
    pub(super) fn tab(&mut self, line: Line<'t>, relative: usize) -> bool {
        let Some(label) = tab(line.text) else { return false };
        let column = line.columns;
        let place = line.start..line.start + line.text.len();
        let mut relative = relative;
        let is_open = self.frames.last().is_some_and(|it| it.end == End::Group(column));
        if !is_open {
            let inside = (End::Group(column), Holds::Tabs(""), column);
            self.open_quote("=tabs", Title::None, place.clone(), relative, inside);
        }
        if self.frames.last().is_some_and(|it| it.end == End::Group(column)) {
            relative = 0;
        }
        let label = line.start + label.start..line.start + label.end;
        let inside = (End::Indent(column + 4), Holds::Blocks, column + 4);
        self.open_quote("=tab", Title::Written(label), place, relative, inside);
        self.skip_line(line);
        true
    }

    /// A term, if what it means stands below it.
    pub(super) fn term(&mut self, line: Line<'t>, relative: usize) -> bool {
        if !self.is_term(line) {
            return false;
        }
        let column = line.columns;
        let place = line.start..line.start + line.text.len();
        let is_open = self.frames.last().is_some_and(|it| it.end == End::Group(column));
        let relative = if is_open { 0 } else { relative };
        if !is_open {
            let inside = (End::Group(column), Holds::Definitions, column);
            self.open_quote("=dl", Title::None, place.clone(), relative, inside);
        }
        self.open_quote("=dt", Title::Written(place.clone()), place, 0, (End::Part, Holds::Blocks, column));
        self.close();
        self.skip_line(line);
        true
    }

    /// Whether a line and some below it are terms, and what they mean follows.
    pub(super) fn is_term(&self, line: Line<'_>) -> bool {
        let mut at = line.end + 1;
        if !looks_like_term(line.text) {
            return false;
        }
        let mut may_be_term = true;
        for _ in 0..TERMS {
            if at >= self.text.len() {
                return false;
            }
            let next = self.line_at(at);
            if is_meaning(next.text) {
                return next.columns >= line.columns && next.columns < line.columns + 4;
            }
            // One empty line may stand between.
            may_be_term &= !next.text.is_empty();
            if !next.text.is_empty()
                && (!may_be_term || next.columns != line.columns || !looks_like_term(next.text))
            {
                return false;
            }
            at = next.end + 1;
        }
        false
    }

    /// `: what it means`, below a term.
    pub(super) fn meaning(&mut self, line: Line<'t>) -> bool {
        if !is_meaning(line.text) || self.holds() != Holds::Definitions {
            return false;
        }
        let text = line.text[1..].trim_start();
        let column = line.columns + (line.text.len() - text.len()).min(4);
        let place = line.start..line.start + 1;
        self.open_quote("=dd", Title::None, place, 0, (End::Meaning(column), Holds::Blocks, column));
        self.at = line.start + line.text.len() - text.len();
        self.line = self.at;
        self.begin_at(self.at);
        self.inline(line.end);
        self.end_line();
        true
    }

    /// Writes what stands before a text that begins within its line.
    fn begin_at(&mut self, at: usize) {
        self.is_begun = true;
        let prefix = self.prefix.clone();
        self.out.put(&prefix, at..at);
    }
}

/// Where the label of a tab stands in its line.
pub(super) fn tab(text: &str) -> Option<Range<usize>> {
    let rest = text.strip_prefix("===")?;
    let rest = rest.trim_start_matches(['!', '+']);
    let label = rest.strip_prefix([' ', '\t'])?.trim_start();
    let sign = label.chars().next().filter(|it| matches!(it, '"' | '\''))?;
    let inner = label[1..].strip_suffix(sign)?;
    let start = text.len() - label.len() + 1;
    (!inner.trim().is_empty()).then_some(start..start + inner.len())
}

pub(super) fn is_meaning(text: &str) -> bool {
    text.starts_with(": ") && text.len() > 2 || text.starts_with(":\t")
}

/// Whether a line can be the term of a definition: a few words, and no block of its own.
fn looks_like_term(text: &str) -> bool {
    text.len() < 100
        && !text.starts_with(['#', '-', '*', '>', '|', '<', '`', ':', '+', '=', '~', '{', '['])
        && !text.ends_with([':', '.', ',', ';', '|'])
        && line::item(text).is_none()
}
