//! A site that follows its files: what was saved is read again, understood, made, and handed out.
//!
//! [`Workspace`] is the same pure function as a build, with a warm memory: it knows nothing of threads, terminals
//! or sockets. Anyone who has one tells it what was touched and gets a [`Rebuild`]: the files that are others now
//! and what is wrong. Whatever cannot be understood (a configuration, a template) leaves everything as it is.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::diagnostic::{Diagnostic, Fate};
use crate::incremental::{PageCache, Rendered};
use crate::output::{Content, OutputPath};
use crate::page::Page;
use crate::pipeline::{BuildError, check, link};
use crate::site::{Site, Visibility, url};
use crate::source::git::{GitError, History};
use crate::source::reload::{self, Touched};
use crate::source::{self, LoadError, LoadOptions, Sources};
use crate::theme::Names;
use crate::theme::problem::TemplateErrors;

/// A site, and everything that is remembered of it.
#[derive(Debug)]
pub struct Workspace {
    root: PathBuf,
    options: LoadOptions,
    visibility: Visibility,
    names: Names,
    sources: Option<Arc<Sources>>,
    site: SharedSite,
    cache: PageCache,
    /// Whether what was read last could not be understood, and was said to be wrong.
    is_stopped: bool,
    /// Paths that were touched while something could not be understood. They are looked at again.
    pending: Touched,
    /// Pages that are held now, by the path of their file on the site: the last good ones stay.
    last_good: BTreeSet<OutputPath>,
    keeps_last_good: bool,
}

/// The linked site of a preview, for those who look something up in it between two saves.
#[derive(Debug, Clone, Default)]
pub struct SharedSite(Arc<Mutex<Option<Site>>>);

/// What came of looking again.
#[derive(Debug, Default)]
pub struct Rebuild {
    /// Pages and what they show, with their new content, or without one if they are gone. [`Workspace::finish`] adds all
    /// other files but those of the search index.
    pub files: Vec<(OutputPath, Option<Content>)>,
    /// Addresses of pages that were rendered.
    pub rendered: Vec<String>,
    /// Pages that have another address now, or none.
    pub moved: Vec<(String, Option<String>)>,
    /// Files of the content folder whose text changed, came or went, in order.
    pub changed: Vec<Arc<str>>,
    /// The page that was saved, if it was one.
    pub saved: Option<SavedPage>,
    /// Whether there is anything new at all.
    pub is_news: bool,
    /// Why the site could not be rebuilt: problems of the configuration or of templates. Then it is as it was.
    pub stopped: Option<Stopped>,
    /// What linking found, for [`Workspace::problems`].
    between: Vec<Diagnostic>,
    /// How long each step took.
    pub took: Vec<(&'static str, Duration)>,
}

/// Why a site cannot be rebuilt.
#[derive(Debug)]
pub struct Stopped {
    /// What is wrong, with its places.
    pub diagnostics: Vec<Diagnostic>,
    /// Texts of the files that are wrong, where they are not the site's own.
    pub texts: BTreeMap<String, Arc<str>>,
    /// What is wrong with the world instead.
    pub world: Option<String>,
}

/// The page whose file was saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedPage {
    /// The address of the page that shows it.
    pub address: String,
    /// The fragment that leads to a reply.
    pub fragment: Option<String>,
    /// The first words of the first block that changed.
    pub words: String,
}

/// At most this many words tell one block from another.
const WORDS: usize = 12;

impl Workspace {
    /// A workspace for the site at `root`. Nothing is read yet.
    #[must_use]
    pub fn new(root: &Path, options: LoadOptions, visibility: Visibility, names: Names) -> Workspace {
        Workspace {
            root: root.to_path_buf(),
            options,
            keeps_last_good: visibility.preview,
            visibility,
            names,
            sources: None,
            site: SharedSite::default(),
            cache: PageCache::default(),
            is_stopped: false,
            pending: Touched::default(),
            last_good: BTreeSet::new(),
        }
    }

    /// Begins with sources that were read already.
    pub fn open(&mut self, sources: Arc<Sources>) -> Rebuild {
        let started = Instant::now();
        self.sources = Some(sources);
        self.make(BTreeSet::new(), vec![("reading", started.elapsed())], true)
    }

