//! State diagrams: `[*] --> Still`, `Still --> Moving : push`.

use super::graph::{Edge, Graph, Shape, Tip};
use super::label;

/// Reads a state diagram.
pub(super) fn read(lines: &[&str]) -> Result<Graph, String> {
    let mut graph = Graph::titled("state diagram");
    graph.direct("TD");
    let mut open: Vec<usize> = Vec::new();
    let mut in_note = false;
    for line in lines {
        let line = line.trim_end_matches(';').trim();
        if in_note {
            in_note = line != "end note";
            continue;
        }
        let word = line.split(' ').next().unwrap_or_default();
        match word {
            "note" => in_note = !line.contains(':'),
            "direction" if open.is_empty() => graph.direct(line[9..].trim()),
            "direction" | "classDef" | "class" | "style" | "accTitle" | "accDescr" | "hide" | "scale"
            | "--" => {}
            "}" => drop(open.pop()),
            "state" => state(line[5..].trim(), &mut graph, &mut open)?,
            _ => transition(line, &mut graph, &open)?,
        }
    }
    if graph.nodes.is_empty() { Err("it has no state".to_owned()) } else { Ok(graph) }
}

/// `state "Text" as s`, `state s <<choice>>`, `state s {`
fn state(text: &str, graph: &mut Graph, open: &mut Vec<usize>) -> Result<(), String> {
    let group = open.last().copied();
    let (text, is_group) = text.strip_suffix('{').map_or((text, false), |text| (text.trim(), true));
    let (shown, name) = match text.rsplit_once(" as ") {
        Some((shown, name)) => (Some(label(shown)), name.trim()),
        None => (None, text),
    };
    if is_group {
        open.push(graph.group(shown.unwrap_or_else(|| label(name)), group)?);
        return Ok(());
    }
    let (name, kind) = name.split_once("<<").map_or((name, ""), |(name, kind)| (name.trim(), kind));
    let node = graph.node(name, group)?;
    graph.nodes[node].shape = match kind.trim_end_matches('>') {
        "choice" => Shape::Diamond,
        "fork" | "join" => Shape::Bar,
        _ => Shape::Round,
    };
    if let Some(shown) = shown {
        graph.nodes[node].label = shown;
    }
    Ok(())
}

fn transition(line: &str, graph: &mut Graph, open: &[usize]) -> Result<(), String> {
    let group = open.last().copied();
    let Some((from, rest)) = line.split_once("-->") else {
        // `s : text`, or a name alone.
        let (name, text) = line.split_once(':').map_or((line, None), |(name, text)| (name, Some(text)));
        let node = named(name, "", graph, group)?;
        if let Some(text) = text {
            graph.nodes[node].label = label(text);
        }
        return Ok(());
    };
    let (to, text) = rest.split_once(':').map_or((rest, ""), |(to, text)| (to, text));
    let from = named(from, "start", graph, group)?;
    let to = named(to, "end", graph, group)?;
    graph.edge(Edge {
        from,
        to,
        label: label(text),
        class: "diagram-line",
        begin: Tip::None,
        end: Tip::Arrow,
    })
}

fn named(name: &str, side: &str, graph: &mut Graph, group: Option<usize>) -> Result<usize, String> {
    let name = name.trim().split(":::").next().unwrap_or_default();
    if name.is_empty() || name.contains([' ', '"']) {
        return Err(format!("`{}` is not understood", name.chars().take(60).collect::<String>()));
    }
    let known = graph.nodes.len();
    if name == "[*]" {
        let node = graph.node(&format!("[*] {side} {}", group.map_or(0, |group| group + 1)), group)?;
        graph.nodes[node].label.clear();
        graph.nodes[node].shape = if side == "end" { Shape::End } else { Shape::Start };
        return Ok(node);
    }
    let node = graph.node(name, group)?;
    if node == known {
        graph.nodes[node].shape = Shape::Round;
    }
    Ok(node)
}
