//! Words as numbers: what the analysis of a document makes of its text.
//!
//! Every term has one number, given by a [`Table`] that all threads share. Each thread has a [`Reader`]
//! that remembers the terms of every run that it has seen, so that a word is normalised and stemmed once
//! a thread, and looked up everywhere else. Which number a term gets depends on who comes first, and in an
//! index that follows edits on what stood there before; nothing that is written does, because terms are
//! sorted by their text before, and those that no document has are left out.

mod grams;
mod quick;
mod table;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use crate::schema::{from_back, in_title};
use crate::tokenizer::{self, Cut, Language, fold_hash, primary};
use crate::typo;
use grams::Grams;
use quick::Seed;
pub(super) use table::Sorted;
use table::Table;

/// A reader that remembers this many words forgets them all: few texts have this many that come again.
const MOST_WORDS: usize = 1 << 18;

/// At most this many bytes of a word are compared at once.
const SHORT: usize = size_of::<u128>();

/// Of this many words the stems are remembered, as a power of two, for runs in which they are capitalised or a part.
const STEMS: u32 = 14;

/// Compounds have at least this many letters, without their endings.
const SHORTEST_COMPOUND: usize = 7;

/// No word has this number.
const NONE: u32 = u32::MAX;

/// All words of a site, in numbers.
pub(super) struct Lexicon {
    /// The first part of the tag of the site's language.
    pub(super) language: String,
    /// What documents have as their language that name none.
    pub(super) unnamed: String,
    /// What is looked up.
    pub(super) terms: Sorted,
    /// Words as they are written, for anyone who misspells them.
    pub(super) spellings: Sorted,
}

/// A term as a word of a text has it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    /// The number of the term.
    pub(super) term: u32,
    /// The number of the word as it is written, or [`NONE`] if nobody can mean it by misspelling another.
    spelling: u32,
    /// Its hash for fingerprints.
    hash: u16,
    /// Whether it is a word without meaning of its own.
    stop: bool,
    /// Whether it stands at the position of the token before it.
    pub(super) same_position: bool,
    /// The number of the term from back to front, if it may be a compound that is written as one word.
    back: u32,
}

/// What the words of a title say of the page.
#[derive(Debug, Default)]
pub(super) struct Title {
    /// The terms that say which words are in it, each once.
    pub(super) terms: Vec<u32>,
    /// The same for characters.
    pub(super) grams: Vec<u32>,
    /// How many different words and characters it has; a compound is its whole and its parts, so that `log-in` is longer
    /// than `log in`.
    pub(super) length: u32,
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
pub(super) struct Reader {
    terms: Arc<Table>,
    spellings: Arc<Table>,
    /// What is known of each language that was read, that of the site first.
    tongues: Vec<Tongue>,
    /// Which of them is being read.
    tongue: usize,
    /// The tokens of all words that have several.
    tokens: Vec<Token>,
    /// Numbers of the spellings that have been read since they were last asked for, with their terms.
    written: Vec<(u32, u32)>,
    /// Counts how often they have been asked for.
    turn: u32,
    /// Terms that are taken as they are.
    exact: HashMap<Box<str>, u32, Seed>,
    grams: Grams,
    /// The terms that say that a word is in a title, by that word's.
    in_title: HashMap<u64, u32, Seed>,
}

/// What has been read in one language.
struct Tongue {
    /// The first part of its tag.
    tag: String,
    language: Language,
    /// Words of at most [`SHORT`] bytes, which nearly all are, by those bytes.
    short: HashMap<u128, Seen, Seed>,
    long: HashMap<Box<str>, Seen, Seed>,
}

/// A word that has been read.
#[derive(Debug, Clone, Copy)]
struct Seen {
    known: Known,
    /// When it was read last, so that it is noted as written once a turn.
    turn: u32,
}

/// What is known of a word.
#[derive(Debug, Clone, Copy)]
enum Known {
    One(Token),
    /// The first of its tokens, and how many there are.
    Several(u32, u32),
}

impl Lexicon {
    /// An empty lexicon of a site's language, given as a BCP 47 tag. `unnamed` is what documents have as theirs that name
    /// none.
    pub(super) fn new(language: &str, unnamed: &str) -> Lexicon {
        Lexicon {
            language: primary(language),
            unnamed: unnamed.to_owned(),
            terms: Sorted::new(),
            spellings: Sorted::new(),
        }
    }

