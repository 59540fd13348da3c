//! Pages that no single file makes: home, tags, products, people, a person, search, the page for what
//! is not there, and addresses that lead on.
//!
//! Long because its types are the reference of what templates see, with a sentence on each field.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

use super::entry::ContentsLink;
use super::facet::FacetView;
use super::feed::{self, FeedPlan};
use super::listing::{Row, row, rows};
use super::people::RecognitionView;
use super::reply::ReplyView;
use super::tree::{self, HomeSection, TreeNode};
use super::{Data, DateView, DoorView, LinkView, Lists, PersonLink, Shared, View};
use crate::page::front_matter::{Field, Role, Urgency};
use crate::page::kind::Kind;
use crate::site::people::Given;
use crate::site::reader::Reader;
use crate::site::{EntryId, PageId, Redirect, alert, taxonomy, url};
use crate::words::{Word, Words};

/// At most this many of the newest entries count as lately.
const LATELY: usize = 50;

/// At most this many people are thanked.
const CONTRIBUTORS: usize = 12;

/// At most this many rows of one kind a person's page shows.
const OF_ONE_KIND: usize = 100;

/// The home page.
#[derive(Debug, Serialize)]
pub struct HomeView {
    /// The promise in one line.
    pub promise: String,
    /// A text of the community's own, as safe HTML.
    pub text: String,
    /// Three announcements that matter now, the most urgent first, then the newest.
    pub notices: Vec<Notice>,
    /// Six questions, the newest that have an answer.
    pub questions: Vec<Shared<Row>>,
    /// Three questions that nobody has answered.
    pub unanswered: Vec<Shared<Row>>,
    /// The newest story.
    pub story: Option<Shared<Row>>,
    /// The line that leads to the page for those who decide, if there is one.
    pub decide: Option<LinkView>,
    /// The newest how-tos.
    pub how_tos: Vec<Shared<Row>>,
    /// Topics and tags, the largest first.
    pub topics: Vec<Counted>,
    /// Products, in the order of the configuration.
    pub products: Vec<Counted>,
    /// Whether the site is plain pages and nothing else: a handbook, a wiki.
    pub only_pages: bool,
    /// The title of such a site's text.
    pub heading: String,
    /// The headings of the text.
    pub contents: Vec<ContentsLink>,
    /// The tree of such a site.
    pub tree: Vec<TreeNode>,
    /// The folders of plain pages, each with the first of what is in it. Of a site of nothing else its pages too, but
    /// none if it has a text.
    pub sections: Vec<HomeSection>,
    /// Those who gave lately, with what they gave.
    pub contributors: Vec<Contributor>,
    /// The page that thanks people.
    pub thanks: LinkView,
    /// Lists that have something in them.
    pub lists: Vec<Counted>,
}

/// An announcement that matters now.
#[derive(Debug, Serialize)]
pub struct Notice {
    /// Its line.
    #[serde(flatten)]
    pub row: Row,
    /// Until when it matters.
    pub until: Option<DateView>,
    /// The places and products that it is for; none if it is for everybody.
    pub concerns: Vec<String>,
}

/// Somebody who gave lately.
#[derive(Debug, Serialize)]
pub struct Contributor {
    /// Who.
    #[serde(flatten)]
    pub person: PersonLink,
    /// What they gave among the newest entries, in words: `3 answers, 1 story`.
    pub gave: String,
}

/// A link, and how many entries it leads to.
#[derive(Debug, Clone, Serialize)]
pub struct Counted {
    /// The text.
    pub title: String,
    /// Where it leads.
    pub url: String,
    /// How many entries there are.
    pub count: usize,
}

/// All tags, or all products.
#[derive(Debug, Serialize)]
pub struct TagsView {
    /// Each with its count, by name.
    pub tags: Vec<Counted>,
}

