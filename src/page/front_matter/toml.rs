//! Front matter in TOML, between `+++` lines, as Hugo and Zola write it: made into the same tree as YAML.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use toml::Spanned as Located;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Diagnostic, Rule, Spanned};
use crate::yaml::{DEPTH, Lines, Node, NodeKind, Pair};

/// Reads the part `at` of `source`. Places are those of the whole source.
pub(super) fn read<'a>(file: &Arc<str>, source: &'a str, at: Range<usize>) -> (Node<'a>, Vec<Diagnostic>) {
    let lines = &Lines::new(source, at.clone());
    let whole = Node { span: lines.span(at.clone()), at: at.clone(), kind: NodeKind::Null };
    if at.len() > super::LIMIT {
        let place = lines.span(at.start..at.start);
        let problem = Diagnostic::new(
            Rule::TooLarge,
            file,
            place,
            format!("The fields are larger than {} KB.", super::LIMIT / 1024),
        )
        .help("Move long texts out of the fields into the text of the page.");
        return (whole, vec![problem]);
    }
    // Brackets are counted first: the library goes as deep as they do.
    if let Some(deep) = too_deep(&source[at.clone()]) {
        let place = at.start + deep;
        let message = format!("Brackets are nested more than {DEPTH} levels deep.");
        let problem = Diagnostic::new(Rule::TooDeep, file, lines.span(place..place + 1), message)
            .help("Use fewer levels.");
        return (whole, vec![problem]);
    }
    let (table, errors) = DeTable::parse_recoverable(&source[at.clone()]);
    let mut problems: Vec<Diagnostic> = errors
        .iter()
        .map(|error| {
            let place = error.span().unwrap_or(0..0);
            cannot_be_read(file, lines, source, at.start + place.start..at.start + place.end.max(place.start))
        })
        .collect();
    // One slip makes the library complain several times about one line.
    problems.dedup_by_key(|problem| problem.line);
    let kind = NodeKind::Map(pairs(lines, source, at.start, table.into_inner()));
    (Node { kind, ..whole }, problems)
}

fn pairs<'a>(lines: &Lines<'_>, source: &'a str, base: usize, table: DeTable<'a>) -> Vec<Pair<'a>> {
    let mut pairs: Vec<(usize, Pair<'a>)> = table
        .into_iter()
        .map(|(key, value)| {
            let at = moved(base, &key);
            let place = at.start;
            let name = Spanned::new(key.into_inner(), lines.span(at));
            (place, (name, node(lines, source, base, value)))
        })
        .collect();
    // The library sorts by name; people think in the order they wrote.
    pairs.sort_by_key(|(place, _)| *place);
    pairs.into_iter().map(|(_, pair)| pair).collect()
}

fn node<'a>(lines: &Lines<'_>, source: &'a str, base: usize, value: Located<DeValue<'a>>) -> Node<'a> {
    let at = moved(base, &value);
    let place = lines.span(at.clone());
    let typed = source.get(at.clone()).unwrap_or_default();
    let plain = |text: &'a str| NodeKind::Scalar { text: Cow::Borrowed(text), quoted: false };
    let kind = match value.into_inner() {
        DeValue::String(text) => NodeKind::Scalar { text, quoted: true },
        DeValue::Array(items) => {
            NodeKind::List(items.into_iter().map(|item| node(lines, source, base, item)).collect())
        }
        DeValue::Table(table) => NodeKind::Map(pairs(lines, source, base, table)),
        // Numbers, dates and words keep the characters typed.
        _ => plain(typed),
    };
    Node { span: place, at, kind }
}

fn moved<T>(base: usize, located: &Located<T>) -> Range<usize> {
    let at = located.span();
    base + at.start..base + at.end
}

fn too_deep(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            // A bracket in a text that is not closed in its line is not counted on into the next.
            b'\n' if depth == 1 => depth = 0,
            _ => {}
        }
        if depth > DEPTH {
            return Some(at);
        }
    }
    None
}

fn cannot_be_read(file: &Arc<str>, lines: &Lines<'_>, source: &str, at: Range<usize>) -> Diagnostic {
    let line = source.get(..at.start).and_then(|before| before.rsplit('\n').next()).unwrap_or_default();
    let help = if line.contains('=') {
        "Put texts in double quotes and lists in brackets: `tags = [\"backup\", \"restore\"]`."
    } else {
        "Between `+++` lines a field is a name, an equals sign and a value: `title = \"Backup\"`."
    };
    Diagnostic::new(Rule::FrontMatter, file, lines.span(at), "This value cannot be read.").help(help)
}
