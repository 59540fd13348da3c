//! `longhouse diff`: what a change does to the site.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anstream::eprintln;

use super::{Failure, Outcome, ci, report};
use crate::checkout::{Checkout, CheckoutError, checkout};
use crate::diff::{self, Side};
use crate::output;
use crate::root;
use crate::source::git::base::NoBase;
use crate::source::git::tree;
use crate::source::{LoadError, LoadOptions, Sources, published};

mod json;
mod markdown;
mod text;

/// What `diff` takes.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The old version: a published folder, a site's folder, or a commit
    old: String,
    /// The new version [default: the site's files as they are now]
    new: Option<String>,
    /// The format of the report
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Short for `--format json`
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// Also write a page with both versions side by side, which opens from disk
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Exit with 1 if there is a difference
    #[arg(long)]
    exit_code: bool,
    /// Compare NEW with the commit where it and OLD diverged, instead of OLD itself
    #[arg(long, requires = "new")]
    merge_base: bool,
    /// The address of the published site, instead of `base_url` in longhouse.yaml
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
}

/// The forms in which the report comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Format {
    /// Text for people.
    #[default]
    Human,
    /// One JSON object.
    Json,
    /// Markdown for a comment on a git host.
    Markdown,
}

/// Compares two versions of a site.
///
/// # Errors
/// When one of them is none, or cannot be built.
pub fn run(root: Option<PathBuf>, arguments: &Arguments) -> Result<Outcome, Failure> {
    let root = super::root(root)?;
    let options = LoadOptions { base_url: arguments.base_url.clone(), ..ci::defaults() };
    let new = match &arguments.new {
        Some(name) => Version::named(&root, name, name)?,
        None => Version::Files(root.clone(), "the files as they are now".to_owned()),
    };
    let old = Version::named(&root, &arguments.old, &arguments.old)?;
    let old = match (old, &new) {
        // What a branch changes begins where it began.
        (Version::Commit(name), Version::Files(..)) if arguments.new.is_none() => {
            Version::began(&root, &name, "HEAD", "this branch")?
        }
        (Version::Commit(name), Version::Commit(other)) if arguments.merge_base => {
            Version::began(&root, &name, other, other)?
        }
        (old, _) if arguments.merge_base => {
            return Err(Failure::Usage(format!(
                "`--merge-base` compares two commits, and {} is a folder",
                old.name()
            )));
        }
        (old, _) => old,
    };
    let new = new.read(&root, &options)?;
    // What is due on a day is no matter of the change.
    let old = old.read(&root, &options)?.on_the_day_of(&new);
    let mut new = new.side(None)?;
    let mut old = old.side(Some(&new))?;
    let compared = diff::compare(&mut old, &mut new)?;
    if let Some(file) = &arguments.html {
        let page = diff::page::page(&old, &new, &compared)?;
        let written = output::write_report(file, &page);
        written.map_err(|error| Failure::World(format!("{}: {error}", file.display())))?;
        eprintln!("Wrote {}", file.display());
    }
    let text = match arguments.format {
        _ if arguments.json => json::json(&old, &new, &compared),
        Format::Json => json::json(&old, &new, &compared),
        Format::Human => text::text(&old, &new, &compared, super::colour()),
        Format::Markdown => markdown::markdown(&old, &new, &compared),
    };
    std::io::stdout().write_all(text.as_bytes()).map_err(|error| Failure::World(error.to_string()))?;
    let differs = arguments.exit_code && !compared.is_empty();
    Ok(if differs { Outcome::ContentErrors } else { Outcome::Done })
}

/// A version of the site, as somebody named it.
enum Version {
    /// A published folder, and its name.
    Published(PathBuf, String),
    /// The root of a site whose files count as they are, and its name.
    Files(PathBuf, String),
    /// What git knows a commit by.
    Commit(String),
    /// The id of a commit, and what it is.
    Id(String, String),
}

