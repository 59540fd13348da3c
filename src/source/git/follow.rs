//! From the output of `git log` to the life of each file.
//!
//! Commits come newest first, and a merged branch comes before what it was merged into. So a path of
//! the last commit is followed down the stream: a change is the last one if none was seen before, a
//! rename goes on under the older name, an addition ends it. A change on a branch may come before the
//! rename that another branch made of the same file: changes of names that belong to no file yet are
//! remembered until a rename leads to them.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{FileHistory, Moment, Person, text_path};

/// What a commit says, as the format of `git log`. No field but the last can hold a line break.
const FORMAT: &str = "--format=tformat:%H%n%aN%n%aE%n%ad%n%cN%n%cE%n\
    %(trailers:key=Co-authored-by,valueonly,unfold)";

/// So many co-authors of one commit are believed.
const COAUTHORS: usize = 64;
/// A name or an address that is longer, in bytes, is none.
const PERSON_BYTES: usize = 320;

/// The files of the last commit on their way into the past.
pub(super) struct Follow<'a> {
    /// The root of the site from the top of the repository, as paths in the stream begin.
    prefix: &'a str,
    ignored: &'a BTreeSet<String>,
    files: Vec<Track<'a>>,
    /// Which files a name belongs to, at this point of the past. Two, if two branches each gave the
    /// same file a name of their own.
    names: HashMap<String, Vec<usize>>,
    /// The newest change of names that belong to no file at this point.
    strangers: HashMap<String, Change>,
    /// How many commits have come.
    commits: u32,
    commit: Commit,
    expected: Expected,
}

/// One file of the last commit.
struct Track<'a> {
    path: &'a str,
    changed: Option<Change>,
    first: Option<Moment>,
    /// The oldest commit seen, the one that added it when all is done.
    oldest: Option<(u32, Commit)>,
}

/// The moment of a change and the number of its commit in the stream.
#[derive(Clone, Copy)]
struct Change {
    number: u32,
    at: Moment,
}

#[derive(Clone, Default)]
struct Commit {
    /// Shared by all files that it added.
    people: std::sync::Arc<(Vec<Person>, Person)>,
    at: Option<Moment>,
    is_ignored: bool,
}

/// What the next piece of the stream is.
enum Expected {
    /// The head of a commit, or the status of a file.
    Any,
    /// The path of a file with this status.
    Path(Status),
    /// The new name of a file whose old name has come.
    NewName(String),
}

#[derive(Clone, Copy)]
enum Status {
    Added,
    Changed,
    Renamed,
    Merged,
    Other,
}

/// A path from the site's root, of one from the top of the repository.
pub(super) fn text_path_below<'b>(token: &'b [u8], prefix: &str) -> Option<&'b str> {
    text_path(token)?.strip_prefix(prefix)
}

/// The arguments of `git log`; `similarity` as in `-M50%`.
pub(super) fn arguments<'a>(similarity: &'a str, prefix: &str) -> Vec<&'a str> {
    let mut arguments = vec![
        FORMAT,
        "--topo-order",
        "--use-mailmap",
        "--no-show-signature",
        "--no-notes",
        "--date=raw",
        "--encoding=UTF-8",
        // A merge shows only what is in none of its sides.
        "-c",
        "-z",
        "--name-status",
        "--no-ext-diff",
        "--no-textconv",
        "--no-relative",
        "--no-rename-empty",
        similarity,
        // Comparing everything with everything is quadratic, and strangers write commits.
        "-l400",
    ];
    if !prefix.is_empty() {
        // Without it, a side that was merged without a difference is not shown.
        arguments.push("--full-history");
    }
    arguments.extend(["--end-of-options", "HEAD", "--"]);
    if !prefix.is_empty() {
        arguments.push(".");
    }
    arguments
}

