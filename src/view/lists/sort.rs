//! What lists are made of: entries in their orders, facets, experts, topics and trees, each made of what it reads.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::super::tree::{self, Tree};
use super::Kept;
use crate::page::front_matter::Field;
use crate::page::kind::Kind;
use crate::site::EntryId;
use crate::site::facet::FacetValue;
use crate::site::order::Order;
use crate::site::reader::Reader;
use crate::site::revision::{Key, Part};

/// At most this many tags stand above the list of a kind.
const TOPICS: usize = 12;

/// Lists of entries, newest first.
#[derive(Debug, Default)]
pub(super) struct Entries {
    /// Listed entries of each kind.
    pub(super) of_kind: BTreeMap<Kind, List>,
    /// The same in other orders, as far as they are shown.
    pub(super) sorted: BTreeMap<(Kind, Order), List>,
    /// Questions without an answer.
    pub(super) unanswered: List,
    /// Questions of which nobody has said that an answer helped.
    pub(super) unsolved: List,
    /// Everything but people and plain pages.
    pub(super) newest: List,
}

/// Entries in order. They are compared by what their addresses are, as ids change when files come and go.
#[derive(Debug, Default)]
pub(super) struct List {
    pub(super) ids: Vec<EntryId>,
    pub(super) addresses: Vec<Part>,
}

/// Handles of those who say that they know a tag or a product well, in order.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Experts {
    pub(super) of_tags: BTreeMap<String, Vec<String>>,
    pub(super) of_products: BTreeMap<String, Vec<String>>,
}

/// By what the list of a kind is filtered: the values of each field that tells its entries apart.
pub(super) type Facets = BTreeMap<(Kind, Field), Vec<Value>>;

/// A value by which a list is filtered.
#[derive(Debug, PartialEq)]
pub(super) struct Value {
    pub(super) slug: String,
    pub(super) value: String,
    pub(super) list: List,
}

impl Entries {
    pub(super) fn new(site: &Reader<'_>) -> Entries {
        let mut of_kind: BTreeMap<Kind, Vec<EntryId>> = BTreeMap::new();
        for (id, entry) in site.listed() {
            of_kind.entry(entry.kind).or_default().push(id);
        }
        let sorting = site.sorting();
        let sort = |ids: &mut Vec<EntryId>| ids.sort_by_key(|id| sorting(*id).list_order());
        of_kind.values_mut().for_each(sort);
        let questions = of_kind.get(&Kind::Question).map_or(&[][..], Vec::as_slice);
        let unanswered = questions.iter().copied().filter(|id| sorting(*id).is_unanswered).collect();
        let unsolved = questions.iter().copied().filter(|id| sorting(*id).is_unsolved).collect();
        let mut newest: Vec<EntryId> = of_kind
            .iter()
            .filter(|(kind, _)| !matches!(kind, Kind::Person | Kind::Page))
            .flat_map(|(_, ids)| ids.iter().copied())
            .collect();
        sort(&mut newest);
        let list = |ids: Vec<EntryId>| List::new(site, ids);
        let in_order = |(kind, order): (Kind, Order)| {
            let mut ids = of_kind.get(&kind).cloned().unwrap_or_default();
            // The usual order decides among equals.
            match order {
                Order::Helpful => ids.sort_by_key(|id| Reverse(sorting(*id).helped)),
                Order::Active => ids.sort_by_key(|id| Reverse(sorting(*id).changed)),
            }
            ids.truncate(Order::shown(ids.len(), site.config().page_size));
            ((kind, order), list(ids))
        };
        Entries {
            sorted: Entries::orders().map(in_order).collect(),
            unanswered: list(unanswered),
            unsolved: list(unsolved),
            newest: list(newest),
            of_kind: of_kind.into_iter().map(|(kind, ids)| (kind, list(ids))).collect(),
        }
    }
}

impl Entries {
    /// The orders in which lists are shown besides newest first.
    pub(super) fn orders() -> impl Iterator<Item = (Kind, Order)> {
        let of_kind = |kind: Kind| Order::ALL.into_iter().map(move |order| (kind, order));
        Kind::ALL.into_iter().flat_map(of_kind).filter(|(kind, order)| order.is_of(*kind))
    }
}

impl List {
    pub(super) fn new(site: &Reader<'_>, ids: Vec<EntryId>) -> List {
        let addresses = ids.iter().map(|id| Key::Entry(site.address(*id)).into()).collect();
        List { ids, addresses }
    }
}

impl PartialEq for List {
    fn eq(&self, other: &List) -> bool {
        self.addresses == other.addresses
    }
}

