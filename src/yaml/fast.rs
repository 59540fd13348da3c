//! The simple forms that nearly all front matter has, read without the library: `name: text`,
//! `name: "text"`, `name: [a, "b"]`, and a list of simple lines below `name:`.
//!
//! It answers only where the library's answer would be the same, which a property test holds it to;
//! anything else is handed on.

use std::borrow::Cow;
use std::ops::Range;

use super::{Dialect, Entry, Lines, Node, NodeKind, Pair, Shape, is_silent};
use crate::diagnostic::Spanned;

/// Reads an entry that has a simple form.
pub(super) fn pair<'a>(
    lines: &Lines<'a>,
    entry: &Entry,
    key: Range<usize>,
    colon: usize,
    dialect: &Dialect,
) -> Option<Pair<'a>> {
    let index = entry.lines.start;
    let line = lines.lines[index];
    if key.start != line.start || colon != key.end {
        return None;
    }
    let name = &lines.source[key.clone()];
    if !name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'/' | b'.' | b'#'))
        || !name.as_bytes()[0].is_ascii_alphanumeric()
    {
        return None;
    }
    let name_span = lines.span_in(index, key.clone());
    let behind = &lines.source[colon + 1..line.end];
    let value = behind.trim_matches(' ');
    let node = if value.is_empty() {
        if entry.lines.len() == 1 {
            Node { span: name_span, at: key, kind: NodeKind::Null }
        } else {
            block_list(lines, index + 1..entry.lines.end)?
        }
    } else {
        // The space after the colon is what makes it a name.
        if entry.lines.len() > 1 || !behind.starts_with(' ') {
            return None;
        }
        let start = colon + 1 + (behind.len() - behind.trim_start_matches(' ').len());
        let at = start..start + value.len();
        // A title in brackets is a title.
        if value.starts_with('[') && (dialect.shape)(name) == Shape::Text {
            return None;
        }
        if value.starts_with('[') { flow_list(lines, index, at)? } else { scalar(lines, index, at)? }
    };
    Some((Spanned::new(Cow::Borrowed(name), name_span), node))
}

/// `- text` lines, all indented alike.
fn block_list<'a>(lines: &Lines<'a>, range: Range<usize>) -> Option<Node<'a>> {
    let mut items = Vec::with_capacity(range.len());
    let mut indent = None;
    let mut whole: Option<Range<usize>> = None;
    for index in range {
        let text = lines.text(index);
        if is_silent(text) {
            return None;
        }
        let width = text.len() - text.trim_start_matches(' ').len();
        if *indent.get_or_insert(width) != width {
            return None;
        }
        let value = text[width..].strip_prefix("- ")?.trim_matches(' ');
        let start = lines.lines[index].start + (text.len() - text[width + 2..].trim_start_matches(' ').len());
        let item = scalar(lines, index, start..start + value.len())?;
        whole = Some(whole.map_or(item.at.start, |whole| whole.start)..item.at.end);
        items.push(item);
    }
    let whole = whole?;
    Some(Node { span: lines.span(whole.clone()), at: whole, kind: NodeKind::List(items) })
}

/// `[a, "b", c d]` in one line.
fn flow_list<'a>(lines: &Lines<'a>, index: usize, at: Range<usize>) -> Option<Node<'a>> {
    let text = &lines.source[at.clone()];
    let inner = text.strip_prefix('[')?.strip_suffix(']')?;
    let mut items = Vec::new();
    if inner.bytes().any(|byte| byte != b' ') {
        let mut start = at.start + 1;
        for piece in inner.split(',') {
            let item = piece.trim_matches(' ');
            let from = start + (piece.len() - piece.trim_start_matches(' ').len());
            start += piece.len() + 1;
            // What brackets and commas mean depends on where they stand; a comma in quotes is left to
            // the library, since a quote that is open at the end of a piece is not simple.
            if item.contains(['[', ']', '{', '}', '#', ':']) {
                return None;
            }
            items.push(scalar(lines, index, from..from + item.len())?);
        }
    }
    Some(Node { span: lines.span_in(index, at.clone()), at, kind: NodeKind::List(items) })
}

/// A plain or quoted text in which nothing can be misread.
fn scalar<'a>(lines: &Lines<'a>, index: usize, at: Range<usize>) -> Option<Node<'a>> {
    let text = &lines.source[at.clone()];
    let first = *text.as_bytes().first()?;
    let (text, quoted) = if matches!(first, b'"' | b'\'') {
        let inner = text.get(1..text.len() - 1)?;
        let simple = text.len() >= 2
            && text.as_bytes()[text.len() - 1] == first
            && inner.bytes().all(|byte| byte != first && byte != b'\\' && byte >= b' ');
        if !simple {
            return None;
        }
        (inner, true)
    } else {
        if !first.is_ascii_alphanumeric()
            && first < 0x80
            && !matches!(first, b'/' | b'.' | b'(' | b'+' | b'_' | b'$')
        {
            return None;
        }
        let bytes = text.as_bytes();
        let ambiguous = bytes.iter().enumerate().any(|(at, byte)| match byte {
            // After a space a `#` starts a remark; before one a colon makes a name.
            b'#' => bytes[at - 1] == b' ',
            b':' => matches!(bytes.get(at + 1), None | Some(b' ' | b'\t')),
            b'\t' => true,
            _ => *byte < b' ',
        });
        if ambiguous {
            return None;
        }
        (text, false)
    };
    // Byte order marks, typographic quotes around the whole and exotic line ends are not simple.
    if !text.is_ascii()
        && (text.contains(['\u{feff}', '\u{85}', '\u{2028}', '\u{2029}']) || text.starts_with(['“', '‘']))
    {
        return None;
    }
    let kind = NodeKind::Scalar { text: Cow::Borrowed(text), quoted };
    Some(Node { span: lines.span_in(index, at.clone()), at, kind })
}
