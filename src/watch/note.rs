//! What the watching has to say to people.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

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

impl fmt::Display for Note {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Note::Limit { every } => write!(
                out,
                "The system's limit on watched folders is reached, so all files are checked every {} ms instead, \
                 which is slower. To raise the limit on Linux: `sudo sysctl \
                 fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=512`.",
                every.as_millis()
            ),
            Note::Unwatchable { why, every } => write!(
                out,
                "The system cannot report changes ({why}), so all files are checked every {} ms instead.",
                every.as_millis()
            ),
            Note::Network { every } => write!(
                out,
                "The site is on a network drive, where the system does not report changes made on other machines, so \
                 all files are also checked every {} ms. To change the interval, use `--poll`.",
                every.as_millis()
            ),
            Note::RootGone(root) => {
                write!(out, "The folder {} is gone. Waiting for it to come back.", root.display())
            }
            Note::RootBack(root) => write!(out, "The folder {} is back.", root.display()),
        }
    }
}
