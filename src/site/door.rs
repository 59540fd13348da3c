//! Doors: where somebody writes a new file in the browser, and what it begins with. `longhouse new`
//! begins its files the same way. A door that its host cannot prefill is left out where the file would
//! mean something else without its first lines.

use std::collections::BTreeMap;

use super::layout::folder_of_replies;
use super::{Answer, Entry, PageId, Site};
use crate::config::Config;
use crate::page::front_matter::Status;
use crate::page::kind::Kind;
use crate::page::slug;
use crate::source::Sources;
use crate::words::{Word, Words};

/// What a reply's file is called until its author names it after themselves.
const NAMELESS: &str = "your-name";

/// What a word of support begins with. It may end there.
const SUPPORT: &str = "---\nsupports: true\n---\n";

/// Where a new entry of each kind is written in the browser. Announcements and plain pages are the
/// company's own.
#[must_use]
pub fn new_urls(sources: &Sources) -> BTreeMap<Kind, String> {
    let Some(repository) = &sources.config.repository else { return BTreeMap::new() };
    let doors = [
        (Kind::Question, "your-question", Word::NewQuestion),
        (Kind::HowTo, "your-how-to", Word::NewHowTo),
        (Kind::Story, "your-story", Word::NewStory),
        (Kind::Idea, "your-idea", Word::NewIdea),
        (Kind::Person, NAMELESS, Word::NewPerson),
        (Kind::Link, "your-link", Word::NewLink),
    ];
    let url = |(kind, stem, title): (Kind, &str, Word)| {
        let path = format!("{}{}/{stem}.md", sources.content_prefix, folder_of_kind(sources, kind));
        let text = template(&sources.words, kind, sources.words.get(title), None);
        Some((kind, repository.new_url(&path, &text)?))
    };
    doors.into_iter().filter_map(url).collect()
}

/// The folder of a kind below the content folder: one that the configuration names, if the usual one is
/// not there. It looks through all files until it finds one.
#[must_use]
pub fn folder_of_kind(sources: &Sources, kind: Kind) -> String {
    let usual = format!("{}{}/", sources.content_prefix, kind.plural());
    if sources.documents.iter().any(|document| document.path.starts_with(&usual)) {
        return kind.plural().to_string();
    }
    let named = sources.config.kinds.iter().find(|(_, of)| of.kind == kind && !of.faq);
    named.map_or_else(|| kind.plural().to_string(), |(folder, _)| folder.clone())
}

/// What a new entry begins with: the fields that its kind needs, its title, and its headings.
#[must_use]
pub fn template(words: &Words, kind: Kind, title: &str, by: Option<&str>) -> String {
    let by_line = by.map_or_else(String::new, |by| format!("authors: [{}]\n", slug::handle(by)));
    let say = |word| format!("{}\n", words.get(word));
    let heading = |word| format!("## {}\n", words.get(word));
    let time = format!("tags: []\ntime: {}\n", words.get(Word::WriteTime));
    let (fields, body) = match kind {
        Kind::Question => ("tags: []\n", say(Word::WriteQuestion)),
        Kind::Story => (
            "customer: \nconsent: yes, WHO AGREED, DATE\nsentiment: happy\n",
            [Word::Problem, Word::Why, Word::Outcome].map(heading).join("\n\n") + "\n",
        ),
        Kind::HowTo => {
            (&*time, format!("{}\n- \n\n{}\n1. \n", heading(Word::WhatYouNeed), heading(Word::Steps)))
        }
        Kind::Idea => ("state: open\n", say(Word::WriteIdea)),
        Kind::Announcement => ("severity: info\n", say(Word::WriteAnnouncement)),
        Kind::Person => ("role: customer\ngifts: []\n", say(Word::WritePerson)),
        Kind::Link => ("url: https://\ntype: blog\n", say(Word::WriteLink)),
        Kind::Page => ("", "\n".to_string()),
    };
    if fields.is_empty() && by_line.is_empty() {
        return format!("# {title}\n\n{body}");
    }
    format!("---\n{fields}{by_line}---\n# {title}\n\n{body}")
}

/// What a new answer begins with.
#[must_use]
pub fn answer(words: &Words) -> String {
    format!("{}\n", words.get(Word::WriteAnswer))
}

/// Declared versions of an entry's products, the newest last; of the only product with versions where it
/// names none.
#[must_use]
pub fn versions<'a>(config: &'a Config, entry: &Entry) -> &'a [String] {
    let mut versioned = config.products.iter().filter(|product| !product.versions.is_empty());
    let found = if entry.products.is_empty() {
        versioned.next().filter(|_| versioned.next().is_none())
    } else {
        versioned.find(|product| entry.products.contains(&product.id))
    };
    found.map_or(&[], |product| &product.versions)
}

