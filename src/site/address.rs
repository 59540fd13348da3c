//! Who has which address, and which older addresses lead on. What a contributor's alias names may be nobody's: neither
//! another page's, nor the site's, nor a host's own, whatever ending a host leaves out of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use percent_encoding::percent_decode_str;
use unicode_normalization::UnicodeNormalization;

use super::people::People;
use super::reserved::{self, Owner};
use super::url::{self, Urls};
use super::{Entry, PageId, Redirect};
use crate::diagnostic::{Diagnostic, Rule, Spanned};
use crate::output::OutputPath;
use crate::page::kind::Kind;
use crate::page::{Head, slug};
use crate::source::Sources;

/// Every address that an entry has.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Addresses {
    /// The address of an entry's page.
    pub of: BTreeMap<PageId, String>,
    /// By the address that hosts serve for it.
    pub(super) by_key: BTreeMap<String, PageId>,
}

impl Addresses {
    /// The entry at an address, whatever its case, its normalisation or the ending that a host leaves out.
    #[must_use]
    pub fn at(&self, address: &str) -> Option<PageId> {
        self.by_key.get(&reserved::served(address)).copied()
    }
}

/// Everything that has an address, for telling which alias is free.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "the types say it")]
pub struct Claims<'a> {
    pub sources: &'a Sources,
    pub pages: &'a [&'a Head],
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
    let Claims { sources, pages, addresses, urls, .. } = *claims;
    let of_page: HashMap<PageId, &Entry> = entries.iter().map(|entry| (entry.page, entry)).collect();
    let mut redirects = BTreeMap::new();
    for (from, to) in merged {
        if let (Some(address), Some(entry)) = (addresses.of.get(from), of_page.get(to)) {
            redirects.insert(address.clone(), Redirect::to(entry));
        }
    }
    let mut with_aliases: Vec<PageId> =
        (0..pages.len()).filter(|id| !pages[*id].fields.aliases.is_empty()).collect();
    with_aliases.sort_by_key(|id| (sources.age(&pages[*id].path), *id));
    let mut aliases = Aliases::new(claims, &with_aliases);
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
            match aliases.owner(page, &address) {
                // An alias of a page's own address says nothing new.
                Claimed::Already => {}
                Claimed::By(owner) => diagnostics.push(alias_taken(page, alias, &address, &owner)),
                Claimed::Free => {
                    redirects.insert(address, Redirect::to(entry));
                }
            }
        }
    }
    redirects
}

/// Folders of plain pages that no page, redirect or static file stands for, by the address of the page that lists what is
/// in them; and what each is called.
pub fn folders(
    sources: &Sources,
    pages: &[&Head],
    entries: &[Entry],
    redirects: &BTreeMap<String, Redirect>,
) -> BTreeMap<String, String> {
    let plain = || entries.iter().filter(|entry| entry.kind == Kind::Page && entry.is_listed());
    let mut folders: BTreeMap<String, String> = BTreeMap::new();
    for entry in plain() {
        let names = &pages[entry.page].place.folders;
        for (depth, above) in url::above(&entry.address).enumerate() {
            if !folders.contains_key(above) {
                let own = above.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
                let name = names.get(depth).map_or(own, String::as_str);
                folders.insert(above.to_string(), slug::words(without_number(name)));
            }
        }
    }
    if folders.is_empty() {
        return folders;
    }
    let served = |address: &String| reserved::served(address);
    let pages = entries.iter().map(|entry| reserved::served(&entry.address));
    let taken: BTreeSet<String> = pages.chain(redirects.keys().map(served)).collect();
    folders.retain(|address, _| {
        !taken.contains(&reserved::served(address))
            && reserved::of_page(Kind::Page, address).is_none()
            && !sources.statics.contains_key(&url::output_path(address))
    });
    folders
}

/// A name without the number that only puts it in order: `01-basics` is `basics`.
fn without_number(name: &str) -> &str {
    let rest = name.trim_start_matches(|c: char| c.is_ascii_digit());
    let rest = rest.strip_prefix(['-', '_', '.', ' ']).filter(|rest| rest.len() < name.len());
    rest.filter(|rest| rest.starts_with(char::is_alphabetic)).unwrap_or(name)
}

/// What became of an alias.
enum Claimed {
    /// It is the page's from now on.
    Free,
    /// It is the page's own address, or an alias of it that was there.
    Already,
    /// It is somebody else's.
    By(String),
}

