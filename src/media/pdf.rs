//! PDF: published as it is, for nothing in it can be moved. Pictures in it that tell a position are reported.

use super::input::{Input, WINDOW};
use super::recipe::Recipe;
use super::{Trouble, Walked, exif};

/// At most this many pictures are looked at.
const MAX_PICTURES: usize = 256;

/// Looks for EXIF and XMP that are not packed, as pictures and documents have them.
pub(super) fn walk(input: &mut Input<'_>) -> Result<Walked, Trouble> {
    let mut out = Walked { recipe: Recipe::whole(input.len()), is_kept: true, ..Walked::default() };
    let (mut at, mut seen) = (0, 0);
    while at < input.len() && !out.private.position {
        let window = input.bytes(at, WINDOW)?;
        if window.is_empty() {
            break;
        }
        let length = window.len() as u64;
        out.private.position |= exif::holds(window, b"exif:GPSLatitude");
        let found: Vec<u64> = memchr::memmem::find_iter(window, exif::PREFIX).map(|it| it as u64).collect();
        for place in found.into_iter().take(MAX_PICTURES - seen) {
            seen += 1;
            out.private.position |= exif::read(input.bytes(at + place, WINDOW)?).private.position;
        }
        // What is torn in two by the end of a window is whole in the next one.
        at += if length == WINDOW as u64 { length - 64 } else { length };
    }
    Ok(out)
}
