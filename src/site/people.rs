//! Who is who. A person is a handle: described by a file in `people/`, listed under `team:`, or known
//! only by what they wrote. Everyone who wrote something has a page, whether a file describes them or not.

use std::collections::{BTreeMap, BTreeSet};

use super::classify::Role;
use super::visibility::StatusResolver;
use super::{Answer, Detail, Entry, EntryId, PageId, Reply, naming, reserved, url};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Rule, Spanned};
use crate::page::front_matter::{Field, Fields, Role as FieldRole};
use crate::page::kind::Kind;
use crate::page::{Head, Lead, limits, slug};
use crate::source::Sources;

/// What the neutral handle of somebody who was forgotten begins with; a number follows.
pub const FORMER: &str = "former-member-";

/// Handles of those who wrote something, the first one first.
pub type Authors = Vec<String>;

/// Everyone, by handle.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct People {
    /// Handle to person.
    pub by_handle: BTreeMap<String, Person>,
    /// Folded names and handles to handles.
    names: BTreeMap<String, String>,
    /// Folded stems of files in `people/` to handles.
    stems: BTreeMap<String, String>,
}

/// Somebody of the community.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// The name to show.
    pub name: String,
    /// The file that describes them.
    pub page: Option<PageId>,
    /// The entry of that file.
    pub entry: Option<EntryId>,
    /// The role given by `team:`.
    pub team: Option<FieldRole>,
    /// Whether they want no page and no place in the directory.
    pub unlisted: bool,
    /// Their connection to the subject, as their page says.
    pub affiliation: Option<String>,
    /// What they gave.
    pub gave: Given,
}

/// What somebody gave, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    /// Answers, as entry and anchor.
    pub answers: Vec<(EntryId, String)>,
    /// Entries of every kind that they wrote.
    pub entries: Vec<EntryId>,
    /// Questions into which one of theirs was merged: answers to them are for them, too.
    pub merged: Vec<EntryId>,
    /// How often they said that something worked for them.
    pub confirmations: usize,
    /// How many comments they wrote.
    pub comments: usize,
}

impl Given {
    /// How much it is together.
    #[must_use]
    pub fn count(&self) -> usize {
        self.answers.len() + self.entries.len() + self.confirmations + self.comments
    }
}

/// The handles of `people/` and `team:`, which a reply's file may be named after.
#[must_use]
pub fn known(sources: &Sources, pages: &[&Head]) -> BTreeSet<String> {
    let described = pages.iter().filter(|page| page.place.kind == Kind::Person);
    let handles = described.flat_map(|page| [handle_of_page(page), handle_of_file(page)]);
    handles.chain(sources.config.team.keys().map(|handle| slug::handle(handle))).collect()
}

impl People {
    /// Everyone whom a file or the configuration describes.
    #[must_use]
    pub fn new(config: &Config, pages: &[&Head], roles: &[Role], statuses: &StatusResolver<'_>) -> People {
        let mut people = People::default();
        for (id, page) in pages.iter().enumerate() {
            let Role::Entry { slug, .. } = &roles[id] else { continue };
            if page.place.kind != Kind::Person {
                continue;
            }
            let name = display_name(page);
            people.names.entry(slug::fold(&name)).or_insert_with(|| slug.clone());
            people.names.insert(slug::fold(slug), slug.clone());
            people.names.entry(slug::fold(name_of_file(page))).or_insert_with(|| slug.clone());
            // The file's name is a handle too, where the front matter gives another slug.
            people.stems.entry(slug::fold(&handle_of_file(page))).or_insert_with(|| slug.clone());
            let unlisted =
                page.fields.listed.as_ref().is_some_and(|it| !it.value) || statuses.is_tombstone(page);
            let affiliation = page.fields.affiliation.as_ref().filter(|_| !unlisted);
            let affiliation = affiliation.map(|it| it.value.clone());
            let person = Person { name, page: Some(id), unlisted, affiliation, ..Person::default() };
            people.by_handle.insert(slug.clone(), person);
        }
        for (written, role) in &config.team {
            let handle = slug::handle(written);
            people.names.insert(slug::fold(&handle), handle.clone());
            let person = people.by_handle.entry(handle.clone()).or_insert_with(|| Person {
                name: slug::words(written.trim_start_matches('@')),
                ..Person::default()
            });
            person.team = Some(*role);
        }
        people
    }

