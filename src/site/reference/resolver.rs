//! Everything that a link may lead to, gathered once: pages by path and by address, folders, files beside
//! content, slugs that only one page has. [`LinkResolver::find`] says what a destination means.
//!
//! Long because all that a link may mean is tried in one order.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use percent_encoding::percent_decode_str;
use rayon::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::Taxonomies;
use super::ids::Ids;
use super::names::Names;
use super::own;
use crate::page::destination::Destination;
use crate::page::front_matter::Status;
use crate::page::kind::Kind;
use crate::page::{Page, slug};
use crate::root;
use crate::site::asset::{self, PublishedAsset};
use crate::site::classify::Role;
use crate::site::naming;
use crate::site::url::{self, Urls};
use crate::site::written::FOLLOWED;
use crate::site::{Entry, EntryId, PageId};
use crate::source::{Sources, is_document};

/// The folders of addresses that are made of what pages say, rather than of files.
pub(super) const GENERATED: [&str; 3] = [url::TAGS, url::PRODUCTS, url::PEOPLE];

/// What links may lead to, as far as no text of a page decides it.
#[derive(Debug, Default, PartialEq)]
pub struct Places {
    /// Where a page of content stands.
    pub(super) stands: Vec<Option<Location>>,
    /// By entry: its page.
    owners: Vec<PageId>,
    by_path: HashMap<Arc<str>, PageId>,
    /// Folders of content to addresses.
    folders: HashMap<String, String>,
    /// Folded addresses to the address and, for entries, the entry.
    by_address: HashMap<String, (String, Option<EntryId>)>,
    /// Slugs that only one entry has.
    by_slug: HashMap<String, Option<EntryId>>,
    /// How each entry is shown, which decides what links to it may do.
    shown: Vec<ShownAs>,
    assets: BTreeMap<Arc<str>, String>,
    assets_by_address: HashMap<String, Arc<str>>,
    /// Images by their lower-cased file name, for those who got the folder wrong.
    images_by_name: HashMap<String, Arc<str>>,
    former: Vec<Urls>,
}

/// Everything that a link may lead to.
pub struct LinkResolver<'a> {
    places: &'a Places,
    pub(super) sources: &'a Sources,
    pub(super) urls: &'a Urls,
    pub(super) pages: &'a [Arc<Page>],
    pub(super) guidelines: Option<&'a Page>,
    pub(super) entries: &'a [Entry],
    /// The ids on each entry's page, gathered when somebody asks.
    ids: Vec<OnceLock<Ids<'a>>>,
    /// The ids of texts that are no entries, by address.
    texts: HashMap<String, Ids<'a>>,
    /// What pages and files are called, gathered with the first link that names one.
    names: OnceLock<Names>,
    /// What came of looking at a file, once however many pages refer to it.
    published: HashMap<Arc<str>, OnceLock<Result<PublishedAsset, String>>>,
}

impl std::ops::Deref for LinkResolver<'_> {
    type Target = Places;

    fn deref(&self) -> &Places {
        self.places
    }
}

/// Where a content file is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Location {
    pub(super) address: String,
    pub(super) anchor: String,
    pub(super) entry: Option<EntryId>,
    /// What stands before the ids in it.
    pub(super) id_prefix: String,
}

/// How an entry is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ShownAs {
    /// As a page.
    Page,
    /// As a tombstone: nothing of its text, no id, no file beside it is published.
    Tombstone,
    /// Not at all: somebody who wants no page.
    Nowhere,
}

/// Where one link leads.
pub(super) enum Resolution {
    /// To an address of this site.
    Here(Here),
    /// To a file beside content.
    Asset(Arc<str>),
    /// Elsewhere.
    Away(String),
    /// To a page whose file was moved: the page, and the file.
    Moved(Here, PageId),
    /// To somebody who wants no page: their name stays text, and nobody did anything wrong.
    Unlisted,
    /// To a file that is there, but not on the site.
    Held(String),
    /// To one of several files that have the name, all of which are given by their paths.
    Chosen(Box<Resolution>, Vec<Arc<str>>),
    /// Nowhere, under this name.
    Nowhere(String),
}

