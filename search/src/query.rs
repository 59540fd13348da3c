//! What somebody typed, understood: words, phrases, exclusions and filters.
//!
//! There is no error. Quotes that never close, operators of other engines, fields that do not exist and
//! ten kilobytes of pasted log are all just words.

mod expand;
mod pieces;
mod synonyms;

use std::collections::BTreeSet;

use crate::index::Request;
use crate::rank::Lookup;
use crate::schema::filter;
use crate::tokenizer::{Analyzer, Run, Term, is_mark, positions, wanted_grams};
use pieces::{PieceKind, pieces};
pub(crate) use synonyms::Synonyms;

/// At most this many different words are looked up: the first ones.
const MOST_WORDS: usize = 64;

/// At most this many pages that were shown before are preferred.
const MOST_SHOWN: usize = 100;

/// Two words are neighbours with at most two stop words between them.
const FARTHEST_PAIR: u32 = 3;

/// What a word counts more that stands in a phrase which no page has as it is.
const WISH: f32 = 1.5;

/// What a word without meaning of its own counts in quotes, where it was meant.
const QUOTED_STOP_WORD: f32 = 0.3;

/// A request that the ranking can work with.
#[derive(Debug, Default)]
pub(crate) struct Query {
    /// Any of these may match, the more the better.
    pub(crate) words: Vec<Wanted>,
    /// Neighbouring words: numbers in `words`, and how far the second stands after the first.
    pub(crate) pairs: Vec<(usize, usize, u32)>,
    /// Single characters or pairs of them, of scripts without spaces. Any may match.
    pub(crate) grams: Vec<String>,
    /// What a title may have of the question.
    pub(crate) in_title: Vec<InTitle>,
    /// All of these must stand on a page.
    pub(crate) required: Vec<Condition>,
    /// What stands in quotes: conditions too, unless no page has it.
    pub(crate) phrases: Vec<Phrase>,
    /// None of these may.
    pub(crate) excluded: Vec<Excluded>,
    /// The number in `words` of the one that may not be finished, if the query ends in it.
    pub(crate) unfinished: Option<usize>,
    /// All that was read as words, in order, stop words too.
    pub(crate) typed: Vec<Typed>,
    /// Documents that were shown for the beginning of the query, in order and each once.
    pub(crate) shown: Vec<u32>,
}

/// A term as it was typed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Typed {
    pub(crate) term: Box<str>,
    pub(crate) surface: Box<str>,
    pub(crate) position: u32,
    /// Whether it is the whole of a compound, whose parts follow.
    pub(crate) whole: bool,
    /// Its number in [`Query::words`], unless it is left out as a stop word.
    pub(crate) word: Option<usize>,
}

impl Typed {
    fn new(term: &Term, position: u32) -> Typed {
        let Term { text, surface, whole, .. } = term;
        Typed { term: text.clone(), surface: surface.clone(), position, whole: *whole, word: None }
    }
}

/// A word to look for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Wanted {
    /// The term in the dictionary.
    pub(crate) term: Box<str>,
    /// The word before stemming.
    pub(crate) surface: Box<str>,
    /// How much it counts against a plain word, which is 1.
    pub(crate) weight: f32,
    /// Other terms that count as this one, those in other languages that pages are written in among them.
    pub(crate) alike: Vec<Box<str>>,
    /// Others that count less, each group with its share.
    pub(crate) near: Vec<(Vec<Box<str>>, f32)>,
    /// Pairs of terms that are the word where they stand side by side: `log in` for `login`.
    pub(crate) apart: Vec<[Box<str>; 2]>,
}

impl Wanted {
    pub(crate) fn new(term: Box<str>, surface: Box<str>, weight: f32) -> Wanted {
        Wanted { term, surface, weight, alike: Vec::new(), near: Vec::new(), apart: Vec::new() }
    }
}

