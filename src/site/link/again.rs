//! A site whose texts changed, while every file is still what it was: most of it stays as it is.

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;

use super::{make, people, resolve, roles};
use crate::page::front_matter::Fields;
use crate::page::kind::Kind;
use crate::page::{Lead, Page, slug};
use crate::site::address;
use crate::site::layout::Role;
use crate::site::reference::{Known, Places};
use crate::site::related::{self, Related};
use crate::site::taxonomy::{self, TagNames};
use crate::site::version::{self, Changes};
use crate::site::{EntryId, PageId, Site, Visibility};
use crate::source::Sources;

/// The pages whose text changed, if nothing else did that could change what any file is.
pub(super) fn edited(
    before: &Site,
    sources: &Sources,
    pages: &[Arc<Page>],
    visibility: Visibility,
) -> Option<Vec<PageId>> {
    let old = &*before.sources;
    let same_ground = Arc::ptr_eq(&old.config, &sources.config)
        && Arc::ptr_eq(&old.words, &sources.words)
        && Arc::ptr_eq(&old.statics, &sources.statics)
        && Arc::ptr_eq(&old.assets, &sources.assets)
        && Arc::ptr_eq(&old.reactions, &sources.reactions)
        && Arc::ptr_eq(&old.moderation, &sources.moderation)
        && version::is_same_history(old, sources)
        && old.guidelines == sources.guidelines
        && old.diagnostics == sources.diagnostics
        && (old.today, old.preview_day) == (sources.today, sources.preview_day)
        && before.trail.visibility == visibility
        && before.pages.len() == pages.len();
    if !same_ground {
        return None;
    }
    let mut changed = Vec::new();
    for (id, (old, new)) in before.pages.iter().zip(pages).enumerate() {
        if !Arc::ptr_eq(old, new) {
            // The site of before has other texts, but as its words are the same, so is what it takes for nobody's.
            let is_untouched = |sources: &Sources, page: &Page| {
                let text = sources.text(&page.path);
                text.is_some_and(|text| before.placeholders.is_untouched(page, text))
            };
            let is_spelled = |page: &Page| {
                let spellings = &before.trail.structure.spellings;
                page.fields.tags.iter().any(|tag| {
                    let key = taxonomy::respelled(&tag.value);
                    key.is_some()
                        || !spellings.is_empty()
                            && spellings.contains_key(&slug::fold(&slug::tag_slug(&tag.value)))
                })
            };
            // Whoever wrote a tag first says how it is written.
            let is_respelled = || old.fields.tags != new.fields.tags && (is_spelled(old) || is_spelled(new));
            if old.path != new.path
                || is_respelled()
                || !is_same_form(old, new)
                || is_untouched(&before.sources, old) != is_untouched(sources, new)
            {
                return None;
            }
            changed.push(id);
        }
    }
    Some(changed)
}

/// Whether a file is still meant as what it was: nothing changed but texts and what only sorts entries.
fn is_same_form(old: &Page, new: &Page) -> bool {
    if old.place.kind == Kind::Person {
        return old.held == new.held && old.lead == new.lead && old.fields == new.fields;
    }
    let has_heading = |page: &Page| matches!(page.lead, Lead::Heading(_));
    old.held == new.held
        && has_heading(old) == has_heading(new)
        && old.fields.title.is_some() == new.fields.title.is_some()
        && (old.fields == new.fields || without_texts(&old.fields) == without_texts(&new.fields))
}

/// The fields that may say what a file is. Whatever is not named here counts as if it did.
fn without_texts(fields: &Fields) -> Fields {
    Fields {
        title: None,
        tags: Vec::new(),
        products: Vec::new(),
        versions: Vec::new(),
        description: None,
        also_asked: Vec::new(),
        accepted: None,
        score: None,
        updated: None,
        verified_on: None,
        sentiment: None,
        problem: None,
        why: None,
        outcome: None,
        needs: Vec::new(),
        time: None,
        level: None,
        ..fields.clone()
    }
}

