//! Some neighbouring documents, read and inverted: what an index is put together from.
//!
//! A chunk knows nothing of the others, nor where it stands among them, so it serves every index that has
//! these documents one after the other.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use tantivy::TantivyDocument;
use tantivy::directory::{Directory as _, OwnedBytes, RamDirectory};
use tantivy::store::{Compressor, StoreReader, StoreWriter};

use super::language;
use super::lexicon::{Found, Lexicon, Reader, Title};
use super::postings::{Counts, Inverted, Occurrences, Places, Postings};
use crate::document::Document;
use crate::schema::{BEGINNING, Fields, LONGEST_TITLE, MOST_TITLES, filter, schema, title_position};
use crate::snippet;

/// What a chunk of documents comes to.
pub(super) struct Chunk<P = Postings> {
    /// One for each indexed field, in the order of fields.
    pub(super) postings: [P; 3],
    /// How long the text of each document is: its words, and its characters where none are told apart.
    pub(super) lengths: Vec<u32>,
    /// What is stored of each document.
    pub(super) stored: Vec<OwnedBytes>,
    /// The numbers of all spellings in it, each with that of its term.
    pub(super) written: Vec<(u32, u32)>,
    /// Other languages than the site's, and how many documents are written in each.
    pub(super) languages: BTreeMap<String, u32>,
}

/// What threads work with, passed from chunk to chunk, so that what one has learnt serves the next.
#[derive(Default)]
pub(super) struct Desks {
    idle: Mutex<Vec<Desk>>,
}

struct Desk {
    reader: Reader,
    places: Places,
    words: Occurrences,
    grams: Counts,
    filters: Counts,
}

impl Chunk<Inverted> {
    /// The same with its terms in the order of a dictionary, which must have been renewed.
    pub(super) fn sorted(self, lexicon: &Lexicon) -> Chunk {
        let Chunk { postings, lengths, stored, written, languages } = self;
        Chunk {
            postings: postings.map(|field| field.sorted(lexicon.terms.ranks())),
            lengths,
            stored,
            written,
            languages,
        }
    }
}

impl Desks {
    /// Reads and inverts some documents.
    pub(super) fn chunk<'a>(
        &self,
        documents: impl Iterator<Item = Cow<'a, Document>>,
        lexicon: &Lexicon,
    ) -> tantivy::Result<Chunk<Inverted>> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut desk = idle.unwrap_or_else(|| Desk {
            reader: Reader::new(lexicon),
            places: Places::default(),
            words: Occurrences::default(),
            grams: Counts::default(),
            filters: Counts::default(),
        });
        // After an error the desk would hold half a chunk.
        let chunk = chunk(documents, &mut desk, lexicon)?;
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(desk);
        Ok(chunk)
    }

    /// Forgets what all but one have learnt: between edits one is enough.
    pub(super) fn rest(&mut self) {
        self.idle.get_mut().unwrap_or_else(PoisonError::into_inner).truncate(1);
    }
}

fn chunk<'a>(
    documents: impl Iterator<Item = Cow<'a, Document>>,
    desk: &mut Desk,
    lexicon: &Lexicon,
) -> tantivy::Result<Chunk<Inverted>> {
    let (schema, fields) = schema();
    let mut lengths = Vec::new();
    let directory = RamDirectory::create();
    let path = Path::new("store");
    // All of it in one block, from which the documents are taken again as bytes.
    let mut store = StoreWriter::new(directory.open_write(path)?, Compressor::None, usize::MAX, false)?;
    let mut languages = BTreeMap::new();
    for document in documents {
        desk.reader.turn_to(&lexicon.language);
        let language = language::of(&document, &lexicon.language, &lexicon.unnamed, &mut desk.reader);
        if language != lexicon.language {
            desk.reader.turn_to(&language);
            *languages.entry(language).or_default() += 1;
        }
        store.store(&read(&document, fields, desk), &schema)?;
        // Each character begins two grams.
        lengths.push(desk.words.end() + desk.grams.end().div_ceil(2));
        desk.filters.end();
    }
    store.close()?;
    let store = StoreReader::open(directory.open_read(path)?, 1)?;
    let stored = (0..lengths.len() as u32)
        .map(|document| store.get_document_bytes(document))
        .collect::<Result<_, _>>()?;
    let Desk { reader, places, words, grams, filters } = desk;
    let postings = [words.invert(places), grams.invert(), filters.invert()];
    Ok(Chunk { postings, lengths, stored, written: reader.written(), languages })
}

