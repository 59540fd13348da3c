//! How problems are shown: to people with the line they are on, to programs in the form that each reads.
//!
//! This is the only place where a [`Diagnostic`] becomes text. It returns that text and prints
//! nothing. What content says goes through [`visible`] on its way to a terminal: no escape sequence,
//! no change of the direction of writing and no command to a CI gets there as such.
//!
//! Long because its tests, which show whole reports, stand with it.

mod excerpt;
mod github;
mod gitlab;
mod json;
mod print;
mod sarif;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::diagnostic::{Diagnostic, Rule, Severity, count};
use crate::page::text::{self, Finding, What};
use excerpt::{Excerpt, Lines};
pub use github::github;
pub use gitlab::gitlab;
pub use json::json;
pub(super) use json::write as write_json;
pub use sarif::sarif;

/// A warning in more files than this is one line with a count.
const FILES_BEFORE_COUNTING: usize = 5;
/// At most this many problems of one file are shown with their line; any more are named without it.
const EXCERPTS_PER_FILE: usize = 50;
/// A longer line is cut around the place, to this many characters.
const LINE_CHARS: usize = 110;
/// At most this many characters of a cut line stand before the place.
const CHARS_BEFORE: usize = 40;
/// A correction of more lines than this is cut.
const CORRECTED_LINES: usize = 8;

/// The forms in which a report comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Format {
    /// Text for people, on standard error.
    #[default]
    Human,
    /// A JSON array, on standard output.
    Json,
    /// GitHub workflow annotations, on standard output.
    Github,
    /// A GitLab Code Quality report, on standard output.
    Gitlab,
    /// A SARIF 2.1.0 log, on standard output.
    Sarif,
}

/// The report for people: every problem with its line, by file and place, then a summary.
///
/// `sources` gives the text of a file by the name that diagnostics use; without it a problem is shown
/// without its line. With `colour` the text holds terminal styles.
#[must_use]
pub fn human(diagnostics: &[Diagnostic], sources: impl Fn(&str) -> Option<Arc<str>>, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.term_width(LINE_CHARS + 60);
    let everywhere = warnings_everywhere(diagnostics);
    let mut sorted: Vec<&Diagnostic> = diagnostics
        .iter()
        .filter(|diagnostic| {
            diagnostic.severity == Severity::Error || !everywhere.contains_key(&sort(diagnostic))
        })
        .collect();
    sorted.sort();
    let mut text = String::new();
    for of_file in sorted.chunk_by(|a, b| a.file == b.file) {
        let source = sources(&of_file[0].file).map(|source| masked(source, of_file));
        let mut lines = source.as_deref().map(Lines::new);
        for (n, diagnostic) in of_file.iter().enumerate() {
            if n < EXCERPTS_PER_FILE {
                text.push_str(&with_line(diagnostic, lines.as_mut(), &renderer));
                text.push_str("\n\n");
            } else {
                text.push_str(&in_one_line(diagnostic));
                text.push('\n');
            }
        }
        if of_file.len() > EXCERPTS_PER_FILE {
            text.push('\n');
        }
    }
    for repeated in everywhere.values() {
        text.push_str(&counted(repeated, &renderer));
        text.push_str("\n\n");
    }
    text.push_str(&summary(diagnostics));
    text.push('\n');
    text
}

