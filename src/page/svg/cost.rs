//! What it costs a browser to draw a drawing. A few lines can ask for billions of shapes, because parts of a drawing
//! refer to other parts: a mask that is masked, a pattern filled with a pattern, `<use>` of `<use>`. So the drawing is
//! unfolded by arithmetic: what a part costs is known once, however often it is drawn.
//!
//! A unit is about one small shape; one that covers the whole drawing is forty. What a file holds once is limited by its
//! length, so only what is drawn more often than it stands there is counted against the budget. What is passed on to the elements inside (`fill`, `stroke`, `marker-*`) is counted
//! for each of them, what holds for an element as a whole (`mask`, `clip-path`, `filter`) once, and `<use>` as often as
//! it stands there. Rules of a style sheet count for every element that the last part of their selectors could mean.
//!
//! Long because what a drawing costs is one sum over all elements, each with its own rule.

use std::collections::BTreeMap;

/// What is drawn again may cost this much. The worst that was found below takes a browser about two seconds.
const BUDGET: f64 = 100_000.0;

/// Where something moves, it is drawn at every moment.
const MOVING_BUDGET: f64 = 10_000.0;

/// It may have this many elements, whether they are drawn or not.
const MAX_ELEMENTS: usize = 200_000;

/// At most this many of them may move.
const MAX_MOVING: usize = 500;

/// References may lead from one to the next this often.
const MAX_LAYERS: usize = 12;

/// At most this many references may stand in it, with those that rules of a style sheet make.
const MAX_REFERENCES: usize = 400_000;

/// What things cost in units.
const MASK: f64 = 400.0;
const CLIP: f64 = 5.0;
/// For a mask in a mask, or a path that clips one that clips: browsers draw each of them apart.
const LAYER: f64 = 300.0;
const PATTERN: f64 = 50.0;
const PRIMITIVE: f64 = 1000.0;
const WHOLE_SHAPE: f64 = 40.0;
const DASH: f64 = 0.05;
const BYTES_OF_PATH: f64 = 64.0;
const LETTERS: f64 = 8.0;
/// For each pixel of an embedded picture.
const PIXEL: f64 = 1.0 / 2000.0;

/// A mask or a filter of the smallest element costs this part of one of the whole drawing.
const LEAST: f64 = 0.01;

/// Why a drawing is refused.
const TOO_MUCH: &str = "its parts repeat or refer to each other so often that a browser would freeze";

/// Everything that counts, gathered while a drawing is read.
#[derive(Debug, Default)]
pub(super) struct Drawing {
    nodes: Vec<Node>,
    /// The elements that are open.
    open: Vec<usize>,
    ids: BTreeMap<String, usize>,
    rules: Rules,
    /// The shortest way from one dash to the next.
    dash: Option<f64>,
    moving: usize,
    references: usize,
    /// Width times height, in the units of the drawing.
    area: f64,
}

#[derive(Debug, Default)]
struct Node {
    kind: &'static str,
    classes: Vec<String>,
    id: Option<String>,
    /// What it costs by itself.
    own: f64,
    /// What it costs each time that it is used, on the whole of the drawing: a filter, a mask.
    dear: f64,
    /// The filters that its style names without an element.
    filters: f64,
    /// The length of its outline, for dashes.
    length: f64,
    /// The places where a marker can stand.
    vertices: f64,
    /// Which part of the drawing it covers, at most; of a filter, how much it makes that larger.
    area: f64,
    children: Vec<usize>,
    references: Vec<(Passed, String)>,
}

/// To whom a reference applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Passed {
    /// To every shape inside, once.
    Paint,
    /// To every corner of every shape inside.
    Marker,
    /// To the element as a whole.
    Whole,
}

/// What a style sheet makes of elements, by the last part of its selectors; the empty one means all.
#[derive(Debug, Default)]
struct Rules(BTreeMap<String, Made>);

#[derive(Debug, Default, Clone)]
struct Made {
    references: Vec<(Passed, String)>,
    filters: f64,
}

