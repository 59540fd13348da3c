//! Where the content of a site lies. The root and the content folder are named by trusted configuration, so either may
//! be a symbolic link; paths in it are those by which the configuration names it. Links below are refused.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::git::{self, FileHistory, GitError, History, Rules};
use super::{Document, LoadError, relative};
use crate::config::Config;
use crate::page::{front_matter, markdown};
use crate::root;

/// What stands before every path of the content: `content/`, or nothing where the root itself is the content.
///
/// # Errors
/// When the folder is named and not there, leads nowhere, holds the site itself, or cannot be read.
pub(super) fn content_prefix(root: &Path, content: &str) -> Result<String, LoadError> {
    let named = root.join(content);
    let failed = |why: &str| LoadError::Io(named.clone(), io::Error::other(why.to_string()));
    let prefix = match fs::symlink_metadata(&named) {
        _ if content.is_empty() => String::new(),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            if content != root::CONTENT {
                return Err(LoadError::NoSite(format!(
                    "longhouse.yaml names the content folder `{content}`, but it does not exist in {}",
                    root.display()
                )));
            }
            String::new()
        }
        Err(error) => return Err(LoadError::Io(named, error)),
        Ok(there) => match fs::metadata(&named) {
            Ok(meant) if meant.is_dir() => format!("{content}/"),
            Ok(_) if !there.is_symlink() && content == root::CONTENT => String::new(),
            Ok(_) => return Err(failed("the content folder is a file")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(failed("the content folder is a broken symbolic link"));
            }
            Err(error) => return Err(LoadError::Io(named, error)),
        },
    };
    let folder = root.join(&prefix);
    // Listed once, so that a folder that may not be read is no site without pages.
    fs::read_dir(&folder).map_err(|error| LoadError::Io(folder, error))?;
    if linked(root, &prefix).is_some_and(|home| root.starts_with(home)) {
        return Err(failed(
            "the content folder is a symbolic link to the site itself; write `content: .` instead",
        ));
    }
    Ok(prefix)
}

/// The root around a content folder that lies elsewhere than the rest of the site, and what stands before every path of the
/// content. Strangers made that folder, so no link leads there.
///
/// # Errors
/// When the folder is not called as the configuration calls it, is no folder, or a link.
pub(super) fn elsewhere(folder: &Path, content: &str) -> Result<(PathBuf, String), LoadError> {
    let folder = std::path::absolute(folder).map_err(|error| LoadError::Io(folder.to_path_buf(), error))?;
    let refused = |why: String| {
        LoadError::NoSite(format!("The content cannot be read from {}: {why}", folder.display()))
    };
    let mut root = folder.as_path();
    for name in content.split('/').rev().filter(|name| !name.is_empty()) {
        if root.file_name() != Some(OsStr::new(name)) {
            return Err(refused(format!(
                "longhouse.yaml calls the content folder `{content}`, so the path must end with that"
            )));
        }
        match fs::symlink_metadata(root) {
            Ok(there) if there.is_dir() => {}
            Ok(there) if there.is_symlink() => {
                return Err(refused(format!("{} is a symbolic link", root.display())));
            }
            Ok(_) => return Err(refused(format!("{} is a file", root.display()))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(refused("it does not exist".to_string()));
            }
            Err(error) => return Err(LoadError::Io(root.to_path_buf(), error)),
        }
        root = root.parent().unwrap_or(root);
    }
    let root = root.canonicalize().map_err(|error| LoadError::Io(root.to_path_buf(), error))?;
    let prefix = if content.is_empty() { String::new() } else { format!("{content}/") };
    Ok((root, prefix))
}

/// The real content folder where a link leads to it.
pub(super) fn linked(root: &Path, prefix: &str) -> Option<PathBuf> {
    let named = root.join(prefix.trim_end_matches('/'));
    let home = named.canonicalize().ok()?;
    (!prefix.is_empty() && home != named).then_some(home)
}

