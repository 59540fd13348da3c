//! A shortcode of Hugo, `{{< name … >}}` or `{{% name … %}}`, or a tag of Liquid, `{% name … %}`: where it ends, and
//! what it says.

use std::borrow::Cow;
use std::ops::Range;

/// No tag is longer, in bytes.
const LONGEST: usize = 2000;

/// What Zola writes between two braces, as if it were a value.
const ZOLA: [&str; 4] = ["youtube(", "vimeo(", "figure(", "image("];

/// A tag.
#[derive(Debug)]
pub(super) struct Tag<'t> {
    pub(super) name: &'t str,
    pub(super) family: Family,
    pub(super) kind: Kind,
    /// From brace to brace.
    pub(super) range: Range<usize>,
    /// What stands behind its name.
    pub(super) written: &'t str,
    /// Its values; those without a name have an empty one.
    pub(super) values: Vec<(&'t str, Cow<'t, str>)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Hugo,
    Liquid,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Open,
    Close,
    /// It holds nothing, and says so.
    Empty,
    /// A shortcode that is only to be shown: `{{</* name */>}}`.
    Shown,
}

impl Tag<'_> {
    /// The value of the first of these names that has one.
    pub(super) fn named(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|wanted| {
            let value = self
                .values
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
                .map(|(_, value)| value)?;
            (!value.trim().is_empty()).then(|| value.trim())
        })
    }

    /// The value at a place among those without a name.
    pub(super) fn nth(&self, at: usize) -> Option<&str> {
        let value =
            self.values.iter().filter(|(name, _)| name.is_empty()).nth(at).map(|(_, value)| value.trim())?;
        (!value.is_empty()).then_some(value)
    }
}

/// The tag that begins here, if one does.
pub(super) fn tag(text: &str, start: usize) -> Option<Tag<'_>> {
    let rest = &text[start..];
    let (family, open, close) = if rest.starts_with("{{<") {
        (Family::Hugo, 3, ">}}")
    } else if rest.starts_with("{{%") {
        (Family::Hugo, 3, "%}}")
    } else if rest.starts_with("{%") {
        (Family::Liquid, 2, "%}")
    } else if rest
        .strip_prefix("{{")
        .is_some_and(|it| ZOLA.iter().any(|name| it.trim_start().starts_with(name)))
    {
        (Family::Liquid, 2, "}}")
    } else {
        return None;
    };
    let bytes = rest.as_bytes();
    let within = &bytes[..bytes.len().min(LONGEST)];
    let length = open + memchr::memmem::find(&within[open..], close.as_bytes())?;
    let inner = rest.get(open..length)?;
    if inner.contains("\n\n") || inner.contains("{{") {
        return None;
    }
    let range = start..start + length + close.len();
    let trimmed = inner.trim().trim_start_matches('-').trim_end_matches('-').trim();
    if let Some(shown) = trimmed.strip_prefix("/*").and_then(|it| it.strip_suffix("*/")) {
        let (name, values) = (shown.trim(), Vec::new());
        return Some(Tag { name, family, kind: Kind::Shown, range, written: "", values });
    }
    let (mut kind, trimmed) = match (family, trimmed.strip_prefix('/')) {
        (Family::Hugo, Some(name)) => (Kind::Close, name.trim()),
        _ => (Kind::Open, trimmed),
    };
    let mut written = trimmed;
    if let (Family::Hugo, Some(inner)) = (family, trimmed.strip_suffix('/')) {
        kind = Kind::Empty;
        written = inner.trim_end();
    }
    let length = written.find(|it: char| it.is_whitespace() || it == '(').unwrap_or(written.len());
    let (mut name, written) = written.split_at(length);
    // As Zola writes what belongs to it.
    let written = written.trim().strip_prefix('(').and_then(|it| it.strip_suffix(')')).unwrap_or(written);
    if let (Family::Liquid, Some(closed)) = (family, name.strip_prefix("end")) {
        kind = Kind::Close;
        name = closed;
    }
    let is_part = |it: char| it.is_alphanumeric() || matches!(it, '-' | '_' | '.' | '/');
    if !name.starts_with(char::is_alphabetic) || !name.chars().all(is_part) {
        return None;
    }
    let written = written.trim();
    Some(Tag { name, family, kind, range, written, values: values(written) })
}

