//! What files are called. A slug leaves out the signs of a name, so `c.md` and `c++.md` have one slug; the names tell
//! such files apart, and say which slug the second one could have.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::classify::{self, Role};
use super::{PageId, people, reserved};
use crate::diagnostic::{Diagnostic, Rule, Severity, Span};
use crate::page::kind::Kind;
use crate::page::{Head, PagePath, slug};
use crate::source::Sources;

/// The place of a name among others that want the same: what came first by git, then what is written as its slug is,
/// then the first path.
pub type Order<'a> = (u32, bool, &'a str);

/// The names that an entry's slug is made of, outermost first: of a page in a folder of no known kind the whole path, of
/// every other entry only its own name. `own` is the slug that the front matter gives.
#[must_use]
pub fn parts<'a>(place: &'a PagePath, own: Option<&'a str>) -> Vec<&'a str> {
    let own = own.map(|own| own.trim_matches('/'));
    if !place.unknown {
        let folder = place.folders.last().filter(|_| place.is_index());
        return vec![own.unwrap_or_else(|| folder.unwrap_or(&place.stem))];
    }
    let mut parts: Vec<&str> = place.folders.iter().map(String::as_str).collect();
    if !place.is_index() && !place.is_topic_text() {
        parts.push(&place.stem);
    }
    if let Some(own) = own {
        parts.pop();
        parts.push(own);
    }
    parts
}

/// The names of a page.
#[must_use]
pub fn parts_of(page: &Head) -> Vec<&str> {
    parts(&page.place, page.fields.slug.as_ref().map(|own| own.value.as_str()))
}

/// Whether a page stands for the folder that it lies in, and its slug is that of the folder.
#[must_use]
pub fn is_folder(page: &Head) -> bool {
    page.place.unknown && page.fields.slug.is_none() && (page.place.is_index() || page.place.is_topic_text())
}

/// The slug of an entry by itself; empty for the text of the home page.
#[must_use]
pub fn plain(parts: &[&str]) -> String {
    joined(parts, slug::slug)
}

/// The slug of an entry with the signs of its name in words.
#[must_use]
pub fn spoken(parts: &[&str]) -> String {
    joined(parts, slug::spoken)
}

fn joined(parts: &[&str], slug: fn(&str) -> String) -> String {
    parts.iter().map(|part| slug(part)).collect::<Vec<_>>().join("/")
}

/// A name as others are compared with it: case and normalisation tell no names apart.
#[must_use]
pub fn key(parts: &[&str]) -> String {
    slug::fold(&parts.join("/"))
}

/// The name that a title is made of where a page has none. A slug that only writes the file's name in words does not
/// count: `c++.md` is called "C++" with and without `slug: c-plus-plus`.
#[must_use]
pub fn written(page: &Head) -> &str {
    let of_file = parts(&page.place, None);
    let of_file = of_file.last().copied().unwrap_or(&page.place.stem);
    match &page.fields.slug {
        Some(own) if ![slug::slug(of_file), slug::spoken(of_file)].contains(&own.value) => {
            own.value.trim_matches('/')
        }
        _ => of_file,
    }
}

/// The place of a file among those that want the same slug.
#[must_use]
pub fn order<'a>(sources: &Sources, page: &'a Head) -> Order<'a> {
    let parts = parts_of(page);
    let slug = plain(&parts);
    // An ending that hosts leave out is no part of an address either.
    let address = slug::fold(&format!("/{slug}/"));
    let is_plain = slug::fold(&slug) == key(&parts) && reserved::served(&address) == address;
    (sources.age(&page.path), !is_plain, &page.path)
}

/// Gives pages in folders of no known kind the slugs of their folders, where two folders beside each other have one:
/// what lies in `c++/` beside `c/` stands below `c-plus-plus/`.
pub fn weigh_folders(sources: &Sources, pages: &[&Head], roles: &mut [Role]) {
    let is_plain = |id: &PageId| pages[*id].place.unknown && matches!(roles[*id], Role::Entry { .. });
    let plain: Vec<PageId> = (0..pages.len()).filter(is_plain).collect();
    // By the folder around and the slug: the names that come to it, with the age of the oldest file below.
    let mut names: BTreeMap<(String, String), BTreeMap<&str, u32>> = BTreeMap::new();
    let folders = |id: &PageId| pages[*id].place.folders.as_slice();
    for ids in plain.chunk_by(|a, b| folders(a) == folders(b)) {
        let age = ids.iter().map(|id| sources.age(&pages[*id].path)).min().unwrap_or(u32::MAX);
        let mut around = String::new();
        for name in folders(&ids[0]) {
            let oldest =
                names.entry((around.clone(), slug::slug(name))).or_default().entry(name).or_insert(age);
            *oldest = age.min(*oldest);
            around.extend([name.as_str(), "/"]);
        }
    }
    let mut given: HashMap<String, String> = HashMap::new();
    let taken: BTreeSet<&(String, String)> = names.keys().collect();
    for ((around, slug), names) in names.iter().filter(|(_, names)| names.len() > 1) {
        let mut in_order: Vec<(u32, bool, &str)> =
            names.iter().map(|(name, age)| (*age, slug::fold(name) != slug::fold(slug), *name)).collect();
        in_order.sort_unstable();
        let mut slugs: BTreeMap<String, String> = BTreeMap::new();
        let mut used: BTreeSet<String> = BTreeSet::new();
        for (_, _, name) in in_order {
            let its = slugs.entry(slug::fold(name)).or_insert_with(|| {
                let spoken = slug::spoken(name);
                let is_free =
                    |it: &String| !used.contains(it) && !taken.contains(&(around.clone(), it.clone()));
                let own =
                    if used.is_empty() { Some(slug.clone()) } else { Some(spoken.clone()).filter(is_free) };
                // At most this many names cannot take one number more.
                let most = names.len() + taken.len() + 2;
                own.or_else(|| (2..=most).map(|number| format!("{spoken}-{number}")).find(is_free))
                    .unwrap_or(spoken)
            });
            used.insert(its.clone());
            if its != slug {
                given.insert(format!("{around}{name}/"), its.clone());
            }
        }
    }
    if given.is_empty() {
        return;
    }
    for id in plain {
        let page = &pages[id];
        let Role::Entry { slug, .. } = &mut roles[id] else { continue };
        let mut parts: Vec<String> = slug.split('/').map(str::to_string).collect();
        // The last part may be the file's own, or the one that it gives its folder.
        let folders = page.place.folders.len()
            - usize::from(parts.len() == page.place.folders.len() && page.fields.slug.is_some());
        let mut around = String::new();
        for (part, name) in parts.iter_mut().zip(&page.place.folders).take(folders) {
            around.extend([name.as_str(), "/"]);
            if let Some(other) = given.get(&around) {
                part.clone_from(other);
            }
        }
        *slug = parts.join("/");
    }
}

