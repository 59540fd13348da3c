//! What people did for others, in facts: no points, no levels, no ranks by how much somebody wrote.
//!
//! | word | meaning |
//! |---|---|
//! | answers | visible answers to questions that somebody else asked |
//! | accepted | those of them that one who asked said helped |
//! | confirmed | different people who wrote that an answer or a how-to worked for them |
//! | helped | different people: those who accepted an answer, and those who wrote that something worked |
//! | mark | one of six things that happened once, with the very reply that shows it |
//!
//! All of it moves with facts in files only, and nothing of it with the day on which a site is built. Who wants no page
//! has no facts here; what they confirmed still counts for those whom they thank. The same holds for who was forgotten.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::counted::Counted;
use super::revision::{Key, Part};
use super::{Answer, Confirmation, Detail, Entry, EntryId, Moment, Reply};
use crate::page::kind::Kind;

/// So many different people have to write that something worked for a mark.
const CONFIRMED: usize = 10;

/// What everybody did for others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recognition {
    /// By handle. Who only has a file about themselves has no facts.
    pub people: BTreeMap<String, Facts>,
}

/// What somebody did for others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// How many questions of others they answered, each answer for itself.
    pub answers: usize,
    /// How many of these answers were accepted.
    pub accepted: usize,
    /// How many different people wrote that it worked.
    pub confirmed: usize,
    /// How many different people they helped.
    pub helped: usize,
    /// When they answered last.
    pub last: Option<Date>,
    /// The first thing that they gave at all, if it has a day.
    pub first: Option<(Date, Place)>,
    /// What happened, in the order of [`MarkKind::ALL`].
    pub marks: Vec<Mark>,
}

/// Something that happened once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// What.
    pub kind: MarkKind,
    /// The very reply that shows it.
    pub place: Place,
    /// Of a second topic: the slug of its tag.
    pub tag: Option<String>,
}

/// The marks that there are. Nobody can add one by configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarkKind {
    /// The first answer to somebody else's question.
    FirstAnswer,
    /// The first answer that one who asked accepted.
    FirstAccepted,
    /// The first answer that helped in a topic which has nothing to do with the first one.
    SecondTopic,
    /// The answer with which the tenth person wrote that something worked.
    TenConfirmed,
    /// The first answer a year or more after the first one.
    YearOfHelping,
    /// The reply that told the ones who asked where the same was asked before.
    FoundDuplicate,
}

/// A reply, or the entry itself where the anchor is empty.
#[derive(Debug, Clone)]
pub struct Place {
    /// The entry that shows it.
    pub entry: EntryId,
    /// The fragment that leads to it.
    pub anchor: String,
    /// What the entry is known by. Ids change when files come and go, so places are compared by this.
    part: Part,
}

/// What is gathered of somebody before it is put in order.
#[derive(Debug, Default)]
struct Gathered<'a> {
    answers: Vec<Given<'a>>,
    confirmations: Vec<(When<'a>, &'a str)>,
    thanked_by: BTreeSet<&'a str>,
    first: Option<When<'a>>,
    duplicate: Option<When<'a>>,
}

/// An answer that somebody gave to somebody else.
#[derive(Debug)]
struct Given<'a> {
    when: When<'a>,
    entry: &'a Entry,
    accepted: bool,
    helped: bool,
}

/// When and where something was given. What has no day comes last, and files of one instant are in the order of their
/// addresses, which no moved file changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct When<'a> {
    is_undated: bool,
    day: Option<Date>,
    instant: Option<jiff::Timestamp>,
    address: &'a str,
    anchor: &'a str,
    entry: EntryId,
}

impl MarkKind {
    /// All of them, in the order in which pages show them.
    pub const ALL: [MarkKind; 6] = [
        MarkKind::FirstAnswer,
        MarkKind::FirstAccepted,
        MarkKind::SecondTopic,
        MarkKind::TenConfirmed,
        MarkKind::YearOfHelping,
        MarkKind::FoundDuplicate,
    ];

