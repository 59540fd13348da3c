//! One file's markdown, parsed alone: safe HTML with slots, and what the rest of the house wants to
//! know of it (blocks, headings, links, images, plain text).
//!
//! A body cannot know what its links lead to, how large its images are, how deep its headings will
//! stand or which prefix its ids need: those are [`Segment`]s to be filled by [`Body::render`].
//! Everything else is finished here and never looked at again. Nothing in content is a template.

pub(crate) use longhouse_highlight::escape_text;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Span, Spanned};
use crate::page::destination::Destination;
use crate::page::front_matter::Fields;

pub use alert::{Alert, Titles};
pub(crate) use callout::mark;
pub(crate) use emoji::is_known as is_emoji;
pub use mention::Tracker;
pub use render::{ImageTarget, LinkTarget, Rel, RenderContext, Words};
pub use slug::{loose, slug};
pub(crate) use writer::SYNTAX;

pub mod definition;

mod alert;
mod anchor;
mod attributes;
mod autolink;
mod callout;
mod code;
mod embed;
mod emoji;
mod fence;
mod footnotes;
mod formula;
mod inline;
mod lines;
mod mask;
mod mention;
mod prose;
mod raw;
mod render;
mod second;
mod slug;
mod spans;
mod wiki;
mod writer;

/// What parsing reads besides the text.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options<'a> {
    /// Whether code gets its colours.
    pub highlight: bool,
    /// Whether the text is MDX: its components become markdown, its code is left out.
    pub jsx: bool,
    /// Which additions to markdown are read.
    pub extensions: Extensions,
    /// Where `#12` and commit hashes lead; they stay text without it.
    pub tracker: Option<&'a Tracker>,
}

/// Additions to markdown whose signs may mean something else to somebody, so that they can be turned off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Extensions {
    /// Whether `$…$` and its like are formulas.
    pub math: bool,
    /// Whether `:tada:` is an emoji.
    pub emoji: bool,
    /// Whether `@ana`, `#12` and commit hashes are links.
    pub mentions: bool,
    /// Whether `~` lowers text wherever it stands, and does not strike it out.
    pub subscript: bool,
}

impl Default for Extensions {
    fn default() -> Self {
        Extensions { math: true, emoji: true, mentions: true, subscript: false }
    }
}

impl Extensions {
    /// Those of one page, whose front matter has the last word.
    #[must_use]
    pub fn of_page(self, fields: &Fields) -> Extensions {
        let said = |field: &Option<Spanned<bool>>, otherwise| field.as_ref().map_or(otherwise, |it| it.value);
        Extensions { math: said(&fields.math, self.math), ..self }
    }
}

/// A parsed body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Body {
    /// The finished pieces of HTML; [`Segment::Html`] points into it.
    html: String,
    /// The text of everything that a reader sees: blocks, items and rows separated by a line end, cells and labels
    /// by a tab, code included, entities decoded, without alternative texts of images. Footnotes at the end.
    pub text: String,
    /// The body in order: finished HTML and slots.
    pub segments: Vec<Segment>,
    /// The direct children of the document. A raw HTML element and all that stands in it is one.
    pub blocks: Vec<Block>,
    /// The items of all top-level lists; [`BlockKind::List`] says which are whose.
    pub items: Vec<Item>,
    /// All headings, at whatever depth.
    pub headings: Vec<Heading>,
    /// The places that authors named themselves, in the order of the text.
    pub anchors: Vec<Anchor>,
    /// All links that are not unsafe.
    pub links: Vec<Link>,
    /// All images that are not unsafe.
    pub images: Vec<Image>,
    /// Formulas and diagrams as elements of MathML and SVG, made here and never by an author.
    pub drawings: Vec<String>,
    /// The footnotes, in the order of their numbers, which count from 1.
    pub footnotes: Vec<Footnote>,
    /// The segments of the section with all footnotes; empty where there are none. It belongs
    /// after the last block, or after the last section that is shown.
    pub footnote_section: Range<u32>,
}

