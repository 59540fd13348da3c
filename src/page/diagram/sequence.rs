//! Sequences: who says what to whom, from the top down.

use super::svg::{Canvas, LINE, size};
use super::{Drawn, label};

const PEOPLE: usize = 30;
const EVENTS: usize = 300;
const HEAD: f64 = 34.0;
const MARGIN: f64 = 12.0;

#[derive(Debug)]
enum Event {
    Message {
        from: usize,
        to: usize,
        text: String,
        is_dotted: bool,
        end: End,
    },
    Note {
        from: usize,
        to: usize,
        side: Side,
        text: String,
    },
    /// A frame begins, goes on with another part, ends.
    Open(String),
    Part(String),
    Close,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Line,
    Arrow,
    Cross,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
    Over,
}

#[derive(Debug, Default)]
struct Sequence {
    title: Option<String>,
    names: Vec<(String, String)>,
    events: Vec<Event>,
    is_numbered: bool,
}

/// The arrows, the longest first.
const ARROWS: [(&str, bool, End); 12] = [
    ("<<-->>", true, End::Arrow),
    ("<<->>", false, End::Arrow),
    ("-->>", true, End::Arrow),
    ("->>", false, End::Arrow),
    ("--x", true, End::Cross),
    ("-x", false, End::Cross),
    ("--)", true, End::Arrow),
    ("-)", false, End::Arrow),
    ("-->", true, End::Line),
    ("->", false, End::Line),
    ("--|\\", true, End::Arrow),
    ("-|\\", false, End::Arrow),
];

pub(super) fn draw(lines: &[&str]) -> Result<Drawn, String> {
    let mut sequence = Sequence::default();
    let mut frames: Vec<bool> = Vec::new();
    for line in lines {
        read(line.trim_end_matches(';').trim(), &mut sequence, &mut frames)?;
    }
    if sequence.names.is_empty() {
        return Err("nobody takes part in it".to_owned());
    }
    for _ in frames.iter().filter(|is_shown| **is_shown) {
        sequence.events.push(Event::Close);
    }
    paint(&sequence)
}

fn read(line: &str, sequence: &mut Sequence, frames: &mut Vec<bool>) -> Result<(), String> {
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    let rest = rest.trim();
    if sequence.events.len() >= EVENTS {
        return Err(format!("it has more than {EVENTS} steps"));
    }
    match word {
        "participant" | "actor" => participant(rest, sequence).map(|_| ()),
        "create" => participant(rest.split_once(' ').map_or(rest, |(_, rest)| rest), sequence).map(|_| ()),
        "destroy" | "activate" | "deactivate" | "link" | "links" | "properties" | "accTitle:"
        | "accDescr:" => Ok(()),
        "title" | "title:" => {
            sequence.title = Some(label(rest));
            Ok(())
        }
        "autonumber" => {
            sequence.is_numbered = true;
            Ok(())
        }
        "loop" | "alt" | "opt" | "par" | "critical" | "break" | "par_over" => {
            frames.push(true);
            sequence.events.push(Event::Open(format!("{word}  {}", label(rest)).trim().to_owned()));
            Ok(())
        }
        // A ground of another colour, and a box around names, are only looks.
        "rect" | "box" => {
            frames.push(false);
            Ok(())
        }
        "else" | "and" | "option" => {
            sequence.events.push(Event::Part(label(rest)));
            Ok(())
        }
        "end" => {
            if frames.pop() == Some(true) {
                sequence.events.push(Event::Close);
            }
            Ok(())
        }
        "Note" | "note" => note(rest, sequence),
        _ => message(line, sequence),
    }
}

fn participant(text: &str, sequence: &mut Sequence) -> Result<usize, String> {
    let (name, shown) = text.split_once(" as ").unwrap_or((text, text));
    let name = name.split("@{").next().unwrap_or(name).trim();
    if let Some(known) = sequence.names.iter().position(|it| it.0 == name) {
        return Ok(known);
    }
    if name.is_empty() || sequence.names.len() >= PEOPLE {
        return Err(format!("it has more than {PEOPLE} participants, or one without a name"));
    }
    sequence.names.push((name.to_owned(), label(shown)));
    Ok(sequence.names.len() - 1)
}

