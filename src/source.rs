//! Everything a build reads, read here and nowhere else: the content, the configuration, the data,
//! the theme's overrides, the static files, what git knows, and which day it is.
//!
//! [`Sources`] is the first of the two maps that a build stands between. Content is untrusted: a link
//! that leads out, a name that some system cannot store, a file that is no text or too large becomes a
//! [`Diagnostic`] here and goes no further. Configuration, theme and data are trusted, but must be
//! readable: what cannot be read ends the build before it begins.
//!
//! Long because it names every input, and reads the trusted ones.

pub mod asset;
mod content;
pub mod differences;
mod facts;
mod field_history;
pub mod git;
pub mod git_diff;
pub mod index;
pub mod place;
pub mod program_state;
pub mod published;
pub mod received;
pub mod reload;
mod statics;
pub mod stray;
pub mod survey;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;
use unicode_normalization::UnicodeNormalization;
use walkdir::{DirEntry, WalkDir};

use crate::config::{BaseUrl, Config};
use crate::data::feed::FeedSnapshot;
use crate::data::{self, Moderation, Reaction, SearchTest};
use crate::diagnostic::{Diagnostic, Rule};
pub use crate::page::{Document, extension};
use crate::root;
use crate::words::Words;
use asset::Asset;
use content::{Content, not_utf8, nul, read_content, read_document};
use field_history::field_histories;
pub use statics::StaticFile;

/// A folder of what was installed, not written.
const INSTALLED: &str = "node_modules";

/// A content file may hold at most this many bytes.
pub const MAX_DOCUMENT: u64 = 1 << 20;

/// The endings of the files that become pages.
pub const DOCUMENTS: [&str; 4] = ["md", "markdown", "mdx", "txt"];

/// Every input of one build.
#[derive(Debug, Clone)]
pub struct Sources {
    /// The folder from which the paths of the content are counted, absolute: the site's root, unless the content was
    /// read from elsewhere.
    pub root: PathBuf,
    /// The site's root, absolute: the folder of everything that is trusted.
    pub trusted: PathBuf,
    /// The configuration, with its defaults where nothing is said.
    pub config: Arc<Config>,
    /// What stands before every content path, from the root: `content/`, or nothing where the root
    /// itself is the content.
    pub content_prefix: String,
    /// Markdown and text files of the content folder, in path order.
    pub documents: Vec<Document>,
    /// All other files of the content folder by their path from the root.
    pub assets: Arc<BTreeMap<Arc<str>, Asset>>,
    /// The community's rules, `GUIDELINES.md`.
    pub guidelines: Option<Document>,
    /// Files to copy as they are: address (without leading slash) to the file on disk.
    pub statics: Arc<BTreeMap<String, StaticFile>>,
    /// The site's own theme files by their path inside the theme (`templates/question.html`).
    pub theme_files: Arc<BTreeMap<String, Vec<u8>>>,
    /// The words of the theme in the language of the site.
    pub words: Arc<Words>,
    /// Votes pulled from elsewhere.
    pub reactions: Arc<Vec<Reaction>>,
    /// What moderators decided, whatever the files say, in the order of paths.
    pub moderation: Arc<Vec<Moderation>>,
    /// When each of these decisions was committed, and by whom, by its path as written; only where the log of them is
    /// published and git knows.
    pub decided: Arc<Decided>,
    /// The search tests of the repository.
    pub search_tests: Arc<Vec<SearchTest>>,
    /// The last headlines of the feeds of links, by the slug of the link.
    pub feeds: Arc<BTreeMap<String, FeedSnapshot>>,
    /// What git knows about the files; nothing outside git.
    pub history: Option<Arc<git::History>>,
    /// Since when ideas have their state, their horizon and their response, if git knows.
    pub field_histories: Option<Arc<git::states::FieldHistories>>,
    /// Where the files are those of a commit: everything in its repository, by its path from the top.
    pub beside: Option<Arc<BTreeSet<String>>>,
    /// The day that counts as today, or nothing where no day may count.
    pub today: Option<Date>,
    /// The day by which a preview tells what lies in the future: the real one.
    pub preview_day: Option<Date>,
    /// In a preview: the writer on this machine, as git knows them. What git does not know yet is theirs, of today.
    pub writer: Option<git::Person>,
    /// Files and folders of the content that the disk refused to show, in order.
    pub unread: Vec<Arc<str>>,
    /// What was wrong with files before anyone looked inside.
    pub diagnostics: Vec<Diagnostic>,
}

