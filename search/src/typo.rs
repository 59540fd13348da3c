//! Words that are spelt nearly like one that nobody has written.
//!
//! One wrong letter in words of four and more, two in eight and more; a letter too many, too few, another
//! one, or two that changed places. The words of the site, as they are written and not as stems, stand in a
//! list of their own, sorted: for each how many bytes it has in common with the one before it (one byte), the
//! other bytes, and a line end. The list is cut into sections by the first letters of its words, because people hardly
//! ever mistake the first: the section of a word is read when there is no good hit without, and the others only if
//! nothing in it is near.

use std::collections::BTreeSet;

use crate::index::{Error, Source};
use crate::query::Wanted;
use crate::rank::gather;
use crate::tokenizer::{Analyzer, Run};

/// A word of this many letters that nobody has written is taken for a misspelt one, however good the hits are.
pub(crate) const SURELY_WRONG: usize = 6;

/// At most this many spellings count for a word: the most frequent.
pub(crate) const MOST: usize = 5;

/// At most this many words that are equally near are looked up, to find the most frequent.
const LOOKED_UP: usize = 24;

/// The longest ending by which a word of the site may differ from the stem of one that is misspelt.
const LONGEST_ENDING: usize = 4;

/// At most this many words are suggested for one that finds nothing.
const SUGGESTED: usize = 3;

/// The ending of the name of the list.
pub(crate) const ENDING: &str = "words";

/// A section of the list has at least this many bytes, so that few small pieces have to be fetched.
#[cfg(feature = "write")]
const SECTION: usize = 2048;

/// Words of the list that begin with one of some letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Section {
    /// The first of these letters. They reach to that of the next section.
    pub(crate) first: char,
    /// Where the section ends, in bytes of the list.
    pub(crate) end: u32,
}

/// The list of words, read when it is wanted.
pub(crate) struct Spelling<'a> {
    pub(crate) source: &'a dyn Source,
    pub(crate) name: String,
    pub(crate) sections: &'a [Section],
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
    ///
    /// A word that is the whole of a compound is searched for in its own section only: its parts are searched for too.
    pub(crate) fn nearest(&mut self, words: &[(&Wanted, bool)]) -> Result<Vec<Vec<Box<str>>>, Error> {
        let searched: Vec<Search> = words
            .iter()
            .map(|(word, is_whole)| Search {
                stem: Some(word.term.chars().collect()),
                anywhere: !is_whole,
                ..Search::new(&[&*word.surface, &*word.term], tolerance(&word.surface))
            })
            .collect();
        let mut rows = Rows::default();
        self.near(&searched, &mut |analyzer, search, near| {
            let mut terms: BTreeSet<(usize, Box<str>)> = BTreeSet::new();
            for Near { distance, word } in near {
                let term = term(analyzer, &word);
                // What is near but for an ending counts as far as its stem is.
                let of_stem = search
                    .stem
                    .as_ref()
                    .and_then(|stem| rows.distance(stem, &term.chars().collect::<Vec<_>>(), search.bound));
                if let Some(distance) = of_stem.into_iter().chain(distance).min() {
                    terms.insert((distance, term));
                }
            }
            let least = terms.first().map_or(0, |(distance, _)| *distance);
            let nearest = terms.into_iter().take_while(|(distance, _)| *distance == least);
            nearest.take(LOOKED_UP).map(|(_, term)| term).collect()
        })
    }

    /// For a word that finds nothing those that are spelt most nearly so, a little farther off too.
    pub(crate) fn suggestions(&mut self, words: &[&str]) -> Result<Vec<Vec<Box<str>>>, Error> {
        let bound = |word: &str| match word.chars().count() {
            0..=2 => 0,
            count => (count / 3).min(3),
        };
        let searched: Vec<Search> = words.iter().map(|word| Search::new(&[word], bound(word))).collect();
        self.near(&searched, &mut |_, _, near| {
            let others = near.into_iter().filter(|near| near.distance != Some(0));
            others.take(SUGGESTED).map(|near| near.word.into()).collect()
        })
    }

    /// For each word what `choose` takes of those near it, the nearest first: of those in its section, or if it takes none
    /// of these, of all others.
    fn near(&mut self, searched: &[Search], choose: &mut Choose<'_>) -> Result<Vec<Vec<Box<str>>>, Error> {
        let mut chosen = vec![Vec::new(); searched.len()];
        let homes: Vec<usize> = searched.iter().map(|search| self.home(search)).collect();
        for is_home in [true, false] {
            let is_open = |section: usize, number: usize| {
                let is_wanted = is_home || chosen[number].is_empty() && searched[number].anywhere;
                is_wanted && (homes[number] == section) == is_home
            };
            // Which words are looked for in which section.
            let numbers = |section| (0..searched.len()).filter(|number| is_open(section, *number)).collect();
            let mut wanted: Vec<(usize, Vec<usize>)> =
                (0..self.sections.len()).map(|section| (section, numbers(section))).collect();
            wanted.retain(|(_, numbers)| !numbers.is_empty());
            let lists = gather(wanted.iter().map(|(section, _)| self.read(*section)))?;
            let mut found = vec![Vec::new(); searched.len()];
            for (list, (_, numbers)) in lists.iter().zip(&wanted) {
                scan(list, searched, numbers, &mut found);
            }
            for ((search, mut near), chosen) in searched.iter().zip(found).zip(&mut chosen) {
                if chosen.is_empty() {
                    near.sort_unstable();
                    *chosen = choose(self.analyzer, search, near);
                }
            }
        }
        Ok(chosen)
    }

    /// The section that a word would stand in.
    fn home(&self, search: &Search) -> usize {
        let Some(letter) = search.forms.first().and_then(|form| form.first()) else { return 0 };
        self.sections.partition_point(|section| section.first <= *letter).saturating_sub(1)
    }

    fn read(&self, section: usize) -> Result<Vec<u8>, Error> {
        let start = section.checked_sub(1).map_or(0, |before| self.sections[before].end as usize);
        Ok(self.source.read(&self.name, start..(self.sections[section].end as usize).max(start))?)
    }
}

