//! Files in a site that are called as those which the program keeps for itself: records of changes, locks, sites in
//! the making. None of them is ever read from there, so anyone who finds one in a branch should ask where it came from.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use unicode_normalization::UnicodeNormalization;
use walkdir::WalkDir;

use super::{INSTALLED, relative};
use crate::output::MARKER;

/// The folder in which older versions kept their records.
const OLD_RECORDS: &str = ".longhouse-undo";

/// At most this many files are told; more are no accident, and the first ones say enough.
const MOST: usize = 100;

/// The folder of records that lies in the root, as its name is written there.
#[must_use]
pub fn old_records(root: &Path) -> Option<String> {
    let names = std::fs::read_dir(root).ok()?.flatten().map(|entry| entry.file_name());
    let mut found: Vec<String> = names
        .map(|name| name.to_string_lossy().into_owned())
        .filter(|name| folded(name) == OLD_RECORDS)
        .collect();
    found.sort();
    found.into_iter().next()
}

/// Every such file below the root, by its path from it, in order. What this user's own builds have there is left
/// out: `ours`, absolute. So are the repository itself and what was installed.
#[must_use]
pub fn find(root: &Path, ours: &BTreeSet<PathBuf>) -> Vec<String> {
    let mut found = Vec::new();
    let mut walk = WalkDir::new(root).follow_links(false).sort_by_file_name().into_iter();
    let mut inside: Option<usize> = None;
    while let Some(entry) = walk.next() {
        let Ok(entry) = entry else { continue };
        if found.len() == MOST {
            break;
        }
        let name = entry.file_name().to_string_lossy();
        let is_folder = entry.file_type().is_dir();
        let is_foreign = entry.depth() > 0 && is_folder && (name == ".git" || name == INSTALLED);
        if is_foreign || ours.contains(entry.path()) {
            if is_folder {
                walk.skip_current_dir();
            }
            continue;
        }
        inside = inside.filter(|depth| entry.depth() > *depth);
        if inside.is_none() && entry.depth() > 0 && is_name_of_ours(&name) {
            if is_passing(&name) && is_in_output(entry.path()) {
                continue;
            }
            inside = Some(entry.depth());
        }
        let is_empty = || std::fs::read_dir(entry.path()).is_ok_and(|mut entries| entries.next().is_none());
        if inside.is_some() && (!is_folder || is_empty()) {
            found.push(relative(root, entry.path()));
        }
    }
    found
}

/// Whether a name is one that the program gives to what it keeps, whatever the case and however it is composed:
/// some disks take them all for one.
fn is_name_of_ours(name: &str) -> bool {
    let name = folded(name);
    let is_beside_output =
        || [".lock", "-stage-", "-old-"].iter().any(|end| name.contains(&format!("{MARKER}{end}")));
    name.starts_with('.') && (name.starts_with(&format!("{MARKER}-")) || is_beside_output())
}

/// Whether a name is one that a file of a site has while it is written.
fn is_passing(name: &str) -> bool {
    name.strip_prefix(".longhouse-")
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|it| it.is_ascii_digit() || it == b'-'))
}

/// Whether something lies in a folder that a build wrote, where a `watch` may be at work.
fn is_in_output(path: &Path) -> bool {
    path.ancestors().skip(1).any(|folder| folder.join(MARKER).is_file())
}

fn folded(name: &str) -> String {
    let is_seen = |it: &char| !matches!(it, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}');
    name.nfkc().filter(is_seen).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_ours_are_known_in_any_case() {
        for name in [
            ".longhouse-undo",
            ".LongHouse-UNDO",
            ".longhou\u{17F}e-undo",
            ".long\u{200D}house-undo",
            ".public.longhouse.lock",
            ".PUBLIC.LONGHOUSE.LOCK",
            ".site.longhouse-stage-17",
            ".public.longhouse-old-18",
            ".longhouse-moving",
            ".longhouse-0123456789abcdef",
        ] {
            assert!(is_name_of_ours(name), "{name}");
        }
        for name in
            ["longhouse.yaml", ".longhouse", "longhouse-undo", "old-longhouse.md", ".longhouses", "a.lock"]
        {
            assert!(!is_name_of_ours(name), "{name}");
        }
    }
}
