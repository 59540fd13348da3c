//! Line by line: imports and exports, fences, indentation, and the signs before the lines of an alert.

use super::component::{self, Equal};
use super::tag::{Kind, Tag};
use super::{DEPTH, End, Frame, INDENTATION, Reader, module};
use crate::page::rewritten::opening_fence;

impl<'t> Reader<'t> {
    pub(super) fn all(&mut self) {
        let mut follows_blank = true;
        while self.at < self.text.len() {
            let is_free = self.frames.is_empty() && self.at >= self.verbatim_until;
            if is_free && follows_blank && self.module() {
                continue;
            }
            let line = self.line_end(self.at);
            follows_blank = self.text[self.at..line].trim().is_empty();
            if follows_blank && self.at >= self.verbatim_until {
                self.blank_line(line);
            } else if self.at >= self.verbatim_until && self.fence(line) {
                follows_blank = false;
            } else {
                self.begin_line();
                self.inline();
                self.end_line();
            }
        }
    }

    /// The offset of the end of the line in which an offset lies.
    pub(super) fn line_end(&self, at: usize) -> usize {
        memchr::memchr(b'\n', &self.text.as_bytes()[at..]).map_or(self.text.len(), |length| at + length)
    }

    /// Leaves out an import or an export, and remembers which file it names.
    fn module(&mut self) -> bool {
        let Some(end) = module::module(self.text, self.at, &mut self.steps) else { return false };
        let code = &self.text[self.at..end];
        // One after the other, as they mostly stand.
        self.imports.extend(module::default_import(code.lines().next().unwrap_or_default()));
        self.left_out.note(self.at..self.line_end(self.at));
        self.left_out.modules += 1;
        self.at = (end + 1).min(self.text.len());
        true
    }

    fn blank_line(&mut self, end: usize) {
        if end < self.text.len() {
            self.out.copy(self.text, end..end + 1);
        }
        self.at = (end + 1).min(self.text.len());
    }

    /// Writes what stands before the text of a line: the signs of alerts, and the indentation that is left.
    fn begin_line(&mut self) {
        let line = &self.text[self.at..];
        let content = line.len() - line.trim_start_matches([' ', '\t']).len();
        let columns = line[..content].bytes().fold(0usize, |columns, byte| match byte {
            b'\t' => columns / 4 * 4 + 4,
            _ => columns + 1,
        });
        let strip = match self.frames.last_mut() {
            Some(frame) => *frame.strip.get_or_insert(columns.saturating_sub(frame.base)),
            None => 0,
        };
        if strip == 0 {
            self.out.copy(self.text, self.at..self.at + content);
            self.indent = columns;
        } else {
            self.indent = columns.saturating_sub(strip);
            self.out.put(&" ".repeat(self.indent), self.at..self.at + content);
        }
        self.at += content;
        self.is_fresh = true;
    }

    fn end_line(&mut self) {
        if self.text[self.at..].starts_with('\n') {
            self.out.copy(self.text, self.at..self.at + 1);
            self.at += 1;
        }
    }

    /// Copies a block of code, if one begins in this line.
    fn fence(&mut self, line: usize) -> bool {
        let Some((sign, length, _)) = opening_fence(&self.text[self.at..line]) else { return false };
        let mut is_first = true;
        while self.at < self.text.len() {
            let line = self.line_end(self.at);
            let written = self.text[self.at..line].trim_matches([' ', '\t', '>']);
            let closes = !is_first && written.len() >= length && written.chars().all(|it| it == sign);
            is_first = false;
            if written.is_empty() && !self.text[self.at..line].contains('>') {
                self.blank_line(line);
            } else {
                self.begin_line();
                self.out.copy(self.text, self.at..line);
                self.at = line;
                self.end_line();
            }
            if closes {
                break;
            }
        }
        true
    }

    /// Ends the paragraph being written, so that what comes is a block of its own.
    pub(super) fn break_block(&mut self) {
        let place = self.at..self.at;
        let written = self.out.text.rsplit('\n').next().unwrap_or_default();
        // A line that holds nothing yet is the empty one.
        let is_empty = self.is_fresh && written.trim().is_empty();
        self.out.put(if is_empty { "\n" } else { "\n\n" }, place.clone());
        self.out.put(&" ".repeat(self.indent.min(INDENTATION)), place);
        self.is_fresh = true;
    }

