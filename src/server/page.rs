//! The pages of the preview's own, which need no script: the list of everything that is wrong, and what stands
//! in place of a page that cannot be made.

use std::fmt::Write as _;

use percent_encoding::utf8_percent_encode;

use super::answer::IN_PATH;
use super::current::{Ribbon, State};
use super::problems::{Counts, Pages, Problem, visible};
use crate::diagnostic::Severity;

/// At most this many problems are listed with their lines; of the others it is said how many they are.
const LISTED: usize = 500;
/// At most this many pages are named that one problem is on.
const NAMED: usize = 5;
/// At most this many pages are listed that only the preview shows.
const RIBBONS: usize = 1000;

/// Gives the address of a place (file, line, column) in the writer's editor, if there is one.
pub(super) type Edit<'a> = &'a dyn Fn(&str, u32, u32) -> Option<String>;

/// The list of all problems.
pub(super) fn problems(state: &State, base: &str, edit: Edit<'_>) -> String {
    let all = state.problems.all();
    let heading = Counts::of(all).said();
    let mut body = format!("<h1>{heading}</h1>\n");
    if all.iter().any(|problem| problem.stops) {
        body.push_str(
            "<p class=\"stops\">The site cannot be updated until this is fixed. You see its last good version.</p>\n",
        );
    }
    let listed = &all[..all.len().min(LISTED)];
    for of_file in listed.chunk_by(|a, b| a.diagnostic.file == b.diagnostic.file) {
        let _ = writeln!(body, "<section>\n<h2>{}</h2>", escaped(&of_file[0].diagnostic.file));
        for problem in of_file {
            problem_in(&mut body, problem, base, edit);
        }
        body.push_str("</section>\n");
    }
    if all.len() > listed.len() {
        let more = all.len() - listed.len();
        let _ = writeln!(body, "<p>And {more} more: run <code>longhouse check</code> to list them all.</p>");
    }
    ribbons(&mut body, &state.ribbons, base);
    page(&heading, &body, base)
}

/// What stands at the address of a page that cannot be made; nothing if nothing is known to be wrong with it.
pub(super) fn held(state: &State, address: &str, base: &str, edit: Edit<'_>) -> Option<String> {
    let here = |problem: &&Problem| matches!(problem.pages, Pages::These(_)) && problem.concerns(address);
    let mut problems = state.problems.all().iter().filter(here).take(LISTED).peekable();
    problems.peek()?;
    let mut body = String::from("<h1>This page cannot be shown yet</h1>\n<section>\n");
    for problem in problems {
        let _ = writeln!(body, "<h2>{}</h2>", escaped(&problem.diagnostic.file));
        problem_in(&mut body, problem, base, edit);
    }
    body.push_str("</section>\n");
    Some(page("This page cannot be shown yet", &body, base))
}

fn problem_in(body: &mut String, problem: &Problem, base: &str, edit: Edit<'_>) {
    let found = &problem.diagnostic;
    let word = match found.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let place = format!("line {}, column {}", found.line, found.column);
    let place = match edit(&found.file, found.line, found.column) {
        Some(url) => format!("<a href=\"{}\">{place}</a>", escaped(&url)),
        None => place,
    };
    let _ = writeln!(
        body,
        "<article class=\"{word}\">\n<h3><span class=\"word\">{word}</span> {}</h3>\n\
         <p class=\"facts\">{place}, rule <code>{}</code></p>",
        worded(&found.message),
        found.rule,
    );
    if !problem.excerpt.is_empty() {
        let _ = writeln!(
            body,
            "<pre tabindex=\"0\" aria-label=\"Source lines\">{}</pre>",
            escaped(&problem.excerpt)
        );
    }
    if !found.help.is_empty() {
        let _ = writeln!(body, "<p>{}</p>", worded(&found.help));
    }
    if let Some(fix) = &found.fix {
        let _ = writeln!(body, "<p>Write: <code>{}</code></p>", escaped(fix));
    }
    if let Pages::These(addresses) = &problem.pages
        && !addresses.is_empty()
    {
        let links: Vec<String> =
            addresses.iter().take(NAMED).map(|address| link(base, address, None, address)).collect();
        let more = addresses.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let _ = writeln!(body, "<p class=\"facts\">On {}{more}</p>", links.join(", "));
    }
    body.push_str("</article>\n");
}

fn ribbons(body: &mut String, ribbons: &[Ribbon], base: &str) {
    if ribbons.is_empty() {
        return;
    }
    body.push_str("<section>\n<h2>Only in the preview</h2>\n<ul class=\"rows\">\n");
    for Ribbon { address, fragment, title, words } in ribbons.iter().take(RIBBONS) {
        let link = link(base, address, fragment.as_deref(), title);
        let _ = writeln!(body, "<li>{link} <span class=\"facts\">{}</span></li>", escaped(words));
    }
    body.push_str("</ul>\n");
    if ribbons.len() > RIBBONS {
        let _ = writeln!(body, "<p>And {} more.</p>", ribbons.len() - RIBBONS);
    }
    body.push_str("</section>\n");
}

fn link(base: &str, address: &str, fragment: Option<&str>, words: &str) -> String {
    let path = utf8_percent_encode(address.trim_start_matches('/'), IN_PATH);
    let fragment = fragment.map(|id| format!("#{}", utf8_percent_encode(id, IN_PATH))).unwrap_or_default();
    format!("<a href=\"{base}{path}{fragment}\">{}</a>", escaped(words))
}

fn page(title: &str, body: &str, base: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <title>{title}: preview</title>\n<link rel=\"icon\" href=\"data:,\">\n\
         <link rel=\"stylesheet\" href=\"{base}_longhouse/page.css\">\n\
         </head>\n<body>\n<header><a href=\"{base}\">Back to the site</a></header>\n<main id=\"main\">\n{body}</main>\n\
         </body>\n</html>\n",
    )
}

/// A text in which what stands between backticks is code.
fn worded(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    let mut html = String::with_capacity(text.len());
    for (n, part) in parts.iter().enumerate() {
        match n % 2 {
            1 if n + 1 < parts.len() => {
                let _ = write!(html, "<code>{}</code>", escaped(part));
            }
            1 => html.push_str(&format!("`{}", escaped(part))),
            _ => html.push_str(&escaped(part)),
        }
    }
    html
}

/// A text as it can stand in HTML, also between double quotes.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_between_backticks_is_code_and_nothing_is_html() {
        assert_eq!(worded("no `<b>` and `c`"), "no <code>&lt;b&gt;</code> and <code>c</code>");
        assert_eq!(worded("the quote `\"` is `open"), "the quote <code>&quot;</code> is `open");
        assert_eq!(worded("<script>"), "&lt;script&gt;");
    }
}
