//! A site that follows edits, as a preview does, beside one that is made from the beginning.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use longhouse::diagnostic::Diagnostic;
use longhouse::incremental::PageCache;
use longhouse::output::{Content, Gather};
use longhouse::search;
use longhouse::site::{Site, Visibility, url};
use longhouse::source::reload::{Touched, reload};
use longhouse::source::{LoadError, LoadOptions, Sources, load};
use longhouse::theme::Names;
use longhouse::workspace::{Rebuild, Workspace};
use longhouse::{BuildError, Event};

use super::step::Step;
use crate::fixture::Folder;

/// In which form a site is made, and by whom it is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// As a build publishes it.
    Published,
    /// The same, by the loop of `longhouse watch`.
    Watched,
    /// With drafts and all that lies in the future, and names without hashes.
    Preview,
    /// The same, by the loop of `longhouse serve`, where the last good page stays.
    Served,
}

/// The files of a site by path.
type Files = BTreeMap<String, Content>;

/// A site that follows edits.
pub(super) struct Warm {
    form: Form,
    follower: Follower,
    pub(super) files: Files,
    diagnostics: Vec<Diagnostic>,
    /// The search index, which follows too.
    index: search::IncrementalIndex,
    /// Addresses of the pages that the last step rendered.
    pub(super) rendered: Vec<String>,
}

/// Who follows.
enum Follower {
    /// Each step by itself.
    Parts(Box<Parts>),
    /// The loop that commands have.
    Preview(Box<Workspace>),
}

/// What is known from one step to the next.
struct Parts {
    sources: Arc<Sources>,
    site: Option<Site>,
    memory: PageCache,
    /// What was named and could not be read yet.
    owed: Touched,
}

impl Form {
    /// Every form in turn.
    pub(super) fn of(seed: u64) -> Form {
        [Form::Published, Form::Served, Form::Preview, Form::Watched][usize::try_from(seed % 4).unwrap_or(0)]
    }

    fn is_preview(self) -> bool {
        matches!(self, Form::Preview | Form::Served)
    }

    fn visibility(self) -> Visibility {
        Visibility { drafts: self.is_preview(), preview: self.is_preview() }
    }

    fn names(self) -> Names {
        if self.is_preview() { Names::Plain } else { Names::Hashed }
    }

    fn options(self) -> LoadOptions {
        LoadOptions { preview: self.is_preview(), ..LoadOptions::default() }
    }
}

fn quiet(_: Event) {}

impl Warm {
    /// Makes the site for the first time.
    pub(super) fn new(folder: &Folder, form: Form) -> Warm {
        let sources = load(folder.root(), &form.options()).expect("a site that can be read");
        let (files, diagnostics, rendered) = (Files::new(), Vec::new(), Vec::new());
        let index = search::IncrementalIndex::new();
        if matches!(form, Form::Served | Form::Watched) {
            let mut preview = Workspace::new(folder.root(), form.options(), form.visibility(), form.names());
            let mut renewal = preview.open(sources);
            preview.finish(&mut renewal);
            let mut warm = Warm {
                form,
                follower: Follower::Preview(Box::new(preview)),
                files,
                diagnostics,
                index,
                rendered,
            };
            assert!(warm.take(renewal).is_ok(), "a theme without mistakes");
            return warm;
        }
        let parts = Parts { sources, site: None, memory: PageCache::default(), owed: Touched::default() };
        let mut warm =
            Warm { form, follower: Follower::Parts(Box::new(parts)), files, diagnostics, index, rendered };
        assert!(warm.notice(Touched::default()).is_ok(), "a theme without mistakes");
        warm
    }

