//! How the value of a field is read, and where it is kept.

use super::fields::{Confirmation, Consent, Every, Labelled, MarkOrText, Text, Weight};
use crate::diagnostic::{Span, Spanned};
use crate::page::date::Date;
use crate::page::limits::Limit;
use crate::yaml::Shape;
use crate::yaml::key::Takes;

/// How the value of a field is read. The numbers say how many values count, and how many characters of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A text, in which a `#` or a colon means nothing. What is too long is cut off.
    Text(usize),
    /// A text that is cut off likewise. `false` says that there is none.
    Sponsor(usize),
    /// The name of somebody, from which e-mail addresses are taken.
    Person(usize),
    /// A short name; one that is too long is left out.
    Name(usize),
    /// Whose reply is meant, by the name of its file; likewise.
    Reply(usize),
    /// An address or a path; likewise.
    Reference(usize),
    /// Several names.
    Names(usize, usize),
    /// Several texts.
    Texts(usize, usize),
    /// Several texts; one by itself may have commas in it.
    Sentences(usize, usize),
    /// Several people, without their e-mail addresses.
    People(usize, usize),
    /// A word of which another part of the program says whether the kind takes it.
    Type(&'static [&'static str]),
    /// One of a few words.
    Word(&'static [&'static str]),
    /// A day.
    Day,
    /// Yes or no.
    Flag,
    /// A whole number.
    Number,
    /// Any number.
    Decimal,
    /// A number of days, weeks, months or years.
    Period,
    /// A language tag.
    Language,
    /// `yes, WHO, DATE`.
    Consent(usize),
    /// Several of `handle [version] [date]`.
    Confirmations(usize, usize),
    /// Several addresses, each with or without a word for it.
    Links(usize, usize),
    /// `true`, `false`, or a text that says more.
    MarkOrText(usize),
    /// The same, and whatever else other generators say of menus.
    Menu(usize),
}

impl Form {
    /// What is written there.
    #[must_use]
    pub const fn takes(self) -> Takes {
        match self {
            Form::Text(_)
            | Form::Sponsor(_)
            | Form::Person(_)
            | Form::Name(_)
            | Form::Reply(_)
            | Form::Reference(_) => Takes::Text,
            Form::Names(..) | Form::Texts(..) => Takes::Texts,
            Form::People(..) => Takes::People,
            Form::Sentences(..) => Takes::Sentences,
            Form::Type(words) | Form::Word(words) => Takes::Word(words),
            Form::Day => Takes::Day,
            Form::Flag => Takes::Flag,
            Form::Number => Takes::Number(i64::MIN, i64::MAX),
            Form::Decimal => Takes::Decimal,
            Form::Period => Takes::Period,
            Form::Language => Takes::Language,
            Form::Consent(_) => Takes::Consent,
            Form::Confirmations(..) => Takes::Confirmations,
            Form::Links(..) => Takes::Links,
            Form::MarkOrText(_) | Form::Menu(_) => Takes::MarkOrText,
        }
    }

    /// How far its YAML is repaired.
    #[must_use]
    pub const fn shape(self) -> Shape {
        match self {
            Form::Text(_)
            | Form::Sponsor(_)
            | Form::Person(_)
            | Form::Reference(_)
            | Form::Consent(_)
            | Form::MarkOrText(_) => Shape::Text,
            Form::Names(..)
            | Form::Texts(..)
            | Form::Sentences(..)
            | Form::People(..)
            | Form::Confirmations(..) => Shape::Texts,
            _ => Shape::Other,
        }
    }

    /// How much of it counts.
    #[must_use]
    pub const fn limit(self) -> Limit {
        match self {
            Form::Text(most)
            | Form::Sponsor(most)
            | Form::Person(most)
            | Form::Consent(most)
            | Form::MarkOrText(most)
            | Form::Menu(most) => Limit::Text(most),
            Form::Name(most) | Form::Reply(most) | Form::Reference(most) => Limit::Name(most),
            Form::Texts(items, most) | Form::Sentences(items, most) => Limit::Texts(items, most),
            Form::Names(items, most)
            | Form::People(items, most)
            | Form::Confirmations(items, most)
            | Form::Links(items, most) => Limit::Names(items, most),
            Form::Type(_)
            | Form::Word(_)
            | Form::Day
            | Form::Flag
            | Form::Number
            | Form::Decimal
            | Form::Period
            | Form::Language => Limit::Closed,
        }
    }

    /// Whether it takes several values, each of which counts.
    #[must_use]
    pub const fn is_list(self) -> bool {
        matches!(self.limit(), Limit::Texts(..) | Limit::Names(..))
    }

    /// Whether people stand in it, by handle or by name.
    #[must_use]
    pub const fn is_of_people(self) -> bool {
        matches!(self, Form::Person(_) | Form::People(..) | Form::Confirmations(..) | Form::Consent(_))
    }

    /// The words of which it takes one.
    #[must_use]
    pub const fn words(self) -> Option<&'static [&'static str]> {
        match self {
            Form::Word(words) => Some(words),
            _ => None,
        }
    }
}

