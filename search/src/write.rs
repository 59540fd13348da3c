//! From documents to the files of an index. Native only: it wants threads and randomness.
//!
//! Documents are read and inverted in parallel, chunk by chunk; then the chunks are written one after the
//! other into one segment, term by term. So nothing has to be merged, and nothing depends on how many
//! threads there were, or where one chunk ends and the next begins. The one random thing in it, the name of the
//! segment, is replaced by a hash of its content.
//!
//! - `language` says in which language a document is read.
//! - `lexicon` makes numbers of words.
//! - `postings` turns the terms of documents into the documents of terms.
//! - `chunk` does both for some neighbouring documents.
//! - `encode` has tantivy encode them, range by range of terms, again in parallel.
//! - `inverted` puts dictionaries and postings together, `segment` all files.
//! - `incremental` keeps what the next index can use again.

mod chunk;
mod encode;
mod incremental;
mod inverted;
mod language;
mod lexicon;
mod postings;
mod segment;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::document::{Document, Options};
use crate::index::{Error, Manifest};
use crate::stop::unstopped;
use chunk::{Chunk, Desks};
pub use incremental::{Incremental, Packed};
use inverted::Last;
use lexicon::Lexicon;

/// Into how many chunks documents are cut, if that makes chunks of a sensible size.
const CHUNKS: usize = 32;

/// At least and at most this many documents are inverted together.
const CHUNK: (usize, usize) = (64, 1024);

/// The files of an index of these documents, by name.
///
/// The same documents give the same bytes, on every machine and with any number of threads. Names say
/// what is in them: other content has other names, but for `meta.json`, which lists the others.
///
/// # Errors
/// [`Error::Write`] if tantivy refuses, which no content makes it do.
pub fn write(documents: &[Document], options: &Options) -> Result<BTreeMap<String, Vec<u8>>, Error> {
    let mut lexicon = lexicon(options);
    let desks = Desks::default();
    let size = (documents.len() / CHUNKS).clamp(CHUNK.0, CHUNK.1);
    let chunks = documents.par_chunks(size).map(|part| desks.chunk(part.iter().map(Cow::Borrowed), &lexicon));
    let chunks: Vec<_> =
        chunks.collect::<tantivy::Result<_>>().map_err(|error| Error::Write(error.to_string()))?;
    drop(desks);
    lexicon.renew();
    let chunks: Vec<Arc<Chunk>> =
        chunks.into_par_iter().map(|chunk| Arc::new(chunk.sorted(&lexicon))).collect();
    let made =
        unstopped(segment::write(&chunks, &lexicon, &Manifest::new(options), &mut Last::default(), &|| {
            false
        }))?;
    Ok(made.files.into_iter().map(|(name, bytes)| (name, bytes.to_vec())).collect())
}

/// An empty lexicon in the language of a site.
fn lexicon(options: &Options) -> Lexicon {
    Lexicon::new(&Manifest::new(options).language, options.unnamed.as_deref().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use tantivy::directory::{Directory as _, RamDirectory};
    use tantivy::postings::Postings as _;
    use tantivy::schema::IndexRecordOption;
    use tantivy::{DocSet as _, Index, SegmentReader, TERMINATED};

    use super::*;
    use crate::document::Passage;
    use crate::index::META;
    use crate::schema;

    fn documents(count: usize) -> Vec<Document> {
        let text = |number: usize| {
            let words: Vec<String> = (0..40).map(|word| format!("word{}", number * word % 977)).collect();
            words.join(" ")
        };
        (0..count)
            .map(|number| Document {
                url: format!("/questions/{number}/"),
                title: format!("Title {number}"),
                tags: vec!["one".to_owned(), format!("tag{}", number % 7)],
                passages: vec![Passage { text: text(number), ..Passage::default() }],
                ..Document::default()
            })
            .collect()
    }

    fn with_threads(count: usize, documents: &[Document]) -> BTreeMap<String, Vec<u8>> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(count).build().expect("threads start");
        pool.install(|| write(documents, &Options::default())).expect("it is written")
    }

    #[test]
    fn the_same_documents_give_the_same_bytes_with_any_number_of_threads() {
        let documents = documents(CHUNK.0 * CHUNKS + 7);
        let one = with_threads(1, &documents);
        for threads in [2, 3, 8] {
            assert!(with_threads(threads, &documents) == one, "{threads} threads");
        }
    }

    #[test]
    fn every_word_is_found_where_it_stands() {
        // Enough for several chunks, and for terms in more documents than tantivy encodes at once.
        let documents = documents(CHUNK.0 * 5 + 1);
        let directory = RamDirectory::create();
        for (name, bytes) in with_threads(2, &documents) {
            directory.atomic_write(name.as_ref(), &bytes).expect("it is kept");
        }
        let index = Index::open(directory).expect("it opens");
        let segments = index.searchable_segments().expect("it is listed");
        let segment = SegmentReader::open(&segments[0]).expect("it is read");
        let words = segment.inverted_index(schema::schema().1.words).expect("it is indexed");
        let mut found = vec![Vec::new(); documents.len()];
        let mut in_titles = vec![Vec::new(); documents.len()];
        let mut terms = words.terms().stream().expect("terms are listed");
        while terms.advance() {
            let option = IndexRecordOption::WithFreqsAndPositions;
            let mut postings =
                words.read_postings_from_terminfo(terms.value(), option).expect("postings are read");
            assert_eq!(terms.value().doc_freq, postings.doc_freq());
            let mut positions = Vec::new();
            let text = String::from_utf8_lossy(terms.key()).into_owned();
            while postings.doc() != TERMINATED {
                postings.positions(&mut positions);
                if schema::is_in_title(&text) {
                    in_titles[postings.doc() as usize].push((text.clone(), positions.clone()));
                    postings.advance();
                    continue;
                }
                found[postings.doc() as usize].extend(positions.iter().map(|at| (*at, text.clone())));
                postings.advance();
            }
        }
        for (document, mut found) in documents.iter().zip(found) {
            found.sort();
            let title = format!("titl {} ", document.title.replace("Title ", ""));
            let body = &document.passages[0].text;
            let expected = [&title, &title, body, &document.tags[0], &document.tags[1]].map(String::as_str);
            let words: Vec<&str> = found.iter().map(|(_, word)| word.as_str()).collect();
            let expected: Vec<&str> = expected.iter().flat_map(|text| text.split_whitespace()).collect();
            assert_eq!(words, expected);
            assert_eq!(found[1].0 + 2, found[2].0, "no phrase crosses the end of a title");
        }
        for (number, found) in in_titles.into_iter().enumerate() {
            let number = number.to_string();
            let mut expected: Vec<_> = [number.as_str(), "titl"]
                .map(|word| (schema::in_title(word, false), vec![schema::title_position(1, 2)]))
                .into();
            expected.sort();
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn files_are_named_after_their_content() {
        let (some, same, more) = (documents(3), documents(3), documents(4));
        let names =
            |documents: &[Document]| -> Vec<String> { with_threads(2, documents).into_keys().collect() };
        assert_eq!(names(&some), names(&same));
        let (some, more) = (names(&some), names(&more));
        assert!(some.iter().all(|name| name == META || !more.contains(name)), "{some:?} {more:?}");
        assert!(some.contains(&META.to_owned()) && !some.iter().any(|name| name.contains("managed")));
    }
}
