//! What people did for others, as pages show it: facts, what they know, six marks, thanks, and the badge for a page of
//! their own. Nothing here ranks by how much somebody wrote.

use serde::Serialize;

use super::facet::{FacetLink, FacetView};
use super::generated::{self, PeopleView, PersonRow};
use super::listing::title_of_page;
use super::lists::Recognition;
use super::{Data, DoorView, EntryLink, LinkView, Lists, PersonLink, Shared, View, badge};
use crate::page::front_matter::Field;
use crate::page::kind::Kind;
use crate::site::expertise::Evidence;
use crate::site::facet::TEAM;
use crate::site::people::Person;
use crate::site::reader::Reader;
use crate::site::recognition::{Facts, Mark, MarkKind};
use crate::site::url;
use crate::words::Word;

/// At most so many stories that name somebody stand on their page.
const STORIES: usize = 12;

/// What somebody did for others.
#[derive(Debug, Default, Serialize)]
pub struct RecognitionView {
    /// How much, in a few words each: `12 answers`, `5 accepted`, `9 people wrote that it worked`.
    pub facts: Vec<String>,
    /// What their answers show that they know, the strongest first.
    pub knows: Vec<KnownTag>,
    /// What happened once, each with the reply that shows it.
    pub marks: Vec<MarkView>,
    /// The badge for a page of their own.
    pub badge: Option<BadgeView>,
}

/// A tag that somebody knows.
#[derive(Debug, Serialize)]
pub struct KnownTag {
    /// What the tag is called.
    pub title: String,
    /// Its page.
    pub url: String,
    /// The evidence, in words: `4 answers, 2 accepted, last in May 2026`.
    pub why: String,
}

/// Something that happened once.
#[derive(Debug, Serialize)]
pub struct MarkView {
    /// What: `first-answer`, `first-accepted`, `second-topic`, `ten-confirmed`, `year-of-helping`, `found-duplicate`.
    pub id: &'static str,
    /// The same as people read it.
    pub title: String,
    /// The reason, in a sentence.
    pub why: String,
    /// The very reply that shows it.
    pub entry: EntryLink,
}

/// A small picture that says what somebody did, for their own pages elsewhere.
#[derive(Debug, Serialize)]
pub struct BadgeView {
    /// Where it is.
    pub url: String,
    /// What it says, for those who do not see it.
    pub alt: String,
    /// How wide it is in pixels.
    pub width: usize,
    /// How high it is in pixels.
    pub height: usize,
    /// A line of HTML that shows it and leads to this page. Nothing while the configuration does not say where the site
    /// stands.
    pub html: Option<String>,
    /// The same as markdown.
    pub markdown: Option<String>,
}

/// The page that thanks people.
#[derive(Debug, Serialize)]
pub struct ThanksView {
    /// Those who gave something for the first time within the last 90 days, the latest first.
    pub newcomers: Vec<Newcomer>,
    /// How many there are, shown or not.
    pub newcomer_count: usize,
    /// Those who helped somebody, those who helped most different people first.
    pub helpers: Vec<Helper>,
    /// How many there are, shown or not.
    pub helper_count: usize,
}

/// Somebody who gave something for the first time.
#[derive(Debug, Serialize)]
pub struct Newcomer {
    /// Who.
    pub person: PersonLink,
    /// When, in a few words.
    pub why: String,
    /// What it was.
    pub entry: EntryLink,
}

/// Somebody who helped.
#[derive(Debug, Serialize)]
pub struct Helper {
    /// Who.
    pub person: PersonLink,
    /// What they did for others, in a few words each.
    pub facts: Vec<String>,
    /// What they know, as tags.
    pub knows: Vec<LinkView>,
}

/// What somebody did for others, if they did anything.
pub(super) fn recognition(site: &Reader<'_>, lists: &Lists, handle: &str) -> RecognitionView {
    let Some(Recognition { facts, knows }) = lists.recognition(site, handle) else {
        return RecognitionView::default();
    };
    let known = |(slug, evidence): &(String, Evidence)| KnownTag {
        title: site.tag_name(slug).to_string(),
        url: site.urls().href(&url::tag(slug)),
        why: self::evidence(site, evidence),
    };
    RecognitionView {
        facts: self::facts(site, facts),
        knows: knows.iter().map(known).collect(),
        marks: facts.marks.iter().map(|mark| self::mark(site, mark)).collect(),
        badge: Some(badge::view(site, lists, handle)),
    }
}

