//! git knows a file under its new name by what is left of its text. Of a very short one too little may be left,
//! and then nobody would know any more who wrote it and when.

use jiff::civil::Date;

use crate::edit::{Change, TextChange};
use crate::site::{PageId, Site};

/// A file that git would take for a new one, and what it would no longer know of it.
pub(crate) struct Lost<'c> {
    /// The file's path before the change.
    pub(crate) path: &'c str,
    /// Its path afterwards.
    to: String,
    /// Who wrote it, where nothing but git says so.
    pub(crate) authors: Option<String>,
    /// When it was written, where nothing but git says so.
    pub(crate) date: Option<Date>,
}

impl Lost<'_> {
    /// Says so, and what keeps it.
    pub(super) fn note(&self) -> String {
        let authors = self.authors.iter().map(|authors| format!("`authors: [{authors}]`"));
        let lines: Vec<String> = authors.chain(self.date.map(|date| format!("`date: {date}`"))).collect();
        format!(
            "{}:1: So little of this short file stays the same that git will treat it as a new file. Write {} at its \
             top to keep its author and date.",
            self.to,
            lines.join(" and ")
        )
    }
}

/// Says which files git would take for new ones.
pub(crate) fn notes<'c>(site: &Site, change: &'c Change) -> Vec<Lost<'c>> {
    let Some(history) = &site.sources().history else { return Vec::new() };
    let lost = change.texts.iter().filter(|it| change.moved(&it.path) != it.path && !is_alike(it));
    let known = lost.filter(|it| history.files.contains_key(it.path.as_str()));
    let lost = |text: &'c TextChange| {
        let id: PageId = site.pages().binary_search_by(|page| (*page.path).cmp(&text.path)).ok()?;
        let entry = site.entries().iter().find(|entry| entry.page == id);
        let reply = || site.entries().iter().flat_map(|entry| entry.replies()).find(|it| it.page == id);
        let (authors, date) = match entry {
            Some(entry) => (&entry.authors, entry.date),
            None => reply().map(|reply| (&reply.authors, reply.date))?,
        };
        let fields = &site.pages()[id].fields;
        let is_of_git = fields.authors.is_empty() && entry.is_some() && !authors.is_empty();
        let authors = is_of_git.then(|| authors.join(", "));
        let date = date.filter(|_| fields.date.is_none()).map(|it| it.date);
        let to = change.moved(&text.path);
        (authors.is_some() || date.is_some()).then_some(Lost { path: &text.path, to, authors, date })
    };
    known.filter_map(lost).collect()
}

/// Whether at least half of a text is left, counted in whole lines as git does.
fn is_alike(change: &TextChange) -> bool {
    let mut gone = 0;
    let mut end = 0;
    for edit in change.edits.iter().filter(|edit| edit.end > edit.start) {
        let from = change.text[..edit.start].rfind('\n').map_or(0, |at| at + 1).max(end);
        end = change.text[edit.end..].find('\n').map_or(change.text.len(), |at| edit.end + at + 1).max(end);
        gone += end - from;
    }
    let longest = change.text.len().max(change.after().len());
    (change.text.len() - gone) * 2 >= longest
}
