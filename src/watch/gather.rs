//! What has happened and was not told yet, and when to tell it. Knows no thread, no disk, and the clock
//! only by what it is handed.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{Note, Wake};

/// How long a file that is being written is waited for.
pub(super) const HALF_WRITTEN: Duration = Duration::from_millis(20);
/// The same where the system does not say when a file is closed.
pub(super) const UNTOLD: Duration = Duration::from_millis(4);
/// How long a new file or folder may take to become something else.
pub(super) const NEW: Duration = Duration::from_millis(3);
/// How long a path that is gone may take to come back.
pub(super) const GONE: Duration = Duration::from_millis(30);
/// How long a change of everything may take.
pub(super) const WHOLE: Duration = Duration::from_millis(50);
/// More paths than these without a pause are a storm.
pub(super) const FEW: usize = 16;
/// So many times its longest silence tells that a storm is over.
pub(super) const BREATHS: u32 = 6;
/// The shortest and the longest silence after which a storm may be over.
pub(super) const SILENCE: [Duration; 2] = [Duration::from_millis(25), Duration::from_millis(300)];
/// Nothing is kept back longer than this.
pub(super) const PATIENCE: Duration = Duration::from_secs(2);
/// Nothing but what happens while git works.
pub(super) const GIT_PATIENCE: Duration = Duration::from_secs(6);
/// Git moves `HEAD` shortly after it let its lock go.
pub(super) const AFTER_GIT: Duration = Duration::from_millis(15);
/// More pending paths are told as a change of everything.
const MANY: usize = 50_000;

/// What happened to a path. It decides how long the path is waited for, and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// It appeared where nothing was.
    Made,
    /// It was renamed to this name, or closed after writing.
    Whole,
    /// Something was written to it.
    Written,
    /// Its time or its permissions changed.
    Touched,
    /// It is not there any more.
    Gone,
}

/// All that is pending.
#[derive(Debug)]
pub(super) struct Gathering {
    paths: BTreeMap<PathBuf, Pending>,
    folders: BTreeSet<PathBuf>,
    /// Since when everything may have changed.
    everything: Option<Instant>,
    /// Since when the last commit may be another.
    git: Option<Instant>,
    notes: VecDeque<Note>,
    /// When the first of all this happened.
    first: Instant,
    /// When the last did.
    last: Instant,
    burst: Burst,
}

#[derive(Debug, Clone, Copy)]
struct Pending {
    /// When it counts as whole.
    whole_at: Instant,
    /// Whether nothing was here when the last wake was told.
    is_new: bool,
}

/// Changes without a pause, across wakes.
#[derive(Debug, Default)]
struct Burst {
    last: Option<Instant>,
    longest: Duration,
    /// The first few different paths in it.
    paths: BTreeSet<PathBuf>,
}

impl Gathering {
    pub(super) fn new(now: Instant) -> Gathering {
        Gathering {
            paths: BTreeMap::new(),
            folders: BTreeSet::new(),
            everything: None,
            git: None,
            notes: VecDeque::new(),
            first: now,
            last: now,
            burst: Burst::default(),
        }
    }

    /// Takes a change of a path. `tells_closing` says whether its closing will be told.
    pub(super) fn change(&mut self, path: &Path, change: Change, tells_closing: bool, now: Instant) {
        self.begin(now);
        self.burst.take(path, now);
        let wait = match change {
            Change::Whole => Duration::ZERO,
            Change::Made | Change::Written | Change::Touched if tells_closing => HALF_WRITTEN,
            Change::Made | Change::Written | Change::Touched => UNTOLD,
            Change::Gone => GONE,
        };
        let whole_at = now + wait;
        let is_full = self.paths.len() >= MANY;
        match self.paths.get_mut(path) {
            // A file that came and went was somebody's on the way to another name.
            Some(pending) if change == Change::Gone && pending.is_new => {
                self.paths.remove(path);
                self.folders.remove(path);
            }
            Some(pending) => {
                let is_fresh = pending.is_new && change == Change::Whole;
                // What was written does not become less so by a look at its time.
                let stays = change == Change::Touched && pending.whole_at <= whole_at;
                if !stays {
                    pending.whole_at = if is_fresh { now + NEW } else { whole_at };
                }
            }
            None if is_full => self.everything(now),
            None => {
                let pending = Pending { whole_at, is_new: change == Change::Made };
                self.paths.insert(path.to_owned(), pending);
            }
        }
    }

