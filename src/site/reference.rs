//! Where every link and image of every text leads. Links are written as they work on the git host:
//! relative paths to files. Paths of the site, pasted addresses of the site itself, and pasted addresses
//! of the repository's file view mean the same pages.
//!
//! A link that leads nowhere becomes its text, an image that is not there its description; each is
//! reported at its place with the nearest thing that there is.
//!
//! Long because what a link leads to and what is said of it belong together.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::asset::PublishedAsset;
use super::people::People;
use super::suggest::{Budget, Names};
use super::taxonomy::{Product, Tag, TagNames};
use super::url;
use super::{Entry, EntryId, PageId, Redirect, Shown};
use crate::diagnostic::{Diagnostic, Rule, Span, Spanned};
use crate::page::Page;
use crate::page::destination::{Destination, classify, named};
use crate::page::kind::Kind;
use crate::page::markdown::{Image, ImageTarget, Link, LinkKind, LinkTarget, Rel};
use crate::page::slug;
use crate::source::Sources;
use crate::source::asset::{Asset, Refusal};
pub use ids::heading_above;
pub use lead::{Lead, Leads, LinkDestination};
use mend::{Lines, rewritten};
pub(in crate::site) use names::names_of;
use resolver::{Here, Location, Resolution, file_name};
pub use resolver::{LinkResolver, Places};

mod ids;
mod lead;
mod mend;
mod names;
mod own;
pub(crate) mod picture;
mod resolver;

/// What has an address besides entries.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "the types say it")]
pub struct Taxonomies<'a> {
    pub redirects: &'a BTreeMap<String, Redirect>,
    /// Folders of plain pages that have no page of their own.
    pub folders: &'a BTreeMap<String, String>,
    pub people: &'a People,
    pub tags: &'a BTreeMap<String, Tag>,
    pub products: &'a BTreeMap<String, Product>,
    pub tag_names: &'a TagNames,
}

/// What was found on all pages while their links were followed.
#[derive(Debug, Default)]
pub struct Links {
    /// By page.
    pages: Vec<PageLinks>,
    guidelines: PageLinks,
    /// The published files, by address.
    pub assets: BTreeMap<String, PublishedAsset>,
}

/// What fulfilled an idea.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fulfilment {
    /// The title of the page, or what the file says.
    pub title: String,
    /// The link as it stands in a page, unless it is only a version.
    pub url: Option<String>,
    /// Whether it leads to another site.
    pub is_away: bool,
    /// The day of the page, if it has one.
    pub date: Option<jiff::civil::Date>,
}

/// What one page's slots hold, and what was found on the way.
#[derive(Debug, Default)]
struct PageLinks {
    shown: Shown,
    diagnostics: Vec<Diagnostic>,
    unfinished: Vec<Unfinished>,
    entries: Vec<EntryId>,
    /// Entries whose headings were looked for.
    headings: Vec<EntryId>,
    assets: BTreeSet<Arc<str>>,
    /// What links name rather than give an address of, folded.
    names: BTreeSet<String>,
    /// Whether a problem says which page is called nearly so.
    guesses_name: bool,
    /// Of the page of an idea.
    fulfilment: Option<(EntryId, Fulfilment)>,
}

/// A problem that could say more: what was meant, and how the line reads when it is mended.
#[derive(Debug)]
struct Unfinished {
    /// Index in the page's diagnostics.
    problem: usize,
    /// The part of the address that is wrong, as written.
    from: String,
    what: Meant,
}

/// How to find out what somebody meant.
#[derive(Debug)]
enum Meant {
    /// It is known.
    Taxonomies(String),
    /// The nearest slug, or the nearest tag, product or person.
    Slug,
    /// The page whose slug is nearest, by its name.
    Name,
    /// The image of the same name in another folder, or else the one whose file name is nearest.
    Image(Option<String>),
    /// The nearest heading of that page.
    Heading(Here),
}

/// Fills the slots of every page that is shown, and of the guidelines.
#[must_use]
pub fn resolve_all(resolver: &LinkResolver<'_>) -> (Links, Vec<Shown>, Shown) {
    let pages: Vec<PageLinks> =
        (0..resolver.pages.len()).into_par_iter().map(|id| page_links(resolver, id)).collect();
    let guidelines = resolver.guidelines.map(|page| guidelines_links(resolver, page));
    let mut all = Links { pages, guidelines: guidelines.unwrap_or_default(), assets: BTreeMap::new() };
    let mut finish = Finish::new(resolver);
    for (page, links) in resolver.pages.iter().zip(&mut all.pages) {
        finish.page(page, links);
    }
    if let Some(page) = resolver.guidelines {
        finish.page(page, &mut all.guidelines);
    }
    all.publish(resolver);
    let shown = all.pages.iter_mut().map(|links| std::mem::take(&mut links.shown)).collect();
    let of_guidelines = std::mem::take(&mut all.guidelines.shown);
    (all, shown, of_guidelines)
}

