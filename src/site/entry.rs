//! From files to entries: what a file and its headings say of itself, with the replies that belong to it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::classify::{Role, reply_stem};
use super::link::Structure;
use super::naming;
use super::people::{self, People};
use super::suggest::Suggestions;
use super::taxonomy::{self, TagNames};
use super::visibility::{EffectiveStatus, StatusResolver};
use super::{
    Answer, Detail, Entry, HowTo, Idea, Link, Moment, PageId, Question, Reply, Section, Story, headings,
    reply, section,
};
use crate::diagnostic::{Diagnostic, Rule, Span, Spanned};
use crate::page::front_matter::{State, Status};
use crate::page::kind::Kind;
use crate::page::{Lead, Page, slug};
use crate::source::Sources;

/// What entries are made out of.
#[derive(Debug)]
pub struct EntryInputs<'a> {
    pub(super) sources: &'a Sources,
    pub(super) pages: &'a [Arc<Page>],
    pub(super) people: &'a People,
    pub(super) statuses: &'a StatusResolver<'a>,
    pub(super) roles: &'a [Role],
    tag_names: &'a TagNames,
    /// Votes from elsewhere, by entry (`questions/slug`) and stem of the answer.
    reactions: BTreeMap<(String, Option<String>), Votes>,
    /// Replies that are held, by their path without extension: they are not shown, but they are there.
    pub(super) held_replies: &'a BTreeSet<String>,
}

/// What came to light while an entry was made.
#[derive(Debug, Default)]
pub struct Notes {
    /// The names that people went by, by handle.
    pub names: BTreeMap<String, String>,
    /// What is wrong with the entry and its replies.
    pub diagnostics: Vec<Diagnostic>,
    /// Replies that cannot be shown.
    pub held: Vec<PageId>,
}

/// Makes one entry with its replies, and remembers what it learns on the way.
#[derive(Debug)]
pub struct EntryBuilder<'a> {
    inputs: &'a EntryInputs<'a>,
    pub(super) names: BTreeMap<String, String>,
    pub(super) suggestions: Suggestions,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) held: Vec<PageId>,
    /// Replies beyond what one page shows, by their path without extension, folded: they are there all the same.
    pub(super) left_out: BTreeSet<String>,
}

impl<'a> std::ops::Deref for EntryBuilder<'a> {
    type Target = EntryInputs<'a>;

    fn deref(&self) -> &EntryInputs<'a> {
        self.inputs
    }
}

impl<'a> EntryInputs<'a> {
    /// Gathers what entries are made out of.
    #[must_use]
    pub fn new(
        sources: &'a Sources,
        pages: &'a [Arc<Page>],
        structure: &'a Structure,
        statuses: &'a StatusResolver<'a>,
        tag_names: &'a TagNames,
    ) -> EntryInputs<'a> {
        EntryInputs {
            sources,
            pages,
            people: &structure.described,
            statuses,
            roles: &structure.roles,
            tag_names,
            reactions: reactions(sources),
            held_replies: &structure.held_replies,
        }
    }

    /// Makes the entry of a page, with the replies and the duplicates that belong to it. Nothing for what is
    /// no entry of its own.
    #[must_use]
    pub fn make(&self, id: PageId, structure: &Structure) -> Option<(Entry, Notes)> {
        let address = structure.addresses.of.get(&id).filter(|_| !structure.merged.contains_key(&id))?;
        let Role::Entry { slug, topics } = &self.roles[id] else { return None };
        let mut builder = EntryBuilder {
            inputs: self,
            names: BTreeMap::new(),
            suggestions: Suggestions::default(),
            diagnostics: Vec::new(),
            held: Vec::new(),
            left_out: BTreeSet::new(),
        };
        let mut entry = builder.entry(id, slug.clone(), topics, address);
        let replies = structure.replies.get(&id).map_or(&[][..], Vec::as_slice);
        let duplicates = structure.duplicates.get(&id).map_or(&[][..], Vec::as_slice);
        reply::attach(&mut builder, &mut entry, duplicates, replies);
        entry.line = section::line(self.pages, &entry);
        entry.changed = entry.last_change();
        let EntryBuilder { names, diagnostics, held, .. } = builder;
        Some((entry, Notes { names, diagnostics, held }))
    }
}

