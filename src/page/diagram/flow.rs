//! Flowcharts: `A[Text] -->|label| B{Question}`.

use super::graph::{Edge, Graph, Shape, Tip};
use super::label;

/// Opening and closing signs of boxes, the longest first.
const SHAPES: [(&str, &str, Shape); 14] = [
    ("(((", ")))", Shape::Circle),
    ("([", "])", Shape::Pill),
    ("[[", "]]", Shape::Box),
    ("[(", ")]", Shape::Cylinder),
    ("((", "))", Shape::Circle),
    ("{{", "}}", Shape::Hexagon),
    ("[/", "/]", Shape::Slanted),
    ("[\\", "\\]", Shape::Slanted),
    ("[/", "\\]", Shape::Slanted),
    ("[\\", "/]", Shape::Slanted),
    ("[", "]", Shape::Box),
    ("(", ")", Shape::Round),
    ("{", "}", Shape::Diamond),
    (">", "]", Shape::Flag),
];

/// Words that begin a line about looks alone.
const PASSED_OVER: [&str; 7] = ["style", "linkStyle", "classDef", "class", "click", "accTitle", "accDescr"];

/// Reads a flowchart.
pub(super) fn read(direction: Option<&str>, lines: &[&str]) -> Result<Graph, String> {
    let mut graph = Graph::titled("flowchart");
    graph.direct(direction.unwrap_or("TD"));
    let mut open: Vec<usize> = Vec::new();
    for line in lines.iter().flat_map(|line| split(line)) {
        let word = line.split([' ', '\t', ':']).next().unwrap_or_default();
        if PASSED_OVER.contains(&word) || word == "direction" {
            continue;
        }
        if word == "subgraph" {
            let name = line[word.len()..].trim();
            let title = name.split_once('[').and_then(|(_, title)| title.strip_suffix(']')).unwrap_or(name);
            open.push(graph.group(label(title), open.last().copied())?);
        } else if line == "end" {
            open.pop();
        } else {
            chain(line, &mut graph, open.last().copied())?;
        }
    }
    if graph.nodes.is_empty() { Err("it has no box".to_owned()) } else { Ok(graph) }
}

