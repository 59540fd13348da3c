//! What goes into an index: one [`Document`] for each page of the site, as plain text.
//!
//! Nothing here knows markdown or HTML: anyone who makes documents has already reduced both to text.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One page of the site as search sees it.
///
/// The order of documents in a list is the order of hits whose scores are equal.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Document {
    /// Site path without base path and fragment, such as `/questions/reset-password/`.
    pub url: String,
    /// The title, as plain text.
    pub title: String,
    /// The kind in the singular: `question`, `how-to`, `story`, `idea`, `announcement`, `person`, `link`,
    /// `page`, `faq`.
    pub kind: String,
    /// Tags by name or slug; `C++` and `c-plus-plus` are the same tag.
    pub tags: Vec<String>,
    /// Language of the page as a BCP 47 tag, such as `en`; empty where unknown.
    pub lang: String,
    /// Whether a question has an answer.
    pub answered: bool,
    /// What else pages are filtered by: each of [`Options::facets`] that the page has, with its values.
    pub facets: BTreeMap<String, Vec<String>>,
    /// Other wordings of the title: what else people asked, titles of duplicates.
    pub alternatives: Vec<String>,
    /// Names of the topics that the page stands in.
    pub section: String,
    /// The text, in the order in which it stands on the page.
    pub passages: Vec<Passage>,
}

#[cfg(feature = "write")]
impl Document {
    /// A hash of all that is in it.
    #[must_use]
    pub fn key(&self) -> u128 {
        // Whatever is added to a document has to be named here.
        let Document { url, title, kind, tags, lang, answered, facets, alternatives, section, passages } =
            self;
        let mut hasher = blake3::Hasher::new();
        let mut text = |text: &str| {
            hasher.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
        };
        [url, title, kind, lang, section].into_iter().for_each(|it| text(it));
        text(&facets.len().to_string());
        facets.keys().for_each(|name| text(name));
        for list in [tags, alternatives].into_iter().chain(facets.values()) {
            text(&list.len().to_string());
            list.iter().for_each(|it| text(it));
        }
        for Passage { anchor, text: own, by, accepted } in passages {
            [anchor, own, by].into_iter().for_each(|it| text(it));
            text(if *accepted { "accepted" } else { "" });
        }
        text(if *answered { "answered" } else { "" });
        let hash = hasher.finalize();
        hash.as_bytes().iter().take(size_of::<u128>()).fold(0, |key, byte| key << 8 | u128::from(*byte))
    }
}

/// A part of a page that can be linked to: its own text, or one answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Passage {
    /// The fragment of the address, such as `answer-ana`; empty for the page's own text.
    pub anchor: String,
    /// Plain text.
    pub text: String,
    /// Who wrote it, by name; empty where nobody is known.
    pub by: String,
    /// Whether this is the accepted answer.
    pub accepted: bool,
}

/// How an index is made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// Language of the site as a BCP 47 tag: it decides stems and stop words. English where it is not
    /// given; a language without a known stemmer is searched without stems.
    pub language: Option<String>,
    /// What [`Document::lang`] is of pages that do not say in which language they are, if not that of the site: it tells
    /// nothing of the page then.
    pub unnamed: Option<String>,
    /// The names of what pages are filtered by, beside `kind`, `tag`, `lang` and `is`: small letters and `_`.
    pub facets: Vec<String>,
    /// Words that mean the same on this site, in groups: what tags are called, and what else people call them.
    pub synonyms: Vec<Vec<String>>,
}
