//! Questions that may have been asked before. Only new ones are looked at: whoever asks wants to know it, and nobody
//! wants to hear of two old questions again with every change.

use longhouse_search::{Error, Index, Near};
use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::page::Page;
use crate::page::kind::Kind;
use crate::similar;
use crate::site::{Entry, Site};
use crate::source::git_diff::Changes;

/// More files that git does not know yet are a site that begins, or one that was moved here.
const MOST_NEW: usize = 50;

/// So many questions are named.
const NAMED: usize = 3;

/// Says of which questions, among those whose files are `changed`, the like has been asked before. At the levels
/// that the configuration gives. Where there is nothing to look at no index is made.
///
/// # Errors
/// When the index cannot be made.
pub fn check(site: &Site, changed: &(dyn Fn(&str) -> bool + Sync)) -> Result<Vec<Diagnostic>, Error> {
    let config = &site.sources().config;
    let rule = Rule::PossibleDuplicate;
    let is_meant = |entry: &Entry| entry.kind == Kind::Question && changed(&site.pages()[entry.page].path);
    let questions: Vec<&Entry> = site.listed().map(|(_, entry)| entry).filter(|it| is_meant(it)).collect();
    if questions.is_empty() || config.severity(rule, rule.default_severity()).is_none() {
        return Ok(Vec::new());
    }
    let index = Index::open(crate::search::in_memory(site)?)?;
    let look = |entry: &&Entry| {
        let near = similar::near(&index, &similar::of_entry(site, entry), true, NAMED)?;
        let same: Vec<Near> = near.into_iter().filter(Near::is_same).collect();
        Ok((!same.is_empty()).then(|| possible_duplicate(site, entry, &same)))
    };
    let found: Vec<Option<Diagnostic>> = questions.par_iter().map(look).collect::<Result<_, Error>>()?;
    Ok(super::level(config, found.into_iter().flatten().collect()))
}

/// The content files that are new when nobody says since when: those that git does not know yet. None without git, and
/// none where so many are new that nobody has just asked them.
#[must_use]
pub fn new_files(site: &Site) -> Vec<&str> {
    let Some(history) = &site.sources().history else { return Vec::new() };
    let paths = site.pages().iter().map(|page| &*page.path);
    let is_new = |path: &&str| history.knows_of(path) && !history.files.contains_key(*path);
    let new: Vec<&str> = paths.filter(is_new).collect();
    if new.len() > MOST_NEW { Vec::new() } else { new }
}

/// The content files of a branch that ask something new: those that came, and those whose title is another one. Who
/// mends an old question is not asked whether it is new.
#[must_use]
pub fn asked_since<'a>(site: &'a Site, before: &Site, changes: &Changes) -> Vec<&'a str> {
    let asks_anew = |page: &Page| {
        let Some(former) = changes.touched.get(&page.path) else { return false };
        let former = before.page_of(former.as_deref().unwrap_or(&page.path));
        former.is_none_or(|former| similar::of_page(former).title != similar::of_page(page).title)
    };
    site.pages().iter().filter(|page| asks_anew(page)).map(|page| &*page.path).collect()
}

fn possible_duplicate(site: &Site, entry: &Entry, same: &[Near]) -> Diagnostic {
    let page = &site.pages()[entry.page];
    let named = |near: &Near| {
        let url = near.hit.url.split('#').next().unwrap_or_default();
        format!("“{}” ({url})", near.hit.title)
    };
    let (first, others) = (same.first().map(named).unwrap_or_default(), same.get(1..).unwrap_or_default());
    let slug = same.first().map(|near| slug_of(site, near)).unwrap_or_default();
    let also: Vec<String> = others.iter().map(named).collect();
    let also = if also.is_empty() { String::new() } else { format!("Or {}? ", also.join(", or ")) };
    Diagnostic::new(
        Rule::PossibleDuplicate,
        &page.path,
        place(site, entry),
        format!("This may have been asked already: {first}."),
    )
    .help(format!(
        "{also}If it is the same question, answer it there, or add `duplicate_of: {slug}` here, so that this \
         wording leads there too. If it is a different one, nothing is wrong."
    ))
}

/// The slug of the question that was found.
fn slug_of(site: &Site, near: &Near) -> String {
    let url = near.hit.url.split('#').next().unwrap_or_default();
    let found = site.listed().find(|(_, entry)| site.urls().href(&entry.address) == url);
    found.map(|(_, entry)| entry.slug.clone()).unwrap_or_default()
}

/// Where the title stands.
fn place(site: &Site, entry: &Entry) -> Span {
    let page = &site.pages()[entry.page];
    let block = page.body.blocks.first().map_or(Span::START, |block| block.span);
    page.fields.title.as_ref().map_or(block, |title| title.span)
}
