//! What a body says, as sentences: for descriptions, for the lines of lists, and for search, whose snippets are cut
//! out of it. Where markup alone told one thing from the next (cells, items, headings), a sign does.

use std::ops::Range;

use super::{Block, BlockKind, Body};
use crate::page::cjk;

/// What stands between two cells of a row, or between a label and what it labels, in [`Body::text`]. A tab that
/// somebody typed is a space there.
pub(super) const CELL: char = '\t';

/// Signs after which nothing needs to say that something ends.
const ENDS: &[char] = &[
    '.', '!', '?', ':', ';', ',', '…', '。', '！', '？', '：', '；', '，', '、', '．', '｡', '،', '؛', '؟',
    '।',
];

/// Signs that may stand after those.
const CLOSERS: &[char] = &['"', '\'', ')', ']', '”', '’', '»', '›', '」', '』', '）', '】', '》'];

impl Body {
    /// Where the plain text of a range of segments stands.
    #[must_use]
    pub fn text_range(&self, segments: &Range<u32>) -> Range<u32> {
        let mut blocks = self.blocks.iter().filter(|block| segments.contains(&block.segments.start));
        match (blocks.next(), blocks.next_back()) {
            (Some(first), last) => first.text.start..last.unwrap_or(first).text.end,
            (None, _) => 0..0,
        }
    }

    /// The text of a range in sentences, a block or an item a line. Code stands after everything else.
    #[must_use]
    pub fn prose(&self, range: &Range<u32>) -> String {
        let mut out = String::with_capacity(range.len() + range.len() / 16);
        let mut code = String::new();
        let mut end = range.start;
        let first = self.blocks.partition_point(|block| block.text.start < range.start);
        for block in self.blocks[first..].iter().take_while(|block| block.text.end <= range.end) {
            match block.kind {
                BlockKind::Code(_) => push_line(&mut code, self.text_at(block.text.clone())),
                _ => push_line(&mut out, &self.sentences(block)),
            }
            end = end.max(block.text.end);
        }
        // Footnotes belong to no block.
        push_line(&mut out, &sentences(self.text_at(end..range.end), '.'));
        push_line(&mut out, &code);
        out
    }

    /// What a block says, in sentences, on one line.
    #[must_use]
    pub fn sentences(&self, block: &Block) -> String {
        let text = self.text_at(block.text.clone());
        match block.kind {
            BlockKind::Code(_) | BlockKind::Rule => cjk::joined_lines(text),
            BlockKind::Heading(_) => closed(&cjk::joined_lines(text), ':'),
            BlockKind::List { .. } | BlockKind::Table => sentences(text, ';'),
            BlockKind::Paragraph { .. } => closed(&labelled(text), '.'),
            _ => sentences(text, '.'),
        }
    }
}

/// Lines that are things of their own, on one line.
fn sentences(text: &str, between: char) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).peekable();
    while let Some(line) = lines.next() {
        let is_last = lines.peek().is_none();
        let cells: Vec<&str> = line.split(CELL).map(str::trim).filter(|cell| !cell.is_empty()).collect();
        let line = match cells[..] {
            [label, value] => {
                let label = closed(label, ':');
                let space = gap(label.chars().next_back(), value);
                label + space + value
            }
            _ => cells.join(", "),
        };
        let line = closed(&line, if is_last { '.' } else { between });
        let space = gap(out.chars().next_back(), &line);
        out.push_str(if out.is_empty() { "" } else { space });
        out.push_str(&line);
    }
    out
}

/// A paragraph that may begin with a label: a bold text that has its line to itself.
fn labelled(text: &str) -> String {
    match text.split_once(CELL) {
        // What goes on in lower case is the same sentence.
        Some((label, rest)) if !rest.trim_start().starts_with(char::is_lowercase) => {
            let label = closed(&cjk::joined_lines(label), ':');
            let rest = cjk::joined_lines(rest);
            let space = gap(label.chars().next_back(), &rest);
            label + space + &rest
        }
        _ => cjk::joined_lines(text),
    }
}

/// A text that ends with a sign: with its own, or else with this one, in the form that its script has.
fn closed(text: &str, sign: char) -> String {
    let text = text.trim_end();
    let bare = text.trim_end_matches(CLOSERS);
    // A sign after an address would be read as part of it.
    let ends_in_address = bare.rsplit(' ').next().is_some_and(|word| word.contains("://"));
    if bare.is_empty() || bare.ends_with(ENDS) || ends_in_address {
        return text.to_owned();
    }
    let is_wide = bare.chars().next_back().is_some_and(cjk::is_wide);
    let sign = match sign {
        ':' if is_wide => '：',
        ';' if is_wide => '；',
        '.' if is_wide => '。',
        sign => sign,
    };
    format!("{text}{sign}")
}

fn push_line(out: &mut String, line: &str) {
    let glued = out.chars().next_back().zip(line.chars().next()).is_some_and(|(a, b)| cjk::is_unspaced(a, b));
    if !out.is_empty() && !line.is_empty() && !glued {
        out.push('\n');
    }
    out.push_str(line);
}

fn gap(before: Option<char>, after: &str) -> &'static str {
    let glued =
        before.zip(after.chars().next()).is_some_and(|(before, after)| cjk::is_unspaced(before, after));
    if glued { "" } else { " " }
}
