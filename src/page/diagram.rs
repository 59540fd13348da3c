//! Diagrams that people write as text, in the language of mermaid, drawn when the site is built: flowcharts, state,
//! class and entity diagrams, sequences and pies.
//!
//! The drawing is made here, piece by piece, out of escaped texts, numbers and classes that the style sheet colours; so
//! it is safe, has no ids, and is one by day and by night. Libraries that draw everything that mermaid draws were tried:
//! one has seven hundred thousand lines and thirty-six crates of its own, the other measures with the fonts of the machine
//! on which it runs. What is not drawn here stays code, and is told.

mod class;
mod flow;
mod graph;
mod layout;
mod pie;
mod sequence;
mod state;
mod svg;

/// The longest text that is drawn, in bytes, and how many lines it may have.
const LONGEST: usize = 10_000;
const LINES: usize = 400;

/// A diagram that was drawn.
#[derive(Debug)]
pub(crate) struct Drawn {
    /// The drawing.
    pub svg: String,
    /// Its width and height in pixels.
    pub size: (u32, u32),
}

/// Draws a diagram.
///
/// # Errors
/// Says in plain words, as the end of a sentence, why it cannot be drawn.
pub(crate) fn draw(source: &str) -> Result<Drawn, String> {
    if source.len() > LONGEST || source.lines().count() > LINES {
        return Err(format!("it is longer than {LONGEST} bytes or {LINES} lines"));
    }
    let lines: Vec<&str> = statements(source);
    let Some((header, rest)) = lines.split_first() else { return Err("it is empty".to_owned()) };
    let mut words = header.split([' ', '\t', ';']).filter(|word| !word.is_empty());
    let kind = words.next().unwrap_or_default();
    match kind {
        "graph" | "flowchart" | "flowchart-elk" => layout::draw(&flow::read(words.next(), rest)?),
        "stateDiagram" | "stateDiagram-v2" => layout::draw(&state::read(rest)?),
        "classDiagram" | "classDiagram-v2" => layout::draw(&class::read_classes(rest)?),
        "erDiagram" => layout::draw(&class::read_entities(rest)?),
        "sequenceDiagram" => sequence::draw(rest),
        "pie" => pie::draw(header, rest),
        other => Err(format!(
            "`{}` is a kind of diagram that is not drawn",
            other.chars().take(30).collect::<String>()
        )),
    }
}

/// The lines of a diagram without comments, settings and front matter.
fn statements(source: &str) -> Vec<&str> {
    let mut lines = source.lines().map(str::trim).peekable();
    if lines.peek() == Some(&"---") {
        lines.next();
        lines.by_ref().find(|line| *line == "---");
    }
    let mut in_setting = false;
    let mut kept = Vec::new();
    for line in lines {
        if in_setting || line.starts_with("%%{") {
            in_setting = !line.ends_with("}%%");
        } else if !line.is_empty() && !line.starts_with("%%") {
            kept.push(line);
        }
    }
    kept
}

/// A label as it is shown: without quotation marks, its lines apart.
fn label(text: &str) -> String {
    let text = text.trim();
    let text = text.strip_prefix('"').and_then(|it| it.strip_suffix('"')).unwrap_or(text);
    let text = text.trim_matches('`');
    let mut out =
        text.replace("<br/>", "\n").replace("<br />", "\n").replace("<br>", "\n").replace("\\n", "\n");
    for (entity, sign) in
        [("#quot;", "\""), ("#amp;", "&"), ("#lt;", "<"), ("#gt;", ">"), ("#35;", "#"), ("#59;", ";")]
    {
        out = out.replace(entity, sign);
    }
    out.trim().to_owned()
}

#[cfg(test)]
mod tests;
