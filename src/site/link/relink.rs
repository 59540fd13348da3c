//! A site whose content files say something else, while each is still to the others what it was.
//!
//! Who is what and where (the [`Structure`]) is made of the heads of all files and stays as it is while these are equal,
//! or while it turns out equal when it is made again. Then only the entries of changed files are made again. What is made
//! of all entries together is made again from them if they differ in more than texts, and links are followed again where
//! they may lead elsewhere.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{
    Summaries, compare, heads, is_untouched, make, redirect, resolve, structure, summarise, untouched_pages,
};
use crate::page::front_matter::Field;
use crate::page::kind::Kind;
use crate::page::{Head, Lead, Page, slug};
use crate::site::classify::Role;
use crate::site::revision::Key;
use crate::site::{Entry, EntryId, PageId, Site, Visibility, alert, facet, reference, taxonomy};
use crate::source::Sources;

/// What of all that is made of the entries together has to be made again.
#[derive(Debug, Clone, Copy, Default)]
struct Stale {
    /// People, tags, products, what links may lead to.
    summaries: bool,
    /// Addresses that lead on, which name the titles of pages.
    redirects: bool,
}

/// Whether a site was linked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relinked {
    Yes,
    No,
}

/// Links a site again, if every file is to the others what it was; else hands it back as it is. Says which.
// Long because an edit is followed through every step in order.
pub(super) fn relink(
    mut site: Site,
    sources: &Arc<Sources>,
    pages: &[Arc<Page>],
    visibility: Visibility,
) -> (Site, Relinked) {
    let same_files =
        site.pages.len() == pages.len() && site.pages.iter().zip(pages).all(|(a, b)| a.path == b.path);
    let is_edit = same_files
        && site.link_cache.visibility == visibility
        && site.sources.differences(sources).is_only_texts();
    if !is_edit {
        return (site, Relinked::No);
    }
    let changed: Vec<PageId> =
        (0..pages.len()).filter(|id| !Arc::ptr_eq(&site.pages[*id], &pages[*id])).collect();
    if !has_same_structure(&site, sources, pages, &changed, visibility) {
        return (site, Relinked::No);
    }
    let old_pages = std::mem::replace(&mut site.pages, pages.to_vec());
    site.sources = Arc::clone(sources);
    let mut revisions = std::mem::take(&mut site.revisions);
    revisions.begin();
    for id in &changed {
        compare::file(&mut revisions, &old_pages[*id], &site.pages[*id]);
    }
    let owners: BTreeSet<PageId> = changed.iter().filter_map(|id| site.link_cache.owner(*id)).collect();
    let owners: Vec<PageId> = owners.into_iter().collect();
    let mut made: Vec<EntryId> = Vec::new();
    let mut stale = Stale::default();
    for (entry, notes) in make(sources, &site.pages, &site.link_cache.structure, visibility, &owners) {
        let Some(id) = site.link_cache.places.entry_of(entry.page) else { continue };
        let files = (&*old_pages[entry.page], &*site.pages[entry.page]);
        compare::entry(&mut revisions, (&site.entries[id], files.0), (&entry, files.1));
        made.push(id);
        let (old, old_notes) = (&site.entries[id], &site.link_cache.notes[id]);
        stale.summaries |= !old.is_same_but_for_texts(&entry)
            || (&old_notes.names, &old_notes.held) != (&notes.names, &notes.held)
            || !is_listed_alike(entry.kind, files);
        stale.redirects |= old.title != entry.title;
        site.entries[id] = entry;
        site.link_cache.notes[id] = notes;
    }
    // Whoever bears a tag first names it, and texts of topics name them, too.
    let all_of_entries = changed
        .iter()
        .all(|id| !matches!(site.link_cache.structure.roles[*id], Role::TopicText(_) | Role::HomeText));
    stale.summaries |=
        !all_of_entries || !changed.iter().all(|id| names_alike(&old_pages[*id], &site.pages[*id]));
    let mut related = std::mem::take(&mut site.link_cache.related);
    let mut relate = |entries: &[Entry], pages: &[Arc<Page>]| related.change(entries, pages, &made);
    let mut same_places = true;
    let affected = if stale.summaries {
        let before = Summaries::take(&mut site);
        let affected = summarise(&mut site, relate);
        compare::summaries(&mut revisions, &before, &site);
        same_places = before.places == site.link_cache.places;
        affected
    } else {
        if stale.redirects {
            let before = std::mem::take(&mut site.redirects);
            redirect(&mut site);
            compare::redirects(&mut revisions, &before, &site.redirects);
        }
        relate(&site.entries, &site.pages)
    };
    compare::near(&mut revisions, &mut site, &related, affected);
    site.link_cache.related = related;
    let old_guidelines = site.guidelines.as_ref().map(|it| it.1.clone());
    // Links may lead to the headings of texts that are no entries.
    if same_places && all_of_entries {
        let entries: BTreeSet<EntryId> = made.into_iter().collect();
        let mut ids: BTreeSet<PageId> = changed.into_iter().collect();
        ids.extend(site.link_cache.links.leading_into(&entries));
        // Links of wikis name pages by their titles.
        let (before, now) = (names_in(&old_pages, &ids), names_in(&site.pages, &ids));
        let renamed: BTreeSet<String> = before.symmetric_difference(&now).cloned().collect();
        if !renamed.is_empty() {
            ids.extend(site.link_cache.links.naming(&renamed));
        }
        // What fulfilled an idea is named by its title.
        ids.extend(site.fulfilments.keys().map(|id| site.entries[*id].page));
        let ids: Vec<PageId> = ids.into_iter().collect();
        resolve(&mut site, Some((&ids, &entries)), &mut revisions);
    } else {
        resolve(&mut site, None, &mut revisions);
    }
    revisions.compare(Key::Guidelines, &old_guidelines, &site.guidelines.as_ref().map(|it| it.1.clone()));
    site.revisions = revisions;
    (site, Relinked::Yes)
}

