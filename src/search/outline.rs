//! What search sees of an entry, without its texts: where these stand, and everything else.
//!
//! From this the document is made, and the key by which one knows whether it is another one. So the key cannot
//! leave out what the document says.

use std::borrow::Cow;
use std::ops::Range;

use longhouse_search::{Document, Passage};

use crate::page::front_matter::Field;
use crate::page::kind::Kind;
use crate::page::markdown::Body;
use crate::page::slug;
use crate::site::disclosure::{affiliation, disclosed_names, disclosure};
use crate::site::facet::{self, Facet};
use crate::site::reader::Reader;
use crate::site::{Detail, Entry, PageId, Reply, Site};

/// An entry as search sees it.
pub(super) struct Outline<'a> {
    url: String,
    title: &'a str,
    kind: Kind,
    tags: Vec<&'a str>,
    lang: &'a str,
    answered: bool,
    /// What else it is filtered by.
    facets: Vec<(&'static str, Vec<&'a str>)>,
    alternatives: &'a [String],
    passages: Vec<Part<'a>>,
}

/// A passage.
struct Part<'a> {
    anchor: Cow<'a, str>,
    /// Joined by line ends.
    texts: Vec<Text<'a>>,
    by: Cow<'a, str>,
    accepted: bool,
}

/// A text or where it stands.
enum Text<'a> {
    /// A field of the front matter.
    Field(&'a str),
    /// A part of the text of a page.
    Body(PageId, Range<u32>),
}

impl<'a> Outline<'a> {
    pub(super) fn of(site: &'a Site, entry: &'a Entry) -> Outline<'a> {
        let page = &site.pages()[entry.page];
        let reader = &site.reader();
        let own = Part {
            anchor: Cow::Borrowed(""),
            texts: own_texts(site, entry),
            // What a page in `people/` discloses is about the person whom it describes.
            by: match entry.kind {
                Kind::Person => Cow::Borrowed(""),
                _ => by(reader, entry.page, &entry.authors),
            },
            accepted: false,
        };
        let mut passages = vec![own];
        let mut alternatives: &[String] = &[];
        let mut answered = false;
        if let Detail::Question(question) = &entry.detail {
            answered = !question.answers.is_empty();
            alternatives = &question.also_asked;
            for answer in &question.answers {
                passages.push(Part { accepted: answer.accepted, ..part(reader, &answer.reply) });
                passages.extend(answer.comments.iter().map(|reply| part(reader, reply)));
            }
            passages.extend(question.duplicates.iter().map(|duplicate| {
                let body = &site.pages()[duplicate.page].body;
                let text = |segments| Text::Body(duplicate.page, text_in(body, segments));
                Part {
                    anchor: Cow::Owned(format!("asked-{}", duplicate.slug)),
                    texts: duplicate.body.iter().map(text).collect(),
                    by: by(reader, duplicate.page, &duplicate.authors),
                    accepted: false,
                }
            }));
        }
        passages.extend(entry.responses.iter().chain(&entry.comments).map(|reply| part(reader, reply)));
        let lang = page.fields.lang.as_ref().map_or(&site.sources().config.language, |it| &it.value);
        Outline {
            url: site.urls().href(&entry.address),
            title: &entry.title,
            kind: entry.kind,
            tags: entry.tags.iter().map(|tag| site.tag_name(tag)).collect(),
            lang,
            answered,
            facets: facets(site, entry),
            alternatives,
            passages,
        }
    }

    /// The document with its texts.
    pub(super) fn document(self, site: &Site) -> Document {
        let text = |text: &Text<'a>| match text {
            Text::Field(text) => (*text).to_owned(),
            Text::Body(page, range) => site.pages()[*page].body.prose(range),
        };
        let facet = |(name, values): (&str, Vec<&str>)| {
            (name.to_owned(), values.into_iter().map(|it| slug::narrow(it).into_owned()).collect())
        };
        let passage = |part: Part<'a>| Passage {
            anchor: part.anchor.into_owned(),
            text: match &part.texts[..] {
                [one] => text(one),
                several => several.iter().map(text).collect::<Vec<_>>().join("\n"),
            },
            by: part.by.into_owned(),
            accepted: part.accepted,
        };
        Document {
            url: self.url,
            title: self.title.to_owned(),
            kind: self.kind.singular().to_string(),
            // Signs as input methods for Chinese and Japanese write them are the usual ones to anyone who asks.
            tags: self.tags.into_iter().map(|tag| slug::narrow(tag).into_owned()).collect(),
            lang: self.lang.to_owned(),
            answered: self.answered,
            facets: self.facets.into_iter().map(facet).collect(),
            alternatives: self.alternatives.to_vec(),
            section: String::new(),
            passages: self.passages.into_iter().map(passage).collect(),
        }
    }

    /// A hash of everything that the document is made of; `texts` has those of the texts of pages. `memory` is
    /// used again from entry to entry.
    pub(super) fn key(&self, texts: &[u128], memory: &mut Vec<u8>) -> u128 {
        let Outline { url, title, kind, tags, lang, answered, facets, alternatives, passages } = self;
        memory.clear();
        let mut all = Parts(memory);
        [url, *title, kind.singular(), lang].into_iter().for_each(|it| all.text(it));
        all.number(tags.len());
        tags.iter().for_each(|it| all.text(it));
        all.number(alternatives.len());
        alternatives.iter().for_each(|it| all.text(it));
        all.number(usize::from(*answered));
        all.number(facets.len());
        for (name, values) in facets {
            all.text(name);
            all.number(values.len());
            values.iter().for_each(|it| all.text(it));
        }
        for Part { anchor, texts: parts, by, accepted } in passages {
            all.text(anchor);
            all.text(by);
            all.number(usize::from(*accepted));
            all.number(parts.len());
            for part in parts {
                match part {
                    Text::Field(text) => {
                        all.number(0);
                        all.text(text);
                    }
                    Text::Body(page, range) => {
                        all.number(1);
                        all.0.extend(texts[*page].to_le_bytes());
                        all.number(range.start as usize);
                        all.number(range.end as usize);
                    }
                }
            }
        }
        hash(all.0)
    }
}

