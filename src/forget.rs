//! What `forget` does, worked out before anything is touched: somebody's files get neutral names, whatever names them
//! names the neutral handle, and what describes them goes. Their answers stay, in their places.
//!
//! It is worked out in memory: the site is linked again with every name changed, looked at for the person, built, and
//! what would be published is searched for every name. What is still found is told with its place. [`published`] does the
//! same for a folder that was published, and [`remains`] says what no change of files can reach.

mod fields;
mod moves;
pub mod names;
mod order;
pub mod person;
pub mod published;
pub mod remains;
mod texts;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use similar::{ChangeTag, TextDiff};

use crate::config::Config;
use crate::data;
use crate::diagnostic::Diagnostic;
use crate::edit::{self, Change, Edit, Move, TextChange};
use crate::output::Gather;
use crate::page::front_matter::Field;
use crate::page::front_matter::write::Writer;
use crate::pipeline::{self, BuildError};
use crate::rename::{self, history};
use crate::root;
use crate::site::classify::Role;
use crate::site::{PageId, Site, Visibility, people};
use crate::source::{Document, Sources, git};
use crate::yaml::write::scalar;
use names::Names;
use person::Person;
use published::Report;

/// At most this many places in the sources are told in which a name is left.
const MOST: usize = 100;

/// What is wanted.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Who: a handle or a name.
    pub who: String,
    /// Whether what others say in their texts changes, too.
    pub mentions: bool,
    /// Other names of the same person, such as a first name.
    pub also: Vec<String>,
    /// The neutral handle, if not the next one.
    pub former: Option<String>,
}

/// How somebody is forgotten, worked out.
#[derive(Debug)]
pub struct Plan {
    /// Who it is, and what they are called afterwards.
    pub person: Person,
    /// What is done to the files.
    pub change: Change,
    /// What else somebody should know or do, in plain words.
    pub notes: Vec<String>,
    /// The files that described them, as they are called afterwards.
    pub profiles: Vec<String>,
    /// Files beside what they wrote, such as pictures, as they are called afterwards: people must look at these.
    pub files: Vec<String>,
    /// Where in the sources a name is left.
    pub left: Vec<Left>,
    /// In how many more places it is.
    pub more: usize,
    /// Where a part of a name stands by itself, such as a first name, and may mean somebody else.
    pub perhaps: Vec<Left>,
    /// Where a name would still be published.
    pub published: Report,
}

/// A place in the sources in which a name is left.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Left {
    /// The file, as it is called afterwards.
    pub file: String,
    /// The line, counted from 1; nothing where it is the file's own name.
    pub line: Option<usize>,
    /// The line itself.
    pub text: String,
}

/// Why somebody cannot be forgotten.
#[derive(Debug)]
pub enum ForgetError {
    /// Somebody has to decide something first, in plain words.
    Refused(String),
    /// The site cannot be built.
    Build(BuildError),
}

impl From<String> for ForgetError {
    fn from(why: String) -> ForgetError {
        ForgetError::Refused(why)
    }
}

/// The site on its way: its sources as they are by now, and the company's files, which are read apart.
struct Draft {
    sources: Arc<Sources>,
    company: BTreeMap<String, String>,
}

