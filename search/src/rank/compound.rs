//! Longer words that a word is part of, in languages that write compounds as one word.
//!
//! Who asks for the German "Rechnung" wants the page about "Kundenrechnungen" as well, and "Rechnungsadresse". Which words
//! are compounds is told by the words of the site, not by a dictionary: what is left when the word is taken away is another
//! word of the site, perhaps with letters that link the two (`s` in "Rechnungsadresse", `n` in "Kundenrechnung"). Words that
//! end in a word are found because long words stand in the dictionary from back to front too, see
//! [`crate::schema::from_back`].
//!
//! A word that nobody has written may have its first part from others: "Schmalspurbahn" from "Schmalspurstrecke". It is
//! told by the beginning alone, as the site may have no page about "Schmalspur", and counts as little as a compound.

use std::collections::BTreeSet;

use super::{ENDINGS, Member, Reader, gather, most_frequent};
use crate::index::Error;
use crate::query::Wanted;
use crate::schema::{forwards, from_back};
use crate::tokenizer::Analyzer;

/// Letters that link the parts of a compound, or stand at the end of its first part.
const LINKS: [&str; 6] = ["es", "en", "er", "s", "n", "e"];

/// The parts of a compound have at least so many letters: the one that is asked for, and the other.
const PART: (usize, usize) = (4, 3);

/// A first part that any word can follow.
const FIRST: &str = "haupt";

/// How many letters a word that nobody has written has at least in common with others that stand for it. It is half of them
/// too: prefixes such as "ein" and "ver" with a letter or two are no first part.
const COMMON: usize = 6;

/// At most this many longer words of each kind are looked at, the most frequent, and only for so many words of a question.
const MOST: (usize, usize) = (8, 12);

/// For each word of a question the compounds that it is part of.
pub(super) fn compounds(
    reader: &Reader,
    words: &[Wanted],
    analyzer: &mut Analyzer,
) -> Result<Vec<Vec<Member>>, Error> {
    if !analyzer.has_compounds() {
        return Ok(vec![Vec::new(); words.len()]);
    }
    let is_part =
        |word: &Wanted| word.term.chars().count() >= PART.0 && word.surface.chars().all(char::is_alphabetic);
    let longer = gather(words.iter().enumerate().map(|(number, word)| {
        if number >= MOST.1 || !is_part(word) {
            return Ok((Vec::new(), Vec::new()));
        }
        let heads = heads(word, analyzer);
        let ending = gather(heads.iter().map(|head| ending(reader, head)));
        let beginning = reader.words_beginning_with(&word.surface);
        let related = related(reader, word);
        // What is left of each, in the forms that it may have as a word.
        let mut longer: Vec<(Member, BTreeSet<String>)> = Vec::new();
        let ending =
            heads.iter().zip(ending?).flat_map(|(head, found)| found.into_iter().map(move |it| (head, it)));
        for (head, member) in ending.take(MOST.0) {
            let first = &member.0[..member.0.len() - head.len()];
            let ends = LINKS.iter().filter_map(|link| first.strip_suffix(link));
            let forms = std::iter::once(first).chain(ends).filter(|part| part.chars().count() >= PART.1);
            let forms = forms.map(|part| analyzer.stem(part)).collect();
            longer.push((member, forms));
        }
        let beginning =
            most_frequent(beginning?).into_iter().filter(|(term, _)| term.len() > word.surface.len());
        for member in beginning.take(MOST.0) {
            let last = &member.0[word.surface.len()..];
            let starts = LINKS.iter().filter_map(|link| last.strip_prefix(link));
            let forms = std::iter::once(last).chain(starts).filter(|part| part.chars().count() >= PART.0);
            let forms = forms.map(str::to_owned).collect();
            longer.push((member, forms));
        }
        Ok::<_, Error>((longer, related?))
    }))?;
    gather(longer.into_iter().map(|(longer, related)| {
        let known = gather(longer.into_iter().map(|(member, forms)| {
            let found = gather(forms.iter().map(|form| reader.words.find(form)))?;
            Ok::<_, Error>(found.iter().any(Option::is_some).then_some(member))
        }))?;
        let known: Vec<Member> = known.into_iter().flatten().collect();
        Ok(if known.is_empty() { related } else { known })
    }))
}

/// The words that have the most of the beginning of a word that nobody has written.
fn related(reader: &Reader, word: &Wanted) -> Result<Vec<Member>, Error> {
    let typed: Vec<char> = word.surface.chars().collect();
    let least = COMMON.max(typed.len().div_ceil(2));
    if typed.len() < least + PART.1 || reader.words.find(&word.term)?.is_some() {
        return Ok(Vec::new());
    }
    let start: String = typed[..least].iter().collect();
    let common = |term: &str| term.chars().zip(&typed).take_while(|(char, typed)| char == *typed).count();
    let found = most_frequent(reader.words_beginning_with(&start)?);
    let most = found.iter().map(|(term, _)| common(term)).max().unwrap_or_default();
    let related = found.into_iter().filter(|(term, _)| common(term) == most);
    Ok(related.take(MOST.0).collect())
}

/// The forms that a word may have at the end of a longer one: its stem, and the stem that it has there. In a longer word more
/// is an ending: "Rechnung" stays as it is, while of "Hauptrechnung" `ung` is taken.
fn heads(word: &Wanted, analyzer: &mut Analyzer) -> BTreeSet<String> {
    let longer = analyzer.stem(&format!("{FIRST}{}", word.surface));
    let stem = longer.strip_prefix(FIRST).map(str::to_owned);
    let all = std::iter::once(word.term.to_string()).chain(stem);
    all.filter(|head| head.chars().count() >= PART.0).collect()
}

/// The longer words that end in one, the most frequent first, each with the postings of its form from back to front.
fn ending(reader: &Reader, term: &str) -> Result<Vec<Member>, Error> {
    let back = from_back(term);
    let found = most_frequent(reader.words.beginning_with(&back, ENDINGS.0)?);
    let words = found.into_iter().filter(|(found, _)| found.len() > back.len());
    Ok(words.map(|(found, info)| (forwards(&found), info)).collect())
}
