//! `longhouse.yaml`: what a company says about its site. Every key is optional.
//!
//! The file is trusted, and so read strictly: a key or a value that is not understood is an error with its
//! place and the nearest right one, all of them at once. It names files and folders but looks at none.
//!
//! Long because it holds every setting, with what each means.

mod check;
pub(crate) mod colour;
pub(crate) mod editor;
mod files;
pub mod keys;
pub mod repository;
mod settings;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

pub use check::{Check, Phrases, Wording};
pub use files::Files;
use jiff::tz::TimeZone;
pub use repository::{Host, LONGEST as LONGEST_ADDRESS, Repository};
use url::Url;

use self::keys::Setting;

use crate::diagnostic::{Diagnostic, Rule, Severity, Span, Spanned};
use crate::page;
use crate::page::front_matter::Role;
use crate::page::kind::FolderKind;
use crate::page::markdown::{Extensions, Tracker};
use crate::root;
use crate::yaml::key::Keys;
use crate::yaml::walk::Walk;
use crate::yaml::{self, Dialect, Node, NodeKind, Shape};

/// What the feeds of the site and of its kinds carry of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FeedText {
    /// Its whole text.
    Full,
    /// Its description.
    Excerpt,
}

/// Everything that `longhouse.yaml` says, with what holds where it says nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// The name of the site.
    pub title: String,
    /// Whether the configuration names it; else the site is called as the first heading of its home page says.
    pub has_title: bool,
    /// One sentence about it.
    pub tagline: Option<String>,
    /// Where the site will be; none means a local address, and a warning.
    pub base_url: Option<BaseUrl>,
    /// Where it was before.
    pub former_urls: Vec<BaseUrl>,
    /// What feed ids are made with, so that they stay when the address changes.
    pub site_id: Option<String>,
    /// The main language, as in `en` or `pt-BR`.
    pub language: String,
    /// All languages of the content, the main one first.
    pub languages: Vec<String>,
    /// The time zone that decides what day it is.
    pub timezone: TimeZone,
    /// The name of the theme.
    pub theme: String,
    /// Where that was written.
    pub theme_at: Span,
    /// `trust: git`: authors and claims count only if the commit proves them.
    pub trust_git: bool,
    /// `insight: public`: the figures of the community have a page on the site.
    pub public_insight: bool,
    /// `moderation: public`: what moderators decided has a page on the site.
    pub public_moderation: bool,
    /// From this many stories on there is a page for those who decide.
    pub decide_floor: usize,
    /// The licence of the content, as an SPDX name.
    pub license: Option<String>,
    /// The folder of the content, relative to the root, without slashes at its ends; empty for the root itself.
    pub content: String,
    /// What the folders below the content folder are, beside those named after a kind.
    pub kinds: BTreeMap<String, FolderKind>,
    /// How the site presents itself.
    pub brand: Brand,
    /// The menu; empty means that the theme makes one of what there is.
    pub menu: Vec<MenuItem>,
    /// What stands below each page.
    pub footer: Footer,
    /// Origins that the content security policy allows beside the site's own.
    pub csp_allow: Vec<String>,
    /// Where the site's files are.
    pub repository: Option<Repository>,
    /// Where issues and commits of the repository are seen.
    pub tracker: Option<Tracker>,
    /// How to reach those who run the site: an address of the web or of mail.
    pub contact: Option<String>,
    /// Who belongs to the company, by handle.
    pub team: BTreeMap<String, Role>,
    /// What the company makes, in the order written.
    pub products: Vec<Product>,
    /// Which tags there are and which mean the same.
    pub tags: Tags,
    /// Hosts whose images may be shown.
    pub image_hosts: Vec<String>,
    /// How files beside content are published.
    pub files: Arc<Files>,
    /// Entries on one page of a list.
    pub page_size: usize,
    /// What feeds carry of an entry.
    pub feeds: FeedText,
    /// How the site is searched.
    pub search: Search,
    /// Whether people can write on the site itself.
    pub write: Write,
    /// Levels that differ from the rules' own.
    pub rules: BTreeMap<Rule, Level>,
    /// What `check` looks for on this site.
    pub check: Check,
    /// Whether code is coloured.
    pub highlight: bool,
    /// Which additions to markdown are read.
    pub markdown: Extensions,
    /// How the preview makes the address that opens a file in the writer's editor, with `{path}`, `{line}` and
    /// `{column}` in it.
    pub editor: Option<String>,
    /// What was understood although it should be written differently.
    pub warnings: Vec<Diagnostic>,
    /// A hash of the file's text; the same text means the same configuration.
    pub hash: [u8; 32],
}

