//! Doors: where somebody writes a new file in the browser, and what it begins with. `longhouse new`
//! begins its files the same way. Each door leads to a file of the reader's own: nobody changes somebody
//! else's to take part.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::classify::folder_of_replies;
use super::reader::Reader;
use super::{Answer, Detail, Entry, PageId};
use crate::config::Config;
use crate::config::repository::{Account, Carries, Host, Repository};
use crate::page::front_matter::write::Writer;
use crate::page::front_matter::{Field, Status};
use crate::page::kind::Kind;
use crate::page::template::{NO_DAY_YET, NOBODY_YET};
use crate::page::{limits, slug};
use crate::source::Sources;
use crate::words::{Word, Words};
use crate::yaml::write::quoted;

/// Where a file is begun in the browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Door {
    /// The git host's editor, filled as far as the host can.
    pub url: String,
    /// The name of the file.
    pub file: String,
    /// The text of the file, for a script to copy, where the address does not show all of it.
    pub text: Option<String>,
    /// Whether the editor opens an empty file, into which the text has to be pasted.
    pub paste: bool,
    /// Whether only a script can open it: an empty file would mean something else.
    pub needs_script: bool,
}

/// The kinds of entries that readers write, with what their files and titles are called until their authors
/// name them. Announcements and plain pages are the company's own.
pub const KINDS: [(Kind, Word, Word); 6] = [
    (Kind::Question, Word::NameQuestion, Word::NewQuestion),
    (Kind::HowTo, Word::NameHowTo, Word::NewHowTo),
    (Kind::Story, Word::NameStory, Word::NewStory),
    (Kind::Idea, Word::NameIdea, Word::NewIdea),
    (Kind::Person, Word::NamePerson, Word::NewPerson),
    (Kind::Link, Word::NameLink, Word::NewLink),
];

/// Where a new entry of each kind is written in the browser.
#[must_use]
pub fn new_doors(sources: &Sources) -> BTreeMap<Kind, Door> {
    let Some(repository) = &sources.config.repository else { return BTreeMap::new() };
    let door = |(kind, name, title): (Kind, Word, Word)| {
        let stem = file_name(&sources.words, name);
        let path = format!("{}{}/{stem}.md", sources.content_prefix, folder_of_kind(sources, kind));
        let text = template(&sources.words, kind, sources.words.get(title), None);
        Some((kind, Door::new(repository, &path, text, false)?))
    };
    KINDS.into_iter().filter_map(door).collect()
}

/// What a file is called, without its ending, until its author names it. A site's own words make no name that
/// a file could not have.
#[must_use]
pub fn file_name(words: &Words, name: Word) -> String {
    slug::slug(words.get(name))
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
    let fields = begun(kind);
    let fields = match by {
        Some(by) => fields.list(Field::Authors, &[&slug::handle(by)]),
        None => fields,
    };
    titled(words, kind, title, fields)
}

/// The fields that a new entry needs.
fn begun(kind: Kind) -> Writer {
    first_fields(kind).into_iter().fold(Writer::new(), |fields, (field, value)| fields.yaml(field, &value))
}

/// A new entry with these fields: its title and its headings below them.
fn titled(words: &Words, kind: Kind, title: &str, fields: Writer) -> String {
    let heading = |word| format!("## {}\n", words.get(word));
    let body = match kind {
        Kind::Question => Word::WriteQuestion,
        Kind::Idea => Word::WriteIdea,
        Kind::Announcement => Word::WriteAnnouncement,
        Kind::Person => Word::WritePerson,
        Kind::Link => Word::WriteLink,
        Kind::Story | Kind::HowTo => {
            let parts = sections(kind).iter().map(|(word, _, begin)| heading(*word) + begin);
            return fields.above(&format!("# {title}\n\n{}\n", parts.collect::<Vec<_>>().join("\n\n")));
        }
        Kind::Page => return fields.above(&format!("# {title}\n\n\n")),
    };
    fields.above(&format!("# {title}\n\n{}\n", words.get(body)))
}

