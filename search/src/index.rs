//! Opening an index and asking it: requests come in, hits go out.
//!
//! Reading has no disk, threads, locks or clock in it. Bytes come from a [`Source`], piece by piece, so
//! that a browser can answer "not here yet" with [`std::io::ErrorKind::WouldBlock`], fetch what was
//! missing and ask the same again: nothing here keeps a state that an interrupted question could spoil.

#[cfg(feature = "write")]
mod contents;
mod directory;

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
#[cfg(feature = "write")]
use tantivy::schema::Field;
use tantivy::schema::Value as _;
use tantivy::store::StoreReader;
use tantivy::{SegmentReader, TantivyDocument, TantivyError};

#[cfg(feature = "write")]
use crate::document::Options;
use crate::query::{self, Query, Synonyms};
use crate::rank::{self, Lookup, Ranking, Weights, gather};
use crate::schema::{self, Fields};
use crate::snippet::{self, Kept};
use crate::tokenizer::Analyzer;
use crate::typo::{self, Section, Spelling};
#[cfg(feature = "write")]
pub use contents::IndexPart;
use directory::SourceDirectory;

/// The one file whose name is fixed: it says which other files there are.
#[cfg(feature = "write")]
pub(crate) const META: &str = "meta.json";

/// Counts up when an index can no longer be read by older code, or its words are cut otherwise.
const VERSION: u32 = 6;

/// How many words an open index remembers: few, because queries are short.
const MEMORY_BITS: u32 = 6;

/// Filters are counted over this many hits.
const COUNTED: usize = 100;

/// The files of an index, wherever they are.
pub trait Source: Send + Sync + 'static {
    /// The length of a file in bytes, or `None` if there is no such file.
    fn size(&self, name: &str) -> Option<usize>;

    /// The bytes of a part of a file.
    ///
    /// # Errors
    /// Whatever keeps them from being read; [`io::ErrorKind::WouldBlock`] if they may be there later.
    fn read(&self, name: &str, range: Range<usize>) -> io::Result<Vec<u8>>;
}

/// An open index.
pub struct Index {
    pub(crate) source: Arc<dyn Source>,
    pub(crate) segment: Option<SegmentReader>,
    pub(crate) fields: Fields,
    pub(crate) analyzer: Analyzer,
    facets: Vec<String>,
    synonyms: Synonyms,
    sections: Vec<Section>,
    /// From which coverage on the best hit is good enough.
    enough: f32,
    pub(crate) weights: Weights,
}

/// A question, with what the answer is restricted to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    /// What was typed. Understood are words, `"a phrase"`, `-word`, `title:x`, `tag:x`, `kind:x`, `lang:x`,
    /// `is:answered`, and each facet of the index with a value that a page has. Anything is allowed.
    pub query: String,
    /// At most this many hits.
    pub limit: usize,
    /// Only pages that have all of these values, by facet: `kind` (singular or plural), `tag`, `lang`, `is` (`answered`)
    /// and those of the index.
    pub facets: BTreeMap<String, Vec<String>>,
    /// Whether [`Answer::counts`] are wanted.
    pub counts: bool,
    /// While somebody types: [`Answer::documents`] of the answer to the beginning of the query. They count a little more, so
    /// that what was found does not leave again while it fits.
    pub shown: Vec<u32>,
}

/// A page that answers, and where in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hit {
    /// Site path without base path, with `#fragment` where an answer on the page fits best.
    pub url: String,
    /// The title, as plain text.
    pub title: String,
    /// The kind in the singular.
    pub kind: String,
    /// How well the page fits, to three places. Comparable within one answer only.
    pub score: f32,
    /// How much of the question the page covers, from 0 to 1, to three places. Comparable between questions and sites.
    pub coverage: f32,
    /// The passage that fits best, as plain text: never HTML, to be escaped like any other text.
    pub snippet: String,
    /// The words of the query in the snippet, from start to just after the end, in Unicode scalars
    /// (not bytes, not UTF-16 units). In order, without overlap.
    pub marks: Vec<[usize; 2]>,
    /// Who wrote that passage, by name; empty where nobody is known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by: String,
}

/// All that there is to say to a request.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The pages that answer, the best first.
    pub hits: Vec<Hit>,
    /// The numbers of these pages in the index, in the same order.
    pub documents: Vec<u32>,
    /// Whether even the best of them covers so little that the answer is perhaps not here yet.
    pub doubtful: bool,
    /// If they were asked for: how many of the best hundred hits each filter would leave, by field, the most
    /// first.
    pub counts: Vec<Count>,
    /// If nothing was found: words that are spelt nearly like one of the query, the nearest first.
    pub suggestions: Vec<Suggestion>,
    /// Parts of the query, as they were typed with their minus, for which pages were left out.
    pub excluded: Vec<String>,
    /// Phrases of the query that no page has as they are, without their quotes: their words were searched for.
    pub loosened: Vec<String>,
}

