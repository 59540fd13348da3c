//! Ideas by their state, the most wanted first, and what shipped by the year in which it was asked.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::civil::Date;

use super::sort::List;
use crate::page::front_matter::State;
use crate::site::EntryId;
use crate::site::idea::EntryIdea;
use crate::site::reader::Reader;

/// The states, in the order in which pages show them.
const STATES: [State; 4] = [State::Open, State::Planned, State::Shipped, State::Declined];

/// Ideas in their orders.
#[derive(Debug, Default, PartialEq)]
pub(in crate::view) struct Ideas {
    /// Those of each state; no state is empty.
    pub(in crate::view) columns: Vec<(State, List)>,
    /// The same one after the other.
    pub(in crate::view) all: List,
    /// What shipped, by the year in which it was asked: the newest first, what has no date last. No year is without
    /// anything that shipped.
    pub(in crate::view) years: Vec<Year>,
    /// The same one after the other.
    pub(in crate::view) shipped: List,
}

/// What was asked in a year.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::view) struct Year {
    /// The year; nothing for what has no date.
    pub(in crate::view) year: Option<i16>,
    /// How many ideas there are of it.
    pub(in crate::view) asked: usize,
    /// How many of them shipped until today.
    pub(in crate::view) shipped: usize,
}

/// Where an idea stands in its column: the most wanted first, of equal ones the newest.
type Rank<'a> = (Reverse<usize>, Reverse<Option<Date>>, &'a str, EntryId);

/// Where what shipped stands in its year: the last one first, what has no day last.
type Shipped<'a> = (Reverse<Option<Date>>, Rank<'a>);

impl Ideas {
    pub(super) fn new(site: &Reader<'_>) -> Ideas {
        let mut columns: BTreeMap<usize, Vec<Rank<'_>>> = BTreeMap::new();
        let mut years: BTreeMap<Reverse<Option<i16>>, (usize, Vec<Shipped<'_>>)> = BTreeMap::new();
        for (id, idea) in site.ideas() {
            let column = STATES.iter().position(|state| *state == idea.state).unwrap_or_default();
            let rank = rank(&idea, id);
            columns.entry(column).or_default().push(rank);
            let (asked, shipped) = years.entry(Reverse(idea.year())).or_default();
            *asked += 1;
            if idea.state == State::Shipped {
                shipped.push((Reverse(idea.shipped_on(site.fulfilment(id))), rank));
            }
        }
        let list = |mut ranks: Vec<Rank<'_>>| {
            ranks.sort_unstable();
            List::new(site, ranks.into_iter().map(|(.., id)| id).collect())
        };
        let columns: Vec<(State, List)> =
            columns.into_iter().map(|(at, ranks)| (STATES[at], list(ranks))).collect();
        let all = columns.iter().flat_map(|(_, list)| list.ids.iter().copied()).collect();
        let mut shipped_ids = Vec::new();
        let mut of_years = Vec::new();
        for (Reverse(year), (asked, mut shipped)) in years {
            if shipped.is_empty() {
                continue;
            }
            shipped.sort_unstable();
            of_years.push(Year { year, asked, shipped: shipped.len() });
            shipped_ids.extend(shipped.into_iter().map(|(_, (.., id))| id));
        }
        Ideas { all: List::new(site, all), columns, years: of_years, shipped: List::new(site, shipped_ids) }
    }
}

fn rank<'a>(idea: &EntryIdea<'a>, id: EntryId) -> Rank<'a> {
    (Reverse(idea.voices), Reverse(idea.date.map(|moment| moment.date)), idea.slug, id)
}
