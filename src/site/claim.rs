//! Which file gets which address.
//!
//! Addresses are given out by age, the oldest file by git first, so that nobody who adds a file takes an address from
//! anybody. A name of the site's own leads to a free one nearby ([`reserved::free`]). Where two names have one slug, the
//! second gets its signs in words, else a number, and a warning says so. Only where the names are the same, and it is
//! not for a program to say which file was meant, the younger one is held.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;

use super::address::{Addresses, is_below_static_file};
use super::classify::{self, Role};
use super::naming::{self, Order};
use super::reserved::{self, Owner};
use super::{Form, PageId, url};
use crate::diagnostic::{Diagnostic, Rule, Severity, Span};
use crate::output::OutputPath;
use crate::page::kind::Kind;
use crate::page::{Head, slug};
use crate::source::Sources;

/// The address that a file asks for.
struct Wanted {
    slug: String,
    address: String,
    /// The address as hosts serve it: what two pages cannot both have.
    key: String,
    /// What the file's own address belongs to, if it had to ask for another one.
    instead_of: Option<(String, Obstacle)>,
}

/// Why a page cannot have the address of its name.
#[derive(Clone, Copy)]
enum Obstacle {
    Reserved(Owner),
    /// A file of `static/` stands where the page needs a folder.
    Static,
}

/// What gives out addresses needs to see.
struct Claims<'a> {
    sources: &'a Sources,
    pages: &'a [&'a Head],
    wanted: &'a [Option<Wanted>],
    /// The first of those that want an address, in order of the keys.
    firsts: Vec<(&'a str, PageId)>,
    /// Addresses given to a file whose name says another one.
    given: BTreeMap<String, PageId>,
    /// Slugs that messages propose, which nobody has and nobody else is told.
    proposed: BTreeSet<String>,
    /// Where the search for a free number goes on, by address.
    numbers: HashMap<String, usize>,
}

