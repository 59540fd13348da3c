//! Whose address is whose. Where two files want one address the older keeps it and the other is held,
//! so that a stranger's file never takes a page offline.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use percent_encoding::percent_decode_str;
use unicode_normalization::UnicodeNormalization;

use super::layout::{self, Role};
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
/// winner if both are of one name in one folder, so that nobody knows whose replies they are.
pub fn claim(
    sources: &Sources,
    pages: &[Arc<Page>],
    roles: &mut [Role],
    diagnostics: &mut Vec<Diagnostic>,
) -> Addresses {
    let wanted: Vec<Option<(String, String)>> = roles
        .par_iter()
        .enumerate()
        .map(|(id, role)| {
            let address = match role {
                Role::Entry { slug, .. } => url::entry(pages[id].place.kind, slug),
                Role::HomeText => "/".to_string(),
                Role::Reply { .. } | Role::TopicText(_) | Role::Held => return None,
            };
            let folded = slug::fold(&address);
            Some((address, folded))
        })
        .collect();
    let mut claims: Vec<(&str, PageId)> =
        wanted.iter().enumerate().filter_map(|(id, wanted)| Some((&*wanted.as_ref()?.1, id))).collect();
    claims.par_sort_unstable();
    let wanted = |id: PageId| wanted[id].as_ref().map_or("/", |(address, _)| address.as_str());
    let mut of: Vec<(PageId, String)> = Vec::with_capacity(claims.len());
    let mut by_folded: Vec<(String, PageId)> = Vec::with_capacity(claims.len());
    let mut losers: BTreeMap<PageId, PageId> = BTreeMap::new();
    let mut free = FreeSlugs { claims: &claims, taken: BTreeSet::new(), next: BTreeMap::new() };
    for claimants in claims.chunk_by(|a, b| a.0 == b.0) {
        let folded = claimants[0].0;
        let is_home = folded == "/";
        if !is_home && OutputPath::new(&url::output_path(folded)).is_err() {
            for (_, id) in claimants {
                diagnostics.push(impossible(&pages[*id]));
                roles[*id] = Role::Held;
            }
            continue;
        }
        if !is_home && (url::is_reserved(folded) || is_below_static_file(sources, folded)) {
            for (_, id) in claimants {
                diagnostics.push(reserved(&pages[*id], wanted(*id), &free.find(wanted(*id))));
                roles[*id] = Role::Held;
            }
            continue;
        }
        let mut claimants: Vec<PageId> = claimants.iter().map(|(_, id)| *id).collect();
        claimants.sort_by_key(|id| (sources.age(&pages[*id].path), &pages[*id].path, *id));
        let winner = claimants[0];
        for loser in &claimants[1..] {
            let slug = free.find(if is_home { "/home/" } else { wanted(*loser) });
            diagnostics.push(taken(&pages[*loser], wanted(*loser), &pages[winner].path, &slug));
            roles[*loser] = Role::Held;
            let folder = |id: PageId| slug::fold(&layout::folder_of_replies(&pages[id]));
            if folder(*loser) == folder(winner) {
                losers.insert(*loser, winner);
            }
        }
        if !is_home {
            by_folded.push((folded.to_string(), winner));
            of.push((winner, wanted(winner).to_string()));
        }
    }
    // In their order both are made at once.
    of.sort_unstable_by_key(|(id, _)| *id);
    let addresses = Addresses { of: of.into_iter().collect(), by_folded: by_folded.into_iter().collect() };
    for role in roles {
        if let Role::Reply { owner, .. } = role
            && let Some(winner) = losers.get(owner)
        {
            *owner = *winner;
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
    let of_page: HashMap<PageId, &Entry> = entries.iter().map(|entry| (entry.page, entry)).collect();
    let mut redirects = BTreeMap::new();
    for (from, to) in merged {
        if let (Some(address), Some(entry)) = (addresses.of.get(from), of_page.get(to)) {
            redirects.insert(address.clone(), Redirect::to(entry));
        }
    }
    let mut folded: BTreeMap<String, Arc<str>> = BTreeMap::new();
    let mut with_aliases: Vec<PageId> =
        (0..pages.len()).filter(|id| !pages[*id].fields.aliases.is_empty()).collect();
    with_aliases.sort_by_key(|id| (sources.age(&pages[*id].path), *id));
    for id in with_aliases {
        let page = &pages[id];
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
                    let path = url::output_path(&address);
                    let is_static = sources.statics.contains_key(&path);
                    (is_static || is_below_static_file(sources, &address)).then(|| Arc::from("static/"))
                })
                .or_else(|| url::is_reserved(&address).then(|| Arc::from("the site itself")))
                .or_else(|| below(&addresses.by_folded, &key).map(|id| Arc::clone(&pages[*id].path)))
                .or_else(|| {
                    let other = below(&folded, &key).or_else(|| above(&folded, &key))?;
                    Some(Arc::from(format!("another alias of {other}")))
                });
            match owner {
                // An alias of a page's own address says nothing new.
                Some(owner) if owner == page.path => {}
                Some(owner) => diagnostics.push(alias_taken(page, alias, &owner)),
                None => {
                    folded.insert(key, Arc::clone(&page.path));
                    redirects.insert(address, Redirect::to(entry));
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
    // What a browser asks for is not encoded, so neither is the address; nothing may hide in it.
    let path = percent_decode_str(&path).decode_utf8().ok()?.nfc().collect::<String>();
    if path.contains(['?', '#', '\\', '%']) || path.split('/').any(|part| part.starts_with('.')) {
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

/// Slugs that nobody wants yet, each given out once.
struct FreeSlugs<'a> {
    /// What somebody wants, in order.
    claims: &'a [(&'a str, PageId)],
    /// What was given away here.
    taken: BTreeSet<String>,
    /// Where the search for a free number goes on, by address.
    next: BTreeMap<String, u32>,
}

impl FreeSlugs<'_> {
    fn find(&mut self, address: &str) -> String {
        let stem = address.trim_end_matches('/');
        let next = self.next.entry(slug::fold(stem)).or_insert(2);
        loop {
            let free = format!("{stem}-{next}/");
            *next += 1;
            let folded = slug::fold(&free);
            let is_claimed = self.claims.binary_search_by(|(claim, _)| (*claim).cmp(&folded)).is_ok();
            if !url::is_reserved(&free) && !is_claimed && self.taken.insert(folded) {
                return free.trim_matches('/').rsplit('/').next().unwrap_or_default().to_string();
            }
        }
    }
}

/// Whether a file of `static/` stands where this address would need a folder.
fn is_below_static_file(sources: &Sources, address: &str) -> bool {
    let path = address.trim_matches('/');
    let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
    let is_folder = address.ends_with('/');
    !sources.statics.is_empty()
        && ends
            .filter(|end| is_folder || *end < path.len())
            .any(|end| sources.statics.contains_key(&path[..end]))
}

/// An address below this one, where this one would be a file: `/a.html/b/` below `/a.html`.
fn below<'a, T>(addresses: &'a BTreeMap<String, T>, address: &str) -> Option<&'a T> {
    if address.ends_with('/') {
        return None;
    }
    let folder = format!("{address}/");
    let (next, value) = addresses.range(folder.clone()..).next()?;
    next.starts_with(&folder).then_some(value)
}

/// An address that is a file where this one would need a folder.
fn above<'a, T>(addresses: &'a BTreeMap<String, T>, address: &str) -> Option<&'a T> {
    let ends = address.match_indices('/').map(|(at, _)| at).filter(|at| *at > 0);
    ends.filter_map(|end| addresses.get(&address[..end])).next()
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

fn impossible(page: &Page) -> Diagnostic {
    Diagnostic::new(
        Rule::UnsafePath,
        &page.path,
        Span::START,
        "The address of this page would be longer than some system can store",
    )
    .help("Give the folders shorter names, or fewer of them. Until then the page is left out.")
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
