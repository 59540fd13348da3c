//! What changed between two linkings: each part of the site beside its value before.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::Summaries;
use super::reuse::Old;
use crate::page::Page;
use crate::page::front_matter::Status;
use crate::page::kind::Kind;
use crate::site::facet;
use crate::site::idea::EntryIdea;
use crate::site::opinion::EntryOpinion;
use crate::site::people::Person;
use crate::site::projection::{EntryNeeds, EntrySorting, EntrySummary, EntryTitle, GivenAnswer, Profile};
use crate::site::reader;
use crate::site::related::{Related, Relations};
use crate::site::revision::{Key, Revisions};
use crate::site::taxonomy::{Product, Tag};
use crate::site::{Answer, Detail, Entry, EntryId, Neighbours, PageId, Question, Redirect, Site};
use crate::source::Sources;

/// Where the pages and the entries of before stand now.
#[derive(Debug)]
pub(super) struct Renumbering {
    /// By page.
    pub(super) pages: Vec<Option<PageId>>,
    /// By entry.
    pub(super) entries: Vec<Option<EntryId>>,
}

/// An id that nothing has, for what is gone.
const GONE: usize = usize::MAX;

impl Renumbering {
    fn page(&self, id: &mut PageId) {
        *id = self.pages.get(*id).copied().flatten().unwrap_or(GONE);
    }

    fn entry(&self, id: &mut EntryId) {
        *id = self.entries.get(*id).copied().flatten().unwrap_or(GONE);
    }

    /// Whether every one of so many pages and entries stands where it stood.
    fn is_identity(&self, pages: usize, entries: usize) -> bool {
        is_identity(&self.pages, pages) && is_identity(&self.entries, entries)
    }

    /// The files that an entry is made of. What its kind has besides names none.
    pub(super) fn files(&self, entry: &mut Entry) {
        self.page(&mut entry.page);
        let (comments, responses) = (&mut entry.comments, &mut entry.responses);
        comments.iter_mut().chain(responses).for_each(|reply| self.page(&mut reply.page));
        match &mut entry.detail {
            Detail::Question(Question { answers, duplicates, faq: _, also_asked: _ }) => {
                for answer in answers {
                    let Answer { reply, comments, accepted: _, score: _, confirmations: _, merged_from: _ } =
                        answer;
                    std::iter::once(reply).chain(comments).for_each(|reply| self.page(&mut reply.page));
                }
                duplicates.iter_mut().for_each(|duplicate| self.page(&mut duplicate.page));
            }
            Detail::Story(_) | Detail::HowTo(_) | Detail::Idea(_) | Detail::Link(_) | Detail::Plain => {}
        }
    }

    pub(super) fn person(&self, person: &mut Person) {
        let Person { name: _, page, entry, team: _, unlisted: _, affiliation: _, gave } = person;
        page.iter_mut().for_each(|id| self.page(id));
        entry.iter_mut().for_each(|id| self.entry(id));
        gave.answers.iter_mut().for_each(|(id, _)| self.entry(id));
        gave.entries.iter_mut().chain(&mut gave.merged).for_each(|id| self.entry(id));
    }

    fn tag(&self, tag: &mut Tag) {
        let Tag { name: _, text, entries } = tag;
        text.iter_mut().for_each(|id| self.page(id));
        entries.iter_mut().for_each(|id| self.entry(id));
    }

    fn product(&self, product: &mut Product) {
        let Product { name: _, versions: _, coming: _, use_cases: _, entries } = product;
        entries.iter_mut().for_each(|id| self.entry(id));
    }

    fn neighbours(&self, near: &mut Neighbours) {
        let Neighbours { backlinks, related, similar } = near;
        backlinks.iter_mut().chain(related).chain(similar).for_each(|id| self.entry(id));
    }
}

fn is_identity(now: &[Option<usize>], count: usize) -> bool {
    now.len() == count && now.iter().enumerate().all(|(id, now)| *now == Some(id))
}

