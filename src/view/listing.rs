//! Lists of entries, page by page: of a kind, of a tag, of a product, and what nobody has answered.

use serde::Serialize;

use super::{Data, DateView, LinkView, Lists, Meta, PersonName, Shared, View};
use crate::page::kind::Kind;
use crate::site::{EntryId, PageId, Site, taxonomy, url};

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
    /// Other lists of the same, as links.
    pub filters: Vec<LinkView>,
    /// The entries, each a [`Row`].
    pub rows: Vec<Shared>,
}

/// One line of a list.
#[derive(Debug, Serialize)]
pub struct Row {
    /// The title.
    pub title: String,
    /// The link.
    pub url: String,
    /// The kind in the singular.
    pub kind: &'static str,
    /// The same as a word for people, where a list holds several kinds: `How-to`.
    pub kind_name: &'static str,
    /// One line of what it says; of the answer for a question that has one.
    pub excerpt: String,
    /// When it was written.
    pub date: Option<DateView>,
    /// Who wrote it.
    pub authors: Vec<PersonName>,
    /// How it stands, in a word or two: `answered`, `3 answers`, `planned`.
    pub state: String,
    /// The same for a shape beside the words: `open`, `some` or `done` for a question, the word itself for
    /// anything else, empty where there is no state.
    pub mark: &'static str,
    /// Of a question: how many answers it has.
    pub answers: usize,
    /// Its language, where it is not the site's.
    pub lang: Option<String>,
    /// The direction of that language: `ltr` or `rtl`.
    pub dir: Option<&'static str>,
    /// The day after which it no longer matters.
    pub expires: Option<String>,
}

/// A list of one kind.
#[must_use]
pub fn of_kind(site: &Site<'_>, lists: &Lists, kind: Kind, number: usize) -> View {
    let ids = lists.of_kind.get(&kind).map_or(&[][..], Vec::as_slice);
    let first = url::list(kind, 1);
    let text = site.kind_texts.get(&kind).copied();
    let title = text
        .and_then(|page| taxonomy::title(&site.pages[page]))
        .unwrap_or_else(|| name_of_kind(kind).to_string());
    let mut filters = Vec::new();
    if kind == Kind::Question {
        filters.push(super::link(site, "All questions", &first));
        filters.push(super::link(site, "Unanswered", "/questions/unanswered/"));
    }
    let mut view = list(site, lists, ids, number, &first, &title, kind.singular(), text, filters);
    view.page.feeds = super::feeds(site, &title, &first);
    view
}

/// Questions that nobody has answered yet.
#[must_use]
pub fn unanswered(site: &Site<'_>, lists: &Lists, number: usize) -> View {
    let filters = vec![
        super::link(site, "All questions", "/questions/"),
        super::link(site, "Unanswered", "/questions/unanswered/"),
    ];
    let first = "/questions/unanswered/";
    let mut view = list(
        site,
        lists,
        &lists.unanswered,
        number,
        first,
        "Unanswered questions",
        "question",
        None,
        filters,
    );
    view.page.breadcrumbs.insert(1, super::link(site, "Questions", "/questions/"));
    view
}

/// What bears a tag.
#[must_use]
pub fn of_tag(site: &Site<'_>, lists: &Lists, slug: &str, number: usize) -> View {
    let tag = &site.tags[slug];
    let first = url::tag(slug);
    let mut view = list(site, lists, &tag.entries, number, &first, &tag.name, "tag", tag.text, Vec::new());
    view.page.breadcrumbs.insert(1, super::link(site, "Tags", "/tags/"));
    view.page.feeds = super::feeds(site, &tag.name, &first);
    view
}

/// What is about a product.
#[must_use]
pub fn of_product(site: &Site<'_>, lists: &Lists, id: &str, number: usize) -> View {
    let product = &site.products[id];
    let first = url::product(id);
    let mut view =
        list(site, lists, &product.entries, number, &first, &product.name, "product", None, Vec::new());
    view.page.breadcrumbs.insert(1, super::link(site, "Products", "/products/"));
    view
}

/// The line of an entry in a list.
#[must_use]
pub fn row(site: &Site<'_>, id: EntryId) -> Row {
    let entry = &site.entries[id];
    let fields = &site.pages[entry.page].fields;
    let (state, mark) = state(site, id);
    let (lang, dir) = super::own_language(site, entry);
    Row {
        title: entry.title.clone(),
        url: site.urls.href(&entry.address),
        kind: entry.kind.singular(),
        kind_name: one_of_kind(entry.kind),
        excerpt: excerpt(site, id),
        date: super::moment(site, entry.date),
        authors: entry.authors.iter().map(|handle| super::person_name(site, handle)).collect(),
        state,
        mark,
        answers: entry.question().map_or(0, |question| question.answers.len()),
        lang,
        dir,
        expires: fields.expires.as_ref().map(|date| date.value.day.to_string()),
    }
}

