//! Looking at every file again and again, where the system does not tell of changes.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::ground::{Ground, Visit};

/// A file whose time is no older than this may change again without its time telling.
const YOUNG: Duration = Duration::from_millis(50);
/// The same where times are kept in whole seconds, or pairs of them.
const COARSE: Duration = Duration::from_secs(4);
/// Larger files are known by their length and their times alone.
const HASHED_BYTES: u64 = 4 << 20;

/// What every file looked like at a moment.
#[derive(Debug, Default)]
pub(super) struct Snapshot {
    files: BTreeMap<PathBuf, Stamp>,
}

#[derive(Debug, Clone, Copy)]
struct Stamp {
    len: u64,
    modified: Option<SystemTime>,
    /// When the system last changed anything of it, its name included. It tells a file that took the
    /// place of another better than its number would: over networks numbers change by themselves.
    changed: (i64, i64),
    is_folder: bool,
    is_young: bool,
    /// The bytes, where times cannot be relied on.
    hash: Option<blake3::Hash>,
}

impl Snapshot {
    /// Looks at every file on the ground.
    pub(super) fn take(ground: &Ground, before: &Snapshot) -> Snapshot {
        let mut eye = Eye { before, files: BTreeMap::new(), now: SystemTime::now() };
        for start in ground.starts().iter().filter(|start| start.deep) {
            // Nothing in this visit fails.
            let _ = ground.walk(&start.folder, &mut eye);
        }
        for file in ground.named() {
            eye.look(&file);
        }
        Snapshot { files: eye.files }
    }

    /// The files that are not as they were, with whether they are there now.
    pub(super) fn differences<'a>(&'a self, before: &'a Snapshot) -> impl Iterator<Item = (&'a Path, bool)> {
        let changed = self.files.iter().filter_map(|(path, stamp)| {
            (!before.files.get(path).is_some_and(|old| old.is_same(stamp))).then_some((path.as_path(), true))
        });
        let gone = before.files.keys().filter(|path| !self.files.contains_key(*path));
        changed.chain(gone.map(|path| (path.as_path(), false)))
    }
}

impl Stamp {
    fn is_same(&self, other: &Stamp) -> bool {
        self.len == other.len
            && self.modified == other.modified
            && self.changed == other.changed
            && self.is_folder == other.is_folder
            && self.hash.zip(other.hash).is_none_or(|(one, other)| one == other)
    }
}

struct Eye<'a> {
    before: &'a Snapshot,
    files: BTreeMap<PathBuf, Stamp>,
    now: SystemTime,
}

impl Visit for Eye<'_> {
    fn folder(&mut self, _folder: &Path) -> Result<(), notify::Error> {
        Ok(())
    }

    fn file(&mut self, file: &Path) {
        self.look(file);
    }
}

impl Eye<'_> {
    fn look(&mut self, file: &Path) {
        let Ok(metadata) = fs::metadata(file) else { return };
        let modified = metadata.modified().ok();
        let is_young = modified.is_none_or(|at| {
            let coarse = at.duration_since(SystemTime::UNIX_EPOCH).is_ok_and(|age| age.subsec_nanos() == 0);
            // A clock elsewhere that is ahead of ours makes a file young, and costs a look inside.
            !self.now.duration_since(at).is_ok_and(|age| age > if coarse { COARSE } else { YOUNG })
        });
        let was_young = self.before.files.get(file).is_some_and(|before| before.is_young);
        let hash = ((is_young || was_young) && metadata.is_file() && metadata.len() <= HASHED_BYTES)
            .then(|| fs::read(file).ok())
            .flatten()
            .map(|bytes| blake3::hash(&bytes));
        let stamp = Stamp {
            len: if metadata.is_file() { metadata.len() } else { 0 },
            modified: modified.filter(|_| metadata.is_file()),
            changed: changed(&metadata),
            is_folder: metadata.is_dir(),
            is_young,
            hash,
        };
        self.files.insert(file.to_owned(), stamp);
    }
}

#[cfg(unix)]
fn changed(metadata: &Metadata) -> (i64, i64) {
    use std::os::unix::fs::MetadataExt;
    (metadata.ctime(), metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn changed(_metadata: &Metadata) -> (i64, i64) {
    (0, 0)
}
