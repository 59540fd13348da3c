//! Where boxes and arrows stand: in layers, as Sugiyama, Tagawa and Toda taught (1981). Circles are broken, boxes ranked by
//! their longest way from a beginning, each arrow cut into pieces from rank to rank, ranks ordered by the middle of their
//! neighbours, and everything moved towards what it is joined to. Labels are pieces of arrows and so have room of their own.
//!
//! Long because its steps share one table of vertices.

use super::Drawn;
use super::graph::{Edge, Graph, Node, Shape, Tip};
use super::svg::{Canvas, LINE, N, size};

/// Boxes and pieces of arrows together.
const VERTICES: usize = 4_000;
/// How often ranks are ordered and moved: a fixed number, so that time is bounded and the result is the same everywhere.
const SWEEPS: usize = 12;
/// Distances in pixels.
const BETWEEN: f64 = 26.0;
const STEP: f64 = 24.0;
const MARGIN: f64 = 12.0;

/// A box, or a piece of an arrow.
#[derive(Debug, Clone, Default)]
struct Vertex {
    rank: usize,
    /// Its size across and along the ranks.
    across: f64,
    along: f64,
    /// The middle.
    x: f64,
    y: f64,
    up: Vec<usize>,
    down: Vec<usize>,
    group: Option<usize>,
}

/// An arrow with the vertices that it goes through, in the order of ranks.
struct Way<'g> {
    edge: &'g Edge,
    vertices: Vec<usize>,
    is_turned: bool,
    /// The vertex that has its label.
    label: usize,
}

pub(super) fn draw(graph: &Graph) -> Result<Drawn, String> {
    let turned = backward_edges(graph);
    let ranks = ranks(graph, &turned);
    let mut vertices: Vec<Vertex> = Vec::new();
    for (node, rank) in graph.nodes.iter().zip(&ranks) {
        let (w, h) = node_size(node, graph.is_sideways);
        let (across, along) = if graph.is_sideways { (h, w) } else { (w, h) };
        vertices.push(Vertex { rank: rank * 2, across, along, group: node.group, ..Vertex::default() });
    }
    let mut ways = Vec::new();
    for (edge, is_turned) in graph.edges.iter().zip(&turned).filter(|(edge, _)| edge.from != edge.to) {
        ways.push(way(edge, *is_turned, graph, &mut vertices)?);
    }
    let mut layers: Vec<Vec<usize>> = Vec::new();
    for (index, vertex) in vertices.iter().enumerate() {
        layers.resize(layers.len().max(vertex.rank + 1), Vec::new());
        layers[vertex.rank].push(index);
    }
    order(&mut layers, &mut vertices);
    place(&layers, &mut vertices);
    if graph.is_backward {
        vertices.iter_mut().for_each(|vertex| vertex.y = -vertex.y);
    }
    paint(graph, &vertices, &ways)
}

/// Which arrows lead back, so that without them nothing goes in circles.
fn backward_edges(graph: &Graph) -> Vec<bool> {
    let mut out: Vec<Vec<usize>> = vec![Vec::new(); graph.nodes.len()];
    for (index, edge) in graph.edges.iter().enumerate() {
        out[edge.from].push(index);
    }
    let mut turned = vec![false; graph.edges.len()];
    // 0 was not seen, 1 is on the way, 2 is done.
    let mut seen = vec![0u8; graph.nodes.len()];
    let has_way_in: Vec<bool> =
        (0..graph.nodes.len()).map(|node| graph.edges.iter().any(|edge| edge.to == node)).collect();
    let mut starts: Vec<usize> = (0..graph.nodes.len()).collect();
    starts.sort_by_key(|node| has_way_in[*node]);
    for start in starts {
        let mut stack = vec![(start, 0)];
        if seen[start] == 0 {
            seen[start] = 1;
        } else {
            continue;
        }
        while let Some((node, next)) = stack.pop() {
            let Some(edge) = out[node].get(next) else {
                seen[node] = 2;
                continue;
            };
            stack.push((node, next + 1));
            let to = graph.edges[*edge].to;
            match seen[to] {
                0 => {
                    seen[to] = 1;
                    stack.push((to, 0));
                }
                1 => turned[*edge] = true,
                _ => {}
            }
        }
    }
    turned
}