/// Links a site again in which only the texts of some pages changed, and what sorts their entries.
pub(super) fn again(
    mut site: Site,
    sources: &Arc<Sources>,
    pages: Vec<Arc<Page>>,
    changed: &[PageId],
) -> Site {
    let old_pages = std::mem::replace(&mut site.pages, pages);
    site.sources = Arc::clone(sources);
    let mut changes = Changes { pages: changed.to_vec(), ..Changes::default() };
    let has_other = |differ: fn(&Page, &Page) -> bool| {
        changed
            .iter()
            .copied()
            .filter(|id| differ(&old_pages[*id], &site.pages[*id]))
            .collect::<BTreeSet<_>>()
    };
    let other_fields = has_other(|old, new| old.fields != new.fields);
    let mut same = Same::default();
    // Titles of topics stand in the front matter, or above the text.
    same.sorting &= has_other(|old, new| old.fields != new.fields || old.lead != new.lead)
        .iter()
        .all(|id| matches!(site.trail.structure.roles[*id], Role::Entry { .. } | Role::Reply { .. }));
    same.sorting &= has_other(|old, new| {
        (&old.fields.tags, &old.fields.products) != (&new.fields.tags, &new.fields.products)
    })
    .is_empty();
    // Links may lead to the headings and other places of texts that are no entries.
    same.places &= has_other(|old, new| {
        let ids = |page: &Page| {
            let headings = page.body.headings.iter().map(|it| it.id.clone());
            headings
                .chain(page.body.anchors.iter().flat_map(|it| [it.name.clone(), it.id.clone()]))
                .collect::<Vec<_>>()
        };
        ids(old) != ids(new)
    })
    .iter()
    .all(|id| {
        matches!(site.trail.structure.roles[*id], Role::Entry { .. } | Role::Reply { .. } | Role::Held)
    });
    same.aliases = has_other(|old, new| old.fields.aliases != new.fields.aliases).is_empty();
    let owners: BTreeSet<PageId> = changed.iter().filter_map(|id| site.trail.owner(*id)).collect();
    let owners: Vec<PageId> = owners.into_iter().collect();
    let visibility = site.trail.visibility;
    for (entry, notes) in make(sources, &site.pages, &site.trail.structure, visibility, &owners) {
        let Some(id) = site.trail.places.entry_of(entry.page) else { continue };
        let old = &site.entries[id];
        let old_notes = &site.trail.notes[id];
        same.outline &= old.is_same_outline(&entry) && !other_fields.contains(&entry.page);
        same.giving &= old.is_same_giving(&entry) && old_notes.names == notes.names;
        same.sorting &= old.is_same_sorting(&entry);
        same.places &= old.is_same_place(&entry) && old_notes.held == notes.held;
        same.links &= old.is_same_link(&entry);
        let same_fields = !other_fields.contains(&entry.page);
        changes.entries.push((
            id,
            same_fields && old.is_same_row(&entry),
            same_fields && old.is_same_link(&entry),
        ));
        site.entries[id] = entry;
        site.trail.notes[id] = notes;
    }
    let of_guidelines = site.guidelines.as_ref().map(|it| it.1.clone());
    let ids: Vec<EntryId> = changes.entries.iter().map(|(id, ..)| *id).collect();
    summarise_again(&mut site, &mut same, &ids, &mut changes);
    if same.places {
        let entries: BTreeSet<EntryId> = ids.into_iter().collect();
        let mut ids: BTreeSet<PageId> = changed.iter().copied().collect();
        ids.extend(site.trail.links.leading_into(&entries));
        if !same.links {
            // What fulfilled an idea is named by its title.
            ids.extend(site.fulfilments.keys().map(|id| site.entries[*id].page));
        }
        let ids: Vec<PageId> = ids.into_iter().collect();
        let resolved = resolve(&mut site, Some((&ids, &entries)));
        changes.shown = resolved.shown;
        changes.near.extend(resolved.near);
    } else {
        let old = std::mem::take(&mut site.shown);
        changes.near.extend(resolve(&mut site, None).near);
        changes.shown = (0..old.len()).filter(|id| old[*id] != site.shown[*id]).collect();
    }
    changes.guidelines = of_guidelines != site.guidelines.as_ref().map(|it| it.1.clone());
    site.versions.tell(&changes);
    site
}

