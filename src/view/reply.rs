//! What stands under an entry: answers, comments, the company's responses.

use serde::Serialize;

use super::{DateView, DoorView, PersonLink};
use crate::site::disclosure::disclosure;
use crate::site::reader::Reader;
use crate::site::{Answer, Confirmation, Entry, Reply, answers};

/// Something that somebody wrote under an entry.
#[derive(Debug, Serialize)]
pub struct ReplyView {
    /// The fragment that leads to it.
    pub anchor: String,
    /// Who wrote it.
    pub authors: Vec<PersonLink>,
    /// When.
    pub date: Option<DateView>,
    /// When it was last changed.
    pub updated: Option<DateView>,
    /// Its text as safe HTML.
    pub body: String,
    /// Whom its author works for, if they say so.
    pub affiliation: Option<String>,
    /// Who paid for it, if they say so.
    pub sponsored: Option<String>,
    /// What it was made with, in words: `written with AI`.
    pub made_with: Option<String>,
    /// `published`, `obsolete`, `locked`; in a preview also `draft`, `hidden`.
    pub status: &'static str,
    /// Why it has that status.
    pub reason: Option<String>,
    /// Where it can be edited.
    pub edit_url: Option<String>,
    /// Where one sees who changed the file, and when.
    pub history_url: Option<String>,
}

/// An answer.
#[derive(Debug, Serialize)]
pub struct AnswerView {
    /// The answer itself.
    #[serde(flatten)]
    pub reply: ReplyView,
    /// Whether the one who asked said that it helped.
    pub accepted: bool,
    /// Votes.
    pub score: i64,
    /// How many people say that it worked for them.
    pub worked_for: usize,
    /// Who they are and in which version, the latest first.
    pub confirmations: Vec<ConfirmationView>,
    /// "Did this help?": where one says that it worked.
    pub confirm_door: Option<DoorView>,
    /// Where one says that it did not.
    pub unhelped_door: Option<DoorView>,
    /// Where one writes a comment on it.
    pub comment_door: Option<DoorView>,
    /// Comments on it.
    pub comments: Vec<ReplyView>,
}

/// "Works for me."
#[derive(Debug, Serialize)]
pub struct ConfirmationView {
    /// Who says so.
    pub person: PersonLink,
    /// In which version.
    pub version: Option<String>,
    /// When.
    pub date: Option<DateView>,
}

/// Makes the view of a reply.
#[must_use]
pub fn view(site: &Reader<'_>, reply: &Reply) -> ReplyView {
    let page = site.page(reply.page);
    let disclosure = disclosure(site, &page.fields, &reply.authors);
    ReplyView {
        anchor: reply.anchor.clone(),
        authors: super::people(site, &reply.authors),
        date: super::moment(site, reply.date),
        updated: super::moment(site, reply.updated),
        body: super::html(site, reply.page, &reply.ranges(&page.body), &reply.id_prefix, reply.demote, 2),
        affiliation: disclosure.affiliation,
        sponsored: disclosure.sponsored,
        made_with: disclosure.made_with,
        status: reply.status.word(),
        reason: reply.reason.clone(),
        edit_url: site.edit_url(&page.path),
        history_url: site.history_url(&page.path),
    }
}

/// Makes the views of replies.
#[must_use]
pub fn views(site: &Reader<'_>, replies: &[Reply]) -> Vec<ReplyView> {
    replies.iter().map(|reply| view(site, reply)).collect()
}

/// Makes the view of an answer.
#[must_use]
pub fn answer(site: &Reader<'_>, entry: &Entry, answer: &Answer) -> AnswerView {
    let [confirm_door, unhelped_door, comment_door] =
        site.doors_of_answer(entry, answer).map(|door| door.as_ref().map(DoorView::from));
    AnswerView {
        reply: view(site, &answer.reply),
        accepted: answer.accepted,
        score: answer.score,
        worked_for: answers::people(answer.confirmations.iter()),
        confirm_door,
        unhelped_door,
        comment_door,
        confirmations: confirmations(site, &answer.confirmations),
        comments: views(site, &answer.comments),
    }
}

/// Makes the views of confirmations.
#[must_use]
pub fn confirmations(site: &Reader<'_>, confirmations: &[Confirmation]) -> Vec<ConfirmationView> {
    let of = |confirmation: &Confirmation| ConfirmationView {
        person: super::person(site, &confirmation.handle),
        version: confirmation.version.clone(),
        date: confirmation.date.map(|day| super::date(site, day)),
    };
    confirmations.iter().map(of).collect()
}
