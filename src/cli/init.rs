//! `longhouse init`: the smallest site that works, ready to be filled.

use std::io;
use std::path::{Path, PathBuf};

use anstream::println;

use super::{Failure, Outcome};
use crate::edit;

/// What `init` takes.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The folder, made if it is not there [default: the current one]
    dir: Option<PathBuf>,
    /// The title of the site
    #[arg(long, default_value = "Our community")]
    title: String,
}

const CONFIG: &str = include_str!("init/longhouse.yaml");
const GUIDELINES: &str = include_str!("init/GUIDELINES.md");
const QUESTION: &str = include_str!("init/question.md");
const ANSWER: &str = include_str!("init/answer.md");

/// Starts a site.
///
/// # Errors
/// When there is one already, or the disk refuses.
pub fn run(root: Option<PathBuf>, arguments: &Arguments) -> Result<Outcome, Failure> {
    let folder = arguments.dir.clone().or(root).unwrap_or_else(|| PathBuf::from("."));
    // As YAML a title in double quotes may hold anything but these two.
    let title = arguments.title.replace('\\', "\\\\").replace('"', "\\\"");
    create(&folder, crate::source::CONFIG_FILE, &CONFIG.replace("{{ title }}", &title))?;
    for (path, text) in [
        ("GUIDELINES.md", GUIDELINES),
        ("content/questions/how-do-i-ask-a-question.md", QUESTION),
        ("content/questions/how-do-i-ask-a-question/longhouse.md", ANSWER),
        (".gitignore", "/public/\n/.public.longhouse*\n"),
    ] {
        // A repository that has some of these keeps its own.
        match edit::create(&folder.join(path), text) {
            Ok(()) => println!("{path}"),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(Failure::World(format!("{path}: {error}"))),
        }
    }
    let place =
        if folder == Path::new(".") { String::new() } else { format!(" --root {}", folder.display()) };
    println!("\nSee it with: longhouse serve{place}");
    Ok(Outcome::Done)
}

fn create(folder: &Path, path: &str, text: &str) -> Result<(), Failure> {
    match edit::create(&folder.join(path), text) {
        Ok(()) => {
            println!("{path}");
            Ok(())
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            Err(Failure::Usage(format!("There is a site already: {}", folder.join(path).display())))
        }
        Err(error) => Err(Failure::World(format!("{}: {error}", folder.join(path).display()))),
    }
}
