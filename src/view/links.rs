//! What others do elsewhere: events, blogs, groups, and what is written about the company, each with who runs it and
//! the last headlines of its feed, as the committed snapshot has them.

use serde::Serialize;

use super::feed::{self, FeedPlan};
use super::generated::{self, Counted};
use super::lists::LinkGroup;
use super::{Data, DateView, DoorView, LinkView, Lists, PersonName, View, decide, listing};
use crate::page::destination::safe_url;
use crate::page::front_matter::Fields;
use crate::page::kind::Kind;
use crate::page::limits;
use crate::site::reader::Reader;
use crate::site::{Detail, EntryId, taxonomy, url};
use crate::words::Word;

/// So many headlines stand beside a link on the page of links.
const HEADLINES: usize = 3;

/// A page of links.
#[derive(Debug, Serialize)]
pub struct LinksView {
    /// How many links there are on all pages together.
    pub count: usize,
    /// Which page this is, from 1.
    pub number: usize,
    /// How many pages there are.
    pub pages: usize,
    /// What the list is about, as safe HTML.
    pub text: String,
    /// Where each group begins, with how much is in it; nothing where there is one group.
    pub parts: Vec<Counted>,
    /// The groups of which something stands on this page, in order.
    pub groups: Vec<LinksGroup>,
    /// The feeds of all links as a file for feed readers, if any has one.
    pub opml: Option<LinkView>,
    /// Where a link can be added.
    pub new_door: Option<DoorView>,
    /// The largest tags of links, with how many bear them.
    pub topics: Vec<Counted>,
    /// Products, with how many links are about them.
    pub products: Vec<Counted>,
}

/// Links of one sort.
#[derive(Debug, Serialize)]
pub struct LinksGroup {
    /// What they are: `events`, `blogs`, `groups`, `mentions`, `others`, `past`. The id of the heading is `links-` and this.
    pub id: &'static str,
    /// The heading.
    pub title: String,
    /// How many there are on all pages together.
    pub count: usize,
    /// Those on this page.
    pub rows: Vec<LinkRow>,
}

/// A link.
#[derive(Debug, Serialize)]
pub struct LinkRow {
    /// Its title.
    pub title: String,
    /// Its page on this site.
    pub url: String,
    /// Its language, where it is not the site's.
    pub lang: Option<String>,
    /// The direction of that language: `ltr` or `rtl`.
    pub dir: Option<&'static str>,
    /// One line of what is said of it.
    pub excerpt: String,
    /// Where it leads, with the name of the host as its text.
    pub away: Option<LinkView>,
    /// Who runs it.
    pub run_by: Vec<PersonName>,
    /// Who added it, where nobody says who runs it.
    pub added_by: Vec<PersonName>,
    /// When it was added.
    pub date: Option<DateView>,
    /// Where it takes place.
    pub place: Option<String>,
    /// When it takes place.
    pub when: Option<String>,
    /// Its feed.
    pub feed: Option<String>,
    /// The last headlines of its feed.
    pub headlines: Option<HeadlinesView>,
    /// Of a mention: when the company answered, or since when it waits, in a sentence.
    pub state: Option<String>,
    /// Whether it waits for the company.
    pub is_waiting: bool,
    /// Of a mention: what the company says to it in short.
    pub response: Option<String>,
}

/// The last headlines of a feed, as `longhouse feeds pull` found them.
#[derive(Debug, Serialize)]
pub struct HeadlinesView {
    /// Of which day they are, in words: `Headlines of 12 November 2026`.
    pub title: String,
    /// The newest first.
    pub items: Vec<HeadlineView>,
}

/// A headline.
#[derive(Debug, Serialize)]
pub struct HeadlineView {
    /// What it says. It is somebody else's text in any language.
    pub title: String,
    /// Where it leads.
    pub url: String,
    /// When it was published.
    pub date: Option<DateView>,
}

/// A page of all links.
#[must_use]
pub fn view(site: &Reader<'_>, lists: &Lists, number: usize) -> View {
    let words = site.words();
    let (ids, groups) = lists.links(site);
    let first = url::list(Kind::Link, 1);
    let address = url::numbered(&first, number);
    let text = site.kind_text(Kind::Link);
    let title = text
        .and_then(|page| taxonomy::title(site.page(page)))
        .unwrap_or_else(|| words.kinds(Kind::Link).to_string());
    let size = site.config().page_size;
    let pages = ids.len().div_ceil(size).max(1);
    let mut page = super::meta(site, &address, &listing::title_of_page(site, &title, number), "link");
    let name = &site.config().title;
    page.description = words.count_with(Word::AboutList, ids.len(), &[("title", &title), ("site", name)]);
    page.previous = (number > 1).then(|| site.urls().href(&url::numbered(&first, number - 1)));
    page.next = (number < pages).then(|| site.urls().href(&url::numbered(&first, number + 1)));
    page.breadcrumbs =
        vec![super::link(site, words.get(Word::Home), url::HOME), super::link(site, &title, &first)];
    feed::follow(site, lists, &mut page, &title, &[FeedPlan::Kind(Kind::Link)]);
    let has_feeds = !lists.links_with_feed(site).is_empty();
    let view = LinksView {
        count: ids.len(),
        number,
        pages,
        text: text.filter(|_| number == 1).map_or_else(String::new, |id| generated::text_of(site, id)),
        parts: parts(site, groups, size),
        groups: on_page(site, ids, groups, number),
        opml: has_feeds.then(|| super::link(site, words.get(Word::LinksOpml), url::OPML)),
        new_door: site.new_door(Kind::Link).map(DoorView::from),
        topics: listing::topics(site, lists, Kind::Link),
        products: listing::products(site, lists, Kind::Link),
    };
    View { address, template: "links.html", page, name: "list", data: Data::Links(Box::new(view)) }
}

