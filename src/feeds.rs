//! Headlines of the feeds of links, brought in by `longhouse feeds pull`: asked for, read, and kept as plain text and
//! addresses. A build asks nobody; it shows what is committed.
//!
//! Addresses are written by strangers, and so is what stands there. Public addresses alone are asked, looked at again at
//! every redirect; what comes is bounded in bytes, time, depth and number. Of a feed nothing is kept but titles without
//! markup, addresses of the web, and days.

mod entry;
mod read;
mod text;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use url::Url;

use crate::data::feed::Headline;
use crate::http::{self, Client, Failure, Method, address};
use crate::page::destination::{self, Destination};
use crate::page::kind::Kind;
use crate::site::Site;

/// A feed may have at most this many bytes.
pub const MAX_BYTES: u64 = 5 * 1024 * 1024;
/// At most this many feeds are asked at the same time.
const AT_ONCE: usize = 4;

/// How it is asked.
#[derive(Debug, Clone)]
pub struct Options {
    /// Hosts that may have an address of the own network, and any port.
    pub allowed: BTreeSet<String>,
    /// How long one feed may take, with all redirects.
    pub patience: Duration,
    /// How long all may take together.
    pub limit: Duration,
    /// The day that counts as today: what is dated later has no day.
    pub today: Option<Date>,
    /// Where the site lives.
    pub timezone: TimeZone,
}

/// The feed of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkFeed {
    /// The slug of the link, which names the file of its headlines.
    pub slug: String,
    /// The file of the link.
    pub file: String,
    /// The address, as the link gives it.
    pub feed: String,
}

/// The headlines of a feed, or why there are none.
pub type Pulled = Result<Vec<Headline>, Trouble>;

/// Why there are no headlines of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// The link gives no address of the web.
    Address,
    /// The address has a user name in it.
    Named,
    /// The address is one that nobody is given, such as those of examples.
    Reserved,
    /// The address, or one to which it leads on, is in a private network.
    Private,
    /// It is answered, and how.
    Status(u16),
    /// It cannot be reached, or what comes is no answer, and how that shows.
    Broken(String),
    /// What comes is no feed, and why.
    Feed(String),
    /// There was no time left for it.
    NoTime,
}

impl fmt::Display for Trouble {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::Address => {
                out.write_str("`feed` is not an address that begins with https:// or http://")
            }
            Trouble::Named => {
                out.write_str("the address has a user name or a password in it, which everybody could read")
            }
            Trouble::Reserved => out.write_str("the host is reserved for examples and tests"),
            Trouble::Private => {
                out.write_str("the address is in a private network, or its port is none of the web")
            }
            Trouble::Status(status) => write!(out, "the site answers with {status}"),
            Trouble::Broken(how) => write!(out, "the site {how}"),
            Trouble::Feed(why) => write!(out, "what the site sends is not a feed: {why}"),
            Trouble::NoTime => out.write_str("there was no time left for it"),
        }
    }
}

/// The feeds of the links that readers see, in the order of slugs.
#[must_use]
pub fn feeds(site: &Site) -> Vec<LinkFeed> {
    let links = site.listed().filter(|(_, entry)| entry.kind == Kind::Link);
    let mut feeds: Vec<LinkFeed> = links
        .filter_map(|(_, entry)| {
            let page = &site.pages()[entry.page];
            let feed = page.fields.feed.as_ref()?.value.trim().to_owned();
            Some(LinkFeed { slug: entry.slug.clone(), file: page.path.to_string(), feed })
        })
        .collect();
    feeds.sort_by(|a, b| a.slug.cmp(&b.slug));
    feeds
}

/// Asks for feeds, a few at a time. Each comes or fails by itself; what comes back is in the order of `feeds`.
#[must_use]
pub fn pull(feeds: &[LinkFeed], options: &Options) -> Vec<Pulled> {
    let user_agent = concat!("longhouse/", env!("CARGO_PKG_VERSION"), " (feeds)");
    let client = Client::new(user_agent, options.allowed.clone());
    let end = Instant::now() + options.limit;
    let found: Mutex<Vec<Option<Pulled>>> = Mutex::new(vec![None; feeds.len()]);
    let waiting = Mutex::new(feeds.iter().enumerate());
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
    thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(feeds.len()) {
            scope.spawn(|| {
                while let Some((at, feed)) = next() {
                    let one = headlines(&client, &feed.feed, options, end);
                    found.lock().unwrap_or_else(PoisonError::into_inner)[at] = Some(one);
                }
            });
        }
    });
    let found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    found.into_iter().map(|it| it.unwrap_or(Err(Trouble::NoTime))).collect()
}

fn headlines(client: &Client, feed: &str, options: &Options, end: Instant) -> Pulled {
    let Destination::Absolute(url) = destination::classify(feed) else { return Err(Trouble::Address) };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Trouble::Named);
    }
    let is_allowed = url.host_str().is_some_and(|host| options.allowed.contains(host));
    if !is_allowed && !address::may_be_asked_for(&url) {
        return Err(Trouble::Reserved);
    }
    let (bytes, url, charset) = fetched(client, &url, options, end)?;
    let items = read::feed(&bytes, charset.as_deref(), &url).map_err(Trouble::Feed)?;
    Ok(entry::headlines(items, options.today, &options.timezone))
}

/// What stands at an address, the address to which it led, and the charset that the host names.
fn fetched(
    client: &Client,
    url: &Url,
    options: &Options,
    end: Instant,
) -> Result<(Vec<u8>, Url, Option<String>), Trouble> {
    let now = Instant::now();
    if now >= end {
        return Err(Trouble::NoTime);
    }
    let deadline = end.min(now + options.patience);
    let response = http::follow(url, |url| client.ask(Method::Get, url, deadline), |_| Ok::<_, Trouble>(()))?;
    if response.status() != 200 {
        return Err(Trouble::Status(response.status()));
    }
    let (url, charset) = (response.url().clone(), response.charset());
    Ok((response.bytes(MAX_BYTES)?, url, charset))
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Trouble {
        match failure {
            Failure::Private => Trouble::Private,
            other => Trouble::Broken(other.how()),
        }
    }
}
