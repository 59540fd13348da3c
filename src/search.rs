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

use longhouse_search::pack::MANIFEST;
use longhouse_search::{Document, Options};

use crate::page::limits::FACET_VALUES;
use crate::site::facet::Facet;
use crate::site::taxonomy::Tag;
use crate::site::{Entry, Site};
pub use incremental::{IncrementalIndex, IndexSnapshot, IndexUpdate};
use outline::Outline;

/// The files of an index, by their path in the output folder.
pub type Files = BTreeMap<String, Arc<[u8]>>;

/// The files of the index.
///
/// # Errors
/// When the index cannot be made.
pub fn index(site: &Site) -> Result<Files, longhouse_search::Error> {
    let mut files = longhouse_search::pack::pack(in_memory(site)?)?;
    name_values(&mut files, &value_names(site));
    Ok(files)
}

/// What values of facets are called that come from content, by facet and by their form in the index, which has no
/// capitals and no signs. These are the most frequent ones whose form does not say it.
type ValueNames = BTreeMap<&'static str, BTreeMap<String, String>>;

fn value_names(site: &Site) -> ValueNames {
    let name = |value: String| {
        let form = longhouse_search::value(&value);
        (form.replace('-', " ") != value).then_some((form, value))
    };
    let names = |facet: Facet| match facet {
        Facet::Tag => {
            let mut tags: Vec<&Tag> = site.tags().values().collect();
            tags.sort_by_key(|tag| std::cmp::Reverse(tag.entries.len()));
            tags.into_iter().take(FACET_VALUES).filter_map(|tag| name(tag.name.clone())).collect()
        }
        Facet::Field(field) if field.form().words().is_none() => {
            let values = site.facet_values(field, site.listed().map(|(id, _)| id));
            values.into_iter().filter_map(|value| name(value.value)).collect()
        }
        _ => BTreeMap::new(),
    };
    Facet::all().map(|facet| (facet.name(), names(facet))).filter(|(_, names)| !names.is_empty()).collect()
}

/// Puts names into the manifest, for the page of hits to show.
fn name_values(files: &mut Files, names: &ValueNames) {
    let Some(bytes) = files.get_mut(MANIFEST) else { return };
    let Ok(mut manifest) = serde_json::from_slice::<serde_json::Value>(bytes) else { return };
    if !names.is_empty() {
        manifest["values"] = serde_json::json!(names);
    }
    *bytes = format!("{manifest:#}\n").into_bytes().into();
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
    let language = config.search.language.clone().unwrap_or_else(|| config.language.clone());
    let facets = Facet::all().filter(|facet| matches!(facet, Facet::Product | Facet::Field(_)));
    let facets = facets.map(|facet| facet.name().to_string()).collect();
    let mut synonyms: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (other, tag) in &config.tags.synonyms {
        synonyms.entry(tag).or_insert_with(|| vec![tag.clone()]).push(other.replace('-', " "));
    }
    let unnamed = Some(config.language.clone());
    Options { language: Some(language), unnamed, facets, synonyms: synonyms.into_values().collect() }
}
