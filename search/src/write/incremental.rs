//! An index that follows edits: what did not change is taken from the last one.
//!
//! The result is, byte for byte, what [`pack`](crate::pack::pack) makes of [`write`](crate::write()) from nothing. Three
//! things are kept from one index to the next, and only what the last one needed of them: the inverted chunks of
//! documents, the encoded postings of terms, and the compressed pieces. What lies between is always done again.
//!
//! Documents are cut into chunks where their keys say so, not by counting, so that a new document moves no
//! border but those around it.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;

use blake3::{Hash, Hasher};
use rayon::prelude::*;

use super::chunk::{Chunk, Desks};
use super::inverted::Last;
use super::lexicon::{self, Lexicon};
use super::segment;
use crate::document::{Document, Options};
use crate::index::{Error, Manifest};
use crate::pack::{Pieces, packed};
use crate::stop::{Halt, Outcome, Stop, check};

/// Into about how many chunks documents are cut, if that makes chunks of a sensible size. A changed document costs
/// as much as all of its chunk.
const CHUNKS: usize = 128;

/// At least and at most this many documents are in a chunk on average. Powers of two.
const CHUNK: (usize, usize) = (64, 512);

/// No chunk is larger than this many average ones, whatever the keys say.
const LARGEST: usize = 4;

/// The lexicon is begun anew when it holds more than twice the words that are needed, and this many more.
const WORN: usize = 1 << 12;

/// The files of a pack by their path, as [`pack`](crate::pack::pack) returns them.
pub type Packed = BTreeMap<String, Arc<[u8]>>;

/// Makes one index after the other, each at the cost of what has changed.
pub struct Incremental {
    options: Options,
    lexicon: Lexicon,
    desks: Desks,
    /// [`CHUNK`], but in tests.
    sizes: (usize, usize),
    /// How many documents are in a chunk on average: a power of two.
    size: usize,
    /// By the keys of its documents.
    chunks: HashMap<Hash, Arc<Chunk>>,
    /// The postings of the last index.
    written: Last,
    /// Those of the last pack.
    pieces: Pieces,
    /// The last pack, by the keys of all documents.
    last: Option<(Hash, Arc<Packed>)>,
}

impl Incremental {
    /// Begins with nothing. Other options need another one.
    #[must_use]
    pub fn new(options: &Options) -> Incremental {
        Incremental {
            options: options.clone(),
            lexicon: super::lexicon(options),
            desks: Desks::default(),
            sizes: CHUNK,
            size: CHUNK.0,
            chunks: HashMap::new(),
            written: Last::default(),
            pieces: Pieces::default(),
            last: None,
        }
    }

