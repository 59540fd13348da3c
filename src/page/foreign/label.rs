//! The labels that a text defines: `[label]: address` and `[^1]: text`, gathered when the first is asked for.

use std::collections::HashSet;

/// The labels of a text.
pub(super) struct Labels<'t> {
    text: &'t str,
    known: Option<HashSet<String>>,
}

impl<'t> Labels<'t> {
    pub(super) fn new(text: &'t str) -> Labels<'t> {
        Labels { text, known: None }
    }

    /// Whether a line of the text defines this label.
    pub(super) fn has(&mut self, label: &str) -> bool {
        self.known.get_or_insert_with(|| gather(self.text)).contains(&folded(label))
    }
}

fn gather(text: &str) -> HashSet<String> {
    text.lines()
        .filter_map(|line| {
            let line = line.trim_start_matches([' ', '>', '\t']);
            let (label, _) = line.strip_prefix('[')?.split_once("]:")?;
            Some(folded(label))
        })
        .collect()
}

fn folded(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
