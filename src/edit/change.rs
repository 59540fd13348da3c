//! Many files changed as one: names first, then texts. Every step can be told from its result, so that
//! whatever was interrupted can go on in either direction: a file lies at its old place or at its new one, and
//! holds its old text or its new one. Where it holds anything else, somebody has worked on, and nothing is
//! touched.
//!
//! Long because a change is one promise: checked, applied and undone by the same rules.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::io;

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::allow::{self, Scope};
use super::record::{self, Moved, Record, Records, Stage, Step, Text};
use crate::state::{self, State};

/// What is to be done to the sources of a site. Paths are those from its root, with `/`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// What gets another name, in order; a later one knows the names that earlier ones gave.
    pub moves: Vec<Move>,
    /// Texts that change, by their path before anything moved.
    pub texts: Vec<TextChange>,
}

/// A file or a folder that gets another name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// Its path.
    pub from: String,
    /// Its path afterwards. Nothing may be there.
    pub to: String,
}

/// A text that changes in places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextChange {
    /// The file's path before anything moved.
    pub path: String,
    /// The text as it was read: without byte order mark, with LF line ends.
    pub text: String,
    /// What changes, in order, no two of them in one place.
    pub edits: Vec<Edit>,
}

/// A place that reads differently afterwards.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// First byte, in the text as it was read.
    pub start: usize,
    /// Just after the last byte.
    pub end: usize,
    /// What stands there afterwards.
    pub to: String,
}

/// Why nothing was changed, or not all.
#[derive(Debug)]
pub enum ChangeError {
    /// Somebody has to decide something first; in plain words.
    Refused(String),
    /// The disk refuses, at this path.
    Io(String, io::Error),
}

impl fmt::Display for ChangeError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ChangeError::Refused(why) => out.write_str(why),
            ChangeError::Io(path, error) => write!(out, "{path}: {error}"),
        }
    }
}

impl std::error::Error for ChangeError {}

/// What stands for the old name where somebody was forgotten.
const FORGETTING: &str = "longhouse forget";

pub(super) type Done<T> = Result<T, ChangeError>;

/// The journal of changes to the files of a site: where it is, and the place of the records.
#[derive(Debug)]
pub struct Journal {
    root: PathBuf,
    /// Nothing where this user has no place for them: then nothing can be taken back.
    records: Option<Records>,
}

impl Journal {
    /// The site at `root`, a real path. Without a state folder changes are made, but no record of them.
    ///
    /// # Errors
    /// When the place of the records cannot be used.
    pub fn new(root: &Path, state: Option<&State>) -> Done<Journal> {
        let records =
            state.map(|state| Records::of(state, root).map_err(at(&state.folder().display().to_string())));
        Ok(Journal { root: root.to_path_buf(), records: records.transpose()? })
    }

    /// Whether what is done can be taken back.
    #[must_use]
    pub const fn remembers(&self) -> bool {
        self.records.is_some()
    }

    fn read(&self) -> Done<Option<(Stage, Record)>> {
        let Some(records) = &self.records else { return Ok(None) };
        records.read().map_err(at(&records.place()))
    }

    fn lock(&self) -> Done<Option<fs::File>> {
        let busy = || {
            ChangeError::Refused("Another `longhouse mv`, `fix` or `forget` is running on this site. Wait until it has finished.".to_string())
        };
        let Some(records) = &self.records else { return Ok(None) };
        records.lock().map_err(at(&records.place()))?.ok_or_else(busy).map(Some)
    }

    fn keep(&self, act: impl FnOnce(&Records) -> io::Result<()>) -> Done<()> {
        let Some(records) = &self.records else { return Ok(()) };
        act(records).map_err(at(&records.place()))
    }
}

impl Change {
    /// Where a path leads after all moves.
    #[must_use]
    pub fn moved(&self, path: &str) -> String {
        let steps = self.moves.iter().map(|it| (it.from.as_str(), it.to.as_str()));
        stations(steps, path).pop().unwrap_or_default()
    }
}

impl TextChange {
    /// The text afterwards.
    #[must_use]
    pub fn after(&self) -> String {
        edited(&self.text, &self.edits)
    }
}

/// Does all of a change. The record is written first; folders that hold nothing any more go.
///
/// # Errors
/// When something is in the way, edits may not touch a path, or the disk refuses; then [`finish`] or [`undo`] can
/// still be done.
pub fn begin(journal: &Journal, scope: &Scope, change: &Change, said: (String, String)) -> Done<()> {
    let _lock = journal.lock()?;
    if let Some((Stage::Begun | Stage::Undoing, record)) = journal.read()? {
        return Err(unfinished(&record));
    }
    let record = prepare(&journal.root, scope, change, said)?;
    journal.keep(|records| records.write(&record))?;
    forward(journal, &record)?;
    journal.keep(|records| records.advance(Stage::Begun, Stage::Done))
}

