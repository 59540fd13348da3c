//! What is disclosed beside the names of those who wrote a text: how far to believe it.

use super::projection::Disclosed;
use super::reader::Reader;
use crate::page::front_matter::{Field, Fields};
use crate::words::Word;

/// What is said of a text beside the names of those who wrote it, in words: how far to believe it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Disclosure {
    /// The author's connection to the subject.
    pub affiliation: Option<String>,
    /// Who paid for it.
    pub sponsored: Option<String>,
    /// What it was made with.
    pub made_with: Option<String>,
}

impl Disclosure {
    /// Whether there is nothing to say.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Disclosure { affiliation, sponsored, made_with } = self;
        affiliation.is_none() && sponsored.is_none() && made_with.is_none()
    }

    /// All of it in the words of the site, for feeds.
    #[must_use]
    pub fn words(&self, site: &Reader<'_>) -> Vec<String> {
        let sponsored = self.sponsored.as_ref();
        let sponsored = sponsored.map(|name| site.words().fill(Word::Sponsored, &[("name", name)]));
        [self.affiliation.clone(), sponsored, self.made_with.clone()].into_iter().flatten().collect()
    }
}

/// Names with what is disclosed beside them, where nothing but text can stand: `Ana Silva (works for a reseller)`. The
/// site stands for the author of a text that has none, as long as something is disclosed of it.
#[must_use]
pub fn disclosed_names(site: &Reader<'_>, authors: &[String], disclosure: &Disclosure) -> Vec<String> {
    let of_text = disclosure.words(site);
    let with = |name: &str, said: &[String]| {
        if said.is_empty() { name.to_string() } else { format!("{name} ({})", site.words().list(said)) }
    };
    if authors.is_empty() && !of_text.is_empty() {
        return vec![with(&site.config().title, &of_text)];
    }
    let name = |handle: &String| {
        let said: Vec<String> =
            affiliation(site, handle).into_iter().chain(of_text.iter().cloned()).collect();
        with(site.person_name(handle), &said)
    };
    authors.iter().map(name).collect()
}

/// The connection to the subject that somebody's page names.
#[must_use]
pub fn affiliation(site: &Reader<'_>, handle: &str) -> Option<String> {
    site.profile(handle)?.affiliation.map(str::to_string)
}

/// What the front matter of a text discloses. A connection that an author's page names too stands beside their name
/// already.
#[must_use]
pub fn disclosure(site: &Reader<'_>, fields: &Fields, authors: &[String]) -> Disclosure {
    disclosed(site, Disclosed::of(fields), authors)
}

/// The same of what a line in a list knows of the front matter.
#[must_use]
pub fn disclosed(site: &Reader<'_>, said: Disclosed<'_>, authors: &[String]) -> Disclosure {
    let is_named = |it: &&str| {
        authors.iter().any(|author| site.profile(author).is_some_and(|who| who.affiliation == Some(*it)))
    };
    Disclosure {
        affiliation: said.affiliation.filter(|it| !is_named(it)).map(str::to_string),
        sponsored: said.sponsored.map(str::to_string),
        made_with: said.made_with.map(|word| site.words().value(Field::MadeWith, word).to_string()),
    }
}
