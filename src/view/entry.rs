//! The page of an entry: a question with its answers, a story, a how-to, an idea, an announcement, a
//! link, a plain page, and the tombstone of a page that was hidden.
//!
//! Long because its types are the reference of what templates see, with a sentence on each field.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::facet::Fact;
use super::feed;
use super::links::{self, HeadlinesView};
use super::listing::{Row, StoryCard};
use super::reply::{AnswerView, ConfirmationView, ReplyView};
use super::tree::{self, TreeNode, Turn};
use super::{
    Data, DateView, DoorView, EntryLink, LinkView, Lists, Meta, PersonLink, PersonName, Shared, View, decide,
};
use crate::page::Page;
use crate::page::destination::safe_url;
use crate::page::front_matter::{Field, Fields, MarkOrText, Status};
use crate::page::kind::Kind;
use crate::page::limits;
use crate::page::markdown::{BlockKind, Body, ImageTarget, Segment};
use crate::site::contribution::Door;
use crate::site::disclosure::disclosure;
use crate::site::opinion;
use crate::site::reader::Reader;
use crate::site::reference::heading_above;
use crate::site::{Detail, Duplicate, Entry, EntryId, Question, Reply, Section, Sections, url};
use crate::words::Word;

/// At most this many pages that link here are named.
pub(super) const BACKLINKS: usize = 20;

/// What came of a story is one large sentence of at most this many characters.
const OUTCOME: usize = 240;

/// What all entries have in common. What only one kind has is in a part of its own, and the parts of other kinds are
/// nothing.
#[derive(Debug, Default, Serialize)]
pub struct EntryView {
    /// The title.
    pub title: String,
    /// The slug.
    pub slug: String,
    /// The kind in the singular.
    pub kind: &'static str,
    /// Who wrote it.
    pub authors: Vec<PersonLink>,
    /// When.
    pub date: Option<DateView>,
    /// When it was last changed.
    pub updated: Option<DateView>,
    /// `published`, `obsolete`, `locked`, `draft`, `hidden`.
    pub status: &'static str,
    /// Why it has that status.
    pub reason: Option<String>,
    /// Its tags.
    pub tags: Vec<Shared<LinkView>>,
    /// Its products.
    pub products: Vec<LinkView>,
    /// Its versions.
    pub versions: Vec<String>,
    /// What fields of its kind say in a word or a few, by the name of the field: `entry.facts.industry`. A field that
    /// says nothing is there all the same, as nothing.
    pub facts: BTreeMap<&'static str, Option<Fact>>,
    /// Its text as safe HTML, without the parts that have fields of their own.
    pub body: String,
    /// Headings of the text, those of the third level under those of the second.
    pub contents: Vec<ContentsLink>,
    /// Of a plain page and a how-to: the tree around it, if there is something beside it.
    pub tree: Vec<TreeNode>,
    /// The pages before and after it in the tree.
    pub turn: Turn,
    /// Comments.
    pub comments: Vec<ReplyView>,
    /// The company's words.
    pub responses: Vec<ReplyView>,
    /// The company's word on an idea or a link where the file itself holds it, as text.
    pub response: Option<String>,
    /// Entries on the same matter; of a story without those in `story.similar`.
    pub related: Vec<Shared<EntryLink>>,
    /// Entries that link here.
    pub backlinks: Vec<Shared<EntryLink>>,
    /// How many more link here than are named.
    pub more_backlinks: usize,
    /// Where the file can be edited.
    pub edit_url: Option<String>,
    /// Where one sees who changed the file, and when.
    pub history_url: Option<String>,
    /// Where a reply can be written: an answer, or a comment on what is no question. Like the other doors
    /// none where the entry is locked, has no replies, or no repository is configured.
    pub reply_door: Option<DoorView>,
    /// The folder in which replies lie, as a path from the site's root. None like the doors, or where people cannot
    /// write on the site itself.
    pub reply_folder: Option<String>,
    /// Where a comment can be written.
    pub comment_door: Option<DoorView>,
    /// Where another entry of the same kind can be written.
    pub new_door: Option<DoorView>,
    /// Names that files of replies have already, so that a door offers another one. Only where there are doors.
    pub taken: Vec<String>,
    /// Whom the author works for, if they say so.
    pub affiliation: Option<String>,
    /// Who paid for it, if they say so.
    pub sponsored: Option<String>,
    /// What it was made with, in words: `written with AI`.
    pub made_with: Option<String>,
    /// The licence.
    pub license: Option<String>,
    /// The last day on which somebody made sure that it is right.
    pub verified_on: Option<DateView>,
    /// Votes.
    pub score: i64,
    /// What only a question has.
    pub question: Option<QuestionPart>,
    /// What only a story has.
    pub story: Option<StoryPart>,
    /// What only a how-to has.
    pub how_to: Option<HowToPart>,
    /// What only an idea has.
    pub idea: Option<IdeaPart>,
    /// What only an announcement has.
    pub announcement: Option<AnnouncementPart>,
    /// What only a link has.
    pub link: Option<LinkPart>,
}