/// The directory of people.
#[derive(Debug, Serialize)]
pub struct PeopleView {
    /// How many people there are.
    pub count: usize,
    /// Which page this is, from 1.
    pub number: usize,
    /// How many pages there are.
    pub pages: usize,
    /// Where somebody can write a page on themselves.
    pub new_door: Option<DoorView>,
    /// The people, those who gave most first.
    pub people: Vec<PersonRow>,
    /// On the first page: by what the directory is filtered, role and interest.
    pub facets: Vec<FacetView>,
    /// The page that thanks people.
    pub thanks: LinkView,
    /// Of those who have one role or interest: the whole directory.
    pub whole: Option<LinkView>,
}

/// One line of the directory.
#[derive(Debug, Serialize)]
pub struct PersonRow {
    /// The person.
    pub person: PersonLink,
    /// The company.
    pub company: Option<String>,
    /// What they gave, in words: `3 answers, 1 story`.
    pub gave: String,
}

/// A person.
#[derive(Debug, Default, Serialize)]
pub struct PersonView {
    /// The handle.
    pub handle: String,
    /// The name.
    pub name: String,
    /// One or two letters that represent the name.
    pub initials: String,
    /// The role in the company's team, if they are of it: `staff`, `moderator`.
    pub team: Option<String>,
    /// `customer`, `partner`, `supplier`, or the role in the team.
    pub role: Option<String>,
    /// The company.
    pub company: Option<String>,
    /// Where they are.
    pub place: Option<String>,
    /// What they can give.
    pub gifts: Vec<String>,
    /// What they care about.
    pub interests: Vec<String>,
    /// What they know well.
    pub expert_in: Vec<String>,
    /// Their own places elsewhere.
    pub links: Vec<LinkView>,
    /// What they say of themselves, as safe HTML.
    pub body: String,
    /// What they gave, in words.
    pub gave: String,
    /// What they did for others, and what they know.
    pub recognition: RecognitionView,
    /// Stories by others that link to this page.
    pub stories: Vec<Shared<Row>>,
    /// What they run elsewhere: links whose `run_by` names them.
    pub runs: Vec<Shared<Row>>,
    /// Their answers, newest first.
    pub answers: Vec<Row>,
    /// Everything else that they wrote, by kind.
    pub entries: Vec<Group>,
    /// What others wrote under what they say of themselves, the oldest first.
    pub comments: Vec<ReplyView>,
    /// What the company wrote there.
    pub responses: Vec<ReplyView>,
}

/// Rows under a heading.
#[derive(Debug, Serialize)]
pub struct Group {
    /// The heading.
    pub title: String,
    /// How many there are, shown or not.
    pub count: usize,
    /// The rows.
    pub rows: Vec<Shared<Row>>,
}

/// A folder of plain pages that has no page of its own.
#[derive(Debug, Serialize)]
pub struct FolderView {
    /// What is in it, in the order of the tree.
    pub pages: Vec<FolderRow>,
    /// The tree around it.
    pub tree: Vec<TreeNode>,
}

/// A page or a folder in a folder.
#[derive(Debug, Serialize)]
pub struct FolderRow {
    /// What it is called.
    pub title: String,
    /// Where it leads.
    pub url: String,
    /// One line of what a page says; empty for a folder.
    pub excerpt: String,
}

/// A text and nothing else.
#[derive(Debug, Serialize)]
pub struct TextView {
    /// The text as safe HTML.
    pub body: String,
}

/// The search page and the page for what is not there.
#[derive(Debug, Serialize)]
pub struct SearchView {
    /// Lists to look through instead.
    pub lists: Vec<Counted>,
    /// The largest tags.
    pub topics: Vec<Counted>,
}

