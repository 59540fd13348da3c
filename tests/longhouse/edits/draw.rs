//! Draws what happens next to a site, from what lies on the disk.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use longhouse::config::keys::Setting;
use longhouse::page::front_matter::{Field, fields_of};
use longhouse::page::kind::Kind;
use longhouse::yaml::key::{Key, Keys, Takes};
use walkdir::WalkDir;

use super::random::Random;
use super::site::{PNG, svg};
use super::step::{Change, Naming, Step};
use super::text;

/// Anyone who works on the site.
pub(super) struct Hand {
    pub(super) random: Random,
    number: usize,
    /// What longhouse.yaml says, by key.
    settings: BTreeMap<&'static str, String>,
    /// Files that were taken away and may come back.
    gone: Vec<(String, Vec<u8>)>,
    /// Files that are broken, as they were before.
    broken: BTreeMap<String, Vec<u8>>,
}

/// Values of settings that mean something on this site. What else can be said in longhouse.yaml follows from the table of
/// its keys.
const OWN_SETTINGS: &[(&str, &[&str])] = &[
    ("title", &["Kiln community", "Another name", "\"<b>Bold</b>\""]),
    ("base_url", &["https://x.example/", "https://x.example/below/", "https://y.example/"]),
    ("language", &["en", "de", "ar"]),
    ("languages", &["[en, de]", "[en]", "[fr, en]"]),
    ("theme", &["mine", "default"]),
    ("page_size", &["4", "5", "7", "100"]),
    ("kinds", &["{_faq: faq}", "{_faq: faq, handbook: how-to}", "{handbook: question}", "{}"]),
    ("brand", &["{promise: Ask., accent: \"#2c5f2d\"}", "{accent: \"#aa0000\"}", "{promise: Other.}"]),
    ("menu", &["[{label: Q, url: /questions/}]", "[{label: Q, url: /questions/}, {label: T, url: /tags/}]"]),
    ("footer", &["{text: Below.}", "{text: Other., links: [{label: About, url: /about/}]}"]),
    (
        "repository",
        &["https://github.com/kiln/community", "{url: \"https://github.com/kiln/other\", branch: trunk}"],
    ),
    (
        "team",
        &[
            "{jun: staff, marisol: staff, greta: moderator}",
            "{jun: moderator}",
            "{ana: staff, jun: staff}",
            "[cem]",
        ],
    ),
    (
        "products",
        &[
            "[{id: kiln, name: The Kiln, versions: [\"4.1\", \"4.2\"]}, {id: app, name: App}]",
            "[{id: kiln, name: A Kiln, versions: [\"4.2\", \"5.0\"]}, {id: app, name: App}]",
            "[{id: kiln, name: Kiln, versions: [\"4.1\", {name: \"4.2\", state: coming}]}]",
            "[{id: app, name: The App}]",
            "[]",
        ],
    ),
    (
        "tags",
        &[
            "{synonyms: {glaze: [glazing, enamel]}}",
            "{known: [glaze, account, password, firing], synonyms: {glaze: [enamel]}}",
            "{synonyms: {firing: [backup, glaze]}}",
            "{}",
        ],
    ),
    ("decide", &["{floor: 1}", "{floor: 3}", "{floor: 4}"]),
    ("search", &["true", "false", "{language: de}"]),
    ("rules", &["{missing-title: off}", "{dead-link: warning, unknown-tag: error}", "{}"]),
    ("former_urls", &["[https://old.example/]", "[]"]),
];

/// What can be said of a setting: blocks of YAML, each with the name.
fn settings(setting: &Key) -> Vec<String> {
    let own = OWN_SETTINGS.iter().filter(|(name, _)| *name == setting.name).flat_map(|(_, values)| *values);
    let mut values: Vec<String> = own.map(|value| (*value).to_string()).collect();
    of_shape(&setting.takes, &mut values);
    values.extend((!setting.default.is_empty()).then(|| setting.default.to_string()));
    let mut blocks: Vec<String> =
        values.into_iter().map(|value| format!("{}: {value}\n", setting.name)).collect();
    let mut examples = vec![setting.example];
    examples_below(&setting.takes, &mut examples);
    blocks.extend(examples.into_iter().filter_map(|example| block(example, setting.name)));
    blocks
}

