//! What somebody typed, understood: words, phrases, exclusions and filters.
//!
//! There is no error. Quotes that never close, operators of other engines, fields that do not exist and
//! ten kilobytes of pasted log are all just words.

use std::collections::BTreeSet;

use crate::index::Request;
use crate::schema::filter;
use crate::tokenizer::{Analyzer, Run, Term, each_gram, is_mark, positions};

/// At most this many different words are looked up: the first ones.
const MOST_WORDS: usize = 64;

/// Two words are neighbours with at most two stop words between them.
const FARTHEST_PAIR: u32 = 3;

/// A request that the ranking can work with.
#[derive(Debug, Default)]
pub(crate) struct Query {
    /// Any of these may match, the more the better.
    pub(crate) words: Vec<Wanted>,
    /// Neighbouring words: numbers in `words`, and how far the second stands after the first.
    pub(crate) pairs: Vec<(usize, usize, u32)>,
    /// Single characters or pairs of them, of scripts without spaces. Any may match.
    pub(crate) grams: Vec<String>,
    /// All of these must stand on a page.
    pub(crate) required: Vec<Condition>,
    /// None of these may.
    pub(crate) excluded: Vec<Condition>,
    /// The number in `words` of the one that may not be finished, if the query ends in it.
    pub(crate) unfinished: Option<usize>,
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
}

/// Something that is on a page or is not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Condition {
    /// These terms in the combined field, each this far after the first.
    Phrase(Vec<(Box<str>, u32)>),
    /// These characters and pairs of characters.
    Grams(Vec<String>),
    /// This term in the title.
    Title(Box<str>),
    /// One of these exact values.
    Filter(Vec<String>),
}

/// Reads a request. The same text always means the same, in an index with the same facets. `exists` says whether a page
/// has an exact value.
pub(crate) fn understand(
    request: &Request,
    facets: &[String],
    exists: &mut dyn FnMut(&str) -> bool,
    analyzer: &mut Analyzer,
) -> Query {
    let mut query = Query::default();
    let mut kinds = Vec::new();
    // What counts for the ranking: everything that is wanted, in the order in which it was typed.
    let mut wanted = String::new();
    let mut open_end = false;
    for piece in pieces(&request.query, facets, exists) {
        open_end = piece.kind == PieceKind::Word && !piece.excluded;
        let conditions = match piece.kind {
            PieceKind::Field("kind") if !piece.excluded => {
                kinds.push(filter("kind", singular(piece.text)));
                continue;
            }
            PieceKind::Field("kind") => vec![Condition::Filter(vec![filter("kind", singular(piece.text))])],
            PieceKind::Field("title") => title(piece.text, analyzer),
            PieceKind::Field(name) => vec![Condition::Filter(vec![filter(name, piece.text)])],
            PieceKind::Phrase => phrase(piece.text, analyzer),
            PieceKind::Word if piece.excluded => phrase(piece.text, analyzer),
            PieceKind::Word => Vec::new(),
        };
        if piece.excluded {
            query.excluded.extend(conditions);
            continue;
        }
        query.required.extend(conditions);
        if matches!(piece.kind, PieceKind::Word | PieceKind::Phrase | PieceKind::Field("title")) {
            wanted.push_str(piece.text);
            wanted.push(' ');
        }
    }
    open_end &= request.query.ends_with(|char: char| char.is_alphanumeric() || is_mark(char));
    rankable(&wanted, open_end, analyzer, &mut query);
    restrict(request, kinds, &mut query);
    query
}