/// The longest way from a beginning to each box.
fn ranks(graph: &Graph, turned: &[bool]) -> Vec<usize> {
    let mut rank = vec![0; graph.nodes.len()];
    let ends = |index: usize| {
        let edge = &graph.edges[index];
        if turned[index] { (edge.to, edge.from) } else { (edge.from, edge.to) }
    };
    let real: Vec<usize> =
        (0..graph.edges.len()).filter(|index| graph.edges[*index].from != graph.edges[*index].to).collect();
    // Without circles as many rounds as boxes are enough.
    for _ in 0..graph.nodes.len() {
        let mut is_stable = true;
        for index in &real {
            let (from, to) = ends(*index);
            if rank[to] <= rank[from] {
                rank[to] = rank[from] + 1;
                is_stable = false;
            }
        }
        if is_stable {
            break;
        }
    }
    rank
}

fn way<'g>(
    edge: &'g Edge,
    is_turned: bool,
    graph: &Graph,
    vertices: &mut Vec<Vertex>,
) -> Result<Way<'g>, String> {
    let (from, to) = if is_turned { (edge.to, edge.from) } else { (edge.from, edge.to) };
    let group = graph.nodes[from].group.filter(|_| graph.nodes[from].group == graph.nodes[to].group);
    let mut chain = vec![from];
    for rank in vertices[from].rank + 1..vertices[to].rank {
        if vertices.len() >= VERTICES {
            return Err("it has too many long arrows".to_owned());
        }
        chain.push(vertices.len());
        vertices.push(Vertex { rank, across: 6.0, group, ..Vertex::default() });
    }
    chain.push(to);
    let label = chain[1];
    if !edge.label.is_empty() {
        let (w, h) = size(&edge.label);
        let (across, along) = if graph.is_sideways { (h, w) } else { (w, h) };
        vertices[label].across = across + 12.0;
        vertices[label].along = along + 6.0;
    }
    for pair in chain.windows(2) {
        vertices[pair[0]].down.push(pair[1]);
        vertices[pair[1]].up.push(pair[0]);
    }
    Ok(Way { edge, vertices: chain, is_turned, label })
}

/// Orders each rank by the middle of its neighbours, those of one group side by side.
fn order(layers: &mut [Vec<usize>], vertices: &mut [Vertex]) {
    let number = |layer: &[usize], vertices: &mut [Vertex]| {
        for (index, vertex) in layer.iter().enumerate() {
            vertices[*vertex].x = index as f64;
        }
    };
    layers.iter().for_each(|layer| number(layer, vertices));
    for sweep in 0..SWEEPS {
        let is_down = sweep % 2 == 0;
        let mut all: Vec<usize> = (0..layers.len()).collect();
        if !is_down {
            all.reverse();
        }
        for rank in all {
            let layer = &mut layers[rank];
            let own = |vertex: usize| {
                let neighbours = if is_down { &vertices[vertex].up } else { &vertices[vertex].down };
                mean(neighbours.iter().map(|it| vertices[*it].x)).unwrap_or(vertices[vertex].x)
            };
            let of_group = |group: Option<usize>| {
                mean(
                    layer
                        .iter()
                        .filter(|it| group.is_some() && vertices[**it].group == group)
                        .map(|it| own(*it)),
                )
            };
            let mut keys: Vec<(f64, Option<usize>, f64, usize)> = layer
                .iter()
                .map(|vertex| {
                    let group = vertices[*vertex].group;
                    let own = own(*vertex);
                    (of_group(group).unwrap_or(own), group, own, *vertex)
                })
                .collect();
            keys.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.total_cmp(&b.2)));
            *layer = keys.into_iter().map(|key| key.3).collect();
            number(&layers[rank], vertices);
        }
    }
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0usize), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / count as f64)
}

