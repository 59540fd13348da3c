//! What may be shown: neither drafts nor what lies in the future, nothing without the fields that it
//! cannot do without, and what moderators took down only as a tombstone.

use std::collections::{BTreeMap, BTreeSet};

use std::sync::Arc;

use jiff::civil::Date;

use super::classify::Role;
use super::people::{self, People};
use super::suggest::Suggestions;
use super::{LeftOut, Visibility};
use crate::diagnostic::{Diagnostic, Rule, Severity, Span, Spanned};
use crate::page::Head;
use crate::page::front_matter::{Consent, Field, State, Status, Urgency};
use crate::page::kind::Kind;
use crate::page::slug;
use crate::root;
use crate::source::Sources;

/// What became of a file: what moderators decided, else what the file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EffectiveStatus {
    /// Its status.
    pub status: Status,
    /// Why.
    pub reason: Option<String>,
}

/// What became of every file.
#[derive(Debug)]
pub struct StatusResolver<'a> {
    sources: &'a Sources,
    visibility: Visibility,
}

impl<'a> StatusResolver<'a> {
    /// For readers who see so much.
    #[must_use]
    pub fn new(sources: &'a Sources, visibility: Visibility) -> StatusResolver<'a> {
        StatusResolver { sources, visibility }
    }

    /// What became of a file.
    #[must_use]
    pub fn of(&self, page: &Head) -> EffectiveStatus {
        let decided = self
            .sources
            .moderation(&page.path)
            .map(|decision| EffectiveStatus { status: decision.status, reason: decision.reason.clone() });
        let EffectiveStatus { status, reason } = decided.unwrap_or_else(|| EffectiveStatus {
            status: page.fields.status.as_ref().map_or(Status::Published, |status| status.value),
            reason: page.fields.reason.as_ref().map(|reason| reason.value.clone()),
        });
        // Nobody but the customer decides about that, moderators neither.
        let status = if is_withdrawn(page) { Status::Hidden } else { status };
        EffectiveStatus { status, reason }
    }

    /// Whether readers see nothing of a file but that it was there.
    #[must_use]
    pub fn is_tombstone(&self, page: &Head) -> bool {
        !self.visibility.preview && self.of(page).status == Status::Hidden
    }

    /// Why a page is shown only because this is a preview.
    #[must_use]
    pub fn ribbon(&self, page: &Head) -> Option<&'static str> {
        if !self.visibility.preview {
            return None;
        }
        match self.of(page).status {
            Status::Draft => Some("draft"),
            Status::Hidden => Some("hidden"),
            _ if is_after(page, self.sources.preview_day) => Some("future"),
            _ => None,
        }
    }

    fn is_draft(&self, page: &Head) -> bool {
        !self.visibility.drafts && self.of(page).status == Status::Draft
    }

    fn is_future(&self, page: &Head) -> bool {
        is_after(page, self.sources.today)
    }
}

/// Whether the customer of a story no longer agrees to it.
#[must_use]
pub fn is_withdrawn(page: &Head) -> bool {
    page.place.kind == Kind::Story
        && page.fields.consent.as_ref().is_some_and(|consent| consent.value.withdrawn)
}

/// Whether a page is dated after a day. Without a day nothing is.
fn is_after(page: &Head, day: Option<Date>) -> bool {
    matches!((day, &page.fields.date), (Some(day), Some(date)) if date.value.day > day)
}

/// Holds what cannot or may not be shown: its role becomes [`Role::Held`]. `untouched_pages` says of each page whether
/// it is still what a template put there.
pub fn hold(
    statuses: &StatusResolver<'_>,
    people: &People,
    pages: &[&Head],
    untouched_pages: &[bool],
    roles: &mut [Role],
    diagnostics: &mut Vec<Diagnostic>,
) -> LeftOut {
    let mut left_out = LeftOut::default();
    for ((page, role), is_untouched) in
        pages.iter().zip(roles.iter_mut()).zip(untouched_pages.iter().copied())
    {
        let is_entry = matches!(role, Role::Entry { .. });
        if *role == Role::Held || page.held {
            *role = Role::Held;
        } else if statuses.is_draft(page) {
            left_out.drafts += 1;
            *role = Role::Held;
        } else if !statuses.visibility.preview && statuses.is_future(page) {
            left_out.future += 1;
            *role = Role::Held;
        } else if !is_entry && statuses.is_tombstone(page) {
            // A hidden entry leaves a tombstone at its address; a hidden reply has none.
            left_out.hidden += 1;
            *role = Role::Held;
        } else if is_untouched && (is_entry || matches!(role, Role::Reply { .. })) {
            diagnostics.push(untouched(page));
            *role = Role::Held;
        } else if is_entry
            && !statuses.is_tombstone(page)
            && let Some(problem) = missing_field(statuses.sources, people, page)
        {
            diagnostics.push(problem);
            *role = Role::Held;
        }
    }
    forgotten(statuses, pages, diagnostics);
    left_out
}

