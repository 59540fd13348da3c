//! What changes in a text, as people know it from git: a unified diff.

use similar::TextDiff;

use crate::edit::TextChange;

/// As many unchanged lines as this stand around what changes.
const CONTEXT: usize = 1;

/// The difference that a change makes, under the file's names before and after.
#[must_use]
pub fn unified(change: &TextChange, to: &str) -> String {
    let after = crate::edit::edited(&change.text, &change.edits);
    let (from, to) = (format!("a/{}", change.path), format!("b/{to}"));
    let diff = TextDiff::from_lines(change.text.as_str(), after.as_str());
    diff.unified_diff().context_radius(CONTEXT).header(&from, &to).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::Edit;

    fn diff(text: &str, edits: &[(usize, usize, &str)]) -> String {
        let edits = edits.iter().map(|(start, end, to)| Edit { start: *start, end: *end, to: (*to).into() });
        let change = TextChange { path: "a.md".into(), text: text.into(), edits: edits.collect() };
        unified(&change, "b.md")
    }

    #[test]
    fn a_changed_line_stands_between_its_neighbours() {
        assert_eq!(
            diff("one\ntwo\nthree\nfour\n", &[(4, 7, "2")]),
            "--- a/a.md\n+++ b/b.md\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n"
        );
        assert_eq!(
            diff("# A\n", &[(0, 0, "---\nx: y\n---\n")]),
            "--- a/a.md\n+++ b/b.md\n@@ -1 +1,4 @@\n+---\n+x: y\n+---\n # A\n"
        );
        let far = "1\n2\n3\n4\n5\n6\n7\n8\n";
        assert_eq!(
            diff(far, &[(2, 3, "b"), (2 + 1, 2 + 1, "c"), (12, 13, "g\nh")]),
            "--- a/a.md\n+++ b/b.md\n@@ -1,3 +1,3 @@\n 1\n-2\n+bc\n 3\n@@ -6,3 +6,4 @@\n 6\n-7\n+g\n+h\n 8\n"
        );
    }

    #[test]
    fn a_line_without_an_end_is_told_as_git_tells_it() {
        assert_eq!(
            diff("one\ntwo", &[(7, 7, "\n")]),
            "--- a/a.md\n+++ b/b.md\n@@ -1,2 +1,2 @@\n one\n-two\n\\ No newline at end of file\n+two\n"
        );
    }

    #[test]
    fn a_file_in_which_every_other_line_changes_is_no_trouble() {
        let text: String = (0..100_000).map(|n| format!("{n}\nsame\n")).collect();
        let at: Vec<usize> = text.match_indices("\nsame").map(|(at, _)| at).collect();
        let edits: Vec<(usize, usize, &str)> = at.iter().map(|at| (*at, *at, "x")).collect();
        let changed = diff(&text, &edits);
        assert_eq!(changed.lines().filter(|line| line.starts_with('+')).count(), 100_001);
    }
}
