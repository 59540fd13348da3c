//! The index of a site that is being edited.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use longhouse_search::{Document, Incremental, Options};

use super::outline::{Outline, hash};
use super::{Files, ValueNames, listed, name_values, options, value_names};
use crate::page::Page;
use crate::page::markdown::BlockKind;
use crate::site::{Entry, Site};

/// Makes the index of a site again and again, as it changes.
///
/// What it gives is, byte for byte, what [`index`](super::index) gives of the same site. It works on threads of its
/// own, so that nobody who uses those of the process waits for it, and it needs the site only for a glance:
/// [`IncrementalIndex::look`], then [`IncrementalIndex::make`].
#[derive(Default)]
pub struct IncrementalIndex {
    maker: IndexState,
}

/// What a glance at a site showed: of entries near an edit what search sees of them, of all others that they are as
/// they were.
#[derive(Debug)]
pub struct IndexSnapshot {
    /// None if the site has no search.
    options: Option<Options>,
    keys: Vec<u128>,
    /// By their places.
    documents: BTreeMap<usize, Document>,
    names: ValueNames,
}

/// An index, and what is another file in it than in the one before.
#[derive(Debug, Clone)]
pub struct IndexUpdate {
    /// All files.
    pub files: Arc<Files>,
    /// Paths of files that are new or have other bytes, in order. As the folder of an index is named after what is in
    /// it, these are all, the manifest alone, or none.
    pub changed: Vec<String>,
    /// Paths that have no file any more, in order.
    pub gone: Vec<String>,
}

impl IncrementalIndex {
    /// Begins with nothing, so that the first index takes as long as that of a build.
    #[must_use]
    pub fn new() -> IncrementalIndex {
        IncrementalIndex::default()
    }

    /// Looks at the site as it is now, for [`IncrementalIndex::make`] to be called next: some milliseconds at 10,000 entries.
    #[must_use]
    pub fn look(&mut self, site: &Site) -> IndexSnapshot {
        let maker = &mut self.maker;
        within(|| maker.look(site))
    }

    /// The index of what was looked at; of a site without search, no files.
    ///
    /// `None` if `stop` said, which is asked every few milliseconds, that nobody waits for it any more, because the
    /// site has changed again; likewise if that was not looked at last. The next index is right nevertheless.
    ///
    /// # Errors
    /// When the index cannot be made. The one before stays.
    pub fn make(
        &mut self,
        look: &IndexSnapshot,
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Result<Option<IndexUpdate>, longhouse_search::Error> {
        let maker = &mut self.maker;
        within(|| maker.make(look, stop))
    }
}

/// Works on threads that end with the work: what they held of the heap is free then, which threads that wait would keep
/// to themselves, and to make four takes less than a millisecond.
fn within<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    match rayon::ThreadPoolBuilder::new().thread_name(|number| format!("index-{number}")).build() {
        Ok(threads) => threads.install(work),
        // Where there can be no more threads, those of the process have to do.
        Err(_) => work(),
    }
}

/// What serves for the next index.
#[derive(Default)]
struct IndexState {
    /// The writer, for a site that is searched in this language.
    writer: Option<(Options, Incremental)>,
    texts: Texts,
    files: Arc<Files>,
}

impl IndexState {
    fn look(&mut self, site: &Site) -> IndexSnapshot {
        if !site.sources().config.search.enabled {
            return IndexSnapshot {
                options: None,
                keys: Vec::new(),
                documents: BTreeMap::new(),
                names: ValueNames::new(),
            };
        }
        let options = options(site);
        let listed: Vec<&Entry> = listed(site);
        let texts = self.texts.keys(site.pages());
        let key = |memory: &mut Vec<u8>, entry: &&Entry| Outline::of(site, entry).key(&texts, memory);
        let keys: Vec<u128> = listed.par_iter().map_init(Vec::new, key).collect();
        let wanted = self.writer(&options).wanted(&keys);
        let document = |place| (place, Outline::of(site, listed[place]).document(site));
        let documents = wanted.into_par_iter().map(document).collect();
        IndexSnapshot { options: Some(options), keys, documents, names: value_names(site) }
    }

    fn make(
        &mut self,
        look: &IndexSnapshot,
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Result<Option<IndexUpdate>, longhouse_search::Error> {
        let files = match &look.options {
            None => {
                (self.writer, self.texts) = (None, Texts::default());
                Arc::default()
            }
            Some(options) => {
                let writer = self.writer(options);
                if writer.wanted(&look.keys).iter().any(|place| !look.documents.contains_key(place)) {
                    return Ok(None);
                }
                let document = |place: usize| Cow::Borrowed(&look.documents[&place]);
                let Some(pack) = writer.update(&look.keys, &document, stop)? else { return Ok(None) };
                let mut files = Files::clone(&pack);
                name_values(&mut files, &look.names);
                Arc::new(files)
            }
        };
        let before = std::mem::replace(&mut self.files, Arc::clone(&files));
        let is_in = |all: &Files, path: &str, bytes: &[u8]| all.get(path).is_some_and(|it| **it == *bytes);
        let changed = files.iter().filter(|(path, bytes)| !is_in(&before, path, bytes));
        let changed = changed.map(|(path, _)| path.clone()).collect();
        let gone = before.keys().filter(|path| !files.contains_key(*path)).cloned().collect();
        Ok(Some(IndexUpdate { files, changed, gone }))
    }

    /// The writer for these options, which begins anew if they are others.
    fn writer(&mut self, options: &Options) -> &mut Incremental {
        let known = self.writer.take().filter(|(known, _)| known == options);
        let known = known.unwrap_or_else(|| (options.clone(), Incremental::new(options)));
        &mut self.writer.insert(known).1
    }
}

/// A hash of the text of a page as search reads it, which depends on what its blocks are.
fn hash_of(page: &Page) -> u128 {
    let blocks = page.body.blocks.iter().flat_map(|block| {
        let kind = match block.kind {
            BlockKind::Code(_) => 0u8,
            BlockKind::Heading(_) => 1,
            BlockKind::List { .. } | BlockKind::Table => 2,
            BlockKind::Paragraph { .. } => 3,
            _ => 4,
        };
        std::iter::once(kind).chain(block.text.end.to_le_bytes())
    });
    hash(&page.body.text.bytes().chain(blocks).collect::<Vec<u8>>())
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
            known.map_or_else(|| hash_of(page), |(_, key)| *key)
        };
        let keys: Vec<u128> = pages.par_iter().enumerate().map(key).collect();
        self.known = pages.iter().cloned().zip(keys.iter().copied()).collect();
        keys
    }
}
