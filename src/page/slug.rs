//! Names that are safe in an address and in a file name, made from what people type.
//!
//! Everything here is a pure function of its argument. Whether a slug is free is the site's concern.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// No slug is longer than this, in bytes: some file systems end at 255, and suffixes must fit.
pub const LONGEST: usize = 120;

/// The slug of a file stem: lower-case letters and digits of any script, `-`, `_` and `.`.
///
/// A leading date (`2026-07-01-outage`) stays. Never empty, never `.` or `..`, never a name that
/// Windows reserves (`con` is `con-page`), never longer than [`LONGEST`] bytes. Two stems that differ
/// only in what was cut off get different slugs. The slug of a slug is itself.
#[must_use]
pub fn slug(stem: &str) -> String {
    let composed;
    let stem = if stem.is_ascii() {
        stem
    } else {
        composed = stem.nfc().collect::<String>();
        &composed
    };
    finish(hyphenated(stem), stem)
}

/// The slug of a tag: `C++` is `c-plus-plus`, `C#` is `c-sharp`, `.NET` is `dot-net`.
///
/// A leading `#`, as in a hashtag, is no part of the name.
#[must_use]
pub fn tag_slug(name: &str) -> String {
    let name = name.trim();
    if !name.contains(['+', '#']) && !name.starts_with('.') {
        return slug(name);
    }
    let mut spelled = String::with_capacity(name.len() + 16);
    let mut characters = name.trim_start_matches('#').chars().peekable();
    let mut before = ' ';
    while let Some(c) = characters.next() {
        let next = characters.peek().copied().unwrap_or(' ');
        match c {
            '.' if spelled.is_empty() && next.is_alphanumeric() => spelled.push_str("dot-"),
            '+' => {
                spelled.push_str("-plus");
                if next != '+' {
                    spelled.push('-');
                }
            }
            '#' if before.is_alphanumeric() && !next.is_alphanumeric() => spelled.push_str("-sharp"),
            _ => spelled.push(c),
        }
        before = c;
    }
    slug(&spelled)
}

/// The handle of a person, from a handle with or without `@`, or from a full name: `Ana López` is `ana-lópez`.
#[must_use]
pub fn handle(name: &str) -> String {
    slug(name.trim().trim_start_matches('@'))
}

/// The key under which two names collide on some system: case, normalisation and compatibility forms are one.
///
/// `STRASSE` and `straße`, `ﬁ` and `fi`, `é` typed in one or two characters fold to the same key.
#[must_use]
pub fn fold(key: &str) -> String {
    if key.is_ascii() {
        return key.to_ascii_lowercase();
    }
    // Upper case first, since it spells out what lower case keeps as one character (ß, ﬁ, ς).
    key.nfkc().flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfkc().collect()
}

/// A slug in words, for a page that has no title: `2026-07-01-reset-password` is `Reset password`.
#[must_use]
pub fn words(slug: &str) -> String {
    let rest = without_date(slug);
    let mut text = String::with_capacity(rest.len());
    for word in rest.split(['-', '_']).filter(|word| !word.is_empty()) {
        if text.is_empty() {
            let mut characters = word.chars();
            text.extend(characters.next().into_iter().flat_map(char::to_uppercase));
            text.push_str(characters.as_str());
        } else {
            text.push(' ');
            text.push_str(word);
        }
    }
    if text.is_empty() { slug.to_owned() } else { text }
}

