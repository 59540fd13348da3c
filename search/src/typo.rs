//! Words that are spelt nearly like one that nobody has written.
//!
//! One wrong letter in words of four and more, two in eight and more; a letter too many, too few, another
//! one, or two that changed places. The words of the site, as they are written and not as stems, stand in a
//! list of their own, sorted: for each how many bytes it has in common with the one before it (one byte), the
//! other bytes, and a line end. All of it is read at once, so only when there is no good hit without.

use std::collections::BTreeSet;

use crate::index::{Error, Source};
use crate::query::Wanted;
use crate::tokenizer::{Analyzer, Run};

/// A word of this many letters that nobody has written is taken for a misspelt one, however good the hits are.
pub(crate) const SURELY_WRONG: usize = 6;

/// At most this many spellings count for a word: the most frequent.
pub(crate) const MOST: usize = 8;

/// At most this many words that are equally near are looked up, to find the most frequent.
const LOOKED_UP: usize = 24;

/// The longest ending by which a word of the site may differ from the stem of one that is misspelt.
const LONGEST_ENDING: usize = 4;

/// At most this many words are suggested for one that finds nothing.
const SUGGESTED: usize = 3;

/// The ending of the name of the list.
pub(crate) const ENDING: &str = "words";

/// The list of words, read when it is wanted.
pub(crate) struct Spelling<'a> {
    pub(crate) source: &'a dyn Source,
    pub(crate) name: String,
    pub(crate) analyzer: &'a mut Analyzer,
}

/// A word of the site that may have been meant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Near {
    /// How many letters differ; nothing if only its beginning is near.
    distance: Option<usize>,
    pub(crate) word: String,
}

/// How many letters of a word may be wrong.
///
/// None in words with digits: version 4.2 is not version 4.3 misspelt.
pub(crate) fn tolerance(word: &str) -> usize {
    if word.chars().any(|char| !char.is_alphabetic()) {
        return 0;
    }
    match word.chars().count() {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    }
}

impl Spelling<'_> {
    /// For each word the terms of the nearest words of the site, none farther than its tolerance.
    ///
    /// A word may be near by its stem too: who asks for what is theoretical may find a theory, and an "invioce" is
    /// found where only invoices are written of.
    pub(crate) fn nearest(&mut self, words: &[&Wanted]) -> Result<Vec<Vec<Box<str>>>, Error> {
        let searched: Vec<Search> = words
            .iter()
            .map(|word| Search {
                stem: Some(word.term.chars().collect()),
                ..Search::new(&[&*word.surface, &*word.term], tolerance(&word.surface))
            })
            .collect();
        let near = self.near(&searched)?;
        let mut rows = Rows::default();
        Ok(near
            .into_iter()
            .zip(&searched)
            .map(|(near, search)| {
                let mut terms: BTreeSet<(usize, Box<str>)> = BTreeSet::new();
                for Near { distance, word } in near {
                    let term = self.term(&word);
                    // What is near but for an ending counts as far as its stem is.
                    let of_stem = search.stem.as_ref().and_then(|stem| {
                        rows.distance(stem, &term.chars().collect::<Vec<_>>(), search.bound)
                    });
                    if let Some(distance) = of_stem.into_iter().chain(distance).min() {
                        terms.insert((distance, term));
                    }
                }
                let least = terms.first().map_or(0, |(distance, _)| *distance);
                let nearest = terms.into_iter().take_while(|(distance, _)| *distance == least);
                nearest.take(LOOKED_UP).map(|(_, term)| term).collect()
            })
            .collect())
    }

    /// For a word that finds nothing those that are spelt most nearly so, a little farther off too.
    pub(crate) fn suggestions(&self, words: &[&str]) -> Result<Vec<Vec<Near>>, Error> {
        let bound = |word: &str| match word.chars().count() {
            0..=2 => 0,
            count => (count / 3).min(3),
        };
        let searched: Vec<Search> = words.iter().map(|word| Search::new(&[word], bound(word))).collect();
        let mut near = self.near(&searched)?;
        for (near, word) in near.iter_mut().zip(words) {
            near.retain(|near| near.word != *word);
            near.truncate(SUGGESTED);
        }
        Ok(near)
    }

    /// For each word those near it, the nearest first.
    fn near(&self, searched: &[Search]) -> Result<Vec<Vec<Near>>, Error> {
        let mut found = vec![Vec::new(); searched.len()];
        let Some(size) = self.source.size(&self.name) else { return Ok(found) };
        let list = self.source.read(&self.name, 0..size)?;
        let (mut word, mut letters, mut rows) = (Vec::new(), Vec::new(), Rows::default());
        for entry in list.split(|byte| *byte == b'\n') {
            let Some((common, rest)) = entry.split_first() else { continue };
            word.truncate(usize::from(common.saturating_sub(b' ' + 1)));
            word.extend_from_slice(rest);
            let Ok(text) = std::str::from_utf8(&word) else { continue };
            letters.clear();
            letters.extend(text.chars());
            for (search, found) in searched.iter().zip(&mut found) {
                let distances =
                    search.forms.iter().filter_map(|form| rows.distance(form, &letters, search.bound));
                let distance = distances.min();
                let is_beginning = |stem: &Vec<char>| rows.is_beginning(stem, &letters, search.bound);
                if distance.is_some() || search.stem.as_ref().is_some_and(is_beginning) {
                    found.push(Near { distance, word: text.to_owned() });
                }
            }
        }
        found.iter_mut().for_each(|found| found.sort_unstable());
        Ok(found)
    }

    fn term(&mut self, word: &str) -> Box<str> {
        let mut term = None;
        self.analyzer.each(word, |run| {
            if let Run::Word(word, _) = run {
                term = term.take().or_else(|| word.terms.first().map(|term| term.text.clone()));
            }
        });
        term.unwrap_or_else(|| word.into())
    }
}

