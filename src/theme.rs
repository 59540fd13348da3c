//! The theme: templates that turn views into pages, and the files that pages need.
//!
//! The default theme is part of the program; the site's own `themes/<name>/` lies over it file by file.
//! Nothing in content is ever a template. Files get names with the hash of their bytes, so that hosts
//! may keep them for ever.

mod global;
mod minify;
mod palette;
pub mod problem;
mod reference;
mod say;
mod templates;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use include_dir::{Dir, include_dir};
use longhouse_search::pack::MANIFEST;
use tera::{Context, Tera, Value};

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Rule, Severity, Span, nearest};
use crate::page::front_matter::Field;
use crate::page::kind::Kind;
use crate::root;
use crate::site::facet::Facet;
use crate::site::reader::Reader;
use crate::site::revision::{Changed, Reads};
use crate::site::url;
use crate::site::{Site, contribution};
use crate::source::Sources;
use crate::view::View;
use crate::words::Word;
use global::Global;
use problem::{Fault, TemplateErrors};
use templates::Templates;

/// The name of the theme that comes with the program.
pub(crate) const DEFAULT_NAME: &str = "default";

static DEFAULT: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/themes/default");

/// Templates and files, ready to render.
#[derive(Debug)]
pub struct Theme {
    tera: Tera,
    templates: Templates,
    /// The theme's files: address on the site to bytes.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The names of its files to their links.
    addresses: BTreeMap<String, String>,
    /// What every template may see besides its view, as JSON.
    shown: String,
    made_of: MadeOf,
}

/// What a theme was read from. What did not change is the same piece of memory.
#[derive(Debug)]
struct MadeOf {
    language: String,
    /// The hash of all words of the site.
    words: blake3::Hash,
    files: Arc<BTreeMap<String, Vec<u8>>>,
    names: Names,
    /// What else of the site was read for files and templates.
    reads: Reads,
}

/// How the theme's files are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// With the hash of their bytes, so that hosts may keep them for ever.
    Hashed,
    /// Without, for a preview: a style that is saved must not change every page.
    Plain,
}

impl Theme {
    /// Reads the theme of a site.
    ///
    /// # Errors
    /// When templates cannot be read: all that is wrong with them.
    pub fn new(site: &Site, names: Names) -> Result<Theme, TemplateErrors> {
        let sources = site.sources();
        let site = site.reader();
        let config = site.config();
        let mut files = BTreeMap::new();
        let mut addresses: BTreeMap<String, String> = BTreeMap::new();
        for (name, bytes) in statics(sources) {
            let is_of_no_page = (name == WRITE_SCRIPT && !config.takes_writing())
                || (name == INSIGHT_STYLE && !config.public_insight);
            if is_of_no_page {
                continue;
            }
            if SEARCH_FILES.iter().any(|it| name.starts_with(it)) && !config.search.enabled {
                continue;
            }
            if name == DOORS_SCRIPT && config.repository.is_none() {
                continue;
            }
            let shares = |config: &Config| {
                config.search.enabled || config.repository.is_some() || config.takes_writing()
            };
            if name == SHARED_SCRIPT && !shares(&sources.config) {
                continue;
            }
            let mut bytes = bytes.to_vec();
            if let Some(address) = addresses.get(SHARED_SCRIPT).filter(|_| name.ends_with(".js")) {
                bytes = with_shared(&bytes, address);
            }
            if name == STYLE_SHEET {
                let mut css = tokens(config, &bytes);
                css.push_str(&minify::css(&String::from_utf8_lossy(&bytes)));
                bytes = css.into_bytes();
            } else if [INSIGHT_STYLE, DECIDE_STYLE, LINKS_STYLE].contains(&name) {
                bytes = minify::css(&String::from_utf8_lossy(&bytes)).into_bytes();
            } else if name == SEARCH_SCRIPT {
                // What it needs comes before it in the order of names.
                let mut script = search_settings(&site, &addresses);
                script.push_str(&String::from_utf8_lossy(&bytes));
                bytes = script.into_bytes();
            } else if name == ALERTS_SCRIPT {
                let mut script = alert_settings(&site);
                script.push_str(&String::from_utf8_lossy(&bytes));
                bytes = script.into_bytes();
            } else if name == DOORS_SCRIPT {
                let mut script = door_settings(&site);
                script.push_str(&String::from_utf8_lossy(&bytes));
                bytes = script.into_bytes();
            }
            let address = match names {
                Names::Hashed => hashed(name, &bytes),
                Names::Plain => format!("/{}/{name}", url::ASSETS),
            };
            addresses.insert(name.to_string(), site.urls().href(&address));
            files.insert(address, bytes);
        }
        let templates = templates(sources);
        let mut tera = templates.read().map_err(|(diagnostics, names)| TemplateErrors {
            diagnostics,
            texts: templates.by_path(&names),
        })?;
        // What stands in the frame of every page is compared by its value, which changes less often than its parts.
        let (global, _) = site.apart(|site| Global::new(site, files.keys()));
        let context = tera.global_context();
        context.insert_value("site", Value::from_serializable(&global));
        context.insert_value("theme", Value::from_serializable(&addresses));
        let shown = shown(&global, &addresses);
        let made_of = MadeOf::new(sources, names, site.into_reads());
        Ok(Theme { tera, templates, files, addresses, shown, made_of })
    }

