//! Exchanging a site inside an output folder that cannot be renamed: a mount point, for instance.
//!
//! All of the new site is written into a folder inside the output folder first, so that a disk that is full says so
//! while the old site is untouched. Then entry by entry takes its place, by renaming alone, and the old ones are kept
//! until the last one did: whatever fails in between, the old site is put back. What will be done is written down
//! before the first step, so that the next build puts it back after a process that was killed.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::stage::{exchange_names, list};
use super::{MARKER, sweep};

/// What will be exchanged, and how it is known again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Journal {
    /// The name of the folder in the output folder that holds the new site, and then the old one.
    hold: String,
    entries: Vec<Entry>,
}

/// A file or a folder that is in the old site, in the new one, or in both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    /// Its path from the output folder, with `/`.
    path: String,
    old: Option<KnownFolder>,
    new: Option<KnownFolder>,
}

/// That something is there, and its number on the disk where things have one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct KnownFolder {
    number: Option<u64>,
}

/// How much is renamed at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grain {
    /// What lies directly in the output folder: a few dozen names, so that it takes a moment.
    Top,
    /// Every file, where a folder cannot be renamed either.
    Files,
}

/// Why the new site is not in place.
pub(super) enum Failed {
    /// The old one is.
    Restored(io::Error),
    /// The old one is not: what is needed to put it back stays.
    Mixed(io::Error),
}

/// A new site inside the output folder, not in its place yet.
pub(super) struct Held<'a> {
    output: &'a Path,
    hold: PathBuf,
}

impl Held<'_> {
    /// Copies a site into the output folder, under a name that nobody can guess.
    pub(super) fn copy<'a>(from: &Path, output: &'a Path, nonce: &str) -> io::Result<Held<'a>> {
        let held = Held { output, hold: output.join(format!("{MARKER}-{nonce}")) };
        let copied = (|| {
            fs::create_dir(&held.hold)?;
            fs::create_dir(held.hold.join("old"))?;
            fs::create_dir(held.hold.join("new"))?;
            for path in list(from)? {
                let to = held.hold.join("new").join(&path);
                fs::create_dir_all(to.parent().unwrap_or(&held.hold))?;
                fs::copy(from.join(&path), &to)?;
                // What did not change has the time of the old site.
                let time = fs::metadata(from.join(&path)).and_then(|it| it.modified());
                let _ = time.and_then(|time| fs::File::options().write(true).open(&to)?.set_modified(time));
            }
            Ok(())
        })();
        match copied {
            Ok(()) => Ok(held),
            Err(error) => {
                let _ = sweep::sweep(&held.hold);
                Err(error)
            }
        }
    }

    /// Says what will be exchanged, and makes all folders that will be needed: renaming takes no space then.
    pub(super) fn plan(&self, grain: Grain) -> io::Result<Journal> {
        let hold = self.hold.file_name().unwrap_or_default();
        let old = names(self.output, grain, Some(hold))?;
        let new = names(&self.hold.join("new"), grain, None)?;
        let all: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        let entry = |path: &String| Entry {
            path: path.clone(),
            old: old.get(path).copied(),
            new: new.get(path).copied(),
        };
        let mut entries: Vec<Entry> = all.into_iter().map(entry).collect();
        // What stands in the way of a new path goes first; pages come after what they refer to; what is no longer
        // there goes last.
        let new_folders: BTreeSet<&str> = new.keys().flat_map(|path| above(path)).collect();
        let is_in_the_way =
            |path: &str| new_folders.contains(path) || above(path).any(|it| new.contains_key(it));
        entries.sort_by_key(|it| match (&it.new, it.path.ends_with(".html")) {
            (None, _) if is_in_the_way(&it.path) => 0,
            (Some(_), false) if it.path.starts_with("assets") => 1,
            (Some(_), false) => 2,
            (Some(_), true) => 3,
            (None, _) => 4,
        });
        for folder in entries.iter().flat_map(|it| above(&it.path)) {
            fs::create_dir_all(self.hold.join("old").join(folder))?;
            let place = self.output.join(folder);
            if place.symlink_metadata().is_err() {
                // Where a file of the old site stands in the way, the folder is made when that is gone.
                let _ = fs::create_dir_all(place);
            }
        }
        Ok(Journal { hold: hold.to_string_lossy().into_owned(), entries })
    }

    /// Puts the new site in place, or leaves the old one there. `before` is asked before every step.
    pub(super) fn exchange(
        &self,
        journal: &Journal,
        before: &dyn Fn(usize) -> io::Result<()>,
    ) -> Result<(), Failed> {
        if let Err(error) = self.advance(journal, before) {
            restore(self.output, journal).map_err(Failed::Mixed)?;
            return Err(Failed::Restored(error));
        }
        remove_empty(self.output, journal);
        Ok(())
    }

    /// Step after step, as far as it goes.
    pub(super) fn advance(
        &self,
        journal: &Journal,
        before: &dyn Fn(usize) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut steps = journal.entries.iter().enumerate();
        steps.try_for_each(|(step, entry)| before(step).and_then(|()| entry.put(self.output, &self.hold)))
    }

    /// Removes what is left: the old site, or a new one that could not be put in place.
    pub(super) fn clear(&self) -> io::Result<()> {
        // Under another name, so that nobody puts back what is removed already.
        let gone = self.hold.with_extension("gone");
        fs::rename(&self.hold, &gone)?;
        sweep::sweep(&gone)
    }
}

