//! What fields of front matter hold where it is more than a text: words that the program decides by, and values of
//! several parts.

use std::fmt;

use super::form::{One, Value};
use crate::diagnostic::Spanned;
use crate::page::date::Date;

/// A text and its place.
pub type Text = Spanned<String>;

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

        impl One for $name {
            fn from_value(value: Value) -> Option<Spanned<Self>> {
                let Value::Word(word) = value else { return None };
                Some(Spanned::new($name::from_word(word.value)?, word.span))
            }

            fn text(&self) -> Option<&str> {
                Some(self.word())
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

/// `yes, WHO, DATE`: that a customer agreed to a story; or `withdrawn`: that they no longer do.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Consent {
    /// Whether it begins with a yes.
    pub given: bool,
    /// Whether it was given and has been taken back.
    pub withdrawn: bool,
    /// Who agreed.
    pub who: Option<String>,
    /// When.
    pub date: Option<Date>,
    /// The whole as typed.
    pub text: String,
}

impl Consent {
    /// The word for one that was given and has been taken back.
    pub const WITHDRAWN: &'static str = "withdrawn";
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

impl Every {
    /// The day that lies one period after another, or the last one there is.
    #[must_use]
    pub fn after(self, day: jiff::civil::Date) -> jiff::civil::Date {
        self.span().and_then(|span| day.checked_add(span).ok()).unwrap_or(jiff::civil::Date::MAX)
    }
}

impl Every {
    /// The day that lies one period before another, or the first one there is.
    #[must_use]
    pub fn before(self, day: jiff::civil::Date) -> jiff::civil::Date {
        self.span().and_then(|span| day.checked_sub(span).ok()).unwrap_or(jiff::civil::Date::MIN)
    }

    fn span(self) -> Option<jiff::Span> {
        let (span, count) = (jiff::Span::new(), i64::from(self.count));
        let span = match self.unit {
            Unit::Days => span.try_days(count),
            Unit::Weeks => span.try_weeks(count),
            Unit::Months => span.try_months(count),
            Unit::Years => span.try_years(count),
        };
        span.ok()
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
