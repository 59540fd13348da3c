//! Cutting the files of an index into pieces. Native only.

use std::collections::BTreeMap;
use std::io;
use std::ops::{Bound, Range};
use std::sync::Arc;

use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use rayon::prelude::*;
use tantivy::SegmentReader;
use tantivy::schema::{Field, IndexRecordOption};

use super::listen::Listener;
use super::{HEAD, HOT, Manifest, VERSION, file_name, guard};
use crate::index::{Error, Index};

/// A dictionary with at most so many bytes is part of the hot bundle.
const SMALL_DICTIONARY: usize = 8 * 1024;

/// About so many bytes are in a piece of postings at least, because rare words are asked for too.
const SMALL_PIECE: usize = 3 * 1024;

/// A term with more bytes of positions than this has two pieces of its own: one for its postings, one for its
/// positions, which only a phrase reads. Where pairs of words read them too, they would cost a round of their own.
const COMMON: usize = crate::rank::MOST_POSITIONS;

/// About so many pieces hold the words of a dictionary, and so many the postings of words that are not common,
/// unless that makes them too small.
const MANY: usize = 600;

/// How hard each kind of bytes is compressed: positions and postings are dense already.
const LEVELS: Levels = Levels { text: 6, numbers: 2 };

struct Levels {
    text: u8,
    numbers: u8,
}

/// No piece inflates to more than this.
const LARGEST: usize = 1 << 28;

/// A part of a file.
type Part = (String, Range<usize>);

/// Parts of files that are fetched together.
struct Piece {
    parts: Vec<Part>,
    level: u8,
}

/// The pack of an index: paths below the folder of the manifest, with what stands there.
///
/// The same files give the same pack.
///
/// # Errors
/// [`Error::Damaged`] if these are not the files of an index.
pub fn pack(files: BTreeMap<String, Vec<u8>>) -> Result<BTreeMap<String, Vec<u8>>, Error> {
    let files = Arc::new(files);
    let listener = Arc::new(Listener::new(Arc::clone(&files)));
    let index = Index::open(Arc::clone(&listener))?;
    index.warm()?;
    let mut hot = listener.heard();
    let mut pieces = Vec::new();
    if let Some((segment, fields)) = index.segment() {
        for field in fields {
            let cut = Cut::new(segment, field, &listener)?;
            let small =
                cut.dictionary.iter().map(|(_, range)| range.len()).sum::<usize>() <= SMALL_DICTIONARY;
            if small {
                hot.extend(cut.dictionary);
            } else {
                pieces.extend(grouped(cut.dictionary, LEVELS.text));
            }
            pieces.extend(cut.postings);
        }
        pieces.extend(store(segment, &listener)?);
    }
    let hot = merged(hot);
    let pieces = complete(&files, &hot, pieces);
    Ok(write(&files, &hot, &pieces))
}

/// Undoes what was done to a piece: its head, and its bytes.
pub(super) fn inflate(file: &[u8]) -> io::Result<(&[u8], Vec<u8>)> {
    let (head, packed) = file.split_at_checked(HEAD).ok_or(io::ErrorKind::UnexpectedEof)?;
    let len = head[8..].iter().rev().fold(0, |len, byte| len << 8 | usize::from(*byte));
    let bytes = decompress_to_vec_with_limit(packed, len.min(LARGEST));
    Ok((head, bytes.map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?))
}

fn deflate(number: u32, bytes: &[u8], level: u8) -> Vec<u8> {
    let mut file = guard(number, bytes).to_le_bytes().to_vec();
    file.extend((bytes.len() as u32).to_le_bytes());
    file.extend(compress_to_vec(bytes, level));
    file
}

/// Where tantivy reads of one field.
struct Cut {
    /// The blocks of the dictionary.
    dictionary: Vec<Part>,
    postings: Vec<Piece>,
}

