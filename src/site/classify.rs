//! Who is what: which file is an entry, which a reply to it, which the text of a topic.
//!
//! The rule is the folder: a folder beside an entry of its name, or with an `index.md`, belongs to that
//! entry and holds replies; every other folder is a topic. A folder's meaning never flips silently:
//! where it can be read in two ways, the file that would flip it is held as `ambiguous-folder`. Folders
//! that hold nothing but pictures say nothing either way.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rayon::prelude::*;

use super::naming;
use super::placeholder::Placeholders;
use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::page::front_matter::{Field, MarkOrText};
use crate::page::kind::Kind;
use crate::page::text::holds_email;
use crate::page::{Head, slug};

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
        /// Whose reply it is, from the stem; empty where that still means nobody.
        handle: String,
    },
    /// Title and text of a topic or of a kind's list; the folder from the root.
    TopicText(String),
    /// The text of the home page.
    HomeText,
    /// Not shown at all; a diagnostic says why.
    Held,
}

/// Gives every page its role. `known_people` are the handles of `people/` and `team:`, `unreadable` the
/// content files that are no pages because nobody can read them.
// Long because what decides what a file is, is decided in one order.
pub fn arrange<'a>(
    pages: &[&Head],
    unreadable: impl Iterator<Item = &'a str>,
    known_people: &BTreeSet<String>,
    placeholders: &Placeholders,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Role> {
    let mut roles = vec![Role::Held; pages.len()];
    let mut by_folder: Vec<(&str, usize)> =
        pages.iter().enumerate().map(|(index, page)| (folder_of(&page.path), index)).collect();
    by_folder.par_sort_unstable();
    let of_folder = |files: &[(&str, usize)]| files.iter().map(|(_, index)| *index).collect();
    let mut folders: BTreeMap<&str, Vec<usize>> =
        by_folder.chunk_by(|a, b| a.0 == b.0).map(|files| (files[0].0, of_folder(files))).collect();
    // What each file is called as an entry and as a reply.
    let names: Vec<(String, String)> = pages
        .par_iter()
        .map(|page| (naming::plain(&naming::parts_of(page)), reply_stem(&page.place.stem)))
        .collect();
    // Where the replies of each page would be, folded: what a folder may belong to.
    let of_replies: Vec<String> = pages.par_iter().map(|page| slug::fold(&folder_of_replies(page))).collect();
    let mut with_subfolders: HashSet<&str> = HashSet::new();
    for folder in folders.keys().copied().collect::<Vec<_>>() {
        let mut rest = folder;
        while let Some((above, _)) = rest.rsplit_once('/') {
            if !with_subfolders.insert(above) {
                break;
            }
            // A folder that holds nothing but folders is one too.
            folders.entry(above).or_default();
            rest = above;
        }
    }
    // Folders come in path order, so a file that may own a folder has its role before the folder is looked at.
    let mut entries: HashMap<&str, usize> = HashMap::with_capacity(pages.len());
    let orphaned: BTreeSet<String> =
        unreadable.filter_map(|path| path.rsplit_once('.')).map(|(stem, _)| slug::fold(stem)).collect();
    let mut owned: HashSet<&str> = HashSet::with_capacity(folders.len());
    let mut by_depth: Vec<(&str, &Vec<usize>)> =
        folders.iter().map(|(folder, files)| (*folder, files)).collect();
    // They are in order of path already.
    by_depth.sort_by_cached_key(|(folder, _)| folder.matches('/').count());
    for (folder, files) in by_depth {
        let is_plain = |file: &usize| pages[*file].place.is_plain() || pages[*file].place.faq;
        if files.first().is_some_and(is_plain) {
            plain_folder(pages, files, &mut roles);
            continue;
        }
        let folded = slug::fold(folder);
        if orphaned.contains(&folded) {
            // Replies wait until somebody mends what they reply to; they do not turn into entries.
            continue;
        }
        let index = files.iter().copied().find(|file| pages[*file].place.is_index());
        let beside = entries.get(&*folded).copied();
        let owner = match (index, beside) {
            (Some(index), beside) => Some(beside.unwrap_or(index)),
            (None, Some(beside)) if stays_topic(pages, files) || with_subfolders.contains(folder) => {
                diagnostics.push(ambiguous_topic(pages[beside], folder));
                roles[beside] = Role::Held;
                None
            }
            (None, beside) => beside,
        };
        let stems: BTreeSet<&str> = match owner {
            Some(_) => files.iter().map(|file| names[*file].1.as_str()).collect(),
            None => BTreeSet::new(),
        };
        if owner.is_some() {
            owned.insert(folder);
        }
        // All files of a folder lie in the same topics.
        let mut topics: Option<Vec<String>> = None;
        for &file in files {
            let page = &pages[file];
            let place = &page.place;
            let mut entry = |slug: String| {
                entries.entry(&of_replies[file]).or_insert(file);
                let topics = topics.get_or_insert_with(|| topics_of(page, &owned, folder));
                Role::Entry { slug, topics: topics.clone() }
            };
            roles[file] = match owner {
                Some(_) if place.is_index() => entry(names[file].0.clone()),
                Some(owner) if place.is_topic_text() => {
                    diagnostics.push(ambiguous_text(page, folder, pages[owner]));
                    Role::Held
                }
                Some(owner) => {
                    let stem = names[file].1.clone();
                    // A name that means nobody leaves it to git to say whose reply it is.
                    let is_email = holds_email(&place.stem);
                    if is_email {
                        diagnostics.push(email_as_file(page));
                    }
                    let is_named = known_people.contains(&stem) || !(is_email || placeholders.is_name(&stem));
                    let handle =
                        if is_named { handle_of(&stem, &stems, known_people) } else { String::new() };
                    Role::Reply { owner, handle, stem }
                }
                None if place.is_topic_text() => Role::TopicText(folder.to_string()),
                None if looks_like_a_reply(page, known_people) => {
                    diagnostics.push(ambiguous_reply(page, folder));
                    Role::Held
                }
                None => entry(names[file].0.clone()),
            };
        }
    }
    roles
}

