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

/// At most this many bytes of what somebody says under `why` count.
const WHY: usize = 2_000;

/// At most this many bytes of the rest of a story tell which words are said elsewhere.
const REST: usize = 8_000;

/// A word with fewer letters is no reason by itself.
const LETTERS: usize = 4;

/// What turns a reason round, in the languages of the theme, lower-case and without accents.
const NEGATIONS: [&str; 27] = [
    "aucun", "gegen", "jamais", "kein", "keine", "keinen", "keiner", "never", "ni", "nicht", "nie", "no",
    "none", "nor", "not", "nothing", "nunca", "ohne", "pas", "plus", "sans", "sin", "tampoco", "without",
    "بدون", "لا", "ليس",
];

/// What a customer says in one story.
#[derive(Debug, Clone, Copy)]
pub(super) struct Said<'a> {
    /// The number of the customer, whose stories come one after the other.
    pub(super) customer: usize,
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
    customer: usize,
    sentence: Range<usize>,
    words: Range<usize>,
}

/// A word of a sentence.
#[derive(Debug)]
struct Token {
    /// The number of its stem.
    stem: usize,
    range: Range<usize>,
    is_small: bool,
    /// Whether a sign stands before it that parts it from the word before.
    is_apart: bool,
}

/// A sentence under `why`.
#[derive(Debug)]
struct Sentence {
    story: usize,
    customer: usize,
    range: Range<usize>,
    tokens: Vec<Token>,
}

/// What is known of a stem.
#[derive(Debug, Default, Clone)]
struct Stem {
    text: String,
    is_negation: bool,
    /// By how many customers it stands under `why`, and the last of them.
    why: (usize, Option<usize>),
    /// In how many stories it stands elsewhere.
    rest: usize,
    /// A reason can neither be it nor begin or end with it.
    is_empty: bool,
    /// It is no reason by itself.
    is_vague: bool,
}

/// The stems of all stories, by number.
#[derive(Debug, Default)]
struct Stems {
    numbers: BTreeMap<String, usize>,
    all: Vec<Stem>,
}

/// A reason before it is chosen.
#[derive(Debug)]
struct Candidate {
    /// The stems, the small words between them included.
    stems: Vec<usize>,
    /// How many of them are no small words.
    length: usize,
    /// The first place of each customer.
    places: Vec<Place>,
}

