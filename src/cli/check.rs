//! `longhouse check`: every problem of every file, in one run.

use std::path::PathBuf;

use anstream::eprintln;
use std::io::Write;

use super::report::{self, Format};
use super::{Failure, Outcome};
use crate::BuildError;
use crate::diagnostic::Severity;
use crate::site::Visibility;
use crate::source::LoadOptions;

/// What `check` takes.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// For whom the report is
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Exit 1 if there are more warnings than this
    #[arg(long, value_name = "N")]
    max_warnings: Option<usize>,
}

/// Checks the site.
///
/// # Errors
/// When the site or the templates of its theme cannot be read.
pub fn run(root: Option<PathBuf>, arguments: &Arguments) -> Result<Outcome, Failure> {
    let root = super::root(root)?;
    let sources =
        super::load(&root, &LoadOptions { output: Some(root.join("public")), ..LoadOptions::default() })?;
    let (site, mut diagnostics) = crate::understand(&sources, Visibility::default(), &|_| {});
    crate::theme::Theme::new(&site, crate::theme::Names::Hashed).map_err(BuildError::Template)?;
    super::search_tests(&site, &mut diagnostics)?;
    let prefix = sources.history.as_ref().map_or("", |history| history.prefix.as_str());
    let text = |file: &str| sources.text(file).cloned().or_else(|| sources.trusted_text(file));
    match arguments.format {
        Format::Human if diagnostics.is_empty() => {
            eprintln!("No problems in {} files", sources.documents.len())
        }
        Format::Human => super::show(&sources, &diagnostics),
        Format::Json => print(&report::json(&diagnostics))?,
        Format::Github => print(&report::github(&diagnostics, prefix, text))?,
        Format::Gitlab => print(&report::gitlab(&diagnostics, prefix, text))?,
        Format::Sarif => print(&report::sarif(&diagnostics, prefix, text))?,
    }
    let warnings = diagnostics.iter().filter(|it| it.severity == Severity::Warning).count();
    let too_many = arguments.max_warnings.is_some_and(|most| warnings > most);
    Ok(if super::has_errors(&diagnostics) || too_many { Outcome::ContentErrors } else { Outcome::Done })
}

/// Writes a report for programs as it is, also where standard output is a terminal.
fn print(report: &str) -> Result<(), Failure> {
    std::io::stdout().write_all(report.as_bytes()).map_err(|error| Failure::World(error.to_string()))
}