/// Words that stand in quotes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Phrase {
    /// What stands between the quotes, as it was typed.
    pub(crate) text: String,
    /// All of these must hold on a page.
    pub(crate) conditions: Vec<Condition>,
}

/// What no page may have.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Excluded {
    /// As it was typed, with its minus.
    pub(crate) typed: String,
    /// A page that all of these hold for is left out.
    pub(crate) conditions: Vec<Condition>,
    /// Whether it is a word or a phrase, and not the value of a field.
    pub(crate) is_text: bool,
}

/// A word to look for in titles. There even those without meaning of their own tell questions apart: `what is it` and `how
/// is it made`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct InTitle {
    /// The word in the dictionary.
    pub(crate) term: Box<str>,
    /// The same in other languages that pages are written in.
    pub(crate) others: Vec<Box<str>>,
    /// Whether it is without meaning of its own.
    pub(crate) stop: bool,
    /// How much it counts against a plain word, which is 1.
    pub(crate) weight: f32,
}

impl InTitle {
    /// The different words of a question, from its terms with their positions and weights.
    fn all(terms: &[(Term, u32, f32)]) -> Vec<InTitle> {
        let mut all: Vec<InTitle> = Vec::new();
        for (term, _, weight) in terms {
            if all.len() < MOST_WORDS && all.iter().all(|known| known.term != term.text) {
                let Term { text, others, stop, .. } = term.clone();
                all.push(InTitle { term: text, others, stop, weight: *weight });
            }
        }
        all
    }
}

/// Something that is on a page or is not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Condition {
    /// These terms in the combined field, each this far after the first: one way to say it for each language.
    Phrase(Vec<Vec<(Box<str>, u32)>>),
    /// These characters and pairs of characters.
    Grams(Vec<String>),
    /// One of these terms in a title.
    Title(Vec<Box<str>>),
    /// One of these exact values.
    Filter(Vec<String>),
}

/// What a site is searched by, beside its words.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Site<'a> {
    pub(crate) facets: &'a [String],
    pub(crate) synonyms: &'a Synonyms,
}

/// Reads a request. The same text always means the same, in the same index. If `excludes` is not set, words and phrases
/// after a minus are searched for like others.
pub(crate) fn understand(
    request: &Request,
    site: &Site<'_>,
    excludes: bool,
    lookup: &mut Lookup,
    analyzer: &mut Analyzer,
) -> Query {
    let mut query = Query::default();
    let mut kinds = Vec::new();
    // What counts for the ranking: everything that is wanted, in the order in which it was typed.
    let mut wanted = String::new();
    let mut quoted = Vec::new();
    let mut open_end = false;
    let exists = &mut |value: &str| lookup.has_filter(value) == Some(true);
    for piece in pieces(&request.query, site.facets, exists) {
        let is_text = matches!(piece.kind, PieceKind::Word | PieceKind::Phrase);
        let excluded = piece.excluded && (excludes || !is_text);
        open_end = piece.kind == PieceKind::Word && !excluded;
        let conditions = match piece.kind {
            PieceKind::Field("kind") if !excluded => {
                kinds.push(filter("kind", singular(piece.text)));
                continue;
            }
            PieceKind::Field("kind") => vec![Condition::Filter(vec![filter("kind", singular(piece.text))])],
            PieceKind::Field("title") => title(piece.text, analyzer),
            PieceKind::Field("tag") => {
                let is_open =
                    request.query.ends_with(piece.typed) && request.query.ends_with(char::is_alphanumeric);
                vec![Condition::Filter(expand::tags(piece.text, is_open, site.synonyms, lookup, analyzer))]
            }
            PieceKind::Field(name) => vec![Condition::Filter(vec![filter(name, piece.text)])],
            PieceKind::Phrase => phrase(piece.text, analyzer),
            PieceKind::Word if excluded => phrase(piece.text, analyzer),
            PieceKind::Word => Vec::new(),
        };
        if excluded {
            query.excluded.push(Excluded { typed: piece.typed.to_owned(), conditions, is_text });
            continue;
        }
        match piece.kind {
            PieceKind::Word => {}
            PieceKind::Phrase => {
                quoted.push(piece.text);
                query.phrases.push(Phrase { text: piece.text.trim().to_owned(), conditions });
            }
            PieceKind::Field(_) => query.required.extend(conditions),
        }
        if is_text || piece.kind == PieceKind::Field("title") {
            wanted.push_str(piece.text);
            wanted.push(' ');
        }
    }
    open_end &= request.query.ends_with(|char: char| char.is_alphanumeric() || is_mark(char));
    rankable(&wanted, open_end, analyzer, &mut query);
    for phrase in quoted {
        quoted_stop_words(phrase, analyzer, &mut query);
    }
    expand::expand(&mut query, site.synonyms, lookup, analyzer);
    if !kinds.is_empty() {
        kinds.sort_unstable();
        query.required.push(Condition::Filter(kinds));
    }
    for (name, values) in &request.facets {
        for value in values {
            let meant = match name.as_str() {
                "tag" => expand::tags(value, false, site.synonyms, lookup, analyzer),
                "kind" => vec![filter(name, singular(value))],
                name => vec![filter(name, value)],
            };
            query.required.push(Condition::Filter(meant));
        }
    }
    query.excluded.truncate(MOST_WORDS);
    query.phrases.truncate(MOST_WORDS);
    query.shown =
        request.shown.iter().take(MOST_SHOWN).copied().collect::<BTreeSet<_>>().into_iter().collect();
    query
}