/// A heading in the table of contents.
#[derive(Debug, Serialize)]
pub struct ContentsLink {
    /// Its text.
    pub title: String,
    /// The link to it.
    pub url: String,
    /// The headings under it.
    pub children: Vec<LinkView>,
}

/// What only a question has.
#[derive(Debug, Serialize)]
pub struct QuestionPart {
    /// The verdict in one line.
    pub verdict: Option<String>,
    /// Answers, best first.
    pub answers: Vec<AnswerView>,
    /// How many answers there are.
    pub answer_count: usize,
    /// Other wordings.
    pub also_asked: Vec<String>,
    /// Questions that were merged into it.
    pub duplicates: Vec<DuplicateView>,
    /// Whether it is asked before one buys.
    pub before_you_buy: bool,
}

/// What only a story has.
#[derive(Debug, Serialize)]
pub struct StoryPart {
    /// The customer.
    pub customer: Option<String>,
    /// Who agreed to it, and when.
    pub consent: Option<String>,
    /// `story`, `thanks`, `unexpected-use`.
    #[serde(rename = "type")]
    pub type_: Option<String>,
    /// The problem, as safe HTML.
    pub problem: Option<String>,
    /// Why they chose what they chose, as safe HTML.
    pub why: Option<String>,
    /// The outcome, as safe HTML. Nothing if `outcome_line` says it all.
    pub outcome: Option<String>,
    /// The first sentence of the outcome, as text.
    pub outcome_line: Option<String>,
    /// The id for `outcome_line`, where it stands for a heading that links may lead to.
    pub outcome_id: Option<String>,
    /// What of the text stands after those parts, as safe HTML.
    pub rest: String,
    /// Others of the same industry, use, product or tags, the nearest first.
    pub similar: Vec<Shared<Row>>,
}

/// What only a how-to has.
#[derive(Debug, Serialize)]
pub struct HowToPart {
    /// What one needs, as a list.
    pub needs: Vec<String>,
    /// What one needs, as safe HTML.
    pub needs_text: Option<String>,
    /// The steps, as safe HTML. The items of numbered lists are `<li id="step-3">` and begin with a link to
    /// themselves.
    pub steps: Option<String>,
    /// What of the text stands after those parts, as safe HTML.
    pub rest: String,
    /// Who says that it worked and in which version, the latest first.
    pub confirmed_by: Vec<ConfirmationView>,
    /// Where one says that it worked. None like the other doors.
    pub confirm_door: Option<DoorView>,
    /// Where one says that it did not help.
    pub unhelped_door: Option<DoorView>,
}

/// What only an idea has.
#[derive(Debug, Serialize)]
pub struct IdeaPart {
    /// The first of those who want it, without those who had it.
    pub supporters: Vec<PersonLink>,
    /// How many want it, those who had it left out.
    pub others: usize,
    /// How many of these are not among `supporters`: too many to name, or known by their number only.
    pub more: usize,
    /// How long ago the company answered, or how long it has not, in words. Empty where there is nothing to say.
    pub answered: String,
    /// The day on which the horizon was set, if it is known.
    pub horizon_since: Option<DateView>,
    /// The day on which it shipped, if it is known.
    pub shipped_on: Option<DateView>,
    /// What fulfilled it.
    pub fulfilled_by: Option<FulfilledBy>,
    /// Where one says to want it too. None like the other doors.
    pub support_door: Option<DoorView>,
}

/// What only an announcement has.
#[derive(Debug, Serialize)]
pub struct AnnouncementPart {
    /// When it begins to matter.
    pub starts: Option<DateView>,
    /// When it no longer matters.
    pub expires: Option<DateView>,
}

