//! A stranger's text as it may stand in a file: what is hidden in it goes, secrets are masked, nobody's address or number
//! stays, headings stand below the title, and what was left open is closed.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::page::text::{self, What};

/// What stands in place of an e-mail address or a telephone number.
const GONE: &str = "…";

/// What was taken out of a text, by how often.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Removed {
    /// E-mail addresses.
    pub emails: usize,
    /// Telephone numbers.
    pub phones: usize,
    /// What looks like a secret; it is masked.
    pub secrets: usize,
    /// Invisible characters.
    pub hidden: usize,
}

impl Removed {
    /// Whether anything was.
    #[must_use]
    pub fn is_some(self) -> bool {
        self != Removed::default()
    }
}

/// A text without what must not reach a file: invisible characters, secrets, e-mail addresses and telephone numbers.
pub(super) fn clean(typed: &str, removed: &mut Removed) -> String {
    let typed = typed.replace("\r\n", "\n").replace('\r', "\n");
    let cleaned = text::clean(&typed);
    for finding in &cleaned.findings {
        match finding.what {
            What::Secret { .. } => removed.secrets += 1,
            What::Bidi(_) | What::ZeroWidth(_) => removed.hidden += 1,
        }
    }
    without_contacts(&cleaned.text, removed).into_owned()
}

/// The same in one line.
pub(super) fn clean_line(typed: &str, removed: &mut Removed) -> String {
    clean(typed, removed).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text without e-mail addresses and telephone numbers. Those that are made for examples, and those of repositories,
/// are nobody's.
pub(super) fn without_contacts<'t>(text: &'t str, removed: &mut Removed) -> Cow<'t, str> {
    let mut found: Vec<(usize, usize, &str)> = Vec::new();
    for range in text::emails(text).filter(|range| is_somebodys(&text[range.clone()])) {
        removed.emails += 1;
        // A link that writes to somebody leads nowhere now.
        let linked = text[..range.start].strip_suffix("mailto:").map(str::len);
        let bracketed = text[..range.start].ends_with('<') && text[range.end..].starts_with('>');
        found.push(match linked {
            Some(start) => (start, range.end, "#"),
            None if bracketed => (range.start - 1, range.end + 1, GONE),
            None => (range.start, range.end, GONE),
        });
    }
    for range in text::phones(text) {
        removed.phones += 1;
        found.push((range.start, range.end, GONE));
    }
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    found.sort_unstable();
    let mut kept = String::with_capacity(text.len());
    let mut at = 0;
    for (start, end, instead) in found {
        if start >= at {
            kept += &text[at..start];
            kept += instead;
            at = end;
        }
    }
    kept += &text[at..];
    Cow::Owned(kept)
}

fn is_somebodys(email: &str) -> bool {
    let host = email.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    text::email_is_public(email) || matches!(&*host, "local" | "lan" | "internal" | "corp" | "home")
}

/// A text as part of a page: its headings are of level `least` or below, without a gap between levels, and a block of
/// code that was left open is closed. A line below a text is a line, and no heading, which nobody means who writes a mail.
pub(super) fn body(text: &str, least: usize) -> String {
    let mut made: Vec<String> = Vec::new();
    let mut fences = Fences::default();
    let mut last = least - 1;
    for line in text.trim_start_matches(['\n', '\u{feff}']).trim_end().lines() {
        let was_open = fences.is_open();
        fences.see(line);
        let before = made.last().map_or("", String::as_str);
        let is_text = is_text(before);
        if was_open || fences.is_open() {
            made.push(line.to_owned());
        } else if let Some((level, rest)) = heading(line) {
            last = level.max(least).min(last + 1);
            made.push(format!("{} {}", "#".repeat(last), rest.trim()).trim_end().to_owned());
        } else if is_text && is_line_of(line, '=') {
            let title = made.pop().unwrap_or_default();
            last = least.min(last + 1);
            made.push(format!("{} {}", "#".repeat(last), title.trim()));
        } else {
            if is_text && is_line_of(line, '-') && line.trim().len() > 1 {
                made.push(String::new());
            }
            made.push(line.to_owned());
        }
    }
    made.extend(fences.closing());
    made.join("\n")
}

/// A title as a heading that shows it as it was typed.
pub(super) fn title(title: &str) -> String {
    let mut shown = String::with_capacity(title.len() + 8);
    for (at, c) in title.char_indices() {
        let before = title[..at].chars().next_back();
        let after = title[at + c.len_utf8()..].chars().next();
        let in_word = |it: Option<char>| it.is_some_and(char::is_alphanumeric);
        let is_sign = match c {
            '\\' => after.is_some_and(|it| it.is_ascii_punctuation()),
            '`' | '*' | '~' | '[' | ']' | '{' => true,
            '_' => !(in_word(before) && in_word(after)),
            '<' => after.is_some_and(|it| it.is_ascii_alphabetic() || matches!(it, '/' | '!' | '?')),
            '&' => after.is_some_and(|it| it.is_ascii_alphabetic() || it == '#'),
            '$' => !after.is_some_and(|it| it.is_ascii_digit()),
            ':' => after.is_some_and(|it| it.is_ascii_lowercase()),
            // Signs at the end would be taken for the closing of the heading.
            '#' => title[at..].chars().all(|it| it == '#') && before.is_none_or(char::is_whitespace),
            _ => false,
        };
        if is_sign {
            shown.push('\\');
        }
        shown.push(c);
    }
    format!("# {shown}")
}