/// What is the same although texts were edited.
#[derive(Debug, Clone, Copy)]
struct Same {
    /// Everything but texts.
    outline: bool,
    /// Who gave what.
    giving: bool,
    /// Tags, products, dates.
    sorting: bool,
    /// What links may lead to.
    places: bool,
    /// Titles and addresses.
    links: bool,
    aliases: bool,
}

impl Default for Same {
    fn default() -> Same {
        Same { outline: true, giving: true, sorting: true, places: true, links: true, aliases: true }
    }
}

/// Redoes what is made of all entries together, as far as it is not the same.
fn summarise_again(site: &mut Site, same: &mut Same, ids: &[EntryId], changes: &mut Changes) {
    changes.outline = !same.outline || !same.links;
    if !same.giving {
        let people = people(&site.trail.structure, &site.entries, &site.trail.notes);
        let old = std::mem::replace(&mut site.people, people);
        changes.people = version::people_changed(&old, &site.people);
        changes.given = true;
        // Whoever wrote for the first time has a page, and whoever wrote nothing any more has none.
        same.places &= changes.people.is_empty();
    }
    let Site {
        sources,
        urls,
        pages,
        entries,
        trail,
        people,
        tags,
        products,
        redirects,
        left_out,
        neighbours,
        ..
    } = &mut *site;
    let tag_names = TagNames::new(&sources.config, &trail.structure.spellings);
    if !same.sorting {
        let mut diagnostics = Vec::new();
        let roles = roles(&trail.structure, &trail.notes);
        let forms = &trail.structure.forms;
        let now =
            taxonomy::collect(sources, pages, &roles, forms, entries, people, &tag_names, &mut diagnostics);
        trail.of_tags = diagnostics;
        changes.tags = version::tags_changed(tags, &now.0);
        // Pages that name the largest tags go by the outline.
        changes.outline |= !changes.tags.is_empty();
        same.places &= tags.keys().eq(now.0.keys()) && products.keys().eq(now.1.keys());
        (*tags, *products) = now;
        changes.order = true;
    }
    if !same.links || !same.aliases || !same.places {
        let mut diagnostics = Vec::new();
        let addresses = &trail.structure.addresses;
        let claims = address::Claims { sources, pages, addresses, people, urls };
        let now = address::redirects(&claims, entries, &trail.structure.merged, &mut diagnostics);
        trail.of_redirects = diagnostics;
        same.places &= redirects.keys().eq(now.keys());
        // Each names the title of the page that it leads to.
        changes.order |= *redirects != now;
        *redirects = now;
    }
    if !same.places {
        let known = Known { redirects, people, tags, products, tag_names: &tag_names };
        let roles = roles(&trail.structure, &trail.notes);
        trail.places = Places::new(sources, pages, &roles, entries, &known);
        left_out.held = roles.iter().filter(|role| **role == Role::Held).count()
            - left_out.drafts
            - left_out.future
            - left_out.hidden;
    }
    let affected = if trail.related.is_worn() {
        trail.related = Related::new(entries, pages);
        (0..entries.len()).collect()
    } else {
        trail.related.change(entries, pages, ids)
    };
    let affected: Vec<EntryId> = affected.into_iter().collect();
    let related: Vec<related::Relations> = affected.par_iter().map(|id| trail.related.of(*id)).collect();
    for (id, (related, similar)) in affected.into_iter().zip(related) {
        let near = &mut neighbours[id];
        if near.related != related || near.similar != similar {
            (near.related, near.similar) = (related, similar);
            changes.near.push(id);
        }
    }
}
