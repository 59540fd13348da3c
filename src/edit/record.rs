//! What a change will do, written down before the first step and kept until the next change, so that a change
//! that was interrupted can be finished or taken back, and a finished one taken back.
//!
//! The file's name says how far it is: `begun.json` while files are changed, `last.json` when all is done,
//! `undoing.json` while it is taken back. Each step from one to the next is one renaming.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// The folder of the record, in the root of a site. It is hidden, so it is neither content nor published.
pub const FOLDER: &str = ".longhouse-undo";

/// What a change did, or was about to do. Paths are those from the root.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// What was typed: old and new name.
    pub said: (String, String),
    /// What stands before every path of the content.
    pub(super) content: String,
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

    fn file(self, root: &Path) -> PathBuf {
        root.join(FOLDER).join(match self {
            Stage::Begun => "begun.json",
            Stage::Done => "last.json",
            Stage::Undoing => "undoing.json",
        })
    }
}

/// The record that is there, and how far it is. What was not finished comes first.
pub(super) fn read(root: &Path) -> io::Result<Option<(Stage, Record)>> {
    for stage in Stage::ALL {
        match fs::read(stage.file(root)) {
            Ok(bytes) => {
                let record = serde_json::from_slice(&bytes).map_err(|error| {
                    io::Error::other(format!("the record cannot be read: {error}. Remove it to go on"))
                })?;
                return Ok(Some((stage, record)));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

/// Writes a record down, as begun.
pub(super) fn write(root: &Path, record: &Record) -> io::Result<()> {
    let text = serde_json::to_string_pretty(record).map_err(io::Error::other)?;
    super::replace(&Stage::Begun.file(root), &text, &writing(root))
}

/// Where a text is written before it takes its place, so that whatever is interrupted leaves nothing in the
/// content. Only who holds the lock writes there.
pub(super) fn writing(root: &Path) -> PathBuf {
    root.join(FOLDER).join("writing")
}

/// Says that a record is one stage further.
pub(super) fn advance(root: &Path, from: Stage, to: Stage) -> io::Result<()> {
    fs::rename(from.file(root), to.file(root))
}

/// Forgets a record.
pub(super) fn forget(root: &Path, stage: Stage) -> io::Result<()> {
    fs::remove_file(stage.file(root))
}

/// Makes the folder, and keeps others out of it as long as what is returned lives; nothing if somebody else
/// is at work. git is told to leave the folder alone.
pub(super) fn lock(root: &Path) -> io::Result<Option<File>> {
    let folder = root.join(FOLDER);
    fs::create_dir_all(&folder)?;
    let (ignore, lock) = (folder.join(".gitignore"), folder.join("lock"));
    // It may have come with somebody's branch, and must lead nowhere else.
    for path in [&folder, &ignore, &lock] {
        if fs::symlink_metadata(path).is_ok_and(|it| it.is_symlink()) {
            return Err(io::Error::other("there is a symbolic link in it. Remove it"));
        }
    }
    if !ignore.exists() {
        fs::write(ignore, "*\n")?;
    }
    let file = File::options().create(true).truncate(false).write(true).open(lock)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        // Some network file systems know no locks.
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(Some(file)),
        Err(TryLockError::Error(error)) => Err(error),
    }
}
