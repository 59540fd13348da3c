//! Places that authors name themselves: `<a id="pay">`, `<a name="pay">`, an `id` on another element, and
//! `## Title {#pay}`, as many generators read it.
//!
//! A name becomes an id like those of headings: of a safe alphabet, after the prefix of the page, and never one
//! that a heading has by its text, because links to that heading lead there on the git host too.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use super::writer::{Events, Writer};
use super::{Anchor, Body, Segment, narrow};

/// No id is longer, in characters.
const LONGEST: usize = 200;

/// The id of a name: letters and digits of any script, `-`, `_`, `.` and `:`. Nothing where none is left.
pub(super) fn id_of(name: &str) -> Option<String> {
    let kept = |c: char| match c {
        c if c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':') => Some(c),
        c if c.is_whitespace() => Some('-'),
        _ => None,
    };
    let id: String = name.trim().chars().filter_map(kept).take(LONGEST).collect();
    (!id.is_empty()).then_some(id)
}

/// Takes `{#pay}` off the end of each heading, and says by the heading's place what it was.
pub(super) fn of_headings(events: &mut Events<'_>, text: &str) -> HashMap<usize, String> {
    let mut found = HashMap::new();
    let mut heading = None;
    for at in 0..events.len() {
        match &events[at].0 {
            Event::Start(Tag::Heading { .. }) => heading = Some(at),
            Event::End(TagEnd::Heading(_)) => {
                let Some(start) = heading.take() else { continue };
                // The parser cuts texts at some signs; these are all parts of the end.
                let texts = events[start..at].iter().rev();
                let first = at - texts.take_while(|(event, _)| matches!(event, Event::Text(_))).count();
                let (Some(begin), Some(end)) = (events.get(first), events.get(at - 1)) else { continue };
                let range = begin.1.start..end.1.end;
                let Some((cut, id)) = attribute(text, range.clone()).filter(|_| first < at) else {
                    continue;
                };
                if let Some(id) = id {
                    found.insert(events[start].1.start, id);
                }
                cut_off(&mut events[first..at], range.start + cut);
            }
            _ => {}
        }
    }
    found
}

/// Where `{#pay}` at the end of a heading begins, with the space before it, and the name in it. `{: #pay }` and
/// `{ #pay }` are how other generators write the same.
fn attribute(source: &str, range: Range<usize>) -> Option<(usize, Option<String>)> {
    let text = source.get(range.clone())?;
    let inner = text.trim_end().strip_suffix('}')?;
    let open = inner.rfind('{').filter(|open| !inner[..*open].ends_with('{'))?;
    // A brace with a backslash before it is a sign like any other.
    let escapes = source[..range.start + open].bytes().rev().take_while(|byte| *byte == b'\\').count();
    if escapes % 2 == 1 {
        return None;
    }
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':');
    let mut id = None;
    let mut words = inner[open + 1..].trim_start_matches(':').split_whitespace().peekable();
    words.peek()?;
    for word in words {
        // Classes mean nothing here.
        let (sign, name) = word.split_at_checked(1)?;
        if !name.chars().all(is_name) || (name.is_empty() && sign != "-") {
            return None;
        }
        match sign {
            "#" => id = Some(name.to_owned()),
            "." | "-" => {}
            _ => return None,
        }
    }
    Some((inner[..open].trim_end().len(), id))
}

