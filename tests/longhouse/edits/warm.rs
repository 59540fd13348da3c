//! A site that follows edits, as a preview does, beside one that is made from the beginning.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use longhouse::diagnostic::Diagnostic;
use longhouse::output::{Content, Gather};
use longhouse::renew::Memory;
use longhouse::site::{Site, Visibility};
use longhouse::source::again::{Touched, again};
use longhouse::source::{LoadError, LoadOptions, Sources, load};
use longhouse::theme::Names;
use longhouse::{BuildError, Event};

use super::step::Step;
use crate::fixture::Folder;

/// In which form a site is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Published,
    Preview,
}

/// The files of a site by path.
type Files = BTreeMap<String, Content>;

/// A site that follows edits.
pub(super) struct Warm {
    form: Form,
    sources: Arc<Sources>,
    site: Option<Site>,
    memory: Memory,
    pub(super) files: Files,
    diagnostics: Vec<Diagnostic>,
    /// What was named and could not be read yet.
    pending: Touched,
    /// Addresses of the pages that the last step rendered.
    pub(super) rendered: Vec<String>,
}

impl Form {
    fn visibility(self) -> Visibility {
        match self {
            Form::Published => Visibility::default(),
            Form::Preview => Visibility { drafts: true, preview: true },
        }
    }

    fn names(self) -> Names {
        match self {
            Form::Published => Names::Hashed,
            Form::Preview => Names::Plain,
        }
    }

    fn options(self) -> LoadOptions {
        LoadOptions { preview: self == Form::Preview, ..LoadOptions::default() }
    }
}

fn quiet(_: Event) {}

impl Warm {
    /// Makes the site for the first time.
    pub(super) fn new(folder: &Folder, form: Form) -> Warm {
        let sources = load(folder.root(), &form.options()).expect("a site that can be read");
        let mut warm = Warm {
            form,
            sources,
            site: None,
            memory: Memory::default(),
            files: Files::new(),
            diagnostics: Vec::new(),
            pending: Touched::default(),
            rendered: Vec::new(),
        };
        warm.renew().expect("a theme without mistakes");
        warm
    }

    /// Does a step and follows it; says what differs then from a site that is made from the beginning.
    pub(super) fn follow(&mut self, step: &Step, root: &Path, look: bool, n: usize) -> Result<(), String> {
        let touched = step.act(root);
        let result = self.notice(&touched);
        if !look {
            return Ok(());
        }
        let clean = load(root, &self.form.options());
        let (sources, clean) = match (clean, result) {
            (Err(clean), Err(Trouble::Load(warm))) => return same("trouble", &told(&warm), &told(&clean)),
            (Err(clean), _) => return Err(format!("only the clean build is refused: {}", told(&clean))),
            (Ok(_), Err(Trouble::Load(warm))) => {
                return Err(format!("refused without reason: {}", told(&warm)));
            }
            (Ok(clean), result) => (clean, result),
        };
        let (site, between) = longhouse::link(&sources, self.form.visibility(), None, &quiet);
        let diagnostics = longhouse::check(&site, between);
        self.compare_sites(&site)?;
        same("diagnostics", &lines(&self.diagnostics), &lines(&diagnostics))?;
        let mut memory = Memory::default();
        let renewed = match (memory.renew(&site, self.form.names()), clean) {
            (Err(clean), Err(Trouble::Build(warm))) => {
                return same("trouble with the theme", &explained(&warm), &explained(&clean));
            }
            (Err(clean), _) => return Err(format!("only the clean build is refused: {clean}")),
            (Ok(_), Err(_)) => return Err("refused without reason".to_string()),
            (Ok(renewed), Ok(())) => renewed,
        };
        let mut files = Files::new();
        apply(&mut files, renewed.files);
        compare(&self.files, &files)?;
        if self.form == Form::Published && n.is_multiple_of(20) {
            compare(&self.files, &built(&site)?).map_err(|it| format!("beside a build: {it}"))?;
        }
        Ok(())
    }