/// A kind as people write it, in the singular.
fn singular(kind: &str) -> &str {
    match kind.trim() {
        "stories" | "Stories" => "story",
        "people" | "People" => "person",
        kind => kind.strip_suffix('s').unwrap_or(kind),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PieceKind<'f> {
    Word,
    Phrase,
    Field(&'f str),
}

/// A part of what was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece<'a, 'f> {
    text: &'a str,
    kind: PieceKind<'f>,
    excluded: bool,
}

/// Cuts at spaces and quotes. Every character is looked at a fixed number of times.
fn pieces<'a, 'f>(
    text: &'a str,
    facets: &'f [String],
    exists: &mut dyn FnMut(&str) -> bool,
) -> Vec<Piece<'a, 'f>> {
    let mut pieces = Vec::new();
    let mut rest = text.trim_start();
    let mut quotes = true;
    while !rest.is_empty() {
        let excluded = rest.strip_prefix('-').is_some_and(|next| {
            next.starts_with(|char: char| char.is_alphanumeric() || char == '.' || is_quote(char))
        });
        if excluded {
            rest = &rest[1..];
        }
        let (piece, behind) = if rest.starts_with(is_quote) {
            let inner = rest.trim_start_matches(is_quote);
            match inner.find(is_quote).filter(|_| quotes) {
                Some(end) => {
                    (Piece { text: &inner[..end], kind: PieceKind::Phrase, excluded }, &inner[end..])
                }
                None => {
                    // A quote that never closes is no quote, and there is none after it either.
                    quotes = false;
                    rest = inner.trim_start();
                    continue;
                }
            }
        } else {
            let end = rest.find(|char: char| char.is_whitespace() || is_quote(char)).unwrap_or(rest.len());
            word(&rest[..end], &rest[end..], excluded, facets, exists)
        };
        if !piece.text.is_empty() {
            pieces.push(piece);
        }
        let behind = if piece.kind == PieceKind::Word { behind } else { behind.trim_start_matches(is_quote) };
        rest = behind.trim_start();
    }
    pieces
}

/// A word, or a field with its value, which may stand in quotes after the colon.
fn word<'a, 'f>(
    text: &'a str,
    behind: &'a str,
    excluded: bool,
    facets: &'f [String],
    exists: &mut dyn FnMut(&str) -> bool,
) -> (Piece<'a, 'f>, &'a str) {
    let plain = Piece { text, kind: PieceKind::Word, excluded };
    let Some((name, value)) = text.split_once(':') else { return (plain, behind) };
    let typed = name.to_ascii_lowercase().replace('-', "_");
    let (name, is_facet) = match typed.as_str() {
        "tag" | "tags" => ("tag", false),
        "kind" | "type" => ("kind", false),
        "lang" | "language" => ("lang", false),
        "title" | "intitle" => ("title", false),
        "is" => ("is", false),
        typed => {
            let singular = typed.strip_suffix('s').unwrap_or(typed);
            let Some(name) = facets.iter().find(|name| **name == typed || **name == singular) else {
                return (plain, behind);
            };
            (name.as_str(), true)
        }
    };
    let outside = behind;
    let (value, behind) = if value.is_empty() && behind.starts_with(is_quote) {
        let inner = behind.trim_start_matches(is_quote);
        let end = inner.find(is_quote).unwrap_or(inner.len());
        (&inner[..end], &inner[end..])
    } else {
        (value, behind)
    };
    let known = match name {
        "is" => matches!(value.to_ascii_lowercase().as_str(), "answered" | "accepted"),
        _ => value.chars().any(|char| char.is_alphanumeric()),
    };
    if !known || is_facet && !exists(&filter(name, value)) {
        return (plain, outside);
    }
    (Piece { text: value, kind: PieceKind::Field(name), excluded }, behind)
}

fn is_quote(char: char) -> bool {
    matches!(char, '"' | '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{ab}' | '\u{bb}' | '\u{ff02}')
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
    let last = terms.last().map(|(term, ..)| term.text.clone());
    if !query.grams.is_empty() || terms.iter().any(|(term, ..)| !term.stop) {
        terms.retain(|(term, ..)| !term.stop);
    }
    let mut before: Option<(usize, u32)> = None;
    for (term, position, weight) in terms {
        let known = query.words.iter().position(|word| word.term == term.text);
        let number = match known {
            Some(number) => number,
            None if query.words.len() == MOST_WORDS => break,
            None => {
                query.words.push(Wanted { term: term.text.clone(), surface: term.surface, weight });
                query.words.len() - 1
            }
        };
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

/// The whole of a compound and its parts count together about as much as a word and a half.
fn compound_weight(whole: bool, terms: usize) -> f32 {
    match (whole, terms) {
        (_, 0 | 1) => 1.0,
        (true, _) => 0.75,
        (false, terms) => 0.75 / (terms - 1) as f32,
    }
}

/// Pairs of characters; a single one only where it stands alone.
fn wanted_grams(run: &str, grams: &mut BTreeSet<String>) {
    let mut single = None;
    let mut paired = false;
    each_gram(run, |gram, _| {
        if gram.chars().nth(1).is_some() {
            paired = true;
            grams.insert(gram.to_owned());
        } else {
            single = Some(gram.to_owned());
        }
    });
    if !paired {
        grams.extend(single);
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
        terms.extend(chosen.iter().map(|term| (term.text.clone(), position + term.position as u32)));
        position += positions;
    }
    if !terms.is_empty() {
        conditions.push(Condition::Phrase(terms));
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
            conditions.extend(word.terms.first().map(|term| Condition::Title(term.text.clone())));
        }
    });
    conditions.into_iter().take(MOST_WORDS).collect()
}

fn restrict(request: &Request, mut kinds: Vec<String>, query: &mut Query) {
    if !kinds.is_empty() {
        kinds.sort_unstable();
        query.required.push(Condition::Filter(kinds));
    }
    for (name, values) in &request.facets {
        for value in values {
            let value = if name == "kind" { singular(value) } else { value };
            query.required.push(Condition::Filter(vec![filter(name, value)]));
        }
    }
}
