//! Links of wikis: `[[page]]`, `[[page|text]]`, `[[page#heading]]`, and `![[picture.png|300]]`.
//!
//! The parser has read them as text by then, so what is code, an address or the text of another link is none, and what
//! stands between the brackets keeps its emphasis.

use std::collections::HashMap;
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, LinkType, Tag, TagEnd};

use super::writer::Events;

/// So far the end of a link is looked for, in bytes.
const LONGEST: usize = 300;

/// What files are shown as pictures and films where they are put into a page.
const SHOWN: [&str; 13] =
    ["png", "jpg", "jpeg", "gif", "webp", "avif", "svg", "bmp", "mp4", "webm", "mp3", "mov", "m4a"];

/// The sizes of pictures that their authors want, by the places of the pictures.
pub(super) type Sizes = HashMap<usize, (Option<u32>, Option<u32>)>;

/// A link of a wiki in its text.
#[derive(Debug, PartialEq, Eq)]
struct WikiLink {
    /// From the first sign to the last.
    at: Range<usize>,
    /// What it leads to, as it was written.
    target: Range<usize>,
    /// What is shown of it, if that was said.
    label: Option<Range<usize>>,
    is_embed: bool,
}

/// Turns texts into links.
pub(super) fn links<'e>(events: &mut Events<'e>, text: &'e str, sizes: &mut Sizes) {
    let mut all = std::mem::take(events);
    let mut out: Events<'e> = Vec::with_capacity(all.len() + 16);
    let mut in_link = 0usize;
    let mut index = 0;
    let mut from = 0;
    while index < all.len() {
        let (event, range) = &all[index];
        match event {
            Event::Start(Tag::Link { .. } | Tag::CodeBlock(_)) => in_link += 1,
            Event::End(TagEnd::Link | TagEnd::CodeBlock) => in_link = in_link.saturating_sub(1),
            Event::Text(written) if in_link == 0 && text.get(range.clone()) == Some(&**written) => {
                let begin = range.start.max(from);
                let found = find(text, begin..range.end);
                if let Some((last, link)) =
                    found.and_then(|link| Some((last(&all, index, text, &link.at)?, link)))
                {
                    from = link.at.end;
                    let (start, end) = (all[index].1.start, all[last].1.end);
                    push_text(&mut out, text, start..link.at.start);
                    write(&mut out, &all[index..=last], text, &link, sizes);
                    if link.at.end < end {
                        all[last] = text_event(text, link.at.end..end);
                        index = last;
                    } else {
                        index = last + 1;
                    }
                    continue;
                }
            }
            _ => {}
        }
        let next = std::mem::replace(&mut all[index], (Event::SoftBreak, 0..0));
        out.push(next);
        index += 1;
    }
    *events = out;
}

fn text_event(text: &str, range: Range<usize>) -> (Event<'_>, Range<usize>) {
    (Event::Text(CowStr::Borrowed(&text[range.clone()])), range)
}

fn push_text<'e>(out: &mut Events<'e>, text: &'e str, range: Range<usize>) {
    if range.start < range.end {
        out.push(text_event(text, range));
    }
}

/// The first link that begins in a part of the text.
fn find(text: &str, within: Range<usize>) -> Option<WikiLink> {
    let bytes = text.as_bytes();
    let mut at = within.start;
    while at < within.end {
        at += memchr::memchr(b'[', &bytes[at..within.end])?;
        if bytes.get(at + 1) == Some(&b'[') {
            if let Some(link) = link(text, at, within.start) {
                return Some(link);
            }
            at += 1;
        }
        at += 1;
    }
    None
}

