//! `longhouse completions`: what a shell needs to complete commands and options.

use clap::CommandFactory;
use clap_complete::Shell;

use super::{Failure, Outcome};

/// What `completions` takes.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The shell to complete for
    #[arg(value_enum)]
    shell: Shell,
}

/// Prints completions.
///
/// # Errors
/// Never, but every command may fail.
pub fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let mut command = super::Arguments::command();
    clap_complete::generate(arguments.shell, &mut command, "longhouse", &mut std::io::stdout());
    Ok(Outcome::Done)
}
