//! The YAML library's events, made into our tree with places in the source.
//!
//! This is the only code that names the library. It reads one entry, repaired or not, and answers with
//! the tree or with everything that is wrong.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use serde_yaml::granit_parser::{
    Event, Parser, ScalarStyle, Span as Location, StrInput, StructureStyle, options,
};

use super::repair::Repaired;
use super::{DEPTH, Entry, Lines, Node, NodeKind, Pair, Reader, problem};
use crate::diagnostic::{Diagnostic, Span, Spanned};

/// Reads an entry as a document of its own.
///
/// # Errors
/// Everything that is wrong with it, as diagnostics.
pub(super) fn read<'a>(
    reader: &Reader<'_, 'a>,
    entry: &Entry,
    repaired: &Repaired,
) -> Result<Node<'a>, Vec<Diagnostic>> {
    let at = reader.lines.range(&entry.lines);
    if repaired.edits.is_empty() {
        let places = Places { lines: reader.lines, base: at.start, edits: Vec::new() };
        return build(reader, &reader.lines.source[at], &places);
    }
    let mut copy = String::with_capacity(at.len() + 32);
    let mut edits = Vec::with_capacity(repaired.edits.len());
    let mut from = at.start;
    for edit in &repaired.edits {
        copy.push_str(&reader.lines.source[from..edit.at.start]);
        let start = copy.len();
        copy.push_str(&edit.text);
        edits.push((start..copy.len(), edit.at.clone()));
        from = edit.at.end;
    }
    copy.push_str(&reader.lines.source[from..at.end]);
    let places = Places { lines: reader.lines, base: at.start, edits };
    build(reader, &copy, &places).map(owned)
}

/// From bytes of the text that the library reads to places in the source.
struct Places<'p, 'a> {
    lines: &'p Lines<'a>,
    base: usize,
    /// Bytes in the copy, and the bytes of the source that they stand for.
    edits: Vec<(Range<usize>, Range<usize>)>,
}

impl Places<'_, '_> {
    fn offset(&self, offset: usize) -> usize {
        let before = self.edits.partition_point(|(new, _)| new.start <= offset);
        match before.checked_sub(1).map(|index| &self.edits[index]) {
            None => self.base + offset,
            Some((new, old)) if offset >= new.end => old.end + (offset - new.end),
            Some((_, old)) => old.start,
        }
    }

    fn range(&self, at: Range<usize>) -> Range<usize> {
        let start = self.offset(at.start);
        start..self.offset(at.end).max(start)
    }

    fn span(&self, at: Range<usize>) -> Span {
        self.lines.span(self.range(at))
    }
}

struct Builder<'b, 'p, 't, 'a> {
    parser: Parser<'t, StrInput<'t>>,
    text: &'t str,
    places: &'b Places<'p, 'a>,
    reader: &'b Reader<'b, 'a>,
    problems: Vec<Diagnostic>,
}

/// Reading cannot go on; the reason is already among the problems.
struct Stop;

fn build<'t>(
    reader: &Reader<'_, '_>,
    text: &'t str,
    places: &Places<'_, '_>,
) -> Result<Node<'t>, Vec<Diagnostic>> {
    let limits = options! {
        emit_unresolved_aliases: true,
        emit_comments: false,
        disallow_directives: true,
        flow_nesting_limit: DEPTH + 1,
        block_nesting_limit: DEPTH + 1,
    };
    let parser = Parser::new_from_str_with_options(text, limits);
    let mut builder = Builder { parser, text, places, reader, problems: Vec::new() };
    match builder.document() {
        Ok(node) if builder.problems.is_empty() => Ok(node),
        _ => Err(builder.problems),
    }
}

