//! Lists that several pages share, and the small parts of views that stand on many pages.
//!
//! Each list is a part of its own to anyone who reads it: when what it is made of changed it is sorted again, and only if
//! it turns out differently are the pages made again that show it. Lines, links and tags are made when a page first shows
//! them, and kept with what they read.
//!
//! Long because each list has its name, its comparison with the one before, and its reader.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde::Serialize;

use super::tree::{Node, Tree};
use super::{EntryLink, LinkView, Shared, entry_link, link, listing};
use crate::insight::Answering;
use crate::page::front_matter::{Field, State};
use crate::page::kind::Kind;
use crate::site::expertise::Expertise;
use crate::site::facet::Circles;
use crate::site::order::Order;
use crate::site::reader::Reader;
use crate::site::revision::{Changed, Key, Part, Reads};
use crate::site::{EntryId, Site, url};
use ideas::Ideas;
pub use links::LinkGroup;
use links::Links;
use opinions::Opinions;
use places::{Places, places};
pub(super) use recognized::EXPERTS;
pub use recognized::Recognition;
use recognized::{Recognized, circles, circles_changed};
use sort::{Entries, Experts, Facets, Value, directory, facets, products, topics, trees};
use wanted::Wanted;

pub(in crate::view) mod ideas;
mod links;
pub(in crate::view) mod opinions;
mod places;
mod recognized;
mod sort;
mod wanted;

/// The lists of a site.
#[derive(Debug)]
pub struct Lists {
    entries: Kept<Entries>,
    ideas: Kept<Ideas>,
    trees: Kept<BTreeMap<Kind, Tree>>,
    directory: Kept<Vec<String>>,
    topics: Kept<BTreeMap<Kind, Vec<(String, usize)>>>,
    products: Kept<BTreeMap<Kind, Vec<(String, usize)>>>,
    experts: Kept<Experts>,
    expertise: Kept<Expertise>,
    recognized: Kept<Recognized>,
    circles: Kept<Circles>,
    facets: Kept<Facets>,
    places: Kept<Places>,
    wanted: Kept<Wanted>,
    opinions: Kept<Opinions>,
    links_elsewhere: Kept<Links>,
    /// The versions of each product that something is about.
    versions: Kept<opinions::Versions>,
    /// How questions are answered.
    answering: Kept<Option<Answering>>,
    rows: Vec<Cell<listing::Row>>,
    links: Vec<Cell<EntryLink>>,
    tags: BTreeMap<String, Cell<LinkView>>,
}

/// A value with what it was made of.
#[derive(Debug)]
struct Kept<T> {
    value: T,
    reads: Reads,
}

/// A part of a view that is made when a page first shows it.
type Cell<T> = OnceLock<(Shared<T>, Reads)>;

