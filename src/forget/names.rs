//! Whether a name stands in a text, however it is written there: in capitals or without, with accents or without, with
//! a space between its words or a hyphen. Words are compared whole, so `ana` stands in `/people/ana/` and in `@Ana`, and
//! not in `banana`. Scripts that put no spaces between words have none that could be compared whole.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::page::cjk::is_cjk;

/// At most this many characters stand between two words of a name.
const GAP: usize = 12;

/// Names that are looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    all: Vec<Name>,
    /// The most words that one of them has.
    most: usize,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Name {
    /// As it was given.
    said: String,
    /// Its words, folded.
    words: Vec<String>,
    /// Whether it is looked for inside of words, too.
    is_inside: bool,
}

/// A name that stands in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Which of the names, as it was given.
    pub name: String,
    /// Where, in bytes of the text.
    pub at: Range<usize>,
}

/// A word of a text, folded.
struct Word {
    folded: String,
    at: Range<usize>,
    /// How many characters stand before it that belong to no word.
    gap: usize,
}

impl Names {
    /// These names. One without any letter or digit is none.
    #[must_use]
    pub fn new<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> Names {
        let mut all: Vec<Name> = Vec::new();
        for said in names {
            let said = said.as_ref().trim().trim_start_matches('@');
            let words: Vec<String> = words(said).map(|word| word.folded).collect();
            if !words.is_empty() && !all.iter().any(|it| it.words == words) {
                let is_inside = said.chars().any(is_cjk);
                all.push(Name { said: said.to_string(), words, is_inside });
            }
        }
        // Of two that begin alike the longer one is meant where it stands.
        all.sort_by_key(|name| std::cmp::Reverse(name.words.len()));
        let most = all.iter().map(|name| name.words.len()).max().unwrap_or_default();
        Names { all, most }
    }

    /// Whether there is nothing to look for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// As they were given.
    pub fn said(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(|name| name.said.as_str())
    }

    /// Calls `found` with every place where one of them stands, in order, no two in one place.
    pub fn find(&self, text: &str, found: &mut dyn FnMut(Found)) {
        if self.is_empty() {
            return;
        }
        let mut last: Vec<Word> = Vec::with_capacity(self.most);
        let mut free = 0;
        // A word is looked at when as many as the longest name has stand behind it, or the text ends.
        let mut look = |last: &[Word], found: &mut dyn FnMut(Found)| {
            let Some(first) = last.first().filter(|first| first.at.start >= free) else { return };
            for name in self.all.iter().filter(|name| !name.is_inside) {
                let is_it = name.words.len() <= last.len()
                    && name.words.iter().zip(last).all(|(one, other)| *one == other.folded)
                    && last[1..name.words.len()].iter().all(|word| word.gap <= GAP);
                if is_it {
                    let at = first.at.start..last[name.words.len() - 1].at.end;
                    free = at.end;
                    found(Found { name: name.said.clone(), at });
                    return;
                }
            }
        };
        for word in words(text) {
            if last.len() == self.most {
                look(&last, found);
                last.remove(0);
            }
            last.push(word);
        }
        while !last.is_empty() {
            look(&last, found);
            last.remove(0);
        }
        for name in self.all.iter().filter(|name| name.is_inside) {
            for (at, it) in text.match_indices(&name.said) {
                found(Found { name: name.said.clone(), at: at..at + it.len() });
            }
        }
    }

    /// Whether one of them stands in a text.
    #[must_use]
    pub fn is_in(&self, text: &str) -> bool {
        let mut is_in = false;
        self.find(text, &mut |_| is_in = true);
        is_in
    }

    /// Whether a text is one of them, and nothing else.
    #[must_use]
    pub fn is(&self, text: &str) -> bool {
        let folded: Vec<String> = words(text).map(|word| word.folded).collect();
        self.all.iter().any(|name| name.words == folded)
    }
}

/// How many words a name has.
#[must_use]
pub fn count(name: &str) -> usize {
    words(name).count()
}

/// A text in lower case and without accents.
#[must_use]
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    text.chars().for_each(|c| fold(c, &mut out));
    out
}

fn fold(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
        return;
    }
    for part in std::iter::once(c).nfkd().filter(|part| !is_combining_mark(*part)) {
        match part {
            'ß' | 'ẞ' => out.push_str("ss"),
            part => out.extend(part.to_lowercase().filter(|it| !is_combining_mark(*it))),
        }
    }
}

/// The words of a text: letters and digits of any script, with what stands on them.
fn words(text: &str) -> impl Iterator<Item = Word> {
    let mut characters = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let mut gap = 0;
        while characters.next_if(|(_, c)| !c.is_alphanumeric()).is_some() {
            gap += 1;
        }
        let (start, first) = characters.next()?;
        let mut folded = String::new();
        fold(first, &mut folded);
        let mut end = start + first.len_utf8();
        while let Some((at, c)) = characters.next_if(|(_, c)| c.is_alphanumeric() || is_combining_mark(*c)) {
            fold(c, &mut folded);
            end = at + c.len_utf8();
        }
        Some(Word { folded, at: start..end, gap })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(names: &[&str], text: &str) -> Vec<String> {
        let mut all = Vec::new();
        Names::new(names).find(text, &mut |it| all.push(text[it.at].to_string()));
        all
    }

    #[test]
    fn a_name_is_found_however_it_is_written() {
        for text in [
            "ana",
            "@Ana,",
            "/people/ana/",
            "ana.md",
            "answer-ana",
            "ana--2.md",
            "ANA_1",
            "Ána",
            "A\u{301}na",
        ] {
            assert_eq!(found(&["ana"], text).len(), 1, "{text}");
        }
        for text in ["banana", "anabel", "ana2", "an a", "Anä-"] {
            let is_in = !found(&["ana"], text).is_empty();
            assert_eq!(is_in, text == "Anä-", "{text}");
        }
        for text in
            ["Ana Silva", "ana-silva", "ana_silva", "Ana\u{a0}Sílva", "ANA\n  SILVA", "ana.silva@x.example"]
        {
            assert_eq!(found(&["Ana Silva"], text).len(), 1, "{text}");
        }
        assert_eq!(found(&["Ana Silva"], "Ana and Silva, Ana of Silva, Silva Ana"), Vec::<String>::new());
        assert_eq!(found(&["Straße"], "STRASSE"), ["STRASSE"]);
    }

    #[test]
    fn the_longest_name_counts_and_no_place_twice() {
        assert_eq!(found(&["ana", "Ana Silva"], "Ana Silva and ana"), ["Ana Silva", "ana"]);
        assert_eq!(
            found(&["seedling-sam", "Sam Okafor"], "seedling-sam, Sam Okafor, Sam"),
            ["seedling-sam", "Sam Okafor"]
        );
    }

    #[test]
    fn scripts_without_spaces_are_searched_inside() {
        assert_eq!(found(&["林秋雨"], "请问林秋雨吧"), ["林秋雨"]);
        assert_eq!(found(&["نور حداد"], "كتب نور حداد هذا"), ["نور حداد"]);
    }

    #[test]
    fn what_has_no_letters_is_no_name() {
        assert!(Names::new(["", " ", "--", "@"]).is_empty());
    }
}
