//! `longhouse fix`: mends what can be mended, and moves files to where they belong.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anstream::{eprintln, println};

use super::{Failure, Outcome, change, ci, report};
use crate::diagnostic::{Rule, count};
use crate::edit::{self, Journal};
use crate::fetch::{self, Picture};
use crate::fix::{self, Options, delivery, images};
use crate::rename;
use crate::root;
use crate::site::Visibility;
use crate::source::git::commit::NewCommit;
use crate::source::{LoadOptions, Sources, place};

/// What `fix` takes.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Fix only these files and folders
    paths: Vec<PathBuf>,
    /// Fix only problems of this rule; can be given several times
    #[arg(long, value_name = "RULE", value_parser = rule)]
    rule: Vec<Rule>,
    /// Also apply guesses, such as a link to the page with the nearest name
    #[arg(long)]
    guesses: bool,
    /// Bring in pictures of other sites instead, as files beside their pages: from where git hosts keep what is dropped
    /// into their editors, and from the hosts of `images: fetch_hosts:`
    #[arg(long, conflicts_with_all = ["rule", "guesses"])]
    fetch_images: bool,
    /// Write the pictures into this folder, which must be new or empty, and change nothing
    #[arg(long, value_name = "DIR", requires = "fetch_images", conflicts_with = "dry_run")]
    out: Option<PathBuf>,
    /// Check a folder that `--fetch-images --out` wrote, and commit its pictures and the pages that show them on a branch of its
    /// own; no file of the working tree changes
    #[arg(long, value_name = "DIR", conflicts_with_all = ["paths", "rule", "guesses", "fetch_images", "dry_run"])]
    apply: Option<PathBuf>,
    /// The branch; one that holds nothing but what an earlier run brought in is replaced
    #[arg(long, value_name = "NAME", requires = "apply", default_value = BRANCH)]
    branch: String,
    /// Show what would change, without changing anything
    #[arg(long, short = 'n')]
    dry_run: bool,
    /// Undo the last `fix`
    #[arg(long, conflicts_with_all = ["paths", "rule", "guesses", "dry_run", "fetch_images", "out", "apply"])]
    undo: bool,
}

fn rule(name: &str) -> Result<Rule, String> {
    Rule::from_name(name).ok_or_else(|| match Rule::nearest(name) {
        Some(near) => format!("there is no such rule; did you mean `{near}`?"),
        None => "there is no such rule".to_string(),
    })
}

/// Mends, or takes it back.
///
/// # Errors
/// When the site cannot be read, a file changes meanwhile, or the disk refuses.
pub fn run(root: Option<PathBuf>, arguments: &Arguments) -> Result<Outcome, Failure> {
    let root = change::root(root)?;
    if arguments.undo {
        return change::undo(&root);
    }
    if let Some(folder) = &arguments.apply {
        return apply(&root, folder, &arguments.branch);
    }
    let journal = change::journal(&root)?;
    if !arguments.dry_run && edit::interrupted(&journal)?.is_some_and(|it| it.said == edit::fixing()) {
        edit::finish(&journal)?;
        eprintln!("Finished the interrupted fix");
    }
    let options = LoadOptions { output: Some(root.join(root::OUTPUT)), ..ci::defaults() };
    let sources = super::load(&root, &options)?;
    let paths: Vec<String> =
        arguments.paths.iter().map(|path| from_root(&sources, path)).collect::<Result<_, _>>()?;
    if arguments.fetch_images {
        return fetch_images(&journal, &sources, &paths, arguments);
    }
    let rules: BTreeSet<Rule> = arguments.rule.iter().copied().collect();
    let fixed = fix::plan(&sources, &Options { paths, rules, guesses: arguments.guesses });
    change::show(&fixed.change, &fixed.notes);
    let is_empty = fixed.change.moves.is_empty() && fixed.change.texts.is_empty();
    let guesses = fixed.left.iter().filter(|it| it.is_guess && fix::is_mendable(&sources, it)).count();
    let guesses = if arguments.guesses { 0 } else { guesses };
    if is_empty && guesses > 0 {
        eprintln!("Nothing to fix without guessing");
    } else if is_empty {
        eprintln!("Nothing to fix");
    } else if arguments.dry_run {
        eprintln!("Nothing was changed. Without `--dry-run`, {} fixed", are(fixed.mended));
    } else {
        edit::begin(&journal, &rename::scope(&sources), &fixed.change, edit::fixing())?;
        let back = if journal.remembers() { ". Undo with: longhouse fix --undo" } else { "" };
        eprintln!("{} fixed{back}", are(fixed.mended));
    }
    if guesses > 0 {
        eprintln!(
            "`longhouse fix --guesses` would fix {} by using the nearest name",
            count(guesses, "problem")
        );
    }
    if !fixed.left.is_empty() {
        eprintln!("Left to fix by hand: {}. Run `longhouse check` for details", report::summary(&fixed.left));
    }
    Ok(Outcome::Done)
}

