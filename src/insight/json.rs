//! The report for programs, as `longhouse schema insight` describes it: no number travels without its definition.

use serde_json::{Map, Value, json};

use super::figures::{FIGURES, Figure, Scope};
use super::measure::{Decimal, Measure};
use super::{RECENT, Report};

/// Counts up when something is found under another name.
const VERSION: u32 = 1;

/// The report as one JSON value.
#[must_use]
pub fn json(report: &Report) -> Value {
    let options = &report.options;
    let periods = report.periods.iter().map(|period| {
        json!({
            "name": period.name,
            "from": period.from.to_string(),
            "until": period.until.to_string(),
            "figures": figures(&period.figures),
        })
    });
    json!({
        "version": VERSION,
        "site": report.site,
        "as_of": report.today.map(|day| day.to_string()),
        "first": report.span.map(|(first, _)| first.to_string()),
        "last": report.span.map(|(_, last)| last.to_string()),
        "options": {
            "tag": options.tag,
            "product": options.product,
            "strict_answers": options.strict_answers,
            "include_duplicates": options.include_duplicates,
            "by": options.by.map(|by| by.name()),
        },
        "definitions": FIGURES.iter().map(definition).collect::<Value>(),
        "figures": figures(&report.figures),
        "periods": periods.collect::<Value>(),
    })
}

fn definition(figure: &Figure) -> Value {
    let of = match figure.scope {
        Scope::Window => json!("window"),
        Scope::Recent => json!("recent"),
        Scope::Today => json!("today"),
    };
    let mut value = json!({
        "id": figure.id,
        "title": figure.title,
        "words": figure.words,
        "unit": figure.unit.name(),
        "direction": figure.direction.name(),
        "scope": of,
    });
    if figure.scope == Scope::Recent {
        value["days"] = json!(RECENT);
    }
    value
}

fn figures(figures: &[(&Figure, Measure)]) -> Value {
    let all: Map<String, Value> =
        figures.iter().map(|(figure, measure)| (figure.id.to_owned(), self::measure(measure))).collect();
    Value::Object(all)
}

fn measure(measure: &Measure) -> Value {
    let Measure { value, count, of, approximate, why, rows } = measure;
    let mut of_figure = Map::new();
    of_figure.insert("value".to_owned(), value.map_or(Value::Null, number));
    for (name, number) in [("count", count), ("of", of)] {
        if let Some(number) = number {
            of_figure.insert(name.to_owned(), json!(number));
        }
    }
    if *approximate {
        of_figure.insert("approximate".to_owned(), json!(true));
    }
    if let Some(why) = why {
        of_figure.insert("why".to_owned(), json!(why.words()));
    }
    if !rows.is_empty() {
        let row = |row: &super::measure::Row| {
            let mut of_row = Map::new();
            of_row.insert("name".to_owned(), json!(row.name));
            of_row.extend(row.numbers.iter().map(|(name, value)| ((*name).to_owned(), number(*value))));
            if !row.series.is_empty() {
                of_row.insert("months".to_owned(), json!(row.series));
            }
            Value::Object(of_row)
        };
        of_figure.insert("rows".to_owned(), rows.iter().map(row).collect());
    }
    Value::Object(of_figure)
}

fn number(value: Decimal) -> Value {
    if value.is_whole() { json!(value.whole_part()) } else { json!(value.number()) }
}
