//! Figures of what needs care: tags that nobody knows, pages past their review, stories and ideas without an end.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::figures::{Context, DAY};
use super::measure::{Decimal, FLOOR, Measure, Row, Why};
use super::window::{Window, day_number, day_of};
use crate::diagnostic::Rule;
use crate::page::front_matter::{Fields, State};
use crate::page::kind::Kind;
use crate::site::need::Review;
use crate::site::opinion::CRITICAL;
use crate::site::wanted::ASKED;
use crate::site::{Entry, EntryId, contribution};

/// At most this many rows are shown, the largest ones.
const ROWS: usize = 20;
/// A tag rises only with so many questions.
const RISING: usize = 5;
const YEAR: i64 = 365;

pub(super) fn asked_again(of: &Context<'_>) -> Measure {
    let site = of.activity.site;
    let again = |asked: &super::activity::Asked| {
        let entry = site.entry(asked.entry);
        let count = entry.asked().map_or(0, |question| question.also_asked.len());
        (count > 0 && !asked.is_duplicate).then(|| (Reverse(count), entry.slug.clone()))
    };
    let mut rows: Vec<(Reverse<usize>, String)> = of.questions.iter().filter_map(again).collect();
    rows.sort();
    let all = rows.iter().map(|(count, _)| count.0).sum();
    Measure::count(all)
        .with_rows(rows.into_iter().take(ROWS).map(|(count, slug)| Row::count(slug, count.0)).collect())
}

pub(super) fn asked_again_unmarked(of: &Context<'_>) -> Measure {
    if of.found.is_none_or(|found| !found.duplicates) {
        return Measure::nothing(Why::NotChecked);
    }
    problems(of, &[Rule::PossibleDuplicate])
}

pub(super) fn rising_tags(of: &Context<'_>) -> Measure {
    let (Some(window), Some(before)) = (of.window, of.before) else { return Measure::nothing(Why::NoDay) };
    let now = tags(of, Some(window));
    let was = tags(of, Some(before));
    let mut rising: Vec<(Reverse<Decimal>, &str, usize, usize)> = Vec::new();
    for (tag, count) in now {
        let former = was.get(tag).copied().unwrap_or(0);
        if count >= RISING && count > former {
            let ratio = Decimal::fraction(count as i128 + 1, former as i128 + 1, 2);
            rising.push((Reverse(ratio.unwrap_or(Decimal::whole(1))), tag, count, former));
        }
    }
    rising.sort();
    let row = |(ratio, tag, count, former): &(Reverse<Decimal>, &str, usize, usize)| {
        let mut row = Row::count(*tag, *count).and("before", *former);
        row.numbers.push(("ratio", ratio.0));
        row
    };
    Measure::count(rising.len()).with_rows(rising.iter().take(ROWS).map(row).collect())
}

pub(super) fn without_expert(of: &Context<'_>) -> Measure {
    let Some(today) = of.activity.today else { return Measure::nothing(Why::NoDay) };
    let year = Window { from: today - YEAR + 1, until: today };
    let wanted = tags(of, Some(year));
    let mut rows: Vec<(Reverse<usize>, &str)> = wanted
        .into_iter()
        .filter(|(tag, count)| *count >= ASKED && !of.expertise.is_known(tag))
        .map(|(tag, count)| (Reverse(count), tag))
        .collect();
    rows.sort();
    let shown = rows.iter().take(ROWS).map(|(count, tag)| Row::count(*tag, count.0));
    Measure::count(rows.len()).with_rows(shown.collect())
}

/// How many questions of a window bear each tag.
fn tags<'a>(of: &Context<'a>, window: Option<Window>) -> BTreeMap<&'a str, usize> {
    let mut counts = BTreeMap::new();
    for asked in of.activity.questions_in(window).iter().filter(|it| !it.is_duplicate) {
        for tag in &of.activity.site.entry(asked.entry).tags {
            *counts.entry(tag.as_str()).or_insert(0) += 1;
        }
    }
    counts
}

pub(super) fn stale(of: &Context<'_>) -> Measure {
    let Some(today) = of.activity.today.map(day_of) else { return Measure::nothing(Why::NoDay) };
    let questions = of.questions.iter().filter(|it| !it.is_duplicate).map(|asked| asked.entry);
    let all = of.entries.iter().map(|it| it.entry).chain(questions);
    let is_overdue = |id: &EntryId| {
        let entry = of.activity.site.entry(*id);
        entry.is_open() && Review::of(entry, fields(of, entry)).is_some_and(|review| review.is_overdue(today))
    };
    let mut owners: BTreeMap<&str, usize> = BTreeMap::new();
    for id in all.filter(is_overdue) {
        let owner = of.activity.site.entry(id).authors.first().map_or("", String::as_str);
        *owners.entry(owner).or_insert(0) += 1;
    }
    let mut rows: Vec<(Reverse<usize>, &str)> =
        owners.iter().map(|(owner, count)| (Reverse(*count), *owner)).collect();
    rows.sort();
    let name = |owner: &str| match owner {
        "" => "nobody".to_string(),
        // Who wants no page is named on none.
        owner if !of.activity.site.is_named(owner) => "somebody".to_string(),
        owner => format!("@{owner}"),
    };
    let shown = rows.iter().take(ROWS).map(|(count, owner)| Row::count(name(owner), count.0));
    Measure::count(owners.values().sum()).with_rows(shown.collect())
}