/// Stories that link to somebody's file and are not by them: what others say of working with them.
pub(super) fn stories(
    site: &Reader<'_>,
    lists: &Lists,
    handle: &str,
    person: &Person,
) -> Vec<Shared<super::listing::Row>> {
    let Some(entry) = person.entry else { return Vec::new() };
    let is_story = |id: &&usize| {
        let summary = site.summary(**id);
        summary.kind == Kind::Story && !summary.authors.iter().any(|author| author == handle)
    };
    let naming = site.neighbours(entry).backlinks.iter().filter(is_story);
    naming.take(STORIES).map(|id| lists.row(site, *id)).collect()
}

/// What somebody did for others, in a few words each.
fn facts(site: &Reader<'_>, facts: &Facts) -> Vec<String> {
    let words = site.words();
    let counted = [
        (Word::CountAnswers, facts.answers),
        (Word::CountAccepted, facts.accepted),
        (Word::CountItWorked, facts.confirmed),
    ];
    let counted = counted.into_iter().filter(|(_, count)| *count > 0);
    let mut all: Vec<String> = counted.map(|(word, count)| words.count(word, count)).collect();
    all.extend(facts.last.map(|day| words.fill(Word::LastIn, &[("month", &words.month(day))])));
    all
}

/// Why somebody can be said to know something.
pub(super) fn evidence(site: &Reader<'_>, evidence: &Evidence) -> String {
    let words = site.words();
    let counted = [
        (Word::CountAnswers, evidence.answers),
        (Word::CountAccepted, evidence.accepted),
        (Word::CountConfirmed, evidence.confirmed),
    ];
    let counted = counted.into_iter().filter(|(_, count)| *count > 0);
    let mut all: Vec<String> = counted.map(|(word, count)| words.count(word, count)).collect();
    all.extend(evidence.last.map(|day| words.fill(Word::LastIn, &[("month", &words.month(day))])));
    words.list(&all)
}

fn mark(site: &Reader<'_>, mark: &Mark) -> MarkView {
    let words = site.words();
    let mut entry = super::entry_link(site, mark.place.entry);
    entry.url = site.urls().href_to(site.address(mark.place.entry), &mark.place.anchor);
    let (title, why) = match mark.kind {
        MarkKind::FirstAnswer => (Word::MarkFirstAnswer, Word::WhyFirstAnswer),
        MarkKind::FirstAccepted => (Word::MarkFirstAccepted, Word::WhyFirstAccepted),
        MarkKind::SecondTopic => (Word::MarkSecondTopic, Word::WhySecondTopic),
        MarkKind::TenConfirmed => (Word::MarkTenConfirmed, Word::WhyTenConfirmed),
        MarkKind::YearOfHelping => (Word::MarkYearOfHelping, Word::WhyYearOfHelping),
        MarkKind::FoundDuplicate => (Word::MarkFoundDuplicate, Word::WhyFoundDuplicate),
    };
    let topic = mark.tag.as_deref().map_or("", |slug| site.tag_name(slug));
    let why = words.fill(why, &[("topic", &topic)]);
    MarkView { id: mark.kind.id(), title: words.get(title).to_string(), why, entry }
}

/// The page that thanks people.
#[must_use]
pub fn thanks(site: &Reader<'_>, lists: &Lists) -> View {
    let words = site.words();
    let (newcomers, newcomer_count) = lists.newcomers(site);
    let (helpers, helper_count) = lists.helpers(site);
    let newcomer = |handle: &String| {
        let (day, place) = lists.recognition(site, handle)?.facts.first.as_ref()?;
        let mut entry = super::entry_link(site, place.entry);
        entry.url = site.urls().href_to(site.address(place.entry), &place.anchor);
        let date = super::date(site, *day).text;
        let why = words.fill(Word::NewSince, &[("date", &date)]);
        Some(Newcomer { person: super::person(site, handle), why, entry })
    };
    let helper = |handle: &String| {
        let Recognition { facts, knows } = lists.recognition(site, handle)?;
        let helped = words.count(Word::CountHelped, facts.helped);
        let knows = knows.iter().take(3);
        Some(Helper {
            person: super::person(site, handle),
            facts: std::iter::once(helped).chain(self::facts(site, facts)).collect(),
            knows: knows.map(|(slug, _)| super::link(site, site.tag_name(slug), &url::tag(slug))).collect(),
        })
    };
    let view = ThanksView {
        newcomers: newcomers.iter().filter_map(newcomer).collect(),
        newcomer_count,
        helpers: helpers.iter().filter_map(helper).collect(),
        helper_count,
    };
    let title = words.get(Word::Thanks);
    let mut page = super::meta(site, url::THANKS, title, "thanks");
    page.description = words.fill(Word::AboutThanks, &[("site", &site.config().title)]);
    page.breadcrumbs = vec![
        super::link(site, words.get(Word::Home), url::HOME),
        super::link(site, words.kinds(Kind::Person), url::PEOPLE),
        super::link(site, title, url::THANKS),
    ];
    page.noindex = view.newcomers.is_empty() && view.helpers.is_empty();
    View {
        address: url::THANKS.into(),
        template: "thanks.html",
        page,
        name: "thanks",
        data: Data::Thanks(view),
    }
}

