//! What people did, read once off the linked site: every question that counts, and every contribution in the order of
//! days. Figures are made of slices of it, so that many periods cost as much as one.
//!
//! Left out are hidden pages, drafts and what lies in the future (they are on no list), files whose whole text is the
//! answer, and, unless they are asked for, questions that were merged into another one.

use std::collections::BTreeMap;

use super::Options;
use super::figures::DAY;
use super::window::{Window, day_number};
use crate::page::kind::Kind;
use crate::page::slug;
use crate::site::counted::Counted;
use crate::site::{Answer, Detail, Entry, EntryId, Moment, PageId, Reply, need};

/// What people did.
#[derive(Debug)]
pub struct Activity<'a> {
    /// The site that it was read off.
    pub site: Counted<'a>,
    /// The day that counts as today, as a number of days.
    pub today: Option<i64>,
    /// Questions, the oldest first, those without a date last.
    pub questions: Vec<Asked>,
    /// Contributions, the oldest first, those without a date last.
    pub acts: Vec<Act>,
    /// Everybody who took part, in the order of handles.
    pub people: Vec<Participant>,
    /// The other entries that count, the oldest first, those without a date last: stories, ideas and their like.
    pub entries: Vec<Written>,
    /// Whether questions count that are too young to have been answered in time.
    pub with_young: bool,
    /// Questions that were merged into another one.
    pub duplicates: usize,
}

/// A question that somebody asked.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The day on which it was asked.
    pub day: Option<i64>,
    /// The entry that shows it.
    pub entry: EntryId,
    /// Whether it is a question of its own that was merged into that entry.
    pub is_duplicate: bool,
    /// Whether it has an answer, in the sense of the options.
    pub is_answered: bool,
    /// Whether the one who asked said which answer helped.
    pub is_accepted: bool,
    /// Whether anybody said that an answer helped.
    pub is_solved: bool,
    /// The first answer by somebody else.
    pub first: First,
}

/// An entry that is no question.
#[derive(Debug, Clone, Copy)]
pub struct Written {
    /// The day on which it was written.
    pub day: Option<i64>,
    /// The entry.
    pub entry: EntryId,
}

/// The first answer that somebody gave who did not ask.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum First {
    /// There is none, or nobody knows when it was given or when the question was asked.
    #[default]
    None,
    /// It is older than the question, as when both were moved.
    Before,
    /// It came after some time.
    After {
        /// How long it took in milliseconds, rounded up to whole days if it is known to the day only.
        took: i64,
        /// Whether it is known to the day only.
        approximate: bool,
        /// Whether the company gave it.
        by_team: bool,
    },
}

/// A sort of contribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// A question.
    Question,
    /// Any other entry but a person: a story, an idea, a how-to.
    Entry,
    /// An answer.
    Answer,
    /// A comment, or the company's response.
    Comment,
    /// That something worked.
    Confirmation,
}

/// Something that people contributed.
#[derive(Debug, Clone)]
pub struct Act {
    /// The day of it.
    pub day: Option<i64>,
    /// What it is.
    pub sort: Sort,
    /// The entry that shows it.
    pub entry: EntryId,
    /// Who, each with what they did before.
    pub by: Vec<By>,
    /// Whether one of them is of the company's team.
    pub by_team: bool,
    /// Of an answer: how many words it has, where texts are counted.
    pub words: Option<usize>,
}

/// Somebody who contributed.
#[derive(Debug, Clone, Copy)]
pub struct By {
    /// Their place among the people.
    pub person: usize,
    /// How many days before they had contributed last; nothing for their first contribution.
    pub after: Option<i64>,
}

/// Somebody who took part.
#[derive(Debug, Clone, Default)]
pub struct Participant {
    /// The handle.
    pub handle: String,
    /// Each day on which they contributed and the entry that shows it, in order.
    pub days: Vec<(i64, EntryId)>,
    /// The first question that they asked, as its place among the questions.
    pub first_question: Option<usize>,
}

