//! What is decided before the parser pairs its delimiters: where bare addresses stand, and which emphasis begins or
//! ends beside Chinese, Japanese and Korean characters.
//!
//! The parser reads a copy of the text in which the signs of an address are full stops, and in which a CJK
//! character beside a delimiter stands for a letter or for punctuation, whichever makes the delimiter one. The copy
//! has the same length, so every text event is taken from the original at its offsets, and what is shown is what
//! was typed.
//!
//! The rule for emphasis is that of the "CJK-friendly" amendment to CommonMark
//! (<https://github.com/tats-u/markdown-cjk-friendly>): CJK characters, punctuation or not, never keep a delimiter
//! beside them from opening or closing. Only `*` and `~~` are read so; `_` is made for languages with spaces.

use std::collections::HashMap;
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, LinkType, Tag, TagEnd};
use unicode_normalization::char::is_combining_mark;

use super::autolink::{self, BareAddress};
use super::formula;
use super::writer::Events;
use crate::page::cjk::is_cjk;

/// What was found in a text.
#[derive(Default)]
pub(super) struct Mask {
    /// The bare addresses, in order.
    pub addresses: Vec<BareAddress>,
    /// The formulas, in order.
    pub formulas: Vec<formula::Found>,
    /// CJK characters beside delimiters, by their offsets.
    beside: Vec<(usize, Masking)>,
}

/// What a CJK character stands for. In a conflict punctuation wins: the delimiter that wanted a letter can then
/// still open or close as its other side says.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Masking {
    Letter,
    Punctuation,
}

/// What the parser made of the text as it is, as far as it matters for what is read before.
enum Zone {
    /// Nothing is looked for within: an image's or a link's label, an autolink, a tag.
    Skip(Range<usize>),
    /// A link or an image: its text, up to the bracket that closes it, and its end.
    Link { open: usize, text_end: usize, end: usize },
}

impl Zone {
    fn start(&self) -> usize {
        match self {
            Zone::Skip(range) => range.start,
            Zone::Link { open, .. } => *open,
        }
    }
}

impl Mask {
    /// One of formulas that are known before the text is read.
    pub(super) fn with(formulas: Vec<formula::Found>) -> Mask {
        Mask { formulas, ..Mask::default() }
    }

    /// Whether a text may hold anything that is to be looked for.
    pub(super) fn may_find(text: &str, math: bool) -> bool {
        let bytes = text.as_bytes();
        let is_wide = |at: usize| bytes.get(at).is_some_and(|b| *b >= 0x80);
        let www = |at: usize| bytes[at + 1..].starts_with(b"ww.") || bytes[at + 1..].starts_with(b"WW.");
        (math && formula::may_find(text))
            || memchr::memmem::find(bytes, b"://").is_some()
            || memchr::memchr2_iter(b'w', b'W', bytes).any(www)
            || memchr::memchr2_iter(b'*', b'~', bytes).any(|at| is_wide(at + 1) || at > 0 && is_wide(at - 1))
    }

    /// Reads a text whose events are these, in which formulas of several lines are known.
    pub(super) fn find(&mut self, text: &str, events: &Events<'_>, math: bool) {
        let mask = self;
        let (regions, mut zones) = inline_parts(events);
        if !mask.formulas.is_empty() {
            zones.extend(mask.formulas.iter().map(|found| Zone::Skip(found.at.clone())));
            zones.sort_by_key(Zone::start);
        }
        let mut first = 0;
        for region in regions {
            while zones.get(first).is_some_and(|zone| zone.start() < region.start) {
                first += 1;
            }
            Scan { text, at: region.start, free: region.start, no_host: 0, region, math, mask: &mut *mask }
                .all(&zones[first..]);
        }
        mask.formulas.sort_by_key(|found| found.at.start);
    }

    /// Whether the parser would see anything else than the text itself.
    pub(super) fn is_needed(&self, text: &str) -> bool {
        !self.beside.is_empty()
            || !self.formulas.is_empty()
            || self.addresses.iter().any(|it| text[it.at.clone()].bytes().any(is_sign))
    }

