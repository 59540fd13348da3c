//! What a word is: the one way from text to terms, for documents, queries and snippets alike.
//!
//! Text is cut into *runs*: letters and digits of any script, held together by what people write inside
//! of names (`node.js`, `snake_case`, `don't`, `4.2.1`), with `C++`, `C#` and `.NET` as they are. A run
//! becomes a [`Word`]: one term, or for a compound the whole without its joints and each part. Terms are
//! lower-case, without accents, stemmed. Runs of scripts that put no spaces between words are told apart
//! and become single characters and pairs.
//!
//! This is the hottest code of a build, so it never allocates for a run that it has seen before: words
//! are kept in a table of fixed size whose slots are simply overwritten. Unlike a hash map the table
//! cannot be made slow or large by chosen text; the whole is linear in the length of the text.

mod asking;
mod chars;
mod grams;
mod language;
#[cfg(feature = "write")]
mod memory;

use std::collections::BTreeSet;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization as _;

use chars::Class;
pub(crate) use chars::is_mark;
#[cfg(feature = "write")]
pub(crate) use grams::plain_gram_length;
pub(crate) use grams::{each_gram, wanted_grams};
pub(crate) use language::Language;
#[cfg(feature = "write")]
pub(crate) use language::primary;

/// Longer runs are cut to this many bytes: nobody types them whole.
const LONGEST_TERM: usize = 64;

/// A compound of more parts than this is a path or noise: its parts are words, the whole is none.
const MOST_PARTS: usize = 8;

/// A run of text that is searched for as a unit, with the terms that it stands for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Word {
    /// The run as it was written.
    run: Box<str>,
    /// The terms, the whole first.
    pub(crate) terms: Vec<Term>,
}

/// One term of a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Term {
    /// What is looked up: lower-case, without accents, stemmed.
    pub(crate) text: Box<str>,
    /// The same in the other languages of the site, where it is another; in questions only.
    pub(crate) others: Vec<Box<str>>,
    /// The same before stemming, for prefixes and typos.
    pub(crate) surface: Box<str>,
    /// Where it stands in the run, in bytes.
    pub(crate) range: Range<usize>,
    /// Its place among the positions of the run, from 0.
    pub(crate) position: usize,
    /// Whether it is one of the language's words without meaning of their own.
    pub(crate) stop: bool,
    /// Whether it is the whole of a compound, whose parts follow.
    pub(crate) whole: bool,
}

/// What [`Analyzer::each`] finds in a text.
#[derive(Debug)]
pub(crate) enum Run<'a> {
    /// A word that begins at this byte of the text.
    Word(&'a Word, usize),
    /// The bytes of a run in a script without spaces, for [`each_gram`].
    Grams(Range<usize>),
}

/// A run as it was cut from a text, before anything is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cut {
    /// The bytes of a word, and whether it is plain: one part, and no inner capitals.
    Word(Range<usize>, bool),
    /// The bytes of a run in a script without spaces, for [`each_gram`].
    Grams(Range<usize>),
}

/// Turns text into words of one language, remembering those it has seen.
#[derive(Clone)]
pub(crate) struct Analyzer {
    language: Language,
    /// Other languages that pages are written in.
    others: Vec<Language>,
    /// Whose stop words count: none for `language`, else a place in `others`.
    asked_in: Option<usize>,
    seen: Vec<Word>,
}

impl Analyzer {
    /// An analyzer for a language, given as a BCP 47 tag, with room for `2^bits` words.
    pub(crate) fn new(language: &str, bits: u32) -> Analyzer {
        Analyzer {
            language: Language::new(language),
            others: Vec::new(),
            asked_in: None,
            seen: vec![Word::default(); 1 << bits],
        }
    }

    /// The same for questions about pages in these languages too.
    pub(crate) fn with(self, others: &[String]) -> Analyzer {
        Analyzer { others: others.iter().map(|language| Language::new(language)).collect(), ..self }
    }

