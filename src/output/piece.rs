//! A file of the site that is a source file with some of its parts left out, or with others in their place. It is
//! never in memory whole: a list of pieces says which parts of the source are kept, and what stands between them.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// One part of a file that is made of another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// These bytes of the source.
    Keep(Range<u64>),
    /// These bytes instead.
    Put(Arc<[u8]>),
    /// At most this many times this byte.
    Fill(u64, u8),
}

impl Piece {
    /// Its length in bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        match self {
            Piece::Keep(range) => range.end.saturating_sub(range.start),
            Piece::Put(bytes) => bytes.len() as u64,
            Piece::Fill(count, _) => *count,
        }
    }

    /// Whether it holds nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Reads the pieces one after the other from a source file that is open.
#[derive(Debug)]
pub struct PieceReader<S> {
    source: S,
    pieces: Arc<[Piece]>,
    /// The piece that is read, and how much of it was read.
    at: (usize, u64),
    /// Whether the source stands where the piece goes on.
    is_in_place: bool,
}

impl<S: Read + Seek> PieceReader<S> {
    /// Reads from the beginning.
    pub fn new(source: S, pieces: Arc<[Piece]>) -> Self {
        PieceReader { source, pieces, at: (0, 0), is_in_place: false }
    }

    /// Passes over the first bytes without reading them.
    pub(crate) fn skip(&mut self, mut count: u64) {
        while let Some(piece) = self.pieces.get(self.at.0) {
            let left = piece.len() - self.at.1;
            if count < left {
                self.at.1 += count;
                break;
            }
            count -= left;
            self.at = (self.at.0 + 1, 0);
        }
        self.is_in_place = false;
    }
}

impl<S: Read + Seek> Read for PieceReader<S> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let Some(piece) = self.pieces.get(self.at.0) else { return Ok(0) };
            let (done, left) = (self.at.1, piece.len() - self.at.1);
            if left == 0 {
                self.at = (self.at.0 + 1, 0);
                self.is_in_place = false;
                continue;
            }
            let count = usize::try_from(left).unwrap_or(usize::MAX).min(into.len());
            if count == 0 {
                return Ok(0);
            }
            let into = &mut into[..count];
            let read = match piece {
                Piece::Keep(range) => {
                    if !self.is_in_place {
                        self.source.seek(SeekFrom::Start(range.start + done))?;
                        self.is_in_place = true;
                    }
                    match self.source.read(into)? {
                        0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                        read => read,
                    }
                }
                Piece::Put(bytes) => {
                    let from = usize::try_from(done).unwrap_or(usize::MAX);
                    into.copy_from_slice(&bytes[from..from + count]);
                    count
                }
                Piece::Fill(_, byte) => {
                    into.fill(*byte);
                    count
                }
            };
            self.at.1 += read as u64;
            return Ok(read);
        }
    }
}

/// Opens a source file, to read only its pieces.
pub(crate) fn open(path: &Path, pieces: &Arc<[Piece]>) -> io::Result<PieceReader<File>> {
    Ok(PieceReader::new(super::open_source(path)?, Arc::clone(pieces)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_read_in_their_order_and_from_anywhere() {
        let pieces: Arc<[Piece]> = Arc::new([
            Piece::Keep(2..4),
            Piece::Put(Arc::from(*b"new")),
            Piece::Fill(2, b'.'),
            Piece::Keep(0..1),
        ]);
        let whole = b"cdnew..a";
        for from in 0..=whole.len() {
            let mut reader = PieceReader::new(io::Cursor::new(b"abcdef"), Arc::clone(&pieces));
            reader.skip(from as u64);
            let mut read = Vec::new();
            reader.read_to_end(&mut read).expect("memory can be read");
            assert_eq!(read, whole[from..]);
        }
    }

    #[test]
    fn a_source_that_has_become_shorter_is_an_error() {
        let pieces: Arc<[Piece]> = Arc::new([Piece::Keep(2..4)]);
        let mut reader = PieceReader::new(io::Cursor::new(b"abc"), pieces);
        assert!(reader.read_to_end(&mut Vec::new()).is_err());
    }
}
