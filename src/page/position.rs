//! From byte offsets to the lines and columns that people count.
//!
//! The table is built once for a file and only for files that need a place. A question costs a
//! binary search and at most a few hundred bytes, whatever the length of the line: a line of a
//! megabyte with ten thousand links must not become quadratic.

use std::ops::Range;

use crate::diagnostic::Span;

/// How many bytes lie between two remembered character counts.
const STEP: usize = 256;

/// The line starts of one text, and character counts where bytes are not characters.
#[derive(Debug)]
pub struct Positions<'a> {
    text: &'a str,
    lines: Vec<u32>,
    /// The number of characters before each multiple of `STEP`; empty where every byte is one.
    characters: Vec<u32>,
}

impl<'a> Positions<'a> {
    /// Reads the text once.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        let mut lines = Vec::with_capacity(text.len() / 32 + 1);
        lines.push(0);
        lines.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| narrow(at + 1)));
        let mut characters = Vec::new();
        if !text.is_ascii() {
            let mut before = 0;
            for chunk in text.as_bytes().chunks(STEP) {
                characters.push(before);
                before += count(chunk);
            }
            characters.push(before);
        }
        Positions { text, lines, characters }
    }

    /// Line and column, from 1, of the character at this byte. Offsets after the end mean the end.
    #[must_use]
    pub fn line_column(&self, offset: usize) -> (u32, u32) {
        let offset = offset.min(self.text.len());
        let line = self.lines.partition_point(|start| *start as usize <= offset) - 1;
        let start = self.lines[line] as usize;
        (narrow(line + 1), self.characters_before(offset) - self.characters_before(start) + 1)
    }

    /// The place of a byte range.
    #[must_use]
    pub fn span(&self, range: Range<usize>) -> Span {
        let (line, column) = self.line_column(range.start);
        let (end_line, end_column) = self.line_column(range.end.max(range.start));
        Span { line, column, end_line, end_column }
    }

    fn characters_before(&self, offset: usize) -> u32 {
        match self.characters.get(offset / STEP) {
            Some(before) => before + count(&self.text.as_bytes()[offset / STEP * STEP..offset]),
            None => narrow(offset),
        }
    }
}

/// Characters are counted by the bytes that begin one.
fn count(bytes: &[u8]) -> u32 {
    narrow(bytes.iter().filter(|byte| (**byte as i8) >= -0x40).count())
}

/// Files are at most a megabyte, so an offset always fits.
fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_characters_whatever_their_bytes() {
        let positions = Positions::new("one\nzwölf → x\n");
        assert_eq!(positions.line_column(0), (1, 1));
        assert_eq!(positions.line_column(4), (2, 1));
        assert_eq!(positions.line_column("one\nzwölf → ".len()), (2, 9));
        assert_eq!(positions.span(4..10), Span { line: 2, column: 1, end_line: 2, end_column: 6 });
        assert_eq!(positions.line_column(9999), (3, 1));
    }

    #[test]
    fn a_long_line_is_counted_in_steps() {
        let text = "ä→x".repeat(1000);
        let positions = Positions::new(&text);
        for (index, (offset, _)) in text.char_indices().enumerate() {
            assert_eq!(positions.line_column(offset), (1, narrow(index) + 1));
        }
    }
}