impl Experts {
    pub(super) fn new(site: &Reader<'_>) -> Experts {
        let mut experts = Experts::default();
        let add = |experts: &mut BTreeMap<String, Vec<String>>, of: String, handle: &String| {
            let experts = experts.entry(of).or_default();
            if experts.last() != Some(handle) {
                experts.push(handle.clone());
            }
        };
        for (handle, person) in site.people().iter().filter(|(_, person)| !person.unlisted) {
            let Some(page) = person.page else { continue };
            for what in &site.fields(page).expert_in {
                let (tag, product) = site.meant_by(&what.value);
                add(&mut experts.of_tags, tag, handle);
                add(&mut experts.of_products, product, handle);
            }
        }
        experts
    }
}

/// What the list of each kind is filtered by. A field that says the same of all entries tells none apart.
pub(super) fn facets(site: &Reader<'_>, entries: &Kept<Entries>) -> Facets {
    site.replay(&entries.reads);
    let mut facets = Facets::new();
    for (&kind, List { ids, .. }) in entries.value.of_kind.iter().filter(|(kind, _)| kind.has_list()) {
        for (field, _) in Field::facets().filter(|(field, _)| field.is_taken_by(kind)) {
            let values = site.listed_values(field, ids);
            if values.is_empty() {
                continue;
            }
            let value =
                |it: FacetValue| Value { slug: it.slug, value: it.value, list: List::new(site, it.entries) };
            facets.insert((kind, field), values.into_iter().map(value).collect());
        }
    }
    facets
}

/// The trees of the kinds that have one.
pub(super) fn trees(site: &Reader<'_>, entries: &Kept<Entries>) -> BTreeMap<Kind, Tree> {
    site.replay(&entries.reads);
    let ids = |kind: Kind| entries.value.of_kind.get(&kind).map_or(&[][..], |list| &list.ids);
    tree::KINDS.into_iter().map(|kind| (kind, Tree::new(site, kind, ids(kind)))).collect()
}

/// Everyone in the directory, those who gave most first.
pub(super) fn directory(site: &Reader<'_>) -> Vec<String> {
    let listed = site.people().iter().filter(|(_, person)| !person.unlisted);
    let mut people: Vec<(Reverse<usize>, &String)> =
        listed.map(|(handle, person)| (Reverse(person.gave.count()), handle)).collect();
    people.sort();
    people.into_iter().map(|(_, handle)| handle.clone()).collect()
}

/// Ideas by their state, in the order in which the table of fields names the states.
pub(super) fn ideas(site: &Reader<'_>, entries: &Kept<Entries>) -> List {
    site.replay(&entries.reads);
    let ids = entries.value.of_kind.get(&Kind::Idea).map_or(&[][..], |list| &list.ids);
    let states = site.facet_values(Field::State, ids);
    List::new(site, states.into_iter().flat_map(|state| state.entries).collect())
}

/// The largest tags of each kind.
pub(super) fn topics(site: &Reader<'_>) -> BTreeMap<Kind, Vec<(String, usize)>> {
    largest(site, site.tags().iter().map(|(slug, tag)| (slug, &*tag.entries)))
}

/// The same of products. There are only as many as the configuration declares, or as few entries name.
pub(super) fn products(site: &Reader<'_>) -> BTreeMap<Kind, Vec<(String, usize)>> {
    largest(site, site.products().iter().map(|(id, product)| (id, &*product.entries)))
}

/// What most entries of each kind have in common.
pub(super) fn largest<'a>(
    site: &Reader<'_>,
    all: impl Iterator<Item = (&'a String, &'a [EntryId])>,
) -> BTreeMap<Kind, Vec<(String, usize)>> {
    let mut topics: BTreeMap<Kind, Vec<(Reverse<usize>, &String)>> = BTreeMap::new();
    let sorting = site.sorting();
    for (slug, entries) in all {
        let mut counts: BTreeMap<Kind, usize> = BTreeMap::new();
        for id in entries {
            *counts.entry(sorting(*id).kind).or_default() += 1;
        }
        for (kind, count) in counts {
            topics.entry(kind).or_default().push((Reverse(count), slug));
        }
    }
    let largest = |mut tags: Vec<(Reverse<usize>, &String)>| {
        tags.sort_unstable();
        tags.truncate(TOPICS);
        tags.into_iter().map(|(count, slug)| (slug.clone(), count.0)).collect()
    };
    topics.into_iter().map(|(kind, tags)| (kind, largest(tags))).collect()
}