    /// The text as the parser is to see it.
    pub(super) fn masked(&self, text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        for found in &self.addresses {
            for at in found.at.clone() {
                // In a table `\|` is how one writes `|`.
                let is_pipe = bytes[at] == b'\\' && bytes.get(at + 1) == Some(&b'|');
                if is_sign(bytes[at]) && !is_pipe {
                    bytes[at] = b'.';
                }
            }
        }
        for found in &self.formulas {
            mask_formula(text, &found.at, &mut bytes);
        }
        let mut beside = self.beside.clone();
        beside.sort_unstable();
        for (at, stand) in beside {
            let length = text[at..].chars().next().map_or(0, char::len_utf8);
            let sign = match (length, stand) {
                (3, Masking::Letter) => "一",
                (3, Masking::Punctuation) => "。",
                (4, Masking::Letter) => "\u{20000}",
                (4, Masking::Punctuation) => "\u{10100}",
                _ => continue,
            };
            bytes[at..at + length].copy_from_slice(sign.as_bytes());
        }
        // Whole characters were replaced by whole characters, so this cannot fail.
        String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
    }

    /// Leaves out what did not come out as text, and says whether there was any: there the parser saw something
    /// else, and what the copy holds must not be shown.
    pub(super) fn drop_what_is_no_text(&mut self, events: &Events<'_>) -> bool {
        let mut in_code = false;
        let is_running = |(event, at): &'_ (Event<'_>, Range<usize>)| {
            match event {
                Event::Start(Tag::CodeBlock(_)) => in_code = true,
                Event::End(TagEnd::CodeBlock) => in_code = false,
                _ => {}
            }
            (!in_code && matches!(event, Event::Text(_))).then(|| at.clone())
        };
        let mut texts: Vec<Range<usize>> = events.iter().filter_map(is_running).collect();
        texts.sort_unstable_by_key(|range| range.start);
        let is_text = |at: usize| {
            let text = texts.partition_point(|range| range.start <= at);
            text.checked_sub(1).is_some_and(|text| texts[text].end > at)
        };
        let before = self.addresses.len() + self.beside.len() + self.formulas.len();
        self.formulas.retain(|found| is_text(found.at.start) && is_text(found.at.end - 1));
        self.addresses.retain(|found| is_text(found.at.start) && is_text(found.at.end - 1));
        self.beside.retain(|(at, _)| is_text(*at));
        self.addresses.len() + self.beside.len() + self.formulas.len() < before
    }
}

/// An event of the copy as one of the original.
pub(super) fn original<'t>(event: Event<'_>, masked: &str, text: &'t str) -> Event<'t> {
    if let Event::Text(seen) = &event {
        let offset = (seen.as_ptr() as usize).wrapping_sub(masked.as_ptr() as usize);
        if offset <= masked.len()
            && let Some(written) = text.get(offset..offset + seen.len())
        {
            return Event::Text(CowStr::Borrowed(written));
        }
    }
    event.into_static()
}

/// Signs that mean something to the parser within a line.
fn is_sign(b: u8) -> bool {
    matches!(b, b'*' | b'_' | b'~' | b'`' | b'[' | b']' | b'\\' | b'&' | b'!' | b'^' | b'$')
}

/// Makes a formula a word. Where its lines begin stays: that may be a quotation or a list in which it stands.
fn mask_formula(text: &str, at: &Range<usize>, bytes: &mut [u8]) {
    let has_lines = memchr::memchr(b'\n', &bytes[at.clone()]).is_some();
    let line = if has_lines { text[..at.start].rfind('\n').map_or(0, |end| end + 1) } else { at.start };
    let quotations = text[line..at.start].matches('>').count();
    let (mut at_start, mut left) = (false, 0);
    for byte in &mut bytes[at.clone()] {
        match byte {
            b'\n' => (at_start, left) = (true, quotations),
            b' ' | b'\t' if at_start => {}
            b'>' if at_start && left > 0 => left -= 1,
            _ => {
                at_start = false;
                *byte = b'x';
            }
        }
    }
}

