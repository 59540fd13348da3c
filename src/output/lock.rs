//! One build at a time on one output folder.
//!
//! The lock is the operating system's on an empty file in the user's own state folder, or beside the output
//! folder where there is none, so it ends with the process however that ends. The file goes with the last
//! build; one that a dead build left is taken over. No link is followed.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::state::open_lock;

/// How often a taken lock is tried before the wait is worth a word.
const TRIES: u32 = 20;
/// How often the file may be exchanged under our hands before something else is wrong.
const EXCHANGES: u32 = 1000;
/// The time between two tries.
const PAUSE: Duration = Duration::from_millis(25);

/// Held as long as it lives.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    /// Held open: closing it lets the lock go.
    file: File,
}

/// Waits until nobody else builds into the same folder; `waiting` is called once if that takes more
/// than a moment.
pub(super) fn take(path: &Path, waiting: &dyn Fn()) -> io::Result<Lock> {
    let mut tries = 0;
    let mut exchanges = 0;
    while exchanges < EXCHANGES {
        let file = open_lock(path)?;
        if file.metadata()?.len() > 0 {
            return Err(io::Error::other("it is not empty, so it is not a lock; remove it"));
        }
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) if tries < TRIES => {
                tries += 1;
                std::thread::sleep(PAUSE);
                continue;
            }
            Err(TryLockError::WouldBlock) => {
                if tries == TRIES {
                    waiting();
                    tries += 1;
                }
                file.lock()?;
            }
            // Some network file systems know no locks. A build alone is the common case there too.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
            Err(TryLockError::Error(error)) => return Err(error),
        }
        // The process that had it removed the file when done: then this lock is on a file that nobody else
        // can find any more, and counts for nothing.
        if is_the_file_at(&file, path) {
            return Ok(Lock { path: path.to_owned(), file });
        }
        exchanges += 1;
    }
    Err(io::Error::other("it keeps being replaced"))
}

impl Drop for Lock {
    fn drop(&mut self) {
        // While the lock is held, so that nobody has it on a file that is about to go without noticing.
        if is_the_file_at(&self.file, &self.path) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

#[cfg(unix)]
fn is_the_file_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), fs::symlink_metadata(path)) {
        (Ok(held), Ok(there)) => (held.dev(), held.ino()) == (there.dev(), there.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_the_file_at(_file: &File, path: &Path) -> bool {
    path.exists()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[test]
    fn nobody_is_inside_beside_another_and_nothing_stays_behind() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join(".public.longhouse.lock");
        let inside = AtomicU32::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..20 {
                        let lock = take(&path, &|| ()).expect("a lock");
                        assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                        assert_eq!(inside.fetch_sub(1, Ordering::SeqCst), 1);
                        drop(lock);
                    }
                });
            }
        });
        assert!(!path.exists());
    }

    #[test]
    fn a_long_wait_is_said_once() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("lock");
        let said = AtomicU32::new(0);
        let first = take(&path, &|| ()).expect("a lock");
        std::thread::scope(|scope| {
            let second = scope
                .spawn(|| take(&path, &|| said.store(said.load(Ordering::SeqCst) + 1, Ordering::SeqCst)));
            while said.load(Ordering::SeqCst) == 0 {
                std::thread::sleep(Duration::from_millis(5));
            }
            drop(first);
            assert!(second.join().expect("no panic").is_ok());
        });
        assert_eq!(said.load(Ordering::SeqCst), 1);
    }
}
