//! Addresses: the only place where a kind, a slug, a tag or a page number becomes a path on the site.
//!
//! An *address* is a path from the site's own root, without base path and not percent-encoded, such as
//! `/questions/reset-password/`. [`Urls`] turns it into what stands in a page (`href`) or in a feed
//! (`absolute`), below the base path and encoded; [`output_path`] into the file that a host serves.

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::config::{BaseUrl, Config};
use crate::page::kind::Kind;
use crate::site::order::Order;

/// Everything outside the unreserved characters of RFC 3986 and the slash is encoded.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// What cannot stand in a query or a fragment as somebody wrote it.
const WRITTEN: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'\'')
    .add(b'<')
    .add(b'>')
    .add(b'`')
    .add(b'#')
    .add(b'{')
    .add(b'}')
    .add(b'\\');

/// The folder for files that lie beside content.
pub const FILES: &str = "files";

/// The folder for the theme's files, under content-hashed names.
pub const ASSETS: &str = "assets";

/// The folder for the search index and the address of the search page.
pub const SEARCH: &str = "search";

/// The address of the search page. It and [`WRITE_PAGE`] read a query.
pub const SEARCH_PAGE: &str = "/search/";

/// The address of the home page.
pub const HOME: &str = "/";

/// The address of the list of unanswered questions.
pub const UNANSWERED: &str = "/questions/unanswered/";

/// The address of the list of questions of which nobody has said that an answer helped.
pub const UNSOLVED: &str = "/questions/unsolved/";

/// The address of the list of ideas that shipped.
pub const SHIPPED: &str = "/ideas/shipped/";

/// The address of the page on which help is wanted.
pub const HELP_WANTED: &str = "/help-wanted/";

/// The address of the feed of what help is wanted with.
pub const HELP_WANTED_FEED: &str = "/help-wanted.xml";

/// The address of the page for those who decide whether to buy.
pub const DECIDE: &str = "/decide/";

/// The address of the page of what is criticised.
pub const CRITICAL: &str = "/critical/";
/// The address of what concerns readers right now, for other programs.
pub const ALERTS: &str = "/alerts.json";

/// The feeds of all links, for feed readers.
pub const OPML: &str = "/links.opml";

/// The folder of feeds of what has no page, or whose page has other feeds.
pub const FEED_FOLDER: &str = "/feed/";

/// The name of the feed of what others wrote to somebody, in the folder of that person.
pub const REPLIES_FEED: &str = "replies.xml";

/// The address of the page that lists all tags.
pub const TAGS: &str = "/tags/";

/// The address of the page that lists all products.
pub const PRODUCTS: &str = "/products/";

/// The address of the page that thanks people.
pub const THANKS: &str = "/thanks/";

/// The name of the small picture that says what somebody did, below the address of their page.
pub const BADGE: &str = "badge.svg";

/// The address of the list of people.
pub const PEOPLE: &str = "/people/";

/// The address of the community's guidelines.
pub const GUIDELINES_PAGE: &str = "/guidelines/";

/// The address of the page that a host shows for an address that the site does not have.
pub const NOT_FOUND: &str = "/404.html";

/// The address of the sitemap, or of the index of its parts.
pub const SITEMAP: &str = "/sitemap.xml";

/// The address of what crawlers read first.
pub const ROBOTS: &str = "/robots.txt";

/// The address of the description of the search, which browsers read.
pub const OPENSEARCH: &str = "/opensearch.xml";

/// The name of the Atom feed in the folder of a list.
pub const ATOM_FEED: &str = "feed.xml";

/// The name of the JSON feed in the folder of a list.
pub const JSON_FEED: &str = "feed.json";

/// The names of both feeds, in the order in which pages name them.
pub const FEEDS: [&str; 2] = [ATOM_FEED, JSON_FEED];

/// The address of the page on which people write. Its query says what: `?kind=answer&to=reset-password`.
pub const WRITE_PAGE: &str = "/write/";

/// The address of the log of moderation, where the configuration asks for one.
pub const MODERATION_PAGE: &str = "/moderation/";

/// The address of the public page of figures, where the configuration asks for one.
pub const INSIGHT_PAGE: &str = "/insight/";

/// Where the site stands: turns addresses into links.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Urls {
    origin: String,
    base_path: String,
}

impl Urls {
    /// Takes a base URL, such as `https://example.org/help/`.
    #[must_use]
    pub fn new(base_url: &BaseUrl) -> Self {
        let base_path = base_url.path().trim_end_matches('/').to_string();
        Urls { origin: base_url.origin().to_string(), base_path }
    }

