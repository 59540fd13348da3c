//! Whether a site that follows edits is what a build makes of the same files, tried on the site's own content.
//!
//! Everything happens in memory: texts are changed in a copy of what was read, one file at a time, and put back.
//! After each change the files of the site that followed are compared with those of a build that knows nothing of
//! what was there before. Only hashes are kept, so a large site does not have to fit in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::output::{Content, OutputPath, Sink};
use crate::page::front_matter::write::fenced;
use crate::page::{Lead, Page};
use crate::pipeline::{BuildError, build, link};
use crate::search::IncrementalIndex;
use crate::site::{Form, Visibility, classify};
use crate::source::{Document, LoadOptions, Sources};
use crate::theme::Names;
use crate::workspace::Workspace;

/// What every file of a site is, by its path: the hash of its bytes.
pub type Hashes = BTreeMap<String, blake3::Hash>;

/// What is done to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Edit {
    /// Another line at its end.
    Text,
    /// Other first words.
    FirstWords,
    /// Another title.
    Title,
    /// A tag that nothing has.
    Tag,
    /// A draft.
    Draft,
    /// Without its headings.
    Headings,
    /// Somebody's reply to it.
    Reply,
    /// The file is gone.
    Removal,
}

/// How a site differs from what a build makes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// Files with other bytes.
    pub changed: Vec<String>,
    /// Files that are not there.
    pub missing: Vec<String>,
    /// Files that should not be there.
    pub extra: Vec<String>,
}

/// One edit that was tried.
#[derive(Debug)]
pub struct Tried {
    /// What was done.
    pub edit: Edit,
    /// To which file.
    pub file: Arc<str>,
    /// How many pages were rendered for it.
    pub rendered: usize,
    /// How long it took to follow the edit.
    pub followed: Duration,
    /// How long the build took.
    pub built: Duration,
    /// What differed after the edit.
    pub after: Difference,
    /// What differed after the file was put back.
    pub restored: Difference,
}

/// A site that follows edits in memory.
pub struct Verifier {
    sources: Arc<Sources>,
    visibility: Visibility,
    workspace: Workspace,
    index: IncrementalIndex,
    followed: Hashes,
    clean: Hashes,
}

impl Edit {
    /// Every sort of edit.
    pub const ALL: [Edit; 8] = [
        Edit::Text,
        Edit::FirstWords,
        Edit::Title,
        Edit::Tag,
        Edit::Reply,
        Edit::Headings,
        Edit::Draft,
        Edit::Removal,
    ];

    /// What was done, as the rest of "after …".
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Edit::Text => "adding a line at the end of",
            Edit::FirstWords => "changing the first words of",
            Edit::Title => "changing the title of",
            Edit::Tag => "adding a tag to",
            Edit::Draft => "setting the status `draft` in",
            Edit::Headings => "removing the headings of",
            Edit::Reply => "adding a reply to",
            Edit::Removal => "removing",
        }
    }
}

impl Difference {
    /// Between what is there and what should be.
    #[must_use]
    pub fn between(there: &Hashes, clean: &Hashes) -> Difference {
        let mut difference = Difference::default();
        for (path, hash) in clean {
            match there.get(path) {
                Some(same) if same == hash => {}
                Some(_) => difference.changed.push(path.clone()),
                None => difference.missing.push(path.clone()),
            }
        }
        difference.extra.extend(there.keys().filter(|path| !clean.contains_key(*path)).cloned());
        difference
    }

    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count() == 0
    }

    /// How many files differ.
    #[must_use]
    pub fn count(&self) -> usize {
        self.changed.len() + self.missing.len() + self.extra.len()
    }
}

impl Verifier {
    /// Makes the site both ways.
    ///
    /// # Errors
    /// When a template is wrong or the index cannot be made.
    pub fn begin(sources: Arc<Sources>, visibility: Visibility) -> Result<Verifier, BuildError> {
        let clean = hashes(&sources, visibility)?;
        let mut verifier = Verifier {
            sources: Arc::clone(&sources),
            visibility,
            workspace: Workspace::new(&sources.root, LoadOptions::default(), visibility, Names::Hashed),
            index: IncrementalIndex::new(),
            followed: Hashes::new(),
            clean,
        };
        verifier.follow(&sources)?;
        Ok(verifier)
    }