/// What these pages are called.
fn names_in(pages: &[Arc<Page>], ids: &BTreeSet<PageId>) -> BTreeSet<String> {
    ids.iter().flat_map(|id| reference::names_of(&pages[*id])).collect()
}

/// Whether the structure of a site stays what it is: it is made of the heads of its files, and of nothing else of them.
fn has_same_structure(
    site: &Site,
    sources: &Sources,
    pages: &[Arc<Page>],
    changed: &[PageId],
    visibility: Visibility,
) -> bool {
    let placeholders = &site.placeholders;
    let is_same = |id: &PageId| {
        let (old, new) = (&site.pages[*id], &pages[*id]);
        is_alike(site, &old.head, &new.head)
            && is_untouched(&site.sources, placeholders, old) == is_untouched(sources, placeholders, new)
    };
    changed.iter().all(is_same) || {
        let untouched = untouched_pages(sources, placeholders, pages);
        structure(sources, &heads(pages), &untouched, visibility) == site.link_cache.structure
    }
}

/// Whether a file is to the others what it was, at first sight.
fn is_alike(site: &Site, old: &Head, new: &Head) -> bool {
    if old == new {
        return true;
    }
    let has_heading = |head: &Head| matches!(head.lead, Lead::Heading(_));
    // A person's title is their name, and the first of several spellings of a tag counts everywhere.
    let may_respell = |head: &Head| {
        let spellings = site.spellings();
        head.fields.tags.iter().any(|tag| {
            taxonomy::respelled(&tag.value).is_some()
                || spellings.contains_key(&slug::fold(&slug::tag_slug(&tag.value)))
        })
    };
    let Head { path, place, fields, lead: _, leftovers, held } = old;
    place.kind != Kind::Person
        && (path, place, leftovers, held) == (&new.path, &new.place, &new.leftovers, &new.held)
        && has_heading(old) == has_heading(new)
        && fields.title.is_some() == new.fields.title.is_some()
        && (fields.tags == new.fields.tags || !may_respell(old) && !may_respell(new))
        && fields.without_own() == new.fields.without_own()
}

/// Whether the lists and feeds that an entry is on by its own fields are the same ones. Links may lead to them.
fn is_listed_alike(kind: Kind, (old, new): (&Page, &Page)) -> bool {
    let values = |page: &Page| {
        let mut values: Vec<(Field, String)> = Vec::new();
        for (field, _) in Field::facets() {
            facet::each_value(field, kind, &page.fields, |value| values.push((field, facet::slug(value))));
        }
        values
    };
    let places = |page: &Page| -> Vec<String> {
        alert::places(kind, &page.fields).into_iter().map(|(slug, _)| slug).collect()
    };
    (values(old), places(old)) == (values(new), places(new))
}

/// Whether a file says the same tags, products and aliases, in the same way.
fn names_alike(old: &Head, new: &Head) -> bool {
    let (old, new) = (&old.fields, &new.fields);
    (&old.tags, &old.products, &old.aliases) == (&new.tags, &new.products, &new.aliases)
}
