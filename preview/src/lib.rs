//! What becomes of markdown, as a tree: what the page on which people write shows while they type.
//!
//! The parser is the program's own. A script makes elements of the tree, of an allow-list of names, so no text ever
//! becomes HTML: raw HTML comes out as the text that was typed. The tree is JSON: a text is a string, an element is
//! `["p", {"class": "…"}, child, …]`.
//!
//! Text goes in through one buffer and comes out through another, as with the engine of the search.

#![expect(unsafe_code, reason = "exports")]

use std::fmt::Write as _;
use std::sync::{Mutex, MutexGuard, PoisonError};

use pulldown_cmark::{
    Alignment, BlockQuoteKind, CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd,
};

/// What is understood beyond CommonMark; the program understands that too.
pub const SYNTAX: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_GFM);

/// How deep elements may stand in each other, as on the site. What is deeper stands where it is without them.
const DEPTH: usize = 64;

#[derive(Default)]
struct State {
    input: Vec<u8>,
    output: String,
}

static STATE: Mutex<Option<State>> = Mutex::new(None);

/// Makes room for this many bytes, and says where.
#[unsafe(no_mangle)]
pub extern "C" fn input(len: usize) -> *mut u8 {
    with(|state| {
        state.input.clear();
        state.input.resize(len, 0);
        state.input.as_mut_ptr()
    })
}

/// Where the output is.
#[unsafe(no_mangle)]
pub extern "C" fn output() -> *const u8 {
    with(|state| state.output.as_ptr())
}

/// How many bytes the output has.
#[unsafe(no_mangle)]
pub extern "C" fn output_len() -> usize {
    with(|state| state.output.len())
}

/// Makes the tree of the text in the input.
#[unsafe(no_mangle)]
pub extern "C" fn render() {
    with(|state| state.output = tree(&String::from_utf8_lossy(&state.input)));
}

fn with<T>(work: impl FnOnce(&mut State) -> T) -> T {
    let mut state: MutexGuard<'_, Option<State>> = STATE.lock().unwrap_or_else(PoisonError::into_inner);
    work(state.get_or_insert_default())
}

/// The tree of a text, as JSON: an array of what stands at its top level.
#[must_use]
pub fn tree(text: &str) -> String {
    let mut writer = Writer { json: "[".to_owned(), ..Writer::default() };
    for event in Parser::new_ext(text, SYNTAX) {
        writer.event(event);
    }
    if writer.rows {
        writer.close();
    }
    writer.json.push(']');
    writer.json
}

#[derive(Default)]
struct Writer {
    json: String,
    /// For each element that is open whether it was written.
    open: Vec<bool>,
    /// How the columns of the table are set, and which column is next.
    columns: Vec<Alignment>,
    column: usize,
    in_head: bool,
    rows: bool,
    /// What an image says in place of itself, while one is open.
    image: Option<(usize, String)>,
    /// The names of footnotes, in the order in which they are referred to.
    notes: Vec<String>,
}

