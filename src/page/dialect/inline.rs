//! Within a line: code stays, tags become what they are in markdown, comments and names of blocks go.

use super::line::{self, is_block_id};
use super::{Reader, tag};

/// No footnote that stands in its sentence is longer, in bytes.
const NOTE: usize = 2000;

/// At most so many footnotes of a file stand in their sentences.
const NOTES: usize = 1000;

/// The size of a picture stands at most so far behind the beginning of it, in bytes.
const ADDRESS: usize = 500;

/// A block of code in a sentence ends within so many bytes, or is none.
const CODE: usize = 4000;

impl<'t> Reader<'t> {
    /// Writes the text from here to the end of its line; a tag may take it to a later line.
    pub(super) fn inline(&mut self, _end: usize) {
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'\n' => break,
                b'\\' => {
                    at += 1 + usize::from(bytes.get(at + 1).is_some_and(u8::is_ascii_punctuation));
                    continue;
                }
                b'`' => {
                    at = self.code_span(at);
                    continue;
                }
                b'<' if bytes[at..].starts_with(b"<!--") => {
                    if let Some(length) = self.ahead(at + 4, b"-->") {
                        self.verbatim_until = at + 4 + length + 3;
                        at = self.verbatim_until.min(self.line_end(at));
                        continue;
                    }
                }
                b'{' if at >= self.raw_until => {
                    if let Some(end) = self.braces(at) {
                        at = end;
                        continue;
                    }
                }
                b'%' if bytes.get(at + 1) == Some(&b'%') => {
                    if let Some(end) = self.comment(at) {
                        self.write_to(at);
                        self.at = end;
                        at = end;
                        continue;
                    }
                    at += 1;
                }
                b'^' => {
                    if let Some(end) = self.caret(at) {
                        at = end;
                        continue;
                    }
                }
                b'=' if at > 0 && bytes[at - 1] == b' ' => {
                    if let Some(end) = self.picture_size(at) {
                        at = end;
                        continue;
                    }
                }
                _ => {}
            }
            at += 1;
        }
        self.write_to(at.min(bytes.len()));
        self.at = self.at.max(at.min(bytes.len()));
    }

    /// Passes by code in a sentence. It ends within its paragraph, or is none.
    fn code_span(&mut self, start: usize) -> usize {
        let bytes = self.text.as_bytes();
        let run = |at: usize| bytes[at..].iter().take_while(|it| **it == b'`').count();
        let length = run(start);
        let limit = bytes.len().min(start + CODE);
        let mut at = start + length;
        while at < limit {
            let Some(step) = memchr::memchr(b'`', &bytes[at..limit]) else { break };
            self.steps = self.steps.saturating_sub(step);
            if self.steps == 0 || memchr::memmem::find(&bytes[at..at + step], b"\n\n").is_some() {
                break;
            }
            at += step;
            let other = run(at);
            at += other;
            if other == length {
                if at > self.line_end(start) {
                    self.verbatim_until = at;
                    return self.line_end(start);
                }
                return at;
            }
        }
        start + length
    }

    /// A tag, or an address of Liquid in a link.
    fn braces(&mut self, at: usize) -> Option<usize> {
        if let Some(found) = tag::tag(self.text, at) {
            let end = found.range.end;
            let before = self.at;
            self.write_to(at);
            if self.tag(&found) {
                self.at = self.at.max(end);
                return Some(self.at);
            }
            debug_assert!(self.at >= before);
            return Some(end);
        }
        let rest = &self.text[at..];
        let before = &self.text[..at];
        if !rest.starts_with("{{")
            || !(before.ends_with("](") || before.ends_with("](<") || before.ends_with("=\""))
        {
            return None;
        }
        let length = rest.as_bytes()[..rest.len().min(300)].windows(2).position(|it| it == b"}}")? + 2;
        let inner = rest[2..length - 2].trim();
        let address = if matches!(inner, "site.baseurl" | "site.url" | "page.baseurl") {
            ""
        } else {
            let (value, filter) = inner.split_once('|')?;
            let is_url =
                matches!(filter.trim(), "relative_url" | "absolute_url" | "url" | "prepend: site.baseurl");
            let value = value.trim();
            let quote = value.chars().next().filter(|it| is_url && matches!(it, '"' | '\''))?;
            value.strip_prefix(quote)?.strip_suffix(quote)?
        };
        self.write_to(at);
        self.put(&address.replace(['(', ')', '<', '>', ' ', '\n'], ""), at..at + length);
        self.at = at + length;
        Some(at + length)
    }

    /// Where a comment of Obsidian ends that begins here.
    fn comment(&mut self, at: usize) -> Option<usize> {
        let is_word = |it: char| it.is_alphanumeric() || it == '%';
        if self.text[..at].ends_with(is_word) {
            return None;
        }
        let line_end = self.line_end(at);
        let begins = self.text[self.line..at].trim().is_empty();
        let inner = &self.text[at + 2..line_end];
        if let Some(length) = inner.find("%%") {
            let behind = &inner[length + 2..];
            return (length > 0 && !behind.starts_with(is_word)).then_some(at + 2 + length + 2);
        }
        if !begins {
            return None;
        }
        let length = self.ahead(at + 2, b"%%")?;
        let end = at + 2 + length + 2;
        self.text[end..].chars().next().is_none_or(char::is_whitespace).then_some(end)
    }

    /// A footnote in its sentence, or the name of a block at the end of its line.
    fn caret(&mut self, at: usize) -> Option<usize> {
        let rest = &self.text[at..];
        if rest.starts_with("^[") {
            let bytes = rest.as_bytes();
            let mut depth = 0usize;
            let mut close = None;
            for (offset, byte) in bytes.iter().enumerate().take(NOTE.min(self.steps)).skip(1) {
                match byte {
                    b'[' => depth += 1,
                    b']' => {
                        depth -= 1;
                        if depth == 0 {
                            close = Some(offset);
                            break;
                        }
                    }
                    b'\n' if bytes.get(offset + 1) == Some(&b'\n') => break,
                    _ => {}
                }
            }
            self.steps = self.steps.saturating_sub(close.unwrap_or(bytes.len().min(NOTE)));
            let close = close.filter(|_| self.notes.len() < NOTES)?;
            let inner = &rest[2..close];
            let is_text = inner.trim().contains(' ') && inner.contains(char::is_alphabetic);
            if !is_text || self.text[..at].ends_with(['[', '\\', '$']) {
                return None;
            }
            self.write_to(at);
            self.notes.push(at + 2..at + close);
            self.put(&format!("[^:{}]", self.notes.len()), at..at + close + 1);
            self.at = at + close + 1;
            return Some(self.at);
        }
        let end = self.line_end(at);
        let name = self.text[at + 1..end].trim_end();
        let begins = self.text[self.line..at].trim().is_empty();
        if begins || !self.text[..at].ends_with(' ') || name.len() < 3 || !is_block_id(name) {
            return None;
        }
        let next = if end < self.text.len() { self.line_at(end + 1).text } else { "" };
        if !next.is_empty() && line::item(next).is_none() {
            return None;
        }
        let text = self.text[..at].trim_end().len();
        self.write_to(text.max(self.at));
        self.at = end;
        Some(end)
    }

    /// `=300x200` behind the address of a picture.
    fn picture_size(&mut self, at: usize) -> Option<usize> {
        let rest = &self.text.as_bytes()[at + 1..];
        let digits =
            |from: usize| rest.iter().skip(from).take(6).take_while(|it| it.is_ascii_digit()).count();
        let width = digits(0);
        if rest.get(width) != Some(&b'x') {
            return None;
        }
        let height = digits(width + 1);
        let close = width + 1 + height;
        if width + height == 0 || rest.get(close) != Some(&b')') {
            return None;
        }
        let before = &self.text.as_bytes()[self.line.max(at.saturating_sub(ADDRESS))..at];
        let open = memchr::memmem::rfind(before, b"![")?;
        memchr::memmem::find(&before[open..], b"](")?;
        let size = |name: &str, value: &[u8]| match std::str::from_utf8(value) {
            Ok(value) if !value.is_empty() => format!(" {name}={value}"),
            _ => String::new(),
        };
        let (wide, high) = (size("width", &rest[..width]), size("height", &rest[width + 1..close]));
        self.write_to(at);
        let end = at + 1 + close + 1;
        self.put(&format!("){{{}{high}}}", wide), at..end);
        self.at = end;
        Some(end)
    }

    /// Writes the footnotes that stood in their sentences below all else.
    pub(super) fn write_notes(&mut self) {
        let notes = std::mem::take(&mut self.notes);
        if !notes.is_empty() && !self.out.text.ends_with('\n') {
            self.out.put("\n", self.at..self.at);
        }
        for (index, note) in notes.into_iter().enumerate() {
            self.out.put(&format!("\n[^:{}]: ", index + 1), note.start..note.start);
            let mut from = note.start;
            // In a quotation the next line begins with its sign.
            for line in self.text[note.clone()].split_inclusive('\n') {
                let end = from + line.len();
                let start = end - line.trim_start_matches(['>', ' ', '\t']).len();
                self.out.copy(self.text, start..end);
                from = end;
            }
            self.out.put("\n", note.end..note.end);
        }
    }
}
