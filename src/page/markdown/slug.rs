//! Heading ids as GitHub makes them, so that a link that works there works here.

use std::collections::HashMap;

use unicode_normalization::char::is_combining_mark;

/// GitHub's id of a heading's text: lower case, letters and digits of any script, `_` and `-`;
/// spaces become `-`, everything else goes. Of emoji the marks stay that choose how they look, and the frames of
/// keycaps: GitHub counts them as marks, which are parts of words.
#[must_use]
pub fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            'a'..='z' | '0'..='9' | '_' | '-' => slug.push(c),
            'A'..='Z' => slug.push(c.to_ascii_lowercase()),
            ' ' => slug.push('-'),
            _ if c.is_ascii() => {}
            '\u{20e3}' => slug.push(c),
            _ if c.is_alphanumeric() && !is_other_number(c) || is_combining_mark(c) => {
                slug.extend(c.to_lowercase());
            }
            // Connecting punctuation counts as part of a word.
            '\u{203f}'
            | '\u{2040}'
            | '\u{2054}'
            | '\u{fe33}'
            | '\u{fe34}'
            | '\u{fe4d}'..='\u{fe4f}'
            | '\u{ff3f}' => {
                slug.push(c);
            }
            _ => {}
        }
    }
    slug
}

/// An id as people may have written it who know no marks of emoji, or who had them removed: without them, without
/// hyphens at its ends, and in lower case.
#[must_use]
pub fn loose(id: &str) -> String {
    let is_mark = |c: char| matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{20e3}' | '\u{200d}');
    let lower = id.chars().filter(|c| !is_mark(*c)).flat_map(char::to_lowercase);
    lower.collect::<String>().trim_matches('-').to_owned()
}

/// Gives each id once: the second `a` becomes `a-1`, as on GitHub.
#[derive(Default)]
pub(super) struct Ids {
    used: HashMap<String, u32>,
}

impl Ids {
    pub(super) fn unique(&mut self, text: &str) -> String {
        self.free(slug(text))
    }

    /// This id, or the first one after it that is free.
    pub(super) fn free(&mut self, mut slug: String) -> String {
        // GitHub leaves it empty, which nobody can link to.
        if slug.is_empty() {
            slug.push_str("section");
        }
        let Some(mut count) = self.used.get(&slug).copied() else {
            self.used.insert(slug.clone(), 0);
            return slug;
        };
        let unique = loop {
            count += 1;
            let candidate = format!("{slug}-{count}");
            if !self.used.contains_key(&candidate) {
                break candidate;
            }
        };
        self.used.insert(slug, count);
        self.used.insert(unique.clone(), 0);
        unique
    }
}

/// Superscripts, fractions and circled numbers are numbers, but no digits.
fn is_other_number(c: char) -> bool {
    matches!(c, '\u{b2}' | '\u{b3}' | '\u{b9}' | '\u{bc}'..='\u{be}' | '\u{2070}'..='\u{2089}' | '\u{2150}'..='\u{215f}' | '\u{2189}' | '\u{2460}'..='\u{249b}' | '\u{24ea}'..='\u{24ff}' | '\u{2776}'..='\u{2793}' | '\u{3192}'..='\u{3195}' | '\u{3220}'..='\u{3229}' | '\u{3248}'..='\u{324f}' | '\u{3251}'..='\u{325f}' | '\u{3280}'..='\u{3289}' | '\u{32b1}'..='\u{32bf}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_githubs() {
        for (text, id) in [
            ("How do I restore?", "how-do-i-restore"),
            ("C++ & C#", "c--c"),
            ("snake_case and kebab-case", "snake_case-and-kebab-case"),
            ("Größe ändern", "größe-ändern"),
            ("日本語 の 見出し", "日本語-の-見出し"),
            ("⚠️ Warning", "\u{fe0f}-warning"),
            ("🚀 Launch", "-launch"),
            ("1️⃣ First", "1\u{fe0f}\u{20e3}-first"),
            ("👩🏽‍💻 Work", "-work"),
            ("🇩🇪 Germany", "-germany"),
            ("第一章：概要（重要）", "第一章概要重要"),
            ("ＡＢＣ＿１２", "ａｂｃ＿１２"),
            ("Ünï ÇÖDÉ", "ünï-çödé"),
            (" logo", "-logo"),
            ("x² + ½", "x--"),
            ("हिन्दी", "हिन्दी"),
        ] {
            assert_eq!(slug(text), id);
        }
    }

    #[test]
    fn the_second_of_a_name_gets_a_number_that_is_free() {
        let mut ids = Ids::default();
        let given: Vec<_> = ["a", "a-1", "a", "A", "", "!"].map(|text| ids.unique(text)).into();
        assert_eq!(given, ["a", "a-1", "a-2", "a-3", "section", "section-1"]);
    }
}
