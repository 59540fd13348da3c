//! Line by line: what is open goes on or ends, code and comments stay as they are, and what begins a line is looked at.

use std::ops::Range;

use super::frame::{End, Holds};
use super::{Reader, Title, indented, line};
use crate::page::rewritten::opening_fence;

/// A line without what stands before it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'t> {
    /// Where its text begins.
    pub(super) start: usize,
    /// Where it ends, before the line end.
    pub(super) end: usize,
    /// At which column its text begins.
    pub(super) columns: usize,
    /// Its text, without white space at the end.
    pub(super) text: &'t str,
}

impl<'t> Reader<'t> {
    pub(super) fn all(&mut self) {
        while self.at < self.text.len() {
            self.next_line();
        }
        self.at = self.text.len();
        self.close_to(0);
        self.write_notes();
    }

    /// Where the line ends in which this place is. It is asked for many times in a line, which may be all of the file.
    pub(super) fn line_end(&self, at: usize) -> usize {
        let (start, end) = self.known_line.get();
        if (start..=end).contains(&at) {
            return end;
        }
        let end =
            memchr::memchr(b'\n', &self.text.as_bytes()[at..]).map_or(self.text.len(), |length| at + length);
        self.known_line.set((at, end));
        end
    }

    /// The line that begins here.
    pub(super) fn line_at(&self, at: usize) -> Line<'t> {
        let end = self.line_end(at);
        let whole = &self.text[at..end];
        let start = at + whole.len() - whole.trim_start_matches([' ', '\t']).len();
        let columns = self.text[at..start].bytes().fold(0usize, |columns, byte| match byte {
            b'\t' => columns / 4 * 4 + 4,
            _ => columns + 1,
        });
        Line { start, end, columns, text: self.text[start..end].trim_end() }
    }

    fn next_line(&mut self) {
        self.line = self.at;
        let line = self.line_at(self.at);
        if self.at < self.verbatim_until {
            return self.copied_line(line);
        }
        if line.text.is_empty() {
            while self.frames.last().is_some_and(|frame| frame.end == End::Paragraph) {
                self.close();
            }
            self.blank_line(line);
            self.follows_blank = true;
            return;
        }
        self.end_by_column(line);
        let relative = line.columns.saturating_sub(self.strip());
        while self.lists.last().is_some_and(|column| *column > relative) {
            self.lists.pop();
        }
        let base = self.lists.last().copied().unwrap_or(0);
        let is_code = (self.follows_blank || self.in_code) && relative >= base + 4;
        self.in_code = is_code;
        let follows_blank = std::mem::take(&mut self.follows_blank);
        if is_code {
            return self.copied_line(line);
        }
        if self.fence(line) || self.begins_verbatim(line) {
            return;
        }
        if self.begins_block(line, relative, follows_blank) {
            return;
        }
        self.note_list(line, relative);
        self.at = line.start;
        self.inline(line.end);
        self.end_line();
    }

    /// Ends what the column of a line ends.
    fn end_by_column(&mut self, line: Line<'_>) {
        let ends = |end: End<'_>| match end {
            End::Indent(column) => line.columns < column,
            End::Meaning(column) => {
                line.columns < column && (self.follows_blank || indented::is_meaning(line.text))
            }
            _ => false,
        };
        if let Some(depth) = self.frames.iter().position(|frame| ends(frame.end)) {
            self.close_to(depth);
        }
        while let Some(End::Group(column)) = self.frames.last().map(|frame| frame.end) {
            let goes_on = line.columns >= column
                && line.columns < column + 4
                && match self.holds() {
                    Holds::Definitions => indented::is_meaning(line.text) || self.is_term(line),
                    _ => indented::tab(line.text).is_some(),
                };
            if goes_on {
                break;
            }
            self.close();
        }
    }

    /// Copies a line as it is, under the prefix.
    fn copied_line(&mut self, line: Line<'_>) {
        if line.text.is_empty() {
            return self.blank_line(line);
        }
        self.at = line.start;
        self.write_to(line.end);
        self.end_line();
    }

    pub(super) fn blank_line(&mut self, line: Line<'_>) {
        let prefix = self.prefix.trim_end().to_string();
        self.out.put(&prefix, self.at..self.at);
        let next = (line.end + 1).min(self.text.len());
        self.out.copy(self.text, line.end..next);
        self.at = next;
        self.after_blank = true;
    }

    /// Ends the line that is being read.
    pub(super) fn end_line(&mut self) {
        let end = self.line_end(self.at);
        let next = (end + 1).min(self.text.len());
        if self.is_begun {
            self.out.copy(self.text, end..next);
            // What is open yet ends in a line of its own.
            if end == next && !self.frames.is_empty() {
                self.out.put("\n", end..end);
            }
            self.is_begun = false;
            self.after_blank = false;
        }
        self.at = next;
    }

    /// Passes by the rest of the line.
    pub(super) fn skip_line(&mut self, line: Line<'_>) {
        self.at = (line.end + 1).min(self.text.len());
    }

    /// Writes what stands before the text of a line, if nothing of it was written yet.
    pub(super) fn begin_line(&mut self) {
        if self.is_begun {
            return;
        }
        self.is_begun = true;
        let line = self.line_at(self.line);
        let at = line.start.min(self.at);
        let prefix = std::mem::take(&mut self.prefix);
        self.out.put(&prefix, at..at);
        self.prefix = prefix;
        if self.strip() == 0 && self.line <= line.start {
            self.out.copy(self.text, self.line..line.start);
        } else {
            let indent = line.columns.saturating_sub(self.strip());
            self.out.put(&" ".repeat(indent), at..at);
        }
    }

    /// Writes the text from here to an offset of the same line.
    pub(super) fn write_to(&mut self, end: usize) {
        if self.at < end {
            self.begin_line();
            self.out.copy(self.text, self.at..end);
            self.at = end;
        }
    }

    /// Writes something in place of a part of the line.
    pub(super) fn put(&mut self, text: &str, place: Range<usize>) {
        if !text.is_empty() {
            self.begin_line();
            self.out.put(text, place);
        }
    }

    /// Remembers where the text of a list item begins.
    pub(super) fn note_list(&mut self, line: Line<'_>, relative: usize) {
        let mut column = relative;
        let mut rest = line.text;
        while let Some(width) = line::item(rest) {
            column += width;
            self.lists.push(column);
            rest = &rest[width.min(rest.len())..];
            if self.lists.len() > 32 {
                break;
            }
        }
    }

    /// Copies a block of code, if one begins in this line; in a group of them it is a tab.
    fn fence(&mut self, line: Line<'t>) -> bool {
        let Some((sign, length, info)) = opening_fence(line.text) else { return false };
        let is_tab = self.holds() == Holds::CodeGroup;
        if is_tab {
            let place = line.start..line.end;
            let title = Title::Said(label(info).into(), place.clone());
            let columns = line.columns.saturating_sub(self.strip());
            self.open_quote("=tab", title, place, columns, (End::Part, Holds::Blocks, line.columns));
        }
        self.note_list(line, line.columns.saturating_sub(self.strip()));
        let mut is_first = true;
        let frames = self.frames.len();
        while self.at < self.text.len() {
            let inner = self.line_at(self.at);
            self.line = self.at;
            if !inner.text.is_empty() && !is_first {
                // Code that was never closed ends with what holds it.
                self.end_by_column(inner);
                if self.frames.len() < frames {
                    return true;
                }
            }
            let written = inner.text.trim_matches([' ', '\t', '>']);
            let closes = !is_first && written.len() >= length && written.chars().all(|it| it == sign);
            let bracket = inner.text.find('[').filter(|_| is_first && is_tab);
            if let Some(bracket) = bracket {
                // The tab says it already.
                self.at = inner.start;
                self.write_to(inner.start + inner.text[..bracket].trim_end().len());
                self.at = inner.end;
                self.end_line();
            } else if is_first && let Some(title) = self.code_title.take() {
                self.at = inner.start;
                self.write_to(inner.start + inner.text.len());
                self.put(&format!(" title=\"{}\"", title.replace(['"', '`'], "")), inner.end..inner.end);
                self.at = inner.end;
                self.end_line();
            } else {
                self.copied_line(inner);
            }
            is_first = false;
            if closes {
                break;
            }
        }
        if is_tab {
            self.close();
        }
        true
    }

    /// Whether a comment, a formula or something preformatted begins a line; it is copied up to its end.
    fn begins_verbatim(&mut self, line: Line<'_>) -> bool {
        let end = if line.text.starts_with("<!--") {
            "-->"
        } else if line.text.starts_with("<pre") {
            "</pre>"
        } else if line.text.starts_with("<script") {
            "</script>"
        } else if line.text.starts_with("<style") {
            "</style>"
        } else if line.text.starts_with("$$") {
            "$$"
        } else {
            return false;
        };
        let from = line.start + 2;
        let Some(length) = self.ahead(from, end.as_bytes()) else { return false };
        self.verbatim_until = from + length + end.len();
        self.copied_line(line);
        true
    }

    /// How far away the next such sign is. A look that finds none costs as much as it looked at.
    pub(super) fn ahead(&mut self, from: usize, sign: &[u8]) -> Option<usize> {
        let rest = &self.text.as_bytes()[from..];
        let within = &rest[..rest.len().min(self.steps)];
        let found = memchr::memmem::find(within, sign);
        self.steps -= found.unwrap_or(within.len());
        found
    }

    // One construct after the other, each of which knows its own first sign.
    fn begins_block(&mut self, line: Line<'t>, relative: usize, follows_blank: bool) -> bool {
        let is_block = match line.text.as_bytes()[0] {
            b':' => self.container(line, relative) || self.meaning(line),
            b'!' | b'?' => self.admonition(line, relative),
            b'=' => self.tab(line, relative) || self.next_part(line),
            b'@' => self.next_part(line),
            b'{' => self.toc(line) || self.attributes(line, relative, follows_blank),
            b'[' | b'$' | b'^' => self.toc(line) || self.block_id(line),
            b'*' => self.abbreviation(line) || self.toc_of_list(line),
            b'-' | b'0'..=b'9' => self.toc_of_list(line),
            _ => (follows_blank || self.holds() == Holds::Definitions) && self.term(line, relative),
        };
        is_block || self.callout(line) || (follows_blank && self.alert_by_attributes(line, relative))
    }
}

/// What a block of code in a group is called: `[npm]`, a title, or its language.
fn label(info: &str) -> String {
    let between = |open: &str, close: char| {
        let rest = &info[info.find(open)? + open.len()..];
        rest.find(close).map(|end| rest[..end].trim().to_string())
    };
    between("[", ']')
        .or_else(|| between("title=\"", '"'))
        .or_else(|| info.split_whitespace().next().map(str::to_string))
        .filter(|label| !label.is_empty())
        .unwrap_or_else(|| "Code".to_string())
}
