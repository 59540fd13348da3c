//! Charts as SVG in a page: bars, lines and bars that lie, of numbers with names.
//!
//! Places across are in percent and places down in pixels, so that a chart fits a telephone and a sheet of paper while its
//! text keeps its size. Colours are classes, which the style of the page fills. No chart says anything that the table
//! under it does not: for who cannot see it, it has a name.

use std::fmt::Write as _;

/// How high the field of a chart is, in pixels.
const HEIGHT: f64 = 180.0;
/// What stands above it: the number at the topmost line.
const TOP: f64 = 18.0;
/// What stands below it: the names.
const BOTTOM: f64 = 22.0;
/// At most this many names stand below a chart.
const NAMES: usize = 4;
/// How much of its place a bar takes.
const BAR: f64 = 0.8;

/// Numbers of one sort, one for each name.
#[derive(Debug, Clone)]
pub struct Series<'a> {
    /// What they are, for the legend.
    pub title: &'a str,
    /// The class that gives it a colour: `a` or `b`.
    pub class: &'static str,
    /// The numbers; nothing where there is none.
    pub values: Vec<Option<f64>>,
}

/// A line across a chart, and what stands at it.
#[derive(Debug, Clone)]
pub struct Tick {
    /// The number.
    pub at: f64,
    /// What is written.
    pub text: String,
}

/// The name of a chart for who cannot see it, and the names below it.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// What it shows.
    pub title: &'a str,
    /// The names, from left to right.
    pub names: &'a [String],
}

/// Bars beside each other, from zero up; numbers below zero go down.
#[must_use]
pub fn bars(frame: Frame<'_>, series: &[Series<'_>]) -> String {
    let values = || series.iter().flat_map(|it| it.values.iter().flatten().copied());
    let (top, bottom) = (round_up(values().fold(0.0, f64::max)), -round_up(-values().fold(0.0, f64::min)));
    let half = (top / 2.0).fract() == 0.0;
    let at = [Some(bottom).filter(|it| *it < 0.0), Some(0.0), Some(top / 2.0).filter(|_| half), Some(top)];
    let mut ticks: Vec<Tick> = at.into_iter().flatten().map(whole).collect();
    ticks.dedup_by(|a, b| a.text == b.text);
    let is_up_and_down = bottom < 0.0;
    let scale = |value: f64| if top > bottom { (value - bottom) / (top - bottom) } else { 0.0 };
    let mut plot = open(frame.title);
    grid(&mut plot, &ticks, &scale);
    let place = 100.0 / count(frame.names.len().max(1));
    // What goes down stands below what goes up, not beside it.
    let beside = if is_up_and_down { 1.0 } else { count(series.len().max(1)) };
    let width = place * BAR / beside;
    for (nth, series) in series.iter().enumerate() {
        let shift = if is_up_and_down { 0.0 } else { count(nth) * width };
        for (at, value) in series.values.iter().enumerate() {
            let Some(value) = value.filter(|it| *it != 0.0) else { continue };
            let x = count(at) * place + place * (1.0 - BAR) / 2.0 + shift;
            let (from, to) = (y(scale(value.max(0.0))), y(scale(value.min(0.0))));
            let _ = write!(
                plot.field,
                "<rect class=\"{}\" x=\"{x:.2}%\" y=\"{from:.1}\" width=\"{width:.2}%\" height=\"{:.1}\"/>",
                series.class,
                (to - from).max(1.0)
            );
        }
    }
    close(plot, frame.names)
}