/// Gives replies the stems of their names in words, where two in one folder have one stem: `c++.md` beside `c.md`. And a
/// reply belongs to the person who is called as its file is, not to somebody whose name is the same without its signs.
pub fn weigh_replies(
    sources: &Sources,
    pages: &[&Head],
    roles: &mut [Role],
    diagnostics: &mut Vec<Diagnostic>,
) {
    let is_signed = |id: &PageId| {
        let name = name_of_reply(pages[*id]);
        matches!(roles[*id], Role::Reply { .. }) && !is_bare(name) && slug::spoken(name) != slug::slug(name)
    };
    let signed: Vec<PageId> = (0..pages.len()).filter(is_signed).collect();
    if signed.is_empty() {
        return;
    }
    let people = named_people(pages, roles);
    let owner = |role: &Role| if let Role::Reply { owner, .. } = role { Some(*owner) } else { None };
    let owners: BTreeSet<PageId> = signed.iter().filter_map(|id| owner(&roles[*id])).collect();
    let mut by_stem: BTreeMap<(PageId, String), Vec<PageId>> = BTreeMap::new();
    for (id, role) in roles.iter().enumerate() {
        if let Role::Reply { owner, stem, .. } = role
            && owners.contains(owner)
        {
            by_stem.entry((*owner, slug::fold(stem))).or_default().push(id);
        }
    }
    let stems: BTreeSet<(PageId, String)> = by_stem.keys().cloned().collect();
    for (_, mut ids) in by_stem.into_iter().filter(|(_, ids)| ids.len() > 1) {
        ids.sort_by_key(|id| order(sources, pages[*id]));
        let first = ids[0];
        for id in ids.into_iter().skip(1).filter(|id| signed.contains(id)) {
            let Role::Reply { owner, stem, handle } = &mut roles[id] else { continue };
            let spoken = classify::reply_stem_of(&pages[id].place.stem, slug::spoken);
            if slug::fold(&pages[id].place.stem) == slug::fold(&pages[first].place.stem)
                || stems.contains(&(*owner, slug::fold(&spoken)))
            {
                continue;
            }
            diagnostics.push(spoken_reply(pages[id], pages[first], stem, &spoken));
            if !handle.is_empty() {
                *handle = slug::spoken(name_of_reply(pages[id]));
            }
            *stem = spoken;
        }
    }
    for id in signed {
        let Role::Reply { handle, .. } = &mut roles[id] else { continue };
        let name = name_of_reply(pages[id]);
        match people.get(&slug::fold(name)) {
            Some(person) => handle.clone_from(person),
            // Somebody of a name without the signs is somebody else.
            None if people.contains_key(&*handle) => *handle = slug::spoken(name),
            None => {}
        }
    }
}

/// The handles of those whom a file describes, by the name of the file.
fn named_people(pages: &[&Head], roles: &[Role]) -> BTreeMap<String, String> {
    let mut people = BTreeMap::new();
    for (page, role) in pages.iter().zip(roles).filter(|(page, _)| page.place.kind == Kind::Person) {
        if let Role::Entry { slug, .. } = role {
            people.entry(slug::fold(people::name_of_file(page))).or_insert_with(|| slug.clone());
        }
    }
    people
}

/// The name in the stem of a reply, without the number of a further one.
fn name_of_reply(page: &Head) -> &str {
    let stem = page.place.stem.trim_start_matches('@');
    classify::numbered(stem).map_or(stem, |(name, _)| name)
}

/// Whether a name holds nothing that a slug could change, which is the usual case.
fn is_bare(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn spoken_reply(page: &Head, first: &Head, stem: &str, spoken: &str) -> Diagnostic {
    let message = format!("`{}` and `{}` would both be the reply `{stem}`.", page.path, first.path);
    let mut problem = Diagnostic::new(Rule::DuplicateAddress, &page.path, Span::START, message).help(format!(
        "`{}` was first and keeps the name. This one is published as the reply `{spoken}`. To keep that name, rename \
         the file to `{spoken}.md`.",
        first.path
    ));
    problem.severity = Severity::Warning;
    problem
}
