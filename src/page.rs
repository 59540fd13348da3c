//! One content file by itself: its place, its front matter, its body.
//!
//! [`parse`] looks at nothing but the file, so pages are parsed in parallel and a file seen before need
//! not be parsed again. It never fails: it returns what it understood and says what it did not. What a
//! page means to the others (whose reply it is, where its links lead) is decided in [`crate::site`].

pub mod cjk;
pub mod date;
pub mod destination;
mod diagram;
mod dialect;
mod foreign;
pub mod front_matter;
pub mod html;
mod jsx;
pub mod kind;
pub mod limits;
pub mod markdown;
pub(crate) mod math;
pub mod position;
mod rewritten;
pub mod slug;
pub mod svg;
pub mod template;
pub mod text;
pub(crate) mod xml;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Span, Spanned};
use front_matter::Fields;
use kind::{FolderKind, Kind};
use markdown::{BlockKind, Body, Extensions, Tracker};
use template::{Leftover, Templates};

/// One text file of the content folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Path from the root, with `/`.
    pub path: Arc<str>,
    /// The text: UTF-8, without byte order mark, with LF line ends.
    pub text: Arc<str>,
}

/// What the configuration says of reading a content file.
#[derive(Debug, Clone, Copy)]
pub struct Settings<'a> {
    /// What the files of a folder are, by its name.
    pub kinds: &'a BTreeMap<String, FolderKind>,
    /// Whether code is coloured.
    pub highlight: bool,
    /// Which additions to markdown are read.
    pub extensions: Extensions,
    /// Where `#12` and commit hashes lead.
    pub tracker: Option<&'a Tracker>,
}

/// One content file, understood as far as it can be by itself.
#[derive(Debug, PartialEq)]
pub struct Page {
    /// Everything but the text.
    pub head: Head,
    /// The text.
    pub body: Body,
    /// What is wrong with the file by itself.
    pub diagnostics: Vec<Diagnostic>,
}

/// What decides what a file is to the others: everything that it says but its text.
#[derive(Debug, PartialEq)]
pub struct Head {
    /// Path from the root, with `/`.
    pub path: Arc<str>,
    /// What the path says.
    pub place: PagePath,
    /// What the front matter says.
    pub fields: Fields,
    /// What the beginning of the body says of the title.
    pub lead: Lead,
    /// What a template put into the file and nobody replaced; it is in none of the above, nor in the text.
    pub leftovers: Vec<Leftover>,
    /// Whether the file cannot be shown, whatever the others say.
    pub held: bool,
}

impl std::ops::Deref for Page {
    type Target = Head;

    fn deref(&self) -> &Head {
        &self.head
    }
}

/// What a path inside the content folder says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PagePath {
    /// The kind of the first folder; plain pages for folders of no known kind.
    pub kind: Kind,
    /// Whether the folder holds questions whose text is their answer.
    pub faq: bool,
    /// Whether the first folder has no known kind, or there is no folder at all.
    pub unknown: bool,
    /// The folders between the kind's folder and the file; for an unknown kind all folders.
    pub folders: Vec<String>,
    /// The file name without its extension.
    pub stem: String,
}

/// How a body begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lead {
    /// With a first-level heading: its text.
    Heading(String),
    /// With a paragraph of nothing but bold text.
    Bold(String),
    /// With a line of nothing but bold text, and more lines in the same paragraph.
    BoldLine(String),
    /// With anything else.
    None,
}

/// Reads one content file. What it has of the templates of new files is left out.
#[must_use]
pub fn parse(
    document: &Document,
    settings: Settings<'_>,
    content_prefix: &str,
    templates: &Templates,
) -> Page {
    let path = &document.path;
    let place = PagePath::of(&path[content_prefix.len()..], settings.kinds);
    let mut front = front_matter::parse(path, &document.text);
    let mut diagnostics = front.diagnostics;
    let options = markdown::Options {
        highlight: settings.highlight,
        jsx: extension(path).is_some_and(|it| it == "mdx") || jsx::is_meant(&document.text),
        extensions: settings.extensions.of_page(&front.fields),
        tracker: settings.tracker,
    };
    let read = |text: &str| markdown::parse(path, text, front.body_at, &options);
    let (mut body, mut problems) = read(&document.text);
    let mut leftovers = Vec::new();
    // Plain pages have no template, so whatever they say is somebody's own.
    if !place.is_plain() {
        leftovers = template::leftovers(&body, place.kind, templates);
        if !leftovers.is_empty() {
            (body, problems) = read(&template::without(&document.text, &leftovers));
        }
        leftovers.extend(template::empty_fields(&mut front.fields, templates));
        leftovers.sort_by_key(|it| (it.span.line, it.span.column));
    }
    diagnostics.extend(problems);
    let held = front.broken || diagnostics.iter().any(|it| it.rule.fate() == crate::diagnostic::Fate::Held);
    let (lead, problem) = short(lead(&body, &document.text), path, &body);
    diagnostics.extend(problem);
    let head = Head { path: Arc::clone(path), place, fields: front.fields, lead, leftovers, held };
    Page { head, body, diagnostics }
}