/// Works out how somebody is forgotten.
///
/// # Errors
/// When the site knows nobody of that name, when it cannot be done without breaking something, and when the site cannot
/// be built.
// Long because it is done in one order: names of files, fields, texts, places.
pub fn plan(sources: &Arc<Sources>, options: &Options) -> Result<Plan, ForgetError> {
    let (site, _) = pipeline::link(sources, rename::EVERYTHING, None, &|_| {});
    let person = Person::find(&site, &options.who, options.former.as_deref())?;
    believes_git(&site, &person)?;
    let moves = moves::plan(&site, &person, options.mentions, &options.also);
    let mut notes = Vec::new();

    // What describes them goes first, so that nothing in it is kept up to date; it is listed, so that links to it move.
    let described = |page: &PageId| moves::is_profile(&site, *page, &person);
    let profiles: BTreeSet<Arc<str>> =
        (0..site.pages().len()).filter(described).map(|page| Arc::clone(&site.pages()[page].path)).collect();
    let listed = Writer::new().text(Field::Name, &person.former_name).above("");
    let start = with_texts(sources, |document| profiles.contains(&document.path).then(|| listed.clone()));
    let (first, between) = pipeline::link_beside(&Arc::new(start), rename::EVERYTHING, Some(&site));
    let renamed = rename::relocate(&first, &between, moves.moves.clone(), &moves.slugs)?;
    notes.extend(renamed.notes);
    let mut draft = Draft::new(&first, &renamed.change);
    drop(first);
    let to = |path: &str| renamed.change.moved(path);
    let profiles: BTreeSet<String> = profiles.iter().map(|path| to(path)).collect();

    // Then every field that names them, and every text.
    let (second, _) = pipeline::link_beside(&draft.sources, rename::EVERYTHING, Some(&site));
    let signed = signed(&site, &person, &to);
    let reworded = |text: &str| {
        let mut edits = texts::addresses(&site, &person, text);
        if options.mentions {
            edits.extend(texts::mentions(&person, &options.also, text));
        }
        edited(text, &edits)
    };
    let mut changed: BTreeMap<Arc<str>, String> = BTreeMap::new();
    for (id, page) in second.pages().iter().enumerate() {
        let Some(text) = draft.sources.text(&page.path) else { continue };
        let under_how_to = fields::is_under_how_to(&second, id);
        let mut edits = fields::renamed(&site, &person, page, under_how_to, text, &mut notes);
        if let Some(authors) = signed.get(&*page.path) {
            let field = (Field::Authors, format!("[{authors}]"));
            match texts::with_fields(&page.path, text, &[field]) {
                Some(edit) => drop(edits.insert(edit)),
                None => notes.push(format!("{}:1: Write `authors: [{authors}]` at its top.", page.path)),
            }
        }
        changed.insert(Arc::clone(&page.path), reworded(&edited(text, &edits)));
    }
    let unlisted = Writer::new().yaml(Field::Listed, "false").above("");
    draft.change_texts(|document| match profiles.contains(&*document.path) {
        true => Some(unlisted.clone()),
        false => Some(changed.get(&document.path).cloned().unwrap_or_else(|| reworded(&document.text))),
    });
    drop(second);
    draft.change_company(|file, text| {
        let text = edited(text, &fields::of_company(&site, &person, file, text));
        reworded(&text)
    })?;

    // Then the dates that git would lose, and the order of replies.
    let change = draft.change(sources, &moves.moves);
    let mut kept: BTreeMap<String, Vec<(Field, String)>> = BTreeMap::new();
    for lost in history::notes(&site, &change) {
        let path = to(lost.path);
        if profiles.contains(&path) {
            continue;
        }
        let authors = lost.authors.filter(|_| !signed.contains_key(&path));
        let fields = authors.map(|authors| (Field::Authors, format!("[{authors}]"))).into_iter();
        kept.insert(path, fields.chain(lost.date.map(|date| (Field::Date, date.to_string()))).collect());
    }
    draft.add_fields(&kept, &mut notes);
    let before = order::orders(&site, &to);
    let (third, _) = pipeline::link_beside(&draft.sources, rename::EVERYTHING, Some(&site));
    let here = |path: &str| path.to_string();
    let spellings = person.spellings(&options.also);
    let theirs: BTreeSet<String> = moves.moves.iter().map(|it| to(&it.to)).collect();
    let all = Names::new(&spellings);
    let keys = order::keys(&before, &order::orders(&third, &here), &theirs, &all)?;
    let keys = keys.into_iter().map(|(path, key)| (path, vec![(Field::SortKey, scalar(&key))]));
    draft.add_fields(&keys.collect(), &mut notes);
    drop(third);

    // And now it is looked at as it will be.
    let (last, _) = pipeline::link_beside(&draft.sources, rename::EVERYTHING, Some(&site));
    if let Some(list) = order::changed(&before, &order::orders(&last, &here)) {
        return Err(ForgetError::Refused(format!("The order of {list} would change.")));
    }
    if last.people().get(&person.handle).is_some() {
        return Err(still_there(&last, &person));
    }
    if last.people().has_page(&person.former) {
        let file = format!("{}{}{}.md", sources.content_prefix, texts::PEOPLE, person.former);
        notes.push(format!(
            "`{}` has a page that lists what this person wrote. If there should be none, add `{file}` with the line \
             `listed: false` between two lines of `---`.",
            person.former
        ));
    }
    drop(last);
    let published = would_publish(&draft.sources, &all)?;
    let (left, more) = draft.left(&all);
    let perhaps = draft.perhaps(&person, &all);
    notes.extend(joined_by_git(sources, &person, &all));
    let files = moves.files.iter().map(|path| to(path)).collect();
    let change = draft.change(sources, &moves.moves);
    let profiles = profiles.into_iter().collect();
    Ok(Plan { person, change, notes, profiles, files, left, more, perhaps, published })
}

