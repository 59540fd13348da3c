//! Which folders are watched, and what a path in them means.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::git::Git;
use super::noise;
use super::system::WATCHES_TREES;
use crate::root::{DATA, OF_COMMITS, OUTPUT, STATIC, THEMES, TRUSTED_FILES, TRUSTED_FOLDERS};

/// Files at the root and at the top of the repository that say how commits are to be read.
/// Deeper than this nobody sorts files, but links may lead in circles.
const MAX_DEPTH: usize = 64;

/// What of a site is watched, as its folders were when they were last looked at.
#[derive(Debug, Clone)]
pub(super) struct Scope {
    /// The root as it was named, absolute; it may be a link.
    given: PathBuf,
    /// The root without links.
    root: PathBuf,
    /// The content folder from the root; nothing where the root itself is the content.
    content: Option<PathBuf>,
    /// The content folder as the configuration names it, which may not be there.
    wanted: PathBuf,
    /// Where the content folder really is: it may be a link.
    content_target: Option<PathBuf>,
    output: Vec<PathBuf>,
    git: Option<Git>,
}

/// What a path means to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Nothing that we read.
    Ignored,
    /// A file that we read, or a folder with such files.
    Input,
    /// It decides which folders are read at all: the root, the content folder, the repository.
    Layout,
    /// The last commit may have changed.
    Git,
}

/// What is found below a folder.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) files: Vec<PathBuf>,
    /// Where links in a trusted folder lead, a file or a folder, with that trusted folder.
    pub(super) links: BTreeMap<PathBuf, PathBuf>,
}