/// The home page.
#[must_use]
pub fn home(site: &Reader<'_>, lists: &Lists) -> View {
    let config = site.config();
    let of_kind = |kind: Kind| lists.of_kind(site, kind);
    let is_answered = |id: &EntryId| site.summary(*id).answers.is_some_and(|(count, _)| count > 0);
    let answered = of_kind(Kind::Question).iter().copied().filter(is_answered);
    let current = of_kind(Kind::Announcement).iter().copied().filter(|id| !alert::is_over(site, *id));
    let mut notices: Vec<EntryId> = current.collect();
    notices.sort_by_key(|id| Reverse(severity(site, *id)));
    let notices = notices.into_iter().take(3).map(|id| notice(site, id)).collect();
    let only_pages = lists.newest(site).is_empty();
    let has_sections = !only_pages || site.home_text().is_none();
    let view = HomeView {
        promise: config.brand.promise.clone().or_else(|| config.tagline.clone()).unwrap_or_default(),
        text: site.home_text().map_or_else(String::new, |id| text_of(site, id)),
        notices,
        questions: rows(site, lists, &answered.take(6).collect::<Vec<_>>()),
        unanswered: rows(site, lists, first(lists.unanswered(site), 3)),
        story: of_kind(Kind::Story).first().map(|id| lists.row(site, *id)),
        decide: super::decide::line(site, lists),
        how_tos: rows(site, lists, first(of_kind(Kind::HowTo), 6)),
        topics: topics(site, 30),
        products: products_of(site),
        only_pages,
        heading: site.home_text().and_then(|id| taxonomy::title(site.page(id))).unwrap_or_default(),
        contents: site.home_text().map_or_else(Vec::new, |id| super::entry::contents_of(site.page(id))),
        tree: if only_pages { tree::around(site, lists, Kind::Page, url::HOME) } else { Vec::new() },
        sections: if has_sections { tree::sections(site, lists, only_pages) } else { Vec::new() },
        contributors: contributors(site, lists),
        thanks: super::link(site, site.words().get(Word::Thanks), url::THANKS),
        lists: kinds(site, lists),
    };
    let mut page = super::meta(site, url::HOME, &config.title, "home");
    page.description = config.tagline.clone().or_else(|| config.brand.promise.clone()).unwrap_or_default();
    feed::follow(site, lists, &mut page, &config.title, &[FeedPlan::Everything]);
    View {
        address: url::HOME.into(),
        template: "home.html",
        page,
        name: "home",
        data: Data::Home(Box::new(view)),
    }
}

/// All tags.
#[must_use]
pub fn tags(site: &Reader<'_>) -> View {
    let mut tags: Vec<Counted> = site
        .tags()
        .iter()
        .map(|(slug, tag)| counted(site, &tag.name, &url::tag(slug), tag.entries.len()))
        .collect();
    tags.sort_by_cached_key(|tag| (tag.title.to_lowercase(), tag.url.clone()));
    index(site, url::TAGS, site.words().get(Word::Tags), tags)
}

/// All products.
#[must_use]
pub fn products(site: &Reader<'_>) -> View {
    index(site, url::PRODUCTS, site.words().get(Word::Products), products_of(site))
}

