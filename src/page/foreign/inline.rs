//! What stands within a line.

use std::iter::Peekable;
use std::ops::Range;
use std::slice::Iter;

use super::label::Labels;
use super::{AHEAD, Construct, Constructs};
use crate::page::markdown::is_emoji;

/// Looks at a line, but for what is code in it.
pub(super) fn find(
    line: &str,
    start: usize,
    skipped: &mut Peekable<Iter<'_, Range<usize>>>,
    labels: &mut Labels<'_>,
    found: &mut Constructs,
) {
    let bytes = line.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        while skipped.next_if(|it| it.end <= start + at).is_some() {}
        if let Some(range) = skipped.peek().filter(|it| it.start <= start + at) {
            // The name of a role stands right before its code.
            if range.start == start + at && is_role(&line[..at]) {
                let near = floor(line, at.saturating_sub(60));
                let from = line[near..at].rfind([' ', '(']).map_or(near, |space| near + space + 1);
                found.add(Construct::Role, start + from..(range.end).min(start + line.len()));
            }
            at = range.end - start;
            continue;
        }
        if !matches!(bytes[at], b'[' | b'{' | b'\\' | b':' | b'<') {
            at += 1;
            continue;
        }
        if bytes[at] == b'\\' {
            at += 2;
            continue;
        }
        // Up to the code that follows, and not far.
        let code = skipped.peek().map_or(line.len(), |it| it.start.saturating_sub(start));
        let end = floor(line, code.min(at + AHEAD).min(line.len()));
        let seen = Seen { before: &line[..at], here: &line[at..end], line };
        match seen.construct(labels) {
            Some((construct, length)) => {
                let length = length.max(1);
                if let Some(construct) = construct {
                    found.add(construct, start + at..start + at + length);
                }
                at += length;
            }
            None => at += 1,
        }
    }
}

/// A place in a line.
struct Seen<'l> {
    before: &'l str,
    here: &'l str,
    line: &'l str,
}

/// What begins at a place and how long it is; without a construct it is only passed by.
type Begins = Option<(Option<Construct>, usize)>;

