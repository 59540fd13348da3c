//! The report as one HTML file that opens from disk, for who looks after the community. It holds no script and loads
//! nothing, and says so in its policy; it is no part of a site.

use std::fmt::Write as _;

use super::chart::{self, Frame, Series, Tick, escaped};
use super::figures::{Direction, Figure, Group, Scope};
use super::measure::{Decimal, Measure, Row, Why};
use super::{PeriodFigures, RECENT, Report, show};

/// What the page looks like.
const STYLE: &str = include_str!("page.css");

/// The figures at the top.
const TILES: [&str; 8] = [
    "questions",
    "answered_rate",
    "ttfa_median",
    "within_24h",
    "solved_rate",
    "contributors",
    "absence_factor_answers",
    "new",
];

/// Times on the scale of times, in hours.
const TIMES: [(u64, &str); 6] =
    [(0, "0"), (1, "1 h"), (6, "6 h"), (24, "1 day"), (168, "1 week"), (720, "30 days")];

/// How many months of each cohort are shown.
const MONTHS: usize = 12;

/// The file.
#[must_use]
pub fn page(report: &Report) -> String {
    let mut out = String::new();
    head(&mut out, report);
    tiles(&mut out, report);
    charts(&mut out, report);
    for group in Group::ALL {
        figures(&mut out, report, group);
    }
    retention(&mut out, report);
    out.push_str(
        "</main>\n<footer class=\"quiet\"><p>Everything is counted from the files of the site and from git. Nothing is known of \
         readers. Figures of the past show what has become of it by now: a question that was answered a year later \
         is answered. There is no percentage of fewer than ten cases.</p></footer>\n</body>\n</html>\n",
    );
    out
}

fn head(out: &mut String, report: &Report) {
    let title = format!("Insight: {}", report.site);
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
         base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <title>{0}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<header>\n<h1>{0}</h1>\n<p class=\"quiet\">",
        escaped(&title)
    );
    let mut facts = Vec::new();
    if let Some(today) = report.today {
        facts.push(format!("as of {today}"));
    }
    if let Some((first, last)) = report.span {
        facts.push(format!("contributions from {first} to {last}"));
    }
    for (what, name) in [("tag", &report.options.tag), ("product", &report.options.product)] {
        facts.extend(name.as_ref().map(|name| format!("only the {what} {name}")));
    }
    if report.options.strict_answers {
        facts.push("answers by somebody else only".to_string());
    }
    if report.options.include_duplicates {
        facts.push("duplicates included".to_string());
    }
    let _ = writeln!(out, "{}</p>\n</header>\n<main>", escaped(&facts.join(" · ")));
}

fn tiles(out: &mut String, report: &Report) {
    out.push_str("<ul class=\"tiles\">\n");
    let shown = TILES.iter().filter_map(|id| report.figures.iter().find(|(figure, _)| figure.id == *id));
    for (figure, measure) in shown {
        let detail = match figure.scope {
            Scope::Recent => format!("last {RECENT} days"),
            _ => show::detail(figure, measure),
        };
        let _ = writeln!(
            out,
            "<li><span>{}</span><strong>{}</strong><small>{}</small></li>",
            escaped(figure.title),
            escaped(&show::short(figure, measure)),
            escaped(&detail)
        );
    }
    out.push_str("</ul>\n");
}

