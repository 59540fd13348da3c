//! What is taken over of the site of before while another one is made.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::compare::Renumbering;
use super::{Notes, Structure};
use crate::page::Page;
use crate::site::classify::Role;
use crate::site::{Entry, EntryId, PageId, Site, Visibility};
use crate::source::Sources;

/// The site of before, while another one is made from the beginning.
#[derive(Debug)]
pub(in crate::site) struct Old {
    pub(super) site: Site,
    pub(super) entries: Vec<Option<Entry>>,
    /// Where each page of it stands now.
    pub(super) map: Renumbering,
    /// Which entry a page of now was the page of.
    of_page: Vec<Option<EntryId>>,
    /// Whether entries that are made of the same files are the same.
    has_same_inputs: bool,
}

impl Old {
    pub(super) fn new(
        mut site: Site,
        sources: &Sources,
        pages: &[Arc<Page>],
        structure: &Structure,
        visibility: Visibility,
    ) -> Old {
        site.link_cache.deferred_drop = None;
        let map = Renumbering { pages: renumbered(&site.pages, pages), entries: Vec::new() };
        let was = &site.link_cache.structure;
        let mut described = was.described.clone();
        described.by_handle.values_mut().for_each(|person| map.person(person));
        let differences = site.sources.differences(sources);
        let has_same_inputs = !differences.reading
            && !differences.facts
            && site.link_cache.visibility == visibility
            && was.held_replies == structure.held_replies
            && was.spellings == structure.spellings
            && described == structure.described;
        let mut of_page = vec![None; pages.len()];
        for (id, entry) in site.entries.iter().enumerate() {
            if let Some(page) = map.pages[entry.page] {
                of_page[page] = Some(id);
            }
        }
        site.entries.par_iter_mut().for_each(|entry| map.files(entry));
        let entries = std::mem::take(&mut site.entries).into_iter().map(Some).collect();
        Old { site, entries, map, of_page, has_same_inputs }
    }

    /// The entry of a page, if nothing that it was made of changed.
    pub(super) fn entry(&self, owner: PageId, pages: &[Arc<Page>], structure: &Structure) -> Option<EntryId> {
        let id = self.of_page[owner].filter(|_| self.has_same_inputs)?;
        let was = &self.site.link_cache.structure;
        let old_owner = self.site.link_cache.places.page_of(id)?;
        let same_role = |old: &Role, new: &Role| match (old, new) {
            (
                Role::Reply { owner: a, stem, handle },
                Role::Reply { owner: b, stem: stem_b, handle: handle_b },
            ) => self.map.pages[*a] == Some(*b) && (stem, handle) == (stem_b, handle_b),
            (old, new) => old == new,
        };
        let same_page = |old: PageId, new: PageId| {
            self.map.pages[old] == Some(new)
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
    pub(super) fn take(&mut self, id: EntryId) -> Option<(Entry, Notes)> {
        let entry = self.entries[id].take()?;
        let mut notes = std::mem::take(&mut self.site.link_cache.notes[id]);
        notes.held.iter_mut().for_each(|page| *page = self.map.pages[*page].unwrap_or(usize::MAX));
        Some((entry, notes))
    }

    /// Whether no entry came or went.
    pub(super) fn has_same_entries(&self, site: &Site) -> bool {
        let known = self.of_page.iter().flatten().count();
        known == site.entries.len()
            && known == self.entries.len()
            && site.entries.iter().enumerate().all(|(id, entry)| self.of_page[entry.page] == Some(id))
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
