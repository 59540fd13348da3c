//! The noise of the file system, turned into few wakes.
//!
//! A [`Wake`] says no more than "look here": whoever is woken reads again and compares hashes, so a wake
//! too many costs a little time and never a wrong page. A wake too few would, and that is what most of
//! the code here is for: folders that appear with files in them, files replaced by a rename, a branch
//! switch, a queue of the system that ran over, a limit on the number of watches, network drives.
//!
//! # How events are gathered
//!
//! One save is told at once, and a storm is told once.
//!
//! Every changed path says for how long it may be unfinished. A file that was renamed into place or was
//! closed after writing is whole: no wait at all. A file that is being written waits for its closing
//! ([`HALF_WRITTEN`] at most; where the system tells nothing of closings, [`UNTOLD`]). A new one may be
//! renamed away in a moment ([`NEW`]); one that is gone may be on its way back, for some editors move the
//! old file away before they write the new one ([`GONE`]). When the last pending path is whole, the wake
//! is due.
//!
//! More than [`FEW`] different paths without a pause are a storm. A storm is over after a silence of
//! [`BREATHS`] times the longest one in it so far, within [`SILENCE`]; so a fast disk is waited for a few
//! hundredths of a second and a slow one longer. The first file of a storm has been told by then, so most
//! storms are two wakes: that one, and the rest. While git holds its `index.lock`, everything waits, so a
//! branch switch is one. Nothing waits longer than [`PATIENCE`] in all ([`GIT_PATIENCE`] for git), and
//! what comes while nobody asks is added to the next wake.
//!
//! # What is watched
//!
//! The content folder, `themes`, `static` and `data`, folder by folder, and the root for the files in
//! it. Not the output, so a site of 16,000 files costs no watch. Files are watched through their folder,
//! because editors replace them. Of git: `HEAD` and the refs of this worktree, packed or in a reftable.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

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
        /// Files that may have been made, changed or removed: absolute, below the canonical root (the
        /// files of a repository around the site excepted), each once, in order. A path that is not there
        /// any more may have been a file or a folder with everything below it.
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
pub struct Watch {}

/// Ends a [`Watch`] from another thread.
#[derive(Debug, Clone)]
pub struct Stop {}

/// Watches the site at `root`.
///
/// Where the system cannot watch, the site is polled instead, and a [`Note`] says so.
///
/// # Errors
/// When there is no folder at `root`, or no thread can be started.
pub fn watch(root: &Path, options: Options) -> io::Result<(Watch, Vec<Note>)> {
    let _ = (root, options);
    Err(io::ErrorKind::Unsupported.into())
}

impl Watch {
    /// Waits until something may have changed and the disk has come to rest; nothing once the watch was
    /// stopped.
    #[must_use]
    pub fn next(&mut self) -> Option<Wake> {
        None
    }

    /// What may have changed until now, if the disk is at rest. Does not wait.
    #[must_use]
    pub fn try_next(&mut self) -> Option<Wake> {
        None
    }

    /// Whether something has happened that no wake has told yet. A long rebuild may stop for it.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        false
    }

    /// The content folder has another name in the configuration now. Costs nothing if it has not.
    pub fn set_content(&self, content: &str) {
        let _ = content;
    }

    /// A handle with which any thread can end this watch.
    #[must_use]
    pub fn stop(&self) -> Stop {
        Stop {}
    }
}

impl Stop {
    /// Ends the watch: [`Watch::next`] returns nothing from now on, also to who waits in it.
    pub fn stop(&self) {}
}

impl fmt::Display for Note {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Note::Limit { every } => write!(
                out,
                "This system lets us watch no more folders, so we look at every file each {} ms instead, \
                 which is slower. To raise the limit: `sudo sysctl fs.inotify.max_user_watches=524288 \
                 fs.inotify.max_user_instances=512`.",
                every.as_millis()
            ),
            Note::Unwatchable { why, every } => write!(
                out,
                "This system cannot tell us of changes ({why}), so we look at every file each {} ms instead.",
                every.as_millis()
            ),
            Note::Network { every } => write!(
                out,
                "The site lies on a network drive, which does not tell of changes made on other machines, so \
                 we also look at every file each {} ms. `--poll` sets another time.",
                every.as_millis()
            ),
            Note::RootGone(root) => {
                write!(out, "The folder {} is gone. Waiting until it is there again.", root.display())
            }
            Note::RootBack(root) => write!(out, "The folder {} is there again.", root.display()),
        }
    }
}
