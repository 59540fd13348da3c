//! Pictures of other sites, brought in: asked for, looked at, and made anew, so that nothing is published that somebody
//! else can change or see.
//!
//! Addresses are written by strangers. Only hosts that are named are asked, public addresses alone, looked at again at
//! every redirect, and what comes is bounded in bytes, pixels and time. What a picture is its first bytes say; then it is
//! decoded and encoded again, so that nothing of the file that came is kept but what is seen.

mod picture;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::{Duration, Instant};

use url::Url;

use crate::diagnostic::Span;
use crate::http::{self, Client, Failure, Method};
use crate::page::markdown::Image;
pub use picture::{ENDINGS, MAX_PIXELS, Picture, as_made, remade};

/// A picture may come with at most this many bytes.
pub const MAX_BYTES: u64 = 5 * 1024 * 1024;
/// How long one picture may take, with all redirects.
const PATIENCE: Duration = Duration::from_secs(20);

/// Hosts, or folders of hosts, at which the editors of git hosts put pictures that are dropped into them. Everything
/// below is asked for without being configured; where they lead on to is theirs to say.
const KNOWN: [&str; 3] = [
    "github.com/user-attachments/assets/",
    "user-images.githubusercontent.com/",
    "private-user-images.githubusercontent.com/",
];

/// Hosts to which those above lead on, and that nobody links to.
const STORES: [&str; 2] =
    ["github-production-user-asset-6210df.s3.amazonaws.com", "objects.githubusercontent.com"];

/// Why a picture does not come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// Nobody said that this host may be asked.
    Unnamed(String),
    /// The address is in a private network.
    Private,
    /// The address is one that ends: only people who are logged in see it, for a few minutes.
    Expiring,
    /// It is answered, and how.
    Status(u16),
    /// It cannot be reached, or what comes is no answer, and how that shows.
    Broken(String),
    /// What comes is no picture that can be published, and why.
    Picture(String),
}

impl fmt::Display for Trouble {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::Unnamed(host) => write!(
                out,
                "pictures from {host} are not brought in: allow the host with `images: {{fetch_hosts: [{host}]}}` in longhouse.yaml, or upload \
                 the picture beside the file"
            ),
            Trouble::Private => out.write_str("the address is in a private network"),
            Trouble::Expiring => out.write_str(
                "its address works only for people who are logged in, and ends after a few minutes: save the picture and \
                 upload it beside the file",
            ),
            Trouble::Status(404) => out.write_str(
                "there is no such picture (404). Pictures of a private repository can only be seen by people who are \
                 logged in: save it and upload it beside the file",
            ),
            Trouble::Status(status) => write!(out, "the site answers with {status}"),
            Trouble::Broken(how) => write!(out, "the site {how}"),
            Trouble::Picture(why) => out.write_str(why),
        }
    }
}

/// Fetches pictures.
#[derive(Debug)]
pub struct Fetcher {
    client: Client,
    hosts: Vec<String>,
    /// Hosts that may have a private address, for tests and for companies that mean their own network.
    allowed: BTreeSet<String>,
    until: Instant,
}

impl Fetcher {
    /// A fetcher that asks the hosts at which git hosts keep what is dropped into their editors, and those that are named.
    /// `repository` is the address of the site's own repository; `allowed` are hosts that may have a private address, and
    /// any port. All that it does ends after `limit`.
    #[must_use]
    pub fn new(
        repository: Option<&str>,
        named: &[String],
        allowed: BTreeSet<String>,
        limit: Duration,
    ) -> Fetcher {
        let mut hosts: Vec<String> = KNOWN.iter().map(ToString::to_string).collect();
        // Older uploads lie below the repository.
        if let Some(url) = repository.and_then(|it| Url::parse(it).ok())
            && let Some(host) = url.host_str()
        {
            let path = url.path().trim_matches('/');
            hosts.extend(["assets", "uploads", "-/uploads"].map(|folder| format!("{host}/{path}/{folder}/")));
            hosts.push(format!("{host}/attachments/"));
        }
        hosts.extend(named.iter().map(|host| format!("{}/", host.trim_end_matches('/'))));
        let user_agent = concat!("longhouse/", env!("CARGO_PKG_VERSION"), " (pictures)");
        Fetcher {
            client: Client::new(user_agent, allowed.clone()),
            hosts,
            allowed,
            until: Instant::now() + limit,
        }
    }

    /// Whether pictures of an address may be asked for.
    #[must_use]
    pub fn may_ask(&self, url: &Url) -> bool {
        let Some(host) = url.host_str() else { return false };
        if self.allowed.contains(host) {
            return true;
        }
        let place = format!("{host}{}", url.path());
        let is_web = url.scheme() == "https" && url.port().is_none();
        is_web && self.hosts.iter().any(|it| starts_with(&place, it))
    }

