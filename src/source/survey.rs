//! What lies in a folder that is no site yet: how many pages there are in which folder, and which program they were
//! written for. `init` proposes by it where the content is.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

use walkdir::{DirEntry, WalkDir};

use super::{INSTALLED, extension, path_text};
use crate::root;

/// So many files and folders are looked at; more tell nothing new.
const MOST: usize = 200_000;

/// Folders that hold what a program made or needs, and no content.
const LEFT_OUT: [&str; 17] = [
    INSTALLED,
    "vendor",
    "_site",
    root::OUTPUT,
    root::THEMES,
    root::STATIC,
    "target",
    "dist",
    "build",
    "__pycache__",
    "_includes",
    "_layouts",
    "_sass",
    "layouts",
    "archetypes",
    "i18n",
    "coverage",
];

/// Files that a repository has whatever its content is.
const USUAL: [&str; 14] = [
    "readme",
    "changelog",
    "changes",
    "history",
    "contributing",
    "license",
    "licence",
    "code_of_conduct",
    "security",
    "support",
    "guidelines",
    "governance",
    "authors",
    "maintainers",
];

/// What lies in a folder.
#[derive(Debug, Default)]
pub struct Survey {
    /// How many pages lie directly in each folder that has any, by its path; the root's path is empty.
    pub folders: BTreeMap<String, usize>,
    /// The names of all files and folders of the root.
    pub names: BTreeSet<String>,
    /// The content folder that a `mkdocs.yml` names.
    pub docs_dir: Option<String>,
}

impl Survey {
    /// How many pages lie below a folder, at any depth; below the root for an empty path.
    #[must_use]
    pub fn below(&self, folder: &str) -> usize {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let is_below = |path: &str| path == folder || path.starts_with(&prefix);
        self.folders.iter().filter(|(path, _)| is_below(path)).map(|(_, count)| count).sum()
    }

    /// The folders directly below a folder that have pages at any depth, with how many.
    #[must_use]
    pub fn children(&self, folder: &str) -> BTreeMap<String, usize> {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let mut children = BTreeMap::new();
        for (path, count) in &self.folders {
            if let Some(name) = path.strip_prefix(&prefix).and_then(|rest| rest.split('/').next())
                && !name.is_empty()
            {
                *children.entry(name.to_string()).or_default() += count;
            }
        }
        children
    }
}

/// Looks through a folder. One that is not there holds nothing.
///
/// # Errors
/// When the disk refuses to list the folder.
pub fn survey(root: &Path) -> io::Result<Survey> {
    let mut survey = Survey::default();
    match fs::read_dir(root) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(survey),
        Err(error) => return Err(error),
        Ok(entries) => {
            survey.names =
                entries.flatten().map(|it| it.file_name().to_string_lossy().into_owned()).collect();
        }
    }
    let mkdocs =
        ["mkdocs.yml", "mkdocs.yaml"].iter().find_map(|name| fs::read_to_string(root.join(name)).ok());
    survey.docs_dir = mkdocs.as_deref().and_then(docs_dir);
    let walk = WalkDir::new(root).follow_links(false).into_iter().filter_entry(is_looked_at);
    for entry in walk.take(MOST).flatten().filter(|entry| entry.file_type().is_file()) {
        let Some(path) = path_text(root, entry.path()) else { continue };
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
        if is_page(name) && (!folder.is_empty() || !is_usual(name)) {
            *survey.folders.entry(folder.to_string()).or_default() += 1;
        }
    }
    Ok(survey)
}

/// Whether a file of this name is a page that somebody wrote as one; a plain text may be anything.
pub(super) fn is_page(name: &str) -> bool {
    extension(name).is_some_and(|it| matches!(it.as_str(), "md" | "markdown" | "mdx"))
}

/// Whether a repository has a file of this name in its root whatever its content is.
pub(super) fn is_usual(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).to_lowercase().replace('-', "_");
    USUAL.contains(&&*stem)
}

fn is_looked_at(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_str().unwrap_or_default();
    entry.depth() == 0 || !(name.starts_with('.') || (entry.file_type().is_dir() && LEFT_OUT.contains(&name)))
}

fn docs_dir(config: &str) -> Option<String> {
    let value = config.lines().find_map(|line| line.strip_prefix("docs_dir:"))?;
    let value = value.split('#').next()?.trim().trim_matches(['"', '\'']).trim_matches(['.', '/']);
    (!value.is_empty()).then(|| value.to_string())
}
