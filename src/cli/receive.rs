//! `longhouse receive`: what somebody sent becomes a folder, and the folder a branch. Two halves, so that no job that
//! reads a stranger's text may write.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anstream::{eprintln, println};
use longhouse_search::{Index, Near};

use super::{Failure, Outcome, report};
use crate::fetch::Fetcher;
use crate::receive::delivery;
use crate::receive::input::{From, Trouble, blank};
use crate::receive::report::Status;
use crate::receive::{self, MAX_LINKS, Options, Received};
use crate::root;
use crate::similar::{self, Question};
use crate::site::{Site, Visibility};
use crate::source::git::commit::{self, CommitError, Committed, NewCommit};
use crate::source::received::{self, FolderError};
use crate::source::{LoadOptions, Sources};

/// What `receive` takes.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Where the input comes from
    #[arg(long, value_enum, required_unless_present = "apply")]
    from: Option<From>,
    /// The file to read; `-` reads standard input
    #[arg(long, value_name = "FILE", required_unless_present = "apply")]
    input: Option<PathBuf>,
    /// The folder to write, which must be new or empty
    #[arg(long, value_name = "DIR", required_unless_present = "apply")]
    out: Option<PathBuf>,
    /// The path that the file should have, such as `content/questions/a.md`; only with `--from file`
    #[arg(long, value_name = "PATH")]
    path: Option<String>,
    /// Bring in pictures that lie where git hosts keep them, and on the hosts of `images: fetch_hosts:`
    #[arg(long)]
    fetch_images: bool,
    /// A file with the branches that are open, one per line, as `git ls-remote --heads` prints them: the same text is not
    /// taken twice
    #[arg(long, value_name = "FILE")]
    open: Option<PathBuf>,
    /// The number of links to other sites that a newcomer's text may have
    #[arg(long, value_name = "N", default_value_t = MAX_LINKS)]
    max_links: usize,
    /// Check a folder that `receive` wrote, and commit it on a branch of its own; no file of the working tree changes
    #[arg(long, value_name = "DIR", conflicts_with_all = ["from", "input", "out", "path", "fetch_images", "open", "max_links"])]
    apply: Option<PathBuf>,
    /// The branch [default: the one that the report names]; one that holds nothing but what an earlier run made of the same
    /// issue is replaced
    #[arg(long, value_name = "NAME", requires = "apply")]
    branch: Option<String>,
}

/// At most this many similar pages are told.
const SIMILAR: usize = 5;
/// A list of branches may hold at most this many bytes.
const MAX_LIST: u64 = 4 * 1024 * 1024;
/// How long all pictures of one message may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Makes a folder of what was sent, or a commit of such a folder.
///
/// # Errors
/// When the input is not what it should be, the folder is not to be believed, or the disk or git refuses.
pub fn run(root: Option<PathBuf>, arguments: &Arguments) -> Result<Outcome, Failure> {
    let root = super::root(root)?;
    let output = root.join(root::OUTPUT);
    let sources =
        super::load(&root, &LoadOptions { output: Some(output.clone()), ..LoadOptions::default() })?;
    let (site, _) =
        crate::pipeline::understand(&sources, Visibility { drafts: true, preview: true }, &|_| {});
    match &arguments.apply {
        Some(folder) => apply(&site, folder, arguments.branch.as_deref()),
        None => take(&root, &output, &site, arguments),
    }
}

