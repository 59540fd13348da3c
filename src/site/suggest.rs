//! The nearest known name to what somebody typed, for help and fixes. Looking for it costs a walk over
//! everything that is known, so a build makes only so many suggestions, and none of them twice.

use std::collections::BTreeMap;

use crate::diagnostic::nearest;

/// So many comparisons are made for one sort of names: enough for a hundred slips on a site of a
/// thousand pages.
const COMPARISONS: usize = 100_000;

/// So many names are looked at to find those worth comparing.
const LOOKED_AT: usize = 5_000_000;

/// Suggestions among names of one sort.
#[derive(Debug, Default)]
pub struct Suggestions {
    found: BTreeMap<(usize, String), Option<String>>,
    compared: usize,
    looked_at: usize,
}

impl Suggestions {
    /// The name among `known` that is nearest to `typed`, if one is near enough to be meant. Always
    /// asked with the same known names.
    pub fn nearest<'a>(&mut self, typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
        self.within(0, typed, known)
    }

    /// The same where known names differ: by what they are the names of.
    pub fn within<'a>(
        &mut self,
        scope: usize,
        typed: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) -> Option<String> {
        let key = (scope, typed.to_string());
        if let Some(found) = self.found.get(&key) {
            return found.clone();
        }
        if self.compared >= COMPARISONS || self.looked_at >= LOOKED_AT {
            return None;
        }
        // Names of very different length cannot be near, and comparing is what costs.
        let length = typed.chars().count();
        let near = |name: &&str| {
            self.looked_at += 1;
            name.chars().count().abs_diff(length) <= (length / 3).max(1)
        };
        let left = COMPARISONS - self.compared;
        let counted = known.into_iter().filter(near).take(left).inspect(|_| self.compared += 1);
        let found = nearest(typed, counted).map(str::to_string);
        self.found.insert(key, found.clone());
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_so_many_suggestions_are_made() {
        let mut suggestions = Suggestions::default();
        assert_eq!(suggestions.nearest("bakcup", ["backup", "restore"]), Some("backup".to_string()));
        let many: Vec<String> = (0..COMPARISONS).map(|number| format!("{number:07}")).collect();
        assert_eq!(suggestions.nearest("unknown", many.iter().map(String::as_str)), None);
        assert_eq!(suggestions.nearest("restroe", ["backup", "restore"]), None);
        assert_eq!(suggestions.nearest("bakcup", []), Some("backup".to_string()));
    }
}
