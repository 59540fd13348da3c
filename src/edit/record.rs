//! What a change will do, written down before the first step and kept until the next change, so that a change
//! that was interrupted can be finished or taken back, and a finished one taken back.
//!
//! The record lies in the user's own state folder, never in the site, where one may have come with somebody's
//! branch. The file's name says how far it is: `begun.json` while files are changed, `last.json` when all is done,
//! `undoing.json` while it is taken back. Each step from one to the next is one renaming.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::allow::Scope;
use crate::state::{self, Keep, State};

/// What a change did, or was about to do. Paths are those from the root.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// What was typed: old and new name.
    pub said: (String, String),
    /// What edits may touch.
    pub(super) scope: Scope,
    /// The real path of the content folder.
    pub(super) home: PathBuf,
    /// What nobody can guess, for names that files have for a moment.
    pub(super) nonce: String,
    /// What got another name, in order.
    pub(super) moves: Vec<Step>,
    /// Every file that was moved, as it was.
    pub(super) files: Vec<Moved>,
    /// Every text that was changed.
    pub(super) texts: Vec<Text>,
    /// Folders that were made, the outermost first.
    pub(super) made: Vec<String>,
}

/// A file or a folder that gets another name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Step {
    pub(super) from: String,
    pub(super) to: String,
    /// The name in between, where some disk takes both for one.
    pub(super) via: Option<String>,
}

/// A file that lies elsewhere afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Moved {
    pub(super) from: String,
    /// BLAKE3 of its bytes as they were.
    pub(super) hash: String,
}

/// A file with another text afterwards: all of it, with its own line ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Text {
    pub(super) from: String,
    pub(super) before: String,
    pub(super) after: String,
}

/// How far a change is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Files are being changed.
    Begun,
    /// All is done.
    Done,
    /// It is being taken back.
    Undoing,
}

impl Stage {
    const ALL: [Stage; 3] = [Stage::Begun, Stage::Undoing, Stage::Done];

    const fn file(self) -> &'static str {
        match self {
            Stage::Begun => "begun.json",
            Stage::Done => "last.json",
            Stage::Undoing => "undoing.json",
        }
    }
}

/// The name that a file has for a moment, beside the one that it had. Nobody can guess it, and only a record that
/// is ours names it.
pub(super) fn between(from: &str, nonce: &str) -> String {
    let folder = from.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    format!("{folder}.longhouse-{nonce}")
}

/// The records of one site.
#[derive(Debug)]
pub(super) struct Records(Keep);

impl Records {
    /// Those of the site at `root`.
    pub(super) fn of(state: &State, root: &Path) -> io::Result<Records> {
        state.keep(root).map(Records)
    }

    /// The record that is there, and how far it is. What was not finished comes first.
    pub(super) fn read(&self) -> io::Result<Option<(Stage, Record)>> {
        for stage in Stage::ALL {
            if let Some(record) = self.0.read(stage.file())? {
                return Ok(Some((stage, record)));
            }
        }
        Ok(None)
    }

    /// Writes a record down, as begun.
    pub(super) fn write(&self, record: &Record) -> io::Result<()> {
        self.0.write(Stage::Begun.file(), record)
    }

    /// Where a text is written before it takes its place, so that whatever is interrupted leaves nothing in the
    /// content. Only who holds the lock writes there.
    pub(super) fn writing(&self) -> PathBuf {
        self.0.path("writing")
    }

    /// Says that a record is one stage further.
    pub(super) fn advance(&self, from: Stage, to: Stage) -> io::Result<()> {
        fs::rename(self.0.path(from.file()), self.0.path(to.file()))
    }

    /// Forgets a record.
    pub(super) fn forget(&self, stage: Stage) -> io::Result<()> {
        self.0.forget(stage.file())
    }

    /// Keeps others out as long as what is returned lives; nothing if somebody else is at work.
    pub(super) fn lock(&self) -> io::Result<Option<File>> {
        let file = state::open_lock(&self.0.path("lock"))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => Ok(None),
            // Some network file systems know no locks.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(Some(file)),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Where they are, for messages.
    pub(super) fn place(&self) -> String {
        self.0.path("").display().to_string()
    }
}
