//! From the parser's events to a body. One walk, one output buffer; what depends on a later event
//! (where a raw element ends, which footnote comes first) is found in short walks before it, and
//! only for files that have raw HTML or footnotes.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::mem;
use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, CowStr, Event, LinkType, Options as Syntax};
use pulldown_cmark::{Parser, Tag, TagEnd};

use super::slug::Ids;
use super::{
    Alert, Block, BlockKind, Body, Footnote, Heading, Image, Item, Link, LinkKind, Options, Segment,
};
use super::{escape_text, narrow, owned_visible, raw};
use crate::diagnostic::{Diagnostic, Rule, Span, Spanned};
use crate::page::destination::{Destination, Reason, classify};
use crate::page::position::Positions;
use crate::page::text::{self, Cleaned};

/// How deep elements may stand in each other. Browsers and the second layer are slow beyond it.
pub(super) const DEPTH: usize = 64;

/// A body may grow to this many times its source, and [`SLACK`] bytes: tables, footnotes and
/// references repeat what was written once.
const GROWTH: usize = 20;
const SLACK: usize = 256 * 1024;

pub(super) type Events<'e> = Vec<(Event<'e>, Range<usize>)>;

/// The text being parsed, and the way back from its offsets to the file.
pub(super) struct Source<'s> {
    file: &'s Arc<str>,
    whole: &'s str,
    body_at: usize,
    cleaned: &'s Cleaned<'s>,
    positions: OnceCell<Positions<'s>>,
}

impl Source<'_> {
    /// The place in the file of a range of the cleaned body, without white space at its end.
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        let text = &self.cleaned.text;
        let kept = text.get(range.clone()).map_or(range.len(), |written| written.trim_end().len());
        let original = |at: usize| self.body_at + self.cleaned.original(at);
        self.original_span(original(range.start)..original(range.start + kept))
    }

    fn original_span(&self, range: Range<usize>) -> Span {
        self.positions.get_or_init(|| Positions::new(self.whole)).span(range)
    }
}

/// An element that is open.
pub(super) enum Frame {
    /// One of markdown's.
    Markdown,
    /// One of raw HTML's.
    Raw(raw::Open),
}

/// The list that is open at the top level.
struct TopList {
    start: Option<u64>,
    first_item: u32,
}

pub(super) struct Writer<'w> {
    pub(super) source: &'w Source<'w>,
    options: &'w Options<'w>,
    pub(super) body: Body,
    /// Where the HTML that is in no segment yet begins.
    from: usize,
    pub(super) frames: Vec<Frame>,
    pub(super) diagnostics: Vec<Diagnostic>,
    ids: Ids,
    pub(super) open_headings: Vec<u32>,
    /// Links that are open, unsafe ones as `None`; with where their text begins.
    open_links: Vec<(Option<u32>, usize)>,
    /// How many images are open; within one only its description is collected.
    images: usize,
    image: Option<(Spanned<String>, String)>,
    alt: String,
    alignments: Vec<Alignment>,
    column: usize,
    in_head: bool,
    list: Option<TopList>,
    /// Where the line of text being written begins.
    line: usize,
    item_text: usize,
    in_footnotes: bool,
    /// The number of each footnote, from 0, by its label in lower case.
    numbers: HashMap<String, u32>,
    footnotes_written: u32,
    /// Whether the block being written holds raw HTML that was let through.
    pub(super) holds_raw: bool,
    pub(super) plan: raw::Plan,
    code: Vec<Range<usize>>,
    found: Vec<super::autolink::Found>,
    signs: Signs,
    /// What the slots will take, roughly, when they are filled.
    promised: usize,
}

/// What the body holds anywhere, so that most bodies skip most searches.
#[derive(Clone, Copy, Default)]
struct Signs {
    at: bool,
    web: bool,
    phone: bool,
}

pub(super) fn write(
    file: &Arc<str>,
    whole: &str,
    body_at: usize,
    options: &Options<'_>,
) -> (Body, Vec<Diagnostic>) {
    let cleaned = text::clean(&whole[body_at..]);
    let source = Source { file, whole, body_at, cleaned: &cleaned, positions: OnceCell::new() };
    let mut writer = Writer::new(&source, options);
    let written = events(&cleaned.text).and_then(|mut read| {
        if read.has_footnotes {
            writer.gather_footnotes(&mut read.events);
        }
        if read.has_raw {
            writer.plan = raw::plan(&read.events)?;
        }
        writer.all(&read.events)
    });
    let Writer { mut body, mut diagnostics, code, .. } = writer;
    if let Err(stop) = written {
        body = Body::default();
        diagnostics.clear();
        diagnostics.push(match stop {
            Stop::TooDeep(range) => too_deep(file, source.span(range)),
            Stop::TooLarge => too_large(file, source.span(0..1)),
        });
    }
    let in_code = |at: usize| code.iter().any(|range| range.contains(&at));
    diagnostics.extend(cleaned.diagnostics(
        file,
        |range| source.original_span(body_at + range.start..body_at + range.end),
        in_code,
    ));
    diagnostics.sort();
    (body, diagnostics)
}