/// The names under which lists are read.
mod name {
    pub(super) const OF_KIND: &str = "kind";
    pub(super) const SORTED: &str = "sorted";
    pub(super) const UNANSWERED: &str = "unanswered";
    pub(super) const UNSOLVED: &str = "unsolved";
    pub(super) const WANTED: &str = "wanted";
    pub(super) const WANTED_TAGS: &str = "wanted tags";
    pub(super) const IS_WANTED: &str = "is wanted";
    pub(super) const KNOWN: &str = "known";
    pub(super) const UNKNOWN_TAGS: &str = "unknown tags";
    pub(super) const OPINIONS: &str = "opinions";
    pub(super) const DECIDES: &str = "decides";
    pub(super) const VERSIONS: &str = "versions";
    pub(super) const VERSION: &str = "version";
    pub(super) const ANSWERING: &str = "answering";
    pub(super) const LINKS: &str = "links";
    pub(super) const LINKS_WITH_FEED: &str = "links with feed";
    pub(super) const RUN_BY: &str = "run by";
    pub(super) const NEWEST: &str = "newest";
    pub(super) const FACETS: &str = "facets";
    pub(super) const FACET: &str = "facet";
    pub(super) const OF_VALUE: &str = "value";
    pub(super) const HAS_VALUE: &str = "has value";
    pub(super) const PLACES: &str = "places";
    pub(super) const PLACE: &str = "place";
    pub(super) const FOLDER: &str = "folder";
    pub(super) const WAY: &str = "way";
    pub(super) const TURN: &str = "turn";
    pub(super) const IS_SMALL: &str = "is small";
    pub(super) const IDEAS: &str = "ideas";
    pub(super) const SHIPPED: &str = "shipped";
    pub(super) const DIRECTORY: &str = "directory";
    pub(super) const CIRCLES: &str = "circles";
    pub(super) const CIRCLE: &str = "circle";
    pub(super) const RECOGNITION: &str = "recognition";
    pub(super) const THANKS: &str = "thanks";
    pub(super) const KNOWING_TAG: &str = "knowing a tag";
    pub(super) const KNOWING_PRODUCT: &str = "knowing a product";
    pub(super) const TOPICS: &str = "topics";
    pub(super) const PRODUCTS: &str = "products";
    pub(super) const TAG_EXPERTS: &str = "tag experts";
    pub(super) const PRODUCT_EXPERTS: &str = "product experts";
}

impl Lists {
    /// Sorts everything once.
    #[must_use]
    pub fn new(site: &Site) -> Lists {
        let entries = Kept::new(site, Entries::new);
        let experts = Kept::new(site, Experts::new);
        let expertise = Kept::new(site, |site| site.expertise());
        let directory = Kept::new(site, directory);
        let opinions = Kept::new(site, Opinions::new);
        Lists {
            wanted: Kept::new(site, |site| Wanted::new(site, &experts, &expertise)),
            recognized: Kept::new(site, |site| Recognized::new(site, &expertise)),
            circles: Kept::new(site, |site| circles(site, &directory)),
            answering: Kept::new(site, |site| opinions::answering(site, &opinions)),
            versions: Kept::new(site, opinions::versions),
            opinions,
            links_elsewhere: Kept::new(site, Links::new),
            facets: Kept::new(site, |site| facets(site, &entries)),
            places: Kept::new(site, |site| places(site, &entries)),
            ideas: Kept::new(site, Ideas::new),
            trees: Kept::new(site, |site| trees(site, &entries)),
            entries,
            directory,
            topics: Kept::new(site, topics),
            products: Kept::new(site, products),
            experts,
            expertise,
            rows: cells(site),
            links: cells(site),
            tags: tags(site),
        }
    }