/// A contribution before it is put in order.
struct Found {
    when: Option<Moment>,
    act: Act,
    handles: Vec<String>,
    page: PageId,
}

impl<'a> Activity<'a> {
    /// Reads it off a site.
    #[must_use]
    pub fn new(site: Counted<'a>, options: &Options) -> Activity<'a> {
        let mut collector =
            Collector { site, options, found: Vec::new(), questions: Vec::new(), duplicates: 0 };
        let mut entries = Vec::new();
        for (id, entry) in site.listed().filter(|(_, entry)| options.wants(entry)) {
            match (&entry.detail, entry.kind) {
                (Detail::Question(question), _) if question.faq => {}
                (Detail::Question(_), _) => collector.question(id, entry),
                (_, Kind::Person) => {}
                _ => {
                    entries.push(Written { day: entry.date.map(|date| day_number(date.date)), entry: id });
                    collector.other(id, entry);
                }
            }
        }
        let Collector { mut found, mut questions, duplicates, .. } = collector;
        found.sort_by_key(|it| {
            (it.when.is_none(), it.when.map(|it| (it.date, it.instant)), it.act.sort, it.page)
        });
        questions.sort_by_key(|(asked, page)| (asked.day.is_none(), asked.day, *page));
        let mut people = participants(&found);
        let places: BTreeMap<String, usize> =
            people.iter().enumerate().map(|(place, it)| (it.handle.clone(), place)).collect();
        let acts = found.into_iter().map(|it| ordered(it, &places, &mut people)).collect();
        let mut first = |at: usize, asked: &Asked| {
            let authors = if asked.is_duplicate { &[][..] } else { &site.entry(asked.entry).authors };
            for handle in authors {
                if let Some(place) = places.get(handle) {
                    people[*place].first_question.get_or_insert(at);
                }
            }
        };
        let questions: Vec<Asked> = questions.into_iter().map(|(asked, _)| asked).collect();
        questions.iter().enumerate().for_each(|(at, asked)| first(at, asked));
        entries.sort_by_key(|it| (it.day.is_none(), it.day, it.entry));
        let today = site.today().map(day_number);
        let with_young = options.include_duplicates;
        Activity { site, today, questions, acts, people, entries, with_young, duplicates }
    }

    /// The first and the last day on which anything happened.
    #[must_use]
    pub fn span(&self) -> Option<Window> {
        let days = || {
            let of_acts = self.acts.iter().filter_map(|act| act.day);
            of_acts.chain(self.questions.iter().filter_map(|asked| asked.day))
        };
        Some(Window { from: days().min()?, until: days().max()? })
    }

    /// The questions that were asked in a window; all of them without one.
    #[must_use]
    pub fn questions_in(&self, window: Option<Window>) -> &[Asked] {
        slice(&self.questions, window, |asked| asked.day)
    }

    /// The other entries that were written in a window; all of them without one.
    #[must_use]
    pub fn entries_in(&self, window: Option<Window>) -> &[Written] {
        slice(&self.entries, window, |it| it.day)
    }

    /// The contributions of a window; all of them without one.
    #[must_use]
    pub fn acts_in(&self, window: Option<Window>) -> &[Act] {
        slice(&self.acts, window, |act| act.day)
    }
}

/// Those of a window among what is in the order of days.
fn slice<T>(all: &[T], window: Option<Window>, day: impl Fn(&T) -> Option<i64>) -> &[T] {
    let Some(Window { from, until }) = window else { return all };
    // What has no day stands at the end.
    let start = all.partition_point(|it| day(it).is_some_and(|day| day < from));
    let end = all.partition_point(|it| day(it).is_some_and(|day| day <= until));
    &all[start..end.max(start)]
}

fn participants(found: &[Found]) -> Vec<Participant> {
    let handles: std::collections::BTreeSet<&String> = found.iter().flat_map(|it| &it.handles).collect();
    handles
        .into_iter()
        .map(|handle| Participant { handle: handle.clone(), ..Participant::default() })
        .collect()
}

/// A contribution in its place, which tells its authors what they did last before.
fn ordered(found: Found, places: &BTreeMap<String, usize>, people: &mut [Participant]) -> Act {
    let Found { mut act, handles, .. } = found;
    for person in handles.iter().filter_map(|handle| places.get(handle).copied()) {
        let days = &mut people[person].days;
        let after = act.day.and_then(|day| days.last().map(|(before, _)| day - before));
        if let Some(day) = act.day {
            days.push((day, act.entry));
        }
        act.by.push(By { person, after });
    }
    act
}

struct Collector<'a, 'b> {
    site: Counted<'a>,
    options: &'b Options,
    found: Vec<Found>,
    questions: Vec<(Asked, PageId)>,
    duplicates: usize,
}

impl Collector<'_, '_> {
    fn question(&mut self, id: EntryId, entry: &Entry) {
        let Some(question) = entry.asked() else { return };
        self.duplicates += question.duplicates.len();
        self.act(id, Sort::Question, entry.page, entry.date, &entry.authors);
        let is_here = |answer: &Answer| self.owner(entry, answer) == entry.page;
        let first = self.first(entry.page, entry.date, entry.answers_by_others().filter(|it| is_here(it)));
        let mut asked = Asked {
            day: entry.date.map(|date| day_number(date.date)),
            entry: id,
            is_duplicate: false,
            is_answered: question.is_answered(),
            is_accepted: question.is_accepted(),
            is_solved: question.is_solved(),
            first,
        };
        // What was merged into a question is on its page; where that counts by itself, it does not count here as well.
        let is_apart = self.options.include_duplicates && !question.duplicates.is_empty();
        if is_apart {
            let here: Vec<&Answer> = question.answers.iter().filter(|it| is_here(it)).collect();
            asked.is_answered = !here.is_empty();
            asked.is_accepted = here.iter().any(|answer| answer.accepted);
            asked.is_solved = here.iter().any(|answer| answer.accepted || answer.is_confirmed());
        }
        if self.options.strict_answers {
            asked.is_answered = entry.answers_by_others().any(|it| !is_apart || is_here(it));
        }
        self.questions.push((asked, entry.page));
        if is_apart {
            self.merged(id, entry);
        }
        for answer in &question.answers {
            self.answer(id, entry, answer);
        }
        self.comments(id, entry);
    }

