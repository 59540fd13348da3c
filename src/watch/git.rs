//! Where a repository keeps what says which commit is the last one.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// More than a path needs. What is longer is no file of git's.
const POINTER_BYTES: u64 = 16 * 1024;
/// At most this many submodules are followed, and so deep in folders of theirs.
const MODULES: usize = 64;
const DEPTH: usize = 8;

/// The repository around a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Git {
    /// The folder that holds `.git`.
    top: PathBuf,
    /// What belongs to this worktree: its `HEAD` and its index.
    own: PathBuf,
    /// What all worktrees share: the refs. The same folder where there is one worktree.
    shared: PathBuf,
    /// The same of the submodules, and of a content folder that is a clone; what lies deeper comes first.
    modules: Vec<PathBuf>,
}

impl Git {
    /// Finds the repository that a folder lies in, without running git, and those in it that say something of the
    /// content folder.
    pub(super) fn find(root: &Path, content: &Path) -> Option<Git> {
        let around = Git::around(root);
        let has_own = !content.as_os_str().is_empty() && root.join(content).join(".git").exists();
        let clone = if has_own { Git::around(&root.join(content)) } else { None };
        let Some(mut git) = around else { return clone };
        modules(&git.shared.join("modules"), DEPTH, &mut git.modules);
        git.modules.extend(clone.map(|it| it.own).filter(|own| *own != git.own));
        git.modules.sort_by(|a, b| b.as_os_str().len().cmp(&a.as_os_str().len()).then_with(|| a.cmp(b)));
        git.modules.dedup();
        Some(git)
    }

    fn around(root: &Path) -> Option<Git> {
        let (top, entry) = root
            .ancestors()
            .map(|folder| (folder, folder.join(".git")))
            .find(|(_, entry)| entry.symlink_metadata().is_ok())?;
        let own = if entry.is_dir() {
            entry
        } else {
            // A worktree or a submodule: a file that names the folder.
            top.join(pointer(&entry)?.strip_prefix("gitdir:")?.trim())
        };
        let own = own.canonicalize().ok()?;
        let shared = pointer(&own.join("commondir"))
            .and_then(|path| own.join(path.trim()).canonicalize().ok())
            .unwrap_or_else(|| own.clone());
        Some(Git { top: top.to_owned(), own, shared, modules: Vec::new() })
    }

    pub(super) fn top(&self) -> &Path {
        &self.top
    }

    /// Held by git while it writes to the worktree and the index.
    pub(super) fn lock(&self) -> PathBuf {
        self.own.join("index.lock")
    }

    /// The folders to watch, and whether with all below them.
    pub(super) fn folders(&self) -> Vec<(PathBuf, bool)> {
        let mut folders = vec![(self.own.clone(), false), (self.shared.clone(), false)];
        for folder in
            [self.shared.join("refs/heads"), self.shared.join("reftable"), self.own.join("reftable")]
        {
            if folder.is_dir() {
                folders.push((folder, true));
            }
        }
        for module in &self.modules {
            folders.push((module.clone(), false));
            let heads = module.join("refs/heads");
            if heads.is_dir() {
                folders.push((heads, true));
            }
        }
        folders
    }

    /// Single files outside the deep ones of these folders.
    pub(super) fn named(&self) -> [PathBuf; 3] {
        [self.own.join("HEAD"), self.shared.join("packed-refs"), self.shared.join("shallow")]
    }

    /// Nothing for a path that is not git's; else whether the last commit may be another one.
    ///
    /// The index, objects, and what was fetched say nothing of the last commit, and `git status`, which
    /// editors run after every save, writes the index again.
    pub(super) fn look(&self, path: &Path) -> Option<bool> {
        if let Some(inside) = self.modules.iter().find_map(|module| path.strip_prefix(module).ok()) {
            let is_lock = inside.extension().is_some_and(|end| end == "lock");
            let is_named = ["HEAD", "packed-refs", "shallow"].iter().any(|name| inside == Path::new(name));
            return Some(!is_lock && (is_named || inside.starts_with("refs/heads")));
        }
        let inside = path.strip_prefix(&self.own).or_else(|_| path.strip_prefix(&self.shared)).ok()?;
        if inside.as_os_str().is_empty() {
            // The folder itself is the site's to look at, if it is `.git` at the root.
            return (path != self.top.join(".git")).then_some(false);
        }
        if path.extension().is_some_and(|end| end == "lock") {
            return Some(false);
        }
        Some(
            self.named().iter().any(|named| named == path)
                || path.starts_with(self.shared.join("refs/heads"))
                || path.starts_with(self.shared.join("reftable"))
                || path.starts_with(self.own.join("reftable")),
        )
    }
}

/// The repositories of submodules below a folder, whose names may hold slashes, and of the submodules of those.
fn modules(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    let Ok(entries) = folder.read_dir() else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if depth == 0 || found.len() >= MODULES || !entry.file_type().is_ok_and(|it| it.is_dir()) {
            continue;
        }
        if path.join("HEAD").is_file() {
            modules(&path.join("modules"), depth - 1, found);
            found.push(path);
        } else {
            modules(&path, depth - 1, found);
        }
    }
}

/// The text of a small file that names a folder.
fn pointer(path: &Path) -> Option<String> {
    let mut text = String::new();
    File::open(path).ok()?.take(POINTER_BYTES).read_to_string(&mut text).ok()?;
    Some(text)
}
