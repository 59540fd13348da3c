//! Whether links to other sites still lead somewhere: asked only with `check --external`, politely, and remembered.
//!
//! Addresses are written by strangers, and anyone who checks them may stand inside a company's network. So nothing is
//! asked but what everybody can ask: public addresses, on the ports of the web, looked at again at every redirect.
//! Nothing of what is answered is read beyond its head, and nothing is sent but the address.

mod ask;
pub mod cache;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use url::Url;

use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::http::{Client, address};
use crate::page::destination::{self, Destination};
use crate::site::Site;
use cache::Cache;

/// At most this many hosts are asked at the same time.
const AT_ONCE: usize = 16;
/// At most this many addresses are asked in one run; more wait for the next one.
const MOST: usize = 5000;
/// If this many hosts, and all of them, cannot be reached, it is this machine that cannot reach them.
const CUT_OFF: usize = 3;

/// How it is asked.
#[derive(Debug, Clone)]
pub struct Options {
    /// Hosts that may have an address of the own network, and any port.
    pub allowed: BTreeSet<String>,
    /// How long to wait between two questions to one host.
    pub pause: Duration,
    /// How long one question may take, redirects and a second try apart.
    pub timeout: Duration,
    /// How long one address may take, with all redirects and a second try.
    pub chain: Duration,
    /// How long all may take. What was not asked until then waits for the next run.
    pub limit: Duration,
    /// The seconds since 1970.
    pub now: u64,
}

/// What became of the links.
#[derive(Debug, Default)]
pub struct Asked {
    /// What is wrong, at the levels that the configuration gives.
    pub diagnostics: Vec<Diagnostic>,
    /// How many addresses were asked, and how many were remembered.
    pub counts: (usize, usize),
    /// What else somebody should know, in plain words.
    pub note: Option<String>,
}

/// What is known of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It leads somewhere, or its host does not speak with machines.
    Fine,
    /// It leads nowhere, and how that shows: `is answered with 404`.
    Dead(String),
    /// The host is there, and something is wrong with it, perhaps for now.
    Odd(String),
    /// The host could not be reached at all.
    Away(String),
    /// It was not asked, because it lies in somebody's own network.
    Private,
}

/// A place where an address stands.
struct LinkOccurrence {
    file: Arc<str>,
    span: Span,
}

/// Asks all addresses of other sites that content links to, in the files that `concerns` says yes to.
#[must_use]
pub fn check(site: &Site, concerns: &dyn Fn(&str) -> bool, options: &Options, cache: &mut Cache) -> Asked {
    let config = &site.sources().config;
    if config.severity(Rule::ExternalLink, Rule::ExternalLink.default_severity()).is_none() {
        return Asked::default();
    }
    let links = links(site, concerns);
    let mut asked = Asked::default();
    let mut answers: BTreeMap<&str, Answer> = BTreeMap::new();
    let mut by_host: BTreeMap<String, Vec<&Url>> = BTreeMap::new();
    let mut open = 0;
    for (text, (url, _)) in &links {
        match cache.get(text, options.now) {
            Some(answer) => {
                answers.insert(text, answer);
            }
            None if open < MOST => {
                open += 1;
                by_host.entry(url.host_str().unwrap_or_default().to_string()).or_default().push(url);
            }
            None => {}
        }
    }
    asked.counts = (open, answers.len());
    let fresh = all(by_host.into_values().collect(), options);
    let waiting = links.len() - answers.len() - fresh.len();
    // What was given up for want of time is not among those that were asked.
    asked.counts.0 = fresh.len();
    let away: BTreeSet<&str> =
        fresh.iter().filter(|it| matches!(it.1, Answer::Away(_))).map(|it| host(it.0)).collect();
    let hosts: BTreeSet<&str> =
        fresh.iter().filter(|it| *it.1 != Answer::Private).map(|it| host(it.0)).collect();
    if hosts.len() >= CUT_OFF && away.len() == hosts.len() {
        asked.note = Some("No other site could be reached, so links to them were not checked".to_string());
    } else {
        for (text, answer) in &fresh {
            cache.put(text, answer, options.now);
        }
        answers.extend(fresh.iter().map(|(text, answer)| (text.as_str(), answer.clone())));
        if waiting > 0 {
            asked.note = Some(not_asked(waiting, options.limit));
        }
    }
    let mut diagnostics = Vec::new();
    for (text, (_, places)) in &links {
        let Some(Answer::Dead(how) | Answer::Odd(how) | Answer::Away(how)) = answers.get(text.as_str())
        else {
            continue;
        };
        diagnostics.extend(places.iter().map(|place| dead(place, text, how)));
    }
    asked.diagnostics = crate::check::level(config, diagnostics);
    asked
}

