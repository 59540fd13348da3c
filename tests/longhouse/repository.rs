//! A small git repository with people and days of one's own choosing.

use std::process::Command;

use crate::fixture::{Folder, Rendered, folder};

/// A site in a git repository.
pub(crate) struct Repository {
    folder: Folder,
}

/// Begins a repository with these files, written as in [`folder`] and not committed yet.
pub(crate) fn repository(files: &str) -> Repository {
    let repository = Repository { folder: folder(files) };
    repository.git("nobody", "2020-01-01", &["init", "--quiet", "--initial-branch=main", "."]);
    repository
}

impl Repository {
    /// The site's folder.
    pub(crate) fn folder(&self) -> &Folder {
        &self.folder
    }

    /// Writes a file without committing it.
    pub(crate) fn write(&self, path: &str, text: &str) -> &Self {
        self.folder.write(path, text);
        self
    }

    /// Commits everything there is, in the name of `who` (`Name <address>` or a name) at noon of a day.
    pub(crate) fn commit(&self, who: &str, day: &str, message: &str) -> &Self {
        self.git("nobody", day, &["add", "--all"]);
        self.git(who, day, &["commit", "--quiet", "--allow-empty", "-m", message]);
        self
    }

    /// Moves a file or folder, as `git mv` does.
    pub(crate) fn rename(&self, from: &str, to: &str) -> &Self {
        let target = self.folder.root().join(to);
        std::fs::create_dir_all(target.parent().expect("a folder")).expect("a folder");
        self.git("nobody", "2020-01-01", &["mv", from, to]);
        self
    }

    /// Builds the site into memory.
    pub(crate) fn build(&self) -> Rendered {
        self.folder.build()
    }

    /// Runs git in the name of `who`, at noon of a day.
    pub(crate) fn git(&self, who: &str, day: &str, arguments: &[&str]) {
        let (name, address) = match who.split_once(" <") {
            Some((name, address)) => (name.to_string(), address.trim_end_matches('>').to_string()),
            None => (who.to_string(), format!("{}@example.com", who.to_lowercase().replace(' ', "."))),
        };
        let mut git = Command::new("git");
        let ours = std::env::vars_os()
            .map(|(name, _)| name)
            .filter(|name| name.to_string_lossy().starts_with("GIT_"));
        ours.for_each(|name| {
            git.env_remove(name);
        });
        let output = git
            .current_dir(self.folder.root())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .envs([("GIT_AUTHOR_NAME", &name), ("GIT_AUTHOR_EMAIL", &address)])
            .env("GIT_AUTHOR_DATE", format!("{day}T12:00:00Z"))
            .env("GIT_COMMITTER_NAME", "Maintainer")
            .env("GIT_COMMITTER_EMAIL", "maintainer@example.com")
            .env("GIT_COMMITTER_DATE", format!("{day}T12:00:00Z"))
            .args(["-c", "commit.gpgSign=false"])
            .args(arguments)
            .output()
            .expect("git");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
