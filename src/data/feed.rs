//! `data/feeds/SLUG.yaml`: the last headlines of the feed of a link, as `longhouse feeds pull` found them. A committed
//! snapshot: a build asks nobody, and what a headline says changes only when somebody commits it.

use std::fmt::Write as _;
use std::sync::Arc;

use jiff::civil;
use url::Url;

use super::{Data, finish, read};
use crate::config::normalised;
use crate::diagnostic::{Diagnostic, Spanned};
use crate::page::date;
use crate::page::limits::{self, HEADLINE, HEADLINES};
use crate::page::text::clean;
use crate::root;
use crate::yaml::key::{Keys, Takes, keys};
use crate::yaml::walk::Walk;
use crate::yaml::write::quoted;
use crate::yaml::{Node, NodeKind};

/// The headlines of one feed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FeedSnapshot {
    /// The address of the feed, as the link gave it when the feed was read.
    pub feed: String,
    /// The day on which these headlines were first found.
    pub changed: Option<civil::Date>,
    /// The headlines, the newest first.
    pub items: Vec<Headline>,
}

/// One item of a feed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Headline {
    /// The day on which it was published.
    pub date: Option<civil::Date>,
    /// Its title, as plain text.
    pub title: String,
    /// Where it is.
    pub url: String,
}

/// No address of an item is longer, in bytes.
pub const MAX_ADDRESS: usize = 2_000;

/// The address of an item, if it is one of the web and nobody's name stands in it.
#[must_use]
pub fn address(text: &str) -> Option<String> {
    let url = Url::parse(text).ok().filter(|_| text.len() <= MAX_ADDRESS)?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.host_str().is_some();
    let is_open = url.username().is_empty() && url.password().is_none();
    let text = String::from(url);
    (is_web && is_open && text.len() <= MAX_ADDRESS).then_some(text)
}

/// One line of a text: no line breaks, nothing hidden, no secrets.
#[must_use]
pub fn line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    clean(&spaced).text.split_whitespace().collect::<Vec<_>>().join(" ")
}

keys! {
    /// In a snapshot of a feed, `data/feeds/SLUG.yaml`.
    FeedKey {
        Feed = "feed", Takes::Text, "", "feed: https://blog.example.org/feed.xml",
            "The address of the feed. A snapshot is shown only while the link gives the same address as its `feed`.";
        Changed = "changed", Takes::Day, "", "changed: 2026-11-12",
            "The day on which `longhouse feeds pull` first found these headlines. A feed that says the same as before \
             keeps its day.";
        Items = "items", Takes::List(HeadlineKey::KEYS), "",
            "items: [{date: 2026-11-10, title: Leeks in the frost, url: https://blog.example.org/leeks}]",
            "The headlines, newest first.";
    }
}

keys! {
    /// In a headline.
    HeadlineKey {
        Date = "date", Takes::Day, "", "items: [{date: 2026-11-10, title: Leeks, url: https://blog.example.org/leeks}]",
            "The day on which it was published, in the time zone of the site. Left out if the feed does not say it, or \
             names a day in the future.";
        Title = "title", Takes::Text, "", "items: [{title: Leeks, url: https://blog.example.org/leeks}]",
            "The title as plain text.";
        Url = "url", Takes::Text, "", "items: [{title: Leeks, url: https://blog.example.org/leeks}]",
            "The address, which begins with `https://` or `http://`.";
    }
}

/// Reads `data/feeds/SLUG.yaml`. There is one snapshot in it, or none.
///
/// # Errors
/// Everything that is wrong, in the order of the text.
pub fn feed(file: &Arc<str>, text: &str) -> Result<Data<FeedSnapshot>, Vec<Diagnostic>> {
    const HELP: &str = "Remove the file, and run `longhouse feeds pull` to write it again.";
    let normal = normalised(text);
    let document = read(file, &normal);
    let mut walk = Walk::new(file);
    let (mut feed, mut changed, mut items) = (None, None, Vec::new());
    let root = &document.root;
    let is_empty = match &root.kind {
        NodeKind::Null => true,
        NodeKind::Map(pairs) => pairs.is_empty(),
        _ => false,
    };
    for (key, node) in if is_empty { Vec::new() } else { walk.map(root.clone(), "a feed") } {
        let name: &str = &key.value;
        match FeedKey::from_name(name) {
            Some(FeedKey::Feed) => feed = walk.text(node, name),
            Some(FeedKey::Changed) => changed = day(&mut walk, node, name),
            Some(FeedKey::Items) => items = headlines(&mut walk, node),
            None => walk.unknown_key(&key, "a feed", FeedKey::KEYS),
        }
    }
    if feed.is_none() && walk.problems.is_empty() && !is_empty {
        walk.problem(root.span, "The snapshot of a feed needs `feed`.", HELP);
    }
    items.truncate(HEADLINES);
    let snapshot = feed.map(|feed| FeedSnapshot { feed: feed.value, changed, items });
    finish(document, walk, snapshot.into_iter().collect())
}