    /// Forgets everything that was made, after something went wrong in the middle: what comes next is made from the
    /// beginning.
    pub fn invalidate(&mut self) {
        *self.site.lock() = None;
        self.cache = PageCache::default();
        self.sources = None;
        self.pending = Touched { everything: true, ..Touched::default() };
    }

    /// Looks at what was touched.
    pub fn apply(&mut self, touched: Touched) -> Rebuild {
        let started = Instant::now();
        self.pending.paths.extend(touched.paths);
        self.pending.everything |= touched.everything;
        let touched = std::mem::take(&mut self.pending);
        let read = match &self.sources {
            Some(before) => reload::reload(before, &self.options, &touched),
            None => source::load(&self.root, &self.options),
        };
        match read {
            Err(error) => {
                self.is_stopped = true;
                self.pending = touched;
                Rebuild { stopped: Some(error.into()), is_news: true, ..Rebuild::default() }
            }
            Ok(sources) => self.take(sources, started),
        }
    }

    /// Takes over what git says now. If it refuses, what it said before stays, and that it refuses is told.
    pub fn apply_history(&mut self, history: Result<Option<Arc<History>>, GitError>) -> Rebuild {
        let started = Instant::now();
        match &self.sources {
            Some(before) => {
                let sources = reload::with_history(before, &self.options, history);
                self.take(sources, started)
            }
            None => Rebuild::default(),
        }
    }

    /// What git says of the site, for [`Workspace::apply_history`]; `content` is its content folder, empty or ending with
    /// `/`. It may take its time, so it is asked elsewhere.
    ///
    /// # Errors
    /// When git is there and refuses.
    pub fn ask_git(root: &Path, content_prefix: &str) -> Result<Option<Arc<History>>, GitError> {
        source::place::history(root, content_prefix, root).map(|history| history.map(Arc::new))
    }

    /// What belongs to a rebuild and is shown on no page: feeds and the sitemap. It is asked for after the pages are
    /// handed out, and added to the rebuild.
    pub fn finish(&mut self, rebuild: &mut Rebuild) {
        let mut site = self.site.lock();
        let Some(site) = site.as_mut() else { return };
        site.drop_deferred();
        if rebuild.stopped.is_some() {
            return;
        }
        let mut rest = Rendered::default();
        match self.cache.finish(site, &mut rest) {
            Ok(()) => {
                rebuild.files.extend(rest.files);
                rebuild.took.extend(rest.took);
            }
            Err(error) => rebuild.stopped = Some(error.into()),
        }
    }

    /// Everything that is wrong with the site as it is, after a rebuild.
    #[must_use]
    pub fn problems(&self, rebuild: &mut Rebuild) -> Vec<Diagnostic> {
        let between = std::mem::take(&mut rebuild.between);
        self.site.lock().as_ref().map_or_else(Vec::new, |site| check(site, between))
    }

    /// The sources as they were last understood.
    #[must_use]
    pub fn sources(&self) -> Option<&Arc<Sources>> {
        self.sources.as_ref()
    }

    /// The linked site, which lives as long as anybody looks at it.
    #[must_use]
    pub fn site(&self) -> SharedSite {
        self.site.clone()
    }

    /// Takes over sources that somebody else changed, in memory for example.
    pub fn apply_sources(&mut self, sources: Arc<Sources>) -> Rebuild {
        self.take(sources, Instant::now())
    }

    /// Makes the site of sources, if they are others than those of before.
    fn take(&mut self, sources: Arc<Sources>, started: Instant) -> Rebuild {
        let reading = vec![("reading", started.elapsed())];
        let before = self.sources.replace(Arc::clone(&sources));
        let is_same = before.as_ref().is_some_and(|before| before.differences(&sources).is_empty());
        // After something that stopped the site, what was understood is older than what was read, and even the same
        // site as before has to be told: what was said to be wrong is so no longer.
        if is_same && !std::mem::take(&mut self.is_stopped) && self.is_current() {
            return Rebuild { took: reading, ..Rebuild::default() };
        }
        let changed = before.map_or_else(BTreeSet::new, |before| changed_files(&before, &sources));
        self.make(changed, reading, false)
    }

    /// Whether the linked site was made of the sources that were read last, or of the same ones.
    fn is_current(&self) -> bool {
        let site = self.site.lock();
        let (Some(site), Some(sources)) = (site.as_ref(), &self.sources) else { return false };
        site.sources().differences(sources).is_empty() && !self.cache.is_stale(site)
    }

