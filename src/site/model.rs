//! What a site consists of: entries with their replies, and what only one kind of entry has.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

use jiff::civil::Date;

use super::answers;
use super::people::Authors;
use super::{EntryId, PageId};
use crate::page::front_matter::Status;
use crate::page::kind::Kind;
use crate::source::Moment;

/// A page of the site that comes from content.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    /// Where it comes from.
    pub page: PageId,
    /// What it is.
    pub kind: Kind,
    /// Its id, unique in its kind.
    pub slug: String,
    /// Its address.
    pub address: String,
    /// Its title, without markup.
    pub title: String,
    /// Who wrote it: handles.
    pub authors: Authors,
    /// When it was written.
    pub date: Option<Moment>,
    /// When it was last changed, if that was later.
    pub updated: Option<Moment>,
    /// Slugs of its tags, topics included, in the order of their names.
    pub tags: Vec<String>,
    /// The slug of the innermost topic folder that it lies in, which is among its tags.
    pub topic: Option<String>,
    /// Ids of its products.
    pub products: Vec<String>,
    /// Its versions, as written.
    pub versions: Vec<String>,
    /// What became of it.
    pub status: Status,
    /// Why it has that status.
    pub reason: Option<String>,
    /// Whether it is shown only because this is a preview, and why.
    pub ribbon: Option<&'static str>,
    /// One line of what it says.
    pub description: String,
    /// One line for lists: of the best answer to a question that has one, else the same.
    pub line: String,
    /// Votes.
    pub score: i64,
    /// The segments of the body that are its text.
    pub body: Vec<Range<u32>>,
    /// How much deeper its headings stand than they were written.
    pub demote: u8,
    /// What only its kind has.
    pub detail: Detail,
    /// Replies that are not answers, oldest first.
    pub comments: Vec<Reply>,
    /// The company's words on it.
    pub responses: Vec<Reply>,
    /// When its page last changed: its own text, or what others wrote under it.
    pub changed: Option<Moment>,
}

/// What stands near an entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Neighbours {
    /// Entries that link to it, by address.
    pub backlinks: Vec<EntryId>,
    /// Entries on the same matter, the nearest first, without those in `similar`.
    pub related: Vec<EntryId>,
    /// Of a story: others of the same industry, use, product or tags, the nearest first.
    pub similar: Vec<EntryId>,
}

/// What only one kind of entry has.
#[derive(Debug, PartialEq, Eq)]
pub enum Detail {
    /// A question.
    Question(Question),
    /// A customer's story.
    Story(Story),
    /// A how-to.
    HowTo(HowTo),
    /// An idea.
    Idea(Idea),
    /// A link.
    Link(Link),
    /// An announcement, a person, a plain page: their fields say it all.
    Plain,
}

/// What a question has.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// Visible answers, best first.
    pub answers: Vec<Answer>,
    /// Whether the whole text is the answer.
    pub faq: bool,
    /// Other wordings: `also_asked` and the titles of its duplicates.
    pub also_asked: Vec<String>,
    /// Questions that were merged into this one.
    pub duplicates: Vec<Duplicate>,
}

/// A question that was merged into another one.
#[derive(Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// Where it comes from.
    pub page: PageId,
    /// Its slug, whose address leads on.
    pub slug: String,
    /// How it was asked.
    pub title: String,
    /// Who asked.
    pub authors: Authors,
    /// When.
    pub date: Option<Moment>,
    /// The segments of its text.
    pub body: Vec<Range<u32>>,
    /// How much deeper its headings stand than they were written.
    pub demote: u8,
    /// The fragment that leads to the first reply under it which links to the question that it was merged into: whoever
    /// wrote that found the duplicate.
    pub found_in: Option<String>,
}

/// One answer.
#[derive(Debug, PartialEq, Eq)]
pub struct Answer {
    /// The answer itself; its stem is empty for one that stands in the question's own file.
    pub reply: Reply,
    /// Whether the one who asked said that it helped.
    pub accepted: bool,
    /// Votes.
    pub score: i64,
    /// People for whom it worked, the latest first.
    pub confirmations: Vec<Confirmation>,
    /// Comments on it, oldest first.
    pub comments: Vec<Reply>,
    /// Who asked the merged question that it was written under; nobody where it was written under this one.
    pub merged_from: Authors,
}

/// "Works for me."
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    /// For whom.
    pub handle: String,
    /// In which version.
    pub version: Option<String>,
    /// When.
    pub date: Option<Date>,
}

