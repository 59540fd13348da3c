//! Bodies cut into parts: the headings that fill fields, what is left as the text, and one line of it.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::{Detail, Entry, Section, Sections};
use crate::page::markdown::{Block, BlockKind, Body};
use crate::page::{Page, cjk};

use super::headings;

/// A description is cut at a word before this many characters.
const DESCRIPTION: usize = 160;

/// The line of an entry in lists has at most this many characters.
const LINE: usize = 160;

/// A line of this many characters says enough.
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
    let own = beginning(&page.body, body, 1, DESCRIPTION);
    if own.is_empty() { beginning(&page.body, &in_order, 1, DESCRIPTION) } else { own }
}

/// One line of the best answer, else of the entry itself.
#[must_use]
pub fn line(pages: &[Arc<Page>], entry: &Entry) -> String {
    let answer = entry.question().and_then(|question| question.answers.first());
    let line = answer.map(|answer| {
        let body = &pages[answer.reply.page].body;
        beginning(body, std::slice::from_ref(&answer.reply.body), ENOUGH, LINE)
    });
    line.filter(|line| !line.is_empty()).unwrap_or_else(|| entry.description.clone())
}

/// How a text begins, in one line of at most `limit` characters: its first sentences, until they are `enough`.
/// Headings and code say little by themselves, and a table only where there is nothing else.
fn beginning(body: &Body, segments: &[Range<u32>], enough: usize, limit: usize) -> String {
    let inside = |block: &&Block| segments.iter().any(|range| range.contains(&block.segments.start));
    let said = |is_wanted: fn(&BlockKind) -> bool| {
        let mut line = String::new();
        for block in body.blocks.iter().filter(inside).filter(|block| is_wanted(&block.kind)) {
            let text = body.sentences(block);
            let is_glued = line.chars().next_back().zip(text.chars().next());
            let is_glued = is_glued.is_some_and(|(before, after)| cjk::is_unspaced(before, after));
            line.push_str(if line.is_empty() || text.is_empty() || is_glued { "" } else { " " });
            line.push_str(&text);
            // One character more than fits says where to cut.
            let count = line.chars().take(limit + 1).count();
            if count > limit || (count >= enough && !line.ends_with([':', '：'])) {
                break;
            }
        }
        one_line(&line, limit)
    };
    let line = said(|kind| {
        !matches!(kind, BlockKind::Heading(_) | BlockKind::Code(_) | BlockKind::Table | BlockKind::Rule)
    });
    if line.is_empty() { said(|kind| matches!(kind, BlockKind::Table)) } else { line }
}

/// A text in one line of at most `limit` characters: cut where a sentence ends, if much is left then, else
/// between words, which Chinese and Japanese do not part.
#[must_use]
pub fn one_line(text: &str, limit: usize) -> String {
    let mut line = cjk::joined_lines(text);
    let Some((over, _)) = line.char_indices().nth(limit) else { return line };
    let last = line[..over].char_indices().next_back().map_or(0, |(at, _)| at);
    let half = line.char_indices().nth(limit / 2).map_or(0, |(at, _)| at);
    if let Some(end) = sentence_end(&line, half..over) {
        line.truncate(end);
        return line;
    }
    let is_between_words = |at: &usize| {
        let (before, after) = (line[..*at].chars().next_back(), line[*at..].chars().next());
        before.zip(after).is_some_and(|(before, after)| {
            after == ' '
                || (cjk::is_wide(before) || cjk::is_wide(after))
                    && before.is_alphanumeric()
                    && (after.is_alphanumeric() || after == '“')
                || cjk::is_wide(before)
                    && !before.is_alphanumeric()
                    && cjk::is_wide(after)
                    && after.is_alphanumeric()
        })
    };
    let mut places = line[..over].char_indices().rev().map(|(at, _)| at).take_while(|at| *at > half);
    let cut = places.find(is_between_words).unwrap_or(last);
    line.truncate(cut);
    // A sentence that ends here needs no second mark to say that it does not.
    line.truncate(line.trim_end_matches(['.', ',', ';', ':', ' ', '，', '；', '：', '、', '。']).len());
    line.push('…');
    line
}

/// The last place in a range, in bytes, at which a sentence ends: not after `e.g.` or `No.`.
fn sentence_end(line: &str, within: Range<usize>) -> Option<usize> {
    let is_end = |at: usize, sign: char| {
        let end = at + sign.len_utf8();
        let rest = &line[end..];
        let closed =
            end + (rest.len() - rest.trim_start_matches(['"', ')', '”', '’', '»', '」', '』', '）']).len());
        if matches!(sign, '。' | '！' | '？') {
            return Some(closed);
        }
        let word = line[..at].rsplit(' ').next().unwrap_or_default();
        let after = line[closed..].strip_prefix(' ')?.chars().next()?;
        let is_word = sign != '.' || (word.chars().count() > 2 && !word.contains('.'));
        let begins = after.is_uppercase()
            || (after.is_alphabetic() && !after.is_lowercase())
            || "“„«\"'(".contains(after);
        (is_word && begins).then_some(closed)
    };
    let signs = line[..within.end].char_indices().rev().take_while(|(at, _)| *at >= within.start);
    signs
        .filter(|(_, c)| matches!(c, '.' | '!' | '?' | '。' | '！' | '？'))
        .filter_map(|(at, c)| is_end(at, c))
        .find(|end| *end <= within.end)
}

fn extend(ranges: &mut Vec<Range<u32>>, next: &Range<u32>) {
    match ranges.last_mut() {
        Some(last) if last.end == next.start => last.end = next.end,
        _ => ranges.push(next.clone()),
    }
}
