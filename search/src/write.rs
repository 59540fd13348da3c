//! From documents to the files of an index. Native only: it wants threads and randomness.
//!
//! Documents are read and inverted in parallel, chunk by chunk; then the chunks are written one after the
//! other into one segment, term by term. So nothing has to be merged, and nothing depends on how many
//! threads there were. The one random thing in it, the name of the segment, is replaced by a hash of its
//! content.
//!
//! - `lexicon` makes numbers of words.
//! - `postings` turns the terms of documents into the documents of terms.
//! - `encode` has tantivy encode them, range by range of terms, again in parallel.
//! - `segment` joins everything into files.

mod encode;
mod lexicon;
mod postings;
mod segment;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;
use tantivy::directory::{Directory as _, RamDirectory};
use tantivy::index::{IndexSettings, SegmentComponent};
use tantivy::store::Compressor;
use tantivy::{Index, Segment, TantivyDocument};

use crate::document::{Document, Options};
use crate::index::{Error, META, Manifest};
use crate::schema::{self, Fields, filter};
use crate::snippet;
use crate::typo;
use lexicon::{Found, Reader, Terms};
use postings::{Occurrences, Places};
use segment::Chunk;

/// Into how many chunks documents are cut, if that makes chunks of a sensible size.
const CHUNKS: usize = 32;

/// At least and at most so many documents are inverted together.
const CHUNK: (usize, usize) = (64, 1024);

/// The store of a site with fewer documents than these is cut into blocks of so many bytes, so that showing
/// a hit reads little; with more, the list of blocks and the number of files would weigh more.
const BLOCKS: [(usize, usize); 3] = [(3_000, 4_096), (16_000, 7_168), (usize::MAX, 12_288)];

/// A site with more different words than this lists only those of several pages for whoever misspells them.
const MOST_WORDS: usize = 40_000;

/// The files that make up a segment.
const COMPONENTS: [SegmentComponent; 6] = [
    SegmentComponent::Terms,
    SegmentComponent::Postings,
    SegmentComponent::Positions,
    SegmentComponent::FieldNorms,
    SegmentComponent::FastFields,
    SegmentComponent::Store,
];

/// The files of an index of these documents, by name.
///
/// The same documents give the same bytes, on every machine and with any number of threads. Names say
/// what is in them: other content has other names, but for `meta.json`, which lists the others.
///
/// # Errors
/// [`Error::Write`] if tantivy refuses, which no content makes it do.
pub fn write(documents: &[Document], options: &Options) -> Result<BTreeMap<String, Vec<u8>>, Error> {
    let (schema, fields) = schema::schema();
    let directory = RamDirectory::create();
    let settings = IndexSettings {
        docstore_blocksize: BLOCKS
            .into_iter()
            .find(|(most, _)| documents.len() <= *most)
            .unwrap_or(BLOCKS[2])
            .1,
        // The pack compresses, and does it better with what has not been compressed before.
        docstore_compression: Compressor::None,
        docstore_compress_dedicated_thread: false,
        ..IndexSettings::default()
    };
    let manifest = Manifest::new(options.language.as_deref().unwrap_or("en"));
    let index = Index::builder()
        .schema(schema)
        .settings(settings)
        .open_or_create(directory.clone())
        .map_err(refused)?;

    let terms = Terms::new();
    let desks = Desks { language: &manifest.language, terms: &terms, idle: Mutex::default() };
    let size = (documents.len() / CHUNKS).clamp(CHUNK.0, CHUNK.1);
    let chunks: Vec<Chunk> = documents
        .par_chunks(size)
        .enumerate()
        .map(|(number, part)| desks.with(|desk| chunk(part, number * size, &index, fields, desk)))
        .collect::<tantivy::Result<_>>()
        .map_err(refused)?;
    let words = words(desks, &chunks);

    let segment = index.new_segment().with_max_doc(documents.len() as u32);
    let indexed = [fields.words, fields.title, fields.grams, fields.filters];
    segment::write(&segment, indexed, &terms.sorted(), &chunks).map_err(refused)?;
    drop(chunks);
    collect(&segment, &directory, &manifest, typo::list(&words))
}

