//! The rules that look at the whole site, and the level at which every problem is reported.

pub mod claim;
pub mod consent;
pub mod diff_filter;
pub mod empty;
pub mod explain;
pub mod field;
pub mod guidelines;
pub mod host;
pub mod idea;
pub mod markdown;
pub mod menu;
pub mod newcomer;
pub mod phrase;
pub mod picture;
pub mod possible_duplicate;
pub mod program_state;
pub mod search_test;
pub mod stray;
pub mod text;
pub mod trust;
pub mod upkeep;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Fate, Rule, Span};
use crate::page::text::{What, clean};
use crate::page::{Lead, Page};
use crate::root;
use crate::site::visibility::StatusResolver;
use crate::site::{Site, Visibility};
use crate::source::DOCUMENTS;

/// At most this many characters of what somebody wrote stand in a message.
const QUOTED: usize = 100;

/// Everything that is wrong: with the files, with each page by itself, between the pages. At the levels
/// that the configuration gives, by file and place.
#[must_use]
pub fn all(site: &Site, between: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut diagnostics = site.sources().diagnostics.clone();
    diagnostics.extend(site.pages().iter().flat_map(|page| page.diagnostics.iter().cloned()));
    diagnostics.extend(site.guidelines().iter().flat_map(|(page, _)| page.diagnostics.iter().cloned()));
    diagnostics.extend(between);
    field::check(site, &mut diagnostics);
    claim::check(site, &mut diagnostics);
    consent::check(site, &mut diagnostics);
    idea::check(site, &mut diagnostics);
    host::check(site, &mut diagnostics);
    menu::check(site, &mut diagnostics);
    empty::check(site, &mut diagnostics);
    unknown_folders(site, &mut diagnostics);
    diagnostics.extend(no_content(site, &diagnostics));
    level(&site.sources().config, diagnostics)
}

/// What only `check` says, beside [`all`]: advice on texts, what needs care, what a moderator should look at. A
/// build and a preview say nothing of it. At the levels that the configuration gives, by file and place.
#[must_use]
pub fn thorough(site: &Site) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    text::check(site, &mut diagnostics);
    markdown::check(site, &mut diagnostics);
    newcomer::check(site, &mut diagnostics);
    upkeep::check(site, &mut diagnostics);
    guidelines::check(site, &mut diagnostics);
    picture::check(site, &mut diagnostics);
    level(&site.sources().config, diagnostics)
}

/// Gives problems the level that the configuration wants, leaves out those that it does not want to
/// hear of, and sorts them.
#[must_use]
pub fn level(config: &Config, diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut kept: Vec<Diagnostic> = diagnostics
        .into_iter()
        .filter_map(|mut diagnostic| {
            diagnostic.severity = config.severity(diagnostic.rule, diagnostic.severity)?;
            Some(presentable(diagnostic))
        })
        .collect();
    kept.sort();
    kept.dedup();
    kept
}

/// A problem quotes what strangers wrote, and its words end in terminals, logs and other people's pages:
/// nothing that nobody sees, no control character and no secret goes there.
fn presentable(mut diagnostic: Diagnostic) -> Diagnostic {
    for text in [&mut diagnostic.message, &mut diagnostic.help] {
        *text =
            clean(text).text.replace(|it: char| it.is_control() && !matches!(it, '\n' | '\t'), "\u{FFFD}");
    }
    // Who applies a fix must not lose a secret that was masked; it is reported by itself.
    diagnostic.fix = diagnostic.fix.and_then(|fix| {
        let clean = clean(&fix);
        let is_secret = |what: &What| matches!(what, What::Secret { .. });
        (!clean.findings.iter().any(|it| is_secret(&it.what))).then(|| clean.text.into_owned())
    });
    diagnostic
}

/// Whether readers see nothing of a file but that it was there, so that nothing in it needs to be better.
fn is_taken_down(site: &Site, page: &Page) -> bool {
    StatusResolver::new(site.sources(), Visibility::default()).is_tombstone(page)
}

/// A text that is quoted in a message, cut where it is longer than anybody reads.
fn short(text: &str) -> String {
    match text.char_indices().nth(QUOTED) {
        Some((at, _)) => format!("{}…", text[..at].trim_end()),
        None => text.to_owned(),
    }
}

/// Where the title of a page stands, for what is said of the page as a whole.
fn title_span(page: &Page) -> Span {
    let first = || page.body.blocks.first().filter(|_| page.lead != Lead::None).map(|block| block.span);
    page.fields.title.as_ref().map(|title| title.span).or_else(first).unwrap_or(Span::START)
}

/// Without any page there is nothing to be wrong, which nobody means by a site.
fn no_content(site: &Site, told: &[Diagnostic]) -> Option<Diagnostic> {
    // What is there and was refused has been told.
    let is_refused = |it: &Diagnostic| it.rule.fate() == Fate::Held;
    if !site.sources().documents.is_empty() || told.iter().any(is_refused) {
        return None;
    }
    let folder = match site.sources().content_prefix.as_str() {
        "" => "this folder".to_string(),
        prefix => format!("the folder `{prefix}`"),
    };
    let endings: Vec<String> = DOCUMENTS.iter().map(|ending| format!("`.{ending}`")).collect();
    let message = format!("There is no page in {folder}.");
    Some(Diagnostic::new(Rule::NoContent, &root::CONFIG.into(), Span::START, message).help(format!(
        "Pages are files that end in {}. Start with `longhouse new question \"How do I …?\"`, or set the folder with \
         your pages in longhouse.yaml, for example `content: docs`.",
        endings.join(", ")
    )))
}

/// One warning for each folder whose name is no kind, where there is a folder that holds kinds.
fn unknown_folders(site: &Site, diagnostics: &mut Vec<Diagnostic>) {
    let mut last: Option<&str> = None;
    for page in site.pages() {
        let Some(folder) = page.place.folders.first().filter(|_| page.place.unknown) else { continue };
        if last == Some(folder) {
            continue;
        }
        last = Some(folder);
        let kinds = crate::page::kind::Kind::ALL.iter().map(|kind| kind.plural());
        let near = crate::diagnostic::nearest(folder, kinds);
        let mean = near.map_or_else(String::new, |near| format!("Did you mean `{near}`? "));
        let holds_answers = matches!(
            folder.to_lowercase().as_str(),
            "answer" | "answers" | "reply" | "replies" | "comment" | "comments"
        );
        if holds_answers {
            let message = format!(
                "`{folder}` is not a kind of content: an answer belongs in the folder of its question."
            );
            diagnostics.push(Diagnostic::new(Rule::UnknownKind, &page.path, Span::START, message).help(
                "For `questions/reset-password.md` that is `questions/reset-password/`, with a file named after the \
                 person who answers. Until then these files are plain pages.",
            ));
            continue;
        }
        diagnostics.push(
            Diagnostic::new(
                Rule::UnknownKind,
                &page.path,
                Span::START,
                format!("`{folder}` is not a kind of content, so its files are plain pages."),
            )
            .help(format!(
                "{mean}If it contains another kind, declare it in longhouse.yaml, for example `kinds: {{{folder}: \
                 how-tos}}`. If these are meant to be plain pages, nothing is wrong: `rules: {{unknown-kind: off}}` \
                 turns the warning off."
            )),
        );
    }
}
