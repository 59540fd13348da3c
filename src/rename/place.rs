//! Where in the source of a link its address stands. The place of a link is that of all of it; what may be
//! changed is the address alone, so it is found again here, and believed only where it reads as the parser
//! understood it.

use std::borrow::Cow;
use std::ops::Range;

use crate::diagnostic::Span;
use crate::page::html::decode;

/// A text and where its lines begin.
#[derive(Debug)]
pub(crate) struct Lines<'a> {
    starts: Vec<usize>,
    text: &'a str,
}

/// An address in the source of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Written {
    /// Its bytes, without brackets or quotes around it.
    pub at: Range<usize>,
    /// What stands around it.
    pub form: Form,
}

/// What stands around an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Parentheses, or the end of a line.
    Bare,
    /// `<` and `>`, where a space is a space.
    Bracketed,
    /// The quotes of an attribute, where a backslash is one.
    Quoted,
    /// Two brackets: it is a name rather than an address.
    Named,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(text: &'a str) -> Lines<'a> {
        let ends = text.match_indices('\n').map(|(at, _)| at + 1);
        Lines { starts: std::iter::once(0).chain(ends).collect(), text }
    }

    /// The bytes of a place.
    pub(crate) fn range(&self, span: Span) -> Option<Range<usize>> {
        let range = self.byte(span.line, span.column)?..self.byte(span.end_line, span.end_column)?;
        self.text.get(range.clone()).map(|_| range)
    }

    fn byte(&self, line: u32, column: u32) -> Option<usize> {
        let start = *self.starts.get(usize::try_from(line).ok()?.checked_sub(1)?)?;
        let line = self.text[start..].split('\n').next().unwrap_or_default();
        let before = usize::try_from(column).ok()?.checked_sub(1)?;
        line.char_indices().map(|(at, _)| at).chain([line.len()]).nth(before).map(|at| start + at)
    }
}

/// The address in the source of a link or an image, if it stands there and not in a definition.
pub(super) fn in_link(source: &str, address: &str) -> Option<Written> {
    if source.starts_with('<') && !source[1..].starts_with(address) {
        return in_tag(source, address);
    }
    if let Some(inside) =
        source.trim_start_matches('!').strip_prefix("[[").and_then(|it| it.strip_suffix("]]"))
    {
        let start = source.len() - 2 - inside.len();
        let end = inside.find('|').unwrap_or(inside.len());
        let written = inside[..end].trim_end_matches('\\').trim();
        let from = start + inside.len() - inside.trim_start().len();
        return (written == address).then(|| Written { at: from..from + written.len(), form: Form::Named });
    }
    if source == address {
        return Some(Written { at: 0..source.len(), form: Form::Bare });
    }
    if source.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) == Some(address) {
        return Some(Written { at: 1..source.len() - 1, form: Form::Bracketed });
    }
    // From the end, because the text of a link may hold links that are none; whatever stands in the title
    // leaves its quote behind.
    source.rmatch_indices("](").find_map(|(at, open)| {
        let (written, end) = destination(source, at + open.len(), address)?;
        closes(&source[end..]).then_some(written)
    })
}

/// The address in a definition.
pub(super) fn in_definition(source: &str, address: &str) -> Option<Written> {
    source
        .match_indices("]:")
        .find_map(|(at, open)| destination(source, at + open.len(), address).map(|(written, _)| written))
}

/// The address that stands from a byte on, if it is this one, and where it ends.
fn destination(source: &str, from: usize, address: &str) -> Option<(Written, usize)> {
    let rest = source.get(from..)?;
    // In a quotation the next line begins with its sign.
    let start = from + (rest.len() - rest.trim_start_matches([' ', '\t', '\n', '>']).len());
    let rest = &source[start..];
    let (at, form, end) = if let Some(inside) = rest.strip_prefix('<') {
        let end = start + 1 + unescaped(inside, |c| c == '>' || c == '\n')?;
        (start + 1..end, Form::Bracketed, end + 1)
    } else {
        let mut depth = 0_usize;
        let end = unescaped(rest, |c| {
            match c {
                '(' => depth += 1,
                ')' if depth == 0 => return true,
                ')' => depth -= 1,
                _ => {}
            }
            c.is_ascii_whitespace() || c.is_ascii_control()
        });
        let end = start + end.unwrap_or(rest.len());
        (start..end, Form::Bare, end)
    };
    (meant(&source[at.clone()]) == address).then_some((Written { at, form }, end))
}

/// Whether nothing but a title stands before the closing parenthesis.
fn closes(rest: &str) -> bool {
    let Some(inside) = rest.strip_suffix(')') else { return false };
    let title = inside.trim_matches([' ', '\t', '\n', '>']);
    if title.is_empty() {
        return true;
    }
    let quoted = |open: char, close: char| {
        let inner = title.strip_prefix(open).and_then(|it| it.strip_suffix(close));
        inner.is_some_and(|it| unescaped(it, |c| c == close).is_none())
    };
    inside.starts_with([' ', '\t', '\n']) && (quoted('"', '"') || quoted('\'', '\'') || quoted('(', ')'))
}

