//! What changed between two linkings, as numbers: whatever is as it was keeps its number. A page that is made
//! of parts which all kept theirs is the page that it was.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::people::People;
use super::taxonomy::Tag;
use super::{Detail, Entry, EntryId, PageId, Reply, Site};
use crate::page::kind::Kind;
use crate::source::Sources;

/// The numbers of everything that pages show.
#[derive(Debug, Clone, Default)]
pub struct Versions {
    /// The highest number that was given.
    last: u64,
    /// What all pages may show: configuration, words, doors, plain pages by address.
    pub site: u64,
    /// Everything that is made of all entries together.
    pub outline: u64,
    /// Which entries there are, and on which lists they stand, in which order.
    pub order: u64,
    /// What anybody gave.
    pub given: u64,
    /// By entry.
    pub entries: Vec<EntryVersion>,
    /// By content file: its text, and what its links lead to.
    pub pages: Vec<u64>,
    /// What is shown of anybody at all.
    pub everyone: u64,
    /// By handle, if it changed: what is shown beside whatever they wrote.
    people: BTreeMap<String, u64>,
    /// By slug, if it changed: the name of a tag.
    tags: BTreeMap<String, u64>,
    /// The guidelines.
    pub guidelines: u64,
}

/// The numbers of an entry.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EntryVersion {
    /// Everything that the entry itself says.
    pub whole: u64,
    /// What its line in a list says.
    pub row: u64,
    /// Title, address and language.
    pub link: u64,
    /// Who links to it, and what is like it. Kept only while no entry comes or goes.
    pub near: u64,
}

/// What changed.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// Files whose text changed.
    pub(super) pages: Vec<PageId>,
    /// Files whose links lead elsewhere.
    pub(super) shown: Vec<PageId>,
    /// Entries that were made again, whether their lines are the same, and whether links to them are.
    pub(super) entries: Vec<(EntryId, bool, bool)>,
    /// Entries that something else stands near.
    pub(super) near: Vec<EntryId>,
    pub(super) people: Vec<String>,
    pub(super) tags: Vec<String>,
    pub(super) outline: bool,
    pub(super) order: bool,
    pub(super) given: bool,
    /// Whether the links of the guidelines lead elsewhere.
    pub(super) guidelines: bool,
}

impl Versions {
    /// The numbers of a site that nobody has seen before.
    #[must_use]
    pub fn new(entries: usize, pages: usize) -> Versions {
        Versions {
            entries: vec![EntryVersion::default(); entries],
            pages: vec![0; pages],
            ..Versions::default()
        }
    }

    /// The highest number there is.
    #[must_use]
    pub fn last(&self) -> u64 {
        self.last
    }

    /// The number of what is shown of a person.
    #[must_use]
    pub fn person(&self, handle: &str) -> u64 {
        self.people.get(handle).copied().unwrap_or_default()
    }

    /// The number of the name of a tag.
    #[must_use]
    pub fn tag(&self, slug: &str) -> u64 {
        self.tags.get(slug).copied().unwrap_or_default()
    }

    /// Gives new numbers to what changed.
    pub(super) fn tell(&mut self, changes: &Changes) {
        self.last += 1;
        let now = self.last;
        for id in changes.pages.iter().chain(&changes.shown) {
            self.pages[*id] = now;
        }
        for (id, same_row, same_link) in &changes.entries {
            let version = &mut self.entries[*id];
            version.whole = now;
            version.row = if *same_row { version.row } else { now };
            version.link = if *same_link { version.link } else { now };
        }
        changes.near.iter().for_each(|id| self.entries[*id].near = now);
        self.everyone = if changes.people.is_empty() { self.everyone } else { now };
        self.people.extend(changes.people.iter().map(|handle| (handle.clone(), now)));
        self.tags.extend(changes.tags.iter().map(|slug| (slug.clone(), now)));
        self.outline = if changes.outline { now } else { self.outline };
        self.order = if changes.order { now } else { self.order };
        self.given = if changes.given { now } else { self.given };
        self.guidelines = if changes.guidelines { now } else { self.guidelines };
    }

