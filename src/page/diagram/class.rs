//! Classes and entities: boxes with a title and lines, joined by lines that say how.

use super::graph::{Edge, Graph, Shape, Tip};
use super::label;

/// Reads a class diagram: `Animal <|-- Duck`, `class Duck { +swim() }`.
pub(super) fn read_classes(lines: &[&str]) -> Result<Graph, String> {
    let mut graph = Graph::titled("class diagram");
    let mut groups: Vec<usize> = Vec::new();
    let mut open: Option<usize> = None;
    for line in lines {
        let line = line.trim_end_matches(';').trim();
        let group = groups.last().copied();
        if let Some(class) = open {
            match line.strip_suffix('}') {
                Some(rest) => {
                    member(rest, class, &mut graph);
                    open = None;
                }
                None => member(line, class, &mut graph),
            }
            continue;
        }
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "direction" => graph.direct(rest.trim()),
            "namespace" => groups.push(graph.group(label(rest.trim_end_matches('{')), group)?),
            "}" => drop(groups.pop()),
            "note" | "click" | "link" | "callback" | "style" | "classDef" | "cssClass" | "accTitle:"
            | "accDescr:" => {}
            "class" => {
                let (name, body) =
                    rest.split_once('{').map_or((rest, None), |(name, body)| (name, Some(body)));
                let class = table(name, &mut graph, group)?;
                match body.map(|body| body.strip_suffix('}')) {
                    Some(None) => open = Some(class),
                    Some(Some(one)) => member(one, class, &mut graph),
                    None => {}
                }
            }
            _ if line.starts_with("<<") => {
                let (kind, name) = line.split_once(">>").ok_or_else(|| unclear(line))?;
                let class = table(name, &mut graph, group)?;
                member(&format!("{kind}>>"), class, &mut graph);
            }
            _ => statement(line, &mut graph, group)?,
        }
    }
    if graph.nodes.is_empty() { Err("it has no class".to_owned()) } else { Ok(graph) }
}

/// `A <|-- B : text`, or `A : member`.
fn statement(line: &str, graph: &mut Graph, group: Option<usize>) -> Result<(), String> {
    let line_at = ["--", ".."].iter().filter_map(|it| Some((line.find(it)?, *it))).min();
    // Dots after a colon are those of a member.
    let Some((at, dashes)) = line_at.filter(|(at, _)| line.find(':').is_none_or(|colon| colon > *at)) else {
        let (name, text) = line.split_once(':').ok_or_else(|| unclear(line))?;
        let class = table(name, graph, group)?;
        member(text, class, graph);
        return Ok(());
    };
    let (left, right) = (&line[..at], &line[at + 2..]);
    let (right, said) = right.split_once(':').map_or((right, ""), |(right, said)| (right, said));
    let (left, begin) =
        [("<|", Tip::Hollow), ("*", Tip::Solid), ("o", Tip::Diamond), ("<", Tip::Arrow), ("()", Tip::Circle)]
            .iter()
            .find_map(|(sign, tip)| Some((left.trim_end().strip_suffix(sign)?, *tip)))
            .filter(|(rest, tip)| *tip != Tip::Diamond || rest.ends_with([' ', '"']))
            .unwrap_or((left, Tip::None));
    let (right, end) = [
        ("|>", Tip::Hollow),
        ("*", Tip::Solid),
        ("o ", Tip::Diamond),
        (">", Tip::Arrow),
        ("()", Tip::Circle),
    ]
    .iter()
    .find_map(|(sign, tip)| Some((right.strip_prefix(sign)?, *tip)))
    .unwrap_or((right, Tip::None));
    let (left, many_left) = counted(left);
    let (right, many_right) = counted(right);
    let from = table(left, graph, group)?;
    let to = table(right, graph, group)?;
    let class = if dashes == ".." { "diagram-line diagram-dotted" } else { "diagram-line" };
    graph.edge(Edge { from, to, label: told(&label(said), many_left, many_right), class, begin, end })
}

/// The name beside a line without how many there are, in quotation marks.
fn counted(text: &str) -> (&str, &str) {
    let mut parts = text.splitn(3, '"');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(before), Some(count), Some(after)) if before.trim().is_empty() => (after, count.trim()),
        (Some(before), Some(count), Some(_)) => (before, count.trim()),
        _ => (text, ""),
    }
}