/// The file that the page for writing makes of a form: the same fields and headings as in [`template`], with places in
/// braces that are named after the fields of the form.
#[must_use]
pub fn form(words: &Words, kind: Kind) -> String {
    let mut fields = Writer::new();
    let first = first_fields(kind);
    for (field, value) in &first {
        fields = match field {
            Field::Customer | Field::Consent | Field::Sentiment | Field::Time => {
                fields.yaml(*field, &format!("{{{}}}", field.name()))
            }
            Field::Tags => fields.yaml(Field::Tags, TOPIC),
            field => fields.yaml(*field, value),
        };
    }
    if first.iter().all(|(field, _)| *field != Field::Tags) {
        fields = fields.yaml(Field::Tags, TOPIC);
    }
    let parts =
        sections(kind).iter().map(|(word, place, _)| format!("## {}\n\n{{{place}}}", words.get(*word)));
    let parts: Vec<String> = parts.collect();
    let body = if parts.is_empty() { "{text}".to_string() } else { parts.join("\n\n") };
    fields.yaml(Field::Authors, "[{by}]").above(&format!("{{title}}\n\n{body}\n"))
}

/// Where the topic stands that somebody chose in the form.
const TOPIC: &str = "[{topic}]";

/// The fields that a new entry begins with, and their values as YAML.
fn first_fields(kind: Kind) -> Vec<(Field, Cow<'static, str>)> {
    match kind {
        Kind::Question => vec![(Field::Tags, "[]".into())],
        Kind::Story => vec![
            (Field::Customer, "".into()),
            (Field::Consent, format!("yes, {NOBODY_YET}, {NO_DAY_YET}").into()),
            (Field::Sentiment, "happy".into()),
        ],
        // A time that stands there would be taken for one that somebody needed.
        Kind::HowTo => vec![(Field::Tags, "[]".into()), (Field::Time, "".into())],
        Kind::Idea => vec![(Field::State, "open".into())],
        Kind::Announcement => vec![(Field::Severity, "info".into())],
        Kind::Person => vec![(Field::Role, "customer".into()), (Field::Gifts, "[]".into())],
        Kind::Link => vec![(Field::Url, "https://".into()), (Field::Type, "blog".into())],
        Kind::Page => Vec::new(),
    }
}

/// The parts of an entry that is written in parts: the heading, the name of its place in a form, and what a new file
/// begins it with.
const fn sections(kind: Kind) -> &'static [(Word, &'static str, &'static str)] {
    match kind {
        Kind::Story => {
            &[(Word::Problem, "problem", ""), (Word::Why, "why", ""), (Word::Outcome, "outcome", "")]
        }
        Kind::HowTo => &[(Word::WhatYouNeed, "needs", "\n- "), (Word::Steps, "steps", "\n1. ")],
        _ => &[],
    }
}

/// What a comment begins with on what takes answers too.
#[must_use]
pub fn comment(words: &Words) -> String {
    Writer::new().flag(Field::Comment).above(&format!("{}\n", words.get(Word::WriteComment)))
}

/// What a new answer begins with.
#[must_use]
pub fn answer(words: &Words) -> String {
    format!("{}\n", words.get(Word::WriteAnswer))
}

/// All that a file says by which somebody wants an idea too.
#[must_use]
pub fn support() -> String {
    Writer::new().flag(Field::Supports).above("")
}

/// Declared versions of an entry's products, the newest last; of the only product with versions where it
/// names none.
#[must_use]
pub fn versions<'a>(config: &'a Config, entry: &Entry) -> &'a [String] {
    versions_of(config, &entry.products)
}

/// The same for products by their ids.
#[must_use]
pub fn versions_of<'a>(config: &'a Config, products: &[String]) -> &'a [String] {
    let mut versioned = config.products.iter().filter(|product| !product.versions.is_empty());
    let found = if products.is_empty() {
        versioned.next().filter(|_| versioned.next().is_none())
    } else {
        versioned.find(|product| products.contains(&product.id))
    };
    found.map_or(&[], |product| &product.versions)
}

/// Where readers need an account to write, in words. None without a repository.
#[must_use]
pub fn account(config: &Config, words: &Words) -> Option<String> {
    Some(match config.repository.as_ref()?.account() {
        Account::Of(host) => words.fill(Word::Account, &[("host", &host)]),
        Account::At(host) => words.fill(Word::AccountAt, &[("host", &host)]),
        Account::Nowhere => words.get(Word::AccountSomewhere).to_string(),
    })
}