impl<'t> Builder<'_, '_, 't, '_> {
    fn document(&mut self) -> Result<Node<'t>, Stop> {
        let mut root = None;
        loop {
            let (event, place) = self.next()?;
            match event {
                Event::StreamStart | Event::DocumentStart(..) | Event::DocumentEnd => {}
                Event::StreamEnd => break,
                _ if root.is_none() => root = Some(self.node(event, place, 0, None)?),
                _ => {
                    let span = self.places.span(bytes(&place));
                    self.problems.push(problem::second_document(
                        self.reader.dialect.rule,
                        self.reader.file,
                        span,
                    ));
                    return Err(Stop);
                }
            }
        }
        let end = self.text.len();
        Ok(root.unwrap_or_else(|| self.at(0..end, NodeKind::Null)))
    }

    fn next(&mut self) -> Result<(Event<'t>, Location), Stop> {
        match self.parser.next_event() {
            Some(Ok(next)) => Ok(next),
            Some(Err(error)) => {
                let offset = error.marker().byte_offset().unwrap_or(0).min(self.text.len());
                let at = self.places.range(offset..offset);
                let problem = problem::library(
                    self.reader.dialect.rule,
                    self.reader.file,
                    self.places.lines,
                    at,
                    error.kind(),
                );
                self.problems.push(problem);
                Err(Stop)
            }
            // The stream's end comes before this.
            None => Err(Stop),
        }
    }

    fn at(&self, at: Range<usize>, kind: NodeKind<'t>) -> Node<'t> {
        let at = self.places.range(at);
        Node { span: self.places.lines.span(at.clone()), at, kind }
    }

    /// Makes a node of an event and those that belong to it. The depth of recursion is bounded by [`DEPTH`].
    // Long because each event has its branch.
    fn node(
        &mut self,
        event: Event<'t>,
        place: Location,
        depth: usize,
        key: Option<&Range<usize>>,
    ) -> Result<Node<'t>, Stop> {
        let at = bytes(&place);
        let rule = self.reader.dialect.rule;
        if depth > DEPTH {
            let span = self.places.span(at);
            self.problems.push(problem::too_deep(self.reader.file, span));
            return Err(Stop);
        }
        if event.anchor_id().is_some_and(|id| id > 0) {
            // The node's place begins after its mark, so the mark is looked for before it.
            let mark = self.text[..at.start.min(self.text.len())].rfind('&').unwrap_or(at.start);
            let span = self.places.span(mark..mark + 1);
            self.problems.push(problem::reference(rule, self.reader.file, span, '&'));
        }
        match event {
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                let span = self.places.span(at.clone());
                self.problems.push(problem::reference(rule, self.reader.file, span, '*'));
                Ok(self.at(at, NodeKind::Null))
            }
            Event::Scalar(text, style, _, tag) => {
                let plain = style == ScalarStyle::Plain;
                if plain && tag.is_none() && (text.is_empty() || text == "~") {
                    let at = if at.is_empty() { key.cloned().unwrap_or(at) } else { at };
                    return Ok(self.at(at, NodeKind::Null));
                }
                // A tag of somebody's own is no tag to us but a text that begins with an exclamation mark.
                if let Some(tag_place) =
                    place.tag_span().filter(|_| plain && tag.is_some_and(|tag| !tag.is_yaml_core_schema()))
                {
                    let at = bytes(&tag_place).start..at.end;
                    let text = Cow::Borrowed(self.text[at.clone()].trim_end());
                    return Ok(self.at(at, NodeKind::Scalar { text, quoted: false }));
                }
                let (text, at) = if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
                    let end = self.text[at.clone()].trim_end().len() + at.start;
                    let text = trimmed(text);
                    // An empty block stands nowhere, like nothing at all.
                    let place = key.filter(|_| text.is_empty()).cloned().unwrap_or(at.start..end);
                    (text, place)
                } else {
                    (text, at)
                };
                Ok(self.at(at, NodeKind::Scalar { text, quoted: !plain }))
            }
            Event::SequenceStart(style, ..) => {
                let mut items = Vec::new();
                let end = loop {
                    let (event, place) = self.next()?;
                    if event == Event::SequenceEnd {
                        break bytes(&place).end;
                    }
                    items.push(self.node(event, place, depth + 1, None)?);
                };
                let children =
                    items.first().zip(items.last()).map(|(first, last)| first.at.start..last.at.end);
                Ok(self.container(style, at.start, end, children, NodeKind::List(items)))
            }
            Event::MappingStart(style, ..) => {
                let mut pairs: Vec<Pair<'t>> = Vec::new();
                let mut starts = Vec::new();
                let mut seen: HashMap<Cow<'t, str>, Span> = HashMap::new();
                let end = loop {
                    let (event, place) = self.next()?;
                    if event == Event::MappingEnd {
                        break bytes(&place).end;
                    }
                    let key_at = bytes(&place);
                    let key = self.node(event, place, depth + 1, None)?;
                    let (event, place) = self.next()?;
                    let value = self.node(event, place, depth + 1, Some(&key_at))?;
                    let name = match key.kind {
                        NodeKind::Scalar { text, .. } => text,
                        NodeKind::Null => Cow::Borrowed(""),
                        _ => {
                            self.problems.push(problem::name_is_no_text(rule, self.reader.file, key.span));
                            continue;
                        }
                    };
                    let name = Spanned::new(name, key.span);
                    if let Some(first) = seen.insert(name.value.clone(), name.span) {
                        self.problems.push(problem::duplicate(rule, self.reader.file, &name, first));
                        continue;
                    }
                    starts.push(key.at.start);
                    pairs.push((name, value));
                };
                let children = starts
                    .first()
                    .zip(pairs.last())
                    .map(|(start, (_, value))| *start..value.at.end.max(*start));
                Ok(self.container(style, at.start, end, children, NodeKind::Map(pairs)))
            }
            _ => Err(Stop),
        }
    }

    /// A list or map: brackets included where it has them, else from its first to its last child.
    ///
    /// `start` and `end` are bytes of the text, `children` of the source.
    fn container(
        &self,
        style: StructureStyle,
        start: usize,
        end: usize,
        children: Option<Range<usize>>,
        kind: NodeKind<'t>,
    ) -> Node<'t> {
        let bracketed = style == StructureStyle::Flow && self.text[start..].starts_with(['[', '{']);
        match children {
            Some(at) if !bracketed => Node { span: self.places.lines.span(at.clone()), at, kind },
            _ => self.at(start..end.max(start), kind),
        }
    }
}

fn bytes(place: &Location) -> Range<usize> {
    place.byte_range().unwrap_or(0..0)
}

fn trimmed(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_end_matches('\n')),
        Cow::Owned(mut text) => {
            text.truncate(text.trim_end_matches('\n').len());
            Cow::Owned(text)
        }
    }
}

/// The same tree, independent of the text it was read from.
fn owned<'a>(node: Node<'_>) -> Node<'a> {
    let kind = match node.kind {
        NodeKind::Null => NodeKind::Null,
        NodeKind::Scalar { text, quoted } => NodeKind::Scalar { text: Cow::Owned(text.into_owned()), quoted },
        NodeKind::List(items) => NodeKind::List(items.into_iter().map(owned).collect()),
        NodeKind::Map(pairs) => NodeKind::Map(
            pairs
                .into_iter()
                .map(|(key, value)| (key.map(|key| Cow::Owned(key.into_owned())), owned(value)))
                .collect(),
        ),
    };
    Node { span: node.span, at: node.at, kind }
}
