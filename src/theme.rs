//! The theme: templates that turn views into pages, and the files that pages need.
//!
//! The default theme is part of the program; the site's own `themes/<name>/` lies over it file by file.
//! Nothing in content is ever a template. Files get names with the hash of their bytes, so that hosts
//! may keep them for ever.

use std::collections::BTreeMap;
use std::fmt;

use include_dir::{Dir, include_dir};
use serde::Serialize;
use tera::{Context, Tera, Value};

use crate::config::Config;
use crate::page::front_matter::MarkOrText;
use crate::page::kind::Kind;
use crate::site::Site;
use crate::site::url::{self, Urls};
use crate::source::Sources;
use crate::view::listing::name_of_kind;
use crate::view::{self, LinkView, View};

static DEFAULT: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/themes/default");

/// Templates and files, ready to render.
#[derive(Debug)]
pub struct Theme {
    tera: Tera,
    /// The theme's files: address on the site to bytes.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// Why a template cannot be used. Templates are the company's own, so this ends a build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateError {
    /// What is wrong, with file, line and the line itself.
    pub message: String,
    /// The fields that the template may use, where it used one that is not there.
    pub fields: Vec<(String, Vec<String>)>,
}

impl fmt::Display for TemplateError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)?;
        for (name, fields) in &self.fields {
            write!(out, "\n`{name}` has: {}", fields.join(", "))?;
        }
        Ok(())
    }
}

impl std::error::Error for TemplateError {}

/// What every template may see besides its view: the configuration's own words, never anything of content.
#[derive(Debug, Serialize)]
struct Global {
    title: String,
    tagline: String,
    language: String,
    url: String,
    home: String,
    search: String,
    logo: Option<String>,
    favicon: Option<String>,
    menu: Vec<LinkView>,
    footer: Vec<LinkView>,
    footer_text: Option<String>,
    csp: String,
    ask_url: Option<String>,
    contact: Option<String>,
    repository: Option<String>,
}

impl Theme {
    /// Reads the theme of a site.
    ///
    /// # Errors
    /// When a template cannot be parsed: file, line and what is wrong.
    pub fn new(site: &Site<'_>) -> Result<Theme, TemplateError> {
        let sources = site.sources;
        let mut all: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        embedded(&DEFAULT, &mut all);
        for (path, bytes) in &sources.theme_files {
            all.insert(path.clone(), bytes.clone());
        }
        let mut tera = Tera::new();
        let mut files = BTreeMap::new();
        let mut addresses: BTreeMap<String, String> = BTreeMap::new();
        let mut templates: Vec<(String, String)> = Vec::new();
        for (path, mut bytes) in all {
            if let Some(name) = path.strip_prefix("templates/") {
                templates.push((name.to_string(), String::from_utf8_lossy(&bytes).into_owned()));
            } else if let Some(name) = path.strip_prefix("static/") {
                if name == "site.css" {
                    let mut css = tokens(&sources.config);
                    css.push_str(&String::from_utf8_lossy(&bytes));
                    bytes = css.into_bytes();
                }
                let address = hashed(name, &bytes);
                addresses.insert(name.to_string(), site.urls.href(&address));
                files.insert(address, bytes);
            }
        }
        tera.add_raw_templates(templates)
            .map_err(|error| TemplateError { message: error.to_string(), fields: Vec::new() })?;
        let global = Global::new(sources, site, &site.urls);
        let context = tera.global_context();
        context.insert_value("site", Value::from_serializable(&global));
        context.insert_value("theme", Value::from_serializable(&addresses));
        Ok(Theme { tera, files })
    }

    /// Renders a page into memory that is emptied first.
    ///
    /// # Errors
    /// When the template uses what is not there.
    pub fn render(&self, view: &View, page: &mut Vec<u8>) -> Result<(), TemplateError> {
        let mut context = Context::new();
        context.insert_value("page", Value::from_serializable(&view.page));
        context.insert_value(view.name, Value::from_serializable(&view.data));
        page.clear();
        match self.tera.render_to(view.template, &context, page) {
            Ok(()) => Ok(()),
            Err(error) => Err(TemplateError { message: error.to_string(), fields: fields(view) }),
        }
    }
}