/// What is looked for, and how far off it may be.
struct Search {
    forms: Vec<Vec<char>>,
    /// Words that begin nearly so are looked at more closely.
    stem: Option<Vec<char>>,
    bound: usize,
}

impl Search {
    fn new(forms: &[&str], bound: usize) -> Search {
        let mut forms: Vec<Vec<char>> = forms.iter().map(|form| form.chars().collect()).collect();
        forms.dedup();
        Search { forms, stem: None, bound }
    }
}

/// The list of these words, which are in order, as it is kept.
#[cfg(feature = "write")]
pub(crate) fn list<'a>(words: impl Iterator<Item = &'a str>) -> Vec<u8> {
    let mut list = Vec::new();
    let mut last: &[u8] = &[];
    for word in words {
        let word = word.as_bytes();
        let common = word.iter().zip(last).take_while(|(one, other)| one == other).count();
        // After the space, so that it is never a line end. Words have at most 64 bytes.
        list.push(b' ' + 1 + common as u8);
        list.extend_from_slice(&word[common..]);
        list.push(b'\n');
        last = word;
    }
    list
}

/// Whether a word can be meant by one that is misspelt: letters only, and not too few.
#[cfg(feature = "write")]
pub(crate) fn is_listed(word: &str) -> bool {
    word.len() > 2 && word.chars().all(char::is_alphabetic)
}

/// Three rows of the table of distances, used again for every pair of words.
#[derive(Default)]
struct Rows {
    before: Vec<usize>,
    last: Vec<usize>,
    this: Vec<usize>,
}

impl Rows {
    /// The number of letters that differ, if it is at most `bound` (optimal string alignment).
    fn distance(&mut self, left: &[char], right: &[char], bound: usize) -> Option<usize> {
        if left.len().abs_diff(right.len()) > bound || !self.fill(left, right, bound) {
            return None;
        }
        Some(self.last[right.len()]).filter(|distance| *distance <= bound)
    }

    /// Whether a word begins nearly so, and goes on with nothing longer than an ending.
    fn is_beginning(&mut self, start: &[char], word: &[char], bound: usize) -> bool {
        let lengths = start.len().saturating_sub(bound)..=start.len() + bound + LONGEST_ENDING;
        if !lengths.contains(&word.len()) || !self.fill(start, word, bound) {
            return false;
        }
        let shortest = word.len().saturating_sub(LONGEST_ENDING);
        self.last[shortest..].iter().any(|distance| *distance <= bound)
    }

    /// Fills the table, of which the last row stays: the distance to each beginning of `right`. Stops if none can be
    /// within the bound.
    fn fill(&mut self, left: &[char], right: &[char], bound: usize) -> bool {
        self.last.clear();
        self.last.extend(0..=right.len());
        for (row, &letter) in left.iter().enumerate() {
            self.this.clear();
            self.this.push(row + 1);
            for (column, &other) in right.iter().enumerate() {
                let mut cost = self.last[column] + usize::from(letter != other);
                cost = cost.min(self.last[column + 1] + 1).min(self.this[column] + 1);
                if row > 0 && column > 0 && letter == right[column - 1] && left[row - 1] == other {
                    cost = cost.min(self.before[column - 1] + 1);
                }
                self.this.push(cost);
            }
            if self.this.iter().all(|cost| *cost > bound) {
                return false;
            }
            std::mem::swap(&mut self.before, &mut self.last);
            std::mem::swap(&mut self.last, &mut self.this);
        }
        true
    }
}