/// Gives every entry its address, and writes the slug of it into the roles. An entry without one is [`Role::Held`], and its
/// replies pass to the winner if both are of one name in one folder, so that nobody knows whose replies they are.
pub fn claim(
    sources: &Sources,
    pages: &[&Head],
    forms: &[Form],
    roles: &mut [Role],
    diagnostics: &mut Vec<Diagnostic>,
) -> Addresses {
    naming::weigh_folders(sources, pages, roles);
    let wanted: Vec<Option<Wanted>> =
        (0..pages.len()).into_par_iter().map(|id| want(sources, pages[id], &roles[id], forms[id])).collect();
    let mut by_key: Vec<(&str, PageId)> =
        wanted.iter().enumerate().filter_map(|(id, wanted)| Some((&*wanted.as_ref()?.key, id))).collect();
    by_key.par_sort_unstable();
    let mut claims = Claims {
        sources,
        pages,
        wanted: &wanted,
        firsts: Vec::with_capacity(by_key.len()),
        given: BTreeMap::new(),
        proposed: BTreeSet::new(),
        numbers: HashMap::new(),
    };
    let mut queue: BTreeSet<(Order<'_>, PageId)> = BTreeSet::new();
    let mut same: Vec<(PageId, PageId)> = Vec::new();
    for claimants in by_key.chunk_by(|a, b| a.0 == b.0) {
        let first = match claimants {
            [(_, id)] => *id,
            _ => first_of(&claims, roles, claimants, &mut queue, &mut same),
        };
        claims.firsts.push((claimants[0].0, first));
    }
    let moved = settle(&mut claims, roles, queue);
    let mut losers: BTreeMap<PageId, PageId> = BTreeMap::new();
    for (loser, winner) in same {
        let address = &claims.wanted(loser).address;
        let base = if address == "/" { "/home/" } else { address };
        let free = claims.propose(base);
        diagnostics.push(taken(pages[loser], address, &pages[winner].path, &free));
        roles[loser] = Role::Held;
        let folder = |id: PageId| slug::fold(&classify::folder_of_replies(pages[id]));
        if folder(loser) == folder(winner) {
            losers.insert(loser, winner);
        }
    }
    let addresses = hand_out(&claims, &moved, roles, diagnostics);
    for role in roles {
        if let Role::Reply { owner, .. } = role
            && let Some(winner) = losers.get(owner)
        {
            *owner = *winner;
        }
    }
    addresses
}

/// What a file asks for. One that is held asks as well, so that nobody's address depends on whether it is.
fn want(sources: &Sources, page: &Head, role: &Role, form: Form) -> Option<Wanted> {
    let kind = page.place.kind;
    let own = match role {
        Role::Entry { slug, .. } => slug.clone(),
        Role::HomeText => String::new(),
        Role::Held if form == Form::Entry => naming::plain(&naming::parts_of(page)),
        Role::Reply { .. } | Role::TopicText(_) | Role::Held => return None,
    };
    if own.is_empty() {
        return Some(Wanted { slug: own, address: "/".into(), key: "/".into(), instead_of: None });
    }
    let address = url::entry(kind, &own);
    let obstacle = match reserved::of_page(kind, &address) {
        Some(owner) => Some(Obstacle::Reserved(owner)),
        None => is_below_static_file(sources, &address).then_some(Obstacle::Static),
    };
    let Some(obstacle) = obstacle else {
        return Some(Wanted { key: reserved::served(&address), slug: own, address, instead_of: None });
    };
    let mut slug = reserved::free(kind, &own, naming::is_folder(page));
    if is_below_static_file(sources, &url::entry(kind, &slug)) {
        slug = reserved::beside(kind, &slug, naming::is_folder(page));
    }
    let free = url::entry(kind, &slug);
    Some(Wanted { key: reserved::served(&free), slug, address: free, instead_of: Some((address, obstacle)) })
}

/// The one of several that keeps their address. The others with other names wait in the queue; those with the same name
/// are held.
fn first_of<'a>(
    claims: &Claims<'a>,
    roles: &[Role],
    claimants: &[(&str, PageId)],
    queue: &mut BTreeSet<(Order<'a>, PageId)>,
    same: &mut Vec<(PageId, PageId)>,
) -> PageId {
    let is_home = claimants[0].0 == "/";
    // All texts of the home page have one name.
    let name =
        |id: PageId| if is_home { String::new() } else { naming::key(&naming::parts_of(claims.pages[id])) };
    let mut in_order: Vec<(Order<'a>, PageId)> =
        claimants.iter().map(|(_, id)| (claims.order(*id), *id)).collect();
    in_order.sort_unstable();
    let is_held = |id: PageId| roles[id] == Role::Held;
    let mut named: BTreeMap<String, PageId> = BTreeMap::new();
    for (_, id) in in_order.iter().filter(|(_, id)| !is_held(*id)) {
        match named.get(&name(*id)) {
            Some(first) => same.push((*id, *first)),
            None => drop(named.insert(name(*id), *id)),
        }
    }
    // What is held keeps an address from those of another name; those of its own name may be meant to replace it.
    in_order.retain(|(_, id)| named.get(&name(*id)).is_none_or(|first| first == id));
    let first = in_order[0].1;
    queue.extend(in_order.into_iter().skip(1).filter(|(_, id)| !is_held(*id)));
    first
}

/// Finds addresses for those who wait, the oldest first. An entry that loses its address to it is younger, and waits next.
fn settle<'a>(
    claims: &mut Claims<'a>,
    roles: &[Role],
    mut queue: BTreeSet<(Order<'a>, PageId)>,
) -> BTreeMap<PageId, Option<String>> {
    let mut moved = BTreeMap::new();
    while let Some((order, id)) = queue.pop_first() {
        let place = claims.place(id, order);
        if let Some((_, key)) = &place {
            let displaced = claims.owner(key);
            claims.given.insert(key.clone(), id);
            if let Some(other) = displaced.filter(|other| roles[*other] != Role::Held) {
                queue.insert((claims.order(other), other));
            }
        }
        moved.insert(id, place.map(|(slug, _)| slug));
    }
    moved
}

/// Everybody's address at last, and what is to be said of it.
fn hand_out(
    claims: &Claims<'_>,
    moved: &BTreeMap<PageId, Option<String>>,
    roles: &mut [Role],
    diagnostics: &mut Vec<Diagnostic>,
) -> Addresses {
    let mut addresses = Addresses::default();
    let mut by_key: Vec<(String, PageId)> = Vec::with_capacity(claims.firsts.len());
    let mut folders: BTreeSet<&str> = BTreeSet::new();
    for (id, wanted) in claims.wanted.iter().enumerate() {
        let page = &claims.pages[id];
        let (Some(wanted), Role::Entry { slug, .. }) = (wanted, &mut roles[id]) else { continue };
        let kind = page.place.kind;
        let own = match moved.get(&id) {
            Some(Some(other)) => other,
            Some(None) => "",
            None => &wanted.slug,
        };
        let address = url::entry(kind, own);
        let is_free =
            reserved::of_page(kind, &address).is_none() && !is_below_static_file(claims.sources, &address);
        let is_possible = !own.is_empty() && OutputPath::new(&url::output_path(&address)).is_ok();
        if !is_free || !is_possible {
            diagnostics.push(match &wanted.instead_of {
                Some((address, obstacle)) if is_possible => nowhere(page, address, *obstacle),
                _ => impossible(page),
            });
            roles[id] = Role::Held;
            continue;
        }
        slug.clear();
        slug.push_str(own);
        if let Some((asked, obstacle)) = &wanted.instead_of {
            // One warning a folder, as for every folder that is called otherwise than it should be.
            let is_folder = page.place.unknown
                && (naming::is_folder(page) || wanted.slug.contains('/'))
                && first(asked) != first(&wanted.address);
            let folder = page.place.folders.first().filter(|_| is_folder);
            if folder.is_none_or(|folder| folders.insert(folder)) {
                diagnostics.push(led_elsewhere(page, folder.map(String::as_str), asked, *obstacle, &address));
            }
        }
        if *own != *wanted.slug {
            let other = claims.owner(&wanted.key).filter(|other| *other != id);
            let other = other.map(|other| &*claims.pages[other].path);
            diagnostics.push(moved_aside(page, &wanted.address, other, &address));
        }
        by_key.push((reserved::served(&address), id));
        addresses.of.insert(id, address);
    }
    addresses.by_key = by_key.into_iter().collect();
    addresses
}

impl<'a> Claims<'a> {
    fn wanted(&self, id: PageId) -> &'a Wanted {
        // Only what wants an address is asked for.
        self.wanted[id].as_ref().expect("a page that wants an address")
    }

    fn order(&self, id: PageId) -> Order<'a> {
        naming::order(self.sources, self.pages[id])
    }

    /// Who has an address, as far as addresses are given out.
    fn owner(&self, key: &str) -> Option<PageId> {
        let first = || {
            let at = self.firsts.binary_search_by(|(other, _)| (*other).cmp(key)).ok()?;
            Some(self.firsts[at].1)
        };
        self.given.get(key).copied().or_else(first)
    }

    /// The nearest free slug for a page whose own is somebody else's, with its key.
    fn place(&mut self, id: PageId, order: Order<'_>) -> Option<(String, String)> {
        let wanted = self.wanted(id);
        let kind = self.pages[id].place.kind;
        let parts = naming::parts_of(self.pages[id]);
        let spoken = match &wanted.instead_of {
            // The slug is no longer that of the name.
            Some(_) => wanted.slug.clone(),
            None if wanted.slug == naming::plain(&parts) => naming::spoken(&parts),
            // Of a folder that was called otherwise.
            None => {
                let folder = wanted.slug.rsplit_once('/').map_or("", |(folder, _)| folder);
                let last = naming::spoken(&parts[parts.len().saturating_sub(1)..]);
                format!("{folder}/{last}")
            }
        };
        let undotted = wanted.slug.replace('.', "-");
        for slug in [&wanted.slug, &spoken, &undotted] {
            if let Some(key) = self.key_if_free(kind, slug, order) {
                return Some((slug.clone(), key));
            }
        }
        let from = self.numbers.get(&url::entry(kind, &spoken)).copied().unwrap_or(2);
        for number in from..from + self.most() {
            let slug = format!("{spoken}-{number}");
            if let Some(key) = self.key_if_free(kind, &slug, order) {
                self.numbers.insert(url::entry(kind, &spoken), number + 1);
                return Some((slug, key));
            }
        }
        None
    }

    /// The key of a slug that nobody older has, and that a page can have.
    fn key_if_free(&self, kind: Kind, slug: &str, order: Order<'_>) -> Option<String> {
        let address = url::entry(kind, slug);
        let key = reserved::served(&address);
        let is_free = self.owner(&key).is_none_or(|other| self.order(other) > order)
            && reserved::of_page(kind, &address).is_none()
            && !is_below_static_file(self.sources, &address)
            && OutputPath::new(&url::output_path(&address)).is_ok();
        is_free.then_some(key)
    }

    /// More numbers than can be taken, so that every search for a free one ends.
    fn most(&self) -> usize {
        self.wanted.len() + self.given.len() + self.proposed.len() + self.sources.statics.len() + 2
    }

    /// A slug that nobody wants, for the front matter of a file that is held.
    fn propose(&mut self, address: &str) -> String {
        let stem = address.trim_end_matches('/');
        let from = self.numbers.get(address).copied().unwrap_or(2);
        for number in from..from + self.most() {
            let key = reserved::served(&format!("{stem}-{number}/"));
            if self.owner(&key).is_none() && reserved::owner(&key).is_none() && self.proposed.insert(key) {
                self.numbers.insert(address.to_string(), number + 1);
                let last = stem.rsplit('/').next().unwrap_or_default();
                return format!("{last}-{number}");
            }
        }
        String::new()
    }
}

