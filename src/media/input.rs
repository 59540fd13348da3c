//! A file that is read in windows, wherever one looks.

use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

use super::Trouble;

/// The most that is read at once, and the longest stretch that can be looked at.
pub(super) const WINDOW: usize = 64 * 1024;

/// So much is read where little is asked for.
const GLANCE: usize = 4 * 1024;

/// Something to read, with the part of it that was read last.
pub(super) struct Input<'a> {
    file: &'a mut dyn Source,
    len: u64,
    window: Vec<u8>,
    start: u64,
}

/// What can be read from anywhere.
trait Source: Read + Seek {}

impl<T: Read + Seek> Source for T {}

impl<'a> Input<'a> {
    pub(super) fn new(file: &'a mut (impl Read + Seek)) -> io::Result<Self> {
        let len = file.seek(SeekFrom::End(0))?;
        Ok(Input { file, len, window: Vec::new(), start: 0 })
    }

    /// The length of the file.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// The bytes from a place on, as many as asked for but never more than [`WINDOW`]; fewer at the end.
    pub(super) fn bytes(&mut self, at: u64, count: usize) -> io::Result<&[u8]> {
        let count = usize::try_from(self.len.saturating_sub(at)).unwrap_or(WINDOW).min(count).min(WINDOW);
        let end = self.start + self.window.len() as u64;
        if at < self.start || at + count as u64 > end {
            self.file.seek(SeekFrom::Start(at))?;
            self.window.clear();
            self.start = at;
            let wanted = count.max(GLANCE) as u64;
            (&mut self.file).take(wanted).read_to_end(&mut self.window)?;
        }
        let from = usize::try_from(at - self.start).unwrap_or(0).min(self.window.len());
        let to = (from + count).min(self.window.len());
        Ok(&self.window[from..to])
    }

    /// A stretch of the file whole, which must not be longer than `most`.
    pub(super) fn whole(&mut self, range: Range<u64>, most: u64) -> Result<Vec<u8>, Trouble> {
        if range.end.saturating_sub(range.start) > most {
            return Err(Trouble::Damaged("its table of contents is too large"));
        }
        self.file.seek(SeekFrom::Start(range.start))?;
        let mut bytes = Vec::new();
        (&mut self.file).take(range.end.saturating_sub(range.start)).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Exactly `N` bytes, or nothing at the end.
    pub(super) fn array<const N: usize>(&mut self, at: u64) -> io::Result<Option<[u8; N]>> {
        Ok(self.bytes(at, N)?.try_into().ok())
    }
}
