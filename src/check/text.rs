//! Advice on texts: headings in order, images that can be listened to, paragraphs that can be read, the
//! community's own words, titles that ask. Only `check` gives it.

pub mod title;

use std::cell::OnceCell;

use rayon::prelude::*;

use super::phrase::{Finder, has_no_spaces};
use super::short;
use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::page::kind::Kind;
use crate::page::markdown::{BlockKind, Heading, Image};
use crate::page::{Lead, Page};
use crate::site::{Form, Site};

/// How many problems of one rule are told of one file. Nobody reads on.
const REPORTED: usize = 50;

/// Looks at the texts of all files that readers may see one day; not at what moderators took down.
pub fn check(site: &Site, diagnostics: &mut Vec<Diagnostic>) {
    let words = Finder::new(site.sources().config.check.words.iter().map(|it| it.word.as_str()));
    let of_page = |(page, form): (&std::sync::Arc<Page>, &Form)| {
        let mut found = Vec::new();
        if super::is_taken_down(site, page) {
            return found;
        }
        if *form == Form::Entry && page.place.kind == Kind::Question {
            found.extend(question_title(site, page));
        }
        found.extend(heading_order(site, page).into_iter().take(REPORTED));
        found.extend(alt_texts(page).take(REPORTED));
        found.extend(long_paragraphs(site, page).take(REPORTED));
        if let (Some(words), Some(source)) = (&words, site.sources().text(&page.path)) {
            found.extend(other_words(site, page, words, source).take(REPORTED));
        }
        found
    };
    let found: Vec<Vec<Diagnostic>> =
        site.pages().par_iter().zip(site.forms()).map(of_page).filter(|found| !found.is_empty()).collect();
    diagnostics.extend(found.into_iter().flatten());
}

fn question_title(site: &Site, page: &Page) -> Option<Diagnostic> {
    let title = match (&page.fields.title, &page.lead) {
        (Some(title), _) => &title.value,
        (None, Lead::Heading(title) | Lead::Bold(title) | Lead::BoldLine(title)) => title,
        (None, Lead::None) => return None,
    };
    let fault = title::fault(title, &site.sources().config.languages)?;
    Some(no_question(page, title, fault))
}

/// Headings that stand deeper than one level below the one above them, with the level they should have. What
/// stands below such a heading moves with it.
fn heading_order(site: &Site, page: &Page) -> Vec<Diagnostic> {
    let headings: Vec<&Heading> = page.body.headings.iter().filter(|heading| heading.top_level).collect();
    let mut found = Vec::new();
    // The way down to the last heading: each as it was written, and as it should be.
    let mut way: Vec<(u8, u8)> = Vec::new();
    let lines = Lines::of(site, page);
    for heading in headings {
        while way.last().is_some_and(|(written, _)| *written >= heading.level) {
            way.pop();
        }
        // Nobody knows below what a text begins that has no title of its own.
        let right = way.last().map_or(heading.level, |(_, right)| (right + 1).min(heading.level));
        if right < heading.level {
            let marks = usize::from(heading.level);
            let is_marked = lines
                .behind(heading.span)
                .is_some_and(|text| text.starts_with(&"#".repeat(marks)) && !text[marks..].starts_with('#'));
            found.push(too_deep(page, heading, right, is_marked));
        }
        way.push((heading.level, right));
    }
    found
}

fn alt_texts(page: &Page) -> impl Iterator<Item = Diagnostic> + '_ {
    page.body.images.iter().filter(|image| !image.ornament).filter_map(|image| match image.alt.trim() {
        "" => Some(no_alt(page, image)),
        alt => says_nothing(alt).then(|| empty_alt(page, image)),
    })
}

/// Whether a description is what a program or a template put there: the name of a file, `image`, `Screenshot
/// 2026-11-21 at 10.30`.
fn says_nothing(alt: &str) -> bool {
    const WORDS: &[&str] = &[
        "alt",
        "text",
        "image",
        "img",
        "picture",
        "photo",
        "pic",
        "screenshot",
        "screen",
        "shot",
        "dsc",
        "dscn",
        "pxl",
        "untitled",
        "enter",
        "description",
        "here",
        "from",
        "at",
        "am",
        "pm",
        "bild",
        "foto",
        "grafik",
        "bildschirmfoto",
        "um",
        "capture",
        "imagen",
        "captura",
        "de",
        "pantalla",
        "صورة",
    ];
    const EXTENSIONS: &[&str] = &["png", "jpg", "jpeg", "gif", "webp", "avif", "svg", "heic"];
    let lower = alt.to_lowercase();
    let ending = lower.rsplit_once('.').map(|(_, ending)| ending);
    if !lower.contains(' ') && ending.is_some_and(|ending| EXTENSIONS.contains(&ending)) {
        return true;
    }
    let mut parts = lower.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).peekable();
    parts.peek().is_some()
        && parts.all(|part| part.chars().all(|c| c.is_ascii_digit()) || WORDS.contains(&part))
}

fn long_paragraphs<'a>(site: &'a Site, page: &'a Page) -> impl Iterator<Item = Diagnostic> + 'a {
    let most = site.sources().config.check.long_paragraph;
    page.body.blocks.iter().filter_map(move |block| {
        let is_paragraph = matches!(block.kind, BlockKind::Paragraph { .. });
        // A word has a letter and a space.
        if !is_paragraph || block.text.len() < most * 2 {
            return None;
        }
        let words = words_in(page.body.text_at(block.text.clone()));
        (words >= most).then(|| long_paragraph(page, block.span, words))
    })
}

/// The number of words; where they stand without spaces, two letters count as one.
fn words_in(text: &str) -> usize {
    let spaced = text.split(|c: char| c.is_whitespace() || has_no_spaces(c)).filter(|it| !it.is_empty());
    spaced.count() + text.chars().filter(|c| has_no_spaces(*c)).count() / 2
}