fn slug_span(page: &Head) -> Span {
    page.fields.slug.as_ref().map_or(Span::START, |slug| slug.span)
}

/// The last part of an address, which a line `slug:` can give.
fn last(address: &str) -> &str {
    address.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}

/// The first part of an address.
fn first(address: &str) -> &str {
    address.trim_start_matches('/').split('/').next().unwrap_or_default()
}

fn problem(page: &Head, message: String) -> Diagnostic {
    Diagnostic::new(Rule::DuplicateAddress, &page.path, slug_span(page), message)
}

fn warning(page: &Head, message: String) -> Diagnostic {
    Diagnostic { severity: Severity::Warning, ..problem(page, message) }
}

fn taken(page: &Head, address: &str, winner: &str, free: &str) -> Diagnostic {
    problem(page, format!("`{}` and `{winner}` both claim the address {address}.", page.path))
        .help(format!(
            "`{winner}` was first and keeps it. Rename this file, or give it its own address: `slug: {free}`. Until \
             then it is left out."
        ))
        .fix(free)
}

fn moved_aside(page: &Head, wanted: &str, other: Option<&str>, address: &str) -> Diagnostic {
    let slug = last(address);
    let (other, first) = match other {
        Some(other) => (format!("`{other}`"), format!("`{other}` was first and keeps it.")),
        None => ("an older file".to_string(), "The older file keeps it.".to_string()),
    };
    warning(page, format!("`{}` and {other} both claim the address {wanted}.", page.path))
        .help(format!(
            "{first} This page is published at {address}. To keep that address, write `slug: {slug}`."
        ))
        .fix(slug)
}

