//! An output folder that follows a site while somebody writes: what changed is written file by file.
//!
//! Every file is the old one or the new one at every moment, for each is written beside its place and
//! renamed into it. The site as a whole is between two states while its files are written; that it is
//! one or the other is the promise of a [`Stage`](super::Stage) alone.

#[cfg(all(test, unix))]
mod tests;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::folder::{self, FolderState, MARK, OutputFolder, is_marked, look, world};
use super::ledger::Ledger;
use super::lock::Lock;
use super::stage::{self, PublishError};
use super::{Content, Grounds, MARKER, Output, OutputPath};

/// The output folder of a site, kept up to date. Nobody else builds into it while this lives.
#[derive(Debug)]
pub struct Mirror {
    folder: PathBuf,
    /// Counts the names of files on their way.
    written: AtomicU64,
    _lock: Option<Lock>,
}

/// What was done to the folder.
#[derive(Debug, Default)]
pub struct Applied {
    /// Files that are new or have other bytes now.
    pub written: usize,
    /// Files that stood there with these bytes already, and were not touched.
    pub unchanged: usize,
    /// Files that are gone now.
    pub removed: usize,
    /// How many bytes were written.
    pub bytes: u64,
    /// Files that could not be written or removed, in the order of their paths. They are as they were.
    pub failed: Vec<(OutputPath, io::Error)>,
}

/// What is to stand at a path.
type Change<'a> = (&'a OutputPath, Option<&'a Content>);

impl Mirror {
    /// Makes sure that the output folder may be written, waits for a build on it (calling `waiting` once
    /// if that takes more than a moment), and keeps other builds away as long as it lives. What stands
    /// in the folder is not looked at; [`Mirror::equal`] does that.
    ///
    /// # Errors
    /// When the folder is refused, or the disk fails.
    pub fn open(grounds: &Grounds<'_>, waiting: &dyn Fn()) -> Result<Mirror, PublishError> {
        let place = folder::find(grounds)?;
        look(&place.output())?;
        let ledger = Ledger::of(grounds.state, &place);
        let lock = ledger.lock(&place, grounds.is_tracked, waiting).map_err(world("lock", &place.lock()))?;
        folder::clean(&place, &ledger, grounds.is_tracked).map_err(world("clear away", &place.output()))?;
        Ok(Mirror::of(&place, Some(lock)))
    }

    /// The folder of a site that was published this moment, with the lock of the process that did.
    pub(super) fn of(place: &OutputFolder, lock: Option<Lock>) -> Mirror {
        Mirror { folder: place.output(), written: AtomicU64::new(0), _lock: lock }
    }

    /// The output folder, absolute.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Makes the folder equal to a site, whatever stood there of ours: writes what differs, and removes
    /// what the site does not have. Makes the folder if it is gone.
    ///
    /// # Errors
    /// When the folder has become somebody else's, or cannot be made or listed.
    pub fn equal(&self, output: &Output) -> Result<Applied, PublishError> {
        if look(&self.folder)? != FolderState::Ours || !is_marked(&self.folder) {
            fs::create_dir_all(&self.folder).map_err(world("make", &self.folder))?;
            let marker = self.folder.join(MARKER);
            fs::write(&marker, MARK).map_err(world("write", &marker))?;
        }
        let there = stage::list(&self.folder).map_err(|error| world("read", &self.folder)(error))?;
        let all: Vec<Change<'_>> = output.iter().map(|(path, content)| (path, Some(content))).collect();
        let mut applied = self.change(&all);
        // A name that is none of ours can be left by a write that was killed.
        let is_kept = |file: &Path| output.get(&file.to_string_lossy().replace('\\', "/")).is_some();
        for file in there.into_iter().filter(|file| !is_kept(file)) {
            if self.remove(&self.folder.join(&file)).map_err(world("remove", &self.folder.join(&file)))? {
                applied.removed += 1;
            }
        }
        Ok(applied)
    }

    /// Writes the files that have changed and removes those that are gone (`None`). A path that is named
    /// twice is written as it is named last.
    ///
    /// Pages and lists of files come after what they refer to, and removals last, so that a reader in
    /// between finds what a page needs. One file that fails does not keep the others from being written.
    ///
    /// # Errors
    /// When the folder is not there any more or is not ours; [`Mirror::equal`] makes it again.
    pub fn apply(&self, changes: &[(OutputPath, Option<Content>)]) -> Result<Applied, PublishError> {
        if !is_marked(&self.folder) {
            look(&self.folder)?;
            return Err(world("write", &self.folder)(io::ErrorKind::NotFound.into()));
        }
        let mut last: Vec<Change<'_>> =
            changes.iter().map(|(path, content)| (path, content.as_ref())).collect();
        // Stable, so that of two with one path the last one named stands last.
        last.sort_by(|a, b| a.0.cmp(b.0));
        last.reverse();
        last.dedup_by(|next, kept| next.0 == kept.0);
        last.reverse();
        Ok(self.change(&last))
    }