/// What only a link has.
#[derive(Debug, Serialize)]
pub struct LinkPart {
    /// Where it leads.
    pub url: Option<String>,
    /// `blog`, `group`, `event`, `mention`.
    #[serde(rename = "type")]
    pub type_: Option<String>,
    /// The same as a word for people.
    pub type_name: Option<String>,
    /// Its feed.
    pub feed: Option<String>,
    /// Who runs it.
    pub run_by: Vec<PersonName>,
    /// The last headlines of its feed, if they were pulled.
    pub headlines: Option<HeadlinesView>,
    /// Of a mention that the company has not answered: since when it waits, in a sentence.
    pub waiting: Option<String>,
}

/// A picture that cards show.
#[derive(Debug, Clone, Serialize)]
pub struct Picture {
    /// Where it is, as it stands in a page.
    pub url: String,
    /// What it shows, as its author says; empty if they say nothing.
    pub alt: String,
    /// Its width in pixels, if known.
    pub width: Option<u32>,
    /// Its height in pixels, if known.
    pub height: Option<u32>,
}

/// What fulfilled an idea.
#[derive(Debug, Serialize)]
pub struct FulfilledBy {
    /// The title of a page, or a version.
    pub title: String,
    /// The link, unless it is only a version.
    pub url: Option<String>,
    /// Whether it leads to another site, which nobody here vouches for.
    pub external: bool,
}

/// A question that was merged into another one.
#[derive(Debug, Serialize)]
pub struct DuplicateView {
    /// The fragment that leads to it.
    pub anchor: String,
    /// How it was asked.
    pub title: String,
    /// Who asked.
    pub authors: Vec<PersonLink>,
    /// When.
    pub date: Option<DateView>,
    /// Its text as safe HTML.
    pub body: String,
}

/// Makes the page of an entry.
#[must_use]
pub fn view(site: &Reader<'_>, lists: &Lists, id: EntryId) -> View {
    let entry = site.entry(id);
    let data = if entry.is_tombstone() { tombstone(entry) } else { whole(site, lists, id) };
    let mut page = meta(site, entry);
    feed::of_entry(site, lists, &mut page, id, entry);
    View {
        address: entry.address.clone(),
        template: template(entry),
        page,
        name: "entry",
        data: Data::Entry(Box::new(data)),
    }
}

/// The template of an entry's page.
pub(super) fn template(entry: &Entry) -> &'static str {
    match entry.kind {
        _ if entry.is_tombstone() => "tombstone.html",
        Kind::Question => "question.html",
        Kind::HowTo => "how-to.html",
        Kind::Story => "story.html",
        Kind::Idea => "idea.html",
        Kind::Announcement => "announcement.html",
        Kind::Link => "link.html",
        Kind::Person | Kind::Page => "page.html",
    }
}

fn meta(site: &Reader<'_>, entry: &Entry) -> Meta {
    let source = site.page(entry.page);
    let mut meta = super::meta(site, &entry.address, &entry.title, entry.kind.singular());
    let words = site.words();
    meta.breadcrumbs.push(super::link(site, words.get(Word::Home), url::HOME));
    if entry.kind != Kind::Page {
        meta.breadcrumbs.push(super::link(site, words.kinds(entry.kind), &url::list(entry.kind, 1)));
    }
    if entry.status == Status::Hidden {
        // A tombstone says nothing of what was there but its address.
        meta.noindex = true;
        if entry.ribbon.is_none() {
            meta.title = words.get(Word::Removed).to_string();
            meta.full_title = format!("{} · {}", meta.title, site.config().title);
            return meta;
        }
    }
    if let Some((id, (name, has_page))) = entry.products.first().map(|id| (id, site.product_name(id)))
        && has_page
    {
        meta.breadcrumbs.push(super::link(site, name, &url::product(id)));
    }
    if let Some(slug) = entry.topic.as_ref().filter(|slug| site.has_tag(slug)) {
        meta.breadcrumbs.push(super::link(site, site.tag_name(slug), &url::tag(slug)));
    }
    if entry.kind == Kind::Page {
        meta.breadcrumbs.extend(folder_crumbs(site, &entry.address));
    }
    meta.breadcrumbs.push(super::link(site, &entry.title, &entry.address));
    meta.description = entry.description.clone();
    meta.og_type = if entry.kind == Kind::Page { "website" } else { "article" };
    meta.published = entry.date.map(|moment| moment.instant.to_string());
    let changed = entry.changed.filter(|changed| Some(*changed) != entry.date);
    meta.modified = changed.map(|moment| moment.instant.to_string());
    meta.edit_url = site.edit_url(&source.path);
    meta.ribbon = entry.ribbon.map(|ribbon| words.ribbon(ribbon).to_string());
    if let Some(picture) = picture(site, entry) {
        meta.image = Some(site.urls().whole(&picture.url));
        meta.image_alt = (!picture.alt.is_empty()).then_some(picture.alt);
        (meta.image_width, meta.image_height) = (picture.width, picture.height);
    }
    if let Some(lang) = &source.fields.lang {
        meta.lang.clone_from(&lang.value);
        meta.dir = super::direction(&lang.value);
    }
    meta
}

