//! Ideas for those who wanted them and those who steer: columns by state on the first page of their list, and what
//! shipped, by the year in which it was asked, with what fulfilled it and who wanted it. [`crate::site::idea`] says what
//! the words mean.

use jiff::civil::Date;
use serde::Serialize;

use super::entry::FulfilledBy;
use super::{Data, DateView, LinkView, Lists, PersonName, View, listing};
use crate::page::front_matter::{Field, State};
use crate::page::kind::Kind;
use crate::site::idea::{EntryIdea, IdeaAnswerText};
use crate::site::reader::Reader;
use crate::site::{EntryId, section, url};
use crate::words::Word;

/// At most so many of those who want an idea are named on a card.
const NAMES: usize = 3;

/// At most so many who wanted it are named where it shipped.
const WANTED_BY: usize = 20;

/// At most so many characters of the company's word stand on a card.
const ANSWER: usize = 200;

/// From so many days on, an age is said in months, and from so many in years.
const DAYS: i32 = 61;
const MONTHS: i32 = 730;

/// Ideas in columns by their state.
#[derive(Debug, Serialize)]
pub struct BoardView {
    /// The states that any idea has, in order: open, planned, shipped, declined.
    pub columns: Vec<BoardColumn>,
    /// The list of what shipped, if anything did.
    pub shipped: Option<LinkView>,
}

/// Ideas of one state.
#[derive(Debug, Serialize)]
pub struct BoardColumn {
    /// The state: `open`, `planned`, `shipped`, `declined`.
    pub state: &'static str,
    /// The same in words.
    pub title: String,
    /// How many ideas have it, shown or not.
    pub count: usize,
    /// The most wanted first, as many as a page of a list has at most.
    pub ideas: Vec<IdeaCard>,
    /// The list of all of them, if there are more and it has a page.
    pub whole: Option<LinkView>,
}

/// What shipped.
#[derive(Debug, Serialize)]
pub struct ShippedView {
    /// How many ideas shipped, on all pages together.
    pub count: usize,
    /// Which page this is, from 1.
    pub number: usize,
    /// How many pages there are.
    pub pages: usize,
    /// The years in which they were asked, the newest first, as far as this page shows them.
    pub years: Vec<ShippedYear>,
}

/// What shipped of the ideas of one year.
#[derive(Debug, Serialize)]
pub struct ShippedYear {
    /// How many were asked and how many of these shipped, in words: `Shipped 14 of 61 ideas asked in 2026`.
    pub title: String,
    /// How many ideas there are of that year.
    pub asked: usize,
    /// How many of these shipped until today.
    pub shipped: usize,
    /// Those of this page, the last one shipped first.
    pub ideas: Vec<IdeaCard>,
}

/// What a card says of an idea.
#[derive(Debug, Serialize)]
pub struct IdeaCard {
    /// The title.
    pub title: String,
    /// The link.
    pub url: String,
    /// Its language, where it is not the site's.
    pub lang: Option<String>,
    /// The direction of that language: `ltr` or `rtl`.
    pub dir: Option<&'static str>,
    /// How many people want it.
    pub voices: usize,
    /// What is counted, in its plural form: `want this`.
    pub unit: String,
    /// The first of those who want it; where it shipped, those who had it first among them.
    pub names: Vec<PersonName>,
    /// How many more there are.
    pub more: usize,
    /// One line of the company's word on it.
    pub answer: Option<String>,
    /// How long ago that was given, or how long nothing has been said: `The company answered 3 months ago`. Empty where
    /// there is nothing to say.
    pub answered: String,
    /// The day on which it was given, if it is known.
    pub answered_on: Option<DateView>,
    /// Whether somebody waits for the company's word.
    pub is_waiting: bool,
    /// When it is meant to come, in a word, of what is open or planned.
    pub horizon: Option<String>,
    /// The day on which that was set, if it is known.
    pub horizon_since: Option<DateView>,
    /// What fulfilled it.
    pub fulfilled_by: Option<FulfilledBy>,
    /// The day on which it shipped, if it is known.
    pub shipped_on: Option<DateView>,
}

