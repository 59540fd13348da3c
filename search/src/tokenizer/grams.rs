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

/// How many characters the longest grams of a run have, if it can be cut as it is and this is so for all of it.
#[cfg(feature = "write")]
pub(crate) fn plain_gram_length(run: &str) -> Option<usize> {
    let length = chars::gram_length(run.chars().next()?);
    let is_plain = |char| if length > 2 { chars::gram_length(char) == length } else { is_normal(char) };
    run.chars().all(is_plain).then_some(length)
}

/// Whether a character of Chinese, Japanese or Korean stays as it is when a text is normalised, whatever stands around it.
#[cfg(feature = "write")]
fn is_normal(char: char) -> bool {
    matches!(char,
        '\u{ac00}'..='\u{d7a3}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{3041}'..='\u{3096}'
        | '\u{30a1}'..='\u{30fa}'
        | '\u{30fc}'..='\u{30fe}'
        | '\u{3005}'..='\u{3007}'
        | '\u{3400}'..='\u{4dbf}')
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

#[cfg(all(test, feature = "write"))]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_as_it_is_needs_no_normalising() {
        for char in ('\u{2000}'..'\u{fffff}').filter(|char| is_normal(*char)) {
            for run in
                [format!("{char}"), format!("{char}\u{3099}"), format!("가{char}"), format!("か{char}가")]
            {
                let is_plain = plain_gram_length(&run).is_some();
                assert!(!is_plain || unicode_normalization::is_nfkc(&run), "{run:?}");
            }
        }
        assert_eq!(plain_gram_length("한국어"), Some(2));
        assert_eq!(plain_gram_length("ภาษาไทย"), Some(3));
        assert_eq!(plain_gram_length("か\u{3099}"), None, "to be put together");
        assert_eq!(plain_gram_length("ｶﾅ"), None, "of half width");
        assert_eq!(plain_gram_length("日ไ"), None, "of two kinds");
    }
}