/// The values that stand behind a name, in quotes or not.
fn values(written: &str) -> Vec<(&str, Cow<'_, str>)> {
    let mut values = Vec::new();
    let mut rest = written.trim_start();
    while !rest.is_empty() && values.len() < 32 {
        let word = rest
            .find(|it: char| it.is_whitespace() || matches!(it, '=' | '"' | '\'' | '`'))
            .unwrap_or(rest.len());
        let mut name = "";
        let behind = rest[word..].trim_start();
        if word > 0 && behind.starts_with('=') {
            name = &rest[..word];
            rest = behind[1..].trim_start();
        }
        let (value, length) = value(rest);
        if length == 0 {
            break;
        }
        values.push((name, value));
        rest = rest[length..].trim_start_matches(|it: char| it.is_whitespace() || it == ',');
    }
    values
}

/// A value, and how many bytes it takes.
fn value(text: &str) -> (Cow<'_, str>, usize) {
    let quote = text.chars().next().filter(|it| matches!(it, '"' | '\'' | '`' | '“'));
    if let Some(quote) = quote {
        let close = if quote == '“' { '”' } else { quote };
        let inner = &text[quote.len_utf8()..];
        let mut is_escaped = false;
        let end = inner.char_indices().find(|(_, it)| {
            let ends = *it == close && !is_escaped;
            is_escaped = *it == '\\' && !is_escaped;
            ends
        });
        if let Some((end, _)) = end {
            let value = &inner[..end];
            let value = match value.contains('\\') {
                true => Cow::Owned(value.replace("\\\"", "\"").replace("\\'", "'").replace("\\\\", "\\")),
                false => Cow::Borrowed(value),
            };
            return (value, quote.len_utf8() + end + close.len_utf8());
        }
    }
    let length = text.find(|it: char| it.is_whitespace() || it == ',').unwrap_or(text.len());
    (Cow::Borrowed(&text[..length]), length)
}

/// The names of all tags that end something: what has none holds nothing.
pub(super) fn closed_names(text: &str) -> std::collections::BTreeSet<&str> {
    let bytes = text.as_bytes();
    let name = |at: usize| {
        let rest = &text[at..];
        let is_part = |it: char| it.is_alphanumeric() || matches!(it, '-' | '_' | '.' | '/');
        &rest[..rest.find(|it| !is_part(it)).unwrap_or(rest.len())]
    };
    let mut names = std::collections::BTreeSet::new();
    for at in memchr::memmem::find_iter(bytes, b"{{") {
        let rest = text[at + 2..].trim_start_matches(['<', '%']).trim_start();
        if let Some(rest) = rest.strip_prefix('/') {
            names.insert(name(text.len() - rest.trim_start().len()));
        }
    }
    for at in memchr::memmem::find_iter(bytes, b"{%") {
        let rest = text[at + 2..].trim_start_matches('-').trim_start();
        if let Some(rest) = rest.strip_prefix("end") {
            names.insert(name(text.len() - rest.len()));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_says_its_name_and_its_values() {
        let text = "{{< figure src=\"a b.png\" alt='x' caption=`y` 3 >}} {%- endhint -%} {{% /notice %}}{{</* x */>}}";
        let first = tag(text, 0).unwrap();
        assert_eq!(
            (first.name, first.kind, first.named(&["src"]), first.nth(0)),
            ("figure", Kind::Open, Some("a b.png"), Some("3"))
        );
        let second = tag(text, first.range.end + 1).unwrap();
        assert_eq!((second.name, second.kind, second.family), ("hint", Kind::Close, Family::Liquid));
        let third = tag(text, second.range.end + 1).unwrap();
        assert_eq!((third.name, third.kind), ("notice", Kind::Close));
        assert_eq!(tag(text, third.range.end).unwrap().kind, Kind::Shown);
        for text in ["{% 1 %}", "{%", "{{ a }}", "{% a", "{% a\n\nb %}"] {
            assert!(tag(text, 0).is_none(), "{text}");
        }
    }
}