    /// The handle that a handle or a name means. What has the form of a handle is one: nobody takes over
    /// what others wrote by calling themselves by their handle.
    #[must_use]
    pub fn handle(&self, text: &str) -> String {
        let text = text.trim();
        if text.is_empty() {
            return String::new();
        }
        let bare = text.trim_start_matches('@');
        if bare.len() < text.len() || slug::slug(bare) == bare {
            return self.of_stem(&slug::slug(bare));
        }
        self.of_name(bare)
    }

    /// The handle that a name means, as git knows it. Nobody has none.
    #[must_use]
    pub fn of_name(&self, text: &str) -> String {
        // However many spaces somebody typed, they mean the same person.
        let text = &text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            return String::new();
        }
        self.names.get(&slug::fold(text)).cloned().unwrap_or_else(|| guard(slug::handle(text)))
    }

    /// The handle that the stem of a reply's file means, which is never a name.
    #[must_use]
    pub fn of_stem(&self, stem: &str) -> String {
        if self.by_handle.contains_key(stem) {
            return stem.to_string();
        }
        self.stems.get(&slug::fold(stem)).cloned().unwrap_or_else(|| guard(stem.to_string()))
    }

    /// The person of a handle.
    #[must_use]
    pub fn get(&self, handle: &str) -> Option<&Person> {
        self.by_handle.get(handle)
    }

    /// The name to show for a handle.
    #[must_use]
    pub fn name<'a>(&'a self, handle: &'a str) -> &'a str {
        self.get(handle).map_or(handle, |person| person.name.as_str())
    }

    /// Whether the person speaks for the company.
    #[must_use]
    pub fn is_team(&self, handle: &str) -> bool {
        self.get(handle).is_some_and(|person| person.team.is_some())
    }

    /// Whether the handle has a page that links may lead to.
    #[must_use]
    pub fn has_page(&self, handle: &str) -> bool {
        self.get(handle).is_some_and(|person| !person.unlisted)
    }

    /// Whether the handle may be praised: it has a page, and is not the neutral one of somebody who was forgotten.
    #[must_use]
    pub fn is_named(&self, handle: &str) -> bool {
        let number = handle.strip_prefix(FORMER).filter(|rest| !rest.is_empty());
        let is_former = number.is_some_and(|rest| rest.bytes().all(|digit| digit.is_ascii_digit()));
        !is_former && self.has_page(handle)
    }

    /// The handles of those who want no page, in order.
    #[must_use]
    pub fn unlisted(&self) -> Vec<&str> {
        let unlisted = self.by_handle.iter().filter(|(_, person)| person.unlisted);
        unlisted.map(|(handle, _)| handle.as_str()).collect()
    }

    /// Whether somebody's page has this address.
    #[must_use]
    pub fn at_address(&self, address: &str) -> bool {
        address
            .strip_prefix(url::PEOPLE)
            .map(|rest| rest.trim_end_matches('/'))
            .is_some_and(|handle| !handle.contains('/') && self.has_page(&slug::slug(handle)))
    }

    /// Adds everybody who wrote something, and what they gave. Entries come in order of kind and slug.
    pub fn collect(&mut self, entries: &[Entry], names: &BTreeMap<&str, &str>) {
        for (id, entry) in entries.iter().enumerate() {
            if entry.kind == Kind::Person {
                if let Some(person) = self.by_handle.get_mut(&entry.slug) {
                    person.entry = Some(id);
                    // What was removed stays removed: a tombstone stands at the address, and the handle
                    // alone where they wrote something.
                    if !entry.is_listed() {
                        person.unlisted = true;
                        person.name.clone_from(&entry.slug);
                    }
                }
                continue;
            }
            if !entry.is_listed() {
                continue;
            }
            for handle in &entry.authors {
                self.person(handle, names).gave.entries.push(id);
            }
            let comments = entry.comments.iter().chain(&entry.responses);
            for reply in comments {
                self.comment(reply, names);
            }
            if let Detail::HowTo(how_to) = &entry.detail {
                for confirmation in &how_to.confirmations {
                    self.person(&confirmation.handle, names).gave.confirmations += 1;
                }
            }
            for answer in entry.question().map_or(&[][..], |question| &question.answers) {
                self.answer(id, entry, answer, names);
            }
        }
        // Whoever only asked what others had asked has no page, so nobody is added here.
        for (id, entry) in entries.iter().enumerate().filter(|(_, entry)| entry.is_listed()) {
            for handle in entry.duplicates().iter().flat_map(|it| &it.authors) {
                if let Some(person) = self.by_handle.get_mut(handle) {
                    person.gave.merged.push(id);
                }
            }
        }
        let newest = |a: &EntryId, b: &EntryId| {
            let (a, b) = (&entries[*a], &entries[*b]);
            b.date
                .map(|it| it.date)
                .cmp(&a.date.map(|it| it.date))
                .then_with(|| (a.kind, &a.slug).cmp(&(b.kind, &b.slug)))
        };
        for person in self.by_handle.values_mut() {
            person.gave.entries.sort_by(newest);
            person.gave.answers.sort_by(|a, b| newest(&a.0, &b.0).then_with(|| a.1.cmp(&b.1)));
        }
    }

    fn answer(&mut self, id: EntryId, entry: &Entry, answer: &Answer, names: &BTreeMap<&str, &str>) {
        // An answer in the question's own file is the author's, who is there already for the question.
        let authors = if answer.reply.stem.is_empty() { &entry.authors } else { &answer.reply.authors };
        for handle in authors {
            self.person(handle, names).gave.answers.push((id, answer.reply.anchor.clone()));
        }
        for confirmation in &answer.confirmations {
            self.person(&confirmation.handle, names).gave.confirmations += 1;
        }
        for reply in &answer.comments {
            self.comment(reply, names);
        }
    }

    fn comment(&mut self, reply: &Reply, names: &BTreeMap<&str, &str>) {
        for handle in &reply.authors {
            self.person(handle, names).gave.comments += 1;
        }
    }

    fn person(&mut self, handle: &str, names: &BTreeMap<&str, &str>) -> &mut Person {
        self.by_handle.entry(handle.to_string()).or_insert_with(|| Person {
            name: names.get(handle).map_or_else(|| handle.to_string(), ToString::to_string),
            ..Person::default()
        })
    }
}