/// What stands for old and new name where many problems were mended at once.
#[must_use]
pub fn fixing() -> (String, String) {
    ("longhouse fix".to_string(), String::new())
}

/// What stands for old and new name where somebody was forgotten: nothing of them, for records are read by others too.
#[must_use]
pub fn forgetting(former: &str) -> (String, String) {
    (FORGETTING.to_string(), former.to_string())
}

impl Record {
    /// Whether it is of somebody who was forgotten.
    #[must_use]
    pub fn is_forgetting(&self) -> bool {
        self.said.0 == FORGETTING
    }
}

/// What was begun and neither finished nor taken back.
///
/// # Errors
/// When the record cannot be read.
pub fn interrupted(journal: &Journal) -> Done<Option<Record>> {
    let found = journal.read()?;
    Ok(found.filter(|(stage, _)| *stage == Stage::Begun).map(|(_, record)| record))
}

/// Finishes what was interrupted.
///
/// # Errors
/// When there is nothing to finish, a file was changed meanwhile, or the disk refuses.
pub fn finish(journal: &Journal) -> Done<()> {
    let _lock = journal.lock()?;
    let Some((Stage::Begun, record)) = journal.read()? else {
        return Err(ChangeError::Refused("Nothing was interrupted.".to_string()));
    };
    unchanged(&journal.root, &record)?;
    forward(journal, &record)?;
    journal.keep(|records| records.advance(Stage::Begun, Stage::Done))
}

/// Takes the last change back, whether it was finished or not, and says what it was.
///
/// # Errors
/// When there is none, a file was changed meanwhile, or the disk refuses; then it can be tried again.
pub fn undo(journal: &Journal) -> Done<Record> {
    let nothing = || ChangeError::Refused("There is nothing to undo.".to_string());
    let _lock = journal.lock()?;
    let (stage, record) = journal.read()?.ok_or_else(nothing)?;
    unchanged(&journal.root, &record)?;
    if stage != Stage::Undoing {
        journal.keep(|records| records.advance(stage, Stage::Undoing))?;
    }
    back(journal, &record)?;
    journal.keep(|records| records.forget(Stage::Undoing))?;
    Ok(record)
}

/// A text with some places changed.
#[must_use]
pub fn edited(text: &str, edits: &[Edit]) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut copied = 0;
    for edit in edits {
        out.push_str(&text[copied..edit.start]);
        out.push_str(&edit.to);
        copied = edit.end;
    }
    out.push_str(&text[copied..]);
    out
}

/// A file as it was saved, with its byte order mark and its own line ends, after a change of its text; nothing if its text
/// is not the one that the change was made for.
#[must_use]
pub fn saved(before: &str, change: &TextChange) -> Option<String> {
    (plain(before, &[]).0 == change.text).then(|| edited_as_saved(before, &change.edits))
}

