//! Entries on the same matter: how many tags, products and words of the title two entries share.
//!
//! Whole numbers and no statistics over the whole site: a title edited in one place must not shift the
//! related pages of all others. Of what very many entries share only the nearest neighbours in the fixed
//! order of entries are looked at, or the work would grow with the square of the site.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use super::{Entry, EntryId};
use crate::page::kind::Kind;
use crate::page::{Page, slug};

/// So many related entries are shown.
const SHOWN: usize = 5;

/// Of those who share something, so many are looked at.
const LOOKED_AT: usize = 32;

/// What entries share counts so much. A single shared product says too little.
const TAG: u32 = 3;
const WORD: u32 = 2;
const PRODUCT: u32 = 1;

/// Two stories are alike by their industry and their use rather than by a tag.
const LIKE: u32 = 4;

/// So many similar stories are shown.
const SIMILAR: usize = 4;

/// Finds the related ones of every listed entry, and of every story those that are like it.
#[must_use]
pub fn relations(entries: &[Entry], pages: &[Arc<Page>]) -> Vec<(Vec<EntryId>, Vec<EntryId>)> {
    let similar = similar(entries, pages);
    let words: Vec<Vec<String>> = entries.par_iter().map(title_words).collect();
    let mut bearers = Bearers::default();
    let shared: Vec<Vec<(usize, u32)>> = entries
        .iter()
        .zip(&words)
        .enumerate()
        .map(|(id, (entry, words))| {
            if !entry.is_listed() || entry.kind == Kind::Person {
                return Vec::new();
            }
            let tags = entry.tags.iter().map(|tag| bearers.add(("tag", tag), id, TAG));
            let mut shared: Vec<(usize, u32)> = tags.collect();
            shared
                .extend(entry.products.iter().map(|product| bearers.add(("product", product), id, PRODUCT)));
            shared.extend(words.iter().map(|word| bearers.add(("word", word), id, WORD)));
            shared
        })
        .collect();
    let lists = bearers.lists;
    shared
        .par_iter()
        .enumerate()
        .map(|(id, shared)| {
            let similar = similar.get(&id).cloned().unwrap_or_default();
            let mut related = nearest(id, shared, &lists, PRODUCT + 1, SHOWN + similar.len());
            related.retain(|other| !similar.contains(other));
            related.truncate(SHOWN);
            (related, similar)
        })
        .collect()
}

/// Of each story those that are like it. Whose industry and use are the same is nearer than who has the
/// same tags.
fn similar(entries: &[Entry], pages: &[Arc<Page>]) -> BTreeMap<EntryId, Vec<EntryId>> {
    let stories = entries.iter().enumerate();
    let stories: Vec<(EntryId, &Entry, [String; 2])> = stories
        .filter(|(_, entry)| entry.kind == Kind::Story && entry.is_listed())
        .map(|(id, entry)| {
            let fields = &pages[entry.page].fields;
            let own = [&fields.industry, &fields.use_case];
            (id, entry, own.map(|it| it.as_ref().map_or_else(String::new, |it| slug::fold(it.value.trim()))))
        })
        .collect();
    let mut bearers = Bearers::default();
    let shared: Vec<(EntryId, Vec<(usize, u32)>)> = stories
        .iter()
        .map(|(id, entry, own)| {
            let own = ["industry", "use"].into_iter().zip(own).filter(|(_, it)| !it.is_empty());
            let mut shared: Vec<(usize, u32)> =
                own.map(|(what, it)| bearers.add((what, it), *id, LIKE)).collect();
            shared.extend(entry.products.iter().map(|it| bearers.add(("product", it), *id, TAG)));
            shared.extend(entry.tags.iter().map(|it| bearers.add(("tag", it), *id, TAG)));
            (*id, shared)
        })
        .collect();
    let lists = bearers.lists;
    shared.par_iter().map(|(id, shared)| (*id, nearest(*id, shared, &lists, 1, SIMILAR))).collect()
}

/// Who bears what: a list of entries, in their order, for everything that entries may share.
#[derive(Default)]
struct Bearers<'a> {
    ids: HashMap<(&'static str, &'a str), usize>,
    lists: Vec<Vec<EntryId>>,
}

impl<'a> Bearers<'a> {
    fn add(&mut self, what: (&'static str, &'a str), id: EntryId, weight: u32) -> (usize, u32) {
        let next = self.lists.len();
        let list = *self.ids.entry(what).or_insert(next);
        if list == next {
            self.lists.push(Vec::new());
        }
        self.lists[list].push(id);
        (list, weight)
    }
}

/// Those who share most, at most so many, and none that shares less than `least`.
fn nearest(
    id: EntryId,
    shared: &[(usize, u32)],
    lists: &[Vec<EntryId>],
    least: u32,
    most: usize,
) -> Vec<EntryId> {
    let mut others: Vec<(EntryId, u32)> = Vec::with_capacity(shared.len() * LOOKED_AT);
    for (list, weight) in shared {
        let around = neighbours(&lists[*list], id).iter().filter(|other| **other != id);
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

/// The words of a title that may say what it is about, each once. Short words are mostly those that
/// every title has.
fn title_words(entry: &Entry) -> Vec<String> {
    let title = slug::fold(&entry.title);
    let words = title.split(|it: char| !it.is_alphanumeric()).filter(|word| word.chars().count() > 3);
    let mut words: Vec<String> = words.map(str::to_string).collect();
    words.sort_unstable();
    words.dedup();
    words
}