/// The words of all documents as they are written. Where there are too many, those of one document alone, which
/// are mostly noise, are left out.
fn words(desks: Desks<'_>, chunks: &[Chunk]) -> BTreeSet<Box<str>> {
    let desks = desks.idle.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut words = BTreeSet::new();
    desks.into_iter().for_each(|desk| words.extend(desk.reader.written));
    if words.len() > MOST_WORDS {
        let mut frequencies: Vec<u32> = Vec::new();
        for [postings, ..] in chunks.iter().map(|chunk| &chunk.postings) {
            let mut before = 0;
            for list in &postings.lists {
                let term = list.term as usize;
                frequencies.resize(frequencies.len().max(term + 1), 0);
                frequencies[term] += list.documents - before;
                before = list.documents;
            }
        }
        words.retain(|(_, term)| frequencies.get(*term as usize).is_some_and(|count| *count > 1));
    }
    words.into_iter().map(|(word, _)| word).collect()
}

/// What a thread works with, passed from chunk to chunk, so that what one has learnt serves the next.
struct Desk<'a> {
    reader: Reader<'a>,
    places: Places,
    words: Occurrences,
    title: Occurrences,
    grams: Occurrences,
    filters: Occurrences,
}

struct Desks<'a> {
    language: &'a str,
    terms: &'a Terms,
    idle: Mutex<Vec<Desk<'a>>>,
}

impl<'a> Desks<'a> {
    fn with<T>(&self, work: impl FnOnce(&mut Desk<'a>) -> T) -> T {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut desk = idle.unwrap_or_else(|| Desk {
            reader: Reader::new(self.language, self.terms),
            places: Places::default(),
            words: Occurrences::default(),
            title: Occurrences::default(),
            grams: Occurrences::default(),
            filters: Occurrences::default(),
        });
        let result = work(&mut desk);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(desk);
        result
    }
}

/// Reads and inverts some documents, the first of which has the number `first`.
fn chunk(
    documents: &[Document],
    first: usize,
    index: &Index,
    fields: Fields,
    desk: &mut Desk<'_>,
) -> tantivy::Result<Chunk> {
    let mut lengths = Vec::with_capacity(documents.len());
    let stored: Vec<TantivyDocument> = documents
        .iter()
        .map(|document| {
            let stored = read(document, fields, desk);
            lengths.push(desk.words.end());
            desk.title.end();
            desk.grams.end();
            desk.filters.end();
            stored
        })
        .collect();
    let Desk { places, words, title, grams, filters, .. } = desk;
    let postings = [words, title, grams, filters].map(|field| field.invert(first as u32, places));
    Ok(Chunk { postings, lengths, store: segment::store(&stored, index)? })
}

/// Reads a document: its terms are recorded, and what is stored of it is returned.
fn read(document: &Document, fields: Fields, desk: &mut Desk<'_>) -> TantivyDocument {
    let Desk { reader, words, title, grams, filters, .. } = desk;
    let mut stored = TantivyDocument::default();
    stored.add_text(fields.url, &document.url);
    stored.add_text(fields.heading, &document.title);
    stored.add_text(fields.kind, &document.kind);

    reader.read(&document.title, |found| {
        if let Found::Token(token, _) = found {
            title.push(token.term, token.same_position);
        }
    });
    // The title counts twice. No phrase crosses the end of a text.
    let mut record = |text: &str, rest: usize, hashes: &mut Vec<u16>| {
        reader.read(text, |found| match found {
            Found::Token(token, at) => {
                words.push(token.term, token.same_position);
                if at >= rest {
                    hashes.extend(token.hash);
                }
            }
            Found::Gram(term) => grams.push(term, false),
        });
        words.gap();
    };
    let mut hashes = Vec::new();
    let titles = [&document.title, &document.title];
    for text in titles.into_iter().chain(&document.alternatives) {
        record(text, text.len(), &mut hashes);
    }
    let some = document.passages.iter().filter(|passage| !passage.text.trim().is_empty());
    let allowance = snippet::allowance(some.clone().count());
    for (number, passage) in (0_u64..).zip(some) {
        let beginning = snippet::beginning(&passage.text, allowance);
        hashes.clear();
        record(&passage.text, beginning.rest, &mut hashes);
        stored.add_text(fields.anchor, &passage.anchor);
        stored.add_text(fields.excerpt, beginning.excerpt);
        stored.add_bytes(fields.rest, &snippet::fingerprint(&mut hashes, allowance));
        stored.add_text(fields.by, &passage.by);
        if passage.accepted {
            stored.add_u64(fields.accepted, number);
        }
    }
    for text in document.tags.iter().chain(std::iter::once(&document.section)) {
        record(text, text.len(), &mut hashes);
    }

    for value in filter_values(document) {
        filters.push(reader.exact(&value), false);
    }
    stored
}

