//! The pack: an index as a few hundred small files that any static host can serve.
//!
//! A browser cannot read parts of a file from a host that knows no ranges, so the files of the index are cut
//! into *pieces* where tantivy itself reads: at the blocks of its dictionaries, around the postings and
//! positions of neighbouring terms, at the blocks of its store. All that opening an index reads stands in one
//! *hot bundle*. Bytes are compressed here, because not every host does it.
//!
//! # The files
//!
//! ```text
//! search/index.json                     the manifest; the only name that is fixed, never to be cached
//! assets/search/<folder>/hot.bin        the hot bundle
//! assets/search/<folder>/<number>.bin   the pieces, from 0
//! ```
//!
//! `<folder>` is 16 hexadecimal digits of a hash of everything in it, so what has a name never changes. It stands where
//! all such files of a site stand, so that one rule for `/assets/` tells a host that they may be kept. The manifest is
//! `{"version": 3, "folder": "…", "pieces": n}`: `version` counts up when older code cannot read the rest of this page
//! any more, `pieces` is how many there are.
//!
//! # A piece
//!
//! | bytes | what |
//! |---|---|
//! | 8 | guard: [`guard`] of its number and its bytes |
//! | 4 | how many bytes it has |
//! | the rest | the bytes, as raw deflate (RFC 1951) |
//!
//! Numbers are little-endian. The hot bundle has the same form, with [`HOT`] as its number. A piece that is
//! cut off, exchanged for another, or is the error page of some host is told by its guard.
//!
//! # The hot bundle
//!
//! Numbers are LEB128: seven bits a byte, the lowest first, the highest bit set in all but the last byte.
//!
//! 1. How many files there are; for each the length of its name, the name, and its length.
//! 2. How many parts stand in the bundle itself; for each its range.
//! 3. How many pieces there are; for each how many ranges stand in it, one after the other; then of all ranges of all
//!    pieces their files, where they begin, the last eight bits of their lengths, a byte each, and the other bits of their
//!    lengths. What is alike stands together, which deflates to a third less.
//! 4. The bytes of the parts of 2, one after the other.
//!
//! A range is three numbers: the file it belongs to; how far it begins after the end of the last range of
//! that file in the same list, doubled, or if it begins before that, how far, doubled and less one; and its
//! length.

#[cfg(feature = "write")]
mod cut;
#[cfg(feature = "write")]
mod deflate;
#[cfg(feature = "write")]
mod listen;

use std::collections::BTreeSet;
use std::io;
use std::ops::Range;
use std::sync::{Mutex, OnceLock, PoisonError};

use serde::{Deserialize, Serialize};

use crate::index::{Error, Source};
#[cfg(feature = "write")]
pub use cut::pack;
#[cfg(feature = "write")]
pub(crate) use {cut::packed, deflate::Pieces};

/// Counts up when an older reader cannot read a pack any more.
pub const VERSION: u32 = 3;

/// The number under which the hot bundle is guarded.
pub const HOT: u32 = u32::MAX;

/// Where on a site the manifest stands.
pub const MANIFEST: &str = "search/index.json";

/// Where on a site the folders of packs stand.
const PIECES: &str = "assets/search";

/// At most this many bytes stand before the compressed ones: guard and length.
pub const HEAD: usize = 12;

/// What `search/index.json` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`VERSION`] of the writer.
    pub version: u32,
    /// The name of the folder in which the pack is, below `assets/search`.
    pub folder: String,
    /// How many pieces there are beside the hot bundle.
    pub pieces: u32,
}

/// Where on a site a piece of a pack stands.
fn path(folder: &str, number: u32) -> String {
    match number {
        HOT => format!("{PIECES}/{folder}/hot.bin"),
        number => format!("{PIECES}/{folder}/{number}.bin"),
    }
}

/// A pack whose pieces arrive one by one.
///
/// As a [`Source`] it answers from what has arrived. What has not is noted as missing.
pub struct Pack {
    files: Vec<File>,
    hot: Vec<u8>,
    pieces: Vec<Piece>,
    missing: Mutex<BTreeSet<u32>>,
    #[cfg(feature = "write")]
    fetch: Option<Box<Fetch>>,
}

/// Reads a piece at once, where that is possible: its number to its file.
#[cfg(feature = "write")]
pub type Fetch = dyn Fn(u32) -> io::Result<Vec<u8>> + Send + Sync;

struct File {
    name: String,
    len: usize,
    /// Where the parts of the file are, in their order.
    parts: Vec<Part>,
}

/// A part of a file.
struct Part {
    range: Range<usize>,
    /// The piece it stands in, or [`HOT`].
    piece: u32,
    /// Where it begins in that piece.
    at: usize,
}