/// The revisions of a site that was linked from the beginning, beside the one of before. `from` says which entry of
/// before each entry was taken over from.
pub(super) fn whole(old: &mut Old, site: &Site, from: &[Option<EntryId>]) -> Revisions {
    let mut revisions = std::mem::take(&mut old.site.revisions);
    revisions.begin();
    let map = Renumbering { pages: old.map.pages.clone(), entries: moved(old, site, from) };
    if !is_identity(&map.entries, site.entries.len()) {
        revisions.bump(Key::EntryIds);
        revisions.bump(Key::Sorting);
        revisions.bump(Key::Needs);
        revisions.bump(Key::Ideas);
        revisions.bump(Key::Opinions);
        revisions.bump(Key::Activity);
    }
    if !map.is_identity(site.pages.len(), site.entries.len()) {
        let before = &mut old.site;
        before.people.by_handle.values_mut().for_each(|it| map.person(it));
        before.tags.values_mut().for_each(|it| map.tag(it));
        before.products.values_mut().for_each(|it| map.product(it));
        before.neighbours.iter_mut().for_each(|it| map.neighbours(it));
        before.plain.values_mut().for_each(|id| map.entry(id));
        before.fulfilments = std::mem::take(&mut before.fulfilments)
            .into_iter()
            .filter_map(|(id, it)| Some((map.entries[id]?, it)))
            .collect();
        before.kind_texts.values_mut().chain(&mut before.home).for_each(|id| map.page(id));
    }
    let before = &old.site;
    settings(&mut revisions, before, site);
    files(&mut revisions, before, site, &map.pages);
    entries(&mut revisions, old, site, from);
    neighbours(&mut revisions, before, site, &map);
    revisions.compare(Key::HomeText, &before.home, &site.home);
    if !before
        .drafted_stories()
        .map(|it| (&it.0.path, it.1, it.2))
        .eq(site.drafted_stories().map(|it| (&it.0.path, it.1, it.2)))
    {
        revisions.bump(Key::Opinions);
    }
    summaries(&mut revisions, &Summaries::take(&mut old.site), site);
    revisions
}

/// Where each entry of before stands now: where it was taken over to, else where its address is now.
fn moved(old: &Old, site: &Site, from: &[Option<EntryId>]) -> Vec<Option<EntryId>> {
    let mut moved = vec![None; old.entries.len()];
    let made = || from.iter().enumerate().filter(|(_, from)| from.is_none());
    for (new, from) in from.iter().enumerate() {
        if let Some(was) = from {
            moved[*was] = Some(new);
        }
    }
    let rest = old.entries.iter().enumerate().filter_map(|(id, it)| Some((&*it.as_ref()?.address, id)));
    let rest: BTreeMap<&str, EntryId> = rest.collect();
    for (new, _) in made() {
        if let Some(was) = rest.get(&*site.entries[new].address) {
            moved[*was] = Some(new);
        }
    }
    moved
}

/// What the configuration and the other trusted files say.
fn settings(revisions: &mut Revisions, before: &Site, site: &Site) {
    let (was, is) = (&before.sources, &site.sources);
    if !Arc::ptr_eq(&was.config, &is.config) {
        revisions.compare(Key::Config, &was.config, &is.config);
    }
    if !Arc::ptr_eq(&was.words, &is.words) {
        revisions.compare(Key::Words, &was.words, &is.words);
    }
    revisions.compare(Key::Today, &was.today, &is.today);
    revisions.compare(Key::NewDoors, &before.new_doors, &site.new_doors);
    revisions.compare(Key::Guidelines, &before.guidelines, &site.guidelines);
    let decisions = |sources: &Sources| (Arc::clone(&sources.moderation), Arc::clone(&sources.decided));
    revisions.compare(Key::Moderation, &decisions(was), &decisions(is));
    if !Arc::ptr_eq(&was.feeds, &is.feeds) {
        revisions.compare_maps(&was.feeds, &is.feeds, PartialEq::eq, |slug| Key::Headlines(slug));
    }
    revisions.compare(Key::Spellings, before.spellings(), site.spellings());
    for kind in Kind::ALL {
        revisions.compare(Key::Folder(kind), &reader::folder(before, kind), &reader::folder(site, kind));
    }
}