/// Who wrote a file, and the names they went by: the front matter, else the reply's stem, else git.
/// With `trust: git` only those count whom the commit names that added the file.
pub fn authors(
    sources: &Sources,
    people: &People,
    page: &Head,
    stem: Option<&str>,
    names: &mut BTreeMap<String, String>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Authors {
    let committed = || sources.committers(&page.path);
    let of_git = |names: &mut BTreeMap<String, String>| -> Authors {
        let mut handles = Authors::new();
        // Anyone who writes a commit writes its `Co-authored-by` lines, too.
        for person in committed().iter().take(Field::Authors.limit().items()) {
            let handle = match person.login() {
                Some(login) => people.handle(login),
                None => people.of_name(&person.name),
            };
            if handle.is_empty() {
                continue;
            }
            let name = if person.name.is_empty() { &handle } else { &person.name };
            names
                .entry(handle.clone())
                .or_insert_with(|| limits::cut(name, limits::NAME).unwrap_or_else(|| name.clone()));
            if !handles.contains(&handle) {
                handles.push(handle);
            }
        }
        handles
    };
    let mut claimed = Authors::new();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for author in &page.fields.authors {
        let handle = people.handle(&author.value);
        if author.value.chars().any(|it| it.is_whitespace() || it.is_uppercase()) {
            names.entry(handle.clone()).or_insert_with(|| author.value.clone());
        }
        if !handle.is_empty() && seen.insert(handle.clone()) {
            claimed.push(handle);
        }
    }
    if let Some(stem) = stem.filter(|_| claimed.is_empty()) {
        claimed.push(people.of_stem(stem));
    }
    if claimed.is_empty() {
        let authors = of_git(names);
        if authors.is_empty() && committed().iter().any(|person| !person.email.is_empty()) {
            diagnostics.push(known_by_email(page));
        }
        return authors;
    }
    if !sources.config.trust_git {
        // Anyone who is called as in the commit has the name that stands there.
        let mut of_commit = BTreeMap::new();
        of_git(&mut of_commit);
        of_commit.retain(|handle, _| claimed.contains(handle));
        of_commit.into_iter().for_each(|(handle, name)| {
            names.entry(handle).or_insert(name);
        });
        return claimed;
    }
    let proven = of_git(names);
    let unproven: Vec<String> = claimed.iter().filter(|handle| !proven.contains(handle)).cloned().collect();
    if unproven.is_empty() {
        return claimed;
    }
    diagnostics.push(unproven_author(page, &unproven[0], proven.first().map(String::as_str)));
    claimed.retain(|handle| proven.contains(handle));
    if claimed.is_empty() { proven } else { claimed }
}

/// The handle of a page in `people/`.
fn handle_of_page(page: &Head) -> String {
    naming::plain(&naming::parts_of(page))
}

fn handle_of_file(page: &Head) -> String {
    slug::slug(name_of_file(page))
}

/// The name of a file in `people/`, as it is written.
pub(super) fn name_of_file(page: &Head) -> &str {
    naming::parts(&page.place, None).last().copied().unwrap_or(&page.place.stem)
}

fn display_name(page: &Head) -> String {
    let fields: &Fields = &page.fields;
    let own: Option<&Spanned<String>> = fields.name.as_ref().or(fields.title.as_ref());
    match (own, &page.lead) {
        (Some(name), _) => name.value.clone(),
        (None, Lead::Heading(text) | Lead::Bold(text) | Lead::BoldLine(text)) => text.clone(),
        (None, Lead::None) => slug::words(naming::written(page)),
    }
}

/// A handle must not take the place of a file that the site itself has under `/people/`.
fn guard(handle: String) -> String {
    // Most handles are no such name at first sight.
    let may_be = handle.contains('.') || handle == "page";
    if may_be && reserved::owner(&url::person(&handle)).is_some() {
        handle.replace('.', "-") + "-"
    } else {
        handle
    }
}

fn known_by_email(page: &Head) -> Diagnostic {
    Diagnostic::new(
        Rule::Email,
        &page.path,
        crate::diagnostic::Span::START,
        "Git knows the author only by an email address, so no author is shown.",
    )
    .help(
        "Add `authors: [HANDLE]` to the front matter, or a line such as `Ana Silva <address>` to `.mailmap`.",
    )
}

fn unproven_author(page: &Head, claimed: &str, proven: Option<&str>) -> Diagnostic {
    let span = page.fields.authors.first().map_or(crate::diagnostic::Span::START, |author| author.span);
    let who =
        proven.map_or_else(|| "someone whom git does not know".to_string(), |handle| format!("`{handle}`"));
    Diagnostic::new(
        Rule::Claim,
        &page.path,
        span,
        format!("The file says that `{claimed}` wrote it, but it was added by {who}."),
    )
    .help("This site trusts git (`trust: git`), so the page is published under the name that git knows.")
}
