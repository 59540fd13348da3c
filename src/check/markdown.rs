//! What looks like markdown and is none, and what markdown takes for something that nobody meant: an address with a
//! space, brackets in the wrong order, a block of code that never ends, a line of dashes right below a sentence.

use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::page::Page;
use crate::page::markdown::{Block, BlockKind};
use crate::site::{Entry, Site};

/// Dashes below a sentence may be so many to be meant as a line across, or as the sign above a signature.
const DASHES: usize = 3;

/// A heading is rarely shorter than this, in characters, if it has so few dashes below.
const SENTENCE: usize = 6;

/// Looks at the blocks of every page that is shown.
pub fn check(site: &Site, diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.extend(site.listed().filter_map(|(_, entry)| second_title(site, entry)));
    for (_, page) in site.pages().iter().enumerate().filter(|(id, _)| !site.is_left_out(*id)) {
        let Some(source) = site.sources().text(&page.path) else { continue };
        let lines: Vec<&str> = source.lines().collect();
        for (number, block) in page.body.blocks.iter().enumerate() {
            let from = (block.span.line as usize).saturating_sub(1);
            let to = (block.span.end_line as usize).clamp(from, lines.len());
            let own = lines.get(from..to).unwrap_or_default();
            match block.kind {
                BlockKind::Paragraph { .. } => {
                    for (line, text) in (block.span.line..).zip(own) {
                        links(page, line, text, diagnostics);
                    }
                    diagnostics.extend(no_heading(page, number, block, own));
                }
                BlockKind::Heading(_) => diagnostics.extend(no_line_across(page, number, block, &lines)),
                BlockKind::Code(_) if number + 1 == page.body.blocks.len() => {
                    diagnostics.extend(never_ends(page, block, &lines));
                }
                _ => {}
            }
        }
    }
}

/// The first of the titles below the title: a page has one.
fn second_title(site: &Site, entry: &Entry) -> Option<Diagnostic> {
    let page = &site.pages()[entry.page];
    let is_own = |segment: u32| entry.body.iter().any(|range| range.contains(&segment));
    let mut headings = page.body.headings.iter().filter(|it| it.top_level && is_own(it.segment));
    // What `title` overrides still is the page's title where it was written.
    let title = page.body.heading_of(0).map(|title| title.segment);
    let heading = headings.find(|heading| heading.level == 1 && Some(heading.segment) != title)?;
    let line = site.sources().line(&page.path, heading.span.line).unwrap_or_default();
    let message = "A page has one title, so this first-level heading is shown smaller.";
    let problem = Diagnostic::new(Rule::Heading, &page.path, heading.span, message)
        .help("Use `##` for the sections of a page. If this is a separate question, give it its own file.");
    // Only the signs are replaced, and only where there are any.
    if !line.starts_with("# ") || heading.span.column != 1 {
        return Some(problem);
    }
    Some(Diagnostic { end_line: heading.span.line, end_column: 2, ..problem }.fix("##"))
}

/// A text or an address in a line that goes on for more bytes than this is none.
const REACH: usize = 2_000;

/// Links in a line that are none. What stands in code is left alone.
fn links(page: &Page, number: u32, line: &str, diagnostics: &mut Vec<Diagnostic>) {
    let plain = without_code(line);
    let bytes = plain.as_bytes();
    let near = |from: usize| {
        let ends = (from + REACH..plain.len()).find(|end| plain.is_char_boundary(*end));
        &plain[from..ends.unwrap_or(plain.len())]
    };
    // A line may be as long as a file, so its columns are counted once.
    let mut counted = (0, 1);
    let mut column = |byte: usize| {
        let columns = plain[counted.0..byte].chars().count();
        counted = (byte, u32::try_from(columns).unwrap_or(u32::MAX).saturating_add(counted.1));
        counted.1
    };
    let mut at = 0;
    while let Some(found) = plain[at..].find(['(', '[']) {
        let open = at + found;
        at = open + 1;
        if open > 0 && bytes[open - 1] == b'\\' {
            continue;
        }
        let (close, next, end) = if bytes[open] == b'[' { ("](", '(', ')') } else { (")[", '[', ']') };
        let Some(text_end) = near(open).find(close).map(|it| open + it) else { continue };
        let text = &plain[open + 1..text_end];
        let Some(address_end) = near(text_end + 2).find(end).map(|it| text_end + 2 + it) else { continue };
        let address = &plain[text_end + 2..address_end];
        if text.contains(['[', ']', '(', ')']) || address.contains(['"', '\'', '<', '(', '[']) {
            continue;
        }
        let is_image = next == '(' && plain[..open].ends_with('!');
        let start = if is_image { open - 1 } else { open };
        let mut span = || {
            let (column, end_column) = (column(start), column(address_end + 1));
            Span { line: number, column, end_line: number, end_column }
        };
        let is_path = address.contains('/') || address.contains('\\') || has_ending(address);
        let problem = if next == '(' {
            let spaced = address.trim().contains(' ') && is_path;
            spaced.then(|| spaced_address(page, span(), is_image, text, address.trim()))
        } else {
            let follows = plain[address_end + 1..].starts_with(['(', '[', ':']);
            (is_path && !address.contains(' ') && !follows).then(|| wrong_order(page, span(), text, address))
        };
        if let Some(problem) = problem {
            diagnostics.push(problem);
            at = address_end + 1;
        }
    }
}

