//! A block's way through the second layer and back: slots travel as elements that carry a number.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt::Write as _;

use super::Segment;
use super::writer::Writer;
use crate::page::html::{self, Tag, Token, attributes};

/// What is written where an element ends.
enum Ending {
    /// Its own closing tag.
    Tag,
    /// A slot.
    Slot(Segment),
    Nothing,
}

impl Writer<'_> {
    /// Sends the block that was written from here on through the second layer. Slots travel as
    /// elements that carry their number.
    pub(super) fn second_layer(&mut self, segment: usize, html: usize) {
        let mut slots = Vec::new();
        let mut sent = String::with_capacity((self.body.html.len() - html) * 2);
        for segment in &self.body.segments[segment..] {
            let number = slots.len();
            let _ = match *segment {
                Segment::Html { from, to } => {
                    sent.push_str(&self.body.html[from as usize..to as usize]);
                    continue;
                }
                Segment::Anchor(_) => write!(sent, " data-anchor=\"{number}\""),
                Segment::LinkOpen(_) => write!(sent, "<a data-slot=\"{number}\">"),
                Segment::LinkClose(_) => write!(sent, "</a>"),
                Segment::HeadingOpen(index) => {
                    let level = self.body.headings[index as usize].level;
                    write!(sent, "<h{level} data-slot=\"{number}\">")
                }
                Segment::HeadingClose(index) => {
                    write!(sent, "</h{}>", self.body.headings[index as usize].level)
                }
                Segment::ItemOpen(_) => write!(sent, "<li data-slot=\"{number}\">"),
                Segment::ItemClose(_) => writeln!(sent, "</li>"),
                Segment::TableOpen => write!(sent, "<div data-slot=\"{number}\">"),
                _ => write!(sent, "<img data-slot=\"{number}\">"),
            };
            slots.push(*segment);
        }
        let cleaned = html::clean(&sent);
        self.take_back(segment, html);
        self.put_back(&cleaned, &slots);
    }

    fn put_back(&mut self, cleaned: &str, slots: &[Segment]) {
        let mut open: Vec<(Cow<'_, str>, Ending)> = Vec::new();
        let mut named = HashSet::new();
        for (_, token) in html::tokens(cleaned) {
            match token {
                Token::Text(text) | Token::OpenComment(text) => self.body.html.push_str(text),
                Token::Comment => {}
                Token::Open(tag) => {
                    let slot = attributes(&tag)
                        .iter()
                        .find(|(name, _)| name == "data-slot")
                        .and_then(|(_, number)| slots.get(number.parse::<usize>().ok()?))
                        .copied();
                    let ending = match slot {
                        Some(slot) => {
                            self.slot(slot);
                            closer(slot).map_or(Ending::Tag, Ending::Slot)
                        }
                        // A link or an image without a slot could only be one that nobody checked, and
                        // what was moved out of its list would close the one that holds the body.
                        None if matches!(&*tag.name, "a" | "img") || is_astray(&tag.name, &open) => {
                            Ending::Nothing
                        }
                        None => {
                            self.put_back_tag(&tag, slots, &mut named);
                            Ending::Tag
                        }
                    };
                    if !matches!(&*tag.name, "br" | "col" | "hr" | "img" | "wbr") {
                        open.push((tag.name, ending));
                    }
                }
                // What was written is balanced: the innermost element is the one that ends.
                Token::Close { raw, .. } => match open.pop() {
                    Some((_, Ending::Tag)) => self.body.html.push_str(raw),
                    Some((_, Ending::Slot(closer))) => self.slot(closer),
                    _ => {}
                },
            }
        }
        self.flush();
    }
}

impl Writer<'_> {
    /// Writes a tag that came through, its id as a slot. An element that was taken apart has its id once.
    fn put_back_tag(&mut self, tag: &Tag<'_>, slots: &[Segment], named: &mut HashSet<usize>) {
        let attributes = attributes(tag);
        let Some((_, number)) = attributes.iter().find(|(name, _)| name == "data-anchor") else {
            return self.body.html.push_str(tag.raw);
        };
        let without = tag.raw.replacen(&format!(" data-anchor=\"{number}\""), "", 1);
        self.body.html.push_str(without.trim_end_matches('>'));
        let number = number.parse().unwrap_or(usize::MAX);
        if let Some(slot @ Segment::Anchor(_)) = slots.get(number).copied()
            && named.insert(number)
        {
            self.slot(slot);
        }
        self.body.html.push('>');
    }
}

/// Whether an element stands outside the list that it belongs to.
fn is_astray(name: &str, open: &[(Cow<'_, str>, Ending)]) -> bool {
    let is_outside = |lists: &[&str]| !open.iter().any(|(name, _)| lists.contains(&&**name));
    match name {
        "li" => is_outside(&["ul", "ol"]),
        "dt" | "dd" => is_outside(&["dl"]),
        _ => false,
    }
}

fn closer(open: Segment) -> Option<Segment> {
    match open {
        Segment::LinkOpen(index) => Some(Segment::LinkClose(index)),
        Segment::ItemOpen(index) => Some(Segment::ItemClose(index)),
        Segment::HeadingOpen(index) => Some(Segment::HeadingClose(index)),
        _ => None,
    }
}