fn note(text: &str, sequence: &mut Sequence) -> Result<(), String> {
    let unclear = || format!("the note `{}` is not understood", text.chars().take(60).collect::<String>());
    let (place, said) = text.split_once(':').ok_or_else(unclear)?;
    let (side, names) = [("left of ", Side::Left), ("right of ", Side::Right), ("over ", Side::Over)]
        .iter()
        .find_map(|(word, side)| Some((*side, place.trim().strip_prefix(word)?)))
        .ok_or_else(unclear)?;
    let mut all = Vec::new();
    for name in names.split(',') {
        all.push(participant(name.trim(), sequence)?);
    }
    let (from, to) = (all.iter().min().copied(), all.iter().max().copied());
    let (from, to) = from.zip(to).ok_or_else(unclear)?;
    sequence.events.push(Event::Note { from, to, side, text: label(said) });
    Ok(())
}

fn message(line: &str, sequence: &mut Sequence) -> Result<(), String> {
    let unclear = || format!("`{}` is not understood", line.chars().take(60).collect::<String>());
    let (parts, text) = line.split_once(':').unwrap_or((line, ""));
    let arrow = ARROWS.iter().filter_map(|arrow| Some((parts.find(arrow.0)?, arrow)));
    let (at, (sign, is_dotted, end)) =
        arrow.min_by_key(|(at, arrow)| (*at, usize::MAX - arrow.0.len())).ok_or_else(unclear)?;
    let from = participant(parts[..at].trim(), sequence)?;
    let to = parts[at + sign.len()..].trim().trim_start_matches(['+', '-']).trim();
    let to = participant(to, sequence)?;
    sequence.events.push(Event::Message { from, to, text: label(text), is_dotted: *is_dotted, end: *end });
    Ok(())
}

/// How far each participant stands from the left.
fn columns(sequence: &Sequence) -> Vec<f64> {
    let half = |index: usize| size(&sequence.names[index].1).0 / 2.0 + 14.0;
    let mut gaps: Vec<f64> =
        (1..sequence.names.len()).map(|index| half(index - 1) + half(index) + 24.0).collect();
    let widen = |gaps: &mut Vec<f64>, from: usize, to: usize, width: f64| {
        let there: f64 = gaps[from..to].iter().sum();
        if width > there && to > from {
            let more = (width - there) / (to - from) as f64;
            gaps[from..to].iter_mut().for_each(|gap| *gap += more);
        }
    };
    for event in &sequence.events {
        match event {
            Event::Message { from, to, text, .. } if from != to => {
                let number = if sequence.is_numbered { 28.0 } else { 0.0 };
                widen(&mut gaps, *from.min(to), *from.max(to), size(text).0 + 28.0 + number);
            }
            Event::Message { from, text, .. } if *from < gaps.len() => {
                widen(&mut gaps, *from, from + 1, size(text).0 + 56.0);
            }
            Event::Note { from, side: Side::Right, text, .. } if *from < gaps.len() => {
                widen(&mut gaps, *from, from + 1, size(text).0 + 40.0);
            }
            Event::Note { from, side: Side::Left, text, .. } if *from > 0 => {
                widen(&mut gaps, from - 1, *from, size(text).0 + 40.0);
            }
            Event::Note { from, to, side: Side::Over, text } if to > from => {
                widen(&mut gaps, *from, *to, size(text).0);
            }
            _ => {}
        }
    }
    // What reaches over the left edge.
    let mut left = half(0);
    for event in &sequence.events {
        match event {
            Event::Note { from: 0, side: Side::Left, text, .. } => left = left.max(size(text).0 + 30.0),
            Event::Note { from: 0, to: 0, side: Side::Over, text } => {
                left = left.max(size(text).0 / 2.0 + 12.0)
            }
            _ => {}
        }
    }
    let mut x = MARGIN + left + 10.0;
    let mut columns = vec![x];
    for gap in gaps {
        x += gap;
        columns.push(x);
    }
    columns
}

