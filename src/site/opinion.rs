//! What an entry tells people who are deciding whether to buy: how it went for a customer, what others asked before, and
//! what critics wait for. Nothing here depends on the configuration, so that nothing in it can leave out a critic.
//!
//! | word | meaning |
//! |---|---|
//! | critical story | a story with `sentiment: critical` |
//! | removed | a critical story that is hidden: by its author, or by a decision of a moderator |
//! | unpublished | a critical story that a moderator made a draft, which has no page |
//! | withdrawn | a critical story whose customer took back their consent |
//! | critical question | a question with the tag `critical` |
//! | answered by the company | it has a response, or of a question an answer, by somebody of the team |

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::classify::folder_of_replies;
use super::people::People;
use super::visibility::is_withdrawn;
use super::{Detail, Entry, ListOrder, Moment, Site};
use crate::page::front_matter::{State, Status};
use crate::page::kind::Kind;
use crate::page::{Head, Page, slug};

/// What a story is called that did not go well.
pub const CRITICAL: &str = "critical";

/// The tag of questions that criticise.
const TAG: &str = "critical";

/// What a link is called under which somebody writes about the company elsewhere.
pub const MENTION: &str = "mention";

/// A declined idea counts as criticism from this many supporters on, whoever had it included.
const MANY: usize = 3;

/// What an entry tells those who decide, as far as it depends on itself alone.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are those of `Entry`")]
pub struct EntryOpinion<'a> {
    pub kind: Kind,
    pub slug: &'a str,
    pub date: Option<Moment>,
    pub authors: &'a [String],
    pub products: &'a [String],
    pub versions: &'a [String],
    /// How many want it, of a declined idea.
    pub voices: usize,
    /// What it is to them.
    pub opinion: Opinion,
}

/// What an entry is to those who decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opinion {
    /// A customer's story.
    Story {
        /// How it went, if it says so: a word of the field `sentiment`.
        sentiment: Option<&'static str>,
        /// Whether somebody paid for it.
        is_sponsored: bool,
        /// Whether its authors tell of themselves, and of no customer.
        is_own: bool,
    },
    /// A critical story of which only the address is left.
    Removed,
    /// A critical story whose customer no longer agrees to it.
    Withdrawn,
    /// A question.
    Question {
        /// Whether it is asked before one buys.
        is_before_buying: bool,
        /// Whether it criticises.
        is_critical: bool,
    },
    /// An idea that many want and the company declined.
    Declined,
    /// What somebody wrote elsewhere.
    Mention,
}

impl<'a> EntryOpinion<'a> {
    /// Of an entry and its file. Most entries have nothing to say to those who decide.
    pub(super) fn of(entry: &'a Entry, page: &Head) -> Option<EntryOpinion<'a>> {
        let fields = &page.fields;
        let is_listed = entry.is_listed();
        let opinion = match &entry.detail {
            Detail::Story(_) => {
                let sentiment = fields.sentiment.as_ref().map(|it| it.value);
                match (is_listed, sentiment) {
                    (true, _) => Opinion::Story {
                        sentiment,
                        is_sponsored: fields.sponsored.is_some(),
                        is_own: fields.customer.is_none(),
                    },
                    (false, Some(CRITICAL)) if is_withdrawn(page) => Opinion::Withdrawn,
                    (false, Some(CRITICAL)) => Opinion::Removed,
                    (false, _) => return None,
                }
            }
            Detail::Question(_) if is_listed => {
                let is_before_buying = fields.audience.is_some();
                let is_critical = entry.tags.iter().any(|tag| tag == TAG);
                if !is_before_buying && !is_critical {
                    return None;
                }
                Opinion::Question { is_before_buying, is_critical }
            }
            Detail::Idea(_) if is_listed => {
                let is_declined = fields.state.as_ref().is_some_and(|state| state.value == State::Declined);
                if !is_declined || entry.voices() < MANY {
                    return None;
                }
                Opinion::Declined
            }
            Detail::Link(_) if is_listed => {
                if fields.type_.as_ref().is_none_or(|it| it.value != MENTION) {
                    return None;
                }
                Opinion::Mention
            }
            _ => return None,
        };
        Some(EntryOpinion {
            kind: entry.kind,
            slug: &entry.slug,
            date: entry.date,
            authors: &entry.authors,
            products: &entry.products,
            versions: &entry.versions,
            voices: if opinion == Opinion::Declined { entry.voices() } else { 0 },
            opinion,
        })
    }

    /// Where it stands on lists.
    #[must_use]
    pub fn list_order(&self) -> ListOrder<'a> {
        (std::cmp::Reverse(self.date.map(|moment| moment.date)), self.slug, self.kind)
    }
}

impl Site {
    /// Stories that a moderator made drafts: the file, whether it is a critical one, and why. Where drafts are shown there
    /// are none.
    pub(super) fn drafted_stories(&self) -> impl Iterator<Item = (&Page, bool, Option<&str>)> {
        let is_any = self.sources.moderation.iter().any(|decision| decision.status == Status::Draft);
        let is_any = is_any && !self.link_cache.visibility.drafts;
        let pages = if is_any { &self.pages[..] } else { &[] };
        let stories = || pages.iter().filter(|page| page.place.kind == Kind::Story);
        // What lies in the folder of a story is a reply to it.
        let of_replies: BTreeSet<String> =
            stories().map(|page| slug::fold(&folder_of_replies(page))).collect();
        let is_reply = move |page: &Page| {
            let folder = page.path.rsplit_once('/').map_or("", |it| it.0);
            !page.place.is_index() && of_replies.contains(&slug::fold(folder))
        };
        stories().filter(move |page| !page.place.is_topic_text() && !is_reply(page)).filter_map(|page| {
            let decision = self.sources.moderation(&page.path).filter(|it| it.status == Status::Draft)?;
            // One to which its customer no longer agrees is counted as that already.
            let is_critical =
                page.fields.sentiment.as_ref().is_some_and(|it| it.value == CRITICAL) && !is_withdrawn(page);
            Some((&**page, is_critical, decision.reason.as_deref()))
        })
    }
}

/// How many stories there are that anyone may read.
#[must_use]
pub fn stories(entries: &[Entry]) -> usize {
    entries.iter().filter(|entry| entry.kind == Kind::Story && entry.is_listed()).count()
}

/// The first word of the company on an entry: the day of it, if it is known. On a question an answer by the team is one.
#[must_use]
pub fn first_response(entry: &Entry, people: &People) -> Option<Option<Date>> {
    let answers = entry.question().map_or(&[][..], |question| &question.answers);
    let of_team = answers.iter().filter(|it| it.reply.authors.iter().any(|author| people.is_team(author)));
    let all = entry.responses.iter().chain(of_team.map(|answer| &answer.reply));
    all.map(|reply| reply.date.map(|moment| moment.date)).min_by_key(|day| (day.is_none(), *day))
}
