//! Lists of entries, page by page: of a kind, of a tag, of a product, and what nobody has answered.
//!
//! Long because its types are the reference of what templates see, with a sentence on each field.

use serde::Serialize;

use super::decide::{self, DecideView};
use super::entry::Picture;
use super::facet::{self, FacetView};
use super::feed::{self, FeedPlan};
use super::generated::{self, Counted};
use super::ideas::{self, BoardView};
use super::lists::EXPERTS;
use super::lists::opinions::{Version, scope_of};
use super::{Data, DateView, DoorView, LinkView, Lists, Meta, PersonLink, PersonName, Shared, View, people};
use crate::page::front_matter::Field;
use crate::page::kind::Kind;
use crate::page::limits;
use crate::site::disclosure::disclosed;
use crate::site::expertise::Evidence;
use crate::site::order::Order;
use crate::site::projection::EntrySummary;
use crate::site::reader::Reader;
use crate::site::{EntryId, PageId, taxonomy, url};
use crate::words::Word;

/// At most the feeds of this many places are named below the list of announcements.
const PLACES: usize = 12;

/// A list of entries.
#[derive(Debug, Serialize)]
pub struct ListView {
    /// How many entries there are on all pages together.
    pub count: usize,
    /// Which page this is, from 1.
    pub number: usize,
    /// How many pages there are.
    pub pages: usize,
    /// What the list is about, as safe HTML.
    pub text: String,
    /// The same list in other orders, and other lists of the same, as links.
    pub filters: Vec<LinkView>,
    /// The whole list, where this is the last page of one that shows only the first of it.
    pub whole: Option<LinkView>,
    /// Of one kind: facets, as links to the lists of what has each value.
    pub facets: Vec<FacetView>,
    /// Of one kind: where another entry can be written.
    pub new_door: Option<DoorView>,
    /// Of one kind: its largest tags, with how many entries of the kind bear them.
    pub topics: Vec<Counted>,
    /// Of one kind: products, with how many entries of the kind are about them.
    pub products: Vec<Counted>,
    /// Of a tag that lacks something: where help with it is wanted.
    pub help_wanted: Option<LinkView>,
    /// Of ideas, on the first page: columns by state, if there is any idea.
    pub board: Option<BoardView>,
    /// Of stories: the line that leads to the page for those who decide, if there is one.
    pub decide_line: Option<LinkView>,
    /// Of a product or a version, on the first page: what those who decide want to know, if there is anything.
    pub decide: Option<DecideView>,
    /// Of a product: its versions that something is about.
    pub versions: Vec<Counted>,
    /// Of a version: whether it is not released yet.
    pub is_coming: bool,
    /// Of a tag or a product, on the first page: who can help, at most three.
    pub experts: Vec<Expert>,
    /// The entries, each a [`Row`].
    pub rows: Vec<Shared<Row>>,
    /// The same rows by kind: questions, how-tos, stories, ideas, announcements, links, pages, people. Ideas alone by
    /// their state.
    pub groups: Vec<RowGroup>,
}

/// One line of a list.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// The title.
    pub title: String,
    /// The link.
    pub url: String,
    /// The kind in the singular.
    pub kind: &'static str,
    /// The same as a word for people, if a list contains several kinds: `How-to`.
    pub kind_name: String,
    /// One line of what it says; of the answer for a question that has one.
    pub excerpt: String,
    /// When it was written.
    pub date: Option<DateView>,
    /// Who wrote it.
    pub authors: Vec<PersonName>,
    /// The author's connection to the subject, if they say so.
    pub affiliation: Option<String>,
    /// Who paid for it, if they say so.
    pub sponsored: Option<String>,
    /// What it was made with, in words: `written with AI`.
    pub made_with: Option<String>,
    /// Its status, in a word or two of the site's language: `answered`, `3 answers`, `planned`.
    pub state: String,
    /// The same for a shape beside the words, in any language: `open`, `some` or `done` for a question, `planned`,
    /// `mixed`, `urgent` and their like for anything else, empty where there is no state.
    pub mark: &'static str,
    /// Of a question: how many answers it has.
    pub answers: usize,
    /// The number at the left of the row: of a question its answers, of an idea those who want it.
    pub number: Option<RowNumber>,
    /// What the card of a story shows.
    pub card: Option<StoryCard>,
    /// Its language, where it is not the site's.
    pub lang: Option<String>,
    /// The direction of that language: `ltr` or `rtl`.
    pub dir: Option<&'static str>,
    /// The day after which it no longer matters, or the moment at which that ends: `2026-07-01T17:00:00Z`.
    pub expires: Option<String>,
}