/// The stem of a reply's file, which is its anchor: a slug, but `ana--2` keeps what tells it from `ana-2`.
///
/// An e-mail address is nobody's to show, so a file that is called so has an anchor that does not tell it.
#[must_use]
pub fn reply_stem(stem: &str) -> String {
    reply_stem_of(stem, slug::slug)
}

/// The same, with another way to make a slug.
pub(super) fn reply_stem_of(stem: &str, slug: fn(&str) -> String) -> String {
    if holds_email(stem) {
        return format!("reply-{}", &blake3::hash(stem.as_bytes()).to_hex()[..8]);
    }
    match numbered(stem) {
        Some((handle, number)) => format!("{}--{number}", slug(handle)),
        None => slug(stem),
    }
}

/// The folder that holds an entry's replies, whether or not it is there.
#[must_use]
pub fn folder_of_replies(page: &Head) -> String {
    let folder = folder_of(&page.path);
    if page.place.is_index() { folder.to_string() } else { format!("{folder}/{}", page.place.stem) }
}

/// Whether a folder beside an entry of its name was a topic before the entry came: two or more files in
/// it, and all of them, have the form of an entry. The text of a topic speaks for one, but alone not
/// loudly enough, or anyone could silence a question by putting a `README.md` among its answers.
fn stays_topic(pages: &[&Head], files: &[usize]) -> bool {
    let is_text = |file: &&usize| pages[**file].place.is_topic_text();
    files.len() > 1
        && !files.iter().all(|file| is_text(&file))
        && files.iter().all(|file| is_text(&file) || pages[*file].has_entry_form())
}