/// When decisions were committed, and by whom, by their paths.
pub type Decided = BTreeMap<String, (Moment, git::Person)>;

/// A day, and the instant that sorts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// The instant, for order and feeds.
    pub instant: jiff::Timestamp,
    /// The day where the site lives.
    pub date: Date,
}

/// Why there is nothing to build from.
#[derive(Debug)]
pub enum LoadError {
    /// Configuration, theme or data cannot be understood: exit status 2.
    Config(Vec<Diagnostic>),
    /// There is no site at that place: exit status 2.
    NoSite(String),
    /// A trusted file or folder cannot be read: exit status 3.
    Io(PathBuf, io::Error),
}

/// What the caller may say about where and when.
#[derive(Debug, Clone, Default)]
pub struct LoadOptions {
    /// Where the site will be written, so that the last site is not taken for content.
    pub output: Option<PathBuf>,
    /// The content folder, where it lies elsewhere than all that is trusted: in the clone of somebody's branch.
    pub content: Option<PathBuf>,
    /// Replaces `base_url` of the configuration.
    pub base_url: Option<String>,
    /// Whether the day is the real one, unless `SOURCE_DATE_EPOCH` says another: a build that publishes what has become due.
    pub by_clock: bool,
    /// The commit that the files at the root were taken from. Git is not asked about the folder that they lie in.
    pub commit: Option<CommitFacts>,
    /// Whether this is for a preview, whose ribbons go by the real day, and where a file that git does not
    /// know yet is the writer's own.
    pub preview: bool,
}

/// What a folder with the files of a commit does not say of it.
#[derive(Debug, Clone, Default)]
pub struct CommitFacts {
    /// What git knew of the files then.
    pub history: Option<Arc<git::History>>,
    /// Everything in the repository, folders included, by its path from the top.
    pub beside: Arc<BTreeSet<String>>,
    /// The folder in the repository that they are the files of, and the id of the commit.
    pub origin: Option<(PathBuf, String)>,
}

/// The root of the site that `start` lies in: the nearest folder upwards with a `longhouse.yaml`,
/// else with a `content` folder, else `start` itself.
#[must_use]
pub fn find_root(start: &Path) -> PathBuf {
    let upwards =
        |has: &dyn Fn(&Path) -> bool| start.ancestors().find(|folder| has(folder)).map(Path::to_path_buf);
    upwards(&|folder| folder.join(root::CONFIG).is_file())
        .or_else(|| upwards(&|folder| folder.join(root::CONTENT).is_dir()))
        .unwrap_or_else(|| start.to_path_buf())
}

/// Reads the configuration of the site at `root` alone.
///
/// # Errors
/// When it cannot be understood or read.
pub fn config(root: &Path) -> Result<Config, LoadError> {
    match read_trusted(root, root::CONFIG)? {
        Some((file, text)) => Config::parse(&file, &text).map_err(LoadError::Config),
        None => Ok(Config::default()),
    }
}

/// Reads everything that a build of the site at `root` needs.
///
/// # Errors
/// When the configuration, the data or the theme cannot be understood, or the disk refuses.
pub fn load(root: &Path, options: &LoadOptions) -> Result<Arc<Sources>, LoadError> {
    read(root, options, None)
}