/// A number at the left of a row.
#[derive(Debug, Clone, Serialize)]
pub struct RowNumber {
    /// The number.
    pub count: usize,
    /// What it counts, in its plural form: `answers`.
    pub unit: String,
}

/// What the card of a story shows besides its row.
#[derive(Debug, Clone, Default, Serialize)]
pub struct StoryCard {
    /// Whose story it is.
    pub customer: Option<String>,
    /// The customer's industry.
    pub industry: Option<String>,
    /// What came of it, in a sentence.
    pub outcome_line: Option<String>,
    /// Its first picture.
    pub picture: Option<Picture>,
}

/// Rows under a heading of their own, if a list contains several kinds, or ideas of several states.
#[derive(Debug, Serialize)]
pub struct RowGroup {
    /// What the kind is called, or the state: `How-tos`, `planned`.
    pub title: String,
    /// The kind in the singular.
    pub kind: &'static str,
    /// The rows, in the order of the list.
    pub rows: Vec<Shared<Row>>,
}

/// Somebody who can help with what a list is about.
#[derive(Debug, Serialize)]
pub struct Expert {
    /// Who.
    pub person: PersonLink,
    /// Why, in words: `4 answers, 2 accepted, last in May 2026`, or `says so` where no answers show it.
    pub why: String,
}

/// What a list is made of.
struct Shape<'a> {
    ids: &'a [EntryId],
    number: usize,
    /// The address of its first page.
    first: &'a str,
    title: &'a str,
    kind: &'static str,
    text: Option<PageId>,
    filters: Vec<LinkView>,
    whole: Option<LinkView>,
    facets: Vec<FacetView>,
    topics: Vec<Counted>,
    products: Vec<Counted>,
    help_wanted: Option<LinkView>,
    board: Option<BoardView>,
    decide_line: Option<LinkView>,
    decide: Option<DecideView>,
    versions: Vec<Counted>,
    is_coming: bool,
    experts: Vec<Expert>,
    new_door: Option<DoorView>,
}

/// A list of one kind.
#[must_use]
pub fn of_kind(site: &Reader<'_>, lists: &Lists, kind: Kind, number: usize) -> View {
    let first = url::list(kind, 1);
    let text = site.kind_text(kind);
    let title = text
        .and_then(|page| taxonomy::title(site.page(page)))
        .unwrap_or_else(|| site.words().kinds(kind).to_string());
    // Ideas stand by their state, the most wanted first.
    let ids = if kind == Kind::Idea { lists.ideas(site) } else { lists.of_kind(site, kind) };
    let shape = Shape {
        text,
        filters: orders(site, kind),
        facets: facet::facets(site, lists, kind, None),
        topics: topics(site, lists, kind),
        products: products(site, lists, kind),
        board: (kind == Kind::Idea && number == 1).then(|| ideas::board(site, lists)).flatten(),
        decide_line: (kind == Kind::Story && number == 1).then(|| decide::line(site, lists)).flatten(),
        new_door: site.new_door(kind).map(DoorView::from),
        ..Shape::new(ids, number, &first, &title, kind.singular())
    };
    let mut view = list(site, lists, shape);
    let mut feeds = vec![FeedPlan::Kind(kind)];
    if kind == Kind::Announcement {
        let places = lists.places(site).into_iter().take(PLACES);
        feeds.extend(places.map(|slug| FeedPlan::Place(slug.to_string())));
    }
    feed::follow(site, lists, &mut view.page, &title, &feeds);
    view
}