impl Version {
    /// What a name means: a folder first, then a commit. `./name` is always a folder, `refs/heads/name` a commit.
    fn named(root: &Path, name: &str, shown: &str) -> Result<Version, Failure> {
        let folder = Path::new(name);
        if published::is_site(folder) {
            return Ok(Version::Published(folder.to_owned(), shown.to_owned()));
        }
        let is_root = folder.join(root::CONFIG).is_file() || folder.join(root::CONTENT).is_dir();
        if is_root {
            return Ok(Version::Files(folder.to_owned(), shown.to_owned()));
        }
        match tree::id(root, name) {
            Ok(Some(_)) => Ok(Version::Commit(name.to_owned())),
            _ if folder.is_dir() => Err(Failure::Usage(format!(
                "The folder {} is neither a site that Longhouse has published nor the folder of a site",
                folder.display()
            ))),
            Ok(None) => Err(unknown(NoBase::Unknown(name.to_owned()))),
            Err(why) => Err(unknown(why)),
        }
    }

    /// The commit at which two parted.
    fn began(root: &Path, name: &str, other: &str, shown: &str) -> Result<Version, Failure> {
        let id = tree::began(root, name, other).map_err(unknown)?;
        Ok(Version::Id(id, format!("where {shown} left {name}")))
    }

    fn name(&self) -> &str {
        match self {
            Version::Published(_, name)
            | Version::Files(_, name)
            | Version::Commit(name)
            | Version::Id(_, name) => name,
        }
    }

    /// Reads what it is made of.
    fn read(self, root: &Path, options: &LoadOptions) -> Result<Read, Failure> {
        let (id, name) = match self {
            Version::Published(folder, name) => return Ok(Read::Published(folder, name)),
            Version::Files(folder, name) => {
                let options = LoadOptions { output: Some(folder.join(root::OUTPUT)), ..options.clone() };
                return Ok(Read::Files(super::load(&folder, &options)?, name));
            }
            Version::Commit(name) => (name.clone(), name),
            Version::Id(id, name) => (id, name),
        };
        match checkout(root, &id, options) {
            Ok(checkout) => Ok(Read::Commit(checkout, name)),
            Err(CheckoutError::Commit(why)) => Err(unknown(why)),
            Err(CheckoutError::Load(error, folder)) => Err(at_commit(&id, error, folder.path())),
            Err(error @ CheckoutError::Io(_)) => Err(Failure::World(error.to_string())),
            Err(error) => Err(Failure::Usage(format!("{error}."))),
        }
    }
}

/// What a version is made of.
enum Read {
    Published(PathBuf, String),
    Files(Arc<Sources>, String),
    Commit(Checkout, String),
}

impl Read {
    fn sources(&mut self) -> Option<&mut Arc<Sources>> {
        match self {
            Read::Published(..) => None,
            Read::Files(sources, _) => Some(sources),
            Read::Commit(commit, _) => Some(&mut commit.sources),
        }
    }

    fn on_the_day_of(mut self, other: &Read) -> Read {
        let of_other = match other {
            Read::Published(..) => None,
            Read::Files(sources, _) => Some(sources),
            Read::Commit(commit, _) => Some(&commit.sources),
        };
        if let (Some(sources), Some(other)) = (self.sources(), of_other) {
            let sources = Arc::make_mut(sources);
            (sources.today, sources.preview_day) = (other.today, other.preview_day);
        }
        self
    }

    fn side(self, beside: Option<&Side>) -> Result<Side, Failure> {
        match self {
            Read::Published(folder, name) => Side::published(&name, &folder)
                .map_err(|error| Failure::World(format!("{}: {error}", folder.display()))),
            Read::Files(sources, name) => Ok(Side::made(&name, &sources, None, beside)?),
            Read::Commit(commit, name) => {
                let sources = Arc::clone(&commit.sources);
                Ok(Side::made(&name, &sources, Some(commit), beside)?)
            }
        }
    }
}

fn unknown(why: NoBase) -> Failure {
    let more = match why {
        NoBase::Unknown(_) => {
            ". Nor is there a folder of that name with a site that Longhouse has published, or with the files of one"
        }
        _ => "",
    };
    Failure::Usage(format!("{why}{more}."))
}

/// Says that the site of a commit cannot be read, with the places.
fn at_commit(id: &str, error: LoadError, folder: &Path) -> Failure {
    let short = &id[..id.len().min(12)];
    match super::refused(&folder.join("site"), error) {
        Failure::Usage(message) => Failure::Usage(format!("The site at the commit {short}: {message}")),
        other => other,
    }
}
