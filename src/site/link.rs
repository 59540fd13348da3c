//! Links all pages, in the order in which it happens.
//!
//! [`link`] is a pure function of sources and pages. It may be given the site that it made last time: then
//! what cannot have changed is taken over, and the result is the same as if everything were made anew. An edit of
//! texts is followed by `relink`; anything that may change what a file is to the others (a file that came or went, a
//! status, a slug, the configuration) links all from the beginning, with the entries that `reuse` takes over.
//!
//! Long because all steps of linking are told in the order in which they happen.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::mem;
use std::sync::Arc;

use rayon::prelude::*;

use super::address::{self, Addresses};
use super::claim;
use super::classify::{self, Role};
use super::entry::{EntryInputs, Notes};
use super::naming;
use super::people::{self, People};
use super::placeholder::Placeholders;
use super::reference::{self, LinkResolver, Links, Places, Taxonomies};
use super::related::Related;
use super::revision::{Key, Revisions};
use super::taxonomy::{self, Product, Spellings, Tag, TagNames};
use super::visibility::{self, StatusResolver};
use super::{Entry, EntryId, Form, LeftOut, PageId, Redirect, Shown, Site, Visibility, duplicate};
use crate::diagnostic::{Diagnostic, Fate};
use crate::page::kind::Kind;
use crate::page::template::Templates;
use crate::page::{self, Head, Page, slug};
use crate::source::Sources;
use relink::{Relinked, relink};
use reuse::Old;

mod compare;
mod relink;
mod reuse;

/// What every file is meant as, and which address is whose.
#[derive(Debug, Default, PartialEq)]
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
pub(super) struct LinkCache {
    /// What readers see.
    pub(super) visibility: Visibility,
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
    /// What is left of the site of before, for [`Site::drop_deferred`].
    pub(super) deferred_drop: Option<Box<Old>>,
}