/// The first half: reads, and writes a folder.
fn take(root: &Path, output: &Path, site: &Site, arguments: &Arguments) -> Result<Outcome, Failure> {
    let (Some(from), Some(input), Some(out)) = (arguments.from, &arguments.input, &arguments.out) else {
        return Err(Failure::Usage("Give `--from`, `--input` and `--out`, or `--apply`.".to_owned()));
    };
    if arguments.path.is_some() && from != From::File {
        return Err(Failure::Usage("`--path` belongs to `--from file`".to_owned()));
    }
    let bytes = bytes(input, from.limit())?;
    let open = match &arguments.open {
        Some(list) => {
            let text = read(list, MAX_LIST)?.ok_or_else(|| too_large(list, MAX_LIST))?;
            String::from_utf8_lossy(&text).into_owned()
        }
        None => String::new(),
    };
    let received = match bytes.as_deref().map(|bytes| from.read(bytes, wished(arguments, input).as_deref())) {
        None => {
            let message =
                format!("It has more than {} MB. Make it smaller, or send it in parts.", from.limit() >> 20);
            let refusal = receive::Refusal { reason: receive::Reason::TooLarge, message };
            receive::refused(&blank(from), &refusal)
        }
        Some(Err(Trouble::Refused(refusal))) => receive::refused(&blank(from), &refusal),
        Some(Err(Trouble::Unreadable(why))) => {
            return Err(Failure::Usage(report::visible(&why).into_owned()));
        }
        Some(Ok(sent)) => {
            let index = std::cell::OnceCell::new();
            let similar = |question: &Question| near(&index, root, output, question);
            let fetcher = arguments.fetch_images.then(|| fetcher(site.sources(), PATIENCE));
            let fetch = |address: &str| {
                let url = url::Url::parse(address).map_err(|_| "its address cannot be read".to_owned())?;
                let fetcher = fetcher.as_ref().ok_or("it was not fetched")?;
                fetcher.picture(&url).map_err(|trouble| trouble.to_string())
            };
            let fetch: Option<&receive::Fetch<'_>> = if arguments.fetch_images { Some(&fetch) } else { None };
            let open = receive::digests(&open, sent.source.number);
            receive::receive(
                site,
                &sent,
                &Options { max_links: arguments.max_links, open, fetch, similar: &similar },
            )
        }
    };
    let files = received.files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()));
    crate::edit::create_folder(out, files).map_err(|error| not_created(out, &error))?;
    Ok(told(&received))
}

/// Why a folder could not be written.
pub(super) fn not_created(out: &Path, error: &std::io::Error) -> Failure {
    match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            Failure::Usage(format!("{} is not empty. Name a new folder with `--out`.", out.display()))
        }
        _ => Failure::World(format!("{}: {error}", out.display())),
    }
}

/// The path that a file wants to have: the one that was given, else that of the file itself.
fn wished(arguments: &Arguments, input: &Path) -> Option<String> {
    let own = || {
        let name = input.file_name()?.to_str()?;
        let folder = input.parent()?.file_name()?.to_str()?;
        Some(format!("{folder}/{name}"))
    };
    arguments.path.clone().or_else(own)
}

/// Says what became of it: the files on standard output, everything about them on standard error.
fn told(received: &Received) -> Outcome {
    let report = &received.report;
    if let Some(refused) = &report.refused {
        eprintln!("Not taken: {}", report::visible(&refused.message));
        return Outcome::Refused;
    }
    for file in &report.files {
        println!("{}", report::visible(file));
    }
    for dropped in &report.dropped {
        eprintln!("note: The field `{}` was left out: {}", report::visible(&dropped.field), dropped.why);
    }
    for note in &report.notes {
        eprintln!("note: {}", report::visible(note));
    }
    for picture in &report.pictures {
        if let Some(problem) = &picture.problem {
            eprintln!(
                "note: The picture {} stays where it is: {}",
                report::visible(&picture.from),
                report::visible(problem)
            );
        }
    }
    if !received.problems.is_empty() {
        eprintln!("{}", report::human(&received.problems, |_| None, super::colour()));
    }
    match report.status {
        Status::Errors => Outcome::ContentErrors,
        _ => Outcome::Done,
    }
}

/// The second half: believes nothing, and commits.
fn apply(site: &Site, folder: &Path, branch: Option<&str>) -> Result<Outcome, Failure> {
    let files = self::folder(folder, delivery::MAX_FILES, delivery::MAX_BYTES)?;
    let checked = delivery::check(site, &files).map_err(|why| not_applied(folder, &why))?;
    let checked = match checked {
        delivery::Checked::Commit(commit) => commit,
        delivery::Checked::Refused(why) => {
            eprintln!("There is nothing to commit. {}", report::visible(&why));
            return Ok(Outcome::Refused);
        }
    };
    let branch = branch.unwrap_or(&checked.branch);
    let new = NewCommit {
        files: &checked.files,
        changed: &BTreeMap::new(),
        message: &checked.message,
        author: checked.author.as_deref(),
        branch,
        origin: checked.origin.as_deref(),
    };
    let what = checked.files.keys().next().map_or("", String::as_str);
    commit(site.sources(), &new, what)
}

