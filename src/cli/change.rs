//! What the commands that change source files share: where they stand, what they show, how it is taken back.

use std::path::{Path, PathBuf};

use anstream::{eprintln, println};

use super::{Failure, Outcome, report};
use crate::edit::{self, Change, ChangeError, Journal};
use crate::page::text;
use crate::rename;
use crate::source::program_state;
use crate::state::StateError;

/// The folder of the site by its real path, so that other paths can be compared with it.
///
/// # Errors
/// When there is no such folder.
pub(super) fn root(named: Option<PathBuf>) -> Result<PathBuf, Failure> {
    let root = super::root(named)?;
    root.canonicalize()
        .map_err(|error| Failure::Usage(format!("There is no folder {}: {error}", root.display())))
}

/// The site as files of it are changed. Says where nothing can be remembered, and what an older version left.
///
/// # Errors
/// When the state folder must not be believed.
pub(super) fn journal(root: &Path) -> Result<Journal, Failure> {
    if let Some(found) = program_state::old_records(root) {
        eprintln!(
            "note: `{found}` is ignored. It came with someone's branch or was left by an older version of Longhouse. \
             Check it, then delete it."
        );
    }
    let state = match super::state(root) {
        Ok(state) => Some(state),
        Err(StateError::Refused(why)) => return Err(Failure::Usage(why)),
        Err(StateError::Absent(why)) => {
            eprintln!("note: `--undo` is not available here: {why}");
            None
        }
    };
    Ok(Journal::new(root, state.as_ref())?)
}

/// Takes the last change back, whichever command made it.
///
/// # Errors
/// When there is none, a file changed since, or the disk refuses.
pub(super) fn undo(root: &Path) -> Result<Outcome, Failure> {
    let record = edit::undo(&journal(root)?)?;
    match record.said == edit::fixing() {
        _ if record.is_forgetting() => println!("Undid the last `longhouse forget`"),
        true => println!("Undid the last `longhouse fix`"),
        false => println!("Undone: {} has its old name back", report::visible(&record.said.0)),
    }
    Ok(Outcome::Done)
}

/// Shows the files that get other names, the lines that change, and what to look at.
pub(super) fn show(change: &Change, notes: &[String]) {
    for it in &change.moves {
        println!("{} -> {}", report::visible(&it.from), report::visible(&it.to));
    }
    for it in &change.texts {
        let to = change.moved(&it.path);
        println!();
        // A secret on a line beside goes into no log.
        for line in text::without_secrets(&rename::diff::unified(it, &to)).lines() {
            println!("{}", report::visible(line));
        }
    }
    for note in notes {
        eprintln!("note: {}", super::plain(note));
    }
}

impl From<ChangeError> for Failure {
    fn from(error: ChangeError) -> Failure {
        match error {
            ChangeError::Refused(why) => Failure::Usage(why),
            ChangeError::Io(..) => Failure::World(error.to_string()),
        }
    }
}
