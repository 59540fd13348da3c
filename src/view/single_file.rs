//! The view of a file that holds several pages, for whoever looks over a branch.

use serde::Serialize;

use super::{Data, View, meta};
use crate::site::reader::Reader;
use crate::site::url;
use crate::words::Word;

/// Pages of the site in one file.
#[derive(Debug, Serialize)]
pub struct SingleFileView {
    /// The styles of the site and of this file.
    pub style: String,
    /// The pages, in the order of their addresses.
    pub pages: Vec<PreviewPage>,
    /// Files that are not shown because of errors in them, by their paths.
    pub held: Vec<String>,
    /// Files that were removed, by their paths.
    pub removed: Vec<String>,
    /// How many pages there are beyond those that are shown.
    pub more: usize,
}

/// A page in a file that holds several.
#[derive(Debug, Serialize)]
pub struct PreviewPage {
    /// Its anchor in the file.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its address on the site, for people.
    pub address: String,
    /// Where it is or will be.
    pub url: String,
    /// Whether there was no such page before.
    pub is_new: bool,
    /// The files that were added or changed, by their paths.
    pub files: Vec<String>,
    /// What stands on it, as safe HTML.
    pub body: String,
}

/// Several pages in one file.
#[must_use]
pub fn single_file(site: &Reader<'_>, data: SingleFileView) -> View {
    let mut page = meta(site, url::HOME, site.words().get(Word::Preview), "preview");
    page.full_title = format!("{} · {}", page.title, site.config().title);
    page.noindex = true;
    View {
        address: url::HOME.to_string(),
        template: "single-file.html",
        page,
        name: "preview",
        data: Data::SingleFile(Box::new(data)),
    }
}