/// Points in lines. `ticks` are the scale: between two of them it is even, however far apart they are, the first at the
/// bottom.
#[must_use]
pub fn lines(frame: Frame<'_>, series: &[Series<'_>], ticks: &[Tick]) -> String {
    let scale = |value: f64| between(ticks, value);
    let mut plot = open(frame.title);
    grid(&mut plot, ticks, &scale);
    let place = 100.0 / count(frame.names.len().max(1));
    for series in series {
        let mut last: Option<(f64, f64)> = None;
        for (at, value) in series.values.iter().enumerate() {
            let Some(value) = value else {
                last = None;
                continue;
            };
            let (x, y) = (count(at) * place + place / 2.0, y(scale(*value)));
            if let Some((x1, y1)) = last {
                let _ = write!(
                    plot.field,
                    "<line class=\"{}\" x1=\"{x1:.2}%\" y1=\"{y1:.1}\" x2=\"{x:.2}%\" y2=\"{y:.1}\"/>",
                    series.class
                );
            }
            let _ = write!(
                plot.field,
                "<circle class=\"{}\" cx=\"{x:.2}%\" cy=\"{y:.1}\" r=\"3\"/>",
                series.class
            );
            last = Some((x, y));
        }
    }
    close(plot, frame.names)
}

/// Bars that lie, one row for each name, each with its number. The bars of all series begin at the left, the later ones in
/// front.
#[must_use]
pub fn rows(frame: Frame<'_>, series: &[Series<'_>]) -> String {
    const ROW: f64 = 44.0;
    let all = series.iter().flat_map(|it| it.values.iter().flatten().copied());
    let most = all.fold(0.0, f64::max).max(1.0);
    let height = ROW * count(frame.names.len());
    let mut svg = format!(
        "<svg class=\"chart\" role=\"img\" aria-label=\"{}\" width=\"100%\" height=\"{height:.0}\">",
        escaped(frame.title)
    );
    for (at, name) in frame.names.iter().enumerate() {
        let top = count(at) * ROW;
        let numbers: Vec<String> = series
            .iter()
            .filter_map(|it| it.values.get(at).copied().flatten())
            .map(|it| format!("{it}"))
            .collect();
        let _ = write!(
            svg,
            "<text x=\"0\" y=\"{:.0}\">{}</text><text class=\"number\" x=\"100%\" y=\"{:.0}\" text-anchor=\"end\">{}</text>\
             <rect class=\"field\" x=\"0\" y=\"{:.0}\" width=\"100%\" height=\"14\"/>",
            top + 14.0,
            escaped(name),
            top + 14.0,
            numbers.join(" / "),
            top + 20.0
        );
        for series in series {
            let Some(value) = series.values.get(at).copied().flatten().filter(|it| *it > 0.0) else {
                continue;
            };
            let width = value / most * 100.0;
            let _ = write!(
                svg,
                "<rect class=\"{}\" x=\"0\" y=\"{:.0}\" width=\"{width:.2}%\" height=\"14\"/>",
                series.class,
                top + 20.0
            );
        }
    }
    svg + "</svg>"
}

/// What each colour means.
#[must_use]
pub fn legend(series: &[Series<'_>]) -> String {
    let key = |it: &Series<'_>| {
        format!(
            "<li><svg class=\"key\" aria-hidden=\"true\" width=\"12\" height=\"12\"><rect class=\"{}\" width=\"12\" height=\"12\"/></svg>{}</li>",
            it.class,
            escaped(it.title)
        )
    };
    format!("<ul class=\"legend\">{}</ul>", series.iter().map(key).collect::<String>())
}

/// Text for HTML, in elements and in attributes.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            sign => out.push(sign),
        }
    }
    out
}

/// A chart with numbers at its left, which take a place of their own.
struct Plot {
    axis: String,
    field: String,
}

fn open(title: &str) -> Plot {
    let height = TOP + HEIGHT + BOTTOM;
    let svg = |attributes: &str| {
        format!("<svg class=\"chart\" {attributes} width=\"100%\" height=\"{height:.0}\">")
    };
    Plot {
        axis: svg("aria-hidden=\"true\""),
        field: svg(&format!("role=\"img\" aria-label=\"{}\"", escaped(title))),
    }
}

/// Lines across, and beside them the numbers at which they are.
fn grid(plot: &mut Plot, ticks: &[Tick], scale: &dyn Fn(f64) -> f64) {
    for tick in ticks {
        let y = y(scale(tick.at));
        let _ = write!(plot.field, "<line class=\"grid\" x1=\"0\" y1=\"{y:.1}\" x2=\"100%\" y2=\"{y:.1}\"/>");
        let _ = write!(
            plot.axis,
            "<text x=\"100%\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            y + 4.0,
            escaped(&tick.text)
        );
    }
}