/// The line of each problem with a mark below it, as plain text, in the order of the problems; nothing where there is
/// no such line, and for all but the first `limit`. Secrets are stars, whichever problem they are near to.
#[must_use]
pub fn excerpts(
    diagnostics: &[Diagnostic],
    sources: impl Fn(&str) -> Option<Arc<str>>,
    limit: usize,
) -> Vec<String> {
    let renderer = Renderer::plain().term_width(LINE_CHARS + 60);
    let mut texts = vec![String::new(); diagnostics.len()];
    let mut sorted: Vec<(&Diagnostic, usize)> = diagnostics.iter().zip(0..).collect();
    sorted.sort();
    for of_file in sorted.chunk_by(|(a, _), (b, _)| a.file == b.file) {
        if of_file.iter().all(|(_, n)| *n >= limit) {
            continue;
        }
        let all: Vec<&Diagnostic> = of_file.iter().map(|(diagnostic, _)| *diagnostic).collect();
        let Some(source) = sources(&all[0].file).map(|source| masked(source, &all)) else { continue };
        let mut lines = Lines::new(&source);
        for (diagnostic, n) in of_file.iter().filter(|(_, n)| *n < limit) {
            let Some(excerpt) = lines.excerpt(diagnostic) else { continue };
            let group =
                Group::with_title(Level::ERROR.primary_title("")).element(snippet(&excerpt, diagnostic));
            let rendered = renderer.render(&[group]);
            // Without the title, and without the empty rows above and below.
            let rows = rendered.lines().skip(1).filter(|row| row.trim() != "|").map(str::trim_end);
            texts[*n] = rows.collect::<Vec<_>>().join("\n");
        }
    }
    texts
}

/// How many problems there are, in one sentence without a full stop: `2 errors and 1 warning in 3 files`.
#[must_use]
pub fn summary(diagnostics: &[Diagnostic]) -> String {
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
    let warnings = diagnostics.len() - errors;
    let files: BTreeSet<&str> = diagnostics.iter().map(|diagnostic| &*diagnostic.file).collect();
    let files = count(files.len(), "file");
    match (errors, warnings) {
        (0, 0) => "no problems".to_owned(),
        (_, 0) => format!("{} in {files}", count(errors, "error")),
        (0, _) => format!("{} in {files}", count(warnings, "warning")),
        _ => format!("{} and {} in {files}", count(errors, "error"), count(warnings, "warning")),
    }
}

/// A text as it may be shown on a terminal: every character that would move the cursor, start an
/// escape sequence, hide, or turn the direction of writing becomes one that can be seen, one for one.
/// What the machine behind a log would take for a command is broken the same way: `::` at the beginning of
/// a row (GitHub), `##[` (GitHub, Azure), `##vso[`, `##teamcity[`.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    let text = match text.contains(is_hidden) {
        false => Cow::Borrowed(text),
        true => Cow::Owned(text.chars().map(picture).collect()),
    };
    match text.contains("::") || text.contains("##") {
        true => without_commands(text),
        false => text,
    }
}

/// The character that stands for one which a terminal obeys.
fn picture(c: char) -> char {
    match u32::from(c) {
        // Unicode has pictures of exactly these.
        code @ 0..=0x1f => char::from_u32(0x2400 + code).unwrap_or('\u{fffd}'),
        0x7f => '\u{2421}',
        _ if is_hidden(c) => '\u{fffd}',
        _ => c,
    }
}

/// The same row with wide signs in place of those that make a command of it.
fn without_commands(row: Cow<'_, str>) -> Cow<'_, str> {
    let mut row = row;
    let start = row.len() - row.trim_start().len();
    if row[start..].starts_with("::") {
        row.to_mut().replace_range(start..=start, "\u{ff1a}");
    }
    let mut from = 0;
    while let Some(at) = row[from..].find("##").map(|at| from + at) {
        let behind =
            row[at..].trim_start_matches('#').trim_start_matches(|it: char| it.is_ascii_alphanumeric());
        let is_command = behind.starts_with('[');
        from = row.len() - behind.len();
        if is_command {
            row.to_mut().replace_range(from..=from, "\u{ff3b}");
        }
    }
    row
}

/// Characters that a terminal obeys instead of showing. Joiners stay: emoji and some scripts need them.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// The warnings that are in too many files to be shown one by one.
fn warnings_everywhere(diagnostics: &[Diagnostic]) -> BTreeMap<Sort<'_>, Vec<&Diagnostic>> {
    let mut sorts: BTreeMap<Sort<'_>, Vec<&Diagnostic>> = BTreeMap::new();
    for diagnostic in diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Warning) {
        sorts.entry(sort(diagnostic)).or_default().push(diagnostic);
    }
    sorts.retain(|_, warnings| file_count(warnings) > FILES_BEFORE_COUNTING);
    sorts
}

