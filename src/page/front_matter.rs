//! The fields at the top of a file, between `---` lines.
//!
//! Reading never fails: it returns what it understood and everything that is wrong. What is no field at
//! all (two thematic breaks with text between them) is left to the body. Whether a field belongs to the
//! kind of the entry is not known here.

mod fields;
mod form;
mod names;
mod slip;
mod table;
mod toml;
mod values;
mod words;
pub mod write;

pub(crate) use words::{is_language, period};

use std::sync::Arc;

pub use fields::{
    Audience, Confirmation, Consent, Every, Labelled, MarkOrText, Role, State, Status, Text, Unit, Urgency,
    Weight,
};
pub use form::Form;
pub use names::{other_names, synonyms_of};
pub use table::{Field, Fields, Holder, Uses, common_fields, fields_of, fields_of_replies, kinds_with};

use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::page::kind::Kind;
use crate::yaml::{self, Dialect, Node, NodeKind};

/// Front matter may be so long, in bytes.
pub const LIMIT: usize = 64 * 1024;

/// At most this many problems of one front matter are told; a stranger's file must not fill the report, or the memory.
const MOST: usize = 200;

/// What the top of a file says.
#[derive(Debug)]
pub struct FrontMatter {
    /// The fields that were understood.
    pub fields: Fields,
    /// Where the body begins, in bytes of the source: after the closing line.
    pub body_at: usize,
    /// Whether something could not be read, so that the page is held.
    pub broken: bool,
    /// Everything that is wrong, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// The words that `type` may be for a kind, the first being what it is when nothing is said.
#[must_use]
pub const fn types_of(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Story => &["story", "thanks", "unexpected-use"],
        Kind::Link => &["blog", "group", "event", "mention"],
        _ => &[],
    }
}

/// Reads the front matter of a whole file (line feeds, no byte order mark).
#[must_use]
pub fn parse(file: &Arc<str>, source: &str) -> FrontMatter {
    let mut diagnostics = Vec::new();
    let mut broken = false;
    let fence = match fence(source) {
        Some(fence) => {
            if fence.opens_on > 1 {
                let is_blank = source[..fence.opening].trim().is_empty();
                diagnostics.push(lines_above(file, fence.opens_on, is_blank));
            }
            diagnostics.extend(dashes(file, source, &fence));
            fence
        }
        None => match slip::find(file, source) {
            Some((fence, problem)) => {
                diagnostics.push(problem);
                fence
            }
            None => {
                return FrontMatter { fields: Fields::default(), body_at: 0, broken, diagnostics };
            }
        },
    };
    if fence.closes.is_none() {
        broken = true;
        // Beyond the limit nobody looked for the end, and the reader tells that there is too much.
        if fence.end - fence.start <= LIMIT {
            diagnostics.push(never_closed(file, source, &fence));
        }
    }
    let (root, found) = if fence.toml {
        toml::read(file, source, fence.start..fence.end)
    } else {
        let document = yaml::read(file, source, fence.start..fence.end, &DIALECT);
        broken |= document.broken;
        (document.root, document.diagnostics)
    };
    broken |= found.iter().any(|diagnostic| diagnostic.rule == Rule::FrontMatter);
    diagnostics.extend(found);
    let fields = match root.kind {
        NodeKind::Map(pairs) => values::fields(file, source, pairs, &mut diagnostics),
        NodeKind::Null => Fields::default(),
        _ => {
            broken = true;
            diagnostics.push(no_fields(file, &root));
            Fields::default()
        }
    };
    diagnostics.sort_by_key(|diagnostic| (diagnostic.line, diagnostic.column));
    if diagnostics.len() > MOST {
        let rest = diagnostics.split_off(MOST);
        diagnostics.push(and_more(file, &rest, broken));
    }
    FrontMatter { fields, body_at: fence.closes.unwrap_or(fence.end), broken, diagnostics }
}

