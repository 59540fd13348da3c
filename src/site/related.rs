//! Entries on the same matter: how many tags, products and words of the title two entries share.
//!
//! Whole numbers and no statistics over the whole site: a title edited in one place must not shift the
//! related pages of all others. Of what very many entries share only the nearest neighbours in the fixed
//! order of entries are looked at, or the work would grow with the square of the site.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{Entry, EntryId};
use crate::page::kind::Kind;
use crate::page::slug;

/// So many related entries are shown.
const SHOWN: usize = 5;

/// Of those who share something, so many are looked at.
const LOOKED_AT: usize = 32;

/// Gives every listed entry its related ones, the nearest first.
pub fn relate(entries: &mut [Entry]) {
    let keys: Vec<Vec<(String, u32)>> = entries.par_iter().map(keys).collect();
    let mut bearers: BTreeMap<&str, Vec<EntryId>> = BTreeMap::new();
    for (id, keys) in keys.iter().enumerate() {
        for (key, _) in keys {
            bearers.entry(key).or_default().push(id);
        }
    }
    let related: Vec<Vec<EntryId>> = keys
        .par_iter()
        .enumerate()
        .map(|(id, keys)| {
            let mut shared: Vec<(EntryId, u32)> = Vec::new();
            for (key, weight) in keys {
                let bearers = bearers.get(key.as_str()).map_or(&[][..], Vec::as_slice);
                let others = neighbours(bearers, id).iter().filter(|other| **other != id);
                shared.extend(others.map(|other| (*other, *weight)));
            }
            shared.sort_unstable();
            let sums = shared.chunk_by(|a, b| a.0 == b.0);
            let mut best: Vec<(EntryId, u32)> = sums
                .map(|sum| (sum[0].0, sum.iter().map(|it| it.1).sum()))
                .filter(|(_, score)| *score > 1)
                .collect();
            // Entries stand in a fixed order, so equal scores do too.
            best.sort_by_key(|(other, score)| (std::cmp::Reverse(*score), *other));
            best.truncate(SHOWN);
            best.into_iter().map(|(other, _)| other).collect()
        })
        .collect();
    for (entry, related) in entries.iter_mut().zip(related) {
        entry.related = related;
    }
}

/// The ids around one of them, at most [`LOOKED_AT`].
fn neighbours(ids: &[EntryId], id: EntryId) -> &[EntryId] {
    let at = ids.partition_point(|other| *other < id);
    let start = at.saturating_sub(LOOKED_AT / 2).min(ids.len().saturating_sub(LOOKED_AT));
    &ids[start..(start + LOOKED_AT).min(ids.len())]
}

/// What an entry may share with others, and how much each counts.
fn keys(entry: &Entry) -> Vec<(String, u32)> {
    if !entry.is_listed() || entry.kind == Kind::Person {
        return Vec::new();
    }
    let mut keys: BTreeMap<String, u32> = BTreeMap::new();
    keys.extend(entry.tags.iter().map(|tag| (format!("tag {tag}"), 3)));
    keys.extend(entry.products.iter().map(|product| (format!("product {product}"), 1)));
    let title = slug::fold(&entry.title);
    // Short words are mostly those that every title has.
    let words = title.split(|it: char| !it.is_alphanumeric()).filter(|word| word.chars().count() > 3);
    keys.extend(words.map(|word| (word.to_string(), 2)));
    keys.into_iter().collect()
}
