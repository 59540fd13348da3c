//! One of two versions of a site: a published folder, or files of which each page is made when it is compared.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::html::{Base, Page};
use super::text::unhashed;
use crate::checkout::Checkout;
use crate::output::{Content, MARKER};
use crate::pipeline::{self, BuildError};
use crate::site::revision::Reads;
use crate::site::{Site, Visibility, url};
use crate::source::{Sources, published};
use crate::theme::{Names, Theme};
use crate::view::feed::FeedPlan;
use crate::view::{self, Lists, Plan};

/// A version of a site.
#[derive(Debug)]
pub struct Side {
    /// What it is called in a report, as somebody named it.
    pub name: String,
    /// Its files, by their path without the hashes in it.
    pub(super) files: BTreeMap<String, Stored>,
    /// Where its pages stand.
    pub(super) base: Base,
    pub(super) origin: Origin,
}

/// A file of a version: its real path, and what it is.
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) path: String,
    pub(super) file: File,
}

#[derive(Debug)]
pub(super) enum File {
    /// A page that is made when somebody asks.
    Page(usize),
    /// One of the two files of a feed.
    Feed(usize, usize),
    /// What no template makes.
    Content(Content),
    /// A file of a published folder.
    Published(blake3::Hash),
}

/// Where the files of a version come from.
#[derive(Debug)]
pub(super) enum Origin {
    Published(PathBuf),
    Made(Box<Made>),
}

/// A version that is made of files.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) site: Site,
    pub(super) plans: Vec<Plan>,
    pub(super) commit: Option<Checkout>,
    theme: Theme,
    lists: Lists,
    feeds: Vec<FeedPlan>,
}

/// The files of a folder on which a comparison does not look: what marks it, and what follows from the pages.
fn is_compared(path: &str, with_search: bool) -> bool {
    let is_sitemap = path.starts_with("sitemap") && path.ends_with(".xml");
    path != MARKER && !is_sitemap && (with_search || !is_of_search(path))
}

/// Whether a path is one of the search index.
pub(super) fn is_of_search(path: &str) -> bool {
    let index = format!("{}/{}/", url::ASSETS, url::SEARCH);
    path.starts_with(&index) || (path.starts_with(&format!("{}/", url::SEARCH)) && path.ends_with(".json"))
}