    fn make(
        &mut self,
        changed: BTreeSet<Arc<str>>,
        mut took: Vec<(&'static str, Duration)>,
        is_first: bool,
    ) -> Rebuild {
        let Some(sources) = &self.sources else { return Rebuild::default() };
        let mut site = self.site.lock();
        let before = site.take();
        let old = Old::of(before.as_ref(), &changed);
        let started = Instant::now();
        let (linked, between) = link(sources, self.visibility, before, &|_| {});
        took.push(("linking", started.elapsed()));
        let rendered = self.cache.pages_of(&linked, self.names);
        let mut rebuild = match rendered {
            Ok(Rendered { files, rendered, took: steps }) => {
                took.extend(steps);
                let saved = (!is_first).then(|| old.saved(&linked, &changed)).flatten();
                let moved = old.moved(&linked, &files);
                Rebuild { files, rendered, moved, saved, ..Rebuild::default() }
            }
            Err(error) => Rebuild { stopped: Some(error.into()), ..Rebuild::default() },
        };
        // What stopped the site leaves everything as it was, and a page that is mended meanwhile comes later.
        if self.keeps_last_good && rebuild.stopped.is_none() {
            keep_last_good(&linked, &mut self.last_good, &mut rebuild);
        }
        rebuild.changed = changed.into_iter().collect();
        (rebuild.between, rebuild.took, rebuild.is_news) = (between, took, true);
        *site = Some(linked);
        rebuild
    }
}

/// A page that is held now stays as it was: a slip of the pen takes nothing away from who writes.
fn keep_last_good(site: &Site, kept: &mut BTreeSet<OutputPath>, rebuild: &mut Rebuild) {
    let held = held_pages(site);
    let is_held = |path: &OutputPath| held.contains(path.as_str());
    rebuild.files.retain(|(path, content)| {
        if content.is_some() {
            kept.remove(path);
            return true;
        }
        if is_held(path) {
            kept.insert(path.clone());
            return false;
        }
        true
    });
    // Whose file is gone by now, or meant as something else, goes as well.
    let gone: Vec<OutputPath> = kept.iter().filter(|path| !is_held(path)).cloned().collect();
    for path in gone {
        kept.remove(&path);
        if !rebuild.files.iter().any(|(other, _)| *other == path) {
            rebuild.files.push((path, None));
        }
    }
    rebuild.moved.retain(|(from, to)| {
        let path = OutputPath::new(&url::output_path(from));
        to.is_some() || !path.is_ok_and(|path| kept.contains(&path))
    });
}

/// Where the pages would be whose files are there and cannot be shown.
fn held_pages(site: &Site) -> BTreeSet<String> {
    let by_diagnostic = site.sources().diagnostics.iter().filter(|it| it.rule.fate() == Fate::Held);
    let unreadable = by_diagnostic.filter_map(|it| site.meant_address(&it.file));
    let held = site.pages().iter().enumerate().filter(|(id, _)| site.is_left_out(*id));
    let held = held.filter_map(|(_, page)| site.meant_address(&page.path));
    unreadable.chain(held).map(|address| url::output_path(&address)).collect()
}

/// Content files whose text is another one, that came, or that went.
fn changed_files(before: &Sources, now: &Sources) -> BTreeSet<Arc<str>> {
    let mut changed = BTreeSet::new();
    let mut old = before.documents.iter().peekable();
    for document in &now.documents {
        if old.next_if(|it| reload::is_same_document(it, document)).is_some() {
            continue;
        }
        while let Some(gone) = old.next_if(|it| it.path < document.path) {
            changed.insert(Arc::clone(&gone.path));
        }
        match old.next_if(|it| it.path == document.path) {
            Some(same) if same.text == document.text => {}
            _ => {
                changed.insert(Arc::clone(&document.path));
            }
        }
    }
    changed.extend(old.map(|gone| Arc::clone(&gone.path)));
    changed
}

/// What is looked up in the site of before, because linking takes it over.
#[derive(Default)]
struct Old {
    /// The pages of changed files, with the addresses that showed them.
    pages: Vec<(Arc<Page>, Option<String>)>,
    /// Whether there was a site.
    is_known: bool,
}

impl Old {
    fn of(site: Option<&Site>, changed: &BTreeSet<Arc<str>>) -> Old {
        let Some(site) = site else { return Old::default() };
        let pages = changed.iter().filter_map(|path| {
            let page = site.page_of(path)?;
            Some((Arc::clone(page), site.place_of(path).map(|(address, _)| address)))
        });
        Old { pages: pages.collect(), is_known: true }
    }