/// What filling the slots of some pages again gave.
#[derive(Debug)]
pub struct Again {
    /// By page.
    pub pages: Vec<(PageId, Shown)>,
    /// Of the guidelines, if they were looked at.
    pub guidelines: Option<Shown>,
    /// Whether all lead to the same entries and files, and mean the same by them.
    pub same: bool,
}

/// Fills the slots of some pages again, where everything that links may lead to is where it was; those of the
/// guidelines too if they lead to headings of `owners`.
#[must_use]
pub fn resolve_some(
    resolver: &LinkResolver<'_>,
    all: &mut Links,
    ids: &[PageId],
    owners: &BTreeSet<EntryId>,
) -> Again {
    let mut finish = Finish::new(resolver);
    let mut filled = Vec::with_capacity(ids.len());
    let (mut same_files, mut same_entries) = (true, true);
    for &id in ids {
        let mut links = page_links(resolver, id);
        finish.page(&resolver.pages[id], &mut links);
        filled.push((id, std::mem::take(&mut links.shown)));
        let old = &all.pages[id];
        same_files &= links.assets == old.assets;
        same_entries &= links.entries == old.entries && links.fulfilment == old.fulfilment;
        all.pages[id] = links;
    }
    // Their own text is what it was, so they refer to the same files.
    let guidelines = resolver.guidelines.filter(|_| all.guidelines.leads_into(owners)).map(|page| {
        all.guidelines = guidelines_links(resolver, page);
        finish.page(page, &mut all.guidelines);
        std::mem::take(&mut all.guidelines.shown)
    });
    if !same_files {
        all.publish(resolver);
    }
    Again { pages: filled, guidelines, same: same_files && same_entries }
}

impl PageLinks {
    /// Whether it leads to a heading of one of these entries.
    fn leads_into(&self, entries: &BTreeSet<EntryId>) -> bool {
        self.headings.iter().any(|entry| entries.contains(entry))
    }
}

impl Links {
    /// What is wrong with links and with what they lead to. One file is refused once, however many pages
    /// refer to it.
    #[must_use]
    pub fn diagnostics(&self, sources: &Sources) -> Vec<Diagnostic> {
        let all = self.pages.iter().chain([&self.guidelines]);
        let mut diagnostics: Vec<Diagnostic> =
            all.flat_map(|links| links.diagnostics.iter().cloned()).collect();
        // In a folder that is there for content alone, a text without an ending is somebody's page. Any other file
        // that nothing refers to is nobody's business.
        if !sources.content_prefix.is_empty() {
            let refused = sources.assets.values().filter(|asset| !asset.is_allowed());
            diagnostics.extend(refused.filter_map(|asset| super::asset::without_ending(sources, asset)));
        }
        let used: BTreeSet<&Arc<str>> =
            self.pages.iter().chain([&self.guidelines]).flat_map(|links| &links.assets).collect();
        let used = used.into_iter().filter_map(|path| sources.assets.get(path));
        diagnostics.extend(used.flat_map(|asset| picture::problems(asset, &sources.config.files)));
        diagnostics.sort();
        diagnostics.dedup();
        diagnostics
    }

    /// What fulfilled an idea, by entry.
    #[must_use]
    pub fn fulfilments(&self) -> BTreeMap<EntryId, Fulfilment> {
        self.pages.iter().filter_map(|links| links.fulfilment.clone()).collect()
    }

    /// Which entry links to which.
    #[must_use]
    pub fn between(&self, places: &Places) -> Vec<(EntryId, EntryId)> {
        let mut between = Vec::new();
        for (id, links) in self.pages.iter().enumerate().filter(|(_, links)| !links.entries.is_empty()) {
            if let Some(from) = places.entry_of(id) {
                let others = links.entries.iter().filter(|to| **to != from);
                between.extend(others.map(|to| (from, *to)));
            }
        }
        between
    }