/// A person, described by a file or only by what they gave.
#[must_use]
pub fn person(site: &Reader<'_>, lists: &Lists, handle: &str) -> View {
    let address = url::person(handle);
    let Some(person) = site.person(handle) else { return not_found(site, lists) };
    let entry = person.entry.map(|id| site.entry(id));
    let fields = person.page.map(|id| site.fields(id));
    let all = |list: &[crate::diagnostic::Spanned<String>]| list.iter().map(|it| it.value.clone()).collect();
    let role = |role: Role| site.words().value(Field::Role, role.word()).to_string();
    let runs = lists.run_by(site, handle);
    let mut view = PersonView {
        handle: handle.to_string(),
        name: person.name.clone(),
        initials: super::initials(&person.name),
        team: person.team.map(role),
        role: person.team.map(role),
        gave: gave(site, &person.gave),
        recognition: super::people::recognition(site, lists, handle),
        stories: super::people::stories(site, lists, handle, person),
        runs: rows(site, lists, first(runs, OF_ONE_KIND)),
        ..PersonView::default()
    };
    if let Some(fields) = fields {
        // Who belongs to the company is said by the configuration, not by the file.
        let own = fields.role.as_ref().filter(|role| !matches!(role.value, Role::Staff | Role::Moderator));
        view.role = view.role.or_else(|| own.map(|it| role(it.value)));
        view.company = fields.company.as_ref().map(|it| it.value.clone());
        view.place = fields.place.as_ref().map(|it| it.value.clone());
        view.gifts = all(&fields.gifts);
        view.interests = all(&fields.interests);
        view.expert_in = all(&fields.expert_in);
        view.links = fields.links.iter().filter_map(own_link).collect();
    }
    if let Some(entry) = entry {
        let ranges = super::with_footnotes(&site.page(entry.page).body, entry.body.clone());
        view.body = super::html(site, entry.page, &ranges, "h-", entry.demote, 1);
        view.comments = super::reply::views(site, &entry.comments);
        view.responses = super::reply::views(site, &entry.responses);
    }
    view.answers = person
        .gave
        .answers
        .iter()
        .take(OF_ONE_KIND)
        .map(|(id, anchor)| {
            let mut row = row(site, *id);
            row.url = site.urls().href_to(site.address(*id), anchor);
            row
        })
        .collect();
    // What somebody runs and added themselves stands there once.
    let others = || person.gave.entries.iter().copied().filter(|id| !runs.contains(id));
    for kind in Kind::ALL {
        let ids: Vec<_> = others().filter(|id| site.summary(*id).kind == kind).collect();
        if !ids.is_empty() {
            let rows = rows(site, lists, first(&ids, OF_ONE_KIND));
            view.entries.push(Group { title: site.words().kinds(kind).to_string(), count: ids.len(), rows });
        }
    }
    let mut page = super::meta(site, &address, &person.name, "person");
    page.og_type = "profile";
    page.description = entry
        .map(|entry| entry.description.clone())
        .filter(|description| !description.is_empty())
        .unwrap_or_else(|| {
            let site_title = &site.config().title;
            let places: [(&str, &dyn std::fmt::Display); 3] =
                [("name", &person.name), ("site", site_title), ("gave", &view.gave)];
            site.words().fill(Word::AboutPerson, &places)
        });
    page.breadcrumbs = vec![
        super::link(site, site.words().get(Word::Home), url::HOME),
        super::link(site, site.words().kinds(Kind::Person), url::PEOPLE),
        super::link(site, &person.name, &address),
    ];
    let feeds = [FeedPlan::Replies(handle.to_string()), FeedPlan::Person(handle.to_string())];
    feed::follow(site, lists, &mut page, &person.name, &feeds);
    page.edit_url = person.page.and_then(|id| site.edit_url(&site.page(id).path));
    View { address, template: "person.html", page, name: "person", data: Data::Person(Box::new(view)) }
}

/// A folder of plain pages that has no page of its own: what is in it.
#[must_use]
pub fn folder(site: &Reader<'_>, lists: &Lists, address: &str) -> View {
    let name = site.page_folders().get(address).cloned().unwrap_or_default();
    let row = |(title, address): (&str, &str)| FolderRow {
        title: title.to_string(),
        url: site.urls().href(address),
        excerpt: site.plain(address).map_or_else(String::new, |id| site.summary(id).line.to_string()),
    };
    let pages: Vec<FolderRow> = tree::inside(site, lists, address).into_iter().map(row).collect();
    let mut page = super::meta(site, address, &name, "folder");
    let words = site.words();
    let title = &site.config().title;
    page.description = words.count_with(Word::AboutList, pages.len(), &[("title", &name), ("site", title)]);
    page.breadcrumbs = vec![super::link(site, words.get(Word::Home), url::HOME)];
    page.breadcrumbs.extend(super::entry::folder_crumbs(site, address));
    page.breadcrumbs.push(super::link(site, name, address));
    let tree = tree::around(site, lists, Kind::Page, address);
    let data = Data::Folder(FolderView { pages, tree });
    View { address: address.to_string(), template: "folder.html", page, name: "folder", data }
}

