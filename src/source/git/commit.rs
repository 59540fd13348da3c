//! Adds a commit on a branch of its own, for files that somebody sent in or that were brought in. Nothing else changes:
//! neither the files on disk, nor what is staged, nor the branch that is checked out; so it does not matter what somebody
//! has changed there, and nothing of theirs is committed.
//!
//! The objects are written one by one (`hash-object`, `mktree`, `commit-tree`), which runs no hook, no filter and no
//! editor; only then does the branch begin. A branch that an earlier run of the same origin began is replaced, unless
//! anybody has changed a file on it since.

use std::collections::BTreeMap;
use std::path::Path;

use super::command::{self, Failure};
use super::error::{GitError, explain};
use super::{Person, writer};
use crate::edit::{self, TextChange};

/// Who commits where git does not know who does.
const RECEIVER: &str = "longhouse";
/// The address of those who have none to show. It is nobody's.
pub const NO_ADDRESS: &str = "receive@localhost";

/// Why there is no commit.
#[derive(Debug)]
pub enum CommitError {
    /// The branch or the place is not one for it, in plain words.
    Refused(String),
    /// The branch is there, and holds what others did, in plain words.
    Others(String),
    /// Git refuses.
    Git(GitError),
}

/// What is committed.
#[derive(Debug, Clone, Copy)]
pub struct NewCommit<'a> {
    /// New files by their paths from `folder`, with `/`.
    pub files: &'a BTreeMap<String, Vec<u8>>,
    /// Texts of the last commit that change, by the same paths. If one is anything else there than the change was made for,
    /// nothing is committed.
    pub changed: &'a BTreeMap<String, TextChange>,
    /// The text.
    pub message: &'a str,
    /// The name of the author; nothing where it is who commits.
    pub author: Option<&'a str>,
    /// The branch. If it is there, it may hold nothing but an earlier commit of the same origin.
    pub branch: &'a str,
    /// The line of the text that says where it comes from. Without one, the branch must not be there yet.
    pub origin: Option<&'a str>,
}

/// What became of a branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Committed {
    /// It begins with this commit.
    New(String),
    /// It has this commit in place of what an earlier run wrote.
    Replaced(String),
    /// An earlier run wrote the same. The branch stays as it is, at this commit.
    Same(String),
}

impl Committed {
    /// The full id of the commit at which the branch is.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Committed::New(id) | Committed::Replaced(id) | Committed::Same(id) => id,
        }
    }
}

/// What an earlier run left on a branch.
struct Earlier {
    /// The commit at which the branch is.
    tip: String,
    /// Its files, by their paths from the top, with the ids of their contents; and its text.
    wrote: BTreeMap<String, String>,
    message: String,
}

