//! From files to entries: what is held, what a body's headings fill, and which replies belong where.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::address::Addresses;
use super::answers;
use super::layout::Role;
use super::people::{self, People};
use super::taxonomy::{self, TagNames};
use super::words;
use super::{
    Answer, Confirmation, Detail, Entry, Idea, LeftOut, Moment, PageId, Question, Reply, Section, Sections,
    Story, Visibility,
};
use crate::diagnostic::{Diagnostic, Rule, Span, Spanned, nearest};
use crate::page::front_matter::{Fields, MarkOrText, State, Status, Urgency};
use crate::page::kind::Kind;
use crate::page::markdown::{BlockKind, Body};
use crate::page::{Lead, Page, slug};
use crate::source::Sources;

/// A description is cut at a word before this many characters.
const DESCRIPTION: usize = 160;

/// What became of a file: what moderators decided, else what the file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Its status.
    pub status: Status,
    /// Why.
    pub reason: Option<String>,
}

/// Holds what cannot or may not be shown: its role becomes [`Role::Held`].
pub fn hold(
    sources: &Sources,
    pages: &[Arc<Page>],
    roles: &mut [Role],
    visibility: Visibility,
    left_out: &mut LeftOut,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for (page, role) in pages.iter().zip(roles.iter_mut()) {
        let is_entry = matches!(role, Role::Entry { .. });
        if page.held {
            *role = Role::Held;
        } else if matches!(role, Role::Entry { .. } | Role::Reply { .. }) {
            let standing = standing(sources, page);
            let is_draft = standing.status == Status::Draft && !visibility.drafts;
            let is_future = !visibility.preview && is_future(sources, page);
            let missing = is_entry.then(|| missing_field(sources, page)).flatten();
            if is_draft || is_future {
                left_out.drafts += usize::from(is_draft);
                left_out.future += usize::from(!is_draft);
                *role = Role::Held;
            } else if let Some(problem) = missing {
                diagnostics.push(problem);
                *role = Role::Held;
            } else if !is_entry && standing.status == Status::Hidden && !visibility.preview {
                // A hidden entry leaves a tombstone at its address; a hidden reply has none.
                *role = Role::Held;
            }
        }
    }
}

/// What became of a file.
#[must_use]
pub fn standing(sources: &Sources, page: &Page) -> Standing {
    if let Some(decision) = sources.moderation(&page.path) {
        return Standing { status: decision.status, reason: decision.reason.clone() };
    }
    Standing {
        status: page.fields.status.as_ref().map_or(Status::Published, |status| status.value),
        reason: page.fields.reason.as_ref().map(|reason| reason.value.clone()),
    }
}

fn is_future(sources: &Sources, page: &Page) -> bool {
    match (sources.today, &page.fields.date) {
        (Some(today), Some(date)) => date.value.day > today,
        _ => false,
    }
}

