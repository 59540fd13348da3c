//! What a build has beside its output folder, written down in the user's own state folder before it is there.
//!
//! A site in the making and the site of before have names that nobody can guess, and only what is written down here
//! is ever cleared away or put back. Whatever else lies beside the output folder under such a name may have come with
//! somebody's branch.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::folder::OutputFolder;
use super::inside::Journal;
use super::lock::{self, Lock};
use crate::state::{Keep, State};

/// Where the ledger of one output folder is kept. Without a state folder nothing is written down: then what a killed
/// build left stays, and is told.
#[derive(Debug, Clone)]
pub(super) struct Ledger {
    keep: Option<Keep>,
    /// What tells this output folder from others beside it.
    key: String,
}

/// What is written down.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub(super) struct Traces {
    /// Names beside the output folder, of sites in the making or replaced.
    pub(super) stages: Vec<String>,
    /// The name of the site of before, while it is no longer in its place and the new one not yet.
    pub(super) aside: Option<String>,
    /// How far the files of an output folder that cannot be renamed are exchanged.
    pub(super) journal: Option<Journal>,
}

impl Ledger {
    pub(super) fn of(state: Option<&State>, place: &OutputFolder) -> Ledger {
        // A folder in which nothing can be written down is as good as none.
        let keep = state.and_then(|state| state.keep(&place.parent).ok());
        let key = blake3::hash(place.name.as_encoded_bytes()).to_hex()[..32].to_string();
        Ledger { keep, key }
    }

    /// Waits until nobody else builds into the folder.
    pub(super) fn lock(
        &self,
        place: &OutputFolder,
        is_tracked: fn(&Path) -> bool,
        waiting: &dyn Fn(),
    ) -> io::Result<Lock> {
        match &self.keep {
            Some(keep) => lock::take(&keep.path(&format!("{}.lock", self.key)), waiting),
            None => {
                let path = place.lock();
                if path.symlink_metadata().is_ok() && is_tracked(&path) {
                    return Err(io::Error::other(
                        "git tracks it, but a lock does not belong in a repository: remove it",
                    ));
                }
                lock::take(&path, waiting)
            }
        }
    }

    /// What was written down by a build that did not come to its end. Only with the lock held.
    pub(super) fn read(&self) -> Traces {
        let read = self.keep.as_ref().and_then(|keep| keep.read(&self.name()).ok());
        read.flatten().unwrap_or_default()
    }

    /// Writes down what will be there.
    pub(super) fn write(&self, traces: &Traces) -> io::Result<()> {
        self.keep.as_ref().map_or(Ok(()), |keep| keep.write(&self.name(), traces))
    }

    /// Strikes out what is there no longer.
    pub(super) fn strike(&self, place: &OutputFolder) {
        let Some(keep) = &self.keep else { return };
        let mut traces = self.read();
        let is_there = |name: &String| place.parent.join(name).symlink_metadata().is_ok();
        traces.stages.retain(is_there);
        traces.aside = traces.aside.filter(is_there);
        let is_done = traces.stages.is_empty() && traces.aside.is_none() && traces.journal.is_none();
        // What is written down of something that is gone does no harm.
        let _ = if is_done { keep.forget(&self.name()) } else { keep.write(&self.name(), &traces) };
    }

    fn name(&self) -> String {
        format!("{}.json", self.key)
    }
}

/// What builds of this user have beside output folders in `parent` at this moment, absolute.
#[must_use]
pub fn kept_beside(state: &State, parent: &Path) -> BTreeSet<PathBuf> {
    let Ok(keep) = state.keep(parent) else { return BTreeSet::new() };
    let Ok(entries) = std::fs::read_dir(keep.path("")) else { return BTreeSet::new() };
    let mut kept = BTreeSet::new();
    let parent = parent.canonicalize().unwrap_or_else(|_| parent.to_path_buf());
    for name in entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()) {
        if name.len() == 37 && name.ends_with(".json") {
            let traces: Traces = keep.read(&name).ok().flatten().unwrap_or_default();
            kept.extend(traces.stages.iter().chain(&traces.aside).map(|name| parent.join(name)));
        }
    }
    kept
}
