//! Front matter, typed: every field of every kind, each with the place where it was written.
//!
//! Which of them an entry may have depends on its kind, which the file alone does not know: that is
//! said later, with [`super::fields_of`].

use std::fmt;

use super::names::Field;
use crate::diagnostic::{Span, Spanned};
use crate::page::date::Date;

/// A text and its place.
pub type Text = Spanned<String>;

/// Everything that a front matter says. A field that is missing or could not be understood is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each field is described once, in `Field::about`")]
pub struct Fields {
    // All kinds.
    pub title: Option<Text>,
    pub tags: Vec<Text>,
    pub products: Vec<Text>,
    pub versions: Vec<Text>,
    pub authors: Vec<Text>,
    pub date: Option<Spanned<Date>>,
    pub updated: Option<Spanned<Date>>,
    pub aliases: Vec<Text>,
    pub description: Option<Text>,
    pub status: Option<Spanned<Status>>,
    pub reason: Option<Text>,
    pub verified_on: Option<Spanned<Date>>,
    pub review_every: Option<Spanned<Every>>,
    pub affiliation: Option<Text>,
    pub sponsored: Option<Text>,
    pub license: Option<Text>,
    pub lang: Option<Text>,
    pub slug: Option<Text>,
    pub weight: Option<Spanned<Weight>>,
    pub id: Option<Text>,
    // Questions and replies.
    pub accepted: Option<Text>,
    pub also_asked: Vec<Text>,
    pub duplicate_of: Option<Text>,
    pub audience: Option<Spanned<Audience>>,
    pub score: Option<Spanned<i64>>,
    pub confirmed_by: Vec<Spanned<Confirmation>>,
    pub comment: Option<Spanned<bool>>,
    pub on: Option<Text>,
    pub confirms: Option<Text>,
    pub version: Option<Text>,
    pub supports: Option<Spanned<bool>>,
    pub response: Option<Spanned<MarkOrText>>,
    // Stories.
    pub customer: Option<Text>,
    pub consent: Option<Spanned<Consent>>,
    pub industry: Option<Text>,
    pub size: Option<Text>,
    pub use_case: Option<Text>,
    pub problem: Option<Text>,
    pub why: Option<Text>,
    pub outcome: Option<Text>,
    /// In its usual form (lower case, hyphens). What it may be depends on the kind: [`super::types_of`].
    pub type_: Option<Text>,
    pub sentiment: Option<Spanned<Sentiment>>,
    // How-tos.
    pub time: Option<Text>,
    pub needs: Vec<Text>,
    pub level: Option<Text>,
    // Ideas.
    pub state: Option<Spanned<State>>,
    pub horizon: Option<Spanned<Horizon>>,
    pub fulfilled_by: Option<Text>,
    pub supporters: Vec<Text>,
    // Announcements.
    pub severity: Option<Spanned<Urgency>>,
    pub places: Vec<Text>,
    pub starts: Option<Spanned<Date>>,
    pub expires: Option<Spanned<Date>>,
    // People.
    pub name: Option<Text>,
    pub role: Option<Spanned<Role>>,
    pub company: Option<Text>,
    pub gifts: Vec<Text>,
    pub interests: Vec<Text>,
    pub expert_in: Vec<Text>,
    pub place: Option<Text>,
    pub links: Vec<Labelled>,
    pub listed: Option<Spanned<bool>>,
    // Links.
    pub url: Option<Text>,
    pub feed: Option<Text>,
    pub when: Option<Text>,
    // Pages.
    pub menu: Option<Spanned<MarkOrText>>,
    /// Every name that was written, as typed, and the field that it means.
    pub present: Vec<(Spanned<String>, Option<Field>)>,
}

/// Declares an enum of words that a field takes.
macro_rules! words {
    ($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $about:literal])+ $variant:ident = $word:literal,)+ }) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[doc = $about])+ $variant,)+ }

        impl $name {
            /// The words, as they are written.
            pub const WORDS: &'static [&'static str] = &[$($word,)+];

            /// The word for it.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $($name::$variant => $word,)+ }
            }

            /// What exactly this word means.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some($name::$variant),)+ _ => None }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(self.word())
            }
        }
    };
}

