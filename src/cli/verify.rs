//! `longhouse verify`: whether what readers are shown is what the files say.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anstream::{eprintln, println};
use indicatif::{ProgressBar, ProgressDrawTarget};

use super::report::visible;
use super::{Failure, Outcome};
use crate::output::MARKER;
use crate::root;
use crate::site::Visibility;
use crate::source::{LoadOptions, published};
use crate::verify::{Difference, Edit, Tried, Verifier};

/// So many files that differ are named.
const NAMED: usize = 10;

/// What `verify` takes.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Where the site was written [default: `public` in the site's folder, if it exists]
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,
    /// The number of edits to try, in memory; with 0, only the published site is compared
    #[arg(long, default_value_t = 50, value_name = "N")]
    edits: usize,
    /// The seed for choosing edits; the same seed tries the same edits
    #[arg(long, default_value_t = 0, value_name = "N")]
    seed: u64,
    /// The address where the site was published, instead of `base_url` in longhouse.yaml
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// The site was published with drafts
    #[arg(long)]
    drafts: bool,
    /// Print only differences
    #[arg(long, short)]
    quiet: bool,
}

/// Verifies the site.
///
/// # Errors
/// When the site or its output folder cannot be read.
pub fn run(root: Option<PathBuf>, arguments: &Arguments) -> Result<Outcome, Failure> {
    let root = super::root(root)?;
    let output = arguments.output.clone().unwrap_or_else(|| root.join(root::OUTPUT));
    let is_there = output.join(MARKER).is_file();
    if !is_there && arguments.output.is_some() {
        return Err(Failure::Usage(format!(
            "{} does not contain a site that Longhouse has published",
            output.display()
        )));
    }
    let options =
        LoadOptions { output: Some(output.clone()), base_url: arguments.base_url.clone(), preview: false };
    let sources = super::load(&root, &options)?;
    let files = sources.documents.len();
    let visibility = Visibility { drafts: arguments.drafts, preview: false };
    let mut verifier = Verifier::begin(sources, visibility)?;
    let mut is_right = true;
    if is_there {
        is_right &= look_at(&output, &verifier, arguments.quiet)?;
    } else if !arguments.quiet {
        println!("{} does not contain a published site, so there is none to compare.", output.display());
    }
    let difference = verifier.difference();
    if !difference.is_empty() {
        eprintln!("error: Updated step by step, the site is not what a build makes.\n{}", named(&difference));
        is_right = false;
    }
    let edits = verifier.edits(arguments.edits, arguments.seed);
    let bar = ProgressBar::new(edits.len() as u64);
    bar.set_draw_target(if arguments.quiet || !std::io::stderr().is_terminal() {
        ProgressDrawTarget::hidden()
    } else {
        ProgressDrawTarget::stderr_with_hz(10)
    });
    let mut tried = Vec::with_capacity(edits.len());
    for (edit, file) in edits {
        let one = verifier.attempt(edit, &file)?;
        bar.inc(1);
        for (difference, when) in [(&one.after, "After"), (&one.restored, "After undoing")] {
            if !difference.is_empty() {
                let file = visible(&one.file);
                bar.suspend(|| {
                    eprintln!(
                        "error: {when} {} {file} the site is not what a build makes.\n{}",
                        one.edit.words(),
                        named(difference)
                    );
                });
                is_right = false;
            }
        }
        tried.push(one);
    }
    bar.finish_and_clear();
    if tried.iter().any(|one| !one.after.is_empty() || !one.restored.is_empty()) {
        eprintln!(
            "This is a bug in Longhouse, not a mistake in the site. `longhouse build` is not affected, since it \
             starts from scratch, but the preview may show old pages until it is restarted. Please report it with \
             the lines above."
        );
    } else if !tried.is_empty() && !arguments.quiet {
        println!("{}", summary(&tried, files, verifier.clean().len()));
    }
    Ok(if is_right { Outcome::Done } else { Outcome::ContentErrors })
}

/// Compares the published site with a build.
fn look_at(output: &Path, verifier: &Verifier, quiet: bool) -> Result<bool, Failure> {
    let failed = |error: std::io::Error| Failure::World(format!("{}: {error}", output.display()));
    let mut there = published::hashes(output).map_err(failed)?;
    there.remove(MARKER);
    let difference = Difference::between(&there, verifier.clean());
    if difference.is_empty() {
        if !quiet {
            println!(
                "The site in {} is what a build makes of the files as they are now: {}, including the search index.",
                output.display(),
                crate::diagnostic::count(there.len(), "file")
            );
        }
        return Ok(true);
    }
    eprintln!(
        "error: The site in {} is not what a build makes of the files as they are now.\n{}\nEither the files have \
         been edited since then, or the published site has. `longhouse build` publishes it again.",
        output.display(),
        named(&difference)
    );
    Ok(false)
}

/// The files that differ, the first of them by name.
fn named(difference: &Difference) -> String {
    let parts = [
        (&difference.changed, "other bytes"),
        (&difference.missing, "missing"),
        (&difference.extra, "there, but should not be"),
    ];
    let mut lines: Vec<String> = Vec::new();
    for (paths, what) in parts.iter().filter(|(paths, _)| !paths.is_empty()) {
        let count = paths.len();
        lines.push(format!("  {what}: {}", crate::diagnostic::count(count, "file")));
        lines.extend(paths.iter().take(NAMED).map(|path| format!("    {}", visible(path))));
        if count > NAMED {
            lines.push(format!("    and {} more", count - NAMED));
        }
    }
    lines.join("\n")
}

/// What was tried, and what it took.
fn summary(tried: &[Tried], files: usize, made: usize) -> String {
    let mut sorts: BTreeMap<Edit, usize> = BTreeMap::new();
    for one in tried {
        *sorts.entry(one.edit).or_default() += 1;
    }
    let median = |mut values: Vec<Duration>| {
        values.sort_unstable();
        values.get(values.len() / 2).copied().unwrap_or_default().as_secs_f64() * 1e3
    };
    let followed = median(tried.iter().map(|one| one.followed).collect());
    let built = median(tried.iter().map(|one| one.built).collect());
    let mut rendered: Vec<usize> = tried.iter().map(|one| one.rendered).collect();
    rendered.sort_unstable();
    let count = tried.len();
    format!(
        "{count} {} of {files} files, each made and undone in memory: every time the site was what a build makes, \
         byte for byte, in all its {made} files, so the search gives the same answers too.\nAn edit rendered {} of \
         the pages (median) and took {followed:.1} ms with the index; a build from scratch took {built:.0} ms.",
        if count == 1 { "edit" } else { "edits" },
        rendered[count / 2],
    )
}
