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
use super::claim;
use super::entry::{Ground, Notes};
use super::hold::{self, Standings};
use super::layout::{self, Role};
use super::naming;
use super::people::{self, People};
use super::placeholder::Placeholders;
use super::reference::{self, Known, Links, Places, World};
use super::related::{self, Related};
use super::taxonomy::{self, Product, Spellings, Tag, TagNames};
use super::{Entry, EntryId, Form, LeftOut, PageId, Site, Visibility, duplicate};
use crate::diagnostic::{Diagnostic, Fate};
use crate::page::kind::Kind;
use crate::page::template::Templates;
use crate::page::{self, Page, slug};
use crate::source::Sources;
use again::{again, edited};
use old::Old;

mod again;
mod old;

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
    /// How tags are written that can be written in several ways.
    spellings: Spellings,
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
    pub(super) places: Places,
    links: Links,
    related: Related,
    /// What is wrong with tags and products.
    of_tags: Vec<Diagnostic>,
    /// What is wrong with aliases.
    of_redirects: Vec<Diagnostic>,
    /// What is left of the site of before, for [`Site::tidy`].
    pub(super) waste: Option<Box<Old>>,
}

impl Site {
    /// Says where links lead.
    #[must_use]
    pub fn leads(&self) -> reference::Leads<'_> {
        let guidelines = self.guidelines.as_ref().map(|(page, _)| &**page);
        let places = &self.trail.places;
        let world = World::new(places, &self.sources, &self.urls, &self.pages, &self.entries, guidelines);
        reference::Leads::new(world)
    }

    /// How tags may be written on this site.
    #[must_use]
    pub fn tag_names(&self) -> TagNames {
        TagNames::new(&self.sources.config, &self.trail.structure.spellings)
    }

    /// What each file is, before anything was made of it, by page.
    #[must_use]
    pub fn roles(&self) -> &[Role] {
        &self.trail.structure.roles
    }

    /// The address of an entry's file, or the one that leads on where it was merged into another question.
    #[must_use]
    pub fn address_of(&self, page: PageId) -> Option<&str> {
        self.trail.structure.addresses.of.get(&page).map(String::as_str)
    }
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
        None => whole(sources, pages, visibility, None),
        Some(before) => match edited(&before, sources, &pages, visibility) {
            Some(changed) => again(before, sources, pages, &changed),
            None => whole(sources, pages, visibility, Some(before)),
        },
    };
    let Trail { structure, notes, links, of_tags, of_redirects, .. } = &site.trail;
    let mut diagnostics = structure.diagnostics.clone();
    diagnostics.extend(notes.iter().flat_map(|it| it.diagnostics.iter().cloned()));
    diagnostics.extend(of_tags.iter().chain(of_redirects).cloned());
    diagnostics.extend(links.diagnostics(sources));
    (site, diagnostics)
}