words! {
    /// Whether an entry is shown, and how.
    Status {
        /// Not yet meant for readers.
        Draft = "draft",
        /// For everybody.
        Published = "published",
        /// Taken back; its address stays, with the reason.
        Hidden = "hidden",
        /// No longer true.
        Obsolete = "obsolete",
        /// Takes no more replies.
        Locked = "locked",
    }
}

words! {
    /// Whom a question is for.
    Audience {
        /// Prospects who have yet to decide.
        BeforeYouBuy = "before-you-buy",
    }
}

words! {
    /// How a customer feels about it.
    Sentiment {
        /// Content.
        Happy = "happy",
        /// Both.
        Mixed = "mixed",
        /// Not content.
        Critical = "critical",
    }
}

words! {
    /// What became of an idea.
    State {
        /// Nothing yet.
        Open = "open",
        /// It will be made.
        Planned = "planned",
        /// It is there.
        Shipped = "shipped",
        /// It will not be made.
        Declined = "declined",
    }
}

words! {
    /// When an idea is to come true.
    Horizon {
        /// Being worked on.
        Now = "now",
        /// After that.
        Next = "next",
        /// Some day.
        Later = "later",
    }
}

words! {
    /// How much an announcement matters.
    Urgency {
        /// Good to know.
        Info = "info",
        /// Worth knowing.
        Notice = "notice",
        /// Everybody concerned must know.
        Urgent = "urgent",
    }
}

words! {
    /// What a person is to the company.
    Role {
        /// Uses what the company makes.
        Customer = "customer",
        /// Sells or builds with the company.
        Partner = "partner",
        /// Delivers to the company.
        Supplier = "supplier",
        /// Works for the company; counts only for handles in `team:`.
        Staff = "staff",
        /// Keeps order; counts only for handles in `team:`.
        Moderator = "moderator",
    }
}

/// `true`, `false`, or a text that says more.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum MarkOrText {
    /// `true` or `false`.
    Mark(bool),
    /// Any other text.
    Text(String),
}

/// `yes, WHO, DATE`: that a customer agreed to a story.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Consent {
    /// Whether it begins with a yes.
    pub given: bool,
    /// Who agreed.
    pub who: Option<String>,
    /// When.
    pub date: Option<Date>,
    /// The whole as typed.
    pub text: String,
}

/// `handle [version] [date]`: that an answer worked for somebody.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Confirmation {
    /// For whom, as typed, without `@`.
    pub by: String,
    /// With which version.
    pub version: Option<String>,
    /// When.
    pub date: Option<Date>,
}

/// A period, as in `30d`, `2w`, `6m`, `1y`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Every {
    /// How many units, from 1.
    pub count: u16,
    /// The unit.
    pub unit: Unit,
}

/// The unit of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// `d`
    Days,
    /// `w`
    Weeks,
    /// `m`
    Months,
    /// `y`
    Years,
}

/// A place among neighbours: the lighter stands first. Kept in thousandths, so that `1.5` fits between 1 and 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Weight {
    /// The number as typed, times a thousand.
    pub thousandths: i64,
}

/// An address, with or without a word for it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Labelled {
    /// The word.
    pub label: Option<Text>,
    /// The address as typed.
    pub url: Text,
}

impl Fields {
    /// The place where a field's name stands, if it was written.
    #[must_use]
    pub fn key_span(&self, field: Field) -> Option<Span> {
        self.present.iter().find(|(_, canonical)| *canonical == Some(field)).map(|(key, _)| key.span)
    }
}

impl Every {
    /// The day that lies one period after another, or the last one there is.
    #[must_use]
    pub fn after(self, day: jiff::civil::Date) -> jiff::civil::Date {
        let span = jiff::Span::new();
        let count = i64::from(self.count);
        let span = match self.unit {
            Unit::Days => span.try_days(count),
            Unit::Weeks => span.try_weeks(count),
            Unit::Months => span.try_months(count),
            Unit::Years => span.try_years(count),
        };
        span.ok().and_then(|span| day.checked_add(span).ok()).unwrap_or(jiff::civil::Date::MAX)
    }
}

impl fmt::Display for Every {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            Unit::Days => 'd',
            Unit::Weeks => 'w',
            Unit::Months => 'm',
            Unit::Years => 'y',
        };
        write!(out, "{}{unit}", self.count)
    }
}
