//! Where every link and image of every text leads. Links are written as they work on the git host:
//! relative paths to files. Paths of the site, pasted addresses of the site itself, and pasted addresses
//! of the repository's file view mean the same pages.
//!
//! A link that leads nowhere becomes its text, an image that is not there its description; each is
//! reported at its place with the nearest thing that there is.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use percent_encoding::percent_decode_str;
use rayon::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::asset::{self, PublishedAsset};
use super::layout::Role;
use super::people::People;
use super::taxonomy::{Product, Tag, TagNames};
use super::url::{self, Urls};
use super::{Entry, EntryId, PageId, Redirect, Reply, Shown};
use crate::diagnostic::{Diagnostic, Rule, Span, nearest};
use crate::page::destination::{Destination, classify};
use crate::page::kind::Kind;
use crate::page::markdown::{Image, ImageTarget, Link, LinkTarget, Rel};
use crate::page::{Page, slug};
use crate::source::{Sources, is_document};

/// Everything that a link may lead to.
pub struct World<'a> {
    sources: &'a Sources,
    urls: &'a Urls,
    pages: &'a [Arc<Page>],
    /// Where a page of content stands: address, fragment and the entry it is part of.
    stands: Vec<Option<Stand>>,
    by_path: HashMap<&'a str, PageId>,
    /// Folders of content to addresses.
    folders: BTreeMap<String, String>,
    /// Folded addresses to the address and, for entries, the entry.
    by_address: HashMap<String, (String, Option<EntryId>)>,
    entries: &'a [Entry],
    /// The ids on each entry's page.
    ids: Vec<Ids<'a>>,
    /// Slugs that only one entry has.
    by_slug: HashMap<&'a str, Option<EntryId>>,
    /// Files beside content to their addresses, and back.
    assets: BTreeMap<Arc<str>, String>,
    assets_by_address: HashMap<String, Arc<str>>,
    /// Images by their lower-cased file name, for those who got the folder wrong.
    images_by_name: HashMap<String, Arc<str>>,
    former: Vec<Urls>,
}

/// So many dead links of a build get the nearest page named; looking for it costs a walk over all pages.
const SUGGESTED: usize = 500;

/// Where a content file is shown.
#[derive(Debug, Clone)]
struct Stand {
    address: String,
    anchor: String,
    entry: Option<EntryId>,
    /// What stands before the ids in it.
    id_prefix: String,
}

/// The ids that a page has, by what people write for them.
#[derive(Debug, Default)]
struct Ids<'a> {
    /// Ids as they are.
    exact: BTreeSet<String>,
    /// Ids of headings as written, without their prefix.
    headings: HashMap<&'a str, String>,
}

/// What all pages lead to.
#[derive(Debug, Default)]
pub struct Resolved {
    /// What fills each page's slots.
    pub shown: Vec<Shown>,
    /// The published files, by address.
    pub assets: BTreeMap<String, PublishedAsset>,
    /// Which entry links to which.
    pub between: Vec<(EntryId, EntryId)>,
    /// What fills the guidelines' slots.
    pub guidelines: Shown,
    /// What fulfilled an idea: its link, by entry.
    pub fulfilments: BTreeMap<EntryId, String>,
}

/// Where one link leads.
enum Found {
    /// To an address of this site.
    Here { address: String, entry: Option<EntryId>, base: String, id_prefix: Option<String> },
    /// To a file beside content.
    Asset(Arc<str>),
    /// Elsewhere.
    Away(String),
    /// To an entry whose file was moved.
    Moved(EntryId),
    /// Nowhere, under this name.
    Nowhere(String),
}

/// What one page's slots hold, and what was found on the way.
#[derive(Default)]
struct PageLinks {
    shown: Shown,
    diagnostics: Vec<Diagnostic>,
    /// Links that lead nowhere, as index of the link and of its diagnostic.
    dead: Vec<(usize, usize)>,
    entries: Vec<EntryId>,
    assets: BTreeSet<Arc<str>>,
}

/// What has an address besides entries.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "the types say it")]
pub struct Known<'a> {
    pub redirects: &'a BTreeMap<String, Redirect>,
    pub people: &'a People,
    pub tags: &'a BTreeMap<String, Tag>,
    pub products: &'a BTreeMap<String, Product>,
    pub tag_names: &'a TagNames,
}

