//! What somebody means by a new name, and which files and folders get another name by it.

use std::collections::{BTreeMap, BTreeSet};

use super::target::{self, Paths, Thing, is_index, join, last, parent, within};
use crate::edit::Move;
use crate::page::kind::Kind;
use crate::page::{PagePath, slug};
use crate::root;
use crate::site::classify::{self, Role};
use crate::site::{Form, PageId, Site, contribution};
use crate::source::{self, extension, is_document};

/// Where it is to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MoveTarget {
    /// What gets another name, in order.
    pub moves: Vec<Move>,
    /// The slug that was meant, where it was not said as a path.
    pub slug: Option<String>,
}

/// What somebody means by a new name for something, as moves. `said` is what they called it.
pub(super) fn goal(
    paths: &Paths<'_>,
    here: &str,
    thing: &Thing,
    said: &str,
    new: &str,
) -> Result<MoveTarget, String> {
    let site = paths.site;
    let text = target::tidy(site, new);
    if text.trim_matches(['/', '.']).is_empty() {
        return Err(
            "Give the new place: a path, a slug, an address, or a folder with a slash at the end.".into()
        );
    }
    let was = Was::new(site, thing);
    let (to, slug) = destination(paths, here, thing, &was, said, &text)?;
    is_allowed(site, &to)?;
    no_replies_there(paths, thing, &to)?;
    if to == was.path {
        return Err(format!("`{to}` already has that name."));
    }
    let moves = match thing {
        Thing::Page(page) => of_page(paths, *page, &to)?,
        Thing::File(_) => vec![Move { from: was.path, to }],
        Thing::Folder(_) => of_folder(paths, &was.path, &to)?,
    };
    is_free(paths, &moves)?;
    Ok(MoveTarget { moves, slug: slug.filter(|_| matches!(thing, Thing::Page(_))) })
}

/// What something is called before.
struct Was {
    /// Its path.
    path: String,
    /// Whether it is the page that owns its folder, which then bears its name.
    owns_folder: bool,
    /// The folder in which it lies, or the folder that it owns.
    folder: String,
    /// The extension of a file.
    ending: Option<String>,
}

impl Was {
    fn new(site: &Site, thing: &Thing) -> Was {
        let path = match thing {
            Thing::Page(page) => site.pages()[*page].path.to_string(),
            Thing::File(path) | Thing::Folder(path) => path.clone(),
        };
        let owns_folder = matches!(thing, Thing::Page(page) if is_index(&site.pages()[*page]));
        let folder = parent(if owns_folder { parent(&path) } else { &path }).to_string();
        let is_folder = matches!(thing, Thing::Folder(_));
        let ending = path.rsplit_once('.').filter(|_| !is_folder).map(|(_, it)| it.to_string());
        Was { path, owns_folder, folder, ending }
    }

    /// The path under another name in a folder. A page that owns its folder goes on to do so; a name without
    /// extension gets the one of before.
    fn named(&self, folder: &str, name: &str) -> String {
        match &self.ending {
            _ if self.owns_folder && !is_document(name) => within(&within(folder, name), last(&self.path)),
            Some(ending) if !is_same_sort(name, ending) => within(folder, &format!("{name}.{ending}")),
            _ => within(folder, name),
        }
    }

    /// The path under its own name in another folder.
    fn moved_into(&self, folder: &str) -> String {
        if self.owns_folder {
            within(&within(folder, last(parent(&self.path))), last(&self.path))
        } else {
            within(folder, last(&self.path))
        }
    }
}