/// The way to a plain page through the folders that it lies in.
pub(super) fn folder_crumbs(site: &Reader<'_>, address: &str) -> Vec<LinkView> {
    let folders = site.page_folders();
    let title = |above: &str| match site.plain(above) {
        Some(id) => Some(site.title(id).title),
        None => folders.get(above).map(String::as_str),
    };
    let crumb = |above| Some(super::link(site, title(above)?, above));
    let all: Vec<LinkView> = url::above(address).filter_map(crumb).collect();
    all[all.len().saturating_sub(limits::FOLDER_CRUMBS)..].to_vec()
}

/// The first picture of an entry that cards can show.
fn picture(site: &Reader<'_>, entry: &Entry) -> Option<Picture> {
    let body = &site.page(entry.page).body;
    let own = format!("{}/{}/", site.urls().base_path(), url::FILES);
    site.shown(entry.page).images.iter().zip(&body.images).find_map(|(shown, image)| {
        let ImageTarget::Show { src, width, height } = shown else { return None };
        let path = src.split(['?', '#']).next().unwrap_or_default();
        let is_shown = src.starts_with(&own) && !path.to_ascii_lowercase().ends_with(".svg");
        is_shown.then(|| Picture {
            url: src.clone(),
            alt: image.alt.trim().to_string(),
            width: *width,
            height: *height,
        })
    })
}

fn tombstone(entry: &Entry) -> EntryView {
    EntryView {
        kind: entry.kind.singular(),
        status: entry.status.word(),
        reason: entry.reason.clone(),
        ..EntryView::default()
    }
}

