//! The noise of the file system, turned into few wakes.
//!
//! A [`Wake`] says no more than "look here": whoever is woken reads again and compares hashes, so a wake
//! too many costs a little time and never a wrong page. A wake too few would cost one, and that is what
//! most of the code here is for: folders that appear with files in them, files replaced by a rename, a branch
//! switch, a queue of the system that ran over, a limit on the number of watches, network drives.
//!
//! # How events are gathered
//!
//! One save is told at once, and a storm is told once.
//!
//! Every changed path says for how long it may be unfinished. A file that was renamed into place or was
//! closed after writing is whole: no wait at all. A file that is being written waits for its closing
//! (20 ms at most; 4 ms where the system tells nothing of closings). A new one may be renamed away in a
//! moment (3 ms); one that is gone may be on its way back, for some editors move the old file away before
//! they write the new one (30 ms). When the last pending path is whole, the wake is due.
//!
//! A file that changes within 3 ms of another, or while another is pending, is in a hurry: somebody saved
//! all files at once, or a program writes. Then the wake is due after a silence of six times the longest
//! one in the hurry so far: 10 to 60 ms, and 25 to 300 ms once there are more than 16 files. So a fast disk
//! is waited for a few hundredths of a second and a slow one longer. The first file of a storm has been
//! told by then, so most storms are two wakes: that one, and the rest. Somebody who saves file after file
//! never waits, nor does a program that is slower than whoever is woken. While git holds its `index.lock`,
//! everything waits, so a branch switch is one wake. Nothing waits longer than 2 s in all (6 s for git),
//! and what comes while nobody asks is added to the next wake.
//!
//! # What is watched
//!
//! The content folder, `themes`, `static` and `data`, folder by folder, and the root for the files in
//! it. Not the output, so a site of 16,000 files costs no watch. Files are watched through their folder,
//! because editors replace them. Of git: `HEAD` and the refs of this worktree, packed or in a reftable.

mod backend;
mod gather;
mod git;
mod ground;
mod noise;
mod poll;
#[cfg(test)]
mod tests;
mod worker;

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime};

use gather::{AFTER_GIT, Change, GIT_PATIENCE, Gathering};
use ground::{Ground, Look};
use worker::{Message, Worker};

/// How often git's lock is looked at while something waits for it.
const LOCK_PAUSE: Duration = Duration::from_millis(5);
/// A lock that is older was left by a git that died, or is held while somebody thinks about a message.
const LOCK_AGE: Duration = Duration::from_secs(10);

/// What to watch, and how.
#[derive(Debug, Clone)]
pub struct Options {
    /// The content folder as the configuration names it, from the root. Where there is none of that name,
    /// the root itself is the content.
    pub content: String,
    /// Where the site is written: never watched, never a reason to wake.
    pub output: Option<PathBuf>,
    /// Look at everything so often instead of asking the system to tell, for network drives. The time
    /// between two looks is longer where a look takes more than a twentieth of it.
    pub poll: Option<Duration>,
}

/// What to look at again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wake {
    /// Some paths may have changed.
    Paths {
        /// Files that may have been made, changed or removed: absolute, below the canonical root, each
        /// once, in order. A path that is not there any more may have been a file or a folder with
        /// everything below it.
        paths: Vec<PathBuf>,
        /// Folders below which anything may have changed: made, renamed or removed ones, absolute, in
        /// order. None lies in another.
        folders: Vec<PathBuf>,
        /// Whether the last commit may be another one, or what is told of commits (`.mailmap`,
        /// `.git-blame-ignore-revs`).
        git: bool,
    },
    /// Anything may have changed.
    Everything {
        /// What the writer should know about that, if anything. Each note is told once.
        why: Option<Note>,
    },
}

/// What somebody who writes should know about the watching. Shown, it is one or two whole sentences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// The system lets us watch no more folders.
    Limit {
        /// The time between two looks from now on.
        every: Duration,
    },
    /// The system cannot watch, and said why.
    Unwatchable {
        /// What the system said.
        why: String,
        /// The time between two looks from now on.
        every: Duration,
    },
    /// The site lies on a drive whose changes made elsewhere are not told here.
    Network {
        /// The time between two looks, which are made beside the watching.
        every: Duration,
    },
    /// The root of the site is not there.
    RootGone(PathBuf),
    /// It is there again.
    RootBack(PathBuf),
}

/// A watch on a site. Its threads end when it is dropped.
#[derive(Debug)]
pub struct Watch {
    shared: Arc<Shared>,
    sender: Sender<Message>,
    thread: Option<JoinHandle<()>>,
}

/// Steers a [`Watch`] from another thread.
#[derive(Debug, Clone)]
pub struct Handle {
    shared: Arc<Shared>,
    sender: Sender<Message>,
}

/// What the listening thread and whoever asks share.
#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug)]
struct State {
    gathering: Gathering,
    /// The file that git holds while it works.
    lock: Option<PathBuf>,
    /// When it was last seen held.
    locked: Option<Instant>,
    /// The time of a lock that nobody waits for any more.
    passed_over: Option<SystemTime>,
    /// Whether nothing may be told until folders are watched anew.
    is_held: bool,
    has_ended: bool,
}

/// Watches the site at `root`.
///
/// Where the system cannot watch, the site is polled instead, and a [`Note`] says so.
///
/// # Errors
/// When there is no folder at `root`, or no thread can be started.
pub fn watch(root: &Path, options: Options) -> io::Result<(Watch, Vec<Note>)> {
    watch_with(root, options, Box::new(backend::system))
}

