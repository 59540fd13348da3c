//! Quotations that begin with a mark in brackets: `> [!tip] Title`, folded with `-` and open with `+` behind it, as
//! Obsidian writes them. GitHub's alerts are the part of them that the parser knows by itself.
//!
//! What other programs write as containers comes here as such a quotation, too (see [`crate::page::dialect`]). Tabs and
//! definitions have marks of their own, which begin with `=`; nobody's text does, because that sign gets a backslash
//! before it.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use super::alert::Alert;
use super::writer::{Events, Frame, Writer};
use super::{Segment, escape_text};

/// No mark is longer than this, in bytes.
const LONGEST: usize = 60;

/// What a quotation is that begins with a mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Callout {
    pub(super) kind: CalloutKind,
    fold: Fold,
    /// What its author called it, where nobody knows that kind.
    name: Option<String>,
    /// Whether a title stands beside the mark.
    has_title: bool,
    /// Whether it is to have no title at all.
    is_untitled: bool,
}

impl Callout {
    /// An alert whose mark the parser knows.
    pub(super) fn of_host(alert: Alert) -> Callout {
        let kind = CalloutKind::Alert(alert);
        Callout { kind, fold: Fold::None, name: None, has_title: false, is_untitled: false }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CalloutKind {
    Alert(Alert),
    /// Tabs, each a callout in it.
    Tabs,
    Tab,
    /// A list of terms and what they mean.
    Definitions,
    Term,
    Meaning,
    /// Something that has a title and no other mark: a card, a step.
    Titled,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fold {
    None,
    Open,
    Closed,
}

/// A mark, and how many bytes it takes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Mark<'t> {
    name: &'t str,
    is_untitled: bool,
    fold: Fold,
    pub(crate) length: usize,
}

/// The mark with which a text begins: `[!name]`, with `|no-title` in it and `-` or `+` behind it.
pub(crate) fn mark(text: &str) -> Option<Mark<'_>> {
    let rest = text.strip_prefix("[!")?;
    let close = rest.bytes().take(LONGEST).position(|it| it == b']')?;
    let (name, data) = rest[..close].split_once('|').unwrap_or((&rest[..close], ""));
    let is_part = |it: char| it.is_alphanumeric() || matches!(it, '-' | '_' | ' ');
    let bare = name.strip_prefix('=').unwrap_or(name);
    if !bare.starts_with(char::is_alphabetic) || !bare.chars().all(is_part) {
        return None;
    }
    let fold = match rest.as_bytes().get(close + 1) {
        Some(b'-') => Fold::Closed,
        Some(b'+') => Fold::Open,
        _ => Fold::None,
    };
    let length = close + 3 + usize::from(fold != Fold::None);
    // What stands right behind it makes it a link or a word.
    let is_free = text[length..].chars().next().is_none_or(char::is_whitespace);
    is_free.then_some(Mark { name, is_untitled: data.contains("no-title"), fold, length })
}

impl Mark<'_> {
    fn callout(&self, has_title: bool) -> Callout {
        let of_ours = match self.name {
            "=tabs" => Some(CalloutKind::Tabs),
            "=tab" => Some(CalloutKind::Tab),
            "=dl" => Some(CalloutKind::Definitions),
            "=dt" => Some(CalloutKind::Term),
            "=dd" => Some(CalloutKind::Meaning),
            "=titled" => Some(CalloutKind::Titled),
            _ => None,
        };
        let known = of_ours.or_else(|| Alert::of(self.name).map(CalloutKind::Alert));
        let name = known.is_none().then(|| capitalised(self.name));
        // What is called details folds wherever it comes from.
        let fold = match (known, self.fold) {
            (Some(CalloutKind::Alert(Alert::Details)), Fold::None) => Fold::Closed,
            (_, fold) => fold,
        };
        let kind = known.unwrap_or(CalloutKind::Alert(Alert::Note));
        Callout { kind, fold, name, has_title, is_untitled: self.is_untitled && !has_title }
    }
}

fn capitalised(name: &str) -> String {
    let mut chars = name.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
        .replace(['-', '_'], " ")
}

/// Takes the marks out of the events, a title into a paragraph of its own, and says by the places of quotations what
/// they are.
pub(super) fn of_quotations(events: &mut Events<'_>, text: &str) -> HashMap<usize, Callout> {
    let mut found = HashMap::new();
    let mut out = Vec::with_capacity(events.len() + 8);
    let mut rest = std::mem::take(events).into_iter().peekable();
    while let Some((event, range)) = rest.next() {
        let start = range.start;
        let is_quote = matches!(event, Event::Start(Tag::BlockQuote(None)));
        out.push((event, range));
        let paragraph = match rest.peek() {
            Some((Event::Start(Tag::Paragraph), paragraph)) if is_quote => paragraph.clone(),
            _ => continue,
        };
        let Some(mark) = text.get(paragraph.start..).and_then(mark) else { continue };
        let begin = rest.next();
        if !matches!(rest.peek(), Some((Event::Text(_), first)) if first.start == paragraph.start) {
            out.extend(begin);
            continue;
        }
        let behind = paragraph.start + mark.length;
        let (title, end) = first_line(&mut rest, behind);
        found.insert(start, mark.callout(!title.is_empty()));
        if !title.is_empty() {
            out.push((Event::Start(Tag::Paragraph), paragraph.clone()));
            out.extend(title);
            out.push((Event::End(TagEnd::Paragraph), paragraph.clone()));
        }
        // What stands in the lines below goes on as a paragraph.
        if end.is_some() && !matches!(rest.peek(), Some((Event::End(TagEnd::Paragraph), _))) {
            let from = rest.peek().map_or(paragraph.end, |(_, range)| range.start);
            out.push((Event::Start(Tag::Paragraph), from..paragraph.end));
        } else if end.is_some() {
            rest.next();
        }
    }
    *events = out;
    found
}

