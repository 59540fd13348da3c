//! All pages together: who is whose reply, who is who, which address is whose, what leads where.
//!
//! [`link()`] is one cheap pass over summaries. It touches no body: bodies stay behind `Arc`, with slots
//! where something depends on the others, and [`Shown`] holds what goes into the slots. Everything is
//! made once and complete; nothing is filled in later.

pub mod address;
pub mod alert;
pub mod answers;
pub mod asset;
pub mod claim;
pub mod classify;
pub mod contribution;
pub mod counted;
pub mod disclosure;
pub mod duplicate;
pub mod entry;
pub mod event;
pub mod expertise;
pub mod facet;
pub mod guideline;
pub mod headings;
pub mod idea;
pub mod link;
pub mod menu;
mod model;
pub mod moderation;
pub mod naming;
pub mod need;
pub mod opinion;
pub mod order;
pub mod people;
pub mod placeholder;
pub mod projection;
pub mod reader;
pub mod recognition;
pub mod reference;
pub mod related;
pub mod reply;
pub mod reserved;
pub mod revision;
pub mod section;
pub mod suggest;
pub mod taxonomy;
pub mod url;
pub mod visibility;
pub mod wanted;
pub mod written;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::page::kind::Kind;
use crate::page::markdown::{ImageTarget, LinkTarget};
use crate::page::{self, Page};
pub use crate::source::Moment;
use crate::source::{Document, Sources};
use crate::words::Words;
use asset::PublishedAsset;
use classify::Role;
pub use link::link;
pub use model::{
    Answer, Confirmation, Detail, Duplicate, Entry, HowTo, Idea, Link, ListOrder, Neighbours, Question,
    Reply, Section, Sections, Story,
};
use people::People;
use reference::Fulfilment;
use revision::Revisions;
use url::Urls;

/// Index of a page in [`Site::pages`].
pub type PageId = usize;

/// Index of an entry in [`Site::entries`].
pub type EntryId = usize;

/// Which pages count as published.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Visibility {
    /// Shows drafts.
    pub drafts: bool,
    /// Shows pages whose date lies in the future, and hidden ones: what a preview does.
    pub preview: bool,
}

/// The linked site.
#[derive(Debug)]
pub struct Site {
    /// What it was made from.
    sources: Arc<Sources>,
    /// Where it stands.
    urls: Urls,
    /// Every content file, in path order.
    pages: Vec<Arc<Page>>,
    /// What fills each page's slots, by [`PageId`].
    shown: Vec<Shown>,
    /// Every page of the site that comes from content, tombstones included, by kind and slug.
    entries: Vec<Entry>,
    /// What stands near each of them.
    neighbours: Vec<Neighbours>,
    /// Everyone who wrote something or is described, by handle.
    people: People,
    /// Tags by slug.
    tags: BTreeMap<String, taxonomy::Tag>,
    /// Products by id.
    products: BTreeMap<String, taxonomy::Product>,
    /// Addresses that lead on: from (an address) to (a link as it stands in a page).
    redirects: BTreeMap<String, Redirect>,
    /// The files beside content that something refers to, by their address.
    assets: BTreeMap<String, PublishedAsset>,
    /// Title and text of the home page, if a file gives one.
    home: Option<PageId>,
    /// Title and text of the lists of kinds.
    kind_texts: BTreeMap<Kind, PageId>,
    /// The community's rules.
    guidelines: Option<(Arc<Page>, Shown)>,
    /// What fulfilled an idea, by entry.
    fulfilments: BTreeMap<EntryId, Fulfilment>,
    /// Where a new entry of each kind is written in the browser.
    new_doors: BTreeMap<Kind, contribution::Door>,
    /// What a new file begins with, in the words of the site.
    placeholders: placeholder::Placeholders,
    /// Listed plain pages by address, for the way to the pages in their folders.
    plain: BTreeMap<String, EntryId>,
    /// Folders of plain pages that have no page of their own, by the address of the page that lists what is in them:
    /// what each is called.
    folders: BTreeMap<String, String>,
    /// What each page is meant as, whether it is shown or not.
    forms: Vec<Form>,
    /// How many files are not shown, and why.
    left_out: LeftOut,
    /// When each part changed last.
    revisions: Revisions,
    /// What the next linking can use again.
    link_cache: link::LinkCache,
}

/// Pages that are not on the site.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Held because of an error.
    pub held: usize,
    /// Drafts.
    pub drafts: usize,
    /// Dated in the future.
    pub future: usize,
    /// Replies that were taken down; entries that were leave a tombstone.
    pub hidden: usize,
}

/// What a content file is meant as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A page of its own.
    Entry,
    /// A reply to one.
    Reply,
    /// The text of a topic or of the home page, or nobody can tell.
    Other,
}

/// An address that leads on to another one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Redirect {
    /// The address that it leads to.
    pub to: String,
    /// The title of the page there.
    pub title: String,
}