/// A value that was read.
#[derive(Debug)]
pub(super) enum Value {
    Text(Text),
    Texts(Vec<Text>),
    Word(Spanned<&'static str>),
    Day(Spanned<Date>),
    Flag(Spanned<bool>),
    Number(Spanned<i64>),
    Decimal(Spanned<Weight>),
    Period(Spanned<Every>),
    Consent(Spanned<Consent>),
    MarkOrText(Spanned<MarkOrText>),
    Confirmations(Vec<Spanned<Confirmation>>),
    Links(Vec<Labelled>),
}

/// Where the value of a field is kept.
pub(super) trait Slot {
    /// Takes a value; `false` where one is there already and there can be no more. A value of another sort than the
    /// table says is none.
    fn take(&mut self, value: Value) -> bool;

    /// How many values are there.
    fn count(&self) -> usize;

    /// Gives each value that is a text, a word or a yes or no.
    fn each_text<'a>(&'a self, take: &mut dyn FnMut(&'a str));

    /// Gives who or what is named in each value, with the place of the value.
    fn each_name<'a>(&'a self, take: &mut dyn FnMut(&'a str, Span));
}

/// What a field holds one of.
pub(super) trait One: Sized {
    fn from_value(value: Value) -> Option<Spanned<Self>>;

    fn text(&self) -> Option<&str> {
        None
    }

    fn name(&self) -> Option<&str> {
        self.text()
    }
}

/// What a field holds several of.
pub(super) trait Many: Sized {
    fn from_value(value: Value) -> Vec<Self>;

    fn text(&self) -> Option<&str> {
        None
    }

    fn name(&self) -> Option<(&str, Span)> {
        None
    }
}

impl<T: One> Slot for Option<Spanned<T>> {
    fn take(&mut self, value: Value) -> bool {
        let is_first = self.is_none();
        if is_first {
            *self = T::from_value(value);
        }
        is_first
    }

    fn count(&self) -> usize {
        usize::from(self.is_some())
    }

    fn each_text<'a>(&'a self, take: &mut dyn FnMut(&'a str)) {
        self.iter().filter_map(|it| it.value.text()).for_each(take);
    }

    fn each_name<'a>(&'a self, take: &mut dyn FnMut(&'a str, Span)) {
        self.iter()
            .filter_map(|it| Some((it.value.name()?, it.span)))
            .for_each(|(name, span)| take(name, span));
    }
}

impl<T: Many> Slot for Vec<T> {
    fn take(&mut self, value: Value) -> bool {
        let more = T::from_value(value);
        // What was read is kept as it is, so that it takes no more memory than it needs.
        if self.is_empty() {
            *self = more;
        } else {
            self.extend(more);
        }
        true
    }

    fn count(&self) -> usize {
        self.len()
    }

    fn each_text<'a>(&'a self, take: &mut dyn FnMut(&'a str)) {
        self.iter().filter_map(Many::text).for_each(take);
    }

    fn each_name<'a>(&'a self, take: &mut dyn FnMut(&'a str, Span)) {
        self.iter().filter_map(Many::name).for_each(|(name, span)| take(name, span));
    }
}

macro_rules! one {
    ($($type:ty: $value:ident,)+) => {
        $(impl One for $type {
            fn from_value(value: Value) -> Option<Spanned<Self>> {
                match value { Value::$value(value) => Some(value), _ => None }
            }
        })+
    };
}

one! {
    Date: Day,
    i64: Number,
    Weight: Decimal,
    Every: Period,
    MarkOrText: MarkOrText,
}

impl One for Consent {
    fn from_value(value: Value) -> Option<Spanned<Self>> {
        match value {
            Value::Consent(consent) => Some(consent),
            _ => None,
        }
    }

    fn name(&self) -> Option<&str> {
        self.who.as_deref()
    }
}

impl One for bool {
    fn from_value(value: Value) -> Option<Spanned<Self>> {
        match value {
            Value::Flag(flag) => Some(flag),
            _ => None,
        }
    }

    fn text(&self) -> Option<&str> {
        Some(if *self { "true" } else { "false" })
    }
}

impl One for String {
    fn from_value(value: Value) -> Option<Text> {
        match value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    fn text(&self) -> Option<&str> {
        Some(self)
    }
}

impl One for &'static str {
    fn from_value(value: Value) -> Option<Spanned<Self>> {
        match value {
            Value::Word(word) => Some(word),
            _ => None,
        }
    }

    fn text(&self) -> Option<&str> {
        Some(self)
    }
}

impl Many for Text {
    fn from_value(value: Value) -> Vec<Text> {
        match value {
            Value::Texts(texts) => texts,
            _ => Vec::new(),
        }
    }

    fn text(&self) -> Option<&str> {
        Some(&self.value)
    }

    fn name(&self) -> Option<(&str, Span)> {
        Some((&self.value, self.span))
    }
}

impl Many for Spanned<Confirmation> {
    fn from_value(value: Value) -> Vec<Self> {
        match value {
            Value::Confirmations(all) => all,
            _ => Vec::new(),
        }
    }

    fn name(&self) -> Option<(&str, Span)> {
        Some((&self.value.by, self.span))
    }
}

impl Many for Labelled {
    fn from_value(value: Value) -> Vec<Self> {
        match value {
            Value::Links(links) => links,
            _ => Vec::new(),
        }
    }
}
