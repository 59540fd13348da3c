//! Who knows what, by what their answers show: never a rank, always with the evidence.
//!
//! Each answer to a question with a tag counts for those who wrote it: 3 if it was accepted, 2 if it worked for somebody,
//! else 1, and half as much after each whole year. Somebody knows a tag from [`FLOOR`] on. Who answers what they asked
//! themselves shows nothing by that; files whose whole text is the answer (`faq`) are nobody's answer to anybody.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Unit;
use jiff::civil::Date;

use super::{Answer, Entry};

/// What an accepted answer counts.
pub const ACCEPTED: u64 = 3;
/// What an answer counts that worked for somebody.
pub const CONFIRMED: u64 = 2;
/// What any other answer counts.
pub const GIVEN: u64 = 1;

/// From here on somebody knows a tag: one confirmed answer of this year, or two that nobody judged.
pub const FLOOR: Weight = Weight(2 << FRACTION);

/// The number of binary places.
const FRACTION: u32 = 16;

/// How much answers count together, in a fixed number of binary places, so that every machine adds up the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Weight(u64);

/// What somebody's answers to the questions of one tag, or about one product, show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    /// What they count together.
    pub weight: Weight,
    /// How many there are.
    pub answers: usize,
    /// How many of them were accepted by somebody else.
    pub accepted: usize,
    /// How many of them worked for somebody.
    pub confirmed: usize,
    /// When the last one was written.
    pub last: Option<Date>,
}

/// Who knows what, as of a day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expertise {
    /// By tag, then by handle.
    of_tags: BTreeMap<String, BTreeMap<String, Evidence>>,
    /// By product, then by handle.
    of_products: BTreeMap<String, BTreeMap<String, Evidence>>,
}

impl Weight {
    /// What an answer counts that was written on a day. Without a day nothing is old.
    #[must_use]
    pub fn of(points: u64, written: Option<Date>, today: Option<Date>) -> Weight {
        let age = written.zip(today).map_or(0, |(written, today)| {
            written.until((Unit::Year, today)).map_or(0, |span| span.get_years().max(0))
        });
        Weight((points << FRACTION).checked_shr(u32::try_from(age).unwrap_or(u32::MAX)).unwrap_or(0))
    }

    /// In hundredths, rounded down.
    #[must_use]
    pub fn hundredths(self) -> u64 {
        (self.0 * 100) >> FRACTION
    }
}

impl Expertise {
    /// Reads it off the questions among some entries. Nobody is named who does not want to be: `is_named` says who may.
    #[must_use]
    pub fn new<'a>(
        entries: impl Iterator<Item = &'a Entry>,
        today: Option<Date>,
        is_named: impl Fn(&str) -> bool,
    ) -> Expertise {
        let mut expertise = Expertise::default();
        for entry in entries.filter(|entry| entry.is_listed()) {
            for answer in entry.asked().map_or(&[][..], |question| &question.answers) {
                let to_others = |handle: &&String| !answer.is_to_own_question(entry, handle);
                let authors = answer.reply.authors.iter().filter(to_others);
                for handle in authors.filter(|handle| is_named(handle)) {
                    let one = Evidence::of(answer, today);
                    let add = |of: &mut BTreeMap<String, BTreeMap<String, Evidence>>, what: &String| {
                        let people = of.entry(what.clone()).or_default();
                        people.entry(handle.clone()).or_default().add(&one);
                    };
                    entry.tags.iter().for_each(|tag| add(&mut expertise.of_tags, tag));
                    entry.products.iter().for_each(|product| add(&mut expertise.of_products, product));
                }
            }
        }
        expertise
    }

    /// Those who know a tag, who shows most first.
    #[must_use]
    pub fn of_tag(&self, slug: &str) -> Vec<(&str, &Evidence)> {
        experts(self.of_tags.get(slug))
    }

    /// Those who know a product, who shows most first.
    #[must_use]
    pub fn of_product(&self, id: &str) -> Vec<(&str, &Evidence)> {
        experts(self.of_products.get(id))
    }

    /// The tags that somebody knows.
    #[must_use]
    pub fn known_tags(&self) -> BTreeSet<String> {
        self.of_tags.keys().filter(|tag| self.is_known(tag)).cloned().collect()
    }

    /// Whether anybody knows a tag.
    #[must_use]
    pub fn is_known(&self, tag: &str) -> bool {
        self.of_tags.get(tag).is_some_and(|people| people.values().any(Evidence::is_enough))
    }

    /// What each person knows, by handle: tags, the one that they show most of first.
    #[must_use]
    pub fn by_person(&self) -> BTreeMap<&str, Vec<(&str, &Evidence)>> {
        let mut people: BTreeMap<&str, Vec<(&str, &Evidence)>> = BTreeMap::new();
        for (tag, experts) in &self.of_tags {
            experts
                .iter()
                .for_each(|(handle, evidence)| people.entry(handle).or_default().push((tag, evidence)));
        }
        let people = people.into_iter().map(|(handle, tags)| (handle, sorted(tags)));
        people.filter(|(_, tags)| !tags.is_empty()).collect()
    }

    /// The tags that anybody answered with, each with those who know it, and the same of products.
    pub fn experts(&self) -> [impl Iterator<Item = (&str, Vec<(&str, &Evidence)>)>; 2] {
        [&self.of_tags, &self.of_products].map(|all| {
            let known = all.iter().map(|(what, people)| (what.as_str(), experts(Some(people))));
            known.filter(|(_, experts)| !experts.is_empty())
        })
    }
}

