//! What is taken over of the site of before while another one is made.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::{Notes, Structure, Tags};
use crate::page::Page;
use crate::site::layout::Role;
use crate::site::version::{self, Versions};
use crate::site::{Entry, EntryId, Form, PageId, Site, Visibility};
use crate::source::Sources;

/// The site of before, while another one is made from the beginning.
#[derive(Debug)]
pub(in crate::site) struct Old {
    pub(super) site: Site,
    entries: Vec<Option<Entry>>,
    /// Where each page of it stands now.
    ids: Vec<Option<PageId>>,
    /// Which entry a page of now was the page of.
    of_page: Vec<Option<EntryId>>,
    /// Whether entries that are made of the same files are the same.
    is_same_ground: bool,
}

impl Old {
    pub(super) fn new(
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
            && version::is_same_history(old, sources)
            && (old.today, old.preview_day, &old.writer)
                == (sources.today, sources.preview_day, &sources.writer)
            && site.trail.visibility == visibility
            && was.held_replies == structure.held_replies
            && was.spellings == structure.spellings
            && was.described.is_same_names(&structure.described);
        let mut of_page = vec![None; pages.len()];
        for (id, entry) in site.entries.iter().enumerate() {
            if let Some(page) = ids[entry.page] {
                of_page[page] = Some(id);
            }
        }
        site.entries.par_iter_mut().for_each(|entry| entry.renumber(&ids));
        let entries = std::mem::take(&mut site.entries).into_iter().map(Some).collect();
        Old { site, entries, ids, of_page, is_same_ground }
    }

    /// The entry of a page, if nothing that it was made of changed.
    pub(super) fn entry(&self, owner: PageId, pages: &[Arc<Page>], structure: &Structure) -> Option<EntryId> {
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
    pub(super) fn take(&mut self, id: EntryId) -> Option<(Entry, Notes)> {
        let entry = self.entries[id].take()?;
        let mut notes = std::mem::take(&mut self.site.trail.notes[id]);
        notes.held.iter_mut().for_each(|page| *page = self.ids[*page].unwrap_or(usize::MAX));
        Some((entry, notes))
    }

    /// Whether tags and products are the same: the same texts give them names, and every entry bears the same.
    pub(super) fn has_same_tags(&self, site: &Site, from: &[Option<EntryId>]) -> bool {
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
    pub(super) fn tags(&self) -> Tags {
        let mut tags = self.site.tags.clone();
        for tag in tags.values_mut() {
            tag.text = tag.text.and_then(|page| self.ids[page]);
        }
        (tags, self.site.products.clone(), self.site.trail.of_tags.clone())
    }

    /// Whether no entry came or went.
    pub(super) fn has_same_entries(&self, site: &Site) -> bool {
        let known = self.of_page.iter().flatten().count();
        known == site.entries.len()
            && known == self.entries.len()
            && site.entries.iter().enumerate().all(|(id, entry)| self.of_page[entry.page] == Some(id))
    }

    pub(super) fn versions(&self, site: &Site, from: &[Option<EntryId>], near: &[EntryId]) -> Versions {
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
