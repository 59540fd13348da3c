//! The user's own folder for what the program remembers between two runs: how to take a change back, and what a
//! build that was killed left behind.
//!
//! Nothing of this is kept in the site. Whatever lies in a working tree may have come with somebody's branch, and
//! would be believed. What is kept here is bound to one machine, one user, one subject (a site or an output folder)
//! and one folder on the disk, and whatever is bound to something else counts as not there.

use std::collections::hash_map::RandomState;
use std::fmt;
use std::fs::{self, File};
use std::hash::{BuildHasher, Hasher};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The variable that names the folder, for tests, for continuous integration, and for anyone who wants it elsewhere.
pub const VARIABLE: &str = "LONGHOUSE_STATE_DIR";

/// A larger file is none of ours, in bytes: all texts of a large site, twice.
const LONGEST: u64 = 1 << 30;

/// The folder, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    folder: PathBuf,
}

/// Why nothing can be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StateError {
    /// There is no such folder, and none can be made. Work goes on without it.
    Absent(String),
    /// There is one that must not be believed.
    Refused(String),
}

/// What is kept for one subject.
#[derive(Debug, Clone)]
pub(crate) struct Keep {
    folder: PathBuf,
    bound: Bound,
}

/// What a kept file is bound to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Bound {
    /// The site or the output folder, by its real path.
    subject: String,
    /// The user's number, where users have one.
    user: Option<u32>,
    /// What tells this machine from others, where the system says it.
    machine: Option<String>,
    /// The number of the folder on its disk, which no copy of it has.
    folder: Option<u64>,
}

#[derive(Serialize)]
struct Kept<'a, T> {
    bound: &'a Bound,
    value: &'a T,
}

#[derive(Deserialize)]
struct Record<T> {
    bound: Bound,
    value: T,
}

impl State {
    /// Finds the folder, or makes it for this user alone.
    ///
    /// # Errors
    /// When there is none, or when it lies in the site at `root`, belongs to somebody else, or is open to others.
    pub fn find(variable: impl Fn(&str) -> Option<PathBuf>, root: &Path) -> Result<State, StateError> {
        let folder = place(variable).ok_or_else(|| {
            StateError::Absent(format!(
                "this user has no home folder; set {VARIABLE} to a folder to use instead"
            ))
        })?;
        State::at(&folder, root)
    }

    /// The folder at a given place.
    ///
    /// # Errors
    /// As [`State::find`].
    pub fn at(folder: &Path, root: &Path) -> Result<State, StateError> {
        let real_root = root.canonicalize().unwrap_or_else(|_| root.to_path_buf());
        let refused = |why: &str| {
            StateError::Refused(format!(
                "The folder {} {why}. Choose another one with the variable {VARIABLE}.",
                folder.display()
            ))
        };
        // Looked at before it is made as well, so that a site that is refused gets no new folder.
        if real(folder).starts_with(&real_root) {
            return Err(refused("is inside the site, where its files may have come with someone's branch"));
        }
        make(folder)
            .map_err(|error| StateError::Absent(format!("{} cannot be used: {error}", folder.display())))?;
        own(folder).map_err(|why| refused(&why))?;
        let folder = folder
            .canonicalize()
            .map_err(|error| StateError::Absent(format!("{}: {error}", folder.display())))?;
        if folder.starts_with(&real_root) {
            return Err(refused("is inside the site, where its files may have come with someone's branch"));
        }
        Ok(State { folder })
    }

    /// Where it is, by its real path.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What is kept for a subject, which must exist.
    pub(crate) fn keep(&self, subject: &Path) -> io::Result<Keep> {
        let subject = subject.canonicalize()?;
        let name = blake3::hash(subject.as_os_str().as_encoded_bytes()).to_hex();
        let folder = self.folder.join(&name[..32]);
        make(&folder)?;
        own(&folder).map_err(|why| io::Error::other(format!("{} {why}", folder.display())))?;
        let bound = Bound {
            subject: subject.to_string_lossy().into_owned(),
            user: user(),
            machine: machine(),
            folder: number(&folder),
        };
        Ok(Keep { folder, bound })
    }
}

