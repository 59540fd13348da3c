//! A site being written beside its output folder, and the one step that puts it in place.
//!
//! A process that is killed, at any moment, leaves the old site or the new one: everything is written to a
//! folder of its own in the parent, and one exchange of two names publishes it.
//!
//! Nothing is flushed to the disk by force. A killed process loses nothing that was written, and
//! waiting for the disk would cost more than the whole build; a machine that loses power within the
//! seconds after a build may be left with pages that are cut off, and the next build writes them all
//! again, for it trusts nothing that stands there.

#[cfg(test)]
mod tests;

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::folder::{FolderState, MARK, OutputFolder, is_marked, look, world};
use super::inside::{Failed, Grain, Held};
use super::ledger::{Ledger, Traces};
use super::lock::Lock;
use super::unchanged::Compared;
use super::{Content, Grounds, MARKER, Mirror, OutputPath, Sink, folder, sweep, taken};

/// A site being written. Dropped without [`Stage::publish`], it leaves nothing behind.
#[derive(Debug)]
pub struct Stage {
    place: OutputFolder,
    ledger: Ledger,
    folder: PathBuf,
    /// The site of before, if there is one.
    before: Option<PathBuf>,
    files: AtomicU64,
    bytes: AtomicU64,
    is_published: bool,
    /// Last, so that the lock is let go after everything else. Nothing once it was handed on.
    lock: Option<Lock>,
}

/// What was put in place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The output folder, absolute.
    pub output: PathBuf,
    /// How many files the site has, without the marker.
    pub files: u64,
    /// How many bytes they have together.
    pub bytes: u64,
    /// What the user should know, at most once a build.
    pub note: Option<Note>,
}

/// What was less than perfect about a site that was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// The system cannot exchange two folders: for an instant there was none.
    TwoRenames,
    /// The system cannot rename the folder either: what is in it was exchanged one by one.
    FileByFile,
    /// The new site is in place, but the old one, moved here, could not be removed.
    OldSiteLeft(PathBuf),
    /// Something lies beside the output folder that a build may have left, or somebody's branch brought.
    Stranger(PathBuf),
}

/// Why a site was not published.
#[derive(Debug)]
pub enum PublishError {
    /// The output folder holds something that longhouse did not write.
    Foreign {
        /// The output folder.
        output: PathBuf,
        /// The name of something in it.
        found: String,
        /// Whether the folder is one of ours, with somebody's repository in it.
        is_ours: bool,
    },
    /// The output folder is at a place where writing it would harm the sources.
    Misplaced {
        /// The output folder.
        output: PathBuf,
        /// Why it cannot be there.
        why: String,
    },
    /// The disk or its permissions.
    World {
        /// What was being done, as in `write`.
        doing: &'static str,
        /// To what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl PublishError {
    /// Whether the output folder was refused (exit status 2), rather than the disk failing (3).
    #[must_use]
    pub const fn is_refusal(&self) -> bool {
        !matches!(self, PublishError::World { .. })
    }
}

impl Stage {
    /// Makes sure that the output folder may be written, waits for another build on it (calling
    /// `waiting` once if that takes more than a moment), clears away what a dead build left, and opens
    /// an empty stage.
    ///
    /// # Errors
    /// When the folder is refused, or the folder above it cannot be written.
    pub fn begin(grounds: &Grounds<'_>, waiting: &dyn Fn()) -> Result<Stage, PublishError> {
        let place = folder::find(grounds)?;
        let standing = look(&place.output())?;
        let before = (standing == FolderState::Ours).then(|| place.output());
        let ledger = Ledger::of(grounds.state, &place);
        let lock = ledger.lock(&place, grounds.is_tracked, waiting).map_err(world("lock", &place.lock()))?;
        let folder = place.stage();
        folder::clean(&place, &ledger, grounds.is_tracked).map_err(world("clear away", &folder))?;
        ledger.write(&place.traces()).map_err(world("write down", &folder))?;
        fs::create_dir(&folder).map_err(world("make", &folder))?;
        let stage = Stage {
            place,
            ledger,
            folder,
            before,
            files: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            is_published: false,
            lock: Some(lock),
        };
        let marker = stage.folder.join(MARKER);
        fs::write(&marker, MARK).map_err(world("write", &marker))?;
        Ok(stage)
    }

    /// Puts the site in place of the old one, at once, and removes the old one.
    ///
    /// # Errors
    /// When the output folder has become somebody else's since the beginning, or the disk fails. The
    /// old site stands then.
    pub fn publish(self) -> Result<Published, PublishError> {
        self.put_in_place().map(|(published, _)| published)
    }