impl Query {
    /// Makes a wish of a phrase that no page has as it is: its words count more, and all others as before. Says what
    /// stands between its quotes.
    pub(crate) fn loosen(&mut self, phrase: usize, analyzer: &mut Analyzer) -> String {
        let Phrase { text, .. } = self.phrases.remove(phrase);
        let mut within = Query::default();
        rankable(&text, false, analyzer, &mut within);
        for word in &mut self.words {
            if within.words.iter().any(|it| it.term == word.term) {
                word.weight *= WISH;
            }
        }
        text
    }
}

/// A kind as people write it, in the singular.
fn singular(kind: &str) -> &str {
    match kind.trim() {
        "stories" | "Stories" => "story",
        "people" | "People" => "person",
        kind => kind.strip_suffix('s').unwrap_or(kind),
    }
}

/// The words that the ranking goes by. Stop words are left out unless there is nothing else.
pub(crate) fn rankable(text: &str, open_end: bool, analyzer: &mut Analyzer, query: &mut Query) {
    let mut terms: Vec<(Term, u32, f32)> = Vec::new();
    let mut grams = BTreeSet::new();
    let mut position = 0;
    let mut ends_in_word = false;
    analyzer.each(text, |run| match run {
        Run::Word(word, _) => {
            ends_in_word = true;
            let parts = word.terms.len();
            for term in &word.terms {
                let at = position + term.position as u32;
                terms.push((term.clone(), at, compound_weight(term.whole, parts)));
            }
            position += positions(&word.terms);
        }
        Run::Grams(range) => {
            ends_in_word = false;
            wanted_grams(&text[range], &mut grams);
            position += 2;
        }
    });
    query.grams = grams.into_iter().take(MOST_WORDS).collect();
    query.in_title = InTitle::all(&terms);
    let last = terms.last().map(|(term, ..)| term.text.clone());
    let drops_stop_words = !query.grams.is_empty() || terms.iter().any(|(term, ..)| !term.stop);
    let mut before: Option<(usize, u32)> = None;
    for (term, position, weight) in terms {
        let mut typed = Typed::new(&term, position);
        if term.stop && drops_stop_words {
            query.typed.push(typed);
            continue;
        }
        let known = query.words.iter().position(|word| word.term == term.text);
        let number = match known {
            Some(number) => number,
            None if query.words.len() == MOST_WORDS => break,
            None => {
                let wanted = Wanted::new(term.text.clone(), term.surface.clone(), weight);
                query.words.push(Wanted { alike: term.others.clone(), ..wanted });
                query.words.len() - 1
            }
        };
        typed.word = Some(number);
        query.typed.push(typed);
        query.words[number].weight = query.words[number].weight.max(weight);
        if open_end && ends_in_word && last.as_deref() == Some(&*term.text) {
            query.unfinished = Some(number);
        }
        if term.whole {
            continue;
        }
        if let Some((first, at)) = before {
            let pair = (first, number, position - at);
            if first != number && pair.2 <= FARTHEST_PAIR && !query.pairs.contains(&pair) {
                query.pairs.push(pair);
            }
        }
        before = Some((number, position));
    }
}

