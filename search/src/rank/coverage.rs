//! How much of a question a page covers, as one number from 0 to 1. It says when the search has to admit defeat.
//!
//! Scores do not tell: their size depends on the question and on the site. This number compares a page with one that
//! had everything. It is made of three parts:
//!
//! - the share of what the words of the question are worth that the page has. They are worth what they are worth in
//!   the ranking, but for two things: words that one asks with hardly count (see `tokenizer::asking`), and a word that
//!   nobody has written counts more, for the page that it belongs to is missing;
//! - the share of the neighbouring words of the question that stand side by side on the page too;
//! - how far the page is ahead of the third hit: an answer stands out, while chance finds many pages alike.

use crate::query::Query;

/// From here on the best hit is good enough: of English questions whose answer is there about one in twenty stays below,
/// and of those whose answer is not there three in five.
const ENOUGH: f32 = 0.365;

/// The same in other languages, where one word has more forms, or is part of longer ones.
const ENOUGH_ELSEWHERE: f32 = 0.27;

/// What the three parts count.
const WORDS: f32 = 0.625;
const PAIRS: f32 = 0.125;
const AHEAD: f32 = 0.25;

/// What a word counts that one asks with.
const ASKING: f32 = 0.2;

/// What a word counts that stands on no page, against what the ranking makes of it.
const UNKNOWN: f32 = 1.5;

/// The share of pairs of characters that a page has to have. The others lie across the ends of words.
const INNER: f32 = 0.5;

/// What it counts that a word stands on a page at all; the rest depends on how often, as in the ranking.
const ONCE: f32 = 0.5;

/// From which coverage on the best hit is good enough, in the language of a BCP 47 tag.
pub(crate) fn enough(language: &str) -> f32 {
    let is_english = language.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("en"));
    if is_english { ENOUGH } else { ENOUGH_ELSEWHERE }
}

/// What every page has of a question.
pub(super) struct Coverage {
    words: Vec<Word>,
    /// How many of them are words; the others are pairs of characters.
    plain: usize,
    /// What each page has, by what it is worth.
    has: Vec<f32>,
    /// Which word was counted for a page last, from 1 on: several spellings of one count once.
    last: Vec<u16>,
    /// How many of the pairs each page has.
    pairs: Vec<u16>,
    all_pairs: usize,
    /// The most that saturation comes to.
    most: f32,
}

/// A word of the question, or a pair of characters.
struct Word {
    weight: f32,
    /// How rare it is; nothing is known of it until it is found.
    idf: Option<f32>,
}

impl Coverage {
    /// Nothing is covered yet. The words of a query are followed by its pairs of characters, each of which counts
    /// `gram`.
    pub(super) fn new(
        query: &Query,
        gram: f32,
        most: f32,
        asking: impl Fn(&str) -> bool,
        documents: usize,
    ) -> Coverage {
        let factor = |term: &str| if asking(term) { ASKING } else { 1.0 };
        let words = query.words.iter().map(|word| word.weight * factor(&word.term));
        let weights = words.chain(query.grams.iter().map(|_| gram));
        Coverage {
            words: weights.map(|weight| Word { weight, idf: None }).collect(),
            plain: query.words.len(),
            has: vec![0.0; documents],
            last: vec![0; documents],
            pairs: vec![0; documents],
            all_pairs: query.pairs.len(),
            most,
        }
    }

    /// Notes how rare a word is. The first spelling that is found says it: the one that was typed.
    pub(super) fn rarity(&mut self, word: usize, idf: f32) {
        self.words[word].idf.get_or_insert(idf);
    }

    /// Counts a word for a page: `near` is how surely it is the word that was meant, `saturation` what BM25 makes of how
    /// often it stands there.
    pub(super) fn add(&mut self, word: usize, document: u32, near: f32, saturation: f32) {
        let document = document as usize;
        let number = word as u16 + 1;
        if self.last.get(document).is_none_or(|last| *last == number) {
            return;
        }
        self.last[document] = number;
        let Word { weight, idf } = self.words[word];
        let share = near * (ONCE + (1.0 - ONCE) * saturation / self.most);
        self.has[document] += weight * idf.unwrap_or_default() * share;
    }

    /// Counts a pair for a page.
    pub(super) fn add_pair(&mut self, document: u32) {
        if let Some(pairs) = self.pairs.get_mut(document as usize) {
            *pairs += 1;
        }
    }

    /// What the best pages cover, in their order, to three places. `unknown` is how rare a word is that stands nowhere.
    pub(super) fn of(&self, best: &[(u32, f32)], unknown: f32) -> Vec<f32> {
        let worth = |word: &Word| word.weight * word.idf.unwrap_or(UNKNOWN * unknown);
        let (words, grams) = self.words.split_at(self.plain);
        let all = words.iter().map(worth).sum::<f32>() + INNER * grams.iter().map(worth).sum::<f32>();
        let third = best.get(2).map_or(0.0, |(_, score)| *score);
        let one = |&(document, score): &(u32, f32)| {
            // Whoever asks with filters alone has all that was asked for.
            if all == 0.0 {
                return 1.0;
            }
            let document = document as usize;
            let words = (self.has[document] / all).min(1.0);
            let pairs = f32::from(self.pairs[document]) / self.all_pairs.max(1) as f32;
            let ahead = ((score - third) / score.max(f32::MIN_POSITIVE)).clamp(0.0, 1.0);
            let covered = WORDS * words + PAIRS * pairs + AHEAD * ahead;
            (covered * 1000.0).round() / 1000.0
        };
        best.iter().map(one).collect()
    }
}
