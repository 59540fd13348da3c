//! MDX, read as markdown: each component that has an equal becomes it, each other one gives way to what stands in it.
//!
//! Nothing is run. An import, an export or an expression is left out, the texts between tags stay markdown, and what
//! was left out is counted, so that one problem a file can tell it. The result is a text of its own; a [`Rewritten`]
//! knows from which place of the file each part of it came. Time is linear in the text: a look ahead for the end of
//! something takes from a budget of steps that belongs to the file.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Rule, Span, count};
use crate::page::rewritten::Rewritten;
pub(crate) use inline::escaped;
use tag::Tag;

mod block;
mod component;
mod inline;
mod module;
mod tag;

/// How deep components may stand in each other; what is deeper is as if its tags were not there.
const DEPTH: usize = 64;

/// At most this many columns of indentation at most stand before an alert.
const INDENTATION: usize = 12;

/// A look ahead may cost this many steps for each byte of the file in all.
const STEPS: usize = 8;

/// At most this many names of components are told.
const NAMES: usize = 5;

/// The markdown of an MDX file, and what is not in it.
pub(crate) struct Read<'t> {
    /// The markdown.
    pub(crate) rewritten: Rewritten,
    /// What was left out.
    pub(crate) left_out: LeftOut<'t>,
}

/// What of a file has no equal.
#[derive(Default)]
pub(crate) struct LeftOut<'t> {
    /// Where the first of it stands.
    first: Option<Range<usize>>,
    /// Components by name, with how often each was used.
    components: BTreeMap<&'t str, usize>,
    expressions: usize,
    /// Imports and exports.
    modules: usize,
}

/// Whether a file of another name is MDX too: a line of its own imports a component that is used below. Docusaurus reads
/// every file so.
pub(crate) fn is_meant(text: &str) -> bool {
    let mut in_code = false;
    text.lines().any(|line| {
        in_code ^= line.starts_with("```") || line.starts_with("~~~");
        let name = line.strip_prefix("import ").filter(|_| !in_code).and_then(|it| it.split_once(" from "));
        let Some((name, from)) = name else { return false };
        let is_name = name.starts_with(|it: char| it.is_ascii_uppercase())
            && name.chars().all(|it| it.is_ascii_alphanumeric());
        let is_path = from.trim_start().starts_with(['"', '\'']);
        is_name && is_path && text.contains(&format!("<{name}"))
    })
}

/// Reads the body of an MDX file.
pub(crate) fn read(text: &str) -> Read<'_> {
    let mut reader = Reader {
        text,
        at: 0,
        out: Rewritten::default(),
        frames: Vec::new(),
        indent: 0,
        is_fresh: true,
        verbatim_until: 0,
        steps: text.len() * STEPS + 1024,
        closed: tag::closed_names(text),
        imports: HashMap::new(),
        left_out: LeftOut::default(),
    };
    reader.all();
    Read { rewritten: reader.out, left_out: reader.left_out }
}

/// An element whose content is being read.
struct Frame<'t> {
    name: &'t str,
    /// How many columns each line in it loses, once its first line has told.
    strip: Option<usize>,
    /// The column at which what stands in it begins in the markdown.
    base: usize,
    /// What ends it.
    end: End,
}

/// What is written where an element ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Nothing,
    /// A closing tag in a block of its own.
    Block(&'static str),
    /// A closing tag in a sentence.
    Inline(&'static str),
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    out: Rewritten,
    frames: Vec<Frame<'t>>,
    /// The column at which the text of the line being written begins.
    indent: usize,
    /// Whether nothing of the line was written yet.
    is_fresh: bool,
    /// Up to here the text is code or a formula.
    verbatim_until: usize,
    steps: usize,
    closed: BTreeSet<&'t str>,
    /// The path that a name was imported from.
    imports: HashMap<&'t str, Cow<'t, str>>,
    left_out: LeftOut<'t>,
}

impl<'t> LeftOut<'t> {
    fn note(&mut self, range: Range<usize>) {
        self.first.get_or_insert(range);
    }

    fn component(&mut self, tag: &Tag<'t>) {
        self.note(tag.range.clone());
        *self.components.entry(tag.name).or_default() += 1;
    }

    /// What is told of it, at the place of the first; `span` turns a range of the text into one of the file.
    pub(crate) fn diagnostic(
        &self,
        file: &Arc<str>,
        span: impl Fn(Range<usize>) -> Span,
    ) -> Option<Diagnostic> {
        let first = self.first.clone()?;
        let mut parts = Vec::new();
        let used: usize = self.components.values().sum();
        if used > 0 {
            let names: Vec<String> = self.components.keys().take(NAMES).map(|it| format!("`{it}`")).collect();
            let more = if self.components.len() > NAMES { ", …" } else { "" };
            parts.push(format!("{} {}{more}", count(used, "component"), names.join(", ")));
        }
        if self.expressions > 0 {
            parts.push(count(self.expressions, "expression"));
        }
        if self.modules > 0 {
            parts.push(count(self.modules, "import"));
        }
        let message = format!("MDX is read as markdown, without its code (left out: {}).", listed(&parts));
        Some(Diagnostic::new(Rule::Markdown, file, span(first), message).help(
            "The text between tags is shown. Write the rest as markdown, such as `![What it shows](picture.png)`, a \
             link or a table.",
        ))
    }
}

fn listed(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests;
