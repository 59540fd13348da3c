//! Adds a commit on a branch of its own, for files that somebody sent in. Nothing else changes: neither the files on disk,
//! nor what is staged, nor the branch that is checked out; so it does not matter what somebody has changed there, and
//! nothing of theirs is committed.
//!
//! The objects are written one by one (`hash-object`, `mktree`, `commit-tree`), which runs no hook, no filter and no
//! editor; only then does the branch begin.

use std::collections::BTreeMap;
use std::path::Path;

use super::command::{self, Failure};
use super::error::{GitError, explain};
use super::{Person, writer};

/// Who commits where git does not know who does.
const RECEIVER: &str = "longhouse";
/// The address of those who have none to show. It is nobody's.
pub const NO_ADDRESS: &str = "receive@localhost";

/// Why there is no commit.
#[derive(Debug)]
pub enum CommitError {
    /// The branch or the place is not one for it, in plain words.
    Refused(String),
    /// Git refuses.
    Git(GitError),
}

/// What is committed.
#[derive(Debug)]
pub struct NewCommit<'a> {
    /// New files by their paths from `folder`, with `/`.
    pub files: &'a BTreeMap<String, Vec<u8>>,
    /// The text.
    pub message: &'a str,
    /// The name of the author; nothing where it is who commits.
    pub author: Option<&'a str>,
    /// The branch, which must not be there yet.
    pub branch: &'a str,
}

/// Commits new files of the site at `root` on top of the last commit. `folder` is where their paths begin, by its real
/// path: the root itself, or the content folder. Gives back the full id of the commit.
///
/// # Errors
/// When the branch is there or its name is none, a file is there already, a folder is a link or a repository of its own,
/// there is no commit yet, or git refuses.
pub fn commit(root: &Path, folder: &Path, new: &NewCommit<'_>) -> Result<String, CommitError> {
    let git = Git { folder };
    let refuse = |why: String| Err(CommitError::Refused(why));
    let top = |folder: &Path| Git { folder }.line("rev-parse", &["--show-toplevel"]);
    if top(folder)? != top(root)? {
        return refuse("The content folder is in another repository than the site. Run it there.".to_owned());
    }
    let branch = format!("refs/heads/{}", new.branch);
    if new.branch.starts_with('-') || git.read("check-ref-format", &["--branch", new.branch]).is_err() {
        return refuse(format!("`{}` is not a name of a branch.", new.branch.replace(char::is_control, " ")));
    }
    if git.read("rev-parse", &["--verify", "--quiet", "--end-of-options", &branch]).is_ok() {
        return refuse(format!(
            "The branch `{}` exists already. Delete it, or choose another name.",
            new.branch
        ));
    }
    let Ok(head) = git.line("rev-parse", &["--verify", "--quiet", "HEAD^{commit}"]) else {
        return refuse("There is no commit yet to build on. Commit the site first.".to_owned());
    };
    let prefix = git.line("rev-parse", &["--show-prefix"])?;
    let mut tree = git.line("rev-parse", &["--verify", &format!("{head}^{{tree}}")])?;
    for (path, bytes) in new.files {
        let blob = git.say("hash-object", &["-w", "--no-filters", "--stdin"], bytes, &[])?;
        let path = format!("{prefix}{path}");
        let parts: Vec<&str> = path.split('/').collect();
        if parts.iter().any(|part| matches!(*part, "" | "." | "..") || part.eq_ignore_ascii_case(".git")) {
            return refuse(format!("`{path}` is not a path in a repository."));
        }
        tree = git.with(Some(&tree), &parts, &blob)?;
    }
    let committer = writer(folder).filter(|it| !it.name.is_empty() && !it.email.is_empty());
    let committer = committer.unwrap_or_else(|| Person { name: RECEIVER.into(), email: NO_ADDRESS.into() });
    let author = match new.author {
        Some(name) => Person { name: name.to_owned(), email: NO_ADDRESS.into() },
        None => committer.clone(),
    };
    let variables = [
        ("GIT_AUTHOR_NAME", &*author.name),
        ("GIT_AUTHOR_EMAIL", &*author.email),
        ("GIT_COMMITTER_NAME", &*committer.name),
        ("GIT_COMMITTER_EMAIL", &*committer.email),
    ];
    let commit = git.say("commit-tree", &[&tree, "-p", &head], new.message.as_bytes(), &variables)?;
    // Forty zeros, or as many as the ids of this repository have: the branch must not be there.
    let nothing = "0".repeat(commit.len());
    let variables = &variables[2..];
    git.say(
        "update-ref",
        &["-m", "longhouse receive", "--no-deref", &branch, &commit, &nothing],
        b"",
        variables,
    )?;
    Ok(commit)
}

