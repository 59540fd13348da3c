//! From what somebody wants to a file: whose it is, where it goes, what stands in it.

mod pictures;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use pictures::Pictures;

use super::form::Sort;
use super::text::{self, Removed, body, clean, clean_line};
use super::wish::{Place, Reading, Wish, kind_of};
use super::{Content, Dropped, MAX_TEXT, Options, Reason, Refusal, Submission, spam, target};
use crate::page::destination::Destination;
use crate::page::front_matter::write::Writer;
use crate::page::front_matter::{Field, Status};
use crate::page::kind::Kind;
use crate::page::limits::Limit;
use crate::page::template::Templates;
use crate::page::text::shown_name;
use crate::page::{self, Document, slug};
use crate::similar::{self, Question};
use crate::site::{Entry, Reply, Site, contribution, url};
use crate::words::Word;

/// Below the folder of the content a file lies at most this deep.
pub(super) const DEEPEST: usize = 3;

/// A file that may be committed, and what to say about it.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) sort: Sort,
    pub(super) title: String,
    /// The path from the root of the site, and the text.
    pub(super) path: String,
    pub(super) text: String,
    /// The page that it belongs to: its title and its address.
    pub(super) target: Option<(String, String)>,
    pub(super) author: Author,
    pub(super) dropped: BTreeSet<Dropped>,
    pub(super) removed: Removed,
    /// Pictures by their paths from the root.
    pub(super) pictures: BTreeMap<String, Vec<u8>>,
    /// Where pictures of other sites are, what they are called here, and why they are not here.
    pub(super) remote: Vec<(String, Result<String, String>)>,
    pub(super) links: Vec<String>,
    pub(super) notes: Vec<String>,
    pub(super) digest: String,
    /// What the new page asks, where something may be like it.
    pub(super) question: Option<Question>,
}

/// Who wrote it, as the site will show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Author {
    pub(super) handle: String,
    pub(super) name: String,
    /// Whether somebody of this handle wrote here before.
    pub(super) is_known: bool,
}

/// Makes a file of what was sent.
///
/// # Errors
/// When it is not taken.
pub(super) fn compose(site: &Site, sent: &Submission, options: &Options<'_>) -> Result<Draft, Refusal> {
    let sources = site.sources();
    let reading =
        Reading { config: &sources.config, words: &sources.words, content_prefix: &sources.content_prefix };
    let mut wish = match &sent.content {
        Content::Body(body, attached) => reading.body(body, attached.as_deref()),
        Content::Form(fields) => reading.post(fields)?,
        Content::File(text, path) => reading.file(text, path.as_deref()),
    };
    let mut removed = Removed::default();
    let author = author(site, sent, &mut wish, &mut removed);
    let sort = sort(site, &wish)?;
    let title = wish.title.take().unwrap_or_else(|| sent.title.clone());
    let mut title = title_of(&title, &mut removed);
    let mut text = text(site, &wish, &mut removed);
    if !sort.is_reply() && !title.contains(char::is_alphanumeric) {
        // Without a title, the first line says what it is about.
        let first = text.lines().find(|line| line.contains(char::is_alphanumeric)).unwrap_or_default();
        title = title_of(first.trim_start_matches(['#', '>', '-', '*', ' ']), &mut removed);
    }
    if text.len() > MAX_TEXT {
        let message =
            format!("The text has more than {} KB. Split it into several, or shorten it.", MAX_TEXT / 1024);
        return Err(Refusal::new(Reason::TooLarge, message));
    }
    spam::not_empty(sort, &title, &text, !sent.pictures.is_empty())?;
    let target = target_of(site, sort, &wish)?;
    let folder = match (&target, sort) {
        (Some(target), _) => target.folder.clone(),
        (None, Sort::Entry(kind)) => folder(site, kind, wish.place.as_ref()),
        (None, _) => String::new(),
    };
    let digest = digest(sort, &folder, &title, &text, &author);
    spam::not_open(&options.open, &digest)?;
    let stem = match sort {
        Sort::Entry(kind) => free_entry(site, kind, &folder, &title, &digest),
        _ => free_reply(site, &folder, &author.handle),
    };
    let mut dropped = std::mem::take(&mut wish.dropped);
    let on_question = target.as_ref().is_some_and(|it| it.entry.kind == Kind::Question);
    let answer = answer_of(sort, target.as_ref(), &wish)?;
    let answer = answer.as_deref();
    let fields = fields(sort, &mut wish, answer, on_question, &mut dropped, &mut removed);
    let mut pictures = Pictures::beside(&folder, &stem);
    text = pictures.attach(text, &sent.pictures);
    text = pictures.bring(&page_of(site, &text), text, options);
    let links = links(site, &page_of(site, &text));
    if !(author.is_known && sent.sender.account.is_some()) {
        spam::few_links(&links, options.max_links)?;
    }
    let above = match sort {
        Sort::Entry(_) => format!("{}\n\n{text}", text::title(&title)),
        _ => text.clone(),
    };
    let whole = written(&fields, &author).above(&format!("{}\n", above.trim_end()));
    let question = matches!(sort, Sort::Entry(_)).then(|| similar::of_text(&above, &sources.config));
    let mut notes = [sent.notes.clone(), std::mem::take(&mut wish.notes)].concat();
    notes.extend(sort_notes(sort, &fields));
    let Pictures { taken, remote, .. } = pictures;
    Ok(Draft {
        sort,
        title: match (&target, title.is_empty()) {
            (Some(target), _) => target.entry.title.clone(),
            (None, false) => title,
            (None, true) => stem.clone(),
        },
        path: format!("{folder}/{stem}.md"),
        text: whole,
        target: target.map(|it| (it.entry.title.clone(), site.urls().absolute(&it.entry.address))),
        author,
        dropped,
        removed,
        pictures: taken,
        remote,
        links,
        notes,
        digest,
        question,
    })
}

