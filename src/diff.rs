//! What differs between two versions of a site, by its causes.
//!
//! Both versions are taken as [`Side`]s: a published folder, or files of which each page is made twice, once a side,
//! compared and dropped, so neither site is ever in memory whole. Pages that are the same byte for byte are not looked
//! into. Of the others the main part is compared apart from the frame, and differences that are the same on many pages
//! are told once. Why a page differs is known from what it read: the parts of the site that tell of a changed file.

pub mod change;
pub mod difference;
mod element;
pub mod html;
pub mod page;
mod rendering;
mod report;
mod side;
mod text;

use std::collections::BTreeSet;

use rayon::prelude::*;
use serde::Serialize;

use crate::pipeline::BuildError;
use change::FileChange;
use difference::Difference;
use report::{Look, Report, look};
pub use side::Side;
use side::{File, Stored};

/// What differs between two versions of a site. Everything is in the order of addresses.
#[derive(Debug, Default)]
pub struct Comparison {
    /// How many pages the old and the new version have.
    pub pages: [usize; 2],
    /// Addresses that lead nowhere any more.
    pub gone: Vec<Gone>,
    /// Pages that have another address now, to which the old one leads.
    pub moved: Vec<Moved>,
    /// Pages that were not there.
    pub added: Vec<Added>,
    /// Pages that differ because of their own files; of published folders, whose files are unknown, all that differ.
    pub changed: Vec<Changed>,
    /// Pages that differ because of others, by the files that are the cause.
    pub affected: Vec<Affected>,
    /// What differs in the same way on many pages.
    pub everywhere: Vec<Everywhere>,
    /// What concerns every page and differs: the configuration, files of the theme.
    pub site_files: Vec<String>,
    /// Files that are no pages.
    pub files: Vec<Files>,
    /// How many pages differ only in what nobody sees.
    pub unseen: usize,
    /// How many pages differ, or are on one side alone.
    pub count: usize,
}

/// An address that leads nowhere any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gone {
    /// The address.
    pub address: String,
    /// What was there.
    pub what: What,
    /// The title of the page that was there.
    pub title: String,
    /// The file that it came from.
    pub file: Option<String>,
    /// Where the page of this file is now, if it was renamed.
    pub now: Option<String>,
}

/// What is at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// A page that comes from a file.
    Page,
    /// A page of which no file is known: a list, a tag, a person.
    List,
    /// An address that led on.
    Redirect,
    /// A feed.
    Feed,
    /// A picture or a document that pages refer to, or a static file.
    File,
}

/// A page that has another address now.
#[derive(Debug)]
pub struct Moved {
    /// Where it was.
    pub address: String,
    /// Where its old address leads.
    pub to: String,
    /// Its title.
    pub title: String,
    /// Its files that differ.
    pub files: Vec<FileChange>,
    /// What it shows differently.
    pub differences: Vec<Difference>,
}

/// A page that was not there.
#[derive(Debug)]
pub struct Added {
    /// Its address.
    pub address: String,
    /// What it is.
    pub what: What,
    /// Its title.
    pub title: String,
    /// The files that it comes from.
    pub files: Vec<FileChange>,
}

/// A page that differs.
#[derive(Debug)]
pub struct Changed {
    /// Its address.
    pub address: String,
    /// Its title now.
    pub title: String,
    /// Its own files that differ; none for pages of published folders.
    pub files: Vec<FileChange>,
    /// What it shows differently, without what is the same on many pages.
    pub differences: Vec<Difference>,
    /// How many more differences there are.
    pub more: usize,
    /// Places in it to which links may lead and that are gone.
    pub fragments: Vec<String>,
}

/// Pages that differ because of others.
#[derive(Debug)]
pub struct Affected {
    /// The files that are the cause; of none nobody knows.
    pub because: Vec<String>,
    /// The pages: address and title.
    pub pages: Vec<(String, String)>,
    /// What differs, and on how many of the pages, the most frequent first.
    pub differences: Vec<(Difference, usize)>,
}

/// What differs in the same way on many pages.
#[derive(Debug)]
pub struct Everywhere {
    /// The difference, as the first page has it.
    pub difference: Difference,
    /// The pages.
    pub pages: Vec<String>,
}

/// Files of one sort that are no pages.
#[derive(Debug, PartialEq, Eq)]
pub struct Files {
    /// What they are for.
    pub what: FileSort,
    /// Paths that are new.
    pub added: Vec<String>,
    /// Paths that are gone.
    pub removed: Vec<String>,
    /// Paths whose content differs.
    pub changed: Vec<String>,
}

/// What files are for that are no pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileSort {
    /// Feeds.
    Feeds,
    /// Files of the theme.
    Theme,
    /// Pictures and documents that pages refer to.
    Attachments,
    /// Everything else, as the static folder has it.
    Other,
    /// The search index.
    Search,
}

impl What {
    /// What it is called in a report.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            What::Page => "page",
            What::List => "list",
            What::Redirect => "redirect",
            What::Feed => "feed",
            What::File => "file",
        }
    }
}

impl FileSort {
    /// What these files are called in a report.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            FileSort::Feeds => "feeds",
            FileSort::Theme => "theme",
            FileSort::Attachments => "attachments",
            FileSort::Other => "files",
            FileSort::Search => "search index",
        }
    }
}

impl Comparison {
    /// Whether both versions are the same.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0 && self.files.is_empty()
    }
}

/// Compares two versions of a site.
///
/// # Errors
/// When a template is wrong or a file cannot be read.
pub fn compare(old: &mut Side, new: &mut Side) -> Result<Comparison, BuildError> {
    if old.as_made().is_some() || new.as_made().is_some() {
        old.without_search();
        new.without_search();
    }
    let (old, new) = (&*old, &*new);
    let sites = old.site().zip(new.site());
    let changes = sites.map(|(old, new)| change::changes(old, new));
    let labels = sites
        .zip(changes.as_ref())
        .map(|((old, new), changes)| rayon::join(|| changes.labels(old, new), || changes.labels(new, old)));
    let keys: BTreeSet<&String> = old.files.keys().chain(new.files.keys()).collect();
    let keys: Vec<&String> = keys.into_iter().collect();
    let looks: Vec<Result<Look, BuildError>> = keys
        .par_iter()
        .map(|key| look(old, new, key, labels.as_ref().map(|(old, new)| [old, new])))
        .collect();
    let looks: Vec<Look> = looks.into_iter().collect::<Result<_, _>>()?;
    let is_page = |(key, stored): &(&String, &Stored)| {
        key.ends_with(".html") && !matches!(stored.file, File::Content(_))
    };
    let pages = [old, new].map(|side| side.files.iter().filter(is_page).count());
    let comparison = Comparison { pages, ..Comparison::default() };
    let mut report = Report::new(old, new, changes, comparison);
    for (key, look) in keys.into_iter().zip(looks) {
        report.take(key, look);
    }
    report.finish()
}
