//! GIF: blocks, most of them chains of small parts.

use super::input::Input;
use super::{Trouble, Walked, exif};

/// The extensions of programs that browsers know: how often it is played, and the colour profile.
const KNOWN: [&[u8; 11]; 3] = [b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012"];

/// Walks from block to block.
pub(super) fn walk(input: &mut Input<'_>) -> Result<Walked, Trouble> {
    let mut out = Walked::default();
    let Some([w1, w2, h1, h2, flags, _, _]) = input.array::<7>(6)? else {
        out.recipe.keep(0..input.len())?;
        return Ok(out);
    };
    out.size = Some((u64::from(u16::from_le_bytes([w1, w2])), u64::from(u16::from_le_bytes([h1, h2]))));
    let mut at = (13 + table(flags)).min(input.len());
    out.recipe.keep(0..at)?;
    while let Some([kind]) = input.array::<1>(at)? {
        match kind {
            0x3B => {
                out.recipe.keep(at..at + 1)?;
                return Ok(out);
            }
            0x2C => {
                let flags = input.array::<1>(at + 9)?.map_or(0, |[flags]| flags);
                let end = chain(input, at + 10 + table(flags) + 1)?;
                out.recipe.keep(at..end)?;
                at = end;
            }
            0x21 => {
                let Some([label]) = input.array::<1>(at + 1)? else { break };
                let end = chain(input, at + 2)?;
                if is_kept(input, at, label)? {
                    out.recipe.keep(at..end)?;
                } else {
                    let count = usize::try_from(end - at).unwrap_or(usize::MAX);
                    out.private.add(exif::read_xmp(input.bytes(at, count)?));
                }
                at = end;
            }
            // Some programs leave empty bytes between blocks.
            0 => at += 1,
            // Whatever follows, no browser goes on from here.
            _ => break,
        }
    }
    out.recipe.put(vec![0x3B])?;
    Ok(out)
}

fn is_kept(input: &mut Input<'_>, at: u64, label: u8) -> Result<bool, Trouble> {
    Ok(match label {
        // How long a picture is shown, and text that is part of it.
        0xF9 | 0x01 => true,
        0xFF => input.array::<11>(at + 3)?.is_some_and(|name| KNOWN.contains(&&name)),
        _ => false,
    })
}

/// The length of a table of colours.
fn table(flags: u8) -> u64 {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

/// Where a chain of parts ends.
fn chain(input: &mut Input<'_>, mut at: u64) -> Result<u64, Trouble> {
    while let Some([length]) = input.array::<1>(at)? {
        at += 1 + u64::from(length);
        if length == 0 {
            return Ok(at);
        }
    }
    Ok(input.len())
}
