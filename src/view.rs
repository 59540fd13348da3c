//! What a template may see, typed. A view is a template's whole input: templates have no function that
//! sees the site, so whatever a page shows is in its view, and an equal view gives an equal page.
//!
//! [`plan`] says which pages there are, cheaply; [`Plan::view`] makes one view. Between the two, pages
//! are made in parallel and written as they come, so the whole site is never in memory.
//!
//! Long because its types are the reference of what templates see, with a sentence on each field.

pub mod badge;
pub mod decide;
mod embedded;
pub mod entry;
pub mod facet;
pub mod feed;
pub mod generated;
pub mod help_wanted;
pub mod ideas;
pub mod insight;
pub mod links;
pub mod listing;
pub mod lists;
pub mod moderation;
pub mod people;
mod reasons;
pub mod reply;
pub mod single_file;
mod structured;
mod tree;
pub mod write;

use std::borrow::Cow;
use std::marker::PhantomData;

use serde::Serialize;
use unicode_normalization::char::is_combining_mark;

use crate::page::date::Date as WrittenDate;
use crate::page::front_matter::Field;
use crate::page::kind::Kind;
use crate::page::markdown::RenderContext;
use crate::site::contribution::Door;
use crate::site::disclosure::affiliation;
use crate::site::order::Order;
use crate::site::reader::Reader;
use crate::site::{EntryId, Moment, PageId, Shown, url};
use crate::words::Word;
use crate::words::direction::is_right_to_left;
pub use lists::Lists;

/// Counts up when templates find something under another name than before.
pub const VERSION: u32 = 2;

/// What `entry` had in version 1, and where it is now. The text behind the parts of a how-to is `how_to.rest`.
pub const MOVED: &[(&str, &str)] = &[
    ("verdict", "question.verdict"),
    ("answers", "question.answers"),
    ("answer_count", "question.answer_count"),
    ("also_asked", "question.also_asked"),
    ("duplicates", "question.duplicates"),
    ("before_you_buy", "question.before_you_buy"),
    ("customer", "story.customer"),
    ("consent", "story.consent"),
    ("problem", "story.problem"),
    ("why", "story.why"),
    ("outcome", "story.outcome"),
    ("outcome_line", "story.outcome_line"),
    ("outcome_id", "story.outcome_id"),
    ("similar", "story.similar"),
    ("needs", "how_to.needs"),
    ("needs_text", "how_to.needs_text"),
    ("steps", "how_to.steps"),
    ("confirmed_by", "how_to.confirmed_by"),
    ("confirm_door", "how_to.confirm_door"),
    ("unhelped_door", "how_to.unhelped_door"),
    ("supporters", "idea.supporters"),
    ("fulfilled_by", "idea.fulfilled_by"),
    ("support_door", "idea.support_door"),
    ("starts", "announcement.starts"),
    ("expires", "announcement.expires"),
    ("industry", "facts.industry.value"),
    ("size", "facts.size.value"),
    ("use_case", "facts.use_case.value"),
    ("time", "facts.time.value"),
    ("level", "facts.level.value"),
    ("place", "facts.place.value"),
    ("when", "facts.when.value"),
    ("sentiment", "facts.sentiment.value"),
    ("state", "facts.state.value"),
    ("horizon", "facts.horizon.value"),
    ("severity", "facts.severity.value"),
    ("sentiment_name", "facts.sentiment.title"),
    ("state_name", "facts.state.title"),
    ("horizon_name", "facts.horizon.title"),
    ("severity_name", "facts.severity.title"),
    ("places", "facts.places.values"),
    ("story_type", "story.type"),
    ("link_url", "link.url"),
    ("link_type", "link.type"),
    ("link_type_name", "link.type_name"),
    ("link_feed", "link.feed"),
    ("rest", "story.rest"),
];

/// One page to be rendered.
#[derive(Debug)]
pub struct View {
    /// Its address on the site.
    pub address: String,
    /// The template, such as `question.html`.
    pub template: &'static str,
    /// What every page has.
    pub page: Meta,
    /// The name under which the template finds the rest.
    pub name: &'static str,
    /// The rest.
    pub data: Data,
}

