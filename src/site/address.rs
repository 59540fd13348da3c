//! Whose address is whose. Where two files want one address the older keeps it and the other is held,
//! so that a stranger's file never takes a page offline.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::layout::Role;
use super::people::People;
use super::url::{self, Urls};
use super::{Entry, PageId, Redirect};
use crate::diagnostic::{Diagnostic, Rule, Span, Spanned};
use crate::output::OutputPath;
use crate::page::{Page, slug};
use crate::source::Sources;

/// Every address that an entry has.
#[derive(Debug, Default)]
pub struct Addresses {
    /// The address of an entry's page.
    pub of: BTreeMap<PageId, String>,
    by_folded: BTreeMap<String, PageId>,
}

impl Addresses {
    /// The entry at an address, whatever its case or normalisation.
    #[must_use]
    pub fn at(&self, address: &str) -> Option<PageId> {
        self.by_folded.get(&slug::fold(address)).copied()
    }
}

/// Gives every entry its address. A loser's role becomes [`Role::Held`], and its replies pass to the
/// winner if both wanted to be the same page.
pub fn claim(
    sources: &Sources,
    pages: &[Arc<Page>],
    roles: &mut [Role],
    diagnostics: &mut Vec<Diagnostic>,
) -> Addresses {
    let mut claims: BTreeMap<String, Vec<PageId>> = BTreeMap::new();
    let mut wanted: BTreeMap<PageId, String> = BTreeMap::new();
    for (id, role) in roles.iter().enumerate() {
        if let Role::Entry { slug, .. } = role {
            let address = url::entry(pages[id].place.kind, slug);
            claims.entry(slug::fold(&address)).or_default().push(id);
            wanted.insert(id, address);
        }
    }
    let mut addresses = Addresses::default();
    let mut losers: BTreeMap<PageId, PageId> = BTreeMap::new();
    for (folded, mut claimants) in claims.clone() {
        let is_free =
            |address: &str| !claims.contains_key(&slug::fold(address)) && !url::is_reserved(address);
        if url::is_reserved(&folded) {
            for id in claimants {
                diagnostics.push(reserved(&pages[id], &wanted[&id], &free_slug(&wanted[&id], is_free)));
                roles[id] = Role::Held;
            }
            continue;
        }
        claimants.sort_by_key(|id| (sources.age(&pages[*id].path), &pages[*id].path));
        let winner = claimants[0];
        for loser in &claimants[1..] {
            let free = free_slug(&wanted[loser], is_free);
            diagnostics.push(taken(&pages[*loser], &wanted[loser], &pages[winner].path, &free));
            roles[*loser] = Role::Held;
            losers.insert(*loser, winner);
        }
        addresses.by_folded.insert(folded, winner);
        addresses.of.insert(winner, wanted[&winner].clone());
    }
    for role in roles {
        if let Role::Reply { owner, .. } = role {
            if let Some(winner) = losers.get(owner) {
                *owner = *winner;
            }
        }
    }
    addresses
}

/// Everything that has an address, for telling which alias is free.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "the types say it")]
pub struct Claims<'a> {
    pub sources: &'a Sources,
    pub pages: &'a [Arc<Page>],
    pub addresses: &'a Addresses,
    pub people: &'a People,
    pub urls: &'a Urls,
}

