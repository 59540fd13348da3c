//! Running text, links and images.

use std::borrow::Cow;
use std::mem;
use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{CowStr, Event};

use super::autolink::{self, BareAddress};
use super::emoji;
use super::mention::{self, Mention};
use super::wiki;
use super::writer::{Events, Writer, spaced};
use super::{Image, Link, LinkKind, Segment, escape_text, narrow};
use crate::diagnostic::{Diagnostic, Rule, Span, Spanned};
use crate::page::destination::{Destination, Reason, classify, named};
use crate::page::limits;
use crate::page::text;

impl Writer<'_> {
    /// Neighbouring texts are one: the parser cuts at every `_`, `&` and `\`, addresses don't.
    pub(super) fn texts(
        &mut self,
        events: &Events<'_>,
        at: usize,
        text: &CowStr<'_>,
        range: &Range<usize>,
    ) -> usize {
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
    pub(super) fn as_written<'t>(&self, text: &'t str, range: &Range<usize>) -> Cow<'t, str> {
        let source: &str = &self.source.cleaned.text;
        if source.get(range.start..).is_some_and(|rest| rest.as_ptr() == text.as_ptr()) {
            Cow::Borrowed(text)
        } else {
            text::visible(text)
        }
    }

    /// Writes running text. `pieces` maps its offsets to those of the source.
    pub(super) fn run(&mut self, run: &str, pieces: &[(usize, usize)]) {
        if self.images > 0 {
            let mut written = 0;
            for (at, emoji) in self.emoji_in(run) {
                self.alt.push_str(&run[written..at.start]);
                self.alt.push_str(emoji);
                written = at.end;
            }
            self.alt.push_str(&run[written..]);
            return;
        }
        self.contacts(run, &|at| source_range(pieces, at));
        self.note_escaped(run, pieces);
        let mentions = self.options.extensions.mentions
            && self.mentions < limits::MENTIONS
            && (self.signs.at || self.options.tracker.is_some());
        let may_link = self.signs.at || mentions || !self.addresses.is_empty();
        if !may_link || !self.open_links.is_empty() {
            return self.words(run, 0);
        }
        let mut found = mem::take(&mut self.found);
        self.addresses_in(run, pieces, &mut found);
        if self.signs.at {
            autolink::add_mails(run, &mut found);
        }
        let mut mentions = if mentions { mention::find(run, self.options.tracker) } else { Vec::new() };
        mentions.retain(|it| self.escaped.binary_search(&it.at.start).is_err());
        let mut mentions = mentions.into_iter().peekable();
        let mut written = 0;
        for link in &found {
            while let Some(mention) = mentions.next_if(|it| it.at.start < link.at.end) {
                if mention.at.end <= link.at.start && mention.at.start >= written {
                    self.mention(run, &mut written, mention, pieces);
                }
            }
            self.words(&run[written..link.at.start], written);
            let address = &run[link.at.clone()];
            let place = source_range(pieces, link.at.clone());
            self.open_bare_link(format!("{}{address}", link.scheme), place, LinkKind::Bare);
            self.plain(address);
            self.close_link();
            written = link.at.end;
        }
        for mention in mentions {
            if mention.at.start >= written {
                self.mention(run, &mut written, mention, pieces);
            }
        }
        self.words(&run[written..], written);
        self.found = found;
    }

    /// Writes a mention as a link, and the text before it.
    fn mention(&mut self, run: &str, written: &mut usize, mention: Mention, pieces: &[(usize, usize)]) {
        if self.mentions >= limits::MENTIONS {
            return;
        }
        self.mentions += 1;
        self.words(&run[*written..mention.at.start], *written);
        *written = mention.at.end;
        let place = source_range(pieces, mention.at.clone());
        self.open_bare_link(mention.address, place, LinkKind::Mention);
        self.plain(&run[mention.at]);
        self.close_link();
    }

    /// The emoji that are named in a text, if names are read.
    fn emoji_in<'t>(&self, text: &'t str) -> impl Iterator<Item = (Range<usize>, &'static str)> + use<'t> {
        emoji::find(if self.options.extensions.emoji { text } else { "" })
    }

    /// Notes where a backslash says that a sign in a run is only a sign.
    fn note_escaped(&mut self, run: &str, pieces: &[(usize, usize)]) {
        self.escaped.clear();
        let source = self.source.cleaned.text.as_bytes();
        let is_escaped =
            |(_, at): &&(usize, usize)| at.checked_sub(1).is_some_and(|before| source[before] == b'\\');
        let signs = [':', '@', '#', '!'];
        let offsets = pieces.iter().filter(is_escaped).map(|(offset, _)| *offset);
        self.escaped.extend(offsets.filter(|offset| run[*offset..].starts_with(signs)).take(1_000));
    }

    /// Writes text that begins at an offset of a run, emoji for their names.
    fn words(&mut self, text: &str, offset: usize) {
        let mut written = 0;
        for (at, emoji) in self.emoji_in(text) {
            if self.escaped.binary_search(&(offset + at.start)).is_ok() {
                continue;
            }
            self.plain(&text[written..at.start]);
            let start = self.body.text.len();
            self.plain(emoji);
            if !self.open_headings.is_empty() {
                self.heading_emoji.push((start..self.body.text.len(), text[at.clone()].to_owned()));
            }
            written = at.end;
        }
        self.plain(&text[written..]);
    }

    /// The addresses that were found in the part of the source from which a run comes, by their places in the run.
    fn addresses_in(&self, run: &str, pieces: &[(usize, usize)], out: &mut Vec<BareAddress>) {
        out.clear();
        for (index, (offset, source)) in pieces.iter().enumerate() {
            let length = pieces.get(index + 1).map_or(run.len(), |next| next.0) - offset;
            let first = self.addresses.partition_point(|it| it.at.start < *source);
            let here = self.addresses[first..].iter().take_while(|it| it.at.start < source + length);
            for found in here {
                let last = pieces.partition_point(|(_, source)| *source < found.at.end).saturating_sub(1);
                let at = offset + found.at.start - source..pieces[last].0 + found.at.end - pieces[last].1;
                if run.get(at.clone()).is_some_and(|address| !address.is_empty()) {
                    out.push(BareAddress { at, scheme: found.scheme });
                }
            }
        }
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
                self.report(|file| text::email_in_sight(file, span, &run[at]));
            }
        }
        if self.signs.phone {
            for at in text::phones(run) {
                let span = self.source.span(place(at.clone()));
                self.report(|file| text::phone_in_sight(file, span, &run[at]));
            }
        }
    }

    pub(super) fn plain(&mut self, text: &str) {
        escape_text(text, &mut self.body.html);
        self.body.text.push_str(&spaced(text));
    }

    /// Opens a link, or only remembers that one is open: within another link, or an unsafe one.
    pub(super) fn open_link(
        &mut self,
        destination: String,
        title: Option<String>,
        kind: LinkKind,
        range: Range<usize>,
    ) {
        let target = if kind == LinkKind::Wiki { named(&destination) } else { classify(&destination) };
        let span = self.source.span(range);
        let text = self.body.text.len();
        if let Destination::Unsafe(reason) = &target {
            // `<std::vector>` has the form of a link; it is what somebody wrote between brackets.
            let is_bracketed = kind == LinkKind::Autolink && !looks_like_address(&destination);
            if is_bracketed {
                self.plain("<");
                self.bracketed = true;
            } else {
                self.report(|file| unsafe_link(file, span, reason, "link", "its text"));
            }
        }
        if matches!(target, Destination::Unsafe(_)) || !self.open_links.is_empty() {
            self.open_links.push((None, text));
            return;
        }
        if let Destination::Mail(address) = &target {
            let address = address.split('?').next().unwrap_or_default();
            if text::email_is_public(address) {
                self.report(|file| text::email_in_sight(file, span, address));
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

    pub(super) fn open_bare_link(&mut self, destination: String, range: Range<usize>, kind: LinkKind) {
        let target = classify(&destination);
        if matches!(target, Destination::Unsafe(_)) {
            self.open_links.push((None, self.body.text.len()));
            return;
        }
        let span = self.source.span(range);
        let destination = Spanned::new(destination, span);
        self.push_link(Link { destination, target, text: String::new(), title: None, kind });
    }

    pub(super) fn push_link(&mut self, link: Link) {
        let index = narrow(self.body.links.len());
        self.promised += link.destination.value.len() + link.title.as_ref().map_or(0, String::len) + 50;
        self.body.links.push(link);
        self.open_links.push((Some(index), self.body.text.len()));
        self.slot(Segment::LinkOpen(index));
    }

    pub(super) fn close_link(&mut self) {
        if mem::take(&mut self.bracketed) {
            self.plain(">");
        }
        if let Some((Some(index), text)) = self.open_links.pop() {
            self.body.links[index as usize].text = self.body.text.get(text..).unwrap_or_default().to_owned();
            self.slot(Segment::LinkClose(index));
        }
    }

    /// Writes the image whose description was read.
    pub(super) fn end_image(&mut self, start: usize) {
        let Some((source, title)) = self.image.take() else { return };
        let mut alt = mem::take(&mut self.alt);
        let mut size = self.sizes.get(&start).copied().unwrap_or_default();
        // As Obsidian says the size of a picture.
        if let Some((said, pixels)) =
            alt.rsplit_once('|').and_then(|(alt, end)| Some((alt, wiki::pixels(end.trim())?)))
        {
            size = pixels;
            alt = said.trim_end().to_owned();
        }
        let title = Some(title).filter(|title| !title.is_empty());
        let (caption, title) = if mem::take(&mut self.in_figure) { (title, None) } else { (None, title) };
        self.image(source, alt, false, title, size.0, size.1);
        self.is_named = false;
        if let Some(caption) = caption {
            self.body.html.push_str("<figcaption>");
            self.plain(&caption);
            self.body.html.push_str("</figcaption>");
            self.break_text();
        }
    }

    pub(super) fn image(
        &mut self,
        source: Spanned<String>,
        alt: String,
        ornament: bool,
        title: Option<String>,
        width: Option<u32>,
        height: Option<u32>,
    ) {
        let target = if self.is_named { named(&source.value) } else { classify(&source.value) };
        if let Destination::Unsafe(reason) = &target {
            self.report(|file| unsafe_link(file, source.span, reason, "image", "its description"));
            escape_text(&alt, &mut self.body.html);
            return;
        }
        let index = narrow(self.body.images.len());
        self.promised += source.value.len() + alt.len() + title.as_ref().map_or(0, String::len) + 80;
        self.body.images.push(Image { source, target, alt, ornament, title, width, height });
        self.slot(Segment::Image(index));
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

/// Whether something between `<` and `>` is meant as an address, if not as one that we follow.
fn looks_like_address(text: &str) -> bool {
    let scheme = text.split(':').next().unwrap_or_default().to_ascii_lowercase();
    text.contains("://")
        || matches!(
            scheme.as_str(),
            "javascript" | "vbscript" | "data" | "file" | "blob" | "tel" | "sms" | "about"
        )
}

fn unsafe_link(file: &Arc<str>, span: Span, reason: &Reason, what: &str, left: &str) -> Diagnostic {
    Diagnostic::new(Rule::UnsafeLink, file, span, format!("This {what} was left out: {reason}.")).help(
        if reason.is_local() {
            format!("Only {left} is shown. Put the file beside this page, and write its name.")
        } else {
            format!("Only {left} is shown. Use the path of a file, or an address with `https:` or `mailto:`.")
        },
    )
}
