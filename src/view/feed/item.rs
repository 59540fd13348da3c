//! What stands in a feed: an entry, or something that somebody wrote under one.

use std::borrow::Cow;
use std::cmp::Reverse;

use jiff::Timestamp;

use super::content;
use crate::page::date::Date as WrittenDate;
use crate::page::front_matter::State;
use crate::page::kind::Kind;
use crate::page::limits;
use crate::site::disclosure::{Disclosure, disclosed, disclosed_names, disclosure};
use crate::site::reader::Reader;
use crate::site::written::{Written, WrittenAs};
use crate::site::{EntryId, Moment, alert, section, url};
use crate::words::Word;

/// A reply stands in a feed with at most this many characters of its text.
const TEXT: usize = 400;

/// What stands in a feed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Item<'a> {
    /// An entry.
    Entry(EntryId),
    /// Something that somebody wrote under one.
    Reply(Written<'a>),
    /// That an idea shipped, and when, if that is known.
    Shipped(EntryId, Option<Moment>),
}

/// What a feed shows of an item, in any form.
#[derive(Debug)]
pub(super) struct Shown<'a> {
    /// An id that stays when the site moves.
    pub(super) id: String,
    /// Where it is read.
    pub(super) url: String,
    pub(super) title: Cow<'a, str>,
    /// One line of what it says.
    pub(super) summary: Cow<'a, str>,
    pub(super) published: Option<Timestamp>,
    pub(super) updated: Option<Timestamp>,
    /// Names of its authors, each with what is disclosed of them and of the text.
    pub(super) authors: Vec<String>,
    /// Slugs of its tags.
    pub(super) tags: &'a [String],
}

impl<'a> Item<'a> {
    /// Where it stands: the newest first, undated ones last.
    pub(super) fn order(&self, site: &Reader<'a>) -> (Reverse<Option<Moment>>, &'a str, &'a str) {
        match self {
            Item::Entry(id) => (Reverse(site.summary(*id).date), site.address(*id), ""),
            Item::Reply(written) => written.order(),
            Item::Shipped(id, when) => (Reverse(*when), site.address(*id), ""),
        }
    }

    /// When it changed last.
    pub(super) fn changed(&self, site: &Reader<'a>) -> Option<Moment> {
        match self {
            Item::Entry(id) => site.summary(*id).changed,
            Item::Reply(Written { reply, .. }) => reply.updated.max(reply.date),
            Item::Shipped(_, when) => *when,
        }
    }

    /// What a feed shows of it.
    pub(super) fn shown(&self, site: &Reader<'a>) -> Shown<'a> {
        match self {
            Item::Entry(id) => entry(site, *id),
            Item::Reply(written) => reply(site, written, self.changed(site)),
            Item::Shipped(id, when) => shipped(site, *id, *when),
        }
    }

    /// The whole text of an entry, as it can stand anywhere.
    pub(super) fn content(&self, site: &Reader<'a>) -> Option<String> {
        match self {
            Item::Entry(id) => Some(content::of(site, site.entry(*id))),
            Item::Reply(_) | Item::Shipped(..) => None,
        }
    }
}

fn entry<'a>(site: &Reader<'a>, id: EntryId) -> Shown<'a> {
    let entry = site.summary(id);
    // Whoever reads this later must see that it may be over.
    let until = entry.expires.filter(|_| entry.kind == Kind::Announcement);
    let until = until.map(|date| super::super::date_and_time(site, &date).text);
    let summary = until.map_or(Cow::Borrowed(entry.description), |until| {
        let until = site.words().fill(Word::UntilSentence, &[("date", &until)]);
        Cow::Owned(format!("{until} {}", entry.description).trim_end().to_string())
    });
    Shown {
        id: super::id(site, entry.address),
        url: site.urls().absolute(entry.address),
        title: Cow::Borrowed(entry.title),
        summary,
        published: entry.date.map(|it| it.instant),
        updated: entry.changed.map(|it| it.instant),
        authors: names(site, entry.authors, &disclosed(site, entry.disclosed, entry.authors)),
        tags: &entry.tags[..entry.tags.len().min(limits::FEED_TAGS)],
    }
}

fn reply<'a>(site: &Reader<'a>, written: &Written<'a>, changed: Option<Moment>) -> Shown<'a> {
    let Written { entry, reply, form, .. } = *written;
    let words = site.words();
    let named: Vec<&str> = first(&reply.authors).iter().map(|handle| site.person_name(handle)).collect();
    let nobody = [site.config().title.as_str()];
    let by = words.list(if named.is_empty() { &nobody[..] } else { &named[..] });
    let word = match form {
        WrittenAs::Answer => Word::FeedAnswer,
        WrittenAs::Response if entry.kind == Kind::Announcement => Word::FeedUpdate,
        WrittenAs::Response => Word::FeedResponse,
        WrittenAs::Comment => Word::FeedComment,
    };
    let page = site.page(reply.page);
    let disclosure = disclosure(site, &page.fields, &reply.authors);
    let text = page.body.text.get(reply.text.start as usize..reply.text.end as usize);
    Shown {
        // No entry has such an address: theirs end with a slash.
        id: format!("{}{}", super::id(site, &entry.address), url::encode(&reply.anchor)),
        url: format!("{}#{}", site.urls().absolute(&entry.address), url::encode(&reply.anchor)),
        title: Cow::Owned(words.fill(word, &[("names", &by), ("title", &entry.title)])),
        summary: Cow::Owned(section::one_line(text.unwrap_or_default(), TEXT)),
        published: reply.date.map(|it| it.instant),
        updated: changed.map(|it| it.instant),
        authors: names(site, &reply.authors, &disclosure),
        tags: &[],
    }
}

