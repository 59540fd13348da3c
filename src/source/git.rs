//! Who wrote each file and when, as git tells it. Not where pages come from: files are read from disk.
//!
//! The `git` command does the walking, because it is many times faster at it than its libraries. It is
//! run so that neither the user's settings nor the repository change what it says, and so that it runs
//! nothing of the repository's: no hook, no monitor, no external diff, no fetching. Its output is read
//! as it comes, newest commit first, and `follow` joins the names that a file had; `settle` tells which changes were
//! more than reformatting, and `module` asks the repositories in this one.

pub mod base;
pub mod blame;
mod command;
pub mod commit;
mod error;
mod follow;
mod module;
mod settle;
pub mod states;
#[cfg(test)]
mod tests;
pub mod tree;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};

use self::command::Failure;
pub use self::error::GitError;
use self::error::explain;
pub use self::module::NoModule;
use crate::page::text::hidden_login;
use crate::root::{IGNORED_COMMITS, MAILMAP, OF_COMMITS};

/// A file of [`OF_COMMITS`] that is longer, in bytes, is cut there.
const RULE_BYTES: u64 = 1 << 20;

/// The name of the last commit of what is checked out.
pub(super) const HEAD: &str = "HEAD";

/// What git knows of a site's files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct History {
    /// When the last commit was committed, in its committer's time zone; nothing before the first one.
    pub head: Option<Moment>,
    /// The last commit's full id in hexadecimal digits; empty before the first one.
    pub head_id: String,
    /// Whether the history was cut off when it was fetched. Then nothing is known of any file.
    pub shallow: bool,
    /// Folders and, if one is empty, everything, of whose files nothing is known although git may have them; they end
    /// with `/`.
    pub unknown: Vec<String>,
    /// What is missing from the clone, to be told.
    pub gaps: Vec<Gap>,
    /// The path of the site's root from the top of the repository: empty, or ending with `/`.
    pub prefix: String,
    /// Every file of the last commit, by its path from the site's root, with `/`.
    pub files: BTreeMap<String, FileHistory>,
}

/// The life of one file, followed through renames and moves.
///
/// A file that was deleted and added again begins with its last addition.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct FileHistory {
    /// Who wrote it: the author of the commit that added it, then that commit's co-authors, each once.
    pub added_by: Vec<Person>,
    /// Who committed the commit that added it.
    pub committer: Person,
    /// When it was first written, by the author's clock; bulk commits do not count.
    pub added_at: Option<Moment>,
    /// When its text was last changed, by the author's clock. Moves, modes, line ends and blank lines are no change;
    /// bulk commits do not count.
    pub changed_at: Option<Moment>,
    /// The place of the commit that added it in the order in which commits came into this branch:
    /// smaller is older. Authors can set clocks, but not this.
    pub rank: u32,
    /// Whether the commit that seems to have added it may have moved it, which a partial clone cannot tell. Then
    /// nobody wrote it.
    pub is_lost: bool,
}

/// What is missing from a clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gap {
    /// Old texts or folders: a partial clone.
    Partial {
        /// Of how many files nobody knows who wrote them; nothing if of none anything is known.
        files: Option<usize>,
        /// Whether reformatting may count as a change.
        dates: bool,
    },
    /// The history of a submodule.
    Module {
        /// Its folder, from the site's root.
        path: String,
        /// Why.
        why: NoModule,
    },
}

/// Somebody who wrote a commit, after `.mailmap`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Person {
    /// The name as they wrote it. May be empty.
    pub name: String,
    /// The e-mail address. May be empty. Never to be shown on a page.
    pub email: String,
}

/// A moment in somebody's time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Moment {
    /// The moment itself.
    pub at: Timestamp,
    /// How far their clock was from UTC.
    pub offset: Offset,
}

impl Person {
    /// The login at a git host that hides addresses: `ana` for `123+ana@users.noreply.github.com`.
    #[must_use]
    pub fn login(&self) -> Option<&str> {
        hidden_login(&self.email)
    }
}

impl Moment {
    /// The moment with its own time zone, for taking the date or writing it down.
    #[must_use]
    pub fn zoned(&self) -> Zoned {
        self.at.to_zoned(TimeZone::fixed(self.offset))
    }

