//! What `mv` does, worked out before anything is touched: which files get other names, and how every text
//! reads afterwards.
//!
//! No list of the forms that a link can have would ever be complete. So the site is linked a second time with
//! the new names: a link that leads where it led is left alone, and for every other one the ways to write the
//! new place in the manner of the old are tried until one leads there. What cannot be written that way is said.

mod alias;
pub(crate) mod data;
pub mod diff;
mod field;
pub(crate) mod history;
mod link;
mod move_target;
mod place;
mod target;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Fate, Rule};
use crate::edit::{Change, Edit, Move, Scope, TextChange};
use crate::page::kind::Kind;
use crate::page::{self, Page};
use crate::site::classify::Role;
use crate::site::reference::{Leads, LinkDestination};
use crate::site::{EntryId, Form, PageId, Site, Visibility, asset};
use crate::source::asset::Asset;
use crate::source::{self, Document, Sources};
use move_target::MoveTarget;
pub(crate) use place::Lines;
use target::Paths;

/// A change of names, worked out.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Rename {
    /// What is done to the files.
    pub change: Change,
    /// What else somebody should know or do, in plain words.
    pub notes: Vec<String>,
}

/// How a site must be seen to be renamed in: whatever somebody wrote is there, drafts and hidden pages too.
pub const EVERYTHING: Visibility = Visibility { drafts: true, preview: true };

/// A site before and after its files moved, and what became of what.
struct Scene<'a> {
    before: &'a Site,
    after: &'a Site,
    leads_before: Leads<'a>,
    leads_after: Leads<'a>,
    paths: &'a Paths<'a>,
    moves: &'a [Move],
    /// Pages afterwards, by those before.
    ids: Vec<Option<PageId>>,
    /// What stands before and after ids on the page of an entry, by the entry's file: old and new.
    anchors: BTreeMap<String, Vec<(String, String)>>,
    /// Entries afterwards, by file.
    entries: HashMap<&'a str, EntryId>,
    /// Addresses that lead elsewhere or nowhere now, to the new ones.
    addresses: BTreeMap<String, String>,
}

/// What `mv`, `fix` and `new` may change of a site.
#[must_use]
pub fn scope(sources: &Sources) -> Scope {
    let kinds = Kind::ALL.iter().map(|kind| kind.plural().to_string());
    let beside = kinds.chain(sources.config.kinds.keys().cloned()).collect();
    Scope { content: sources.content_prefix.clone(), beside }
}

/// Works out how something gets another name. `site` shows [`EVERYTHING`]; `here` is the folder in which
/// somebody stands, from the root, for paths; `between` is what linking the site found.
///
/// # Errors
/// Why it cannot be done, in plain words.
pub fn plan(site: &Site, between: &[Diagnostic], here: &str, old: &str, new: &str) -> Result<Rename, String> {
    let paths = Paths::new(site);
    let mut edits = Edits::default();
    let moves = named(&paths, here, old, new, &mut edits)?;
    of(site, between, &paths, moves, edits, Known::Kept)
}

/// Works out what follows when files get these names and nothing may lead on from the old ones. `slugs` are other slugs
/// for pages whose front matter says its own.
///
/// # Errors
/// Why it cannot be done, in plain words.
pub fn relocate(
    site: &Site,
    between: &[Diagnostic],
    moves: Vec<Move>,
    slugs: &[(PageId, String)],
) -> Result<Rename, String> {
    let mut edits = Edits::default();
    for (page, slug) in slugs {
        field::own_slug(site, *page, slug, &mut edits);
    }
    of(site, between, &Paths::new(site), moves, edits, Known::Forgotten)
}

/// What becomes of what is known of a page by its old name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    /// The old address leads on, and whoever moves a file is told what git would no longer know of it.
    Kept,
    /// Nothing leads on.
    Forgotten,
}

