//! Postings in the form in which an index has them, made in parallel.
//!
//! What is written of a term depends on no other term, but for the place where it stands. So the sorted
//! terms of a field are cut into ranges, each range is written by tantivy's serialiser as if it were all
//! there is, and [`super::segment`] puts one after the other. The cut shows nowhere in the result. Nor does it
//! show which terms were written for the last index and are taken from there.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::io::{self, Write};
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;
use tantivy::directory::{AntiCallToken, CompositeWrite, OwnedBytes, TerminatingWrite};
use tantivy::postings::{FieldSerializer, TermInfo};
use tantivy::schema::{Field, IndexRecordOption};

use super::chunk::Chunk;
use super::postings::{List, Postings};
use crate::stop::{Outcome, Stop, check};

/// A field is cut into about this many ranges of terms.
const RANGES: usize = 32;

/// Unless that makes ranges with fewer postings than these.
const RANGE: usize = 1 << 10;

/// The postings of a term, and its positions.
pub(super) type Bytes<'a> = (&'a [u8], &'a [u8]);

/// A chunk, and the number of its first document.
pub(super) type Placed = (u32, Arc<Chunk>);

/// What was written of a field.
pub(super) struct Written {
    /// By the number of the term.
    pub(super) infos: Vec<TermInfo>,
    pub(super) postings: OwnedBytes,
    pub(super) positions: OwnedBytes,
}

impl Written {
    pub(super) fn bytes(&self, info: &TermInfo) -> Bytes<'_> {
        (&self.postings[info.postings_range.clone()], &self.positions[info.positions_range.clone()])
    }
}

/// Where in the chunks the postings are of those terms of a field that have to be written.
pub(super) struct Order<'a> {
    /// For each term, by rank, in how many documents it stands; 0 if it does not have to be written.
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
    /// Where the postings of each term are in this part.
    pub(super) infos: Vec<TermInfo>,
    postings: Vec<u8>,
    positions: Vec<u8>,
    /// So many bytes of `postings` stand before those of the first term.
    head: usize,
}

/// The terms of a field, by number, whose postings are not what they were: those of chunks that are not the ones they
/// were, or begin with another document, and of two chunks that begin with the same only those that differ.
pub(super) fn changed(last: &[Placed], now: &[Placed], field: usize, ranks: &[u32]) -> Vec<bool> {
    let mut changed = vec![false; ranks.len()];
    let (mut old, mut new) = (last.iter().peekable(), now.iter().peekable());
    loop {
        let ends = [old.peek(), new.peek()].map(|it| it.map_or(u32::MAX, |(first, _)| *first));
        let first = ends[0].min(ends[1]);
        let (was, is) = (old.next_if(|it| it.0 == first), new.next_if(|it| it.0 == first));
        match (was, is) {
            (None, None) => break,
            (Some((_, was)), Some((_, is))) if Arc::ptr_eq(was, is) => {}
            (Some((_, was)), Some((_, is))) => {
                let terms = differing(&was.postings[field], &is.postings[field], ranks);
                terms.into_iter().for_each(|term| changed[term as usize] = true);
            }
            (Some((_, one)), None) | (None, Some((_, one))) => {
                one.postings[field].lists.iter().for_each(|list| changed[list.term as usize] = true);
            }
        }
    }
    changed
}

/// The terms whose lists differ in two chunks that begin with the same document.
fn differing(was: &Postings, is: &Postings, ranks: &[u32]) -> Vec<u32> {
    let mut terms = Vec::new();
    let (mut old, mut new) = (0, 0);
    let rank = |list: Option<&List>| list.map_or(u32::MAX, |list| ranks[list.term as usize]);
    loop {
        let ranks = (rank(was.lists.get(old)), rank(is.lists.get(new)));
        match ranks.0.cmp(&ranks.1) {
            Ordering::Equal if ranks.0 == u32::MAX => break,
            Ordering::Equal => {
                if was.of(old) != is.of(new) {
                    terms.push(is.lists[new].term);
                }
                (old, new) = (old + 1, new + 1);
            }
            Ordering::Less => {
                terms.push(was.lists[old].term);
                old += 1;
            }
            Ordering::Greater => {
                terms.push(is.lists[new].term);
                new += 1;
            }
        }
    }
    terms
}

/// All terms of a field that have to be written, in ranges, in order: at least one range, if an empty one.
pub(super) fn parts(option: IndexRecordOption, order: &Order<'_>, stop: &Stop<'_>) -> Outcome<Vec<Part>> {
    let part = |range| {
        check(stop)?;
        Ok(part(option, order, range)?)
    };
    order.ranges().into_par_iter().map(part).collect()
}