    /// The same, and keeps the folder for what changes from now on: nobody else can build into it in
    /// between.
    ///
    /// # Errors
    /// As [`Stage::publish`].
    pub fn publish_and_follow(self) -> Result<(Published, Mirror), PublishError> {
        let (published, mut stage) = self.put_in_place()?;
        let mirror = Mirror::of(&stage.place, stage.lock.take());
        Ok((published, mirror))
    }

    fn put_in_place(mut self) -> Result<(Published, Stage), PublishError> {
        let output = self.place.output();
        let standing = look(&output)?;
        if standing != FolderState::Absent
            && let Ok(there) = fs::metadata(&output)
        {
            // A folder that only a web server's group may read stays one.
            let _ = fs::set_permissions(&self.folder, there.permissions());
        }
        let (left, mut note) = exchange(&self.place, &self.ledger, &self.folder, &standing)?;
        self.is_published = true;
        // Looked at again: between the look and the exchange somebody may have put something there.
        if let Some(left) = left
            && !(is_marked(&left) && sweep::sweep(&left).is_ok())
            && fs::remove_dir(&left).is_err()
        {
            note = Some(Note::OldSiteLeft(left));
        }
        let note = note.or_else(|| self.place.stranger().map(Note::Stranger));
        let (files, bytes) = (*self.files.get_mut(), *self.bytes.get_mut());
        Ok((Published { output, files, bytes, note }, self))
    }

    fn write(
        &self,
        path: &OutputPath,
        len: u64,
        fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        let target = path.within(&self.folder);
        let fill = |mut file: File| match &self.before {
            Some(before) => {
                let mut compared = Compared::with(&mut file, &path.within(before), len);
                fill(&mut compared).map(|()| compared.finish())
            }
            None => fill(&mut file),
        };
        create(&target).and_then(fill).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => taken(path),
            kind => io::Error::new(kind, format!("cannot write {path}: {error}")),
        })?;
        self.files.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(len, Ordering::Relaxed);
        Ok(())
    }
}

impl Sink for Stage {
    fn put(&self, path: &OutputPath, content: Content) -> io::Result<()> {
        match &content {
            Content::Bytes(bytes) => self.put_bytes(path, bytes),
            Content::Source { .. } | Content::Pieces { .. } => {
                self.write(path, content.len(), |file| copy(&content, file))
            }
        }
    }

    fn put_bytes(&self, path: &OutputPath, bytes: &[u8]) -> io::Result<()> {
        self.write(path, bytes.len() as u64, |file| file.write_all(bytes))
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if !self.is_published {
            let _ = sweep::sweep(&self.folder);
        }
        self.ledger.strike(&self.place);
    }
}

impl fmt::Display for Note {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Note::TwoRenames => out.write_str(
                "this file system cannot swap two folders in one step, so the site was missing for a moment",
            ),
            Note::FileByFile => out.write_str(
                "the output folder cannot be renamed here (it may be a mount point), so its contents were replaced \
                 one by one",
            ),
            Note::Stranger(path) => write!(
                out,
                "{} is next to the output folder. It was left by an interrupted build or came with someone's branch: \
                 check it, then delete it",
                path.display()
            ),
            Note::OldSiteLeft(folder) => {
                write!(
                    out,
                    "the old site could not be removed completely; the rest is in {}",
                    folder.display()
                )
            }
        }
    }
}

impl fmt::Display for PublishError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PublishError::Foreign { output, found, is_ours: false } => write!(
                out,
                "The output folder {} contains files that Longhouse did not write ({found}). Empty it, or choose \
                 another folder with `--output`.",
                output.display()
            ),
            PublishError::Foreign { output, found, is_ours: true } => write!(
                out,
                "The output folder {} contains a repository ({found}) that a build would remove. \
                 Move it away, or choose another folder with `--output`.",
                output.display()
            ),
            PublishError::Misplaced { output, why } => write!(
                out,
                "The site cannot be written to {}: {why}. Choose another folder with `--output`.",
                output.display()
            ),
            PublishError::World { doing, path, source } => {
                write!(out, "Cannot {doing} {}: {source}", path.display())
            }
        }
    }
}

impl std::error::Error for PublishError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            PublishError::World { source, .. } => Some(source),
            _ => None,
        }
    }
}

/// Opens a new file, making the folders above it when they are not there yet.
///
/// Asking first would cost as much as trying, and a set of known folders is a lock for all threads.
fn create(target: &Path) -> io::Result<File> {
    let above = target.parent().unwrap_or(target);
    // A page is a folder with an `index.html`, so here the folder is missing nearly always.
    if target.ends_with("index.html") {
        match fs::create_dir(above) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => fs::create_dir_all(above)?,
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
    }
    match File::create_new(target) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(above)?;
            File::create_new(target)
        }
        other => other,
    }
}