/// The first entries of a kind in an order of its own.
#[must_use]
pub fn in_order(site: &Reader<'_>, lists: &Lists, kind: Kind, order: Order, number: usize) -> View {
    let ids = lists.sorted(site, kind, order);
    let first = url::sorted(kind, order);
    let words = site.words();
    let (list, value) = (words.kinds(kind), words.get(name_of(order, kind)));
    let title = words.fill(Word::FacetList, &[("list", &list), ("value", &value)]);
    let whole = super::link(site, list, &url::list(kind, 1));
    let is_cut = ids.len() < lists.of_kind(site, kind).len();
    let shape = Shape {
        filters: orders(site, kind),
        whole: is_cut.then(|| super::link(site, words.get(Word::AllOfThem), &url::list(kind, 1))),
        facets: facet::facets(site, lists, kind, None),
        new_door: site.new_door(kind).map(DoorView::from),
        ..Shape::new(ids, number, &first, &title, kind.singular())
    };
    let mut view = self::list(site, lists, shape);
    view.page.breadcrumbs.insert(1, whole);
    view
}

/// What of a kind has a value of a field, by its slug.
#[must_use]
pub fn of_value(
    site: &Reader<'_>,
    lists: &Lists,
    (kind, field, slug): (Kind, Field, &str),
    number: usize,
) -> View {
    let Some((value, ids)) = lists.of_value(site, kind, field, slug) else {
        return generated::not_found(site, lists);
    };
    let first = facet::address(kind, field, slug);
    let words = site.words();
    let (list, value) = (words.kinds(kind), words.value(field, value));
    let title = words.fill(Word::FacetList, &[("list", &list), ("value", &value)]);
    let whole = super::link(site, list, &url::list(kind, 1));
    let shape = Shape {
        filters: vec![whole.clone()],
        facets: facet::facets(site, lists, kind, Some((field, slug))),
        new_door: site.new_door(kind).map(DoorView::from),
        ..Shape::new(ids, number, &first, &title, kind.singular())
    };
    let mut view = self::list(site, lists, shape);
    view.page.breadcrumbs.insert(1, whole);
    view
}

/// Questions that nobody has answered yet.
#[must_use]
pub fn unanswered(site: &Reader<'_>, lists: &Lists, number: usize) -> View {
    open(site, lists, (lists.unanswered(site), url::UNANSWERED, Word::UnansweredQuestions), number)
}

/// Questions of which nobody has said that an answer helped.
#[must_use]
pub fn unsolved(site: &Reader<'_>, lists: &Lists, number: usize) -> View {
    open(site, lists, (lists.unsolved(site), url::UNSOLVED, Word::UnsolvedQuestions), number)
}

/// Questions that lack something: which ones, the address of the list, and what it is called.
fn open(
    site: &Reader<'_>,
    lists: &Lists,
    (ids, first, title): (&[EntryId], &str, Word),
    number: usize,
) -> View {
    let shape = Shape {
        filters: orders(site, Kind::Question),
        new_door: site.new_door(Kind::Question).map(DoorView::from),
        ..Shape::new(ids, number, first, site.words().get(title), "question")
    };
    let mut view = list(site, lists, shape);
    view.page
        .breadcrumbs
        .insert(1, super::link(site, site.words().kinds(Kind::Question), &url::list(Kind::Question, 1)));
    view
}

/// What bears a tag.
#[must_use]
pub fn of_tag(site: &Reader<'_>, lists: &Lists, slug: &str, number: usize) -> View {
    let Some(tag) = site.tag(slug) else { return generated::not_found(site, lists) };
    let first = url::tag(slug);
    let experts = if number == 1 {
        experts(site, lists.knowing_tag(site, slug), lists.tag_experts(site, slug))
    } else {
        vec![]
    };
    let help_wanted = lists
        .is_wanted(site, slug)
        .then(|| super::link(site, site.words().get(Word::HelpWanted), &url::help_wanted(slug)));
    let shape = Shape {
        text: tag.text,
        experts,
        help_wanted,
        ..Shape::new(&tag.entries, number, &first, &tag.name, "tag")
    };
    let mut view = list(site, lists, shape);
    view.page.breadcrumbs.insert(1, super::link(site, site.words().get(Word::Tags), url::TAGS));
    feed::follow(site, lists, &mut view.page, &tag.name, &[FeedPlan::Tag(slug.to_string())]);
    view
}