/// An address of the site, and what a fragment means there.
#[derive(Debug, Clone)]
pub(super) struct Here {
    pub(super) address: String,
    pub(super) entry: Option<EntryId>,
    /// The fragment that a link without one means: the answer, for the file of an answer.
    pub(super) base: String,
    /// What stands before the ids of the file that the link names.
    pub(super) id_prefix: Option<String>,
}

impl Places {
    /// Gathers where everything stands.
    #[must_use]
    pub fn new(
        sources: &Sources,
        pages: &[Arc<Page>],
        roles: &[Role],
        entries: &[Entry],
        known: &Taxonomies<'_>,
    ) -> Places {
        let shown: Vec<ShownAs> = entries
            .iter()
            .map(|entry| match entry.kind {
                _ if !entry.is_listed() && entry.ribbon.is_none() => ShownAs::Tombstone,
                Kind::Person if entry.is_listed() && !known.people.has_page(&entry.slug) => ShownAs::Nowhere,
                _ => ShownAs::Page,
            })
            .collect();
        let addresses =
            || rayon::join(|| by_address(sources, pages, entries, known), || asset::addresses(sources));
        let paths = || rayon::join(|| by_path(pages), || stands(pages, roles, entries, known));
        let names =
            || rayon::join(|| folders(sources, pages, roles, entries, known), || by_slug(entries, &shown));
        let (((by_address, assets), (by_path, stands)), (folders, by_slug)) =
            rayon::join(|| rayon::join(addresses, paths), names);
        let images = sources.assets.values().filter(|asset| asset.is_image());
        Places {
            owners: entries.iter().map(|entry| entry.page).collect(),
            by_path,
            folders,
            by_address,
            by_slug,
            shown,
            stands,
            assets_by_address: assets
                .iter()
                .map(|(path, address)| (address.clone(), Arc::clone(path)))
                .collect(),
            assets,
            images_by_name: images
                .map(|asset| (file_name(&asset.path).to_lowercase(), Arc::clone(&asset.path)))
                .collect(),
            former: sources.config.former_urls.iter().map(Urls::new).collect(),
        }
    }

    /// The page of an entry.
    #[must_use]
    pub fn page_of(&self, entry: EntryId) -> Option<PageId> {
        self.owners.get(entry).copied()
    }

    /// The address and the anchor where a content file stands.
    #[must_use]
    pub fn stand(&self, page: PageId) -> Option<(String, String)> {
        let stand = self.stands.get(page)?.as_ref()?;
        Some((stand.address.clone(), stand.anchor.clone()))
    }

    /// The entry on whose page a content file stands.
    #[must_use]
    pub fn entry_of(&self, page: PageId) -> Option<EntryId> {
        self.stands[page].as_ref()?.entry
    }
}

