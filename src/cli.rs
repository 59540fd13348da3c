//! The command line: one file for each command, and the only code that prints.
//!
//! Results go to standard output, everything said about them to standard error. Exit status: 0 done;
//! 1 the content has errors, or what was verified differs; 2 the command line, configuration, theme or data is wrong, or the output
//! folder is not ours; 3 the world failed; 4 `receive` does not take what somebody sent.

mod apart;
pub mod build;
mod change;
pub mod check;
mod ci;
pub mod completions;
mod crash;
pub mod diff;
pub mod digest;
pub mod feeds;
pub mod fix;
mod follow;
pub mod forget;
pub mod init;
pub mod insight;
pub mod mv;
pub mod new;
pub mod receive;
pub mod report;
pub mod review;
pub mod schema;
pub mod search;
pub mod serve;
pub mod similar;
pub mod verify;
pub mod watch;

use std::collections::BTreeSet;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anstream::eprintln;
use clap::{Parser, Subcommand};
use crash::Crash;

use crate::check::search_test::check as check_searches;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Severity};
use crate::output::{self, Grounds, PublishError};
use crate::pipeline::BuildError;
use crate::root;
use crate::site::Site;
use crate::source::asset::{Asset, Refusal};
use crate::source::{self, LoadError, LoadOptions, Sources};
use crate::state::{self, State, StateError};
use crate::theme::problem::TemplateErrors;

/// Turns a git repository of questions, answers, stories and how-tos into a searchable static site.
#[derive(Debug, Parser)]
#[command(name = "longhouse", about, max_term_width = 100, propagate_version = true)]
#[command(version, long_version = long_version(option_env!("LONGHOUSE_COMMIT")))]
pub struct Arguments {
    /// The site's folder [default: the nearest parent folder with a longhouse.yaml]
    #[arg(long, global = true, value_name = "DIR")]
    root: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Create a site in a folder
    Init(init::Arguments),
    /// Create a question, an answer, a story or any other page
    New(new::Arguments),
    /// Turn an issue, a mail, a form or a file that somebody sent into a page on a branch
    Receive(receive::Arguments),
    /// Rename or move a page, and update every link to it
    Mv(mv::Arguments),
    /// Replace a person by a neutral name everywhere, or search the published site for a name
    Forget(forget::Arguments),
    /// Build the site into a folder, for any static host
    Build(build::Arguments),
    /// Preview the site in a browser on this machine
    Serve(serve::Arguments),
    /// Build the site into a folder, and rebuild when files change
    Watch(watch::Arguments),
    /// Report every problem in the content
    Check(check::Arguments),
    /// Print what to say about a branch on the git host
    Review(review::Arguments),
    /// Fix what can be fixed, and move files to where they belong
    Fix(fix::Arguments),
    /// Search the site
    Search(search::Arguments),
    /// Find pages similar to a question, before asking it
    Similar(similar::Arguments),
    /// Show figures on the community: questions, answers, times, people, and what needs care
    Insight(insight::Arguments),
    /// Print what is new since a day, as a text to send: for everybody, or for one person
    Digest(digest::Arguments),
    /// Bring in the last headlines of the feeds of links
    Feeds(feeds::Arguments),
    /// Verify that the published site matches its files, and that incremental updates match full builds
    Verify(verify::Arguments),
    /// Show what a branch, a commit or an upgrade changes on the site
    Diff(diff::Arguments),
    /// Print the JSON Schema of a file, for editors
    Schema(schema::Arguments),
    /// Print shell completions
    Completions(completions::Arguments),
}

/// How a command ended, as far as it could go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Exit status 0.
    Done,
    /// The content has errors, or what was verified differs: exit status 1.
    ContentErrors,
    /// What somebody sent is not taken: exit status 4.
    Refused,
}

/// Why a command could not go on.
#[derive(Debug)]
pub enum Failure {
    /// The command line, the configuration, the theme or the data is wrong, or the output folder is
    /// not ours: exit status 2.
    Usage(String),
    /// The theme is wrong, with places: exit status 2.
    Theme(TemplateErrors),
    /// The disk, a port, a permission: exit status 3.
    World(String),
}

/// Reads the command line and does what it says. A panic is told like any other failure.
#[must_use]
pub fn main() -> ExitCode {
    crash::listen();
    status(crash::contained(run), |text| eprintln!("{text}"))
}

