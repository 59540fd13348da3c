//! What a branch is compared with: the files as they were where it began, and who changed which since.
//!
//! Everything is read from git's own store, as bytes: no filter, no text conversion and no external diff of
//! anybody's settings sees them, and no working tree is written.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

use super::command::{self, Failure};
use super::error::explain;
use super::follow::{is_id, text_path_below};
use super::{GitError, Person, find};

/// A file as git keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blob {
    /// The id of its bytes.
    pub id: String,
    /// Their number; nothing for what holds no bytes, as a module of another repository.
    pub len: Option<u64>,
    /// Whether it is a symbolic link.
    pub is_link: bool,
}

/// A commit, and what is different since.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Base {
    /// The commit at which the branch began: where it and the other one were last the same.
    pub id: String,
    /// Its files, by their path from the site's root.
    pub files: BTreeMap<String, Blob>,
    /// The ids of the files of the last commit, by their path from the site's root.
    pub head: BTreeMap<String, String>,
    /// Who wrote the commits since that touched a file, by its path from the site's root; each once.
    pub authors: BTreeMap<String, BTreeSet<Person>>,
}

/// Why there is nothing to compare with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoBase {
    /// The site is in no repository, or there is no git.
    NoRepository,
    /// The history was cut off when it was fetched.
    Shallow,
    /// There is no such commit.
    Unknown(String),
    /// The two have no commit in common.
    Unrelated(String),
    /// Texts of the other commit were not fetched.
    Partial,
    /// git refuses or fails.
    Git(GitError),
}

/// Looks up the commit at which the last one and `reference` parted, and what is different since.
///
/// # Errors
/// Why there is none.
pub fn base(root: &Path, reference: &str) -> Result<Base, NoBase> {
    let repository = find(root).map_err(NoBase::Git)?.ok_or(NoBase::NoRepository)?;
    if repository.shallow {
        return Err(NoBase::Shallow);
    }
    let failed = |command| move |failure| NoBase::Git(explain(root, command, failure));
    let id = began(root, &resolve(root, reference)?, "HEAD")?;
    let id = id.ok_or_else(|| NoBase::Unrelated(reference.to_owned()))?;
    let files = tree(root, &id).map_err(failed("ls-tree"))?;
    let head = ids(root, "HEAD").map_err(failed("ls-tree"))?;
    let authors = authors(root, &repository.prefix, &id).map_err(failed("log"))?;
    Ok(Base { id, files, head, authors })
}

/// The id of the commit that a branch, a tag or an id names.
///
/// # Errors
/// When there is none, or git refuses.
pub(super) fn resolve(root: &Path, reference: &str) -> Result<String, NoBase> {
    let unknown = || NoBase::Unknown(reference.to_owned());
    // What looks like an option is none, and what looks like several commits is not one.
    let commit = format!("{reference}^{{commit}}");
    let asked = ["--verify", "--quiet", "--end-of-options", &commit];
    match command::read(root, "rev-parse", &asked) {
        Ok(answer) => id(&answer).filter(|_| !reference.is_empty()).ok_or_else(unknown),
        Err(Failure::Status(_)) => Err(unknown()),
        Err(failure) => Err(NoBase::Git(explain(root, "rev-parse", failure))),
    }
}

/// The commit at which two parted; nothing if they have none in common.
pub(super) fn began(root: &Path, one: &str, other: &str) -> Result<Option<String>, NoBase> {
    match command::read(root, "merge-base", &[one, other]) {
        Ok(answer) => Ok(id(&answer)),
        Err(Failure::Status(said))
            if said.trim().is_empty() || said.contains("Not a valid object name HEAD") =>
        {
            Ok(None)
        }
        Err(failure) => Err(NoBase::Git(explain(root, "merge-base", failure))),
    }
}

/// The bytes of several files, in their order.
///
/// # Errors
/// When git fails, or has not all of them.
pub fn read(root: &Path, blobs: &[&Blob]) -> Result<Vec<Vec<u8>>, NoBase> {
    if blobs.is_empty() {
        return Ok(Vec::new());
    }
    let asked: String = blobs.iter().map(|blob| format!("{}\n", blob.id)).collect();
    let answer = command::ask(root, "cat-file", &["--batch"], asked.as_bytes())
        .map_err(|failure| NoBase::Git(explain(root, "cat-file", failure)))?;
    let mut rest = answer.as_slice();
    let mut texts = Vec::with_capacity(blobs.len());
    for _ in blobs {
        let end = memchr::memchr(b'\n', rest).ok_or(NoBase::Partial)?;
        let head = String::from_utf8_lossy(&rest[..end]).into_owned();
        let len: usize =
            head.rsplit_once(' ').and_then(|(_, len)| len.parse().ok()).ok_or(NoBase::Partial)?;
        let bytes = rest.get(end + 1..end + 1 + len).ok_or(NoBase::Partial)?;
        texts.push(bytes.to_vec());
        rest = rest.get(end + 2 + len..).unwrap_or_default();
    }
    Ok(texts)
}

