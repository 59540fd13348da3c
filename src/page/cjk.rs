//! Characters of Chinese, Japanese and Korean writing: where a line break is no space, and beside which
//! emphasis may begin and end although no space stands there.

use std::borrow::Cow;

/// Whether a line break between these two characters is only the end of a line: Chinese and Japanese have no
/// spaces between words. Korean has, and so do Thai, Lao and Khmer between phrases: there a break stays a space,
/// as it does in browsers.
#[must_use]
pub fn is_unspaced(before: char, after: char) -> bool {
    match (is_wide(before), is_wide(after)) {
        (true, true) => true,
        (true, false) => is_shared_punctuation(after),
        (false, true) => is_shared_punctuation(before),
        (false, false) => false,
    }
}

/// Characters of Chinese and Japanese, their punctuation and their wide forms of Latin. Not Hangul.
#[must_use]
pub fn is_wide(c: char) -> bool {
    matches!(
        c,
        '\u{2e80}'..='\u{2fff}' // radicals
            | '\u{3001}'..='\u{303e}' // punctuation
            | '\u{3041}'..='\u{312f}' // Hiragana, Katakana, Bopomofo
            | '\u{3190}'..='\u{31ff}'
            | '\u{3220}'..='\u{325f}'
            | '\u{3280}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{a4cf}' // ideographs, Yi
            | '\u{f900}'..='\u{faff}'
            | '\u{fe10}'..='\u{fe19}'
            | '\u{fe30}'..='\u{fe6f}'
            | '\u{ff01}'..='\u{ff9f}'
            | '\u{ffe0}'..='\u{ffe6}'
            | '\u{1aff0}'..='\u{1b16f}'
            | '\u{1f200}'..='\u{1f2ff}'
            | '\u{20000}'..='\u{3fffd}'
    )
}

/// Whether a character belongs to Chinese, Japanese or Korean writing.
#[must_use]
pub fn is_cjk(c: char) -> bool {
    is_wide(c)
        || matches!(
            c,
            '\u{1100}'..='\u{11ff}' // Hangul
                | '\u{3130}'..='\u{318f}'
                | '\u{3200}'..='\u{321f}'
                | '\u{3260}'..='\u{327f}'
                | '\u{a960}'..='\u{a97f}'
                | '\u{ac00}'..='\u{d7ff}'
                | '\u{ffa0}'..='\u{ffdc}'
        )
}

/// Whether a bare address ends before this character: punctuation of Chinese and Japanese, and quotation marks of
/// any language. Within an address they are percent-encoded.
#[must_use]
pub fn ends_address(c: char) -> bool {
    matches!(
        c,
        '\u{3001}'..='\u{3003}'
            | '\u{3008}'..='\u{3011}'
            | '\u{3014}'..='\u{301b}'
            | '\u{301d}'..='\u{301f}'
            | '\u{fe10}'..='\u{fe19}'
            | '\u{fe30}'..='\u{fe6f}'
            | '\u{ff01}'..='\u{ff0c}'
            | '\u{ff0e}'
            | '\u{ff1a}'..='\u{ff20}'
            | '\u{ff3b}'..='\u{ff3d}'
            | '\u{ff5b}'..='\u{ff65}'
            | '«'
            | '»'
            | '‹'
            | '›'
            | '“'
            | '”'
            | '„'
    )
}

/// Quotation marks, dashes and ellipses that Chinese and Japanese share with other languages.
fn is_shared_punctuation(c: char) -> bool {
    matches!(
        c,
        '\u{2014}'
            | '\u{2015}'
            | '\u{2018}'
            | '\u{2019}'
            | '\u{201c}'
            | '\u{201d}'
            | '\u{2025}'
            | '\u{2026}'
            | '·'
    )
}

/// A text in one line: white space becomes one space, and a line break between characters that have no spaces
/// between them goes.
#[must_use]
pub fn joined_lines(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for part in text.lines() {
        for (index, word) in part.split_whitespace().enumerate() {
            let is_glued = index == 0
                && line.chars().next_back().zip(word.chars().next()).is_some_and(|(a, b)| is_unspaced(a, b));
            if !line.is_empty() && !is_glued {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    line
}

/// The text without the line breaks that are no spaces, and without the white space around them.
#[must_use]
pub fn without_breaks(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'\n', text.as_bytes()).is_none() || text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let (mut copied, mut seen) = (0, 0);
    for at in memchr::memchr_iter(b'\n', text.as_bytes()) {
        if at < seen {
            continue;
        }
        let (before, after) = (text[copied..at].trim_end(), text[at..].trim_start());
        seen = text.len() - after.len();
        let signs = before.chars().next_back().zip(after.chars().next());
        if signs.is_some_and(|(before, after)| is_unspaced(before, after)) {
            out.push_str(before);
            copied = seen;
        }
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_break_is_a_space_only_where_the_language_has_spaces() {
        for (text, line) in [
            ("中文\n文字", "中文文字"),
            ("这是“重点”\n后面", "这是“重点”后面"),
            ("文字，\n后面", "文字，后面"),
            ("テスト。\n次の行", "テスト。次の行"),
            ("한국어\n문장", "한국어 문장"),
            ("中文\nword", "中文 word"),
            ("one\ntwo", "one two"),
            ("ไทย\nไทย", "ไทย ไทย"),
            ("中 文", "中 文"),
        ] {
            assert_eq!(joined_lines(text), line);
        }
    }
}
