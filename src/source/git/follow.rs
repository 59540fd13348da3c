//! From the output of `git log` to the life of each file.
//!
//! Commits come newest first, and a merged branch comes before what it was merged into. So a path of
//! the last commit is followed down the stream: a change is the last one if none was seen before, a
//! rename goes on under the older name, an addition ends it. A change on a branch may come before the
//! rename that another branch made of the same file: changes of names that belong to no file yet are
//! remembered until a rename leads to them.
//!
//! What a commit did to all its files is taken as one, so that two that exchanged their names stay who they are.
//! With each change come the ids of the text before and after it. The same id is a move and no change; whether
//! two texts differ in more than line ends and blank lines, `settle` finds out afterwards.
//!
//! Long because the history of a file over its renames is followed in one walk.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{FileHistory, Moment, Person, text_path};
use crate::page::text::shown_name;

/// What a commit says, as the format of `git log`. No field but the last, its message, can hold a line break. What
/// git takes for a trailer is a matter of settings, so the message is read here.
const FORMAT: &str = "--format=tformat:%H%n%aN%n%aE%n%ad%n%cN%n%cE%n%B";

/// The same with the names that stand in the commit, whatever `.mailmap` says.
const UNMAPPED_FORMAT: &str = "--format=tformat:%H%n%an%n%ae%n%ad%n%cn%n%ce%n%B";

/// At most this many co-authors of one commit are believed.
const COAUTHORS: usize = 64;
/// A name or an address that is longer, in bytes, is none.
const PERSON_BYTES: usize = 320;
/// Of this many changes to one file the last one that is more than reformatting is looked for; the next one counts as it
/// is.
const CANDIDATES: usize = 256;

/// The files of the last commit on their way into the past.
pub(super) struct Follow<'a> {
    /// The root of the site from the top of the repository, as paths in the stream begin.
    prefix: &'a str,
    ignored: &'a BTreeSet<String>,
    /// Whether renames are only known where the text stayed the same.
    knows_moves_only: bool,
    files: Vec<Track<'a>>,
    /// Which files a name belongs to, at this point of the past. Two, if two branches each gave the
    /// same file a name of their own.
    names: HashMap<String, Vec<usize>>,
    /// The newest changes of names that belong to no file at this point.
    strangers: HashMap<String, Changes>,
    /// Files that end here, unless it turns out that the same text was taken away before: by name, with its id.
    ended: HashMap<String, (Id, Vec<usize>)>,
    /// How many commits have come.
    commits: u32,
    commit: Commit,
    /// What the commit did, until all of it is known.
    events: Vec<Event>,
    /// The event whose path comes next.
    expected: Option<Event>,
}

/// One file of the last commit.
pub(super) struct Track<'a> {
    /// Its path from the site's root.
    pub(super) path: &'a str,
    /// What may be its last change.
    pub(super) changes: Changes,
    first: Option<Moment>,
    /// The oldest commit seen, the one that added it when all is done.
    oldest: Option<(u32, Commit)>,
    /// Whether it was lost on the way: it may be another file under a new name, and nobody can tell.
    is_lost: bool,
}

/// Changes of a file, newest first, down to one that is certainly one.
#[derive(Clone, Default)]
pub(super) struct Changes(pub(super) Vec<Change>);

/// A change, and the number of its commit in the stream.
#[derive(Clone, Copy)]
pub(super) struct Change {
    number: u32,
    pub(super) at: Moment,
    /// The texts before and after, if they may be alike; nothing for what is a change in any case.
    pub(super) texts: Option<(Id, Id)>,
}

/// The id of a text in git's store.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Id {
    digits: [u8; 64],
    len: u8,
}

#[derive(Clone, Default)]
struct Commit {
    /// Shared by all files that it added.
    people: std::sync::Arc<(Vec<Person>, Person)>,
    at: Option<Moment>,
    is_ignored: bool,
}