/// Git in a folder.
struct Git<'f> {
    folder: &'f Path,
}

impl Git<'_> {
    fn read(&self, command: &'static str, arguments: &[&str]) -> Result<Vec<u8>, CommitError> {
        command::read(self.folder, command, arguments).map_err(|failure| self.failed(command, failure))
    }

    /// What a command says in one line.
    fn line(&self, command: &'static str, arguments: &[&str]) -> Result<String, CommitError> {
        Ok(String::from_utf8_lossy(&self.read(command, arguments)?).trim_end().to_owned())
    }

    /// What a command says in one line to an input.
    fn say(
        &self,
        command: &'static str,
        arguments: &[&str],
        input: &[u8],
        variables: &[(&str, &str)],
    ) -> Result<String, CommitError> {
        let said = command::write(self.folder, command, arguments, input, variables)
            .map_err(|failure| self.failed(command, failure))?;
        Ok(String::from_utf8_lossy(&said).trim_end().to_owned())
    }

    fn failed(&self, command: &'static str, failure: Failure) -> CommitError {
        CommitError::Git(explain(self.folder, command, failure))
    }

    /// A tree with a file in it that it does not have yet.
    fn with(&self, tree: Option<&str>, parts: &[&str], blob: &str) -> Result<String, CommitError> {
        let refuse = |why: String| Err(CommitError::Refused(why));
        let Some((name, rest)) = parts.split_first() else { return Ok(blob.to_owned()) };
        let listed = match tree {
            Some(tree) => self.read("ls-tree", &["-z", "--full-tree", tree])?,
            None => Vec::new(),
        };
        let mut entries: Vec<Vec<u8>> = Vec::new();
        let mut below = None;
        for entry in listed.split(|byte| *byte == 0).filter(|it| !it.is_empty()) {
            let Some(tab) = memchr::memchr(b'\t', entry) else { continue };
            let (facts, called) = (&entry[..tab], &entry[tab + 1..]);
            if called == name.as_bytes() {
                let facts = String::from_utf8_lossy(facts);
                match facts.split(' ').collect::<Vec<_>>().as_slice() {
                    [_, "tree", id] if !rest.is_empty() => below = Some((*id).to_owned()),
                    _ if rest.is_empty() => {
                        return refuse(format!("`{name}` exists in the last commit already."));
                    }
                    _ => {
                        return refuse(format!(
                            "`{name}` is a link or a repository of its own, not a folder."
                        ));
                    }
                }
                continue;
            }
            // On some systems two names that differ in case are one file.
            if called.eq_ignore_ascii_case(name.as_bytes()) {
                let called = String::from_utf8_lossy(called).into_owned();
                return refuse(format!(
                    "`{called}` exists already, and differs from `{name}` in case alone."
                ));
            }
            entries.push(entry.to_vec());
        }
        let made = match rest.is_empty() {
            true => format!("100644 blob {blob}\t{name}"),
            false => format!("040000 tree {}\t{name}", self.with(below.as_deref(), rest, blob)?),
        };
        entries.push(made.into_bytes());
        let mut input = entries.join(&0);
        input.push(0);
        // What a partial clone left elsewhere stays there.
        self.say("mktree", &["-z", "--missing"], &input, &[])
    }
}