/// The columns, unless there is no idea at all.
#[must_use]
pub fn board(site: &Reader<'_>, lists: &Lists) -> Option<BoardView> {
    let size = site.config().page_size;
    let words = site.words();
    let column = |(state, ids): (State, &[EntryId])| {
        let slug = state.word();
        let has_list = ids.len() > size && lists.has_value(site, Kind::Idea, Field::State, slug);
        let all = words.fill(Word::IdeaAll, &[("count", &ids.len())]);
        BoardColumn {
            state: slug,
            title: words.value(Field::State, slug).to_string(),
            count: ids.len(),
            ideas: ids.iter().take(size).filter_map(|id| card(site, *id, NAMES, false)).collect(),
            whole: has_list
                .then(|| super::link(site, all, &super::facet::address(Kind::Idea, Field::State, slug))),
        }
    };
    let columns: Vec<BoardColumn> = lists.columns(site).map(column).collect();
    if columns.is_empty() {
        return None;
    }
    let has_shipped = columns.iter().any(|column| column.state == State::Shipped.word());
    let shipped = has_shipped.then(|| super::link(site, words.get(Word::ShippedIdeas), url::SHIPPED));
    Some(BoardView { columns, shipped })
}

/// A page of what shipped.
#[must_use]
pub fn shipped(site: &Reader<'_>, lists: &Lists, number: usize) -> View {
    let (ids, of_years) = lists.shipped(site);
    let size = site.config().page_size;
    let words = site.words();
    let from = ((number - 1) * size).min(ids.len());
    let until = (from + size).min(ids.len());
    let mut years = Vec::new();
    let mut first = 0;
    for year in of_years {
        let last = first + year.shipped;
        let here = from.max(first)..until.min(last);
        first = last;
        if here.is_empty() {
            continue;
        }
        let shipped = &year.shipped;
        let title = match year.year {
            Some(year_asked) => {
                words.count_with(Word::ShippedOf, year.asked, &[("shipped", shipped), ("year", &year_asked)])
            }
            None => words.count_with(Word::ShippedOfUndated, year.asked, &[("shipped", shipped)]),
        };
        let cards = ids[here].iter().filter_map(|id| card(site, *id, WANTED_BY, true));
        years.push(ShippedYear { title, asked: year.asked, shipped: year.shipped, ideas: cards.collect() });
    }
    let pages = ids.len().div_ceil(size).max(1);
    let title = words.get(Word::ShippedIdeas);
    let address = url::numbered(url::SHIPPED, number);
    let mut page = super::meta(site, &address, &listing::title_of_page(site, title, number), "idea");
    let name = &site.config().title;
    page.description = words.count_with(Word::AboutList, ids.len(), &[("title", &title), ("site", name)]);
    page.previous = (number > 1).then(|| site.urls().href(&url::numbered(url::SHIPPED, number - 1)));
    page.next = (number < pages).then(|| site.urls().href(&url::numbered(url::SHIPPED, number + 1)));
    page.breadcrumbs = vec![
        super::link(site, words.get(Word::Home), url::HOME),
        super::link(site, words.kinds(Kind::Idea), &url::list(Kind::Idea, 1)),
        super::link(site, title, url::SHIPPED),
    ];
    let data = ShippedView { count: ids.len(), number, pages, years };
    View { address, template: "shipped.html", page, name: "shipped", data: Data::Shipped(data) }
}

