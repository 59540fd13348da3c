//! What is published of a file, written down while it is walked through.

use std::ops::Range;
use std::sync::Arc;

use super::Trouble;
use crate::output::Piece;

/// A file that is torn into more pieces is no recording of anybody.
pub(super) const MAX_PIECES: usize = 100_000;

/// Pieces in order, neighbours joined.
#[derive(Debug, Default)]
pub(super) struct Recipe {
    pieces: Vec<Piece>,
}

impl Recipe {
    /// Everything.
    pub(super) fn whole(len: u64) -> Recipe {
        Recipe { pieces: vec![Piece::Keep(0..len)] }
    }

    /// Everything but some places, where this many bytes of something else stand. Of places that overlap the first counts.
    pub(super) fn patched(len: u64, mut patches: Vec<Patch>) -> Result<Recipe, Trouble> {
        patches.sort_by_key(|patch| patch.range.start);
        let mut recipe = Recipe::default();
        let mut at = 0;
        for Patch { range, with, fill } in patches {
            let (start, end) = (range.start.max(at), range.end.min(len));
            if start >= end {
                continue;
            }
            recipe.keep(at..start)?;
            let room = end - start;
            // What stands in its place only makes sense whole.
            let with = if start == range.start && with.len() as u64 <= room { with } else { Vec::new() };
            let rest = room - with.len() as u64;
            recipe.put(with)?;
            recipe.push(Piece::Fill(rest, fill))?;
            at = end;
        }
        recipe.keep(at..len)?;
        Ok(recipe)
    }

    /// Takes these bytes over.
    pub(super) fn keep(&mut self, range: Range<u64>) -> Result<(), Trouble> {
        if let Some(Piece::Keep(last)) = self.pieces.last_mut()
            && last.end == range.start
        {
            last.end = range.end.max(range.start);
            return Ok(());
        }
        self.push(Piece::Keep(range))
    }

    /// Puts these bytes in.
    pub(super) fn put(&mut self, bytes: Vec<u8>) -> Result<(), Trouble> {
        self.push(Piece::Put(Arc::from(bytes)))
    }

    /// How many bytes there are by now.
    pub(super) fn len(&self) -> u64 {
        self.pieces.iter().map(Piece::len).sum()
    }

    /// Adds what stands in another one.
    pub(super) fn append(&mut self, other: Recipe) -> Result<(), Trouble> {
        for piece in other.pieces {
            match piece {
                Piece::Keep(range) => self.keep(range)?,
                piece => self.push(piece)?,
            }
        }
        Ok(())
    }

    /// All but this many bytes at the beginning.
    pub(super) fn without_first(mut self, mut count: u64) -> Recipe {
        for piece in &mut self.pieces {
            let taken = count.min(piece.len());
            match piece {
                Piece::Keep(range) => range.start += taken,
                Piece::Put(bytes) => *bytes = Arc::from(&bytes[usize::try_from(taken).unwrap_or(0)..]),
                Piece::Fill(length, _) => *length -= taken,
            }
            count -= taken;
        }
        self.pieces.retain(|piece| !piece.is_empty());
        self
    }

    fn push(&mut self, piece: Piece) -> Result<(), Trouble> {
        if self.pieces.len() >= MAX_PIECES {
            return Err(Trouble::Damaged("it consists of too many parts"));
        }
        if !piece.is_empty() {
            self.pieces.push(piece);
        }
        Ok(())
    }

    /// The pieces, unless they are the whole file.
    pub(super) fn finish(self, len: u64) -> Option<Arc<[Piece]>> {
        let is_whole = match self.pieces.as_slice() {
            [] => len == 0,
            [Piece::Keep(range)] => *range == (0..len),
            _ => false,
        };
        (!is_whole).then(|| Arc::from(self.pieces))
    }
}

/// A place of a file where something else of the same length stands.
#[derive(Debug)]
pub(super) struct Patch {
    pub(super) range: Range<u64>,
    /// What it begins with.
    pub(super) with: Vec<u8>,
    /// The byte after that.
    pub(super) fill: u8,
}

impl Patch {
    /// Nothing but zeros.
    pub(super) fn zeros(range: Range<u64>) -> Patch {
        Patch { range, with: Vec::new(), fill: 0 }
    }
}