/// Where each group begins.
fn parts(site: &Reader<'_>, groups: &[(LinkGroup, usize)], size: usize) -> Vec<Counted> {
    let mut at = 0;
    let part = |&(group, count): &(LinkGroup, usize)| {
        let (id, title) = name_of(group);
        let page = url::numbered(&url::list(Kind::Link, 1), at / size + 1);
        at += count;
        Counted {
            title: site.words().get(title).to_string(),
            url: site.urls().href_to(&page, &format!("links-{id}")),
            count,
        }
    };
    if groups.len() < 2 { Vec::new() } else { groups.iter().map(part).collect() }
}

/// The groups of which something stands on a page.
fn on_page(
    site: &Reader<'_>,
    ids: &[EntryId],
    groups: &[(LinkGroup, usize)],
    number: usize,
) -> Vec<LinksGroup> {
    let size = site.config().page_size;
    let (from, until) = ((number - 1) * size, (number * size).min(ids.len()));
    let mut at = 0;
    let mut here = Vec::new();
    for &(group, count) in groups {
        let (start, end) = (at.max(from), (at + count).min(until));
        at += count;
        if start < end {
            let (id, title) = name_of(group);
            let rows = ids[start..end].iter().map(|id| row(site, *id, group)).collect();
            here.push(LinksGroup { id, title: site.words().get(title).to_string(), count, rows });
        }
    }
    here
}

/// What a group is called, in addresses and for people.
pub(super) fn name_of(group: LinkGroup) -> (&'static str, Word) {
    match group {
        LinkGroup::Event => ("events", Word::LinksEvents),
        LinkGroup::Blog => ("blogs", Word::LinksBlogs),
        LinkGroup::Group => ("groups", Word::LinksGroups),
        LinkGroup::Mention => ("mentions", Word::CriticalMentions),
        LinkGroup::Other => ("others", Word::LinksOthers),
        LinkGroup::Past => ("past", Word::LinksPast),
    }
}

fn row(site: &Reader<'_>, id: EntryId, group: LinkGroup) -> LinkRow {
    let whole = site.entry(id);
    let fields = site.fields(whole.page);
    let link = super::entry_link(site, id);
    let run_by = run_by(site, &whole.detail);
    let authors = whole.authors.iter().take(limits::LISTED_AUTHORS);
    let answer = (group == LinkGroup::Mention).then(|| decide::company_answer(site, id));
    let text = |it: &Option<crate::page::front_matter::Text>| it.as_ref().map(|it| it.value.clone());
    LinkRow {
        title: link.title,
        url: link.url,
        lang: link.lang,
        dir: link.dir,
        excerpt: whole.line.clone(),
        away: fields.url.as_ref().and_then(|it| away(&it.value)),
        added_by: match run_by.is_empty() {
            true => authors.map(|handle| super::person_name(site, handle)).collect(),
            false => Vec::new(),
        },
        run_by,
        date: super::moment(site, whole.date),
        place: text(&fields.place),
        when: text(&fields.when),
        feed: fields.feed.as_ref().and_then(|it| safe_url(&it.value)),
        headlines: headlines(site, &whole.slug, fields, HEADLINES),
        is_waiting: answer.as_ref().is_some_and(|it| it.is_waiting),
        response: answer.as_ref().and_then(|it| it.response.clone()),
        state: answer.map(|it| it.state),
    }
}

/// Who runs what a link leads to.
#[must_use]
pub(super) fn run_by(site: &Reader<'_>, detail: &Detail) -> Vec<PersonName> {
    let Detail::Link(link) = detail else { return Vec::new() };
    let named = link.run_by.iter().take(limits::LISTED_AUTHORS);
    named.map(|handle| super::person_name(site, handle)).collect()
}

/// An address elsewhere, with the name of its host.
fn away(text: &str) -> Option<LinkView> {
    let url = safe_url(text)?;
    let title = ::url::Url::parse(&url).ok()?.host_str()?.trim_start_matches("www.").to_string();
    Some(LinkView { title, url })
}

/// The last headlines of a link's feed.
#[must_use]
pub(super) fn headlines(
    site: &Reader<'_>,
    slug: &str,
    fields: &Fields,
    most: usize,
) -> Option<HeadlinesView> {
    let feed = fields.feed.as_ref()?.value.trim();
    let snapshot = site.headlines(slug, feed)?;
    let item = |item: &crate::data::feed::Headline| {
        Some(HeadlineView {
            title: item.title.clone(),
            url: safe_url(&item.url)?,
            date: item.date.map(|day| super::date(site, day)),
        })
    };
    let items: Vec<HeadlineView> = snapshot.items.iter().filter_map(item).take(most).collect();
    if items.is_empty() {
        return None;
    }
    let words = site.words();
    let title = match snapshot.changed {
        Some(day) => words.fill(Word::HeadlinesOf, &[("date", &super::date(site, day).text)]),
        None => words.get(Word::Headlines).to_string(),
    };
    Some(HeadlinesView { title, items })
}
