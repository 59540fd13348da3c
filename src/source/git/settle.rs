//! Which change of a file was its last one, if line ends, blanks at the end of a line, blank lines and a byte order
//! mark are none.
//!
//! Only texts that may decide it are read: those of the newest change of each file, and of older ones as long as the
//! newer turn out to be nothing. What is asked for at once doubles, so few commands are run however often
//! somebody reformatted.

use std::io::{self, BufRead, Read};
use std::path::Path;

use super::command::{self, Failure};
use super::follow::{Id, Track};
use crate::source::{MAX_DOCUMENT, is_document};

/// The last change of each file.
#[derive(Default)]
pub(super) struct Settled {
    /// Its index among the changes of the file.
    pub(super) last: Vec<Option<usize>>,
    /// Whether texts are missing from the clone, so that changes were taken as they are.
    pub(super) is_guessed: bool,
}

/// Finds the last change of each file. Files that are no pages are not looked into.
///
/// # Errors
/// When git fails.
pub(super) fn settle(root: &Path, tracks: &[Track<'_>]) -> Result<Settled, Failure> {
    let mut settled = Settled { last: vec![None; tracks.len()], is_guessed: false };
    let mut open: Vec<(usize, usize)> = Vec::new();
    for (n, track) in tracks.iter().enumerate() {
        match track.changes.0.first() {
            Some(newest) if newest.texts.is_some() && is_document(track.path) => open.push((n, 0)),
            newest => settled.last[n] = newest.map(|_| 0),
        }
    }
    let mut width = 1;
    while !open.is_empty() {
        let pairs = open.iter().flat_map(|(n, from)| {
            tracks[*n].changes.0.iter().skip(*from).take(width).filter_map(|change| change.texts)
        });
        let pairs: Vec<(Id, Id)> = pairs.collect();
        let mut differ = compare(root, &pairs)?.into_iter();
        open.retain_mut(|(n, from)| {
            let changes = &tracks[*n].changes.0;
            let asked = changes.iter().skip(*from).take(width);
            let mut last = None;
            for (at, change) in asked.enumerate() {
                let differs = match change.texts {
                    None => true,
                    Some(_) => match differ.next().flatten() {
                        Some(differs) => differs,
                        None => {
                            settled.is_guessed |= last.is_none();
                            true
                        }
                    },
                };
                if differs && last.is_none() {
                    last = Some(*from + at);
                }
            }
            settled.last[*n] = last;
            *from += width;
            last.is_none() && *from < changes.len()
        });
        width *= 2;
    }
    Ok(settled)
}

/// Whether each two texts differ in more than their form; nothing where one of them is missing.
fn compare(root: &Path, pairs: &[(Id, Id)]) -> Result<Vec<Option<bool>>, Failure> {
    if pairs.is_empty() {
        return Ok(Vec::new());
    }
    let asked: String =
        pairs.iter().map(|(before, after)| format!("{}\n{}\n", before.as_str(), after.as_str())).collect();
    command::converse(root, "cat-file", &["--batch", "--buffer"], asked.as_bytes(), |out| {
        let mut differ = Vec::with_capacity(pairs.len());
        for _ in pairs {
            let (before, after) = (text(out)?, text(out)?);
            differ.push(match (before, after) {
                (Text::Missing, _) | (_, Text::Missing) => None,
                (Text::Known(before), Text::Known(after)) => Some(!is_same_but_for_form(&before, &after)),
                _ => Some(true),
            });
        }
        Ok(differ)
    })
}

/// One answer of `git cat-file`.
enum Text {
    Missing,
    TooLarge,
    Known(Vec<u8>),
}

fn text(out: &mut dyn BufRead) -> io::Result<Text> {
    let mut head = Vec::new();
    if out.read_until(b'\n', &mut head)? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let head = String::from_utf8_lossy(&head);
    let Some(len) = head.trim_end().rsplit_once(' ').and_then(|(_, len)| len.parse::<u64>().ok()) else {
        return Ok(Text::Missing);
    };
    if len > MAX_DOCUMENT {
        io::copy(&mut out.take(len + 1), &mut io::sink())?;
        return Ok(Text::TooLarge);
    }
    let mut bytes = Vec::new();
    out.take(len + 1).read_to_end(&mut bytes)?;
    bytes.pop();
    Ok(Text::Known(bytes))
}

fn is_same_but_for_form(before: &[u8], after: &[u8]) -> bool {
    fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
        let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
        let lines = text.split(|byte| matches!(byte, b'\n' | b'\r'));
        lines.map(<[u8]>::trim_ascii_end).filter(|line| !line.is_empty())
    }
    lines(before).eq(lines(after))
}