/// A real path as the site names it: through the link that leads to its content.
pub(super) fn as_named(root: &Path, prefix: &str, path: &Path) -> PathBuf {
    let inside = linked(root, prefix).and_then(|home| path.strip_prefix(home).map(Path::to_path_buf).ok());
    inside.map_or_else(|| path.to_path_buf(), |inside| root.join(prefix).join(inside))
}

/// The path of a real file or folder from the root, with `/`; nothing if it does not lie in the site.
#[must_use]
pub fn inside(root: &Path, prefix: &str, path: &Path) -> Option<String> {
    let named = as_named(root, prefix, path);
    named.starts_with(root).then(|| relative(root, &named).trim_end_matches('/').to_string())
}

/// What git knows of a site, and of its content where a link leads to it: under the names that it has on the site.
/// `trusted` is the folder of what is no content.
///
/// # Errors
/// When git is there and refuses.
pub fn history(root: &Path, prefix: &str, trusted: &Path) -> Result<Option<History>, GitError> {
    let rules = Rules::beside(root, trusted);
    let known = git::history(root, prefix, rules)?;
    let Some(home) = linked(root, prefix) else { return Ok(known) };
    let Some(content) = git::history(&home, "", rules)? else { return Ok(known) };
    let named = content.files.into_iter().map(|(path, file)| (format!("{prefix}{path}"), file));
    let named: BTreeMap<_, _> = named.collect();
    let unknown = content.unknown.iter().map(|folder| format!("{prefix}{folder}")).collect::<Vec<_>>();
    Ok(Some(match known {
        None => History { files: named, prefix: String::new(), unknown, ..content },
        Some(mut known) => {
            known.files.extend(named);
            known.shallow |= content.shallow;
            known.unknown.extend(unknown);
            known.gaps.extend(content.gaps);
            known
        }
    }))
}

/// The same of what is known of a commit, whose files lie at the root.
pub(super) fn history_of(known: Option<Arc<History>>, root: &Path, prefix: &str) -> Option<Arc<History>> {
    let known = known?;
    let home = linked(root, prefix).map(|home| format!("{}/", relative(root, &home)));
    let Some(home) = home else { return Some(known) };
    let mut known = Arc::unwrap_or_clone(known);
    let named = |(path, file): (&String, &_)| {
        path.strip_prefix(&home).map(|inside| (format!("{prefix}{inside}"), FileHistory::clone(file)))
    };
    let named: Vec<_> = known.files.iter().filter_map(named).collect();
    known.files.extend(named);
    Some(Arc::new(known))
}

/// Names a site whose configuration does not: as the title of its home page says, or the first heading there. A folder
/// of markdown that nobody prepared has its name in its README.
pub(super) fn name_site(config: &mut Config, documents: &[Document], content_prefix: &str) {
    if config.has_title {
        return;
    }
    let stem = |document: &Document| {
        let name = document.path.strip_prefix(content_prefix).filter(|name| !name.contains('/'))?;
        name.rsplit_once('.').map(|(stem, _)| stem.to_ascii_lowercase())
    };
    let named = |wanted: &str| documents.iter().find(|it| stem(it).is_some_and(|stem| stem == wanted));
    let title = ["index", "readme", "_index"].into_iter().find_map(named).and_then(heading);
    config.title = title.unwrap_or_else(|| Config::default().title);
}

/// The title of a file, or its first-level heading if that comes first, without markup.
fn heading(document: &Document) -> Option<String> {
    let front = front_matter::parse(&document.path, &document.text);
    if let Some(title) = front.fields.title {
        return Some(title.value);
    }
    let line = document.text.get(front.body_at..)?.lines().find(|line| !line.trim().is_empty())?;
    let line = line.strip_prefix("# ").map(|_| line)?;
    let (body, _) = markdown::parse(&document.path, line, 0, &markdown::Options::default());
    body.headings.into_iter().next().map(|it| it.text).filter(|it| !it.trim().is_empty())
}