    /// Follows what was touched.
    pub(super) fn notice(&mut self, touched: &Touched) -> Result<(), Trouble> {
        self.pending.paths.extend(touched.paths.iter().cloned());
        self.pending.everything |= touched.everything;
        let sources = again(&self.sources, &self.form.options(), &self.pending);
        self.sources = sources.map_err(Trouble::Load)?;
        self.pending = Touched::default();
        self.renew().map_err(Trouble::Build)
    }

    fn renew(&mut self) -> Result<(), BuildError> {
        let before = self.site.take();
        let (site, between) = longhouse::link(&self.sources, self.form.visibility(), before, &quiet);
        self.diagnostics = longhouse::check(&site, between);
        let site = self.site.insert(site);
        let renewed = self.memory.renew(site, self.form.names())?;
        apply(&mut self.files, renewed.files);
        self.rendered = renewed.rendered;
        Ok(())
    }

    /// Everything that pages and search are made of.
    fn compare_sites(&self, clean: &Site) -> Result<(), String> {
        let Some(warm) = &self.site else { return Err("there is no site".to_string()) };
        let parts = |site: &Site| {
            [
                ("entries", format!("{:#?}", site.entries)),
                ("neighbours", format!("{:#?}", site.neighbours)),
                ("shown", format!("{:#?}", site.shown)),
                ("people", format!("{:#?}", site.people)),
                ("tags", format!("{:#?}", site.tags)),
                ("products", format!("{:#?}", site.products)),
                ("redirects", format!("{:#?}", site.redirects)),
                ("assets", format!("{:#?}", site.assets)),
                ("texts", format!("{:#?} {:#?} {:#?}", site.home, site.kind_texts, site.plain)),
                ("guidelines", format!("{:#?}", site.guidelines.as_ref().map(|it| &it.1))),
                ("fulfilments", format!("{:#?}", site.fulfilments)),
                ("forms", format!("{:#?} {:#?} {:#?}", site.forms, site.left_out, site.new_urls)),
                ("search", format!("{:#?}", longhouse::search::documents(site))),
            ]
        };
        for ((name, warm), (_, clean)) in parts(warm).into_iter().zip(parts(clean)) {
            same(&format!("the {name} of the site"), &warm, &clean)?;
        }
        Ok(())
    }
}

/// Why a step could not be followed.
pub(super) enum Trouble {
    Load(LoadError),
    Build(BuildError),
}

fn told(error: &LoadError) -> String {
    match error {
        LoadError::Config(diagnostics) => lines(diagnostics),
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
    let is_index = |path: &str| path.starts_with("search/") && path != "search/index.html";
    let files = output.iter().map(|(path, content)| (path.to_string(), content.clone()));
    Ok(files.filter(|(path, _)| !is_index(path)).collect())
}

/// The first file that is not the same.
fn compare(warm: &Files, clean: &Files) -> Result<(), String> {
    for (path, content) in clean {
        let Some(known) = warm.get(path) else { return Err(format!("{path} is missing")) };
        if known.hash() != content.hash() {
            let text = |content: &Content| String::from_utf8_lossy(&bytes(content)).into_owned();
            return same(path, &text(known), &text(content));
        }
        // What is read from the disk when somebody asks for it must be there.
        if let Content::Source { path: file, hash, .. } = known
            && fs::read(file).map(|bytes| blake3::hash(&bytes)).ok() != Some(*hash)
        {
            return Err(format!("{path} is not what {} holds", file.display()));
        }
    }
    match warm.keys().find(|path| !clean.contains_key(*path)) {
        Some(path) => Err(format!("{path} should be gone")),
        None => Ok(()),
    }
}

fn bytes(content: &Content) -> Vec<u8> {
    match content {
        Content::Bytes(bytes) => bytes.to_vec(),
        Content::Source { path, .. } => fs::read(path).unwrap_or_default(),
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
