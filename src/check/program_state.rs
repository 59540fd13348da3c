//! Files in the site that are called as those which the program keeps for itself. They are never read from there; but
//! anyone who put one into a branch hoped so, or did not know what it is.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::site::Site;
use crate::source::program_state;

/// One problem for each such file, but for what this user's own builds have there (`ours`, absolute paths).
#[must_use]
pub fn check(site: &Site, ours: &BTreeSet<PathBuf>) -> Vec<Diagnostic> {
    let found = program_state::find(&site.sources().root, ours);
    super::level(&site.sources().config, found.iter().map(|path| of_the_program(path)).collect())
}

fn of_the_program(path: &str) -> Diagnostic {
    let message = "This name is reserved for Longhouse's own files, which are never read from the site.";
    Diagnostic::new(Rule::ProgramState, &Arc::from(path), Span::START, message).help(
        "Delete it. It may be left from an older version or an interrupted build. If it came with a branch, ask its \
         author what it is for.",
    )
}
