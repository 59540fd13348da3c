//! What is new, for a mail, a chat or an issue: replies to somebody, answers, open questions, stories, ideas that shipped,
//! and what concerns everybody.
//!
//! It goes by the dates on pages, and these are days: both ends of its window belong to it. Whatever is hidden, held or
//! withdrawn is on no page and so in no digest. [`Digest`] is plain text in groups; [`markdown`], [`html`] and [`text`]
//! write it down, and escape what people wrote.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::page::front_matter::{Field, State, Urgency};
use crate::page::kind::Kind;
use crate::site::disclosure::{disclosed_names, disclosure};
use crate::site::reader::Reader;
use crate::site::written::{Written, WrittenAs};
use crate::site::{Confirmation, Detail, Entry, EntryId, Moment, Site, alert, section, url};
use crate::source::Sources;
use crate::source::git::states::States;
use crate::view::{date_and_time, direction};
use crate::words::Word;
pub use html::html;
pub use markdown::markdown;
pub use text::text;

mod html;
mod markdown;
mod text;

/// At most this many rows stand in a group; how many more there are is said.
const ROWS: usize = 20;

/// At most this many people are named in a row.
const NAMES: usize = 3;

/// At most this many characters of a reply are quoted.
const QUOTE: usize = 160;

/// What a digest is about.
#[derive(Debug, Clone)]
pub struct Options<'a> {
    /// The first day.
    pub since: Date,
    /// The last day; without one nothing is too new.
    pub until: Option<Date>,
    /// For whom it is: a handle.
    pub person: Option<&'a str>,
    /// The slug of a place: what is for other places is left out.
    pub place: Option<&'a str>,
    /// The id of a product: what is not about it is left out, apart from announcements about no product at all.
    pub product: Option<&'a str>,
    /// When the states of ideas changed, if git knows.
    pub states: Option<&'a States>,
}

/// What is new, in groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest {
    /// What it is called.
    pub title: String,
    /// Its days, in words.
    pub days: String,
    /// The name of the site.
    pub site: String,
    /// The whole address of the home page.
    pub home: String,
    /// The language of the site, as BCP 47.
    pub language: String,
    /// The direction of that language: `ltr` or `rtl`.
    pub dir: &'static str,
    /// What is new; no group is empty.
    pub groups: Vec<Group>,
}

/// What is new of one sort.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// What it is called.
    pub title: String,
    /// The most important first.
    pub rows: Vec<Row>,
    /// That there are more than these, in words.
    pub more: Option<String>,
}

/// One thing that is new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its title.
    pub title: String,
    /// Its whole address.
    pub url: String,
    /// What else there is to say, in a sentence or two; it may be empty.
    pub detail: String,
}

/// Gathers what is new.
#[must_use]
pub fn digest(site: &Site, options: &Options<'_>) -> Digest {
    let reader = site.reader();
    let entries = site.listed().filter(|(_, entry)| !matches!(entry.kind, Kind::Person | Kind::Page));
    let mut gather =
        Gather { site: reader, sources: site.sources(), options, entries: Vec::new(), told: BTreeSet::new() };
    let mut entries: Vec<(EntryId, &Entry)> = entries.filter(|(_, entry)| gather.concerns(entry)).collect();
    entries.sort_by(|(_, a), (_, b)| a.list_order().cmp(&b.list_order()));
    gather.entries = entries;
    let groups = gather.groups();
    let (words, config) = (site.words(), &site.sources().config);
    let day = |day: Date| words.date(day);
    Digest {
        title: match options.person {
            Some(handle) => {
                words.fill(Word::DigestFor, &[("name", &site.people().name(handle)), ("site", &config.title)])
            }
            None => words.fill(Word::DigestTitle, &[("site", &config.title)]),
        },
        days: match options.until {
            Some(until) => {
                words.fill(Word::DigestDays, &[("from", &day(options.since)), ("until", &day(until))])
            }
            None => words.fill(Word::DigestSince, &[("from", &day(options.since))]),
        },
        site: config.title.clone(),
        home: site.urls().absolute(url::HOME),
        language: config.language.clone(),
        dir: direction(&config.language),
        groups,
    }
}

struct Gather<'a> {
    site: Reader<'a>,
    sources: &'a Sources,
    options: &'a Options<'a>,
    /// What is looked through, the newest first.
    entries: Vec<(EntryId, &'a Entry)>,
    /// What was told already, and is not told again.
    told: BTreeSet<EntryId>,
}

