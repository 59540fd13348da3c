//! The text of an entry or a reply as part of another page than its own: without ids, which are the other page's own, and
//! with links to its headings and footnotes that lead to where these are.

use crate::page::html::{Token, attributes, tokens};
use crate::page::markdown::{escape_attribute, escape_text};
use crate::site::reader::Reader;
use crate::site::{Entry, Reply};
use crate::words::Word;

/// The level of the heading that such a text stands under.
const ABOVE: u8 = 3;

/// Attributes that name ids.
const OF_IDS: [&str; 4] = ["id", "aria-describedby", "aria-labelledby", "aria-controls"];

/// The whole text of a story, with the fields that stand in its front matter alone.
pub(super) fn story(site: &Reader<'_>, entry: &Entry) -> String {
    let page = site.page(entry.page);
    let fields = &page.fields;
    let url = site.urls().href(&entry.address);
    let mut out = String::new();
    let named =
        [(&fields.problem, Word::Problem), (&fields.why, Word::Why), (&fields.outcome, Word::Outcome)];
    for (field, word) in named {
        let Some(field) = field else { continue };
        out.push_str("<h4>");
        escape_text(site.words().get(word), &mut out);
        out.push_str("</h4>\n<p>");
        escape_text(&field.value, &mut out);
        out.push_str("</p>\n");
    }
    let own = super::with_footnotes(&page.body, vec![super::feed::content::text_of(page, entry)]);
    embed(&super::html(site, entry.page, &own, "h-", entry.demote.saturating_add(2), ABOVE), &url, &mut out);
    out
}

/// The text of a reply under an entry.
pub(super) fn reply(site: &Reader<'_>, entry: &Entry, reply: &Reply) -> String {
    let ranges = reply.ranges(&site.page(reply.page).body);
    let html =
        super::html(site, reply.page, &ranges, &reply.id_prefix, reply.demote.saturating_add(1), ABOVE);
    let mut out = String::new();
    embed(&html, &site.urls().href(&entry.address), &mut out);
    out
}

/// Appends the HTML of the page at `url` as it can stand on another one.
fn embed(html: &str, url: &str, out: &mut String) {
    // A drawing is held together by ids; a diagram has its text below it.
    let mut in_drawing = 0_usize;
    for (_, token) in tokens(html) {
        match token {
            Token::Open(tag) if *tag.name == *"svg" => in_drawing += 1,
            Token::Close { name, .. } if *name == *"svg" => in_drawing = in_drawing.saturating_sub(1),
            _ if in_drawing > 0 => {}
            Token::Text(text) => out.push_str(text),
            Token::Comment | Token::OpenComment(_) => {}
            Token::Close { raw, .. } => out.push_str(raw),
            Token::Open(tag) => {
                let all = attributes(&tag);
                let is_of_its_page = |(name, value): &(String, String)| {
                    OF_IDS.contains(&name.as_str()) || name == "href" && value.starts_with('#')
                };
                if !all.iter().any(is_of_its_page) {
                    out.push_str(tag.raw);
                    continue;
                }
                out.push('<');
                out.push_str(&tag.name);
                for (name, value) in all.iter().filter(|(name, _)| !OF_IDS.contains(&name.as_str())) {
                    out.push(' ');
                    out.push_str(name);
                    out.push_str("=\"");
                    if name == "href" && value.starts_with('#') {
                        escape_attribute(url, out);
                    }
                    escape_attribute(value, out);
                    out.push('"');
                }
                out.push('>');
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_loses_its_ids_and_keeps_its_links() {
        let html = "<h2 id=\"h-a\" class=\"x\">A &amp; b</h2><p><a href=\"#h-a\">up</a> <a href=\"/b/\">b</a> \
                    <svg id=\"s\"><path d=\"M0 0\"/></svg><br></p>";
        let mut out = String::new();
        embed(html, "/stories/a/", &mut out);
        assert_eq!(
            out,
            "<h2 class=\"x\">A &amp; b</h2><p><a href=\"/stories/a/#h-a\">up</a> <a href=\"/b/\">b</a> <br></p>"
        );
    }
}
