//! The passage of a page that answers, with the words of the query marked in it.
//!
//! Whole texts are not stored: of each passage the beginning, and of the rest a fingerprint, from which can
//! be told which words stand there. So the answer that fits best is found even where its words are further
//! down than what can be shown. The result is plain text and ranges; it was never HTML and must be escaped
//! wherever it becomes some.

#[cfg(feature = "write")]
mod keep;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use crate::rank::Ranking;
use crate::tokenizer::{Analyzer, Run, each_gram, fold_hash};
#[cfg(feature = "write")]
pub(crate) use keep::{allowance, beginning, fingerprint};

/// A snippet is about as long, in characters.
const SNIPPET: usize = 240;

/// The page's own text counts a little less than an answer, which does not just repeat the question.
const OWN_TEXT: f32 = 0.9;

/// An accepted answer counts a little more.
const ACCEPTED: f32 = 1.1;

/// What is kept of a passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kept<'a> {
    pub(crate) anchor: &'a str,
    pub(crate) excerpt: Cow<'a, str>,
    /// The fingerprint of what follows the excerpt: sorted hashes, two bytes each.
    pub(crate) rest: Cow<'a, [u8]>,
    pub(crate) accepted: bool,
    /// Its place among those of the page.
    pub(crate) number: usize,
}

/// What is shown of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shown<'a> {
    pub(crate) anchor: &'a str,
    /// The place of the passage among those of the page.
    pub(crate) number: usize,
    pub(crate) text: String,
    pub(crate) marks: Vec<[usize; 2]>,
}

/// Chooses what to show of a page.
pub(crate) fn choose<'a>(
    title: &str,
    passages: &'a [Kept<'a>],
    ranking: &Ranking,
    analyzer: &mut Analyzer,
) -> Shown<'a> {
    let in_title: BTreeSet<Box<str>> =
        found(title, ranking, analyzer).into_iter().map(|found| found.term).collect();
    let only_in_title = ranking.terms.keys().chain(ranking.grams.keys()).all(|term| in_title.contains(term));
    let mut best: Option<(f32, &Kept<'_>, Vec<Found>)> = None;
    for passage in passages {
        let words = found(&passage.excerpt, ranking, analyzer);
        let mut worth: f32 = distinct(&words);
        let shown: BTreeSet<&str> = words.iter().map(|found| &*found.term).collect();
        for (term, weight) in &ranking.terms {
            if !shown.contains(&**term) && in_fingerprint(&passage.rest, term) {
                worth += weight;
            }
        }
        worth *= if passage.anchor.is_empty() { OWN_TEXT } else { 1.0 };
        worth *= if passage.accepted { ACCEPTED } else { 1.0 };
        if best.as_ref().is_none_or(|(most, ..)| worth > *most) {
            best = Some((worth, passage, words));
        }
    }
    let Some((worth, passage, words)) = best else {
        return Shown { anchor: "", number: 0, text: String::new(), marks: Vec::new() };
    };
    // What is not in the title must stand further down, if there is anything further down.
    let alone = passages.len() == 1 && !only_in_title && passage.excerpt.ends_with('…');
    let anchor = if worth > 0.0 || alone { passage.anchor } else { "" };
    let (text, marks) = cut(&passage.excerpt, &words);
    Shown { anchor, number: passage.number, text, marks }
}

/// A word of the query in a text.
#[derive(Debug, Clone, PartialEq)]
struct Found {
    term: Box<str>,
    worth: f32,
    /// Where it stands, in bytes.
    range: Range<usize>,
}

/// The words of the query in a text, by stem, in order.
fn found(text: &str, ranking: &Ranking, analyzer: &mut Analyzer) -> Vec<Found> {
    let mut all = Vec::new();
    analyzer.each(text, |run| match run {
        Run::Word(word, start) => {
            for term in &word.terms {
                if let Some(worth) = ranking.terms.get(&term.text) {
                    let range = start + term.range.start..start + term.range.end;
                    all.push(Found { term: term.text.clone(), worth: *worth, range });
                }
            }
        }
        Run::Grams(run) => each_gram(&text[run.clone()], |gram, range| {
            if let Some(worth) = ranking.grams.get(gram) {
                let range = run.start + range.start..run.start + range.end;
                all.push(Found { term: gram.into(), worth: *worth, range });
            }
        }),
    });
    all
}

