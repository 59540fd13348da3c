//! Characters: which make words, which join them, and where a run of them ends.
//!
//! Nothing here knows a language. Scripts are told apart by ranges, which is all that cutting needs.

use std::ops::Range;

/// What a character is to the tokenizer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// A letter or digit.
    Word,
    /// A character of a script without spaces between words.
    Gram,
    /// An accent or another mark upon the character before it.
    Mark,
    /// Space, punctuation, symbols.
    Other,
}

/// Where a word ends, and whether it is nothing but one row of letters and digits without inner capitals.
#[derive(Debug, Clone, Copy)]
pub(super) struct WordRun {
    pub(super) end: usize,
    pub(super) plain: bool,
}

/// The class of the character at a byte of the text, and its length in bytes.
pub(super) fn class(text: &str, at: usize) -> (Class, usize) {
    let byte = text.as_bytes()[at];
    if byte.is_ascii() {
        return (if byte.is_ascii_alphanumeric() { Class::Word } else { Class::Other }, 1);
    }
    let Some(char) = text[at..].chars().next() else { return (Class::Other, 1) };
    (class_of(char), char.len_utf8())
}

/// The end of the word that begins at `start`.
pub(super) fn word_run(text: &str, start: usize, splits_at_apostrophe: bool) -> WordRun {
    let bytes = text.as_bytes();
    let mut at = start;
    let mut plain = true;
    let mut lower = false;
    let mut uppers = 0_usize;
    if bytes[at] == b'.' {
        plain = false;
        at += 1;
    }
    loop {
        // Most of all text is lower-case ASCII.
        while at < bytes.len() && bytes[at].is_ascii_alphanumeric() {
            let upper = bytes[at].is_ascii_uppercase();
            // `fooBar` and `HTTPServer`, but neither `Word` nor `USB`.
            let hump = if upper { lower } else { uppers > 1 && bytes[at].is_ascii_lowercase() };
            plain &= !hump;
            uppers = if upper { uppers + 1 } else { 0 };
            lower = !upper;
            at += 1;
        }
        // A word mostly ends at a space.
        match bytes.get(at) {
            None => break,
            Some(byte) if byte.is_ascii() => {
                let joins = matches!(byte, b'.' | b'_' | b'-' | b'\'')
                    && at > start
                    && !(splits_at_apostrophe && *byte == b'\'')
                    && at + 1 < bytes.len()
                    && self::class(text, at + 1).0 == Class::Word;
                if !joins {
                    break;
                }
                (plain, lower, uppers) = (false, false, 0);
                at += 1;
                continue;
            }
            Some(_) => {}
        }
        let (class, length) = class(text, at);
        match class {
            Class::Word => {
                let upper = text[at..].starts_with(char::is_uppercase);
                plain &= !(upper && lower);
                lower = !upper;
                uppers = 0;
                at += length;
            }
            Class::Mark => at += length,
            Class::Other if at > start => {
                let Some(joint) = text[at..].chars().next() else { break };
                let next = at + length;
                let joins = is_joint(joint)
                    && !(splits_at_apostrophe && is_apostrophe(joint))
                    && next < bytes.len()
                    && self::class(text, next).0 == Class::Word;
                if !joins {
                    break;
                }
                plain = false;
                lower = false;
                uppers = 0;
                at = next;
            }
            Class::Gram | Class::Other => break,
        }
    }
    match bytes[at..] {
        [b'+', b'+', b'+', ..] => WordRun { end: at, plain },
        [b'+', b'+', ..] => WordRun { end: at + 2, plain: false },
        [b'#', ..] if at - start == 1 && bytes[start].is_ascii_alphabetic() => {
            WordRun { end: at + 1, plain: false }
        }
        _ => WordRun { end: at, plain },
    }
}

/// The end of a run of characters without spaces, of which one ends at `at`.
pub(super) fn gram_run(text: &str, mut at: usize) -> usize {
    while at < text.len() {
        let (class, length) = class(text, at);
        if !matches!(class, Class::Gram | Class::Mark) {
            break;
        }
        at += length;
    }
    at
}

/// The parts of a run, cut at joints and at inner capitals. Numbers of versions are parts as they are: `jdk-21.0.3` is
/// `jdk` and `21.0.3`.
pub(super) fn parts(run: &str) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some(version) = version(run, at) {
        let before = &run[at..version.start];
        // The `v` of `v4.2` is no word.
        let is_sign = before.trim_start_matches(is_joint).eq_ignore_ascii_case("v");
        if !is_sign {
            parts.extend(parts_of_words(before).into_iter().map(|part| at + part.start..at + part.end));
        }
        at = version.end;
        parts.push(version);
    }
    parts.extend(parts_of_words(&run[at..]).into_iter().map(|part| at + part.start..at + part.end));
    parts
}

/// Whether a run has the number of a version in it.
pub(super) fn has_version(run: &str) -> bool {
    version(run, 0).is_some()
}

/// The next row of numbers with dots between them, from a byte on.
fn version(run: &str, from: usize) -> Option<Range<usize>> {
    let bytes = run.as_bytes();
    let digits = |at: usize| bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut at = from;
    while at < bytes.len() {
        let start = at;
        at += digits(at);
        let mut numbers = usize::from(at > start);
        while numbers > 0 && bytes.get(at) == Some(&b'.') && digits(at + 1) > 0 {
            at += 1 + digits(at + 1);
            numbers += 1;
        }
        if numbers > 1 {
            return Some(start..at);
        }
        at = at.max(start + 1);
    }
    None
}

