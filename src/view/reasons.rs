//! Reasons to buy, counted from what customers say under `why`: the words that several of them use, with the sentence in
//! which each of them does.
//!
//! Words are the same by their stems. A reason is up to three words in a row of one sentence, with the small words between
//! them, so that "without internet" and "with internet" are two. What a customer says right after "not" is no reason. Longer
//! ones are preferred while most of those who say the shorter one say the longer one. A single word has to be said by more
//! customers, and under `why` at least as often as elsewhere: everybody's story has beds in it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use longhouse_search::{Stemmer, TextWord};

mod vague;

/// At most this many words make a reason.
const WORDS: usize = 3;

/// At most this many small words stand between two of them.
const BETWEEN: usize = 2;

/// A reason is given by at least this many customers.
const CUSTOMERS: usize = 2;

/// A single word, which may be chance, by at least this many.
const OF_ONE_WORD: usize = 3;

/// At most this many reasons are shown.
const REASONS: usize = 10;

/// A word with fewer letters is no reason by itself.
const LETTERS: usize = 4;

/// What turns a reason round, in the languages of the theme, lower-case and without accents.
const NEGATIONS: [&str; 27] = [
    "aucun", "gegen", "jamais", "kein", "keine", "keinen", "keiner", "never", "ni", "nicht", "nie", "no",
    "none", "nor", "not", "nothing", "nunca", "ohne", "pas", "plus", "sans", "sin", "tampoco", "without",
    "بدون", "لا", "ليس",
];

/// What one customer says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Said<'a> {
    /// Under `why`.
    pub(super) why: &'a str,
    /// In the rest of the story.
    pub(super) rest: &'a str,
    /// The language of the story.
    pub(super) language: &'a str,
}

/// A reason, with who gives it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reason {
    /// As most write it.
    pub(super) words: String,
    /// The sentences, each with the place of its story among those that were given.
    pub(super) quotes: Vec<(usize, String)>,
}

/// Where a reason is said.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    story: usize,
    sentence: Range<usize>,
    words: Range<usize>,
}

/// A reason before it is chosen.
#[derive(Debug)]
struct Candidate {
    /// The stems, the small words between them included.
    stems: Vec<String>,
    /// How many of them are no small words.
    length: usize,
    /// The first place in each story.
    places: Vec<Place>,
}

/// The reasons that several customers give, those of most first. `names` are words that say what is bought, which is no
/// reason to buy it.
#[must_use]
pub(super) fn reasons(all: &[Said<'_>], names: &[&str]) -> Vec<Reason> {
    let mut stemmers: BTreeMap<&str, Stemmer> = BTreeMap::new();
    let (mut empty, mut alone) = (BTreeSet::new(), BTreeSet::new());
    let mut found: BTreeMap<Vec<String>, Candidate> = BTreeMap::new();
    let mut elsewhere: BTreeMap<String, usize> = BTreeMap::new();
    let mut known: BTreeSet<String> = BTreeSet::new();
    for (story, said) in all.iter().enumerate() {
        let stemmer = stemmers.entry(said.language).or_insert_with(|| {
            let mut stemmer = Stemmer::new(said.language);
            known.extend(names.iter().flat_map(|name| stemmer.words(name)).map(|word| word.stem));
            empty.append(&mut vague::empty(&mut stemmer, said.language));
            alone.append(&mut vague::alone(&mut stemmer, said.language));
            stemmer
        });
        for sentence in sentences(said.why) {
            phrases(stemmer, said.why, &sentence, story, &mut found);
        }
        let rest: BTreeSet<String> = stemmer.words(said.rest).into_iter().map(|word| word.stem).collect();
        rest.into_iter().for_each(|stem| *elsewhere.entry(stem).or_default() += 1);
    }
    let is_reason = |it: &Candidate| {
        let ends = [it.stems.first(), it.stems.last()];
        let says_nothing = |stem: &String| empty.contains(stem) || known.contains(stem);
        if it.places.len() < CUSTOMERS || ends.into_iter().flatten().any(says_nothing) {
            return false;
        }
        let elsewhere = elsewhere.get(&it.stems[0]).copied().unwrap_or(0);
        let is_clear = || it.places.len() >= OF_ONE_WORD.max(elsewhere) && !alone.contains(&it.stems[0]);
        it.length > 1 || is_clear() && is_word(all, it)
    };
    let candidates: Vec<Candidate> = found.into_values().filter(is_reason).collect();
    let mut chosen = choose(candidates);
    chosen.sort_by(|a, b| {
        let order = |it: &Candidate| (Reverse(it.places.len()), Reverse(it.length), it.places[0].story);
        order(a).cmp(&order(b)).then_with(|| a.stems.cmp(&b.stems))
    });
    chosen.truncate(REASONS);
    chosen.iter().map(|candidate| reason(all, candidate)).collect()
}

/// Whether a single word can be a reason by its form.
fn is_word(all: &[Said<'_>], candidate: &Candidate) -> bool {
    let place = &candidate.places[0];
    let word = &all[place.story].why[place.words.clone()];
    word.chars().filter(|it| it.is_alphabetic()).count() >= LETTERS
        && !word.contains(|it: char| it.is_numeric())
}

fn is_negation(stem: &str) -> bool {
    NEGATIONS.contains(&stem)
}

/// The sentences of a text, as ranges of it. A block is one at least.
fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut end = |start: &mut usize, at: usize| {
        let sentence = &text[*start..at];
        let blank = sentence.len() - sentence.trim_start().len();
        if !sentence.trim().is_empty() {
            sentences.push(*start + blank..*start + sentence.trim_end().len());
        }
        *start = at;
    };
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let after = at + character.len_utf8();
        let next = characters.peek().map(|(_, next)| *next);
        let is_end = match character {
            '\n' => true,
            '。' | '؟' => true,
            // "Approx. 30 %" goes on, and so does what begins with a small letter.
            '.' | '!' | '?' => {
                let follows = text[after..].trim_start_matches(['"', '”', '»', ')', '*']);
                next.is_none_or(|next| !next.is_alphanumeric())
                    && follows
                        .trim_start()
                        .chars()
                        .next()
                        .is_none_or(|it| !it.is_lowercase() && !it.is_numeric())
            }
            _ => false,
        };
        if is_end {
            end(&mut start, after);
        }
    }
    end(&mut start, text.len());
    sentences
}

