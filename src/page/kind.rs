//! The kinds of content, and the words people use for them.
//!
//! A kind says what an entry is. An answer is no kind: it is a reply, and what it replies to decides.

use std::fmt;

/// What an entry is. The order is that of navigation and reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Something somebody wants to know, with its answers.
    Question,
    /// Steps to a goal.
    HowTo,
    /// A customer's own report.
    Story,
    /// Something that should be there.
    Idea,
    /// The company's word on something that happened or will happen.
    Announcement,
    /// A member of the community.
    Person,
    /// A place elsewhere: a blog, a group, an event, a mention.
    Link,
    /// Anything else.
    Page,
}

/// What the files of a folder are: a kind, and whether they are questions that hold their own answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FolderKind {
    /// The kind of every entry in the folder.
    pub kind: Kind,
    /// The text of an entry is its answer and its title the question. Only ever true for questions.
    pub faq: bool,
}

impl Kind {
    /// Every kind, in order.
    pub const ALL: [Kind; 8] = [
        Kind::Question,
        Kind::HowTo,
        Kind::Story,
        Kind::Idea,
        Kind::Announcement,
        Kind::Person,
        Kind::Link,
        Kind::Page,
    ];

    /// The name for one, as JSON and the command line say it: `how-to`.
    #[must_use]
    pub const fn singular(self) -> &'static str {
        match self {
            Kind::Question => "question",
            Kind::HowTo => "how-to",
            Kind::Story => "story",
            Kind::Idea => "idea",
            Kind::Announcement => "announcement",
            Kind::Person => "person",
            Kind::Link => "link",
            Kind::Page => "page",
        }
    }

    /// The name for many, as folders and addresses say it: `how-tos`.
    #[must_use]
    pub const fn plural(self) -> &'static str {
        match self {
            Kind::Question => "questions",
            Kind::HowTo => "how-tos",
            Kind::Story => "stories",
            Kind::Idea => "ideas",
            Kind::Announcement => "announcements",
            Kind::Person => "people",
            Kind::Link => "links",
            Kind::Page => "pages",
        }
    }

    /// Whether all entries of it stand on a list: people have a directory, and plain pages have their folders.
    #[must_use]
    pub const fn has_list(self) -> bool {
        !matches!(self, Kind::Person | Kind::Page)
    }

    /// The kind that a word means: singular or plural, in any case, `how_to` and `howto` too.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Kind> {
        let plain: String =
            word.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).flat_map(char::to_lowercase).collect();
        Some(match plain.as_str() {
            "question" | "questions" => Kind::Question,
            "howto" | "howtos" => Kind::HowTo,
            "story" | "stories" => Kind::Story,
            "idea" | "ideas" => Kind::Idea,
            "announcement" | "announcements" => Kind::Announcement,
            "person" | "people" | "persons" => Kind::Person,
            "link" | "links" => Kind::Link,
            "page" | "pages" => Kind::Page,
            _ => return None,
        })
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.singular())
    }
}

impl FolderKind {
    /// The words that `kinds:` in `longhouse.yaml` takes.
    pub const WORDS: [&'static str; 9] =
        ["question", "how-to", "story", "idea", "announcement", "person", "link", "page", "faq"];

    /// What a word under `kinds:` means: a kind's word, or `faq`.
    #[must_use]
    pub fn from_word(word: &str) -> Option<FolderKind> {
        if word.eq_ignore_ascii_case("faq") || word.eq_ignore_ascii_case("faqs") {
            return Some(FolderKind { kind: Kind::Question, faq: true });
        }
        Kind::from_word(word).map(|kind| FolderKind { kind, faq: false })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_known_by_its_singular_and_its_plural() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_word(kind.singular()), Some(kind));
            assert_eq!(Kind::from_word(kind.plural()), Some(kind));
        }
        assert_eq!(Kind::from_word("How_To"), Some(Kind::HowTo));
        assert_eq!(Kind::from_word("recipes"), None);
    }

    #[test]
    fn an_faq_folder_holds_questions_that_answer_themselves() {
        assert_eq!(FolderKind::from_word("FAQ"), Some(FolderKind { kind: Kind::Question, faq: true }));
        assert_eq!(FolderKind::from_word("guides"), None);
    }
}