/// Makes entries out of pages, and remembers what it learns on the way.
#[derive(Debug)]
pub struct Maker<'a> {
    pub(super) sources: &'a Sources,
    pub(super) pages: &'a [Arc<Page>],
    pub(super) people: &'a People,
    tag_names: &'a TagNames,
    visibility: Visibility,
    /// The names that people went by, by handle.
    pub(super) names: BTreeMap<String, String>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl<'a> Maker<'a> {
    /// Begins.
    #[must_use]
    pub fn new(
        sources: &'a Sources,
        pages: &'a [Arc<Page>],
        people: &'a People,
        tag_names: &'a TagNames,
        visibility: Visibility,
    ) -> Maker<'a> {
        Maker {
            sources,
            pages,
            people,
            tag_names,
            visibility,
            names: BTreeMap::new(),
            diagnostics: Vec::new(),
        }
    }

    /// The names that people went by, by handle; problems are added to the others.
    #[must_use]
    pub fn finish(self, diagnostics: &mut Vec<Diagnostic>) -> BTreeMap<String, String> {
        diagnostics.extend(self.diagnostics);
        self.names
    }

    /// Makes every entry, with its replies, in order of kind and slug. A reply that cannot be shown gets
    /// the role [`Role::Held`].
    pub fn all(
        &mut self,
        roles: &mut [Role],
        addresses: &Addresses,
        merged: &BTreeMap<PageId, PageId>,
    ) -> Vec<Entry> {
        let mut replies: BTreeMap<PageId, Vec<PageId>> = BTreeMap::new();
        for (id, role) in roles.iter().enumerate() {
            if let Role::Reply { owner, .. } = role {
                if roles[*owner] != Role::Held {
                    replies.entry(merged.get(owner).copied().unwrap_or(*owner)).or_default().push(id);
                }
            }
        }
        let mut duplicates: BTreeMap<PageId, Vec<PageId>> = BTreeMap::new();
        for (from, to) in merged {
            duplicates.entry(*to).or_default().push(*from);
        }
        let mut entries: Vec<Entry> = Vec::with_capacity(addresses.of.len());
        for (&id, address) in &addresses.of {
            let Role::Entry { slug, topics } = &roles[id] else { continue };
            if merged.contains_key(&id) {
                continue;
            }
            let (slug, topics) = (slug.clone(), topics.clone());
            let mut entry = self.entry(id, slug, &topics, address);
            let duplicates = duplicates.remove(&id).unwrap_or_default();
            let mut replies = replies.remove(&id).unwrap_or_default();
            // The entry's own replies come first, so that they keep their anchors.
            replies.sort_by_key(|reply| match &roles[*reply] {
                Role::Reply { owner, .. } => (*owner != id, *reply),
                _ => (true, *reply),
            });
            self.attach(&mut entry, &duplicates, &replies, roles);
            entries.push(entry);
        }
        entries.sort_by(|a, b| (a.kind, &a.slug).cmp(&(b.kind, &b.slug)));
        entries
    }

    fn entry(&mut self, id: PageId, slug: String, topics: &[String], address: &str) -> Entry {
        let page = &self.pages[id];
        let fields = &page.fields;
        let kind = page.place.kind;
        let (title, first) = self.title(page, &slug);
        let authors = if kind == Kind::Person {
            Vec::new()
        } else {
            people::authors(self.sources, self.people, page, None, &mut self.names, &mut self.diagnostics)
        };
        let standing = standing(self.sources, page);
        let (date, updated) = dates(self.sources, page);
        let config = &self.sources.config;
        let wanted: &[&'static str] = match kind {
            Kind::Question if !page.place.faq => &[words::ANSWER],
            Kind::Story => &["problem", "why", "outcome"],
            Kind::HowTo => &["needs", "steps"],
            _ => &[],
        };
        let (sections, body) = sections(&page.body, first, wanted, |heading| {
            words::field_of(heading, wanted, config).filter(|field| !is_overridden(page, field))
        });
        let detail = match kind {
            Kind::Question => {
                let mut question = Question {
                    faq: page.place.faq,
                    also_asked: fields.also_asked.iter().map(|it| it.value.clone()).collect(),
                    ..Question::default()
                };
                let whole = Section { body: joined(&body), text: text_of(&page.body, &body) };
                let inline = if page.place.faq { Some(&whole) } else { sections.0.get(words::ANSWER) };
                if let Some(section) = inline.filter(|it| !it.text.is_empty() || !it.body.is_empty()) {
                    question.answers.push(self.inline_answer(
                        id,
                        section,
                        &authors,
                        "answer".into(),
                        String::new(),
                    ));
                }
                Detail::Question(question)
            }
            Kind::Story => Detail::Story(Story { customer: customer(page, &authors, self.people), sections }),
            Kind::HowTo => Detail::HowTo(sections),
            Kind::Idea => Detail::Idea(Idea {
                supporters: unique(fields.supporters.iter().map(|it| self.people.handle(&it.value))),
            }),
            Kind::Announcement | Kind::Person | Kind::Link | Kind::Page => Detail::Plain,
        };
        let body = if page.place.faq && kind == Kind::Question { Vec::new() } else { body };
        let description = fields
            .description
            .as_ref()
            .map_or_else(|| description(page, &body, &detail), |text| text.value.clone());
        let ribbon = self.visibility.preview.then(|| ribbon(self.sources, page, &standing)).flatten();
        let mut tags: Vec<String> = unique(
            topics
                .iter()
                .map(String::as_str)
                .chain(fields.tags.iter().map(|it| it.value.as_str()))
                .map(|name| self.tag_names.slug(name)),
        );
        tags.retain(|tag| !tag.is_empty());
        Entry {
            page: id,
            kind,
            slug,
            address: address.to_string(),
            title,
            authors,
            date,
            updated,
            tags,
            products: unique(fields.products.iter().map(|it| taxonomy::product_id(config, &it.value))),
            versions: fields.versions.iter().map(|it| it.value.clone()).collect(),
            status: standing.status,
            reason: standing.reason,
            ribbon,
            score: fields.score.as_ref().map_or(0, |score| score.value) + self.votes(address, None),
            demote: demote(&page.body, &body, 2),
            description,
            body,
            detail,
            comments: Vec::new(),
            responses: Vec::new(),
            backlinks: Vec::new(),
            related: Vec::new(),
        }
    }

    /// The title, and the first block that is no part of it.
    fn title(&mut self, page: &Page, slug: &str) -> (String, usize) {
        let same = |a: &str, b: &str| a.trim().eq_ignore_ascii_case(b.trim());
        let own = page.fields.title.as_ref().map(|title| title.value.clone());
        let own = own.or_else(|| {
            let name = page.fields.name.as_ref().filter(|_| page.place.kind == Kind::Person);
            name.map(|name| name.value.clone())
        });
        match (own, &page.lead) {
            (Some(title), Lead::Heading(lead)) => {
                let skipped = usize::from(same(&title, lead) || page.place.kind == Kind::Person);
                (title, skipped)
            }
            (Some(title), Lead::Bold(_) | Lead::None) => (title, 0),
            (None, Lead::Heading(lead) | Lead::Bold(lead)) if !lead.trim().is_empty() => (lead.clone(), 1),
            (None, _) => {
                let words = slug::words(slug.rsplit('/').next().unwrap_or(slug));
                if page.place.kind != Kind::Person {
                    self.diagnostics.push(missing_title(page, &words));
                }
                (words, 0)
            }
        }
    }

    fn inline_answer(
        &self,
        id: PageId,
        section: &Section,
        authors: &[String],
        anchor: String,
        stem: String,
    ) -> Answer {
        let page = &self.pages[id];
        let (date, updated) = dates(self.sources, page);
        let ranges = vec![section.body.clone()];
        Answer {
            accepted: false,
            score: 0,
            confirmations: Vec::new(),
            comments: Vec::new(),
            reply: Reply {
                page: id,
                stem,
                anchor,
                authors: authors.to_vec(),
                date,
                updated,
                demote: demote(&page.body, &ranges, 3),
                body: section.body.clone(),
                text: section.text.clone(),
                id_prefix: "h-".to_string(),
            },
        }
    }

    /// Gives an entry its replies: answers first, then what refers to them.
    fn attach(&mut self, entry: &mut Entry, duplicates: &[PageId], replies: &[PageId], roles: &mut [Role]) {
        self.merge(entry, duplicates, roles);
        let mut stems: BTreeMap<String, PageId> = BTreeMap::new();
        let mut later: Vec<(PageId, Reply)> = Vec::new();
        for &id in replies {
            let Role::Reply { owner, stem, handle } = roles[id].clone() else { continue };
            let is_own = owner == entry.page;
            let key = if is_own { slug::fold(&stem) } else { format!("{}/{stem}", owner) };
            if let Some(first) = stems.insert(key, id) {
                self.diagnostics.push(same_stem(&self.pages[id], &self.pages[first], &stem));
                roles[id] = Role::Held;
                continue;
            }
            let reply = self.reply(entry, id, &stem, &handle, is_own, owner);
            if self.is_answer(entry, id) {
                if reply.text.is_empty() && reply.body.is_empty() {
                    self.diagnostics.push(empty_answer(&self.pages[id]));
                    roles[id] = Role::Held;
                    continue;
                }
                let answer = self.answer(entry, reply);
                if let Detail::Question(question) = &mut entry.detail {
                    question.answers.push(answer);
                }
            } else {
                later.push((id, reply));
            }
        }
        for (id, reply) in later {
            self.other_reply(entry, id, reply);
        }
        self.accept(entry);
        let versions = self.versions(entry);
        if let Detail::Question(question) = &mut entry.detail {
            answers::sort(&mut question.answers, versions);
            for answer in &mut question.answers {
                oldest_first(&mut answer.comments);
            }
        }
        oldest_first(&mut entry.comments);
        oldest_first(&mut entry.responses);
    }

    /// Takes over what the duplicates of a question say: their wording, and an answer in their own file.
    fn merge(&mut self, entry: &mut Entry, duplicates: &[PageId], roles: &[Role]) {
        for &id in duplicates {
            let Role::Entry { slug, .. } = &roles[id] else { continue };
            let duplicate = self.entry(id, slug.clone(), &[], "");
            let Detail::Question(question) = &mut entry.detail else { continue };
            question.also_asked.push(duplicate.title.clone());
            if let Detail::Question(other) = duplicate.detail {
                question.also_asked.extend(other.also_asked);
                question.answers.extend(other.answers.into_iter().map(|mut answer| {
                    answer.reply.stem = slug.clone();
                    answer.reply.anchor = format!("answer-{slug}");
                    answer.reply.id_prefix = format!("h-{slug}-");
                    answer
                }));
            }
            question.duplicates.push(super::Duplicate {
                page: id,
                slug: slug.clone(),
                title: duplicate.title,
                authors: duplicate.authors,
                date: duplicate.date,
                body: duplicate.body,
                demote: demote(&self.pages[id].body, &[0..u32::MAX], 3),
            });
        }
    }

    fn is_answer(&self, entry: &Entry, id: PageId) -> bool {
        let fields = &self.pages[id].fields;
        let yes = |field: &Option<Spanned<bool>>| field.as_ref().is_some_and(|it| it.value);
        entry.kind == Kind::Question
            && !yes(&fields.comment)
            && !yes(&fields.supports)
            && !is_response(fields)
            && fields.confirms.is_none()
    }

    fn reply(
        &mut self,
        entry: &Entry,
        id: PageId,
        stem: &str,
        handle: &str,
        is_own: bool,
        owner: PageId,
    ) -> Reply {
        let page = &self.pages[id];
        let body = &page.body;
        if let Lead::Heading(_) = &page.lead {
            self.diagnostics.push(heading_in_reply(page, self.sources));
        }
        let authors = people::authors(
            self.sources,
            self.people,
            page,
            Some(handle),
            &mut self.names,
            &mut self.diagnostics,
        );
        let (date, updated) = dates(self.sources, page);
        let all = body.all();
        let what = if self.is_answer(entry, id) { "answer" } else { "comment" };
        // Replies to a merged question keep apart from those of the question that they now stand under.
        let place =
            if is_own { stem.to_string() } else { format!("{stem}-{}", slug_of_page(&self.pages[owner])) };
        Reply {
            page: id,
            stem: stem.to_string(),
            anchor: format!("{what}-{place}"),
            authors,
            date,
            updated,
            demote: demote(body, std::slice::from_ref(&all), 3),
            text: 0..u32::try_from(body.text.trim_end().len()).unwrap_or(u32::MAX),
            body: all,
            id_prefix: format!("h-{place}-"),
        }
    }

    fn answer(&mut self, entry: &Entry, reply: Reply) -> Answer {
        let fields = &self.pages[reply.page].fields;
        let mut confirmations = Vec::new();
        for confirmed in &fields.confirmed_by {
            let confirmation = Confirmation {
                handle: self.people.handle(&confirmed.value.by),
                version: confirmed.value.version.clone(),
                date: confirmed.value.date.map(|date| date.day),
            };
            if reply.authors.contains(&confirmation.handle) {
                self.diagnostics.push(own_confirmation(&self.pages[reply.page], confirmed.span));
            } else {
                confirmations.push(confirmation);
            }
        }
        let score = fields.score.as_ref().map_or(0, |score| score.value)
            + self.votes(&entry.address, Some(&reply.stem));
        Answer { reply, accepted: false, score, confirmations, comments: Vec::new() }
    }

    /// A comment, a confirmation, a word of support, or the company's response.
    fn other_reply(&mut self, entry: &mut Entry, id: PageId, reply: Reply) {
        let page = &self.pages[id];
        let fields = &page.fields;
        let has_text = !reply.body.is_empty();
        if is_response(fields) {
            if reply.authors.iter().any(|author| self.people.is_team(author)) {
                entry.responses.push(reply);
                return;
            }
            self.diagnostics.push(not_the_team(page, reply.authors.first().map_or("", String::as_str)));
        }
        if fields.supports.as_ref().is_some_and(|it| it.value) {
            if let Detail::Idea(idea) = &mut entry.detail {
                for author in &reply.authors {
                    if !idea.supporters.contains(author) {
                        idea.supporters.push(author.clone());
                    }
                }
            }
        }
        let about = fields.confirms.as_ref().or(fields.on.as_ref());
        if let (Some(about), Detail::Question(question)) = (about, &mut entry.detail) {
            let stem = slug_of_answer(&about.value);
            let at = question.answers.iter().position(|answer| answer_name(answer) == stem);
            let Some(answer) = at.and_then(|at| question.answers.get_mut(at)) else {
                let known = question.answers.iter().map(answer_name);
                self.diagnostics.push(unknown_answer(page, about, nearest(&stem, known)));
                if has_text {
                    entry.comments.push(reply);
                }
                return;
            };
            if fields.confirms.is_some() {
                let version = fields.version.as_ref().map(|it| it.value.clone());
                let date = reply.date.map(|it| it.date);
                for handle in &reply.authors {
                    if answer.reply.authors.contains(handle) {
                        self.diagnostics.push(own_confirmation(page, about.span));
                    } else {
                        let version = version.clone();
                        answer.confirmations.push(Confirmation { handle: handle.clone(), version, date });
                    }
                }
            }
            if has_text {
                answer.comments.push(reply);
            }
        } else if has_text {
            entry.comments.push(reply);
        }
    }

    fn accept(&mut self, entry: &mut Entry) {
        let page = &self.pages[entry.page];
        let Some(accepted) = &page.fields.accepted else { return };
        let Detail::Question(question) = &mut entry.detail else { return };
        let stem = slug_of_answer(&accepted.value);
        match question.answers.iter_mut().find(|answer| answer_name(answer) == stem) {
            Some(answer) => answer.accepted = true,
            None => {
                let known: Vec<&str> = question.answers.iter().map(answer_name).collect();
                self.diagnostics.push(unknown_answer(page, accepted, nearest(&stem, known)));
            }
        }
    }

    /// Votes from elsewhere.
    fn votes(&self, address: &str, answer: Option<&str>) -> i64 {
        self.sources.votes(address.trim_matches('/'), answer)
    }

    /// Declared versions of the entry's products.
    fn versions(&self, entry: &Entry) -> &[String] {
        let products = &self.sources.config.products;
        let mut declared = products.iter().filter(|product| entry.products.contains(&product.id));
        declared.find(|product| !product.versions.is_empty()).map_or(&[], |product| &product.versions)
    }
}