/// Looks at everything before anything is touched, and writes down what will be done.
fn prepare(root: &Path, scope: &Scope, change: &Change, said: (String, String)) -> Done<Record> {
    let home = scope.home(root);
    allow::home_is_open(root, scope, &home)?;
    let mut record = Record { said, scope: scope.clone(), home, nonce: state::nonce(), ..Record::default() };
    let mut froms: BTreeSet<String> = BTreeSet::new();
    for Move { from, to } in &change.moves {
        scope.allows(root, from)?;
        scope.allows(root, to)?;
        let differs = from.to_lowercase() != to.to_lowercase();
        if differs && exists(&root.join(to)) && !froms.contains(to) {
            return Err(in_the_way(to));
        }
        if !differs && is_called(&root.join(to)) {
            return Err(in_the_way(to));
        }
        let folder = to.rsplit_once('/').map_or("", |(folder, _)| folder);
        let ends = folder.match_indices('/').map(|(at, _)| at).chain([folder.len()]).filter(|end| *end > 0);
        for above in ends.map(|end| &folder[..end]) {
            let is_made =
                record.moves.iter().any(|it| it.to == above || above.starts_with(&format!("{}/", it.to)));
            if !is_made && !exists(&root.join(above)) && !record.made.iter().any(|it| it == above) {
                record.made.push(above.to_string());
            }
        }
        let via = (!differs).then(|| record::between(from, &record.nonce));
        froms.insert(from.clone());
        record.moves.push(Step { from: from.clone(), to: to.clone(), via });
    }
    record.files = moved_files(root, scope, change)?;
    for TextChange { path, text, edits } in &change.texts {
        scope.allows(root, path)?;
        scope.allows(root, &change.moved(path))?;
        let before = read_plain(&root.join(path)).and_then(|bytes| {
            String::from_utf8(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
        });
        let before = before.map_err(at(path))?;
        let (plain, _) = plain(&before, &[]);
        if plain != *text {
            return Err(ChangeError::Refused(format!("`{path}` has changed in the meantime. Try again.")));
        }
        record.texts.push(Text { from: path.clone(), after: edited_as_saved(&before, edits), before });
    }
    Ok(record)
}

/// Every file that will lie elsewhere.
fn moved_files(root: &Path, scope: &Scope, change: &Change) -> Done<Vec<Moved>> {
    let mut files = BTreeMap::new();
    // What an earlier step brings somewhere was found when that step was looked at.
    let brought = |path: &str, before: &[Move]| {
        before.iter().any(|it| path == it.to || path.starts_with(&format!("{}/", it.to)))
    };
    for (n, it) in change.moves.iter().enumerate() {
        let start = root.join(&it.from);
        if brought(&it.from, &change.moves[..n]) {
            continue;
        }
        if !exists(&start) {
            return Err(ChangeError::Refused(format!(
                "`{}` does not exist on disk under exactly this name. Rename it by hand, then try again.",
                it.from
            )));
        }
        for entry in WalkDir::new(&start).follow_links(false) {
            let entry = entry.map_err(|error| ChangeError::Io(it.from.clone(), error.into()))?;
            let path = relative(root, entry.path());
            if entry.file_type().is_symlink() {
                return Err(is_a_link(&path));
            }
            if entry.depth() > 0 {
                match entry.file_type().is_dir() {
                    true => scope.allows(root, &path)?,
                    false => scope.allows_inside(root, &path)?,
                }
            }
            if entry.file_type().is_file() {
                let hash = hash(entry.path()).map_err(at(&path))?;
                files.insert(path, hash);
            }
        }
    }
    Ok(files.into_iter().map(|(from, hash)| Moved { from, hash }).collect())
}

/// Makes sure that whatever a record names is as it was before the change or as the change left it.
fn unchanged(root: &Path, record: &Record) -> Done<()> {
    is_allowed(root, record)?;
    let mut known: BTreeSet<String> = BTreeSet::new();
    let texts: BTreeMap<&str, &Text> = record.texts.iter().map(|it| (it.from.as_str(), it)).collect();
    let moved = record.files.iter().map(|it| it.from.as_str());
    let all: BTreeSet<&str> = moved.chain(texts.keys().copied()).collect();
    let hashes: BTreeMap<&str, &str> =
        record.files.iter().map(|it| (it.from.as_str(), it.hash.as_str())).collect();
    for from in all {
        let now = whereabouts(root, record, from)?;
        let path = root.join(&now);
        let is_same = match (texts.get(from), hashes.get(from)) {
            (Some(text), _) => {
                let read = read_plain(&path).map_err(at(&now))?;
                read == text.before.as_bytes() || read == text.after.as_bytes()
            }
            (None, Some(known)) => hash(&path).map_err(at(&now))? == **known,
            (None, None) => true,
        };
        if !is_same {
            return Err(ChangeError::Refused(format!(
                "`{now}` has changed since then, and those changes would be lost. Nothing was changed."
            )));
        }
        known.insert(now);
    }
    // Whatever was put into a folder since would go with it, under another name.
    for step in &record.moves {
        let is_both = step.via.is_none() && exists(&root.join(&step.from)) && exists(&root.join(&step.to));
        if is_both {
            return Err(ChangeError::Refused(format!(
                "Both `{}` and `{}` exist. Move one of them away, then try again. Nothing was changed.",
                step.from, step.to
            )));
        }
        for folder in [&step.from, &step.to].into_iter().filter(|it| root.join(it).is_dir()) {
            for entry in WalkDir::new(root.join(folder)).follow_links(false).into_iter().flatten() {
                let path = relative(root, entry.path());
                if !entry.file_type().is_dir() && !known.contains(&path) {
                    return Err(ChangeError::Refused(format!(
                        "`{path}` has been added since then. Move it away, then try again. Nothing was changed."
                    )));
                }
            }
        }
    }
    Ok(())
}

fn forward(journal: &Journal, record: &Record) -> Done<()> {
    let root = journal.root.as_path();
    for step in &record.moves {
        rename(root, record, step, false)?;
    }
    for text in &record.texts {
        let path = arrived(record, &text.from);
        write(journal, record, &path, &text.after)?;
    }
    for step in &record.moves {
        let mut folder = step.from.as_str();
        while let Some((above, _)) = folder.rsplit_once('/') {
            // The folder of the content itself stays, and what is not empty stays by itself.
            let content = record.scope.content.trim_end_matches('/');
            let is_content = above.len() <= content.len();
            if is_content || fs::remove_dir(root.join(above)).is_err() {
                break;
            }
            folder = above;
        }
    }
    Ok(())
}

fn back(journal: &Journal, record: &Record) -> Done<()> {
    let root = journal.root.as_path();
    for text in record.texts.iter().rev() {
        let path = whereabouts(root, record, &text.from)?;
        write(journal, record, &path, &text.before)?;
    }
    for step in record.moves.iter().rev() {
        rename(root, record, step, true)?;
    }
    for folder in record.made.iter().rev() {
        let _ = fs::remove_dir(root.join(folder));
    }
    Ok(())
}

/// Gives something another name, or its old one `back`, unless it has it already.
fn rename(root: &Path, record: &Record, step: &Step, back: bool) -> Done<()> {
    let (from, to) = if back { (&step.to, &step.from) } else { (&step.from, &step.to) };
    record.scope.allows(root, from)?;
    record.scope.allows(root, to)?;
    let (old, new) = (root.join(from), root.join(to));
    let done = |result: io::Result<()>| result.map_err(at(to));
    let is_there = if step.via.is_some() { is_called } else { exists };
    if let Some(via) = &step.via {
        let via = root.join(via);
        if is_there(&old) {
            done(fs::rename(&old, &via))?;
        }
        return if is_there(&via) { done(fs::rename(&via, &new)) } else { Ok(()) };
    }
    match (is_there(&old), is_there(&new)) {
        (true, true) => Err(in_the_way(to)),
        (true, false) => {
            if let Some(folder) = new.parent() {
                done(fs::create_dir_all(folder))?;
            }
            done(fs::rename(&old, &new))
        }
        // Done before, or undone: where every file is was looked at before the first step.
        (false, _) => Ok(()),
    }
}

fn write(journal: &Journal, record: &Record, path: &str, text: &str) -> Done<()> {
    record.scope.allows(&journal.root, path)?;
    let file = journal.root.join(path);
    let near = journal.root.join(record::between(path, &record.nonce));
    // What was left there by a write that was killed.
    let _ = fs::remove_file(&near);
    let now = read_plain(&file).map_err(at(path))?;
    if now == text.as_bytes() {
        return Ok(());
    }
    let beside = journal.records.as_ref().map(Records::writing);
    super::replace(&file, text, beside.as_deref(), &near).map_err(at(path))
}

/// The bytes of a file that is no link.
fn read_plain(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::Read::read_to_end(&mut state::open_source(path)?, &mut bytes)?;
    Ok(bytes)
}

/// Where a file is, of all the places where it may be.
fn whereabouts(root: &Path, record: &Record, from: &str) -> Done<String> {
    let mut places: Vec<String> = Vec::new();
    for step in &record.moves {
        let here = places.last().map_or(from, String::as_str).to_string();
        for to in step.via.iter().chain([&step.to]) {
            places.extend(carried(&here, &step.from, to));
        }
    }
    places.insert(0, from.to_string());
    let is_case_only = record.moves.iter().any(|step| step.via.is_some());
    let is_there = |path: &&String| {
        let file = root.join(path);
        if is_case_only {
            file.ancestors().take_while(|it| *it != root).all(is_called)
        } else {
            exists(&file)
        }
    };
    places.iter().rev().find(is_there).cloned().ok_or_else(|| gone(from))
}

/// Where a file is when all steps are done.
fn arrived(record: &Record, from: &str) -> String {
    let steps = record.moves.iter().map(|it| (it.from.as_str(), it.to.as_str()));
    stations(steps, from).pop().unwrap_or_default()
}

/// The paths that a file has, one after the other.
fn stations<'s>(steps: impl Iterator<Item = (&'s str, &'s str)>, path: &str) -> Vec<String> {
    let mut stations = vec![path.to_string()];
    for (from, to) in steps {
        let here = stations.last().map_or(path, String::as_str);
        if let Some(next) = carried(here, from, to) {
            stations.push(next);
        }
    }
    stations
}

