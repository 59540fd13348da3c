//! The same site again after something changed: only what became another file is made and handed out.
//!
//! [`PageCache`] holds for every page what it read of the site and the hash of its bytes. A page is fresh while nothing
//! that it read changed. Else its view is made; if that is as it was, it is not rendered. A clean build is the same with
//! an empty memory, and gives the same bytes.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::mem;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rayon::prelude::*;

use crate::output::{Content, OutputPath};
use crate::pipeline::{BuildError, FaultPlace};
use crate::site::asset::PublishedAsset;
use crate::site::revision::{Changed, Reads};
use crate::site::{Site, url};
use crate::source::StaticFile;
use crate::theme::problem::Fault;
use crate::theme::{Names, Theme};
use crate::view::feed::FeedPlan;
use crate::view::{self, Lists, Plan, View};

/// What was made last time.
#[derive(Debug, Default)]
pub struct PageCache {
    lists: Option<Lists>,
    theme: Option<Theme>,
    /// By plan.
    made: Vec<Made>,
    /// What each feed read, by the paths of its files.
    feeds: BTreeMap<Vec<String>, Reads>,
    /// Everything but pages, by path: the hash of its bytes.
    files: BTreeMap<String, blake3::Hash>,
    /// The files beside content that were handed out.
    assets: BTreeMap<String, PublishedAsset>,
    /// What the files read that are neither pages nor feeds.
    others: Option<Reads>,
    /// What is left to be made after the pages.
    rest: Option<Rest>,
    /// The revision of the site of which everything was made.
    made_at: Option<u64>,
    /// What changed since then besides: lists, which are no part of the site.
    changed: Changed,
    /// The revision of the site of which the lists were made.
    listed_at: u64,
    /// The files that win over what is made.
    statics: Arc<BTreeMap<String, StaticFile>>,
}

/// What is known before the files are made that are no pages.
#[derive(Debug)]
struct Rest {
    changed: Changed,
    /// Whether the theme's files, the static ones and the addresses of pages are as they were.
    is_same: bool,
}

/// A page that was made.
#[derive(Debug, Clone)]
struct Made {
    address: String,
    template: &'static str,
    /// What it read of the site.
    reads: Reads,
    /// The key of its template.
    theme: blake3::Hash,
    /// The hash of the view, known from the second time on.
    view: Option<blake3::Hash>,
    bytes: blake3::Hash,
    /// Whether the sitemap names it, and since when it is as it is.
    listed: Option<Option<String>>,
}

/// What is another file now.
#[derive(Debug, Default)]
pub struct Rendered {
    /// Files with their new content, or without one if they are gone, in no order.
    pub files: Vec<(OutputPath, Option<Content>)>,
    /// Addresses of the pages that were rendered, whether they turned out the same or not.
    pub rendered: Vec<String>,
    /// How long the steps took.
    pub took: Vec<(&'static str, Duration)>,
}

/// The files of a feed, and what they read.
type FeedFiles = (Vec<String>, Reads);

/// What came of looking at one page.
enum PageOutcome {
    /// It is made of what it was made of.
    Same,
    /// It was made of something else. With the bytes, if they are others.
    Made(Box<Made>, Option<Vec<u8>>, bool),
    /// Its template is wrong.
    Wrong,
}

impl PageCache {
    /// Makes what is not as it was, search index aside. What fails leaves the memory as it is.
    ///
    /// # Errors
    /// When a template is wrong.
    pub fn render(&mut self, site: &Site, names: Names) -> Result<Rendered, BuildError> {
        let mut rendered = self.pages_of(site, names)?;
        self.finish(site, &mut rendered)?;
        Ok(rendered)
    }

    /// Makes the pages that are not as they were, and whatever they may show. [`PageCache::finish`] makes the rest.
    ///
    /// # Errors
    /// When a template is wrong.
    pub fn pages_of(&mut self, site: &Site, names: Names) -> Result<Rendered, BuildError> {
        let mut rendered = Rendered::default();
        let mut clock = Clock { since: Instant::now(), took: Vec::new() };
        let mut changed = site.revisions().changed_since(self.made_at.unwrap_or_default());
        let mut is_same = self.made_at.is_some() && Arc::ptr_eq(&self.statics, &site.sources().statics);
        if !self.theme.as_ref().is_some_and(|theme| theme.is_fresh(site, names, &changed)) {
            is_same = false;
            self.theme = Some(Theme::new(site, names).map_err(BuildError::Template)?);
        }
        clock.took("theme");
        let lists = match self.lists.take() {
            Some(lists) => {
                let mut others = site.revisions().changed_since(self.listed_at);
                let lists = lists.renewed(site, &mut others);
                self.changed.extend(others);
                lists
            }
            None => Lists::new(site),
        };
        self.listed_at = site.revisions().now();
        changed.extend(&self.changed);
        let plans = view::plan(&site.reader(), &lists);
        clock.took("lists");
        let outcome = self.pages(site, &lists, &plans, &changed, &mut rendered);
        clock.took("pages");
        self.lists = Some(lists);
        rendered.took = clock.took;
        is_same &= outcome?;
        self.rest = Some(Rest { changed, is_same });
        // What pages show has to be there before them.
        if !is_same || self.assets != *site.assets() {
            self.finish(site, &mut rendered)?;
        }
        Ok(rendered)
    }