    /// The pages with a link by one of these names, and those with one by a name that is nobody's: another name may be
    /// the nearest to it now.
    pub fn naming<'s>(&'s self, names: &'s BTreeSet<String>) -> impl Iterator<Item = PageId> + 's {
        let all = self.pages.iter().enumerate();
        let is_it = |links: &PageLinks| links.guesses_name || !names.is_disjoint(&links.names);
        all.filter(move |(_, links)| is_it(links)).map(|(id, _)| id)
    }

    /// The pages that lead to headings of some entries.
    pub fn leading_into<'s>(&'s self, entries: &'s BTreeSet<EntryId>) -> impl Iterator<Item = PageId> + 's {
        self.pages.iter().enumerate().filter(|(_, links)| links.leads_into(entries)).map(|(id, _)| id)
    }

    /// Gathers the files that pages refer to.
    fn publish(&mut self, resolver: &LinkResolver<'_>) {
        let all = self.pages.iter().chain([&self.guidelines]);
        let used: BTreeSet<&Arc<str>> = all.flat_map(|links| &links.assets).collect();
        let published = used.into_iter().filter_map(|path| {
            let published = resolver.published(path).ok()?;
            Some((resolver.asset_address(path).to_string(), published.clone()))
        });
        self.assets = published.collect();
    }
}

/// Tells every entry who links to it, in order of address. A page that was removed links to nothing.
#[must_use]
pub fn backlinks(entries: &[Entry], between: &[(EntryId, EntryId)]) -> Vec<Vec<EntryId>> {
    let mut pairs: Vec<(EntryId, EntryId)> = between
        .iter()
        .filter(|(from, _)| entries[*from].is_listed())
        .map(|(from, to)| (*to, *from))
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    let mut backlinks = vec![Vec::new(); entries.len()];
    for (to, from) in pairs {
        backlinks[to].push(from);
    }
    backlinks
}

/// How a link in the file `from` names the file `to`.
#[must_use]
pub fn relative_path(from: &str, to: &str) -> String {
    let folder: Vec<&str> = from.split('/').collect();
    let folder = &folder[..folder.len() - 1];
    let target: Vec<&str> = to.split('/').collect();
    let same = folder.iter().zip(&target).take_while(|(a, b)| a == b).count();
    let mut parts = vec![".."; folder.len() - same];
    parts.extend(&target[same..]);
    parts.join("/")
}

fn page_links(resolver: &LinkResolver<'_>, id: PageId) -> PageLinks {
    match &resolver.stands[id] {
        Some(stand) if resolver.is_shown(stand) => {
            let mut found = links(resolver, &resolver.pages[id], stand);
            let idea = stand.entry.filter(|entry| {
                let entry = &resolver.entries[*entry];
                entry.page == id && entry.kind == Kind::Idea
            });
            found.fulfilment = idea.and_then(|idea| Some((idea, fulfilment(resolver, idea, &mut found)?)));
            found
        }
        Some(_) => PageLinks::default(),
        // Anyone who mends what holds a page wants to know of its dead links too.
        None => {
            let stand = Location {
                address: String::new(),
                anchor: String::new(),
                entry: None,
                id_prefix: "h-".to_string(),
            };
            let found = links(resolver, &resolver.pages[id], &stand);
            let PageLinks { diagnostics, unfinished, headings, names, guesses_name, .. } = found;
            PageLinks { diagnostics, unfinished, headings, names, guesses_name, ..PageLinks::default() }
        }
    }
}

fn guidelines_links(resolver: &LinkResolver<'_>, page: &Page) -> PageLinks {
    let stand = Location {
        address: url::GUIDELINES_PAGE.to_string(),
        anchor: String::new(),
        entry: None,
        id_prefix: "h-".to_string(),
    };
    links(resolver, page, &stand)
}

fn links(resolver: &LinkResolver<'_>, page: &Page, stand: &Location) -> PageLinks {
    let mut found = PageLinks::default();
    for it in &page.body.links {
        let target = link(resolver, page, stand, it, &mut found);
        found.shown.links.push(target);
    }
    for it in &page.body.images {
        let target = image(resolver, page, stand, it, &mut found);
        found.shown.images.push(target);
    }
    found
}

