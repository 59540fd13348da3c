//! Pies: shares of a whole, the first at the top, clockwise.

use std::f64::consts::PI;

use super::svg::{Canvas, N, size};
use super::{Drawn, label};

const SLICES: usize = 12;
const RADIUS: f64 = 110.0;

pub(super) fn draw(header: &str, lines: &[&str]) -> Result<Drawn, String> {
    let mut title = header.split_once("title ").map(|(_, title)| label(title));
    let mut slices: Vec<(String, f64)> = Vec::new();
    for line in lines {
        if let Some(text) = line.strip_prefix("title ") {
            title = Some(label(text));
            continue;
        }
        if matches!(*line, "showData") || line.starts_with("acc") {
            continue;
        }
        let (name, value) = line
            .rsplit_once(':')
            .ok_or_else(|| format!("`{}` is not understood", line.chars().take(60).collect::<String>()))?;
        let value: f64 = value.trim().parse().map_err(|_| "a share is not a number".to_owned())?;
        if !(value.is_finite() && value >= 0.0) || slices.len() >= SLICES {
            return Err(format!("it has more than {SLICES} shares, or one below zero"));
        }
        slices.push((label(name), value));
    }
    let whole: f64 = slices.iter().map(|slice| slice.1).sum();
    if whole <= 0.0 || !whole.is_finite() {
        return Err("it has no share".to_owned());
    }
    let mut canvas = Canvas::default();
    let top = if title.is_some() { 40.0 } else { 10.0 };
    let middle = (10.0 + RADIUS, top + RADIUS);
    let mut angle = -PI / 2.0;
    let mut widest: f64 = 0.0;
    let legend = 2.0 * RADIUS + 50.0;
    for (index, (name, value)) in slices.iter().enumerate() {
        let turn = 2.0 * PI * value / whole;
        let class = format!("diagram-slice diagram-slice-{}", index % 6 + 1);
        if turn > 2.0 * PI - 0.001 {
            canvas.circle(&class, middle, RADIUS);
        } else if turn > 0.0 {
            let at = |angle: f64| (middle.0 + RADIUS * angle.cos(), middle.1 + RADIUS * angle.sin());
            let (from, to) = (at(angle), at(angle + turn));
            canvas.path(
                &class,
                &format!(
                    "M{} {}L{} {}A{} {} 0 {} 1 {} {}Z",
                    N(middle.0),
                    N(middle.1),
                    N(from.0),
                    N(from.1),
                    N(RADIUS),
                    N(RADIUS),
                    i32::from(turn > PI),
                    N(to.0),
                    N(to.1)
                ),
            );
        }
        angle += turn;
        let text = format!("{name}: {} ({}%)", N(*value), N(value / whole * 100.0));
        let y = top + 14.0 + index as f64 * 24.0;
        canvas.rect(&class, (legend, y), (14.0, 14.0), 0.0);
        canvas.text("diagram-start", (legend + 14.0, y), &text);
        widest = widest.max(size(&text).0);
    }
    let width = legend + 14.0 + widest + 10.0;
    let height = (top + 2.0 * RADIUS + 10.0).max(top + slices.len() as f64 * 24.0 + 10.0);
    if let Some(title) = &title {
        canvas.text("diagram-title", (width / 2.0, 18.0), title);
    }
    canvas.finish(title.as_deref().unwrap_or("pie"), (width, height))
}
