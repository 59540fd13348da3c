//! Looking at every file again and again, where the system does not tell of changes.
//!
//! notify's own poller is not used: it compares times in whole seconds and takes only newer ones for a change, so it
//! misses a second save in the same second and an older file that was moved or copied into place. What it offers
//! instead, reading every file at every look, fetches all pictures over the network each time.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

/// A file whose time is no older than this may change again without its time telling.
const YOUNG: Duration = Duration::from_millis(50);
/// The same where times are kept in whole seconds, or pairs of them.
const COARSE: Duration = Duration::from_secs(4);
/// A look takes at most this part of the time.
const SHARE: u32 = 20;

/// What every file looked like at a moment.
#[derive(Debug, Default)]
pub(super) struct Snapshot {
    files: BTreeMap<PathBuf, Stamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    len: u64,
    modified: Option<SystemTime>,
    /// When the system last changed anything of it, its name included. It tells a file that took the place of another
    /// better than its number would: over networks numbers change by themselves. Of a folder when something was last put
    /// into it or taken out.
    changed: (i64, i64),
    is_folder: bool,
}

/// Looks that are made at intervals.
#[derive(Debug)]
pub(super) struct Polling {
    every: Duration,
    /// When to look next.
    pub(super) next: Instant,
    seen: Snapshot,
    /// What is told once more when all is quiet: files that may have changed again within the grain of their time, and
    /// whatever was told, for anyone who looks there may see what is there for a moment between two looks that agree.
    again: BTreeSet<PathBuf>,
}

impl Snapshot {
    /// Looks at files. Of folders that are not read as a whole it does not count what came and went in them: the program
    /// and git put files there themselves.
    pub(super) fn take(
        files: impl IntoIterator<Item = PathBuf>,
        is_read: impl Fn(&Path) -> bool,
    ) -> Snapshot {
        let stamp = |path: PathBuf| {
            let mut stamp = Stamp::of(&fs::metadata(&path).ok()?);
            if stamp.is_folder && !is_read(&path) {
                stamp.changed = (0, 0);
            }
            Some((stamp, path))
        };
        Snapshot { files: files.into_iter().filter_map(stamp).map(|(stamp, path)| (path, stamp)).collect() }
    }

    /// The files that are not as they were.
    ///
    /// A folder is among them if all in it is as it was, and something came and went between the two looks: who read the
    /// folder at that moment has to read it again. Elsewhere what is in it says it better.
    pub(super) fn differences(&self, before: &Snapshot) -> BTreeSet<PathBuf> {
        let (mut busy, mut told) = (Vec::new(), BTreeSet::new());
        for (path, stamp) in &self.files {
            match before.files.get(path) {
                Some(was) if was == stamp => {}
                Some(was) if was.is_folder && stamp.is_folder => busy.push(path),
                _ => {
                    told.insert(path.clone());
                }
            }
        }
        told.extend(before.files.keys().filter(|path| !self.files.contains_key(*path)).cloned());
        let explained: BTreeSet<&Path> = told.iter().filter_map(|path| path.parent()).collect();
        busy.retain(|path| !explained.contains(path.as_path()));
        told.extend(busy.into_iter().cloned());
        told
    }

    fn is_young(&self, path: &Path, now: SystemTime) -> bool {
        self.files.get(path).is_some_and(|stamp| stamp.is_young(now))
    }
}

impl Stamp {
    fn of(metadata: &Metadata) -> Stamp {
        let is_file = metadata.is_file();
        Stamp {
            len: if is_file { metadata.len() } else { 0 },
            modified: metadata.modified().ok().filter(|_| is_file),
            changed: changed(metadata),
            is_folder: metadata.is_dir(),
        }
    }

    fn is_young(&self, now: SystemTime) -> bool {
        let Some(at) = self.modified else { return false };
        let is_coarse = at.duration_since(SystemTime::UNIX_EPOCH).is_ok_and(|age| age.subsec_nanos() == 0);
        let grain = if is_coarse { COARSE } else { YOUNG };
        // A clock elsewhere that is ahead of ours makes a file young until it is reached, but not for longer.
        match now.duration_since(at) {
            Ok(age) => age <= grain,
            Err(ahead) => ahead.duration() <= COARSE,
        }
    }
}

impl Polling {
    /// Begins with what is there. `took` is how long that look took, at `now`.
    pub(super) fn begin(
        seen: Snapshot,
        every: Duration,
        took: Duration,
        now: (Instant, SystemTime),
    ) -> Polling {
        let again = seen.files.keys().filter(|path| seen.is_young(path, now.1)).cloned().collect();
        let mut polling = Polling { every, next: now.0, seen, again };
        polling.rest(every, took, now.0);
        polling
    }

    /// The time between two looks: the one that is wanted, or longer where a look takes long.
    pub(super) fn every(&self) -> Duration {
        self.every
    }