    fn change(&self, changes: &[Change<'_>]) -> Applied {
        let applied = Mutex::new(Applied::default());
        let note = |path: &OutputPath, done: io::Result<Done>| {
            let mut applied = applied.lock().unwrap_or_else(PoisonError::into_inner);
            match done {
                Ok(Done::Written(len)) => {
                    applied.written += 1;
                    applied.bytes += len;
                }
                Ok(Done::Unchanged) => applied.unchanged += 1,
                Ok(Done::Removed) => applied.removed += 1,
                Ok(Done::Absent) => {}
                Err(error) => applied.failed.push((path.clone(), error)),
            }
        };
        let remove = |path: &OutputPath| {
            let removed = self.remove(&path.within(&self.folder));
            note(path, removed.map(|removed| if removed { Done::Removed } else { Done::Absent }));
        };
        // Some disks take two names for one if they differ by case alone: there the old one must go
        // before the new one comes.
        let folded = |path: &OutputPath| path.as_str().to_lowercase();
        let gone = || changes.iter().filter(|(_, content)| content.is_none()).map(|(path, _)| *path);
        let mut renamed: BTreeSet<&OutputPath> = BTreeSet::new();
        if gone().next().is_some() {
            let come: BTreeSet<String> = changes
                .iter()
                .filter(|(_, content)| content.is_some())
                .map(|(path, _)| folded(path))
                .collect();
            renamed.extend(gone().filter(|path| come.contains(&folded(path))));
        }
        renamed.iter().for_each(|path| remove(path));
        for refers in [false, true] {
            changes.par_iter().for_each(|(path, content)| {
                if let Some(content) = content
                    && refers_to_others(path) == refers
                {
                    note(path, self.put(path, content));
                }
            });
        }
        gone().filter(|path| !renamed.contains(path)).for_each(remove);
        let mut applied = applied.into_inner().unwrap_or_else(PoisonError::into_inner);
        applied.failed.sort_by(|a, b| a.0.cmp(&b.0));
        applied
    }

    fn put(&self, path: &OutputPath, content: &Content) -> io::Result<Done> {
        let target = path.within(&self.folder);
        if is_there(&target, content)? {
            return Ok(Done::Unchanged);
        }
        // Once more, for another thread may have been making the same room or removing an empty folder.
        self.write(&target, content).or_else(|_| self.write(&target, content))?;
        Ok(Done::Written(content.len()))
    }

    fn write(&self, target: &Path, content: &Content) -> io::Result<()> {
        stage::clear_way(target, &self.folder)?;
        let above = target.parent().unwrap_or(&self.folder);
        let number = self.written.fetch_add(1, Ordering::Relaxed);
        let beside = above.join(format!("{MARKER}-{}-{number}", std::process::id()));
        let written = File::create_new(&beside).and_then(|mut file| match content {
            Content::Bytes(bytes) => file.write_all(bytes),
            Content::Source { .. } | Content::Pieces { .. } => stage::copy(content, &mut file),
        });
        if let Err(error) = written.and_then(|()| fs::rename(&beside, target)) {
            let _ = fs::remove_file(&beside);
            self.remove_empty(above);
            return Err(error);
        }
        Ok(())
    }

    /// Removes a file, and the folders that are empty without it; says whether there was one.
    fn remove(&self, file: &Path) -> io::Result<bool> {
        match fs::symlink_metadata(file) {
            // A folder of that name belongs to other files.
            Ok(there) if there.is_dir() => return Ok(false),
            Ok(_) => fs::remove_file(file)?,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Ok(false);
            }
            Err(error) => return Err(error),
        }
        if let Some(above) = file.parent() {
            self.remove_empty(above);
        }
        Ok(true)
    }

    fn remove_empty(&self, folder: &Path) {
        let mut above = Some(folder);
        while let Some(folder) = above.filter(|folder| *folder != self.folder) {
            // One that is not empty refuses to go.
            if fs::remove_dir(folder).is_err() {
                break;
            }
            above = folder.parent();
        }
    }
}

/// What was done to one file.
enum Done {
    Written(u64),
    Unchanged,
    Removed,
    Absent,
}

/// Whether exactly this stands there already.
fn is_there(target: &Path, content: &Content) -> io::Result<bool> {
    let there = match fs::symlink_metadata(target) {
        Ok(there) => there,
        Err(_) => return Ok(false),
    };
    if !there.is_file() || there.len() != content.len() {
        return Ok(false);
    }
    let mut file = match super::open_source(target) {
        Ok(file) => file,
        Err(_) => return Ok(false),
    };
    match content {
        Content::Bytes(bytes) => {
            let mut old = Vec::with_capacity(bytes.len());
            file.read_to_end(&mut old)?;
            Ok(old == **bytes)
        }
        Content::Source { hash, .. } | Content::Pieces { hash, .. } => {
            let mut hasher = blake3::Hasher::new();
            hasher.update_reader(file)?;
            Ok(hasher.finalize() == *hash)
        }
    }
}

/// Whether a file is one that names others: a page, a feed, the manifest of the search.
fn refers_to_others(path: &OutputPath) -> bool {
    let name = path.as_str();
    [".html", ".xml", ".json"].into_iter().any(|end| name.ends_with(end))
}