/// The parts of a run without versions.
fn parts_of_words(run: &str) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = None;
    let mut before = ' ';
    let mut chars = run.char_indices().peekable();
    while let Some((at, char)) = chars.next() {
        if !char.is_alphanumeric() && !is_mark(char) && !is_apostrophe(char) {
            if let Some(start) = start.take() {
                parts.push(start..at);
            }
        } else if let Some(begin) = start {
            let next_is_lower = chars.peek().is_some_and(|(_, next)| next.is_lowercase());
            // A plural in capitals, `URLs`, is one word.
            let plural = chars.peek().is_some_and(|(_, next)| *next == 's')
                && !run[at + char.len_utf8() + 1..].starts_with(char::is_lowercase);
            let hump = char.is_uppercase()
                && (before.is_lowercase()
                    || before.is_ascii_digit()
                    || before.is_uppercase() && next_is_lower && !plural);
            if hump {
                parts.push(begin..at);
                start = Some(at);
            }
        } else {
            start = Some(at);
        }
        before = char;
    }
    if let Some(start) = start {
        parts.push(start..run.len());
    }
    // `McDonald` and `iPhone` are worth parts; base64 is not.
    let humps = parts.windows(2).filter(|pair| pair[0].end == pair[1].start).count();
    if humps >= super::MOST_PARTS { at_joints(run) } else { parts }
}

/// Whether a character holds parts of one run together when it stands between letters or digits.
pub(super) fn is_joint(char: char) -> bool {
    matches!(char, '.' | '_' | '-' | '\u{2010}' | '\u{2011}' | '\u{ad}' | '\u{200c}' | '\u{200d}')
        || is_apostrophe(char)
}

/// Whether a character is an apostrophe.
pub(super) fn is_apostrophe(char: char) -> bool {
    matches!(char, '\'' | '\u{2019}' | '\u{2bc}' | '\u{ff07}')
}

/// What stands before an English `'s`.
pub(super) fn possessor(text: &str) -> Option<&str> {
    let before = text.strip_suffix(['s', 'S'])?;
    before.strip_suffix(is_apostrophe)
}

/// Whether a character is a mark upon the one before it.
pub(crate) fn is_mark(char: char) -> bool {
    char >= '\u{300}' && unicode_normalization::char::is_combining_mark(char)
}

/// Whether accents upon this letter may be left out: Latin and Greek letters.
pub(super) fn loses_accents(base: char) -> bool {
    matches!(base, 'a'..='z' | '\u{b5}'..='\u{24f}' | '\u{250}'..='\u{2af}' | '\u{370}'..='\u{3ff}' | 'е')
}

/// Marks that are left out in every script: points and signs of vowels that people rarely type.
pub(super) fn is_ornament(mark: char) -> bool {
    matches!(mark, '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}')
}

/// What a letter without a decomposition is written as by people who lack it.
pub(super) fn ligature(char: char) -> Option<&'static str> {
    Some(match char {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'ł' => "l",
        'þ' => "th",
        'ħ' => "h",
        'ı' => "i",
        'ŧ' => "t",
        'ς' => "σ",
        // Soft hyphens, joiners, and the stretch of Arabic letters.
        '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{640}' => "",
        _ => return None,
    })
}

/// How many characters the longest grams have in the script of a character: where each is a letter, more than where each
/// is a syllable or a word.
pub(super) fn gram_length(char: char) -> usize {
    match char {
        '\u{e01}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17d3}' => 3,
        _ => 2,
    }
}

/// A fast hash of a short run. It spreads words over a table; it protects nothing.
pub(super) fn hash(bytes: &[u8]) -> u64 {
    const K: u64 = 0x517c_c1b7_2722_0a95;
    let mut hash = bytes.len() as u64;
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        let mut word = [0; 8];
        word.copy_from_slice(chunk);
        hash = (hash.rotate_left(5) ^ u64::from_le_bytes(word)).wrapping_mul(K);
    }
    let mut word = [0; 8];
    word[..chunks.remainder().len()].copy_from_slice(chunks.remainder());
    hash = (hash.rotate_left(5) ^ u64::from_le_bytes(word)).wrapping_mul(K);
    hash ^ (hash >> 32)
}

fn class_of(char: char) -> Class {
    match char {
        // Thai and Lao, Myanmar, Khmer; Hangul letters; kana, bopomofo, Han and what stands among them.
        '\u{e01}'..='\u{eff}'
        | '\u{1000}'..='\u{109f}'
        | '\u{1100}'..='\u{11ff}'
        | '\u{1780}'..='\u{17d3}'
        | '\u{3005}'..='\u{3007}'
        | '\u{3041}'..='\u{309f}'
        | '\u{30a1}'..='\u{30fa}'
        | '\u{30fc}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7ff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{ff66}'..='\u{ff9f}'
        | '\u{20000}'..='\u{3ffff}' => Class::Gram,
        _ if is_mark(char) => Class::Mark,
        _ if char.is_alphanumeric() => Class::Word,
        _ => Class::Other,
    }
}

fn at_joints(run: &str) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, char) in run.char_indices() {
        if is_joint(char) && !is_apostrophe(char) {
            if start < at {
                parts.push(start..at);
            }
            start = at + char.len_utf8();
        }
    }
    if start < run.len() {
        parts.push(start..run.len());
    }
    parts
}