impl<'a> World<'a> {
    /// Gathers what links may lead to.
    #[must_use]
    pub fn new(
        sources: &'a Sources,
        urls: &'a Urls,
        pages: &'a [Arc<Page>],
        roles: &[Role],
        entries: &'a [Entry],
        known: &Known<'_>,
    ) -> World<'a> {
        let Known { redirects, people, tags, products, tag_names } = *known;
        let stands = stands(pages, roles, entries, tag_names);
        let by_path = pages.iter().enumerate().map(|(id, page)| (&*page.path, id)).collect();
        let mut by_address: HashMap<String, (String, Option<EntryId>)> = HashMap::new();
        let mut know = |address: String, entry: Option<EntryId>| {
            by_address.entry(slug::fold(&address)).or_insert((address, entry));
        };
        for (id, entry) in entries.iter().enumerate() {
            know(entry.address.clone(), Some(id));
        }
        for address in redirects.keys() {
            know(address.clone(), None);
        }
        let site_own =
            ["/", "/tags/", "/search/", "/feed.xml", "/feed.json", "/sitemap.xml", "/questions/unanswered/"];
        site_own.iter().for_each(|address| know((*address).to_string(), None));
        if sources.guidelines.is_some() {
            know("/guidelines/".to_string(), None);
        }
        for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::Page) {
            for address in [
                url::list(kind, 1),
                format!("/{}/feed.xml", kind.plural()),
                format!("/{}/feed.json", kind.plural()),
            ] {
                know(address, None);
            }
        }
        for tag in tags.keys() {
            know(url::tag(tag), None);
        }
        for product in products.keys() {
            know(url::product(product), None);
        }
        for handle in people.by_handle.keys().filter(|handle| people.has_page(handle)) {
            know(url::person(handle), None);
        }
        for address in sources.statics.keys() {
            know(format!("/{}", address.strip_suffix("index.html").unwrap_or(address)), None);
        }
        let mut by_slug: HashMap<&str, Option<EntryId>> = HashMap::new();
        for (id, entry) in entries.iter().enumerate() {
            by_slug.entry(&entry.slug).and_modify(|known| *known = None).or_insert(Some(id));
        }
        let ids = entries.par_iter().map(|entry| ids(entry, pages)).collect();
        let former = sources.config.former_urls.iter().map(Urls::new).collect();
        let folders = folders(sources, pages, roles, entries, tag_names);
        let assets = asset::addresses(sources);
        let assets_by_address =
            assets.iter().map(|(path, address)| (address.clone(), Arc::clone(path))).collect();
        let images = sources.assets.values().filter(|asset| asset.is_image());
        let images_by_name =
            images.map(|asset| (file_name(&asset.path).to_lowercase(), Arc::clone(&asset.path))).collect();
        World {
            sources,
            urls,
            pages,
            stands,
            by_path,
            folders,
            by_address,
            entries,
            ids,
            by_slug,
            assets,
            assets_by_address,
            images_by_name,
            former,
        }
    }

    fn page(&self, id: PageId) -> PageLinks {
        let page = &self.pages[id];
        match &self.stands[id] {
            Some(stand) => self.links(page, stand),
            None => PageLinks::default(),
        }
    }

    fn links(&self, page: &Page, stand: &Stand) -> PageLinks {
        let mut found = PageLinks::default();
        for (index, link) in page.body.links.iter().enumerate() {
            let target = self.link(page, stand, link, index, &mut found);
            found.shown.links.push(target);
        }
        for image in &page.body.images {
            let target = self.image(page, stand, image, &mut found);
            found.shown.images.push(target);
        }
        found
    }

    fn link(&self, page: &Page, stand: &Stand, link: &Link, index: usize, out: &mut PageLinks) -> LinkTarget {
        let written = &link.destination.value;
        match self.find(page, stand, written) {
            None => LinkTarget::Dead,
            Some(Found::Away(href)) => LinkTarget::To { href, rel: Rel::External },
            Some(Found::Here { address, entry, base, id_prefix }) => {
                if let Some(entry) = entry {
                    out.entries.push(entry);
                }
                let fragment = fragment_of(written);
                let fragment = match (fragment.is_empty(), entry) {
                    (true, _) => base,
                    (false, Some(entry)) => match self.ids[entry].find(&fragment, id_prefix.as_deref()) {
                        Some(id) => id,
                        None => {
                            let near = self.ids[entry].nearest(&fragment);
                            out.diagnostics.push(dead_fragment(self.sources, page, link, &fragment, near));
                            base
                        }
                    },
                    // Generated pages have few ids, none of them for contributors to know.
                    (false, None) => String::new(),
                };
                let here = address == stand.address && !fragment.is_empty();
                let href = if here {
                    format!("#{}", url::encode(&fragment))
                } else {
                    self.urls.href_to(&address, &fragment)
                };
                LinkTarget::To { href, rel: Rel::Internal }
            }
            Some(Found::Asset(path)) => match self.sources.assets.get(&path).map(asset::check) {
                Some(Ok(_)) => {
                    let href = self.urls.href(&self.assets[&path]);
                    out.assets.insert(path);
                    LinkTarget::To { href, rel: Rel::Internal }
                }
                refused => {
                    let why = refused.and_then(Result::err).unwrap_or_default();
                    out.diagnostics.push(unsafe_file(&path, &why));
                    out.diagnostics.push(refused_link(page, link, &path, &why));
                    LinkTarget::Dead
                }
            },
            Some(Found::Moved(entry)) => {
                let target = &self.entries[entry];
                out.entries.push(entry);
                out.diagnostics.push(moved(self.sources, page, link, &self.pages[target.page]));
                LinkTarget::To { href: self.urls.href(&target.address), rel: Rel::Internal }
            }
            Some(Found::Nowhere(what)) => {
                out.dead.push((index, out.diagnostics.len()));
                out.diagnostics.push(dead_link(page, link, &what));
                LinkTarget::Dead
            }
        }
    }

    fn image(&self, page: &Page, stand: &Stand, image: &Image, out: &mut PageLinks) -> ImageTarget {
        let written = &image.source.value;
        match self.find(page, stand, written) {
            Some(Found::Asset(path)) => {
                let asset = &self.sources.assets[&path];
                match asset::check(asset) {
                    Ok(_) if asset.is_image() => {
                        let dimensions = asset.facts().ok().and_then(|facts| facts.dimensions);
                        let (width, height) = (dimensions.map(|it| it.0), dimensions.map(|it| it.1));
                        let src = self.urls.href(&self.assets[&path]);
                        out.assets.insert(path);
                        ImageTarget::Show { src, width, height }
                    }
                    Ok(_) => {
                        let href = self.urls.href(&self.assets[&path]);
                        out.assets.insert(path);
                        ImageTarget::AsLink { href }
                    }
                    Err(why) => {
                        out.diagnostics.push(unsafe_file(&path, &why));
                        out.diagnostics.push(refused_image(page, image, &path, &why));
                        ImageTarget::Dead
                    }
                }
            }
            Some(Found::Away(href)) => {
                let host = ::url::Url::parse(&href).ok().and_then(|url| url.host_str().map(str::to_string));
                let allowed = &self.sources.config.image_hosts;
                if host.is_some_and(|host| allowed.iter().any(|it| it.eq_ignore_ascii_case(&host))) {
                    return ImageTarget::Show { src: href, width: None, height: None };
                }
                out.diagnostics.push(remote_image(page, image));
                ImageTarget::AsLink { href }
            }
            // A static file may be an image of the site's own.
            Some(Found::Here { address, entry: None, .. }) if !address.ends_with('/') => {
                ImageTarget::Show { src: self.urls.href(&address), width: None, height: None }
            }
            // What cannot be an address at all was reported where it was parsed.
            None => ImageTarget::Dead,
            Some(_) => {
                let near = self.images_by_name.get(&file_name(written).to_lowercase());
                out.diagnostics.push(dead_image(self.sources, page, image, near.map(|path| &**path)));
                ImageTarget::Dead
            }
        }
    }

    /// Where a destination leads; nothing for one that may not be followed, which is reported elsewhere.
    fn find(&self, page: &Page, stand: &Stand, written: &str) -> Option<Found> {
        match classify(written) {
            Destination::Unsafe(_) => None,
            Destination::Mail(address) => Some(Found::Away(format!("mailto:{address}"))),
            Destination::Fragment(fragment) => Some(Found::Here {
                address: stand.address.clone(),
                entry: stand.entry,
                base: if fragment.is_empty() { String::new() } else { stand.anchor.clone() },
                id_prefix: Some(stand.id_prefix.clone()),
            }),
            Destination::Absolute(address) => Some(self.absolute(&address)),
            Destination::Relative { path, .. } => Some(self.relative(page, stand, &path)),
        }
    }

    fn absolute(&self, address: &::url::Url) -> Found {
        let own =
            self.urls.own(address).or_else(|| self.former.iter().find_map(|former| former.own(address)));
        if let Some(path) = own {
            return self.at_address(&path).unwrap_or(Found::Nowhere(path));
        }
        if let Some(path) =
            self.sources.config.repository.as_ref().and_then(|it| it.strip_view_url(address.as_str()))
        {
            if let Some(found) = self.at_path(&path) {
                return found;
            }
        }
        Found::Away(address.to_string())
    }

    fn relative(&self, page: &Page, stand: &Stand, path: &str) -> Found {
        let decoded = percent_decode_str(path).decode_utf8_lossy();
        let path: String = decoded.nfc().collect();
        if let Some(from_root) = path.strip_prefix('/') {
            // A path from the root is one of the site, or as git hosts read it one of the repository.
            let below_base = path.strip_prefix(self.urls.base_path()).filter(|rest| rest.starts_with('/'));
            return self
                .at_address(&path)
                .or_else(|| below_base.and_then(|rest| self.at_address(rest)))
                .or_else(|| self.at_path(from_root))
                .or_else(|| self.at_path(&format!("{}{from_root}", self.sources.content_prefix)))
                .or_else(|| self.moved(&path))
                .unwrap_or(Found::Nowhere(path));
        }
        let folder = page.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        join(folder, &path)
            .and_then(|path| self.at_path(&path))
            .or_else(|| {
                join(&stand.address, &path).and_then(|address| self.at_address(&format!("/{address}")))
            })
            .or_else(|| self.moved(&path))
            .unwrap_or(Found::Nowhere(path))
    }

    fn at_address(&self, path: &str) -> Option<Found> {
        let path = path.split(['?', '#']).next().unwrap_or(path);
        let path = path.strip_suffix("index.html").unwrap_or(path);
        let known = |path: &str| self.by_address.get(&slug::fold(path));
        let found = known(path).or_else(|| known(&format!("{}/", path.trim_end_matches('/'))));
        if let Some((address, entry)) = found {
            return Some(Found::Here {
                address: address.clone(),
                entry: *entry,
                base: String::new(),
                id_prefix: None,
            });
        }
        self.assets_by_address.get(path).map(|path| Found::Asset(Arc::clone(path)))
    }

    /// What lies at a path of the repository: a page, a file beside content, a folder.
    fn at_path(&self, path: &str) -> Option<Found> {
        let of_page = |id: PageId| {
            let stand = self.stands[id].as_ref()?;
            Some(Found::Here {
                address: stand.address.clone(),
                entry: stand.entry,
                base: stand.anchor.clone(),
                id_prefix: Some(stand.id_prefix.clone()),
            })
        };
        let trimmed = path.trim_end_matches('/');
        let candidates = [trimmed.to_string(), format!("{trimmed}.md"), format!("{trimmed}/index.md")];
        for candidate in &candidates {
            if let Some(found) = self.by_path.get(candidate.as_str()).and_then(|id| of_page(*id)) {
                return Some(found);
            }
        }
        if let Some((path, _)) = self.sources.assets.get_key_value(trimmed) {
            return Some(Found::Asset(Arc::clone(path)));
        }
        if let Some(address) = self.folders.get(trimmed) {
            return Some(Found::Here {
                address: address.clone(),
                entry: None,
                base: String::new(),
                id_prefix: None,
            });
        }
        let guidelines = trimmed == "GUIDELINES.md" && self.sources.guidelines.is_some();
        guidelines.then(|| Found::Here {
            address: "/guidelines/".to_string(),
            entry: None,
            base: String::new(),
            id_prefix: None,
        })
    }

    /// After a move a link that still names a slug which only one page has finds it.
    fn moved(&self, path: &str) -> Option<Found> {
        let trimmed = path.trim_end_matches('/').trim_end_matches("/index.md");
        let name = trimmed.rsplit('/').next()?;
        if !is_document(name) && name.contains('.') {
            return None;
        }
        let slug = slug::slug(name.rsplit_once('.').map_or(name, |(stem, _)| stem));
        self.by_slug.get(slug.as_str()).copied().flatten().map(Found::Moved)
    }

    /// Completes the diagnostic of a dead link with the nearest page that there is.
    fn suggest(&self, page: &Page, link: &Link, problem: &mut Diagnostic) {
        let written = link.destination.value.split(['#', '?']).next().unwrap_or_default();
        let trimmed = written.trim_end_matches('/').trim_end_matches("/index.md");
        let name = file_name(trimmed);
        let slug = slug::slug(name.strip_suffix(".md").unwrap_or(name));
        // Slugs of very different length cannot be near, and comparing is what costs.
        let limit = slug.len() / 3;
        let known = self.entries.iter().filter(|entry| entry.slug.len().abs_diff(slug.len()) <= limit);
        let Some(near) = nearest(&slug, known.map(|entry| entry.slug.as_str())) else { return };
        let Some(entry) = self.entries.iter().find(|entry| entry.slug == near) else { return };
        let right = if written.starts_with('/') {
            entry.address.clone()
        } else {
            relative_path(&page.path, &self.pages[entry.page].path)
        };
        problem.help = format!("Did you mean `{right}`? Until then only the text of the link is shown.");
        problem.fix = rewritten(self.sources, page, link.destination.span, written, &right);
    }
}

