//! What holds for every character that somebody wrote, whatever it is part of: a body, a title, a tag.
//!
//! Controls that turn the direction of writing and characters without width go; secrets are masked.
//! Both happen **before** the text is parsed as anything, so that no heading id, attribute, snippet
//! or message can hold what was taken out; a [`Cleaned`] text maps its offsets back to the file.
//! E-mail addresses and telephone numbers are only found here, never changed.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Rule, Severity, Span};

pub use contact::{email_is_public, emails, hidden_login, holds_email, phones, shown_name};

mod contact;
mod secret;

/// How many problems of one kind are reported for one text; the cleaning itself has no limit.
const REPORTED: usize = 50;

/// A text without hidden characters and with its secrets masked.
#[derive(Debug)]
pub struct Cleaned<'a> {
    /// What is left. Borrowed where nothing was found.
    pub text: Cow<'a, str>,
    /// What was found, in the order of the text.
    pub findings: Vec<Finding>,
    /// For each place where characters were taken out: its offset in `text`, and how many bytes
    /// of the original are gone up to and including it.
    removed: Vec<(usize, usize)>,
}

/// Something that was taken out or masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it was.
    pub what: What,
    /// Where it stood in the original, in bytes.
    pub at: Range<usize>,
    /// Where it stood in the cleaned text.
    pub clean: usize,
}

/// The kinds of things that are taken out or masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Controls of the writing direction; the first of them.
    Bidi(char),
    /// Characters without width; the first of them.
    ZeroWidth(char),
    /// Something that looks like a secret.
    Secret {
        /// What it looks like, as in `a GitHub token`.
        name: &'static str,
        /// Its first four characters; no more of it is ever kept.
        shown: String,
    },
}

/// Takes out hidden characters and masks secrets. A secret keeps its first four characters, each
/// other one becomes `x`, so that offsets and columns stay true.
#[must_use]
pub fn clean(text: &str) -> Cleaned<'_> {
    let mut cleaned = without_hidden(text);
    let secrets = secret::find(&cleaned.text);
    if secrets.is_empty() {
        return cleaned;
    }
    let mut bytes = std::mem::take(&mut cleaned.text).into_owned().into_bytes();
    for found in &secrets {
        for range in &found.masked {
            bytes[range.clone()].fill(b'x');
        }
    }
    // Only ASCII was replaced by ASCII, so this cannot fail; if it did, nothing would be shown.
    cleaned.text = Cow::Owned(String::from_utf8(bytes).unwrap_or_default());
    for found in secrets {
        cleaned.findings.push(Finding {
            at: cleaned.original(found.at.start)..cleaned.original(found.at.end),
            clean: found.at.start,
            what: What::Secret { name: found.name, shown: found.shown },
        });
    }
    cleaned.findings.sort_by_key(|finding| finding.at.start);
    cleaned
}

impl Cleaned<'_> {
    /// The offset in the original of an offset in the cleaned text.
    #[must_use]
    pub fn original(&self, clean: usize) -> usize {
        let before = self.removed.partition_point(|(at, _)| *at <= clean);
        clean + before.checked_sub(1).map_or(0, |last| self.removed[last].1)
    }

    /// The diagnostics of what was found. `span` gives the place of a byte range of the original,
    /// `in_code` says whether an offset of the cleaned text lies in code.
    #[must_use]
    pub fn diagnostics(
        &self,
        file: &Arc<str>,
        span: impl Fn(Range<usize>) -> Span,
        in_code: impl Fn(usize) -> bool,
    ) -> Vec<Diagnostic> {
        let (mut bidi, mut width) = (0, 0);
        let mut diagnostics = Vec::new();
        for finding in &self.findings {
            let count = match finding.what {
                What::Bidi(_) => &mut bidi,
                What::ZeroWidth(_) => &mut width,
                What::Secret { .. } => &mut 0,
            };
            *count += 1;
            if *count > REPORTED {
                continue;
            }
            let span = span(finding.at.clone());
            diagnostics.push(match &finding.what {
                What::Bidi(c) => direction_control(file, span, *c, in_code(finding.clean)),
                What::ZeroWidth(c) => without_width(file, span, *c),
                What::Secret { name, shown } => looks_secret(file, span, name, shown),
            });
        }
        diagnostics
    }
}

