//! Many links to other sites from somebody who has just come: what spam looks like, and what a reviewer wants to
//! look at before it is merged.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::page::Page;
use crate::page::kind::Kind;
use crate::page::markdown::{LinkTarget, Rel};
use crate::site::people::Authors;
use crate::site::{Moment, PageId, Site};

/// From this many links on a file has many. Good answers of real newcomers seldom have more than three, and well researched questions six.
const MANY: usize = 8;

/// Who has written more files than this is no newcomer.
const FILES: usize = 3;

/// Who has been here for longer than this many days is no newcomer.
const DAYS: i64 = 30;

/// Somebody by their files.
#[derive(Default)]
struct Writer {
    files: usize,
    first: Option<Date>,
}

/// Looks at the files of everybody who is new: not of the team, with few files, the first of them of the last
/// weeks or of no known day.
pub fn check(site: &Site, diagnostics: &mut Vec<Diagnostic>) {
    let files = files(site);
    let mut writers: BTreeMap<&str, Writer> = BTreeMap::new();
    for (_, authors, date) in &files {
        for author in *authors {
            let writer = writers.entry(author).or_default();
            writer.files += 1;
            let day = date.map(|it| it.date);
            writer.first = writer.first.into_iter().chain(day).min();
        }
    }
    let is_new = |author: &String| {
        let is_recent =
            |first: Date| site.sources().today.is_some_and(|today| days_between(first, today) <= DAYS);
        writers.get(author.as_str()).is_some_and(|writer| {
            !site.people().is_team(author) && writer.files <= FILES && writer.first.is_none_or(is_recent)
        })
    };
    for (id, authors, _) in &files {
        let page = &site.pages()[*id];
        // A link costs a line; most files have none.
        if page.body.links.len() < MANY || authors.is_empty() || !authors.iter().all(is_new) {
            continue;
        }
        let away = |target: &&LinkTarget| matches!(target, LinkTarget::To { rel: Rel::External, .. });
        let links = &site.shown()[*id].links;
        let count = links.iter().filter(away).count();
        if count >= MANY
            && let Some(first) = links.iter().position(|target| away(&target))
        {
            diagnostics.push(many_links(page, page.body.links[first].destination.span, &authors[0], count));
        }
    }
}

/// The number of days from one to another; a very large one where it cannot be said.
pub(super) fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(i64::MAX, |span| i64::from(span.get_days()))
}

/// Every file that readers see, with who wrote it and when.
fn files(site: &Site) -> Vec<(PageId, &Authors, Option<Moment>)> {
    let mut files = Vec::new();
    for (_, entry) in site.listed() {
        if entry.kind != Kind::Person {
            files.push((entry.page, &entry.authors, entry.date));
        }
        let replies = entry.replies().filter(|reply| !reply.stem.is_empty());
        files.extend(replies.map(|reply| (reply.page, &reply.authors, reply.date)));
        let duplicates = entry.question().map_or(&[][..], |question| &question.duplicates);
        files.extend(duplicates.iter().map(|it| (it.page, &it.authors, it.date)));
    }
    files
}

fn many_links(page: &Page, first: Span, author: &str, count: usize) -> Diagnostic {
    Diagnostic::new(
        Rule::NewcomerLinks,
        &page.path,
        first,
        format!("`{author}` is new here, and this file has {count} links to other sites."),
    )
    .help("Check where they lead before you merge it. If they are relevant, nothing is wrong.")
}