/// Fills the slots of every page that is shown.
#[must_use]
pub fn resolve_all(
    world: &World<'_>,
    guidelines: Option<&Page>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Resolved {
    let mut pages: Vec<PageLinks> = (0..world.pages.len()).into_par_iter().map(|id| world.page(id)).collect();
    let mut left = SUGGESTED;
    for (id, links) in pages.iter_mut().enumerate() {
        for (link, problem) in links.dead.iter().take(left) {
            let page = &world.pages[id];
            world.suggest(page, &page.body.links[*link], &mut links.diagnostics[*problem]);
        }
        left = left.saturating_sub(links.dead.len());
    }
    let mut resolved = Resolved::default();
    let mut used: BTreeSet<Arc<str>> = BTreeSet::new();
    let mut keep = |links: PageLinks, from: Option<EntryId>, between: &mut Vec<(EntryId, EntryId)>| {
        diagnostics.extend(links.diagnostics);
        used.extend(links.assets);
        if let Some(from) = from {
            between.extend(links.entries.into_iter().filter(|to| *to != from).map(|to| (from, to)));
        }
        links.shown
    };
    for (id, links) in pages.into_iter().enumerate() {
        let from = world.stands[id].as_ref().and_then(|stand| stand.entry);
        let shown = keep(links, from, &mut resolved.between);
        resolved.shown.push(shown);
    }
    if let Some(page) = guidelines {
        let stand = Stand {
            address: "/guidelines/".to_string(),
            anchor: String::new(),
            entry: None,
            id_prefix: "h-".to_string(),
        };
        let links = world.links(page, &stand);
        resolved.guidelines = keep(links, None, &mut Vec::new());
    }
    for path in used {
        if let Some(Ok(published)) = world.sources.assets.get(&path).map(asset::check) {
            resolved.assets.insert(world.assets[&path].clone(), published);
        }
    }
    // One file is refused once, however many pages refer to it.
    diagnostics.sort();
    diagnostics.dedup();
    resolved
}

/// Tells every entry who links to it, in order of address.
pub fn backlinks(entries: &mut [Entry], between: &[(EntryId, EntryId)]) {
    let mut pairs: Vec<(EntryId, EntryId)> = between.iter().map(|(from, to)| (*to, *from)).collect();
    pairs.sort_unstable();
    pairs.dedup();
    for (to, from) in pairs {
        entries[to].backlinks.push(from);
    }
}

impl Ids<'_> {
    /// The id that a fragment means: a heading as git hosts name it, first of the file that the link
    /// names, else of the whole page; or an id as it is.
    fn find(&self, fragment: &str, id_prefix: Option<&str>) -> Option<String> {
        let fragment = percent_decode_str(fragment).decode_utf8_lossy();
        if let Some(prefix) = id_prefix {
            let own = format!("{prefix}{fragment}");
            if self.exact.contains(&own) {
                return Some(own);
            }
        }
        if self.exact.contains(&*fragment) {
            return Some(fragment.into_owned());
        }
        self.headings.get(&*fragment).cloned()
    }

    fn nearest(&self, fragment: &str) -> Option<String> {
        // A page with very many headings is nobody's text to read through.
        let mut known: Vec<&str> = self.headings.keys().copied().take(500).collect();
        known.sort_unstable();
        nearest(fragment, known).map(str::to_string)
    }
}