fn link(
    resolver: &LinkResolver<'_>,
    page: &Page,
    stand: &Location,
    link: &Link,
    out: &mut PageLinks,
) -> LinkTarget {
    let place = &link.destination;
    let internal = |href: String| LinkTarget::To { href, rel: Rel::Internal };
    let found = resolver.find(page, stand, &link.target);
    if let (Some(Resolution::Nowhere(_)), Destination::Named { .. }) = (&found, &link.target)
        && let Some(target) = reversed(resolver, page, stand, link, out)
    {
        return target;
    }
    // A name in passing is nobody's mistake where there is no such person.
    let leads = matches!(found, Some(Resolution::Here(_) | Resolution::Away(_)));
    if link.kind == LinkKind::Mention && !leads {
        return LinkTarget::Dead;
    }
    match chosen(resolver, page, (&link.target, place.span), found, out) {
        None | Some(Resolution::Unlisted) => LinkTarget::Dead,
        Some(Resolution::Away(href)) => LinkTarget::To { href, rel: Rel::External },
        Some(Resolution::Here(here)) => {
            internal(href(resolver, page, stand, place, &link.target, &here, out))
        }
        Some(Resolution::Moved(here, file)) => {
            let href = href(resolver, page, stand, place, &link.target, &here, out);
            let written = path_of(&place.value);
            let right = name_for(resolver, page, written, file);
            out.later(moved(page, place.span, written, &right), written, Meant::Taxonomies(right.clone()));
            internal(href)
        }
        Some(Resolution::Asset(path)) => match resolver.published(&path) {
            Ok(_) => {
                let is_download = resolver.sources.assets.get(&path).is_some_and(Asset::is_download);
                let mut href = resolver.urls.href(resolver.asset_address(&path));
                if let Some(fragment) = fragment_of(&link.target) {
                    href.push('#');
                    href.push_str(&url::encode_fragment(fragment));
                }
                out.assets.insert(path);
                if is_download { LinkTarget::To { href, rel: Rel::Download } } else { internal(href) }
            }
            Err(why) => {
                out.diagnostics.push(unsafe_file(resolver, &path, why));
                out.diagnostics.push(refused_link(page, place.span, &path, why));
                LinkTarget::Dead
            }
        },
        Some(Resolution::Held(path)) => {
            out.diagnostics.push(held_link(page, place.span, &path));
            LinkTarget::Dead
        }
        Some(Resolution::Chosen(..)) => LinkTarget::Dead,
        Some(Resolution::Nowhere(what)) => match resolver.beside(page, &link.target) {
            Some(Some(href)) => LinkTarget::To { href, rel: Rel::External },
            Some(None) => {
                out.diagnostics.push(link_to_repository(page, place.span, &what));
                LinkTarget::Dead
            }
            None => {
                let meant = if link.kind == LinkKind::Wiki { Meant::Name } else { Meant::Slug };
                out.later(dead_link(page, place.span, &what), path_of(&place.value), meant);
                LinkTarget::Dead
            }
        },
    }
}

/// What `[[text|page]]` means where nothing has the first name and a page has the second.
fn reversed(
    resolver: &LinkResolver<'_>,
    page: &Page,
    stand: &Location,
    link: &Link,
    out: &mut PageLinks,
) -> Option<LinkTarget> {
    let target = named(&link.text);
    let Destination::Named { name, .. } = &target else { return None };
    out.names.insert(names::folded(name));
    let found = match resolver.find(page, stand, &target)? {
        Resolution::Chosen(first, _) => *first,
        found => found,
    };
    let Resolution::Here(here) = found else { return None };
    let href = href(resolver, page, stand, &link.destination, &target, &here, out);
    Some(LinkTarget::Reversed { href, text: link.destination.value.clone() })
}

/// What a link leads to of several files that have the name which it gives; that there are several is told.
fn chosen(
    resolver: &LinkResolver<'_>,
    page: &Page,
    (target, span): (&Destination, Span),
    found: Option<Resolution>,
    out: &mut PageLinks,
) -> Option<Resolution> {
    if let Destination::Named { name, .. } = target {
        out.names.insert(names::folded(name));
    }
    let Some(Resolution::Chosen(first, all)) = found else { return found };
    let exact = resolver.name_of(page, &all[0]);
    out.diagnostics.push(ambiguous_link(page, span, &all, &exact));
    Some(*first)
}

