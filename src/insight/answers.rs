//! Figures of questions and answers: how many there are, what became of them, and how fast.

use super::activity::{Asked, First, Sort};
use super::figures::{Context, DAY, HOUR};
use super::measure::{FLOOR, Measure, Row, Why};

/// The ages of questions in days, each to the last day of it, and their names.
const AGES: [(i64, &str); 5] = [
    (7, "0–7 days"),
    (30, "8–30 days"),
    (90, "31–90 days"),
    (365, "91–365 days"),
    (i64::MAX, "more than 365 days"),
];

/// The name of what has no age.
const UNDATED: &str = "undated";

pub(super) fn questions(of: &Context<'_>) -> Measure {
    Measure::count(of.questions.len())
}

pub(super) fn answers(of: &Context<'_>) -> Measure {
    sort(of, Sort::Answer)
}

pub(super) fn comments(of: &Context<'_>) -> Measure {
    sort(of, Sort::Comment)
}

pub(super) fn confirmations(of: &Context<'_>) -> Measure {
    sort(of, Sort::Confirmation)
}

pub(super) fn others(of: &Context<'_>) -> Measure {
    sort(of, Sort::Entry)
}

fn sort(of: &Context<'_>, sort: Sort) -> Measure {
    Measure::count(of.acts.iter().filter(|act| act.sort == sort).count())
}

pub(super) fn duplicates(of: &Context<'_>) -> Measure {
    Measure::count(of.activity.duplicates)
}

pub(super) fn undated(of: &Context<'_>) -> Measure {
    let undated: Vec<Sort> = of.acts.iter().filter(|act| act.day.is_none()).map(|act| act.sort).collect();
    let row = |(sort, name): (Sort, &str)| {
        let count = undated.iter().filter(|it| **it == sort).count();
        (count > 0).then(|| Row::count(name, count))
    };
    let sorts = [
        (Sort::Question, "questions"),
        (Sort::Answer, "answers"),
        (Sort::Comment, "comments"),
        (Sort::Confirmation, "confirmations"),
        (Sort::Entry, "contributions"),
    ];
    Measure::count(undated.len()).with_rows(sorts.into_iter().filter_map(row).collect())
}

pub(super) fn answered(of: &Context<'_>) -> Measure {
    Measure::count(number(of.questions, |it| it.is_answered))
}

pub(super) fn answered_rate(of: &Context<'_>) -> Measure {
    rate(of, |it| it.is_answered)
}

pub(super) fn accepted(of: &Context<'_>) -> Measure {
    Measure::count(number(of.questions, |it| it.is_accepted))
}

pub(super) fn accepted_rate(of: &Context<'_>) -> Measure {
    rate(of, |it| it.is_accepted)
}

pub(super) fn solved_rate(of: &Context<'_>) -> Measure {
    rate(of, |it| it.is_solved)
}

pub(super) fn unanswered(of: &Context<'_>) -> Measure {
    Measure::count(number(of.questions, |it| !it.is_answered))
}

fn rate(of: &Context<'_>, is_so: impl Fn(&Asked) -> bool) -> Measure {
    Measure::share(number(of.questions, is_so), of.questions.len())
}

fn number(questions: &[Asked], is_so: impl Fn(&Asked) -> bool) -> usize {
    questions.iter().filter(|it| is_so(it)).count()
}

pub(super) fn unanswered_by_age(of: &Context<'_>) -> Measure {
    by_age(of, |it| !it.is_answered)
}

pub(super) fn unsolved_by_age(of: &Context<'_>) -> Measure {
    by_age(of, |it| !it.is_solved)
}

fn by_age(of: &Context<'_>, is_so: impl Fn(&Asked) -> bool) -> Measure {
    let Some(today) = of.activity.today else { return Measure::nothing(Why::NoDay) };
    let mut counts = [0; AGES.len()];
    let mut undated = 0;
    for asked in of.questions.iter().filter(|it| is_so(it)) {
        match asked.day {
            Some(day) => {
                let at = AGES.iter().position(|(last, _)| today - day <= *last).unwrap_or(AGES.len() - 1);
                counts[at] += 1;
            }
            None => undated += 1,
        }
    }
    let mut rows: Vec<Row> =
        AGES.iter().zip(counts).map(|((_, name), count)| Row::count(*name, count)).collect();
    if undated > 0 {
        rows.push(Row::count(UNDATED, undated));
    }
    Measure::count(counts.iter().sum::<usize>() + undated).with_rows(rows)
}