/// The new path, and the slug that was said where no path was.
fn destination(
    paths: &Paths<'_>,
    here: &str,
    thing: &Thing,
    was: &Was,
    said: &str,
    text: &str,
) -> Result<(String, Option<String>), String> {
    let site = paths.site;
    if let Some((kind, name)) = address(site, text) {
        let Thing::Page(page) = thing else {
            return Err(format!("`{text}` is the address of a page. Give a path instead."));
        };
        let place = &site.pages()[*page].place;
        let prefix = &site.sources().content_prefix;
        let folder = if kind == Kind::Page && place.unknown {
            within(prefix.trim_end_matches('/'), parent(&name))
        } else if place.kind == kind {
            was.folder.clone()
        } else {
            format!("{prefix}{}", contribution::folder_of_kind(site.sources(), kind))
        };
        let slug = slug::slug(last(&name));
        return Ok((was.named(&folder, &slug), Some(slug)));
    }
    if text.ends_with('/') {
        let into = place(paths, here, text.trim_end_matches('/'))?;
        // Where both were said as folders, the folder gets another name, unless there is one to move into.
        let is_renamed =
            was.owns_folder && said.ends_with('/') && !said.starts_with('/') && !paths.is_folder(&into);
        let to = match thing {
            Thing::Folder(_) => into,
            _ if is_renamed => within(&into, last(&was.path)),
            _ => was.moved_into(&into),
        };
        return Ok((to, None));
    }
    if text.contains('/') {
        let path = place(paths, here, text)?;
        let is_moved_into = !matches!(thing, Thing::Folder(_)) && is_topic(paths, &path);
        let to = if is_moved_into { was.moved_into(&path) } else { was.named(parent(&path), last(&path)) };
        return Ok((to, None));
    }
    match thing {
        Thing::Page(page) if !is_document(text) => {
            // Of an answer the name is a handle.
            let slug = match &site.roles()[*page] {
                Role::Reply { .. } => classify::reply_stem(text),
                _ => slug::slug(text),
            };
            Ok((was.named(&was.folder, &slug), Some(slug)))
        }
        _ => Ok((was.named(&was.folder, text), None)),
    }
}

/// Nobody's page may lie among the replies to another one.
fn no_replies_there(paths: &Paths<'_>, thing: &Thing, to: &str) -> Result<(), String> {
    let site = paths.site;
    let Thing::Page(page) = thing else { return Ok(()) };
    let into = parent(if last(to).starts_with("index.") { parent(to) } else { to });
    if let Some(Thing::Page(owner)) = paths.at(&format!("{into}/"))
        && site.forms()[*page] == Form::Entry
        && owner != *page
    {
        let owner = &site.pages()[owner];
        if !owner.place.is_plain() && !owner.place.faq {
            return Err(format!(
                "`{into}/` contains the replies to `{}`, so it cannot contain a page.",
                owner.path
            ));
        }
    }
    Ok(())
}

/// A page with the folder that belongs to it.
fn of_page(paths: &Paths<'_>, page: PageId, to: &str) -> Result<Vec<Move>, String> {
    let site = paths.site;
    let it = &site.pages()[page];
    let old = it.path.to_string();
    let place = PagePath::of(&to[site.sources().content_prefix.len()..], &site.sources().config.kinds);
    if !it.place.is_topic_text() && place.is_topic_text() {
        return Err(format!("`{to}` would be the text of a topic, not a page. Choose another name."));
    }
    let file = |from: &str| (from != to).then(|| Move { from: from.to_string(), to: to.to_string() });
    if site.forms()[page] != Form::Entry {
        return Ok(file(&old).into_iter().collect());
    }
    let old_folder = classify::folder_of_replies(it);
    let new_folder =
        if place.is_index() { parent(to).to_string() } else { without_extension(to).to_string() };
    let is_bare = it.place.is_plain() || it.place.faq;
    let below: Vec<&str> = paths.below(&old_folder).filter(|path| *path != old).collect();
    // Plain pages have no replies: what lies in a folder of the name are pages of their own, or its pictures.
    let belongs = !below.is_empty() && (!is_bare || is_index(it) || !below.iter().any(|it| is_document(it)));
    if old_folder == new_folder || !belongs {
        return Ok(file(&old).into_iter().collect());
    }
    if new_folder.starts_with(&format!("{old_folder}/")) {
        return Err(format!("`{to}` is inside the folder of the page itself."));
    }
    let folder = Move { from: old_folder.clone(), to: new_folder.clone() };
    let now = match old.strip_prefix(&format!("{old_folder}/")) {
        Some(inside) => format!("{new_folder}/{inside}"),
        None => old,
    };
    Ok(std::iter::once(folder).chain(file(&now)).collect())
}