/// Every phrase of a sentence that could be a reason.
fn phrases(
    stemmer: &mut Stemmer,
    text: &str,
    sentence: &Range<usize>,
    story: usize,
    found: &mut BTreeMap<Vec<String>, Candidate>,
) {
    let said = &text[sentence.clone()];
    let words = stemmer.words(said);
    let is_small = |word: &TextWord| word.is_stop && !is_negation(&word.stem);
    // Whether a sign stands before the word that parts it from the one before.
    let is_apart = |at: usize| {
        at == 0
            || said[words[at - 1].range.end..words[at].range.start]
                .contains(|it: char| !it.is_whitespace() && it != '-')
    };
    for first in (0..words.len()).filter(|at| !is_small(&words[*at])) {
        let before = first.saturating_sub(BETWEEN)..first;
        let is_turned =
            before.rev().take_while(|at| !is_apart(*at + 1)).any(|at| is_negation(&words[at].stem));
        if is_turned {
            continue;
        }
        let (mut length, mut between) = (0, 0);
        for last in first..words.len() {
            if last > first && is_apart(last) {
                break;
            }
            if is_small(&words[last]) {
                between += 1;
                if between > BETWEEN {
                    break;
                }
                continue;
            }
            (length, between) = (length + 1, 0);
            // "Not" is neither a reason nor the end of one.
            if is_negation(&words[last].stem) {
                continue;
            }
            if length > WORDS {
                break;
            }
            let stems: Vec<String> = words[first..=last].iter().map(|word| word.stem.clone()).collect();
            let start = sentence.start;
            let place = Place {
                story,
                sentence: sentence.clone(),
                words: start + words[first].range.start..start + words[last].range.end,
            };
            let candidate =
                found.entry(stems.clone()).or_insert_with(|| Candidate { stems, length, places: Vec::new() });
            if candidate.places.last().is_none_or(|last| last.story != story) {
                candidate.places.push(place);
            }
        }
    }
}