    // Long because each list is compared with the one before.
    /// The same lists for a site in which only `changed` is not as it was. Lists that turn out differently are added to
    /// what changed.
    #[must_use]
    pub fn renewed(mut self, site: &Site, changed: &mut Changed) -> Lists {
        if changed.is_empty() {
            return self;
        }
        let mut others: Vec<Part> = Vec::new();
        let mut bump = |name: &'static str, of: &str| others.push(Key::List(name, of).into());
        if let Some(before) = self.entries.renew(site, changed, Entries::new) {
            let now = &self.entries.value;
            for kind in Kind::ALL {
                if before.of_kind.get(&kind) != now.of_kind.get(&kind) {
                    bump(name::OF_KIND, kind.singular());
                }
            }
            for (kind, order) in Entries::orders() {
                if before.sorted.get(&(kind, order)) != now.sorted.get(&(kind, order)) {
                    bump(name::SORTED, &order_key(kind, order));
                }
            }
            if before.unanswered != now.unanswered {
                bump(name::UNANSWERED, "");
            }
            if before.unsolved != now.unsolved {
                bump(name::UNSOLVED, "");
            }
            if before.newest != now.newest {
                bump(name::NEWEST, "");
            }
        }
        if let Some(before) = self.directory.renew(site, changed, directory)
            && before != self.directory.value
        {
            bump(name::DIRECTORY, "");
        }
        if let Some(before) = self.circles.renew(site, changed, |site| circles(site, &self.directory)) {
            circles_changed(&before, &self.circles.value, &mut bump);
        }
        if let Some(before) = self.topics.renew(site, changed, topics) {
            for kind in Kind::ALL.into_iter().filter(|it| before.get(it) != self.topics.value.get(it)) {
                bump(name::TOPICS, kind.singular());
            }
        }
        if let Some(before) = self.products.renew(site, changed, products) {
            for kind in Kind::ALL.into_iter().filter(|it| before.get(it) != self.products.value.get(it)) {
                bump(name::PRODUCTS, kind.singular());
            }
        }
        if let Some(before) = self.experts.renew(site, changed, Experts::new) {
            let now = &self.experts.value;
            for (name, before, now) in [
                (name::TAG_EXPERTS, &before.of_tags, &now.of_tags),
                (name::PRODUCT_EXPERTS, &before.of_products, &now.of_products),
            ] {
                let all = before.keys().chain(now.keys());
                all.filter(|it| before.get(*it) != now.get(*it)).for_each(|it| bump(name, it));
            }
        }
        self.expertise.renew(site, changed, |site| site.expertise());
        let make = |site: &Reader<'_>| Recognized::new(site, &self.expertise);
        if let Some(before) = self.recognized.renew(site, changed, make) {
            before.differs(&self.recognized.value, &mut bump);
        }
        let make = |site: &Reader<'_>| Wanted::new(site, &self.experts, &self.expertise);
        if let Some(before) = self.wanted.renew(site, changed, make) {
            before.differs(&self.wanted.value, &mut bump);
        }
        if let Some(before) = self.opinions.renew(site, changed, Opinions::new) {
            before.differs(&self.opinions.value, &mut bump);
        }
        if let Some(before) = self.links_elsewhere.renew(site, changed, Links::new) {
            before.differs(&self.links_elsewhere.value, &mut bump);
        }
        if let Some(before) = self.versions.renew(site, changed, opinions::versions) {
            opinions::versions_differ(&before, &self.versions.value, &mut bump);
        }
        if let Some(before) =
            self.answering.renew(site, changed, |site| opinions::answering(site, &self.opinions))
            && before != self.answering.value
        {
            bump(name::ANSWERING, "");
        }
        if let Some(before) = self.facets.renew(site, changed, |site| facets(site, &self.entries)) {
            facets_changed(&before, &self.facets.value, &mut bump);
        }
        if let Some(before) = self.places.renew(site, changed, |site| places(site, &self.entries)) {
            places::differ(&before, &self.places.value, &mut bump);
        }
        if let Some(before) = self.ideas.renew(site, changed, Ideas::new) {
            let now = &self.ideas.value;
            if before.columns != now.columns {
                bump(name::IDEAS, "");
            }
            if (&before.years, &before.shipped) != (&now.years, &now.shipped) {
                bump(name::SHIPPED, "");
            }
        }
        if let Some(before) = self.trees.renew(site, changed, |site| trees(site, &self.entries)) {
            for (kind, now) in &self.trees.value {
                let before = &before[kind];
                let mut differ = |name, of: &str| bump(name, &tree_key(*kind, of));
                keys_that_differ(&before.folders, &now.folders, |it| differ(name::FOLDER, it));
                keys_that_differ(&before.way, &now.way, |it| differ(name::WAY, it));
                keys_that_differ(&before.turns, &now.turns, |it| differ(name::TURN, it));
                if before.is_small() != now.is_small() {
                    differ(name::IS_SMALL, "");
                }
            }
        }
        // What an id means may have changed, so that what was kept by it is made again.
        if changed.contains(&Key::EntryIds.into()) {
            (self.rows, self.links) = (cells(site), cells(site));
        } else {
            forget(&mut self.rows, changed);
            forget(&mut self.links, changed);
        }
        if changed.contains(&Key::Tags.into()) || changed.contains(&Key::Config.into()) {
            self.tags = tags(site);
        }
        changed.extend(others);
        self
    }