impl<'a> Gather<'a> {
    /// Whether an entry is for the place and about the product that were asked for.
    fn concerns(&self, entry: &Entry) -> bool {
        let fields = self.site.fields(entry.page);
        let place = self.options.place.is_none_or(|place| {
            let places = alert::places(entry.kind, fields);
            places.is_empty() || places.iter().any(|(slug, _)| slug == place)
        });
        let is_general = entry.kind == Kind::Announcement && entry.products.is_empty();
        let is_about = |id: &str| entry.products.iter().any(|it| it == id);
        place && self.options.product.is_none_or(|product| is_general || is_about(product))
    }

    fn is_within(&self, date: Option<Moment>) -> bool {
        date.is_some_and(|it| self.is_day_within(it.date))
    }

    fn is_day_within(&self, day: Date) -> bool {
        day >= self.options.since && self.options.until.is_none_or(|until| day <= until)
    }

    fn groups(&mut self) -> Vec<Group> {
        let mut groups = vec![self.announcements()];
        if let Some(handle) = self.options.person {
            let (to, with) = self.replies(handle);
            groups.extend([to, with, self.helped(handle)]);
        }
        groups.extend([self.answers(), self.unanswered(), self.shipped()]);
        for kind in [Kind::Story, Kind::HowTo, Kind::Idea, Kind::Link] {
            groups.push(self.new_of(kind));
        }
        groups.into_iter().flatten().collect()
    }

    /// A group, unless it has no rows. What is in `rows` comes in order.
    fn group(&self, title: &str, mut rows: Vec<Row>) -> Option<Group> {
        let more = rows.len().saturating_sub(ROWS);
        rows.truncate(ROWS);
        let more = (more > 0).then(|| self.site.words().count(Word::AndMore, more));
        (!rows.is_empty()).then(|| Group { title: title.to_string(), rows, more })
    }

    fn row(&self, entry: &Entry, detail: String) -> Row {
        Row { title: entry.title.clone(), url: self.site.urls().absolute(&entry.address), detail }
    }

    /// What is urgent now, whenever it was said, and what was announced within these days, with the newest update.
    fn announcements(&mut self) -> Option<Group> {
        let words = self.site.words();
        let mut rows: Vec<(bool, Row)> = Vec::new();
        for (id, entry) in self.entries.iter().filter(|(_, entry)| entry.kind == Kind::Announcement) {
            let summary = self.site.summary(*id);
            let is_urgent = summary.severity == Some(Urgency::Urgent);
            let is_over = alert::is_over(&self.site, *id);
            // What is urgent stands there for whoever wrote it, too: that it is in force is the news.
            let is_new = !self.is_own(entry)
                && (self.is_within(entry.date)
                    || entry.written().any(|it| {
                        it.form == WrittenAs::Response
                            && self.is_within(it.reply.date)
                            && !self.is_by_reader(&it)
                    }));
            if is_over || !(is_urgent || is_new) {
                continue;
            }
            let mut facts: Vec<String> = Vec::new();
            if is_urgent {
                facts.push(words.value(Field::Severity, "urgent").to_string());
            }
            let fields = self.site.fields(entry.page);
            let places = alert::places(entry.kind, fields).into_iter();
            facts.extend(places.map(|(_, name)| name.to_string()));
            facts.extend(disclosure(&self.site, fields, &entry.authors).words(&self.site));
            if let Some(expires) = summary.expires {
                let until = date_and_time(&self.site, &expires).text;
                facts.push(words.fill(Word::Until, &[("date", &until)]));
            }
            let mut detail = facts.join(words.get(Word::Separator));
            if let Some(update) = entry.responses.first() {
                let text = self.quote(update.page, &update.text);
                detail = if detail.is_empty() { text } else { format!("{detail}. {text}") };
            }
            rows.push((!is_urgent, self.row(entry, detail)));
        }
        rows.sort_by_key(|(is_calm, _)| *is_calm);
        self.group(words.kinds(Kind::Announcement), rows.into_iter().map(|(_, row)| row).collect())
    }