    /// Reads git's raw form: seconds since 1970 and an offset, as in `1700000000 +0130`.
    fn parse(raw: &str) -> Option<Moment> {
        let (seconds, zone) = raw.split_once(' ').unwrap_or((raw, "+0000"));
        let at = Timestamp::from_second(seconds.parse().ok()?).ok()?;
        let zone: i32 = zone.parse().unwrap_or(0);
        let minutes = zone / 100 * 60 + zone % 100;
        let offset = Offset::from_seconds(minutes.saturating_mul(60)).unwrap_or(Offset::UTC);
        Some(Moment { at, offset })
    }
}

impl History {
    /// Whether git would know a file if it had been committed.
    #[must_use]
    pub fn knows_of(&self, path: &str) -> bool {
        !self.unknown.iter().any(|folder| path.starts_with(folder))
    }
}

/// Asks git about the files in a folder, and in the submodules of it; `content` is the content folder, empty or ending
/// with `/`.
///
/// Nothing where the folder is in no repository, or no file of it is in the repository around it.
///
/// # Errors
/// When there is a repository, and git is not there, refuses, fails or hangs.
pub fn history(root: &Path, content: &str, rules: Rules) -> Result<Option<History>, GitError> {
    module::history(root, content, rules, HEAD, 0)
}

/// The same as it was at a commit, which is named by its id: what came later is not known.
///
/// # Errors
/// As [`history`].
pub fn history_at(root: &Path, content: &str, commit: &str) -> Result<Option<History>, GitError> {
    module::history(root, content, Rules::Believed, commit, 0)
}

/// Whether the files of a repository count that say how its commits are to be read: [`OF_COMMITS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rules {
    /// They do.
    Believed,
    /// Strangers may have written them.
    Ignored,
}

impl Rules {
    /// The rules of a folder that holds the content of strangers: they count if they are those of the trusted folder.
    #[must_use]
    pub fn beside(root: &Path, trusted: &Path) -> Rules {
        let read = |folder: &Path| {
            let top = find(folder).ok().flatten().map_or_else(|| folder.to_path_buf(), |found| found.top);
            OF_COMMITS.map(|name| [rule_file(&top.join(name)), rule_file(&folder.join(name))])
        };
        if root == trusted || read(root) == read(trusted) { Rules::Believed } else { Rules::Ignored }
    }
}

/// What is known of a folder, and the submodules in it: their paths, and the ids of the commits that belong there.
type Known = (History, BTreeMap<String, String>);

/// What the repository around a folder knows of it at a commit.
fn alone(root: &Path, rules: Rules, commit: &str) -> Result<Option<Known>, GitError> {
    let Some(repository) = find(root)? else { return Ok(None) };
    let Repository { top, prefix, shallow, partial } = repository;
    let mut history = History { prefix, shallow, ..History::default() };
    let Some((id, head)) = head(root, commit)? else { return Ok(Some((history, BTreeMap::new()))) };
    (history.head_id, history.head) = (id, head);
    let listed = command::read(root, "ls-tree", &["-r", "-z", "--end-of-options", commit]);
    let listed = match listed {
        Ok(listed) => listed,
        Err(Failure::Status(_)) if partial => Vec::new(),
        Err(failure) => return Err(explain(root, "ls-tree", failure)),
    };
    let mut files: Vec<&str> = Vec::new();
    let mut links = BTreeMap::new();
    for entry in listed.split(|byte| *byte == 0) {
        let Some(tab) = memchr::memchr(b'\t', entry) else { continue };
        let Some(path) = text_path(&entry[tab + 1..]) else { continue };
        if entry.starts_with(b"160000 ") {
            let id = entry[..tab].rsplit(|byte| *byte == b' ').next().unwrap_or_default();
            links.insert(path.to_owned(), String::from_utf8_lossy(id).into_owned());
        } else {
            files.push(path);
        }
    }
    if files.is_empty() && links.is_empty() && !history.prefix.is_empty() {
        return Ok(None);
    }
    if history.shallow {
        history.unknown.push(String::new());
        return Ok(Some((history, links)));
    }
    let is_believed = rules == Rules::Believed;
    let ignored = if is_believed { ignored_commits(&[&top, root]) } else { BTreeSet::new() };
    let prefix = history.prefix.clone();
    let log = |similarity: &str, knows_moves_only: bool| {
        let mut follow = follow::Follow::new(files.iter().copied(), &prefix, &ignored, knows_moves_only);
        let arguments = follow::arguments(similarity, &prefix, is_believed, commit);
        command::tokens(root, "log", &arguments, |token| follow.token(token)).map(|()| follow)
    };
    let mut follow = match log("-M50%", false) {
        // In a partial clone the old texts are elsewhere, and nothing is fetched for their sake.
        Err(Failure::Status(_)) if partial => match log("-M100%", true) {
            Err(Failure::Status(_)) => {
                history.unknown.push(String::new());
                history.gaps.push(Gap::Partial { files: None, dates: true });
                return Ok(Some((history, links)));
            }
            other => other,
        },
        other => other,
    }
    .map_err(|failure| explain(root, "log", failure))?;
    let settled =
        settle::settle(root, follow.tracks()).map_err(|failure| explain(root, "cat-file", failure))?;
    history.files = follow.finish(&settled.last);
    let lost = history.files.values().filter(|file| file.is_lost).count();
    if lost > 0 || settled.is_guessed {
        history.gaps.push(Gap::Partial { files: Some(lost), dates: settled.is_guessed });
    }
    join_coauthors(root, is_believed.then_some(&top), &mut history.files)?;
    Ok(Some((history, links)))
}

