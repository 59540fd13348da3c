//! What crawlers and browsers read: the sitemap, the rules for robots, how the site is searched.

use std::fmt::Write as _;

use super::xml;
use crate::site::reader::Reader;
use crate::site::url;
use crate::words::Word;

/// A sitemap may hold at most this many addresses; more need an index.
const SITEMAP: usize = 50_000;

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
