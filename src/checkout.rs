//! A commit as a site to build: its files in a temporary folder, which is gone when nobody needs it any more.
//!
//! Only what a build reads is written, as git has it in its store: no hook runs, no filter, no attribute. Links lead
//! nowhere out of the folder, and nothing in it is a repository.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;

use crate::config::Config;
use crate::root;
use crate::source::git::base::NoBase;
use crate::source::git::tree::{Commit, commit};
use crate::source::{self, CommitFacts, LoadError, LoadOptions, Sources, decode, git};

/// At most this many files of a commit are written.
const FILES: usize = 500_000;
/// At most this many bytes of a commit are written.
const BYTES: u64 = 8 << 30;
/// At most this many bytes a configuration or the target of a link has.
const SMALL: u64 = 1 << 20;

/// The site of a commit.
#[derive(Debug)]
pub struct Checkout {
    /// What the site is made from. Its files lie in the folder.
    pub sources: Arc<Sources>,
    /// The id of the commit.
    pub id: String,
    /// What could not be read, from the site's root: the folders of submodules that were not fetched.
    pub missing: Vec<String>,
    /// What the files lie in.
    _folder: TempDir,
}

/// Why there is no such site.
#[derive(Debug)]
pub enum CheckoutError {
    /// Git has no such commit, or not all of it.
    Commit(NoBase),
    /// Its configuration, its theme or its data cannot be understood. The folder is that in which the files lie, to show
    /// the places.
    Load(LoadError, TempDir),
    /// The site's folder did not exist in it.
    NoSite(String),
    /// It has more than can be built: a commit of somebody else must not fill the disk.
    TooLarge,
    /// A temporary file cannot be written.
    Io(io::Error),
}

impl fmt::Display for CheckoutError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CheckoutError::Commit(error) => write!(out, "{error}"),
            CheckoutError::Load(..) => out.write_str("The site of that commit cannot be read"),
            CheckoutError::NoSite(id) => {
                write!(out, "The commit {} has no file in the site's folder", &id[..id.len().min(12)])
            }
            CheckoutError::TooLarge => {
                write!(out, "The commit has more than {FILES} files or {} GiB", BYTES >> 30)
            }
            CheckoutError::Io(error) => write!(out, "The temporary folder cannot be written: {error}"),
        }
    }
}

impl std::error::Error for CheckoutError {}

/// Reads the site at `root` as it was at the commit that a branch, a tag or an id names.
///
/// # Errors
/// When there is no such commit, or its site cannot be read.
pub fn checkout(root: &Path, reference: &str, options: &LoadOptions) -> Result<Checkout, CheckoutError> {
    let commit = commit(root, reference).map_err(CheckoutError::Commit)?;
    if commit.files.is_empty() {
        return Err(CheckoutError::NoSite(commit.id));
    }
    let folder = TempDir::with_prefix("longhouse-").map_err(CheckoutError::Io)?;
    let home = folder.path().join("site");
    let history =
        || git::history_at(root, "", &commit.id).map_err(|error| CheckoutError::Commit(NoBase::Git(error)));
    let (written, history) = rayon::join(|| write(&commit, &home), history);
    written?;
    let facts = CommitFacts {
        history: history?.map(Arc::new),
        beside: Arc::new(commit.beside),
        origin: Some((root.to_path_buf(), commit.id.clone())),
    };
    let options = LoadOptions { commit: Some(facts), output: None, ..options.clone() };
    match source::load(&home, &options) {
        Ok(mut sources) => {
            // The site is where it is; files that were written down know their own place.
            if let Ok(real) = root.canonicalize() {
                Arc::make_mut(&mut sources).root = real;
            }
            Ok(Checkout { sources, id: commit.id, missing: commit.missing, _folder: folder })
        }
        Err(error) => Err(CheckoutError::Load(error, folder)),
    }
}