struct Piece {
    len: usize,
    bytes: OnceLock<Vec<u8>>,
}

impl Manifest {
    /// Where on a site a piece stands, or the hot bundle.
    #[must_use]
    pub fn piece(&self, number: u32) -> String {
        path(&self.folder, number)
    }

    /// Reads a manifest.
    ///
    /// # Errors
    /// [`Error::Damaged`] if it is none, or one of another version.
    pub fn from_json(json: &[u8]) -> Result<Manifest, Error> {
        let manifest: Manifest =
            serde_json::from_slice(json).map_err(|_| damaged("the manifest cannot be read"))?;
        if manifest.version != VERSION {
            return Err(damaged("the index was written by another version"));
        }
        if manifest.folder.is_empty() || !manifest.folder.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(damaged("the manifest names no folder of the index"));
        }
        Ok(manifest)
    }
}

impl Pack {
    /// Opens a pack by its hot bundle: the head of its file, and its bytes already inflated.
    ///
    /// # Errors
    /// [`Error::Damaged`] if it is not the one that was written.
    pub fn open(head: &[u8], hot: Vec<u8>) -> Result<Pack, Error> {
        check(HOT, head, &hot)?;
        Pack::parse(hot).ok_or_else(|| damaged("the hot bundle is of another form"))
    }

    /// A pack that fetches what is missing as it is read, rather than to say that it is missing.
    ///
    /// # Errors
    /// Those of the fetching, and [`Error::Damaged`] if the hot bundle is not the one that was written.
    #[cfg(feature = "write")]
    pub fn fetching(fetch: Box<Fetch>) -> Result<Pack, Error> {
        let file = fetch(HOT)?;
        let (head, hot) = cut::inflate(&file)?;
        let mut pack = Pack::open(head, hot)?;
        pack.fetch = Some(fetch);
        Ok(pack)
    }

    fn parse(hot: Vec<u8>) -> Option<Pack> {
        let mut reader = Reader { bytes: &hot, at: 0 };
        let count = reader.number()?;
        let mut files = Vec::new();
        for _ in 0..count {
            let name = reader.number()?;
            let name = String::from_utf8(reader.take(name)?.to_vec()).ok()?;
            files.push(File { name, len: reader.number()?, parts: Vec::new() });
        }
        let mut last = vec![0; files.len()];
        let count = reader.number()?;
        let mut ranges = Vec::new();
        for _ in 0..count {
            ranges.push(reader.range(&mut last)?);
        }
        last.fill(0);
        let count = u32::try_from(reader.number()?).ok()?;
        let mut pieces = Vec::new();
        let counts = reader.numbers(count as usize)?;
        let all = counts.iter().fold(0, |all: usize, count| all.saturating_add(*count));
        let mut parts = reader.ranges(all, &mut last)?.into_iter();
        for (number, count) in (0..).zip(counts) {
            let mut len = 0;
            for (file, range) in parts.by_ref().take(count) {
                let part = Part { piece: number, at: len, range };
                len += part.range.len();
                files.get_mut(file)?.parts.push(part);
            }
            pieces.push(Piece { len, bytes: OnceLock::new() });
        }
        let mut at = reader.at;
        for (file, range) in ranges {
            let part = Part { piece: HOT, at, range };
            at += part.range.len();
            files.get_mut(file)?.parts.push(part);
        }
        for file in &mut files {
            file.parts.sort_by_key(|part| part.range.start);
            let mut end = 0;
            for part in &file.parts {
                if part.range.start != end {
                    return None;
                }
                end = part.range.end;
            }
            if end != file.len {
                return None;
            }
        }
        (at == hot.len()).then(|| Pack {
            files,
            hot,
            pieces,
            missing: Mutex::default(),
            #[cfg(feature = "write")]
            fetch: None,
        })
    }

    /// Hands over a piece: the head of its file, and its bytes already inflated.
    ///
    /// # Errors
    /// [`Error::Damaged`] if it is not the one that was written.
    pub fn give(&self, number: u32, head: &[u8], bytes: Vec<u8>) -> Result<(), Error> {
        check(number, head, &bytes)?;
        let piece = self.pieces.get(number as usize).filter(|piece| piece.len == bytes.len());
        let piece = piece.ok_or_else(|| damaged("a piece of another index"))?;
        // The same piece twice is no harm.
        let _ = piece.bytes.set(bytes);
        Ok(())
    }