/// What drawing something costs.
#[derive(Debug, Clone, Copy, Default)]
struct Cost {
    units: f64,
    /// Units that depend on how large the element is that uses it.
    dear: f64,
    /// The shapes in it, which take what is passed on to them.
    shapes: f64,
    vertices: f64,
    /// Which part of the drawing it covers, at most.
    area: f64,
}

impl Drawing {
    /// An element begins, with the attributes that are kept of it.
    pub(super) fn open(&mut self, kind: &'static str, attributes: &[(&str, &str)]) -> Result<(), String> {
        if self.nodes.len() >= MAX_ELEMENTS {
            return Err(format!("it has more than {MAX_ELEMENTS} elements"));
        }
        let at = self.nodes.len();
        if at == 0 {
            self.area = whole_area(attributes);
        }
        let area = area(kind, attributes, self.area);
        let (own, dear) = weight(kind, attributes);
        let own = own + if is_shape(kind) { area * WHOLE_SHAPE } else { 0.0 };
        let mut node = Node { kind, own, dear, area, ..Node::default() };
        let animated = attributes.iter().find(|it| it.0 == "attributeName").map(|it| it.1.trim());
        for (name, value) in attributes {
            match *name {
                "id" => {
                    node.id = Some((*value).to_owned());
                    // In small letters: it can only be more that is found.
                    self.ids.entry(value.to_ascii_lowercase()).or_insert(at);
                }
                "class" => node.classes.extend(value.split_whitespace().map(str::to_owned)),
                "style" => self.declarations(value, &mut node.references, &mut node.filters),
                "href" if kind != "image" => {
                    let target = value.trim().trim_start_matches('#').to_owned();
                    node.references.push((Passed::Whole, target));
                }
                name => {
                    let name = if matches!(name, "values" | "to" | "from" | "by") {
                        animated.unwrap_or(name)
                    } else {
                        name
                    };
                    self.declaration(name, value, &mut node.references, &mut node.filters);
                }
            }
        }
        (node.length, node.vertices) = outline(kind, attributes);
        let is_layered = kind != "use" && node.references.iter().any(|it| it.0 == Passed::Whole);
        if is_layered && self.open.iter().any(|at| matches!(self.nodes[*at].kind, "clipPath" | "mask")) {
            node.dear += LAYER;
        }
        if matches!(kind, "animate" | "animateTransform" | "animateMotion") {
            self.moving += 1;
        }
        self.references += node.references.len();
        if self.references > MAX_REFERENCES || self.moving > MAX_MOVING {
            return Err(TOO_MUCH.into());
        }
        if let Some(parent) = self.open.last() {
            // What an animation names it does to the element that it stands in.
            if matches!(kind, "animate") {
                let references = std::mem::take(&mut node.references);
                self.nodes[*parent].references.extend(references);
            }
            self.nodes[*parent].children.push(at);
        }
        self.nodes.push(node);
        self.open.push(at);
        Ok(())
    }

    /// The innermost element ends.
    pub(super) fn close(&mut self) {
        self.open.pop();
    }

    /// Letters that are drawn.
    pub(super) fn text(&mut self, text: &str) {
        if let Some(node) = self.open.last().and_then(|at| self.nodes.get_mut(*at)) {
            node.own += text.len() as f64 / LETTERS;
        }
    }

    /// The pixels of a picture that is embedded in the element that was opened last.
    pub(super) fn pixels(&mut self, (width, height): (u32, u32)) {
        if let Some(node) = self.nodes.last_mut() {
            node.own += f64::from(width) * f64::from(height) * PIXEL;
        }
    }

    /// A style sheet.
    pub(super) fn sheet(&mut self, css: &str) {
        for rule in css.split('}') {
            let Some((selectors, body)) = rule.split_once('{') else { continue };
            let mut made = Made::default();
            self.declarations(body, &mut made.references, &mut made.filters);
            if made.references.is_empty() && made.filters == 0.0 {
                continue;
            }
            for selector in selectors.split(',') {
                self.references += made.references.len();
                if self.references > MAX_REFERENCES {
                    return;
                }
                let known = self.rules.0.entry(subject(selector)).or_default();
                known.references.extend(made.references.iter().cloned());
                known.filters += made.filters;
            }
        }
    }

