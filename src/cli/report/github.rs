//! Annotations of a workflow of GitHub: commands that its runner finds in what a step prints. They need no token,
//! so they work for pull requests of strangers.

use std::fmt::Write as _;
use std::sync::Arc;

use super::{Lines, in_one_row, masked};
use crate::diagnostic::{Diagnostic, Severity};

/// One command a problem, errors first: GitHub shows ten of each sort for a step, and the others in the log alone.
///
/// `prefix` is the path of the site from the top of the repository. `sources` gives the text of a file.
#[must_use]
pub fn github(
    diagnostics: &[Diagnostic],
    prefix: &str,
    sources: impl Fn(&str) -> Option<Arc<str>>,
) -> String {
    let mut sorted: Vec<&Diagnostic> = diagnostics.iter().collect();
    sorted.sort();
    let mut commands: Vec<(Severity, String)> = Vec::with_capacity(sorted.len());
    for of_file in sorted.chunk_by(|a, b| a.file == b.file) {
        let source = sources(&of_file[0].file).map(|source| masked(source, of_file));
        let mut lines = source.as_deref().map(Lines::new);
        for diagnostic in of_file {
            let corrected = lines.as_mut().and_then(|it| it.excerpt(diagnostic)).and_then(|it| it.corrected);
            commands.push((diagnostic.severity, command(diagnostic, prefix, corrected.as_deref())));
        }
    }
    commands.sort_by_key(|(severity, _)| *severity);
    commands.into_iter().map(|(_, command)| command).collect()
}

fn command(diagnostic: &Diagnostic, prefix: &str, corrected: Option<&str>) -> String {
    let level = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let file = property(&in_one_row(&format!("{prefix}{}", diagnostic.file)));
    let mut text = format!("::{level} file={file},line={}", diagnostic.line);
    // GitHub takes columns only where they are on one line.
    if diagnostic.line == diagnostic.end_line {
        let (from, to) = (diagnostic.column, diagnostic.end_column);
        let _ = write!(text, ",col={from},endLine={},endColumn={to}", diagnostic.end_line);
    } else {
        let _ = write!(text, ",endLine={}", diagnostic.end_line);
    }
    let _ = write!(text, ",title={}::", property(diagnostic.rule.name()));
    let mut message = in_one_row(&diagnostic.message).into_owned();
    if !diagnostic.help.is_empty() {
        let _ = write!(message, " {}", in_one_row(&diagnostic.help));
    }
    if let Some(corrected) = corrected {
        let _ = write!(message, "\nCorrected: {corrected}");
    }
    text.push_str(&data(&message));
    text.push('\n');
    text
}

/// A text behind the command, as GitHub's own toolkit escapes it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A value in front of it.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::report::tests::dead_link;

    #[test]
    fn a_problem_is_an_annotation_at_its_place() {
        let wide = Diagnostic { line: 1, end_line: 3, severity: Severity::Warning, fix: None, ..dead_link() };
        let source = |_: &str| Some("# A\n\nSee [this](../b.md).\n".into());
        insta::assert_snapshot!(github(&[wide, dead_link()], "site/", source), @r"
        ::error file=site/content/questions/refund.md,line=3,col=12,endLine=3,endColumn=19,title=dead-link::This link leads to no page of the site. Did you mean the question on returns?%0ACorrected: See [this](../returns.md).
        ::warning file=site/content/questions/refund.md,line=1,endLine=3,title=dead-link::This link leads to no page of the site. Did you mean the question on returns?
        ");
    }

    #[test]
    fn nothing_that_content_says_ends_a_command_or_begins_one() {
        let evil = "a%0A,line=9::x\r\n::set-output name=a::b\n##[add-path]/tmp\u{1b}[31m\u{202e}";
        let problem = Diagnostic { file: evil.into(), message: evil.into(), ..dead_link() };
        let text = github(&[problem.help(evil).fix(evil)], evil, |_| Some(evil.into()));
        assert_eq!(text.lines().count(), 1, "{text}");
        let (properties, message) = text.trim_end()[2..].split_once("::").expect("a command");
        assert!(properties.starts_with("error file=a%250A%2Cline=9%3A%3Ax"), "{properties}");
        assert_eq!(properties.matches(',').count(), 5, "{properties}");
        assert!(message.starts_with("a%250A,line=9::x ::set-output"), "{message}");
        assert!(!text.contains(['\r', '\u{1b}', '\u{202e}']) && !text.contains("##["), "{text}");
    }
}
