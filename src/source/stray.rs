//! Pages that lie beside the content folder instead of in it: `questions/reset.md` in the root.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use walkdir::WalkDir;

use super::content::read_document;
use super::{Document, INSTALLED, Sources, is_document, path_text, survey, unsafe_name};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::page::kind::Kind;
use crate::root;

/// A site of this many pages may have been begun by `init` where others were already.
const BEGINNING: usize = 3;

/// At most this many files outside of the content folder are told; more are no slip.
const MOST: usize = 100;

/// Texts in folders of the root that have the name of a kind, while the content lies elsewhere.
pub(super) fn outside(root: &Path, config: &Config, prefix: &str) -> Vec<Diagnostic> {
    if prefix.is_empty() {
        return Vec::new();
    }
    let names: BTreeSet<&str> =
        Kind::ALL.iter().map(|kind| kind.plural()).chain(config.kinds.keys().map(String::as_str)).collect();
    let is_ours = |name: &&&str| !root::is_reserved(name) && Some(**name) != prefix.split('/').next();
    let mut found = Vec::new();
    for name in names.iter().filter(is_ours) {
        let folder = root.join(name);
        if !fs::symlink_metadata(&folder).is_ok_and(|it| it.is_dir()) {
            continue;
        }
        let walk = WalkDir::new(&folder).follow_links(false).sort_by_file_name().into_iter();
        let is_hidden =
            |name: &std::ffi::OsStr| name.as_encoded_bytes().first() == Some(&b'.') || name == INSTALLED;
        for entry in walk.filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry.file_name())).flatten()
        {
            let Some(path) = path_text(root, entry.path()) else { continue };
            if found.len() < MOST
                && entry.file_type().is_file()
                && is_document(&path)
                && unsafe_name(&path).is_none()
            {
                found.push(beside_content(&path, prefix));
            }
        }
    }
    found
}

/// Pages that a folder `content` hides which nobody named: those in the root, as a wiki has them, and those of other
/// folders if the content is hardly more than its beginning.
pub(super) fn hidden(root: &Path, config: &Config, prefix: &str, pages: usize) -> Option<Diagnostic> {
    if prefix.trim_end_matches('/') != root::CONTENT || config.content != root::CONTENT {
        return None;
    }
    let names = fs::read_dir(root).ok()?.flatten().filter_map(|it| it.file_name().into_string().ok());
    let is_page = |name: &String| survey::is_page(name) && !survey::is_usual(name) && !name.starts_with('.');
    let mut found: Vec<String> = names.filter(is_page).collect();
    found.sort();
    let mut count = found.len();
    if pages <= BEGINNING {
        let survey = survey::survey(root).ok()?;
        let is_own = |name: &str| name == root::CONTENT || Kind::ALL.iter().any(|kind| kind.plural() == name);
        let mut folders = survey.children("");
        folders.retain(|name, count| !is_own(name) && *count > pages);
        count += folders.values().sum::<usize>();
        found.extend(folders.into_keys().map(|name| format!("{name}/")));
    }
    let first = found.first()?;
    let what = if count == 1 { "lies" } else { "lie" };
    let message = format!(
        "{} {what} next to the folder `{prefix}` instead of inside it, and not on the site.",
        crate::diagnostic::count(count, "page")
    );
    Some(Diagnostic::new(Rule::Stray, &Arc::from(first.as_str()), Span::START, message).help(format!(
        "Move what belongs on the site into `{prefix}`. Or set the folder with the pages in longhouse.yaml: \
         `content: .` for the whole folder, `content: docs` for a folder in it; `{prefix}` is then a folder like any \
         other."
    )))
}

/// A text of the site's folder, if it is one and no larger than a page may be.
#[must_use]
pub fn read(root: &Path, path: &str) -> Option<Document> {
    let file = root.join(path);
    let is_file = fs::symlink_metadata(&file).is_ok_and(|it| it.is_file());
    is_file.then(|| read_document(Arc::from(path), &file).ok()).flatten()
}

/// The files beside a stray text that it may show: pictures and the like, by their path.
#[must_use]
pub fn beside(sources: &Sources, path: &str) -> Vec<String> {
    let root = sources.root.as_path();
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let Ok(entries) = fs::read_dir(root.join(folder)) else { return Vec::new() };
    let name = |entry: fs::DirEntry| {
        let is_file = entry.file_type().is_ok_and(|it| it.is_file());
        path_text(root, &entry.path()).filter(|_| is_file)
    };
    let mut found: Vec<String> = entries
        .flatten()
        .filter_map(name)
        .filter(|it| {
            let rules = Arc::clone(&sources.config.files);
            !is_document(it) && super::asset::Asset::new(Arc::clone(it), root.join(&**it), rules).is_allowed()
        })
        .map(|it| it.to_string())
        .collect();
    found.sort();
    found
}

fn beside_content(path: &Arc<str>, prefix: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::Stray,
        path,
        Span::START,
        format!("This file is next to the folder `{prefix}` instead of inside it, so it is not on the site."),
    )
    .help(format!("Move it to `{prefix}{path}`. `longhouse fix` does this."))
    .fix(format!("{prefix}{path}"))
}
