//! Words and phrases in what people wrote, at their exact places: as whole words, in any case, across the end of
//! a line, but not in code, quotations or addresses.

use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};
use pulldown_cmark::{Event, LinkType, Parser, Tag, TagEnd};

use crate::diagnostic::{Span, Spanned};
use crate::page::Page;
use crate::page::front_matter;
use crate::page::markdown::SYNTAX;
use crate::page::position::Positions;
use crate::page::text;

/// Looks for some phrases.
#[derive(Debug)]
pub struct Finder {
    /// The folded phrases, for a text that was folded.
    phrases: AhoCorasick,
    /// The same for a text of ASCII as it is.
    ascii: AhoCorasick,
}

/// A phrase in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhraseMatch {
    /// Which phrase it is, in the order in which they were given.
    pub phrase: usize,
    /// Where it stands.
    pub span: Span,
    /// What stands there, as it is written, with single spaces.
    pub text: String,
    /// Whether exactly this text stands there, so that another one can take its place.
    pub plain: bool,
}

/// A text as it is compared, and where each byte of it comes from.
#[derive(Default)]
struct Folded {
    text: String,
    /// For each byte the character that it was, as a range of the source.
    from: Vec<(u32, u32)>,
}

impl Finder {
    /// Looks for these phrases; nothing where there are none.
    #[must_use]
    pub fn new<'a>(phrases: impl IntoIterator<Item = &'a str>) -> Option<Finder> {
        let phrases: Vec<String> = phrases.into_iter().map(folded).collect();
        if phrases.iter().all(String::is_empty) {
            return None;
        }
        // An empty phrase would be everywhere; a line end is nowhere in what is looked through.
        let phrases = phrases.into_iter().map(|it| if it.is_empty() { "\n\n".to_owned() } else { it });
        let phrases: Vec<String> = phrases.collect();
        let mut builder = AhoCorasick::builder();
        let folded = builder.match_kind(MatchKind::Standard).build(&phrases).ok()?;
        let ascii = builder.ascii_case_insensitive(true).build(&phrases).ok()?;
        Some(Finder { phrases: folded, ascii })
    }

    /// Whether a text may hold a phrase. Most texts do not, so this must be quick: in plain ASCII, a phrase with
    /// two spaces where one is meant is let go.
    fn may_be_in(&self, text: &str) -> bool {
        let holds = |phrases: &AhoCorasick, text: &str| {
            phrases.find_overlapping_iter(text).any(|it| is_whole(text, &it.range()))
        };
        if text.is_ascii() { holds(&self.ascii, text) } else { holds(&self.phrases, &folded(text)) }
    }

    /// The phrases in the title of the front matter and in the body of a page, in order. Where two overlap, the
    /// longer one counts.
    #[must_use]
    pub fn find(&self, page: &Page, source: &str) -> Vec<PhraseMatch> {
        let mut found = Vec::new();
        if let Some(title) = &page.fields.title {
            let folded = Folded::of(&title.value);
            let written = column_of(source, title);
            found.extend(self.matches(&folded.text).into_iter().map(|(phrase, at)| {
                let text = folded.written(&title.value, at.clone());
                // A value that is put together from several lines, or has escapes, is taken as a whole.
                let span = written.map_or(title.span, |column| {
                    let before = title.value[..folded.from[at.start].0 as usize].chars().count();
                    Span::in_line(title.span.line, column + narrow(before), narrow(text.chars().count()))
                });
                PhraseMatch { phrase, span, text: joined(text), plain: written.is_some() }
            }));
        }
        // Most pages hold none, and what a page shows is at hand.
        if self.may_be_in(&page.body.text) {
            let body_at = front_matter::parse(&page.path, source).body_at;
            self.find_in_body(source, body_at, &mut found);
        }
        found
    }

    fn find_in_body(&self, source: &str, body_at: usize, found: &mut Vec<PhraseMatch>) {
        let cleaned = text::clean(source.get(body_at..).unwrap_or_default());
        let original = |at: u32| body_at + cleaned.original(at as usize);
        let positions = Positions::new(source);
        let folded = prose(&cleaned.text);
        for (phrase, at) in self.matches(&folded.text) {
            let (from, to) = (folded.from[at.start].0, folded.from[at.end - 1].1);
            let written = &cleaned.text[from as usize..to as usize];
            let range = original(from)..original(to);
            found.push(PhraseMatch {
                phrase,
                text: joined(written),
                plain: range.len() == written.len()
                    && folded_len(written) == at.len()
                    && !written.contains('\n'),
                span: positions.span(range),
            });
        }
    }

    /// Which phrases stand where in a folded text, as whole words.
    fn matches(&self, text: &str) -> Vec<(usize, Range<usize>)> {
        let mut all: Vec<(usize, Range<usize>)> = self
            .phrases
            .find_overlapping_iter(text)
            .map(|it| (it.pattern().as_usize(), it.range()))
            .filter(|(_, at)| is_whole(text, at))
            .collect();
        all.sort_by_key(|(phrase, at)| (at.start, std::cmp::Reverse(at.end), *phrase));
        let mut free = 0;
        all.retain(|(_, at)| {
            let keeps = at.start >= free;
            if keeps {
                free = at.end;
            }
            keeps
        });
        all
    }
}