/// Gives every vertex its place.
fn place(layers: &[Vec<usize>], vertices: &mut [Vertex]) {
    let apart = |vertices: &[Vertex], a: usize, b: usize| {
        let gap = if vertices[a].group == vertices[b].group { BETWEEN } else { BETWEEN + 24.0 };
        (vertices[a].across + vertices[b].across) / 2.0 + gap
    };
    let mut along = 0.0;
    for layer in layers {
        let height = layer.iter().map(|it| vertices[*it].along).fold(0.0, f64::max);
        let mut across = 0.0;
        for (index, vertex) in layer.iter().enumerate() {
            if index > 0 {
                across += apart(vertices, layer[index - 1], *vertex);
            }
            vertices[*vertex].x = across;
            vertices[*vertex].y = along + height / 2.0;
        }
        along += height + STEP;
    }
    for sweep in 0..SWEEPS * 2 {
        let is_down = sweep % 2 == 0;
        let mut all: Vec<usize> = (0..layers.len()).collect();
        if !is_down {
            all.reverse();
        }
        for rank in all {
            let layer = &layers[rank];
            let wanted: Vec<f64> = layer
                .iter()
                .map(|vertex| {
                    let near = if is_down { &vertices[*vertex].up } else { &vertices[*vertex].down };
                    mean(near.iter().map(|it| vertices[*it].x)).unwrap_or(vertices[*vertex].x)
                })
                .collect();
            // Between the two places that keep the distances, from the left and from the right, they are kept too.
            let mut left = wanted.clone();
            for index in 1..layer.len() {
                left[index] =
                    left[index].max(left[index - 1] + apart(vertices, layer[index - 1], layer[index]));
            }
            let mut right = wanted;
            for index in (1..layer.len()).rev() {
                right[index - 1] =
                    right[index - 1].min(right[index] - apart(vertices, layer[index - 1], layer[index]));
            }
            for (index, vertex) in layer.iter().enumerate() {
                vertices[*vertex].x = f64::midpoint(left[index], right[index]);
            }
        }
    }
}

fn node_size(node: &Node, is_sideways: bool) -> (f64, f64) {
    let (w, h) = size(&node.label);
    match node.shape {
        Shape::Box | Shape::Round => (w + 28.0, h + 16.0),
        Shape::Pill | Shape::Flag => (w + 36.0, h + 16.0),
        Shape::Circle => (w.max(h) + 24.0, w.max(h) + 24.0),
        Shape::Diamond => (w + h + 44.0, h + w / 3.0 + 34.0),
        Shape::Hexagon | Shape::Slanted => (w + 48.0, h + 16.0),
        Shape::Cylinder => (w + 28.0, h + 34.0),
        Shape::Start => (14.0, 14.0),
        Shape::End => (18.0, 18.0),
        Shape::Bar if is_sideways => (6.0, 60.0),
        Shape::Bar => (60.0, 6.0),
        Shape::Table => (w + 24.0, h + if node.label.contains('\n') { 20.0 } else { 14.0 }),
    }
}

/// A box on the drawing: left, top, right, bottom.
#[derive(Debug, Clone, Copy)]
struct Frame(f64, f64, f64, f64);

impl Frame {
    const NONE: Frame = Frame(f64::MAX, f64::MAX, f64::MIN, f64::MIN);

    fn with(self, other: Frame) -> Frame {
        Frame(self.0.min(other.0), self.1.min(other.1), self.2.max(other.2), self.3.max(other.3))
    }

    fn is_none(self) -> bool {
        self.0 > self.2
    }
}

/// What knows where everything stands on the drawing.
struct Painter<'g> {
    graph: &'g Graph,
    vertices: &'g [Vertex],
    shift: (f64, f64),
}