    /// Whether a theme that is read anew would be the same, where only `changed` is not as it was.
    #[must_use]
    pub fn is_fresh(&self, site: &Site, names: Names, changed: &Changed) -> bool {
        let global = || Global::new(&site.reader(), self.files.keys());
        self.made_of.is_fresh(site.sources(), names, changed)
            && self.shown == shown(&global(), &self.addresses)
    }

    /// What a page with this template is made of besides its view: the template, those that it names, however
    /// many steps away, and what all of them may see.
    #[must_use]
    pub fn key(&self, template: &str) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.shown.as_bytes());
        // Two languages have other words.
        hasher.update(self.made_of.language.as_bytes());
        hasher.update(self.made_of.words.as_bytes());
        for (name, text) in self.templates.reached(template) {
            hasher.update(name.as_bytes()).update(&[0]).update(text.as_bytes()).update(&[0]);
        }
        hasher.finalize()
    }

    /// Renders a page into memory that is emptied first.
    ///
    /// # Errors
    /// When the template uses what is not there. [`Theme::explain`] says what.
    pub fn render(&self, view: &View, page: &mut Vec<u8>) -> Result<(), Box<Fault>> {
        page.clear();
        let rendered = self.tera.render_to(view.template, &context(view), page);
        rendered.map_err(|error| Box::new(Fault::new(view.template, &error)))
    }

    /// Says why pages could not be rendered: each fault with the view of one page that has it.
    #[must_use]
    pub fn explain(&self, faults: &[(Fault, View)]) -> TemplateErrors {
        let mut names = BTreeSet::new();
        let mut diagnostics: Vec<Diagnostic> = faults
            .iter()
            .map(|(fault, view)| {
                names.insert(fault.template().to_string());
                let context = context(view);
                problem::explain(fault, &self.templates, &self.tera, view.template, &context, &view.address)
            })
            .collect();
        diagnostics.sort();
        TemplateErrors { diagnostics, texts: self.templates.by_path(&names) }
    }
}

impl MadeOf {
    fn new(sources: &Sources, names: Names, reads: Reads) -> MadeOf {
        // They are texts and lists of texts, which cannot fail to be written down.
        let words = serde_json::to_vec(&sources.words.written("")).unwrap_or_default();
        MadeOf {
            language: sources.config.language.clone(),
            words: blake3::hash(&words),
            files: Arc::clone(&sources.theme_files),
            names,
            reads,
        }
    }

