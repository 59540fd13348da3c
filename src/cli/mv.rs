//! `longhouse mv`: gives a page, a topic, a person or a file another name, with everything that leads to it.

use std::path::{Path, PathBuf};

use anstream::println;

use super::{Failure, Outcome, change, ci, report};
use crate::edit;
use crate::rename;
use crate::root;
use crate::source::LoadOptions;

/// What `mv` takes.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// What to rename: a path, a slug or an address
    #[arg(required_unless_present = "undo")]
    old: Option<String>,
    /// The new name: a path, a slug, an address, or a folder with a trailing slash
    #[arg(required_unless_present = "undo")]
    new: Option<String>,
    /// Show what would change, without changing anything
    #[arg(long, short = 'n')]
    dry_run: bool,
    /// Undo the last `mv`
    #[arg(long, conflicts_with_all = ["old", "new", "dry_run"])]
    undo: bool,
}

/// Renames, or takes it back.
///
/// # Errors
/// When it cannot be done, and why; when the site cannot be read, or the disk refuses.
pub fn run(root: Option<PathBuf>, arguments: &Arguments) -> Result<Outcome, Failure> {
    let root = change::root(root)?;
    if arguments.undo {
        return change::undo(&root);
    }
    let (Some(old), Some(new)) = (&arguments.old, &arguments.new) else {
        return Err(Failure::Usage("Give the page to rename and its new name".to_string()));
    };
    let said = (old.clone(), new.clone());
    let journal = change::journal(&root)?;
    if let Some(record) = edit::interrupted(&journal)?.filter(|it| it.said == said && !arguments.dry_run) {
        edit::finish(&journal)?;
        println!("Finished the interrupted move: {} is now {}", plain(&record.said.0), plain(&record.said.1));
        return Ok(Outcome::Done);
    }
    let options = LoadOptions { output: Some(root.join(root::OUTPUT)), ..ci::defaults() };
    let sources = super::load(&root, &options)?;
    let (site, between) = crate::pipeline::link(&sources, rename::EVERYTHING, None, &|_| {});
    let stands = std::env::current_dir().and_then(|it| it.canonicalize()).unwrap_or_default();
    let here = rename::folder_from(&sources, &stands);
    let plan = rename::plan(&site, &between, &here, old, new).map_err(Failure::Usage)?;
    change::show(&plan.change, &plan.notes);
    if arguments.dry_run {
        println!("\nNothing was changed. Run it again without `--dry-run` to apply this.");
        return Ok(Outcome::Done);
    }
    edit::begin(&journal, &rename::scope(&sources), &plan.change, said)?;
    if journal.remembers() {
        println!("\nUndo with: longhouse mv --undo{}", place(&root, &stands));
    }
    Ok(Outcome::Done)
}

fn place(root: &Path, stands: &Path) -> String {
    if stands.starts_with(root) { String::new() } else { format!(" --root {}", root.display()) }
}

fn plain(text: &str) -> std::borrow::Cow<'_, str> {
    report::visible(text)
}
