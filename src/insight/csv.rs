//! The report as one long table for spreadsheets: date, id, tag, value. One number a line, so that nothing has to be
//! unpacked; definitions are in the JSON.

use std::fmt::Write as _;

use super::Report;
use super::figures::Figure;
use super::measure::{Measure, Row};

/// The first line.
const HEAD: &str = "date,id,tag,value\n";

/// Figures whose parts are tags.
const OF_TAGS: [&str; 2] = ["rising_tags", "without_expert"];

/// The report. `date` is the first day of a period, or the day of the report for the whole; a part of a figure is its id, a
/// colon and the part's name, and those of tags have the tag in its own column.
#[must_use]
pub fn csv(report: &Report) -> String {
    let mut out = HEAD.to_owned();
    let tag = report.options.tag.as_deref().unwrap_or_default();
    if report.periods.is_empty() {
        let today = report.today.or(report.span.map(|(_, last)| last)).map(|day| day.to_string());
        let today = today.unwrap_or_default();
        report.figures.iter().for_each(|(figure, measure)| lines(&mut out, &today, tag, figure, measure));
    }
    for period in &report.periods {
        let date = period.from.to_string();
        period.figures.iter().for_each(|(figure, measure)| lines(&mut out, &date, tag, figure, measure));
    }
    out
}

fn lines(out: &mut String, date: &str, tag: &str, figure: &Figure, measure: &Measure) {
    // What has no value has a line without one, so that a spreadsheet does not take it for zero.
    let value = measure.value.map(|value| value.to_string()).unwrap_or_default();
    line(out, date, figure.id, tag, &value);
    for (name, number) in [("count", measure.count), ("of", measure.of)] {
        if let Some(number) = number {
            line(out, date, &format!("{}.{name}", figure.id), tag, &number.to_string());
        }
    }
    for Row { name, numbers, series } in &measure.rows {
        for (what, number) in numbers {
            if OF_TAGS.contains(&figure.id) {
                line(out, date, &format!("{}.{what}", figure.id), name, &number.to_string());
            } else {
                line(out, date, &format!("{}.{what}:{name}", figure.id), tag, &number.to_string());
            }
        }
        for (month, count) in series.iter().enumerate() {
            line(out, date, &format!("{}.month_{month}:{name}", figure.id), tag, &count.to_string());
        }
    }
}

fn line(out: &mut String, date: &str, id: &str, tag: &str, value: &str) {
    let _ = writeln!(out, "{date},{},{},{value}", cell(id), cell(tag));
}

/// A cell whose text somebody wrote: quoted where it must be, and no formula to a spreadsheet.
pub(super) fn cell(text: &str) -> String {
    let text: String = text.chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
    let guarded = if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text };
    if guarded.contains(['"', ',', ';']) { format!("\"{}\"", guarded.replace('"', "\"\"")) } else { guarded }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("@ana"), "'@ana");
        assert_eq!(cell("a, \"b\"\n"), "\"a, \"\"b\"\" \"");
        assert_eq!(cell("c-plus-plus"), "c-plus-plus");
    }
}