    fn is_fresh(&self, sources: &Sources, names: Names, changed: &Changed) -> bool {
        let same_files =
            Arc::ptr_eq(&self.files, &sources.theme_files) || *self.files == *sources.theme_files;
        same_files && self.names == names && self.reads.are_fresh(changed)
    }
}

fn shown(global: &Global, addresses: &BTreeMap<String, String>) -> String {
    // Neither can fail to be written down: they hold texts and lists of texts.
    serde_json::to_string(&(global, addresses)).unwrap_or_default()
}

/// What is wrong with a theme although it can be used: colours that cannot be read, files that change
/// nothing, paths that lead nowhere.
#[must_use]
pub fn warnings(sources: &Sources) -> Vec<Diagnostic> {
    let brand = &sources.config.brand;
    let statics = statics(sources);
    let css = statics.get(STYLE_SHEET).map(|bytes| String::from_utf8_lossy(bytes));
    let mut found = palette::palette(brand, css.as_deref().unwrap_or_default()).diagnostics;
    if !brand.tokens.is_empty() {
        let sheets = statics.iter().filter(|(name, _)| name.ends_with(".css"));
        let sheets: Vec<_> = sheets.map(|(_, bytes)| String::from_utf8_lossy(bytes)).collect();
        found.extend(palette::misspelt(brand, sheets.iter().map(|sheet| &**sheet)));
    }
    if !sources.theme_files.is_empty() {
        let names: BTreeSet<&str> = defaults().into_keys().collect();
        let used: BTreeSet<&str> = names.iter().filter_map(|name| name.strip_prefix("templates/")).collect();
        found.extend(templates(sources).unused(&used));
        found.extend(
            sources.theme_files.keys().filter_map(|path| misplaced(&sources.config.theme, path, &names)),
        );
    }
    found.extend(dead_paths(sources));
    found
}

const STYLE_SHEET: &str = "site.css";
const SEARCH_SCRIPT: &str = "search.js";
const WRITE_SCRIPT: &str = "write.js";

/// The style of the page of figures.
const INSIGHT_STYLE: &str = "insight.css";
/// The style of what those who decide are shown.
const DECIDE_STYLE: &str = "decide.css";
/// The style of links and the headlines of their feeds.
const LINKS_STYLE: &str = "links.css";
/// What the scripts share. Its name comes before theirs, so that its address is known when they are written.
const SHARED_SCRIPT: &str = "dom.js";
/// What shows alerts, while there are any.
const ALERTS_SCRIPT: &str = "alerts.js";
/// What only a site with a repository needs.
const DOORS_SCRIPT: &str = "doors.js";
/// How the names of the files begin that only the search needs.
const SEARCH_FILES: [&str; 2] = ["search.", "search-"];

/// A file of the theme that stands in none of its two folders, although it looks as if it belonged there.
fn misplaced(theme: &str, path: &str, defaults: &BTreeSet<&str>) -> Option<Diagnostic> {
    if path.starts_with("templates/") || path.starts_with("static/") || is_words(path) {
        return None;
    }
    let inner = path.split_once('/').map_or(path, |(_, inner)| inner);
    let place = ["templates", "static"]
        .into_iter()
        .flat_map(|folder| [format!("{folder}/{path}"), format!("{folder}/{inner}")])
        .find(|place| defaults.contains(place.as_str()))
        .or_else(|| {
            let (folder, inner) = path.split_once('/')?;
            Some(format!("{}/{inner}", nearest(folder, ["templates", "static", "words"])?))
        })?;
    let file: Arc<str> = format!("themes/{theme}/{path}").into();
    let problem =
        Diagnostic::new(Rule::Theme, &file, Span::START, format!("The theme does not use `{path}`."));
    Some(problem.severity(Severity::Warning).help(format!(
        "Templates go into `templates/`, files for the browser into `static/`. Move it to `themes/{theme}/{place}`."
    )))
}

fn is_words(path: &str) -> bool {
    path.starts_with("words/") && path.ends_with(".yaml")
}

