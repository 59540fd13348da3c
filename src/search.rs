//! From the site to what search sees: one document a page, its passages the page's own text and its
//! answers. The index itself is made and read by the search crate alone.
//!
//! A build makes it once, by [`index`]. A preview has a [`Follower`], which makes one after the other, each at the
//! cost of what has changed.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use longhouse_search::{Document, Incremental, Options, Passage};

use crate::page::kind::Kind;
use crate::site::{Detail, Entry, Reply, Site, url};

/// The files of the index, by their path in the output folder.
///
/// # Errors
/// When the index cannot be made.
pub fn index(site: &Site) -> Result<Files, longhouse_search::Error> {
    packed(&documents(site), &options(site))
}

/// The files of the index of some documents.
///
/// # Errors
/// When the index cannot be made.
pub fn packed(documents: &[Document], options: &Options) -> Result<Files, longhouse_search::Error> {
    let pack = longhouse_search::pack::pack(longhouse_search::write(documents, options)?)?;
    Ok(pack.into_iter().map(|(path, bytes)| (output_path(&path), bytes)).collect())
}

/// The files of an index, by their path in the output folder.
pub type Files = BTreeMap<String, Arc<[u8]>>;

/// Makes the index of a site again and again, as it changes.
///
/// What it gives is, byte for byte, what [`index`] gives of the same site. It works on threads of its own, so that
/// nobody who uses those of the process waits for it.
pub struct Follower {
    threads: Option<rayon::ThreadPool>,
    /// The writer, for a site that is searched in this language.
    writer: Option<(Options, Incremental)>,
    files: Arc<Files>,
}

/// An index, and what is another file in it than in the one before.
#[derive(Debug, Clone)]
pub struct Renewed {
    /// All files.
    pub files: Arc<Files>,
    /// Paths of files that are new or have other bytes, in order. As the folder of an index is named after what is in
    /// it, these are all or none.
    pub changed: Vec<String>,
    /// Paths that have no file any more, in order.
    pub gone: Vec<String>,
}

impl Follower {
    /// Begins with nothing, so that the first index takes as long as that of a build.
    #[must_use]
    pub fn new() -> Follower {
        let threads = rayon::ThreadPoolBuilder::new().thread_name(|number| format!("index-{number}")).build();
        // Where there can be no more threads, those of the process have to do.
        Follower { threads: threads.ok(), writer: None, files: Arc::default() }
    }

    /// The index of the site as it is now; of one without search, no files.
    ///
    /// `None` if `stop` said, which is asked every few milliseconds, that nobody waits for it any more, because the
    /// site has changed again. The next index is right nevertheless.
    ///
    /// # Errors
    /// When the index cannot be made. The one before stays.
    pub fn update(
        &mut self,
        site: &Site,
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Result<Option<Renewed>, longhouse_search::Error> {
        let Follower { threads, writer, .. } = self;
        let mut make = || make(writer, site, stop);
        let files = match threads {
            Some(threads) => threads.install(make),
            None => make(),
        };
        let Some(files) = files? else { return Ok(None) };
        let before = std::mem::replace(&mut self.files, Arc::clone(&files));
        let is_in =
            |all: &Files, path: &str, bytes: &[u8]| all.get(path).is_some_and(|known| **known == *bytes);
        let changed = files.iter().filter(|(path, bytes)| !is_in(&before, path, bytes));
        let changed = changed.map(|(path, _)| path.clone()).collect();
        let gone = before.keys().filter(|path| !files.contains_key(*path)).cloned().collect();
        Ok(Some(Renewed { files, changed, gone }))
    }
}

impl Default for Follower {
    fn default() -> Self {
        Follower::new()
    }
}

fn make(
    writer: &mut Option<(Options, Incremental)>,
    site: &Site,
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<Option<Arc<Files>>, longhouse_search::Error> {
    if !site.sources.config.search.enabled {
        *writer = None;
        return Ok(Some(Arc::default()));
    }
    let options = options(site);
    let known = writer.take().filter(|(known, _)| *known == options);
    let (_, writer) = writer.insert(known.unwrap_or_else(|| (options.clone(), Incremental::new(&options))));
    let listed: Vec<&Entry> = site.listed().map(|(_, entry)| entry).collect();
    let keys: Vec<u128> = listed.par_iter().map(|entry| document(site, entry).key()).collect();
    let pack = writer.update(&keys, &|place| document(site, listed[place]), stop)?;
    let path = |(path, bytes): (&String, &Arc<[u8]>)| (output_path(path), Arc::clone(bytes));
    Ok(pack.map(|pack| Arc::new(pack.iter().map(path).collect())))
}

/// The path of a file of the pack in the output folder.
fn output_path(path: &str) -> String {
    format!("{}/{path}", url::SEARCH)
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
