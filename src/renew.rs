//! The same site again after something changed: only what became another file is made and handed out.
//!
//! [`Memory`] holds for every page the number of what it was made of ([`view::key`]) and the hash of its bytes.
//! A page whose number is as it was is not looked at. Else its view is made; if that is as it was, it is not
//! rendered. A clean build is the same with an empty memory, and gives the same bytes.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::mem;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rayon::prelude::*;

use crate::output::{Content, OutputPath};
use crate::site::asset::PublishedAsset;
use crate::site::{Site, url};
use crate::source::StaticFile;
use crate::theme::problem::Fault;
use crate::theme::{Names, Theme};
use crate::view::key::{self, Key};
use crate::view::{self, Lists, Plan, View};
use crate::{BuildError, FaultPlace};

/// What was made last time.
#[derive(Debug, Default)]
pub struct Memory {
    lists: Option<(Stamp, Lists)>,
    theme: Option<Theme>,
    plans: Vec<Plan>,
    /// By plan.
    made: Vec<Made>,
    feeds: BTreeMap<String, Key>,
    /// Everything but pages, by path: the hash of its bytes.
    files: BTreeMap<String, blake3::Hash>,
    /// The files beside content that were handed out.
    assets: BTreeMap<String, PublishedAsset>,
    /// What is left to be made after the pages.
    rest: Option<Rest>,
    /// The version of the site of which everything was made.
    made_at: Option<u64>,
    /// The files that win over what is made.
    statics: Arc<BTreeMap<String, StaticFile>>,
}

/// When lists were made, in version numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    last: u64,
    site: u64,
    order: u64,
}

/// What is known before the files are made that are no pages.
#[derive(Debug, Clone, Copy)]
struct Rest {
    quiet: Option<u64>,
    same_addresses: bool,
}

/// A page that was made.
#[derive(Debug, Clone)]
struct Made {
    address: String,
    key: Key,
    /// The hash of the view, known from the second time on.
    view: Option<blake3::Hash>,
    bytes: blake3::Hash,
    /// Whether the sitemap names it, and since when it is as it is.
    listed: Option<Option<String>>,
}

/// What is another file now.
#[derive(Debug, Default)]
pub struct Renewed {
    /// Files with their new content, or without one if they are gone, in no order.
    pub files: Vec<(OutputPath, Option<Content>)>,
    /// Addresses of the pages that were rendered, whether they turned out the same or not.
    pub rendered: Vec<String>,
    /// How long the steps took.
    pub took: Vec<(&'static str, Duration)>,
}

/// What came of looking at one page.
enum Look {
    /// It is made of what it was made of.
    Same,
    /// It was made of something else. With the bytes, if they are others.
    Made(Box<Made>, Option<Vec<u8>>, bool),
    /// Its template is wrong.
    Wrong,
}

impl Memory {
    /// Makes what is not as it was, search index aside. What fails leaves the memory as it is.
    ///
    /// # Errors
    /// When a template is wrong.
    pub fn renew(&mut self, site: &Site, names: Names) -> Result<Renewed, BuildError> {
        let mut renewed = self.pages_of(site, names)?;
        self.rest(site, &mut renewed)?;
        Ok(renewed)
    }

    /// Makes the pages that are not as they were, and whatever they may show. [`Memory::rest`] makes the rest.
    ///
    /// # Errors
    /// When a template is wrong.
    pub fn pages_of(&mut self, site: &Site, names: Names) -> Result<Renewed, BuildError> {
        let mut renewed = Renewed::default();
        let mut clock = Clock { since: Instant::now(), took: Vec::new() };
        if !self.theme.as_ref().is_some_and(|theme| theme.is_that_of(site, names)) {
            self.made_at = None;
            self.theme = Some(Theme::new(site, names).map_err(BuildError::Template)?);
            self.made_at = None;
        }
        clock.took("theme");
        if !Arc::ptr_eq(&self.statics, &site.sources.statics) {
            // What a static file stood for until now has to be handed out again.
            self.feeds.clear();
            self.made_at = None;
        }
        let stamp = Stamp::of(site);
        let lists = match self.lists.take() {
            Some((was, lists)) if was.fits(stamp) => lists.renewed(site, was.last),
            _ => Lists::new(site),
        };
        let plans = view::plan(site, &lists);
        clock.took("lists");
        let quiet = self.quiet_since(site);
        let outcome = self.pages(site, &lists, &plans, quiet, &mut renewed);
        clock.took("pages");
        self.lists = Some((stamp, lists));
        renewed.took = clock.took;
        let same_addresses = outcome?;
        self.plans = plans;
        self.rest = Some(Rest { quiet, same_addresses });
        // What pages show has to be there before them.
        if quiet.is_none() || self.assets != site.assets {
            self.rest(site, &mut renewed)?;
        }
        Ok(renewed)
    }

