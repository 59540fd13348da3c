//! Links all pages, in the order in which it happens.
//!
//! [`link`] is a pure function of sources and pages. It may be given the site that it made last time: then
//! what cannot have changed is taken over, and the result is the same as if everything were made anew. A text
//! that was edited remakes one entry and the links of one page. A title, a tag or an author redoes what is
//! made of all entries together: people, tags, addresses that lead on, related entries. Anything that may
//! change what a file is (a file that came or went, a status, a slug, the configuration) redoes all.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::address::{self, Addresses};
use super::entry::{Ground, Notes};
use super::hold::{self, Standings};
use super::layout::{self, Role};
use super::people::{self, People};
use super::reference::{self, Known, Links, Places, World};
use super::taxonomy::{self, TagNames};
use super::url::Urls;
use super::version::{Changes, Versions};
use super::{Entry, EntryId, Form, LeftOut, Neighbours, PageId, Site, Visibility, door, duplicate, related};
use crate::diagnostic::{Diagnostic, Fate};
use crate::page::front_matter::Fields;
use crate::page::kind::Kind;
use crate::page::{self, Lead, Page, slug};
use crate::source::Sources;

/// What every file is meant as, and which address is whose.
#[derive(Debug, Default)]
pub struct Structure {
    /// What each page is to the site, before anything was made of it.
    pub(super) roles: Vec<Role>,
    /// What each page is meant as.
    pub(super) forms: Vec<Form>,
    pub(super) addresses: Addresses,
    /// Questions that were merged into another one.
    pub(super) merged: BTreeMap<PageId, PageId>,
    /// What was merged into a question, in order.
    pub(super) duplicates: BTreeMap<PageId, Vec<PageId>>,
    /// The files that reply to an entry, in order.
    pub(super) replies: BTreeMap<PageId, Vec<PageId>>,
    /// Everyone whom a file or the configuration describes.
    pub(super) described: People,
    /// Replies that are held, by their path without extension.
    pub(super) held_replies: BTreeSet<String>,
    left_out: LeftOut,
    diagnostics: Vec<Diagnostic>,
}

/// What the next linking can use again.
#[derive(Debug, Default)]
pub(super) struct Trail {
    visibility: Visibility,
    structure: Structure,
    /// By entry.
    notes: Vec<Notes>,
    places: Places,
    links: Links,
    /// What is wrong with what is made of all entries together.
    summary: Vec<Diagnostic>,
}

/// Links all pages. What is wrong between them comes beside the site; what is wrong inside one page comes
/// with that page.
#[must_use]
pub fn link(
    sources: &Arc<Sources>,
    pages: Vec<Arc<Page>>,
    visibility: Visibility,
    before: Option<Site>,
) -> (Site, Vec<Diagnostic>) {
    let site = match before {
        None => whole(sources, pages, visibility),
        Some(before) => match edited(&before, sources, &pages, visibility) {
            Some(changed) => again(before, sources, pages, &changed),
            None => {
                let mut site = whole(sources, pages, visibility);
                site.versions = Versions::after(before, &site);
                site
            }
        },
    };
    let Trail { structure, notes, links, summary, .. } = &site.trail;
    let mut diagnostics = structure.diagnostics.clone();
    diagnostics.extend(notes.iter().flat_map(|it| it.diagnostics.iter().cloned()));
    diagnostics.extend(summary.iter().cloned());
    diagnostics.extend(links.diagnostics(sources));
    (site, diagnostics)
}

fn whole(sources: &Arc<Sources>, pages: Vec<Arc<Page>>, visibility: Visibility) -> Site {
    let structure = structure(sources, &pages, visibility);
    let owners: Vec<PageId> = structure.addresses.of.keys().copied().collect();
    let mut made = make(sources, &pages, &structure, visibility, &owners);
    made.sort_by(|(a, _), (b, _)| (a.kind, &a.slug).cmp(&(b.kind, &b.slug)));
    let (entries, notes): (Vec<Entry>, Vec<Notes>) = made.into_iter().unzip();
    let guidelines = sources.guidelines.as_ref();
    let guidelines = guidelines.map(|it| Arc::new(page::parse(it, &sources.config, "")));
    let mut site = Site {
        sources: Arc::clone(sources),
        urls: Urls::of(&sources.config),
        shown: Vec::new(),
        neighbours: vec![Neighbours::default(); entries.len()],
        versions: Versions::new(entries.len(), pages.len()),
        entries,
        people: People::default(),
        tags: BTreeMap::new(),
        products: BTreeMap::new(),
        redirects: BTreeMap::new(),
        assets: BTreeMap::new(),
        home: structure.roles.iter().position(|role| *role == Role::HomeText),
        kind_texts: BTreeMap::new(),
        guidelines: guidelines.map(|page| (page, super::Shown::default())),
        fulfilments: BTreeMap::new(),
        new_urls: door::new_urls(sources),
        plain: BTreeMap::new(),
        forms: structure.forms.clone(),
        left_out: LeftOut::default(),
        trail: Trail { visibility, structure, notes, ..Trail::default() },
        pages,
    };
    let relations = summarise(&mut site);
    for (near, (related, similar)) in site.neighbours.iter_mut().zip(relations) {
        (near.related, near.similar) = (related, similar);
    }
    resolve(&mut site, None);
    site
}