/// What makes two warnings the same: the rule, and of one that knows many sorts of markup what is said.
type Sort<'d> = (Rule, &'d str);

fn sort(diagnostic: &Diagnostic) -> Sort<'_> {
    let said = match diagnostic.rule {
        // What follows in brackets is what one file holds.
        Rule::Markdown => diagnostic.message.split(" (").next().unwrap_or_default().trim_end_matches('.'),
        _ => "",
    };
    (diagnostic.rule, said)
}

/// The text of a file with every secret in it as stars: a report is often read by more people than the
/// file, and another problem may be on the same line. A file that cannot be understood has secrets of which
/// no problem tells.
fn masked(source: Arc<str>, sorted: &[&Diagnostic]) -> Arc<str> {
    let text = source.trim_start_matches('\u{feff}');
    let is_secret = |finding: &&Finding| matches!(finding.what, What::Secret { .. });
    let found: Vec<_> = text::clean(text).findings.iter().filter(is_secret).map(|it| it.at.clone()).collect();
    let mut found = found.into_iter().peekable();
    let mut told = sorted.iter().filter(|diagnostic| diagnostic.rule == Rule::Secret).peekable();
    if told.peek().is_none() && found.peek().is_none() {
        return source;
    }
    let (mut line, mut column) = (1, 1);
    let (mut told_until, mut found_until) = ((0, 0), 0);
    text.char_indices()
        .map(|(at, c)| {
            while let Some(secret) = told.next_if(|secret| (secret.line, secret.column) <= (line, column)) {
                told_until = told_until.max((secret.end_line, secret.end_column));
            }
            while let Some(secret) = found.next_if(|secret| secret.start <= at) {
                found_until = found_until.max(secret.end);
            }
            let is_hidden = (line, column) < told_until || at < found_until;
            (line, column) = if c == '\n' { (line + 1, 1) } else { (line, column + 1) };
            if is_hidden && c != '\n' { '*' } else { c }
        })
        .collect::<String>()
        .into()
}

fn file_count(diagnostics: &[&Diagnostic]) -> usize {
    diagnostics.iter().map(|diagnostic| &*diagnostic.file).collect::<BTreeSet<_>>().len()
}

fn level<'a>(severity: Severity) -> Level<'a> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    }
}

fn with_line(diagnostic: &Diagnostic, lines: Option<&mut Lines<'_>>, renderer: &Renderer) -> String {
    let title =
        level(diagnostic.severity).primary_title(in_one_row(&diagnostic.message)).id(diagnostic.rule.name());
    let origin = Origin::path(in_one_row(&diagnostic.file))
        .line(diagnostic.line as usize)
        .char_column(diagnostic.column as usize);
    let mut group = Group::with_title(title).element(origin);
    let mut corrected = None;
    if let Some(lines) = lines
        && let Some(excerpt) = lines.excerpt(diagnostic)
    {
        group = group.element(snippet(&excerpt, diagnostic));
        corrected = excerpt.corrected;
    }
    if !diagnostic.help.is_empty() {
        group = group.element(Level::HELP.message(in_one_row(&diagnostic.help).into_owned()));
    }
    if let Some(corrected) = corrected {
        group = group.element(Level::HELP.with_name("corrected").message(corrected));
    }
    // The renderer takes place and excerpt for two places and puts `:::` between them; it cannot be told
    // the column of a line that we have cut.
    let rendered = renderer.render(&[group]);
    let rows = rendered.lines().filter(|row| anstream::adapter::strip_str(row).to_string().trim() != ":::");
    rows.map(str::trim_end).collect::<Vec<_>>().join("\n")
}

