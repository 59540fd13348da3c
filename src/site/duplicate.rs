//! Questions that were asked twice: `duplicate_of` leads to the question that has the answers, however
//! many steps away, and never in a circle.

use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::percent_decode_str;

use super::PageId;
use super::address::Addresses;
use super::classify::Role;
use super::suggest::Suggestions;
use super::url::{self, Urls};
use super::visibility::StatusResolver;
use crate::diagnostic::{Diagnostic, Rule, Spanned};
use crate::page::destination::Destination;
use crate::page::kind::Kind;
use crate::page::{Head, slug};

/// For every duplicate the question that it leads to. What leads nowhere is held.
// Long because chains and circles are found in one walk.
pub fn resolve(
    pages: &[&Head],
    roles: &mut [Role],
    addresses: &Addresses,
    statuses: &StatusResolver<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> BTreeMap<PageId, PageId> {
    let mut suggestions = Suggestions::default();
    let mut step: BTreeMap<PageId, PageId> = BTreeMap::new();
    let mut broken: Vec<PageId> = Vec::new();
    for &id in addresses.of.keys() {
        let page = &pages[id];
        let Some(target) = &page.fields.duplicate_of else { continue };
        // What moderators took down is shown nowhere, and so not under another question either.
        if page.place.kind != Kind::Question || statuses.is_tombstone(page) {
            continue;
        }
        match meant(addresses, &target.value) {
            Some(found) if found == id => {
                diagnostics.push(of_itself(page, target));
                broken.push(id);
            }
            Some(found) => {
                step.insert(id, found);
            }
            None => {
                let known = addresses.of.iter().filter(|(id, _)| pages[**id].place.kind == Kind::Question);
                let slugs = known.filter_map(|(_, address)| address.trim_end_matches('/').rsplit('/').next());
                diagnostics.push(of_nothing(
                    page,
                    target,
                    suggestions.nearest(&slug_meant(&target.value), slugs),
                ));
                broken.push(id);
            }
        }
    }
    let mut merged: BTreeMap<PageId, PageId> = BTreeMap::new();
    let mut circular: BTreeSet<PageId> = BTreeSet::new();
    for &start in step.keys() {
        let mut way = Vec::new();
        let mut here = start;
        let mut seen = BTreeSet::new();
        let end = loop {
            if let Some(&end) = merged.get(&here) {
                break Some(end);
            }
            let Some(&next) = step.get(&here) else { break Some(here) };
            if circular.contains(&here) || !seen.insert(here) {
                break None;
            }
            way.push(here);
            here = next;
        };
        match end {
            Some(end) => merged.extend(way.into_iter().map(|id| (id, end))),
            None => circular.extend(way),
        }
    }
    for id in circular {
        if let Some(target) = &pages[id].fields.duplicate_of {
            diagnostics.push(in_a_circle(pages[id], target));
        }
        broken.push(id);
    }
    // A duplicate that leads to a question that is held leads nowhere either.
    for id in broken {
        roles[id] = Role::Held;
    }
    let lost = |to: &PageId| roles[*to] == Role::Held;
    let lost: Vec<PageId> = merged.iter().filter(|(_, to)| lost(to)).map(|(id, _)| *id).collect();
    for id in lost {
        if let Some(target) = &pages[id].fields.duplicate_of {
            diagnostics.push(of_nothing(pages[id], target, None));
        }
        roles[id] = Role::Held;
        merged.remove(&id);
    }
    for (id, end) in &merged {
        let is_chain = step.get(id).is_some_and(|next| next != end);
        if let Some(target) = pages[*id].fields.duplicate_of.as_ref().filter(|_| is_chain) {
            diagnostics.push(in_a_chain(pages[*id], target, &slug_at(addresses, *end)));
        }
    }
    merged
}

/// The slug of a question that has an address.
fn slug_at(addresses: &Addresses, id: PageId) -> String {
    let address = addresses.of.get(&id).map_or("", String::as_str);
    address.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned()
}

/// The question that a text means: one whose name has these signs, else one whose slug it is.
fn meant(addresses: &Addresses, text: &str) -> Option<PageId> {
    let at = |slug: &str| addresses.at(&url::entry(Kind::Question, slug));
    at(&slug::spoken(name_meant(text))).or_else(|| at(&slug_meant(text)))
}

/// A slug, however it is written: bare, as an address, or as a path to the file.
fn slug_meant(text: &str) -> String {
    slug::slug(name_meant(text))
}

/// Whether a link leads to the question of a slug, by how it is written: which files there are is not known here.
pub(super) fn leads_to(link: &Destination, urls: &Urls, question: &str) -> bool {
    let is_meant = |path: &str| slug_meant(&percent_decode_str(path).decode_utf8_lossy()) == question;
    match link {
        Destination::Relative { path, .. } => is_meant(path),
        Destination::Named { name, .. } => is_meant(name),
        Destination::Absolute(url) => {
            urls.own(url).is_some_and(|address| address == url::entry(Kind::Question, question))
        }
        Destination::Mail(_) | Destination::Fragment(_) | Destination::Unsafe(_) => false,
    }
}

fn name_meant(text: &str) -> &str {
    let text = text.trim().trim_end_matches('/').trim_end_matches("/index.md");
    text.rsplit('/').next().unwrap_or(text).trim_end_matches(".md")
}

fn of_itself(page: &Head, target: &Spanned<String>) -> Diagnostic {
    Diagnostic::new(
        Rule::BrokenDuplicate,
        &page.path,
        target.span,
        "This question says that it is a duplicate of itself.",
    )
    .help("Give the slug of the other question, or remove the line. Until then the question is left out.")
}

fn of_nothing(page: &Head, target: &Spanned<String>, near: Option<String>) -> Diagnostic {
    let problem = Diagnostic::new(
        Rule::BrokenDuplicate,
        &page.path,
        target.span,
        format!("There is no question `{}` on the site.", target.value),
    );
    match near {
        Some(near) => problem.guess(near, "Until then the question is left out."),
        None => problem
            .help("Give the slug of the question that has the answers. Until then this one is left out."),
    }
}

fn in_a_chain(page: &Head, target: &Spanned<String>, end: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::DuplicateChain,
        &page.path,
        target.span,
        format!("`{}` is itself a duplicate, ultimately of `{end}`.", target.value),
    )
    .help(format!(
        "Write `duplicate_of: {end}`, the question that has the answers. Readers are already sent there."
    ))
    .fix(end)
}

fn in_a_circle(page: &Head, target: &Spanned<String>) -> Diagnostic {
    Diagnostic::new(
        Rule::BrokenDuplicate,
        &page.path,
        target.span,
        format!("`{}` leads back to this question in a loop.", target.value),
    )
    .help("Remove `duplicate_of` from the question that has the answers. Until then this one is left out.")
}
