//! The raw HTML that people write in markdown: read tag by tag, reduced to a short list.
//!
//! This is no HTML parser. It finds tags, comments and attributes the way CommonMark defines them,
//! and says of each element what becomes of it; `clean` is the second layer, which trusts nothing
//! that the first let through. Nothing here can take longer than a few passes over the text.

use std::borrow::Cow;
use std::collections::HashMap;

use pulldown_cmark::{Event, Parser};

pub(crate) use sanitize::clean;

mod sanitize;

/// A piece of raw HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    /// What stands between tags; entities not yet decoded.
    Text(&'a str),
    /// `<name …>`
    Open(Tag<'a>),
    /// `</name>`
    Close {
        /// As it was written.
        raw: &'a str,
        /// In lower case.
        name: Cow<'a, str>,
    },
    /// A comment, complete.
    Comment,
    /// A comment that is never closed: all the rest.
    OpenComment(&'a str),
}

/// An opening tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tag<'a> {
    /// As it was written, from `<` to `>`.
    pub raw: &'a str,
    /// In lower case.
    pub name: Cow<'a, str>,
    /// What stands between the name and `>`.
    pub attributes: &'a str,
}

/// What becomes of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Element {
    /// It stays, under this name.
    Kept(&'static str),
    /// It stays and holds nothing.
    Void(&'static str),
    /// `<a>`
    Link,
    /// `<img>`
    Image,
    /// `<h1>` to `<h6>`
    Heading(u8),
    /// It goes, what it holds stays: `<picture>`, `<font>`.
    Transparent,
    /// It is shown as the text it is, and somebody is told: it could run or load something.
    Dangerous,
    /// Nothing anybody knows: text, such as `<your-name>`.
    Unknown,
}

/// The element of this name, in lower case.
pub(crate) fn element(name: &str) -> Element {
    match KEPT.binary_search(&name) {
        Ok(index) => return Element::Kept(KEPT[index]),
        Err(_) if name.len() > 12 => return Element::Unknown,
        Err(_) => {}
    }
    match name {
        "a" => Element::Link,
        "img" => Element::Image,
        "h1" => Element::Heading(1),
        "h2" => Element::Heading(2),
        "h3" => Element::Heading(3),
        "h4" => Element::Heading(4),
        "h5" => Element::Heading(5),
        "h6" => Element::Heading(6),
        "br" => Element::Void("br"),
        "hr" => Element::Void("hr"),
        "wbr" => Element::Void("wbr"),
        "col" => Element::Void("col"),
        "center" => Element::Kept("div"),
        "strike" => Element::Kept("s"),
        "tt" => Element::Kept("code"),
        "picture" | "source" | "font" | "big" | "nobr" => Element::Transparent,
        "script" | "style" | "iframe" | "frame" | "frameset" | "svg" | "math" | "form" | "object"
        | "embed" | "applet" | "base" | "meta" | "link" | "template" | "noscript" | "portal" | "video"
        | "audio" => Element::Dangerous,
        _ => Element::Unknown,
    }
}

/// Sorted, for the search above.
#[rustfmt::skip]
const KEPT: &[&str] = &[
    "abbr", "b", "bdi", "blockquote", "caption", "cite", "code", "colgroup", "dd", "del", "details", "dfn",
    "div", "dl", "dt", "em", "figcaption", "figure", "i", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q",
    "rp", "rt", "ruby", "s", "samp", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody",
    "td", "tfoot", "th", "thead", "time", "tr", "u", "ul", "var",
];

/// Elements that end by themselves when this one opens, looking from the innermost outwards:
/// returns how many of `open` close. `open` holds names from the outermost to the innermost.
pub(crate) fn implied_ends(opening: &str, open: &[&str]) -> usize {
    let (ends, stops): (&[&str], &[&str]) = match opening {
        "li" => (&["li"], &["ul", "ol"]),
        "dt" | "dd" => (&["dt", "dd"], &["dl"]),
        "td" | "th" => (&["td", "th"], &["table", "tr"]),
        "tr" => (&["tr"], &["table", "thead", "tbody", "tfoot"]),
        "thead" | "tbody" | "tfoot" => (&["thead", "tbody", "tfoot"], &["table"]),
        "p" | "div" | "ul" | "ol" | "dl" | "table" | "pre" | "blockquote" | "details" | "figure" | "h"
        | "hr" => {
            return usize::from(open.last() == Some(&"p"));
        }
        _ => return 0,
    };
    for (depth, name) in open.iter().rev().enumerate() {
        if ends.contains(name) {
            return depth + 1;
        }
        if stops.contains(name) {
            return 0;
        }
    }
    0
}

/// The elements of which one must be open for this one to mean anything; empty where it needs none.
pub(crate) fn parents(name: &str) -> &'static [&'static str] {
    match name {
        "li" => &["ul", "ol"],
        "dt" | "dd" => &["dl"],
        "caption" | "colgroup" | "col" | "thead" | "tbody" | "tfoot" | "tr" | "td" | "th" => &["table"],
        "rp" | "rt" => &["ruby"],
        _ => &[],
    }
}

/// What an HTML parser takes as text up to the closing tag of the same name.
pub(crate) fn holds_raw_text(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "textarea"
            | "title"
            | "xmp"
            | "iframe"
            | "noembed"
            | "noframes"
            | "noscript"
            | "plaintext"
    )
}

