//! Where the site's files can be seen and edited: addresses on the git host, made and recognised.
//!
//! Paths are those of the site's root, with `/`. Nothing is asked of the host.

mod pattern;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use url::Url;

use crate::page::markdown::Tracker;

/// The programs that show repositories.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Host {
    /// github.com, or GitHub Enterprise.
    GitHub,
    /// gitlab.com, or a GitLab of one's own.
    GitLab,
    /// Gitea or Forgejo, as on codeberg.org.
    Gitea,
    /// bitbucket.org.
    Bitbucket,
    /// Azure DevOps.
    Azure,
    /// Another one, by address patterns.
    Custom,
}

/// The repository that the site lies in.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Repository {
    /// What shows it.
    pub host: Host,
    /// Its address, without a slash at the end.
    pub url: String,
    /// The branch that contributions go to.
    pub branch: String,
    /// The folder of the site in it, without slashes at its ends; empty where it is the repository's root.
    pub path: String,
    /// A pattern for editing a file, with `{path}` and `{branch}`.
    pub edit_url: Option<String>,
    /// A pattern for a new file, with `{path}`, `{dir}`, `{file}`, `{branch}` and `{content}`.
    pub new_url: Option<String>,
}

/// Where a new file is written in the browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// The address of the editor.
    pub url: String,
    /// How much of the file's text the address carries.
    pub carries: Carries,
}

/// How much of a text an address carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carries {
    /// All of it.
    All,
    /// The front matter, because the whole would have been too long.
    FrontMatter,
    /// Nothing: the host cannot take it over, or even the front matter was too long.
    Nothing,
}

/// Where somebody needs an account to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Account {
    /// With somebody who is known by name.
    Of(&'static str),
    /// At a host that is known by its address.
    At(String),
    /// Nobody knows: the configuration names no address.
    Nowhere,
}

impl Host {
    /// The words for `host:`.
    pub const WORDS: [&'static str; 6] = ["github", "gitlab", "gitea", "bitbucket", "azure", "custom"];

    /// What a word means.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Host> {
        Some(match word {
            "github" => Host::GitHub,
            "gitlab" => Host::GitLab,
            "gitea" | "forgejo" | "codeberg" => Host::Gitea,
            "bitbucket" => Host::Bitbucket,
            "azure" => Host::Azure,
            "custom" => Host::Custom,
            _ => return None,
        })
    }

    /// The host that an address tells by its name.
    #[must_use]
    pub fn of(url: &Url) -> Option<Host> {
        let name = url.host_str()?;
        let is = |domain: &str| Host::of_domain(name, domain);
        if is("github.com") || name.starts_with("github.") {
            Some(Host::GitHub)
        } else if is("gitlab.com") || name.starts_with("gitlab.") {
            Some(Host::GitLab)
        } else if is("codeberg.org") || name.starts_with("gitea.") || name.starts_with("forgejo.") {
            Some(Host::Gitea)
        } else if is("bitbucket.org") {
            Some(Host::Bitbucket)
        } else if is("dev.azure.com") || is("visualstudio.com") {
            Some(Host::Azure)
        } else {
            None
        }
    }

    /// Whether a host's name is a domain's, or below it.
    fn of_domain(name: &str, domain: &str) -> bool {
        name == domain || name.strip_suffix(domain).is_some_and(|sub| sub.ends_with('.'))
    }
}

