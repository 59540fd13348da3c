//! The files of a commit, as bytes from git's own store: no filter, no attribute and no hook of anybody's settings sees
//! them, and no working tree is touched.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, Read};
use std::path::{Path, PathBuf};

use super::base::{self, Blob, NoBase};
use super::error::explain;
use super::module::{has_git, is_inside};
use super::{command, find, text_path};

/// Submodules lie at most so deep in each other.
const DEPTH: usize = 8;

/// A commit of the repository around a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Its id.
    pub id: String,
    /// The files of the site and of submodules in it that are there, by their path from the site's root.
    pub files: BTreeMap<String, Stored>,
    /// Everything in the repository, folders included, by its path from the repository's top.
    pub beside: BTreeSet<String>,
    /// The folders of submodules that were not fetched, from the site's root.
    pub missing: Vec<String>,
}

/// A file in git's store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// What git has.
    pub blob: Blob,
    /// The folder of the repository that has it: the site's root, or a submodule.
    home: PathBuf,
}

/// Looks up the files of the commit that a branch, a tag or an id names.
///
/// # Errors
/// When there is no such commit, or git refuses.
pub fn commit(root: &Path, reference: &str) -> Result<Commit, NoBase> {
    find(root).map_err(NoBase::Git)?.ok_or(NoBase::NoRepository)?;
    let id = base::resolve(root, reference)?;
    let mut commit = Commit { id, files: BTreeMap::new(), beside: BTreeSet::new(), missing: Vec::new() };
    let id = commit.id.clone();
    commit.take(root, "", &id, 0)?;
    let listed = command::read(
        root,
        "ls-tree",
        &["-r", "-t", "-z", "--full-tree", "--name-only", "--end-of-options", &id],
    )
    .map_err(|failure| NoBase::Git(explain(root, "ls-tree", failure)))?;
    commit.beside = listed.split(|byte| *byte == 0).filter_map(text_path).map(str::to_owned).collect();
    Ok(commit)
}

/// The id of the commit that a name means; nothing if git knows none of that name.
///
/// # Errors
/// When git refuses, or the folder is in no repository.
pub fn id(root: &Path, reference: &str) -> Result<Option<String>, NoBase> {
    find(root).map_err(NoBase::Git)?.ok_or(NoBase::NoRepository)?;
    match base::resolve(root, reference) {
        Ok(id) => Ok(Some(id)),
        Err(NoBase::Unknown(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

/// The id of the commit at which two commits parted.
///
/// # Errors
/// When one is unknown, they have nothing in common, or the history was cut off before that commit.
pub fn began(root: &Path, reference: &str, other: &str) -> Result<String, NoBase> {
    let repository = find(root).map_err(NoBase::Git)?.ok_or(NoBase::NoRepository)?;
    let [one, other] = [base::resolve(root, reference)?, base::resolve(root, other)?];
    match base::began(root, &one, &other)? {
        Some(id) => Ok(id),
        None if repository.shallow => Err(NoBase::Shallow),
        None => Err(NoBase::Unrelated(reference.to_owned())),
    }
}

impl Commit {
    /// Adds the files of a repository, and those of submodules in it.
    fn take(&mut self, home: &Path, below: &str, id: &str, depth: usize) -> Result<(), NoBase> {
        let files = base::tree(home, id).map_err(|failure| NoBase::Git(explain(home, "ls-tree", failure)))?;
        for (path, blob) in files {
            let is_module = blob.len.is_none() && !blob.is_link;
            let name = format!("{below}{path}");
            if !is_module {
                self.files.insert(name, Stored { blob, home: home.to_owned() });
                continue;
            }
            let folder = home.join(&path);
            let is_there = depth < DEPTH && is_inside(&path) && has_git(&folder);
            // What was not fetched is the fault of nobody who compares.
            if !is_there || self.take(&folder, &format!("{name}/"), &blob.id, depth + 1).is_err() {
                self.missing.push(name);
            }
        }
        Ok(())
    }

    /// Hands over some of the files, one after the other, as streams.
    ///
    /// # Errors
    /// When git fails, has not all of them, or the receiver does.
    pub fn each(
        &self,
        paths: &[&str],
        mut receive: impl FnMut(&str, &mut dyn Read) -> io::Result<()>,
    ) -> Result<(), NoBase> {
        let mut homes: BTreeMap<&Path, Vec<(&str, &Blob)>> = BTreeMap::new();
        for path in paths {
            if let Some(stored) = self.files.get(*path) {
                homes.entry(&stored.home).or_default().push((path, &stored.blob));
            }
        }
        for (home, wanted) in homes {
            let asked: String = wanted.iter().map(|(_, blob)| format!("{}\n", blob.id)).collect();
            let read = |out: &mut dyn BufRead| -> io::Result<bool> {
                for (path, _) in &wanted {
                    let mut line = String::new();
                    out.read_line(&mut line)?;
                    let len = line.trim_end().rsplit_once(" blob ").and_then(|(_, len)| len.parse().ok());
                    // What is not there is said in place of its length.
                    let Some(len) = len else { return Ok(false) };
                    let mut bytes = Read::take(&mut *out, len);
                    receive(path, &mut bytes)?;
                    io::copy(&mut bytes, &mut io::sink())?;
                    out.read_exact(&mut [0])?;
                }
                Ok(true)
            };
            let is_whole = command::converse(home, "cat-file", &["--batch"], asked.as_bytes(), read)
                .map_err(|failure| NoBase::Git(explain(home, "cat-file", failure)))?;
            if !is_whole {
                return Err(NoBase::Partial);
            }
        }
        Ok(())
    }
}