/// The pieces of a text, with their offsets.
pub(crate) fn tokens(text: &str) -> impl Iterator<Item = (usize, Token<'_>)> {
    let mut at = 0;
    // Inside `<script>` and the like nothing is a tag but the closing one.
    let mut raw_until: Option<String> = None;
    std::iter::from_fn(move || {
        if at >= text.len() {
            return None;
        }
        let start = at;
        if let Some(name) = raw_until.take() {
            let end = closing_tag(text, at, &name);
            if end > at {
                at = end;
                return Some((start, Token::Text(&text[start..end])));
            }
        }
        if let Some((token, end)) = markup(text, at) {
            at = end;
            if let Token::Open(tag) = &token
                && holds_raw_text(&tag.name)
            {
                raw_until = Some(tag.name.clone().into_owned());
            }
            return Some((start, token));
        }
        // Text up to the next `<` that begins something.
        let mut from = at + 1;
        loop {
            match memchr::memchr(b'<', text.as_bytes().get(from..).unwrap_or_default()) {
                None => at = text.len(),
                Some(step) if begins_markup(text.as_bytes(), from + step) => at = from + step,
                Some(step) => {
                    from += step + 1;
                    continue;
                }
            }
            return Some((start, Token::Text(&text[start..at])));
        }
    })
}

/// The attributes of a tag in order, names in lower case, values decoded.
pub(crate) fn attributes(tag: &Tag<'_>) -> Vec<(String, String)> {
    let bytes = tag.attributes.as_bytes();
    let mut found: Vec<(String, String)> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let name = bytes[at..].iter().take_while(|b| is_attribute_name(**b)).count();
        if name == 0 {
            at += 1;
            while !tag.attributes.is_char_boundary(at) {
                at += 1;
            }
            continue;
        }
        let key = tag.attributes[at..at + name].to_ascii_lowercase();
        at += name;
        let mut value = "";
        if let Some((range, end)) = attribute_value(bytes, at) {
            value = &tag.attributes[range];
            at = end;
        }
        if found.len() < 64 && !found.iter().any(|(known, _)| *known == key) {
            found.push((key, decode(value).into_owned()));
        }
    }
    found
}

/// The text with its entities decoded. What is no entity stays as it is.
pub(crate) fn decode(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'&', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut known: HashMap<&str, Option<String>> = HashMap::new();
    let mut copied = 0;
    for at in memchr::memchr_iter(b'&', text.as_bytes()) {
        let name = text[at..]
            .bytes()
            .skip(1)
            .take(40)
            .take_while(|b| b.is_ascii_alphanumeric() || *b == b'#')
            .count();
        let end = at + name + 2;
        if at < copied || name == 0 || text.as_bytes().get(end - 1) != Some(&b';') {
            continue;
        }
        let entity = &text[at..end];
        let decoded = match entity {
            "&amp;" => Some("&"),
            "&lt;" => Some("<"),
            "&gt;" => Some(">"),
            "&quot;" => Some("\""),
            "&nbsp;" => Some("\u{a0}"),
            _ => known.entry(entity).or_insert_with(|| decode_rare(entity)).as_deref(),
        };
        if let Some(decoded) = decoded {
            out.push_str(&text[copied..at]);
            out.push_str(decoded);
            copied = end;
        }
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

/// The markdown parser knows all two thousand entities, so nobody else has to.
fn decode_rare(entity: &str) -> Option<String> {
    let mut events = Parser::new(entity);
    match (events.next(), events.next(), events.next()) {
        (Some(Event::Start(_)), Some(Event::Text(text)), Some(Event::End(_))) if *text != *entity => {
            Some(super::text::visible(&text).into_owned())
        }
        _ => None,
    }
}

fn begins_markup(bytes: &[u8], at: usize) -> bool {
    match bytes.get(at + 1) {
        Some(b'!') => bytes[at..].starts_with(b"<!--"),
        Some(b'/') => bytes.get(at + 2).is_some_and(u8::is_ascii_alphabetic),
        Some(b) => b.is_ascii_alphabetic(),
        None => false,
    }
}

/// The tag or comment that begins here, and its end.
fn markup(text: &str, at: usize) -> Option<(Token<'_>, usize)> {
    let bytes = text.as_bytes();
    if bytes[at] != b'<' || !begins_markup(bytes, at) {
        return None;
    }
    if bytes[at + 1] == b'!' {
        // `<!-->` and `<!--->` are comments without content.
        let from = at + 2;
        return match memchr::memmem::find(&bytes[from..], b"-->") {
            Some(end) => Some((Token::Comment, from + end + 3)),
            None => Some((Token::OpenComment(&text[at..]), text.len())),
        };
    }
    let closing = bytes[at + 1] == b'/';
    let name_at = at + 1 + usize::from(closing);
    let name = bytes[name_at..].iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'-').count();
    let name = lower(&text[name_at..name_at + name]);
    let rest = name_at + name.len();
    let end = if closing {
        let end = rest + bytes[rest..].iter().take_while(|b| b.is_ascii_whitespace()).count();
        (bytes.get(end) == Some(&b'>')).then_some(end)?
    } else {
        tag_end(bytes, rest)?
    };
    let raw = &text[at..=end];
    let token = if closing {
        Token::Close { raw, name }
    } else {
        Token::Open(Tag { raw, name, attributes: &text[rest..end] })
    };
    Some((token, end + 1))
}

/// Where the `>` of an opening tag stands, if what lies between has the form of attributes.
fn tag_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let spaces = bytes[at..].iter().take_while(|b| b.is_ascii_whitespace()).count();
        at += spaces;
        match bytes.get(at)? {
            b'>' => return Some(at),
            b'/' if bytes.get(at + 1) == Some(&b'>') => return Some(at + 1),
            b if spaces > 0 && is_attribute_name(*b) => {
                at += bytes[at..].iter().take_while(|b| is_attribute_name(**b)).count();
                if let Some((_, end)) = attribute_value(bytes, at) {
                    at = end;
                }
            }
            _ => return None,
        }
    }
}

