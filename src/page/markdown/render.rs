//! The last step: a body's segments joined, its slots filled by code that knows the site.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;

use super::alert::Titles;
use super::{Body, Image, Segment, escape_attribute, escape_text};

/// Where a body is shown.
#[derive(Debug, Clone, Copy)]
pub struct RenderContext<'a> {
    /// What stands before every heading id: `h-` for an entry, `h-ana-` for a reply.
    pub id_prefix: &'a str,
    /// What tells the footnotes of one body from those of another on the page: nothing for an
    /// entry, `ana-` for a reply. Ids are `fn-<prefix><n>` and `fnref-<prefix><n>`.
    pub footnote_prefix: &'a str,
    /// How many levels deeper each heading stands than it was written; six stays the last.
    pub demote: u8,
    /// The level of the heading that the text stands under. No heading is more than one level below
    /// the one before it, so that anyone who listens to a page can tell what belongs to what.
    pub above: u8,
    /// The words that the page adds to the text.
    pub words: &'a Words,
}

/// The words that a body needs and that its author did not write, in the language of the site.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the fields are the English words")]
pub struct Words {
    /// The titles of alerts whose authors wrote none.
    pub alerts: Titles,
    pub table: Cow<'static, str>,
    pub footnotes: Cow<'static, str>,
    /// The label of a link from a footnote back to the text; the number follows.
    pub back_to_reference: Cow<'static, str>,
    pub done: Cow<'static, str>,
    pub open: Cow<'static, str>,
    pub video: Cow<'static, str>,
    pub diagram_text: Cow<'static, str>,
}

impl Words {
    /// English.
    pub const ENGLISH: Words = Words {
        alerts: Titles::ENGLISH,
        table: Cow::Borrowed("Table"),
        footnotes: Cow::Borrowed("Footnotes"),
        back_to_reference: Cow::Borrowed("Back to reference"),
        done: Cow::Borrowed("done"),
        open: Cow::Borrowed("open"),
        video: Cow::Borrowed("video"),
        diagram_text: Cow::Borrowed("Diagram as text"),
    };
}

/// What becomes of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkTarget {
    /// It leads there.
    To {
        /// The address, not yet escaped.
        href: String,
        /// Whether it leaves the site.
        rel: Rel,
    },
    /// It leads there, and what it names is its text: `[[text|page]]`, as some wikis write it.
    Reversed {
        /// The address, not yet escaped.
        href: String,
        /// The text.
        text: String,
    },
    /// It becomes its text.
    Dead,
}

/// Whether a link leaves the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rel {
    /// To a page of the site.
    Internal,
    /// To somebody else's: `rel="ugc nofollow noopener"`.
    External,
    /// To a file of the site that is saved and never shown: `download`.
    Download,
}

/// What becomes of an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImageTarget {
    /// It is shown.
    Show {
        /// The address, not yet escaped.
        src: String,
        /// The width of the file in pixels, if known.
        width: Option<u32>,
        /// The height of the file in pixels, if known.
        height: Option<u32>,
    },
    /// A film or a recording beside the page, in a player.
    Play {
        /// The address, not yet escaped.
        src: String,
        /// Whether there is something to see.
        is_video: bool,
    },
    /// A remote image becomes a link with its description; within a link only the description.
    AsLink {
        /// The address, not yet escaped.
        href: String,
    },
    /// It becomes its description.
    Dead,
}

/// The longest list of links back from one footnote: each reference is four bytes of source.
const BACK_LINKS: u32 = 20;

