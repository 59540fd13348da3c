//! Small faces of entries and people, for those who show no more of them: each is a part of its own, and is compared
//! with the equality that it derives.

use std::cmp::Reverse;

use jiff::civil::Date;

use super::contribution::DoorFacts;
use super::facet;
use super::people::Person;
use super::wanted::Lacking;
use super::{Answer, Entry, ListOrder, Moment};
use crate::page::Page;
use crate::page::date::Date as WrittenDate;
use crate::page::front_matter::{Field, Fields, Role, Urgency};
use crate::page::kind::Kind;

/// What has at most so many bytes of text can be read at a glance.
const SHORT: usize = 600;

/// What a link to an entry shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryTitle<'a> {
    /// The title.
    pub title: &'a str,
    /// The address.
    pub address: &'a str,
    /// The language, if its file names one.
    pub lang: Option<&'a str>,
    /// Whether it may be named at all.
    pub is_listed: bool,
}

/// What a line in a list or a feed shows of an entry, besides the names of people and tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are those of `Entry` and `Fields`")]
pub struct EntrySummary<'a> {
    pub kind: Kind,
    pub slug: &'a str,
    pub title: &'a str,
    pub address: &'a str,
    pub description: &'a str,
    pub line: &'a str,
    pub authors: &'a [String],
    pub date: Option<Moment>,
    pub changed: Option<Moment>,
    pub tags: &'a [String],
    /// Of a question: how many answers it has, and whether the best one was accepted.
    pub answers: Option<(usize, bool)>,
    pub lang: Option<&'a str>,
    /// Until when it matters.
    pub expires: Option<WrittenDate>,
    /// The word that says how it stands, and its field.
    pub mark: Option<(Field, &'static str)>,
    pub severity: Option<Urgency>,
    /// Of a how-to for how many people it worked; of an idea how many want it.
    pub voices: usize,
    pub disclosed: Disclosed<'a>,
}

/// What the front matter of a text says of how far to believe it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are those of `Fields`")]
pub struct Disclosed<'a> {
    pub affiliation: Option<&'a str>,
    pub sponsored: Option<&'a str>,
    pub made_with: Option<&'static str>,
}

/// By what entries are put on lists, and in which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are those of `Entry`")]
pub struct EntrySorting<'a> {
    pub kind: Kind,
    pub slug: &'a str,
    pub date: Option<Moment>,
    pub is_listed: bool,
    /// How much it helped: confirmations and votes, of an idea how many want it.
    pub helped: i64,
    pub changed: Option<Moment>,
    pub is_unanswered: bool,
    pub is_unsolved: bool,
    pub tags: &'a [String],
    pub topic: Option<&'a str>,
    pub products: &'a [String],
    pub versions: &'a [String],
}

/// Of what help wanted and experts are made.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are those of `Entry`")]
pub struct EntryNeeds<'a> {
    pub kind: Kind,
    pub slug: &'a str,
    pub date: Option<Moment>,
    pub tags: &'a [String],
    pub products: &'a [String],
    pub authors: &'a [String],
    /// Whether somebody asked it.
    pub is_asked: bool,
    /// Whether it can be read at a glance.
    pub is_short: bool,
    pub lacking: Lacking,
    /// What its doors are made of.
    pub doors: DoorFacts<'a>,
    /// What its answers say of those who gave them.
    pub answers: Vec<AnswerNeeds<'a>>,
}

/// What is counted of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct AnswerNeeds<'a> {
    pub authors: &'a [String],
    pub day: Option<Date>,
    pub is_accepted: bool,
    pub is_confirmed: bool,
    /// Who asked the merged question that it was given to.
    pub merged_from: &'a [String],
}

/// What lists of people show of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GivenAnswer<'a> {
    /// The fragment that leads to it.
    pub anchor: &'a str,
    /// Who wrote it.
    pub authors: &'a [String],
    /// Whether the one who asked said that it helped.
    pub accepted: bool,
}

/// What is shown of a person beside whatever they wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profile<'a> {
    /// The name to show.
    pub name: &'a str,
    /// Whether they want no page and no place in the directory.
    pub unlisted: bool,
    /// The role given by `team:`.
    pub team: Option<Role>,
    /// The connection to the subject that their page names.
    pub affiliation: Option<&'a str>,
}

impl<'a> EntryTitle<'a> {
    pub(super) fn of(entry: &'a Entry, fields: &'a Fields) -> EntryTitle<'a> {
        EntryTitle {
            title: &entry.title,
            address: &entry.address,
            lang: fields.lang.as_ref().map(|lang| &*lang.value),
            is_listed: entry.is_listed(),
        }
    }
}

