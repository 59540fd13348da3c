//! From documents to the files of an index. Native only: it wants threads and randomness.
//!
//! Documents are analysed in parallel, batch by batch, and inverted in their order by one thread, which
//! meanwhile has the next batch prepared. One segment comes out of it, so nothing has to be merged, and
//! nothing depends on how many threads there were. The one random thing in it, the name of the segment,
//! is replaced by a hash of its content.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;
use tantivy::directory::{Directory as _, RamDirectory};
use tantivy::index::{IndexSettings, SegmentComponent};
use tantivy::{Index, SingleSegmentIndexWriter, TantivyDocument};

use crate::document::{Document, Options};
use crate::index::{Error, META, Manifest};
use crate::schema::{self, Fields, filter};
use crate::snippet;
use crate::tape::{self, Tape};
use crate::tokenizer::Analyzer;

/// How many documents are prepared while the batch before them is inverted.
const BATCH: usize = 1024;

/// How many documents one task prepares.
const TASK: usize = 32;

/// The analysers of a build remember `2^15` words each, which is most of what a site has.
const MEMORY_BITS: u32 = 15;

/// What tantivy may use for its table of terms at the beginning, in bytes. It grows as it must.
const TABLE_BYTES: usize = 64 << 20;

/// Below this many documents the store is cut into blocks of 4 KB, so that showing a hit reads little;
/// above it the list of blocks would weigh more.
const SMALL_SITE: usize = 20_000;

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
    let index = Index::builder().schema(schema).tokenizers(tape::tokenizers()).settings(IndexSettings {
        docstore_blocksize: if documents.len() < SMALL_SITE { 4096 } else { 16_384 },
        docstore_compress_dedicated_thread: false,
        ..IndexSettings::default()
    });
    let manifest = Manifest::new(options.language.as_deref().unwrap_or("en"));
    let analysers = Analysers::new(&manifest.language);
    let mut writer: SingleSegmentIndexWriter =
        index.single_segment_index_writer(directory.clone(), TABLE_BYTES).map_err(refused)?;
    let mut batches = documents.chunks(BATCH);
    let mut ready = batches.next().map_or_else(Vec::new, |batch| prepare(batch, fields, &analysers));
    while !ready.is_empty() {
        let now = std::mem::take(&mut ready);
        let next = batches.next();
        let (inverted, prepared) = rayon::join(
            || now.into_iter().try_for_each(|document| writer.add_document(document)),
            || next.map_or_else(Vec::new, |batch| prepare(batch, fields, &analysers)),
        );
        inverted.map_err(refused)?;
        ready = prepared;
    }
    let index = writer.finalize().map_err(refused)?;
    collect(&index, &directory, documents.is_empty(), &manifest)
}

/// Analysers that are passed from task to task, so that what one has learnt serves the next.
struct Analysers {
    first: Analyzer,
    idle: Mutex<Vec<Analyzer>>,
}

impl Analysers {
    fn new(language: &str) -> Analysers {
        Analysers { first: Analyzer::new(language, MEMORY_BITS), idle: Mutex::new(Vec::new()) }
    }

    fn with<T>(&self, work: impl FnOnce(&mut Analyzer) -> T) -> T {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut analyser = idle.unwrap_or_else(|| self.first.clone());
        let result = work(&mut analyser);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(analyser);
        result
    }
}

fn prepare(documents: &[Document], fields: Fields, analysers: &Analysers) -> Vec<TantivyDocument> {
    let parts: Vec<Vec<TantivyDocument>> = documents
        .par_chunks(TASK)
        .map(|chunk| {
            analysers.with(|analyser| {
                let mut tapes = Tapes::default();
                chunk.iter().map(|document| one(document, fields, analyser, &mut tapes)).collect()
            })
        })
        .collect();
    parts.into_iter().flatten().collect()
}

/// Tapes that are filled and emptied for one document after the other.
#[derive(Default)]
struct Tapes {
    words: Tape,
    title: Tape,
    grams: Tape,
    filters: Tape,
}

fn one(document: &Document, fields: Fields, analyser: &mut Analyzer, tapes: &mut Tapes) -> TantivyDocument {
    let Tapes { words, title, grams, filters } = tapes;
    for tape in [&mut *words, &mut *title, &mut *grams, &mut *filters] {
        tape.clear();
    }
    let mut made = TantivyDocument::default();

    // The title counts twice. Each value begins a position further on, so no phrase crosses its end.
    analyser.record(&document.title, title, grams);
    analyser.record(&document.title, words, grams);
    for _ in 0..2 {
        made.add_text(fields.words, title.as_str());
    }
    words.clear();
    let mut add = |texts: &mut dyn Iterator<Item = &str>| {
        for text in texts {
            words.clear();
            analyser.record(text, words, grams);
            if !words.is_empty() {
                made.add_text(fields.words, words.as_str());
            }
        }
    };
    add(&mut document.alternatives.iter().map(String::as_str));
    add(&mut document.passages.iter().map(|passage| passage.text.as_str()));
    add(&mut document.tags.iter().map(String::as_str));
    add(&mut std::iter::once(document.section.as_str()));
    made.add_text(fields.title, title.as_str());
    if !grams.is_empty() {
        made.add_text(fields.grams, grams.as_str());
    }

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
    values.iter().for_each(|value| filters.push(value, false));
    made.add_text(fields.filters, filters.as_str());

    made.add_text(fields.url, &document.url);
    made.add_text(fields.heading, &document.title);
    made.add_text(fields.kind, &document.kind);
    for (number, kept) in snippet::keep(&document.passages, analyser).into_iter().enumerate() {
        made.add_text(fields.anchor, kept.anchor);
        made.add_text(fields.excerpt, kept.excerpt);
        made.add_bytes(fields.rest, &kept.rest);
        if kept.accepted {
            made.add_u64(fields.accepted, number as u64);
        }
    }
    made
}

/// Takes the files out of the directory, under names that their content gives them.
fn collect(
    index: &Index,
    directory: &RamDirectory,
    empty: bool,
    manifest: &Manifest,
) -> Result<BTreeMap<String, Vec<u8>>, Error> {
    let mut meta = index.load_metas().map_err(refused)?;
    meta.payload = Some(manifest.to_json());
    let mut files = BTreeMap::new();
    let mut hash = blake3::Hasher::new();
    if empty {
        meta.segments.clear();
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
        let documents = documents(BATCH * 2 + 7);
        let one = with_threads(1, &documents);
        for threads in [2, 3, 8] {
            assert!(with_threads(threads, &documents) == one, "{threads} threads");
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
