//! Which fields an index has, and what each is for.
//!
//! Few fields, because every field is one more thing that a browser must open:
//!
//! - `words`: the combined field that carries the ranking, with positions for phrases and for pairs of
//!   neighbouring words. (A field of its own for pairs would be three times the dictionary.)
//! - `title`: the words of the title alone, for their extra weight and for `title:x`.
//! - `grams`: single characters and pairs of them, where a script does not put spaces between words.
//! - `filters`: exact values such as `tag:docker` or `is:answered`, see [`filter`].
//! - the others are stored and not indexed: what a hit shows. `anchor`, `excerpt` and `rest` have one
//!   value for each passage, in step; `rest` holds a fingerprint of the words behind the excerpt, see
//!   [`crate::snippet::fingerprint`]. `accepted` is the number of the accepted passage.
//!
//! Indexed fields are fed with a *tape*: the terms that the tokenizer has made, joined in a string, so
//! that text is analysed once, in parallel, and tantivy only has to cut at the joints. [`Tape`] is that
//! joint format.

use tantivy::schema::{Field, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer, TokenizerManager};

use crate::tokenizer;

/// The name under which tantivy knows the tape reader.
const TAPE: &str = "tape";

/// Behind every term of a tape.
const END: u8 = 0;

/// Before a term that stands at the same position as the one before it.
const SAME_POSITION: u8 = 1;

/// Handles of all fields. They are the same for every index of this version.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    pub(crate) words: Field,
    pub(crate) title: Field,
    pub(crate) grams: Field,
    pub(crate) filters: Field,
    pub(crate) url: Field,
    pub(crate) heading: Field,
    pub(crate) kind: Field,
    pub(crate) anchor: Field,
    pub(crate) excerpt: Field,
    pub(crate) rest: Field,
    pub(crate) accepted: Field,
}

/// Terms that the tokenizer has made, in one string, as indexed fields receive them.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Tape(String);

/// Reads a [`Tape`] back into tokens. The only tokenizer that tantivy itself ever runs.
#[derive(Clone, Default)]
struct TapeTokenizer {
    token: Token,
}

struct TapeStream<'a> {
    rest: &'a str,
    token: &'a mut Token,
}

/// The schema and the handles of its fields.
pub(crate) fn schema() -> (Schema, Fields) {
    let indexed = |option, norms| {
        TextOptions::default().set_indexing_options(
            TextFieldIndexing::default().set_tokenizer(TAPE).set_index_option(option).set_fieldnorms(norms),
        )
    };
    let mut builder = Schema::builder();
    let fields = Fields {
        words: builder.add_text_field("words", indexed(IndexRecordOption::WithFreqsAndPositions, true)),
        title: builder.add_text_field("title", indexed(IndexRecordOption::Basic, false)),
        grams: builder.add_text_field("grams", indexed(IndexRecordOption::WithFreqs, false)),
        filters: builder.add_text_field("filters", indexed(IndexRecordOption::Basic, false)),
        url: builder.add_text_field("url", STORED),
        heading: builder.add_text_field("heading", STORED),
        kind: builder.add_text_field("kind", STORED),
        anchor: builder.add_text_field("anchor", STORED),
        excerpt: builder.add_text_field("excerpt", STORED),
        rest: builder.add_bytes_field("rest", STORED),
        accepted: builder.add_u64_field("accepted", STORED),
    };
    (builder.build(), fields)
}

/// The tokenizers that [`schema`] names.
pub(crate) fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::new();
    manager.register(TAPE, TapeTokenizer::default());
    // Asked for by fields that are only stored, and never run.
    manager.register("default", TapeTokenizer::default());
    manager
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

impl Tape {
    /// Adds a term: one position on from the last, or at the same position.
    pub(crate) fn push(&mut self, term: &str, same_position: bool) {
        if same_position {
            self.0.push(char::from(SAME_POSITION));
        }
        self.0.push_str(term);
        self.0.push(char::from(END));
    }

    /// Adds what another tape holds.
    pub(crate) fn append(&mut self, other: &Tape) {
        self.0.push_str(&other.0);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

impl Tokenizer for TapeTokenizer {
    type TokenStream<'a> = TapeStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> TapeStream<'a> {
        self.token.reset();
        TapeStream { rest: text, token: &mut self.token }
    }
}

impl TokenStream for TapeStream<'_> {
    fn advance(&mut self) -> bool {
        let Some(end) = self.rest.bytes().position(|byte| byte == END) else { return false };
        let term = &self.rest[..end];
        self.rest = &self.rest[end + 1..];
        let term = match term.strip_prefix(char::from(SAME_POSITION)) {
            Some(term) => term,
            None => {
                self.token.position = self.token.position.wrapping_add(1);
                term
            }
        };
        self.token.text.clear();
        self.token.text.push_str(term);
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}