    /// What a build makes of the site as it is.
    #[must_use]
    pub fn clean(&self) -> &Hashes {
        &self.clean
    }

    /// How the site that has just been made step by step differs from a build.
    #[must_use]
    pub fn difference(&self) -> Difference {
        Difference::between(&self.followed, &self.clean)
    }

    /// The edits that are tried: each of another file, as long as there are enough, of every sort in turn. The same
    /// number gives the same edits.
    #[must_use]
    pub fn edits(&self, count: usize, seed: u64) -> Vec<(Edit, Arc<str>)> {
        let site = self.workspace.site();
        let site = site.lock();
        let Some(site) = site.as_ref() else { return Vec::new() };
        let mut files: Vec<&Arc<str>> = site.pages().iter().map(|page| &page.path).collect();
        let mut state = seed;
        for at in (1..files.len()).rev() {
            state = mixed(state);
            files.swap(at, usize::try_from(state % (at as u64 + 1)).unwrap_or(0));
        }
        let files = files.into_iter().cycle().take(if site.pages().is_empty() { 0 } else { count });
        files.zip(Edit::ALL.into_iter().cycle()).map(|(file, edit)| (edit, Arc::clone(file))).collect()
    }

    /// Tries one edit and takes it back.
    ///
    /// # Errors
    /// As [`Verifier::begin`].
    pub fn attempt(&mut self, edit: Edit, file: &Arc<str>) -> Result<Tried, BuildError> {
        let sources = Arc::clone(&self.sources);
        let edited = self.edited(edit, file);
        let started = Instant::now();
        let rendered = self.follow(&edited)?;
        let followed = started.elapsed();
        let started = Instant::now();
        let clean = hashes(&edited, self.visibility)?;
        let built = started.elapsed();
        let after = Difference::between(&self.followed, &clean);
        self.follow(&sources)?;
        let restored = self.difference();
        Ok(Tried { edit, file: Arc::clone(file), rendered, followed, built, after, restored })
    }

    /// The sources after an edit.
    fn edited(&self, edit: Edit, file: &Arc<str>) -> Arc<Sources> {
        let mut sources = Sources::clone(&self.sources);
        let at = sources.documents.binary_search_by(|it| it.path.cmp(file));
        let linked = self.workspace.site();
        let linked = linked.lock();
        let page = linked.as_ref().and_then(|site| {
            let id = site.pages().binary_search_by(|page| page.path.cmp(file)).ok()?;
            Some((&*site.pages()[id], site.forms()[id]))
        });
        let (Ok(at), Some((page, form))) = (at, page) else { return Arc::new(sources) };
        let text = Arc::clone(&sources.documents[at].text);
        match edit {
            Edit::Removal => {
                sources.documents.remove(at);
            }
            Edit::Reply if form == Form::Entry => {
                let path = format!("{}/a-new-voice.md", classify::folder_of_replies(page));
                let reply =
                    Document { path: path.into(), text: "A reply that was not there before.\n".into() };
                if let Err(place) = sources.documents.binary_search_by(|it| it.path.cmp(&reply.path)) {
                    sources.documents.insert(place, reply);
                }
            }
            _ => sources.documents[at].text = rewritten(edit, &text, page).into(),
        }
        Arc::new(sources)
    }

    /// Follows to other sources; says how many pages were rendered.
    fn follow(&mut self, sources: &Arc<Sources>) -> Result<usize, BuildError> {
        let mut rebuild = self.workspace.apply_sources(Arc::clone(sources));
        self.workspace.finish(&mut rebuild);
        if let Some(stopped) = rebuild.stopped {
            return Err(stopped.into());
        }
        for (path, content) in rebuild.files {
            match content {
                Some(content) => self.followed.insert(path.to_string(), content.hash()),
                None => self.followed.remove(path.as_str()),
            };
        }
        let site = self.workspace.site();
        let site = site.lock();
        let Some(site) = site.as_ref() else { return Ok(0) };
        let look = self.index.look(site);
        let made = self.index.make(&look, &|| false).map_err(BuildError::Index)?;
        let statics = &site.sources().statics;
        if let Some(made) = made {
            for path in made.gone.iter().filter(|path| !statics.contains_key(*path)) {
                self.followed.remove(path);
            }
            for path in made.changed.iter().filter(|path| !statics.contains_key(*path)) {
                self.followed.insert(path.clone(), blake3::hash(&made.files[path]));
            }
        }
        Ok(rebuild.rendered.len())
    }
}