impl Site {
    /// Says where links lead.
    #[must_use]
    pub fn leads(&self) -> reference::Leads<'_> {
        let guidelines = self.guidelines.as_ref().map(|(page, _)| &**page);
        let places = &self.link_cache.places;
        let resolver =
            LinkResolver::new(places, &self.sources, &self.urls, &self.pages, &self.entries, guidelines);
        reference::Leads::new(resolver)
    }

    /// How tags may be written on this site.
    #[must_use]
    pub fn tag_names(&self) -> TagNames {
        TagNames::new(&self.sources.config, &self.link_cache.structure.spellings)
    }

    /// How tags are spelled that can be spelled in several ways.
    pub(super) fn spellings(&self) -> &Spellings {
        &self.link_cache.structure.spellings
    }

    /// What each file is, before anything was made of it, by page.
    #[must_use]
    pub fn roles(&self) -> &[Role] {
        &self.link_cache.structure.roles
    }

    /// The address of an entry's file, or the one that leads on where it was merged into another question.
    #[must_use]
    pub fn address_of(&self, page: PageId) -> Option<&str> {
        self.link_cache.structure.addresses.of.get(&page).map(String::as_str)
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
    let site = match before.map(|before| relink(before, sources, &pages, visibility)) {
        Some((site, Relinked::Yes)) => site,
        Some((before, Relinked::No)) => whole(sources, pages, visibility, Some(before)),
        None => whole(sources, pages, visibility, None),
    };
    let LinkCache { structure, notes, links, of_tags, of_redirects, .. } = &site.link_cache;
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
    let placeholders = Placeholders::new(&sources.words);
    let untouched = untouched_pages(sources, &placeholders, &pages);
    let structure = structure(sources, &heads(&pages), &untouched, visibility);
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
    let guidelines = guidelines
        .map(|it| Arc::new(page::parse(it, sources.config.page_settings(), "", &Templates::default())));
    let link_cache = LinkCache { visibility, structure, notes, ..LinkCache::default() };
    let mut site = Site::begin(sources, pages, entries, guidelines, link_cache);
    // Where no entry came or went, those that were taken over stand near the same others.
    let kept = old.as_mut().filter(|old| old.has_same_entries(&site)).map(|old| {
        site.neighbours.clone_from(&old.site.neighbours);
        site.fulfilments.clone_from(&old.site.fulfilments);
        std::mem::take(&mut old.site.link_cache.related)
    });
    let (related, affected) = summarise(&mut site, |entries, pages| match kept {
        Some(mut kept) => {
            let new = from.iter().enumerate().filter(|(_, from)| from.is_none());
            let new: Vec<EntryId> = new.map(|(id, _)| id).collect();
            let affected = kept.change(entries, pages, &new);
            (kept, affected)
        }
        None => (Related::new(entries, pages), (0..entries.len()).collect()),
    });
    // What changed is compared as a whole below.
    compare::near(&mut Revisions::default(), &mut site, &related, affected);
    site.link_cache.related = related;
    resolve(&mut site, None, &mut Revisions::default());
    if let Some(mut old) = old {
        site.revisions = compare::whole(&mut old, &site, &from);
        // Taking ten thousand entries apart takes a while, which nobody has to wait for.
        site.link_cache.deferred_drop = Some(Box::new(old));
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
    let statuses = StatusResolver::new(sources, visibility);
    let tag_names = TagNames::new(&sources.config, &structure.spellings);
    let inputs = EntryInputs::new(sources, pages, structure, &statuses, &tag_names);
    owners.par_iter().filter_map(|id| inputs.make(*id, structure)).collect()
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

/// Everything of files but their texts.
fn heads(pages: &[Arc<Page>]) -> Vec<&Head> {
    pages.iter().map(|page| &page.head).collect()
}

/// Of each file whether it is still what a template put there.
fn untouched_pages(sources: &Sources, placeholders: &Placeholders, pages: &[Arc<Page>]) -> Vec<bool> {
    pages.par_iter().map(|page| is_untouched(sources, placeholders, page)).collect()
}

/// Whether a file is still what a template put there.
fn is_untouched(sources: &Sources, placeholders: &Placeholders, page: &Page) -> bool {
    sources.text(&page.path).is_some_and(|text| placeholders.is_untouched(page, text))
}

/// Who is what, and where.
fn structure(
    sources: &Sources,
    pages: &[&Head],
    untouched_pages: &[bool],
    visibility: Visibility,
) -> Structure {
    let mut diagnostics = Vec::new();
    let config = &sources.config;
    let known_people = people::known(sources, pages);
    let unreadable = sources.diagnostics.iter().filter(|it| it.rule.fate() == Fate::Held).map(|it| &*it.file);
    let placeholders = Placeholders::new(&sources.words);
    let mut roles = classify::arrange(pages, unreadable, &known_people, &placeholders, &mut diagnostics);
    let forms = roles.iter().map(Form::of).collect::<Vec<_>>();
    let statuses = StatusResolver::new(sources, visibility);
    let described = People::new(config, pages, &roles, &statuses);
    let left_out =
        visibility::hold(&statuses, &described, pages, untouched_pages, &mut roles, &mut diagnostics);
    let addresses = claim::claim(sources, pages, &forms, &mut roles, &mut diagnostics);
    naming::weigh_replies(sources, pages, &mut roles, &mut diagnostics);
    let merged = duplicate::resolve(pages, &mut roles, &addresses, &statuses, &mut diagnostics);
    let described = People::new(config, pages, &roles, &statuses);
    let held_replies =
        forms.iter().zip(&roles).map(|(form, role)| *form == Form::Reply && *role == Role::Held);
    let held_replies = pages.iter().zip(held_replies).filter(|(_, held)| *held);
    let held_replies = held_replies.map(|(page, _)| slug::fold(&classify::folder_of_replies(page))).collect();
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

/// What is made of all entries together.
struct Summaries {
    people: People,
    tags: BTreeMap<String, Tag>,
    products: BTreeMap<String, Product>,
    redirects: BTreeMap<String, Redirect>,
    kind_texts: BTreeMap<Kind, PageId>,
    plain: BTreeMap<String, EntryId>,
    folders: BTreeMap<String, String>,
    places: Places,
}

impl Summaries {
    fn take(site: &mut Site) -> Summaries {
        Summaries {
            people: mem::take(&mut site.people),
            tags: mem::take(&mut site.tags),
            products: mem::take(&mut site.products),
            redirects: mem::take(&mut site.redirects),
            kind_texts: mem::take(&mut site.kind_texts),
            plain: mem::take(&mut site.plain),
            folders: mem::take(&mut site.folders),
            places: mem::take(&mut site.link_cache.places),
        }
    }
}

/// What all entries say together: who gave what, tags, redirects, what may be linked to; and beside it, what
/// relates them.
fn summarise<T: Send>(site: &mut Site, relate: impl FnOnce(&[Entry], &[Arc<Page>]) -> T + Send) -> T {
    let Site { sources, urls, pages, entries, link_cache, .. } = &*site;
    let LinkCache { structure, notes, .. } = link_cache;
    let rest = || {
        let tag_names = TagNames::new(&sources.config, &structure.spellings);
        let roles = roles(structure, notes);
        let heads = heads(pages);
        // Who is described and wants no page is known before anybody's gifts are counted.
        let collect = || {
            let mut of_tags = Vec::new();
            let (tags, products) = taxonomy::collect(
                sources,
                &heads,
                &roles,
                &structure.forms,
                entries,
                &structure.described,
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
        let claims = address::Claims { sources, pages: &heads, addresses, people: &people, urls };
        let redirects = address::redirects(&claims, entries, &structure.merged, &mut of_redirects);
        let folders = address::folders(sources, &heads, entries, &redirects);
        let known = Taxonomies {
            redirects: &redirects,
            folders: &folders,
            people: &people,
            tags: &tags,
            products: &products,
            tag_names: &tag_names,
        };
        let places = Places::new(sources, pages, &roles, entries, &known);
        let kind_texts = taxonomy::kind_texts(&heads, &roles);
        let places = (places, folders);
        (people, (tags, products, of_tags), (redirects, of_redirects), places, kind_texts, left_out)
    };
    let (rest, related) = rayon::join(rest, || relate(entries, pages));
    let plain = entries.iter().enumerate().filter(|(_, it)| it.kind == Kind::Page && it.is_listed());
    let plain = plain.map(|(id, entry)| (entry.address.clone(), id)).collect();
    let (people, (tags, products, of_tags), (redirects, of_redirects), places, kind_texts, left_out) = rest;
    let (places, folders) = places;
    site.folders = folders;
    (site.people, site.tags, site.products, site.redirects) = (people, tags, products, redirects);
    (site.kind_texts, site.left_out, site.plain) = (kind_texts, left_out, plain);
    let link_cache = &mut site.link_cache;
    (link_cache.places, link_cache.of_tags, link_cache.of_redirects) = (places, of_tags, of_redirects);
    related
}

/// Addresses that lead on, made again.
fn redirect(site: &mut Site) {
    let heads = heads(&site.pages);
    let structure = &site.link_cache.structure;
    let claims = address::Claims {
        sources: &site.sources,
        pages: &heads,
        addresses: &structure.addresses,
        people: &site.people,
        urls: &site.urls,
    };
    let mut of_redirects = Vec::new();
    let redirects = address::redirects(&claims, &site.entries, &structure.merged, &mut of_redirects);
    (site.redirects, site.link_cache.of_redirects) = (redirects, of_redirects);
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
fn resolve(site: &mut Site, again: Option<(&[PageId], &BTreeSet<EntryId>)>, revisions: &mut Revisions) {
    let Site { sources, urls, pages, entries, link_cache, guidelines, .. } = &mut *site;
    let page = guidelines.as_ref().map(|(page, _)| &**page);
    let resolver = LinkResolver::new(&link_cache.places, sources, urls, pages, entries, page);
    let shown = match again {
        None => {
            let (links, shown, of_guidelines) = reference::resolve_all(&resolver);
            link_cache.links = links;
            if let Some((_, shown)) = &mut site.guidelines {
                *shown = of_guidelines;
            }
            site.shown.resize_with(site.pages.len(), Shown::default);
            shown.into_iter().enumerate().collect()
        }
        Some((ids, owners)) => {
            let again = reference::resolve_some(&resolver, &mut link_cache.links, ids, owners);
            if let (Some((_, shown)), Some(now)) = (&mut site.guidelines, again.guidelines) {
                *shown = now;
            }
            if again.same {
                put_shown(site, again.pages, revisions);
                return;
            }
            again.pages
        }
    };
    put_shown(site, shown, revisions);
    let links = &site.link_cache.links;
    site.assets = links.assets.clone();
    let fulfilments = links.fulfilments();
    let all: BTreeSet<&EntryId> = site.fulfilments.keys().chain(fulfilments.keys()).collect();
    for id in all.into_iter().filter(|id| site.fulfilments.get(id) != fulfilments.get(id)) {
        revisions.bump(Key::Fulfilment(&site.entries[*id].address));
    }
    site.fulfilments = fulfilments;
    let backlinks = reference::backlinks(&site.entries, &links.between(&site.link_cache.places));
    for (id, (near, backlinks)) in site.neighbours.iter_mut().zip(backlinks).enumerate() {
        if near.backlinks != backlinks {
            near.backlinks = backlinks;
            revisions.bump(Key::Neighbours(&site.entries[id].address));
        }
    }
}

/// Takes over what fills the slots of pages.
fn put_shown(site: &mut Site, shown: Vec<(PageId, Shown)>, revisions: &mut Revisions) {
    for (id, shown) in shown {
        if site.shown[id] != shown {
            site.shown[id] = shown;
            revisions.bump(Key::Shown(&site.pages[id].path));
        }
    }
}

impl LinkCache {
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
