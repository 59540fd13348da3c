//! Who wrote each file and when, as git tells it. Not where pages come from: files are read from disk.
//!
//! The `git` command does the walking, because it is many times faster at it than its libraries. It is
//! run so that neither the user's settings nor the repository change what it says, and so that it runs
//! nothing of the repository's: no hook, no monitor, no external diff, no fetching. Its output is read
//! as it comes, newest commit first, and `follow` joins the names that a file had.

pub mod base;
mod command;
mod follow;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};

use self::command::Failure;

/// A file that lists more bulk commits than fit in so many bytes is cut there.
const IGNORED_BYTES: u64 = 1 << 20;

/// What git knows of a site's files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct History {
    /// When the last commit was committed, in its committer's time zone; nothing before the first one.
    pub head: Option<Moment>,
    /// The last commit's full id in hexadecimal digits; empty before the first one.
    pub head_id: String,
    /// Whether the history was cut off when it was fetched. Then nothing is known of any file.
    pub shallow: bool,
    /// Whether files may be missing from the clone (a partial one): then a file that was moved and
    /// changed at once counts as a new one.
    pub partial: bool,
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
    /// When it was last changed, moved or renamed, by the author's clock; bulk commits do not count.
    pub changed_at: Option<Moment>,
    /// The place of the commit that added it in the order in which commits came into this branch:
    /// smaller is older. Authors can set clocks, but not this.
    pub rank: u32,
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

/// Why git could not be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GitError {
    /// The repository belongs to another user, and git refuses to read it until told otherwise.
    Ownership {
        /// The repository, or the root of the site if git did not say.
        repository: String,
    },
    /// Anything else.
    Failed {
        /// The subcommand, as in `log`.
        command: &'static str,
        /// The last line of what git said.
        message: String,
    },
}