impl Folded {
    fn of(text: &str) -> Folded {
        let mut folded = Folded::default();
        folded.push(text, 0, None);
        folded
    }

    /// Adds a text that begins at a place of the source; where the source says it otherwise (an entity), all of
    /// it stands in `whole`.
    fn push(&mut self, text: &str, at: usize, whole: Option<&Range<usize>>) {
        for (offset, c) in text.char_indices() {
            let range = match whole {
                Some(whole) => (narrow(whole.start), narrow(whole.end)),
                None => (narrow(at + offset), narrow(at + offset + c.len_utf8())),
            };
            self.push_char(c, range);
        }
    }

    fn push_char(&mut self, c: char, range: (u32, u32)) {
        let before = self.text.len();
        fold(c, &mut self.text);
        self.from.resize(self.from.len() + self.text.len() - before, range);
    }

    fn written<'t>(&self, text: &'t str, at: Range<usize>) -> &'t str {
        &text[self.from[at.start].0 as usize..self.from[at.end - 1].1 as usize]
    }
}

/// The column at which a value of the front matter begins, if it stands in its line as it is.
fn column_of(source: &str, value: &Spanned<String>) -> Option<u32> {
    let line = source.lines().nth(value.span.line as usize - 1)?;
    let at = line.char_indices().nth(value.span.column as usize - 1)?.0;
    let quote = u32::from(line[at..].starts_with(['"', '\'']));
    line[at + quote as usize..].starts_with(value.value.as_str()).then_some(value.span.column + quote)
}

/// What people wrote in a body: running text of all its blocks, those apart by line ends. Code is a sign that no
/// phrase has.
fn prose(body: &str) -> Folded {
    let mut folded = Folded::default();
    let (mut quoted, mut skipped) = (0, 0);
    for (event, range) in Parser::new_ext(body, SYNTAX).into_offset_iter() {
        let place = (narrow(range.start), narrow(range.end));
        match event {
            Event::Start(Tag::BlockQuote(_)) => quoted += 1,
            Event::End(TagEnd::BlockQuote(_)) => quoted -= 1,
            Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::MetadataBlock(_)) => skipped += 1,
            Event::End(TagEnd::CodeBlock | TagEnd::HtmlBlock | TagEnd::MetadataBlock(_)) => skipped -= 1,
            Event::Start(Tag::Link { link_type: LinkType::Autolink | LinkType::Email, .. }) => {
                folded.push_char('\u{fffc}', place);
            }
            Event::Text(text) if quoted == 0 && skipped == 0 => {
                let is_source = body.get(range.clone()).is_some_and(|it| it == &*text);
                folded.push(&text, range.start, (!is_source).then_some(&range));
            }
            Event::SoftBreak | Event::HardBreak => folded.push_char(' ', place),
            Event::Code(_) | Event::InlineMath(_) | Event::DisplayMath(_) | Event::FootnoteReference(_) => {
                folded.push_char('\u{fffc}', place);
            }
            Event::Start(tag) if is_block(&tag) => folded.push_char('\n', place),
            _ => {}
        }
    }
    folded
}

fn is_block(tag: &Tag<'_>) -> bool {
    !matches!(
        tag,
        Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Link { .. }
            | Tag::Superscript
            | Tag::Subscript
    )
}

/// Whether nothing belongs to the same word before and behind, and no address goes through it.
fn is_whole(text: &str, at: &Range<usize>) -> bool {
    let (before, inside, after) = (&text[..at.start], &text[at.clone()], &text[at.end..]);
    let joins = |c: char| c.is_alphanumeric() && !has_no_spaces(c);
    let sticks = |c: char| matches!(c, '-' | '_' | '/' | '@' | '#' | '\\');
    let begins = inside.starts_with(joins);
    let ends = inside.ends_with(joins);
    let mut behind = after.chars();
    let last = before.chars().next_back();
    let next = behind.next();
    // `acme.io` and `x.acme` are hosts and files; `acme.` ends a sentence.
    let dotted_before = last == Some('.') && before[..before.len() - 1].ends_with(joins);
    let dotted_after = matches!(next, Some('.' | ':' | '@')) && behind.next().is_some_and(joins);
    let cut_before = begins && (last.is_some_and(|c| joins(c) || sticks(c)) || dotted_before);
    let cut_after = ends && (next.is_some_and(|c| joins(c) || sticks(c)) || dotted_after);
    !cut_before && !cut_after && !is_address(before, after)
}

/// Whether the place lies in a run without spaces that is an address.
fn is_address(before: &str, after: &str) -> bool {
    let is_space = |c: char| c.is_whitespace() || c == '\u{fffc}';
    // An address is not looked for farther than it is likely to reach, so that a long line costs no more.
    let near: String = before.chars().rev().take(300).take_while(|c| !is_space(*c)).collect();
    let near: String = near.chars().rev().collect();
    let behind: String = after.chars().take(100).take_while(|c| !is_space(*c)).collect();
    near.contains("://") || near.starts_with("www.") || behind.contains("://") || behind.contains('@')
}