    /// Makes what no page shows and what is not as it was: feeds and the sitemap. Nobody waits for these, so they come
    /// after the pages.
    ///
    /// # Errors
    /// When a path cannot be written, which no content makes it be.
    pub fn rest(&mut self, site: &Site, renewed: &mut Renewed) -> Result<(), BuildError> {
        let Some(Rest { quiet, same_addresses }) = self.rest.take() else { return Ok(()) };
        let mut clock = Clock { since: Instant::now(), took: Vec::new() };
        let versions = &site.versions;
        let is_same_row =
            |since: u64| versions.given <= since && versions.entries.iter().all(|entry| entry.row <= since);
        let lists = self.lists.take();
        let is_same_text = |since: u64| versions.pages.iter().all(|page| *page <= since);
        if let Some((_, lists)) = &lists {
            if !quiet.is_some_and(is_same_row) {
                self.feeds(site, &view::feed::all(site, lists), true, renewed)?;
            } else if !quiet.is_some_and(is_same_text) {
                // Only the feeds that carry whole texts can be others.
                self.feeds(site, &view::feed::main(site, lists), false, renewed)?;
            }
        }
        self.lists = lists;
        clock.took("feeds");
        if quiet.is_none() || !same_addresses || self.assets != site.assets {
            let others = self.others(site);
            self.replace(others, renewed)?;
            self.assets = site.assets.clone();
        }
        self.made_at = Some(site.versions.last());
        self.statics = Arc::clone(&site.sources.statics);
        clock.took("files");
        renewed.took.extend(clock.took);
        Ok(())
    }

    /// Since which version nothing changed but texts, if that is all that changed since everything was made.
    fn quiet_since(&self, site: &Site) -> Option<u64> {
        let versions = &site.versions;
        let since = self.made_at?;
        let is_quiet = versions.order <= since && versions.site <= since && versions.guidelines <= since;
        is_quiet.then_some(since)
    }

    /// Whether what was made is older than the site, because something failed.
    #[must_use]
    pub fn is_behind(&self, site: &Site) -> bool {
        self.made_at != Some(site.versions.last())
    }

    /// Looks at every page. Says whether the sitemap names the same ones.
    fn pages(
        &mut self,
        site: &Site,
        lists: &Lists,
        plans: &[Plan],
        quiet: Option<u64>,
        renewed: &mut Renewed,
    ) -> Result<bool, BuildError> {
        let Some(theme) = &self.theme else { return Ok(true) };
        let templates: BTreeSet<&str> = plans.iter().map(|plan| plan.template(site)).collect();
        let templates: BTreeMap<&str, blake3::Hash> =
            templates.into_iter().map(|name| (name, theme.key(name))).collect();
        let places = self.places(site, plans, quiet.is_some());
        let is_uncovered = |address: &str| {
            let path = || url::output_path(address);
            self.statics.contains_key(&path())
        };
        let same_statics = Arc::ptr_eq(&self.statics, &site.sources.statics);
        let faults: Mutex<BTreeMap<FaultPlace, (usize, Fault)>> = Mutex::default();
        let looks: Vec<(Option<usize>, Look)> = plans
            .par_iter()
            .enumerate()
            .map_init(Buffers::default, |buffers, (n, plan)| {
                let place = places[n];
                let is_older = |since| plan.newest(site, lists, &mut buffers.key) <= since;
                if place.is_some() && quiet.is_some_and(is_older) {
                    return (place, Look::Same);
                }
                let uncovered = !same_statics && is_uncovered(&plan.address(site));
                let old = place.map(|place| &self.made[place]).filter(|_| !uncovered);
                let theme_key = &templates[plan.template(site)];
                let key = joined(plan.key(site, lists, &mut buffers.key), *theme_key);
                if old.is_some_and(|old| old.key == key) {
                    return (place, Look::Same);
                }
                let view = plan.view(site, lists);
                let look = look(theme, &view, key, *theme_key, old, &mut buffers.page);
                let look = look.unwrap_or_else(|fault| {
                    let mut faults = faults.lock().unwrap_or_else(PoisonError::into_inner);
                    let first = faults.entry(fault.place()).or_insert_with(|| (n, (*fault).clone()));
                    if n < first.0 {
                        *first = (n, *fault);
                    }
                    Look::Wrong
                });
                (place, look)
            })
            .collect();
        let faults = faults.into_inner().unwrap_or_else(PoisonError::into_inner);
        if !faults.is_empty() {
            let faults: Vec<(Fault, View)> =
                faults.into_values().map(|(n, fault)| (fault, plans[n].view(site, lists))).collect();
            return Err(BuildError::Template(theme.explain(&faults)));
        }
        self.keep(site, plans, looks, renewed)
    }