/// The community's rules.
#[must_use]
pub fn guidelines(site: &Reader<'_>) -> View {
    let address = url::GUIDELINES_PAGE.to_string();
    let words = site.words();
    let (title, body) = site.guidelines().map_or_else(Default::default, |(page, shown)| {
        let title = taxonomy::title(page).unwrap_or_else(|| words.get(Word::Guidelines).to_string());
        let ranges = super::with_footnotes(&page.body, vec![page.text_range()]);
        (title, super::render(site, &page.body, shown, &ranges, "h-", 0, 1))
    });
    let mut page = super::meta(site, &address, &title, "page");
    page.description = words.fill(Word::AboutGuidelines, &[("site", &site.config().title)]);
    page.breadcrumbs =
        vec![super::link(site, words.get(Word::Home), url::HOME), super::link(site, &title, &address)];
    View { address, template: "text.html", page, name: "text", data: Data::Text(TextView { body }) }
}

/// The search page. Without a script it helps to look through the lists.
#[must_use]
pub fn search(site: &Reader<'_>, lists: &Lists) -> View {
    let address = url::SEARCH_PAGE.to_string();
    let view = SearchView { lists: kinds(site, lists), topics: topics(site, 30) };
    let mut page = super::meta(site, &address, site.words().get(Word::Search), "search");
    page.noindex = true;
    page.description = site.words().fill(Word::AboutSearch, &[("site", &site.config().title)]);
    View { address, template: "search.html", page, name: "search", data: Data::Search(view) }
}

/// The page for an address where nothing is.
#[must_use]
pub fn not_found(site: &Reader<'_>, lists: &Lists) -> View {
    let view = SearchView { lists: kinds(site, lists), topics: topics(site, 30) };
    let mut page = super::meta(site, url::NOT_FOUND, site.words().get(Word::NotFound), "404");
    page.noindex = true;
    View {
        address: url::NOT_FOUND.into(),
        template: "404.html",
        page,
        name: "search",
        data: Data::Search(view),
    }
}

/// An address that leads on.
#[must_use]
pub fn redirect(site: &Reader<'_>, from: &str) -> View {
    let unknown = Redirect::default();
    let to = site.redirect(from).unwrap_or(&unknown);
    let mut page = super::meta(site, from, &to.title, "redirect");
    page.canonical = site.urls().absolute(&to.to);
    page.noindex = true;
    let link = super::link(site, &to.title, &to.to);
    View {
        address: from.to_string(),
        template: "redirect.html",
        page,
        name: "target",
        data: Data::Redirect(link),
    }
}

/// The text of a file that gives a list, a topic or the home page its text.
#[must_use]
pub fn text_of(site: &Reader<'_>, id: PageId) -> String {
    let page = site.page(id);
    let ranges = super::with_footnotes(&page.body, vec![page.text_range()]);
    super::html(site, id, &ranges, "h-", 0, 1)
}

fn index(site: &Reader<'_>, address: &str, title: &str, tags: Vec<Counted>) -> View {
    let mut page = super::meta(site, address, title, "tags");
    page.description =
        site.words().fill(Word::AboutTags, &[("title", &title), ("site", &site.config().title)]);
    page.breadcrumbs =
        vec![super::link(site, site.words().get(Word::Home), url::HOME), super::link(site, title, address)];
    View {
        address: address.to_string(),
        template: "tags.html",
        page,
        name: "list",
        data: Data::Tags(TagsView { tags }),
    }
}

fn counted(site: &Reader<'_>, title: &str, address: &str, count: usize) -> Counted {
    Counted { title: title.to_string(), url: site.urls().href(address), count }
}

/// Those who gave something of the newest entries, those who gave last first.
fn contributors(site: &Reader<'_>, lists: &Lists) -> Vec<Contributor> {
    let mut order: Vec<&str> = Vec::new();
    let mut given: BTreeMap<&str, Given> = BTreeMap::new();
    for id in lists.newest(site).iter().take(LATELY) {
        let answers = site.answers(*id);
        let answers =
            answers.iter().flat_map(|answer| answer.authors.iter().map(move |it| (it, Some(answer))));
        for (handle, answer) in answers.chain(site.summary(*id).authors.iter().map(|it| (it, None))) {
            if !site.has_page(handle) {
                continue;
            }
            let given = given.entry(handle).or_insert_with(|| {
                order.push(handle);
                Given::default()
            });
            match answer {
                Some(answer) => given.answers.push((*id, answer.anchor.to_string())),
                None => given.entries.push(*id),
            }
        }
    }
    let contributor =
        |handle: &str| Contributor { person: super::person(site, handle), gave: gave(site, &given[handle]) };
    order.into_iter().take(CONTRIBUTORS).map(contributor).collect()
}

