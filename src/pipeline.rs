//! The steps of a build, one after the other: every file by itself, all together, what is wrong, every page.
//!
//! [`understand`] reads a site, [`build`] makes every file of it. [`link`] is the same again beside a site of before.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;

use crate::diagnostic::Diagnostic;
use crate::output::{Content, OutputPath, Sink};
use crate::page::kind::Kind;
use crate::site::{LeftOut, Site, Visibility, url};
use crate::source::Sources;
use crate::theme::Theme;
use crate::theme::problem::{Fault, TemplateErrors};
use crate::view::{Lists, Plan, View};
use crate::{page, search, site, source, theme, view};

/// A step of a build, told to anyone who watches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Reading every file by itself.
    Parse,
    /// Putting all pages together.
    Link,
    /// Rendering pages and handing them out.
    Render,
    /// Making the search index, beside rendering.
    Index,
}

/// What happens during a build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A step begins, with this many things to do.
    Begin(Step, usize),
    /// One of them is done.
    Done(Step),
    /// A step ends.
    End(Step),
}

/// What a build made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Built {
    /// How many pages there are of each kind.
    pub pages: BTreeMap<Kind, usize>,
    /// How many answers stand on them.
    pub answers: usize,
    /// How many files were handed to the sink.
    pub files: usize,
    /// Pages that are not on the site.
    pub left_out: LeftOut,
    /// Files that the static folder replaced.
    pub overridden: BTreeSet<String>,
}

/// Why a build ended without a site.
#[derive(Debug)]
pub enum BuildError {
    /// The theme is wrong: exit status 2.
    Template(TemplateErrors),
    /// A file could not be handed out: exit status 3.
    Io(String, io::Error),
    /// The search index could not be made.
    Index(longhouse_search::Error),
}

impl fmt::Display for BuildError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BuildError::Template(error) => write!(out, "{error}"),
            BuildError::Io(path, error) => write!(out, "{path}: {error}"),
            BuildError::Index(error) => write!(out, "The search index cannot be built: {error}"),
        }
    }
}

impl std::error::Error for BuildError {}

/// Understands a site: every file by itself, then all together. What is wrong comes at the levels that
/// the configuration gives, in the order of files and places.
pub fn understand(
    sources: &Arc<Sources>,
    visibility: Visibility,
    watch: &(dyn Fn(Event) + Sync),
) -> (Site, Vec<Diagnostic>) {
    let (site, between) = link(sources, visibility, None, watch);
    let diagnostics = check(&site, between);
    (site, diagnostics)
}

/// Puts a site together without looking for what is wrong with all of it: only what is wrong between its
/// pages comes beside it, for [`check()`]. The site of last time lets it take over what did not change; the
/// result is the same.
pub fn link(
    sources: &Arc<Sources>,
    visibility: Visibility,
    before: Option<Site>,
    watch: &(dyn Fn(Event) + Sync),
) -> (Site, Vec<Diagnostic>) {
    let pages = pages(sources, before.as_ref(), watch);
    watch(Event::Begin(Step::Link, 1));
    let linked = site::link(sources, pages, visibility, before);
    watch(Event::End(Step::Link));
    linked
}

/// Understands another version of a site that stays as it is: only files that differ are read again.
#[must_use]
pub fn understand_beside(
    site: &Site,
    sources: &Arc<Sources>,
    visibility: Visibility,
) -> (Site, Vec<Diagnostic>) {
    let (other, between) = link_beside(sources, visibility, Some(site));
    let diagnostics = check(&other, between);
    (other, diagnostics)
}

/// Puts a site together beside another version of it that stays as it is. Nothing is looked for that is wrong with all of
/// it.
#[must_use]
pub fn link_beside(
    sources: &Arc<Sources>,
    visibility: Visibility,
    other: Option<&Site>,
) -> (Site, Vec<Diagnostic>) {
    site::link(sources, pages(sources, other, &|_| {}), visibility, None)
}

