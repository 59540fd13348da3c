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
use super::related::{self, Related};
use super::taxonomy::{self, Product, Tag, TagNames};
use super::version::{Changes, Versions};
use super::{Entry, EntryId, Form, LeftOut, PageId, Site, Visibility, duplicate};
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
    let guidelines = guidelines.map(|it| Arc::new(page::parse(it, &sources.config, "")));
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
    let tag_names = TagNames::new(&sources.config);
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
        let tag_names = TagNames::new(&sources.config);
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
        && super::version::is_same_history(old, sources)
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

/// Links a site again in which only the texts of some pages changed, and what sorts their entries.
fn again(mut site: Site, sources: &Arc<Sources>, pages: Vec<Arc<Page>>, changed: &[PageId]) -> Site {
    let old_pages = std::mem::replace(&mut site.pages, pages);
    site.sources = Arc::clone(sources);
    let mut changes = Changes { pages: changed.to_vec(), ..Changes::default() };
    let has_other = |differ: fn(&Page, &Page) -> bool| {
        changed
            .iter()
            .copied()
            .filter(|id| differ(&old_pages[*id], &site.pages[*id]))
            .collect::<BTreeSet<_>>()
    };
    let other_fields = has_other(|old, new| old.fields != new.fields);
    let mut same = Same::default();
    // Titles of topics stand in the front matter, or above the text.
    same.sorting &= has_other(|old, new| old.fields != new.fields || old.lead != new.lead)
        .iter()
        .all(|id| matches!(site.trail.structure.roles[*id], Role::Entry { .. } | Role::Reply { .. }));
    same.sorting &= has_other(|old, new| {
        (&old.fields.tags, &old.fields.products) != (&new.fields.tags, &new.fields.products)
    })
    .is_empty();
    // Links may lead to the headings of texts that are no entries.
    same.places &= has_other(|old, new| {
        let ids = |page: &Page| page.body.headings.iter().map(|it| it.id.clone()).collect::<Vec<_>>();
        ids(old) != ids(new)
    })
    .iter()
    .all(|id| {
        matches!(site.trail.structure.roles[*id], Role::Entry { .. } | Role::Reply { .. } | Role::Held)
    });
    same.aliases = has_other(|old, new| old.fields.aliases != new.fields.aliases).is_empty();
    let owners: BTreeSet<PageId> = changed.iter().filter_map(|id| site.trail.owner(*id)).collect();
    let owners: Vec<PageId> = owners.into_iter().collect();
    let visibility = site.trail.visibility;
    for (entry, notes) in make(sources, &site.pages, &site.trail.structure, visibility, &owners) {
        let Some(id) = site.trail.places.entry_of(entry.page) else { continue };
        let old = &site.entries[id];
        let old_notes = &site.trail.notes[id];
        same.outline &= old.is_same_outline(&entry) && !other_fields.contains(&entry.page);
        same.giving &= old.is_same_giving(&entry) && old_notes.names == notes.names;
        same.sorting &= old.is_same_sorting(&entry);
        same.places &= old.is_same_place(&entry) && old_notes.held == notes.held;
        same.links &= old.is_same_link(&entry);
        let same_fields = !other_fields.contains(&entry.page);
        changes.entries.push((
            id,
            same_fields && old.is_same_row(&entry),
            same_fields && old.is_same_link(&entry),
        ));
        site.entries[id] = entry;
        site.trail.notes[id] = notes;
    }
    let of_guidelines = site.guidelines.as_ref().map(|it| it.1.clone());
    let ids: Vec<EntryId> = changes.entries.iter().map(|(id, ..)| *id).collect();
    summarise_again(&mut site, &mut same, &ids, &mut changes);
    if same.places {
        let entries: BTreeSet<EntryId> = ids.into_iter().collect();
        let mut ids: BTreeSet<PageId> = changed.iter().copied().collect();
        ids.extend(site.trail.links.leading_into(&entries));
        if !same.links {
            // What fulfilled an idea is named by its title.
            ids.extend(site.fulfilments.keys().map(|id| site.entries[*id].page));
        }
        let ids: Vec<PageId> = ids.into_iter().collect();
        let resolved = resolve(&mut site, Some((&ids, &entries)));
        changes.shown = resolved.shown;
        changes.near.extend(resolved.near);
    } else {
        let old = std::mem::take(&mut site.shown);
        changes.near.extend(resolve(&mut site, None).near);
        changes.shown = (0..old.len()).filter(|id| old[*id] != site.shown[*id]).collect();
    }
    changes.guidelines = of_guidelines != site.guidelines.as_ref().map(|it| it.1.clone());
    site.versions.tell(&changes);
    site
}