/// What is said of a line, and how many there are at its ends.
fn told(said: &str, left: &str, right: &str) -> String {
    match (left.is_empty() && right.is_empty(), said.is_empty()) {
        (true, _) => said.to_owned(),
        (false, true) => format!("{left} : {right}"),
        (false, false) => format!("{said}\n{left} : {right}"),
    }
}

/// Reads an entity diagram: `A ||--o{ B : has`.
pub(super) fn read_entities(lines: &[&str]) -> Result<Graph, String> {
    let mut graph = Graph::titled("entity diagram");
    let mut open: Option<usize> = None;
    for line in lines {
        if let Some(entity) = open {
            match *line {
                "}" => open = None,
                line => member(line, entity, &mut graph),
            }
            continue;
        }
        let word = line.split(' ').next().unwrap_or_default();
        if matches!(word, "direction" | "style" | "classDef" | "class" | "title" | "accTitle:" | "accDescr:")
        {
            if word == "direction" {
                graph.direct(line[word.len()..].trim());
            }
            continue;
        }
        if let Some((at, dashes)) = ["--", ".."].iter().filter_map(|it| Some((line.find(it)?, *it))).min() {
            let (left, right) = (&line[..at], &line[at + 2..]);
            let (right, said) = right.split_once(':').unwrap_or((right, ""));
            let (name, many_left) = left.trim_end().rsplit_once(' ').ok_or_else(|| unclear(line))?;
            let (many_right, other) = right.trim_start().split_once(' ').ok_or_else(|| unclear(line))?;
            let (many_left, many_right) =
                many(many_left).zip(many(many_right)).ok_or_else(|| unclear(line))?;
            let from = table(name, &mut graph, None)?;
            let to = table(other, &mut graph, None)?;
            let class = if dashes == ".." { "diagram-line diagram-dotted" } else { "diagram-line" };
            let label = told(&label(said), many_left, many_right);
            graph.edge(Edge { from, to, label, class, begin: Tip::None, end: Tip::None })?;
            continue;
        }
        let (name, is_open) = line.strip_suffix('{').map_or((*line, false), |name| (name, true));
        let entity = table(name, &mut graph, None)?;
        open = is_open.then_some(entity);
    }
    if graph.nodes.is_empty() { Err("it has no entity".to_owned()) } else { Ok(graph) }
}

/// How many, as the feet of a crow say it.
fn many(sign: &str) -> Option<&'static str> {
    Some(match sign {
        "||" => "1",
        "|o" | "o|" => "0..1",
        "}|" | "|{" => "1..*",
        "}o" | "o{" => "0..*",
        _ => return None,
    })
}

fn table(name: &str, graph: &mut Graph, group: Option<usize>) -> Result<usize, String> {
    let name = name.trim().split(":::").next().unwrap_or_default().trim();
    let (name, shown) = match name.split_once('[') {
        Some((name, shown)) => (name, Some(label(shown.trim_end_matches(']')))),
        None => (name, None),
    };
    let name = name.trim_matches(['"', '`', ' ']);
    if name.is_empty() || name.contains(['{', '}', '<', '>']) {
        return Err(unclear(name));
    }
    let known = graph.nodes.len();
    let node = graph.node(name, group)?;
    if node == known {
        graph.nodes[node].shape = Shape::Table;
        graph.nodes[node].label = generic(name);
    }
    if let Some(shown) = shown {
        graph.nodes[node].label = shown;
    }
    Ok(node)
}

fn member(text: &str, class: usize, graph: &mut Graph) {
    let text = text.trim();
    if !text.is_empty() {
        let label = &mut graph.nodes[class].label;
        label.push('\n');
        label.push_str(&generic(text));
    }
}

/// `List~int~` is `List<int>`.
fn generic(text: &str) -> String {
    let mut is_open = false;
    text.chars()
        .map(|c| match c {
            '~' => {
                is_open = !is_open;
                if is_open { '<' } else { '>' }
            }
            c => c,
        })
        .collect()
}

fn unclear(line: &str) -> String {
    format!("`{}` is not understood", line.chars().take(60).collect::<String>())
}