/// Why nothing can be shown.
pub(super) enum Stop {
    /// Something at this place stands too deep.
    TooDeep(Range<usize>),
    /// The body would grow too large.
    TooLarge,
}

struct Read<'e> {
    events: Events<'e>,
    has_raw: bool,
    has_footnotes: bool,
}

fn events(text: &str) -> Result<Read<'_>, Stop> {
    let syntax = Syntax::ENABLE_TABLES
        | Syntax::ENABLE_FOOTNOTES
        | Syntax::ENABLE_STRIKETHROUGH
        | Syntax::ENABLE_TASKLISTS
        | Syntax::ENABLE_GFM;
    let mut read =
        Read { events: Vec::with_capacity(text.len() / 12 + 8), has_raw: false, has_footnotes: false };
    let mut depth = 0;
    for (event, range) in Parser::new_ext(text, syntax).into_offset_iter() {
        match &event {
            Event::Start(tag) => {
                depth += 1;
                if depth > DEPTH {
                    return Err(Stop::TooDeep(range.start..range.start + 1));
                }
                read.has_footnotes |= matches!(tag, Tag::FootnoteDefinition(_));
            }
            Event::End(_) => depth -= 1,
            Event::Html(_) | Event::InlineHtml(_) => read.has_raw = true,
            _ => {}
        }
        read.events.push((event, range));
    }
    Ok(read)
}

impl<'w> Writer<'w> {
    fn new(source: &'w Source<'w>, options: &'w Options<'w>) -> Self {
        let text: &str = &source.cleaned.text;
        let bytes = text.as_bytes();
        let signs = Signs {
            at: memchr::memchr(b'@', bytes).is_some(),
            web: memchr::memmem::find(bytes, b"://").is_some()
                || memchr::memmem::find(bytes, b"www.").is_some()
                || memchr::memmem::find(bytes, b"WWW.").is_some(),
            phone: !text::phones(text).is_empty(),
        };
        let body = Body {
            html: String::with_capacity(text.len() + text.len() / 2),
            text: String::with_capacity(text.len()),
            segments: Vec::with_capacity(text.len() / 48 + 8),
            ..Body::default()
        };
        Writer {
            source,
            options,
            body,
            from: 0,
            frames: Vec::with_capacity(8),
            diagnostics: Vec::new(),
            ids: Ids::default(),
            open_headings: Vec::new(),
            open_links: Vec::new(),
            images: 0,
            image: None,
            alt: String::new(),
            alignments: Vec::new(),
            column: 0,
            in_head: false,
            list: None,
            line: 0,
            item_text: 0,
            in_footnotes: false,
            numbers: HashMap::new(),
            footnotes_written: 0,
            holds_raw: false,
            plan: raw::Plan::default(),
            code: Vec::new(),
            found: Vec::new(),
            signs,
            promised: 0,
        }
    }

    /// Puts the definitions behind everything else, in the order of their first references, and
    /// numbers them. A definition may refer to others.
    fn gather_footnotes(&mut self, events: &mut Events<'_>) {
        let mut main = Vec::with_capacity(events.len());
        let mut definitions: Vec<Option<(String, Events<'_>)>> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        for (event, range) in events.drain(..) {
            if let Event::Start(Tag::FootnoteDefinition(label)) = &event {
                open.push(definitions.len());
                definitions.push(Some((label.to_lowercase(), Vec::new())));
            }
            let ends = matches!(event, Event::End(TagEnd::FootnoteDefinition));
            match open.last().and_then(|index| definitions[*index].as_mut()) {
                Some((_, own)) => own.push((event, range)),
                None => main.push((event, range)),
            }
            if ends {
                open.pop();
            }
        }
        let mut first = HashMap::new();
        for (index, definition) in definitions.iter().enumerate().rev() {
            if let Some((label, _)) = definition {
                first.insert(label.clone(), index);
            }
        }
        *events = main;
        let mut seen = 0;
        let mut unused = 0;
        loop {
            while seen < events.len() {
                if let Event::FootnoteReference(label) = &events[seen].0
                    && let Some(index) = first.get(&label.to_lowercase())
                    && let Some((_, own)) = definitions[*index].take()
                {
                    self.number_footnote(&own);
                    events.extend(own);
                }
                seen += 1;
            }
            // What nobody refers to comes last; it may refer to others in turn.
            let Some(definition) = definitions.get_mut(unused) else { break };
            unused += 1;
            if let Some((_, own)) = definition.take() {
                self.number_footnote(&own);
                events.extend(own);
            }
        }
    }

