//! MP4 and its relatives: a header with the tracks, and the recordings, which are not touched. Tracks of measurements,
//! such as the position at every second, are overwritten.

use super::bmff::{Part, Walk};
use super::input::Input;
use super::recipe::{Patch, Recipe};
use super::{Trouble, Walked};

/// The tables of one track may be this large, which is enough for a day.
const MAX_TABLE: u64 = 4 << 20;

/// No film has more.
const MAX_TRACKS: usize = 64;

/// What is seen, heard and read in a film.
const TRACKS: [&[u8; 4]; 8] = [b"vide", b"soun", b"subt", b"sbtl", b"text", b"clcp", b"pict", b"auxv"];

/// Walks through the boxes.
pub(super) fn walk(input: &mut Input<'_>) -> Result<Walked, Trouble> {
    let mut walk = Walk::default();
    let parts = walk.parts(input, 0, input.len())?;
    let kept: &[&[u8; 4]] =
        &[b"ftyp", b"styp", b"pdin", b"moov", b"moof", b"mdat", b"mfra", b"sidx", b"ssix"];
    let (mut is_measured, mut has_fragments) = (false, false);
    for part in walk.only(input, parts, kept)? {
        match &part.kind {
            b"moov" => is_measured |= header(input, part, &mut walk)?,
            b"moof" => {
                has_fragments = true;
                fragment(input, part, &mut walk)?;
            }
            _ => {}
        }
    }
    if is_measured && has_fragments {
        return Err(Trouble::Damaged("it contains a track of measurements in many parts"));
    }
    let recipe = Recipe::patched(input.len(), walk.patches)?;
    Ok(Walked { recipe, private: walk.private, ..Walked::default() })
}

/// The header of a film. Says whether it had a track of measurements.
pub(super) fn header(input: &mut Input<'_>, movie: Part, walk: &mut Walk) -> Result<bool, Trouble> {
    let parts = walk.parts(input, movie.data, movie.end)?;
    let mut is_measured = false;
    let parts = walk.only(input, parts, &[b"mvhd", b"trak", b"mvex", b"iods"])?;
    if parts.iter().filter(|it| &it.kind == b"trak").count() > MAX_TRACKS {
        return Err(Trouble::Damaged("it has too many tracks"));
    }
    for part in parts {
        match &part.kind {
            b"mvhd" => times(input, part, walk)?,
            b"trak" => is_measured |= track(input, part, walk)?,
            _ => {}
        }
    }
    Ok(is_measured)
}

/// The header of one part of a film that is sent in parts.
pub(super) fn fragment(input: &mut Input<'_>, part: Part, walk: &mut Walk) -> Result<(), Trouble> {
    let parts = walk.parts(input, part.data, part.end)?;
    for track in walk.only(input, parts, &[b"mfhd", b"traf"])? {
        if &track.kind == b"traf" {
            let parts = walk.parts(input, track.data, track.end)?;
            let kept: &[&[u8; 4]] =
                &[b"tfhd", b"tfdt", b"trun", b"sdtp", b"sbgp", b"sgpd", b"subs", b"saiz", b"saio", b"senc"];
            walk.only(input, parts, kept)?;
        }
    }
    Ok(())
}

fn track(input: &mut Input<'_>, track: Part, walk: &mut Walk) -> Result<bool, Trouble> {
    let parts = walk.parts(input, track.data, track.end)?;
    let kept: &[&[u8; 4]] = &[b"tkhd", b"edts", b"tref", b"mdia", b"tapt", b"clip", b"matt"];
    let parts = walk.only(input, parts, kept)?;
    let Some(media) = parts.iter().find(|it| &it.kind == b"mdia").copied() else { return Ok(false) };
    let inside = walk.parts(input, media.data, media.end)?;
    let inside = walk.only(input, inside, &[b"mdhd", b"hdlr", b"minf", b"elng"])?;
    let mut kind = [0; 4];
    for part in parts.iter().chain(&inside) {
        match &part.kind {
            b"tkhd" | b"mdhd" => times(input, *part, walk)?,
            b"hdlr" => {
                kind = input.array::<4>(part.data + 8)?.unwrap_or_default();
                nameless(input, *part, walk)?;
            }
            _ => {}
        }
    }
    let Some(info) = inside.iter().find(|it| &it.kind == b"minf") else { return Ok(false) };
    let info = walk.parts(input, info.data, info.end)?;
    let kept: &[&[u8; 4]] =
        &[b"vmhd", b"smhd", b"hmhd", b"nmhd", b"sthd", b"gmhd", b"hdlr", b"dinf", b"stbl"];
    let info = walk.only(input, info, kept)?;
    let Some(table) = info.iter().find(|it| &it.kind == b"stbl") else { return Ok(false) };
    let tables = walk.parts(input, table.data, table.end)?;
    let kept: &[&[u8; 4]] = &[
        b"stsd", b"stts", b"ctts", b"cslg", b"stsc", b"stsz", b"stz2", b"stss", b"stps", b"stco", b"co64",
        b"sdtp", b"sbgp", b"sgpd", b"subs", b"saiz", b"saio", b"padb", b"stdp",
    ];
    let tables = walk.only(input, tables, kept)?;
    let is_shown = TRACKS.contains(&&kind);
    if is_shown && !matches!(&kind, b"subt" | b"sbtl" | b"text") {
        return Ok(false);
    }
    let chunks = chunks(input, &tables)?;
    // Some cameras write the position as subtitles.
    if is_shown && !tells_a_position(input, &chunks)? {
        return Ok(false);
    }
    for (at, length) in chunks {
        let end = at.saturating_add(length).min(input.len());
        walk.look(input, at, end)?;
        walk.patches.push(Patch::zeros(at..end));
    }
    walk.private.position |= is_shown;
    // The track itself goes first, for of places that overlap the first counts.
    walk.patches.retain(|patch| patch.range.start < track.at || patch.range.end > track.end);
    walk.empty(input, track)?;
    Ok(true)
}