impl Painter<'_> {
    /// A place across and along the ranks as one on the drawing.
    fn point(&self, x: f64, y: f64) -> (f64, f64) {
        let (x, y) = if self.graph.is_sideways { (y, x) } else { (x, y) };
        (x + self.shift.0, y + self.shift.1)
    }

    fn frame(&self, vertex: usize) -> Frame {
        let it = &self.vertices[vertex];
        let (x, y) = self.point(it.x, it.y);
        let (w, h) = if self.graph.is_sideways { (it.along, it.across) } else { (it.across, it.along) };
        Frame(x - w / 2.0, y - h / 2.0, x + w / 2.0, y + h / 2.0)
    }

    /// The frame of a group and of all groups in it.
    fn group(&self, group: usize, depth: usize) -> Frame {
        let nodes = self.graph.nodes.iter().enumerate().filter(|(_, node)| node.group == Some(group));
        let mut frame = nodes.fold(Frame::NONE, |frame, (index, _)| frame.with(self.frame(index)));
        if depth < 8 {
            let inner = self.graph.groups.iter().enumerate().filter(|(_, it)| it.parent == Some(group));
            frame = inner.fold(frame, |frame, (index, _)| frame.with(self.group(index, depth + 1)));
        }
        if frame.is_none() {
            return frame;
        }
        let label = size(&self.graph.groups[group].label).0 + 16.0;
        let more = ((label - (frame.2 - frame.0 + 24.0)) / 2.0).max(0.0);
        Frame(frame.0 - 12.0 - more, frame.1 - 26.0, frame.2 + 12.0 + more, frame.3 + 12.0)
    }
}