/// Commits new and changed files of the site at `root` on top of the last commit. `folder` is where their paths begin, by
/// its real path: the root itself, or the content folder.
///
/// # Errors
/// When the branch is there and is not one that may be replaced, or its name is none; a new file is there already, a
/// changed one is not as it was; a folder is a link or a repository of its own, there is no commit yet, or git refuses.
pub fn commit(root: &Path, folder: &Path, new: &NewCommit<'_>) -> Result<Committed, CommitError> {
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
    let tip = git.line("rev-parse", &["--verify", "--quiet", "--end-of-options", &branch]).ok();
    let Ok(head) = git.line("rev-parse", &["--verify", "--quiet", "HEAD^{commit}"]) else {
        return refuse("There is no commit yet to build on. Commit the site first.".to_owned());
    };
    let earlier = tip.map(|tip| git.earlier(new, &branch, tip, &head)).transpose()?;
    let prefix = git.line("rev-parse", &["--show-prefix"])?;
    let mut tree = git.line("rev-parse", &["--verify", &format!("{head}^{{tree}}")])?;
    let mut writes = BTreeMap::new();
    let mut changed = Vec::new();
    for (path, change) in new.changed {
        let bytes = git.changed(&format!("{head}:{prefix}{path}"), change)?;
        changed.push((path, bytes, true));
    }
    let files = new.files.iter().map(|(path, bytes)| (path, bytes, false));
    for (path, bytes, is_there) in files.chain(changed.iter().map(|(path, bytes, it)| (*path, bytes, *it))) {
        let blob = git.say("hash-object", &["-w", "--no-filters", "--stdin"], bytes, &[])?;
        let path = format!("{prefix}{path}");
        let parts: Vec<&str> = path.split('/').collect();
        if parts.iter().any(|part| matches!(*part, "" | "." | "..") || part.eq_ignore_ascii_case(".git")) {
            return refuse(format!("`{path}` is not a path in a repository."));
        }
        tree = git.with(Some(&tree), &parts, &blob, is_there)?;
        writes.insert(path, blob);
    }
    if let Some(earlier) = &earlier
        && earlier.wrote == writes
        && earlier.message.trim_end() == new.message.trim_end()
    {
        return Ok(Committed::Same(earlier.tip.clone()));
    }
    let commit = git.place(new, &branch, &[&tree, "-p", &head], earlier.as_ref())?;
    Ok(if earlier.is_some() { Committed::Replaced(commit) } else { Committed::New(commit) })
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

    /// Writes a commit, and begins the branch with it or puts the branch there from where it was.
    fn place(
        &self,
        new: &NewCommit<'_>,
        branch: &str,
        on: &[&str],
        earlier: Option<&Earlier>,
    ) -> Result<String, CommitError> {
        let committer = writer(self.folder).filter(|it| !it.name.is_empty() && !it.email.is_empty());
        let committer =
            committer.unwrap_or_else(|| Person { name: RECEIVER.into(), email: NO_ADDRESS.into() });
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
        let commit = self.say("commit-tree", on, new.message.as_bytes(), &variables)?;
        // Forty zeros, or as many as the ids of this repository have: the branch must not be there.
        let before = earlier.map_or_else(|| "0".repeat(commit.len()), |it| it.tip.clone());
        let variables = &variables[2..];
        let arguments = ["-m", "longhouse", "--no-deref", branch, &commit, &before];
        self.say("update-ref", &arguments, b"", variables)?;
        Ok(commit)
    }

    /// What an earlier run of the same origin wrote on a branch.
    ///
    /// Its files must be those of the last commit and what that run wrote: then nobody's work is lost. That the last
    /// commit was merged into it meanwhile, as hosts offer at the press of a button, changes nothing of that.
    fn earlier(
        &self,
        new: &NewCommit<'_>,
        branch: &str,
        tip: String,
        head: &str,
    ) -> Result<Earlier, CommitError> {
        let called = new.branch;
        let is_out = !self.line("for-each-ref", &["--format=%(worktreepath)", branch])?.is_empty();
        let (Some(origin), false) = (new.origin, tip == head || is_out) else {
            let why = format!("The branch `{called}` exists already. Delete it, or choose another name.");
            return Err(CommitError::Refused(why));
        };
        let others = || {
            CommitError::Others(format!(
                "The branch `{called}` exists already, and others have worked on it. It stays as it is."
            ))
        };
        let base = self.line("merge-base", &[head, &tip]).map_err(|_| others())?;
        let range = format!("{head}..{tip}");
        let listed = self.line("rev-list", &["--first-parent", "--reverse", &range])?;
        // A branch that was merged has nothing of its own any more.
        let first = listed.lines().next().unwrap_or(&tip).to_owned();
        let commit = self.line("cat-file", &["commit", &first])?;
        let message = commit.split_once("\n\n").map_or("", |(_, message)| message).to_owned();
        let parent = format!("{first}^1");
        let raw = |from: &str, to: &str| {
            self.read("diff-tree", &["-r", "-z", "--raw", "--no-renames", "--no-abbrev", from, to])
        };
        let differs = raw(&parent, &first).map_err(|_| others())?;
        let is_untouched = base == tip || raw(&base, &tip)? == differs;
        if !is_untouched || !message.lines().any(|line| line == origin) {
            return Err(others());
        }
        Ok(Earlier { tip, wrote: written(&differs), message })
    }

    /// What a text of a commit becomes.
    fn changed(&self, object: &str, change: &TextChange) -> Result<Vec<u8>, CommitError> {
        let before = self.read("cat-file", &["blob", object]).ok().and_then(|it| String::from_utf8(it).ok());
        let after = before.and_then(|before| edit::saved(&before, change));
        after.map(String::into_bytes).ok_or_else(|| {
            CommitError::Refused(format!("`{}` has changes that are not in the last commit.", change.path))
        })
    }

    /// A tree with a file in it: one that it does not have yet, or one that is there and changes.
    fn with(
        &self,
        tree: Option<&str>,
        parts: &[&str],
        blob: &str,
        is_there: bool,
    ) -> Result<String, CommitError> {
        let refuse = |why: String| Err(CommitError::Refused(why));
        let Some((name, rest)) = parts.split_first() else { return Ok(blob.to_owned()) };
        let listed = match tree {
            Some(tree) => self.read("ls-tree", &["-z", "--full-tree", tree])?,
            None => Vec::new(),
        };
        let mut entries: Vec<Vec<u8>> = Vec::new();
        let mut below = None;
        let mut mode = None;
        for entry in listed.split(|byte| *byte == 0).filter(|it| !it.is_empty()) {
            let Some(tab) = memchr::memchr(b'\t', entry) else { continue };
            let (facts, called) = (&entry[..tab], &entry[tab + 1..]);
            if called == name.as_bytes() {
                let facts = String::from_utf8_lossy(facts);
                match facts.split(' ').collect::<Vec<_>>().as_slice() {
                    [_, "tree", id] if !rest.is_empty() => below = Some((*id).to_owned()),
                    [was @ ("100644" | "100755"), "blob", _] if rest.is_empty() && is_there => {
                        mode = Some((*was).to_owned());
                    }
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
        if is_there && rest.is_empty() && mode.is_none() {
            return refuse(format!("`{name}` is not in the last commit."));
        }
        let mode = mode.as_deref().unwrap_or("100644");
        let made = match rest.is_empty() {
            true => format!("{mode} blob {blob}\t{name}"),
            false => format!("040000 tree {}\t{name}", self.with(below.as_deref(), rest, blob, is_there)?),
        };
        entries.push(made.into_bytes());
        let mut input = entries.join(&0);
        input.push(0);
        // What a partial clone left elsewhere stays there.
        self.say("mktree", &["-z", "--missing"], &input, &[])
    }
}

/// What a commit wrote, of how `diff-tree` lists it: paths with the ids of what is there now.
fn written(differs: &[u8]) -> BTreeMap<String, String> {
    let mut parts = differs.split(|byte| *byte == 0).map(String::from_utf8_lossy);
    let mut written = BTreeMap::new();
    while let (Some(facts), Some(path)) = (parts.next(), parts.next()) {
        let id = facts.split(' ').nth(3).unwrap_or_default();
        written.insert(path.into_owned(), id.to_owned());
    }
    written
}