/// What only one kind of page has. Each template finds its own under [`View::name`].
#[derive(Debug, Serialize)]
#[serde(untagged)]
#[expect(missing_docs, reason = "the types say it")]
pub enum Data {
    Entry(Box<entry::EntryView>),
    List(Box<listing::ListView>),
    Links(Box<links::LinksView>),
    Home(Box<generated::HomeView>),
    Tags(generated::TagsView),
    People(generated::PeopleView),
    Person(Box<generated::PersonView>),
    Text(generated::TextView),
    Insight(insight::InsightView),
    Moderation(moderation::ModerationView),
    Search(generated::SearchView),
    HelpWanted(help_wanted::HelpWantedView),
    Shipped(ideas::ShippedView),
    Thanks(people::ThanksView),
    Decide(Box<decide::DecideView>),
    Write(write::WriteView),
    Folder(generated::FolderView),
    SingleFile(Box<single_file::SingleFileView>),
    Redirect(LinkView),
}

/// What the head and the frame of every page need.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Meta {
    /// The title by itself.
    pub title: String,
    /// The title for the window: with the site's.
    pub full_title: String,
    /// One sentence on the page.
    pub description: String,
    /// The link to the page itself.
    pub url: String,
    /// Its whole address.
    pub canonical: String,
    /// Its language as BCP 47.
    pub lang: String,
    /// `ltr` or `rtl`.
    pub dir: &'static str,
    /// The kind in the singular, or what else it is: `list`, `tag`, `home`.
    pub kind: &'static str,
    /// Open Graph type.
    pub og_type: &'static str,
    /// The way here, from the home page.
    pub breadcrumbs: Vec<LinkView>,
    /// Feeds of what is on the page.
    pub feeds: Vec<FeedLink>,
    /// What one follows with these feeds, as a call: `Follow this question`. Empty if there are none.
    pub follow: String,
    /// Whether search engines should leave it out.
    pub noindex: bool,
    /// When it was written, as RFC 3339.
    pub published: Option<String>,
    /// When it was changed, as RFC 3339.
    pub modified: Option<String>,
    /// The page of a list before this one.
    pub previous: Option<String>,
    /// The page of a list after this one.
    pub next: Option<String>,
    /// Where the page can be edited.
    pub edit_url: Option<String>,
    /// The whole address of its first picture, for cards: a published raster image, never a drawing and
    /// nothing of another host.
    pub image: Option<String>,
    /// What that picture shows, as its author says.
    pub image_alt: Option<String>,
    /// Its width in pixels, if known.
    pub image_width: Option<u32>,
    /// Its height in pixels, if known.
    pub image_height: Option<u32>,
    /// What it says to search engines: JSON-LD that can stand in a script as it is. Nothing on pages that they shall
    /// leave out.
    pub structured: Option<String>,
    /// Why the page is shown in a preview only, in a word: `draft`, `future`, `hidden`.
    pub ribbon: Option<String>,
}

/// A link and its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LinkView {
    /// The text.
    pub title: String,
    /// Where it leads, as a link in a page.
    pub url: String,
}

/// A door: where a file of the reader's own is begun in the browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DoorView {
    /// The git host's editor, filled as far as the host can.
    pub url: String,
    /// The name of the file.
    pub file: String,
    /// The text of the file, for a script to copy, where the address does not show all of it.
    pub text: Option<String>,
    /// Whether the editor opens an empty file, into which the text has to be pasted.
    pub paste: bool,
    /// Whether only a script can open it, because an empty file would mean something else. Such a door is hidden
    /// until the script shows it.
    pub needs_script: bool,
}

/// The doors that are on every page, whatever it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DoorsView {
    /// Where a question can be asked.
    pub question: Option<DoorView>,
    /// Where a how-to can be written.
    pub how_to: Option<DoorView>,
    /// Where a story can be told.
    pub story: Option<DoorView>,
    /// Where something can be suggested.
    pub idea: Option<DoorView>,
}