/// The address in an attribute of a tag.
fn in_tag(source: &str, address: &str) -> Option<Written> {
    let lower = source.to_ascii_lowercase();
    ["href", "src"].iter().flat_map(|name| lower.match_indices(name)).find_map(|(at, name)| {
        let before = source[..at].chars().next_back()?;
        let behind = &source[at + name.len()..];
        let value = behind.trim_start().strip_prefix('=')?.trim_start();
        if !(before.is_whitespace() || matches!(before, '"' | '\'' | '/')) {
            return None;
        }
        let start = source.len() - value.len();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (start, end) = match quote {
            Some(quote) => (start + 1, start + 1 + value[1..].find(quote)?),
            None => (start, start + value.find(|c: char| c.is_whitespace() || c == '>')?),
        };
        let at = start..end;
        let is_it = decode(&source[at.clone()]).trim() == address.trim();
        is_it.then_some(Written { at, form: Form::Quoted })
    })
}

/// Where the path of a written address ends: before its query or its fragment.
pub(super) fn end_of_path(written: &str) -> usize {
    let mut at = 0;
    while let Some(c) = written[at..].chars().next() {
        match c {
            '?' | '#' => return at,
            '\\' => at += 1,
            '&' => {
                let name = written[at + 1..].find(|c: char| !(c.is_ascii_alphanumeric() || c == '#'));
                if let Some(name) = name.filter(|name| *name > 0 && written[at + 1 + name..].starts_with(';'))
                {
                    at += name + 2;
                    continue;
                }
                at += 1;
                continue;
            }
            _ => {}
        }
        at += written[at..].chars().next().map_or(0, char::len_utf8);
    }
    written.len()
}

/// The first character for which this holds and that no backslash stands before.
fn unescaped(text: &str, mut holds: impl FnMut(char) -> bool) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().find_map(|(at, c)| {
        if escaped && c.is_ascii_punctuation() {
            escaped = false;
            return None;
        }
        escaped = c == '\\';
        (!escaped && holds(c)).then_some(at)
    })
}

/// What an address in markdown means: without its backslashes, entities decoded.
fn meant(written: &str) -> Cow<'_, str> {
    if !written.contains(['\\', '&']) {
        return Cow::Borrowed(written);
    }
    let mut out = String::with_capacity(written.len());
    let mut rest = written;
    while let Some(at) = rest.find('\\') {
        out.push_str(&decode(&rest[..at]));
        rest = &rest[at + 1..];
        match rest.chars().next() {
            Some(c) if c.is_ascii_punctuation() => {
                out.push(c);
                rest = &rest[1..];
            }
            _ => out.push('\\'),
        }
    }
    out.push_str(&decode(rest));
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(source: &str, address: &str) -> Option<String> {
        in_link(source, address).map(|it| source[it.at].to_string())
    }

    #[test]
    fn an_address_is_found_in_every_form_of_a_link() {
        for (source, address, written) in [
            ("[a](a.md)", "a.md", "a.md"),
            ("[a.md](a.md \"a.md\")", "a.md", "a.md"),
            ("![x](<a b.md> 'see')", "a b.md", "a b.md"),
            ("[a](  a.md  \"a ](b.md) b\" )", "a.md", "a.md"),
            ("[a](a_(b).md)", "a_(b).md", "a_(b).md"),
            ("[a](a\\_b.md)", "a_b.md", "a\\_b.md"),
            ("[a](a&amp;b.md)", "a&b.md", "a&amp;b.md"),
            ("[![p](p.png)](a.md)", "a.md", "a.md"),
            ("[a](x \"](x)\")", "x", "x"),
            ("<a title=\"href\" href='a.md'>", "a.md", "a.md"),
            ("<img src=a.png>", "a.png", "a.png"),
            ("<https://a.example/>", "https://a.example/", "https://a.example/"),
            ("https://a.example/", "https://a.example/", "https://a.example/"),
        ] {
            assert_eq!(found(source, address).as_deref(), Some(written), "{source}");
        }
        for (source, address) in [("[a][b.md]", "a.md"), ("[a](b.md)", "a.md"), ("[a](a.md) b", "a.md")] {
            assert_eq!(found(source, address), None, "{source}");
        }
        let definition = "[a]: <a b.md> \"x\"";
        let written = in_definition(definition, "a b.md").expect("an address");
        assert_eq!((&definition[written.at], written.form), ("a b.md", Form::Bracketed));
    }

    #[test]
    fn a_path_ends_before_query_and_fragment() {
        for (written, path) in [
            ("a.md#b", "a.md"),
            ("a&#x2e;md?b#c", "a&#x2e;md"),
            ("a\\#b#c", "a\\#b"),
            ("a&b", "a&b"),
            ("ä#", "ä"),
        ] {
            assert_eq!(&written[..end_of_path(written)], path);
        }
    }
}
