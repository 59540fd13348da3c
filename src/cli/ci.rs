//! What the machine of a git host or a web host says about a build: that it is one, and where the site will be.
//!
//! Builds by hand depend on nothing but the files. Where `CI` is set, a build is there to publish: the day is the real
//! one, so that a run every night shows what has become due, and an address that is missing is asked of the host.

use std::path::Path;

use anstream::eprintln;

use super::Failure;
use crate::config::BaseUrl;
use crate::source::{self, LoadOptions, Sources};

/// Asks for a variable of the environment; empty ones are as good as none.
pub(super) type Variables<'a> = &'a dyn Fn(&str) -> Option<String>;

/// A host, and how it says where a site will be.
struct Host {
    /// A variable that is set on this host alone.
    mark: &'static str,
    address: fn(Variables<'_>) -> Option<Address>,
}

/// Where a site will be, and which variable said so.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) url: String,
    pub(super) variable: &'static str,
}

/// The hosts that say it, as their documentation has it in November 2026.
const HOSTS: [Host; 8] = [
    Host { mark: "GITLAB_CI", address: |get| whole(get, "CI_PAGES_URL") },
    Host {
        mark: "NETLIFY",
        address: |get| match get("CONTEXT").as_deref() {
            None | Some("production") => whole(get, "URL"),
            Some(_) => whole(get, "DEPLOY_PRIME_URL").or_else(|| whole(get, "URL")),
        },
    },
    Host { mark: "CF_PAGES", address: |get| whole(get, "CF_PAGES_URL") },
    Host {
        mark: "VERCEL",
        address: |get| match get("VERCEL_ENV").as_deref() {
            Some("production") => domain(get, "VERCEL_PROJECT_PRODUCTION_URL"),
            _ => domain(get, "VERCEL_URL"),
        },
    },
    Host { mark: "RENDER", address: |get| whole(get, "RENDER_EXTERNAL_URL") },
    Host { mark: "READTHEDOCS", address: |get| whole(get, "READTHEDOCS_CANONICAL_URL") },
    Host { mark: "CI_FORGE_TYPE", address: |get| pages(get, "CI_FORGE_URL", "CI_REPO") },
    // Forgejo and Gitea set GitHub's variables, too.
    Host { mark: "GITHUB_ACTIONS", address: |get| pages(get, "GITHUB_SERVER_URL", "GITHUB_REPOSITORY") },
];

/// The forges that publish the sites of a repository, and the ending of their addresses. The one repository of an owner
/// that is published at the top of their address is called like this address, or by a name of its own.
const FORGES: [(&str, &str, &str); 2] =
    [("https://github.com", "github.io", ""), ("https://codeberg.org", "codeberg.page", "pages")];

/// Whether this is a build on somebody's build server.
fn is_set() -> bool {
    is_server(&variable)
}

/// How a site is read here, as far as it is the same for all commands.
pub(super) fn defaults() -> LoadOptions {
    LoadOptions { by_clock: is_set(), ..LoadOptions::default() }
}

/// How a site is read to be looked at only, where an address that nobody knows does no harm.
pub(super) fn options_unpublished(output: &Path, base_url: Option<&str>) -> LoadOptions {
    LoadOptions { output: Some(output.to_path_buf()), base_url: base_url.map(str::to_string), ..defaults() }
}

/// How a site is read to be published: at the address of the command line, else of the configuration, else of the host,
/// which is said.
///
/// # Errors
/// When the configuration cannot be read, and on a build server where nobody knows the address: a site whose feeds lead
/// to that machine must not be published.
pub(super) fn options(root: &Path, output: &Path, base_url: Option<&str>) -> Result<LoadOptions, Failure> {
    let mut options = options_unpublished(output, base_url);
    if options.base_url.is_some() || !is_set() || super::config(root)?.base_url.is_some() {
        return Ok(options);
    }
    let own = source::read_again(root, "static/CNAME");
    let Some(Address { url, variable }) = own.as_deref().and_then(named).or_else(|| address(&variable))
    else {
        return Err(Failure::Usage(
            "The site has no address, so its feeds, its sitemap and its pages would name this build server. \
             Add the address to longhouse.yaml:\n\n    base_url: https://community.example.org/\n\nor pass it to \
             the command: --base-url https://community.example.org/"
                .to_string(),
        ));
    };
    eprintln!("note: longhouse.yaml has no `base_url`; {variable} says that the site will be at {url}");
    options.base_url = Some(url);
    Ok(options)
}

/// Tells the day, where it is the real one.
pub(super) fn tell_day(sources: &Sources) {
    if is_set()
        && variable("SOURCE_DATE_EPOCH").is_none()
        && let Some(today) = sources.today
    {
        eprintln!("note: CI is set, so today is {today}; SOURCE_DATE_EPOCH sets another day");
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|it| !it.trim().is_empty())
}

fn is_server(get: Variables<'_>) -> bool {
    get("CI").is_some_and(|it| !["false", "0", "no"].contains(&it.trim().to_lowercase().as_str()))
}

/// Where the host says that the site will be.
fn address(get: Variables<'_>) -> Option<Address> {
    let host = HOSTS.iter().find(|host| get(host.mark).is_some())?;
    (host.address)(get).filter(|address| BaseUrl::parse(&address.url).is_ok())
}

/// The domain in the file by which GitHub and Codeberg know whose site it is.
fn named(text: &str) -> Option<Address> {
    let name = text.trim();
    let url = format!("https://{name}/");
    let is_name = name.contains('.') && name.chars().all(|it| it.is_alphanumeric() || ".-".contains(it));
    (is_name && BaseUrl::parse(&url).is_ok()).then_some(Address { url, variable: "static/CNAME" })
}