/// The leading `YYYY-MM-DD` of a slug, where what follows is the end or a `-`.
#[must_use]
pub fn leading_date(slug: &str) -> Option<jiff::civil::Date> {
    let date = slug.get(..10)?;
    let bytes = date.as_bytes();
    let shaped = bytes.iter().enumerate().all(|(at, byte)| match at {
        4 | 7 => *byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    if !shaped || !matches!(slug.as_bytes().get(10), None | Some(b'-' | b'_')) {
        return None;
    }
    date.parse().ok()
}

/// Whether Windows gives a device this name, with or without an extension.
#[must_use]
pub fn is_reserved_by_windows(name: &str) -> bool {
    let device = name.split('.').next().unwrap_or_default().trim_end();
    if ["con", "prn", "aux", "nul", "conin$", "conout$"]
        .iter()
        .any(|known| device.eq_ignore_ascii_case(known))
    {
        return true;
    }
    let Some((prefix, rest)) = device.split_at_checked(3) else { return false };
    let numbered = prefix.eq_ignore_ascii_case("com") || prefix.eq_ignore_ascii_case("lpt");
    let mut rest = rest.chars();
    numbered && matches!((rest.next(), rest.next()), (Some('0'..='9' | '¹' | '²' | '³'), None))
}

fn without_date(slug: &str) -> &str {
    match leading_date(slug) {
        Some(_) if slug.len() > 11 => &slug[11..],
        _ => slug,
    }
}

/// Lower case, runs of everything else as one hyphen, neither hyphens nor dots at the ends.
fn hyphenated(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    let mut gap = false;
    for c in name.chars() {
        let kept = c.is_alphanumeric()
            || matches!(c, '_' | '.')
            // Marks belong to the letter before them, as in Indic scripts; alone they show nothing.
            || (is_combining_mark(c)
                && !gap
                && slug.ends_with(|before: char| before.is_alphanumeric() || is_combining_mark(before)));
        if !kept {
            gap = true;
            continue;
        }
        if gap && !slug.is_empty() {
            slug.push('-');
        }
        gap = false;
        slug.extend(c.to_lowercase());
    }
    if !slug.is_ascii() {
        slug = slug.nfc().collect();
    }
    if slug.starts_with(['-', '.']) || slug.ends_with(['-', '.']) {
        slug = slug.trim_matches(['-', '.']).to_owned();
    }
    slug
}

fn finish(slug: String, name: &str) -> String {
    if slug.is_empty() {
        return format!("page-{}", short_hash(name));
    }
    let slug = if is_reserved_by_windows(&slug) {
        let device = slug.find('.').unwrap_or(slug.len());
        format!("{}-page{}", &slug[..device], &slug[device..])
    } else {
        slug
    };
    if slug.len() <= LONGEST {
        return slug;
    }
    let end = (0..=LONGEST - 9).rev().find(|end| slug.is_char_boundary(*end)).unwrap_or(0);
    format!("{}-{}", slug[..end].trim_end_matches(['-', '.']), short_hash(&slug))
}

fn short_hash(text: &str) -> String {
    let hash = blake3::hash(text.as_bytes());
    hash.to_hex().as_str()[..8].to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn file_stems_become_slugs() {
        for (stem, expected) in [
            ("Reset Password", "reset-password"),
            ("001_ab12cd_slug", "001_ab12cd_slug"),
            ("2026-07-01-Outage", "2026-07-01-outage"),
            ("a<b", "a-b"),
            ("trailing.", "trailing"),
            ("  lead", "lead"),
            ("--help", "help"),
            ("E\u{301}", "é"),
            ("السلام عليكم", "السلام-عليكم"),
            ("हिन्दी", "हिन्दी"),
            ("con", "con-page"),
            ("con.tar.gz", "con-page.tar.gz"),
            ("COM¹", "com¹-page"),
            ("v4.2", "v4.2"),
            ("what's new?", "what-s-new"),
            ("a/../b", "a-..-b"),
        ] {
            assert_eq!(slug(stem), expected, "{stem}");
        }
    }

    #[test]
    fn a_name_without_letters_still_has_a_slug_of_its_own() {
        for stem in ["", ".", "..", "...", "😀", "???", "\u{200b}"] {
            assert!(slug(stem).starts_with("page-"), "{stem:?}: {}", slug(stem));
        }
        assert_ne!(slug("😀"), slug("😁"));
    }

    #[test]
    fn long_names_are_cut_and_stay_apart() {
        let (a, b) = (slug(&"é".repeat(200)), slug(&"é".repeat(201)));
        assert!(a.len() <= LONGEST && b.len() <= LONGEST);
        assert_ne!(a, b);
    }

    #[test]
    fn tags_keep_the_signs_that_are_their_name() {
        for (tag, expected) in [
            ("C++", "c-plus-plus"),
            ("C#", "c-sharp"),
            (".NET", "dot-net"),
            ("C", "c"),
            ("F#", "f-sharp"),
            ("Notepad++", "notepad-plus-plus"),
            ("C++17", "c-plus-plus-17"),
            ("Node.js", "node.js"),
            ("#backup", "backup"),
            ("Single Sign-On", "single-sign-on"),
            ("4.10", "4.10"),
        ] {
            assert_eq!(tag_slug(tag), expected, "{tag}");
        }
    }

    #[test]
    fn a_slug_reads_as_words() {
        assert_eq!(words("reset-password"), "Reset password");
        assert_eq!(words("2026-07-01-reset_password"), "Reset password");
        assert_eq!(words("2026-07-01"), "2026 07 01");
        assert_eq!(words("écran-noir"), "Écran noir");
    }

    #[test]
    fn what_some_system_takes_for_the_same_name_folds_together() {
        for (a, b) in
            [("STRASSE", "straße"), ("ﬁ", "fi"), ("É", "e\u{301}"), ("Å", "\u{212b}"), ("ΟΔΟΣ", "οδος")]
        {
            assert_eq!(fold(a), fold(b), "{a} {b}");
        }
        assert_ne!(fold("core"), fold("сore"));
    }

    proptest! {
        #[test]
        fn any_name_becomes_a_safe_slug(name in "\\PC{0,80}|[a-z.\\-#+/ ]{0,200}") {
            for slug_of in [slug(&name), tag_slug(&name), handle(&name)] {
                prop_assert!(!slug_of.is_empty() && slug_of.len() <= LONGEST);
                prop_assert!(!slug_of.starts_with(['.', '-']) && !slug_of.ends_with(['.', '-']));
                prop_assert!(!slug_of.contains(['/', '\\', ':', ' ', '%']));
                prop_assert_eq!(slug(&slug_of), slug_of.clone());
            }
        }
    }
}
