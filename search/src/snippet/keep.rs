//! What is kept of a page's passages when it is indexed: beginnings and fingerprints.

/// About this many characters are kept of all passages of a page together.
const PAGE: usize = 1200;

/// At most and at least this many of one.
const EXCERPT: (usize, usize) = (480, 60);

/// At most this many words at most are in the fingerprints of a page.
const FINGERPRINTS: usize = 768;

/// The beginning of a passage, which is stored.
#[derive(Debug)]
pub(crate) struct Beginning {
    /// The first characters on one line.
    pub(crate) excerpt: String,
    /// The byte of the text at which the rest begins, of which only a fingerprint is kept.
    pub(crate) rest: usize,
}

/// How much is kept of each passage of a page: characters of its beginning, and words of its rest.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Allowance {
    excerpt: usize,
    fingerprint: usize,
}

/// What a page of this many passages may keep of each.
pub(crate) fn allowance(passages: usize) -> Allowance {
    let count = passages.max(1);
    // A single passage needs no comparison.
    let fingerprint = if count > 1 { FINGERPRINTS / count } else { 0 };
    Allowance { excerpt: (PAGE / count).clamp(EXCERPT.1, EXCERPT.0), fingerprint }
}

/// The first characters of a text on one line, cut between words.
pub(crate) fn beginning(text: &str, allowance: Allowance) -> Beginning {
    let length = allowance.excerpt;
    let mut excerpt = String::with_capacity(length * 2);
    let mut count = 0;
    let mut gap = false;
    let mut last_space = None;
    let mut at = 0;
    while let Some(char) = text[at..].chars().next() {
        if char.is_whitespace() || char.is_control() {
            gap = count > 0;
            at += char.len_utf8();
            continue;
        }
        // Nothing that turns the direction of what stands around it.
        if matches!(char, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') {
            at += char.len_utf8();
            continue;
        }
        if gap {
            last_space = Some((excerpt.len(), at));
            excerpt.push(' ');
            count += 1;
            gap = false;
        }
        if count >= length {
            let (end, rest) =
                last_space.filter(|(end, _)| *end > excerpt.len() / 2).unwrap_or((excerpt.len(), at));
            excerpt.truncate(end);
            excerpt.push('…');
            return Beginning { excerpt, rest };
        }
        // Most words are ASCII, and taken as a whole.
        let ascii = text.as_bytes()[at..].iter().take(length - count);
        let ascii = ascii.take_while(|byte| byte.is_ascii_graphic()).count();
        let end = at + if ascii > 0 { ascii } else { char.len_utf8() };
        excerpt.push_str(&text[at..end]);
        count += ascii.max(1);
        at = end;
    }
    Beginning { excerpt, rest: text.len() }
}

/// Which words stand in a text: the 16-bit hashes of its terms, sorted, two bytes each.
///
/// One in six hundred words seems to be there that is not, in a text of a hundred words; nothing but the
/// choice of a passage hangs on it.
pub(crate) fn fingerprint(hashes: &mut Vec<u16>, allowance: Allowance) -> Vec<u8> {
    hashes.sort_unstable();
    hashes.dedup();
    // Where there are too many, those with small hashes stay: a fair sample.
    hashes.truncate(allowance.fingerprint);
    hashes.iter().copied().flat_map(u16::to_be_bytes).collect()
}
