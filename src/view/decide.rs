//! The pages for people who are deciding whether to buy: how it went for customers, every critical story in full, what was
//! done about it or how long it has waited, the reasons that customers give, and what others asked before. The page of what
//! is criticised, and the pages of products and versions, show parts of the same.
//!
//! Nothing here leaves out a critical story: what is not in full is named, and what was taken down is counted.
//!
//! Long because its types are the reference of what templates see, with a sentence on each field.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::Serialize;

use super::facet::FacetView;
use super::lists::opinions::{SENTIMENTS, Scope};
use super::reasons::{Said, reasons};
use super::{Data, DateView, EntryLink, LinkView, Lists, PersonLink, Shared, View, embedded};
use crate::page::front_matter::{Field, Fields, MarkOrText};
use crate::page::kind::Kind;
use crate::page::limits;
use crate::site::disclosure::disclosure;
use crate::site::opinion::CRITICAL;
use crate::site::reader::Reader;
use crate::site::{Detail, Entry, EntryId, section, url};
use crate::words::Word;

/// At most this many critical stories stand on one page in full, the newest ones. The others are named below them.
const IN_FULL: usize = 20;

/// At most this many of the others are named; the list of critical stories has all.
const NAMED: usize = 200;

/// At most this many rows has a group.
const ROWS: usize = 20;

/// At most this many people of one industry are named.
const OF_INDUSTRY: usize = 5;

/// At most this many industries are named.
const INDUSTRIES: usize = 12;

/// No percentage is given of fewer stories than this: the counts say it better.
const PERCENT: usize = 10;

/// A sentence or a short answer of the company has at most this many characters.
const SENTENCE: usize = 320;

/// For those who decide. Parts that a page does not show are empty.
#[derive(Debug, Default, Serialize)]
pub struct DecideView {
    /// How many stories are counted.
    pub count: usize,
    /// How many there are of each sentiment, in words: `4 happy, 3 mixed, 2 critical`.
    pub line: String,
    /// The same one by one; only those that there are.
    pub sentiments: Vec<SentimentCount>,
    /// How many of the stories are sponsored or by the company itself, in sentences.
    pub disclosed: Vec<String>,
    /// How questions are answered here, in a sentence.
    pub health: Option<String>,
    /// Reasons to buy that several customers give, those of most first.
    pub reasons: Vec<ReasonView>,
    /// The critical stories, the newest first, in full.
    pub critics: Vec<CriticView>,
    /// Further critical stories, of which only the title stands here.
    pub more_critics: Vec<Shared<EntryLink>>,
    /// The list of all critical stories, where even those are not all.
    pub all_critics: Option<LinkView>,
    /// Critical stories that were taken down.
    pub removed: Vec<RemovedView>,
    /// How many of these there are, shown or not.
    pub removed_count: usize,
    /// How many critical stories are gone because the customer withdrew their consent, in a sentence.
    pub withdrawn: Option<String>,
    /// What else is criticised, by what it is; only groups that have something.
    pub groups: Vec<CriticalGroup>,
    /// What the site's stories are filtered by.
    pub facets: Vec<FacetView>,
    /// Questions that were asked before buying.
    pub questions: Vec<AskedView>,
    /// How many of these there are, shown or not.
    pub question_count: usize,
    /// Who answers questions here, by the industry of their own stories.
    pub industries: Vec<IndustryView>,
    /// The other page of these two: of what is criticised, or for those who decide.
    pub other: Option<LinkView>,
}

/// How many stories went so.
#[derive(Debug, Serialize)]
pub struct SentimentCount {
    /// `happy`, `mixed`, `critical`, or nothing of those that do not say it.
    pub name: &'static str,
    /// The same as people read it.
    pub title: String,
    /// How many.
    pub count: usize,
    /// Their share of all stories that say how it went, in percent, if there are enough for a percentage.
    pub share: Option<String>,
    /// Where they are.
    pub url: Option<String>,
}

/// A reason to buy.
#[derive(Debug, Serialize)]
pub struct ReasonView {
    /// In the customers' words.
    pub words: String,
    /// How many customers give it.
    pub count: usize,
    /// What each of them says.
    pub quotes: Vec<QuoteView>,
}

