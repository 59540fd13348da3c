//! The site as a map from paths to contents, and the only code that writes it.
//!
//! An [`OutputPath`] cannot leave the root and cannot be something that a system refuses to store, so
//! whatever is built can be written. Where it goes is a [`Sink`]: an [`Output`] holds the site in
//! memory (for the preview server and for tests), a [`Stage`] writes it beside the output folder and
//! puts it in place at once, and a [`Mirror`] follows with what changes afterwards. Nothing here knows what a page is, and nothing here prints.

mod folder;
mod inside;
mod ledger;
mod lock;
mod mirror;
mod path;
mod piece;
mod single;
mod stage;
mod sweep;
mod unchanged;

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

pub use self::folder::Grounds;
pub use self::ledger::kept_beside;
pub use self::mirror::{Applied, Mirror};
pub use self::path::{OutputPath, UnsafePath};
pub use self::piece::{Piece, PieceReader};
pub use self::single::write_file;
pub use self::stage::{Note, PublishError, Published, Stage};
pub(crate) use crate::state::open_source;

/// The file that marks an output folder as ours. No [`OutputPath`] can name it.
pub const MARKER: &str = ".longhouse";

/// What stands at a path of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// The bytes themselves.
    Bytes(Arc<[u8]>),
    /// A file of the sources, copied when the site is written and read when it is asked for.
    Source {
        /// Where the file is, absolute.
        path: PathBuf,
        /// Its length in bytes when it was read.
        len: u64,
        /// The hash of its bytes when it was read. Writing fails if the file has changed since.
        hash: blake3::Hash,
    },
    /// A file of the sources without some of its parts, put together when the site is written or asked for.
    Pieces {
        /// Where the source file is, absolute.
        path: PathBuf,
        /// What is published of it, in order.
        pieces: Arc<[Piece]>,
        /// The length of the source file when it was read, in bytes.
        source_len: u64,
        /// The length of what is published, in bytes.
        len: u64,
        /// The hash of what is published, when the source was read. Writing fails if the source has changed since.
        hash: blake3::Hash,
    },
}

impl Content {
    /// The length in bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        match self {
            Content::Bytes(bytes) => bytes.len() as u64,
            Content::Source { len, .. } | Content::Pieces { len, .. } => *len,
        }
    }

    /// Opens what is published, to be read from its beginning.
    ///
    /// # Errors
    /// When the source file cannot be opened.
    pub fn open(&self) -> io::Result<Box<dyn Read + Send + '_>> {
        Ok(match self {
            Content::Bytes(bytes) => Box::new(&**bytes),
            Content::Source { path, .. } => Box::new(open_source(path)?),
            Content::Pieces { path, pieces, .. } => Box::new(piece::open(path, pieces)?),
        })
    }

    /// Whether there is not a single byte.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The hash of the bytes, computed for bytes in memory, known for a source file.
    #[must_use]
    pub fn hash(&self) -> blake3::Hash {
        match self {
            Content::Bytes(bytes) => blake3::hash(bytes),
            Content::Source { hash, .. } | Content::Pieces { hash, .. } => *hash,
        }
    }
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Self {
        Content::Bytes(bytes.into())
    }
}

impl From<String> for Content {
    fn from(text: String) -> Self {
        text.into_bytes().into()
    }
}

impl From<Arc<[u8]>> for Content {
    fn from(bytes: Arc<[u8]>) -> Self {
        Content::Bytes(bytes)
    }
}

/// Where a site goes while it is made. Safe to call from every thread at once.
pub trait Sink: Sync {
    /// Takes one file of the site.
    ///
    /// # Errors
    /// When the file cannot be written, and with [`io::ErrorKind::AlreadyExists`] when the path was
    /// taken before: two pages on one address are a mistake of ours, for links were resolved by then.
    fn put(&self, path: &OutputPath, content: Content) -> io::Result<()>;

    /// Takes one file whose bytes belong to the caller, who will use the same memory for the next one.
    ///
    /// # Errors
    /// As [`Sink::put`].
    fn put_bytes(&self, path: &OutputPath, bytes: &[u8]) -> io::Result<()> {
        self.put(path, Content::Bytes(Arc::from(bytes)))
    }
}

/// A whole site in memory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Output {
    files: BTreeMap<OutputPath, Content>,
}

impl Output {
    /// What stands at a path written with `/`, without a leading one.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Content> {
        self.files.get(path)
    }

    /// Every file, in the order of its path.
    pub fn iter(&self) -> impl Iterator<Item = (&OutputPath, &Content)> {
        self.files.iter()
    }

    /// How many files there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is no file at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Puts a file in, whatever stood there, and gives back what stood there.
    pub fn insert(&mut self, path: OutputPath, content: Content) -> Option<Content> {
        self.files.insert(path, content)
    }

    /// Takes a file out, and gives it back if it was there.
    pub fn remove(&mut self, path: &str) -> Option<Content> {
        self.files.remove(path)
    }
}

impl FromIterator<(OutputPath, Content)> for Output {
    fn from_iter<I: IntoIterator<Item = (OutputPath, Content)>>(files: I) -> Self {
        Output { files: files.into_iter().collect() }
    }
}

/// An [`Output`] in the making: the [`Sink`] that keeps everything in memory.
#[derive(Debug, Default)]
pub struct Gather {
    files: Mutex<BTreeMap<OutputPath, Content>>,
}

impl Gather {
    /// Everything that was put in.
    #[must_use]
    pub fn finish(self) -> Output {
        Output { files: self.files.into_inner().unwrap_or_else(PoisonError::into_inner) }
    }
}

impl Sink for Gather {
    fn put(&self, path: &OutputPath, content: Content) -> io::Result<()> {
        let before = self.files.lock().unwrap_or_else(PoisonError::into_inner).insert(path.clone(), content);
        if before.is_some() { Err(taken(path)) } else { Ok(()) }
    }
}

/// Writes a report where somebody asked for it. It is no part of a site.
///
/// # Errors
/// When the disk refuses.
pub fn write_report(path: &Path, text: &str) -> io::Result<()> {
    std::fs::write(path, text)
}

/// The mistake of writing one path twice.
fn taken(path: &OutputPath) -> io::Error {
    io::Error::new(
        io::ErrorKind::AlreadyExists,
        format!("two pages of the site would be written to {path}; this is a bug in Longhouse"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_gathered_from_many_threads_and_read_in_order() {
        use rayon::prelude::*;
        let gather = Gather::default();
        (0..100).into_par_iter().for_each(|n: u32| {
            let path = OutputPath::new(&format!("questions/{n:03}/index.html")).expect("a plain path");
            gather.put(&path, format!("page {n}").into()).expect("memory takes it");
        });
        let output = gather.finish();
        assert_eq!(output.len(), 100);
        assert_eq!(output.get("questions/007/index.html"), Some(&Content::from("page 7".to_owned())));
        assert_eq!(output.get("/questions/007/index.html"), None);
        let paths: Vec<&str> = output.iter().map(|(path, _)| path.as_str()).collect();
        assert!(paths.is_sorted());
    }

    #[test]
    fn writing_one_path_twice_is_said() {
        let gather = Gather::default();
        let path = OutputPath::new("index.html").expect("a plain path");
        gather.put(&path, Vec::new().into()).expect("the first is taken");
        let error = gather.put(&path, Vec::new().into()).expect_err("the second is refused");
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
    }
}
