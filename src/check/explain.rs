//! What a rule means, for somebody who met it in a report: its page of the documentation, as plain text.
//!
//! The pages are embedded, so that they say the same in a terminal as on the site. Tests build what they show
//! as wrong and as right.

use std::fmt::Write as _;

use include_dir::{Dir, include_dir};

use crate::diagnostic::{Fate, Rule, Severity};

static PAGES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/docs/content/reference/rules");

/// The page of a rule as text for a terminal: meaning, level, what becomes of the page, what is wrong and what
/// is right, and how its level is changed.
#[must_use]
pub fn rule(rule: Rule) -> String {
    let page = PAGES.get_file(format!("{rule}.md")).and_then(|file| file.contents_utf8());
    let mut text = plain(page.unwrap_or(rule.meaning()));
    let (other, or) = match (rule.default_severity(), rule.can_be_off()) {
        (Severity::Error, true) => ("warning", "   # or off"),
        (Severity::Warning, true) => ("error", "   # or off"),
        (Severity::Error, false) => ("warning", ""),
        (Severity::Warning, false) => ("error", ""),
    };
    let _ = write!(
        text,
        "\nCHANGE THE LEVEL\n\nIn longhouse.yaml; this changes only the report and the exit \
         status:\n\n    rules:\n      {rule}: {other}{or}\n"
    );
    text
}

/// Every rule in one line, by what becomes of the page.
#[must_use]
pub fn all() -> String {
    let mut text = String::new();
    let width = Rule::ALL.iter().map(|rule| rule.name().len()).max().unwrap_or_default();
    for (fate, title) in [
        (Fate::Mended, "MENDED: the problem is removed, and the page is published"),
        (Fate::Held, "HELD: the page is left out until the problem is fixed"),
        (Fate::Reported, "REPORTED: the page is published as it is"),
    ] {
        let _ = write!(text, "{title}\n\n");
        for rule in Rule::ALL.iter().filter(|rule| rule.fate() == fate) {
            let level = match rule.default_severity() {
                Severity::Error => "error",
                Severity::Warning => "warning",
            };
            let _ = writeln!(text, "  {:width$}  {level:7}  {}", rule.name(), rule.meaning().trim());
        }
        text.push('\n');
    }
    text.push_str("Details about a rule: longhouse check --explain RULE\n");
    text
}

/// Markdown of the documentation as people read it in a terminal: headings in capitals, code set in, links as
/// their text. The pages are ours, so this knows no more of markdown than they use.
fn plain(page: &str) -> String {
    let body = page.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")).map_or(page, |it| it.1);
    let mut text = String::new();
    let mut fence: Option<&str> = None;
    for line in body.lines() {
        let marks = &line[..line.len() - line.trim_start_matches('`').len()];
        if fence.is_some_and(|fence| fence == line) {
            fence = None;
        } else if fence.is_none() && marks.len() >= 3 {
            fence = Some(marks);
        } else if fence.is_some() {
            let _ = writeln!(text, "{}", format!("    {line}").trim_end());
        } else if let Some(title) = line.strip_prefix("# ") {
            let _ = writeln!(text, "{}", title.trim_matches('`'));
        } else if let Some(title) = line.strip_prefix("## ") {
            let _ = writeln!(text, "{}", title.to_uppercase());
        } else if !line.starts_with("<!-- ") {
            let _ = writeln!(text, "{line}");
        }
    }
    // A link may go over several lines; what is set in is code.
    let lines: Vec<&str> = text.lines().collect();
    let is_code = |line: &str| line.starts_with("    ");
    let parts = lines.chunk_by(|a, b| is_code(a) == is_code(b)).map(|part| match is_code(part[0]) {
        true => part.join("\n"),
        false => without_links(&part.join("\n")),
    });
    let text = parts.collect::<Vec<_>>().join("\n");
    // Where marks were taken out, blank lines are left behind.
    let mut kept = String::with_capacity(text.len());
    for line in text.trim().lines() {
        if !(line.is_empty() && kept.ends_with("\n\n")) {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

/// A text with that of its links in their place.
fn without_links(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('[') {
        let link = behind.split_once("](").and_then(|(text, behind)| Some((text, behind.split_once(')')?.1)));
        kept.push_str(before);
        match link {
            Some((text, behind)) if !text.contains('[') => {
                kept.push_str(text);
                rest = behind;
            }
            _ => {
                kept.push('[');
                rest = behind;
            }
        }
    }
    kept.push_str(rest);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_explained_with_what_is_wrong_and_what_is_right() {
        for it in Rule::ALL {
            let text = rule(*it);
            assert!(text.starts_with(&format!("{it}\n\n{}\n", it.meaning().trim())), "{text}");
            for part in
                ["- Level: `", "\n- The page is ", "\nWRONG\n", "\nRIGHT\n", &format!("\n      {it}: ")]
            {
                assert!(text.contains(part), "{part} in {text}");
            }
            for mark in ["<!--", "```", "\n---\n", "]("] {
                let outside: Vec<&str> = text.lines().filter(|line| !line.starts_with("    ")).collect();
                assert!(!outside.join("\n").contains(mark), "{mark} in {text}");
            }
            assert!(!text.contains("\n\n\n"), "{text}");
            assert_eq!(text.contains("# or off"), it.can_be_off());
        }
    }

    #[test]
    fn the_list_names_every_rule_once() {
        let text = all();
        for it in Rule::ALL {
            assert_eq!(text.matches(&format!("  {it} ")).count(), 1, "{it}");
        }
    }

    #[test]
    fn links_become_their_text_and_other_brackets_stay() {
        assert_eq!(without_links("See [the `x`](a.md), [y](b.md) and a [z]."), "See the `x`, y and a [z].");
    }
}