const DIALECT: Dialect =
    Dialect { rule: Rule::FrontMatter, limit: LIMIT, shape: names::shape, is_known: names::is_known };

/// The lines that enclose the fields.
#[derive(Debug)]
struct Fence {
    /// Line number of the opening line.
    opens_on: u32,
    /// Byte where the opening line begins.
    opening: usize,
    /// Bytes of the fields themselves.
    start: usize,
    end: usize,
    /// Byte after the closing line, if there is one.
    closes: Option<usize>,
    toml: bool,
}

/// Finds the fields at the top, or nothing where a `---` means something else.
fn fence(source: &str) -> Option<Fence> {
    let mut opening = 0;
    let mut opens_on = 1;
    let first = loop {
        let line = line_at(source, opening)?;
        let skipped = match line.trim().is_empty() {
            true => line.len() + 1,
            // A remark that nobody sees, such as what a template says to anyone who fills it in.
            false => match remark(&source[opening..]) {
                Some(length) => length,
                None => break line,
            },
        };
        opens_on +=
            u32::try_from(source[opening..].get(..skipped)?.matches('\n').count()).unwrap_or(u32::MAX);
        opening += skipped;
    };
    let toml = match first.trim_end() {
        "+++" => true,
        line if is_dashes(line) => false,
        _ => return None,
    };
    let exact = first.trim_end().len() == 3;
    let start = opening + first.len() + 1;
    let mut at = start;
    let mut fields_end = None;
    let mut known = false;
    let mut first_is_key = None;
    while let Some(line) = line_at(source, at) {
        let closes = match line.trim_end() {
            "..." => !toml,
            "+++" => toml,
            line => !toml && is_dashes(line) && (line.len() == 3 || known),
        };
        if closes {
            let meant = toml || known || exact && first_is_key.unwrap_or(true);
            let after = (at + line.len() + 1).min(source.len());
            return meant.then_some(Fence {
                opens_on,
                opening,
                start,
                end: at.max(start),
                closes: Some(after),
                toml,
            });
        }
        // Where the fields end if nobody closes them: before the first line that can be none.
        let key = key_before(line, toml);
        let is_key = key.is_some();
        let is_known = key.is_some_and(names::is_known);
        known |= is_known;
        if first_is_key.is_none() && !line.trim().is_empty() && !line.starts_with('#') {
            first_is_key = Some(is_key);
        }
        if fields_end.is_none() && !(is_key || line.starts_with([' ', '\t', '-', ']', '}'])) {
            fields_end = Some(at);
        }
        at += line.len() + 1;
        // Nothing closes it within reach: whatever it is, it is no front matter that could be read.
        if at - start > 2 * LIMIT {
            break;
        }
    }
    let end = fields_end.unwrap_or(source.len()).min(source.len());
    let fields = source.get(start..end)?;
    let meant = fields.lines().filter_map(|line| key_before(line, toml)).any(names::is_known);
    meant.then_some(Fence { opens_on, opening, start, end, closes: None, toml })
}

/// Whether a line is three dashes or more.
fn is_dashes(line: &str) -> bool {
    line.len() >= 3 && line.bytes().all(|byte| byte == b'-')
}

/// How long the comment is that a text begins with, with the rest of its last line if nothing stands there.
fn remark(text: &str) -> Option<usize> {
    let end = text.strip_prefix("<!--")?.find("-->")? + "<!--".len() + "-->".len();
    let behind = line_at(text, end).unwrap_or_default();
    behind.trim().is_empty().then_some((end + behind.len() + 1).min(text.len()))
}

/// The line that begins at a byte, without its line feed; nothing behind the end.
fn line_at(source: &str, at: usize) -> Option<&str> {
    let rest = source.get(at..)?;
    if rest.is_empty() {
        return None;
    }
    Some(rest.find('\n').map_or(rest, |end| &rest[..end]))
}