/// What a customer says.
#[derive(Debug, Serialize)]
pub struct QuoteView {
    /// The sentence.
    pub text: String,
    /// Whose story it is.
    pub story: StoryLink,
}

/// A story, with all that says how far to believe it.
#[derive(Debug, Serialize)]
pub struct StoryLink {
    /// Its title.
    pub title: String,
    /// Where it is.
    pub url: String,
    /// Whose story it is, if that is not the author.
    pub customer: Option<String>,
    /// Who wrote it.
    pub authors: Vec<PersonLink>,
    /// When.
    pub date: Option<DateView>,
    /// How it went, as the front matter says it.
    pub sentiment: Option<&'static str>,
    /// The same as people read it.
    pub sentiment_title: Option<String>,
    /// The author's connection to the subject, if they say so.
    pub affiliation: Option<String>,
    /// Who paid for it, if they say so.
    pub sponsored: Option<String>,
    /// What it was made with, in words: `written with AI`.
    pub made_with: Option<String>,
    /// Its language, where it is not the site's.
    pub lang: Option<String>,
    /// The direction of that language: `ltr` or `rtl`.
    pub dir: Option<&'static str>,
}

/// A critical story in full.
#[derive(Debug, Serialize)]
pub struct CriticView {
    /// The story.
    #[serde(flatten)]
    pub story: StoryLink,
    /// Its whole text as safe HTML, without ids.
    pub body: String,
    /// What the company says to it.
    pub responses: Vec<ResponseView>,
    /// When the company first answered, in a sentence.
    pub answered: Option<String>,
    /// Since when it has waited for a response, in a sentence.
    pub waiting: Option<String>,
    /// Ideas and announcements about it.
    pub led_to: Vec<OutcomeLink>,
}

/// What the company says.
#[derive(Debug, Serialize)]
pub struct ResponseView {
    /// Who says it.
    pub authors: Vec<PersonLink>,
    /// When.
    pub date: Option<DateView>,
    /// Its text as safe HTML, without ids.
    pub body: String,
    /// Where it stands.
    pub url: String,
}

/// An idea or an announcement about a critical story.
#[derive(Debug, Serialize)]
pub struct OutcomeLink {
    /// Its title.
    pub title: String,
    /// Where it is.
    pub url: String,
    /// How it stands, in a word of the site's language; empty where there is none.
    pub state: String,
    /// The same for a shape beside the word.
    pub mark: &'static str,
}

/// A critical story that was taken down.
#[derive(Debug, Serialize)]
pub struct RemovedView {
    /// Why, as whoever took it down says.
    pub reason: String,
    /// What is left at its address, if there is anything: a draft has none.
    pub url: Option<String>,
}

/// What is criticised besides stories.
#[derive(Debug, Serialize)]
pub struct CriticalGroup {
    /// What it is: `ideas`, `mentions`, `questions`.
    pub id: &'static str,
    /// The heading.
    pub title: String,
    /// How many there are, shown or not.
    pub count: usize,
    /// The rows.
    pub rows: Vec<CriticalRow>,
}

/// A line of what is criticised.
#[derive(Debug, Serialize)]
pub struct CriticalRow {
    /// Its title.
    pub title: String,
    /// Where it is.
    pub url: String,
    /// Its language, where it is not the site's.
    pub lang: Option<String>,
    /// The direction of that language: `ltr` or `rtl`.
    pub dir: Option<&'static str>,
    /// How many want it, in words, of an idea.
    pub voices: Option<String>,
    /// When it was written.
    pub date: Option<DateView>,
    /// What the company says to it in short, if a text of its own says it.
    pub response: Option<String>,
    /// When the company answered, or since when it waits, in a sentence.
    pub state: String,
    /// Whether it waits.
    pub is_waiting: bool,
}

/// Whether the company answered something, and what.
pub(super) struct CompanyAnswer {
    /// When it answered, or since when the entry waits, in a sentence.
    pub(super) state: String,
    /// Whether it waits.
    pub(super) is_waiting: bool,
    /// What it says in short, if a text of its own says it.
    pub(super) response: Option<String>,
}