fn cut_off(events: &mut [(Event<'_>, Range<usize>)], cut: usize) {
    for (event, range) in events {
        if range.end > cut
            && let Event::Text(text) = event
        {
            let kept = cut.saturating_sub(range.start);
            *text = match std::mem::replace(text, CowStr::Borrowed("")) {
                CowStr::Borrowed(text) => CowStr::Borrowed(text.get(..kept).unwrap_or_default()),
                owned => CowStr::from(owned.get(..kept).unwrap_or_default().to_owned()),
            };
        }
    }
}

impl Writer<'_> {
    /// Writes the `id` of a place within the tag that is being written.
    pub(super) fn anchor(&mut self, name: &str) {
        if id_of(name).is_some() {
            let index = narrow(self.body.anchors.len());
            self.body.anchors.push(Anchor { name: name.trim().to_owned(), id: String::new(), segment: 0 });
            self.slot(Segment::Anchor(index));
        }
    }

    /// Writes a place as an element of its own.
    pub(super) fn anchor_element(&mut self, name: &str) {
        if id_of(name).is_some() {
            self.body.html.push_str("<span");
            self.anchor(name);
            self.body.html.push_str("></span>");
        }
    }

    /// Writes the places that stand by themselves before what comes now.
    pub(super) fn pending_anchors(&mut self) {
        for index in std::mem::take(&mut self.pending) {
            self.body.html.push_str("<span");
            self.slot(Segment::Anchor(index));
            self.body.html.push_str("></span>");
        }
    }

    /// The anchors of a block, from this segment and this byte of text on, if it holds nothing else.
    pub(super) fn only_anchors(&self, segment: usize, text: usize) -> Vec<u32> {
        let mut anchors = Vec::new();
        for own in &self.body.segments[segment..] {
            match own {
                Segment::Anchor(index) => anchors.push(*index),
                Segment::Html { from, to } if self.is_empty_markup(*from..*to) => {}
                _ => return Vec::new(),
            }
        }
        let has_text = self.body.text.get(text..).is_some_and(|text| !text.trim().is_empty());
        if has_text { Vec::new() } else { anchors }
    }

    fn is_empty_markup(&self, range: Range<u32>) -> bool {
        let mut html =
            self.body.html.get(range.start as usize..range.end as usize).unwrap_or_default().trim();
        while !html.is_empty() {
            let rest = ["<p>", "</p>", "<span", "</span>", "<div", "</div>", ">"]
                .iter()
                .find_map(|known| html.strip_prefix(known));
            match rest {
                Some(rest) => html = rest.trim_start(),
                None => return false,
            }
        }
        true
    }
}

/// Gives every anchor its id, once all headings have theirs.
pub(super) fn name_all(body: &mut Body) {
    if body.anchors.is_empty() {
        return;
    }
    let headings: HashMap<&str, u32> =
        body.headings.iter().map(|heading| (heading.id.as_str(), heading.segment)).collect();
    let mut taken = HashSet::new();
    for anchor in &mut body.anchors {
        // Those of headings have one, and stand where the heading does in the end.
        if let Some(segment) = headings.get(anchor.id.as_str()) {
            anchor.segment = *segment;
        } else if let Some(id) = id_of(&anchor.name).filter(|id| !headings.contains_key(id.as_str()))
            && taken.insert(id.clone())
        {
            anchor.id = id;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_made_of_safe_characters() {
        for (name, id) in [
            ("pay", Some("pay")),
            ("Section 1.2", Some("Section-1.2")),
            ("\"><script>", Some("script")),
            ("支付", Some("支付")),
            ("  ", None),
            ("<>", None),
        ] {
            assert_eq!(id_of(name).as_deref(), id);
        }
    }

    #[test]
    fn a_heading_may_end_with_its_id() {
        for (text, found) in [
            ("Title {#pay}", Some((5, "pay"))),
            ("标题{#pay_now}", Some((6, "pay_now"))),
            ("Title {: #pay }", Some((5, "pay"))),
            ("Title {.class}", Some((5, ""))),
            ("Title {#pay .class}", Some((5, "pay"))),
            ("Title {#pay onclick=x}", None),
            ("Title {{#if}}", None),
            ("Title {#}", None),
            ("Title {pay}", None),
        ] {
            let found = found.map(|(at, name)| (at, Some(name.to_owned()).filter(|name| !name.is_empty())));
            assert_eq!(attribute(text, 0..text.len()), found, "{text}");
        }
        assert_eq!(attribute("a \\{#b}", 0..8), None, "it is escaped");
        assert_eq!(attribute("\\{#b .c}", 1..9), None, "the text begins after the sign");
    }
}