    /// Its name in views and reports.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            MarkKind::FirstAnswer => "first-answer",
            MarkKind::FirstAccepted => "first-accepted",
            MarkKind::SecondTopic => "second-topic",
            MarkKind::TenConfirmed => "ten-confirmed",
            MarkKind::YearOfHelping => "year-of-helping",
            MarkKind::FoundDuplicate => "found-duplicate",
        }
    }
}

impl PartialEq for Place {
    fn eq(&self, other: &Place) -> bool {
        (self.part, &self.anchor) == (other.part, &other.anchor)
    }
}

impl Eq for Place {}

impl Recognition {
    /// Reads it off what people did.
    #[must_use]
    pub fn new(site: Counted<'_>) -> Recognition {
        let mut people: BTreeMap<&str, Gathered<'_>> = BTreeMap::new();
        for (id, entry) in site.listed().filter(|(_, entry)| entry.kind != Kind::Person) {
            gather(&mut people, id, entry);
        }
        let named = people.into_iter().filter(|(handle, _)| site.is_named(handle));
        let facts = named.map(|(handle, gathered)| (handle.to_string(), gathered.facts()));
        Recognition { people: facts.collect() }
    }

    /// Those whose first contribution has been made since a day, the latest first.
    #[must_use]
    pub fn new_since(&self, day: Date) -> Vec<&str> {
        let first = |facts: &Facts| facts.first.as_ref().map(|(first, _)| *first);
        let mut new: Vec<(Date, &str)> = self
            .people
            .iter()
            .filter_map(|(handle, facts)| Some((first(facts)?, handle.as_str())))
            .filter(|(first, _)| *first >= day)
            .collect();
        new.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        new.into_iter().map(|(_, handle)| handle).collect()
    }

    /// Those who helped somebody, those who helped most different people first; of equals who answered last, then by
    /// handle.
    #[must_use]
    pub fn helpers(&self) -> Vec<&str> {
        let mut helpers: Vec<(&str, &Facts)> = self
            .people
            .iter()
            .filter(|(_, facts)| facts.helped > 0)
            .map(|(handle, facts)| (handle.as_str(), facts))
            .collect();
        helpers.sort_by_key(|(handle, facts)| {
            (std::cmp::Reverse(facts.helped), std::cmp::Reverse(facts.last), *handle)
        });
        helpers.into_iter().map(|(handle, _)| handle).collect()
    }
}

fn gather<'a>(people: &mut BTreeMap<&'a str, Gathered<'a>>, id: EntryId, entry: &'a Entry) {
    let at = |anchor: &'a str, moment: Option<Moment>| When::of(id, entry, anchor, moment);
    let own = at("", entry.date);
    entry.authors.iter().for_each(|author| people.entry(author).or_default().gave(own));
    for reply in entry.comments.iter().chain(&entry.responses) {
        let when = at(&reply.anchor, reply.date);
        reply.authors.iter().for_each(|author| people.entry(author).or_default().gave(when));
    }
    if let Detail::HowTo(how_to) = &entry.detail {
        confirmed(people, &entry.authors, &how_to.confirmations, own);
    }
    let Some(question) = entry.question() else { return };
    for answer in &question.answers {
        answered(people, id, entry, answer);
        for reply in &answer.comments {
            let when = at(&reply.anchor, reply.date);
            reply.authors.iter().for_each(|author| people.entry(author).or_default().gave(when));
        }
    }
    for anchor in question.duplicates.iter().filter_map(|duplicate| duplicate.found_in.as_deref()) {
        let Some(reply) = entry.replies().find(|reply| reply.anchor == anchor) else { continue };
        let when = at(&reply.anchor, reply.date);
        for author in &reply.authors {
            let known = &mut people.entry(author).or_default().duplicate;
            *known = Some(known.map_or(when, |known| known.min(when)));
        }
    }
}