/// The link to an address of the site, with the fragment that is meant there.
fn href(
    resolver: &LinkResolver<'_>,
    page: &Page,
    stand: &Location,
    place: &Spanned<String>,
    target: &Destination,
    here: &Here,
    out: &mut PageLinks,
) -> String {
    if let Some(entry) = here.entry {
        out.entries.push(entry);
    }
    let written = fragment_of(target).unwrap_or_default();
    if !written.is_empty() {
        out.headings.extend(here.entry);
    }
    let fragment = match written {
        _ if here.entry.is_some_and(|entry| resolver.is_tombstone(entry)) => String::new(),
        "" => here.base.clone(),
        written => match resolver.ids(here).map(|ids| ids.find(written, here.id_prefix.as_deref())) {
            Some(Some(id)) => id,
            // To the top of the page, as in every browser.
            Some(None) if written.eq_ignore_ascii_case("top") => String::new(),
            Some(None) => {
                let problem = dead_fragment(page, place.span, written);
                out.later(problem, format!("#{written}"), Meant::Heading(here.clone()));
                here.base.clone()
            }
            // Generated pages have few ids, none of them for contributors to know.
            None => String::new(),
        },
    };
    if here.address == stand.address && !fragment.is_empty() {
        return format!("#{}", url::encode(&fragment));
    }
    match query_of(target).filter(|_| [url::SEARCH_PAGE, url::WRITE_PAGE].contains(&&*here.address)) {
        Some(query) => format!("{}?{}", resolver.urls.href(&here.address), url::encode_query_string(&query)),
        None => resolver.urls.href_to(&here.address, &fragment),
    }
}

fn image(
    resolver: &LinkResolver<'_>,
    page: &Page,
    stand: &Location,
    image: &Image,
    out: &mut PageLinks,
) -> ImageTarget {
    let span = image.source.span;
    let found = resolver.find(page, stand, &image.target);
    match chosen(resolver, page, (&image.target, span), found, out) {
        // What cannot be an address at all was reported where it was parsed.
        None => ImageTarget::Dead,
        Some(Resolution::Asset(path)) => {
            match (resolver.published(&path), resolver.sources.assets.get(&path)) {
                (Ok(_), Some(asset)) => {
                    let address = resolver.urls.href(resolver.asset_address(&path));
                    let dimensions = asset.facts().ok().and_then(|facts| facts.dimensions);
                    out.assets.insert(path);
                    if let Some(is_video) = asset.is_video() {
                        return ImageTarget::Play { src: address, is_video };
                    }
                    if !asset.is_image() {
                        return ImageTarget::AsLink { href: address };
                    }
                    let (width, height) = (dimensions.map(|it| it.0), dimensions.map(|it| it.1));
                    ImageTarget::Show { src: address, width, height }
                }
                (refused, _) => {
                    let why = refused.err().unwrap_or_default();
                    out.diagnostics.push(unsafe_file(resolver, &path, why));
                    out.diagnostics.push(refused_image(page, span, &path, why));
                    ImageTarget::Dead
                }
            }
        }
        Some(Resolution::Away(href)) => {
            let host = ::url::Url::parse(&href).ok().and_then(|url| url.host_str().map(str::to_string));
            let allowed = &resolver.sources.config.image_hosts;
            if host.is_some_and(|host| allowed.iter().any(|it| it.eq_ignore_ascii_case(&host))) {
                return ImageTarget::Show { src: href, width: None, height: None };
            }
            out.diagnostics.push(remote_image(page, span));
            ImageTarget::AsLink { href }
        }
        // A static file may be an image of the site's own.
        Some(Resolution::Here(Here { address, entry: None, .. })) if !address.ends_with('/') => {
            let file = resolver.sources.statics.get(address.trim_start_matches('/'));
            let size = file.and_then(crate::source::StaticFile::dimensions);
            ImageTarget::Show {
                src: resolver.urls.href(&address),
                width: size.map(|it| it.0),
                height: size.map(|it| it.1),
            }
        }
        Some(_) => {
            let written = path_of(&image.source.value);
            let near = resolver.image_like(written).map(|path| relative_path(&page.path, path));
            out.later(dead_image(page, span, &image.source.value), written, Meant::Image(near));
            ImageTarget::Dead
        }
    }
}

