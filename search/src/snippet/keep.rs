//! What is kept of a page's passages when it is indexed: beginnings and fingerprints.

use super::Kept;
use crate::document::Passage;
use crate::tokenizer::{Analyzer, Run, fold_hash};

/// About so many characters are kept of all passages of a page together.
const PAGE: usize = 1200;

/// At most and at least so many of one.
const EXCERPT: (usize, usize) = (480, 60);

/// So many words at most are in the fingerprints of a page.
const FINGERPRINTS: usize = 768;

/// Reduces passages to what is stored of them.
pub(crate) fn keep<'a>(passages: &'a [Passage], analyzer: &mut Analyzer) -> Vec<Kept<'a>> {
    let some = passages.iter().filter(|passage| !passage.text.trim().is_empty());
    let count = some.clone().count().max(1);
    let length = (PAGE / count).clamp(EXCERPT.1, EXCERPT.0);
    some.map(|passage| {
        let (excerpt, rest) = beginning(&passage.text, length);
        let excerpt = excerpt.into();
        // A single passage needs no comparison.
        let rest = if count > 1 { fingerprint(rest, FINGERPRINTS / count, analyzer) } else { Vec::new() };
        Kept { anchor: &passage.anchor, excerpt, rest: rest.into(), accepted: passage.accepted }
    })
    .collect()
}

/// The first characters of a text on one line, cut between words, and what follows them.
fn beginning(text: &str, length: usize) -> (String, &str) {
    let mut excerpt = String::with_capacity(length * 2);
    let mut count = 0;
    let mut gap = false;
    let mut last_space = None;
    for (at, char) in text.char_indices() {
        if char.is_whitespace() || char.is_control() {
            gap = count > 0;
            continue;
        }
        // Nothing that turns the direction of what stands around it.
        if matches!(char, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') {
            continue;
        }
        if gap {
            last_space = Some((excerpt.len(), at));
            excerpt.push(' ');
            count += 1;
            gap = false;
        }
        if count >= length {
            let (end, rest) =
                last_space.filter(|(end, _)| *end > excerpt.len() / 2).unwrap_or((excerpt.len(), at));
            excerpt.truncate(end);
            excerpt.push('…');
            return (excerpt, &text[rest..]);
        }
        excerpt.push(char);
        count += 1;
    }
    (excerpt, "")
}

/// Which words stand in a text: sorted 16-bit hashes of its terms, at most `most` of them.
///
/// One in six hundred words seems to be there that is not, in a text of a hundred words; nothing but the
/// choice of a passage hangs on it.
fn fingerprint(text: &str, most: usize, analyzer: &mut Analyzer) -> Vec<u8> {
    let mut hashes = Vec::new();
    if !text.is_empty() {
        analyzer.each(text, |run| {
            if let Run::Word(word, _) = run {
                hashes.extend(word.terms.iter().filter(|term| !term.stop).map(|term| fold_hash(&term.text)));
            }
        });
    }
    hashes.sort_unstable();
    hashes.dedup();
    // Where there are too many, those with small hashes stay: a fair sample.
    hashes.truncate(most);
    hashes.into_iter().flat_map(u16::to_be_bytes).collect()
}