/// The reasons that several customers give, those of most first. `names` are words that say what is bought, which is no
/// reason to buy it.
#[must_use]
pub(super) fn reasons(all: &[Said<'_>], names: &[&str]) -> Vec<Reason> {
    let mut stems = Stems::default();
    let sentences = read(all, names, &mut stems);
    let mut found: BTreeMap<Vec<usize>, Candidate> = BTreeMap::new();
    sentences.iter().for_each(|sentence| phrases(sentence, &stems.all, &mut found));
    let is_reason = |it: &Candidate| {
        let ends = [it.stems.first(), it.stems.last()];
        if it.places.len() < CUSTOMERS || ends.into_iter().flatten().any(|stem| stems.all[*stem].is_empty) {
            return false;
        }
        let first = &stems.all[it.stems[0]];
        let is_clear = || it.places.len() >= OF_ONE_WORD.max(first.rest) && !first.is_vague;
        it.length > 1 || is_clear() && is_word(all, it)
    };
    let candidates: Vec<Candidate> = found.into_values().filter(is_reason).collect();
    let mut chosen = choose(candidates);
    let texts =
        |it: &Candidate| it.stems.iter().map(|stem| stems.all[*stem].text.as_str()).collect::<Vec<_>>();
    chosen.sort_by_cached_key(|it| {
        (Reverse(it.places.len()), Reverse(it.length), it.places[0].story, texts(it).join(" "))
    });
    chosen.truncate(REASONS);
    chosen.iter().map(|candidate| reason(all, candidate)).collect()
}

/// Reads the words of all stories.
fn read(all: &[Said<'_>], names: &[&str], stems: &mut Stems) -> Vec<Sentence> {
    let mut stemmers: BTreeMap<&str, Stemmer> = BTreeMap::new();
    let mut sentences = Vec::new();
    for (story, said) in all.iter().enumerate() {
        let stemmer = stemmers.entry(said.language).or_insert_with(|| {
            let mut stemmer = Stemmer::new(said.language);
            let known =
                names.iter().flat_map(|name| stemmer.words(name)).map(|word| word.stem).collect::<Vec<_>>();
            for stem in vague::empty(&mut stemmer, said.language).into_iter().chain(known) {
                let stem = stems.number(stem);
                stems.all[stem].is_empty = true;
            }
            for stem in vague::alone(&mut stemmer, said.language) {
                let stem = stems.number(stem);
                stems.all[stem].is_vague = true;
            }
            stemmer
        });
        let why = beginning(said.why, WHY);
        for range in self::sentences(why) {
            let tokens = tokens(stemmer, &why[range.clone()], range.start, stems);
            for token in &tokens {
                let (count, last) = &mut stems.all[token.stem].why;
                if *last != Some(said.customer) {
                    (*count, *last) = (*count + 1, Some(said.customer));
                }
            }
            sentences.push(Sentence { story, customer: said.customer, range, tokens });
        }
        let rest: BTreeSet<String> =
            stemmer.words(beginning(said.rest, REST)).into_iter().map(|word| word.stem).collect();
        for stem in rest {
            if let Some(number) = stems.numbers.get(&stem) {
                stems.all[*number].rest += 1;
            }
        }
    }
    sentences
}

/// The words of a sentence that begins at a byte of its text.
fn tokens(stemmer: &mut Stemmer, said: &str, start: usize, stems: &mut Stems) -> Vec<Token> {
    let words = stemmer.words(said);
    let is_apart = |at: usize| {
        let between = &said[words[at - 1].range.end..words[at].range.start];
        between.contains(|it: char| !it.is_whitespace() && it != '-')
    };
    let apart: Vec<bool> = (0..words.len()).map(|at| at == 0 || is_apart(at)).collect();
    let token = |(word, is_apart): (TextWord, bool)| {
        let stem = stems.number(word.stem);
        Token {
            stem,
            range: start + word.range.start..start + word.range.end,
            is_small: word.is_stop && !stems.all[stem].is_negation,
            is_apart,
        }
    };
    words.into_iter().zip(apart).map(token).collect()
}

impl Stems {
    /// The number of a stem.
    fn number(&mut self, stem: String) -> usize {
        if let Some(number) = self.numbers.get(&stem) {
            return *number;
        }
        let is_negation = NEGATIONS.contains(&stem.as_str());
        self.all.push(Stem { text: stem.clone(), is_negation, ..Stem::default() });
        self.numbers.insert(stem, self.all.len() - 1);
        self.all.len() - 1
    }
}

/// The beginning of a text, in at most so many bytes.
fn beginning(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

/// Whether a single word can be a reason by its form.
fn is_word(all: &[Said<'_>], candidate: &Candidate) -> bool {
    let place = &candidate.places[0];
    let word = &all[place.story].why[place.words.clone()];
    word.chars().filter(|it| it.is_alphabetic()).count() >= LETTERS
        && !word.contains(|it: char| it.is_numeric())
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

/// Every phrase of a sentence that several customers may say: none of its words is said by one alone.
fn phrases(sentence: &Sentence, stems: &[Stem], found: &mut BTreeMap<Vec<usize>, Candidate>) {
    let tokens = &sentence.tokens;
    let is_shared = |token: &Token| stems[token.stem].why.0 >= CUSTOMERS;
    for first in (0..tokens.len()).filter(|at| !tokens[*at].is_small) {
        let before = (first.saturating_sub(BETWEEN)..first).rev();
        let is_turned =
            before.take_while(|at| !tokens[*at + 1].is_apart).any(|at| stems[tokens[at].stem].is_negation);
        if is_turned {
            continue;
        }
        let (mut length, mut between) = (0, 0);
        for last in first..tokens.len() {
            let token = &tokens[last];
            if last > first && token.is_apart || !is_shared(token) {
                break;
            }
            if token.is_small {
                between += 1;
                if between > BETWEEN {
                    break;
                }
                continue;
            }
            (length, between) = (length + 1, 0);
            if length > WORDS {
                break;
            }
            // "Not" is neither a reason nor the end of one.
            if stems[token.stem].is_negation {
                continue;
            }
            let key: Vec<usize> = tokens[first..=last].iter().map(|token| token.stem).collect();
            let candidate = found.entry(key).or_insert_with_key(|key| Candidate {
                stems: key.clone(),
                length,
                places: Vec::new(),
            });
            if candidate.places.last().is_none_or(|last| last.customer != sentence.customer) {
                candidate.places.push(Place {
                    story: sentence.story,
                    customer: sentence.customer,
                    sentence: sentence.range.clone(),
                    words: tokens[first].range.start..token.range.end,
                });
            }
        }
    }
}

/// Of reasons that are part of one another the longer ones, unless most customers say only the shorter one. Where half of
/// them say either, the longer one says more.
fn choose(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    candidates.sort_by(|a, b| (Reverse(a.length), &a.stems).cmp(&(Reverse(b.length), &b.stems)));
    let mut is_shown = vec![false; candidates.len()];
    // Those that were chosen, by each of their parts. One that gave way still stands for its other parts.
    let mut with: BTreeMap<Vec<usize>, Vec<usize>> = BTreeMap::new();
    for (at, candidate) in candidates.iter().enumerate() {
        let longer = with.get(&candidate.stems).map_or(&[][..], Vec::as_slice);
        let said: BTreeSet<usize> =
            longer.iter().flat_map(|at| candidates[*at].places.iter().map(|place| place.story)).collect();
        if said.len() * 2 >= candidate.places.len() {
            continue;
        }
        longer.iter().for_each(|at| is_shown[*at] = false);
        is_shown[at] = true;
        let stems = &candidate.stems;
        let parts: BTreeSet<&[usize]> = (1..stems.len()).flat_map(|length| stems.windows(length)).collect();
        parts.into_iter().for_each(|part| with.entry(part.to_vec()).or_default().push(at));
    }
    candidates
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

    fn of(all: &[&'static str]) -> Vec<(String, usize)> {
        let said = |(customer, why): (usize, &&'static str)| Said { customer, why, rest: "", language: "en" };
        let said: Vec<Said<'_>> = all.iter().enumerate().map(said).collect();
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
        let said = |(customer, (why, rest)): (usize, (&'static str, &'static str))| Said {
            customer,
            why,
            rest,
            language: "en",
        };
        let beds = ["The beds.", "Our beds.", "Beds."].map(|why| (why, "A bed."));
        let quiet = ["It is quiet.", "So quiet.", "Quiet."].map(|why| (why, "Beds."));
        let mut all: Vec<Said<'_>> = beds.into_iter().chain(quiet).enumerate().map(said).collect();
        let words =
            |all: &[Said<'_>]| -> Vec<String> { reasons(all, &[]).into_iter().map(|it| it.words).collect() };
        assert_eq!(words(&all), ["quiet"]);
        all.iter_mut().for_each(|said| said.customer = 0);
        assert_eq!(words(&all), [""; 0], "one customer with six stories is one customer");
    }

    #[test]
    fn sentences_end_where_they_end() {
        let text = "About 30 sq. m of it. Is it? Yes!\nApprox. 4.2 kg";
        let found: Vec<&str> = sentences(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, ["About 30 sq. m of it.", "Is it?", "Yes!", "Approx. 4.2 kg"]);
    }
}
