//! `longhouse verify`: whether what readers are shown is what the files say.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anstream::{eprintln, println};
use indicatif::{ProgressBar, ProgressDrawTarget};

use super::report::visible;
use super::{Failure, Outcome, ci};
use crate::output::MARKER;
use crate::root;
use crate::site::Visibility;
use crate::source::published;
use crate::verify::{Difference, Edit, Tried, Verifier};

/// At most this many files that differ are named.
const NAMED: usize = 10;

/// What `verify` takes.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The output folder of the site [default: `public` in the site's folder, if it exists]
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,
    /// The number of edits to try in memory; 0 compares only the published site
    #[arg(long, default_value_t = 50, value_name = "N")]
    edits: usize,
    /// The seed for choosing edits; the same seed chooses the same edits
    #[arg(long, default_value_t = 0, value_name = "N")]
    seed: u64,
    /// The address of the published site, instead of `base_url` in longhouse.yaml
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// Expect drafts in the published site
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
    let options = ci::options(&root, &output, arguments.base_url.as_deref())?;
    let sources = super::load(&root, &options)?;
    let files = sources.documents.len();
    let visibility = Visibility { drafts: arguments.drafts, preview: false };
    let mut verifier = Verifier::begin(sources, visibility)?;
    let mut is_right = true;
    if is_there {
        is_right &= look_at(&output, &verifier, arguments.quiet)?;
    } else if !arguments.quiet {
        println!("{} does not contain a published site, so nothing was compared.", output.display());
    }
    let difference = verifier.difference();
    if !difference.is_empty() {
        eprintln!(
            "error: The incrementally updated site differs from a fresh build.\n{}",
            named(&difference)
        );
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
        for (difference, undone) in [(&one.after, ""), (&one.restored, " and undoing it")] {
            if !difference.is_empty() {
                let file = visible(&one.file);
                bar.suspend(|| {
                    eprintln!(
                        "error: After {} {file}{undone}, the site differs from a fresh build.\n{}",
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
            "This is a bug in Longhouse, not a mistake in your files. `longhouse build` is not affected, since it \
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
                "The site in {} matches a fresh build of the current files: {}, including the search index.",
                output.display(),
                crate::diagnostic::count(there.len(), "file")
            );
        }
        return Ok(true);
    }
    eprintln!(
        "error: The site in {} differs from a fresh build of the current files.\n{}\nEither the files or the \
         published site have changed since it was published. To publish it again, run `longhouse build`.",
        output.display(),
        named(&difference)
    );
    Ok(false)
}

/// The files that differ, the first of them by name.
fn named(difference: &Difference) -> String {
    let parts = [
        (&difference.changed, "different content"),
        (&difference.missing, "missing"),
        (&difference.extra, "unexpected"),
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
        "Tried {count} {} on {files} files in memory, and undid each: every time, all {made} files of the site, \
         including the search index, matched a fresh build byte for byte.\nAn edit rendered {} of the pages (median) \
         and took {followed:.1} ms with the index; a fresh build took {built:.0} ms.",
        if count == 1 { "edit" } else { "edits" },
        rendered[count / 2],
    )
}