/// Something that somebody wrote under an entry.
#[derive(Debug, PartialEq, Eq)]
pub struct Reply {
    /// Where it comes from.
    pub page: PageId,
    /// The file's stem: `ana`, `ana--2`.
    pub stem: String,
    /// What decides about its place where nothing else does, if that is not the stem.
    pub sort_key: Option<String>,
    /// The fragment that leads to it: `answer-ana`.
    pub anchor: String,
    /// Who wrote it.
    pub authors: Authors,
    /// When.
    pub date: Option<Moment>,
    /// When it was last changed.
    pub updated: Option<Moment>,
    /// The segments of its text.
    pub body: Range<u32>,
    /// Its text, as a range of the body's plain text.
    pub text: Range<u32>,
    /// What stands before the ids in it.
    pub id_prefix: String,
    /// How much deeper its headings stand than they were written.
    pub demote: u8,
    /// What became of it. Of an answer in the question's own file the question says it.
    pub status: Status,
    /// Why it has that status.
    pub reason: Option<String>,
}

impl Reply {
    /// What decides about its place where nothing else does.
    #[must_use]
    pub fn sort_key(&self) -> &str {
        self.sort_key.as_deref().unwrap_or(&self.stem)
    }
}

/// What a story has.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Story {
    /// Whose story it is.
    pub customer: String,
    /// "Problem", "Why" and "Outcome" under a heading of the body.
    pub sections: Sections,
}

/// What a how-to has.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct HowTo {
    /// "What you need" and "Steps" under a heading of the body.
    pub sections: Sections,
    /// People for whom it worked, the latest first.
    pub confirmations: Vec<Confirmation>,
}

/// What an idea has.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Idea {
    /// Handles of those who want it too, each once, wherever they said so.
    pub supporters: Vec<String>,
    /// Votes from elsewhere by people of whom nothing else is known.
    pub votes: usize,
    /// The day since which it has its state, if git knows.
    pub state_since: Option<Date>,
    /// The day since which it has its horizon: the one that its file names, else by git.
    pub horizon_since: Option<Date>,
    /// The day on which the response in its file was written, if git knows.
    pub response_since: Option<Date>,
    /// The day on which it was updated, as its file says, unless that is still to come.
    pub updated: Option<Date>,
}

impl Idea {
    /// How many people want it: everybody who is named once, and everybody else who voted elsewhere. Whoever had it
    /// counts if they say that they want it. This is the number on pages, in lists, in feeds, in the digest and among
    /// criticism.
    #[must_use]
    pub fn voices(&self) -> usize {
        self.supporters.len().saturating_add(self.votes)
    }
}

/// What a link has.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// Handles of those who run what it leads to, or their names where they have none.
    pub run_by: Vec<String>,
}

/// Parts of the body that fill fields, by the field's name.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Sections(pub BTreeMap<&'static str, Section>);

/// One part of a body that fills a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its segments, without the heading.
    pub body: Range<u32>,
    /// Its plain text, as a range of the body's.
    pub text: Range<u32>,
}

impl Sections {
    /// The segment at which the last of them ends, if there is any.
    #[must_use]
    pub fn end(&self) -> Option<u32> {
        self.0.values().map(|section| section.body.end).max()
    }
}

/// The order of every list: newest date first, undated last, then slug.
pub type ListOrder<'a> = (Reverse<Option<Date>>, &'a str, Kind);

impl Entry {
    /// Where it stands on lists.
    #[must_use]
    pub fn list_order(&self) -> ListOrder<'_> {
        (Reverse(self.date.map(|moment| moment.date)), &self.slug, self.kind)
    }
}

impl Entry {
    /// Whether lists, feeds, search and the sitemap name it: everything but tombstones.
    #[must_use]
    pub fn is_listed(&self) -> bool {
        self.status != Status::Hidden
    }

    /// Whether its page says no more than that something was here.
    #[must_use]
    pub fn is_tombstone(&self) -> bool {
        self.status == Status::Hidden && self.ribbon.is_none()
    }

    /// Everything that stands under it, answers first.
    pub fn replies(&self) -> impl Iterator<Item = &Reply> {
        let answers = self.question().map_or(&[][..], |question| &question.answers);
        let answers =
            answers.iter().flat_map(|answer| std::iter::once(&answer.reply).chain(&answer.comments));
        answers.chain(&self.responses).chain(&self.comments)
    }

    /// When its page last changed: its own text, or what others wrote under it. Everybody who replied has a feed
    /// that says it, so it is worked out once.
    pub(super) fn last_change(&self) -> Option<Moment> {
        let of_replies = self.replies().flat_map(|reply| [reply.date, reply.updated]);
        [self.date, self.updated].into_iter().chain(of_replies).flatten().max()
    }

