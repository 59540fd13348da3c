//! Who is what: which file is an entry, which a reply to it, which the text of a topic.
//!
//! The rule is the folder: a folder beside an entry of its name, or with an `index.md`, belongs to that
//! entry and holds replies; every other folder is a topic. A folder's meaning never flips silently:
//! where it can be read in two ways, the file that would flip it is held as `ambiguous-folder`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::page::{Page, slug};

/// What a content file is to the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// A page of its own.
    Entry {
        /// Its slug, or for a plain page its path.
        slug: String,
        /// Names of the topic folders that it lies in, outermost first.
        topics: Vec<String>,
    },
    /// Somebody's reply to an entry.
    Reply {
        /// Index of the entry's page.
        owner: usize,
        /// The file's stem, which is also its anchor.
        stem: String,
        /// Whose reply it is, from the stem.
        handle: String,
    },
    /// Title and text of a topic or of a kind's list; the folder from the root.
    TopicText(String),
    /// The text of the home page.
    HomeText,
    /// Not shown at all; a diagnostic says why.
    Held,
}

/// Gives every page its role. `known_people` are the handles of `people/` and `team:`.
pub fn arrange(
    pages: &[Arc<Page>],
    known_people: &BTreeSet<String>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Role> {
    let mut roles = vec![Role::Held; pages.len()];
    let mut folders: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, page) in pages.iter().enumerate() {
        folders.entry(folder_of(&page.path)).or_default().push(index);
    }
    let mut with_subfolders: BTreeSet<&str> = BTreeSet::new();
    for folder in folders.keys() {
        let mut rest = *folder;
        while let Some((above, _)) = rest.rsplit_once('/') {
            if !with_subfolders.insert(above) {
                break;
            }
            rest = above;
        }
    }
    // Folders come in path order, so whoever may own a folder has its role before the folder is looked at.
    let mut entries: BTreeMap<String, usize> = BTreeMap::new();
    let mut owned: BTreeSet<&str> = BTreeSet::new();
    let mut by_depth: Vec<&str> = folders.keys().copied().collect();
    by_depth.sort_by_key(|folder| (folder.matches('/').count(), *folder));
    for folder in by_depth {
        let files = &folders[folder];
        let first = &pages[files[0]].place;
        if first.is_plain() || first.faq {
            plain_folder(pages, files, &mut roles);
            continue;
        }
        let index = files.iter().copied().find(|file| pages[*file].place.is_index());
        let beside = entries.get(&fold_path(folder)).copied();
        let owner = match (index, beside) {
            (Some(index), beside) => Some(beside.unwrap_or(index)),
            (None, Some(beside)) => {
                let reply_files: Vec<usize> =
                    files.iter().copied().filter(|file| !pages[*file].place.is_topic_text()).collect();
                let all_entries =
                    reply_files.len() > 1 && reply_files.iter().all(|file| pages[*file].has_entry_form());
                if all_entries || with_subfolders.contains(folder) {
                    diagnostics.push(ambiguous_topic(&pages[beside], folder));
                    roles[beside] = Role::Held;
                    None
                } else {
                    Some(beside)
                }
            }
            (None, None) => None,
        };
        if owner.is_some() {
            owned.insert(folder);
        }
        for &file in files {
            let page = &pages[file];
            let place = &page.place;
            roles[file] = match owner {
                Some(_) if Some(file) == index => {
                    entry(&mut entries, page, file, slug_of_folder(folder), topics_of(page, &owned, folder))
                }
                Some(owner) if owner != file => Role::Reply {
                    owner,
                    stem: slug::slug(&place.stem),
                    handle: handle_of(&slug::slug(&place.stem), files, pages, known_people),
                },
                Some(_) => continue,
                None if place.is_topic_text() => Role::TopicText(folder.to_string()),
                None if looks_like_a_reply(page, known_people) => {
                    diagnostics.push(ambiguous_reply(page, folder));
                    Role::Held
                }
                None => {
                    entry(&mut entries, page, file, slug::slug(&place.stem), topics_of(page, &owned, folder))
                }
            };
        }
    }
    roles
}

fn entry(
    entries: &mut BTreeMap<String, usize>,
    page: &Page,
    index: usize,
    slug: String,
    topics: Vec<String>,
) -> Role {
    let folder = if page.place.is_index() {
        folder_of(&page.path).to_string()
    } else {
        format!("{}/{}", folder_of(&page.path), page.place.stem)
    };
    entries.entry(fold_path(&folder)).or_insert(index);
    Role::Entry { slug, topics }
}