/// Every file by itself; those that are known are taken over.
fn pages(
    sources: &Arc<Sources>,
    before: Option<&Site>,
    watch: &(dyn Fn(Event) + Sync),
) -> Vec<Arc<page::Page>> {
    watch(Event::Begin(Step::Parse, sources.documents.len()));
    let known = before.filter(|before| !before.sources().differences(sources).reading);
    let known = known.map(site::Site::known_pages);
    let templates = site::placeholder::templates(&sources.words);
    let parse = |(place, document): (usize, &source::Document)| {
        let known = known.as_ref().and_then(|known| known.get(place, document));
        let page = known.unwrap_or_else(|| {
            Arc::new(page::parse(
                document,
                sources.config.page_settings(),
                &sources.content_prefix,
                &templates,
            ))
        });
        watch(Event::Done(Step::Parse));
        page
    };
    let pages: Vec<Arc<page::Page>> = sources.documents.par_iter().enumerate().map(parse).collect();
    let pages = site::asset::without_attachments(sources, pages);
    watch(Event::End(Step::Parse));
    pages
}

/// Everything that is wrong with a site, at the levels that the configuration gives, in the order of files and
/// places. `between` is what linking found.
#[must_use]
pub fn check(site: &Site, mut between: Vec<Diagnostic>) -> Vec<Diagnostic> {
    between.extend(theme::warnings(site.sources()));
    crate::check::all(site, between)
}

/// Makes every file of a site and hands it to the sink: pages, feeds, the theme's files, files beside
/// content, the search index.
///
/// # Errors
/// When a template is wrong or the sink fails.
pub fn build(site: &Site, sink: &dyn Sink, watch: &(dyn Fn(Event) + Sync)) -> Result<Built, BuildError> {
    let theme = Theme::new(site, theme::Names::Hashed).map_err(BuildError::Template)?;
    let hands = Emitter { site, sink, files: AtomicUsize::new(0), overridden: Mutex::default() };
    let (pages, index) = rayon::join(|| render(&hands, &theme, watch), || index(&hands, watch));
    pages?;
    index?;
    extras(&hands, &theme)?;
    let mut built = Built {
        files: hands.files.into_inner(),
        left_out: site.left_out(),
        overridden: hands.overridden.into_inner().unwrap_or_else(PoisonError::into_inner),
        ..Built::default()
    };
    for (_, entry) in site.listed() {
        *built.pages.entry(entry.kind).or_default() += 1;
        built.answers += entry.question().map_or(0, |question| question.answers.len());
    }
    Ok(built)
}

/// What hands files to the sink.
struct Emitter<'a> {
    site: &'a Site,
    sink: &'a dyn Sink,
    files: AtomicUsize,
    overridden: Mutex<BTreeSet<String>>,
}

impl Emitter<'_> {
    /// Hands out one file, unless the site's static folder has one of its own at that place.
    fn put(&self, path: &str, content: Content) -> Result<(), BuildError> {
        if self.is_overridden(path) { Ok(()) } else { self.hand(path, |place| self.sink.put(place, content)) }
    }

    /// The same for bytes whose memory is used again.
    fn put_bytes(&self, path: &str, bytes: &[u8]) -> Result<(), BuildError> {
        if self.is_overridden(path) {
            Ok(())
        } else {
            self.hand(path, |place| self.sink.put_bytes(place, bytes))
        }
    }

    fn is_overridden(&self, path: &str) -> bool {
        let is_overridden = self.site.sources().statics.contains_key(path);
        if is_overridden {
            self.overridden.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_string());
        }
        is_overridden
    }

    fn hand(&self, path: &str, put: impl FnOnce(&OutputPath) -> io::Result<()>) -> Result<(), BuildError> {
        let failed = |error: io::Error| BuildError::Io(path.to_string(), error);
        let place = OutputPath::new(path).map_err(|error| failed(io::Error::other(error.to_string())))?;
        self.files.fetch_add(1, Ordering::Relaxed);
        put(&place).map_err(failed)
    }
}