/// What a setting takes, where that is one of a few words or a number.
fn of_shape(takes: &Takes, values: &mut Vec<String>) {
    match takes {
        Takes::Word(words) => values.extend(words.iter().map(|word| (*word).to_string())),
        Takes::Flag => values.extend(["true".to_string(), "false".to_string()]),
        Takes::Number(least, most) => values.extend([least, most].map(ToString::to_string)),
        Takes::Either(all) => all.iter().for_each(|takes| of_shape(takes, values)),
        _ => {}
    }
}

/// The examples of the keys below a setting.
fn examples_below(takes: &Takes, examples: &mut Vec<&'static str>) {
    match takes {
        Takes::Map(keys) | Takes::Open(keys) | Takes::List(keys) => {
            for key in *keys {
                examples.push(key.example);
                examples_below(&key.takes, examples);
            }
        }
        Takes::Named(_, takes) => examples_below(takes, examples),
        Takes::Either(all) => all.iter().for_each(|takes| examples_below(takes, examples)),
        _ => {}
    }
}

/// The lines of a key in a whole file.
fn block(file: &str, name: &str) -> Option<String> {
    let mut lines = file.lines().skip_while(|line| !line.starts_with(&format!("{name}:")));
    let first = lines.next()?;
    let rest = lines.take_while(|line| line.starts_with([' ', '-']));
    Some(std::iter::once(first).chain(rest).map(|line| format!("{line}\n")).collect())
}

const TEMPLATES: &[(&str, &str)] = &[
    (
        "templates/question.html",
        "{% extends \"base.html\" %}\n{% block main %}<p>Ours: {{ entry.title }} NUMBER</p>{% include \"part/own.html\" %}{% endblock main %}\n",
    ),
    ("templates/part/own.html", "<p>Part NUMBER: {{ page.title }}</p>\n"),
    (
        "templates/404.html",
        "{% extends \"base.html\" %}\n{% block main %}<h1>Lost NUMBER</h1>{% endblock main %}\n",
    ),
    (
        "templates/story.html",
        "{% extends \"base.html\" %}\n{% block main %}{% if true %}{{ page.title }} NUMBER{% endif %}{% endblock main %}\n",
    ),
    ("templates/head.html", "<meta name=\"own\" content=\"NUMBER\">\n"),
    ("static/site.css", "body { color: #00NUMBER }\n"),
    ("static/extra.txt", "Extra NUMBER.\n"),
    ("words/en.yaml", "question: Ask NUMBER\n"),
    ("words/de.yaml", "question: Frage NUMBER\n"),
    ("words/en.yaml", "months: [Jan, Feb, Mar, Apr, May, Jun, Jul, Aug, Sep, Oct, Nov, Dec]\n"),
];

const WRONG_TEMPLATES: &[(&str, &str)] = &[
    (
        "templates/question.html",
        "{% extends \"base.html\" %}\n{% block main %}{{ entry.nonsense }}{% endblock main %}\n",
    ),
    ("templates/story.html", "{% extends \"base.html\" %}\n{% block main %}{{ page.title }\n"),
    ("templates/part/own.html", "{{ nobody.knows }}\n"),
    ("templates/list.html", "{% include \"part/missing.html\" %}\n"),
    ("words/en.yaml", "qestion: Ask\n"),
];

impl Hand {
    pub(super) fn new(seed: u64) -> Hand {
        let settings: [(&str, &str); 14] = [
            ("insight", "public"),
            ("moderation", "public"),
            ("decide", "{floor: 2}"),
            ("title", "Kiln community"),
            ("base_url", "https://x.example/"),
            ("languages", "[en, de]"),
            ("theme", "mine"),
            ("page_size", "4"),
            ("kinds", "{_faq: faq}"),
            ("team", "{jun: staff, marisol: staff, greta: moderator}"),
            ("products", "[{id: kiln, name: The Kiln, versions: [\"4.1\", \"4.2\"]}, {id: app, name: App}]"),
            ("tags", "{synonyms: {glaze: [glazing, enamel]}}"),
            ("menu", "[{label: Q, url: /questions/}]"),
            ("repository", "https://github.com/kiln/community"),
        ];
        Hand {
            random: Random::new(seed),
            number: 0,
            settings: settings.into_iter().map(|(key, value)| (key, format!("{key}: {value}\n"))).collect(),
            gone: Vec::new(),
            broken: BTreeMap::new(),
        }
    }

