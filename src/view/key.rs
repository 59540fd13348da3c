//! What a page is made of, as one number: if it is the number of last time, so is the page.
//!
//! [`Plan::key`] joins the version numbers of everything that [`Plan::view`] may look at. It may know more than
//! the view looks at, then a view is made in vain; never less. Whoever lets a view look at something new names
//! it here: the test of random edits, which compares every page with a clean build, finds what was forgotten.

use super::entry::BACKLINKS;
use super::generated::{LATELY, OF_ONE_KIND};
use super::{Lists, Plan, write};
use crate::page::kind::Kind;
use crate::site::{Detail, Entry, EntryId, PageId, Reply, Site, url};

/// The number of a page.
pub type Key = blake3::Hash;

/// Joins numbers and names.
struct Parts<'a> {
    site: &'a Site,
    bytes: &'a mut Vec<u8>,
    /// The highest version among the parts.
    newest: u64,
    /// Whether nothing but that is wanted.
    only_newest: bool,
}

impl Plan {
    /// What the page is made of, besides the theme. `memory` is used again from page to page.
    #[must_use]
    pub fn key(&self, site: &Site, lists: &Lists, memory: &mut Vec<u8>) -> Key {
        blake3::hash(self.parts(site, lists, memory, false).bytes)
    }

    /// The highest version among everything that the page is made of. While nothing changed but texts, a page
    /// whose newest part is older than the page is as it was, and there is no need for its key.
    #[must_use]
    pub fn newest(&self, site: &Site, lists: &Lists, memory: &mut Vec<u8>) -> u64 {
        self.parts(site, lists, memory, true).newest
    }

    fn parts<'a>(
        &self,
        site: &'a Site,
        lists: &Lists,
        memory: &'a mut Vec<u8>,
        only_newest: bool,
    ) -> Parts<'a> {
        memory.clear();
        let mut parts = Parts { site, bytes: memory, newest: 0, only_newest };
        let versions = &site.versions;
        parts.version(versions.site);
        match self {
            Plan::Home => parts.home(lists),
            Plan::Entry(id) => parts.entry(*id),
            Plan::List { kind, number } => {
                let ids = lists.of_kind.get(kind).map_or(&[][..], Vec::as_slice);
                parts.list(ids, *number);
                parts.page(site.kind_texts.get(kind).copied());
                for (slug, count) in lists.topics.get(kind).into_iter().flatten() {
                    parts.tag(slug);
                    parts.number(*count as u64);
                }
            }
            Plan::Unanswered { number } => parts.list(&lists.unanswered, *number),
            Plan::Tag { slug, number } => {
                parts.tag(slug);
                let tag = &site.tags[slug];
                parts.list(&tag.entries, *number);
                parts.page(tag.text);
                parts.experts(lists.tag_experts.get(slug), &tag.entries, *number);
            }
            Plan::Product { id, number } => {
                let product = &site.products[id];
                parts.text(&product.name);
                parts.list(&product.entries, *number);
                parts.experts(lists.product_experts.get(id), &product.entries, *number);
            }
            Plan::Tags | Plan::Products | Plan::Search | Plan::NotFound => {
                parts.version(versions.outline);
                parts.version(versions.everyone);
            }
            // A folder is called otherwise once there is a file in it.
            Plan::Write => {
                parts.version(versions.outline);
                write::KINDS.iter().for_each(|kind| parts.text(&write::folder(site, *kind)));
            }
            Plan::People { number } => parts.people(lists, *number),
            Plan::Person { handle } => {
                parts.newest = parts.newest.max(versions.given);
                parts.whole_person(handle);
            }
            Plan::Guidelines => parts.version(versions.guidelines),
            Plan::Redirect { from } => {
                parts.version(versions.outline);
                let to = &site.redirects[from];
                parts.text(&to.to);
                parts.text(&to.title);
            }
        }
        parts
    }
}

