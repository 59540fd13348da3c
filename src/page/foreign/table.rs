//! Rows with more cells than their table has columns: what stands on the right is left out by every reader of markdown
//! that goes by GitHub's rules.

use std::ops::Range;

use super::{Construct, Constructs};

/// Looks at every row.
pub(super) fn find(text: &str, tables: &[(Range<usize>, usize)], found: &mut Constructs) {
    for (range, columns) in tables {
        let mut start = range.start;
        for (number, line) in text[range.clone()].split_inclusive('\n').enumerate() {
            // The second line says the columns.
            if number != 1
                && let Some(at) = beyond(line, *columns)
            {
                let end = start + line.trim_end().len();
                found.add(Construct::Cells, (start + at).min(end)..end);
            }
            start += line.len();
        }
    }
}

/// Where the first cell begins for which there is no column, if something stands in one.
fn beyond(line: &str, columns: usize) -> Option<usize> {
    let content = line.trim_start_matches([' ', '\t', '>']);
    let offset = line.len() - content.len();
    let content = content.trim_end();
    let offset = offset + usize::from(content.starts_with('|'));
    let content = content.strip_prefix('|').unwrap_or(content);
    let mut cells = 1;
    for at in separators(content) {
        cells += 1;
        if cells > columns {
            let rest = &content[at + 1..];
            let holds_text = rest.contains(|it: char| !it.is_whitespace() && it != '|');
            return holds_text.then(|| offset + at + 1 + (rest.len() - rest.trim_start().len()));
        }
    }
    None
}

/// How many cells a row has.
pub(super) fn cells(line: &str) -> usize {
    let content = line.trim();
    let content = content.strip_prefix('|').unwrap_or(content);
    let ends = content.ends_with('|') && !content.ends_with("\\|");
    separators(content).count() + usize::from(!ends)
}

fn separators(content: &str) -> impl Iterator<Item = usize> {
    let bytes = content.as_bytes();
    memchr::memchr_iter(b'|', bytes).filter(move |at| *at == 0 || bytes[at - 1] != b'\\')
}
