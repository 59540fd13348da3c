//! What has a line to itself: tables of contents, attributes of kramdown, abbreviations, names of blocks, and the marks
//! with which quotations begin.

use super::block::Line;
use super::frame::{End, Holds};
use super::{Reader, Title};
use crate::page::markdown::{Alert, mark};

/// At most this many abbreviations of a file are explained, each of at most so many bytes, by at most so many.
const ABBREVIATIONS: usize = 500;
const ABBREVIATION: usize = 60;
const MEANING: usize = 300;

/// Lines by which other programs put a table of contents. The page has its own.
const TOC: [&str; 13] = [
    "[toc]",
    "[[toc]]",
    "[[_toc_]]",
    "[contents]",
    "[[table of contents]]",
    "${toc}",
    "{:toc}",
    "{: toc}",
    "{:.toc}",
    "{{toc}}",
    "{{ toc }}",
    "{{>toc}}",
    "{toc}",
];

/// Whether a text begins with such a line.
pub(super) fn is_toc_start(text: &str) -> bool {
    matches!(text.as_bytes().first(), Some(b'[' | b'$' | b'{'))
        && is_toc(text.lines().next().unwrap_or_default().trim())
}

fn is_toc(line: &str) -> bool {
    line.len() < 24 && TOC.iter().any(|it| it.eq_ignore_ascii_case(line))
}

/// How wide the mark of a list item is with which a line begins.
pub(super) fn item(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let digits = bytes.iter().take(9).take_while(|it| it.is_ascii_digit()).count();
    let mark = match (digits, bytes.get(digits)) {
        (0, Some(b'-' | b'*' | b'+')) => 1,
        (1.., Some(b'.' | b')')) => digits + 1,
        _ => return None,
    };
    let spaces = bytes[mark..].iter().take_while(|it| **it == b' ').count();
    match spaces {
        0 => None,
        1..=4 => Some(mark + spaces),
        _ => Some(mark + 1),
    }
}

impl<'t> Reader<'t> {
    pub(super) fn toc(&mut self, line: Line<'t>) -> bool {
        let is_toc = is_toc(line.text);
        if is_toc {
            self.skip_line(line);
        }
        is_toc
    }

    /// A list item that kramdown replaces by a table of contents.
    pub(super) fn toc_of_list(&mut self, line: Line<'t>) -> bool {
        if line.text.len() > 40 || item(line.text).is_none() || line.end >= self.text.len() {
            return false;
        }
        let next = self.line_at(line.end + 1);
        let is_toc = next.text.starts_with("{:") && is_toc(&next.text.replace(": ", ":"));
        if is_toc {
            self.skip_line(next);
        }
        is_toc
    }

    /// `^name` of a block, alone below it.
    pub(super) fn block_id(&mut self, line: Line<'t>) -> bool {
        let is_id = line.text.strip_prefix('^').is_some_and(is_block_id);
        if is_id {
            self.skip_line(line);
        }
        is_id
    }

    /// `*[HTML]: Hyper Text Markup Language`
    pub(super) fn abbreviation(&mut self, line: Line<'t>) -> bool {
        let Some((short, long)) = line.text.strip_prefix("*[").and_then(|rest| rest.split_once("]:")) else {
            return false;
        };
        let long = long.trim();
        let is_name = !short.trim().is_empty() && short.len() <= ABBREVIATION && !short.contains(['[', ']']);
        if !is_name || long.len() > MEANING {
            return false;
        }
        if self.abbreviations.len() < ABBREVIATIONS && !long.is_empty() {
            self.abbreviations.entry(short.trim()).or_insert(long);
        }
        self.skip_line(line);
        true
    }

    /// `{: .class #id }` in a line of its own. A class that is a kind of alert makes one of the paragraph below, an id
    /// is a place in the page, all else is left out.
    pub(super) fn attributes(&mut self, line: Line<'t>, relative: usize, follows_blank: bool) -> bool {
        let Some(inner) = inner(line.text) else { return false };
        let place = line.start..line.start + line.text.len();
        let next = (line.end < self.text.len()).then(|| self.line_at(line.end + 1));
        let kind = kind(inner).filter(|_| follows_blank);
        if let Some(id) = inner.split_whitespace().find_map(|word| word.strip_prefix('#')) {
            let is_safe = |it: char| it.is_alphanumeric() || matches!(it, '-' | '_' | '.' | ':');
            let id: String = id.chars().filter(|it| is_safe(*it)).collect();
            self.at = line.start;
            self.put(&format!("<a id=\"{id}\"></a>"), place.clone());
            self.at = line.end;
            self.end_line();
            if follows_blank {
                self.separate(place.clone());
            }
        }
        self.skip_line(line);
        match (kind, next) {
            (Some(kind), Some(next)) if next.text.starts_with('>') => {
                let prefix = format!("{}{}> ", self.prefix, " ".repeat(relative));
                self.out.put(&format!("{prefix}[!{kind}]\n{}\n", prefix.trim_end()), place);
                self.after_blank = false;
            }
            (Some(kind), Some(next)) if !next.text.is_empty() => {
                let inside = (End::Paragraph, Holds::Blocks, line.columns);
                self.open_quote(kind, Title::None, place, relative, inside);
            }
            _ => {}
        }
        true
    }

