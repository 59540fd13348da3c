//! The only writer of source files: new ones for `init` and `new`, which replace nothing, and changes of many
//! files at once for `mv`, which are done altogether or not at all and can be taken back.

mod change;
mod record;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

pub use change::{
    Change, ChangeError, Edit, Move, TextChange, begin, edited, finish, fixing, interrupted, undo,
};
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

/// Writes another text into a file in one step: whoever reads it sees the old text or the new one. It is
/// written at `beside` first, which nobody else may use; what was left there goes.
fn replace(path: &Path, text: &str, beside: &Path) -> io::Result<()> {
    match fs::remove_file(beside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = File::create_new(beside)?;
    file.write_all(text.as_bytes())?;
    if let Ok(metadata) = fs::metadata(path) {
        file.set_permissions(metadata.permissions())?;
    }
    file.sync_data()?;
    drop(file);
    match fs::rename(beside, path) {
        // The content may be a disk of its own, where only a file of the same folder can take another's place.
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            let folder = path.parent().unwrap_or(Path::new("."));
            let mut file = tempfile::Builder::new().prefix(".longhouse-").tempfile_in(folder)?;
            file.write_all(text.as_bytes())?;
            if let Ok(metadata) = fs::metadata(path) {
                file.as_file().set_permissions(metadata.permissions())?;
            }
            file.as_file().sync_data()?;
            file.persist(path).map(drop).map_err(|error| error.error)
        }
        done => done,
    }
}