    /// The numbers of a site that was linked from the beginning, beside the one before it: its entries, with the
    /// numbers that pages have now; where its pages stand now; and which entry each of now was taken over from.
    #[must_use]
    pub(super) fn after(
        before: &Site,
        entries: &[Option<Entry>],
        ids: &[Option<PageId>],
        site: &Site,
        from: &[Option<EntryId>],
        near: &[EntryId],
    ) -> Versions {
        let old = &before.versions;
        let now = old.last + 1;
        let mut versions =
            Versions { last: now, outline: now, order: now, given: now, ..Versions::new(0, 0) };
        let (was, is) = (&before.sources, &site.sources);
        let same_site = Arc::ptr_eq(&was.config, &is.config)
            && Arc::ptr_eq(&was.words, &is.words)
            && before.new_doors == site.new_doors;
        versions.site = if same_site { old.site } else { now };
        versions.guidelines = match (&before.guidelines, &site.guidelines) {
            (Some((_, a)), Some((_, b))) if was.guidelines == is.guidelines && a == b && same_site => {
                old.guidelines
            }
            (None, None) => old.guidelines,
            _ => now,
        };
        versions.pages = vec![now; site.pages.len()];
        for (id, new) in ids.iter().enumerate().filter_map(|(id, new)| Some((id, (*new)?))) {
            if Arc::ptr_eq(&before.pages[id], &site.pages[new]) && before.shown[id] == site.shown[new] {
                versions.pages[new] = old.pages[id];
            }
        }
        let all = EntryVersion { whole: now, row: now, link: now, near: now };
        versions.entries = from.iter().map(|from| from.map_or(all, |id| old.entries[id])).collect();
        let mut same_order = from.iter().enumerate().all(|(id, from)| from.is_none_or(|from| from == id));
        let mut rest = entries.iter().enumerate().filter_map(|(id, it)| Some((id, it.as_ref()?))).peekable();
        for (new, entry) in site.entries.iter().enumerate().filter(|(new, _)| from[*new].is_none()) {
            let key = (entry.kind, &entry.slug);
            while rest.next_if(|(_, it)| (it.kind, &it.slug) < key).is_some() {}
            let Some((id, was)) = rest.next_if(|(_, it)| (it.kind, &it.slug) == key) else {
                same_order = false;
                continue;
            };
            same_order &= id == new;
            let old_page = before.trail.places.page_of(id);
            let same_fields = was.page == entry.page
                && old_page.is_some_and(|page| {
                    let (a, b) = (&before.pages[page], &site.pages[entry.page]);
                    Arc::ptr_eq(a, b) || a.fields == b.fields
                });
            let (now, then) = (&mut versions.entries[new], old.entries[id]);
            same_order &= was.is_same_sorting(entry) && (entry.kind != Kind::Person || same_fields);
            now.whole = if *was == *entry && same_fields { then.whole } else { now.whole };
            now.row = if was.is_same_row(entry) && same_fields { then.row } else { now.row };
            now.link = if was.is_same_link(entry) && same_fields { then.link } else { now.link };
        }
        near.iter().for_each(|id| versions.entries[*id].near = now);
        // On lists stand the same entries, if none came or went and none is sorted otherwise.
        let here = |id: Option<PageId>| id.map(|id| ids[id].unwrap_or(usize::MAX));
        let same_tag = |(a, b): ((&String, &Tag), (&String, &Tag))| {
            (a.0, &a.1.name, &a.1.entries, here(a.1.text)) == (b.0, &b.1.name, &b.1.entries, b.1.text)
        };
        let same_text =
            |(a, b): ((&Kind, &PageId), (&Kind, &PageId))| (a.0, here(Some(*a.1))) == (b.0, Some(*b.1));
        same_order &= before.versions.entries.len() == site.entries.len()
            && before.products.len() == site.products.len()
            && before
                .products
                .iter()
                .zip(&site.products)
                .all(|(a, b)| (a.0, &a.1.entries) == (b.0, &b.1.entries))
            && before.tags.len() == site.tags.len()
            && before.tags.iter().zip(&site.tags).all(same_tag)
            && before.kind_texts.len() == site.kind_texts.len()
            && before.kind_texts.iter().zip(&site.kind_texts).all(same_text)
            && here(before.home) == site.home
            && before.redirects == site.redirects;
        versions.order = if same_order && same_site { old.order } else { now };
        (versions.people, versions.tags) = (old.people.clone(), old.tags.clone());
        let people = people_changed(&before.people, &site.people);
        versions.everyone = if people.is_empty() { old.everyone } else { now };
        versions.people.extend(people.into_iter().map(|handle| (handle, now)));
        versions.tags.extend(tags_changed(&before.tags, &site.tags).into_iter().map(|slug| (slug, now)));
        versions
    }
}