/// A question that was asked before buying.
#[derive(Debug, Serialize)]
pub struct AskedView {
    /// How it was asked.
    pub title: String,
    /// Where it is.
    pub url: String,
    /// Its language, where it is not the site's.
    pub lang: Option<String>,
    /// The direction of that language: `ltr` or `rtl`.
    pub dir: Option<&'static str>,
    /// Whether it is answered, in words.
    pub state: String,
    /// The same for a shape beside the words.
    pub mark: &'static str,
}

/// People of one industry.
#[derive(Debug, Serialize)]
pub struct IndustryView {
    /// The industry.
    pub title: String,
    /// The list of its stories, if there is one.
    pub url: Option<String>,
    /// Who answers, those who answered most first.
    pub people: Vec<AnswererView>,
}

/// Somebody who answers.
#[derive(Debug, Serialize)]
pub struct AnswererView {
    /// Who.
    pub person: PersonLink,
    /// How many answers they gave, in words.
    pub gave: String,
}

/// The page for those who decide.
#[must_use]
pub fn view(site: &Reader<'_>, lists: &Lists) -> View {
    let words = site.words();
    let title = words.get(Word::Decide);
    let count = lists.decides(site).map_or(0, |count| count.all);
    let about = words.count_with(Word::AboutDecide, count, &[("site", &site.config().title)]);
    let empty = Scope::default();
    let scope = lists.opinions(site, "").unwrap_or(&empty);
    let mut decide = of_scope(site, lists, scope);
    for count in &mut decide.sentiments {
        let has_list = lists.has_value(site, Kind::Story, Field::Sentiment, count.name);
        let list = || super::facet::address(Kind::Story, Field::Sentiment, count.name);
        if count.url.is_none() && has_list {
            count.url = Some(site.urls().href(&list()));
        }
    }
    let is_own = |name: &str| {
        Field::facets().any(|(field, it)| it == name && field.is_own_of(Kind::Story) && !field.uses().mark)
    };
    decide.facets = super::facet::facets(site, lists, Kind::Story, None);
    decide.facets.retain(|facet| is_own(facet.name));
    decide.industries = industries(site, lists, scope);
    decide.health = lists.answering(site).and_then(|it| super::insight::answering(words, it));
    decide.other = Some(super::link(site, words.get(Word::Critical), url::CRITICAL));
    page(site, url::DECIDE, title, &about, decide)
}

/// The page of what is criticised.
#[must_use]
pub fn critical(site: &Reader<'_>, lists: &Lists) -> View {
    let words = site.words();
    let title = words.get(Word::Critical);
    let about = words.fill(Word::AboutCritical, &[("site", &site.config().title)]);
    let empty = Scope::default();
    let scope = lists.opinions(site, "").unwrap_or(&empty);
    let mut decide = DecideView { count: scope.count(), ..DecideView::default() };
    critics(site, lists, scope, &mut decide);
    decide.groups = groups(site, scope);
    decide.other = Some(super::link(site, words.get(Word::Decide), url::DECIDE));
    page(site, url::CRITICAL, title, &about, decide)
}

/// What a page on a product, or on a version of one, shows of it, if there is anything.
#[must_use]
pub(super) fn part(site: &Reader<'_>, lists: &Lists, scope: &str) -> Option<DecideView> {
    let scope = lists.opinions(site, scope)?;
    let mut decide = of_scope(site, lists, scope);
    decide.groups = groups(site, scope);
    Some(decide)
}

/// The line on other pages that leads to the page for those who decide, where there is one.
#[must_use]
pub(super) fn line(site: &Reader<'_>, lists: &Lists) -> Option<LinkView> {
    let count = lists.decides(site)?;
    let words = site.words();
    let title = match count.critical {
        0 => words.count(Word::DecideLine, count.all),
        critical => words.count_with(Word::DecideLineCritical, count.all, &[("critical", &critical)]),
    };
    Some(super::link(site, title, url::DECIDE))
}