fn paint(graph: &Graph, vertices: &[Vertex], ways: &[Way<'_>]) -> Result<Drawn, String> {
    let mut painter = Painter { graph, vertices, shift: (0.0, 0.0) };
    let mut whole = (0..vertices.len()).fold(Frame::NONE, |frame, it| frame.with(painter.frame(it)));
    for group in 0..graph.groups.len() {
        whole = whole.with(painter.group(group, 0));
    }
    for edge in graph.edges.iter().filter(|edge| edge.from == edge.to) {
        let frame = painter.frame(edge.from);
        whole = whole.with(Frame(frame.0, frame.1, frame.2 + 40.0 + size(&edge.label).0, frame.3));
    }
    painter.shift = (MARGIN - whole.0, MARGIN - whole.1);
    let mut canvas = Canvas::default();
    for index in 0..graph.groups.len() {
        let frame = painter.group(index, 0);
        if frame.is_none() {
            continue;
        }
        let middle = (f64::midpoint(frame.0, frame.2), f64::midpoint(frame.1, frame.3));
        canvas.rect("diagram-group", middle, (frame.2 - frame.0, frame.3 - frame.1), 4.0);
    }
    for way in ways {
        line(&painter, way, &mut canvas);
    }
    for edge in graph.edges.iter().filter(|edge| edge.from == edge.to) {
        loop_at(painter.frame(edge.from), edge, &mut canvas);
    }
    for (index, node) in graph.nodes.iter().enumerate() {
        outline(node, painter.frame(index), &mut canvas);
    }
    // Names of groups stand above the arrows that lead into them.
    for (index, group) in graph.groups.iter().enumerate().filter(|(_, group)| !group.label.is_empty()) {
        let frame = painter.group(index, 0);
        let (w, h) = size(&group.label);
        if !frame.is_none() {
            let y = frame.1 + 13.0;
            canvas.rect("diagram-ground", (frame.0 + 8.0 + w / 2.0, y), (w + 4.0, h), 0.0);
            canvas.text("diagram-start", (frame.0 + 8.0, y), &group.label);
        }
    }
    for way in ways.iter().filter(|way| !way.edge.label.is_empty()) {
        let it = &vertices[way.label];
        canvas.label(painter.point(it.x, it.y), &way.edge.label);
    }
    canvas.finish(&graph.title, (whole.2 - whole.0 + 2.0 * MARGIN, whole.3 - whole.1 + 2.0 * MARGIN))
}

/// An arrow: a curve from the edge of one box through its pieces to the edge of the other.
fn line(painter: &Painter<'_>, way: &Way<'_>, canvas: &mut Canvas) {
    let side = if painter.graph.is_backward { -1.0 } else { 1.0 };
    let last = way.vertices.len() - 1;
    // Where a line ends in a tip, it ends before it.
    let (begin, end) =
        if way.is_turned { (way.edge.end, way.edge.begin) } else { (way.edge.begin, way.edge.end) };
    let room = |tip: Tip| match tip {
        Tip::None => 0.0,
        Tip::Arrow | Tip::Circle | Tip::Cross => 8.0,
        Tip::Hollow => 11.0,
        Tip::Diamond | Tip::Solid => 14.0,
    };
    let mut points: Vec<(f64, f64)> = Vec::new();
    for (index, vertex) in way.vertices.iter().enumerate() {
        let it = &painter.vertices[*vertex];
        let half = it.along / 2.0;
        points.push(match index {
            0 => (it.x, it.y + side * (half + room(begin))),
            index if index == last => (it.x, it.y - side * (half + room(end))),
            _ => (it.x, it.y),
        });
    }
    let mut path = String::new();
    for (index, (x, y)) in points.iter().enumerate() {
        let here = painter.point(*x, *y);
        if index == 0 {
            path.push_str(&format!("M{} {}", N(here.0), N(here.1)));
            continue;
        }
        let (before_x, before_y) = points[index - 1];
        let middle = f64::midpoint(before_y, *y);
        let (a, b) = (painter.point(before_x, middle), painter.point(*x, middle));
        path.push_str(&format!("C{} {} {} {} {} {}", N(a.0), N(a.1), N(b.0), N(b.1), N(here.0), N(here.1)));
    }
    canvas.path(way.edge.class, &path);
    let first = points[0];
    let behind = points[last];
    tip(
        begin,
        painter.point(first.0, first.1 - side * room(begin)),
        painter.point(first.0, first.1 + side),
        canvas,
    );
    tip(
        end,
        painter.point(behind.0, behind.1 + side * room(end)),
        painter.point(behind.0, behind.1 - side),
        canvas,
    );
}

fn tip(tip: Tip, at: (f64, f64), from: (f64, f64), canvas: &mut Canvas) {
    let (dx, dy) = super::svg::unit(from, at);
    let middle = (at.0 - dx * 4.0, at.1 - dy * 4.0);
    match tip {
        Tip::None => {}
        Tip::Arrow => canvas.arrow(at, from),
        Tip::Hollow => {
            let base = (at.0 - dx * 11.0, at.1 - dy * 11.0);
            let wing = |side: f64| (base.0 - dy * 6.0 * side, base.1 + dx * 6.0 * side);
            canvas.line("diagram-box", &[at, wing(1.0), wing(-1.0)], true);
        }
        Tip::Diamond | Tip::Solid => {
            let class = if tip == Tip::Solid { "diagram-tip" } else { "diagram-box" };
            let along = |step: f64| (at.0 - dx * step, at.1 - dy * step);
            let wing = |side: f64| (along(7.0).0 - dy * 4.5 * side, along(7.0).1 + dx * 4.5 * side);
            canvas.line(class, &[at, wing(1.0), along(14.0), wing(-1.0)], true);
        }
        Tip::Circle => canvas.circle("diagram-tip", middle, 4.0),
        Tip::Cross => {
            for side in [1.0, -1.0] {
                let corner = |way: f64| (middle.0 + way * 4.0, middle.1 + way * side * 4.0);
                canvas.line("diagram-line", &[corner(-1.0), corner(1.0)], false);
            }
        }
    }
}

/// An arrow from a box to itself.
fn loop_at(frame: Frame, edge: &Edge, canvas: &mut Canvas) {
    let (right, middle) = (frame.2, f64::midpoint(frame.1, frame.3));
    let path = format!(
        "M{} {}C{} {} {} {} {} {}",
        N(right),
        N(middle - 6.0),
        N(right + 30.0),
        N(middle - 22.0),
        N(right + 30.0),
        N(middle + 22.0),
        N(right + 8.0),
        N(middle + 8.0)
    );
    canvas.path(edge.class, &path);
    canvas.arrow((right, middle + 6.0), (right + 8.0, middle + 9.0));
    if !edge.label.is_empty() {
        canvas.label((right + 32.0 + size(&edge.label).0 / 2.0, middle), &edge.label);
    }
}

fn outline(node: &Node, frame: Frame, canvas: &mut Canvas) {
    let Frame(left, top, right, bottom) = frame;
    let (w, h) = (right - left, bottom - top);
    let middle = (f64::midpoint(left, right), f64::midpoint(top, bottom));
    let class = "diagram-box";
    match node.shape {
        Shape::Box => canvas.rect(class, middle, (w, h), 0.0),
        Shape::Round => canvas.rect(class, middle, (w, h), 6.0),
        Shape::Pill => canvas.rect(class, middle, (w, h), h / 2.0),
        Shape::Circle => canvas.circle(class, middle, w / 2.0),
        Shape::Diamond => {
            canvas.line(
                class,
                &[(middle.0, top), (right, middle.1), (middle.0, bottom), (left, middle.1)],
                true,
            );
        }
        Shape::Hexagon => canvas.line(
            class,
            &[
                (left + 12.0, top),
                (right - 12.0, top),
                (right, middle.1),
                (right - 12.0, bottom),
                (left + 12.0, bottom),
                (left, middle.1),
            ],
            true,
        ),
        Shape::Slanted => canvas.line(
            class,
            &[(left + 14.0, top), (right, top), (right - 14.0, bottom), (left, bottom)],
            true,
        ),
        Shape::Flag => canvas.line(
            class,
            &[(left, top), (right, top), (right, bottom), (left, bottom), (left + 10.0, middle.1)],
            true,
        ),
        Shape::Cylinder => {
            let ring = |y: f64, sweep: u8| format!("A{} 7 0 0 {sweep} {} {}", N(w / 2.0), N(right), N(y));
            let sides = format!(
                "M{} {}{}V{}A{} 7 0 0 1 {} {}Z",
                N(left),
                N(top + 7.0),
                ring(top + 7.0, 1),
                N(bottom - 7.0),
                N(w / 2.0),
                N(left),
                N(bottom - 7.0)
            );
            canvas.path(class, &sides);
            canvas.path("diagram-line", &format!("M{} {}{}", N(left), N(top + 7.0), ring(top + 7.0, 0)));
        }
        Shape::Start => canvas.circle("diagram-tip", middle, w / 2.0),
        Shape::End => {
            canvas.circle("diagram-box", middle, w / 2.0);
            canvas.circle("diagram-tip", middle, w / 2.0 - 4.0);
        }
        Shape::Bar => canvas.rect("diagram-tip", middle, (w, h), 0.0),
        Shape::Table => {
            let (title, lines) = node.label.split_once('\n').unwrap_or((&node.label, ""));
            canvas.rect(class, middle, (w, h), 2.0);
            canvas.text("diagram-title", (middle.0, top + 7.0 + LINE / 2.0), title);
            if !lines.is_empty() {
                canvas.line("diagram-life", &[(left, top + LINE + 10.0), (right, top + LINE + 10.0)], false);
                let below = f64::midpoint(top + LINE + 13.0, bottom - 5.0);
                canvas.text("diagram-start", (left + 10.0, below), lines);
            }
            return;
        }
    }
    let text_at = if node.shape == Shape::Cylinder { (middle.0, middle.1 + LINE / 4.0) } else { middle };
    canvas.text("diagram-text", text_at, &node.label);
}
