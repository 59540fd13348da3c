//! A digest as HTML for mail: one document of headings and lists, with its few styles on the elements themselves, because
//! many programs drop everything else, and no picture, no script and nothing to fetch.

use std::fmt::Write as _;

use super::Digest;
use crate::view::entry::escape;

const BODY: &str = "margin:0 auto;padding:24px 16px;max-width:38em;font:16px/1.5 system-ui,sans-serif";
const H1: &str = "margin:0 0 4px;font-size:24px;line-height:1.25";
const H2: &str = "margin:32px 0 8px;font-size:18px;line-height:1.3";
const LIST: &str = "margin:0;padding-inline-start:20px";
const ITEM: &str = "margin:0 0 12px";
const QUIET: &str = "margin:0;opacity:.8";

/// The digest.
#[must_use]
pub fn html(digest: &Digest) -> String {
    let mut out = String::new();
    let title = escape(&digest.title);
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"{}\" dir=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>{title}</title>\n</head>\n\
         <body style=\"{BODY}\">\n<h1 style=\"{H1}\">{title}</h1>\n<p style=\"{QUIET}\">{}</p>\n",
        escape(&digest.language),
        digest.dir,
        escape(&digest.days),
    );
    for group in &digest.groups {
        let _ = write!(out, "<h2 style=\"{H2}\">{}</h2>\n<ul style=\"{LIST}\">\n", escape(&group.title));
        for row in &group.rows {
            let link = format!("<a href=\"{}\">{}</a>", escape(&row.url), escape(&row.title));
            let _ = match row.detail.as_str() {
                "" => writeln!(out, "<li style=\"{ITEM}\">{link}</li>"),
                detail => writeln!(out, "<li style=\"{ITEM}\">{link}<br>{}</li>", escape(detail)),
            };
        }
        out.push_str("</ul>\n");
        if let Some(more) = &group.more {
            let _ = writeln!(out, "<p style=\"{QUIET}\">{}</p>", escape(more));
        }
    }
    let _ = write!(
        out,
        "<p style=\"margin:32px 0 0\"><a href=\"{}\">{}</a></p>\n</body>\n</html>\n",
        escape(&digest.home),
        escape(&digest.site),
    );
    out
}
