//! Files beside content that a page refers to: checked, given an address, published. Everything else
//! that lies there stays there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use percent_encoding::percent_decode_str;
use unicode_normalization::UnicodeNormalization;

use super::url;
use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::output::Content;
use crate::page::destination::Destination;
use crate::page::{Page, PagePath, slug};
use crate::source::asset::Asset;
use crate::source::{Sources, extension};

/// A file that is published: as it lies on disk, or a cleaned copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedAsset(Content);

impl PublishedAsset {
    /// What is published.
    #[must_use]
    pub fn content(&self) -> Content {
        self.0.clone()
    }
}

/// The addresses of all assets: below `/files/`, along their path in the content folder, so that none
/// can take a page's place. Two paths that some system takes for one get different names, and no file
/// gets the name of another one's folder.
#[must_use]
pub fn addresses(sources: &Sources) -> BTreeMap<Arc<str>, String> {
    let named: Vec<(&Arc<str>, Vec<String>, String)> =
        sources.assets.keys().map(|path| name_of(path, &path[sources.content_prefix.len()..])).collect();
    let mut folders: BTreeSet<String> = BTreeSet::new();
    for (_, parents, _) in &named {
        folders.extend((1..=parents.len()).map(|depth| slug::fold(&parents[..depth].join("/"))));
    }
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut addresses = BTreeMap::new();
    for (path, parents, name) in &named {
        let within =
            |name: &str| parents.iter().map(String::as_str).chain([name]).collect::<Vec<_>>().join("/");
        let plain = within(name);
        let free = !folders.contains(&slug::fold(&plain)) && taken.insert(slug::fold(&plain));
        let whole = if free {
            plain
        } else {
            let mark = &blake3::hash(path.as_bytes()).to_hex()[..8];
            let (stem, extension) = name.rsplit_once('.').unwrap_or((name, "bin"));
            let marked = within(&format!("{stem}-{mark}.{extension}"));
            taken.insert(slug::fold(&marked));
            marked
        };
        addresses.insert(Arc::clone(path), format!("/{}/{whole}", url::FILES));
    }
    addresses
}

/// The pages without the plain texts that are only files beside content: a `.txt` that some page links to,
/// or that lies in no folder of a known kind where the root itself is the content. One that begins with
/// front matter is an entry all the same, so that nobody's link takes somebody else's page away.
#[must_use]
pub fn without_attachments(sources: &Sources, pages: Vec<Arc<Page>>) -> Vec<Arc<Page>> {
    let is_text = |path: &str| extension(path).is_some_and(|it| it == "txt");
    if !pages.iter().any(|page| is_text(&page.path)) {
        return pages;
    }
    let mut meant: BTreeSet<String> = BTreeSet::new();
    for page in &pages {
        let links = page.body.links.iter().map(|link| &link.target);
        let targets = links.chain(page.body.images.iter().map(|image| &image.target));
        for path in targets.flat_map(|target| files_meant(sources, page, target)) {
            if is_text(&path) && path != *page.path {
                meant.insert(path);
            }
        }
    }
    let has_front_matter = |page: &Page| {
        sources.text(&page.path).is_some_and(|text| text.starts_with("---\n") || text.starts_with("+++\n"))
    };
    let is_attachment = |page: &Page| {
        is_text(&page.path)
            && !has_front_matter(page)
            && sources.moderation(&page.path).is_none()
            && (meant.contains(&*page.path) || (sources.content_prefix.is_empty() && page.place.unknown))
    };
    pages.into_iter().filter(|page| !is_attachment(page)).collect()
}

/// What to say of a file that is meant as a page, and only lacks the ending; nothing if it is none. Such as LICENSE is
/// called so on purpose.
#[must_use]
pub fn without_ending(sources: &Sources, asset: &Asset) -> Option<Diagnostic> {
    let place = PagePath::of(&asset.path[sources.content_prefix.len()..], &sources.config.kinds);
    let is_usual = place.stem.chars().all(|it| it.is_ascii_uppercase() || !it.is_alphabetic());
    if extension(&asset.path).is_some() || place.unknown || is_usual || !asset.is_page_text() {
        return None;
    }
    let (folder, old) = asset.path.rsplit_once('/')?;
    let path = format!("{folder}/{}.md", slug::slug(old));
    let message = format!("`{old}` contains text, but its name does not end in `.md`.");
    let problem = Diagnostic::new(Rule::UnsafeFile, &asset.path, Span::START, message)
        .help(format!("Rename it to `{path}`; `longhouse fix` does this. Until then it is not on the site."));
    Some(problem.fix(path))
}

/// The paths of the repository that a destination may mean.
fn files_meant(sources: &Sources, page: &Page, target: &Destination) -> Vec<String> {
    let decoded = |path: &str| percent_decode_str(path).decode_utf8_lossy().nfc().collect::<String>();
    match target {
        Destination::Relative { path, .. } => {
            let path = decoded(path);
            match path.strip_prefix('/') {
                Some(inside) => vec![inside.to_string(), format!("{}{inside}", sources.content_prefix)],
                None => {
                    let folder = page.path.rsplit_once('/').map_or("", |(folder, _)| folder);
                    url::join(folder, &path).into_iter().collect()
                }
            }
        }
        Destination::Absolute(address) => {
            let repository = sources.config.repository.as_ref();
            repository.and_then(|it| it.strip_view_url(address.as_str())).into_iter().collect()
        }
        Destination::Mail(_)
        | Destination::Named { .. }
        | Destination::Fragment(_)
        | Destination::Unsafe(_) => Vec::new(),
    }
}

/// The folders and the name under which a file is published, of its path in the content folder.
fn name_of<'a>(path: &'a Arc<str>, inside: &str) -> (&'a Arc<str>, Vec<String>, String) {
    let mut parts: Vec<String> = inside.split('/').map(slug::slug).collect();
    let extension = extension(path).unwrap_or_default();
    let last = parts.pop().unwrap_or_default();
    // The extension decides how a host serves the file, so it must survive any shortening.
    let stem = last.strip_suffix(&format!(".{extension}")).unwrap_or(&last).to_string();
    let extension = if extension.is_empty() { "bin".to_string() } else { slug::slug(&extension) };
    (path, parts, format!("{stem}.{extension}"))
}

/// Looks at an asset that a page refers to.
///
/// # Errors
/// Why it cannot be published, in plain words.
pub fn check(asset: &Asset) -> Result<PublishedAsset, String> {
    let facts = asset.facts().map_err(ToString::to_string)?;
    Ok(PublishedAsset(facts.content(&asset.file)))
}