/// What is the same although texts were edited.
#[derive(Debug, Clone, Copy)]
struct Same {
    /// Everything but texts.
    outline: bool,
    /// Who gave what.
    giving: bool,
    /// Tags, products, dates.
    sorting: bool,
    /// What links may lead to.
    places: bool,
    /// Titles and addresses.
    links: bool,
    aliases: bool,
}

impl Default for Same {
    fn default() -> Same {
        Same { outline: true, giving: true, sorting: true, places: true, links: true, aliases: true }
    }
}

/// Redoes what is made of all entries together, as far as it is not the same.
fn summarise_again(site: &mut Site, same: &mut Same, ids: &[EntryId], changes: &mut Changes) {
    changes.outline = !same.outline || !same.links;
    if !same.giving {
        let people = people(&site.trail.structure, &site.entries, &site.trail.notes);
        let old = std::mem::replace(&mut site.people, people);
        changes.people = super::version::people_changed(&old, &site.people);
        changes.given = true;
        // Whoever wrote for the first time has a page, and whoever wrote nothing any more has none.
        same.places &= changes.people.is_empty();
    }
    let Site {
        sources,
        urls,
        pages,
        entries,
        trail,
        people,
        tags,
        products,
        redirects,
        left_out,
        neighbours,
        ..
    } = &mut *site;
    let tag_names = TagNames::new(&sources.config);
    if !same.sorting {
        let mut diagnostics = Vec::new();
        let roles = roles(&trail.structure, &trail.notes);
        let forms = &trail.structure.forms;
        let now =
            taxonomy::collect(sources, pages, &roles, forms, entries, people, &tag_names, &mut diagnostics);
        trail.of_tags = diagnostics;
        changes.tags = super::version::tags_changed(tags, &now.0);
        // Pages that name the largest tags go by the outline.
        changes.outline |= !changes.tags.is_empty();
        same.places &= tags.keys().eq(now.0.keys()) && products.keys().eq(now.1.keys());
        (*tags, *products) = now;
        changes.order = true;
    }
    if !same.links || !same.aliases || !same.places {
        let mut diagnostics = Vec::new();
        let addresses = &trail.structure.addresses;
        let claims = address::Claims { sources, pages, addresses, people, urls };
        let now = address::redirects(&claims, entries, &trail.structure.merged, &mut diagnostics);
        trail.of_redirects = diagnostics;
        same.places &= redirects.keys().eq(now.keys());
        // Each names the title of the page that it leads to.
        changes.order |= *redirects != now;
        *redirects = now;
    }
    if !same.places {
        let known = Known { redirects, people, tags, products, tag_names: &tag_names };
        let roles = roles(&trail.structure, &trail.notes);
        trail.places = Places::new(sources, pages, &roles, entries, &known);
        left_out.held = roles.iter().filter(|role| **role == Role::Held).count()
            - left_out.drafts
            - left_out.future
            - left_out.hidden;
    }
    let affected = if trail.related.is_worn() {
        trail.related = Related::new(entries, pages);
        (0..entries.len()).collect()
    } else {
        trail.related.change(entries, pages, ids)
    };
    let affected: Vec<EntryId> = affected.into_iter().collect();
    let related: Vec<related::Relations> = affected.par_iter().map(|id| trail.related.of(*id)).collect();
    for (id, (related, similar)) in affected.into_iter().zip(related) {
        let near = &mut neighbours[id];
        if near.related != related || near.similar != similar {
            (near.related, near.similar) = (related, similar);
            changes.near.push(id);
        }
    }
}

/// The site of before, while another one is made from the beginning.
#[derive(Debug)]
pub(super) struct Old {
    site: Site,
    entries: Vec<Option<Entry>>,
    /// Where each page of it stands now.
    ids: Vec<Option<PageId>>,
    /// Which entry a page of now was the page of.
    of_page: Vec<Option<EntryId>>,
    /// Whether entries that are made of the same files are the same.
    is_same_ground: bool,
}

impl Old {
    fn new(
        mut site: Site,
        sources: &Sources,
        pages: &[Arc<Page>],
        structure: &Structure,
        visibility: Visibility,
    ) -> Old {
        site.trail.waste = None;
        let ids = renumbered(&site.pages, pages);
        let (old, was) = (&*site.sources, &site.trail.structure);
        let is_same_ground = Arc::ptr_eq(&old.config, &sources.config)
            && Arc::ptr_eq(&old.reactions, &sources.reactions)
            && Arc::ptr_eq(&old.moderation, &sources.moderation)
            && super::version::is_same_history(old, sources)
            && (old.today, old.preview_day, &old.writer)
                == (sources.today, sources.preview_day, &sources.writer)
            && site.trail.visibility == visibility
            && was.held_replies == structure.held_replies
            && was.described.is_same_names(&structure.described);
        let mut of_page = vec![None; pages.len()];
        let mut entries: Vec<Option<Entry>> = Vec::with_capacity(site.entries.len());
        for (id, mut entry) in std::mem::take(&mut site.entries).into_iter().enumerate() {
            if let Some(page) = ids[entry.page] {
                of_page[page] = Some(id);
            }
            entry.renumber(&ids);
            entries.push(Some(entry));
        }
        Old { site, entries, ids, of_page, is_same_ground }
    }