/// Where every page of content is shown.
fn stands(
    pages: &[Arc<Page>],
    roles: &[Role],
    entries: &[Entry],
    tag_names: &TagNames,
) -> Vec<Option<Stand>> {
    let mut stands: Vec<Option<Stand>> = vec![None; pages.len()];
    let stand = |address: &str, anchor: &str, entry: Option<EntryId>, id_prefix: &str| {
        Some(Stand { address: address.into(), anchor: anchor.into(), entry, id_prefix: id_prefix.into() })
    };
    for (id, entry) in entries.iter().enumerate() {
        stands[entry.page] = stand(&entry.address, "", Some(id), "h-");
        for reply in entry.replies().filter(|reply| reply.page != entry.page) {
            stands[reply.page] = stand(&entry.address, &reply.anchor, Some(id), &reply.id_prefix);
        }
        for duplicate in entry.question().map_or(&[][..], |question| &question.duplicates) {
            let prefix = format!("h-{}-", duplicate.slug);
            stands[duplicate.page] =
                stand(&entry.address, &format!("asked-{}", duplicate.slug), Some(id), &prefix);
        }
    }
    for (id, role) in roles.iter().enumerate() {
        match role {
            Role::HomeText => stands[id] = stand("/", "", None, "h-"),
            Role::TopicText(folder) => {
                let address = folder_address(&pages[id], folder, tag_names);
                stands[id] = stand(&address, "", None, "h-");
            }
            Role::Entry { .. } | Role::Reply { .. } | Role::Held => {}
        }
    }
    stands
}