pub(super) fn outdated_answers(of: &Context<'_>) -> Measure {
    let site = of.activity.site;
    let outdated = |asked: &super::activity::Asked| {
        let entry = site.entry(asked.entry);
        let versions = contribution::versions(site.config(), entry);
        let answers = entry.asked().map_or(&[][..], |question| &question.answers);
        answers.iter().filter(|answer| answer.outdated_for(versions).is_some()).count()
    };
    Measure::count(of.questions.iter().filter(|it| !it.is_duplicate).map(outdated).sum())
}

/// Entries of a kind that were written in the window, with what their files say.
fn of_kind<'a>(of: &'a Context<'a>, kind: Kind) -> impl Iterator<Item = (&'a Entry, &'a Fields)> {
    let entries = of.entries.iter().map(|it| of.activity.site.entry(it.entry));
    entries.filter(move |entry| entry.kind == kind).map(|entry| (entry, fields(of, entry)))
}

fn fields<'a>(of: &Context<'a>, entry: &Entry) -> &'a Fields {
    of.activity.site.fields(entry.page)
}

fn critical_stories<'a>(of: &'a Context<'a>) -> impl Iterator<Item = &'a Entry> {
    let is_critical = |fields: &Fields| fields.sentiment.as_ref().is_some_and(|it| it.value == CRITICAL);
    of_kind(of, Kind::Story).filter(move |(_, fields)| is_critical(fields)).map(|(entry, _)| entry)
}

pub(super) fn critical(of: &Context<'_>) -> Measure {
    Measure::count(critical_stories(of).count())
}

pub(super) fn critical_open(of: &Context<'_>) -> Measure {
    Measure::count(critical_stories(of).filter(|entry| entry.responses.is_empty()).count())
}

pub(super) fn critical_response(of: &Context<'_>) -> Measure {
    let days = |entry: &Entry| {
        let response = entry.responses.iter().filter_map(|it| it.date).min()?;
        let days = day_number(response.date) - day_number(entry.date?.date);
        (days >= 0).then_some(days * DAY)
    };
    let mut times: Vec<i64> = critical_stories(of).filter_map(days).collect();
    times.sort_unstable();
    Measure::percentile(&times, 50, DAY)
}

pub(super) fn critical_longest(of: &Context<'_>) -> Measure {
    let Some(today) = of.activity.today else { return Measure::nothing(Why::NoDay) };
    let open = critical_stories(of).filter(|entry| entry.responses.is_empty());
    let days = open.filter_map(|entry| Some(today - day_number(entry.date?.date)));
    let longest = days.max().and_then(|days| usize::try_from(days).ok());
    longest.map_or_else(|| Measure::nothing(Why::None), Measure::count)
}

pub(super) fn ideas(of: &Context<'_>) -> Measure {
    Measure::count(of_kind(of, Kind::Idea).count())
}

pub(super) fn ideas_shipped(of: &Context<'_>) -> Measure {
    let mut years: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let (mut shipped, mut all) = (0, 0);
    for (entry, fields) in of_kind(of, Kind::Idea) {
        let is_shipped = fields.state.as_ref().is_some_and(|state| state.value == State::Shipped);
        let year =
            entry.date.map_or_else(|| "undated".to_string(), |moment| format!("{:04}", moment.date.year()));
        let (of_year, shipped_of_year) = years.entry(year).or_default();
        *of_year += 1;
        *shipped_of_year += usize::from(is_shipped);
        all += 1;
        shipped += usize::from(is_shipped);
    }
    let rows =
        years.into_iter().map(|(year, (asked, shipped))| Row::count(year, asked).and("shipped", shipped));
    Measure::share_from(shipped, all, FLOOR).with_rows(rows.collect())
}

pub(super) fn ideas_planned_after(of: &Context<'_>) -> Measure {
    until_state(of, &[State::Planned, State::Shipped])
}

pub(super) fn ideas_shipped_after(of: &Context<'_>) -> Measure {
    until_state(of, &[State::Shipped])
}

/// How many days it took from an idea until it first had one of some states.
fn until_state(of: &Context<'_>, wanted: &[State]) -> Measure {
    let Some(states) = of.found.and_then(|found| found.states) else {
        return Measure::nothing(Why::NoHistory);
    };
    let days = |entry: &Entry| {
        let known = states.get(of.activity.site.path(entry.page))?;
        let change = known.states.iter().find(|it| wanted.contains(&it.state))?;
        let reached = day_number(change.at.to_zoned(of.activity.site.config().timezone.clone()).date());
        let days = reached - day_number(entry.date?.date);
        (days >= 0).then_some(days * DAY)
    };
    let mut times: Vec<i64> = of_kind(of, Kind::Idea).filter_map(|(entry, _)| days(entry)).collect();
    times.sort_unstable();
    Measure::percentile(&times, 50, DAY)
}

pub(super) fn dead_links(of: &Context<'_>) -> Measure {
    problems(of, &[Rule::DeadLink, Rule::DeadFragment, Rule::DeadImage])
}

pub(super) fn orphans(of: &Context<'_>) -> Measure {
    problems(of, &[Rule::Orphan])
}

pub(super) fn search_tests_failed(of: &Context<'_>) -> Measure {
    if of.found.is_none_or(|found| !found.search_tests) {
        return Measure::nothing(Why::NotChecked);
    }
    problems(of, &[Rule::SearchTest])
}

fn problems(of: &Context<'_>, rules: &[Rule]) -> Measure {
    let Some(found) = of.found else { return Measure::nothing(Why::NotChecked) };
    Measure::count(found.problems.iter().filter(|it| rules.contains(&it.rule)).count())
}
