//! A Code Quality report of GitLab, which shows problems in the changes of a merge request.

use std::sync::Arc;

use serde::Serialize;

use super::in_one_row;
use super::json::write;
use super::print::Prints;
use crate::diagnostic::{Diagnostic, Fate, Severity};

#[derive(Serialize)]
struct Problem<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: &'a str,
    severity: &'a str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

/// One array, a problem a line, in the order of file and place. `prefix` is the path of the site from the top of
/// the repository; `sources` gives the text of a file.
#[must_use]
pub fn gitlab(
    diagnostics: &[Diagnostic],
    prefix: &str,
    sources: impl Fn(&str) -> Option<Arc<str>>,
) -> String {
    let mut text = String::from("[");
    for (n, (diagnostic, print)) in Prints::new(diagnostics, sources).iter().enumerate() {
        text.push_str(if n == 0 { "\n" } else { ",\n" });
        let problem = Problem {
            description: in_one_row(&format!("{} {}", diagnostic.message, diagnostic.help))
                .trim_end()
                .to_owned(),
            check_name: diagnostic.rule.name(),
            fingerprint: print,
            severity: severity(diagnostic),
            location: Location {
                path: format!("{prefix}{}", diagnostic.file),
                lines: Lines { begin: diagnostic.line, end: diagnostic.end_line },
            },
        };
        // Serialising strings and numbers into memory cannot fail.
        write(&mut text, &serde_json::to_string(&problem).unwrap_or_default());
    }
    text.push_str(if diagnostics.is_empty() { "]\n" } else { "\n]\n" });
    text
}

/// What costs the page counts most.
fn severity(diagnostic: &Diagnostic) -> &'static str {
    match (diagnostic.severity, diagnostic.rule.fate()) {
        (Severity::Error, Fate::Held) => "critical",
        (Severity::Error, _) => "major",
        (Severity::Warning, _) => "minor",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::report::tests::dead_link;
    use crate::diagnostic::Rule;

    #[test]
    fn a_report_names_what_where_and_how_bad() {
        assert_eq!(gitlab(&[], "", |_| None), "[]\n");
        let held = Diagnostic { rule: Rule::FrontMatter, end_line: 5, ..dead_link() };
        let text = gitlab(&[held, dead_link()], "site/", |_| Some("a\n\nb\n".into()));
        let found: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(found[0]["severity"], "major");
        assert_eq!(found[1]["severity"], "critical");
        assert_eq!(found[0]["check_name"], "dead-link");
        assert_eq!(found[0]["location"]["path"], "site/content/questions/refund.md");
        assert_eq!(found[1]["location"]["lines"], serde_json::json!({"begin": 3, "end": 5}));
        assert_eq!(
            found[0]["description"],
            "This link leads to no page of the site. Did you mean the question on returns?"
        );
        assert_ne!(found[0]["fingerprint"], found[1]["fingerprint"]);
    }

    #[test]
    fn nothing_that_content_says_leaves_its_string() {
        let evil = "\"}]\n::error::x ##[error]\u{1b}[31m\u{202e}";
        let problem = Diagnostic { file: evil.into(), message: evil.into(), ..dead_link() };
        let text = gitlab(&[problem], evil, |_| Some(evil.into()));
        assert!(!text.contains(['\u{1b}', '\u{202e}']) && !text.contains("##["), "{text}");
        assert!(!text.lines().any(|row| row.trim_start().starts_with("::")), "{text}");
        let found: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(found[0]["location"]["path"], format!("{evil}{evil}"));
    }
}
