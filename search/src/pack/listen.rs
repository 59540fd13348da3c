//! Where tantivy reads: found out by listening to it, so that nothing here knows its formats.

use std::io;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use super::cut::Files;
use crate::index::Source;

/// The files of an index, and what has been read of them since one last asked.
pub(super) struct Listener {
    files: Arc<Files>,
    heard: Mutex<Vec<(String, Range<usize>)>>,
}

impl Listener {
    pub(super) fn new(files: Arc<Files>) -> Listener {
        Listener { files, heard: Mutex::default() }
    }

    /// What has been read, in order.
    pub(super) fn heard(&self) -> Vec<(String, Range<usize>)> {
        std::mem::take(&mut *self.heard.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Source for Listener {
    fn size(&self, name: &str) -> Option<usize> {
        self.files.get(name).map(|bytes| bytes.len())
    }

    fn read(&self, name: &str, range: Range<usize>) -> io::Result<Vec<u8>> {
        let heard = (name.to_owned(), range.clone());
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).push(heard);
        let part = self.files.get(name).and_then(|bytes| bytes.get(range));
        part.map(<[u8]>::to_vec).ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}