/// One warning for each path of the brand that names no file.
fn dead_paths(sources: &Sources) -> Vec<Diagnostic> {
    let brand = &sources.config.brand;
    let paths = [("logo", &brand.logo), ("favicon", &brand.favicon), ("card", &brand.card)];
    paths
        .into_iter()
        .filter_map(|(key, path)| {
            let path = path.as_deref()?;
            // Beside content stand files that are published at other addresses than theirs.
            let name = path.strip_prefix('/')?.split(['?', '#']).next()?;
            if path.starts_with("//") || name.contains('/') || sources.statics.contains_key(name) {
                return None;
            }
            let span = *brand.places.get(key)?;
            let message = format!("`{key}` names `{path}`, but there is no file `static{path}`.");
            let problem = Diagnostic::new(Rule::Theme, &Arc::from(root::CONFIG), span, message)
                .severity(Severity::Warning);
            Some(match nearest(name, sources.statics.keys().map(String::as_str)) {
                Some(near) => problem.help(format!("Did you mean `/{near}`?")).fix(format!("/{near}")),
                None => problem
                    .help("Put the file into the folder `static`, or give the path of an existing file."),
            })
        })
        .collect()
}

fn context(view: &View) -> Context {
    let mut context = Context::new();
    context.insert_value("page", Value::from_serializable(&view.page));
    context.insert_value(view.name, Value::from_serializable(&view.data));
    context
}

/// The templates of a site: the default ones, and over them its own.
fn templates(sources: &Sources) -> Templates {
    let mut templates = Templates::new(&sources.config.theme, &sources.words);
    for (path, bytes) in defaults() {
        if let Some(name) = path.strip_prefix("templates/") {
            templates.insert(name, bytes, false);
        }
    }
    for (path, bytes) in sources.theme_files.iter() {
        if let Some(name) = path.strip_prefix("templates/") {
            templates.insert(name, bytes, true);
        }
    }
    templates
}

/// The theme's files for browsers, by their names: the default ones, and over them the site's own.
fn statics(sources: &Sources) -> BTreeMap<&str, &[u8]> {
    let mut files: BTreeMap<&str, &[u8]> = defaults();
    files.extend(sources.theme_files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())));
    files.into_iter().filter_map(|(path, bytes)| Some((path.strip_prefix("static/")?, bytes))).collect()
}

/// What a page may load: itself and what the configuration allows. No inline script, no inline style.
fn csp(config: &Config) -> String {
    let more: String = config.csp_allow.iter().map(|origin| format!(" {origin}")).collect();
    let images: String =
        config.image_hosts.iter().map(|host| format!(" https://{host} http://{host}")).collect();
    // The tag's quotes are double, and no origin holds one, so templates need not escape the quotes in it.
    let frames = if more.is_empty() { " 'none'" } else { &more };
    // The search and the preview of what is written are WebAssembly, which this keyword allows; it allows no `eval` of
    // scripts.
    let engine = if config.search.enabled || config.takes_writing() { " 'wasm-unsafe-eval'" } else { "" };
    format!(
        "default-src 'none'; script-src 'self'{engine}{more}; style-src 'self'{more}; img-src 'self'{images}{more}; \
         media-src 'self'{more}; font-src 'self'{more}; connect-src 'self'{more}; worker-src 'self'; \
         manifest-src 'self'; form-action 'self'; frame-src{frames}; base-uri 'none'"
    )
}

