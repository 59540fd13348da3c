//! Blocks of code that other programs draw or run.

use std::ops::Range;

use super::{Construct, Constructs};

const DIAGRAMS: [&str; 15] = [
    "plantuml",
    "puml",
    "uml",
    "d2",
    "dot",
    "graphviz",
    "ditaa",
    "nomnoml",
    "flow",
    "sequence",
    "wavedrom",
    "vega",
    "vega-lite",
    "markmap",
    "mindmap",
];

const QUERIES: [&str; 13] = [
    "dataview",
    "dataviewjs",
    "query",
    "tasks",
    "tabs",
    "tab",
    "chart",
    "timeline",
    "embed",
    "excalidraw",
    "kanban",
    "leaflet",
    "toc",
];

/// Looks at the first line of every block of code.
pub(super) fn find(text: &str, code: &[Range<usize>], found: &mut Constructs) {
    for range in code {
        let line = text[range.clone()].lines().next().unwrap_or_default();
        let signs = line.len() - line.trim_start_matches(['`', '~']).len();
        if signs < 3 {
            continue;
        }
        let place = range.start..range.start + line.len();
        let info = line[signs..].trim();
        let word = info.split(|it: char| it.is_whitespace() || it == ',').next().unwrap_or_default();
        let name = word.trim_matches(['{', '}', '.', ':']).to_ascii_lowercase();
        // `{note}` is a directive of MyST; `{python}` and `{r}` are code that a notebook runs, `{.js}` a class.
        let is_directive = word.starts_with('{')
            && word.ends_with('}')
            && !word.starts_with("{.")
            && matches!(
                &*name,
                "note"
                    | "tip"
                    | "warning"
                    | "caution"
                    | "danger"
                    | "important"
                    | "admonition"
                    | "figure"
                    | "image"
                    | "toctree"
                    | "seealso"
                    | "hint"
                    | "attention"
                    | "error"
                    | "dropdown"
                    | "tab-set"
                    | "card"
                    | "grid"
                    | "contents"
                    | "include"
                    | "literalinclude"
                    | "eval-rst"
                    | "list-table"
                    | "math"
            );
        if DIAGRAMS.contains(&&*name) && !is_code_of(&name, text, range) {
            found.add(Construct::Diagram, place);
        } else if QUERIES.contains(&&*name) || name.starts_with("ad-") || is_directive {
            found.add(Construct::Query, place);
        }
    }
}

/// Whether the name of a language of diagrams is that of another language too.
fn is_code_of(name: &str, text: &str, range: &Range<usize>) -> bool {
    match name {
        // Graphs, not the sources that somebody explains.
        "flow" => !text[range.clone()].contains("=>"),
        "sequence" => !text[range.clone()].contains("->"),
        _ => false,
    }
}