    /// Says why it cannot be drawn, if that is so.
    pub(super) fn judge(mut self) -> Result<(), String> {
        if self.references > MAX_REFERENCES {
            return Err(TOO_MUCH.into());
        }
        self.apply_rules()?;
        let mut known = vec![KnownCost::Not; self.nodes.len()];
        let cost = match self.nodes.is_empty() {
            true => Some(Cost::default()),
            false => self.cost(0, &mut known, 0),
        };
        let budget = if self.moving > 0 { MOVING_BUDGET } else { BUDGET };
        let once: f64 = self.nodes.iter().map(|node| node.own).sum();
        match cost {
            Some(cost) if cost.units + cost.dear - once <= budget => Ok(()),
            _ => Err(TOO_MUCH.into()),
        }
    }

    fn declarations(&mut self, css: &str, references: &mut Vec<(Passed, String)>, filters: &mut f64) {
        for (name, value) in css.split(';').filter_map(|it| it.split_once(':')) {
            self.declaration(name.trim(), value, references, filters);
        }
    }

    fn declaration(
        &mut self,
        name: &str,
        value: &str,
        references: &mut Vec<(Passed, String)>,
        filters: &mut f64,
    ) {
        let lower = name.to_ascii_lowercase();
        if lower == "stroke-dasharray" {
            let lists = value.split(';').map(|list| numbers(list).filter(|it| *it > 0.0).sum::<f64>());
            let least = lists.filter(|it| *it > 0.0).fold(f64::INFINITY, f64::min);
            self.dash = Some(self.dash.unwrap_or(f64::INFINITY).min(least));
        }
        if !value.contains('(') {
            return;
        }
        let value = value.to_ascii_lowercase();
        let functions = ["blur(", "drop-shadow("].iter().map(|it| value.matches(it).count());
        *filters += functions.sum::<usize>() as f64;
        for rest in value.split("url(").skip(1) {
            let target =
                rest.trim_start_matches(|it: char| it.is_whitespace() || matches!(it, '"' | '\'' | '#'));
            let end = target.find(|it: char| matches!(it, ')' | '"' | '\'') || it.is_whitespace());
            let target = target[..end.unwrap_or(target.len())].to_owned();
            // One's own property may be any of them.
            match lower.as_str() {
                "fill" | "stroke" => references.push((Passed::Paint, target)),
                name if name.starts_with("marker") || name.starts_with("--") => {
                    references.push((Passed::Marker, target));
                }
                _ => references.push((Passed::Whole, target)),
            }
        }
    }

    /// Gives every element what the style sheets make of it.
    fn apply_rules(&mut self) -> Result<(), String> {
        if self.rules.0.is_empty() {
            return Ok(());
        }
        for node in &mut self.nodes {
            let classes = node.classes.iter().map(|class| format!(".{class}"));
            let id = node.id.iter().map(|id| format!("#{id}"));
            for key in classes.chain(id).chain([node.kind.to_ascii_lowercase(), String::new()]) {
                let Some(made) = self.rules.0.get(&key) else { continue };
                self.references += made.references.len();
                if self.references > MAX_REFERENCES {
                    return Err(TOO_MUCH.into());
                }
                node.references.extend(made.references.iter().cloned());
                node.filters += made.filters;
            }
        }
        Ok(())
    }