impl DoorsView {
    /// Those of a site.
    #[must_use]
    pub fn new(site: &Reader<'_>) -> DoorsView {
        let of = |kind: Kind| site.new_door(kind).map(DoorView::from);
        DoorsView {
            question: of(Kind::Question),
            how_to: of(Kind::HowTo),
            story: of(Kind::Story),
            idea: of(Kind::Idea),
        }
    }
}

impl From<&Door> for DoorView {
    fn from(door: &Door) -> DoorView {
        let Door { url, file, text, paste, needs_script } = door.clone();
        DoorView { url, file, text, paste, needs_script }
    }
}

/// A feed of what is on a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FeedLink {
    /// What it is a feed of.
    pub title: String,
    /// Where it is.
    pub url: String,
    /// Its media type.
    pub media_type: &'static str,
}

/// A person, named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PersonLink {
    /// The handle.
    pub handle: String,
    /// The name to show.
    pub name: String,
    /// One or two letters that represent the name.
    pub initials: String,
    /// Their page, if they have one.
    pub url: Option<String>,
    /// Their role in the company's team, in words, if they are of it.
    pub team: Option<String>,
    /// The connection to the subject that their page names.
    pub affiliation: Option<String>,
}

/// A person in a list of many things: no more than a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PersonName {
    /// The name to show.
    pub name: String,
    /// The connection to the subject that their page names.
    pub affiliation: Option<String>,
    /// Their page, if they have one.
    pub url: Option<String>,
}

/// A link to an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EntryLink {
    /// Its title.
    pub title: String,
    /// Where it is, as a link in a page.
    pub url: String,
    /// Its language, where it is not the site's.
    pub lang: Option<String>,
    /// The direction of that language: `ltr` or `rtl`.
    pub dir: Option<&'static str>,
}

/// A day as people and machines read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DateView {
    /// `2026-11-21`.
    pub iso: String,
    /// `21 November 2026`; the same as `iso` in a language whose months nobody has named.
    pub text: String,
}

/// A page that will be made.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it; numbers of pages count from 1")]
pub enum Plan {
    Home,
    Entry(EntryId),
    List { kind: Kind, number: usize },
    Facet { kind: Kind, field: Field, slug: String, number: usize },
    Folder { address: String },
    Sorted { kind: Kind, order: Order, number: usize },
    Unanswered { number: usize },
    Unsolved { number: usize },
    HelpWanted { tag: Option<String> },
    Shipped { number: usize },
    Decide,
    Critical,
    Tags,
    Tag { slug: String, number: usize },
    Products,
    Product { id: String, number: usize },
    Version { id: String, slug: String, number: usize },
    People { number: usize },
    PeopleWith { field: Field, slug: String, number: usize },
    Thanks,
    Person { handle: String },
    Guidelines,
    Insight,
    Moderation,
    Search,
    Write,
    NotFound,
    Redirect { from: String },
}

/// A part of a view that many pages show, turned into what a template takes once and then shared.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct Shared<T>(tera::Value, #[serde(skip)] PhantomData<T>);

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Shared<T> {
        Shared(self.0.clone(), PhantomData)
    }
}

impl<T: Serialize> Shared<T> {
    /// Turns a part of a view into what a template takes.
    #[must_use]
    pub fn new(part: &T) -> Shared<T> {
        Shared(tera::Value::from_serializable(part), PhantomData)
    }
}

