//! A [`Source`] in the shape of a directory that tantivy opens. It can be read and nothing else.

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tantivy::HasLen;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    Directory, DirectoryLock, FileHandle, Lock, OwnedBytes, WatchCallback, WatchHandle, WritePtr,
};

use super::Source;

/// The directory of one source.
#[derive(Clone)]
pub(super) struct SourceDirectory {
    source: Arc<dyn Source>,
}

/// One file of it.
struct SourceFile {
    source: Arc<dyn Source>,
    name: String,
    len: usize,
}

impl SourceDirectory {
    pub(super) fn new(source: Arc<dyn Source>) -> SourceDirectory {
        SourceDirectory { source }
    }

    fn file(&self, path: &Path) -> Result<SourceFile, OpenReadError> {
        let name = path.to_string_lossy().into_owned();
        let Some(len) = self.source.size(&name) else {
            return Err(OpenReadError::FileDoesNotExist(path.to_owned()));
        };
        Ok(SourceFile { source: Arc::clone(&self.source), name, len })
    }
}

impl Directory for SourceDirectory {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        Ok(Arc::new(self.file(path)?))
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        Ok(self.source.size(&path.to_string_lossy()).is_some())
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        let file = self.file(path)?;
        file.source
            .read(&file.name, 0..file.len)
            .map_err(|error| OpenReadError::wrap_io_error(error, path.to_owned()))
    }

    // Nothing else ever writes, so there is nothing to lock, to watch or to flush.
    fn acquire_lock(&self, _: &Lock) -> Result<DirectoryLock, LockError> {
        Ok(DirectoryLock::from(Box::new(())))
    }

    fn watch(&self, _: WatchCallback) -> tantivy::Result<WatchHandle> {
        Ok(WatchHandle::empty())
    }

    fn sync_directory(&self) -> io::Result<()> {
        Ok(())
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        Err(DeleteError::IoError { io_error: Arc::new(read_only()), filepath: path.to_owned() })
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        Err(OpenWriteError::wrap_io_error(read_only(), PathBuf::from(path)))
    }

    fn atomic_write(&self, _: &Path, _: &[u8]) -> io::Result<()> {
        Err(read_only())
    }
}

impl fmt::Debug for SourceDirectory {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SourceDirectory")
    }
}

impl FileHandle for SourceFile {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        // A damaged index may point anywhere.
        if range.start > range.end || range.end > self.len {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let expected = range.len();
        let bytes = self.source.read(&self.name, range)?;
        if bytes.len() != expected {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(OwnedBytes::new(bytes))
    }
}

impl HasLen for SourceFile {
    fn len(&self) -> usize {
        self.len
    }
}

impl fmt::Debug for SourceFile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SourceFile({})", self.name)
    }
}

fn read_only() -> io::Error {
    io::ErrorKind::PermissionDenied.into()
}