/// A template, and where in it.
pub(crate) type FaultPlace = (String, (usize, usize));

fn render(hands: &Emitter<'_>, theme: &Theme, watch: &(dyn Fn(Event) + Sync)) -> Result<(), BuildError> {
    let site = hands.site;
    let lists = Lists::new(site);
    let reader = site.reader();
    let plans = view::plan(&reader, &lists);
    watch(Event::Begin(Step::Render, plans.len()));
    let faults: Mutex<BTreeMap<FaultPlace, (usize, Fault)>> = Mutex::default();
    let mut addresses: Vec<(String, Option<String>)> = plans
        .par_iter()
        .enumerate()
        .map_init(Vec::new, |page: &mut Vec<u8>, (n, plan): (usize, &Plan)| {
            let view = plan.view(&site.reader(), &lists);
            if let Err(fault) = theme.render(&view, page) {
                // Every page is tried, so that all faults are told at once; each by the first page that has it.
                let mut faults = faults.lock().unwrap_or_else(PoisonError::into_inner);
                let first = faults.entry(fault.place()).or_insert_with(|| (n, (*fault).clone()));
                if n < first.0 {
                    *first = (n, *fault);
                }
                return Ok(None);
            }
            hands.put_bytes(&url::output_path(&view.address), page)?;
            watch(Event::Done(Step::Render));
            let changed = view.page.modified.or(view.page.published);
            Ok((!view.page.noindex).then_some((view.address, changed)))
        })
        .filter_map(Result::transpose)
        .collect::<Result<_, BuildError>>()?;
    let faults = faults.into_inner().unwrap_or_else(PoisonError::into_inner);
    if !faults.is_empty() {
        let faults: Vec<(Fault, View)> =
            faults.into_values().map(|(n, fault)| (fault, plans[n].view(&reader, &lists))).collect();
        return Err(BuildError::Template(theme.explain(&faults)));
    }
    view::feed::plan(&reader, &lists).par_iter().try_for_each(|feed| {
        let reader = site.reader();
        let files = feed.files(&reader, &lists);
        feed.addresses(&reader)
            .iter()
            .map(|address| url::output_path(address))
            .zip(files)
            .try_for_each(|(path, text)| hands.put(&path, text.into()))
    })?;
    addresses.sort();
    for (address, text) in view::feed::sitemap(&reader, &addresses) {
        hands.put(address.trim_start_matches('/'), text.into())?;
    }
    hands.put(&url::output_path(url::ROBOTS), view::feed::robots(&reader).into())?;
    if site.sources().config.search.enabled {
        hands.put(&url::output_path(url::OPENSEARCH), view::feed::opensearch(&reader).into())?;
    }
    watch(Event::End(Step::Render));
    Ok(())
}

fn index(hands: &Emitter<'_>, watch: &(dyn Fn(Event) + Sync)) -> Result<(), BuildError> {
    if !hands.site.sources().config.search.enabled {
        return Ok(());
    }
    watch(Event::Begin(Step::Index, 1));
    for (path, bytes) in search::index(hands.site).map_err(BuildError::Index)? {
        hands.put(&path, Content::Bytes(bytes))?;
    }
    watch(Event::End(Step::Index));
    Ok(())
}

/// The files that no template makes.
fn extras(hands: &Emitter<'_>, theme: &Theme) -> Result<(), BuildError> {
    // GitHub Pages leaves out folders with an underscore unless it finds this file.
    hands.put(".nojekyll", Vec::new().into())?;
    for (address, bytes) in &theme.files {
        hands.put(address.trim_start_matches('/'), bytes.clone().into())?;
    }
    for (address, asset) in hands.site.assets() {
        hands.put(address.trim_start_matches('/'), asset.content())?;
    }
    for (path, file) in hands.site.sources().statics.iter() {
        let content = Content::Source { path: file.path.clone(), len: file.len, hash: file.hash };
        hands.hand(path, |place| hands.sink.put(place, content))?;
    }
    Ok(())
}
