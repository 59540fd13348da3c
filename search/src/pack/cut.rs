//! Cutting the files of an index into pieces. Native only.

use std::collections::BTreeMap;
use std::io;
use std::ops::{Bound, Range};
use std::sync::Arc;

use miniz_oxide::inflate::decompress_to_vec_with_limit;
use rayon::prelude::*;
use tantivy::SegmentReader;
use tantivy::directory::OwnedBytes;
use tantivy::schema::{Field, IndexRecordOption};

use super::deflate::{Deflated, Pieces};
use super::listen::Listener;
use super::{HEAD, HOT, MANIFEST, Manifest, VERSION};
use crate::index::{Error, Index};
use crate::stop::{Outcome, Stop, check, unstopped};

/// The files of an index by name.
pub(super) type Files = BTreeMap<String, OwnedBytes>;

/// A dictionary with at most this many bytes is part of the hot bundle.
const SMALL_DICTIONARY: usize = 8 * 1024;

/// About this many bytes are in a piece of postings at least, because rare words are asked for too.
const SMALL_PIECE: usize = 3 * 1024;

/// A term with more bytes of positions than this has two pieces of its own: one for its postings, one for its
/// positions, which only a phrase reads. Where pairs of words read them too, they would cost a round of their own.
const COMMON: usize = crate::rank::MOST_POSITIONS;

/// About this many pieces hold the words of a dictionary, and this many the postings of words that are not common,
/// unless that makes them too small.
const MANY: usize = 1600;

/// The size of a piece of postings is a multiple of this, so that an edit, which changes the size of everything a
/// little, does not move the borders of all pieces.
const STEP: usize = 512;

/// How hard each kind of bytes is compressed: positions and postings are dense already.
const LEVELS: Levels = Levels { hot: 9, text: 6, numbers: 2 };