fn impossible(page: &Head) -> Diagnostic {
    Diagnostic::new(
        Rule::UnsafePath,
        &page.path,
        Span::START,
        "The address of this page would be too long for some systems to store.",
    )
    .help("Give the folders shorter names, or fewer of them. Until then the page is left out.")
}

fn whose(obstacle: Obstacle) -> &'static str {
    match obstacle {
        Obstacle::Reserved(Owner::Site) => "which the site itself uses",
        Obstacle::Reserved(Owner::Host) => "which web hosts reserve",
        Obstacle::Static => "where a file from `static/` is",
    }
}

fn nowhere(page: &Head, address: &str, obstacle: Obstacle) -> Diagnostic {
    problem(page, format!("`{}` claims the address {address}, {}.", page.path, whose(obstacle)))
        .help("Rename this file or the folder that it is in. Until then it is left out.")
}

fn led_elsewhere(
    page: &Head,
    folder: Option<&str>,
    asked: &str,
    obstacle: Obstacle,
    address: &str,
) -> Diagnostic {
    let message = format!("`{}` claims the address {asked}, {}.", page.path, whose(obstacle));
    match folder {
        Some(folder) => {
            let other = first(address);
            warning(page, message).help(format!(
                "It is published at {address}, and so is everything in the folder `{folder}/` below /{other}/. \
                 Rename the folder to `{other}` to keep that, or to another name to choose the address."
            ))
        }
        None => {
            let slug = last(address);
            warning(page, message)
                .help(format!(
                    "It is published at {address}. To keep that, write `slug: {slug}`, or any other free \
                               slug."
                ))
                .fix(slug)
        }
    }
}
