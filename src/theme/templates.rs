//! The templates of a site: the default ones, with the site's own over them, read by the engine. Whatever
//! cannot be read is told at once, each with its place in the file as the company knows it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tera::{ErrorKind, ReportError, Tera};

use super::reference::{How, Reference, has_components, references};
use crate::diagnostic::{Diagnostic, Rule, Severity, Span, nearest};
use crate::words::Words;

/// Every template by its name, and where each comes from.
#[derive(Debug)]
pub(crate) struct Templates {
    /// The name of the site's theme.
    theme: String,
    /// What templates may say.
    words: Arc<Words>,
    texts: BTreeMap<String, Template>,
}

#[derive(Debug)]
struct Template {
    text: Arc<str>,
    /// Whether it is the site's own.
    own: bool,
}

impl Templates {
    /// Templates of the theme with this name, and the words that they may say.
    pub(crate) fn new(theme: &str, words: &Arc<Words>) -> Templates {
        Templates { theme: theme.to_string(), words: Arc::clone(words), texts: BTreeMap::new() }
    }

    /// An engine that knows the words and no template yet.
    fn engine(&self) -> Tera {
        let mut tera = Tera::new();
        super::say::register(&mut tera, &self.words);
        tera
    }

    /// Adds one, or puts it over the one that has its name.
    pub(crate) fn insert(&mut self, name: &str, bytes: &[u8], own: bool) {
        self.texts.insert(name.to_string(), Template { text: String::from_utf8_lossy(bytes).into(), own });
    }

    /// Where a template stands: in the site's own theme, or in the default one.
    pub(crate) fn path(&self, name: &str) -> String {
        let own = self.texts.get(name).is_some_and(|template| template.own);
        let theme = if own { &self.theme } else { super::DEFAULT_NAME };
        format!("themes/{theme}/templates/{name}")
    }

    /// Whether a template comes with the program.
    pub(crate) fn is_default(&self, name: &str) -> bool {
        self.texts.get(name).is_some_and(|template| !template.own)
    }

