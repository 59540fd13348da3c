//! Imports and exports: where they end, and which file a name stands for.

use std::borrow::Cow;

use super::tag::{ahead, braces};

/// Where the import or export ends that begins here, if one does. It has to begin a line and a block, and it ends at
/// the end of a line after which nothing of it is open.
pub(super) fn module(text: &str, start: usize, steps: &mut usize) -> Option<usize> {
    let rest = &text[start..];
    let line = rest.lines().next().unwrap_or_default();
    let is_meant = if let Some(what) = line.strip_prefix("import") {
        let what = what.trim_start();
        let has_space = what.len() + "import".len() < line.len();
        let names = what.starts_with(['{', '*']) || (has_space && line.contains(" from "));
        what.starts_with(['"', '\'']) || names || (has_space && what.ends_with(','))
    } else if let Some(what) = line.strip_prefix("export ") {
        let what = what.trim_start();
        let words =
            ["const ", "let ", "var ", "function ", "function*", "class ", "async ", "type ", "interface "];
        what.starts_with(['{', '*'])
            || words.iter().any(|word| what.starts_with(word))
            || what.starts_with("default ")
    } else {
        false
    };
    if !is_meant {
        return None;
    }
    end(text, start, steps)
}

/// The name and the file of a default import: `import hero from './hero.png'`.
pub(super) fn default_import(code: &str) -> Option<(&str, Cow<'_, str>)> {
    let (names, from) = code.strip_prefix("import ")?.split_once(" from ")?;
    let name = names.split(',').next()?.trim();
    let from = from.trim().trim_end_matches(';').trim();
    let quote = from.chars().next().filter(|it| matches!(it, '"' | '\''))?;
    let path = from.strip_prefix(quote)?.strip_suffix(quote)?;
    let is_name = !name.is_empty() && name.chars().all(|it| it.is_alphanumeric() || matches!(it, '_' | '$'));
    // An editor that formats markdown puts a sign before each `_`.
    let path = if path.contains('\\') { Cow::Owned(path.replace('\\', "")) } else { Cow::Borrowed(path) };
    is_name.then_some((name, path))
}

fn end(text: &str, start: usize, steps: &mut usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = start;
    let mut brackets = 0usize;
    while let Some(&byte) = bytes.get(at) {
        *steps = steps.checked_sub(1)?;
        match byte {
            b'{' => {
                at = braces(text, at, steps)?;
                continue;
            }
            b'(' | b'[' => brackets += 1,
            b')' | b']' => brackets = brackets.saturating_sub(1),
            b'`' => {
                at += 1 + ahead(&bytes[at + 1..], b"`", steps)?;
            }
            b'\n' if brackets == 0 && !goes_on(&text[start..at], &text[at + 1..]) => return Some(at),
            _ => {}
        }
        at += 1;
    }
    // What is never closed is no module, so that nothing below is lost.
    (brackets == 0).then_some(bytes.len())
}

/// Whether a statement that nothing in it keeps open goes on in the next line all the same.
fn goes_on(before: &str, behind: &str) -> bool {
    let last = before.trim_end();
    let next = behind.lines().next().unwrap_or_default().trim_start();
    let ends_open = last.ends_with(['=', ',', '(', '[', '+', '?', ':', '|', '&']) || last.ends_with("=>");
    let begins_within = next.starts_with(['.', '?', '|', '+', ')', ']', '}']) || next.starts_with("from ");
    // A heading, a list or a new block ends it.
    !behind.starts_with('\n') && (ends_open || begins_within)
}