/// Every page of the site but its feeds, in a fixed order.
#[must_use]
pub fn plan(site: &Reader<'_>, lists: &Lists) -> Vec<Plan> {
    let size = site.config().page_size;
    let numbers = |count: usize| 1..=count.div_ceil(size).max(1);
    let mut plans = vec![Plan::Home, Plan::Tags, Plan::NotFound];
    if site.config().search.enabled {
        plans.push(Plan::Search);
    }
    if site.config().takes_writing() {
        plans.push(Plan::Write);
    }
    let sorting = site.sorting();
    let is_person = |id: &EntryId| sorting(*id).kind == Kind::Person && sorting(*id).is_listed;
    plans.extend((0..site.entry_count()).filter(|id| !is_person(id)).map(Plan::Entry));
    for kind in Kind::ALL.into_iter().filter(|kind| kind.has_list()) {
        let count = lists.of_kind(site, kind).len();
        plans.extend(numbers(count).map(|number| Plan::List { kind, number }));
    }
    for (kind, order, count) in lists.all_sorted(site) {
        plans.extend(numbers(count).map(|number| Plan::Sorted { kind, order, number }));
    }
    for (kind, field, slug, count) in lists.facets(site) {
        let plan = |number| Plan::Facet { kind, field, slug: slug.to_string(), number };
        plans.extend(numbers(count).map(plan));
    }
    plans.extend(numbers(lists.unanswered(site).len()).map(|number| Plan::Unanswered { number }));
    plans.extend(numbers(lists.unsolved(site).len()).map(|number| Plan::Unsolved { number }));
    let shipped = lists.shipped(site).0.len();
    if shipped > 0 {
        plans.extend(numbers(shipped).map(|number| Plan::Shipped { number }));
    }
    plans.push(Plan::HelpWanted { tag: None });
    plans.extend(site.tags().keys().map(|slug| Plan::HelpWanted { tag: Some(slug.clone()) }));
    if lists.decides(site).is_some() {
        plans.extend([Plan::Decide, Plan::Critical]);
    }
    for (slug, tag) in site.tags() {
        plans.extend(numbers(tag.entries.len()).map(|number| Plan::Tag { slug: slug.clone(), number }));
    }
    if !site.products().is_empty() {
        plans.push(Plan::Products);
    }
    for (id, product) in site.products() {
        plans.extend(numbers(product.entries.len()).map(|number| Plan::Product { id: id.clone(), number }));
        for version in lists.versions(site, id) {
            let plan = |number| Plan::Version { id: id.clone(), slug: version.slug.clone(), number };
            plans.extend(numbers(version.entries().len()).map(plan));
        }
    }
    let people = lists.directory(site);
    plans.extend(numbers(people.len()).map(|number| Plan::People { number }));
    for (field, slug, _, count) in lists.circles(site) {
        let plan = |number| Plan::PeopleWith { field, slug: slug.to_string(), number };
        plans.extend(numbers(count).map(plan));
    }
    plans.push(Plan::Thanks);
    plans.extend(people.iter().map(|handle| Plan::Person { handle: handle.clone() }));
    if site.guidelines().is_some() {
        plans.push(Plan::Guidelines);
    }
    if site.config().public_insight {
        plans.push(Plan::Insight);
    }
    if site.has_moderation() {
        plans.push(Plan::Moderation);
    }
    plans.extend(site.page_folders().keys().map(|address| Plan::Folder { address: address.clone() }));
    plans.extend(site.redirects().map(|from| Plan::Redirect { from: from.clone() }));
    plans
}

