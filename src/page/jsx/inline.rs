//! Within a line: code and formulas stay, tags and expressions become what they are in markdown.

use std::borrow::Cow;

use super::component::{self, Equal};
use super::tag::{self, Kind, Tag, Value};
use super::{End, Reader};

/// A formula in a sentence has this many bytes at most.
const FORMULA: usize = 500;

impl<'t> Reader<'t> {
    /// Writes the text from here to the end of its line; a tag may take it to a later line.
    pub(super) fn inline(&mut self) {
        let bytes = self.text.as_bytes();
        let mut from = self.at;
        while let Some(&byte) = bytes.get(self.at) {
            if byte == b'\n' {
                break;
            }
            if self.at < self.verbatim_until || !matches!(byte, b'\\' | b'`' | b'$' | b'{' | b'<') {
                self.at += 1;
                self.is_fresh &= byte == b' ';
                continue;
            }
            match byte {
                b'\\' => {
                    self.at += 1 + usize::from(bytes.get(self.at + 1).is_some_and(u8::is_ascii_punctuation));
                    self.is_fresh = false;
                }
                b'`' => self.code_span(),
                b'$' => self.formula(),
                b'{' => {
                    let start = self.at;
                    self.out.copy(self.text, from..start);
                    self.expression();
                    from = if self.at == start { start } else { self.at };
                    if self.at == start {
                        self.at += 1;
                        self.is_fresh = false;
                    }
                }
                _ => {
                    let start = self.at;
                    self.out.copy(self.text, from..start);
                    match tag::tag(self.text, start, &mut self.steps).filter(|tag| self.is_tag(tag)) {
                        Some(tag) => {
                            // What is written in its place stands where it stood.
                            self.at = tag.range.end;
                            self.tag(&tag);
                            from = self.at;
                        }
                        None => {
                            self.comment();
                            from = start;
                        }
                    }
                }
            }
        }
        self.out.copy(self.text, from..self.at);
    }

    /// What is never closed is a word in angle brackets.
    fn is_tag(&self, tag: &Tag<'t>) -> bool {
        tag.name.is_empty()
            || tag.kind != Kind::Open
            || component::is_void(tag.name)
            || self.closed.contains(tag.name)
    }

    /// Passes by a comment of HTML as it is, or by a sign that begins nothing.
    fn comment(&mut self) {
        let length = match self.text[self.at..].starts_with("<!--") {
            true => tag::ahead(&self.text.as_bytes()[self.at..], b"-->", &mut self.steps).map(|at| at + 3),
            false => None,
        };
        match length {
            Some(length) => self.verbatim_until = self.at + length,
            None => self.at += 1,
        }
        self.is_fresh = false;
    }

    /// Passes by code in a sentence as it is. It ends within its paragraph, or is none.
    fn code_span(&mut self) {
        let bytes = &self.text.as_bytes()[self.at..];
        let length = bytes.iter().take_while(|it| **it == b'`').count();
        let mut at = length;
        self.is_fresh = false;
        while let Some(step) = bytes.get(at..).and_then(|rest| tag::ahead(rest, b"`", &mut self.steps)) {
            if memchr::memmem::find(&bytes[at..at + step], b"\n\n").is_some() {
                break;
            }
            let run = bytes[at + step..].iter().take_while(|it| **it == b'`').count();
            at += step + run;
            if run == length {
                self.verbatim_until = self.at + at;
                return;
            }
        }
        self.at += length;
    }

    /// Passes by a formula as it is: its braces are no expressions.
    fn formula(&mut self) {
        let rest = &self.text[self.at..];
        // A formula in a sentence is short, and the line that holds it may be long.
        let seen = (0..=rest.len().min(FORMULA)).rev().find(|at| rest.is_char_boundary(*at)).unwrap_or(0);
        let line = rest[..seen].split('\n').next().unwrap_or_default();
        self.is_fresh = false;
        if line.starts_with("$$") {
            let length = tag::ahead(&rest.as_bytes()[2..], b"$$", &mut self.steps);
            self.at += 2;
            self.verbatim_until = self.verbatim_until.max(length.map_or(0, |length| self.at + length + 2));
            return;
        }
        let inner = &line[1..];
        let end = inner
            .find('$')
            .filter(|end| *end > 0 && !inner.starts_with(' ') && !inner[..*end].ends_with(' '));
        match end {
            Some(end) => self.verbatim_until = self.at + end + 2,
            None => self.at += 1,
        }
    }