/// The exit status of a command that ended, or panicked, which is told.
fn status(ended: Result<ExitCode, Crash>, tell: impl FnOnce(&str)) -> ExitCode {
    ended.unwrap_or_else(|crash| {
        if crash.is_closed_pipe() {
            return ExitCode::SUCCESS;
        }
        // Whatever is wrong, nothing may be printed twice because nothing can be printed.
        let told = crash::contained(|| match crash.unprinted() {
            Some(why) => tell(&format!("error: Output cannot be written to {}", plain(why))),
            None => tell(&crash.report(&typed())),
        });
        drop(told);
        ExitCode::from(3)
    })
}

/// What `--version` prints: the version, and the commit if the build was told one, as those of releases are. No file and
/// no clock is asked for it, so the same sources make the same program.
fn long_version(commit: Option<&str>) -> String {
    let commit = commit.filter(|it| !it.is_empty()).map(|it| format!(" (commit {it})"));
    format!("{}{}", env!("CARGO_PKG_VERSION"), commit.unwrap_or_default())
}

/// The command as somebody typed it.
fn typed() -> String {
    let words = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned());
    std::iter::once("longhouse".to_string()).chain(words).collect::<Vec<_>>().join(" ")
}

fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let root = arguments.root;
    let outcome = match arguments.command {
        Command::Init(arguments) => init::run(root, &arguments),
        Command::New(arguments) => new::run(root, &arguments),
        Command::Receive(arguments) => receive::run(root, &arguments),
        Command::Mv(arguments) => mv::run(root, &arguments),
        Command::Forget(arguments) => forget::run(root, &arguments),
        Command::Build(arguments) => build::run(root, &arguments),
        Command::Serve(arguments) => serve::run(root, &arguments),
        Command::Watch(arguments) => watch::run(root, &arguments),
        Command::Check(arguments) => check::run(root, &arguments),
        Command::Review(arguments) => review::run(root, &arguments),
        Command::Fix(arguments) => fix::run(root, &arguments),
        Command::Search(arguments) => search::run(root, &arguments),
        Command::Similar(arguments) => similar::run(root, &arguments),
        Command::Insight(arguments) => insight::run(root, &arguments),
        Command::Digest(arguments) => digest::run(root, &arguments),
        Command::Feeds(arguments) => feeds::run(root, &arguments),
        Command::Verify(arguments) => verify::run(root, &arguments),
        Command::Diff(arguments) => diff::run(root, &arguments),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments),
    };
    match outcome {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::ContentErrors) => ExitCode::from(1),
        Ok(Outcome::Refused) => ExitCode::from(4),
        Err(Failure::Usage(message)) => {
            eprintln!("error: {}", plain(&message));
            ExitCode::from(2)
        }
        Err(Failure::Theme(TemplateErrors { diagnostics, texts })) => {
            eprintln!("{}", report::human(&diagnostics, |file| texts.get(file).cloned(), colour()));
            eprintln!("error: The theme cannot be used until these problems are fixed.");
            ExitCode::from(2)
        }
        Err(Failure::World(message)) => {
            eprintln!("error: {}", plain(&message));
            ExitCode::from(3)
        }
    }
}

impl From<BuildError> for Failure {
    fn from(error: BuildError) -> Failure {
        match error {
            BuildError::Template(errors) => Failure::Theme(errors),
            BuildError::Io(..) | BuildError::Index(_) => Failure::World(error.to_string()),
        }
    }
}

impl From<PublishError> for Failure {
    fn from(error: PublishError) -> Failure {
        if error.is_refusal() { Failure::Usage(error.to_string()) } else { Failure::World(error.to_string()) }
    }
}

/// The root that is meant: the one that was named, else the nearest one upwards.
fn root(named: Option<PathBuf>) -> Result<PathBuf, Failure> {
    match named {
        Some(root) => Ok(root),
        None => {
            let here = std::env::current_dir()
                .map_err(|error| Failure::World(format!("The current folder cannot be read: {error}")))?;
            Ok(source::find_root(&here))
        }
    }
}

/// The user's own folder for what is remembered between two runs.
fn state(root: &Path) -> Result<State, StateError> {
    let variable = |name: &str| std::env::var_os(name).filter(|it| !it.is_empty()).map(PathBuf::from);
    let state = State::find(variable, root)?;
    match source::git::tracks_below(state.folder()) {
        false => Ok(state),
        true => Err(StateError::Refused(format!(
            "The folder {} contains files that a git repository tracks. Choose another folder with the variable {}.",
            state.folder().display(),
            state::VARIABLE
        ))),
    }
}

/// What builds of this user have beside the output folders of the root at this moment.
fn kept_beside(root: &Path) -> BTreeSet<PathBuf> {
    state(root).map(|state| output::kept_beside(&state, root)).unwrap_or_default()
}