/// What fulfilled an idea: a page of the site by its path or its slug, an address elsewhere, or a version. A page that is
/// not shown fulfils nothing that can be told: neither its title nor the name of its file is.
fn fulfilment(resolver: &LinkResolver<'_>, id: EntryId, out: &mut PageLinks) -> Option<Fulfilment> {
    let entry = &resolver.entries[id];
    let page = &resolver.pages[entry.page];
    let stand = resolver.stands[entry.page].as_ref()?;
    let field = page.fields.fulfilled_by.as_ref()?;
    let written = field.value.trim();
    let target = classify(written);
    let looks_like_a_path = written.contains('/') || crate::source::is_document(written);
    let is_told = |here: &Here| here.entry.is_none_or(|it| !resolver.is_tombstone(it));
    let title =
        |here: &Here| here.entry.map_or(written, |it| resolver.entries[it].title.as_str()).to_string();
    let date = |here: &Here| Some(resolver.entries[here.entry?].date?.date);
    let found = match &target {
        Destination::Relative { .. } | Destination::Absolute(_) => resolver.find(page, stand, &target),
        _ => None,
    };
    match found {
        // An idea cannot fulfil itself.
        Some(Resolution::Here(here)) if here.entry == Some(id) => None,
        Some(Resolution::Here(here)) => {
            let url = Some(href(resolver, page, stand, field, &target, &here, out));
            is_told(&here).then(|| Fulfilment { title: title(&here), url, is_away: false, date: date(&here) })
        }
        Some(Resolution::Moved(here, file)) => {
            if looks_like_a_path {
                let right = name_for(resolver, page, written, file);
                out.diagnostics.push(moved(page, field.span, written, &right).fix(right));
            }
            let url = Some(resolver.urls.href_to(&here.address, &here.base));
            is_told(&here).then(|| Fulfilment { title: title(&here), url, is_away: false, date: date(&here) })
        }
        Some(Resolution::Away(href)) => {
            Some(Fulfilment { title: written.to_string(), url: Some(href), is_away: true, date: None })
        }
        Some(Resolution::Held(path)) => {
            out.diagnostics.push(held_link(page, field.span, &path));
            None
        }
        Some(Resolution::Nowhere(what)) if looks_like_a_path => {
            out.later(dead_link(page, field.span, &what), path_of(written), Meant::Slug);
            None
        }
        _ if looks_like_a_path => None,
        _ => Some(Fulfilment { title: written.to_string(), url: None, is_away: false, date: None }),
    }
}

impl PageLinks {
    fn later(&mut self, problem: Diagnostic, from: impl Into<String>, what: Meant) {
        self.guesses_name |= matches!(what, Meant::Name);
        self.unfinished.push(Unfinished { problem: self.diagnostics.len(), from: from.into(), what });
        self.diagnostics.push(problem);
    }
}

/// Completes diagnostics with what was meant, page by page in a fixed order, as far as the budget goes.
struct Finish<'w, 'a> {
    resolver: &'w LinkResolver<'a>,
    budget: Budget,
    /// Prepared with the first dead link.
    slugs: Option<Names<'a>>,
    /// The names of pages, prepared with the first that nothing has.
    called: Option<Names<'w>>,
    /// The tags, products and people that have a page, by the first part of their addresses.
    generated: BTreeMap<&'static str, Names<'a>>,
    /// The file names of images, prepared with the first one that is not there.
    images: Option<Names<'a>>,
    /// The headings of a page, by address, prepared with the first dead fragment.
    headings: BTreeMap<String, Names<'a>>,
}

impl<'w, 'a> Finish<'w, 'a> {
    fn new(resolver: &'w LinkResolver<'a>) -> Finish<'w, 'a> {
        let (generated, headings) = (BTreeMap::new(), BTreeMap::new());
        Finish {
            resolver,
            budget: Budget::default(),
            slugs: None,
            called: None,
            generated,
            images: None,
            headings,
        }
    }

    fn page(&mut self, page: &Page, links: &mut PageLinks) {
        if links.unfinished.is_empty() {
            return;
        }
        let lines = self.resolver.sources.text(&page.path).map(|text| Lines::new(text));
        for Unfinished { problem, from, what } in std::mem::take(&mut links.unfinished) {
            let Some(problem) = links.diagnostics.get_mut(problem) else { continue };
            let (right, until_then) = match what {
                Meant::Taxonomies(right) => (Some(right), None),
                Meant::Slug => {
                    (self.slug(page, &from), Some("Until then only the text of the link is shown."))
                }
                Meant::Name => {
                    (self.name(page, &from), Some("Until then only the text of the link is shown."))
                }
                Meant::Image(near) => {
                    (near.or_else(|| self.image(page, &from)), Some("Until then its description is shown."))
                }
                Meant::Heading(here) => {
                    (self.heading(&here, &from), Some("Until then the link goes to the page."))
                }
            };
            let Some(right) = right else { continue };
            if let Some(until_then) = until_then {
                problem.ask_for(&right, until_then);
            }
            let source = lines.as_ref().and_then(|lines| lines.slice(problem.span()));
            problem.fix = source.and_then(|source| match from.strip_prefix('#') {
                // The fragment stands after a path, or by itself.
                Some(_) => source.contains(&from).then(|| {
                    let at = source.rfind(&from).unwrap_or_default();
                    format!("{}{right}{}", &source[..at], &source[at + from.len()..])
                }),
                None => rewritten(source, &from, &right),
            });
        }
    }

