//! Entries on the same matter: how many tags, products and words of the title two entries share.
//!
//! Whole numbers and no statistics over the whole site: a title edited in one place must not shift the
//! related pages of all others. Of what very many entries share only the nearest neighbours in the fixed
//! order of entries are looked at, or the work would grow with the square of the site.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use super::{Entry, EntryId};
use crate::page::kind::Kind;
use crate::page::{Page, slug};

/// At most this many related entries are shown.
const SHOWN: usize = 5;

/// Of those who share something, this many are looked at.
const LOOKED_AT: usize = 32;

/// What entries share counts so much. A single shared product says too little.
const TAG: u32 = 3;
const WORD: u32 = 2;
const PRODUCT: u32 = 1;

/// Two stories are alike by their industry and their use rather than by a tag.
const LIKE: u32 = 4;

/// Titles with fewer words in common are not called alike.
const ALIKE: usize = 3;

/// At most this many similar stories are shown.
const SIMILAR: usize = 4;

/// Everything that entries share, so that the related ones of any of them can be told.
#[derive(Debug, Default)]
pub struct Related {
    /// What all listed entries share.
    all: Bearers,
    /// What stories share.
    stories: Bearers,
}

/// The related entries of one, and for a story those that are like it.
pub type Relations = (Vec<EntryId>, Vec<EntryId>);

impl Related {
    /// Gathers what entries share.
    #[must_use]
    pub fn new(entries: &[Entry], pages: &[Arc<Page>]) -> Related {
        let (all, stories) = rayon::join(
            || entries.par_iter().map(traits).collect::<Vec<_>>(),
            || entries.par_iter().map(|entry| story_traits(entry, pages)).collect::<Vec<_>>(),
        );
        let (all, stories) = rayon::join(|| Bearers::new(all), || Bearers::new(stories));
        Related { all, stories }
    }

    /// Gathers again what some entries share, of which none came or went. Says whose relations may be others
    /// now: those of all entries, where so much was given up before that everything is gathered anew.
    pub fn change(&mut self, entries: &[Entry], pages: &[Arc<Page>], ids: &[EntryId]) -> BTreeSet<EntryId> {
        if self.needs_rebuild() {
            *self = Related::new(entries, pages);
            return (0..entries.len()).collect();
        }
        let mut affected = BTreeSet::new();
        for &id in ids {
            self.all.change(id, traits(&entries[id]), &mut affected);
            self.stories.change(id, story_traits(&entries[id], pages), &mut affected);
        }
        affected
    }

    /// Whether so much was given up since the beginning that it is better to gather everything anew.
    fn needs_rebuild(&self) -> bool {
        let worn = |bearers: &Bearers| bearers.lists.len() > 2 * bearers.fresh + 1000;
        worn(&self.all) || worn(&self.stories)
    }

    /// The related entries of one.
    #[must_use]
    pub fn of(&self, id: EntryId) -> Relations {
        let similar = nearest(id, &self.stories, 1, SIMILAR);
        let mut related = nearest(id, &self.all, PRODUCT + 1, SHOWN + similar.len());
        related.retain(|other| !similar.contains(other));
        related.truncate(SHOWN);
        (related, similar)
    }
}

/// What entries may share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Trait {
    Tag,
    Product,
    Word,
    Industry,
    Use,
}

/// What an entry shares with others, and how much that counts.
type Traits = Vec<(Trait, String, u32)>;

/// What any listed entry shares.
fn traits(entry: &Entry) -> Traits {
    if !entry.is_listed() || entry.kind == Kind::Person {
        return Vec::new();
    }
    let mut traits: Traits = entry.tags.iter().map(|tag| (Trait::Tag, tag.clone(), TAG)).collect();
    traits.extend(entry.products.iter().map(|product| (Trait::Product, product.clone(), PRODUCT)));
    traits.extend(title_words(&entry.title).into_iter().map(|word| (Trait::Word, word, WORD)));
    traits
}

/// What a story shares with others. Whose industry and use are the same is nearer than who has the same tags.
fn story_traits(entry: &Entry, pages: &[Arc<Page>]) -> Traits {
    if entry.kind != Kind::Story || !entry.is_listed() {
        return Vec::new();
    }
    let fields = &pages[entry.page].fields;
    let own = [(Trait::Industry, &fields.industry), (Trait::Use, &fields.use_case)];
    let own = own.into_iter().filter_map(|(what, field)| {
        let value = slug::fold(field.as_ref()?.value.trim());
        (!value.is_empty()).then_some((what, value, LIKE))
    });
    let mut traits: Traits = own.collect();
    traits.extend(entry.products.iter().map(|it| (Trait::Product, it.clone(), TAG)));
    traits.extend(entry.tags.iter().map(|it| (Trait::Tag, it.clone(), TAG)));
    traits
}

