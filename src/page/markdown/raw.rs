//! Raw HTML within markdown: which tag belongs to which, what each becomes, and the way through the
//! second layer.
//!
//! Markdown's own elements are walls: a raw element ends at the latest where the markdown element
//! ends in which it began, and one that is never closed ends with its own HTML block. So nobody's
//! forgotten `</div>` swallows the page.
//!
//! Long because raw HTML meets markdown in every kind of block, and all cases share one stack.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{Event, Tag as MarkdownTag, TagEnd};

use super::prose::CELL;
use super::writer::{DEPTH, Events, Frame, Stop, Writer};
use super::{LinkKind, escape_attribute, escape_text};
use crate::diagnostic::{Diagnostic, Rule, Span, Spanned};
use crate::page::cjk;
use crate::page::destination::{Destination, classify};
use crate::page::html::{self, Element, Tag, Token, attributes, decode, element, implied_ends};

/// What is known of a file's raw HTML before it is written.
#[derive(Default)]
pub(super) struct Plan {
    /// The HTML blocks in order.
    pub blocks: VecDeque<HtmlBlock>,
    /// For each tag that opens something, in order: whether it is closed in the same container.
    closed: VecDeque<bool>,
}

/// A player has no more tags and lines, in events.
const LONGEST_PLAYER: usize = 60;

/// An HTML block, its lines joined.
pub(super) struct HtmlBlock {
    text: String,
    /// Offsets of the text and of the source, where each line begins.
    pieces: Vec<(usize, usize)>,
    /// Whether it is shown as the text it is.
    verbatim: bool,
    /// The index of the event after it.
    pub next: usize,
}

impl HtmlBlock {
    /// The offset in the source of an offset in the text.
    fn source(&self, at: usize) -> usize {
        let piece = self.pieces.partition_point(|(text, _)| *text <= at).saturating_sub(1);
        self.pieces.get(piece).map_or(at, |(text, source)| source + (at - text))
    }
}

/// A raw element that is open.
pub(super) struct Open {
    name: &'static str,
    /// Whether its closing tag comes.
    is_closed: bool,
    /// Whether it was written, or is only waited for: an anchor, a heading within a heading.
    is_shown: bool,
}

/// Elements that hold a structure or a special kind of text, and whose names are also words that people fill in.
const PLACEHOLDERS: [&str; 10] =
    ["table", "section", "article", "details", "summary", "figure", "code", "time", "var", "pre"];

const HEADINGS: [&str; 6] = ["h1", "h2", "h3", "h4", "h5", "h6"];