/// When somebody gets another handle, the files that are named after them.
pub(super) fn replies_of(
    paths: &Paths<'_>,
    person: PageId,
    moves: &[Move],
    slug: Option<&str>,
) -> Result<Vec<Move>, String> {
    let site = paths.site;
    let page = &site.pages()[person];
    let Role::Entry { slug: old, .. } = &site.roles()[person] else { return Ok(Vec::new()) };
    let Some(to) = moves.iter().rev().map(|it| it.to.as_str()).find(|to| is_document(to)) else {
        return Ok(Vec::new());
    };
    if page.place.kind != Kind::Person || (page.fields.slug.is_some() && slug.is_none()) {
        return Ok(Vec::new());
    }
    let place = PagePath::of(&to[site.sources().content_prefix.len()..], &site.sources().config.kinds);
    if place.kind != Kind::Person {
        return Ok(Vec::new());
    }
    let name = if place.is_index() { last(parent(to)) } else { place.stem.as_str() };
    let new = slug.map_or_else(|| slug::slug(name), str::to_string);
    let mut more = Vec::new();
    for (id, role) in site.roles().iter().enumerate() {
        let Role::Reply { handle, .. } = role else { continue };
        let path = &site.pages()[id].path;
        let stem = &site.pages()[id].place.stem;
        // `ana--2` keeps its number; a stem in other letters than the handle is the handle all the same.
        let rest = stem
            .get(old.len()..)
            .filter(|_| stem.get(..old.len()).is_some_and(|it| slug::fold(it) == slug::fold(old)));
        if let Some(rest) = rest.filter(|_| handle == old && *new != *old) {
            let ending = &last(path)[stem.len()..];
            let to = within(parent(path), &format!("{new}{rest}{ending}"));
            more.push(Move { from: path.to_string(), to });
        }
    }
    is_free(paths, &more)?;
    Ok(more)
}

fn of_folder(paths: &Paths<'_>, old: &str, to: &str) -> Result<Vec<Move>, String> {
    let prefix = &paths.site.sources().content_prefix;
    if to.starts_with(&format!("{old}/")) {
        return Err(format!("`{to}/` is inside `{old}/` itself."));
    }
    if paths.is_folder(to) && slug::fold(to) != slug::fold(old) {
        return Err(format!(
            "There is already a folder `{to}/`. To move `{old}/` into it, write `{to}/{}/`.",
            last(old)
        ));
    }
    let kind = |path: &str| {
        PagePath::of(&format!("{}/x.md", &path[prefix.len()..]), &paths.site.sources().config.kinds)
    };
    let (before, after) = (kind(old), kind(to));
    if before.unknown != after.unknown && after.folders.is_empty() {
        return Err(format!("`{to}/` is the folder of all pages of a kind. Choose a folder inside it."));
    }
    Ok(vec![Move { from: old.to_string(), to: to.to_string() }])
}

/// Refuses to write over anything, also where only some disks take two names for one.
fn is_free(paths: &Paths<'_>, moves: &[Move]) -> Result<(), String> {
    let sources = paths.site.sources();
    let froms: BTreeSet<&str> = moves.iter().map(|it| it.from.as_str()).collect();
    let is_moved = |path: &str| {
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        ends.map(|end| &path[..end]).any(|part| froms.contains(part))
    };
    let standing = paths.all.iter().filter(|path| !is_moved(path));
    let standing: BTreeMap<String, &str> = standing.map(|path| (slug::fold(path), *path)).collect();
    for Move { to, .. } in moves {
        let wanted = slug::fold(to);
        if let Some(taken) = standing.get(&wanted) {
            return Err(format!("`{taken}` already exists, and existing files are never overwritten."));
        }
        let below = format!("{wanted}/");
        if standing.range(below.clone()..).next().is_some_and(|(path, _)| path.starts_with(&below)) {
            return Err(format!(
                "There is already a folder `{to}/`, and its contents would belong to the page."
            ));
        }
        // A file cannot be a folder as well.
        let in_file = wanted.match_indices('/').find_map(|(end, _)| standing.get(&wanted[..end]));
        if let Some(file) = in_file {
            let is_read = paths.page(file).is_some() || sources.assets.contains_key(*file);
            return Err(if is_read {
                format!("`{file}` is a file, so nothing can be in it.")
            } else {
                format!("`{file}` is a symbolic link or cannot be read. Run `longhouse check` for details.")
            });
        }
    }
    Ok(())
}