/// The same text with every secret in it masked, and nothing else changed.
#[must_use]
pub fn without_secrets(text: &str) -> Cow<'_, str> {
    let secrets = secret::find(text);
    if secrets.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut bytes = text.as_bytes().to_vec();
    for range in secrets.iter().flat_map(|found| &found.masked) {
        bytes[range.clone()].fill(b'x');
    }
    // As above: if this failed, nothing would be shown.
    Cow::Owned(String::from_utf8(bytes).unwrap_or_default())
}

/// Cleans one value of the front matter or of another file, and reports what was found in it.
/// `at` is the place of its first character; the value is taken to stand on one line.
#[must_use]
pub fn mend<'a>(file: &Arc<str>, text: &'a str, at: Span, diagnostics: &mut Vec<Diagnostic>) -> Cow<'a, str> {
    let cleaned = clean(text);
    if !cleaned.findings.is_empty() {
        diagnostics.extend(cleaned.diagnostics(file, |range| within(text, at, range), |_| false));
    }
    cleaned.text
}

/// Reports the e-mail addresses and telephone numbers of one value. `at` is as in [`mend`].
pub fn report_contacts(file: &Arc<str>, text: &str, at: Span, diagnostics: &mut Vec<Diagnostic>) {
    for range in emails(text).filter(|range| email_is_public(&text[range.clone()])) {
        diagnostics.push(email_in_sight(file, within(text, at, range.clone()), &text[range]));
    }
    for range in phones(text) {
        diagnostics.push(phone_in_sight(file, within(text, at, range.clone()), &text[range]));
    }
}

/// The text without what is hidden in it, for text that came from entities and has no place.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    without_hidden(text).text
}

/// Says that an e-mail address can be read by everybody.
#[must_use]
pub fn email_in_sight(file: &Arc<str>, span: Span, email: &str) -> Diagnostic {
    Diagnostic::new(Rule::Email, file, span, format!("Everyone can read the email address `{email}` here."))
        .help("Remove it unless it is meant to be public: addresses on the web are collected for spam.")
}

/// Says that a name is an e-mail address, or holds one, so that it is not shown.
#[must_use]
pub fn email_as_name(file: &Arc<str>, span: Span, shown: &str) -> Diagnostic {
    let problem = Diagnostic::new(
        Rule::Email,
        file,
        span,
        "An email address is used as a name here, so it is not shown.",
    );
    match shown {
        "" => problem.help("Write a name or a handle instead: addresses on the web are collected for spam."),
        shown => problem
            .help(format!("Write only `{shown}`: addresses on the web are collected for spam."))
            .fix(shown.to_string()),
    }
}

/// Says that a telephone number can be read by everybody.
#[must_use]
pub fn phone_in_sight(file: &Arc<str>, span: Span, number: &str) -> Diagnostic {
    Diagnostic::new(Rule::Phone, file, span, format!("Everyone can read the phone number `{number}` here."))
        .help("Remove it unless it is meant to be public.")
}