/// Where something lies when a file or a folder got another name; nothing if it is not concerned.
fn carried(path: &str, from: &str, to: &str) -> Option<String> {
    let rest = path.strip_prefix(from)?;
    (rest.is_empty() || rest.starts_with('/')).then(|| format!("{to}{rest}"))
}

/// The text without byte order mark and with LF line ends, and where some of its bytes are in the file.
fn plain(saved: &str, places: &[usize]) -> (String, BTreeMap<usize, usize>) {
    let text = saved.strip_prefix('\u{feff}').unwrap_or(saved);
    let before = saved.len() - text.len();
    let wanted: BTreeSet<usize> = places.iter().copied().collect();
    let mut found = BTreeMap::new();
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        if wanted.contains(&plain.len()) {
            found.insert(plain.len(), before + at);
        }
        if c == '\r' {
            characters.next_if(|(_, next)| *next == '\n');
            plain.push('\n');
        } else {
            plain.push(c);
        }
    }
    found.insert(plain.len(), saved.len());
    (plain, found)
}

/// The same edits in a file as it was saved: with its byte order mark and its own line ends.
fn edited_as_saved(saved: &str, edits: &[Edit]) -> String {
    let places: Vec<usize> = edits.iter().flat_map(|it| [it.start, it.end]).collect();
    let (_, found) = plain(saved, &places);
    let is_crlf = saved.contains("\r\n");
    let place = |at: usize| found.get(&at).copied().unwrap_or(saved.len());
    let edits: Vec<Edit> = edits
        .iter()
        .map(|it| Edit {
            start: place(it.start),
            end: place(it.end),
            to: if is_crlf { it.to.replace('\n', "\r\n") } else { it.to.clone() },
        })
        .collect();
    edited(saved, &edits)
}