/// What the people should do whom it concerns.
fn sort_notes(sort: Sort, fields: &BTreeMap<Field, Vec<String>>) -> Option<String> {
    (sort == Sort::Entry(Kind::Story) && fields.contains_key(&Field::Customer)).then(|| {
        "A story about somebody else is shown when `consent` says who agreed and when. Ask them, then add it.".to_owned()
    })
}

/// Who wrote it. An account is who the host says it is; a name can be anybody's, so nobody gets the handle of the team
/// by writing it.
fn author(site: &Site, sent: &Submission, wish: &mut Wish, removed: &mut Removed) -> Author {
    let people = site.people();
    if let Some(account) = &sent.sender.account {
        let handle = people.of_stem(&slug::handle(&account.login));
        let is_known = people.get(&handle).is_some();
        return Author { handle, name: account.login.clone(), is_known };
    }
    let typed = wish.name.take().unwrap_or_else(|| sent.sender.name.clone());
    let name = clean_line(&shown_name(&typed), removed);
    let name: String = name.chars().filter(|c| !matches!(c, '<' | '>' | '…')).take(60).collect();
    let name = name.trim().to_owned();
    if !name.contains(char::is_alphanumeric) {
        return Author { handle: NAMELESS.to_owned(), name: "Guest".to_owned(), is_known: false };
    }
    let handle = slug::handle(&name);
    let is_known = people.get(&handle).is_some() || people.get(&people.of_name(&name)).is_some();
    let is_team = people.is_team(&handle) || people.is_team(&people.of_name(&name));
    if is_team {
        wish.notes.push(format!(
            "The sender wrote the name of `{handle}`, who is on the team. Nobody has checked that, so the author is \
             `{NAMELESS}-{handle}`."
        ));
        return Author { handle: format!("{NAMELESS}-{handle}"), name, is_known: false };
    }
    if is_known {
        wish.notes.push(format!(
            "The sender wrote the name of `{handle}`, who is known here. Nobody has checked that."
        ));
    }
    Author { handle, name, is_known }
}

/// The handle of somebody without a name.
pub(super) const NAMELESS: &str = "guest";

