//! What ideas say to those who wanted them and to those who steer.
//!
//! | word | meaning |
//! |---|---|
//! | wants it | said so: in `supporters`, in a file of their own, or by a vote elsewhere ([`Idea::voices`](super::Idea::voices)) |
//! | asked | an idea that lists may name; the year is that of its date |
//! | shipped | its state is `shipped` today |
//! | shipped on | the day since which it is, by git; else `updated`; else the day of the page that fulfilled it, unless that was there before |
//! | answer | the company's word on it: the newest reply by the team, or the text in the idea's file if that is newer |
//!
//! A year counts what was asked in it, and what of that has shipped until today: both numbers are of the same ideas, so
//! neither an old wish that came true nor a new one that waits makes a year look better or worse than it was.

use std::ops::Range;

use jiff::civil::Date;

use super::reference::Fulfilment;
use super::{Detail, Entry, Moment, PageId};
use crate::page::Head;
use crate::page::front_matter::{Fields, MarkOrText, State};

/// What an idea says of itself, besides its title and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are those of `Entry`, `Idea` and `Fields`")]
pub struct EntryIdea<'a> {
    pub slug: &'a str,
    pub date: Option<Moment>,
    pub authors: &'a [String],
    pub supporters: &'a [String],
    /// How many want it.
    pub voices: usize,
    pub state: State,
    /// Whether it still takes part, as [`Entry::is_open`] says.
    pub is_open: bool,
    pub horizon: Option<&'static str>,
    pub horizon_since: Option<Date>,
    pub state_since: Option<Date>,
    pub updated: Option<Date>,
    pub answer: Option<IdeaAnswer<'a>>,
}

/// The company's word on an idea.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdeaAnswer<'a> {
    /// The day on which it was given, if it is known.
    pub day: Option<Date>,
    /// Where it stands.
    pub text: IdeaAnswerText<'a>,
}

/// Where the company's word on an idea stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdeaAnswerText<'a> {
    /// In the idea's file.
    Own(&'a str),
    /// In a file of its own: a range of the plain text of its body.
    Reply(PageId, Range<u32>),
}

impl<'a> EntryIdea<'a> {
    /// Of an entry and its file; nothing of what is no idea.
    pub(super) fn of(entry: &'a Entry, page: &'a Head) -> Option<EntryIdea<'a>> {
        let Detail::Idea(idea) = &entry.detail else { return None };
        let fields = &page.fields;
        Some(EntryIdea {
            slug: &entry.slug,
            date: entry.date,
            authors: &entry.authors,
            supporters: &idea.supporters,
            voices: idea.voices(),
            state: fields.state.as_ref().map_or(State::Open, |state| state.value),
            is_open: entry.is_open(),
            horizon: fields.horizon.as_ref().map(|horizon| horizon.value),
            horizon_since: idea.horizon_since,
            state_since: idea.state_since,
            updated: idea.updated,
            answer: answer(entry, fields, idea.response_since),
        })
    }

    /// The day on which it shipped, if it did and anything says when. A page that was there before the idea fulfilled it
    /// on a day that nobody knows.
    #[must_use]
    pub fn shipped_on(&self, fulfilment: Option<&Fulfilment>) -> Option<Date> {
        if self.state != State::Shipped {
            return None;
        }
        let asked = self.date.map(|moment| moment.date);
        let of_page = || fulfilment?.date.filter(|day| asked.is_none_or(|asked| *day >= asked));
        self.state_since.or(self.updated).or_else(of_page)
    }

    /// The year in which it was asked.
    #[must_use]
    pub fn year(&self) -> Option<i16> {
        self.date.map(|moment| moment.date.year())
    }

    /// Everybody who is named among those who wanted it: those who had it first.
    pub fn wanted_by(&self) -> impl Iterator<Item = &'a String> + use<'a> {
        let authors = self.authors;
        authors.iter().chain(self.supporters.iter().filter(move |it| !authors.contains(it)))
    }

    /// How many of those who want it did not have it themselves, as far as names tell.
    #[must_use]
    pub fn others(&self) -> usize {
        let own = self.supporters.iter().filter(|it| self.authors.contains(it)).count();
        self.voices - own
    }
}

/// Whether the file of an idea says that it is there.
#[must_use]
pub fn has_shipped(page: &Head) -> bool {
    page.fields.state.as_ref().is_some_and(|state| state.value == State::Shipped)
}

/// Whether an idea was declined, and nothing says why.
#[must_use]
pub fn is_declined_without_reason(entry: &Entry, page: &Head) -> bool {
    EntryIdea::of(entry, page).is_some_and(|idea| idea.state == State::Declined && idea.answer.is_none())
}

/// The company's word on an idea.
fn answer<'a>(entry: &'a Entry, fields: &'a Fields, since: Option<Date>) -> Option<IdeaAnswer<'a>> {
    let own = match fields.response.as_ref().map(|response| &response.value) {
        Some(MarkOrText::Text(text)) if !text.trim().is_empty() => {
            Some(IdeaAnswer { day: since, text: IdeaAnswerText::Own(text) })
        }
        _ => None,
    };
    let reply = entry.responses.iter().max_by_key(|reply| reply.date).map(|reply| IdeaAnswer {
        day: reply.date.map(|moment| moment.date),
        text: IdeaAnswerText::Reply(reply.page, reply.text.clone()),
    });
    match (own, reply) {
        (Some(own), Some(reply)) => Some(if own.day > reply.day { own } else { reply }),
        (own, reply) => own.or(reply),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn idea() -> EntryIdea<'static> {
        EntryIdea {
            slug: "a",
            date: None,
            authors: &[],
            supporters: &[],
            voices: 0,
            state: State::Shipped,
            is_open: true,
            horizon: None,
            horizon_since: None,
            state_since: None,
            updated: None,
            answer: None,
        }
    }

    fn fulfilled(day: Date) -> Fulfilment {
        Fulfilment { title: "4.2".to_string(), url: None, is_away: false, date: Some(day) }
    }

    #[test]
    fn an_idea_shipped_when_git_says_so_else_its_file_else_what_fulfilled_it() {
        let page = fulfilled(date(2026, 3, 1));
        let asked = Moment { instant: jiff::Timestamp::UNIX_EPOCH, date: date(2026, 2, 1) };
        let idea = EntryIdea { date: Some(asked), ..idea() };
        assert_eq!(idea.shipped_on(Some(&page)), Some(date(2026, 3, 1)));
        assert_eq!(idea.shipped_on(Some(&fulfilled(date(2025, 3, 1)))), None, "it was there before");
        let idea = EntryIdea { updated: Some(date(2026, 4, 1)), ..idea };
        assert_eq!(idea.shipped_on(Some(&page)), Some(date(2026, 4, 1)));
        let idea = EntryIdea { state_since: Some(date(2026, 5, 1)), ..idea };
        assert_eq!(idea.shipped_on(Some(&page)), Some(date(2026, 5, 1)));
        let idea = EntryIdea { state: State::Planned, ..idea };
        assert_eq!(idea.shipped_on(Some(&page)), None, "what is planned has not shipped");
    }
}
