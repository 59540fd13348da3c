//! What others do elsewhere, as the page of links shows it: in groups, events that are to come first; and what each
//! person runs.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::civil::Date;

use super::sort::List;
use super::{Lists, keys_that_differ, name};
use crate::page::destination::safe_url;
use crate::page::kind::Kind;
use crate::site::reader::Reader;
use crate::site::{Detail, EntryId, event};

/// What a link is, in the order in which the page shows the groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LinkGroup {
    /// Events that are not over.
    Event,
    /// Blogs.
    Blog,
    /// Groups.
    Group,
    /// What somebody wrote about the company.
    Mention,
    /// Links that do not say what they lead to.
    Other,
    /// Events that are over.
    Past,
}

/// The links of a site.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Links {
    /// All of them, in the order in which they are shown.
    list: List,
    /// How many there are of each group that has any, in the same order.
    groups: Vec<(LinkGroup, usize)>,
    /// Those that have a feed, in the same order.
    with_feed: List,
    /// What each person runs, by handle, in the same order.
    run_by: BTreeMap<String, List>,
}

/// Where a link stands in its group, before the usual order decides: events by when they are, those that name no day
/// after those that do, and what is over backwards.
type Place = (LinkGroup, Option<Reverse<Date>>, bool, Option<Date>);

impl Links {
    pub(super) fn new(site: &Reader<'_>) -> Links {
        let sorting = site.sorting();
        let mut ids: Vec<(Place, EntryId)> = site
            .listed()
            .filter(|(_, entry)| entry.kind == Kind::Link)
            .map(|(id, _)| (place(site, id), id))
            .collect();
        ids.sort_by(|(a, x), (b, y)| (a, sorting(*x).list_order()).cmp(&(b, sorting(*y).list_order())));
        let mut groups: Vec<(LinkGroup, usize)> = Vec::new();
        let mut run_by: BTreeMap<String, Vec<EntryId>> = BTreeMap::new();
        let mut with_feed = Vec::new();
        for ((group, ..), id) in &ids {
            match groups.last_mut() {
                Some((last, count)) if last == group => *count += 1,
                _ => groups.push((*group, 1)),
            }
            let entry = site.entry(*id);
            if site.fields(entry.page).feed.as_ref().is_some_and(|feed| safe_url(&feed.value).is_some()) {
                with_feed.push(*id);
            }
            if let Detail::Link(link) = &entry.detail {
                link.run_by.iter().for_each(|handle| run_by.entry(handle.clone()).or_default().push(*id));
            }
        }
        Links {
            list: List::new(site, ids.into_iter().map(|(_, id)| id).collect()),
            groups,
            with_feed: List::new(site, with_feed),
            run_by: run_by.into_iter().map(|(handle, ids)| (handle, List::new(site, ids))).collect(),
        }
    }

    /// Tells what is not as it was.
    pub(super) fn differs(&self, now: &Links, bump: &mut dyn FnMut(&'static str, &str)) {
        if (&self.list, &self.groups) != (&now.list, &now.groups) {
            bump(name::LINKS, "");
        }
        if self.with_feed != now.with_feed {
            bump(name::LINKS_WITH_FEED, "");
        }
        keys_that_differ(&self.run_by, &now.run_by, |handle| bump(name::RUN_BY, handle));
    }
}

fn place(site: &Reader<'_>, id: EntryId) -> Place {
    let fields = site.fields(site.page_of(id));
    let group = match fields.type_.as_ref().map_or("", |it| it.value.as_str()) {
        "event" => LinkGroup::Event,
        "blog" => LinkGroup::Blog,
        "group" => LinkGroup::Group,
        "mention" => LinkGroup::Mention,
        _ => LinkGroup::Other,
    };
    if group != LinkGroup::Event {
        return (group, None, false, None);
    }
    let days = fields.when.as_ref().and_then(|when| event::days(&when.value, site.words().months()));
    match days.zip(site.today()) {
        Some(((_, last), today)) if last < today => (LinkGroup::Past, Some(Reverse(last)), false, None),
        _ => (group, None, days.is_none(), days.map(|(first, _)| first)),
    }
}

impl Lists {
    /// All links in the order in which their page shows them, and how many there are of each group.
    #[must_use]
    pub fn links(&self, site: &Reader<'_>) -> (&[EntryId], &[(LinkGroup, usize)]) {
        site.list(name::LINKS, "");
        (&self.links_elsewhere.value.list.ids, &self.links_elsewhere.value.groups)
    }

    /// Links that have a feed, in the same order.
    #[must_use]
    pub fn links_with_feed(&self, site: &Reader<'_>) -> &[EntryId] {
        site.list(name::LINKS_WITH_FEED, "");
        &self.links_elsewhere.value.with_feed.ids
    }

    /// What somebody runs elsewhere, in the same order.
    #[must_use]
    pub fn run_by(&self, site: &Reader<'_>, handle: &str) -> &[EntryId] {
        site.list(name::RUN_BY, handle);
        self.links_elsewhere.value.run_by.get(handle).map_or(&[], |list| &list.ids)
    }
}
