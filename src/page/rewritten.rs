//! A text made of parts of another, which knows from which place of the other each part came.

use std::ops::Range;

/// A text made of parts of another.
#[derive(Debug, Default)]
pub(crate) struct Rewritten {
    /// The text.
    pub(crate) text: String,
    /// In order: where a piece begins, and of which part of the original it was made. A piece that was copied is as
    /// long as its part.
    pieces: Vec<(usize, Range<usize>)>,
}

impl Rewritten {
    /// Adds a part of the original as it is.
    pub(crate) fn copy(&mut self, original: &str, part: Range<usize>) {
        if part.is_empty() {
            return;
        }
        match self.pieces.last_mut() {
            // It goes on where the last piece, a copy too, ended.
            Some((at, last)) if last.end == part.start && self.text.len() - *at == last.len() => {
                last.end = part.end;
            }
            _ => self.pieces.push((self.text.len(), part.clone())),
        }
        self.text.push_str(&original[part]);
    }

    /// Adds another text in place of a part of the original.
    pub(crate) fn put(&mut self, text: &str, part: Range<usize>) {
        if !text.is_empty() {
            self.pieces.push((self.text.len(), part));
            self.text.push_str(text);
        }
    }

    /// The offset in the original of an offset in the text.
    pub(crate) fn original(&self, offset: usize) -> usize {
        let Some(last) = self.pieces.partition_point(|(at, _)| *at <= offset).checked_sub(1) else {
            return offset;
        };
        let (at, part) = &self.pieces[last];
        let length = self.pieces.get(last + 1).map_or(self.text.len(), |(next, _)| *next) - at;
        if length == part.len() {
            part.start + (offset - at).min(part.len())
        } else if offset - at >= length {
            part.end
        } else {
            part.start
        }
    }
}

/// The opening of a block of code in a line, within whatever quotation or list: its sign, how often it stands there, and
/// what is said of the code.
pub(crate) fn opening_fence(line: &str) -> Option<(char, usize, &str)> {
    let opening = line.trim_start_matches([' ', '\t', '>', '-', '*', '+']);
    let opening =
        opening.trim_start_matches(|it: char| it.is_ascii_digit()).trim_start_matches(['.', ')', ' ']);
    let sign = opening.chars().next().filter(|it| matches!(it, '`' | '~'))?;
    let length = opening.len() - opening.trim_start_matches(sign).len();
    let info = &opening[length..];
    (length >= 3 && !(sign == '`' && info.contains('`'))).then_some((sign, length, info))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_knows_where_it_came_from() {
        let original = "one <b/> two";
        let mut made = Rewritten::default();
        made.copy(original, 0..2);
        made.copy(original, 2..4);
        made.put("**bold text**", 4..8);
        made.copy(original, 8..12);
        assert_eq!(made.text, "one **bold text** two");
        assert_eq!([0, 3, 4, 9, 17, 20, 21].map(|at| made.original(at)), [0, 3, 4, 4, 8, 11, 12]);
    }
}
