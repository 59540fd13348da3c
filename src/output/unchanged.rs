//! Files that a new site has in common with the site of before keep its times.
//!
//! Programs that copy a site to a host (`aws s3 sync`, `rsync`) and hosts that answer "not modified" go by the time of a
//! file. If each build gave every file a new one, all of a site would be sent again whenever one page changes.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::SystemTime;

use super::open_source;

/// How many bytes are compared at once.
const CHUNK: usize = 16 * 1024;

/// A file being written, compared with the one that stands in its place as long as both are the same.
pub(super) struct Compared<'a> {
    file: &'a mut File,
    standing: Option<(File, SystemTime)>,
}

impl<'a> Compared<'a> {
    /// Writes `file`, which will have `len` bytes, beside what stands at a path. A link or a device is nothing to
    /// compare with.
    pub(super) fn with(file: &'a mut File, standing: &Path, len: u64) -> Compared<'a> {
        Compared { file, standing: open(standing, len).ok().flatten() }
    }

    /// Ends the file: it has the time of the one that stands there if their bytes are the same.
    pub(super) fn finish(self) {
        if let Some((_, time)) = self.standing {
            // A disk that keeps no times costs a few uploads, not the site.
            let _ = self.file.set_modified(time);
        }
    }
}

impl Write for Compared<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes).map(|()| bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        if let Some((standing, _)) = &mut self.standing
            && !has_next(standing, bytes)
        {
            self.standing = None;
        }
        self.file.write_all(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn open(path: &Path, len: u64) -> io::Result<Option<(File, SystemTime)>> {
    let file = open_source(path)?;
    let facts = file.metadata()?;
    Ok((facts.is_file() && facts.len() == len).then_some((file, facts.modified()?)))
}

/// Whether these bytes come next in a file.
fn has_next(file: &mut File, bytes: &[u8]) -> bool {
    let mut chunk = [0; CHUNK];
    bytes.chunks(CHUNK).all(|bytes| {
        let read = &mut chunk[..bytes.len()];
        file.read_exact(read).is_ok() && read == bytes
    })
}