impl Plan {
    /// The address of the page.
    #[must_use]
    pub fn address<'a>(&'a self, site: &Reader<'a>) -> Cow<'a, str> {
        let numbered = |first: String, number: usize| Cow::Owned(url::numbered(&first, number));
        match self {
            Plan::Home => url::HOME.into(),
            Plan::Entry(id) => site.address(*id).into(),
            Plan::List { kind, number } => numbered(url::list(*kind, 1), *number),
            Plan::Facet { kind, field, slug, number } => {
                numbered(facet::address(*kind, *field, slug), *number)
            }
            Plan::Folder { address } => address.into(),
            Plan::Sorted { kind, order, number } => numbered(url::sorted(*kind, *order), *number),
            Plan::Unanswered { number } => numbered(url::UNANSWERED.to_string(), *number),
            Plan::Unsolved { number } => numbered(url::UNSOLVED.to_string(), *number),
            Plan::Shipped { number } => numbered(url::SHIPPED.to_string(), *number),
            Plan::HelpWanted { tag: None } => url::HELP_WANTED.into(),
            Plan::HelpWanted { tag: Some(slug) } => url::help_wanted(slug).into(),
            Plan::Decide => url::DECIDE.into(),
            Plan::Critical => url::CRITICAL.into(),
            Plan::Tags => url::TAGS.into(),
            Plan::Tag { slug, number } => numbered(url::tag(slug), *number),
            Plan::Products => url::PRODUCTS.into(),
            Plan::Product { id, number } => numbered(url::product(id), *number),
            Plan::Version { id, slug, number } => numbered(url::version(id, slug), *number),
            Plan::People { number } => numbered(url::list(Kind::Person, 1), *number),
            Plan::PeopleWith { field, slug, number } => numbered(people::circle(*field, slug), *number),
            Plan::Thanks => url::THANKS.into(),
            Plan::Person { handle } => url::person(handle).into(),
            Plan::Guidelines => url::GUIDELINES_PAGE.into(),
            Plan::Insight => url::INSIGHT_PAGE.into(),
            Plan::Moderation => url::MODERATION_PAGE.into(),
            Plan::Search => url::SEARCH_PAGE.into(),
            Plan::Write => url::WRITE_PAGE.into(),
            Plan::NotFound => url::NOT_FOUND.into(),
            Plan::Redirect { from } => from.into(),
        }
    }