/// What a commit did to a file.
struct Event {
    status: Status,
    /// The text before; nothing in a merge.
    before: Option<Id>,
    /// The text after; nothing in a merge.
    after: Option<Id>,
    /// The name before a rename.
    old_path: Option<String>,
    path: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Status {
    Added,
    Changed,
    Renamed,
    Deleted,
    Merged,
}

/// A path from the site's root, of one from the top of the repository.
pub(super) fn text_path_below<'b>(token: &'b [u8], prefix: &str) -> Option<&'b str> {
    text_path(token)?.strip_prefix(prefix)
}

/// The arguments of `git log` up to a commit; `similarity` as in `-M50%`.
pub(super) fn arguments<'a>(
    similarity: &'a str,
    prefix: &str,
    is_mapped: bool,
    commit: &'a str,
) -> Vec<&'a str> {
    let mut arguments = vec![
        if is_mapped { FORMAT } else { UNMAPPED_FORMAT },
        "--topo-order",
        "--use-mailmap",
        "--no-show-signature",
        "--no-notes",
        "--date=raw",
        "--encoding=UTF-8",
        "--no-color",
        // A merge shows only what is in none of its sides.
        "-c",
        "-z",
        "--raw",
        "--no-abbrev",
        "-O/dev/null",
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
    arguments.extend(["--end-of-options", commit, "--"]);
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
        knows_moves_only: bool,
    ) -> Follow<'a> {
        let track =
            |path| Track { path, changes: Changes::default(), first: None, oldest: None, is_lost: false };
        let files: Vec<Track<'a>> = files.map(track).collect();
        let names = files.iter().enumerate().map(|(n, file)| (file.path.to_owned(), vec![n])).collect();
        Follow {
            prefix,
            ignored,
            knows_moves_only,
            files,
            names,
            strangers: HashMap::new(),
            ended: HashMap::new(),
            commits: 0,
            commit: Commit::default(),
            events: Vec::new(),
            expected: None,
        }
    }

    /// Takes the next piece of the stream.
    pub(super) fn token(&mut self, token: &[u8]) {
        let Some(mut event) = self.expected.take() else {
            self.begin(token);
            return;
        };
        // A path that is outside or no text belongs to nothing.
        let path = text_path_below(token, self.prefix).unwrap_or_default().to_owned();
        if event.status == Status::Renamed && event.old_path.is_none() {
            event.old_path = Some(path);
            self.expected = Some(event);
            return;
        }
        event.path = path;
        self.events.push(event);
    }

    /// Every file, with what may be its last change.
    pub(super) fn tracks(&mut self) -> &[Track<'a>] {
        self.apply();
        &self.files
    }

    /// Every file of which anything was seen. The last change of each is the one at the index that `settled` names.
    pub(super) fn finish(mut self, settled: &[Option<usize>]) -> BTreeMap<String, FileHistory> {
        self.apply();
        let commits = self.commits;
        let with_life = |(file, settled): (Track<'_>, &Option<usize>)| {
            let (number, commit) = file.oldest?;
            let (added_by, committer) = match file.is_lost {
                true => (Vec::new(), Person::default()),
                false => (*commit.people).clone(),
            };
            let changed_at = settled.and_then(|at| file.changes.0.get(at)).map(|change| change.at);
            let added_at = file.first.filter(|_| !file.is_lost);
            let life = FileHistory {
                added_by,
                committer,
                added_at,
                changed_at,
                rank: commits - number,
                is_lost: file.is_lost,
            };
            Some((file.path.to_owned(), life))
        };
        self.files.into_iter().zip(settled).filter_map(with_life).collect()
    }

    fn begin(&mut self, token: &[u8]) {
        let token = token.strip_prefix(b"\n").unwrap_or(token);
        let line = token.split(|byte| *byte == b'\n').next().unwrap_or_default();
        if is_id(line) && token.len() > line.len() {
            self.apply();
            self.commits += 1;
            self.commit = self.read_commit(token);
            return;
        }
        self.expected = Event::read(token);
    }

    fn read_commit(&self, token: &[u8]) -> Commit {
        let text = String::from_utf8_lossy(token);
        let mut lines = text.splitn(7, '\n');
        let mut line = || lines.next().unwrap_or_default().trim();
        let is_ignored = self.ignored.contains(line());
        let author = Person::new(line(), line());
        let at = Moment::parse(line());
        let committer = Person::new(line(), line());
        let mut people = vec![author];
        people.extend(coauthors(lines.next().unwrap_or_default()));
        Commit { people: std::sync::Arc::new((people, committer)), at, is_ignored }
    }

    /// Makes true what the commit did, all at once: names that files had before it are given when all that it gave
    /// are taken.
    fn apply(&mut self) {
        let mut events = std::mem::take(&mut self.events);
        exchange(&mut events);
        // With renames unknown, whatever came while something went may be that under another name.
        let may_be_renames = self.knows_moves_only && events.iter().any(|it| it.status == Status::Deleted);
        let mut older: Vec<(String, Vec<usize>)> = Vec::new();
        for event in &events {
            match event.status {
                Status::Added => self.added(event, may_be_renames),
                Status::Changed => self.changed(event),
                Status::Renamed => older.extend(self.renamed(event)),
                Status::Merged => self.merged(&event.path),
                Status::Deleted => {}
            }
        }
        for event in events.iter().filter(|it| it.status == Status::Deleted) {
            older.extend(self.deleted(event));
        }
        for (name, mut files) in older {
            match self.names.entry(name) {
                Entry::Occupied(mut there) => there.get_mut().append(&mut files),
                Entry::Vacant(free) => {
                    free.insert(files);
                }
            }
        }
    }

    fn added(&mut self, event: &Event, may_be_renames: bool) {
        self.strangers.remove(&event.path);
        let Some(files) = self.names.remove(&event.path) else { return };
        for n in &files {
            let file = &mut self.files[*n];
            file.touch(self.commits, &self.commit);
            match may_be_renames {
                true => file.is_lost = true,
                false => file.change(self.commits, &self.commit, None),
            }
        }
        if let Some(after) = event.after {
            self.ended.insert(event.path.clone(), (after, files));
        }
    }

    /// What was taken away and put back as it was is the same file.
    fn deleted(&mut self, event: &Event) -> Option<(String, Vec<usize>)> {
        let Entry::Occupied(ended) = self.ended.entry(event.path.clone()) else { return None };
        if Some(ended.get().0) != event.before {
            ended.remove();
            return None;
        }
        let (_, files) = ended.remove();
        for n in &files {
            // Putting it back was no change.
            let file = &mut self.files[*n];
            if file.changes.0.last().is_some_and(|last| last.texts.is_none()) {
                file.changes.0.pop();
            }
            file.is_lost = false;
        }
        Some((event.path.clone(), files))
    }

    fn changed(&mut self, event: &Event) {
        if event.path.is_empty() {
            return;
        }
        let texts = event.before.zip(event.after);
        if let Some(files) = self.names.get(&event.path) {
            for n in files {
                self.files[*n].touch(self.commits, &self.commit);
                self.files[*n].change(self.commits, &self.commit, texts);
            }
        } else if let Some(change) = self.commit.change(self.commits, texts) {
            self.strangers.entry(event.path.clone()).or_default().add(change);
        }
    }

    /// Only where nothing older is found has the merge itself added the file.
    fn merged(&mut self, path: &str) {
        for n in self.names.get(path).into_iter().flatten() {
            self.files[*n].oldest = Some((self.commits, self.commit.clone()));
        }
    }

    /// The name that files had before, and these files.
    fn renamed(&mut self, event: &Event) -> Option<(String, Vec<usize>)> {
        self.strangers.remove(&event.path);
        let files = self.names.remove(&event.path)?;
        let old = event.old_path.clone().unwrap_or_default();
        let elsewhere = self.strangers.remove(&old);
        for n in &files {
            let file = &mut self.files[*n];
            file.touch(self.commits, &self.commit);
            file.change(self.commits, &self.commit, event.before.zip(event.after));
            if let Some(elsewhere) = &elsewhere {
                file.changes.join(elsewhere);
            }
        }
        (!old.is_empty()).then_some((old, files))
    }
}

