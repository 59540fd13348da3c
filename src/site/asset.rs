//! Files beside content that a page refers to: checked, given an address, published. Everything else
//! that lies there stays there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::url;
use crate::output::Content;
use crate::page::slug;
use crate::page::svg;
use crate::source::asset::{Asset, Refusal};
use crate::source::{Sources, extension};

/// A file that is published: as it lies on disk, or a cleaned copy.
#[derive(Debug, Clone)]
pub struct PublishedAsset(Content);

impl PublishedAsset {
    /// What is published.
    #[must_use]
    pub fn content(&self) -> Content {
        self.0.clone()
    }
}

/// The addresses of all assets: below `/files/`, along their path in the content folder, so that none
/// can take a page's place. Two paths that some system takes for one get different names.
#[must_use]
pub fn addresses(sources: &Sources) -> BTreeMap<Arc<str>, String> {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut addresses = BTreeMap::new();
    for path in sources.assets.keys() {
        let inside = &path[sources.content_prefix.len()..];
        let mut parts: Vec<String> = inside.split('/').map(slug::slug).collect();
        let extension = extension(path).unwrap_or_default();
        if let Some(last) = parts.last_mut() {
            // The extension decides how a host serves the file, so it must survive any shortening.
            let stem = last.strip_suffix(&format!(".{extension}")).unwrap_or(last).to_string();
            *last = format!("{stem}.{extension}");
        }
        let plain = parts.join("/");
        let mut name = plain.clone();
        if !taken.insert(name.clone()) {
            let mark = &blake3::hash(path.as_bytes()).to_hex()[..8];
            let stem = plain.strip_suffix(&format!(".{extension}")).unwrap_or(&plain);
            name = format!("{stem}-{mark}.{extension}");
            taken.insert(name.clone());
        }
        addresses.insert(Arc::clone(path), format!("/{}/{name}", url::FILES));
    }
    addresses
}

/// Looks at an asset that a page refers to.
///
/// # Errors
/// Why it cannot be published, in plain words.
pub fn check(asset: &Asset) -> Result<PublishedAsset, String> {
    let facts = asset.facts().map_err(explain)?;
    match &facts.svg {
        Some(bytes) => svg::sanitize_svg(bytes).map(|clean| PublishedAsset(clean.into())),
        None => {
            Ok(PublishedAsset(Content::Source { path: asset.file.clone(), len: facts.len, hash: facts.hash }))
        }
    }
}

fn explain(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Type(extension) if extension.is_empty() => "has no type that may be published".to_string(),
        Refusal::Type(extension) => format!("is of the type .{extension}, which may not be published"),
        Refusal::Bytes(extension) => format!("is called .{extension}, but its content is something else"),
        Refusal::Size => "is too large for its type".to_string(),
        Refusal::Unreadable(reason) => format!("cannot be read: {reason}"),
    }
}