impl<'a> LinkResolver<'a> {
    /// Puts beside each other what links may lead to.
    #[must_use]
    pub fn new(
        places: &'a Places,
        sources: &'a Sources,
        urls: &'a Urls,
        pages: &'a [Arc<Page>],
        entries: &'a [Entry],
        guidelines: Option<&'a Page>,
    ) -> LinkResolver<'a> {
        let mut texts: HashMap<String, Ids<'_>> = HashMap::new();
        for (page, stand) in pages.iter().zip(&places.stands) {
            if let Some(stand) = stand.as_ref().filter(|stand| stand.entry.is_none()) {
                texts.entry(stand.address.clone()).or_insert_with(|| Ids::of_text(page));
            }
        }
        texts.extend(guidelines.map(|page| (url::GUIDELINES_PAGE.to_string(), Ids::of_text(page))));
        LinkResolver {
            places,
            sources,
            urls,
            pages,
            guidelines,
            entries,
            ids: entries.iter().map(|_| OnceLock::new()).collect(),
            texts,
            names: OnceLock::new(),
            published: places.assets.keys().map(|path| (Arc::clone(path), OnceLock::new())).collect(),
        }
    }

    /// Whether what stands there is shown with its links and images.
    pub(super) fn is_shown(&self, stand: &Location) -> bool {
        stand.entry.is_none_or(|entry| self.shown[entry] == ShownAs::Page)
    }

    /// Whether only a tombstone is shown of an entry.
    pub(super) fn is_tombstone(&self, entry: EntryId) -> bool {
        self.shown[entry] == ShownAs::Tombstone
    }

    /// The ids of an address, if any are known.
    pub(super) fn ids(&self, here: &Here) -> Option<&Ids<'a>> {
        match here.entry {
            Some(entry) => {
                Some(self.ids[entry].get_or_init(|| Ids::of_entry(&self.entries[entry], self.pages)))
            }
            None => self.texts.get(&here.address),
        }
    }

    /// What came of looking at a file beside content: what is published, or why nothing is.
    pub(super) fn published(&self, path: &str) -> Result<&PublishedAsset, &str> {
        let (Some(once), Some(asset)) = (self.published.get(path), self.sources.assets.get(path)) else {
            return Err("does not exist");
        };
        if self.sources.moderation(path).is_some_and(|it| matches!(it.status, Status::Hidden | Status::Draft))
        {
            return Err("was removed by a moderator");
        }
        once.get_or_init(|| asset::check(asset)).as_ref().map_err(String::as_str)
    }

    /// The address of a file beside content.
    pub(super) fn asset_address(&self, path: &str) -> &str {
        self.assets.get(path).map_or("/", String::as_str)
    }

    /// An image of the same file name, wherever it lies.
    pub(super) fn image_like(&self, written: &str) -> Option<&str> {
        let path = written.split(['?', '#']).next().unwrap_or(written);
        let name = percent_decode_str(file_name(path)).decode_utf8_lossy().to_lowercase();
        self.images_by_name.get(&name).map(|path| &**path)
    }

    /// The names of all images, in small letters.
    pub(super) fn image_names(&self) -> impl Iterator<Item = &'a str> {
        self.places.images_by_name.keys().map(String::as_str)
    }

    /// The pages directly below the first part of an address, such as the tags below `/tags/`.
    pub(super) fn below(&self, first: &'static str) -> impl Iterator<Item = &'a str> {
        let page = move |(address, _): &'a (String, Option<EntryId>)| {
            let name = address.strip_prefix(first)?.strip_suffix('/')?;
            (!name.is_empty() && !name.contains('/')).then_some(name)
        };
        self.places.by_address.values().filter_map(page)
    }

    /// Where a destination leads; nothing for one that may not be followed, which was reported where it
    /// was parsed.
    pub(super) fn find(&self, page: &Page, stand: &Location, target: &Destination) -> Option<Resolution> {
        let found = match target {
            Destination::Unsafe(_) => return None,
            Destination::Mail(address) => Resolution::Away(format!("mailto:{address}")),
            Destination::Fragment(fragment) => Resolution::Here(Here {
                address: stand.address.clone(),
                entry: stand.entry,
                base: if fragment.is_empty() { String::new() } else { stand.anchor.clone() },
                id_prefix: Some(stand.id_prefix.clone()),
            }),
            Destination::Absolute(address) => self.absolute(address),
            Destination::Relative { path, .. } if path.is_empty() => Resolution::Nowhere(String::new()),
            Destination::Relative { path, .. } => self.relative(page, stand, path),
            Destination::Named { name, .. } => self.named(page, name),
        };
        match found {
            Resolution::Here(Here { entry: Some(entry), .. })
            | Resolution::Moved(Here { entry: Some(entry), .. }, _)
                if self.shown[entry] == ShownAs::Nowhere =>
            {
                Some(Resolution::Unlisted)
            }
            Resolution::Chosen(first, _) if matches!(*first, Resolution::Here(Here { entry: Some(entry), .. }) if self.shown[entry] == ShownAs::Nowhere) => {
                Some(Resolution::Unlisted)
            }
            found => Some(found),
        }
    }

    fn absolute(&self, address: &::url::Url) -> Resolution {
        let own =
            self.urls.own(address).or_else(|| self.former.iter().find_map(|former| former.own(address)));
        if let Some(path) = own {
            return self
                .at_address(&path)
                .or_else(|| self.moved(&path))
                .unwrap_or_else(|| Resolution::Nowhere(address.to_string()));
        }
        let repository = self.sources.config.repository.as_ref();
        if let Some(path) = repository.and_then(|it| it.strip_view_url(address.as_str())) {
            // Of what lies outside the content folder the site knows nothing, the git host does.
            let prefix = self.sources.content_prefix.as_str();
            let inside = path.strip_prefix(prefix).filter(|_| !prefix.is_empty());
            let found = self.at_path(&path).or_else(|| self.held(&path));
            if let Some(found) = found.or_else(|| self.moved(inside?)) {
                return found;
            }
        }
        Resolution::Away(address.to_string())
    }

    fn relative(&self, page: &Page, stand: &Location, written: &str) -> Resolution {
        let decoded = percent_decode_str(written).decode_utf8_lossy();
        let path = composed(&decoded);
        let here = |path: &str| {
            let folder = page.path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let file = url::join(folder, path)?;
            self.at_path(&file).or_else(|| self.held(&file))
        };
        let found = if let Some(inside) = path.strip_prefix("@/") {
            // As Zola writes a path from the content folder.
            let inside = format!("{}{inside}", self.sources.content_prefix);
            self.at_path(&inside).or_else(|| self.held(&inside))
        } else if let Some(from_root) = path.strip_prefix('/') {
            // A path from the root is one of the site, or as git hosts read it one of the repository.
            let below_base = path.strip_prefix(self.urls.base_path()).filter(|rest| rest.starts_with('/'));
            let inside = format!("{}{from_root}", self.sources.content_prefix);
            self.at_address(&path)
                .or_else(|| self.at_address(below_base?))
                .or_else(|| self.at_path(from_root))
                .or_else(|| self.at_path(&inside))
                .or_else(|| self.held(from_root))
                .or_else(|| self.held(&inside))
        } else {
            here(&path)
                // A file may have a percent sign in its own name.
                .or_else(|| if path == written { None } else { here(written) })
                .or_else(|| self.at_address(&format!("/{}", url::join(&stand.address, &path)?)))
        };
        found.or_else(|| self.moved(&path)).unwrap_or(Resolution::Nowhere(path))
    }

    /// Whether a link that leads nowhere on the site names a file of the repository outside of the content folder, and
    /// the address at which the git host shows it, if that is known.
    pub(super) fn beside(&self, page: &Page, target: &Destination) -> Option<Option<String>> {
        let Destination::Relative { path, fragment, .. } = target else { return None };
        let decoded = percent_decode_str(path).decode_utf8_lossy();
        let path = composed(&decoded);
        let repository = self.sources.config.repository.as_ref();
        // The site may lie in a folder of the repository, whose other files are meant as well.
        let site = repository.map_or("", |it| it.path.as_str());
        let folder = page.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let file = match path.strip_prefix('/') {
            Some(from_root) => url::join("", from_root)?,
            None => url::join(&format!("{site}/{folder}"), &path)?,
        };
        let depth = site.split('/').filter(|part| !part.is_empty()).count();
        let is_content = |prefix: &str| !prefix.is_empty() && format!("{file}/").starts_with(prefix);
        let content = format!("{site}/{}", self.sources.content_prefix);
        let is_named = !file.is_empty() && !self.sources.content_prefix.is_empty();
        if !is_named || is_content(content.trim_start_matches('/')) || !self.sources.has_beside(depth, &file)
        {
            return None;
        }
        let url = repository.and_then(|it| it.url_of_file(&file));
        Some(url.map(|url| match fragment {
            Some(fragment) => format!("{url}#{}", url::encode_fragment(fragment)),
            None => url,
        }))
    }

    /// What a link of a wiki names: a file by its path, or by its name alone, or else a page by its title. Of several the
    /// nearest is meant.
    fn named(&self, page: &Page, written: &str) -> Resolution {
        let name = composed(written);
        let name = name.strip_suffix('/').unwrap_or(&name);
        let folder = page.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let inside = name.trim_start_matches('/');
        let paths = [url::join(folder, name), Some(format!("{}{inside}", self.sources.content_prefix))];
        let is_path = |path: &&String| !name.starts_with('/') || path.ends_with(inside);
        for path in paths.iter().flatten().filter(is_path) {
            if let Some(found @ (Resolution::Here(_) | Resolution::Asset(_))) = self.at_path(path)
                && (self.by_path.contains_key(path.as_str())
                    || name.contains('/')
                    || !self.folders.contains_key(path))
            {
                return found;
            }
        }
        let names = self.names.get_or_init(|| Names::new(self.sources, self.pages));
        let candidates = names.find(name, &page.path);
        let found: Vec<(Arc<str>, Resolution)> =
            candidates.iter().filter_map(|path| Some((Arc::clone(path), self.at_path(path)?))).collect();
        let paths: Vec<Arc<str>> = found.iter().map(|(path, _)| Arc::clone(path)).collect();
        match (found.into_iter().next(), paths.len()) {
            (Some((_, found)), 1) => found,
            (Some((_, found)), _) => Resolution::Chosen(Box::new(found), paths),
            // Whatever has the name is not on the site.
            (None, _) => match candidates.first() {
                Some(path) => Resolution::Held(path.to_string()),
                None => Resolution::Nowhere(written.to_string()),
            },
        }
    }

    /// What pages are called, folded, in order.
    pub(super) fn called(&self) -> Vec<&str> {
        self.names.get_or_init(|| Names::new(self.sources, self.pages)).pages()
    }

    /// The file of the page that is called so, nearest to a page.
    pub(super) fn file_called(&self, name: &str, from: &Page) -> Option<Arc<str>> {
        let names = self.names.get_or_init(|| Names::new(self.sources, self.pages));
        names.find(name, &from.path).into_iter().next()
    }

    /// How a link of a wiki names a file: by its name alone if no other file has it, else by its path.
    pub(super) fn name_of(&self, from: &Page, path: &str) -> String {
        let names = self.names.get_or_init(|| Names::new(self.sources, self.pages));
        names.name_of(from, path, &self.sources.content_prefix)
    }

    fn at_address(&self, path: &str) -> Option<Resolution> {
        let path = path.split(['?', '#']).next().unwrap_or(path);
        let path = path.strip_suffix("index.html").unwrap_or(path);
        let known = |path: &str| self.by_address.get(&slug::fold(path));
        let as_folder = |path: &str| known(&format!("{}/", path.trim_end_matches('/')));
        let found =
            known(path).or_else(|| as_folder(path)).or_else(|| as_folder(path.strip_suffix(".html")?));
        if found.is_none()
            && let Some(feed) = self.feed_at(path)
        {
            return Some(feed);
        }
        match found {
            Some((address, entry)) => Some(Resolution::Here(Here {
                address: address.clone(),
                entry: *entry,
                base: String::new(),
                id_prefix: entry.is_none().then(|| "h-".to_string()),
            })),
            None => self.assets_by_address.get(path).map(|path| Resolution::Asset(Arc::clone(path))),
        }
    }

    /// The feed of what is written under an entry.
    fn feed_at(&self, path: &str) -> Option<Resolution> {
        let (address, entry) = self.by_address.get(&slug::fold(path.strip_suffix(url::ATOM_FEED)?))?;
        let entry = &self.entries[(*entry)?];
        (entry.is_listed() && FOLLOWED.contains(&entry.kind)).then(|| {
            Resolution::Here(Here {
                address: url::entry_feed(address),
                entry: None,
                base: String::new(),
                id_prefix: Some("h-".to_string()),
            })
        })
    }

    /// What lies at a path of the repository: a page, a file beside content, a folder.
    fn at_path(&self, path: &str) -> Option<Resolution> {
        let trimmed = path.trim_end_matches('/');
        let page = |path: &str| self.by_path.get(path).and_then(|id| self.of_page(*id));
        if let Some(found) = files_of(trimmed).find_map(|path| page(&path)) {
            return Some(Resolution::Here(found));
        }
        if let Some((path, _)) = self.sources.assets.get_key_value(trimmed) {
            // A plain text that is a page of its own and is held must not come out as a file.
            let is_held = self.by_path.contains_key(trimmed);
            return Some(if is_held {
                Resolution::Held(trimmed.into())
            } else {
                Resolution::Asset(Arc::clone(path))
            });
        }
        let plain = |address: &str| {
            Resolution::Here(Here {
                address: address.to_string(),
                entry: self.by_address.get(&slug::fold(address)).and_then(|it| it.1),
                base: String::new(),
                id_prefix: Some("h-".to_string()),
            })
        };
        if let Some(address) = self.folders.get(trimmed) {
            return Some(plain(address));
        }
        (trimmed == root::GUIDELINES && self.guidelines.is_some()).then(|| plain(url::GUIDELINES_PAGE))
    }

    fn of_page(&self, id: PageId) -> Option<Here> {
        let stand = self.stands[id].as_ref()?;
        Some(Here {
            address: stand.address.clone(),
            entry: stand.entry,
            base: stand.anchor.clone(),
            id_prefix: Some(stand.id_prefix.clone()),
        })
    }

    /// A file that somebody wrote, but that is not on the site: held, a draft, dated in the future.
    fn held(&self, path: &str) -> Option<Resolution> {
        let trimmed = path.trim_end_matches('/');
        let held = files_of(trimmed).find(|path| self.by_path.contains_key(path.as_str()))?;
        Some(Resolution::Held(held))
    }

    /// After a move a link that still names a slug which only one page has finds it, and so does one that
    /// names a reply in its folder.
    fn moved(&self, path: &str) -> Option<Resolution> {
        let path = path.split(['?', '#']).next().unwrap_or(path);
        let trimmed =
            path.trim_end_matches('/').trim_end_matches("/index.md").trim_end_matches("/index.html");
        let mut parts = trimmed.rsplit('/');
        // What begins with the name of a host was never a page of this site.
        let is_host = |part: &str| {
            part.rsplit_once('.').is_some_and(|(name, top)| {
                !name.is_empty() && top.len() > 1 && top.chars().all(char::is_alphabetic)
            })
        };
        if parts.clone().skip(1).any(is_host) {
            return None;
        }
        let name = parts.next().filter(|name| !matches!(*name, "" | "." | ".."))?;
        let stem = match name.rsplit_once('.') {
            Some((stem, _)) if is_document(name) || name.ends_with(".html") => stem,
            Some(_) => return None,
            None => name,
        };
        let unique = |slug: &str| self.by_slug.get(slug).copied().flatten();
        let stem = slug::slug(stem);
        let owner = parts.next().filter(|it| !it.is_empty()).and_then(|folder| unique(&slug::slug(folder)));
        if let Some(owner) = owner {
            let entry = &self.entries[owner];
            let reply = entry.replies().find(|reply| reply.stem == stem && reply.page != entry.page);
            if let Some(reply) = reply {
                return Some(Resolution::Moved(self.of_page(reply.page)?, reply.page));
            }
        }
        let entry = &self.entries[unique(&stem)?];
        // Someone's page is no page that was moved, unless it was looked for among people.
        if entry.kind == Kind::Person && !path.contains("people/") {
            return None;
        }
        Some(Resolution::Moved(self.of_page(entry.page)?, entry.page))
    }
}