/// How many hits a filter would leave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// The name of the facet.
    pub field: String,
    /// The value, in the form in which a filter is compared, such as `c-plus-plus`.
    pub value: String,
    /// At most this many of the best hundred hits have it.
    pub count: usize,
}

/// A word that may have been meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// The word of the query, in lower case and without accents.
    pub from: String,
    /// A word that stands on the site, likewise.
    pub to: String,
}

/// Why an index could not be written, opened or read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// A piece is not there yet, says the [`Source`]: ask again when it is.
    Pending,
    /// The files are not those of an index of this version, or are damaged.
    Damaged(String),
    /// The index could not be made.
    Write(String),
}

/// What an index says of itself, beside what tantivy notes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Manifest {
    version: u32,
    pub(crate) language: String,
    /// Other languages that pages are written in, those of the most pages first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    languages: Vec<String>,
    facets: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    synonyms: Vec<Vec<String>>,
    /// Of each section of the list of words for [`typo`] the first letter, and where it ends.
    letters: String,
    ends: Vec<u32>,
}

impl Index {
    /// Opens an index from its files.
    ///
    /// # Errors
    /// [`Error::Damaged`] if the files are not an index that this code reads; [`Error::Pending`] if the
    /// source has not yet got what opening needs.
    pub fn open(source: impl Source) -> Result<Index, Error> {
        let source: Arc<dyn Source> = Arc::new(source);
        let index = tantivy::Index::open(SourceDirectory::new(Arc::clone(&source)))?;
        let meta = index.load_metas()?;
        let manifest = Manifest::from_json(meta.payload.as_deref())?;
        let (schema, fields) = schema::schema();
        if index.schema() != schema {
            return Err(Error::Damaged("the index has other fields".to_owned()));
        }
        let segments = index.searchable_segments()?;
        if segments.len() > 1 {
            return Err(Error::Damaged("the index has more than one segment".to_owned()));
        }
        let segment = segments.first().map(SegmentReader::open).transpose()?;
        let Manifest { language, languages, facets, synonyms, letters, ends, .. } = manifest;
        let sections = letters.chars().zip(ends).map(|(first, end)| Section { first, end });
        let mut analyzer = Analyzer::new(&language, MEMORY_BITS).with(&languages);
        Ok(Index {
            source,
            segment,
            fields,
            synonyms: Synonyms::new(&synonyms, &mut analyzer),
            analyzer,
            facets,
            sections: sections.collect(),
            enough: rank::enough(&language),
            weights: Weights::CHOSEN,
        })
    }

    /// The same index with other weights, to find out which are good.
    #[must_use]
    pub fn weighed(self, weights: Weights) -> Index {
        Index { weights, ..self }
    }

    /// Reads what every question needs, so that a pack can have it at hand.
    #[cfg(feature = "write")]
    pub(crate) fn warm(&self) -> Result<(), Error> {
        let Some(segment) = &self.segment else { return Ok(()) };
        segment.get_store_reader(1)?;
        rank::warm(segment, self.fields)
    }

    /// The name of the list of words, unless nothing was indexed, and where its sections end.
    #[cfg(feature = "write")]
    pub(crate) fn words(&self) -> Option<(String, Vec<usize>)> {
        let ends = self.sections.iter().map(|section| section.end as usize);
        self.segment.as_ref().map(|segment| (words_of(segment), ends.collect()))
    }

    /// The segment, unless nothing was indexed, and its indexed fields.
    #[cfg(feature = "write")]
    pub(crate) fn segment(&self) -> Option<(&SegmentReader, [Field; 3])> {
        let Fields { words, grams, filters, .. } = self.fields;
        self.segment.as_ref().map(|segment| (segment, [words, grams, filters]))
    }

    /// The pages that answer a request, the best first, one hit a page.
    ///
    /// Pages with equal scores stand in the order of their documents. Nothing that is typed is an error:
    /// what makes no sense finds nothing.
    ///
    /// # Errors
    /// [`Error::Pending`] and [`Error::Damaged`], as [`Index::open`].
    pub fn search(&self, request: &Request) -> Result<Vec<Hit>, Error> {
        Ok(self.answer(&Request { counts: false, ..request.clone() })?.hits)
    }