fn page(site: &Reader<'_>, address: &str, title: &str, about: &str, decide: DecideView) -> View {
    let mut page = super::meta(site, address, title, "decide");
    page.description = about.to_string();
    page.breadcrumbs =
        vec![super::link(site, site.words().get(Word::Home), url::HOME), super::link(site, title, address)];
    View {
        address: address.into(),
        template: "decide.html",
        page,
        name: "decide",
        data: Data::Decide(Box::new(decide)),
    }
}

/// What every scope shows.
fn of_scope(site: &Reader<'_>, lists: &Lists, scope: &Scope) -> DecideView {
    let words = site.words();
    let mut decide = DecideView { count: scope.count(), ..DecideView::default() };
    let said: usize = SENTIMENTS.iter().filter(|it| !it.is_empty()).map(|it| scope.stories(it).len()).sum();
    for name in SENTIMENTS {
        let count = scope.stories(name).len();
        // A share of what nobody said is none.
        let share = (said >= PERCENT && !name.is_empty()).then(|| (count * 200 + said) / (2 * said));
        if count > 0 {
            decide.sentiments.push(SentimentCount {
                name,
                title: match name {
                    "" => words.get(Word::DecideUnsaid).to_string(),
                    name => words.value(Field::Sentiment, name).to_string(),
                },
                count,
                share: share.map(|number| words.fill(Word::InsightPercent, &[("number", &number)])),
                url: (name == CRITICAL).then(|| format!("#decide-{CRITICAL}")),
            });
        }
    }
    let parts = decide.sentiments.iter();
    let parts = parts.map(|it| words.fill(Word::DecideCount, &[("count", &it.count), ("what", &it.title)]));
    decide.line = words.list(&parts.collect::<Vec<_>>());
    let disclosed = [(scope.sponsored, Word::DecideSponsored), (scope.own, Word::DecideOwn)];
    let disclosed = disclosed.into_iter().filter(|(count, _)| *count > 0);
    decide.disclosed = disclosed.map(|(count, word)| words.count(word, count)).collect();
    decide.reasons = reasons_of(site, scope);
    critics(site, lists, scope, &mut decide);
    decide.question_count = scope.before_buying().len();
    decide.questions = scope.before_buying().iter().take(ROWS).map(|id| asked(site, *id)).collect();
    decide
}

/// The critical stories, with what became of those that are not here.
fn critics(site: &Reader<'_>, lists: &Lists, scope: &Scope, decide: &mut DecideView) {
    let words = site.words();
    let ids = scope.stories(CRITICAL);
    let ideas: BTreeMap<String, EntryId> = if ids.is_empty() {
        BTreeMap::new()
    } else {
        let of = |kind: Kind| lists.of_kind(site, kind).iter();
        let all = of(Kind::Idea).chain(of(Kind::Announcement));
        all.map(|id| (site.urls().href(site.address(*id)), *id)).collect()
    };
    // A story may be about a hundred products and versions, and stand in full on the page of each.
    let mut left = limits::CRITICAL_TEXT / if scope.is_whole { 1 } else { 8 };
    let mut is_short = |id: &EntryId| {
        let rest = left.checked_sub(site.page(site.entry(*id).page).body.text.len());
        left = rest.unwrap_or(left);
        rest.is_some()
    };
    let (mut in_full, mut named) = (Vec::new(), Vec::new());
    for id in ids {
        let list = if in_full.len() < IN_FULL && is_short(id) { &mut in_full } else { &mut named };
        list.push(*id);
    }
    decide.critics = in_full.iter().map(|id| critic(site, *id, &ideas)).collect();
    decide.more_critics = named.iter().take(NAMED).map(|id| lists.link(site, *id)).collect();
    if named.len() > NAMED {
        let list = match lists.has_value(site, Kind::Story, Field::Sentiment, CRITICAL) {
            true => super::facet::address(Kind::Story, Field::Sentiment, CRITICAL),
            false => url::list(Kind::Story, 1),
        };
        decide.all_critics = Some(super::link(site, words.get(Word::AllOfThem), &list));
    }
    let why =
        |reason: Option<&String>| reason.cloned().unwrap_or_else(|| words.get(Word::RemovedWhy).to_string());
    let removed = |id: &EntryId| {
        let entry = site.entry(*id);
        RemovedView { reason: why(entry.reason.as_ref()), url: Some(site.urls().href(&entry.address)) }
    };
    let unpublished = scope.unpublished.iter().map(|it| RemovedView { reason: why(it.as_ref()), url: None });
    decide.removed = scope.removed().iter().map(removed).chain(unpublished).take(NAMED).collect();
    decide.removed_count = scope.removed().len() + scope.unpublished.len();
    decide.withdrawn = (scope.withdrawn > 0).then(|| words.count(Word::DecideWithdrawn, scope.withdrawn));
}

