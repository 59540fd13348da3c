//! Which folder may be written: one that is empty, absent, or ours, and that no source lies in.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::ledger::{Ledger, Traces};
use super::stage::PublishError;
use super::{MARKER, inside, sweep};
use crate::state::{self, State, real};

/// What the marker of our folders says. It is the same for every site and every build, so that the
/// bytes of a site depend on its sources alone.
pub(super) const MARK: &str = "\
Written by longhouse. Every build replaces this folder as a whole: keep nothing of your own in it.
Files that the site should carry belong in the folder `static`.
format: 1
";

/// Where a site is to be written and what must not be harmed by that.
#[derive(Debug, Clone, Copy)]
pub struct Grounds<'a> {
    /// The output folder; it need not exist.
    pub output: &'a Path,
    /// The root of the site.
    pub root: &'a Path,
    /// The folders that are read: content, themes, static files, data.
    pub inputs: &'a [&'a Path],
    /// Where it is written down what a build has beside the output folder; nothing if there is no such place.
    pub state: Option<&'a State>,
    /// Whether git tracks a file, or something in a folder.
    pub is_tracked: fn(&Path) -> bool,
}

/// An output folder that may be written, and the names beside it.
#[derive(Debug, Clone)]
pub(super) struct OutputFolder {
    /// The folder above, without links in its path.
    pub(super) parent: PathBuf,
    /// The name of the output folder.
    pub(super) name: OsString,
    /// What nobody can guess, for the names beside it.
    nonce: String,
}

/// What stands at the place of the output folder.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum FolderState {
    Absent,
    Empty,
    Ours,
}

impl OutputFolder {
    /// The output folder itself.
    pub(super) fn output(&self) -> PathBuf {
        self.parent.join(&self.name)
    }

    /// The lock file beside it, where there is no better place for one.
    pub(super) fn lock(&self) -> PathBuf {
        self.parent.join(self.beside(".lock"))
    }

    /// Where this process stages its site.
    pub(super) fn stage(&self) -> PathBuf {
        self.parent.join(self.beside(&format!("-stage-{}", self.nonce)))
    }

    /// Where the old site stands for a moment on systems that cannot exchange two folders at once.
    pub(super) fn aside(&self) -> PathBuf {
        self.parent.join(self.beside(&format!("-old-{}", self.nonce)))
    }

    /// What nobody can guess, for names inside the output folder.
    pub(super) fn nonce(&self) -> &str {
        &self.nonce
    }

    /// What a build of this process writes down before it begins.
    pub(super) fn traces(&self) -> Traces {
        let name = |path: PathBuf| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Traces { stages: vec![name(self.stage())], aside: Some(name(self.aside())), journal: None }
    }

    /// Something beside the output folder that is called as if a build had left it, and that nobody wrote down.
    pub(super) fn stranger(&self) -> Option<PathBuf> {
        let starts = ["-stage-", "-old-"].map(|end| self.beside(end));
        let entries = fs::read_dir(&self.parent).ok()?;
        let is_called_so = |name: &OsString| {
            let name = name.as_encoded_bytes();
            starts.iter().any(|start| name.starts_with(start.as_encoded_bytes()))
        };
        let own = [self.stage(), self.aside()];
        let mut found: Vec<PathBuf> = entries
            .flatten()
            .filter(|entry| is_called_so(&entry.file_name()))
            .map(|entry| entry.path())
            .filter(|path| !own.contains(path))
            .collect();
        found.sort();
        found.into_iter().next()
    }

    fn beside(&self, end: &str) -> OsString {
        let mut name = OsString::new();
        if !self.name.as_encoded_bytes().starts_with(b".") {
            name.push(".");
        }
        name.push(&self.name);
        name.push(".longhouse");
        name.push(end);
        name
    }
}