fn whole(get: Variables<'_>, variable: &'static str) -> Option<Address> {
    let url = get(variable)?;
    Some(Address { url: format!("{}/", url.trim().trim_end_matches('/')), variable })
}

fn domain(get: Variables<'_>, variable: &'static str) -> Option<Address> {
    Some(Address { url: format!("https://{}/", get(variable)?.trim().trim_end_matches('/')), variable })
}

/// Where a forge publishes the site of a repository, if nobody gave it a domain.
fn pages(get: Variables<'_>, server: &'static str, repository: &'static str) -> Option<Address> {
    let server = get(server)?;
    let server = server.trim().trim_end_matches('/').to_lowercase();
    let (_, ending, top) = FORGES.iter().find(|(forge, ..)| *forge == server)?;
    let path = get(repository)?;
    let (owner, name) = path.trim().split_once('/')?;
    let host = format!("{}.{ending}", owner.to_lowercase());
    let is_top = name.eq_ignore_ascii_case(&host) || (!top.is_empty() && name == *top);
    let url = if is_top { format!("https://{host}/") } else { format!("https://{host}/{name}/") };
    Some(Address { url, variable: repository })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a host with these variables, written `NAME=value` each, says.
    fn said(variables: &str) -> Option<String> {
        let get = |name: &str| {
            let mut pairs = variables.split_whitespace().filter_map(|pair| pair.split_once('='));
            pairs.find(|(it, _)| *it == name).map(|(_, value)| value.to_string())
        };
        address(&get).map(|address| format!("{} {}", address.url, address.variable))
    }

    #[test]
    fn each_host_says_where_the_site_will_be() {
        for (variables, expected) in [
            (
                "GITLAB_CI=true CI_PAGES_URL=https://acme.gitlab.io/c",
                "https://acme.gitlab.io/c/ CI_PAGES_URL",
            ),
            (
                "NETLIFY=true CONTEXT=production URL=https://c.example DEPLOY_PRIME_URL=https://x",
                "https://c.example/ URL",
            ),
            (
                "NETLIFY=true CONTEXT=deploy-preview URL=https://c.example DEPLOY_PRIME_URL=https://pr-1--c.netlify.app",
                "https://pr-1--c.netlify.app/ DEPLOY_PRIME_URL",
            ),
            ("CF_PAGES=1 CF_PAGES_URL=https://a.c.pages.dev", "https://a.c.pages.dev/ CF_PAGES_URL"),
            (
                "VERCEL=1 VERCEL_ENV=production VERCEL_PROJECT_PRODUCTION_URL=c.example",
                "https://c.example/ VERCEL_PROJECT_PRODUCTION_URL",
            ),
            ("VERCEL=1 VERCEL_ENV=preview VERCEL_URL=c-1.vercel.app", "https://c-1.vercel.app/ VERCEL_URL"),
            (
                "RENDER=true RENDER_EXTERNAL_URL=https://c.onrender.com",
                "https://c.onrender.com/ RENDER_EXTERNAL_URL",
            ),
            (
                "READTHEDOCS=True READTHEDOCS_CANONICAL_URL=https://c.readthedocs.io/en/latest/",
                "https://c.readthedocs.io/en/latest/ READTHEDOCS_CANONICAL_URL",
            ),
            (
                "GITHUB_ACTIONS=true GITHUB_SERVER_URL=https://github.com GITHUB_REPOSITORY=Acme/community",
                "https://acme.github.io/community/ GITHUB_REPOSITORY",
            ),
            (
                "GITHUB_ACTIONS=true GITHUB_SERVER_URL=https://github.com GITHUB_REPOSITORY=Acme/acme.github.io",
                "https://acme.github.io/ GITHUB_REPOSITORY",
            ),
            (
                "GITHUB_ACTIONS=true GITHUB_SERVER_URL=https://codeberg.org GITHUB_REPOSITORY=acme/pages",
                "https://acme.codeberg.page/ GITHUB_REPOSITORY",
            ),
            (
                "CI=woodpecker CI_FORGE_TYPE=forgejo CI_FORGE_URL=https://codeberg.org CI_REPO=acme/docs",
                "https://acme.codeberg.page/docs/ CI_REPO",
            ),
        ] {
            assert_eq!(said(variables).as_deref(), Some(expected), "{variables}");
        }
    }

    #[test]
    fn a_host_that_does_not_know_is_not_believed() {
        for variables in [
            "CI=true",
            "GITLAB_CI=true",
            "NETLIFY=true URL=not-an-address",
            "GITHUB_ACTIONS=true GITHUB_SERVER_URL=https://git.acme.example GITHUB_REPOSITORY=acme/community",
            "URL=https://somebody.example",
        ] {
            assert_eq!(said(variables), None, "{variables}");
        }
    }

    #[test]
    fn a_domain_of_its_own_is_read_from_the_file_of_the_forge() {
        assert_eq!(
            named("community.acme.example\n").map(|it| it.url).as_deref(),
            Some("https://community.acme.example/")
        );
        for text in ["", "a b.example", "localhost", "x.example/path", "<x>.example"] {
            assert_eq!(named(text), None, "{text}");
        }
    }

    #[test]
    fn a_build_server_says_so() {
        let with = |value: &'static str| is_server(&move |name| (name == "CI").then(|| value.to_string()));
        assert!(with("true") && with("1") && with("woodpecker"));
        assert!(!with("false") && !with("0") && !is_server(&|_| None));
    }
}