impl Draft {
    /// The site after its files got their names.
    fn new(site: &Site, change: &Change) -> Draft {
        let edits =
            change.texts.iter().map(|it| (Arc::from(it.path.as_str()), it.edits.iter().cloned().collect()));
        let edits: BTreeMap<Arc<str>, BTreeSet<Edit>> = edits.collect();
        let mut sources = rename::applied(site.sources(), &change.moves, &edits);
        // What git knows of a file it knows of it under its new name.
        sources.history = sources.history.map(|history| {
            let mut history = (*history).clone();
            history.files =
                history.files.into_iter().map(|(path, file)| (change.moved(&path), file)).collect();
            Arc::new(history)
        });
        let text = |file: String| {
            let changed = change.texts.iter().find(|it| it.path == file).map(TextChange::after);
            let text = changed.or_else(|| Some(site.sources().trusted_text(&file)?.to_string()))?;
            Some((file, text))
        };
        let company = fields::company_files(site.sources()).filter_map(text).collect();
        Draft { sources: Arc::new(sources), company }
    }

    /// Gives files other texts.
    fn change_texts(&mut self, text: impl Fn(&Document) -> Option<String>) {
        self.sources = Arc::new(with_texts(&self.sources, text));
    }

    /// Gives the company's files other texts, and reads them again.
    fn change_company(&mut self, text: impl Fn(&str, &str) -> String) -> Result<(), String> {
        for (file, old) in &mut self.company {
            *old = text(file, old);
        }
        let mut sources = Sources::clone(&self.sources);
        for (file, text) in &self.company {
            read_again(&mut sources, file, text).map_err(|problems| {
                let why = problems
                    .first()
                    .map_or_else(String::new, |it| format!(" {}:{}: {}", it.file, it.line, it.message));
                format!("`{file}` could no longer be read with the new names.{why}")
            })?;
        }
        self.sources = Arc::new(sources);
        Ok(())
    }

    /// Adds fields to the front matter of files.
    fn add_fields(&mut self, fields: &BTreeMap<String, Vec<(Field, String)>>, notes: &mut Vec<String>) {
        let mut changed: BTreeMap<&str, String> = BTreeMap::new();
        for (path, fields) in fields.iter().filter(|(_, fields)| !fields.is_empty()) {
            let Some(text) = self.sources.text(path) else { continue };
            match texts::with_fields(&Arc::from(path.as_str()), text, fields) {
                Some(edit) => drop(changed.insert(path, edit::edited(text, &[edit]))),
                None => notes.extend(fields.iter().map(|(field, value)| {
                    format!("{path}:1: Write `{}: {value}` at its top.", field.name())
                })),
            }
        }
        self.change_texts(|document| changed.get(&*document.path).cloned());
    }

    /// All of it as one change of the sources as they were.
    fn change(&self, before: &Sources, moves: &[Move]) -> Change {
        let change = Change { moves: moves.to_vec(), texts: Vec::new() };
        let documents = before.documents.iter().chain(&before.guidelines).filter_map(|document| {
            let now = self.sources.text(&change.moved(&document.path))?;
            text_change(&document.path, &document.text, now)
        });
        let company =
            self.company.iter().filter_map(|(file, now)| text_change(file, &before.trusted_text(file)?, now));
        let mut texts: Vec<TextChange> = documents.chain(company).collect();
        texts.sort_by(|a, b| a.path.cmp(&b.path));
        Change { texts, ..change }
    }

