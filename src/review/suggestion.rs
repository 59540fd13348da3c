//! Corrections that one click applies: comments on the lines of a request, each with the line as it should be.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::{Branch, prose};
use crate::code_fence::fence;
use crate::diagnostic::{Diagnostic, Rule};

/// At most this many lines are suggested at once: more of them are no help.
const MOST: usize = 20;

/// The body of a request to GitHub's "create a review": one comment on each line that can be corrected. `prefix` is the
/// path of the site from the top of the repository. Nothing where there is nothing to suggest.
#[must_use]
pub fn suggestions(branch: &Branch<'_>, prefix: &str) -> Option<Value> {
    let mut lines: BTreeMap<(Arc<str>, u32), Vec<&Diagnostic>> = BTreeMap::new();
    for problem in branch.diagnostics.iter().filter(|it| branch.changes.touches(&it.file)) {
        lines.entry((Arc::clone(&problem.file), problem.line)).or_default().push(problem);
    }
    let comment = |((file, number), problems): (&(Arc<str>, u32), &Vec<&Diagnostic>)| {
        let line = branch.site.sources().line(file, *number)?;
        // What is secret must not be told once more.
        if problems.iter().any(|it| it.rule == Rule::Secret) {
            return None;
        }
        let corrected = replaced(line, problems)?;
        let said: Vec<String> =
            problems.iter().filter(|it| it.replacement().is_some()).map(|it| prose(&it.message)).collect();
        let fence = fence(&corrected, 3);
        let body = format!("{}\n\n{fence}suggestion\n{corrected}\n{fence}", said.join(" "));
        Some(json!({ "path": format!("{prefix}{file}"), "line": number, "side": "RIGHT", "body": body }))
    };
    let comments: Vec<Value> = lines.iter().filter_map(comment).take(MOST).collect();
    (!comments.is_empty()).then(|| json!({ "event": "COMMENT", "comments": comments }))
}

/// A line with all its corrections; nothing if there is none, or if they do not fit into one line.
pub(super) fn replaced(line: &str, problems: &[&Diagnostic]) -> Option<String> {
    let mut fixes: Vec<(usize, usize, &str)> = Vec::new();
    for problem in problems {
        let Some(fix) = problem.replacement() else { continue };
        if problem.line != problem.end_line || fix.contains(['\n', '\r']) {
            return None;
        }
        fixes.push((at(line, problem.column)?, at(line, problem.end_column)?, fix));
    }
    fixes.sort_unstable();
    fixes.dedup();
    let mut text = String::with_capacity(line.len());
    let mut end = 0;
    for (from, to, fix) in &fixes {
        text += line.get(end..*from)?;
        text += fix;
        end = *to;
    }
    text += &line[end..];
    (!fixes.is_empty() && text != line).then_some(text)
}

/// Where a column is in a line, in bytes.
fn at(line: &str, column: u32) -> Option<usize> {
    let before = usize::try_from(column).ok()?.checked_sub(1)?;
    line.char_indices().map(|(at, _)| at).chain([line.len()]).nth(before)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Span;

    fn fix(column: u32, columns: u32, fix: &str) -> Diagnostic {
        Diagnostic::new(
            Rule::DeadLink,
            &Arc::from("a.md"),
            Span::in_line(1, column, columns),
            "x".to_string(),
        )
        .fix(fix.to_string())
    }

    #[test]
    fn a_line_is_corrected_in_all_its_places() {
        let (a, b) = (fix(3, 2, "XX"), fix(6, 1, ""));
        assert_eq!(replaced("äöüßcd", &[&b, &a]).as_deref(), Some("äöXXc"));
        assert_eq!(replaced("äöüßcd", &[]), None);
        assert_eq!(replaced("ab", &[&fix(9, 1, "x")]), None, "there is no such place");
        assert_eq!(replaced("abcdef", &[&fix(1, 4, "x"), &fix(2, 1, "y")]), None, "two that overlap");
        assert_eq!(replaced("abc", &[&fix(1, 1, "x\ny")]), None, "more than a line");
    }
}