/// Whether a path may be content: inside the content folder, under names that every system can store.
fn is_allowed(site: &Site, path: &str) -> Result<(), String> {
    let prefix = &site.sources().content_prefix;
    let Some(inside) = path.strip_prefix(prefix.as_str()) else {
        return Err(format!("`{path}` is outside the content folder `{prefix}`."));
    };
    if let Some(reason) = source::unsafe_name(inside) {
        return Err(format!("The name `{path}` {reason}."));
    }
    if let Some(part) = inside.split('/').find(|part| part.starts_with('.') || *part == "node_modules") {
        return Err(format!("`{part}` is never content. Choose another name."));
    }
    let first = inside.split('/').next().unwrap_or_default();
    if prefix.is_empty() && root::is_reserved(first) {
        return Err(format!("`{first}` in the root is not content. Choose another name."));
    }
    Ok(())
}

/// The kind and the slug of an address that a page may get: `/questions/reset/`.
fn address(site: &Site, text: &str) -> Option<(Kind, String)> {
    let inside = text.strip_prefix('/')?;
    let path = inside.trim_end_matches("index.html").trim_matches('/');
    if is_document(path)
        || path.starts_with(&site.sources().content_prefix) && !site.sources().content_prefix.is_empty()
    {
        return None;
    }
    match path.split_once('/') {
        Some((first, rest)) if !rest.contains('/') => {
            let kind = Kind::ALL.into_iter().find(|kind| *kind != Kind::Page && kind.plural() == first);
            Some(kind.map_or_else(|| (Kind::Page, path.to_string()), |kind| (kind, rest.to_string())))
        }
        _ => Some((Kind::Page, path.to_string())),
    }
}

/// The path that a typed one means: from the root, from the content folder, or from where somebody stands.
fn place(paths: &Paths<'_>, here: &str, text: &str) -> Result<String, String> {
    let site = paths.site;
    let prefix = site.sources().content_prefix.as_str();
    let outside = || format!("`{text}` is outside the content folder.");
    let typed = text.trim_start_matches('/');
    if text.starts_with("./") || text.starts_with("../") || text == ".." {
        return join(here, text).ok_or_else(outside);
    }
    let from_root = join("", typed).ok_or_else(outside)?;
    if !prefix.is_empty()
        && (typed.starts_with(prefix) || from_root.starts_with(prefix) || format!("{from_root}/") == prefix)
    {
        return Ok(from_root);
    }
    let first = from_root.split('/').next().unwrap_or_default();
    let stands_inside = !text.starts_with('/') && format!("{here}/").starts_with(prefix) && !here.is_empty();
    if stands_inside && paths.is_folder(&within(here, first)) {
        return Ok(within(here, &from_root));
    }
    let place = PagePath::of(&format!("{first}/x.md"), &site.sources().config.kinds);
    let is_known = !place.unknown || paths.is_folder(&format!("{prefix}{first}"));
    if stands_inside && !is_known {
        return Ok(within(here, &from_root));
    }
    Ok(format!("{prefix}{from_root}"))
}

/// Whether a path is a folder in which pages lie that are nobody's replies.
fn is_topic(paths: &Paths<'_>, path: &str) -> bool {
    matches!(paths.at(&format!("{path}/")), Some(Thing::Folder(_)))
}

/// Whether a name has an extension of the same sort: a text stays a text, a picture may not become one.
fn is_same_sort(name: &str, ending: &str) -> bool {
    if is_document(&format!("x.{ending}")) {
        return is_document(name);
    }
    extension(name).is_some_and(|it| it.eq_ignore_ascii_case(ending))
}

fn without_extension(path: &str) -> &str {
    let stem = last(path).rsplit_once('.').map_or(last(path).len(), |(stem, _)| stem.len());
    &path[..path.len() - last(path).len() + stem]
}