/// Makes the entries of pages, in their order.
fn make(
    sources: &Sources,
    pages: &[Arc<Page>],
    structure: &Structure,
    visibility: Visibility,
    owners: &[PageId],
) -> Vec<(Entry, Notes)> {
    let standings = Standings::new(sources, visibility);
    let tag_names = TagNames::new(&sources.config);
    let ground = Ground::new(sources, pages, structure, &standings, &tag_names);
    owners.par_iter().filter_map(|id| ground.make(*id, structure)).collect()
}

/// Who is what, and where.
fn structure(sources: &Sources, pages: &[Arc<Page>], visibility: Visibility) -> Structure {
    let mut diagnostics = Vec::new();
    let config = &sources.config;
    let known_people = people::known(sources, pages);
    let unreadable = sources.diagnostics.iter().filter(|it| it.rule.fate() == Fate::Held).map(|it| &*it.file);
    let mut roles = layout::arrange(pages, unreadable, &known_people, &mut diagnostics);
    let forms = roles.iter().map(Form::of).collect::<Vec<_>>();
    let standings = Standings::new(sources, visibility);
    let described = People::new(config, pages, &roles, &standings);
    let left_out = hold::hold(&standings, &described, pages, &mut roles, &mut diagnostics);
    let addresses = address::claim(sources, pages, &mut roles, &mut diagnostics);
    let merged = duplicate::resolve(pages, &mut roles, &addresses, &standings, &mut diagnostics);
    let described = People::new(config, pages, &roles, &standings);
    let held_replies =
        forms.iter().zip(&roles).map(|(form, role)| *form == Form::Reply && *role == Role::Held);
    let held_replies = pages.iter().zip(held_replies).filter(|(_, held)| *held);
    let held_replies = held_replies.map(|(page, _)| slug::fold(&layout::folder_of_replies(page))).collect();
    let mut replies: BTreeMap<PageId, Vec<PageId>> = BTreeMap::new();
    for (id, role) in roles.iter().enumerate() {
        if let Role::Reply { owner, .. } = role
            && roles[*owner] != Role::Held
        {
            replies.entry(merged.get(owner).copied().unwrap_or(*owner)).or_default().push(id);
        }
    }
    let mut duplicates: BTreeMap<PageId, Vec<PageId>> = BTreeMap::new();
    for (from, to) in &merged {
        duplicates.entry(*to).or_default().push(*from);
    }
    Structure {
        roles,
        forms,
        addresses,
        merged,
        duplicates,
        replies,
        described,
        held_replies,
        left_out,
        diagnostics,
    }
}

/// By entry the related and the similar ones.
type Relations = Vec<(Vec<EntryId>, Vec<EntryId>)>;

/// What all entries say together: who gave what, tags, redirects, what may be linked to. The related entries
/// are handed back, because they stand near entries and not in them.
fn summarise(site: &mut Site) -> Relations {
    let Site { sources, urls, pages, entries, trail, .. } = &mut *site;
    let Trail { structure, notes, .. } = &*trail;
    let mut diagnostics = Vec::new();
    let rest = || {
        let tag_names = TagNames::new(&sources.config);
        let roles = roles(structure, notes);
        let mut names: BTreeMap<&str, &str> = BTreeMap::new();
        let mut in_order: Vec<(&Entry, &Notes)> = entries.iter().zip(notes).collect();
        in_order.retain(|(_, notes)| !notes.names.is_empty());
        in_order.sort_by_key(|(entry, _)| entry.page);
        for (handle, name) in in_order.iter().flat_map(|(_, notes)| &notes.names) {
            names.entry(handle).or_insert(name);
        }
        let mut people = structure.described.clone();
        people.collect(entries, &names);
        let forms = &structure.forms;
        let (tags, products) =
            taxonomy::collect(sources, pages, &roles, forms, entries, &people, &tag_names, &mut diagnostics);
        let mut left_out = structure.left_out;
        left_out.held = roles.iter().filter(|role| **role == Role::Held).count()
            - left_out.drafts
            - left_out.future
            - left_out.hidden;
        let addresses = &structure.addresses;
        let claims = address::Claims { sources, pages, addresses, people: &people, urls };
        let redirects = address::redirects(&claims, entries, &structure.merged, &mut diagnostics);
        let known = Known {
            redirects: &redirects,
            people: &people,
            tags: &tags,
            products: &products,
            tag_names: &tag_names,
        };
        let places = Places::new(sources, pages, &roles, entries, &known);
        let kind_texts = taxonomy::kind_texts(pages, &roles);
        (people, tags, products, redirects, places, kind_texts, left_out)
    };
    let (rest, relations) = rayon::join(rest, || related::relations(entries, pages));
    let (people, tags, products, redirects, places, kind_texts, left_out) = rest;
    let plain = site.entries.iter().enumerate().filter(|(_, it)| it.kind == Kind::Page && it.is_listed());
    site.plain = plain.map(|(id, entry)| (entry.address.clone(), id)).collect();
    (site.people, site.tags, site.products, site.redirects) = (people, tags, products, redirects);
    (site.kind_texts, site.left_out) = (kind_texts, left_out);
    (site.trail.places, site.trail.summary) = (places, diagnostics);
    relations
}