    /// The pack of these documents, in the order of their keys.
    ///
    /// A key stands for a document: equal keys, equal documents. Keys should be hashes, as their low bits say where
    /// documents are cut into chunks. `document` gives the document at a place in the list; it is asked only for those
    /// that [`Incremental::wanted`] names, by several threads: those of the current pool of rayon.
    ///
    /// `None` if `stop`, which is asked every few milliseconds, said that nobody waits for the result any more.
    /// Whatever has been done by then, the next call gives the right result.
    ///
    /// # Errors
    /// As [`write`](crate::write()) and [`pack`](crate::pack::pack).
    pub fn update<'a>(
        &mut self,
        keys: &[u128],
        document: &(dyn Fn(usize) -> Cow<'a, Document> + Sync),
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Result<Option<Arc<Packed>>, Error> {
        match self.follow(keys, document, stop) {
            Ok(pack) => Ok(Some(pack)),
            Err(Halt::Stopped) => Ok(None),
            Err(Halt::Failed(error)) => Err(error),
        }
    }

    /// The places of the documents that an update with these keys would ask for, in order: those whose
    /// neighbourhood is not what it was.
    pub fn wanted(&mut self, keys: &[u128]) -> Vec<usize> {
        let borders = self.borders(keys);
        let new = borders.into_iter().filter(|range| !self.chunks.contains_key(&hash(&keys[range.clone()])));
        new.flatten().collect()
    }

    fn follow<'a>(
        &mut self,
        keys: &[u128],
        document: &(dyn Fn(usize) -> Cow<'a, Document> + Sync),
        stop: &Stop<'_>,
    ) -> Outcome<Arc<Packed>> {
        let all = hash(keys);
        if let Some((known, pack)) = &self.last
            && *known == all
        {
            return Ok(Arc::clone(pack));
        }
        let chunks = self.chunks(keys, document, stop)?;
        let made =
            segment::write(&chunks, &self.lexicon, &Manifest::new(&self.options), &mut self.written, stop)?;
        drop(chunks);
        let worn = |words: &lexicon::Sorted, needed| words.sorted().len() > 2 * needed + WORN;
        if worn(&self.lexicon.terms, made.terms) || worn(&self.lexicon.spellings, made.spellings) {
            // Numbers of words are in the chunks and on the desks too.
            self.lexicon = super::lexicon(&self.options);
            self.desks = Desks::default();
            self.chunks.clear();
            self.written = Last::default();
        }
        let pack = Arc::new(packed(made.files, &mut self.pieces, stop)?);
        self.last = Some((all, Arc::clone(&pack)));
        Ok(pack)
    }

    /// The chunks of all documents, of which those that were not there before are made, and all others forgotten.
    fn chunks<'a>(
        &mut self,
        keys: &[u128],
        document: &(dyn Fn(usize) -> Cow<'a, Document> + Sync),
        stop: &Stop<'_>,
    ) -> Outcome<Vec<Arc<Chunk>>> {
        let chunks = self.borders(keys).into_par_iter().map(|range| {
            let key = hash(&keys[range.clone()]);
            if let Some(chunk) = self.chunks.get(&key) {
                return Ok((key, Ok(Arc::clone(chunk))));
            }
            check(stop)?;
            Ok((key, Err(self.desks.chunk(range.map(document), &self.lexicon)?)))
        });
        let chunks: Vec<(Hash, Result<Arc<Chunk>, _>)> = chunks.collect::<Outcome<_>>()?;
        self.desks.rest();
        self.lexicon.renew();
        let sort = |(key, chunk): (Hash, Result<Arc<Chunk>, Chunk<_>>)| {
            (key, chunk.unwrap_or_else(|new| Arc::new(new.sorted(&self.lexicon))))
        };
        let chunks: Vec<(Hash, Arc<Chunk>)> = chunks.into_par_iter().map(sort).collect();
        self.chunks = chunks.iter().cloned().collect();
        Ok(chunks.into_iter().map(|(_, chunk)| chunk).collect())
    }

    /// Where documents are cut.
    fn borders(&mut self, keys: &[u128]) -> Vec<Range<usize>> {
        let fits = keys.len() / (CHUNKS * 2)..=keys.len() / (CHUNKS / 2);
        if !fits.contains(&self.size) {
            // Not before it is far off, so that a document more or less does not make all of them anew.
            self.size = (keys.len() / CHUNKS).next_power_of_two().clamp(self.sizes.0, self.sizes.1);
        }
        borders(keys, self.size)
    }
}

/// Where documents are cut: before keys that end in zeros, and where a chunk would become too large.
fn borders(keys: &[u128], size: usize) -> Vec<Range<usize>> {
    let mask = size as u128 - 1;
    let mut borders = Vec::new();
    let mut start = 0;
    for (place, key) in keys.iter().enumerate() {
        if place > start && (key & mask == 0 || place - start == size * LARGEST) {
            borders.push(start..place);
            start = place;
        }
    }
    if start < keys.len() {
        borders.push(start..keys.len());
    }
    borders
}

fn hash(keys: &[u128]) -> Hash {
    let mut hasher = Hasher::new();
    for key in keys {
        hasher.update(&key.to_le_bytes());
    }
    hasher.finalize()
}

#[cfg(test)]
mod tests;