// Long because it fills every field of the view.
fn whole(site: &Reader<'_>, lists: &Lists, id: EntryId) -> EntryView {
    let entry = site.entry(id);
    let source = site.page(entry.page);
    let fields = &source.fields;
    let config = site.config();
    let text = |field: &Option<crate::diagnostic::Spanned<String>>| field.as_ref().map(|it| it.value.clone());
    let day = |field: &Option<crate::diagnostic::Spanned<crate::page::date::Date>>| {
        field.as_ref().map(|it| super::date(site, it.value.day))
    };
    let moment = |field: &Option<crate::diagnostic::Spanned<crate::page::date::Date>>| {
        field.as_ref().map(|it| super::date_and_time(site, &it.value))
    };
    let near = site.neighbours(id);
    let (body, rest) = texts(site, entry);
    let disclosure = disclosure(site, fields, &entry.authors);
    let has_tree = tree::KINDS.contains(&entry.kind) && entry.is_listed();
    let mut view = EntryView {
        title: entry.title.clone(),
        slug: entry.slug.clone(),
        kind: entry.kind.singular(),
        authors: super::people(site, &entry.authors),
        date: super::moment(site, entry.date),
        updated: super::moment(site, entry.updated),
        status: entry.status.word(),
        reason: entry.reason.clone(),
        tags: entry.tags.iter().map(|tag| lists.tag(site, tag)).collect(),
        products: entry
            .products
            .iter()
            .map(|id| super::link(site, site.product_name(id).0, &url::product(id)))
            .collect(),
        versions: entry.versions.clone(),
        facts: super::facet::facts(site, lists, entry, fields),
        body,
        contents: contents(site, entry),
        tree: if has_tree { tree::around(site, lists, entry.kind, &entry.address) } else { Vec::new() },
        turn: if has_tree { tree::turn(site, lists, entry.kind, &entry.address) } else { Turn::default() },
        comments: super::reply::views(site, &entry.comments),
        responses: super::reply::views(site, &entry.responses),
        response: response_text(entry, fields),
        related: links(site, lists, &near.related),
        backlinks: links(site, lists, &near.backlinks[..near.backlinks.len().min(BACKLINKS)]),
        more_backlinks: near.backlinks.len().saturating_sub(BACKLINKS),
        edit_url: site.edit_url(&source.path),
        history_url: site.history_url(&source.path),
        reply_folder: site.reply_folder(entry).filter(|_| config.takes_writing()),
        new_door: site.new_door(entry.kind).map(DoorView::from),
        affiliation: disclosure.affiliation,
        sponsored: disclosure.sponsored,
        made_with: disclosure.made_with,
        license: text(&fields.license).or_else(|| config.license.clone()),
        verified_on: day(&fields.verified_on),
        score: entry.score,
        ..EntryView::default()
    };
    let has_doors = config.repository.is_some();
    let shown = |door: Option<Door>| door.as_ref().filter(|_| has_doors).map(DoorView::from);
    if has_doors {
        doors(site, entry, &mut view);
    }
    match &entry.detail {
        Detail::Question(question) => {
            view.question = Some(QuestionPart {
                verdict: verdict(site, entry),
                answers: question
                    .answers
                    .iter()
                    .map(|answer| super::reply::answer(site, entry, answer))
                    .collect(),
                answer_count: question.answers.len(),
                also_asked: wordings(question),
                duplicates: question.duplicates.iter().map(|it| duplicate(site, question, it)).collect(),
                before_you_buy: fields.audience.is_some(),
            });
        }
        Detail::Story(story) => {
            let sections = &story.sections;
            let (outcome_line, all_said) = outcome_line(site, entry, sections, text(&fields.outcome));
            let heading = sections.0.get("outcome").filter(|_| all_said);
            let heading = heading.and_then(|section| heading_above(&source.body, section));
            view.story = Some(StoryPart {
                customer: customer(entry),
                consent: text_of_consent(site, entry),
                type_: text(&fields.type_),
                problem: part(site, entry, sections, "problem", text(&fields.problem)),
                why: part(site, entry, sections, "why", text(&fields.why)),
                outcome: part(site, entry, sections, "outcome", text(&fields.outcome)).filter(|_| !all_said),
                outcome_line,
                outcome_id: heading.map(|heading| format!("h-{}", heading.id)),
                rest,
                similar: super::listing::rows(site, lists, &near.similar),
            });
        }
        Detail::HowTo(how_to) => {
            let sections = &how_to.sections;
            let [confirm_door, unhelped_door] = site.verdict_doors(entry).map(shown);
            view.how_to = Some(HowToPart {
                needs: fields.needs.iter().map(|it| it.value.clone()).collect(),
                needs_text: part(site, entry, sections, "needs", None),
                steps: sections.0.get("steps").map(|section| steps(site, entry, section)),
                rest,
                confirmed_by: super::reply::confirmations(site, &how_to.confirmations),
                confirm_door,
                unhelped_door,
            });
        }
        Detail::Idea(_) => view.idea = idea_part(site, id, shown(site.support_door(entry))),
        Detail::Link(_) | Detail::Plain => {}
    }
    match entry.kind {
        Kind::Announcement => {
            view.announcement =
                Some(AnnouncementPart { starts: moment(&fields.starts), expires: moment(&fields.expires) });
        }
        Kind::Link => {
            let type_name = fields.type_.as_ref().map(|it| site.words().link_type(&it.value).to_string());
            let is_mention = fields.type_.as_ref().is_some_and(|it| it.value == opinion::MENTION);
            let answer = is_mention.then(|| decide::company_answer(site, id)).filter(|it| it.is_waiting);
            view.link = Some(LinkPart {
                run_by: links::run_by(site, &entry.detail),
                headlines: links::headlines(site, &entry.slug, fields, limits::HEADLINES),
                waiting: answer.map(|it| it.state),
                url: fields.url.as_ref().and_then(|it| safe_url(&it.value)),
                type_: text(&fields.type_),
                type_name,
                feed: fields.feed.as_ref().and_then(|it| safe_url(&it.value)),
            });
        }
        _ => {}
    }
    view
}

