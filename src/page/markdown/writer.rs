//! From the parser's events to a body. One walk, one output buffer; what depends on a later event
//! (where a raw element ends, which footnote comes first) is found in short walks before it, and
//! only for files that have raw HTML or footnotes.
//!
//! Long because one pass over all events keeps one state, and each kind of event has its lines.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, Event, LinkType, Options as Syntax};
use pulldown_cmark::{Parser, Tag, TagEnd};

use super::anchor;
use super::autolink::BareAddress;
use super::callout::{self, Callout, CalloutKind};
use super::mask::{self, Mask};
use super::prose::CELL;
use super::slug::Ids;
use super::{Alert, Anchor, Block, BlockKind, Body, Extensions, Heading, Item, LinkKind, Options, Segment};
use super::{attributes, escape_text, formula, narrow, owned_visible, raw, spans, wiki};
use crate::diagnostic::{Diagnostic, Rule, Span, Spanned};
use crate::page::cjk;
use crate::page::dialect;
use crate::page::foreign;
use crate::page::jsx;
use crate::page::math::Macros;
use crate::page::position::Positions;
use crate::page::rewritten::Rewritten;
use crate::page::text::{self, Cleaned};
use longhouse_highlight::{self as highlight, Language};

/// How deep elements may stand in each other. Browsers and the second layer are slow beyond it.
pub(super) const DEPTH: usize = 64;

/// A body may grow to this many times its source, and [`SLACK`] bytes: tables, footnotes and
/// references repeat what was written once.
const GROWTH: usize = 20;
const SLACK: usize = 256 * 1024;

/// How many problems of one body are told. Nobody reads on, and a megabyte can hold 100,000.
const REPORTED: usize = 500;

/// What is understood beyond CommonMark.
pub(crate) const SYNTAX: Syntax = Syntax::ENABLE_TABLES
    .union(Syntax::ENABLE_FOOTNOTES)
    .union(Syntax::ENABLE_STRIKETHROUGH)
    .union(Syntax::ENABLE_TASKLISTS)
    .union(Syntax::ENABLE_GFM);

pub(super) type Events<'e> = Vec<(Event<'e>, Range<usize>)>;

/// The text being parsed, and the way back from its offsets to the file.
pub(super) struct Source<'s> {
    pub(super) file: &'s Arc<str>,
    whole: &'s str,
    body_at: usize,
    /// What the body was made of step by step, where not all of it is markdown.
    rewritten: [Option<&'s Rewritten>; 2],
    pub(super) cleaned: &'s Cleaned<'s>,
    positions: OnceCell<Positions<'s>>,
}

impl Source<'_> {
    /// The place in the file of a range of the cleaned body, without white space at its end.
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        let text = &self.cleaned.text;
        let kept = text.get(range.clone()).map_or(range.len(), |written| written.trim_end().len());
        let original = |at: usize| self.cleaned.original(at);
        self.body_span(original(range.start)..original(range.start + kept))
    }

    /// The place in the file of a range of the body before it was cleaned.
    fn body_span(&self, range: Range<usize>) -> Span {
        let steps = || self.rewritten.iter().rev().flatten();
        let original = |at: usize| self.body_at + steps().fold(at, |at, step| step.original(at));
        self.original_span(original(range.start)..original(range.end))
    }

    fn original_span(&self, range: Range<usize>) -> Span {
        self.positions.get_or_init(|| Positions::new(self.whole)).span(range)
    }
}