/// Plain pages and frequently asked questions have no replies: every file is a page.
fn plain_folder(pages: &[&Head], files: &[usize], roles: &mut [Role]) {
    for &file in files {
        let page = &pages[file];
        let place = &page.place;
        let folder = folder_of(&page.path);
        roles[file] = if place.unknown {
            let slug = naming::plain(&naming::parts_of(page));
            if slug.is_empty() { Role::HomeText } else { Role::Entry { slug, topics: Vec::new() } }
        } else if place.is_topic_text() {
            Role::TopicText(folder.to_string())
        } else {
            let topics = place.folders.len() - usize::from(place.is_index());
            Role::Entry {
                slug: naming::plain(&naming::parts_of(page)),
                topics: place.folders[..topics].to_vec(),
            }
        };
    }
}

/// The folders between the kind's folder and the file that no entry owns.
fn topics_of(page: &Head, owned: &HashSet<&str>, folder: &str) -> Vec<String> {
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
fn handle_of(stem: &str, stems: &BTreeSet<&str>, known_people: &BTreeSet<String>) -> String {
    if let Some((handle, _)) = numbered(stem) {
        return handle.to_string();
    }
    match stem.rsplit_once('-') {
        Some((handle, number))
            if is_number(number) && !known_people.contains(stem) && stems.contains(handle) =>
        {
            handle.to_string()
        }
        _ => stem.to_string(),
    }
}

/// Takes the stem of a further reply apart: `ana--2`.
pub(super) fn numbered(stem: &str) -> Option<(&str, &str)> {
    stem.rsplit_once("--").filter(|(handle, number)| !handle.is_empty() && is_number(number))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a file in a folder that nothing owns is meant as a reply all the same.
fn looks_like_a_reply(page: &Head, known_people: &BTreeSet<String>) -> bool {
    let kind = page.place.kind;
    // On an idea or a link the company's word may stand in the file itself.
    let is_response = || {
        !Field::Response.is_own_of(kind)
            && page.fields.response.as_ref().is_some_and(|it| it.value == MarkOrText::Mark(true))
    };
    page.has_reply_fields()
        || is_response()
        || (kind != Kind::Person
            && !page.has_entry_form()
            && known_people.contains(&slug::slug(&page.place.stem)))
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn ambiguous_topic(page: &Head, folder: &str) -> Diagnostic {
    let name = folder.rsplit('/').next().unwrap_or(folder);
    Diagnostic::new(
        Rule::AmbiguousFolder,
        &page.path,
        Span::START,
        format!("`{}` and the folder `{folder}/` have the same name, and the folder contains pages of its own.", page.path),
    )
    .help(format!(
        "If the folder is a topic, rename this file, for example to `{name}-question.md`. If it contains replies to \
         this page, remove the headings in their first lines and the folders in it. Until then this page is left \
         out and the folder remains a topic."
    ))
}

fn email_as_file(page: &Head) -> Diagnostic {
    Diagnostic::new(
        Rule::Email,
        &page.path,
        Span::START,
        "The file is named after an email address, which is not shown, so the author is taken from git.",
    )
    .help("Name the file after the handle of its author, such as `ana.md`.")
}

fn ambiguous_text(page: &Head, folder: &str, owner: &Head) -> Diagnostic {
    Diagnostic::new(
        Rule::AmbiguousFolder,
        &page.path,
        Span::START,
        format!("`{}` describes a topic, but `{folder}/` contains the replies to `{}`.", page.path, owner.path),
    )
    .help(format!(
        "If the folder contains replies, rename this file to the handle of its author, or remove it. If it is a \
         topic, rename `{}`. Until then this file is left out.",
        owner.path
    ))
}

fn ambiguous_reply(page: &Head, folder: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::AmbiguousFolder,
        &page.path,
        Span::START,
        format!("`{}` reads like a reply, but `{folder}/` is not the folder of any page.", page.path),
    )
    .help(format!(
        "If it is a reply, move it into the folder named after the page it replies to, or put that page at \
         `{folder}.md`. If it is a page of its own, start it with a heading such as `# How do I …?`. Until then it \
         is left out."
    ))
}
