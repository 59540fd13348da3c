//! The addresses of what the site makes by itself: lists with their further pages, feeds, and pages that no file stands
//! for. A story builds a site and follows a link to each of its files, so that none can be forgotten here.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Taxonomies;
use crate::page::Page;
use crate::page::destination::safe_url;
use crate::page::front_matter::Field;
use crate::page::kind::Kind;
use crate::site::facet::{self, FacetValue};
use crate::site::idea;
use crate::site::order::Order;
use crate::site::written::FOLLOWED;
use crate::site::{Entry, EntryId, Redirect, alert, opinion, url};
use crate::source::Sources;

/// Tells every address that no file of content stands for.
pub(super) fn generated(
    sources: &Sources,
    pages: &[Arc<Page>],
    entries: &[Entry],
    known: &Taxonomies<'_>,
    know: &mut impl FnMut(String),
) {
    known.redirects.keys().chain(known.folders.keys()).for_each(|address| know(address.clone()));
    single(sources, entries, known, know);
    lists(sources, pages, entries, known, &mut |first, count| {
        // As many pages as the list has; one that has nothing on it says so.
        for number in 1..=count.div_ceil(sources.config.page_size).max(1) {
            know(url::numbered(&first, number));
        }
    });
    for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::Page) {
        url::feeds(&url::list(kind, 1)).into_iter().for_each(&mut *know);
    }
    for tag in known.tags.keys() {
        url::feeds(&url::tag(tag)).into_iter().chain([url::help_wanted(tag)]).for_each(&mut *know);
    }
    known.products.keys().for_each(|id| know(url::product_feed(id)));
    for handle in directory(known) {
        let feeds = url::feeds(&url::person(handle)).into_iter();
        feeds.chain([url::person(handle), url::replies_feed(handle)]).for_each(&mut *know);
        let gave = known.people.get(handle).is_some_and(|person| person.gave.count() > 0);
        if gave && known.people.is_named(handle) {
            know(url::badge(handle));
        }
    }
    for entry in entries.iter().filter(|entry| entry.is_listed()) {
        let places = alert::places(entry.kind, &pages[entry.page].fields);
        places.iter().for_each(|(slug, _)| know(url::place_feed(slug)));
        let feed = pages[entry.page].fields.feed.as_ref().filter(|_| entry.kind == Kind::Link);
        if feed.is_some_and(|feed| safe_url(&feed.value).is_some()) {
            know(url::OPML.to_string());
        }
    }
    for address in sources.statics.keys() {
        know(format!("/{}", address.strip_suffix("index.html").unwrap_or(address)));
    }
}

/// The feeds of entries at addresses that lead on to them: whoever follows one there goes on hearing.
pub(super) fn former_feeds(
    entries: &[Entry],
    redirects: &BTreeMap<String, Redirect>,
    entry_at: &dyn Fn(&str) -> Option<EntryId>,
) -> Vec<String> {
    let had_one = |from: &str| {
        from.ends_with('/') && FOLLOWED.iter().any(|kind| from.starts_with(&url::list(*kind, 1)))
    };
    let leads = |to: &str| {
        let entry = entry_at(to.split('#').next().unwrap_or_default()).map(|id| &entries[id]);
        entry.is_some_and(|entry| entry.is_listed() && FOLLOWED.contains(&entry.kind))
    };
    let former = redirects.iter().filter(|(from, redirect)| had_one(from) && leads(&redirect.to));
    former.map(|(from, _)| url::entry_feed(from)).collect()
}