/// The roles of all pages, without the replies that turned out to be nothing that can be shown.
fn roles<'a>(structure: &'a Structure, notes: &[Notes]) -> Cow<'a, [Role]> {
    let mut roles = Cow::Borrowed(&*structure.roles);
    for id in notes.iter().flat_map(|notes| &notes.held) {
        roles.to_mut()[*id] = Role::Held;
    }
    roles
}

/// What leads where: on all pages, or only on some whose text changed and on those that lead to their headings.
fn resolve(site: &mut Site, again: Option<&[PageId]>) -> Reresolved {
    let Site { sources, urls, pages, entries, trail, guidelines, .. } = &mut *site;
    let page = guidelines.as_ref().map(|(page, _)| &**page);
    let world = World::new(&trail.places, sources, urls, pages, entries, page);
    let mut changes = Reresolved::default();
    match again {
        None => {
            let (links, shown, of_guidelines) = reference::resolve_all(&world);
            (trail.links, site.shown) = (links, shown);
            if let Some((_, shown)) = &mut site.guidelines {
                *shown = of_guidelines;
            }
        }
        Some(ids) => {
            let (resolved, same) = reference::resolve_some(&world, &mut trail.links, ids);
            for (id, shown) in resolved {
                if site.shown[id] != shown {
                    site.shown[id] = shown;
                    changes.shown.push(id);
                }
            }
            if same {
                return changes;
            }
        }
    }
    let links = &site.trail.links;
    site.assets = links.assets.clone();
    site.fulfilments = links.fulfilments();
    let backlinks = reference::backlinks(&site.entries, &links.between(&site.trail.places));
    for (id, (near, backlinks)) in site.neighbours.iter_mut().zip(backlinks).enumerate() {
        if near.backlinks != backlinks {
            near.backlinks = backlinks;
            changes.near.push(id);
        }
    }
    changes
}

/// What came of following links again.
#[derive(Debug, Default)]
struct Reresolved {
    /// Pages whose links lead elsewhere.
    shown: Vec<PageId>,
    /// Entries that others link to.
    near: Vec<EntryId>,
}

/// The pages whose text changed, if nothing else did that could change what any file is.
fn edited(
    before: &Site,
    sources: &Sources,
    pages: &[Arc<Page>],
    visibility: Visibility,
) -> Option<Vec<PageId>> {
    let old = &*before.sources;
    let same_ground = Arc::ptr_eq(&old.config, &sources.config)
        && Arc::ptr_eq(&old.words, &sources.words)
        && Arc::ptr_eq(&old.statics, &sources.statics)
        && Arc::ptr_eq(&old.assets, &sources.assets)
        && Arc::ptr_eq(&old.reactions, &sources.reactions)
        && Arc::ptr_eq(&old.moderation, &sources.moderation)
        && match (&old.history, &sources.history) {
            (Some(old), Some(new)) => Arc::ptr_eq(old, new),
            (old, new) => old.is_none() && new.is_none(),
        }
        && old.guidelines == sources.guidelines
        && old.diagnostics == sources.diagnostics
        && (old.today, old.preview_day) == (sources.today, sources.preview_day)
        && before.trail.visibility == visibility
        && before.pages.len() == pages.len();
    if !same_ground {
        return None;
    }
    let mut changed = Vec::new();
    for (id, (old, new)) in before.pages.iter().zip(pages).enumerate() {
        if !Arc::ptr_eq(old, new) {
            if old.path != new.path || !is_same_form(old, new) {
                return None;
            }
            changed.push(id);
        }
    }
    Some(changed)
}