fn tells_a_position(input: &mut Input<'_>, chunks: &[(u64, u64)]) -> Result<bool, Trouble> {
    for (at, length) in chunks.iter().take(16) {
        let count = usize::try_from(*length).unwrap_or(usize::MAX).min(4096);
        let text = input.bytes(*at, count)?.to_ascii_lowercase();
        if ["gps", "latitude", "longitude"].iter().any(|it| super::exif::holds(&text, it.as_bytes())) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// When something was made: two numbers after the version, of four or eight bytes each.
fn times(input: &mut Input<'_>, part: Part, walk: &mut Walk) -> Result<(), Trouble> {
    let length = if input.array::<1>(part.data)? == Some([1]) { 16 } else { 8 };
    let range = part.data + 4..(part.data + 4 + length).min(part.end);
    blank(input, range, walk)
}

/// The name of a handler is the camera's, or a program's.
fn nameless(input: &mut Input<'_>, part: Part, walk: &mut Walk) -> Result<(), Trouble> {
    blank(input, part.data + 24..part.end, walk)
}

fn blank(input: &mut Input<'_>, range: std::ops::Range<u64>, walk: &mut Walk) -> Result<(), Trouble> {
    let count = usize::try_from(range.end.saturating_sub(range.start)).unwrap_or(0);
    if input.bytes(range.start, count)?.iter().any(|it| *it != 0) {
        walk.patches.push(Patch::zeros(range));
    }
    Ok(())
}

/// Where the recordings of a track lie: place and length.
fn chunks(input: &mut Input<'_>, tables: &[Part]) -> Result<Vec<(u64, u64)>, Trouble> {
    let mut table = |kind: &[u8; 4]| match tables.iter().find(|it| &it.kind == kind) {
        Some(part) => input.whole(part.data..part.end, MAX_TABLE),
        None => Ok(Vec::new()),
    };
    let (places, wide, runs, sizes) = (table(b"stco")?, table(b"co64")?, table(b"stsc")?, table(b"stsz")?);
    let small = table(b"stz2")?;
    let four = |table: &[u8], at: usize| {
        table.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_be_bytes).map(u64::from)
    };
    let eight =
        |table: &[u8], at: usize| table.get(at..at.checked_add(8)?)?.try_into().ok().map(u64::from_be_bytes);
    let places: Vec<u64> = match wide.is_empty() {
        true => (0..).map_while(|n| four(&places, 8 + 4 * n)).collect(),
        false => (0..).map_while(|n| eight(&wide, 8 + 8 * n)).collect(),
    };
    let runs: Vec<(u64, u64)> =
        (0..).map_while(|n| Some((four(&runs, 8 + 12 * n)?, four(&runs, 12 + 12 * n)?))).collect();
    let every = four(&sizes, 4).filter(|it| *it > 0);
    let width = small.get(7).copied().unwrap_or(0);
    let size_of = |sample: usize| match (every, small.is_empty()) {
        (Some(every), _) => Some(every),
        (None, true) => four(&sizes, 12 + 4 * sample),
        (None, false) => {
            let at = 12 + sample * usize::from(width) / 8;
            let byte = u64::from(*small.get(at)?);
            match width {
                4 => Some(if sample.is_multiple_of(2) { byte >> 4 } else { byte & 15 }),
                8 => Some(byte),
                _ => Some(byte << 8 | u64::from(*small.get(at + 1)?)),
            }
        }
    };
    let (mut found, mut run, mut sample) = (Vec::new(), 0, 0_usize);
    for (number, place) in (1..).zip(places) {
        while runs.get(run + 1).is_some_and(|(first, _)| *first <= number) {
            run += 1;
        }
        let count = runs.get(run).map_or(0, |(_, count)| *count);
        let mut length = 0_u64;
        if let Some(every) = every {
            length = every.saturating_mul(count);
        } else {
            for _ in 0..count {
                let Some(size) = size_of(sample) else { break };
                length = length.saturating_add(size);
                sample += 1;
            }
        }
        found.push((place, length));
    }
    Ok(found)
}