/// Whether git says the same of the files.
pub(super) fn is_same_history(a: &Sources, b: &Sources) -> bool {
    match (&a.history, &b.history) {
        (Some(a), Some(b)) => Arc::ptr_eq(a, b),
        (a, b) => a.is_none() && b.is_none(),
    }
}

/// Handles of whom something else is shown now beside what they wrote.
pub(super) fn people_changed(old: &People, new: &People) -> Vec<String> {
    let shown =
        |people: &People, handle: &str| people.get(handle).map(|it| (it.name.clone(), it.unlisted, it.team));
    let all = old.by_handle.keys().chain(new.by_handle.keys());
    let mut changed: Vec<String> =
        all.filter(|handle| shown(old, handle) != shown(new, handle)).cloned().collect();
    changed.sort_unstable();
    changed.dedup();
    changed
}

/// Slugs of tags that came, went, or have another name now.
pub(super) fn tags_changed(old: &BTreeMap<String, Tag>, new: &BTreeMap<String, Tag>) -> Vec<String> {
    let name = |tags: &BTreeMap<String, Tag>, slug: &str| tags.get(slug).map(|tag| tag.name.clone());
    let all = old.keys().chain(new.keys());
    let mut changed: Vec<String> = all.filter(|slug| name(old, slug) != name(new, slug)).cloned().collect();
    changed.sort_unstable();
    changed.dedup();
    changed
}

impl Entry {
    /// Whether links to it say and mean the same.
    pub(super) fn is_same_link(&self, other: &Entry) -> bool {
        (&self.title, &self.address) == (&other.title, &other.address)
    }

    /// Whether the same people gave the same, however it is said.
    pub(super) fn is_same_giving(&self, other: &Entry) -> bool {
        let gave = |entry: &Entry| -> Vec<(String, Vec<String>)> {
            let confirmed = |by: &super::Confirmation| (String::from("confirmed"), vec![by.handle.clone()]);
            let mut gave: Vec<(String, Vec<String>)> =
                entry.replies().map(|reply| (reply.anchor.clone(), reply.authors.clone())).collect();
            match &entry.detail {
                Detail::Question(question) => {
                    let answers = question.answers.iter();
                    gave.extend(answers.flat_map(|answer| answer.confirmations.iter().map(confirmed)));
                }
                Detail::HowTo(how_to) => gave.extend(how_to.confirmations.iter().map(confirmed)),
                Detail::Story(_) | Detail::Idea(_) | Detail::Plain => {}
            }
            gave.sort_unstable();
            gave
        };
        (self.kind, &self.slug, &self.authors, self.date, self.status)
            == (other.kind, &other.slug, &other.authors, other.date, other.status)
            && gave(self) == gave(other)
            && self.is_unanswered() == other.is_unanswered()
    }

    /// Whether it stands on the same lists at the same place.
    pub(super) fn is_same_sorting(&self, other: &Entry) -> bool {
        (self.kind, &self.slug, &self.tags, &self.topic, &self.products, self.date, self.status)
            == (other.kind, &other.slug, &other.tags, &other.topic, &other.products, other.date, other.status)
            && self.is_unanswered() == other.is_unanswered()
    }

