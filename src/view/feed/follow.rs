//! What a page says of its feeds: in its head for programs, and at its end for readers.

use super::super::{FeedLink, Lists, Meta};
use super::FeedPlan;
use crate::page::kind::Kind;
use crate::site::reader::Reader;
use crate::site::written::FOLLOWED;
use crate::site::{Entry, EntryId, alert};
use crate::words::Word;

const ATOM: &str = "application/atom+xml";
const JSON: &str = "application/feed+json";

/// At most this many products, and as many places, are named where a page says how to follow it.
const NAMED: usize = 3;

/// Names feeds on a page. `name` is what readers follow.
pub fn follow(site: &Reader<'_>, lists: &Lists, page: &mut Meta, name: &str, feeds: &[FeedPlan]) {
    let words = site.words();
    page.follow = words.fill(Word::Follow, &[("name", &name)]);
    page.feeds = links(site, lists, feeds);
}

/// Names the feeds of the page of an entry: its own if one waits for what others write under it, else those of what it is
/// about.
pub fn of_entry(site: &Reader<'_>, lists: &Lists, page: &mut Meta, id: EntryId, entry: &Entry) {
    if !entry.is_listed() || matches!(entry.kind, Kind::Page | Kind::Person) {
        return;
    }
    let has_own = FOLLOWED.contains(&entry.kind);
    let is_news = entry.kind == Kind::Announcement;
    let mut feeds: Vec<FeedPlan> = has_own.then(|| FeedPlan::Entry(id, Vec::new())).into_iter().collect();
    if !has_own || is_news {
        let with_page = entry.products.iter().filter(|id| site.product_name(id).1).take(NAMED);
        feeds.extend(with_page.map(|id| FeedPlan::Product(id.clone())));
        let fields = site.fields(entry.page);
        let places = alert::places(entry.kind, fields).into_iter().take(NAMED);
        feeds.extend(places.map(|(slug, _)| FeedPlan::Place(slug)));
    }
    if !has_own {
        feeds.push(FeedPlan::Kind(entry.kind));
    }
    page.follow = match entry.kind {
        Kind::Question => site.words().get(Word::FollowQuestion),
        _ => site.words().get(Word::FollowPage),
    }
    .to_string();
    page.feeds = links(site, lists, &feeds);
}

/// The files of feeds, as pages name them.
fn links(site: &Reader<'_>, lists: &Lists, feeds: &[FeedPlan]) -> Vec<FeedLink> {
    let mut links = Vec::with_capacity(feeds.len());
    for feed in feeds {
        // The page names what it is about itself.
        let title = match feed {
            FeedPlan::Entry(..) => site.words().get(Word::FeedOfEntry).to_string(),
            _ => feed.title(site, lists),
        };
        for (address, media_type) in feed.addresses(site).iter().zip([ATOM, JSON]) {
            links.push(FeedLink { title: title.clone(), url: site.urls().href(address), media_type });
        }
    }
    links
}