fn by_slug(entries: &[Entry], shown: &[ShownAs]) -> HashMap<String, Option<EntryId>> {
    let mut by_slug: HashMap<String, Option<EntryId>> = HashMap::with_capacity(entries.len());
    for (id, entry) in entries.iter().enumerate().filter(|(id, _)| shown[*id] != ShownAs::Nowhere) {
        let slug = entry.slug.rsplit('/').next().unwrap_or(&entry.slug);
        by_slug.entry(slug.to_string()).and_modify(|known| *known = None).or_insert(Some(id));
    }
    by_slug
}

fn by_path(pages: &[Arc<Page>]) -> HashMap<Arc<str>, PageId> {
    pages.iter().enumerate().map(|(id, page)| (Arc::clone(&page.path), id)).collect()
}

/// Every address that the site has, folded, for those who write another case.
fn by_address(
    sources: &Sources,
    pages: &[Arc<Page>],
    entries: &[Entry],
    known: &Taxonomies<'_>,
) -> HashMap<String, (String, Option<EntryId>)> {
    let folded: Vec<String> = entries.par_iter().map(|entry| slug::fold(&entry.address)).collect();
    let mut by_address: HashMap<String, (String, Option<EntryId>)> =
        HashMap::with_capacity(2 * entries.len());
    for (id, folded) in folded.into_iter().enumerate() {
        by_address.entry(folded).or_insert_with(|| (entries[id].address.clone(), Some(id)));
    }
    let feeds =
        own::former_feeds(entries, known.redirects, &|address| by_address.get(&slug::fold(address))?.1);
    let mut know = |address: String| {
        by_address.entry(slug::fold(&address)).or_insert((address, None));
    };
    own::generated(sources, pages, entries, known, &mut know);
    feeds.into_iter().for_each(know);
    by_address
}