impl Cut {
    fn new(segment: &SegmentReader, field: Field, listener: &Listener) -> Result<Cut, Error> {
        let index = segment.inverted_index(field)?;
        let terms = index.terms();
        let mut cut = Cut { dictionary: Vec::new(), postings: Vec::new() };
        listener.heard();
        let mut stream = terms.stream()?;
        let Some((file, whole)) = listener.heard().into_iter().next() else { return Ok(cut) };
        let mut block = whole.start;
        let mut infos = Vec::with_capacity(terms.num_terms());
        while stream.advance() {
            let behind = terms.file_slice_for_range((Bound::Included(stream.key()), Bound::Unbounded), None);
            let start = whole.end - tantivy::HasLen::len(&behind);
            if start > block {
                cut.dictionary.push((file.clone(), block..start));
                block = start;
            }
            infos.push(stream.value().clone());
        }
        cut.dictionary.push((file, block..whole.end));
        let Some(first) = infos.first() else { return Ok(cut) };
        index.read_postings_from_terminfo(first, IndexRecordOption::WithFreqsAndPositions)?;
        let heard = listener.heard();
        let base = |info: &Range<usize>, heard: Option<&Part>| {
            heard.map(|(file, range)| (file.clone(), range.start - info.start))
        };
        let Some((postings, postings_at)) = base(&first.postings_range, heard.first()) else {
            return Ok(cut);
        };
        let positions = base(&first.positions_range, heard.get(1));
        let rare = |info: &tantivy::postings::TermInfo| info.positions_range.len() <= COMMON;
        let bytes =
            |info: &tantivy::postings::TermInfo| info.postings_range.len() + info.positions_range.len();
        let target =
            (infos.iter().filter(|info| rare(info)).map(bytes).sum::<usize>() / MANY).max(SMALL_PIECE);
        // The ranges of rare terms that have not become a piece yet.
        let mut open: [Range<usize>; 2] = [0..0, 0..0];
        let mut close = |open: &mut [Range<usize>; 2]| {
            let mut parts = Vec::new();
            if !open[0].is_empty() {
                parts.push((postings.clone(), postings_at + open[0].start..postings_at + open[0].end));
            }
            if let Some((positions, at)) = positions.as_ref().filter(|_| !open[1].is_empty()) {
                parts.push((positions.clone(), at + open[1].start..at + open[1].end));
            }
            if !parts.is_empty() {
                cut.postings.push(Piece { parts, level: LEVELS.numbers });
            }
            *open = [open[0].end..open[0].end, open[1].end..open[1].end];
        };
        for info in &infos {
            if open[0].len() + open[1].len() + bytes(info) > target || !rare(info) {
                close(&mut open);
            }
            if rare(info) {
                open[0].end = info.postings_range.end;
                open[1].end = info.positions_range.end;
            } else {
                let ends = (info.postings_range.end, info.positions_range.end);
                close(&mut [info.postings_range.clone(), ends.1..ends.1]);
                close(&mut [ends.0..ends.0, info.positions_range.clone()]);
                open = [ends.0..ends.0, ends.1..ends.1];
            }
        }
        close(&mut open);
        Ok(cut)
    }
}

/// The blocks of the store.
fn store(segment: &SegmentReader, listener: &Listener) -> Result<Vec<Piece>, Error> {
    let store = segment.get_store_reader(1)?;
    listener.heard();
    for document in 0..segment.max_doc() {
        store.get_document_bytes(document)?;
    }
    let blocks = listener.heard().into_iter();
    Ok(blocks.map(|part| Piece { parts: vec![part], level: LEVELS.text }).collect())
}

/// Neighbouring parts of one file put together, so that there are not too many.
fn grouped(parts: Vec<Part>, level: u8) -> Vec<Piece> {
    let target = parts.iter().map(|(_, range)| range.len()).sum::<usize>() / MANY;
    let mut pieces: Vec<Piece> = Vec::new();
    for (file, range) in parts {
        match pieces.last_mut() {
            Some(Piece { parts, .. }) if parts[0].1.len() + range.len() <= target => {
                parts[0].1.end = range.end
            }
            _ => pieces.push(Piece { parts: vec![(file, range)], level }),
        }
    }
    pieces
}

/// The same bytes in as few parts as possible, in order.
fn merged(mut parts: Vec<Part>) -> Vec<Part> {
    parts.retain(|(_, range)| !range.is_empty());
    parts.sort_by(|a, b| (&a.0, a.1.start).cmp(&(&b.0, b.1.start)));
    let mut merged: Vec<Part> = Vec::new();
    for (file, range) in parts {
        match merged.last_mut() {
            Some((last, before)) if *last == file && range.start <= before.end => {
                before.end = before.end.max(range.end);
            }
            _ => merged.push((file, range)),
        }
    }
    merged
}

