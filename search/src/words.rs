//! The words of a text with their stems, for anyone who counts what several people say in the same words.

use std::ops::Range;

use crate::tokenizer::{Analyzer, Run};

/// A table for this many different words, as a power of two: what one person writes has fewer.
const TABLE: u32 = 10;

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextWord {
    /// Where it stands, in bytes of the text.
    pub range: Range<usize>,
    /// Lower-case, without accents and endings.
    pub stem: String,
    /// Whether it is one of the language's words without meaning of their own.
    pub is_stop: bool,
}

/// Finds the words of texts in one language.
#[derive(Clone)]
pub struct Stemmer(Analyzer);

impl Stemmer {
    /// For a language, given as a BCP 47 tag. One that is not known has neither stems nor stop words.
    #[must_use]
    pub fn new(language: &str) -> Stemmer {
        Stemmer(Analyzer::new(language, TABLE))
    }

    /// The words of a text in order, a compound such as `e-mail` as one. Scripts without spaces between words have none.
    pub fn words(&mut self, text: &str) -> Vec<TextWord> {
        let mut words = Vec::new();
        self.0.each(text, |run| {
            let Run::Word(word, start) = run else { return };
            let Some(term) = word.terms.first() else { return };
            let range = start + term.range.start..start + term.range.end;
            words.push(TextWord { range, stem: term.text.to_string(), is_stop: term.stop });
        });
        words
    }
}

impl std::fmt::Debug for Stemmer {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Stemmer")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_words_with_places_and_stems() {
        let text = "They answered the e-mails.";
        let words = Stemmer::new("en").words(text);
        let said: Vec<(&str, &str, bool)> =
            words.iter().map(|it| (&text[it.range.clone()], it.stem.as_str(), it.is_stop)).collect();
        assert_eq!(
            said,
            [
                ("They", "they", true),
                ("answered", "answer", false),
                ("the", "the", true),
                ("e-mails", "email", false)
            ]
        );
        assert_eq!(Stemmer::new("ja").words("日本語"), []);
    }
}