/// What it is: as it says, else by the place that the file wants to have.
fn sort(site: &Site, wish: &Wish) -> Result<Sort, Refusal> {
    if let Some(sort) = wish.sort {
        return Ok(sort);
    }
    let Some(place) = &wish.place else {
        return Ok(if wish.to.is_empty() { Sort::Entry(Kind::Question) } else { Sort::Answer });
    };
    let folder = format!("{}{}", site.sources().content_prefix, place.folders.join("/"));
    if !wish.to.is_empty() || target::of_folder(site, &folder).is_some() {
        return Ok(Sort::Answer);
    }
    let Some(kind) = kind_of(place, &site.sources().config) else { return Ok(Sort::Entry(Kind::Question)) };
    // A file without a title below a page that is not there was meant as a reply.
    if wish.title.is_none() && place.folders.len() > 1 {
        return Ok(Sort::Answer);
    }
    if !super::form::FORMS.iter().any(|form| form.sort == Sort::Entry(kind)) {
        let message = format!(
            "A {kind} is written by the people who look after the site. Send it to them another way."
        );
        return Err(Refusal::new(Reason::Kind, message));
    }
    Ok(Sort::Entry(kind))
}

/// The page that a reply belongs to; nothing for a page of its own.
fn target_of<'s>(site: &'s Site, sort: Sort, wish: &Wish) -> Result<Option<target::Target<'s>>, Refusal> {
    if !sort.is_reply() {
        return Ok(None);
    }
    let by_place = || {
        let place = wish.place.as_ref()?;
        let folder = format!("{}{}", site.sources().content_prefix, place.folders.join("/"));
        let entry = target::of_folder(site, &folder)?;
        Some(target::Target { entry, answer: None, folder })
    };
    let found = match wish.to.is_empty() {
        true => by_place(),
        false => target::find(site, &wish.to, sort),
    };
    let Some(found) = found else {
        let message = match wish.to.is_empty() {
            true => "It does not say which page it belongs to. Give the address of the page.",
            false => {
                "The page that it belongs to was not found. Give the address of the page, as the browser shows it."
            }
        };
        return Err(Refusal::new(Reason::Target, message));
    };
    let entry = found.entry;
    let fits = match sort {
        Sort::Support => entry.kind == Kind::Idea,
        Sort::Confirmation => matches!(entry.kind, Kind::Question | Kind::HowTo),
        _ => !matches!(entry.kind, Kind::Page),
    };
    if !fits {
        let message =
            format!("This cannot be said of a {}. Give the address of the page that you mean.", entry.kind);
        return Err(Refusal::new(Reason::Target, message));
    }
    if entry.status == Status::Locked || site.pages()[entry.page].place.faq {
        return Err(Refusal::new(Reason::Locked, "This page takes no more replies."));
    }
    Ok(Some(found))
}

/// The answer that a reply is about, by its stem.
fn answer_of(
    sort: Sort,
    target: Option<&target::Target<'_>>,
    wish: &Wish,
) -> Result<Option<String>, Refusal> {
    let typed = |field: Field| wish.fields.get(&field).and_then(|it| it.first().cloned());
    let linked = target.and_then(|it| it.answer.clone());
    match (sort, target) {
        (Sort::Confirmation, Some(target)) => {
            confirmed(target.entry, linked.or_else(|| typed(Field::Confirms))).map(Some)
        }
        _ => Ok(linked.or_else(|| typed(Field::On))),
    }
}

/// Which answer worked: the one that is named, else the only one. Of a how-to it is the how-to.
fn confirmed(entry: &Entry, named: Option<String>) -> Result<String, Refusal> {
    let Some(question) = entry.question() else { return Ok("self".to_owned()) };
    let stem = |reply: &Reply| if reply.page == entry.page { "self".to_owned() } else { reply.stem.clone() };
    let mut stems = question.answers.iter().map(|answer| stem(&answer.reply));
    let found = match &named {
        Some(named) => stems.find(|stem| stem == named),
        None => stems.next().filter(|_| stems.next().is_none()),
    };
    let message =
        "It does not say which answer worked. Give the link of the answer: it stands at the answer's date.";
    found.ok_or_else(|| Refusal::new(Reason::Target, message))
}

/// A title in one line, without what a message's subject adds.
fn title_of(typed: &str, removed: &mut Removed) -> String {
    let mut title = clean_line(typed, removed);
    while let Some((prefix, rest)) = title.split_once(':').filter(|(prefix, _)| {
        ["re", "aw", "fw", "fwd", "wg", "sv", "tr", "rv", "antw"]
            .contains(&prefix.trim().to_lowercase().as_str())
    }) {
        let _ = prefix;
        title = rest.trim().to_owned();
    }
    match page::limits::cut(&title, 120) {
        Some(cut) => cut,
        None => title,
    }
}