    /// Does a step and follows it; says what differs then from a site that is made from the beginning.
    pub(super) fn follow(&mut self, step: &Step, root: &Path, look: bool, n: usize) -> Result<(), String> {
        let touched = step.act(root);
        let result = self.notice(touched);
        if !look {
            return Ok(());
        }
        let sources = match (load(root, &self.form.options()), &result) {
            (Err(clean), Err(warm)) => return same("what is wrong", warm, &told(&clean)),
            (Err(clean), Ok(())) => return Err(format!("only the clean build is refused: {}", told(&clean))),
            (Ok(clean), _) => clean,
        };
        let (site, between) = longhouse::link(&sources, self.form.visibility(), None, &quiet);
        let diagnostics = longhouse::check(&site, between);
        let mut memory = PageCache::default();
        let renewed = match (memory.render(&site, self.form.names()), result) {
            (Err(clean), Err(warm)) => {
                return same("what is wrong with the theme", &warm, &explained(&clean));
            }
            (Err(clean), Ok(())) => return Err(format!("only the clean build is refused: {clean}")),
            (Ok(_), Err(warm)) => return Err(format!("refused without reason: {warm}")),
            (Ok(renewed), Ok(())) => renewed,
        };
        let index = n.is_multiple_of(10).then_some(&mut self.index);
        match &self.follower {
            Follower::Parts(parts) => compare_sites(parts.site.as_ref(), &site, index)?,
            Follower::Preview(preview) => compare_sites(preview.site().lock().as_ref(), &site, index)?,
        }
        same("what is said", &lines(&self.diagnostics), &lines(&diagnostics))?;
        let mut files = Files::new();
        apply(&mut files, renewed.files);
        compare(&self.files, &files, |path| self.form == Form::Served && is_kept(&site, path))?;
        if !self.form.is_preview() && n.is_multiple_of(20) {
            compare(&self.files, &built(&site)?, |_| false).map_err(|it| format!("beside a build: {it}"))?;
        }
        Ok(())
    }

    /// Follows what was touched; says what is wrong if it cannot.
    pub(super) fn notice(&mut self, touched: Touched) -> Result<(), String> {
        let parts = match &mut self.follower {
            Follower::Parts(parts) => parts,
            Follower::Preview(preview) => {
                let mut renewal = preview.apply(touched);
                preview.finish(&mut renewal);
                return self.take(renewal);
            }
        };
        parts.owed.paths.extend(touched.paths);
        parts.owed.everything |= touched.everything;
        parts.sources =
            reload(&parts.sources, &self.form.options(), &parts.owed).map_err(|error| told(&error))?;
        parts.owed = Touched::default();
        let before = parts.site.take();
        let (site, between) = longhouse::link(&parts.sources, self.form.visibility(), before, &quiet);
        self.diagnostics = longhouse::check(&site, between);
        let site = parts.site.insert(site);
        let renewed = parts.memory.render(site, self.form.names()).map_err(|error| explained(&error))?;
        apply(&mut self.files, renewed.files);
        self.rendered = renewed.rendered;
        Ok(())
    }

    /// Takes what the loop says.
    fn take(&mut self, mut renewal: Rebuild) -> Result<(), String> {
        let Follower::Preview(preview) = &self.follower else { return Ok(()) };
        if let Some(stopped) = renewal.stopped {
            assert!(renewal.files.is_empty(), "what is wrong leaves everything as it was");
            return Err(stopped.world.unwrap_or_else(|| lines(&stopped.diagnostics)));
        }
        if renewal.is_news {
            self.diagnostics = preview.problems(&mut renewal);
        }
        apply(&mut self.files, renewal.files);
        self.rendered = renewal.rendered;
        Ok(())
    }
}

/// Everything that pages and search are made of.
fn compare_sites(
    warm: Option<&Site>,
    clean: &Site,
    index: Option<&mut search::IncrementalIndex>,
) -> Result<(), String> {
    let warm = warm.ok_or("there is no site")?;
    if let Some(index) = index {
        let look = index.look(warm);
        let made = index.make(&look, &|| false).map_err(|error| error.to_string())?;
        let wanted = clean.sources().config.search.enabled;
        let clean = if wanted {
            search::index(clean).map_err(|error| error.to_string())?
        } else {
            search::Files::new()
        };
        if made.is_none_or(|made| *made.files != clean) {
            return Err("the search index differs".to_string());
        }
    }
    let parts = |site: &Site| {
        [
            ("entries", format!("{:#?}", site.entries())),
            ("neighbours", format!("{:#?}", site.neighbours())),
            ("shown", format!("{:#?}", site.shown())),
            ("people", format!("{:#?}", site.people())),
            ("tags", format!("{:#?}", site.tags())),
            ("products", format!("{:#?}", site.products())),
            ("redirects", format!("{:#?}", site.redirects())),
            ("assets", format!("{:#?}", site.assets())),
            ("texts", format!("{:#?} {:#?} {:#?}", site.home(), site.kind_texts(), site.plain())),
            ("guidelines", format!("{:#?}", site.guidelines().as_ref().map(|it| &it.1))),
            ("fulfilments", format!("{:#?}", site.fulfilments())),
            ("forms", format!("{:#?} {:#?} {:#?}", site.forms(), site.left_out(), site.new_doors())),
            ("search", format!("{:#?}", search::documents(site))),
        ]
    };
    for ((name, warm), (_, clean)) in parts(warm).into_iter().zip(parts(clean)) {
        same(&format!("the {name} of the site"), &warm, &clean)?;
    }
    Ok(())
}