    /// Makes what no page shows and what is not as it was: feeds and the sitemap. Nobody waits for these, so they come
    /// after the pages.
    ///
    /// # Errors
    /// When a path cannot be written, which no content makes it be.
    pub fn finish(&mut self, site: &Site, rendered: &mut Rendered) -> Result<(), BuildError> {
        let Some(Rest { changed, is_same }) = self.rest.take() else { return Ok(()) };
        let mut clock = Clock { since: Instant::now(), took: Vec::new() };
        let same_feeds = match self.lists.take() {
            Some(lists) => {
                let same = self.feeds(site, &lists, &changed, rendered);
                self.lists = Some(lists);
                same?
            }
            None => true,
        };
        clock.took("feeds");
        let same_others = self.others.as_ref().is_some_and(|reads| reads.are_fresh(&changed));
        if !is_same || !same_feeds || !same_others || self.assets != *site.assets() {
            let others = self.others(site);
            self.replace(others, rendered)?;
            self.assets = site.assets().clone();
        }
        self.made_at = Some(site.revisions().now());
        self.changed.clear();
        self.statics = Arc::clone(&site.sources().statics);
        clock.took("files");
        rendered.took.extend(clock.took);
        Ok(())
    }

    /// Whether what was made is older than the site, because something failed.
    #[must_use]
    pub fn is_stale(&self, site: &Site) -> bool {
        self.made_at != Some(site.revisions().now())
    }

    /// Looks at every page. Says whether the sitemap names the same ones.
    fn pages(
        &mut self,
        site: &Site,
        lists: &Lists,
        plans: &[Plan],
        changed: &Changed,
        rendered: &mut Rendered,
    ) -> Result<bool, BuildError> {
        let Some(theme) = &self.theme else { return Ok(true) };
        let all: Vec<(Cow<'_, str>, &'static str)> = plans
            .par_iter()
            .map_init(|| site.reader(), |reader, plan| (plan.address(reader), plan.template(reader)))
            .collect();
        let templates: BTreeSet<&str> = all.iter().map(|(_, template)| *template).collect();
        let templates: BTreeMap<&str, blake3::Hash> =
            templates.into_iter().map(|name| (name, theme.key(name))).collect();
        let known: HashMap<&str, usize> =
            self.made.iter().enumerate().map(|(n, made)| (&*made.address, n)).collect();
        let same_statics = Arc::ptr_eq(&self.statics, &site.sources().statics);
        // What a static file stood for until now has to be handed out again.
        let is_uncovered =
            |address: &str| !same_statics && self.statics.contains_key(&url::output_path(address));
        let faults: Mutex<BTreeMap<FaultPlace, (usize, Fault)>> = Mutex::default();
        let looks: Vec<(Option<usize>, PageOutcome)> = plans
            .par_iter()
            .enumerate()
            .map_init(Vec::new, |buffer, (n, plan)| {
                let (address, template) = &all[n];
                let place = known.get(&**address).copied();
                let old = place.map(|place| &self.made[place]).filter(|_| !is_uncovered(address));
                let theme_key = templates[template];
                let is_fresh = |old: &Made| {
                    (old.template, old.theme) == (*template, theme_key) && old.reads.are_fresh(changed)
                };
                if old.is_some_and(is_fresh) {
                    return (place, PageOutcome::Same);
                }
                let reader = site.reader();
                let view = plan.view(&reader, lists);
                let look = look(theme, &view, reader.into_reads(), theme_key, old, buffer);
                let look = look.unwrap_or_else(|fault| {
                    let mut faults = faults.lock().unwrap_or_else(PoisonError::into_inner);
                    let first = faults.entry(fault.place()).or_insert_with(|| (n, (*fault).clone()));
                    if n < first.0 {
                        *first = (n, *fault);
                    }
                    PageOutcome::Wrong
                });
                (place, look)
            })
            .collect();
        let faults = faults.into_inner().unwrap_or_else(PoisonError::into_inner);
        if !faults.is_empty() {
            let faults: Vec<(Fault, View)> = faults
                .into_values()
                .map(|(n, fault)| (fault, plans[n].view(&site.reader(), lists)))
                .collect();
            return Err(BuildError::Template(theme.explain(&faults)));
        }
        self.keep(site, plans.len(), looks, rendered)
    }