    /// The text of a template.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.texts.get(name).map_or("", |template| &template.text)
    }

    /// Texts by their paths, for showing problems in them.
    pub(crate) fn by_path(&self, names: &BTreeSet<String>) -> BTreeMap<String, Arc<str>> {
        let known =
            names.iter().filter_map(|name| Some((self.path(name), Arc::clone(&self.texts.get(name)?.text))));
        known.collect()
    }

    /// A template with all that it names, however many steps away, and all that hold components.
    pub(crate) fn reached<'a>(&'a self, name: &'a str) -> BTreeMap<&'a str, &'a str> {
        let mut reached = BTreeMap::new();
        let components = self.texts.iter().filter(|(_, template)| has_components(&template.text));
        let mut next: Vec<String> = components.map(|(name, _)| name.clone()).collect();
        next.push(name.to_string());
        while let Some(name) = next.pop() {
            let Some((name, template)) = self.texts.get_key_value(&name) else { continue };
            if reached.insert(name.as_str(), &*template.text).is_none() {
                next.extend(references(&template.text).into_iter().map(|it| it.name));
            }
        }
        reached
    }

    /// The templates as the engine takes them.
    ///
    /// # Errors
    /// Everything that is wrong with them, and the names of those in which it is.
    pub(crate) fn read(&self) -> Result<Tera, (Vec<Diagnostic>, BTreeSet<String>)> {
        let mut tera = self.engine();
        let all = self.texts.iter().map(|(name, template)| (name.as_str(), &*template.text));
        let Err(error) = tera.add_raw_templates(all) else { return Ok(tera) };
        let mut found = TemplateProblems::default();
        self.explain(&error, &mut found);
        found.diagnostics.sort();
        found.diagnostics.dedup();
        Err((found.diagnostics, found.names))
    }

    /// One warning for each file of the site's theme that changes nothing.
    pub(crate) fn unused(&self, defaults: &BTreeSet<&str>) -> Vec<Diagnostic> {
        let mut named: BTreeSet<String> = defaults.iter().map(ToString::to_string).collect();
        for template in self.texts.values() {
            named.extend(references(&template.text).into_iter().map(|it| it.name));
        }
        let own = self.texts.iter().filter(|(_, template)| template.own);
        own.filter(|(name, template)| !named.contains(*name) && !has_components(&template.text))
            .map(|(name, _)| {
                // A folder that both have makes any two names alike.
                let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
                let beside = defaults.iter().filter_map(|it| {
                    let (other, it) = it.rsplit_once('/').unwrap_or(("", it));
                    (other == folder).then_some(it)
                });
                let help = match nearest(file, beside) {
                    Some(near) => format!("Did you mean `{near}`? Rename the file."),
                    None => {
                        "A template is used if it has the name of a template in the default theme, or if another \
                         one includes or extends it."
                            .to_string()
                    }
                };
                Diagnostic::new(
                    Rule::Theme,
                    &self.path(name).into(),
                    Span::START,
                    format!("No page uses the template `{name}`."),
                )
                .severity(Severity::Warning)
                .help(help)
            })
            .collect()
    }

    /// Finds every problem, not only the first that the engine met: templates that cannot be parsed, each by
    /// itself; names of templates that are not there; then what is wrong with the rest.
    fn explain(&self, first: &tera::Error, found: &mut TemplateProblems) {
        let mut rest: BTreeMap<&str, &str> = BTreeMap::new();
        // What stands in for templates that are missing or cannot be parsed, so that the engine goes on.
        let mut stubs: BTreeSet<String> = BTreeSet::new();
        for (name, template) in &self.texts {
            if let Err(error) = self.engine().add_raw_template(name, &template.text)
                && let ErrorKind::SyntaxError(report) = error.kind()
            {
                found.add(name, self.syntax(name, report));
                stubs.insert(name.clone());
                continue;
            }
            rest.insert(name, &template.text);
            for reference in references(&template.text) {
                if !self.texts.contains_key(&reference.name) {
                    found.add(name, self.missing(name, &reference));
                    stubs.insert(reference.name);
                }
            }
        }
        let known = found.diagnostics.len();
        let all = rest
            .iter()
            .map(|(name, text)| (*name, *text))
            .chain(stubs.iter().map(|name| (name.as_str(), "")));
        if let Err(error) = self.engine().add_raw_templates(all) {
            self.rest(&error, &stubs, found);
        }
        if found.diagnostics.is_empty() && known == 0 {
            self.rest(first, &stubs, found);
        }
    }

    /// A template that cannot be parsed.
    fn syntax(&self, name: &str, report: &ReportError) -> Diagnostic {
        let span = super::problem::span(report.span());
        let at = self.text(name).get(report.span().range.clone()).unwrap_or_default();
        if report.message() == "Unknown tag" && at.starts_with("end") {
            return self
                .problem(name, span, format!("`{at}` has nothing to close here"))
                .help("Perhaps an `if` or a `for` above it is not closed.");
        }
        self.problem(name, span, sentence(report.message())).help("Templates use the syntax of Tera 2.")
    }

    /// A template that names one that is not there.
    fn missing(&self, name: &str, reference: &Reference) -> Diagnostic {
        let does = match reference.how {
            How::Extends => "extends",
            How::Includes => "includes",
        };
        let span = super::problem::span_of(self.text(name), reference.at.clone());
        let problem = self.problem(
            name,
            span,
            format!("This template {does} `{}`, which does not exist.", reference.name),
        );
        let names = self.texts.keys().map(String::as_str).filter(|it| *it != name);
        // What is extended stands beside, what is included mostly in a folder of parts.
        let names: Vec<&str> = match reference.how {
            How::Extends => names.filter(|it| !it.contains('/')).collect(),
            How::Includes => names.collect(),
        };
        let there = super::problem::listed(&names);
        let by_file = |it: &&&str| it.rsplit('/').next() == reference.name.rsplit('/').next();
        let near =
            names.iter().find(by_file).copied().or_else(|| nearest(&reference.name, names.iter().copied()));
        match near {
            Some(near) => {
                problem.help(format!("Did you mean `{near}`? There are {there}.")).fix(format!("\"{near}\""))
            }
            None => problem.help(format!("There are {there}.")),
        }
    }

    /// What the engine says of templates that it could parse.
    fn rest(&self, error: &tera::Error, stubs: &BTreeSet<String>, found: &mut TemplateProblems) {
        match error.kind() {
            ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
                found.add(report.filename(), self.syntax(report.filename(), report));
            }
            ErrorKind::CircularExtend { tpl, inheritance_chain } => {
                found.add(tpl, self.circle(tpl, How::Extends, inheritance_chain));
            }
            ErrorKind::CircularInclude { tpl, include_chain } => {
                found.add(tpl, self.circle(tpl, How::Includes, include_chain));
            }
            // Several reports in one text, as the engine prints them.
            _ => {
                let text = error.to_string();
                for report in text.split("error: ").filter(|it| !it.trim().is_empty()) {
                    self.printed(report, stubs, found);
                }
            }
        }
    }

    fn printed(&self, report: &str, stubs: &BTreeSet<String>, found: &mut TemplateProblems) {
        let message = report.lines().next().unwrap_or_default().trim();
        let block = message.strip_suffix("` is not defined in any parent template");
        let block = block.and_then(|it| it.strip_prefix("Block `"));
        // A parent that is not there has been told; its blocks need not be.
        if block.is_some() && !stubs.is_empty() {
            return;
        }
        let place = report.lines().find_map(|line| line.trim_start().strip_prefix("--> "));
        let place = place.and_then(|place| {
            let (rest, column) = place.rsplit_once(':')?;
            let (name, line) = rest.rsplit_once(':')?;
            Some((name, line.parse().ok()?, column.parse().ok()?))
        });
        let width = report.lines().flat_map(str::chars).filter(|c| *c == '^').count();
        let Some((name, line, column)) = place else {
            let file: Arc<str> = format!("themes/{}/templates", self.theme).into();
            found.diagnostics.push(Diagnostic::new(Rule::Theme, &file, Span::START, sentence(message)));
            return;
        };
        // A parent of the site's own, without a block that a template of the default theme fills.
        if let Some((block, parent)) = block.zip(self.own_parent(name).filter(|_| self.is_default(name))) {
            let message = format!("This template needs the block `{block}`, which the default theme fills.");
            let tags = format!("{{% block {block} %}}{{% endblock {block} %}}");
            let problem = self.problem(&parent, Span::START, message);
            found.add(&parent, problem.help(format!("Write `{tags}` where it belongs.")));
            return;
        }
        let span = Span::in_line(line, column, u32::try_from(width).unwrap_or(1).max(1));
        found.add(name, self.problem(name, span, sentence(message)));
    }

    /// The nearest template of the site's own that a template extends.
    fn own_parent(&self, name: &str) -> Option<String> {
        let mut name = name.to_string();
        // A circle has been told before; here it only has to end.
        for _ in 0..self.texts.len() {
            name = references(self.text(&name)).into_iter().find(|it| it.how == How::Extends)?.name;
            if self.texts.get(&name)?.own {
                return Some(name);
            }
        }
        None
    }

    fn circle(&self, name: &str, how: How, chain: &[String]) -> Diagnostic {
        let text = self.text(name);
        let place = references(text)
            .into_iter()
            .find(|it| it.how == how && (chain.contains(&it.name) || it.name == name));
        let span = place.map_or(Span::START, |it| super::problem::span_of(text, it.at));
        let chain: Vec<String> = chain.iter().map(|name| format!("`{name}`")).collect();
        let does = if how == How::Extends { "extend" } else { "include" };
        self.problem(name, span, format!("Templates {does} each other in a loop: {}.", chain.join(", ")))
            .help("Remove one of them from the loop.")
    }

    /// A problem in a template of this name.
    pub(crate) fn problem(&self, name: &str, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Rule::Theme, &self.path(name).into(), span, message)
    }
}

#[derive(Debug, Default)]
struct TemplateProblems {
    diagnostics: Vec<Diagnostic>,
    names: BTreeSet<String>,
}

impl TemplateProblems {
    fn add(&mut self, name: &str, diagnostic: Diagnostic) {
        self.names.insert(name.to_string());
        self.diagnostics.push(diagnostic);
    }
}

/// What the engine says, as a part of a sentence.
fn sentence(message: &str) -> String {
    let mut letters = message.trim_end_matches('.').chars();
    let first: String = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    let stop = if message.ends_with(['?', '!']) { "" } else { "." };
    format!("{first}{}{stop}", letters.as_str())
}