/// Whether a reply says that it is the company's word.
fn is_response(fields: &Fields) -> bool {
    fields.response.as_ref().is_some_and(|response| response.value == MarkOrText::Mark(true))
}

/// The slug that a page's path gives it.
fn slug_of_page(page: &Page) -> String {
    let place = &page.place;
    slug::slug(if place.is_index() { place.folders.last().unwrap_or(&place.stem) } else { &place.stem })
}

/// What `accepted`, `on` and `confirms` call an answer: its stem, or `self` for the one in the question's file.
fn answer_name(answer: &Answer) -> &str {
    if answer.reply.stem.is_empty() { "self" } else { &answer.reply.stem }
}

fn slug_of_answer(text: &str) -> String {
    slug::slug(text.trim().trim_start_matches('@').trim_start_matches("answer-").trim_end_matches(".md"))
}

/// When a file was written and changed: its front matter, else git.
fn dates(sources: &Sources, page: &Page) -> (Option<Moment>, Option<Moment>) {
    let of_field = |field: &Option<Spanned<crate::page::date::Date>>| {
        field.as_ref().and_then(|date| sources.moment(&date.value))
    };
    let (added, changed) = sources.committed(&page.path);
    let date = of_field(&page.fields.date).or(added);
    let updated = of_field(&page.fields.updated).or(changed);
    let updated = updated.filter(|updated| date.is_none_or(|date| updated.date > date.date));
    (date, updated)
}

