//! Figures of people: who takes part, who is new, who came back, who is gone. None of them names anybody.

use std::collections::{BTreeMap, BTreeSet};

use super::activity::{Act, First, Participant, Sort};
use super::figures::Context;
use super::measure::{Decimal, Measure, Row, Why, absence_factor as factor};
use super::window::{Window, day_of, month, months_between};

/// After so many days without a word somebody who contributes has come back.
const SILENCE: i64 = 90;
/// In so many days before a window regulars are looked for.
const BEFORE: i64 = 90;
/// Who contributed so often in them is a regular.
const REGULAR: usize = 4;
/// Within so many days somebody tries a second time.
const SECOND_TRY: i64 = 90;
/// There is no share of the top ten below this many answers.
const TOP_FLOOR: u64 = 30;
/// Retention is shown for at most this many months, the latest ones.
const MONTHS: usize = 120;

pub(super) fn posted(of: &Context<'_>) -> Measure {
    Measure::count(distinct(of.acts.iter().filter(|act| is_post(act))).len())
}

pub(super) fn contributors(of: &Context<'_>) -> Measure {
    Measure::count(distinct(of.acts.iter()).len())
}

pub(super) fn absence_factor_answers(of: &Context<'_>) -> Measure {
    absence(of, |act| act.sort == Sort::Answer)
}

pub(super) fn absence_factor(of: &Context<'_>) -> Measure {
    absence(of, is_post)
}

fn absence(of: &Context<'_>, is_meant: impl Fn(&Act) -> bool) -> Measure {
    let counts: Vec<usize> = counts(of.acts.iter().filter(|act| is_meant(act))).into_values().collect();
    let all = counts.iter().sum::<usize>() as u64;
    let measure = factor(counts).map_or_else(|| Measure::nothing(Why::None), Measure::count);
    Measure { of: Some(all), ..measure }
}

pub(super) fn top10_share(of: &Context<'_>) -> Measure {
    let answers = || of.acts.iter().filter(|act| act.sort == Sort::Answer);
    let mut counts: Vec<usize> = counts(answers()).into_values().collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    // An answer of two people counts for both; one of nobody knows whom counts for none of the ten.
    let all: usize = answers().map(|act| act.by.len().max(1)).sum();
    Measure::share_from(counts.iter().take(10).sum(), all, TOP_FLOOR)
}

pub(super) fn new(of: &Context<'_>) -> Measure {
    in_window(of, |_| first_acts(of.acts, |after| after.is_none()))
}

pub(super) fn reactivated(of: &Context<'_>) -> Measure {
    in_window(of, |_| first_acts(of.acts, |after| after.is_some_and(|days| days >= SILENCE)))
}

/// Of how many people the first contribution of a window came after such a time.
fn first_acts(acts: &[Act], is_so: impl Fn(Option<i64>) -> bool) -> Measure {
    let mut seen = BTreeSet::new();
    let by = acts.iter().flat_map(|act| &act.by);
    Measure::count(by.filter(|it| seen.insert(it.person) && is_so(it.after)).count())
}

pub(super) fn lost(of: &Context<'_>) -> Measure {
    in_window(of, |window| {
        let before = Window { from: window.from - BEFORE, until: window.from - 1 };
        let mut regulars = counts(of.activity.acts_in(Some(before)).iter());
        regulars.retain(|_, count| *count >= REGULAR);
        let here = distinct(of.acts.iter());
        Measure::count(regulars.keys().filter(|person| !here.contains(person)).count())
    })
}

pub(super) fn returning(of: &Context<'_>) -> Measure {
    in_window(of, |_| {
        let Some(before) = of.before else { return Measure::nothing(Why::ShortHistory) };
        let before = distinct(of.activity.acts_in(Some(before)).iter());
        let here = distinct(of.acts.iter());
        Measure::share(here.intersection(&before).count(), here.len())
    })
}

/// A figure that compares a window with what was before, if there was enough before.
fn in_window(of: &Context<'_>, measure: impl Fn(Window) -> Measure) -> Measure {
    let Some(window) = of.window else { return Measure::nothing(Why::NoDay) };
    let first = of.activity.acts.first().and_then(|act| act.day);
    let is_long = first.is_some_and(|first| (window.until - first + 1) >= 2 * window.days());
    if is_long { measure(window) } else { Measure::nothing(Why::ShortHistory) }
}

pub(super) fn second_try_answered(of: &Context<'_>) -> Measure {
    second_try(of, true)
}

pub(super) fn second_try_unanswered(of: &Context<'_>) -> Measure {
    second_try(of, false)
}

fn second_try(of: &Context<'_>, answered: bool) -> Measure {
    let Some(today) = of.activity.today else { return Measure::nothing(Why::NoDay) };
    let (mut count, mut all) = (0, 0);
    for person in &of.activity.people {
        let Some(asked) = person.first_question.map(|at| &of.activity.questions[at]) else { continue };
        let Some(day) = asked.day.filter(|day| today - day >= SECOND_TRY) else { continue };
        if (asked.first == First::None) == answered {
            continue;
        }
        all += 1;
        let later = person.days.iter().skip_while(|it| **it != (day, asked.entry));
        let is_second = |(on, entry): &(i64, usize)| *entry != asked.entry && on - day <= SECOND_TRY;
        count += usize::from(later.into_iter().any(is_second));
    }
    Measure::share(count, all)
}

pub(super) fn retention(of: &Context<'_>) -> Measure {
    let last = of.activity.today.or_else(|| of.activity.span().map(|span| span.until));
    let Some(last) = last.map(day_of) else { return Measure::count(0) };
    let mut cohorts: BTreeMap<String, (usize, Vec<u64>)> = BTreeMap::new();
    let with_days = of.activity.people.iter().filter_map(|person| Some((person, person.days.first()?.0)));
    for (person, first) in with_days {
        let first = day_of(first);
        let months = usize::try_from(months_between(first, last)).unwrap_or(0).min(MONTHS - 1);
        let (size, series) = cohorts.entry(month(first)).or_insert_with(|| (0, vec![0; months + 1]));
        *size += 1;
        for at in active_months(person, first) {
            if let Some(count) = series.get_mut(at) {
                *count += 1;
            }
        }
    }
    let all = cohorts.values().map(|(size, _)| size).sum();
    let skipped = cohorts.len().saturating_sub(MONTHS);
    let row = |(name, (size, series)): (String, (usize, Vec<u64>))| Row {
        name,
        numbers: vec![("count", Decimal::whole(size as u64))],
        series,
    };
    Measure::count(all).with_rows(cohorts.into_iter().skip(skipped).map(row).collect())
}

/// In which months after the first one somebody contributed.
fn active_months(person: &Participant, first: jiff::civil::Date) -> BTreeSet<usize> {
    let of = |day: i64| usize::try_from(months_between(first, day_of(day))).ok();
    person.days.iter().filter_map(|(day, _)| of(*day)).collect()
}

/// A question, an answer or a page of one's own.
fn is_post(act: &Act) -> bool {
    matches!(act.sort, Sort::Question | Sort::Entry | Sort::Answer)
}

fn distinct<'a>(acts: impl Iterator<Item = &'a Act>) -> BTreeSet<usize> {
    acts.flat_map(|act| &act.by).map(|by| by.person).collect()
}

fn counts<'a>(acts: impl Iterator<Item = &'a Act>) -> BTreeMap<usize, usize> {
    let mut counts = BTreeMap::new();
    for by in acts.flat_map(|act| &act.by) {
        *counts.entry(by.person).or_insert(0) += 1;
    }
    counts
}
