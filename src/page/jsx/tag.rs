//! Where a tag of JSX and an expression end, and what a tag says.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

/// A tag.
#[derive(Debug)]
pub(super) struct Tag<'t> {
    /// Its name; empty for a fragment, `<>`.
    pub(super) name: &'t str,
    pub(super) kind: Kind,
    /// From `<` to `>`.
    pub(super) range: Range<usize>,
    pub(super) attributes: Vec<(&'t str, Value<'t>)>,
    /// Whether it reads the same as HTML, so that it can be copied.
    pub(super) is_plain: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Open,
    Close,
    /// `<name />`
    Empty,
}

/// The value of an attribute.
#[derive(Debug, Clone)]
pub(super) enum Value<'t> {
    /// It has none.
    None,
    /// A text, written in quotes or as an expression that is nothing else.
    Text(Cow<'t, str>),
    /// An expression, without its braces.
    Expression(&'t str),
}

impl<'t> Tag<'t> {
    /// The text of the first of these attributes that has one.
    pub(super) fn text(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|wanted| {
            let value = self.attributes.iter().find(|(name, _)| name == wanted).map(|(_, value)| value)?;
            match value {
                Value::Text(text) if !text.trim().is_empty() => Some(&**text),
                _ => None,
            }
        })
    }

    /// The expression of an attribute.
    pub(super) fn expression(&self, wanted: &str) -> Option<&'t str> {
        self.attributes.iter().find_map(|(name, value)| match value {
            Value::Expression(code) if *name == wanted => Some(*code),
            _ => None,
        })
    }

    /// Whether it is one of HTML rather than a component.
    pub(super) fn is_html(&self) -> bool {
        self.name.starts_with(|it: char| it.is_ascii_lowercase()) && !self.name.contains(['-', '.'])
    }
}

/// The tag that begins here, if one does. What is looked at is taken from `steps`.
pub(super) fn tag<'t>(text: &'t str, start: usize, steps: &mut usize) -> Option<Tag<'t>> {
    let bytes = text.as_bytes();
    let mut at = start + 1;
    let is_close = bytes.get(at) == Some(&b'/');
    at += usize::from(is_close);
    let name = name_at(text, at);
    at += name.len();
    let mut tag = Tag {
        name,
        kind: if is_close { Kind::Close } else { Kind::Open },
        range: start..at,
        attributes: Vec::new(),
        is_plain: true,
    };
    if name.is_empty() {
        let is_fragment = bytes.get(at) == Some(&b'>');
        tag.range.end = at + 1;
        return is_fragment.then_some(tag);
    }
    if !matches!(bytes.get(at), Some(b' ' | b'\t' | b'\n' | b'/' | b'>')) {
        return None;
    }
    loop {
        at += space(bytes, at);
        *steps = steps.checked_sub(at - tag.range.end + 1)?;
        tag.range.end = at;
        match *bytes.get(at)? {
            b'>' => {
                tag.range.end = at + 1;
                return Some(tag);
            }
            b'/' if bytes.get(at + 1) == Some(&b'>') && !is_close => {
                tag.kind = Kind::Empty;
                tag.range.end = at + 2;
                return Some(tag);
            }
            b'{' => {
                at = braces(text, at, steps)?;
                tag.is_plain = false;
            }
            _ => {
                let name = attribute_name(text, at);
                if name.is_empty() {
                    return None;
                }
                at += name.len();
                tag.is_plain &= !matches!(name, "className" | "htmlFor");
                let equals = at + space(bytes, at);
                let mut value = Value::None;
                if bytes.get(equals) == Some(&b'=') {
                    at = equals + 1 + space(bytes, equals + 1);
                    (value, at) = attribute_value(text, at, &mut tag.is_plain, steps)?;
                }
                tag.attributes.push((name, value));
            }
        }
    }
}

