//! The nearest known name to what somebody typed, for help and fixes. Looking for it costs a walk over
//! everything that is known, so a build makes only as many suggestions as it can afford.

use std::collections::BTreeMap;

use crate::diagnostic::nearest;

/// At most this many characters are compared with each other for one sort of names, whatever the content holds: a
/// person reads a few suggestions, and ten thousand slips on ten thousand pages must not stop the build.
const AFFORDABLE: u64 = 100_000_000;

/// A name is looked at up to here, in characters.
const LONGEST: usize = 64;

/// Suggestions among names of one sort, none of them made twice.
#[derive(Debug, Default)]
pub struct Suggestions {
    found: BTreeMap<(usize, String), Option<String>>,
    budget: Budget,
}

/// Names to choose from, prepared once.
#[derive(Debug)]
pub struct Names<'a> {
    names: Vec<(&'a str, usize, u64)>,
}

/// How much comparing is left.
#[derive(Debug)]
pub struct Budget(u64);

impl Default for Budget {
    fn default() -> Self {
        Budget(AFFORDABLE)
    }
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
        let names = Names::within(known, &mut self.budget)?;
        let found = names.nearest(typed, &mut self.budget).map(str::to_string);
        self.found.insert(key, found.clone());
        found
    }
}

impl<'a> Names<'a> {
    /// Prepares names that are asked for often.
    pub fn new(names: impl IntoIterator<Item = &'a str>) -> Names<'a> {
        let prepared = |name: &'a str| (name, name.chars().count().min(LONGEST), signature(name));
        Names { names: names.into_iter().map(prepared).collect() }
    }

    /// Prepares names that are asked for once; nothing if the budget is used up.
    fn within(names: impl IntoIterator<Item = &'a str>, budget: &mut Budget) -> Option<Names<'a>> {
        let affordable = |name| budget.spend(LONGEST as u64).map(|()| name);
        let names: Vec<&str> = names.into_iter().map(affordable).collect::<Option<_>>()?;
        Some(Names::new(names))
    }

    /// The name nearest to what somebody typed; nothing if none is near or the budget is used up.
    pub fn nearest(&self, typed: &str, budget: &mut Budget) -> Option<&'a str> {
        let length = typed.chars().count().min(LONGEST);
        let limit = (length / 3).max(1);
        let own = signature(typed);
        budget.spend(self.names.len() as u64)?;
        // Each edit adds or removes at most one character, so most names are told apart without comparing.
        let far = |a: u64, b: u64| (a & !b).count_ones() as usize > limit;
        let near: Vec<&str> = self
            .names
            .iter()
            .filter(|(_, len, sig)| len.abs_diff(length) <= limit && !far(own, *sig) && !far(*sig, own))
            .map(|(name, _, _)| *name)
            .collect();
        budget.spend((near.len() * length * (length + limit)) as u64)?;
        nearest(typed, near)
    }
}

impl Budget {
    fn spend(&mut self, cost: u64) -> Option<()> {
        self.0 = self.0.checked_sub(cost)?;
        Some(())
    }
}

/// Which characters a name holds, as bits.
fn signature(name: &str) -> u64 {
    let chars = name.chars().take(LONGEST).flat_map(char::to_lowercase);
    chars.fold(0, |bits, it| bits | 1 << (u32::from(it) % 61))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_until_the_budget_is_used_up() {
        let names = Names::new(["reset-password", "refund", "größe"]);
        let mut budget = Budget::default();
        assert_eq!(names.nearest("reset-pasword", &mut budget), Some("reset-password"));
        assert_eq!(names.nearest("grösse", &mut budget), Some("größe"));
        assert_eq!(names.nearest("invoice", &mut budget), None);
        assert_eq!(names.nearest("reset-pasword", &mut Budget(10)), None);
    }

    #[test]
    fn what_was_found_stays_known_when_no_more_can_be_afforded() {
        let mut suggestions = Suggestions::default();
        assert_eq!(suggestions.nearest("bakcup", ["backup", "restore"]), Some("backup".to_string()));
        suggestions.budget = Budget(10);
        assert_eq!(suggestions.nearest("restroe", ["backup", "restore"]), None);
        assert_eq!(suggestions.nearest("bakcup", []), Some("backup".to_string()));
    }
}