/// An element that is open.
pub(super) enum Frame {
    /// One of markdown's.
    Markdown,
    /// One of markdown's that ends with this.
    Own(&'static str),
    /// One of raw HTML's.
    Raw(raw::Open),
}

/// The list that is open at the top level.
pub(super) struct TopList {
    start: Option<u64>,
    first_item: u32,
}

pub(super) struct Writer<'w> {
    pub(super) source: &'w Source<'w>,
    pub(super) options: &'w Options<'w>,
    pub(super) body: Body,
    /// Where the HTML that is in no segment yet begins.
    pub(super) from: usize,
    pub(super) frames: Vec<Frame>,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) ids: Ids,
    /// Headings that are open, with the ids that their authors gave them.
    pub(super) open_headings: Vec<(u32, Option<String>)>,
    /// The ids of markdown's headings that their authors wrote after them, by the places of the headings.
    pub(super) heading_ids: HashMap<usize, String>,
    /// The quotations that begin with a mark, by their places.
    pub(super) callouts: HashMap<usize, Callout>,
    /// How the paragraph is written that comes next, where it is a title.
    pub(super) title: Option<callout::Title>,
    /// Anchors that stood by themselves, to be written with the block after them.
    pub(super) pending: Vec<u32>,
    /// Links that are open, unsafe ones as `None`; with where their text begins.
    pub(super) open_links: Vec<(Option<u32>, usize)>,
    /// Whether the innermost of them is no link at all, but text between `<` and `>`.
    pub(super) bracketed: bool,
    /// How many images are open; within one only its description is collected.
    pub(super) images: usize,
    pub(super) image: Option<(Spanned<String>, String)>,
    pub(super) alt: String,
    /// Whether the image is given by its name rather than by its address.
    pub(super) is_named: bool,
    /// The sizes that authors want of images, by the places of these.
    pub(super) sizes: wiki::Sizes,
    /// Whether the image that is written has its title below it.
    pub(super) in_figure: bool,
    pub(super) alignments: Vec<Alignment>,
    pub(super) column: usize,
    pub(super) in_head: bool,
    pub(super) list: Option<TopList>,
    /// Where the line of text being written begins.
    pub(super) line: usize,
    pub(super) item_text: usize,
    pub(super) in_footnotes: bool,
    /// The number of each footnote, from 0, by its label in lower case.
    pub(super) numbers: HashMap<String, u32>,
    pub(super) footnotes_written: u32,
    /// Whether the block being written holds raw HTML that was let through.
    pub(super) holds_raw: bool,
    pub(super) plan: raw::Plan,
    pub(super) code: Vec<Range<usize>>,
    /// The bare addresses of the body, by their places in the source.
    pub(super) addresses: Vec<BareAddress>,
    /// Those of one run, kept to be used again.
    pub(super) found: Vec<BareAddress>,
    pub(super) signs: Signs,
    /// What the slots will take, roughly, when they are filled.
    pub(super) promised: usize,
    /// What is left for the colours of code.
    pub(super) budget: highlight::Budget,
    pub(super) told_of_cost: bool,
    /// What formulas have defined so far.
    pub(super) macros: Macros,
    pub(super) unknown_languages: HashSet<String>,
    /// How many names in passing were made links.
    pub(super) mentions: usize,
    /// Where signs in the run being written follow a backslash, in order.
    pub(super) escaped: Vec<usize>,
    /// Emoji in the heading that is open: where each stands in the text, and the name that was typed.
    pub(super) heading_emoji: Vec<(Range<usize>, String)>,
}

/// What the body holds anywhere, so that most bodies skip most searches.
#[derive(Clone, Copy, Default)]
pub(super) struct Signs {
    pub(super) at: bool,
    pub(super) phone: bool,
}

pub(super) fn write(
    file: &Arc<str>,
    whole: &str,
    body_at: usize,
    options: &Options<'_>,
) -> (Body, Vec<Diagnostic>) {
    let body = &whole[body_at..];
    let mdx = options.jsx.then(|| jsx::read(body));
    let (from_jsx, left_out) = mdx.map(|it| (it.rewritten, it.left_out)).unzip();
    let markdown = from_jsx.as_ref().map_or(body, |it| &it.text);
    let dialect = dialect::may_find(markdown).then(|| dialect::read(markdown));
    let rewritten = [from_jsx.as_ref(), dialect.as_ref().map(|it| &it.rewritten)];
    let cleaned = text::clean(rewritten[1].map_or(markdown, |it| &it.text));
    let source = Source { file, whole, body_at, rewritten, cleaned: &cleaned, positions: OnceCell::new() };
    let mut writer = Writer::new(&source, options);
    let mut found = foreign::Constructs::default();
    let written = read(&cleaned.text, options.extensions).and_then(|(mut read, addresses)| {
        found = foreign::find(&cleaned.text, &read.known);
        writer.addresses = addresses;
        extend(&mut read, &cleaned.text, dialect.as_ref(), options.extensions, &mut writer.sizes);
        if cleaned.text.contains("[!") {
            writer.callouts = callout::of_quotations(&mut read.events, &cleaned.text);
        }
        if cleaned.text.contains('}') {
            writer.heading_ids = anchor::of_headings(&mut read.events, &cleaned.text);
        }
        if read.has_footnotes {
            writer.gather_footnotes(&mut read.events);
        }
        if read.has_raw {
            writer.plan = raw::plan(&read.events)?;
        }
        writer.all(&read.events)
    });
    let Writer { mut body, mut diagnostics, code, .. } = writer;
    if let Err(stop) = &written {
        body = Body::default();
        diagnostics.clear();
        diagnostics.push(match stop {
            Stop::TooDeep(range) => too_deep(file, source.span(range.clone())),
            Stop::TooLarge => too_large(file, source.span(0..1)),
        });
    }
    if written.is_ok() {
        diagnostics.extend(found.diagnostics(file, |range| source.span(range)));
    }
    let in_code = |at: usize| code.iter().any(|range| range.contains(&at));
    diagnostics.extend(cleaned.diagnostics(file, |range| source.body_span(range), in_code));
    let in_file = |range: Range<usize>| source.original_span(body_at + range.start..body_at + range.end);
    diagnostics.extend(left_out.and_then(|it| it.diagnostic(file, in_file)));
    if let Some(dialect) = &dialect {
        let original = |at: usize| body_at + rewritten[0].map_or(at, |it| it.original(at));
        let place = |range: Range<usize>| source.original_span(original(range.start)..original(range.end));
        diagnostics.extend(dialect.left_out.diagnostics(file, place));
    }
    diagnostics.sort();
    anchor::name_all(&mut body);
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
    known: foreign::Parsed,
    has_raw: bool,
    has_footnotes: bool,
}