/// Copies what a source file holds part by part, and fails when it is no longer the file that was read.
pub(super) fn copy(content: &Content, into: &mut dyn Write) -> io::Result<()> {
    let (len, hash) = (content.len(), content.hash());
    let changed = || {
        let name = match content {
            Content::Source { path, .. } | Content::Pieces { path, .. } => path.display().to_string(),
            Content::Bytes(_) => String::new(),
        };
        let words = format!("{name} changed while the site was being built; build again");
        io::Error::new(io::ErrorKind::InvalidData, words)
    };
    let mut file = content.open()?;
    let mut piece = vec![0; 64 * 1024];
    let mut hasher = blake3::Hasher::new();
    loop {
        let read = match file.read(&mut piece) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Err(changed()),
            Err(error) => return Err(error),
        };
        hasher.update(&piece[..read]);
        if hasher.count() > len {
            break;
        }
        into.write_all(&piece[..read])?;
    }
    if hasher.count() == len && hasher.finalize() == hash { Ok(()) } else { Err(changed()) }
}

/// Puts the stage where the output folder is, and gives back where the old site is now, if there was
/// one, with what there is to say about the way it went.
fn exchange(
    place: &OutputFolder,
    ledger: &Ledger,
    stage: &Path,
    standing: &FolderState,
) -> Result<(Option<PathBuf>, Option<Note>), PublishError> {
    let output = place.output();
    if *standing == FolderState::Absent {
        return match fs::rename(stage, &output) {
            Ok(()) => Ok((None, None)),
            Err(error) => Err(world("put the site at", &output)(error)),
        };
    }
    if exchange_names(stage, &output).is_ok() {
        return Ok((Some(stage.to_owned()), None));
    }
    let aside = place.aside();
    if fs::rename(&output, &aside).is_ok() {
        if fs::rename(stage, &output).is_ok() {
            return Ok((Some(aside), Some(Note::TwoRenames)));
        }
        fs::rename(&aside, &output).map_err(world("put back", &output))?;
    }
    exchange_inside(place, ledger, stage, &|_| Ok(())).map_err(world("write", &output))?;
    Ok((Some(stage.to_owned()), Some(Note::FileByFile)))
}

/// Exchanges what is in the output folder, all or nothing: a few names at its top, or file by file where the system
/// does not rename folders either. `before` is asked before every step.
fn exchange_inside(
    place: &OutputFolder,
    ledger: &Ledger,
    stage: &Path,
    before: &dyn Fn(usize) -> io::Result<()>,
) -> io::Result<()> {
    let output = place.output();
    // First, so that a folder that was empty is known as ours from here on.
    fs::write(output.join(MARKER), MARK)?;
    let held = Held::copy(stage, &output, place.nonce())?;
    let mut tried = Ok(());
    for grain in [Grain::Top, Grain::Files] {
        let planned = held.plan(grain).and_then(|journal| {
            ledger.write(&Traces { journal: Some(journal.clone()), ..place.traces() })?;
            Ok(journal)
        });
        tried = match planned.map(|journal| held.exchange(&journal, before)) {
            Ok(Err(Failed::Mixed(error))) => return Err(error),
            Ok(Err(Failed::Restored(error))) | Err(error) => Err(error),
            Ok(Ok(())) => Ok(()),
        };
        if tried.is_ok() {
            break;
        }
    }
    let cleared = held.clear();
    // If this fails, the next build looks for a folder that is gone.
    let _ = ledger.write(&place.traces());
    tried.and(cleared)
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
pub(super) fn exchange_names(a: &Path, b: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE)?)
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
pub(super) fn exchange_names(_a: &Path, _b: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Makes room for a file: the folders above it, and nothing but a file at its place.
pub(super) fn clear_way(to: &Path, top: &Path) -> io::Result<()> {
    // A folder where a file is to stand, or a file where a folder is to stand, was a page's once.
    let mut above = to.parent();
    while let Some(folder) = above.filter(|folder| *folder != top) {
        if fs::symlink_metadata(folder).is_ok_and(|there| !there.is_dir()) {
            fs::remove_file(folder)?;
        }
        above = folder.parent();
    }
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    if fs::symlink_metadata(to).is_ok_and(|there| there.is_dir()) {
        sweep::sweep(to)?;
    }
    Ok(())
}

/// Every file in a folder but the marker, as paths from it, sorted.
pub(super) fn list(top: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in walkdir::WalkDir::new(top) {
        let entry = entry?;
        if !entry.file_type().is_dir()
            && let Ok(path) = entry.path().strip_prefix(top)
            && path != Path::new(MARKER)
        {
            files.push(path.to_owned());
        }
    }
    files.sort();
    Ok(files)
}
