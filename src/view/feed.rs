//! What machines read: Atom and JSON feeds with ids that stay when the site moves, what concerns readers right now, the
//! sitemap, and the rules for robots.
//!
//! [`SORTS`] says once which feeds there are. The files, what the head of a page names, how a reader is told to follow
//! it and the reference are made of it.

use std::collections::BTreeMap;

use super::Lists;
use crate::config::FeedText;
use crate::page::kind::Kind;
use crate::site::people::Person;
use crate::site::reader::Reader;
use crate::site::written::FOLLOWED;
use crate::site::{EntryId, url};
use crate::words::Word;
use item::Item;

mod alerts;
pub(super) mod content;
mod crawl;
mod follow;
mod form;
mod item;
mod opml;

pub use crawl::{opensearch, robots, sitemap};
pub use follow::{follow, of_entry};

/// At most this many items stand in a feed.
pub const NEWEST: usize = 20;

/// A feed that there is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum FeedPlan {
    Everything,
    Kind(Kind),
    HelpWanted,
    Tag(String),
    Product(String),
    Place(String),
    Person(String),
    Replies(String),
    /// With the addresses that it had, or that a question had which was merged into it: nobody who follows it is lost.
    Entry(EntryId, Vec<String>),
    Alerts,
    /// The feeds of all links, for feed readers.
    Opml,
    /// The picture of what somebody did for others, which changes with it as a feed does.
    Badge(String),
}

/// A sort of feed, as the reference tells it.
#[derive(Debug, PartialEq, Eq)]
pub struct Sort {
    /// Its address; capitals stand for a name.
    pub address: &'static str,
    /// What it is a feed of.
    pub of: &'static str,
    /// What is in it.
    pub holds: &'static str,
    /// Whether it is there as JSON Feed, too, with the ending `.json`.
    pub json: bool,
    /// Whether it contains whole texts. Feeds of what an entry has several of never do: it would stand in each of them.
    pub whole: bool,
}

const EVERYTHING: Sort = Sort {
    address: "/feed.xml",
    of: "the site",
    holds: "What is new, people and plain pages aside.",
    json: true,
    whole: true,
};

const KIND: Sort = Sort {
    address: "/KINDS/feed.xml",
    of: "a kind",
    holds: "What is new of the kind. In the feed of announcements, also the updates of each.",
    json: true,
    whole: true,
};

const HELP_WANTED: Sort = Sort {
    address: url::HELP_WANTED_FEED,
    of: "help wanted",
    holds: "What lacks an answer, a word on whether it works, or a review.",
    json: false,
    whole: false,
};

const TAG: Sort = Sort {
    address: "/tags/TAG/feed.xml",
    of: "a tag",
    holds: "What is new with the tag.",
    json: true,
    whole: false,
};

const PRODUCT: Sort = Sort {
    address: "/feed/product/PRODUCT.xml",
    of: "a product",
    holds: "What is new about the product, and the updates of its announcements.",
    json: false,
    whole: false,
};

const PLACE: Sort = Sort {
    address: "/feed/place/PLACE.xml",
    of: "a place",
    holds: "Announcements for the place with their updates, and links, such as groups and events, that are there.",
    json: false,
    whole: false,
};

const PERSON: Sort = Sort {
    address: "/people/PERSON/feed.xml",
    of: "a person",
    holds: "What the person wrote, and the questions that they answered.",
    json: true,
    whole: false,
};

const REPLIES: Sort = Sort {
    address: "/people/PERSON/replies.xml",
    of: "replies to a person",
    holds: "What others wrote under the person’s questions, stories, ideas and other pages, and on their answers; and \
            answers to questions into which one of theirs was merged.",
    json: false,
    whole: false,
};

const ENTRY: Sort = Sort {
    address: "/KINDS/NAME/feed.xml",
    of: "a question, an idea or an announcement",
    holds: "Its answers, comments, responses and updates, that an idea shipped, and the page itself.",
    json: false,
    whole: false,
};

