//! What stands within a line.

use std::iter::Peekable;
use std::ops::Range;
use std::slice::Iter;

use super::block::is_id;
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
        if !matches!(bytes[at], b'[' | b'{' | b'%' | b'=' | b'\\' | b':' | b'^' | b'<' | b'+') {
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
                    let from = if construct == Construct::Embed { at - 1 } else { at };
                    found.add(construct, start + from..start + at + length);
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
        let told = |construct| move |length| (Some(construct), length);
        match self.here.as_bytes()[0] {
            b'[' => self.brackets(labels),
            b'{' => self.braces(),
            b'%' => self.pair("%%").map(told(Construct::Comment)),
            b'=' => self.pair("==").map(told(Construct::Highlight)),
            b':' => self.icon(),
            b'^' => self.caret(),
            b'<' => self.jsx(labels),
            _ => self.keys().map(told(Construct::Keys)),
        }
    }

    fn brackets(&self, labels: &mut Labels<'_>) -> Begins {
        if let Some(rest) = self.here.strip_prefix("[[") {
            let end = rest.find("]]")?;
            let inner = &rest[..end];
            let is_number = inner.chars().all(|it| it.is_ascii_digit() || matches!(it, ',' | '.' | ' '));
            let is_named = !inner.is_empty() && !inner.starts_with([' ', '^']) && !inner.contains(['[', ']']);
            let is_toc = matches!(&*inner.to_ascii_lowercase(), "toc" | "_toc_");
            let length = end + 4;
            // `[[1]](#note)` is a link in brackets, and `[[a]]` may be one by a label.
            let is_link = self.here[length..].starts_with(['(', '[']) || is_number || labels.has(inner);
            return match is_named && !is_link && !is_toc {
                true if self.before.ends_with('!') => Some((Some(Construct::Embed), length)),
                true => Some((Some(Construct::WikiLink), length)),
                false => Some((None, 2)),
            };
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
        if here.starts_with("{{<") || here.starts_with("{{%") {
            let length = to(if here.starts_with("{{<") { ">}}" } else { "%}}" })?;
            let inner = here[3..].trim_start();
            // The end of a pair belongs to its beginning; `{{</* … */>}}` is one that is only shown.
            let is_end = inner.starts_with("/ ") || (inner.starts_with('/') && !inner.starts_with("/*"));
            return Some(((!is_end).then_some(Construct::Shortcode), length));
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
        if here.starts_with("{%") {
            let length = to("%}")?;
            // In `{%}` the two signs overlap.
            let inner = here.get(2..length - 2)?.trim_matches(['-', ' ']);
            let is_end = inner.starts_with("end");
            let is_tag = inner.starts_with(char::is_alphabetic);
            return Some(((is_tag && !is_end).then_some(Construct::Tag), length));
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
        (is_list && !is_toc).then_some((Some(Construct::Attributes), length))
    }

    /// A text between two equal signs that touch it on both sides, at a place where a word could begin.
    fn pair(&self, sign: &str) -> Option<usize> {
        let rest = self.here.strip_prefix(sign)?;
        let end = rest.find(sign)?;
        let inner = &rest[..end];
        let behind = &rest[end + sign.len()..];
        let letter = |it: char| it.is_ascii_alphanumeric() || sign.contains(it);
        let is_free = !self.before.ends_with(letter) && !behind.starts_with(letter);
        let touches = sign == "%%" || (!inner.starts_with(' ') && !inner.ends_with(' '));
        let is_text = inner.contains(char::is_alphanumeric) && !inner.starts_with(letter_of(sign));
        (is_free && touches && is_text).then_some(end + 2 * sign.len())
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

    fn caret(&self) -> Begins {
        if let Some(rest) = self.here.strip_prefix("^[") {
            let end = rest.find(']').filter(|end| rest[..*end].contains(' '))?;
            return Some((Some(Construct::InlineFootnote), end + 3));
        }
        let name = self.here[1..].trim_end();
        let ends = self.before.len() + 1 + name.len() == self.line.trim_end().len();
        let is_named = name.len() >= 3 && name.bytes().all(is_id) && self.before.ends_with(' ');
        (ends && is_named && !self.before.trim().is_empty())
            .then_some((Some(Construct::BlockId), name.len() + 1))
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

    fn keys(&self) -> Option<usize> {
        let rest = self.here.strip_prefix("++")?;
        let end = rest.find("++")?;
        let inner = &rest[..end];
        let is_free = !self.before.ends_with(|it: char| it.is_alphanumeric() || it == '+')
            && !rest[end + 2..].starts_with(|it: char| it.is_alphanumeric() || it == '+');
        let is_key = |key: &str| {
            !key.is_empty()
                && key.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-')
        };
        (is_free && inner.split('+').all(is_key)).then_some(end + 4)
    }
}

fn letter_of(sign: &str) -> char {
    sign.chars().next().unwrap_or(' ')
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