impl EntryBuilder<'_> {
    /// Makes one entry without its replies.
    pub(super) fn entry(&mut self, id: PageId, slug: String, topics: &[String], address: &str) -> Entry {
        let page = &self.pages[id];
        let fields = &page.fields;
        let kind = page.place.kind;
        let (title, first) = self.title(page);
        let authors = if kind == Kind::Person {
            Vec::new()
        } else {
            people::authors(self.sources, self.people, page, None, &mut self.names, &mut self.diagnostics)
        };
        let EffectiveStatus { status, reason } = self.statuses.of(page);
        let (date, updated) = dates(self.sources, page);
        let config = &self.sources.config;
        let wanted: &[&'static str] = match kind {
            Kind::Question if !page.place.faq => &[headings::ANSWER],
            Kind::Story => &["problem", "why", "outcome"],
            Kind::HowTo => &["needs", "steps"],
            _ => &[],
        };
        let (sections, mut body) = section::cut(&page.body, first, |heading| {
            headings::field_of(heading, wanted, config).filter(|field| !is_overridden(page, field))
        });
        let detail = match kind {
            Kind::Question => {
                let faq = page.place.faq;
                let whole = faq.then(|| section::joined(&page.body, &std::mem::take(&mut body)));
                let inline = whole.as_ref().or_else(|| sections.0.get(headings::ANSWER));
                let inline = inline.filter(|section| !section.body.is_empty());
                let answers = inline.map(|section| self.inline_answer(id, section, &authors, &slug));
                Detail::Question(Question {
                    faq,
                    also_asked: fields.also_asked.iter().map(|it| it.value.clone()).collect(),
                    answers: answers.into_iter().collect(),
                    duplicates: Vec::new(),
                })
            }
            Kind::Story => Detail::Story(Story { customer: customer(page, &authors, self.people), sections }),
            Kind::HowTo => Detail::HowTo(HowTo { sections, confirmations: Vec::new() }),
            Kind::Idea => Detail::Idea(self.idea(page, &slug)),
            Kind::Link => Detail::Link(Link {
                run_by: unique(fields.run_by.iter().map(|it| self.people.handle(&it.value))),
            }),
            Kind::Announcement | Kind::Person | Kind::Page => Detail::Plain,
        };
        let description = fields
            .description
            .as_ref()
            .map_or_else(|| section::description(page, &body, &detail), |text| text.value.clone());
        let tags = topics.iter().map(String::as_str).chain(fields.tags.iter().map(|it| it.value.as_str()));
        let votes = self.reactions_to(kind, &slug, None);
        let topic = topics.iter().rev().find(|topic| !topic.trim().is_empty());
        Entry {
            page: id,
            kind,
            address: address.to_string(),
            title,
            authors,
            date,
            updated,
            tags: unique(tags.filter(|tag| !tag.trim().is_empty()).map(|name| self.tag_names.slug(name))),
            topic: topic.map(|topic| self.tag_names.slug(topic)),
            products: unique(fields.products.iter().map(|it| taxonomy::product_id(config, &it.value))),
            versions: fields.versions.iter().map(|it| it.value.clone()).collect(),
            status,
            reason,
            ribbon: self.statuses.ribbon(page),
            score: fields.score.as_ref().map_or(0, |score| score.value).saturating_add(votes),
            demote: section::demote(&page.body, &body, 2),
            description,
            body,
            detail,
            slug,
            line: String::new(),
            comments: Vec::new(),
            responses: Vec::new(),
            changed: None,
        }
    }

    /// Votes from elsewhere for an answer by its stem, whose question is `owner`.
    pub(super) fn votes(&self, owner: PageId, entry: &Entry, stem: Option<&str>) -> i64 {
        let slug = match &self.roles[owner] {
            Role::Entry { slug, .. } if owner != entry.page => slug,
            _ => &entry.slug,
        };
        self.reactions_to(entry.kind, slug, stem)
    }

    fn reactions_to(&self, kind: Kind, slug: &str, stem: Option<&str>) -> i64 {
        self.votes_for(kind, slug, stem).map_or(0, |votes| votes.count)
    }

    fn votes_for(&self, kind: Kind, slug: &str, stem: Option<&str>) -> Option<&Votes> {
        if self.reactions.is_empty() {
            return None;
        }
        let key = (slug::fold(&format!("{}/{slug}", kind.plural())), stem.map(slug::fold));
        self.reactions.get(&key)
    }

    /// Who wants an idea, as far as its file and the votes from elsewhere say it, and since when it stands as it does.
    fn idea(&self, page: &Page, slug: &str) -> Idea {
        let fields = &page.fields;
        let votes = self.votes_for(Kind::Idea, slug, None);
        let voters = votes.map_or(&[][..], |votes| &votes.by);
        let named =
            fields.supporters.iter().map(|it| it.value.as_str()).chain(voters.iter().map(String::as_str));
        let nameless = votes
            .map_or(0, |votes| votes.count)
            .saturating_sub(i64::try_from(voters.len()).unwrap_or(i64::MAX));
        let history = self.sources.field_histories.as_ref().and_then(|known| known.get(&*page.path));
        let day = |at: jiff::Timestamp| at.to_zoned(self.sources.config.timezone.clone()).date();
        let horizon = fields.horizon.as_ref();
        // Nothing happened on a day that is still to come.
        let past = |day: &jiff::civil::Date| self.sources.today.is_none_or(|today| *day <= today);
        let written = fields.horizon_since.as_ref().map(|since| since.value.day).filter(past);
        let state = fields.state.as_ref().map_or(State::Open, |state| state.value);
        Idea {
            supporters: unique(named.map(|name| self.people.handle(name)).filter(|it| !it.is_empty())),
            votes: usize::try_from(nameless).unwrap_or_default(),
            state_since: history.and_then(|it| it.since(state)).map(day),
            horizon_since: horizon.and_then(|horizon| {
                written.or_else(|| history.and_then(|it| it.horizon_since(horizon.value)).map(day))
            }),
            response_since: history.and_then(|it| it.response).map(day),
            updated: fields.updated.as_ref().map(|updated| updated.value.day).filter(past),
        }
    }

    /// The title, and the first block that is no part of it.
    fn title(&mut self, page: &Page) -> (String, usize) {
        let same = |a: &str, b: &str| slug::fold(a.trim()) == slug::fold(b.trim());
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
            (Some(title), _) => (title, 0),
            (None, Lead::Heading(lead) | Lead::Bold(lead)) if !lead.trim().is_empty() => (lead.clone(), 1),
            // The line is shown again, because the rest of its paragraph is.
            (None, Lead::BoldLine(lead)) if !lead.is_empty() => (lead.clone(), 0),
            (None, _) => {
                let words = slug::words(naming::written(page));
                if page.place.kind != Kind::Person && !self.statuses.is_tombstone(page) {
                    self.diagnostics.push(missing_title(self.sources, page, &words));
                }
                (words, 0)
            }
        }
    }

    /// The answer in the question's own file. Its stem is empty.
    fn inline_answer(&mut self, id: PageId, section: &Section, authors: &[String], slug: &str) -> Answer {
        let page = &self.pages[id];
        let (date, updated) = dates(self.sources, page);
        let votes = ["answer", "self"].iter().map(|stem| self.reactions_to(Kind::Question, slug, Some(stem)));
        Answer {
            accepted: false,
            score: votes.fold(0, i64::saturating_add),
            confirmations: reply::confirmations(self, page, authors),
            comments: Vec::new(),
            merged_from: Vec::new(),
            reply: Reply {
                page: id,
                stem: String::new(),
                sort_key: None,
                anchor: "answer".to_string(),
                authors: authors.to_vec(),
                date,
                updated,
                demote: section::demote(&page.body, std::slice::from_ref(&section.body), 3),
                body: section.body.clone(),
                text: section.text.clone(),
                id_prefix: "h-".to_string(),
                status: Status::Published,
                reason: None,
            },
        }
    }
}

