//! WebM: elements in elements. An element that is not published becomes an empty one of the same length.

use super::input::Input;
use super::recipe::{Patch, Recipe};
use super::{Private, Trouble, Walked, bmff};

const SEGMENT: u64 = 0x1853_8067;
const INFO: u64 = 0x1549_A966;
const CLUSTER: u64 = 0x1F43_B675;
const CHECKSUM: u64 = 0xBF;
const VOID: u64 = 0xEC;

/// What a segment may hold: itself, its index, tracks, recordings, places to jump to, chapters.
const KEPT: [u64; 6] = [0x114D_9B74, INFO, 0x1654_AE6B, CLUSTER, 0x1C53_BB6B, 0x1043_A770];

/// What the description of a segment may hold: how time is counted, how long it is, the programs that wrote it.
const KEPT_INFO: [u64; 4] = [0x2A_D7B1, 0x4489, 0x4D80, 0x5741];

/// At most this many elements are looked at, which is enough for a film of a day.
const MAX_ELEMENTS: usize = 1 << 22;

struct Element {
    id: u64,
    data: u64,
    /// Nothing: it ends where what follows cannot be in it.
    end: Option<u64>,
}

/// Walks through the elements.
pub(super) fn walk(input: &mut Input<'_>) -> Result<Walked, Trouble> {
    let (mut patches, mut private) = (Vec::new(), Private::default());
    let (mut at, len) = (0, input.len());
    let mut seen = 0;
    while at < len {
        let Some(element) = element(input, at)? else {
            patches.push(Patch::zeros(at..len));
            break;
        };
        seen += 1;
        if seen > MAX_ELEMENTS {
            return Err(Trouble::Damaged("it consists of too many parts"));
        }
        let end = element.end.unwrap_or(len).min(len);
        at = match element.id {
            // One goes into what holds others; its end says nothing that theirs do not.
            SEGMENT => element.data,
            CLUSTER if element.end.is_none() => element.data,
            INFO => {
                info(input, element.data, end, &mut patches)?;
                end
            }
            // The header of the file, and what stands in a cluster of unknown length.
            0x1A45_DFA3 | 0xE7 | 0xA3 | 0xA0 | 0xA7 | 0xAB => end,
            id if KEPT.contains(&id) => end,
            _ => {
                let count = usize::try_from(end - element.data).unwrap_or(usize::MAX);
                private.add(tags(input.bytes(element.data, count)?));
                patches.push(void(at, end));
                end
            }
        };
    }
    Ok(Walked { recipe: Recipe::patched(len, patches)?, private, ..Walked::default() })
}

/// The title, the day and the name of the file go; so does the checksum, which would not be right any more.
fn info(input: &mut Input<'_>, from: u64, to: u64, patches: &mut Vec<Patch>) -> Result<(), Trouble> {
    let (mut at, mut checksum, mut is_changed) = (from, None, false);
    while at < to {
        let Some(element) = element(input, at)? else { break };
        let end = element.end.unwrap_or(to).min(to);
        match element.id {
            CHECKSUM => checksum = Some(void(at, end)),
            VOID => patches.push(void(at, end)),
            id if KEPT_INFO.contains(&id) => {}
            _ => {
                patches.push(void(at, end));
                is_changed = true;
            }
        }
        at = end;
    }
    patches.extend(checksum.filter(|_| is_changed));
    Ok(())
}

/// What tags tell.
fn tags(bytes: &[u8]) -> Private {
    let upper = bytes.to_ascii_uppercase();
    let has = |name: &str| super::exif::holds(&upper, name.as_bytes());
    let mut private = bmff::read(bytes);
    private.position |= has("LOCATION") || has("LATITUDE");
    private.person |= has("ARTIST") || has("AUTHOR");
    private.camera |= has("MAKE") && has("MODEL");
    private
}

/// An element without meaning in the place of another.
fn void(at: u64, end: u64) -> Patch {
    let room = end - at;
    let mut head = vec![0xEC];
    match room {
        0..=1 => head.clear(),
        2..=100 => head.push(0x80 | u8::try_from(room - 2).unwrap_or(0)),
        _ => head.extend(((room - 9) | 1 << 56).to_be_bytes()),
    }
    Patch { range: at..end, with: head, fill: 0 }
}

fn element(input: &mut Input<'_>, at: u64) -> Result<Option<Element>, Trouble> {
    let head: [u8; 12] = match input.array::<12>(at)? {
        Some(head) => head,
        None => {
            let mut head = [0; 12];
            let bytes = input.bytes(at, 12)?;
            head[..bytes.len()].copy_from_slice(bytes);
            head
        }
    };
    let id_width = head[0].leading_zeros() as usize + 1;
    if id_width > 4 {
        return Ok(None);
    }
    let id = head[..id_width].iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    let width = head[id_width].leading_zeros() as usize + 1;
    if width > 8 {
        return Ok(None);
    }
    let mask = (1_u64 << (7 * width)) - 1;
    let size =
        head[id_width..id_width + width].iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)) & mask;
    let data = at + (id_width + width) as u64;
    let end = (size != mask).then(|| data.saturating_add(size));
    Ok((data <= input.len()).then_some(Element { id, data, end }))
}