impl Redirect {
    /// Leads to an entry. Nothing of what was taken down is named.
    fn to(entry: &Entry) -> Redirect {
        let title = if entry.is_listed() { entry.title.clone() } else { entry.address.clone() };
        Redirect { to: entry.address.clone(), title }
    }
}

/// What stands in a page's slots.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown {
    /// By link.
    pub links: Vec<LinkTarget>,
    /// By image.
    pub images: Vec<ImageTarget>,
}

/// What rules, the search and those who change files look up in a site. Pages are made of a [`Reader`](reader::Reader).
impl Site {
    /// What it was made from.
    #[must_use]
    pub fn sources(&self) -> &Arc<Sources> {
        &self.sources
    }

    /// Where it stands.
    #[must_use]
    pub fn urls(&self) -> &Urls {
        &self.urls
    }

    /// Every content file, in path order.
    #[must_use]
    pub fn pages(&self) -> &[Arc<Page>] {
        &self.pages
    }

    /// What fills each page's slots, by [`PageId`].
    #[must_use]
    pub fn shown(&self) -> &[Shown] {
        &self.shown
    }

    /// Every page of the site that comes from content, tombstones included, by kind and slug.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// What stands near each of them.
    #[must_use]
    pub fn neighbours(&self) -> &[Neighbours] {
        &self.neighbours
    }

    /// Title and text of the home page, if a file gives one.
    #[must_use]
    pub fn home(&self) -> Option<PageId> {
        self.home
    }

    /// Title and text of the lists of kinds.
    #[must_use]
    pub fn kind_texts(&self) -> &BTreeMap<Kind, PageId> {
        &self.kind_texts
    }

    /// What fulfilled an idea, by entry.
    #[must_use]
    pub fn fulfilments(&self) -> &BTreeMap<EntryId, Fulfilment> {
        &self.fulfilments
    }

    /// Where a new entry of each kind is written in the browser.
    #[must_use]
    pub fn new_doors(&self) -> &BTreeMap<Kind, contribution::Door> {
        &self.new_doors
    }

    /// Listed plain pages by address.
    #[must_use]
    pub fn plain(&self) -> &BTreeMap<String, EntryId> {
        &self.plain
    }

    /// Everyone who wrote something or is described, by handle.
    #[must_use]
    pub fn people(&self) -> &People {
        &self.people
    }

    /// Tags by slug.
    #[must_use]
    pub fn tags(&self) -> &BTreeMap<String, taxonomy::Tag> {
        &self.tags
    }

    /// Products by id.
    #[must_use]
    pub fn products(&self) -> &BTreeMap<String, taxonomy::Product> {
        &self.products
    }

    /// Addresses that lead on: from (an address) to (a link as it stands in a page).
    #[must_use]
    pub fn redirects(&self) -> &BTreeMap<String, Redirect> {
        &self.redirects
    }

    /// The files beside content that something refers to, by their address.
    #[must_use]
    pub fn assets(&self) -> &BTreeMap<String, PublishedAsset> {
        &self.assets
    }

    /// The community's rules.
    #[must_use]
    pub fn guidelines(&self) -> Option<&(Arc<Page>, Shown)> {
        self.guidelines.as_ref()
    }

    /// What a new file begins with, in the words of the site.
    #[must_use]
    pub fn placeholders(&self) -> &placeholder::Placeholders {
        &self.placeholders
    }

    /// What each page is meant as, whether it is shown or not.
    #[must_use]
    pub fn forms(&self) -> &[Form] {
        &self.forms
    }

    /// How many files are not shown, and why.
    #[must_use]
    pub fn left_out(&self) -> LeftOut {
        self.left_out
    }

    /// When each part changed last.
    #[must_use]
    pub fn revisions(&self) -> &Revisions {
        &self.revisions
    }
}

impl Site {
    /// A site of which nothing is known yet but its pages and its entries.
    fn begin(
        sources: &Arc<Sources>,
        pages: Vec<Arc<Page>>,
        entries: Vec<Entry>,
        guidelines: Option<Arc<Page>>,
        link_cache: link::LinkCache,
    ) -> Site {
        Site {
            sources: Arc::clone(sources),
            urls: Urls::of(&sources.config),
            shown: Vec::new(),
            neighbours: vec![Neighbours::default(); entries.len()],
            revisions: Revisions::default(),
            entries,
            people: People::default(),
            tags: BTreeMap::new(),
            products: BTreeMap::new(),
            redirects: BTreeMap::new(),
            assets: BTreeMap::new(),
            home: link_cache.home(),
            kind_texts: BTreeMap::new(),
            guidelines: guidelines.map(|page| (page, Shown::default())),
            fulfilments: BTreeMap::new(),
            new_doors: contribution::new_doors(sources),
            placeholders: placeholder::Placeholders::new(&sources.words),
            plain: BTreeMap::new(),
            folders: BTreeMap::new(),
            forms: link_cache.forms(),
            left_out: LeftOut::default(),
            link_cache,
            pages,
        }
    }

