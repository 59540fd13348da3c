//! The pictures of a page: those that came with it, and those of other sites that are brought in.

use std::collections::{BTreeMap, BTreeSet};

use crate::fetch::{self, Picture};
use crate::page::destination::Destination;
use crate::page::{self, slug};
use crate::receive::text::{Removed, clean_line};
use crate::receive::{MAX_PICTURES, Options};

/// The pictures of a page on their way.
pub(super) struct Pictures<'p> {
    folder: &'p str,
    stem: &'p str,
    pub(super) taken: BTreeMap<String, Vec<u8>>,
    pub(super) remote: Vec<(String, Result<String, String>)>,
}

impl<'p> Pictures<'p> {
    /// None yet, beside the page of this folder and stem.
    pub(super) fn beside(folder: &'p str, stem: &'p str) -> Pictures<'p> {
        Pictures { folder, stem, taken: BTreeMap::new(), remote: Vec::new() }
    }

    /// Puts a picture beside the page, under a name that its bytes make.
    fn put(&mut self, picture: &Picture) -> Option<String> {
        let name = fetch::name(self.stem, &picture.bytes, picture.ending);
        let path = format!("{}/{name}", self.folder);
        if self.taken.len() >= MAX_PICTURES && !self.taken.contains_key(&path) {
            return None;
        }
        self.taken.insert(path, picture.bytes.clone());
        Some(name)
    }

    /// Shows what came with the message below the text.
    pub(super) fn attach(&mut self, mut text: String, attached: &[(String, Picture)]) -> String {
        for (called, picture) in attached {
            let Some(name) = self.put(picture) else { continue };
            let stem = called.rsplit_once('.').map_or(called.as_str(), |(stem, _)| stem);
            let alt = clean_line(&slug::words(&slug::slug(stem)), &mut Removed::default());
            text = format!("{}\n\n![{}]({name})", text.trim_end(), alt.replace(['[', ']', '\\'], ""));
        }
        text.trim_start().to_owned()
    }

    /// Brings pictures of other sites here, and names them where they are shown.
    pub(super) fn bring(&mut self, page: &page::Page, text: String, options: &Options<'_>) -> String {
        let mut names: BTreeMap<String, String> = BTreeMap::new();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for image in &page.body.images {
            let Destination::Absolute(url) = &image.target else { continue };
            if !seen.insert(image.source.value.as_str()) {
                continue;
            }
            let brought = match options.fetch {
                None => Err("it was not fetched".to_owned()),
                Some(_) if self.taken.len() >= MAX_PICTURES => {
                    Err(format!("there are more than {MAX_PICTURES}"))
                }
                Some(fetch) => fetch(url.as_str()).and_then(|picture| {
                    self.put(&picture).ok_or_else(|| format!("there are more than {MAX_PICTURES}"))
                }),
            };
            if let Ok(name) = &brought {
                names.insert(image.source.value.clone(), name.clone());
            }
            self.remote.push((url.to_string(), brought));
        }
        if names.is_empty() { text } else { fetch::renamed(&text, &page.body.images, &names) }
    }
}