/// Whether a file is still meant as what it was: nothing changed but texts and what only sorts entries.
fn is_same_form(old: &Page, new: &Page) -> bool {
    if old.place.kind == Kind::Person {
        return old.held == new.held && old.lead == new.lead && old.fields == new.fields;
    }
    let has_heading = |page: &Page| matches!(page.lead, Lead::Heading(_));
    old.held == new.held
        && has_heading(old) == has_heading(new)
        && old.fields.title.is_some() == new.fields.title.is_some()
        && (old.fields == new.fields || without_texts(&old.fields) == without_texts(&new.fields))
}

/// The fields that may say what a file is. Whatever is not named here counts as if it did.
fn without_texts(fields: &Fields) -> Fields {
    Fields {
        title: None,
        tags: Vec::new(),
        products: Vec::new(),
        versions: Vec::new(),
        description: None,
        also_asked: Vec::new(),
        accepted: None,
        score: None,
        updated: None,
        verified_on: None,
        sentiment: None,
        problem: None,
        why: None,
        outcome: None,
        needs: Vec::new(),
        time: None,
        level: None,
        ..fields.clone()
    }
}

/// Links a site again in which only the texts of some pages changed.
fn again(mut site: Site, sources: &Arc<Sources>, pages: Vec<Arc<Page>>, changed: &[PageId]) -> Site {
    let old_pages = std::mem::replace(&mut site.pages, pages);
    site.sources = Arc::clone(sources);
    let mut changes = Changes { pages: changed.to_vec(), ..Changes::default() };
    let mut outline = changed.iter().any(|id| {
        let (old, new) = (&old_pages[*id], &site.pages[*id]);
        old.fields != new.fields || old.lead != new.lead
    });
    let edited_fields: BTreeSet<PageId> =
        changed.iter().copied().filter(|id| old_pages[*id].fields != site.pages[*id].fields).collect();
    let owners: BTreeSet<PageId> = changed.iter().filter_map(|id| site.trail.owner(*id)).collect();
    let owners: Vec<PageId> = owners.into_iter().collect();
    let visibility = site.trail.visibility;
    for (entry, notes) in make(sources, &site.pages, &site.trail.structure, visibility, &owners) {
        let Some(id) = site.trail.places.entry_of(entry.page) else { continue };
        let old = &site.entries[id];
        outline |= !old.is_same_outline(&entry)
            || site.trail.notes[id].names != notes.names
            || site.trail.notes[id].held != notes.held;
        let same_fields = !edited_fields.contains(&entry.page);
        changes.entries.push((
            id,
            same_fields && old.is_same_row(&entry),
            same_fields && old.is_same_link(&entry),
        ));
        site.entries[id] = entry;
        site.trail.notes[id] = notes;
    }
    if outline {
        let relations = summarise_again(&mut site, &mut changes);
        for (near, (related, similar)) in site.neighbours.iter_mut().zip(relations) {
            (near.related, near.similar) = (related, similar);
        }
        let old = std::mem::take(&mut site.shown);
        resolve(&mut site, None);
        changes.shown = (0..old.len()).filter(|id| old[*id] != site.shown[*id]).collect();
    } else {
        let owners: BTreeSet<EntryId> = changes.entries.iter().map(|(id, ..)| *id).collect();
        let mut ids: BTreeSet<PageId> = changed.iter().copied().collect();
        ids.extend(site.trail.links.leading_into(&owners));
        let ids: Vec<PageId> = ids.into_iter().collect();
        let resolved = resolve(&mut site, Some(&ids));
        (changes.shown, changes.near) = (resolved.shown, resolved.near);
    }
    site.versions.tell(&changes);
    site
}

fn summarise_again(site: &mut Site, changes: &mut Changes) -> Relations {
    let people = std::mem::take(&mut site.people);
    let tags = std::mem::take(&mut site.tags);
    let (plain, kind_texts) = (std::mem::take(&mut site.plain), site.kind_texts.clone());
    let relations = summarise(site);
    changes.outline = true;
    changes.people = super::version::people_changed(&people, &site.people);
    changes.tags = super::version::tags_changed(&tags, &site.tags);
    changes.site = plain != site.plain || kind_texts != site.kind_texts;
    relations
}

impl Trail {
    /// The address and the anchor where a page of content stands.
    pub(super) fn stand(&self, page: PageId) -> Option<(String, String)> {
        self.places.stand(page)
    }

    /// The page of the entry that a page belongs to, if it belongs to one.
    fn owner(&self, id: PageId) -> Option<PageId> {
        let owner = match &self.structure.roles[id] {
            Role::Entry { .. } => id,
            Role::Reply { owner, .. } => *owner,
            Role::TopicText(_) | Role::HomeText | Role::Held => return None,
        };
        Some(self.structure.merged.get(&owner).copied().unwrap_or(owner))
    }
}
