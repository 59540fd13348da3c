//! Whether a question has been asked before: from a file, a page or a typed text to what the engine compares.
//!
//! The engine does the comparing ([`Index::similar`]); here is only said what of a page is the question.

use std::sync::Arc;

use longhouse_search::{Asked, Error, Index, Near};

use crate::config::Config;
use crate::page::{self, Lead, Page};
use crate::site::{Entry, Site, url};
use crate::source::Document;

/// The name under which a typed text is read.
const TYPED: &str = "question.md";

/// A question, as somebody is about to ask it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Question {
    /// The question itself, as plain text in one line.
    pub title: String,
    /// What stands below it, as plain text.
    pub text: String,
    /// The address of the page of the site that shows it, below the base path and encoded; empty for what is on no page.
    pub address: String,
}

/// The pages that are near to a question, at most `limit`, those that ask the same first.
///
/// # Errors
/// When the index cannot be read.
pub fn near(
    index: &Index,
    question: &Question,
    only_questions: bool,
    limit: usize,
) -> Result<Vec<Near>, Error> {
    let Question { title, text, address } = question;
    index.similar(&Asked { title, text, only_questions, own_address: address }, limit)
}

/// What a typed text asks. One line is a question; several lines are read like a file, with front matter, title and
/// text, and without a title the first line is it.
#[must_use]
pub fn of_text(text: &str, config: &Config) -> Question {
    let text = text.trim_start_matches('\u{feff}').trim();
    let is_file = text.contains('\n') || text.starts_with("# ");
    if !is_file {
        return Question { title: text.to_owned(), ..Question::default() };
    }
    let document = Document { path: Arc::from(TYPED), text: Arc::from(text.replace("\r\n", "\n")) };
    of_page(&page::parse(&document, config.page_settings(), "", &page::template::Templates::default()))
}

/// What a page asks by itself.
#[must_use]
pub fn of_page(page: &Page) -> Question {
    let body = &page.body;
    let all = body.blocks.len();
    let own = page.fields.title.as_ref().map(|title| title.value.clone());
    let (title, text) = match (own, &page.lead) {
        (own, Lead::Heading(lead) | Lead::Bold(lead)) => {
            (own.unwrap_or_else(|| lead.clone()), body.text_of(1..all))
        }
        (own, Lead::BoldLine(lead)) => (own.unwrap_or_else(|| lead.clone()), body.text_of(0..all)),
        (Some(own), Lead::None) => (own, body.text_of(0..all)),
        (None, Lead::None) => {
            let text = body.text.trim_start();
            let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
            (first.to_owned(), rest)
        }
    };
    Question { title, text: text.trim().to_owned(), address: String::new() }
}

/// What an entry of the site asks.
#[must_use]
pub fn of_entry(site: &Site, entry: &Entry) -> Question {
    let page = &site.pages()[entry.page];
    let mut question = of_page(page);
    question.title.clone_from(&entry.title);
    question.address = url::encode(&entry.address);
    question
}

/// What a content file of the site asks; nothing if there is no such file.
#[must_use]
pub fn of_file(site: &Site, path: &str) -> Option<Question> {
    let page = site.page_of(path)?;
    let entry = site.entries().iter().find(|entry| *site.pages()[entry.page].path == *path);
    if let Some(entry) = entry {
        return Some(of_entry(site, entry));
    }
    let address = site.place_of(path).map(|(address, _)| url::encode(&address)).unwrap_or_default();
    Some(Question { address, ..of_page(page) })
}
