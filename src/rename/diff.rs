//! What changes in a text, as people know it from git: a unified diff, made of the edits themselves.

use std::fmt::Write as _;
use std::ops::Range;

use crate::edit::{Edit, TextChange};

/// So many unchanged lines stand around what changes.
const CONTEXT: usize = 1;

/// The difference that a change makes, under the file's names before and after.
#[must_use]
pub fn unified(change: &TextChange, to: &str) -> String {
    let text = change.text.as_str();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut starts = Vec::with_capacity(lines.len() + 1);
    let mut at = 0;
    for line in &lines {
        starts.push(at);
        at += line.len();
    }
    let line_of = |byte: usize| starts.partition_point(|start| *start <= byte).saturating_sub(1);
    // Lines that change, as ranges; an insertion between lines touches none.
    let mut touched: Vec<(Range<usize>, Vec<&Edit>)> = Vec::new();
    for edit in &change.edits {
        let first = line_of(edit.start);
        let range = if edit.start == edit.end && edit.to.ends_with('\n') && starts.contains(&edit.start) {
            first..first
        } else if edit.start == text.len() {
            first..lines.len()
        } else {
            first..line_of(edit.end.max(edit.start + 1) - 1) + 1
        };
        match touched.last_mut() {
            Some((last, edits)) if range.start < last.end || range == *last => {
                last.end = last.end.max(range.end);
                edits.push(edit);
            }
            _ => touched.push((range, vec![edit])),
        }
    }
    let mut out = format!("--- a/{}\n+++ b/{to}\n", change.path);
    let mut shift: isize = 0;
    let mut rest = &touched[..];
    while !rest.is_empty() {
        let together = (1..rest.len())
            .find(|n| rest[*n].0.start > rest[n - 1].0.end + 2 * CONTEXT)
            .unwrap_or(rest.len());
        let (hunk, behind) = rest.split_at(together);
        rest = behind;
        let from = hunk[0].0.start.saturating_sub(CONTEXT);
        let end = (hunk[together - 1].0.end + CONTEXT).min(lines.len());
        let mut body = String::new();
        let (mut old, mut new) = (0, 0);
        let mut at = from;
        let show = |sign: char, line: &str, body: &mut String| {
            let _ = writeln!(body, "{sign}{}", line.strip_suffix('\n').unwrap_or(line));
        };
        for (range, edits) in hunk {
            for line in &lines[at..range.start] {
                show(' ', line, &mut body);
            }
            (old, new) = (old + range.start - at, new + range.start - at);
            for line in &lines[range.clone()] {
                show('-', line, &mut body);
                old += 1;
            }
            for line in after(text, &starts, range, edits).split_inclusive('\n') {
                show('+', line, &mut body);
                new += 1;
            }
            at = range.end;
        }
        for line in &lines[at..end] {
            show(' ', line, &mut body);
        }
        (old, new) = (old + end - at, new + end - at);
        let start = |count: usize, shift: isize| {
            let line = from.saturating_add_signed(shift);
            if count == 0 { line } else { line + 1 }
        };
        let _ = writeln!(out, "@@ -{},{old} +{},{new} @@", start(old, 0), start(new, shift));
        out.push_str(&body);
        shift += new.cast_signed() - old.cast_signed();
    }
    out
}

/// How these lines read afterwards.
fn after(text: &str, starts: &[usize], lines: &Range<usize>, edits: &[&Edit]) -> String {
    let byte = |line: usize| starts.get(line).copied().unwrap_or(text.len());
    let (from, to) = (byte(lines.start), byte(lines.end));
    let shifted: Vec<Edit> = edits
        .iter()
        .map(|it| Edit { start: it.start - from, end: it.end - from, to: it.to.clone() })
        .collect();
    crate::edit::edited(&text[from..to], &shifted)
}

#[cfg(test)]
mod tests {
    use super::*;

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
            "--- a/a.md\n+++ b/b.md\n@@ -1,1 +1,4 @@\n+---\n+x: y\n+---\n # A\n"
        );
        let far = "1\n2\n3\n4\n5\n6\n7\n8\n";
        assert_eq!(
            diff(far, &[(2, 3, "b"), (2 + 1, 2 + 1, "c"), (12, 13, "g\nh")]),
            "--- a/a.md\n+++ b/b.md\n@@ -1,3 +1,3 @@\n 1\n-2\n+bc\n 3\n@@ -6,3 +6,4 @@\n 6\n-7\n+g\n+h\n 8\n"
        );
    }
}