    /// Listed entries of a kind, newest first.
    #[must_use]
    pub fn of_kind(&self, site: &Reader<'_>, kind: Kind) -> &[EntryId] {
        site.list(name::OF_KIND, kind.singular());
        self.entries.value.of_kind.get(&kind).map_or(&[], |list| &list.ids)
    }

    /// Listed entries of a kind in another order, the first of them.
    #[must_use]
    pub fn sorted(&self, site: &Reader<'_>, kind: Kind, order: Order) -> &[EntryId] {
        site.list(name::SORTED, &order_key(kind, order));
        self.entries.value.sorted.get(&(kind, order)).map_or(&[], |list| &list.ids)
    }

    /// Every order of every kind, with how many entries are shown in it.
    pub fn all_sorted(&self, site: &Reader<'_>) -> impl Iterator<Item = (Kind, Order, usize)> {
        let count = |(kind, order)| (kind, order, self.sorted(site, kind, order).len());
        Entries::orders().map(count).collect::<Vec<_>>().into_iter()
    }

    /// Questions without an answer, newest first.
    #[must_use]
    pub fn unanswered(&self, site: &Reader<'_>) -> &[EntryId] {
        site.list(name::UNANSWERED, "");
        &self.entries.value.unanswered.ids
    }

    /// Questions of which nobody has said that an answer helped, newest first.
    #[must_use]
    pub fn unsolved(&self, site: &Reader<'_>) -> &[EntryId] {
        site.list(name::UNSOLVED, "");
        &self.entries.value.unsolved.ids
    }

    /// The fields by which the list of a kind is filtered, with the slugs of their values and how many
    /// entries have each.
    pub fn facets(&self, site: &Reader<'_>) -> impl Iterator<Item = (Kind, Field, &str, usize)> {
        site.list(name::FACETS, "");
        let all = self.facets.value.iter();
        all.flat_map(|((kind, field), values)| {
            values.iter().map(|value| (*kind, *field, &*value.slug, value.list.ids.len()))
        })
    }

    /// The values of a field by which the list of a kind is filtered: slug, value, and how many entries have it.
    pub fn values(
        &self,
        site: &Reader<'_>,
        kind: Kind,
        field: Field,
    ) -> impl Iterator<Item = (&str, &str, usize)> {
        site.list(name::FACET, &key(kind, field, ""));
        let values = self.facets.value.get(&(kind, field)).into_iter().flatten();
        values.map(|value| (&*value.slug, &*value.value, value.list.ids.len()))
    }

    /// Whether there is a list of the entries of a kind that have a value.
    #[must_use]
    pub fn has_value(&self, site: &Reader<'_>, kind: Kind, field: Field, slug: &str) -> bool {
        site.list(name::HAS_VALUE, &key(kind, field, slug));
        self.value(kind, field, slug).is_some()
    }

    /// The value of a slug, and the entries of a kind that have it, newest first.
    #[must_use]
    pub fn of_value(
        &self,
        site: &Reader<'_>,
        kind: Kind,
        field: Field,
        slug: &str,
    ) -> Option<(&str, &[EntryId])> {
        site.list(name::OF_VALUE, &key(kind, field, slug));
        self.value(kind, field, slug).map(|it| (&*it.value, &*it.list.ids))
    }

    fn value(&self, kind: Kind, field: Field, slug: &str) -> Option<&Value> {
        self.facets.value.get(&(kind, field))?.iter().find(|it| it.slug == slug)
    }

    /// Everything but people and plain pages, newest first.
    #[must_use]
    pub fn newest(&self, site: &Reader<'_>) -> &[EntryId] {
        site.list(name::NEWEST, "");
        &self.entries.value.newest.ids
    }

    /// Ideas by their state, the most wanted first.
    #[must_use]
    pub fn ideas(&self, site: &Reader<'_>) -> &[EntryId] {
        site.list(name::IDEAS, "");
        &self.ideas.value.all.ids
    }