/// Where a site is: an address of the web that ends with a slash.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BaseUrl {
    url: String,
    path_at: usize,
}

/// How the site presents itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Brand {
    /// Path of the logo's file.
    pub logo: Option<String>,
    /// Path of the icon's file.
    pub favicon: Option<String>,
    /// Path of the picture that stands for a page where its address is shared.
    pub card: Option<String>,
    /// What the company promises, in a sentence.
    pub promise: Option<String>,
    /// Every other key: design tokens of the theme, such as `accent`.
    pub tokens: BTreeMap<String, Token>,
    /// Where the paths above were written, by their keys.
    pub places: BTreeMap<&'static str, Span>,
}

/// A design token of the theme, and where it was written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Token {
    /// The place of its name.
    pub name: Span,
    /// What it shall be, as a style sheet writes it.
    pub value: Spanned<String>,
}

/// An entry of a menu.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MenuItem {
    /// Its text.
    pub label: String,
    /// Where it leads: a path of the site, or an address.
    pub url: String,
}

/// What stands below each page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Footer {
    /// A text.
    pub text: Option<String>,
    /// Links.
    pub links: Vec<MenuItem>,
}

/// Something that the company makes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Product {
    /// Its name in addresses.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// Its released versions, oldest first, as typed.
    pub versions: Vec<String>,
    /// Versions that are not released yet, the next first.
    pub coming: Vec<String>,
    /// What people use it for.
    pub use_cases: Vec<String>,
}

/// Which tags there are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Tags {
    /// The declared tags; empty means that any tag is right.
    pub known: Vec<String>,
    /// From the slug of another word to the tag that it means.
    pub synonyms: BTreeMap<String, String>,
}

/// How the site is searched.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Search {
    /// Whether there is a search at all.
    pub enabled: bool,
    /// The language that words are reduced in, where it is not the site's.
    pub language: Option<String>,
}

/// The page on which people write.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Write {
    /// Whether there is one; none where the configuration does not say.
    pub enabled: Option<bool>,
    /// Whether what was written may become an issue on the git host.
    pub issues: bool,
}

/// How much a rule counts on this site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// As an error.
    Error,
    /// As a warning.
    Warning,
    /// Not at all.
    Off,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            title: "Community".to_owned(),
            has_title: false,
            tagline: None,
            base_url: None,
            former_urls: Vec::new(),
            site_id: None,
            language: "en".to_owned(),
            languages: vec!["en".to_owned()],
            timezone: TimeZone::UTC,
            theme: "default".to_owned(),
            theme_at: Span::START,
            trust_git: false,
            public_insight: false,
            public_moderation: false,
            decide_floor: 8,
            license: None,
            content: root::CONTENT.to_owned(),
            kinds: BTreeMap::new(),
            brand: Brand::default(),
            menu: Vec::new(),
            footer: Footer::default(),
            csp_allow: Vec::new(),
            repository: None,
            tracker: None,
            contact: None,
            team: BTreeMap::new(),
            products: Vec::new(),
            tags: Tags::default(),
            image_hosts: Vec::new(),
            files: Arc::default(),
            page_size: 20,
            feeds: FeedText::Full,
            search: Search::default(),
            write: Write::default(),
            rules: BTreeMap::new(),
            check: Check::default(),
            highlight: true,
            markdown: Extensions::default(),
            editor: None,
            warnings: Vec::new(),
            hash: *blake3::hash(b"").as_bytes(),
        }
    }
}

impl Default for Search {
    fn default() -> Self {
        Search { enabled: true, language: None }
    }
}

impl Default for Write {
    fn default() -> Self {
        Write { enabled: None, issues: true }
    }
}

