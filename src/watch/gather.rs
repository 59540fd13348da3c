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
/// Another file so soon after one is not an answer to it, but part of the same deed.
pub(super) const HURRY: Duration = Duration::from_millis(3);
/// More files than these in a hurry are a storm.
pub(super) const FEW: usize = 16;
/// So many times its longest silence tells that a hurry is over.
pub(super) const BREATHS: u32 = 6;
/// The shortest and the longest silence after which a few files may be all.
pub(super) const SHORT_SILENCE: [Duration; 2] = [Duration::from_millis(10), Duration::from_millis(60)];
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
    is_gone: bool,
}

/// Changes without a pause, across wakes.
#[derive(Debug, Default)]
struct Burst {
    last: Option<Instant>,
    /// The last file that changed, if it is still there.
    path: Option<PathBuf>,
    /// How many files came while another was pending, or right behind another.
    hurried: usize,
    longest: Duration,
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
        let is_beside = self.is_beside(path);
        self.burst.take(path, change, is_beside, now);
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
                self.burst.path = None;
            }
            Some(pending) => {
                pending.is_gone = change == Change::Gone;
                let is_fresh = pending.is_new && change == Change::Whole;
                // What was written does not become less so by a look at its time.
                let stays = change == Change::Touched && pending.whole_at <= whole_at;
                if !stays {
                    pending.whole_at = if is_fresh { now + NEW } else { whole_at };
                }
            }
            None if is_full => self.everything(now),
            None => {
                let (is_new, is_gone) = (change == Change::Made, change == Change::Gone);
                let pending = Pending { whole_at, is_new, is_gone };
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

    /// Takes that a path that is gone was renamed, so that it will not come back.
    pub(super) fn renamed(&mut self, path: &Path, now: Instant) {
        if let Some(pending) = self.paths.get_mut(path)
            && pending.is_gone
        {
            pending.whole_at = now;
        }
    }

    /// Whether many files change without a pause.
    fn is_storm(&self) -> bool {
        self.paths.len() > FEW || self.burst.hurried > FEW
    }

    /// For how long nothing may happen before what is pending is told.
    fn silence(&self) -> Duration {
        let [least, most] = if self.is_storm() { SILENCE } else { SHORT_SILENCE };
        (self.burst.longest * BREATHS).clamp(least, most)
    }

    /// Whether a file is a new one beside others that are pending and there.
    fn is_beside(&self, path: &Path) -> bool {
        // Looked for among a few alone, or a storm of removals would cost the square of its files.
        !self.paths.contains_key(path)
            && (self.paths.len() > FEW || self.paths.values().any(|pending| !pending.is_gone))
    }

    /// When what is pending may be told; nothing if there is nothing.
    pub(super) fn due(&self) -> Option<Instant> {
        if self.is_empty() {
            return None;
        }
        let rest = if self.is_storm() {
            self.last + self.silence()
        } else {
            let hurry = (self.burst.hurried > 0).then(|| self.last + self.silence());
            let paths = self.paths.values().map(|pending| pending.whole_at).max();
            let everything = self.everything.map(|at| at + WHOLE);
            // A commit writes more than one file of git's.
            let git = self.git.map(|at| at + NEW);
            paths.max(everything).max(git).max(hurry).unwrap_or(self.last)
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
        if now >= self.last + self.silence() {
            self.burst = Burst::default();
        }
        let paths = std::mem::take(&mut self.paths);
        let mut folders = std::mem::take(&mut self.folders);
        let git = self.git.take().is_some();
        if self.everything.take().is_some() {
            let why = self.notes.pop_front();
            if !self.notes.is_empty() {
                self.everything(now);
            }
            return Some(Wake::Everything { why });
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
    fn take(&mut self, path: &Path, change: Change, is_beside: bool, now: Instant) {
        let gap = self.last.map_or(Duration::MAX, |last| now.saturating_duration_since(last));
        if gap >= SILENCE[1] {
            *self = Burst::default();
        }
        self.last = Some(now);
        // The old name of a file that is renamed makes no hurry.
        if change != Change::Gone {
            let is_other = self.path.as_deref().is_some_and(|last| last != path);
            self.hurried += usize::from(is_beside || (is_other && gap < HURRY));
            if self.path.as_deref() != Some(path) {
                self.path = Some(path.to_owned());
            }
        }
        if self.hurried > 0 && gap < SILENCE[1] {
            self.longest = self.longest.max(gap);
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A gathering with a clock of its own, in tenths of milliseconds.
    struct Clock {
        gathering: Gathering,
        start: Instant,
        now: u64,
        wakes: Vec<(u64, usize)>,
    }

    impl Clock {
        fn new() -> Clock {
            let start = Instant::now();
            Clock { gathering: Gathering::new(start), start, now: 0, wakes: Vec::new() }
        }

        fn at(&self, now: u64) -> Instant {
            self.start + Duration::from_micros(now * 100)
        }

        /// Lets time pass, while somebody asks all the time.
        fn pass(&mut self, until: u64) {
            while self.now < until {
                let now = self.at(self.now);
                if self.gathering.due().is_some_and(|due| due <= now)
                    && let Some(Wake::Paths { paths, .. }) = self.gathering.take(now)
                {
                    self.wakes.push((self.now, paths.len()));
                }
                self.now += 1;
            }
        }

        fn change(&mut self, at: u64, path: &str, change: Change) {
            self.pass(at);
            self.gathering.change(Path::new(path), change, true, self.at(at));
        }

        /// A file that is emptied, written and closed.
        fn save(&mut self, at: u64, path: &str) {
            self.change(at, path, Change::Written);
            self.change(at, path, Change::Written);
            self.change(at, path, Change::Whole);
        }
    }

    #[test]
    fn saves_one_after_the_other_never_wait() {
        let mut clock = Clock::new();
        // Also where each is an answer to what the last one made.
        for n in 0..60 {
            clock.save(n * 50, &format!("{n}.md"));
        }
        clock.pass(5000);
        let expected: Vec<(u64, usize)> = (0..60).map(|n| (n * 50, 1)).collect();
        assert_eq!(clock.wakes, expected);
    }

    #[test]
    fn all_files_saved_at_once_are_the_first_and_the_rest() {
        let mut clock = Clock::new();
        for n in 0..8 {
            clock.save(n * 10, &format!("{n}.md"));
        }
        clock.pass(5000);
        assert_eq!(clock.wakes.iter().map(|wake| wake.1).collect::<Vec<_>>(), [1, 7]);
        assert!(clock.wakes[1].0 <= 70 + 101, "{:?}", clock.wakes);
    }

    #[test]
    fn a_storm_is_told_when_it_is_over_however_fast_the_disk_is() {
        for gap in [1, 7, 20, 29] {
            let mut clock = Clock::new();
            let mut at = 0;
            for n in 0..600 {
                // Disks pause now and then.
                at += if n % 20 == 19 { gap * 4 } else { gap };
                clock.save(at, &format!("{n}.md"));
            }
            clock.pass(at + 5000);
            let long = usize::try_from(at / 20_000).expect("few");
            assert!(clock.wakes.len() <= 2 + long, "each {gap}: {:?}", clock.wakes);
            assert_eq!(clock.wakes.iter().map(|wake| wake.1).sum::<usize>(), 600);
            let last = clock.wakes[clock.wakes.len() - 1].0;
            assert!(last <= at + 250.max(gap * 4 * 6 + 1), "each {gap}: {last} after {at}");
        }
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
    fn a_half_written_file_is_waited_for_and_not_for_long() {
        let mut clock = Clock::new();
        clock.change(0, "a.md", Change::Written);
        clock.change(150, "a.md", Change::Whole);
        clock.pass(1000);
        assert_eq!(clock.wakes, [(150, 1)]);
        // Held open by who wrote it.
        clock.change(1000, "a.md", Change::Written);
        clock.pass(2000);
        assert_eq!(clock.wakes[1..], [(1200, 1)]);
    }

    #[test]
    fn a_file_that_comes_back_was_never_gone() {
        let mut clock = Clock::new();
        clock.change(0, "a.md", Change::Gone);
        clock.change(100, "a.md", Change::Made);
        clock.change(101, "a.md", Change::Whole);
        clock.pass(1000);
        assert_eq!(clock.wakes, [(101, 1)]);
        clock.change(1000, "a.md", Change::Gone);
        clock.pass(2000);
        assert_eq!(clock.wakes[1..], [(1300, 1)], "and one that does not is told");
    }

    #[test]
    fn a_file_on_its_way_to_another_name_is_not_told() {
        let mut clock = Clock::new();
        clock.change(0, "x83hd", Change::Made);
        clock.change(1, "x83hd", Change::Whole);
        clock.change(2, "x83hd", Change::Gone);
        clock.change(2, "a.md", Change::Whole);
        clock.pass(1000);
        assert_eq!(clock.wakes, [(2, 1)]);
    }

    #[test]
    fn a_renamed_file_is_told_with_both_names_at_once() {
        let mut clock = Clock::new();
        clock.change(0, "a.md", Change::Gone);
        clock.change(0, "b.md", Change::Whole);
        clock.gathering.renamed(Path::new("a.md"), clock.at(0));
        clock.pass(1000);
        assert_eq!(clock.wakes, [(0, 2)]);
    }

    #[test]
    fn folders_within_folders_are_told_once() {
        let mut clock = Clock::new();
        for folder in ["a", "a/b", "a/b/c", "ab", "b"] {
            clock.gathering.folder(Path::new(folder), clock.at(0));
        }
        let wake = clock.gathering.take(clock.at(0));
        let folders = ["a", "ab", "b"].map(PathBuf::from).to_vec();
        assert_eq!(wake, Some(Wake::Paths { paths: Vec::new(), folders, git: false }));
    }

    #[test]
    fn more_than_can_be_named_is_everything() {
        let mut clock = Clock::new();
        for n in 0..=MANY {
            clock.gathering.change(Path::new(&n.to_string()), Change::Whole, true, clock.at(0));
        }
        assert_eq!(clock.gathering.take(clock.at(0)), Some(Wake::Everything { why: None }));
        assert_eq!(clock.gathering.take(clock.at(0)), None);
    }
}
