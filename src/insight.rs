//! What a community looks like in figures: how much is asked and answered, how fast, by how many people, and what needs
//! care. Everything is counted from files and git; nothing is known of readers.
//!
//! [`report`] is a pure function from a linked site to a [`Report`]: what people did is read off the site once
//! ([`activity::Activity`]), and each figure of the table ([`figures::FIGURES`]) is made of a slice of it. From the same
//! table come the definitions in JSON ([`json`]), the rows of CSV ([`csv`]), the page with charts ([`page`]), and the
//! names that `check --health` takes ([`health`]). Figures of the past are those of today: what was answered since then is
//! answered.

pub mod activity;
mod answers;
pub mod by_person;
pub mod chart;
pub mod csv;
pub mod figures;
pub mod health;
pub mod json;
pub mod measure;
pub mod page;
mod people;
pub mod show;
mod upkeep;
pub mod window;

use jiff::civil::Date;

use crate::diagnostic::Diagnostic;
use crate::site::counted::Counted;
use crate::site::expertise::Expertise;
use crate::site::{Entry, Site, taxonomy};
use crate::source::git::states::FieldHistories;
use activity::Activity;
use figures::{Context, FIGURES, Figure, Scope};
use measure::Measure;
use window::{Every, Period, Window, day_number, day_of};

/// The number of days of a window where no periods are asked for.
pub const RECENT: i64 = 90;

/// What is counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Only what bears this tag, by its slug.
    pub tag: Option<String>,
    /// Only what is about this product, by its id.
    pub product: Option<String>,
    /// Whether an answer counts only if somebody wrote it who did not ask.
    pub strict_answers: bool,
    /// Whether nothing is left out: neither questions that were merged into another one, nor those that are too young to
    /// have been answered in time.
    pub include_duplicates: bool,
    /// The periods that are shown besides the whole.
    pub by: Option<Every>,
}

/// What was found wrong with a site.
#[derive(Debug, Clone, Copy)]
pub struct Found<'a> {
    /// The problems.
    pub problems: &'a [Diagnostic],
    /// Whether the search tests were run.
    pub search_tests: bool,
    /// Whether each question was compared with all others.
    pub duplicates: bool,
    /// When the states of ideas changed, if git knows.
    pub states: Option<&'a FieldHistories>,
}

/// The figures of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The title of the site.
    pub site: String,
    /// What was counted.
    pub options: Options,
    /// The day that counts as today.
    pub today: Option<Date>,
    /// The first day on which anything happened, and the last one.
    pub span: Option<(Date, Date)>,
    /// Each figure of the whole history, in the order of the table. What is compared with the time before is of the last
    /// [`RECENT`] days.
    pub figures: Vec<(&'static Figure, Measure)>,
    /// The same by period, the oldest first, without what can only be said of today.
    pub periods: Vec<PeriodFigures>,
}

/// The figures of one period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeriodFigures {
    /// What it is called.
    pub name: String,
    /// The first day of it.
    pub from: Date,
    /// The last day of it that counts.
    pub until: Date,
    /// Its figures, in the order of the table.
    pub figures: Vec<(&'static Figure, Measure)>,
}

impl Options {
    /// Takes a tag and a product as people write them.
    #[must_use]
    pub fn named(self, site: &Site, tag: Option<&str>, product: Option<&str>) -> Options {
        let tag = tag.map(|name| site.tag_names().slug(name));
        let product = product.map(|name| taxonomy::product_id(&site.sources().config, name));
        Options { tag, product, ..self }
    }

    /// Whether an entry counts.
    #[must_use]
    pub fn wants(&self, entry: &Entry) -> bool {
        self.tag.as_ref().is_none_or(|tag| entry.tags.contains(tag))
            && self.product.as_ref().is_none_or(|product| entry.products.contains(product))
    }
}

/// Counts. What is wrong with the site is known only to who checked it.
#[must_use]
pub fn report(site: Counted<'_>, found: Option<Found<'_>>, options: &Options) -> Report {
    let activity = Activity::new(site, options);
    let today = site.today();
    let entries = site.listed().map(|(_, entry)| entry);
    let expertise = Expertise::new(entries, today, |handle| site.is_named(handle));
    let context = |window: Option<Window>, before: Option<Window>| Context {
        questions: activity.questions_in(window),
        acts: activity.acts_in(window),
        entries: activity.entries_in(window),
        activity: &activity,
        window,
        before,
        expertise: &expertise,
        found,
    };
    let whole = context(None, None);
    let recent = today.map(day_number).map(|until| Window { from: until - RECENT + 1, until });
    let recent = context(recent, recent.map(Window::before));
    let of = |figure: &'static Figure| match figure.scope {
        Scope::Window | Scope::Today => (figure, (figure.measure)(&whole)),
        Scope::Recent => (figure, (figure.measure)(&recent)),
    };
    let span = activity.span();
    let history =
        span.map(|span| Window { until: today.map_or(span.until, day_number).max(span.from), ..span });
    let periods = options.by.zip(history).map_or_else(Vec::new, |(by, history)| by.periods(history));
    let of_period = |period: Period| {
        let context = context(Some(period.window), Some(period.before));
        let figures = FIGURES.iter().filter(|figure| figure.scope != Scope::Today);
        PeriodFigures {
            name: period.name,
            from: day_of(period.window.from),
            until: day_of(period.window.until),
            figures: figures.map(|figure| (figure, (figure.measure)(&context))).collect(),
        }
    };
    Report {
        site: site.config().title.clone(),
        options: options.clone(),
        today,
        span: span.map(|span| (day_of(span.from), day_of(span.until))),
        figures: FIGURES.iter().map(of).collect(),
        periods: periods.into_iter().map(of_period).collect(),
    }
}

/// How questions are answered: two figures of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answering {
    /// The time in which half of the first answers came.
    pub median: Measure,
    /// The share of questions that have an answer.
    pub answered: Measure,
}

/// Counts nothing but how questions are answered, over the whole history.
#[must_use]
pub fn answering(site: Counted<'_>) -> Answering {
    let activity = Activity::new(site, &Options::default());
    let expertise = Expertise::default();
    let context = Context {
        questions: activity.questions_in(None),
        acts: activity.acts_in(None),
        entries: activity.entries_in(None),
        activity: &activity,
        window: None,
        before: None,
        expertise: &expertise,
        found: None,
    };
    Answering { median: answers::ttfa_median(&context), answered: answers::answered_rate(&context) }
}

impl Report {
    /// A figure of the whole history.
    #[must_use]
    pub fn figure(&self, id: &str) -> Option<&Measure> {
        self.figures.iter().find(|(figure, _)| figure.id == id).map(|(_, measure)| measure)
    }
}

impl PeriodFigures {
    /// A figure of the period.
    #[must_use]
    pub fn figure(&self, id: &str) -> Option<&Measure> {
        self.figures.iter().find(|(figure, _)| figure.id == id).map(|(_, measure)| measure)
    }
}
