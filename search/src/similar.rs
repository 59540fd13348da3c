//! Whether a question may have been asked before: pages that are near to it, and how surely they ask the same.
//!
//! The candidates are the hits of an ordinary search for its words. How surely one of them asks the same is said by
//! three things, none of which depends on the size of the site:
//!
//! - how much of what the two *titles* say they share, each word counted by how rare it is on the site; a word of the
//!   question that stands in the page's text only counts less,
//! - how far the page is ahead of the next one. Where ten pages fit equally well, they have a subject in common, and
//!   hardly the question,
//! - how much it is that they share: two short titles may share their one word by chance, hardly five rare ones.
//!
//! And who asks how long something takes does not ask how it is done; nor is error 12 error 7. The figures were
//! found on questions that people really asked twice, with the pages that they repeat and without them
//! (`cargo bench -p longhouse-search --bench duplicates`), and hold on others that were written for it: see
//! `tests/longhouse/similar.rs` of the program. There is a plateau around them.

use std::collections::BTreeSet;

use crate::index::{Error, Hit, Index};
use crate::query::{Condition, Query, Wanted, rankable};
use crate::rank::{self, Worths};
use crate::schema::filter;
use crate::tokenizer::{Analyzer, normalise};

/// From here on two questions are called the same: of new questions that are others, at most one in twenty gets there.
pub const SAME: f32 = 0.6;

/// At most this many hits of the search are looked at more closely.
const CANDIDATES: usize = 20;

/// Of the text below a title only the first words help to find candidates, and each counts so much.
const TEXT: (usize, f32) = (400, 0.2);

/// A title of fewer words that say something is completed from the text below it, with this many.
const SHORT_TITLE: (usize, usize) = (2, 12);

/// What a word of the question counts that stands in the text of the page, but not in its title.
const IN_TEXT: f32 = 0.4;

/// What it counts, beside the titles, how far ahead of the next one a page is.
const AHEAD: f32 = 0.5;

/// What it counts how much is shared: the logarithm of one and as many words as rare as can be.
const MUCH: f32 = 0.35;

/// What all three come to is divided by this, so that [`SAME`] is where few are wrongly called the same.
const ALL: f32 = 2.02;

/// What is left where one asks for a measure that the other doesn't ask for, or each names a number that the other doesn't.
const OTHER_MEASURE: f32 = 0.6;
const OTHER_NUMBER: f32 = 0.6;

/// Below this a page has little but common words with the question, and is left out.
const FAR: f32 = 0.05;

/// At most this many shared words are named.
const NAMED: usize = 6;

/// What makes of a `how` a question for a measure, by what is measured. English, German, French and Spanish.
const MEASURES: [(&str, &str); 46] = [
    ("how long", "time"),
    ("how many", "number"),
    ("how much", "amount"),
    ("how often", "often"),
    ("how frequently", "often"),
    ("how far", "far"),
    ("how deep", "deep"),
    ("how wide", "wide"),
    ("how high", "high"),
    ("how tall", "high"),
    ("how big", "size"),
    ("how large", "size"),
    ("how small", "size"),
    ("how heavy", "weight"),
    ("how thick", "thick"),
    ("how old", "age"),
    ("how fast", "speed"),
    ("how quickly", "speed"),
    ("how hot", "heat"),
    ("how warm", "heat"),
    ("how cold", "heat"),
    ("how hard", "hard"),
    ("how steep", "steep"),
    ("how loud", "loud"),
    ("how strong", "strong"),
    ("how late", "when"),
    ("how soon", "when"),
    ("wie lange", "time"),
    ("wie viele", "number"),
    ("wieviele", "number"),
    ("wie viel", "amount"),
    ("wieviel", "amount"),
    ("wie oft", "often"),
    ("wie weit", "far"),
    ("wie tief", "deep"),
    ("wie breit", "wide"),
    ("wie hoch", "high"),
    ("wie gross", "size"),
    ("wie schwer", "weight"),
    ("wie schnell", "speed"),
    ("wie alt", "age"),
    ("combien de temps", "time"),
    ("combien de fois", "often"),
    ("cuanto tiempo", "time"),
    ("cuantos", "number"),
    ("cuantas", "number"),
];

