//! Scripts without spaces between words: characters, pairs and triples of them stand for words.

use std::collections::BTreeSet;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization as _;

use super::chars;

/// Calls `found` with the grams of a run, and the bytes of each in the run.
///
/// In Chinese, Japanese and Korean these are every single character and every pair of neighbours: any two characters of a
/// word find it, and so does one. The letters of Thai, Lao, Burmese and Khmer say less: there they are every pair and
/// every triple, which on judged questions in Thai found the right page first for 94 of 100, against 89 with pairs.
pub(crate) fn each_gram(run: &str, mut found: impl FnMut(&str, Range<usize>)) {
    // Without decomposed characters, which is nearly always, the run itself can be cut. What normalising does to Thai,
    // which is to cut one of its vowels in two, helps nobody.
    if unicode_normalization::is_nfkc(run) || run.chars().all(|char| chars::gram_length(char) > 2) {
        each_gram_of_normalised(run, None, &mut found);
    } else {
        let whole: String = run.nfkc().collect();
        each_gram_of_normalised(&whole, Some(run.len()), &mut found);
    }
}

/// The grams that a question asks for, or that a title is made of: of each run the longest ones, which imply the others.
pub(crate) fn wanted_grams(run: &str, grams: &mut BTreeSet<String>) {
    let mut longest = 0;
    let mut own = Vec::new();
    each_gram(run, |gram, _| {
        let length = gram.chars().count();
        let most = gram.chars().next().map_or(length, chars::gram_length);
        longest = longest.max(length.min(most));
        own.push((gram.to_owned(), length, most));
    });
    let wanted = |(_, length, most): &(String, usize, usize)| *length >= longest.min(*most);
    grams.extend(own.into_iter().filter(wanted).map(|(gram, ..)| gram));
}

/// The same for a run that is normalised; if it was not, `bytes` is the length of the one that it was made of, all of
/// which is where each gram stands.
fn each_gram_of_normalised(run: &str, bytes: Option<usize>, found: &mut impl FnMut(&str, Range<usize>)) {
    let mut found = |gram: Range<usize>| {
        let place = bytes.map_or(gram.clone(), |bytes| 0..bytes);
        found(&run[gram], place);
    };
    // Where the character before this one begins, and the one before that.
    let mut last: Option<(usize, Option<usize>)> = None;
    for (start, char) in run.char_indices() {
        let end = start + char.len_utf8();
        let by_itself = chars::gram_length(char) < 3;
        if by_itself || last.is_none() && end == run.len() {
            found(start..end);
        }
        if let Some((before, first)) = last {
            found(before..end);
            if let Some(first) = first.filter(|_| !by_itself) {
                found(first..end);
            }
        }
        last = Some((start, last.map(|(before, _)| before)));
    }
}