impl Global {
    fn new(sources: &Sources, site: &Site<'_>, urls: &Urls) -> Global {
        let config = &sources.config;
        // A path from the root of the site stands below the base path like every other link.
        let link = |item: &crate::config::MenuItem| LinkView {
            title: item.label.clone(),
            url: site.config_url(&item.url),
        };
        Global {
            title: config.title.clone(),
            tagline: config.tagline.clone().unwrap_or_default(),
            language: config.language.clone(),
            url: urls.absolute("/"),
            home: urls.href("/"),
            search: urls.href(&format!("/{}/", url::SEARCH)),
            logo: config.brand.logo.as_deref().map(|it| site.config_url(it)),
            favicon: config.brand.favicon.as_deref().map(|it| site.config_url(it)),
            menu: if config.menu.is_empty() { menu(site) } else { config.menu.iter().map(link).collect() },
            footer: config.footer.links.iter().map(link).collect(),
            footer_text: config.footer.text.clone(),
            csp: csp(config),
            ask_url: site.ask_url(),
            contact: config.contact.clone(),
            repository: config.repository.as_ref().map(|it| it.url.clone()),
        }
    }
}

/// The menu of a site whose configuration names none: its lists, and the pages that want to be in it.
/// Which kinds there are changes seldom; how much there is of each stands nowhere in a menu.
fn menu(site: &Site<'_>) -> Vec<LinkView> {
    let kinds = site.kinds();
    let lists = kinds.iter().filter(|kind| !matches!(kind, Kind::Page | Kind::Person));
    let mut menu: Vec<LinkView> =
        lists.map(|kind| view::link(site, name_of_kind(*kind), &url::list(*kind, 1))).collect();
    if !site.tags.is_empty() {
        menu.push(view::link(site, "Tags", "/tags/"));
    }
    if site.people.by_handle.values().any(|person| !person.unlisted) {
        menu.push(view::link(site, "People", "/people/"));
    }
    let mut pages: Vec<(i64, String, LinkView)> = Vec::new();
    for (_, entry) in site.listed().filter(|(_, entry)| entry.kind == Kind::Page) {
        let fields = &site.pages[entry.page].fields;
        let label = match fields.menu.as_ref().map(|menu| &menu.value) {
            Some(MarkOrText::Text(label)) => label.clone(),
            Some(MarkOrText::Mark(true)) => entry.title.clone(),
            Some(MarkOrText::Mark(false)) | None => continue,
        };
        let weight = fields.weight.as_ref().map_or(0, |weight| weight.value.thousandths);
        pages.push((weight, entry.slug.clone(), view::link(site, label, &entry.address)));
    }
    pages.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    menu.extend(pages.into_iter().map(|(_, _, link)| link));
    menu
}

/// What a page may load: itself and what the configuration allows. No inline script, no inline style.
fn csp(config: &Config) -> String {
    let more: String = config.csp_allow.iter().map(|origin| format!(" {origin}")).collect();
    let images: String =
        config.image_hosts.iter().map(|host| format!(" https://{host} http://{host}")).collect();
    // The tag's quotes are double, and no origin holds one, so templates need not escape the quotes in it.
    let frames = if more.is_empty() { " 'none'" } else { &more };
    format!(
        "default-src 'none'; script-src 'self'{more}; style-src 'self'{more}; img-src 'self'{images}{more}; \
         media-src 'self'{more}; font-src 'self'{more}; connect-src 'self'{more}; worker-src 'self'; \
         manifest-src 'self'; form-action 'self'; frame-src{frames}; base-uri 'none'"
    )
}

/// The design tokens of the configuration, as custom properties. They stand in the style sheet, because
/// a page may hold no style of its own.
fn tokens(config: &Config) -> String {
    let mut css = String::new();
    for (name, value) in &config.brand.tokens {
        css.push_str(&format!("  --{}: {};\n", name.replace('_', "-"), value));
    }
    if css.is_empty() { css } else { format!("@layer brand {{\n:root {{\n{css}}}\n}}\n") }
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

fn embedded(folder: &Dir<'_>, files: &mut BTreeMap<String, Vec<u8>>) {
    for file in folder.files() {
        files.insert(file.path().to_string_lossy().replace('\\', "/"), file.contents().to_vec());
    }
    for folder in folder.dirs() {
        embedded(folder, files);
    }
}

/// The names that a view's template may use.
fn fields(view: &View) -> Vec<(String, Vec<String>)> {
    let names = |value: Result<serde_json::Value, serde_json::Error>| match value {
        Ok(serde_json::Value::Object(map)) => map.keys().cloned().collect(),
        _ => Vec::new(),
    };
    vec![
        (view.name.to_string(), names(serde_json::to_value(&view.data))),
        ("page".to_string(), names(serde_json::to_value(&view.page))),
    ]
}