fn answered<'a>(
    people: &mut BTreeMap<&'a str, Gathered<'a>>,
    id: EntryId,
    entry: &'a Entry,
    answer: &'a Answer,
) {
    let Reply { anchor, authors, date, .. } = &answer.reply;
    let when = When::of(id, entry, anchor, *date);
    confirmed(people, authors, &answer.confirmations, when);
    for author in authors {
        let person = people.entry(author).or_default();
        person.gave(when);
        // Nobody asks of a `faq` file, and who answers themselves answers nobody else.
        if entry.asked().is_none() || answer.is_to_own_question(entry, author) {
            continue;
        }
        if answer.accepted {
            person.thanked_by.extend(entry.authors.iter().map(String::as_str));
        }
        let helped = answer.accepted || answer.is_confirmed();
        person.answers.push(Given { when, entry, accepted: answer.accepted, helped });
    }
}

/// Something of these authors worked for people.
fn confirmed<'a>(
    people: &mut BTreeMap<&'a str, Gathered<'a>>,
    authors: &'a [String],
    confirmations: &'a [Confirmation],
    place: When<'a>,
) {
    for confirmation in confirmations {
        let day = confirmation.date;
        let when = When { is_undated: day.is_none(), day, instant: None, ..place };
        people.entry(&confirmation.handle).or_default().gave(when);
        for author in authors.iter().filter(|author| **author != confirmation.handle) {
            people.entry(author).or_default().confirmations.push((when, &confirmation.handle));
        }
    }
}

impl<'a> When<'a> {
    fn of(id: EntryId, entry: &'a Entry, anchor: &'a str, moment: Option<Moment>) -> When<'a> {
        When {
            is_undated: moment.is_none(),
            day: moment.map(|moment| moment.date),
            instant: moment.map(|moment| moment.instant),
            address: &entry.address,
            anchor,
            entry: id,
        }
    }

    fn place(&self) -> Place {
        let part = Key::Entry(self.address).into();
        Place { entry: self.entry, anchor: self.anchor.to_string(), part }
    }
}

impl<'a> Gathered<'a> {
    fn gave(&mut self, when: When<'a>) {
        self.first = Some(self.first.map_or(when, |first| first.min(when)));
    }

    fn facts(mut self) -> Facts {
        self.answers.sort_by_key(|given| given.when);
        self.confirmations.sort();
        let confirmed: BTreeSet<&str> = self.confirmations.iter().map(|(_, handle)| *handle).collect();
        Facts {
            answers: self.answers.len(),
            accepted: self.answers.iter().filter(|given| given.accepted).count(),
            confirmed: confirmed.len(),
            helped: confirmed.union(&self.thanked_by).count(),
            last: self.answers.iter().filter_map(|given| given.when.day).max(),
            first: self.first.and_then(|first| Some((first.day?, first.place()))),
            marks: MarkKind::ALL.into_iter().filter_map(|kind| self.mark(kind)).collect(),
        }
    }

    /// A mark, if what it stands for happened. Answers and confirmations are in order.
    fn mark(&self, kind: MarkKind) -> Option<Mark> {
        let mut tag = None;
        let when = match kind {
            MarkKind::FirstAnswer => self.answers.first()?.when,
            MarkKind::FirstAccepted => self.answers.iter().find(|given| given.accepted)?.when,
            MarkKind::SecondTopic => {
                let mut helped =
                    self.answers.iter().filter(|given| given.helped && !given.entry.tags.is_empty());
                let first = &helped.next()?.entry.tags;
                let second = helped.find(|given| given.entry.tags.iter().all(|tag| !first.contains(tag)))?;
                tag = second.entry.topic.clone().or_else(|| second.entry.tags.first().cloned());
                second.when
            }
            MarkKind::TenConfirmed => {
                let mut seen = BTreeSet::new();
                let tenth =
                    |(_, handle): &&(When<'a>, &'a str)| seen.insert(*handle) && seen.len() == CONFIRMED;
                self.confirmations.iter().find(tenth)?.0
            }
            MarkKind::YearOfHelping => {
                let year_later = self.answers.first()?.when.day?.checked_add(1.year()).ok()?;
                self.answers.iter().find(|given| given.when.day.is_some_and(|day| day >= year_later))?.when
            }
            MarkKind::FoundDuplicate => self.duplicate?,
        };
        Some(Mark { kind, place: when.place(), tag })
    }
}
