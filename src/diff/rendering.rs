//! The main part of a page as HTML that stands in another one: from a list of tags and attributes, without ids, forms,
//! scripts and landmarks, with the words marked that are on one side alone.
//!
//! Pages of a build are safe already. A published folder may be anybody's, so nothing of it is believed here.

use std::collections::BTreeSet;

use super::html::{Page, Piece};
use super::text::words;
use crate::page::math;

/// How a page is shown.
pub(super) struct Options<'a> {
    /// The words to mark, by their numbers.
    pub(super) marked: &'a BTreeSet<usize>,
    /// The element that marks them: `del` or `ins`.
    pub(super) mark: &'static str,
    /// The address of a link, if it may be one here.
    pub(super) link: &'a dyn Fn(&str) -> Option<String>,
    /// A picture as a `data:` address, if there is room for it.
    pub(super) picture: &'a dyn Fn(&str) -> Option<String>,
    /// At most this many bytes are written.
    pub(super) most: usize,
}

/// Elements that stay, besides those of formulas, which have a table of their own ([`math::is_element`]).
const KEPT: &[&str] = &[
    "a",
    "abbr",
    "annotation",
    "article",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "caption",
    "circle",
    "cite",
    "code",
    "dd",
    "defs",
    "desc",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "ellipse",
    "em",
    "figcaption",
    "figure",
    "g",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "kbd",
    "li",
    "line",
    "mark",
    "ol",
    "p",
    "path",
    "polygon",
    "polyline",
    "pre",
    "q",
    "rect",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "section",
    "semantics",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "svg",
    "table",
    "tbody",
    "td",
    "text",
    "tfoot",
    "th",
    "thead",
    "time",
    "title",
    "tr",
    "tspan",
    "u",
    "ul",
    "var",
    "wbr",
];

/// Elements in place of which others stand: landmarks and parts of forms.
const INSTEAD: &[(&str, &str)] = &[
    ("aside", "div"),
    ("button", "span"),
    ("footer", "div"),
    ("form", "div"),
    ("header", "div"),
    ("label", "span"),
    ("nav", "div"),
    ("hgroup", "div"),
    ("menu", "ul"),
    ("del", "s"),
    ("ins", "u"),
];

/// Elements that hold nothing.
const VOID: &[&str] = &["br", "hr", "wbr"];

/// Elements of which only a note is left: nothing of another file plays or loads here.
const NOTED: &[(&str, &str)] =
    &[("video", "Film"), ("audio", "Sound"), ("iframe", "Embedded page"), ("object", "Embedded file")];

/// Attributes that stay. Drawings have names of their own for what they look like; formulas have a table
/// ([`math::is_attribute`]).
const ATTRIBUTES: &[&str] = &[
    "class",
    "colspan",
    "columnalign",
    "cx",
    "cy",
    "d",
    "datetime",
    "dir",
    "display",
    "dx",
    "dy",
    "fill",
    "fill-opacity",
    "font-size",
    "font-weight",
    "height",
    "lang",
    "open",
    "points",
    "preserveaspectratio",
    "r",
    "reversed",
    "rowspan",
    "rx",
    "ry",
    "scope",
    "start",
    "stroke",
    "stroke-dasharray",
    "stroke-width",
    "text-anchor",
    "dominant-baseline",
    "title",
    "transform",
    "value",
    "viewbox",
    "width",
    "x",
    "x1",
    "x2",
    "xmlns",
    "y",
    "y1",
    "y2",
    "aria-hidden",
];

/// The main part of a page, and whether it is whole.
pub(super) fn main_part(page: &Page, options: &Options<'_>) -> (String, bool) {
    let mut writer = Writer { out: String::new(), open: Vec::new(), options };
    let mut is_whole = true;
    for (n, piece) in page.main.iter().enumerate() {
        if writer.out.len() > options.most {
            is_whole = false;
            break;
        }
        match piece {
            Piece::Open(name, attributes) => {
                let holds_mark = name == "details" && writer.holds_mark(&page.main[n + 1..]);
                writer.begin(name, attributes, holds_mark);
            }
            Piece::Close(name) => writer.end(instead(name)),
            Piece::Text(text, first) => writer.text(text, *first),
        }
    }
    while let Some(name) = writer.open.pop() {
        writer.out.push_str(&format!("</{name}>"));
    }
    (writer.out, is_whole)
}

