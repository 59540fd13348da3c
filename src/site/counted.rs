//! What those see of a site who count: who did what and when, and the fields of files. A page that shows figures depends
//! on nothing else of all the entries that were counted, so it stays as it is while texts are written.

use jiff::civil::Date;

use super::classify::folder_of_replies;
use super::{Entry, EntryId, Moment, PageId, Reply, Site};
use crate::config::Config;
use crate::page::front_matter::Fields;

/// A site, for those who count.
#[derive(Debug, Clone, Copy)]
pub struct Counted<'a> {
    site: &'a Site,
    with_texts: bool,
}

impl Site {
    /// The site for those who count, the lengths of texts included.
    #[must_use]
    pub fn counted(&self) -> Counted<'_> {
        Counted { site: self, with_texts: true }
    }

    /// The same for pages, without the lengths of texts.
    pub(super) fn counted_for_pages(&self) -> Counted<'_> {
        Counted { site: self, with_texts: false }
    }
}

impl<'a> Counted<'a> {
    /// The configuration.
    #[must_use]
    pub fn config(self) -> &'a Config {
        &self.site.sources.config
    }

    /// The day that counts as today.
    #[must_use]
    pub fn today(self) -> Option<Date> {
        self.site.sources.today
    }

    /// Every entry that a list may hold, by kind and slug.
    pub fn listed(self) -> impl Iterator<Item = (EntryId, &'a Entry)> {
        self.site.listed()
    }

    /// An entry with its replies.
    #[must_use]
    pub fn entry(self, id: EntryId) -> &'a Entry {
        &self.site.entries[id]
    }

    /// The path of a content file from the site's root.
    #[must_use]
    pub fn path(self, page: PageId) -> &'a str {
        &self.site.pages[page].path
    }

    /// What the front matter of a content file says.
    #[must_use]
    pub fn fields(self, page: PageId) -> &'a Fields {
        &self.site.pages[page].fields
    }

    /// Whether a content file lies in the folder of replies to an entry's file.
    #[must_use]
    pub fn is_reply_to(self, page: PageId, entry: PageId) -> bool {
        let folder = folder_of_replies(&self.site.pages[entry]);
        let rest = self.site.pages[page].path.strip_prefix(&*folder);
        rest.is_some_and(|rest| rest.starts_with('/'))
    }

    /// How many words a reply has; nothing where texts are not counted.
    #[must_use]
    pub fn words(self, reply: &Reply) -> Option<usize> {
        let text = self.with_texts.then(|| &*self.site.pages[reply.page].body.text)?;
        let range = reply.text.start as usize..(reply.text.end as usize).min(text.len());
        Some(text.get(range)?.split_whitespace().count())
    }

    /// The instant at which a day began where the site lives.
    #[must_use]
    pub fn moment(self, day: Date) -> Option<Moment> {
        self.site.sources.moment(&crate::page::date::Date::on(day))
    }

    /// Whether a person speaks for the company.
    #[must_use]
    pub fn is_team(self, handle: &str) -> bool {
        self.site.people.is_team(handle)
    }

    /// Whether a person may be named in lists of what people did.
    #[must_use]
    pub fn is_named(self, handle: &str) -> bool {
        self.site.people.is_named(handle)
    }
}