    /// The page that was saved, if one file was.
    fn saved(&self, site: &Site, changed: &BTreeSet<Arc<str>>) -> Option<SavedPage> {
        // A page that was moved is two files: the one that is there counts.
        let mut there = changed.iter().filter(|path| site.page_of(path).is_some());
        let (path, None) = (there.next()?, there.next()) else { return None };
        let (address, anchor) = site.place_of(path)?;
        let new = site.page_of(path)?;
        let old = self.pages.iter().find(|(page, _)| page.path == *path).map(|(page, _)| page);
        let words = old.map_or_else(String::new, |old| first_change(old, new));
        Some(SavedPage { address, fragment: (!anchor.is_empty()).then_some(anchor), words })
    }

    /// Where tabs go whose page is gone: to the file with the same text, wherever it is now.
    fn moved(&self, site: &Site, files: &[(OutputPath, Option<Content>)]) -> Vec<(String, Option<String>)> {
        if !self.is_known {
            return Vec::new();
        }
        let gone = files.iter().filter(|(_, content)| content.is_none());
        let gone = gone.filter_map(|(path, _)| {
            let path = path.as_str();
            (path == "index.html")
                .then(|| url::HOME.to_string())
                .or_else(|| Some(format!("/{}/", path.strip_suffix("/index.html")?)))
        });
        gone.map(|address| {
            let to = self.pages.iter().find_map(|(page, was)| {
                (was.as_deref() == Some(&*address)).then(|| same_text(site, page)).flatten()
            });
            (address, to)
        })
        .collect()
    }
}

/// The address of a page with the same text or the same title as one that is gone.
fn same_text(site: &Site, page: &Page) -> Option<String> {
    let same =
        site.pages().iter().find(|it| it.body.text == page.body.text && it.place.kind == page.place.kind);
    let same = same.filter(|_| !page.body.text.trim().is_empty())?;
    site.place_of(&same.path).map(|(address, _)| address)
}

/// The first words of the first block that is another one now.
fn first_change(old: &Page, new: &Page) -> String {
    let texts = |page: &Page| -> Vec<String> {
        page.body.blocks.iter().map(|block| page.body.text_at(block.text.clone()).to_string()).collect()
    };
    let (old, new) = (texts(old), texts(new));
    let at = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let block = new.get(at).or(new.last()).map_or("", String::as_str);
    block.split_whitespace().take(WORDS).collect::<Vec<_>>().join(" ")
}

impl SharedSite {
    /// The site. Anyone who holds it holds up the next rebuild.
    pub fn lock(&self) -> MutexGuard<'_, Option<Site>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<LoadError> for Stopped {
    fn from(error: LoadError) -> Stopped {
        let stopped = Stopped { diagnostics: Vec::new(), texts: BTreeMap::new(), world: None };
        match error {
            LoadError::Config(diagnostics) => Stopped { diagnostics, ..stopped },
            LoadError::NoSite(message) => Stopped { world: Some(message), ..stopped },
            LoadError::Io(path, error) => {
                Stopped { world: Some(format!("{}: {error}", path.display())), ..stopped }
            }
        }
    }
}

impl From<Stopped> for BuildError {
    fn from(stopped: Stopped) -> BuildError {
        let Stopped { diagnostics, texts, world } = stopped;
        match world {
            Some(world) => BuildError::Io(".".to_string(), std::io::Error::other(world)),
            None => BuildError::Template(TemplateErrors { diagnostics, texts }),
        }
    }
}

impl From<BuildError> for Stopped {
    fn from(error: BuildError) -> Stopped {
        match error {
            BuildError::Template(TemplateErrors { diagnostics, texts }) => {
                Stopped { diagnostics, texts, world: None }
            }
            error => {
                Stopped { diagnostics: Vec::new(), texts: BTreeMap::new(), world: Some(error.to_string()) }
            }
        }
    }
}