/// Of reasons that are part of one another the longer ones, unless most customers say only the shorter one. Where half of
/// them say either, the longer one says more.
fn choose(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    candidates.sort_by(|a, b| (Reverse(a.length), &a.stems).cmp(&(Reverse(b.length), &b.stems)));
    let mut chosen: Vec<Candidate> = Vec::new();
    // A longer one that gave way still stands for its other parts.
    let mut is_shown: Vec<bool> = Vec::new();
    for candidate in candidates {
        let is_part = |it: &Candidate| {
            it.length > candidate.length
                && it.stems.windows(candidate.stems.len()).any(|part| part == candidate.stems)
        };
        let longer: Vec<usize> = (0..chosen.len()).filter(|at| is_part(&chosen[*at])).collect();
        let said: BTreeSet<usize> =
            longer.iter().flat_map(|at| chosen[*at].places.iter().map(|place| place.story)).collect();
        if said.len() * 2 >= candidate.places.len() {
            continue;
        }
        longer.into_iter().for_each(|at| is_shown[at] = false);
        chosen.push(candidate);
        is_shown.push(true);
    }
    chosen
        .into_iter()
        .zip(is_shown)
        .filter(|(_, is_shown)| *is_shown)
        .map(|(candidate, _)| candidate)
        .collect()
}

/// A reason as most write it; of ways that are equally frequent the one of the newest story.
fn reason(all: &[Said<'_>], candidate: &Candidate) -> Reason {
    let words = |place: &Place| &all[place.story].why[place.words.clone()];
    let mut ways: BTreeMap<String, (usize, Reverse<usize>, &str)> = BTreeMap::new();
    for (at, place) in candidate.places.iter().enumerate() {
        let way = ways.entry(words(place).to_lowercase()).or_insert((0, Reverse(at), words(place)));
        way.0 += 1;
    }
    let best = ways.values().max().map_or("", |(_, _, words)| *words);
    let quote = |place: &Place| (place.story, all[place.story].why[place.sentence.clone()].to_string());
    Reason {
        words: best.split_whitespace().collect::<Vec<_>>().join(" "),
        quotes: candidate.places.iter().map(quote).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(all: &[&str]) -> Vec<(String, usize)> {
        let said: Vec<Said<'_>> = all.iter().map(|why| Said { why, rest: "", language: "en" }).collect();
        reasons(&said, &["Kiln"]).into_iter().map(|it| (it.words, it.quotes.len())).collect()
    }

    #[test]
    fn the_same_wording_counts_once_for_each_customer() {
        assert_eq!(
            of(&[
                "Because they answer the telephone. They answer the telephone!",
                "Nobody else answers the telephone on Sundays.",
                "The kiln was cheap.",
            ]),
            [("answer the telephone".to_string(), 2)]
        );
    }

    #[test]
    fn a_longer_reason_stands_for_its_parts_while_most_say_it() {
        let all = [
            "It keeps its curve.",
            "It keeps its curve.",
            "The curve is what we needed.",
            "A curve!",
            "What a curve.",
        ];
        assert_eq!(of(&all), [("curve".to_string(), 5)]);
        assert_eq!(of(&all[..3]), [("keeps its curve".to_string(), 2)]);
    }

    #[test]
    fn what_is_denied_is_no_reason() {
        assert_eq!(of(&["It was not the cheapest.", "It was the cheapest."]), []);
        assert_eq!(
            of(&["It works without internet.", "Works without internet, too."]),
            [("works without internet".to_string(), 2)]
        );
        assert_eq!(of(&["It works with internet.", "It works without internet."]), []);
    }

    #[test]
    fn signs_part_reasons_and_names_are_none() {
        let one = |word: &str| (word.to_string(), 3);
        assert_eq!(of(&["Plans, curves.", "Plans curves.", "Plans; curves"]), [one("curves"), one("Plans")]);
        assert_eq!(of(&["The kiln.", "A kiln.", "Kiln."]), []);
        assert_eq!(of(&["We bought it.", "We bought it.", "Bought."]), []);
        assert_eq!(of(&["Three makers.", "Three makers."]), [], "it begins with what says nothing");
    }

    #[test]
    fn a_word_that_everybody_uses_everywhere_is_no_reason() {
        let said = |why: &'static str, rest: &'static str| Said { why, rest, language: "en" };
        let beds = ["The beds.", "Our beds.", "Beds."].map(|why| said(why, "A bed."));
        let quiet = ["It is quiet.", "So quiet.", "Quiet."].map(|why| said(why, "Beds."));
        let all: Vec<Said<'_>> = beds.into_iter().chain(quiet).collect();
        let words: Vec<String> = reasons(&all, &[]).into_iter().map(|it| it.words).collect();
        assert_eq!(words, ["quiet"]);
    }

    #[test]
    fn sentences_end_where_they_end() {
        let text = "About 30 sq. m of it. Is it? Yes!\nApprox. 4.2 kg";
        let found: Vec<&str> = sentences(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, ["About 30 sq. m of it.", "Is it?", "Yes!", "Approx. 4.2 kg"]);
    }
}
