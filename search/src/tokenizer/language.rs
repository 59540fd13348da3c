//! Stems and stop words: all that the tokenizer knows of a language.

use std::collections::BTreeSet;

use tantivy::tokenizer::{
    Language as Known, RawTokenizer, Stemmer, StopWordFilter, TextAnalyzer, TokenStream as _,
};

use super::asking;
#[cfg(feature = "write")]
use super::memory::Memory;

/// English pronouns, auxiliaries and words that open questions, lower-case and without apostrophes.
///
/// tantivy's English list is a short one, while its lists of other languages have these. People who ask in
/// plain words use them all the time, and a "how do I" in a title says nothing about what it is about.
const ENGLISH: [&str; 110] = [
    "i", "me", "my", "myself", "we", "our", "ours", "us", "you", "your", "yours", "he", "him", "his", "she",
    "her", "hers", "its", "them", "theirs", "what", "which", "who", "whom", "whose", "when", "where", "why",
    "how", "those", "am", "were", "been", "being", "have", "has", "had", "having", "do", "does", "did",
    "doing", "done", "would", "should", "could", "can", "cannot", "may", "might", "must", "shall", "about",
    "all", "any", "both", "each", "few", "just", "more", "most", "other", "some", "so", "than", "too",
    "very", "im", "ive", "id", "ill", "youre", "youve", "youll", "youd", "hes", "shes", "weve", "theyre",
    "theyve", "theyll", "thats", "theres", "whats", "whos", "wheres", "hows", "lets", "isnt", "arent",
    "wasnt", "werent", "hasnt", "havent", "hadnt", "dont", "doesnt", "didnt", "wont", "wouldnt", "shouldnt",
    "couldnt", "cant", "mustnt", "aint", "itll", "itd", "gonna", "wanna", "gotta",
];

/// The first part of a BCP 47 tag, in lower case; one for all that is called Norwegian.
pub(crate) fn primary(tag: &str) -> String {
    let primary = tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    if matches!(primary.as_str(), "nb" | "nn") { "no".to_owned() } else { primary }
}

/// One language, with what a word goes through in it.
#[derive(Clone)]
pub(crate) struct Language {
    stemmer: Option<TextAnalyzer>,
    stops: Option<TextAnalyzer>,
    /// More stop words than tantivy knows, sorted.
    more: Vec<&'static str>,
    /// Words that people ask with.
    asking: &'static str,
    splits_at_apostrophe: bool,
    has_compounds: bool,
    #[cfg(feature = "write")]
    memory: Memory,
}

impl Language {
    /// The language of a BCP 47 tag such as `en` or `pt-BR`. One that is not known has neither stems nor
    /// stop words.
    pub(crate) fn new(tag: &str) -> Language {
        let primary = primary(tag);
        let known = match primary.as_str() {
            "ar" => Some(Known::Arabic),
            "da" => Some(Known::Danish),
            "nl" => Some(Known::Dutch),
            "en" => Some(Known::English),
            "fi" => Some(Known::Finnish),
            "fr" => Some(Known::French),
            "de" => Some(Known::German),
            "el" => Some(Known::Greek),
            "hu" => Some(Known::Hungarian),
            "it" => Some(Known::Italian),
            "no" => Some(Known::Norwegian),
            "pt" => Some(Known::Portuguese),
            "ro" => Some(Known::Romanian),
            "ru" => Some(Known::Russian),
            "es" => Some(Known::Spanish),
            "sv" => Some(Known::Swedish),
            "ta" => Some(Known::Tamil),
            "tr" => Some(Known::Turkish),
            _ => None,
        };
        let mut more = if primary == "en" { ENGLISH.to_vec() } else { Vec::new() };
        more.sort_unstable();
        Language {
            stemmer: known.map(|language| {
                TextAnalyzer::builder(RawTokenizer::default()).filter(Stemmer::new(language)).build()
            }),
            stops: known
                .and_then(StopWordFilter::new)
                .map(|filter| TextAnalyzer::builder(RawTokenizer::default()).filter(filter).build()),
            more,
            asking: asking::words(&primary),
            // `l'eau` and `dell'acqua` are two words; `don't` is one.
            splits_at_apostrophe: matches!(primary.as_str(), "fr" | "it" | "ca"),
            has_compounds: matches!(primary.as_str(), "de" | "nl" | "sv" | "da" | "no" | "fi"),
            #[cfg(feature = "write")]
            memory: Memory::default(),
        }
    }

    /// The same with a memory of `2^bits` words, for anyone who meets the same words again and again.
    #[cfg(feature = "write")]
    pub(crate) fn remembering(self, bits: u32) -> Language {
        Language { memory: Memory::new(bits), ..self }
    }

    /// Whether it has stems or stop words.
    #[cfg(feature = "write")]
    pub(crate) fn is_known(&self) -> bool {
        self.stemmer.is_some()
    }

    /// Whether compounds are written as one word.
    pub(crate) fn has_compounds(&self) -> bool {
        self.has_compounds
    }

    /// Whether an article or the like is joined to the word after it by an apostrophe.
    pub(crate) fn splits_at_apostrophe(&self) -> bool {
        self.splits_at_apostrophe
    }

    /// The stems of words that people ask with.
    pub(super) fn asking(&mut self) -> BTreeSet<String> {
        self.asking.split_ascii_whitespace().map(|word| self.stem(word)).collect()
    }

    /// The stem of a word that is lower-case and without accents. Words with digits have none.
    pub(super) fn stem(&mut self, word: &str) -> String {
        #[cfg(feature = "write")]
        if let Some(length) = self.memory.of(word).and_then(|known| known.stem) {
            return word[..usize::from(length)].to_owned();
        }
        if word.bytes().any(|byte| byte.is_ascii_digit()) {
            return word.to_owned();
        }
        let Some(stemmer) = &mut self.stemmer else { return word.to_owned() };
        let mut tokens = stemmer.token_stream(word);
        let stem = if tokens.advance() { tokens.token().text.clone() } else { String::new() };
        // A stem that is nothing would match everything.
        let stem = if stem.is_empty() { word.to_owned() } else { stem };
        #[cfg(feature = "write")]
        self.memory.note_stem(word, &stem);
        stem
    }

    /// How many words of a text are stop words.
    pub(super) fn count_stops(&mut self, text: &str) -> usize {
        let words = text.split(|char: char| !char.is_alphanumeric() && char != '\'');
        words.filter(|word| !word.is_empty() && self.is_stop(&word.to_lowercase())).count()
    }

    /// Whether a lower-case word says nothing by itself.
    pub(crate) fn is_stop(&mut self, word: &str) -> bool {
        #[cfg(feature = "write")]
        if let Some(is_stop) = self.memory.of(word).and_then(|known| known.is_stop) {
            return is_stop;
        }
        if self.more.binary_search(&word).is_ok() {
            #[cfg(feature = "write")]
            self.memory.note_stop(word, true);
            return true;
        }
        let Some(stops) = &mut self.stops else { return false };
        let is_stop = !stops.token_stream(word).advance();
        #[cfg(feature = "write")]
        self.memory.note_stop(word, is_stop);
        is_stop
    }
}