    /// Entries that lists, feeds and search may name: everything but tombstones, merged duplicates, and
    /// people who want no page.
    pub fn listed(&self) -> impl Iterator<Item = (EntryId, &Entry)> {
        let is_shown = |entry: &Entry| entry.kind != Kind::Person || self.people.has_page(&entry.slug);
        self.entries.iter().enumerate().filter(move |(_, entry)| entry.is_listed() && is_shown(entry))
    }

    /// The pages that the files of the site were understood as, for files that are the same.
    #[must_use]
    pub fn known_pages(&self) -> KnownPages<'_> {
        KnownPages(self)
    }

    /// Gives back the memory of what was taken over from. It takes a while, so it is done when nobody waits.
    pub fn drop_deferred(&mut self) {
        self.link_cache.deferred_drop = None;
    }

    /// The page that a content file was understood as.
    #[must_use]
    pub fn page_of(&self, path: &str) -> Option<&Arc<Page>> {
        let at = self.pages.binary_search_by(|page| (*page.path).cmp(path)).ok()?;
        Some(&self.pages[at])
    }

    /// The address of the page that shows a content file, and the fragment that leads to it; empty for the page
    /// itself.
    #[must_use]
    pub fn place_of(&self, path: &str) -> Option<(String, String)> {
        let at = self.pages.binary_search_by(|page| (*page.path).cmp(path)).ok()?;
        self.link_cache.stand(at)
    }

    /// The content files that stand on the page at an address: its own first, then those of its replies.
    #[must_use]
    pub fn pages_at(&self, address: &str) -> Vec<&Arc<Page>> {
        let Some(entry) = self.entries.iter().find(|entry| entry.address == address) else {
            let at = (0..self.pages.len())
                .filter(|id| self.link_cache.stand(*id).is_some_and(|it| it.0 == address));
            return at.map(|id| &self.pages[id]).collect();
        };
        let mut ids = vec![entry.page];
        ids.extend(entry.replies().map(|reply| reply.page));
        ids.extend(entry.question().into_iter().flat_map(|it| &it.duplicates).map(|it| it.page));
        let mut seen = BTreeSet::new();
        ids.into_iter().filter(|id| seen.insert(*id)).map(|id| &self.pages[id]).collect()
    }

    /// Whether a content file is not on the site.
    #[must_use]
    pub fn is_left_out(&self, page: PageId) -> bool {
        self.link_cache.stand(page).is_none()
    }

    /// The address that a content file would have as an entry, if nothing were wrong with it.
    #[must_use]
    pub fn meant_address(&self, path: &str) -> Option<String> {
        let inside = path.strip_prefix(self.sources.content_prefix.as_str())?;
        let place = page::PagePath::of(inside, &self.sources.config.kinds);
        let page = self.page_of(path);
        let own = page.and_then(|page| page.fields.slug.as_ref()).map(|own| own.value.as_str());
        let slug = naming::plain(&naming::parts(&place, own));
        let is_folder = page.is_some_and(|page| naming::is_folder(page));
        Some(url::entry(place.kind, &reserved::free(place.kind, &slug, is_folder)))
    }

    /// The words of the theme in the site's language.
    #[must_use]
    pub fn words(&self) -> &Words {
        &self.sources.words
    }

    /// The name to show for a tag.
    #[must_use]
    pub fn tag_name<'b>(&'b self, slug: &'b str) -> &'b str {
        self.tags.get(slug).map_or(slug, |tag| tag.name.as_str())
    }

    /// The name to show for a product.
    #[must_use]
    pub fn product_name<'b>(&'b self, id: &'b str) -> &'b str {
        self.products.get(id).map_or(id, |product| product.name.as_str())
    }

    /// Kinds that have at least one listed entry.
    #[must_use]
    pub fn kinds(&self) -> BTreeSet<Kind> {
        self.listed().map(|(_, entry)| entry.kind).collect()
    }
}

/// What the files of a site were understood as.
#[derive(Debug, Clone, Copy)]
pub struct KnownPages<'a>(&'a Site);

impl KnownPages<'_> {
    /// The page of the file at a place among all, if it is the file of then.
    #[must_use]
    pub fn get(&self, place: usize, document: &Document) -> Option<Arc<Page>> {
        let (pages, documents) = (&self.0.pages, &self.0.sources.documents);
        // The usual case: no file came or went, so it is where it was.
        if pages.len() == documents.len()
            && let Some(known) = documents.get(place)
            && Arc::ptr_eq(&known.path, &document.path)
        {
            return Arc::ptr_eq(&known.text, &document.text).then(|| Arc::clone(&pages[place]));
        }
        let text = self.0.sources.text(&document.path)?;
        if !Arc::ptr_eq(text, &document.text) && **text != *document.text {
            return None;
        }
        let at = self.0.pages.binary_search_by(|page| (*page.path).cmp(&document.path)).ok()?;
        Some(Arc::clone(&self.0.pages[at]))
    }
}

impl Form {
    fn of(role: &Role) -> Form {
        match role {
            Role::Entry { .. } => Form::Entry,
            Role::Reply { .. } => Form::Reply,
            Role::TopicText(_) | Role::HomeText | Role::Held => Form::Other,
        }
    }
}