    /// What an element costs with all that is in it. `None`: it leads in a circle, or too far.
    fn cost(&self, at: usize, known: &mut [KnownCost], layer: usize) -> Option<Cost> {
        match known[at] {
            KnownCost::Is(cost) => return Some(cost),
            // Meeting it again means a circle.
            KnownCost::Asked => return None,
            KnownCost::Not => known[at] = KnownCost::Asked,
        }
        if layer > MAX_LAYERS {
            return None;
        }
        let node = &self.nodes[at];
        let mut cost = Cost { units: node.own, dear: node.dear, ..Cost::default() };
        if is_shape(node.kind) {
            cost.shapes = 1.0;
            cost.vertices = node.vertices;
            cost.area = node.area;
            cost.units += self.dash.map_or(0.0, |dash| (node.length / dash).min(1e6) * DASH);
        }
        for child in &node.children {
            if !is_drawn_elsewhere(self.nodes[*child].kind) {
                let child = self.cost(*child, known, layer)?;
                cost.units += child.units;
                cost.dear += child.dear;
                cost.shapes += child.shapes;
                cost.vertices += child.vertices;
                cost.area += child.area;
            }
        }
        // An element that is made larger may cover everything.
        cost.area = if node.area >= 1.0 { 1.0 } else { cost.area.min(1.0) };
        cost.dear += node.filters * 3.0 * PRIMITIVE * cost.area.max(LEAST);
        for (passed, target) in &node.references {
            let Some(&target) = self.ids.get(target.to_ascii_lowercase().as_str()) else { continue };
            let used = &self.nodes[target];
            if is_gradient(used.kind) {
                cost.units += cost.shapes;
                continue;
            }
            let once = self.cost(target, known, layer + 1)?;
            let times = match passed {
                Passed::Paint => cost.shapes.max(1.0),
                Passed::Marker => cost.vertices.max(1.0),
                Passed::Whole => 1.0,
            };
            let share = match used.kind {
                "filter" => (cost.area * used.area).clamp(LEAST, 2.0),
                "mask" => cost.area.max(LEAST),
                _ => 1.0,
            };
            cost.units += once.units * times;
            cost.dear += once.dear * times * share;
            if node.kind == "use" {
                cost.shapes += once.shapes;
                cost.vertices += once.vertices;
                cost.area = once.area.max(cost.area);
            }
        }
        known[at] = KnownCost::Is(cost);
        Some(cost)
    }
}

#[derive(Debug, Clone, Copy)]
enum KnownCost {
    Not,
    Asked,
    Is(Cost),
}

/// What the last part of a selector names: a class, an id, or an element; nothing if it could be any.
fn subject(selector: &str) -> String {
    let last = selector.trim().rsplit(|it: char| it.is_whitespace() || matches!(it, '>' | '+' | '~')).next();
    let last = last.unwrap_or_default();
    let last = last.split(':').next().unwrap_or_default();
    let last = last.split('[').next().unwrap_or_default();
    if last.contains(['(', ')', '*', '|']) {
        return String::new();
    }
    match last.rfind(['.', '#']) {
        Some(at) => last[at..].to_owned(),
        None => last.to_ascii_lowercase(),
    }
}

fn is_gradient(kind: &str) -> bool {
    matches!(kind, "linearGradient" | "radialGradient")
}

/// What is only drawn where something refers to it.
fn is_drawn_elsewhere(kind: &str) -> bool {
    is_gradient(kind)
        || matches!(kind, "defs" | "symbol" | "clipPath" | "mask" | "marker" | "pattern" | "filter")
}

fn is_shape(kind: &str) -> bool {
    matches!(
        kind,
        "circle"
            | "ellipse"
            | "image"
            | "line"
            | "path"
            | "polygon"
            | "polyline"
            | "rect"
            | "text"
            | "tspan"
            | "textPath"
    )
}

/// What an element costs by itself, and what it costs besides on the whole of the drawing.
fn weight(kind: &str, attributes: &[(&str, &str)]) -> (f64, f64) {
    let number = |wanted: &str, usual: f64| {
        let value = attributes.iter().find(|(name, _)| *name == wanted).map(|it| it.1);
        value.map_or(usual, |it| numbers(it).fold(1.0, |most: f64, it| most.max(it.abs())))
    };
    let bytes: usize =
        attributes.iter().filter(|it| matches!(it.0, "d" | "points")).map(|it| it.1.len()).sum();
    let dear = match kind {
        "mask" => MASK,
        "feTurbulence" => PRIMITIVE * number("numOctaves", 1.0),
        "feConvolveMatrix" => PRIMITIVE + 500.0 * number("order", 3.0).powi(2),
        "feMorphology" => PRIMITIVE + 400.0 * number("radius", 1.0),
        "feGaussianBlur" | "feDropShadow" => PRIMITIVE * 3.0,
        "feDiffuseLighting" | "feSpecularLighting" => PRIMITIVE * 2.0,
        "feDistantLight" | "feFuncA" | "feFuncB" | "feFuncG" | "feFuncR" | "feMergeNode" | "fePointLight"
        | "feSpotLight" => 10.0,
        kind if kind.starts_with("fe") => PRIMITIVE,
        _ => 0.0,
    };
    let own = match kind {
        "clipPath" => CLIP,
        "pattern" => PATTERN,
        _ => 1.0 + bytes as f64 / BYTES_OF_PATH,
    };
    (own, dear)
}

