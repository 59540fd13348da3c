//! The two forms of a feed: Atom (RFC 4287) and JSON Feed 1.1.

use std::fmt::Write as _;

use serde::Serialize;

use super::item::Shown;
use super::{Feed, id, rfc3339, xml};
use crate::site::reader::Reader;

/// The texts in a feed have at most this many bytes together. What comes after that has its description, so that
/// nobody's reader fetches megabytes.
const TEXTS: usize = 512 * 1024;

/// A feed as JSON Feed 1.1 has it.
#[derive(Serialize)]
struct JsonFeed<'a> {
    version: &'static str,
    title: &'a str,
    home_page_url: String,
    feed_url: String,
    language: &'a str,
    items: Vec<JsonItem<'a>>,
}

#[derive(Serialize)]
struct JsonItem<'a> {
    id: String,
    url: String,
    title: String,
    summary: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_html: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_published: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_modified: Option<String>,
    tags: Vec<&'a str>,
    authors: Vec<JsonAuthor>,
}

#[derive(Serialize)]
struct JsonAuthor {
    name: String,
}

impl<'a> Feed<'a> {
    /// The feed as Atom.
    pub(super) fn atom(&self, site: &Reader<'a>) -> String {
        let mut out = String::with_capacity(600 + self.items.len() * 700);
        let _ = write!(
            out,
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
             <feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n\
             <title>{}</title>\n<id>{}</id>\n<link rel=\"self\" href=\"{}\"/>\n<link href=\"{}\"/>\n\
             <updated>{}</updated>\n<generator>Longhouse</generator>\n",
            xml(&site.config().language),
            xml(&self.title),
            xml(&self.id(site)),
            xml(&site.urls().absolute(&self.own)),
            xml(&site.urls().absolute(&self.address)),
            rfc3339(self.items.iter().filter_map(|item| item.changed(site)).max().map(|it| it.instant)),
        );
        for (item, text) in self.items.iter().zip(self.texts(site)) {
            atom_entry(site, &item.shown(site), text.as_deref(), &mut out);
        }
        out.push_str("</feed>\n");
        out
    }

    /// The feed as JSON Feed, whose own address is `own`.
    pub(super) fn json(&self, site: &Reader<'a>, own: &str) -> String {
        let items = self.items.iter().zip(self.texts(site));
        let feed = JsonFeed {
            version: "https://jsonfeed.org/version/1.1",
            title: &self.title,
            home_page_url: site.urls().absolute(&self.address),
            feed_url: site.urls().absolute(own),
            language: &site.config().language,
            items: items.map(|(item, text)| json_item(site, item.shown(site), text)).collect(),
        };
        // Strings and lists of strings always have a form in JSON.
        serde_json::to_string(&feed).unwrap_or_default() + "\n"
    }

    /// The feeds that have existed longest are known by the pages that show the same.
    fn id(&self, site: &Reader<'_>) -> String {
        id(site, if self.is_of_page { &self.address } else { &self.own })
    }

    /// The whole text of each item, as long as there is room.
    fn texts(&self, site: &Reader<'a>) -> Vec<Option<String>> {
        if !self.whole {
            return vec![None; self.items.len()];
        }
        let mut left = TEXTS;
        let mut texts = Vec::with_capacity(self.items.len());
        for item in &self.items {
            let text = item.content(site).filter(|text| {
                let rest = left.checked_sub(text.len());
                left = rest.unwrap_or(left);
                rest.is_some() && !text.trim().is_empty()
            });
            texts.push(text);
        }
        texts
    }
}

fn atom_entry(site: &Reader<'_>, item: &Shown<'_>, text: Option<&str>, out: &mut String) {
    let _ = write!(
        out,
        "<entry>\n<title>{}</title>\n<id>{}</id>\n<link href=\"{}\"/>\n<updated>{}</updated>\n",
        xml(&item.title),
        xml(&item.id),
        xml(&item.url),
        rfc3339(item.updated),
    );
    if item.published.is_some() {
        let _ = writeln!(out, "<published>{}</published>", rfc3339(item.published));
    }
    // Atom wants an author of every entry.
    let nobody = [site.config().title.clone()];
    for name in if item.authors.is_empty() { &nobody[..] } else { &item.authors[..] } {
        let _ = writeln!(out, "<author><name>{}</name></author>", xml(name));
    }
    for tag in item.tags {
        let _ = writeln!(out, "<category term=\"{}\" label=\"{}\"/>", xml(tag), xml(site.tag_name(tag)));
    }
    let _ = writeln!(out, "<summary>{}</summary>", xml(&item.summary));
    if let Some(text) = text {
        let _ = writeln!(out, "<content type=\"html\">{}</content>", xml(text));
    }
    out.push_str("</entry>\n");
}

fn json_item<'a>(site: &Reader<'a>, item: Shown<'a>, text: Option<String>) -> JsonItem<'a> {
    let summary = item.summary.into_owned();
    JsonItem {
        content_text: text.is_none().then(|| summary.clone()),
        content_html: text,
        date_published: item.published.map(|it| rfc3339(Some(it))),
        date_modified: item.updated.filter(|_| item.updated != item.published).map(|it| rfc3339(Some(it))),
        tags: item.tags.iter().map(|tag| site.tag_name(tag)).collect(),
        authors: item.authors.into_iter().map(|name| JsonAuthor { name }).collect(),
        id: item.id,
        url: item.url,
        title: item.title.into_owned(),
        summary,
    }
}
