//! The report for programs: one array of everything, and how any JSON is written so that a log obeys none of it.

use std::fmt::Write as _;

use super::is_hidden;
use crate::diagnostic::Diagnostic;

/// The report for programs: one JSON array, one problem a line, in the order of file and place.
///
/// Characters that could steer a terminal are written as escapes, which any JSON reader undoes.
#[must_use]
pub fn json(diagnostics: &[Diagnostic]) -> String {
    let mut sorted: Vec<&Diagnostic> = diagnostics.iter().collect();
    sorted.sort();
    let mut text = String::from("[");
    for (n, diagnostic) in sorted.into_iter().enumerate() {
        text.push_str(if n == 0 { "\n" } else { ",\n" });
        // Serialising strings and numbers into memory cannot fail.
        write(&mut text, &serde_json::to_string(diagnostic).unwrap_or_default());
    }
    text.push_str(if diagnostics.is_empty() { "]\n" } else { "\n]\n" });
    text
}

/// Adds JSON of one line: what a terminal, or the machine behind a log, would obey stands as escapes.
pub(in crate::cli) fn write(out: &mut String, json: &str) {
    let mut last = ' ';
    for c in json.chars() {
        // `##[` begins a command wherever it stands, and only a string can hold it.
        if is_hidden(c) || (c == '#' && last == '#') {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
        last = c;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::report::tests::dead_link;

    #[test]
    fn json_has_every_problem_in_order_with_the_fields_of_the_contract() {
        assert_eq!(json(&[]), "[]\n");
        let unfixed = Diagnostic { fix: None, file: "a.md".into(), ..dead_link() };
        insta::assert_snapshot!(json(&[dead_link(), unfixed]), @r#"
        [
        {"file":"a.md","line":3,"column":12,"end_line":3,"end_column":19,"severity":"error","rule":"dead-link","message":"This link leads to no page of the site.","help":"Did you mean the question on returns?","fix":null},
        {"file":"content/questions/refund.md","line":3,"column":12,"end_line":3,"end_column":19,"severity":"error","rule":"dead-link","message":"This link leads to no page of the site.","help":"Did you mean the question on returns?","fix":"../returns.md"}
        ]
        "#);
    }

    #[test]
    fn a_log_finds_no_command_in_it() {
        let problem = Diagnostic { message: "a ###[error]b".into(), ..dead_link() };
        let text = json(&[problem]);
        assert!(text.contains(r"a #\u0023\u0023[error]b"), "{text}");
        let back: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(back[0]["message"], "a ###[error]b");
    }
}