impl Door {
    /// The door to a file of the site. `marked` says that the file means what its front matter says. None where
    /// the host has no address for it.
    fn new(repository: &Repository, path: &str, text: String, marked: bool) -> Option<Door> {
        let file = repository.new_file(path, &text)?;
        // A script finds the text in an address of these, and need not be told it again.
        let shows = file.carries == Carries::All
            && repository.new_url.is_none()
            && matches!(repository.host, Host::GitHub | Host::Gitea);
        let paste = file.carries == Carries::Nothing;
        Some(Door {
            url: file.url,
            file: path.rsplit('/').next().unwrap_or(path).to_string(),
            text: (!shows && !text.is_empty()).then_some(text),
            paste,
            needs_script: paste && marked,
        })
    }
}

/// What doors need to know of an entry, which is less than all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DoorFacts<'a> {
    kind: Kind,
    status: Status,
    page: PageId,
    products: &'a [String],
    /// Where the best answer to a question stands.
    best: Option<(PageId, &'a str)>,
}

impl<'a> DoorFacts<'a> {
    pub(super) fn of(entry: &'a Entry) -> DoorFacts<'a> {
        let best = entry.question().and_then(|question| question.answers.first());
        DoorFacts {
            kind: entry.kind,
            status: entry.status,
            page: entry.page,
            products: &entry.products,
            best: best.map(|answer| (answer.reply.page, &*answer.reply.stem)),
        }
    }
}

impl Reader<'_> {
    /// Where somebody answers a question, or comments on anything else.
    #[must_use]
    pub fn answer_door(&self, entry: &DoorFacts<'_>) -> Option<Door> {
        self.door(&self.reply_path(entry, entry.page)?, answer(self.words()), false)
    }

    /// Where somebody says that the best answer, or the how-to, worked for them.
    #[must_use]
    pub fn confirm_door(&self, entry: &DoorFacts<'_>) -> Option<Door> {
        let [confirm, ..] = match entry.best {
            Some((page, stem)) => self.verdicts_on_answer(entry, page, stem),
            None if entry.kind == Kind::HowTo => self.verdicts(entry, entry.page, "self"),
            None => return None,
        };
        confirm
    }

    /// Where a new question can be written in the browser.
    #[must_use]
    pub fn ask_url(&self) -> Option<String> {
        Some(self.new_door(Kind::Question)?.url.clone())
    }

    /// Where somebody says in the browser that they know a tag: on a page of their own.
    #[must_use]
    pub fn expert_door(&self, tag: &str) -> Option<Door> {
        let words = self.words();
        let path = format!("{}/{}.md", self.folder(Kind::Person), file_name(words, Word::NamePerson));
        let fields = begun(Kind::Person).list(Field::ExpertIn, &[tag]);
        self.door(&path, titled(words, Kind::Person, words.get(Word::NewPerson), fields), false)
    }

    /// Where a reply to an entry can be written in the browser: an answer, or a comment on what is no
    /// question.
    #[must_use]
    pub fn reply_door(&self, entry: &Entry) -> Option<Door> {
        self.answer_door(&DoorFacts::of(entry))
    }

    /// The folder in which replies to an entry are written, from the site's root, if it takes any.
    #[must_use]
    pub fn reply_folder(&self, entry: &Entry) -> Option<String> {
        (!self.takes_no_reply(&DoorFacts::of(entry))).then(|| folder_of_replies(self.head(entry.page)))
    }

    /// Where a comment on an entry can be written in the browser.
    #[must_use]
    pub fn comment_door(&self, entry: &Entry) -> Option<Door> {
        match entry.kind {
            Kind::Question => {
                let path = self.reply_path(&DoorFacts::of(entry), entry.page)?;
                self.door(&path, comment(self.words()), true)
            }
            _ => self.reply_door(entry),
        }
    }

    /// Where somebody says in the browser that they want an idea too.
    #[must_use]
    pub fn support_door(&self, entry: &Entry) -> Option<Door> {
        let path = self.reply_path(&DoorFacts::of(entry), entry.page).filter(|_| entry.kind == Kind::Idea)?;
        // It may end with its fields.
        self.door(&path, support(), true)
    }

    /// Where somebody says in the browser that a how-to worked for them, and where that it did not help.
    #[must_use]
    pub fn verdict_doors(&self, entry: &Entry) -> [Option<Door>; 2] {
        if entry.kind != Kind::HowTo {
            return [None, None];
        }
        let [confirm, unhelped, _] = self.verdicts(&DoorFacts::of(entry), entry.page, "self");
        [confirm, unhelped]
    }

