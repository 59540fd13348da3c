//! The whole text of an entry in a feed: the HTML of its page, as it can stand anywhere.
//!
//! It has no ids, classes or scripts, whose meaning the site's style sheet and pages give them, and every address in
//! it is a whole one. It is made of what a page shows, which was cleaned before, and keeps only what is on a list.

use crate::page::Page;
use crate::page::html::{Token, attributes, tokens};
use crate::page::markdown::{escape_attribute, escape_text};
use crate::site::disclosure::{disclosed_names, disclosure};
use crate::site::reader::Reader;
use crate::site::{Entry, Reply};

/// Attributes that mean the same everywhere.
const KEPT: [&str; 17] = [
    "alt", "colspan", "datetime", "dir", "height", "href", "lang", "open", "rel", "rowspan", "scope", "span",
    "src", "start", "title", "value", "width",
];

/// The text of an entry: of its own file, of the fields that stand in its front matter alone, and its answers.
pub(super) fn of(site: &Reader<'_>, entry: &Entry) -> String {
    let page = site.page(entry.page);
    let url = site.urls().absolute(&entry.address);
    let mut out = String::new();
    fields(page, &mut out);
    let own = super::super::with_footnotes(&page.body, vec![text_of(page, entry)]);
    portable(&super::super::html(site, entry.page, &own, "h-", 0, 1), site, &url, &mut out);
    // An answer in the question's own file is part of its text.
    let answers = entry.question().map_or(&[][..], |question| &question.answers);
    for answer in answers.iter().filter(|answer| answer.reply.page != entry.page) {
        reply(site, &answer.reply, &url, &mut out);
    }
    out
}

/// The segments after the title, whether that is a heading or a bold line.
pub(in crate::view) fn text_of(page: &Page, entry: &Entry) -> std::ops::Range<u32> {
    let first = entry.body.first().map(|range| range.start);
    let all = page.text_range();
    // Parts that fill a field may stand before the rest.
    let is_bold = matches!(page.lead, crate::page::Lead::Bold(_)) && page.fields.title.is_none();
    match first {
        Some(first) if is_bold => first.max(all.start)..all.end,
        _ => all,
    }
}

fn fields(page: &Page, out: &mut String) {
    let fields = &page.fields;
    for field in [&fields.problem, &fields.why, &fields.outcome].into_iter().flatten() {
        out.push_str("<p>");
        escape_text(&field.value, out);
        out.push_str("</p>\n");
    }
    if !fields.needs.is_empty() {
        out.push_str("<ul>\n");
        for need in &fields.needs {
            out.push_str("<li>");
            escape_text(&need.value, out);
            out.push_str("</li>\n");
        }
        out.push_str("</ul>\n");
    }
}

fn reply(site: &Reader<'_>, reply: &Reply, url: &str, out: &mut String) {
    let body = &site.page(reply.page).body;
    let disclosure = disclosure(site, site.fields(reply.page), &reply.authors);
    let names = disclosed_names(site, &reply.authors, &disclosure);
    out.push_str("<hr>\n");
    if !names.is_empty() {
        out.push_str("<p><strong>");
        escape_text(&names.join(", "), out);
        out.push_str(":</strong></p>\n");
    }
    let ranges = super::super::with_footnotes(body, vec![reply.body.clone()]);
    let html = super::super::html(site, reply.page, &ranges, &reply.id_prefix, reply.demote, 2);
    portable(&html, site, url, out);
}

/// Appends HTML of a page as it can stand anywhere. `url` is the whole address of the page.
fn portable(html: &str, site: &Reader<'_>, url: &str, out: &mut String) {
    // Within a formula or a diagram, which its source stands for: few readers of feeds show MathML or SVG.
    let mut in_formula = false;
    for (_, token) in tokens(html) {
        match token {
            Token::Open(tag) if *tag.name == *"math" => {
                in_formula = true;
                let source = attributes(&tag).into_iter().find(|(name, _)| name == "alttext");
                out.push_str("<code>");
                escape_text(&source.map_or(String::new(), |(_, source)| source), out);
                out.push_str("</code>");
            }
            // A diagram has its text below it.
            Token::Open(tag) if *tag.name == *"svg" => in_formula = true,
            Token::Close { name, .. } if matches!(&*name, "math" | "svg") => in_formula = false,
            _ if in_formula => {}
            // What plays is the link in it.
            Token::Open(tag) if matches!(&*tag.name, "video" | "audio") => {}
            Token::Close { name, .. } if matches!(&*name, "video" | "audio") => {}
            Token::Text(text) => out.push_str(text),
            Token::Comment | Token::OpenComment(_) => {}
            // What colours code, and what only carries an id.
            Token::Open(tag) if *tag.name == *"span" => {}
            Token::Close { name, .. } if *name == *"span" => {}
            Token::Close { raw, .. } => out.push_str(raw),
            // Readers of feeds show no forms.
            Token::Open(tag) if *tag.name == *"input" => {
                let is_done = attributes(&tag).iter().any(|(name, _)| name == "checked");
                out.push_str(if is_done { "☑" } else { "☐" });
            }
            Token::Open(tag) => {
                out.push('<');
                out.push_str(&tag.name);
                for (name, value) in attributes(&tag) {
                    if !KEPT.contains(&name.as_str()) {
                        continue;
                    }
                    out.push(' ');
                    out.push_str(&name);
                    out.push_str("=\"");
                    let value = match name.as_str() {
                        "href" | "src" => whole(&value, site, url),
                        _ => value,
                    };
                    escape_attribute(&value, out);
                    out.push('"');
                }
                out.push('>');
            }
        }
    }
}

fn whole(address: &str, site: &Reader<'_>, url: &str) -> String {
    match address.as_bytes() {
        [b'#', ..] => format!("{url}{address}"),
        [b'/', b'/', ..] => address.to_owned(),
        [b'/', ..] => site.urls().whole(address),
        _ => address.to_owned(),
    }
}