    fn number_footnote(&mut self, events: &Events<'_>) {
        if let Some((Event::Start(Tag::FootnoteDefinition(label)), _)) = events.first() {
            let number = narrow(self.body.footnotes.len());
            self.numbers.entry(label.to_lowercase()).or_insert(number);
            self.body.footnotes.push(Footnote { label: label.to_string(), references: 0, text: 0..0 });
        }
    }

    fn all(&mut self, events: &Events<'_>) -> Result<(), Stop> {
        let limit = self.source.cleaned.text.len() * GROWTH + SLACK;
        let mut at = 0;
        while at < events.len() {
            if let (Event::Start(Tag::FootnoteDefinition(_)), _) = &events[at] {
                at = self.footnote(events, at, limit)?;
            } else {
                at = self.block(events, at, limit)?;
            }
        }
        if self.in_footnotes {
            self.body.html.push_str("</ol>\n</section>\n");
            self.flush();
            self.body.footnote_section.end = narrow(self.body.segments.len());
        }
        Ok(())
    }

    /// Writes a direct child of the document, and returns the index of the event behind it.
    fn block(&mut self, events: &Events<'_>, first: usize, limit: usize) -> Result<usize, Stop> {
        self.flush();
        self.break_text();
        let (html, segment, text) = (self.body.html.len(), self.body.segments.len(), self.body.text.len());
        let headings = self.body.headings.len();
        self.holds_raw = false;
        let mut at = first;
        loop {
            let next = self.event(events, at);
            if self.body.html.len() + self.promised > limit {
                return Err(Stop::TooLarge);
            }
            at = next;
            if self.frames.is_empty() || at >= events.len() {
                break;
            }
        }
        self.unwind_all();
        self.flush();
        if self.holds_raw {
            self.second_layer(segment, html);
        }
        // A block of comments alone is nothing.
        if self.in_footnotes || self.body.segments.len() == segment {
            return Ok(at);
        }
        let end = events[first..at].iter().map(|(_, range)| range.end).max().unwrap_or_default();
        let text_end = text + self.body.text[text..].trim_end_matches('\n').len();
        let kind = self.kind(events, first, headings);
        self.body.blocks.push(Block {
            kind,
            segments: narrow(segment)..narrow(self.body.segments.len()),
            text: narrow(text)..narrow(text_end),
            span: self.source.span(events[first].1.start..end),
        });
        Ok(at)
    }

    fn kind(&mut self, events: &Events<'_>, first: usize, heading: usize) -> BlockKind {
        match &events[first].0 {
            Event::Start(Tag::Heading { .. }) => BlockKind::Heading(narrow(heading)),
            Event::Start(Tag::Paragraph) => {
                let strong_end = matches!(events.get(first + 1), Some((Event::Start(Tag::Strong), _)))
                    .then(|| {
                        events[first..].iter().position(|(e, _)| matches!(e, Event::End(TagEnd::Strong)))
                    })
                    .flatten()
                    .and_then(|end| events.get(first + end + 1));
                BlockKind::Paragraph {
                    only_strong: matches!(strong_end, Some((Event::End(TagEnd::Paragraph), _))),
                    strong_line: matches!(
                        strong_end,
                        Some((Event::End(TagEnd::Paragraph) | Event::SoftBreak | Event::HardBreak, _))
                    ),
                }
            }
            Event::Start(Tag::List(_)) => match self.list.take() {
                Some(list) => BlockKind::List {
                    start: list.start,
                    items: list.first_item..narrow(self.body.items.len()),
                },
                None => BlockKind::List { start: None, items: 0..0 },
            },
            Event::Start(Tag::CodeBlock(kind)) => BlockKind::Code(language(kind)),
            Event::Start(Tag::Table(_)) => BlockKind::Table,
            Event::Start(Tag::BlockQuote(Some(kind))) => BlockKind::Alert(alert(*kind)),
            Event::Start(Tag::BlockQuote(None)) => BlockKind::Quote,
            Event::Rule => BlockKind::Rule,
            _ => BlockKind::Html,
        }
    }