    /// Sorts in what is new.
    pub(super) fn renew(&mut self) {
        rayon::join(|| self.terms.renew(), || self.spellings.renew());
    }
}

impl Token {
    /// The term from back to front, if it may be a compound.
    pub(super) fn back(self) -> Option<u32> {
        (self.back != NONE).then_some(self.back)
    }

    /// The hash of the term for fingerprints, unless it is a stop word.
    pub(super) fn hash(self) -> Option<u16> {
        (!self.stop).then_some(self.hash)
    }
}

impl Tongue {
    fn new(tag: &str, seed: Seed) -> Tongue {
        Tongue {
            tag: tag.to_owned(),
            language: Language::new(tag).remembering(STEMS),
            short: HashMap::with_hasher(seed),
            long: HashMap::with_hasher(seed),
        }
    }
}

impl Reader {
    pub(super) fn new(lexicon: &Lexicon) -> Reader {
        let (terms, spellings) = (Arc::clone(&lexicon.terms.table), Arc::clone(&lexicon.spellings.table));
        Reader {
            tongues: vec![Tongue::new(&lexicon.language, terms.seed)],
            tongue: 0,
            tokens: Vec::new(),
            written: Vec::new(),
            turn: 0,
            exact: HashMap::with_hasher(terms.seed),
            grams: Grams::new(terms.seed),
            in_title: HashMap::with_hasher(terms.seed),
            terms,
            spellings,
        }
    }

    /// From here on texts are read in this language, given as the first part of a tag. One that is not known has neither
    /// stems nor stop words, so all of these are one.
    pub(super) fn turn_to(&mut self, tag: &str) {
        let known = self.tongues.iter().position(|tongue| tongue.tag == tag);
        self.tongue = known.unwrap_or_else(|| {
            let new = Tongue::new(tag, self.terms.seed);
            let same = |tongue: &Tongue| !tongue.language.is_known() && !new.language.is_known();
            let same = self.tongues.iter().position(same);
            same.unwrap_or_else(|| {
                self.tongues.push(new);
                self.tongues.len() - 1
            })
        });
    }

    /// Whether at least one of `among` of the first words of texts, `most` at most, is a stop word, or there are none.
    pub(super) fn has_stop_words(&mut self, texts: &[&str], most: usize, among: usize) -> bool {
        let language = &mut self.tongues[self.tongue].language;
        let mut lower = String::new();
        let (mut all, mut found) = (0, 0);
        for word in texts.iter().flat_map(|text| tokenizer::words_of_prose(text)).take(most) {
            all += 1;
            lower.clear();
            if word.is_ascii() {
                lower.push_str(word);
                lower.make_ascii_lowercase();
            } else {
                lower.push_str(&word.to_lowercase());
            }
            found += usize::from(language.is_stop(&lower));
            // It is sure early, or cannot become false any more.
            if all >= most / 5 && found * among >= 2 * all || found * among >= most {
                return true;
            }
        }
        found * among >= all
    }

    /// The numbers of the spellings in all texts since this was last asked, with those of their terms.
    pub(super) fn written(&mut self) -> Vec<(u32, u32)> {
        self.turn += 1;
        let mut written = std::mem::take(&mut self.written);
        written.sort_unstable();
        written.dedup();
        written
    }

    /// Calls `found` with every term of a text, in order, but for the grams of a run among themselves.
    pub(super) fn read(&mut self, text: &str, mut found: impl FnMut(Found)) {
        let splits_at_apostrophe = self.tongues[self.tongue].language.splits_at_apostrophe();
        tokenizer::each_cut(text, splits_at_apostrophe, |cut| match cut {
            Cut::Word(run, plain) => match self.known(text, &run, plain) {
                Known::One(token) => found(Found::Token(token, run.start)),
                Known::Several(first, count) => {
                    for token in &self.tokens[first as usize..][..count as usize] {
                        found(Found::Token(*token, run.start));
                    }
                }
            },
            Cut::Grams(run) => self.grams.each(&text[run], &self.terms, |term| found(Found::Gram(term))),
        });
    }