    /// Writes what an expression is, if it is a text; a comment is nothing, all else is left out.
    fn expression(&mut self) {
        let Some(end) = tag::braces(self.text, self.at, &mut self.steps) else { return };
        let range = self.at..end;
        let code = self.text[self.at + 1..end - 1].trim();
        if code.starts_with('#') && !code.contains(char::is_whitespace) {
            // The id of a heading.
            self.out.copy(self.text, range);
            self.is_fresh = false;
        } else if let Some(text) = tag::literal(code) {
            self.out.put(&escaped(&text), range);
            self.is_fresh = false;
        } else if !is_comment(code) {
            self.left_out.note(range);
            self.left_out.expressions += 1;
        }
        self.at = end;
    }

    fn tag(&mut self, tag: &Tag<'t>) {
        if tag.is_html() {
            return self.html(tag);
        }
        let equal = component::equal(tag.name);
        if tag.kind == Kind::Close {
            let is_open = self.close(tag);
            if !is_open && equal.is_none() {
                self.is_fresh = false;
            }
            return;
        }
        if equal.is_none() && !self.is_partial(tag) {
            self.left_out.component(tag);
        }
        match equal {
            Some(Equal::Alert(kind)) => self.open_alert(tag, kind),
            Some(Equal::Details) => self.details(tag),
            Some(Equal::Tabs) => self.open_tabs(tag, false),
            Some(Equal::Tab) => self.open_tabs(tag, true),
            Some(Equal::Link) => self.link(tag),
            Some(Equal::Image) => self.image(tag),
            Some(Equal::Label) => {
                if let Some(text) = tag.text(&["text", "label", "title"]) {
                    self.out.put(&escaped(text), tag.range.clone());
                }
                self.is_fresh = false;
                self.open(tag, End::Inline(""));
            }
            _ if self.is_block(tag, equal) => self.block(tag, equal),
            _ => {
                self.is_fresh = false;
                self.open(tag, End::Inline(""));
            }
        }
    }

    /// A component that stands as a block: its title, then what stands in it.
    fn block(&mut self, tag: &Tag<'t>, equal: Option<Equal>) {
        if equal != Some(Equal::Frame)
            && let Some(text) = self.heading(tag)
        {
            self.own_block(&text, tag);
        }
        self.break_block();
        self.open(tag, End::Nothing);
    }

    /// What a component says above what stands in it: its title, as a link if it leads somewhere, and its description.
    fn heading(&self, tag: &Tag<'t>) -> Option<String> {
        if let Some(path) = self.imports.get(tag.name).filter(|path| is_page(path)) {
            return Some(anchor(path, &path.rsplit('/').next().unwrap_or(path).replace('_', "\\_")));
        }
        let title =
            tag.text(&["title", "label", "heading", "name"]).or_else(|| match component::equal(tag.name) {
                Some(_) => tag.text(&["value"]),
                None => None,
            });
        let href = tag.text(&["href", "to", "link", "url"]);
        let said = tag.text(&["description", "text", "caption"]).map(|it| escaped(it));
        let title = match (title, href) {
            (Some(title), Some(href)) => Some(anchor(href, &escaped(title))),
            (None, Some(href)) => Some(anchor(href, &escaped(href))),
            (Some(title), None) => Some(format!("**{}**", escaped(title))),
            (None, None) => None,
        };
        match (title, said) {
            (Some(title), Some(said)) => Some(format!("{title}: {said}")),
            (title, said) => title.or(said.map(Cow::into_owned)),
        }
    }

    /// Whether a component is another page that was put in here. It is shown as a link to that page.
    fn is_partial(&self, tag: &Tag<'t>) -> bool {
        self.imports.get(tag.name).is_some_and(|path| is_page(path))
    }

    fn details(&mut self, tag: &Tag<'t>) {
        let summary = tag.text(&["summary", "title", "label", "header", "name"]);
        if tag.kind != Kind::Open || !self.open(tag, End::Block("</details>")) {
            return self.own_block(&summary.map(escaped).unwrap_or_default(), tag);
        }
        let summary = summary.map(|it| format!("<summary>{}</summary>", escaped(it))).unwrap_or_default();
        self.own_block(&format!("<details>{summary}"), tag);
    }

    fn link(&mut self, tag: &Tag<'t>) {
        let target = tag.text(&["href", "to", "link", "url"]);
        self.is_fresh = false;
        if target.is_none() && ["href", "to"].iter().any(|it| tag.expression(it).is_some()) {
            self.left_out.component(tag);
        }
        match (target, tag.kind) {
            (Some(target), Kind::Open) => {
                self.out.put(&format!("<a href=\"{}\">", quoted(target)), tag.range.clone());
                if !self.open(tag, End::Inline("</a>")) {
                    self.out.put("</a>", tag.range.clone());
                }
            }
            (Some(target), _) => {
                let text = tag.text(&["text", "label", "title", "children"]).unwrap_or(target);
                self.out.put(&anchor(target, &escaped(text)), tag.range.clone());
            }
            (None, _) => {
                self.open(tag, End::Inline(""));
            }
        }
    }