/// That an idea shipped, and what fulfilled it.
fn shipped<'a>(site: &Reader<'a>, id: EntryId, when: Option<Moment>) -> Shown<'a> {
    let words = site.words();
    let entry = site.title(id);
    let by = site.fulfilment(id).map(|it| words.fill(Word::DigestFulfilled, &[("title", &it.title)]));
    let instant = when.map(|it| it.instant);
    Shown {
        // No reply has an anchor of this name: theirs say what they are.
        id: format!("{}shipped", super::id(site, entry.address)),
        url: site.urls().absolute(entry.address),
        title: Cow::Owned(words.fill(Word::FeedShipped, &[("title", &entry.title)])),
        summary: Cow::Owned(by.unwrap_or_default()),
        published: instant,
        updated: instant,
        authors: vec![site.config().title.clone()],
        tags: &[],
    }
}

/// The authors that a feed names. Each of many has a feed of its own.
fn first(authors: &[String]) -> &[String] {
    &authors[..authors.len().min(limits::LISTED_AUTHORS)]
}

fn names(site: &Reader<'_>, authors: &[String], disclosure: &Disclosure) -> Vec<String> {
    disclosed_names(site, first(authors), disclosure)
}

/// Entries that are not over, and the updates of the announcements among them, the newest first and so many at most.
/// `ids` come newest first.
pub(super) fn with_updates<'a>(site: &Reader<'a>, ids: &[EntryId], most: usize) -> Vec<Item<'a>> {
    let mut items: Vec<Item<'a>> = current(site, ids).take(most).map(Item::Entry).collect();
    let sorting = site.sorting();
    let announcements = ids.iter().copied().filter(|id| sorting(*id).kind == Kind::Announcement);
    let announcements: Vec<EntryId> = announcements.collect();
    for id in current(site, &announcements).take(most) {
        let updates = site.entry(id).written().filter(|written| written.form == WrittenAs::Response);
        items.extend(updates.map(Item::Reply));
    }
    items.sort_by_cached_key(|item| item.order(site));
    items.truncate(most);
    items
}

/// Entries without the announcements that are over.
pub(super) fn current<'r>(site: &'r Reader<'_>, ids: &'r [EntryId]) -> impl Iterator<Item = EntryId> + 'r {
    let sorting = site.sorting();
    let is_over = move |id: EntryId| sorting(id).kind == Kind::Announcement && alert::is_over(site, id);
    ids.iter().copied().filter(move |id| !is_over(*id))
}

/// What others wrote under an entry and, of an idea, that it shipped, the newest first; and the entry itself at the end, so
/// that a feed shows what it is about from its first day on.
pub(super) fn of_entry<'a>(site: &Reader<'a>, id: EntryId, most: usize) -> Vec<Item<'a>> {
    let mut written: Vec<Written<'a>> = site.entry(id).written().collect();
    written.sort_by(|a, b| a.order().cmp(&b.order()));
    let mut items: Vec<Item<'a>> = written.into_iter().map(Item::Reply).collect();
    if let Some(idea) = site.idea(id).filter(|idea| idea.state == State::Shipped) {
        let day = idea.shipped_on(site.fulfilment(id));
        let instant = |date| site.config().instant(&WrittenDate::on(date));
        let when = day.and_then(|date| Some(Moment { instant: instant(date)?, date }));
        // Of a day that nobody knows, the last change is the nearest that there is: what has no day is never read as new.
        let shipped = Item::Shipped(id, when.or_else(|| site.summary(id).changed));
        let at = items.partition_point(|item| item.order(site).0 < shipped.order(site).0);
        items.insert(at, shipped);
    }
    items.truncate(most - 1);
    items.into_iter().chain([Item::Entry(id)]).collect()
}

/// What others wrote to somebody: under what they asked or told, on their answers, and as answers to the questions into
/// which theirs were merged, the newest first.
pub(super) fn to_person<'a>(site: &Reader<'a>, handle: &str, most: usize) -> Vec<Item<'a>> {
    let Some(person) = site.person(handle) else { return Vec::new() };
    let mut ids: Vec<EntryId> = person.gave.entries.clone();
    ids.extend(person.gave.answers.iter().map(|(id, _)| *id));
    ids.extend(&person.gave.merged);
    ids.sort_unstable();
    ids.dedup();
    let written = ids.into_iter().flat_map(|id| site.entry(id).written());
    let mut written: Vec<Written<'a>> = written.filter(|it| it.is_to(handle)).collect();
    written.sort_by(|a, b| a.order().cmp(&b.order()));
    written.truncate(most);
    written.into_iter().map(Item::Reply).collect()
}
