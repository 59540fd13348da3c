//! Places that announcements and links name, each with what is there.

use std::collections::BTreeMap;

use super::sort::{Entries, List};
use super::{Kept, Lists, keys_that_differ, name};
use crate::page::kind::Kind;
use crate::site::reader::Reader;
use crate::site::{EntryId, alert};

/// Places by their slugs.
pub(super) type Places = BTreeMap<String, Place>;

/// A place, and what is there.
#[derive(Debug, PartialEq)]
pub(super) struct Place {
    /// As the newest entry writes it.
    pub(super) name: String,
    /// Listed announcements and links that name it, newest first.
    pub(super) list: List,
}

impl Lists {
    /// The slugs of places that something names, in order.
    #[must_use]
    pub fn places(&self, site: &Reader<'_>) -> Vec<&str> {
        site.list(name::PLACES, "");
        self.places.value.keys().map(String::as_str).collect()
    }

    /// The name of a place, and the announcements and links that name it, newest first.
    #[must_use]
    pub fn place(&self, site: &Reader<'_>, slug: &str) -> Option<(&str, &[EntryId])> {
        site.list(name::PLACE, slug);
        self.places.value.get(slug).map(|place| (&*place.name, &*place.list.ids))
    }
}

/// Every place that something names.
pub(super) fn places(site: &Reader<'_>, entries: &Kept<Entries>) -> Places {
    site.replay(&entries.reads);
    let of_kind = |kind: Kind| entries.value.of_kind.get(&kind).map_or(&[][..], |list| &list.ids);
    let mut found: BTreeMap<String, (&str, Vec<EntryId>)> = BTreeMap::new();
    let sorting = site.sorting();
    let mut all: Vec<EntryId> =
        [Kind::Announcement, Kind::Link].into_iter().flat_map(of_kind).copied().collect();
    all.sort_by_key(|id| sorting(*id).list_order());
    for id in all {
        let fields = site.fields(site.page_of(id));
        for (slug, written) in alert::places(sorting(id).kind, fields) {
            found.entry(slug).or_insert_with(|| (written, Vec::new())).1.push(id);
        }
    }
    let place =
        |(name, ids): (&str, Vec<EntryId>)| Place { name: name.to_string(), list: List::new(site, ids) };
    found.into_iter().map(|(slug, it)| (slug, place(it))).collect()
}

/// Tells which places are not as they were.
pub(super) fn differ(before: &Places, now: &Places, bump: &mut dyn FnMut(&'static str, &str)) {
    keys_that_differ(before, now, |slug| bump(name::PLACE, slug));
    if !before.keys().eq(now.keys()) {
        bump(name::PLACES, "");
    }
}
