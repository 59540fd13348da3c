//! Words that are spelt nearly like one that nobody has written.
//!
//! One wrong letter in words of four and more, two in eight and more; a letter too many, too few, another
//! one, or two that changed places. The whole dictionary is read for it, so it is asked only when there
//! is no good hit without.

use tantivy::termdict::TermDictionary;

use crate::index::Error;
use crate::query::Wanted;
use crate::rank::Member;

/// At most so many spellings count for a word: the most frequent.
const MOST: usize = 8;

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

/// For each word the nearest terms of the dictionary, none farther than its tolerance.
pub(crate) fn nearest(dictionary: &TermDictionary, words: &[&Wanted]) -> Result<Vec<Vec<Member>>, Error> {
    let mut searches: Vec<Search> = words.iter().map(|word| Search::new(word)).collect();
    let mut stream = dictionary.stream()?;
    let mut letters = Vec::new();
    let mut rows = Rows::default();
    while stream.advance() {
        let Ok(term) = std::str::from_utf8(stream.key()) else { continue };
        letters.clear();
        letters.extend(term.chars());
        if letters.len() < 2 || letters.iter().any(|char| !char.is_alphabetic()) {
            continue;
        }
        for search in &mut searches {
            let nearest =
                search.forms.iter().filter_map(|form| rows.distance(form, &letters, search.bound)).min();
            let Some(distance) = nearest else { continue };
            if distance < search.bound {
                search.bound = distance;
                search.found.clear();
            }
            search.found.push((term.into(), stream.value().clone()));
        }
    }
    Ok(searches
        .into_iter()
        .map(|mut search| {
            search.found.sort_by_key(|(_, info): &Member| std::cmp::Reverse(info.doc_freq));
            search.found.truncate(MOST);
            search.found
        })
        .collect())
}

/// What is known so far for one word.
struct Search {
    /// The word as it was typed, and its stem: terms are stems, and a wrong letter may spoil the stemming.
    forms: Vec<Vec<char>>,
    /// The distance of those found, at first the tolerance.
    bound: usize,
    found: Vec<Member>,
}

impl Search {
    fn new(word: &Wanted) -> Search {
        let mut forms: Vec<Vec<char>> = vec![word.term.chars().collect()];
        if word.surface != word.term {
            forms.push(word.surface.chars().collect());
        }
        Search { forms, bound: tolerance(&word.surface), found: Vec::new() }
    }
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
        if left.len().abs_diff(right.len()) > bound {
            return None;
        }
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
                return None;
            }
            std::mem::swap(&mut self.before, &mut self.last);
            std::mem::swap(&mut self.last, &mut self.this);
        }
        Some(self.last[right.len()]).filter(|distance| *distance <= bound)
    }
}
