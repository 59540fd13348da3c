//! The plain pages that want to stand in the menu of a site whose configuration names none.

use super::EntryId;
use super::reader::Reader;
use crate::page::front_matter::MarkOrText;
use crate::page::kind::Kind;

/// The listed pages with `menu`, in the order of the menu, each with its text there. The menu shows the first
/// [`MENU_PAGES`](crate::page::limits::MENU_PAGES) of them.
#[must_use]
pub fn pages<'a>(site: &Reader<'a>) -> Vec<(EntryId, &'a str)> {
    let mut pages: Vec<(i64, &'a str, EntryId, &'a str)> = Vec::new();
    for (id, entry) in site.listed().filter(|(_, entry)| entry.kind == Kind::Page) {
        let fields = site.fields(site.page_of(id));
        let label = match fields.menu.as_ref().map(|menu| &menu.value) {
            Some(MarkOrText::Text(label)) => label,
            Some(MarkOrText::Mark(true)) => site.title(id).title,
            Some(MarkOrText::Mark(false)) | None => continue,
        };
        let weight = fields.weight.as_ref().map_or(0, |weight| weight.value.thousandths);
        pages.push((weight, entry.slug, id, label));
    }
    pages.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)));
    pages.into_iter().map(|(_, _, id, label)| (id, label)).collect()
}