fn other_words<'a>(
    site: &'a Site,
    page: &'a Page,
    words: &'a Finder,
    source: &'a str,
) -> impl Iterator<Item = Diagnostic> + 'a {
    let wordings = &site.sources().config.check.words;
    words.find(page, source).into_iter().filter_map(move |found| {
        let wording = &wordings[found.phrase];
        // `github: GitHub` is about capitals, and anyone who writes `GitHub` did it right.
        if found.text == wording.instead {
            return None;
        }
        let instead = with_capital_of(&found.text, &wording.instead);
        if found.text == instead {
            return None;
        }
        let message = format!("This community writes `{}`, not `{}`.", instead, found.text);
        let problem = Diagnostic::new(Rule::WordList, &page.path, found.span, message)
            .help("With one word for one thing, a search finds everything.");
        Some(if found.plain { problem.fix(instead) } else { problem })
    })
}

/// The right word with a capital where the wrong one had one, at the beginning of a sentence say.
fn with_capital_of(found: &str, instead: &str) -> String {
    let mut letters = instead.chars();
    match (found.chars().next(), letters.next()) {
        (Some(first), Some(letter)) if first.is_uppercase() && letter.is_lowercase() => {
            letter.to_uppercase().chain(letters).collect()
        }
        _ => instead.to_owned(),
    }
}

/// The lines of a file, cut when the first of them is wanted.
struct Lines<'s> {
    source: &'s str,
    lines: OnceCell<Vec<&'s str>>,
}

impl<'s> Lines<'s> {
    fn of(site: &'s Site, page: &Page) -> Lines<'s> {
        Lines { source: site.sources().text(&page.path).map_or("", |text| text), lines: OnceCell::new() }
    }

    /// What is written from a place to the end of its line.
    fn behind(&self, span: Span) -> Option<&'s str> {
        let lines = self.lines.get_or_init(|| self.source.lines().collect());
        let line = lines.get(span.line as usize - 1)?;
        let at = line.char_indices().nth(span.column as usize - 1)?.0;
        Some(&line[at..])
    }
}

fn no_question(page: &Page, title: &str, fault: title::Fault) -> Diagnostic {
    let title = short(title);
    let message = match fault {
        title::Fault::SaysNothing => format!("The title “{title}” does not say what the question is."),
        title::Fault::Pleads => format!("The title “{title}” starts with a greeting or a plea."),
        title::Fault::Tells => format!("The title “{title}” makes a statement but asks nothing."),
        title::Fault::Shouts => {
            let message = format!("The title “{title}” is in capitals, which looks like shouting.");
            return Diagnostic::new(Rule::QuestionTitle, &page.path, super::title_span(page), message)
                .help("Write it as you would say it, in lower case and with one question mark.");
        }
    };
    Diagnostic::new(Rule::QuestionTitle, &page.path, super::title_span(page), message).help(
        "Ask it the way someone with the same problem would: what, where, and a question mark. People who can answer \
         first see it in a list of titles.",
    )
}

fn too_deep(page: &Page, heading: &Heading, right: u8, is_marked: bool) -> Diagnostic {
    let (written, right) = ("#".repeat(heading.level.into()), "#".repeat(right.into()));
    let span = match is_marked {
        true => Span::in_line(heading.span.line, heading.span.column, heading.level.into()),
        false => heading.span,
    };
    let problem = Diagnostic::new(
        Rule::HeadingOrder,
        &page.path,
        span,
        format!("The heading “{}” skips a level below the heading above it.", short(&heading.text)),
    )
    .help(format!(
        "Write `{right}` instead of `{written}`: people who use a screen reader move from level to level."
    ));
    if is_marked { problem.fix(right) } else { problem }
}

fn no_alt(page: &Page, image: &Image) -> Diagnostic {
    Diagnostic::new(Rule::AltText, &page.path, image.source.span, "The image has no description.").help(
        "Describe the image between the brackets: `![The valve, with its arrow up](valve.jpg)`. People who cannot \
         see it rely on the description, and so does the search.",
    )
}

fn empty_alt(page: &Page, image: &Image) -> Diagnostic {
    let message = format!("`{}` does not say what the image shows.", short(image.alt.trim()));
    Diagnostic::new(Rule::AltText, &page.path, image.source.span, message).help(
        "Describe what it shows: `![The valve, with its arrow up](valve.jpg)`. People who cannot see it rely on the \
         description, and so does the search.",
    )
}

fn long_paragraph(page: &Page, span: Span, words: usize) -> Diagnostic {
    let message = format!("This paragraph has {words} words.");
    Diagnostic::new(Rule::LongParagraph, &page.path, Span::in_line(span.line, span.column, 1), message).help(
        "Start a new paragraph, after an empty line, for each new thought. Put steps in a list, and program output \
         between two lines of three backticks.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_that_a_program_wrote_says_nothing() {
        for alt in [
            "image",
            "enter image description here",
            "IMG_2041",
            "IMG_2041.JPG",
            "Screenshot 2026-11-21 at 10.30.12 AM",
            "Bildschirmfoto 2026-11-21 um 10.30",
            "valve.png",
            "1",
        ] {
            assert!(says_nothing(alt), "{alt}");
        }
        for alt in ["The valve", "Screenshot of the settings", "Hub 4.2", "foto of a pump", "…", "a"] {
            assert!(!says_nothing(alt), "{alt}");
        }
    }

    #[test]
    fn words_are_counted_with_and_without_spaces() {
        assert_eq!(words_in("two words"), 2);
        assert_eq!(words_in("請先登入系統"), 3);
        assert_eq!(words_in("API 登入 key"), 3);
    }
}