    /// The same state by state; no state is empty.
    pub(super) fn columns(&self, site: &Reader<'_>) -> impl Iterator<Item = (State, &[EntryId])> {
        site.list(name::IDEAS, "");
        self.ideas.value.columns.iter().map(|(state, list)| (*state, &list.ids[..]))
    }

    /// Ideas that shipped, by the year in which they were asked, and these years.
    pub(super) fn shipped(&self, site: &Reader<'_>) -> (&[EntryId], &[ideas::Year]) {
        site.list(name::SHIPPED, "");
        (&self.ideas.value.shipped.ids, &self.ideas.value.years)
    }

    /// What is in a folder of the tree of a kind.
    pub(super) fn folder(&self, site: &Reader<'_>, kind: Kind, key: &str) -> &[Node] {
        site.list(name::FOLDER, &tree_key(kind, key));
        self.trees.value[&kind].folder(key)
    }

    /// The keys of the folders on the way to a page in the tree of a kind.
    pub(super) fn way(&self, site: &Reader<'_>, kind: Kind, address: &str) -> &[String] {
        site.list(name::WAY, &tree_key(kind, address));
        self.trees.value[&kind].way(address)
    }

    /// Title and address of the pages before and after a page in the tree of a kind.
    pub(super) fn turn(
        &self,
        site: &Reader<'_>,
        kind: Kind,
        address: &str,
    ) -> &[Option<(String, String)>; 2] {
        site.list(name::TURN, &tree_key(kind, address));
        self.trees.value[&kind].turns.get(address).unwrap_or(&[None, None])
    }

    /// Whether the tree of a kind is shown whole.
    pub(super) fn is_small(&self, site: &Reader<'_>, kind: Kind) -> bool {
        site.list(name::IS_SMALL, &tree_key(kind, ""));
        self.trees.value[&kind].is_small()
    }

    /// Handles of people in the directory, those who gave most first.
    #[must_use]
    pub fn directory(&self, site: &Reader<'_>) -> &[String] {
        site.list(name::DIRECTORY, "");
        &self.directory.value
    }

