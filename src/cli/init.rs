//! `longhouse init`: the smallest site that works, ready to be filled, or a whole invented community to
//! look around in and to start from.

use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use adopt::Proposal;
use anstream::{print, println};
use include_dir::{Dir, include_dir};

use super::{Failure, Outcome};
use crate::edit;
use crate::hosting::Place;
use crate::root;
use crate::schema::Schema;
use crate::source::survey::survey;
use crate::yaml;

mod adopt;
mod host;

/// What `init` takes.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The folder, created if it does not exist [default: the current folder]
    dir: Option<PathBuf>,
    /// The title of the site
    #[arg(long, default_value = "Our community")]
    title: String,
    /// Start from a complete example community with every kind of page, instead of one question
    #[arg(long)]
    example: bool,
    /// If the folder already has pages, write the proposed longhouse.yaml without asking
    #[arg(long, visible_alias = "yes", conflicts_with_all = ["example", "fresh"])]
    adopt: bool,
    /// If the folder already has pages, leave them out and start a new site in `content`
    #[arg(long, conflicts_with = "example")]
    fresh: bool,
    /// Add workflows, forms and templates for a git host; also where there is a site already
    #[arg(long, value_enum, value_name = "HOST")]
    host: Option<Place>,
    /// Show what differs in the files for the host, and bring those up to date that nobody changed
    #[arg(long, requires = "host")]
    update: bool,
}

const CONFIG: &str = include_str!("init/longhouse.yaml");
const GUIDELINES: &str = include_str!("init/GUIDELINES.md");
const QUESTION: &str = include_str!("init/question.md");
const ANSWER: &str = include_str!("init/answer.md");
const SCHEMA_FILE: &str = "longhouse.schema.json";
const IGNORED: &str = "/public/\n/.public.longhouse*\n";

static EXAMPLE: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/example-site");

/// Settings of the example that name a place in the world: in a new site they wait as comments.
const PLACES: [&str; 5] = ["base_url", "former_urls", "site_id", "repository", "contact"];

/// Starts a site.
///
/// # Errors
/// When there is one already, or the disk refuses.
pub fn run(root: Option<PathBuf>, arguments: &Arguments) -> Result<Outcome, Failure> {
    let folder = arguments.dir.clone().or(root).unwrap_or_else(|| PathBuf::from("."));
    if let Some(place) = arguments.host
        && folder.join(root::CONFIG).exists()
    {
        host::run(&folder, place, arguments.update)?;
        return Ok(Outcome::Done);
    }
    let title = yaml::write::quoted(&arguments.title);
    let proposal = proposal(&folder, arguments)?;
    if let Some(proposal) = &proposal {
        print!("{}", proposal.text());
        if !arguments.adopt && !agrees()? {
            return Ok(Outcome::Done);
        }
    }
    let (config, mut files) = match &proposal {
        _ if arguments.example => example(&title),
        Some(proposal) => {
            (adopting(&title, proposal), vec![(".gitignore".to_string(), IGNORED.as_bytes().into())])
        }
        None => (CONFIG.replace("{{ title }}", &title), smallest()),
    };
    // Editors complete and explain the keys by it.
    let config = format!("# yaml-language-server: $schema={SCHEMA_FILE}\n{config}");
    files.insert(0, (SCHEMA_FILE.to_string(), Schema::Config.text().into_bytes().into()));
    if !write(&folder, root::CONFIG, config.as_bytes())? {
        return Err(Failure::Usage(format!(
            "This folder already has a site: {}",
            folder.join(root::CONFIG).display()
        )));
    }
    println!("{}", root::CONFIG);
    let mut written = 0;
    for (path, bytes) in &files {
        // A repository that has some of these keeps its own.
        if write(&folder, path, bytes)? {
            written += 1;
            if !arguments.example {
                println!("{path}");
            }
        } else if arguments.example {
            println!("{path} already exists and was left unchanged");
        }
    }
    if arguments.example {
        println!("and {written} more files: the community of an invented company, with every kind of page");
    }
    if let Some(place) = arguments.host {
        println!();
        host::run(&folder, place, arguments.update)?;
    }
    let place =
        if folder == Path::new(".") { String::new() } else { format!(" --root {}", folder.display()) };
    println!("\nTo preview it: longhouse serve{place}");
    if !arguments.example && proposal.is_none() {
        println!("For a complete example community: longhouse init --example example");
    }
    Ok(Outcome::Done)
}

