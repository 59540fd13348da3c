//! Boxes in boxes, as in AVIF and MP4. Places in such a file are told by numbers, so nothing may move: a box that is
//! not published becomes an empty one of the same length.

use super::input::Input;
use super::recipe::Patch;
use super::{Private, Trouble, exif};

/// At most this many boxes are looked at in a file.
const MAX_BOXES: usize = 200_000;

/// At most this many places are read for the report.
const MAX_LOOKS: usize = 1000;

/// One box.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    pub(super) kind: [u8; 4],
    pub(super) at: u64,
    /// Where its content begins.
    pub(super) data: u64,
    pub(super) end: u64,
}

/// What is found on a walk.
#[derive(Debug, Default)]
pub(super) struct Walk {
    pub(super) patches: Vec<Patch>,
    pub(super) private: Private,
    seen: usize,
    looks: usize,
}

impl Walk {
    /// The boxes between two places. What is left at the end and is none is emptied.
    pub(super) fn parts(&mut self, input: &mut Input<'_>, from: u64, to: u64) -> Result<Vec<Part>, Trouble> {
        let to = to.min(input.len());
        let mut parts = Vec::new();
        let mut at = from;
        while at < to {
            let Some(part) = part_at(input, at, to)? else {
                self.patches.push(Patch::zeros(at..to));
                break;
            };
            self.seen += 1;
            if self.seen > MAX_BOXES {
                return Err(Trouble::Damaged("it consists of too many parts"));
            }
            at = part.end;
            parts.push(part);
        }
        Ok(parts)
    }

    /// Notes what a place tells that is not published, as far as it is worth the time.
    pub(super) fn look(&mut self, input: &mut Input<'_>, from: u64, to: u64) -> Result<(), Trouble> {
        self.looks += 1;
        if self.looks <= MAX_LOOKS {
            let count = usize::try_from(to.saturating_sub(from)).unwrap_or(usize::MAX);
            self.private.add(read(input.bytes(from, count)?));
        }
        Ok(())
    }

    /// Makes a box an empty one, and notes what it told.
    pub(super) fn empty(&mut self, input: &mut Input<'_>, part: Part) -> Result<(), Trouble> {
        self.look(input, part.data, part.end)?;
        let mut head = input.array::<4>(part.at)?.unwrap_or_default().to_vec();
        head.extend(b"free");
        if part.data - part.at >= 16 {
            head.extend(input.array::<8>(part.at + 8)?.unwrap_or_default());
        }
        self.patches.push(Patch { range: part.at..part.end, with: head, fill: 0 });
        Ok(())
    }

    /// Empties every box among `parts` that is not of a kept kind; gives back the others.
    pub(super) fn only(
        &mut self,
        input: &mut Input<'_>,
        parts: Vec<Part>,
        kept: &[&[u8; 4]],
    ) -> Result<Vec<Part>, Trouble> {
        let mut left = Vec::new();
        for part in parts {
            if kept.contains(&&part.kind) {
                left.push(part);
            } else if !is_zero(input, part)? {
                self.empty(input, part)?;
            }
        }
        Ok(left)
    }
}

/// What a box of metadata tells, whichever way it is written.
pub(super) fn read(bytes: &[u8]) -> Private {
    let has = |names: &[&[u8]]| names.iter().any(|name| exif::holds(bytes, name));
    let mut private = exif::read_xmp(bytes);
    private.position |= has(&[b"\xA9xyz", b"loci", b"location.ISO6709", b"GPS"]);
    private.camera |= has(&[b"\xA9mak", b"\xA9mod", b"quicktime.make", b"quicktime.model", b"GPMF", b"CAME"]);
    private.person |= has(&[b"\xA9ART", b"\xA9aut", b"quicktime.author"]);
    if let Some(at) = memchr::memmem::find(bytes, exif::PREFIX) {
        private.add(exif::read(&bytes[at..]).private);
    }
    private
}

fn part_at(input: &mut Input<'_>, at: u64, to: u64) -> Result<Option<Part>, Trouble> {
    let Some([a, b, c, d, kind @ ..]) = input.array::<8>(at)? else { return Ok(None) };
    let (length, head) = match u32::from_be_bytes([a, b, c, d]) {
        0 => (to - at, 8),
        1 => match input.array::<8>(at + 8)? {
            Some(length) => (u64::from_be_bytes(length), 16),
            None => return Ok(None),
        },
        length => (u64::from(length), 8),
    };
    let is_box = length >= head && at + head <= to && kind.iter().all(|it| *it >= 0x20);
    let end = at.saturating_add(length).min(to);
    Ok(is_box.then_some(Part { kind, at, data: at + head, end }))
}

/// Whether a box is empty room already.
fn is_zero(input: &mut Input<'_>, part: Part) -> Result<bool, Trouble> {
    if !matches!(&part.kind, b"free" | b"skip" | b"wide") {
        return Ok(false);
    }
    let mut at = part.data;
    while at < part.end {
        let count = usize::try_from(part.end - at).unwrap_or(usize::MAX);
        let bytes = input.bytes(at, count)?;
        if bytes.is_empty() || bytes.iter().any(|it| *it != 0) {
            return Ok(bytes.is_empty());
        }
        at += bytes.len() as u64;
    }
    Ok(true)
}
