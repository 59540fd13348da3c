//! `longhouse review`: what to say about a branch on the git host, for workflows to post.

use std::path::PathBuf;

use super::apart::Apart;
use super::{Failure, Outcome, check};
use crate::review::{self, Branch};

/// What `review` takes.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The commit or branch that the changes are meant for
    #[arg(value_name = "REF")]
    reference: String,
    /// What to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    apart: Apart,
}

/// What is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
enum Format {
    /// A comment in markdown: what to do, and what to look at before it is merged.
    #[default]
    Comment,
    /// Corrections for single lines, as JSON for GitHub's "create a review"; nothing if there are none.
    Suggestions,
    /// A comment in markdown after it was merged: where the change is live.
    Live,
}

/// Prints what there is to say.
///
/// # Errors
/// When the site cannot be read, or the commit is unknown.
pub fn run(root: Option<PathBuf>, arguments: &Arguments) -> Result<Outcome, Failure> {
    let brought = check::brought_since(root, &arguments.apart, &arguments.reference)?;
    let branch = Branch {
        site: &brought.site,
        before: &brought.before,
        changes: &brought.since.changes,
        diagnostics: &brought.diagnostics,
    };
    let history = brought.site.sources().history.as_ref();
    let prefix = history.map_or("", |history| history.prefix.as_str());
    let text = match arguments.format {
        Format::Comment => review::comment(&branch),
        Format::Live => review::live(&branch),
        Format::Suggestions => {
            review::suggestions(&branch, prefix).map_or_else(String::new, |review| format!("{review:#}\n"))
        }
    };
    super::print(&text)?;
    Ok(Outcome::Done)
}
