//! `:::name`, as Docusaurus, VitePress, Starlight, Quarto and their like write containers.

use std::ops::Range;

use super::block::Line;
use super::frame::{End, Holds};
use super::{Reader, Title};
use crate::page::markdown::Alert;

/// No name is longer, in bytes.
const NAME: usize = 40;

/// What stands behind the colons.
struct Head<'t> {
    name: &'t str,
    /// Where its title stands.
    title: Option<Range<usize>>,
    /// What stands between braces.
    attributes: &'t str,
}

impl<'t> Reader<'t> {
    /// Begins or ends a container.
    pub(super) fn container(&mut self, line: Line<'t>, relative: usize) -> bool {
        let colons = line.text.len() - line.text.trim_start_matches(':').len();
        if colons < 2 {
            return false;
        }
        let rest = line.text[colons..].trim();
        if colons == 2 {
            return self.leaf(line, rest);
        }
        if rest.is_empty() {
            return self.end_container(line, colons);
        }
        let at = line.start + (line.text.len() - line.text[colons..].trim_start().len());
        let Some(head) = head(self.text, at, line.start + line.text.len()) else { return false };
        // What never ends is none.
        if self.left() == 0 {
            return false;
        }
        self.begin_container(line, relative, colons, &head);
        self.skip_line(line);
        true
    }

    fn end_container(&mut self, line: Line<'t>, colons: usize) -> bool {
        if let Some(left) = &mut self.fences {
            *left = left.saturating_sub(1);
        }
        let length = |end: End<'_>| if let End::Fence(length) = end { Some(length) } else { None };
        let lengths = || self.frames.iter().map(|frame| length(frame.end));
        let exact = lengths().rposition(|it| it == Some(colons));
        let Some(depth) = exact.or_else(|| lengths().rposition(|it| it.is_some_and(|it| it <= colons)))
        else {
            return false;
        };
        self.close_to(depth);
        self.skip_line(line);
        true
    }

    /// How many lines that end a container are still to come: what never ends is none.
    fn left(&mut self) -> usize {
        let at = self.at;
        *self.fences.get_or_insert_with(|| {
            let is_end = |line: &&str| {
                let line = line.trim();
                line.len() >= 3 && line.bytes().all(|it| it == b':')
            };
            self.text[at..].lines().filter(is_end).count()
        })
    }

    fn begin_container(&mut self, line: Line<'t>, relative: usize, colons: usize, head: &Head<'t>) {
        let place = line.start..line.start + line.text.len();
        let end = End::Fence(colons);
        let strip = line.columns;
        let title = match (&head.title, attribute(head.attributes, &["title", "summary", "label"])) {
            (Some(range), _) => Title::Written(range.clone()),
            (None, Some(title)) => Title::Said(title.into(), place.clone()),
            (None, None) => Title::None,
        };
        match head.name {
            "tabs" | "tab-set" | "tab-group" => {
                self.open_quote("=tabs", Title::None, place, relative, (end, Holds::Tabs(""), strip));
            }
            "code-group" => {
                self.open_quote("=tabs", Title::None, place, relative, (end, Holds::CodeGroup, strip));
            }
            "tab" | "tab-item" | "code-group-item"
                if matches!(self.holds(), Holds::Tabs(_) | Holds::CodeGroup) =>
            {
                self.open_quote("=tab", title, place, relative, (end, Holds::Blocks, strip));
            }
            name => match Alert::of(name.trim_start_matches("callout-")) {
                Some(_) => {
                    let name = name.trim_start_matches("callout-");
                    let fold = match attribute(head.attributes, &["collapse", "open"]) {
                        Some("true") if head.attributes.contains("collapse") => "]-",
                        Some("false") if head.attributes.contains("collapse") => "]+",
                        Some(_) => "]+",
                        None => "]",
                    };
                    let mark = format!("{name}{fold}");
                    self.open_quote(&mark, title, place, relative, (end, Holds::Blocks, strip));
                }
                None => {
                    if !is_frame(name) {
                        self.left_out.container(name, place.clone());
                    }
                    if !matches!(title, Title::None) {
                        let titled = (End::Part, Holds::Blocks, strip);
                        self.open_quote("=titled", title, place, relative, titled);
                        self.close();
                    }
                    self.at = line.start;
                    self.open_plain(end, Holds::Blocks, strip.min(self.strip()));
                }
            },
        }
    }

    /// `::name[Text]{…}`, which stands for something by itself.
    fn leaf(&mut self, line: Line<'t>, rest: &'t str) -> bool {
        let length = rest.find(|it: char| !(it.is_ascii_alphanumeric() || it == '-')).unwrap_or(rest.len());
        let (name, behind) = rest.split_at(length);
        if name.is_empty() || !line.text[2..].starts_with(name) || !behind.starts_with(['[', '{']) {
            return false;
        }
        let place = line.start..line.start + line.text.len();
        let braces = behind.find('{').map_or("", |at| behind[at + 1..].trim_end_matches('}'));
        let label = behind.strip_prefix('[').and_then(|it| it.split_once(']')).map_or("", |it| it.0);
        let id = attribute(braces, &["id", "#"]).or_else(|| braces.trim().strip_prefix('#'));
        self.at = line.start;
        match (name, id) {
            ("youtube", Some(id)) => {
                let address = super::shortcode::video("https://www.youtube.com/watch?v=", id);
                self.put(&address, place);
            }
            ("vimeo", Some(id)) => {
                let address = super::shortcode::video("https://vimeo.com/", id);
                self.put(&address, place);
            }
            _ => {
                self.left_out.container(name, place.clone());
                self.put(label, place);
            }
        }
        self.at = line.end;
        self.end_line();
        true
    }

