//! The only writer of source files: new ones for `init` and `new`, which replace nothing, and changes of many
//! files at once for `mv`, which are done altogether or not at all and can be taken back.

mod change;
mod record;

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

pub use change::{Change, ChangeError, Edit, Move, TextChange, begin, edited, finish, interrupted, undo};
pub use record::{FOLDER, Record};

/// Writes a new file, and the folders above it.
///
/// # Errors
/// With [`io::ErrorKind::AlreadyExists`] when there is such a file, and when the disk refuses.
pub fn create(path: &Path, bytes: impl AsRef<[u8]>) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(bytes.as_ref())
}

/// Writes another text into a file in one step: whoever reads it sees the old text or the new one.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().ok_or_else(|| io::Error::other("a file lies in a folder"))?;
    // A hidden name is never content, should the process end here.
    let mut file = tempfile::Builder::new().prefix(".longhouse-").tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_data()?;
    if let Ok(metadata) = fs::metadata(path) {
        file.as_file().set_permissions(metadata.permissions())?;
    }
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}
