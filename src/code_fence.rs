//! Texts of somebody else as code in markdown, closed by more backticks than they hold themselves.

/// The backticks around a text: one more than the longest run in it, and at least `least`.
#[must_use]
pub fn fence(text: &str, least: usize) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    "`".repeat((longest + 1).max(least))
}

/// A text of one row, which is not empty, as code.
#[must_use]
pub fn span(text: &str) -> String {
    let fence = fence(text, 1);
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}