    /// The hits of [`Index::search`], and what else there is to say.
    ///
    /// # Errors
    /// As [`Index::search`].
    pub fn answer(&self, request: &Request) -> Result<Answer, Error> {
        let Some(segment) = &self.segment else { return Ok(Answer::default()) };
        let mut analyzer = self.analyzer.clone();
        analyzer.settle(&request.query);
        let limit = request.limit.max(if request.counts { COUNTED } else { 0 });
        let mut answer = Answer::default();
        let (mut query, mut ranking) =
            self.ranked(segment, request, true, limit, &mut analyzer, &mut answer)?;
        // An exclusion that leaves nothing was not meant to be one.
        if ranking.best.is_empty() && request.limit > 0 && query.excluded.iter().any(|it| it.is_text) {
            answer = Answer::default();
            (query, ranking) = self.ranked(segment, request, false, limit, &mut analyzer, &mut answer)?;
        }
        let left_out = query.excluded.iter().zip(&ranking.left_out).filter(|(_, left_out)| **left_out);
        answer.excluded = left_out.map(|(excluded, _)| excluded.typed.clone()).collect();
        if ranking.best.is_empty() && request.limit > 0 {
            let mut spelling = self.spelling(segment, &mut analyzer);
            answer.suggestions = suggestions(&query, &mut spelling)?;
        }
        let counts = request.counts.then(|| {
            let best = &ranking.best[..ranking.best.len().min(COUNTED)];
            rank::counts(segment, self.fields, best)
        });
        ranking.best.truncate(request.limit);
        let store = segment.get_store_reader(4)?;
        // All of them are asked for before the first miss is told, so that one round fetches them all.
        let hits =
            gather((0..ranking.best.len()).map(|place| self.hit(&store, place, &ranking, &mut analyzer)));
        answer.counts = counts
            .transpose()?
            .unwrap_or_default()
            .into_iter()
            .map(|(field, value, count)| Count { field, value, count })
            .collect();
        answer.hits = hits?;
        answer.documents = ranking.best.iter().map(|(document, _)| *document).collect();
        answer.doubtful = answer.hits.first().is_some_and(|best| best.coverage < self.enough);
        Ok(answer)
    }

    /// Reads a request and ranks the pages for it. What looks like the value of a facet is one if a page has it, else it is
    /// words: `size:10` may stand in a message that somebody pasted. Whatever is not there yet is asked for in as few rounds as possible, so
    /// a miss while reading is told only after ranking has asked for what it needs.
    fn ranked(
        &self,
        segment: &SegmentReader,
        request: &Request,
        excludes: bool,
        limit: usize,
        analyzer: &mut Analyzer,
        answer: &mut Answer,
    ) -> Result<(Query, Ranking), Error> {
        let mut lookup = Lookup::open(segment, self.fields);
        let site = query::Site { facets: &self.facets, synonyms: &self.synonyms };
        let mut query = query::understand(request, &site, excludes, &mut lookup, analyzer);
        for number in lookup.missing_phrases(&query).into_iter().rev() {
            answer.loosened.insert(0, query.loosen(number, analyzer));
        }
        let ranking = rank::rank(
            segment,
            self.fields,
            &query,
            limit,
            &self.weights,
            &mut self.spelling(segment, analyzer),
        );
        lookup.missed().map_or(Ok((query, ranking?)), Err)
    }

    pub(crate) fn spelling<'a>(
        &'a self,
        segment: &SegmentReader,
        analyzer: &'a mut Analyzer,
    ) -> Spelling<'a> {
        let name = words_of(segment);
        Spelling { source: &*self.source, name, sections: &self.sections, analyzer }
    }

    /// What is shown of the hit at a place of the ranking.
    pub(crate) fn hit(
        &self,
        store: &StoreReader,
        place: usize,
        ranking: &Ranking,
        analyzer: &mut Analyzer,
    ) -> Result<Hit, Error> {
        let (document, score) = ranking.best[place];
        let coverage = ranking.coverage[place];
        let stored: TantivyDocument = store.get(document)?;
        let text = |field| stored.get_first(field).and_then(|value| value.as_str()).unwrap_or_default();
        let accepted = stored.get_first(self.fields.accepted).and_then(|value| value.as_u64());
        let title = text(self.fields.heading).to_owned();
        let passages: Vec<Kept> = stored
            .get_all(self.fields.anchor)
            .zip(stored.get_all(self.fields.excerpt))
            .zip(stored.get_all(self.fields.rest))
            .enumerate()
            .map(|(number, ((anchor, excerpt), rest))| Kept {
                anchor: anchor.as_str().unwrap_or_default(),
                excerpt: excerpt.as_str().unwrap_or_default().into(),
                rest: rest.as_bytes().unwrap_or_default().into(),
                accepted: accepted == Some(number as u64),
                number,
            })
            .collect();
        let shown = snippet::choose(&title, &passages, ranking, analyzer);
        let mut url = text(self.fields.url).to_owned();
        if !shown.anchor.is_empty() {
            url.push('#');
            url.push_str(shown.anchor);
        }
        let kind = text(self.fields.kind).to_owned();
        let by = stored.get_all(self.fields.by).nth(shown.number).and_then(|by| by.as_str());
        let by = by.unwrap_or_default().to_owned();
        Ok(Hit { url, title, kind, score, coverage, snippet: shown.text, marks: shown.marks, by })
    }
}