/// Finds the place, making the folders above it, and refuses one where sources would be lost.
pub(super) fn find(grounds: &Grounds<'_>) -> Result<OutputFolder, PublishError> {
    let output = grounds.output;
    let misplaced = |why: String| PublishError::Misplaced { output: output.to_owned(), why };
    if let Ok(there) = fs::symlink_metadata(output) {
        if there.is_symlink() {
            let target = fs::read_link(output).unwrap_or_default();
            return Err(misplaced(format!(
                "it is a symbolic link to {}; give that folder itself with `--output`",
                target.display()
            )));
        }
        if !there.is_dir() {
            return Err(misplaced("it is a file".to_owned()));
        }
    }
    let (above, name) = match output.file_name() {
        Some(name) => (output.parent().unwrap_or(Path::new("")).to_owned(), name.to_owned()),
        // `.` and `a/..` name a folder that exists, by another name.
        None => {
            let real = fs::canonicalize(output).map_err(world("find", output))?;
            match (real.parent(), real.file_name()) {
                (Some(above), Some(name)) => (above.to_owned(), name.to_owned()),
                _ => return Err(misplaced("it is the root of the disk".to_owned())),
            }
        }
    };
    let above = if above.as_os_str().is_empty() { PathBuf::from(".") } else { above };
    // Looked at before anything is made, so that a refused folder leaves no trace.
    let real_above = real(&above);
    let whole = real_above.join(&name);
    let root = real(grounds.root);
    if whole == root {
        return Err(misplaced("it is the root of the site itself".to_owned()));
    }
    for source in std::iter::once(grounds.root).chain(grounds.inputs.iter().copied()) {
        let source_real = real(source);
        if source_real.starts_with(&whole) {
            return Err(misplaced(format!("it contains {}, which would be lost", source.display())));
        }
        if source_real != root && whole.starts_with(&source_real) {
            return Err(misplaced(format!(
                "it is inside {}, which the site is built from",
                source.display()
            )));
        }
    }
    fs::create_dir_all(&above).map_err(world("make", &above))?;
    let parent = fs::canonicalize(&above).map_err(world("find", &above))?;
    Ok(OutputFolder { parent, name, nonce: state::nonce() })
}

/// Looks at what stands at the output folder, and refuses what is not ours.
pub(super) fn look(output: &Path) -> Result<FolderState, PublishError> {
    let entries = match fs::read_dir(output) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(FolderState::Absent),
        Err(error) => return Err(world("read", output)(error)),
    };
    let is_ours = is_marked(output);
    let mut standing = if is_ours { FolderState::Ours } else { FolderState::Empty };
    for entry in entries {
        let name = entry.map_err(world("read", output))?.file_name();
        // Work that no build can bring back: somebody publishes by committing the output folder.
        let is_repository = [".git", ".hg", ".svn", ".jj"].into_iter().any(|kept| name == OsStr::new(kept));
        if !is_ours || is_repository {
            return Err(PublishError::Foreign {
                output: output.to_owned(),
                found: name.to_string_lossy().into_owned(),
                is_ours,
            });
        }
        standing = FolderState::Ours;
    }
    Ok(standing)
}

/// Takes away what dead builds left, and puts back the site that one of them had in its hands. Only what was
/// written down is touched, and never what git tracks. Only with the lock held: then the process that wrote it is dead.
pub(super) fn clean(place: &OutputFolder, ledger: &Ledger, is_tracked: fn(&Path) -> bool) -> io::Result<()> {
    let mut traces = ledger.read();
    let output = place.output();
    if let Some(journal) = traces.journal.take() {
        inside::recover(&output, &journal)?;
        ledger.write(&traces)?;
    }
    let left = |name: &String| Some(place.parent.join(name)).filter(|it| is_folder(it) && !is_tracked(it));
    // A build that died between two renames left no site at all: the old one goes back.
    if let Some(aside) = traces.aside.as_ref().and_then(left) {
        match fs::symlink_metadata(&output) {
            Ok(_) => sweep::sweep(&aside)?,
            Err(_) => fs::rename(&aside, &output)?,
        }
    }
    traces.stages.iter().filter_map(left).try_for_each(|stage| sweep::sweep(&stage))?;
    ledger.strike(place);
    Ok(())
}

fn is_folder(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|it| it.is_dir())
}

/// Whether a folder holds our marker.
pub(super) fn is_marked(folder: &Path) -> bool {
    let path = folder.join(MARKER);
    let Ok(there) = fs::symlink_metadata(&path) else { return false };
    let Some(first) = MARK.lines().next() else { return false };
    let mut start = vec![0; first.len()];
    there.is_file()
        && fs::File::open(path).is_ok_and(|mut file| file.read_exact(&mut start).is_ok())
        && start == first.as_bytes()
}

/// Words an error of the world.
pub(super) fn world(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> PublishError {
    move |source| PublishError::World { doing, path: path.to_owned(), source }
}
