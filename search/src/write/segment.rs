//! The files of a segment, from chunks of documents whose terms are numbers.
//!
//! tantivy's own serialisers write them, so that nothing here knows a format; what is left out is its way
//! of gathering postings, which would hash every word again, one document after the other.

use std::path::Path;
use std::sync::Arc;

use tantivy::columnar::ColumnarWriter;
use tantivy::directory::{Directory as _, FileSlice, RamDirectory, TerminatingWrite as _};
use tantivy::fieldnorm::{FieldNormReaders, FieldNormsSerializer, FieldNormsWriter};
use tantivy::index::{IndexSettings, SegmentComponent};
use tantivy::postings::InvertedIndexSerializer;
use tantivy::schema::{Field, Schema};
use tantivy::store::{StoreReader, StoreWriter};
use tantivy::{Segment, TantivyDocument};

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

/// Where in the chunks the postings of each term are.
struct Order<'a> {
    /// For each term, by rank, the end of its part of `lists`.
    ends: Vec<u32>,
    /// Numbers of a chunk and of a list in it.
    lists: Vec<(u32, u32)>,
    chunks: Vec<&'a Postings>,
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
pub(super) fn store(
    documents: &[TantivyDocument],
    schema: &Schema,
    settings: &IndexSettings,
) -> tantivy::Result<FileSlice> {
    let directory = RamDirectory::create();
    let path = Path::new("store");
    let file = directory.open_write(path)?;
    let mut writer =
        StoreWriter::new(file, settings.docstore_compression, settings.docstore_blocksize, false)?;
    documents.iter().try_for_each(|document| writer.store(document, schema))?;
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
    let ranks = ranks(terms);
    let mut serializer = InvertedIndexSerializer::open(segment)?;
    for (place, field) in fields.into_iter().enumerate() {
        let order = order(&ranks, chunks.iter().map(|chunk| &chunk.postings[place]).collect());
        write_field(&mut serializer, field, terms, &order, &norms)?;
    }
    Ok(serializer.close()?)
}

fn write_field(
    serializer: &mut InvertedIndexSerializer,
    field: Field,
    terms: &[(Arc<str>, u32)],
    order: &Order<'_>,
    norms: &FieldNormReaders,
) -> tantivy::Result<()> {
    if order.lists.is_empty() {
        return Ok(());
    }
    let total: usize = order.chunks.iter().map(|postings| postings.positions.len()).sum();
    let mut serializer = serializer.new_field(field, total as u64, norms.get_field(field)?)?;
    let mut start = 0;
    for ((text, _), end) in terms.iter().zip(&order.ends) {
        let lists = &order.lists[start..*end as usize];
        start = *end as usize;
        if lists.is_empty() {
            continue;
        }
        let lists = lists.iter().map(|(chunk, list)| (order.chunks[*chunk as usize], *list as usize));
        let frequency: usize = lists.clone().map(|(postings, list)| postings.of(list).0.len()).sum();
        serializer.new_term(text.as_bytes(), frequency as u32, true)?;
        for (postings, list) in lists {
            let (documents, mut positions) = postings.of(list);
            for (document, count) in documents {
                let (these, rest) = positions.split_at(*count as usize);
                serializer.write_doc(*document, *count, these);
                positions = rest;
            }
        }
        serializer.close_term()?;
    }
    Ok(serializer.close()?)
}

/// The place of each term among the sorted ones, by its number.
fn ranks(terms: &[(Arc<str>, u32)]) -> Vec<u32> {
    let most = terms.iter().map(|(_, number)| *number as usize + 1).max().unwrap_or(0);
    let mut ranks = vec![0; most];
    for (rank, (_, number)) in (0..).zip(terms) {
        ranks[*number as usize] = rank;
    }
    ranks
}

/// Brings the lists of all chunks into the order of terms: a sort by counting, which keeps that of chunks.
fn order<'a>(ranks: &[u32], chunks: Vec<&'a Postings>) -> Order<'a> {
    let mut ends = vec![0; ranks.len() + 1];
    let rank = |term: u32| ranks[term as usize] as usize;
    for list in chunks.iter().flat_map(|postings| &postings.lists) {
        ends[rank(list.term) + 1] += 1;
    }
    let mut sum = 0;
    for end in &mut ends {
        sum += *end;
        *end = sum;
    }
    // Each count is now the start of a term's part, and becomes its end as lists are put there.
    let mut lists = vec![(0, 0); sum as usize];
    for (number, postings) in (0..).zip(&chunks) {
        for (place, list) in (0..).zip(&postings.lists) {
            let at = &mut ends[rank(list.term)];
            lists[*at as usize] = (number, place);
            *at += 1;
        }
    }
    Order { ends, lists, chunks }
}