/// The line with spaces for all that stands between backticks. Lengths stay the same.
fn without_code(line: &str) -> String {
    let mut parts = line.split('`').peekable();
    let mut plain = String::with_capacity(line.len());
    let mut is_code = false;
    while let Some(part) = parts.next() {
        if is_code && parts.peek().is_some() {
            part.chars().for_each(|char| plain.extend(std::iter::repeat_n(' ', char.len_utf8())));
        } else {
            plain.push_str(part);
        }
        if parts.peek().is_some() {
            plain.push('`');
        }
        is_code = !is_code;
    }
    plain
}

/// Whether a text ends as the name of a file does.
fn has_ending(text: &str) -> bool {
    let is_ending =
        |ending: &str| (2..=8).contains(&ending.len()) && ending.chars().all(char::is_alphanumeric);
    text.trim().rsplit_once('.').is_some_and(|(_, ending)| is_ending(ending))
}

/// A heading whose space was forgotten. At the top of a page this is said of its title.
fn no_heading(page: &Page, number: usize, block: &Block, lines: &[&str]) -> Option<Diagnostic> {
    let line = lines.first()?.trim();
    let words = line.trim_start_matches('#');
    let signs = line.len() - words.len();
    let is_meant = number > 0 && (2..=6).contains(&signs) && words.starts_with(char::is_alphabetic);
    (is_meant && !words.contains('#')).then(|| {
        let fix = format!("{} {words}", &line[..signs]);
        Diagnostic::new(
            Rule::Markdown,
            &page.path,
            first_line(block, line),
            "This is not a heading: a space is missing after the `#` signs.",
        )
        .help(format!("Write `{fix}`."))
        .fix(fix)
    })
}

/// A sentence that became a heading, because dashes stand right below it.
fn no_line_across(page: &Page, number: usize, block: &Block, lines: &[&str]) -> Option<Diagnostic> {
    // At the top of a page without a title this is said of the title.
    let heading = page.body.heading_of(number).filter(|it| it.level == 2)?;
    if number == 0 && page.fields.title.is_none() {
        return None;
    }
    let first = (block.span.line as usize).checked_sub(1)?;
    let own = lines.get(first + 1..(block.span.end_line as usize).min(lines.len()))?;
    let under = own.iter().position(|line| is_dashes(line.trim()))? + first + 1;
    let is_own =
        lines.get(first..under)?.iter().all(|line| !line.trim().is_empty() && !line.trim().starts_with('#'));
    let short = lines.get(under)?.trim().len() <= DASHES;
    if !is_own || !short || heading.text.chars().count() < SENTENCE {
        return None;
    }
    let last = lines.get(under - 1)?;
    let end_line = u32::try_from(under).ok()?;
    let end_column = u32::try_from(last.chars().count()).ok()? + 1;
    let span = Span { end_line, end_column, ..block.span };
    let text = lines.get(first..under)?.join("\n");
    Some(
        Diagnostic::new(
            Rule::Markdown,
            &page.path,
            span,
            "The dashes directly below turn this into a heading.",
        )
        .help("Leave an empty line between the text and the dashes, or remove them.")
        .fix(format!("{}\n", text.trim_start())),
    )
}

fn is_dashes(line: &str) -> bool {
    !line.is_empty() && line.bytes().all(|byte| byte == b'-')
}

/// A block of code at the end of a page that is never closed.
fn never_ends(page: &Page, block: &Block, lines: &[&str]) -> Option<Diagnostic> {
    let first = (block.span.line as usize).checked_sub(1)?;
    let opening = lines.get(first)?.trim();
    let sign = opening.chars().next().filter(|sign| matches!(sign, '`' | '~'))?;
    let length = opening.chars().take_while(|char| *char == sign).count();
    let closes = |line: &&str| line.trim().len() >= length && line.trim().chars().all(|char| char == sign);
    let is_closed = lines.iter().skip(first + 1).any(closes);
    (length >= 3 && !is_closed).then(|| {
        let fence = &opening[..length];
        Diagnostic::new(
            Rule::Markdown,
            &page.path,
            first_line(block, opening),
            "This code block is never closed, so everything below it is code.",
        )
        .help(format!("Put a line with `{fence}` where the code ends."))
    })
}

/// The place of the first line of a block.
fn first_line(block: &Block, line: &str) -> Span {
    let Span { line: number, column, .. } = block.span;
    let width = u32::try_from(line.chars().count()).unwrap_or(u32::MAX / 2);
    Span { line: number, column, end_line: number, end_column: column + width }
}

fn spaced_address(page: &Page, span: Span, is_image: bool, text: &str, address: &str) -> Diagnostic {
    let (sign, what) = if is_image { ("!", "This is not an image") } else { ("", "This is not a link") };
    let fix = format!("{sign}[{text}](<{}>)", address.replace('\\', "/"));
    Diagnostic::new(Rule::Markdown, &page.path, span, format!("{what}: its address contains a space."))
        .help(format!("Write `{fix}`, or `%20` for the space."))
        .fix(fix)
}

fn wrong_order(page: &Page, span: Span, text: &str, address: &str) -> Diagnostic {
    let fix = format!("[{text}]({address})");
    Diagnostic::new(
        Rule::Markdown,
        &page.path,
        span,
        "This is not a link: the brackets are in the wrong order.",
    )
    .help(format!("Write `{fix}`."))
    .fix(fix)
}