/// What only an idea has.
fn idea_part(site: &Reader<'_>, id: EntryId, support_door: Option<DoorView>) -> Option<IdeaPart> {
    let idea = site.idea(id)?;
    let fulfilment = site.fulfilment(id);
    let date = |day: Option<jiff::civil::Date>| day.map(|day| super::date(site, day));
    let named = idea.supporters.iter().filter(|it| !idea.authors.contains(it)).take(limits::SUPPORTERS);
    let supporters: Vec<PersonLink> = named.map(|handle| super::person(site, handle)).collect();
    Some(IdeaPart {
        others: idea.others(),
        more: idea.others() - supporters.len(),
        supporters,
        answered: super::ideas::answered(site, &idea),
        horizon_since: date(idea.horizon_since),
        shipped_on: date(idea.shipped_on(fulfilment)),
        fulfilled_by: fulfilment.map(|it| FulfilledBy {
            title: it.title.clone(),
            url: it.url.clone(),
            external: it.is_away,
        }),
        support_door,
    })
}

/// Where readers take part.
fn doors(site: &Reader<'_>, entry: &Entry, view: &mut EntryView) {
    let shown = |door: Option<Door>| door.as_ref().map(DoorView::from);
    view.reply_door = shown(site.reply_door(entry));
    view.comment_door = shown(site.comment_door(entry));
    if view.reply_door.is_some() {
        view.taken = site.taken_stems(entry).into_iter().map(str::to_string).collect();
    }
}

/// "Answered by Ana. Worked for 3, latest on 4.2, October 2026." Whether it was accepted says the mark.
fn verdict(site: &Reader<'_>, entry: &Entry) -> Option<String> {
    let best = entry.question()?.answers.first()?;
    let names: Vec<&str> = best.reply.authors.iter().map(|handle| site.person_name(handle)).collect();
    let words = site.words();
    let mut verdict = match names.as_slice() {
        [] => words.get(Word::AnsweredByNobody).to_string(),
        names => words.fill(Word::AnsweredBy, &[("names", &words.list(names))]),
    };
    let worked_for = crate::site::answers::people(best.confirmations.iter());
    if worked_for > 0 {
        let latest = best.confirmations.first();
        let version = latest.and_then(|it| it.version.as_deref());
        let month = latest.and_then(|it| it.date).map(|day| words.month(day));
        let word = match (version, &month) {
            (None, None) => Word::WorkedFor,
            (Some(_), None) => Word::WorkedForOn,
            (None, Some(_)) => Word::WorkedForIn,
            (Some(_), Some(_)) => Word::WorkedForOnIn,
        };
        let (version, month) = (version.unwrap_or_default(), month.unwrap_or_default());
        verdict.push(' ');
        verdict.push_str(&words.count_with(word, worked_for, &[("version", &version), ("date", &month)]));
    }
    Some(verdict)
}

/// Other wordings, without the titles of questions that were merged into it: these stand with their texts.
fn wordings(question: &Question) -> Vec<String> {
    let is_merged = |it: &&String| question.duplicates.iter().any(|duplicate| duplicate.title == **it);
    question.also_asked.iter().filter(|it| !is_merged(it)).cloned().collect()
}

fn duplicate(site: &Reader<'_>, question: &Question, duplicate: &Duplicate) -> DuplicateView {
    let body = &site.page(duplicate.page).body;
    let answers = question.answers.iter().any(|answer| answer.reply.page == duplicate.page);
    let ranges =
        if answers { duplicate.body.clone() } else { super::with_footnotes(body, duplicate.body.clone()) };
    let prefix = format!("h-{}-", duplicate.slug);
    DuplicateView {
        anchor: format!("asked-{}", duplicate.slug),
        title: duplicate.title.clone(),
        authors: super::people(site, &duplicate.authors),
        date: super::moment(site, duplicate.date),
        body: super::html(site, duplicate.page, &ranges, &prefix, duplicate.demote, 2),
    }
}

/// The text before and between the parts that have fields of their own, and the text after them.
fn texts(site: &Reader<'_>, entry: &Entry) -> (String, String) {
    let html = |ranges: &[_]| super::html(site, entry.page, ranges, "h-", entry.demote, 1);
    let last = match &entry.detail {
        Detail::Story(story) => story.sections.end(),
        Detail::HowTo(how_to) => how_to.sections.end(),
        _ => None,
    };
    let split = last.map_or(entry.body.len(), |end| entry.body.partition_point(|it| it.start < end));
    let (body, rest) = entry.body.split_at(split);
    let (mut body, mut rest) = (html(body), html(rest));
    let last = if last.is_some() { &mut rest } else { &mut body };
    last.push_str(&footnotes(site, entry));
    (body, rest)
}