fn headlines(walk: &mut Walk<'_>, node: Node<'_>) -> Vec<Headline> {
    let mut items = Vec::new();
    let nodes = match node.kind {
        NodeKind::List(nodes) => nodes,
        NodeKind::Null => Vec::new(),
        _ => {
            walk.problem(node.span, "`items` must be a list.", "Write each as `- {title: …, url: …}`.");
            Vec::new()
        }
    };
    for node in nodes {
        let (mut date, mut title, mut url) = (None, None, None);
        let (span, problems) = (node.span, walk.problems.len());
        for (key, node) in walk.map(node, "a headline") {
            let name: &str = &key.value;
            match HeadlineKey::from_name(name) {
                Some(HeadlineKey::Date) => date = day(walk, node, name),
                Some(HeadlineKey::Title) => title = walk.text(node, name),
                Some(HeadlineKey::Url) => url = walk.text(node, name),
                None => walk.unknown_key(&key, "a headline", HeadlineKey::KEYS),
            }
        }
        match (title, url) {
            // A snapshot that somebody else wrote says no more than one that was pulled, and stops nobody.
            (Some(title), Some(url)) => {
                if let Some(url) = address(&url.value) {
                    let title = line(&title.value);
                    let title = limits::cut(&title, HEADLINE).unwrap_or(title);
                    items.push(Headline { date, title, url });
                }
            }
            _ if walk.problems.len() == problems => {
                walk.problem(
                    span,
                    "A headline needs `title` and `url`.",
                    "Write `- {title: Leeks in the frost, url: https://blog.example.org/leeks}`.",
                );
            }
            _ => {}
        }
    }
    items
}

fn day(walk: &mut Walk<'_>, node: Node<'_>, name: &str) -> Option<civil::Date> {
    let Spanned { value, span } = walk.text(node, name)?;
    let day = date::parse(&value).ok().map(|date| date.day);
    if day.is_none() {
        walk.problem(span, format!("`{value}` is not a day."), "Write it as `2026-11-12`.");
    }
    day
}

/// The path of the snapshot of a link's feed, from the root of the site.
#[must_use]
pub fn path(slug: &str) -> String {
    format!("{}/{slug}.yaml", root::FEEDS)
}

impl FeedSnapshot {
    /// The snapshot as a file. The same snapshot is the same file.
    #[must_use]
    pub fn yaml(&self) -> String {
        let mut out = String::from("# Written by `longhouse feeds pull`, which replaces this file.\n");
        let _ = writeln!(out, "feed: {}", quoted(&self.feed));
        if let Some(day) = self.changed {
            let _ = writeln!(out, "changed: {day}");
        }
        if self.items.is_empty() {
            out.push_str("items: []\n");
            return out;
        }
        out.push_str("items:\n");
        for item in &self.items {
            let mut lead = "  - ";
            if let Some(day) = item.date {
                let _ = writeln!(out, "{lead}date: {day}");
                lead = "    ";
            }
            let _ = writeln!(out, "{lead}title: {}", quoted(&item.title));
            let _ = writeln!(out, "    url: {}", quoted(&item.url));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Option<FeedSnapshot>, Vec<Diagnostic>> {
        feed(&Arc::from("data/feeds/x.yaml"), text).map(|mut data| data.entries.pop())
    }

    #[test]
    fn what_is_written_is_read_again_whatever_it_says() {
        let item = |date: Option<&str>, title: &str| Headline {
            date: date.map(|it| it.parse().expect("a day")),
            title: title.to_owned(),
            url: "https://a.example/?a=1&b=%20#c".to_owned(),
        };
        let snapshot = FeedSnapshot {
            feed: "https://a.example/feed.xml".to_owned(),
            changed: Some("2026-11-12".parse().expect("a day")),
            items: vec![
                item(Some("2026-11-10"), "\"Quotes\": # no comment, {no} [list] 'x' \\n"),
                item(None, "مرحبا 🌱 no"),
                item(Some("2026-01-01"), "- yes"),
            ],
        };
        assert_eq!(parsed(&snapshot.yaml()), Ok(Some(snapshot.clone())));
        let empty = FeedSnapshot { items: Vec::new(), changed: None, ..snapshot };
        assert_eq!(parsed(&empty.yaml()), Ok(Some(empty)));
    }

    #[test]
    fn an_empty_file_is_no_snapshot_and_what_is_wrong_has_its_place() {
        assert_eq!(parsed(""), Ok(None));
        assert_eq!(parsed("# nothing\n"), Ok(None));
        let found = parsed(
            "feed: https://a.example/\nchanged: soon\nitems: [{title: a}, {title: a, url: b, x: c}]\n",
        )
        .expect_err("three things are wrong");
        let places: Vec<_> = found.iter().map(|found| (found.line, found.column)).collect();
        assert_eq!(places, [(2, 10), (3, 9), (3, 40)]);
        assert!(parsed("items: []\n").is_err() && parsed("- a\n").is_err());
    }

    #[test]
    fn a_line_has_nothing_that_hides() {
        assert_eq!(line("  a\n\tb\u{0}c\u{202E}d\u{200B}e  "), "a b cde");
        assert_eq!(line("مرحبا 👩‍🌾 world"), "مرحبا 👩‍🌾 world");
    }

    #[test]
    fn a_snapshot_says_no_more_than_one_that_was_pulled() {
        let item = |title: &str, url: &str| {
            let text = format!(
                "feed: https://a.example/f\nitems: [{{title: {}, url: {}}}]\n",
                quoted(title),
                quoted(url)
            );
            parsed(&text).expect("a snapshot").and_then(|it| it.items.first().map(|it| it.title.clone()))
        };
        assert_eq!(item("a\u{202E}b\nc", "https://a.example/").as_deref(), Some("ab c"));
        for url in [
            "javascript:alert(1)",
            "https://ana:secret@a.example/",
            "/a",
            &format!("https://a.example/{}", "a".repeat(3000)),
        ] {
            assert_eq!(item("a", url), None, "{url}");
        }
    }
}
