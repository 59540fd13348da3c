//! Words that mean the same: a table of names that holds everywhere, and what a site says of its tags.

use std::collections::BTreeMap;

use crate::tokenizer::{Analyzer, Run};

/// The table, as people write these names.
const NAMES: &str = include_str!("names.txt");

/// What marks a spelling that has other meanings.
const AMBIGUOUS: char = '*';

/// Groups of spellings of the same.
#[derive(Debug, Clone, Default)]
pub(crate) struct Synonyms {
    spellings: Vec<Spelling>,
    /// Numbers of the spellings by their first term.
    by_first: BTreeMap<Box<str>, Vec<usize>>,
}

/// One way to write something.
#[derive(Debug, Clone)]
pub(crate) struct Spelling {
    /// Its terms; several if it has spaces.
    pub(crate) terms: Vec<Box<str>>,
    /// The same before stemming.
    pub(crate) surfaces: Vec<Box<str>>,
    /// Whether it means other things too.
    pub(crate) ambiguous: bool,
    group: usize,
}

impl Synonyms {
    /// The table, and groups of a site.
    pub(crate) fn new(site: &[Vec<String>], analyzer: &mut Analyzer) -> Synonyms {
        let mut synonyms = Synonyms::default();
        let lines = NAMES.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        let names = lines.map(|line| line.split(',').map(str::trim).collect::<Vec<_>>());
        let site = site.iter().map(|group| group.iter().map(String::as_str).collect());
        for (group, spellings) in names.chain(site).enumerate() {
            for spelling in spellings {
                synonyms.add(spelling, group, analyzer);
            }
        }
        for (number, spelling) in synonyms.spellings.iter().enumerate() {
            synonyms.by_first.entry(spelling.terms[0].clone()).or_default().push(number);
        }
        synonyms
    }

    /// The spellings that begin with a term.
    pub(crate) fn beginning_with(&self, term: &str) -> impl Iterator<Item = &Spelling> {
        let numbers = self.by_first.get(term).into_iter().flatten();
        numbers.map(|&number| &self.spellings[number])
    }

    /// The other ways to write what a spelling means.
    pub(crate) fn others<'a>(&'a self, spelling: &'a Spelling) -> impl Iterator<Item = &'a Spelling> {
        let same = self.spellings.iter().filter(|other| other.group == spelling.group);
        same.filter(|other| other.terms != spelling.terms)
    }

    /// A compound such as `two-factor` is written with a space too.
    fn add(&mut self, spelling: &str, group: usize, analyzer: &mut Analyzer) {
        let plain = spelling.strip_suffix(AMBIGUOUS);
        let (mut whole, mut parts) = (Vec::new(), Vec::new());
        analyzer.each(plain.unwrap_or(spelling), |run| {
            if let Run::Word(word, _) = run {
                let terms = word.terms.iter().map(|term| (term.text.clone(), term.surface.clone()));
                let has_parts = word.terms.len() > 2 && word.terms[0].whole;
                whole.extend(terms.clone().take(1));
                parts.extend(terms.skip(usize::from(has_parts)).take(if has_parts { usize::MAX } else { 1 }));
            }
        });
        let is_compound = parts != whole;
        for words in [Some(whole), is_compound.then_some(parts)].into_iter().flatten() {
            let (terms, surfaces): (Vec<_>, Vec<_>) = words.into_iter().unzip();
            if !terms.is_empty() {
                self.spellings.push(Spelling { terms, surfaces, ambiguous: plain.is_some(), group });
            }
        }
    }
}