/// Reads everything; git is only asked if nobody knows what it said.
// Long because it reads every input, one after the other.
fn read(root: &Path, options: &LoadOptions, known: Option<&Sources>) -> Result<Arc<Sources>, LoadError> {
    let trusted = root.canonicalize().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => LoadError::NoSite(format!("There is no folder {}", root.display())),
        _ => LoadError::Io(root.to_path_buf(), error),
    })?;
    if !trusted.is_dir() {
        return Err(LoadError::NoSite(format!("{} is a file, not a folder", trusted.display())));
    }
    let mut problems = Vec::new();
    let mut config = match read_trusted(&trusted, root::CONFIG)? {
        Some((file, text)) => Config::parse(&file, &text).unwrap_or_else(|errors| {
            problems.extend(errors);
            Config::default()
        }),
        None => Config::default(),
    };
    if let Some(base_url) = &options.base_url {
        let parsed = BaseUrl::parse(base_url);
        config.base_url = Some(parsed.map_err(|why| LoadError::NoSite(format!("`{base_url}`: {why}")))?);
    }
    let mut diagnostics = config.warnings.clone();
    let data = read_data(&trusted, &mut problems, &mut diagnostics)?;
    let theme_files = read_theme(&trusted, &config, &mut problems)?;
    let theme_folder = format!("themes/{}", config.theme);
    let words = Words::load(&config.language, &theme_files, &theme_folder).unwrap_or_else(|wrong| {
        problems.extend(wrong);
        Words::english()
    });
    if !problems.is_empty() {
        return Err(LoadError::Config(problems));
    }
    let (reactions, mut moderation, search_tests, feeds) = data;
    for decision in &mut moderation {
        decision.path.value = decision.path.value.nfc().collect();
    }
    moderation.sort_by(|a, b| a.path.value.cmp(&b.path.value));

    let (root, content_prefix) = match &options.content {
        Some(folder) => place::elsewhere(folder, &config.content)?,
        None => (trusted.clone(), place::content_prefix(&trusted, &config.content)?),
    };
    let output = options.output.as_ref().and_then(|output| output.canonicalize().ok());
    let output = output.map(|output| place::as_named(&root, &content_prefix, &output));
    let history = || match (known, &options.commit) {
        (Some(known), _) => Ok(known.history.clone()),
        (None, Some(commit)) => Ok(place::history_of(commit.history.clone(), &root, &content_prefix)),
        (None, None) => place::history(&root, &content_prefix, &trusted).map(|history| history.map(Arc::new)),
    };
    let histories = || {
        let history = history();
        let of_files = history.as_ref().ok().and_then(Option::as_deref);
        let of_fields = match known {
            // Which folders hold ideas, the configuration says.
            Some(known) if known.config.kinds == config.kinds => known.field_histories.clone(),
            _ => {
                let origin = options.commit.as_ref().and_then(|commit| commit.origin.as_ref());
                field_histories((&root, &trusted), &content_prefix, &config, of_files, origin).map(Arc::new)
            }
        };
        (history, of_fields)
    };
    let (content, (history, field_histories)) =
        rayon::join(|| read_content(&root, &content_prefix, output.as_deref(), &config.files), histories);
    let Content { documents, assets, unread, diagnostics: found } = content;
    diagnostics.extend(found);
    diagnostics.extend(stray::outside(&root, &config, &content_prefix));
    diagnostics.extend(stray::hidden(&root, &config, &content_prefix, documents.len()));
    let guidelines = guidelines(&trusted, &mut diagnostics)?;
    let history = history.unwrap_or_else(|error| {
        diagnostics.push(facts::git_unreadable(&error));
        None
    });
    let writer = match known {
        Some(known) => known.writer.clone(),
        None => history.as_ref().filter(|_| options.preview).and_then(|_| git::writer(&root)),
    };
    diagnostics.extend(history.as_deref().into_iter().flat_map(facts::gaps));
    let today = today(&config, history.as_deref(), options.by_clock);
    let preview_day =
        options.preview.then(|| jiff::Timestamp::now().to_zoned(config.timezone.clone()).date()).or(today);
    diagnostics.sort();
    let statics = walk_statics(&trusted)?;
    place::name_site(&mut config, &documents, &content_prefix);
    let decided = decided(&trusted, &config, &moderation, history.as_deref());
    Ok(Arc::new(Sources {
        root,
        trusted,
        config: Arc::new(config),
        content_prefix,
        documents,
        assets: Arc::new(assets),
        guidelines,
        statics: Arc::new(statics),
        theme_files: Arc::new(theme_files),
        words: Arc::new(words),
        reactions: Arc::new(reactions),
        decided: Arc::new(decided),
        moderation: Arc::new(moderation),
        search_tests: Arc::new(search_tests),
        feeds: Arc::new(feeds),
        history,
        field_histories,
        beside: options.commit.as_ref().map(|commit| Arc::clone(&commit.beside)),
        today,
        preview_day,
        writer,
        unread,
        diagnostics,
    }))
}

