//! YAML as a tree that knows where everything was written, and that keeps what was typed.
//!
//! `4.10` stays `4.10` and `no` stays `no`: nothing has a type here, anyone who reads the tree gives it one.
//! The text is cut into entries (a field with what belongs to it), and each is read by itself, so that all
//! problems are found in one run and none spoils its neighbours. An entry goes through three doors: the
//! simple forms are read at once (`fast`); what people type without meaning YAML is quoted for them, with a
//! warning (`repair`); then the YAML library reads it (`library`). Aliases, duplicate names and nesting
//! deeper than [`DEPTH`] are refused. This is no general YAML reader: one document, no tags, no references.
//!
//! Long because its tree, its walk and its messages are of one piece.

mod fast;
pub mod key;
mod library;
mod problem;
mod repair;
pub(crate) mod walk;
pub mod write;

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Rule, Span, Spanned};

/// Containers may stand in one another so deep.
pub const DEPTH: usize = 16;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node<'a> {
    /// The place in lines and columns. Of an empty value it is its name's.
    pub span: Span,
    /// The same place in bytes of the source.
    pub at: Range<usize>,
    /// What stands there.
    pub kind: NodeKind<'a>,
}

/// What a [`Node`] is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeKind<'a> {
    /// Nothing, or `~`.
    Null,
    /// A text, number, date or word, as typed; line breaks folded and escapes resolved as YAML does.
    Scalar {
        /// The characters.
        text: Cow<'a, str>,
        /// Whether it stood in quotes or in a block, so that it can only be meant as text.
        quoted: bool,
    },
    /// A list.
    List(Vec<Node<'a>>),
    /// Names and values in the order written, each name once.
    Map(Vec<Pair<'a>>),
}

/// A name and its value.
pub type Pair<'a> = (Spanned<Cow<'a, str>>, Node<'a>);

/// What a field takes, as far as repairs must know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One text: a `#`, a colon or a bracket in it is meant as written.
    Text,
    /// A list of texts.
    Texts,
    /// Anything else; a ` #` starts a remark.
    Other,
}

/// What differs between the files that are read.
#[derive(Debug, Clone, Copy)]
pub struct Dialect {
    /// The rule that what cannot be read breaks.
    pub rule: Rule,
    /// At most this many bytes.
    pub limit: usize,
    /// What a top-level field takes.
    pub shape: fn(&str) -> Shape,
    /// Whether a top-level field of this name exists, so that `name:value` or a wrong indentation is clear.
    pub is_known: fn(&str) -> bool,
}

/// What was read.
#[derive(Debug)]
pub struct Document<'a> {
    /// The tree; what could not be read is missing from it.
    pub root: Node<'a>,
    /// Everything that is wrong, repairs included, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether something could not be read.
    pub broken: bool,
}

impl Node<'_> {
    /// The text of a scalar.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }
}

/// Reads the part `at` of `source` (line feeds, no byte order mark). Places are those of the whole source.
#[must_use]
pub fn read<'a>(file: &Arc<str>, source: &'a str, at: Range<usize>, dialect: &Dialect) -> Document<'a> {
    let lines = Lines::new(source, at.clone());
    let mut reader = Reader { file, lines: &lines, dialect, diagnostics: Vec::new(), broken: false };
    let whole = lines.whole();
    if at.len() > dialect.limit {
        let problem = problem::too_large(file, lines.span(at.start..at.start), dialect.limit);
        reader.refuse(problem);
        return reader.finish(NodeKind::Null, whole);
    }
    if let Some(control) =
        source[at.clone()].find(|c: char| c.is_control() && !matches!(c, '\n' | '\t' | '\u{85}'))
    {
        let place = at.start + control;
        let width = source[place..].chars().next().map_or(0, char::len_utf8);
        let problem = problem::control_character(dialect.rule, file, lines.span(place..place + width));
        reader.refuse(problem);
        return reader.finish(NodeKind::Null, whole);
    }
    let entries = entries(&mut reader);
    if entries.iter().any(|entry| entry.form == Form::Item) {
        let kind = NodeKind::List(items(&mut reader, &entries));
        return reader.finish(kind, whole);
    }
    if let [entry] = entries.as_slice()
        && entry.form == Form::Whole
    {
        let kind = match value_of(&mut reader, entry, None) {
            Some(node) => node.kind,
            None => NodeKind::Null,
        };
        return reader.finish(kind, whole);
    }
    let kind = NodeKind::Map(pairs(&mut reader, &entries));
    reader.finish(kind, whole)
}

