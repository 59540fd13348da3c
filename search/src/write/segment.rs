//! The files of an index, from chunks of documents whose terms are numbers.
//!
//! tantivy's own serialisers write them, so that nothing here knows a format; what is left out is its way
//! of gathering postings, which would hash every word again, one document after the other.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use tantivy::columnar::ColumnarWriter;
use tantivy::directory::{Directory as _, OwnedBytes, RamDirectory, TerminatingWrite as _};
use tantivy::fieldnorm::{FieldNormsSerializer, FieldNormsWriter};
use tantivy::index::{IndexSettings, SegmentComponent};
use tantivy::schema::Field;
use tantivy::store::{Compressor, StoreWriter};
use tantivy::{Index, Segment};

use super::chunk::Chunk;
use super::inverted::{self, Last};
use super::lexicon::Lexicon;
use crate::index::{Error, META, Manifest};
use crate::schema::schema;
use crate::stop::{Halt, Outcome, Stop, check};
use crate::typo::{self, Section};

/// The store is cut into blocks of at least and at most this many bytes.
const BLOCK: (usize, usize) = (4_096, 12_288);

/// The size of a block is a multiple of this, so that it hardly ever changes as a site grows.
const BLOCK_STEP: usize = 512;

/// A site with more different words than this lists only those of several pages for anyone who misspells them.
const MOST_WORDS: usize = 40_000;

/// A question is read in at most so many languages beside the site's: each costs a look at the dictionary.
const MOST_LANGUAGES: usize = 3;

/// At most this many bytes are hashed by one thread.
const HASHED: usize = 1 << 18;

/// The files that make up a segment.
const COMPONENTS: [SegmentComponent; 6] = [
    SegmentComponent::Terms,
    SegmentComponent::Postings,
    SegmentComponent::Positions,
    SegmentComponent::FieldNorms,
    SegmentComponent::FastFields,
    SegmentComponent::Store,
];

/// An index, and how much of the lexicon it needs.
pub(super) struct Made {
    /// The files by name.
    pub(super) files: BTreeMap<String, OwnedBytes>,
    /// At most this many terms are in it.
    pub(super) terms: usize,
    /// At most this many spellings are in its documents.
    pub(super) spellings: usize,
}

/// Writes all files of an index. The lexicon must have been renewed.
pub(super) fn write(
    chunks: &[Arc<Chunk>],
    lexicon: &Lexicon,
    manifest: &Manifest,
    last: &mut Last,
    stop: &Stop<'_>,
) -> Outcome<Made> {
    check(stop)?;
    let count: usize = chunks.iter().map(|chunk| chunk.lengths.len()).sum();
    let (schema, fields) = schema();
    let directory = RamDirectory::create();
    let settings = IndexSettings {
        docstore_blocksize: block_size(count),
        // The pack compresses, and does it better with what has not been compressed before.
        docstore_compression: Compressor::None,
        docstore_compress_dedicated_thread: false,
        ..IndexSettings::default()
    };
    let index = Index::builder().schema(schema).settings(settings).open_or_create(directory.clone())?;
    let segment = index.new_segment().with_max_doc(count as u32);
    let indexed = [fields.words, fields.grams, fields.filters];
    let (inverted, (stored, (spellings, words))) = rayon::join(
        || inverted::write(&segment, indexed, &lexicon.terms, chunks, last, stop),
        || rayon::join(|| write_store(&segment, chunks), || words(chunks, lexicon.spellings.sorted())),
    );
    let (words, sections) = words;
    let terms = inverted?;
    stored?;
    write_norms(&segment, fields.words, chunks)?;
    let mut columns =
        segment.open_write(SegmentComponent::FastFields).map_err(tantivy::TantivyError::from)?;
    ColumnarWriter::default().serialize(segment.meta().max_doc(), None, &mut columns)?;
    columns.terminate()?;
    check(stop)?;
    let files = collect(&segment, &directory, manifest.clone().with(languages(chunks), &sections), words)?;
    Ok(Made { files, terms, spellings })
}

/// How large the blocks of the store are for so many documents. In small ones showing a hit reads little, but with many of
/// them their list, which opening reads, and the number of files weigh more: there are about two thousand of them.
fn block_size(documents: usize) -> usize {
    (documents * 9 / 20).next_multiple_of(BLOCK_STEP).clamp(BLOCK.0, BLOCK.1)
}

/// The other languages that pages are written in, those of the most pages first.
fn languages(chunks: &[Arc<Chunk>]) -> Vec<String> {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for (language, count) in chunks.iter().flat_map(|chunk| &chunk.languages) {
        *counts.entry(language).or_default() += count;
    }
    let mut all: Vec<(&str, u32)> = counts.into_iter().collect();
    all.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    all.into_iter().take(MOST_LANGUAGES).map(|(language, _)| language.to_owned()).collect()
}

