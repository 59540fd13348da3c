//! The files of a segment, from chunks of documents whose terms are numbers.
//!
//! tantivy's own serialisers write them, so that nothing here knows a format; what is left out is its way
//! of gathering postings, which would hash every word again, one document after the other.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use tantivy::columnar::ColumnarWriter;
use tantivy::directory::{CompositeWrite, Directory as _, FileSlice, RamDirectory, TerminatingWrite as _};
use tantivy::fieldnorm::{FieldNormReaders, FieldNormsSerializer, FieldNormsWriter};
use tantivy::index::SegmentComponent;
use tantivy::postings::TermInfo;
use tantivy::schema::Field;
use tantivy::store::{StoreReader, StoreWriter};
use tantivy::termdict::TermDictionaryBuilder;
use tantivy::{Index, Segment, TantivyDocument};

use super::encode::{self, Order};
use super::postings::Postings;

/// What a chunk of documents comes to.
pub(super) struct Chunk {
    /// One for each indexed field, in the order of fields.
    pub(super) postings: [Postings; 4],
    /// How many terms the combined field of each document has.
    pub(super) lengths: Vec<u32>,
    /// A store of these documents alone.
    pub(super) store: FileSlice,
}

/// Writes all files of a segment.
pub(super) fn write(
    segment: &Segment,
    fields: [Field; 4],
    terms: &[(Arc<str>, u32)],
    chunks: &[Chunk],
) -> tantivy::Result<()> {
    let (inverted, stored) = rayon::join(
        || write_postings(segment, fields, terms, chunks),
        || write_store(segment, chunks.iter().map(|chunk| &chunk.store)),
    );
    inverted?;
    stored?;
    let mut columns = segment.open_write(SegmentComponent::FastFields)?;
    ColumnarWriter::default().serialize(segment.meta().max_doc(), None, &mut columns)?;
    Ok(columns.terminate()?)
}

/// A store of some documents, to be put into that of a segment.
pub(super) fn store(documents: &[TantivyDocument], index: &Index) -> tantivy::Result<FileSlice> {
    let (schema, settings) = (index.schema(), index.settings());
    let directory = RamDirectory::create();
    let path = Path::new("store");
    let file = directory.open_write(path)?;
    let mut writer =
        StoreWriter::new(file, settings.docstore_compression, settings.docstore_blocksize, false)?;
    documents.iter().try_for_each(|document| writer.store(document, &schema))?;
    writer.close()?;
    Ok(directory.open_read(path)?)
}

fn write_store<'a>(segment: &Segment, mut parts: impl Iterator<Item = &'a FileSlice>) -> tantivy::Result<()> {
    let file = segment.open_write(SegmentComponent::Store)?;
    let settings = segment.index().settings();
    let mut writer =
        StoreWriter::new(file, settings.docstore_compression, settings.docstore_blocksize, false)?;
    parts.try_for_each(|part| writer.stack(StoreReader::open(part.clone(), 0)?))?;
    Ok(writer.close()?)
}

/// Has the postings encoded in many parts, each a range of terms, and joins these.
fn write_postings(
    segment: &Segment,
    fields: [Field; 4],
    terms: &[(Arc<str>, u32)],
    chunks: &[Chunk],
) -> tantivy::Result<()> {
    let mut norms = FieldNormsWriter::for_schema(&segment.schema());
    for (document, length) in (0..).zip(chunks.iter().flat_map(|chunk| &chunk.lengths)) {
        norms.record(document, fields[0], *length);
    }
    let file = segment.open_write(SegmentComponent::FieldNorms)?;
    norms.serialize(FieldNormsSerializer::from_write(file)?, None)?;
    let norms = FieldNormReaders::open(segment.open_read(SegmentComponent::FieldNorms)?)?;

    let mut dictionary = CompositeWrite::wrap(segment.open_write(SegmentComponent::Terms)?);
    let mut postings = CompositeWrite::wrap(segment.open_write(SegmentComponent::Postings)?);
    let mut positions = CompositeWrite::wrap(segment.open_write(SegmentComponent::Positions)?);
    let ranks = encode::ranks(terms);
    for (place, field) in fields.into_iter().enumerate() {
        let order = Order::new(&ranks, chunks.iter().map(|chunk| &chunk.postings[place]).collect());
        let parts = encode::parts(segment, field, terms, &order, norms.get_field(field)?.as_ref())?;
        let Some(first) = parts.first() else { continue };
        let mut dictionary = TermDictionaryBuilder::create(dictionary.for_field(field))?;
        let postings = postings.for_field(field);
        let positions = positions.for_field(field);
        postings.write_all(first.head())?;
        // Where a part begins, as seen from the beginning of the first.
        let mut start = (0, 0);
        for part in &parts {
            part.each_term(|text, term| {
                let moved = TermInfo {
                    doc_freq: term.doc_freq,
                    postings_range: start.0 + term.postings_range.start..start.0 + term.postings_range.end,
                    positions_range: start.1 + term.positions_range.start..start.1 + term.positions_range.end,
                };
                dictionary.insert(text, &moved)
            })?;
            postings.write_all(part.postings())?;
            positions.write_all(part.positions())?;
            start = (start.0 + part.postings().len(), start.1 + part.positions().len());
        }
        dictionary.finish()?;
    }
    dictionary.close()?;
    postings.close()?;
    Ok(positions.close()?)
}