    /// Where each of the pages was last time.
    fn places(&self, site: &Site, plans: &[Plan], same_entries: bool) -> Vec<Option<usize>> {
        if same_entries {
            // The same plans in the same order, but for people who came, went, or gave more than others now.
            let mut next = 0;
            let place = |plan: &Plan| {
                if self.plans.get(next) == Some(plan) {
                    next += 1;
                    return Some(next - 1);
                }
                let found = self.plans.iter().position(|it| it == plan)?;
                next = found + 1;
                Some(found)
            };
            return plans.iter().map(place).collect();
        }
        // The entry of a number may be another one, so pages are known by their addresses.
        let known: HashMap<&str, usize> =
            self.made.iter().enumerate().map(|(n, made)| (&*made.address, n)).collect();
        plans.par_iter().map(|plan| known.get(&*plan.address(site)).copied()).collect()
    }

    /// Remembers what came of every page. Pages that are not planned any more are gone.
    fn keep(
        &mut self,
        site: &Site,
        plans: &[Plan],
        looks: Vec<(Option<usize>, Look)>,
        renewed: &mut Renewed,
    ) -> Result<bool, BuildError> {
        let mut same_addresses = true;
        let mut old: Vec<Option<Made>> = mem::take(&mut self.made).into_iter().map(Some).collect();
        let mut made = Vec::with_capacity(plans.len());
        for (place, look) in looks {
            let was = place.and_then(|place| old[place].take());
            match (look, was) {
                (Look::Made(now, bytes, rendered), was) => {
                    same_addresses &= was.is_some_and(|was| was.listed == now.listed);
                    if let Some(bytes) = bytes {
                        let path = url::output_path(&now.address);
                        if !site.sources.statics.contains_key(&path) {
                            renewed.files.push((output_path(&path)?, Some(bytes.into())));
                        }
                    }
                    if rendered {
                        renewed.rendered.push(now.address.clone());
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
            if !site.sources.statics.contains_key(&path) {
                renewed.files.push((output_path(&path)?, None));
            }
        }
        self.made = made;
        Ok(same_addresses)
    }

    /// Makes those of these feeds whose entries changed; the files of the others stay. Without `all`, there may be more.
    fn feeds(
        &mut self,
        site: &Site,
        feeds: &[view::feed::Feed],
        all: bool,
        renewed: &mut Renewed,
    ) -> Result<(), BuildError> {
        let known = &self.feeds;
        let made: Vec<(String, Key, Option<[String; 2]>)> = feeds
            .par_iter()
            .map_init(Vec::new, |memory, feed| {
                let key = key::of_feed(site, feed, memory);
                let is_same = known.get(&feed.address) == Some(&key);
                (feed.address.clone(), key, (!is_same).then(|| [feed.atom(site), feed.json(site)]))
            })
            .collect();
        let mut now = if all { BTreeMap::new() } else { std::mem::take(&mut self.feeds) };
        for (address, key, files) in made {
            for (name, text) in url::FEEDS.into_iter().zip(files.into_iter().flatten()) {
                let path = format!("{}{name}", address.trim_start_matches('/'));
                let bytes: Vec<u8> = text.into();
                let hash = blake3::hash(&bytes);
                if self.files.insert(path.clone(), hash) != Some(hash)
                    && !site.sources.statics.contains_key(&path)
                {
                    renewed.files.push((output_path(&path)?, Some(bytes.into())));
                }
            }
            now.insert(address, key);
        }
        self.feeds = now;
        Ok(())
    }

    /// Every other file: sitemap, the theme's files, files beside content, static files.
    fn others(&self, site: &Site) -> BTreeMap<String, Other> {
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
        for (path, file) in site.sources.statics.iter() {
            let content = Content::Source { path: file.path.clone(), len: file.len, hash: file.hash };
            put(path.clone(), content);
        }
        put(".nojekyll".to_string(), Vec::new().into());
        for (address, bytes) in self.theme.iter().flat_map(|theme| &theme.files) {
            put(address.trim_start_matches('/').to_string(), bytes.clone().into());
        }
        for (address, asset) in &site.assets {
            put(address.trim_start_matches('/').to_string(), asset.content());
        }
        put(url::output_path(url::ROBOTS), view::feed::robots(site).into());
        if site.sources.config.search.enabled {
            put(url::output_path(url::OPENSEARCH), view::feed::opensearch(site).into());
        }
        let listed = self.made.iter().filter_map(|made| Some((made.address.clone(), made.listed.clone()?)));
        let mut listed: Vec<(String, Option<String>)> = listed.collect();
        listed.sort();
        for (address, text) in view::feed::sitemap(site, &listed) {
            put(address.trim_start_matches('/').to_string(), text.into());
        }
        for address in self.feeds.keys() {
            for name in url::FEEDS {
                let path = format!("{}{name}", address.trim_start_matches('/'));
                if let Some(hash) = self.files.get(&path) {
                    others.entry(path).or_insert(Other { hash: *hash, content: None });
                }
            }
        }
        others
    }

    /// Hands out what is another file now, and says what is gone.
    fn replace(&mut self, others: BTreeMap<String, Other>, renewed: &mut Renewed) -> Result<(), BuildError> {
        let mut old = mem::take(&mut self.files);
        for (path, Other { hash, content }) in others {
            let was = old.remove(&path);
            if let Some(content) = content.filter(|_| was != Some(hash)) {
                renewed.files.push((output_path(&path)?, Some(content)));
            }
            self.files.insert(path, hash);
        }
        for path in old.into_keys() {
            // A page comes to light where a static file stood.
            if self.made.iter().any(|made| url::output_path(&made.address) == path) {
                continue;
            }
            renewed.files.push((output_path(&path)?, None));
        }
        Ok(())
    }
}

/// A file that is no page. Without content if what was handed out last is right.
struct Other {
    hash: blake3::Hash,
    content: Option<Content>,
}

#[derive(Default)]
struct Buffers {
    key: Vec<u8>,
    page: Vec<u8>,
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

impl Stamp {
    fn of(site: &Site) -> Stamp {
        let versions = &site.versions;
        Stamp { last: versions.last(), site: versions.site, order: versions.order }
    }

    /// Whether nothing that lists are made of changed since.
    fn fits(self, now: Stamp) -> bool {
        Stamp { last: now.last, ..self } == now
    }
}

/// Makes a page that is made of something else than last time, if it was made at all.
fn look(
    theme: &Theme,
    view: &View,
    key: Key,
    theme_key: blake3::Hash,
    old: Option<&Made>,
    page: &mut Vec<u8>,
) -> Result<Look, Box<Fault>> {
    let changed = view.page.modified.clone().or_else(|| view.page.published.clone());
    let mut made = Made {
        address: view.address.clone(),
        key,
        view: None,
        bytes: blake3::Hash::from_bytes([0; 32]),
        listed: (!view.page.noindex).then_some(changed),
    };
    if let Some(old) = old {
        let hash = joined(hash_of(view), theme_key);
        made.view = Some(hash);
        if old.view == Some(hash) {
            made.bytes = old.bytes;
            return Ok(Look::Made(Box::new(made), None, false));
        }
    }
    theme.render(view, page)?;
    made.bytes = blake3::hash(page);
    let is_same = old.is_some_and(|old| old.bytes == made.bytes);
    Ok(Look::Made(Box::new(made), (!is_same).then(|| page.clone()), true))
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