    /// Remembers what came of every page. Pages that are not planned any more are gone.
    fn keep(
        &mut self,
        site: &Site,
        count: usize,
        looks: Vec<(Option<usize>, PageOutcome)>,
        rendered: &mut Rendered,
    ) -> Result<bool, BuildError> {
        let mut same_addresses = true;
        let mut old: Vec<Option<Made>> = mem::take(&mut self.made).into_iter().map(Some).collect();
        let mut made = Vec::with_capacity(count);
        for (place, look) in looks {
            let was = place.and_then(|place| old[place].take());
            match (look, was) {
                (PageOutcome::Made(now, bytes, is_rendered), was) => {
                    same_addresses &= was.is_some_and(|was| was.listed == now.listed);
                    if let Some(bytes) = bytes {
                        let path = url::output_path(&now.address);
                        if !site.sources().statics.contains_key(&path) {
                            rendered.files.push((output_path(&path)?, Some(bytes.into())));
                        }
                    }
                    if is_rendered {
                        rendered.rendered.push(now.address.clone());
                    }
                    made.push(*now);
                }
                (_, Some(was)) => made.push(was),
                (_, None) => {}
            }
        }
        for gone in old.into_iter().flatten() {
            same_addresses = false;
            let path = url::output_path(&gone.address);
            if !site.sources().statics.contains_key(&path) {
                rendered.files.push((output_path(&path)?, None));
            }
        }
        self.made = made;
        Ok(same_addresses)
    }

    /// Makes the feeds that read something that changed. Says whether they are the same ones.
    fn feeds(
        &mut self,
        site: &Site,
        lists: &Lists,
        changed: &Changed,
        rendered: &mut Rendered,
    ) -> Result<bool, BuildError> {
        let plans = view::feed::plan(&site.reader(), lists);
        let same_statics = Arc::ptr_eq(&self.statics, &site.sources().statics);
        let known = &self.feeds;
        let make = |plan: &FeedPlan| {
            let paths: Vec<String> =
                plan.addresses(&site.reader()).iter().map(|it| url::output_path(it)).collect();
            let is_fresh = same_statics && known.get(&paths).is_some_and(|reads| reads.are_fresh(changed));
            if is_fresh {
                return (paths, None);
            }
            let reader = site.reader();
            let files = plan.files(&reader, lists);
            (paths, Some((files, reader.into_reads())))
        };
        let made: Vec<(Vec<String>, Option<FeedFiles>)> = plans.par_iter().map(make).collect();
        let mut old = mem::take(&mut self.feeds);
        let mut are_same = true;
        for (paths, made) in made {
            let was = old.remove(&paths);
            are_same &= was.is_some();
            let Some((files, reads)) = made else {
                self.feeds.extend(was.map(|reads| (paths, reads)));
                continue;
            };
            for (path, text) in paths.iter().zip(files) {
                let bytes: Vec<u8> = text.into();
                let hash = blake3::hash(&bytes);
                if self.files.insert(path.clone(), hash) != Some(hash)
                    && !site.sources().statics.contains_key(path)
                {
                    rendered.files.push((output_path(path)?, Some(bytes.into())));
                }
            }
            self.feeds.insert(paths, reads);
        }
        Ok(are_same && old.is_empty())
    }

