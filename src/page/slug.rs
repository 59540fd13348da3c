//! Names that are safe in an address and in a file name, made from what people type.
//!
//! Everything here is a pure function of its argument. Whether a slug is free is the site's concern.
//!
//! There are two foldings. A [`slug`] is what readers see: small letters, compatibility forms (`ＡＢＣ`, `ﬁ`, `²`)
//! written as what they stand for, and everything else as somebody wrote it, so `straße` keeps its `ß`. [`fold`] tells
//! whether two names are the same one; there `straße` is `strasse`.
//!
//! Long because each form of a name is made here, with examples of what it must hold.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// No slug is longer than this, in bytes: some file systems end at 255, and suffixes must fit.
pub const LONGEST: usize = 120;

/// The dot that small letters keep of the Turkish `İ`. On an `i` nobody sees it, nor types it.
const DOT_ABOVE: char = '\u{307}';

/// Signs that are part of a name, and what people say for them.
const SIGNS: &[(char, &str)] = &[
    ('+', "plus"),
    ('&', "and"),
    ('@', "at"),
    ('*', "star"),
    ('%', "percent"),
    ('=', "equals"),
    ('!', "exclamation"),
    ('?', "question"),
    ('~', "tilde"),
    ('^', "caret"),
    ('<', "less"),
    ('>', "greater"),
    ('|', "pipe"),
    ('/', "slash"),
    ('\\', "backslash"),
    ('$', "dollar"),
    ('€', "euro"),
    ('£', "pound"),
    ('¥', "yen"),
    ('§', "section"),
    ('°', "degrees"),
    ('×', "times"),
    ('±', "plus-minus"),
    ('→', "to"),
    ('©', "copyright"),
    ('®', "registered"),
    ('™', "trademark"),
];

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
    let mut slug = hyphenated(&narrow(stem));
    // Composing brings marks into their order, so one that belonged to a letter may stand alone now.
    while slug.contains(is_combining_mark) {
        let again = hyphenated(&slug);
        if again.len() >= slug.len() {
            break;
        }
        slug = again;
    }
    finish(slug, stem)
}

/// The slug of a tag: `C++` is `c-plus-plus`, `C#` is `c-sharp`, `.NET` is `dot-net`.
///
/// A leading `#`, as in a hashtag, is no part of the name.
#[must_use]
pub fn tag_slug(name: &str) -> String {
    let name = &*narrow(name.trim());
    if !name.contains(['+', '#']) && !name.starts_with('.') {
        return slug(name);
    }
    slug(&said(name.trim_start_matches('#'), |sign| if sign == '+' { Some("plus") } else { None }))
}

/// The slug of a name with its signs in words, for one whose plain slug is another file's: `c++` is `c-plus-plus`,
/// `what?` is `what-question`. The same as the plain slug where the name has no sign that is said.
#[must_use]
pub fn spoken(name: &str) -> String {
    let name = &*narrow(name.trim());
    let say = |sign| match sign {
        '#' => Some("hash"),
        sign => SIGNS.iter().find(|(it, _)| *it == sign).map(|(_, word)| *word),
    };
    slug(&said(name, say))
}

/// The name with words for its signs: a sharp after a letter, a dot at the beginning, and what `say` knows.
fn said(name: &str, say: impl Fn(char) -> Option<&'static str>) -> String {
    let mut text = String::with_capacity(name.len() + 16);
    let mut characters = name.chars().peekable();
    let mut before = ' ';
    while let Some(c) = characters.next() {
        let next = characters.peek().copied().unwrap_or(' ');
        let word = match c {
            '.' if text.is_empty() && next.is_alphanumeric() => Some("dot"),
            '#' if before.is_alphanumeric() && !next.is_alphanumeric() => Some("sharp"),
            c => say(c),
        };
        match word {
            Some(word) => text.extend(["-", word, "-"]),
            None => text.push(c),
        }
        before = c;
    }
    text
}

/// The handle of a person, from a handle with or without `@`, or from a full name: `Ana López` is `ana-lópez`.
#[must_use]
pub fn handle(name: &str) -> String {
    slug(name.trim().trim_start_matches('@'))
}