/// A piece of a body: finished, safe HTML or a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Segment {
    /// A range of finished HTML.
    Html {
        /// First byte.
        from: u32,
        /// Just after the last byte.
        to: u32,
    },
    /// The beginning of [`Body::headings`]`[n]`.
    HeadingOpen(u32),
    /// Its end.
    HeadingClose(u32),
    /// The `id` attribute of [`Body::anchors`]`[n]`, within a tag.
    Anchor(u32),
    /// The beginning of [`Body::links`]`[n]`.
    LinkOpen(u32),
    /// Its end.
    LinkClose(u32),
    /// [`Body::images`]`[n]`.
    Image(u32),
    /// [`Body::drawings`]`[n]`.
    Drawing(u32),
    /// The beginning of [`Body::items`]`[n]`, an item of a top-level list.
    ItemOpen(u32),
    /// Its end.
    ItemClose(u32),
    /// A reference to a footnote.
    FootnoteReference {
        /// Index in [`Body::footnotes`].
        footnote: u32,
        /// Which reference to it this is, from 1.
        nth: u32,
    },
    /// The beginning of the list item of [`Body::footnotes`]`[n]`.
    FootnoteOpen(u32),
    /// The links back from [`Body::footnotes`]`[n]` to its references.
    FootnoteBack(u32),
    /// The box of a task: checked or not.
    Task(bool),
    /// What the text of a diagram is called below it.
    DiagramText,
    /// The word for a film, after the name of where it is shown.
    Film,
    /// The title of an alert, in the words of the site's language.
    AlertTitle(Alert),
    /// The beginning of the frame in which a wide table scrolls.
    TableOpen,
    /// The beginning of the section with all footnotes.
    FootnotesOpen,
}

/// A direct child of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Its segments.
    pub segments: Range<u32>,
    /// Its part of [`Body::text`], in bytes, without the line end after it.
    pub text: Range<u32>,
    /// Where it was written.
    pub span: Span,
}

/// What a block is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlockKind {
    /// [`Body::headings`]`[n]`.
    Heading(u32),
    /// A paragraph.
    Paragraph {
        /// Whether it is one bold text and nothing else; that text is the block's text.
        only_strong: bool,
        /// Whether it begins with a bold text that has its first line to itself.
        strong_line: bool,
    },
    /// A list.
    List {
        /// The number of the first item, if they are numbered.
        start: Option<u64>,
        /// Its items in [`Body::items`].
        items: Range<u32>,
    },
    /// A code block and its language, if it names one.
    Code(Option<String>),
    /// A table.
    Table,
    /// A quotation.
    Quote,
    /// An alert.
    Alert(Alert),
    /// Raw HTML, shown as HTML or as text, with all the blocks that stand inside its elements.
    Html,
    /// A line across.
    Rule,
}

/// An item of a top-level list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What stands between `<li>` and `</li>`.
    pub segments: Range<u32>,
    /// Its part of [`Body::text`], in bytes.
    pub text: Range<u32>,
    /// Where it was written.
    pub span: Span,
    /// Whether it has a box to tick.
    pub task: bool,
}

/// A heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6, as written.
    pub level: u8,
    /// GitHub's id for it, unique in the file, without any prefix.
    pub id: String,
    /// Its text.
    pub text: String,
    /// Whether it is a block of its own rather than within a list, a quotation or an element.
    pub top_level: bool,
    /// The index of its [`Segment::HeadingOpen`].
    pub segment: u32,
    /// Its part of [`Body::text`], in bytes.
    pub text_range: Range<u32>,
    /// Where it was written.
    pub span: Span,
}

/// A place that its author named: `<a id="pay">`, `<a name="pay">`, an `id` of another element, `## Title {#pay}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// Its name, which links use.
    pub name: String,
    /// Its id without any prefix, unique in the file. Empty where a heading has this id: the name means that heading.
    pub id: String,
    /// The index of its [`Segment::Anchor`], or of the heading's segment.
    pub segment: u32,
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The address as it was written, entities decoded, and the place of the whole link.
    pub destination: Spanned<String>,
    /// What the address means. Never [`Destination::Unsafe`].
    pub target: Destination,
    /// The text of the link.
    pub text: String,
    /// The text shown when one points at it.
    pub title: Option<String>,
    /// How it was written.
    pub kind: LinkKind,
}