impl Track<'_> {
    /// A commit further down the stream is one of this file's.
    fn touch(&mut self, number: u32, commit: &Commit) {
        self.oldest = Some((number, commit.clone()));
    }

    /// It changed the file: its text, or where it is. Moves are no changes.
    fn change(&mut self, number: u32, commit: &Commit, texts: Option<(Id, Id)>) {
        if let Some(change) = commit.change(number, texts) {
            self.first = Some(change.at);
            self.changes.add(change);
        }
    }
}

impl Commit {
    /// A change by this commit, unless its texts are the same or the commit does not count.
    fn change(&self, number: u32, texts: Option<(Id, Id)>) -> Option<Change> {
        if self.is_ignored || texts.is_some_and(|(before, after)| before == after) {
            return None;
        }
        self.at.map(|at| Change { number, at, texts })
    }
}

impl Changes {
    fn add(&mut self, mut change: Change) {
        if self.0.last().is_some_and(|last| last.texts.is_none()) {
            return;
        }
        if self.0.len() + 1 >= CANDIDATES {
            change.texts = None;
        }
        self.0.push(change);
    }

    /// Adds what another branch did to the same file under another name.
    fn join(&mut self, other: &Changes) {
        self.0.extend(&other.0);
        self.0.sort_by_key(|change| change.number);
        let certain = self.0.iter().position(|change| change.texts.is_none());
        self.0.truncate(certain.map_or(CANDIDATES, |at| at + 1));
    }
}