/// The branch on which pictures are proposed.
const BRANCH: &str = "longhouse/pictures";
/// How long all pictures may take.
const PATIENCE: Duration = Duration::from_secs(300);

/// Brings in pictures of other sites. The pictures are written first, so that no text names one that is not there.
fn fetch_images(
    journal: &Journal,
    sources: &Arc<Sources>,
    paths: &[String],
    arguments: &Arguments,
) -> Result<Outcome, Failure> {
    let (site, _) = crate::pipeline::understand(sources, Visibility { drafts: true, preview: true }, &|_| {});
    let is_wanted = |file: &str| {
        let is_in = |path: &String| {
            file.strip_prefix(path.trim_end_matches('/'))
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        // A branch gets files of the content alone.
        let may_be = arguments.out.is_none() || file.starts_with(&sources.content_prefix);
        may_be && (paths.is_empty() || paths.iter().any(is_in))
    };
    let (pictures, left) = fetched(sources, &images::remote(&site, &is_wanted), arguments.dry_run);
    let brought = images::plan(&site, &is_wanted, &pictures);
    if let Some(out) = arguments.out.as_deref().filter(|_| !brought.change.texts.is_empty()) {
        let files = delivery::pack(&pictures);
        let files = files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()));
        edit::create_folder(out, files).map_err(|error| super::receive::not_created(out, &error))?;
        brought.files.keys().for_each(|path| println!("{}", report::visible(path)));
        eprintln!("{} {} in {}", counted(brought.files.len()), is(brought.files.len()), out.display());
    } else if arguments.dry_run {
        change::show(&brought.change, &[]);
        eprintln!("Nothing was fetched or changed");
    } else if brought.change.texts.is_empty() {
        eprintln!("No pictures were brought in");
    } else {
        let scope = rename::scope(sources);
        for (path, bytes) in &brought.files {
            // What a run before this one brought in and did not come to name.
            if !sources.assets.contains_key(path.as_str()) {
                edit::create_in(&sources.root, &scope, path, bytes)?;
            }
            println!("{}", report::visible(path));
        }
        change::show(&brought.change, &[]);
        edit::begin(journal, &scope, &brought.change, edit::fixing())?;
        let back =
            if journal.remembers() { ". Undo with: longhouse fix --undo (the pictures stay)" } else { "" };
        let count = brought.files.len();
        eprintln!("{} {} beside the pages now{back}", counted(count), is(count));
    }
    if left > 0 {
        eprintln!("{} left on other sites", counted(left));
    }
    Ok(Outcome::Done)
}