/// Who bears what: a list of entries, in their order, for everything that entries may share.
#[derive(Debug, Default)]
struct Bearers {
    ids: HashMap<(Trait, String), usize>,
    lists: Vec<Vec<EntryId>>,
    /// By entry: the lists that it is in, and how much each counts.
    of: Vec<Vec<(usize, u32)>>,
    /// How many lists there were at the beginning.
    fresh: usize,
}

impl Bearers {
    fn new(traits: Vec<Traits>) -> Bearers {
        let mut bearers = Bearers { of: Vec::with_capacity(traits.len()), ..Bearers::default() };
        for (id, traits) in traits.into_iter().enumerate() {
            let mut lists = Vec::with_capacity(traits.len());
            for (what, value, weight) in traits {
                let list = bearers.list(what, value);
                bearers.lists[list].push(id);
                lists.push((list, weight));
            }
            bearers.of.push(lists);
        }
        bearers.fresh = bearers.lists.len();
        bearers
    }

    fn list(&mut self, what: Trait, value: String) -> usize {
        let next = self.lists.len();
        let list = *self.ids.entry((what, value)).or_insert(next);
        if list == next {
            self.lists.push(Vec::new());
        }
        list
    }

    /// Gives an entry other traits. Those who stand near it in a list that it left or joined are affected.
    fn change(&mut self, id: EntryId, traits: Traits, affected: &mut BTreeSet<EntryId>) {
        let mut now = Vec::with_capacity(traits.len());
        for (what, value, weight) in traits {
            now.push((self.list(what, value), weight));
        }
        let was = std::mem::replace(&mut self.of[id], now);
        let now = &self.of[id];
        if was == *now {
            return;
        }
        affected.insert(id);
        let has = |lists: &[(usize, u32)], list: usize| lists.iter().any(|(it, _)| *it == list);
        let around = |ids: &[EntryId], at: usize, affected: &mut BTreeSet<EntryId>| {
            let end = (at + LOOKED_AT + 2).min(ids.len());
            affected.extend(&ids[at.saturating_sub(LOOKED_AT + 1)..end]);
        };
        for (list, _) in was.iter().filter(|(list, _)| !has(now, *list)) {
            let ids = &mut self.lists[*list];
            let at = ids.partition_point(|other| *other < id);
            around(ids, at, affected);
            ids.remove(at);
        }
        for (list, _) in now.iter().filter(|(list, _)| !has(&was, *list)) {
            let ids = &mut self.lists[*list];
            let at = ids.partition_point(|other| *other < id);
            ids.insert(at, id);
            around(ids, at, affected);
        }
    }
}

/// Those who share most, at most this many, and none that shares less than `least`.
fn nearest(id: EntryId, bearers: &Bearers, least: u32, most: usize) -> Vec<EntryId> {
    let shared = &bearers.of[id];
    let mut others: Vec<(EntryId, u32)> = Vec::with_capacity(shared.len() * LOOKED_AT);
    for (list, weight) in shared {
        let around = neighbours(&bearers.lists[*list], id).iter().filter(|other| **other != id);
        others.extend(around.map(|other| (*other, *weight)));
    }
    others.sort_unstable_by_key(|(other, _)| *other);
    let sums = others.chunk_by(|a, b| a.0 == b.0);
    let mut best: Vec<(Reverse<u32>, EntryId)> =
        sums.map(|sum| (Reverse(sum.iter().map(|it| it.1).sum()), sum[0].0)).collect();
    best.retain(|(score, _)| score.0 >= least);
    // Entries stand in a fixed order, so equal scores do too.
    if best.len() > most {
        best.select_nth_unstable(most);
        best.truncate(most);
    }
    best.sort_unstable();
    best.into_iter().map(|(_, other)| other).collect()
}

/// The ids around one of them, at most [`LOOKED_AT`].
fn neighbours(ids: &[EntryId], id: EntryId) -> &[EntryId] {
    let at = ids.partition_point(|other| *other < id);
    let start = at.saturating_sub(LOOKED_AT / 2).min(ids.len().saturating_sub(LOOKED_AT));
    &ids[start..(start + LOOKED_AT).min(ids.len())]
}

/// Whether the title of another entry shows that it may be about the same: it has at least half of the words that say
/// what this one is about, and at least three of them.
#[must_use]
pub fn is_alike(title: &str, other: &str) -> bool {
    let (own, other) = (title_words(title), title_words(other));
    let shared = own.iter().filter(|word| other.binary_search(word).is_ok()).count();
    shared >= ALIKE && 2 * shared >= own.len()
}

/// The words of a title that may say what it is about, each once. Short words are mostly those that
/// every title has.
fn title_words(title: &str) -> Vec<String> {
    let title = slug::fold(title);
    let words = title.split(|it: char| !it.is_alphanumeric()).filter(|word| word.chars().count() > 3);
    let mut words: Vec<String> = words.map(str::to_string).collect();
    words.sort_unstable();
    words.dedup();
    words
}