/// Statements of one line, apart at `;` outside of texts.
fn split(line: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth, mut quoted) = (Vec::new(), 0, 0usize, false);
    for (at, byte) in line.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'[' | b'(' | b'{' if !quoted => depth += 1,
            b']' | b')' | b'}' if !quoted => depth = depth.saturating_sub(1),
            b';' if depth == 0 && !quoted => {
                parts.push(line[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(line[start..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

/// `A & B --> C --> D`
fn chain(line: &str, graph: &mut Graph, group: Option<usize>) -> Result<(), String> {
    let (mut from, mut rest) = nodes(line, graph, group)?;
    while !rest.is_empty() {
        let link = link(rest).ok_or_else(|| unclear(line))?;
        let (to, behind) = nodes(link.rest, graph, group)?;
        for from in &from {
            for to in &to {
                graph.edge(Edge {
                    from: *from,
                    to: *to,
                    label: link.label.clone(),
                    class: link.class,
                    begin: link.begin,
                    end: link.end,
                })?;
            }
        }
        (from, rest) = (to, behind);
    }
    Ok(())
}

fn unclear(line: &str) -> String {
    format!("`{}` is not understood", line.chars().take(60).collect::<String>())
}

fn nodes<'t>(
    text: &'t str,
    graph: &mut Graph,
    group: Option<usize>,
) -> Result<(Vec<usize>, &'t str), String> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    loop {
        let (node, behind) = node(rest, graph, group)?;
        found.push(node);
        rest = behind.trim_start();
        match rest.strip_prefix('&') {
            Some(more) => rest = more.trim_start(),
            None => return Ok((found, rest)),
        }
    }
}

fn node<'t>(text: &'t str, graph: &mut Graph, group: Option<usize>) -> Result<(usize, &'t str), String> {
    let bytes = text.as_bytes();
    let is_link =
        |at: usize| bytes.get(at + 1).is_some_and(|b| matches!(b, b'-' | b'.' | b'>' | b' ' | b'='));
    let length = text
        .char_indices()
        .find(|(at, c)| {
            !(c.is_alphanumeric() || matches!(c, '_' | '.' | '/' | '$' | '*') || (*c == '-' && !is_link(*at)))
        })
        .map_or(text.len(), |(at, _)| at);
    if length == 0 {
        return Err(unclear(text));
    }
    let (name, mut rest) = text.split_at(length);
    let index = graph.node(name, group)?;
    if let Some(inner) = rest.strip_prefix("@{") {
        let (inner, behind) = inner.split_once('}').ok_or_else(|| unclear(text))?;
        for setting in inner.split(',') {
            match setting.split_once(':').map(|(key, value)| (key.trim(), value.trim())) {
                Some(("label", text)) => graph.nodes[index].label = label(text),
                Some(("shape", shape)) => graph.nodes[index].shape = named(shape.trim_matches('"')),
                _ => {}
            }
        }
        rest = behind;
    } else {
        let shape = SHAPES.iter().find_map(|(open, close, shape)| {
            let inner = rest.strip_prefix(open)?;
            let end = text_end(inner, close)?;
            Some((*shape, &inner[..end], &inner[end + close.len()..]))
        });
        match shape {
            Some((shape, text, behind)) => {
                graph.nodes[index].shape = shape;
                graph.nodes[index].label = label(text);
                rest = behind;
            }
            None if rest.starts_with(['[', '(', '{']) => return Err(unclear(text)),
            None => {}
        }
    }
    if let Some(class) = rest.strip_prefix(":::") {
        rest = class.trim_start_matches(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-'));
    }
    Ok((index, rest))
}

/// Where a text ends: at its closing sign outside of quotation marks.
fn text_end(text: &str, close: &str) -> Option<usize> {
    let mut quoted = false;
    text.char_indices()
        .find(|(at, c)| {
            quoted ^= *c == '"';
            !quoted && text[*at..].starts_with(close)
        })
        .map(|(at, _)| at)
}

fn named(shape: &str) -> Shape {
    match shape {
        "rounded" | "event" => Shape::Round,
        "stadium" | "pill" | "terminal" => Shape::Pill,
        "circle" | "circ" | "dbl-circ" | "sm-circ" => Shape::Circle,
        "diam" | "diamond" | "decision" | "question" => Shape::Diamond,
        "hex" | "hexagon" | "prepare" => Shape::Hexagon,
        "cyl" | "cylinder" | "db" | "database" => Shape::Cylinder,
        "lean-r" | "lean-l" | "in-out" | "out-in" => Shape::Slanted,
        _ => Shape::Box,
    }
}

/// A line between boxes.
struct Link<'t> {
    begin: Tip,
    end: Tip,
    class: &'static str,
    label: String,
    rest: &'t str,
}

fn link(text: &str) -> Option<Link<'_>> {
    let is_line = |c: char| matches!(c, '-' | '=' | '.' | '~');
    let (begin, body) = match text.as_bytes() {
        [b'<', b'-' | b'=', ..] => (Tip::Arrow, &text[1..]),
        [b'o', b'-' | b'=', ..] => (Tip::Circle, &text[1..]),
        [b'x', b'-' | b'=', ..] => (Tip::Cross, &text[1..]),
        _ => (Tip::None, text),
    };
    let length = body.find(|c| !is_line(c)).unwrap_or(body.len());
    let (line, after) = body.split_at(length);
    let class = match line {
        line if line.len() < 2 => return None,
        line if line.contains('.') => "diagram-line diagram-dotted",
        line if line.starts_with('=') => "diagram-line diagram-thick",
        line if line.starts_with('~') => "diagram-hidden",
        _ => "diagram-line",
    };
    let (end, after) = tip(after);
    if end == Tip::None && matches!(line, "--" | "==" | "-.") {
        // The text stands within the line: `-- text -->`.
        let close = ["--", "==", ".-"]
            .iter()
            .find(|close| close.as_bytes()[0] == line.as_bytes()[line.len() - 1] || line == "-.")?;
        let close = if line == "-." { ".-" } else { close };
        let at = after.find(close)?;
        let behind = after[at..].trim_start_matches(is_line);
        let (end, rest) = tip(behind);
        return Some(Link { begin, end, class, label: label(&after[..at]), rest: rest.trim_start() });
    }
    let rest = after.trim_start();
    match rest.strip_prefix('|').and_then(|rest| rest.split_once('|')) {
        Some((text, rest)) => Some(Link { begin, end, class, label: label(text), rest: rest.trim_start() }),
        None => Some(Link { begin, end, class, label: String::new(), rest }),
    }
}

/// How a line ends, and what stands after that. As in mermaid, an `x` or `o` right after a line is its end.
fn tip(text: &str) -> (Tip, &str) {
    match text.as_bytes().first() {
        Some(b'>') => (Tip::Arrow, &text[1..]),
        Some(b'x') => (Tip::Cross, &text[1..]),
        Some(b'o') => (Tip::Circle, &text[1..]),
        _ => (Tip::None, text),
    }
}