impl<'a> EntrySummary<'a> {
    pub(super) fn of(entry: &'a Entry, fields: &'a Fields) -> EntrySummary<'a> {
        let answers = entry.question().map(|question| &question.answers);
        EntrySummary {
            kind: entry.kind,
            slug: &entry.slug,
            title: &entry.title,
            address: &entry.address,
            description: &entry.description,
            line: &entry.line,
            authors: &entry.authors,
            date: entry.date,
            changed: entry.changed,
            tags: &entry.tags,
            answers: answers.map(|it| (it.len(), it.first().is_some_and(|best| best.accepted))),
            lang: fields.lang.as_ref().map(|lang| &*lang.value),
            expires: fields.expires.as_ref().map(|date| date.value),
            mark: facet::mark(entry.kind, fields),
            severity: fields.severity.as_ref().map(|severity| severity.value),
            voices: entry.voices(),
            disclosed: Disclosed::of(fields),
        }
    }
}

impl<'a> Disclosed<'a> {
    /// What these fields say.
    #[must_use]
    pub fn of(fields: &'a Fields) -> Disclosed<'a> {
        Disclosed {
            affiliation: fields.affiliation.as_ref().map(|it| &*it.value),
            sponsored: fields.sponsored.as_ref().map(|it| &*it.value),
            made_with: fields.made_with.as_ref().map(|it| it.value),
        }
    }
}

impl<'a> EntrySummary<'a> {
    /// Where the entry stands on lists.
    #[must_use]
    pub fn list_order(&self) -> ListOrder<'a> {
        (Reverse(self.date.map(|moment| moment.date)), self.slug, self.kind)
    }
}

impl<'a> EntrySorting<'a> {
    /// Where the entry stands on lists.
    #[must_use]
    pub fn list_order(&self) -> ListOrder<'a> {
        (Reverse(self.date.map(|moment| moment.date)), self.slug, self.kind)
    }

    pub(super) fn of(entry: &'a Entry) -> EntrySorting<'a> {
        EntrySorting {
            kind: entry.kind,
            slug: &entry.slug,
            date: entry.date,
            is_listed: entry.is_listed(),
            helped: entry.helped(),
            changed: entry.changed,
            is_unanswered: entry.is_unanswered(),
            is_unsolved: entry.is_unsolved(),
            tags: &entry.tags,
            topic: entry.topic.as_deref(),
            products: &entry.products,
            versions: &entry.versions,
        }
    }
}

impl<'a> EntryNeeds<'a> {
    pub(super) fn of(entry: &'a Entry, page: &Page) -> EntryNeeds<'a> {
        let answers = entry.asked().map_or(&[][..], |question| &question.answers);
        let given = |it: &'a Answer| AnswerNeeds {
            authors: &it.reply.authors,
            day: it.reply.date.map(|moment| moment.date),
            is_accepted: it.accepted,
            is_confirmed: it.is_confirmed(),
            merged_from: &it.merged_from,
        };
        EntryNeeds {
            kind: entry.kind,
            slug: &entry.slug,
            date: entry.date,
            tags: &entry.tags,
            products: &entry.products,
            authors: &entry.authors,
            is_asked: entry.asked().is_some(),
            is_short: page.body.text.len() <= SHORT,
            lacking: Lacking::of(entry, &page.fields),
            doors: DoorFacts::of(entry),
            answers: answers.iter().map(given).collect(),
        }
    }

    /// Where it stands where help is wanted: the oldest first, as it waits longest.
    #[must_use]
    pub fn waiting_order(&self) -> (bool, Option<Date>, &'a str, Kind) {
        (self.date.is_none(), self.date.map(|moment| moment.date), self.slug, self.kind)
    }
}

impl<'a> GivenAnswer<'a> {
    pub(super) fn all(entry: &'a Entry) -> Vec<GivenAnswer<'a>> {
        let answers = entry.question().map_or(&[][..], |question| &question.answers);
        let given = |answer: &'a Answer| GivenAnswer {
            anchor: &answer.reply.anchor,
            authors: &answer.reply.authors,
            accepted: answer.accepted,
        };
        answers.iter().map(given).collect()
    }
}

impl<'a> Profile<'a> {
    pub(super) fn of(person: &'a Person) -> Profile<'a> {
        let affiliation = person.affiliation.as_deref();
        Profile { name: &person.name, unlisted: person.unlisted, team: person.team, affiliation }
    }
}