/// A question, as somebody is about to ask it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Asked<'a> {
    /// The question itself. Nothing in it is a filter or an operator.
    pub title: &'a str,
    /// What stands below it, as plain text; may be empty.
    pub text: &'a str,
    /// Only questions are wanted; else pages of every kind.
    pub only_questions: bool,
    /// The address of the page that shows it, below the base path and without fragment; empty if none does.
    pub own_address: &'a str,
}

/// A page that is near to a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Near {
    /// The page, as a search for the same words shows it.
    pub hit: Hit,
    /// How surely it asks the same, from 0 to 1. Comparable between questions and between sites.
    pub sure: f32,
    /// Words of the question that stand on the page, as they were asked, the rarest first.
    pub shared: Vec<String>,
}

impl Near {
    /// Whether it is to be called the same question.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.sure >= SAME
    }
}

impl Index {
    /// The pages that are near to a question: those that ask the same, the surest first, then the others as a
    /// search ranks them. At most `limit`.
    ///
    /// # Errors
    /// As [`Index::search`].
    pub fn similar(&self, asked: &Asked<'_>, limit: usize) -> Result<Vec<Near>, Error> {
        let Some(segment) = &self.segment else { return Ok(Vec::new()) };
        let mut analyzer = self.analyzer.clone();
        analyzer.settle(asked.title);
        let question = Question::read(asked, &mut analyzer);
        let mut spelling = self.spelling(segment, &mut analyzer);
        let looked_at = limit.saturating_add(1).max(CANDIDATES);
        let ranking =
            rank::rank(segment, self.fields, &question.query, looked_at, &self.weights, &mut spelling)?;
        let store = segment.get_store_reader(4)?;
        let mut candidates = Vec::new();
        let mut own = None;
        for (place, &(document, _)) in ranking.best.iter().enumerate() {
            let hit = self.hit(&store, place, &ranking, &mut analyzer)?;
            let url = hit.url.split('#').next().unwrap_or_default();
            if !asked.own_address.is_empty() && url.ends_with(asked.own_address) {
                own = Some(document);
            } else {
                candidates.push((document, hit));
            }
        }
        let worths = Worths::open(segment, self.fields, own, &self.weights)?;
        let mut near = question.compare(&worths, candidates, &mut analyzer)?;
        // A stable sort: what is not the same stays in the order of the search.
        let surest_first = |near: &Near| if near.is_same() { (near.sure * 1000.0).round() as u32 } else { 0 };
        near.sort_by_key(|near| std::cmp::Reverse(surest_first(near)));
        near.retain(|near| near.sure >= FAR);
        near.truncate(limit);
        Ok(near)
    }
}

/// What is known of a question.
struct Question {
    /// What candidates are searched with.
    query: Query,
    /// The words that are compared.
    words: Vec<Wanted>,
    measures: BTreeSet<&'static str>,
    numbers: BTreeSet<Box<str>>,
}

impl Question {
    fn read(asked: &Asked<'_>, analyzer: &mut Analyzer) -> Question {
        let mut query = Query::default();
        rankable(asked.title, false, analyzer, &mut query);
        let mut words = query.words.clone();
        let mut below = Query::default();
        let end = asked.text.char_indices().nth(TEXT.0).map_or(asked.text.len(), |(end, _)| end);
        rankable(&asked.text[..end], false, analyzer, &mut below);
        below.words.retain(|word| words.iter().all(|known| known.term != word.term));
        let short = words.len() < SHORT_TITLE.0 && query.grams.len() < SHORT_TITLE.0;
        if short {
            words.extend(below.words.iter().take(SHORT_TITLE.1).cloned());
        }
        query
            .words
            .extend(below.words.into_iter().map(|word| Wanted { weight: word.weight * TEXT.1, ..word }));
        if query.grams.is_empty() {
            query.grams = below.grams;
        }
        if asked.only_questions {
            query.required.push(Condition::Filter(vec![filter("kind", "question"), filter("kind", "faq")]));
        }
        let numbers = numbers(&words);
        Question { query, words, measures: measures(asked.title), numbers }
    }