/// Who writes in a folder, as git would say it of the next commit; nothing if git does not know.
#[must_use]
pub fn writer(root: &Path) -> Option<Person> {
    let name = command::setting(root, "user.name")?;
    Some(Person::new(&name, &command::setting(root, "user.email").unwrap_or_default()))
}

/// The top of the repository around a folder, and the path of the folder from there: empty, or ending with `/`.
#[must_use]
pub fn top(folder: &Path) -> Option<(PathBuf, String)> {
    find(folder).ok().flatten().map(|found| (found.top, found.prefix))
}

/// Whether a repository around a folder tracks anything in it. Asked only where there is one.
#[must_use]
pub fn tracks_below(folder: &Path) -> bool {
    if !folder.ancestors().any(|it| it.join(".git").exists()) {
        return false;
    }
    command::read(folder, "ls-files", &["-z", "--", "."]).is_ok_and(|said| !said.is_empty())
}

/// Whether the repository around a file tracks it, or something in it.
#[must_use]
pub fn tracks(path: &Path) -> bool {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name().and_then(std::ffi::OsStr::to_str))
    else {
        return false;
    };
    command::read(folder, "ls-files", &["-z", "--", name]).is_ok_and(|said| !said.is_empty())
}

/// The repository around a folder.
struct Repository {
    top: PathBuf,
    prefix: String,
    shallow: bool,
    partial: bool,
}

fn find(root: &Path) -> Result<Option<Repository>, GitError> {
    let arguments = ["--is-inside-work-tree", "--is-shallow-repository", "--show-prefix", "--show-toplevel"];
    let answer = match command::read(root, "rev-parse", &arguments) {
        Ok(answer) => answer,
        Err(failure) => {
            let error = explain(root, "rev-parse", failure);
            let is_none = matches!(error, GitError::NoCommand | GitError::Broken(_)) && !is_beside_git(root);
            return if is_none { Ok(None) } else { Err(error) };
        }
    };
    let answer = String::from_utf8_lossy(&answer);
    let mut lines = answer.split('\n');
    if lines.next() != Some("true") {
        return Ok(None);
    }
    let shallow = lines.next() == Some("true");
    let prefix = lines.next().unwrap_or_default().to_owned();
    let top = PathBuf::from(lines.next().unwrap_or_default());
    let promisor = command::read(
        root,
        "config",
        &["--get-regexp", r"^(extensions\.partialclone|remote\..*\.promisor)$"],
    );
    Ok(Some(Repository { top, prefix, shallow, partial: promisor.is_ok_and(|said| !said.is_empty()) }))
}

/// Whether there is a `.git` in a folder or above it, and nobody said that git is not to look there.
fn is_beside_git(root: &Path) -> bool {
    let is_beside = |folder: &Path| {
        let git = folder.join(".git");
        git.symlink_metadata().is_ok() && !root.starts_with(&git)
    };
    std::env::var_os("GIT_CEILING_DIRECTORIES").is_none() && root.ancestors().any(is_beside)
}