/// Pairs opening and closing tags within each of markdown's elements.
pub(super) fn plan(events: &Events<'_>) -> Result<Plan, Stop> {
    let mut plan = Plan::default();
    // Names from the outermost to the innermost; markdown's are empty.
    let mut open: Vec<(&'static str, usize)> = Vec::new();
    let mut images = 0;
    let mut at = 0;
    while at < events.len() {
        let (event, range) = &events[at];
        at += 1;
        match event {
            Event::Start(MarkdownTag::HtmlBlock) => {
                let block = joined(events, at);
                at = block.next;
                if !block.verbatim {
                    pair(&block.text, range, &mut open, &mut plan.closed)?;
                }
                plan.blocks.push_back(block);
            }
            Event::Start(tag) => {
                images += usize::from(matches!(tag, MarkdownTag::Image { .. }));
                open.push(("", 0));
            }
            Event::End(tag) => {
                images -= usize::from(matches!(tag, TagEnd::Image));
                while open.pop().is_some_and(|(name, _)| !name.is_empty()) {}
            }
            Event::InlineHtml(html) if images == 0 => pair(html, range, &mut open, &mut plan.closed)?,
            _ => {}
        }
        if open.len() > DEPTH {
            return Err(Stop::TooDeep(range.start..range.start + 1));
        }
    }
    Ok(plan)
}

fn pair(
    text: &str,
    range: &Range<usize>,
    open: &mut Vec<(&'static str, usize)>,
    closed: &mut VecDeque<bool>,
) -> Result<(), Stop> {
    for (_, token) in html::tokens(text) {
        match token {
            Token::Open(tag) => {
                let Some(name) = nesting_name(&tag.name) else { continue };
                let names: Vec<&str> = inner(open).iter().map(|(name, _)| *name).collect();
                open.truncate(open.len() - implied_ends(opening(name), &names));
                open.push((name, closed.len()));
                closed.push_back(false);
                if open.len() > DEPTH {
                    return Err(Stop::TooDeep(range.start..range.start + 1));
                }
            }
            Token::Close { name, .. } => {
                let Some(name) = nesting_name(&name) else { continue };
                if let Some(depth) = inner(open).iter().rev().position(|(other, _)| *other == name) {
                    let index = open.len() - 1 - depth;
                    closed[open[index].1] = true;
                    open.truncate(index);
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// The raw elements within the innermost of markdown's.
fn inner<'o>(open: &'o [(&'static str, usize)]) -> &'o [(&'static str, usize)] {
    let wall = open.iter().rposition(|(name, _)| name.is_empty()).map_or(0, |wall| wall + 1);
    &open[wall..]
}

/// The name under which an element that holds others is known, if it is one that we keep.
fn nesting_name(name: &str) -> Option<&'static str> {
    match element(name) {
        Element::Kept(name) => Some(name),
        Element::Link => Some("a"),
        Element::Heading(level) => Some(HEADINGS[usize::from(level - 1)]),
        _ => None,
    }
}

fn opening(name: &'static str) -> &'static str {
    if HEADINGS.contains(&name) { "h" } else { name }
}

fn joined(events: &Events<'_>, first: usize) -> HtmlBlock {
    let mut block = HtmlBlock { text: String::new(), pieces: Vec::new(), verbatim: false, next: first };
    while let Some((event, range)) = events.get(block.next) {
        block.next += 1;
        match event {
            Event::Html(html) => {
                block.pieces.push((block.text.len(), range.start));
                block.text.push_str(html);
            }
            Event::Text(text) => {
                block.pieces.push((block.text.len(), range.start));
                block.text.push_str(text);
            }
            _ => break,
        }
    }
    block.verbatim = is_verbatim(&block.text);
    block
}

/// A block that begins with something unknown or dangerous is code that somebody forgot to fence:
/// all of it is shown as it was written.
fn is_verbatim(text: &str) -> bool {
    let begins = html::tokens(text).map(|(_, token)| token).find(|token| match token {
        Token::Text(text) => !text.trim().is_empty(),
        Token::Comment => false,
        _ => true,
    });
    match begins {
        None => false,
        Some(Token::Open(tag)) => matches!(element(&tag.name), Element::Unknown | Element::Dangerous),
        Some(Token::Close { name, .. }) => matches!(element(&name), Element::Unknown | Element::Dangerous),
        Some(_) => true,
    }
}

impl Writer<'_> {
    pub(super) fn inline_html(&mut self, html: &str, offset: usize) {
        for (at, token) in html::tokens(html) {
            let place = |range: Range<usize>| offset + at + range.start..offset + at + range.end;
            // `<table>` in a sentence, never closed, is a word in angle brackets.
            match token {
                Token::Open(tag) if !self.in_image() && self.is_placeholder(&tag) => self.shown(tag.raw),
                token => self.token(token, &place),
            }
        }
    }

    pub(super) fn html_block(&mut self, block: &HtmlBlock) {
        self.break_text();
        if block.verbatim && self.player(block) {
            // It is shown as what it stands for.
        } else if block.verbatim {
            self.verbatim(block);
        } else {
            for (at, token) in html::tokens(&block.text) {
                self.token(token, &|range| {
                    let start = block.source(at + range.start);
                    start..(block.source(at + range.end.saturating_sub(1)) + 1).max(start)
                });
            }
        }
        while let Some(Frame::Raw(Open { is_closed: false, .. })) = self.frames.last() {
            self.close_raw();
        }
    }

    /// Writes a paragraph that is nothing but a player, and returns the index of the event after it: to CommonMark,
    /// `<video …></video>` on one line is no block.
    pub(super) fn player_alone(&mut self, events: &Events<'_>, at: usize) -> Option<usize> {
        let is_player = |html: &str| ["<video", "<audio"].iter().any(|it| html.starts_with(it));
        let mut block = HtmlBlock { text: String::new(), pieces: Vec::new(), verbatim: true, next: at + 1 };
        for (event, range) in events[at + 1..].iter().take(LONGEST_PLAYER) {
            block.next += 1;
            let text: &str = match event {
                Event::InlineHtml(html) => html,
                Event::Text(_) | Event::SoftBreak if block.text.is_empty() => return None,
                Event::Text(text) => text,
                Event::SoftBreak => "\n",
                Event::End(TagEnd::Paragraph) => return self.player(&block).then_some(block.next),
                _ => return None,
            };
            if block.text.is_empty() && !is_player(text) {
                return None;
            }
            block.pieces.push((block.text.len(), range.start));
            block.text.push_str(text);
        }
        None
    }

    /// Shows a block that is nothing but the player of a film: one elsewhere as a card, one beside the page in a player
    /// of ours.
    fn player(&mut self, block: &HtmlBlock) -> bool {
        let (mut name, mut address, mut title) = (String::new(), None, String::new());
        let (mut is_alone, mut open) = (true, 0usize);
        for (_, token) in html::tokens(&block.text) {
            match token {
                Token::Open(tag)
                    if matches!(&*tag.name, "iframe" | "video" | "audio" | "script" | "source" | "track") =>
                {
                    open += usize::from(!matches!(&*tag.name, "source" | "track"));
                    if name.is_empty() {
                        name = tag.name.to_string();
                    }
                    for (attribute, value) in attributes(&tag) {
                        match attribute.as_str() {
                            "src" if tag.name != "track" => address = address.or(Some(value)),
                            "title" | "aria-label" if title.is_empty() => title = value,
                            _ => {}
                        }
                    }
                }
                Token::Open(_) => is_alone = false,
                // Words in a player are for those who cannot play it.
                Token::Text(text) => is_alone &= open > 0 || text.trim().is_empty(),
                Token::Close { name, .. } if matches!(&*name, "iframe" | "video" | "audio" | "script") => {
                    open = open.saturating_sub(1);
                }
                Token::Close { .. } | Token::Comment => {}
                Token::OpenComment(_) => is_alone = false,
            }
        }
        let Some(address) = address.filter(|_| is_alone && block.text.trim_start().starts_with('<')) else {
            return false;
        };
        let range = block.source(0)..block.source(block.text.len().saturating_sub(1)) + 1;
        match &*name {
            "iframe" => return self.embed(&address, &title, range),
            // A recording as its host says how to embed it: the script has the address of the recording, and `.js`.
            "script" => {
                let watched = address.strip_suffix(".js").unwrap_or_default();
                return self.embed(watched, &title, range);
            }
            _ => {}
        }
        let is_file = matches!(classify(&address), Destination::Relative { .. });
        if is_file {
            let place = self.source.span(range);
            self.body.html.push_str("<p>");
            self.image(Spanned::new(address, place), title, false, None, None, None);
            self.body.html.push_str("</p>\n");
        }
        is_file
    }

    fn verbatim(&mut self, block: &HtmlBlock) {
        let (mut shown, mut closing) = (String::new(), false);
        for (at, token) in html::tokens(&block.text) {
            let place = |length: usize| {
                let start = block.source(at);
                self.source.span(start..start + length)
            };
            match token {
                Token::Comment => {}
                Token::Text(text) => shown.push_str(text),
                Token::OpenComment(text) => {
                    let span = place("<!--".len());
                    self.report(|file| open_comment(file, span));
                    shown.push_str(text);
                }
                Token::Close { raw, .. } => {
                    closing = true;
                    shown.push_str(raw);
                }
                Token::Open(tag) => {
                    shown.push_str(tag.raw);
                    if element(&tag.name) == Element::Dangerous {
                        let span = place(tag.raw.len());
                        self.report(|file| dangerous(file, span, &tag.name));
                    }
                }
            }
        }
        let shown = shown.trim_matches('\n').trim_end();
        let is_code = closing && shown.contains('\n');
        self.body.html.push_str(if is_code {
            "<pre tabindex=\"0\"><code class=\"language-html\">"
        } else {
            "<p>"
        });
        escape_text(shown, &mut self.body.html);
        self.body.html.push_str(if is_code { "\n</code></pre>\n" } else { "</p>\n" });
        self.body.text.push_str(shown);
    }

    /// Whether a tag within a sentence stands for something to be filled in, as in `models/<table>.sql`: it is never
    /// closed, and as an element it would mean nothing.
    fn is_placeholder(&mut self, tag: &Tag<'_>) -> bool {
        let is_empty = match element(&tag.name) {
            Element::Link => attributes(tag).iter().all(|(_, value)| value.is_empty()),
            Element::Kept(name) => PLACEHOLDERS.contains(&name),
            _ => false,
        };
        // What is closed is asked for in the order of the tags, so only what is left out may be taken.
        let is_next = is_empty && self.plan.closed.front() == Some(&false);
        if is_next {
            self.plan.closed.pop_front();
        }
        is_next
    }

    /// `place` turns a range of the token into one of the source.
    fn token(&mut self, token: Token<'_>, place: &dyn Fn(Range<usize>) -> Range<usize>) {
        if self.in_image() {
            return;
        }
        match token {
            Token::Comment => {}
            Token::Text(text) => self.raw_text(text, place),
            Token::OpenComment(text) => {
                let span = self.source.span(place(0..4));
                self.report(|file| open_comment(file, span));
                self.shown(text);
            }
            Token::Open(tag) => self.open_raw(&tag, place(0..tag.raw.len())),
            Token::Close { raw, name } => match element(&name) {
                Element::Unknown | Element::Dangerous => self.shown(raw),
                _ => {
                    let Some(name) = nesting_name(&name) else { return };
                    let walls = |frame: &&Frame| matches!(frame, Frame::Raw(_));
                    let depth = self
                        .frames
                        .iter()
                        .rev()
                        .take_while(walls)
                        .position(|frame| matches!(frame, Frame::Raw(open) if open.name == name));
                    if let Some(depth) = depth {
                        for _ in 0..=depth {
                            self.close_raw();
                        }
                    }
                }
            },
        }
    }

    // Long because each kind of element has its branch.
    fn open_raw(&mut self, tag: &Tag<'_>, range: Range<usize>) {
        let kind = element(&tag.name);
        let mut written = match kind {
            Element::Unknown | Element::Dangerous | Element::Transparent => Vec::new(),
            _ => attributes(tag),
        };
        if written.iter().any(|(name, _)| name.starts_with("on") || name == "style") {
            let span = self.source.span(range.clone());
            let name = written
                .iter()
                .map(|(name, _)| name.as_str())
                .find(|name| name.starts_with("on") || *name == "style");
            let name = name.unwrap_or_default().to_owned();
            self.report(|file| unsafe_attribute(file, span, &name));
        }
        let mut take = |wanted: &str| {
            let index = written.iter().position(|(name, _)| name == wanted)?;
            Some(super::owned_visible(&written.swap_remove(index).1))
        };
        match kind {
            Element::Unknown => self.shown(tag.raw),
            Element::Dangerous => {
                let span = self.source.span(range);
                self.report(|file| dangerous(file, span, &tag.name));
                self.shown(tag.raw);
            }
            Element::Transparent => {}
            Element::Image => {
                let source = take("src").unwrap_or_default();
                let alt = take("alt");
                let ornament = alt.as_ref().is_some_and(String::is_empty);
                let alt = alt.unwrap_or_default();
                let title = take("title");
                let (width, height) = (take("width").and_then(pixels), take("height").and_then(pixels));
                self.holds_raw = true;
                if let Some(name) = take("id") {
                    self.anchor_element(&name);
                }
                if source.trim().is_empty() {
                    escape_text(&alt, &mut self.body.html);
                    return;
                }
                let source = Spanned::new(source, self.source.span(range));
                self.image(source, alt, ornament, title, width, height);
            }
            Element::Void(name) if !self.is_within(html::parents(name)) => {}
            Element::Void(name) => {
                self.holds_raw = true;
                if name == "br" {
                    self.body.text.push(' ');
                } else if name == "hr" {
                    self.implied(name);
                }
                let _ = write!(self.body.html, "<{name}");
                self.own_id(&written);
                self.attributes(name, &written);
                self.body.html.push('>');
            }
            Element::Kept(name) => {
                let is_closed = self.plan.closed.pop_front().unwrap_or_default();
                self.implied(name);
                // Alone it would close what holds the body: a browser ends one `<li>` at the next.
                if !self.is_within(html::parents(name)) {
                    self.frames.push(Frame::Raw(Open { name, is_closed, is_shown: false }));
                    return;
                }
                self.holds_raw = true;
                if !matches!(name, "td" | "th" | "dd") {
                    if is_block(name) {
                        self.break_text();
                    }
                } else if self.body.text.len() > self.line {
                    self.body.text.push(CELL);
                }
                let _ = write!(self.body.html, "<{name}");
                self.own_id(&written);
                if *tag.name == *"center" {
                    self.body.html.push_str(" class=\"align-center\"");
                }
                self.attributes(name, &written);
                self.body.html.push('>');
                self.frames.push(Frame::Raw(Open { name, is_closed, is_shown: true }));
            }
            Element::Link => {
                let is_closed = self.plan.closed.pop_front().unwrap_or_default();
                if let Some(name) = take("id").filter(|id| !id.is_empty()).or_else(|| take("name")) {
                    self.holds_raw = true;
                    self.anchor_element(&name);
                }
                // Without an address it is an anchor; a link within a link is none.
                let href = take("href").filter(|_| !self.in_link());
                let is_shown = href.is_some();
                if let Some(href) = href {
                    self.holds_raw = true;
                    self.open_link(href, take("title"), LinkKind::Html, range);
                }
                self.frames.push(Frame::Raw(Open { name: "a", is_closed, is_shown }));
            }
            Element::Heading(level) => {
                let is_closed = self.plan.closed.pop_front().unwrap_or_default();
                let name = HEADINGS[usize::from(level - 1)];
                let is_shown = self.open_headings.is_empty();
                if is_shown {
                    self.holds_raw = true;
                    self.implied("h");
                    self.open_heading(level, false, range, take("id"));
                }
                self.frames.push(Frame::Raw(Open { name, is_closed, is_shown }));
            }
        }
    }

    /// Whether one of these raw elements is open in the same container, or none is needed.
    fn is_within(&self, parents: &[&str]) -> bool {
        let raw = self
            .frames
            .iter()
            .rev()
            .map_while(|frame| if let Frame::Raw(open) = frame { Some(open) } else { None });
        parents.is_empty() || raw.filter(|open| open.is_shown).any(|open| parents.contains(&open.name))
    }

    /// Closes what ends by itself where this element opens.
    fn implied(&mut self, opening: &str) {
        let names: Vec<&str> = self
            .frames
            .iter()
            .rev()
            .map_while(|frame| if let Frame::Raw(open) = frame { Some(open.name) } else { None })
            .collect();
        let names: Vec<&str> = names.into_iter().rev().collect();
        for _ in 0..implied_ends(opening, &names) {
            self.close_raw();
        }
    }

    /// Closes the innermost element, which is a raw one.
    fn close_raw(&mut self) {
        let Some(Frame::Raw(open)) = self.frames.pop() else { return };
        match open.name {
            _ if !open.is_shown => {}
            "a" => self.close_link(),
            name if HEADINGS.contains(&name) => {
                self.close_heading();
            }
            name => {
                // What a term means belongs to it.
                if is_block(name) && name != "dt" {
                    self.break_text();
                }
                let _ = write!(self.body.html, "</{name}>");
            }
        }
    }

    /// Closes the raw elements within the innermost of markdown's.
    pub(super) fn unwind(&mut self) {
        while let Some(Frame::Raw(_)) = self.frames.last() {
            self.close_raw();
        }
    }

    /// Closes everything that is still open at the end of the document.
    pub(super) fn unwind_all(&mut self) {
        while !self.frames.is_empty() {
            self.unwind();
            self.frames.pop();
        }
    }

    /// Writes the id that its author gave to an element.
    fn own_id(&mut self, written: &[(String, String)]) {
        if let Some((_, id)) = written.iter().find(|(name, _)| name == "id") {
            self.anchor(&super::owned_visible(id));
        }
    }

    fn attributes(&mut self, element: &str, written: &[(String, String)]) {
        let out = &mut self.body.html;
        for (name, value) in written {
            let value = super::owned_visible(value);
            let kept = match (element, name.as_str()) {
                (_, "title") => true,
                (_, "dir") => matches!(value.as_str(), "ltr" | "rtl" | "auto"),
                (_, "lang") => {
                    (2..=35).contains(&value.len())
                        && value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                }
                ("div" | "p" | "td" | "th" | "tr" | "table", "align") => {
                    if let align @ ("left" | "center" | "right") = value.to_ascii_lowercase().as_str() {
                        let _ = write!(out, " class=\"align-{align}\"");
                    }
                    false
                }
                ("details", "open") => {
                    out.push_str(" open");
                    false
                }
                ("td" | "th", "colspan" | "rowspan") | ("col" | "colgroup", "span") => {
                    value.parse::<u16>().is_ok_and(|number| (1..=100).contains(&number))
                }
                ("th", "scope") => matches!(value.as_str(), "row" | "col" | "rowgroup" | "colgroup"),
                ("ol", "start") | ("li", "value") => value.parse::<i32>().is_ok(),
                ("time" | "ins" | "del", "datetime") => {
                    value.len() <= 40
                        && value.bytes().all(|b| {
                            b.is_ascii_alphanumeric() || matches!(b, b'-' | b':' | b'.' | b'+' | b' ')
                        })
                }
                _ => false,
            };
            if kept {
                let _ = write!(out, " {name}=\"");
                escape_attribute(&value, out);
                out.push('"');
            }
        }
    }

    /// Text between raw tags. Its white space means nothing, except within `<pre>`.
    fn raw_text(&mut self, text: &str, place: &dyn Fn(Range<usize>) -> Range<usize>) {
        let decoded = decode(text);
        self.contacts(text, place);
        let in_pre = self.frames.iter().any(|frame| matches!(frame, Frame::Raw(open) if open.name == "pre"));
        if in_pre {
            escape_text(&decoded, &mut self.body.html);
            self.body.text.push_str(&decoded);
            return;
        }
        let decoded = cjk::without_breaks(&decoded);
        escape_text(&decoded, &mut self.body.html);
        for c in decoded.chars() {
            if !c.is_whitespace() {
                self.body.text.push(c);
            } else if !self.body.text.ends_with([' ', '\n', CELL]) && !self.body.text.is_empty() {
                self.body.text.push(' ');
            }
        }
    }

    /// Shows what was written, as text.
    fn shown(&mut self, raw: &str) {
        escape_text(raw, &mut self.body.html);
        self.body.text.push_str(raw);
    }
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "blockquote"
            | "caption"
            | "dd"
            | "details"
            | "div"
            | "dl"
            | "dt"
            | "figcaption"
            | "figure"
            | "li"
            | "ol"
            | "p"
            | "pre"
            | "summary"
            | "table"
            | "tr"
            | "ul"
    )
}

/// `120` or `120px`; a share of the width is left to the style sheet.
fn pixels(value: String) -> Option<u32> {
    let value = value.trim();
    value.strip_suffix("px").unwrap_or(value).parse().ok().filter(|pixels| (1..=10_000).contains(pixels))
}

fn dangerous(file: &Arc<str>, span: Span, name: &str) -> Diagnostic {
    let help = match name {
        "video" | "audio" => {
            "It is shown as text. Write `![What it shows](demo.mp4)` for a file beside the page."
        }
        _ => "It is shown as text. If it is meant as text, put it between backticks; otherwise remove it.",
    };
    Diagnostic::new(Rule::UnsafeHtml, file, span, format!("The element `<{name}>` is not allowed here."))
        .help(help)
}

fn unsafe_attribute(file: &Arc<str>, span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(Rule::UnsafeHtml, file, span, format!("The attribute `{name}` is not allowed here."))
        .help("The element is shown without it.")
}

fn open_comment(file: &Arc<str>, span: Span) -> Diagnostic {
    Diagnostic::new(Rule::UnsafeHtml, file, span, "A comment begins here and never ends.")
        .help("It is shown as text. Write `-->` where the comment ends.")
}
