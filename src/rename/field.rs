//! Front matter that names what is moved: a duplicate, what fulfilled an idea, an answer, somebody by their
//! handle.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::place::Lines;
use super::{Edits, Scene, link};
use crate::diagnostic::{Span, Spanned};
use crate::edit::Edit;
use crate::page::front_matter::{Field, Form};
use crate::page::kind::Kind;
use crate::page::{Page, slug};
use crate::site::classify::{self, Role};
use crate::site::{PageId, Site, url};

/// Gives a page that says its own slug another one.
pub(super) fn own_slug(site: &Site, page: PageId, slug: &str, edits: &mut Edits) {
    let page = &site.pages()[page];
    if let (Some(own), Some(text)) = (&page.fields.slug, site.sources().text(&page.path)) {
        replace(edits, &page.path, text, own.span, &own.value, slug);
    }
}

/// Changes every field that names something by its old name.
pub(super) fn references(scene: &Scene<'_>, edits: &mut Edits) {
    let stems = stems(scene);
    let handles = handles(scene);
    for (id, page) in scene.before.pages().iter().enumerate() {
        let (Some(now), Some(text)) = (scene.ids[id], scene.before.sources().text(&page.path)) else {
            continue;
        };
        let fields = &page.fields;
        let mut put = |field: &Spanned<String>, to: &str| {
            replace(edits, &page.path, text, field.span, &field.value, to);
        };
        if let Some(field) = &fields.duplicate_of
            && let Some(slug) = duplicate(scene, &field.value)
        {
            put(field, &with_slug(&field.value, &slug));
        }
        if let Some(field) = &fields.fulfilled_by
            && let Some(to) =
                link::address(scene, Some((id, now)), page, &scene.after.pages()[now], &field.value)
        {
            put(field, &to);
        }
        let owner = match &scene.before.roles()[id] {
            Role::Reply { owner, .. } => *owner,
            _ => id,
        };
        if let Some(stems) = stems.get(&owner) {
            for field in [&fields.accepted, &fields.on, &fields.confirms].into_iter().flatten() {
                if let Some((_, new)) = stems.iter().find(|(old, _)| is_stem(&field.value, old)) {
                    put(field, new);
                }
            }
        }
        if !handles.is_empty() {
            people(page, text, &handles, edits);
        }
    }
}

/// By page: the stems of its replies that changed, old and new.
pub(super) fn stems(scene: &Scene<'_>) -> BTreeMap<PageId, Vec<(String, String)>> {
    let mut stems: BTreeMap<PageId, Vec<(String, String)>> = BTreeMap::new();
    for (id, now) in scene.ids.iter().enumerate() {
        let Some(now) = *now else { continue };
        if let (Role::Reply { owner, stem: old, .. }, Role::Reply { owner: new_owner, stem: new, .. }) =
            (&scene.before.roles()[id], &scene.after.roles()[now])
            && old != new
            && scene.ids[*owner] == Some(*new_owner)
        {
            stems.entry(*owner).or_default().push((old.clone(), new.clone()));
        }
    }
    stems
}

/// Handles of people whose file has another name, old and new.
pub(super) fn handles(scene: &Scene<'_>) -> BTreeMap<String, String> {
    let handle = |site: &Site, id: PageId| match &site.roles()[id] {
        Role::Entry { slug, .. } if site.pages()[id].place.kind == Kind::Person => Some(slug.clone()),
        _ => None,
    };
    let both = scene.ids.iter().enumerate().filter_map(|(id, now)| {
        let (old, new) = (handle(scene.before, id)?, handle(scene.after, (*now)?)?);
        (old != new).then_some((old, new))
    });
    both.collect()
}

/// The fields that name people, replies among them: whoever confirms a how-to names its author.
fn people(page: &Page, text: &str, handles: &BTreeMap<String, String>, edits: &mut Edits) {
    let is_named = |field: &&Field| field.form().is_of_people() || matches!(field.form(), Form::Reply(_));
    for field in Field::ALL.iter().filter(is_named) {
        page.fields.each_name(*field, &mut |name, span| {
            let written = name.trim().trim_start_matches('@');
            if let Some(new) = handles.get(&slug::slug(written)).filter(|_| slug::slug(written) == written) {
                replace(edits, &page.path, text, span, written, new);
            }
        });
    }
}

/// Puts another value into the place of a field. What is quoted stays quoted, and what must be is.
pub(super) fn replace(edits: &mut Edits, path: &Arc<str>, text: &str, span: Span, old: &str, new: &str) {
    let lines = Lines::new(text);
    let found = lines.range(span).and_then(|range| {
        let at = range.start + text[range.clone()].find(old)?;
        Some((range, at))
    });
    let Some((range, at)) = found else {
        edits.notes.push(format!("{path}:{}: Write `{new}` instead of `{old}`.", span.line));
        return;
    };
    let is_quoted = text[range.start..at].contains(['"', '\'']) || text[..at].ends_with(['"', '\'']);
    let is_special = new.contains([',', '[', ']', '{', '}', '&', '!', '%', '@', '`'])
        || new.contains(" #")
        || new.starts_with(['#', '-', '?']);
    let to = if is_special && !is_quoted { format!("\"{new}\"") } else { new.to_string() };
    edits.add(path, Edit { start: at, end: at + old.len(), to });
}

/// The new slug of the question that a duplicate names, if it has another one.
fn duplicate(scene: &Scene<'_>, value: &str) -> Option<String> {
    let new = scene.addresses.get(&url::entry(Kind::Question, &slug_meant(value)))?;
    let slug = new.strip_prefix(&*url::entry(Kind::Question, "").replace("//", "/"))?;
    Some(slug.trim_end_matches('/').to_string())
}

/// The slug that a text means: bare, as an address, or as a path to the file.
fn slug_meant(text: &str) -> String {
    let text = text.trim().trim_end_matches('/').trim_end_matches("/index.md");
    let last = text.rsplit('/').next().unwrap_or(text);
    slug::slug(last.trim_end_matches(".md"))
}

/// The same text with another slug.
fn with_slug(text: &str, slug: &str) -> String {
    let end = text.trim_end().trim_end_matches('/').trim_end_matches("/index.md").trim_end_matches(".md");
    let start = end.rfind('/').map_or(0, |at| at + 1);
    format!("{}{slug}{}", &text[..start], &text[end.len()..])
}

fn is_stem(value: &str, stem: &str) -> bool {
    let value = value.trim().trim_start_matches('@').trim_end_matches(".md");
    classify::reply_stem(value) == stem
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duplicate_is_named_in_the_manner_of_before() {
        for (text, expected) in [
            ("reset", "login"),
            ("/questions/reset/", "/questions/login/"),
            ("../a/reset.md", "../a/login.md"),
            ("reset/index.md", "login/index.md"),
        ] {
            assert_eq!(slug_meant(text), "reset");
            assert_eq!(with_slug(text, "login"), expected);
        }
    }
}