fn watch_with(root: &Path, options: Options, make: backend::Make) -> io::Result<(Watch, Vec<Note>)> {
    let shared = Arc::new(Shared::new());
    let (sender, receiver) = mpsc::channel();
    let (worker, notes) = Worker::new(root, options, make, sender.clone(), Arc::clone(&shared))?;
    let thread = thread::Builder::new().name("watch".to_owned()).spawn(move || worker.run(&receiver))?;
    Ok((Watch { shared, sender, thread: Some(thread) }, notes))
}

impl Watch {
    /// Waits until something may have changed and the disk has come to rest; nothing once the watch was
    /// stopped.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "a loop over wakes hides that it waits")]
    pub fn next(&mut self) -> Option<Wake> {
        let mut state = self.shared.state();
        loop {
            if state.has_ended {
                return None;
            }
            let now = Instant::now();
            match state.due(now) {
                Some(due) if due <= now => {
                    if let Some(wake) = state.take(now) {
                        return Some(wake);
                    }
                }
                Some(due) => {
                    let waited = self.shared.changed.wait_timeout(state, due - now);
                    state = waited.unwrap_or_else(PoisonError::into_inner).0;
                }
                None => state = self.shared.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }

    /// What may have changed until now, if the disk is at rest. Does not wait.
    #[must_use]
    pub fn try_next(&mut self) -> Option<Wake> {
        let mut state = self.shared.state();
        let now = Instant::now();
        let is_due = !state.has_ended && state.due(now).is_some_and(|due| due <= now);
        is_due.then(|| state.take(now)).flatten()
    }

    /// Whether something has happened that no wake has told yet. A long rebuild may stop for it.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        !self.shared.state().gathering.is_empty()
    }

    /// A handle with which any thread can steer this watch.
    #[must_use]
    pub fn handle(&self) -> Handle {
        Handle { shared: Arc::clone(&self.shared), sender: self.sender.clone() }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.shared.end();
        let _ = self.sender.send(Message::End);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Handle {
    /// Ends the watch: [`Watch::next`] returns nothing from now on, also to who waits in it.
    pub fn stop(&self) {
        self.shared.end();
    }

    /// The content folder has this name in the configuration now. Costs nothing if it had it before;
    /// else everything is told once the folder is watched.
    pub fn set_content(&self, content: &str) {
        // A thread that has ended needs no name.
        let _ = self.sender.send(Message::Content(content.to_owned()));
    }
}

impl Shared {
    fn new() -> Shared {
        let state = State {
            gathering: Gathering::new(Instant::now()),
            lock: None,
            locked: None,
            passed_over: None,
            is_held: false,
            has_ended: false,
        };
        Shared { state: Mutex::new(state), changed: Condvar::new() }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the state, and wakes who waits for that.
    fn update(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state());
        self.changed.notify_all();
    }

    fn end(&self) {
        self.update(|state| state.has_ended = true);
    }
}

impl State {
    /// When to tell what is pending, or to look again whether to.
    fn due(&mut self, now: Instant) -> Option<Instant> {
        let due = self.gathering.due().filter(|_| !self.is_held)?;
        if due > now {
            return Some(due);
        }
        if self.is_locked() {
            if now < self.gathering.first() + GIT_PATIENCE {
                self.locked = Some(now);
                return Some(now + LOCK_PAUSE);
            }
            self.passed_over = self.lock_time();
        }
        Some(self.locked.map_or(due, |locked| locked + AFTER_GIT))
    }

    fn take(&mut self, now: Instant) -> Option<Wake> {
        self.locked = None;
        self.gathering.take(now)
    }

    /// Takes what a look at all files found.
    fn difference(&mut self, ground: &Ground, path: &Path, is_there: bool, now: Instant) {
        if ground.look(path) == Look::Git {
            self.gathering.git(now);
        } else {
            self.gathering.change(path, if is_there { Change::Whole } else { Change::Gone }, false, now);
        }
    }

    /// Whether git is at work.
    fn is_locked(&self) -> bool {
        self.lock_time().is_some_and(|time| {
            let is_old = || SystemTime::now().duration_since(time).is_ok_and(|age| age > LOCK_AGE);
            self.passed_over != Some(time) && (self.locked.is_some() || !is_old())
        })
    }

    fn lock_time(&self) -> Option<SystemTime> {
        fs::symlink_metadata(self.lock.as_ref()?).and_then(|there| there.modified()).ok()
    }
}

impl fmt::Display for Note {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Note::Limit { every } => write!(
                out,
                "The system's limit on watched folders is reached, so every file is looked at each {} ms \
                 instead, which is slower. On Linux this raises the limit: `sudo sysctl \
                 fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=512`.",
                every.as_millis()
            ),
            Note::Unwatchable { why, every } => write!(
                out,
                "The system cannot tell of changes ({why}), so every file is looked at each {} ms instead.",
                every.as_millis()
            ),
            Note::Network { every } => write!(
                out,
                "The site lies on a network drive, where the system does not tell of changes that others \
                 make, so every file is looked at each {} ms as well. `--poll` sets another time.",
                every.as_millis()
            ),
            Note::RootGone(root) => {
                write!(out, "The folder {} is gone. Waiting until it is there again.", root.display())
            }
            Note::RootBack(root) => write!(out, "The folder {} is there again.", root.display()),
        }
    }
}
