//! The one table of figures: what each is called, what it means, in which unit it is and which direction is good, and how
//! it is made. The definitions in reports, the columns of tables, the names that `check --health` takes and the
//! documentation are all made of it.
//!
//! Long because it is that table.

use super::activity::{Act, Activity, Asked, Written};
use super::measure::Measure;
use super::window::Window;
use super::{Found, answers, people, upkeep};
use crate::site::expertise::Expertise;

/// An hour in milliseconds.
pub const HOUR: i64 = 3_600_000;
/// A day in milliseconds.
pub const DAY: i64 = 24 * HOUR;

/// What one figure is.
#[derive(Debug, Clone, Copy)]
pub struct Figure {
    /// Its name in JSON, CSV and on the command line.
    pub id: &'static str,
    /// What it is called in tables.
    pub title: &'static str,
    /// What it counts, in a sentence or two that stand by themselves.
    pub words: &'static str,
    /// What its value is a number of.
    pub unit: Unit,
    /// Whether more of it is better.
    pub direction: Direction,
    /// What it belongs to.
    pub group: Group,
    /// Of what it can be said.
    pub scope: Scope,
    /// How it is made.
    pub measure: fn(&Context<'_>) -> Measure,
}

/// Each has a name of its own.
impl PartialEq for Figure {
    fn eq(&self, other: &Figure) -> bool {
        self.id == other.id
    }
}

impl Eq for Figure {}

/// What a value is a number of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Things.
    Count,
    /// A fraction of 1, shown in percent.
    Share,
    /// Hours.
    Hours,
    /// Days.
    Days,
    /// People.
    People,
}

/// Whether more of something is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
    /// It says how things are, not whether that is good.
    Neither,
}

/// What a figure is about, as tables and pages group them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// How much was written.
    Activity,
    /// What became of questions.
    Answers,
    /// How fast they were answered.
    Speed,
    /// Who takes part.
    People,
    /// Customers and the company.
    Company,
    /// What needs care.
    Care,
}

/// Of what a figure can be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Of any window: what was written in it, as it is today.
    Window,
    /// Of a window beside the time before it; without periods, of the last ninety days.
    Recent,
    /// Of today only.
    Today,
}

/// What a figure is made of.
#[derive(Debug)]
pub struct Context<'a> {
    /// What people did.
    pub activity: &'a Activity<'a>,
    /// The days that count; all of them without any.
    pub window: Option<Window>,
    /// The time before, to compare with.
    pub before: Option<Window>,
    /// The questions that were asked in the window.
    pub questions: &'a [Asked],
    /// What was contributed in it.
    pub acts: &'a [Act],
    /// The other entries that were written in it.
    pub entries: &'a [Written],
    /// Who knows what.
    pub expertise: &'a Expertise,
    /// What is wrong with the site, where somebody looked.
    pub found: Option<Found<'a>>,
}

impl Unit {
    /// Its name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Unit::Count => "count",
            Unit::Share => "share",
            Unit::Hours => "hours",
            Unit::Days => "days",
            Unit::People => "people",
        }
    }
}

impl Direction {
    /// Its name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Direction::Higher => "higher",
            Direction::Lower => "lower",
            Direction::Neither => "neither",
        }
    }

    /// The same in words, for people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Direction::Higher => "higher is better",
            Direction::Lower => "lower is better",
            Direction::Neither => "neither direction is better by itself",
        }
    }

    /// The same as a sentence to follow a definition; nothing where neither is better.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Direction::Higher => " Higher is better.",
            Direction::Lower => " Lower is better.",
            Direction::Neither => "",
        }
    }
}

impl Group {
    /// All of them, in the order of reports.
    pub const ALL: [Group; 6] =
        [Group::Activity, Group::Answers, Group::Speed, Group::People, Group::Company, Group::Care];

    /// Its heading.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Group::Activity => "Activity",
            Group::Answers => "Answers",
            Group::Speed => "Time to answer",
            Group::People => "People",
            Group::Company => "Customers and the company",
            Group::Care => "What needs care",
        }
    }
}

/// The figure of a name.
#[must_use]
pub fn find(id: &str) -> Option<&'static Figure> {
    FIGURES.iter().find(|figure| figure.id == id)
}

/// The figures, each with its name, its title, its definition, its unit, its direction, its group, its scope and how it is
/// made.
macro_rules! figures {
    ($($group:ident { $($id:literal, $title:literal, $unit:ident, $direction:ident, $scope:ident, $measure:path:
        $words:literal;)* })*) => {
        /// Every figure, in the order of reports.
        pub const FIGURES: &[Figure] = &[$($(Figure {
            id: $id,
            title: $title,
            words: $words,
            unit: Unit::$unit,
            direction: Direction::$direction,
            group: Group::$group,
            scope: Scope::$scope,
            measure: $measure,
        },)*)*];
    };
}