    fn image(&mut self, tag: &Tag<'t>) {
        self.is_fresh = false;
        let imported = tag.expression("src").and_then(|name| self.imports.get(name.trim_end_matches(".src")));
        let source = tag.text(&["src", "light", "dark"]).map(str::to_string);
        let Some(source) = source.or_else(|| imported.map(|it| it.to_string())) else {
            // What it shows is said at least.
            if let Some(alt) = tag.text(&["alt"]) {
                self.out.put(&escaped(alt), tag.range.clone());
            }
            if tag.expression("src").is_some() || tag.expression("sources").is_some() {
                self.left_out.component(tag);
            }
            self.open(tag, End::Inline(""));
            return;
        };
        let mut text = format!("<img src=\"{}\"", quoted(&source));
        for name in ["alt", "title", "width", "height"] {
            if let Some((_, Value::Text(value))) = tag.attributes.iter().find(|(it, _)| *it == name) {
                text.push_str(&format!(" {name}=\"{}\"", quoted(value)));
            }
        }
        text.push('>');
        self.out.put(&text, tag.range.clone());
        self.open(tag, End::Inline(""));
    }

    /// An element of HTML stays, without what only JSX has in its tags.
    fn html(&mut self, tag: &Tag<'t>) {
        if tag.name == "img" && !tag.is_plain {
            return self.image(tag);
        }
        let is_void = component::is_void(tag.name);
        let holds_blocks = component::holds_blocks(tag.name);
        if tag.kind == Kind::Close {
            let stands_alone = holds_blocks && (self.is_fresh || tag.name == "summary");
            if tag.name != "summary" && stands_alone {
                self.break_block();
            }
            if let Some(index) = self.frames.iter().rposition(|frame| frame.name == tag.name) {
                self.frames.truncate(index);
            }
            self.out.copy(self.text, tag.range.clone());
            self.is_fresh = false;
            if stands_alone {
                self.break_block();
            }
            return;
        }
        let stands_alone = holds_blocks && self.is_fresh && self.ends_line(tag) && tag.kind == Kind::Open;
        if stands_alone {
            self.break_block();
        }
        self.is_fresh = false;
        if tag.is_plain && (tag.kind == Kind::Open || is_void) {
            self.out.copy(self.text, tag.range.clone());
        } else {
            self.out.put(&self.as_html(tag, is_void), tag.range.clone());
        }
        if stands_alone {
            self.break_block();
            self.open(tag, End::Nothing);
        }
    }

    fn as_html(&self, tag: &Tag<'t>, is_void: bool) -> String {
        let mut text = format!("<{}", tag.name);
        for (name, value) in &tag.attributes {
            match value {
                Value::None => text.push_str(&format!(" {name}")),
                Value::Text(value) => text.push_str(&format!(" {name}=\"{}\"", quoted(value))),
                // A link to an imported file, most often.
                Value::Expression(code) => {
                    if let Some(path) = self.imports.get(code).filter(|_| matches!(*name, "src" | "href")) {
                        text.push_str(&format!(" {name}=\"{}\"", quoted(path)));
                    }
                }
            }
        }
        text.push('>');
        if tag.kind == Kind::Empty && !is_void {
            text.push_str(&format!("</{}>", tag.name));
        }
        text
    }
}

fn is_comment(code: &str) -> bool {
    let mut rest = code.trim_start();
    while let Some(inner) = rest.strip_prefix("/*") {
        let Some((_, behind)) = inner.split_once("*/") else { return false };
        rest = behind.trim_start();
    }
    rest.lines().all(|line| matches!(line.trim(), "") || line.trim().starts_with("//"))
}

fn is_page(path: &str) -> bool {
    path.ends_with(".md") || path.ends_with(".mdx")
}

fn anchor(href: &str, text: &str) -> String {
    format!("<a href=\"{}\">{text}</a>", quoted(href))
}

/// A text that stands between the quotes of an attribute.
fn quoted(text: &str) -> Cow<'_, str> {
    if !text.contains(['"', '<', '>', '\n']) {
        return Cow::Borrowed(text);
    }
    text.replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;").replace('\n', " ").into()
}

/// A text that was no markdown, as markdown that shows it.
pub(crate) fn escaped(text: &str) -> Cow<'_, str> {
    const SIGNS: &[char] = &['\\', '*', '_', '`', '[', ']', '<', '>', '~', '$', '\n'];
    let text = if text == " " { text } else { text.trim() };
    if !text.contains(SIGNS) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for char in text.chars() {
        match char {
            '\n' => out.push(' '),
            char => {
                if SIGNS.contains(&char) {
                    out.push('\\');
                }
                out.push(char);
            }
        }
    }
    out.into()
}