fn part(option: IndexRecordOption, order: &Order<'_>, range: Range<usize>) -> tantivy::Result<Part> {
    let [dictionary, postings, positions] = std::array::from_fn(|_| RefCell::default());
    let mut sheets = [&dictionary, &postings, &positions].map(|bytes| CompositeWrite::wrap(Sheet(bytes)));
    let [terms_sheet, postings_sheet, positions_sheet] =
        sheets.each_mut().map(|sheet| sheet.for_field(Field::from_field_id(0)));
    // Without norms. They would only serve for the best score in each block of postings, which nobody reads, and
    // would make what is written of one word depend on the lengths of all pages.
    let tokens = order.tokens();
    let mut writer =
        FieldSerializer::create(option, tokens, terms_sheet, postings_sheet, positions_sheet, None)?;
    let head = postings.borrow().len();
    let ends = || (postings.borrow().len() - head, positions.borrow().len());
    let mut infos = Vec::new();
    let mut start = ends();
    for rank in range {
        let doc_freq = order.frequencies[rank];
        if doc_freq == 0 {
            continue;
        }
        // Nobody reads this dictionary, so a number serves as well as the text.
        writer.new_term(&(rank as u32).to_be_bytes(), doc_freq, true)?;
        for (first, postings, list) in order.of(rank) {
            let (documents, mut positions) = postings.of(list);
            for (document, count) in documents {
                // In a field without positions there are none.
                let (these, rest) = positions.split_at_checked(*count as usize).unwrap_or_default();
                writer.write_doc(first + document, *count, these);
                positions = rest;
            }
        }
        writer.close_term()?;
        let end = ends();
        let (postings_range, positions_range) = (start.0..end.0, start.1..end.1);
        infos.push(TermInfo { doc_freq, postings_range, positions_range });
        start = end;
        dictionary.borrow_mut().clear();
    }
    // All has been written by the end of each term. What is left is the end of the dictionary.
    drop(writer);
    drop(sheets);
    Ok(Part { infos, postings: postings.into_inner(), positions: positions.into_inner(), head })
}

/// What tantivy writes to; how much it has written can be seen meanwhile.
struct Sheet<'a>(&'a RefCell<Vec<u8>>);

impl Write for Sheet<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl TerminatingWrite for Sheet<'_> {
    fn terminate_ref(&mut self, _: AntiCallToken) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> Order<'a> {
    /// Brings the lists of all chunks into the order of terms: a sort by counting, which keeps that of
    /// chunks. Only those of terms that have changed, if it is known which.
    pub(super) fn new(
        ranks: &[u32],
        chunks: Vec<(u32, &'a Postings)>,
        changed: Option<&[bool]>,
    ) -> Order<'a> {
        let mut frequencies = vec![0; ranks.len()];
        let mut ends = vec![0; ranks.len()];
        let is_wanted = |term: u32| changed.is_none_or(|changed| changed[term as usize]);
        for (_, postings) in &chunks {
            let mut before = 0;
            for list in &postings.lists {
                if is_wanted(list.term) {
                    let rank = ranks[list.term as usize] as usize;
                    frequencies[rank] += list.documents - before;
                    ends[rank] += 1;
                }
                before = list.documents;
            }
        }
        let mut sum = 0;
        for end in &mut ends {
            (*end, sum) = (sum, sum + *end);
        }
        // What is now the start of a term's part becomes its end as lists are put there.
        let mut lists = vec![(0, 0); sum];
        for (number, (_, postings)) in (0..).zip(&chunks) {
            for (place, list) in (0..).zip(&postings.lists).filter(|(_, list)| is_wanted(list.term)) {
                let at = &mut ends[ranks[list.term as usize] as usize];
                lists[*at] = (number, place);
                *at += 1;
            }
        }
        Order { frequencies, ends, lists, chunks }
    }

    /// Whether a term has to be written.
    pub(super) fn has(&self, rank: usize) -> bool {
        self.frequencies[rank] > 0
    }

    /// How many words there are.
    fn tokens(&self) -> u64 {
        self.chunks.iter().map(|(_, postings)| postings.tokens).sum()
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
        let share = (self.frequencies.iter().map(postings).sum::<usize>() / RANGES).max(RANGE);
        let mut ranges = Vec::new();
        let (mut start, mut sum) = (0, 0);
        for (rank, frequency) in self.frequencies.iter().enumerate() {
            sum += postings(frequency);
            if sum > share {
                ranges.push(start..rank + 1);
                (start, sum) = (rank + 1, 0);
            }
        }
        if sum > 0 || ranges.is_empty() {
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

    pub(super) fn bytes(&self, info: &TermInfo) -> Bytes<'_> {
        let postings = &self.postings[self.head..];
        (&postings[info.postings_range.clone()], &self.positions[info.positions_range.clone()])
    }
}
