//! How a link reads when it is mended: the same text with another address. That costs time, so it is worked
//! out after the pass over all pages, for those links only that are dead.

use std::cell::Cell;

use crate::diagnostic::Span;

/// A file and where its lines begin, found once.
pub(super) struct Lines<'a> {
    starts: Vec<usize>,
    text: &'a str,
    /// Line, column and byte of the place that was looked for last. Places come in order, so that a line with
    /// thousands of them is walked along once.
    last: Cell<(u32, u32, usize)>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str) -> Lines<'a> {
        let mut at = 0;
        let starts = text.split_inclusive('\n').map(|line| {
            let start = at;
            at += line.len();
            start
        });
        Lines { starts: starts.collect(), text, last: Cell::new((0, 1, 0)) }
    }

    /// The text of a place, which may go over several lines.
    pub(super) fn slice(&self, span: Span) -> Option<&'a str> {
        self.text.get(self.byte(span.line, span.column)?..self.byte(span.end_line, span.end_column)?)
    }

    fn byte(&self, line: u32, column: u32) -> Option<usize> {
        let start = *self.starts.get(usize::try_from(line).ok()?.checked_sub(1)?)?;
        let (last_line, last_column, last_at) = self.last.get();
        column.checked_sub(1)?;
        let is_behind = last_line == line && last_column <= column;
        let (from, at) = if is_behind { (last_column, last_at) } else { (1, start) };
        // A place just after the last character of its line is one too.
        let mut rest = self.text[at..].char_indices();
        for _ in from..column {
            rest.next().filter(|(_, c)| *c != '\n')?;
        }
        let found = at + rest.offset();
        self.last.set((line, column, found));
        Some(found)
    }
}

/// A link or an image as it should be written: its source with another address. Nothing where the address
/// stands elsewhere, as in `[text][label]`.
pub(super) fn rewritten(source: &str, from: &str, to: &str) -> Option<String> {
    if from.is_empty() {
        return None;
    }
    let inline = source.rmatch_indices("](").find_map(|(at, open)| {
        let rest = &source[at + open.len()..];
        let trimmed = rest.trim_start().trim_start_matches('<');
        trimmed.starts_with(from).then(|| (source.len() - trimmed.len(), true))
    });
    let quoted = || {
        let marked = [format!("=\"{from}"), format!("='{from}")];
        marked.iter().find_map(|it| source.find(it.as_str())).map(|at| (at + 2, false))
    };
    let bare = || {
        let trimmed = source.trim_start_matches('<');
        trimmed.starts_with(from).then(|| (source.len() - trimmed.len(), false))
    };
    let named = || {
        let trimmed = source.trim_start_matches('!').strip_prefix("[[")?.trim_start();
        trimmed.starts_with(from).then(|| (source.len() - trimmed.len(), false))
    };
    let (at, in_brackets) = inline.or_else(named).or_else(quoted).or_else(bare)?;
    let to = if in_brackets {
        to.replace(' ', "%20").replace('(', "%28").replace(')', "%29")
    } else {
        to.to_string()
    };
    Some(format!("{}{to}{}", &source[..at], &source[at + from.len()..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_address_of_a_link_is_rewritten() {
        for (source, expected) in [
            ("[a.md](a.md \"see a.md\")", Some("[a.md](b%20c.md \"see a.md\")")),
            ("![x](<a.md>)", Some("![x](<b%20c.md>)")),
            ("<a href=\"a.md\">a.md</a>", Some("<a href=\"b c.md\">a.md</a>")),
            ("<a.md>", Some("<b c.md>")),
            ("[a.md][label]", None),
            ("[x](other.md)", None),
        ] {
            assert_eq!(rewritten(source, "a.md", "b c.md").as_deref(), expected, "{source}");
        }
        assert_eq!(rewritten("[x]()", "", "b.md"), None);
    }

    #[test]
    fn a_place_is_counted_in_characters() {
        let lines = Lines::new("a\nä [x](y) z\n");
        assert_eq!(lines.slice(Span::in_line(2, 3, 6)), Some("[x](y)"));
        assert_eq!(lines.slice(Span::in_line(2, 11, 1)), None);
        assert_eq!(lines.slice(Span::in_line(3, 1, 1)), None);
        let over_lines = Span { line: 1, column: 1, end_line: 2, end_column: 2 };
        assert_eq!(lines.slice(over_lines), Some("a\nä"));
    }
}
