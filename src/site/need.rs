//! What a question or a page still needs, and what it has: these words mean the same in lists, in `check`, on pages and
//! in `insight`, because all of them ask here.
//!
//! | word | meaning |
//! |---|---|
//! | asked | somebody asked it: a question, and none whose whole text is its answer (`faq`) |
//! | answered | it has a visible answer, in a file of its own or in the question's |
//! | accepted | the one who asked said which answer helped |
//! | confirmed | an answer worked for somebody other than those who wrote it |
//! | solved | accepted or confirmed |
//! | unanswered, unsolved | asked, and not answered, or not solved; whatever is unanswered is unsolved |
//! | stale | its review is overdue |
//! | outdated | an answer worked for people, but for nobody yet on the newest version |

use jiff::ToSpan;
use jiff::civil::Date;

use super::answers::natural;
use super::{Answer, Entry, Moment, Question};
use crate::page::front_matter::{Every, Fields, Status};

/// A page that was verified, and does not say how often it wants to be, wants it after this many years.
const YEARS: i32 = 2;

impl Entry {
    /// What a question has that somebody asked: of a `faq` file, nobody did.
    #[must_use]
    pub fn asked(&self) -> Option<&Question> {
        self.question().filter(|question| !question.faq)
    }

    /// Whether it still takes part: what is locked, obsolete or hidden asks nobody for anything.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.status == Status::Published
    }

    /// Whether it is a question that nobody has answered yet.
    #[must_use]
    pub fn is_unanswered(&self) -> bool {
        self.asked().is_some_and(|question| !question.is_answered())
    }

    /// Whether it is a question of which nobody has said yet that an answer helped.
    #[must_use]
    pub fn is_unsolved(&self) -> bool {
        self.asked().is_some_and(|question| !question.is_solved())
    }

    /// The answers to a question that somebody other than those who asked wrote, the best first. Who wrote neither
    /// is unknown counts as somebody else: nothing says that they asked.
    pub fn answers_by_others(&self) -> impl Iterator<Item = &Answer> {
        let answers = self.asked().map_or(&[][..], |question| &question.answers);
        answers.iter().filter(|answer| is_by_other(answer, &self.authors))
    }
}

/// The first of some answers, and when it was given. What has no date cannot be the first.
pub fn first<'a>(answers: impl Iterator<Item = &'a Answer>) -> Option<(&'a Answer, Moment)> {
    let dated = answers.filter_map(|answer| Some((answer, answer.reply.date?)));
    dated.min_by(|(a, first), (b, second)| (first, &a.reply.anchor).cmp(&(second, &b.reply.anchor)))
}

impl Question {
    /// Whether it has a visible answer.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        !self.answers.is_empty()
    }

    /// Whether the one who asked said which answer helped.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.answers.iter().any(|answer| answer.accepted)
    }

    /// Whether an answer worked for somebody other than those who wrote it.
    #[must_use]
    pub fn is_confirmed(&self) -> bool {
        self.answers.iter().any(Answer::is_confirmed)
    }

    /// Whether anybody said that an answer helped.
    #[must_use]
    pub fn is_solved(&self) -> bool {
        self.is_accepted() || self.is_confirmed()
    }
}

impl Answer {
    /// Whether somebody who wrote it asked for it themselves, in this question or in the merged one that it was written
    /// under.
    #[must_use]
    pub fn is_to_own_question(&self, entry: &Entry, author: &String) -> bool {
        entry.authors.contains(author) || self.merged_from.contains(author)
    }

    /// Whether it worked for somebody. Confirmations by those who wrote it were never taken.
    #[must_use]
    pub fn is_confirmed(&self) -> bool {
        !self.confirmations.is_empty()
    }

    /// The newest version that it is known to work on, where that is not the newest that there is. `versions` are the
    /// declared ones of the question's products, the newest last.
    #[must_use]
    pub fn outdated_for<'a>(&'a self, versions: &[String]) -> Option<&'a str> {
        let newest = versions.last()?;
        let confirmed = || self.confirmations.iter().filter_map(|it| it.version.as_deref());
        if confirmed().any(|version| version == newest) {
            return None;
        }
        confirmed().max_by(|a, b| natural(a, b))
    }
}

/// Whether somebody wrote an answer who did not ask.
#[must_use]
pub fn is_by_other(answer: &Answer, asked: &[String]) -> bool {
    let authors = &answer.reply.authors;
    authors.is_empty() || authors.iter().any(|author| !asked.contains(author))
}

/// When a page was looked through, and when it should be again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Review {
    /// The day on which it was verified, changed or written.
    pub last: Date,
    /// The day until which that holds.
    pub due: Date,
    /// How often the page wants it, if it says so.
    pub every: Option<Every>,
}

impl Review {
    /// Of a page that was verified once, or says how often it wants to be.
    #[must_use]
    pub fn of(entry: &Entry, fields: &Fields) -> Option<Review> {
        let verified = fields.verified_on.as_ref().map(|verified| verified.value.day);
        let Some(every) = fields.review_every.as_ref().map(|every| every.value) else {
            let last = verified?;
            let due = last.checked_add(YEARS.years()).unwrap_or(Date::MAX);
            return Some(Review { last, due, every: None });
        };
        let changed = || entry.updated.or(entry.date).map(|moment| moment.date);
        let last = verified.or_else(changed)?;
        Some(Review { last, due: every.after(last), every: Some(every) })
    }

    /// Whether it is overdue: the page is stale.
    #[must_use]
    pub fn is_overdue(&self, today: Date) -> bool {
        self.due < today
    }
}
