//! Definitions of links, as in `[label]: address "title"`: the lines that `[text][label]` means. A body
//! only knows the links that use them; anyone who changes an address needs the place where it stands.

use std::ops::Range;

use pulldown_cmark::Parser;

use super::writer::SYNTAX;
use crate::page::text;

/// A definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// Its bytes in the file, from the bracket of its label on.
    pub at: Range<usize>,
    /// The address, entities decoded.
    pub destination: String,
}

/// The definitions of a file whose body begins at this byte, in the order of the file.
#[must_use]
pub fn definitions(source: &str, body_at: usize) -> Vec<Definition> {
    let Some(body) = source.get(body_at..) else { return Vec::new() };
    let cleaned = text::clean(body);
    let parser = Parser::new_ext(&cleaned.text, SYNTAX);
    let original = |at: usize| body_at + cleaned.original(at);
    let found = parser.reference_definitions().iter().map(|(_, it)| Definition {
        at: original(it.span.start)..original(it.span.end),
        destination: it.dest.to_string(),
    });
    let mut definitions: Vec<Definition> = found.collect();
    definitions.sort_by_key(|it| it.at.start);
    definitions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_definition_is_found_where_it_stands() {
        let source = "---\ntitle: A\n---\n[x][b]\n\n[b]: <a b.md> \"B\"\n> [Ä]: c.md\n\n[^1]: x.md\n";
        let found = definitions(source, 17);
        let texts: Vec<_> = found.iter().map(|it| (&source[it.at.clone()], &*it.destination)).collect();
        assert_eq!(texts, [("[b]: <a b.md> \"B\"", "a b.md"), ("[Ä]: c.md", "c.md")]);
    }
}
