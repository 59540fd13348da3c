//! What else may be meant by the words of a query, seen from the words that the site has.
//!
//! - Neighbours that the site writes as one word: `log in`, `base 64`, `corona virus`.
//! - A word that nobody has written, cut in two where the site writes the parts side by side: `hostname`, `python3`. One
//!   that the site writes in both ways is found in both: `login`.
//! - Other names of the same: `k8s` and `kubernetes`, and what the site says of its tags.
//! - Numbers of versions: `7.3` finds 7.3.1, and `4.2.0` finds 4.2.
//!
//! Each of these is looked up in the dictionary before it is added, and all that a first look asks for is near the
//! words themselves there: in a browser it costs hardly anything, and no further round.

use crate::query::synonyms::{Spelling, Synonyms};
use crate::query::{MOST_WORDS, Query, Wanted};
use crate::rank::{Lookup, MOST_POSITIONS};
use crate::schema::filter;
use crate::tokenizer::{Analyzer, Run};

/// At most this many neighbours are looked up as one word.
const MOST_JOINS: usize = 24;

/// At most this many words that nobody has written are cut in two.
const MOST_SPLITS: usize = 4;

/// Longer words are not cut in two.
const LONGEST_SPLIT: usize = 32;

/// Of this many words it is asked whether the site writes them apart too, if they have at least so many letters.
const MOST_APART: usize = 12;
const SHORTEST_APART: usize = 4;

/// Words that end in one of these are often a verb and its particle: `login`, `setup`, `checkout`.
const PARTICLES: [&str; 8] = ["in", "on", "up", "out", "off", "down", "over", "back"];

/// At most this many longer numbers are looked for beside one.
const MOST_VERSIONS: usize = 8;

/// What a longer number counts, such as 7.3.1 for 7.3; for one without a dot; what a shorter one counts, and one that
/// is the same without its zero.
const LONGER: f32 = 0.6;
const LONGER_THAN_WHOLE: f32 = 0.2;
const SHORTER: f32 = 0.4;
const WITHOUT_ZERO: f32 = 0.8;

/// Adds what else may be meant.
pub(crate) fn expand(query: &mut Query, synonyms: &Synonyms, lookup: &mut Lookup, analyzer: &mut Analyzer) {
    join(query, lookup, analyzer);
    rename(query, synonyms, lookup);
    split(query, lookup, analyzer);
    apart(query, lookup, analyzer);
    versions(query, lookup);
    in_titles(query);
}

/// What counts as a word of the question counts as it in titles too.
fn in_titles(query: &mut Query) {
    for word in &query.words {
        if let Some(in_title) = query.in_title.iter_mut().find(|it| it.term == word.term) {
            in_title.others.clone_from(&word.alike);
        }
    }
}

/// The exact values of tags that are meant by one: itself if a page has it, else the tag that the site calls so too,
/// else those of which it is another form, such as its singular; and while it is being typed, those that begin so.
pub(crate) fn tags(
    tag: &str,
    is_open: bool,
    synonyms: &Synonyms,
    lookup: &mut Lookup,
    analyzer: &mut Analyzer,
) -> Vec<String> {
    let exact = filter("tag", tag);
    if lookup.has_filter(&exact) != Some(false) {
        return vec![exact];
    }
    let wanted = terms(tag, analyzer);
    let Some(first) = wanted.first() else { return vec![exact] };
    let spellings = synonyms.beginning_with(first).filter(|spelling| spelling.terms == wanted);
    let others = spellings.flat_map(|spelling| synonyms.others(spelling));
    let mut meant: Vec<Vec<Box<str>>> = others.map(|other| other.terms.clone()).collect();
    meant.push(wanted);
    let mut values: Vec<String> = lookup
        .filters(&filter("tag", ""))
        .into_iter()
        .filter(|value| meant.contains(&terms(value.split_once(':').map_or("", |(_, tag)| tag), analyzer)))
        .map(String::from)
        .collect();
    if values.is_empty() && is_open {
        values = lookup.filters(&exact).into_iter().map(String::from).collect();
    }
    if values.is_empty() {
        values.push(exact);
    }
    values
}

/// Neighbouring words that the site writes as one. The first must mean something: `log in`, but not `the me`.
fn join(query: &mut Query, lookup: &mut Lookup, analyzer: &mut Analyzer) {
    let typed: Vec<usize> = (0..query.typed.len()).filter(|&number| !query.typed[number].whole).collect();
    let mut looked_up = 0;
    for pair in typed.windows(2) {
        let (first, second) = (&query.typed[pair[0]], &query.typed[pair[1]]);
        let Some(word) = first.word else { continue };
        let numbers = [first, second].map(|typed| typed.surface.bytes().all(|byte| byte.is_ascii_digit()));
        if second.position != first.position + 1 || numbers == [true, true] || looked_up == MOST_JOINS {
            continue;
        }
        let words = [Some(word), second.word];
        let Some(joined) = one_term(&format!("{}{}", first.surface, second.surface), analyzer) else {
            continue;
        };
        looked_up += 1;
        if lookup.has(&joined.term) == Some(true) {
            for word in words.into_iter().flatten() {
                query.words[word].is_also(&joined.term);
            }
        }
    }
}

