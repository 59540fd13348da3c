//! What needs care: questions without an answer, pages that nobody has looked through for too long, pages to
//! which nothing leads. Age goes by the day of the sources, so that the same commit says the same; without a day
//! nothing is old.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::newcomer::days_between;
use super::title_span;
use crate::config::MenuItem;
use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::page::Page;
use crate::page::front_matter::Status;
use crate::page::kind::Kind;
use crate::page::markdown::LinkTarget;
use crate::site::need::Review;
use crate::site::{Entry, EntryId, Site, url};

/// Looks at what is published and still counts.
pub fn check(site: &Site, diagnostics: &mut Vec<Diagnostic>) {
    for (_, entry) in site.listed().filter(|(_, entry)| entry.status == Status::Published) {
        let page = &site.pages()[entry.page];
        if let Some(today) = site.sources().today {
            diagnostics.extend(unanswered(site, entry, page, today));
            diagnostics.extend(stale(entry, page, today));
        }
    }
    orphans(site, diagnostics);
}

fn unanswered(site: &Site, entry: &Entry, page: &Page, today: Date) -> Option<Diagnostic> {
    let asked = entry.date.filter(|_| entry.is_unanswered())?.date;
    let most = site.sources().config.check.unanswered_after;
    (days_between(asked, today) > most).then(|| no_answer(page, asked))
}

fn stale(entry: &Entry, page: &Page, today: Date) -> Option<Diagnostic> {
    let fields = &page.fields;
    let review = Review::of(entry, fields).filter(|review| review.is_overdue(today))?;
    let of_wish = fields.review_every.as_ref().map(|every| every.span);
    let span = fields.verified_on.as_ref().map(|verified| verified.span).or(of_wish)?;
    let wish = match review.every {
        Some(every) => format!("and should be every `{every}`"),
        None => "more than two years ago".to_string(),
    };
    Some(not_looked_through(page, span, review.last, &wish, today))
}

/// Pages without a tag, a topic or a product to which no other page and no menu leads. Where most pages of a kind
/// are like that, the community works without tags and links, and nobody is told of each; and where all pages of a
/// kind stand in one list, that list leads to them. Plain pages stand in none. What somebody wrote just now has had
/// no time to get a tag from those who know the tags, so it is none yet.
fn orphans(site: &Site, diagnostics: &mut Vec<Diagnostic>) {
    let linked = linked(site);
    let mut by_kind: BTreeMap<Kind, (usize, Vec<EntryId>)> = BTreeMap::new();
    for (id, entry) in site.listed() {
        let counts =
            matches!(entry.kind, Kind::Question | Kind::HowTo | Kind::Story | Kind::Idea | Kind::Page);
        if !counts || entry.status != Status::Published {
            continue;
        }
        let page = &site.pages()[entry.page];
        let is_new = site.sources().today.zip(entry.date).is_some_and(|(today, written)| {
            days_between(written.date, today) <= site.sources().config.check.unanswered_after
        });
        let leads = is_new
            || !entry.tags.is_empty()
            || !entry.products.is_empty()
            || page.fields.menu.is_some()
            // The tree of its folder leads to it.
            || (entry.kind == Kind::Page && url::above(&entry.address).next().is_some())
            || linked.contains(&site.urls().href(&entry.address));
        let (all, alone) = by_kind.entry(entry.kind).or_default();
        *all += 1;
        if !leads {
            alone.push(id);
        }
    }
    for (kind, (all, alone)) in by_kind {
        let fits_in_list = kind != Kind::Page && all <= site.sources().config.page_size;
        if !fits_in_list && alone.len() * 2 <= all {
            diagnostics.extend(alone.into_iter().map(|id| alone_there(site, &site.entries()[id])));
        }
    }
}

/// Where links, the menu and the footer lead on this site, without the part after `#`. A link of a page to
/// itself leads nobody there.
fn linked(site: &Site) -> BTreeSet<String> {
    let config = &site.sources().config;
    let of_config =
        |items: &[MenuItem]| items.iter().map(|item| site.urls().config_url(&item.url)).collect::<Vec<_>>();
    let mut linked: BTreeSet<String> =
        of_config(&config.menu).into_iter().chain(of_config(&config.footer.links)).collect();
    let mut add = |own: Option<&str>, links: &[LinkTarget]| {
        for link in links {
            let (LinkTarget::To { href, .. } | LinkTarget::Reversed { href, .. }) = link else { continue };
            let href = href.split('#').next().unwrap_or(href);
            if !href.is_empty() && own != Some(href) && !linked.contains(href) {
                linked.insert(href.to_owned());
            }
        }
    };
    for (page, shown) in site.pages().iter().zip(site.shown()) {
        if !shown.links.is_empty() {
            let own = site.place_of(&page.path).map(|(address, _)| site.urls().href(&address));
            add(own.as_deref(), &shown.links);
        }
    }
    if let Some((_, shown)) = &site.guidelines() {
        add(None, &shown.links);
    }
    linked
}

fn no_answer(page: &Page, asked: Date) -> Diagnostic {
    Diagnostic::new(
        Rule::Unanswered,
        &page.path,
        title_span(page),
        format!("Nobody has answered this question since {asked}."),
    )
    .help(
        "Answer it, ask someone who may know, or ask for missing details. If it can no longer be answered, set \
         `status: obsolete`.",
    )
}

fn not_looked_through(page: &Page, span: Span, last: Date, wish: &str, today: Date) -> Diagnostic {
    let message = format!("This page was last reviewed on {last}, {wish}.");
    Diagnostic::new(Rule::Stale, &page.path, span, message)
        .help(format!("Read it, correct what is out of date, and write `verified_on: {today}`."))
}

fn alone_there(site: &Site, entry: &Entry) -> Diagnostic {
    let page = &site.pages()[entry.page];
    Diagnostic::new(
        Rule::Orphan,
        &page.path,
        title_span(page),
        "No other page leads to this one: it has no tag and no topic, and nothing links to it.",
    )
    .help("Give it a tag, such as `tags: [glaze]`, move it into the folder of a topic, or link to it from another \
           page.")
}