    /// Where somebody says in the browser that an answer worked for them, where that it did not help, and where they
    /// comment on it.
    #[must_use]
    pub fn doors_of_answer(&self, entry: &Entry, answer: &Answer) -> [Option<Door>; 3] {
        self.verdicts_on_answer(&DoorFacts::of(entry), answer.reply.page, &answer.reply.stem)
    }

    fn verdicts_on_answer(&self, entry: &DoorFacts<'_>, page: PageId, stem: &str) -> [Option<Door>; 3] {
        // An answer that came with a merged question is known by its name there, so the file goes there.
        match self.form(page) {
            super::Form::Reply => self.verdicts(entry, page, stem),
            _ => self.verdicts(entry, page, "self"),
        }
    }

    /// The stems in the folder of an entry's replies that are taken, as far as its page shows.
    #[must_use]
    pub fn taken_stems<'a>(&self, entry: &'a Entry) -> BTreeSet<&'a str> {
        let mut taken: BTreeSet<&str> =
            entry.replies().map(|it| it.stem.as_str()).filter(|it| !it.is_empty()).collect();
        // Who confirmed or supported has a file, too, most often in their name.
        let handles = |it: &'a [super::Confirmation]| it.iter().map(|it| it.handle.as_str());
        match &entry.detail {
            Detail::Question(question) => {
                taken.extend(question.answers.iter().flat_map(|answer| handles(&answer.confirmations)));
            }
            Detail::HowTo(how_to) => taken.extend(handles(&how_to.confirmations)),
            // Of thousands nobody needs to be told in advance that the name is taken: the host tells it, too.
            Detail::Idea(idea) => {
                taken.extend(idea.supporters.iter().take(limits::SUPPORTERS).map(String::as_str));
            }
            Detail::Story(_) | Detail::Link(_) | Detail::Plain => {}
        }
        taken
    }

    /// The doors to saying that what stands in the file of `page` worked, that it did not help, and anything else.
    fn verdicts(&self, entry: &DoorFacts<'_>, page: PageId, stem: &str) -> [Option<Door>; 3] {
        let path = match self.form(page) {
            super::Form::Reply if !self.takes_no_reply(entry) => {
                self.path(page).rsplit_once('/').map(|(folder, _)| self.nameless(folder))
            }
            super::Form::Reply => None,
            _ => self.reply_path(entry, page),
        };
        let Some(path) = path else { return [None, None, None] };
        let comment = |text: Word| {
            let mut fields = Writer::new().flag(Field::Comment);
            // On a how-to every reply is on the how-to.
            if entry.kind == Kind::Question {
                fields = fields.text(Field::On, stem);
            }
            let text = fields.above(&format!("{}\n", self.words().get(text)));
            self.door(&path, text, true)
        };
        let confirm = self.door(&path, self.confirmation(entry, stem), true);
        [confirm, comment(Word::NotHelpedText), comment(Word::WriteComment)]
    }

    /// The first lines of a file that confirms, with the newest version for its author to correct.
    fn confirmation(&self, entry: &DoorFacts<'_>, stem: &str) -> String {
        let mut fields = Writer::new().text(Field::Confirms, stem);
        if let Some(newest) = versions_of(self.config(), entry.products).last() {
            fields = fields.yaml(Field::Version, &quoted(newest));
        }
        fields.above("")
    }

    fn door(&self, path: &str, text: String, marked: bool) -> Option<Door> {
        Door::new(self.config().repository.as_ref()?, path, text, marked)
    }

    /// The file of a new reply below a page, if the entry that shows it takes any.
    fn reply_path(&self, entry: &DoorFacts<'_>, page: PageId) -> Option<String> {
        (!self.takes_no_reply(entry)).then(|| self.nameless(&folder_of_replies(self.head(page))))
    }

    /// The file of a reply until its author names it after themselves.
    fn nameless(&self, folder: &str) -> String {
        format!("{folder}/{}.md", file_name(self.words(), Word::NameReply))
    }

    /// Whether a file below the entry would be no reply, or nobody wants one.
    fn takes_no_reply(&self, entry: &DoorFacts<'_>) -> bool {
        let of_its_own = |page: PageId| self.head(page).place.faq;
        entry.status == Status::Locked || entry.kind == Kind::Page || of_its_own(entry.page)
    }
}