/// The link that begins with the brackets here.
fn link(text: &str, open: usize, from: usize) -> Option<WikiLink> {
    let bytes = text.as_bytes();
    if text[..open].ends_with(['\\', '[']) {
        return None;
    }
    let within = &bytes[open + 2..bytes.len().min(open + 2 + LONGEST)];
    let length = memchr::memmem::find(within, b"]]")?;
    let inner = text.get(open + 2..open + 2 + length)?;
    let behind = bytes.get(open + 2 + length + 2);
    if matches!(behind, Some(b'(' | b'[' | b']')) || inner.contains(['[', ']', '\n', '{', '}', '<', '>', '"'])
    {
        return None;
    }
    let bar = inner.find('|');
    let target = inner[..bar.unwrap_or(inner.len())].trim_end_matches('\\');
    if !is_name(target) {
        return None;
    }
    let start = open + 2;
    let label =
        bar.map(|bar| start + bar + 1..start + length).filter(|it| !text[it.clone()].trim().is_empty());
    let is_embed = open > from && bytes[open - 1] == b'!';
    let at = open - usize::from(is_embed)..start + length + 2;
    Some(WikiLink { at, target: start..start + target.len(), label, is_embed })
}

/// Whether a text can be the name of a page: a matrix, a test of a shell and a table of contents are none.
fn is_name(target: &str) -> bool {
    let is_number = target.chars().all(|it| it.is_ascii_digit() || matches!(it, ',' | '.' | ' ' | '-' | '+'));
    let is_toc = ["toc", "_toc_", "table of contents"].iter().any(|it| target.eq_ignore_ascii_case(it));
    let is_date = target.len() == 10 && target.matches('-').count() == 2 && !target.contains([' ', ',']);
    !target.is_empty()
        && (!is_number || is_date)
        && !is_toc
        && !target.starts_with([' ', '^', '$', '!', ':', '='])
        && !target.contains(" == ")
        && !target.contains(" && ")
        && target.contains(char::is_alphanumeric)
}

/// The index of the event in which a link ends, if all of it is text on one level.
fn last(all: &Events<'_>, first: usize, text: &str, at: &Range<usize>) -> Option<usize> {
    let mut depth = 0usize;
    for (index, (event, range)) in all.iter().enumerate().skip(first) {
        match event {
            Event::Text(written) => {
                if range.end >= at.end {
                    let is_plain = text.get(range.clone()) == Some(&**written);
                    return (depth == 0 && is_plain && range.start < at.end).then_some(index);
                }
            }
            Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough) => depth += 1,
            Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough) => {
                depth = depth.checked_sub(1)?
            }
            Event::Code(_) => {}
            _ => return None,
        }
    }
    None
}