    /// What others wrote to somebody, and where else they take part.
    fn replies(&mut self, handle: &str) -> (Option<Group>, Option<Group>) {
        let (mut to, mut with) = (Vec::new(), Vec::new());
        let mut told = BTreeSet::new();
        for (id, entry) in &self.entries {
            let takes_part = entry.written().any(|it| it.is_by(handle))
                || entry.authors.iter().any(|author| author == handle)
                || entry.duplicates().iter().any(|it| it.authors.iter().any(|author| author == handle))
                || confirmations(entry).any(|(it, _)| it.handle == handle)
                || matches!(&entry.detail, Detail::Idea(idea) if idea.supporters.iter().any(|it| it == handle));
            for written in entry.written().filter(|it| !it.is_by(handle) && self.is_within(it.reply.date)) {
                if written.is_to(handle) {
                    to.push(written);
                } else if takes_part {
                    with.push(written);
                } else {
                    continue;
                }
                told.insert(*id);
            }
        }
        self.told.extend(told);
        let group = |word: Word, mut all: Vec<Written<'_>>| {
            all.sort_by(|a, b| a.order().cmp(&b.order()));
            self.group(self.site.words().get(word), all.iter().map(|it| self.reply(it)).collect())
        };
        (group(Word::DigestToYou, to), group(Word::DigestWithYou, with))
    }

    fn reply(&self, written: &Written<'_>) -> Row {
        let Written { entry, reply, form, .. } = written;
        let word = match form {
            WrittenAs::Answer => Word::FeedAnswer,
            WrittenAs::Comment => Word::FeedComment,
            WrittenAs::Response => Word::FeedResponse,
        };
        let by = self.some_of(self.disclosed(reply.page, &reply.authors));
        let by = if by.is_empty() { self.site.config().title.clone() } else { by };
        let title = self.site.words().fill(word, &[("names", &by), ("title", &entry.title)]);
        let fragment = url::encode(&reply.anchor);
        let url = format!("{}#{fragment}", self.site.urls().absolute(&entry.address));
        Row { title, url, detail: self.quote(reply.page, &reply.text) }
    }

    /// Answers and how-tos of somebody of which others said within these days that they worked.
    fn helped(&self, handle: &str) -> Option<Group> {
        let mut rows = Vec::new();
        for (_, entry) in &self.entries {
            let mut names: Vec<String> = Vec::new();
            for (confirmation, by) in confirmations(entry) {
                let is_new = confirmation.date.is_some_and(|day| self.is_day_within(day));
                let name = self.site.person_name(&confirmation.handle).to_string();
                if is_new && by.iter().any(|author| author == handle) && !names.contains(&name) {
                    names.push(name);
                }
            }
            if !names.is_empty() {
                let names = self.some_of(names);
                rows.push(
                    self.row(entry, self.site.words().fill(Word::DigestWorkedFor, &[("names", &names)])),
                );
            }
        }
        self.group(self.site.words().get(Word::DigestHelped), rows)
    }

    /// Questions that were answered within these days, the latest answer first.
    fn answers(&mut self) -> Option<Group> {
        let words = self.site.words();
        let mut rows = Vec::new();
        for (_, entry) in self.entries.iter().filter(|(id, _)| !self.told.contains(id)) {
            let is_new = |it: &Written<'_>| {
                it.form == WrittenAs::Answer && self.is_within(it.reply.date) && !self.is_by_reader(it)
            };
            let new: Vec<Written<'_>> = entry.written().filter(is_new).collect();
            let Some(latest) = new.iter().map(|it| it.reply.date).max() else { continue };
            let mut names: Vec<String> = Vec::new();
            for name in new.iter().flat_map(|it| self.disclosed(it.reply.page, &it.reply.authors)) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            let mut detail = match self.some_of(names) {
                names if names.is_empty() => words.get(Word::AnsweredByNobody).to_string(),
                names => words.fill(Word::AnsweredBy, &[("names", &names)]),
            };
            if new.iter().any(|it| it.accepted) {
                detail = format!("{detail} {}", words.get(Word::DigestAccepted));
            }
            rows.push((Reverse(latest), self.row(entry, detail)));
        }
        rows.sort_by_key(|(latest, _)| *latest);
        self.group(words.get(Word::DigestAnswers), rows.into_iter().map(|(_, row)| row).collect())
    }

    /// Questions of these days that nobody has answered, the oldest first: it waits longest.
    fn unanswered(&self) -> Option<Group> {
        let waits = |entry: &Entry| entry.is_unanswered() && entry.is_open() && self.is_within(entry.date);
        let open = self.entries.iter().rev().filter(|(_, entry)| waits(entry) && !self.is_own(entry));
        let rows = open.map(|(_, entry)| self.row(entry, self.authors(entry)));
        self.group(self.site.words().get(Word::CanYouHelp), rows.collect())
    }

    /// Ideas that shipped within these days, and who wanted them.
    fn shipped(&mut self) -> Option<Group> {
        let words = self.site.words();
        let mut rows = Vec::new();
        for (id, entry) in self.entries.iter().filter(|(_, entry)| entry.kind == Kind::Idea) {
            let Detail::Idea(idea) = &entry.detail else { continue };
            let fields = self.site.fields(entry.page);
            let is_shipped = fields.state.as_ref().is_some_and(|state| state.value == State::Shipped);
            if !is_shipped || !self.shipped_on(entry).is_some_and(|day| self.is_day_within(day)) {
                continue;
            }
            self.told.insert(*id);
            let mut detail = Vec::new();
            if let Some(by) = self.site.fulfilment(*id) {
                detail.push(format!("{}.", words.fill(Word::DigestFulfilled, &[("title", &by.title)])));
            }
            let mut wanted = entry.authors.clone();
            wanted.extend(idea.supporters.iter().filter(|it| !entry.authors.contains(it)).cloned());
            if !wanted.is_empty() {
                detail.push(words.fill(Word::DigestWantedBy, &[("names", &self.names(&wanted))]));
            }
            rows.push(self.row(entry, detail.join(" ")));
        }
        self.group(words.get(Word::DigestShipped), rows)
    }

    /// The day on which an idea shipped: when its file came to say so, else the date that it gives itself. A file that said
    /// so when it was added tells nothing: it may have come with others from elsewhere.
    fn shipped_on(&self, entry: &Entry) -> Option<Date> {
        let path = self.site.path(entry.page);
        let (added, _) = self.sources.committed(path);
        let history = self.options.states.and_then(|states| states.get(path));
        let first = history.and_then(|all| all.iter().find(|(_, state)| *state == State::Shipped));
        match first.filter(|(when, _)| added.is_some_and(|added| added.instant < *when)) {
            Some((when, _)) => Some(when.to_zoned(self.site.config().timezone.clone()).date()),
            None => {
                let written = self.site.fields(entry.page).updated.as_ref().map(|it| it.value.day);
                written.or(entry.date.map(|it| it.date))
            }
        }
    }

    /// Entries of a kind of these days that were not told yet.
    fn new_of(&self, kind: Kind) -> Option<Group> {
        let is_new = |(id, entry): &&(EntryId, &Entry)| {
            entry.kind == kind && self.is_within(entry.date) && !self.told.contains(id) && !self.is_own(entry)
        };
        let rows = self.entries.iter().filter(is_new).map(|(_, entry)| self.row(entry, self.authors(entry)));
        self.group(self.site.words().kinds(kind), rows.collect())
    }

    /// Whether whoever gets the digest wrote it.
    fn is_own(&self, entry: &Entry) -> bool {
        self.options.person.is_some_and(|handle| entry.authors.iter().any(|author| author == handle))
    }

    /// The same of what stands under an entry.
    fn is_by_reader(&self, written: &Written<'_>) -> bool {
        self.options.person.is_some_and(|handle| written.is_by(handle))
    }

    /// Who wrote an entry, with what is disclosed of them and of the text.
    fn authors(&self, entry: &Entry) -> String {
        self.some_of(self.disclosed(entry.page, &entry.authors))
    }

    fn disclosed(&self, page: usize, authors: &[String]) -> Vec<String> {
        disclosed_names(&self.site, authors, &disclosure(&self.site, self.site.fields(page), authors))
    }

    fn names(&self, handles: &[String]) -> String {
        self.some_of(handles.iter().map(|handle| self.site.person_name(handle).to_string()).collect())
    }

    /// Some of many names, and how many more there are.
    fn some_of(&self, mut names: Vec<String>) -> String {
        let words = self.site.words();
        let more = names.len().saturating_sub(NAMES);
        names.truncate(NAMES);
        let names = words.list(&names);
        if more == 0 { names } else { format!("{names} {}", words.count(Word::AndMore, more)) }
    }

    fn quote(&self, page: usize, text: &std::ops::Range<u32>) -> String {
        let body = &self.site.page(page).body;
        section::one_line(body.text.get(text.start as usize..text.end as usize).unwrap_or_default(), QUOTE)
    }
}

/// Who said that something under an entry worked, with those who wrote it.
fn confirmations(entry: &Entry) -> impl Iterator<Item = (&Confirmation, &[String])> {
    let answers = entry.question().map_or(&[][..], |question| &question.answers);
    let of_answers = answers
        .iter()
        .flat_map(|answer| answer.confirmations.iter().map(|it| (it, &answer.reply.authors[..])));
    let of_how_to = match &entry.detail {
        Detail::HowTo(how_to) => &how_to.confirmations[..],
        _ => &[],
    };
    of_answers.chain(of_how_to.iter().map(|it| (it, &entry.authors[..])))
}