    /// Finds out in which of its languages a question is asked: the one with the most stop words in it.
    pub(crate) fn settle(&mut self, question: &str) {
        if self.others.is_empty() {
            return;
        }
        let mut most = self.language.count_stops(question);
        self.asked_in = None;
        for (place, language) in self.others.iter_mut().enumerate() {
            let count = language.count_stops(question);
            if count > most {
                (most, self.asked_in) = (count, Some(place));
            }
        }
        self.seen.fill(Word::default());
    }

    /// Calls `found` with every run of the text, in order.
    pub(crate) fn each(&mut self, text: &str, mut found: impl FnMut(Run<'_>)) {
        let splits_at_apostrophe = self.language.splits_at_apostrophe();
        each_cut(text, splits_at_apostrophe, |cut| match cut {
            Cut::Word(run, plain) => found(Run::Word(self.word(&text[run.clone()], plain), run.start)),
            Cut::Grams(run) => found(Run::Grams(run)),
        });
    }

    /// Whether one of the languages writes compounds as one word.
    pub(crate) fn has_compounds(&self) -> bool {
        std::iter::once(&self.language).chain(&self.others).any(Language::has_compounds)
    }

    /// The stem of a word in lower case and without accents, in the language that has compounds.
    pub(crate) fn stem(&mut self, word: &str) -> String {
        let mut all = std::iter::once(&mut self.language).chain(&mut self.others);
        let language = all.find(|language| language.has_compounds());
        language.map_or_else(|| word.to_owned(), |language| language.stem(word))
    }

    /// The stems of words that people ask with, whatever they ask about.
    pub(crate) fn asking(&mut self) -> BTreeSet<String> {
        self.language.asking()
    }

    fn terms(&mut self, run: &str, plain: bool) -> Vec<Term> {
        let mut all = terms(&mut self.language, run, plain);
        for (place, language) in self.others.iter_mut().enumerate() {
            // A run is cut into the same terms in every language.
            for (term, other) in all.iter_mut().zip(terms(language, run, plain)) {
                if term.text != other.text && !term.others.contains(&other.text) {
                    term.others.push(other.text);
                }
                if self.asked_in == Some(place) {
                    term.stop = other.stop;
                }
            }
        }
        all
    }

    fn word(&mut self, run: &str, plain: bool) -> &Word {
        let slot = chars::hash(run.as_bytes()) as usize & (self.seen.len() - 1);
        if *self.seen[slot].run != *run {
            let terms = self.terms(run, plain);
            self.seen[slot] = Word { run: run.into(), terms };
        }
        &self.seen[slot]
    }
}

/// Cuts a text into runs and calls `found` with each, in order.
pub(crate) fn each_cut(text: &str, splits_at_apostrophe: bool, mut found: impl FnMut(Cut)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if matches!(bytes[at], b' ' | b'\n' | b',') {
            at += 1;
            continue;
        }
        let (class, length) = chars::class(text, at);
        match class {
            Class::Word => {}
            Class::Gram => {
                let end = chars::gram_run(text, at + length);
                found(Cut::Grams(at..end));
                at = end;
                continue;
            }
            // `.NET`, but neither the end of a sentence nor the rest of `ASP.NET`.
            Class::Other if bytes[at] == b'.' && bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic) => {}
            Class::Other | Class::Mark => {
                at += length;
                continue;
            }
        }
        let run = chars::word_run(text, at, splits_at_apostrophe);
        found(Cut::Word(at..run.end, run.plain));
        at = run.end;
    }
}

