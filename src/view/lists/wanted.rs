//! Where help is wanted: what lacks something, all together and by tag, and the tags that nobody knows.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan as _;

use super::sort::{Experts, List};
use super::{Kept, Lists, keys_that_differ, name};
use crate::site::EntryId;
use crate::site::contribution::versions_of;
use crate::site::expertise::Expertise;
use crate::site::reader::Reader;
use crate::site::wanted::{ASKED, Want};

/// What lacks something.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Wanted {
    /// By tag, and by what is lacking; under no tag everything. What waits longest is first.
    pub(super) lists: BTreeMap<String, BTreeMap<Want, List>>,
    /// Tags that nobody knows, with how many questions were asked within a year.
    pub(super) unknown: BTreeMap<String, usize>,
    /// Tags that somebody's answers show them to know.
    pub(super) known: BTreeSet<String>,
}

impl Lists {
    /// What lacks something, what waits longest first: with a tag, or all together where `tag` is empty.
    #[must_use]
    pub fn wanted(&self, site: &Reader<'_>, tag: &str, want: Want) -> &[EntryId] {
        site.list(name::WANTED, tag);
        self.wanted.value.lists.get(tag).and_then(|of| of.get(&want)).map_or(&[], |list| &list.ids)
    }

    /// Whether something with a tag lacks something, or nobody knows the tag.
    #[must_use]
    pub fn is_wanted(&self, site: &Reader<'_>, tag: &str) -> bool {
        site.list(name::IS_WANTED, tag);
        let Wanted { lists, unknown, .. } = &self.wanted.value;
        lists.contains_key(tag) || unknown.contains_key(tag)
    }

    /// Tags with something that lacks something, with how much, by slug.
    #[must_use]
    pub fn wanted_tags(&self, site: &Reader<'_>) -> Vec<(&str, usize)> {
        site.list(name::WANTED_TAGS, "");
        self.wanted.value.tags().collect()
    }

    /// Tags that nobody knows, with how many questions were asked within a year, the most first.
    #[must_use]
    pub fn unknown_tags(&self, site: &Reader<'_>) -> Vec<(&str, usize)> {
        site.list(name::UNKNOWN_TAGS, "");
        let all = self.wanted.value.unknown.iter();
        let mut tags: Vec<(&str, usize)> = all.map(|(tag, asked)| (tag.as_str(), *asked)).collect();
        tags.sort_by_key(|(_, asked)| Reverse(*asked));
        tags
    }

    /// Of a tag that nobody knows: how many questions were asked within a year.
    #[must_use]
    pub fn unknown(&self, site: &Reader<'_>, tag: &str) -> Option<usize> {
        site.list(name::WANTED, tag);
        self.wanted.value.unknown.get(tag).copied()
    }

    /// Whether somebody's answers show that they know a tag.
    #[must_use]
    pub fn has_expert(&self, site: &Reader<'_>, tag: &str) -> bool {
        site.list(name::KNOWN, tag);
        self.wanted.value.known.contains(tag)
    }
}

impl Wanted {
    pub(super) fn new(site: &Reader<'_>, experts: &Kept<Experts>, expertise: &Kept<Expertise>) -> Wanted {
        site.replay(&experts.reads);
        site.replay(&expertise.reads);
        let today = site.today();
        let year_ago = today.and_then(|today| today.checked_sub(1.year()).ok());
        let mut ids: BTreeMap<&str, BTreeMap<Want, Vec<_>>> = BTreeMap::new();
        let mut asked: BTreeMap<&str, usize> = BTreeMap::new();
        for (id, it) in site.needs() {
            let newest = versions_of(site.config(), it.products).last();
            let wants = it.lacking.wants(today, newest.map(String::as_str));
            for want in wants {
                for tag in std::iter::once("").chain(it.tags.iter().map(String::as_str)) {
                    ids.entry(tag).or_default().entry(want).or_default().push((it.waiting_order(), id));
                }
            }
            // Without a day nothing is too long ago.
            if it.is_asked && it.date.is_some_and(|date| year_ago.is_none_or(|ago| date.date >= ago)) {
                it.tags.iter().for_each(|tag| *asked.entry(tag).or_default() += 1);
            }
        }
        let list = |mut ids: Vec<(_, EntryId)>| {
            ids.sort_unstable();
            List::new(site, ids.into_iter().map(|(_, id)| id).collect())
        };
        let lists =
            |of: BTreeMap<Want, Vec<_>>| of.into_iter().map(|(want, ids)| (want, list(ids))).collect();
        let known = expertise.value.known_tags();
        let is_unknown = |tag: &str| !known.contains(tag) && !experts.value.of_tags.contains_key(tag);
        let often = asked.into_iter().filter(|(tag, count)| *count >= ASKED && is_unknown(tag));
        Wanted {
            lists: ids.into_iter().map(|(tag, of)| (tag.to_string(), lists(of))).collect(),
            unknown: often.map(|(tag, count)| (tag.to_string(), count)).collect(),
            known,
        }
    }

    /// Tags with something that lacks something, with how much, by slug. Those that nobody knows lack that too.
    pub(super) fn tags(&self) -> impl Iterator<Item = (&str, usize)> {
        let count = |of: &BTreeMap<Want, List>| of.values().map(|list| list.ids.len()).sum();
        let lists = self.lists.iter().filter(|(tag, _)| !tag.is_empty());
        let mut tags: BTreeMap<&str, usize> = lists.map(|(tag, of)| (tag.as_str(), count(of))).collect();
        self.unknown.iter().for_each(|(tag, _)| *tags.entry(tag).or_default() += 1);
        tags.into_iter()
    }

    /// Tells which lists are not as they were.
    pub(super) fn differs(&self, now: &Wanted, bump: &mut dyn FnMut(&'static str, &str)) {
        keys_that_differ(&self.lists, &now.lists, |tag| bump(name::WANTED, tag));
        keys_that_differ(&self.unknown, &now.unknown, |tag| bump(name::WANTED, tag));
        self.known.symmetric_difference(&now.known).for_each(|tag| bump(name::KNOWN, tag));
        if self.unknown != now.unknown {
            bump(name::UNKNOWN_TAGS, "");
        }
        if !self.tags().eq(now.tags()) {
            bump(name::WANTED_TAGS, "");
            let [was, is] = [self, now].map(|it| it.tags().map(|(tag, _)| tag).collect::<BTreeSet<_>>());
            was.symmetric_difference(&is).for_each(|tag| bump(name::IS_WANTED, tag));
        }
    }
}