/// What a feed is made of.
#[must_use]
pub fn of_feed(site: &Site, feed: &super::feed::Feed, memory: &mut Vec<u8>) -> Key {
    memory.clear();
    let mut parts = Parts { site, bytes: memory, newest: 0, only_newest: false };
    parts.version(site.versions.site);
    parts.text(&feed.title);
    parts.number(u64::from(feed.whole));
    for id in &feed.entries {
        parts.row(*id);
        if feed.whole {
            parts.whole(*id);
        }
        for tag in &site.entries[*id].tags {
            parts.tag(tag);
        }
    }
    blake3::hash(parts.bytes)
}

impl Parts<'_> {
    fn version(&mut self, version: u64) {
        self.newest = self.newest.max(version);
        self.number(version);
    }

    fn number(&mut self, number: u64) {
        if self.only_newest {
            return;
        }
        self.bytes.extend_from_slice(&number.to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        if self.only_newest {
            return;
        }
        self.number(text.len() as u64);
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn page(&mut self, id: Option<PageId>) {
        match id {
            Some(id) => {
                // Another file may have taken the place of one, and be as old.
                self.text(&self.site.pages[id].path);
                self.version(self.site.versions.pages[id]);
            }
            None => self.number(u64::MAX),
        }
    }

    fn tag(&mut self, slug: &str) {
        self.text(slug);
        self.version(self.site.versions.tag(slug));
    }

    fn person(&mut self, handle: &str) {
        self.text(handle);
        self.version(self.site.versions.person(handle));
    }

    fn link(&mut self, id: EntryId) {
        // Another entry may have taken the place of one in the list.
        self.text(&self.site.entries[id].address);
        self.version(self.site.versions.entries[id].link);
    }

    fn row(&mut self, id: EntryId) {
        let entry = &self.site.entries[id];
        self.text(&entry.address);
        self.version(self.site.versions.entries[id].row);
        entry.authors.iter().for_each(|handle| self.person(handle));
    }

    fn reply(&mut self, reply: &Reply) {
        self.page(Some(reply.page));
        reply.authors.iter().for_each(|handle| self.person(handle));
    }

    /// What an entry says itself, with its replies.
    fn whole(&mut self, id: EntryId) {
        let site = self.site;
        let entry = &site.entries[id];
        self.text(&entry.address);
        self.version(site.versions.entries[id].whole);
        self.page(Some(entry.page));
        entry.authors.iter().for_each(|handle| self.person(handle));
        entry.replies().for_each(|reply| self.reply(reply));
    }

    fn entry(&mut self, id: EntryId) {
        let site = self.site;
        let entry = &site.entries[id];
        self.whole(id);
        self.of_kind(id, entry);
        entry.tags.iter().for_each(|tag| self.tag(tag));
        for product in &entry.products {
            self.text(site.product_name(product));
            self.number(u64::from(site.products.contains_key(product)));
        }
        // All that stands near it is named by itself in the key.
        self.newest = self.newest.max(site.versions.entries[id].near);
        let near = &site.neighbours[id];
        self.number(near.related.len() as u64);
        near.related.iter().for_each(|id| self.link(*id));
        let backlinks = &near.backlinks[..near.backlinks.len().min(BACKLINKS)];
        self.number(backlinks.len() as u64);
        backlinks.iter().for_each(|id| self.link(*id));
        for id in &near.similar {
            self.link(*id);
            self.version(site.versions.entries[*id].whole);
            self.page(Some(site.entries[*id].page));
        }
        // A plain page names the pages of the folders that it stands in.
        for (at, _) in entry.address.match_indices('/').filter(|_| entry.kind == Kind::Page) {
            if let Some(id) = site.plain.get(&entry.address[..=at]) {
                self.link(*id);
            }
        }
    }

    fn of_kind(&mut self, id: EntryId, entry: &Entry) {
        match &entry.detail {
            Detail::Question(question) => {
                for answer in &question.answers {
                    answer.confirmations.iter().for_each(|it| self.person(&it.handle));
                }
                for duplicate in &question.duplicates {
                    self.page(Some(duplicate.page));
                    duplicate.authors.iter().for_each(|handle| self.person(handle));
                }
            }
            Detail::HowTo(how_to) => how_to.confirmations.iter().for_each(|it| self.person(&it.handle)),
            Detail::Idea(idea) => {
                idea.supporters.iter().for_each(|handle| self.person(handle));
                if let Some(fulfilment) = self.site.fulfilments.get(&id) {
                    self.text(&fulfilment.title);
                    self.text(fulfilment.url.as_deref().unwrap_or_default());
                }
            }
            Detail::Story(_) | Detail::Plain => {}
        }
    }

    fn list(&mut self, ids: &[EntryId], number: usize) {
        let size = self.site.sources.config.page_size;
        self.number(ids.len() as u64);
        let from = ((number - 1) * size).min(ids.len());
        ids[from..(from + size).min(ids.len())].iter().for_each(|id| self.row(*id));
    }

    /// Who can help stands on the first page alone: whoever says so, and whoever answered most.
    fn experts(&mut self, named: Option<&Vec<String>>, ids: &[EntryId], number: usize) {
        if number > 1 {
            return;
        }
        let site = self.site;
        named.into_iter().flatten().for_each(|handle| self.person(handle));
        for id in ids {
            self.version(site.versions.entries[*id].row);
            let answers = site.entries[*id].question().map_or(&[][..], |question| &question.answers);
            for handle in answers.iter().flat_map(|answer| &answer.reply.authors) {
                self.version(site.versions.person(handle));
            }
        }
    }

    fn home(&mut self, lists: &Lists) {
        let site = self.site;
        self.version(site.versions.outline);
        self.version(site.versions.everyone);
        self.page(site.home);
        let of_kind = |kind: Kind| lists.of_kind.get(&kind).map_or(&[][..], Vec::as_slice);
        let answered = of_kind(Kind::Question).iter().filter(|id| !site.entries[**id].is_unanswered());
        answered.take(6).chain(lists.unanswered.iter().take(3)).for_each(|id| self.row(*id));
        of_kind(Kind::HowTo).iter().take(6).chain(of_kind(Kind::Announcement)).for_each(|id| self.row(*id));
        of_kind(Kind::Story).iter().take(1).for_each(|id| {
            self.whole(*id);
            self.row(*id);
        });
        lists.newest.iter().take(LATELY).for_each(|id| self.row(*id));
    }

    fn people(&mut self, lists: &Lists, number: usize) {
        let site = self.site;
        self.newest = self.newest.max(site.versions.given);
        let size = site.sources.config.page_size;
        self.number(lists.people.len() as u64);
        let from = ((number - 1) * size).min(lists.people.len());
        for handle in &lists.people[from..(from + size).min(lists.people.len())] {
            self.person(handle);
            self.gave(handle);
        }
    }

    /// How much somebody gave, and what they say of themselves.
    fn gave(&mut self, handle: &str) {
        let Some(person) = self.site.people.get(handle) else { return };
        self.page(person.page);
        let gave = &person.gave;
        for count in [gave.answers.len(), gave.entries.len(), gave.confirmations, gave.comments] {
            self.number(count as u64);
        }
        let site = self.site;
        self.bytes.extend(gave.entries.iter().map(|id| site.entries[*id].kind as u8));
    }

    fn whole_person(&mut self, handle: &str) {
        self.person(handle);
        self.gave(handle);
        let Some(person) = self.site.people.get(handle) else { return };
        person.entry.into_iter().for_each(|id| self.whole(id));
        for (id, anchor) in person.gave.answers.iter().take(OF_ONE_KIND) {
            self.row(*id);
            self.text(anchor);
        }
        for kind in Kind::ALL {
            let of_kind = person.gave.entries.iter().filter(|id| self.site.entries[**id].kind == kind);
            let ids: Vec<EntryId> = of_kind.copied().take(OF_ONE_KIND).collect();
            ids.into_iter().for_each(|id| self.row(id));
        }
        self.text(&url::person(handle));
    }
}