    fn footnote(&mut self, events: &Events<'_>, first: usize, limit: usize) -> Result<usize, Stop> {
        let index = self.footnotes_written;
        self.footnotes_written += 1;
        self.flush();
        if !self.in_footnotes {
            self.in_footnotes = true;
            self.body.footnote_section.start = narrow(self.body.segments.len());
            self.slot(Segment::FootnotesOpen);
        }
        self.slot(Segment::FootnoteOpen(index));
        self.break_text();
        let text = self.body.text.len();
        let mut at = first + 1;
        while at < events.len() && !matches!(events[at].0, Event::End(TagEnd::FootnoteDefinition)) {
            at = self.block(events, at, limit)?;
        }
        self.flush();
        let in_paragraph = match self.body.segments.last_mut() {
            Some(Segment::Html { to, .. }) if self.body.html.ends_with("</p>\n") => {
                *to -= "</p>\n".len() as u32;
                true
            }
            _ => false,
        };
        self.slot(Segment::FootnoteBack(index));
        self.body.html.push_str(if in_paragraph { "</p>\n</li>\n" } else { "</li>\n" });
        let text_end = text + self.body.text[text..].trim_end_matches('\n').len();
        if let Some(footnote) = self.body.footnotes.get_mut(index as usize) {
            footnote.text = narrow(text)..narrow(text_end);
        }
        Ok(at + 1)
    }

