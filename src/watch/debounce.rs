//! What has changed and was not told yet, and when to tell it. Knows no thread and no disk, and the clock only by what
//! it is handed, so that tests drive it by hand.
//!
//! The debouncer of the notify family waits until each path by itself is quiet. This adds what a whole site needs: a
//! single save is told at once, files that change shortly after one another are told together, and nothing is told
//! while git works.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{Note, Wake};

/// A change that follows another one sooner than this belongs to a burst.
const BURST: Duration = Duration::from_millis(5);
/// After such a silence a burst of a few files is over. A commit, which writes several files of git's, is one.
const QUIET_FEW: Duration = Duration::from_millis(20);
/// After such a silence a burst of more than [`FEW`] files is over.
const QUIET_MANY: Duration = Duration::from_millis(100);
const FEW: usize = 16;
/// Nothing is kept back longer than this,
const PATIENCE: Duration = Duration::from_secs(2);
/// except while git holds its lock. A lock that is older was left by a git that died, or is held while somebody thinks
/// about a message.
const GIT_PATIENCE: Duration = Duration::from_secs(6);
/// How often git's lock is looked at while something waits for it.
const LOCK_PAUSE: Duration = Duration::from_millis(5);
/// Git moves `HEAD` shortly after it let its lock go.
const AFTER_GIT: Duration = Duration::from_millis(20);
/// More pending paths than these are told as a change of everything.
const MAX_PATHS: usize = 50_000;

/// Something that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Change {
    /// A file, or a folder with all below it.
    Path(PathBuf),
    /// The last commit, or what is told of commits.
    Git,
    /// Anything.
    Everything,
    /// Anything, and the writer should know something about it.
    Note(Note),
}

/// What to do now.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Nothing is pending.
    Idle,
    /// Ask again at this moment, or when something changed.
    At(Instant),
    /// Tell this.
    Wake(Wake),
}

/// Changes that were not told yet.
#[derive(Debug, Default)]
pub(super) struct Debounce {
    paths: BTreeSet<PathBuf>,
    git: bool,
    everything: bool,
    notes: VecDeque<Note>,
    /// When the first of what is pending changed.
    first: Option<Instant>,
    /// When anything changed last, told or not.
    last: Option<Instant>,
    /// Whether changes follow one another without a pause, across wakes.
    is_burst: bool,
    /// When git's lock was last seen held while something waited for it.
    locked: Option<Instant>,
}

impl Debounce {
    /// Takes a change. Those of one moment count as one.
    pub(super) fn add(&mut self, change: Change, now: Instant) {
        self.first.get_or_insert(now);
        self.is_burst |= self.last.is_some_and(|last| now > last && now < last + BURST);
        self.last = Some(now);
        match change {
            Change::Path(path) => drop(self.paths.insert(path)),
            Change::Git => self.git = true,
            Change::Everything => self.everything = true,
            Change::Note(note) => {
                self.everything = true;
                self.notes.push_back(note);
            }
        }
        if self.everything || self.paths.len() > MAX_PATHS {
            self.everything = true;
            self.paths.clear();
        }
    }

    /// What to do at this moment. `lock` says how old the lock is that git holds, if it holds one; it is asked only
    /// when something would be told otherwise.
    pub(super) fn next(&mut self, now: Instant, lock: impl FnOnce() -> Option<Duration>) -> Next {
        let Some((first, last)) = self.first.zip(self.last) else { return Next::Idle };
        let quiet = self.quiet();
        let due = (last + quiet).min(first + PATIENCE);
        if now < due {
            return Next::At(due);
        }
        if now < first + GIT_PATIENCE {
            if lock().is_some_and(|age| age < GIT_PATIENCE) {
                self.locked = Some(now);
                return Next::At(now + LOCK_PAUSE);
            }
            if let Some(locked) = self.locked.filter(|locked| now < *locked + AFTER_GIT) {
                return Next::At(locked + AFTER_GIT);
            }
        }
        self.is_burst &= now < last + quiet;
        Next::Wake(self.take(now))
    }

    /// For how long nothing may change before what is pending is told.
    fn quiet(&self) -> Duration {
        if self.paths.len() > FEW {
            QUIET_MANY
        } else if self.is_burst || self.git {
            QUIET_FEW
        } else {
            Duration::ZERO
        }
    }

