//! What an edit may touch: content, data and configuration, and never through a link.
//!
//! Every path of a change and of a record comes by here, each time before the disk is touched, so that neither a
//! mistake of ours nor a record that somebody else made can reach a hook of git, a workflow or a theme.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::change::{ChangeError, Done};
use crate::root;

/// The part of a site that edits may touch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// What stands before every path of the content: `content/`, or nothing where the root is the content.
    pub content: String,
    /// Folders of the root whose files belong into the content.
    pub beside: Vec<String>,
}

impl Scope {
    /// Makes sure that a path may be changed, moved or written, as the disk is now.
    pub(super) fn allows(&self, root: &Path, path: &str) -> Done<()> {
        if let Some(why) = self.objection(path) {
            return Err(ChangeError::Refused(format!("`{path}` {why}, so it is not changed.")));
        }
        self.no_links(root, path)
    }

    /// The same for a file that lies in a folder which moves, and goes with it.
    pub(super) fn allows_inside(&self, root: &Path, path: &str) -> Done<()> {
        match path.rsplit_once('/') {
            Some((folder, name)) if name.starts_with('.') && !is_git(name) => self.allows(root, folder),
            _ => self.allows(root, path),
        }
    }

    /// The folder of the content by its real path, which configuration may have made a link.
    pub(super) fn home(&self, root: &Path) -> PathBuf {
        let named = root.join(self.content.trim_end_matches('/'));
        named.canonicalize().unwrap_or(named)
    }

    /// Why a path is none that may be changed, by its name alone.
    fn objection(&self, path: &str) -> Option<&'static str> {
        if path.is_empty() || path.split('/').any(|part| part.is_empty() || part == "." || part == "..") {
            return Some("is not part of the site");
        }
        if path.contains('\0') || cfg!(windows) && path.contains(['\\', ':']) {
            return Some("is not a name that is safe on every system");
        }
        // The configuration may name a hidden folder as the content, but none of git's.
        let below = path.strip_prefix(self.content.as_str()).unwrap_or(path);
        if below.split('/').any(|part| part.starts_with('.')) || path.split('/').any(is_git) {
            return Some("is hidden or in a hidden folder");
        }
        if self.is_in_content(path) || root::TRUSTED_FILES.contains(&path) || is_data(path) {
            return None;
        }
        let first = path.split('/').next().unwrap_or_default();
        let is_beside = path.contains('/') && self.beside.iter().any(|it| it == first);
        (!is_beside || is_never(first)).then_some("is neither content nor data nor configuration")
    }

    fn is_in_content(&self, path: &str) -> bool {
        match path.strip_prefix(self.content.as_str()) {
            Some("") | None => false,
            Some(_) if self.content.is_empty() => !is_never(path.split('/').next().unwrap_or_default()),
            Some(_) => true,
        }
    }

    /// Refuses a path with a symbolic link in it, but for what the configuration names as the content folder.
    fn no_links(&self, root: &Path, path: &str) -> Done<()> {
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        for part in ends.map(|end| &path[..end]) {
            let is_named = self.content.starts_with(&format!("{part}/"));
            if !is_named && fs::symlink_metadata(root.join(part)).is_ok_and(|it| it.is_symlink()) {
                return Err(super::change::is_a_link(part));
            }
        }
        Ok(())
    }
}

/// Makes sure that a content folder that is a link leads to no hidden folder of the site, and none to one of git's.
pub(super) fn home_is_open(root: &Path, scope: &Scope, home: &Path) -> Done<()> {
    let inside = home.strip_prefix(root).unwrap_or(home);
    let is_linked = root.join(scope.content.trim_end_matches('/')) != home;
    let is_hidden = |part: std::path::Component<'_>| {
        let name = part.as_os_str().as_encoded_bytes();
        is_linked && home.starts_with(root) && name.starts_with(b".") || name.eq_ignore_ascii_case(b".git")
    };
    if inside.components().any(is_hidden) {
        return Err(ChangeError::Refused(format!(
            "The content folder links to {}, a hidden folder. Nothing was changed there.",
            home.display()
        )));
    }
    Ok(())
}

fn is_data(path: &str) -> bool {
    let is_file = |name: &str| !name.contains('/') && name.ends_with(".yaml");
    root::inside(root::DATA, path).is_some_and(is_file)
        || root::inside(root::FEEDS, path).is_some_and(is_file)
}

/// Whether a folder of the root is never content, in any case of its name.
fn is_never(name: &str) -> bool {
    root::TRUSTED_FOLDERS.iter().chain(&[root::OUTPUT]).any(|it| it.eq_ignore_ascii_case(name))
}

/// Whether a name is one of git's own, also as Windows shortens it.
fn is_git(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name == ".git" || name.strip_prefix("git~").is_some_and(|it| it.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(content: &str, path: &str) -> bool {
        let scope = Scope { content: content.to_string(), beside: vec!["questions".to_string()] };
        scope.objection(path).is_some()
    }

    #[test]
    fn content_data_and_configuration_may_be_changed() {
        for path in [
            "content/a.md",
            "content/questions/how?.md",
            "content/a..b/x",
            "longhouse.yaml",
            "GUIDELINES.md",
            "search-tests.yaml",
            "data/moderation.yaml",
            "data/feeds/planet-x.yaml",
            "questions/a.md",
        ] {
            assert!(!refused("content/", path), "{path}");
        }
        for path in ["a.md", "questions/a.md", "data/reactions.yaml", "docs/guide/a.md"] {
            assert!(!refused("", path), "{path}");
        }
    }

    #[test]
    fn nothing_else_may_be_changed() {
        for path in [
            "",
            "/etc/passwd",
            "../a.md",
            "content",
            "content/",
            "content/../.git/config",
            "content//a.md",
            "content/./a.md",
            "content/.git/hooks/post-checkout",
            "content/a/.hidden/x.md",
            "content/.x.md",
            "content/git~1/config",
            "content/GIT~1/config",
            ".git/config",
            ".GIT/config",
            ".github/workflows/build.yml",
            ".vscode/tasks.json",
            "themes/default/templates/base.html",
            "static/app.js",
            "public/index.html",
            "data/x.json",
            "data/a/b.yaml",
            "data/feeds/a/b.yaml",
            "data/feeds/.x.yaml",
            "Makefile",
            "package.json",
            "questions",
            "contents/a.md",
        ] {
            assert!(refused("content/", path), "{path}");
        }
        assert!(!refused(".kb/", ".kb/questions/a.md") && refused(".kb/", ".kb/.x/a.md"));
        assert!(refused(".git/", ".git/config"));
        for path in
            [".git/config", "a/.git", "Themes/x.md", "static/a.md", "public/a.md", "x/../a.md", "data/a.md"]
        {
            assert!(refused("", path), "{path}");
        }
    }
}