/// The key under which two names are one: case, normalisation and compatibility forms do not tell them apart.
///
/// `STRASSE` and `straße`, `ﬁ` and `fi`, `ΟΔΟΣ` and `οδος`, `é` typed in one or two characters fold to the same key.
/// This is Unicode's NFKC_Casefold with one addition: `İ` folds to `i`, without the dot that the default keeps, since
/// `İstanbul` and `istanbul` are one town. The dotless `ı` is a letter of its own, as there.
#[must_use]
pub fn fold(key: &str) -> String {
    if key.is_ascii() {
        return key.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(key.len());
    let mut base = ' ';
    for c in key.nfkc().filter(|c| !is_ignorable(*c)) {
        // Upper case spells out what lower case keeps as one character (ß, ς), and Unicode folds as this does.
        let lower = c
            .to_lowercase()
            .flat_map(|c| c.to_uppercase().flat_map(char::to_lowercase).map(move |it| (c, it)));
        for c in lower.map(|(c, folded)| if c == 'ı' { c } else { folded }) {
            if !is_combining_mark(c) {
                base = c;
            }
            if c != DOT_ABOVE || base != 'i' {
                folded.push(c);
            }
        }
    }
    folded.nfkc().collect()
}

/// A name in words, for a page that has no title: `2026-07-01-reset-password` is `Reset password`, and
/// `API-reference` is `API reference`. Capitals stay as they were written. A name with spaces is in words already.
#[must_use]
pub fn words(name: &str) -> String {
    let rest = without_date(name.trim());
    let is_gap = |c: char| if rest.contains(' ') { c == ' ' } else { matches!(c, '-' | '_') };
    let mut text = String::with_capacity(rest.len());
    for word in rest.split(is_gap).filter(|word| !word.is_empty()) {
        if !text.is_empty() {
            text.push(' ');
            text.push_str(word);
        } else if word.chars().any(char::is_uppercase) {
            // `iOS` and `macOS` begin as their owners write them.
            text.push_str(word);
        } else {
            let mut characters = word.chars();
            text.extend(characters.next().into_iter().flat_map(title_case));
            text.push_str(characters.as_str());
        }
    }
    if text.is_empty() { name.to_owned() } else { text }
}

/// The first letter of a sentence. What has no single capital, such as `ß`, stays as it is.
fn title_case(c: char) -> impl Iterator<Item = char> {
    let upper = c.to_uppercase();
    let is_single = upper.clone().count() == 1;
    upper.filter(move |_| is_single).chain((!is_single).then_some(c))
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
    if !shaped || !matches!(slug.as_bytes().get(10), None | Some(b'-' | b'_' | b' ')) {
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
        Some(_) if slug.len() > 11 => slug[11..].trim_start(),
        _ => slug,
    }
}

/// Fullwidth signs and letters of ASCII, as input methods for Chinese and Japanese write them, in their usual form.
#[must_use]
pub fn narrow(name: &str) -> Cow<'_, str> {
    let is_wide = |c: char| matches!(c, '！'..='～');
    if name.is_ascii() || !name.contains(is_wide) {
        return Cow::Borrowed(name);
    }
    let narrow = |c: char| if is_wide(c) { char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c) } else { c };
    Cow::Owned(name.chars().map(narrow).collect())
}

/// Characters that show nothing and tell no two names apart (`Default_Ignorable_Code_Point` of Unicode).
fn is_ignorable(c: char) -> bool {
    matches!(
        c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}'
            | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}'
    )
}

/// Lower case, runs of everything else as one hyphen, neither hyphens nor dots at the ends.
fn hyphenated(name: &str) -> String {
    let mut slug = Hyphenated::default();
    for c in name.chars() {
        // The three between words part them, as where they stand in Persian.
        if is_ignorable(c) && !matches!(c, '\u{200B}'..='\u{200D}') {
            continue;
        }
        if c.is_ascii() || !slug.keeps(c) {
            slug.push(c.to_ascii_lowercase());
        } else {
            std::iter::once(c).nfkc().flat_map(char::to_lowercase).for_each(|c| slug.push(c));
        }
    }
    let mut slug = slug.text;
    if !slug.is_ascii() {
        slug = with_final_sigmas(slug.nfc().collect());
    }
    if slug.starts_with(['-', '.']) || slug.ends_with(['-', '.']) {
        slug = slug.trim_matches(['-', '.']).to_owned();
    }
    slug
}

/// A slug that grows character by character.
#[derive(Default)]
struct Hyphenated {
    text: String,
    /// The last letter or sign that is no mark on another one.
    base: char,
    gap: bool,
}

impl Hyphenated {
    fn keeps(&self, c: char) -> bool {
        let is_lettered = |before: char| before.is_alphanumeric() || is_combining_mark(before);
        c.is_alphanumeric()
            || matches!(c, '_' | '.')
            // Marks belong to the letter before them, as in Indic scripts; alone they show nothing.
            || (is_combining_mark(c) && !self.gap && self.text.ends_with(is_lettered))
    }