/// What one entry of the outermost level looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// `name: value`, with the bytes of the name and of its colon.
    Field { key_start: usize, key_end: usize, colon: usize },
    /// `- value`.
    Item,
    /// `{ … }` or `[ … ]` from the beginning.
    Whole,
    /// Nothing that belongs here.
    Stray,
}

/// Lines that belong together: an entry of the outermost level and what is indented below it.
#[derive(Debug, Clone)]
struct Entry {
    form: Form,
    /// Indices of its lines, without trailing blank lines and remarks.
    lines: Range<usize>,
}

/// One line, as bytes of the source without its line feed.
#[derive(Debug, Clone, Copy)]
struct Line {
    start: usize,
    end: usize,
}

/// The lines of the part that is read, to find places in them.
#[derive(Debug)]
pub(crate) struct Lines<'a> {
    source: &'a str,
    lines: Vec<Line>,
    /// Number of the first line in the source, from 1.
    first: u32,
    /// Characters before every [`STRIDE`]th byte, made when a line is so long that counting would be felt.
    marks: OnceCell<Vec<u32>>,
}

/// Bytes between two marks.
const STRIDE: usize = 512;

#[derive(Debug)]
struct Reader<'r, 'a> {
    file: &'r Arc<str>,
    lines: &'r Lines<'a>,
    dialect: &'r Dialect,
    diagnostics: Vec<Diagnostic>,
    broken: bool,
}

impl<'a> Reader<'_, 'a> {
    fn refuse(&mut self, diagnostic: Diagnostic) {
        self.broken = true;
        self.diagnostics.push(diagnostic);
    }

    fn finish(self, kind: NodeKind<'a>, at: Range<usize>) -> Document<'a> {
        let mut diagnostics = self.diagnostics;
        diagnostics.sort_by_key(|diagnostic| (diagnostic.line, diagnostic.column));
        let root = Node { span: self.lines.span(at.clone()), at, kind };
        Document { root, diagnostics, broken: self.broken }
    }
}

impl<'a> Lines<'a> {
    pub(crate) fn new(source: &'a str, at: Range<usize>) -> Self {
        let before = source.as_bytes()[..at.start].iter().filter(|byte| **byte == b'\n').count();
        let mut lines = Vec::with_capacity(12);
        let mut start = at.start;
        for line in source[at].split_inclusive('\n') {
            let end = start + line.strip_suffix('\n').unwrap_or(line).len();
            lines.push(Line { start, end });
            start += line.len();
        }
        if lines.is_empty() {
            lines.push(Line { start, end: start });
        }
        Lines {
            source,
            lines,
            first: u32::try_from(before).unwrap_or(u32::MAX - 1) + 1,
            marks: OnceCell::new(),
        }
    }

    fn text(&self, index: usize) -> &'a str {
        let line = self.lines[index];
        &self.source[line.start..line.end]
    }

    fn whole(&self) -> Range<usize> {
        self.lines[0].start..self.lines[self.lines.len() - 1].end
    }

    /// Bytes from the start of the first to the end of the last of these lines.
    fn range(&self, lines: &Range<usize>) -> Range<usize> {
        self.lines[lines.start].start..self.lines[lines.end - 1].end
    }

    pub(crate) fn span(&self, at: Range<usize>) -> Span {
        let (line, column) = self.place(at.start);
        let (end_line, end_column) = self.place(at.end.max(at.start));
        Span { line, column, end_line, end_column }
    }

    /// The span of bytes within the line of this index, which is quicker than searching the line.
    fn span_in(&self, index: usize, at: Range<usize>) -> Span {
        let line = self.number(index);
        let column = self.column(index, at.start);
        let width = characters(&self.source[at]);
        Span { line, column, end_line: line, end_column: column + width }
    }

    fn number(&self, index: usize) -> u32 {
        self.first + u32::try_from(index).unwrap_or(u32::MAX / 2)
    }

    fn column(&self, index: usize, offset: usize) -> u32 {
        let start = self.lines[index].start;
        if offset - start <= STRIDE {
            return characters(&self.source[start..offset]) + 1;
        }
        self.characters_before(offset) - self.characters_before(start) + 1
    }

    /// Characters from the beginning of the part to a byte.
    fn characters_before(&self, offset: usize) -> u32 {
        let whole = self.whole();
        let bytes = &self.source.as_bytes()[whole.clone()];
        let marks = self.marks.get_or_init(|| {
            let mut sum = 0;
            let sums = bytes.chunks(STRIDE).map(|chunk| {
                sum += first_bytes(chunk);
                sum
            });
            std::iter::once(0).chain(sums).collect()
        });
        let offset = offset - whole.start;
        let mark = offset / STRIDE;
        marks[mark] + first_bytes(&bytes[mark * STRIDE..offset])
    }

    fn place(&self, offset: usize) -> (u32, u32) {
        let index = self.lines.partition_point(|line| line.start <= offset).saturating_sub(1);
        let line = self.lines[index];
        let mut offset = offset.clamp(line.start, line.end);
        while !self.source.is_char_boundary(offset) {
            offset -= 1;
        }
        (self.number(index), self.column(index, offset))
    }
}