/// Pages of which there is one, and which have no further ones.
fn single(sources: &Sources, entries: &[Entry], known: &Taxonomies<'_>, know: &mut impl FnMut(String)) {
    let config = &sources.config;
    let always = [url::HOME, url::TAGS, url::SITEMAP, url::ROBOTS, url::NOT_FOUND, url::HELP_WANTED];
    let where_asked_for: [(bool, &[&str]); 8] = [
        (true, &always),
        (true, &[url::HELP_WANTED_FEED, url::THANKS, url::ALERTS]),
        (config.search.enabled, &[url::SEARCH_PAGE, url::OPENSEARCH]),
        (config.takes_writing(), &[url::WRITE_PAGE]),
        (config.public_insight, &[url::INSIGHT_PAGE]),
        (config.public_moderation && !sources.moderation.is_empty(), &[url::MODERATION_PAGE]),
        (opinion::stories(entries) >= config.decide_floor, &[url::DECIDE, url::CRITICAL]),
        (sources.guidelines.is_some(), &[url::GUIDELINES_PAGE]),
    ];
    for (_, addresses) in where_asked_for.into_iter().filter(|(is_there, _)| *is_there) {
        addresses.iter().for_each(|address| know((*address).to_string()));
    }
    url::feeds(url::HOME).into_iter().for_each(&mut *know);
    if !known.products.is_empty() {
        know(url::PRODUCTS.to_string());
    }
}

/// Lists, each by the address of its first page and by how many it has on it.
fn lists(
    sources: &Sources,
    pages: &[Arc<Page>],
    entries: &[Entry],
    known: &Taxonomies<'_>,
    list: &mut impl FnMut(String, usize),
) {
    let mut of_kind: BTreeMap<Kind, Vec<EntryId>> = BTreeMap::new();
    for (id, entry) in entries.iter().enumerate().filter(|(_, entry)| entry.is_listed()) {
        of_kind.entry(entry.kind).or_default().push(id);
    }
    for kind in Kind::ALL.into_iter().filter(|kind| kind.has_list()) {
        let ids = of_kind.get(&kind).map_or(&[][..], Vec::as_slice);
        list(url::list(kind, 1), ids.len());
        for order in Order::ALL.into_iter().filter(|order| order.is_of(kind)) {
            list(url::sorted(kind, order), Order::shown(ids.len(), sources.config.page_size));
        }
        for (field, name) in Field::facets().filter(|(field, _)| field.is_taken_by(kind)) {
            let all = ids.iter().map(|id| (*id, &entries[*id], &pages[entries[*id].page].fields));
            for FacetValue { slug, entries, .. } in facet::lists(field, all, ids.len()) {
                list(url::facet(kind, name, &slug), entries.len());
            }
        }
    }
    let count = |is: fn(&Entry) -> bool| {
        let questions = of_kind.get(&Kind::Question).map_or(&[][..], Vec::as_slice);
        questions.iter().filter(|id| is(&entries[**id])).count()
    };
    list(url::UNANSWERED.to_string(), count(Entry::is_unanswered));
    list(url::UNSOLVED.to_string(), count(Entry::is_unsolved));
    let ideas = of_kind.get(&Kind::Idea).map_or(&[][..], Vec::as_slice);
    let shipped = ideas.iter().filter(|id| idea::has_shipped(&pages[entries[**id].page])).count();
    if shipped > 0 {
        list(url::SHIPPED.to_string(), shipped);
    }
    known.tags.iter().for_each(|(slug, tag)| list(url::tag(slug), tag.entries.len()));
    for (id, product) in known.products {
        list(url::product(id), product.entries.len());
        for version in product.versions_in_use(|entry| &entries[entry].versions) {
            list(url::version(id, &version.slug), version.entries.len());
        }
    }
    let handles = || directory(known).map(String::as_str);
    list(url::list(Kind::Person, 1), handles().count());
    for (field, circles) in facet::circles(&known.people.by_handle, handles(), &|id| &pages[id].fields) {
        circles
            .iter()
            .for_each(|it| list(url::facet(Kind::Person, field.name(), &it.slug), it.handles.len()));
    }
}

/// Who has a page.
fn directory<'a>(known: &Taxonomies<'a>) -> impl Iterator<Item = &'a String> + use<'a> {
    let people = known.people;
    people.by_handle.keys().filter(|handle| people.has_page(handle))
}
