//! What the reading of a query asks of the index: which words there are, and whether pages have a phrase.
//!
//! Nothing here fails. In a browser a piece of the index may not be there yet; then the answer is `None`, the miss is
//! noted, and the same question is asked again when the piece has arrived. So one round can ask for much at once.

use tantivy::SegmentReader;

use super::{Reader, Weights, gather, most_frequent, shared};
use crate::index::Error;
use crate::query::{Condition, Query};
use crate::schema::Fields;

/// The open fields of a segment, to be asked about single words.
pub(crate) struct Lookup {
    reader: Option<Reader>,
    missed: Option<Error>,
}

impl Lookup {
    /// Opens the fields.
    pub(crate) fn open(segment: &SegmentReader, fields: Fields) -> Lookup {
        let mut lookup = Lookup { reader: None, missed: None };
        lookup.reader = lookup.note(Reader::open(segment, fields, &Weights::CHOSEN));
        lookup
    }

    /// The first miss, if there was one: then what was read is not to be trusted.
    pub(crate) fn missed(self) -> Option<Error> {
        self.missed
    }

    /// Whether a term stands on any page.
    pub(crate) fn has(&mut self, term: &str) -> Option<bool> {
        let found = self.reader.as_ref()?.words.find(term);
        self.note(found).map(|info| info.is_some())
    }

    /// Whether a page has the exact value of a filter.
    pub(crate) fn has_filter(&mut self, term: &str) -> Option<bool> {
        let found = self.reader.as_ref()?.filters.find(term);
        self.note(found).map(|info| info.is_some())
    }

    /// The exact values of filters that begin so, in order.
    pub(crate) fn filters(&mut self, start: &str) -> Vec<Box<str>> {
        let found = self.reader.as_ref().map(|reader| reader.filters.beginning_with(start, usize::MAX));
        let found = found.and_then(|found| self.note(found)).unwrap_or_default();
        found.into_iter().map(|(term, _)| term).collect()
    }

    /// Terms that begin so: the most frequent of them.
    pub(crate) fn beginning_with(&mut self, start: &str) -> Vec<Box<str>> {
        let found = self.reader.as_ref().map(|reader| reader.words_beginning_with(start));
        let found = found.and_then(|found| self.note(found)).unwrap_or_default();
        most_frequent(found).into_iter().map(|(term, _)| term).collect()
    }

    /// Whether two terms stand side by side on any page. No if it takes more bytes than `most` of positions of one of them
    /// to find out.
    pub(crate) fn side_by_side(&mut self, first: &str, second: &str, most: usize) -> Option<bool> {
        let words = &self.reader.as_ref()?.words;
        let infos = gather([first, second].iter().map(|term| words.find(term)));
        let is_short =
            infos.map(|infos| infos.iter().flatten().all(|info| info.positions_range.len() <= most));
        let found = is_short.and_then(|is_short| {
            let phrase = [(first.into(), 0), (second.into(), 1)];
            Ok(is_short && !words.phrase(&phrase)?.is_empty())
        });
        self.note(found)
    }

    /// Whether the site has so few pages that words are looked up too which tell little.
    pub(crate) fn is_small(&self) -> bool {
        self.reader.as_ref().is_some_and(Reader::is_small)
    }

    /// Numbers of the phrases of a query that no page has, among the pages that its filters and its other phrases
    /// leave. The first phrase that leaves a page stays a condition.
    pub(crate) fn missing_phrases(&mut self, query: &Query) -> Vec<usize> {
        if query.phrases.is_empty() {
            return Vec::new();
        }
        let mut left: Vec<Vec<u32>> =
            query.required.iter().filter_map(|condition| self.documents(&[condition])).collect();
        let mut missing = Vec::new();
        for (number, phrase) in query.phrases.iter().enumerate() {
            let conditions: Vec<&Condition> = phrase.conditions.iter().collect();
            let Some(documents) = self.documents(&conditions) else { continue };
            let narrowed = shared(left.iter().cloned().chain([documents]).collect());
            // Signs alone are no condition.
            if narrowed.is_empty() && !conditions.is_empty() {
                missing.push(number);
            } else if !conditions.is_empty() {
                left = vec![narrowed];
            }
        }
        missing
    }

    /// The documents that all conditions hold for.
    fn documents(&mut self, conditions: &[&Condition]) -> Option<Vec<u32>> {
        let mut lists = Vec::new();
        for condition in conditions {
            let found = self.reader.as_ref()?.matching(condition);
            lists.push(self.note(found));
        }
        Some(shared(lists.into_iter().collect::<Option<_>>()?))
    }

    fn note<T>(&mut self, found: Result<T, Error>) -> Option<T> {
        match found {
            Ok(found) => Some(found),
            Err(error) => {
                self.missed.get_or_insert(error);
                None
            }
        }
    }
}
