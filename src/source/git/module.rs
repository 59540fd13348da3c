//! Content that has a history of its own: a submodule, a submodule of that, or a content folder that is a clone.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use super::{Gap, GitError, HEAD, History, Rules, alone};

/// At most this many submodules of one repository are asked.
const MODULES: usize = 64;
/// So deep lies one in another.
const DEPTH: usize = 8;

/// Why the history of a submodule is unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoModule {
    /// It was not fetched, so its folder is empty.
    Missing,
    /// Its history was cut off when it was fetched.
    Shallow,
    /// More of them than are asked, or one too deep in others.
    TooMany,
    /// Git cannot be asked.
    Git(GitError),
}

/// What git knows of a folder, and of every submodule in it. `content` is the content folder, which may be a
/// repository that the one around it does not know; empty, or ending with `/`. At any other commit than the last one,
/// a submodule is asked about the commit that belongs there.
pub(super) fn history(
    root: &Path,
    content: &str,
    rules: Rules,
    commit: &str,
    depth: usize,
) -> Result<Option<History>, GitError> {
    let own = content.trim_end_matches('/');
    let is_clone = !own.is_empty() && has_git(&root.join(own));
    let (mut history, mut links) = match alone(root, rules, commit)? {
        Some(known) => known,
        None if is_clone => (History::default(), BTreeMap::new()),
        None => return Ok(None),
    };
    let is_alone = history.head_id.is_empty();
    if is_clone && commit == HEAD {
        links.insert(own.to_owned(), HEAD.to_owned());
    }
    for (count, (link, belongs)) in links.iter().enumerate() {
        let below = format!("{link}/");
        // What lies elsewhere holds no pages, and is nothing that this site misses.
        let concerns = below.starts_with(content) || content.starts_with(&below);
        if !concerns || !is_inside(link) {
            continue;
        }
        let folder = root.join(link);
        let found = match () {
            () if count >= MODULES || depth >= DEPTH => Err(NoModule::TooMany),
            () if !has_git(&folder) => Err(NoModule::Missing),
            () => {
                let commit = if commit == HEAD { HEAD } else { belongs };
                self::history(&folder, "", rules, commit, depth + 1).map_err(NoModule::Git)
            }
        };
        match found {
            // A `.git` that is no repository makes git answer for the one around it.
            Ok(Some(module)) if module.prefix.is_empty() => {
                if module.shallow {
                    history.gaps.push(Gap::Module { path: link.clone(), why: NoModule::Shallow });
                }
                join(&mut history, &below, module, is_alone);
            }
            Ok(_) => miss(&mut history, link, NoModule::Missing),
            Err(why) => miss(&mut history, link, why),
        }
    }
    Ok(Some(history))
}

fn miss(history: &mut History, link: &str, why: NoModule) {
    history.unknown.push(format!("{link}/"));
    history.gaps.push(Gap::Module { path: link.to_owned(), why });
}

/// Adds what is known of a submodule. Its commits have no place in the order of those around it: they count as younger.
fn join(history: &mut History, below: &str, module: History, is_alone: bool) {
    if is_alone {
        (history.head, history.head_id) = (module.head, module.head_id);
    }
    let youngest = history.files.values().map(|file| file.rank + 1).max().unwrap_or(0);
    for (path, mut file) in module.files {
        file.rank = file.rank.saturating_add(youngest);
        history.files.insert(format!("{below}{path}"), file);
    }
    history.unknown.extend(module.unknown.iter().map(|folder| format!("{below}{folder}")));
    for gap in module.gaps {
        history.gaps.push(match gap {
            Gap::Module { path, why } => Gap::Module { path: format!("{below}{path}"), why },
            partial @ Gap::Partial { .. } => partial,
        });
    }
}

/// Whether a folder is the top of a repository. Git lets nobody commit a `.git`, so somebody made it here.
pub(super) fn has_git(folder: &Path) -> bool {
    let is_folder = folder.symlink_metadata().is_ok_and(|it| it.is_dir());
    is_folder && folder.join(".git").symlink_metadata().is_ok_and(|it| it.is_dir() || it.is_file())
}

pub(super) fn is_inside(link: &str) -> bool {
    !link.is_empty() && Path::new(link).components().all(|part| matches!(part, Component::Normal(_)))
}