/// Stop words in quotes are searched for too: "an RPG" is not "a RPG".
fn quoted_stop_words(text: &str, analyzer: &mut Analyzer, query: &mut Query) {
    analyzer.each(text, |run| {
        let Run::Word(word, _) = run else { return };
        for term in word.terms.iter().filter(|term| term.stop) {
            if query.words.len() < MOST_WORDS && query.words.iter().all(|known| known.term != term.text) {
                let (text, surface) = (term.text.clone(), term.surface.clone());
                query.words.push(Wanted::new(text, surface, QUOTED_STOP_WORD));
            }
        }
    });
}

/// The whole of a compound and its parts count together about as much as a word and a half.
fn compound_weight(whole: bool, terms: usize) -> f32 {
    match (whole, terms) {
        (_, 0 | 1) => 1.0,
        (true, _) => 0.75,
        (false, terms) => 0.75 / (terms - 1) as f32,
    }
}

/// The conditions under which a phrase stands on a page.
fn phrase(text: &str, analyzer: &mut Analyzer) -> Vec<Condition> {
    let mut words: Vec<Vec<Term>> = Vec::new();
    let mut grams = BTreeSet::new();
    analyzer.each(text, |run| match run {
        Run::Word(word, _) => words.push(word.terms.clone()),
        Run::Grams(range) => wanted_grams(&text[range], &mut grams),
    });
    let mut conditions = Vec::new();
    let alone = words.len() == 1;
    let mut terms = Vec::new();
    let mut position = 0;
    for word in words.into_iter().take(MOST_WORDS) {
        let positions = positions(&word);
        // A compound by itself is meant as a whole; among others, its parts tell the distance.
        let compound = word.first().is_some_and(|term| term.whole);
        let chosen = if alone { &word[..1] } else { &word[usize::from(compound)..] };
        terms.extend(chosen.iter().map(|term| (term.clone(), position + term.position as u32)));
        position += positions;
    }
    if !terms.is_empty() {
        // In another language a term may be the same.
        let languages = terms.iter().map(|(term, _)| term.others.len()).max().unwrap_or_default();
        let in_language = |number: usize| {
            let text = |term: &Term| match number.checked_sub(1) {
                Some(other) => term.others.get(other).unwrap_or(&term.text).clone(),
                None => term.text.clone(),
            };
            terms.iter().map(|(term, position)| (text(term), *position)).collect()
        };
        conditions.push(Condition::Phrase((0..=languages).map(in_language).collect()));
    }
    if !grams.is_empty() {
        conditions.push(Condition::Grams(grams.into_iter().take(MOST_WORDS).collect()));
    }
    conditions
}

fn title(text: &str, analyzer: &mut Analyzer) -> Vec<Condition> {
    let mut conditions = BTreeSet::new();
    analyzer.each(text, |run| {
        if let Run::Word(word, _) = run {
            conditions.extend(word.terms.first().map(|term| {
                Condition::Title(std::iter::once(&term.text).chain(&term.others).cloned().collect())
            }));
        }
    });
    conditions.into_iter().take(MOST_WORDS).collect()
}
