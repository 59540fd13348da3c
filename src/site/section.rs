//! Bodies cut into parts: the headings that fill fields, what is left as the text, and one line of it.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::{Detail, Entry, Section, Sections};
use crate::page::Page;
use crate::page::markdown::{BlockKind, Body};

use super::headings;

/// A description is cut at a word before this many characters.
const DESCRIPTION: usize = 160;

/// The line of an entry in lists has at most so many characters.
const LINE: usize = 160;

/// A line of so many characters says enough.
const ENOUGH: usize = 100;

/// Cuts the parts out of a body that fill fields; the rest stays the text. `first` is the first block
/// that is no part of the title, `field_of` the field that a heading fills.
pub fn cut(
    body: &Body,
    first: usize,
    field_of: impl Fn(&str) -> Option<&'static str>,
) -> (Sections, Vec<Range<u32>>) {
    let mut sections = Sections(BTreeMap::new());
    let mut rest: Vec<Range<u32>> = Vec::new();
    let blocks = &body.blocks;
    let mut at = first;
    while at < blocks.len() {
        let heading = match &blocks[at].kind {
            BlockKind::Heading(index) => Some(&body.headings[*index as usize]),
            _ => None,
        };
        let field = heading
            .filter(|heading| heading.level <= 2)
            .and_then(|heading| field_of(&heading.text))
            .filter(|field| !sections.0.contains_key(field));
        let (Some(heading), Some(field)) = (heading, field) else {
            extend(&mut rest, &blocks[at].segments);
            at += 1;
            continue;
        };
        let ends = |kind: &BlockKind| match kind {
            // An answer goes on to the end of the file.
            _ if field == headings::ANSWER => false,
            BlockKind::Heading(index) => body.headings[*index as usize].level <= heading.level,
            _ => false,
        };
        let end = (at + 1..blocks.len()).find(|it| ends(&blocks[*it].kind)).unwrap_or(blocks.len());
        if end > at + 1 {
            let ranges = blocks[at + 1].segments.start..blocks[end - 1].segments.end;
            let text = blocks[at + 1].text.start..blocks[end - 1].text.end;
            sections.0.insert(field, Section { body: ranges, text });
        }
        at = end;
    }
    (sections, rest)
}

/// The one part that reaches from the first of these ranges to the last.
#[must_use]
pub fn joined(body: &Body, ranges: &[Range<u32>]) -> Section {
    let all = match (ranges.first(), ranges.last()) {
        (Some(first), Some(last)) => first.start..last.end,
        _ => 0..0,
    };
    let mut inside = body.blocks.iter().filter(|block| all.contains(&block.segments.start));
    let text = match (inside.next(), inside.next_back()) {
        (Some(first), last) => first.text.start..last.unwrap_or(first).text.end,
        _ => 0..0,
    };
    Section { body: all, text }
}

/// How much deeper headings must stand so that the highest one in these ranges becomes `top`.
#[must_use]
pub fn demote(body: &Body, ranges: &[Range<u32>], top: u8) -> u8 {
    let inside = |segment: u32| ranges.iter().any(|range| range.contains(&segment));
    let highest =
        body.headings.iter().filter(|heading| inside(heading.segment)).map(|heading| heading.level).min();
    highest.map_or(0, |highest| top.saturating_sub(highest))
}

/// The first line of the text, or of the best there is instead.
#[must_use]
pub fn description(page: &Page, body: &[Range<u32>], detail: &Detail) -> String {
    let body_text = |ranges: &[Range<u32>]| {
        let inside = |at: u32| ranges.iter().any(|range| range.contains(&at));
        let blocks = page.body.blocks.iter().filter(|block| inside(block.segments.start));
        let mut texts =
            blocks.filter(|block| !matches!(block.kind, BlockKind::Heading(_) | BlockKind::Code(_)));
        texts.find_map(|block| {
            let text = page.body.text.get(block.text.start as usize..block.text.end as usize)?;
            (!text.trim().is_empty()).then(|| one_line(text, DESCRIPTION))
        })
    };
    let sections = match detail {
        Detail::Story(story) => Some(&story.sections),
        Detail::HowTo(how_to) => Some(&how_to.sections),
        _ => None,
    };
    let section_texts = sections.into_iter().flat_map(|sections| sections.0.values());
    let mut in_order: Vec<Range<u32>> = section_texts.map(|section| section.body.clone()).collect();
    in_order.sort_by_key(|range| range.start);
    if let Detail::Question(question) = detail {
        in_order.extend(question.answers.first().map(|answer| answer.reply.body.clone()));
    }
    body_text(body).or_else(|| body_text(&in_order)).unwrap_or_default()
}

/// One line of the best answer, else of the entry itself.
#[must_use]
pub fn line(pages: &[Arc<Page>], entry: &Entry) -> String {
    let answer = entry.question().and_then(|question| question.answers.first());
    let line = answer.map(|answer| beginning(&pages[answer.reply.page].body, &answer.reply.body));
    line.filter(|line| !line.is_empty()).unwrap_or_else(|| entry.description.clone())
}

/// How a text begins, in one line: its first paragraphs, until they say something. Headings and code say
/// little by themselves.
fn beginning(body: &Body, segments: &Range<u32>) -> String {
    let blocks = body.blocks.iter().filter(|block| segments.contains(&block.segments.start));
    let texts = blocks.filter(|block| !matches!(block.kind, BlockKind::Heading(_) | BlockKind::Code(_)));
    let mut line = String::new();
    for block in texts {
        let text = one_line(body.text_at(block.text.clone()), LINE);
        let space = if line.is_empty() || text.is_empty() { "" } else { " " };
        line = line + space + &text;
        if line.chars().count() >= ENOUGH && !line.ends_with(':') {
            break;
        }
    }
    one_line(&line, LINE)
}

/// A text in one line of at most `limit` characters, cut between words.
#[must_use]
pub fn one_line(text: &str, limit: usize) -> String {
    let mut line = String::new();
    let mut count = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if count + length + 1 > limit {
            if line.is_empty() {
                line.extend(word.chars().take(limit));
            }
            // A sentence that ends here needs no second mark to say that it does not.
            line.truncate(line.trim_end_matches(['.', ',', ';', ':']).len());
            line.push('…');
            return line;
        }
        if !line.is_empty() {
            line.push(' ');
            count += 1;
        }
        line.push_str(word);
        count += length;
    }
    line
}

fn extend(ranges: &mut Vec<Range<u32>>, next: &Range<u32>) {
    match ranges.last_mut() {
        Some(last) if last.end == next.start => last.end = next.end,
        _ => ranges.push(next.clone()),
    }
}