/// The stretches of running text, and what in them is none.
fn inline_parts(events: &Events<'_>) -> (Vec<Range<usize>>, Vec<Zone>) {
    let (mut regions, mut zones) = (Vec::<Range<usize>>::new(), Vec::new());
    let mut region: Option<Range<usize>> = None;
    // Links and images that are open: whether their text is a label, and where what they hold ends.
    let mut open: Vec<(usize, bool, usize)> = Vec::new();
    let mut in_block_of_code = false;
    for (event, range) in events {
        let is_inline = match event {
            Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock) => {
                in_block_of_code = true;
                false
            }
            Event::End(TagEnd::CodeBlock | TagEnd::HtmlBlock) => {
                in_block_of_code = false;
                false
            }
            Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough)
            | Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough) => true,
            Event::Start(Tag::Link { link_type, .. } | Tag::Image { link_type, .. }) => {
                let is_label =
                    !matches!(link_type, LinkType::Inline | LinkType::Reference | LinkType::ReferenceUnknown);
                open.push((zones.len(), is_label, range.start + 1));
                zones.push(Zone::Skip(range.clone()));
                true
            }
            Event::End(TagEnd::Link | TagEnd::Image) => {
                if let Some((zone, false, text_end)) = open.pop() {
                    zones[zone] = Zone::Link { open: range.start, text_end, end: range.end };
                }
                true
            }
            Event::Start(_) | Event::End(_) | Event::Rule | Event::Html(_) => false,
            Event::InlineHtml(_) | Event::FootnoteReference(_) => {
                zones.push(Zone::Skip(range.clone()));
                true
            }
            _ => !in_block_of_code,
        };
        if !is_inline {
            regions.extend(region.take());
            continue;
        }
        if let Some((_, _, text_end)) = open.last_mut() {
            *text_end = (*text_end).max(range.end);
        }
        // What an inner link holds ends before the outer one does.
        if matches!(event, Event::Start(Tag::Link { .. } | Tag::Image { .. }))
            && let Some((.., text_end)) = open.last_mut()
        {
            *text_end = range.start + 1;
        }
        let whole = region.get_or_insert_with(|| range.clone());
        whole.start = whole.start.min(range.start);
        whole.end = whole.end.max(range.end);
    }
    regions.extend(region);
    regions.sort_unstable_by_key(|it| it.start);
    zones.sort_by_key(Zone::start);
    (regions, zones)
}

/// One way through a stretch of running text, from left to right.
struct Scan<'s> {
    text: &'s str,
    region: Range<usize>,
    at: usize,
    /// Where an address may begin: what lies before belongs to something else.
    free: usize,
    /// Up to where what looks like the name of a host is none.
    no_host: usize,
    /// Whether formulas are looked for.
    math: bool,
    mask: &'s mut Mask,
}

