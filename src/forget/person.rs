//! Who is to be forgotten: how they are called, wherever the site knows them from, and what they are called afterwards.

use std::collections::BTreeSet;

use super::names;
use crate::page::kind::Kind;
use crate::page::{Lead, Page, slug};
use crate::site::classify::Role;
use crate::site::people::FORMER;
use crate::site::suggest::{Budget, Names as Known};
use crate::site::{PageId, Site};
use crate::source::git;

/// Somebody who is to be forgotten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The handle.
    pub handle: String,
    /// Every name that the site shows or reads for it, as it is written: of their file, of fields that name people, of
    /// commits.
    pub names: BTreeSet<String>,
    /// The neutral handle that takes its place.
    pub former: String,
    /// The name that takes the place of names.
    pub former_name: String,
    /// As whom git knows them, by name and address, where a commit added a file of the content.
    pub commits: BTreeSet<git::Person>,
}

impl Person {
    /// Finds somebody by handle or name; `former` is the handle that somebody chose for afterwards.
    ///
    /// # Errors
    /// When the site knows nobody of that name, and when the handle for afterwards is no good one.
    pub fn find(site: &Site, said: &str, former: Option<&str>) -> Result<Person, String> {
        let handle = site.people().handle(said);
        if handle.starts_with(FORMER) {
            return Err(format!("`{handle}` is somebody who was forgotten already."));
        }
        let commits = commits(site, &handle);
        let is_known = site.people().get(&handle).is_some()
            || !commits.is_empty()
            || (0..site.pages().len()).any(|page| is_of(site, page, &handle))
            || fields_with(site, &handle, &mut |_| {});
        if !is_known {
            return Err(nobody(site, said));
        }
        let former = match former {
            Some(former) => chosen(site, former, &handle)?,
            None => next(site),
        };
        let mut names: BTreeSet<String> = BTreeSet::new();
        fields_with(site, &handle, &mut |name| {
            names.insert(name.to_string());
        });
        names.extend(site.people().get(&handle).map(|person| person.name.clone()));
        for page in site.pages().iter().filter(|page| page.place.kind == Kind::Person) {
            if slug::slug(&page.place.stem) == handle
                || own_name(page).is_some_and(|it| site.people().handle(it) == handle)
            {
                names.extend(own_name(page).map(str::to_string));
            }
        }
        names.extend(commits.iter().map(|person| person.name.clone()));
        names.retain(|name| !name.trim().is_empty() && *name != handle);
        let former_name = slug::words(&former);
        Ok(Person { handle, names, former, former_name, commits })
    }

    /// Whether a handle or a name that somebody wrote means this person, by what the site knows.
    #[must_use]
    pub fn is(&self, site: &Site, written: &str) -> bool {
        site.people().handle(written) == self.handle
    }

    /// Everything that must not stand anywhere afterwards: the handle and the names, and what else was given.
    #[must_use]
    pub fn spellings(&self, also: &[String]) -> Vec<String> {
        let all = std::iter::once(&self.handle).chain(&self.names).chain(also);
        all.map(|name| name.trim().to_string()).filter(|name| !name.is_empty()).collect()
    }

    /// The names that are nobody else's and no word: those of two words and more.
    pub fn full_names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str).filter(|name| names::count(name) > 1)
    }
}

/// Whether a file is somebody's by its name: what describes them, or a reply of theirs.
#[must_use]
pub(super) fn is_of(site: &Site, page: PageId, handle: &str) -> bool {
    let people = site.people();
    match &site.roles()[page] {
        Role::Reply { handle: of, .. } => !of.is_empty() && people.of_stem(of) == handle,
        Role::Entry { slug, .. } => site.pages()[page].place.kind == Kind::Person && slug == handle,
        // What is held is a file all the same.
        Role::Held => slug::slug(&site.pages()[page].place.stem) == handle,
        Role::TopicText(_) | Role::HomeText => false,
    }
}

/// Gives every value of a field of people that means a handle; whether there is one.
fn fields_with(site: &Site, handle: &str, take: &mut dyn FnMut(&str)) -> bool {
    let mut is_there = false;
    for page in site.pages() {
        super::fields::of_people(page, &mut |name, _| {
            if site.people().handle(name) == handle {
                is_there = true;
                take(name);
            }
        });
    }
    is_there
}

/// The name that a file of a person gives.
fn own_name(page: &Page) -> Option<&str> {
    let field = page.fields.name.as_ref().or(page.fields.title.as_ref()).map(|name| name.value.as_str());
    field.or(match &page.lead {
        Lead::Heading(text) | Lead::Bold(text) | Lead::BoldLine(text) => Some(text.as_str()),
        Lead::None => None,
    })
}

/// As whom git knows somebody.
fn commits(site: &Site, handle: &str) -> BTreeSet<git::Person> {
    let Some(history) = &site.sources().history else { return BTreeSet::new() };
    let people = site.people();
    let of = |person: &&git::Person| match person.login() {
        Some(login) => people.handle(login) == handle || people.of_name(&person.name) == handle,
        None => people.of_name(&person.name) == handle,
    };
    history.files.values().flat_map(|file| &file.added_by).filter(of).cloned().collect()
}

/// The next neutral handle: nobody gets one that somebody else had.
fn next(site: &Site) -> String {
    let stems = site.pages().iter().map(|page| page.place.stem.to_lowercase());
    let all = site.people().by_handle.keys().cloned().chain(stems);
    let numbers = all.filter_map(|handle| {
        let number = handle.strip_prefix(FORMER)?;
        let end = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
        number[..end].parse::<u32>().ok()
    });
    format!("{FORMER}{}", numbers.max().unwrap_or(0).saturating_add(1))
}

/// A handle that somebody chose.
fn chosen(site: &Site, former: &str, handle: &str) -> Result<String, String> {
    let plain = slug::handle(former);
    if plain != former {
        return Err(format!("`{former}` is not a handle. Write it in this form: `{plain}`."));
    }
    if names::Names::new([handle]).is_in(&plain) {
        return Err(format!("`{plain}` still contains `{handle}`. Choose a neutral name."));
    }
    let is_taken =
        site.people().get(&plain).is_some_and(|person| person.page.is_some() || person.team.is_some());
    if is_taken {
        return Err(format!("`{plain}` is somebody else. Choose a name that nobody has."));
    }
    Ok(plain)
}

fn nobody(site: &Site, said: &str) -> String {
    let handles = site.people().by_handle.keys().map(String::as_str);
    let near = Known::new(handles).nearest(&slug::handle(said), &mut Budget::default());
    let mean = near.map_or_else(String::new, |near| format!(" Did you mean `{near}`?"));
    format!("Nobody on this site is called `{said}`.{mean}")
}