    /// What a question has, if it is one.
    #[must_use]
    pub fn question(&self) -> Option<&Question> {
        match &self.detail {
            Detail::Question(question) => Some(question),
            _ => None,
        }
    }

    /// Of a how-to for how many people it worked; of an idea how many want it.
    #[must_use]
    pub fn voices(&self) -> usize {
        match &self.detail {
            Detail::HowTo(how_to) => answers::people(how_to.confirmations.iter()),
            Detail::Idea(idea) => idea.voices(),
            Detail::Question(_) | Detail::Story(_) | Detail::Link(_) | Detail::Plain => 0,
        }
    }

    /// How much it helped. A confirmation counts as much as three votes: it costs a file of one's own. Of an idea it is how
    /// many want it.
    #[must_use]
    pub fn helped(&self) -> i64 {
        if let Detail::Idea(idea) = &self.detail {
            return i64::try_from(idea.voices()).unwrap_or(i64::MAX);
        }
        let confirmed = |count: usize| i64::try_from(count).unwrap_or(i64::MAX).saturating_mul(3);
        let of_answer = |answer: &Answer| {
            confirmed(answers::people(answer.confirmations.iter())).saturating_add(answer.score)
        };
        let answers = self.question().map_or(&[][..], |question| &question.answers);
        let of_answers = answers.iter().map(of_answer).fold(0, i64::saturating_add);
        self.score.saturating_add(of_answers).saturating_add(confirmed(self.voices()))
    }

    /// Whether nothing changed but texts: what is made of all entries together is made of the rest, and of titles.
    pub(super) fn is_same_but_for_texts(&self, other: &Entry) -> bool {
        // Whatever is not named here as a text counts.
        let Entry {
            page,
            kind,
            slug,
            address,
            title: _,
            authors,
            date,
            updated,
            tags,
            topic,
            products,
            versions,
            status,
            reason,
            ribbon,
            description: _,
            line: _,
            score,
            body: _,
            demote: _,
            detail,
            comments,
            responses,
            changed,
        } = self;
        let replies = |a: &[Reply], b: &[Reply]| {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same_reply(a, b))
        };
        (page, kind, slug, address) == (&other.page, &other.kind, &other.slug, &other.address)
            && (authors, date, updated, tags, topic)
                == (&other.authors, &other.date, &other.updated, &other.tags, &other.topic)
            && (products, versions, status, reason, ribbon, score, changed)
                == (
                    &other.products,
                    &other.versions,
                    &other.status,
                    &other.reason,
                    &other.ribbon,
                    &other.score,
                    &other.changed,
                )
            && replies(comments, &other.comments)
            && replies(responses, &other.responses)
            && match (detail, &other.detail) {
                (Detail::Question(a), Detail::Question(b)) => {
                    a.faq == b.faq
                        && a.also_asked == b.also_asked
                        && a.duplicates.len() == b.duplicates.len()
                        && a.duplicates.iter().zip(&b.duplicates).all(|(a, b)| {
                            (a.page, &a.slug, &a.title, &a.authors, a.date, &a.found_in)
                                == (b.page, &b.slug, &b.title, &b.authors, b.date, &b.found_in)
                        })
                        && a.answers.len() == b.answers.len()
                        && a.answers.iter().zip(&b.answers).all(|(a, b)| {
                            is_same_reply(&a.reply, &b.reply)
                                && (a.accepted, a.score, &a.confirmations, &a.merged_from)
                                    == (b.accepted, b.score, &b.confirmations, &b.merged_from)
                                && replies(&a.comments, &b.comments)
                        })
                }
                (Detail::Story(a), Detail::Story(b)) => a.customer == b.customer,
                (Detail::HowTo(a), Detail::HowTo(b)) => a.confirmations == b.confirmations,
                (Detail::Idea(a), Detail::Idea(b)) => a == b,
                (Detail::Link(a), Detail::Link(b)) => a == b,
                (Detail::Plain, Detail::Plain) => true,
                _ => false,
            }
    }
}

fn is_same_reply(a: &Reply, b: &Reply) -> bool {
    (a.page, &a.stem, &a.anchor, &a.authors, a.date, a.updated, &a.id_prefix, a.status, &a.reason)
        == (b.page, &b.stem, &b.anchor, &b.authors, b.date, b.updated, &b.id_prefix, b.status, &b.reason)
}
