//! Which folder may be written: one that is empty, absent, or ours, and that no source lies in.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::stage::PublishError;
use super::{MARKER, sweep};

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
}

/// An output folder that may be written, and the names beside it.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The folder above, without links in its path.
    parent: PathBuf,
    /// The name of the output folder.
    name: OsString,
}

/// What stands at the place of the output folder.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Absent,
    Empty,
    Ours,
}

impl Place {
    /// The output folder itself.
    pub(super) fn output(&self) -> PathBuf {
        self.parent.join(&self.name)
    }

    /// The lock file beside it.
    pub(super) fn lock(&self) -> PathBuf {
        self.parent.join(self.beside(".lock"))
    }

    /// Where this process stages its site.
    pub(super) fn stage(&self) -> PathBuf {
        self.parent.join(self.beside(&format!("-stage-{}", std::process::id())))
    }

    /// Where the old site stands for a moment on systems that cannot exchange two folders at once.
    pub(super) fn aside(&self) -> PathBuf {
        self.parent.join(self.beside(&format!("-old-{}", std::process::id())))
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
pub(super) fn find(grounds: &Grounds<'_>) -> Result<Place, PublishError> {
    let output = grounds.output;
    let misplaced = |why: String| PublishError::Misplaced { output: output.to_owned(), why };
    if let Ok(there) = fs::symlink_metadata(output) {
        if there.is_symlink() {
            let target = fs::read_link(output).unwrap_or_default();
            return Err(misplaced(format!(
                "it is a symbolic link to {}; name that folder itself with --output",
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
            return Err(misplaced(format!("{} lies in it and would be lost", source.display())));
        }
        if source_real != root && whole.starts_with(&source_real) {
            return Err(misplaced(format!("it lies in {}, which is read", source.display())));
        }
    }
    fs::create_dir_all(&above).map_err(world("make", &above))?;
    let parent = fs::canonicalize(&above).map_err(world("find", &above))?;
    Ok(Place { parent, name })
}

/// Looks at what stands at the output folder, and refuses what is not ours.
pub(super) fn look(output: &Path) -> Result<Standing, PublishError> {
    let entries = match fs::read_dir(output) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Standing::Absent),
        Err(error) => return Err(world("read", output)(error)),
    };
    let is_ours = is_marked(output);
    let mut standing = if is_ours { Standing::Ours } else { Standing::Empty };
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
        standing = Standing::Ours;
    }
    Ok(standing)
}

/// Takes away what dead builds left beside the output folder. Only with the lock held: then every
/// stage there is a dead one's.
pub(super) fn clean(place: &Place) -> io::Result<()> {
    let [stages, asides] = ["-stage-", "-old-"].map(|end| place.beside(end));
    for entry in fs::read_dir(&place.parent)? {
        let entry = entry?;
        let name = entry.file_name();
        let is_of = |start: &OsString| {
            name.as_encoded_bytes()
                .strip_prefix(start.as_encoded_bytes())
                .is_some_and(|pid| !pid.is_empty() && pid.iter().all(u8::is_ascii_digit))
        };
        let is_aside = is_of(&asides);
        if !(is_aside || is_of(&stages)) || !entry.file_type()?.is_dir() {
            continue;
        }
        let folder = entry.path();
        if is_marked(&folder) || is_begun(&folder) {
            // A build that died between two renames left no site at all: the old one goes back.
            if is_aside && !place.output().exists() {
                fs::rename(&folder, place.output())?;
            } else {
                sweep::sweep(&folder)?;
            }
        } else {
            // Died before it had a marker, or somebody else's. Only an empty one goes.
            let _ = fs::remove_dir(&folder);
        }
    }
    Ok(())
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

/// Whether a folder of ours was left in the middle of writing its marker.
fn is_begun(folder: &Path) -> bool {
    let path = folder.join(MARKER);
    fs::symlink_metadata(&path).is_ok_and(|there| there.is_file() && there.len() <= MARK.len() as u64)
        && fs::read(path).is_ok_and(|start| MARK.as_bytes().starts_with(&start))
}

/// Words an error of the world.
pub(super) fn world(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> PublishError {
    move |source| PublishError::World { doing, path: path.to_owned(), source }
}

/// A path without links, as far as it exists.
fn real(path: &Path) -> PathBuf {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    let mut missing: Vec<&OsStr> = Vec::new();
    let mut there = path;
    loop {
        if let Ok(mut real) =
            fs::canonicalize(if there.as_os_str().is_empty() { Path::new(".") } else { there })
        {
            real.extend(missing.iter().rev());
            return real;
        }
        match (there.parent(), there.file_name()) {
            (Some(above), Some(name)) => {
                missing.push(name);
                there = above;
            }
            _ => return path.to_owned(),
        }
    }
}
