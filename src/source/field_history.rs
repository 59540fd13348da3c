//! Since when ideas have their state, their horizon and their response, as git tells it: which folders hold ideas, and
//! where git is asked about them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::git::states::{FieldHistories, states};
use super::git::{HEAD, History, ignored_commits};
use crate::config::Config;
use crate::page::kind::Kind;

/// Asks git when fields of ideas changed. `origin` is the repository's folder and the commit that the files at the root
/// were taken from, where they were; `trusted` is the folder of what is no content. Nothing where the history is unknown or
/// cut off, or where there are no ideas.
pub(super) fn field_histories(
    (root, trusted): (&Path, &Path),
    content_prefix: &str,
    config: &Config,
    history: Option<&History>,
    origin: Option<&(PathBuf, String)>,
) -> Option<FieldHistories> {
    let history = history.filter(|history| !history.shallow && !history.head_id.is_empty())?;
    let folders = folders(root, content_prefix, config);
    if folders.is_empty() {
        return None;
    }
    let (asked, commit) = origin.map_or((root, HEAD), |(asked, commit)| (asked, commit.as_str()));
    let top = asked.ancestors().nth(history.prefix.matches('/').count()).unwrap_or(asked);
    // Those who write content decide nothing about how history is read where it lies apart from what is trusted.
    let ignored = if root == trusted { ignored_commits(&[top, asked]) } else { BTreeSet::new() };
    states(asked, commit, &folders, &ignored)
}

/// The folders in which ideas lie, from the site's root, in order.
fn folders(root: &Path, content_prefix: &str, config: &Config) -> Vec<String> {
    let Ok(entries) = fs::read_dir(root.join(content_prefix)) else { return Vec::new() };
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let is_of_ideas = |name: &String| match config.kinds.get(name) {
        Some(of) => of.kind == Kind::Idea && !of.faq,
        None => Kind::from_word(name) == Some(Kind::Idea),
    };
    let mut folders: Vec<String> =
        names.filter(is_of_ideas).map(|name| format!("{content_prefix}{name}")).collect();
    folders.sort_unstable();
    folders
}