/// The id and the committer's date of a commit.
fn head(root: &Path, commit: &str) -> Result<Option<(String, Option<Moment>)>, GitError> {
    let arguments = ["-1", "--format=%H%n%cd", "--date=raw", "--end-of-options", commit, "--"];
    match command::read(root, "log", &arguments) {
        Ok(answer) => {
            let answer = String::from_utf8_lossy(&answer);
            let (id, date) = answer.split_once('\n').unwrap_or((&answer, ""));
            Ok(Some((id.to_owned(), Moment::parse(date.trim_end()))))
        }
        // Before the first commit there is a branch to be; where there is none either, something is broken.
        Err(Failure::Status(said))
            if (said.contains("bad revision") || said.contains("unknown revision"))
                && command::read(root, "symbolic-ref", &["--quiet", "HEAD"]).is_ok() =>
        {
            Ok(None)
        }
        Err(failure) => Err(explain(root, "log", failure)),
    }
}

/// The ids in `.git-blame-ignore-revs`, at the top of the repository or the root of the site.
pub(super) fn ignored_commits(folders: &[&Path]) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for folder in folders {
        let Some(bytes) = rule_file(&folder.join(IGNORED_COMMITS)) else { continue };
        for line in String::from_utf8_lossy(&bytes).lines() {
            let id = line.split('#').next().unwrap_or_default().trim();
            if follow::is_id(id.as_bytes()) {
                ids.insert(id.to_ascii_lowercase());
            }
        }
    }
    ids
}

/// The bytes of a file of [`OF_COMMITS`], if it is there.
fn rule_file(path: &Path) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(RULE_BYTES).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// The files that join the names of people in commits, at the top of the repository around a folder and in the folder
/// itself, with their texts.
#[must_use]
pub fn mailmaps(root: &Path) -> Vec<(PathBuf, String)> {
    let top = find(root).ok().flatten().map(|found| found.top.join(MAILMAP));
    let mut all: Vec<PathBuf> = top.into_iter().chain([root.join(MAILMAP)]).collect();
    all.dedup();
    let read = |path: PathBuf| Some((String::from_utf8_lossy(&rule_file(&path)?).into_owned(), path));
    all.into_iter().filter_map(read).map(|(text, path)| (path, text)).collect()
}

/// Applies `.mailmap` at the top of the repository to co-authors: git does so for authors only. Then takes out who is there twice.
fn join_coauthors(
    root: &Path,
    top: Option<&PathBuf>,
    files: &mut BTreeMap<String, FileHistory>,
) -> Result<(), GitError> {
    let coauthors: BTreeSet<Person> =
        files.values().flat_map(|file| file.added_by.iter().skip(1)).cloned().collect();
    let mut joined: BTreeMap<Person, Person> = BTreeMap::new();
    if !coauthors.is_empty() && top.is_some_and(|top| top.join(MAILMAP).exists()) {
        let coauthors: Vec<Person> =
            coauthors.into_iter().filter(|person| !person.email.is_empty()).collect();
        let asked: String =
            coauthors.iter().map(|person| format!("{} <{}>\n", person.name, person.email)).collect();
        let answer = command::ask(root, "check-mailmap", &["--stdin"], asked.as_bytes())
            .map_err(|failure| explain(root, "check-mailmap", failure))?;
        let answer = String::from_utf8_lossy(&answer);
        let answer: Vec<Person> = answer.lines().filter_map(follow::person).collect();
        if answer.len() == coauthors.len() {
            joined = coauthors.into_iter().zip(answer).collect();
        }
    }
    for file in files.values_mut() {
        let mut seen = BTreeSet::new();
        let people = std::mem::take(&mut file.added_by);
        file.added_by = people
            .into_iter()
            .map(|person| joined.get(&person).cloned().unwrap_or(person))
            .filter(|person| {
                let key = if person.email.is_empty() { &person.name } else { &person.email };
                seen.insert(key.to_lowercase())
            })
            .collect();
    }
    Ok(())
}

/// A path from git, if it is text. A file with another name can be no page.
fn text_path(path: &[u8]) -> Option<&str> {
    std::str::from_utf8(path).ok().filter(|path| !path.is_empty())
}