impl Person {
    /// The login at a git host that hides addresses: `ana` for `123+ana@users.noreply.github.com`.
    ///
    /// GitHub writes the number with `+`, GitLab with `-`; both also had addresses without one.
    #[must_use]
    pub fn login(&self) -> Option<&str> {
        let (local, host) = self.email.rsplit_once('@')?;
        let is = |known: &str| host.eq_ignore_ascii_case(known);
        let separator = if is("users.noreply.github.com") {
            '+'
        } else if is("users.noreply.gitlab.com") {
            '-'
        } else {
            return None;
        };
        let login = match local.split_once(separator) {
            Some((number, login)) if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) => {
                login
            }
            _ => local,
        };
        (!login.is_empty()).then_some(login)
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

/// Asks git about the files in a folder.
///
/// Nothing where the folder is in no repository, no file of it is in the repository around it, or
/// there is no `git` command.
///
/// # Errors
/// When git is there and refuses or fails.
pub fn history(root: &Path) -> Result<Option<History>, GitError> {
    let Some(repository) = find(root)? else { return Ok(None) };
    let mut history =
        History { prefix: repository.prefix, shallow: repository.shallow, ..History::default() };
    let Some((id, head)) = head(root)? else { return Ok(Some(history)) };
    (history.head_id, history.head) = (id, head);
    let files = command::read(root, "ls-tree", &["-r", "-z", "--name-only", "--end-of-options", "HEAD"])
        .map_err(|failure| explain(root, "ls-tree", failure))?;
    let files: Vec<String> =
        files.split(|byte| *byte == 0).filter_map(|path| text_path(path)).map(str::to_owned).collect();
    if files.is_empty() && !history.prefix.is_empty() {
        return Ok(None);
    }
    if history.shallow {
        return Ok(Some(history));
    }
    let ignored = ignored_commits(&[&repository.top, root]);
    let log = |similarity: &str| {
        let mut follow = follow::Follow::new(files.iter().map(String::as_str), &history.prefix, &ignored);
        let arguments = follow::arguments(similarity, &history.prefix);
        command::tokens(root, "log", &arguments, |token| follow.token(token)).map(|()| follow)
    };
    let followed = match log("-M50%") {
        // In a partial clone the old texts are elsewhere, and nothing is fetched for their sake.
        Err(Failure::Status(_)) if repository.partial => {
            history.partial = true;
            log("-M100%")
        }
        other => other,
    };
    let followed = followed.map_err(|failure| explain(root, "log", failure))?;
    history.files = followed.finish();
    join_coauthors(root, &repository.top, &mut history.files)?;
    Ok(Some(history))
}

/// Who writes in a folder, as git would say it of the next commit; nothing if git does not know.
#[must_use]
pub fn writer(root: &Path) -> Option<Person> {
    let ask = |key| {
        let said = command::read(root, "config", &["--get", key]).ok()?;
        let said = String::from_utf8_lossy(&said).trim().to_owned();
        (!said.is_empty()).then_some(said)
    };
    let name = ask("user.name")?;
    Some(Person { name, email: ask("user.email").unwrap_or_default() })
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
        Err(Failure::NoGit) => return Ok(None),
        Err(Failure::Status(said))
            if said.contains("not a git repository") || said.contains("must be run in a work tree") =>
        {
            return Ok(None);
        }
        Err(failure) => return Err(explain(root, "rev-parse", failure)),
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

/// The id and the committer's date of the last commit.
fn head(root: &Path) -> Result<Option<(String, Option<Moment>)>, GitError> {
    let arguments = ["-1", "--format=%H%n%cd", "--date=raw", "--end-of-options", "HEAD", "--"];
    match command::read(root, "log", &arguments) {
        Ok(answer) => {
            let answer = String::from_utf8_lossy(&answer);
            let (id, date) = answer.split_once('\n').unwrap_or((&answer, ""));
            Ok(Some((id.to_owned(), Moment::parse(date.trim_end()))))
        }
        Err(Failure::Status(said)) if said.contains("bad revision") || said.contains("unknown revision") => {
            Ok(None)
        }
        Err(failure) => Err(explain(root, "log", failure)),
    }
}

/// The ids in `.git-blame-ignore-revs`, at the top of the repository or the root of the site.
fn ignored_commits(folders: &[&Path]) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for folder in folders {
        let Ok(file) = File::open(folder.join(".git-blame-ignore-revs")) else { continue };
        let mut bytes = Vec::new();
        if file.take(IGNORED_BYTES).read_to_end(&mut bytes).is_err() {
            continue;
        }
        for line in String::from_utf8_lossy(&bytes).lines() {
            let id = line.split('#').next().unwrap_or_default().trim();
            if follow::is_id(id.as_bytes()) {
                ids.insert(id.to_ascii_lowercase());
            }
        }
    }
    ids
}

/// Applies `.mailmap` to co-authors: git does so for authors only. Then takes out who is there twice.
fn join_coauthors(
    root: &Path,
    top: &Path,
    files: &mut BTreeMap<String, FileHistory>,
) -> Result<(), GitError> {
    let coauthors: BTreeSet<Person> =
        files.values().flat_map(|file| file.added_by.iter().skip(1)).cloned().collect();
    let mut joined: BTreeMap<Person, Person> = BTreeMap::new();
    if !coauthors.is_empty() && top.join(".mailmap").exists() {
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

fn explain(root: &Path, command: &'static str, failure: Failure) -> GitError {
    let message = match failure {
        Failure::NoGit => "there is no git command".to_owned(),
        Failure::Io(error) => error.to_string(),
        Failure::Status(said) => {
            if said.contains("dubious ownership") {
                let repository = said.split('\'').nth(1).map(str::to_owned);
                let repository = repository.unwrap_or_else(|| root.display().to_string());
                return GitError::Ownership { repository };
            }
            said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("no reason given").to_owned()
        }
    };
    GitError::Failed { command, message }
}

impl fmt::Display for GitError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GitError::Ownership { repository } => write!(
                out,
                "git refuses to read {repository}, because it belongs to another user; if you trust it, run \
                 `git config --global --add safe.directory '{repository}'`"
            ),
            GitError::Failed { command, message } => write!(out, "`git {command}` failed: {message}"),
        }
    }
}

impl std::error::Error for GitError {}