/// The pictures that come, by their addresses, and how many do not. Says of each why it stays where it is.
fn fetched(
    sources: &Sources,
    remote: &BTreeMap<String, String>,
    dry_run: bool,
) -> (BTreeMap<String, Picture>, usize) {
    let fetcher = super::receive::fetcher(sources, PATIENCE);
    let mut pictures: BTreeMap<String, Picture> = BTreeMap::new();
    let (mut left, mut asked, mut size) = (0, 0, 0);
    for (address, page) in remote {
        let Ok(url) = url::Url::parse(address) else { continue };
        if dry_run && fetcher.may_ask(&url) {
            println!("{}: {}", report::visible(page), report::visible(address));
            continue;
        }
        asked += usize::from(fetcher.may_ask(&url));
        let found = if asked > delivery::MAX_PICTURES || size > delivery::ROOM - fetch::MAX_BYTES {
            Err("it waits for the next run".to_string())
        } else if address.len() > delivery::MAX_ADDRESS {
            Err("its address is too long".to_string())
        } else {
            fetcher.picture(&url).map_err(|it| it.to_string())
        };
        match found {
            Ok(picture) => {
                size += picture.bytes.len() as u64;
                pictures.insert(address.clone(), picture);
            }
            Err(why) => {
                left += 1;
                let (page, address) = (report::visible(page), report::visible(address));
                eprintln!("note: {page}: {address} stays where it is: {}", report::visible(&why));
            }
        }
    }
    (pictures, left)
}

/// Believes nothing of a folder, and commits what it brings.
fn apply(root: &Path, folder: &Path, branch: &str) -> Result<Outcome, Failure> {
    let options = LoadOptions { output: Some(root.join(root::OUTPUT)), ..ci::defaults() };
    let sources = super::load(root, &options)?;
    let (site, _) =
        crate::pipeline::understand(&sources, Visibility { drafts: true, preview: true }, &|_| {});
    let files = super::receive::folder(folder, delivery::MAX_FILES, delivery::MAX_BYTES)?;
    let fetcher = super::receive::fetcher(&sources, PATIENCE);
    let may_ask = |address: &str| url::Url::parse(address).is_ok_and(|url| fetcher.may_ask(&url));
    let pictures =
        delivery::check(&files, &may_ask).map_err(|why| super::receive::not_applied(folder, &why))?;
    let is_content = |file: &str| file.starts_with(&sources.content_prefix);
    let brought = images::plan(&site, &is_content, &pictures);
    if brought.change.texts.is_empty() {
        eprintln!("There is nothing to commit");
        return Ok(Outcome::Done);
    }
    let what = counted(brought.files.len());
    let is_new = |path: &String| !sources.assets.contains_key(path.as_str());
    let files = brought.files.into_iter().filter(|(path, _)| is_new(path)).collect();
    let changed = brought.change.texts.into_iter().map(|it| (it.path.clone(), it)).collect();
    let message = format!("Bring in {what} of other sites\n\n{ORIGIN}\n");
    let new = NewCommit {
        files: &files,
        changed: &changed,
        message: &message,
        author: None,
        branch,
        origin: Some(ORIGIN),
    };
    super::receive::commit(&sources, &new, &what)
}

/// The line of a commit's text by which what an earlier run brought in is recognised.
const ORIGIN: &str = "Brought in by `longhouse fix`, made anew without what a camera wrote into them.";

fn counted(pictures: usize) -> String {
    count(pictures, "picture")
}

fn is(count: usize) -> &'static str {
    if count == 1 { "is" } else { "are" }
}

fn are(problems: usize) -> String {
    format!("{} {}", count(problems, "problem"), if problems == 1 { "is" } else { "are" })
}

/// A path as somebody types it, from the root of the site.
fn from_root(sources: &Sources, path: &Path) -> Result<String, Failure> {
    let root = &sources.root;
    let here = std::env::current_dir().and_then(|it| it.canonicalize()).unwrap_or_default();
    let tried = [here.join(path), root.join(path)];
    let found = tried.iter().find_map(|it| it.canonicalize().ok());
    let found = found.ok_or_else(|| Failure::Usage(format!("There is no file {}", path.display())))?;
    place::inside(root, &sources.content_prefix, &found)
        .ok_or_else(|| Failure::Usage(format!("{} is not a file of this site", path.display())))
}
