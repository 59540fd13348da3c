//! What is said when git cannot be asked: what is wrong, and what to do.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use super::command::{self, Failure};

/// Why git could not be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GitError {
    /// There is a repository, and no `git` command.
    NoCommand,
    /// The repository belongs to another user, and git refuses to read it until told otherwise.
    Ownership {
        /// The repository, or the root of the site if git did not say.
        repository: String,
    },
    /// There is a `.git`, but git takes it for no repository. This is the reason that it gives.
    Broken(String),
    /// A newer git made the repository. This is what git says.
    Newer(String),
    /// Git said nothing for so long and was ended.
    Silent {
        /// The subcommand, as in `log`.
        command: &'static str,
        /// How long it was waited for.
        waited: Duration,
    },
    /// Anything else.
    Failed {
        /// The subcommand, as in `log`.
        command: &'static str,
        /// What git said last.
        message: String,
    },
}

impl GitError {
    /// What somebody can do about it.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            GitError::NoCommand => "Install git, or add its folder to PATH".to_owned(),
            GitError::Ownership { repository } => {
                format!("If you trust it, run `git config --global --add safe.directory '{repository}'`")
            }
            GitError::Broken(_) => {
                "Run `git status` in the folder of the site: if it fails too, clone the repository again, or remove \
                 `.git` if this is not a repository"
                    .to_owned()
            }
            GitError::Newer(_) => "Update git to the version with which the repository was made".to_owned(),
            GitError::Silent { command, .. } => format!(
                "Run `git {command}` in the folder of the site to see what it is waiting for; `{}` sets how many \
                 seconds Longhouse waits",
                command::SILENCE_VARIABLE
            ),
            GitError::Failed { .. } => {
                "Run `git fsck` in the folder of the site: if it finds errors, fetch or clone the repository again"
                    .to_owned()
            }
        }
    }
}

/// What a failure means for the repository around a folder.
pub(super) fn explain(root: &Path, command: &'static str, failure: Failure) -> GitError {
    let said = match failure {
        Failure::NoGit => return GitError::NoCommand,
        Failure::Silent(waited) => return GitError::Silent { command, waited },
        Failure::Io(error) => return GitError::Failed { command, message: error.to_string() },
        Failure::Status(said) => said,
    };
    if command::is_refusal(&said) {
        let repository = said.split('\'').nth(1).map(str::to_owned);
        return GitError::Ownership { repository: repository.unwrap_or_else(|| root.display().to_string()) };
    }
    let message = reason(&said);
    if message.contains("not a git repository") || message.contains("must be run in a work tree") {
        GitError::Broken(message)
    } else if message.contains("repository extension") || message.contains("Expected git repo version") {
        GitError::Newer(message)
    } else {
        GitError::Failed { command, message }
    }
}

/// Why git ended, from all that it said: its last complaint, which may go on in more lines.
fn reason(said: &str) -> String {
    let lines: Vec<&str> = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let first = lines.iter().rposition(|line| line.starts_with("fatal:") || line.starts_with("error:"));
    let reason = lines[first.unwrap_or(lines.len().saturating_sub(1))..].join(" ");
    let reason = reason.trim_start_matches("fatal:").trim_start_matches("error:").trim();
    let reason: String = reason.chars().take(300).collect();
    if reason.is_empty() { "it gave no reason".to_owned() } else { reason }
}

impl fmt::Display for GitError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GitError::NoCommand => out.write_str("the site is in a git repository, but git is not installed"),
            GitError::Ownership { repository } => {
                write!(out, "git refuses to read {repository}, because it belongs to another user")
            }
            GitError::Broken(said) => {
                write!(out, "there is a `.git` here, but git does not accept it as a repository: {said}")
            }
            GitError::Newer(said) => write!(out, "this git is too old for the repository: {said}"),
            GitError::Silent { command, waited } => {
                write!(
                    out,
                    "`git {command}` did not respond for {} seconds and was stopped",
                    waited.as_secs()
                )
            }
            GitError::Failed { command, message } => write!(out, "`git {command}` failed: {message}"),
        }
    }
}

impl std::error::Error for GitError {}