fn characters(text: &str) -> u32 {
    let count = if text.is_ascii() { text.len() } else { text.chars().count() };
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// How many bytes begin a character.
fn first_bytes(bytes: &[u8]) -> u32 {
    let count = bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Cuts the lines into entries. Lines that belong to none become stray entries.
fn entries(reader: &mut Reader<'_, '_>) -> Vec<Entry> {
    let lines = reader.lines;
    let mut entries: Vec<Entry> = Vec::with_capacity(8);
    let mut base = None;
    let mut index = 0;
    let mut last = lines.lines.len();
    // A file of its own may begin with `---` and end with `...`.
    if let Some(first) = (0..last).find(|index| !is_silent(lines.text(*index)))
        && lines.text(first).trim_end() == "---"
    {
        index = first + 1;
    }
    while index < last {
        let text = lines.text(index);
        if is_silent(text) {
            index += 1;
            continue;
        }
        if text == "..." {
            last = index;
            break;
        }
        let indent = indent_of(text);
        let base = *base.get_or_insert(indent);
        if let Some(form) = form_of(reader, entries.last(), index, indent, base) {
            if let Some(entry) = entries.last_mut() {
                entry.lines.end = index;
            }
            if indent != base && matches!(form, Form::Field { .. }) {
                let place = lines.lines[index].start..lines.lines[index].start + indent;
                reader.diagnostics.push(problem::indentation(reader.file, lines.span(place), base));
            }
            entries.push(Entry { form, lines: index..index + 1 });
        }
        index += 1;
    }
    if let Some(entry) = entries.last_mut() {
        entry.lines.end = last;
    }
    for entry in &mut entries {
        while entry.lines.len() > 1 && is_silent(lines.text(entry.lines.end - 1)) {
            entry.lines.end -= 1;
        }
    }
    entries
}

/// What a line begins, or nothing where it carries the entry before it on.
// Long because each form has its branch.
fn form_of(
    reader: &Reader<'_, '_>,
    before: Option<&Entry>,
    index: usize,
    indent: usize,
    base: usize,
) -> Option<Form> {
    let lines = reader.lines;
    let line = lines.lines[index];
    let text = &lines.text(index)[indent..];
    let start = line.start + indent;
    if before.is_none() && text.starts_with(['{', '[']) {
        return Some(Form::Whole);
    }
    if before.is_some_and(|entry| entry.form == Form::Whole) {
        return None;
    }
    let field = |(key_end, colon): (usize, usize)| Form::Field {
        key_start: start,
        key_end: start + key_end,
        colon: start + colon,
    };
    if indent > base {
        // A known field that slipped to the right below a finished value is a field of its own.
        let entry = before?;
        let Form::Field { colon, .. } = entry.form else { return None };
        let key = key_of(text)?;
        if !(reader.dialect.is_known)(&text[..key.0]) {
            return None;
        }
        let value = lines.source[colon + 1..lines.lines[entry.lines.start].end].trim();
        let first_below = (entry.lines.start + 1..index).find(|between| !is_silent(lines.text(*between)));
        let slipped = match first_below {
            None => {
                !value.is_empty()
                    && !value.starts_with(['|', '>', '[', '{', '#'])
                    && (!value.starts_with(['"', '\'']) || repair::closes(value))
            }
            Some(below) => {
                let below = lines.text(below);
                let own = repair::width(&lines.text(index)[..indent]);
                value.is_empty() && own < repair::width(&below[..indent_of(below)])
            }
        };
        return slipped.then(|| field(key));
    }
    if text == "-" || text.starts_with("- ") || text.starts_with("-\t") {
        return match before {
            Some(entry) if entry.form != Form::Item => None,
            _ => Some(Form::Item),
        };
    }
    if text.starts_with('-') && text[1..].starts_with(char::is_alphanumeric) {
        // Below the name of a list it is an item whose space was forgotten.
        let name = before.and_then(|entry| match entry.form {
            Form::Field { key_start, key_end, colon } => {
                let value = &lines.source[colon + 1..lines.lines[entry.lines.start].end];
                value.trim().is_empty().then(|| &lines.source[key_start..key_end])
            }
            _ => None,
        });
        if name.is_some_and(|name| (reader.dialect.shape)(name) == Shape::Texts) {
            return None;
        }
    }
    if let Some(key) = key_of(text) {
        return Some(field(key));
    }
    if let Some(colon) = text.find(':')
        && (reader.dialect.is_known)(text[..colon].trim_end())
        && !text[colon..].starts_with("://")
    {
        return Some(field((text[..colon].trim_end().len(), colon)));
    }
    if text.starts_with("? ") {
        return Some(Form::Stray);
    }
    match before {
        // The end of a bracket or of a quoted text may stand at the margin.
        Some(entry) if text.starts_with([']', '}', '"', '\'']) || opens(lines, entry, index) => None,
        _ => Some(Form::Stray),
    }
}

/// Whether the entry has a bracket or a quote that is still open before this line.
fn opens(lines: &Lines<'_>, entry: &Entry, before: usize) -> bool {
    let Form::Field { colon, .. } = entry.form else { return entry.form == Form::Item };
    let value = lines.source[colon + 1..lines.lines[entry.lines.start].end].trim();
    // Only what stands directly after the name counts, and only a few lines are looked at, for a
    // hostile text of open brackets must not be scanned again for each of its lines.
    value.starts_with(['[', '{', '"', '\'']) && !repair::closes(value) && before - entry.lines.start < 64 && {
        let range = lines.lines[entry.lines.start].end..lines.lines[before].start;
        let mut text = value.to_owned();
        text.push_str(&lines.source[range]);
        !repair::closes(&text)
    }
}

/// The name of a `name: value` line: where it ends and where its colon stands.
fn key_of(text: &str) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let first = *bytes.first()?;
    if matches!(first, b'"' | b'\'') {
        let close = repair::closing_quote(text)?;
        let rest = &text[close + 1..];
        let colon = close + 1 + (rest.len() - rest.trim_start().len());
        let ends =
            text[colon..].starts_with(':') && matches!(bytes.get(colon + 1), None | Some(b' ' | b'\t'));
        return ends.then_some((close + 1, colon));
    }
    if b"[]{},#&*!|>%@`".contains(&first) {
        return None;
    }
    if matches!(first, b'-' | b'?' | b':') && matches!(bytes.get(1), None | Some(b' ' | b'\t')) {
        return None;
    }
    let mut before = first;
    for (at, byte) in bytes.iter().copied().enumerate() {
        if byte == b':' && matches!(bytes.get(at + 1), None | Some(b' ' | b'\t')) {
            let key = text[..at].trim_end();
            return (!key.is_empty()).then_some((key.len(), at));
        }
        if byte == b'#' && matches!(before, b' ' | b'\t') {
            return None;
        }
        before = byte;
    }
    None
}

/// Whether a line says nothing: blank, or a remark.
fn is_silent(text: &str) -> bool {
    let text = text.trim_start_matches([' ', '\t']);
    text.is_empty() || text.starts_with('#')
}

fn indent_of(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t']).len()
}

fn pairs<'a>(reader: &mut Reader<'_, 'a>, entries: &[Entry]) -> Vec<Pair<'a>> {
    let mut pairs: Vec<Pair<'a>> = Vec::with_capacity(entries.len());
    // Names already seen; only asked, never walked.
    let mut seen: HashMap<Cow<'a, str>, Span> = HashMap::new();
    for entry in entries {
        let Some(pair) = pair_of(reader, entry) else { continue };
        let first = if entries.len() <= 16 {
            pairs.iter().find(|(key, _)| key.value == pair.0.value).map(|(key, _)| key.span)
        } else {
            seen.get(&pair.0.value).copied()
        };
        if let Some(first) = first {
            let problem = problem::duplicate(reader.dialect.rule, reader.file, &pair.0, first);
            reader.refuse(problem);
            continue;
        }
        if entries.len() > 16 {
            seen.insert(pair.0.value.clone(), pair.0.span);
        }
        pairs.push(pair);
    }
    pairs
}

fn pair_of<'a>(reader: &mut Reader<'_, 'a>, entry: &Entry) -> Option<Pair<'a>> {
    let lines = reader.lines;
    let Form::Field { key_start, key_end, colon } = entry.form else {
        let at = lines.range(&(entry.lines.start..entry.lines.start + 1));
        let problem =
            problem::stray_line(reader.dialect.rule, reader.file, lines.span(at.clone()), &lines.source[at]);
        reader.refuse(problem);
        return None;
    };
    if let Some(pair) = fast::pair(lines, entry, key_start..key_end, colon, reader.dialect) {
        return Some(pair);
    }
    let key = lines.source[key_start..key_end].trim_matches(['"', '\'']);
    match value_of(reader, entry, Some(key))?.kind {
        NodeKind::Map(mut pairs) if pairs.len() == 1 => pairs.pop(),
        _ => {
            let at = lines.range(&(entry.lines.start..entry.lines.start + 1));
            let span = lines.span(at.clone());
            let problem = problem::stray_line(reader.dialect.rule, reader.file, span, &lines.source[at]);
            reader.refuse(problem);
            None
        }
    }
}

fn items<'a>(reader: &mut Reader<'_, 'a>, entries: &[Entry]) -> Vec<Node<'a>> {
    let mut nodes = Vec::with_capacity(entries.len());
    for entry in entries {
        if entry.form != Form::Item {
            let at = reader.lines.range(&(entry.lines.start..entry.lines.start + 1));
            let span = reader.lines.span(at.clone());
            let text = &reader.lines.source[at];
            let problem = problem::stray_line(reader.dialect.rule, reader.file, span, text);
            reader.refuse(problem);
            continue;
        }
        if let Some(Node { kind: NodeKind::List(items), .. }) = value_of(reader, entry, None) {
            nodes.extend(items);
        }
    }
    nodes
}

/// Reads one entry as a document of its own, repaired where that is needed and possible.
fn value_of<'a>(reader: &mut Reader<'_, 'a>, entry: &Entry, key: Option<&str>) -> Option<Node<'a>> {
    let shape = key.map_or(Shape::Other, reader.dialect.shape);
    let repaired = repair::entry(reader.lines, entry, shape, false);
    if let Some(open) = &repaired.unclosed {
        let problem = problem::unclosed(reader.dialect.rule, reader.file, reader.lines, open);
        note(reader, &repaired);
        reader.refuse(problem);
        return None;
    }
    let first = library::read(reader, entry, &repaired);
    let (node, repaired) = match first {
        Ok(node) => (Some(node), repaired),
        Err(failure) => {
            // Tabs are an error only where YAML counts columns, so they stay unless reading fails.
            let range = reader.lines.range(&entry.lines);
            let again = reader.lines.source[range]
                .contains('\t')
                .then(|| repair::entry(reader.lines, entry, shape, true))
                .map(|again| (library::read(reader, entry, &again), again));
            match again {
                Some((Ok(node), again)) => (Some(node), again),
                _ => {
                    for problem in failure {
                        reader.refuse(problem);
                    }
                    (None, repaired)
                }
            }
        }
    };
    note(reader, &repaired);
    node
}

fn note(reader: &mut Reader<'_, '_>, repaired: &repair::Repaired) {
    for edit in &repaired.edits {
        reader.diagnostics.push(problem::repaired(reader.file, reader.lines, edit));
    }
}

#[cfg(test)]
mod tests;
