//! What happens to a site between two looks at it: files written, moved and removed.
//!
//! A step holds whole texts and paths, so it can be done again on another copy of the site, also where some of
//! the steps before it were left out: what it cannot do there it leaves.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use longhouse::source::reload::Touched;

/// Several changes that are seen at once.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) changes: Vec<Change>,
    pub(super) naming: Naming,
}

/// One change of the disk. Paths are from the root of the site.
#[derive(Clone)]
pub(super) enum Change {
    Write(String, Vec<u8>),
    Remove(String),
    Rename(String, String),
}

/// How the changed paths are named to whoever reads them again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    /// Each file, or the folder that came or went with it.
    Files,
    /// The folders in which something changed.
    Folders,
    /// Nobody knows what changed.
    Everything,
}

impl std::fmt::Debug for Change {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Change::Write(path, bytes) => {
                let text = String::from_utf8_lossy(bytes);
                let text: String = text.chars().take(1200).collect();
                write!(out, "write {path}\n    | {}", text.replace('\n', "\n    | "))
            }
            Change::Remove(path) => write!(out, "remove {path}"),
            Change::Rename(from, to) => write!(out, "rename {from} to {to}"),
        }
    }
}

impl Step {
    /// Does it, and says what a watcher would name.
    pub(super) fn act(&self, root: &Path) -> Touched {
        let mut paths: BTreeSet<PathBuf> = BTreeSet::new();
        for change in &self.changes {
            paths.extend(change.act(root));
        }
        match self.naming {
            Naming::Files => {}
            Naming::Folders => {
                let above =
                    |path: PathBuf| path.parent().map_or_else(|| root.to_path_buf(), Path::to_path_buf);
                paths = paths.into_iter().map(above).collect();
            }
            Naming::Everything => return Touched { everything: true, ..Touched::default() },
        }
        Touched { paths, everything: false }
    }
}

impl Change {
    fn act(&self, root: &Path) -> Vec<PathBuf> {
        match self {
            Change::Write(path, bytes) => write(&root.join(path), bytes, root),
            Change::Remove(path) => {
                let path = root.join(path);
                let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
                removed.map(|()| vec![path]).unwrap_or_default()
            }
            Change::Rename(from, to) => {
                let (from, to) = (root.join(from), root.join(to));
                let is_possible = fs::symlink_metadata(&from).is_ok()
                    && fs::symlink_metadata(&to).is_err()
                    && !to.starts_with(&from);
                let Some(folder) = to.parent().filter(|_| is_possible) else { return Vec::new() };
                let mut named = made(folder, root);
                if !folder.is_dir() || fs::rename(&from, &to).is_err() {
                    return named;
                }
                named.extend([from, to]);
                named
            }
        }
    }
}

fn write(path: &Path, bytes: &[u8], root: &Path) -> Vec<PathBuf> {
    let Some(folder) = path.parent() else { return Vec::new() };
    let mut named = made(folder, root);
    // A folder may have taken the place.
    if !folder.is_dir() || path.is_dir() || fs::write(path, bytes).is_err() {
        return named;
    }
    if named.is_empty() {
        named.push(path.to_path_buf());
    }
    named
}

/// Makes a folder; the outermost one that was not there is what a watcher sees first.
fn made(folder: &Path, root: &Path) -> Vec<PathBuf> {
    let missing = folder.ancestors().take_while(|it| *it != root && !it.exists()).last();
    let missing = missing.map(Path::to_path_buf);
    if fs::create_dir_all(folder).is_err() {
        return Vec::new();
    }
    missing.into_iter().collect()
}