fn is_attribute_name(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'_' | b':' | b'.' | b'-' | b'@')
}

/// The range of the value after an attribute's name, and the end of it with its quotes.
fn attribute_value(bytes: &[u8], at: usize) -> Option<(std::ops::Range<usize>, usize)> {
    let spaces = |at: usize| bytes[at..].iter().take_while(|b| b.is_ascii_whitespace()).count();
    let sign = at + spaces(at);
    if bytes.get(sign) != Some(&b'=') {
        return None;
    }
    let start = sign + 1 + spaces(sign + 1);
    match bytes.get(start)? {
        quote @ (b'"' | b'\'') => {
            let length = memchr::memchr(*quote, &bytes[start + 1..])?;
            Some((start + 1..start + 1 + length, start + length + 2))
        }
        _ => {
            let stops =
                |b: &u8| b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b'=' | b'<' | b'>' | b'`');
            let length = bytes[start..].iter().take_while(|b| !stops(b)).count();
            (length > 0).then_some((start..start + length, start + length))
        }
    }
}

fn closing_tag(text: &str, from: usize, name: &str) -> usize {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'<', &bytes[from..])
        .map(|step| from + step)
        .find(|at| {
            bytes[at + 1..].strip_prefix(b"/").is_some_and(|rest| {
                rest.len() > name.len()
                    && rest[..name.len()].eq_ignore_ascii_case(name.as_bytes())
                    && !rest[name.len()].is_ascii_alphanumeric()
            })
        })
        .unwrap_or(bytes.len())
}

fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|b| b.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        tokens(text)
            .map(|(_, token)| match token {
                Token::Text(text) => format!("text {text}"),
                Token::Open(tag) => {
                    let attributes: Vec<_> = attributes(&tag)
                        .into_iter()
                        .map(|(name, value)| format!(" {name}={value}"))
                        .collect();
                    format!("open {}{}", tag.name, attributes.concat())
                }
                Token::Close { name, .. } => format!("close {name}"),
                Token::Comment => "comment".into(),
                Token::OpenComment(rest) => format!("open comment {rest}"),
            })
            .collect()
    }

    #[test]
    fn tags_are_read_with_their_attributes() {
        assert_eq!(
            read("<IMG src='a&amp;b' alt=x Width = \"3\" src=no hidden/>t</b >"),
            ["open img src=a&b alt=x width=3 hidden=", "text t", "close b"]
        );
    }

    #[test]
    fn what_has_not_the_form_of_a_tag_is_text() {
        assert_eq!(read("a < b <c d<e> </ f> <"), ["text a < b ", "text <c d", "open e", "text  </ f> <"]);
        assert_eq!(read("<a b='c"), ["text <a b='c"]);
        assert_eq!(read("<!-- a --><!-- b"), ["comment", "open comment <!-- b"]);
        assert_eq!(read("<!doctype html><?php x ?>"), ["text <!doctype html><?php x ?>"]);
    }

    #[test]
    fn a_script_is_text_up_to_its_end() {
        assert_eq!(
            read("<script>a<b></b></SCRIPT>c"),
            ["open script", "text a<b></b>", "close script", "text c"]
        );
        assert_eq!(read("<style>a<b>"), ["open style", "text a<b>"]);
    }

    #[test]
    fn entities_are_decoded_once() {
        assert_eq!(decode("&lt;&amp;lt; &hellip;&#x41;&#66; &nope; & &x;;"), "<&lt; …AB &nope; & &x;;");
        assert_eq!(decode("a&#x202e;b"), "ab");
    }

    #[test]
    fn every_kept_element_is_found() {
        for name in KEPT {
            assert_eq!(element(name), Element::Kept(name));
        }
        assert_eq!(element("file"), Element::Unknown);
        assert_eq!(element("script"), Element::Dangerous);
    }
}