    fn push(&mut self, c: char) {
        if !self.keeps(c) {
            self.gap = true;
            return;
        }
        if self.gap && !self.text.is_empty() {
            self.text.push('-');
        }
        self.gap = false;
        if !is_combining_mark(c) {
            self.base = c;
        }
        if c != DOT_ABOVE || self.base != 'i' {
            self.text.push(c);
        }
    }
}

/// A sigma at the end of a word is written `ς`, every other one `σ`, whatever its capital was.
fn with_final_sigmas(slug: String) -> String {
    if slug.contains(['σ', 'ς']) { slug.replace(['σ', 'ς'], "Σ").to_lowercase() } else { slug }
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
    let start = with_final_sigmas(slug[..end].trim_end_matches(['-', '.']).to_owned());
    format!("{start}-{}", short_hash(&slug))
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
            ("ﹲ\u{10A3F}", "\u{64C}"),
            ("con", "con-page"),
            ("con.tar.gz", "con-page.tar.gz"),
            ("COM¹", "com1-page"),
            ("İstanbul", "istanbul"),
            ("I\u{307}zmir", "izmir"),
            ("ısı", "ısı"),
            ("ＡＢＣ１２３", "abc123"),
            ("ｖ４．２", "v4.2"),
            ("ﬁne ﬀ", "fine-ff"),
            ("½ litre", "1-2-litre"),
            ("Ⅷ", "viii"),
            ("Straße", "straße"),
            ("ΟΔΟΣ ΣΑΣ", "οδος-σας"),
            ("οδος σας", "οδος-σας"),
            ("ᲐᲑ", "აბ"),
            ("ᏣᎳᎩ", "ꮳꮃꭹ"),
            ("ｶﾞ", "ガ"),
            ("soft\u{ad}hyphen", "softhyphen"),
            ("می\u{200c}خواهم", "می-خواهم"),
            ("Foo™", "foo"),
            ("wait… what", "wait-what"),
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
            ("Ｃ＋＋", "c-plus-plus"),
            ("Ｃ＃", "c-sharp"),
        ] {
            assert_eq!(tag_slug(tag), expected, "{tag}");
        }
    }

    #[test]
    fn a_name_can_be_spoken_with_its_signs() {
        for (name, expected) in [
            ("c++", "c-plus-plus"),
            ("C#", "c-sharp"),
            (".net", "dot-net"),
            ("a&b", "a-and-b"),
            ("a+b", "a-plus-b"),
            ("what?", "what-question"),
            ("what？", "what-question"),
            ("100%", "100-percent"),
            ("@ana", "at-ana"),
            ("C*", "c-star"),
            ("<T>", "less-t-greater"),
            ("~", "tilde"),
            ("#1", "hash-1"),
            ("foo (1)", "foo-1"),
            ("plain", "plain"),
        ] {
            assert_eq!(spoken(name), expected, "{name}");
        }
    }

    #[test]
    fn the_slug_of_every_letter_is_its_own_slug() {
        for c in (0..=0x0010_FFFF).filter_map(char::from_u32) {
            let made = slug(&format!("a{c}b{c}"));
            assert_eq!(slug(&made), made, "{c} U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn a_slug_reads_as_words() {
        for (name, expected) in [
            ("API-reference", "API reference"),
            ("iOS", "iOS"),
            ("macOS-setup", "macOS setup"),
            ("FAQ", "FAQ"),
            ("HTTP2", "HTTP2"),
            ("C++", "C++"),
            ("GettingStarted", "GettingStarted"),
            ("Reset my password - again", "Reset my password - again"),
            ("2026-07-01 Outage", "Outage"),
            ("straße", "Straße"),
            ("ßa", "ßa"),
        ] {
            assert_eq!(words(name), expected, "{name}");
        }
        assert_eq!(words("reset-password"), "Reset password");
        assert_eq!(words("2026-07-01-reset_password"), "Reset password");
        assert_eq!(words("2026-07-01"), "2026 07 01");
        assert_eq!(words("écran-noir"), "Écran noir");
    }

    #[test]
    fn what_some_system_takes_for_the_same_name_folds_together() {
        for (a, b) in [
            ("STRASSE", "straße"),
            ("ﬁ", "fi"),
            ("É", "e\u{301}"),
            ("Å", "\u{212b}"),
            ("ΟΔΟΣ", "οδος"),
            ("İstanbul", "istanbul"),
            ("ＡＢＣ", "abc"),
            ("ẞ", "ss"),
            ("ᏣᎳᎩ", "ꮳꮃꭹ"),
            ("ᲐᲑ", "აბ"),
            ("a\u{ad}b", "ab"),
            ("ա\u{587}", "ԱԵՒ"),
        ] {
            assert_eq!(fold(a), fold(b), "{a} {b}");
        }
        assert_ne!(fold("ısı"), fold("isi"));
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
