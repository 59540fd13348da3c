//! Fields whose `---` lines were lost, or ended up in a block of code: found all the same, and told.
//!
//! Only where every name is one that we know. A text that begins with a colon in its first line stays a text.

use std::sync::Arc;

use super::{Fence, key_before, line_at, names};
use crate::diagnostic::{Diagnostic, Rule, Span};

/// Finds fields that do not stand between two `---` lines, and says what is wrong.
pub(super) fn find(file: &Arc<str>, source: &str) -> Option<(Fence, Diagnostic)> {
    in_code(file, source).or_else(|| bare(file, source)).or_else(|| with_equals_signs(file, source))
}

/// Fields in a block of code, as copied from a page that explains them.
fn in_code(file: &Arc<str>, source: &str) -> Option<(Fence, Diagnostic)> {
    let first = line_at(source, 0)?;
    let language = first.strip_prefix("```")?.trim().to_ascii_lowercase();
    if !matches!(language.as_str(), "" | "yaml" | "yml" | "md" | "markdown") {
        return None;
    }
    let inner = first.len() + 1;
    let dashed = line_at(source, inner)?.trim_end() == "---";
    let start = if dashed { inner + 4 } else { inner };
    let fields = fields(source, start)?;
    let mut lines = 1 + u32::from(dashed) + fields.lines;
    let mut at = fields.end;
    if dashed {
        at += line_at(source, at).filter(|line| line.trim_end() == "---")?.len() + 1;
        lines += 1;
    } else if language.is_empty() {
        return None;
    }
    let last = line_at(source, at).filter(|line| line.trim_end() == "```")?;
    let closes = (at + last.len() + 1).min(source.len());
    let text = source[start..fields.end].trim_end();
    let span = Span { line: 1, column: 1, end_line: lines + 1, end_column: 4 };
    let problem = Diagnostic::new(Rule::FieldValue, file, span, "The fields are in a code block.")
        .help("Remove the lines with ```: the file must start with `---`.")
        .fix(format!("---\n{text}\n---"));
    let opens_on = 2;
    let fence = Fence { opens_on, opening: inner, start, end: fields.end, closes: Some(closes), toml: false };
    Some((fence, problem))
}

/// Fields at the very top without a line above them, and perhaps without one below.
fn bare(file: &Arc<str>, source: &str) -> Option<(Fence, Diagnostic)> {
    let fields = fields(source, 0)?;
    let behind = line_at(source, fields.end).unwrap_or_default().trim_end();
    let closes = match behind {
        "---" => (fields.end + 4).min(source.len()),
        // With nothing on either side it may be a text after all, unless it says its title.
        "" if fields.has_title => fields.end,
        _ => return None,
    };
    let text = source[..fields.end].trim_end();
    let (what, end_line, end_column, fix) = if behind.is_empty() {
        let columns = text.lines().last().unwrap_or_default().chars().count();
        let end_column = u32::try_from(columns).unwrap_or(u32::MAX - 1) + 1;
        (
            "The lines `---` above and below the fields are missing.",
            fields.lines,
            end_column,
            format!("---\n{text}\n---"),
        )
    } else {
        let first = line_at(source, 0).unwrap_or_default();
        let end_column = u32::try_from(first.chars().count()).unwrap_or(u32::MAX - 1) + 1;
        ("The line `---` above the fields is missing.", 1, end_column, format!("---\n{first}"))
    };
    let span = Span { line: 1, column: 1, end_line, end_column };
    let problem = Diagnostic::new(Rule::FieldValue, file, span, what)
        .help("Fields go between two lines of three dashes, at the top of the file.")
        .fix(fix);
    let fence =
        Fence { opens_on: 1, opening: 0, start: 0, end: fields.end, closes: Some(closes), toml: false };
    Some((fence, problem))
}

/// Fields between `---` lines that are written `name = value`.
fn with_equals_signs(file: &Arc<str>, source: &str) -> Option<(Fence, Diagnostic)> {
    let start = line_at(source, 0).filter(|line| line.trim_end() == "---")?.len() + 1;
    let mut at = start;
    let mut fixed = String::new();
    let mut lines: u32 = 0;
    let closes = loop {
        let line = line_at(source, at)?;
        if line.trim_end() == "---" {
            break (at + line.len() + 1).min(source.len());
        }
        key_before(line, true).filter(|key| names::is_known(key))?;
        let (name, value) = line.split_once('=')?;
        if !fixed.is_empty() {
            fixed.push('\n');
        }
        fixed.push_str(&format!("{}: {}", name.trim(), value.trim()));
        lines += 1;
        at += line.len() + 1;
    };
    let last = source[start..at].trim_end_matches('\n').lines().last()?.chars().count();
    let end_column = u32::try_from(last).unwrap_or(u32::MAX - 1) + 1;
    let span = Span { line: 2, column: 1, end_line: 1 + lines, end_column };
    let problem = Diagnostic::new(
        Rule::FieldValue,
        file,
        span,
        "A field has a colon after its name, not an equals \
                                                                 sign.",
    )
    .help("Or put `+++` instead of `---` above and below the fields: they are then TOML, with equals signs.")
    .fix(fixed);
    Some((Fence { opens_on: 1, opening: 0, start, end: at, closes: Some(closes), toml: true }, problem))
}

/// Lines that can be nothing but fields.
struct Fields {
    /// The byte after them.
    end: usize,
    /// How many.
    lines: u32,
    has_title: bool,
}

/// The fields that begin at a byte, if all of their names are known.
fn fields(source: &str, start: usize) -> Option<Fields> {
    let mut fields = Fields { end: start, lines: 0, has_title: false };
    while let Some(line) = line_at(source, fields.end) {
        let key = key_before(line, false).filter(|_| !line.starts_with([' ', '\t']));
        match key {
            Some(key) if names::is_known(key) => fields.has_title |= key.eq_ignore_ascii_case("title"),
            // A list, or a text that goes on.
            None if fields.lines > 0 && line.starts_with([' ', '\t', '-']) && line.trim_end() != "---" => {}
            Some(_) => return None,
            None => break,
        }
        fields.lines += 1;
        fields.end = (fields.end + line.len() + 1).min(source.len());
    }
    (fields.lines > 0).then_some(fields)
}