/// Cuts the parts out of a body that fill fields; the rest stays the text. `first` is the first block
/// that is no part of the title.
fn sections(
    body: &Body,
    first: usize,
    wanted: &[&str],
    field_of: impl Fn(&str) -> Option<&'static str>,
) -> (Sections, Vec<Range<u32>>) {
    let mut sections = Sections::default();
    let mut rest: Vec<Range<u32>> = Vec::new();
    let blocks = &body.blocks;
    let mut at = first;
    while at < blocks.len() {
        let heading = match &blocks[at].kind {
            BlockKind::Heading(index) if !wanted.is_empty() => Some(&body.headings[*index as usize]),
            _ => None,
        };
        let field = heading
            .filter(|heading| heading.level <= 2)
            .and_then(|heading| field_of(&heading.text))
            .filter(|field| !sections.0.contains_key(field));
        let (Some(heading), Some(field)) = (heading, field) else {
            extend(&mut rest, &blocks[at].segments);
            at += 1;
            continue;
        };
        let ends = |kind: &BlockKind| match kind {
            // An answer goes on to the end of the file.
            _ if field == words::ANSWER => false,
            BlockKind::Heading(index) => body.headings[*index as usize].level <= heading.level,
            _ => false,
        };
        let end = (at + 1..blocks.len()).find(|it| ends(&blocks[*it].kind)).unwrap_or(blocks.len());
        if end > at + 1 {
            let ranges = blocks[at + 1].segments.start..blocks[end - 1].segments.end;
            let text = blocks[at + 1].text.start..blocks[end - 1].text.end;
            sections.0.insert(field, Section { body: ranges, text });
        }
        at = end;
    }
    (sections, rest)
}