impl Config {
    /// What it says of reading a content file.
    #[must_use]
    pub fn page_settings(&self) -> page::Settings<'_> {
        page::Settings {
            kinds: &self.kinds,
            highlight: self.highlight,
            extensions: self.markdown,
            tracker: self.tracker.as_ref(),
        }
    }

    /// Reads the text of a configuration file, whose name is for the diagnostics.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of the text. Nothing of it can be used then.
    pub fn parse(file: &Arc<str>, text: &str) -> Result<Config, Vec<Diagnostic>> {
        let normal = normalised(text);
        let document = yaml::read(file, &normal, 0..normal.len(), &DIALECT);
        let mut walk = Walk::new(file);
        let mut config = Config { hash: *blake3::hash(text.as_bytes()).as_bytes(), ..Config::default() };
        let root = document.root;
        if matches!(root.kind, NodeKind::List(_) | NodeKind::Scalar { .. }) {
            walk.problem(
                root.span,
                "The configuration is not a list of settings.",
                "Write one `name: value` on each line.",
            );
        } else {
            for (key, node) in walk.map(root, root::CONFIG) {
                config.setting(&mut walk, &key, node);
            }
        }
        if !config.languages.contains(&config.language) {
            config.languages.insert(0, config.language.clone());
        }
        let broken = document.broken || !walk.problems.is_empty();
        let mut diagnostics = document.diagnostics;
        diagnostics.append(&mut walk.problems);
        diagnostics.sort_by_key(|diagnostic| (diagnostic.line, diagnostic.column));
        if broken {
            return Err(diagnostics);
        }
        config.warnings = diagnostics;
        Ok(config)
    }

    /// The level of a problem on this site; none where its rule is off.
    ///
    /// A problem may already count differently from its rule (`bidi` in code), which only a word in
    /// `rules:` overrides.
    #[must_use]
    pub fn severity(&self, rule: Rule, own: Severity) -> Option<Severity> {
        match self.rules.get(&rule) {
            None => Some(own),
            Some(Level::Error) => Some(Severity::Error),
            Some(Level::Warning) => Some(Severity::Warning),
            Some(Level::Off) => None,
        }
    }

    /// Whether there is a page on which people write: where it is asked for, else where there is somebody to hand
    /// a text to.
    #[must_use]
    pub fn takes_writing(&self) -> bool {
        self.write.enabled.unwrap_or(self.repository.is_some() || self.contact.is_some())
    }

    /// The moment that a date means where the site lives. A day is its first moment.
    #[must_use]
    pub fn instant(&self, date: &page::date::Date) -> Option<jiff::Timestamp> {
        let zone = date.offset.map_or_else(|| self.timezone.clone(), TimeZone::fixed);
        let time = date.time.unwrap_or(jiff::civil::Time::midnight());
        Some(date.day.to_datetime(time).to_zoned(zone).ok()?.timestamp())
    }

    /// The path under which the site lies, with a slash at both ends: `/` or `/docs/`.
    #[must_use]
    pub fn base_path(&self) -> &str {
        self.base_url.as_ref().map_or("/", BaseUrl::path)
    }

    // Long because it is a table.
    fn setting(&mut self, walk: &mut Walk<'_>, key: &Spanned<Cow<'_, str>>, node: Node<'_>) {
        let name: &str = &key.value;
        let Some(setting) = Setting::from_name(name) else {
            walk.unknown_key(key, "", Setting::KEYS);
            return;
        };
        match setting {
            Setting::Title => {
                if let Some(text) = walk.text(node, name) {
                    (self.title, self.has_title) = (text.value, true);
                }
            }
            Setting::Tagline => self.tagline = settings::value(walk.text(node, name)),
            Setting::BaseUrl => {
                self.base_url = walk.text(node, name).and_then(|text| settings::base_url(walk, &text, name));
            }
            Setting::FormerUrls => {
                self.former_urls = walk
                    .texts(node, name)
                    .iter()
                    .filter_map(|text| settings::base_url(walk, text, name))
                    .collect();
            }
            Setting::SiteId => self.site_id = settings::value(walk.text(node, name)),
            Setting::Language => {
                if let Some(language) = walk.text(node, name).and_then(|text| settings::language(walk, text))
                {
                    self.language = language;
                }
            }
            Setting::Languages => {
                self.languages = walk
                    .texts(node, name)
                    .into_iter()
                    .filter_map(|text| settings::language(walk, text))
                    .collect();
            }
            Setting::Timezone => {
                if let Some(zone) = walk.text(node, name).and_then(|text| settings::timezone(walk, &text)) {
                    self.timezone = zone;
                }
            }
            Setting::Theme => {
                let text = walk.text(node, name);
                let span = text.as_ref().map_or(Span::START, |text| text.span);
                let theme = text.and_then(|text| settings::file_name(walk, text, name));
                if let Some(theme) = theme.filter(|theme| *theme != self.theme) {
                    self.theme = theme;
                    self.theme_at = span;
                }
            }
            Setting::Trust => {
                self.trust_git =
                    walk.word(node, name, &["git"], |word| (word == "git").then_some(())).is_some()
            }
            Setting::Insight => {
                self.public_insight =
                    walk.word(node, name, &["public"], |word| (word == "public").then_some(())).is_some()
            }
            Setting::Moderation => {
                self.public_moderation =
                    walk.word(node, name, &["public"], |word| (word == "public").then_some(())).is_some()
            }
            Setting::Decide => {
                if let Some(floor) = settings::decide_floor(walk, node) {
                    self.decide_floor = floor;
                }
            }
            Setting::License => self.license = settings::value(walk.text(node, name)),
            Setting::Content => {
                if let Some(folder) =
                    walk.text(node, name).and_then(|text| settings::folder(walk, &text, name))
                {
                    self.content = folder;
                }
            }
            Setting::Kinds => self.kinds = settings::kinds(walk, node),
            Setting::Brand => self.brand = settings::brand(walk, node),
            Setting::Menu => self.menu = settings::menu(walk, node, name),
            Setting::Footer => self.footer = settings::footer(walk, node),
            Setting::Csp => {
                let texts = settings::only::<keys::CspKey>(walk, node, name);
                self.csp_allow = settings::origins(walk, texts);
            }
            Setting::Repository => {
                self.repository = settings::repository(walk, node);
                self.tracker = self.repository.as_ref().and_then(Repository::tracker);
            }
            Setting::Contact => self.contact = settings::value(walk.text(node, name)),
            Setting::Team => self.team = settings::team(walk, node),
            Setting::Products => self.products = settings::products(walk, node),
            Setting::Tags => self.tags = settings::tags(walk, node),
            Setting::Images => {
                self.image_hosts = files::images(walk, node, Arc::make_mut(&mut self.files));
            }
            Setting::Attachments => {
                let texts = walk.texts(node, name);
                Arc::make_mut(&mut self.files).attachments = files::attachments(walk, texts);
            }
            Setting::MaxFileBytes => {
                let most = walk.number(node, name, 1, 1 << 40);
                files::set(&mut Arc::make_mut(&mut self.files).max_bytes, most);
            }
            Setting::PageSize => {
                if let Some(size) = walk.number(node, name, 1, 1000) {
                    self.page_size = usize::try_from(size).unwrap_or(self.page_size);
                }
            }
            Setting::Feeds => {
                let of_word = |word: &str| match word {
                    "full" => Some(FeedText::Full),
                    "excerpt" => Some(FeedText::Excerpt),
                    _ => None,
                };
                self.feeds = walk.word(node, name, &["full", "excerpt"], of_word).unwrap_or(self.feeds);
            }
            Setting::Search => self.search = settings::search(walk, node),
            Setting::Write => self.write = settings::write(walk, node),
            Setting::Rules => self.rules = settings::rules(walk, node),
            Setting::Check => self.check = check::read(walk, node),
            Setting::Highlight => self.highlight = walk.flag(node, name).unwrap_or(true),
            Setting::Markdown => self.markdown = settings::markdown(walk, node),
            Setting::Editor => {
                self.editor = walk.text(node, name).and_then(|text| editor::pattern(walk, &text));
            }
        }
    }
}