/// The files of a folder that the first half wrote.
pub(super) fn folder(folder: &Path, most: usize, limit: u64) -> Result<BTreeMap<String, Vec<u8>>, Failure> {
    received::folder(folder, most, limit).map_err(|error| match error {
        FolderError::Refused(why) => not_applied(folder, &format!("{why}.")),
        FolderError::Io(error) => Failure::World(format!("{}: {error}", folder.display())),
    })
}

/// Why nothing of a folder is committed.
pub(super) fn not_applied(folder: &Path, why: &str) -> Failure {
    Failure::Usage(format!("{} was not applied: {}", folder.display(), report::visible(why)))
}

/// Commits on a branch, and says so. The paths are those from the root of the site.
pub(super) fn commit(sources: &Sources, new: &NewCommit<'_>, what: &str) -> Result<Outcome, Failure> {
    // The configuration may name a link as the content folder; git knows the folder that it leads to.
    let content = sources.root.join(sources.content_prefix.trim_end_matches('/'));
    let (home, prefix) = match content.canonicalize() {
        Ok(home) => (home, sources.content_prefix.as_str()),
        Err(_) => (sources.root.clone(), ""),
    };
    let inside = |path: &String| path.strip_prefix(prefix).unwrap_or(path).to_owned();
    let files = new.files.iter().map(|(path, bytes)| (inside(path), bytes.clone())).collect();
    let changed = new.changed.iter().map(|(path, it)| (inside(path), it.clone())).collect();
    let committed =
        commit::commit(&sources.root, &home, &NewCommit { files: &files, changed: &changed, ..*new });
    let committed = match committed {
        Ok(committed) => committed,
        Err(CommitError::Refused(why)) => return Err(Failure::Usage(report::visible(&why).into_owned())),
        Err(CommitError::Git(error)) => return Err(Failure::World(error.to_string())),
        Err(CommitError::Others(why)) => {
            eprintln!("There is nothing to commit. {}", report::visible(&why));
            return Ok(Outcome::Refused);
        }
    };
    println!("{}", new.branch);
    let id = &committed.id()[..committed.id().len().min(12)];
    match committed {
        Committed::New(_) => eprintln!("Committed {what} as {id}"),
        Committed::Replaced(_) => {
            eprintln!("Committed {what} as {id}, in place of what an earlier run wrote")
        }
        Committed::Same(_) => eprintln!("{what} is there already, in {id}"),
    }
    Ok(Outcome::Done)
}

/// Pages that are similar to a question. Without an index there are none, which is no reason to lose a text.
fn near(
    index: &std::cell::OnceCell<Option<Index>>,
    root: &Path,
    output: &Path,
    question: &Question,
) -> Vec<Near> {
    let index = index.get_or_init(|| super::search::open(root, output).ok());
    let found = index.as_ref().map(|index| similar::near(index, question, false, SIMILAR));
    found.and_then(Result::ok).unwrap_or_default()
}

/// What fetches pictures for a site.
pub(super) fn fetcher(sources: &Sources, limit: Duration) -> Fetcher {
    let repository = sources.config.repository.as_ref().map(|it| &*it.url);
    Fetcher::new(repository, &sources.config.files.fetch_hosts, super::allowed_hosts(), limit)
}

/// The input; nothing if there is more than may be.
fn bytes(input: &Path, limit: u64) -> Result<Option<Vec<u8>>, Failure> {
    if input == Path::new("-") {
        return received::bounded(std::io::stdin().lock(), limit)
            .map_err(|error| Failure::World(format!("Standard input: {error}")));
    }
    read(input, limit)
}

fn read(file: &Path, limit: u64) -> Result<Option<Vec<u8>>, Failure> {
    received::file(file, limit).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Failure::Usage(format!("There is no file {}", file.display())),
        _ => Failure::World(format!("{}: {error}", file.display())),
    })
}

fn too_large(file: &Path, limit: u64) -> Failure {
    Failure::Usage(format!("{} has more than {} MB", file.display(), limit >> 20))
}