/// The address that stands for a folder: the list of a kind, or the tag of a topic.
fn folder_address(page: &Page, folder: &str, tag_names: &TagNames) -> String {
    if page.place.folders.is_empty() {
        return url::list(page.place.kind, 1);
    }
    url::tag(&tag_names.slug(folder.rsplit('/').next().unwrap_or(folder)))
}

fn folders(
    sources: &Sources,
    pages: &[Arc<Page>],
    roles: &[Role],
    entries: &[Entry],
    tag_names: &TagNames,
) -> BTreeMap<String, String> {
    let mut folders = BTreeMap::new();
    folders.insert(sources.content_prefix.trim_end_matches('/').to_string(), "/".to_string());
    for (id, page) in pages.iter().enumerate() {
        if page.place.unknown || matches!(roles[id], Role::Held) {
            continue;
        }
        let mut folder = page.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for depth in (0..=page.place.folders.len()).rev() {
            if folders.contains_key(folder) {
                break;
            }
            let address = match depth {
                0 if page.place.kind == Kind::Page => "/".to_string(),
                0 => url::list(page.place.kind, 1),
                _ => url::tag(&tag_names.slug(&page.place.folders[depth - 1])),
            };
            folders.insert(folder.to_string(), address);
            folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
        }
    }
    // A folder that an entry owns stands for the entry.
    for entry in entries {
        let page = &pages[entry.page];
        let owned = if page.place.is_index() {
            page.path.rsplit_once('/').map(|(folder, _)| folder.to_string())
        } else {
            page.path.rsplit_once('.').map(|(stem, _)| stem.to_string())
        };
        folders.extend(owned.map(|folder| (folder, entry.address.clone())));
    }
    folders
}