    /// The place of a configured site; one that says nothing stands where the preview does.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        let local = || Urls { origin: "http://127.0.0.1:4000".to_string(), base_path: String::new() };
        config.base_url.as_ref().map_or_else(local, Urls::new)
    }

    /// Host and base path, which tell one site from another.
    #[must_use]
    pub fn authority(&self) -> String {
        let host = self.origin.split_once("//").map_or(self.origin.as_str(), |(_, host)| host);
        format!("{host}{}", self.base_path)
    }

    /// The base path without a slash at its end: empty, or `/help`.
    #[must_use]
    pub fn base_path(&self) -> &str {
        &self.base_path
    }

    /// What stands in the configuration as an address: a path of the site, or anywhere else.
    #[must_use]
    pub fn config_url(&self, url: &str) -> String {
        if url.starts_with('/') && !url.starts_with("//") {
            format!("{}{url}", self.base_path)
        } else {
            url.to_string()
        }
    }

    /// What stands in a page's `href`: below the base path, encoded.
    #[must_use]
    pub fn href(&self, address: &str) -> String {
        format!("{}{}", self.base_path, encode(address))
    }

    /// The same with a fragment.
    #[must_use]
    pub fn href_to(&self, address: &str, fragment: &str) -> String {
        if fragment.is_empty() {
            self.href(address)
        } else {
            format!("{}#{}", self.href(address), encode(fragment))
        }
    }

    /// The whole address with scheme and host, for feeds, sitemaps and canonical links.
    #[must_use]
    pub fn absolute(&self, address: &str) -> String {
        format!("{}{}{}", self.origin, self.base_path, encode(address))
    }

    /// The whole address of what stands in a page's `href` or `src` and leads to this site.
    #[must_use]
    pub fn whole(&self, href: &str) -> String {
        format!("{}{href}", self.origin)
    }

    /// The address on this site that an absolute URL means, with its fragment, if it is one of ours.
    #[must_use]
    pub fn own(&self, url: &url::Url) -> Option<String> {
        // People paste what they see, and `http:` and `https:` look alike.
        let host = |origin: &str| origin.split_once("://").map(|(_, host)| host.to_string());
        if host(&url.origin().ascii_serialization()) != host(&self.origin) {
            return None;
        }
        let path = percent_encoding::percent_decode_str(url.path()).decode_utf8().ok()?;
        let rest = path.strip_prefix(&self.base_path)?;
        (rest.is_empty() || rest.starts_with('/'))
            .then(|| if rest.is_empty() { "/".into() } else { rest.into() })
    }
}

/// Percent-encodes what an address or a fragment may not hold as it is.
#[must_use]
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, PATH).to_string()
}

/// Percent-encodes what somebody wrote after a `?`, without touching what is encoded already.
#[must_use]
pub fn encode_query_string(text: &str) -> String {
    utf8_percent_encode(text, WRITTEN).to_string()
}

/// Percent-encodes what somebody wrote after the `#` of a file that is none of our pages, such as
/// `page=3` of a PDF.
#[must_use]
pub fn encode_fragment(text: &str) -> String {
    utf8_percent_encode(text, WRITTEN).to_string()
}

/// The file in the output folder that a host serves at this address.
#[must_use]
pub fn output_path(address: &str) -> String {
    let path = address.trim_start_matches('/');
    if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_string() }
}

/// The address of an entry.
#[must_use]
pub fn entry(kind: Kind, slug: &str) -> String {
    match kind {
        Kind::Page => format!("/{slug}/"),
        kind => format!("/{}/{slug}/", kind.plural()),
    }
}

/// The address of the list of a kind, page `number` from 1.
#[must_use]
pub fn list(kind: Kind, number: usize) -> String {
    numbered(&format!("/{}/", kind.plural()), number)
}

/// The address of one page of a list that begins at `first`.
#[must_use]
pub fn numbered(first: &str, number: usize) -> String {
    if number <= 1 { first.to_string() } else { format!("{first}page/{number}/") }
}

/// The address of what has a value of a facet, among the entries of a kind.
#[must_use]
pub fn facet(kind: Kind, facet: &str, value: &str) -> String {
    format!("/{}/{}/{value}/", kind.plural(), part(facet))
}

/// The name of a facet in an address and on the command line.
#[must_use]
pub fn part(facet: &str) -> String {
    facet.replace('_', "-")
}

