//! What a page says to search engines: JSON-LD in the words of schema.org, as Google asked for it in 2026.
//!
//! | page | type |
//! |---|---|
//! | a question that people can answer, and that has an answer | `QAPage` |
//! | an idea; an announcement with comments | `DiscussionForumPosting` |
//! | a story, a how-to, another announcement | `Article` |
//! | a person | `ProfilePage` |
//! | the home page | `WebSite` |
//! | each page with a way to it | `BreadcrumbList` |
//!
//! There is no `FAQPage` and no `HowTo`, of which nothing is shown any more, and no `Review`: nobody may review themselves.
//! Whatever is said here can be read on the page. What lacks something that a type requires is left out, so that no
//! checker has anything to say.

use std::ops::Range;

use serde_json::{Map, Value, json};

use super::{Meta, Plan};
use crate::page::Page;
use crate::page::kind::Kind;
use crate::site::reader::Reader;
use crate::site::{Answer, Detail, Entry, EntryId, Moment, Reply, url};

/// The JSON-LD of a page, which can stand between the tags of a script. Nothing for pages that no search engine takes.
pub(super) fn data(site: &Reader<'_>, plan: &Plan, page: &Meta) -> Option<String> {
    if page.noindex || page.ribbon.is_some() {
        return None;
    }
    let own = match plan {
        Plan::Home => Some(website(site)),
        Plan::Entry(id) => entry(site, *id, page),
        Plan::Person { handle } => Some(profile(site, handle, page)),
        _ => None,
    };
    let graph: Vec<Value> = own.into_iter().chain(breadcrumbs(site, page)).collect();
    (!graph.is_empty()).then(|| in_html(&json!({ "@context": "https://schema.org", "@graph": graph })))
}

/// JSON that ends no script and no comment, whatever is in it.
fn in_html(value: &Value) -> String {
    let mut out = String::new();
    for c in value.to_string().chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ => out.push(c),
        }
    }
    out
}

fn website(site: &Reader<'_>) -> Value {
    json!({
        "@type": "WebSite",
        "name": site.config().title,
        "url": site.urls().absolute(url::HOME),
        "inLanguage": site.config().language,
        "publisher": organization(site),
    })
}

/// Whoever publishes the site.
fn organization(site: &Reader<'_>) -> Value {
    json!({ "@type": "Organization", "name": site.config().title, "url": site.urls().absolute(url::HOME) })
}

fn breadcrumbs(site: &Reader<'_>, page: &Meta) -> Option<Value> {
    let item = |(at, crumb): (usize, &super::LinkView)| json!({ "@type": "ListItem", "position": at + 1, "name": crumb.title, "item": site.urls().whole(&crumb.url) });
    let items: Vec<Value> = page.breadcrumbs.iter().enumerate().map(item).collect();
    (items.len() > 1).then(|| json!({ "@type": "BreadcrumbList", "itemListElement": items }))
}

fn profile(site: &Reader<'_>, handle: &str, page: &Meta) -> Value {
    let mut person = named(site, handle);
    person.insert("alternateName".into(), handle.into());
    if !page.description.is_empty() {
        person.insert("description".into(), page.description.clone().into());
    }
    if let Some(gave) = site.person(handle).map(|it| it.gave.answers.len() + it.gave.entries.len()) {
        person.insert("agentInteractionStatistic".into(), count("WriteAction", gave));
    }
    json!({ "@type": "ProfilePage", "mainEntity": person })
}

/// How often something was done with it.
fn count(action: &str, count: usize) -> Value {
    json!({
        "@type": "InteractionCounter",
        "interactionType": { "@type": action },
        "userInteractionCount": count,
    })
}

fn entry(site: &Reader<'_>, id: EntryId, page: &Meta) -> Option<Value> {
    let entry = site.entry(id);
    if entry.is_tombstone() {
        return None;
    }
    match entry.kind {
        Kind::Question => question(site, entry, page),
        Kind::Idea => discussion(site, entry, page),
        Kind::Announcement => discussion(site, entry, page)
            .filter(|it| it.get("comment").is_some())
            .or_else(|| article(site, entry, page)),
        Kind::Story | Kind::HowTo => article(site, entry, page),
        Kind::Person | Kind::Page | Kind::Link => None,
    }
}

/// A question that has an answer, and to which anybody can add another one.
fn question(site: &Reader<'_>, entry: &Entry, page: &Meta) -> Option<Value> {
    let asked = entry.asked()?;
    if asked.answers.is_empty() || !entry.is_open() || site.config().repository.is_none() {
        return None;
    }
    let mut question =
        Map::from_iter([("@type".into(), "Question".into()), ("name".into(), entry.title.clone().into())]);
    signed(site, &mut question, site.page(entry.page), &entry.authors, entry.date, entry.updated);
    let text = own_text(site.page(entry.page), entry);
    if !text.is_empty() {
        question.insert("text".into(), text.into());
    }
    votes(&mut question, entry.score);
    question.insert("answerCount".into(), asked.answers.len().into());
    comments(site, &mut question, entry, &entry.comments);
    // Google takes one accepted answer.
    let first = asked.answers.iter().position(|answer| answer.accepted);
    let mut suggested: Vec<Value> = Vec::new();
    for (at, given) in asked.answers.iter().enumerate() {
        match first == Some(at) {
            true => drop(question.insert("acceptedAnswer".into(), answer(site, entry, given))),
            false => suggested.push(answer(site, entry, given)),
        }
    }
    if !suggested.is_empty() {
        question.insert("suggestedAnswer".into(), suggested.into());
    }
    Some(json!({ "@type": "QAPage", "inLanguage": page.lang, "mainEntity": question }))
}