/// Other names of the same.
fn rename(query: &mut Query, synonyms: &Synonyms, lookup: &mut Lookup) {
    let mut spelt_out: Vec<(usize, Spelling)> = Vec::new();
    for start in 0..query.typed.len() {
        let spellings = synonyms.beginning_with(&query.typed[start].term);
        for spelling in spellings {
            let Some(words) = query.stands_at(start, spelling) else { continue };
            let mut known = spelling.terms.len() > 1 || lookup.has(&spelling.terms[0]) != Some(false);
            for ambiguous in [false, true] {
                for other in synonyms.others(spelling).filter(|other| other.ambiguous == ambiguous) {
                    let [term] = &other.terms[..] else { continue };
                    if !(ambiguous && known) && lookup.has(term) == Some(true) {
                        words.iter().for_each(|&word| query.words[word].is_also(term));
                        known |= !ambiguous;
                    }
                }
            }
            let [word] = words[..] else { continue };
            let longer = synonyms.others(spelling).filter(|other| other.terms.len() > 1);
            let mut longer = longer.filter(|_| !known && query.words[word].alike.is_empty());
            let stands = longer.find(|other| other.terms.iter().all(|term| lookup.has(term) == Some(true)));
            spelt_out.extend(stands.map(|other| (word, other.clone())));
        }
    }
    for (word, spelling) in spelt_out {
        let parts = spelling.terms.into_iter().zip(spelling.surfaces);
        query.replace(word, parts.map(|(term, surface)| Part { term, surface, stop: false }).collect());
    }
}

/// Words that nobody has written, cut in two.
fn split(query: &mut Query, lookup: &mut Lookup, analyzer: &mut Analyzer) {
    let mut tried = 0;
    for number in 0..query.words.len() {
        let word = &query.words[number];
        let (surface, length) = (word.surface.clone(), word.surface.chars().count());
        let is_open =
            !word.alike.is_empty() || !(2..=LONGEST_SPLIT).contains(&length) || tried == MOST_SPLITS;
        if is_open || lookup.has(&word.term) != Some(false) {
            continue;
        }
        // What is being typed may become another word.
        if query.unfinished == Some(number) && !lookup.beginning_with(&surface).is_empty() {
            continue;
        }
        tried += 1;
        if let Some(parts) = halves(&surface, lookup, analyzer, usize::MAX) {
            query.replace(number, parts.into());
        }
    }
}

/// Words that the site writes apart too. Where that costs much to find out, only those are looked at that end as such words
/// often do.
fn apart(query: &mut Query, lookup: &mut Lookup, analyzer: &mut Analyzer) {
    for word in query.words.iter_mut().take(MOST_APART) {
        let is_word = word.surface.chars().all(char::is_alphabetic)
            && (SHORTEST_APART..=LONGEST_SPLIT).contains(&word.surface.chars().count());
        let is_likely = || lookup.is_small() || PARTICLES.iter().any(|end| word.surface.ends_with(end));
        if !is_word || !is_likely() || lookup.has(&word.term) == Some(false) {
            continue;
        }
        if let Some([first, second]) = halves(&word.surface, lookup, analyzer, MOST_POSITIONS) {
            word.apart.push([first.term, second.term]);
        }
    }
}

/// The two words that one was written together from: letters and digits, or two words that stand side by side on a page,
/// unless it takes more bytes than `most` of positions to find out.
fn halves(surface: &str, lookup: &mut Lookup, analyzer: &mut Analyzer, most: usize) -> Option<[Part; 2]> {
    let is_digit = |char: char| char.is_ascii_digit();
    let turn = surface.char_indices().zip(surface.chars().skip(1)).find_map(|((at, before), after)| {
        (is_digit(before) != is_digit(after)).then_some(at + before.len_utf8())
    });
    if let Some(turn) = turn {
        let (left, right) = surface.split_at(turn);
        let parts = [one_term(left, analyzer)?, one_term(right, analyzer)?];
        let known = parts.each_ref().map(|part| lookup.has(&part.term) == Some(true));
        return (known == [true, true]).then_some(parts);
    }
    if !surface.chars().all(char::is_alphabetic) {
        return None;
    }
    // All are asked for before any is judged.
    let cuts: Vec<usize> = surface.char_indices().map(|(at, _)| at).skip(3).collect();
    let mut found = Vec::new();
    for cut in cuts {
        let (left, right) = surface.split_at(cut);
        let count = right.chars().count();
        let (Some(left), Some(right)) = (one_term(left, analyzer), one_term(right, analyzer)) else {
            continue;
        };
        let is_word = count > 2 || right.stop || PARTICLES.contains(&&*right.surface);
        if count > 1 && is_word && !left.stop && lookup.has(&left.term) == Some(true) {
            found.push((left, right));
        }
    }
    let mut known = Vec::new();
    for (left, right) in found {
        if lookup.has(&right.term) == Some(true) {
            known.push([left, right]);
        }
    }
    let mut stand = Vec::new();
    for parts in known {
        if lookup.side_by_side(&parts[0].term, &parts[1].term, most) == Some(true) {
            stand.push(parts);
        }
    }
    // Of several the one whose shorter part is the longest.
    let shorter =
        |parts: &[Part; 2]| parts.each_ref().map(|part| part.surface.chars().count()).into_iter().min();
    stand.into_iter().rev().max_by_key(shorter)
}

