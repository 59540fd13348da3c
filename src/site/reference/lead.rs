//! Where links lead, told by files and addresses rather than by what stands in a page: for anyone who moves
//! files and wants every link to lead where it led before.

use std::sync::Arc;

use super::fragment_of;
use super::resolver::{Here, LinkResolver, Location, Resolution};
use crate::page::Page;
use crate::page::destination::Destination;
use crate::site::PageId;

/// Says where the links of a site lead.
pub struct Leads<'a>(LinkResolver<'a>);

/// Where one link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lead {
    /// The page or file.
    pub place: LinkDestination,
    /// The id on that page; nothing where what was written after the `#` is not there.
    pub id: Option<String>,
    /// Whether the page was found only because no other page has its name.
    pub is_guess: bool,
}

/// What a link may lead to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkDestination {
    /// The page of an entry, by the path of the entry's file.
    Entry(Arc<str>),
    /// A file beside content, by its path.
    File(Arc<str>),
    /// A file that is not on the site, by its path.
    Held(String),
    /// Another address of this site.
    Address(String),
    /// Another site.
    Away,
    /// Somebody who wants no page.
    Unlisted,
    /// Nothing.
    Nowhere,
}

impl<'a> Leads<'a> {
    pub(in crate::site) fn new(resolver: LinkResolver<'a>) -> Leads<'a> {
        Leads(resolver)
    }

    /// Where a destination on a page leads; nothing for one that may not be followed. The guidelines have
    /// no number.
    #[must_use]
    pub fn find(&self, id: Option<PageId>, page: &Page, target: &Destination) -> Option<Lead> {
        let resolver = &self.0;
        let nowhere = || Location {
            address: if id.is_none() { crate::site::url::GUIDELINES_PAGE.to_string() } else { String::new() },
            anchor: String::new(),
            entry: None,
            id_prefix: "h-".to_string(),
        };
        let stand = id.and_then(|id| resolver.stands[id].clone()).unwrap_or_else(nowhere);
        let plain = |place| Lead { place, id: Some(String::new()), is_guess: false };
        let found = match resolver.find(page, &stand, target)? {
            Resolution::Chosen(first, _) => *first,
            found => found,
        };
        Some(match found {
            Resolution::Here(here) => self.here(&here, target, false),
            Resolution::Moved(here, _) => self.here(&here, target, true),
            Resolution::Asset(path) => plain(LinkDestination::File(path)),
            Resolution::Away(_) => plain(LinkDestination::Away),
            Resolution::Unlisted => plain(LinkDestination::Unlisted),
            Resolution::Held(path) => plain(LinkDestination::Held(path)),
            Resolution::Nowhere(_) | Resolution::Chosen(..) => plain(LinkDestination::Nowhere),
        })
    }

    /// Where the text of a file stands: address, fragment, and what stands before its ids.
    #[must_use]
    pub fn stand(&self, id: PageId) -> Option<(&str, &str, &str)> {
        let stand = self.0.stands[id].as_ref()?;
        Some((&stand.address, &stand.anchor, &stand.id_prefix))
    }

    /// The file of the entry on whose page a file is shown.
    #[must_use]
    pub fn entry_of(&self, id: PageId) -> Option<&Arc<str>> {
        let entry = self.0.entry_of(id)?;
        Some(&self.0.pages[self.0.entries[entry].page].path)
    }

    /// The address of a file beside content.
    #[must_use]
    pub fn address_of_file(&self, path: &str) -> &str {
        self.0.asset_address(path)
    }

    fn here(&self, here: &Here, target: &Destination, is_guess: bool) -> Lead {
        let place = match here.entry {
            Some(entry) => LinkDestination::Entry(Arc::clone(&self.0.pages[self.0.entries[entry].page].path)),
            None => LinkDestination::Address(here.address.clone()),
        };
        let id = match (fragment_of(target).unwrap_or_default(), self.0.ids(here)) {
            ("", _) => Some(here.base.clone()),
            (written, Some(ids)) => ids.find(written, here.id_prefix.as_deref()),
            (_, None) => None,
        };
        Lead { place, id, is_guess }
    }
}