/// Gives every word of a list.
#[cfg(feature = "write")]
pub(crate) fn each_listed(list: &[u8], take: &mut dyn FnMut(&str)) {
    let mut word = Vec::new();
    for entry in list.split(|byte| *byte == b'\n') {
        let Some((common, rest)) = entry.split_first() else { continue };
        word.truncate(usize::from(common.saturating_sub(b' ' + 1)));
        word.extend_from_slice(rest);
        if let Ok(text) = std::str::from_utf8(&word) {
            take(text);
        }
    }
}

/// Notes those words of a section that are near some of the words searched for, by the numbers of these.
fn scan(list: &[u8], searched: &[Search], numbers: &[usize], found: &mut [Vec<Near>]) {
    let (mut word, mut letters, mut rows) = (Vec::new(), Vec::new(), Rows::default());
    for entry in list.split(|byte| *byte == b'\n') {
        let Some((common, rest)) = entry.split_first() else { continue };
        word.truncate(usize::from(common.saturating_sub(b' ' + 1)));
        word.extend_from_slice(rest);
        let Ok(text) = std::str::from_utf8(&word) else { continue };
        letters.clear();
        letters.extend(text.chars());
        for &number in numbers {
            let search = &searched[number];
            let distances =
                search.forms.iter().filter_map(|form| rows.distance(form, &letters, search.bound));
            let distance = distances.min();
            let is_beginning = |stem: &Vec<char>| rows.is_beginning(stem, &letters, search.bound);
            if distance.is_some() || search.stem.as_ref().is_some_and(is_beginning) {
                found[number].push(Near { distance, word: text.to_owned() });
            }
        }
    }
}

/// The first term of a word.
fn term(analyzer: &mut Analyzer, word: &str) -> Box<str> {
    let mut term = None;
    analyzer.each(word, |run| {
        if let Run::Word(word, _) = run {
            term = term.take().or_else(|| word.terms.first().map(|term| term.text.clone()));
        }
    });
    term.unwrap_or_else(|| word.into())
}

/// What is taken of words near to one, which are in order.
type Choose<'a> = dyn FnMut(&mut Analyzer, &Search, Vec<Near>) -> Vec<Box<str>> + 'a;

/// What is looked for, and how far off it may be.
struct Search {
    forms: Vec<Vec<char>>,
    /// Words that begin nearly so are looked at more closely.
    stem: Option<Vec<char>>,
    bound: usize,
    /// Whether it is looked for in all sections, if there is nothing in its own.
    anywhere: bool,
}

impl Search {
    fn new(forms: &[&str], bound: usize) -> Search {
        let mut forms: Vec<Vec<char>> = forms.iter().map(|form| form.chars().collect()).collect();
        forms.dedup();
        Search { forms, stem: None, bound, anywhere: true }
    }
}

/// The list of these words, which are in order, as it is kept, and its sections.
#[cfg(feature = "write")]
pub(crate) fn list<'a>(words: impl Iterator<Item = &'a str>) -> (Vec<u8>, Vec<Section>) {
    let mut list = Vec::new();
    let mut sections: Vec<Section> = Vec::new();
    let mut begun = 0;
    let mut last: &[u8] = &[];
    for text in words {
        let Some(first) = text.chars().next() else { continue };
        let is_next = last.is_empty() || !last.starts_with(first.encode_utf8(&mut [0; 4]).as_bytes());
        if is_next && (sections.is_empty() || list.len() - begun >= SECTION) {
            (begun, last) = (list.len(), &[]);
            sections.push(Section { first, end: 0 });
        }
        let word = text.as_bytes();
        let common = word.iter().zip(last).take_while(|(one, other)| one == other).count();
        // After the space, so that it is never a line end. Words have at most 64 bytes.
        list.push(b' ' + 1 + common as u8);
        list.extend_from_slice(&word[common..]);
        list.push(b'\n');
        last = word;
        if let Some(section) = sections.last_mut() {
            section.end = list.len() as u32;
        }
    }
    (list, sections)
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
