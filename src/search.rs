//! From the site to what search sees: one document a page, its passages the page's own text and its
//! answers. The index itself is made and read by the search crate alone.

use std::collections::BTreeMap;

use rayon::prelude::*;

use longhouse_search::{Document, Options, Passage};

use crate::page::kind::Kind;
use crate::site::{Detail, Entry, Reply, Site, url};

/// The files of the index, by their path in the output folder.
///
/// # Errors
/// When the index cannot be made.
pub fn index(site: &Site) -> Result<BTreeMap<String, Vec<u8>>, longhouse_search::Error> {
    packed(&documents(site), &options(site))
}

/// The files of the index of some documents, by their path in the output folder.
///
/// # Errors
/// When the index cannot be made.
pub fn packed(
    documents: &[Document],
    options: &Options,
) -> Result<BTreeMap<String, Vec<u8>>, longhouse_search::Error> {
    let pack = longhouse_search::pack::pack(longhouse_search::write(documents, options)?)?;
    Ok(pack.into_iter().map(|(path, bytes)| (format!("{}/{path}", url::SEARCH), bytes)).collect())
}

/// The index of a site in memory, for a question asked before anything was published.
///
/// # Errors
/// When the index cannot be made.
pub fn in_memory(site: &Site) -> Result<BTreeMap<String, Vec<u8>>, longhouse_search::Error> {
    longhouse_search::write(&documents(site), &options(site))
}

/// How the index of a site is made.
#[must_use]
pub fn options(site: &Site) -> Options {
    let config = &site.sources.config;
    Options { language: Some(config.search.language.clone().unwrap_or_else(|| config.language.clone())) }
}

/// One document for every page that search may find, in the order of kind and slug.
#[must_use]
pub fn documents(site: &Site) -> Vec<Document> {
    let listed: Vec<&Entry> = site.listed().map(|(_, entry)| entry).collect();
    listed.into_par_iter().map(|entry| document(site, entry)).collect()
}

fn document(site: &Site, entry: &Entry) -> Document {
    let page = &site.pages[entry.page];
    let mut passages =
        vec![Passage { text: own_text(site, entry), by: by(site, &entry.authors), ..Passage::default() }];
    let mut alternatives = Vec::new();
    let mut answered = false;
    if let Detail::Question(question) = &entry.detail {
        answered = !question.answers.is_empty();
        alternatives.clone_from(&question.also_asked);
        for answer in &question.answers {
            let mut passage = passage(site, &answer.reply);
            passage.accepted = answer.accepted;
            passages.push(passage);
            passages.extend(answer.comments.iter().map(|reply| self::passage(site, reply)));
        }
        for duplicate in &question.duplicates {
            let body = &site.pages[duplicate.page].body;
            let text = duplicate.body.iter().map(|range| text_in(body, range)).collect::<Vec<_>>().join("\n");
            let by = by(site, &duplicate.authors);
            passages.push(Passage { anchor: format!("asked-{}", duplicate.slug), text, by, accepted: false });
        }
    }
    passages.extend(entry.responses.iter().chain(&entry.comments).map(|reply| passage(site, reply)));
    Document {
        url: site.urls.href(&entry.address),
        title: entry.title.clone(),
        kind: entry.kind.singular().to_string(),
        tags: entry.tags.iter().map(|tag| site.tag_name(tag).to_string()).collect(),
        products: entry.products.clone(),
        lang: page
            .fields
            .lang
            .as_ref()
            .map_or_else(|| site.sources.config.language.clone(), |it| it.value.clone()),
        answered,
        alternatives,
        section: String::new(),
        passages,
    }
}

/// What the page says itself: its description, fields that are text, and its body without the parts
/// that are answers.
fn own_text(site: &Site, entry: &Entry) -> String {
    let page = &site.pages[entry.page];
    let fields = &page.fields;
    let mut text: Vec<&str> = Vec::new();
    let own = [
        &fields.description,
        &fields.customer,
        &fields.industry,
        &fields.use_case,
        &fields.problem,
        &fields.why,
        &fields.outcome,
    ];
    text.extend(own.into_iter().flatten().map(|field| field.value.as_str()));
    if entry.kind == Kind::Person {
        let lists = [&fields.gifts, &fields.interests, &fields.expert_in];
        text.extend(lists.into_iter().flatten().map(|field| field.value.as_str()));
        text.extend(fields.company.as_ref().map(|company| company.value.as_str()));
    }
    text.extend(fields.needs.iter().map(|need| need.value.as_str()));
    text.extend(entry.body.iter().map(|range| text_in(&page.body, range)));
    let sections = match &entry.detail {
        Detail::Story(story) => Some(&story.sections),
        Detail::HowTo(how_to) => Some(&how_to.sections),
        _ => None,
    };
    let parts = sections.into_iter().flat_map(|sections| sections.0.values());
    text.extend(parts.map(|section| page.body.text_at(section.text.clone())));
    text.join("\n")
}

fn passage(site: &Site, reply: &Reply) -> Passage {
    let text = site.pages[reply.page].body.text_at(reply.text.clone()).to_string();
    Passage { anchor: reply.anchor.clone(), text, by: by(site, &reply.authors), accepted: false }
}

/// The name of whoever wrote something, the first of them.
fn by(site: &Site, authors: &[String]) -> String {
    authors.first().map_or_else(String::new, |handle| site.people.name(handle).to_string())
}

/// The plain text of a range of segments.
fn text_in<'a>(body: &'a crate::page::markdown::Body, segments: &std::ops::Range<u32>) -> &'a str {
    let mut blocks = body.blocks.iter().filter(|block| segments.contains(&block.segments.start));
    match (blocks.next(), blocks.next_back()) {
        (Some(first), last) => body.text_at(first.text.start..last.unwrap_or(first).text.end),
        (None, _) => "",
    }
}
