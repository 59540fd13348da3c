//! Words as numbers: what the analysis of a document makes of its text.
//!
//! Every term has one number, given by [`Terms`], which all threads share. Each thread has a [`Reader`]
//! that remembers the terms of every run that it has seen, so that a word is normalised and stemmed once
//! a thread, and looked up everywhere else. Which number a term gets depends on who comes first; nothing
//! that is written does, because terms are sorted by their text before.

use std::collections::{BTreeSet, HashMap};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;

use crate::tokenizer::{self, Cut, Language, each_gram, fold_hash};
use crate::typo;

/// The table of terms is cut into so many, so that threads rarely wait for each other.
const SHARDS: usize = 16;

/// A reader that remembers this many words forgets them all: few texts have so many that come again.
const MOST_WORDS: usize = 1 << 18;

/// So many bytes of a word are compared at once.
const SHORT: usize = size_of::<u128>();

/// The terms of an index in the making, each with its number.
pub(super) struct Terms {
    shards: [Mutex<Shard>; SHARDS],
    seed: Seed,
}

struct Shard {
    numbers: HashMap<Arc<str>, u32, Seed>,
    texts: Vec<Arc<str>>,
}

/// A term as a word of a text has it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    /// The number of the term.
    pub(super) term: u32,
    /// Its hash for fingerprints, unless it is a stop word.
    pub(super) hash: Option<u16>,
    /// Whether it stands at the position of the token before it.
    pub(super) same_position: bool,
}

/// What a [`Reader`] finds in a text.
#[derive(Debug)]
pub(super) enum Found {
    /// A term, and the byte at which its word begins.
    Token(Token, usize),
    /// The number of a character or a pair of them.
    Gram(u32),
}

/// Reads text into numbers of terms, remembering the words it has seen.
pub(super) struct Reader<'a> {
    terms: &'a Terms,
    language: Language,
    /// Words of at most [`SHORT`] bytes, which nearly all are, by those bytes.
    short: HashMap<u128, Known, Seed>,
    long: HashMap<Box<str>, Known, Seed>,
    /// The tokens of all words that have several.
    tokens: Vec<Token>,
    /// Words as they are written, with their terms, for whoever misspells them.
    pub(super) written: BTreeSet<(Box<str>, u32)>,
    /// Terms that are taken as they are.
    exact: HashMap<Box<str>, u32, Seed>,
}

/// What is known of a word.
#[derive(Debug, Clone, Copy)]
enum Known {
    One(Token),
    /// The first of its tokens, and how many there are.
    Several(u32, u32),
}

impl Terms {
    pub(super) fn new() -> Terms {
        let seed = Seed(RandomState::new().hash_one(0));
        let shard = |_| Mutex::new(Shard { numbers: HashMap::with_hasher(seed), texts: Vec::new() });
        Terms { shards: std::array::from_fn(shard), seed }
    }

    /// The number of a term, which is a new one if the term is.
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

    /// All terms with their numbers, in the order of a dictionary.
    pub(super) fn sorted(self) -> Vec<(Arc<str>, u32)> {
        let mut all = Vec::new();
        for (index, shard) in self.shards.into_iter().enumerate() {
            let texts = shard.into_inner().unwrap_or_else(PoisonError::into_inner).texts;
            let number = |place: usize| (place * SHARDS + index) as u32;
            all.extend(texts.into_iter().enumerate().map(|(place, text)| (text, number(place))));
        }
        all.par_sort_unstable();
        all
    }
}

