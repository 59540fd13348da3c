//! AVIF: a table of items, among them pictures, EXIF and XMP, and one room in which all of them lie.

use std::collections::BTreeMap;

use super::bmff::{Part, Walk};
use super::input::Input;
use super::recipe::{Patch, Recipe};
use super::{Trouble, Walked, exif, movie};

/// What a picture is made of; anything else among the items says something about it.
const PICTURES: [&[u8; 4]; 5] = [b"av01", b"grid", b"iovl", b"iden", b"tmap"];

/// The tables of one file may be this large.
const MAX_TABLE: u64 = 1 << 20;

/// Walks through the boxes.
pub(super) fn walk(input: &mut Input<'_>) -> Result<Walked, Trouble> {
    let mut walk = Walk::default();
    let parts = walk.parts(input, 0, input.len())?;
    let mut out = Walked::default();
    for part in walk.only(input, parts, &[b"ftyp", b"meta", b"mdat", b"moov", b"moof", b"sidx"])? {
        match &part.kind {
            b"meta" => items(input, part, &mut walk, &mut out)?,
            b"moov" => {
                movie::header(input, part, &mut walk)?;
            }
            b"moof" => movie::fragment(input, part, &mut walk)?,
            _ => {}
        }
    }
    out.private = walk.private;
    out.recipe = Recipe::patched(input.len(), walk.patches)?;
    Ok(out)
}

/// The table of items. What is no picture is overwritten where it lies.
fn items(input: &mut Input<'_>, meta: Part, walk: &mut Walk, out: &mut Walked) -> Result<(), Trouble> {
    let parts = walk.parts(input, meta.data + 4, meta.end)?;
    let kept: &[&[u8; 4]] =
        &[b"hdlr", b"pitm", b"iloc", b"iinf", b"iprp", b"iref", b"idat", b"dinf", b"grpl"];
    let parts = walk.only(input, parts, kept)?;
    let table = |input: &mut Input<'_>, kind: &[u8; 4]| match parts.iter().find(|it| &it.kind == kind) {
        Some(part) => input.whole(part.data..part.end, MAX_TABLE),
        None => Ok(Vec::new()),
    };
    let kinds = kinds(&table(input, b"iinf")?);
    let idat = parts.iter().find(|it| &it.kind == b"idat");
    for (item, extents) in
        locations(&table(input, b"iloc")?).ok_or(Trouble::Damaged("its table of contents is cut off"))?
    {
        let kind = kinds.get(&item).copied().unwrap_or_default();
        if PICTURES.contains(&&kind) {
            continue;
        }
        for Extent { is_inside, at, length } in extents {
            let room = if is_inside { idat.map_or(0..0, |it| it.data..it.end) } else { 0..input.len() };
            let start = room.start.saturating_add(at);
            let end = if length == 0 { room.end } else { start.saturating_add(length).min(room.end) };
            if start < end {
                overwrite(input, kind, start, end, walk)?;
            }
        }
    }
    let properties = match parts.iter().find(|it| &it.kind == b"iprp") {
        Some(part) => walk.parts(input, part.data, part.end)?,
        None => Vec::new(),
    };
    let primary = primary(&table(input, b"pitm")?);
    let Some(container) = properties.iter().find(|it| &it.kind == b"ipco") else { return Ok(()) };
    let list = walk.parts(input, container.data, container.end)?;
    let mut used = Vec::new();
    for part in properties.iter().filter(|it| &it.kind == b"ipma") {
        let table = input.whole(part.data..part.end, MAX_TABLE)?;
        used.extend(associated(&table, primary).unwrap_or_default());
    }
    for index in used {
        let Some(property) = usize::from(index).checked_sub(1).and_then(|it| list.get(it)) else { continue };
        match &property.kind {
            b"ispe" => {
                if let Some([w, x, y, z, h, i, j, k]) = input.array::<8>(property.data + 4)? {
                    let four = |bytes| u64::from(u32::from_be_bytes(bytes));
                    out.size = Some((four([w, x, y, z]), four([h, i, j, k])));
                }
            }
            b"irot" => {
                let turns = input.array::<1>(property.data)?.map_or(0, |[it]| it & 3);
                // The size is the stored one; a quarter turn exchanges width and height, as in EXIF.
                out.orientation = if turns % 2 == 1 { 6 } else { 0 };
            }
            _ => {}
        }
    }
    Ok(())
}

