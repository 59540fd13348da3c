//! A digest as plain text, in lines of at most 72 columns; only addresses may be longer.

use std::fmt::Write as _;

use super::Digest;

/// The number of columns that mail programs show without wrapping.
const COLUMNS: usize = 72;

/// The digest.
#[must_use]
pub fn text(digest: &Digest) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}\n{}", wrapped(&digest.title, ""), wrapped(&digest.days, ""));
    for group in &digest.groups {
        let _ =
            writeln!(out, "\n\n{}\n{}", group.title, "-".repeat(group.title.chars().count().min(COLUMNS)));
        for row in &group.rows {
            let title = wrapped(&row.title, "  ");
            let _ = write!(out, "\n* {}\n", title.trim_start());
            if !row.detail.is_empty() {
                let _ = writeln!(out, "{}", wrapped(&row.detail, "  "));
            }
            let _ = writeln!(out, "  {}", row.url);
        }
        if let Some(more) = &group.more {
            let _ = writeln!(out, "\n{}", wrapped(more, ""));
        }
    }
    // What stands below this is a signature, by a custom older than the web.
    let _ = writeln!(out, "\n-- \n{}\n{}", wrapped(&digest.site, ""), digest.home);
    out
}

/// Lines of words, each with an indent. A word that is longer than a line has one for itself.
fn wrapped(text: &str, indent: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut width = COLUMNS;
    for word in text.split_whitespace() {
        let word: String = word.chars().filter(|c| !c.is_control()).collect();
        let length = word.chars().count();
        match lines.last_mut().filter(|_| width + 1 + length <= COLUMNS) {
            Some(line) => {
                line.push(' ');
                line.push_str(&word);
                width += 1 + length;
            }
            None => {
                lines.push(format!("{indent}{word}"));
                width = indent.len() + length;
            }
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_no_longer_than_mail_shows() {
        let text = wrapped(&"word ".repeat(40), "  ");
        assert!(
            text.lines().count() > 2
                && text.lines().all(|line| line.len() <= COLUMNS && line.starts_with("  "))
        );
        assert_eq!(wrapped("a\u{1b}[31m  b", ""), "a[31m b");
    }
}
