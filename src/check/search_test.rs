//! The search tests of the repository: questions in plain words, each with the page that must be among
//! its first hits. Anyone who edits a page sees before publishing that it can no longer be found.

use std::collections::BTreeMap;
use std::sync::Arc;

use longhouse_search::{Error, Index, Request};
use unicode_normalization::UnicodeNormalization;

use crate::data::SearchTest;
use crate::diagnostic::{Diagnostic, Rule, Spanned};
use crate::page::slug;
use crate::root;
use crate::site::Site;

/// At most this many hits of a failed test are looked through for the page.
const LOOKED_THROUGH: usize = 100;

/// Asks every test's question of an index in memory, and says which page was not found. At the levels
/// that the configuration gives. Without tests no index is made.
///
/// # Errors
/// When the index cannot be made.
pub fn check(site: &Site) -> Result<Vec<Diagnostic>, Error> {
    let tests = &site.sources().search_tests;
    let config = &site.sources().config;
    if tests.is_empty() || config.severity(Rule::SearchTest, Rule::SearchTest.default_severity()).is_none() {
        return Ok(Vec::new());
    }
    let file = Arc::from(root::SEARCH_TESTS);
    let index = Index::open(crate::search::in_memory(site)?)?;
    let pages = pages(site);
    let mut diagnostics = Vec::new();
    for test in tests.iter() {
        let Some(url) = pages.get(&key(site, &test.page.value)) else {
            diagnostics.push(no_such_page(&file, &test.page));
            continue;
        };
        let request = Request {
            query: test.query.value.clone(),
            limit: test.within.max(LOOKED_THROUGH),
            ..Request::default()
        };
        let hits = index.search(&request)?;
        let place = hits.iter().position(|hit| hit.url.split('#').next() == Some(url));
        if place.is_none_or(|place| place >= test.within) {
            let first = hits.first().map(|hit| hit.title.as_str());
            diagnostics.push(not_found(&file, test, place, first));
        }
    }
    Ok(super::level(config, diagnostics))
}

/// Every page that search may find, by what a test may call it: its address or its file.
fn pages(site: &Site) -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    for (_, entry) in site.listed() {
        let url = site.urls().href(&entry.address);
        pages.insert(key(site, &entry.address), url.clone());
        pages.entry(key(site, &site.pages()[entry.page].path)).or_insert(url);
    }
    pages
}

/// What two ways of naming a page have in common.
fn key(site: &Site, page: &str) -> String {
    let own = url::Url::parse(page.trim()).ok().and_then(|url| site.urls().own(&url));
    let page = own.as_deref().unwrap_or(page).trim();
    let page = page.split('#').next().unwrap_or(page).trim_matches('/');
    let inside = page.strip_prefix(&site.sources().content_prefix).unwrap_or(page);
    slug::fold(&inside.nfc().collect::<String>())
}

fn no_such_page(file: &Arc<str>, page: &Spanned<String>) -> Diagnostic {
    Diagnostic::new(
        Rule::SearchTest,
        file,
        page.span,
        format!("The page `{}` does not exist, so the search cannot find it.", page.value),
    )
    .help("Write the page's address, such as `/questions/reset-password/`, or the path of its file.")
}

fn not_found(file: &Arc<str>, test: &SearchTest, place: Option<usize>, first: Option<&str>) -> Diagnostic {
    let SearchTest { query, page, within } = test;
    let found = match (place, first) {
        (Some(place), Some(first)) => format!("it is number {}; the first is “{first}”", place + 1),
        (None, Some(first)) => format!("the first result is “{first}”"),
        (_, None) => "there are no results".to_string(),
    };
    Diagnostic::new(
        Rule::SearchTest,
        file,
        query.span,
        format!(
            "`{}` does not find `{}` among the first {within} results: {found}.",
            query.value, page.value
        ),
    )
    .help("Use the words that people search for: in the title, in `also_asked` or in the text.")
}
