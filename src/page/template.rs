//! What new files begin with, as far as a file by itself can tell it: names that mean nobody, titles that say nothing,
//! sentences that say what to write, and fields that wait for somebody. It never reaches a page, whichever way the file
//! was made. Where the words come from is not known here: `site::placeholder` collects them from the templates.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::front_matter::{Consent, Fields};
use super::kind::Kind;
use super::markdown::{Block, BlockKind, Body};
use super::slug;
use crate::diagnostic::Span;

/// Who agreed to a story, until its author says so.
pub const NOBODY_YET: &str = "WHO AGREED";
/// When they did.
pub const NO_DAY_YET: &str = "DATE";

/// What may stand for the one who agreed, in the words of the template, of the documentation, and of those who translate
/// them; folded.
const NOBODY: [&str; 16] = [
    "who agreed",
    "who",
    "your name",
    "wer zugestimmt hat",
    "wer",
    "dein name",
    "qui a accepté",
    "qui a donné son accord",
    "qui",
    "quién aceptó",
    "quién dio su consentimiento",
    "quién",
    "quien",
    "من وافق",
    "من",
    "اسمك",
];
/// What may stand for the day, likewise.
const NO_DAY: [&str; 10] = [
    "date",
    "when",
    "yyyy-mm-dd",
    "datum",
    "wann",
    "jjjj-mm-tt",
    "aaaa-mm-jj",
    "fecha",
    "aaaa-mm-dd",
    "التاريخ",
];
/// The address of a link until somebody gives one.
const NO_ADDRESS: [&str; 2] = ["https://", "http://"];

/// What templates say in some languages.
#[derive(Debug, Default)]
pub struct Said {
    /// File names, as slugs.
    pub names: BTreeSet<String>,
    /// Titles.
    pub titles: BTreeSet<String>,
    /// Sentences that say what to write.
    pub sentences: BTreeSet<String>,
    /// Headings of parts that somebody fills.
    pub headings: BTreeSet<String>,
    /// Lines that are none of these: headings as they are written, and fields with words in them.
    pub lines: BTreeSet<String>,
}

/// What the templates of a site say: those of the default theme in every language, and the site's own.
#[derive(Debug, Clone, Default)]
pub struct Templates {
    /// In the languages of the default theme.
    pub shipped: Option<&'static Said>,
    /// In the site's own words.
    pub own: Arc<Said>,
}

/// Something that a template put there and nobody replaced.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Leftover {
    /// What it says.
    pub text: String,
    /// Where.
    pub span: Span,
    /// Whether it stood where the title stands.
    pub is_title: bool,
}

impl Templates {
    /// Whether any language says it.
    pub fn any(&self, says: impl Fn(&Said) -> bool) -> bool {
        self.shipped.is_some_and(&says) || says(&self.own)
    }

    /// Whether a stem is the name that a reply's file or a new entry has until its author names it; a number
    /// after it, as systems add one, makes no name of it.
    #[must_use]
    pub fn is_name(&self, stem: &str) -> bool {
        let stem = slug::slug(stem);
        let known = |stem: &str| self.any(|said| said.names.contains(stem));
        known(&stem) || known(stem.trim_end_matches(|it: char| it.is_ascii_digit()).trim_end_matches('-'))
    }

    /// Whether a title is the one that a template puts there.
    #[must_use]
    pub fn is_title(&self, title: &str) -> bool {
        self.any(|said| said.titles.contains(title.trim()))
    }

    /// Whether a text is the sentence that says what to write.
    #[must_use]
    pub fn is_sentence(&self, text: &str) -> bool {
        self.any(|said| said.sentences.contains(text.trim()))
    }
}