    /// `== Label` and `@tab Label` begin the next of some tabs.
    pub(super) fn next_part(&mut self, line: Line<'t>) -> bool {
        let depth = self.frames.iter().rposition(|frame| frame.end != End::Part);
        let Some(depth) =
            depth.filter(|depth| matches!(self.frames[*depth].holds, Holds::Tabs(_) | Holds::CodeGroup))
        else {
            return false;
        };
        let text = line.text;
        let label = if let Some(label) = text.strip_prefix("== ") {
            label
        } else if let Some(rest) = text.strip_prefix("@tab") {
            let rest = rest.strip_prefix(":active").unwrap_or(rest);
            if !rest.starts_with(' ') {
                return false;
            }
            rest
        } else {
            return false;
        };
        let strip = self.frames[depth].strip;
        self.close_to(depth + 1);
        let from = line.start + text.len() - label.trim_start().len();
        let label = from..line.start + text.len();
        let relative = line.columns.saturating_sub(strip);
        let inside = (End::Part, Holds::Blocks, line.columns);
        self.open_quote("=tab", Title::Written(label.clone()), label, relative, inside);
        self.skip_line(line);
        true
    }
}

/// Containers that need nothing to be shown but what they hold.
fn is_frame(name: &str) -> bool {
    matches!(
        name,
        "raw"
            | "v-pre"
            | "div"
            | "center"
            | "left"
            | "right"
            | "steps"
            | "step"
            | "card"
            | "cards"
            | "card-group"
            | "card-grid"
            | "grid"
            | "columns"
            | "column"
            | "row"
            | "col"
            | "section"
            | "group"
            | "demo"
            | "slot"
            | "figure"
            | "file-tree"
            | "grid-item-card"
            | "admonition"
    )
}

/// What stands behind the colons, from an offset on.
fn head(text: &str, at: usize, end: usize) -> Option<Head<'_>> {
    let rest = &text[at..end];
    // `{.callout-note title="…"}` of Quarto, and `{note} Title` of MyST.
    if let Some(inner) = rest.strip_prefix('{') {
        let close = inner.find('}')?;
        let attributes = &inner[..close];
        let first = attributes.split_whitespace().next()?;
        let name = first.trim_start_matches('.');
        let name = if is_name(name) { name } else { "div" };
        let behind = at + 1 + close + 1;
        let title = trimmed(text, behind..end);
        return Some(Head { name, title, attributes });
    }
    let length =
        rest.find(|it: char| !(it.is_ascii_alphanumeric() || matches!(it, '-' | '_'))).unwrap_or(rest.len());
    let name = rest.get(..length).filter(|name| is_name(name))?;
    let mut from = at + length;
    let mut title = None;
    if text[from..end].starts_with('[')
        && let Some(close) = matching(&text[from..end])
    {
        title = trimmed(text, from + 1..from + close);
        from += close + 1;
    }
    let behind = &text[from..end];
    let (attributes, plain) = match behind.trim_start().strip_prefix('{') {
        Some(inner) => match inner.find('}') {
            Some(close) => (&inner[..close], end - inner.len() + close + 1..end),
            None => ("", from..end),
        },
        None => ("", from..end),
    };
    if !behind.is_empty() && !behind.starts_with([' ', '\t', '{']) {
        return None;
    }
    Some(Head { name, title: title.or_else(|| trimmed(text, plain)), attributes })
}

fn is_name(name: &str) -> bool {
    name.len() <= NAME
        && name.starts_with(|it: char| it.is_ascii_alphabetic())
        && name.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_'))
}

/// A range without white space at its ends; nothing if nothing is left.
pub(super) fn trimmed(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let whole = text.get(range.clone())?;
    let start = range.start + whole.len() - whole.trim_start().len();
    let end = start + whole.trim().len();
    (start < end).then_some(start..end)
}

/// Where the bracket is closed with which a text begins.
fn matching(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'[' => depth += 1,
            b']' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// The value of the first of these attributes that is there.
pub(super) fn attribute<'t>(attributes: &'t str, names: &[&str]) -> Option<&'t str> {
    names.iter().find_map(|name| {
        let (at, _) = attributes.match_indices(&format!("{name}=")).find(|(at, _)| {
            !attributes[..*at].ends_with(|it: char| it.is_alphanumeric() || matches!(it, '-' | '_'))
        })?;
        let value = &attributes[at + name.len() + 1..];
        let quote = value.chars().next().filter(|it| matches!(it, '"' | '\''));
        match quote {
            Some(quote) => value[1..].split(quote).next(),
            None => value.split_whitespace().next(),
        }
    })
}