/// Whether the log of moderation tells of a file: moderators decided on it, or it hides itself.
fn is_logged(sources: &Sources, page: &Page) -> bool {
    let is_hidden = page.fields.status.as_ref().is_some_and(|status| status.value == Status::Hidden);
    is_hidden || sources.moderation(&page.path).is_some()
}

/// Content files, and what fills their slots. The log of moderation tells of files that are no part of an entry, so these
/// are compared here.
fn files(revisions: &mut Revisions, before: &Site, site: &Site, now: &[Option<PageId>]) {
    let mut known = vec![false; site.pages.len()];
    for (id, page) in before.pages.iter().enumerate() {
        let Some(new) = now[id] else {
            for key in [Key::Page, Key::Fields, Key::Shown, Key::Form] {
                revisions.bump(key(&page.path));
            }
            if is_logged(&before.sources, page) {
                revisions.bump(Key::Activity);
            }
            continue;
        };
        known[new] = true;
        if is_logged(&site.sources, page)
            && before.sources.committed(&page.path) != site.sources.committed(&page.path)
        {
            revisions.bump(Key::Activity);
        }
        file(revisions, page, &site.pages[new]);
        revisions.compare(Key::Shown(&page.path), &before.shown[id], &site.shown[new]);
        revisions.compare(Key::Form(&page.path), &before.forms[id], &site.forms[new]);
    }
    for (page, _) in site.pages.iter().zip(known).filter(|(_, known)| !known) {
        for key in [Key::Page, Key::Fields, Key::Shown, Key::Form] {
            revisions.bump(key(&page.path));
        }
        if is_logged(&site.sources, page) {
            revisions.bump(Key::Activity);
        }
    }
}

/// One content file.
pub(super) fn file(revisions: &mut Revisions, before: &Arc<Page>, now: &Arc<Page>) {
    if !Arc::ptr_eq(before, now) {
        revisions.compare(Key::Page(&now.path), before, now);
        revisions.compare(Key::Fields(&now.path), &before.fields, &now.fields);
        revisions.compare(Key::Activity, &before.fields, &now.fields);
        revisions.compare(Key::Texts, &before.body.text, &now.body.text);
    }
}

fn entries(revisions: &mut Revisions, old: &Old, site: &Site, from: &[Option<EntryId>]) {
    let rest = old.entries.iter().enumerate().filter_map(|(id, it)| Some((id, it.as_ref()?)));
    let mut rest: BTreeMap<&str, (EntryId, &Entry)> = rest.map(|(id, it)| (&*it.address, (id, it))).collect();
    for (entry, _) in site.entries.iter().zip(from).filter(|(_, from)| from.is_none()) {
        let now = &site.pages[entry.page];
        match rest.remove(&*entry.address) {
            // The page of before is known by its old number.
            Some((id, was)) => {
                let page = old.site.link_cache.places.page_of(id).map(|page| &old.site.pages[page]);
                self::entry(revisions, (was, page.unwrap_or(now)), (entry, now));
            }
            None => came_or_went(revisions, &entry.address),
        }
    }
    rest.into_keys().for_each(|address| came_or_went(revisions, address));
}

fn came_or_went(revisions: &mut Revisions, address: &str) {
    revisions.bump(Key::Activity);
    revisions.bump(Key::Needs);
    revisions.bump(Key::Ideas);
    revisions.bump(Key::Opinions);
    let own = [Key::Entry, Key::Summary, Key::Title, Key::Answers, Key::Idea, Key::Need, Key::File];
    for key in own.into_iter().chain([Key::Neighbours, Key::Fulfilment]) {
        revisions.bump(key(address));
    }
}