impl Writer {
    fn event(&mut self, event: Event<'_>) {
        match event {
            // What stands in an image is its description.
            Event::Start(Tag::Image { .. }) if self.image.is_some() => {
                self.nest(1);
            }
            Event::Start(Tag::Image { link_type: _, dest_url, title, .. }) => {
                let mut attributes = vec![("src", dest_url.into_string())];
                attributes.extend((!title.is_empty()).then(|| ("title", title.into_string())));
                self.open("img", &attributes);
                self.image = Some((0, String::new()));
            }
            Event::End(TagEnd::Image) => {
                if self.nest(-1) {
                    let (_, alt) = self.image.take().unwrap_or_default();
                    self.text(&alt);
                    self.close();
                }
            }
            Event::Text(text) | Event::Code(text) if self.image.is_some() => self.describe(&text),
            Event::SoftBreak | Event::HardBreak if self.image.is_some() => self.describe(" "),
            _ if self.image.is_some() => {}
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.text(&text),
            Event::Code(text) => self.leaf("code", &text),
            Event::InlineMath(text) | Event::DisplayMath(text) => self.leaf("code", &text),
            Event::FootnoteReference(name) => {
                let number = self.note(&name);
                self.leaf("sup", &number.to_string());
            }
            Event::SoftBreak => self.text("\n"),
            Event::HardBreak => self.empty("br", &[]),
            Event::Rule => self.empty("hr", &[]),
            Event::TaskListMarker(done) => {
                self.empty("input", &[("checked", if done { "true" } else { "" }.to_owned())]);
            }
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        let class = |class: String| vec![("class", class)];
        match tag {
            Tag::Paragraph => self.open("p", &[]),
            Tag::Heading { level, .. } => self.open(&level.to_string(), &[]),
            Tag::BlockQuote(None) => self.open("blockquote", &[]),
            Tag::BlockQuote(Some(kind)) => {
                let kind = match kind {
                    BlockQuoteKind::Note => "note",
                    BlockQuoteKind::Tip => "tip",
                    BlockQuoteKind::Important => "important",
                    BlockQuoteKind::Warning => "warning",
                    BlockQuoteKind::Caution => "caution",
                };
                self.open("aside", &class(format!("alert alert-{kind}")));
            }
            Tag::CodeBlock(kind) => {
                self.open("pre", &[]);
                let language = match &kind {
                    CodeBlockKind::Fenced(info) => {
                        info.split([' ', ',', '{', '\t']).next().unwrap_or_default()
                    }
                    CodeBlockKind::Indented => "",
                };
                let named = if language.is_empty() { vec![] } else { class(format!("language-{language}")) };
                self.open("code", &named);
            }
            Tag::List(None) => self.open("ul", &[]),
            Tag::List(Some(1)) => self.open("ol", &[]),
            Tag::List(Some(first)) => self.open("ol", &[("start", first.to_string())]),
            Tag::Item => self.open("li", &[]),
            Tag::FootnoteDefinition(name) => {
                let number = self.note(&name);
                self.open("div", &class("footnote".to_owned()));
                self.leaf("sup", &number.to_string());
            }
            Tag::Table(columns) => {
                self.columns = columns;
                self.open("table", &[]);
            }
            Tag::TableHead => {
                (self.in_head, self.column) = (true, 0);
                self.open("thead", &[]);
                self.open("tr", &[]);
            }
            Tag::TableRow => {
                self.column = 0;
                if !self.rows {
                    self.rows = true;
                    self.open("tbody", &[]);
                }
                self.open("tr", &[]);
            }
            Tag::TableCell => {
                let aligned = match self.columns.get(self.column) {
                    Some(Alignment::Right) => class("align-right".to_owned()),
                    Some(Alignment::Center) => class("align-center".to_owned()),
                    _ => vec![],
                };
                self.column += 1;
                self.open(if self.in_head { "th" } else { "td" }, &aligned);
            }
            Tag::Emphasis => self.open("em", &[]),
            Tag::Strong => self.open("strong", &[]),
            Tag::Strikethrough => self.open("del", &[]),
            Tag::Link { link_type, dest_url, title, .. } => {
                let mail = if link_type == LinkType::Email { "mailto:" } else { "" };
                let mut attributes = vec![("href", format!("{mail}{dest_url}"))];
                attributes.extend((!title.is_empty()).then(|| ("title", title.into_string())));
                self.open("a", &attributes);
            }
            // An element without a name of its own: its text stands there as it was typed.
            _ => self.open("div", &[]),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::CodeBlock => self.close(),
            TagEnd::TableHead => {
                self.in_head = false;
                self.close();
            }
            TagEnd::Table if self.rows => {
                self.rows = false;
                self.close();
            }
            _ => {}
        }
        self.close();
    }

    /// Counts images that stand in the description of one; says whether the outermost ends.
    fn nest(&mut self, by: isize) -> bool {
        let Some((depth, _)) = &mut self.image else { return false };
        let ends = by < 0 && *depth == 0;
        *depth = depth.saturating_add_signed(by);
        ends
    }

    fn describe(&mut self, text: &str) {
        if let Some((_, alt)) = &mut self.image {
            alt.push_str(text);
        }
    }

    /// The number of a footnote.
    fn note(&mut self, name: &str) -> usize {
        let known = self.notes.iter().position(|known| known == name);
        known.unwrap_or_else(|| {
            self.notes.push(name.to_owned());
            self.notes.len() - 1
        }) + 1
    }

    fn open(&mut self, name: &str, attributes: &[(&str, String)]) {
        let is_shown = self.open.len() < DEPTH;
        self.open.push(is_shown);
        if !is_shown {
            return;
        }
        self.comma();
        self.json.push('[');
        quote(&mut self.json, name);
        self.json.push_str(",{");
        for (number, (name, value)) in attributes.iter().enumerate() {
            if number > 0 {
                self.json.push(',');
            }
            quote(&mut self.json, name);
            self.json.push(':');
            quote(&mut self.json, value);
        }
        self.json.push('}');
    }

    fn close(&mut self) {
        if self.open.pop() == Some(true) {
            self.json.push(']');
        }
    }

    fn empty(&mut self, name: &str, attributes: &[(&str, String)]) {
        self.open(name, attributes);
        self.close();
    }

    fn leaf(&mut self, name: &str, text: &str) {
        self.open(name, &[]);
        self.text(text);
        self.close();
    }

    fn text(&mut self, text: &str) {
        self.comma();
        quote(&mut self.json, text);
    }

    fn comma(&mut self) {
        if !self.json.ends_with('[') {
            self.json.push(',');
        }
    }
}

/// Writes a text as JSON has it.
fn quote(json: &mut String, text: &str) {
    json.push('"');
    for char in text.chars() {
        match char {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            char if char < ' ' => {
                // Writing to a string does not fail.
                let _ = write!(json, "\\u{:04x}", u32::from(char));
            }
            char => json.push(char),
        }
    }
    json.push('"');
}

#[cfg(test)]
mod tests {
    use super::tree;