impl Repository {
    /// Where its issues and commits are seen; nothing for a host that is not known.
    #[must_use]
    pub fn tracker(&self) -> Option<Tracker> {
        let url = self.url.as_str();
        let parsed = Url::parse(url).ok()?;
        let origin = parsed.origin().ascii_serialization();
        let tracker =
            |issue: String, commit: String| Tracker { issue, commit, merge_request: None, elsewhere: None };
        Some(match self.host {
            Host::GitHub | Host::Gitea => Tracker {
                elsewhere: Some(format!("{origin}/{{repo}}/issues/{{}}")),
                ..tracker(format!("{url}/issues/{{}}"), format!("{url}/commit/{{}}"))
            },
            Host::GitLab => Tracker {
                merge_request: Some(format!("{url}/-/merge_requests/{{}}")),
                elsewhere: Some(format!("{origin}/{{repo}}/-/issues/{{}}")),
                ..tracker(format!("{url}/-/issues/{{}}"), format!("{url}/-/commit/{{}}"))
            },
            Host::Bitbucket => tracker(format!("{url}/issues/{{}}"), format!("{url}/commits/{{}}")),
            Host::Azure => Tracker {
                merge_request: Some(format!("{url}/pullrequest/{{}}")),
                ..tracker(
                    format!("{}/_workitems/edit/{{}}", url.split("/_git/").next().unwrap_or(url)),
                    format!("{url}/commit/{{}}"),
                )
            },
            Host::Custom => return None,
        })
    }

    /// The address at which a file is edited in the browser.
    #[must_use]
    pub fn edit_url(&self, path: &str) -> Option<String> {
        if let Some(pattern) = &self.edit_url {
            return Some(self.filled(pattern, path, ""));
        }
        let (url, branch, file) = (&self.url, component(&self.branch), encoded(&self.inside(path)));
        Some(match self.host {
            Host::GitHub => format!("{url}/edit/{branch}/{file}"),
            Host::GitLab => format!("{url}/-/edit/{branch}/{file}"),
            Host::Gitea => format!("{url}/_edit/{branch}/{file}"),
            Host::Bitbucket => {
                let at = query(&self.branch);
                format!("{url}/src/{branch}/{file}?mode=edit&spa=0&at={at}&fileviewer=file-view-default")
            }
            Host::Azure => format!(
                "{url}?path=/{}&version=GB{}&_a=contents",
                query(&self.inside(path)),
                query(&self.branch)
            ),
            Host::Custom => return None,
        })
    }

    /// The address at which a new file is written in the browser, with as much of its text as the host can
    /// take over. None where there is no such address, or it would be too long for a server.
    #[must_use]
    pub fn new_file(&self, path: &str, text: &str) -> Option<NewFile> {
        let with = |text: &str| self.address_of_new(path, text).filter(|url| url.len() <= LONGEST);
        if self.fills() && !text.is_empty() {
            if let Some(url) = with(text) {
                return Some(NewFile { url, carries: Carries::All });
            }
            // What the file means stands in its front matter; the rest says what to write.
            if let Some(url) = front_matter(text).and_then(with) {
                return Some(NewFile { url, carries: Carries::FrontMatter });
            }
        }
        let carries = if text.is_empty() { Carries::All } else { Carries::Nothing };
        Some(NewFile { url: with("")?, carries })
    }

    /// Whether an address can say with which text a file begins.
    #[must_use]
    pub fn fills(&self) -> bool {
        match &self.new_url {
            Some(pattern) => pattern.contains("{content}"),
            None => matches!(self.host, Host::GitHub | Host::Gitea),
        }
    }

    /// What people call the place where they need an account: a name of its own, or the host's address.
    #[must_use]
    pub fn account(&self) -> Account {
        let address = Url::parse(&self.url).ok();
        let address = address.as_ref().and_then(Url::host_str).unwrap_or_default();
        let of = |domain: &str| Host::of_domain(address, domain);
        let name = match self.host {
            Host::GitHub if address.is_empty() || of("github.com") => "GitHub",
            Host::GitLab if of("gitlab.com") => "GitLab",
            Host::Gitea if of("codeberg.org") => "Codeberg",
            Host::Bitbucket if of("bitbucket.org") => "Bitbucket",
            Host::Azure if of("dev.azure.com") || of("visualstudio.com") => "Microsoft",
            _ if !address.is_empty() => return Account::At(address.to_owned()),
            _ => return Account::Nowhere,
        };
        Account::Of(name)
    }