/// The exact values by which a document can be filtered, each once.
fn filter_values(document: &Document) -> Vec<String> {
    let mut values = vec![filter("kind", &document.kind)];
    values.extend(document.tags.iter().map(|tag| filter("tag", tag)));
    values.extend(document.products.iter().map(|product| filter("product", product)));
    if !document.lang.is_empty() {
        values.push(filter("lang", &document.lang));
    }
    if document.answered {
        values.push(filter("is", "answered"));
    }
    if document.passages.iter().any(|passage| passage.accepted) {
        values.push(filter("is", "accepted"));
    }
    values.sort_unstable();
    values.dedup();
    values
}

/// Takes the files out of the directory, under names that their content gives them.
fn collect(
    segment: &Segment,
    directory: &RamDirectory,
    manifest: &Manifest,
    words: Vec<u8>,
) -> Result<BTreeMap<String, Vec<u8>>, Error> {
    let mut meta = segment.index().load_metas().map_err(refused)?;
    meta.payload = Some(manifest.to_json());
    let mut files = BTreeMap::new();
    let mut hash = blake3::Hasher::new();
    if segment.meta().max_doc() > 0 {
        meta.segments.push(segment.meta().clone());
    }
    for segment in &meta.segments {
        for component in COMPONENTS {
            let path = segment.relative_path(component);
            if let Ok(file) = directory.open_read(&path) {
                let bytes = file.read_bytes().map_err(|error| Error::Write(error.to_string()))?.to_vec();
                let extension = path.extension().unwrap_or_default().to_string_lossy().into_owned();
                hash.update(extension.as_bytes()).update(&(bytes.len() as u64).to_le_bytes()).update(&bytes);
                files.insert(extension, bytes);
            }
        }
    }
    if !meta.segments.is_empty() {
        hash.update(&words);
        files.insert(typo::ENDING.to_owned(), words);
    }
    let name: String = hash.finalize().to_hex()[..32].to_owned();
    let mut text = serde_json::to_string(&meta).map_err(|error| Error::Write(error.to_string()))?;
    for segment in &meta.segments {
        // The identifier stands in the list of segments as a UUID with hyphens.
        let hyphened = [&name[..8], &name[8..12], &name[12..16], &name[16..20], &name[20..]].join("-");
        let id = serde_json::to_value(segment.id()).map_err(|error| Error::Write(error.to_string()))?;
        text = text.replace(id.as_str().unwrap_or_default(), &hyphened);
    }
    let mut files: BTreeMap<String, Vec<u8>> =
        files.into_iter().map(|(extension, bytes)| (format!("{name}.{extension}"), bytes)).collect();
    files.insert(META.to_owned(), text.into_bytes());
    Ok(files)
}

fn refused(error: tantivy::TantivyError) -> Error {
    Error::Write(error.to_string())
}

#[cfg(test)]
mod tests {
    use tantivy::postings::Postings as _;
    use tantivy::schema::IndexRecordOption;
    use tantivy::{DocSet as _, SegmentReader, TERMINATED};

    use super::*;
    use crate::document::Passage;

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
        let mut terms = words.terms().stream().expect("terms are listed");
        while terms.advance() {
            let option = IndexRecordOption::WithFreqsAndPositions;
            let mut postings =
                words.read_postings_from_terminfo(terms.value(), option).expect("postings are read");
            assert_eq!(terms.value().doc_freq, postings.doc_freq());
            let mut positions = Vec::new();
            while postings.doc() != TERMINATED {
                postings.positions(&mut positions);
                let text = String::from_utf8_lossy(terms.key()).into_owned();
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