    /// The questions that were merged into one, each with the answers that were given to it.
    fn merged(&mut self, id: EntryId, entry: &Entry) {
        let Some(question) = entry.asked() else { return };
        for duplicate in &question.duplicates {
            let is_here = |answer: &&Answer| self.owner(entry, answer) == duplicate.page;
            let here: Vec<&Answer> = question.answers.iter().filter(is_here).collect();
            let by_other = || here.iter().copied().filter(|it| need::is_by_other(it, &duplicate.authors));
            let accepted = self.site.fields(duplicate.page).accepted.as_ref().map(|it| it.value.as_str());
            let is_accepted = accepted.is_some_and(|name| here.iter().any(|it| is_called(it, name)));
            let first = self.first(duplicate.page, duplicate.date, by_other());
            let asked = Asked {
                day: duplicate.date.map(|date| day_number(date.date)),
                entry: id,
                is_duplicate: true,
                is_answered: if self.options.strict_answers {
                    by_other().next().is_some()
                } else {
                    !here.is_empty()
                },
                is_accepted,
                is_solved: is_accepted || here.iter().any(|answer| answer.is_confirmed()),
                first,
            };
            self.questions.push((asked, duplicate.page));
            self.act(id, Sort::Question, duplicate.page, duplicate.date, &duplicate.authors);
        }
    }