fn snippet<'a>(excerpt: &Excerpt, diagnostic: &Diagnostic) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    Snippet::source(excerpt.text.clone())
        .line_start(diagnostic.line as usize)
        .annotation(AnnotationKind::Primary.span(excerpt.from..excerpt.to))
}

fn in_one_line(diagnostic: &Diagnostic) -> String {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    format!(
        "{severity}[{}]: {}:{}:{}: {}",
        diagnostic.rule,
        in_one_row(&diagnostic.file),
        diagnostic.line,
        diagnostic.column,
        in_one_row(&diagnostic.message)
    )
}

fn counted(warnings: &[&Diagnostic], renderer: &Renderer) -> String {
    let Some(first) = warnings.iter().min() else { return String::new() };
    let title = Level::WARNING
        .primary_title(format!(
            "{} ({} in {}, the first at {}:{}:{})",
            in_one_row(&first.message).trim_end_matches('.'),
            count(warnings.len(), "time"),
            count(file_count(warnings), "file"),
            in_one_row(&first.file),
            first.line,
            first.column
        ))
        .id(first.rule.name());
    renderer.render(&[Group::with_title(title)])
}

/// Like [`visible`], and with line breaks and tabs as spaces.
pub(super) fn in_one_row(text: &str) -> Cow<'_, str> {
    if text.contains(['\n', '\r', '\t']) {
        return Cow::Owned(visible(&text.replace("\r\n", " ").replace(['\n', '\r', '\t'], " ")).into_owned());
    }
    visible(text)
}

#[cfg(test)]
pub(in crate::cli::report) mod tests {
    use super::*;
    use crate::diagnostic::Span;

    const SOURCE: &str = "# Refunds\n\nSee [this](../b.md) for more.\n\tAnd a tab\there.\r\n";

    pub(super) fn dead_link() -> Diagnostic {
        Diagnostic::new(
            Rule::DeadLink,
            &"content/questions/refund.md".into(),
            Span::in_line(3, 12, 7),
            "This link leads to no page of the site.",
        )
        .help("Did you mean the question on returns?")
        .fix("../returns.md")
    }

    fn show(diagnostics: &[Diagnostic], source: &str) -> String {
        human(diagnostics, |_| Some(source.into()), false)
    }