/// When decisions were committed, and by whom: the last change to any line of each. Asked only where it is published.
fn decided(
    trusted: &Path,
    config: &Config,
    moderation: &[Moderation],
    history: Option<&git::History>,
) -> Decided {
    let is_known = history.is_some_and(|history| !history.shallow);
    if !config.public_moderation || moderation.is_empty() || !is_known {
        return Decided::new();
    }
    let Some(lines) = git::blame::lines(trusted, root::MODERATION) else { return Decided::new() };
    let starts: BTreeSet<usize> = moderation.iter().map(|it| it.path.span.line as usize - 1).collect();
    let last = |it: &Moderation| {
        let from = it.path.span.line as usize - 1;
        let until = starts.range(from + 1..).next().copied().unwrap_or(lines.len());
        let changes = lines.get(from..until.min(lines.len()))?.iter().flatten();
        let (at, person) = changes.max_by_key(|(at, _)| *at)?;
        let date = at.to_zoned(config.timezone.clone()).date();
        Some((it.path.value.clone(), (Moment { instant: *at, date }, person.clone())))
    };
    moderation.iter().filter_map(last).collect()
}

/// One file from anywhere, read as content is read.
///
/// # Errors
/// Why it is no text that a page can be made of.
pub fn document(file: &Path) -> Result<Document, Diagnostic> {
    read_document(Arc::from(file.to_string_lossy()), file)
}

/// The path of a file from the root of a site, with `/`; nothing if it does not lie below.
#[must_use]
pub fn path_in(root: &Path, file: &Path) -> Option<String> {
    let (root, file) = (fs::canonicalize(root).ok()?, fs::canonicalize(file).ok()?);
    let inside = file.strip_prefix(&root).ok()?;
    Some(inside.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/"))
}

/// The text of a trusted file, for showing a problem in it; nothing if it cannot be read.
#[must_use]
pub fn read_again(root: &Path, file: &str) -> Option<Arc<str>> {
    read_trusted(root, file).ok().flatten().map(|(_, text)| text)
}

impl Sources {
    /// The text of a content file by its path.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<&Arc<str>> {
        if let Some(guidelines) = self.guidelines.as_ref().filter(|it| &*it.path == path) {
            return Some(&guidelines.text);
        }
        let at = self.documents.binary_search_by(|document| (*document.path).cmp(path)).ok()?;
        Some(&self.documents[at].text)
    }

    /// The text of a trusted file, for showing a problem in it.
    #[must_use]
    pub fn trusted_text(&self, path: &str) -> Option<Arc<str>> {
        let is_trusted = [root::CONFIG, root::SEARCH_TESTS].contains(&path)
            || [root::THEMES, root::DATA].iter().any(|folder| root::inside(folder, path).is_some());
        is_trusted.then(|| read_again(&self.trusted, path)).flatten()
    }

    /// One line of a content file, counted from 1.
    #[must_use]
    pub fn line(&self, path: &str, line: u32) -> Option<&str> {
        self.text(path)?.lines().nth(usize::try_from(line).ok()?.checked_sub(1)?)
    }

    /// The place of a file in the order in which files were added; later for what git does not know.
    #[must_use]
    pub fn age(&self, path: &str) -> u32 {
        self.known(path).map_or(u32::MAX, |file| file.rank)
    }

    /// Who wrote the commit that added a file.
    #[must_use]
    pub fn committers(&self, path: &str) -> &[git::Person] {
        self.known(path).map_or_else(|| self.writer_of(path).as_slice(), |file| &file.added_by)
    }

    /// When git first and last saw a file.
    #[must_use]
    pub fn committed(&self, path: &str) -> (Option<Moment>, Option<Moment>) {
        let moment = |moment: Option<git::Moment>| {
            let instant = moment?.at;
            Some(Moment { instant, date: instant.to_zoned(self.config.timezone.clone()).date() })
        };
        match self.known(path) {
            Some(file) => (moment(file.added_at), moment(file.changed_at)),
            None => (self.writer_of(path).as_ref().and_then(|_| self.start_of_today()), None),
        }
    }

    /// When the day of a preview began where the site lives.
    fn start_of_today(&self) -> Option<Moment> {
        let date = self.preview_day?;
        let zoned = date.to_zoned(self.config.timezone.clone()).ok()?;
        Some(Moment { instant: zoned.timestamp(), date })
    }

    /// The instant of a day that somebody wrote: its beginning where the site lives, unless they said more.
    #[must_use]
    pub fn moment(&self, date: &crate::page::date::Date) -> Option<Moment> {
        Some(Moment { instant: self.config.instant(date)?, date: date.day })
    }

    /// What moderators decided on a file, named from the root or from the content folder.
    #[must_use]
    pub fn moderation(&self, path: &str) -> Option<&Moderation> {
        let inside = path.strip_prefix(&self.content_prefix).unwrap_or(path);
        let find = |path: &str| {
            let at = self.moderation.binary_search_by(|it| it.path.value.as_str().cmp(path)).ok()?;
            self.moderation.get(at)
        };
        find(path).or_else(|| find(inside))
    }

    /// Whether the repository has such a file or folder, `depth` folders above the site's root. Hidden ones are
    /// nobody's business.
    #[must_use]
    pub fn has_beside(&self, depth: usize, path: &str) -> bool {
        let is_hidden = path.split('/').any(|part| part.starts_with('.') || part.is_empty());
        if let Some(beside) = &self.beside {
            return !is_hidden && beside.contains(path);
        }
        let top = self.root.ancestors().nth(depth);
        top.is_some_and(|top| !is_hidden && fs::symlink_metadata(top.join(path)).is_ok())
    }

    fn known(&self, path: &str) -> Option<&git::FileHistory> {
        self.history.as_ref()?.files.get(path)
    }

    /// In a preview, the writer on this machine, for a file that git would know if anybody had committed it.
    fn writer_of(&self, path: &str) -> &Option<git::Person> {
        let is_new = self.history.as_ref().is_some_and(|history| history.knows_of(path));
        if is_new { &self.writer } else { &None }
    }
}