/// What a card says of an idea, with so many names. `with_authors` names those who had it, too.
fn card(site: &Reader<'_>, id: EntryId, names: usize, with_authors: bool) -> Option<IdeaCard> {
    let idea = site.idea(id)?;
    let words = site.words();
    let link = super::entry_link(site, id);
    let date = |day: Option<Date>| day.map(|day| super::date(site, day));
    let named: Vec<&String> = if with_authors {
        idea.wanted_by().take(names).collect()
    } else {
        idea.supporters.iter().take(names).collect()
    };
    let all = if with_authors { idea.others() + idea.authors.len() } else { idea.voices };
    let is_coming = matches!(idea.state, State::Open | State::Planned);
    let horizon = idea.horizon.filter(|_| is_coming);
    let said = answered(site, &idea);
    let fulfilment = site.fulfilment(id).filter(|_| idea.state == State::Shipped);
    Some(IdeaCard {
        title: link.title,
        url: link.url,
        lang: link.lang,
        dir: link.dir,
        voices: idea.voices,
        unit: words.count(Word::UnitSupporters, idea.voices),
        more: all - named.len(),
        names: named.into_iter().map(|handle| super::person_name(site, handle)).collect(),
        answer: answer_line(site, &idea),
        is_waiting: idea.answer.is_none() && !said.is_empty(),
        answered: said,
        answered_on: date(idea.answer.as_ref().and_then(|answer| answer.day)),
        horizon: horizon.map(|word| words.value(Field::Horizon, word).to_string()),
        horizon_since: date(idea.horizon_since.filter(|_| horizon.is_some())),
        fulfilled_by: fulfilment.map(|it| FulfilledBy {
            title: it.title.clone(),
            url: it.url.clone(),
            external: it.is_away,
        }),
        shipped_on: date(idea.shipped_on(site.fulfilment(id))),
    })
}

/// One line of the company's word.
fn answer_line(site: &Reader<'_>, idea: &EntryIdea<'_>) -> Option<String> {
    let line = match &idea.answer.as_ref()?.text {
        IdeaAnswerText::Own(text) => section::one_line(text, ANSWER),
        IdeaAnswerText::Reply(page, text) => {
            let all = &site.page(*page).body.text;
            section::one_line(all.get(text.start as usize..text.end as usize).unwrap_or_default(), ANSWER)
        }
    };
    (!line.is_empty()).then_some(line)
}

/// How long ago the company answered, or how long it has not, by the day that counts as today. Whoever plans or ships
/// something has said enough.
#[must_use]
pub fn answered(site: &Reader<'_>, idea: &EntryIdea<'_>) -> String {
    let words = site.words();
    let date = |day: Date| super::date(site, day).text;
    let days = |day: Date| site.today().map(|today| (today - day).get_days());
    match &idea.answer {
        Some(answer) => match (answer.day, answer.day.and_then(days)) {
            // The answer itself is shown: that there is one need not be said.
            (None, _) => String::new(),
            (Some(_), Some(0)) => words.get(Word::IdeaAnsweredToday).to_string(),
            (Some(_), Some(days)) if days > 0 => words.fill(Word::IdeaAnswered, &[("age", &age(site, days))]),
            (Some(day), _) => words.fill(Word::DecideAnswered, &[("date", &date(day))]),
        },
        None if matches!(idea.state, State::Planned | State::Shipped) => String::new(),
        // The company does not wait for itself, and nobody waits for a word on what is closed.
        None if !idea.is_open || site.is_of_team(idea.authors) => String::new(),
        None => match (idea.date, idea.date.and_then(|asked| days(asked.date))) {
            (None, _) => words.get(Word::DecideWaitsUndated).to_string(),
            (Some(_), Some(days)) if days > 0 => words.fill(Word::IdeaWaits, &[("age", &age(site, days))]),
            (Some(_), Some(_)) => String::new(),
            (Some(asked), None) => words.fill(Word::DecideWaits, &[("date", &date(asked.date))]),
        },
    }
}

/// So many days in words, the more roughly the more they are.
fn age(site: &Reader<'_>, days: i32) -> String {
    let (word, count) = match days {
        ..DAYS => (Word::AgeDays, days),
        DAYS..MONTHS => (Word::AgeMonths, days * 12 / 365),
        _ => (Word::AgeYears, days / 365),
    };
    site.words().count(word, usize::try_from(count).unwrap_or_default())
}