    /// The template of the page.
    #[must_use]
    pub fn template(&self, site: &Reader<'_>) -> &'static str {
        match self {
            Plan::Home => "home.html",
            Plan::Entry(id) => entry::template(site.entry(*id)),
            Plan::List { kind: Kind::Link, .. } => "links.html",
            Plan::List { .. }
            | Plan::Facet { .. }
            | Plan::Sorted { .. }
            | Plan::Unanswered { .. }
            | Plan::Unsolved { .. }
            | Plan::Tag { .. }
            | Plan::Product { .. }
            | Plan::Version { .. } => "list.html",
            Plan::Decide | Plan::Critical => "decide.html",
            Plan::Shipped { .. } => "shipped.html",
            Plan::HelpWanted { .. } => "help-wanted.html",
            Plan::Folder { .. } => "folder.html",
            Plan::Tags | Plan::Products => "tags.html",
            Plan::People { .. } | Plan::PeopleWith { .. } => "people.html",
            Plan::Thanks => "thanks.html",
            Plan::Person { .. } => "person.html",
            Plan::Guidelines => "text.html",
            Plan::Insight => "insight.html",
            Plan::Moderation => "moderation.html",
            Plan::Search => "search.html",
            Plan::Write => "write.html",
            Plan::NotFound => "404.html",
            Plan::Redirect { .. } => "redirect.html",
        }
    }

    /// Makes the view.
    #[must_use]
    pub fn view(&self, site: &Reader<'_>, lists: &Lists) -> View {
        let mut view = self.made(site, lists);
        view.page.structured = structured::data(site, self, &view.page);
        view
    }

    fn made(&self, site: &Reader<'_>, lists: &Lists) -> View {
        match self {
            Plan::Home => generated::home(site, lists),
            Plan::Entry(id) => entry::view(site, lists, *id),
            Plan::List { kind: Kind::Link, number } => links::view(site, lists, *number),
            Plan::List { kind, number } => listing::of_kind(site, lists, *kind, *number),
            Plan::Facet { kind, field, slug, number } => {
                listing::of_value(site, lists, (*kind, *field, slug), *number)
            }
            Plan::Folder { address } => generated::folder(site, lists, address),
            Plan::Sorted { kind, order, number } => listing::in_order(site, lists, *kind, *order, *number),
            Plan::Unanswered { number } => listing::unanswered(site, lists, *number),
            Plan::Unsolved { number } => listing::unsolved(site, lists, *number),
            Plan::Shipped { number } => ideas::shipped(site, lists, *number),
            Plan::HelpWanted { tag } => help_wanted::view(site, lists, tag.as_deref()),
            Plan::Decide => decide::view(site, lists),
            Plan::Critical => decide::critical(site, lists),
            Plan::Tags => generated::tags(site),
            Plan::Tag { slug, number } => listing::of_tag(site, lists, slug, *number),
            Plan::Products => generated::products(site),
            Plan::Product { id, number } => listing::of_product(site, lists, id, *number),
            Plan::People { number } => people::directory(site, lists, None, *number),
            Plan::PeopleWith { field, slug, number } => {
                people::directory(site, lists, Some((*field, slug)), *number)
            }
            Plan::Thanks => people::thanks(site, lists),
            Plan::Version { id, slug, number } => listing::of_version(site, lists, (id, slug), *number),
            Plan::Person { handle } => generated::person(site, lists, handle),
            Plan::Guidelines => generated::guidelines(site),
            Plan::Insight => insight::view(site),
            Plan::Moderation => moderation::view(site),
            Plan::Search => generated::search(site, lists),
            Plan::Write => write::view(site),
            Plan::NotFound => generated::not_found(site, lists),
            Plan::Redirect { from } => generated::redirect(site, from),
        }
    }
}

/// What every page has, for a page at an address.
#[must_use]
pub fn meta(site: &Reader<'_>, address: &str, title: &str, kind: &'static str) -> Meta {
    let config = site.config();
    let full_title =
        if address == url::HOME { config.title.clone() } else { format!("{title} · {}", config.title) };
    Meta {
        title: title.to_string(),
        full_title,
        url: site.urls().href(address),
        canonical: site.urls().absolute(address),
        lang: config.language.clone(),
        dir: direction(&config.language),
        kind,
        og_type: "website",
        ..Meta::default()
    }
}

/// A link to an address of the site.
#[must_use]
pub fn link(site: &Reader<'_>, title: impl Into<String>, address: &str) -> LinkView {
    LinkView { title: title.into(), url: site.urls().href(address) }
}

/// People, named.
#[must_use]
pub fn people(site: &Reader<'_>, handles: &[String]) -> Vec<PersonLink> {
    handles.iter().map(|handle| person(site, handle)).collect()
}

/// A person, named.
#[must_use]
pub fn person(site: &Reader<'_>, handle: &str) -> PersonLink {
    let name = site.person_name(handle);
    PersonLink {
        handle: handle.to_string(),
        name: name.to_string(),
        initials: initials(name),
        url: site.has_page(handle).then(|| site.urls().href(&url::person(handle))),
        team: team(site, handle),
        affiliation: affiliation(site, handle),
    }
}

/// The role of somebody who is of the company's team, in words.
fn team(site: &Reader<'_>, handle: &str) -> Option<String> {
    let role = site.profile(handle)?.team?;
    Some(site.words().value(Field::Role, role.word()).to_string())
}

/// Somebody's name and nothing else.
#[must_use]
pub fn person_name(site: &Reader<'_>, handle: &str) -> PersonName {
    PersonName {
        name: site.person_name(handle).to_string(),
        affiliation: affiliation(site, handle),
        url: site.has_page(handle).then(|| site.urls().href(&url::person(handle))),
    }
}

/// The letters that stand for a name: the first of its first and of its last word. A script that knows no
/// capitals gives one letter, for two of them are a word there; so does a handle.
#[must_use]
pub fn initials(name: &str) -> String {
    let is_letter = |it: &char| it.is_alphanumeric();
    let mut words = name.split(char::is_whitespace).filter(|word| word.chars().any(|it| is_letter(&it)));
    let mut initials = String::new();
    for word in [words.next(), words.next_back()].into_iter().flatten() {
        let mut letters = word.chars().skip_while(|it| !is_letter(it));
        let Some(letter) = letters.next() else { continue };
        let has_case = letter.is_uppercase() || letter.is_lowercase();
        if !initials.is_empty() && !has_case {
            break;
        }
        let mut upper = letter.to_uppercase();
        // A letter whose capital is two, such as `ß`, stays as it is.
        initials.push(if upper.len() == 1 { upper.next().unwrap_or(letter) } else { letter });
        // What stands on or below the letter belongs to it.
        initials.extend(letters.take_while(|it| is_combining_mark(*it)).take(4));
        if !has_case {
            break;
        }
    }
    initials
}

/// A link to an entry.
#[must_use]
pub fn entry_link(site: &Reader<'_>, id: EntryId) -> EntryLink {
    let entry = site.title(id);
    let (lang, dir) = own_language(site, entry.lang);
    EntryLink { title: entry.title.to_string(), url: site.urls().href(entry.address), lang, dir }
}

/// The language of an entry and its direction, where it is not the site's.
#[must_use]
pub fn own_language(site: &Reader<'_>, lang: Option<&str>) -> (Option<String>, Option<&'static str>) {
    let lang = lang.filter(|lang| *lang != site.config().language);
    (lang.map(str::to_string), lang.map(direction))
}

/// A day for a page in the site's language.
#[must_use]
pub fn date(site: &Reader<'_>, day: jiff::civil::Date) -> DateView {
    DateView { iso: day.to_string(), text: site.words().date(day) }
}

/// A day, and the time of day with the zone where it is given.
#[must_use]
pub fn date_and_time(site: &Reader<'_>, date: &WrittenDate) -> DateView {
    let config = site.config();
    let day = self::date(site, date.day);
    let Some(instant) = date.time.and_then(|_| config.instant(date)) else { return day };
    let there = instant.to_zoned(config.timezone.clone());
    let time = format!("{} {}", there.strftime("%H:%M"), there.strftime("%Z"));
    let date = site.words().date(there.date());
    let text = site.words().fill(Word::DateAndTime, &[("date", &date), ("time", &time)]);
    DateView { iso: instant.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(), text }
}

/// The same for the day of a moment.
#[must_use]
pub fn moment(site: &Reader<'_>, moment: Option<Moment>) -> Option<DateView> {
    moment.map(|moment| date(site, moment.date))
}

/// Part of a body as HTML, its slots filled. `above` is the level of the heading that it stands under.
#[must_use]
pub fn html(
    site: &Reader<'_>,
    page: PageId,
    ranges: &[std::ops::Range<u32>],
    id_prefix: &str,
    demote: u8,
    above: u8,
) -> String {
    render(site, &site.page(page).body, site.shown(page), ranges, id_prefix, demote, above)
}

/// Part of any body as HTML.
#[must_use]
pub fn render(
    site: &Reader<'_>,
    body: &crate::page::markdown::Body,
    shown: &Shown,
    ranges: &[std::ops::Range<u32>],
    id_prefix: &str,
    demote: u8,
    above: u8,
) -> String {
    let footnote_prefix = id_prefix.strip_prefix("h-").unwrap_or(id_prefix);
    let place = RenderContext { id_prefix, footnote_prefix, demote, above, words: site.words().markdown() };
    let link = |index: u32| {
        shown.links.get(index as usize).cloned().unwrap_or(crate::page::markdown::LinkTarget::Dead)
    };
    let image = |index: u32| {
        shown.images.get(index as usize).cloned().unwrap_or(crate::page::markdown::ImageTarget::Dead)
    };
    match ranges {
        [one] => body.render(one.clone(), &place, link, image),
        ranges => ranges.iter().map(|range| body.render(range.clone(), &place, link, image)).collect(),
    }
}

/// The ranges, and the footnotes of their file after them.
#[must_use]
pub fn with_footnotes(
    body: &crate::page::markdown::Body,
    mut ranges: Vec<std::ops::Range<u32>>,
) -> Vec<std::ops::Range<u32>> {
    let footnotes = body.footnote_section.clone();
    if !footnotes.is_empty() && !ranges.iter().any(|range| range.contains(&footnotes.start)) {
        ranges.push(footnotes);
    }
    ranges
}

/// The direction of writing of a language.
#[must_use]
pub fn direction(language: &str) -> &'static str {
    if is_right_to_left(language) { "rtl" } else { "ltr" }
}