/// The name in front of a line's colon (or equals sign), if the line looks like a field.
fn key_before(line: &str, toml: bool) -> Option<&str> {
    let sign = line.find(if toml { '=' } else { ':' })?;
    let key = line[..sign].trim().trim_matches(['"', '\'']);
    let behind = &line[sign + 1..];
    let spaced = behind.is_empty() || behind.starts_with([' ', '\t']) || names::is_known(key);
    let word = !key.is_empty()
        && key.len() <= 60
        && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ' | '.'))
        && !key.starts_with("- ");
    (word && (spaced || toml)).then_some(key)
}

fn lines_above(file: &Arc<str>, line: u32, is_blank: bool) -> Diagnostic {
    let span = Span { line: 1, column: 1, end_line: line, end_column: 1 };
    let what = if is_blank {
        "There are blank lines above the fields."
    } else {
        "There is a comment above the fields."
    };
    let problem = Diagnostic::new(Rule::FieldValue, file, span, what).help("Start the file with `---`.");
    // A remark is somebody's, who may want to keep it elsewhere.
    if is_blank { problem.fix("") } else { problem }
}

/// What is wrong with lines of dashes that are longer than they should be.
fn dashes(file: &Arc<str>, source: &str, fence: &Fence) -> Vec<Diagnostic> {
    let closing = || {
        let line = line_at(source, fence.end).filter(|_| fence.closes.is_some())?;
        let above = source[..fence.end].matches('\n').count() + 1;
        Some((u32::try_from(above).unwrap_or(u32::MAX), line))
    };
    let opening = line_at(source, fence.opening).map(|line| (fence.opens_on, line));
    let lines = [opening, closing()].into_iter().flatten().map(|(number, line)| (number, line.trim_end()));
    let long = lines.filter(|(_, line)| line.len() > 3 && is_dashes(line));
    long.map(|(number, line)| {
        let end_column = u32::try_from(line.len()).unwrap_or(u32::MAX - 1) + 1;
        let span = Span { line: number, column: 1, end_line: number, end_column };
        Diagnostic::new(Rule::FieldValue, file, span, "This line has more than three dashes.")
            .help("Fields go between two lines of exactly three dashes.")
            .fix("---")
    })
    .collect()
}

fn never_closed(file: &Arc<str>, source: &str, fence: &Fence) -> Diagnostic {
    let sign = if fence.toml { "+++" } else { "---" };
    let fields = source[fence.opening..fence.end].trim_end();
    let lines = u32::try_from(fields.lines().count()).unwrap_or(u32::MAX).max(1);
    let last = fields.lines().last().unwrap_or_default();
    let columns = u32::try_from(last.chars().count()).unwrap_or(u32::MAX - 1);
    let end_line = fence.opens_on + lines - 1;
    let span = Span { line: fence.opens_on, column: 1, end_line, end_column: columns + 1 };
    Diagnostic::new(
        Rule::FrontMatter,
        file,
        span,
        format!("The fields that start with this `{sign}` have no end."),
    )
    .help(format!("Put a line with `{sign}` below line {end_line}, between the fields and the text."))
    .fix(format!("{fields}\n{sign}"))
}

fn and_more(file: &Arc<str>, rest: &[Diagnostic], broken: bool) -> Diagnostic {
    let rule = if broken { Rule::FrontMatter } else { Rule::FieldValue };
    let span = rest.first().map_or(Span::START, Diagnostic::span);
    Diagnostic::new(rule, file, span, format!("There are {} more problems in these fields.", rest.len()))
        .help("Fix the ones above first; the rest are reported then.")
}

fn no_fields(file: &Arc<str>, root: &Node<'_>) -> Diagnostic {
    Diagnostic::new(Rule::FrontMatter, file, root.span, "There are no fields between the `---` lines.")
        .help("A field is a name, a colon, a space and a value, such as `tags: [backup, restore]`.")
}

#[cfg(test)]
mod tests;
