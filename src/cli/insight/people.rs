//! What people did for others, for people to read: one line a person.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::report;
use crate::insight::by_person::PeopleReport;

/// The headings. What stands in the first and the last column is text.
const HEAD: [&str; 7] = ["", "helped", "answers", "accepted", "confirmed", "last", "knows"];

/// At most so many characters of a name are shown.
const NAME: usize = 32;

/// At most so many tags are named.
const TAGS: usize = 4;

/// The report as a table.
pub(super) fn table(of: &PeopleReport) -> String {
    let (bold, quiet) = (Style::new().bold(), AnsiColor::BrightBlack.on_default());
    let mut out = format!("{bold}{}{bold:#}", report::visible(&of.site));
    if let Some(today) = of.today {
        let _ = write!(out, ", as of {today}");
    }
    let rows = of.people.iter().map(|row| {
        let tags: Vec<&str> = row.knows.iter().take(TAGS).map(|(tag, _)| tag.as_str()).collect();
        [
            report::visible(&row.name).chars().take(NAME).collect(),
            row.helped.to_string(),
            row.answers.to_string(),
            row.accepted.to_string(),
            row.confirmed.to_string(),
            row.last.map(|day| day.to_string()).unwrap_or_default(),
            report::visible(&tags.join(", ")).to_string(),
        ]
    });
    let rows: Vec<[String; 7]> = rows.collect();
    let width = |at: usize| {
        let cells = rows.iter().map(|row| row[at].chars().count());
        cells.chain([HEAD[at].len()]).max().unwrap_or_default()
    };
    let widths: [usize; 7] = std::array::from_fn(width);
    let line = |cells: [&str; 7]| {
        let mut line = String::new();
        for (at, cell) in cells.into_iter().enumerate() {
            let _ = match at {
                0 | 6 => write!(line, "  {cell:<width$}", width = widths[at]),
                _ => write!(line, "  {cell:>width$}", width = widths[at]),
            };
        }
        line.trim_end().to_string()
    };
    let _ = writeln!(out, "\n\n{bold}{}{bold:#}", line(HEAD));
    for row in &rows {
        let _ = writeln!(out, "{}", line(row.each_ref().map(String::as_str)));
    }
    if rows.is_empty() {
        let _ = writeln!(out, "  Nobody has contributed yet.");
    }
    let _ = writeln!(
        out,
        "\n{quiet}helped: different people who accepted an answer or wrote that something worked{quiet:#}"
    );
    out
}