/// Lists that have something in them.
fn kinds(site: &Reader<'_>, lists: &Lists) -> Vec<Counted> {
    let kinds = Kind::ALL.into_iter().filter(|kind| !matches!(kind, Kind::Page | Kind::Person));
    let counts = kinds.map(|kind| (kind, lists.of_kind(site, kind).len())).filter(|(_, count)| *count > 0);
    let mut all: Vec<Counted> = counts
        .map(|(kind, count)| counted(site, site.words().kinds(kind), &url::list(kind, 1), count))
        .collect();
    if !lists.directory(site).is_empty() {
        all.push(counted(site, site.words().kinds(Kind::Person), url::PEOPLE, lists.directory(site).len()));
    }
    all
}

/// The largest tags.
pub(super) fn topics(site: &Reader<'_>, most: usize) -> Vec<Counted> {
    let mut topics: Vec<(&String, &taxonomy::Tag)> = site.tags().iter().collect();
    topics.sort_by_key(|(slug, tag)| (Reverse(tag.entries.len()), *slug));
    topics.truncate(most);
    topics.iter().map(|(slug, tag)| counted(site, &tag.name, &url::tag(slug), tag.entries.len())).collect()
}

/// Products with how many entries are about them.
fn products_of(site: &Reader<'_>) -> Vec<Counted> {
    let of = |(id, product): (&String, &taxonomy::Product)| {
        counted(site, &product.name, &url::product(id), product.entries.len())
    };
    site.products().iter().map(of).collect()
}

/// The first of some entries.
fn first(ids: &[EntryId], most: usize) -> &[EntryId] {
    &ids[..ids.len().min(most)]
}

/// Whether an announcement was over on the day that counts as today. A reader's browser hides what is
/// over later.
fn notice(site: &Reader<'_>, id: EntryId) -> Notice {
    let entry = site.entry(id);
    let fields = site.fields(entry.page);
    let places = alert::places(entry.kind, fields).into_iter().map(|(_, name)| name);
    let concerns = places.chain(entry.products.iter().map(|id| site.product_name(id).0));
    Notice {
        row: row(site, id),
        until: fields.expires.as_ref().map(|date| super::date_and_time(site, &date.value)),
        concerns: concerns.map(str::to_string).collect(),
    }
}

/// How much an announcement matters.
fn severity(site: &Reader<'_>, id: EntryId) -> Urgency {
    site.summary(id).severity.unwrap_or(Urgency::Info)
}

/// What somebody gave, in words.
pub(super) fn gave(site: &Reader<'_>, given: &Given) -> String {
    gave_with(site, given, given.answers.len())
}

/// The same without answers.
pub(super) fn gave_besides_answers(site: &Reader<'_>, given: &Given) -> String {
    gave_with(site, given, 0)
}

fn gave_with(site: &Reader<'_>, given: &Given, answers: usize) -> String {
    let words = site.words();
    let mut parts = Vec::new();
    let mut say = |count: usize, word| {
        if count > 0 {
            parts.push(words.count(word, count));
        }
    };
    say(answers, Word::CountAnswers);
    for kind in Kind::ALL {
        say(
            given.entries.iter().filter(|id| site.summary(**id).kind == kind).count(),
            Words::counted_kind(kind),
        );
    }
    say(given.confirmations, Word::CountConfirmations);
    say(given.comments, Word::CountComments);
    words.list(&parts)
}

fn own_link(link: &crate::page::front_matter::Labelled) -> Option<LinkView> {
    match crate::page::destination::classify(&link.url.value) {
        crate::page::destination::Destination::Absolute(url) => {
            let title = link
                .label
                .as_ref()
                .map(|label| label.value.clone())
                .unwrap_or_else(|| url.host_str().unwrap_or_default().to_string());
            Some(LinkView { title, url: url.to_string() })
        }
        _ => None,
    }
}