/// The pieces without what is hot, and with what nobody has been heard to read.
fn complete(files: &BTreeMap<String, Vec<u8>>, hot: &[Part], pieces: Vec<Piece>) -> Vec<Piece> {
    let mut taken: BTreeMap<&str, Vec<Range<usize>>> = BTreeMap::new();
    for (file, range) in hot {
        taken.entry(file).or_default().push(range.clone());
    }
    let mut all: Vec<Piece> = pieces
        .into_iter()
        .map(|piece| {
            let cold = |(file, range): Part| {
                let taken = taken.get(file.as_str()).map_or(&[][..], Vec::as_slice);
                free(range, taken).into_iter().map(move |range| (file.clone(), range))
            };
            Piece { parts: piece.parts.into_iter().flat_map(cold).collect(), ..piece }
        })
        .filter(|piece| !piece.parts.is_empty())
        .collect();
    for (file, range) in all.iter().flat_map(|piece| &piece.parts) {
        if let Some((name, _)) = files.get_key_value(file) {
            taken.entry(name).or_default().push(range.clone());
        }
    }
    for (file, bytes) in files {
        let mut taken = taken.remove(file.as_str()).unwrap_or_default();
        taken.sort_by_key(|range| range.start);
        let parts: Vec<Part> =
            free(0..bytes.len(), &taken).into_iter().map(|range| (file.clone(), range)).collect();
        if !parts.is_empty() {
            all.push(Piece { parts, level: LEVELS.text });
        }
    }
    all
}

/// What is left of a range without others, which are in order.
fn free(range: Range<usize>, taken: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut free = Vec::new();
    let mut at = range.start;
    let first = taken.partition_point(|taken| taken.end <= range.start);
    for taken in &taken[first..] {
        if taken.start >= range.end {
            break;
        }
        if taken.start > at {
            free.push(at..taken.start);
        }
        at = at.max(taken.end);
    }
    if at < range.end {
        free.push(at..range.end);
    }
    free
}

fn write(files: &BTreeMap<String, Vec<u8>>, hot: &[Part], pieces: &[Piece]) -> BTreeMap<String, Vec<u8>> {
    let numbers: BTreeMap<&str, usize> = files.keys().map(String::as_str).zip(0..).collect();
    let bytes = |(file, range): &Part| &files[file][range.clone()];
    let mut bundle = Vec::new();
    number(&mut bundle, files.len());
    for (name, bytes) in files {
        number(&mut bundle, name.len());
        bundle.extend_from_slice(name.as_bytes());
        number(&mut bundle, bytes.len());
    }
    let mut last = vec![0; files.len()];
    number(&mut bundle, hot.len());
    for (file, range) in hot {
        part(&mut bundle, numbers[file.as_str()], range, &mut last);
    }
    last.fill(0);
    number(&mut bundle, pieces.len());
    for piece in pieces {
        number(&mut bundle, piece.parts.len());
        for (file, range) in &piece.parts {
            part(&mut bundle, numbers[file.as_str()], range, &mut last);
        }
    }
    hot.iter().for_each(|part| bundle.extend_from_slice(bytes(part)));

    let mut packed: Vec<Vec<u8>> = (0..pieces.len())
        .into_par_iter()
        .map(|number| {
            let piece = &pieces[number];
            let joined: Vec<u8> = piece.parts.iter().flat_map(bytes).copied().collect();
            deflate(number as u32, &joined, piece.level)
        })
        .collect();
    packed.push(deflate(HOT, &bundle, 9));
    let mut hasher = blake3::Hasher::new();
    for file in &packed {
        hasher.update(&(file.len() as u64).to_le_bytes()).update(file);
    }
    let folder = hasher.finalize().to_hex()[..16].to_owned();
    let manifest = Manifest { version: VERSION, folder: folder.clone(), pieces: pieces.len() as u32 };
    let mut all = BTreeMap::new();
    let last = packed.len() - 1;
    for (number, file) in packed.into_iter().enumerate() {
        let number = if number == last { HOT } else { number as u32 };
        all.insert(format!("{folder}/{}", file_name(number)), file);
    }
    all.insert("index.json".to_owned(), format!("{:#}\n", serde_json::json!(manifest)).into_bytes());
    all
}

fn number(bytes: &mut Vec<u8>, number: usize) {
    let mut rest = number;
    while rest >= 0x80 {
        bytes.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8);
}

fn part(bytes: &mut Vec<u8>, file: usize, range: &Range<usize>, last: &mut [usize]) {
    number(bytes, file);
    let last = &mut last[file];
    match range.start.checked_sub(*last) {
        Some(gap) => number(bytes, gap * 2),
        None => number(bytes, (*last - range.start) * 2 - 1),
    }
    number(bytes, range.len());
    *last = range.end;
}
