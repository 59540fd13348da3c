//! Words, each with a number that all threads agree on, and the same words in the order of a dictionary.

use std::collections::HashMap;
use std::hash::BuildHasher as _;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;

use super::quick::Seed;

/// The table of words is cut into this many, so that threads rarely wait for each other.
const SHARDS: usize = 16;

/// There is room for this many words at once, which a site soon has: to make room bit by bit takes longer.
const WORDS: usize = 1 << 13;

/// A table of words, and what it holds in the order of a dictionary.
pub(in crate::write) struct Sorted {
    pub(super) table: Arc<Table>,
    sorted: Vec<(Arc<str>, u32)>,
    /// The place of each word in `sorted`, by its number.
    ranks: Vec<u32>,
    /// How many words of each shard stand in `sorted`.
    known: [usize; SHARDS],
}

/// Words, each with its number.
pub(super) struct Table {
    shards: [Mutex<Shard>; SHARDS],
    pub(super) seed: Seed,
}

struct Shard {
    numbers: HashMap<Arc<str>, u32, Seed>,
    texts: Vec<Arc<str>>,
}

impl Sorted {
    pub(super) fn new() -> Sorted {
        Sorted { table: Arc::new(Table::new()), sorted: Vec::new(), ranks: Vec::new(), known: [0; SHARDS] }
    }

    /// Sorts in what is new.
    pub(super) fn renew(&mut self) {
        let before = self.sorted.len();
        let mut new: Vec<(Arc<str>, u32)> = Vec::new();
        for (index, (shard, known)) in self.table.shards.iter().zip(&mut self.known).enumerate() {
            let texts = &shard.lock().unwrap_or_else(PoisonError::into_inner).texts;
            let number = |place: usize| (place * SHARDS + index) as u32;
            let unknown = texts.iter().enumerate().skip(*known);
            new.extend(unknown.map(|(place, text)| (Arc::clone(text), number(place))));
            *known = texts.len();
        }
        if new.is_empty() {
            return;
        }
        let order = order(&new);
        self.sorted.extend(order.into_iter().map(|place| new[place as usize].clone()));
        if before > 0 {
            // Two runs in order, which a stable sort merges.
            self.sorted.sort();
        }
        let most = self.known.iter().max().map_or(0, |count| count * SHARDS);
        self.ranks.resize(most, 0);
        for (rank, (_, number)) in (0..).zip(&self.sorted) {
            self.ranks[*number as usize] = rank;
        }
    }

    /// All words with their numbers, in the order of a dictionary, as of when that was renewed.
    pub(in crate::write) fn sorted(&self) -> &[(Arc<str>, u32)] {
        &self.sorted
    }

    /// The place of each word among the sorted ones, by its number. Numbers below its length may have no word.
    pub(in crate::write) fn ranks(&self) -> &[u32] {
        &self.ranks
    }
}

impl Table {
    fn new() -> Table {
        let seed = Seed::new();
        let shard = |_| {
            let numbers = HashMap::with_capacity_and_hasher(WORDS / SHARDS, seed);
            Mutex::new(Shard { numbers, texts: Vec::with_capacity(WORDS / SHARDS) })
        };
        Table { shards: std::array::from_fn(shard), seed }
    }

    /// The number of a word, which is a new one if the word is.
    pub(super) fn number(&self, term: &str) -> u32 {
        // Not by the bits that the tables inside go by.
        let index = (self.seed.hash_one(term) >> 40) as usize % SHARDS;
        let mut shard = self.shards[index].lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(number) = shard.numbers.get(term) {
            return *number;
        }
        let number = (shard.texts.len() * SHARDS + index) as u32;
        let text: Arc<str> = term.into();
        shard.texts.push(Arc::clone(&text));
        shard.numbers.insert(text, number);
        number
    }

    /// The word of a number that was given by this table.
    pub(super) fn text(&self, number: u32) -> Arc<str> {
        let (place, index) = (number as usize / SHARDS, number as usize % SHARDS);
        Arc::clone(&self.shards[index].lock().unwrap_or_else(PoisonError::into_inner).texts[place])
    }
}

/// The places of words in the order of a dictionary.
///
/// Nearly all are told apart by their beginnings. These are sorted as numbers, each with its place in the low bits, which
/// is much quicker than to compare texts; then those that begin alike.
fn order(words: &[(Arc<str>, u32)]) -> Vec<u32> {
    let mut keys: Vec<u128> =
        words.iter().zip(0..).map(|((word, _), place)| beginning(word) | place).collect();
    keys.par_sort_unstable();
    let is_alike = |one: &u128, other: &u128| one >> PLACE == other >> PLACE;
    let mut order: Vec<u32> = keys.iter().map(|key| *key as u32).collect();
    let mut start = 0;
    for alike in keys.chunk_by(is_alike) {
        let end = start + alike.len();
        if alike.len() > 1 {
            order[start..end]
                .sort_unstable_by(|one, other| words[*one as usize].cmp(&words[*other as usize]));
        }
        start = end;
    }
    order
}

/// So many low bits of the key of a word are its place.
const PLACE: u32 = u32::BITS;

/// The first bytes of a word, in the high bits of a number. What is shorter is filled up with zeros, and so never after a
/// word that it begins.
fn beginning(word: &str) -> u128 {
    let mut bytes = [0; size_of::<u128>()];
    let length = word.len().min(bytes.len() - size_of::<u32>());
    bytes[..length].copy_from_slice(&word.as_bytes()[..length]);
    u128::from_be_bytes(bytes)
}