    #[test]
    fn a_problem_shows_its_line_its_help_and_the_corrected_line() {
        insta::assert_snapshot!(show(&[dead_link()], SOURCE), @r#"
        error[dead-link]: This link leads to no page of the site.
         --> content/questions/refund.md:3:12
          |
        3 | See [this](../b.md) for more.
          |            ^^^^^^^
          |
          = help: Did you mean the question on returns?
          = corrected: See [this](../returns.md) for more.

        1 error in 1 file
        "#);
    }

    #[test]
    fn colour_changes_the_styles_and_not_the_words() {
        let plain = show(&[dead_link()], SOURCE);
        let styled = human(&[dead_link()], |_| Some(SOURCE.into()), true);
        assert_ne!(plain, styled);
        let words = |text: &str| text.lines().map(|row| row.trim_end().to_owned()).collect::<Vec<_>>();
        assert_eq!(words(&plain), words(&anstream::adapter::strip_str(&styled).to_string()));
    }

    #[test]
    fn without_the_text_of_the_file_the_place_is_still_named() {
        insta::assert_snapshot!(human(&[dead_link()], |_| None, false), @r#"
        error[dead-link]: This link leads to no page of the site.
        --> content/questions/refund.md:3:12
         = help: Did you mean the question on returns?

        1 error in 1 file
        "#);
    }

    #[test]
    fn a_place_that_is_not_in_the_file_is_no_trouble() {
        for (line, column) in [(0, 0), (1, 999), (99, 1), (3, 0), (u32::MAX, u32::MAX), (5, 1), (4, 16)] {
            let mut problem = dead_link();
            (problem.line, problem.column) = (line, column);
            assert!(show(&[problem.clone()], SOURCE).contains("refund.md"));
            (problem.end_line, problem.end_column) = (u32::MAX, u32::MAX);
            assert!(show(&[problem.clone()], SOURCE).contains("refund.md"));
            assert!(show(&[problem.clone()], "").contains("refund.md"));
            assert!(show(&[problem], "\u{feff}").contains("refund.md"));
        }
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let source = format!("{}[x](gone.md){}", "ä ".repeat(500), " ö".repeat(50_000));
        let mut problem = dead_link();
        (problem.line, problem.column, problem.end_line, problem.end_column) = (1, 1005, 1, 1012);
        insta::assert_snapshot!(show(&[problem], &source), @r#"
        error[dead-link]: This link leads to no page of the site.
         --> content/questions/refund.md:1:1005
          |
        1 | …ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä [x](gone.md) ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö…
          |                                          ^^^^^^^
          |
          = help: Did you mean the question on returns?
          = corrected: …ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä [x](../returns.md) ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö ö…

        1 error in 1 file
        "#);
    }

    #[test]
    fn a_correction_over_several_lines_is_shown_whole() {
        let mut problem = dead_link();
        (problem.line, problem.column, problem.end_line, problem.end_column) = (1, 1, 3, 5);
        insta::assert_snapshot!(show(&[problem.fix("# Returns\n\nRead ")], SOURCE), @r#"
        error[dead-link]: This link leads to no page of the site.
         --> content/questions/refund.md:1:1
          |
        1 | # Refunds
          | ^^^^^^^^^
          |
          = help: Did you mean the question on returns?
          = corrected: # Returns

                       Read [this](../b.md) for more.

        1 error in 1 file
        "#);
    }

    #[test]
    fn a_warning_in_more_than_five_files_is_one_line_and_an_error_never_is() {
        let mut problems: Vec<Diagnostic> = (0..7)
            .map(|n| {
                let file = format!("content/questions/{n}.md").into();
                Diagnostic::new(Rule::MissingTitle, &file, Span::START, "This page has no title.")
            })
            .collect();
        insta::assert_snapshot!(show(&problems, SOURCE), @r#"
        warning[missing-title]: This page has no title (7 times in 7 files, the first at content/questions/0.md:1:1)

        7 warnings in 7 files
        "#);
        problems.truncate(5);
        assert_eq!(show(&problems, SOURCE).matches("--> content").count(), 5);
        let errors: Vec<Diagnostic> =
            (0..7).map(|n| Diagnostic { file: format!("{n}.md").into(), ..dead_link() }).collect();
        assert_eq!(show(&errors, SOURCE).matches("--> ").count(), 7);
    }

    #[test]
    fn a_secret_is_never_shown_not_even_by_another_problem_on_its_line() {
        let source = "\nmy key AKIA1234 [x](gone.md) and\nsk-live\nmore";
        let place = |rule, line, column, end_line, end_column| Diagnostic {
            rule,
            line,
            column,
            end_line,
            end_column,
            fix: None,
            ..dead_link()
        };
        let text = show(
            &[
                place(Rule::DeadLink, 2, 21, 2, 28),
                place(Rule::Secret, 2, 8, 2, 16),
                place(Rule::Secret, 3, 1, 3, 8),
            ],
            source,
        );
        assert!(text.contains("my key ******** [x](gone.md) and") && text.contains("*******\n"), "{text}");
        assert!(!text.contains("AKIA") && !text.contains("live"), "{text}");
    }

    #[test]
    fn nothing_that_content_says_steers_the_terminal() {
        let evil = "\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}\u{200b}\u{7f}\r\u{0}\u{2028}\u{e0041}";
        let problem = Diagnostic::new(
            Rule::Bidi,
            &format!("content/{evil}.md").into(),
            Span::in_line(2, 3, 4),
            format!("message {evil}\nsecond"),
        )
        .help(format!("help {evil}"))
        .fix(format!("fix {evil}"));
        let source = format!("\nab{evil} text");
        for _ in 0..2 {
            let text = show(std::slice::from_ref(&problem), &source);
            assert!(!text.chars().any(|c| c != '\n' && is_hidden(c)), "{text:?}");
            let many = vec![problem.clone(); 60];
            let text = show(&many, &source);
            assert!(!text.chars().any(|c| c != '\n' && is_hidden(c)), "{text:?}");
            let text = json(&many);
            assert!(!text.chars().any(|c| c != '\n' && is_hidden(c)), "{text:?}");
            let back: serde_json::Value = serde_json::from_str(&text).expect("JSON");
            assert_eq!(back[0]["help"], format!("help {evil}"));
        }
    }

    #[test]
    fn a_preview_gets_the_lines_alone_in_the_order_of_the_problems_and_no_secret() {
        let source = "# Refunds\n\nSee [this](../b.md) for more. Key: abc\n";
        let secret = Diagnostic::new(Rule::Secret, &dead_link().file, Span::in_line(3, 36, 3), "a key");
        let first = Diagnostic::new(Rule::Heading, &dead_link().file, Span::in_line(1, 1, 9), "a heading");
        let other = Diagnostic::new(Rule::Heading, &"gone.md".into(), Span::START, "another");
        let all = [dead_link(), other, first, secret];
        let source = |file: &str| (file != "gone.md").then(|| source.into());
        let texts = excerpts(&all, source, 3);
        assert_eq!(
            texts,
            [
                "3 | See [this](../b.md) for more. Key: ***\n  |            ^^^^^^^",
                "",
                "1 | # Refunds\n  | ^^^^^^^^^",
                ""
            ]
        );
    }

    #[test]
    fn nothing_that_content_says_commands_the_machine_behind_a_log() {
        for (text, shown) in [
            ("::set-output name=a::b", "\u{ff1a}:set-output name=a::b"),
            (" \u{a0}::stop-commands::x", " \u{a0}\u{ff1a}:stop-commands::x"),
            ("say ##[add-path]/tmp ###[x]", "say ##\u{ff3b}add-path]/tmp ###\u{ff3b}x]"),
            ("##vso[task.setvariable]", "##vso\u{ff3b}task.setvariable]"),
            ("## vso[no] std::fmt and # [a]", "## vso[no] std::fmt and # [a]"),
        ] {
            assert_eq!(visible(text), shown);
        }
        let source = "[x](gone.md\n) y\n::error::owned ##[add-matcher]/tmp/x\n";
        let problem = Diagnostic { line: 1, column: 5, end_line: 2, end_column: 1, ..dead_link() };
        let text = show(&[problem.fix("a.md\n::error::fixed\n##[error]")], source);
        assert!(!text.lines().any(|row| row.trim_start().starts_with("::")), "{text}");
        assert!(text.contains("\u{ff1a}:error::fixed") && !text.contains("##["), "{text}");
        assert!(visible(&"#".repeat(1_000_000)).len() == 1_000_000);
    }

    #[test]
    fn ten_thousand_problems_on_one_long_line_take_no_time() {
        let source = "x".repeat(1_000_000);
        let problems: Vec<Diagnostic> = (0..10_000)
            .map(|n| Diagnostic {
                line: 1,
                column: n * 90 + 1,
                end_line: 1,
                end_column: 999_999,
                ..dead_link()
            })
            .collect();
        let text = show(&problems, &source);
        assert!(text.len() < 2_000_000);
        assert!(text.ends_with("10000 errors in 1 file\n"));
    }

    #[test]
    fn the_summary_counts() {
        assert_eq!(summary(&[]), "no problems");
        let warning = dead_link().severity(Severity::Warning);
        assert_eq!(summary(std::slice::from_ref(&warning)), "1 warning in 1 file");
        assert_eq!(summary(&[warning, dead_link(), dead_link()]), "2 errors and 1 warning in 1 file");
    }
}