/// How long first answers took, in order, and whether some of the times are known to the day only.
fn times(questions: &[Asked]) -> (Vec<i64>, bool) {
    let mut is_approximate = false;
    let time = |asked: &Asked| match asked.first {
        First::After { took, approximate, .. } => {
            is_approximate |= approximate;
            Some(took)
        }
        First::None | First::Before => None,
    };
    let mut times: Vec<i64> = questions.iter().filter_map(time).collect();
    times.sort_unstable();
    (times, is_approximate)
}

fn percentile(of: &Context<'_>, percent: u32) -> Measure {
    let (times, approximate) = times(of.questions);
    Measure { approximate, ..Measure::percentile(&times, percent, HOUR) }
}

pub(super) fn ttfa_median(of: &Context<'_>) -> Measure {
    percentile(of, 50)
}

pub(super) fn ttfa_p90(of: &Context<'_>) -> Measure {
    percentile(of, 90)
}

pub(super) fn ttfa_before(of: &Context<'_>) -> Measure {
    Measure::count(number(of.questions, |it| it.first == First::Before))
}

pub(super) fn within_24h(of: &Context<'_>) -> Measure {
    within(of, 1)
}

pub(super) fn within_7d(of: &Context<'_>) -> Measure {
    within(of, 7)
}

fn within(of: &Context<'_>, days: i64) -> Measure {
    let today = of.activity.today;
    let is_old_enough = |asked: &&Asked| {
        let Some(day) = asked.day else { return false };
        of.activity.with_young || today.is_none_or(|today| today - day >= days)
    };
    let mut is_approximate = false;
    let (mut count, mut all) = (0, 0);
    for asked in of.questions.iter().filter(is_old_enough) {
        all += 1;
        if let First::After { took, approximate, .. } = asked.first {
            is_approximate |= approximate;
            count += usize::from(took <= days * DAY);
        }
    }
    Measure { approximate: is_approximate, ..Measure::share(count, all) }
}

pub(super) fn first_by_customer(of: &Context<'_>) -> Measure {
    if has_no_team(of) {
        return Measure::nothing(Why::NoTeam);
    }
    let team = |asked: &Asked| match asked.first {
        First::After { by_team, .. } => Some(by_team),
        First::None | First::Before => None,
    };
    let first: Vec<bool> = of.questions.iter().filter_map(team).collect();
    Measure::share(first.iter().filter(|by_team| !**by_team).count(), first.len())
}

pub(super) fn company_answers(of: &Context<'_>) -> Measure {
    if has_no_team(of) {
        return Measure::nothing(Why::NoTeam);
    }
    let answers = || of.acts.iter().filter(|act| act.sort == Sort::Answer);
    Measure::share(answers().filter(|act| act.by_team).count(), answers().count())
}

pub(super) fn company_words(of: &Context<'_>) -> Measure {
    if has_no_team(of) {
        return Measure::nothing(Why::NoTeam);
    }
    let answers: Vec<(bool, Option<usize>)> =
        of.acts.iter().filter(|act| act.sort == Sort::Answer).map(|act| (act.by_team, act.words)).collect();
    if answers.iter().any(|(_, words)| words.is_none()) {
        return Measure::nothing(Why::NotChecked);
    }
    let words =
        |of_all: bool| answers.iter().filter(|it| it.0 || of_all).filter_map(|it| it.1).sum::<usize>();
    let share = Measure::share(words(false), words(true));
    // A few long answers say no more than few do.
    if (answers.len() as u64) < FLOOR {
        return Measure { value: None, why: Some(Why::TooFew(FLOOR)), ..share };
    }
    share
}

fn has_no_team(of: &Context<'_>) -> bool {
    of.activity.site.config().team.is_empty()
}