    /// Every other file: sitemap, the theme's files, files beside content, static files.
    fn others(&mut self, site: &Site) -> BTreeMap<String, Other> {
        let reader = site.reader();
        let mut others = BTreeMap::new();
        let mut put = |path: String, content: Content| {
            let hash = match &content {
                // What is read when somebody asks for it has to be where it was, too.
                Content::Source { path, hash, .. } => {
                    joined(*hash, blake3::hash(path.as_os_str().as_encoded_bytes()))
                }
                // The same can be made of another source, of which other parts are read.
                Content::Pieces { path, hash, pieces, source_len, .. } => {
                    joined(*hash, blake3::hash(format!("{path:?}{source_len}{pieces:?}").as_bytes()))
                }
                Content::Bytes(_) => content.hash(),
            };
            others.entry(path).or_insert(Other { hash, content: Some(content) });
        };
        // The static folder comes first, because it wins.
        for (path, file) in site.sources().statics.iter() {
            let content = Content::Source { path: file.path.clone(), len: file.len, hash: file.hash };
            put(path.clone(), content);
        }
        put(".nojekyll".to_string(), Vec::new().into());
        for (address, bytes) in self.theme.iter().flat_map(|theme| &theme.files) {
            put(address.trim_start_matches('/').to_string(), bytes.clone().into());
        }
        for (address, asset) in site.assets() {
            put(address.trim_start_matches('/').to_string(), asset.content());
        }
        put(url::output_path(url::ROBOTS), view::feed::robots(&reader).into());
        if reader.config().search.enabled {
            put(url::output_path(url::OPENSEARCH), view::feed::opensearch(&reader).into());
        }
        let listed = self.made.iter().filter_map(|made| Some((made.address.clone(), made.listed.clone()?)));
        let mut listed: Vec<(String, Option<String>)> = listed.collect();
        listed.sort();
        for (address, text) in view::feed::sitemap(&reader, &listed) {
            put(address.trim_start_matches('/').to_string(), text.into());
        }
        for path in self.feeds.keys().flatten() {
            if let Some(hash) = self.files.get(path) {
                others.entry(path.clone()).or_insert(Other { hash: *hash, content: None });
            }
        }
        self.others = Some(reader.into_reads());
        others
    }

    /// Hands out what is another file now, and says what is gone.
    fn replace(
        &mut self,
        others: BTreeMap<String, Other>,
        rendered: &mut Rendered,
    ) -> Result<(), BuildError> {
        let mut old = mem::take(&mut self.files);
        for (path, Other { hash, content }) in others {
            let was = old.remove(&path);
            if let Some(content) = content.filter(|_| was != Some(hash)) {
                rendered.files.push((output_path(&path)?, Some(content)));
            }
            self.files.insert(path, hash);
        }
        for path in old.into_keys() {
            // A page comes to light where a static file stood.
            if self.made.iter().any(|made| url::output_path(&made.address) == path) {
                continue;
            }
            rendered.files.push((output_path(&path)?, None));
        }
        Ok(())
    }
}

/// A file that is no page. Without content if what was handed out last is right.
struct Other {
    hash: blake3::Hash,
    content: Option<Content>,
}

struct Clock {
    since: Instant,
    took: Vec<(&'static str, Duration)>,
}

impl Clock {
    fn took(&mut self, what: &'static str) {
        let now = Instant::now();
        self.took.push((what, now - self.since));
        self.since = now;
    }
}

/// Makes a page that is made of something else than last time, if it was made at all.
fn look(
    theme: &Theme,
    view: &View,
    reads: Reads,
    theme_key: blake3::Hash,
    old: Option<&Made>,
    page: &mut Vec<u8>,
) -> Result<PageOutcome, Box<Fault>> {
    let changed = view.page.modified.clone().or_else(|| view.page.published.clone());
    let mut made = Made {
        address: view.address.clone(),
        template: view.template,
        reads,
        theme: theme_key,
        view: None,
        bytes: blake3::Hash::from_bytes([0; 32]),
        listed: (!view.page.noindex).then_some(changed),
    };
    if let Some(old) = old {
        let hash = joined(hash_of(view), theme_key);
        made.view = Some(hash);
        if old.view == Some(hash) {
            made.bytes = old.bytes;
            return Ok(PageOutcome::Made(Box::new(made), None, false));
        }
    }
    theme.render(view, page)?;
    made.bytes = blake3::hash(page);
    let is_same = old.is_some_and(|old| old.bytes == made.bytes);
    Ok(PageOutcome::Made(Box::new(made), (!is_same).then(|| page.clone()), true))
}

/// The hash of everything that a template may see of a view.
fn hash_of(view: &View) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(view.template.as_bytes());
    // Views are made of texts, numbers and lists, so writing them down cannot fail.
    let _ = serde_json::to_writer(&mut hasher, &(&view.page, view.name, &view.data));
    hasher.finalize()
}

fn joined(a: blake3::Hash, b: blake3::Hash) -> blake3::Hash {
    let mut both = [0; 64];
    both[..32].copy_from_slice(a.as_bytes());
    both[32..].copy_from_slice(b.as_bytes());
    blake3::hash(&both)
}

fn output_path(path: &str) -> Result<OutputPath, BuildError> {
    OutputPath::new(path)
        .map_err(|error| BuildError::Io(path.to_string(), std::io::Error::other(error.to_string())))
}