    /// The numbers of the pieces that were asked for and are not there. They are told once.
    pub fn missing(&self) -> Vec<u32> {
        let mut missing = self.missing.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *missing).into_iter().collect()
    }

    fn file(&self, name: &str) -> Option<&File> {
        self.files.iter().find(|file| file.name == name)
    }

    /// The bytes of a piece, if they are there or can be fetched.
    fn piece(&self, number: u32) -> io::Result<Option<&[u8]>> {
        if number == HOT {
            return Ok(Some(&self.hot));
        }
        let piece = &self.pieces[number as usize];
        if let Some(bytes) = piece.bytes.get() {
            return Ok(Some(bytes));
        }
        #[cfg(feature = "write")]
        if let Some(fetch) = &self.fetch {
            let file = fetch(number)?;
            let (head, bytes) = cut::inflate(&file)?;
            self.give(number, head, bytes).map_err(|error| io::Error::other(error.to_string()))?;
            return Ok(piece.bytes.get().map(Vec::as_slice));
        }
        self.missing.lock().unwrap_or_else(PoisonError::into_inner).insert(number);
        Ok(None)
    }
}

impl Source for Pack {
    fn size(&self, name: &str) -> Option<usize> {
        self.file(name).map(|file| file.len)
    }

    fn read(&self, name: &str, range: Range<usize>) -> io::Result<Vec<u8>> {
        let file = self.file(name).ok_or(io::ErrorKind::NotFound)?;
        if range.end > file.len {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let first = file.parts.partition_point(|part| part.range.end <= range.start);
        let parts = file.parts[first..].iter().take_while(|part| part.range.start < range.end);
        let mut bytes = Vec::with_capacity(range.len());
        let mut complete = true;
        // Everything that is missing is noted, not only the first of it.
        for part in parts {
            let start = range.start.max(part.range.start) - part.range.start + part.at;
            let end = range.end.min(part.range.end) - part.range.start + part.at;
            match self.piece(part.piece)? {
                Some(piece) if complete => {
                    bytes.extend_from_slice(piece.get(start..end).ok_or(io::ErrorKind::UnexpectedEof)?);
                }
                Some(_) => {}
                None => complete = false,
            }
        }
        if complete { Ok(bytes) } else { Err(io::ErrorKind::WouldBlock.into()) }
    }
}

/// What guards a piece: FNV-1a with 64 bits of its number (four bytes) and its bytes.
#[must_use]
pub fn guard(number: u32, bytes: &[u8]) -> u64 {
    number.to_le_bytes().iter().chain(bytes).fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// Makes sure that a piece is the one that was written.
fn check(number: u32, head: &[u8], bytes: &[u8]) -> Result<(), Error> {
    let expected = [&guard(number, bytes).to_le_bytes()[..], &(bytes.len() as u32).to_le_bytes()].concat();
    if head == expected { Ok(()) } else { Err(damaged("a piece is not the one that was written")) }
}

fn damaged(why: &str) -> Error {
    Error::Damaged(why.to_owned())
}

/// Reads the table at the beginning of the hot bundle.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn number(&mut self) -> Option<usize> {
        let mut number = 0_u64;
        for shift in (0..63).step_by(7) {
            let byte = *self.bytes.get(self.at)?;
            self.at += 1;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return usize::try_from(number).ok();
            }
        }
        None
    }

    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let taken = self.bytes.get(self.at..self.at.checked_add(len)?)?;
        self.at += len;
        Some(taken)
    }

    fn range(&mut self, last: &mut [usize]) -> Option<(usize, Range<usize>)> {
        let file = self.number()?;
        let (gap, len) = (self.number()?, self.number()?);
        Some((file, range(gap, len, last.get_mut(file)?)?))
    }

    fn numbers(&mut self, count: usize) -> Option<Vec<usize>> {
        (0..count).map(|_| self.number()).collect()
    }

    /// As many ranges, of which first all files stand there, then where all begin, and then the lengths.
    fn ranges(&mut self, count: usize, last: &mut [usize]) -> Option<Vec<(usize, Range<usize>)>> {
        let (files, gaps) = (self.numbers(count)?, self.numbers(count)?);
        let (low, high) = (self.take(count)?, self.numbers(count)?);
        let parts = files.into_iter().zip(gaps).zip(low.iter().zip(high));
        parts
            .map(|((file, gap), (low, high))| {
                let len = high.checked_mul(1 << 8)? | usize::from(*low);
                Some((file, range(gap, len, last.get_mut(file)?)?))
            })
            .collect()
    }
}

/// A range that begins at a gap after the end of the last one of its file, or before.
fn range(gap: usize, len: usize, last: &mut usize) -> Option<Range<usize>> {
    let start = match gap % 2 {
        0 => last.checked_add(gap / 2)?,
        _ => last.checked_sub(gap / 2 + 1)?,
    };
    *last = start.checked_add(len)?;
    Some(start..*last)
}

#[cfg(all(test, feature = "write"))]
mod tests;
