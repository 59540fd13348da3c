//! PNG: chunks, each with a name and a checksum.

use super::input::{Input, WINDOW};
use super::{Private, Trouble, Walked, exif};

/// The chunks that a picture is drawn from, with colours, size and animation. Sorted.
#[rustfmt::skip]
const KEPT: &[&[u8; 4]] = &[
    b"IDAT", b"IEND", b"IHDR", b"PLTE", b"acTL", b"bKGD", b"cHRM", b"cICP", b"cLLI", b"cLLi", b"fcTL", b"fdAT",
    b"gAMA", b"hIST", b"iCCP", b"mDCV", b"mDCv", b"pHYs", b"sBIT", b"sRGB", b"tRNS",
];

/// Walks from chunk to chunk.
pub(super) fn walk(input: &mut Input<'_>) -> Result<Walked, Trouble> {
    let mut out = Walked::default();
    out.recipe.keep(0..8)?;
    let mut at = 8;
    while let Some([a, b, c, d, name @ ..]) = input.array::<8>(at)? {
        let name: [u8; 4] = name;
        let length = u64::from(u32::from_be_bytes([a, b, c, d]));
        if length > i32::MAX as u64 || !name.iter().all(u8::is_ascii_alphabetic) {
            return Err(Trouble::Damaged("a part of it has no name"));
        }
        let end = (at + 12 + length).min(input.len());
        let count = usize::try_from(length).unwrap_or(WINDOW);
        let body = input.bytes(at + 8, count)?;
        match &name {
            b"IHDR" => {
                if let Some([w, x, y, z, h, i, j, k]) = body.first_chunk::<8>() {
                    let four = |bytes| u64::from(u32::from_be_bytes(bytes));
                    out.size = Some((four([*w, *x, *y, *z]), four([*h, *i, *j, *k])));
                }
            }
            b"eXIf" => {
                let exif = exif::read(body);
                out.private.add(exif.private);
                if exif::is_told(exif.orientation) && out.orientation == 0 {
                    out.orientation = exif.orientation;
                    out.recipe.put(chunk(b"eXIf", &exif::only_orientation(exif.orientation)))?;
                }
            }
            b"tEXt" | b"zTXt" | b"iTXt" => out.private.add(text(body)),
            _ => {}
        }
        if KEPT.binary_search(&&name).is_ok() {
            out.recipe.keep(at..end)?;
        } else if name[0].is_ascii_uppercase() {
            // Anyone who does not know such a chunk must not draw the picture.
            return Err(Trouble::Damaged("it has a part that browsers do not know"));
        }
        at = end;
        if &name == b"IEND" {
            return Ok(out);
        }
    }
    // A header that was cut off ends the file; decoders say so themselves.
    Ok(out)
}

/// What a text chunk tells, by its keyword and by what stands in it in the clear.
fn text(body: &[u8]) -> Private {
    let end = body.iter().position(|it| *it == 0).unwrap_or(body.len());
    let keyword = String::from_utf8_lossy(&body[..end]).to_ascii_lowercase();
    let mut private = exif::read_xmp(body);
    private.person |= matches!(keyword.as_str(), "author" | "artist" | "creator");
    private.position |= keyword.contains("gps") || keyword.contains("location");
    private.camera |= keyword.starts_with("raw profile type") && !keyword.ends_with("icc");
    private.camera |= keyword.starts_with("exif:");
    if keyword.starts_with("raw profile type")
        && let Some(profile) = raw_profile(&body[end..])
    {
        private.add(exif::read(&profile).private);
        private.add(exif::read_iptc(&profile));
    }
    private
}

/// A profile that a program wrote as text: a name, a length and digits, when they are not packed.
fn raw_profile(text: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(text.get(1..)?).ok()?;
    let mut lines = text.trim_start().lines().skip(2);
    let digits: Vec<u8> = lines.by_ref().flat_map(str::bytes).filter(u8::is_ascii_hexdigit).collect();
    let digit = |it: u8| char::from(it).to_digit(16).and_then(|it| u8::try_from(it).ok());
    digits.chunks_exact(2).map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect()
}

fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut chunk = u32::try_from(body.len()).unwrap_or(0).to_be_bytes().to_vec();
    chunk.extend(name);
    chunk.extend(body);
    let sum = checksum(&chunk[4..]);
    chunk.extend(sum.to_be_bytes());
    chunk
}

/// CRC-32, as in the PNG specification, annex D.
fn checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(
            sum ^ u32::from(*byte),
            |sum, _| if sum & 1 == 1 { 0xEDB8_8320 ^ (sum >> 1) } else { sum >> 1 },
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checksum_is_the_known_one() {
        assert_eq!(checksum(b"IEND"), 0xAE42_6082);
        assert!(KEPT.is_sorted());
    }
}