/// Puts the old site back, however far its exchange came. Doing it twice does no harm.
pub(super) fn restore(output: &Path, journal: &Journal) -> io::Result<()> {
    let hold = output.join(&journal.hold);
    if !hold.symlink_metadata().is_ok_and(|it| it.is_dir()) {
        return Ok(());
    }
    for entry in journal.entries.iter().rev() {
        entry.take_back(output, &hold)?;
    }
    remove_empty(output, journal);
    Ok(())
}

/// Puts the old site back, and removes what is left of the new one.
pub(super) fn recover(output: &Path, journal: &Journal) -> io::Result<()> {
    restore(output, journal)?;
    let hold = output.join(&journal.hold);
    if hold.symlink_metadata().is_ok_and(|it| it.is_dir()) { sweep::sweep(&hold) } else { Ok(()) }
}

impl Entry {
    fn put(&self, output: &Path, hold: &Path) -> io::Result<()> {
        let [place, new, old] = self.places(output, hold);
        match (self.old, self.new) {
            (Some(_), Some(_)) => {
                if exchange_names(&new, &place).is_ok() {
                    return Ok(());
                }
                fs::rename(&place, &old)?;
                fs::rename(&new, &place)
            }
            (None, Some(_)) => {
                if let Some(folder) = place.parent() {
                    fs::create_dir_all(folder)?;
                }
                fs::rename(&new, &place)
            }
            (Some(_), None) => {
                fs::rename(&place, &old)?;
                // A folder of the new site may have to stand where this file stood, or this folder of files.
                remove_empty_above(output, &self.path);
                Ok(())
            }
            (None, None) => Ok(()),
        }
    }

    fn take_back(&self, output: &Path, hold: &Path) -> io::Result<()> {
        let [place, new, old] = self.places(output, hold);
        let Some(known) = self.old else {
            // Only the new site has it.
            if is_there(&place) && !is_there(&new) {
                fs::rename(&place, &new)?;
                remove_empty_above(output, &self.path);
            }
            return Ok(());
        };
        if known.is_at(&place) == Some(true) {
            return Ok(());
        }
        if known.is_at(&new) == Some(true) {
            if !is_there(&place) {
                return fs::rename(&new, &place);
            }
            if exchange_names(&new, &place).is_ok() {
                return Ok(());
            }
            fs::rename(&place, &old)?;
            return fs::rename(&new, &place);
        }
        // By its number, or where things have none by its place: nothing but the old one is ever put there.
        if is_there(&old) && known.is_at(&old) != Some(false) {
            if is_there(&place) {
                fs::rename(&place, &new)?;
            }
            if let Some(folder) = place.parent() {
                fs::create_dir_all(folder)?;
            }
            return fs::rename(&old, &place);
        }
        Ok(())
    }

    /// Where it stands on the site, and where the new and the old one are kept.
    fn places(&self, output: &Path, hold: &Path) -> [PathBuf; 3] {
        [output.join(&self.path), hold.join("new").join(&self.path), hold.join("old").join(&self.path)]
    }
}

impl KnownFolder {
    #[cfg(unix)]
    fn of(path: &Path) -> io::Result<KnownFolder> {
        use std::os::unix::fs::MetadataExt;
        Ok(KnownFolder { number: Some(fs::symlink_metadata(path)?.ino()) })
    }

    #[cfg(not(unix))]
    fn of(path: &Path) -> io::Result<KnownFolder> {
        fs::symlink_metadata(path).map(|_| KnownFolder { number: None })
    }

    /// Whether it lies there; nothing where that cannot be told.
    fn is_at(self, path: &Path) -> Option<bool> {
        match KnownFolder::of(path) {
            Ok(there) => Some(self.number? == there.number?),
            Err(_) => Some(false),
        }
    }
}

/// What an output folder holds, but for the marker and the folder of what is exchanged.
fn names(top: &Path, grain: Grain, hold: Option<&OsStr>) -> io::Result<BTreeMap<String, KnownFolder>> {
    let mut names = BTreeMap::new();
    let mut add = |path: &Path| {
        let name = path.to_str().ok_or_else(|| {
            io::Error::other(format!(
                "{} has a name that is not valid text; rename or remove it",
                path.display()
            ))
        })?;
        names.insert(name.replace(std::path::MAIN_SEPARATOR, "/"), KnownFolder::of(&top.join(path))?);
        Ok::<(), io::Error>(())
    };
    match grain {
        Grain::Top => {
            for entry in fs::read_dir(top)? {
                let name = entry?.file_name();
                if name != MARKER && Some(name.as_os_str()) != hold {
                    add(Path::new(&name))?;
                }
            }
        }
        Grain::Files => {
            for path in list(top)? {
                if hold.is_none_or(|hold| !path.starts_with(hold)) {
                    add(&path)?;
                }
            }
        }
    }
    Ok(names)
}

/// The folders above a path, from the outermost.
fn above(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// Removes the folders that hold nothing any more; the others refuse to go.
fn remove_empty(output: &Path, journal: &Journal) {
    journal.entries.iter().for_each(|entry| remove_empty_above(output, &entry.path));
}

fn remove_empty_above(output: &Path, path: &str) {
    let folders: Vec<&str> = above(path).collect();
    for folder in folders.iter().rev() {
        if fs::remove_dir(output.join(folder)).is_err() {
            break;
        }
    }
}