/// A critical story in full. `ideas` are ideas and announcements by their links.
fn critic(site: &Reader<'_>, id: EntryId, ideas: &BTreeMap<String, EntryId>) -> CriticView {
    let entry = site.entry(id);
    let response = |reply: &crate::site::Reply| ResponseView {
        authors: super::people(site, &reply.authors),
        date: super::moment(site, reply.date),
        body: embedded::reply(site, entry, reply),
        url: site.urls().href_to(&entry.address, &reply.anchor),
    };
    let first = site.first_response(id);
    CriticView {
        story: story_link(site, id),
        body: embedded::story(site, entry),
        answered: first.map(|day| answered(site, day)),
        waiting: first.is_none().then(|| waits(site, entry)),
        responses: entry.responses.iter().map(response).collect(),
        led_to: led_to(site, id, entry, ideas),
    }
}

/// "The company answered on 2 May 2026."
fn answered(site: &Reader<'_>, day: Option<Date>) -> String {
    let words = site.words();
    match day {
        Some(day) => words.fill(Word::DecideAnswered, &[("date", &super::date(site, day).text)]),
        None => words.get(Word::DecideAnsweredUndated).to_string(),
    }
}

/// "No answer from the company yet. Waiting since 2 May 2026."
fn waits(site: &Reader<'_>, entry: &Entry) -> String {
    let words = site.words();
    match entry.date {
        Some(moment) => words.fill(Word::DecideWaits, &[("date", &super::date(site, moment.date).text)]),
        None => words.get(Word::DecideWaitsUndated).to_string(),
    }
}

/// Ideas and announcements that name a critical story, or that the company names in its response.
fn led_to(
    site: &Reader<'_>,
    id: EntryId,
    entry: &Entry,
    ideas: &BTreeMap<String, EntryId>,
) -> Vec<OutcomeLink> {
    let mut found: Vec<EntryId> = Vec::new();
    for other in &site.neighbours(id).backlinks {
        let is_one = matches!(site.summary(*other).kind, Kind::Idea | Kind::Announcement);
        found.extend((is_one && site.title(*other).is_listed).then_some(*other));
    }
    for reply in &entry.responses {
        for link in &site.shown(reply.page).links {
            let href = match link {
                crate::page::markdown::LinkTarget::To { href, .. }
                | crate::page::markdown::LinkTarget::Reversed { href, .. } => href,
                crate::page::markdown::LinkTarget::Dead => continue,
            };
            found.extend(ideas.get(href.split('#').next().unwrap_or(href)));
        }
    }
    found.sort_by_key(|id| site.summary(*id).list_order());
    found.dedup();
    let link = |id: &EntryId| {
        let summary = site.summary(*id);
        let (state, mark) = match summary.mark.filter(|_| summary.kind == Kind::Idea) {
            Some((field, word)) => (site.words().value(field, word).to_string(), word),
            None => (String::new(), ""),
        };
        OutcomeLink { title: summary.title.to_string(), url: site.urls().href(summary.address), state, mark }
    };
    found.iter().take(ROWS).map(link).collect()
}

