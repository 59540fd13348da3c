//! Why a template cannot be rendered, said so that its author can mend it: the place, which part of a name
//! is not there, and what there is instead.
//!
//! The engine names the value that was missing, but not which step of `answer.author.nme` failed, and not
//! what a loop's variable holds. So the template is rendered once more with a question before the tag:
//! each step of the path is asked for its fields. That happens once for each place, never once for each page.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use tera::{Context, ErrorKind, Kwargs, State, Tera, Value};

use super::templates::Templates;
use crate::diagnostic::{Diagnostic, Span, nearest};
use crate::view;

/// Why the theme cannot be used. Templates are the company's own, so this ends a build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateErrors {
    /// What is wrong, in the order of files and places.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts of the files in which it is, by their paths.
    pub texts: BTreeMap<String, Arc<str>>,
}

impl fmt::Display for TemplateErrors {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, it) in self.diagnostics.iter().enumerate() {
            let end = if n == 0 { "" } else { "\n" };
            write!(out, "{end}{}:{}:{}: {}. {}", it.file, it.line, it.column, it.message, it.help)?;
        }
        Ok(())
    }
}

impl std::error::Error for TemplateErrors {}

/// Where and why the rendering of a page stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    template: String,
    at: (usize, usize),
    span: Span,
    message: String,
    /// The line from which the template was included, as the engine says it.
    caller: Option<String>,
}

impl Fault {
    /// What the engine said.
    pub(crate) fn new(rendered: &'static str, error: &tera::Error) -> Fault {
        let text = error.to_string();
        let ErrorKind::RenderingError(report) = error.kind() else {
            return Fault {
                template: rendered.to_string(),
                at: (0, 0),
                span: Span::START,
                message: text,
                caller: None,
            };
        };
        let caller = text.split("note: called from ").nth(1).and_then(|note| note.lines().next());
        // What the engine lists is asked for again, in a form for people.
        let message = report.message().split(" Available ").next().unwrap_or_default();
        Fault {
            template: report.filename().to_string(),
            at: (report.span().range.start, report.span().range.end),
            span: span(report.span()),
            message: message.trim_end_matches('.').to_string(),
            caller: caller.map(ToString::to_string),
        }
    }

    /// The template in which it is.
    pub(crate) fn template(&self) -> &str {
        &self.template
    }

    /// The template, and where in it: the same for every page that stops there.
    pub(crate) fn place(&self) -> (String, (usize, usize)) {
        (self.template.clone(), self.at)
    }
}

/// Says what a fault is, by rendering its page once more with questions in the template.
pub(crate) fn explain(
    fault: &Fault,
    templates: &Templates,
    tera: &Tera,
    rendered: &str,
    context: &Context,
    address: &str,
) -> Diagnostic {
    let text = templates.text(&fault.template);
    // Only a value that is missing can be asked for.
    let path = fault.message.contains("defined").then(|| path_around(text, fault.at.0)).flatten();
    let mut problem = path
        .and_then(|path| {
            let missing = ask(tera, &fault.template, text, &path, rendered, context)?;
            Some(missing_field(templates, fault, text, &path, &missing))
        })
        .unwrap_or_else(|| templates.problem(&fault.template, fault.span, fault.message.clone()));
    let mut help = vec![std::mem::take(&mut problem.help)];
    if templates.is_default(&fault.template) {
        help.push("This template is built into the program.".to_string());
    }
    if let Some((name, line)) = fault.caller.as_deref().and_then(|it| it.split_once(':')) {
        let line = line.split(':').next().unwrap_or(line);
        help.push(format!("It is included by {}:{line}.", templates.path(name)));
    }
    help.push(format!("It occurred on the page {address}."));
    problem.help(help.into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" "))
}

/// `answer.author.nme`: the parts of a path, with their places in the text.
#[derive(Debug)]
struct Path {
    parts: Vec<Part>,
}

#[derive(Debug)]
struct Part {
    name: String,
    /// The name itself, in a subscript with its quotes.
    at: Range<usize>,
    /// Where the path up to here ends.
    end: usize,
}

/// What was asked and not found.
#[derive(Debug)]
struct Missing {
    /// Which part of the path.
    part: usize,
    /// What the one before it is: `map`, or another word.
    holder: String,
    /// What there is in its place.
    known: Vec<String>,
}