/// What is about a product.
#[must_use]
pub fn of_product(site: &Reader<'_>, lists: &Lists, id: &str, number: usize) -> View {
    let Some(product) = site.product(id) else { return generated::not_found(site, lists) };
    let first = url::product(id);
    // What a page does not show it does not read either.
    let experts = match number {
        1 => experts(site, lists.knowing_product(site, id), lists.product_experts(site, id)),
        _ => Vec::new(),
    };
    let version = |it: &Version| Counted {
        title: version_title(site, it),
        url: site.urls().href(&url::version(id, &it.slug)),
        count: it.entries().len(),
    };
    let versions = if number == 1 { lists.versions(site, id) } else { &[] };
    let shape = Shape {
        experts,
        decide: (number == 1).then(|| decide::part(site, lists, id)).flatten(),
        versions: versions.iter().map(version).collect(),
        ..Shape::new(&product.entries, number, &first, &product.name, "product")
    };
    let mut view = list(site, lists, shape);
    view.page.breadcrumbs.insert(1, super::link(site, site.words().get(Word::Products), url::PRODUCTS));
    feed::follow(site, lists, &mut view.page, &product.name, &[FeedPlan::Product(id.to_string())]);
    view
}

/// What is about a version of a product, by its slug.
#[must_use]
pub fn of_version(site: &Reader<'_>, lists: &Lists, (id, slug): (&str, &str), number: usize) -> View {
    let Some(version) = lists.version(site, id, slug) else { return generated::not_found(site, lists) };
    let product = site.product_name(id).0;
    let first = url::version(id, slug);
    let title = site.words().fill(Word::VersionOf, &[("product", &product), ("version", &version.name)]);
    let scope = scope_of(id, Some(slug));
    let shape = Shape {
        decide: (number == 1).then(|| decide::part(site, lists, &scope)).flatten(),
        is_coming: version.is_coming,
        ..Shape::new(version.entries(), number, &first, &title, "product")
    };
    let mut view = list(site, lists, shape);
    let above = [
        super::link(site, site.words().get(Word::Products), url::PRODUCTS),
        super::link(site, product, &url::product(id)),
    ];
    view.page.breadcrumbs.splice(1..1, above);
    view
}

/// What a version is called, and that it is to come.
fn version_title(site: &Reader<'_>, version: &Version) -> String {
    match version.is_coming {
        true => site.words().fill(Word::VersionComing, &[("version", &version.name)]),
        false => version.name.to_string(),
    }
}

/// The line of an entry in a list.
#[must_use]
pub fn row(site: &Reader<'_>, id: EntryId) -> Row {
    let entry = site.summary(id);
    let (state, mark) = state(site, &entry);
    let number = match entry.kind {
        Kind::Question => entry.answers.map(|(count, _)| (count, Word::UnitAnswers)),
        Kind::Idea => Some((entry.voices, Word::UnitSupporters)),
        _ => None,
    };
    let (lang, dir) = super::own_language(site, entry.lang);
    let disclosure = disclosed(site, entry.disclosed, entry.authors);
    Row {
        title: entry.title.to_string(),
        url: site.urls().href(entry.address),
        kind: entry.kind.singular(),
        kind_name: site.words().kind(entry.kind).to_string(),
        excerpt: entry.line.to_string(),
        date: super::moment(site, entry.date),
        authors: authors(site, entry.authors),
        affiliation: disclosure.affiliation,
        sponsored: disclosure.sponsored,
        made_with: disclosure.made_with,
        state,
        mark,
        answers: entry.answers.map_or(0, |(count, _)| count),
        number: number.map(|(count, unit)| RowNumber { count, unit: site.words().count(unit, count) }),
        card: (entry.kind == Kind::Story).then(|| super::entry::card(site, id)),
        lang,
        dir,
        expires: entry.expires.map(|date| super::date_and_time(site, &date).iso),
    }
}

/// Who wrote something, as far as a list names them: each of many authors has a page that lists it.
fn authors(site: &Reader<'_>, handles: &[String]) -> Vec<PersonName> {
    let named = handles.iter().take(limits::LISTED_AUTHORS).map(|handle| super::person_name(site, handle));
    let more = (handles.len() > limits::LISTED_AUTHORS).then(|| PersonName {
        name: "…".into(),
        affiliation: None,
        url: None,
    });
    named.chain(more).collect()
}