    /// Writes one event, or several that belong together, and returns the index behind them.
    fn event(&mut self, events: &Events<'_>, at: usize) -> usize {
        let (event, range) = &events[at];
        match event {
            Event::Text(text) => return self.texts(events, at, text, range),
            Event::Start(Tag::CodeBlock(kind)) if self.images == 0 => {
                return self.code_block(events, at, kind);
            }
            Event::Start(Tag::HtmlBlock) => {
                return match self.plan.blocks.pop_front() {
                    Some(block) => {
                        let next = block.next;
                        self.html_block(&block);
                        next
                    }
                    None => at + 1,
                };
            }
            Event::Start(Tag::Image { dest_url, title, .. }) => {
                self.images += 1;
                if self.images == 1 {
                    self.alt.clear();
                    let place = self.source.span(range.clone());
                    self.image = Some((Spanned::new(owned_visible(dest_url), place), owned_visible(title)));
                }
            }
            Event::End(TagEnd::Image) => {
                self.images -= 1;
                if self.images == 0
                    && let Some((source, title)) = self.image.take()
                {
                    let alt = mem::take(&mut self.alt);
                    let title = Some(title).filter(|title| !title.is_empty());
                    self.image(source, alt, title, None, None);
                }
            }
            _ if self.images > 0 => match event {
                Event::Code(code) => self.alt.push_str(code),
                Event::SoftBreak | Event::HardBreak => self.alt.push(' '),
                _ => {}
            },
            Event::Start(tag) => self.start(events, at, tag, range),
            Event::End(tag) => self.end(*tag),
            Event::Code(code) => {
                self.note_code(range);
                self.body.html.push_str("<code>");
                escape_text(code, &mut self.body.html);
                self.body.html.push_str("</code>");
                self.body.text.push_str(code);
            }
            Event::InlineHtml(html) => self.inline_html(html, range.start),
            Event::Html(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {}
            Event::FootnoteReference(label) => self.footnote_reference(label),
            Event::SoftBreak => {
                self.body.html.push('\n');
                self.body.text.push(' ');
            }
            Event::HardBreak => {
                self.body.html.push_str("<br>\n");
                self.body.text.push(' ');
            }
            Event::Rule => self.body.html.push_str("<hr>\n"),
            Event::TaskListMarker(checked) => self.slot(Segment::Task(*checked)),
        }
        at + 1
    }

    fn start(&mut self, events: &Events<'_>, at: usize, tag: &Tag<'_>, range: &Range<usize>) {
        let is_top = self.frames.is_empty() && !self.in_footnotes;
        match tag {
            Tag::Paragraph => {
                self.break_text();
                self.body.html.push_str("<p>");
            }
            Tag::Heading { level, .. } => self.open_heading(*level as u8, is_top, range.clone()),
            Tag::BlockQuote(kind) => match kind {
                None => self.body.html.push_str("<blockquote>\n"),
                Some(kind) => {
                    let kind = alert(*kind);
                    let _ =
                        writeln!(self.body.html, "<div class=\"alert alert-{}\" role=\"note\">", name(kind));
                    self.slot(Segment::AlertTitle(kind));
                }
            },
            Tag::List(start) => {
                if is_top {
                    self.list = Some(TopList { start: *start, first_item: narrow(self.body.items.len()) });
                }
                match start {
                    None => self.body.html.push_str("<ul>\n"),
                    Some(1) => self.body.html.push_str("<ol>\n"),
                    Some(first) => {
                        let _ = writeln!(self.body.html, "<ol start=\"{first}\">");
                    }
                }
            }
            Tag::Item => {
                self.break_text();
                let marker = matches!(events.get(at + 1), Some((Event::Start(Tag::Paragraph), _)));
                let marker = events.get(at + 1 + usize::from(marker));
                let task = matches!(marker, Some((Event::TaskListMarker(_), _)));
                if self.frames.len() == 1 && self.list.is_some() {
                    let index = narrow(self.body.items.len());
                    self.item_text = self.body.text.len();
                    let span = self.source.span(range.clone());
                    self.body.items.push(Item { segments: 0..0, text: 0..0, span, task });
                    self.slot(Segment::ItemOpen(index));
                } else {
                    self.body.html.push_str(if task { "<li class=\"task\">" } else { "<li>" });
                }
            }
            Tag::Table(alignments) => {
                self.alignments.clone_from(alignments);
                self.slot(Segment::TableOpen);
                self.body.html.push_str("<table>\n");
            }
            Tag::TableHead => {
                self.break_text();
                self.in_head = true;
                self.column = 0;
                self.body.html.push_str("<thead>\n<tr>");
            }
            Tag::TableRow => {
                self.break_text();
                self.column = 0;
                self.body.html.push_str("<tr>");
            }
            Tag::TableCell => {
                if self.column > 0 {
                    self.body.text.push(' ');
                }
                let align = match self.alignments.get(self.column) {
                    Some(Alignment::Left) => " class=\"align-left\"",
                    Some(Alignment::Center) => " class=\"align-center\"",
                    Some(Alignment::Right) => " class=\"align-right\"",
                    _ => "",
                };
                self.body.html.push_str(if self.in_head { "<th scope=\"col\"" } else { "<td" });
                self.body.html.push_str(align);
                self.body.html.push('>');
            }
            Tag::Emphasis => self.body.html.push_str("<em>"),
            Tag::Strong => self.body.html.push_str("<strong>"),
            Tag::Strikethrough => self.body.html.push_str("<del>"),
            Tag::Link { link_type, dest_url, title, .. } => {
                let (kind, destination) = match link_type {
                    LinkType::Inline => (LinkKind::Inline, owned_visible(dest_url)),
                    LinkType::Autolink => (LinkKind::Autolink, owned_visible(dest_url)),
                    LinkType::Email => (LinkKind::Autolink, format!("mailto:{}", owned_visible(dest_url))),
                    _ => (LinkKind::Reference, owned_visible(dest_url)),
                };
                let title = Some(owned_visible(title)).filter(|title| !title.is_empty());
                self.open_link(destination, title, kind, range.clone());
            }
            _ => {}
        }
        self.frames.push(Frame::Markdown);
    }

    fn end(&mut self, tag: TagEnd) {
        self.unwind();
        match tag {
            TagEnd::Paragraph => self.body.html.push_str("</p>\n"),
            TagEnd::Heading(_) => self.close_heading(),
            TagEnd::BlockQuote(kind) => {
                self.body.html.push_str(if kind.is_some() { "</div>\n" } else { "</blockquote>\n" });
            }
            TagEnd::List(ordered) => self.body.html.push_str(if ordered { "</ol>\n" } else { "</ul>\n" }),
            TagEnd::Item => {
                self.trim_text();
                if self.frames.len() == 2 && self.list.is_some() {
                    let index = self.body.items.len() - 1;
                    self.body.items[index].text = narrow(self.item_text)..narrow(self.body.text.len());
                    self.slot(Segment::ItemClose(narrow(index)));
                } else {
                    self.body.html.push_str("</li>\n");
                }
            }
            TagEnd::Table => self.body.html.push_str("</tbody>\n</table></div>\n"),
            TagEnd::TableHead => {
                self.in_head = false;
                self.body.html.push_str("</tr>\n</thead>\n<tbody>\n");
            }
            TagEnd::TableRow => self.body.html.push_str("</tr>\n"),
            TagEnd::TableCell => {
                self.column += 1;
                self.body.html.push_str(if self.in_head { "</th>" } else { "</td>" });
            }
            TagEnd::Emphasis => self.body.html.push_str("</em>"),
            TagEnd::Strong => self.body.html.push_str("</strong>"),
            TagEnd::Strikethrough => self.body.html.push_str("</del>"),
            TagEnd::Link => self.close_link(),
            _ => {}
        }
        self.frames.pop();
    }

    /// Neighbouring texts are one: the parser cuts at every `_`, `&` and `\`, addresses don't.
    fn texts(&mut self, events: &Events<'_>, at: usize, text: &CowStr<'_>, range: &Range<usize>) -> usize {
        let is_text = |at: usize| matches!(events.get(at), Some((Event::Text(_), _)));
        if !is_text(at + 1) {
            let written: &str = text;
            let visible = self.as_written(written, range);
            self.run(&visible, &[(0, range.start)]);
            return at + 1;
        }
        let mut run = String::new();
        let mut pieces = Vec::new();
        let mut next = at;
        while let Some((Event::Text(text), range)) = events.get(next) {
            pieces.push((run.len(), range.start));
            run.push_str(&self.as_written(text, range));
            next += 1;
        }
        self.run(&run, &pieces);
        next
    }

    /// A text that is not simply a part of the source came from an entity: it was not cleaned yet.
    fn as_written<'t>(&self, text: &'t str, range: &Range<usize>) -> Cow<'t, str> {
        let source: &str = &self.source.cleaned.text;
        if text.is_ascii() || source.get(range.start..).is_some_and(|rest| rest.as_ptr() == text.as_ptr()) {
            Cow::Borrowed(text)
        } else {
            text::visible(text)
        }
    }

    /// Writes running text. `pieces` maps its offsets to those of the source.
    pub(super) fn run(&mut self, run: &str, pieces: &[(usize, usize)]) {
        if self.images > 0 {
            self.alt.push_str(run);
            return;
        }
        self.contacts(run, &|at| source_range(pieces, at));
        if !(self.signs.web || self.signs.at) || !self.open_links.is_empty() {
            return self.plain(run);
        }
        let mut found = mem::take(&mut self.found);
        super::autolink::find(run, self.signs.at, &mut found);
        let mut written = 0;
        for link in &found {
            self.plain(&run[written..link.at.start]);
            let address = &run[link.at.clone()];
            let place = source_range(pieces, link.at.clone());
            self.open_bare_link(format!("{}{address}", link.scheme), place);
            self.plain(address);
            self.close_link();
            written = link.at.end;
        }
        self.plain(&run[written..]);
        self.found = found;
    }

    /// Reports the e-mail addresses and telephone numbers in a text; `place` turns its ranges into
    /// those of the source.
    pub(super) fn contacts(&mut self, run: &str, place: &dyn Fn(Range<usize>) -> Range<usize>) {
        let in_mail = self.open_links.iter().any(|(link, _)| {
            link.is_some_and(|link| matches!(self.body.links[link as usize].target, Destination::Mail(_)))
        });
        if self.signs.at && !in_mail {
            for at in text::emails(run).filter(|at| text::email_is_public(&run[at.clone()])) {
                let span = self.source.span(place(at.clone()));
                self.diagnostics.push(text::email_in_sight(self.source.file, span, &run[at]));
            }
        }
        if self.signs.phone {
            for at in text::phones(run) {
                let span = self.source.span(place(at.clone()));
                self.diagnostics.push(text::phone_in_sight(self.source.file, span, &run[at]));
            }
        }
    }

    fn plain(&mut self, text: &str) {
        escape_text(text, &mut self.body.html);
        self.body.text.push_str(text);
    }

    fn code_block(&mut self, events: &Events<'_>, at: usize, kind: &CodeBlockKind<'_>) -> usize {
        let mut next = at + 1;
        let mut code = Cow::Borrowed("");
        while let Some((Event::Text(text), _)) = events.get(next) {
            if code.is_empty() {
                code = Cow::Borrowed(text);
            } else {
                code.to_mut().push_str(text);
            }
            next += 1;
        }
        self.note_code(&events[at].1);
        self.break_text();
        let language = language(kind);
        let html = &mut self.body.html;
        html.push_str("<pre tabindex=\"0\"><code");
        if let Some(language) = &language {
            html.push_str(" class=\"language-");
            html.push_str(language);
            html.push('"');
        }
        html.push('>');
        let highlight = self.options.highlight.zip(language.as_deref());
        match highlight.and_then(|(highlight, language)| highlight(language, &code)) {
            Some(highlighted) => html.push_str(&highlighted),
            None => escape_text(&code, html),
        }
        html.push_str("</code></pre>\n");
        self.body.text.push_str(code.trim_end_matches('\n'));
        self.break_text();
        next + 1
    }

    fn footnote_reference(&mut self, label: &str) {
        let number = self.numbers.get(&label.to_lowercase()).copied();
        match number.and_then(|number| Some((number, self.body.footnotes.get_mut(number as usize)?))) {
            Some((footnote, of)) => {
                of.references += 1;
                let nth = of.references;
                self.slot(Segment::FootnoteReference { footnote, nth });
            }
            None => self.plain(&format!("[^{label}]")),
        }
    }

    pub(super) fn open_heading(&mut self, level: u8, top_level: bool, range: Range<usize>) {
        self.break_text();
        let text = narrow(self.body.text.len());
        let index = narrow(self.body.headings.len());
        self.body.headings.push(Heading {
            level,
            id: String::new(),
            text: String::new(),
            top_level,
            segment: 0,
            text_range: text..text,
            span: self.source.span(range),
        });
        self.open_headings.push(index);
        self.slot(Segment::HeadingOpen(index));
    }

    pub(super) fn close_heading(&mut self) {
        let Some(index) = self.open_headings.pop() else { return };
        let heading = &mut self.body.headings[index as usize];
        heading.text_range.end = narrow(self.body.text.len());
        let text = &self.body.text[heading.text_range.start as usize..];
        heading.text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        heading.id = self.ids.unique(text);
        self.slot(Segment::HeadingClose(index));
        self.body.html.push('\n');
    }

    /// Opens a link, or only remembers that one is open: within another link, or an unsafe one.
    pub(super) fn open_link(
        &mut self,
        destination: String,
        title: Option<String>,
        kind: LinkKind,
        range: Range<usize>,
    ) {
        let target = classify(&destination);
        let span = self.source.span(range);
        let text = self.body.text.len();
        if let Destination::Unsafe(reason) = &target {
            self.diagnostics.push(unsafe_link(self.source.file, span, reason, "link", "its text"));
        }
        if matches!(target, Destination::Unsafe(_)) || !self.open_links.is_empty() {
            self.open_links.push((None, text));
            return;
        }
        if let Destination::Mail(address) = &target {
            let address = address.split('?').next().unwrap_or_default();
            if text::email_is_public(address) {
                self.diagnostics.push(text::email_in_sight(self.source.file, span, address));
            }
        }
        self.push_link(Link {
            destination: Spanned::new(destination, span),
            target,
            text: String::new(),
            title,
            kind,
        });
    }

    fn open_bare_link(&mut self, destination: String, range: Range<usize>) {
        let target = classify(&destination);
        if matches!(target, Destination::Unsafe(_)) {
            self.open_links.push((None, self.body.text.len()));
            return;
        }
        let span = self.source.span(range);
        let destination = Spanned::new(destination, span);
        self.push_link(Link { destination, target, text: String::new(), title: None, kind: LinkKind::Bare });
    }

    fn push_link(&mut self, link: Link) {
        let index = narrow(self.body.links.len());
        self.promised += link.destination.value.len() + link.title.as_ref().map_or(0, String::len) + 50;
        self.body.links.push(link);
        self.open_links.push((Some(index), self.body.text.len()));
        self.slot(Segment::LinkOpen(index));
    }

    pub(super) fn close_link(&mut self) {
        if let Some((Some(index), text)) = self.open_links.pop() {
            self.body.links[index as usize].text = self.body.text.get(text..).unwrap_or_default().to_owned();
            self.slot(Segment::LinkClose(index));
        }
    }

    pub(super) fn image(
        &mut self,
        source: Spanned<String>,
        alt: String,
        title: Option<String>,
        width: Option<u32>,
        height: Option<u32>,
    ) {
        let target = classify(&source.value);
        if let Destination::Unsafe(reason) = &target {
            self.diagnostics.push(unsafe_link(
                self.source.file,
                source.span,
                reason,
                "image",
                "its description",
            ));
            escape_text(&alt, &mut self.body.html);
            return;
        }
        let index = narrow(self.body.images.len());
        self.promised += source.value.len() + alt.len() + title.as_ref().map_or(0, String::len) + 80;
        self.body.images.push(Image { source, target, alt, title, width, height });
        self.slot(Segment::Image(index));
    }

    pub(super) fn in_link(&self) -> bool {
        !self.open_links.is_empty()
    }

    pub(super) fn in_image(&self) -> bool {
        self.images > 0
    }

    pub(super) fn report(&mut self, diagnostic: impl FnOnce(&Arc<str>) -> Diagnostic) {
        self.diagnostics.push(diagnostic(self.source.file));
    }

    /// Ends the HTML written so far as a segment.
    pub(super) fn flush(&mut self) {
        let to = self.body.html.len();
        if to > self.from {
            self.body.segments.push(Segment::Html { from: narrow(self.from), to: narrow(to) });
        }
        self.from = to;
    }

    pub(super) fn slot(&mut self, segment: Segment) {
        self.flush();
        let at = narrow(self.body.segments.len());
        match segment {
            Segment::HeadingOpen(index) => self.body.headings[index as usize].segment = at,
            Segment::ItemOpen(index) => self.body.items[index as usize].segments.start = at + 1,
            Segment::ItemClose(index) => self.body.items[index as usize].segments.end = at,
            Segment::FootnoteReference { .. } => self.promised += 150,
            _ => self.promised += 20,
        }
        self.body.segments.push(segment);
    }

    /// Drops what was written from here on: segments and their HTML.
    pub(super) fn take_back(&mut self, segment: usize, html: usize) -> Vec<Segment> {
        let taken = self.body.segments.split_off(segment);
        self.body.html.truncate(html);
        self.from = html;
        taken
    }

    /// Begins a new line of text, unless nothing was written since the last one began.
    pub(super) fn break_text(&mut self) {
        self.trim_text();
        if self.body.text.len() > self.line {
            self.body.text.push('\n');
            self.line = self.body.text.len();
        }
    }

    /// Takes white space from the end of the line being written, never from the one before: its
    /// beginning may be remembered as the beginning of a block.
    fn trim_text(&mut self) {
        let kept = self.body.text.trim_end_matches(['\n', ' ']).len();
        self.body.text.truncate(kept.max(self.line));
    }

    fn note_code(&mut self, range: &Range<usize>) {
        if !self.source.cleaned.findings.is_empty() {
            self.code.push(range.clone());
        }
    }
}