impl BaseUrl {
    /// Reads an address of the web.
    ///
    /// # Errors
    /// Says in plain words what is wrong with it.
    pub fn parse(text: &str) -> Result<BaseUrl, &'static str> {
        let mut url =
            Url::parse(text).map_err(|_| "it is not an address; an address starts with `https://`")?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err("it must start with `https://` or `http://`");
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err("it has no host");
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err("it must not contain `?` or `#`");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("it must not contain a username or a password");
        }
        if !url.path().ends_with('/') {
            let path = format!("{}/", url.path());
            url.set_path(&path);
        }
        let path_at = url.as_str().len() - url.path().len();
        Ok(BaseUrl { url: url.into(), path_at })
    }

    /// The whole address, with a slash at its end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.url
    }

    /// Its path, with a slash at both ends.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.url[self.path_at..]
    }

    /// Scheme, host and port, without a slash at the end.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.url[..self.path_at]
    }
}

/// A trusted file may be as large as it likes, within reason.
const DIALECT: Dialect = Dialect {
    rule: Rule::Config,
    limit: 4 * 1024 * 1024,
    shape: |_| Shape::Other,
    is_known: |name| Setting::from_name(name).is_some(),
};

/// Without a byte order mark, and with line feeds alone.
pub(crate) fn normalised(text: &str) -> Cow<'_, str> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests;