/// Opens the output folder of a site. It must not lie over the folders that the site is made from.
fn on_output<T>(
    root: &Path,
    output: &Path,
    sources: &Sources,
    open: impl FnOnce(&Grounds<'_>, &dyn Fn()) -> Result<T, PublishError>,
) -> Result<T, PublishError> {
    let content = sources.content_prefix.trim_end_matches('/');
    let inputs = root::TRUSTED_FOLDERS.into_iter().chain([content]).filter(|name| !name.is_empty());
    let inputs = inputs.map(|name| root.join(name)).chain([sources.root.join(content)]);
    let inputs: Vec<PathBuf> = inputs.collect();
    let inputs: Vec<&Path> = inputs.iter().map(PathBuf::as_path).collect();
    // A state folder that must not be believed is as good as none.
    let state = state(root).ok();
    let grounds =
        Grounds { output, root, inputs: &inputs, state: state.as_ref(), is_tracked: source::git::tracks };
    open(&grounds, &|| eprintln!("Waiting for another build of {} to finish …", output.display()))
}

/// Makes sure that nothing of the content was left out because the disk did not show it: that is no fault of the one who
/// wrote it, and a site without its pages is not done.
fn all_was_read(sources: &Sources) -> Result<(), Failure> {
    let is_unread = |asset: &&Asset| matches!(asset.known_facts(), Some(Err(Refusal::Unreadable(_))));
    let assets = sources.assets.values().filter(is_unread).map(|asset| &asset.path);
    let unread: Vec<&Arc<str>> = sources.unread.iter().chain(assets).collect();
    let Some(first) = unread.first() else { return Ok(()) };
    let more = match unread.len() {
        1 => String::new(),
        count => format!(" and {} more", count - 1),
    };
    Err(Failure::World(format!(
        "{first}{more} could not be read. The site was published without it and is incomplete."
    )))
}

/// Hosts that may be asked although they lie in the user's own network.
fn allowed_hosts() -> BTreeSet<String> {
    let allowed = std::env::var("LONGHOUSE_EXTERNAL_ALLOW").unwrap_or_default();
    allowed.split([',', ' ']).filter(|it| !it.is_empty()).map(str::to_lowercase).collect()
}

/// Reads the configuration of a site alone.
fn config(root: &Path) -> Result<Config, Failure> {
    let found = source::config(root);
    found.map_err(|error| refused(root, error))
}

/// Reads a site. Problems of the configuration are shown with their lines.
fn load(root: &Path, options: &LoadOptions) -> Result<Arc<Sources>, Failure> {
    source::load(root, options).map_err(|error| refused(root, error))
}

/// Why there is nothing to go on with. Problems of the configuration are shown with their lines.
fn refused(root: &Path, error: LoadError) -> Failure {
    match error {
        LoadError::NoSite(message) => Failure::Usage(message),
        LoadError::Io(path, error) => Failure::World(format!("{}: {error}", path.display())),
        LoadError::Config(diagnostics) => {
            let text = report::human(&diagnostics, |file| source::read_again(root, file), colour());
            eprintln!("{text}");
            Failure::Usage("The site cannot be read until these problems are fixed.".to_string())
        }
    }
}

/// Runs the repository's search tests and adds what they found to the other problems.
fn search_tests(site: &Site, diagnostics: &mut Vec<Diagnostic>) -> Result<(), Failure> {
    diagnostics.extend(check_searches(site).map_err(|error| Failure::from(BuildError::Index(error)))?);
    diagnostics.sort();
    Ok(())
}

/// Writes a text to standard output as it is, also where that is a terminal.
fn print(text: &str) -> Result<(), Failure> {
    std::io::stdout().write_all(text.as_bytes()).map_err(|error| Failure::World(error.to_string()))
}

/// Shows problems to people, on standard error.
fn show(sources: &Sources, diagnostics: &[Diagnostic]) {
    if !diagnostics.is_empty() {
        let text = |file: &str| sources.text(file).cloned().or_else(|| sources.trusted_text(file));
        eprintln!("{}", report::human(diagnostics, text, colour()));
    }
}

/// A message of several lines that may quote what somebody wrote, safe for a terminal.
fn plain(message: &str) -> String {
    message.lines().map(report::visible).collect::<Vec<_>>().join("\n")
}

fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

/// Whether standard error shows colours. What goes through `anstream` is stripped where it must be.
fn colour() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_says_which_commit_it_was_made_from() {
        let version = env!("CARGO_PKG_VERSION");
        assert_eq!(long_version(None), version);
        assert_eq!(long_version(Some("")), version);
        assert_eq!(long_version(Some("6d0cd62")), format!("{version} (commit 6d0cd62)"));
    }
}
