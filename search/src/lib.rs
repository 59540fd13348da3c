//! Search over one site: from its pages to the files of an index, and from a question to hits.
//!
//! The same code answers in the terminal, in the preview server and, compiled to WebAssembly, in the
//! reader's browser. It is the only code of the project that names tantivy, whose index format,
//! dictionary, postings and store it uses; what a word is, what counts how much, and what a query means
//! is said here. It knows nothing of disks, networks, markdown or HTML.
//!
//! The flow, one file a step:
//!
//! 1. A page arrives as a [`Document`]: plain text in passages, with title, tags and kind.
//! 2. `tokenizer` cuts text into words: lower-case, without accents, stemmed; `C++`, `node.js` and
//!    `snake_case` found whole and by part; Chinese, Japanese and Korean as single characters and pairs.
//!    The same code reads documents, queries and snippets, so that they cannot disagree.
//! 3. `schema` says in which field what is kept. One combined field of words carries the ranking.
//! 4. `write` reads documents in parallel, with a number for every term, inverts them in chunks and writes
//!    the chunks in their order into one segment named after its content: the same documents give the
//!    same bytes on every machine. `Incremental` keeps what an edit does not change, and gives the same bytes.
//! 5. The result is a map of files. [`pack`] cuts them into pieces that any host can serve. An [`Index`] opens
//!    the files through a [`Source`], which answers from memory, or from the pieces that have been fetched.
//! 6. `query` understands what somebody typed and never fails. `rank` scores pages with BM25 over the
//!    combined field, with a little extra for words that are tags or stand side by side as in the query.
//!    Where that finds nothing good, `typo` looks for words that are spelt nearly so.
//! 7. `snippet` picks the passage of each page that answers, and marks the words in it. The result is a
//!    [`Hit`]: text and ranges, never HTML.
//!
//! Beside that, `similar` compares a question with the pages that a search for its words finds, and says how surely
//! one of them asks the same; and `words` gives the words of a text with their stems, for whoever counts them.

mod document;
mod index;
pub mod pack;
mod query;
mod rank;
mod schema;
#[cfg(feature = "similar")]
mod similar;
mod snippet;
#[cfg(feature = "write")]
mod stop;
mod tokenizer;
mod typo;
#[cfg(feature = "write")]
mod words;
#[cfg(feature = "write")]
mod write;

pub use document::{Document, Options, Passage};
#[cfg(feature = "write")]
pub use index::IndexPart;
pub use index::{Answer, Count, Error, Hit, Index, Request, Source, Suggestion};
pub use rank::Weights;
pub use schema::value;
#[cfg(feature = "similar")]
pub use similar::{Asked, Near, SAME};
#[cfg(feature = "write")]
pub use words::{Stemmer, TextWord};
#[cfg(feature = "write")]
pub use write::{Incremental, Packed, write};
