//! The ids that a page has, by what people write after the `#` of a link.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use percent_encoding::percent_decode_str;

use crate::page::Page;
use crate::page::markdown::{self, Body, Heading};
use crate::site::{Detail, Entry, Section};

/// The ids of one page of the site.
#[derive(Debug, Default)]
pub(super) struct Ids<'a> {
    /// Ids as they are.
    exact: BTreeSet<String>,
    /// Ids of headings as git hosts name them, and what authors call other places, to ours.
    names: HashMap<&'a str, String>,
    /// The same as somebody may have written them who has no signs of emoji, prepared with the first that is not found.
    loose: OnceLock<HashMap<String, String>>,
}

impl<'a> Ids<'a> {
    /// The ids on the page of an entry: of its own text, of its replies, of questions merged into it.
    pub(super) fn of_entry(entry: &Entry, pages: &'a [Arc<Page>]) -> Ids<'a> {
        let mut ids = Ids::default();
        let own = &pages[entry.page].body;
        let mut shown: Vec<Range<u32>> = entry.body.clone();
        let sections = match &entry.detail {
            Detail::Story(story) => Some(&story.sections),
            Detail::HowTo(how_to) => Some(&how_to.sections),
            _ => None,
        };
        for section in sections.into_iter().flat_map(|sections| sections.0.values()) {
            shown.push(section.body.clone());
            // Its heading is not shown, but an element with the heading's id stands in its place.
            shown.extend(heading_above(own, section).map(|heading| heading.segment..heading.segment + 1));
        }
        let mut instead = String::new();
        for reply in entry.replies().filter(|reply| reply.page == entry.page) {
            shown.push(reply.body.clone());
            instead.clone_from(&reply.anchor);
        }
        let first = own.blocks.first().map_or(0, |block| block.segments.end);
        ids.add(own, "h-", &shown, |segment| if segment < first { "" } else { &instead });
        for reply in entry.replies() {
            if reply.page != entry.page {
                let body = &pages[reply.page].body;
                ids.add(body, &reply.id_prefix, std::slice::from_ref(&reply.body), |_| &reply.anchor);
            }
            ids.exact.insert(reply.anchor.clone());
        }
        for duplicate in entry.question().map_or(&[][..], |question| &question.duplicates) {
            let anchor = format!("asked-{}", duplicate.slug);
            let body = &pages[duplicate.page].body;
            ids.add(body, &format!("h-{}-", duplicate.slug), &duplicate.body, |_| &anchor);
            ids.exact.insert(anchor);
        }
        ids
    }

    /// The ids of a text that is no entry: of the home page, of a list, the guidelines.
    pub(super) fn of_text(page: &'a Page) -> Ids<'a> {
        let mut ids = Ids::default();
        ids.add(&page.body, "h-", &[page.text_range()], |_| "");
        ids
    }

    /// The id that a fragment means: a heading as git hosts name it, first of the file that the link
    /// names, else of the whole page; or an id as it is.
    pub(super) fn find(&self, fragment: &str, id_prefix: Option<&str>) -> Option<String> {
        let fragment = percent_decode_str(fragment).decode_utf8_lossy();
        self.exactly(&fragment, id_prefix).or_else(|| {
            // Git hosts don't mind the case of a fragment.
            let lower = fragment.to_lowercase();
            let exactly = (lower != *fragment).then(|| self.exactly(&lower, id_prefix)).flatten();
            exactly.or_else(|| self.loosely(&fragment))
        })
    }

    fn loosely(&self, fragment: &str) -> Option<String> {
        let loose = self.loose.get_or_init(|| {
            let mut loose = HashMap::new();
            for name in self.names() {
                loose.entry(markdown::loose(name)).or_insert_with(|| self.names[name].clone());
            }
            loose
        });
        loose.get(&markdown::loose(fragment)).filter(|_| !fragment.is_empty()).cloned()
    }

    /// What headings and other places are called, in order.
    pub(super) fn names(&self) -> Vec<&'a str> {
        let mut names: Vec<&str> = self.names.keys().copied().collect();
        names.sort_unstable();
        names
    }

    fn exactly(&self, fragment: &str, id_prefix: Option<&str>) -> Option<String> {
        let own = id_prefix.map(|prefix| format!("{prefix}{fragment}"));
        own.filter(|own| self.exact.contains(own))
            .or_else(|| self.exact.contains(fragment).then(|| fragment.to_string()))
            .or_else(|| self.names.get(fragment).cloned())
    }

    /// Adds the headings of a body and the places that its author named. One that is not shown, such as the title,
    /// leads to what stands for it.
    fn add<'b>(
        &mut self,
        body: &'a Body,
        prefix: &str,
        shown: &[Range<u32>],
        instead: impl Fn(u32) -> &'b str,
    ) {
        let headings = body.headings.iter().map(|it| (it.id.as_str(), it.id.as_str(), it.segment));
        // A name that a heading has is that heading's.
        let anchors = body.anchors.iter().map(|it| (it.name.as_str(), it.id.as_str(), it.segment));
        for (name, id, segment) in headings.chain(anchors.filter(|(_, id, _)| !id.is_empty())) {
            let is_shown = shown.iter().any(|range| range.contains(&segment));
            let id = if is_shown { format!("{prefix}{id}") } else { instead(segment).to_string() };
            self.names.entry(name).or_insert_with(|| id.clone());
            if is_shown {
                self.exact.insert(id);
            }
        }
    }
}

/// The heading that a section of a body stands under.
#[must_use]
pub fn heading_above<'b>(body: &'b Body, section: &Section) -> Option<&'b Heading> {
    let above = body.blocks.partition_point(|block| block.segments.end < section.body.start);
    body.heading_of(above).filter(|_| body.blocks[above].segments.end == section.body.start)
}