fn within(text: &str, at: Span, range: Range<usize>) -> Span {
    let before = |offset: usize| text[..offset].chars().count() as u32;
    Span {
        line: at.line,
        column: at.column + before(range.start),
        end_line: at.line,
        end_column: at.column + before(range.end),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Hidden {
    Direction,
    Width,
}

fn without_hidden(text: &str) -> Cleaned<'_> {
    let mut cleaned = Cleaned { text: Cow::Borrowed(text), findings: Vec::new(), removed: Vec::new() };
    // Written without an early end, so that many bytes are looked at in one step.
    if !text.bytes().fold(false, |found, b| found | (b >= 0x80) | is_control(b)) {
        return cleaned;
    }
    let mut out = String::new();
    let mut copied = 0;
    let mut line = Line::default();
    let mut last: Option<Hidden> = None;
    let mut next = 0;
    while let Some(step) = text.as_bytes()[next..].iter().position(|b| may_begin_hidden(*b)) {
        let at = next + step;
        next = at + 1;
        let Some(c) = text[at..].chars().next() else { continue };
        let Some(hidden) = hidden(text, at, c, &mut line) else { continue };
        if copied == at && last == Some(hidden) && !cleaned.findings.is_empty() {
            if let (Some(finding), Some(removed)) = (cleaned.findings.last_mut(), cleaned.removed.last_mut())
            {
                finding.at.end = at + c.len_utf8();
                removed.1 += c.len_utf8();
            }
        } else {
            out.push_str(&text[copied..at]);
            let gone = cleaned.removed.last().map_or(0, |(_, gone)| *gone) + c.len_utf8();
            cleaned.removed.push((out.len(), gone));
            cleaned.findings.push(Finding {
                what: match hidden {
                    Hidden::Direction => What::Bidi(c),
                    Hidden::Width => What::ZeroWidth(c),
                },
                at: at..at + c.len_utf8(),
                clean: out.len(),
            });
        }
        copied = at + c.len_utf8();
        last = Some(hidden);
    }
    if copied > 0 {
        out.push_str(&text[copied..]);
        cleaned.text = Cow::Owned(out);
    }
    cleaned
}

/// Controls mean nothing in text, and XML forbids them. A tab is white space.
fn is_control(b: u8) -> bool {
    b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r') || b == 0x7f
}

/// Every hidden character begins with one of these bytes, and none of them is inside another one.
fn may_begin_hidden(b: u8) -> bool {
    is_control(b) || matches!(b, 0xd8 | 0xe2 | 0xef | 0xf3)
}

/// The line that was looked at last, and whether letters in it run from right to left.
#[derive(Default)]
struct Line {
    end: usize,
    right_to_left: bool,
}

impl Line {
    fn runs_right_to_left(&mut self, text: &str, at: usize) -> bool {
        if at >= self.end {
            let start = memchr::memrchr(b'\n', &text.as_bytes()[self.end.min(at)..at])
                .map_or(self.end.min(at), |found| self.end.min(at) + found + 1);
            self.end = memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |found| at + found);
            self.right_to_left = text[start..self.end].chars().any(is_right_to_left);
        }
        self.right_to_left
    }
}

fn hidden(text: &str, at: usize, c: char, line: &mut Line) -> Option<Hidden> {
    match c {
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => Some(Hidden::Direction),
        // Marks are how an honest writer of Hebrew or Arabic puts a full stop in its place.
        '\u{200e}' | '\u{200f}' | '\u{61c}' => {
            (!line.runs_right_to_left(text, at)).then_some(Hidden::Direction)
        }
        '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}' => Some(Hidden::Width),
        '\u{2060}'..='\u{2064}' | '\u{206a}'..='\u{206f}' | '\u{feff}' => Some(Hidden::Width),
        // Thai, Lao, Burmese and Khmer have no spaces: this is where a line may break.
        '\u{200b}' => (!matches!(
            before(text, at),
            Some('\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
        ))
        .then_some(Hidden::Width),
        '\u{200c}' | '\u{200d}' => {
            let after = text[at + c.len_utf8()..].chars().next();
            (!(before(text, at).is_some_and(joins) && after.is_some_and(joins))).then_some(Hidden::Width)
        }
        // Tags are invisible ASCII. After a black flag they say whose flag it is.
        '\u{e0000}'..='\u{e007f}' => {
            (!matches!(before(text, at), Some('\u{1f3f4}' | '\u{e0000}'..='\u{e007f}'))
                || !flag_before(text, at))
            .then_some(Hidden::Width)
        }
        _ => None,
    }
}

fn before(text: &str, at: usize) -> Option<char> {
    text[..at].chars().next_back()
}

/// Whether the tags in front of this place, of which a flag has at most seven, begin with a flag.
fn flag_before(text: &str, at: usize) -> bool {
    text[..at].chars().rev().take(8).find(|c| !matches!(c, '\u{e0000}'..='\u{e007f}')) == Some('\u{1f3f4}')
}

/// Scripts and symbols in which (non-)joiners change what is seen: from Hebrew on, and emoji.
fn joins(c: char) -> bool {
    c >= '\u{590}'
        && !matches!(c, '\u{1e00}'..='\u{218f}' | '\u{2c60}'..='\u{2c7f}' | '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ffef}')
}

fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
        && !matches!(c, '\u{61c}')
}