    /// The largest tags of a kind, with how many listed entries of the kind bear them.
    #[must_use]
    pub fn topics(&self, site: &Reader<'_>, kind: Kind) -> &[(String, usize)] {
        site.list(name::TOPICS, kind.singular());
        self.topics.value.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// Products, with how many listed entries of a kind are about them, the most first.
    #[must_use]
    pub fn products(&self, site: &Reader<'_>, kind: Kind) -> &[(String, usize)] {
        site.list(name::PRODUCTS, kind.singular());
        self.products.value.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// Handles of those who say that they know a tag well, in order.
    #[must_use]
    pub fn tag_experts(&self, site: &Reader<'_>, slug: &str) -> &[String] {
        site.list(name::TAG_EXPERTS, slug);
        self.experts.value.of_tags.get(slug).map_or(&[], Vec::as_slice)
    }

    /// The same of a product.
    #[must_use]
    pub fn product_experts(&self, site: &Reader<'_>, id: &str) -> &[String] {
        site.list(name::PRODUCT_EXPERTS, id);
        self.experts.value.of_products.get(id).map_or(&[], Vec::as_slice)
    }

    /// The line of an entry in a list.
    #[must_use]
    pub fn row(&self, site: &Reader<'_>, id: EntryId) -> Shared<listing::Row> {
        kept(&self.rows[id], site, |site| listing::row(site, id))
    }

    /// The link to an entry.
    #[must_use]
    pub fn link(&self, site: &Reader<'_>, id: EntryId) -> Shared<EntryLink> {
        kept(&self.links[id], site, |site| entry_link(site, id))
    }

    /// The link to a tag. Only what is not listed bears tags that have no page.
    #[must_use]
    pub fn tag(&self, site: &Reader<'_>, slug: &str) -> Shared<LinkView> {
        let make = |site: &Reader<'_>| link(site, site.tag_name(slug), &url::tag(slug));
        match self.tags.get(slug) {
            Some(cell) => kept(cell, site, make),
            None => Shared::new(&make(site)),
        }
    }
}

impl<T> Kept<T> {
    fn new(site: &Site, make: impl FnOnce(&Reader<'_>) -> T) -> Kept<T> {
        let reader = site.reader();
        let value = make(&reader);
        Kept { value, reads: reader.into_reads() }
    }

    /// Makes the value again if something that it read changed, and returns the one before.
    fn renew(&mut self, site: &Site, changed: &Changed, make: impl FnOnce(&Reader<'_>) -> T) -> Option<T> {
        if self.reads.are_fresh(changed) {
            return None;
        }
        let before = std::mem::replace(self, Kept::new(site, make));
        Some(before.value)
    }
}

/// The name of the list of a kind in an order, among lists.
fn order_key(kind: Kind, order: Order) -> String {
    format!("{kind} {}", order.part())
}

/// The name of a part of the tree of a kind, among lists.
fn tree_key(kind: Kind, of: &str) -> String {
    format!("{kind} {of}")
}

/// Names the keys whose values are not the same in two maps.
fn keys_that_differ<V: PartialEq>(
    before: &BTreeMap<String, V>,
    now: &BTreeMap<String, V>,
    mut differ: impl FnMut(&str),
) {
    now.iter().filter(|(key, value)| before.get(*key) != Some(value)).for_each(|(key, _)| differ(key));
    before.keys().filter(|key| !now.contains_key(*key)).for_each(|key| differ(key));
}

/// The name of a facet of a kind, or of a value of it, among lists.
fn key(kind: Kind, field: Field, slug: &str) -> String {
    format!("{kind} {} {slug}", field.name())
}

/// Tells which facets, and which values of them, are not as they were.
fn facets_changed(before: &Facets, now: &Facets, bump: &mut dyn FnMut(&'static str, &str)) {
    let all: BTreeSet<&(Kind, Field)> = before.keys().chain(now.keys()).collect();
    for &(kind, field) in all {
        let [was, is] = [before, now].map(|facets| facets.get(&(kind, field)).map_or(&[][..], Vec::as_slice));
        if was == is {
            continue;
        }
        bump(name::FACETS, "");
        bump(name::FACET, &key(kind, field, ""));
        for value in was.iter().chain(is) {
            let [was, is] = [was, is].map(|values| values.iter().find(|it| it.slug == value.slug));
            if was != is {
                bump(name::OF_VALUE, &key(kind, field, &value.slug));
            }
            if was.is_some() != is.is_some() {
                bump(name::HAS_VALUE, &key(kind, field, &value.slug));
            }
        }
    }
}

fn cells<T>(site: &Site) -> Vec<Cell<T>> {
    (0..site.reader().entry_count()).map(|_| OnceLock::new()).collect()
}

fn tags(site: &Site) -> BTreeMap<String, Cell<LinkView>> {
    site.reader().tags().keys().map(|slug| (slug.clone(), OnceLock::new())).collect()
}

/// What is kept, or is made now; anyone who shows it depends on what it is made of.
fn kept<T: Serialize>(cell: &Cell<T>, site: &Reader<'_>, make: impl FnOnce(&Reader<'_>) -> T) -> Shared<T> {
    let (value, reads) = cell.get_or_init(|| {
        let (value, reads) = site.apart(|site| make(site));
        (Shared::new(&value), reads)
    });
    site.replay(reads);
    Shared::clone(value)
}

/// Forgets what is made of something that changed.
fn forget<T>(cells: &mut [Cell<T>], changed: &Changed) {
    for cell in cells {
        if cell.get().is_some_and(|(_, reads)| !reads.are_fresh(changed)) {
            *cell = OnceLock::new();
        }
    }
}