impl Id {
    fn new(hex: &[u8]) -> Option<Id> {
        let mut digits = [0; 64];
        digits.get_mut(..hex.len())?.copy_from_slice(hex);
        let is_none = hex.iter().all(|digit| *digit == b'0');
        (is_id(hex) && !is_none).then_some(Id { digits, len: u8::try_from(hex.len()).ok()? })
    }

    /// Its hexadecimal digits.
    pub(super) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.digits[..usize::from(self.len)]).unwrap_or_default()
    }
}

impl Event {
    /// Reads `:MODE MODE ID ID STATUS`, or the form of a merge, which begins with more colons and has a letter for
    /// each side.
    fn read(token: &[u8]) -> Option<Event> {
        let sides = token.iter().take_while(|byte| **byte == b':').count();
        let mut words = token.get(sides..)?.split(|byte| *byte == b' ').skip(sides + 1);
        let (before, after) = (Id::new(words.next()?), Id::new(words.nth(sides.checked_sub(1)?)?));
        let letters = words.next()?;
        let status = match letters {
            [b'R' | b'C', b'0'..=b'9', ..] => Status::Renamed,
            _ if letters.iter().all(|byte| *byte == b'A') => Status::Added,
            _ if letters.iter().all(|byte| *byte == b'D') => Status::Deleted,
            [_] => Status::Changed,
            // Joining what both sides did to a file is no change to it, even where a name is new.
            _ => Status::Merged,
        };
        Some(Event { status, before, after, old_path: None, path: String::new() })
    }
}

/// Whether a line is a commit's full id.
pub(super) fn is_id(line: &[u8]) -> bool {
    matches!(line.len(), 40 | 64) && line.iter().all(u8::is_ascii_hexdigit)
}

