//! What others wrote under entries, as feeds and the digest tell it: answers, comments and the company's responses in
//! one list.

use std::cmp::Reverse;

use super::{Duplicate, Entry, Moment, Reply};
use crate::page::kind::Kind;

/// Kinds whose entries each have a feed of what is written under them: what one waits for.
pub const FOLLOWED: [Kind; 3] = [Kind::Question, Kind::Idea, Kind::Announcement];

/// What a reply is to its entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WrittenAs {
    /// An answer to a question.
    Answer,
    /// A comment, on the entry or on an answer to it.
    Comment,
    /// The company's word.
    Response,
}

/// Something that somebody wrote under an entry.
#[derive(Debug, Clone, Copy)]
pub struct Written<'a> {
    /// The entry.
    pub entry: &'a Entry,
    /// The reply.
    pub reply: &'a Reply,
    /// What it is.
    pub form: WrittenAs,
    /// Whom it replies to: those who wrote the entry, or the answer that it is a comment on.
    pub to: &'a [String],
    /// Whom it answers as well: those who asked the same, and whose questions were merged into the entry.
    pub merged: &'a [Duplicate],
    /// Whether the one who asked said that it helped.
    pub accepted: bool,
}

/// The order in which feeds tell of replies: the newest first, undated ones last.
pub type WrittenOrder<'a> = (Reverse<Option<Moment>>, &'a str, &'a str);

impl<'a> Written<'a> {
    /// Where it stands among others.
    #[must_use]
    pub fn order(&self) -> WrittenOrder<'a> {
        (Reverse(self.reply.date), &self.entry.address, &self.reply.anchor)
    }

    /// Whether somebody wrote it, alone or with others.
    #[must_use]
    pub fn is_by(&self, handle: &str) -> bool {
        self.reply.authors.iter().any(|author| author == handle)
    }

    /// Whether somebody is told of it because they wrote what it replies to. Nobody is told of their own words.
    #[must_use]
    pub fn is_to(&self, handle: &str) -> bool {
        let merged = self.merged.iter().flat_map(|it| &it.authors);
        self.to.iter().chain(merged).any(|author| author == handle) && !self.is_by(handle)
    }
}

impl Entry {
    /// The questions that were merged into it.
    #[must_use]
    pub fn duplicates(&self) -> &[Duplicate] {
        self.question().map_or(&[], |question| &question.duplicates)
    }

    /// What others wrote under it. An answer in the question's own file belongs to the question.
    pub fn written(&self) -> impl Iterator<Item = Written<'_>> {
        let by_itself = |reply, form| Written {
            entry: self,
            reply,
            form,
            to: &self.authors,
            merged: &[],
            accepted: false,
        };
        let answers = self.question().map_or(&[][..], |question| &question.answers);
        let answers = answers.iter().flat_map(move |answer| {
            let (accepted, merged) = (answer.accepted, self.duplicates());
            let own = Written { accepted, merged, ..by_itself(&answer.reply, WrittenAs::Answer) };
            let own = Some(own).filter(|it| it.reply.page != self.page);
            let comments = answer.comments.iter().map(move |reply| Written {
                to: &answer.reply.authors,
                ..by_itself(reply, WrittenAs::Comment)
            });
            own.into_iter().chain(comments)
        });
        let responses = self.responses.iter().map(move |reply| by_itself(reply, WrittenAs::Response));
        answers.chain(responses).chain(self.comments.iter().map(move |it| by_itself(it, WrittenAs::Comment)))
    }
}