fn direction_control(file: &Arc<str>, span: Span, c: char, in_code: bool) -> Diagnostic {
    let found = Diagnostic::new(
        Rule::Bidi,
        file,
        span,
        format!("An invisible character (U+{:04X}) changes the direction of the text here.", u32::from(c)),
    )
    .fix("");
    if in_code {
        found
            .severity(Severity::Error)
            .help("It was left out. In code, it can make a line do something other than it seems to.")
    } else {
        found.help("It was left out. Such characters often come along when text is copied from a chat or a document.")
    }
}

fn without_width(file: &Arc<str>, span: Span, c: char) -> Diagnostic {
    Diagnostic::new(
        Rule::ZeroWidth,
        file,
        span,
        format!("This contains an invisible character without width (U+{:04X}).", u32::from(c)),
    )
    .help("It was left out. Such characters often come along when text is copied, and they make words impossible to \
        find.")
    .fix("")
}

fn looks_secret(file: &Arc<str>, span: Span, name: &str, shown: &str) -> Diagnostic {
    Diagnostic::new(Rule::Secret, file, span, format!("This looks like {name} (`{shown}…`).")).help(
        "It is masked on the page, but everyone who can read the repository can use it: revoke it, then remove it.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(text: &str) -> (String, Vec<String>) {
        let mut diagnostics = Vec::new();
        let mended = mend(&"a.md".into(), text, Span::START, &mut diagnostics).into_owned();
        report_contacts(&"a.md".into(), &mended, Span::START, &mut diagnostics);
        (mended, diagnostics.iter().map(|d| format!("{} {}", d.rule, d.column)).collect())
    }

    #[test]
    fn ordinary_text_is_not_even_copied() {
        for text in [
            "plain",
            "zwölf “quotes” – dashes …",
            "مرحبا\u{200f}!",
            "👩‍💻 und 🏴\u{e0067}\u{e0062}\u{e007f}",
            "می‌خواهم",
        ] {
            assert!(matches!(clean(text).text, Cow::Borrowed(_)), "{text:?}");
            assert!(clean(text).findings.is_empty());
        }
    }

    #[test]
    fn hidden_characters_go_and_columns_stay_true() {
        assert_eq!(rules("a\u{202e}b"), ("ab".into(), vec!["bidi 2".into()]));
        assert_eq!(
            rules("é\u{200b}\u{feff}b\u{2066}\u{202e}c"),
            ("ébc".into(), vec!["zero-width 2".into(), "bidi 5".into()])
        );
        assert_eq!(rules("a\0b\u{1b}"), ("ab".into(), vec!["zero-width 2".into(), "zero-width 4".into()]));
        assert_eq!(rules("a\u{200f}b"), ("ab".into(), vec!["bidi 2".into()]));
        assert_eq!(rules("pass\u{200d}word"), ("password".into(), vec!["zero-width 5".into()]));
        let cleaned = clean("é\u{200b}\u{feff}b\u{202e}c");
        let back: Vec<_> = (0..=cleaned.text.len()).map(|at| cleaned.original(at)).collect();
        assert_eq!(back, [0, 1, 8, 12, 13]);
    }

    #[test]
    fn ten_thousand_hidden_characters_are_one_problem() {
        let text = format!("{}x", "\u{202e}".repeat(10_000));
        assert_eq!(rules(&text), ("x".into(), vec!["bidi 1".into()]));
    }

    #[test]
    fn a_secret_is_masked_wherever_it_stands_and_never_told() {
        let token = format!("ghp_{}", "aB3".repeat(12));
        let (mended, rules) = rules(&format!("my \u{200b}token={token}."));
        assert_eq!(mended, format!("my token=ghp_{}.", "x".repeat(36)));
        assert_eq!(rules, ["zero-width 4", "secret 11"]);
        let mut diagnostics = Vec::new();
        let _ = mend(&"a.md".into(), &token, Span::START, &mut diagnostics);
        assert!(!format!("{diagnostics:?}").contains(&token[..8]));
    }

    #[test]
    fn contacts_are_reported_where_they_stand() {
        assert_eq!(rules("ask ana@acme.io or +49 30 123 45 67").1, ["email 5", "phone 20"]);
    }
}
