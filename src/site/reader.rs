//! The only way in which pages read a site: a reader that records what was read.
//!
//! Whatever makes views, lists and feeds gets a [`Reader`] and no [`Site`]. Each function gives one part, and records
//! its [`Part`]; a page is made again when one of the parts that it read changed. So nobody lists what a page depends on,
//! and none of it can be forgotten. Large values have small faces ([`EntryTitle`], [`EntrySummary`], [`EntrySorting`],
//! [`Profile`]) for those who show no more: each is a part of its own, and is compared with the equality that it derives.
//!
//! Long because it has a function for each part of a site.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::contribution::{Door, folder_of_kind};
use super::counted::Counted;
use super::expertise::Expertise;
use super::facet::{self, FacetValue};
use super::idea::EntryIdea;
use super::moderation::Decision;
use super::opinion::{self, EntryOpinion};
use super::people::Person;
use super::projection::{EntryNeeds, EntrySorting, EntrySummary, EntryTitle, GivenAnswer, Profile};
use super::recognition::Recognition;
use super::reference::Fulfilment;
use super::revision::{Key, Part, Reads};
use super::taxonomy::{Product, Tag};
use super::url::Urls;
use super::{Entry, EntryId, Form, Neighbours, PageId, Redirect, Shown, Site};
use crate::config::Config;
use crate::data::feed::FeedSnapshot;
use crate::page::front_matter::{Field, Fields};
use crate::page::kind::Kind;
use crate::page::{Head, Page, PagePath};
use crate::words::Words;

/// Reads a site and records what was read. One serves one page, or whatever else is kept and made again as a whole.
#[derive(Debug)]
pub struct Reader<'a> {
    site: &'a Site,
    reads: RefCell<Vec<Part>>,
}

impl Site {
    /// A reader of the site that has read nothing yet.
    #[must_use]
    pub fn reader(&self) -> Reader<'_> {
        Reader { site: self, reads: RefCell::default() }
    }
}

impl<'a> Reader<'a> {
    /// What was read.
    #[must_use]
    pub fn into_reads(self) -> Reads {
        Reads::new(self.reads.into_inner())
    }

    /// Makes something that is kept by itself: what it reads is recorded for it alone.
    pub fn apart<T>(&self, make: impl FnOnce(&Reader<'a>) -> T) -> (T, Reads) {
        let reader = self.site.reader();
        let made = make(&reader);
        (made, reader.into_reads())
    }

    /// Records what something read that was kept.
    pub fn replay(&self, reads: &Reads) {
        self.reads.borrow_mut().extend_from_slice(reads.parts());
    }

    /// Records that a list was read which pages share.
    pub fn list(&self, name: &'static str, of: &str) {
        self.read(Key::List(name, of));
    }

    fn read(&self, key: Key<'_>) {
        self.reads.borrow_mut().push(key.into());
    }

    /// The configuration.
    #[must_use]
    pub fn config(&self) -> &'a Config {
        self.read(Key::Config);
        &self.site.sources.config
    }

