//! The inverted fields of a segment: dictionaries, postings and positions.
//!
//! They are put together, term by term, from what [`encode`] makes anew and what still holds of the last index.

use std::io::Write;
use std::sync::Arc;

use rayon::prelude::*;
use tantivy::Segment;
use tantivy::directory::{CompositeFile, CompositeWrite, FileSlice};
use tantivy::index::SegmentComponent;
use tantivy::postings::TermInfo;
use tantivy::schema::Field;
use tantivy::termdict::TermDictionaryBuilder;

use super::chunk::Chunk;
use super::encode::{self, Bytes, Order, Part, Placed, Written};
use super::lexicon::Sorted;
use crate::stop::{Outcome, Stop};

/// What was written last, with terms of the same numbers.
#[derive(Default)]
pub(super) struct Last {
    chunks: Vec<Placed>,
    /// In the order of fields; none before anything was written.
    fields: Vec<Written>,
}

/// A field that is to be written.
struct Plan<'a> {
    order: Order<'a>,
    /// What was written last, and by the number of a term whether it is something else now.
    last: Option<(&'a Written, Vec<bool>)>,
}

/// Writes dictionaries, postings and positions of all fields, and says how many terms there are.
pub(super) fn write(
    segment: &Segment,
    fields: [Field; 3],
    terms: &Sorted,
    chunks: &[Arc<Chunk>],
    last: &mut Last,
    stop: &Stop<'_>,
) -> Outcome<usize> {
    let placed = chunks.iter().scan(0, |first, chunk| {
        let start = *first;
        *first += chunk.lengths.len() as u32;
        Some((start, Arc::clone(chunk)))
    });
    let placed: Vec<Placed> = placed.collect();
    let plan = |place: usize| {
        let last = last
            .fields
            .get(place)
            .map(|written| (written, encode::changed(&last.chunks, &placed, place, terms.ranks())));
        let postings = placed.iter().map(|(first, chunk)| (*first, &chunk.postings[place])).collect();
        let changed = last.as_ref().map(|(_, changed)| changed.as_slice());
        Plan { order: Order::new(terms.ranks(), postings, changed), last }
    };
    let plans: Vec<Plan<'_>> = (0..fields.len()).into_par_iter().map(plan).collect();

    let open = |component| -> tantivy::Result<_> { Ok(CompositeWrite::wrap(segment.open_write(component)?)) };
    let mut dictionary = open(SegmentComponent::Terms)?;
    let mut postings = open(SegmentComponent::Postings)?;
    let mut positions = open(SegmentComponent::Positions)?;
    let schema = segment.schema();
    let mut has = vec![false; terms.sorted().len()];
    let mut written = Vec::with_capacity(fields.len());
    for (field, plan) in fields.into_iter().zip(&plans) {
        let option = schema.get_field_entry(field).field_type().index_record_option().unwrap_or_default();
        let parts = encode::parts(option, &plan.order, stop)?;
        let all = plan.all(&parts, terms);
        let mut infos = vec![TermInfo::default(); terms.ranks().len()];
        if !all.is_empty() {
            let mut dictionary = TermDictionaryBuilder::create(dictionary.for_field(field))?;
            let (postings, positions) = (postings.for_field(field), positions.for_field(field));
            postings.write_all(parts.first().map_or(&[], Part::head))?;
            let mut end = (0, 0);
            for (rank, doc_freq, (these, places)) in all {
                let start = end;
                end = (start.0 + these.len(), start.1 + places.len());
                let (postings_range, positions_range) = (start.0..end.0, start.1..end.1);
                let info = TermInfo { doc_freq, postings_range, positions_range };
                let (text, number) = &terms.sorted()[rank];
                dictionary.insert(text.as_bytes(), &info)?;
                postings.write_all(these)?;
                positions.write_all(places)?;
                infos[*number as usize] = info;
                has[rank] = true;
            }
            dictionary.finish()?;
        }
        written.push((field, infos, parts.first().map_or(0, |part| part.head().len())));
    }
    dictionary.close()?;
    postings.close()?;
    positions.close()?;
    drop(plans);

    let open = |component| -> tantivy::Result<_> { Ok(CompositeFile::open(&segment.open_read(component)?)?) };
    let (postings, positions) = (open(SegmentComponent::Postings)?, open(SegmentComponent::Positions)?);
    let read =
        |file: &CompositeFile, field| file.open_read(field).unwrap_or_else(FileSlice::empty).read_bytes();
    let written = written.into_iter().map(|(field, infos, head)| -> Outcome<Written> {
        let postings = read(&postings, field)?;
        let postings = postings.slice(head.min(postings.len())..postings.len());
        Ok(Written { infos, postings, positions: read(&positions, field)? })
    });
    *last = Last { fields: written.collect::<Outcome<_>>()?, chunks: placed };
    Ok(has.into_iter().filter(|has| *has).count())
}

/// The rank of a term, in how many documents it stands, and its postings and positions.
type Term<'a> = (usize, u32, Bytes<'a>);

impl Plan<'_> {
    /// All terms of the field in order, from the parts where they are new.
    fn all<'a>(&'a self, parts: &'a [Part], terms: &Sorted) -> Vec<Term<'a>> {
        let mut new = parts
            .iter()
            .flat_map(|part| part.infos.iter().map(move |info| (info.doc_freq, part.bytes(info))));
        let all = terms.sorted().iter().enumerate().filter_map(|(rank, (_, number))| {
            let (doc_freq, bytes) = if self.order.has(rank) { new.next()? } else { self.known(*number)? };
            Some((rank, doc_freq, bytes))
        });
        all.collect()
    }

    /// What was written of a term last time, if it stood anywhere and that still holds.
    fn known(&self, number: u32) -> Option<(u32, Bytes<'_>)> {
        let (written, changed) = self.last.as_ref()?;
        let info = written.infos.get(number as usize)?;
        (info.doc_freq > 0 && !changed[number as usize]).then(|| (info.doc_freq, written.bytes(info)))
    }
}