/// What to do with the pages that are there, where somebody has not decided already.
fn proposal(folder: &Path, arguments: &Arguments) -> Result<Option<Proposal>, Failure> {
    if arguments.example || arguments.fresh || folder.join(root::CONFIG).exists() {
        return Ok(None);
    }
    let survey = survey(folder).map_err(|error| Failure::World(format!("{}: {error}", folder.display())))?;
    Ok(adopt::propose(&survey))
}

/// Asks whether the proposal is right. Without a terminal nobody can answer, so nothing is written.
fn agrees() -> Result<bool, Failure> {
    let world = |error: io::Error| Failure::World(error.to_string());
    if !(io::stdin().is_terminal() && io::stdout().is_terminal()) {
        println!(
            "\nNothing was written. `longhouse init --adopt` writes this file; `longhouse init --fresh` starts \
             a new site in `content/` without these pages."
        );
        return Ok(false);
    }
    print!("\nWrite this file? Your pages stay unchanged. [y/N] ");
    io::stdout().flush().map_err(world)?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer).map_err(world)?;
    let is_yes = matches!(answer.trim().to_lowercase().as_str(), "y" | "yes");
    if !is_yes {
        println!("Nothing was written.");
    }
    Ok(is_yes)
}

/// The configuration for pages that are there.
fn adopting(title: &str, proposal: &Proposal) -> String {
    let config = CONFIG.replace("{{ title }}", title);
    let (first, rest) = config.split_once('\n').unwrap_or((&config, ""));
    format!("{first}\n{}{rest}", proposal.settings())
}

type Files = Vec<(String, Cow<'static, [u8]>)>;

/// One question with its answer.
fn smallest() -> Files {
    let files = [
        (root::GUIDELINES, GUIDELINES),
        ("content/questions/how-do-i-ask-a-question.md", QUESTION),
        ("content/questions/how-do-i-ask-a-question/longhouse.md", ANSWER),
        (".gitignore", IGNORED),
    ];
    files.map(|(path, text)| (path.to_string(), text.as_bytes().into())).to_vec()
}

/// The example site with this title, already in quotes: its configuration, and its other files.
fn example(title: &str) -> (String, Files) {
    let mut config = String::new();
    let mut files: Files = vec![(".gitignore".to_string(), IGNORED.as_bytes().into())];
    collect(&EXAMPLE, &mut |path, bytes| match path {
        root::CONFIG => config = neutral(&String::from_utf8_lossy(bytes), title),
        ".gitignore" => {}
        // What somebody built in the folder before the program was compiled is no part of it.
        _ if root::inside(root::OUTPUT, path).is_some() => {}
        _ => files.push((path.to_string(), bytes.into())),
    });
    files.sort();
    (config, files)
}

/// The example's configuration for somebody else's site.
fn neutral(config: &str, title: &str) -> String {
    let mut text = String::new();
    let mut commented = false;
    for line in config.lines() {
        // What is indented belongs to the setting above.
        if line.starts_with(|c: char| c.is_ascii_alphabetic()) {
            commented = PLACES.iter().any(|name| line.starts_with(&format!("{name}:")));
        }
        let line = if line.starts_with("title:") { format!("title: {title}") } else { line.to_string() };
        let is_text = !(line.is_empty() || line.starts_with('#'));
        text.push_str(if commented && is_text { "# " } else { "" });
        text.push_str(&line);
        text.push('\n');
    }
    text
}

fn collect(folder: &'static Dir<'static>, take: &mut dyn FnMut(&str, &'static [u8])) {
    for file in folder.files() {
        if let Some(path) = file.path().to_str() {
            take(&path.replace('\\', "/"), file.contents());
        }
    }
    for folder in folder.dirs() {
        collect(folder, take);
    }
}

/// Writes a new file; `false` if there is one of this name.
fn write(folder: &Path, path: &str, bytes: &[u8]) -> Result<bool, Failure> {
    match edit::create_first(folder, path, bytes) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(Failure::World(format!("{}: {error}", folder.join(path).display()))),
    }
}