fn source_range(pieces: &[(usize, usize)], at: Range<usize>) -> Range<usize> {
    let map = |at: usize| {
        let piece = pieces.partition_point(|(run, _)| *run <= at).saturating_sub(1);
        pieces.get(piece).map_or(at, |(run, source)| source + (at - run))
    };
    let end = if at.end > at.start { map(at.end - 1) + 1 } else { map(at.end) };
    map(at.start)..end
}

/// The first word behind the fence, in lower case, as far as it can be part of a class.
fn language(kind: &CodeBlockKind<'_>) -> Option<String> {
    let CodeBlockKind::Fenced(info) = kind else { return None };
    let word = info.split(|c: char| c.is_whitespace() || matches!(c, ',' | '{' | ':')).next()?;
    let word = word.trim_start_matches('.');
    let language: String = word
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, '+' | '#' | '-' | '_' | '.'))
        .take(32)
        .flat_map(char::to_lowercase)
        .collect();
    (!language.is_empty()).then_some(language)
}

fn alert(kind: BlockQuoteKind) -> Alert {
    match kind {
        BlockQuoteKind::Note => Alert::Note,
        BlockQuoteKind::Tip => Alert::Tip,
        BlockQuoteKind::Important => Alert::Important,
        BlockQuoteKind::Warning => Alert::Warning,
        BlockQuoteKind::Caution => Alert::Caution,
    }
}

fn name(alert: Alert) -> &'static str {
    match alert {
        Alert::Note => "note",
        Alert::Tip => "tip",
        Alert::Important => "important",
        Alert::Warning => "warning",
        Alert::Caution => "caution",
    }
}

fn unsafe_link(file: &Arc<str>, span: Span, reason: &Reason, what: &str, left: &str) -> Diagnostic {
    Diagnostic::new(Rule::UnsafeLink, file, span, format!("this {what} was left out: {reason}"))
        .help(format!("Only {left} is shown. Use a path to a file or an address with https: or mailto:."))
}

fn too_deep(file: &Arc<str>, span: Span) -> Diagnostic {
    Diagnostic::new(
        Rule::TooDeep,
        file,
        span,
        format!("lists, quotations or elements stand more than {DEPTH} deep in each other"),
    )
    .help("Take some of them apart. The page is left out until then.")
}

fn too_large(file: &Arc<str>, span: Span) -> Diagnostic {
    Diagnostic::new(Rule::TooLarge, file, span, "the page would become many times larger than its text").help(
        "A table, a footnote or a reference is repeated too often. The page is left out until it is shorter.",
    )
}
