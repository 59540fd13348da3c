//! `longhouse schema`: what an editor needs to complete and explain what people write.

use std::io::Write;

use clap::builder::PossibleValuesParser;

use super::{Failure, Outcome};
use crate::schema::Schema;

/// What `schema` takes.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The schema to print: for longhouse.yaml, for the front matter of a kind, for a data file, or for the report of `diff` or `insight`
    #[arg(value_name = "FILE", default_value = "config", value_parser = PossibleValuesParser::new(Schema::ALL.map(Schema::name)))]
    file: String,
}

/// Prints a JSON Schema.
///
/// # Errors
/// When standard output is closed.
pub fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let schema = Schema::from_name(&arguments.file).unwrap_or(Schema::Config);
    std::io::stdout()
        .write_all(schema.text().as_bytes())
        .map_err(|error| Failure::World(error.to_string()))?;
    Ok(Outcome::Done)
}