impl<'a> Reader<'a> {
    /// A reader of one language, given as a BCP 47 tag.
    pub(super) fn new(language: &str, terms: &'a Terms) -> Reader<'a> {
        Reader {
            terms,
            language: Language::new(language),
            short: HashMap::with_hasher(terms.seed),
            long: HashMap::with_hasher(terms.seed),
            tokens: Vec::new(),
            written: BTreeSet::new(),
            exact: HashMap::with_hasher(terms.seed),
        }
    }

    /// Calls `found` with every term of a text, in order.
    pub(super) fn read(&mut self, text: &str, mut found: impl FnMut(Found)) {
        let splits_at_apostrophe = self.language.splits_at_apostrophe();
        tokenizer::each_cut(text, splits_at_apostrophe, |cut| match cut {
            Cut::Word(run, plain) => match self.known(text, &run, plain) {
                Known::One(token) => found(Found::Token(token, run.start)),
                Known::Several(first, count) => {
                    for token in &self.tokens[first as usize..][..count as usize] {
                        found(Found::Token(*token, run.start));
                    }
                }
            },
            Cut::Grams(run) => each_gram(&text[run], |gram, _| found(Found::Gram(self.exact(gram)))),
        });
    }

    /// The number of a term that is taken as it is.
    pub(super) fn exact(&mut self, term: &str) -> u32 {
        if let Some(number) = self.exact.get(term) {
            return *number;
        }
        if self.exact.len() == MOST_WORDS {
            self.exact.clear();
        }
        let number = self.terms.number(term);
        self.exact.insert(term.into(), number);
        number
    }

    fn known(&mut self, text: &str, run: &Range<usize>, plain: bool) -> Known {
        let short = short(text.as_bytes(), run);
        let known = match &short {
            Some(bytes) => self.short.get(bytes),
            None => self.long.get(&text[run.clone()]),
        };
        if let Some(known) = known {
            return *known;
        }
        if self.short.len() + self.long.len() == MOST_WORDS {
            self.short.clear();
            self.long.clear();
            self.tokens.clear();
        }
        let known = self.learn(&text[run.clone()], plain);
        match short {
            Some(bytes) => self.short.insert(bytes, known),
            None => self.long.insert(text[run.clone()].into(), known),
        };
        known
    }

    fn learn(&mut self, run: &str, plain: bool) -> Known {
        let first = self.tokens.len();
        let mut position = None;
        for term in tokenizer::terms(&mut self.language, run, plain) {
            let number = self.terms.number(&term.text);
            if !term.whole && !term.stop && typo::is_listed(&term.surface) {
                self.written.insert((term.surface.clone(), number));
            }
            self.tokens.push(Token {
                term: number,
                hash: (!term.stop).then(|| fold_hash(&term.text)),
                same_position: position == Some(term.position),
            });
            position = Some(term.position);
        }
        match self.tokens[first..] {
            [token] => {
                self.tokens.truncate(first);
                Known::One(token)
            }
            _ => Known::Several(first as u32, (self.tokens.len() - first) as u32),
        }
    }
}

/// The bytes of a short run, filled up with zeros, of which a run has none.
fn short(text: &[u8], run: &Range<usize>) -> Option<u128> {
    let filled = match text[run.start..].first_chunk::<SHORT>() {
        _ if run.is_empty() || run.len() > SHORT => return None,
        Some(bytes) => u128::from_le_bytes(*bytes),
        None => {
            let mut bytes = [0; SHORT];
            bytes[..run.len()].copy_from_slice(&text[run.clone()]);
            u128::from_le_bytes(bytes)
        }
    };
    Some(filled & u128::MAX >> (8 * (SHORT - run.len())))
}

/// A secret that makes a quick hash one whose collisions nobody can prepare.
#[derive(Clone, Copy)]
struct Seed(u64);

/// A quick hash of short strings.
struct Quick(u64);

impl BuildHasher for Seed {
    type Hasher = Quick;

    fn build_hasher(&self) -> Quick {
        Quick(self.0)
    }
}

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        let (first, last) = match (bytes.first_chunk(), bytes.last_chunk()) {
            (Some(first), Some(last)) => {
                for chunk in bytes[8..].chunks_exact(8) {
                    let word: [u8; 8] = chunk.try_into().unwrap_or_default();
                    self.0 = mix(self.0, u64::from_le_bytes(word));
                }
                (u64::from_le_bytes(*first), u64::from_le_bytes(*last))
            }
            _ => match (bytes.first_chunk(), bytes.last_chunk()) {
                (Some(first), Some(last)) => {
                    (u64::from(u32::from_le_bytes(*first)), u64::from(u32::from_le_bytes(*last)))
                }
                _ => (0, bytes.iter().fold(0, |all, byte| all << 8 | u64::from(*byte))),
            },
        };
        self.0 = mix(first ^ self.0, last ^ self.0.rotate_left(32) ^ (bytes.len() as u64) << 56);
    }

    fn write_u128(&mut self, number: u128) {
        self.0 = mix(number as u64 ^ self.0, (number >> 64) as u64 ^ self.0.rotate_left(32));
    }

    /// The end of a string, whose length is mixed in already.
    fn write_u8(&mut self, _: u8) {}

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Both halves of a product, folded.
fn mix(one: u64, other: u64) -> u64 {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let product = u128::from(one ^ ODD) * u128::from(other ^ ODD.rotate_left(17));
    product as u64 ^ (product >> 64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_words_are_told_apart_by_their_bytes() {
        let text = "a ab abc abcdefghijklmnop abcdefghijklmnopq abc";
        let bytes = |word: &str, from: usize| {
            let start = text[from..].find(word).expect("it is there") + from;
            short(text.as_bytes(), &(start..start + word.len()))
        };
        assert_eq!(bytes("abc", 0), bytes("abc", 40), "also where the text ends behind it");
        assert_ne!(bytes("abc", 0), bytes("ab", 0));
        assert!(bytes("abcdefghijklmnop", 0).is_some() && bytes("abcdefghijklmnopq", 0).is_none());
        assert_eq!(short(b"", &(0..0)), None);
    }

    #[test]
    fn words_keep_their_numbers_whoever_reads_them() {
        let terms = Terms::new();
        let numbers = |reader: &mut Reader<'_>, text: &str| {
            let mut numbers = Vec::new();
            reader.read(text, |found| match found {
                Found::Token(token, at) => numbers.push((token.term, at)),
                Found::Gram(term) => numbers.push((term, 0)),
            });
            numbers
        };
        let text = "Readers read snake_case and incomprehensibilities: 東京";
        let (mut one, mut other) = (Reader::new("en", &terms), Reader::new("en", &terms));
        let read = numbers(&mut one, text);
        assert_eq!(read, numbers(&mut other, text));
        assert_eq!(read, numbers(&mut one, text), "nor does it matter whether they are remembered");
        let sorted = terms.sorted();
        assert!(sorted.is_sorted());
        let texts: Vec<&str> = read
            .iter()
            .map(|(number, _)| &*sorted.iter().find(|(_, known)| known == number).expect("it is known").0)
            .collect();
        let expected =
            ["reader", "read", "snakecas", "snake", "case", "and", "incomprehens", "東", "京", "東京"];
        assert_eq!(texts, expected);
    }
}