fn extend(ranges: &mut Vec<Range<u32>>, next: &Range<u32>) {
    match ranges.last_mut() {
        Some(last) if last.end == next.start => last.end = next.end,
        _ => ranges.push(next.clone()),
    }
}

fn joined(ranges: &[Range<u32>]) -> Range<u32> {
    match (ranges.first(), ranges.last()) {
        (Some(first), Some(last)) => first.start..last.end,
        _ => 0..0,
    }
}

fn text_of(body: &Body, ranges: &[Range<u32>]) -> Range<u32> {
    let mut inside =
        body.blocks.iter().filter(|block| ranges.iter().any(|it| it.contains(&block.segments.start)));
    match (inside.next(), inside.next_back()) {
        (Some(first), last) => first.text.start..last.unwrap_or(first).text.end,
        _ => 0..0,
    }
}

/// How much deeper headings must stand so that the highest one becomes `top`.
fn demote(body: &Body, ranges: &[Range<u32>], top: u8) -> u8 {
    let inside = |segment: u32| ranges.iter().any(|range| range.contains(&segment));
    let highest =
        body.headings.iter().filter(|heading| inside(heading.segment)).map(|heading| heading.level).min();
    highest.map_or(0, |highest| top.saturating_sub(highest))
}

/// The first line of the text, or of the best there is instead.
fn description(page: &Page, body: &[Range<u32>], detail: &Detail) -> String {
    let body_text = |ranges: &[Range<u32>]| {
        let inside = |at: u32| ranges.iter().any(|range| range.contains(&at));
        let blocks = page.body.blocks.iter().filter(|block| inside(block.segments.start));
        let mut texts =
            blocks.filter(|block| !matches!(block.kind, BlockKind::Heading(_) | BlockKind::Code(_)));
        texts.find_map(|block| {
            let text = page.body.text.get(block.text.start as usize..block.text.end as usize)?;
            (!text.trim().is_empty()).then(|| one_line(text, DESCRIPTION))
        })
    };
    let sections = match detail {
        Detail::Story(story) => Some(&story.sections),
        Detail::HowTo(sections) => Some(sections),
        _ => None,
    };
    let section_texts = sections.into_iter().flat_map(|sections| sections.0.values());
    let mut in_order: Vec<Range<u32>> = section_texts.map(|section| section.body.clone()).collect();
    in_order.sort_by_key(|range| range.start);
    if let Detail::Question(question) = detail {
        in_order.extend(question.answers.first().map(|answer| answer.reply.body.clone()));
    }
    body_text(body).or_else(|| body_text(&in_order)).unwrap_or_default()
}