    /// The lines of the sources in which a name stands, as it is written there if `is_meant`.
    fn lines(&self, names: &Names, is_meant: &dyn Fn(&str) -> bool) -> Vec<Left> {
        let mut all = Vec::new();
        let sources = &self.sources;
        let documents = sources.documents.iter().chain(&sources.guidelines).map(|it| (&*it.path, &*it.text));
        let company = self.company.iter().map(|(file, text)| (file.as_str(), text.as_str()));
        for (file, text) in documents.chain(company) {
            let mut last = 0;
            names.find(text, &mut |found| {
                let line = text[..found.at.start].matches('\n').count() + 1;
                if line != last && is_meant(&text[found.at]) {
                    last = line;
                    let text = text.lines().nth(line - 1).unwrap_or_default().trim().to_string();
                    all.push(Left { file: file.to_string(), line: Some(line), text });
                }
            });
        }
        all
    }

    /// Where a part of a full name stands by itself, written as in the name.
    fn perhaps(&self, person: &Person, names: &Names) -> Vec<Left> {
        let words = person.full_names().flat_map(str::split_whitespace);
        let words: BTreeSet<&str> =
            words.filter(|word| word.chars().count() > 2 && !names.is(word)).collect();
        let mut all = self.lines(&Names::new(&words), &|written| words.contains(written));
        all.sort();
        all.truncate(MOST);
        all
    }

    /// Where in the sources a name is left, and in how many more places.
    fn left(&self, names: &Names) -> (Vec<Left>, usize) {
        let mut all = self.lines(names, &|_| true);
        let sources = &self.sources;
        let paths = sources.documents.iter().map(|it| &it.path).chain(sources.assets.keys());
        for path in paths.filter(|path| names.is_in(path)) {
            all.push(Left { file: path.to_string(), line: None, text: String::new() });
        }
        all.sort();
        let more = all.len().saturating_sub(MOST);
        all.truncate(MOST);
        (all, more)
    }
}

/// Lines of the files that join the names of people in commits, where they name this one.
fn joined_by_git(sources: &Sources, person: &Person, names: &Names) -> Vec<String> {
    if person.commits.is_empty() {
        return Vec::new();
    }
    let mut notes = Vec::new();
    for (path, text) in git::mailmaps(&sources.trusted) {
        for (n, line) in text.lines().enumerate() {
            let has_email = person.commits.iter().any(|it| !it.email.is_empty() && line.contains(&it.email));
            if has_email || names.is_in(line) {
                notes.push(format!(
                    "{}:{}: This line is about the person. Remove it once the history has been rewritten.",
                    path.display(),
                    n + 1
                ));
            }
        }
    }
    notes
}

/// With `trust: git` a file is whose git says, whatever the file says: then git must call them otherwise first.
fn believes_git(site: &Site, person: &Person) -> Result<(), ForgetError> {
    if !site.sources().config.trust_git || person.commits.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = remains::mailmap(person).iter().map(|line| format!("    {line}")).collect();
    Err(ForgetError::Refused(format!(
        "This site trusts git (`trust: git`): the commits say who wrote what, so `{}` would still be shown. Add these \
         lines to `.mailmap`, then run the command again with `--as {}`:\n\n{}",
        person.handle,
        person.former,
        lines.join("\n")
    )))
}

/// The authors of pages of which only git says that this person wrote them, by the path afterwards: they are written
/// down, with the neutral handle.
fn signed(site: &Site, person: &Person, to: &dyn Fn(&str) -> String) -> BTreeMap<String, String> {
    let mut signed = BTreeMap::new();
    for (id, page) in site.pages().iter().enumerate() {
        let is_of_git = match &site.roles()[id] {
            Role::Entry { .. } | Role::Held => true,
            Role::Reply { handle, .. } => handle.is_empty(),
            Role::TopicText(_) | Role::HomeText => false,
        };
        if !is_of_git || !page.fields.authors.is_empty() || moves::is_profile(site, id, person) {
            continue;
        }
        let authors =
            people::authors(site.sources(), site.people(), page, None, &mut BTreeMap::new(), &mut Vec::new());
        if authors.contains(&person.handle) {
            let name =
                |handle: &String| scalar(if *handle == person.handle { &person.former } else { handle });
            signed.insert(to(&page.path), authors.iter().map(name).collect::<Vec<_>>().join(", "));
        }
    }
    signed
}