/// The files of a commit below the site's root.
pub(super) fn tree(root: &Path, commit: &str) -> Result<BTreeMap<String, Blob>, Failure> {
    let answer = command::read(root, "ls-tree", &["-r", "-l", "-z", "--end-of-options", commit])?;
    let file = |line: &[u8]| {
        let tab = memchr::memchr(b'\t', line)?;
        let facts = std::str::from_utf8(&line[..tab]).ok()?;
        let mut facts = facts.split_ascii_whitespace();
        let (mode, _, id, len) = (facts.next()?, facts.next()?, facts.next()?, facts.next()?);
        let path = super::text_path(&line[tab + 1..])?;
        let blob = Blob { id: id.to_owned(), len: len.parse().ok(), is_link: mode == "120000" };
        Some((path.to_owned(), blob))
    };
    Ok(answer.split(|byte| *byte == 0).filter_map(file).collect())
}

/// The ids of the files of a commit below the site's root.
fn ids(root: &Path, commit: &str) -> Result<BTreeMap<String, String>, Failure> {
    let answer = command::read(root, "ls-tree", &["-r", "-z", "--end-of-options", commit])?;
    let file = |line: &[u8]| {
        let tab = memchr::memchr(b'\t', line)?;
        let id = std::str::from_utf8(&line[..tab]).ok()?.rsplit(' ').next()?;
        Some((super::text_path(&line[tab + 1..])?.to_owned(), id.to_owned()))
    };
    Ok(answer.split(|byte| *byte == 0).filter_map(file).collect())
}

/// Who wrote the commits since `id`, by file. `.mailmap` counts only if nobody changed it since, or anyone who wants to
/// be somebody else would say so there.
fn authors(root: &Path, prefix: &str, id: &str) -> Result<BTreeMap<String, BTreeSet<Person>>, Failure> {
    let mailmap = |commit: &str| {
        command::read(root, "ls-tree", &["--full-tree", "-z", "--end-of-options", commit, "--", ".mailmap"])
    };
    let format = match mailmap(id)? == mailmap("HEAD")? {
        true => "--format=tformat:%H%n%aN%n%aE",
        false => "--format=tformat:%H%n%an%n%ae",
    };
    let range = format!("{id}..HEAD");
    let arguments = [
        format,
        "--no-show-signature",
        "--no-notes",
        "--encoding=UTF-8",
        // A merge shows only what is in none of its sides.
        "-c",
        "-z",
        "--name-status",
        "--no-color",
        "-O/dev/null",
        "--no-ext-diff",
        "--no-textconv",
        "--no-relative",
        "--no-renames",
        "--end-of-options",
        &range,
        "--",
    ];
    let mut found: BTreeMap<String, BTreeSet<Person>> = BTreeMap::new();
    let mut author = Person::default();
    let mut is_path = false;
    command::tokens(root, "log", &arguments, |token| {
        if is_path {
            is_path = false;
            if let Some(path) = text_path_below(token, prefix) {
                found.entry(path.to_owned()).or_default().insert(author.clone());
            }
            return;
        }
        let token = token.strip_prefix(b"\n").unwrap_or(token);
        let text = String::from_utf8_lossy(token);
        let mut lines = text.split('\n');
        match (lines.next(), lines.next()) {
            (Some(id), Some(name)) if is_id(id.as_bytes()) => {
                let email = lines.next().unwrap_or_default();
                author = Person::new(name.trim(), email.trim());
            }
            // The status of a file, whose path comes next.
            (Some(status), _) => is_path = !status.is_empty(),
            (None, _) => {}
        }
    })?;
    Ok(found)
}

fn id(answer: &[u8]) -> Option<String> {
    let line = String::from_utf8_lossy(answer).lines().next().unwrap_or_default().trim().to_owned();
    is_id(line.as_bytes()).then_some(line)
}

impl fmt::Display for NoBase {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoBase::NoRepository => out.write_str(
                "There is nothing to compare with: the site is not in a git repository, or git is not installed",
            ),
            NoBase::Shallow => out.write_str(
                "This is a shallow clone of the repository, so git cannot tell what has changed. Fetch the whole \
                 history: `git fetch --unshallow`, `fetch-depth: 0` in a GitHub workflow, or `GIT_DEPTH: 0` in a \
                 GitLab pipeline",
            ),
            NoBase::Unknown(reference) => write!(
                out,
                "Git does not know the commit `{reference}`. Fetch it first, for example with `git fetch origin \
                 main`, then give its name in git: `origin/main`, a tag, or a commit id"
            ),
            NoBase::Unrelated(reference) => write!(
                out,
                "`{reference}` and the checked-out branch have no commit in common, so git cannot tell what has \
                 changed. Give the branch that the changes are meant for, and fetch its whole history (`fetch-depth: \
                 0`)"
            ),
            NoBase::Partial => out.write_str(
                "Parts of the history were not fetched, so git cannot tell what has changed. Clone the whole \
                 repository, without `--filter`",
            ),
            NoBase::Git(error) => write!(out, "{error}. {}", error.help()),
        }
    }
}

impl std::error::Error for NoBase {}
