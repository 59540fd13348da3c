//! In which language a page is read: the one that it names, or the one that it is surely written in.
//!
//! Most pages are written in the language of their site, and their stop words show it, which costs next to nothing. The
//! others are given to a library that knows languages by their letters and triples of letters. It is trusted only when
//! it is sure, and when there is enough text. The same text always has the same language.

use whatlang::{Detector, Info, Lang};

use super::lexicon::Reader;
use crate::document::Document;
use crate::tokenizer::primary;

/// The language is told from this many characters at most, and at least.
const CHARACTERS: (usize, usize) = (600, 120);

/// Stop words are counted among this many words of prose: a page of code has hardly any in code, which says nothing of the
/// language that it is written in.
const WORDS: usize = 80;

/// In the language of its stop words a text has at least one among this many.
const STOP_WORDS: usize = 6;

/// Languages that are told apart and have words of their own in search, by the first part of their tag.
const KNOWN: [(Lang, &str); 18] = [
    (Lang::Ara, "ar"),
    (Lang::Dan, "da"),
    (Lang::Deu, "de"),
    (Lang::Ell, "el"),
    (Lang::Eng, "en"),
    (Lang::Fin, "fi"),
    (Lang::Fra, "fr"),
    (Lang::Hun, "hu"),
    (Lang::Ita, "it"),
    (Lang::Nld, "nl"),
    (Lang::Nob, "no"),
    (Lang::Por, "pt"),
    (Lang::Ron, "ro"),
    (Lang::Rus, "ru"),
    (Lang::Spa, "es"),
    (Lang::Swe, "sv"),
    (Lang::Tam, "ta"),
    (Lang::Tur, "tr"),
];

/// Languages that need no words to be told from the others.
const OF_OWN_SCRIPT: [&str; 7] = ["zh", "ja", "ko", "th", "lo", "km", "my"];

/// From this character on stand the scripts of those languages, and of none of [`KNOWN`].
const FIRST_OF_OWN_SCRIPT: char = '\u{0E00}';

/// The language that a document is read in: the first part of a tag.
///
/// `own` is that of the site, `unnamed` what documents have as theirs that name none.
pub(super) fn of(document: &Document, own: &str, unnamed: &str, reader: &mut Reader) -> String {
    let named = primary(&document.lang);
    if !named.is_empty() && named != primary(unnamed) {
        return named;
    }
    let is_known = KNOWN.iter().any(|(_, tag)| *tag == own) || OF_OWN_SCRIPT.contains(&own);
    if !is_known {
        return own.to_owned();
    }
    let mut sample = Vec::new();
    let mut characters = 0;
    for text in std::iter::once(&document.title).chain(document.passages.iter().map(|passage| &passage.text))
    {
        let (text, length) = beginning(text, CHARACTERS.0 - characters);
        sample.push(text);
        characters += length;
        if characters >= CHARACTERS.0 {
            break;
        }
    }
    if characters < CHARACTERS.1 {
        return own.to_owned();
    }
    // A script of its own says more than words, and sooner. None of the other languages is written beyond it.
    let first = || sample.iter().flat_map(|text| text.chars().chain(['\n'])).take(CHARACTERS.1);
    let beyond = || first().filter(|char| *char >= FIRST_OF_OWN_SCRIPT).count();
    if OF_OWN_SCRIPT.contains(&own) && beyond() * 2 >= CHARACTERS.1 {
        return own.to_owned();
    }
    if reader.has_stop_words(&sample, WORDS, STOP_WORDS) {
        return own.to_owned();
    }
    let sample = sample.join("\n");
    // Among few languages it is told much sooner. What is surely one among all is so among these, but not the other way
    // round.
    let among_known = Detector::with_allowlist(KNOWN.iter().map(|(lang, _)| *lang).collect());
    let is_own = |info: &Info| KNOWN.contains(&(info.lang(), own));
    if among_known.detect(&sample).is_none_or(|info| !info.is_reliable() || is_own(&info)) {
        return own.to_owned();
    }
    let told = whatlang::detect(&sample).filter(Info::is_reliable);
    let known = told.and_then(|info| KNOWN.iter().find(|(lang, _)| *lang == info.lang()));
    known.map_or(own, |(_, tag)| tag).to_owned()
}

/// The first characters of a text, and how many they are.
fn beginning(text: &str, most: usize) -> (&str, usize) {
    let (mut end, mut count) = (0, 0);
    while count < most && end < text.len() {
        // So many bytes are at most so many characters.
        let next = text.ceil_char_boundary(end + most - count);
        count += text[end..next].chars().count();
        end = next;
    }
    (&text[..end], count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_of_a_text_is_counted_in_characters() {
        for text in ["", "plain", "größer als groß", "日本語のテキスト", "a日b本c語", "𝒻𝓊𝓃 𝒻𝓊𝓃"]
        {
            for most in 0..20 {
                let expected: String = text.chars().take(most).collect();
                assert_eq!(
                    beginning(text, most),
                    (expected.as_str(), expected.chars().count()),
                    "{text} {most}"
                );
            }
        }
    }
}