    /// The page whose slug is nearest to a name, as a link of a wiki names it.
    fn name(&mut self, page: &Page, written: &str) -> Option<String> {
        let resolver = self.resolver;
        let name = names::folded(file_name(written).trim_end_matches(".md"));
        let called = self.called.get_or_insert_with(|| Names::new(resolver.called()));
        let near = called.nearest(meant(&name)?, &mut self.budget)?;
        Some(resolver.name_of(page, resolver.file_called(near, page)?.as_ref()))
    }

    /// The page whose slug is nearest to the last part of an address, as a link from this page names it.
    fn slug(&mut self, page: &Page, written: &str) -> Option<String> {
        let trimmed = written.trim_end_matches('/').trim_end_matches("/index.md");
        let name = file_name(trimmed);
        if name.is_empty() || matches!(name, "." | "..") {
            return None;
        }
        let slug = slug::slug(name.strip_suffix(".md").unwrap_or(name));
        let resolver = self.resolver;
        if let Some(first) = resolver::GENERATED.into_iter().find(|first| written.starts_with(first)) {
            let names = self.generated.entry(first).or_insert_with(|| Names::new(resolver.below(first)));
            if let Some(near) = meant(&slug).and_then(|slug| names.nearest(slug, &mut self.budget)) {
                return Some(format!("{first}{near}/"));
            }
        }
        Some(name_for(resolver, page, written, self.near(&slug)?))
    }

    /// The page whose slug is nearest to a name.
    fn near(&mut self, name: &str) -> Option<PageId> {
        let resolver = self.resolver;
        let slug = slug::slug(name);
        let slugs = self
            .slugs
            .get_or_insert_with(|| Names::new(resolver.entries.iter().map(|entry| entry.slug.as_str())));
        let near = slugs.nearest(meant(&slug)?, &mut self.budget)?;
        Some(resolver.entries.iter().find(|entry| entry.slug == near)?.page)
    }

    /// The image whose file name is nearest, as this page names it.
    fn image(&mut self, page: &Page, written: &str) -> Option<String> {
        let resolver = self.resolver;
        let names = self.images.get_or_insert_with(|| Names::new(resolver.image_names()));
        let name = file_name(written).to_lowercase();
        // The ending is the same for most images, and says nothing of what was meant.
        meant(name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem))?;
        let near = names.nearest(&name, &mut self.budget)?;
        // `step-3.png` is near to `step-2.png`, and never meant.
        let digits = |name: &str| name.chars().filter(char::is_ascii_digit).collect::<String>();
        if digits(near) != digits(&name) {
            return None;
        }
        Some(relative_path(&page.path, resolver.image_like(near)?))
    }

    fn heading(&mut self, here: &Here, fragment: &str) -> Option<String> {
        let resolver = self.resolver;
        if !self.headings.contains_key(&here.address) {
            let names = Names::new(resolver.ids(here)?.names());
            self.headings.insert(here.address.clone(), names);
        }
        let names = self.headings.get(&here.address)?;
        let near = names.nearest(meant(fragment.trim_start_matches('#'))?, &mut self.budget)?;
        Some(format!("#{near}"))
    }
}

/// A name that is long enough to be told from others: two short ones are always near, and never meant.
fn meant(name: &str) -> Option<&str> {
    (name.chars().count() > 2).then_some(name)
}

/// How a link on this page names a file: in the manner in which it was written.
fn name_for(resolver: &LinkResolver<'_>, page: &Page, written: &str, file: PageId) -> String {
    let address = || Some(resolver.stands[file].as_ref()?.address.clone());
    if (written.starts_with('/') || written.contains("://"))
        && let Some(address) = address()
    {
        return address;
    }
    relative_path(&page.path, &resolver.pages[file].path)
}

/// An address without its query and its fragment, as written.
fn path_of(written: &str) -> &str {
    written.split(['?', '#']).next().unwrap_or(written)
}