impl Scan<'_> {
    // Long because each sign has its branch.
    fn all(mut self, zones: &[Zone]) {
        let bytes = self.text.as_bytes();
        let mut zones = zones.iter().peekable();
        let mut links: Vec<(usize, usize)> = Vec::new();
        let mut brackets = 0usize;
        let mut ticks = None;
        while self.at < self.region.end {
            let at = self.at;
            if let Some(zone) = zones.next_if(|zone| zone.start() <= at) {
                match zone {
                    Zone::Skip(range) if range.start == at => self.go_to(range.end),
                    Zone::Link { open, text_end, end } if *open == at => links.push((*text_end, *end)),
                    // It began within an address.
                    _ => {}
                }
                continue;
            }
            if let Some((text_end, end)) = links.last().copied()
                && text_end <= at
            {
                links.pop();
                brackets = brackets.saturating_sub(1);
                if text_end == at {
                    self.go_to(end);
                }
                continue;
            }
            if self.math
                && matches!(bytes[at], b'$' | b'\\')
                && let Some(found) = self.formula(links.last().map(|link| link.0))
            {
                self.go_to(found.at.end);
                self.mask.formulas.push(found);
                continue;
            }
            match bytes[at] {
                b'\\' => {
                    self.go_to(at + 1 + usize::from(bytes.get(at + 1).is_some_and(u8::is_ascii_punctuation)))
                }
                b'`' => {
                    let ticks = ticks.get_or_insert_with(|| ticks_of(bytes, &self.region));
                    let length = run_length(bytes, at, self.region.end);
                    let closes = ticks.get(&length).and_then(|starts| {
                        starts.get(starts.partition_point(|start| *start < at + length)).copied()
                    });
                    self.go_to(closes.unwrap_or(at) + length);
                }
                b'[' => {
                    brackets += 1;
                    self.at += 1;
                }
                b']' => {
                    brackets = brackets.saturating_sub(1);
                    self.at += 1;
                }
                // What ends like a name that is none is none either.
                b'w' | b'W' if at < self.no_host => self.at += 1,
                b':' | b'w' | b'W' => {
                    let end = links.last().map_or(self.region.end, |link| link.0.min(self.region.end));
                    match autolink::address(self.text, at, self.free..end.max(at), brackets > 0) {
                        Some(found) => {
                            let end = found.at.end;
                            self.mask.addresses.push(found);
                            self.go_to(end);
                        }
                        None => {
                            if autolink::begins_www(self.text, at, &self.region) {
                                let length = autolink::host_length(&self.text[at..]);
                                self.no_host = at + length.unwrap_or(autolink::HOST);
                            }
                            self.at += 1;
                        }
                    }
                }
                b'*' | b'~' => {
                    let length = run_length(bytes, at, self.region.end);
                    if bytes[at] == b'*' || length > 1 {
                        self.delimiter(at..at + length);
                    }
                    self.go_to(at + length);
                }
                _ => self.at += 1,
            }
        }
    }

    /// The formula that begins here, within the link that is open.
    fn formula(&self, link_end: Option<usize>) -> Option<formula::Found> {
        let end = link_end.map_or(self.region.end, |end| end.min(self.region.end));
        match self.text.as_bytes()[self.at] {
            b'$' => formula::dollars(self.text, self.at, end),
            _ => formula::brackets(self.text, self.at, end),
        }
    }

    fn go_to(&mut self, at: usize) {
        self.at = at;
        self.free = at;
    }

    /// A run of delimiters. What stands beside it in CJK takes the class of what stands on the other side.
    fn delimiter(&mut self, run: Range<usize>) {
        let before = self.text[..run.start].chars().next_back();
        let after = self.text[run.end..].chars().next();
        let before_at = run.start - before.map_or(0, char::len_utf8);
        for (c, at, other) in [(before, before_at, after), (after, run.end, before)] {
            let Some(c) = c.filter(|c| is_cjk(*c)) else { continue };
            if other.is_some_and(|other| !is_cjk(other) && is_punctuation(other)) {
                self.mask.beside.push((at, Masking::Punctuation));
            } else if !c.is_alphanumeric() {
                self.mask.beside.push((at, Masking::Letter));
            }
        }
    }
}

/// Where each run of backticks begins, by its length.
fn ticks_of(bytes: &[u8], region: &Range<usize>) -> HashMap<usize, Vec<usize>> {
    let mut ticks: HashMap<usize, Vec<usize>> = HashMap::new();
    let mut at = region.start;
    while let Some(step) = memchr::memchr(b'`', &bytes[at..region.end]) {
        let length = run_length(bytes, at + step, region.end);
        ticks.entry(length).or_default().push(at + step);
        at += step + length;
    }
    ticks
}

fn run_length(bytes: &[u8], at: usize, end: usize) -> usize {
    bytes[at..end].iter().take_while(|b| **b == bytes[at]).count()
}

fn is_punctuation(c: char) -> bool {
    c.is_ascii_punctuation()
        || !(c.is_ascii() || c.is_alphanumeric() || c.is_whitespace() || is_combining_mark(c))
}