/// The area of the drawing in its own units.
fn whole_area(attributes: &[(&str, &str)]) -> f64 {
    let value = |wanted: &str| attributes.iter().find(|(name, _)| *name == wanted).map(|it| it.1);
    let view: Vec<f64> = value("viewBox").map(|it| numbers(it).collect()).unwrap_or_default();
    let side = |wanted: &str, usual: f64| value(wanted).and_then(|it| numbers(it).next()).unwrap_or(usual);
    let area = match view.as_slice() {
        [_, _, width, height] => width * height,
        _ => side("width", 300.0) * side("height", 150.0),
    };
    if area.is_finite() && area > 0.0 { area } else { 1.0 }
}

/// Which part of the drawing an element covers by itself, at most 1. What cannot be told covers everything.
fn area(kind: &str, attributes: &[(&str, &str)], whole: f64) -> f64 {
    let value = |wanted: &str| attributes.iter().find(|(name, _)| *name == wanted).map(|it| it.1);
    let grows = |value: &str| ["scale", "matrix", "rotate3d", "zoom"].iter().any(|it| value.contains(it));
    let is_wide = |value: &str| numbers(value).any(|it| it * it > whole / 100.0);
    if ["transform", "style"].iter().any(|name| value(name).is_some_and(grows))
        || value("stroke-width").is_some_and(is_wide)
    {
        return 1.0;
    }
    let side = |wanted: &str| match value(wanted) {
        Some(text) if text.contains('%') => whole.sqrt(),
        Some(text) => numbers(text).next().unwrap_or(0.0).abs(),
        None => 0.0,
    };
    let covered = match kind {
        "rect" | "image" => side("width") * side("height"),
        "circle" => 4.0 * side("r").powi(2),
        "ellipse" => 4.0 * side("rx") * side("ry"),
        "path" => path_span(value("d").unwrap_or_default()),
        "polygon" | "polyline" => span(numbers(value("points").unwrap_or_default())).powi(2),
        "line" => whole / 100.0,
        "text" | "tspan" | "textPath" => whole / 20.0,
        // How many times larger than its element a filter draws.
        "filter" => {
            if value("filterUnits") == Some("userSpaceOnUse") {
                return 1.0 / LEAST;
            }
            let share = |wanted| match value(wanted) {
                Some(text) if text.contains('%') => side_share(text) / 100.0,
                Some(text) => side_share(text),
                None => 1.2,
            };
            return (share("width") * share("height")).clamp(1.0, 1.0 / LEAST);
        }
        _ => 0.0,
    };
    (covered / whole).min(1.0)
}

fn side_share(text: &str) -> f64 {
    numbers(text).next().unwrap_or(1.0).abs()
}

/// The square around a path.
fn path_span(data: &str) -> f64 {
    let is_relative =
        data.bytes().any(|it| matches!(it, b'm' | b'l' | b'c' | b'q' | b's' | b't' | b'a' | b'h' | b'v'));
    let side = if is_relative { path_length(data) / 4.0 } else { span(numbers(data)) };
    side * side
}

/// From the least to the greatest number.
fn span(numbers: impl Iterator<Item = f64>) -> f64 {
    let (least, most) =
        numbers.fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), it| (least.min(it), most.max(it)));
    if most > least { most - least } else { 0.0 }
}

