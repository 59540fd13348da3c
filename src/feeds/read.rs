//! The formats of feeds: Atom (RFC 4287), RSS 2.0 and its elder sisters, RSS 1.0 as RDF, and JSON Feed 1.1. Of each the
//! items with what a headline is made of; everything else is passed over.
//!
//! XML is read by the strict reader that drawings are read by: what declares entities of its own is refused.

use serde_json::Value;
use url::Url;

use super::entry::{Item, Markup};
use super::text::decoded;
use crate::data::feed::MAX_ADDRESS;
use crate::page::xml::{self, Piece};

/// A text of an item is kept up to so many bytes: a title is far shorter.
const MAX_TEXT: usize = 16 * 1024;
/// So many items are read: a feed that has more says the newest first, or nobody could follow it.
const MAX_ITEMS: usize = 2_000;

/// The items of a feed, in its order. `at` is where it was found.
///
/// # Errors
/// Why it is no feed, as the end of a sentence.
pub(super) fn feed(bytes: &[u8], charset: Option<&str>, at: &Url) -> Result<Vec<Item>, String> {
    let text = decoded(bytes, charset);
    let text = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    if text.is_empty() {
        return Err("it is empty".to_owned());
    }
    if text.starts_with('{') {
        return of_json(text, at);
    }
    let start = text.get(..text.len().min(200)).unwrap_or_default().to_ascii_lowercase();
    if start.starts_with("<!doctype html") || start.starts_with("<html") {
        return Err("it is a web page".to_owned());
    }
    if !text.starts_with('<') {
        return Err("it is neither XML nor JSON".to_owned());
    }
    // Characters that XML forbids are in many feeds, and mean nothing in any.
    let text: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\t' | '\n' | '\r')).collect();
    let mut reader = Reader::new(at);
    xml::read(&text, &mut |piece| reader.take(piece))?;
    match reader.format {
        Some(_) => Ok(reader.items),
        None => Err("it is XML of another kind".to_owned()),
    }
}

/// What the outermost element says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Atom,
    Rss,
}

/// Which text of an item is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Title,
    Text,
    Link,
    Date,
    /// A date that counts where there is no better one.
    OtherDate,
    /// An id that may be an address.
    Guid,
}

struct Reader<'a> {
    at: &'a Url,
    format: Option<Format>,
    /// The prefix of the elements of Atom, with its colon, where they have one.
    prefix: String,
    /// How deep the place is.
    depth: usize,
    /// What relative addresses are read against, by the depth of the element that says it.
    bases: Vec<(usize, Url)>,
    /// The item that is read, and its depth.
    item: Option<(usize, Item, Rest)>,
    /// The part that is read, its depth, what it is, and its text up to here.
    part: Option<(usize, Part, Markup, String)>,
    items: Vec<Item>,
}

/// What of an item is known besides.
#[derive(Debug, Default)]
struct Rest {
    other_date: Option<String>,
    guid: Option<String>,
}

impl<'a> Reader<'a> {
    fn new(at: &'a Url) -> Reader<'a> {
        Reader {
            at,
            format: None,
            prefix: String::new(),
            depth: 0,
            bases: Vec::new(),
            item: None,
            part: None,
            items: Vec::new(),
        }
    }

    fn take(&mut self, piece: Piece<'_>) -> Result<(), String> {
        match piece {
            Piece::Open { name, attributes, is_empty } => {
                self.depth += 1;
                if self.depth == 1 && self.format.is_none() {
                    self.begin(name)?;
                }
                self.open(name, attributes);
                if is_empty {
                    self.close();
                }
            }
            Piece::Close => self.close(),
            Piece::Text(text) => {
                if let Some((.., kept)) = &mut self.part {
                    let room = MAX_TEXT.saturating_sub(kept.len());
                    kept.push_str(&text[..text.floor_char_boundary(room)]);
                }
            }
        }
        Ok(())
    }

    /// The outermost element says which format it is.
    fn begin(&mut self, name: &str) -> Result<(), String> {
        let (prefix, local) = name.rsplit_once(':').map_or(("", name), |(prefix, local)| (prefix, local));
        self.format = match local {
            "feed" => Some(Format::Atom),
            "rss" | "RDF" => Some(Format::Rss),
            "html" => return Err("it is a web page".to_owned()),
            "opml" => return Err("it is a list of feeds".to_owned()),
            "sitemapindex" | "urlset" => return Err("it is a sitemap".to_owned()),
            _ => return Err("it is XML of another kind".to_owned()),
        };
        if self.format == Some(Format::Atom) && !prefix.is_empty() {
            self.prefix = format!("{prefix}:");
        }
        Ok(())
    }

    fn open(&mut self, name: &str, attributes: &[(&str, String)]) {
        let value =
            |wanted: &str| attributes.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value);
        if let Some(base) = value("xml:base").and_then(|base| joined(self.base(), base)) {
            self.bases.push((self.depth, base));
        }
        let own = name.strip_prefix(self.prefix.as_str()).unwrap_or(name);
        let is_atom = self.format == Some(Format::Atom);
        let is_item = if is_atom { own == "entry" } else { own == "item" };
        if is_item && self.item.is_none() {
            self.item = Some((self.depth, Item::default(), Rest::default()));
            return;
        }
        // Only what stands in an item itself is of it: a picture in it may have a title, too.
        let Some((at, item, _)) = &mut self.item else { return };
        if self.depth != *at + 1 || self.part.is_some() {
            return;
        }
        if is_atom && own == "link" {
            let rel = value("rel").map_or("alternate", |rel| rel.as_str());
            if rel == "alternate" && item.url.is_none() {
                let href = value("href").map(|href| href.trim().to_owned());
                let base = self.base().clone();
                if let (Some(href), Some((_, item, _))) = (href, &mut self.item) {
                    item.url = joined(&base, &href);
                }
            }
            return;
        }
        let kind = value("type").map_or("text", |kind| kind.as_str());
        let of_atom = if matches!(kind, "html" | "text/html") { Markup::Html } else { Markup::Plain };
        let part = match (is_atom, own) {
            (true, "title") => Some((Part::Title, of_atom)),
            (true, "summary" | "content") => Some((Part::Text, of_atom)),
            (true, "published" | "issued") => Some((Part::Date, Markup::Plain)),
            (true, "updated" | "modified") => Some((Part::OtherDate, Markup::Plain)),
            (false, "title") => Some((Part::Title, Markup::Either)),
            (false, "description" | "content:encoded") => Some((Part::Text, Markup::Html)),
            (false, "link") => Some((Part::Link, Markup::Plain)),
            (false, "pubDate") => Some((Part::Date, Markup::Plain)),
            (false, "dc:date") => Some((Part::OtherDate, Markup::Plain)),
            (false, "guid") if value("isPermaLink").is_none_or(|it| it != "false") => {
                Some((Part::Guid, Markup::Plain))
            }
            _ => None,
        };
        if let Some((part, markup)) = part {
            self.part = Some((self.depth, part, markup, String::new()));
        }
    }