impl Seen<'_> {
    fn construct(&self, labels: &mut Labels<'_>) -> Begins {
        match self.here.as_bytes()[0] {
            b'[' => self.brackets(labels),
            b'{' => self.braces(),
            b':' => self.icon(),
            _ => self.jsx(labels),
        }
    }

    fn brackets(&self, labels: &mut Labels<'_>) -> Begins {
        if let Some(rest) = self.here.strip_prefix("[[") {
            // The links of wikis are read.
            return Some((None, rest.find("]]")? + 4));
        }
        if let Some(rest) = self.here.strip_prefix("[^") {
            let end = rest.find(']')?;
            let label = &rest[..end];
            let is_mark = !label.is_empty()
                && !label.contains([' ', '['])
                && !rest[end + 1..].starts_with(['(', ':', '[']);
            // A set of characters in a pattern, such as `[^abc]+`, is no mark.
            let is_mark = is_mark && label.chars().all(|it| it.is_alphanumeric() || matches!(it, '-' | '_'));
            let is_pattern = rest[end + 1..].starts_with(['*', '+', '{', '?']);
            let is_missing = is_mark && !is_pattern && !labels.has(&format!("^{label}"));
            return Some((is_missing.then_some(Construct::Footnote), end + 3));
        }
        let (text, behind) = self.here[1..].split_once("][")?;
        let (label, _) = behind.split_once(']')?;
        let label_or_text = if label.is_empty() { text } else { label };
        let is_text = text.contains(char::is_alphabetic) && !text.contains(['[', ']', '(', '|']);
        let is_label = !label_or_text.contains(['[', '(', '^']) && text.len() > 1;
        let is_index =
            self.before.ends_with(|it: char| it.is_alphanumeric() || matches!(it, ']' | ')' | '_'));
        let is_missing = is_text && is_label && !is_index && !labels.has(label_or_text);
        let length = text.len() + label.len() + 4;
        is_missing.then_some((Some(Construct::Label), length))
    }

    fn braces(&self) -> Begins {
        let to = |end: &str| self.here.find(end).map(|at| at + end.len());
        let told = |construct, length| Some((Some(construct), length));
        let here = self.here;
        // Shortcodes and tags are read, and those that nobody knows are told by their names.
        if here.starts_with("{{<") || here.starts_with("{{%") || here.starts_with("{%") {
            return Some((None, to("}")?));
        }
        if here.starts_with("{{#") {
            return told(Construct::Include, to("}}")?);
        }
        if here.starts_with("{{") {
            let length = to("}}")?;
            let inner = here[2..length - 2].trim();
            let is_value =
                inner.starts_with(|it: char| it.is_alphabetic() || matches!(it, '.' | '$' | '>' | '_' | '"'));
            let is_toc = inner.eq_ignore_ascii_case("toc");
            let is_of_workflow = self.before.ends_with(['$', '\\']);
            let is_told = is_value && !is_toc && !is_of_workflow && !inner.contains(['{', '}']);
            return Some((is_told.then_some(Construct::Variable), length));
        }
        if here.starts_with("{/*") || here.starts_with("{/ *") {
            return told(Construct::Jsx, to("}")?);
        }
        for (open, close) in [("{++", "++}"), ("{--", "--}"), ("{~~", "~~}"), ("{>>", "<<}"), ("{==", "==}")]
        {
            if here.starts_with(open) {
                return told(Construct::Critic, to(close)?);
            }
        }
        let length = to("}")?;
        let inner = here[1..length - 1].trim();
        let is_toc = inner.eq_ignore_ascii_case(":toc");
        let is_kramdown = inner.starts_with(": ")
            || inner.starts_with(":.")
            || inner.starts_with(":#")
            || inner.starts_with("::")
            || inner.starts_with(":target")
            || inner.starts_with(":style");
        let names_class =
            inner.strip_prefix('.').is_some_and(|it| it.starts_with(|it: char| it.is_ascii_alphabetic()));
        let is_setting = inner.split_once('=').is_some_and(|(name, value)| {
            !value.is_empty()
                && !name.is_empty()
                && name.bytes().all(|it| it.is_ascii_lowercase() || it == b'-')
        });
        let follows = self.before.ends_with([')', ']', '`', '*']) || self.before.trim().is_empty();
        let ends = self.line.trim_end().len() == self.before.len() + length;
        let is_id = inner.starts_with('#') && inner.contains(" .");
        let is_list = is_kramdown || ((names_class || is_id) && (follows || ends)) || (is_setting && follows);
        // Behind a picture and the like they are read.
        (is_list && !is_toc && !follows).then_some((Some(Construct::Attributes), length))
    }

    /// `:smile:` and `:material-home:`. A time and a path have digits or no end.
    fn icon(&self) -> Begins {
        let rest = &self.here[1..];
        let end = rest.find(':').filter(|end| (2..40).contains(end))?;
        let name = &rest[..end];
        let is_name = name.starts_with(|it: char| it.is_ascii_lowercase() || matches!(it, '+' | '-' | '1'))
            && name
                .bytes()
                .all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || matches!(it, b'_' | b'-' | b'+'));
        let is_named =
            name.bytes().any(|it| it.is_ascii_lowercase()) || matches!(name, "+1" | "-1" | "100" | "1234");
        // Code that follows belongs to a role.
        let behind = &self.line[self.before.len() + end + 2..];
        let is_free = !self
            .before
            .ends_with(|it: char| it.is_alphanumeric() || matches!(it, ':' | '/' | '.' | '\\'))
            && !behind.starts_with(|it: char| it.is_alphanumeric() || matches!(it, ':' | '`' | '/' | '='));
        let told = (!is_emoji(name)).then_some(Construct::Icon);
        (is_name && is_named && is_free).then_some((told, end + 2))
    }

    /// A component: it says something in attributes, or ends itself. `<T>` alone is a word in angle brackets.
    fn jsx(&self, labels: &mut Labels<'_>) -> Begins {
        if self.here.starts_with("<<") && self.here[2..].starts_with(|it: char| it.is_ascii_alphabetic()) {
            let end = self.here.find(">>")?;
            let is_reference = !self.here[2..end].contains(['<', '(', ';']) && self.line.contains(">>");
            let is_asciidoc = is_reference && self.here[2..end].contains(',') && !labels.has("<<");
            return is_asciidoc.then_some((Some(Construct::Asciidoc), end + 2));
        }
        let rest = &self.here[1..];
        if !rest.starts_with(|it: char| it.is_ascii_uppercase()) {
            return None;
        }
        let end = rest.find('>')?;
        let inner = &rest[..end];
        let is_self_closing = inner.ends_with('/');
        let has_setting = inner.contains("=\"") || inner.contains("={") || inner.contains("='");
        (is_self_closing || has_setting).then_some((Some(Construct::Jsx), end + 2))
    }
}

/// Whether a text ends as the name of a role does: `:ref:` or `{doc}`.
fn is_role(before: &str) -> bool {
    // No name is longer, and a line of code in code may have no space.
    let before = &before[floor(before, before.len().saturating_sub(60))..];
    let word = before.rsplit([' ', '(']).next().unwrap_or_default();
    let name = word
        .strip_prefix(':')
        .and_then(|it| it.strip_suffix(':'))
        .or_else(|| word.strip_prefix('{').and_then(|it| it.strip_suffix('}')));
    name.is_some_and(|name| {
        name.len() > 1 && name.chars().all(|it| it.is_ascii_alphabetic() || matches!(it, ':' | '-' | '+'))
    })
}

fn floor(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}
