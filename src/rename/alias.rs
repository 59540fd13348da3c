//! The old address of a page that had one, among the aliases of its file, in the style of the front matter
//! that is there.

use std::sync::Arc;

use super::place::Lines;
use super::{Edits, Scene};
use crate::edit::Edit;
use crate::page::front_matter::write::Writer;
use crate::page::front_matter::{self, Field, Status};
use crate::page::{Page, slug};
use crate::site::classify::Role;
use crate::site::{PageId, Site};

/// Adds an alias to every page whose address changed and may be known to somebody.
pub(super) fn add(scene: &Scene<'_>, edits: &mut Edits) {
    let (before, after) = (scene.before, scene.after);
    for (id, now) in scene.ids.iter().enumerate() {
        let (Some(now), Role::Entry { .. }) = (*now, &before.roles()[id]) else { continue };
        let (Some(old), Some(new)) = (before.address_of(id), after.address_of(now)) else { continue };
        if old == new || !was_published(before, id) || leads_on(after, old) {
            continue;
        }
        let page = &before.pages()[id];
        let Some(text) = before.sources().text(&page.path) else { continue };
        let edit = written(page, text, old).filter(|edit| is_understood(page, text, edit));
        match edit {
            Some(edit) => edits.add(&page.path, edit),
            None => edits.notes.push(format!(
                "{}:1: The old address {old} must keep working. Add it to `aliases` by hand.",
                after.pages()[now].path
            )),
        }
    }
}

/// Whether readers may know an address: nobody knows that of a draft or of what lies in the future, and none is named
/// after a template for long.
fn was_published(site: &Site, id: PageId) -> bool {
    let hidden = |page: PageId| {
        let entry = site.entries().iter().find(|entry| entry.page == page);
        entry.is_some_and(|entry| matches!(entry.ribbon, Some("draft" | "future")))
    };
    let status = site.pages()[id].fields.status.as_ref().map(|it| it.value);
    // The name of a template is the next one's too.
    status != Some(Status::Draft) && !hidden(id) && !site.placeholders().is_nameless(&site.pages()[id])
}

fn leads_on(site: &Site, address: &str) -> bool {
    let wanted = slug::fold(address);
    site.redirects().keys().any(|it| slug::fold(it) == wanted)
}

/// How the alias is written.
fn written(page: &Page, text: &str, alias: &str) -> Option<Edit> {
    let insert = |at: usize, to: String| Some(Edit { start: at, end: at, to });
    let front = front_matter::parse(&page.path, text);
    if front.broken {
        return None;
    }
    if front.body_at == 0 {
        return insert(0, written_list(alias).above(""));
    }
    let above = &text[..front.body_at];
    let closing = above.trim_end_matches('\n').rfind('\n').map_or(0, |at| at + 1);
    let is_toml = above[closing..].starts_with("+++");
    let field = front.fields.present.iter().find(|(_, field)| *field == Some(Field::Aliases));
    let Some((name, _)) = field else {
        if is_toml {
            // After the name of a table it would be part of the table.
            let opening = above.find('\n')? + 1;
            let at = if above.lines().any(|line| line.starts_with('[')) { opening } else { closing };
            return insert(at, format!("aliases = [\"{alias}\"]\n"));
        }
        return insert(closing, written_list(alias).lines());
    };
    let lines = Lines::new(text);
    let range = lines.range(name.span)?;
    let line_end = text[range.end..].find('\n').map_or(text.len(), |at| range.end + at);
    let sign = if is_toml { '=' } else { ':' };
    let value_at = range.end + text[range.end..line_end].find(sign)? + 1;
    let value = text[value_at..line_end].trim();
    let quote = if is_toml { "\"" } else { "" };
    let Some(last) = front.fields.aliases.last() else {
        // There is a name, and nothing behind it.
        let is_empty = value.is_empty() || value.replace(' ', "") == "[]" || matches!(value, "~" | "null");
        let edit = Edit { start: value_at, end: line_end, to: format!(" [{quote}{alias}{quote}]") };
        return is_empty.then_some(edit);
    };
    let item = lines.range(last.span)?;
    // The place may be that of the text within its quotes.
    let quoted = text[item.end..].starts_with(['"', '\'']) && !text[item.clone()].ends_with(['"', '\'']);
    let end = item.end + usize::from(quoted);
    if value.starts_with('[') {
        return insert(end, format!(", {quote}{alias}{quote}"));
    }
    if value.is_empty() || value.starts_with('#') {
        let start = text[..item.start].rfind('\n').map_or(0, |at| at + 1);
        let indent: String = text[start..].chars().take_while(|c| *c == ' ').collect();
        let next = text[end..].find('\n').map_or(text.len(), |at| end + at + 1);
        return text[start..].trim_start().starts_with('-').then(|| Edit {
            start: next,
            end: next,
            to: format!("{indent}- {alias}\n"),
        });
    }
    if front.fields.aliases.len() == 1 && !value.contains(',') {
        let from = value_at + text[value_at..line_end].len() - text[value_at..line_end].trim_start().len();
        return Some(Edit { start: from, end, to: format!("[{}, {quote}{alias}{quote}]", &text[from..end]) });
    }
    insert(end, format!(", {alias}"))
}

/// The alias as the only one of its file.
fn written_list(alias: &str) -> Writer {
    // An address begins with a slash and holds no sign that YAML knows.
    Writer::new().yaml(Field::Aliases, &format!("[{alias}]"))
}

/// Whether the fields read as before afterwards, with the alias.
fn is_understood(page: &Page, text: &str, edit: &Edit) -> bool {
    let after = crate::edit::edited(text, std::slice::from_ref(edit));
    let read = front_matter::parse(&Arc::clone(&page.path), &after);
    let aliases =
        |fields: &front_matter::Fields| fields.aliases.iter().map(|it| it.value.clone()).collect::<Vec<_>>();
    let mut wanted = aliases(&page.fields);
    wanted.push(aliases(&read.fields).pop().unwrap_or_default());
    let same_rest = read.fields.title.as_ref().map(|it| &it.value)
        == page.fields.title.as_ref().map(|it| &it.value)
        && read.fields.tags.len() == page.fields.tags.len();
    !read.broken && same_rest && aliases(&read.fields) == wanted && after[read.body_at..] == *body(page, text)
}

fn body<'t>(page: &Page, text: &'t str) -> &'t str {
    &text[front_matter::parse(&page.path, text).body_at..]
}