fn whole(
    sources: &Arc<Sources>,
    pages: Vec<Arc<Page>>,
    visibility: Visibility,
    before: Option<Site>,
) -> Site {
    let structure = structure(sources, &pages, visibility);
    let mut old = before.map(|before| Old::new(before, sources, &pages, &structure, visibility));
    let owners: Vec<PageId> = structure.addresses.of.keys().copied().collect();
    let known: Vec<Option<EntryId>> = match &old {
        Some(old) => owners.par_iter().map(|owner| old.entry(*owner, &pages, &structure)).collect(),
        None => vec![None; owners.len()],
    };
    let mut kept: Vec<EntryId> = Vec::with_capacity(owners.len());
    let mut rest: Vec<PageId> = Vec::new();
    for (owner, known) in owners.into_iter().zip(known) {
        known.map_or_else(|| rest.push(owner), |id| kept.push(id));
    }
    kept.sort_unstable();
    let new = in_order(make(sources, &pages, &structure, visibility, &rest));
    let (mut entries, mut notes, mut from) = (Vec::new(), Vec::new(), Vec::new());
    let mut push = |(entry, its_notes): (Entry, Notes), known: Option<EntryId>| {
        entries.push(entry);
        notes.push(its_notes);
        from.push(known);
    };
    // Those of before are in order already.
    let mut new = new.peekable();
    for id in kept {
        let Some(made) = old.as_mut().and_then(|old| old.take(id)) else { continue };
        while let Some(new) = new.next_if(|new| place(&new.0) < place(&made.0)) {
            push(new, None);
        }
        push(made, Some(id));
    }
    new.for_each(|made| push(made, None));
    let guidelines = sources.guidelines.as_ref();
    let guidelines =
        guidelines.map(|it| Arc::new(page::parse(it, &sources.config, "", &Templates::default())));
    let trail = Trail { visibility, structure, notes, ..Trail::default() };
    let mut site = Site::begin(sources, pages, entries, guidelines, trail);
    // Where no entry came or went, those that were taken over stand near the same others.
    let kept = old.as_mut().filter(|old| old.has_same_entries(&site)).map(|old| {
        site.neighbours = std::mem::take(&mut old.site.neighbours);
        site.fulfilments = std::mem::take(&mut old.site.fulfilments);
        std::mem::take(&mut old.site.trail.related)
    });
    let is_known = kept.is_some();
    let lent = old.as_ref().filter(|old| kept.is_some() && old.has_same_tags(&site, &from)).map(Old::tags);
    let relate = |entries: &[Entry], pages: &[Arc<Page>]| match kept.filter(|kept| !kept.is_worn()) {
        Some(mut related) => {
            let new = from.iter().enumerate().filter(|(_, from)| from.is_none());
            let new: Vec<EntryId> = new.map(|(id, _)| id).collect();
            let affected = related.change(entries, pages, &new).into_iter().collect();
            (related, affected)
        }
        None => (Related::new(entries, pages), (0..entries.len()).collect()),
    };
    let (related, affected) = summarise(&mut site, lent, relate);
    let near: Vec<related::Relations> = affected.par_iter().map(|id| related.of(*id)).collect();
    let mut others = Vec::new();
    for (id, (related, similar)) in affected.into_iter().zip(near) {
        let it = &mut site.neighbours[id];
        if it.related != related || it.similar != similar {
            (it.related, it.similar) = (related, similar);
            others.push(id);
        }
    }
    site.trail.related = related;
    others.extend(resolve(&mut site, None).near);
    if !is_known {
        // Nobody knows near whom something stood that is not there any more.
        others = (0..site.entries.len()).collect();
    }
    if let Some(old) = old {
        site.versions = old.versions(&site, &from, &others);
        // Taking ten thousand entries apart takes a while, which nobody has to wait for.
        site.trail.waste = Some(Box::new(old));
    }
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
    let tag_names = TagNames::new(&sources.config, &structure.spellings);
    let ground = Ground::new(sources, pages, structure, &standings, &tag_names);
    owners.par_iter().filter_map(|id| ground.make(*id, structure)).collect()
}

/// By what entries are in order.
fn place(entry: &Entry) -> (Kind, &str) {
    (entry.kind, &entry.slug)
}

/// Puts entries in order. They are large, so only their places are sorted, and each is moved once.
fn in_order(made: Vec<(Entry, Notes)>) -> impl Iterator<Item = (Entry, Notes)> {
    let mut order: Vec<usize> = (0..made.len()).collect();
    order.par_sort_unstable_by(|a, b| place(&made[*a].0).cmp(&place(&made[*b].0)));
    let mut made: Vec<Option<(Entry, Notes)>> = made.into_iter().map(Some).collect();
    order.into_iter().filter_map(move |at| made[at].take())
}