fn story_link(site: &Reader<'_>, id: EntryId) -> StoryLink {
    let entry = site.entry(id);
    let fields = site.fields(entry.page);
    let link = super::entry_link(site, id);
    let sentiment = fields.sentiment.as_ref().map(|it| it.value);
    let disclosure = disclosure(site, fields, &entry.authors);
    StoryLink {
        title: link.title,
        url: link.url,
        customer: fields.customer.as_ref().and_then(|_| super::entry::customer(entry)),
        authors: super::people(site, &entry.authors[..entry.authors.len().min(limits::LISTED_AUTHORS)]),
        date: super::moment(site, entry.date),
        sentiment,
        sentiment_title: sentiment.map(|word| site.words().value(Field::Sentiment, word).to_string()),
        affiliation: disclosure.affiliation,
        sponsored: disclosure.sponsored,
        made_with: disclosure.made_with,
        lang: link.lang,
        dir: link.dir,
    }
}

/// The reasons that several customers give.
fn reasons_of(site: &Reader<'_>, scope: &Scope) -> Vec<ReasonView> {
    let mut ids = scope.all_stories(site);
    ids.truncate(limits::REASON_STORIES);
    let ids = by_customer(site, &ids);
    let config = site.config();
    let language = config.search.language.as_deref().unwrap_or(&config.language);
    let mut read = 0;
    let said = |(customer, id): &(usize, EntryId)| {
        let entry = site.entry(*id);
        let page = site.page(entry.page);
        let (why, rest) = why(entry, &page.fields, &page.body)?;
        // A story may be about a hundred products and versions, each of which has a page.
        read += if scope.is_whole { 0 } else { why.len() + rest.len() };
        let language = page.fields.lang.as_ref().map_or(language, |lang| &lang.value);
        (read <= limits::REASON_TEXT).then_some((*id, Said { customer: *customer, why, rest, language }))
    };
    let (ids, all): (Vec<EntryId>, Vec<Said<'_>>) = ids.iter().filter_map(said).unzip();
    let mut names: Vec<&str> = vec![&config.title];
    names.extend(site.products().values().map(|product| product.name.as_str()));
    let quote = |(story, text): (usize, String)| QuoteView {
        text: section::one_line(&text, SENTENCE),
        story: story_link(site, ids[story]),
    };
    let view = |reason: super::reasons::Reason| ReasonView {
        words: reason.words,
        count: reason.quotes.len(),
        quotes: reason.quotes.into_iter().take(ROWS).map(quote).collect(),
    };
    reasons(&all, &names).into_iter().map(view).collect()
}

/// Stories one customer after the other, each with the customer's number, those with the newest first. What the company tells
/// of itself is left out.
fn by_customer(site: &Reader<'_>, ids: &[EntryId]) -> Vec<(usize, EntryId)> {
    let mut numbers: BTreeMap<(Option<&str>, &[String]), usize> = BTreeMap::new();
    let numbered = ids.iter().filter_map(|id| {
        let entry = site.entry(*id);
        let customer = site.fields(entry.page).customer.as_ref().map(|it| it.value.as_str());
        if customer.is_none() && site.is_of_team(&entry.authors) {
            return None;
        }
        let authors = if customer.is_some() { &[] } else { entry.authors.as_slice() };
        let next = numbers.len();
        Some((*numbers.entry((customer, authors)).or_insert(next), *id))
    });
    let mut numbered: Vec<(usize, EntryId)> = numbered.collect();
    numbered.sort_by_key(|(customer, _)| *customer);
    numbered
}

/// What a story says under `why`, and the text before it and after it, whichever is longer.
fn why<'a>(
    entry: &'a Entry,
    fields: &'a Fields,
    body: &'a crate::page::markdown::Body,
) -> Option<(&'a str, &'a str)> {
    if let Some(why) = &fields.why {
        return Some((&why.value, &body.text));
    }
    let Detail::Story(story) = &entry.detail else { return None };
    let text = &story.sections.0.get("why")?.text;
    let all: &str = &body.text;
    let before = all.get(..text.start as usize).unwrap_or_default();
    let after = all.get(text.end as usize..).unwrap_or_default();
    Some((body.text_at(text.clone()), if before.len() > after.len() { before } else { after }))
}

