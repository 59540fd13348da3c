//! Attributes between braces behind something in a sentence, as kramdown, MkDocs, Pandoc and Quarto write them:
//! `![x](y.png){width=300}`, `[text](page.md){: .button }`. The size of a picture counts; all else is left out, because a
//! class of another theme means nothing here and an id is no address.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, TagEnd};

use super::wiki::Sizes;
use super::writer::Events;

/// No list of attributes is longer, in bytes.
const LONGEST: usize = 200;

/// What 100 % of the width means, in pixels: as wide as a text is.
const MEASURE: u32 = 720;

/// Takes attributes out of the text, and notes the sizes of pictures by their places.
pub(super) fn take(events: &mut Events<'_>, text: &str, sizes: &mut Sizes) {
    let mut picture = None;
    let mut at = 0;
    while at < events.len() {
        let is_behind = match &events[at].0 {
            Event::End(TagEnd::Image) => {
                picture = Some(events[at].1.start);
                true
            }
            Event::End(TagEnd::Link | TagEnd::Strong | TagEnd::Emphasis) | Event::Code(_) => {
                picture = None;
                true
            }
            _ => false,
        };
        at += 1;
        if !is_behind {
            continue;
        }
        let Some((Event::Text(written), range)) = events.get(at) else { continue };
        if text.get(range.clone()) != Some(&**written) || !written.trim_start_matches(' ').starts_with('{') {
            continue;
        }
        let start = range.start;
        let Some((inner, length)) = list(&text[start..]) else { continue };
        let Some(found) = attributes(inner) else { continue };
        if !cut(events, at, start + length) {
            continue;
        }
        if let Some(picture) = picture.filter(|_| found != (None, None)) {
            sizes.insert(picture, found);
        }
    }
}

/// What stands between the braces with which a text begins, and how long all of it is.
fn list(text: &str) -> Option<(&str, usize)> {
    let trimmed = text.trim_start_matches(' ');
    let spaces = text.len() - trimmed.len();
    let inner = trimmed.strip_prefix('{')?;
    let close = inner.as_bytes().iter().take(LONGEST).position(|it| *it == b'}')?;
    let inner = &inner[..close];
    (spaces <= 1 && !inner.contains(['\n', '{'])).then_some((inner, spaces + close + 2))
}

/// The size that a list of attributes says; nothing where it is none.
fn attributes(inner: &str) -> Option<(Option<u32>, Option<u32>)> {
    let mut size = (None, None);
    let trimmed = inner.strip_prefix(':').unwrap_or(inner).trim();
    if trimmed.is_empty() {
        return None;
    }
    let mut rest = trimmed;
    while !rest.is_empty() {
        let is_name = |it: char| it.is_alphanumeric() || matches!(it, '-' | '_' | ':' | '.' | '@');
        if let Some(name) = rest.strip_prefix(['.', '#']) {
            let length = name.find(|it: char| !is_name(it)).unwrap_or(name.len());
            if length == 0 {
                return None;
            }
            rest = name[length..].trim_start();
            continue;
        }
        let length = rest.find(|it: char| !is_name(it)).unwrap_or(rest.len());
        let (name, behind) = rest.split_at(length);
        let value = behind.strip_prefix('=').filter(|_| length > 0)?;
        let (value, behind) = match value.chars().next().filter(|it| matches!(it, '"' | '\'')) {
            Some(quote) => value[1..].split_once(quote)?,
            None => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
        };
        match name {
            "width" => size.0 = pixels(value),
            "height" => size.1 = pixels(value),
            _ => {}
        }
        rest = behind.trim_start();
    }
    Some(size)
}

/// `300`, `300px`, and `50%` of the width of a text.
pub(super) fn pixels(value: &str) -> Option<u32> {
    let value = value.trim();
    let number = |text: &str| text.trim().parse::<f32>().ok().filter(|it| (1.0..=10_000.0).contains(it));
    match value.strip_suffix('%') {
        Some(share) => {
            number(share).filter(|it| *it <= 100.0).map(|it| (it * MEASURE as f32 / 100.0).round() as u32)
        }
        None => number(value.strip_suffix("px").unwrap_or(value)).map(|it| it.round() as u32),
    }
}

/// Takes the front off the texts from here on; says whether all of it was text.
fn cut(events: &mut Events<'_>, first: usize, end: usize) -> bool {
    let mut last = first;
    while let Some((Event::Text(_), range)) = events.get(last) {
        if range.end >= end {
            break;
        }
        last += 1;
    }
    if !matches!(events.get(last), Some((Event::Text(_), range)) if range.start < end && range.end >= end) {
        return false;
    }
    for (event, range) in &mut events[first..=last] {
        let kept = range.len() - (end.saturating_sub(range.start)).min(range.len());
        if let Event::Text(text) = event {
            let from = text.len().saturating_sub(kept);
            *text = match std::mem::replace(text, CowStr::Borrowed("")) {
                CowStr::Borrowed(text) => CowStr::Borrowed(text.get(from..).unwrap_or_default()),
                owned => CowStr::from(owned.get(from..).unwrap_or_default().to_owned()),
            };
        }
        *range = range.end - kept..range.end;
    }
    true
}

/// The picture that is all that its paragraph holds, with a title that is shown below it.
pub(super) fn figure(events: &[(Event<'_>, Range<usize>)], paragraph: usize) -> bool {
    use pulldown_cmark::Tag;
    let Some((Event::Start(Tag::Image { title, .. }), _)) = events.get(paragraph + 1) else { return false };
    if title.trim().is_empty() {
        return false;
    }
    let mut at = paragraph + 2;
    while !matches!(events.get(at), Some((Event::End(TagEnd::Image), _)) | None) {
        at += 1;
    }
    let is_blank = |event: Option<&(Event<'_>, Range<usize>)>| matches!(event, Some((Event::Text(text), _)) if text.trim().is_empty());
    at += 1;
    while is_blank(events.get(at)) {
        at += 1;
    }
    matches!(events.get(at), Some((Event::End(TagEnd::Paragraph), _)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_attributes_is_one_in_all_its_parts() {
        for (text, found) in [
            ("{width=300}", Some((Some(300), None))),
            ("{ width=\"50%\" height=20px }", Some((Some(360), Some(20)))),
            ("{: .class #id target=\"_blank\" }", Some((None, None))),
            ("{.center}", Some((None, None))),
            ("{a}", None),
            ("{a: 1}", None),
            ("{}", None),
            ("{{x}}", None),
            ("{x, y}", None),
        ] {
            assert_eq!(list(text).and_then(|(inner, _)| attributes(inner)), found, "{text}");
        }
    }
}