/// Where every page of content is shown.
fn stands(
    pages: &[Arc<Page>],
    roles: &[Role],
    entries: &[Entry],
    known: &Taxonomies<'_>,
) -> Vec<Option<Location>> {
    let mut stands: Vec<Option<Location>> = vec![None; pages.len()];
    let stand = |address: &str, anchor: &str, entry: Option<EntryId>, id_prefix: &str| {
        Some(Location { address: address.into(), anchor: anchor.into(), entry, id_prefix: id_prefix.into() })
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
                let place = &pages[id].place;
                let name = folder.rsplit('/').next().unwrap_or(folder);
                let address = topic_address(place.kind, (!place.folders.is_empty()).then_some(name), known);
                stands[id] = stand(&address, "", None, "h-");
            }
            Role::Entry { .. } | Role::Reply { .. } | Role::Held => {}
        }
    }
    stands
}

/// The address that stands for a folder: the tag of a topic, or the list of the kind where nothing that
/// is shown bears the tag.
fn topic_address(kind: Kind, topic: Option<&str>, known: &Taxonomies<'_>) -> String {
    let tag = topic.map(|topic| known.tag_names.slug(topic)).filter(|tag| known.tags.contains_key(tag));
    match (tag, kind) {
        (Some(tag), _) => url::tag(&tag),
        (None, Kind::Page) => "/".to_string(),
        (None, kind) => url::list(kind, 1),
    }
}