    fn close(&mut self) {
        if self.part.as_ref().is_some_and(|(depth, ..)| *depth == self.depth)
            && let Some((_, part, markup, text)) = self.part.take()
        {
            self.put(part, markup, text);
        }
        if self.item.as_ref().is_some_and(|(depth, ..)| *depth == self.depth)
            && let Some((_, mut item, rest)) = self.item.take()
        {
            item.date = item.date.or(rest.other_date);
            let guid = rest.guid.filter(|it| it.starts_with("http://") || it.starts_with("https://"));
            item.url = item.url.or_else(|| Url::parse(&guid.filter(|it| it.len() <= MAX_ADDRESS)?).ok());
            if self.items.len() < MAX_ITEMS {
                self.items.push(item);
            }
        }
        self.bases.pop_if(|(depth, _)| *depth == self.depth);
        self.depth = self.depth.saturating_sub(1);
    }

    fn put(&mut self, part: Part, markup: Markup, text: String) {
        let base = self.base().clone();
        let Some((_, item, rest)) = &mut self.item else { return };
        if text.trim().is_empty() {
            return;
        }
        match part {
            Part::Title => drop(item.title.get_or_insert((text, markup))),
            Part::Text => drop(item.text.get_or_insert((text, markup))),
            Part::Link => item.url = item.url.take().or_else(|| joined(&base, text.trim())),
            Part::Date => drop(item.date.get_or_insert(text)),
            Part::OtherDate => drop(rest.other_date.get_or_insert(text)),
            Part::Guid => drop(rest.guid.get_or_insert(text.trim().to_owned())),
        }
    }

    fn base(&self) -> &Url {
        self.bases.last().map_or(self.at, |(_, base)| base)
    }
}

/// The items of a JSON Feed.
fn of_json(text: &str, at: &Url) -> Result<Vec<Item>, String> {
    let feed: Value = serde_json::from_str(text).map_err(|_| "it cannot be read as JSON".to_owned())?;
    let is_feed = feed["version"].as_str().is_some_and(|it| it.starts_with("https://jsonfeed.org/version/"));
    let items = feed["items"].as_array().filter(|_| is_feed);
    let items = items.ok_or_else(|| "it is JSON of another kind".to_owned())?;
    let item = |item: &Value| {
        let text = |name: &str| item[name].as_str().filter(|it| !it.trim().is_empty());
        let with = |name: &str, markup: Markup| text(name).map(|it| (it.to_owned(), markup));
        Item {
            title: with("title", Markup::Plain),
            text: with("summary", Markup::Plain)
                .or_else(|| with("content_text", Markup::Plain))
                .or_else(|| with("content_html", Markup::Html)),
            url: text("url").or_else(|| text("external_url")).and_then(|url| joined(at, url.trim())),
            date: text("date_published").or_else(|| text("date_modified")).map(str::to_owned),
        }
    };
    Ok(items.iter().take(MAX_ITEMS).map(item).collect())
}

/// An address against its base, unless it is longer than any address: of many items each would be.
fn joined(base: &Url, text: &str) -> Option<Url> {
    if text.len() > MAX_ADDRESS {
        return None;
    }
    base.join(text).ok().filter(|url| url.as_str().len() <= MAX_ADDRESS)
}
