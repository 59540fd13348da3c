//! Links that seem to lead to another site than they do: a host of letters that look like others, a known
//! host's name at the beginning of somebody else's, a text that is another address.
//!
//! Which letters look alike is what Unicode says (UTS #39). Without a list of all registered names nobody can
//! tell every trick; these are the ones that have no honest use.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use unicode_security::{MixedScript, skeleton};
use url::Url;

use super::short;
use crate::config::{Config, MenuItem};
use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::page::Page;
use crate::page::destination::{Destination, classify};
use crate::page::markdown::Link;
use crate::site::Site;

/// Sites whose names are imitated most, and those where contributors have accounts.
const WELL_KNOWN: &[&str] = &[
    "adobe.com",
    "amazon.com",
    "apple.com",
    "bitbucket.org",
    "codeberg.org",
    "discord.com",
    "docs.google.com",
    "dropbox.com",
    "ebay.com",
    "facebook.com",
    "github.com",
    "gitlab.com",
    "google.com",
    "icloud.com",
    "instagram.com",
    "linkedin.com",
    "microsoft.com",
    "netflix.com",
    "npmjs.com",
    "office.com",
    "outlook.com",
    "paypal.com",
    "reddit.com",
    "slack.com",
    "stackoverflow.com",
    "stripe.com",
    "telegram.org",
    "whatsapp.com",
    "wikipedia.org",
    "yahoo.com",
    "youtube.com",
    "zoom.us",
];

/// No name of a host is longer, in bytes.
const LONGEST: usize = 253;

/// Hosts that readers know, by what they look like.
struct KnownHosts {
    by_looks: BTreeMap<String, String>,
    /// Those that the configuration names: a link to one is right, whatever its text says.
    own: Vec<String>,
}

/// Looks at every link that leads away. A host is looked at once, however many links lead to it.
pub fn check(site: &Site, diagnostics: &mut Vec<Diagnostic>) {
    let known = KnownHosts::of(&site.sources().config);
    let mut seen: HashMap<&str, Option<String>> = HashMap::new();
    for page in site.pages() {
        for link in &page.body.links {
            let Destination::Absolute(url) = &link.target else { continue };
            let Some(host) = url.host_str() else { continue };
            let looks = seen.entry(host).or_insert_with(|| known.looks_like(host)).clone();
            let seems = looks.or_else(|| hidden_behind_name(url)).or_else(|| {
                if known.own.iter().any(|own| is_part(host, own)) { None } else { other_in_text(link, host) }
            });
            if let Some(seems) = seems {
                diagnostics.push(lookalike(&page.path, link.destination.span, host, &seems));
            }
        }
        if let Some(url) = &page.fields.url {
            of_field(page, &url.value, url.span, &known, diagnostics);
        }
        for link in &page.fields.links {
            of_field(page, &link.url.value, link.url.span, &known, diagnostics);
        }
    }
}

fn of_field(page: &Page, written: &str, span: Span, known: &KnownHosts, diagnostics: &mut Vec<Diagnostic>) {
    let Destination::Absolute(url) = classify(written) else { return };
    let Some(host) = url.host_str() else { return };
    if let Some(seems) = known.looks_like(host).or_else(|| hidden_behind_name(&url)) {
        diagnostics.push(lookalike(&page.path, span, host, &seems));
    }
}

impl KnownHosts {
    fn of(config: &Config) -> KnownHosts {
        let mut hosts: Vec<String> = Vec::new();
        let mut add = |address: &str| {
            if let Some(host) = Url::parse(address).ok().as_ref().and_then(Url::host_str) {
                hosts.push(host.trim_start_matches("www.").to_owned());
            }
        };
        config.base_url.iter().chain(&config.former_urls).for_each(|url| add(url.as_str()));
        config.repository.iter().for_each(|repository| add(&repository.url));
        config.contact.iter().chain(&config.csp_allow).for_each(|address| add(address));
        let links = |items: &[MenuItem]| items.iter().map(|item| item.url.clone()).collect::<Vec<_>>();
        links(&config.menu).iter().chain(&links(&config.footer.links)).for_each(|address| add(address));
        hosts.extend(config.image_hosts.iter().cloned());
        hosts.extend(config.check.hosts.iter().map(|host| host.trim_start_matches("www.").to_owned()));
        // An address of numbers looks like nothing.
        hosts.retain(|host| host.contains('.') && host.contains(|c: char| c.is_ascii_alphabetic()));
        let well_known = WELL_KNOWN.iter().map(|host| (*host).to_owned());
        let by_looks = well_known.chain(hosts.iter().cloned()).map(|host| (looks(&host), host)).collect();
        KnownHosts { by_looks, own: hosts }
    }

    /// What a host seems to be, in words, if it is not what it seems.
    fn looks_like(&self, host: &str) -> Option<String> {
        if host.len() > LONGEST || !host.contains(|c: char| c.is_ascii_alphabetic()) || self.is_known(host) {
            return None;
        }
        let shown = url::quirks::domain_to_unicode(host);
        let shown = if shown.is_empty() { host } else { &shown };
        // Every end of it may be the name that somebody registered.
        for (at, _) in std::iter::once((0, "")).chain(shown.match_indices('.').map(|(at, dot)| (at + 1, dot)))
        {
            if let Some(known) = self.by_looks.get(&looks(&shown[at..])) {
                return Some(format!("looks like `{known}`"));
            }
        }
        if let Some(known) = self.begins_with(shown) {
            return Some(format!("starts like `{known}`"));
        }
        shown
            .split('.')
            .find(|label| is_disguised(label, shown))
            .map(|label| format!("has letters from another alphabet in `{label}` that look like Latin ones"))
    }