/// Whether the last good page of a file that cannot be shown may stay at this path.
fn is_kept(site: &Site, path: &str) -> bool {
    let left_out = site.pages().iter().enumerate().filter(|(id, _)| site.is_left_out(*id));
    let files =
        left_out.map(|(_, page)| &*page.path).chain(site.sources().diagnostics.iter().map(|it| &*it.file));
    files.filter_map(|file| site.meant_address(file)).any(|address| url::output_path(&address) == path)
}

fn told(error: &LoadError) -> String {
    match error {
        LoadError::Config(diagnostics) => lines(diagnostics),
        LoadError::NoSite(what) => what.clone(),
        other => format!("{other:?}"),
    }
}

fn explained(error: &BuildError) -> String {
    match error {
        BuildError::Template(errors) => lines(&errors.diagnostics),
        other => other.to_string(),
    }
}

fn lines(diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().map(|it| format!("{it:?}\n")).collect()
}

fn apply(files: &mut Files, changed: Vec<(longhouse::output::OutputPath, Option<Content>)>) {
    for (path, content) in changed {
        match content {
            Some(content) => files.insert(path.to_string(), content),
            None => files.remove(path.as_str()),
        };
    }
}

/// The files of a whole build, without those of the search index.
fn built(site: &Site) -> Result<Files, String> {
    let gather = Gather::default();
    longhouse::build(site, &gather, &quiet).map_err(|error| error.to_string())?;
    let output = gather.finish();
    let is_index = |path: &str| path.starts_with("assets/search/") || path == "search/index.json";
    let files = output.iter().map(|(path, content)| (path.to_string(), content.clone()));
    Ok(files.filter(|(path, _)| !is_index(path)).collect())
}

/// The first file that is not the same.
fn compare(warm: &Files, clean: &Files, may_stay: impl Fn(&str) -> bool) -> Result<(), String> {
    for (path, content) in clean {
        let Some(known) = warm.get(path) else { return Err(format!("{path} is missing")) };
        if known.hash() != content.hash() {
            let text = |content: &Content| String::from_utf8_lossy(&bytes(content)).into_owned();
            return same(path, &text(known), &text(content));
        }
        // What is read from the disk when somebody asks for it must be there.
        if !matches!(known, Content::Bytes(_)) && blake3::hash(&bytes(known)) != known.hash() {
            return Err(format!("{path} is not what its source holds"));
        }
    }
    match warm.keys().find(|path| !clean.contains_key(*path) && !may_stay(path)) {
        Some(path) => Err(format!("{path} should be gone")),
        None => Ok(()),
    }
}

fn bytes(content: &Content) -> Vec<u8> {
    let mut bytes = Vec::new();
    match content.open().and_then(|mut it| it.read_to_end(&mut bytes)) {
        Ok(_) => bytes,
        Err(_) => Vec::new(),
    }
}

/// The first line that is not the same, with those around it.
fn same(what: &str, warm: &str, clean: &str) -> Result<(), String> {
    if warm == clean {
        return Ok(());
    }
    let (warm, clean): (Vec<&str>, Vec<&str>) = (warm.lines().collect(), clean.lines().collect());
    let at = warm.iter().zip(&clean).position(|(a, b)| a != b).unwrap_or(warm.len().min(clean.len()));
    let around = |lines: &[&str]| {
        let cut = |line: &&str| line.chars().take(700).collect::<String>();
        lines[at.saturating_sub(12).min(lines.len())..(at + 5).min(lines.len())]
            .iter()
            .map(cut)
            .collect::<Vec<_>>()
            .join("\n")
    };
    Err(format!(
        "{what} differs in line {}:\n-- it is\n{}\n-- it should be\n{}",
        at + 1,
        around(&warm),
        around(&clean)
    ))
}
