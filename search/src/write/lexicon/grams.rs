//! Numbers of the characters, pairs and triples of scripts without spaces, which are far more than the words of a text.
//!
//! Two neighbouring grams end alike, so one look at a table gives the numbers of both, and no text is put together for
//! one that is known. What has to be normalised before it can be cut takes the way that questions take.

use std::collections::{BTreeSet, HashMap};

use super::quick::Seed;
use super::table::Table;
use crate::tokenizer::{each_gram, plain_gram_length, wanted_grams};

/// A table of this many grams forgets them all.
const MOST: usize = 1 << 18;

/// How many bits a character takes.
const BITS: usize = 21;

/// No gram has this number.
const NONE: u32 = u32::MAX;

/// Numbers of grams.
pub(super) struct Grams {
    /// By up to three characters, of which the first is in the highest bits: the number of them all, and that of all but
    /// the first, if both are grams.
    known: HashMap<u64, (u32, u32), Seed>,
}

impl Grams {
    pub(super) fn new(seed: Seed) -> Grams {
        Grams { known: HashMap::with_hasher(seed) }
    }

    /// Calls `found` with the number of each gram of a run, in any order.
    pub(super) fn each(&mut self, run: &str, terms: &Table, mut found: impl FnMut(u32)) {
        let Some(longest) = plain_gram_length(run) else {
            each_gram(run, |gram, _| found(terms.number(gram)));
            return;
        };
        each_key(run, longest, |key, count, is_last| {
            // Where a character alone is no gram, it is one if there is nothing else.
            if count + 1 >= longest || is_last {
                let (all, rest) = self.numbers(key, count, longest, terms);
                found(all);
                if rest != NONE {
                    found(rest);
                }
            }
        });
    }

    /// Calls `found` with the numbers of those grams of a run that imply the others.
    pub(super) fn each_wanted(&mut self, run: &str, terms: &Table, mut found: impl FnMut(u32)) {
        let Some(longest) = plain_gram_length(run) else {
            let mut grams = BTreeSet::new();
            wanted_grams(run, &mut grams);
            grams.iter().for_each(|gram| found(terms.number(gram)));
            return;
        };
        each_key(run, longest, |key, count, is_last| {
            if count == longest || is_last {
                found(self.numbers(key, count, longest, terms).0);
            }
        });
    }

    /// The numbers of a gram of `count` characters, and of the one that it ends in.
    fn numbers(&mut self, key: u64, count: usize, longest: usize, terms: &Table) -> (u32, u32) {
        if let Some(numbers) = self.known.get(&key) {
            return *numbers;
        }
        if self.known.len() == MOST {
            self.known.clear();
        }
        let char = |place: usize| char::from_u32((key >> (BITS * place)) as u32 & ((1 << BITS) - 1));
        let text: String = (0..count).rev().filter_map(char).collect();
        let rest = (count == longest).then(|| &text[text.chars().next().map_or(0, char::len_utf8)..]);
        let numbers = (terms.number(&text), rest.map_or(NONE, |rest| terms.number(rest)));
        self.known.insert(key, numbers);
        numbers
    }
}

/// Calls `found` for each character of a run with it and those before it, `longest` at most, how many these are, and
/// whether it is the last.
fn each_key(run: &str, longest: usize, mut found: impl FnMut(u64, usize, bool)) {
    let mask = (1 << (BITS * longest)) - 1;
    let mut key = 0;
    let mut count = 0;
    let mut chars = run.chars();
    while let Some(char) = chars.next() {
        key = (key << BITS | u64::from(u32::from(char))) & mask;
        count = longest.min(count + 1);
        found(key, count, chars.as_str().is_empty());
    }
}