fn folders(
    sources: &Sources,
    pages: &[Arc<Page>],
    roles: &[Role],
    entries: &[Entry],
    known: &Taxonomies<'_>,
) -> HashMap<String, String> {
    let mut folders = HashMap::with_capacity(2 * entries.len());
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
            let topic = depth.checked_sub(1).map(|depth| page.place.folders[depth].as_str());
            folders.insert(folder.to_string(), topic_address(page.place.kind, topic, known));
            folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
        }
    }
    // A folder of plain pages without a page of its own has one that lists what is in it.
    for entry in entries.iter().filter(|entry| entry.kind == Kind::Page) {
        let page = &pages[entry.page];
        let mut folder = page.path.as_ref();
        if naming::is_folder(page) {
            folder = folder.rsplit_once('/').map_or("", |(folder, _)| folder);
        }
        let above: Vec<&str> = url::above(&entry.address).collect();
        for address in above.into_iter().rev() {
            folder = folder.rsplit_once('/').map_or("", |(folder, _)| folder);
            if known.folders.contains_key(address) && !folder.is_empty() {
                folders.entry(folder.to_string()).or_insert_with(|| address.to_string());
            }
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

/// The files that a path may mean: itself, or a page whose ending is left out, or is that of the published page.
fn files_of(path: &str) -> impl Iterator<Item = String> {
    let stem = path.strip_suffix(".html").or_else(|| path.strip_suffix(".htm")).unwrap_or(path);
    let endings = ["md", "mdx", "markdown"];
    let pages = endings.into_iter().map(move |ending| format!("{stem}.{ending}"));
    let indexes = endings.into_iter().map(move |ending| format!("{stem}/index.{ending}"));
    std::iter::once(path.to_string()).chain(pages).chain(indexes)
}

/// A path in the composed form in which people compare names.
fn composed(path: &str) -> String {
    if path.is_ascii() { path.to_string() } else { path.nfc().collect() }
}

/// The last part of a path.
pub(super) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