impl Body {
    /// Joins segments and fills their slots. `link` and `image` are asked once for each slot, with
    /// the index in [`Body::links`] and [`Body::images`]. A range beyond the end is cut.
    // Long because each kind of slot has its branch.
    pub fn render(
        &self,
        segments: Range<u32>,
        place: &RenderContext<'_>,
        mut link: impl FnMut(u32) -> LinkTarget,
        mut image: impl FnMut(u32) -> ImageTarget,
    ) -> String {
        let end = self.segments.len().min(segments.end as usize);
        let segments = self.segments.get(segments.start as usize..end).unwrap_or_default();
        let mut out = String::with_capacity(capacity(segments));
        let mut heading_level = place.above;
        let mut open_links: Vec<bool> = Vec::new();
        let mut is_replaced = false;
        for segment in segments {
            // What was shown in place of the text of a link ends with the link.
            if is_replaced && !matches!(segment, Segment::LinkClose(_)) {
                continue;
            }
            is_replaced = false;
            match *segment {
                Segment::Html { from, to } => {
                    out.push_str(self.html.get(from as usize..to as usize).unwrap_or_default());
                }
                Segment::HeadingOpen(index) => {
                    let Some(heading) = self.headings.get(index as usize) else { continue };
                    heading_level = shown_level(heading.level, place).min(heading_level.saturating_add(1));
                    let _ = write!(out, "<h{heading_level} id=\"");
                    escape_attribute(place.id_prefix, &mut out);
                    escape_attribute(&heading.id, &mut out);
                    out.push_str("\">");
                }
                Segment::HeadingClose(index) => {
                    let Some(_) = self.headings.get(index as usize) else { continue };
                    let _ = write!(out, "</h{heading_level}>");
                }
                Segment::Anchor(index) => {
                    let anchor = self.anchors.get(index as usize).filter(|anchor| !anchor.id.is_empty());
                    if let Some(anchor) = anchor {
                        out.push_str(" id=\"");
                        escape_attribute(place.id_prefix, &mut out);
                        escape_attribute(&anchor.id, &mut out);
                        out.push('"');
                    }
                }
                Segment::LinkOpen(index) => {
                    let open = match link(index) {
                        LinkTarget::To { href, rel } => {
                            let title = self.links.get(index as usize).and_then(|link| link.title.as_deref());
                            open_link(&href, rel, title, &mut out);
                            true
                        }
                        LinkTarget::Reversed { href, text } => {
                            open_link(&href, Rel::Internal, None, &mut out);
                            escape_text(&text, &mut out);
                            is_replaced = true;
                            true
                        }
                        LinkTarget::Dead => false,
                    };
                    open_links.push(open);
                }
                Segment::LinkClose(_) => {
                    if open_links.pop() == Some(true) {
                        out.push_str("</a>");
                    }
                }
                Segment::Image(index) => {
                    let Some(of) = self.images.get(index as usize) else { continue };
                    show_image(of, image(index), open_links.contains(&true), &mut out);
                }
                Segment::Drawing(index) => {
                    out.push_str(self.drawings.get(index as usize).map_or("", String::as_str));
                }
                Segment::ItemOpen(index) => {
                    let task = self.items.get(index as usize).is_some_and(|item| item.task);
                    out.push_str(if task { "<li class=\"task\">" } else { "<li>" });
                }
                Segment::ItemClose(_) => out.push_str("</li>\n"),
                Segment::FootnoteReference { footnote, nth } => {
                    let number = footnote + 1;
                    let _ = write!(out, "<sup><a href=\"#fn-{}{number}\"", escaped(place.footnote_prefix));
                    let _ =
                        write!(out, " id=\"fnref-{}{number}{}\"", escaped(place.footnote_prefix), Nth(nth));
                    let _ = write!(out, " role=\"doc-noteref\">{number}</a></sup>");
                }
                // Those of the page itself are a landmark. Of replies there may be sixty, all of one name.
                Segment::FootnotesOpen => {
                    let role = if place.footnote_prefix.is_empty() { "doc-endnotes" } else { "group" };
                    let _ = write!(out, "<section class=\"footnotes\" role=\"{role}\" aria-label=\"");
                    escape_attribute(&place.words.footnotes, &mut out);
                    out.push_str("\">\n<ol>\n");
                }
                Segment::FootnoteOpen(index) => {
                    let _ = write!(out, "<li id=\"fn-{}{}\">", escaped(place.footnote_prefix), index + 1);
                }
                Segment::FootnoteBack(index) => self.link_back(index, place, &mut out),
                Segment::Task(checked) => {
                    out.push_str("<input type=\"checkbox\" disabled aria-label=\"");
                    escape_attribute(if checked { &place.words.done } else { &place.words.open }, &mut out);
                    out.push_str(if checked { "\" checked> " } else { "\"> " });
                }
                Segment::DiagramText => escape_text(&place.words.diagram_text, &mut out),
                Segment::Film => {
                    out.push_str(" · ");
                    escape_text(&place.words.video, &mut out);
                }
                Segment::AlertTitle(alert) => {
                    escape_text(place.words.alerts.of(alert), &mut out);
                }
                Segment::TableOpen => {
                    out.push_str("<div class=\"table\" role=\"group\" tabindex=\"0\" aria-label=\"");
                    escape_attribute(&place.words.table, &mut out);
                    out.push_str("\">");
                }
            }
        }
        out
    }

    fn link_back(&self, index: u32, place: &RenderContext<'_>, out: &mut String) {
        let references = self.footnotes.get(index as usize).map_or(0, |footnote| footnote.references);
        for nth in 1..=references.min(BACK_LINKS) {
            let number = index + 1;
            let prefix = escaped(place.footnote_prefix);
            let _ = write!(out, " <a href=\"#fnref-{prefix}{number}{}\" class=\"footnote-back\"", Nth(nth));
            out.push_str(" role=\"doc-backlink\" aria-label=\"");
            escape_attribute(&place.words.back_to_reference, out);
            let _ = write!(out, " {number}{}\">↩</a>", Nth(nth));
        }
    }
}