/// Puts names below, the first and the last among them.
fn close(mut plot: Plot, names: &[String]) -> String {
    let place = 100.0 / count(names.len().max(1));
    let step = names.len().div_ceil(NAMES).max(1);
    let base = TOP + HEIGHT + 16.0;
    for (at, name) in names.iter().enumerate() {
        let last = names.len() - 1;
        // One that stands too near to the last leaves room for it.
        let is_shown = at == last || (at % step == 0 && last - at >= step);
        if !is_shown {
            continue;
        }
        let (x, anchor) = match at {
            0 if last > 0 => (0.0, "start"),
            _ if at == last && last > 0 => (100.0, "end"),
            _ => (count(at) * place + place / 2.0, "middle"),
        };
        let _ = write!(
            plot.field,
            "<text x=\"{x:.2}%\" y=\"{base:.0}\" text-anchor=\"{anchor}\">{}</text>",
            escaped(name)
        );
    }
    format!("<div class=\"plot\">{}</svg>{}</svg></div>", plot.axis, plot.field)
}

/// The place of a part of the height, from the top.
fn y(part: f64) -> f64 {
    TOP + HEIGHT * (1.0 - part.clamp(0.0, 1.0))
}

/// Where a number lies on a scale of ticks that stand evenly apart, from 0 to 1.
fn between(ticks: &[Tick], value: f64) -> f64 {
    let steps = count(ticks.len().saturating_sub(1).max(1));
    for (at, pair) in ticks.windows(2).enumerate() {
        if value <= pair[1].at {
            let part = (value - pair[0].at) / (pair[1].at - pair[0].at);
            return (count(at) + part.clamp(0.0, 1.0)) / steps;
        }
    }
    1.0
}

/// The next number that looks round: 1, 2, 3, 4, 6, 8, 10, 20 and so on.
fn round_up(value: f64) -> f64 {
    if value <= 0.0 {
        return 0.0;
    }
    let mut power = 1.0;
    loop {
        for step in [1.0, 2.0, 3.0, 4.0, 6.0, 8.0] {
            if value <= step * power {
                return step * power;
            }
        }
        power *= 10.0;
    }
}

fn whole(at: f64) -> Tick {
    Tick { at, text: format!("{:.0}", at.abs()) }
}

#[expect(clippy::cast_precision_loss, reason = "there are a few hundred of them at most")]
fn count(number: usize) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_a_chart_are_text() {
        let names = ["<b>".to_string(), "\"x".to_string()];
        let series = [Series { title: "a & b", class: "a", values: vec![Some(1.0), None] }];
        let frame = Frame { title: "<script>", names: &names };
        let ticks = [Tick { at: 0.0, text: "0".into() }, Tick { at: 1.0, text: "<1".into() }];
        for svg in
            [bars(frame, &series), lines(frame, &series, &ticks), rows(frame, &series), legend(&series)]
        {
            assert!(!svg.contains("<b>") && !svg.contains("<script") && !svg.contains("\"x"), "{svg}");
        }
    }

    #[test]
    fn numbers_lie_where_they_belong() {
        let ticks: Vec<Tick> =
            [0.0, 1.0, 24.0, 168.0].into_iter().map(|at| Tick { at, text: String::new() }).collect();
        assert!((between(&ticks, 0.5) - 1.0 / 6.0).abs() < 1e-9);
        assert!((between(&ticks, 24.0) - 2.0 / 3.0).abs() < 1e-9);
        assert!((between(&ticks, 9999.0) - 1.0).abs() < 1e-9);
        assert_eq!([0.0, 0.5, 3.0, 7.0, 45.0, 61.0].map(round_up), [0.0, 1.0, 3.0, 8.0, 60.0, 80.0]);
    }
}
