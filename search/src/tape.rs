//! Terms on their way into an index.
//!
//! A *tape* holds the terms that the tokenizer has made, joined in a string, so that text is analysed once,
//! in parallel and by our own code, and tantivy only has to cut at the joints.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer, TokenizerManager};

use crate::schema::TAPE;

/// Behind every term of a tape.
const END: u8 = 0;

/// Before a term that stands at the same position as the one before it.
const SAME_POSITION: u8 = 1;

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

/// The tokenizers that [`crate::schema`] names.
pub(crate) fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::new();
    manager.register(TAPE, TapeTokenizer::default());
    // Asked for by fields that are only stored, and never run.
    manager.register("default", TapeTokenizer::default());
    manager
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
