//! The index of a site that is being edited.

use std::sync::Arc;

use rayon::prelude::*;

use longhouse_search::{Incremental, Options};

use super::outline::Outline;
use super::{Files, listed, options, output_path};
use crate::page::Page;
use crate::site::{Entry, Site};

/// Makes the index of a site again and again, as it changes.
///
/// What it gives is, byte for byte, what [`index`](super::index) gives of the same site. It works on threads of its own, so that
/// nobody who uses those of the process waits for it.
pub struct Follower {
    threads: Option<rayon::ThreadPool>,
    maker: Maker,
    files: Arc<Files>,
}

/// An index, and what is another file in it than in the one before.
#[derive(Debug, Clone)]
pub struct Renewed {
    /// All files.
    pub files: Arc<Files>,
    /// Paths of files that are new or have other bytes, in order. As the folder of an index is named after what is in
    /// it, these are all or none.
    pub changed: Vec<String>,
    /// Paths that have no file any more, in order.
    pub gone: Vec<String>,
}

impl Follower {
    /// Begins with nothing, so that the first index takes as long as that of a build.
    #[must_use]
    pub fn new() -> Follower {
        let threads = rayon::ThreadPoolBuilder::new().thread_name(|number| format!("index-{number}")).build();
        // Where there can be no more threads, those of the process have to do.
        Follower { threads: threads.ok(), maker: Maker::default(), files: Arc::default() }
    }

    /// The index of the site as it is now; of one without search, no files.
    ///
    /// `None` if `stop` said, which is asked every few milliseconds, that nobody waits for it any more, because the
    /// site has changed again. The next index is right nevertheless.
    ///
    /// # Errors
    /// When the index cannot be made. The one before stays.
    pub fn update(
        &mut self,
        site: &Site,
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Result<Option<Renewed>, longhouse_search::Error> {
        let Follower { threads, maker, .. } = self;
        let mut make = || maker.make(site, stop);
        let files = match threads {
            Some(threads) => threads.install(make),
            None => make(),
        };
        let Some(files) = files? else { return Ok(None) };
        let before = std::mem::replace(&mut self.files, Arc::clone(&files));
        let is_in =
            |all: &Files, path: &str, bytes: &[u8]| all.get(path).is_some_and(|known| **known == *bytes);
        let changed = files.iter().filter(|(path, bytes)| !is_in(&before, path, bytes));
        let changed = changed.map(|(path, _)| path.clone()).collect();
        let gone = before.keys().filter(|path| !files.contains_key(*path)).cloned().collect();
        Ok(Some(Renewed { files, changed, gone }))
    }
}

impl Default for Follower {
    fn default() -> Self {
        Follower::new()
    }
}

/// What serves for the next index.
#[derive(Default)]
struct Maker {
    /// The writer, for a site that is searched in this language.
    writer: Option<(Options, Incremental)>,
    texts: Texts,
}

impl Maker {
    fn make(
        &mut self,
        site: &Site,
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Result<Option<Arc<Files>>, longhouse_search::Error> {
        if !site.sources.config.search.enabled {
            *self = Maker::default();
            return Ok(Some(Arc::default()));
        }
        let options = options(site);
        let known = self.writer.take().filter(|(known, _)| *known == options);
        let (_, writer) =
            self.writer.insert(known.unwrap_or_else(|| (options.clone(), Incremental::new(&options))));
        let listed: Vec<&Entry> = listed(site);
        let texts = self.texts.keys(&site.pages);
        let keys: Vec<u128> = listed.par_iter().map(|entry| Outline::of(site, entry).key(&texts)).collect();
        let document = |place: usize| Outline::of(site, listed[place]).document(site);
        let pack = writer.update(&keys, &document, stop)?;
        let path = |(path, bytes): (&String, &Arc<[u8]>)| (output_path(path), Arc::clone(bytes));
        Ok(pack.map(|pack| Arc::new(pack.iter().map(path).collect())))
    }
}

/// Hashes of the texts of pages. A page that is the very one that was there before is not hashed again.
#[derive(Default)]
struct Texts {
    /// In the order of paths.
    known: Vec<(Arc<Page>, u128)>,
}

impl Texts {
    /// The hash of the text of each page. Pages that are not among these are forgotten.
    fn keys(&mut self, pages: &[Arc<Page>]) -> Vec<u128> {
        let key = |(place, page): (usize, &Arc<Page>)| {
            let is_same = |(known, _): &&(Arc<Page>, u128)| Arc::ptr_eq(known, page);
            let moved = || {
                let place = self.known.binary_search_by(|(known, _)| known.path.cmp(&page.path)).ok()?;
                self.known.get(place).filter(is_same)
            };
            let known = self.known.get(place).filter(is_same).or_else(moved);
            known.map_or_else(|| super::outline::hash(|hasher| hasher.text(&page.body.text)), |(_, key)| *key)
        };
        let keys: Vec<u128> = pages.par_iter().enumerate().map(key).collect();
        self.known = pages.iter().cloned().zip(keys.iter().copied()).collect();
        keys
    }
}
