//! Pictures of other sites that pages show, and what changes when they are brought in beside their pages. Who fetches them
//! is not known here.

use std::collections::BTreeMap;

use crate::edit::{Change, Edit, TextChange};
use crate::fetch::{self, Picture};
use crate::page::destination::Destination;
use crate::site::Site;

/// What bringing in comes to.
#[derive(Debug, Default)]
pub struct Brought {
    /// New files by their paths from the root. The same picture of one page is there once.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The texts in which pictures have other addresses.
    pub change: Change,
}

/// The pictures of other sites that pages show: each address, and the first page that shows it. `is_wanted` says which
/// files count.
#[must_use]
pub fn remote(site: &Site, is_wanted: &dyn Fn(&str) -> bool) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for page in
        site.pages().iter().filter(|page| is_wanted(&page.path) && site.sources().text(&page.path).is_some())
    {
        for image in &page.body.images {
            if let Destination::Absolute(url) = &image.target
                && site.urls().own(url).is_none()
            {
                found.entry(url.to_string()).or_insert_with(|| page.path.to_string());
            }
        }
    }
    found
}

/// What changes when these pictures, by their addresses, lie beside the pages that show them.
#[must_use]
pub fn plan(site: &Site, is_wanted: &dyn Fn(&str) -> bool, pictures: &BTreeMap<String, Picture>) -> Brought {
    let mut brought = Brought::default();
    for page in site.pages().iter().filter(|page| is_wanted(&page.path)) {
        let Some(text) = site.sources().text(&page.path) else { continue };
        let (folder, file) = page.path.rsplit_once('/').unwrap_or(("", &page.path));
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        let mut names: BTreeMap<String, String> = BTreeMap::new();
        for image in &page.body.images {
            let Destination::Absolute(url) = &image.target else { continue };
            let Some(picture) = pictures.get(url.as_str()) else { continue };
            let name = fetch::name(&crate::page::slug::slug(stem), &picture.bytes, picture.ending);
            let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
            brought.files.insert(path, picture.bytes.clone());
            names.insert(image.source.value.clone(), name);
        }
        let edits = fetch::edits(text, &page.body.images, &names);
        let edits: Vec<Edit> = edits.into_iter().map(|(start, end, to)| Edit { start, end, to }).collect();
        if !edits.is_empty() {
            brought.change.texts.push(TextChange {
                path: page.path.to_string(),
                text: text.to_string(),
                edits,
            });
        }
    }
    brought.change.texts.sort_by(|a, b| a.path.cmp(&b.path));
    // A picture that no text names after all is not needed.
    let texts = &brought.change.texts;
    brought.files.retain(|path, _| {
        let name = path.rsplit('/').next().unwrap_or(path);
        texts.iter().any(|it| it.edits.iter().any(|edit| edit.to == name))
    });
    brought
}
