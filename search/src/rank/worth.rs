//! What single words are worth, and on which of some pages they stand: for a closer look at a few pages.

use tantivy::SegmentReader;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet as _, TERMINATED};

use super::bm25::natural_logarithm;
use super::{Inverted, Reader, Weights};
use crate::index::Error;
use crate::schema::Fields;

/// The open fields of a segment, to be asked about single words.
pub(crate) struct Worths {
    reader: Reader,
    /// What a gram counts.
    gram: f32,
    /// A page that counts as if it were not there.
    without: Option<u32>,
}

impl Worths {
    /// Opens the fields. A question that is on the site itself makes none of its words less rare.
    pub(crate) fn open(
        segment: &SegmentReader,
        fields: Fields,
        without: Option<u32>,
        weights: &Weights,
    ) -> Result<Worths, Error> {
        Ok(Worths { reader: Reader::open(segment, fields, weights)?, gram: weights.gram, without })
    }

    /// How rare a word is, and on which of the documents it stands.
    pub(crate) fn word(&self, term: &str, documents: &[u32]) -> Result<(f32, Vec<bool>), Error> {
        self.look(&self.reader.words, term, documents)
    }

    /// The same for a character or a pair of them, which stand for less than a word.
    pub(crate) fn gram(&self, gram: &str, documents: &[u32]) -> Result<(f32, Vec<bool>), Error> {
        let (worth, on) = self.look(&self.reader.grams, gram, documents)?;
        Ok((worth * self.gram, on))
    }

    /// How much it is that some words are worth together: nothing for none, and less and less for each more.
    pub(crate) fn much(&self, worth: f32) -> f32 {
        natural_logarithm(f64::from(1.0 + worth / self.reader.bm25.idf(0))) as f32
    }

    fn look(&self, field: &Inverted, term: &str, documents: &[u32]) -> Result<(f32, Vec<bool>), Error> {
        let bm25 = &self.reader.bm25;
        let mut on = vec![false; documents.len()];
        let Some(info) = field.find(term)? else { return Ok((bm25.idf(0), on)) };
        // A list can only be walked forwards, and the documents stand in the order of their scores.
        let mut places: Vec<(u32, Option<usize>)> =
            documents.iter().enumerate().map(|(place, document)| (*document, Some(place))).collect();
        places.extend(self.without.map(|document| (document, None)));
        places.sort_unstable();
        let mut found = info.doc_freq;
        let mut list = field.postings(&info, IndexRecordOption::Basic)?;
        for (document, place) in places {
            let at = if list.doc() < document { list.seek(document) } else { list.doc() };
            match place {
                _ if at == TERMINATED => break,
                Some(place) => on[place] = at == document,
                None => found = found.saturating_sub(u32::from(at == document)),
            }
        }
        Ok((bm25.idf(found), on))
    }
}