    fn answer(&mut self, id: EntryId, entry: &Entry, answer: &Answer) {
        let reply = &answer.reply;
        // An answer in the file of a question is by whom the file is.
        let authors = if reply.page == entry.page { &entry.authors } else { &reply.authors };
        self.act(id, Sort::Answer, reply.page, reply.date, authors);
        if let Some(last) = self.found.last_mut() {
            last.act.words = self.site.words(reply);
        }
        for confirmation in &answer.confirmations {
            self.confirmation(id, reply.page, confirmation);
        }
        answer.comments.iter().for_each(|comment| self.reply(id, comment));
    }

    /// Whatever is neither question nor person.
    fn other(&mut self, id: EntryId, entry: &Entry) {
        self.act(id, Sort::Entry, entry.page, entry.date, &entry.authors);
        if let Detail::HowTo(how_to) = &entry.detail {
            how_to.confirmations.iter().for_each(|it| self.confirmation(id, entry.page, it));
        }
        self.comments(id, entry);
    }

    fn comments(&mut self, id: EntryId, entry: &Entry) {
        entry.comments.iter().chain(&entry.responses).for_each(|comment| self.reply(id, comment));
    }

    fn reply(&mut self, id: EntryId, reply: &Reply) {
        self.act(id, Sort::Comment, reply.page, reply.date, &reply.authors);
    }

    fn confirmation(&mut self, id: EntryId, page: PageId, confirmation: &crate::site::Confirmation) {
        let when = confirmation.date.and_then(|day| self.site.moment(day));
        let handles = std::slice::from_ref(&confirmation.handle);
        self.act(id, Sort::Confirmation, page, when, handles);
    }

    fn act(&mut self, entry: EntryId, sort: Sort, page: PageId, when: Option<Moment>, handles: &[String]) {
        let act = Act {
            day: when.map(|when| day_number(when.date)),
            sort,
            entry,
            by: Vec::with_capacity(handles.len()),
            by_team: handles.iter().any(|handle| self.site.is_team(handle)),
            words: None,
        };
        self.found.push(Found { when, act, handles: handles.to_vec(), page });
    }

    /// The question whose folder an answer lies in, or whose file it stands in.
    fn owner(&self, entry: &Entry, answer: &Answer) -> PageId {
        let page = answer.reply.page;
        let duplicates = entry.asked().map_or(&[][..], |question| &question.duplicates);
        let owner = duplicates.iter().find(|it| it.page == page || self.site.is_reply_to(page, it.page));
        owner.map_or(entry.page, |duplicate| duplicate.page)
    }

    /// How long it took until the first of some answers.
    fn first<'s>(
        &self,
        question: PageId,
        asked: Option<Moment>,
        answers: impl Iterator<Item = &'s Answer>,
    ) -> First {
        let Some((answer, when)) = need::first(answers) else { return First::None };
        let Some(asked) = asked else { return First::None };
        let approximate = !self.is_timed(question) || !self.is_timed(answer.reply.page);
        let took = if approximate {
            let days = day_number(when.date) - day_number(asked.date);
            // An answer of the same day took up to a day.
            if days < 0 { -1 } else { days.max(1) * DAY }
        } else {
            when.instant.as_millisecond() - asked.instant.as_millisecond()
        };
        match took {
            ..0 => First::Before,
            took => First::After {
                took,
                approximate,
                by_team: answer.reply.authors.iter().any(|author| self.site.is_team(author)),
            },
        }
    }

    /// Whether the date of a file has a time of day: git's always has.
    fn is_timed(&self, page: PageId) -> bool {
        self.site.fields(page).date.as_ref().is_none_or(|date| date.value.time.is_some())
    }
}

/// Whether `accepted` in the file of a merged question means an answer to it.
fn is_called(answer: &Answer, name: &str) -> bool {
    let name = name.trim().trim_start_matches(['@', '#']).trim_end_matches(".md");
    let is_stem = |name: &str| slug::fold(name) == slug::fold(&answer.reply.stem);
    let is_own =
        matches!(name, "self" | "answer") && answer.reply.anchor == format!("answer-{}", answer.reply.stem);
    is_stem(name) || is_own || name.strip_prefix("answer-").is_some_and(is_stem)
}