/// Scripts whose words stand without spaces between them.
pub(super) fn has_no_spaces(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..='\u{31ff}'
        | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn fold(c: char, out: &mut String) {
    match c {
        '!'..='~' => out.push(c.to_ascii_lowercase()),
        '\n' => out.push('\n'),
        c if c.is_whitespace() => {
            if !out.ends_with(' ') {
                out.push(' ');
            }
        }
        '’' | '‘' => out.push('\''),
        c => out.extend(c.to_lowercase()),
    }
}

/// A phrase or a text as it is compared: in small letters, with single spaces.
fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.trim().chars() {
        fold(if c == '\n' { ' ' } else { c }, &mut out);
    }
    out
}

fn folded_len(text: &str) -> usize {
    let mut out = String::new();
    text.chars().for_each(|c| fold(c, &mut out));
    out.len()
}

fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn narrow(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::page;
    use crate::source::Document;

    fn found(phrases: &[&str], text: &str) -> Vec<(usize, String, u32, u32, bool)> {
        let document = Document { path: "content/questions/a.md".into(), text: text.into() };
        let page = page::parse(
            &document,
            Config::default().page_settings(),
            "content/",
            &page::template::Templates::default(),
        );
        let finder = Finder::new(phrases.iter().copied()).expect("phrases");
        let found = finder.find(&page, text);
        found.into_iter().map(|it| (it.phrase, it.text, it.span.line, it.span.column, it.plain)).collect()
    }

    fn words(phrases: &[&str], text: &str) -> Vec<String> {
        found(phrases, text).into_iter().map(|it| it.1).collect()
    }

    #[test]
    fn a_phrase_is_found_at_its_place_in_any_case() {
        assert_eq!(
            found(
                &["log-in", "kill switch"],
                "---\ntags: [a]\n---\n# Ünd log-in?\n\nA **Kill Switch**, ärger: LOG-IN.\n"
            ),
            [
                (0, "log-in".into(), 4, 7, true),
                (1, "Kill Switch".into(), 6, 5, true),
                (0, "LOG-IN".into(), 6, 27, true)
            ]
        );
    }

    #[test]
    fn a_phrase_may_go_over_the_end_of_a_line_and_through_marks() {
        assert_eq!(found(&["shut up"], "Oh shut\nup!"), [(0, "shut up".into(), 1, 4, false)]);
        assert_eq!(found(&["shut up"], "Oh **shut** up!"), [(0, "shut** up".into(), 1, 6, false)]);
        assert_eq!(
            found(&["fish & chips"], "x fish &amp; chips"),
            [(0, "fish &amp; chips".into(), 1, 3, false)]
        );
        assert!(words(&["shut up"], "shut\n\nup").is_empty());
    }

    #[test]
    fn part_of_a_word_an_address_code_and_a_quotation_are_left_alone() {
        for text in [
            "A loginscreen.",
            "re-login, login-page and pre_login",
            "https://login.acme.io/x?login=1 and www.acme.io/login",
            "<https://acme.io/login>",
            "me@login.io, login@acme.io",
            "`login` and\n\n```\nlogin\n```\n\n    login\n",
            "> login, he said",
            "[text](login.md)",
            "see login.md",
            "<b title=\"login\">x</b>",
        ] {
            assert!(words(&["login"], text).is_empty(), "{text}: {:?}", words(&["login"], text));
        }
        for text in [
            "(login)",
            "login.",
            "“login”, he said",
            "login: what?",
            "*login*",
            "| a |\n|-|\n| login |",
            "1. login",
        ] {
            assert_eq!(words(&["login"], text), ["login"], "{text}");
        }
    }

    #[test]
    fn the_longer_of_two_phrases_counts_and_hidden_characters_hide_nothing() {
        assert_eq!(words(&["log in", "log in page"], "the log in page"), ["log in page"]);
        assert_eq!(words(&["idiot"], "you id\u{200b}iot"), ["idiot"]);
        assert_eq!(words(&["don’t"], "don't"), ["don't"]);
    }

    #[test]
    fn words_of_scripts_without_spaces_are_found_inside_a_sentence() {
        assert_eq!(words(&["登入"], "請先登入系統"), ["登入"]);
        assert_eq!(words(&["Straße"], "die STRAßE hinauf"), ["STRAßE"]);
    }

    #[test]
    fn a_title_in_the_front_matter_is_looked_through() {
        assert_eq!(
            found(&["login"], "---\ntitle: \"My login\"\n---\nText\n"),
            [(0, "login".into(), 2, 12, true)]
        );
    }

    #[test]
    fn a_megabyte_of_one_word_takes_no_time() {
        let text = "a ".repeat(500_000);
        assert!(words(&["b", "a b"], &text).is_empty());
        let text = "a/".repeat(500_000);
        assert!(words(&["a"], &text).is_empty());
    }
}
