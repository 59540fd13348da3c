//! Taking away a folder of ours: the old site, or what a dead build left.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::MARKER;

/// Removes a folder and everything in it, on all threads. Symbolic links are removed, never followed.
///
/// The marker goes last: a sweep that was interrupted leaves a folder that is still known as ours.
pub(super) fn sweep(folder: &Path) -> io::Result<()> {
    let open = empty(folder, true)?;
    gone(fs::remove_file(folder.join(MARKER)))?;
    gone(fs::remove_dir(folder))?;
    drop(open);
    Ok(())
}

/// Empties a folder and gives it back still open.
///
/// Anyone who removes it closes it afterwards: only then does the system free its blocks, and it does so
/// outside the lock of the folder above, which all threads want.
fn empty(folder: &Path, is_top: bool) -> io::Result<fs::ReadDir> {
    let mut folders: Vec<PathBuf> = Vec::new();
    let mut entries = fs::read_dir(folder)?;
    for entry in entries.by_ref() {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            folders.push(entry.path());
        } else if !(is_top && entry.file_name() == MARKER) {
            gone(fs::remove_file(entry.path()))?;
        }
    }
    folders.par_iter().try_for_each(|folder| {
        let open = empty(folder, false)?;
        gone(fs::remove_dir(folder))?;
        drop(open);
        Ok::<(), io::Error>(())
    })?;
    Ok(entries)
}

/// What somebody else took away is gone all the same.
fn gone(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_link_is_removed_and_what_it_leads_to_stays() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (kept, old) = (folder.path().join("kept"), folder.path().join("old"));
        fs::create_dir_all(&kept).expect("a folder");
        fs::write(kept.join("letter.txt"), "dear").expect("a file");
        fs::create_dir_all(old.join("a/b")).expect("folders");
        fs::write(old.join(MARKER), "").expect("a marker");
        std::os::unix::fs::symlink(&kept, old.join("a/link")).expect("a link");
        sweep(&old).expect("it goes");
        assert!(!old.exists());
        assert!(kept.join("letter.txt").exists());
    }
}