/// Where merged questions and aliases lead.
pub fn redirects(
    claims: &Claims<'_>,
    entries: &[Entry],
    merged: &BTreeMap<PageId, PageId>,
    diagnostics: &mut Vec<Diagnostic>,
) -> BTreeMap<String, Redirect> {
    let Claims { sources, pages, addresses, people, urls } = *claims;
    let of_page: BTreeMap<PageId, &Entry> = entries.iter().map(|entry| (entry.page, entry)).collect();
    let mut redirects = BTreeMap::new();
    for (from, to) in merged {
        if let (Some(address), Some(entry)) = (addresses.of.get(from), of_page.get(to)) {
            redirects
                .insert(address.clone(), Redirect { to: entry.address.clone(), title: entry.title.clone() });
        }
    }
    let mut folded: BTreeMap<String, Arc<str>> = BTreeMap::new();
    for (id, page) in pages.iter().enumerate() {
        let Some(entry) = of_page.get(&merged.get(&id).copied().unwrap_or(id)) else { continue };
        if entry.page != id && !merged.contains_key(&id) {
            continue;
        }
        for alias in &page.fields.aliases {
            let Some(address) = alias_address(&alias.value, entry, urls) else {
                diagnostics.push(bad_alias(page, alias));
                continue;
            };
            let key = slug::fold(&address);
            let owner = addresses
                .at(&address)
                .map(|id| Arc::clone(&pages[id].path))
                .or_else(|| folded.get(&key).cloned())
                .or_else(|| people.at_address(&address).then(|| Arc::from("a person's page")))
                .or_else(|| {
                    sources.statics.contains_key(&url::output_path(&address)).then(|| Arc::from("static/"))
                })
                .or_else(|| url::is_reserved(&address).then(|| Arc::from("the site itself")));
            match owner {
                // An alias of a page's own address says nothing new.
                Some(owner) if owner == page.path => {}
                Some(owner) => diagnostics.push(alias_taken(page, alias, &owner)),
                None => {
                    folded.insert(key, Arc::clone(&page.path));
                    redirects
                        .insert(address, Redirect { to: entry.address.clone(), title: entry.title.clone() });
                }
            }
        }
    }
    redirects
}

/// The address that an alias means: a whole address of this site, a path, or a former slug.
fn alias_address(alias: &str, entry: &Entry, urls: &Urls) -> Option<String> {
    let alias = alias.trim();
    let path = match ::url::Url::parse(alias) {
        Ok(absolute) => urls.own(&absolute)?,
        Err(_) => alias.to_string(),
    };
    if path.contains(['?', '#', '\\']) {
        return None;
    }
    let address = if path.starts_with('/') {
        let path = path.trim_matches('/');
        let last = path.rsplit('/').next()?;
        if last.ends_with(".html") { format!("/{path}") } else { format!("/{path}/") }
    } else if path.contains('/') {
        format!("/{}/", path.trim_matches('/'))
    } else {
        url::entry(entry.kind, &slug::slug(&path))
    };
    let address = address.strip_suffix("index.html").map_or(address.clone(), str::to_string);
    (address != "/" && OutputPath::new(&url::output_path(&address)).is_ok()).then_some(address)
}

fn free_slug(address: &str, is_free: impl Fn(&str) -> bool) -> String {
    let stem = address.trim_end_matches('/');
    let slug = stem.rsplit('/').next().unwrap_or(stem);
    (2_u32..).map(|number| format!("{stem}-{number}/")).find(|address| is_free(address)).map_or_else(
        || slug.to_string(),
        |free| free.trim_matches('/').rsplit('/').next().unwrap_or(slug).to_string(),
    )
}

fn slug_span(page: &Page) -> Span {
    page.fields.slug.as_ref().map_or(Span::START, |slug| slug.span)
}

fn taken(page: &Page, address: &str, winner: &str, free: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::DuplicateAddress,
        &page.path,
        slug_span(page),
        format!("`{}` and `{winner}` both want the address {address}", page.path),
    )
    .help(format!(
        "`{winner}` was there first and keeps it. Rename this file, or give it an address of its own: `slug: {free}`. \
         Until then it is left out."
    ))
    .fix(free)
}

fn reserved(page: &Page, address: &str, free: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::DuplicateAddress,
        &page.path,
        slug_span(page),
        format!("`{}` wants the address {address}, which the site itself uses", page.path),
    )
    .help(format!(
        "Rename this file, or give it an address of its own: `slug: {free}`. Until then it is left out."
    ))
    .fix(free)
}

fn alias_taken(page: &Page, alias: &Spanned<String>, owner: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::DuplicateAddress,
        &page.path,
        alias.span,
        format!("The alias `{}` of `{}` is the address of {owner} already", alias.value, page.path),
    )
    .help("Remove the alias. The page itself is published; only the alias is left out.")
}

fn bad_alias(page: &Page, alias: &Spanned<String>) -> Diagnostic {
    Diagnostic::new(
        Rule::Alias,
        &page.path,
        alias.span,
        format!("`{}` is no address on this site", alias.value),
    )
    .help("An alias is a path such as `/old/address/`, or the page's former slug. It is left out.")
}