/// One entry, with its file.
pub(super) fn entry(revisions: &mut Revisions, (was, old): (&Entry, &Page), (now, new): (&Entry, &Page)) {
    let address = &*now.address;
    revisions.compare(Key::Entry(address), was, now);
    revisions.compare(Key::File(address), &was.page, &now.page);
    if !was.is_same_but_for_texts(now) {
        revisions.bump(Key::Activity);
    }
    let of = EntryTitle::of;
    revisions.compare(Key::Title(address), &of(was, &old.fields), &of(now, &new.fields));
    let of = EntrySummary::of;
    revisions.compare(Key::Summary(address), &of(was, &old.fields), &of(now, &new.fields));
    revisions.compare(Key::Answers(address), &GivenAnswer::all(was), &GivenAnswer::all(now));
    revisions.compare(Key::Sorting, &EntrySorting::of(was), &EntrySorting::of(now));
    if EntryNeeds::of(was, old) != EntryNeeds::of(now, new) {
        revisions.bump(Key::Need(address));
        revisions.bump(Key::Needs);
    }
    if EntryIdea::of(was, old) != EntryIdea::of(now, new) || was.is_listed() != now.is_listed() {
        revisions.bump(Key::Idea(address));
        revisions.bump(Key::Ideas);
    }
    revisions.compare(Key::Opinions, &EntryOpinion::of(was, old), &EntryOpinion::of(now, new));
    let of = facet::all_values;
    revisions.compare(Key::Facets, &of(was.kind, &old.fields), &of(now.kind, &new.fields));
}

/// What stands near each entry.
fn neighbours(revisions: &mut Revisions, before: &Site, site: &Site, map: &Renumbering) {
    for (id, was) in before.neighbours.iter().enumerate() {
        let Some(new) = map.entries[id] else { continue };
        revisions.compare(Key::Neighbours(&site.entries[new].address), was, &site.neighbours[new]);
    }
    let all = before.fulfilments.keys().chain(site.fulfilments.keys());
    for id in all.filter(|id| before.fulfilments.get(id) != site.fulfilments.get(id)) {
        revisions.bump(Key::Fulfilment(&site.entries[*id].address));
    }
}

/// Takes over what is related to some entries.
pub(super) fn near(
    revisions: &mut Revisions,
    site: &mut Site,
    related: &Related,
    affected: BTreeSet<EntryId>,
) {
    let affected: Vec<EntryId> = affected.into_iter().collect();
    let relations: Vec<Relations> = affected.par_iter().map(|id| related.of(*id)).collect();
    for (id, (related, similar)) in affected.into_iter().zip(relations) {
        let it = &mut site.neighbours[id];
        if it.related != related || it.similar != similar {
            (it.related, it.similar) = (related, similar);
            revisions.bump(Key::Neighbours(&site.entries[id].address));
        }
    }
}

/// What is made of all entries together.
pub(super) fn summaries(revisions: &mut Revisions, before: &Summaries, site: &Site) {
    let (was, now) = (&before.people.by_handle, &site.people.by_handle);
    let same = |a: &Person, b: &Person| Profile::of(a) == Profile::of(b);
    revisions.compare_maps(was, now, same, |handle| Key::Profile(handle));
    if !revisions.compare_maps(was, now, PartialEq::eq, |handle| Key::Person(handle)) {
        revisions.bump(Key::People);
        revisions.compare(Key::Unlisted, &before.people.unlisted(), &site.people.unlisted());
    }
    let (was, now) = (&before.tags, &site.tags);
    revisions.compare_maps(was, now, |a, b| a.name == b.name, |slug| Key::TagName(slug));
    if !revisions.compare_maps(was, now, PartialEq::eq, |slug| Key::Tag(slug)) {
        revisions.bump(Key::Tags);
    }
    let (was, now) = (&before.products, &site.products);
    revisions.compare_maps(was, now, |a, b| a.name == b.name, |id| Key::ProductName(id));
    if !revisions.compare_maps(was, now, PartialEq::eq, |id| Key::Product(id)) {
        revisions.bump(Key::Products);
    }
    redirects(revisions, &before.redirects, &site.redirects);
    revisions.compare_maps(&before.plain, &site.plain, PartialEq::eq, |address| Key::Plain(address));
    revisions.compare(Key::PageFolders, &before.folders, &site.folders);
    revisions.compare_maps(&before.kind_texts, &site.kind_texts, PartialEq::eq, |kind| Key::KindText(*kind));
}

/// Addresses that lead on.
pub(super) fn redirects(
    revisions: &mut Revisions,
    was: &BTreeMap<String, Redirect>,
    now: &BTreeMap<String, Redirect>,
) {
    if !revisions.compare_maps(was, now, PartialEq::eq, |from| Key::Redirect(from)) {
        revisions.bump(Key::Redirects);
    }
}
