//! A text that changes several times, told in the end as one change of the text that it was.

use std::ops::Range;

use crate::edit::Edit;

/// A text, and which parts of it are still those of the beginning.
#[derive(Debug, Clone)]
pub(super) struct Patch {
    before: String,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone)]
enum Piece {
    /// Bytes of the text of the beginning.
    Kept(Range<usize>),
    /// What came.
    New(String),
}

impl Patch {
    pub(super) fn new(text: &str) -> Patch {
        Patch { before: text.to_string(), pieces: vec![Piece::Kept(0..text.len())] }
    }

    /// The text of the beginning.
    pub(super) fn before(&self) -> &str {
        &self.before
    }

    /// The text as it is now.
    #[cfg(test)]
    pub(super) fn text(&self) -> String {
        let slice = |piece: &Piece| match piece {
            Piece::Kept(range) => self.before[range.clone()].to_string(),
            Piece::New(text) => text.clone(),
        };
        self.pieces.iter().map(slice).collect()
    }

    /// Changes the text as it is now. The edits are in order, and no two in one place.
    pub(super) fn apply(&mut self, edits: &[Edit]) {
        let mut rest = std::mem::take(&mut self.pieces).into_iter();
        let mut current = rest.next();
        let mut at = 0;
        for edit in edits {
            self.take(&mut current, &mut rest, &mut at, edit.start, true);
            self.take(&mut current, &mut rest, &mut at, edit.end, false);
            if !edit.to.is_empty() {
                self.pieces.push(Piece::New(edit.to.clone()));
            }
        }
        self.take(&mut current, &mut rest, &mut at, usize::MAX, true);
    }

    /// What changed in all, as edits of the text of the beginning.
    pub(super) fn edits(&self) -> Vec<Edit> {
        let mut edits: Vec<Edit> = Vec::new();
        let (mut at, mut came) = (0, String::new());
        let mut add = |start: usize, end: usize, came: &mut String| {
            let to = std::mem::take(came);
            if start < end || !to.is_empty() {
                edits.push(Edit { start, end, to });
            }
        };
        for piece in &self.pieces {
            match piece {
                Piece::New(text) => came.push_str(text),
                Piece::Kept(range) => {
                    add(at, range.start, &mut came);
                    at = range.end;
                }
            }
        }
        add(at, self.before.len(), &mut came);
        edits.retain(|edit| self.before[edit.start..edit.end] != edit.to);
        edits
    }

    /// Goes on to a place in the text as it was before this change, and keeps what lies before it or not.
    fn take(
        &mut self,
        current: &mut Option<Piece>,
        rest: &mut std::vec::IntoIter<Piece>,
        at: &mut usize,
        until: usize,
        keep: bool,
    ) {
        while let Some(piece) = current.take() {
            let len = match &piece {
                Piece::Kept(range) => range.len(),
                Piece::New(text) => text.len(),
            };
            if *at + len <= until {
                *at += len;
                if keep && len > 0 {
                    self.pieces.push(piece);
                }
                *current = rest.next();
                continue;
            }
            let here = until.saturating_sub(*at);
            let (head, tail) = match piece {
                Piece::Kept(range) => {
                    (Piece::Kept(range.start..range.start + here), Piece::Kept(range.start + here..range.end))
                }
                Piece::New(mut text) => {
                    let tail = text.split_off(here);
                    (Piece::New(text), Piece::New(tail))
                }
            };
            if keep && here > 0 {
                self.pieces.push(head);
            }
            *at += here;
            *current = Some(tail);
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::edit::edited;

    fn edit(start: usize, end: usize, to: &str) -> Edit {
        Edit { start, end, to: to.to_string() }
    }

    #[test]
    fn changes_one_after_the_other_are_one_change_of_the_beginning() {
        let mut patch = Patch::new("one two three");
        patch.apply(&[edit(0, 3, "1"), edit(8, 13, "3")]);
        assert_eq!(patch.text(), "1 two 3");
        patch.apply(&[edit(1, 5, ""), edit(7, 7, "!")]);
        assert_eq!(patch.text(), "1 3!");
        assert_eq!(patch.edits(), [edit(0, 7, "1"), edit(8, 13, "3!")]);
        patch.apply(&[edit(0, 4, "one two three")]);
        assert_eq!(patch.edits(), []);
    }

    proptest! {
        #[test]
        fn whatever_changes_the_edits_say_how(
            text in "[a-f\n]{0,40}",
            rounds in proptest::collection::vec(proptest::collection::vec((0usize..60, 0usize..5, "[X-Z]{0,3}"), 0..4), 0..5),
        ) {
            let mut patch = Patch::new(&text);
            let mut expected = text.clone();
            for round in rounds {
                let mut edits: Vec<Edit> = Vec::new();
                let mut free = 0;
                let mut sorted = round;
                sorted.sort();
                for (start, len, to) in sorted {
                    let start = start.min(expected.len());
                    let end = (start + len).min(expected.len());
                    if start >= free && edits.last().is_none_or(|it: &Edit| it.start < start) {
                        edits.push(edit(start, end, &to));
                        free = end;
                    }
                }
                expected = edited(&expected, &edits);
                patch.apply(&edits);
                prop_assert_eq!(patch.text(), expected.clone());
            }
            prop_assert_eq!(edited(&text, &patch.edits()), expected);
        }
    }
}