impl Scope {
    /// Looks at the site at a path.
    ///
    /// # Errors
    /// When there is no folder.
    pub(super) fn find(given: &Path, content: &str, output: Option<&Path>) -> io::Result<Scope> {
        let root = given.canonicalize()?;
        if !root.is_dir() {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        let wanted: PathBuf =
            Path::new(content).components().filter(|part| matches!(part, Component::Normal(_))).collect();
        let mut outputs: Vec<PathBuf> = Vec::new();
        if let Some(output) = output {
            let output = std::path::absolute(output)?;
            // It may not be there yet; the folder above it mostly is.
            let real = match (output.parent().map(Path::canonicalize), output.file_name()) {
                (Some(Ok(above)), Some(name)) => Some(above.join(name)),
                _ => None,
            };
            outputs.extend(output.canonicalize());
            outputs.extend(real);
            outputs.push(output);
            outputs.dedup();
        }
        Ok(Scope {
            given: std::path::absolute(given)?,
            content: has_content(&root, &wanted).then(|| wanted.clone()),
            content_target: root.join(&wanted).canonicalize().ok(),
            output: outputs,
            git: Git::find(&root, &wanted),
            wanted,
            root,
        })
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// The file that git holds while it changes many others.
    pub(super) fn lock(&self) -> Option<PathBuf> {
        self.git.as_ref().map(Git::lock)
    }

    /// Whether another look would find other folders.
    pub(super) fn has_moved(&self) -> bool {
        self.given.canonicalize().ok().as_ref() != Some(&self.root)
            || self.content.is_some() != has_content(&self.root, &self.wanted)
            || self.content_target != self.root.join(&self.wanted).canonicalize().ok()
            || self.git != Git::find(&self.root, &self.wanted)
    }

    /// The folders from which everything that is read can be reached, and whether with all below them.
    pub(super) fn starts(&self) -> Vec<(PathBuf, bool)> {
        let mut starts = vec![(self.root.clone(), self.content.is_none())];
        if let Some(content) = &self.content {
            let above = content.ancestors().skip(1).filter(|above| !above.as_os_str().is_empty());
            starts.extend(above.map(|above| (self.root.join(above), false)));
            starts.push((self.root.join(content), true));
            starts.extend(TRUSTED_FOLDERS.map(|name| (self.root.join(name), true)));
        }
        // The folders above, for a root that goes and comes back. Where only whole trees can be watched
        // that would be everything the user does; there a look at the root now and then must do.
        if !WATCHES_TREES {
            let above = [&self.root, &self.given].into_iter().filter_map(|root| root.parent());
            starts.extend(above.map(|above| (above.to_owned(), false)));
        }
        if let Some(git) = &self.git {
            starts.push((git.top().to_owned(), false));
            starts.extend(git.folders());
        }
        let mut seen: BTreeSet<PathBuf> = BTreeSet::new();
        starts.retain(|(folder, _)| seen.insert(folder.clone()));
        starts
    }

    /// Single files in folders that are not watched with everything in them.
    fn named(&self) -> Vec<PathBuf> {
        let mut named: Vec<PathBuf> =
            TRUSTED_FILES.iter().chain(&OF_COMMITS).map(|name| self.root.join(name)).collect();
        if let Some(git) = &self.git {
            named.extend(OF_COMMITS.iter().map(|name| git.top().join(name)));
            named.extend(git.named());
        }
        named
    }

    /// What a path means, whether it is there or not.
    pub(super) fn meaning(&self, path: &Path) -> Meaning {
        if path == self.root || path == self.given {
            return Meaning::Layout;
        }
        if let Some(git) = &self.git {
            if let Some(moves) = git.look(path) {
                return if moves { Meaning::Git } else { Meaning::Ignored };
            }
            if path.parent() == Some(git.top()) && is_one_of(path, &OF_COMMITS) {
                return Meaning::Git;
            }
        }
        let Ok(inside) = path.strip_prefix(&self.root) else { return Meaning::Ignored };
        if inside == Path::new(".git") {
            return Meaning::Layout;
        }
        let is_at_root = path.parent() == Some(&self.root);
        if is_at_root && is_one_of(path, &OF_COMMITS) {
            return Meaning::Git;
        }
        if !self.wanted.as_os_str().is_empty() && self.wanted.starts_with(inside) {
            return Meaning::Layout;
        }
        let is_named = is_at_root && (is_one_of(path, &TRUSTED_FILES) || is_one_of(path, &TRUSTED_FOLDERS));
        if is_named || (self.is_read(path, inside) && !noise::is_noise(path)) {
            Meaning::Input
        } else {
            Meaning::Ignored
        }
    }

    /// The trusted folder that a path lies in, in which one file can stand for another by a link.
    pub(super) fn trusted(&self, path: &Path) -> Option<PathBuf> {
        let first = path.strip_prefix(&self.root).ok()?.components().next()?;
        TRUSTED_FOLDERS
            .iter()
            .any(|name| first.as_os_str() == OsStr::new(name))
            .then(|| self.root.join(first))
    }

    /// Everything that is read.
    pub(super) fn all(&self) -> Found {
        let mut all = Found { files: self.named(), ..Found::default() };
        for (folder, _) in self.starts().into_iter().filter(|(_, deep)| *deep) {
            // A walk fails only where entering a folder does.
            if let Ok(found) = self.walk(&folder, &mut |_| Ok(())) {
                all.files.extend(found.files);
                all.links.extend(found.links);
            }
        }
        all
    }

    /// Walks a folder and all below it that is read, and where links of trusted folders lead from there. Each folder is
    /// entered before anything in it is listed, so that who begins to watch it then misses nothing. What cannot be
    /// listed is passed over: the reader says so where it matters.
    ///
    /// # Errors
    /// With that of `enter`, which ends the walk.
    pub(super) fn walk(
        &self,
        folder: &Path,
        enter: &mut dyn FnMut(&Path) -> notify::Result<()>,
    ) -> notify::Result<Found> {
        let mut found = Found::default();
        // Each with its depth and, outside the site, the trusted folder from which a link leads there.
        let mut folders: Vec<(PathBuf, usize, Option<PathBuf>)> = vec![(folder.to_owned(), 0, None)];
        while let Some((folder, depth, outside)) = folders.pop() {
            enter(&folder)?;
            let Ok(entries) = fs::read_dir(&folder) else { continue };
            for entry in entries.flatten() {
                let (path, Ok(kind)) = (entry.path(), entry.file_type()) else { continue };
                // The content folder is a start of its own, unless everything is.
                let is_read = match &outside {
                    None => matches!(self.meaning(&path), Meaning::Input | Meaning::Git),
                    Some(_) => !noise::is_noise(&path),
                };
                if !is_read {
                    continue;
                }
                let trusted = outside.clone().or_else(|| self.trusted(&path));
                if kind.is_dir() {
                    if depth < MAX_DEPTH {
                        folders.push((path, depth + 1, outside.clone()));
                    }
                } else if let Some(trusted) = trusted.filter(|_| kind.is_symlink()) {
                    let Ok(target) = path.canonicalize() else { continue };
                    let is_new = !found.links.contains_key(&target) && self.trusted(&target).is_none();
                    found.links.insert(target.clone(), trusted.clone());
                    if !target.is_dir() {
                        enter(target.parent().unwrap_or(&target))?;
                        found.files.push(target);
                    } else if is_new && depth < MAX_DEPTH && !path.starts_with(&target) {
                        folders.push((target, depth + 1, Some(trusted)));
                    }
                } else {
                    found.files.push(path);
                }
            }
        }
        Ok(found)
    }

    /// Whether the reader would take a file or folder at this path.
    fn is_read(&self, path: &Path, inside: &Path) -> bool {
        if self.output.iter().any(|output| path.starts_with(output)) {
            return false;
        }
        let parts = || inside.components().map(Component::as_os_str);
        let Some(first) = parts().next() else { return false };
        // A site may need `.well-known`.
        if first == OsStr::new(STATIC) {
            return !parts().any(|part| part == OsStr::new(".git"));
        }
        // What the configuration names as content is content, whatever its name.
        let below = match &self.content {
            Some(content) => inside.strip_prefix(content).ok(),
            None => (first != OsStr::new(OUTPUT)).then_some(inside),
        };
        let is_trusted = first == OsStr::new(THEMES) || first == OsStr::new(DATA);
        let (below, is_content) = match below {
            Some(below) => (below, !is_trusted),
            None if is_trusted => (inside, false),
            None => return false,
        };
        !below
            .components()
            .map(Component::as_os_str)
            .any(|part| is_hidden(part) || (is_content && part == OsStr::new("node_modules")))
    }
}

fn has_content(root: &Path, wanted: &Path) -> bool {
    !wanted.as_os_str().is_empty() && root.join(wanted).is_dir()
}

fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().first() == Some(&b'.')
}

fn is_one_of(path: &Path, names: &[&str]) -> bool {
    path.file_name().is_some_and(|name| names.iter().any(|known| name == OsStr::new(known)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commits_of_submodules_wake_too() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path().canonicalize().expect("it is there");
        for made in [
            "content",
            ".git/refs/heads",
            ".git/modules/a/b/refs/heads",
            ".git/modules/a/b/modules/c/objects",
        ] {
            fs::create_dir_all(root.join(made)).expect("a folder");
        }
        for head in [".git/modules/a/b", ".git/modules/a/b/modules/c"] {
            fs::write(root.join(head).join("HEAD"), "ref: refs/heads/main").expect("a file");
        }
        let scope = Scope::find(&root, "content", None).expect("a site");
        let meaning = |path: &str| scope.meaning(&root.join(path));
        for path in ["a/b/HEAD", "a/b/refs/heads/main", "a/b/modules/c/HEAD", "a/b/modules/c/packed-refs"] {
            assert_eq!(meaning(&format!(".git/modules/{path}")), Meaning::Git, "{path}");
        }
        for path in ["a/b/index", "a/b/HEAD.lock", "a/b/modules/c/objects/ab", "a/b"] {
            assert_eq!(meaning(&format!(".git/modules/{path}")), Meaning::Ignored, "{path}");
        }
        let starts = scope.starts();
        assert!(starts.iter().any(|it| it.1 && it.0 == root.join(".git/modules/a/b/refs/heads")));
    }

    #[test]
    fn what_is_read_wakes_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path().canonicalize().expect("it is there");
        for made in ["content/questions", "static", "themes/default", "public", ".git/refs/heads"] {
            fs::create_dir_all(root.join(made)).expect("a folder");
        }
        let scope = Scope::find(&root, "content", Some(&root.join("public"))).expect("a site");
        let meaning = |path: &str| scope.meaning(&root.join(path));
        for path in [
            "content/questions/a.md",
            "content/questions/a",
            "longhouse.yaml",
            "GUIDELINES.md",
            "search-tests.yaml",
            "static/.well-known/security.txt",
            "themes/default/templates/home.html",
            "themes",
            "data/moderation.yaml",
        ] {
            assert_eq!(meaning(path), Meaning::Input, "{path}");
        }
        for path in [
            "public/index.html",
            "notes.md",
            "content/.obsidian/workspace.json",
            "content/node_modules/x/readme.md",
            "content/questions/.a.md.swp",
            "content/questions/a.md~",
            "content/questions/4913",
            "content/questions/.#a.md",
            "content/.DS_Store",
            ".git/index",
            ".git/index.lock",
            ".git/objects/ab/cd",
            ".git/refs/heads/main.lock",
            ".git/refs/remotes/origin/main",
            ".git/FETCH_HEAD",
            "../elsewhere",
        ] {
            assert_eq!(meaning(path), Meaning::Ignored, "{path}");
        }
        for path in [".git/HEAD", ".git/refs/heads/topic/x", ".git/packed-refs", ".mailmap"] {
            assert_eq!(meaning(path), Meaning::Git, "{path}");
        }
        for path in ["content", ".git"] {
            assert_eq!(meaning(path), Meaning::Layout, "{path}");
        }
        assert_eq!(scope.meaning(&root), Meaning::Layout);
    }

    #[test]
    fn a_content_folder_may_have_any_name() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path().canonicalize().expect("it is there");
        fs::create_dir_all(root.join("docs/.kb/questions")).expect("a folder");
        let scope = Scope::find(&root, "docs/.kb/", None).expect("a site");
        let meaning = |path: &str| scope.meaning(&root.join(path));
        assert_eq!(meaning("docs/.kb/questions/a.md"), Meaning::Input);
        assert_eq!(meaning("docs/.kb/.obsidian/a.md"), Meaning::Ignored);
        assert_eq!(meaning("docs/other/a.md"), Meaning::Ignored);
        assert_eq!(meaning("docs"), Meaning::Layout, "with it the content goes and comes");
        let starts = scope.starts();
        let deep = |path: &str| starts.iter().find(|start| start.0 == root.join(path)).map(|it| it.1);
        assert_eq!((deep("docs"), deep("docs/.kb")), (Some(false), Some(true)));
    }

    #[test]
    fn without_a_content_folder_the_root_is_the_content() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path().canonicalize().expect("it is there");
        let scope = Scope::find(&root, "content", None).expect("a site");
        for path in ["readme.md", "questions/a.md"] {
            assert_eq!(scope.meaning(&root.join(path)), Meaning::Input, "{path}");
        }
        assert_eq!(scope.meaning(&root.join("public/index.html")), Meaning::Ignored);
        assert!(!scope.has_moved());
        fs::create_dir(root.join("content")).expect("a folder");
        assert!(scope.has_moved());
    }
}