    /// The paragraph that begins here, if a line of attributes below it makes it an alert.
    pub(super) fn alert_by_attributes(&mut self, line: Line<'t>, relative: usize) -> bool {
        let text = self.text;
        let has = *self
            .has_attributes
            .get_or_insert_with(|| memchr::memmem::find(text.as_bytes(), b"\n{:").is_some());
        if !has || line.text.starts_with(['#', '>', '|', '<']) || item(line.text).is_some() {
            return false;
        }
        let rest = &text[line.start..];
        let paragraph = &rest[..memchr::memmem::find(rest.as_bytes(), b"\n\n").unwrap_or(rest.len())];
        let last = paragraph.trim_end().rsplit('\n').next().unwrap_or_default().trim();
        let Some(kind) = inner(last).and_then(kind) else { return false };
        let inside = (End::Paragraph, Holds::Blocks, line.columns);
        self.open_quote(kind, Title::None, line.start..line.start, relative, inside);
        false
    }

    /// A quotation that begins with a mark. Its first line is a paragraph of its own.
    pub(super) fn callout(&mut self, line: Line<'t>) -> bool {
        let Some(at) = memchr::memmem::find(&line.text.as_bytes()[..line.text.len().min(60)], b"[!") else {
            return false;
        };
        let lead = &line.text[..at];
        let is_lead =
            |it: char| matches!(it, '>' | ' ' | '\t' | '-' | '*' | '+' | '.' | ')') || it.is_ascii_digit();
        if !lead.contains('>') || !lead.chars().all(is_lead) || !lead.trim_end().ends_with('>') {
            return false;
        }
        let rest = &line.text[at..];
        if rest.starts_with("[!=") {
            // The marks of our own are nobody else's.
            self.at = line.start;
            self.write_to(line.start + at);
            self.put("\\", line.start + at..line.start + at);
            self.inline(line.end);
            self.end_line();
            return true;
        }
        let Some(mark) = mark(rest) else { return false };
        let is_host = rest.len() == mark.length && Alert::is_of_host(&rest[2..rest.len() - 1]);
        self.note_list(line, line.columns.saturating_sub(self.strip()));
        self.at = line.start;
        self.inline(line.end);
        self.end_line();
        let goes_on = self.at < self.text.len() && self.line_at(self.at).text.starts_with('>');
        if goes_on && !is_host {
            let quote: String = lead.chars().map(|it| if it == '>' { '>' } else { ' ' }).collect();
            let indent = " ".repeat(line.columns.saturating_sub(self.strip()));
            let blank = format!("{}{indent}{}\n", self.prefix, quote.trim_end());
            self.out.put(&blank, self.at..self.at);
        }
        true
    }
}

/// What stands in a line of attributes.
fn inner(text: &str) -> Option<&str> {
    let inner = text.strip_prefix("{:")?.strip_suffix('}')?;
    (inner.len() < 200 && !inner.contains(['{', '}', '<', '>'])).then(|| inner.trim())
}

/// The kind of alert that is among some attributes.
fn kind(attributes: &str) -> Option<&str> {
    let mut classes = attributes.split_whitespace().filter_map(|word| word.strip_prefix('.'));
    classes.find_map(|class| {
        let class = class.strip_prefix("alert-").or(class.strip_prefix("callout-")).unwrap_or(class);
        let class = class.strip_suffix("-title").unwrap_or(class);
        Alert::of(class).filter(|_| class != "alert" && class != "default").map(|_| class)
    })
}

/// Whether a text is the name of a block in Obsidian.
pub(super) fn is_block_id(text: &str) -> bool {
    !text.is_empty() && text.len() <= 60 && text.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-')
}
