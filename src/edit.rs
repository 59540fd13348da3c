//! The only writer of source files: new ones for `init` and `new`. It never replaces what is there.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

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