/// Writes down what a build reads of a commit.
fn write(commit: &Commit, home: &Path) -> Result<(), CheckoutError> {
    fs::create_dir_all(home).map_err(CheckoutError::Io)?;
    let content = content(commit)?;
    let is_read = |path: &str| {
        let top = path.split('/').next().unwrap_or_default();
        let is_git = |name: &str| name.eq_ignore_ascii_case(".git");
        let is_named =
            !path.split('/').any(|name| name.is_empty() || name == "." || name == ".." || is_git(name));
        let is_native = std::path::MAIN_SEPARATOR == '/' || !path.contains(['\\', ':']);
        is_named && is_native && (root::is_trusted(top) || content.as_ref().is_none_or(|it| it.holds(path)))
    };
    let wanted: Vec<&str> = commit.files.keys().map(String::as_str).filter(|path| is_read(path)).collect();
    let bytes: u64 = wanted.iter().filter_map(|path| commit.files[*path].blob.len).sum();
    if wanted.len() > FILES || bytes > BYTES {
        return Err(CheckoutError::TooLarge);
    }
    let mut folders: BTreeSet<PathBuf> = BTreeSet::new();
    let mut links: Vec<(String, String)> = Vec::new();
    let mut place = |path: &str| -> io::Result<PathBuf> {
        let place = home.join(path);
        if let Some(folder) = place.parent()
            && !folders.contains(folder)
        {
            fs::create_dir_all(folder)?;
            folders.insert(folder.to_owned());
        }
        Ok(place)
    };
    let mut failed = None;
    let each = commit.each(&wanted, |path, bytes| {
        if commit.files[path].blob.is_link {
            let mut target = String::new();
            bytes.take(SMALL).read_to_string(&mut target)?;
            links.push((path.to_owned(), target));
            return Ok(());
        }
        let written = place(path).and_then(|place| io::copy(bytes, &mut File::create(place)?));
        // A file that cannot be written is no fault of git.
        if let Err(error) = written {
            failed.get_or_insert(error);
        }
        Ok(())
    });
    each.map_err(CheckoutError::Commit)?;
    for (path, target) in links {
        if is_inside(&path, &target)
            && let Err(error) = place(&path).and_then(|place| link(&target, &place))
        {
            failed.get_or_insert(error);
        }
    }
    failed.map_or(Ok(()), |error| Err(CheckoutError::Io(error)))
}

/// The content folder of a commit.
struct ContentFolder(Vec<String>);

impl ContentFolder {
    fn holds(&self, path: &str) -> bool {
        // The folder itself may be a link.
        self.0
            .iter()
            .any(|it| path == it || path.strip_prefix(it.as_str()).is_some_and(|rest| rest.starts_with('/')))
    }
}

/// The content folder, and where it leads to if it is a link; nothing where the root itself is the content.
fn content(commit: &Commit) -> Result<Option<ContentFolder>, CheckoutError> {
    let text = |path: &str| -> Result<Option<Vec<u8>>, CheckoutError> {
        let mut read = None;
        commit
            .each(&[path], |_, bytes| {
                let mut found = Vec::new();
                bytes.take(SMALL).read_to_end(&mut found)?;
                read = Some(found);
                Ok(())
            })
            .map_err(CheckoutError::Commit)?;
        Ok(read)
    };
    let file: Arc<str> = Arc::from(root::CONFIG);
    let config = text(root::CONFIG)?.and_then(|bytes| decode(&file, &bytes).ok());
    let config = config.and_then(|text| Config::parse(&file, &text).ok()).unwrap_or_default();
    let mut folder = config.content.trim_matches('/').to_owned();
    let mut folders = vec![folder.clone()];
    // A chain of links has an end.
    while let Some(stored) = commit.files.get(&folder).filter(|it| it.blob.is_link && folders.len() < 10) {
        let Some(target) = text(&folder)?.and_then(|it| String::from_utf8(it).ok()) else { break };
        if stored.blob.len.is_none_or(|len| len > SMALL) || !is_inside(&folder, &target) {
            break;
        }
        let above = folder.rsplit_once('/').map_or("", |(above, _)| above);
        let Some(next) = crate::site::url::join(above, target.trim_end_matches('/')) else { break };
        folder = next;
        folders.push(folder.clone());
    }
    let is_there = ContentFolder(vec![folder.clone()]);
    let exists = !folder.is_empty() && folder != "." && commit.files.keys().any(|path| is_there.holds(path));
    Ok(exists.then_some(ContentFolder(folders)))
}

/// Whether a link leads to a place in the folder, whichever other links are on the way: up as far as it lies deep, then
/// only down.
fn is_inside(path: &str, target: &str) -> bool {
    let depth = path.matches('/').count();
    let names: Vec<&str> = target.trim_end_matches('/').split('/').collect();
    let up = names.iter().take_while(|name| **name == "..").count();
    let is_down = |name: &&str| {
        !name.is_empty() && **name != *"." && **name != *".." && !name.contains(['\\', ':', '\0'])
    };
    let is_git = |name: &&str| name.eq_ignore_ascii_case(".git");
    up <= depth && names.len() > up && names[up..].iter().all(is_down) && !names.iter().any(is_git)
}

#[cfg(unix)]
fn link(target: &str, place: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, place)
}

/// Where making a link is a privilege, it is left out, as by git itself.
#[cfg(not(unix))]
fn link(_target: &str, _place: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_stays_in_the_folder() {
        for (path, target) in [
            ("content", "docs/pages"),
            ("static/a.png", "../themes/x/a.png"),
            ("a/b/c", "../../d"),
            ("a", "b/"),
        ] {
            assert!(is_inside(path, target), "{path} → {target}");
        }
        for (path, target) in [
            ("content", "/etc"),
            ("content", "../x"),
            ("static/x", "../../x"),
            ("m", "a/b/l/../x"),
            ("a/x", ".."),
            ("x", "."),
            ("x", ".git/config"),
            ("x", ""),
        ] {
            assert!(!is_inside(path, target), "{path} → {target}");
        }
    }
}