/// The words of a text as they are written, but for code, numbers and addresses: what stands between spaces and is one
/// word with nothing but punctuation around it.
#[cfg(feature = "write")]
pub(crate) fn words_of_prose(text: &str) -> impl Iterator<Item = &str> {
    text.split_ascii_whitespace().filter_map(|run| {
        if !run.is_ascii() {
            let word = run.trim_matches(|char: char| !char.is_alphanumeric());
            let is_letter = |char: char| char.is_alphabetic() || chars::is_apostrophe(char) || is_mark(char);
            return Some(word).filter(|word| !word.is_empty() && word.chars().all(is_letter));
        }
        // The same for most words.
        let bytes = run.as_bytes();
        let start = bytes.iter().position(u8::is_ascii_alphanumeric)?;
        let end = bytes.iter().rposition(u8::is_ascii_alphanumeric)? + 1;
        let is_letter = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'\'';
        bytes[start..end].iter().all(is_letter).then(|| &run[start..end])
    })
}

/// The terms of a run, the whole first: the slow way, to be taken once for each different run.
pub(crate) fn terms(language: &mut Language, run: &str, plain: bool) -> Vec<Term> {
    if plain {
        return vec![term(language, run, 0..run.len(), 0)];
    }
    let mut terms = Vec::new();
    compound(language, run, &mut terms);
    terms
}

/// A 16-bit hash of a term, the same on every machine.
pub(crate) fn fold_hash(term: &str) -> u16 {
    let hash = chars::hash(term.as_bytes());
    (hash ^ (hash >> 16)) as u16
}

/// How many positions the terms of a word take up.
pub(crate) fn positions(terms: &[Term]) -> u32 {
    terms.last().map_or(0, |term| term.position as u32 + 1)
}

/// Lower-case and without accents; an accent that makes another letter (Russian й) stays.
pub(crate) fn normalise(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let mut base = ' ';
    let stripped = word.chars().flat_map(char::to_lowercase).nfkd().filter(|char| {
        if !is_mark(*char) {
            base = *char;
            return true;
        }
        !chars::loses_accents(base) && !chars::is_ornament(*char)
    });
    let mut normal = String::with_capacity(word.len());
    for char in stripped.nfc() {
        match chars::ligature(char) {
            Some(letters) => normal.push_str(letters),
            None => normal.push(char),
        }
    }
    normal
}

/// The terms of a run with joints or inner capitals: the whole, then the parts.
fn compound(language: &mut Language, run: &str, terms: &mut Vec<Term>) {
    let parts = chars::parts(run);
    // `v4.2` is version 4.2 as `4.2` is.
    let bare =
        run.strip_prefix(['v', 'V']).filter(|rest| rest.starts_with(|char: char| char.is_ascii_digit()));
    let bare = bare.unwrap_or(run);
    let all_digits = bare.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'_'));
    let ends_in_sign = run.ends_with(['+', '#']);
    let signed = ends_in_sign || run.starts_with('.');
    if all_digits && parts.len() > 1 {
        // Versions, dates, addresses of machines: `4.2.1` is one word, and so is `2024-01-15`.
        terms.push(Term { range: 0..run.len(), ..exact(bare, 0) });
        return;
    }
    let single = parts.len() < 2;
    if !single && parts.len() <= MOST_PARTS || signed {
        let whole = if signed {
            exact(run, 0)
        } else if chars::has_version(run) {
            // As it is typed, so that `python3.1` can become `python3.11` and not `python311`.
            Term { range: 0..run.len(), ..exact(bare, 0) }
        } else {
            let joined: String = run.chars().filter(|char| !chars::is_joint(*char)).collect();
            term(language, &joined, 0..run.len(), 0)
        };
        // `C++` and `C#` have no parts: who asks for C wants C.
        if ends_in_sign && single && parts.first().is_none_or(|part| part.len() < 2) {
            terms.push(whole);
            return;
        }
        terms.push(Term { whole: true, ..whole });
    }
    for (position, part) in parts.into_iter().enumerate() {
        let text = &run[part.clone()];
        terms.push(term(language, text, part, position));
    }
}

