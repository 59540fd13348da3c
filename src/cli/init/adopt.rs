//! `longhouse init` where there are pages already: what would become of each folder, and the few lines of
//! `longhouse.yaml` that say so.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::cli::report::visible;
use crate::diagnostic::count;
use crate::page::kind::Kind;
use crate::source::survey::Survey;
use crate::yaml::write::scalar;

/// How the pages that are there become a site.
pub(super) struct Proposal {
    /// What was recognised.
    what: &'static str,
    /// The content folder; `.` for the root.
    content: String,
    /// The kinds of folders whose names do not say them.
    kinds: BTreeMap<String, &'static str>,
    rows: Vec<Row>,
    /// Folders with pages that the content folder leaves out.
    outside: Vec<(String, usize)>,
}

/// What becomes of one folder.
struct Row {
    folder: String,
    kind: String,
    pages: usize,
    address: String,
}

/// The usual names of folders whose pages have a kind, without signs around them.
const KINDS: [(&str, &str); 16] = [
    ("faq", "faq"),
    ("faqs", "faq"),
    ("q-and-a", "questions"),
    ("qa", "questions"),
    ("question", "questions"),
    ("questions", "questions"),
    ("how-to", "how-tos"),
    ("howto", "how-tos"),
    ("howtos", "how-tos"),
    ("how-to-guides", "how-tos"),
    ("guides", "how-tos"),
    ("tutorials", "how-tos"),
    ("recipes", "how-tos"),
    ("news", "announcements"),
    ("blog", "announcements"),
    ("posts", "announcements"),
];

/// What to do with what is there; nothing where no page is.
pub(super) fn propose(survey: &Survey) -> Option<Proposal> {
    if survey.below("") == 0 {
        return None;
    }
    let (what, content) = content(survey);
    let mut kinds = BTreeMap::new();
    let mut rows = Vec::new();
    if content.is_empty()
        && let Some(name) = survey.names.iter().find(|name| name.eq_ignore_ascii_case("readme.md"))
    {
        let kind = "home page".to_string();
        rows.push(Row { folder: name.clone(), kind, pages: 1, address: "/".to_string() });
    }
    let own = survey.folders.get(&content).copied().unwrap_or_default();
    if own > 0 {
        let folder = if content.is_empty() { ".".to_string() } else { format!("{content}/") };
        rows.push(Row { folder, kind: "plain pages".into(), pages: own, address: "/<name>/".into() });
    }
    for (name, pages) in survey.children(&content) {
        let known = Kind::ALL.into_iter().find(|kind| kind.plural() == name).map(Kind::plural);
        let meant = known.or_else(|| {
            let bare = name.trim_start_matches('_').to_lowercase().replace('_', "-");
            // On Jekyll the text of a question is its answer.
            let is_faq = name.starts_with('_') && bare == "questions";
            let found = KINDS.iter().find(|(word, _)| *word == bare).map(|(_, kind)| *kind);
            if is_faq { Some("faq") } else { found }
        });
        if let Some(kind) = meant.filter(|_| known.is_none()) {
            kinds.insert(name.clone(), kind);
        }
        let folder = if content.is_empty() { format!("{name}/") } else { format!("{content}/{name}/") };
        let (kind, address) = match meant {
            Some("faq") => ("questions with their answers".to_string(), "/questions/<name>/".to_string()),
            Some("pages") => ("plain pages".to_string(), "/<name>/".to_string()),
            Some(kind) => (kind.to_string(), format!("/{kind}/<name>/")),
            None => ("plain pages".to_string(), format!("/{}/<name>/", name.to_lowercase())),
        };
        rows.push(Row { folder, kind, pages, address });
    }
    let top = content.split('/').next().unwrap_or_default();
    let is_outside = |name: &String| !content.is_empty() && name != top;
    let mut outside: Vec<(String, usize)> =
        survey.children("").into_iter().filter(|(name, _)| is_outside(name)).collect();
    let in_root = survey.folders.get("").copied().unwrap_or_default();
    if !content.is_empty() && in_root > 0 {
        outside.insert(0, (".".to_string(), in_root));
    }
    let content = if content.is_empty() { ".".to_string() } else { content };
    Some(Proposal { what, content, kinds, rows, outside })
}