/// What different words are worth together.
fn distinct(words: &[Found]) -> f32 {
    let mut counted = BTreeSet::new();
    words.iter().filter(|found| counted.insert(&*found.term)).map(|found| found.worth).sum()
}

/// The part of an excerpt that holds most of the words, and the marks in it.
fn cut(excerpt: &str, words: &[Found]) -> (String, Vec<[usize; 2]>) {
    let window = window(excerpt, words);
    let mut text = String::new();
    if window.start > 0 {
        text.push_str("… ");
    }
    let lead = text.chars().count();
    text.push_str(excerpt[window.clone()].trim_end());
    if window.end < excerpt.len() && !text.ends_with('…') {
        text.push_str(" …");
    }
    // Marks are counted in characters, in one walk over the text.
    let mut ranges: Vec<Range<usize>> = words
        .iter()
        .map(|found| found.range.clone())
        .filter(|range| window.start <= range.start && range.end <= window.end)
        .collect();
    ranges.sort_unstable_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
    let mut marks: Vec<[usize; 2]> = Vec::new();
    let mut chars =
        excerpt[window.clone()].char_indices().map(|(at, _)| window.start + at).enumerate().peekable();
    let mut number_at = |byte: usize| {
        while chars.next_if(|(_, at)| *at < byte).is_some() {}
        chars.peek().map(|(number, _)| *number)
    };
    let mut end_byte = 0;
    let total = excerpt[window.clone()].chars().count();
    for range in ranges {
        if range.end <= end_byte {
            continue;
        }
        let overlaps = range.start < end_byte;
        let start = if overlaps { None } else { number_at(range.start) };
        let end = number_at(range.end).unwrap_or(total) + lead;
        match (start, marks.last_mut()) {
            (None, Some(last)) => last[1] = end,
            (start, _) => marks.push([start.unwrap_or(total) + lead, end]),
        }
        end_byte = range.end;
    }
    (text, marks)
}

/// The bytes of an excerpt that are worth showing.
fn window(excerpt: &str, words: &[Found]) -> Range<usize> {
    let length = excerpt.chars().count();
    if length <= SNIPPET {
        return 0..excerpt.len();
    }
    // It may begin with a sentence, or a few words before a word of the query.
    let mut starts: Vec<usize> = vec![0];
    let mut before = ' ';
    for (at, char) in excerpt.char_indices() {
        let is_begun = before == ' ' && excerpt[..at].trim_end().ends_with(['.', '!', '?', ':', ';']);
        // Chinese and Japanese have no spaces between sentences.
        if is_begun || matches!(before, '。' | '！' | '？') {
            starts.push(at);
        }
        before = char;
    }
    starts.extend(words.iter().map(|found| {
        let earlier: Vec<usize> =
            excerpt[..found.range.start].char_indices().rev().take(60).map(|(at, _)| at).collect();
        let from = earlier.last().copied().unwrap_or(found.range.start);
        excerpt[from..found.range.start].find(' ').map_or(found.range.start, |space| from + space + 1)
    }));
    let end_of = |start: usize| {
        let Some((end, _)) = excerpt[start..].char_indices().nth(SNIPPET) else { return excerpt.len() };
        let end = start + end;
        // Where there are hardly any spaces they are not where words end.
        let space = excerpt[start..end].rfind(' ').filter(|space| *space > (end - start) / 2);
        space.map_or(end, |space| start + space)
    };
    let worth = |range: &Range<usize>| {
        let inside: Vec<Found> = words
            .iter()
            .filter(|found| range.start <= found.range.start && found.range.end <= range.end)
            .cloned()
            .collect();
        distinct(&inside)
    };
    let mut best = 0..end_of(0);
    let mut most = worth(&best);
    for start in starts {
        let range = start..end_of(start);
        let worth = worth(&range);
        if worth > most * 1.001 {
            (best, most) = (range, worth);
        }
    }
    best
}

fn in_fingerprint(fingerprint: &[u8], term: &str) -> bool {
    let (pairs, _) = fingerprint.as_chunks::<2>();
    pairs.binary_search(&fold_hash(term).to_be_bytes()).is_ok()
}