/// What is criticised besides stories, each with what the company says or how long it waits.
fn groups(site: &Reader<'_>, scope: &Scope) -> Vec<CriticalGroup> {
    let words = site.words();
    let group = |(id, title, ids): (&'static str, Word, &[EntryId])| CriticalGroup {
        id,
        title: words.get(title).to_string(),
        count: ids.len(),
        rows: ids.iter().take(ROWS).map(|id| critical_row(site, *id)).collect(),
    };
    [
        ("ideas", Word::CriticalIdeas, scope.declined()),
        ("mentions", Word::CriticalMentions, scope.mentions()),
        ("questions", Word::CriticalQuestions, scope.questions()),
    ]
    .into_iter()
    .filter(|(_, _, ids)| !ids.is_empty())
    .map(group)
    .collect()
}

fn critical_row(site: &Reader<'_>, id: EntryId) -> CriticalRow {
    let words = site.words();
    let entry = site.entry(id);
    let link = super::entry_link(site, id);
    let CompanyAnswer { state, is_waiting, response } = company_answer(site, id);
    let voices = (entry.kind == Kind::Idea).then(|| {
        let count = entry.voices();
        format!("{count} {}", words.count(Word::UnitSupporters, count))
    });
    CriticalRow {
        title: link.title,
        url: link.url,
        lang: link.lang,
        dir: link.dir,
        voices,
        date: super::moment(site, entry.date),
        is_waiting,
        response,
        state,
    }
}

/// What the company says to something, wherever it says it: in a reply of the team, or in the entry's own file.
pub(super) fn company_answer(site: &Reader<'_>, id: EntryId) -> CompanyAnswer {
    let entry = site.entry(id);
    let text = match &site.fields(entry.page).response {
        Some(response) if Field::Response.is_own_of(entry.kind) => match &response.value {
            MarkOrText::Text(text) => Some(section::one_line(text, SENTENCE)),
            MarkOrText::Mark(_) => None,
        },
        _ => None,
    };
    let first = site.first_response(id);
    let state = match (first, &text) {
        (Some(day), _) => answered(site, day),
        (None, Some(_)) => answered(site, None),
        (None, None) => waits(site, entry),
    };
    CompanyAnswer { state, is_waiting: first.is_none() && text.is_none(), response: text }
}

fn asked(site: &Reader<'_>, id: EntryId) -> AskedView {
    let link = super::entry_link(site, id);
    let (state, mark) = super::listing::state(site, &site.summary(id));
    AskedView { title: link.title, url: link.url, lang: link.lang, dir: link.dir, state, mark }
}

/// Who answers questions, by the industry of the stories that they told. Those of the company are of none.
fn industries(site: &Reader<'_>, lists: &Lists, scope: &Scope) -> Vec<IndustryView> {
    let ids = scope.all_stories(site);
    let industry = |value: crate::site::facet::FacetValue| {
        let authors: BTreeSet<&str> =
            value.entries.iter().flat_map(|id| site.summary(*id).authors).map(String::as_str).collect();
        let answers = |handle: &str| {
            let is_shown = site.profile(handle).is_some_and(|it| !it.unlisted && it.team.is_none());
            lists.recognition(site, handle).filter(|_| is_shown).map_or(0, |it| it.facts.answers)
        };
        let counted = authors.into_iter().map(|handle| (Reverse(answers(handle)), handle));
        let mut people: Vec<(Reverse<usize>, &str)> = counted.filter(|(answers, _)| answers.0 > 0).collect();
        people.sort_unstable();
        people.truncate(OF_INDUSTRY);
        let answerer = |(answers, handle): (Reverse<usize>, &str)| AnswererView {
            person: super::person(site, handle),
            gave: site.words().count(Word::CountAnswers, answers.0),
        };
        let has_list = lists.has_value(site, Kind::Story, Field::Industry, &value.slug);
        let list = || super::facet::address(Kind::Story, Field::Industry, &value.slug);
        IndustryView {
            url: has_list.then(|| site.urls().href(&list())),
            people: people.into_iter().map(answerer).collect(),
            title: value.value,
        }
    };
    let all = site.facet_values(Field::Industry, &ids).into_iter().map(industry);
    all.filter(|industry| !industry.people.is_empty()).take(INDUSTRIES).collect()
}