fn fragment_of(target: &Destination) -> Option<&str> {
    match target {
        Destination::Fragment(fragment) => Some(fragment),
        Destination::Relative { fragment, .. } | Destination::Named { fragment, .. } => fragment.as_deref(),
        Destination::Absolute(address) => address.fragment(),
        Destination::Mail(_) | Destination::Unsafe(_) => None,
    }
}

fn query_of(target: &Destination) -> Option<String> {
    match target {
        Destination::Relative { query, .. } => query.clone(),
        Destination::Absolute(address) => address.query().map(str::to_string),
        _ => None,
    }
}

fn dead_link(page: &Page, span: Span, what: &str) -> Diagnostic {
    let message = match what {
        "" => "The link has no address.".to_string(),
        what => format!("The page or file `{what}` does not exist."),
    };
    Diagnostic::new(Rule::DeadLink, &page.path, span, message)
        .help("Correct the address, or remove the link. Until then only its text is shown.")
}

fn ambiguous_link(page: &Page, span: Span, all: &[Arc<str>], exact: &str) -> Diagnostic {
    let others: Vec<String> = all.iter().skip(1).take(3).map(|path| format!("`{path}`")).collect();
    let more = if all.len() > 4 { ", …" } else { "" };
    let message = format!(
        "Several files have this name. The link leads to the nearest, `{}`; also there: {}{more}.",
        all[0],
        others.join(", ")
    );
    Diagnostic::new(Rule::AmbiguousLink, &page.path, span, message)
        .help(format!("Write the path to be exact: `[[{exact}]]`."))
}

fn link_to_repository(page: &Page, span: Span, path: &str) -> Diagnostic {
    let message = format!("`{path}` is a file in the repository, but not a page of the site.");
    Diagnostic::new(Rule::DeadLink, &page.path, span, message).help(
        "Set `repository:` in longhouse.yaml; the link then goes to the file on the git host. Until then only its \
         text is shown.",
    )
}

fn held_link(page: &Page, span: Span, path: &str) -> Diagnostic {
    Diagnostic::new(Rule::DeadLink, &page.path, span, format!("`{path}` is not on the site at the moment."))
        .help("It is a draft, dated in the future, or held because of an error of its own. Until it is on the site, \
               only the text of the link is shown.")
}

fn dead_fragment(page: &Page, span: Span, fragment: &str) -> Diagnostic {
    Diagnostic::new(Rule::DeadFragment, &page.path, span, format!("The page has no heading `#{fragment}`."))
        .help("Correct the part after the `#`, or remove it. Until then the link goes to the page.")
}

fn moved(page: &Page, span: Span, written: &str, right: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::MovedLink,
        &page.path,
        span,
        format!("There is no page at `{written}`, but exactly one page with this name."),
    )
    .help(format!("Write `{right}`. The link already goes there."))
}

fn dead_image(page: &Page, span: Span, written: &str) -> Diagnostic {
    Diagnostic::new(Rule::DeadImage, &page.path, span, format!("The image `{written}` does not exist."))
        .help("Add the file to the repository, next to the page. Until then its description is shown.")
}

fn remote_image(page: &Page, span: Span) -> Diagnostic {
    Diagnostic::new(
        Rule::RemoteImage,
        &page.path,
        span,
        "The image is on another site, so it is shown as a link: loading it would tell that site who reads this.",
    )
    .help("Put the image file next to the page, or allow its host under `images: allow_hosts:` in longhouse.yaml.")
}

fn unsafe_file(resolver: &LinkResolver<'_>, path: &Arc<str>, why: &str) -> Diagnostic {
    let refusal = resolver.sources.assets.get(path).and_then(|asset| asset.facts().err());
    let help = refusal.map_or_else(|| "It is not published.".to_string(), Refusal::help);
    Diagnostic::new(Rule::UnsafeFile, path, Span::START, format!("The file {why}.")).help(help)
}

fn refused_link(page: &Page, span: Span, path: &str, why: &str) -> Diagnostic {
    let message = format!("`{path}` {why}, so the link is broken.");
    Diagnostic::new(Rule::DeadLink, &page.path, span, message)
        .help("Until the file is fixed, only the text of the link is shown.")
}

fn refused_image(page: &Page, span: Span, path: &str, why: &str) -> Diagnostic {
    let message = format!("`{path}` {why}, so it cannot be shown.");
    Diagnostic::new(Rule::DeadImage, &page.path, span, message)
        .help("Until the file is fixed, its description is shown.")
}