    /// Everything that is pending, as one wake.
    fn take(&mut self, now: Instant) -> Wake {
        (self.first, self.locked) = (None, None);
        let mut paths = std::mem::take(&mut self.paths);
        let git = std::mem::take(&mut self.git);
        if std::mem::take(&mut self.everything) {
            let why = self.notes.pop_front();
            if !self.notes.is_empty() {
                (self.first, self.everything) = (Some(now), true);
            }
            return Wake::Everything { why };
        }
        paths.extend(renamed_by_case(&paths));
        let mut outer: Vec<PathBuf> = Vec::with_capacity(paths.len());
        for path in paths {
            if !outer.last().is_some_and(|above| path.starts_with(above)) {
                outer.push(path);
            }
        }
        Wake::Paths { paths: outer, git }
    }
}

/// Folders of names that differ by case alone. Where a disk cannot tell these apart, both seem to be there; only a look
/// at the list of names says which one is.
fn renamed_by_case(paths: &BTreeSet<PathBuf>) -> BTreeSet<PathBuf> {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A debounce with a clock and a lock of git's that are driven by hand, in tenths of milliseconds.
    struct Clock {
        debounce: Debounce,
        start: Instant,
        now: u64,
        /// Since when git holds its lock.
        locked: Option<u64>,
        wakes: Vec<(u64, Wake)>,
    }

    impl Clock {
        fn new() -> Clock {
            let debounce = Debounce::default();
            Clock { debounce, start: Instant::now(), now: 0, locked: None, wakes: Vec::new() }
        }

        fn at(&self, now: u64) -> Instant {
            self.start + Duration::from_micros(now * 100)
        }

        /// Lets time pass, while somebody asks all the time.
        fn pass(&mut self, until: u64) {
            while self.now < until {
                let age = self.locked.map(|since| Duration::from_micros((self.now - since) * 100));
                if let Next::Wake(wake) = self.debounce.next(self.at(self.now), || age) {
                    self.wakes.push((self.now, wake));
                }
                self.now += 1;
            }
        }

        fn change(&mut self, at: u64, change: Change) {
            self.pass(at);
            self.debounce.add(change, self.at(at));
        }

        fn save(&mut self, at: u64, path: &str) {
            self.change(at, Change::Path(PathBuf::from(path)));
        }

        /// When something was told, and how many paths.
        fn told(&self) -> Vec<(u64, usize)> {
            let count = |wake: &Wake| match wake {
                Wake::Paths { paths, .. } => paths.len(),
                Wake::Everything { .. } => usize::MAX,
            };
            self.wakes.iter().map(|(at, wake)| (*at, count(wake))).collect()
        }
    }

    #[test]
    fn saves_one_after_the_other_never_wait() {
        let mut clock = Clock::new();
        // Also where each is an answer to what the last one made.
        for n in 0..60 {
            clock.save(n * 60, &format!("{n}.md"));
        }
        clock.pass(5000);
        let expected: Vec<(u64, usize)> = (0..60).map(|n| (n * 60, 1)).collect();
        assert_eq!(clock.told(), expected);
    }

    #[test]
    fn all_files_saved_at_once_are_the_first_and_the_rest() {
        let mut clock = Clock::new();
        for n in 0..8 {
            clock.save(n * 10, &format!("{n}.md"));
        }
        clock.pass(5000);
        assert_eq!(clock.told(), [(0, 1), (70 + 200, 7)]);
        // And what comes afterwards does not wait again.
        clock.save(5000, "a.md");
        clock.pass(6000);
        assert_eq!(clock.told()[2..], [(5000, 1)]);
    }

    #[test]
    fn both_names_of_a_renamed_file_are_told_at_once() {
        let mut clock = Clock::new();
        clock.save(0, "a.md");
        clock.save(0, "b.md");
        clock.pass(1000);
        assert_eq!(clock.told(), [(0, 2)]);
    }

    #[test]
    fn five_thousand_files_are_two_wakes_at_most() {
        for gap in [1, 7, 20, 49] {
            let mut clock = Clock::new();
            let mut at = 0;
            for n in 0..5000 {
                // Disks pause now and then. A storm that is longer than two seconds is told of in between.
                at += if n % 20 == 19 { gap * 4 } else { gap };
                clock.save(at, &format!("{n}.md"));
            }
            clock.pass(at + 5000);
            let long = usize::try_from(at / 20_000).expect("few");
            let told = clock.told();
            assert!(told.len() <= 2 + long, "each {gap}: {told:?}");
            assert_eq!(told.iter().map(|wake| wake.1).sum::<usize>(), 5000);
            assert!(told[told.len() - 1].0 <= at + 1000, "each {gap}");
        }
    }

    #[test]
    fn a_branch_switch_is_one_wake() {
        let mut clock = Clock::new();
        clock.locked = Some(0);
        for n in 0..5000 {
            // Slowly, and with a pause that would end any other storm.
            clock.save(5 + n * 6 + u64::from(n > 2500) * 3000, &format!("{n}.md"));
        }
        let end = 5 + 4999 * 6 + 3000;
        clock.pass(end + 2000);
        assert_eq!(clock.told(), [], "git still works");
        clock.locked = None;
        clock.change(end + 2100, Change::Git);
        clock.pass(end + 20_000);
        assert_eq!(clock.wakes.len(), 1);
        assert!(matches!(&clock.wakes[0].1, Wake::Paths { paths, git: true } if paths.len() == 5000));
    }

    #[test]
    fn a_lock_that_was_left_counts_for_nothing_and_one_that_is_kept_not_for_ever() {
        let mut clock = Clock::new();
        clock.locked = Some(0);
        clock.pass(100_000);
        clock.save(100_000, "a.md");
        clock.pass(100_100);
        assert_eq!(clock.told(), [(100_000, 1)]);
        clock.locked = Some(100_100);
        clock.save(110_000, "b.md");
        clock.pass(200_000);
        let told = clock.told();
        assert_eq!(told.len(), 2);
        assert!((160_100..=160_400).contains(&told[1].0), "{told:?}");
    }

    #[test]
    fn a_commit_is_one_wake() {
        let mut clock = Clock::new();
        for at in [0, 30, 60] {
            clock.change(at, Change::Git);
        }
        clock.pass(2000);
        assert_eq!(clock.wakes, [(260, Wake::Paths { paths: Vec::new(), git: true })]);
    }

    #[test]
    fn nothing_is_kept_back_for_ever() {
        let mut clock = Clock::new();
        for n in 0..100_000 {
            clock.save(n, &format!("{}.md", n % 2000));
        }
        let times: Vec<u64> = clock.wakes.iter().map(|wake| wake.0).collect();
        assert!(times.windows(2).all(|pair| pair[1] - pair[0] <= 20_010), "{times:?}");
        assert!(times.len() <= 7, "{times:?}");
    }

    #[test]
    fn what_lies_in_a_folder_that_is_told_is_not_named_again() {
        let mut clock = Clock::new();
        for path in ["a", "a/b", "a/b/c.md", "ab", "b/x.md"] {
            clock.save(0, path);
        }
        clock.pass(10);
        let paths = ["a", "ab", "b/x.md"].map(PathBuf::from).to_vec();
        assert_eq!(clock.wakes, [(0, Wake::Paths { paths, git: false })]);
    }

    #[test]
    fn names_that_differ_by_case_alone_make_their_folder_be_looked_at() {
        let mut clock = Clock::new();
        clock.save(0, "a/x.md");
        clock.save(0, "a/X.md");
        clock.pass(10);
        assert_eq!(clock.wakes, [(0, Wake::Paths { paths: vec![PathBuf::from("a")], git: false })]);
    }

    #[test]
    fn more_than_can_be_named_is_everything_and_every_note_is_told() {
        let mut clock = Clock::new();
        for n in 0..=MAX_PATHS {
            clock.save(0, &n.to_string());
        }
        clock.pass(10_000);
        let notes = ["a", "b"].map(|root| Note::RootGone(PathBuf::from(root)));
        for note in notes.clone() {
            clock.change(20_000, Change::Note(note));
        }
        clock.pass(30_000);
        let why: Vec<Option<Note>> = [None].into_iter().chain(notes.map(Some)).collect();
        let told: Vec<Wake> = clock.wakes.into_iter().map(|(_, wake)| wake).collect();
        assert_eq!(told, why.into_iter().map(|why| Wake::Everything { why }).collect::<Vec<_>>());
    }
}