/// The path that goes over a place of a template.
fn path_around(text: &str, place: usize) -> Option<Path> {
    let mut at = tag_before(text, place)? + 2;
    while at <= place {
        let c = text[at..].chars().next()?;
        if matches!(c, '"' | '\'' | '`') {
            at += 1 + text[at + 1..].find(c)? + 1;
        } else if c.is_alphabetic() || c == '_' {
            let path = path_at(text, at)?;
            let end = path.parts.last()?.end;
            if place < end {
                // What stands after a bar is the name of a filter.
                let is_filter = text[..at].trim_end().ends_with('|');
                return (!is_filter).then_some(path);
            }
            at = end;
        } else {
            at += c.len_utf8();
        }
    }
    None
}

/// Where the tag begins that a place of a template is in.
fn tag_before(text: &str, place: usize) -> Option<usize> {
    let before = text.get(..place)?;
    before.rfind("{{").max(before.rfind("{%"))
}

/// The path that begins at a place of a template, as far as its parts are names, texts and numbers.
fn path_at(text: &str, start: usize) -> Option<Path> {
    let rest = text.get(start..)?;
    let ident = |from: usize| {
        let name = &rest[from..];
        let end = name.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(name.len());
        (end > 0).then_some(end)
    };
    let mut at = ident(0)?;
    let mut parts = vec![Part { name: rest[..at].to_string(), at: start..start + at, end: start + at }];
    loop {
        let next = &rest[at..];
        let (name, from, to, end) =
            if let Some(name) = next.strip_prefix("?.").or_else(|| next.strip_prefix('.')) {
                let from = rest.len() - name.len();
                let Some(len) = ident(from) else { break };
                (rest[from..from + len].to_string(), from, from + len, from + len)
            } else if let Some(subscript) = next.strip_prefix('[') {
                let Some(close) = subscript.find(']') else { break };
                let inner = subscript[..close].trim();
                let from = at + 1 + (subscript.len() - subscript.trim_start().len());
                let name = inner.trim_matches(['"', '\'', '`']);
                let is_text = name.len() + 2 == inner.len();
                if !is_text && inner.parse::<u32>().is_err() {
                    break;
                }
                (name.to_string(), from, from + inner.len(), at + close + 2)
            } else {
                break;
            };
        parts.push(Part { name, at: start + from..start + to, end: start + end });
        at = end;
    }
    Some(Path { parts })
}

/// Asks each step of a path for its fields, in the page on which it failed.
fn ask(
    tera: &Tera,
    name: &str,
    text: &str,
    path: &Path,
    rendered: &str,
    context: &Context,
) -> Option<Missing> {
    let start = path.parts.first()?.at.start;
    let tag = tag_before(text, start)?;
    let mut questions = String::new();
    for (n, part) in path.parts.iter().enumerate() {
        let next = path.parts.get(n + 1).map_or("", |part| &part.name);
        let expression = text[start..part.end].replace("?.", ".").replace("?[", "[");
        questions.push_str(&format!(
            "{{{{ {expression} | {QUESTION}(part={n}, next=\"{}\") }}}}",
            next.replace('"', "")
        ));
    }
    let asking = format!("{}{questions}{}", &text[..tag], &text[tag..]);
    let mut tera = tera.clone();
    tera.register_filter(QUESTION, answer);
    tera.add_raw_template(name, &asking).ok()?;
    let error = tera.render(rendered, context).err()?;
    let ErrorKind::RenderingError(report) = error.kind() else { return None };
    let mut words = report.message().strip_prefix(ANSWER)?.split('\n');
    let part = words.next()?.parse().ok()?;
    let holder = words.next()?.to_string();
    let mut known: Vec<String> = words.map(ToString::to_string).collect();
    if part == 0 {
        known = variables(&tera, name, text, tag, rendered, context);
    }
    Some(Missing { part, holder, known })
}

const QUESTION: &str = "longhouse_asks";
const ANSWER: &str = "longhouse answers ";

/// A filter that fails where the next step of a path is not there, and says what there is.
fn answer(value: &Value, question: Kwargs, _: &State<'_>) -> tera::TeraResult<Value> {
    let part: usize = question.must_get("part")?;
    let next: String = question.must_get("next")?;
    let says = |part: usize, words: &str| Err(tera::Error::message(format!("{ANSWER}{part}\n{words}")));
    if value.is_undefined() {
        return says(part, "nothing");
    }
    if next.is_empty() {
        return Ok(Value::from(""));
    }
    match value.as_map() {
        Some(map) => {
            let mut keys: Vec<String> = map.keys().map(ToString::to_string).collect();
            if keys.contains(&next) {
                return Ok(Value::from(""));
            }
            keys.sort();
            says(part + 1, &format!("map\n{}", keys.join("\n")))
        }
        None if value.is_array()
            && next.parse::<usize>().is_ok_and(|n| value.len().is_some_and(|len| n < len)) =>
        {
            Ok(Value::from(""))
        }
        None => says(part + 1, kind(value)),
    }
}

