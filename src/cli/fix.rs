//! `longhouse fix`: mends what can be mended, and moves files to where they belong.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anstream::eprintln;

use super::{Failure, Outcome, change, ci, report};
use crate::diagnostic::{Rule, count};
use crate::edit;
use crate::fix::{self, Options};
use crate::rename;
use crate::root;
use crate::source::{LoadOptions, Sources, place};

/// What `fix` takes.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Fix only these files and folders
    paths: Vec<PathBuf>,
    /// Fix only problems of this rule; can be given several times
    #[arg(long, value_name = "RULE", value_parser = rule)]
    rule: Vec<Rule>,
    /// Also apply guesses, such as a link to the page with the nearest name
    #[arg(long)]
    guesses: bool,
    /// Show what would change, without changing anything
    #[arg(long, short = 'n')]
    dry_run: bool,
    /// Undo the last `fix`
    #[arg(long, conflicts_with_all = ["paths", "rule", "guesses", "dry_run"])]
    undo: bool,
}

fn rule(name: &str) -> Result<Rule, String> {
    Rule::from_name(name).ok_or_else(|| match Rule::nearest(name) {
        Some(near) => format!("there is no such rule; did you mean `{near}`?"),
        None => "there is no such rule".to_string(),
    })
}

/// Mends, or takes it back.
///
/// # Errors
/// When the site cannot be read, a file changes meanwhile, or the disk refuses.
pub fn run(root: Option<PathBuf>, arguments: &Arguments) -> Result<Outcome, Failure> {
    let root = change::root(root)?;
    if arguments.undo {
        return change::undo(&root);
    }
    let journal = change::journal(&root)?;
    if !arguments.dry_run && edit::interrupted(&journal)?.is_some_and(|it| it.said == edit::fixing()) {
        edit::finish(&journal)?;
        eprintln!("Finished the interrupted fix");
    }
    let options = LoadOptions { output: Some(root.join(root::OUTPUT)), ..ci::defaults() };
    let sources = super::load(&root, &options)?;
    let paths = arguments.paths.iter().map(|path| from_root(&sources, path)).collect::<Result<_, _>>()?;
    let rules: BTreeSet<Rule> = arguments.rule.iter().copied().collect();
    let fixed = fix::plan(&sources, &Options { paths, rules, guesses: arguments.guesses });
    change::show(&fixed.change, &fixed.notes);
    let is_empty = fixed.change.moves.is_empty() && fixed.change.texts.is_empty();
    let guesses = fixed.left.iter().filter(|it| it.is_guess && fix::is_mendable(&sources, it)).count();
    let guesses = if arguments.guesses { 0 } else { guesses };
    if is_empty && guesses > 0 {
        eprintln!("Nothing to fix without guessing");
    } else if is_empty {
        eprintln!("Nothing to fix");
    } else if arguments.dry_run {
        eprintln!("Nothing was changed. Without `--dry-run`, {} fixed", are(fixed.mended));
    } else {
        edit::begin(&journal, &rename::scope(&sources), &fixed.change, edit::fixing())?;
        let back = if journal.remembers() { ". Undo with: longhouse fix --undo" } else { "" };
        eprintln!("{} fixed{back}", are(fixed.mended));
    }
    if guesses > 0 {
        eprintln!(
            "`longhouse fix --guesses` would fix {} by using the nearest name",
            count(guesses, "problem")
        );
    }
    if !fixed.left.is_empty() {
        eprintln!("Left to fix by hand: {}. Run `longhouse check` for details", report::summary(&fixed.left));
    }
    Ok(Outcome::Done)
}

fn are(problems: usize) -> String {
    format!("{} {}", count(problems, "problem"), if problems == 1 { "is" } else { "are" })
}

/// A path as somebody types it, from the root of the site.
fn from_root(sources: &Sources, path: &Path) -> Result<String, Failure> {
    let root = &sources.root;
    let here = std::env::current_dir().and_then(|it| it.canonicalize()).unwrap_or_default();
    let tried = [here.join(path), root.join(path)];
    let found = tried.iter().find_map(|it| it.canonicalize().ok());
    let found = found.ok_or_else(|| Failure::Usage(format!("There is no file {}", path.display())))?;
    place::inside(root, &sources.content_prefix, &found)
        .ok_or_else(|| Failure::Usage(format!("{} is not a file of this site", path.display())))
}
