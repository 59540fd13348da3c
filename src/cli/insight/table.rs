//! The report for people: one line a figure, in groups, and a table of periods.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::report;
use crate::insight::figures::{Figure, Group, Scope, Unit};
use crate::insight::measure::{Measure, Row, Why};
use crate::insight::{RECENT, Report, show};

/// The figures that a table of periods has room for, with short headings.
const OF_PERIODS: [(&str, &str); 8] = [
    ("questions", "asked"),
    ("answers", "answers"),
    ("answered_rate", "answered"),
    ("solved_rate", "solved"),
    ("ttfa_median", "median"),
    ("within_24h", "in 24 h"),
    ("contributors", "people"),
    ("new", "new"),
];

/// Figures that say in a terminal nothing that another one does not say as well, and one that needs room.
const LEFT_OUT: [&str; 4] = ["answered", "accepted", "unanswered", "retention"];

/// At most this many parts of a figure are shown.
const ROWS: usize = 5;

/// The report.
pub(super) fn table(report: &Report) -> String {
    let bold = Style::new().bold();
    let quiet = Style::new().fg_color(Some(AnsiColor::BrightBlack.into()));
    let mut out = head(report);
    let is_shown = |figure: &Figure, measure: &Measure| {
        !LEFT_OUT.contains(&figure.id) && !matches!(measure.why, Some(Why::NotChecked | Why::NoTeam))
    };
    let lines: Vec<(&Figure, &Measure)> = report
        .figures
        .iter()
        .map(|(figure, measure)| (*figure, measure))
        .filter(|it| is_shown(it.0, it.1))
        .collect();
    let width = lines.iter().map(|(figure, _)| figure.title.chars().count()).max().unwrap_or(0);
    let values = lines.iter().map(|(figure, measure)| show::short(figure, measure).chars().count());
    let value_width = values.max().unwrap_or(0);
    for group in Group::ALL {
        let recent = if group == Group::People {
            format!(" {quiet}(new, came back, lost, returning: last {RECENT} days){quiet:#}")
        } else {
            String::new()
        };
        let _ = writeln!(out, "\n{bold}{}{bold:#}{recent}", group.title());
        for (figure, measure) in lines.iter().filter(|(figure, _)| figure.group == group) {
            let value = show::short(figure, measure);
            let detail = match (measure.value, figure.unit) {
                // The counts stand in the column of values already.
                (None, Unit::Share) if value != show::NOTHING => {
                    measure.why.map_or_else(String::new, Why::words)
                }
                _ => show::detail(figure, measure),
            };
            let line = format!("  {:<width$}  {value:>value_width$}  {quiet}{detail}{quiet:#}", figure.title);
            let _ =
                writeln!(out, "{}", if detail.is_empty() { line_without_end(&line, quiet) } else { line });
            rows(&mut out, measure, width, value_width);
        }
    }
    periods(&mut out, report, bold);
    let _ = writeln!(out, "\n{quiet}What each figure means: longhouse insight --explain{quiet:#}");
    out
}

fn line_without_end(line: &str, quiet: Style) -> String {
    line.trim_end_matches(&format!("  {quiet}{quiet:#}")).to_string()
}

fn head(report: &Report) -> String {
    let bold = Style::new().bold();
    let mut out = format!("{bold}{}{bold:#}", report::visible(&report.site));
    if let Some(today) = report.today {
        let _ = write!(out, ", as of {today}");
    }
    if let Some((first, _)) = report.span {
        let _ = write!(out, ", since {first}");
    }
    let options = &report.options;
    for (what, name) in [("tag", &options.tag), ("product", &options.product)] {
        if let Some(name) = name {
            let _ = write!(out, ", {what} {}", report::visible(name));
        }
    }
    out.push('\n');
    out
}

/// The parts of a figure, the first of them.
fn rows(out: &mut String, measure: &Measure, width: usize, value_width: usize) {
    for Row { name, numbers, .. } in measure.rows.iter().take(ROWS) {
        let name: String = report::visible(name).chars().take(width.saturating_sub(2)).collect();
        let first = numbers.first().map(|(_, number)| number.to_string()).unwrap_or_default();
        let rest: Vec<String> =
            numbers.iter().skip(1).map(|(name, number)| format!("{name} {number}")).collect();
        let line = format!(
            "    {name:<rest_width$}  {first:>value_width$}  {}",
            rest.join(", "),
            rest_width = width.saturating_sub(2)
        );
        let _ = writeln!(out, "{}", line.trim_end());
    }
    if measure.rows.len() > ROWS {
        let _ = writeln!(out, "    and {} more", measure.rows.len() - ROWS);
    }
}

fn periods(out: &mut String, report: &Report, bold: Style) {
    if report.periods.is_empty() {
        return;
    }
    let row = |period: &crate::insight::PeriodFigures| {
        let cell = |(id, _): &(&str, &str)| {
            let found = period.figures.iter().find(|(figure, _)| figure.id == *id);
            found.map_or_else(String::new, |(figure, measure)| show::short(figure, measure))
        };
        std::iter::once(period.name.clone()).chain(OF_PERIODS.iter().map(cell)).collect::<Vec<_>>()
    };
    let name = report.options.by.map_or("", |by| by.name()).to_string();
    let head: Vec<String> =
        std::iter::once(name).chain(OF_PERIODS.iter().map(|it| it.1.to_string())).collect();
    let rows: Vec<Vec<String>> = report.periods.iter().map(row).collect();
    let width = |at: usize| {
        let cells = rows.iter().chain([&head]).filter_map(|row| row.get(at));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let line = |cells: &[String]| {
        let cells = cells.iter().zip(&widths).enumerate();
        let aligned = cells.map(|(at, (cell, width))| match at {
            0 => format!("{cell:<width$}"),
            _ => format!("{cell:>width$}"),
        });
        format!("  {}", aligned.collect::<Vec<_>>().join("  "))
    };
    let _ = writeln!(out, "\n{bold}{}{bold:#}", line(&head));
    for row in &rows {
        let _ = writeln!(out, "{}", line(row).trim_end());
    }
}

/// What a figure means.
pub(super) fn explained(figure: &Figure) -> String {
    let scope = match figure.scope {
        Scope::Window => "Said of the whole history, and of each period with `--by`.".to_string(),
        Scope::Recent => format!("Said of the last {RECENT} days, and of each period with `--by`."),
        Scope::Today => "Said of today only.".to_string(),
    };
    let mut out = format!("{}: {}\n", figure.id, figure.title);
    let sentences = [figure.words, scope.as_str()];
    for sentence in sentences {
        let _ = writeln!(out, "  {sentence}");
    }
    let _ = writeln!(out, "  Unit: {}; {}.", figure.unit.name(), figure.direction.words());
    out
}