/// A text in one line of at most `limit` characters, cut between words.
#[must_use]
pub fn one_line(text: &str, limit: usize) -> String {
    let mut line = String::new();
    let mut count = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if count + length + 1 > limit {
            if line.is_empty() {
                line.extend(word.chars().take(limit));
            }
            line.push('…');
            return line;
        }
        if !line.is_empty() {
            line.push(' ');
            count += 1;
        }
        line.push_str(word);
        count += length;
    }
    line
}

/// Whether the front matter fills the field itself, so that the heading stays a heading.
fn is_overridden(page: &Page, field: &str) -> bool {
    let fields = &page.fields;
    match field {
        "problem" => fields.problem.is_some(),
        "why" => fields.why.is_some(),
        "outcome" => fields.outcome.is_some(),
        "needs" => !fields.needs.is_empty(),
        _ => false,
    }
}

fn customer(page: &Page, authors: &[String], people: &People) -> String {
    page.fields.customer.as_ref().map_or_else(
        || authors.first().map_or_else(String::new, |author| people.name(author).to_string()),
        |customer| customer.value.clone(),
    )
}

fn ribbon(sources: &Sources, page: &Page, standing: &Standing) -> Option<&'static str> {
    match standing.status {
        Status::Draft => Some("draft"),
        Status::Hidden => Some("hidden"),
        _ if is_future(sources, page) => Some("future"),
        _ => None,
    }
}