/// The address of the list of a kind in another order than newest first.
#[must_use]
pub fn sorted(kind: Kind, order: Order) -> String {
    format!("{}{}/", list(kind, 1), order.part())
}

/// The address of the page on which help with a tag is wanted.
#[must_use]
pub fn help_wanted(slug: &str) -> String {
    format!("{HELP_WANTED}{slug}/")
}

/// The address of a tag.
#[must_use]
pub fn tag(slug: &str) -> String {
    format!("{TAGS}{slug}/")
}

/// The address of a product.
#[must_use]
pub fn product(id: &str) -> String {
    format!("{PRODUCTS}{id}/")
}

/// The address of a version of a product, by its slug.
#[must_use]
pub fn version(id: &str, slug: &str) -> String {
    format!("{}{slug}/", product(id))
}

/// The address of a person.
#[must_use]
pub fn person(handle: &str) -> String {
    entry(Kind::Person, handle)
}

/// The address of the small picture that says what somebody did.
#[must_use]
pub fn badge(handle: &str) -> String {
    format!("{}{BADGE}", person(handle))
}

/// The addresses of the feeds of the list at an address.
#[must_use]
pub fn feeds(below: &str) -> [String; 2] {
    FEEDS.map(|name| format!("{below}{name}"))
}

/// The address of the feed of what others wrote under the entry at an address.
#[must_use]
pub fn entry_feed(entry: &str) -> String {
    format!("{entry}{ATOM_FEED}")
}

/// The address of the feed of what others wrote to somebody.
#[must_use]
pub fn replies_feed(handle: &str) -> String {
    format!("{}{REPLIES_FEED}", person(handle))
}

/// Whether a file at an address is for readers of feeds, or tells other programs what is new.
#[must_use]
pub fn is_feed(address: &str) -> bool {
    let name = address.rsplit('/').next().unwrap_or(address);
    let is_own = [HELP_WANTED_FEED, ALERTS]
        .iter()
        .any(|it| it.trim_start_matches('/') == address.trim_start_matches('/'));
    let is_in_folder = format!("/{}", address.trim_start_matches('/')).starts_with(FEED_FOLDER);
    FEEDS.contains(&name) || name == REPLIES_FEED || is_own || is_in_folder
}

/// The address of the feed of a product.
#[must_use]
pub fn product_feed(id: &str) -> String {
    format!("{FEED_FOLDER}product/{id}.xml")
}

/// The address of the feed of a place.
#[must_use]
pub fn place_feed(slug: &str) -> String {
    format!("{FEED_FOLDER}place/{slug}.xml")
}

/// The address of a part of the sitemap, counted from 1.
#[must_use]
pub fn sitemap_part(number: usize) -> String {
    format!("/sitemap-{number}.xml")
}

/// The addresses of the folders above an address, from the outermost on, without the root.
pub fn above(address: &str) -> impl Iterator<Item = &str> {
    address.match_indices('/').skip(1).map(|(at, _)| &address[..=at]).filter(|it| it.len() < address.len())
}

/// A path from a folder, with its dots resolved; nothing if it leaves the root.
#[must_use]
pub fn join(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_stands_below_the_base_path_and_is_encoded() {
        let urls = Urls::new(&BaseUrl::parse("https://example.org/help/").unwrap());
        assert_eq!(urls.href("/questions/wie-geht-das/"), "/help/questions/wie-geht-das/");
        assert_eq!(urls.href("/tags/größe/"), "/help/tags/gr%C3%B6%C3%9Fe/");
        assert_eq!(urls.absolute("/"), "https://example.org/help/");
        let own = |text: &str| urls.own(&url::Url::parse(text).unwrap());
        assert_eq!(own("https://example.org/help/tags/gr%C3%B6%C3%9Fe/"), Some("/tags/größe/".into()));
        assert_eq!(own("https://example.org/helpdesk/"), None);
        assert_eq!(own("https://example.com/help/"), None);
    }

    #[test]
    fn fixed_addresses_are_those_of_their_kinds() {
        assert_eq!(list(Kind::Person, 1), PEOPLE);
        assert_eq!(entry(Kind::Question, "unanswered"), UNANSWERED);
        assert_eq!(SEARCH_PAGE, format!("/{SEARCH}/"));
    }

    #[test]
    fn every_page_is_a_folder() {
        assert_eq!(output_path("/"), "index.html");
        assert_eq!(output_path("/tags/a/"), "tags/a/index.html");
        assert_eq!(output_path("/feed.xml"), "feed.xml");
        assert_eq!(numbered("/tags/a/", 3), "/tags/a/page/3/");
    }
}