impl PagePath {
    /// Reads a path from the content folder, such as `questions/billing/invoice.md`.
    #[must_use]
    pub fn of(path: &str, kinds: &BTreeMap<String, FolderKind>) -> PagePath {
        let mut parts: Vec<String> = path.split('/').map(str::to_string).collect();
        let name = parts.pop().unwrap_or_default();
        let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem).to_string();
        match parts.first().and_then(|folder| kind_of_folder(folder, kinds)) {
            Some(known) => {
                parts.remove(0);
                PagePath { kind: known.kind, faq: known.faq, unknown: false, folders: parts, stem }
            }
            None => PagePath { kind: Kind::Page, faq: false, unknown: true, folders: parts, stem },
        }
    }

    /// Whether this is a plain page.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.kind == Kind::Page
    }

    /// Whether the file is the entry that owns its folder.
    #[must_use]
    pub fn is_index(&self) -> bool {
        // A kind's own folder belongs to no entry.
        self.stem.eq_ignore_ascii_case("index") && (self.unknown || !self.folders.is_empty())
    }

    /// Whether the file gives its folder a title and a text.
    #[must_use]
    pub fn is_topic_text(&self) -> bool {
        self.stem == "_index"
            || self.stem.eq_ignore_ascii_case("readme")
            || (self.stem.eq_ignore_ascii_case("index") && !self.is_index())
    }
}

impl Head {
    /// Whether the file looks like a page of its own rather than a reply: it has a title.
    #[must_use]
    pub fn has_entry_form(&self) -> bool {
        self.fields.title.is_some()
            || matches!(self.lead, Lead::Heading(_))
            || self.leftovers.iter().any(|it| it.is_title)
    }

    /// Whether the front matter says something that only a reply can say.
    #[must_use]
    pub fn has_reply_fields(&self) -> bool {
        let fields = &self.fields;
        let says_yes = |field: &Option<Spanned<bool>>| field.as_ref().is_some_and(|it| it.value);
        says_yes(&fields.comment)
            || says_yes(&fields.supports)
            || fields.on.is_some()
            || fields.confirms.is_some()
    }
}

impl Page {
    /// The segments after the title, for a page whose heading is shown elsewhere.
    #[must_use]
    pub fn text_range(&self) -> std::ops::Range<u32> {
        let first = usize::from(matches!(self.lead, Lead::Heading(_)));
        self.body.segments_of(first..self.body.blocks.len())
    }
}

/// The lower-cased extension of a file name; nothing for a name without one.
#[must_use]
pub fn extension(name: &str) -> Option<String> {
    let name = name.rsplit('/').next().unwrap_or(name);
    let (stem, extension) = name.rsplit_once('.')?;
    (!stem.is_empty()).then(|| extension.to_ascii_lowercase())
}

/// What the files of a folder below the content folder are.
fn kind_of_folder(folder: &str, kinds: &BTreeMap<String, FolderKind>) -> Option<FolderKind> {
    let plain = || Kind::ALL.into_iter().find(|kind| kind.plural() == folder);
    kinds.get(folder).copied().or_else(|| plain().map(|kind| FolderKind { kind, faq: false }))
}

fn lead(body: &Body, source: &str) -> Lead {
    let Some(first) = body.blocks.first() else { return Lead::None };
    match first.kind {
        BlockKind::Heading(index) => match &body.headings[index as usize] {
            heading if heading.level == 1 => Lead::Heading(heading.text.clone()),
            _ => Lead::None,
        },
        BlockKind::Paragraph { only_strong: true, .. } => Lead::Bold(body.text_of(0..1).to_string()),
        BlockKind::Paragraph { strong_line: true, .. } => {
            // The text has no line breaks, so the line's own end says where the title ends.
            let line = source.lines().nth(first.span.line as usize - 1).unwrap_or_default();
            let title = line.trim().trim_end_matches(['\\', ' ']).trim_matches(['*', '_']).trim();
            Lead::BoldLine(title.to_string())
        }
        _ => Lead::None,
    }
}

/// A title is repeated on other pages, so a heading counts as far as a title goes. Bold text that is longer is none.
fn short(lead: Lead, file: &Arc<str>, body: &Body) -> (Lead, Option<Diagnostic>) {
    let cut = match &lead {
        Lead::Heading(text) | Lead::Bold(text) | Lead::BoldLine(text) => limits::cut(text, limits::TITLE),
        Lead::None => None,
    };
    match (lead, cut) {
        (Lead::Heading(_), Some(cut)) => {
            let span = body.headings.first().map_or(Span::START, |heading| heading.span);
            (Lead::Heading(cut), Some(limits::long_text(file, span, "The title", limits::TITLE)))
        }
        (_, Some(_)) => (Lead::None, None),
        (lead, None) => (lead, None),
    }
}
