//! Pieces of a drawing.

use std::fmt::Write as _;

use super::Drawn;
use crate::page::cjk;
use crate::page::markdown::escape_text;

/// The size of the letters, and the distance of two lines, in pixels.
pub(super) const LETTER: f64 = 14.0;
pub(super) const LINE: f64 = 18.0;

/// A drawing is no larger, in pixels.
const LARGEST: f64 = 20_000.0;

/// A drawing that grows.
#[derive(Default)]
pub(super) struct Canvas {
    out: String,
}

impl Canvas {
    /// A rectangle by its middle.
    pub(super) fn rect(&mut self, class: &str, (x, y): (f64, f64), (w, h): (f64, f64), radius: f64) {
        let (left, top) = (x - w / 2.0, y - h / 2.0);
        let _ = write!(
            self.out,
            "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"",
            N(left),
            N(top),
            N(w),
            N(h)
        );
        if radius > 0.0 {
            let _ = write!(self.out, " rx=\"{}\"", N(radius));
        }
        self.out.push_str("/>");
    }

    /// A line through points, closed or not.
    pub(super) fn line(&mut self, class: &str, points: &[(f64, f64)], is_closed: bool) {
        let _ = write!(self.out, "<path class=\"{class}\" d=\"");
        for (index, (x, y)) in points.iter().enumerate() {
            let _ = write!(self.out, "{}{} {}", if index == 0 { 'M' } else { 'L' }, N(*x), N(*y));
        }
        self.out.push_str(if is_closed { "Z\"/>" } else { "\"/>" });
    }

    /// A path as SVG writes it, of numbers and letters of ours.
    pub(super) fn path(&mut self, class: &str, path: &str) {
        let _ = write!(self.out, "<path class=\"{class}\" d=\"{path}\"/>");
    }

    pub(super) fn circle(&mut self, class: &str, (x, y): (f64, f64), radius: f64) {
        let _ = write!(
            self.out,
            "<circle class=\"{class}\" cx=\"{}\" cy=\"{}\" r=\"{}\"/>",
            N(x),
            N(y),
            N(radius)
        );
    }

    /// A text of one or more lines around a point.
    pub(super) fn text(&mut self, class: &str, (x, y): (f64, f64), text: &str) {
        let count = text.lines().count().max(1) as f64;
        for (index, line) in text.lines().enumerate() {
            let y = y + (index as f64 - (count - 1.0) / 2.0) * LINE;
            let _ = write!(self.out, "<text class=\"{class}\" x=\"{}\" y=\"{}\">", N(x), N(y));
            escape_text(line, &mut self.out);
            self.out.push_str("</text>");
        }
    }

    /// A text on a ground of its own, so that a line behind it does not cross it.
    pub(super) fn label(&mut self, at: (f64, f64), text: &str) {
        let (w, h) = size(text);
        self.rect("diagram-ground", at, (w + 8.0, h + 2.0), 0.0);
        self.text("diagram-label", at, text);
    }

    /// The point of an arrow that comes from another point.
    pub(super) fn arrow(&mut self, tip: (f64, f64), from: (f64, f64)) {
        let (dx, dy) = unit(from, tip);
        let base = (tip.0 - dx * 9.0, tip.1 - dy * 9.0);
        let wing = |side: f64| (base.0 - dy * 4.5 * side, base.1 + dx * 4.5 * side);
        self.line("diagram-tip", &[tip, wing(1.0), wing(-1.0)], true);
    }

    /// What another drawing holds, above what is there.
    pub(super) fn append(&mut self, other: Canvas) {
        self.out.push_str(&other.out);
    }

    /// The drawing as an element.
    pub(super) fn finish(self, title: &str, (w, h): (f64, f64)) -> Result<Drawn, String> {
        if !(w > 0.0 && h > 0.0 && w < LARGEST && h < LARGEST) {
            return Err("it would be too large".to_owned());
        }
        let mut svg = String::with_capacity(self.out.len() + 200);
        let _ = write!(
            svg,
            "<svg viewBox=\"0 0 {} {}\" width=\"{}\" height=\"{}\" role=\"img\" aria-label=\"",
            N(w),
            N(h),
            N(w),
            N(h)
        );
        crate::page::markdown::escape_attribute(title, &mut svg);
        svg.push_str("\">");
        svg.push_str(&self.out);
        svg.push_str("</svg>");
        Ok(Drawn { svg, size: (w.ceil() as u32, h.ceil() as u32) })
    }
}

/// The direction from one point to another, of length one.
pub(super) fn unit(from: (f64, f64), to: (f64, f64)) -> (f64, f64) {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = (dx * dx + dy * dy).sqrt();
    if length < 0.01 { (0.0, 1.0) } else { (dx / length, dy / length) }
}

/// How wide and high a text is, roughly, whatever the font: a little too much is better than too little.
pub(super) fn size(text: &str) -> (f64, f64) {
    let width = text.lines().map(width).fold(0.0, f64::max);
    (width, text.lines().count().max(1) as f64 * LINE)
}

fn width(line: &str) -> f64 {
    let of = |c: char| match c {
        'i' | 'j' | 'l' | 't' | 'f' | 'r' | 'I' | ' ' | '.' | ',' | ':' | ';' | '|' | '!' | '(' | ')'
        | '[' | ']' | '\'' => 0.36,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 0.94,
        '<' | '>' | '+' | '=' | '~' | '#' => 0.86,
        c if c.is_ascii_uppercase() => 0.72,
        c if cjk::is_wide(c) || !c.is_ascii() && c > '\u{2000}' => 1.05,
        _ => 0.6,
    };
    line.chars().map(of).sum::<f64>() * LETTER
}

/// A number with at most one digit after the point, the same on every machine.
pub(super) struct N(pub(super) f64);

impl std::fmt::Display for N {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let tenths = (self.0 * 10.0).round() as i64;
        let sign = if tenths < 0 { "-" } else { "" };
        let (whole, tenth) = (tenths.abs() / 10, tenths.abs() % 10);
        if tenth == 0 { write!(out, "{sign}{whole}") } else { write!(out, "{sign}{whole}.{tenth}") }
    }
}
