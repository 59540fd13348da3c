//! Which folders are watched, and what a path in them means.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::backend::WATCHES_TREES;
use super::git::Git;
use super::noise;

/// The folders beside the content that are read, in which links are followed.
const TRUSTED: [&str; 3] = ["themes", "static", "data"];
/// The files at the root that are read.
const NAMED: [&str; 3] = ["longhouse.yaml", "GUIDELINES.md", "search-tests.yaml"];
/// Files at the root and at the top of the repository that say how commits are to be read.
const OF_COMMITS: [&str; 2] = [".mailmap", ".git-blame-ignore-revs"];
/// Deeper than this nobody sorts files, but links may lead in circles.
const DEEPEST: usize = 64;

/// The place that is watched, as it was when it was last looked at.
#[derive(Debug, Clone)]
pub(super) struct Ground {
    /// The root as it was named, absolute; it may be a link.
    given: PathBuf,
    /// The root without links.
    root: PathBuf,
    /// The content folder from the root; nothing where the root itself is the content.
    content: Option<PathBuf>,
    /// The content folder as the configuration names it, which may not be there.
    wanted: PathBuf,
    /// Where the content folder really is: it may be a link.
    home: Option<PathBuf>,
    output: Vec<PathBuf>,
    git: Option<Git>,
}

/// What a path means to us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Look {
    /// Nothing that we read.
    Nothing,
    /// A file that we read, or a folder with such files.
    Ours,
    /// It decides which folders are read at all: the root, the content folder, the repository.
    Ground,
    /// The last commit may be another one.
    Git,
}

/// A folder to watch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Start {
    pub(super) folder: PathBuf,
    /// With everything below it.
    pub(super) deep: bool,
}

/// What [`Ground::walk`] comes by.
pub(super) trait Visit {
    /// A folder, before anything in it is listed.
    ///
    /// # Errors
    /// Ends the walk.
    fn folder(&mut self, folder: &Path) -> Result<(), notify::Error>;
    /// A file that is read.
    fn file(&mut self, _file: &Path) {}
    /// A link in a trusted folder, and where it leads.
    fn link(&mut self, _link: &Path, _target: &Path, _is_folder: bool) {}
}

