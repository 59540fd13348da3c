//! What a branch brought: the problems of the files that it touches, those elsewhere that were not there before, and
//! what it claims.

use std::collections::BTreeSet;

use super::trust;
use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::site::Site;
use crate::source::git_diff::Changes;

/// A problem as it can be found again in another version of the site.
type Key<'a> = (Rule, &'a str, Span);

/// Keeps of `found` what `changes` brought, and adds what they claim. `former` are the problems that the site had
/// `before`.
#[must_use]
pub fn report(
    site: &Site,
    found: Vec<Diagnostic>,
    before: &Site,
    former: &[Diagnostic],
    changes: &Changes,
) -> Vec<Diagnostic> {
    let renamed = changes.renamed();
    let known: BTreeSet<Key<'_>> = former
        .iter()
        .map(|it| (it.rule, renamed.get(&*it.file).copied().unwrap_or(&it.file), it.span()))
        .collect();
    // A folder of no known kind is told at its first file, whichever that is.
    let kinds: BTreeSet<&str> =
        former.iter().filter(|it| it.rule == Rule::UnknownKind).map(|it| it.message.as_str()).collect();
    let is_new = |it: &Diagnostic| {
        changes.touches(&it.file)
            || !(known.contains(&(it.rule, &*it.file, it.span()))
                || (it.rule == Rule::UnknownKind && kinds.contains(it.message.as_str())))
    };
    let mut report: Vec<Diagnostic> = found.into_iter().filter(|it| is_new(it)).collect();
    // Whether claims are shown is not for the branch to say.
    report.extend(super::level(&before.sources().config, trust::check(site, before, changes)));
    report.sort();
    report
}