const BADGE: Sort = Sort {
    address: "/people/PERSON/badge.svg",
    of: "what a person did",
    holds: "A picture for the person’s own page.",
    json: false,
    whole: false,
};

const ALERTS: Sort = Sort {
    address: url::ALERTS,
    of: "alerts",
    holds: "Urgent announcements that are not over, as JSON for other programs.",
    json: false,
    whole: false,
};

const OPML: Sort = Sort {
    address: url::OPML,
    of: "links",
    holds: "The addresses of the feeds of all links, in groups, as OPML for feed readers. Only if a link has a feed.",
    json: false,
    whole: false,
};

/// Every sort of feed. Badges are made as feeds are, and followed by nobody.
pub const SORTS: [&Sort; 11] =
    [&EVERYTHING, &KIND, &HELP_WANTED, &TAG, &PRODUCT, &PLACE, &PERSON, &REPLIES, &ENTRY, &ALERTS, &OPML];

/// A feed at an address.
#[derive(Debug)]
struct Feed<'a> {
    /// What it is a feed of.
    title: String,
    /// The address of the page that it belongs to.
    address: String,
    /// The address of its Atom form.
    own: String,
    /// Whether it shows the same as the page, and is known by it.
    is_of_page: bool,
    /// What stands in it, the newest first.
    items: Vec<Item<'a>>,
    /// Whether it carries whole texts.
    whole: bool,
}

/// Every feed of the site.
#[must_use]
pub fn plan(site: &Reader<'_>, lists: &Lists) -> Vec<FeedPlan> {
    let mut plans = vec![FeedPlan::Everything];
    plans.extend(Kind::ALL.into_iter().filter(|kind| *kind != Kind::Page).map(FeedPlan::Kind));
    plans.extend([FeedPlan::HelpWanted, FeedPlan::Alerts]);
    plans.extend((!lists.links_with_feed(site).is_empty()).then_some(FeedPlan::Opml));
    plans.extend(site.tags().keys().map(|slug| FeedPlan::Tag(slug.clone())));
    plans.extend(site.products().keys().map(|id| FeedPlan::Product(id.clone())));
    plans.extend(lists.places(site).into_iter().map(|slug| FeedPlan::Place(slug.to_string())));
    for handle in lists.directory(site) {
        plans.extend([FeedPlan::Person(handle.clone()), FeedPlan::Replies(handle.clone())]);
        plans.extend(lists.recognition(site, handle).map(|_| FeedPlan::Badge(handle.clone())));
    }
    let mut former = former(site);
    for (id, _) in site.listed().filter(|(_, entry)| FOLLOWED.contains(&entry.kind)) {
        plans.push(FeedPlan::Entry(id, former.remove(site.address(id)).unwrap_or_default()));
    }
    plans
}

/// By the address of an entry with a feed, the addresses that lead on to it and had one.
fn former<'a>(site: &Reader<'a>) -> BTreeMap<&'a str, Vec<String>> {
    let lists = FOLLOWED.map(|kind| url::list(kind, 1));
    let mut former: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for from in site.redirects() {
        if from.ends_with('/')
            && lists.iter().any(|list| from.starts_with(list))
            && let Some(redirect) = site.redirect(from)
        {
            let to = redirect.to.split('#').next().unwrap_or_default();
            former.entry(to).or_default().push(from.clone());
        }
    }
    former
}