/// What a build makes of sources.
///
/// # Errors
/// When a template is wrong or the index cannot be made.
pub fn hashes(sources: &Arc<Sources>, visibility: Visibility) -> Result<Hashes, BuildError> {
    let (site, _) = link(sources, visibility, None, &|_| {});
    let hashes = Hashing::default();
    build(&site, &hashes, &|_| {})?;
    Ok(hashes.0.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// Keeps nothing of a site but hashes.
#[derive(Default)]
struct Hashing(Mutex<Hashes>);

impl Hashing {
    fn add(&self, path: &OutputPath, hash: blake3::Hash) -> io::Result<()> {
        let mut hashes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match hashes.insert(path.to_string(), hash) {
            None => Ok(()),
            Some(_) => Err(io::ErrorKind::AlreadyExists.into()),
        }
    }
}

impl Sink for Hashing {
    fn put(&self, path: &OutputPath, content: Content) -> io::Result<()> {
        self.add(path, content.hash())
    }

    fn put_bytes(&self, path: &OutputPath, bytes: &[u8]) -> io::Result<()> {
        self.add(path, blake3::hash(bytes))
    }
}

/// The text of a file after an edit.
fn rewritten(edit: Edit, text: &str, page: &Page) -> String {
    let heading = matches!(page.lead, Lead::Heading(_));
    let (front, body) = apart(text);
    match edit {
        Edit::Title if heading => {
            let mut first = true;
            with_lines(front, body, |line| {
                let is_title = std::mem::take(&mut first) && line.starts_with("# ");
                first |= line.trim().is_empty();
                Some(if is_title { format!("{line}, said anew") } else { line.to_string() })
            })
        }
        Edit::Title => with_field(text, "title: Said anew"),
        Edit::FirstWords => {
            let mut done = false;
            with_lines(front, body, |line| {
                let is_text = !done && line.starts_with(char::is_alphabetic);
                done |= is_text;
                Some(if is_text { format!("To begin with: {line}") } else { line.to_string() })
            })
        }
        Edit::Tag => with_field(text, "keywords: [a-tag-that-nothing-has]"),
        Edit::Draft => with_field(text, "status: draft"),
        Edit::Headings => {
            with_lines(front, body, |line| (!line.starts_with("## ")).then(|| line.to_string()))
        }
        Edit::Text | Edit::Reply | Edit::Removal => format!("{text}\n\nA line that was not there before.\n"),
    }
}

/// Front matter with its marks, and the rest.
fn apart(text: &str) -> (&str, &str) {
    let end = text.strip_prefix("---\n").and_then(|rest| Some(rest.find("\n---\n")? + 4 + 5));
    text.split_at(end.unwrap_or(0))
}

fn with_lines(front: &str, body: &str, mut line: impl FnMut(&str) -> Option<String>) -> String {
    let lines: Vec<String> = body.split('\n').filter_map(&mut line).collect();
    format!("{front}{}", lines.join("\n"))
}

/// The text with a field that takes the place of one of the same name.
fn with_field(text: &str, field: &str) -> String {
    let (front, body) = apart(text);
    let name = field.split(':').next().unwrap_or(field);
    let known: BTreeSet<&str> = front.lines().filter(|line| line.starts_with(&format!("{name}:"))).collect();
    let rest: String = front
        .lines()
        .filter(|line| *line != "---" && !known.contains(line))
        .map(|line| format!("{line}\n"))
        .collect();
    fenced(&format!("{rest}{field}\n")) + body
}

/// The next of numbers that look like chance (SplitMix64).
fn mixed(state: u64) -> u64 {
    let mut mixed = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_takes_the_place_of_its_own() {
        assert_eq!(with_field("# A\n", "status: draft"), "---\nstatus: draft\n---\n# A\n");
        let text = "---\nstatus: locked\ntags: a\n---\n# A\n";
        assert_eq!(with_field(text, "status: draft"), "---\ntags: a\nstatus: draft\n---\n# A\n");
    }
}
