//! The only writer of source files: new ones for `init` and `new`, which replace nothing, and changes of many
//! files at once for `mv`, `fix` and `forget`, which are done altogether or not at all and can be taken back.

mod allow;
mod change;
mod record;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

pub use allow::Scope;
pub use change::{
    Change, ChangeError, Edit, Journal, Move, TextChange, begin, edited, finish, fixing, forgetting,
    interrupted, saved, undo,
};
pub use record::Record;

/// Writes a new file of a site that is begun, by its path from the root, and the folders above it. No link is followed.
///
/// # Errors
/// With [`io::ErrorKind::AlreadyExists`] when there is such a file, when a folder is a link, and when the disk refuses.
pub fn create_first(root: &Path, path: &str, bytes: impl AsRef<[u8]>) -> io::Result<()> {
    for (at, _) in path.match_indices('/') {
        if fs::symlink_metadata(root.join(&path[..at])).is_ok_and(|it| it.is_symlink()) {
            return Err(io::Error::other(
                "a folder above it is a symbolic link, and Longhouse does not follow those",
            ));
        }
    }
    create(&root.join(path), bytes)
}

/// Replaces a file that a program of ours wrote, by its path from `root`, in one step. No link is followed.
///
/// # Errors
/// When the file is no longer as it was `before`, when it or a folder above it is a link, and when the disk refuses.
pub fn replace_ours(root: &Path, path: &str, before: &str, now: &str) -> io::Result<()> {
    let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
    for at in ends {
        if fs::symlink_metadata(root.join(&path[..at]))?.is_symlink() {
            return Err(io::Error::other("it is a symbolic link, and Longhouse does not follow those"));
        }
    }
    let file = root.join(path);
    let there = fs::read_to_string(&file)?;
    if there.replace("\r\n", "\n") != before.replace("\r\n", "\n") {
        return Err(io::Error::other("it was changed in the meantime"));
    }
    let mut new = tempfile::NamedTempFile::new_in(file.parent().unwrap_or(root))?;
    new.write_all(now.as_bytes())?;
    new.as_file().set_permissions(fs::metadata(&file)?.permissions())?;
    new.persist(&file).map_err(|error| error.error)?;
    Ok(())
}

/// Removes a file that a program of ours wrote, by its path from `root`. No link is followed.
///
/// # Errors
/// When it or a folder above it is a link, and when the disk refuses.
pub fn remove_ours(root: &Path, path: &str) -> io::Result<()> {
    let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
    for at in ends {
        if fs::symlink_metadata(root.join(&path[..at]))?.is_symlink() {
            return Err(io::Error::other("it is a symbolic link, and Longhouse does not follow those"));
        }
    }
    fs::remove_file(root.join(path))
}

fn create(path: &Path, bytes: impl AsRef<[u8]>) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(bytes.as_ref())
}

/// Writes files into a new folder, or one in which nothing lies, by their paths in it. It belongs to no site.
///
/// # Errors
/// With [`io::ErrorKind::AlreadyExists`] when something lies there, and when the disk refuses.
pub fn create_folder<'f>(folder: &Path, files: impl Iterator<Item = (&'f str, &'f [u8])>) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    if fs::read_dir(folder)?.next().is_some() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    for (path, bytes) in files {
        if path.split('/').any(|part| matches!(part, "" | "." | "..")) {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        create(&folder.join(path), bytes)?;
    }
    Ok(())
}

/// Writes a new file of the content by its path from the root, and the folders above it. No link is followed.
///
/// # Errors
/// When edits may not touch such a path, when there is such a file, and when the disk refuses.
pub fn create_in(root: &Path, scope: &Scope, path: &str, bytes: impl AsRef<[u8]>) -> Result<(), ChangeError> {
    allow::home_is_open(root, scope, &scope.home(root))?;
    scope.allows(root, path)?;
    create(&root.join(path), bytes).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => ChangeError::Refused(format!("This file already exists: {path}")),
        _ => ChangeError::Io(path.to_string(), error),
    })
}

/// Writes another text into a file in one step: anyone who reads it sees the old text or the new one. It is
/// written at `beside` first, which nobody else may use, or at `near`, where only a file of the same folder can
/// take another's place; what was left there goes.
fn replace(path: &Path, text: &str, beside: Option<&Path>, near: &Path) -> io::Result<()> {
    let Some(beside) = beside else { return replace_from(near, path, text) };
    match replace_from(beside, path, text) {
        // The content may be a disk of its own.
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            let _ = fs::remove_file(beside);
            replace_from(near, path, text)
        }
        done => done,
    }
}

fn replace_from(beside: &Path, path: &Path, text: &str) -> io::Result<()> {
    match fs::remove_file(beside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = File::create_new(beside)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| {
        if let Ok(metadata) = fs::symlink_metadata(path) {
            file.set_permissions(metadata.permissions())?;
        }
        file.sync_data()
    });
    drop(file);
    let done = written.and_then(|()| fs::rename(beside, path));
    if done.is_err() {
        let _ = fs::remove_file(beside);
    }
    done
}