    /// The text of longhouse.yaml.
    pub(super) fn configuration(&self) -> String {
        self.settings.values().map(String::as_str).collect()
    }

    /// What happens next.
    pub(super) fn step(&mut self, root: &Path) -> Step {
        let disk = Disk::read(root);
        let count = if self.random.one_in(4) { 1 + self.random.below(4) } else { 1 };
        let mut changes = Vec::new();
        for _ in 0..count {
            self.number += 1;
            changes.extend(self.change(root, &disk));
        }
        let naming = match self.random.below(8) {
            0 => Naming::Folders,
            1 => Naming::Everything,
            _ => Naming::Files,
        };
        Step { changes, naming }
    }

    fn change(&mut self, root: &Path, disk: &Disk) -> Vec<Change> {
        let trusted = ["longhouse.yaml", "themes/"];
        if self.random.one_in(3)
            && let Some(path) =
                self.broken.keys().find(|path| trusted.iter().any(|it| path.starts_with(it))).cloned()
        {
            // Nobody leaves the whole site broken for long.
            return self.mend(&path);
        }
        match self.random.below(100) {
            0..22 => self.body(root, disk),
            22..30 => self.title(root, disk),
            30..46 => self.field(root, disk),
            46..53 => self.reply(disk),
            53..58 => self.new_file(disk),
            58..63 => self.removed(root, disk),
            63..66 => self.restored(),
            66..74 => self.moved(disk),
            74..77 => self.person(root, disk),
            77..80 => self.asset(disk),
            80..83 => self.statics(disk),
            83..87 => self.theme(disk),
            87..90 => self.setting(),
            90..92 => self.data(disk),
            92..96 => self.broken(root, disk),
            96..98 => match self.random.of(&self.broken.keys().cloned().collect::<Vec<_>>()).cloned() {
                Some(path) => self.mend(&path),
                None => self.body(root, disk),
            },
            _ => self.folder(disk),
        }
    }

    fn write(path: &str, bytes: impl Into<Vec<u8>>) -> Vec<Change> {
        vec![Change::Write(path.to_string(), bytes.into())]
    }