/// Turns the bytes of a content file into text, or says at which place they are none.
///
/// # Errors
/// An `encoding` diagnostic for NUL bytes and for what is not UTF-8.
pub fn decode(path: &Arc<str>, bytes: &[u8]) -> Result<Arc<str>, Diagnostic> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| not_utf8(path, bytes, error.valid_up_to()))?;
    if let Some(at) = text.bytes().position(|byte| byte == 0) {
        return Err(nul(path, &text[..at]));
    }
    if !text.contains('\r') {
        return Ok(Arc::from(text));
    }
    Ok(Arc::from(text.replace("\r\n", "\n").replace('\r', "\n")))
}

/// Whether this file name is that of a text a person writes: markdown, or plain text.
#[must_use]
pub fn is_document(name: &str) -> bool {
    extension(name).is_some_and(|extension| DOCUMENTS.contains(&extension.as_str()))
}

type Data = (Vec<Reaction>, Vec<Moderation>, Vec<SearchTest>, BTreeMap<String, FeedSnapshot>);

fn read_data(
    root: &Path,
    problems: &mut Vec<Diagnostic>,
    warnings: &mut Vec<Diagnostic>,
) -> Result<Data, LoadError> {
    Ok((
        read_entries(root, root::REACTIONS, data::reactions, problems, warnings)?,
        read_entries(root, root::MODERATION, data::moderation, problems, warnings)?,
        read_entries(root, root::SEARCH_TESTS, data::search_tests, problems, warnings)?,
        read_feeds(root, problems, warnings)?,
    ))
}

/// The snapshots of feeds, by the stems of their files.
fn read_feeds(
    root: &Path,
    problems: &mut Vec<Diagnostic>,
    warnings: &mut Vec<Diagnostic>,
) -> Result<BTreeMap<String, FeedSnapshot>, LoadError> {
    let folder = root.join(root::FEEDS);
    let failed = |error| LoadError::Io(folder.clone(), error);
    let names = match fs::read_dir(&folder) {
        Ok(entries) => {
            entries.map(|entry| Ok(entry.map_err(failed)?.file_name())).collect::<Result<Vec<_>, _>>()?
        }
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            Vec::new()
        }
        Err(error) => return Err(failed(error)),
    };
    // In the order of names, so that problems are told in the same order on every disk.
    let stem = |name: &OsStr| Some(name.to_str()?.strip_suffix(".yaml")?.to_owned());
    let stems: BTreeSet<String> = names.iter().filter_map(|name| stem(name)).collect();
    let mut feeds = BTreeMap::new();
    for stem in stems.into_iter().filter(|stem| !stem.starts_with('.') && !stem.is_empty()) {
        let found = read_entries(root, &data::feed::path(&stem), data::feed::feed, problems, warnings)?;
        let slug: String = stem.nfc().collect();
        feeds.extend(found.into_iter().next().map(|snapshot| (slug, snapshot)));
    }
    Ok(feeds)
}