/// The lines of entries in a list.
#[must_use]
pub fn rows(site: &Reader<'_>, lists: &Lists, ids: &[EntryId]) -> Vec<Shared<Row>> {
    ids.iter().map(|id| lists.row(site, *id)).collect()
}

impl<'a> Shape<'a> {
    fn new(
        ids: &'a [EntryId],
        number: usize,
        first: &'a str,
        title: &'a str,
        kind: &'static str,
    ) -> Shape<'a> {
        let (text, whole, new_door) = (None, None, None);
        let (filters, facets, topics) = (Vec::new(), Vec::new(), Vec::new());
        let (products, experts, help_wanted) = (Vec::new(), Vec::new(), None);
        let (board, decide_line, decide) = (None, None, None);
        let (versions, is_coming) = (Vec::new(), false);
        Shape {
            ids,
            number,
            first,
            title,
            kind,
            text,
            filters,
            whole,
            facets,
            topics,
            products,
            help_wanted,
            board,
            decide_line,
            decide,
            versions,
            is_coming,
            experts,
            new_door,
        }
    }
}

fn list(site: &Reader<'_>, lists: &Lists, shape: Shape<'_>) -> View {
    let Shape { ids, number, first, title, kind, text, filters, whole, .. } = shape;
    let Shape { facets, topics, products, help_wanted, experts, new_door, .. } = shape;
    let Shape { board, decide_line, decide, versions, is_coming, .. } = shape;
    let size = site.config().page_size;
    let pages = ids.len().div_ceil(size).max(1);
    let address = url::numbered(first, number);
    let words = site.words();
    let title_here = title_of_page(site, title, number);
    let mut page: Meta = super::meta(site, &address, &title_here, kind);
    let name = &site.config().title;
    page.description = words.count_with(Word::AboutList, ids.len(), &[("title", &title), ("site", name)]);
    page.previous = (number > 1).then(|| site.urls().href(&url::numbered(first, number - 1)));
    page.next = (number < pages).then(|| site.urls().href(&url::numbered(first, number + 1)));
    page.breadcrumbs =
        vec![super::link(site, words.get(Word::Home), url::HOME), super::link(site, title, first)];
    let text =
        text.filter(|_| number == 1).map_or_else(String::new, |id| super::generated::text_of(site, id));
    let from = ((number - 1) * size).min(ids.len());
    let ids_here = &ids[from..(from + size).min(ids.len())];
    let rows = rows(site, lists, ids_here);
    let groups = groups(site, ids_here, &rows);
    let list = ListView {
        count: ids.len(),
        number,
        pages,
        text,
        filters,
        whole: whole.filter(|_| number == pages),
        facets,
        new_door,
        topics,
        products,
        help_wanted,
        board,
        decide_line,
        decide,
        versions,
        is_coming,
        experts,
        rows,
        groups,
    };
    View { address, template: "list.html", page, name: "list", data: Data::List(Box::new(list)) }
}

/// The orders in which the list of a kind is shown; of questions also the list of those that nobody has answered.
fn orders(site: &Reader<'_>, kind: Kind) -> Vec<LinkView> {
    let words = site.words();
    let link = |word: Word, address: &str| super::link(site, words.get(word), address);
    let orders = Order::ALL.into_iter().filter(|order| order.is_of(kind));
    let mut links: Vec<LinkView> =
        orders.map(|order| link(name_of(order, kind), &url::sorted(kind, order))).collect();
    if !links.is_empty() {
        let first = if kind == Kind::Idea { Word::ByState } else { Word::Newest };
        links.insert(0, link(first, &url::list(kind, 1)));
    }
    if kind == Kind::Question {
        links.push(link(Word::Unanswered, url::UNANSWERED));
        links.push(link(Word::Unsolved, url::UNSOLVED));
    }
    links
}

/// What an order is called.
fn name_of(order: Order, kind: Kind) -> Word {
    match (order, kind) {
        (Order::Helpful, Kind::Idea) => Word::MostWanted,
        (Order::Helpful, _) => Word::MostHelpful,
        (Order::Active, _) => Word::RecentlyActive,
    }
}