/// The events of a line without what stands before an offset, and the line break after them, if it was not the end of
/// the paragraph.
fn first_line<'e>(
    rest: &mut std::iter::Peekable<std::vec::IntoIter<(Event<'e>, Range<usize>)>>,
    from: usize,
) -> (Events<'e>, Option<()>) {
    let mut line: Events<'e> = Vec::new();
    let mut depth = 0usize;
    for (event, range) in rest.by_ref() {
        match &event {
            Event::SoftBreak | Event::HardBreak if depth == 0 => return (line, Some(())),
            Event::End(TagEnd::Paragraph) => return (line, None),
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        if range.end <= from && matches!(event, Event::Text(_)) {
            continue;
        }
        let (event, range) = cut_front(event, range, from);
        let is_blank = matches!(&event, Event::Text(text) if text.trim().is_empty());
        if !(line.is_empty() && is_blank) {
            line.push((event, range));
        }
    }
    (line, None)
}

/// A text without what stands before an offset, and without the space after it.
fn cut_front<'e>(event: Event<'e>, range: Range<usize>, from: usize) -> (Event<'e>, Range<usize>) {
    match event {
        Event::Text(text) if range.start <= from => {
            let kept = text.get(from - range.start..).unwrap_or_default();
            let kept = kept.trim_start();
            let start = range.end - kept.len().min(range.len());
            let at = text.len() - kept.len();
            let text = match text {
                CowStr::Borrowed(text) => CowStr::Borrowed(&text[at..]),
                owned => CowStr::from(owned[at..].to_owned()),
            };
            (Event::Text(text), start..range.end)
        }
        event => (event, range),
    }
}

impl Writer<'_> {
    /// Begins a callout; what it ends with is in the frame.
    pub(super) fn open_callout(&mut self, callout: &Callout) -> Frame {
        self.break_text();
        let html = &mut self.body.html;
        let (begin, end) = match (callout.kind, callout.fold) {
            (CalloutKind::Alert(alert), Fold::None) => {
                let _ = writeln!(html, "<div class=\"alert alert-{}\" role=\"note\">", alert.class());
                (Title::Line, "</div>\n")
            }
            (CalloutKind::Alert(alert), fold) => {
                let open = if fold == Fold::Open { " open" } else { "" };
                let _ = writeln!(html, "<details class=\"alert alert-{}\"{open}>", alert.class());
                (Title::Summary, "</details>\n")
            }
            (CalloutKind::Tabs, _) => {
                html.push_str("<div class=\"tabs\">\n");
                (Title::None, "</div>\n")
            }
            (CalloutKind::Tab, _) => {
                html.push_str("<div class=\"tab\">\n");
                (Title::Tab, "</div>\n")
            }
            (CalloutKind::Definitions, _) => {
                html.push_str("<dl>\n");
                (Title::None, "</dl>\n")
            }
            (CalloutKind::Term, _) => (Title::Term, ""),
            (CalloutKind::Meaning, _) => {
                html.push_str("<dd>");
                (Title::None, "</dd>\n")
            }
            (CalloutKind::Titled, _) => (Title::Strong, ""),
        };
        let own = match callout.kind {
            CalloutKind::Alert(alert) => Some(alert),
            _ => None,
        };
        if callout.has_title {
            self.title = Some(begin);
        } else if let Some(alert) = own.filter(|_| !callout.is_untitled || begin == Title::Summary) {
            let (open, close) = begin.tags();
            self.body.html.push_str(open);
            match &callout.name {
                Some(name) => {
                    escape_text(name, &mut self.body.html);
                    self.body.text.push_str(name);
                    self.break_text();
                }
                None => self.slot(Segment::AlertTitle(alert)),
            }
            self.body.html.push_str(close);
        }
        Frame::Own(end)
    }

    /// Begins a paragraph that is the title of a callout.
    pub(super) fn open_title(&mut self, title: Title) -> Frame {
        self.break_text();
        let (open, close) = title.tags();
        self.body.html.push_str(open);
        Frame::Own(close)
    }
}

/// How the title of a callout is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Title {
    None,
    Line,
    Summary,
    Tab,
    Term,
    Strong,
}

impl Title {
    fn tags(self) -> (&'static str, &'static str) {
        match self {
            Title::None => ("<p>", "</p>\n"),
            Title::Line => ("<p class=\"alert-title\">", "</p>\n"),
            Title::Summary => ("<summary class=\"alert-title\">", "</summary>\n"),
            Title::Tab => ("<p class=\"tab-title\">", "</p>\n"),
            Title::Term => ("<dt>", "</dt>\n"),
            Title::Strong => ("<p><strong>", "</strong></p>\n"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_a_name_in_brackets() {
        let read = |text| mark(text).map(|it: Mark<'_>| (it.name, it.fold, it.length));
        assert_eq!(read("[!tip] Title"), Some(("tip", Fold::None, 6)));
        assert_eq!(read("[!FAQ]- Title"), Some(("FAQ", Fold::Closed, 7)));
        assert_eq!(read("[!note|no-title]+"), Some(("note", Fold::Open, 17)));
        for text in ["[!]", "[!1]", "[!a](b)", "[!a b", "[!a]b", "[!<a>]", "[a]", "[!INCLUDE [a](b)]"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
