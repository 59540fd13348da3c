//! Where names stand in what is published: in every file and in its name, however its format writes them, in what
//! pictures hold beside what is seen, and in the search index.
//!
//! What a file holds compressed, and what is seen in a picture or heard, is not searched, and said instead.

mod encoded;

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read};
use std::path::Path;

use longhouse_search::pack::{MANIFEST, Manifest, Pack};
use longhouse_search::{Index, IndexPart, Source as IndexSource};
use rayon::prelude::*;

use super::names::{Found, Names};
use crate::media;
use crate::output::{Output, Piece};
use crate::source::{extension, index, published};

/// At most this many places in one file are told, and the rest counted.
const PER_FILE: usize = 5;

/// As many characters stand around a name that is told.
const AROUND: usize = 24;

/// In what is no text only this many printable characters in a row are a text.
const SHORTEST_RUN: usize = 8;

/// The same in what belongs to a picture and is not seen.
const SHORTEST_METADATA: usize = 3;

/// Endings of files whose content is compressed or drawn, so that a name in it cannot be found.
const CLOSED: [&str; 17] = [
    "7z", "avif", "br", "docx", "gif", "gz", "jpeg", "jpg", "mov", "mp3", "mp4", "odt", "pdf", "png", "webm",
    "webp", "zip",
];

/// A name that stands somewhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// The file, by its path from the published folder.
    pub file: String,
    /// In which part of it.
    pub part: Part,
    /// The name, as it was given.
    pub name: String,
    /// The characters around it, on one line.
    pub excerpt: String,
}

/// The part of a file in which a name stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Its name or that of a folder above it.
    Path,
    /// This line of its text.
    Line(usize),
    /// Its text as it is read: with entities, escapes and percent signs resolved, without tags.
    Read,
    /// What a picture or another file holds that is no text.
    Bytes,
    /// What the search index shows of a page.
    IndexText,
    /// The words of the search index.
    IndexWord,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Where names stand, in order of files and places.
    pub hits: Vec<Hit>,
    /// In how many more places of the same files.
    pub more: usize,
    /// How many files were looked through.
    pub files: usize,
    /// Files whose content is compressed or drawn: nobody has looked at what it says.
    pub closed: Vec<String>,
    /// Files that could not be read at all.
    pub unread: Vec<String>,
}

/// Looks through the folder of a published site, or through any other folder.
///
/// # Errors
/// When the folder cannot be read.
pub fn in_folder(folder: &Path, names: &Names) -> io::Result<Report> {
    let paths = published::paths(folder)?;
    let read = |path: &str| published::read(folder, path);
    let mut report = through(&paths, &read, names);
    match index::open(folder) {
        Ok(pack) => in_index(pack, names, &mut report),
        Err(_) if !paths.iter().any(|path| path == MANIFEST) => {}
        Err(why) => report.unread.push(format!("{MANIFEST} ({why})")),
    }
    report.hits.sort();
    Ok(report)
}

/// Looks through a site in memory.
#[must_use]
pub fn in_memory(output: &Output, names: &Names) -> Report {
    let paths: Vec<String> = output.iter().map(|(path, _)| path.as_str().to_string()).collect();
    let read = |path: &str| {
        let mut bytes = Vec::new();
        let content = output.get(path).ok_or(io::ErrorKind::NotFound)?;
        content.open()?.read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let mut report = through(&paths, &read, names);
    if let Ok(manifest) = read(MANIFEST) {
        let pieces = output.clone();
        let read = move |path: &str| {
            let mut bytes = Vec::new();
            pieces.get(path).ok_or(io::ErrorKind::NotFound)?.open()?.read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        let pack = Manifest::from_json(&manifest).map_err(io::Error::other);
        let pack = pack.and_then(|manifest| {
            let fetch = move |number| read(&manifest.piece(number));
            Pack::fetching(Box::new(fetch)).map_err(io::Error::other)
        });
        match pack {
            Ok(pack) => in_index(pack, names, &mut report),
            Err(why) => report.unread.push(format!("{MANIFEST} ({why})")),
        }
    }
    report.hits.sort();
    report
}

fn through(paths: &[String], read: &(dyn Fn(&str) -> io::Result<Vec<u8>> + Sync), names: &Names) -> Report {
    let looked: Vec<(Vec<Hit>, usize, Option<bool>)> = paths
        .par_iter()
        .map(|path| {
            let mut hits = Hits { path, all: Vec::new(), more: 0 };
            names.find(path, &mut |found| hits.add(Part::Path, path, found));
            if is_piece(path) {
                return (hits.all, hits.more, None);
            }
            match read(path) {
                Ok(bytes) => {
                    let is_text = in_bytes(&bytes, path, names, &mut hits);
                    (hits.all, hits.more, (!is_text && is_closed(path)).then_some(true))
                }
                Err(_) => (hits.all, hits.more, Some(false)),
            }
        })
        .collect();
    let mut report = Report { files: paths.len(), ..Report::default() };
    for (path, (hits, more, trouble)) in paths.iter().zip(looked) {
        report.hits.extend(hits);
        report.more += more;
        match trouble {
            Some(true) => report.closed.push(path.clone()),
            Some(false) => report.unread.push(path.clone()),
            None => {}
        }
    }
    report
}

/// Whether a file is a piece of the search index, which is read as a whole.
fn is_piece(path: &str) -> bool {
    path.starts_with("assets/search/") && path.ends_with(".bin")
}

/// Whether nobody can say what a file says. The program's own files say nothing of anybody.
fn is_closed(path: &str) -> bool {
    let is_ours = path.contains(".wasm.") && path.ends_with(".gz");
    !is_ours && extension(path).is_some_and(|ending| CLOSED.contains(&ending.as_str()))
}

/// What was found in one file.
struct Hits<'p> {
    path: &'p str,
    all: Vec<Hit>,
    more: usize,
}

impl Hits<'_> {
    fn add(&mut self, part: Part, text: &str, found: Found) {
        if self.all.len() >= PER_FILE {
            self.more += 1;
            return;
        }
        let excerpt = excerpt(text, found.at);
        self.all.push(Hit { file: self.path.to_string(), part, name: found.name, excerpt });
    }
}