/// Where the expression ends that begins with the brace here.
pub(super) fn braces(text: &str, start: usize, steps: &mut usize) -> Option<usize> {
    let bytes = text.as_bytes();
    // What is open: a brace, or the text of a template.
    let mut open: Vec<u8> = vec![b'{'];
    let mut at = start + 1;
    while let Some(&byte) = bytes.get(at) {
        *steps = steps.checked_sub(1)?;
        if open.last() == Some(&b'`') {
            match byte {
                b'\\' => at += 1,
                b'`' => {
                    open.pop();
                }
                b'$' if bytes.get(at + 1) == Some(&b'{') => {
                    open.push(b'{');
                    at += 1;
                }
                _ => {}
            }
            at += 1;
            continue;
        }
        match byte {
            b'{' | b'`' => open.push(byte),
            b'}' => {
                open.pop();
                if open.is_empty() {
                    return Some(at + 1);
                }
            }
            b'"' | b'\'' => at = quoted(bytes, at, steps)?.unwrap_or(at),
            b'/' if bytes.get(at + 1) == Some(&b'*') => {
                at += 3 + ahead(&bytes[at + 2..], b"*/", steps)?;
            }
            b'/' if bytes.get(at + 1) == Some(&b'/') && bytes.get(at.wrapping_sub(1)) != Some(&b':') => {
                at += ahead(&bytes[at..], b"\n", steps)?;
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// How far away the next such sign is. A look that finds none costs as much as it looked at.
pub(super) fn ahead(bytes: &[u8], sign: &[u8], steps: &mut usize) -> Option<usize> {
    let within = &bytes[..bytes.len().min(*steps)];
    let found = memchr::memmem::find(within, sign);
    *steps -= found.unwrap_or(within.len());
    found
}

/// The names of all closing tags: what is never closed is no element.
pub(super) fn closed_names(text: &str) -> BTreeSet<&str> {
    let found = memchr::memmem::find_iter(text.as_bytes(), b"</");
    found.map(|at| name_at(text, at + 2)).filter(|name| !name.is_empty()).collect()
}

/// The text that an expression is, if it is nothing else.
pub(super) fn literal(code: &str) -> Option<Cow<'_, str>> {
    let code = code.trim();
    let quote = code.chars().next().filter(|it| matches!(it, '"' | '\'' | '`'))?;
    let inner = code.strip_prefix(quote)?.strip_suffix(quote)?;
    let is_one = !inner.replace("\\\\", "").replace(&format!("\\{quote}"), "").contains(quote);
    let is_template = quote == '`' && inner.contains("${");
    (is_one && !is_template && (quote == '`' || !inner.contains('\n'))).then(|| unescaped(inner))
}

/// The text in the brackets of a call that only says where a file is: `require('./a.png').default`.
pub(super) fn required(code: &str) -> Option<Cow<'_, str>> {
    let code = code.trim();
    let call = ["require", "useBaseUrl", "withBase", "url"]
        .iter()
        .find_map(|name| code.strip_prefix(name)?.trim_start().strip_prefix('('))?;
    let (inner, behind) = call.split_once(')')?;
    matches!(behind.trim(), "" | ".default" | ".src" | ".default.src").then(|| literal(inner))?
}

fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(char) = rest.next() {
        match (char, char == '\\') {
            (_, true) => match rest.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                other => out.extend(other),
            },
            _ => out.push(char),
        }
    }
    Cow::Owned(out)
}

fn attribute_value<'t>(
    text: &'t str,
    at: usize,
    is_plain: &mut bool,
    steps: &mut usize,
) -> Option<(Value<'t>, usize)> {
    let bytes = text.as_bytes();
    match *bytes.get(at)? {
        quote @ (b'"' | b'\'') => {
            let end = at + 1 + ahead(&bytes[at + 1..], &[quote], steps)?;
            Some((Value::Text(Cow::Borrowed(&text[at + 1..end])), end + 1))
        }
        b'{' => {
            *is_plain = false;
            let end = braces(text, at, steps)?;
            let code = text[at + 1..end - 1].trim();
            let is_number = !code.is_empty() && code.len() < 8 && code.bytes().all(|it| it.is_ascii_digit());
            let plain = literal(code).or_else(|| required(code)).or(is_number.then_some(Cow::Borrowed(code)));
            Some((plain.map_or(Value::Expression(code), Value::Text), end))
        }
        // As in HTML, without quotes.
        byte if !byte.is_ascii_whitespace() && !matches!(byte, b'>' | b'<' | b'=' | b'`') => {
            let rest = &text[at..];
            let end = rest.find(|it: char| it.is_whitespace() || it == '>').unwrap_or(rest.len());
            let end = end - usize::from(rest[..end].ends_with('/') && rest[end..].starts_with('>'));
            Some((Value::Text(Cow::Borrowed(&rest[..end])), at + end))
        }
        _ => None,
    }
}

/// Where the string ends that begins here; nothing within if it does not end on its line, as an apostrophe.
fn quoted(bytes: &[u8], start: usize, steps: &mut usize) -> Option<Option<usize>> {
    let mut at = start + 1;
    while let Some(&byte) = bytes.get(at) {
        *steps = steps.checked_sub(1)?;
        match byte {
            b'\n' => return Some(None),
            b'\\' => at += 1,
            _ if byte == bytes[start] => return Some(Some(at)),
            _ => {}
        }
        at += 1;
    }
    Some(None)
}

fn name_at(text: &str, at: usize) -> &str {
    let rest = text.get(at..).unwrap_or_default();
    if !rest.starts_with(|it: char| it.is_ascii_alphabetic() || matches!(it, '_' | '$')) {
        return "";
    }
    let is_part = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '$' | '.' | '-');
    &rest[..rest.find(|it| !is_part(it)).unwrap_or(rest.len())]
}

fn attribute_name(text: &str, at: usize) -> &str {
    let rest = &text[at..];
    if !rest.starts_with(|it: char| it.is_alphabetic() || matches!(it, '_' | '$' | '@' | ':' | '#')) {
        return "";
    }
    let is_part = |it: char| it.is_alphanumeric() || matches!(it, '_' | '$' | '.' | '-' | ':' | '@' | '#');
    &rest[..rest.find(|it| !is_part(it)).unwrap_or(rest.len())]
}

fn space(bytes: &[u8], at: usize) -> usize {
    bytes.get(at..).unwrap_or_default().iter().take_while(|it| it.is_ascii_whitespace()).count()
}