impl Site {
    /// Where a new question can be written in the browser.
    #[must_use]
    pub fn ask_url(&self) -> Option<String> {
        self.new_urls.get(&Kind::Question).cloned()
    }

    /// Where a reply to an entry can be written in the browser: an answer, or a comment on what is no
    /// question.
    #[must_use]
    pub fn reply_url(&self, entry: &Entry) -> Option<String> {
        let repository = self.sources.config.repository.as_ref()?;
        repository.new_url(&self.reply_path(entry, entry.page)?, &answer(self.words()))
    }

    /// The folder in which replies to an entry are written, from the site's root, if it takes any.
    #[must_use]
    pub fn reply_folder(&self, entry: &Entry) -> Option<String> {
        (!self.takes_no_reply(entry)).then(|| folder_of_replies(&self.pages[entry.page]))
    }

    /// Where a comment on an entry can be written in the browser.
    #[must_use]
    pub fn comment_url(&self, entry: &Entry) -> Option<String> {
        match entry.kind {
            Kind::Question => {
                let comment = format!("---\ncomment: true\n---\n{}\n", self.words().get(Word::WriteComment));
                self.prefilled(entry, entry.page, &comment)
            }
            _ => self.reply_url(entry),
        }
    }

    /// Where somebody says in the browser that they want an idea too.
    #[must_use]
    pub fn support_url(&self, entry: &Entry) -> Option<String> {
        (entry.kind == Kind::Idea).then(|| self.prefilled(entry, entry.page, SUPPORT))?
    }

    /// Where somebody says in the browser that a how-to worked for them.
    #[must_use]
    pub fn confirm_url(&self, entry: &Entry) -> Option<String> {
        (entry.kind == Kind::HowTo).then(|| self.confirming(entry, entry.page, "self"))?
    }

    /// Where somebody says in the browser that an answer worked for them.
    #[must_use]
    pub fn confirm_answer_url(&self, entry: &Entry, answer: &Answer) -> Option<String> {
        let page = &self.pages[answer.reply.page];
        // An answer that came with a merged question is known by its name there, so the file goes there.
        match self.forms[answer.reply.page] {
            super::Form::Reply => {
                let owner = page.path.rsplit_once('/')?.0;
                let path = format!("{owner}/{NAMELESS}.md");
                let repository = self.sources.config.repository.as_ref()?;
                let confirms = self.confirmation(entry, &answer.reply.stem);
                (!self.takes_no_reply(entry)).then(|| repository.filled_url(&path, &confirms))?
            }
            _ => self.confirming(entry, answer.reply.page, "self"),
        }
    }

    fn confirming(&self, entry: &Entry, page: PageId, stem: &str) -> Option<String> {
        self.prefilled(entry, page, &self.confirmation(entry, stem))
    }

    /// The first lines of a file that confirms, with the newest version for its author to correct.
    fn confirmation(&self, entry: &Entry, stem: &str) -> String {
        let newest = versions(&self.sources.config, entry).last();
        let version =
            newest.map_or_else(String::new, |newest| format!("version: {}\n", serde_json::json!(newest)));
        let is_plain = |it: char| it.is_alphanumeric() || matches!(it, '-' | '_' | '.');
        // A name such as `a #b` means something else in YAML unless it is quoted.
        let is_plain = stem.starts_with(char::is_alphanumeric) && stem.chars().all(is_plain);
        let stem = if is_plain { stem.to_string() } else { serde_json::json!(stem).to_string() };
        format!("---\nconfirms: {stem}\n{version}---\n")
    }

    fn prefilled(&self, entry: &Entry, page: PageId, template: &str) -> Option<String> {
        let repository = self.sources.config.repository.as_ref()?;
        repository.filled_url(&self.reply_path(entry, page)?, template)
    }

    /// The file of a new reply below a page, if the entry that shows it takes any.
    fn reply_path(&self, entry: &Entry, page: PageId) -> Option<String> {
        let folder = || folder_of_replies(&self.pages[page]);
        (!self.takes_no_reply(entry)).then(|| format!("{}/{NAMELESS}.md", folder()))
    }

    /// Whether a file below the entry would be no reply, or nobody wants one.
    fn takes_no_reply(&self, entry: &Entry) -> bool {
        let of_its_own = |page: PageId| self.pages[page].place.faq;
        entry.status == Status::Locked || entry.kind == Kind::Page || of_its_own(entry.page)
    }
}