/// The text of the page, without its title.
fn text(site: &Site, wish: &Wish, removed: &mut Removed) -> String {
    if wish.is_file {
        let text = clean(&wish.text, removed);
        let mut fences = text::Fences::default();
        text.lines().for_each(|line| fences.see(line));
        return [text].into_iter().chain(fences.closing()).collect::<Vec<_>>().join("\n");
    }
    let mut parts: Vec<String> = Vec::new();
    let main = body(&clean(&wish.text, removed), 2);
    if !main.trim().is_empty() {
        parts.push(main.trim().to_owned());
    }
    for (word, part) in &wish.parts {
        let part = clean(part, removed);
        let part = match word {
            Word::WhatYouNeed => items(&part, false),
            Word::Steps => items(&part, true),
            _ => body(&part, 3),
        };
        parts.push(format!("## {}\n\n{}", site.words().get(*word), part.trim()));
    }
    parts.join("\n\n")
}

/// A list of what stands line by line; what is a list already, or longer texts, stays as it is.
fn items(text: &str, numbered: bool) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).filter(|line| !line.trim().is_empty()).collect();
    let is_list = |line: &&str| {
        let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
        line.starts_with(['-', '*', '+', '>', '|', '#', ' ', '`', '~'])
            || digits.len() < line.len() && digits.starts_with(['.', ')'])
    };
    if lines.iter().any(is_list) || text.contains("```") {
        return body(text, 3);
    }
    let sign = |number: usize| if numbered { format!("{number}. ") } else { "- ".to_owned() };
    let made = lines.iter().enumerate().map(|(at, line)| format!("{}{line}", sign(at + 1)));
    made.collect::<Vec<_>>().join("\n")
}

/// The folder of a new entry, from the root: that of its kind, or the topic that its path names, if there is such a
/// topic.
fn folder(site: &Site, kind: Kind, wanted: Option<&Place>) -> String {
    let sources = site.sources();
    let prefix = &sources.content_prefix;
    let usual = format!("{prefix}{}", contribution::folder_of_kind(sources, kind));
    let Some(place) = wanted.filter(|place| (2..DEEPEST).contains(&place.folders.len())) else {
        return usual;
    };
    let named = format!("{prefix}{}", place.folders.join("/"));
    let below = format!("{named}/");
    let exists = sources.documents.iter().any(|it| it.path.starts_with(&below));
    if exists && target::of_folder(site, &named).is_none() { named } else { usual }
}

/// The stem of a new entry that nothing else has: no file, no folder, no address.
fn free_entry(site: &Site, kind: Kind, folder: &str, title: &str, digest: &str) -> String {
    let wanted = match title.contains(char::is_alphanumeric) {
        true => slug::slug(title),
        false => format!("{kind}-{}", &digest[..8]),
    };
    let is_taken = |stem: &str| {
        let slug = slug::slug(stem);
        is_there(site, &format!("{folder}/{stem}"))
            || site
                .entries()
                .iter()
                .any(|entry| entry.kind == kind && slug::fold(&entry.slug) == slug::fold(&slug))
            || site.redirects().contains_key(&url::entry(kind, &slug))
            || ["index", "readme", "_index"].contains(&stem)
    };
    free(&wanted, is_taken)
}

/// The stem of a new reply: the handle, with a number for each further one.
fn free_reply(site: &Site, folder: &str, handle: &str) -> String {
    free(handle, |stem| is_there(site, &format!("{folder}/{stem}")))
}

fn free(wanted: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let numbered = (2..).map(|number: u32| format!("{wanted}--{number}"));
    let mut names = [wanted.to_owned()].into_iter().chain(numbered);
    names.find(|name| !is_taken(name)).unwrap_or_default()
}