/// The characters around a place, on one line.
fn excerpt(text: &str, at: std::ops::Range<usize>) -> String {
    let before: Vec<char> = text[..at.start].chars().rev().take(AROUND).collect();
    let shown =
        before.into_iter().rev().chain(text[at.clone()].chars()).chain(text[at.end..].chars().take(AROUND));
    let shown: String = shown.map(|c| if c.is_control() { ' ' } else { c }).collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Looks through the bytes of a file; whether they are a text.
fn in_bytes(bytes: &[u8], path: &str, names: &Names, hits: &mut Hits<'_>) -> bool {
    if let Ok(text) = std::str::from_utf8(bytes)
        && !bytes.contains(&0)
    {
        in_text(text, names, hits);
        return true;
    }
    for (run, shortest) in parts(bytes, path) {
        for text in encoded::runs(run, shortest) {
            names.find(&text, &mut |found| hits.add(Part::Bytes, &text, found));
        }
    }
    false
}

fn in_text(text: &str, names: &Names, hits: &mut Hits<'_>) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let (mut line, mut counted) = (1, 0);
    names.find(text, &mut |found| {
        // Names in scripts without spaces come after all others.
        if found.at.start < counted {
            (line, counted) = (1, 0);
        }
        line += text[counted..found.at.start].matches('\n').count();
        counted = found.at.start;
        *seen.entry(found.name.clone()).or_default() += 1;
        hits.add(Part::Line(line), text, found);
    });
    // What stands there only once it is read.
    for text in encoded::readings(text) {
        let mut now: BTreeMap<String, (usize, Found)> = BTreeMap::new();
        names.find(&text, &mut |found| {
            let name = found.name.clone();
            let count = now.get(&name).map_or(0, |(count, _)| *count) + 1;
            now.insert(name, (count, found));
        });
        for (name, (count, found)) in now {
            let before = seen.entry(name).or_default();
            if count > *before {
                *before = count;
                hits.add(Part::Read, &text, found);
            }
        }
    }
}

/// The parts of a file that is no text, and how short a text in each may be: what belongs to a picture and is not seen
/// is written by people and cameras, everything else looks like text by chance.
fn parts<'b>(bytes: &'b [u8], path: &str) -> Vec<(&'b [u8], usize)> {
    let ending = extension(path).unwrap_or_default();
    let pieces = media::inspect(&mut Cursor::new(bytes), &ending).ok().and_then(|media| media.pieces);
    let Some(pieces) = pieces else { return vec![(bytes, SHORTEST_RUN)] };
    let mut parts = Vec::new();
    let mut at = 0;
    for piece in pieces.iter() {
        let Piece::Keep(range) = piece else { continue };
        let place = |at: u64| usize::try_from(at).unwrap_or(bytes.len()).min(bytes.len());
        let (start, end) = (place(range.start), place(range.end));
        if at < start {
            parts.push((&bytes[at..start], SHORTEST_METADATA));
        }
        parts.push((&bytes[start..end.max(start)], SHORTEST_RUN));
        at = at.max(end);
    }
    parts.push((&bytes[at..], SHORTEST_METADATA));
    parts
}

fn in_index(source: impl IndexSource, names: &Names, report: &mut Report) {
    let mut hits: BTreeMap<String, Hits<'_>> = BTreeMap::new();
    let mut look = |part: IndexPart, text: &str, url: Option<&str>| {
        let whose = url.unwrap_or_default().to_string();
        let add = |hits: &mut BTreeMap<String, Hits<'_>>, part, text: &str, found| {
            let of = hits.entry(whose.clone()).or_insert(Hits { path: MANIFEST, all: Vec::new(), more: 0 });
            of.add(part, text, found);
        };
        match part {
            IndexPart::Text => names.find(text, &mut |found| add(&mut hits, Part::IndexText, text, found)),
            // A word by itself is a name only if that has one word. Of a filter the value may be one.
            IndexPart::Word | IndexPart::Term => {
                let value = text.split_once(':').map_or(text, |(_, value)| value);
                if names.is(value) {
                    names.find(value, &mut |found| add(&mut hits, Part::IndexWord, text, found));
                }
            }
        }
    };
    let read = Index::open(source).and_then(|index| index.each_kept(&mut look));
    if let Err(why) = read {
        report.unread.push(format!("{MANIFEST} ({why})"));
    }
    for (whose, mut of) in hits {
        for hit in &mut of.all {
            if hit.part == Part::IndexText {
                hit.excerpt = format!("{whose}: {}", hit.excerpt);
            }
        }
        of.all.dedup();
        report.hits.append(&mut of.all);
        report.more += of.more;
    }
}

#[cfg(test)]
mod tests;