    /// The entry of a page, if nothing that it was made of changed.
    fn entry(&self, owner: PageId, pages: &[Arc<Page>], structure: &Structure) -> Option<EntryId> {
        let id = self.of_page[owner].filter(|_| self.is_same_ground)?;
        let was = &self.site.trail.structure;
        let old_owner = self.site.trail.places.page_of(id)?;
        let same_role = |old: &Role, new: &Role| match (old, new) {
            (
                Role::Reply { owner: a, stem, handle },
                Role::Reply { owner: b, stem: stem_b, handle: handle_b },
            ) => self.ids[*a] == Some(*b) && (stem, handle) == (stem_b, handle_b),
            (old, new) => old == new,
        };
        let same_page = |old: PageId, new: PageId| {
            self.ids[old] == Some(new)
                && Arc::ptr_eq(&self.site.pages[old], &pages[new])
                && same_role(&was.roles[old], &structure.roles[new])
        };
        let same_pages = |old: &BTreeMap<PageId, Vec<PageId>>, new: &BTreeMap<PageId, Vec<PageId>>| {
            let old = old.get(&old_owner).map_or(&[][..], Vec::as_slice);
            let new = new.get(&owner).map_or(&[][..], Vec::as_slice);
            old.len() == new.len() && old.iter().zip(new).all(|(old, new)| same_page(*old, *new))
        };
        let is_same = same_page(old_owner, owner)
            && same_pages(&was.replies, &structure.replies)
            && same_pages(&was.duplicates, &structure.duplicates)
            && was.addresses.of.get(&old_owner) == structure.addresses.of.get(&owner)
            && !structure.merged.contains_key(&owner);
        is_same.then_some(id)
    }

    /// Takes an entry over.
    fn take(&mut self, id: EntryId) -> Option<(Entry, Notes)> {
        let entry = self.entries[id].take()?;
        let mut notes = std::mem::take(&mut self.site.trail.notes[id]);
        notes.held.iter_mut().for_each(|page| *page = self.ids[*page].unwrap_or(usize::MAX));
        Some((entry, notes))
    }

    /// Whether tags and products are the same: the same texts give them names, and every entry bears the same.
    fn has_same_tags(&self, site: &Site, from: &[Option<EntryId>]) -> bool {
        let is_same = |(id, from): (usize, &Option<EntryId>)| {
            let was = || self.entries[id].as_ref();
            from.is_some() || was().is_some_and(|was| was.is_same_sorting(&site.entries[id]))
        };
        fn naming(site: &Site) -> impl Iterator<Item = *const Page> {
            let structure = &site.trail.structure;
            let names = |id: &usize| {
                structure.forms[*id] == Form::Entry || matches!(structure.roles[*id], Role::TopicText(_))
            };
            (0..site.pages.len()).filter(names).map(|id| Arc::as_ptr(&site.pages[id]))
        }
        self.is_same_ground && from.iter().enumerate().all(is_same) && naming(&self.site).eq(naming(site))
    }

    /// The tags and products of before, with the pages of now.
    fn tags(&self) -> Tags {
        let mut tags = self.site.tags.clone();
        for tag in tags.values_mut() {
            tag.text = tag.text.and_then(|page| self.ids[page]);
        }
        (tags, self.site.products.clone(), self.site.trail.of_tags.clone())
    }

    /// Whether no entry came or went.
    fn has_same_entries(&self, site: &Site) -> bool {
        let known = self.of_page.iter().flatten().count();
        known == site.entries.len()
            && known == self.entries.len()
            && site.entries.iter().enumerate().all(|(id, entry)| self.of_page[entry.page] == Some(id))
    }

    fn versions(&self, site: &Site, from: &[Option<EntryId>], near: &[EntryId]) -> Versions {
        let Old { site: before, entries, ids, .. } = self;
        Versions::after(before, entries, ids, site, from, near)
    }
}

/// Where each page of before stands now.
fn renumbered(before: &[Arc<Page>], now: &[Arc<Page>]) -> Vec<Option<PageId>> {
    let mut rest = now.iter().enumerate().peekable();
    let place = |page: &Arc<Page>| {
        if let Some((id, _)) = rest.next_if(|(_, it)| Arc::ptr_eq(it, page)) {
            return Some(id);
        }
        while rest.next_if(|(_, it)| it.path < page.path).is_some() {}
        rest.next_if(|(_, it)| it.path == page.path).map(|(id, _)| id)
    };
    before.iter().map(place).collect()
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