/// A number for some bytes.
pub(super) fn hash(bytes: &[u8]) -> u128 {
    let hash = blake3::hash(bytes);
    hash.as_bytes().iter().take(size_of::<u128>()).fold(0, |key, byte| key << 8 | u128::from(*byte))
}

/// Texts and numbers as bytes, so that nothing runs into what follows.
struct Parts<'a>(&'a mut Vec<u8>);

impl Parts<'_> {
    fn text(&mut self, text: &str) {
        self.number(text.len());
        self.0.extend_from_slice(text.as_bytes());
    }

    fn number(&mut self, number: usize) {
        self.0.extend((number as u64).to_le_bytes());
    }
}

/// What an entry is filtered by besides what search knows of itself.
fn facets<'a>(site: &'a Site, entry: &'a Entry) -> Vec<(&'static str, Vec<&'a str>)> {
    let fields = &site.pages()[entry.page].fields;
    let values = |facet: Facet| match facet {
        Facet::Product => entry.products.iter().map(String::as_str).collect(),
        Facet::Field(field) => {
            let mut values = Vec::new();
            facet::each_value(field, entry.kind, fields, |value| values.push(value));
            values
        }
        Facet::Kind | Facet::Tag | Facet::Lang | Facet::Is => Vec::new(),
    };
    Facet::all().map(|facet| (facet.name(), values(facet))).filter(|(_, values)| !values.is_empty()).collect()
}

/// What the page says itself: its description, fields that are text, and its body without the parts
/// that are answers.
fn own_texts<'a>(site: &'a Site, entry: &'a Entry) -> Vec<Text<'a>> {
    let page = &site.pages()[entry.page];
    let mut own: Vec<&str> = Vec::new();
    for field in Field::searched().filter(|field| field.is_taken_by(entry.kind)) {
        page.fields.each_text(field, &mut |text| own.push(text));
    }
    let mut all: Vec<Text<'a>> = own.into_iter().map(Text::Field).collect();
    all.extend(entry.body.iter().map(|range| Text::Body(entry.page, text_in(&page.body, range))));
    let sections = match &entry.detail {
        Detail::Story(story) => Some(&story.sections),
        Detail::HowTo(how_to) => Some(&how_to.sections),
        _ => None,
    };
    let parts = sections.into_iter().flat_map(|sections| sections.0.values());
    all.extend(parts.map(|section| Text::Body(entry.page, section.text.clone())));
    all
}

fn part<'a>(site: &Reader<'a>, reply: &'a Reply) -> Part<'a> {
    let texts = vec![Text::Body(reply.page, reply.text.clone())];
    Part {
        anchor: Cow::Borrowed(&reply.anchor),
        texts,
        by: by(site, reply.page, &reply.authors),
        accepted: false,
    }
}

/// The name of the first author, with what is disclosed of them and of the text.
fn by<'a>(site: &Reader<'a>, page: PageId, authors: &'a [String]) -> Cow<'a, str> {
    let first = authors.get(..1).unwrap_or_default();
    let said = disclosure(site, site.fields(page), authors);
    match first {
        [handle] if said.is_empty() && affiliation(site, handle).is_none() => {
            Cow::Borrowed(site.person_name(handle))
        }
        _ => Cow::Owned(disclosed_names(site, first, &said).pop().unwrap_or_default()),
    }
}

/// Where the plain text of a range of segments stands.
fn text_in(body: &Body, segments: &Range<u32>) -> Range<u32> {
    let mut blocks = body.blocks.iter().filter(|block| segments.contains(&block.segments.start));
    match (blocks.next(), blocks.next_back()) {
        (Some(first), last) => first.text.start..last.unwrap_or(first).text.end,
        (None, _) => 0..0,
    }
}