impl Side {
    /// A published folder.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn published(name: &str, folder: &Path) -> io::Result<Side> {
        let hashes = published::hashes(folder)?;
        let mut files = BTreeMap::new();
        for (path, hash) in hashes {
            if is_compared(&path, true) {
                files.insert(key(&path), Stored { path, file: File::Published(hash) });
            }
        }
        let home = files.get("index.html").map(|_| published::read(folder, "index.html")).transpose()?;
        let base = home.map(|home| base_of(&home)).unwrap_or_default();
        Ok(Side { name: name.to_owned(), files, base, origin: Origin::Published(folder.to_owned()) })
    }

    /// What a build would make of files; those of a commit are kept as long as this is.
    ///
    /// # Errors
    /// When a template is wrong.
    pub fn made(
        name: &str,
        sources: &Arc<Sources>,
        commit: Option<Checkout>,
        beside: Option<&Side>,
    ) -> Result<Side, BuildError> {
        let other = beside.and_then(Side::site);
        let (site, _) = pipeline::link_beside(sources, Visibility::default(), other);
        let theme = Theme::new(&site, Names::Hashed).map_err(BuildError::Template)?;
        let lists = Lists::new(&site);
        let plans = view::plan(&site.reader(), &lists);
        let feeds = view::feed::plan(&site.reader(), &lists);
        let mut files = BTreeMap::new();
        let mut put = |path: String, file: File| {
            files.insert(key(&path), Stored { path, file });
        };
        let reader = site.reader();
        for (n, plan) in plans.iter().enumerate() {
            put(url::output_path(&plan.address(&reader)), File::Page(n));
        }
        for (n, feed) in feeds.iter().enumerate() {
            for (which, address) in feed.addresses(&reader).iter().enumerate() {
                put(url::output_path(address), File::Feed(n, which));
            }
        }
        put(url::output_path(url::ROBOTS), content(view::feed::robots(&reader).into_bytes()));
        if site.sources().config.search.enabled {
            put(url::output_path(url::OPENSEARCH), content(view::feed::opensearch(&reader).into_bytes()));
        }
        put(".nojekyll".to_owned(), content(Vec::new()));
        for (address, bytes) in &theme.files {
            put(address.trim_start_matches('/').to_owned(), content(bytes.clone()));
        }
        for (address, asset) in site.assets() {
            put(address.trim_start_matches('/').to_owned(), File::Content(asset.content()));
        }
        for (path, file) in site.sources().statics.iter() {
            let content = Content::Source { path: file.path.clone(), len: file.len, hash: file.hash };
            put(path.clone(), File::Content(content));
        }
        files.retain(|path, _| is_compared(path, false));
        let urls = site.urls();
        let base = Base { origin: urls.whole(""), path: urls.base_path().to_owned() };
        let made = Made { plans, commit, theme, lists, feeds, site };
        Ok(Side { name: name.to_owned(), files, base, origin: Origin::Made(Box::new(made)) })
    }

    /// The site, if this is one that is made of files.
    #[must_use]
    pub fn site(&self) -> Option<&Site> {
        self.as_made().map(|made| &made.site)
    }

    /// The id of the commit, if it is the site of one.
    #[must_use]
    pub fn commit(&self) -> Option<&str> {
        Some(&self.as_made()?.commit.as_ref()?.id)
    }

    pub(super) fn as_made(&self) -> Option<&Made> {
        match &self.origin {
            Origin::Made(made) => Some(made),
            Origin::Published(_) => None,
        }
    }

    /// Whether the page of an entry is at an address.
    pub(super) fn is_entry_at(&self, address: &str) -> bool {
        self.files.get(&key(&url::output_path(address))).is_some_and(|stored| is_entry(self, stored))
    }

    /// Leaves the search index out, because the other side has none.
    pub(super) fn without_search(&mut self) {
        self.files.retain(|path, _| !is_of_search(path));
    }

    /// The path of a file of the site, of an address in one of its pages.
    pub(super) fn own_path(&self, to: &str) -> Option<String> {
        let path =
            to.strip_prefix(self.base.origin.as_str()).filter(|_| !self.base.origin.is_empty()).unwrap_or(to);
        let path = path.strip_prefix(self.base.path.as_str())?.strip_prefix('/')?;
        let path = path.split(['?', '#']).next().unwrap_or_default();
        Some(key(&percent_encoding::percent_decode_str(path).decode_utf8_lossy()))
    }

    /// How many bytes a file has that nobody has to make.
    pub(super) fn len(&self, stored: &Stored) -> Option<u64> {
        match (&stored.file, &self.origin) {
            (File::Content(content), _) => Some(content.len()),
            (File::Published(_), Origin::Published(folder)) => published::len(folder, &stored.path),
            _ => None,
        }
    }

    /// The hash of a file that nobody has to make.
    pub(super) fn hash(&self, stored: &Stored) -> Option<blake3::Hash> {
        match &stored.file {
            File::Content(content) => Some(content.hash()),
            File::Published(hash) => Some(*hash),
            File::Page(_) | File::Feed(..) => None,
        }
    }

    /// The bytes of a file, and what was read of the site to make it.
    ///
    /// # Errors
    /// When a template is wrong, or the file cannot be read.
    pub(super) fn bytes(&self, stored: &Stored) -> Result<(Vec<u8>, Option<Reads>), BuildError> {
        let failed = |error: io::Error| BuildError::Io(stored.path.clone(), error);
        match (&stored.file, &self.origin) {
            (File::Page(n), Origin::Made(made)) => {
                let reader = made.site.reader();
                let view = made.plans[*n].view(&reader, &made.lists);
                let mut page = Vec::new();
                match made.theme.render(&view, &mut page) {
                    Ok(()) => Ok((page, Some(reader.into_reads()))),
                    Err(fault) => Err(BuildError::Template(made.theme.explain(&[(*fault, view)]))),
                }
            }
            (File::Feed(n, which), Origin::Made(made)) => {
                let mut files = made.feeds[*n].files(&made.site.reader(), &made.lists);
                Ok((files.swap_remove(*which).into_bytes(), None))
            }
            (File::Content(content), _) => {
                let mut bytes = Vec::new();
                content.open().and_then(|mut file| file.read_to_end(&mut bytes)).map_err(failed)?;
                Ok((bytes, None))
            }
            (File::Published(_), Origin::Published(folder)) => {
                Ok((published::read(folder, &stored.path).map_err(failed)?, None))
            }
            _ => Ok((Vec::new(), None)),
        }
    }

    /// A page, read again.
    pub(super) fn page(&self, key: &str) -> Result<Option<Page>, BuildError> {
        let Some(stored) = self.files.get(key) else { return Ok(None) };
        let (bytes, _) = self.bytes(stored)?;
        Ok(Some(Page::read(&bytes, &address(&stored.path), &self.base)))
    }
}

/// Whether a file is the page of an entry, and no list.
pub(super) fn is_entry(side: &Side, stored: &Stored) -> bool {
    match (&stored.file, side.as_made()) {
        (File::Page(n), Some(made)) => matches!(made.plans[*n], Plan::Entry(_)),
        _ => false,
    }
}

fn content(bytes: Vec<u8>) -> File {
    File::Content(bytes.into())
}

/// A path without the hashes in it, which is what a file is known by on both sides.
fn key(path: &str) -> String {
    unhashed(&format!("/{path}")).trim_start_matches('/').to_owned()
}

/// The address of a file.
pub(super) fn address(path: &str) -> String {
    match path.strip_suffix("index.html") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => format!("/{folder}"),
        _ => format!("/{path}"),
    }
}

/// Where a site stands, as its home page says.
fn base_of(home: &[u8]) -> Base {
    let text = String::from_utf8_lossy(home);
    let mark = "<link rel=\"canonical\" href=\"";
    let link = text.split_once(mark).and_then(|(_, rest)| rest.split_once('"')).map(|(link, _)| link);
    let parsed = link.and_then(|link| ::url::Url::parse(link).ok());
    parsed.map_or_else(Base::default, |link| Base {
        origin: link.origin().ascii_serialization(),
        path: link.path().trim_end_matches('/').to_owned(),
    })
}