    /// Takes a folder below which anything may have changed. It was told as a change already.
    pub(super) fn folder(&mut self, folder: &Path, now: Instant) {
        self.begin(now);
        if let Some(pending) = self.paths.get_mut(folder)
            && pending.is_new
        {
            // Nobody closes a folder.
            pending.whole_at = now + NEW;
        }
        if self.folders.len() >= MANY {
            self.everything(now);
        } else {
            self.folders.insert(folder.to_owned());
        }
    }

    pub(super) fn git(&mut self, now: Instant) {
        self.begin(now);
        self.git.get_or_insert(now);
    }

    pub(super) fn everything(&mut self, now: Instant) {
        self.begin(now);
        self.everything = Some(now);
        self.paths.clear();
        self.folders.clear();
    }

    pub(super) fn note(&mut self, note: Note, now: Instant) {
        self.everything(now);
        self.notes.push_back(note);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.paths.is_empty() && self.folders.is_empty() && self.everything.is_none() && self.git.is_none()
    }

    /// Whether many files change without a pause.
    pub(super) fn is_storm(&self) -> bool {
        self.paths.len() > FEW || self.burst.paths.len() > FEW
    }

    /// When what is pending may be told; nothing if there is nothing.
    pub(super) fn due(&self) -> Option<Instant> {
        if self.is_empty() {
            return None;
        }
        let rest = if self.is_storm() {
            self.last + self.burst.silence()
        } else {
            let paths = self.paths.values().map(|pending| pending.whole_at).max();
            let everything = self.everything.map(|at| at + WHOLE);
            // A commit writes more than one file of git's.
            let git = self.git.map(|at| at + NEW);
            paths.max(everything).max(git).unwrap_or(self.last)
        };
        Some(rest.min(self.first + PATIENCE))
    }

    /// When the oldest of what is pending happened.
    pub(super) fn first(&self) -> Instant {
        self.first
    }

    /// Everything that is pending, as one wake.
    pub(super) fn take(&mut self, now: Instant) -> Option<Wake> {
        if self.is_empty() {
            return None;
        }
        if self.is_storm() && now >= self.last + self.burst.silence() {
            self.burst = Burst::default();
        }
        let paths = std::mem::take(&mut self.paths);
        let mut folders = std::mem::take(&mut self.folders);
        let git = self.git.take().is_some();
        if self.everything.take().is_some() {
            return Some(Wake::Everything { why: self.notes.pop_front() });
        }
        let paths: Vec<PathBuf> = paths.into_keys().collect();
        folders.extend(renamed_by_case(&paths));
        let mut outer: Vec<PathBuf> = Vec::new();
        for folder in folders {
            if !outer.last().is_some_and(|above| folder.starts_with(above)) {
                outer.push(folder);
            }
        }
        Some(Wake::Paths { paths, folders: outer, git })
    }

    fn begin(&mut self, now: Instant) {
        if self.is_empty() {
            self.first = now;
        }
        self.last = now;
    }
}

impl Burst {
    fn take(&mut self, path: &Path, now: Instant) {
        let gap = self.last.map_or(Duration::MAX, |last| now.saturating_duration_since(last));
        if gap >= SILENCE[1] {
            *self = Burst::default();
        } else {
            self.longest = self.longest.max(gap);
        }
        self.last = Some(now);
        if self.paths.len() <= FEW && !self.paths.contains(path) {
            self.paths.insert(path.to_owned());
        }
    }

    fn silence(&self) -> Duration {
        (self.longest * BREATHS).clamp(SILENCE[0], SILENCE[1])
    }
}

/// Folders of names that differ by case alone. Where a disk cannot tell these apart, both seem to be
/// there; only a look at the list of names says which one is.
fn renamed_by_case(paths: &[PathBuf]) -> BTreeSet<PathBuf> {
    let mut seen: BTreeMap<String, &Path> = BTreeMap::new();
    let mut folders = BTreeSet::new();
    for path in paths {
        let folded = path.to_string_lossy().to_lowercase();
        if let Some(other) = seen.insert(folded, path) {
            folders.extend(other.parent().into_iter().chain(path.parent()).map(Path::to_owned));
        }
    }
    folders
}