/// Works out how several pages get other names at once, given as paths from the root, and how many of them from the
/// first one on: those after one that meets another wait.
///
/// # Errors
/// Why it cannot be done with all of these, in plain words.
pub fn plan_all(
    site: &Site,
    between: &[Diagnostic],
    names: &[(&str, &str)],
) -> Result<(Rename, usize), String> {
    let paths = Paths::new(site);
    let mut edits = Edits::default();
    let mut moves: Vec<Move> = Vec::new();
    let mut done = 0;
    for (old, new) in names {
        let more = named(&paths, "", old, new, &mut edits)?;
        let is_in = |path: &str, folder: &str| {
            path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let meets = |a: &Move, b: &Move| {
            is_in(&a.from, &b.from) || is_in(&b.from, &a.from) || is_in(&a.to, &b.to) || is_in(&b.to, &a.to)
        };
        if more.iter().any(|a| moves.iter().any(|b| meets(a, b))) {
            break;
        }
        moves.extend(more);
        done += 1;
    }
    Ok((of(site, between, &paths, moves, edits, Known::Kept)?, done))
}

/// What gets another name with a thing.
fn named(
    paths: &Paths<'_>,
    here: &str,
    old: &str,
    new: &str,
    edits: &mut Edits,
) -> Result<Vec<Move>, String> {
    let thing = target::find(paths, here, old)?;
    let MoveTarget { mut moves, slug } = move_target::goal(paths, here, &thing, old, new)?;
    if let target::Thing::Page(page) = thing {
        moves.extend(move_target::replies_of(paths, page, &moves, slug.as_deref())?);
    }
    if let (target::Thing::Page(page), Some(slug)) = (&thing, slug) {
        field::own_slug(paths.site, *page, &slug, edits);
    }
    Ok(moves)
}

/// What follows from moves.
fn of(
    site: &Site,
    between: &[Diagnostic],
    paths: &Paths<'_>,
    moves: Vec<Move>,
    mut edits: Edits,
    known: Known,
) -> Result<Rename, String> {
    // First the names alone, which say the new addresses; then what the front matter names by them.
    let (named, found) = relinked(site, &moves, &edits);
    let scene = Scene::new(site, &named, paths, &moves);
    scene.same_forms(&found)?;
    field::references(&scene, &mut edits);
    if known == Known::Kept {
        alias::add(&scene, &mut edits);
    }
    drop(scene);
    let (referring, found) = relinked(site, &moves, &edits);
    let scene = Scene::new(site, &referring, paths, &moves);
    scene.same_forms(&found)?;
    link::rewrite(&scene, &mut edits);
    data::rewrite(&scene, &mut edits);
    drop(scene);
    let (last, found) = relinked(site, &moves, &edits);
    let scene = Scene::new(site, &last, paths, &moves);
    scene.same_forms(&found)?;
    link::look_again(&scene, &mut edits);
    let mut notes = scene.news(between, &found, edits.notes)?;
    drop(scene);
    let change = Change { moves: moves.clone(), texts: texts(site, edits.of) };
    if known == Known::Kept {
        notes.extend(history::notes(site, &change).into_iter().map(|lost| lost.note()));
    }
    Ok(Rename { change, notes })
}

/// The folder in which somebody stands, from the root; empty outside of it.
#[must_use]
pub fn folder_from(sources: &Sources, stands: &Path) -> String {
    source::place::inside(&sources.root, &sources.content_prefix, stands).unwrap_or_default()
}

/// What changes in texts, by the file's path before.
#[derive(Debug, Default)]
struct Edits {
    of: BTreeMap<Arc<str>, BTreeSet<Edit>>,
    notes: Vec<String>,
}

impl Edits {
    fn add(&mut self, path: &Arc<str>, edit: Edit) {
        self.of.entry(Arc::clone(path)).or_default().insert(edit);
    }
}

impl<'a> Scene<'a> {
    fn new(before: &'a Site, after: &'a Site, paths: &'a Paths<'a>, moves: &'a [Move]) -> Scene<'a> {
        let (leads_before, leads_after) = (before.leads(), after.leads());
        let by_path: HashMap<&str, PageId> =
            after.pages().iter().enumerate().map(|(id, page)| (&*page.path, id)).collect();
        let ids: Vec<Option<PageId>> =
            before.pages().iter().map(|page| by_path.get(&*moved(moves, &page.path)).copied()).collect();
        let mut anchors: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
        let mut addresses = BTreeMap::new();
        for (id, now) in ids.iter().enumerate() {
            let Some(now) = *now else { continue };
            if let (Some(old), Some(new)) = (leads_before.stand(id), leads_after.stand(now)) {
                if let Some(entry) = leads_before.entry_of(id)
                    && (old.1, old.2) != (new.1, new.2)
                {
                    let known = anchors.entry(entry.to_string()).or_default();
                    known.push((old.1.to_string(), new.1.to_string()));
                    known.push((old.2.to_string(), new.2.to_string()));
                }
                if old.0 != new.0 && leads_before.entry_of(id).is_none() {
                    addresses.insert(old.0.to_string(), new.0.to_string());
                }
            }
            if let (Some(old), Some(new)) = (before.address_of(id), after.address_of(now))
                && old != new
            {
                addresses.insert(old.to_string(), new.to_string());
            }
        }
        topics(before, after, &ids, &mut addresses);
        let entries = after
            .entries()
            .iter()
            .enumerate()
            .map(|(id, entry)| (&*after.pages()[entry.page].path, id))
            .collect();
        Scene { before, after, leads_before, leads_after, paths, moves, ids, anchors, entries, addresses }
    }

    fn moved(&self, path: &str) -> String {
        moved(self.moves, path)
    }

    /// Where something is afterwards.
    fn place(&self, place: &LinkDestination) -> LinkDestination {
        let path = |path: &str| self.moved(path);
        match place {
            LinkDestination::Entry(it) => LinkDestination::Entry(path(it).into()),
            LinkDestination::File(it) => LinkDestination::File(path(it).into()),
            LinkDestination::Held(it) => LinkDestination::Held(path(it)),
            LinkDestination::Address(it) => {
                LinkDestination::Address(self.addresses.get(it).unwrap_or(it).clone())
            }
            other => other.clone(),
        }
    }

    /// An id on the page of an entry afterwards.
    fn anchor(&self, place: &LinkDestination, id: &str) -> String {
        let LinkDestination::Entry(entry) = place else { return id.to_string() };
        let renamed = self.anchors.get(&**entry).into_iter().flatten().filter(|(old, _)| !old.is_empty());
        // The longest that fits: `h-ana-2-` before `h-ana-`.
        let fits = |old: &str| id == old || (old.ends_with('-') && id.starts_with(old));
        let best = renamed.filter(|(old, _)| fits(old)).max_by_key(|(old, _)| old.len());
        best.map_or_else(|| id.to_string(), |(old, new)| format!("{new}{}", &id[old.len()..]))
    }

    /// Every file stays what it is: no answer becomes a page, no page an answer to another one.
    fn same_forms(&self, found: &[Diagnostic]) -> Result<(), String> {
        for (id, now) in self.ids.iter().enumerate() {
            let Some(now) = *now else { continue };
            let (old, new) = (self.before.forms()[id], self.after.forms()[now]);
            let (from, to) = (&self.before.pages()[id].path, &self.after.pages()[now].path);
            if old != new {
                let what = if from == to { format!("`{from}`") } else { format!("`{from}` at `{to}`") };
                let becomes = match (old, new) {
                    (_, Form::Other) => "would no longer be a page",
                    (_, Form::Reply) => "would become a reply to another page",
                    (Form::Reply, _) => "would become a page of its own and no longer be a reply",
                    (_, Form::Entry) => "would become a page of its own; it describes a folder now",
                };
                let why = found.iter().find(|it| it.file == *to && it.rule.fate() == Fate::Held);
                let why = why.map_or_else(String::new, |it| format!(" {}.", it.message));
                return Err(format!("{what} {becomes}.{why}"));
            }
            // Somebody else's folder must not swallow replies; anyone who moves a reply means to.
            if let (Role::Reply { owner: old, .. }, Role::Reply { owner: new, .. }) =
                (&self.before.roles()[id], &self.after.roles()[now])
                && self.ids[*old] != Some(*new)
                && from == to
            {
                return Err(format!("`{from}` would become a reply to `{}`.", self.after.pages()[*new].path));
            }
        }
        Ok(())
    }

    /// What is wrong afterwards that was not before: refused where a page would go, else said.
    fn news(
        &self,
        before: &[Diagnostic],
        after: &[Diagnostic],
        mut notes: Vec<String>,
    ) -> Result<Vec<String>, String> {
        let mut known: BTreeMap<(String, Rule), usize> = BTreeMap::new();
        // What holds a page counts whatever the level; everything else as `check` shows it.
        let all = |site: &Site, between: &[Diagnostic]| {
            let held = between.iter().filter(|it| it.rule.fate() == Fate::Held).cloned();
            held.chain(crate::check::all(site, between.to_vec())).collect::<Vec<_>>()
        };
        for it in all(self.before, before) {
            *known.entry((self.moved(&it.file), it.rule)).or_default() += 1;
        }
        for it in all(self.after, after) {
            let left = known.entry((it.file.to_string(), it.rule)).or_default();
            if let Some(fewer) = left.checked_sub(1) {
                *left = fewer;
                continue;
            }
            if it.rule.fate() == Fate::Held || matches!(it.rule, Rule::DuplicateAddress | Rule::Config) {
                return Err(format!("This would break something: {} {}", it.message, it.help));
            }
            let is_said = notes.iter().any(|note| note.starts_with(&format!("{}:{}:", it.file, it.line)));
            if !is_said {
                notes.push(format!("{}:{}: {} {}", it.file, it.line, it.message, it.help));
            }
        }
        Ok(notes)
    }
}

/// Where a path leads after moves.
fn moved(moves: &[Move], path: &str) -> String {
    let mut path = path.to_string();
    for Move { from, to } in moves {
        if let Some(rest) = path.strip_prefix(from.as_str())
            && (rest.is_empty() || rest.starts_with('/'))
        {
            path = format!("{to}{rest}");
        }
    }
    path
}

/// The lists of topics whose folder has another name, where nothing bears the old name any more.
fn topics(before: &Site, after: &Site, ids: &[Option<PageId>], addresses: &mut BTreeMap<String, String>) {
    let topics = |site: &Site, id: PageId| match &site.roles()[id] {
        Role::Entry { topics, .. } => topics.clone(),
        _ => Vec::new(),
    };
    for (id, now) in ids.iter().enumerate() {
        let Some(now) = *now else { continue };
        let (old, new) = (topics(before, id), topics(after, now));
        if old.len() != new.len() {
            continue;
        }
        for (old, new) in old.iter().zip(&new).filter(|(old, new)| old != new) {
            let address = |name: &str| crate::site::url::tag(&crate::page::slug::tag_slug(name));
            let (old, new) = (address(old), address(new));
            let is_gone = |address: &str| {
                let tag = address.trim_start_matches(crate::site::url::TAGS).trim_end_matches('/');
                !after.tags().contains_key(tag)
            };
            if is_gone(&old) && !is_gone(&new) {
                addresses.entry(old).or_insert(new);
            }
        }
    }
}

/// The site as it will be: files under their new names, with their new texts.
fn relinked(site: &Site, moves: &[Move], edits: &Edits) -> (Site, Vec<Diagnostic>) {
    let old: &Sources = site.sources();
    let by_path: HashMap<&str, &Arc<Page>> = site.pages().iter().map(|page| (&*page.path, page)).collect();
    let is_same = |document: &&Document| {
        moved(moves, &document.path) == *document.path && !edits.of.contains_key(&document.path)
    };
    let known: HashMap<Arc<str>, Arc<Page>> = old
        .documents
        .iter()
        .filter(is_same)
        .filter_map(|it| Some((Arc::clone(&it.path), Arc::clone(by_path.get(&*it.path)?))))
        .collect();
    let sources = Arc::new(applied(old, moves, &edits.of));
    let templates = crate::site::placeholder::templates(&sources.words);
    let parse = |document: &Document| {
        let known = known.get(&document.path).cloned();
        known.unwrap_or_else(|| {
            Arc::new(page::parse(
                document,
                sources.config.page_settings(),
                &sources.content_prefix,
                &templates,
            ))
        })
    };
    let pages: Vec<Arc<Page>> = sources.documents.par_iter().map(parse).collect();
    let pages = asset::without_attachments(&sources, pages);
    crate::site::link(&sources, pages, EVERYTHING, None)
}

/// The sources as they will be: files under their new names, with their new texts. `edits` name files as they are
/// called before.
pub(crate) fn applied(old: &Sources, moves: &[Move], edits: &BTreeMap<Arc<str>, BTreeSet<Edit>>) -> Sources {
    let edited = |it: &Document| {
        let edits = edits.get(&it.path);
        let text = edits.map_or_else(|| Arc::clone(&it.text), |edits| after(&it.text, edits));
        let path = moved(moves, &it.path);
        let path = if path == *it.path { Arc::clone(&it.path) } else { path.into() };
        Document { path, text }
    };
    let mut documents: Vec<Document> = old.documents.iter().map(edited).collect();
    documents.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    let asset = |(path, asset): (&Arc<str>, &Asset)| {
        let to = moved(moves, path);
        if to == **path {
            return (Arc::clone(path), asset.clone());
        }
        let to: Arc<str> = to.into();
        (Arc::clone(&to), Asset::new(to, asset.file.clone(), Arc::clone(&old.config.files)))
    };
    // A plain text that ends in `.md` now is no file beside others any more.
    let is_asset = |(path, _): &(Arc<str>, Asset)| {
        !source::is_document(path) || source::extension(path).is_some_and(|it| it == "txt")
    };
    let moderation = old.moderation.iter().map(|it| {
        let mut it = it.clone();
        it.path.value = data::moderated(old, moves, &it.path.value);
        it
    });
    let mut moderation: Vec<_> = moderation.collect();
    moderation.sort_by(|a, b| a.path.value.cmp(&b.path.value));
    let mut diagnostics = old.diagnostics.clone();
    for it in &mut diagnostics {
        it.file = moved(moves, &it.file).into();
    }
    let mut sources = Sources {
        documents,
        diagnostics,
        assets: Arc::new(old.assets.iter().map(asset).filter(is_asset).collect()),
        guidelines: old.guidelines.as_ref().map(edited),
        moderation: Arc::new(moderation),
        ..old.clone()
    };
    data::read_again(&mut sources, edits);
    sources
}

fn after(text: &str, edits: &BTreeSet<Edit>) -> Arc<str> {
    let edits: Vec<Edit> = edits.iter().cloned().collect();
    crate::edit::edited(text, &edits).into()
}

/// The texts that change.
fn texts(site: &Site, edits: BTreeMap<Arc<str>, BTreeSet<Edit>>) -> Vec<TextChange> {
    let change = |(path, edits): (Arc<str>, BTreeSet<Edit>)| {
        let text = site.sources().text(&path).cloned().or_else(|| site.sources().trusted_text(&path))?;
        Some(TextChange {
            path: path.to_string(),
            text: text.to_string(),
            edits: edits.into_iter().collect(),
        })
    };
    edits.into_iter().filter_map(change).collect()
}
