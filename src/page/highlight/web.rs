//! HTML and CSS, which are written like nothing else. One pass each, like the [`lexer`](super::lexer).

use super::lexer::{number_end, string_end};
use super::{Class, Painter};

/// The HTML of code in HTML, XML or their like; nothing for other languages.
pub(super) fn find(language: &str) -> Option<fn(&str) -> String> {
    match language {
        "html" | "xml" | "svg" | "xhtml" | "htm" | "vue" | "svelte" | "rss" | "atom" | "plist" | "xsd"
        | "xsl" | "wsdl" | "erb" | "heex" | "eex" | "handlebars" | "hbs" | "mustache" | "jinja"
        | "jinja2" | "django" | "liquid" => Some(markup),
        "css" | "scss" | "less" | "postcss" | "pcss" => Some(style),
        _ => None,
    }
}

/// Where the painting is.
struct Pen<'c> {
    code: &'c str,
    painter: Painter,
    painted: usize,
}

impl Pen<'_> {
    fn paint(&mut self, class: Class, from: usize, to: usize) {
        self.painter.paint(None, &self.code[self.painted..from]);
        self.painter.paint(Some(class), &self.code[from..to]);
        self.painted = to;
    }

    fn finish(mut self) -> String {
        self.painter.paint(None, &self.code[self.painted..]);
        self.painter.finish()
    }
}

fn markup(code: &str) -> String {
    let bytes = code.as_bytes();
    let mut pen = Pen { code, painter: Painter::new(code), painted: 0 };
    let mut at = 0;
    while let Some(step) = memchr::memchr2(b'<', b'&', &bytes[at..]) {
        at += step;
        let rest = &bytes[at..];
        if rest[0] == b'&' {
            let name =
                rest[1..].iter().take(32).take_while(|b| b.is_ascii_alphanumeric() || **b == b'#').count();
            if name > 0 && rest.get(name + 1) == Some(&b';') {
                pen.paint(Class::Constant, at, at + name + 2);
            }
            at += 1;
        } else if rest.starts_with(b"<!--") {
            let end = memchr::memmem::find(rest, b"-->").map_or(bytes.len(), |end| at + end + 3);
            pen.paint(Class::Comment, at, end);
            at = end;
        } else {
            let name_at = at + 1 + usize::from(matches!(rest.get(1), Some(b'/' | b'!' | b'?')));
            let name_end = name_at + bytes[name_at..].iter().take_while(|b| is_name(**b)).count();
            if name_end > name_at {
                pen.paint(Class::Tag, name_at, name_end);
                at = attributes(&mut pen, name_end);
            } else {
                at += 1;
            }
        }
    }
    pen.finish()
}

/// Paints up to the end of the tag, or to where it is none any more.
fn attributes(pen: &mut Pen<'_>, mut at: usize) -> usize {
    let bytes = pen.code.as_bytes();
    while let Some(b) = bytes.get(at) {
        match b {
            b'>' => return at + 1,
            b'<' => return at,
            b'"' | b'\'' => {
                let Some(length) = memchr::memchr(*b, &bytes[at + 1..]) else { return bytes.len() };
                pen.paint(Class::String, at, at + length + 2);
                at += length + 2;
            }
            b if is_name(*b) || matches!(b, b'@' | b'#' | b'*') => {
                let end = at + 1 + bytes[at + 1..].iter().take_while(|b| is_name(**b)).count();
                let is_value = at > 0 && bytes[at - 1] == b'=';
                pen.paint(if is_value { Class::String } else { Class::Attribute }, at, end);
                at = end;
            }
            _ => at += 1,
        }
    }
    at
}

fn is_name(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':' | b'.') || b >= 0x80
}

fn style(code: &str) -> String {
    let bytes = code.as_bytes();
    let mut pen = Pen { code, painter: Painter::new(code), painted: 0 };
    let mut depth = 0_u32;
    // Behind the colon of a property stands its value.
    let mut in_value = false;
    let mut at = 0;
    while let Some(b) = bytes.get(at) {
        let rest = &bytes[at..];
        let word = |from: usize| {
            from + bytes[from..]
                .iter()
                .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_') || **b >= 0x80)
                .count()
        };
        let (class, end) = match b {
            b'/' if rest.starts_with(b"/*") => (
                Some(Class::Comment),
                memchr::memmem::find(rest, b"*/").map_or(bytes.len(), |end| at + end + 2),
            ),
            b'/' if rest.starts_with(b"//") && (at == 0 || bytes[at - 1] != b':') => {
                (Some(Class::Comment), memchr::memchr(b'\n', rest).map_or(bytes.len(), |end| at + end))
            }
            b'"' | b'\'' => {
                let close = if *b == b'"' { "\"" } else { "'" };
                match string_end(bytes, at + 1, close, true, false) {
                    Some(end) => (Some(Class::String), end),
                    None => (None, at + 1),
                }
            }
            b'{' => {
                depth += 1;
                in_value = false;
                (None, at + 1)
            }
            b'}' => {
                depth = depth.saturating_sub(1);
                in_value = false;
                (None, at + 1)
            }
            b';' => {
                in_value = false;
                (None, at + 1)
            }
            b':' => {
                in_value |= depth > 0 && matches!(rest.get(1), Some(b' ' | b'\t' | b'\n'));
                (None, at + 1)
            }
            b'@' | b'!' => (Some(Class::Keyword), word(at + 1)),
            b'$' => (Some(Class::Variable), word(at + 1)),
            b'-' if rest.starts_with(b"--") => (Some(Class::Variable), word(at)),
            b'#' => (Some(Class::Constant), word(at + 1)),
            b'.' if !in_value && !matches!(rest.get(1), Some(b'0'..=b'9')) => {
                (Some(Class::Type), word(at + 1))
            }
            b'0'..=b'9' => (
                Some(Class::Number),
                number_end(bytes, at) + usize::from(bytes.get(number_end(bytes, at)) == Some(&b'%')),
            ),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'-' | 0x80.. => {
                let end = word(at);
                let next = bytes.get(end);
                let class = if next == Some(&b'(') {
                    Some(Class::Function)
                } else if in_value {
                    None
                } else if depth > 0 && next == Some(&b':') {
                    Some(Class::Attribute)
                } else {
                    Some(Class::Tag)
                };
                (class.filter(|_| end > at), end.max(at + 1))
            }
            _ => (None, at + 1),
        };
        if let Some(class) = class.filter(|_| end > at + 1 || !matches!(b, b'@' | b'!' | b'$' | b'#' | b'.'))
        {
            pen.paint(class, at, end);
        }
        at = end;
    }
    pen.finish()
}
