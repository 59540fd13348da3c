//! Postings in the form in which an index has them, made in parallel.
//!
//! What is written of a term depends on no other term, but for the place where it stands. So the sorted
//! terms of a field are cut into ranges, each range is written by tantivy's serialiser as if it were all
//! there is, and [`super::segment`] puts one behind the other. The cut shows nowhere in the result.

use std::io;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;
use tantivy::Segment;
use tantivy::directory::{CompositeFile, FileSlice, OwnedBytes};
use tantivy::index::SegmentComponent;
use tantivy::postings::{InvertedIndexSerializer, TermInfo};
use tantivy::schema::Field;
use tantivy::termdict::TermDictionary;

use super::postings::Postings;
use crate::stop::{Outcome, Stop, check};

/// A field is cut into about so many ranges of terms.
const RANGES: usize = 32;

/// Where in the chunks the postings of each term of a field are.
pub(super) struct Order<'a> {
    /// For each term, by rank, in how many documents it stands.
    frequencies: Vec<u32>,
    /// For each term, by rank, the end of its part of `lists`.
    ends: Vec<usize>,
    /// Numbers of a chunk and of a list in it.
    lists: Vec<(u32, u32)>,
    /// The number of the first document of each chunk, and its postings.
    chunks: Vec<(u32, &'a Postings)>,
}

/// A range of the terms of a field, as it is written.
pub(super) struct Part {
    dictionary: TermDictionary,
    postings: OwnedBytes,
    positions: OwnedBytes,
    /// So many bytes of `postings` stand before those of the first term.
    head: usize,
}

/// The place of each term among the sorted ones, by its number.
pub(super) fn ranks(terms: &[(Arc<str>, u32)]) -> Vec<u32> {
    let most = terms.iter().map(|(_, number)| *number as usize + 1).max().unwrap_or(0);
    let mut ranks = vec![0; most];
    for (rank, (_, number)) in (0..).zip(terms) {
        ranks[*number as usize] = rank;
    }
    ranks
}

/// All terms of a field in ranges, in order. There are none if the field has no terms.
pub(super) fn parts(
    segment: &Segment,
    field: Field,
    terms: &[(Arc<str>, u32)],
    order: &Order<'_>,
    stop: &Stop<'_>,
) -> Outcome<Vec<Part>> {
    let part = |range| {
        check(stop)?;
        Ok(part(segment, field, terms, order, range)?)
    };
    order.ranges().into_par_iter().map(part).collect()
}

fn part(
    segment: &Segment,
    field: Field,
    terms: &[(Arc<str>, u32)],
    order: &Order<'_>,
    range: Range<usize>,
) -> tantivy::Result<Part> {
    // Nobody hears of this segment: it only lends its files.
    let scratch = segment.index().new_segment();
    let mut serializer = InvertedIndexSerializer::open(&scratch)?;
    // Without norms. They would only serve for the best score in each block of postings, which nobody reads, and
    // would make what is written of one word depend on the lengths of all pages.
    let mut writer = serializer.new_field(field, order.tokens(), None)?;
    for rank in range {
        if order.frequencies[rank] == 0 {
            continue;
        }
        writer.new_term(terms[rank].0.as_bytes(), order.frequencies[rank], true)?;
        for (first, postings, list) in order.of(rank) {
            let (documents, mut positions) = postings.of(list);
            for (document, count) in documents {
                let (these, rest) = positions.split_at(*count as usize);
                writer.write_doc(first + document, *count, these);
                positions = rest;
            }
        }
        writer.close_term()?;
    }
    writer.close()?;
    serializer.close()?;
    let read = |component| -> tantivy::Result<_> {
        let file = CompositeFile::open(&scratch.open_read(component)?)?.open_read(field);
        Ok(file.unwrap_or_else(FileSlice::empty))
    };
    let dictionary = TermDictionary::open(read(SegmentComponent::Terms)?)?;
    let postings = read(SegmentComponent::Postings)?.read_bytes()?;
    let positions = read(SegmentComponent::Positions)?.read_bytes()?;
    let mut part = Part { dictionary, postings, positions, head: 0 };
    let mut end = 0;
    part.each_term(|_, term| {
        end = term.postings_range.end;
        Ok(())
    })?;
    part.head = part.postings.len() - end;
    Ok(part)
}

impl<'a> Order<'a> {
    /// Brings the lists of all chunks into the order of terms: a sort by counting, which keeps that of
    /// chunks.
    pub(super) fn new(ranks: &[u32], chunks: Vec<(u32, &'a Postings)>) -> Order<'a> {
        let mut frequencies = vec![0; ranks.len()];
        let mut ends = vec![0; ranks.len()];
        for (_, postings) in &chunks {
            let mut before = 0;
            for list in &postings.lists {
                let rank = ranks[list.term as usize] as usize;
                frequencies[rank] += list.documents - before;
                before = list.documents;
                ends[rank] += 1;
            }
        }
        let mut sum = 0;
        for end in &mut ends {
            (*end, sum) = (sum, sum + *end);
        }
        // What is now the start of a term's part becomes its end as lists are put there.
        let mut lists = vec![(0, 0); sum];
        for (number, (_, postings)) in (0..).zip(&chunks) {
            for (place, list) in (0..).zip(&postings.lists) {
                let at = &mut ends[ranks[list.term as usize] as usize];
                lists[*at] = (number, place);
                *at += 1;
            }
        }
        Order { frequencies, ends, lists, chunks }
    }

    /// Whether a term stands anywhere in this field.
    pub(super) fn has(&self, rank: usize) -> bool {
        self.frequencies[rank] > 0
    }

    /// How many words there are.
    fn tokens(&self) -> u64 {
        self.chunks.iter().map(|(_, postings)| postings.positions.len() as u64).sum()
    }

    /// The postings of a term: the first document of a chunk, its lists, and which of them.
    fn of(&self, rank: usize) -> impl Iterator<Item = (u32, &'a Postings, usize)> {
        let start = rank.checked_sub(1).map_or(0, |before| self.ends[before]);
        let lists = &self.lists[start..self.ends[rank]];
        lists.iter().map(|(chunk, list)| {
            let (first, postings) = self.chunks[*chunk as usize];
            (first, postings, *list as usize)
        })
    }

    /// Ranges of ranks that have about the same number of postings.
    fn ranges(&self) -> Vec<Range<usize>> {
        let postings = |frequency: &u32| *frequency as usize;
        let share = self.frequencies.iter().map(postings).sum::<usize>() / RANGES;
        let mut ranges = Vec::new();
        let (mut start, mut sum) = (0, 0);
        for (rank, frequency) in self.frequencies.iter().enumerate() {
            sum += postings(frequency);
            if sum > share {
                ranges.push(start..rank + 1);
                (start, sum) = (rank + 1, 0);
            }
        }
        if sum > 0 {
            ranges.push(start..self.frequencies.len());
        }
        ranges
    }
}

impl Part {
    /// What stands before the postings of the first term, and is the same for every part.
    pub(super) fn head(&self) -> &[u8] {
        &self.postings[..self.head]
    }

    pub(super) fn postings(&self) -> &[u8] {
        &self.postings[self.head..]
    }

    pub(super) fn positions(&self) -> &[u8] {
        &self.positions
    }

    /// Calls `found` with every term, and where its postings are in this part.
    pub(super) fn each_term(
        &self,
        mut found: impl FnMut(&[u8], &TermInfo) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut stream = self.dictionary.stream()?;
        while stream.advance() {
            found(stream.key(), stream.value())?;
        }
        Ok(())
    }
}
