//! The same addresses as patterns, for a script in the page that fills them with what somebody wrote.
//!
//! A place in braces is filled by the rule of [`Repository::new_file`]: after a question mark everything is
//! encoded, before it slashes stay.

use super::{Host, Repository};

impl Repository {
    /// How the address of a new file is made, with `{path}`, `{dir}`, `{file}`, `{branch}` and, where the host takes
    /// it, `{content}`. None where nobody said how.
    #[must_use]
    pub fn new_pattern(&self) -> Option<String> {
        if self.new_url.is_some() {
            return self.new_url.clone();
        }
        let rest = match self.host {
            Host::GitHub => "/new/{branch}?filename={path}&value={content}",
            Host::GitLab => "/-/new/{branch}/{dir}?file_name={file}",
            Host::Gitea => "/_new/{branch}/{dir}?filename={file}&value={content}",
            Host::Bitbucket => "/create-file/{branch}/{dir}?at={branch}&filename={file}",
            Host::Azure => "?path=/{dir}&version=GB{branch}&_a=contents",
            Host::Custom => return None,
        };
        Some(format!("{}{rest}", self.url))
    }

    /// How the address of a new issue is made, with `{title}` and `{content}`, where the host begins one so.
    #[must_use]
    pub fn issue_pattern(&self) -> Option<String> {
        let rest = match self.host {
            Host::GitHub | Host::Gitea => "/issues/new?title={title}&body={content}",
            Host::GitLab => "/-/issues/new?issue[title]={title}&issue[description]={content}",
            Host::Bitbucket | Host::Azure | Host::Custom => return None,
        };
        Some(format!("{}{rest}", self.url))
    }

    /// How the address is made at which files are put into a folder, with `{dir}` and `{branch}`, where there is one.
    #[must_use]
    pub fn upload_pattern(&self) -> Option<String> {
        let rest = match self.host {
            Host::GitHub => "/upload/{branch}/{dir}",
            Host::Gitea => "/_upload/{branch}/{dir}",
            _ => return None,
        };
        Some(format!("{}{rest}", self.url))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filled_pattern_is_the_address_that_pages_have() {
        let (path, text) = ("content/questions/größe & mehr/c#.md", "# \"C#\": 100 % {path}?\n\n`a+b`\n");
        for (host, url) in [
            (Host::GitHub, "https://github.com/acme/site"),
            (Host::GitLab, "https://gitlab.com/acme/group/site"),
            (Host::Gitea, "https://codeberg.org/acme/site"),
            (Host::Bitbucket, "https://bitbucket.org/acme/site"),
            (Host::Azure, "https://dev.azure.com/acme/project/_git/site"),
        ] {
            for (branch, folder) in [("main", ""), ("next/one", "docs/the site")] {
                let repository = Repository {
                    host,
                    url: url.to_owned(),
                    branch: branch.to_owned(),
                    path: folder.to_owned(),
                    edit_url: None,
                    new_url: None,
                };
                let pattern = repository.new_pattern().expect("a known host");
                let filled = repository.filled(&pattern, path, text);
                let made = repository.new_file(path, text).map(|file| file.url);
                assert_eq!(Some(filled), made, "{host:?}");
            }
        }
    }
}