type Parse<T> = fn(&Arc<str>, &str) -> Result<data::Data<T>, Vec<Diagnostic>>;

fn read_entries<T>(
    root: &Path,
    name: &str,
    parse: Parse<T>,
    problems: &mut Vec<Diagnostic>,
    warnings: &mut Vec<Diagnostic>,
) -> Result<Vec<T>, LoadError> {
    let Some((file, text)) = read_trusted(root, name)? else { return Ok(Vec::new()) };
    match parse(&file, &text) {
        Ok(data) => {
            warnings.extend(data.warnings);
            Ok(data.entries)
        }
        Err(errors) => {
            problems.extend(errors);
            Ok(Vec::new())
        }
    }
}

/// The site's own theme files, which lie over the default theme one by one.
fn read_theme(
    root: &Path,
    config: &Config,
    problems: &mut Vec<Diagnostic>,
) -> Result<BTreeMap<String, Vec<u8>>, LoadError> {
    let folder = root.join(root::THEMES).join(&config.theme);
    let mut files = BTreeMap::new();
    if !folder.is_dir() {
        if config.theme != "default" {
            let file = Arc::from(root::CONFIG);
            problems.push(
                Diagnostic::new(
                    Rule::Config,
                    &file,
                    config.theme_at,
                    format!("The theme `{}` does not exist.", config.theme),
                )
                .help(format!(
                    "Create the folder `themes/{}`, or leave `theme` out to use the default theme.",
                    config.theme
                )),
            );
        }
        return Ok(files);
    }
    for entry in WalkDir::new(&folder).follow_links(true).into_iter().filter_entry(|entry| !is_hidden(entry))
    {
        let entry = entry.map_err(|error| LoadError::Io(folder.clone(), error.into()))?;
        if entry.file_type().is_file() {
            let bytes =
                fs::read(entry.path()).map_err(|error| LoadError::Io(entry.path().to_path_buf(), error))?;
            files.insert(relative(&folder, entry.path()), bytes);
        }
    }
    Ok(files)
}

/// A trusted file by its name and its text, if it is there.
type Trusted = Option<(Arc<str>, Arc<str>)>;

fn read_trusted(root: &Path, name: &str) -> Result<Trusted, LoadError> {
    let path = root.join(name);
    // A device or a pipe would be read for ever.
    if fs::metadata(&path).is_ok_and(|it| !it.is_file()) {
        return Err(LoadError::Io(path, io::Error::other("it is not a regular file")));
    }
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(LoadError::Io(path, error)),
    };
    let file: Arc<str> = Arc::from(name);
    match decode(&file, &bytes) {
        Ok(text) => Ok(Some((file, text))),
        Err(mut problem) => {
            problem.rule = Rule::Config;
            Err(LoadError::Config(vec![problem]))
        }
    }
}

fn guidelines(root: &Path, diagnostics: &mut Vec<Diagnostic>) -> Result<Option<Document>, LoadError> {
    let path = root.join(root::GUIDELINES);
    match fs::symlink_metadata(&path) {
        Ok(metadata) if metadata.is_file() => {}
        _ => return Ok(None),
    }
    let bytes = fs::read(&path).map_err(|error| LoadError::Io(path.clone(), error))?;
    let file: Arc<str> = Arc::from(root::GUIDELINES);
    match decode(&file, &bytes) {
        Ok(text) => Ok(Some(Document { path: file, text })),
        Err(problem) => {
            diagnostics.push(problem);
            Ok(None)
        }
    }
}

fn walk_statics(root: &Path) -> Result<BTreeMap<String, StaticFile>, LoadError> {
    let folder = root.join(root::STATIC);
    let mut files = BTreeMap::new();
    if !folder.is_dir() {
        return Ok(files);
    }
    for entry in WalkDir::new(&folder).follow_links(true) {
        let entry = entry.map_err(|error| LoadError::Io(folder.clone(), error.into()))?;
        if entry.file_type().is_file() {
            let name = relative(&folder, entry.path());
            let path = entry.into_path();
            let failed = |error| LoadError::Io(path.clone(), error);
            let mut hasher = blake3::Hasher::new();
            hasher.update_reader(fs::File::open(&path).map_err(failed)?).map_err(failed)?;
            files.insert(name, StaticFile::new(path, hasher.count(), hasher.finalize()));
        }
    }
    Ok(files)
}