/// The name of the list of words that belongs to a segment.
fn words_of(segment: &SegmentReader) -> String {
    format!("{}.{}", segment.segment_id().uuid_string(), typo::ENDING)
}

/// Other words for those of a query that finds nothing: for those that nobody has written, as far as there are
/// such, else for all.
fn suggestions(query: &Query, spelling: &mut Spelling<'_>) -> Result<Vec<Suggestion>, Error> {
    let words: Vec<&str> = query.words.iter().map(|word| &*word.surface).collect();
    let near = spelling.suggestions(&words)?;
    let pairs = words.iter().zip(near);
    Ok(pairs
        .flat_map(|(from, near)| {
            near.into_iter().map(|near| Suggestion { from: (*from).to_owned(), to: near.into() })
        })
        .collect())
}

impl fmt::Debug for Index {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let documents = self.segment.as_ref().map_or(0, SegmentReader::max_doc);
        formatter.debug_struct("Index").field("documents", &documents).finish_non_exhaustive()
    }
}

impl Source for BTreeMap<String, Vec<u8>> {
    fn size(&self, name: &str) -> Option<usize> {
        self.get(name).map(Vec::len)
    }

    fn read(&self, name: &str, range: Range<usize>) -> io::Result<Vec<u8>> {
        let part = self.get(name).and_then(|bytes| bytes.get(range));
        part.map(<[u8]>::to_vec).ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

impl<S: Source + ?Sized> Source for Arc<S> {
    fn size(&self, name: &str) -> Option<usize> {
        (**self).size(name)
    }

    fn read(&self, name: &str, range: Range<usize>) -> io::Result<Vec<u8>> {
        (**self).read(name, range)
    }
}

impl Manifest {
    #[cfg(feature = "write")]
    pub(crate) fn new(options: &Options) -> Manifest {
        let language = options.language.as_deref().unwrap_or("en").to_owned();
        let (facets, synonyms) = (options.facets.clone(), options.synonyms.clone());
        let (languages, letters, ends) = (Vec::new(), String::new(), Vec::new());
        Manifest { version: VERSION, language, languages, facets, synonyms, letters, ends }
    }

    /// The same for pages in these languages too, given as the first parts of their tags, and with a list of words.
    #[cfg(feature = "write")]
    pub(crate) fn with(self, languages: Vec<String>, sections: &[Section]) -> Manifest {
        let letters = sections.iter().map(|section| section.first).collect();
        let ends = sections.iter().map(|section| section.end).collect();
        Manifest { languages, letters, ends, ..self }
    }

    #[cfg(feature = "write")]
    pub(crate) fn to_json(&self) -> String {
        serde_json::json!(self).to_string()
    }

    fn from_json(text: Option<&str>) -> Result<Manifest, Error> {
        let manifest: Option<Manifest> = text.and_then(|text| serde_json::from_str(text).ok());
        manifest
            .filter(|manifest| manifest.version == VERSION)
            .ok_or_else(|| Error::Damaged("the index was written by another version".to_owned()))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Pending => formatter.write_str("a part of the search index has not arrived yet"),
            Error::Damaged(why) => write!(formatter, "the search index cannot be read: {why}"),
            Error::Write(why) => write!(formatter, "the search index could not be made: {why}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Error {
        if error.kind() == io::ErrorKind::WouldBlock {
            return Error::Pending;
        }
        Error::Damaged(error.to_string())
    }
}

impl From<TantivyError> for Error {
    fn from(error: TantivyError) -> Error {
        let io = match &error {
            TantivyError::IoError(io) => Some(io),
            TantivyError::OpenReadError(tantivy::directory::error::OpenReadError::IoError {
                io_error,
                ..
            }) => Some(io_error),
            _ => None,
        };
        if io.is_some_and(|io| io.kind() == io::ErrorKind::WouldBlock) {
            return Error::Pending;
        }
        Error::Damaged(error.to_string())
    }
}

#[cfg(all(test, feature = "write"))]
mod everyday;
#[cfg(all(test, feature = "write"))]
mod languages;
#[cfg(all(test, feature = "write"))]
mod tests;