/// Reads a document: its terms are recorded, and what is stored of it is returned.
fn read(document: &Document, fields: Fields, desk: &mut Desk) -> TantivyDocument {
    let Desk { reader, words, grams, filters, .. } = desk;
    let mut stored = TantivyDocument::default();
    stored.add_text(fields.url, &document.url);
    stored.add_text(fields.heading, &document.title);
    stored.add_text(fields.kind, &document.kind);

    let titles = std::iter::once(&document.title).chain(&document.alternatives);
    let mut grams_in_titles = BTreeSet::new();
    let begins = begins_the_text(document);
    let first = if begins { BEGINNING } else { BEGINNING + 1 };
    for (number, title) in (first..=MOST_TITLES).zip(titles) {
        let Title { terms, grams: in_grams, length } = reader.title(title);
        for term in terms {
            words.push_beside(term, title_position(number, length));
        }
        for gram in in_grams {
            // Grams have no positions, so their count says it: of several titles with a gram the first.
            if grams_in_titles.insert(gram) {
                grams.push_beside(gram, length.min(LONGEST_TITLE));
            }
        }
    }
    // A title counts twice that somebody gave the page. No phrase crosses the end of a text.
    let mut record = |text: &str, rest: usize, hashes: &mut Vec<u16>| {
        reader.read(text, |found| match found {
            Found::Token(token, at) => {
                words.push(token.term, token.same_position);
                if let Some(back) = token.back() {
                    words.push_at_last(back);
                }
                if at >= rest {
                    hashes.extend(token.hash());
                }
            }
            Found::Gram(term) => grams.push(term),
        });
        words.gap();
    };
    let mut hashes = Vec::new();
    let title = std::iter::repeat_n(&document.title, if begins { 1 } else { 2 });
    for text in title.chain(&document.alternatives) {
        record(text, text.len(), &mut hashes);
    }
    let some = document.passages.iter().filter(|passage| !passage.text.trim().is_empty());
    let allowance = snippet::allowance(some.clone().count());
    for (number, passage) in (0_u64..).zip(some) {
        let beginning = snippet::beginning(&passage.text, allowance);
        hashes.clear();
        record(&passage.text, beginning.rest, &mut hashes);
        stored.add_text(fields.anchor, &passage.anchor);
        stored.add_text(fields.excerpt, beginning.excerpt);
        stored.add_bytes(fields.rest, &snippet::fingerprint(&mut hashes, allowance));
        stored.add_text(fields.by, &passage.by);
        if passage.accepted {
            stored.add_u64(fields.accepted, number);
        }
    }
    for text in document.tags.iter().chain(std::iter::once(&document.section)) {
        record(text, text.len(), &mut hashes);
    }

    for value in filter_values(document) {
        filters.push(reader.exact(&value));
    }
    stored
}

/// Whether the title is nothing but the beginning of the text: then it says no more of the page than the text does.
fn begins_the_text(document: &Document) -> bool {
    let Some(first) = document.passages.iter().find(|passage| !passage.text.trim().is_empty()) else {
        return false;
    };
    let mut text = first.text.split_whitespace();
    document.title.split_whitespace().all(|word| text.next() == Some(word))
}

/// The exact values by which a document can be filtered, each once.
fn filter_values(document: &Document) -> Vec<String> {
    let mut values = vec![filter("kind", &document.kind)];
    values.extend(document.tags.iter().map(|tag| filter("tag", tag)));
    for (name, of_facet) in &document.facets {
        values.extend(of_facet.iter().map(|value| filter(name, value)));
    }
    if !document.lang.is_empty() {
        values.push(filter("lang", &document.lang));
    }
    if document.answered {
        values.push(filter("is", "answered"));
    }
    if document.passages.iter().any(|passage| passage.accepted) {
        values.push(filter("is", "accepted"));
    }
    values.sort_unstable();
    values.dedup();
    values
}
