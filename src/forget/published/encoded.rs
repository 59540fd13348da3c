//! What a text says once it is read: formats write a letter as an entity, an escape or a percent sign, and cut a name in
//! two with a tag. And the texts that stand in what is none.

use percent_encoding::percent_decode_str;

use crate::page::html::decode;

/// What stands within a word and does not end it.
const INLINE: [&str; 12] = ["a", "abbr", "b", "bdi", "code", "em", "i", "mark", "span", "strong", "sub", "u"];

/// A text as it is read, where that differs from how it is written: with its escapes resolved, and without its tags.
pub(super) fn readings(text: &str) -> Vec<String> {
    let mut readings = Vec::new();
    let mut read = text.to_string();
    if text.contains(['&', '\\', '%']) {
        read = unescaped(text);
        // In a feed the entities of a page are written as entities.
        for _ in 0..3 {
            let decoded = decode(&read).into_owned();
            if decoded == read {
                break;
            }
            read = decoded;
        }
        read = percent_decode_str(&read).decode_utf8_lossy().into_owned();
        if read != text {
            readings.push(read.clone());
        }
    }
    if read.contains('<') {
        readings.push(without_tags(&read));
    }
    readings
}

/// The text with the escapes of JSON and JavaScript resolved.
fn unescaped(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_string();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(sign) = rest.chars().next() else { break };
        let digits = |from: usize| u16::from_str_radix(rest.get(from..from + 4)?, 16).ok();
        match (sign, digits(1)) {
            ('u', Some(unit)) => {
                // The first half of a pair is followed by the other one, written in the same way.
                let other = (rest.get(5..7) == Some("\\u")).then(|| digits(7)).flatten();
                let pair = other.filter(|_| (0xd800..0xdc00).contains(&unit));
                let units: Vec<u16> = std::iter::once(unit).chain(pair).collect();
                out.push_str(&String::from_utf16_lossy(&units));
                rest = &rest[if units.len() == 2 { 11 } else { 5 }..];
            }
            _ => {
                out.push(if matches!(sign, 'n' | 't' | 'r' | 'b' | 'f') { ' ' } else { sign });
                rest = &rest[sign.len_utf8()..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// The text between tags. One that ends no word leaves nothing behind, any other a space.
fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let name: String =
            rest[1..].chars().skip_while(|c| *c == '/').take_while(char::is_ascii_alphanumeric).collect();
        let is_tag = !name.is_empty() || rest.starts_with("<!");
        let Some(end) = rest.find('>').filter(|_| is_tag) else {
            out.push('<');
            rest = &rest[1..];
            continue;
        };
        if !INLINE.contains(&name.to_ascii_lowercase().as_str()) {
            out.push(' ');
        }
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    out
}

/// The texts in what is none: printable characters, at least so many in a row, in UTF-8 or in both orders of UTF-16.
pub(super) fn runs(bytes: &[u8], shortest: usize) -> Vec<String> {
    let mut runs = Vec::new();
    for chunk in bytes.utf8_chunks() {
        let long = chunk.valid().split(char::is_control).filter(|run| run.chars().count() >= shortest);
        runs.extend(long.map(str::to_string));
    }
    // Wide text is hardly ever there by chance.
    let shortest = shortest.min(4);
    for start in [0, 1] {
        let mut wide = String::new();
        for pair in bytes.get(start..).unwrap_or_default().chunks(2) {
            let c = char::from(pair[0]);
            if pair.get(1) == Some(&0) && !c.is_control() && pair[0] != u8::MAX {
                wide.push(c);
                continue;
            }
            if wide.chars().count() >= shortest {
                runs.push(std::mem::take(&mut wide));
            }
            wide.clear();
        }
        if wide.chars().count() >= shortest {
            runs.push(wide);
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_as_its_format_means_it() {
        for (written, read) in [
            ("L&eacute;o", "Léo"),
            ("&amp;lt;b&amp;gt;An&amp;#97;", "Ana"),
            ("\"x\\nAna\"", "x Ana"),
            ("\\u004c\\u00e9o", "Léo"),
            ("\\ud83d\\ude00 Ana", "😀 Ana"),
            ("/people/l%C3%A9o/", "léo"),
            ("<p><b>Ana</b> Silva", "Ana Silva"),
        ] {
            let all = readings(written);
            assert!(all.iter().any(|it| it.contains(read)), "{written}: {all:?}");
        }
        assert_eq!(without_tags("A<b>n</b>a<br>Silva 1 < 2"), "Ana Silva 1 < 2");
        assert!(readings("plain").is_empty());
        for odd in ["\\", "\\u", "\\u12", "\\ud83d", "\\ud83d\\u", "<", "<!", "&", "%", "a\\é", "\\uééé"]
        {
            readings(odd);
        }
    }

    #[test]
    fn texts_are_found_in_what_is_none() {
        let bytes = b"\xff\xd8\0\x01Artist Ana\0\xff\0A\0n\0a\0 \0S\0\0\0\xfe";
        let all = runs(bytes, 8);
        assert!(all.contains(&"Artist Ana".to_string()) && all.contains(&"Ana S".to_string()), "{all:?}");
        assert!(runs(b"\xff\xd8Ana\xff", 8).is_empty());
    }
}
