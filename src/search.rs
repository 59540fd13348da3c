//! From the site to what search sees: one document a page, its passages the page's own text and its
//! answers. The index itself is made and read by the search crate alone.
//!
//! A build makes it once, by [`index`]. A preview has a [`IncrementalIndex`], which makes one after the other, each at the
//! cost of what has changed. Both go by the outline of each entry.

pub mod incremental;
mod outline;

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use longhouse_search::{Document, Options};

use crate::site::{Entry, Site, url};
pub use incremental::{IncrementalIndex, IndexSnapshot, IndexUpdate};
use outline::Outline;

/// The files of an index, by their path in the output folder.
pub type Files = BTreeMap<String, Arc<[u8]>>;

/// The files of the index.
///
/// # Errors
/// When the index cannot be made.
pub fn index(site: &Site) -> Result<Files, longhouse_search::Error> {
    let pack = longhouse_search::pack::pack(in_memory(site)?)?;
    Ok(pack.into_iter().map(|(path, bytes)| (output_path(&path), bytes)).collect())
}

/// The index of a site in memory, for a question asked before anything was published.
///
/// # Errors
/// When the index cannot be made.
pub fn in_memory(site: &Site) -> Result<BTreeMap<String, Vec<u8>>, longhouse_search::Error> {
    longhouse_search::write(&documents(site), &options(site))
}

/// One document for every page that search may find, in the order of kind and slug.
#[must_use]
pub fn documents(site: &Site) -> Vec<Document> {
    listed(site).into_par_iter().map(|entry| Outline::of(site, entry).document(site)).collect()
}

/// The entries that search may find, in the order of kind and slug.
fn listed(site: &Site) -> Vec<&Entry> {
    site.listed().map(|(_, entry)| entry).collect()
}

/// How the index of a site is made.
fn options(site: &Site) -> Options {
    let config = &site.sources().config;
    Options { language: Some(config.search.language.clone().unwrap_or_else(|| config.language.clone())) }
}

/// The path of a file of the pack in the output folder.
fn output_path(path: &str) -> String {
    format!("{}/{path}", url::SEARCH)
}
