//! How much of what one author writes counts.
//!
//! Other pages repeat titles, names and tags, and every name of a list makes a page or a line of its own. So a
//! small file could make a site of gigabytes, if each list and each repeated text had no end. The limits are far
//! above what people write. What is beyond one is left out or cut off and reported as [`Rule::Limit`]; the page
//! itself is published. Those of fields stand in the table of fields ([`Field::limit`]), the others here.

use std::sync::Arc;

use super::front_matter::Field;
use crate::diagnostic::{Diagnostic, Rule, Span};

/// How much of a field counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// A day, a number or one of a few words.
    Closed,
    /// A text of at most this many characters; the rest is cut off.
    Text(usize),
    /// A name or an address of at most this many characters. Cut off it would mean something else, so a longer one
    /// is left out.
    Name(usize),
    /// At most this many texts, each of at most this many characters.
    Texts(usize, usize),
    /// At most this many names or addresses, each of at most this many characters.
    Names(usize, usize),
}

/// A limit that belongs to no single field.
#[derive(Debug, Clone, Copy)]
pub struct Bound {
    /// How many count.
    pub most: usize,
    /// What is counted.
    pub what: &'static str,
    /// What becomes of the rest.
    pub beyond: &'static str,
}

/// Declares limits once: as constants, and as a list for the documentation.
macro_rules! bounds {
    ($($name:ident = $most:literal, $what:literal, $beyond:literal;)+) => {
        $(#[doc = concat!("At most so many ", $what, ". ", $beyond)] pub const $name: usize = $most;)+

        /// Every limit that belongs to no single field.
        pub const BOUNDS: &[Bound] = &[$(Bound { most: $most, what: $what, beyond: $beyond },)+];
    };
}

bounds! {
    TITLE = 300, "characters of a title, including one that is a heading", "The rest is cut off.";
    NAME = 200, "characters of a person's name, including one from git", "The rest is cut off.";
    MENU_TEXT = 100, "characters of a page's title in the menu", "The rest is cut off there.";
    MENU_PAGES = 50, "pages with `menu`, those with the lowest `weight` first", "The others are published, but are not in the menu.";
    REPLIES = 2_000, "replies with text to one entry, the oldest first", "The others are left out.";
    REPLIES_OF_ONE = 100, "replies with text by one person to one entry, the oldest first", "The others are left out.";
    SUPPORTERS = 100, "people who want an idea named on its page, those of its own file first", "The others are counted.";
    LISTED_AUTHORS = 10, "authors of an entry in a list or a feed", "Its own page shows all.";
    FEED_TAGS = 20, "tags of an entry in a feed", "Its own page shows all.";
    FACET_VALUES = 30, "values of one facet that lists are filtered by, those of most entries", "The search finds entries by the others too.";
    FACET_VALUE = 80, "characters of a value that lists and the search are filtered by", "A longer value is shown, but nothing is filtered by it.";
    REASON_STORIES = 1_000, "stories whose reasons are counted on `/decide/`, the newest first", "The others are counted in everything else there.";
    REASON_TEXT = 131_072, "bytes of stories whose reasons are counted on the page of a product or a version, the newest first", "The others are counted on `/decide/`.";
    CRITICAL_TEXT = 262_144, "bytes of critical stories in full on `/decide/`, and an eighth of that on the page of a product or a version", "The others are named, with a link.";
    MENTIONS = 2_000, "names in passing in one text, such as `@ana` and `#12`, that are links", "The others stay text.";
    HEADLINES = 10, "headlines of one feed in its snapshot, the newest first", "The others are left out.";
    HEADLINE = 200, "characters of a headline from a feed", "The rest is cut off.";
    FOLDER_CRUMBS = 10, "folders in the breadcrumbs of a plain page, those nearest to it", "The page stays in its folder.";
}

impl Limit {
    /// At most this many values.
    #[must_use]
    pub const fn items(self) -> usize {
        match self {
            Limit::Closed | Limit::Text(_) | Limit::Name(_) => 1,
            Limit::Texts(items, _) | Limit::Names(items, _) => items,
        }
    }

    /// Each of at most this many characters.
    #[must_use]
    pub const fn characters(self) -> Option<usize> {
        match self {
            Limit::Closed => None,
            Limit::Text(most) | Limit::Name(most) | Limit::Texts(_, most) | Limit::Names(_, most) => {
                Some(most)
            }
        }
    }

    /// Whether a part of the text still says something.
    #[must_use]
    pub const fn can_be_cut(self) -> bool {
        matches!(self, Limit::Text(_) | Limit::Texts(..))
    }
}

/// The beginning of a text that is too long, cut between words if they are short; nothing if it is short enough.
#[must_use]
pub fn cut(text: &str, most: usize) -> Option<String> {
    text.char_indices().nth(most)?;
    let (end, _) = text.char_indices().nth(most.saturating_sub(1))?;
    let beginning = &text[..end];
    let last_word = beginning.rfind(char::is_whitespace).filter(|at| *at > end / 2);
    let beginning = last_word.map_or(beginning, |at| &beginning[..at]);
    Some(format!("{}…", beginning.trim_end()))
}

pub(super) fn long_text(file: &Arc<str>, span: Span, what: &str, most: usize) -> Diagnostic {
    Diagnostic::new(Rule::Limit, file, span, format!("{what} has more than {most} characters."))
        .help(format!("Shorten it. Until then it is cut off after {most} characters."))
}

pub(super) fn long_name(file: &Arc<str>, span: Span, field: Field, most: usize) -> Diagnostic {
    let message = format!("A value of `{}` has more than {most} characters.", field.name());
    Diagnostic::new(Rule::Limit, file, span, message).help("Correct or remove it. Until then it is left out.")
}

pub(super) fn long_list(file: &Arc<str>, span: Span, field: Field, count: usize) -> Diagnostic {
    let (name, most) = (field.name(), field.limit().items());
    Diagnostic::new(
        Rule::Limit,
        file,
        span,
        format!("`{name}` has {count} values, but only {most} are used."),
    )
    .help(format!(
        "Keep the most important ones. Until then the first {most} are used, and the rest are left out."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_words() {
        assert_eq!(cut("one two three", 13), None);
        assert_eq!(cut("one two three", 12).as_deref(), Some("one two…"));
        assert_eq!(cut("Schwierigkeiten", 5).as_deref(), Some("Schw…"));
        assert_eq!(cut("日本語の長い題", 4).as_deref(), Some("日本語…"));
    }
}