    /// Writes a block of its own in place of a tag.
    pub(super) fn own_block(&mut self, text: &str, tag: &Tag<'t>) {
        self.break_block();
        self.out.put(text, tag.range.clone());
        self.is_fresh = false;
        self.break_block();
    }

    /// Begins what stands between two tags; beyond a depth nobody needs nothing is begun.
    pub(super) fn open(&mut self, tag: &Tag<'t>, end: End) -> bool {
        if self.frames.len() >= DEPTH || tag.kind != Kind::Open {
            return false;
        }
        let is_block = !matches!(end, End::Inline(_));
        let base = self.indent;
        // What stands in a sentence has no lines of its own.
        let strip = if is_block { None } else { self.frames.last().map_or(Some(0), |frame| frame.strip) };
        self.frames.push(Frame { name: tag.name, strip, base, end });
        true
    }

    /// Begins an alert.
    pub(super) fn open_alert(&mut self, tag: &Tag<'t>, kind: &str) {
        let said = tag.text(&["type", "kind", "variant", "intent"]).and_then(component::alert);
        let title = tag.text(&["title", "label", "heading"]).unwrap_or_default();
        let mut open = format!("{{{{< callout type=\"{}\"", said.unwrap_or(kind));
        attribute("title", title, &mut open);
        open.push_str(" >}}");
        self.open_shortcode(tag, &open, "{{< /callout >}}");
    }

    /// Begins some tabs, or one of them.
    pub(super) fn open_tabs(&mut self, tag: &Tag<'t>, is_one: bool) {
        if !is_one {
            return self.open_shortcode(tag, "{{< tabs >}}", "{{< /tabs >}}");
        }
        let mut open = "{{< tab".to_string();
        attribute("title", tag.text(&["label", "title", "name", "value"]).unwrap_or_default(), &mut open);
        open.push_str(" >}}");
        self.open_shortcode(tag, &open, "{{< /tab >}}");
    }

    /// Writes what the same is as a shortcode, which is made markdown with those that people write.
    fn open_shortcode(&mut self, tag: &Tag<'t>, open: &str, close: &'static str) {
        if tag.kind != Kind::Open || self.frames.len() >= DEPTH {
            let text = tag.text(&["title", "label", "text", "description", "children"]).unwrap_or_default();
            return self.own_block(&super::inline::escaped(text), tag);
        }
        self.own_block(open, tag);
        self.open(tag, End::Block(close));
    }

    /// Ends the innermost element of this name, and what is open in it; says whether there was one.
    pub(super) fn close(&mut self, tag: &Tag<'t>) -> bool {
        let Some(index) = self.frames.iter().rposition(|frame| frame.name == tag.name) else { return false };
        while self.frames.len() > index {
            let Some(frame) = self.frames.pop() else { break };
            match frame.end {
                End::Nothing => {}
                End::Block(text) => self.own_block(text, tag),
                End::Inline(text) => {
                    self.out.put(text, tag.range.clone());
                    self.is_fresh = false;
                }
            }
            if matches!(frame.end, End::Nothing | End::Block(_)) {
                self.indent = frame.base.min(INDENTATION);
            }
        }
        true
    }

    /// Whether nothing but white space stands between a tag and the end of its line.
    pub(super) fn ends_line(&self, tag: &Tag<'t>) -> bool {
        let mut behind = self.text[tag.range.end..].bytes();
        behind.find(|it| !matches!(it, b' ' | b'\t')).is_none_or(|it| it == b'\n')
    }

    /// Whether a component stands as a block rather than in a sentence.
    pub(super) fn is_block(&self, tag: &Tag<'t>, equal: Option<Equal>) -> bool {
        match equal {
            Some(Equal::Titled | Equal::Alert(_) | Equal::Details | Equal::Tabs | Equal::Tab) => true,
            Some(Equal::Link | Equal::Image | Equal::Label) => false,
            _ => self.is_fresh && self.ends_line(tag),
        }
    }
}

/// Writes an attribute of a shortcode.
fn attribute(name: &str, value: &str, out: &mut String) {
    let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', " ").replace("}}", "} }");
    if !value.trim().is_empty() {
        out.push_str(&format!(" {name}=\"{value}\""));
    }
}
