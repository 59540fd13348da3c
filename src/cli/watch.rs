//! `longhouse watch`: the site in a folder, kept up to date file by file.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anstream::eprintln;

use super::follow::{self, Outlet};
use super::{Failure, Outcome, ci};
use crate::diagnostic::Diagnostic;
use crate::output::{Content, Mirror, Output, OutputPath};
use crate::root;
use crate::site::Visibility;
use crate::theme::Names;
use crate::workspace::{Rebuild, Stopped, Workspace};

/// What `watch` takes.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The output folder [default: `public` in the site's folder]
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,
    /// The address of the published site, instead of `base_url` in longhouse.yaml
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// Include drafts
    #[arg(long)]
    drafts: bool,
    /// Poll for changes every MS milliseconds instead of relying on the system; for network drives
    #[arg(long, value_name = "MS")]
    poll: Option<u64>,
    /// Print how long each step of an update took
    #[arg(long)]
    timings: bool,
}

/// Builds the site, then writes what is another file after each save, until Ctrl-C.
///
/// # Errors
/// When the site cannot be read, or its folder not written.
pub fn run(root: Option<PathBuf>, arguments: &Arguments) -> Result<Outcome, Failure> {
    let root = super::root(root)?;
    let root = root.canonicalize().unwrap_or(root);
    let output = arguments.output.clone().unwrap_or_else(|| root.join(root::OUTPUT));
    let options = ci::options(&root, &output, arguments.base_url.as_deref())?;
    let sources = super::load(&root, &options)?;
    let mirror = super::on_output(&root, &output, &sources, Mirror::open)?;
    eprintln!("Watching {}, writing to {}. Press Ctrl-C to stop.", sources.config.title, output.display());
    let visibility = Visibility { drafts: arguments.drafts, preview: false };
    let workspace = Workspace::new(&root, options, visibility, Names::Hashed);
    let outlet: Arc<dyn Outlet> = Arc::new(Folder { mirror, state: Mutex::default() });
    let poll = arguments.poll.map(Duration::from_millis);
    let options = follow::Options { timings: arguments.timings, poll };
    // Ctrl-C ends the process, at any moment: each file is the old one or the new one.
    follow::follow(workspace, &outlet, &root, &output, options, sources);
    Ok(Outcome::Done)
}

/// A folder that is kept equal to the site.
struct Folder {
    mirror: Mirror,
    state: Mutex<State>,
}

/// The site as it shall be in the folder.
#[derive(Default)]
struct State {
    output: Output,
    /// Whether the folder is what it shall be, but for what changed since.
    is_written: bool,
}

impl Folder {
    /// Writes what changed, or everything if the folder is not what it was.
    fn write(&self, changes: &[(OutputPath, Option<Content>)], is_whole: bool) -> io::Result<()> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        for (path, content) in changes {
            match content {
                Some(content) => drop(state.output.insert(path.clone(), content.clone())),
                None => drop(state.output.remove(path.as_str())),
            }
        }
        let applied = match state.is_written {
            true => self.mirror.apply(changes).or_else(|_| self.mirror.equal(&state.output)),
            // The first time, pages wait for the index, so that nothing of the site before is taken away early.
            false if is_whole => self.mirror.equal(&state.output),
            false => return Ok(()),
        };
        let applied = applied.map_err(|error| io::Error::other(error.to_string()))?;
        state.is_written = true;
        for (path, error) in applied.failed {
            eprintln!("error: {path}: {error}");
        }
        Ok(())
    }
}

impl Outlet for Folder {
    fn files(&self, files: Vec<(OutputPath, Option<Content>)>, _: &Rebuild) -> io::Result<()> {
        self.write(&files, false)
    }

    fn index(&self, files: Vec<(OutputPath, Option<Content>)>) -> io::Result<()> {
        self.write(&files, true)
    }

    fn problems(&self, _: &Workspace, _: &[Diagnostic], _: Option<&Stopped>) {}
}