impl FeedPlan {
    /// What sort of feed it is.
    #[must_use]
    pub fn sort(&self) -> &'static Sort {
        match self {
            FeedPlan::Everything => &EVERYTHING,
            FeedPlan::Kind(_) => &KIND,
            FeedPlan::HelpWanted => &HELP_WANTED,
            FeedPlan::Tag(_) => &TAG,
            FeedPlan::Product(_) => &PRODUCT,
            FeedPlan::Place(_) => &PLACE,
            FeedPlan::Person(_) => &PERSON,
            FeedPlan::Replies(_) => &REPLIES,
            FeedPlan::Entry(..) => &ENTRY,
            FeedPlan::Alerts => &ALERTS,
            FeedPlan::Opml => &OPML,
            FeedPlan::Badge(_) => &BADGE,
        }
    }

    /// The address of the page that it belongs to.
    #[must_use]
    pub fn address(&self, site: &Reader<'_>) -> String {
        match self {
            FeedPlan::Everything => url::HOME.to_string(),
            FeedPlan::Kind(kind) => url::list(*kind, 1),
            FeedPlan::HelpWanted => url::HELP_WANTED.to_string(),
            FeedPlan::Tag(slug) => url::tag(slug),
            FeedPlan::Product(id) => url::product(id),
            FeedPlan::Person(handle) | FeedPlan::Replies(handle) | FeedPlan::Badge(handle) => {
                url::person(handle)
            }
            FeedPlan::Entry(id, _) => site.address(*id).to_string(),
            FeedPlan::Place(_) | FeedPlan::Alerts => url::list(Kind::Announcement, 1),
            FeedPlan::Opml => url::list(Kind::Link, 1),
        }
    }

    /// The addresses of its files, as [`FeedPlan::files`] makes them.
    #[must_use]
    pub fn addresses(&self, site: &Reader<'_>) -> Vec<String> {
        match self {
            FeedPlan::HelpWanted => vec![url::HELP_WANTED_FEED.to_string()],
            FeedPlan::Product(id) => vec![url::product_feed(id)],
            FeedPlan::Place(slug) => vec![url::place_feed(slug)],
            FeedPlan::Replies(handle) => vec![url::replies_feed(handle)],
            FeedPlan::Entry(id, former) => {
                let former = former.iter().map(String::as_str);
                std::iter::once(site.address(*id)).chain(former).map(url::entry_feed).collect()
            }
            FeedPlan::Alerts => vec![url::ALERTS.to_string()],
            FeedPlan::Opml => vec![url::OPML.to_string()],
            FeedPlan::Badge(handle) => vec![url::badge(handle)],
            _ => url::feeds(&self.address(site)).to_vec(),
        }
    }

    /// The feed as Atom (RFC 4287), and as JSON Feed 1.1 where it has that form too; alerts in a form of their own.
    #[must_use]
    pub fn files(&self, site: &Reader<'_>, lists: &Lists) -> Vec<String> {
        match self {
            FeedPlan::Alerts => return vec![alerts::json(site)],
            FeedPlan::Opml => return vec![opml::file(site, lists)],
            FeedPlan::Badge(handle) => return vec![super::badge::svg(site, lists, handle)],
            _ => {}
        }
        let feed = self.feed(site, lists);
        let mut files = vec![feed.atom(site)];
        let others = self.addresses(site).split_off(1);
        match self {
            // The copies name the address where the feed is now.
            FeedPlan::Entry(..) => files.extend(others.iter().map(|_| feed.atom(site))),
            _ => files.extend(others.iter().map(|own| feed.json(site, own))),
        }
        files
    }

    /// What it is called by itself: without the name of the site.
    #[must_use]
    pub fn title(&self, site: &Reader<'_>, lists: &Lists) -> String {
        let words = site.words();
        let named = |word: Word, name: &str| words.fill(word, &[("name", &name)]);
        match self {
            FeedPlan::Everything => site.config().title.clone(),
            FeedPlan::Kind(kind) => words.kinds(*kind).to_string(),
            FeedPlan::HelpWanted => words.get(Word::HelpWanted).to_string(),
            FeedPlan::Tag(slug) => site.tag_name(slug).to_string(),
            FeedPlan::Product(id) => site.product_name(id).0.to_string(),
            FeedPlan::Place(slug) => {
                named(Word::FeedOfPlace, lists.place(site, slug).map_or(slug, |(name, _)| name))
            }
            FeedPlan::Person(handle) | FeedPlan::Badge(handle) => {
                named(Word::FeedOfPerson, site.person_name(handle))
            }
            FeedPlan::Replies(handle) => named(Word::FeedOfReplies, site.person_name(handle)),
            FeedPlan::Entry(id, _) => named(Word::FeedOfReplies, &format!("“{}”", site.title(*id).title)),
            FeedPlan::Alerts => words.kinds(Kind::Announcement).to_string(),
            FeedPlan::Opml => words.kinds(Kind::Link).to_string(),
        }
    }

    fn feed<'a>(&self, site: &Reader<'a>, lists: &Lists) -> Feed<'a> {
        let newest = |ids: &[EntryId]| item::current(site, ids).take(NEWEST).map(Item::Entry).collect();
        let items = match self {
            FeedPlan::Everything => newest(lists.newest(site)),
            FeedPlan::Kind(Kind::Announcement) => {
                item::with_updates(site, lists.of_kind(site, Kind::Announcement), NEWEST)
            }
            FeedPlan::Kind(kind) => newest(lists.of_kind(site, *kind)),
            FeedPlan::HelpWanted => newest(&super::help_wanted::of_feed(site, lists)),
            FeedPlan::Tag(slug) => newest(site.tag(slug).map_or(&[], |tag| &tag.entries)),
            FeedPlan::Product(id) => {
                item::with_updates(site, site.product(id).map_or(&[], |product| &product.entries), NEWEST)
            }
            FeedPlan::Place(slug) => {
                item::with_updates(site, lists.place(site, slug).map_or(&[], |(_, ids)| ids), NEWEST)
            }
            FeedPlan::Person(handle) => {
                newest(&site.person(handle).map_or_else(Vec::new, |it| given(site, it)))
            }
            FeedPlan::Replies(handle) => item::to_person(site, handle, NEWEST),
            FeedPlan::Entry(id, _) => item::of_entry(site, *id, NEWEST),
            FeedPlan::Alerts | FeedPlan::Opml | FeedPlan::Badge(_) => Vec::new(),
        };
        let title = &site.config().title;
        Feed {
            title: match self {
                FeedPlan::Everything => title.clone(),
                _ => format!("{} · {title}", self.title(site, lists)),
            },
            address: self.address(site),
            own: self.addresses(site).swap_remove(0),
            is_of_page: !matches!(
                self,
                FeedPlan::Product(_) | FeedPlan::Place(_) | FeedPlan::Replies(_) | FeedPlan::Entry(..)
            ),
            items,
            whole: self.sort().whole && site.config().feeds == FeedText::Full,
        }
    }
}