/// The rows by kind, in the order in which a reader needs the kinds.
fn groups(site: &Reader<'_>, ids: &[EntryId], rows: &[Shared<Row>]) -> Vec<RowGroup> {
    if ids.iter().all(|id| site.summary(*id).kind == Kind::Idea) {
        return states(site, ids, rows);
    }
    let of = |kind: Kind| {
        let rows: Vec<Shared<Row>> = ids
            .iter()
            .zip(rows)
            .filter(|(id, _)| site.summary(**id).kind == kind)
            .map(|(_, row)| row.clone())
            .collect();
        RowGroup { title: site.words().kinds(kind).to_string(), kind: kind.singular(), rows }
    };
    let order = [
        Kind::Question,
        Kind::HowTo,
        Kind::Story,
        Kind::Idea,
        Kind::Announcement,
        Kind::Link,
        Kind::Page,
        Kind::Person,
    ];
    order.into_iter().map(of).filter(|group| !group.rows.is_empty()).collect()
}

/// Ideas by their state, as far as they stand together.
fn states(site: &Reader<'_>, ids: &[EntryId], rows: &[Shared<Row>]) -> Vec<RowGroup> {
    let state_of = |id: &EntryId| state(site, &site.summary(*id)).0;
    let runs = ids.chunk_by(|a, b| state_of(a) == state_of(b));
    let mut at = 0;
    let group = |ids: &[EntryId]| {
        let rows = rows[at..at + ids.len()].to_vec();
        at += ids.len();
        RowGroup { title: state_of(&ids[0]), kind: Kind::Idea.singular(), rows }
    };
    runs.map(group).collect()
}

/// Products, with how many entries of a kind are about them, the most first.
pub(super) fn products(site: &Reader<'_>, lists: &Lists, kind: Kind) -> Vec<Counted> {
    let counted = |(id, count): &(String, usize)| Counted {
        title: site.product_name(id).0.to_string(),
        url: site.urls().href(&url::product(id)),
        count: *count,
    };
    lists.products(site, kind).iter().map(counted).collect()
}

/// The largest tags of a kind.
pub(super) fn topics(site: &Reader<'_>, lists: &Lists, kind: Kind) -> Vec<Counted> {
    let largest = lists.topics(site, kind);
    let counted = |(slug, count): &(String, usize)| Counted {
        title: site.tag_name(slug).to_string(),
        url: site.urls().href(&url::tag(slug)),
        count: *count,
    };
    largest.iter().map(counted).collect()
}

/// Who can help: those whose answers show that they know it, then those who only say so.
fn experts(site: &Reader<'_>, knowing: &[(String, Evidence)], named: &[String]) -> Vec<Expert> {
    let says_so = || site.words().get(Word::KnowsItWell).to_string();
    let shown = knowing.iter().map(|(handle, evidence)| {
        let evidence = people::evidence(site, evidence);
        let why = if named.contains(handle) { site.words().list(&[evidence, says_so()]) } else { evidence };
        (handle, why)
    });
    let others = named.iter().filter(|handle| !knowing.iter().any(|(known, _)| known == *handle));
    let all = shown.chain(others.map(|handle| (handle, says_so())));
    let expert = |(handle, why): (&String, String)| Expert { person: super::person(site, handle), why };
    all.take(EXPERTS).map(expert).collect()
}

/// How an entry stands: in words, and as the name of a shape.
pub(super) fn state(site: &Reader<'_>, entry: &EntrySummary<'_>) -> (String, &'static str) {
    let words = site.words();
    let (word, mark) = match entry.kind {
        Kind::Question => {
            return match entry.answers.unwrap_or_default() {
                (0, _) => (words.get(Word::NoAnswerYet).to_string(), "open"),
                (_, true) => (words.get(Word::Answered).to_string(), "done"),
                (count, false) => (words.count(Word::CountAnswers, count), "some"),
            };
        }
        Kind::HowTo if entry.voices > 0 => return (words.count(Word::StateWorkedFor, entry.voices), "done"),
        _ => match entry.mark {
            Some((field, value)) => (words.value(field, value), value),
            None => ("", ""),
        },
    };
    (word.to_string(), mark)
}

/// The title of one page of several.
pub(super) fn title_of_page(site: &Reader<'_>, title: &str, number: usize) -> String {
    match number {
        1 => title.to_string(),
        number => site.words().fill(Word::TitleOfPage, &[("title", &title), ("number", &number)]),
    }
}