/// Takes out of the front matter what waits for somebody to fill it in, so that it is as if it were not there.
pub fn empty_fields(fields: &mut Fields, templates: &Templates) -> Vec<Leftover> {
    let mut left = Vec::new();
    let mut leave = |text: &str, span: Span, is_title: bool| {
        left.push(Leftover { text: text.to_string(), span, is_title });
    };
    if let Some(consent) = fields.consent.take_if(|it| it.value.given && is_open(&it.value)) {
        leave(&consent.value.text, consent.span, false);
    }
    if let Some(url) = fields.url.take_if(|it| NO_ADDRESS.contains(&it.value.trim())) {
        leave(&url.value, url.span, false);
    }
    if let Some(title) = fields.title.take_if(|it| templates.is_title(&it.value)) {
        leave(&title.value, title.span, true);
    }
    if let Some(name) = fields.name.take_if(|it| templates.is_title(&it.value)) {
        leave(&name.value, name.span, false);
    }
    fields.authors.retain(|author| {
        let is_nobody = templates.is_name(&author.value);
        if is_nobody {
            leave(&author.value, author.span, false);
        }
        !is_nobody
    });
    left
}

/// Whether a consent still has a placeholder where the one who agreed, or the day, should stand.
fn is_open(consent: &Consent) -> bool {
    let folded = |part: &str| {
        let bare = part.trim_matches(|it: char| !it.is_alphanumeric());
        bare.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
    };
    let rest = consent.text.split_once(',').map_or("", |(_, rest)| rest);
    let parts: Vec<String> = rest.split(',').map(folded).filter(|part| !part.is_empty()).collect();
    let is_nobody = parts.first().is_some_and(|first| NOBODY.contains(&first.as_str()));
    let is_no_day = || parts.last().is_some_and(|last| NO_DAY.contains(&last.as_str()));
    is_nobody || (consent.date.is_none() && is_no_day())
}

/// What of a body stands in a template: its title, sentences that say what to write, and the headings of a story's or
/// a how-to's parts under which nothing is written.
#[must_use]
pub fn leftovers(body: &Body, kind: Kind, templates: &Templates) -> Vec<Leftover> {
    let mut left = Vec::new();
    let has_parts = matches!(kind, Kind::Story | Kind::HowTo);
    let blocks = &body.blocks;
    let mut at = 0;
    while let Some(block) = blocks.get(at) {
        let text = body.text_at(block.text.clone());
        let leftover = |block: &Block, is_title: bool| {
            let text = body.text_at(block.text.clone()).to_string();
            Leftover { text, span: block.span, is_title }
        };
        at += 1;
        match block.kind {
            BlockKind::Heading(index) => {
                let heading = &body.headings[index as usize];
                if heading.level == 1 && at == 1 && templates.is_title(&heading.text) {
                    left.push(leftover(block, true));
                } else if has_parts && templates.any(|said| said.headings.contains(heading.text.trim())) {
                    let empty = blocks[at..].iter().take_while(|it| is_empty_list(body, it)).count();
                    let is_next = |next: &Block| match next.kind {
                        BlockKind::Heading(index) => body.headings[index as usize].level <= heading.level,
                        _ => false,
                    };
                    if blocks.get(at + empty).is_none_or(is_next) {
                        left.push(leftover(block, false));
                        left.extend(blocks[at..at + empty].iter().map(|it| leftover(it, false)));
                    }
                    at += empty;
                }
            }
            BlockKind::Paragraph { .. } if templates.is_sentence(text) => left.push(leftover(block, false)),
            _ => {}
        }
    }
    left
}

/// Whether a list has items in which nothing stands.
fn is_empty_list(body: &Body, block: &Block) -> bool {
    matches!(block.kind, BlockKind::List { .. }) && body.text_at(block.text.clone()).trim().is_empty()
}

/// The text with nothing where these stand; every other line stays where it is.
#[must_use]
pub fn without(text: &str, left: &[Leftover]) -> String {
    let is_left = |line: u32| left.iter().any(|it| (it.span.line..=last_line(it.span)).contains(&line));
    let mut line = 0;
    let kept = text.split_inclusive('\n').map(|it| {
        line += 1;
        if is_left(line) { "\n" } else { it }
    });
    kept.collect()
}

/// The last line of a block; one that ends where the next line begins ends before it.
fn last_line(span: Span) -> u32 {
    if span.end_column <= 1 && span.end_line > span.line { span.end_line - 1 } else { span.end_line }
}