/// Reads what the parser does not know: links of wikis, attributes of pictures, marks within sentences.
fn extend<'t>(
    read: &mut Read<'t>,
    text: &'t str,
    dialect: Option<&dialect::Read<'_>>,
    extensions: Extensions,
    sizes: &mut wiki::Sizes,
) {
    if memchr::memmem::find(text.as_bytes(), b"[[").is_some() {
        wiki::links(&mut read.events, text, sizes);
    }
    if text.contains('{') {
        attributes::take(&mut read.events, text, sizes);
    }
    let abbreviations: BTreeMap<String, String> = dialect
        .iter()
        .flat_map(|it| &it.abbreviations)
        .map(|(name, meaning)| (text::clean(name).text.into_owned(), text::clean(meaning).text.into_owned()))
        .collect();
    if !abbreviations.is_empty() || spans::may_find(text) {
        read.has_raw |= spans::marks(&mut read.events, text, &abbreviations, extensions.subscript);
    }
}

/// The events of a text, and the bare addresses in it, which are found before emphasis is.
fn read<'t>(text: &'t str, extensions: Extensions) -> Result<(Read<'t>, Vec<BareAddress>), Stop> {
    let formulas = if extensions.math { formula::blocks(text) } else { Vec::new() };
    let mut mask = Mask::with(formulas);
    let mut read = match masked(text, &mut mask)? {
        Some(read) => read,
        None => events(text, |event| event)?,
    };
    if Mask::may_find(text, extensions.math) {
        mask.find(text, &read.events, extensions.math);
        if let Some(again) = masked(text, &mut mask)? {
            read = again;
        }
    }
    if !mask.formulas.is_empty() {
        read.events = formula::insert(read.events, &mask.formulas, text);
        read.known.skipped.extend(mask.formulas.iter().map(|found| found.at.clone()));
        read.known.skipped.sort_by_key(|range| range.start);
    }
    Ok((read, mask.addresses))
}

/// The events of a text without what the mask hides from the parser; none where it hides nothing.
fn masked<'t>(text: &'t str, mask: &mut Mask) -> Result<Option<Read<'t>>, Stop> {
    // What the parser sees as something else in the copy is left out of it, which once is enough for.
    for _ in 0..3 {
        if !mask.is_needed(text) {
            return Ok(None);
        }
        let masked = mask.masked(text);
        let read = events(&masked, |event| mask::original(event, &masked, text))?;
        if !mask.drop_what_is_no_text(&read.events) {
            return Ok(Some(read));
        }
    }
    mask.formulas.clear();
    Ok(None)
}