/// Whose story it is.
pub(super) fn customer(entry: &Entry) -> Option<String> {
    match &entry.detail {
        Detail::Story(story) if !story.customer.is_empty() => Some(story.customer.clone()),
        _ => None,
    }
}

/// What came of a story, in a sentence.
pub(super) fn outcome(site: &Reader<'_>, id: EntryId) -> Option<String> {
    let entry = site.entry(id);
    let Detail::Story(story) = &entry.detail else { return None };
    let own = site.fields(entry.page).outcome.as_ref().map(|it| it.value.clone());
    outcome_line(site, entry, &story.sections, own).0
}

/// The customer's industry, if it is short enough for lists.
fn industry(fields: &Fields) -> Option<String> {
    let all = crate::site::facet::all_values(Kind::Story, fields);
    all.into_iter().find(|(field, _)| *field == Field::Industry).map(|(_, value)| value.to_string())
}

/// What the card of a story shows.
pub(super) fn card(site: &Reader<'_>, id: EntryId) -> StoryCard {
    let entry = site.entry(id);
    StoryCard {
        customer: customer(entry),
        industry: industry(site.fields(entry.page)),
        outcome_line: outcome(site, id),
        picture: picture(site, entry),
    }
}

/// The first sentence of what came of it, and whether that is all there is.
fn outcome_line(
    site: &Reader<'_>,
    entry: &Entry,
    sections: &Sections,
    own: Option<String>,
) -> (Option<String>, bool) {
    if own.is_some() {
        return (own, true);
    }
    let Some(section) = sections.0.get("outcome") else { return (None, false) };
    let body = &site.page(entry.page).body;
    let mut blocks = body.blocks.iter().filter(|block| section.body.contains(&block.segments.start));
    let Some(BlockKind::Paragraph { .. }) = blocks.clone().next().map(|block| &block.kind) else {
        return (None, false);
    };
    let text = blocks.next().map_or("", |block| body.text_at(block.text.clone()));
    let first = first_sentence(text);
    let line = crate::site::section::one_line(first, OUTCOME);
    // A link, a picture or a footnote is more than its text.
    let slots = body.segments.get(section.body.start as usize..section.body.end as usize).unwrap_or_default();
    let is_plain = slots.iter().all(|segment| matches!(segment, Segment::Html { .. }));
    let is_whole = blocks.next().is_none() && first.len() == text.len() && !line.ends_with('…');
    let all_said = is_plain && is_whole;
    ((!line.is_empty()).then_some(line), all_said)
}

/// A text up to its first full stop, where more than a few words stand before it: "Approx. 30 %" is no
/// sentence.
fn first_sentence(text: &str) -> &str {
    let text = text.trim();
    let ends = text.match_indices(['.', '!', '?', '。']).map(|(at, mark)| at + mark.len());
    let mut ends =
        ends.filter(|end| text[*end..].starts_with(char::is_whitespace) || text[..*end].ends_with('。'));
    ends.find(|end| *end >= 40).map_or(text, |end| &text[..end])
}

/// A field from the front matter as escaped text, else from the body.
fn part(
    site: &Reader<'_>,
    entry: &Entry,
    sections: &Sections,
    field: &str,
    own: Option<String>,
) -> Option<String> {
    let of_body = |section: &Section| {
        let text = super::html(site, entry.page, std::slice::from_ref(&section.body), "h-", entry.demote, 2);
        under_heading(site, entry, section, text)
    };
    match own {
        Some(text) => Some(format!("<p>{}</p>", escape(&text))),
        None => sections.0.get(field).map(of_body),
    }
}

/// The steps of a how-to: anyone who helps somebody can point at one of them.
fn steps(site: &Reader<'_>, entry: &Entry, section: &Section) -> String {
    let body = &site.page(entry.page).body;
    let html = |range| super::html(site, entry.page, &[range], "h-", entry.demote, 2);
    let mut steps = String::new();
    let mut shown = section.body.start;
    let mut seen = BTreeSet::new();
    let within = body.blocks.iter().filter(|block| section.body.contains(&block.segments.start));
    for block in within {
        let BlockKind::List { start: Some(first), items } = &block.kind else { continue };
        for (number, index) in (*first..).zip(items.clone()) {
            let Some(item) = body.items.get(index as usize) else { continue };
            // The segment before an item's own is its `<li>`; a number that came before keeps its id.
            let opening = item.segments.start.saturating_sub(1);
            if item.task || opening < shown || !seen.insert(number) {
                continue;
            }
            steps.push_str(&html(shown..opening));
            steps.push_str(&format!(
                "<li id=\"step-{number}\"><a class=\"step\" href=\"#step-{number}\" \
                 aria-label=\"{}\">{number}</a>",
                escape(&site.words().fill(Word::Step, &[("number", &number)]))
            ));
            shown = item.segments.start;
        }
    }
    steps.push_str(&html(shown..section.body.end));
    under_heading(site, entry, section, steps)
}