/// Which program the folder was written for, and where its content lies.
fn content(survey: &Survey) -> (&'static str, String) {
    let has = |name: &str| survey.names.contains(name);
    let begins = |start: &str| survey.names.iter().any(|name| name.starts_with(start));
    let holds = |folder: &str| survey.below(folder) > 0;
    let at = |what, folder: &str| (what, folder.to_string());
    match () {
        () if begins("docusaurus.config.") && holds("docs") => at("a Docusaurus site", "docs"),
        () if begins("astro.config.") && holds("src/content/docs") => {
            at("a Starlight site", "src/content/docs")
        }
        () if has("mkdocs.yml") || has("mkdocs.yaml") => {
            let folder = survey.docs_dir.as_deref().unwrap_or("docs");
            if holds(folder) { at("a MkDocs site", folder) } else { at("a MkDocs site", "") }
        }
        () if has("book.toml") && holds("src") => at("an mdBook", "src"),
        () if has(".obsidian") => at("an Obsidian vault", ""),
        () if has("_config.yml") || begins("_posts") => at("a Jekyll site", ""),
        () if begins("hugo.") && holds("content") => at("a Hugo site", "content"),
        () if has("config.toml") && holds("content") => at("a Hugo or Zola site", "content"),
        () if has("Home.md") || has("_Sidebar.md") => at("a wiki", ""),
        () if holds("content") => at("a folder with content", "content"),
        () => {
            // Where all but a few pages lie in one folder, that is the content.
            let children = survey.children("");
            let most = children.iter().max_by_key(|(_, pages)| **pages);
            let all = survey.below("");
            let has_kind = children.keys().any(|name| Kind::ALL.iter().any(|kind| kind.plural() == name));
            match most {
                Some((name, pages)) if !has_kind && pages * 10 >= all * 8 => at("a folder of markdown", name),
                _ => at("a folder of markdown", ""),
            }
        }
    }
}

impl Proposal {
    /// The lines of `longhouse.yaml` that say it.
    pub(super) fn settings(&self) -> String {
        let mut lines = String::new();
        if self.content != "content" {
            let _ = writeln!(lines, "content: {}", scalar(&self.content));
        }
        if !self.kinds.is_empty() {
            let kinds: Vec<String> =
                self.kinds.iter().map(|(folder, kind)| format!("{}: {kind}", scalar(folder))).collect();
            let _ = writeln!(lines, "kinds: {{{}}}", kinds.join(", "));
        }
        // Somebody has looked at the folders, so a warning for each would say nothing new.
        if self.rows.iter().any(|row| row.kind == "plain pages") {
            lines.push_str("rules: {unknown-kind: off}\n");
        }
        lines
    }

    /// The proposal for people.
    pub(super) fn text(&self) -> String {
        let pages: usize = self.rows.iter().map(|row| row.pages).sum();
        let mut text = format!("This looks like {}, with {}.\n\n", self.what, count(pages, "page"));
        let width = |cell: &dyn Fn(&Row) -> usize| self.rows.iter().map(cell).max().unwrap_or_default();
        let folder = width(&|row| row.folder.chars().count());
        let kind = width(&|row| row.kind.len());
        let number = width(&|row| count(row.pages, "page").len());
        for row in &self.rows {
            let _ = writeln!(
                text,
                "  {:folder$}  {:kind$}  {:>number$}  {}",
                visible(&row.folder),
                row.kind,
                count(row.pages, "page"),
                visible(&row.address)
            );
        }
        for (folder, pages) in &self.outside {
            let where_to = if folder == "." { "this folder".into() } else { format!("`{folder}/`") };
            let _ = writeln!(
                text,
                "\n{} in {} would not be part of the site.",
                count(*pages, "page"),
                visible(&where_to)
            );
        }
        let settings = self.settings();
        let said =
            if settings.is_empty() { "needs no settings".to_string() } else { "would contain".to_string() };
        let _ = writeln!(text, "\nlonghouse.yaml {said}{}", if settings.is_empty() { "." } else { ":" });
        for line in settings.lines() {
            let _ = writeln!(text, "  {}", visible(line));
        }
        text
    }
}
