//! What titles have of a question.
//!
//! A title says in a few words what a page is about, so it is compared with the question as a whole: a word counts the
//! more, the shorter the title, and a title with the words of the question and hardly others counts on top (the measure
//! of Dice, squared, so that it rewards what is nearly the same). Words without meaning of their own count here a
//! little: they tell "what is it" from "how is it made". A page has as many titles as there are wordings of its question,
//! and the best one counts.
//!
//! A question of few words is put as a title is, and titles answer it; one of many words tells what happened, and has its
//! details from the texts. So titles count the more, the shorter the question. A title that is only the beginning of the
//! text, on a page that nobody gave one, says no more than the text.
//!
//! A title that is the very question is worth more than any other page.

use tantivy::postings::{Postings as _, SegmentPostings, TermInfo};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet as _, TERMINATED};

use super::{Inverted, Reader, Weights, gather};
use crate::index::Error;
use crate::query::Query;
use crate::schema::{BEGINNING, in_title, title_at};

/// A title is about as long, in words.
const LENGTH: f32 = 8.0;

/// Titles that have a word are not read where that takes more bytes than this: such words stand in most titles, and tell
/// none from another.
const MOST_BYTES: usize = 1 << 12;

/// The same for words without meaning of their own.
const MOST_STOP_BYTES: usize = 1 << 11;

/// Titles count at most so many times as much for a short question as for a long one.
const MOST_FOR_SHORT: f32 = 5.0;

/// The same of a title that has nothing but words without meaning of their own: "what" alone says little.
const MOST_FOR_STOP: f32 = 2.0;

/// A title has this much of a short question to count so: less may be a word that it shares by chance.
const MOST_OF_IT: f32 = 0.6;

/// What a word of the title counts that the question does not have, against one of the question.
const OTHER: f32 = 0.6;

/// Where the words of a question stand in titles.
pub(super) struct Titles {
    words: Vec<Word>,
    /// By their numbers in `words`.
    lists: Vec<(usize, SegmentPostings)>,
    /// How many different words and grams the question has.
    count: u32,
    /// How many of them stand in too many titles to be read.
    unread: u32,
}

/// A word of the question, or a gram.
struct Word {
    worth: f32,
    kind: WordKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WordKind {
    Word,
    /// Without meaning of its own.
    Stop,
    Gram,
}

/// A word in a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Occurrence {
    document: u32,
    title: u32,
    word: usize,
    length: u32,
}

/// The terms of a question in titles, as far as they exist: of its words, and of its grams.
pub(super) struct Found {
    /// Those of each word, one a language.
    words: Vec<Vec<TermInfo>>,
    grams: Vec<Option<TermInfo>>,
}

impl Found {
    pub(super) fn find(reader: &Reader, query: &Query) -> Result<Found, Error> {
        let words = gather(query.in_title.iter().map(|word| {
            let terms = std::iter::once(&word.term).chain(&word.others);
            let found = gather(terms.map(|term| reader.words.find(&in_title(term, word.stop))))?;
            Ok::<_, Error>(found.into_iter().flatten().collect())
        }));
        let grams = gather(query.grams.iter().map(|gram| reader.grams.find(&in_title(gram, false))));
        Ok(Found { words: words?, grams: grams? })
    }
}

impl Titles {
    /// Opens the postings of what was found. `grams` are those of the query, as they stand on pages: most titles have so few
    /// that how rare one is among titles says little. What tells titles apart are words that are rare among titles.
    pub(super) fn open(
        reader: &Reader,
        query: &Query,
        weights: &Weights,
        found: Found,
        grams: &[Option<TermInfo>],
    ) -> Result<Titles, Error> {
        let rarity = |info: Option<&TermInfo>| reader.bm25.idf(info.map_or(0, |info| info.doc_freq));
        let mut titles = Titles { words: Vec::new(), lists: Vec::new(), count: 0, unread: 0 };
        let mut wanted: Vec<(usize, &Inverted, &TermInfo)> = Vec::new();
        for (word, infos) in query.in_title.iter().zip(&found.words) {
            let is_known = query.words.iter().any(|it| it.term == word.term);
            let (share, most, kind) = if is_known {
                (1.0, MOST_BYTES, WordKind::Word)
            } else {
                (weights.stop, MOST_STOP_BYTES, WordKind::Stop)
            };
            let worth = share * rarity(infos.first());
            titles.want(worth * word.weight, kind, infos, most, |number, info| {
                wanted.push((number, &reader.words, info));
            });
        }
        for (on_pages, info) in grams.iter().zip(&found.grams) {
            let worth = weights.gram * rarity(on_pages.as_ref());
            titles.want(worth, WordKind::Gram, info.as_slice(), MOST_BYTES, |number, info| {
                wanted.push((number, &reader.grams, info));
            });
        }
        titles.lists = gather(wanted.into_iter().map(|(number, field, info)| {
            Ok::<_, Error>((number, field.postings(info, IndexRecordOption::WithFreqsAndPositions)?))
        }))?;
        Ok(titles)
    }