impl<'a> Follow<'a> {
    /// Begins with the files of the last commit, by their path from the site's root.
    pub(super) fn new(
        files: impl Iterator<Item = &'a str>,
        prefix: &'a str,
        ignored: &'a BTreeSet<String>,
    ) -> Follow<'a> {
        let files: Vec<Track<'a>> =
            files.map(|path| Track { path, changed: None, first: None, oldest: None }).collect();
        let names = files.iter().enumerate().map(|(n, file)| (file.path.to_owned(), vec![n])).collect();
        Follow {
            prefix,
            ignored,
            files,
            names,
            strangers: HashMap::new(),
            commits: 0,
            commit: Commit::default(),
            expected: Expected::Any,
        }
    }

    /// Takes the next piece of the stream.
    pub(super) fn token(&mut self, token: &[u8]) {
        match std::mem::replace(&mut self.expected, Expected::Any) {
            Expected::Any => self.begin(token),
            Expected::Path(status) => {
                let path = self.path(token);
                match (status, path) {
                    (Status::Added, Some(path)) => self.added(path),
                    (Status::Changed, Some(path)) => self.changed(path),
                    (Status::Merged, Some(path)) => self.merged(path),
                    // An old name that is outside or no text belongs to nothing.
                    (Status::Renamed, path) => {
                        self.expected = Expected::NewName(path.unwrap_or_default().to_owned());
                    }
                    (Status::Other, _) | (_, None) => {}
                }
            }
            Expected::NewName(old) => {
                if let Some(new) = self.path(token) {
                    self.renamed(old, new);
                }
            }
        }
    }

    /// Every file of which anything was seen.
    pub(super) fn finish(self) -> BTreeMap<String, FileHistory> {
        let commits = self.commits;
        let with_life = |file: Track<'_>| {
            let (number, commit) = file.oldest?;
            let (added_by, committer) = (*commit.people).clone();
            let changed_at = file.changed.map(|change| change.at);
            let rank = commits - number;
            let life = FileHistory { added_by, committer, added_at: file.first, changed_at, rank };
            Some((file.path.to_owned(), life))
        };
        self.files.into_iter().filter_map(with_life).collect()
    }

    fn begin(&mut self, token: &[u8]) {
        let token = token.strip_prefix(b"\n").unwrap_or(token);
        let line = token.split(|byte| *byte == b'\n').next().unwrap_or_default();
        if is_id(line) && token.len() > line.len() {
            self.commits += 1;
            self.commit = self.read_commit(token);
            return;
        }
        let is_addition = |status: &[u8]| status.iter().all(|byte| *byte == b'A');
        let status = match token {
            [] => return,
            [b'R' | b'C', b'0'..=b'9', ..] => Status::Renamed,
            [b'D'] => Status::Other,
            // In a merge there is a letter for each side.
            letters if is_addition(letters) => Status::Added,
            [_] => Status::Changed,
            // Joining what both sides did to a file is no change to it, even where a name is new.
            _ => Status::Merged,
        };
        self.expected = Expected::Path(status);
    }

    fn read_commit(&self, token: &[u8]) -> Commit {
        let text = String::from_utf8_lossy(token);
        let mut lines = text.split('\n');
        let mut line = || lines.next().unwrap_or_default().trim();
        let is_ignored = self.ignored.contains(line());
        let author = Person { name: short(line()), email: short(line()) };
        let at = Moment::parse(line());
        let committer = Person { name: short(line()), email: short(line()) };
        let mut people = vec![author];
        people.extend(lines.take(COAUTHORS).filter_map(person));
        Commit { people: std::sync::Arc::new((people, committer)), at, is_ignored }
    }

    /// A path from the site's root.
    fn path<'b>(&self, token: &'b [u8]) -> Option<&'b str> {
        text_path_below(token, self.prefix)
    }

    fn added(&mut self, path: &str) {
        self.strangers.remove(path);
        for n in self.names.remove(path).unwrap_or_default() {
            self.files[n].touch(self.commits, &self.commit);
        }
    }

    fn changed(&mut self, path: &str) {
        if let Some(files) = self.names.get(path) {
            for n in files {
                self.files[*n].touch(self.commits, &self.commit);
            }
        } else if let Some(at) = self.commit.at
            && !self.commit.is_ignored
            && !self.strangers.contains_key(path)
        {
            self.strangers.insert(path.to_owned(), Change { number: self.commits, at });
        }
    }

    /// Only where nothing older is found has the merge itself added the file.
    fn merged(&mut self, path: &str) {
        for n in self.names.get(path).into_iter().flatten() {
            self.files[*n].oldest = Some((self.commits, self.commit.clone()));
        }
    }

    fn renamed(&mut self, old: String, new: &str) {
        self.strangers.remove(new);
        let Some(mut files) = self.names.remove(new) else { return };
        let elsewhere = self.strangers.remove(&old);
        for n in &files {
            self.files[*n].touch(self.commits, &self.commit);
            let last = &mut self.files[*n].changed;
            if let Some(change) = elsewhere
                && last.is_none_or(|last| change.number < last.number)
            {
                *last = Some(change);
            }
        }
        if old.is_empty() {
            return;
        }
        match self.names.entry(old) {
            Entry::Occupied(mut there) => there.get_mut().append(&mut files),
            Entry::Vacant(free) => {
                free.insert(files);
            }
        }
    }
}

impl Track<'_> {
    /// A commit further down the stream is one of this file's.
    fn touch(&mut self, number: u32, commit: &Commit) {
        self.oldest = Some((number, commit.clone()));
        if let Some(at) = commit.at
            && !commit.is_ignored
        {
            self.first = Some(at);
            self.changed.get_or_insert(Change { number, at });
        }
    }
}

/// Whether a line is a commit's full id.
pub(super) fn is_id(line: &[u8]) -> bool {
    matches!(line.len(), 40 | 64) && line.iter().all(u8::is_ascii_hexdigit)
}

/// Reads `Ana Lima <ana@example.com>`, or a name alone.
pub(super) fn person(line: &str) -> Option<Person> {
    let line = line.trim();
    let (name, email) = match line.rsplit_once('<') {
        Some((name, email)) => (name.trim(), email.trim_end().trim_end_matches('>').trim()),
        None => (line, ""),
    };
    let person = Person { name: short(name), email: short(email) };
    // What git itself would not take for an address is none, and would upset it when it is asked.
    let is_odd = |text: &str| text.contains(['<', '>']) || text.contains(char::is_control);
    if person.name.is_empty() && person.email.is_empty() || is_odd(&person.name) || is_odd(&person.email) {
        return None;
    }
    Some(person)
}

fn short(text: &str) -> String {
    if text.len() > PERSON_BYTES { String::new() } else { text.to_owned() }
}