fn write<'e>(
    out: &mut Events<'e>,
    covered: &[(Event<'e>, Range<usize>)],
    text: &'e str,
    link: &WikiLink,
    sizes: &mut Sizes,
) {
    let mut target = text[link.target.clone()].trim();
    // As MediaWiki names a picture.
    let prefix = ["File:", "Image:", "file:", "image:"].iter().find_map(|it| target.strip_prefix(it));
    target = prefix.unwrap_or(target).trim();
    let (file, _) = target.split_once('#').unwrap_or((target, ""));
    let ending = file.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let is_shown = (link.is_embed || prefix.is_some()) && file.contains('.') && SHOWN.contains(&&*ending);
    if is_shown {
        target = file;
    }
    let dest_url = CowStr::from(target.replace('`', ""));
    let link_type = LinkType::WikiLink { has_pothole: link.label.is_some() };
    let (title, id) = (CowStr::Borrowed(""), CowStr::Borrowed(""));
    if is_shown {
        let label = link.label.clone().map_or("", |label| &text[label]);
        let (alt, size) = picture(label);
        if size != (None, None) {
            sizes.insert(link.at.start, size);
        }
        out.push((Event::Start(Tag::Image { link_type, dest_url, title, id }), link.at.clone()));
        if !alt.is_empty() {
            out.push((Event::Text(CowStr::from(alt)), link.label.clone().unwrap_or(link.at.clone())));
        }
        out.push((Event::End(TagEnd::Image), link.at.clone()));
        return;
    }
    out.push((Event::Start(Tag::Link { link_type, dest_url, title, id }), link.at.clone()));
    match link.label.clone().and_then(|label| inner(covered, text, &label)) {
        Some(shown) => out.extend(shown),
        None => {
            let shown =
                link.label.clone().map_or_else(|| shown(target), |label| text[label].trim().to_owned());
            out.push((Event::Text(CowStr::from(shown)), link.label.clone().unwrap_or(link.target.clone())));
        }
    }
    out.push((Event::End(TagEnd::Link), link.at.clone()));
}

/// What is shown of a link that says nothing but where it leads.
fn shown(target: &str) -> String {
    let (page, heading) = target.split_once('#').unwrap_or((target, ""));
    let page = page.strip_suffix(".md").or_else(|| page.strip_suffix(".mdx")).unwrap_or(page);
    let heading = heading.rsplit('#').next().unwrap_or_default();
    match (page, heading) {
        (page, "") => page.to_owned(),
        ("", heading) => heading.trim_start_matches('^').to_owned(),
        (page, heading) if heading.starts_with('^') => page.to_owned(),
        (page, heading) => format!("{page} › {heading}"),
    }
}

/// What stands behind the bar of a picture: its description, and its size.
pub(super) fn picture(label: &str) -> (String, (Option<u32>, Option<u32>)) {
    let mut size = (None, None);
    let mut alt = "";
    for part in label.split('|').map(str::trim) {
        match pixels(part) {
            Some(found) => size = found,
            None if matches!(
                part,
                "thumb" | "left" | "right" | "center" | "frame" | "frameless" | "border" | ""
            ) => {}
            None => alt = part,
        }
    }
    (alt.to_owned(), size)
}

/// `300`, `300px` and `300x200`.
pub(super) fn pixels(text: &str) -> Option<(Option<u32>, Option<u32>)> {
    let number = |text: &str| text.parse::<u32>().ok().filter(|it| (1..=10_000).contains(it));
    let text = text.strip_suffix("px").unwrap_or(text);
    match text.split_once('x') {
        Some((width, height)) => Some((Some(number(width)?), Some(number(height)?))),
        None => Some((Some(number(text)?), None)),
    }
}

/// The events of a part of a link, if they are whole.
fn inner<'e>(
    covered: &[(Event<'e>, Range<usize>)],
    text: &'e str,
    part: &Range<usize>,
) -> Option<Events<'e>> {
    let mut out: Events<'e> = Vec::new();
    let mut depth = 0usize;
    for (event, range) in covered {
        if let Event::Text(_) = event {
            let range = range.start.max(part.start)..range.end.min(part.end);
            push_text(&mut out, text, range);
        } else if range.start >= part.start && range.end <= part.end {
            match event {
                Event::Start(_) => depth += 1,
                Event::End(_) => depth = depth.checked_sub(1)?,
                _ => {}
            }
            out.push((event.clone(), range.clone()));
        } else {
            return None;
        }
    }
    (depth == 0).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_between_two_brackets_is_a_link() {
        let read = |text: &str| {
            let link = find(text, 0..text.len())?;
            Some((text[link.target].to_owned(), link.label.map(|it| text[it].to_owned()), link.is_embed))
        };
        let some = |target: &str, label: Option<&str>, is_embed| {
            Some((target.to_owned(), label.map(str::to_owned), is_embed))
        };
        assert_eq!(read("a [[Page]] b"), some("Page", None, false));
        assert_eq!(read("[[a/b#c|text]]"), some("a/b#c", Some("text"), false));
        assert_eq!(read("[[a\\|b]]"), some("a", Some("b"), false));
        assert_eq!(read("![[p.png|300]]"), some("p.png", Some("300"), true));
        assert_eq!(read("[[1,2],[3,4]] [[x]]"), some("x", None, false));
        for text in [
            "[[ -f x ]]",
            "[[ $a == b ]]",
            "[[1,2],[3,4]]",
            "[[wiki]](url)",
            "[[]]",
            "[[a",
            "[[a\nb]]",
            "[[toc]]",
            "[[1]]",
            "\\[[a]]",
            "[[a]][b]",
            "[[^a]]",
            "[[a == b]]",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(picture("A view|300x200"), ("A view".to_owned(), (Some(300), Some(200))));
    }
}