/// `SOURCE_DATE_EPOCH`, else the real day if somebody asks for it, else the day of the last commit where the site lives,
/// else no day at all: a build that nobody asked to must not depend on when it runs.
fn today(config: &Config, history: Option<&git::History>, by_clock: bool) -> Option<Date> {
    let given = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|text| text.trim().parse::<i64>().ok());
    let instant = match given {
        Some(seconds) => jiff::Timestamp::from_second(seconds).ok()?,
        None if by_clock => jiff::Timestamp::now(),
        None => history?.head?.at,
    };
    Some(instant.to_zoned(config.timezone.clone()).date())
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.depth() > 0 && entry.file_name().as_encoded_bytes().first() == Some(&b'.')
}

/// Where the root itself is the content, these names keep their trusted meaning.
fn is_trusted_name(entry: &DirEntry) -> bool {
    entry.depth() == 1 && entry.file_name().to_str().is_some_and(root::is_reserved)
}

fn is_not_written_by_people(entry: &DirEntry) -> bool {
    entry.file_name() == OsStr::new(INSTALLED)
}

/// A path from the root with `/`, in the composed form in which people compare names.
fn path_text(root: &Path, path: &Path) -> Option<Arc<str>> {
    let text = path.strip_prefix(root).ok()?.to_str()?;
    Some(if text.is_ascii() { Arc::from(text) } else { Arc::from(text.nfc().collect::<String>()) })
}

fn relative(folder: &Path, path: &Path) -> String {
    path.strip_prefix(folder).unwrap_or(path).to_string_lossy().into_owned()
}

/// Why some system cannot store a path, or why people could not tell it from another.
pub(crate) fn unsafe_name(path: &str) -> Option<String> {
    path.split('/').find_map(|name| {
        let stem = name.split('.').next().unwrap_or(name).trim_end().to_ascii_lowercase();
        let device = matches!(stem.as_str(), "con" | "prn" | "aux" | "nul")
            || (stem.len() == 4
                && (stem.starts_with("com") || stem.starts_with("lpt"))
                && stem.ends_with(|last: char| last.is_ascii_digit() && last != '0'));
        if device {
            return Some(format!("contains `{stem}`, a name reserved by Windows for a device"));
        }
        if name.ends_with('.') || name.ends_with(' ') || name.starts_with(' ') {
            return Some(
                "starts or ends with a space or ends with a full stop, which Windows cannot store"
                    .to_string(),
            );
        }
        name.chars().find_map(|character| match character {
            '<' | '>' | ':' | '"' | '|' | '?' | '*' | '\\' => {
                Some(format!("contains the character `{character}`, which Windows cannot store"))
            }
            character if character.is_control() => Some("contains a control character".to_string()),
            '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' => {
                Some("contains an invisible character".to_string())
            }
            _ => None,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_decoded_as_people_save_it() {
        let path: Arc<str> = Arc::from("content/a.md");
        assert_eq!(&*decode(&path, b"\xEF\xBB\xBFa\r\nb\rc\n").unwrap(), "a\nb\nc\n");
        let problem = decode(&path, b"fine\nbad \xFF").unwrap_err();
        assert_eq!((problem.rule, problem.line, problem.column), (Rule::Encoding, 2, 5));
        let problem = decode(&path, b"a\0b").unwrap_err();
        assert_eq!((problem.rule, problem.line, problem.column), (Rule::Encoding, 1, 2));
    }

    #[test]
    fn names_that_some_system_cannot_store_are_refused() {
        for name in ["con.md", "a/NUL", "a:b.md", "x.", " y.md", "a\nb.md", "a\u{202E}b.md", "lpt9.txt"] {
            assert!(unsafe_name(name).is_some(), "{name:?}");
        }
        for name in ["a b.md", "été.md", "console.md", "com.md", "2026-11-21-news.md", "-rf.md"] {
            assert_eq!(unsafe_name(name), None, "{name:?}");
        }
    }
}