    fn is_known(&self, host: &str) -> bool {
        self.by_looks.values().any(|known| is_part(host, known))
    }

    /// `paypal.com.example.net` and `paypal.com-login.net`; but `google.com.au` is Google's.
    fn begins_with(&self, shown: &str) -> Option<&str> {
        let bare = shown.strip_prefix("www.").unwrap_or(shown);
        self.by_looks.values().map(String::as_str).find(|known| {
            let rest =
                bare.strip_prefix(known).and_then(|rest| rest.strip_prefix(['.', '-']).map(|it| (rest, it)));
            rest.is_some_and(|(rest, name)| {
                let is_country = rest.starts_with('.') && name.len() == 2;
                name.contains(|c: char| c.is_ascii_alphabetic()) && !is_country
            })
        })
    }
}

/// What a host looks like: letters that look alike become the same.
fn looks(host: &str) -> String {
    // Hosts have no capitals; the table takes a nought for a capital O, and a small L for a capital I.
    skeleton(host).collect::<String>().to_lowercase()
}

/// Whether a host is another one, or lies below it.
fn is_part(host: &str, other: &str) -> bool {
    host.strip_suffix(other).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Whether a part of a host mixes alphabets that are not written together, or is a word of another alphabet made
/// of Latin shapes alone under a Latin end, as in `аррӏе.com`.
fn is_disguised(label: &str, host: &str) -> bool {
    if label.is_ascii() {
        return false;
    }
    if !label.is_single_script() {
        return true;
    }
    let end = host.rsplit('.').next().unwrap_or_default();
    let has_latin = label.chars().any(|c| c.is_ascii_alphabetic() || ('\u{c0}'..='\u{24f}').contains(&c));
    end.is_ascii() && !has_latin && looks(label).is_ascii() && label.chars().any(char::is_alphabetic)
}

/// `https://github.com@example.net/` leads to `example.net`.
fn hidden_behind_name(url: &Url) -> Option<String> {
    let name = url.username();
    (name.contains('.') && url.password().is_none())
        .then(|| format!("shows `{}` where readers expect the host", short(name)))
}

/// The host of another site in a text that is itself an address.
fn other_in_text(link: &Link, host: &str) -> Option<String> {
    let text = link.text.trim();
    let is_address = ["http://", "https://", "www."].iter().any(|start| text.starts_with(start));
    if !is_address || text.contains(char::is_whitespace) {
        return None;
    }
    let whole = if text.starts_with("www.") { format!("https://{text}") } else { text.to_owned() };
    let said = Url::parse(&whole).ok()?;
    let said = said.host_str()?.trim_start_matches("www.");
    let host = host.trim_start_matches("www.");
    // A text that was cut (`https://example.or…`) says the same.
    let is_same = is_part(said, host) || is_part(host, said) || text.ends_with(['…', '.']);
    (!is_same && said.contains('.')).then(|| format!("is shown as `{}`", short(said)))
}

fn lookalike(file: &Arc<str>, span: Span, host: &str, seems: &str) -> Diagnostic {
    Diagnostic::new(Rule::LookalikeHost, file, span, format!("This link goes to `{}`, which \
        {seems}.", short(host))).help(
        "Make sure that it goes where it should: links like this are used to steal passwords. If the host is right, \
         list it in longhouse.yaml: `check: {hosts: […]}`.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seems(host: &str) -> Option<String> {
        let text = "base_url: https://help.quillfern.example/c/\ncheck: {hosts: [shop.quillfern.example]}\n";
        let config = Config::parse(&"longhouse.yaml".into(), text).expect("a configuration");
        let url = Url::parse(&format!("https://{host}/")).expect("an address");
        KnownHosts::of(&config).looks_like(url.host_str().expect("a host"))
    }

    #[test]
    fn hosts_that_look_like_known_ones_are_named() {
        for (host, known) in [
            ("paypa1.com", "looks like `paypal.com`"),
            ("www.paypa1.com", "looks like `paypal.com`"),
            ("rnicrosoft.com", "looks like `microsoft.com`"),
            ("g00gle.com", "looks like `google.com`"),
            ("p\u{430}ypal.com", "looks like `paypal.com`"),
            ("xn--80ak6aa92e.com", "looks like `apple.com`"),
            ("he1p.quillfern.example", "looks like `help.quillfern.example`"),
            ("sh0p.quillfern.example", "looks like `shop.quillfern.example`"),
            ("github.com.example.net", "starts like `github.com`"),
            ("www.github.com-login.net", "starts like `github.com`"),
        ] {
            assert_eq!(seems(host).as_deref(), Some(known), "{host}");
        }
        let other = seems("quillf\u{435}rn.example").expect("a mixture");
        assert!(other.starts_with("has letters from another alphabet"), "{other}");
    }

    #[test]
    fn honest_hosts_are_left_alone() {
        for host in [
            "paypal.com",
            "www.paypal.com",
            "gist.github.com",
            "google.com.au",
            "help.quillfern.example",
            "quillfern.example",
            "quillfern.com",
            "github.io",
            "githubstatus.com",
            "münchen.de",
            "крот.рф",
            "почта.com",
            "例え.jp",
            "ひらがなカタカナ漢字.jp",
            "한국어.kr",
            "ελλάδα.gr",
            "127.0.0.1",
            "[::1]",
            "localhost",
            "paypal-community.com",
            "my-apple.com",
            "modernamazon.com",
            "xn--fiqs8s",
            "café-crème.fr",
        ] {
            assert_eq!(seems(host), None, "{host}");
        }
    }
}