    #[test]
    fn markdown_becomes_a_tree() {
        assert_eq!(tree("a *b* `c`"), r#"[["p",{},"a ",["em",{},"b"]," ",["code",{},"c"]]]"#);
        assert_eq!(
            tree("# A\n\n- b\n- [x] c"),
            r#"[["h1",{},"A"],["ul",{},["li",{},"b"],["li",{},["input",{"checked":"true"}],"c"]]]"#
        );
        assert_eq!(tree("```js\nx\n```"), r#"[["pre",{},["code",{"class":"language-js"},"x\n"]]]"#);
        assert_eq!(tree("![a *b*](c.png \"d\")"), r#"[["p",{},["img",{"src":"c.png","title":"d"},"a b"]]]"#);
        assert_eq!(
            tree("|a|b|\n|-|-:|\n|c|d|"),
            r#"[["table",{},["thead",{},["tr",{},["th",{},"a"],["th",{"class":"align-right"},"b"]]],["tbody",{},["tr",{},["td",{},"c"],["td",{"class":"align-right"},"d"]]]]]"#
        );
        assert_eq!(tree("> [!TIP]\n> a"), r#"[["aside",{"class":"alert alert-tip"},["p",{},"a"]]]"#);
        assert_eq!(
            tree("a[^x]\n\n[^x]: b"),
            r#"[["p",{},"a",["sup",{},"1"]],["div",{"class":"footnote"},["sup",{},"1"],["p",{},"b"]]]"#
        );
    }

    #[test]
    fn raw_html_is_text() {
        assert_eq!(tree("a <b onclick=\"x\">"), r#"[["p",{},"a ","<b onclick=\"x\">"]]"#);
        assert_eq!(tree("<script>\nx\n</script>"), r#"[["div",{},"<script>\n","x\n","</script>"]]"#);
    }

    #[test]
    fn what_is_too_deep_stands_there_flat() {
        let deep = tree(&format!("{}a", "> ".repeat(1000)));
        assert!(deep.matches("blockquote").count() <= super::DEPTH, "{deep}");
        assert!(deep.contains("\"a\"") && deep.matches('[').count() == deep.matches(']').count());
    }
}