    fn address_of_new(&self, path: &str, template: &str) -> Option<String> {
        if let Some(pattern) = &self.new_url {
            return Some(self.filled(pattern, path, template));
        }
        let inside = self.inside(path);
        let (folder, file) = inside.rsplit_once('/').unwrap_or(("", &inside));
        let (url, branch) = (&self.url, component(&self.branch));
        let folder_path = if folder.is_empty() { String::new() } else { format!("/{}", encoded(folder)) };
        Some(match self.host {
            // The file name may hold folders here, and makes those that are missing.
            Host::GitHub => {
                format!("{url}/new/{branch}?filename={}&value={}", query(&inside), query(template))
            }
            Host::GitLab => {
                format!("{url}/-/new/{branch}{folder_path}?file_name={}", query(file))
            }
            Host::Gitea => {
                format!("{url}/_new/{branch}{folder_path}?filename={}&value={}", query(file), query(template))
            }
            Host::Bitbucket => {
                format!(
                    "{url}/create-file/{branch}{folder_path}?at={}&filename={}",
                    query(&self.branch),
                    query(file)
                )
            }
            Host::Azure => {
                format!("{url}?path=/{}&version=GB{}&_a=contents", query(folder), query(&self.branch))
            }
            Host::Custom => return None,
        })
    }

    /// The address at which a file is shown.
    #[must_use]
    pub fn view_url(&self, path: &str) -> Option<String> {
        self.url_of_file(&self.inside(path))
    }

    /// The address at which a file of the repository is shown, by its path from the top of the repository.
    #[must_use]
    pub fn url_of_file(&self, path: &str) -> Option<String> {
        let (url, branch, file) = (&self.url, component(&self.branch), encoded(path));
        Some(match self.host {
            Host::GitHub => format!("{url}/blob/{branch}/{file}"),
            Host::GitLab => format!("{url}/-/blob/{branch}/{file}"),
            Host::Gitea => format!("{url}/src/branch/{branch}/{file}"),
            Host::Bitbucket => format!("{url}/src/{branch}/{file}"),
            Host::Azure => {
                format!("{url}?path=/{}&version=GB{}", query(path), query(&self.branch))
            }
            Host::Custom => return None,
        })
    }

    /// The address at which one sees who changed a file, and when.
    #[must_use]
    pub fn history_url(&self, path: &str) -> Option<String> {
        let (url, branch, file) = (&self.url, component(&self.branch), encoded(&self.inside(path)));
        Some(match self.host {
            Host::GitHub => format!("{url}/commits/{branch}/{file}"),
            Host::GitLab => format!("{url}/-/commits/{branch}/{file}"),
            Host::Gitea => format!("{url}/commits/branch/{branch}/{file}"),
            Host::Bitbucket => format!("{url}/history-node/{branch}/{file}?at={}", query(&self.branch)),
            Host::Azure => format!(
                "{url}?path=/{}&version=GB{}&_a=history",
                query(&self.inside(path)),
                query(&self.branch)
            ),
            Host::Custom => return None,
        })
    }