fn ids<'a>(entry: &Entry, pages: &'a [Arc<Page>]) -> Ids<'a> {
    let mut ids = Ids::default();
    let mut add = |page: &'a Page, prefix: &str| {
        for heading in &page.body.headings {
            let id = format!("{prefix}{}", heading.id);
            ids.headings.entry(heading.id.as_str()).or_insert_with(|| id.clone());
            ids.exact.insert(id);
        }
    };
    add(&pages[entry.page], "h-");
    let replies: Vec<&Reply> = entry.replies().collect();
    for reply in &replies {
        if reply.page != entry.page {
            add(&pages[reply.page], &reply.id_prefix);
        }
    }
    ids.exact.extend(replies.iter().map(|reply| reply.anchor.clone()));
    ids
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn fragment_of(destination: &str) -> String {
    destination.split_once('#').map_or_else(String::new, |(_, fragment)| fragment.to_string())
}

/// A path from a folder, with its dots resolved; nothing if it leaves the root.
fn join(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
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

/// The link as it should be written: the source text of its place with another destination.
fn rewritten(sources: &Sources, page: &Page, span: Span, from: &str, to: &str) -> Option<String> {
    let text = sources.slice(&page.path, span)?;
    let at = text.rfind(from)?;
    Some(format!("{}{to}{}", &text[..at], &text[at + from.len()..]))
}

fn dead_link(page: &Page, link: &Link, what: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::DeadLink,
        &page.path,
        link.destination.span,
        format!("There is no page or file `{what}`"),
    )
    .help("Correct the address, or remove the link. Until then only its text is shown.")
}