fn hash(path: &Path) -> io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(state::open_source(path)?)?;
    Ok(hasher.finalize().to_hex().to_string())
}

/// Refuses a record that names anything that edits may not touch, and a content folder that leads elsewhere now.
fn is_allowed(root: &Path, record: &Record) -> Done<()> {
    let Record { scope, home, nonce, .. } = record;
    allow::home_is_open(root, scope, home)?;
    if scope.home(root) != *home {
        return Err(ChangeError::Refused(format!(
            "The content folder `{}` linked to {} when the change was made, and links elsewhere now.",
            scope.content,
            home.display()
        )));
    }
    for step in &record.moves {
        scope.allows(root, &step.from)?;
        scope.allows(root, &step.to)?;
        if step.via.as_ref().is_some_and(|via| *via != record::between(&step.from, nonce)) {
            return Err(ChangeError::Refused(
                "The undo record names a file that is not part of the site.".to_string(),
            ));
        }
    }
    record.files.iter().try_for_each(|file| scope.allows_inside(root, &file.from))?;
    record.texts.iter().try_for_each(|text| scope.allows(root, &text.from))?;
    record.made.iter().try_for_each(|folder| scope.allows(root, folder))
}

fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// Whether something has exactly this name, on a disk to which case means nothing too.
fn is_called(path: &Path) -> bool {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return false };
    let is_name = |entry: io::Result<fs::DirEntry>| entry.is_ok_and(|it| OsStr::new(name) == it.file_name());
    fs::read_dir(folder).is_ok_and(|mut entries| entries.any(is_name))
}

fn relative(root: &Path, path: &Path) -> String {
    let inside: PathBuf = path.strip_prefix(root).unwrap_or(path).to_path_buf();
    inside.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
}

fn at(path: &str) -> impl Fn(io::Error) -> ChangeError + use<> {
    let path = path.to_string();
    move |error| ChangeError::Io(path.clone(), error)
}

fn unfinished(record: &Record) -> ChangeError {
    let (old, new) = &record.said;
    if record.is_forgetting() {
        let said = "The last `longhouse forget` was interrupted. Run `longhouse forget --undo` to undo it, then the \
                    command again.";
        return ChangeError::Refused(said.to_string());
    }
    if record.said == fixing() {
        let said = "The last `longhouse fix` was interrupted. Run the same command again to finish it, or \
                    `longhouse fix --undo` to undo it.";
        return ChangeError::Refused(said.to_string());
    }
    ChangeError::Refused(format!(
        "The last `longhouse mv {old} {new}` was interrupted. Run the same command again to finish it, or \
         `longhouse mv --undo` to undo it."
    ))
}

fn in_the_way(path: &str) -> ChangeError {
    ChangeError::Refused(format!("`{path}` already exists, and existing files are never overwritten."))
}

fn gone(path: &str) -> ChangeError {
    ChangeError::Refused(format!("`{path}` has been moved or removed since the change. Nothing was changed."))
}

pub(super) fn is_a_link(path: &str) -> ChangeError {
    ChangeError::Refused(format!(
        "`{path}` is a symbolic link, and Longhouse does not follow those. Replace it with the file itself first."
    ))
}

#[cfg(test)]
mod tests;
