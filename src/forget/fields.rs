//! The fields in which people are named, and what stands there afterwards. Which fields these are, the tables say: those
//! of front matter and those of the company's own files.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::person::Person;
use crate::config::keys::Setting;
use crate::data;
use crate::diagnostic::{Rule, Span};
use crate::edit::Edit;
use crate::page::Page;
use crate::page::front_matter::{Field, Form};
use crate::page::kind::Kind;
use crate::rename::Lines;
use crate::root;
use crate::site::classify::Role;
use crate::site::{PageId, Site};
use crate::source::Sources;
use crate::yaml::key::{HANDLE, Key, Keys, Takes};
use crate::yaml::{self, Dialect, Node, NodeKind, Shape};

/// The company's files of names and values that name people, and what stands in them.
fn tables() -> [(&'static str, Takes); 3] {
    [
        (root::CONFIG, Takes::Map(Setting::KEYS)),
        (root::MODERATION, data::MODERATION),
        (root::REACTIONS, data::REACTIONS),
    ]
}

/// Gives every value of a page's front matter that names somebody, with its place. The name of a person in their own file
/// names nobody else.
pub(super) fn of_people<'p>(page: &'p Page, take: &mut dyn FnMut(&'p str, Span)) {
    for field in Field::ALL.iter().filter(|field| field.form().is_of_people() && **field != Field::Name) {
        page.fields.each_name(*field, take);
    }
}

/// What changes in the front matter of a page so that it names somebody by their neutral handle. `site` knows their
/// names, `page` is a file as it reads now.
pub(super) fn renamed(
    site: &Site,
    person: &Person,
    page: &Page,
    confirms_how_to: bool,
    text: &str,
    notes: &mut Vec<String>,
) -> BTreeSet<Edit> {
    let mut edits = BTreeSet::new();
    let lines = Lines::new(text);
    let mut put = |name: &str, span: Span| {
        if person.is(site, name) {
            match place(&lines, text, span, name) {
                Some(at) => {
                    edits.insert(Edit { start: at.start, end: at.end, to: person.former.clone() });
                }
                None => notes.push(format!(
                    "{}:{}: Write `{}` instead of the name.",
                    page.path, span.line, person.former
                )),
            }
        }
    };
    of_people(page, &mut put);
    // Whoever confirms a how-to names its author there.
    if confirms_how_to {
        for field in Field::ALL.iter().filter(|field| matches!(field.form(), Form::Reply(_))) {
            page.fields.each_name(*field, &mut put);
        }
    }
    edits
}

/// Whether a page is a reply to a how-to.
pub(super) fn is_under_how_to(site: &Site, page: PageId) -> bool {
    let owner = match &site.roles()[page] {
        Role::Reply { owner, .. } => *owner,
        _ => return false,
    };
    site.pages()[owner].place.kind == Kind::HowTo
}

/// What changes in one of the company's files: people by handle or name, wherever its table has any.
pub(super) fn of_company(site: &Site, person: &Person, file: &str, text: &str) -> BTreeSet<Edit> {
    let mut edits = BTreeSet::new();
    let Some((_, takes)) = tables().into_iter().find(|(name, _)| *name == file) else { return edits };
    let dialect =
        Dialect { rule: Rule::Config, limit: 64 << 20, shape: |_| Shape::Other, is_known: |_| false };
    let document = yaml::read(&Arc::from(file), text, 0..text.len(), &dialect);
    let lines = Lines::new(text);
    each_person(&takes, &document.root, &mut |name, span| {
        if let Some(at) = place(&lines, text, span, name).filter(|_| person.is(site, name)) {
            edits.insert(Edit { start: at.start, end: at.end, to: person.former.clone() });
        }
    });
    edits
}

/// The company's files that may name people: headlines of feeds do in their texts.
pub(super) fn company_files(sources: &Sources) -> impl Iterator<Item = String> {
    let feeds = sources.feeds.keys().map(|slug| data::feed::path(slug));
    let own = [root::CONFIG, root::SEARCH_TESTS, root::REACTIONS, root::MODERATION];
    own.into_iter().map(str::to_string).chain(feeds)
}

/// Gives every name and every value that is somebody's, as far as the table says.
fn each_person(takes: &Takes, node: &Node<'_>, take: &mut dyn FnMut(&str, Span)) {
    let below = |keys: &[Key], node: &Node<'_>, take: &mut dyn FnMut(&str, Span)| {
        let NodeKind::Map(pairs) = &node.kind else { return };
        for (name, value) in pairs {
            if let Some(key) = keys.iter().find(|key| key.name == name.value) {
                each_person(&key.takes, value, take);
            }
        }
    };
    match takes {
        Takes::Person | Takes::People => match &node.kind {
            NodeKind::Scalar { text, .. } => text.split(',').for_each(|name| take(name.trim(), node.span)),
            NodeKind::List(items) => items.iter().for_each(|item| each_person(takes, item, take)),
            NodeKind::Map(_) | NodeKind::Null => {}
        },
        Takes::Map(keys) | Takes::Open(keys) => below(keys, node, take),
        Takes::List(keys) => {
            let NodeKind::List(items) = &node.kind else { return };
            items.iter().for_each(|item| below(keys, item, take));
        }
        Takes::Named(what, each) => {
            let NodeKind::Map(pairs) = &node.kind else { return };
            for (name, value) in pairs {
                if *what == HANDLE {
                    take(&name.value, name.span);
                }
                each_person(each, value, take);
            }
        }
        Takes::Either(shapes) => shapes.iter().for_each(|shape| each_person(shape, node, take)),
        _ => {}
    }
}

/// Where in a place a name stands, without the `@` before it.
fn place(lines: &Lines<'_>, text: &str, span: Span, name: &str) -> Option<std::ops::Range<usize>> {
    let range = lines.range(span)?;
    let bare = name.trim().trim_start_matches('@');
    let goes_on = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let is_whole = |at: usize| {
        let before = text[range.start..at].chars().next_back();
        let behind = text[at + bare.len()..range.end].chars().next();
        !before.is_some_and(goes_on) && !behind.is_some_and(goes_on)
    };
    let all = text[range.clone()].match_indices(bare).map(|(at, _)| range.start + at);
    all.filter(|_| !bare.is_empty()).find(|at| is_whole(*at)).map(|at| at..at + bare.len())
}