fn oldest_first(replies: &mut [Reply]) {
    replies.sort_by(|a, b| (a.date.is_none(), a.date, &a.stem).cmp(&(b.date.is_none(), b.date, &b.stem)));
}

fn unique(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    names.filter(|name| seen.insert(name.clone())).collect()
}

/// The field without which a page of its kind means nothing.
fn missing_field(sources: &Sources, page: &Page) -> Option<Diagnostic> {
    let fields = &page.fields;
    match page.place.kind {
        Kind::Story => {
            let customer = fields.customer.as_ref()?;
            let given = fields.consent.as_ref().is_some_and(|consent| consent.value.given);
            let is_author = || {
                let named = slug::handle(&customer.value);
                fields.authors.iter().any(|author| slug::handle(&author.value) == named)
                    || sources.committers(&page.path).iter().any(|author| slug::handle(&author.name) == named)
            };
            (!given && !is_author()).then(|| no_consent(page, customer))
        }
        Kind::Idea => {
            let state = fields.state.as_ref().filter(|state| state.value == State::Shipped)?;
            fields.fulfilled_by.is_none().then(|| no_fulfilment(page, state.span))
        }
        Kind::Announcement => {
            let severity = fields.severity.as_ref().filter(|severity| severity.value == Urgency::Urgent)?;
            fields.expires.is_none().then(|| no_expiry(page, severity.span))
        }
        Kind::Link => fields.url.is_none().then(|| no_url(page)),
        _ => None,
    }
}