/// Who is what, and where.
fn structure(sources: &Sources, pages: &[Arc<Page>], visibility: Visibility) -> Structure {
    let mut diagnostics = Vec::new();
    let config = &sources.config;
    let known_people = people::known(sources, pages);
    let unreadable = sources.diagnostics.iter().filter(|it| it.rule.fate() == Fate::Held).map(|it| &*it.file);
    let placeholders = Placeholders::new(&sources.words);
    let mut roles = layout::arrange(pages, unreadable, &known_people, &placeholders, &mut diagnostics);
    let forms = roles.iter().map(Form::of).collect::<Vec<_>>();
    let standings = Standings::new(sources, visibility);
    let described = People::new(config, pages, &roles, &standings);
    let left_out = hold::hold(&standings, &described, &placeholders, pages, &mut roles, &mut diagnostics);
    let addresses = claim::claim(sources, pages, &forms, &mut roles, &mut diagnostics);
    naming::weigh_replies(sources, pages, &mut roles, &mut diagnostics);
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
        spellings: taxonomy::spellings(sources, pages, &roles),
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

/// Tags, products, and what is wrong with them.
type Tags = (BTreeMap<String, Tag>, BTreeMap<String, Product>, Vec<Diagnostic>);

/// What all entries say together: who gave what, tags, redirects, what may be linked to; and beside it, what
/// relates them.
fn summarise(
    site: &mut Site,
    lent: Option<Tags>,
    relate: impl FnOnce(&[Entry], &[Arc<Page>]) -> (Related, Vec<EntryId>) + Send,
) -> (Related, Vec<EntryId>) {
    let Site { sources, urls, pages, entries, trail, .. } = &*site;
    let Trail { structure, notes, .. } = trail;
    let rest = || {
        let tag_names = TagNames::new(&sources.config, &structure.spellings);
        let roles = roles(structure, notes);
        let forms = &structure.forms;
        // Who is described and wants no page is known before anybody's gifts are counted.
        let described = &structure.described;
        let collect = || {
            if let Some(lent) = lent {
                return lent;
            }
            let mut of_tags = Vec::new();
            let (tags, products) = taxonomy::collect(
                sources,
                pages,
                &roles,
                forms,
                entries,
                described,
                &tag_names,
                &mut of_tags,
            );
            (tags, products, of_tags)
        };
        let (people, (tags, products, of_tags)) = rayon::join(|| people(structure, entries, notes), collect);
        let mut left_out = structure.left_out;
        left_out.held = roles.iter().filter(|role| **role == Role::Held).count()
            - left_out.drafts
            - left_out.future
            - left_out.hidden;
        let mut of_redirects = Vec::new();
        let addresses = &structure.addresses;
        let claims = address::Claims { sources, pages, addresses, people: &people, urls };
        let redirects = address::redirects(&claims, entries, &structure.merged, &mut of_redirects);
        let known = Known {
            redirects: &redirects,
            people: &people,
            tags: &tags,
            products: &products,
            tag_names: &tag_names,
        };
        let places = Places::new(sources, pages, &roles, entries, &known);
        let kind_texts = taxonomy::kind_texts(pages, &roles);
        (people, (tags, products, of_tags), (redirects, of_redirects), places, kind_texts, left_out)
    };
    let (rest, related) = rayon::join(rest, || relate(entries, pages));
    let plain = entries.iter().enumerate().filter(|(_, it)| it.kind == Kind::Page && it.is_listed());
    let plain = plain.map(|(id, entry)| (entry.address.clone(), id)).collect();
    let (people, (tags, products, of_tags), (redirects, of_redirects), places, kind_texts, left_out) = rest;
    (site.people, site.tags, site.products, site.redirects) = (people, tags, products, redirects);
    (site.kind_texts, site.left_out, site.plain) = (kind_texts, left_out, plain);
    let trail = &mut site.trail;
    (trail.places, trail.of_tags, trail.of_redirects) = (places, of_tags, of_redirects);
    related
}

/// Everyone who wrote something or is described.
fn people(structure: &Structure, entries: &[Entry], notes: &[Notes]) -> People {
    let mut names: BTreeMap<&str, &str> = BTreeMap::new();
    let mut in_order: Vec<(&Entry, &Notes)> = entries.iter().zip(notes).collect();
    in_order.retain(|(_, notes)| !notes.names.is_empty());
    in_order.sort_by_key(|(entry, _)| entry.page);
    for (handle, name) in in_order.iter().flat_map(|(_, notes)| &notes.names) {
        names.entry(handle).or_insert(name);
    }
    let mut people = structure.described.clone();
    people.collect(entries, &names);
    people
}

/// The roles of all pages, without the replies that turned out to be nothing that can be shown.
fn roles<'a>(structure: &'a Structure, notes: &[Notes]) -> Cow<'a, [Role]> {
    let mut roles = Cow::Borrowed(&*structure.roles);
    for id in notes.iter().flat_map(|notes| &notes.held) {
        roles.to_mut()[*id] = Role::Held;
    }
    roles
}

/// What leads where: on all pages, or only on some whose text changed and on those that lead to headings of the
/// entries that these belong to.
fn resolve(site: &mut Site, again: Option<(&[PageId], &BTreeSet<EntryId>)>) -> Reresolved {
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
        Some((ids, owners)) => {
            let again = reference::resolve_some(&world, &mut trail.links, ids, owners);
            if let (Some((_, shown)), Some(now)) = (&mut site.guidelines, again.guidelines) {
                *shown = now;
            }
            for (id, shown) in again.pages {
                if site.shown[id] != shown {
                    site.shown[id] = shown;
                    changes.shown.push(id);
                }
            }
            if again.same {
                return changes;
            }
        }
    }
    let links = &site.trail.links;
    site.assets = links.assets.clone();
    let fulfilments = links.fulfilments();
    let all: BTreeSet<&EntryId> = site.fulfilments.keys().chain(fulfilments.keys()).collect();
    changes.near.extend(all.into_iter().filter(|id| site.fulfilments.get(id) != fulfilments.get(id)));
    site.fulfilments = fulfilments;
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
    /// Entries that others link to, and ideas that something else fulfilled.
    near: Vec<EntryId>,
}

impl Trail {
    /// The text of the home page.
    pub(super) fn home(&self) -> Option<PageId> {
        self.structure.roles.iter().position(|role| *role == Role::HomeText)
    }

    /// What each page is meant as.
    pub(super) fn forms(&self) -> Vec<Form> {
        self.structure.forms.clone()
    }

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
