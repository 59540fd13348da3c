//! From the lines and columns of problems to bytes of the text.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::diagnostic::Span;

/// The bytes of each place, in the order of the places; nothing for one that is not in the text. The text is walked
/// once, however many places there are.
pub(super) fn places(text: &str, spans: &[Span]) -> Vec<Option<Range<usize>>> {
    let mut wanted: BTreeMap<(u32, u32), Option<usize>> = BTreeMap::new();
    for span in spans {
        wanted.insert((span.line, span.column), None);
        wanted.insert((span.end_line, span.end_column), None);
    }
    let (mut line, mut column) = (1, 1);
    let mut see = |line: u32, column: u32, at: usize| {
        if let Some(place) = wanted.get_mut(&(line, column)) {
            *place = Some(at);
        }
    };
    for (at, c) in text.char_indices() {
        see(line, column, at);
        (line, column) = if c == '\n' { (line + 1, 1) } else { (line, column + 1) };
    }
    see(line, column, text.len());
    let at = |line, column| wanted.get(&(line, column)).copied().flatten();
    let range = |span: &Span| {
        let range = at(span.line, span.column)?..at(span.end_line, span.end_column)?;
        (range.start <= range.end).then_some(range)
    };
    spans.iter().map(range).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_found_in_characters_and_its_end_at_the_end() {
        let text = "äö\nb\n";
        let spans = [
            Span::in_line(1, 2, 1),
            Span::in_line(2, 1, 1),
            Span { line: 1, column: 1, end_line: 3, end_column: 1 },
            Span::in_line(1, 4, 0),
            Span::in_line(7, 1, 0),
            Span { line: 2, column: 1, end_line: 1, end_column: 1 },
        ];
        assert_eq!(places(text, &spans), [Some(2..4), Some(5..6), Some(0..7), None, None, None]);
        assert_eq!(places("", &[Span::START]), [Some(0..0)]);
    }
}