/// About how long the outline of a shape is, and how many corners it has.
fn outline(kind: &str, attributes: &[(&str, &str)]) -> (f64, f64) {
    let value = |wanted: &str| attributes.iter().find(|(name, _)| *name == wanted).map(|it| it.1);
    let number = |wanted: &str| value(wanted).and_then(|it| numbers(it).next()).unwrap_or(0.0).abs();
    let claimed = number("pathLength");
    let (length, vertices) = match kind {
        "path" => (value("d").map_or(0.0, path_length), value("d").map_or(0.0, path_vertices)),
        "polygon" | "polyline" => {
            let points = value("points").unwrap_or_default();
            (steps(numbers(points), false), numbers(points).count() as f64 / 2.0)
        }
        "line" => (number("x1") + number("x2") + number("y1") + number("y2"), 2.0),
        "rect" => (2.0 * (number("width") + number("height")), 0.0),
        "circle" => (7.0 * number("r"), 0.0),
        "ellipse" => (4.0 * (number("rx") + number("ry")), 0.0),
        "text" | "tspan" | "textPath" => (number("font-size").max(16.0) * 10.0, 0.0),
        _ => (0.0, 0.0),
    };
    (length.max(claimed).min(1e12), vertices)
}

/// The length of a path, taken for a line from number to number.
fn path_length(data: &str) -> f64 {
    let mut length = 0.0;
    let mut rest = data;
    while let Some(at) = rest.find(|it: char| it.is_ascii_alphabetic() && !matches!(it, 'e' | 'E')) {
        let is_relative = rest.as_bytes()[at].is_ascii_lowercase();
        rest = &rest[at + 1..];
        let end =
            rest.find(|it: char| it.is_ascii_alphabetic() && !matches!(it, 'e' | 'E')).unwrap_or(rest.len());
        length += steps(numbers(&rest[..end]), is_relative);
        rest = &rest[end..];
    }
    length
}

fn path_vertices(data: &str) -> f64 {
    let letters = data.bytes().filter(u8::is_ascii_alphabetic).count();
    letters as f64 + numbers(data).count() as f64 / 2.0
}

/// How far it is from one pair of numbers to the next.
fn steps(numbers: impl Iterator<Item = f64>, is_relative: bool) -> f64 {
    let (mut before, mut length) = ([0.0; 2], 0.0);
    for (n, number) in numbers.enumerate() {
        length += if is_relative { number.abs() } else { (number - before[n % 2]).abs() };
        before[n % 2] = number;
    }
    length
}

/// The numbers in a text, however they stand together.
fn numbers(text: &str) -> impl Iterator<Item = f64> + '_ {
    let mut rest = text;
    std::iter::from_fn(move || {
        let start = rest.find(|it: char| it.is_ascii_digit() || matches!(it, '.' | '-' | '+'))?;
        rest = &rest[start..];
        let bytes = rest.as_bytes();
        let (mut end, mut has_point) = (1, bytes[0] == b'.');
        while let Some(byte) = bytes.get(end) {
            match byte {
                b'0'..=b'9' => {}
                b'.' if !has_point => has_point = true,
                b'e' | b'E'
                    if bytes
                        .get(end + 1)
                        .is_some_and(|it| it.is_ascii_digit() || matches!(it, b'-' | b'+')) =>
                {
                    // The digits of the exponent, and nothing after them.
                    end += 2;
                    while bytes.get(end).is_some_and(u8::is_ascii_digit) {
                        end += 1;
                    }
                    break;
                }
                _ => break,
            }
            end += 1;
        }
        let number = rest[..end].parse::<f64>().unwrap_or(0.0);
        rest = &rest[end..];
        Some(if number.is_finite() { number } else { f64::MAX.sqrt() })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_drawings_write_them() {
        let read = |text| numbers(text).collect::<Vec<_>>();
        assert_eq!(read("M10-5.5.5e1,3 z"), [10.0, -5.5, 5.0, 3.0]);
        assert_eq!(read("none"), Vec::<f64>::new());
        assert_eq!(path_length("M0 0H10v5"), 15.0);
    }

    #[test]
    fn a_selector_means_what_its_last_part_names() {
        for (selector, means) in [
            ("g .a", ".a"),
            ("svg > path:hover", "path"),
            ("*", ""),
            ("#x", "#x"),
            ("path[d]", "path"),
            (":root", ""),
            ("path.b", ".b"),
        ] {
            assert_eq!(subject(selector), means);
        }
    }
}