fn events<'s, 't>(text: &'s str, kept: impl Fn(Event<'s>) -> Event<'t>) -> Result<Read<'t>, Stop> {
    let known = foreign::Parsed::default();
    let mut read =
        Read { events: Vec::with_capacity(text.len() / 12 + 8), known, has_raw: false, has_footnotes: false };
    let mut depth = 0;
    for (event, range) in Parser::new_ext(text, SYNTAX).into_offset_iter() {
        match &event {
            Event::Start(tag) => {
                depth += 1;
                if depth > DEPTH {
                    return Err(Stop::TooDeep(range.start..range.start + 1));
                }
                match tag {
                    Tag::FootnoteDefinition(_) => read.has_footnotes = true,
                    Tag::CodeBlock(_) => read.known.code_block(range.clone()),
                    Tag::Table(columns) => read.known.tables.push((range.clone(), columns.len())),
                    _ => {}
                }
            }
            Event::End(_) => depth -= 1,
            Event::Code(_) => read.known.skipped.push(range.clone()),
            Event::Html(html) | Event::InlineHtml(html) => {
                read.has_raw = true;
                read.known.html(html, range.clone());
            }
            _ => {}
        }
        read.events.push((kept(event), range));
    }
    Ok(read)
}

impl<'w> Writer<'w> {
    fn new(source: &'w Source<'w>, options: &'w Options<'w>) -> Self {
        let text: &str = &source.cleaned.text;
        let bytes = text.as_bytes();
        let signs =
            Signs { at: memchr::memchr(b'@', bytes).is_some(), phone: !text::phones(text).is_empty() };
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
            heading_ids: HashMap::new(),
            callouts: HashMap::new(),
            title: None,
            pending: Vec::new(),
            open_links: Vec::new(),
            bracketed: false,
            images: 0,
            image: None,
            alt: String::new(),
            is_named: false,
            sizes: wiki::Sizes::default(),
            in_figure: false,
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
            addresses: Vec::new(),
            found: Vec::new(),
            signs,
            promised: 0,
            budget: highlight::Budget::default(),
            told_of_cost: false,
            macros: Macros::default(),
            unknown_languages: HashSet::new(),
            mentions: 0,
            escaped: Vec::new(),
            heading_emoji: Vec::new(),
        }
    }

    fn all(&mut self, events: &Events<'_>) -> Result<(), Stop> {
        let limit = (self.source.whole.len() - self.source.body_at) * GROWTH + SLACK;
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

    /// Writes a direct child of the document, and returns the index of the event after it.
    pub(super) fn block(&mut self, events: &Events<'_>, first: usize, limit: usize) -> Result<usize, Stop> {
        self.flush();
        self.break_text();
        let (html, segment, text) = (self.body.html.len(), self.body.segments.len(), self.body.text.len());
        let headings = self.body.headings.len();
        self.holds_raw = false;
        if !matches!(events[first].0, Event::Start(Tag::Heading { .. })) {
            self.pending_anchors();
        }
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
        self.trim_text();
        self.flush();
        if self.holds_raw {
            self.second_layer(segment, html);
        }
        // A block of comments alone is nothing.
        let has_slots = self.body.segments[segment..].iter().any(|s| !matches!(s, Segment::Html { .. }));
        if !has_slots && self.body.html[html..].trim().is_empty() {
            self.take_back(segment, html);
            return Ok(at);
        }
        if self.in_footnotes {
            return Ok(at);
        }
        // A place before a heading belongs to it: a title is still the first thing of a page.
        let anchors = self.only_anchors(segment, text);
        if !anchors.is_empty() && at < events.len() {
            self.take_back(segment, html);
            self.pending = anchors;
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
            Event::Start(Tag::CodeBlock(kind)) => {
                BlockKind::Code(language(kind).map(|language| language.name))
            }
            Event::Start(Tag::Table(_)) => BlockKind::Table,
            Event::Start(Tag::BlockQuote(Some(kind))) => BlockKind::Alert(alert(*kind)),
            Event::Start(Tag::BlockQuote(None)) => match self.callouts.get(&events[first].1.start) {
                Some(Callout { kind: CalloutKind::Alert(alert), .. }) => BlockKind::Alert(*alert),
                _ => BlockKind::Quote,
            },
            Event::Rule => BlockKind::Rule,
            _ => BlockKind::Html,
        }
    }

    /// Writes one event, or several that belong together, and returns the index after them.
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
            Event::Start(Tag::Image { link_type, dest_url, title, .. }) => {
                self.images += 1;
                if self.images == 1 {
                    self.alt.clear();
                    self.is_named = matches!(link_type, LinkType::WikiLink { .. });
                    let place = self.source.span(range.clone());
                    self.image = Some((Spanned::new(owned_visible(dest_url), place), owned_visible(title)));
                }
            }
            Event::End(TagEnd::Image) => {
                self.images -= 1;
                if self.images == 0 {
                    self.end_image(range.start);
                }
            }
            _ if self.images > 0 => match event {
                Event::Code(code) | Event::InlineMath(code) | Event::DisplayMath(code) => {
                    self.alt.push_str(code);
                }
                Event::SoftBreak if is_unspaced(&self.alt, events, at) => {}
                Event::SoftBreak | Event::HardBreak => self.alt.push(' '),
                _ => {}
            },
            Event::Start(Tag::Paragraph) if !self.in_link() => {
                if let Some(next) = self.film(events, at).or_else(|| self.player_alone(events, at)) {
                    return next;
                }
                self.start(events, at, &Tag::Paragraph, range);
            }
            Event::Start(tag) => self.start(events, at, tag, range),
            Event::End(tag) => self.end(*tag),
            Event::Code(code) => {
                self.note_code(range);
                self.body.html.push_str("<code>");
                escape_text(code, &mut self.body.html);
                self.body.html.push_str("</code>");
                self.body.text.push_str(&spaced(code));
            }
            Event::InlineHtml(html) => self.inline_html(html, range.start),
            Event::InlineMath(source) => self.formula(source, false, range),
            Event::DisplayMath(source) => self.formula(source, true, range),
            Event::Html(_) => {}
            Event::FootnoteReference(label) => self.footnote_reference(label),
            Event::SoftBreak if is_unspaced(&self.body.text, events, at) => {}
            Event::SoftBreak => {
                self.body.html.push('\n');
                self.body.text.push(if ends_label(events, at) { CELL } else { ' ' });
            }
            Event::HardBreak => {
                self.body.html.push_str("<br>\n");
                self.body.text.push(if ends_label(events, at) { CELL } else { ' ' });
            }
            Event::Rule => self.body.html.push_str("<hr>\n"),
            Event::TaskListMarker(checked) => self.slot(Segment::Task(*checked)),
        }
        at + 1
    }

    // Long because each kind of tag has its branch.
    fn start(&mut self, events: &Events<'_>, at: usize, tag: &Tag<'_>, range: &Range<usize>) {
        let is_top = self.frames.is_empty() && !self.in_footnotes;
        match tag {
            Tag::Paragraph if self.title.is_some() => {
                let title = self.title.take().unwrap_or(callout::Title::None);
                let frame = self.open_title(title);
                return self.frames.push(frame);
            }
            Tag::Paragraph if attributes::figure(events, at) => {
                self.break_text();
                self.body.html.push_str("<figure>");
                self.in_figure = true;
                return self.frames.push(Frame::Own("</figure>\n"));
            }
            Tag::Paragraph => {
                self.break_text();
                self.body.html.push_str("<p>");
            }
            Tag::Heading { level, .. } => {
                let id = self.heading_ids.get(&range.start).cloned();
                self.open_heading(*level as u8, is_top, range.clone(), id);
            }
            Tag::BlockQuote(kind) => match kind {
                None => match self.callouts.get(&range.start).cloned() {
                    None => self.body.html.push_str("<blockquote>\n"),
                    Some(callout) => {
                        let frame = self.open_callout(&callout);
                        return self.frames.push(frame);
                    }
                },
                Some(kind) => {
                    let frame = self.open_callout(&Callout::of_host(alert(*kind)));
                    return self.frames.push(frame);
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
                    self.body.text.push(CELL);
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
                    LinkType::WikiLink { .. } => (LinkKind::Wiki, owned_visible(dest_url)),
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
        if let Some(Frame::Own(end)) = self.frames.last() {
            self.body.html.push_str(end);
            self.frames.pop();
            return;
        }
        match tag {
            TagEnd::Paragraph => self.body.html.push_str("</p>\n"),
            TagEnd::Heading(_) => self.close_heading(),
            TagEnd::BlockQuote(_) => self.body.html.push_str("</blockquote>\n"),
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

    pub(super) fn open_heading(
        &mut self,
        level: u8,
        top_level: bool,
        range: Range<usize>,
        id: Option<String>,
    ) {
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
        self.open_headings.push((index, id));
        self.slot(Segment::HeadingOpen(index));
        self.pending_anchors();
    }

    pub(super) fn close_heading(&mut self) {
        let Some((index, own)) = self.open_headings.pop() else { return };
        let heading = &mut self.body.headings[index as usize];
        heading.text_range.end = narrow(self.body.text.len());
        let text = &self.body.text[heading.text_range.start as usize..];
        heading.text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = &*typed(text, heading.text_range.start as usize, &mut self.heading_emoji);
        match own.as_deref().and_then(|own| Some((own, anchor::id_of(own)?))) {
            None => heading.id = self.ids.unique(text),
            // The git host shows what stands in the brackets, so there it is part of the id; where an element has
            // an id, the heading still has its own.
            Some((own, id)) => {
                heading.id = self.ids.free(id);
                let (id, segment) = (heading.id.clone(), heading.segment);
                let on_host = super::slug(&format!("{text} {{#{own}}}"));
                for name in [own.to_owned(), on_host, super::slug(text)] {
                    self.body.anchors.push(Anchor { name, id: id.clone(), segment });
                }
            }
        }
        self.slot(Segment::HeadingClose(index));
        self.body.html.push('\n');
    }

    pub(super) fn in_link(&self) -> bool {
        !self.open_links.is_empty()
    }

    pub(super) fn in_image(&self) -> bool {
        self.images > 0
    }

    pub(super) fn report(&mut self, diagnostic: impl FnOnce(&Arc<str>) -> Diagnostic) {
        if self.diagnostics.len() < REPORTED {
            self.diagnostics.push(diagnostic(self.source.file));
        }
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
            Segment::Anchor(index) => {
                self.body.anchors[index as usize].segment = at;
                self.promised += self.body.anchors[index as usize].name.len() + 20;
            }
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
    pub(super) fn trim_text(&mut self) {
        let kept = self.body.text.trim_end_matches(['\n', ' ', CELL]).len();
        self.body.text.truncate(kept.max(self.line));
    }

    pub(super) fn note_code(&mut self, range: &Range<usize>) {
        if !self.source.cleaned.findings.is_empty() {
            self.code.push(range.clone());
        }
    }
}

/// Text in which no typed tab looks like the end of a cell.
pub(super) fn spaced(text: &str) -> Cow<'_, str> {
    if text.contains(CELL) { Cow::Owned(text.replace(CELL, " ")) } else { Cow::Borrowed(text) }
}

/// The text of a heading as it was typed, with the names of its emoji: git hosts make its id of that.
fn typed<'t>(text: &'t str, start: usize, emoji: &mut Vec<(Range<usize>, String)>) -> Cow<'t, str> {
    if emoji.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 32);
    let mut at = 0;
    for (range, name) in emoji.drain(..) {
        let Some(range) = range.start.checked_sub(start).zip(range.end.checked_sub(start)) else { continue };
        out.push_str(text.get(at..range.0).unwrap_or_default());
        out.push_str(&name);
        at = range.1;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    Cow::Owned(out)
}

/// Whether the line break at `at` ends a bold text with which a paragraph begins.
fn ends_label(events: &Events<'_>, at: usize) -> bool {
    let before = &events[at.saturating_sub(12)..at];
    matches!(before.last(), Some((Event::End(TagEnd::Strong), _)))
        && before
            .iter()
            .rposition(|(event, _)| matches!(event, Event::Start(Tag::Strong)))
            .and_then(|start| before.get(start.checked_sub(1)?))
            .is_some_and(|(event, _)| matches!(event, Event::Start(Tag::Paragraph)))
}

/// Whether the line break at `at` stands between two characters that have no space between them.
fn is_unspaced(before: &str, events: &Events<'_>, at: usize) -> bool {
    let begins = |event: &Event<'_>| match event {
        Event::Text(text) | Event::Code(text) | Event::InlineMath(text) => Some(text.chars().next()),
        Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. })
        | Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link) => None,
        _ => Some(None),
    };
    let after = events[at + 1..].iter().take(8).find_map(|(event, _)| begins(event)).flatten();
    before.chars().next_back().zip(after).is_some_and(|(before, after)| cjk::is_unspaced(before, after))
}

pub(super) fn language<'i>(kind: &'i CodeBlockKind<'_>) -> Option<Language<'i>> {
    match kind {
        CodeBlockKind::Fenced(info) => highlight::language(info),
        CodeBlockKind::Indented => None,
    }
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

fn too_deep(file: &Arc<str>, span: Span) -> Diagnostic {
    Diagnostic::new(
        Rule::TooDeep,
        file,
        span,
        format!("Lists, quotations or elements are nested more than {DEPTH} levels deep."),
    )
    .help("Use fewer levels. Until then the page is left out.")
}

fn too_large(file: &Arc<str>, span: Span) -> Diagnostic {
    Diagnostic::new(Rule::TooLarge, file, span, "The page would become many times larger than its text.").help(
        "A table, a footnote or a reference is repeated too often. Until it is shorter, the page is left out.",
    )
}