    /// The file that an address copied from the host's file view means, whatever branch it names.
    ///
    /// The fragment is no part of the answer.
    #[must_use]
    pub fn strip_view_url(&self, address: &str) -> Option<String> {
        let address = Url::parse(address).ok()?;
        let own = Url::parse(&self.url).ok()?;
        let bare = |url: &Url| {
            url.host_str().map(|host| host.strip_prefix("www.").unwrap_or(host).to_ascii_lowercase())
        };
        if !matches!(address.scheme(), "http" | "https")
            || bare(&address) != bare(&own)
            || address.port() != own.port()
        {
            return None;
        }
        let rest = strip_prefix_ignoring_case(address.path(), own.path().trim_end_matches('/'))?;
        let rest = percent_decode_str(rest).decode_utf8().ok()?;
        let inside = if self.host == Host::Azure {
            let path = address.query_pairs().find(|(name, _)| name == "path")?.1;
            path.trim_start_matches('/').to_owned()
        } else {
            let rest = rest.strip_prefix('/')?;
            let rest = rest.strip_prefix("-/").unwrap_or(rest);
            let (view, rest) = rest.split_once('/')?;
            let known = match self.host {
                Host::Gitea => matches!(view, "src" | "raw" | "_edit" | "blame"),
                Host::Bitbucket => matches!(view, "src" | "raw" | "annotate"),
                _ => matches!(view, "blob" | "tree" | "edit" | "raw" | "blame"),
            };
            if !known {
                return None;
            }
            let rest = match self.host {
                Host::Gitea => ["branch/", "commit/", "tag/"]
                    .iter()
                    .find_map(|sort| rest.strip_prefix(sort))
                    .unwrap_or(rest),
                _ => rest.strip_prefix("refs/heads/").unwrap_or(rest),
            };
            // A branch's name may hold slashes; ours is known, any other is taken to have none.
            match rest.strip_prefix(self.branch.as_str()).and_then(|rest| rest.strip_prefix('/')) {
                Some(file) => file.to_owned(),
                None => rest.split_once('/')?.1.to_owned(),
            }
        };
        let inside = inside.trim_matches('/');
        let path = match self.path.as_str() {
            "" => inside,
            folder => inside.strip_prefix(folder)?.strip_prefix('/')?,
        };
        (!path.is_empty() && !path.split('/').any(|part| matches!(part, "" | "." | "..")))
            .then(|| path.to_owned())
    }

    /// The path in the repository of a path in the site.
    fn inside(&self, path: &str) -> String {
        if self.path.is_empty() { path.to_owned() } else { format!("{}/{path}", self.path) }
    }

    fn filled(&self, pattern: &str, path: &str, template: &str) -> String {
        let inside = self.inside(path);
        let (folder, file) = inside.rsplit_once('/').unwrap_or(("", &inside));
        // One pass, so that nothing inserted is taken for a place to insert.
        let mut filled = String::with_capacity(pattern.len() + inside.len());
        let mut rest = pattern;
        while let Some(open) = rest.find('{') {
            filled.push_str(&rest[..open]);
            rest = &rest[open..];
            let Some(close) = rest.find('}') else { break };
            // After a question mark a slash is data like any other.
            let whole = if filled.contains('?') { query } else { encoded };
            match &rest[1..close] {
                "path" => filled.push_str(&whole(&inside)),
                "dir" => filled.push_str(&whole(folder)),
                "file" => filled.push_str(&whole(file)),
                "branch" => filled.push_str(&whole(&self.branch)),
                "content" => filled.push_str(&query(template)),
                _ => filled.push_str(&rest[..=close]),
            }
            rest = &rest[close + 1..];
        }
        filled.push_str(rest);
        filled
    }
}

/// The lines at the beginning of a file between `---` and `---`, if there are any.
fn front_matter(text: &str) -> Option<&str> {
    const FENCE: &str = "---\n";
    let end = text.strip_prefix(FENCE)?.find("\n---\n")?;
    Some(&text[..FENCE.len() + end + 1 + FENCE.len()])
}

/// Servers refuse addresses that are longer, in bytes. Most take 8,000.
pub const LONGEST: usize = 6_000;

const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
const PATH: &AsciiSet = &COMPONENT.remove(b'/').remove(b'@').remove(b'+').remove(b',');

fn encoded(path: &str) -> String {
    utf8_percent_encode(path, PATH).to_string()
}

/// A branch in a path: its slashes stay, as all hosts show them.
fn component(branch: &str) -> String {
    encoded(branch)
}

fn query(text: &str) -> String {
    utf8_percent_encode(text, COMPONENT).to_string()
}

fn strip_prefix_ignoring_case<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

#[cfg(test)]
mod tests;