impl Ground {
    /// Looks at the site at a path.
    ///
    /// # Errors
    /// When there is no folder.
    pub(super) fn find(given: &Path, content: &str, output: Option<&Path>) -> io::Result<Ground> {
        let root = given.canonicalize()?;
        if !root.is_dir() {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        let wanted: PathBuf =
            Path::new(content).components().filter(|part| matches!(part, Component::Normal(_))).collect();
        let has_content = !wanted.as_os_str().is_empty() && root.join(&wanted).is_dir();
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
        let git = Git::find(&root, &wanted);
        Ok(Ground {
            given: std::path::absolute(given)?,
            content: has_content.then(|| wanted.clone()),
            home: root.join(&wanted).canonicalize().ok(),
            wanted,
            output: outputs,
            git,
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
            || self.content.is_some()
                != (!self.wanted.as_os_str().is_empty() && self.root.join(&self.wanted).is_dir())
            || self.home != self.root.join(&self.wanted).canonicalize().ok()
            || self.git != Git::find(&self.root, &self.wanted)
    }

    /// The folders from which everything that is read can be reached.
    pub(super) fn starts(&self) -> Vec<Start> {
        let mut starts: Vec<Start> = Vec::new();
        let mut add = |folder: PathBuf, deep: bool| {
            if !starts.iter().any(|start| start.folder == folder) {
                starts.push(Start { folder, deep });
            }
        };
        add(self.root.clone(), self.content.is_none());
        if let Some(content) = &self.content {
            for above in content.ancestors().skip(1).filter(|above| !above.as_os_str().is_empty()) {
                add(self.root.join(above), false);
            }
            add(self.root.join(content), true);
            for name in TRUSTED {
                add(self.root.join(name), true);
            }
        }
        // The folders above, for a root that goes and comes back. Where only whole trees can be watched
        // that would be everything the user does; there a look at the root now and then must do.
        if !WATCHES_TREES {
            for above in [&self.root, &self.given].into_iter().filter_map(|root| root.parent()) {
                add(above.to_owned(), false);
            }
        }
        if let Some(git) = &self.git {
            add(git.top().to_owned(), false);
            for (folder, deep) in git.folders() {
                add(folder, deep);
            }
        }
        starts
    }

    /// Single files in folders that are not watched with everything in them.
    pub(super) fn named(&self) -> Vec<PathBuf> {
        let mut named: Vec<PathBuf> =
            NAMED.iter().chain(&OF_COMMITS).map(|name| self.root.join(name)).collect();
        if let Some(git) = &self.git {
            named.extend(OF_COMMITS.iter().map(|name| git.top().join(name)));
            named.extend(git.named());
        }
        named
    }

    /// What a path means, whether it is there or not.
    pub(super) fn look(&self, path: &Path) -> Look {
        if path == self.root || path == self.given {
            return Look::Ground;
        }
        if let Some(git) = &self.git {
            if let Some(moves) = git.look(path) {
                return if moves { Look::Git } else { Look::Nothing };
            }
            if path.parent() == Some(git.top()) && is_one_of(path, &OF_COMMITS) {
                return Look::Git;
            }
        }
        let Ok(inside) = path.strip_prefix(&self.root) else { return Look::Nothing };
        if inside == Path::new(".git") {
            return Look::Ground;
        }
        if path.parent() == Some(&self.root) && is_one_of(path, &OF_COMMITS) {
            return Look::Git;
        }
        if !self.wanted.as_os_str().is_empty() && self.wanted.starts_with(inside) {
            return Look::Ground;
        }
        let is_named =
            path.parent() == Some(&self.root) && (is_one_of(path, &NAMED) || is_one_of(path, &TRUSTED));
        if is_named || (self.is_read(path, inside) && !noise::is_noise(path)) {
            Look::Ours
        } else {
            Look::Nothing
        }
    }

    /// The trusted folder that a path lies in, in which one file can stand for another by a link.
    pub(super) fn trusted(&self, path: &Path) -> Option<PathBuf> {
        let first = path.strip_prefix(&self.root).ok()?.components().next()?;
        TRUSTED.iter().any(|name| first.as_os_str() == OsStr::new(name)).then(|| self.root.join(first))
    }

    /// Walks a folder and all below it that is read. What cannot be listed is passed over: the reader
    /// says so where it matters.
    pub(super) fn walk(&self, folder: &Path, visit: &mut dyn Visit) -> Result<(), notify::Error> {
        let mut linked: BTreeSet<PathBuf> = BTreeSet::new();
        let mut folders: Vec<(PathBuf, usize)> = vec![(folder.to_owned(), 0)];
        while let Some((folder, depth)) = folders.pop() {
            visit.folder(&folder)?;
            let Ok(entries) = fs::read_dir(&folder) else { continue };
            for entry in entries.flatten() {
                let (path, Ok(kind)) = (entry.path(), entry.file_type()) else { continue };
                if !matches!(self.look(&path), Look::Ours | Look::Git) {
                    // The content folder is a start of its own, unless everything is.
                    continue;
                }
                if kind.is_dir() {
                    if depth < DEEPEST {
                        folders.push((path, depth + 1));
                    }
                } else if kind.is_symlink() && self.trusted(&path).is_some() {
                    let Ok(target) = path.canonicalize() else { continue };
                    let is_folder = target.is_dir();
                    visit.link(&path, &target, is_folder);
                    let leads_on = is_folder && depth < DEEPEST && !path.starts_with(&target);
                    if leads_on && linked.insert(target) {
                        folders.push((path, depth + 1));
                    } else if !is_folder {
                        visit.file(&path);
                    }
                } else {
                    visit.file(&path);
                }
            }
        }
        Ok(())
    }

    /// Whether the reader would take a file or folder at this path.
    fn is_read(&self, path: &Path, inside: &Path) -> bool {
        if self.output.iter().any(|output| path.starts_with(output)) {
            return false;
        }
        let parts = || inside.components().map(Component::as_os_str);
        let Some(first) = parts().next() else { return false };
        // A site may need `.well-known`.
        if first == OsStr::new("static") {
            return !parts().any(|part| part == OsStr::new(".git"));
        }
        // What the configuration names as content is content, whatever its name.
        let below = match &self.content {
            Some(content) => inside.strip_prefix(content).ok(),
            None => (first != OsStr::new("public")).then_some(inside),
        };
        let is_trusted = first == OsStr::new("themes") || first == OsStr::new("data");
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
        let ground = Ground::find(&root, "content", None).expect("a site");
        let look = |path: &str| ground.look(&root.join(path));
        for path in ["a/b/HEAD", "a/b/refs/heads/main", "a/b/modules/c/HEAD", "a/b/modules/c/packed-refs"] {
            assert_eq!(look(&format!(".git/modules/{path}")), Look::Git, "{path}");
        }
        for path in ["a/b/index", "a/b/HEAD.lock", "a/b/modules/c/objects/ab", "a/b"] {
            assert_eq!(look(&format!(".git/modules/{path}")), Look::Nothing, "{path}");
        }
        let starts = ground.starts();
        assert!(starts.iter().any(|it| it.deep && it.folder == root.join(".git/modules/a/b/refs/heads")));
    }

    #[test]
    fn what_is_read_wakes_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path().canonicalize().expect("it is there");
        for made in ["content/questions", "static", "themes/default", "public", ".git/refs/heads"] {
            fs::create_dir_all(root.join(made)).expect("a folder");
        }
        let ground = Ground::find(&root, "content", Some(&root.join("public"))).expect("a site");
        let look = |path: &str| ground.look(&root.join(path));
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
            assert_eq!(look(path), Look::Ours, "{path}");
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
            assert_eq!(look(path), Look::Nothing, "{path}");
        }
        for path in [".git/HEAD", ".git/refs/heads/topic/x", ".git/packed-refs", ".mailmap"] {
            assert_eq!(look(path), Look::Git, "{path}");
        }
        for path in ["content", ".git"] {
            assert_eq!(look(path), Look::Ground, "{path}");
        }
        assert_eq!(ground.look(&root), Look::Ground);
    }

    #[test]
    fn a_content_folder_may_have_any_name() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path().canonicalize().expect("it is there");
        fs::create_dir_all(root.join("docs/.kb/questions")).expect("a folder");
        let ground = Ground::find(&root, "docs/.kb/", None).expect("a site");
        let look = |path: &str| ground.look(&root.join(path));
        assert_eq!(look("docs/.kb/questions/a.md"), Look::Ours);
        assert_eq!(look("docs/.kb/.obsidian/a.md"), Look::Nothing);
        assert_eq!(look("docs/other/a.md"), Look::Nothing);
        assert_eq!(look("docs"), Look::Ground, "with it the content goes and comes");
        let starts = ground.starts();
        let deep = |path: &str| starts.iter().find(|start| start.folder == root.join(path)).map(|it| it.deep);
        assert_eq!((deep("docs"), deep("docs/.kb")), (Some(false), Some(true)));
    }

    #[test]
    fn without_a_content_folder_the_root_is_the_content() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path().canonicalize().expect("it is there");
        let ground = Ground::find(&root, "content", None).expect("a site");
        for path in ["readme.md", "questions/a.md"] {
            assert_eq!(ground.look(&root.join(path)), Look::Ours, "{path}");
        }
        assert_eq!(ground.look(&root.join("public/index.html")), Look::Nothing);
        assert!(!ground.has_moved());
        fs::create_dir(root.join("content")).expect("a folder");
        assert!(ground.has_moved());
    }
}
