//! `longhouse serve`: the site in memory, for the person who writes it.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use anstream::{eprintln, println};

use super::{Failure, Outcome};
use crate::output::Gather;
use crate::server::{self, Current, Options, ServeError};
use crate::site::Visibility;
use crate::source::LoadOptions;

/// What `serve` takes.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The port, and no other [default: 4000, or the next one that is free]
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,
    /// The address to listen at, such as 0.0.0.0 to show the site to a phone [default: 127.0.0.1]
    #[arg(long, value_name = "ADDRESS")]
    host: Option<String>,
    /// A further name by which a browser may call the preview, such as that of a forwarded port
    #[arg(long = "allow-host", value_name = "NAME")]
    allowed_hosts: Vec<String>,
    /// Open the site in the browser
    #[arg(long)]
    open: bool,
    /// Let the browser go to each page that is saved, and to what changed on it
    #[arg(long)]
    follow: bool,
}

/// Serves the site until Ctrl-C.
///
/// # Errors
/// When the site cannot be read or the port not be had.
pub fn run(root: Option<PathBuf>, arguments: &Arguments) -> Result<Outcome, Failure> {
    let root = super::root(root)?;
    let options = LoadOptions { output: Some(root.join("public")), preview: true, ..LoadOptions::default() };
    let sources = super::load(&root, &options)?;
    let bound = server::bind(&Options {
        host: arguments.host.clone(),
        port: arguments.port,
        allowed_hosts: arguments.allowed_hosts.clone(),
        base_path: sources.config.base_path().to_string(),
        follow: arguments.follow,
    })?;
    let url = bound.url();
    // Links in a preview lead to the preview, whatever the site's own address is.
    let sources = super::load(&root, &LoadOptions { base_url: Some(url.clone()), ..options })?;
    let (site, diagnostics) =
        crate::understand(&sources, Visibility { drafts: true, preview: true }, &|_| {});
    let gather = Gather::default();
    let built = crate::build(&site, &gather, &|_| {})?;
    super::show(&sources, &diagnostics);
    println!("{url}");
    // Whoever started us through a pipe waits for the address.
    std::io::stdout().flush().map_err(|error| Failure::World(error.to_string()))?;
    eprintln!("{} files of {} in memory. Ctrl-C ends the preview.", built.files, sources.config.title);
    if arguments.open {
        open(&url);
    }
    bound.run(Arc::new(Current::from(gather.finish())))?;
    Ok(Outcome::Done)
}

impl From<ServeError> for Failure {
    fn from(error: ServeError) -> Failure {
        Failure::World(error.to_string())
    }
}

/// Asks the system to show an address. If it will not, the address stands in the terminal.
fn open(url: &str) {
    let command = if cfg!(target_os = "macos") {
        "open"
    } else if cfg!(windows) {
        "explorer"
    } else {
        "xdg-open"
    };
    if let Err(error) = std::process::Command::new(command).arg(url).spawn() {
        eprintln!("note: `{command}` cannot be started ({error}); open the address yourself");
    }
}