    fn compare(
        &self,
        worths: &Worths,
        candidates: Vec<(u32, Hit)>,
        analyzer: &mut Analyzer,
    ) -> Result<Vec<Near>, Error> {
        let documents: Vec<u32> = candidates.iter().map(|(document, _)| *document).collect();
        let mut near = Vec::new();
        // What each word of the question is worth, and on which of the candidates it stands.
        let mut asked: Vec<(f32, Vec<bool>)> = Vec::new();
        for word in &self.words {
            let (worth, on) = worths.word(&word.term, &documents)?;
            asked.push((word.weight * worth, on));
        }
        for gram in &self.query.grams {
            asked.push(worths.gram(gram, &documents)?);
        }
        let all: f32 = asked.iter().map(|(worth, _)| worth).sum();
        let scores: Vec<f32> = candidates.iter().map(|(_, hit)| hit.score).collect();
        let best = scores.first().copied().unwrap_or_default();
        let second = scores.get(1).copied().unwrap_or_default();
        for (number, (_, hit)) in candidates.into_iter().enumerate() {
            let mut title = Query::default();
            rankable(&hit.title, false, analyzer, &mut title);
            let mut said = 0.0;
            for word in &title.words {
                said += word.weight * worths.word(&word.term, &[])?.0;
            }
            for gram in &title.grams {
                said += worths.gram(gram, &[])?.0;
            }
            let in_title = self.words.iter().map(|word| title.words.iter().any(|it| it.term == word.term));
            let grams_in_title = self.query.grams.iter().map(|gram| title.grams.contains(gram));
            let (mut shared, mut below) = (0.0, 0.0);
            for ((worth, on), in_title) in asked.iter().zip(in_title.chain(grams_in_title)) {
                if in_title {
                    shared += worth;
                } else if on[number] {
                    below += worth;
                }
            }
            let alike = (2.0 * (shared + IN_TEXT * below) / (all + said).max(f32::MIN_POSITIVE)).min(1.0);
            let next = if number == 0 { second } else { best };
            let ahead = ((hit.score - next) / hit.score.max(f32::MIN_POSITIVE)).clamp(-0.2, 1.0);
            let much = worths.much(shared + IN_TEXT * below);
            let mut sure = (alike + AHEAD * ahead + MUCH * much) / ALL;
            if !self.measures.is_empty() && self.measures.is_disjoint(&measures(&hit.title)) {
                sure *= OTHER_MEASURE;
            }
            let others = numbers(&title.words);
            if !self.numbers.is_subset(&others) && !others.is_subset(&self.numbers) {
                sure *= OTHER_NUMBER;
            }
            let sure = (sure.clamp(0.0, 1.0) * 1000.0).round() / 1000.0;
            near.push(Near { hit, sure, shared: self.shared(&asked, number) });
        }
        Ok(near)
    }

    /// The words of the question that stand on a candidate, the rarest first.
    fn shared(&self, asked: &[(f32, Vec<bool>)], number: usize) -> Vec<String> {
        let mut words: Vec<(f32, &str)> = self
            .words
            .iter()
            .zip(asked)
            .filter(|(_, (_, on))| on[number])
            .map(|(word, (worth, _))| (*worth, &*word.surface))
            .collect();
        words.sort_by(|a, b| b.0.total_cmp(&a.0));
        words.into_iter().take(NAMED).map(|(_, word)| word.to_owned()).collect()
    }
}

/// The measures that a question asks for.
fn measures(title: &str) -> BTreeSet<&'static str> {
    let words: String = normalise(title)
        .split(|char: char| !char.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .flat_map(|word| [" ", word])
        .chain([" "])
        .collect();
    let stands = |phrase: &str| {
        words
            .match_indices(phrase)
            .any(|(at, _)| words[..at].ends_with(' ') && words[at + phrase.len()..].starts_with(' '))
    };
    MEASURES.iter().filter(|(phrase, _)| stands(phrase)).map(|(_, measure)| *measure).collect()
}

/// The numbers and codes among words.
fn numbers(words: &[Wanted]) -> BTreeSet<Box<str>> {
    let words = words.iter().filter(|word| word.surface.bytes().any(|byte| byte.is_ascii_digit()));
    words.map(|word| word.term.clone()).collect()
}