/// Makes moves of what git takes for changes: where files got each other's names, and their texts stayed the same. A
/// file only has another's text because it is that other one if that one went elsewhere itself.
fn exchange(events: &mut [Event]) {
    let is_changed = |event: &Event| event.before != event.after && event.after.is_some();
    if events.len() < 2 || !events.iter().any(|it| it.status == Status::Changed && is_changed(it)) {
        return;
    }
    let mut of_text: HashMap<Id, Option<usize>> = HashMap::new();
    for (n, event) in events.iter().enumerate() {
        if let Some(before) = event.before {
            // Of two with one text nobody knows which it was.
            of_text.entry(before).and_modify(|it| *it = None).or_insert(Some(n));
        }
    }
    let source = |n: usize| {
        let event = &events[n];
        let after = event.after.filter(|_| is_changed(event))?;
        of_text.get(&after).copied().flatten().filter(|source| *source != n)
    };
    let mut from: Vec<Option<usize>> = (0..events.len()).map(source).collect();
    let mut targets: Vec<Vec<usize>> = vec![Vec::new(); events.len()];
    for (n, source) in from.iter().enumerate() {
        source.iter().for_each(|source| targets[*source].push(n));
    }
    // Who stays where they are gave their name to nobody, and so on down the chain.
    let stays = |n: usize, from: &[Option<usize>]| events[n].status == Status::Changed && from[n].is_none();
    let mut open: Vec<usize> = (0..events.len()).filter(|n| stays(*n, &from)).collect();
    while let Some(source) = open.pop() {
        for n in std::mem::take(&mut targets[source]) {
            from[n] = None;
            if stays(n, &from) {
                open.push(n);
            }
        }
    }
    let name = |event: &Event| event.old_path.clone().unwrap_or_else(|| event.path.clone());
    let names: Vec<Option<String>> = from.iter().map(|it| it.map(|it| name(&events[it]))).collect();
    for (event, old) in events.iter_mut().zip(names) {
        if old.is_some() {
            (event.status, event.before, event.old_path) = (Status::Renamed, event.after, old);
        }
    }
}

/// The co-authors that a commit's message names: in its last paragraph, each on a line of their own, which may go on in
/// lines that begin with a blank.
fn coauthors(message: &str) -> Vec<Person> {
    const KEY: &str = "co-authored-by";
    let lines: Vec<&str> = message.trim_end().lines().map(str::trim_end).collect();
    // A message of one paragraph has a title only.
    let Some(blank) = lines.iter().rposition(|line| line.is_empty()) else { return Vec::new() };
    let mut values: Vec<String> = Vec::new();
    let mut is_one = false;
    for line in &lines[blank + 1..] {
        if line.starts_with([' ', '\t']) {
            if let Some(value) = values.last_mut().filter(|_| is_one) {
                *value += " ";
                *value += line.trim();
            }
            continue;
        }
        let value = line.split_once(':').filter(|(key, _)| key.trim_end().eq_ignore_ascii_case(KEY));
        is_one = value.is_some();
        values.extend(value.map(|(_, value)| value.trim().to_owned()));
    }
    values.iter().take(COAUTHORS).filter_map(|value| person(value)).collect()
}

/// Reads `Ana Lima <ana@example.com>`, or a name alone.
pub(super) fn person(line: &str) -> Option<Person> {
    let line = line.trim();
    let (name, email) = match line.rsplit_once('<') {
        Some((name, email)) => (name.trim(), email.trim_end().trim_end_matches('>').trim()),
        None => (line, ""),
    };
    let is_odd = |text: &str| text.contains(['<', '>']) || text.contains(char::is_control);
    // What git itself would not take for an address is none, and would upset it when it is asked.
    if is_odd(name) || is_odd(email) {
        return None;
    }
    let person = Person::new(name, email);
    (!person.name.is_empty() || !person.email.is_empty()).then_some(person)
}

impl Person {
    /// Anyone who has this name and this address, without what may not be shown.
    pub(super) fn new(name: &str, email: &str) -> Person {
        Person { name: shown_name(short(name)), email: short(email).to_owned() }
    }
}

fn short(text: &str) -> &str {
    if text.len() > PERSON_BYTES { "" } else { text }
}
