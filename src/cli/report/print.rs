//! By what a host knows a problem again that it was told of before: not by its line, which moves with every
//! line above it, but by what stands there.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Lines, masked};
use crate::diagnostic::{Diagnostic, Span};

/// Problems in the order of file and place, each with its fingerprint.
pub(super) struct Prints<'a>(Vec<(&'a Diagnostic, String)>);

impl<'a> Prints<'a> {
    pub(super) fn new(
        diagnostics: &'a [Diagnostic],
        sources: impl Fn(&str) -> Option<Arc<str>>,
    ) -> Prints<'a> {
        let mut sorted: Vec<&Diagnostic> = diagnostics.iter().collect();
        sorted.sort();
        let mut prints = Vec::with_capacity(sorted.len());
        for of_file in sorted.chunk_by(|a, b| a.file == b.file) {
            // A secret is no part of what can be tried out.
            let source = sources(&of_file[0].file).map(|source| masked(source, of_file));
            let mut lines = source.as_deref().map(Lines::new);
            let mut seen: BTreeMap<[String; 2], u32> = BTreeMap::new();
            for diagnostic in of_file {
                let line = lines.as_mut().filter(|_| diagnostic.span() != Span::START);
                let line = line.and_then(|it| it.whole(diagnostic.line)).map(|it| it.trim().to_owned());
                let about = line.unwrap_or_else(|| diagnostic.message.clone());
                let key = [diagnostic.rule.name().to_owned(), about];
                let n = seen.entry(key.clone()).or_default();
                let [rule, about] = &key;
                let whole = format!("{}\0{rule}\0{n}\0{about}", diagnostic.file);
                prints.push((*diagnostic, blake3::hash(whole.as_bytes()).to_hex()[..32].to_owned()));
                *n += 1;
            }
        }
        Prints(prints)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&Diagnostic, &str)> {
        self.0.iter().map(|(diagnostic, print)| (*diagnostic, print.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::report::tests::dead_link;
    use crate::diagnostic::Rule;

    fn prints(diagnostics: &[Diagnostic], source: &str) -> Vec<String> {
        Prints::new(diagnostics, |_| Some(source.into())).iter().map(|(_, print)| print.to_owned()).collect()
    }

    #[test]
    fn a_problem_is_known_again_when_lines_move_and_not_when_its_line_changes() {
        let source = "# Refunds\n\nSee [this](../b.md) for more.\n";
        let before = prints(&[dead_link()], source);
        let moved = Diagnostic { line: 5, end_line: 5, ..dead_link() };
        assert_eq!(before, prints(std::slice::from_ref(&moved), &format!("---\n---\n{source}")));
        assert_ne!(before, prints(&[moved], &format!("---\n---\n{}", source.replace("See", "Read"))));
    }

    #[test]
    fn no_two_problems_have_one_print() {
        let again = Diagnostic { column: 20, ..dead_link() };
        let other = Diagnostic { rule: Rule::Email, ..dead_link() };
        let prints = prints(&[dead_link(), again, other], "a\nb\nc d e f\n");
        let different: std::collections::BTreeSet<&String> = prints.iter().collect();
        assert_eq!(different.len(), 3);
    }
}
