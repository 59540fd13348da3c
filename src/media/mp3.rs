//! MP3: a tag of frames, then sound, then perhaps older forms of tags.

use super::input::Input;
use super::{Private, Trouble, Walked, bmff};

/// A tag may be this large; more is dropped whole.
const MAX_TAG: u64 = 16 << 20;

/// What names a recording and its parts, without remarks, pictures and whatever programs leave there.
const KEPT: [&[u8; 4]; 23] = [
    b"TIT1", b"TIT2", b"TIT3", b"TPE1", b"TPE2", b"TPE3", b"TALB", b"TRCK", b"TPOS", b"TCON", b"TLEN",
    b"TLAN", b"TYER", b"TDRL", b"TCOP", b"TPUB", b"TCOM", b"TBPM", b"TSOT", b"TSOP", b"CHAP", b"CTOC",
    b"RVA2",
];

/// Takes the tags apart, and keeps the sound as it is.
pub(super) fn walk(input: &mut Input<'_>) -> Result<Walked, Trouble> {
    let mut out = Walked::default();
    let mut at = 0;
    while let Some([b'I', b'D', b'3', version, _, flags, a, b, c, d]) = input.array::<10>(at)? {
        let size = [a, b, c, d].iter().fold(0, |sum, it| sum << 7 | u64::from(*it & 0x7F));
        let end = (at + 10 + size).min(input.len());
        tag(input, version, flags, at, end, &mut out)?;
        at = end;
    }
    let end = sound_end(input, at)?;
    out.recipe.keep(at..end)?;
    Ok(out)
}

/// One tag. What is packed in an unusual manner is left out whole.
fn tag(
    input: &mut Input<'_>,
    version: u8,
    flags: u8,
    at: u64,
    end: u64,
    out: &mut Walked,
) -> Result<(), Trouble> {
    let count = usize::try_from(end - at).unwrap_or(usize::MAX);
    out.private.add(read(input.bytes(at, count)?));
    if end == at + 10 {
        return out.recipe.keep(at..end);
    }
    if !matches!(version, 3 | 4) || flags != 0 || end - at > MAX_TAG {
        return Ok(());
    }
    let bytes = input.whole(at..end, MAX_TAG)?;
    let (mut kept, mut place, mut is_whole) = (Vec::new(), 10, true);
    while let Some(head) = bytes.get(place..place + 10).filter(|head| head[0] != 0) {
        let width = if version == 4 { 7 } else { 8 };
        let length = head[4..8].iter().fold(0_usize, |sum, it| sum << width | usize::from(*it));
        let Some(frame) = length.checked_add(place + 10).and_then(|to| bytes.get(place..to)) else {
            is_whole = false;
            break;
        };
        place += frame.len();
        let is_plain = !super::exif::holds(frame, b"APIC") && !super::exif::holds(frame, b"GEOB");
        if KEPT.iter().any(|name| frame.starts_with(*name)) && is_plain {
            kept.extend_from_slice(frame);
        } else {
            is_whole = false;
        }
    }
    if is_whole && bytes.get(place..).is_none_or(|rest| rest.iter().all(|it| *it == 0)) {
        return out.recipe.keep(at..end);
    }
    if kept.is_empty() {
        return Ok(());
    }
    let size = u32::try_from(kept.len()).unwrap_or(0);
    let mut tag = vec![b'I', b'D', b'3', version, 0, 0];
    tag.extend([21, 14, 7, 0].map(|shift| u8::try_from(size >> shift & 0x7F).unwrap_or(0)));
    tag.extend(kept);
    out.recipe.put(tag)
}

fn read(tag: &[u8]) -> Private {
    let lower = tag.to_ascii_lowercase();
    let mut private = bmff::read(tag);
    let has = |word: &str| super::exif::holds(&lower, word.as_bytes());
    // Anyone who made a recording that is named is meant to be named.
    private.person = false;
    private.position |= has("latitude") || has("gps") || has("location");
    private
}

/// Where the sound ends and older tags begin.
fn sound_end(input: &mut Input<'_>, from: u64) -> Result<u64, Trouble> {
    let mut end = input.len();
    // Each is known by its last bytes, and there is at most one of each.
    for _ in 0..3 {
        let length = match input.array::<3>(end.saturating_sub(128))? {
            Some(tag) if &tag == b"TAG" => 128,
            _ => match input.array::<32>(end.saturating_sub(32))? {
                Some(foot) if foot.starts_with(b"APETAGEX") => {
                    let size = u32::from_le_bytes([foot[12], foot[13], foot[14], foot[15]]);
                    // The size leaves out the header, which is as long as the foot.
                    u64::from(size) + if foot[23] & 0x80 == 0 { 0 } else { 32 }
                }
                _ => break,
            },
        };
        match end.checked_sub(length).filter(|it| *it >= from) {
            Some(before) => end = before,
            None => break,
        }
    }
    Ok(end)
}
