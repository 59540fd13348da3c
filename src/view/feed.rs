//! What machines read: Atom and JSON feeds with ids that stay when the site moves, the sitemap, and the
//! rules for robots.

use std::fmt::Write as _;

use serde::Serialize;

use super::Lists;
use crate::config::FeedText;
use crate::page::kind::Kind;
use crate::page::limits;
use crate::site::people::Person;
use crate::site::projection::EntrySummary;
use crate::site::reader::Reader;
use crate::site::{EntryId, url};
use crate::words::Word;

pub(super) mod content;

/// At most this many of the newest entries stand in a feed.
const NEWEST: usize = 20;

/// The texts in a feed have at most this many bytes together. What comes after that has its description, so that
/// nobody's reader fetches megabytes.
const TEXTS: usize = 512 * 1024;

/// A sitemap may hold at most this many addresses; more need an index.
const SITEMAP: usize = 50_000;

/// A feed that there is, or another file that follows what people do as feeds do.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum FeedPlan {
    Everything,
    Kind(Kind),
    Tag(String),
    Person(String),
    HelpWanted,
    Badge(String),
}

/// A feed of entries at an address.
#[derive(Debug, Clone)]
struct Feed {
    /// What it is a feed of.
    title: String,
    /// The address of the page that shows the same.
    address: String,
    /// The address of its Atom form.
    own: String,
    /// The entries, newest first.
    entries: Vec<EntryId>,
    /// Whether it carries whole texts. Feeds of tags and people never do: an entry stands in as many of them as it
    /// has tags and authors.
    whole: bool,
}

/// Every feed of the site: of everything, of each kind, each tag, each person; and the badges of people.
#[must_use]
pub fn plan(site: &Reader<'_>, lists: &Lists) -> Vec<FeedPlan> {
    let mut plans = vec![FeedPlan::Everything];
    plans.extend(Kind::ALL.into_iter().filter(|kind| *kind != Kind::Page).map(FeedPlan::Kind));
    plans.push(FeedPlan::HelpWanted);
    plans.extend(site.tags().keys().map(|slug| FeedPlan::Tag(slug.clone())));
    plans.extend(lists.directory(site).iter().map(|handle| FeedPlan::Person(handle.clone())));
    let has_badge = |handle: &&String| lists.recognition(site, handle).is_some();
    plans.extend(lists.directory(site).iter().filter(has_badge).map(|it| FeedPlan::Badge(it.clone())));
    plans
}

impl FeedPlan {
    /// The address of the page that shows the same.
    #[must_use]
    pub fn address(&self) -> String {
        match self {
            FeedPlan::Everything => url::HOME.to_string(),
            FeedPlan::Kind(kind) => url::list(*kind, 1),
            FeedPlan::Tag(slug) => url::tag(slug),
            FeedPlan::Person(handle) | FeedPlan::Badge(handle) => url::person(handle),
            FeedPlan::HelpWanted => url::HELP_WANTED.to_string(),
        }
    }

    /// The addresses of its files, as [`FeedPlan::files`] makes them.
    #[must_use]
    pub fn addresses(&self) -> Vec<String> {
        match self {
            FeedPlan::HelpWanted => vec![url::HELP_WANTED_FEED.to_string()],
            FeedPlan::Badge(handle) => vec![url::badge(handle)],
            _ => url::feeds(&self.address()).to_vec(),
        }
    }

    /// The feed as Atom (RFC 4287), and as JSON Feed 1.1 where it has that form too.
    #[must_use]
    pub fn files(&self, site: &Reader<'_>, lists: &Lists) -> Vec<String> {
        if let FeedPlan::Badge(handle) = self {
            return vec![super::badge::svg(site, lists, handle)];
        }
        let feed = self.feed(site, lists);
        let mut files = vec![feed.atom(site)];
        if self.addresses().len() > 1 {
            files.push(feed.json(site));
        }
        files
    }

    fn feed(&self, site: &Reader<'_>, lists: &Lists) -> Feed {
        let title = &site.config().title;
        let (name, mut entries) = match self {
            FeedPlan::Everything => (None, lists.newest(site).to_vec()),
            FeedPlan::Kind(kind) => (Some(site.words().kinds(*kind)), lists.of_kind(site, *kind).to_vec()),
            FeedPlan::Tag(slug) => {
                (Some(site.tag_name(slug)), site.tag(slug).map_or_else(Vec::new, |tag| tag.entries.clone()))
            }
            FeedPlan::Person(handle) | FeedPlan::Badge(handle) => {
                (Some(site.person_name(handle)), site.person(handle).map_or_else(Vec::new, given))
            }
            FeedPlan::HelpWanted => {
                (Some(site.words().get(Word::HelpWanted)), super::help_wanted::of_feed(site, lists))
            }
        };
        if matches!(self, FeedPlan::Person(_)) {
            entries.sort_by_key(|id| site.summary(*id).list_order());
            entries.dedup();
        }
        entries.truncate(NEWEST);
        Feed {
            title: name.map_or_else(|| title.clone(), |name| format!("{name} · {title}")),
            address: self.address(),
            own: self.addresses().swap_remove(0),
            entries,
            whole: matches!(self, FeedPlan::Everything | FeedPlan::Kind(_))
                && site.config().feeds == FeedText::Full,
        }
    }
}