/// The first line of the script that searches: the words that it says, and the addresses of what it needs.
fn search_settings(site: &Reader<'_>, addresses: &BTreeMap<String, String>) -> String {
    let words = site.words();
    let mut said = words.written("search_");
    // Facets are called by what is below.
    said.retain(|name, _| !name.starts_with("search_by_"));
    let kind = |kind: &Kind| (format!("kind_{}", kind.singular().replace('-', "_")), words.kind(*kind));
    let kinds: Vec<(String, &str)> = Kind::ALL.iter().map(kind).collect();
    said.extend(words.written("no_account"));
    said.extend(kinds.iter().map(|(name, word)| (name.as_str(), (*word).into())));
    let facets: Vec<serde_json::Value> = Facet::all()
        .map(|facet| {
            let values = facet.texts(site.config(), words);
            serde_json::json!({"name": facet.name(), "label": facet.label(words), "values": values})
        })
        .collect();
    let settings = serde_json::json!({
        "words": said,
        "facets": facets,
        "places": {
            "worker": addresses.get("search-worker.js"),
            "engine": addresses.get("search-engine.wasm.gz"),
            "index": site.urls().href(&format!("/{MANIFEST}")),
            "page": site.urls().href(url::SEARCH_PAGE),
            "ask": site.ask_url(),
            "write": site.config().takes_writing().then(|| site.urls().href(url::WRITE_PAGE)),
            "question": contribution::file_name(words, Word::NameQuestion),
        },
    });
    format!("const {{ words, places, facets }} = {settings};\n")
}

/// The first line of the script that opens doors: the words that it says, and what a reply's file is called until
/// its author names it.
fn door_settings(site: &Reader<'_>) -> String {
    let words = site.words();
    let settings = serde_json::json!({
        "words": words.written("door_"),
        "nameless": contribution::file_name(words, Word::NameReply),
    });
    format!("const {{ words, nameless }} = {settings};\n")
}

/// The first line of the script that shows alerts: the words that it says, and where the alerts are.
fn alert_settings(site: &Reader<'_>) -> String {
    let words = site.words();
    let settings = serde_json::json!({
        "words": {
            "alerts": words.get(Word::Alerts),
            "urgent": words.value(Field::Severity, "urgent"),
            "here": words.get(Word::AlertHere),
        },
        "alertsAt": site.urls().href(url::ALERTS),
    });
    format!("const {{ words, alertsAt }} = {settings};\n")
}

/// A script that takes the shared one from where it is published.
fn with_shared(script: &[u8], address: &str) -> Vec<u8> {
    let from = format!("from \"./{SHARED_SCRIPT}\"");
    String::from_utf8_lossy(script).replace(&from, &format!("from \"{address}\"")).into_bytes()
}

/// The design tokens of the configuration, as custom properties. They stand in the style sheet, because
/// a page may hold no style of its own.
fn tokens(config: &Config, css: &[u8]) -> String {
    let palette = palette::palette(&config.brand, &String::from_utf8_lossy(css));
    let tokens: String =
        palette.tokens.iter().map(|(name, value)| format!("  --{name}: {value};\n")).collect();
    if tokens.is_empty() { tokens } else { format!("@layer brand {{\n:root {{\n{tokens}}}\n}}\n") }
}

/// `site.css` under a name that changes with its bytes.
fn hashed(name: &str, bytes: &[u8]) -> String {
    let hash = blake3::hash(bytes).to_hex();
    let at = name.rfind('/').map_or(0, |slash| slash + 1);
    let (folder, file) = name.split_at(at);
    match file.rsplit_once('.') {
        Some((stem, extension)) => format!("/{}/{folder}{stem}.{}.{extension}", url::ASSETS, &hash[..12]),
        None => format!("/{}/{folder}{file}.{}", url::ASSETS, &hash[..12]),
    }
}

/// The files of the theme that comes with the program, by their paths in it.
fn defaults() -> BTreeMap<&'static str, &'static [u8]> {
    let mut files = BTreeMap::new();
    embedded(&DEFAULT, &mut files);
    files
}

fn embedded(folder: &Dir<'static>, files: &mut BTreeMap<&'static str, &'static [u8]>) {
    for file in folder.files() {
        // The names in our own folder are ours.
        files.extend(file.path().to_str().map(|path| (path, file.contents())));
    }
    for folder in folder.dirs() {
        embedded(folder, files);
    }
}