/// A term that is searched for as it is written, but for its case.
fn exact(run: &str, position: usize) -> Term {
    let mut text = normalise(run);
    cut(&mut text);
    let text: Box<str> = text.into();
    let others = Vec::new();
    Term { surface: text.clone(), text, others, range: 0..run.len(), position, stop: false, whole: false }
}

/// A term that is stemmed.
fn term(language: &mut Language, text: &str, range: Range<usize>, position: usize) -> Term {
    let mut surface: String = normalise(text).chars().filter(|char| !chars::is_apostrophe(*char)).collect();
    if let Some(possessor) = chars::possessor(text) {
        surface = normalise(possessor);
    }
    cut(&mut surface);
    // `v4` is version 4 as `4` is.
    let digits = surface.strip_prefix('v').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let surface: &str = digits.unwrap_or(&surface);
    let stop = language.is_stop(surface) || !text.is_ascii() && language.is_stop(&text.to_lowercase());
    let text = language.stem(surface);
    Term {
        text: text.into(),
        others: Vec::new(),
        surface: surface.into(),
        range,
        position,
        stop,
        whole: false,
    }
}

/// Shortens to at most [`LONGEST_TERM`] bytes, between characters.
fn cut(term: &mut String) {
    if term.len() > LONGEST_TERM {
        let end = (0..=LONGEST_TERM).rev().find(|end| term.is_char_boundary(*end)).unwrap_or(0);
        term.truncate(end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The terms of a text, those of one word joined by `|`, stop words in brackets.
    fn terms(text: &str) -> String {
        terms_in("en", text)
    }

    fn terms_in(language: &str, text: &str) -> String {
        let mut words = Vec::new();
        Analyzer::new(language, 4).each(text, |run| match run {
            Run::Word(word, start) => {
                for term in &word.terms {
                    assert!(text.get(start + term.range.start..start + term.range.end).is_some());
                }
                let show =
                    |term: &Term| if term.stop { format!("[{}]", term.text) } else { term.text.to_string() };
                words.push(word.terms.iter().map(show).collect::<Vec<_>>().join("|"));
            }
            Run::Grams(range) => {
                let mut grams = Vec::new();
                each_gram(&text[range], |gram, _| grams.push(gram.to_owned()));
                words.push(grams.join("/"));
            }
        });
        words.join(" ")
    }

    #[test]
    fn words_are_lower_case_stems() {
        assert_eq!(terms("Resetting Passwords, please!"), "reset password pleas");
        assert_eq!(terms("How do I reset it?"), "[how] [do] [i] reset [it]");
        assert_eq!(terms("Ana's and the users' settings"), "ana [and] [the] user set");
        assert_eq!(terms("don't DON’T dont"), "[dont] [dont] [dont]");
    }

    #[test]
    fn code_and_numbers_are_no_words_of_prose() {
        let text = "Use `df.loc[x]`, don't (guess): 3 größere Dateien, don’t a_b https://x.y \"now\"";
        let words: Vec<&str> = words_of_prose(text).collect();
        assert_eq!(words, ["Use", "don't", "guess", "größere", "Dateien", "don’t", "now"]);
    }

    #[test]
    fn names_of_programs_stay_what_they_are() {
        assert_eq!(terms("C++ or C# or F#, not C."), "c++ [or] c# [or] f# [not] c");
        assert_eq!(terms("c++17 i++ Notepad++"), "c++ 17 i++ notepad++|notepad");
        assert_eq!(terms(".NET and ASP.NET"), ".net|net [and] aspnet|asp|net");
        assert_eq!(terms("node.js Node.js NodeJS"), "nodej|node|js nodej|node|js nodej|node|js");
        assert_eq!(terms("issue #12 and page#3"), "issu 12 [and] page 3");
        assert_eq!(terms("R&D, AT&T"), "r d [at] t");
    }

    #[test]
    fn compounds_are_found_whole_and_by_part() {
        assert_eq!(
            terms("snake_case kebab-case camelCase"),
            "snakecas|snake|case kebabcas|kebab|case camelcas|camel|case"
        );
        assert_eq!(terms("HTTPServer src/metaData.rs"), "httpserver|http|server src metadatar|meta|data|rs");
        assert_eq!(terms("URLs APIs IDs"), "url api id");
        assert_eq!(terms("e-mail email"), "email|e|mail email");
        assert_eq!(terms("__init__ std::vec --force"), "init std vec forc");
        assert_eq!(terms("end.Next sentence."), "endnext|end|next sentenc");
    }

    #[test]
    fn versions_stay_together() {
        assert_eq!(terms("version 4.2.1 or v4.2, 2024-01-15."), "version 4.2.1 [or] 4.2 2024-01-15");
        assert_eq!(terms("python3.11 1,000"), "python3.11|python|3.11 1 000");
        assert_eq!(terms("v7.3.1-rc.2"), "7.3.1-rc.2|7.3.1|rc|2");
        assert_eq!(terms("jdk-21.0.3+9"), "jdk-21.0.3|jdk|21.0.3 9");
        assert_eq!(
            terms("Ubuntu-22.04 node-18.20.1-x64"),
            "ubuntu-22.04|ubuntu|22.04 node-18.20.1-x64|node|18.20.1|x64"
        );
        assert_eq!(
            terms("4.1-SNAPSHOT 19.5.x 3.5mm"),
            "4.1-snapshot|4.1|snapshot 19.5.x|19.5|x 3.5mm|3.5|mm"
        );
        assert_eq!(terms("192.168.0.1 e2e.v2"), "192.168.0.1 e2ev2|e2e|2");
    }

    #[test]
    fn accents_may_be_left_out() {
        assert_eq!(terms("café Ångström naïve"), terms("cafe Angstrom naive"));
        assert_eq!(terms("cafe\u{301} Straße Łódź Øl"), terms("café strasse lodz ol"));
        assert_eq!(terms_in("fr", "L’élève, l'eau"), terms_in("fr", "l eleve l eau"));
        assert_eq!(terms_in("ru", "ёлка"), terms_in("ru", "елка"));
        assert_ne!(terms_in("ru", "йод"), terms_in("ru", "иод"));
        assert_eq!(terms_in("el", "καφές"), terms_in("el", "ΚΑΦΕΣ"));
        assert_eq!(terms("ﬁle ｆｕｌｌ"), "file full");
    }

    #[test]
    fn scripts_without_spaces_become_characters_and_pairs() {
        assert_eq!(terms("東京都"), "東/京/東京/都/京都");
        assert_eq!(terms("Rust言語 です。"), "rust 言/語/言語 で/す/です");
        assert_eq!(terms("한국어"), "한/국/한국/어/국어");
        assert_eq!(terms("\u{1112}\u{1161}\u{11ab}국"), "한/국/한국");
    }

    #[test]
    fn other_languages_have_their_own_stems_or_none() {
        assert_eq!(terms_in("de", "Die Häuser"), "[die] haus");
        assert_eq!(terms_in("xx", "The houses"), "the houses");
        assert_eq!(terms_in("pt-BR", "os usuários"), terms_in("pt", "os usuarios"));
    }

    #[test]
    fn nothing_chosen_by_a_stranger_is_slow_or_large() {
        let long = "a".repeat(1 << 20);
        assert_eq!(terms(&long).len(), LONGEST_TERM);
        for unit in ["a.", "aB", "'", "-", "a-b_", "++", "é\u{301}", "#", "東", "\u{200d}", "a'", "."] {
            let text = unit.repeat((1 << 19) / unit.len());
            let mut count = 0;
            Analyzer::new("en", 4).each(&text, |run| {
                count += match run {
                    Run::Word(word, _) => word.terms.len(),
                    Run::Grams(range) => range.len(),
                };
            });
            assert!(count <= text.len(), "{unit}: {count}");
        }
    }
}