fn charts(out: &mut String, report: &Report) {
    out.push_str("<div class=\"charts\">\n");
    let periods = &report.periods;
    if periods.len() > 1 {
        let names: Vec<String> = periods.iter().map(|period| period.name.clone()).collect();
        let by = report.options.by.map_or("period", |by| by.name());
        let of = |id: &str, sign: f64| -> Vec<Option<f64>> {
            periods.iter().map(|it| value(it, id).map(|value| value.number() * sign)).collect()
        };
        let series = |title, class, values| Series { title, class, values };
        let asked =
            [series("Questions", "a", of("questions", 1.0)), series("Answers", "b", of("answers", 1.0))];
        let title = format!("Questions and answers by {by}");
        let frame = Frame { title: &title, names: &names };
        figure(
            out,
            &title,
            "",
            &asked,
            &chart::bars(frame, &asked),
            &table(periods, &["questions", "answers"]),
        );
        let times =
            [series("Median", "a", of("ttfa_median", 1.0)), series("Nine of ten", "b", of("ttfa_p90", 1.0))];
        let title = format!("Time to the first answer by {by}");
        let about = "By another person; questions without an answer do not count. The scale widens upwards.";
        let frame = Frame { title: &title, names: &names };
        let svg = chart::lines(frame, &times, &time_ticks(&times));
        figure(out, &title, about, &times, &svg, &table(periods, &["ttfa_median", "ttfa_p90", "within_24h"]));
        let came =
            [series("New people", "a", of("new", 1.0)), series("Lost regulars", "b", of("lost", -1.0))];
        if came.iter().any(|it| it.values.iter().any(Option::is_some)) {
            let title = format!("People who came and who were lost by {by}");
            let frame = Frame { title: &title, names: &names };
            let svg = chart::bars(frame, &came);
            figure(
                out,
                &title,
                "",
                &came,
                &svg,
                &table(periods, &["contributors", "new", "reactivated", "lost"]),
            );
        }
    }
    open_questions(out, report);
    out.push_str("</div>\n");
}

fn value(period: &PeriodFigures, id: &str) -> Option<Decimal> {
    period.figure(id).and_then(|measure| measure.value)
}