/// How a link was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    /// `[text](address)`
    Inline,
    /// `[text][label]`, `[text]`; the address stands elsewhere.
    Reference,
    /// `<https://…>` or `<ana@…>`
    Autolink,
    /// An address in running text.
    Bare,
    /// A name in running text: `@ana`, `#12`. It is its text where it leads nowhere.
    Mention,
    /// `<a href>`
    Html,
    /// `[[page]]`
    Wiki,
}

/// An image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// The address as it was written, entities decoded, and the place of the whole image.
    pub source: Spanned<String>,
    /// What the address means. Never [`Destination::Unsafe`].
    pub target: Destination,
    /// Its description.
    pub alt: String,
    /// Whether its author said that there is nothing to describe; only `<img alt="">` can.
    pub ornament: bool,
    /// The text shown when one points at it.
    pub title: Option<String>,
    /// The width that its author wants, in pixels; only `<img>` has one.
    pub width: Option<u32>,
    /// The height that its author wants, in pixels.
    pub height: Option<u32>,
}

/// A footnote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Footnote {
    /// What its author calls it.
    pub label: String,
    /// How many references lead to it. GitHub drops a footnote without any; here nothing is lost.
    pub references: u32,
    /// Its part of [`Body::text`], in bytes.
    pub text: Range<u32>,
}

/// Parses a file from `body_at` on. `source` is the whole file with LF line ends, so that places
/// are right; `body_at` is a byte offset at the beginning of a line. Never fails: a body that is
/// too deep or would grow too large comes out empty, with a diagnostic that holds the page.
#[must_use]
pub fn parse(
    file: &Arc<str>,
    source: &str,
    body_at: usize,
    options: &Options<'_>,
) -> (Body, Vec<Diagnostic>) {
    let body_at = if source.is_char_boundary(body_at) { body_at } else { source.len() };
    writer::write(file, source, body_at, options)
}

impl Body {
    /// All segments of the blocks.
    #[must_use]
    pub fn all(&self) -> Range<u32> {
        self.segments_of(0..self.blocks.len())
    }

    /// The segments of neighbouring blocks. A range beyond the last block is cut.
    #[must_use]
    pub fn segments_of(&self, blocks: Range<usize>) -> Range<u32> {
        let end = blocks.end.min(self.blocks.len());
        match self.blocks.get(blocks.start..end) {
            Some([first, .., last]) => first.segments.start..last.segments.end,
            Some([one]) => one.segments.clone(),
            _ => 0..0,
        }
    }

    /// The text of neighbouring blocks.
    #[must_use]
    pub fn text_of(&self, blocks: Range<usize>) -> &str {
        let end = blocks.end.min(self.blocks.len());
        match self.blocks.get(blocks.start..end) {
            Some([first, .., last]) => self.text_at(first.text.start..last.text.end),
            Some([one]) => self.text_at(one.text.clone()),
            _ => "",
        }
    }

    /// A part of the text by its range.
    #[must_use]
    pub fn text_at(&self, range: Range<u32>) -> &str {
        self.text.get(range.start as usize..range.end as usize).unwrap_or_default()
    }

    /// The heading of this block, if it is one.
    #[must_use]
    pub fn heading_of(&self, block: usize) -> Option<&Heading> {
        match self.blocks.get(block)?.kind {
            BlockKind::Heading(heading) => self.headings.get(heading as usize),
            _ => None,
        }
    }

    /// The blocks under the heading at `block`: from the one after it to the next top-level
    /// heading that is not deeper.
    #[must_use]
    pub fn section(&self, block: usize) -> Range<usize> {
        let Some(level) = self.heading_of(block).map(|heading| heading.level) else { return block..block };
        let end = (block + 1..self.blocks.len())
            .find(|next| self.heading_of(*next).is_some_and(|heading| heading.level <= level));
        block + 1..end.unwrap_or(self.blocks.len())
    }
}

/// Appends text that may stand between double quotes, or anywhere.
pub(crate) fn escape_attribute(text: &str, out: &mut String) {
    for (index, part) in text.split('"').enumerate() {
        if index > 0 {
            out.push_str("&quot;");
        }
        escape_text(part, out);
    }
}

/// Text that came from outside the source, by entities, without what is hidden in it.
fn owned_visible(text: &str) -> String {
    match crate::page::text::visible(text) {
        Cow::Borrowed(text) => text.to_owned(),
        Cow::Owned(text) => text,
    }
}

fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