fn kind(value: &Value) -> &'static str {
    if value.is_none() {
        "empty"
    } else if value.is_string() {
        "a text"
    } else if value.is_array() {
        "a list"
    } else if value.is_bool() {
        "yes or no"
    } else if value.is_number() {
        "a number"
    } else {
        "not a group of fields"
    }
}

/// The variables that a tag may use, as the engine knows them.
fn variables(
    tera: &Tera,
    name: &str,
    text: &str,
    tag: usize,
    rendered: &str,
    context: &Context,
) -> Vec<String> {
    let mut tera = tera.clone();
    let asking = format!("{}{{{{ {QUESTION} }}}}{}", &text[..tag], &text[tag..]);
    let error = tera.add_raw_template(name, &asking).err().or_else(|| tera.render(rendered, context).err());
    let text = error.map(|error| error.to_string()).unwrap_or_default();
    let listed =
        text.split("Available variables: ").nth(1).and_then(|it| it.lines().next()).unwrap_or_default();
    listed.split(", ").filter(|it| !it.is_empty()).map(ToString::to_string).collect()
}

fn missing_field(
    templates: &Templates,
    fault: &Fault,
    text: &str,
    path: &Path,
    missing: &Missing,
) -> Diagnostic {
    let Some(part) = path.parts.get(missing.part) else {
        return templates.problem(&fault.template, fault.span, fault.message.clone());
    };
    let holder = missing.part.checked_sub(1).and_then(|n| path.parts.get(n));
    let holder = holder.map(|it| &text[path.parts[0].at.start..it.end]);
    let message = match (holder, missing.holder.as_str()) {
        (None, _) => format!("`{}` does not exist here.", part.name),
        (Some("theme"), _) => format!("The theme has no file `{}`.", part.name),
        (Some("words"), _) => format!("The word `{}` does not exist.", part.name),
        (Some(holder), "map") => format!("`{holder}` has no field `{}`.", part.name),
        (Some(holder), "empty") => {
            format!("`{holder}` is empty on this page, so it has no field `{}`.", part.name)
        }
        (Some(holder), "a list") => format!("`{holder}` is a list that has no `{}`.", part.name),
        (Some(holder), what) => format!("`{holder}` is {what}, so it has no field `{}`.", part.name),
    };
    let problem = templates.problem(&fault.template, span_of(text, part.at.clone()), message);
    let names: Vec<&str> = missing.known.iter().map(String::as_str).collect();
    let has = match holder {
        None => format!("There are {}.", listed(&names)),
        Some("theme") => format!("It has {}.", listed(&names)),
        Some("words") => {
            "The words are those in `words/en.yaml`; use `say(word=…)` for one with places to fill in."
                .to_string()
        }
        Some(holder) => format!("`{holder}` has {}.", listed(&names)),
    };
    // The views of an older version had it elsewhere.
    let moved = view::MOVED.iter().find(|(old, _)| holder == Some("entry") && *old == part.name);
    if let Some((_, new)) = moved {
        let version = view::VERSION;
        return problem.help(format!("Since version {version} of the views it is `entry.{new}`.")).fix(*new);
    }
    let near = nearest(&part.name, names.iter().copied());
    match (near, missing.holder.as_str()) {
        (Some(near), _) => {
            let quote = text[part.at.clone()].chars().next().filter(|c| matches!(c, '"' | '\'' | '`'));
            let quote = quote.map(String::from).unwrap_or_default();
            problem.help(format!("Did you mean `{near}`? {has}")).fix(format!("{quote}{near}{quote}"))
        }
        (None, "empty") => {
            problem.help(format!("Test it first: `{{% if {} %}}`.", holder.unwrap_or_default()))
        }
        (None, _) if names.is_empty() => problem,
        (None, _) => problem.help(has),
    }
}

/// Names for people: `a`, `b` and `c`.
pub(crate) fn listed(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => "none".to_string(),
    }
}

/// A place as the engine says it, in lines and columns that count from 1.
pub(crate) fn span(span: &tera::Span) -> Span {
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Span {
        line: number(span.start_line),
        column: number(span.start_col + 1),
        end_line: number(span.end_line),
        end_column: number(span.end_col + 1),
    }
}

/// A place in bytes, in lines and columns.
pub(crate) fn span_of(text: &str, at: Range<usize>) -> Span {
    let place = |at: usize| {
        let before = &text[..at];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
    };
    let ((line, column), (end_line, end_column)) = (place(at.start), place(at.end));
    Span { line, column, end_line, end_column }
}