/// Entries that somebody wrote, or wrote answers to.
fn given(person: &Person) -> Vec<EntryId> {
    person.gave.answers.iter().map(|(id, _)| *id).chain(person.gave.entries.iter().copied()).collect()
}

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
    title: &'a str,
    summary: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_html: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_text: Option<&'a str>,
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

impl Feed {
    /// The feed as Atom (RFC 4287).
    fn atom(&self, site: &Reader<'_>) -> String {
        let mut out = String::with_capacity(1024 + self.entries.len() * 700);
        let _ = write!(
            out,
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
             <feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n\
             <title>{}</title>\n<id>{}</id>\n<link rel=\"self\" href=\"{}\"/>\n<link href=\"{}\"/>\n\
             <updated>{}</updated>\n<generator>Longhouse</generator>\n",
            xml(&site.config().language),
            xml(&self.title),
            xml(&id(site, &self.address)),
            xml(&site.urls().absolute(&self.own)),
            xml(&site.urls().absolute(&self.address)),
            self.updated(site),
        );
        for (id, text) in self.entries.iter().zip(self.texts(site)) {
            atom_entry(site, &site.summary(*id), text.as_deref(), &mut out);
        }
        out.push_str("</feed>\n");
        out
    }

    /// The feed as JSON Feed 1.1.
    fn json(&self, site: &Reader<'_>) -> String {
        let feed = JsonFeed {
            version: "https://jsonfeed.org/version/1.1",
            title: &self.title,
            home_page_url: site.urls().absolute(&self.address),
            feed_url: site.urls().absolute(&format!("{}{}", self.address, url::JSON_FEED)),
            language: &site.config().language,
            items: self
                .entries
                .iter()
                .zip(self.texts(site))
                .map(|(id, text)| json_item(site, &site.summary(*id), text))
                .collect(),
        };
        // Strings and lists of strings always have a form in JSON.
        serde_json::to_string(&feed).unwrap_or_default() + "\n"
    }

    /// The whole text of each entry, as long as there is room.
    fn texts(&self, site: &Reader<'_>) -> Vec<Option<String>> {
        let mut left = TEXTS;
        let text = |id: &EntryId| {
            let text = content::of(site, site.entry(*id));
            left = left.checked_sub(text.len())?;
            (!text.trim().is_empty()).then_some(text)
        };
        if self.whole { self.entries.iter().map(text).collect() } else { vec![None; self.entries.len()] }
    }

    fn updated(&self, site: &Reader<'_>) -> String {
        let latest = self.entries.iter().map(|id| updated(&site.summary(*id))).max();
        latest.unwrap_or_else(|| rfc3339(jiff::Timestamp::UNIX_EPOCH))
    }
}

/// The sitemap's files by their address: one, or an index and its parts. `addresses` come in order.
#[must_use]
pub fn sitemap(site: &Reader<'_>, addresses: &[(String, Option<String>)]) -> Vec<(String, String)> {
    let part = |addresses: &[(String, Option<String>)]| {
        let mut out = String::from(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
        );
        for (address, changed) in addresses {
            let _ = write!(out, "<url><loc>{}</loc>", xml(&site.urls().absolute(address)));
            if let Some(changed) = changed {
                let _ = write!(out, "<lastmod>{changed}</lastmod>");
            }
            out.push_str("</url>\n");
        }
        out.push_str("</urlset>\n");
        out
    };
    if addresses.len() <= SITEMAP {
        return vec![(url::SITEMAP.to_string(), part(addresses))];
    }
    let mut files = Vec::new();
    let mut index = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for (number, addresses) in addresses.chunks(SITEMAP).enumerate() {
        let address = url::sitemap_part(number + 1);
        let _ = writeln!(index, "<sitemap><loc>{}</loc></sitemap>", xml(&site.urls().absolute(&address)));
        files.push((address, part(addresses)));
    }
    index.push_str("</sitemapindex>\n");
    files.push((url::SITEMAP.to_string(), index));
    files
}

