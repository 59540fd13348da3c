//! Which fields an index has, and what each is for.
//!
//! Few fields, because every field is one more thing that a browser must open:
//!
//! - `words`: the combined field that carries the ranking, with positions for phrases and for pairs of
//!   neighbouring words. (A field of its own for pairs would be three times the dictionary.) In the same dictionary
//!   stands which words are in titles, see [`in_title`]: a field of its own would be another dictionary to fetch.
//! - `grams`: single characters, pairs and triples of them, where a script does not put spaces between words. The
//!   count of the term for titles is the length of the title.
//! - `filters`: exact values such as `tag:docker` or `is:answered`, see [`filter`].
//! - the others are stored and not indexed: what a hit shows. `anchor`, `excerpt`, `rest` and `by` have
//!   one value for each passage, in step; `rest` holds a fingerprint of the words after the excerpt, see
//!   [`crate::snippet`]. `accepted` is the number of the accepted passage.
//!
//! tantivy never cuts text itself: indexed fields receive numbered terms, see [`mod@crate::write`].

use tantivy::schema::{Field, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions};

use crate::tokenizer;

/// What an index says of how its text was cut. No tokenizer of tantivy's has this name, and none is run.
const TOKENIZER: &str = "longhouse";

/// Handles of all fields. They are the same for every index of this version.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    pub(crate) words: Field,
    pub(crate) grams: Field,
    pub(crate) filters: Field,
    pub(crate) url: Field,
    pub(crate) heading: Field,
    pub(crate) kind: Field,
    pub(crate) anchor: Field,
    pub(crate) excerpt: Field,
    pub(crate) rest: Field,
    pub(crate) by: Field,
    pub(crate) accepted: Field,
}

/// The schema and the handles of its fields.
pub(crate) fn schema() -> (Schema, Fields) {
    let indexed = |option, norms| {
        TextOptions::default().set_indexing_options(
            TextFieldIndexing::default()
                .set_tokenizer(TOKENIZER)
                .set_index_option(option)
                .set_fieldnorms(norms),
        )
    };
    let mut builder = Schema::builder();
    let fields = Fields {
        words: builder.add_text_field("words", indexed(IndexRecordOption::WithFreqsAndPositions, true)),
        grams: builder.add_text_field("grams", indexed(IndexRecordOption::WithFreqs, false)),
        filters: builder.add_text_field("filters", indexed(IndexRecordOption::Basic, false)),
        url: builder.add_text_field("url", STORED),
        heading: builder.add_text_field("heading", STORED),
        kind: builder.add_text_field("kind", STORED),
        anchor: builder.add_text_field("anchor", STORED),
        excerpt: builder.add_text_field("excerpt", STORED),
        rest: builder.add_bytes_field("rest", STORED),
        by: builder.add_text_field("by", STORED),
        accepted: builder.add_u64_field("accepted", STORED),
    };
    (builder.build(), fields)
}

/// The term whose documents have a word in a title.
///
/// It stands in the dictionary right behind the word itself, so that one block holds both. Those of words without meaning
/// of their own stand together at the beginning of the dictionary: nothing else is asked of such words. No word contains
/// the sign.
pub(crate) fn in_title(term: &str, stop: bool) -> String {
    if stop { format!("{TITLE_SIGN}{term}") } else { format!("{term}{TITLE_SIGN}") }
}

/// Whether a term of the dictionary is one of [`in_title`].
#[cfg(test)]
pub(crate) fn is_in_title(term: &str) -> bool {
    term.starts_with(TITLE_SIGN) || term.ends_with(TITLE_SIGN)
}

/// The term of a long word from back to front, by which the words are found that end alike. They stand together near the
/// beginning of the dictionary.
pub(crate) fn from_back(term: &str) -> String {
    std::iter::once(BACK_SIGN).chain(term.chars().rev()).collect()
}

/// The word of a term of [`from_back`].
pub(crate) fn forwards(term: &str) -> Box<str> {
    term.chars().rev().filter(|char| *char != BACK_SIGN).collect::<String>().into()
}

/// Whether a term of the dictionary is a word, and not one of the above.
pub(crate) fn is_word(term: &str) -> bool {
    !term.starts_with([TITLE_SIGN, BACK_SIGN]) && !term.ends_with(TITLE_SIGN)
}

/// The sign of [`in_title`].
const TITLE_SIGN: char = '\u{1}';

/// The sign of [`from_back`].
const BACK_SIGN: char = '\u{2}';

/// A title of more words than this counts as one of so many.
pub(crate) const LONGEST_TITLE: u32 = 63;

/// Of a page with more titles than this, with those of duplicates, the others count as text only.
#[cfg(feature = "write")]
pub(crate) const MOST_TITLES: u32 = 63;

/// The number of a title that is only the beginning of the text. Others are counted from one.
pub(crate) const BEGINNING: u32 = 0;

/// Where a word stands that is in a title: which title it is, and of how many different words.
#[cfg(feature = "write")]
pub(crate) fn title_position(number: u32, length: u32) -> u32 {
    number * (LONGEST_TITLE + 1) + length.min(LONGEST_TITLE)
}

/// The number of a title and its length, from a position.
pub(crate) fn title_at(position: u32) -> (u32, u32) {
    (position / (LONGEST_TITLE + 1), position % (LONGEST_TITLE + 1))
}

/// A value of a facet in the form in which it is compared, and counted: `c-plus-plus`.
#[must_use]
pub fn value(value: &str) -> String {
    filter("", value).split_off(1)
}

/// The exact term of a filter: `name:value`, both in the form that is compared.
///
/// `C++`, `c++` and `c-plus-plus` are one value, and so are `Data Engineering` and `data-engineering`.
pub(crate) fn filter(name: &str, value: &str) -> String {
    let mut term = format!("{name}:");
    let start = term.len();
    let mut gap = false;
    for (index, char) in value.trim().char_indices() {
        let word: &str = match char {
            '+' => "plus",
            '#' if index > 0 => "sharp",
            '.' if index == 0 => "dot",
            _ if char.is_alphanumeric() || tokenizer::is_mark(char) => "",
            _ => {
                gap = true;
                continue;
            }
        };
        if (gap || !word.is_empty()) && term.len() > start && !term.ends_with('-') {
            term.push('-');
        }
        gap = !word.is_empty();
        if word.is_empty() {
            term.push(char);
        } else {
            term.push_str(word);
        }
    }
    tokenizer::normalise(&term)
}