/// What would be published, searched for names.
fn would_publish(sources: &Arc<Sources>, names: &Names) -> Result<Report, ForgetError> {
    let (site, _) = pipeline::link_beside(sources, Visibility::default(), None);
    let gather = Gather::default();
    pipeline::build(&site, &gather, &|_| {}).map_err(ForgetError::Build)?;
    Ok(published::in_memory(&gather.finish(), names))
}

fn still_there(site: &Site, person: &Person) -> ForgetError {
    let wrote = site.entries().iter().flat_map(|entry| {
        let own = entry.authors.contains(&person.handle).then_some(entry.page);
        own.into_iter()
            .chain(entry.replies().filter(|it| it.authors.contains(&person.handle)).map(|it| it.page))
    });
    let files: Vec<String> = wrote.take(5).map(|page| format!("`{}`", site.pages()[page].path)).collect();
    let files = if files.is_empty() { "a file".to_string() } else { files.join(", ") };
    ForgetError::Refused(format!(
        "`{}` would still be named by {files}. Write `authors: [{}]` there, then try again.",
        person.handle, person.former
    ))
}

/// The same sources with other texts of some files.
fn with_texts(sources: &Sources, text: impl Fn(&Document) -> Option<String>) -> Sources {
    let changed = |document: &Document| {
        let text = text(document).filter(|text| **text != *document.text);
        text.map_or_else(|| document.clone(), |text| Document { text: text.into(), ..document.clone() })
    };
    Sources {
        documents: sources.documents.iter().map(changed).collect(),
        guidelines: sources.guidelines.as_ref().map(changed),
        ..sources.clone()
    }
}

/// Reads one of the company's files again.
fn read_again(sources: &mut Sources, file: &str, text: &str) -> Result<(), Vec<Diagnostic>> {
    let name = Arc::from(file);
    match file {
        root::CONFIG => {
            let mut config = Config::parse(&name, text)?;
            config.base_url.clone_from(&sources.config.base_url);
            sources.config = Arc::new(config);
        }
        root::REACTIONS => sources.reactions = Arc::new(data::reactions(&name, text)?.entries),
        root::SEARCH_TESTS => sources.search_tests = Arc::new(data::search_tests(&name, text)?.entries),
        root::MODERATION => {
            let mut all = data::moderation(&name, text)?.entries;
            all.sort_by(|a, b| a.path.value.cmp(&b.path.value));
            sources.moderation = Arc::new(all);
        }
        _ => {
            let slug = root::inside(root::FEEDS, file).and_then(|name| name.strip_suffix(".yaml"));
            if let (Some(slug), Some(now)) = (slug, data::feed::feed(&name, text)?.entries.pop()) {
                Arc::make_mut(&mut sources.feeds).insert(slug.to_string(), now);
            }
        }
    }
    Ok(())
}

fn edited(text: &str, edits: &BTreeSet<Edit>) -> String {
    edit::edited(text, &edits.iter().cloned().collect::<Vec<_>>())
}

/// The lines that differ between two texts, as a change.
fn text_change(path: &str, before: &str, after: &str) -> Option<TextChange> {
    if before == after {
        return None;
    }
    let mut edits: Vec<Edit> = Vec::new();
    let mut at = 0;
    for line in TextDiff::from_lines(before, after).iter_all_changes() {
        let text = line.value();
        let last = edits.last_mut().filter(|edit| edit.end == at);
        match (line.tag(), last) {
            (ChangeTag::Equal, _) => at += text.len(),
            (ChangeTag::Delete, Some(edit)) => {
                at += text.len();
                edit.end = at;
            }
            (ChangeTag::Delete, None) => {
                edits.push(Edit { start: at, end: at + text.len(), to: String::new() });
                at += text.len();
            }
            (ChangeTag::Insert, Some(edit)) => edit.to.push_str(text),
            (ChangeTag::Insert, None) => edits.push(Edit { start: at, end: at, to: text.to_string() }),
        }
    }
    Some(TextChange { path: path.to_string(), text: before.to_string(), edits })
}