    /// A file of the content that is a text.
    fn any<'a>(&mut self, disk: &'a Disk) -> &'a str {
        // What others link to is worked on more often.
        let favourites =
            ["content/questions/reset.md", "content/how-tos/backup.md", "content/questions/reset/ben.md"];
        if self.random.one_in(6) {
            let path = self.random.pick(&favourites);
            if let Some(path) = disk.documents.iter().find(|it| *it == path) {
                return path;
            }
        }
        self.random.of(&disk.documents).map_or("content/README.md", String::as_str)
    }

    /// Some file as a link from another one.
    fn target(&mut self, from: &str, disk: &Disk) -> String {
        let to = match self.random.below(6) {
            0 => self.random.of(&disk.assets).map_or("x.png", String::as_str),
            1 => {
                let all = [
                    "/ideas/state/open/",
                    "/questions/active/page/2/",
                    "/stories/industry/pottery/",
                    "/tags/glaze/",
                    "/people/ana/",
                    "/products/kiln/",
                    "nowhere.md",
                    "/questions/reset/#steps",
                ];
                return all[self.random.below(all.len())].to_string();
            }
            2 => "content/questions/reset.md",
            _ => self.any(disk),
        };
        let up = from.matches('/').count().saturating_sub(1);
        let path = format!("{}{}", "../".repeat(up), to.strip_prefix("content/").unwrap_or(to));
        match self.random.below(5) {
            0 => format!("{path}#steps"),
            1 => format!("{path}#restore"),
            _ => path,
        }
    }

    fn body(&mut self, root: &Path, disk: &Disk) -> Vec<Change> {
        if self.random.one_in(20) {
            let text =
                format!("# Rules\n1. Number {}.\n2. [x](content/questions/reset.md#steps)\n", self.number);
            return Hand::write("GUIDELINES.md", text);
        }
        let path = self.any(disk).to_string();
        let target = self.target(&path, disk);
        let text = read(root, &path);
        Hand::write(&path, text::edited(&mut self.random, &text, &target, self.number))
    }

    fn title(&mut self, root: &Path, disk: &Disk) -> Vec<Change> {
        let path = self.any(disk).to_string();
        let title = match self.random.below(6) {
            0 => None,
            1 => Some("How do I reset my password?".to_string()),
            2 => Some(format!("Zebra `{}` *and* others", self.number)),
            _ => Some(format!("Title number {}", self.number)),
        };
        Hand::write(&path, text::with_title(&read(root, &path), title.as_deref()))
    }

    fn field(&mut self, root: &Path, disk: &Disk) -> Vec<Change> {
        let path = self.any(disk).to_string();
        let mut text = read(root, &path);
        for _ in 0..1 + self.random.below(2) {
            let (name, value) = text::field(&mut self.random, &path);
            let value = Some(value.as_str()).filter(|_| !self.random.one_in(4));
            text = text::with_field(&text, &name, value);
        }
        Hand::write(&path, text)
    }

    fn reply(&mut self, disk: &Disk) -> Vec<Change> {
        let entry = self.any(disk);
        let folder = match entry.rsplit_once('/') {
            Some((folder, "index.md")) => folder,
            _ => entry.rsplit_once('.').map_or(entry, |it| it.0),
        };
        let stems = [
            "ana",
            "ben",
            "your-name",
            "cem",
            "p1",
            "gus",
            "ana--2",
            "jun",
            "eve",
            "p2-2",
            "zoe",
            "Dora-Lang",
        ];
        let path = format!("{folder}/{}.md", self.random.pick(&stems));
        let target = self.target(&path, disk);
        Hand::write(&path, text::reply(&mut self.random, &target, self.number))
    }

    fn new_file(&mut self, disk: &Disk) -> Vec<Change> {
        let mut folders: Vec<&str> = Kind::ALL.iter().map(|kind| kind.plural()).collect();
        folders.extend([
            "questions",
            "handbook",
            "_faq",
            "questions/billing",
            "questions/new-topic/deep",
            "handbook/second",
            "unknown",
        ]);
        let folder = self.random.pick(&folders);
        let name = match self.random.below(9) {
            0 => "_index.md".to_string(),
            1 => "README.md".to_string(),
            2 => format!("new-{}/index.md", self.number),
            3 => "reset.md".to_string(),
            4 => format!("text-{}.txt", self.number),
            5 => format!("more-{}.md", self.random.below(16)),
            6 => format!("2026-01-01-new-{}.markdown", self.number),
            _ => format!("new-{}.md", self.number),
        };
        let path = format!("content/{folder}/{name}");
        let target = self.target(&path, disk);
        Hand::write(&path, text::written(&mut self.random, &path, &target, self.number))
    }

    fn removed(&mut self, root: &Path, disk: &Disk) -> Vec<Change> {
        let path = self.any(disk).to_string();
        self.gone.push((path.clone(), std::fs::read(root.join(&path)).unwrap_or_default()));
        vec![Change::Remove(path)]
    }

    fn restored(&mut self) -> Vec<Change> {
        if self.gone.is_empty() {
            return Vec::new();
        }
        let (path, bytes) = self.gone.swap_remove(self.random.below(self.gone.len()));
        Hand::write(&path, bytes)
    }

    fn moved(&mut self, disk: &Disk) -> Vec<Change> {
        let from = self.any(disk).to_string();
        let (folder, name) = from.rsplit_once('/').unwrap_or(("content", &from));
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, "md"));
        let to = match self.random.below(10) {
            0 => format!("{folder}/{}.{extension}", stem.to_uppercase()),
            1 => format!("{folder}/{stem}-{}.{extension}", self.number),
            2 => format!("content/questions/billing/{name}"),
            3 => format!("content/questions/topic-{}/{name}", self.random.below(3)),
            4 => format!("{folder}/{stem}/index.md"),
            5 => format!(
                "content/{}/{name}",
                self.random.pick(&["how-tos", "pages", "ideas", "questions", "handbook"])
            ),
            6 => format!("{folder}/{stem}.{}", self.random.pick(&["txt", "MD", "markdown", "md"])),
            7 => format!("{folder}/{}.md", self.random.pick(&["ana", "ben", "reset", "_index", "README"])),
            8 => format!("{folder}/.{name}"),
            _ => format!("{folder}/con.md"),
        };
        // Its folder goes with an entry, as `git mv` of both would do it.
        let replies = format!("{folder}/{stem}");
        let mut changes = vec![Change::Rename(from.clone(), to.clone())];
        if disk.folders.contains(&replies) && self.random.one_in(2) {
            let to = to.rsplit_once('.').map_or(to.as_str(), |it| it.0);
            changes.push(Change::Rename(replies, to.to_string()));
        }
        changes
    }

    fn folder(&mut self, disk: &Disk) -> Vec<Change> {
        let folders: Vec<&String> = disk.folders.iter().filter(|it| it.matches('/').count() > 1).collect();
        let Some(from) = self.random.of(&folders).map(|it| (*it).clone()) else { return Vec::new() };
        if self.random.one_in(5) {
            return vec![Change::Remove(from)];
        }
        let (above, name) = from.rsplit_once('/').unwrap_or(("content", &from));
        let to = match self.random.below(4) {
            0 => format!("{above}/{}", name.to_uppercase()),
            1 => format!("content/questions/topic-{}/{name}", self.random.below(3)),
            2 => format!("content/node_modules/{name}"),
            _ => format!("{above}/{name}-{}", self.number),
        };
        vec![Change::Rename(from, to)]
    }

    fn person(&mut self, root: &Path, disk: &Disk) -> Vec<Change> {
        let handle = self.random.pick(&["ana", "ben", "eve", "jun", "p1", "p3", "gus", "zoe", "cem"]);
        let path = format!("content/people/{handle}.md");
        let known = disk.documents.contains(&path);
        let mut text = if known {
            read(root, &path)
        } else {
            format!("---\nname: {}\n---\nHello.\n", handle.to_uppercase())
        };
        let fields: Vec<Field> = fields_of(Kind::Person).chain([Field::Slug, Field::Status]).collect();
        let field = fields[self.random.below(fields.len())];
        if known || self.random.one_in(2) {
            let value = text::value(&mut self.random, field);
            text = text::with_field(&text, field.name(), Some(&value));
        }
        Hand::write(&path, text)
    }

    fn asset(&mut self, disk: &Disk) -> Vec<Change> {
        let Some(path) = self.random.of(&disk.assets).cloned() else { return Vec::new() };
        match self.random.below(6) {
            0 => vec![Change::Remove(path)],
            1 => Hand::write(&path, "no picture at all"),
            2 => Hand::write("content/how-tos/new.png", PNG),
            3 => {
                let name = path.rsplit('/').next().unwrap_or("x.png");
                vec![Change::Rename(path.clone(), format!("content/how-tos/{name}"))]
            }
            4 => Hand::write(&path, PNG),
            _ if path.ends_with(".svg") => Hand::write(&path, svg(10 + self.number)),
            _ => Hand::write(&path, [PNG, &[u8::try_from(self.number % 200).unwrap_or(0)]].concat()),
        }
    }

    fn statics(&mut self, disk: &Disk) -> Vec<Change> {
        let paths = [
            "static/robots-note.txt",
            "static/tags/index.html",
            "static/questions/reset/index.html",
            "static/feed.xml",
            "static/index.html",
            "static/robots.txt",
            "static/sitemap.xml",
            "static/questions/feed.json",
            "static/people/ana/index.html",
            "static/files/questions/button.png",
            "static/.nojekyll",
            "static/questions/new-3/index.html",
            "static/old/reset/index.html",
        ];
        let path = self.random.pick(&paths);
        if disk.others.iter().any(|it| it == path) && self.random.one_in(2) {
            return vec![Change::Remove(path.to_string())];
        }
        Hand::write(path, format!("Static {}", self.number))
    }

    fn theme(&mut self, disk: &Disk) -> Vec<Change> {
        if self.random.one_in(6) {
            let (name, text) = WRONG_TEMPLATES[self.random.below(WRONG_TEMPLATES.len())];
            let path = format!("themes/mine/{name}");
            // Mended with something that is right.
            let right = TEMPLATES.iter().find(|it| it.0 == name).map_or("", |it| it.1);
            self.broken.insert(path.clone(), right.as_bytes().to_vec());
            return Hand::write(&path, text);
        }
        let (name, text) = TEMPLATES[self.random.below(TEMPLATES.len())];
        let path = format!("themes/mine/{name}");
        if disk.others.contains(&path) && self.random.one_in(3) && !path.ends_with("own.html") {
            self.broken.remove(&path);
            return vec![Change::Remove(path)];
        }
        self.broken.remove(&path);
        Hand::write(&path, text.replace("NUMBER", &self.number.to_string()))
    }

    fn setting(&mut self) -> Vec<Change> {
        if self.random.one_in(8) {
            self.broken.insert("longhouse.yaml".to_string(), self.configuration().into_bytes());
            let wrong =
                self.random.pick(&["tilte: X\n", "menu: [\n", "page_size: many\n", "theme: nowhere\n"]);
            return Hand::write("longhouse.yaml", wrong);
        }
        let setting = &Setting::KEYS[self.random.below(Setting::KEYS.len())];
        match self.random.of(&settings(setting)).filter(|_| !self.random.one_in(4)) {
            Some(value) => self.settings.insert(setting.name, value.clone()),
            None => self.settings.remove(setting.name),
        };
        self.broken.remove("longhouse.yaml");
        Hand::write("longhouse.yaml", self.configuration())
    }

    fn data(&mut self, disk: &Disk) -> Vec<Change> {
        let path = self.any(disk).strip_prefix("content/").unwrap_or_default().to_string();
        let slug = path.rsplit_once('.').map_or(path.as_str(), |it| it.0);
        match self.random.below(8) {
            6 => {
                let name = self.random.pick(&["paper", "club", "gone"]);
                let feed = self.random.pick(&["https://planet.example/feed.xml", "https://other.example/"]);
                let text = format!(
                    "feed: {feed}\nchanged: 2026-03-0{}\nitems: [{{title: News {}, url: https://planet.example/a}}]\n",
                    1 + self.number % 9,
                    self.number
                );
                Hand::write(&format!("data/feeds/{name}.yaml"), text)
            }
            7 => vec![Change::Remove("data/feeds/paper.yaml".to_string())],
            0 => {
                let text = format!(
                    "questions/reset: {}\nquestions/reset#answer-ana: 1\n{slug}: {{votes: 2, by: [ana]}}\nideas/sound: [eve, ben, n{}]\n",
                    self.number, self.number
                );
                Hand::write("data/reactions.yaml", text)
            }
            1 => vec![Change::Remove("data/reactions.yaml".to_string())],
            2 => vec![Change::Remove("data/moderation.yaml".to_string())],
            3 => Hand::write(
                "search-tests.yaml",
                format!("- {{query: q{}, page: /questions/reset/}}\n", self.number),
            ),
            _ => {
                let status = self.random.pick(&["hidden", "locked", "obsolete", "draft"]);
                let text = format!(
                    "{path}: {{status: {status}, reason: Rule {}.}}\nquestions/spam.md: hidden\n",
                    self.number
                );
                Hand::write("data/moderation.yaml", text)
            }
        }
    }

    fn broken(&mut self, root: &Path, disk: &Disk) -> Vec<Change> {
        let path = self.any(disk).to_string();
        let text = read(root, &path);
        self.broken.entry(path.clone()).or_insert_with(|| text.clone().into_bytes());
        let broken = text::broken(&mut self.random, &text);
        Hand::write(&path, broken)
    }

    fn mend(&mut self, path: &str) -> Vec<Change> {
        self.broken.remove(path).map(|bytes| Hand::write(path, bytes)).unwrap_or_default()
    }
}

fn read(root: &Path, path: &str) -> String {
    std::fs::read(root.join(path))
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .unwrap_or_default()
}

/// What lies on the disk, by path from the root.
struct Disk {
    documents: Vec<String>,
    assets: Vec<String>,
    others: Vec<String>,
    folders: BTreeSet<String>,
}

impl Disk {
    fn read(root: &Path) -> Disk {
        let mut disk =
            Disk { documents: Vec::new(), assets: Vec::new(), others: Vec::new(), folders: BTreeSet::new() };
        for entry in WalkDir::new(root).sort_by_file_name().into_iter().filter_map(Result::ok) {
            let Ok(path) = entry.path().strip_prefix(root) else { continue };
            let path = path.to_string_lossy().into_owned();
            let is_content = path.starts_with("content/");
            if entry.file_type().is_dir() {
                if is_content {
                    disk.folders.insert(path);
                }
            } else if !is_content {
                disk.others.push(path);
            } else if longhouse::source::is_document(&path) {
                disk.documents.push(path);
            } else {
                disk.assets.push(path);
            }
        }
        disk
    }
}