struct Levels {
    hot: u8,
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

/// The pack of an index: paths from the root of a site, with what stands there.
///
/// The same files give the same pack.
///
/// # Errors
/// [`Error::Damaged`] if these are not the files of an index.
pub fn pack(files: BTreeMap<String, Vec<u8>>) -> Result<BTreeMap<String, Arc<[u8]>>, Error> {
    let files = files.into_iter().map(|(name, bytes)| (name, OwnedBytes::new(bytes))).collect();
    unstopped(packed(files, &mut Pieces::default(), &|| false))
}

/// The same, with the pieces of the last pack, those of this one afterwards.
pub(crate) fn packed(
    files: Files,
    known: &mut Pieces,
    stop: &Stop<'_>,
) -> Outcome<BTreeMap<String, Arc<[u8]>>> {
    check(stop)?;
    let files = Arc::new(files);
    // They listen to one index each, so as not to hear each other.
    let (inverted, stored) = rayon::join(|| inverted(&files, stop), || stored(&files));
    let (mut pieces, hot) = inverted?;
    pieces.extend(stored?);
    let hot = merged(hot);
    let pieces = complete(&files, &hot, pieces);
    check(stop)?;
    write(&files, &hot, &pieces, known, stop)
}

/// The pieces of dictionaries and postings, and what is hot.
fn inverted(files: &Arc<Files>, stop: &Stop<'_>) -> Outcome<(Vec<Piece>, Vec<Part>)> {
    let listener = Arc::new(Listener::new(Arc::clone(files)));
    let index = Index::open(Arc::clone(&listener))?;
    index.warm()?;
    let mut hot = listener.heard();
    let mut pieces = Vec::new();
    for (segment, field) in
        index.segment().into_iter().flat_map(|(segment, fields)| fields.map(|it| (segment, it)))
    {
        check(stop)?;
        let cut = Cut::new(segment, field, &listener)?;
        let small = cut.dictionary.iter().map(|(_, range)| range.len()).sum::<usize>() <= SMALL_DICTIONARY;
        if small {
            hot.extend(cut.dictionary);
        } else {
            pieces.extend(grouped(cut.dictionary, LEVELS.text));
        }
        pieces.extend(cut.postings);
    }
    Ok((pieces, hot))
}

/// The blocks of the store, and the sections of the list of words.
fn stored(files: &Arc<Files>) -> Result<Vec<Piece>, Error> {
    let listener = Arc::new(Listener::new(Arc::clone(files)));
    let index = Index::open(Arc::clone(&listener))?;
    let Some((segment, _)) = index.segment() else { return Ok(Vec::new()) };
    let store = segment.get_store_reader(1)?;
    listener.heard();
    for document in 0..segment.max_doc() {
        store.get_document_bytes(document)?;
    }
    let mut parts = listener.heard();
    let (name, ends) = index.words().unwrap_or_default();
    let starts = std::iter::once(0).chain(ends.clone());
    parts.extend(starts.zip(ends).map(|(start, end)| (name.clone(), start..end)));
    Ok(parts.into_iter().map(|part| Piece { parts: vec![part], level: LEVELS.text }).collect())
}

/// Undoes what was done to a piece: its head, and its bytes.
pub(super) fn inflate(file: &[u8]) -> io::Result<(&[u8], Vec<u8>)> {
    let (head, packed) = file.split_at_checked(HEAD).ok_or(io::ErrorKind::UnexpectedEof)?;
    let len = head[8..].iter().rev().fold(0, |len, byte| len << 8 | usize::from(*byte));
    let bytes = decompress_to_vec_with_limit(packed, len.min(LARGEST));
    Ok((head, bytes.map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?))
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
        let mut infos = Vec::with_capacity(terms.num_terms());
        let (mut keys, mut ends) = (Vec::new(), Vec::with_capacity(terms.num_terms()));
        while stream.advance() {
            infos.push(stream.value().clone());
            keys.extend_from_slice(stream.key());
            ends.push(keys.len());
        }
        // Where the block of a term begins.
        let start = |number: usize| {
            let key = &keys[number.checked_sub(1).map_or(0, |before| ends[before])..ends[number]];
            let behind = terms.file_slice_for_range((Bound::Included(key), Bound::Unbounded), None);
            whole.end - tantivy::HasLen::len(&behind)
        };
        let mut block = whole.start;
        let mut number = 0;
        loop {
            number = first_behind(number..infos.len(), |number| start(number) > block);
            let end = if number < infos.len() { start(number) } else { whole.end };
            cut.dictionary.push((file.clone(), block..end));
            block = end;
            if number >= infos.len() {
                break;
            }
        }
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
        let target = target.next_multiple_of(STEP);
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

/// The first number that is after a border, looked for nearby first; the end of the range if there is none. The first
/// of the range is not after.
fn first_behind(range: Range<usize>, behind: impl Fn(usize) -> bool) -> usize {
    let mut low = range.start;
    let mut step = 1;
    while low + step < range.end && !behind(low + step) {
        low += step;
        step *= 2;
    }
    let mut high = (low + step).min(range.end);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if behind(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
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
fn complete(files: &Files, hot: &[Part], pieces: Vec<Piece>) -> Vec<Piece> {
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

fn write(
    files: &Files,
    hot: &[Part],
    pieces: &[Piece],
    known: &mut Pieces,
    stop: &Stop<'_>,
) -> Outcome<BTreeMap<String, Arc<[u8]>>> {
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
    number(&mut bundle, pieces.len());
    pieces.iter().for_each(|piece| number(&mut bundle, piece.parts.len()));
    let parts: Vec<&Part> = pieces.iter().flat_map(|piece| &piece.parts).collect();
    parts.iter().for_each(|(file, _)| number(&mut bundle, numbers[file.as_str()]));
    last.fill(0);
    parts.iter().for_each(|(file, range)| gap(&mut bundle, numbers[file.as_str()], range, &mut last));
    bundle.extend(parts.iter().map(|(_, range)| range.len() as u8));
    parts.iter().for_each(|(_, range)| number(&mut bundle, range.len() >> 8));
    hot.iter().for_each(|part| bundle.extend_from_slice(bytes(part)));

    let deflate = |number: u32, parts: &[&[u8]], level| -> Outcome<Deflated> {
        check(stop)?;
        Ok(known.deflate(number, parts, level))
    };
    let (bundle, packed) = rayon::join(
        || deflate(HOT, &[&bundle], LEVELS.hot),
        || {
            let piece = |(number, piece): (usize, &Piece)| {
                let parts: Vec<&[u8]> = piece.parts.iter().map(bytes).collect();
                deflate(number as u32, &parts, piece.level)
            };
            pieces.par_iter().enumerate().map(piece).collect::<Outcome<Vec<Deflated>>>()
        },
    );
    let mut packed = packed?;
    packed.push(bundle?);
    let mut hasher = blake3::Hasher::new();
    for piece in &packed {
        hasher.update(&(piece.file.len() as u64).to_le_bytes()).update(piece.hash.as_bytes());
    }
    let folder = hasher.finalize().to_hex()[..16].to_owned();
    let manifest = Manifest { version: VERSION, folder, pieces: pieces.len() as u32 };
    let mut all: BTreeMap<String, Arc<[u8]>> =
        packed.iter().map(|piece| (manifest.piece(piece.number), Arc::clone(&piece.file))).collect();
    let manifest = format!("{:#}\n", serde_json::json!(manifest));
    all.insert(MANIFEST.to_owned(), manifest.into_bytes().into());
    known.keep(packed);
    Ok(all)
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
    gap(bytes, file, range, last);
    number(bytes, range.len());
}

/// How far a range begins after the last one of its file, or before.
fn gap(bytes: &mut Vec<u8>, file: usize, range: &Range<usize>, last: &mut [usize]) {
    let last = &mut last[file];
    match range.start.checked_sub(*last) {
        Some(gap) => number(bytes, gap * 2),
        None => number(bytes, (*last - range.start) * 2 - 1),
    }
    *last = range.end;
}
