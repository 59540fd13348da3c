//! The feeds of all links as OPML 2.0 (<http://opml.org/spec2.opml>), in the groups of their page: what a feed reader
//! imports to follow everything at once.

use std::fmt::Write as _;

use super::super::Lists;
use super::super::links::name_of;
use super::xml;
use crate::page::destination::safe_url;
use crate::site::reader::Reader;
use crate::words::Word;

/// The file.
pub(super) fn file(site: &Reader<'_>, lists: &Lists) -> String {
    let words = site.words();
    let title = words.fill(Word::FeedsOf, &[("site", &site.config().title)]);
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<opml version=\"2.0\">\n<head>\n<title>{}</title>\n</head>\n<body>\n",
        xml(&title)
    );
    let (ids, groups) = lists.links(site);
    let mut at = 0;
    for &(group, count) in groups {
        let outlines: String = ids[at..at + count].iter().filter_map(|id| outline(site, *id)).collect();
        at += count;
        if !outlines.is_empty() {
            let _ = write!(
                out,
                "<outline text=\"{}\">\n{outlines}</outline>\n",
                xml(words.get(name_of(group).1))
            );
        }
    }
    out.push_str("</body>\n</opml>\n");
    out
}

/// One feed. What the program cannot tell from outside, whether it is RSS or Atom, readers do not ask: all use `rss`.
fn outline(site: &Reader<'_>, id: crate::site::EntryId) -> Option<String> {
    let fields = site.fields(site.page_of(id));
    let feed = safe_url(&fields.feed.as_ref()?.value)?;
    let title = attribute(site.title(id).title);
    let page = fields.url.as_ref().and_then(|url| safe_url(&url.value));
    let page = page.map_or_else(String::new, |page| format!(" htmlUrl=\"{}\"", xml(&page)));
    Some(format!(
        "<outline type=\"rss\" text=\"{title}\" title=\"{title}\" xmlUrl=\"{}\"{page}/>\n",
        xml(&feed)
    ))
}

/// A text as the value of an attribute, in which line breaks would become spaces anyway.
fn attribute(text: &str) -> String {
    xml(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}