/// The level and the text of a heading with signs before it.
pub(super) fn heading(line: &str) -> Option<(usize, &str)> {
    let inner = line.trim_start_matches(' ');
    if line.len() - inner.len() > 3 {
        return None;
    }
    let rest = inner.trim_start_matches('#');
    let level = inner.len() - rest.len();
    let is_heading = (1..=6).contains(&level) && (rest.is_empty() || rest.starts_with([' ', '\t']));
    is_heading.then(|| (level, rest.trim()))
}

/// Whether a line is a paragraph's, which a line of signs below it would make a heading of.
fn is_text(line: &str) -> bool {
    let inner = line.trim_start_matches(' ');
    let is_list =
        inner.strip_prefix(['-', '*', '+']).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
            || inner.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(['.', ')'])
                && inner.starts_with(|c: char| c.is_ascii_digit());
    line.len() - inner.len() <= 3
        && !inner.is_empty()
        && !inner.starts_with(['#', '>', '|', '\t'])
        && !is_list
}

fn is_line_of(line: &str, sign: char) -> bool {
    let inner = line.trim();
    !inner.is_empty()
        && inner.chars().all(|c| c == sign)
        && line.len() - line.trim_start_matches(' ').len() <= 3
}

/// Whether the lines of a text are in a block of code, one after the other.
#[derive(Debug, Default)]
pub(super) struct Fences {
    open: Option<(char, usize)>,
}

impl Fences {
    /// Takes the next line.
    pub(super) fn see(&mut self, line: &str) {
        let Some((sign, length, rest)) = fence(line) else { return };
        match self.open {
            Some((of, at_least)) if of == sign && length >= at_least && rest.trim().is_empty() => {
                self.open = None
            }
            None if sign == '~' || !rest.contains('`') => self.open = Some((sign, length)),
            _ => {}
        }
    }

    /// Whether a block is open after that line.
    pub(super) const fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// What closes the block that is open.
    pub(super) fn closing(&self) -> Option<String> {
        self.open.map(|(sign, length)| sign.to_string().repeat(length))
    }
}

/// The sign of a line that opens or closes a block of code, how many of them there are, and what follows.
pub(super) fn fence(line: &str) -> Option<(char, usize, &str)> {
    let inner = line.trim_start_matches(' ');
    let sign = inner.chars().next().filter(|sign| matches!(sign, '`' | '~'))?;
    let rest = inner.trim_start_matches(sign);
    let length = inner.len() - rest.len();
    (line.len() - inner.len() <= 3 && length >= 3).then_some((sign, length, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(text: &str) -> (String, Removed) {
        let mut removed = Removed::default();
        (clean(text, &mut removed), removed)
    }

    #[test]
    fn nobodys_address_or_number_stays() {
        let (text, removed) =
            cleaned("Write to ana@acme.io, <ben@acme.io> or [me](mailto:cem@acme.io), or +49 30 123 45 67.");
        assert_eq!(text, "Write to …, … or [me](#), or ….");
        assert_eq!((removed.emails, removed.phones), (3, 1));
        assert_eq!(
            cleaned("git@github.com:a/b.git and x@example.org").0,
            "git@github.com:a/b.git and x@example.org"
        );
        assert_eq!(cleaned("root@printer.local").0, "…");
    }

    #[test]
    fn what_is_hidden_goes_and_lines_end_as_they_should() {
        let (text, removed) = cleaned("a\u{202e}b\0c\r\nd\re");
        assert_eq!((text.as_str(), removed.hidden), ("abc\nd\ne", 2));
    }

    #[test]
    fn headings_stand_below_the_title_and_code_is_closed() {
        assert_eq!(body("# A\n### B\n\nText\n===\nMore\n---\n", 2), "## A\n### B\n\n## Text\nMore\n\n---");
        assert_eq!(body("```\n# no heading", 2), "```\n# no heading\n```");
        assert_eq!(body("~~~~\n~~~\n# x", 2), "~~~~\n~~~\n# x\n~~~~");
        assert_eq!(body("###### Deep", 3), "### Deep");
    }

    #[test]
    fn a_title_is_shown_as_it_was_typed() {
        for (typed, written) in [
            ("How do I reset it?", "# How do I reset it?"),
            ("Why *this* `code`", "# Why \\*this\\* \\`code\\`"),
            ("<script>alert(1)</script>", "# \\<script>alert(1)\\</script>"),
            ("snake_case _x_", "# snake_case \\_x\\_"),
            ("C #", "# C \\#"),
            ("![x](y)", "# !\\[x\\](y)"),
        ] {
            assert_eq!(title(typed), written);
        }
    }
}
