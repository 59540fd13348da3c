//! WebP: chunks in a RIFF container.

use super::input::{Input, WINDOW};
use super::recipe::Recipe;
use super::{Trouble, Walked, exif};

/// In the flags of an extended file: that there is EXIF, and that there is XMP.
const HAS_EXIF: u8 = 0x08;
const HAS_XMP: u8 = 0x04;

/// Walks from chunk to chunk. Lengths and flags are written again where something is left out.
pub(super) fn walk(input: &mut Input<'_>) -> Result<Walked, Trouble> {
    let mut out = Walked::default();
    let said = input.array::<4>(4)?.map_or(0, |it| u64::from(u32::from_le_bytes(it)));
    let end = said.saturating_add(8).min(input.len());
    let extended = extended(input, end)?;
    out.size = extended.map(|it| it.size);
    let mut body = Recipe::default();
    let mut exif = Vec::new();
    for chunk in Chunks::new(input, 12, end) {
        let Chunk { name, at, data, end } = chunk?;
        match &name {
            b"VP8X" => body.keep(at..end.min(data + 10))?,
            b"VP8 " | b"VP8L" => {
                let size = size_of(&name, input.bytes(data, 10)?);
                out.size = out.size.or(size);
                body.keep(at..end)?;
            }
            b"ALPH" | b"ANIM" | b"ICCP" => body.keep(at..end)?,
            b"ANMF" => body.append(frame(input, at, data, end)?)?,
            b"EXIF" => {
                let read = exif::read(input.bytes(data, count(data, end))?);
                out.private.add(read.private);
                let counts = extended.is_some_and(|it| it.flags & HAS_EXIF != 0) && out.orientation == 0;
                if counts && exif::is_told(read.orientation) {
                    out.orientation = read.orientation;
                    exif = exif::only_orientation(read.orientation);
                }
            }
            b"XMP " => out.private.add(exif::read_xmp(input.bytes(data, count(data, end))?)),
            _ => {}
        }
    }
    if !exif.is_empty() {
        let mut chunk = b"EXIF".to_vec();
        chunk.extend(u32::try_from(exif.len()).unwrap_or(0).to_le_bytes());
        chunk.append(&mut exif);
        body.put(chunk)?;
    }
    let (length, whole) = (4 + body.len(), input.len().saturating_sub(8));
    // A file that was cut off, and of which nothing is left out, goes on claiming the length that it had.
    let length = if length == whole { length.max(said) } else { length };
    header(&mut out, length, length == said)?;
    let flags = extended.map_or(0, |it| it.flags);
    let wanted = flags & !HAS_XMP & if out.orientation == 0 { !HAS_EXIF } else { u8::MAX };
    match extended.filter(|_| wanted != flags) {
        // The flags are the first byte of the first chunk.
        Some(_) => out.recipe.append(with_flags(body, wanted)?)?,
        None => out.recipe.append(body)?,
    }
    Ok(out)
}

fn header(out: &mut Walked, length: u64, is_same: bool) -> Result<(), Trouble> {
    if is_same {
        return out.recipe.keep(0..12);
    }
    out.recipe.keep(0..4)?;
    out.recipe.put(u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes().to_vec())?;
    out.recipe.keep(8..12)
}

/// The chunks with other flags in the first of them.
fn with_flags(body: Recipe, flags: u8) -> Result<Recipe, Trouble> {
    let mut changed = Recipe::default();
    changed.keep(12..20)?;
    changed.put(vec![flags])?;
    changed.append(body.without_first(9))?;
    Ok(changed)
}

/// One picture of an animation. In it only what it is drawn from.
fn frame(input: &mut Input<'_>, at: u64, data: u64, end: u64) -> Result<Recipe, Trouble> {
    let mut inner = Recipe::default();
    for chunk in Chunks::new(input, data + 16, end) {
        let Chunk { name, at, end, .. } = chunk?;
        if matches!(&name, b"ALPH" | b"VP8 " | b"VP8L") {
            inner.keep(at..end)?;
        }
    }
    let (length, whole) = (16 + inner.len(), end - data);
    let mut frame = Recipe::default();
    if length == whole || data + 16 > end {
        frame.keep(at..end)?;
        return Ok(frame);
    }
    frame.keep(at..at + 4)?;
    frame.put(u32::try_from(length).unwrap_or(0).to_le_bytes().to_vec())?;
    frame.keep(data..data + 16)?;
    frame.append(inner)?;
    Ok(frame)
}

#[derive(Clone, Copy)]
struct Extended {
    flags: u8,
    size: (u64, u64),
}

/// What an extended file says of itself, if it is one: its first chunk.
fn extended(input: &mut Input<'_>, end: u64) -> Result<Option<Extended>, Trouble> {
    let Some(chunk) = input.array::<18>(12)?.filter(|chunk| chunk.starts_with(b"VP8X") && end >= 30) else {
        return Ok(None);
    };
    let side = |at: usize| 1 + u64::from(u32::from_le_bytes([chunk[at], chunk[at + 1], chunk[at + 2], 0]));
    Ok(Some(Extended { flags: chunk[8], size: (side(12), side(15)) }))
}

/// Width and height in the header of a packed picture.
fn size_of(name: &[u8; 4], body: &[u8]) -> Option<(u64, u64)> {
    if name == b"VP8L" {
        let [_, a, b, c, d] = *body.first_chunk::<5>()?;
        let bits = u64::from(u32::from_le_bytes([a, b, c, d]));
        return Some(((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1));
    }
    let side = |at: usize| Some(u64::from(u16::from_le_bytes([*body.get(at)?, *body.get(at + 1)?]) & 0x3FFF));
    Some((side(6)?, side(8)?))
}

struct Chunk {
    name: [u8; 4],
    at: u64,
    /// Where its content begins.
    data: u64,
    /// Where it ends, with the byte that makes its length even.
    end: u64,
}

fn chunks_end(length: u64) -> u64 {
    length + length % 2
}

fn count(data: u64, end: u64) -> usize {
    usize::try_from(end.saturating_sub(data)).unwrap_or(WINDOW)
}

/// The chunks between two places, found before they are worked on.
struct Chunks(std::vec::IntoIter<Result<Chunk, Trouble>>);

impl Chunks {
    fn new(input: &mut Input<'_>, mut at: u64, end: u64) -> Chunks {
        let mut found = Vec::new();
        while at + 8 <= end {
            let head = match input.array::<8>(at) {
                Ok(Some(head)) => head,
                Ok(None) => break,
                Err(error) => {
                    found.push(Err(error.into()));
                    break;
                }
            };
            let [a, b, c, d, length @ ..] = head;
            let data = at + 8;
            let to = (data + chunks_end(u64::from(u32::from_le_bytes(length)))).min(end);
            found.push(Ok(Chunk { name: [a, b, c, d], at, data, end: to }));
            if found.len() > super::recipe::MAX_PIECES {
                found.push(Err(Trouble::Damaged("it consists of too many parts")));
                break;
            }
            at = to;
        }
        Chunks(found.into_iter())
    }
}

impl Iterator for Chunks {
    type Item = Result<Chunk, Trouble>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next()
    }
}