/// A text as it stands between tags and in attributes.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\0' => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    safe
}

fn instead(name: &str) -> &str {
    INSTEAD.iter().find(|(it, _)| *it == name).map_or(name, |(_, other)| other)
}

/// What an opening tag ends that is open and was never closed, because HTML does not ask for it.
fn ends(name: &str, open: &str) -> bool {
    match open {
        "p" => !super::element::is_inline(name),
        "li" => name == "li",
        "dt" | "dd" => matches!(name, "dt" | "dd"),
        "td" | "th" => matches!(name, "td" | "th" | "tr" | "tbody" | "tfoot"),
        "tr" => matches!(name, "tr" | "tbody" | "tfoot"),
        "thead" | "tbody" => matches!(name, "tbody" | "tfoot"),
        _ => false,
    }
}

struct Writer<'a> {
    out: String,
    open: Vec<String>,
    options: &'a Options<'a>,
}

impl Writer<'_> {
    fn begin(&mut self, written: &str, attributes: &[(String, String)], is_opened: bool) {
        let get = |wanted: &str| {
            attributes.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str())
        };
        let name = instead(written);
        while let Some(open) = self.open.last()
            && ends(name, open)
        {
            let open = self.open.pop().unwrap_or_default();
            self.out.push_str(&format!("</{open}>"));
        }
        if name == "img" {
            return self.picture(get("src").unwrap_or_default(), get("alt").unwrap_or_default());
        }
        if let Some((_, what)) = NOTED.iter().find(|(it, _)| *it == name) {
            self.out.push_str(&format!("<span class=\"d-note\">[{what}]</span>"));
            return;
        }
        let is_formula = math::is_element(name);
        if KEPT.binary_search(&name).is_err() && !is_formula {
            return;
        }
        self.out.push('<');
        self.out.push_str(name);
        for (attribute, value) in attributes {
            let is_kept =
                ATTRIBUTES.contains(&attribute.as_str()) || is_formula && math::is_attribute(attribute);
            if is_kept && !(attribute == "open" && is_opened) {
                self.out.push_str(&format!(" {attribute}=\"{}\"", escaped(value)));
            }
        }
        if is_opened {
            self.out.push_str(" open");
        }
        if let Some(level) = name.strip_prefix('h').and_then(|level| level.parse::<u8>().ok()) {
            self.out.push_str(&format!(" aria-level=\"{}\"", level + 3));
        }
        if matches!(name, "svg" | "math")
            && let Some(label) = get("aria-label")
        {
            self.out.push_str(&format!(" role=\"img\" aria-label=\"{}\"", escaped(label)));
        }
        if name == "a"
            && let Some(link) = get("href").and_then(self.options.link)
        {
            self.out.push_str(&format!(" href=\"{}\" rel=\"nofollow noopener noreferrer\"", escaped(&link)));
        }
        self.out.push('>');
        if !VOID.contains(&name) {
            self.open.push(name.to_owned());
        }
    }

    fn end(&mut self, name: &str) {
        let Some(at) = self.open.iter().rposition(|open| open == name) else { return };
        while self.open.len() > at {
            let open = self.open.pop().unwrap_or_default();
            self.out.push_str(&format!("</{open}>"));
        }
    }

    fn picture(&mut self, from: &str, alt: &str) {
        match (self.options.picture)(from) {
            Some(data) => {
                self.out.push_str(&format!("<img src=\"{}\" alt=\"{}\">", escaped(&data), escaped(alt)));
            }
            None => {
                let what = if alt.is_empty() { from } else { alt };
                self.out.push_str(&format!("<span class=\"d-note\">[Picture: {}]</span>", escaped(what)));
            }
        }
    }

    /// A text, with what is on this side alone marked in whole runs of words.
    fn text(&mut self, text: &str, first: usize) {
        let mark = self.options.mark;
        let mut rest = text;
        let mut is_open = false;
        for (n, (word, _)) in words(text).enumerate() {
            let at = rest.find(word).unwrap_or(0);
            let is_marked = self.options.marked.contains(&(first + n));
            let before = escaped(&rest[..at]);
            match (is_open, is_marked) {
                (false, true) => self.out.push_str(&format!("{before}<{mark}>")),
                (true, false) => self.out.push_str(&format!("</{mark}>{before}")),
                _ => self.out.push_str(&before),
            }
            is_open = is_marked;
            self.out.push_str(&escaped(word));
            rest = &rest[at + word.len()..];
        }
        if is_open {
            self.out.push_str(&format!("</{mark}>"));
        }
        self.out.push_str(&escaped(rest));
    }

    /// Whether a marked word stands in what folds together.
    fn holds_mark(&self, inside: &[Piece]) -> bool {
        let mut depth = 1;
        for piece in inside {
            match piece {
                Piece::Open(name, _) if name == "details" => depth += 1,
                Piece::Close(name) if name == "details" => depth -= 1,
                Piece::Text(text, first) => {
                    let end = first + words(text).count();
                    if self.options.marked.range(*first..end).next().is_some() {
                        return true;
                    }
                }
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::super::html::Base;
    use super::*;

    fn shown(html: &str, marked: &[usize]) -> String {
        let page = Page::read(format!("<body><main>{html}</main>").as_bytes(), "/a/", &Base::default());
        let options = Options {
            marked: &marked.iter().copied().collect(),
            mark: "ins",
            link: &|to| to.starts_with("https://").then(|| to.to_owned()),
            picture: &|_| None,
            most: 10_000,
        };
        main_part(&page, &options).0
    }

    #[test]
    fn the_lists_are_in_order() {
        assert!(KEPT.is_sorted(), "{KEPT:?}");
    }

    #[test]
    fn every_element_of_formulas_stays_with_its_attributes() {
        for name in math::ELEMENTS {
            let html = format!("<p><math><{name}><mi>x</mi></{name}></math></p>");
            assert_eq!(shown(&html, &[]), html);
        }
        for name in math::ELEMENTS {
            assert!(super::super::element::is_inline(name), "{name} begins no line of its own");
        }
        for name in math::ATTRIBUTES {
            let html = format!("<p><math><mo {name}=\"1em\">x</mo></math></p>");
            assert_eq!(shown(&html, &[]), html);
        }
        assert_eq!(shown("<p depth=\"1em\">x", &[]), "<p>x</p>", "they are those of formulas alone");
    }

    #[test]
    fn changed_words_are_marked_in_runs() {
        assert_eq!(
            shown("<p>one two <b>three</b> four", &[1, 2]),
            "<p>one <ins>two</ins> <b><ins>three</ins></b> four</p>"
        );
        assert_eq!(shown("<p>one two three", &[0, 1]), "<p><ins>one two</ins> three</p>");
    }

    #[test]
    fn what_html_leaves_open_is_closed() {
        assert_eq!(
            shown("<ul><li>a<li>b</ul><p>c<p>d", &[]),
            "<ul><li>a</li><li>b</li></ul><p>c</p><p>d</p>"
        );
        assert_eq!(shown("</div></p><b>x", &[]), "<b>x</b>");
    }

    #[test]
    fn nothing_runs_loads_or_takes_a_name() {
        let html = "<h1 id=\"x\" onclick=\"a()\" style=\"color:red\">T</h1><script>alert(1)</script><a href=\"javascript:a()\">b</a>\
                    <a href=\"https://x.example/\">c</a><form action=\"/x\"><input name=\"q\"><button>Go</button></form>\
                    <img src=\"https://x.example/a.png\" alt=\"A &lt;b&gt;\"><video src=\"/a.mp4\"></video><iframe src=\"/x\">y</iframe>";
        assert_eq!(
            shown(html, &[]),
            "<h1 aria-level=\"4\">T</h1><a>b</a>\
             <a href=\"https://x.example/\" rel=\"nofollow noopener noreferrer\">c</a><div><span>Go</span></div>\
             <span class=\"d-note\">[Picture: A &lt;b&gt;]</span><span class=\"d-note\">[Film]</span>\
             <span class=\"d-note\">[Embedded page]</span>"
        );
    }

    #[test]
    fn what_is_folded_is_opened_where_a_word_in_it_changed() {
        assert_eq!(
            shown("<details><summary>a</summary>b</details><details><summary>c</summary>d</details>", &[3]),
            "<details><summary>a</summary>b</details><details open><summary>c</summary><ins>d</ins></details>"
        );
    }
}