fn dead_fragment(
    sources: &Sources,
    page: &Page,
    link: &Link,
    fragment: &str,
    near: Option<String>,
) -> Diagnostic {
    let problem = Diagnostic::new(
        Rule::DeadFragment,
        &page.path,
        link.destination.span,
        format!("The page has no heading `#{fragment}`"),
    );
    match near {
        Some(near) => {
            let (from, to) = (format!("#{fragment}"), format!("#{near}"));
            let fix = rewritten(sources, page, link.destination.span, &from, &to);
            let problem =
                problem.help(format!("Did you mean `{to}`? Until then the link leads to the page."));
            Diagnostic { fix, ..problem }
        }
        None => {
            problem.help("Correct what follows the `#`, or remove it. Until then the link leads to the page.")
        }
    }
}

fn moved(sources: &Sources, page: &Page, link: &Link, target: &Page) -> Diagnostic {
    let right = relative_path(&page.path, &target.path);
    let written = link.destination.value.split('#').next().unwrap_or_default().to_string();
    let fix = rewritten(sources, page, link.destination.span, &written, &right);
    let problem = Diagnostic::new(
        Rule::MovedLink,
        &page.path,
        link.destination.span,
        format!("The page is no longer at `{written}`, but only one page has this name"),
    )
    .help(format!("Write `{right}`. The link leads there already."));
    Diagnostic { fix, ..problem }
}

fn dead_image(sources: &Sources, page: &Page, image: &Image, near: Option<&str>) -> Diagnostic {
    let written = &image.source.value;
    let problem = Diagnostic::new(
        Rule::DeadImage,
        &page.path,
        image.source.span,
        format!("There is no image `{written}`"),
    );
    match near {
        Some(path) => {
            let right = relative_path(&page.path, path);
            let fix = rewritten(sources, page, image.source.span, written, &right);
            let problem =
                problem.help(format!("Did you mean `{right}`? Until then its description is shown."));
            Diagnostic { fix, ..problem }
        }
        None => problem
            .help("Add the file to the repository beside the page. Until then its description is shown."),
    }
}

fn remote_image(page: &Page, image: &Image) -> Diagnostic {
    Diagnostic::new(
        Rule::RemoteImage,
        &page.path,
        image.source.span,
        "The image lies on another site, so it is shown as a link: loading it would tell that site who reads this",
    )
    .help("Put the image file beside the page, or allow its host in longhouse.yaml under `images: allow_hosts:`.")
}

fn unsafe_file(path: &Arc<str>, why: &str) -> Diagnostic {
    Diagnostic::new(Rule::UnsafeFile, path, Span::START, format!("The file {why}"))
        .help("Give it the right name, or convert it to png, jpg, gif, webp, avif, svg, mp4, webm, mp3, pdf, csv, json or zip. It is not published.")
}

fn refused_link(page: &Page, link: &Link, path: &str, why: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::DeadLink,
        &page.path,
        link.destination.span,
        format!("`{path}` {why}, so the link leads nowhere"),
    )
    .help("Until the file is mended only the text of the link is shown.")
}

fn refused_image(page: &Page, image: &Image, path: &str, why: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::DeadImage,
        &page.path,
        image.source.span,
        format!("`{path}` {why}, so it cannot be shown"),
    )
    .help("Until the file is mended its description is shown.")
}