impl Evidence {
    fn of(answer: &Answer, today: Option<Date>) -> Evidence {
        let confirmed = answer.is_confirmed();
        let points = match (answer.accepted, confirmed) {
            (true, _) => ACCEPTED,
            (false, true) => CONFIRMED,
            (false, false) => GIVEN,
        };
        let last = answer.reply.date.map(|moment| moment.date);
        Evidence {
            weight: Weight::of(points, last, today),
            answers: 1,
            accepted: usize::from(answer.accepted),
            confirmed: usize::from(confirmed),
            last,
        }
    }

    fn add(&mut self, other: &Evidence) {
        let Evidence { weight, answers, accepted, confirmed, last } = other;
        self.weight.0 += weight.0;
        self.answers += answers;
        self.accepted += accepted;
        self.confirmed += confirmed;
        self.last = self.last.max(*last);
    }

    /// Whether it is enough to say that somebody knows it.
    #[must_use]
    pub fn is_enough(&self) -> bool {
        self.weight >= FLOOR
    }
}

fn experts(people: Option<&BTreeMap<String, Evidence>>) -> Vec<(&str, &Evidence)> {
    let all = people.into_iter().flatten().map(|(handle, evidence)| (handle.as_str(), evidence));
    sorted(all.collect())
}

/// Those with enough evidence, the strongest first; of equals who wrote last, then by name.
fn sorted<'a>(mut all: Vec<(&'a str, &'a Evidence)>) -> Vec<(&'a str, &'a Evidence)> {
    all.retain(|(_, evidence)| evidence.is_enough());
    all.sort_by_key(|(name, evidence)| (Reverse(evidence.weight), Reverse(evidence.last), *name));
    all
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn an_answer_counts_half_after_each_whole_year() {
        let written = Some(date(2024, 3, 10));
        let weight = |today| Weight::of(ACCEPTED, written, Some(today)).hundredths();
        assert_eq!(weight(date(2024, 3, 10)), 300);
        assert_eq!(weight(date(2025, 3, 9)), 300);
        assert_eq!(weight(date(2025, 3, 10)), 150);
        assert_eq!(weight(date(2026, 4, 1)), 75);
        assert_eq!(weight(date(2099, 1, 1)), 0);
        assert_eq!(Weight::of(ACCEPTED, None, Some(date(2026, 1, 1))).hundredths(), 300, "no day, no age");
        assert_eq!(Weight::of(GIVEN, written, None).hundredths(), 100);
    }
}
