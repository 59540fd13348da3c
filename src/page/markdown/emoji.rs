//! Emoji by the names that GitHub gives them: `:tada:`. What is no such name stays as it was typed: a time (`10:30:45`),
//! a path (`a:b:c`), a word between colons.

use std::ops::Range;

use crate::page::cjk;

/// No name is longer.
const LONGEST: usize = 40;

/// The emoji in a text: where each name stands, colons included, and what is meant.
pub(super) fn find(text: &str) -> impl Iterator<Item = (Range<usize>, &'static str)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(step) = memchr::memchr(b':', &text.as_bytes()[at..]) {
            let start = at + step;
            at = start + 1;
            if let Some((end, emoji)) = name(text, start) {
                at = end;
                return Some((start..end, emoji));
            }
        }
        None
    })
}

/// The emoji whose name begins with the colon here, and where the name ends.
fn name(text: &str, start: usize) -> Option<(usize, &'static str)> {
    let goes_on = |c: char| (c.is_alphanumeric() && !cjk::is_cjk(c)) || c == ':';
    let before = text[..start].chars().next_back();
    if before.is_some_and(|c| goes_on(c) || matches!(c, '/' | '\\')) {
        return None;
    }
    let is_name = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-' | b'+');
    let bytes = &text.as_bytes()[start + 1..];
    let length = bytes.iter().take(LONGEST).take_while(|b| is_name(b)).count();
    if bytes.get(length) != Some(&b':') {
        return None;
    }
    let end = start + length + 2;
    let emoji = emojis::get_by_shortcode(&text[start + 1..end - 1])?;
    (!text[end..].starts_with(goes_on)).then_some((end, emoji.as_str()))
}

/// Whether a name is one of an emoji.
pub(crate) fn is_known(name: &str) -> bool {
    emojis::get_by_shortcode(name).is_some()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{html, parsed, problems};

    #[test]
    fn a_name_between_colons_is_an_emoji_and_nothing_else_is() {
        for (markdown, expected) in [
            ("Done :tada: and :+1:!", "<p>Done 🎉 and 👍!</p>\n"),
            ("你好:tada:世界", "<p>你好🎉世界</p>\n"),
            ("**:tada:**(:100:)", "<p><strong>🎉</strong>(💯)</p>\n"),
            ("at 10:30:45 or 10:100:45", "<p>at 10:30:45 or 10:100:45</p>\n"),
            ("a:tada:b and std::tada::x", "<p>a:tada:b and std::tada::x</p>\n"),
            (
                "`:tada:` and :nothing_of_that_name:",
                "<p><code>:tada:</code> and :nothing_of_that_name:</p>\n",
            ),
            (
                "https://a.example/:tada:/x",
                "<p><a href=\"https://a.example/:tada:/x\" rel=\"ugc nofollow noopener\">https://a.example/:tada:/x</a></p>\n",
            ),
            ("\\:tada:", "<p>:tada:</p>\n"),
        ] {
            assert_eq!(html(markdown), expected, "{markdown}");
        }
        assert_eq!(problems("see :nothing_of_that_name: here"), ["1:5 markdown"]);
        assert!(problems("see :tada: here").is_empty());
    }

    #[test]
    fn the_id_of_a_heading_has_the_name() {
        let body = parsed("# :rocket: Launch :tada:").0;
        assert_eq!(body.headings[0].text, "🚀 Launch 🎉");
        assert_eq!(body.headings[0].id, "rocket-launch-tada");
    }
}