/// The second reference to footnote 1 is `1_2`; the first is `1`.
struct Nth(u32);

impl std::fmt::Display for Nth {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0 > 1 { write!(out, "_{}", self.0) } else { Ok(()) }
    }
}

fn capacity(segments: &[Segment]) -> usize {
    segments
        .iter()
        .map(|segment| if let Segment::Html { from, to } = segment { to - from } else { 48 })
        .sum::<u32>() as usize
}

fn shown_level(level: u8, place: &RenderContext<'_>) -> u8 {
    level.saturating_add(place.demote).clamp(1, 6)
}

fn escaped(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|b| !matches!(b, b'<' | b'>' | b'&' | b'"')) {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    escape_attribute(text, &mut out);
    Cow::Owned(out)
}

fn open_link(href: &str, rel: Rel, title: Option<&str>, out: &mut String) {
    out.push_str("<a href=\"");
    escape_attribute(href, out);
    if let Some(title) = title {
        out.push_str("\" title=\"");
        escape_attribute(title, out);
    }
    out.push_str(match rel {
        Rel::Internal => "\">",
        Rel::External => "\" rel=\"ugc nofollow noopener\">",
        Rel::Download => "\" download>",
    });
}

fn show_image(image: &Image, target: ImageTarget, in_link: bool, out: &mut String) {
    match target {
        ImageTarget::Show { src, width, height } => {
            out.push_str("<img src=\"");
            escape_attribute(&src, out);
            out.push_str("\" alt=\"");
            escape_attribute(&image.alt, out);
            out.push('"');
            if let Some(title) = &image.title {
                out.push_str(" title=\"");
                escape_attribute(title, out);
                out.push('"');
            }
            if let (Some(width), Some(height)) = shown_size(image, width, height) {
                let _ = write!(out, " width=\"{width}\" height=\"{height}\"");
            }
            out.push_str(" loading=\"lazy\" decoding=\"async\">");
        }
        ImageTarget::Play { src, is_video } if !in_link => play(image, &src, is_video, out),
        ImageTarget::AsLink { href } if !in_link => {
            open_link(&href, Rel::External, image.title.as_deref(), out);
            escape_text(description(image), out);
            out.push_str("</a>");
        }
        ImageTarget::Play { .. } | ImageTarget::AsLink { .. } => escape_text(description(image), out),
        ImageTarget::Dead => escape_text(&image.alt, out),
    }
}

/// A player, and in it a link for whoever cannot play the file.
fn play(image: &Image, src: &str, is_video: bool, out: &mut String) {
    let element = if is_video { "video" } else { "audio" };
    let _ = write!(out, "<{element} controls preload=\"metadata\" src=\"");
    escape_attribute(src, out);
    out.push_str("\" aria-label=\"");
    escape_attribute(description(image), out);
    out.push('"');
    for (name, side) in [("width", image.width), ("height", image.height)] {
        if let Some(side) = side.filter(|_| is_video) {
            let _ = write!(out, " {name}=\"{side}\"");
        }
    }
    out.push('>');
    open_link(src, Rel::Internal, None, out);
    escape_text(description(image), out);
    let _ = write!(out, "</a></{element}>");
}

/// A link needs a text: where there is no description the last part of the address will do.
fn description(image: &Image) -> &str {
    if !image.alt.trim().is_empty() {
        return &image.alt;
    }
    let path = image.source.value.split(['?', '#']).next().unwrap_or_default();
    path.trim_end_matches('/').rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("image")
}

/// The author's size, made whole by the proportions of the file so that nothing jumps on loading.
fn shown_size(image: &Image, width: Option<u32>, height: Option<u32>) -> (Option<u32>, Option<u32>) {
    let scale = |to: u32, from: u32, other: u32| {
        u32::try_from((u64::from(other) * u64::from(to) + u64::from(from) / 2) / u64::from(from))
            .ok()
            .filter(|it| *it <= crate::media::MAX_SIDE)
    };
    match (image.width, image.height, width, height) {
        (Some(w), Some(h), _, _) => (Some(w), Some(h)),
        (Some(w), None, Some(width), Some(height)) if width > 0 => (Some(w), scale(w, width, height)),
        (None, Some(h), Some(width), Some(height)) if height > 0 => (scale(h, height, width), Some(h)),
        (_, _, width, height) => (width, height),
    }
}
