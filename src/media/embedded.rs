//! Pictures inside of drawings, written as text in base 64.

use std::io::{Cursor, Read};
use std::sync::Arc;

use super::inspect;
use crate::output::PieceReader;

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The same picture without what it tells beside itself, with its width and height in pixels; nothing if it cannot be
/// read.
#[must_use]
pub fn clean_embedded(extension: &str, text: &str) -> Option<(String, Option<(u32, u32)>)> {
    let bytes = decode(text)?;
    // Browsers go by the bytes, whatever the picture is called.
    let is_it = |ending: &&str| crate::file_type::published(ending).is_some_and(|test| test(&bytes));
    let extension = ["png", "jpg", "gif", "webp"].into_iter().find(is_it).unwrap_or(extension);
    let media = inspect(&mut Cursor::new(&bytes), extension).ok()?;
    let Some(pieces) = media.pieces else { return Some((text.to_owned(), media.dimensions)) };
    let mut clean = Vec::new();
    PieceReader::new(Cursor::new(&bytes), Arc::clone(&pieces)).read_to_end(&mut clean).ok()?;
    Some((encode(&clean), media.dimensions))
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let (mut bits, mut held, mut bytes) = (0_u32, 0, Vec::with_capacity(text.len() / 4 * 3));
    for byte in text.bytes().filter(|it| !it.is_ascii_whitespace()) {
        if byte == b'=' {
            break;
        }
        let value = LETTERS.iter().position(|it| *it == byte)?;
        bits = bits << 6 | u32::try_from(value).ok()?;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xFF).ok()?);
        }
    }
    Some(bytes)
}

fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() / 3 * 4 + 4);
    for three in bytes.chunks(3) {
        let bits =
            three.iter().fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for n in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * n) & 63) as usize];
            text.push(if n <= three.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_bytes_say_the_same() {
        for (bytes, text) in
            [(&b""[..], ""), (b"f", "Zg=="), (b"fo", "Zm8="), (b"foo", "Zm9v"), (b"foob", "Zm9vYg==")]
        {
            assert_eq!((encode(bytes).as_str(), decode(text).as_deref()), (text, Some(bytes)));
        }
    }
}
