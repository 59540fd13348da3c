//! JPEG: segments, each with a marker, and between them the packed picture.

use super::input::{Input, WINDOW};
use super::{Private, Trouble, Walked, exif};

/// Walks from segment to segment. Kept is what the picture is drawn from, with its colour profile.
pub(super) fn walk(input: &mut Input<'_>) -> Result<Walked, Trouble> {
    let mut out = Walked::default();
    out.recipe.keep(0..2)?;
    let mut at = 2;
    while let Some((marker, start)) = next_marker(input, at)? {
        match marker {
            // The end. What stands after it is another picture, or a film, of the same moment.
            0xD9 => {
                out.recipe.keep(start..start + 2)?;
                return Ok(out);
            }
            0xD0..=0xD8 | 0x01 => {
                at = start + 2;
                continue;
            }
            _ => {}
        }
        let Some(length) = input.array::<2>(start + 2)?.map(u16::from_be_bytes).filter(|it| *it >= 2) else {
            at = start + 2;
            continue;
        };
        let end = start + 2 + u64::from(length);
        if end > input.len() {
            break;
        }
        segment(input, marker, start, end, &mut out)?;
        at = end;
        if marker == 0xDA {
            at = packed(input, end)?;
            out.recipe.keep(end..at)?;
        }
    }
    Ok(out)
}

/// The next marker and where it begins; what stands before it belongs to nothing, and decoders pass over it.
fn next_marker(input: &mut Input<'_>, mut at: u64) -> Result<Option<(u8, u64)>, Trouble> {
    loop {
        let window = input.bytes(at, WINDOW)?;
        let Some(found) = memchr::memchr(0xFF, window) else {
            if window.is_empty() {
                return Ok(None);
            }
            at += window.len() as u64;
            continue;
        };
        let start = at + found as u64;
        match input.array::<2>(start)? {
            None => return Ok(None),
            Some([_, 0]) => at = start + 2,
            Some([_, 0xFF]) => at = start + 1,
            Some([_, marker]) => return Ok(Some((marker, start))),
        }
    }
}

/// Where the packed picture ends that begins here: at a marker which is none of its own.
fn packed(input: &mut Input<'_>, mut at: u64) -> Result<u64, Trouble> {
    loop {
        let window = input.bytes(at, WINDOW)?;
        if window.len() < 2 {
            return Ok(at + window.len() as u64);
        }
        let is_end = |found: &usize| !matches!(window.get(found + 1), None | Some(0 | 0xD0..=0xD7 | 0xFF));
        if let Some(found) = memchr::memchr_iter(0xFF, window).find(is_end) {
            return Ok(at + found as u64);
        }
        // The last byte may be the first half of a marker.
        at += window.len() as u64 - 1;
    }
}

fn segment(input: &mut Input<'_>, marker: u8, start: u64, end: u64, out: &mut Walked) -> Result<(), Trouble> {
    let body = input.bytes(start + 4, usize::try_from(end - start - 4).unwrap_or(0))?;
    match marker {
        0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
            if let Some(&[_, h1, h2, w1, w2]) = body.get(..5)
                && out.size.is_none()
            {
                let two = |high, low| u64::from(u16::from_be_bytes([high, low]));
                out.size = Some((two(w1, w2), two(h1, h2)));
            }
            out.recipe.keep(start..end)
        }
        // Tables, and where a packed picture begins.
        0xC4 | 0xC8 | 0xCC | 0xDA..=0xDF => out.recipe.keep(start..end),
        0xE0 if body.starts_with(b"JFIF\0") => jfif(body, start, out),
        0xE1 if body.starts_with(exif::PREFIX) => {
            let exif = exif::read(body);
            out.private.add(exif.private);
            if exif::is_told(exif.orientation) && out.orientation == 0 {
                out.orientation = exif.orientation;
                return out.recipe.put(orientation(exif.orientation));
            }
            Ok(())
        }
        0xE1 => {
            out.private.add(exif::read_xmp(body));
            Ok(())
        }
        0xE2 if body.starts_with(b"ICC_PROFILE\0") => out.recipe.keep(start..end),
        0xED => {
            out.private.add(photoshop(body));
            Ok(())
        }
        // How the colours are to be mixed. What is longer holds more than that.
        0xEE if body.starts_with(b"Adobe") && body.len() == 12 => out.recipe.keep(start..end),
        0xEE if body.starts_with(b"Adobe") && body.len() > 12 => {
            let mut segment = vec![0xFF, 0xEE, 0, 14];
            segment.extend_from_slice(&body[..12]);
            out.recipe.put(segment)
        }
        _ => Ok(()),
    }
}

/// The header of most files, without the small picture that it may hold.
fn jfif(body: &[u8], start: u64, out: &mut Walked) -> Result<(), Trouble> {
    if body.len() <= 14 {
        return out.recipe.keep(start..start + 4 + body.len() as u64);
    }
    let mut segment = vec![0xFF, 0xE0, 0, 16];
    segment.extend_from_slice(&body[..12]);
    segment.extend([0, 0]);
    out.recipe.put(segment)
}

fn orientation(orientation: u8) -> Vec<u8> {
    let tiff = exif::only_orientation(orientation);
    let length = u8::try_from(2 + exif::PREFIX.len() + tiff.len()).unwrap_or(0);
    let mut segment = vec![0xFF, 0xE1, 0, length];
    segment.extend(exif::PREFIX);
    segment.extend(tiff);
    segment
}

/// What editors keep beside a picture; its captions are IPTC.
fn photoshop(body: &[u8]) -> Private {
    let has_captions = exif::holds(body, b"8BIM\x04\x04");
    if has_captions { exif::read_iptc(body) } else { Private::default() }
}