fn no_consent(page: &Page, customer: &Spanned<String>) -> Diagnostic {
    let message = format!("The story is about {}, but nothing says that they agreed to it", customer.value);
    Diagnostic::new(Rule::MissingField, &page.path, customer.span, message).help(
        "Ask them, then add a line such as `consent: yes, Ana Silva, 2026-11-21`: who agreed, and when. Until then \
         the story is left out.",
    )
}

fn no_fulfilment(page: &Page, span: Span) -> Diagnostic {
    Diagnostic::new(
        Rule::MissingField,
        &page.path,
        span,
        "The idea is shipped, but nothing says what fulfilled it",
    )
    .help(
        "Add a line such as `fulfilled_by: ../how-tos/dark-mode.md` or a version. Until then it is left out.",
    )
}

fn no_expiry(page: &Page, span: Span) -> Diagnostic {
    Diagnostic::new(Rule::MissingField, &page.path, span, "An urgent announcement must say when it ends")
        .help("Add a line such as `expires: 2026-12-31`. Until then it is left out.")
}

fn no_url(page: &Page) -> Diagnostic {
    Diagnostic::new(Rule::MissingField, &page.path, Span::START, "A link must say where it leads")
        .help("Add a line such as `url: https://example.org/`. Until then it is left out.")
}

fn missing_title(page: &Page, words: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::MissingTitle,
        &page.path,
        Span::START,
        "The page has no title, so its file name is used",
    )
    .help(format!("Begin the text with a heading: `# {words}`"))
}

fn heading_in_reply(page: &Page, sources: &Sources) -> Diagnostic {
    let span = page.body.headings.first().map_or(Span::START, |heading| heading.span);
    let line = sources.line(&page.path, span.line);
    let problem = Diagnostic::new(
        Rule::Heading,
        &page.path,
        span,
        "A reply needs no title: its first-level heading is shown smaller",
    )
    .help("Write the answer straight away, or use `##` for headings.");
    // Only a heading written with `#` can be mended in its own line.
    match line.filter(|line| line.starts_with("# ") && span.column == 1) {
        Some(line) => {
            let columns = u32::try_from(line.chars().count()).unwrap_or(u32::MAX);
            let fix = format!("#{line}");
            Diagnostic { end_line: span.line, end_column: columns + 1, ..problem }.fix(fix)
        }
        None => problem,
    }
}

fn empty_answer(page: &Page) -> Diagnostic {
    Diagnostic::new(Rule::MissingField, &page.path, Span::START, "The answer has no text")
        .help("Write the answer below the front matter, or say what the file is: `confirms: NAME`, `comment: true`.")
}

fn same_stem(page: &Page, first: &Page, stem: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::DuplicateAddress,
        &page.path,
        Span::START,
        format!("`{}` and `{}` both want to be the reply `{stem}`", page.path, first.path),
    )
    .help(format!("Rename this file, for example to `{stem}--2.md`. Until then it is left out."))
    .fix(format!("{stem}--2"))
}

fn own_confirmation(page: &Page, span: Span) -> Diagnostic {
    Diagnostic::new(Rule::Claim, &page.path, span, "Nobody can confirm their own answer")
        .help("Remove the confirmation. It is not counted.")
}

fn not_the_team(page: &Page, author: &str) -> Diagnostic {
    let span = page.fields.response.as_ref().map_or(Span::START, |it| it.span);
    Diagnostic::new(Rule::Claim, &page.path, span, format!("`{author}` does not speak for the company"))
        .help("Only people under `team:` in longhouse.yaml can give the company's response. It is shown as a comment.")
}

fn unknown_answer(page: &Page, named: &Spanned<String>, near: Option<&str>) -> Diagnostic {
    let problem = Diagnostic::new(
        Rule::UnknownAnswer,
        &page.path,
        named.span,
        format!("There is no answer `{}` to this question", named.value),
    );
    match near {
        Some(near) => problem.help(format!("Did you mean `{near}`? The line is ignored.")).fix(near),
        None => {
            problem.help("Name the file of the answer without `.md`, such as `ana`. The line is ignored.")
        }
    }
}