    /// The terms that say what is in a title.
    pub(super) fn title(&mut self, text: &str) -> Title {
        let mut tokens = Vec::new();
        let mut runs = Vec::new();
        let splits_at_apostrophe = self.tongues[self.tongue].language.splits_at_apostrophe();
        tokenizer::each_cut(text, splits_at_apostrophe, |cut| match cut {
            Cut::Word(run, plain) => match self.known(text, &run, plain) {
                Known::One(token) => tokens.push(token),
                Known::Several(first, count) => {
                    tokens.extend_from_slice(&self.tokens[first as usize..][..count as usize]);
                }
            },
            Cut::Grams(run) => runs.push(run),
        });
        let mut title = Title::default();
        for token in tokens {
            let term = self.in_title(token.term, token.stop);
            if !title.terms.contains(&term) {
                title.terms.push(term);
            }
        }
        let mut grams = Vec::new();
        for run in runs {
            self.grams.each_wanted(&text[run], &self.terms, |gram| grams.push(gram));
        }
        grams.sort_unstable();
        grams.dedup();
        title.length = (title.terms.len() + grams.len()) as u32;
        title.grams = grams.into_iter().map(|gram| self.in_title(gram, false)).collect();
        title
    }

    /// The term that says that a word or a gram is in a title.
    fn in_title(&mut self, term: u32, stop: bool) -> u32 {
        let key = u64::from(term) << 1 | u64::from(stop);
        if let Some(number) = self.in_title.get(&key) {
            return *number;
        }
        if self.in_title.len() == MOST_WORDS {
            self.in_title.clear();
        }
        let number = self.terms.number(&in_title(&self.terms.text(term), stop));
        self.in_title.insert(key, number);
        number
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
        let tongue = &mut self.tongues[self.tongue];
        let seen = match &short {
            Some(bytes) => tongue.short.get_mut(bytes),
            None => tongue.long.get_mut(&text[run.clone()]),
        };
        if let Some(seen) = seen {
            let known = seen.known;
            if seen.turn != self.turn {
                seen.turn = self.turn;
                self.note(known);
            }
            return known;
        }
        if self.tongues.iter().map(|tongue| tongue.short.len() + tongue.long.len()).sum::<usize>()
            == MOST_WORDS
        {
            for tongue in &mut self.tongues {
                tongue.short.clear();
                tongue.long.clear();
            }
            self.tokens.clear();
        }
        let known = self.learn(&text[run.clone()], plain);
        let seen = Seen { known, turn: self.turn };
        let tongue = &mut self.tongues[self.tongue];
        match short {
            Some(bytes) => tongue.short.insert(bytes, seen),
            None => tongue.long.insert(text[run.clone()].into(), seen),
        };
        self.note(known);
        known
    }

    /// Notes a word as written.
    fn note(&mut self, known: Known) {
        let one;
        let tokens = match known {
            Known::One(token) => {
                one = [token];
                &one[..]
            }
            Known::Several(first, count) => &self.tokens[first as usize..][..count as usize],
        };
        let listed = tokens.iter().filter(|token| token.spelling != NONE);
        self.written.extend(listed.map(|token| (token.spelling, token.term)));
    }

    fn learn(&mut self, run: &str, plain: bool) -> Known {
        let first = self.tokens.len();
        let mut position = None;
        let has_compounds = self.tongues[self.tongue].language.has_compounds();
        for term in tokenizer::terms(&mut self.tongues[self.tongue].language, run, plain) {
            let may_be_compound = has_compounds
                && !term.whole
                && term.text.chars().count() >= SHORTEST_COMPOUND
                && term.text.chars().all(char::is_alphabetic);
            let listed = !term.whole && !term.stop && typo::is_listed(&term.surface);
            self.tokens.push(Token {
                term: self.terms.number(&term.text),
                spelling: if listed { self.spellings.number(&term.surface) } else { NONE },
                hash: fold_hash(&term.text),
                stop: term.stop,
                same_position: position == Some(term.position),
                back: if may_be_compound { self.terms.number(&from_back(&term.text)) } else { NONE },
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

#[cfg(test)]
mod tests;