    /// Whether the same links lead to it and to the same places on its page, headings aside.
    pub(super) fn is_same_place(&self, other: &Entry) -> bool {
        let places = |entry: &Entry| -> Vec<(PageId, String, String)> {
            let replies = entry
                .replies()
                .map(|it| (it.page, it.anchor.clone(), format!("{} {}", it.stem, it.id_prefix)));
            let duplicates = entry.question().into_iter().flat_map(|it| &it.duplicates);
            let duplicates = duplicates.map(|it| (it.page, it.slug.clone(), String::new()));
            let mut places: Vec<(PageId, String, String)> = replies.chain(duplicates).collect();
            places.sort_unstable();
            places
        };
        (self.page, self.kind, &self.slug, &self.address, self.status, self.ribbon)
            == (other.page, other.kind, &other.slug, &other.address, other.status, other.ribbon)
            && places(self) == places(other)
    }

    /// Whether its line in a list says the same, as far as the entry decides it.
    pub(super) fn is_same_row(&self, other: &Entry) -> bool {
        self.line == other.line && self.description == other.description && self.is_same_outline(other)
    }

    /// Whether nothing changed but texts: what is made of all entries together is made of the rest.
    pub(super) fn is_same_outline(&self, other: &Entry) -> bool {
        // Whatever is not named here as a text counts.
        let Entry {
            page,
            kind,
            slug,
            address,
            title,
            authors,
            date,
            updated,
            tags,
            topic,
            products,
            versions,
            status,
            reason,
            ribbon,
            description: _,
            line: _,
            score,
            body: _,
            demote: _,
            detail,
            comments,
            responses,
            changed,
        } = self;
        let replies = |a: &[Reply], b: &[Reply]| {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same_reply(a, b))
        };
        (page, kind, slug, address, title)
            == (&other.page, &other.kind, &other.slug, &other.address, &other.title)
            && (authors, date, updated, tags, topic)
                == (&other.authors, &other.date, &other.updated, &other.tags, &other.topic)
            && (products, versions, status, reason, ribbon, score, changed)
                == (
                    &other.products,
                    &other.versions,
                    &other.status,
                    &other.reason,
                    &other.ribbon,
                    &other.score,
                    &other.changed,
                )
            && replies(comments, &other.comments)
            && replies(responses, &other.responses)
            && match (detail, &other.detail) {
                (Detail::Question(a), Detail::Question(b)) => {
                    a.faq == b.faq
                        && a.also_asked == b.also_asked
                        && a.duplicates.len() == b.duplicates.len()
                        && a.duplicates.iter().zip(&b.duplicates).all(|(a, b)| {
                            (a.page, &a.slug, &a.title, &a.authors, a.date)
                                == (b.page, &b.slug, &b.title, &b.authors, b.date)
                        })
                        && a.answers.len() == b.answers.len()
                        && a.answers.iter().zip(&b.answers).all(|(a, b)| {
                            is_same_reply(&a.reply, &b.reply)
                                && (a.accepted, a.score, &a.confirmations)
                                    == (b.accepted, b.score, &b.confirmations)
                                && replies(&a.comments, &b.comments)
                        })
                }
                (Detail::Story(a), Detail::Story(b)) => a.customer == b.customer,
                (Detail::HowTo(a), Detail::HowTo(b)) => a.confirmations == b.confirmations,
                (Detail::Idea(a), Detail::Idea(b)) => a == b,
                (Detail::Plain, Detail::Plain) => true,
                _ => false,
            }
    }

    /// Gives its pages their new numbers. One that is gone gets a number that no page has.
    pub(super) fn renumber(&mut self, ids: &[Option<PageId>]) {
        let new = |id: &mut PageId| *id = ids[*id].unwrap_or(usize::MAX);
        new(&mut self.page);
        if let Detail::Question(question) = &mut self.detail {
            for answer in &mut question.answers {
                new(&mut answer.reply.page);
                answer.comments.iter_mut().for_each(|reply| new(&mut reply.page));
            }
            question.duplicates.iter_mut().for_each(|duplicate| new(&mut duplicate.page));
        }
        self.comments.iter_mut().chain(&mut self.responses).for_each(|reply| new(&mut reply.page));
    }
}

fn is_same_reply(a: &Reply, b: &Reply) -> bool {
    (a.page, &a.stem, &a.anchor, &a.authors, a.date, a.updated, &a.id_prefix, a.status, &a.reason)
        == (b.page, &b.stem, &b.anchor, &b.authors, b.date, b.updated, &b.id_prefix, b.status, &b.reason)
}