    /// Where the site stands, as the configuration says.
    #[must_use]
    pub fn urls(&self) -> &'a Urls {
        self.read(Key::Config);
        &self.site.urls
    }

    /// The words of the theme in the site's language.
    #[must_use]
    pub fn words(&self) -> &'a Words {
        self.read(Key::Words);
        &self.site.sources.words
    }

    /// The day that counts as today.
    #[must_use]
    pub fn today(&self) -> Option<Date> {
        self.read(Key::Today);
        self.site.sources.today
    }

    /// Where a new entry of a kind is written in the browser.
    #[must_use]
    pub fn new_door(&self, kind: Kind) -> Option<&'a Door> {
        self.read(Key::NewDoors);
        self.site.new_doors.get(&kind)
    }

    /// The folder of a kind, from the site's root, without a slash at its end.
    #[must_use]
    pub fn folder(&self, kind: Kind) -> String {
        self.read(Key::Folder(kind));
        folder(self.site, kind)
    }

    /// A content file.
    #[must_use]
    pub fn page(&self, id: PageId) -> &'a Page {
        let page = &self.site.pages[id];
        self.read(Key::Page(&page.path));
        page
    }

    /// The path of a content file from the site's root, which is what its parts are known by.
    #[must_use]
    pub fn path(&self, id: PageId) -> &'a str {
        &self.site.pages[id].path
    }

    /// What a content file says by its path, which is what its parts are known by, and nothing else of it.
    pub(super) fn head(&self, id: PageId) -> &'a Head {
        &self.site.pages[id]
    }

    /// What the path of an entry's file says.
    #[must_use]
    pub fn place(&self, id: EntryId) -> &'a PagePath {
        &self.site.pages[self.page_of(id)].place
    }

    /// What the front matter of a content file says.
    #[must_use]
    pub fn fields(&self, id: PageId) -> &'a Fields {
        let page = &self.site.pages[id];
        self.read(Key::Fields(&page.path));
        &page.fields
    }

    /// What fills the slots of a content file.
    #[must_use]
    pub fn shown(&self, id: PageId) -> &'a Shown {
        self.read(Key::Shown(&self.site.pages[id].path));
        &self.site.shown[id]
    }

    /// What a content file is meant as.
    #[must_use]
    pub fn form(&self, id: PageId) -> Form {
        self.read(Key::Form(&self.site.pages[id].path));
        self.site.forms[id]
    }

    /// An entry with its replies.
    #[must_use]
    pub fn entry(&self, id: EntryId) -> &'a Entry {
        let entry = &self.site.entries[id];
        self.read(Key::Entry(&entry.address));
        entry
    }

    /// What a line in a list or a feed shows of an entry.
    #[must_use]
    pub fn summary(&self, id: EntryId) -> EntrySummary<'a> {
        let entry = &self.site.entries[id];
        self.read(Key::Summary(&entry.address));
        EntrySummary::of(entry, &self.site.pages[entry.page].fields)
    }

    /// What a link to an entry shows.
    #[must_use]
    pub fn title(&self, id: EntryId) -> EntryTitle<'a> {
        let entry = &self.site.entries[id];
        self.read(Key::Title(&entry.address));
        EntryTitle::of(entry, &self.site.pages[entry.page].fields)
    }

    /// Who answered a question, the best answer first.
    #[must_use]
    pub fn answers(&self, id: EntryId) -> Vec<GivenAnswer<'a>> {
        let entry = &self.site.entries[id];
        self.read(Key::Answers(&entry.address));
        GivenAnswer::all(entry)
    }

    /// The file of an entry.
    #[must_use]
    pub fn page_of(&self, id: EntryId) -> PageId {
        let entry = &self.site.entries[id];
        self.read(Key::File(&entry.address));
        entry.page
    }

    /// The address of an entry, which is what its parts are known by.
    #[must_use]
    pub fn address(&self, id: EntryId) -> &'a str {
        &self.site.entries[id].address
    }

    /// The last headlines of the feed of a link, by the link's slug, as long as they are those of that feed.
    #[must_use]
    pub fn headlines(&self, slug: &str, feed: &str) -> Option<&'a FeedSnapshot> {
        self.read(Key::Headlines(slug));
        self.site.sources.feeds.get(slug).filter(|it| it.feed == feed)
    }

    /// What stands near an entry.
    #[must_use]
    pub fn neighbours(&self, id: EntryId) -> &'a Neighbours {
        self.read(Key::Neighbours(&self.site.entries[id].address));
        &self.site.neighbours[id]
    }

    /// What fulfilled an idea.
    #[must_use]
    pub fn fulfilment(&self, id: EntryId) -> Option<&'a Fulfilment> {
        self.read(Key::Fulfilment(&self.site.entries[id].address));
        self.site.fulfilments.get(&id)
    }

    /// Every entry that a list may hold, by kind and slug.
    pub fn listed(&self) -> impl Iterator<Item = (EntryId, EntrySorting<'a>)> + use<'a> {
        self.read(Key::Sorting);
        self.read(Key::Unlisted);
        self.site.listed().map(|(id, entry)| (id, EntrySorting::of(entry)))
    }

    /// By what entries are sorted, by their ids.
    pub fn sorting(&self) -> impl Fn(EntryId) -> EntrySorting<'a> + use<'a> {
        self.read(Key::Sorting);
        let site = self.site;
        move |id| EntrySorting::of(&site.entries[id])
    }

    /// Of every entry that a list may hold, what it lacks.
    pub fn needs(&self) -> impl Iterator<Item = (EntryId, EntryNeeds<'a>)> + use<'a> {
        self.read(Key::Needs);
        self.read(Key::Unlisted);
        let site = self.site;
        site.listed().map(move |(id, entry)| (id, EntryNeeds::of(entry, &site.pages[entry.page])))
    }

    /// Of every idea that a list may hold, what it says of itself.
    pub fn ideas(&self) -> impl Iterator<Item = (EntryId, EntryIdea<'a>)> + use<'a> {
        self.read(Key::Ideas);
        let site = self.site;
        site.listed()
            .filter_map(move |(id, entry)| Some((id, EntryIdea::of(entry, &site.pages[entry.page])?)))
    }

    /// What an idea says of itself; nothing of any other entry.
    #[must_use]
    pub fn idea(&self, id: EntryId) -> Option<EntryIdea<'a>> {
        let entry = &self.site.entries[id];
        self.read(Key::Idea(&entry.address));
        EntryIdea::of(entry, &self.site.pages[entry.page])
    }

    /// What an entry lacks.
    #[must_use]
    pub fn need(&self, id: EntryId) -> EntryNeeds<'a> {
        let entry = &self.site.entries[id];
        self.read(Key::Need(&entry.address));
        EntryNeeds::of(entry, &self.site.pages[entry.page])
    }

    /// Who knows what, by what their answers show. Nobody is named who wants no page.
    #[must_use]
    pub fn expertise(&self) -> Expertise {
        self.read(Key::Needs);
        self.read(Key::Unlisted);
        let entries = self.site.listed().map(|(_, entry)| entry);
        Expertise::new(entries, self.today(), |handle| self.site.people.is_named(handle))
    }

    /// What everybody did for others.
    #[must_use]
    pub fn recognition(&self) -> Recognition {
        Recognition::new(self.counted())
    }

    /// Of every entry that has something to say to those who decide, what that is, by kind and slug.
    pub fn opinions(&self) -> impl Iterator<Item = (EntryId, EntryOpinion<'a>)> + use<'a> {
        self.read(Key::Opinions);
        let site = self.site;
        let of = move |entry: &'a Entry| EntryOpinion::of(entry, &site.pages[entry.page]);
        site.entries.iter().enumerate().filter_map(move |(id, entry)| Some((id, of(entry)?)))
    }

    /// Critical stories that a moderator made drafts, which have no page: why, if anybody says it.
    #[must_use]
    pub fn unpublished_critics(&self) -> Vec<Option<&'a str>> {
        self.read(Key::Opinions);
        let read = |page: &Page| self.read(Key::Fields(&page.path));
        let stories = self.site.drafted_stories().inspect(|(page, ..)| read(page));
        stories.filter(|(_, is_critical, _)| *is_critical).map(|(.., reason)| reason).collect()
    }

    /// The first word of the company on an entry, as [`opinion::first_response`].
    #[must_use]
    pub fn first_response(&self, id: EntryId) -> Option<Option<Date>> {
        let entry = self.entry(id);
        let authors = entry.replies().flat_map(|reply| reply.authors.iter());
        authors.for_each(|author| self.read(Key::Profile(author)));
        opinion::first_response(entry, &self.site.people)
    }

    /// The values of a field that some entries can be filtered by.
    #[must_use]
    pub fn facet_values(&self, field: Field, ids: &[EntryId]) -> Vec<FacetValue> {
        self.read(Key::Facets);
        self.site.facet_values(field, ids.iter().copied())
    }

    /// The values of a field that have a list of their own, among all entries of a kind.
    #[must_use]
    pub fn listed_values(&self, field: Field, ids: &[EntryId]) -> Vec<FacetValue> {
        self.read(Key::Facets);
        facet::lists(field, self.site.with_fields(ids.iter().copied()), ids.len())
    }

    /// How many entries there are, those included that nobody may list.
    #[must_use]
    pub fn entry_count(&self) -> usize {
        self.read(Key::Sorting);
        self.site.entries.len()
    }

    /// What is shown of a person beside whatever they wrote.
    #[must_use]
    pub fn profile(&self, handle: &str) -> Option<Profile<'a>> {
        self.read(Key::Profile(handle));
        self.site.people.get(handle).map(Profile::of)
    }

    /// Whether those are somebody, and all of the team.
    #[must_use]
    pub fn is_of_team(&self, authors: &[String]) -> bool {
        let is_team = |handle: &String| self.profile(handle).is_some_and(|person| person.team.is_some());
        !authors.is_empty() && authors.iter().all(is_team)
    }

    /// The name to show for a handle.
    #[must_use]
    pub fn person_name<'b>(&self, handle: &'b str) -> &'b str
    where
        'a: 'b,
    {
        self.profile(handle).map_or(handle, |person| person.name)
    }

    /// Whether the handle has a page that links may lead to.
    #[must_use]
    pub fn has_page(&self, handle: &str) -> bool {
        self.profile(handle).is_some_and(|person| !person.unlisted)
    }

    /// A person, with what they gave.
    #[must_use]
    pub fn person(&self, handle: &str) -> Option<&'a Person> {
        self.read(Key::Person(handle));
        self.site.people.get(handle)
    }

    /// Everybody, by handle.
    #[must_use]
    pub fn people(&self) -> &'a BTreeMap<String, Person> {
        self.read(Key::People);
        &self.site.people.by_handle
    }

    /// The name to show for a tag.
    #[must_use]
    pub fn tag_name<'b>(&self, slug: &'b str) -> &'b str
    where
        'a: 'b,
    {
        self.read(Key::TagName(slug));
        self.site.tags.get(slug).map_or(slug, |tag| tag.name.as_str())
    }

    /// Whether a tag has a page.
    #[must_use]
    pub fn has_tag(&self, slug: &str) -> bool {
        self.read(Key::TagName(slug));
        self.site.tags.contains_key(slug)
    }

    /// A tag, with what bears it.
    #[must_use]
    pub fn tag(&self, slug: &str) -> Option<&'a Tag> {
        self.read(Key::Tag(slug));
        self.site.tags.get(slug)
    }

    /// All tags, by slug.
    #[must_use]
    pub fn tags(&self) -> &'a BTreeMap<String, Tag> {
        self.read(Key::Tags);
        &self.site.tags
    }

    /// The slug and the id that the names of a tag and a product mean.
    #[must_use]
    pub fn meant_by(&self, name: &str) -> (String, String) {
        self.read(Key::Spellings);
        (self.site.tag_names().slug(name), super::taxonomy::product_id(self.config(), name))
    }

    /// The name to show for a product, and whether it has a page.
    #[must_use]
    pub fn product_name<'b>(&self, id: &'b str) -> (&'b str, bool)
    where
        'a: 'b,
    {
        self.read(Key::ProductName(id));
        self.site.products.get(id).map_or((id, false), |product| (product.name.as_str(), true))
    }

    /// A product, with what is about it.
    #[must_use]
    pub fn product(&self, id: &str) -> Option<&'a Product> {
        self.read(Key::Product(id));
        self.site.products.get(id)
    }

    /// All products, by id.
    #[must_use]
    pub fn products(&self) -> &'a BTreeMap<String, Product> {
        self.read(Key::Products);
        &self.site.products
    }

    /// Where an address leads on to.
    #[must_use]
    pub fn redirect(&self, from: &str) -> Option<&'a Redirect> {
        self.read(Key::Redirect(from));
        self.site.redirects.get(from)
    }

    /// The addresses that lead on.
    pub fn redirects(&self) -> impl Iterator<Item = &'a String> + use<'a> {
        self.read(Key::Redirects);
        self.site.redirects.keys()
    }

    /// The listed plain page at an address.
    #[must_use]
    pub fn plain(&self, address: &str) -> Option<EntryId> {
        self.read(Key::Plain(address));
        self.site.plain.get(address).copied()
    }

    /// Folders of plain pages that have no page of their own, by address: what each is called.
    #[must_use]
    pub fn page_folders(&self) -> &'a BTreeMap<String, String> {
        self.read(Key::PageFolders);
        &self.site.folders
    }

    /// The file with title and text of the list of a kind.
    #[must_use]
    pub fn kind_text(&self, kind: Kind) -> Option<PageId> {
        self.read(Key::KindText(kind));
        self.site.kind_texts.get(&kind).copied()
    }

    /// The file with title and text of the home page.
    #[must_use]
    pub fn home_text(&self) -> Option<PageId> {
        self.read(Key::HomeText);
        self.site.home
    }

    /// The community's rules.
    #[must_use]
    pub fn guidelines(&self) -> Option<&'a (Arc<Page>, Shown)> {
        self.read(Key::Guidelines);
        self.site.guidelines.as_ref()
    }

    /// All entries for those who count: who did what and when.
    #[must_use]
    pub fn counted(&self) -> Counted<'a> {
        for key in [Key::Activity, Key::Config, Key::Today, Key::Unlisted] {
            self.read(key);
        }
        self.site.counted_for_pages()
    }

    /// The same with the lengths of texts.
    #[must_use]
    pub fn counted_with_texts(&self) -> Counted<'a> {
        self.read(Key::Texts);
        let _ = self.counted();
        self.site.counted()
    }

    /// What moderators decided, the latest first.
    #[must_use]
    pub fn decisions(&self) -> Vec<Decision> {
        for key in [Key::Moderation, Key::Activity, Key::Config, Key::People] {
            self.read(key);
        }
        self.site.decisions()
    }

    /// Whether the log of moderation has anything to say.
    #[must_use]
    pub fn has_moderation(&self) -> bool {
        self.read(Key::Moderation);
        self.config().public_moderation && !self.site.sources.moderation.is_empty()
    }

    /// Where the history of a source file is shown.
    #[must_use]
    pub fn history_url(&self, path: &str) -> Option<String> {
        self.config().repository.as_ref()?.history_url(path)
    }

    /// Where a source file can be edited in the browser.
    #[must_use]
    pub fn edit_url(&self, path: &str) -> Option<String> {
        self.config().repository.as_ref()?.edit_url(path)
    }

    /// Width and height of a picture in `static/`, by its address from the root of the site. No page may ask: what all of
    /// them share is compared by the theme.
    #[must_use]
    pub fn static_size(&self, address: &str) -> Option<(u32, u32)> {
        self.site.sources.statics.get(address.trim_start_matches('/'))?.dimensions()
    }

    /// What stands in the configuration as an address: a path of the site, or anywhere else.
    #[must_use]
    pub fn config_url(&self, url: &str) -> String {
        self.urls().config_url(url)
    }
}

/// The folder of a kind, from the site's root.
pub(super) fn folder(site: &Site, kind: Kind) -> String {
    format!("{}{}", site.sources.content_prefix, folder_of_kind(&site.sources, kind))
}