/// EXIF becomes EXIF that says nothing, so that strict readers go on; all else becomes blanks.
fn overwrite(
    input: &mut Input<'_>,
    kind: [u8; 4],
    start: u64,
    end: u64,
    walk: &mut Walk,
) -> Result<(), Trouble> {
    walk.look(input, start, end)?;
    let (with, fill) = match &kind {
        b"Exif" => {
            // Where EXIF begins in it, in four bytes.
            let offset = input.array::<4>(start)?.map_or(0, |it| u64::from(u32::from_be_bytes(it)));
            let tiff = start.saturating_add(4).saturating_add(offset);
            let count = usize::try_from(end.saturating_sub(tiff)).unwrap_or(0);
            walk.private.add(exif::read(input.bytes(tiff, count)?).private);
            (b"\0\0\0\0II*\0\x08\0\0\0\0\0\0\0\0\0".to_vec(), 0)
        }
        _ => (Vec::new(), b' '),
    };
    walk.patches.push(Patch { range: start..end, with, fill });
    Ok(())
}

struct Extent {
    /// Whether it lies in the table itself, in a room of its own.
    is_inside: bool,
    at: u64,
    length: u64,
}

/// A reader of numbers of any width.
struct Numbers<'a>(&'a [u8]);

impl Numbers<'_> {
    fn next(&mut self, width: u8) -> Option<u64> {
        let (number, rest) = self.0.split_at_checked(usize::from(width))?;
        self.0 = rest;
        Some(number.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
    }
}

/// What every item is.
fn kinds(table: &[u8]) -> BTreeMap<u64, [u8; 4]> {
    let mut kinds = BTreeMap::new();
    let mut rest = table.get(if table.first() == Some(&0) { 6 } else { 8 }..).unwrap_or_default();
    while let Some(length) = rest.first_chunk::<4>().map(|it| u32::from_be_bytes(*it)) {
        let length = usize::try_from(length).unwrap_or(0);
        let Some(entry) = rest.get(8..length) else { break };
        let mut numbers = Numbers(entry);
        let version = numbers.next(4).unwrap_or(0) >> 24;
        let item = numbers.next(if version >= 3 { 4 } else { 2 });
        let kind = numbers.next(2).and_then(|_| numbers.0.first_chunk::<4>()).filter(|_| version >= 2);
        kinds.extend(item.zip(kind.copied()));
        rest = &rest[length..];
    }
    kinds
}

/// Where every item lies; nothing if the table is cut off.
fn locations(table: &[u8]) -> Option<Vec<(u64, Vec<Extent>)>> {
    if table.is_empty() {
        return Some(Vec::new());
    }
    let mut numbers = Numbers(table);
    let version = numbers.next(4)? >> 24;
    let widths = numbers.next(2)?;
    let width = |shift: u64| u8::try_from(widths >> shift & 15).unwrap_or(0).min(8);
    let (offset, length, base) = (width(12), width(8), width(4));
    let index = if version == 0 { 0 } else { width(0) };
    let wide = if version >= 2 { 4 } else { 2 };
    let count = numbers.next(wide)?;
    let mut items = Vec::new();
    for _ in 0..count {
        let item = numbers.next(wide)?;
        let method = if version == 0 { 0 } else { numbers.next(2)? & 15 };
        numbers.next(2)?;
        let from = numbers.next(base)?;
        let mut extents = Vec::new();
        for _ in 0..numbers.next(2)? {
            numbers.next(index)?;
            let at = from.saturating_add(numbers.next(offset)?);
            extents.push(Extent { is_inside: method == 1, at, length: numbers.next(length)? });
            // An entry without a single byte would be repeated for nothing.
            if offset == 0 && length == 0 && index == 0 {
                break;
            }
        }
        items.push((item, extents));
    }
    Some(items)
}

fn primary(table: &[u8]) -> u64 {
    let mut numbers = Numbers(table);
    let version = numbers.next(4).unwrap_or(0) >> 24;
    numbers.next(if version == 0 { 2 } else { 4 }).unwrap_or(0)
}

/// The properties of one item, counted from 1.
fn associated(table: &[u8], item: u64) -> Option<Vec<u16>> {
    let mut numbers = Numbers(table);
    let head = numbers.next(4)?;
    let (version, is_wide) = (head >> 24, head & 1 == 1);
    for _ in 0..numbers.next(4)? {
        let known = numbers.next(if version == 0 { 2 } else { 4 })?;
        let mut used = Vec::new();
        for _ in 0..numbers.next(1)? {
            let index = numbers.next(if is_wide { 2 } else { 1 })?;
            used.extend(u16::try_from(if is_wide { index & 0x7FFF } else { index & 0x7F }));
        }
        if known == item {
            return Some(used);
        }
    }
    None
}