    fn want<'a>(
        &mut self,
        worth: f32,
        kind: WordKind,
        infos: &'a [TermInfo],
        most: usize,
        mut read: impl FnMut(usize, &'a TermInfo),
    ) {
        self.words.push(Word { worth, kind });
        self.count += 1;
        let bytes: usize =
            infos.iter().map(|info| info.postings_range.len() + info.positions_range.len()).sum();
        if bytes <= most {
            infos.iter().for_each(|info| read(self.words.len() - 1, info));
        } else {
            self.unread += 1;
        }
    }

    /// Calls `add` with every page and what its best title counts, and returns the pages one of whose titles is the
    /// question itself.
    pub(super) fn score(self, weights: &Weights, mut add: impl FnMut(u32, f32)) -> Vec<u32> {
        let Titles { words, lists, count, unread } = self;
        let mut occurrences = Vec::new();
        let mut positions = Vec::new();
        for (word, mut list) in lists {
            while list.doc() != TERMINATED {
                let document = list.doc();
                if words[word].kind == WordKind::Gram {
                    occurrences.push(Occurrence {
                        document,
                        title: BEGINNING + 1,
                        word,
                        length: list.term_freq(),
                    });
                } else {
                    list.positions(&mut positions);
                    occurrences.extend(positions.iter().map(|position| {
                        let (title, length) = title_at(*position);
                        Occurrence { document, title, word, length }
                    }));
                }
                list.advance();
            }
        }
        occurrences.sort_unstable();
        // In two languages a word may be two terms.
        occurrences.dedup_by_key(|it| (it.document, it.title, it.word));
        let all: f32 = words.iter().map(|word| word.worth).sum();
        let words_asked = count.max(1) as f32;
        let other = OTHER * all / words_asked;
        let shortness = weights.short / words_asked;
        // A power of one and a half, from what every machine reckons alike.
        let often = (shortness * shortness.sqrt()).clamp(1.0, MOST_FOR_SHORT);
        // Who types two or three words may mean a page that has all of them, under a title that has none.
        let seldom = often.min((words_asked - 1.0).max(1.0));
        let mut exact = Vec::new();
        for page in occurrences.chunk_by(|one, next| one.document == next.document) {
            let mut best = 0.0_f32;
            for title in page.chunk_by(|one, next| one.title == next.title) {
                let shared: f32 = title.iter().map(|it| words[it.word].worth).sum();
                let matched = title.len() as u32;
                let length = title[0].length;
                let said = shared + other * length.saturating_sub(matched) as f32;
                let alike = (2.0 * shared / (all + said).max(f32::MIN_POSITIVE)).min(1.0);
                // BM25 of a word that stands there once, with the usual weights.
                let short = 2.2 / (1.6 + 0.6 * length as f32 / LENGTH);
                if title[0].title != BEGINNING {
                    let has_meaning = title.iter().any(|it| words[it.word].kind != WordKind::Stop);
                    let times = match has_meaning {
                        true if shared >= MOST_OF_IT * all => often,
                        true => seldom,
                        false => seldom.min(MOST_FOR_STOP),
                    };
                    best = best
                        .max(times * weights.title * short * shared + weights.alike * all * alike * alike);
                }
                if matched + unread == count && length == count && exact.last() != Some(&page[0].document) {
                    exact.push(page[0].document);
                }
            }
            add(page[0].document, best);
        }
        exact
    }
}