/// The lines of entries in a list.
#[must_use]
pub fn rows(site: &Site<'_>, lists: &Lists, ids: &[EntryId]) -> Vec<Shared> {
    ids.iter().map(|id| lists.rows[*id].get_or_init(|| Shared::new(&row(site, *id))).clone()).collect()
}

/// What a kind's list is called.
#[must_use]
pub const fn name_of_kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Question => "Questions",
        Kind::HowTo => "How-tos",
        Kind::Story => "Stories",
        Kind::Idea => "Ideas",
        Kind::Announcement => "Announcements",
        Kind::Person => "People",
        Kind::Link => "Links",
        Kind::Page => "Pages",
    }
}

/// What one entry of a kind is called.
#[must_use]
pub const fn one_of_kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Question => "Question",
        Kind::HowTo => "How-to",
        Kind::Story => "Story",
        Kind::Idea => "Idea",
        Kind::Announcement => "Announcement",
        Kind::Person => "Person",
        Kind::Link => "Link",
        Kind::Page => "Page",
    }
}

#[expect(clippy::too_many_arguments, reason = "a list is just these things")]
fn list(
    site: &Site<'_>,
    lists: &Lists,
    ids: &[EntryId],
    number: usize,
    first: &str,
    title: &str,
    kind: &'static str,
    text: Option<PageId>,
    filters: Vec<LinkView>,
) -> View {
    let pages = ids.len().div_ceil(site.sources.config.page_size).max(1);
    let address = url::numbered(first, number);
    let title_here = if number > 1 { format!("{title}, page {number}") } else { title.to_string() };
    let mut page: Meta = super::meta(site, &address, &title_here, kind);
    page.description = match ids.len() {
        1 => format!("{title}: one entry on {}", site.sources.config.title),
        count => format!("{title}: {count} entries on {}", site.sources.config.title),
    };
    page.previous = (number > 1).then(|| site.urls.href(&url::numbered(first, number - 1)));
    page.next = (number < pages).then(|| site.urls.href(&url::numbered(first, number + 1)));
    page.breadcrumbs = vec![super::link(site, "Home", "/"), super::link(site, title, first)];
    let text =
        text.filter(|_| number == 1).map_or_else(String::new, |id| super::generated::text_of(site, id));
    let size = site.sources.config.page_size;
    let from = ((number - 1) * size).min(ids.len());
    let rows = rows(site, lists, &ids[from..(from + size).min(ids.len())]);
    let list = ListView { count: ids.len(), number, pages, text, filters, rows };
    View { address, template: "list.html", page, name: "list", data: Data::List(list) }
}

/// One line of the best answer, else of the entry itself.
fn excerpt(site: &Site<'_>, id: EntryId) -> String {
    let entry = &site.entries[id];
    let answer = entry.question().and_then(|question| question.answers.first());
    let of_answer = answer.and_then(|answer| {
        let body = &site.pages[answer.reply.page].body;
        let blocks = body.blocks.iter().filter(|block| answer.reply.body.contains(&block.segments.start));
        let mut texts = blocks.map(|block| body.text_at(block.text.clone()));
        texts.find(|text| !text.trim().is_empty()).map(|text| crate::site::section::one_line(text, 160))
    });
    of_answer.unwrap_or_else(|| entry.description.clone())
}

/// How an entry stands: in words, and as the name of a shape.
fn state(site: &Site<'_>, id: EntryId) -> (String, &'static str) {
    let entry = &site.entries[id];
    let fields = &site.pages[entry.page].fields;
    let word = match entry.kind {
        Kind::Question => {
            let answers = entry.question().map_or(&[][..], |question| &question.answers);
            return match (answers.len(), answers.first().is_some_and(|answer| answer.accepted)) {
                (0, _) => ("no answer yet".to_string(), "open"),
                (1, true) => ("answered".to_string(), "done"),
                (1, false) => ("1 answer".to_string(), "some"),
                (count, true) => (format!("answered, {count} answers"), "done"),
                (count, false) => (format!("{count} answers"), "some"),
            };
        }
        Kind::Idea => fields.state.as_ref().map_or("open", |state| state.value.word()),
        Kind::Story => fields.sentiment.as_ref().map_or("", |sentiment| sentiment.value.word()),
        Kind::Announcement => fields.severity.as_ref().map_or("", |severity| severity.value.word()),
        _ => "",
    };
    (word.to_string(), word)
}