/// Plain pages and frequently asked questions have no replies: every file is a page.
fn plain_folder(pages: &[Arc<Page>], files: &[usize], roles: &mut [Role]) {
    let mut has_index = false;
    for &file in files {
        let page = &pages[file];
        let place = &page.place;
        let folder = folder_of(&page.path);
        let is_folder_page = place.is_index() || place.is_topic_text();
        roles[file] = if place.unknown && is_folder_page && place.folders.is_empty() {
            if std::mem::replace(&mut has_index, true) { Role::Held } else { Role::HomeText }
        } else if place.unknown {
            let mut parts: Vec<String> = place.folders.iter().map(|part| slug::slug(part)).collect();
            if !is_folder_page {
                parts.push(slug::slug(&place.stem));
            }
            Role::Entry { slug: parts.join("/"), topics: Vec::new() }
        } else if place.is_topic_text() {
            Role::TopicText(folder.to_string())
        } else if place.is_index() {
            let topics = place.folders.iter().rev().skip(1).rev().cloned().collect();
            Role::Entry { slug: slug_of_folder(folder), topics }
        } else {
            Role::Entry { slug: slug::slug(&place.stem), topics: place.folders.clone() }
        };
    }
}

/// The folders between the kind's folder and the file that no entry owns.
fn topics_of(page: &Page, owned: &BTreeSet<&str>, folder: &str) -> Vec<String> {
    let depth = page.place.folders.len();
    let mut paths: Vec<&str> = Vec::with_capacity(depth);
    let mut rest = folder;
    for _ in 0..depth {
        paths.push(rest);
        rest = folder_of(rest);
    }
    paths
        .iter()
        .rev()
        .zip(&page.place.folders)
        .filter(|(path, _)| !owned.contains(*path))
        .map(|(_, name)| name.clone())
        .collect()
}

/// `ana--2` is Ana's second reply; `ana-2` is too where `ana` replied and nobody is called `ana-2`.
fn handle_of(stem: &str, files: &[usize], pages: &[Arc<Page>], known_people: &BTreeSet<String>) -> String {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some((handle, number)) = stem.rsplit_once("--") {
        if is_number(number) && !handle.is_empty() {
            return handle.to_string();
        }
    }
    if let Some((handle, number)) = stem.rsplit_once('-') {
        let stands_beside = || files.iter().any(|file| slug::slug(&pages[*file].place.stem) == handle);
        if is_number(number) && !known_people.contains(stem) && stands_beside() {
            return handle.to_string();
        }
    }
    stem.to_string()
}

fn looks_like_a_reply(page: &Page, known_people: &BTreeSet<String>) -> bool {
    page.has_reply_fields()
        || (page.place.kind != crate::page::kind::Kind::Person
            && !page.has_entry_form()
            && known_people.contains(&slug::slug(&page.place.stem)))
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn slug_of_folder(folder: &str) -> String {
    slug::slug(folder.rsplit('/').next().unwrap_or(folder))
}

fn fold_path(path: &str) -> String {
    slug::fold(path)
}

fn ambiguous_topic(page: &Page, folder: &str) -> Diagnostic {
    let name = folder.rsplit('/').next().unwrap_or(folder);
    Diagnostic::new(
        Rule::AmbiguousFolder,
        &page.path,
        Span::START,
        format!("`{}` and the folder `{folder}/` have one name, and the folder holds pages of its own", page.path),
    )
    .help(format!(
        "If the folder holds a topic, rename this file, for example to `{name}-question.md`. If it holds replies \
         to this page, take the headings out of their first lines and the folders out of it. Until then this page \
         is left out and the folder stays a topic."
    ))
}

fn ambiguous_reply(page: &Page, folder: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::AmbiguousFolder,
        &page.path,
        Span::START,
        format!("`{}` reads like a reply, but `{folder}/` is not the folder of any page", page.path),
    )
    .help(format!(
        "If it is a reply, move it into the folder with the name of the page it replies to, or put that page at \
         `{folder}.md`. If it is a page of its own, begin it with a heading such as `# How do I …?`. Until then \
         it is left out."
    ))
}
