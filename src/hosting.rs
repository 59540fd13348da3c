//! What a git host needs to check, answer and publish: workflows, forms and templates, for `init --host`.
//!
//! Each file says in its first line by which version it was written, with a hash of the rest. A file whose hash is right is
//! as we wrote it and can be brought up to date; any other belongs to whoever changed it.

use std::collections::BTreeMap;

use crate::config::{Config, Host};
use crate::receive::form;
use crate::words::Words;

/// The name of the package at npm.
const NPM: &str = "@longhouse-kb/longhouse";

/// How many hexadecimal digits of a hash stand in the first line.
const DIGITS: usize = 16;

/// What begins the first line of a file of ours, after the sign of a comment.
const WRITTEN: &str = "Written by `longhouse init --host";

const CHECK: &str = include_str!("hosting/github/check.yml");
const ANSWER: &str = include_str!("hosting/github/answer.yml");
const PUBLISH: &str = include_str!("hosting/github/publish.yml");
const RECEIVE: &str = include_str!("hosting/github/receive.yml");
const PICTURES: &str = include_str!("hosting/github/pictures.yml");
const DEPENDABOT: &str = include_str!("hosting/github/dependabot.yml");
const REQUEST: &str = include_str!("hosting/request.md");
const GITLAB: &str = include_str!("hosting/gitlab/gitlab-ci.yml");
const FORGEJO_CHECK: &str = include_str!("hosting/forgejo/check.yml");
const FORGEJO_PUBLISH: &str = include_str!("hosting/forgejo/publish.yml");
const FORGEJO_PICTURES: &str = include_str!("hosting/forgejo/pictures.yml");
const HEADERS: &str = include_str!("hosting/forgejo/_headers");

/// A place that hosts repositories and runs workflows for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Place {
    /// GitHub, with GitHub Pages.
    Github,
    /// GitLab, with GitLab Pages.
    Gitlab,
    /// Forgejo or Gitea, such as Codeberg, with git-pages.
    #[value(alias = "gitea", alias = "codeberg")]
    Forgejo,
}

/// Where a site is in its repository.
#[derive(Debug, Clone, Default)]
pub struct Position {
    /// The folder of the site from the top of the repository: empty, or ending with `/`.
    pub prefix: String,
    /// The branch that is published.
    pub branch: String,
}

/// A file that is there, compared with what it would be now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is the same.
    Same,
    /// It is as an older version wrote it.
    Old,
    /// Somebody changed it, or wrote it.
    Theirs,
}

impl Place {
    const fn name(self) -> &'static str {
        match self {
            Place::Github => "github",
            Place::Gitlab => "gitlab",
            Place::Forgejo => "forgejo",
        }
    }

    /// The host, as the configuration calls it.
    #[must_use]
    pub const fn host(self) -> Host {
        match self {
            Place::Github => Host::GitHub,
            Place::Gitlab => Host::GitLab,
            Place::Forgejo => Host::Gitea,
        }
    }
}

/// Every file for a host, by its path from the top of the repository.
#[must_use]
pub fn files(place: Place, position: &Position, words: &Words, config: &Config) -> BTreeMap<String, String> {
    let mut files = form::files(place.host(), words, config);
    let mut add = |path: &str, text: &str| {
        files.insert(path.to_string(), filled(text, position, config));
    };
    match place {
        Place::Github => {
            add(".github/workflows/check.yml", CHECK);
            add(".github/workflows/answer.yml", ANSWER);
            add(".github/workflows/publish.yml", PUBLISH);
            add(".github/workflows/receive.yml", RECEIVE);
            add(".github/workflows/pictures.yml", PICTURES);
            add(".github/dependabot.yml", DEPENDABOT);
            add(".github/pull_request_template.md", REQUEST);
        }
        Place::Gitlab => {
            add(".gitlab-ci.yml", GITLAB);
            add(".gitlab/merge_request_templates/Default.md", REQUEST);
        }
        Place::Forgejo => {
            add(".forgejo/workflows/check.yml", FORGEJO_CHECK);
            add(".forgejo/workflows/publish.yml", FORGEJO_PUBLISH);
            add(".forgejo/workflows/pictures.yml", FORGEJO_PICTURES);
            add(".forgejo/pull_request_template.md", REQUEST);
            add(&format!("{}static/_headers", position.prefix), HEADERS);
        }
    }
    files.into_iter().map(|(path, text)| (path.clone(), signed(place, &path, &text))).collect()
}