figures! {
    Activity {
        "questions", "Questions", Count, Neither, Window, answers::questions:
            "Questions that were asked. FAQ files, drafts, hidden pages and duplicates do not count.";
        "answers", "Answers", Count, Neither, Window, answers::answers:
            "Answers that were given, in files of their own or in the file of the question.";
        "comments", "Comments", Count, Neither, Window, answers::comments:
            "Comments that were written, the company's responses among them.";
        "confirmations", "Confirmations", Count, Higher, Window, answers::confirmations:
            "How often somebody said that an answer or a how-to worked for them.";
        "contributions", "Other pages", Count, Neither, Window, answers::others:
            "Stories, how-tos, ideas, announcements, links and plain pages that were written.";
        "duplicates", "Duplicates", Count, Neither, Today, answers::duplicates:
            "Questions that were merged into another one. They are left out of all other figures.";
        "undated", "Undated", Count, Lower, Today, answers::undated:
            "Contributions without a date. They count in totals and in no period.";
    }
    Answers {
        "answered", "Answered questions", Count, Neither, Window, answers::answered:
            "Questions with at least one visible answer of either form. With --strict-answers, somebody else has to \
             have written it.";
        "answered_rate", "Answered", Share, Higher, Window, answers::answered_rate:
            "Questions with at least one visible answer, of all questions. With --strict-answers, somebody else has to \
             have written it.";
        "accepted", "Questions with an accepted answer", Count, Neither, Window, answers::accepted:
            "Questions of which the one who asked said which answer helped.";
        "accepted_rate", "Accepted", Share, Higher, Window, answers::accepted_rate:
            "Questions with an accepted answer, of all questions.";
        "solved_rate", "Solved", Share, Higher, Window, answers::solved_rate:
            "Questions with an answer that was accepted, or confirmed by somebody other than its author, of all questions.";
        "unanswered", "Unanswered", Count, Lower, Window, answers::unanswered:
            "Questions without any visible answer.";
        "unanswered_by_age", "Unanswered by age", Count, Lower, Today, answers::unanswered_by_age:
            "Questions without any visible answer, by the days since they were asked.";
        "unsolved_by_age", "Unsolved by age", Count, Lower, Today, answers::unsolved_by_age:
            "Questions without an accepted or confirmed answer, unanswered ones among them, by the days since they were \
             asked.";
        "asked_again", "Asked again", Count, Neither, Today, upkeep::asked_again:
            "How often a question was asked again: its duplicates, and other wordings under `also_asked`.";
        "asked_again_unmarked", "Asked again, not marked", Count, Lower, Today, upkeep::asked_again_unmarked:
            "Questions that the search takes for the same as another one, and that do not say so with `duplicate_of`. Only \
             with --search.";
    }
    Speed {
        "ttfa_median", "Median time to first answer", Hours, Lower, Window, answers::ttfa_median:
            "Half of the first answers by another person came within this time. Questions without one do not count, so \
             read it beside `within_24h`.";
        "ttfa_p90", "Nine of ten within", Hours, Lower, Window, answers::ttfa_p90:
            "Nine of ten first answers by another person came within this time, linear between ranks.";
        "ttfa_before", "Answered before asked", Count, Lower, Window, answers::ttfa_before:
            "Questions whose first answer is older than they are, as in moved posts. They are left out of the times.";
        "within_24h", "Answered within 24 hours", Share, Higher, Window, answers::within_24h:
            "Questions whose first answer by another person came within 24 hours, of all questions, answered or not. \
             Questions of today are left out of both numbers.";
        "within_7d", "Answered within 7 days", Share, Higher, Window, answers::within_7d:
            "Questions whose first answer by another person came within 7 days, of all questions, answered or not. \
             Questions that are younger than 7 days are left out of both numbers.";
    }
    People {
        "people", "People who posted", People, Neither, Window, people::posted:
            "People who asked, answered or wrote a page. Comments and confirmations do not count here.";
        "contributors", "People who took part", People, Neither, Window, people::contributors:
            "People who contributed anything: a question, an answer, a page, a comment or a confirmation.";
        "absence_factor_answers", "Absence factor, answers", People, Higher, Window, people::absence_factor_answers:
            "The smallest number of people who wrote half of the answers (contributor absence factor of CHAOSS). A \
             community that rests on one person has 1.";
        "absence_factor", "Absence factor, all", People, Higher, Window, people::absence_factor:
            "The smallest number of people who wrote half of all questions, answers and pages (contributor absence \
             factor of CHAOSS).";
        "top10_share", "Share of the top ten", Share, Lower, Window, people::top10_share:
            "How much of the answers the ten people wrote who answered most. There is no value below 30 answers.";
        "new", "New people", People, Higher, Recent, people::new:
            "People whose first contribution of any kind lies in the window. It needs a history of twice its length.";
        "reactivated", "People who came back", People, Higher, Recent, people::reactivated:
            "People who contributed again after 90 days of silence or more.";
        "lost", "Lost regulars", People, Lower, Recent, people::lost:
            "People with four contributions or more in the 90 days before the window, and none in it.";
        "returning", "Returning", Share, Higher, Recent, people::returning:
            "People who also contributed in the window before, of all who contributed in this one.";
        "second_try_answered", "Second try, answered", Share, Higher, Today, people::second_try_answered:
            "Of people whose first question was answered: those who wrote on another page within 90 days. First \
             questions of the last 90 days are left out.";
        "second_try_unanswered", "Second try, unanswered", Share, Higher, Today, people::second_try_unanswered:
            "The same of people whose first question was not answered: the reason to answer newcomers.";
        "retention", "Retention", People, Higher, Today, people::retention:
            "People by the month of their first contribution, and how many of them contributed in each month after it.";
    }
    Company {
        "first_by_customer", "First answers by customers", Share, Neither, Window, answers::first_by_customer:
            "First answers that nobody of the team gave, of all first answers by another person: how far customers help \
             each other.";
        "company_answers", "Answers by the company", Share, Neither, Window, answers::company_answers:
            "Answers that the team gave, of all answers.";
        "company_words", "Words of the company", Share, Neither, Window, answers::company_words:
            "Words in answers of the team, of all words in answers.";
        "critical", "Critical stories", Count, Neither, Window, upkeep::critical:
            "Stories with the sentiment `critical`.";
        "critical_open", "Critical stories without a response", Count, Lower, Window, upkeep::critical_open:
            "Critical stories to which the company has not responded.";
        "critical_response", "Days to a response", Days, Lower, Window, upkeep::critical_response:
            "Half of the responses to critical stories came within this number of days.";
        "critical_longest", "Longest without a response", Days, Lower, Today, upkeep::critical_longest:
            "How long the oldest critical story without a response has been waiting.";
        "ideas", "Ideas", Count, Neither, Window, upkeep::ideas:
            "Ideas that were written.";
        "ideas_shipped", "Ideas shipped", Share, Higher, Window, upkeep::ideas_shipped:
            "Ideas that are shipped today, of all ideas of that time, by the year in which they were written.";
        "ideas_planned_after", "Days until an idea is planned", Days, Lower, Window, upkeep::ideas_planned_after:
            "Half of the ideas that were planned, or shipped at once, were so within this number of days, by git's history of \
             `state`.";
        "ideas_shipped_after", "Days until an idea is shipped", Days, Lower, Window, upkeep::ideas_shipped_after:
            "Half of the ideas that were shipped were so within this number of days, by git's history of `state`.";
    }
    Care {
        "rising_tags", "Rising tags", Count, Neither, Recent, upkeep::rising_tags:
            "Tags with five questions or more in the window, and more than in the window before. The ratio is (n + 1) / (n \
             before + 1).";
        "without_expert", "Tags without an expert", Count, Lower, Today, upkeep::without_expert:
            "Tags with three questions or more within a year, and nobody who knows them: no person whose answers in the tag \
             count 2 or more (accepted 3, confirmed 2, else 1, halved after each whole year).";
        "stale", "Overdue reviews", Count, Lower, Today, upkeep::stale:
            "Pages past their `review_every`, or verified more than two years ago, by their author.";
        "outdated_answers", "Answers for old versions", Count, Lower, Today, upkeep::outdated_answers:
            "Answers that were confirmed for a version, but for nobody on the newest declared one.";
        "dead_links", "Dead links", Count, Lower, Today, upkeep::dead_links:
            "Links, pictures and fragments that lead nowhere on the site.";
        "orphans", "Pages that nothing links to", Count, Lower, Today, upkeep::orphans:
            "Pages that `check` reports as `orphan`: without a tag, and no other page leads to them.";
        "search_tests_failed", "Failed search tests", Count, Lower, Today, upkeep::search_tests_failed:
            "Search tests of the repository whose page is not found among the first. Only with --search, and in `check --health`.";
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_figure_has_a_name_of_its_own_and_is_explained() {
        let ids: BTreeSet<&str> = FIGURES.iter().map(|figure| figure.id).collect();
        assert_eq!(ids.len(), FIGURES.len());
        for figure in FIGURES {
            let is_plain = figure.id.bytes().all(|it| matches!(it, b'a'..=b'z' | b'0'..=b'9' | b'_'));
            assert!(is_plain, "{}", figure.id);
            assert!(
                figure.words.ends_with('.') && figure.words.len() < 260,
                "{}: {}",
                figure.id,
                figure.words
            );
        }
        assert!(FIGURES.is_sorted_by_key(|figure| figure.group), "reports go by group");
    }
}