/// Decisions on files that are not there: a slip in a path must not leave a page up that was taken down.
fn forgotten(statuses: &StatusResolver<'_>, pages: &[&Head], diagnostics: &mut Vec<Diagnostic>) {
    let StatusResolver { sources, .. } = statuses;
    let mut suggestions = Suggestions::default();
    let file = Arc::from(root::MODERATION);
    let diagnosed: BTreeSet<&str> = sources.diagnostics.iter().map(|it| &*it.file).collect();
    for decision in sources.moderation.iter() {
        let path = decision.path.value.as_str();
        let is_there = [path, &format!("{}{path}", sources.content_prefix)].into_iter().any(|path| {
            sources.text(path).is_some() || sources.assets.contains_key(path) || diagnosed.contains(path)
        });
        if !is_there {
            let known = pages.iter().map(|page| &page.path[sources.content_prefix.len()..]);
            diagnostics.push(no_such_file(&file, &decision.path, suggestions.nearest(path, known)));
        }
    }
}

/// The field without which a page of its kind means nothing.
fn missing_field(sources: &Sources, people: &People, page: &Head) -> Option<Diagnostic> {
    let fields = &page.fields;
    match page.place.kind {
        Kind::Story => {
            let customer = fields.customer.as_ref()?;
            // One that was withdrawn hides the story, whoever may still see what is hidden.
            let is_said = |consent: &Spanned<Consent>| consent.value.given || consent.value.withdrawn;
            let given = fields.consent.as_ref().is_some_and(is_said);
            (!given && !is_author(sources, people, page, &customer.value)).then(|| no_consent(page, customer))
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

/// Whether one of the authors of a story is the customer that it is about.
fn is_author(sources: &Sources, people: &People, page: &Head, customer: &str) -> bool {
    let mut names = BTreeMap::new();
    let authors = people::authors(sources, people, page, None, &mut names, &mut Vec::new());
    let same = |name: &str| slug::fold(name.trim()) == slug::fold(customer.trim());
    let customer = people.handle(customer);
    authors.iter().any(|author| {
        *author == customer || same(people.name(author)) || names.get(author).is_some_and(|name| same(name))
    })
}

fn untouched(page: &Head) -> Diagnostic {
    Diagnostic::new(Rule::Empty, &page.path, Span::START, "The file still contains only its template.")
        .severity(Severity::Error)
        .help(
            "Replace it with your own title and text. Until then it is left out. If it was added by mistake, delete \
             it.",
        )
}

fn no_such_file(file: &Arc<str>, path: &Spanned<String>, near: Option<String>) -> Diagnostic {
    let problem = Diagnostic::new(
        Rule::UnknownReference,
        file,
        path.span,
        format!("The file `{}` does not exist, so the decision about it has no effect.", path.value),
    );
    match near {
        Some(near) => problem.guess(near, ""),
        None => problem.help("Correct the path, or remove the line if the file was deleted."),
    }
}

fn no_consent(page: &Head, customer: &Spanned<String>) -> Diagnostic {
    let unfilled = page.fields.key_span(Field::Consent);
    let span = page.fields.consent.as_ref().map(|consent| consent.span).or(unfilled).unwrap_or(customer.span);
    let message = format!("The story is about {}, but nothing says that they agreed to it.", customer.value);
    Diagnostic::new(Rule::MissingField, &page.path, span, message).help(
        "Ask them, then add who agreed and when, such as `consent: yes, Ana Silva, 2026-11-21`. Until then the story \
         is left out.",
    )
}

fn no_fulfilment(page: &Head, state: Span) -> Diagnostic {
    let span = page.fields.key_span(Field::FulfilledBy).unwrap_or(state);
    Diagnostic::new(
        Rule::MissingField,
        &page.path,
        span,
        "The idea is shipped, but it does not say what fulfilled it.",
    )
    .help(
        "Add a line such as `fulfilled_by: ../how-tos/dark-mode.md`, or a version. Until then it is left out.",
    )
}

fn no_expiry(page: &Head, severity: Span) -> Diagnostic {
    let span = page.fields.key_span(Field::Expires).unwrap_or(severity);
    Diagnostic::new(Rule::MissingField, &page.path, span, "An urgent announcement must say when it ends.")
        .help("Add a line such as `expires: 2026-12-31`. Until then it is left out.")
}

fn no_url(page: &Head) -> Diagnostic {
    let span = page.fields.key_span(Field::Url).unwrap_or(Span::START);
    Diagnostic::new(Rule::MissingField, &page.path, span, "A link needs an address.")
        .help("Add a line such as `url: https://example.org/`. Until then it is left out.")
}