// Long because each kind of step has its branch.
fn paint(sequence: &Sequence) -> Result<Drawn, String> {
    let columns = columns(sequence);
    let mut right = columns.last().copied().unwrap_or_default()
        + size(&sequence.names.last().map_or(String::new(), |it| it.1.clone())).0 / 2.0
        + 24.0;
    let top = MARGIN + if sequence.title.is_some() { 30.0 } else { 0.0 };
    let head = HEAD.max(sequence.names.iter().map(|it| size(&it.1).1 + 16.0).fold(0.0, f64::max));
    let mut y = top + head + 12.0;
    let mut steps = Canvas::default();
    let mut frames: Vec<(f64, String)> = Vec::new();
    let mut drawn_frames: Vec<(f64, f64, String, usize)> = Vec::new();
    let mut parts: Vec<(f64, String, usize)> = Vec::new();
    let mut number = 0;
    for event in &sequence.events {
        match event {
            Event::Message { from, to, text, is_dotted, end } => {
                number += 1;
                let text = if sequence.is_numbered { format!("{number}. {text}") } else { text.clone() };
                let (w, h) = size(&text);
                let class = if *is_dotted { "diagram-line diagram-dotted" } else { "diagram-line" };
                y += h + 8.0;
                let (a, b) = (columns[*from], columns[*to]);
                if from == to {
                    steps.text("diagram-start", (a + 10.0, y - h / 2.0 - 2.0), &text);
                    steps.line(
                        class,
                        &[(a, y), (a + 36.0, y), (a + 36.0, y + 16.0), (a + 8.0, y + 16.0)],
                        false,
                    );
                    steps.arrow((a + 1.0, y + 16.0), (a + 9.0, y + 16.0));
                    right = right.max(a + w + 24.0).max(a + 48.0);
                    y += 22.0;
                    continue;
                }
                let way = if b > a { 1.0 } else { -1.0 };
                steps.text("diagram-text", (f64::midpoint(a, b), y - h / 2.0 - 4.0), &text);
                let tip = b - way;
                let room = if *end == End::Arrow { 8.0 } else { 0.0 };
                steps.line(class, &[(a, y), (tip - way * room, y)], false);
                match end {
                    End::Line => {}
                    End::Arrow => steps.arrow((tip, y), (a, y)),
                    End::Cross => {
                        for side in [5.0, -5.0] {
                            steps.line(
                                "diagram-line",
                                &[(tip - 8.0, y - side), (tip + 2.0, y + side)],
                                false,
                            );
                        }
                    }
                }
                y += 10.0;
            }
            Event::Note { from, to, side, text } => {
                let (w, h) = size(text);
                let (a, b) = (columns[*from], columns[*to]);
                let width = match side {
                    Side::Over => (b - a + 40.0).max(w + 20.0),
                    _ => w + 20.0,
                };
                let middle = match side {
                    Side::Left => a - width / 2.0 - 8.0,
                    Side::Right => a + width / 2.0 + 8.0,
                    Side::Over => f64::midpoint(a, b),
                };
                y += 8.0;
                steps.rect("diagram-note", (middle, y + (h + 12.0) / 2.0), (width, h + 12.0), 0.0);
                steps.text("diagram-text", (middle, y + (h + 12.0) / 2.0), text);
                right = right.max(middle + width / 2.0 + 4.0);
                y += h + 18.0;
            }
            Event::Open(text) => {
                y += 8.0;
                frames.push((y, text.clone()));
                y += LINE + 8.0;
            }
            Event::Part(text) => {
                y += 8.0;
                parts.push((y, text.clone(), frames.len()));
                y += if text.is_empty() { 4.0 } else { LINE + 4.0 };
            }
            Event::Close => {
                if let Some((from, text)) = frames.pop() {
                    y += 6.0;
                    drawn_frames.push((from, y, text, frames.len()));
                    y += 6.0;
                }
            }
        }
    }
    y += 14.0;
    let left = MARGIN.min(columns[0] - 20.0).max(2.0);
    for frame in &drawn_frames {
        right = right.max(left + size(&frame.2).0 + 40.0);
    }
    let mut canvas = Canvas::default();
    for x in &columns {
        canvas.line("diagram-life", &[(*x, top + head), (*x, y)], false);
    }
    for (from, to, text, depth) in &drawn_frames {
        let inset = *depth as f64 * 6.0;
        let (a, b) = (left + inset, right - 2.0 - inset);
        canvas.rect(
            "diagram-group",
            (f64::midpoint(a, b), f64::midpoint(*from, *to)),
            (b - a, to - from),
            2.0,
        );
        canvas.text("diagram-start", (a + 8.0, from + LINE / 2.0 + 3.0), text);
    }
    for (at, text, depth) in &parts {
        let inset = depth.saturating_sub(1) as f64 * 6.0;
        canvas.line("diagram-line diagram-dotted", &[(left + inset, *at), (right - 2.0 - inset, *at)], false);
        canvas.text("diagram-start", (left + inset + 8.0, at + LINE / 2.0 + 2.0), text);
    }
    for (x, (_, name)) in columns.iter().zip(&sequence.names) {
        let w = size(name).0 + 24.0;
        canvas.rect("diagram-box", (*x, top + head / 2.0), (w, head), 4.0);
        canvas.text("diagram-text", (*x, top + head / 2.0), name);
    }
    if let Some(title) = &sequence.title {
        canvas.text("diagram-title", (right / 2.0, MARGIN + 8.0), title);
    }
    canvas.append(steps);
    canvas.finish(sequence.title.as_deref().unwrap_or("sequence diagram"), (right + MARGIN, y + MARGIN))
}
