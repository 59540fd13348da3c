//! The words of a text, and paths without what is derived in them.

use crate::site::url;

/// The words of a text, each with whether a space follows. Signs are words of their own, so that a link which ends before a
/// comma is no other word; so is each letter of scripts that put no spaces between words.
pub(super) fn words(text: &str) -> impl Iterator<Item = (&str, bool)> {
    let mut rest = text.trim_start();
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let end = match sort(first) {
            Sort::Letter => rest.find(|c| sort(c) != Sort::Letter).unwrap_or(rest.len()),
            Sort::Sign => rest.find(|c| sort(c) != Sort::Sign).unwrap_or(rest.len()),
            Sort::Alone | Sort::Space => first.len_utf8(),
        };
        let (word, after) = rest.split_at(end);
        rest = after.trim_start();
        Some((word, rest.len() < after.len()))
    })
}

#[derive(PartialEq, Eq)]
enum Sort {
    Letter,
    Sign,
    Alone,
    Space,
}

fn sort(c: char) -> Sort {
    match c {
        '\u{2e80}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{ff00}'..='\u{ffef}'
        | '\u{20000}'..='\u{3ffff}' => Sort::Alone,
        c if c.is_whitespace() => Sort::Space,
        // Marks belong to the letter before them.
        c if c.is_ascii_punctuation() || (!c.is_alphanumeric() && c.is_ascii()) => Sort::Sign,
        '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '\u{ab}' | '\u{bb}' => Sort::Sign,
        _ => Sort::Letter,
    }
}

/// `/assets/site.css` for `/assets/site.5b99e6308dce.css`, and the same for the files of the search index.
pub(super) fn unhashed(path: &str) -> String {
    let is_hash = |part: &str, len: usize| {
        part.len() == len && part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    let Some(inside) = path.strip_prefix(&format!("/{}/", url::ASSETS)) else { return path.to_owned() };
    let (folder, file) = inside.rsplit_once('/').unwrap_or(("", inside));
    let folder: Vec<&str> = folder.split('/').filter(|part| !part.is_empty() && !is_hash(part, 16)).collect();
    let file: Vec<&str> = file
        .split('.')
        .enumerate()
        .filter(|(n, part)| *n == 0 || !is_hash(part, 12))
        .map(|(_, part)| part)
        .collect();
    let mut whole: Vec<String> = vec![String::new(), url::ASSETS.to_owned()];
    whole.extend(folder.into_iter().map(str::to_owned));
    whole.push(file.join("."));
    whole.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_words_of_their_own() {
        let of = |text| {
            words(text)
                .map(|(word, space)| format!("{word}{}", if space { "_" } else { "" }))
                .collect::<Vec<_>>()
        };
        assert_eq!(of(" one two, “three”."), ["one_", "two", ",_", "“", "three", "”."]);
        assert_eq!(of("日本 x"), ["日", "本_", "x"]);
        assert_eq!(of("cafe\u{301} नमस्ते"), ["cafe\u{301}_", "नमस्ते"]);
        assert_eq!(of("  "), [""; 0]);
    }

    #[test]
    fn a_hash_in_a_name_is_no_part_of_it() {
        assert_eq!(unhashed("/assets/site.5b99e6308dce.css"), "/assets/site.css");
        assert_eq!(unhashed("/assets/search/f899c92550ae7464/0.bin"), "/assets/search/0.bin");
        for path in ["/files/a.5b99e6308dce.css", "/assets/x.js", "/questions/5b99e6308dce/"] {
            assert_eq!(unhashed(path), path);
        }
    }
}