fn write_store(segment: &Segment, chunks: &[Arc<Chunk>]) -> tantivy::Result<()> {
    let file = segment.open_write(SegmentComponent::Store)?;
    let settings = segment.index().settings();
    let mut writer =
        StoreWriter::new(file, settings.docstore_compression, settings.docstore_blocksize, false)?;
    chunks.iter().flat_map(|chunk| &chunk.stored).try_for_each(|document| writer.store_bytes(document))?;
    Ok(writer.close()?)
}

fn write_norms(segment: &Segment, field: Field, chunks: &[Arc<Chunk>]) -> tantivy::Result<()> {
    let mut norms = FieldNormsWriter::for_schema(&segment.schema());
    for (document, length) in (0..).zip(chunks.iter().flat_map(|chunk| &chunk.lengths)) {
        norms.record(document, field, *length);
    }
    let file = segment.open_write(SegmentComponent::FieldNorms)?;
    Ok(norms.serialize(FieldNormsSerializer::from_write(file)?, None)?)
}

/// How many different words there are as they are written, and the list of them. Where there are too many, those of
/// one document alone, which are mostly noise, are not listed.
fn words(chunks: &[Arc<Chunk>], spellings: &[(Arc<str>, u32)]) -> (usize, (Vec<u8>, Vec<Section>)) {
    let most = spellings.iter().map(|(_, number)| *number as usize + 1).max().unwrap_or(0);
    let mut listed = vec![false; most];
    let written = || chunks.iter().flat_map(|chunk| &chunk.written);
    written().for_each(|(spelling, _)| listed[*spelling as usize] = true);
    let count = listed.iter().filter(|listed| **listed).count();
    if count > MOST_WORDS {
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
        listed.fill(false);
        for (spelling, term) in written() {
            let several = frequencies.get(*term as usize).is_some_and(|count| *count > 1);
            listed[*spelling as usize] |= several;
        }
    }
    let words = spellings.iter().filter(|(_, number)| listed[*number as usize]);
    (count, typo::list(words.map(|(word, _)| &**word)))
}

/// Takes the files out of the directory, under names that their content gives them.
fn collect(
    segment: &Segment,
    directory: &RamDirectory,
    manifest: Manifest,
    words: Vec<u8>,
) -> Outcome<BTreeMap<String, OwnedBytes>> {
    let mut meta = segment.index().load_metas()?;
    meta.payload = Some(manifest.to_json());
    let mut files = BTreeMap::new();
    if segment.meta().max_doc() > 0 {
        meta.segments.push(segment.meta().clone());
    }
    for segment in &meta.segments {
        for component in COMPONENTS {
            let path = segment.relative_path(component);
            if let Ok(file) = directory.open_read(&path) {
                let extension = path.extension().unwrap_or_default().to_string_lossy().into_owned();
                files.insert(extension, file.read_bytes()?);
            }
        }
    }
    if !meta.segments.is_empty() {
        files.insert(typo::ENDING.to_owned(), OwnedBytes::new(words));
    }
    let name: String = hash(&files).to_hex()[..32].to_owned();
    let json = |error: serde_json::Error| Halt::Failed(Error::Write(error.to_string()));
    let mut text = serde_json::to_string(&meta).map_err(json)?;
    for segment in &meta.segments {
        // The identifier stands in the list of segments as a UUID with hyphens.
        let hyphened = [&name[..8], &name[8..12], &name[12..16], &name[16..20], &name[20..]].join("-");
        let id = serde_json::to_value(segment.id()).map_err(json)?;
        text = text.replace(id.as_str().unwrap_or_default(), &hyphened);
    }
    let mut files: BTreeMap<String, OwnedBytes> =
        files.into_iter().map(|(extension, bytes)| (format!("{name}.{extension}"), bytes)).collect();
    files.insert(META.to_owned(), OwnedBytes::new(text.into_bytes()));
    Ok(files)
}

/// A hash of files, made of the hashes of their parts, which several threads make.
fn hash(files: &BTreeMap<String, OwnedBytes>) -> blake3::Hash {
    let mut hash = blake3::Hasher::new();
    for (extension, bytes) in files {
        hash.update(extension.as_bytes()).update(&(bytes.len() as u64).to_le_bytes());
        let parts: Vec<blake3::Hash> = bytes.par_chunks(HASHED).map(blake3::hash).collect();
        parts.iter().for_each(|part| {
            hash.update(part.as_bytes());
        });
    }
    hash.finalize()
}