    /// Waits for the next look.
    pub(super) fn rest(&mut self, every: Duration, took: Duration, now: Instant) {
        self.every = every.max(took * (SHARE - 1));
        self.next = now + self.every;
    }

    /// Takes another look, and says where to look again.
    pub(super) fn look(&mut self, seen: Snapshot, now: SystemTime) -> BTreeSet<PathBuf> {
        let mut told = seen.differences(&self.seen);
        let is_later = |path: &PathBuf| told.contains(path) || seen.is_young(path, now);
        let (later, again) = std::mem::take(&mut self.again).into_iter().partition(is_later);
        self.again = later;
        self.again.extend(told.iter().cloned());
        told.extend::<BTreeSet<PathBuf>>(again);
        self.seen = seen;
        told
    }
}

#[cfg(unix)]
fn changed(metadata: &Metadata) -> (i64, i64) {
    use std::os::unix::fs::MetadataExt;
    if metadata.is_dir() {
        (metadata.mtime(), metadata.mtime_nsec())
    } else {
        (metadata.ctime(), metadata.ctime_nsec())
    }
}

#[cfg(not(unix))]
fn changed(_metadata: &Metadata) -> (i64, i64) {
    (0, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(files: &[(&str, u64, SystemTime)]) -> Snapshot {
        let stamp = |&(path, len, at): &(&str, u64, SystemTime)| {
            let stamp = Stamp { len, modified: Some(at), changed: (0, 0), is_folder: false };
            (PathBuf::from(path), stamp)
        };
        Snapshot { files: files.iter().map(stamp).collect() }
    }

    fn names(told: &BTreeSet<PathBuf>) -> Vec<&str> {
        told.iter().filter_map(|path| path.to_str()).collect()
    }

    #[test]
    fn what_changed_is_told_and_once_more_when_its_time_would_tell() {
        let start = SystemTime::UNIX_EPOCH + Duration::from_millis(1_000_000_001);
        let at = |ms: u64| start + Duration::from_millis(ms);
        let now = (Instant::now(), at(1000));
        let every = Duration::from_millis(20);
        let files = [("a", 1, at(0)), ("b", 1, at(0))];
        let mut polling = Polling::begin(seen(&files), every, Duration::from_millis(5), now);
        assert_eq!(polling.every(), Duration::from_millis(95), "a look takes a part of the time only");
        assert_eq!(names(&polling.look(seen(&files), at(1000))), [""; 0]);
        // An older file in its place, and one that is gone.
        let files = [("a", 1, at(0) - Duration::from_secs(500))];
        assert_eq!(names(&polling.look(seen(&files), at(2000))), ["a", "b"]);
        assert_eq!(names(&polling.look(seen(&files), at(3000))), ["a", "b"], "what was there for a moment");
        assert_eq!(names(&polling.look(seen(&files), at(4000))), [""; 0]);
        // It may be written once more without that being seen.
        let files = [("a", 2, at(5000))];
        assert_eq!(names(&polling.look(seen(&files), at(5001))), ["a"]);
        assert_eq!(names(&polling.look(seen(&files), at(5040))), [""; 0]);
        assert_eq!(names(&polling.look(seen(&files), at(5060))), ["a"]);
        assert_eq!(names(&polling.look(seen(&files), at(5080))), [""; 0]);
    }

    #[test]
    fn a_folder_is_told_when_something_came_and_went_in_it() {
        let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1);
        let take = |folder: i64, file: u64| {
            let mut snapshot = seen(&[("folder/a", file, at), ("other", 1, at)]);
            let stamp = Stamp { len: 0, modified: None, changed: (folder, 0), is_folder: true };
            snapshot.files.insert(PathBuf::from("folder"), stamp);
            snapshot
        };
        assert_eq!(names(&take(2, 1).differences(&take(1, 1))), ["folder"]);
        assert_eq!(names(&take(2, 2).differences(&take(1, 1))), ["folder/a"], "its files say why");
        assert_eq!(names(&take(1, 1).differences(&take(1, 1))), [""; 0]);
    }

    #[test]
    fn what_was_young_at_the_beginning_is_told_once() {
        let at = |ms: u64| SystemTime::UNIX_EPOCH + Duration::from_millis(ms);
        // Here times are whole seconds.
        let files = [("a", 1, at(9000)), ("b", 1, at(1000))];
        let begun = (Instant::now(), at(9500));
        let mut polling = Polling::begin(seen(&files), Duration::from_millis(20), Duration::ZERO, begun);
        assert_eq!(names(&polling.look(seen(&files), at(12_000))), [""; 0]);
        assert_eq!(names(&polling.look(seen(&files), at(13_500))), ["a"]);
        assert_eq!(names(&polling.look(seen(&files), at(14_000))), [""; 0]);
    }
}