/// The aliases that were given out.
struct Aliases<'a> {
    claims: &'a Claims<'a>,
    /// Folded as they are written, with the path of the page.
    written: BTreeMap<String, Arc<str>>,
    /// By the address that hosts serve for them.
    served: BTreeMap<String, Arc<str>>,
    /// What hosts serve for the files of `static/`.
    statics: BTreeSet<String>,
}

impl<'a> Aliases<'a> {
    fn new(claims: &'a Claims<'a>, with_aliases: &[PageId]) -> Aliases<'a> {
        let statics = claims.sources.statics.keys().filter(|_| !with_aliases.is_empty());
        let statics = statics.map(|path| reserved::served(&format!("/{path}"))).collect();
        Aliases { claims, written: BTreeMap::new(), served: BTreeMap::new(), statics }
    }

    /// Gives an address to a page, if it is nobody's.
    fn owner(&mut self, page: &Head, address: &str) -> Claimed {
        let Claims { sources, pages, addresses, people, .. } = *self.claims;
        let (written, served) = (slug::fold(address), reserved::served(address));
        let is_of_page = |id: PageId| pages[id].path == page.path;
        let at = addresses.by_key.get(&served).copied();
        if let Some(id) = at.filter(|id| !is_of_page(*id)) {
            return Claimed::By(pages[id].path.to_string());
        }
        if self.written.get(&written).is_some_and(|path| *path == page.path)
            || at.is_some_and(|id| addresses.of.get(&id).is_some_and(|own| slug::fold(own) == written))
        {
            return Claimed::Already;
        }
        // One page may have both of two addresses that some host takes for one: they lead to the same place.
        if let Some(path) = self.served.get(&served).filter(|path| **path != page.path) {
            return Claimed::By(path.to_string());
        }
        if people.at_address(&served) {
            return Claimed::By("a person's page".to_string());
        }
        if self.statics.contains(&served) || is_below_static_file(sources, address) {
            return Claimed::By("static/".to_string());
        }
        if let Some(owner) = reserved::owner_of_alias(address) {
            let owner = match owner {
                Owner::Site => "the site itself",
                Owner::Host => "what web hosts reserve",
            };
            return Claimed::By(owner.to_string());
        }
        if let Some(id) = below(&addresses.by_key, &written) {
            return Claimed::By(pages[*id].path.to_string());
        }
        if let Some(other) = below(&self.written, &written).or_else(|| above(&self.written, &written)) {
            return Claimed::By(format!("another alias of {other}"));
        }
        self.written.insert(written, Arc::clone(&page.path));
        self.served.insert(served, Arc::clone(&page.path));
        Claimed::Free
    }
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
    let address = if path.contains('/') {
        let path = path.trim_matches('/');
        let last = path.rsplit('/').next()?;
        if last.ends_with(".html") { format!("/{path}") } else { format!("/{path}/") }
    } else {
        url::entry(entry.kind, &slug::slug(&path))
    };
    let address = address.strip_suffix("index.html").map_or(address.clone(), str::to_string);
    (address != "/" && OutputPath::new(&url::output_path(&address)).is_ok()).then_some(address)
}

/// Whether a file of `static/` stands where this address would need a folder.
pub(super) fn is_below_static_file(sources: &Sources, address: &str) -> bool {
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

fn alias_taken(page: &Head, alias: &Spanned<String>, address: &str, owner: &str) -> Diagnostic {
    let stands_for = reserved::served(address);
    // Said only where nobody would see it.
    let why = if address.trim_end_matches('/') == stands_for.trim_end_matches('/')
        || slug::fold(address) == stands_for
    {
        String::new()
    } else {
        format!("Many hosts also serve {address} at {stands_for}. ")
    };
    Diagnostic::new(
        Rule::DuplicateAddress,
        &page.path,
        alias.span,
        format!("The alias `{}` of `{}` is already the address of {owner}.", alias.value, page.path),
    )
    .help(format!("{why}Remove the alias. The page itself is published; only the alias is left out."))
}

fn bad_alias(page: &Head, alias: &Spanned<String>) -> Diagnostic {
    Diagnostic::new(
        Rule::Alias,
        &page.path,
        alias.span,
        format!("`{}` is not an address on this site.", alias.value),
    )
    .help("An alias is a path such as `/old/address/`, or the page's former slug. It is left out.")
}