/// A part whose heading is the theme's own; links to the author's heading must still lead somewhere.
fn under_heading(site: &Reader<'_>, entry: &Entry, section: &Section, text: String) -> String {
    match heading_above(&site.page(entry.page).body, section) {
        Some(heading) => format!("<div id=\"h-{}\">{text}</div>", escape(&heading.id)),
        None => text,
    }
}

/// Footnotes stand at the end of the text, unless the text itself goes on in an answer below.
fn footnotes(site: &Reader<'_>, entry: &Entry) -> String {
    let section = site.page(entry.page).body.footnote_section.clone();
    let in_answer = entry.question().is_some_and(|question| {
        question.answers.iter().any(|answer: &crate::site::Answer| answer.reply.page == entry.page)
    });
    if section.is_empty() || in_answer {
        return String::new();
    }
    super::html(site, entry.page, &[section], "h-", entry.demote, 2)
}

/// Headings of the text that is shown as text, for a table of contents.
fn contents(site: &Reader<'_>, entry: &Entry) -> Vec<ContentsLink> {
    headings(&site.page(entry.page).body, &entry.body, entry.demote)
}

/// The same of a text that is no entry.
pub(super) fn contents_of(page: &Page) -> Vec<ContentsLink> {
    headings(&page.body, &[page.text_range()], 0)
}

fn headings(body: &Body, ranges: &[std::ops::Range<u32>], demote: u8) -> Vec<ContentsLink> {
    let shown = |segment: u32| ranges.iter().any(|range| range.contains(&segment));
    let headings =
        body.blocks.iter().filter(|block| shown(block.segments.start)).filter_map(|block| match block.kind {
            BlockKind::Heading(index) => body.headings.get(index as usize),
            _ => None,
        });
    let mut contents: Vec<ContentsLink> = Vec::new();
    for heading in headings.filter(|heading| heading.level + demote <= 3) {
        let title = heading.text.clone();
        let url = format!("#{}", url::encode(&format!("h-{}", heading.id)));
        match contents.last_mut().filter(|_| heading.level + demote == 3) {
            Some(above) => above.children.push(LinkView { title, url }),
            None => contents.push(ContentsLink { title, url, children: Vec::new() }),
        }
    }
    contents
}

fn links(site: &Reader<'_>, lists: &Lists, ids: &[EntryId]) -> Vec<Shared<EntryLink>> {
    let listed = ids.iter().filter(|id| site.title(**id).is_listed);
    listed.map(|id| lists.link(site, *id)).collect()
}

fn text_of_consent(site: &Reader<'_>, entry: &Entry) -> Option<String> {
    let consent = &site.fields(entry.page).consent.as_ref()?.value;
    let who = consent.who.as_deref()?;
    let words = site.words();
    Some(match consent.date {
        Some(date) => words.fill(Word::AgreedOn, &[("name", &who), ("date", &words.date(date.day))]),
        None => words.fill(Word::Agreed, &[("name", &who)]),
    })
}

/// The company's word on an idea or a link, where the file itself holds it.
fn response_text(entry: &Entry, fields: &Fields) -> Option<String> {
    if !Field::Response.is_own_of(entry.kind) {
        return None;
    }
    match &fields.response.as_ref()?.value {
        MarkOrText::Text(text) => Some(text.clone()),
        MarkOrText::Mark(_) => None,
    }
}

/// Text that may stand between tags.
#[must_use]
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

impl Reply {
    /// The segments to show: its text, and the footnotes of its file.
    #[must_use]
    pub fn ranges(&self, body: &crate::page::markdown::Body) -> Vec<std::ops::Range<u32>> {
        super::with_footnotes(body, vec![self.body.clone()])
    }
}
