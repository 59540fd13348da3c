//! Pages that are not called as pages are: with another ending than `.md`, or with their title for a name. They are
//! published all the same, so nobody is told; `fix` gives them their name when it is asked to mend.

use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::page::{Page, slug};
use crate::site::classify::{Role, reply_stem};
use crate::site::{PageId, Site};
use crate::source::extension;

/// Every page with such a name, as a problem that says the better path.
#[must_use]
pub fn untidy(site: &Site) -> Vec<Diagnostic> {
    let config = &site.sources().config;
    if config.severity(Rule::Stray, Rule::Stray.default_severity()).is_none() {
        return Vec::new();
    }
    let named = |(id, page)| better_name(site, id, page).map(|name| badly_named(page, &name));
    site.pages().iter().map(|page| &**page).enumerate().filter_map(named).collect()
}

/// The name that a file should have, if it is another one.
fn better_name(site: &Site, id: PageId, page: &Page) -> Option<String> {
    let place = &page.place;
    if place.unknown || place.is_index() || place.is_topic_text() {
        return None;
    }
    let ending = extension(&page.path).unwrap_or_default();
    let (stem, is_text) = match place.stem.strip_suffix(".md").filter(|_| ending == "txt") {
        // As some editors save it.
        Some(stem) => (stem, true),
        None => (place.stem.as_str(), ending == "txt"),
    };
    let right = match &site.roles()[id] {
        Role::Reply { .. } => reply_stem(stem),
        _ => slug::slug(stem),
    };
    // Capitals alone do no harm, and neither does a letter that can be written in two ways.
    let is_title = slug::fold(&right) != slug::fold(stem);
    let ending = if matches!(ending.as_str(), "markdown" | "mdx") { ending.as_str() } else { "md" };
    (is_title || is_text).then(|| format!("{right}.{ending}"))
}

fn badly_named(page: &Page, name: &str) -> Diagnostic {
    let (folder, old) = page.path.rsplit_once('/').unwrap_or(("", &page.path));
    let message = format!("`{old}` is not a file name for a page.");
    Diagnostic::new(Rule::Stray, &page.path, Span::START, message)
        .help(format!("Rename it to `{name}`."))
        .fix(format!("{folder}/{name}"))
}