/// Numbers of versions that are longer than one of the query, or shorter.
fn versions(query: &mut Query, lookup: &mut Lookup) {
    for number in 0..query.words.len() {
        let version = query.words[number].surface.clone();
        let is_version = version.contains(|char: char| char.is_ascii_digit())
            && version.ends_with(|char: char| char.is_ascii_digit())
            && (version.contains('.') || version.bytes().all(|byte| byte.is_ascii_digit()));
        if !is_version {
            continue;
        }
        let has_dot = version.contains('.');
        let joints: &[char] = if has_dot { &['.', '-'] } else { &['.'] };
        let mut longer = Vec::new();
        for joint in joints {
            longer.extend(lookup.beginning_with(&format!("{version}{joint}")));
        }
        longer.truncate(MOST_VERSIONS);
        let near = &mut query.words[number].near;
        if !longer.is_empty() {
            near.push((longer, if has_dot { LONGER } else { LONGER_THAN_WHOLE }));
        }
        if let Some((shorter, last)) = version.rsplit_once('.') {
            let is_zero = last.bytes().all(|byte| byte == b'0');
            if is_zero || shorter.contains('.') {
                near.push((vec![shorter.into()], if is_zero { WITHOUT_ZERO } else { SHORTER }));
            }
        }
    }
}

/// A word as the index has it.
pub(super) struct Part {
    term: Box<str>,
    surface: Box<str>,
    stop: bool,
}

impl Query {
    /// The numbers of the words with which a spelling stands at a place of what was typed.
    fn stands_at(&self, start: usize, spelling: &Spelling) -> Option<Vec<usize>> {
        let mut words = Vec::new();
        let mut place = start;
        for (number, term) in spelling.terms.iter().enumerate() {
            if number > 0 {
                place += 1;
                while self.typed.get(place)?.whole {
                    place += 1;
                }
                if self.typed[place].position > self.typed[start].position + number as u32 {
                    return None;
                }
            }
            if self.typed[place].term != *term
                || number == 0 && spelling.terms.len() > 1 && self.typed[place].whole
            {
                return None;
            }
            words.extend(self.typed[place].word);
        }
        (!words.is_empty()).then_some(words)
    }

    /// Puts other words into the place of one, the first of which takes over its number.
    fn replace(&mut self, number: usize, parts: Vec<Part>) {
        let weight = self.words[number].weight;
        let mut before = None;
        for part in parts.into_iter().filter(|part| !part.stop) {
            let known = self.words.iter().position(|word| word.term == part.term);
            let place = match known {
                Some(place) => place,
                None if before.is_none() => {
                    self.words[number] = Wanted::new(part.term, part.surface, weight);
                    number
                }
                None if self.words.len() == MOST_WORDS => return,
                None => {
                    self.words.push(Wanted::new(part.term, part.surface, weight));
                    self.words.len() - 1
                }
            };
            if let Some(before) = before.filter(|before| *before != place) {
                self.pairs.push((before, place, 1));
            }
            before = Some(place);
        }
    }
}

impl Wanted {
    /// Another term counts as this word.
    fn is_also(&mut self, term: &str) {
        if *self.term != *term && self.alike.iter().all(|known| **known != *term) {
            self.alike.push(term.into());
        }
    }
}

/// The term of a text that is one word, if it is one.
fn one_term(text: &str, analyzer: &mut Analyzer) -> Option<Part> {
    let mut found = None;
    let mut runs = 0;
    analyzer.each(text, |run| {
        runs += 1;
        if let Run::Word(word, _) = run {
            found = word.terms.first().map(|term| Part {
                term: term.text.clone(),
                surface: term.surface.clone(),
                stop: term.stop,
            });
        }
    });
    found.filter(|_| runs == 1)
}

/// The terms of a text, of compounds the parts.
fn terms(text: &str, analyzer: &mut Analyzer) -> Vec<Box<str>> {
    let mut terms = Vec::new();
    analyzer.each(text, |run| {
        if let Run::Word(word, _) = run {
            terms.extend(word.terms.iter().filter(|term| !term.whole).map(|term| term.text.clone()));
        }
    });
    terms
}