/// How a browser searches the site from its own address line, as OpenSearch describes it
/// (<https://github.com/dewitt/opensearch>).
#[must_use]
pub fn opensearch(site: &Reader<'_>) -> String {
    let config = site.config();
    // Browsers show at most sixteen characters of it.
    let name: String = config.title.chars().take(16).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <OpenSearchDescription xmlns=\"http://a9.com/-/spec/opensearch/1.1/\">\n\
         <ShortName>{}</ShortName>\n<Description>{}</Description>\n<InputEncoding>UTF-8</InputEncoding>\n\
         <Url type=\"text/html\" method=\"get\" template=\"{}?q={{searchTerms}}\"/>\n\
         </OpenSearchDescription>\n",
        xml(name.trim()),
        xml(&site.words().fill(Word::AboutSearch, &[("site", &config.title)])),
        xml(&site.urls().absolute(url::SEARCH_PAGE)),
    )
}

/// The rules for robots: everything may be read.
#[must_use]
pub fn robots(site: &Reader<'_>) -> String {
    format!("User-agent: *\nAllow: /\n\nSitemap: {}\n", site.urls().absolute(url::SITEMAP))
}

fn atom_entry<'a>(site: &Reader<'a>, entry: &EntrySummary<'a>, text: Option<&str>, out: &mut String) {
    let _ = write!(
        out,
        "<entry>\n<title>{}</title>\n<id>{}</id>\n<link href=\"{}\"/>\n<updated>{}</updated>\n",
        xml(entry.title),
        xml(&id(site, entry.address)),
        xml(&site.urls().absolute(entry.address)),
        updated(entry),
    );
    if let Some(date) = entry.date {
        let _ = writeln!(out, "<published>{}</published>", rfc3339(date.instant));
    }
    // Atom wants an author of every entry.
    let names = authors(site, entry);
    let names = if names.is_empty() { vec![site.config().title.clone()] } else { names };
    for name in names {
        let _ = writeln!(out, "<author><name>{}</name></author>", xml(&name));
    }
    for tag in tags(entry) {
        let _ = writeln!(out, "<category term=\"{}\" label=\"{}\"/>", xml(tag), xml(site.tag_name(tag)));
    }
    let _ = writeln!(out, "<summary>{}</summary>", xml(entry.description));
    if let Some(text) = text {
        let _ = writeln!(out, "<content type=\"html\">{}</content>", xml(text));
    }
    out.push_str("</entry>\n");
}

/// The names of the authors that a feed names, each with what is disclosed of them and of the text. Each of many authors
/// has a feed of its own.
fn authors(site: &Reader<'_>, entry: &EntrySummary<'_>) -> Vec<String> {
    let disclosure = super::disclosed(site, entry.disclosed, entry.authors);
    super::disclosed_names(
        site,
        &entry.authors[..entry.authors.len().min(limits::LISTED_AUTHORS)],
        &disclosure,
    )
}

/// The tags that a feed names. Each of many tags has a feed of its own.
fn tags<'a>(entry: &EntrySummary<'a>) -> impl Iterator<Item = &'a String> + use<'a> {
    entry.tags.iter().take(limits::FEED_TAGS)
}

fn json_item<'a>(site: &Reader<'a>, entry: &EntrySummary<'a>, text: Option<String>) -> JsonItem<'a> {
    let modified = entry.changed.filter(|changed| Some(*changed) != entry.date);
    JsonItem {
        id: id(site, entry.address),
        url: site.urls().absolute(entry.address),
        title: entry.title,
        summary: entry.description,
        content_text: text.is_none().then_some(entry.description),
        content_html: text,
        date_published: entry.date.map(|date| rfc3339(date.instant)),
        date_modified: modified.map(|changed| rfc3339(changed.instant)),
        tags: tags(entry).map(|tag| site.tag_name(tag)).collect(),
        authors: authors(site, entry).into_iter().map(|name| JsonAuthor { name }).collect(),
    }
}

/// An id that stays when the site moves (RFC 4151): the site's own, else where it stands.
fn id(site: &Reader<'_>, address: &str) -> String {
    let config = site.config();
    let authority = config.site_id.clone().unwrap_or_else(|| site.urls().authority());
    format!("tag:{authority},2000:{}", url::encode(address))
}

fn updated(entry: &EntrySummary<'_>) -> String {
    rfc3339(entry.changed.map_or(jiff::Timestamp::UNIX_EPOCH, |moment| moment.instant))
}

fn rfc3339(instant: jiff::Timestamp) -> String {
    instant.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Text for XML: escaped, without the characters that XML 1.0 forbids.
pub(super) fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t'
            | '\n'
            | '\r'
            | '\u{20}'..='\u{D7FF}'
            | '\u{E000}'..='\u{FFFD}'
            | '\u{10000}'..='\u{10FFFF}' => {
                out.push(character);
            }
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeds_drop_what_xml_forbids() {
        assert_eq!(xml("a\u{0}b\u{B}c & <d> \u{FFFE}"), "abc &amp; &lt;d&gt; ");
    }
}
