//! The lines of a text around a problem.

use std::borrow::Cow;

use super::{CHARS_BEFORE, CORRECTED_LINES, LINE_CHARS, in_one_row, visible};
use crate::diagnostic::Diagnostic;

/// A text whose places are looked up in rising order, so that a long line is walked once.
pub(super) struct Lines<'a> {
    text: &'a str,
    /// The line the cursor is on, from 1, and where that begins, in bytes.
    line: u32,
    start: usize,
    /// The column of the cursor, from 1, and where that is, in bytes.
    column: u32,
    at: usize,
}

/// A piece of a line, safe to show, with the place marked.
pub(super) struct Excerpt {
    pub(super) text: String,
    /// The place in it, in bytes.
    pub(super) from: usize,
    pub(super) to: usize,
    /// The same piece as it should be, if the problem says so.
    pub(super) corrected: Option<String>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str) -> Lines<'a> {
        let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Lines { text, line: 1, start, column: 1, at: start }
    }

    /// The piece of a line around a place, or nothing if there is no such line.
    pub(super) fn excerpt(&mut self, diagnostic: &Diagnostic) -> Option<Excerpt> {
        self.go_to(diagnostic.line, diagnostic.column)?;
        let line = self.rest_of_line(self.start);
        let place = self.at - self.start;
        let before = &line[..place];
        let cut = before.char_indices().rev().nth(CHARS_BEFORE - 1).map_or(0, |(at, _)| at);
        // A line that fits is shown from its beginning.
        let fits = line.chars().take(LINE_CHARS + 1).count() <= LINE_CHARS;
        let cut = if fits { 0 } else { cut };
        let shown = first_chars(&line[cut..], LINE_CHARS);
        let columns = if diagnostic.end_line == diagnostic.line {
            diagnostic.end_column.saturating_sub(diagnostic.column) as usize
        } else {
            usize::MAX
        };
        let marked = first_chars(&line[place..], columns.min(LINE_CHARS));
        let (head, tail) =
            (if cut > 0 { "…" } else { "" }, if cut + shown.len() < line.len() { "…" } else { "" });
        let show = |piece: &str| shown_source(piece).into_owned();
        let from = head.len() + show(&line[cut..place]).len();
        let text = format!("{head}{}{tail}", show(shown));
        let to = (from + show(marked).len()).min(text.len() - tail.len());
        let corrected = diagnostic.replacement().map(|fix| {
            let rest = self.after(diagnostic, place);
            let corrected = format!("{}{fix}{rest}", &line[cut..place]);
            let mut rows: Vec<String> = corrected
                .lines()
                .take(CORRECTED_LINES + 1)
                .map(|row| {
                    let short = first_chars(row, LINE_CHARS + CHARS_BEFORE);
                    format!("{}{}", in_one_row(short), if short.len() < row.len() { "…" } else { "" })
                })
                .collect();
            if rows.len() > CORRECTED_LINES {
                rows[CORRECTED_LINES] = "…".to_owned();
            }
            format!("{head}{}", rows.join("\n"))
        });
        Some(Excerpt { text, from, to, corrected })
    }

    /// A whole line.
    pub(super) fn whole(&mut self, line: u32) -> Option<&'a str> {
        self.go_to(line, 1)?;
        Some(self.rest_of_line(self.start))
    }

    pub(super) fn go_to(&mut self, line: u32, column: u32) -> Option<()> {
        if line < self.line || (line == self.line && column < self.column) {
            *self = Lines::new(self.text);
        }
        while self.line < line {
            let end = self.text[self.start..].find('\n')?;
            self.start += end + 1;
            self.line += 1;
            (self.column, self.at) = (1, self.start);
        }
        let steps = column.saturating_sub(self.column) as usize;
        let rest = self.rest_of_line(self.at);
        let passed = first_chars(rest, steps);
        // A column after the end is the end.
        self.column += u32::try_from(passed.chars().count()).unwrap_or(0);
        self.at += passed.len();
        Some(())
    }

    pub(super) fn rest_of_line(&self, from: usize) -> &'a str {
        let rest = &self.text[from..];
        let rest = &rest[..rest.find('\n').unwrap_or(rest.len())];
        rest.strip_suffix('\r').unwrap_or(rest)
    }

    /// What stands after the end of the problem, to the end of that line.
    pub(super) fn after(&self, diagnostic: &Diagnostic, place: usize) -> &'a str {
        let start = self.start + place;
        if diagnostic.end_line == diagnostic.line {
            let columns = diagnostic.end_column.saturating_sub(diagnostic.column) as usize;
            let rest = self.rest_of_line(start);
            return &rest[first_chars(rest, columns).len()..];
        }
        let mut at = self.start;
        for _ in diagnostic.line..diagnostic.end_line {
            match self.text[at..].find('\n') {
                Some(end) => at += end + 1,
                None => return "",
            }
        }
        let rest = self.rest_of_line(at);
        &rest[first_chars(rest, diagnostic.end_column.saturating_sub(1) as usize).len()..]
    }
}

/// Like [`visible`], but with tabs, which the renderer widens.
pub(super) fn shown_source(text: &str) -> Cow<'_, str> {
    if !text.contains('\t') {
        return visible(text);
    }
    Cow::Owned(text.split('\t').map(visible).collect::<Vec<_>>().join("\t"))
}

pub(super) fn first_chars(text: &str, chars: usize) -> &str {
    text.char_indices().nth(chars).map_or(text, |(end, _)| &text[..end])
}