/// Whether there is a file of this name, whatever its ending, or a folder, in any case.
fn is_there(site: &Site, path: &str) -> bool {
    let sources = site.sources();
    let path = slug::fold(path);
    let is_it = |file: &str| {
        let file = slug::fold(file);
        file.strip_prefix(&path).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '/']))
    };
    sources.documents.iter().any(|it| is_it(&it.path)) || sources.assets.keys().any(|it| is_it(it))
}

/// What tells two of the same apart from two others: the words and the place; and who it was, where nothing is said but
/// that. Sixteen hexadecimal digits.
fn digest(sort: Sort, folder: &str, title: &str, text: &str, author: &Author) -> String {
    let words = |text: &str| text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    let who = if text.trim().is_empty() && sort.is_reply() { author.handle.as_str() } else { "" };
    let title = if sort.is_reply() { String::new() } else { words(title) };
    let parts = [sort.form().name, folder, &title, &words(text), who].join("\0");
    blake3::hash(parts.as_bytes()).to_hex()[..16].to_owned()
}

/// The fields that stay: those that may be sent in on such a page, within their limits.
fn fields(
    sort: Sort,
    wish: &mut Wish,
    answer: Option<&str>,
    on_question: bool,
    dropped: &mut BTreeSet<Dropped>,
    removed: &mut Removed,
) -> BTreeMap<Field, Vec<String>> {
    let kind = match sort {
        Sort::Entry(kind) => Some(kind),
        _ => None,
    };
    let mut kept: BTreeMap<Field, Vec<String>> = BTreeMap::new();
    for (field, values) in std::mem::take(&mut wish.fields) {
        if !field.is_sendable(kind) {
            dropped.insert(Dropped::new(field.name(), "it does not belong on such a page"));
            continue;
        }
        let limit = field.limit();
        let most = limit.characters().unwrap_or(usize::MAX);
        let mut values: Vec<String> = values
            .iter()
            .map(|value| clean_line(value, removed))
            .filter(|value| {
                !value.is_empty()
                    && (matches!(limit, Limit::Text(_) | Limit::Texts(..)) || value.chars().count() <= most)
            })
            .map(|value| page::limits::cut(&value, most).unwrap_or(value))
            .collect();
        values.truncate(limit.items());
        if values.is_empty() {
            dropped.insert(Dropped::new(field.name(), "it is empty or too long"));
        } else {
            kept.insert(field, values);
        }
    }
    let mut set = |field: Field, value: &str| drop(kept.insert(field, vec![value.to_owned()]));
    // What a reply is stands in its fields; what it belongs to stands in where it lies.
    match sort {
        Sort::Confirmation => set(Field::Confirms, answer.unwrap_or("self")),
        Sort::Support => set(Field::Supports, "true"),
        Sort::Comment if on_question => {
            set(Field::Comment, "true");
            if let Some(answer) = answer {
                set(Field::On, answer);
            }
        }
        _ => {}
    }
    kept
}

fn written(fields: &BTreeMap<Field, Vec<String>>, author: &Author) -> Writer {
    let mut writer = Writer::new();
    for (field, values) in fields {
        let texts: Vec<&str> = values.iter().map(String::as_str).collect();
        writer = match field.form() {
            _ if field.form().is_list() => writer.list(*field, &texts),
            crate::page::front_matter::Form::Flag => writer.yaml(*field, texts[0]),
            _ => writer.text(*field, texts[0]),
        };
    }
    writer.list(Field::Authors, &[&author.handle])
}

/// What a text is as a page by itself.
fn page_of(site: &Site, text: &str) -> page::Page {
    let document = Document { path: Arc::from("received.md"), text: Arc::from(text) };
    page::parse(&document, site.sources().config.page_settings(), "", &Templates::default())
}

/// The links to pages of other sites, each once.
fn links(site: &Site, page: &page::Page) -> Vec<String> {
    let repository = site.sources().config.repository.as_ref();
    let is_elsewhere = |url: &::url::Url| {
        site.urls().own(url).is_none()
            && repository.is_none_or(|it| it.url.is_empty() || !url.as_str().starts_with(&it.url))
    };
    let links = page.body.links.iter().filter_map(|link| match &link.target {
        Destination::Absolute(url) if is_elsewhere(url) => Some(url.to_string()),
        _ => None,
    });
    links.collect::<BTreeSet<_>>().into_iter().collect()
}