    /// Brings a picture here.
    ///
    /// # Errors
    /// When it may not be asked for, does not come, or is none.
    pub fn picture(&self, url: &Url) -> Result<Picture, Trouble> {
        if is_expiring(url) {
            return Err(Trouble::Expiring);
        }
        if !self.may_ask(url) {
            return Err(Trouble::Unnamed(url.host_str().unwrap_or("this address").to_owned()));
        }
        let bytes = self.bytes(url)?;
        remade(&bytes).map_err(Trouble::Picture)
    }

    fn bytes(&self, url: &Url) -> Result<Vec<u8>, Trouble> {
        let deadline = self.until.min(Instant::now() + PATIENCE);
        let ask = |url: &Url| self.client.ask(Method::Get, url, deadline);
        let response = http::follow(url, ask, |next| {
            let host = next.host_str().unwrap_or_default();
            let is_store = next.scheme() == "https" && STORES.contains(&host);
            if is_store || self.may_ask(next) {
                return Ok(());
            }
            let is_login = next.path().contains("login") || next.path().contains("sign_in");
            Err(if is_login { Trouble::Status(404) } else { Trouble::Unnamed(host.to_owned()) })
        })?;
        match response.status() {
            200 => Ok(response.bytes(MAX_BYTES)?),
            status => Err(Trouble::Status(status)),
        }
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Trouble {
        match failure {
            Failure::Private => Trouble::Private,
            other => Trouble::Broken(other.how()),
        }
    }
}

/// Whether a place on a host is below another one. Hosts are told apart by their dots, folders by their slashes.
fn starts_with(place: &str, allowed: &str) -> bool {
    place.get(..allowed.len()).is_some_and(|start| start.eq_ignore_ascii_case(allowed))
}

/// Whether an address is signed for a short time: it is of no use to anybody else, and of none tomorrow.
fn is_expiring(url: &Url) -> bool {
    let is_private = url
        .host_str()
        .is_some_and(|host| host.eq_ignore_ascii_case("private-user-images.githubusercontent.com"));
    is_private || url.query_pairs().any(|(name, _)| matches!(&*name, "X-Amz-Signature" | "jwt"))
}

/// The name of a picture beside a file: the stem of that file, and eight digits that the bytes make. The same picture has
/// the same name, on any machine.
#[must_use]
pub fn name(stem: &str, bytes: &[u8], ending: &str) -> String {
    format!("{stem}-{}.{ending}", &blake3::hash(bytes).to_hex()[..8])
}

/// A text in which pictures have other addresses: those of `names`, by what is written for them. Whatever else is written
/// of a picture stays: what it shows, its title and its size.
#[must_use]
pub fn renamed(text: &str, images: &[Image], names: &BTreeMap<String, String>) -> String {
    edits(text, images, names).into_iter().rev().fold(text.to_owned(), |mut text, (start, end, to)| {
        text.replace_range(start..end, &to);
        text
    })
}

/// The places in a text where pictures have other addresses, in order, in bytes.
#[must_use]
pub fn edits(text: &str, images: &[Image], names: &BTreeMap<String, String>) -> Vec<(usize, usize, String)> {
    let starts: Vec<usize> =
        std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1)).collect();
    let mut edits: BTreeSet<(usize, usize, String)> = BTreeSet::new();
    for image in images {
        let Some(name) = names.get(&image.source.value) else { continue };
        let Some((start, end)) = range(text, &starts, image.source.span) else { continue };
        let written = &text[start..end];
        let escaped = image.source.value.replace('&', "&amp;");
        let found = [&*image.source.value, &*escaped]
            .into_iter()
            .find_map(|url| Some((written.find(url)?, url.len())));
        match found {
            Some((at, length)) => drop(edits.insert((start + at, start + at + length, name.clone()))),
            None => {
                // The address stands elsewhere: `![what it shows][label]` and `[label]: address`.
                let definition = text.lines().scan(0, |at, line| {
                    let start = *at;
                    *at += line.len() + 1;
                    Some((start, line))
                });
                let of_label = definition.filter(|(_, line)| line.trim_start().starts_with('['));
                for (start, line) in of_label {
                    if let Some((before, _)) = line.split_once(&image.source.value)
                        && before.trim_end().trim_end_matches('<').trim_end().ends_with("]:")
                    {
                        let at = start + before.len();
                        edits.insert((at, at + image.source.value.len(), name.clone()));
                    }
                }
            }
        }
    }
    let mut end = 0;
    edits
        .into_iter()
        .filter(|it| {
            it.0 >= end && {
                end = it.1;
                true
            }
        })
        .collect()
}

/// The bytes of a place that is given in lines and columns.
fn range(text: &str, starts: &[usize], span: Span) -> Option<(usize, usize)> {
    let at = |line: u32, column: u32| {
        let start = *starts.get(line.checked_sub(1)? as usize)?;
        let rest = text.get(start..)?;
        let column = column.checked_sub(1)? as usize;
        Some(rest.char_indices().nth(column).map_or(text.len(), |(at, _)| start + at))
    };
    let (start, end) = (at(span.line, span.column)?, at(span.end_line, span.end_column)?);
    (start <= end).then_some((start, end))
}