/// When a file was written and changed: its front matter, else git.
pub(super) fn dates(sources: &Sources, page: &Page) -> (Option<Moment>, Option<Moment>) {
    let of_field = |field: &Option<Spanned<crate::page::date::Date>>| {
        field.as_ref().and_then(|date| sources.moment(&date.value))
    };
    let (added, changed) = sources.committed(&page.path);
    let date = of_field(&page.fields.date).or(added);
    let updated = of_field(&page.fields.updated).or(changed);
    let updated = updated.filter(|updated| date.is_none_or(|date| updated.date > date.date));
    (date, updated)
}

/// Votes from elsewhere for one entry or answer.
#[derive(Debug, Default)]
struct Votes {
    /// How many there are.
    count: i64,
    /// Those of the voters whose names are known, as somebody wrote them.
    by: Vec<String>,
}

fn reactions(sources: &Sources) -> BTreeMap<(String, Option<String>), Votes> {
    let mut votes: BTreeMap<(String, Option<String>), Votes> = BTreeMap::new();
    for reaction in sources.reactions.iter() {
        let stem = reaction.answer.as_ref().map(|stem| slug::fold(&reply_stem(stem)));
        let sum = votes.entry((slug::fold(&reaction.entry.value), stem)).or_default();
        sum.count = sum.count.saturating_add(reaction.votes);
        sum.by.extend(reaction.by.iter().map(|by| by.value.clone()));
    }
    votes
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

fn unique(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    names.filter(|name| seen.insert(name.clone())).collect()
}

fn missing_title(sources: &Sources, page: &Page, words: &str) -> Diagnostic {
    let said = |span, message: &str| Diagnostic::new(Rule::MissingTitle, &page.path, span, message);
    if let Some(block) = page.body.blocks.first() {
        if let Some(heading) = page.body.heading_of(0).filter(|heading| heading.level > 1) {
            let Span { line, column, end_line, .. } = heading.span;
            let problem = |span| {
                said(span, "This is not a first-level heading, so it is not the title.")
                    .help("Put a single `#` before a title. Until then the file name is used.")
            };
            // The words stay as they are, with their links; one that is underlined has no signs before it.
            let signs = Span::in_line(line, column, u32::from(heading.level));
            return if line == end_line { problem(signs).fix("#") } else { problem(heading.span) };
        }
        let first = sources.line(&page.path, block.span.line).unwrap_or_default().trim();
        let words = first.trim_start_matches('#');
        let is_heading =
            words.starts_with(char::is_alphanumeric) && words.contains(' ') && !words.contains('#');
        if words.len() < first.len() && is_heading {
            let columns = u32::try_from(first.chars().count()).unwrap_or(u32::MAX / 2);
            let Span { line, column, .. } = block.span;
            let span = Span { line, column, end_line: line, end_column: column + columns };
            return said(span, "A space is missing after the `#`, so this is not a title.")
                .help(format!("Write `# {words}`. Until then the file name is used."))
                .fix(format!("# {words}"));
        }
    }
    said(Span::START, "The page has no title, so its file name is used.")
        .help(format!("Start the text with a heading: `# {words}`."))
}