/// Puts what is known of a site into a text.
fn filled(text: &str, position: &Position, config: &Config) -> String {
    let site = position.prefix.trim_end_matches('/');
    let content = format!("{}{}", position.prefix, config.content);
    let content = content.trim_end_matches('/');
    let pattern = if content.is_empty() { "/*".to_string() } else { format!("/{content}/") };
    text.replace("@@VERSION@@", env!("CARGO_PKG_VERSION"))
        .replace("@@NPM@@", NPM)
        .replace("@@BRANCH@@", &position.branch)
        .replace("@@PATTERN@@", &pattern)
        // A folder whose name is left out is the one around it.
        .replace("/@@CONTENT@@", &format!("/{}", if content.is_empty() { "." } else { content }))
        .replace("@@CONTENT@@", if content.is_empty() { "." } else { content })
        .replace("/@@SITE@@", &if site.is_empty() { String::new() } else { format!("/{site}") })
}

/// The text with its first line.
fn signed(place: Place, path: &str, text: &str) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let line = format!("{WRITTEN} {}`, version {version}: {}", place.name(), digits(text));
    match path.ends_with(".md") {
        true => format!("<!-- {line} -->\n{text}"),
        false => format!("# {line}\n{text}"),
    }
}

fn digits(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex()[..DIGITS].to_string()
}

/// What a file that is there is, compared with what it would be now.
#[must_use]
pub fn standing(there: &str, now: &str) -> Standing {
    // A host's editor or git may have changed the line ends.
    let there = there.replace("\r\n", "\n");
    if there == now {
        return Standing::Same;
    }
    let is_ours = there.split_once('\n').is_some_and(|(first, rest)| {
        let hash = first.trim_end_matches(" -->").rsplit(' ').next().unwrap_or_default();
        first.contains(WRITTEN) && hash == digits(rest)
    });
    if is_ours { Standing::Old } else { Standing::Theirs }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(place: Place, prefix: &str, content: &str) -> BTreeMap<String, String> {
        let config = Config { content: content.to_string(), ..Config::default() };
        let position = Position { prefix: prefix.to_string(), branch: "main".to_string() };
        files(place, &position, &Words::english(), &config)
    }

    #[test]
    fn nothing_is_left_to_be_filled_in() {
        for place in [Place::Github, Place::Gitlab, Place::Forgejo] {
            for (prefix, content) in [("", "content"), ("docs/site/", "content"), ("", ""), ("a/", "b/c")] {
                for (path, text) in of(place, prefix, content) {
                    assert!(!text.contains("@@"), "{path}: {text}");
                }
            }
        }
    }

    #[test]
    fn a_site_in_a_folder_is_found_there() {
        let check = &of(Place::Github, "docs/site/", "content")[".github/workflows/check.yml"];
        for part in ["\"theirs/docs/site/content\"", "\"base/docs/site\"", "\"/docs/site/content/\""] {
            assert!(check.contains(part), "{part}");
        }
        let check = &of(Place::Github, "", "")[".github/workflows/check.yml"];
        for part in ["\"theirs/.\"", "--trusted \"base\"", "\"/*\""] {
            assert!(check.contains(part), "{part}: {check}");
        }
    }

    #[test]
    fn what_an_older_version_wrote_is_told_from_what_somebody_changed() {
        let now = &of(Place::Github, "", "content")[".github/workflows/check.yml"];
        assert_eq!(standing(now, now), Standing::Same);
        assert_eq!(standing(&now.replace('\n', "\r\n"), now), Standing::Same);
        let older = signed(Place::Github, "check.yml", "on: pull_request\n");
        assert_eq!(standing(&older, now), Standing::Old);
        assert_eq!(
            standing(&now.replace("timeout-minutes: 15", "timeout-minutes: 20"), now),
            Standing::Theirs
        );
        assert_eq!(standing("on: push\n", now), Standing::Theirs);
        let request = &of(Place::Gitlab, "", "content")[".gitlab/merge_request_templates/Default.md"];
        assert!(request.starts_with("<!-- Written by"));
        assert_eq!(standing(&signed(Place::Gitlab, "x.md", "old\n"), request), Standing::Old);
    }
}