fn answer(site: &Reader<'_>, entry: &Entry, answer: &Answer) -> Value {
    let mut out = written(site, entry, &answer.reply, "Answer");
    votes(&mut out, answer.score);
    comments(site, &mut out, entry, &answer.comments);
    out.into()
}

/// A reply as a type that takes a text.
fn written(site: &Reader<'_>, entry: &Entry, reply: &Reply, of: &str) -> Map<String, Value> {
    let page = site.page(reply.page);
    let mut out =
        Map::from_iter([("@type".into(), of.into()), ("text".into(), text_at(page, &reply.text).into())]);
    let address = site.urls().absolute(&entry.address);
    out.insert("url".into(), format!("{address}#{}", url::encode(&reply.anchor)).into());
    signed(site, &mut out, page, &reply.authors, reply.date, reply.updated);
    out
}

fn comments<'a>(
    site: &Reader<'_>,
    out: &mut Map<String, Value>,
    entry: &Entry,
    replies: impl IntoIterator<Item = &'a Reply>,
) {
    let replies = replies.into_iter().map(|reply| written(site, entry, reply, "Comment").into());
    let all: Vec<Value> = replies.collect();
    if !all.is_empty() {
        out.insert("commentCount".into(), all.len().into());
        out.insert("comment".into(), all.into());
    }
}

fn votes(out: &mut Map<String, Value>, score: i64) {
    if score > 0 {
        out.insert("upvoteCount".into(), score.into());
    }
}

/// Who wrote it, when, and with what.
fn signed(
    site: &Reader<'_>,
    out: &mut Map<String, Value>,
    page: &Page,
    authors: &[String],
    date: Option<Moment>,
    updated: Option<Moment>,
) {
    let mut people: Vec<Value> = authors.iter().map(|handle| named(site, handle).into()).collect();
    match people.len() {
        0 => {}
        1 => drop(out.insert("author".into(), people.remove(0))),
        _ => drop(out.insert("author".into(), people.into())),
    }
    if let Some(date) = date {
        out.insert("datePublished".into(), moment(site, date).into());
    }
    if let Some(updated) = updated.filter(|updated| Some(*updated) != date) {
        out.insert("dateModified".into(), moment(site, updated).into());
    }
    let source = page.fields.made_with.as_ref().map(|it| match it.value {
        "ai" => "TrainedAlgorithmicMediaDigitalSource",
        _ => "AlgorithmicMediaDigitalSource",
    });
    if let Some(source) = source {
        out.insert("digitalSourceType".into(), format!("https://schema.org/{source}").into());
    }
}

/// A moment as ISO 8601, by the clock of the place where the site lives, so that its day is the one that the page shows.
fn moment(site: &Reader<'_>, moment: Moment) -> String {
    let there = moment.instant.to_zoned(site.config().timezone.clone());
    there.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

fn named(site: &Reader<'_>, handle: &str) -> Map<String, Value> {
    let mut out =
        Map::from_iter([("@type".into(), "Person".into()), ("name".into(), site.person_name(handle).into())]);
    if site.has_page(handle) {
        out.insert("url".into(), site.urls().absolute(&url::person(handle)).into());
    }
    out
}

/// What people talk about, with what they say. Its author, date and text are required, and of each comment too.
fn discussion(site: &Reader<'_>, entry: &Entry, page: &Meta) -> Option<Value> {
    let source = site.page(entry.page);
    let text = own_text(source, entry);
    if entry.authors.is_empty() || entry.date.is_none() || text.is_empty() {
        return None;
    }
    let mut out = Map::from_iter([
        ("@type".into(), "DiscussionForumPosting".into()),
        ("headline".into(), entry.title.clone().into()),
        ("text".into(), text.into()),
        ("url".into(), page.canonical.clone().into()),
        ("inLanguage".into(), page.lang.clone().into()),
    ]);
    signed(site, &mut out, source, &entry.authors, entry.date, entry.updated);
    if let Detail::Idea(idea) = &entry.detail
        && idea.voices() > 0
    {
        out.insert("interactionStatistic".into(), count("LikeAction", idea.voices()));
    }
    let is_whole =
        |reply: &&Reply| !reply.authors.is_empty() && reply.date.is_some() && !reply.text.is_empty();
    comments(site, &mut out, entry, entry.responses.iter().chain(&entry.comments).filter(is_whole));
    Some(out.into())
}

fn article(site: &Reader<'_>, entry: &Entry, page: &Meta) -> Option<Value> {
    let mut out = Map::from_iter([
        ("@type".into(), "Article".into()),
        ("headline".into(), entry.title.clone().into()),
        ("url".into(), page.canonical.clone().into()),
        ("inLanguage".into(), page.lang.clone().into()),
        ("publisher".into(), organization(site)),
    ]);
    signed(site, &mut out, site.page(entry.page), &entry.authors, entry.date, entry.updated);
    if let Some(image) = &page.image {
        out.insert("image".into(), image.clone().into());
    }
    Some(out.into())
}

/// The text of an entry without its replies, as it reads.
fn own_text(page: &Page, entry: &Entry) -> String {
    let texts = entry.body.iter().map(|range| text_at(page, &page.body.text_range(range)));
    texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n")
}

fn text_at<'a>(page: &'a Page, range: &Range<u32>) -> &'a str {
    page.body.text.get(range.start as usize..range.end as usize).unwrap_or_default().trim()
}