/// The scale of times as far as the times go.
fn time_ticks(series: &[Series<'_>]) -> Vec<Tick> {
    let most = series.iter().flat_map(|it| it.values.iter().flatten().copied()).fold(0.0, f64::max);
    let tick =
        |(hours, text): &(u64, &str)| Tick { at: Decimal::whole(*hours).number(), text: (*text).to_string() };
    let all: Vec<Tick> = TIMES.iter().map(tick).collect();
    let needed = all.iter().position(|tick| tick.at >= most).map_or(all.len(), |at| at + 1).max(3);
    all.into_iter().take(needed).collect()
}

/// Questions that wait, by age: those that nobody solved, and those among them that nobody answered.
fn open_questions(out: &mut String, report: &Report) {
    let rows = |id: &str| report.figure(id).map_or(&[][..], |measure| &measure.rows);
    let (unsolved, unanswered) = (rows("unsolved_by_age"), rows("unanswered_by_age"));
    if unsolved.is_empty() {
        return;
    }
    let names: Vec<String> = unsolved.iter().map(|row| row.name.clone()).collect();
    let number = |row: &Row| row.numbers.first().map(|(_, number)| number.number());
    let of = |rows: &[Row]| {
        let named = |name: &String| rows.iter().find(|row| row.name == *name).and_then(number);
        names.iter().map(named).collect()
    };
    let series = [
        Series { title: "Not solved", class: "a", values: of(unsolved) },
        Series { title: "Not even answered", class: "b", values: of(unanswered) },
    ];
    let title = "Open questions by age";
    let about = "Solved is a question with an answer that was accepted or confirmed.";
    let svg = chart::rows(Frame { title, names: &names }, &series);
    figure(out, title, about, &series, &svg, "");
}

fn figure(out: &mut String, title: &str, about: &str, series: &[Series<'_>], svg: &str, numbers: &str) {
    let about =
        if about.is_empty() { String::new() } else { format!("<p class=\"about\">{}</p>", escaped(about)) };
    let _ = writeln!(
        out,
        "<figure>\n<figcaption><h3>{}</h3>{about}{}</figcaption>\n{svg}\n{numbers}</figure>",
        escaped(title),
        chart::legend(series)
    );
}

/// The numbers of a chart, for who wants them exactly.
fn table(periods: &[PeriodFigures], ids: &[&str]) -> String {
    let titles = ids.iter().filter_map(|id| super::figures::find(id)).map(|it| escaped(it.title));
    let head: String = titles.map(|title| format!("<th scope=\"col\">{title}</th>")).collect();
    let row = |period: &PeriodFigures| {
        let cell = |id: &&str| {
            let found = period.figures.iter().find(|(figure, _)| figure.id == *id);
            let text = found.map_or_else(String::new, |(figure, measure)| show::short(figure, measure));
            format!("<td>{}</td>", escaped(&text))
        };
        let cells: String = ids.iter().map(cell).collect();
        format!("<tr><th scope=\"row\">{}</th>{cells}</tr>\n", escaped(&period.name))
    };
    format!(
        "<details><summary>Numbers</summary>\n<div class=\"scroll\"><table class=\"numbers\">\n<thead><tr><th \
         scope=\"col\">Period</th>{head}</tr></thead>\n<tbody>\n{}</tbody>\n</table></div></details>\n",
        periods.iter().rev().map(row).collect::<String>()
    )
}

/// Every figure of a group with its definition.
fn figures(out: &mut String, report: &Report, group: Group) {
    let is_shown = |measure: &Measure| !matches!(measure.why, Some(Why::NotChecked | Why::NoTeam));
    let of_group =
        || report.figures.iter().filter(|(figure, measure)| figure.group == group && is_shown(measure));
    if of_group().next().is_none() {
        return;
    }
    let _ = write!(out, "<h2>{}</h2>\n<table class=\"figures\">\n<tbody>\n", escaped(group.title()));
    for (figure, measure) in of_group() {
        let direction = match figure.direction {
            Direction::Neither => String::new(),
            known => format!(" <span class=\"quiet\">({})</span>", known.words()),
        };
        let recent = match figure.scope {
            Scope::Recent => format!(" <span class=\"quiet\">Of the last {RECENT} days.</span>"),
            Scope::Window | Scope::Today => String::new(),
        };
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\">{}<code>{}</code></th><td class=\"value\">{}<small>{}</small></td><td>{}{recent}{direction}{}</td></tr>",
            escaped(figure.title),
            figure.id,
            escaped(&show::short(figure, measure)),
            escaped(&detail(figure, measure)),
            code(figure.words),
            parts(figure, measure)
        );
    }
    out.push_str("</tbody>\n</table>\n");
}

/// What is said beside a value that stands there already.
fn detail(figure: &Figure, measure: &Measure) -> String {
    match measure.value {
        None if show::short(figure, measure) != show::NOTHING => {
            measure.why.map_or_else(String::new, Why::words)
        }
        _ => show::detail(figure, measure),
    }
}

/// The parts of a figure in one line, but for those that have a chart.
fn parts(figure: &Figure, measure: &Measure) -> String {
    if measure.rows.is_empty() || figure.id == "retention" {
        return String::new();
    }
    let part = |row: &Row| {
        let (first, rest) = row.numbers.split_first()?;
        let more: Vec<String> = rest.iter().map(|(name, number)| format!("{name} {number}")).collect();
        let more = if more.is_empty() { String::new() } else { format!(" ({})", more.join(", ")) };
        Some(format!("{}: {}{more}", escaped(&row.name), first.1))
    };
    let parts: Vec<String> = measure.rows.iter().filter_map(part).collect();
    format!("<br><small>{}</small>", parts.join(" · "))
}

/// How many people of each month came back in the months after it.
fn retention(out: &mut String, report: &Report) {
    let Some(rows) = report.figure("retention").map(|it| &it.rows).filter(|rows| !rows.is_empty()) else {
        return;
    };
    let months = rows.iter().map(|row| row.series.len()).max().unwrap_or(0).min(MONTHS);
    let head: String = (0..months).map(|month| format!("<th scope=\"col\">+{month}</th>")).collect();
    let _ = write!(
        out,
        "<h2>Who stays</h2>\n<p>People by the month of their first contribution, and how many of them contributed in the \
         months after it.</p>\n<div class=\"scroll\"><table class=\"numbers\">\n<thead><tr><th scope=\"col\">First \
         month</th><th scope=\"col\">People</th>{head}</tr></thead>\n<tbody>\n"
    );
    for row in rows.iter().rev().take(2 * MONTHS) {
        let people = row.numbers.first().map(|(_, number)| number.to_string()).unwrap_or_default();
        let cell = |month: usize| row.series.get(month).map_or_else(String::new, ToString::to_string);
        let cells: String = (0..months).map(|month| format!("<td>{}</td>", cell(month))).collect();
        let _ =
            writeln!(out, "<tr><th scope=\"row\">{}</th><td>{people}</td>{cells}</tr>", escaped(&row.name));
    }
    out.push_str("</tbody>\n</table></div>\n");
}

/// A definition, in which names stand between backticks.
fn code(text: &str) -> String {
    let mut out = String::new();
    for (at, part) in text.split('`').enumerate() {
        let part = escaped(part);
        out.push_str(&if at % 2 == 1 { format!("<code>{part}</code>") } else { part });
    }
    out
}