/// Entries that somebody wrote, or wrote answers to, the newest first.
fn given(site: &Reader<'_>, person: &Person) -> Vec<EntryId> {
    let answered = person.gave.answers.iter().map(|(id, _)| *id);
    let mut entries: Vec<EntryId> = answered.chain(person.gave.entries.iter().copied()).collect();
    entries.sort_by_key(|id| site.summary(*id).list_order());
    entries.dedup();
    entries
}

/// An id that stays when the site moves (RFC 4151): the site's own, else where it stands.
fn id(site: &Reader<'_>, address: &str) -> String {
    let config = site.config();
    let authority = config.site_id.clone().unwrap_or_else(|| site.urls().authority());
    format!("tag:{authority},2000:{}", url::encode(address))
}

/// A moment for feeds. What has none is as old as can be.
fn rfc3339(instant: Option<jiff::Timestamp>) -> String {
    instant.unwrap_or(jiff::Timestamp::UNIX_EPOCH).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Text for XML: escaped, without the characters that XML 1.0 forbids.
pub(super) fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t'
            | '\n'
            | '\r'
            | '\u{20}'..='\u{D7FF}'
            | '\u{E000}'..='\u{FFFD}'
            | '\u{10000}'..='\u{10FFFF}' => {
                out.push(character);
            }
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeds_drop_what_xml_forbids() {
        assert_eq!(xml("a\u{0}b\u{B}c & <d> \u{FFFE}"), "abc &amp; &lt;d&gt; ");
    }
}