impl Keep {
    /// Where a file of this name lies.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// What was kept under a name; nothing if it was not kept here by this user.
    pub(crate) fn read<T: DeserializeOwned>(&self, name: &str) -> io::Result<Option<T>> {
        let file = match open_source(&self.path(name)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let metadata = file.metadata()?;
        if !metadata.is_file() || metadata.len() > LONGEST || !is_own(&metadata) {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        file.take(LONGEST).read_to_end(&mut bytes)?;
        let found: Record<T> = serde_json::from_slice(&bytes).map_err(|error| {
            io::Error::other(format!(
                "{} cannot be read: {error}. Delete it to continue",
                self.path(name).display()
            ))
        })?;
        Ok((found.bound == self.bound).then_some(found.value))
    }

    /// Keeps something under a name, in one step.
    pub(crate) fn write<T: Serialize>(&self, name: &str, value: &T) -> io::Result<()> {
        let text = serde_json::to_vec(&Kept { bound: &self.bound, value }).map_err(io::Error::other)?;
        let mut beside = tempfile::NamedTempFile::new_in(&self.folder)?;
        beside.write_all(&text)?;
        beside.as_file().sync_data()?;
        beside.persist(self.path(name)).map(drop).map_err(|error| error.error)
    }

    /// Forgets what was kept under a name.
    pub(crate) fn forget(&self, name: &str) -> io::Result<()> {
        match fs::remove_file(self.path(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for StateError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (StateError::Absent(why) | StateError::Refused(why)) = self;
        out.write_str(why)
    }
}

impl std::error::Error for StateError {}

/// Where it is kept: the folder that [`VARIABLE`] names, else the user's own for such things.
#[must_use]
pub fn place(variable: impl Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    let usual = || variable("XDG_STATE_HOME").filter(|it| it.is_absolute());
    let windows = || variable("LOCALAPPDATA").filter(|_| cfg!(windows));
    let home = || {
        let home = variable("HOME").filter(|it| it.is_absolute())?;
        let below = if cfg!(target_os = "macos") { "Library/Application Support" } else { ".local/state" };
        Some(home.join(below))
    };
    variable(VARIABLE).or_else(|| usual().or_else(windows).or_else(home).map(|it| it.join("longhouse")))
}

/// A name that nobody can guess: 128 bits from the keys that the system gives to hash maps.
pub(crate) fn nonce() -> String {
    let random = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", random(), random())
}

/// Opens a file for reading, and no link: what was a file when it was checked must still be one.
pub(crate) fn open_source(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        // Never waits, should it have become a pipe.
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        options.custom_flags(flags.bits().cast_signed());
    }
    options.open(path)
}

/// Opens a file for writing and locking, makes it if it is not there, and follows no link.
pub(crate) fn open_lock(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        // Never waits, should it be a pipe.
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        options.custom_flags(flags.bits().cast_signed()).mode(0o600);
    }
    let strange = || io::Error::other("it is not a regular file; remove it");
    if fs::symlink_metadata(path).is_ok_and(|it| !it.is_file()) {
        return Err(strange());
    }
    let file = options.open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(strange()) }
}

/// Makes a folder for this user alone, and the ones above it.
fn make(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Makes sure that a folder is this user's own, that nobody else may write in it, and that it is no link.
fn own(folder: &Path) -> Result<(), String> {
    let metadata = fs::symlink_metadata(folder).map_err(|error| format!("cannot be read: {error}"))?;
    if metadata.is_symlink() {
        return Err("is a symbolic link".to_string());
    }
    if !metadata.is_dir() {
        return Err("is not a folder".to_string());
    }
    if !is_own(&metadata) {
        return Err("belongs to another user, or other users can write to it".to_string());
    }
    Ok(())
}

#[cfg(unix)]
fn is_own(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    Some(metadata.uid()) == user() && metadata.mode() & 0o022 == 0
}

/// Elsewhere the user's own folder is private by its place.
#[cfg(not(unix))]
fn is_own(_: &fs::Metadata) -> bool {
    true
}

#[cfg(unix)]
fn user() -> Option<u32> {
    Some(rustix::process::geteuid().as_raw())
}

#[cfg(not(unix))]
fn user() -> Option<u32> {
    None
}

#[cfg(unix)]
fn number(folder: &Path) -> Option<u64> {
    use std::os::unix::fs::MetadataExt;
    fs::symlink_metadata(folder).ok().map(|it| it.ino())
}

#[cfg(not(unix))]
fn number(_: &Path) -> Option<u64> {
    None
}

fn machine() -> Option<String> {
    let id = fs::read_to_string("/etc/machine-id").ok()?;
    let id = id.trim();
    // Hashed, for it is not to be handed on.
    (!id.is_empty()).then(|| blake3::hash(format!("longhouse {id}").as_bytes()).to_hex()[..16].to_string())
}

/// A path without links, as far as it exists.
pub(crate) fn real(path: &Path) -> PathBuf {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    let mut missing = Vec::new();
    let mut there = path;
    loop {
        let named = if there.as_os_str().is_empty() { Path::new(".") } else { there };
        if let Ok(mut real) = fs::canonicalize(named) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_lies_where_the_user_keeps_such_things() {
        let at = |known: &[(&str, &str)]| {
            place(|name| known.iter().find(|(it, _)| *it == name).map(|(_, path)| PathBuf::from(path)))
        };
        assert_eq!(at(&[]), None);
        assert_eq!(at(&[("HOME", "here")]), None);
        let below = if cfg!(target_os = "macos") { "Library/Application Support" } else { ".local/state" };
        let home = PathBuf::from("/home/a").join(below).join("longhouse");
        assert_eq!(at(&[("HOME", "/home/a")]), Some(home.clone()));
        assert_eq!(at(&[("HOME", "/home/a"), ("XDG_STATE_HOME", "rel")]), Some(home));
        assert_eq!(at(&[("HOME", "/a"), ("XDG_STATE_HOME", "/s")]), Some("/s/longhouse".into()));
        assert_eq!(at(&[("HOME", "/a"), (VARIABLE, "/k")]), Some("/k".into()));
    }

    #[test]
    fn what_is_kept_for_one_subject_is_nothing_to_another() {
        let folder = tempfile::tempdir().expect("a folder");
        let [root, other] = ["root", "other"].map(|name| folder.path().join(name));
        fs::create_dir(&root).expect("a folder");
        fs::create_dir(&other).expect("a folder");
        let state = State::at(&folder.path().join("state"), &root).expect("a state folder");
        let keep = state.keep(&root).expect("a folder of its own");
        keep.write("note", &7).expect("it is kept");
        assert_eq!(keep.read::<u32>("note").expect("it is read"), Some(7));
        let others = state.keep(&other).expect("a folder of its own");
        assert_eq!(others.read::<u32>("note").expect("it is read"), None);
        // A copy says of what it is a copy.
        fs::copy(keep.path("note"), others.path("note")).expect("a copy");
        assert_eq!(others.read::<u32>("note").expect("it is read"), None);
        keep.forget("note").expect("it is forgotten");
        assert_eq!(keep.read::<u32>("note").expect("it is read"), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_in_the_site_or_open_to_others_is_refused() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("root");
        fs::create_dir(&root).expect("a folder");
        let refused = |at: &Path| matches!(State::at(at, &root), Err(StateError::Refused(_)));
        assert!(refused(&root));
        assert!(refused(&root.join("a/b")));
        assert!(!root.join("a").exists());
        symlink(&root, folder.path().join("way")).expect("a link");
        assert!(refused(&folder.path().join("way/b")));
        let open = folder.path().join("open");
        fs::create_dir(&open).expect("a folder");
        fs::set_permissions(&open, fs::Permissions::from_mode(0o777)).expect("opening it");
        assert!(refused(&open));
        let state = folder.path().join("state");
        State::at(&state, &root).expect("a state folder");
        assert_eq!(fs::metadata(&state).expect("it is there").permissions().mode() & 0o777, 0o700);
        symlink(&state, folder.path().join("link")).expect("a link");
        assert!(refused(&folder.path().join("link")));
        fs::write(folder.path().join("file"), "").expect("a file");
        assert!(matches!(State::at(&folder.path().join("file/x"), &root), Err(StateError::Absent(_))));
    }

    #[cfg(unix)]
    #[test]
    fn a_copy_of_the_whole_folder_counts_for_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("root");
        fs::create_dir(&root).expect("a folder");
        let [first, second] = ["first", "second"]
            .map(|name| State::at(&folder.path().join(name), &root).expect("a state folder"));
        let [first, second] = [first, second].map(|it| it.keep(&root).expect("a folder of its own"));
        first.write("note", &7).expect("it is kept");
        fs::copy(first.path("note"), second.path("note")).expect("a copy");
        assert_eq!(second.read::<u32>("note").expect("it is read"), None);
    }

    #[test]
    fn no_two_names_are_alike() {
        assert_ne!(nonce(), nonce());
        assert_eq!(nonce().len(), 32);
    }
}
