//! Where help is wanted: what an entry lacks that somebody could give in a few minutes, and what nobody knows yet.
//! [`super::need`] says what the words mean.

use jiff::civil::Date;

use super::answers::natural;
use super::need::{self, Review};
use super::{Confirmation, Detail, Entry};
use crate::page::front_matter::Fields;

/// So many days after its first answer a question wants to hear whether that helped.
const SETTLED: i32 = 14;

/// A tag wants somebody who knows it once so many questions with it were asked within a year.
pub const ASKED: usize = 3;

/// What is lacking, in the order in which pages show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Want {
    /// Nobody has answered.
    Answer,
    /// It was answered some time ago, and nobody has said that an answer helped.
    Verdict,
    /// It worked on a version before the newest, and nobody has tried the newest.
    Version,
    /// Its review is overdue.
    Review,
}

impl Want {
    /// All of them, in order.
    pub const ALL: [Want; 4] = [Want::Answer, Want::Verdict, Want::Version, Want::Review];

    /// Its name in views and reports.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Want::Answer => "answer",
            Want::Verdict => "verdict",
            Want::Version => "version",
            Want::Review => "review",
        }
    }
}

/// What an entry lacks, as far as no other day and no configuration would say otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lacking {
    /// Whether it has no answer.
    is_unanswered: bool,
    /// Of an unsolved question: the day of its first answer.
    pub unsolved_since: Option<Date>,
    /// The newest version that it is known to work on.
    pub works_on: Option<String>,
    /// When it was looked through, and when it should be again.
    pub review: Option<Review>,
}

impl Lacking {
    /// Reads it off an entry. What is locked, obsolete or hidden asks nobody for anything.
    #[must_use]
    pub fn of(entry: &Entry, fields: &Fields) -> Lacking {
        if !entry.is_open() {
            return Lacking::default();
        }
        let first = || need::first(entry.asked()?.answers.iter()).map(|(_, given)| given.date);
        Lacking {
            is_unanswered: entry.is_unanswered(),
            unsolved_since: Some(entry).filter(|it| it.is_unsolved()).and_then(|_| first()),
            works_on: works_on(entry).map(str::to_string),
            review: Review::of(entry, fields),
        }
    }

    /// What is lacking on a day, where `newest` is the newest version of its product. Without a day nothing is overdue.
    pub fn wants(&self, today: Option<Date>, newest: Option<&str>) -> impl Iterator<Item = Want> {
        let is_over = |day: Option<Date>, days: i32| {
            let until = day.and_then(|day| day.checked_add(jiff::Span::new().days(days)).ok());
            today.zip(until).is_some_and(|(today, until)| until < today)
        };
        let is_old =
            self.works_on.as_deref().zip(newest).is_some_and(|(on, newest)| natural(on, newest).is_lt());
        let wants = |want: &Want| match want {
            Want::Answer => self.is_unanswered,
            Want::Verdict => is_over(self.unsolved_since, SETTLED),
            Want::Version => is_old,
            Want::Review => today.zip(self.review).is_some_and(|(today, review)| review.is_overdue(today)),
        };
        Want::ALL.into_iter().filter(wants).collect::<Vec<_>>().into_iter()
    }
}

/// The newest version that somebody says it worked on.
#[must_use]
fn works_on(entry: &Entry) -> Option<&str> {
    let version = |it: &&Confirmation| it.version.is_some();
    let confirmations: Vec<&Confirmation> = match &entry.detail {
        Detail::Question(question) => question.answers.iter().flat_map(|it| &it.confirmations).collect(),
        Detail::HowTo(how_to) => how_to.confirmations.iter().collect(),
        Detail::Story(_) | Detail::Idea(_) | Detail::Link(_) | Detail::Plain => Vec::new(),
    };
    let versions = confirmations.into_iter().filter(version).filter_map(|it| it.version.as_deref());
    versions.max_by(|a, b| natural(a, b))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn wants(lacking: &Lacking, today: Option<Date>, newest: Option<&str>) -> Vec<Want> {
        lacking.wants(today, newest).collect()
    }

    #[test]
    fn a_question_wants_a_verdict_two_weeks_after_its_first_answer() {
        let lacking = Lacking { unsolved_since: Some(date(2026, 3, 1)), ..Lacking::default() };
        assert_eq!(wants(&lacking, Some(date(2026, 3, 15)), None), []);
        assert_eq!(wants(&lacking, Some(date(2026, 3, 16)), None), [Want::Verdict]);
        assert_eq!(wants(&lacking, None, None), [], "without a day nothing is overdue");
    }

    #[test]
    fn versions_compare_as_numbers() {
        let lacking = Lacking { works_on: Some("4.9".to_string()), ..Lacking::default() };
        assert_eq!(wants(&lacking, None, Some("4.10")), [Want::Version]);
        assert_eq!(wants(&lacking, None, Some("4.9")), []);
        assert_eq!(wants(&lacking, None, Some("4.8")), [], "somebody was ahead of the configuration");
        assert_eq!(wants(&lacking, None, None), []);
    }
}