/// The directory of people, or those in it who have a value of a field.
#[must_use]
pub fn directory(site: &Reader<'_>, lists: &Lists, of: Option<(Field, &str)>, number: usize) -> View {
    let words = site.words();
    let (value, handles) = match of {
        None => (None, lists.directory(site)),
        Some((field, slug)) => match lists.circle(site, field, slug) {
            Some((value, handles)) => (Some(value_name(site, field, value)), handles),
            None => return generated::not_found(site, lists),
        },
    };
    let size = site.config().page_size;
    let pages = handles.len().div_ceil(size).max(1);
    let from = ((number - 1) * size).min(handles.len());
    let people = handles[from..(from + size).min(handles.len())].iter().map(|handle| row(site, handle));
    let name = words.kinds(Kind::Person);
    let whole = super::link(site, name, url::PEOPLE);
    let first = of.map_or_else(|| url::PEOPLE.to_string(), |(field, slug)| circle(field, slug));
    let view = PeopleView {
        count: handles.len(),
        number,
        pages,
        new_door: site.new_door(Kind::Person).map(DoorView::from),
        people: people.collect(),
        facets: if number == 1 { facets(site, lists, of) } else { Vec::new() },
        thanks: super::link(site, words.get(Word::Thanks), url::THANKS),
        whole: of.is_some().then(|| whole.clone()),
    };
    let heading = value.as_ref().map_or_else(
        || name.to_string(),
        |value| words.fill(Word::FacetList, &[("list", &name), ("value", value)]),
    );
    let address = url::numbered(&first, number);
    let mut page = super::meta(site, &address, &title_of_page(site, &heading, number), "people");
    page.description = words.count_with(Word::AboutPeople, handles.len(), &[("site", &site.config().title)]);
    page.breadcrumbs = vec![super::link(site, words.get(Word::Home), url::HOME), whole];
    page.breadcrumbs.extend(value.map(|value| super::link(site, value, &first)));
    page.previous = (number > 1).then(|| site.urls().href(&url::numbered(&first, number - 1)));
    page.next = (number < pages).then(|| site.urls().href(&url::numbered(&first, number + 1)));
    View { address, template: "people.html", page, name: "list", data: Data::People(view) }
}

fn row(site: &Reader<'_>, handle: &str) -> PersonRow {
    let person = site.person(handle);
    let fields = person.and_then(|person| person.page).map(|id| site.fields(id));
    let company = fields.and_then(|fields| fields.company.as_ref());
    PersonRow {
        person: super::person(site, handle),
        company: company.map(|company| company.value.clone()),
        gave: person.map_or_else(String::new, |person| generated::gave(site, &person.gave)),
    }
}

/// The address of those in the directory who have a value of a field.
pub(super) fn circle(field: Field, slug: &str) -> String {
    url::facet(Kind::Person, field.name(), slug)
}

/// By what the directory is filtered; `now` is the value that this page is of.
fn facets(site: &Reader<'_>, lists: &Lists, now: Option<(Field, &str)>) -> Vec<FacetView> {
    let words = site.words();
    let mut facets: Vec<FacetView> = Vec::new();
    for (field, slug, value, count) in lists.circles(site) {
        let name = field.name();
        if facets.last().is_none_or(|facet| facet.name != name) {
            let title = if field == Field::Role { Word::ByRole } else { Word::ByInterest };
            facets.push(FacetView { name, title: words.get(title).to_string(), values: Vec::new() });
        }
        let link = FacetLink {
            title: value_name(site, field, value),
            url: site.urls().href(&circle(field, slug)),
            count,
            current: now == Some((field, slug)),
            filter: format!("{name}:{slug}"),
        };
        if let Some(facet) = facets.last_mut() {
            facet.values.push(link);
        }
    }
    facets
}

/// A value as people read it.
fn value_name(site: &Reader<'_>, field: Field, value: &str) -> String {
    let words = site.words();
    if field == Field::Role && value == TEAM {
        return words.get(Word::Team).to_string();
    }
    words.value(field, value).to_string()
}