/// Every address of another site, without its fragment, and where it stands.
fn links(site: &Site, concerns: &dyn Fn(&str) -> bool) -> BTreeMap<String, (Url, Vec<LinkOccurrence>)> {
    let mut links: BTreeMap<String, (Url, Vec<LinkOccurrence>)> = BTreeMap::new();
    let repository = site.sources().config.repository.as_ref();
    let mut add = |file: &Arc<str>, span: Span, url: &Url| {
        let is_ours = site.urls().own(url).is_some()
            || repository.is_some_and(|it| it.strip_view_url(url.as_str()).is_some());
        if is_ours || !address::may_be_asked_for(url) {
            return;
        }
        let mut url = url.clone();
        url.set_fragment(None);
        let known = links.entry(url.to_string()).or_insert_with(|| (url, Vec::new()));
        known.1.push(LinkOccurrence { file: Arc::clone(file), span });
    };
    for page in site.pages().iter().filter(|page| concerns(&page.path)) {
        for link in &page.body.links {
            if let Destination::Absolute(url) = &link.target {
                add(&page.path, link.destination.span, url);
            }
        }
        let of_fields = page.fields.url.iter().chain(page.fields.links.iter().map(|it| &it.url));
        for field in of_fields {
            if let Destination::Absolute(url) = destination::classify(field.value.trim()) {
                add(&page.path, field.span, &url);
            }
        }
    }
    links
}

fn not_asked(count: usize, limit: Duration) -> String {
    let (addresses, were) = if count == 1 { ("address", "was") } else { ("addresses", "were") };
    format!(
        "{count} {addresses} on other sites {were} not checked: one run checks at most {MOST} and takes at most {} \
         seconds. Run it again to continue; earlier results are kept",
        limit.as_secs()
    )
}

/// Asks every host by itself, one address after the other, and many hosts at once.
fn all(hosts: Vec<Vec<&Url>>, options: &Options) -> BTreeMap<String, Answer> {
    let found: Mutex<BTreeMap<String, Answer>> = Mutex::default();
    let waiting = Mutex::new(hosts.into_iter());
    let count = waiting.lock().map_or(0, |it| it.len()).min(AT_ONCE);
    let client = ask::client(options);
    let deadline = Instant::now() + options.limit;
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
    thread::scope(|scope| {
        for _ in 0..count {
            scope.spawn(|| {
                while let Some(urls) = next() {
                    for (url, answer) in one_by_one(&client, &urls, options, deadline) {
                        found.lock().unwrap_or_else(PoisonError::into_inner).insert(url.to_string(), answer);
                    }
                }
            });
        }
    });
    found.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Asks one host until the time is over. If it cannot be reached for one address and the next, it is not asked for any
/// other.
fn one_by_one<'u>(
    client: &Client,
    urls: &[&'u Url],
    options: &Options,
    deadline: Instant,
) -> Vec<(&'u Url, Answer)> {
    let mut answers: Vec<(&Url, Answer)> = Vec::with_capacity(urls.len());
    for url in urls {
        let answer = match answers.as_slice() {
            [.., (_, Answer::Away(_)), (_, Answer::Away(how))] => Answer::Away(how.clone()),
            before => {
                if !before.is_empty() {
                    thread::sleep(options.pause.min(deadline.saturating_duration_since(Instant::now())));
                }
                if Instant::now() >= deadline {
                    break;
                }
                let answer = ask::ask(client, url, options, deadline);
                // Who was interrupted has not answered.
                if Instant::now() >= deadline && matches!(answer, Answer::Away(_) | Answer::Odd(_)) {
                    break;
                }
                answer
            }
        };
        answers.push((url, answer));
    }
    answers
}

fn host(url: &str) -> &str {
    url.split('/').nth(2).unwrap_or_default()
}

fn dead(place: &LinkOccurrence, url: &str, how: &str) -> Diagnostic {
    let short: String = url.chars().take(120).collect();
    Diagnostic::new(Rule::ExternalLink, &place.file, place.span, format!("`{short}` {how}.")).help(
        "Find out whether the page has moved, then correct the address or remove the link. Until then the link is \
         published as it is.",
    )
}
