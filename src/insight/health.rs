//! Conditions on figures: `ttfa_median<24h, answered_rate>=base-2%`. They are held against a report, and where they say
//! `base`, against that of the site as it was where a branch began.
//!
//! A figure that has no value, as below the floor, fails no condition: it is said that nothing could be compared.

use std::sync::Arc;

use super::Report;
use super::figures::{FIGURES, Figure, Unit, find};
use super::measure::{Decimal, Measure};
use super::show;
use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::root;
use crate::site::suggest;

/// What stands for the value on the base branch.
const BASE: &str = "base";
/// At most this many conditions are held in one run.
const CONDITIONS: usize = 100;

/// One condition on a figure.
#[derive(Debug, Clone)]
pub struct Condition {
    /// The figure.
    pub figure: &'static Figure,
    /// How it is compared.
    pub comparison: Comparison,
    /// What it is compared with.
    pub wanted: Wanted,
    /// The condition as it was written.
    pub text: String,
}

/// How two numbers are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Comparison {
    Less,
    AtMost,
    Greater,
    AtLeast,
    Equal,
}

/// What a figure should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// A number in the unit of the figure.
    Number(Decimal),
    /// What it was on the base branch, and so much more.
    Base(Decimal),
    /// What it was on the base branch, and so many percent of that more.
    BasePercent(Decimal),
}

/// What became of a condition.
#[derive(Debug, Clone)]
pub struct Verdict<'a> {
    /// The condition.
    pub condition: &'a Condition,
    /// The figure.
    pub measure: Measure,
    /// What it was on the base branch, where that counts.
    pub base: Option<Measure>,
    /// What it should be, in its unit.
    pub wanted: Option<Decimal>,
    /// Whether it is so; nothing where there is nothing to compare.
    pub holds: Option<bool>,
}

impl Comparison {
    /// The signs, the longer ones first.
    const SIGNS: [(&'static str, Comparison); 6] = [
        ("<=", Comparison::AtMost),
        (">=", Comparison::AtLeast),
        ("==", Comparison::Equal),
        ("<", Comparison::Less),
        (">", Comparison::Greater),
        ("=", Comparison::Equal),
    ];

    fn holds(self, value: Decimal, wanted: Decimal) -> bool {
        match self {
            Comparison::Less => value < wanted,
            Comparison::AtMost => value <= wanted,
            Comparison::Greater => value > wanted,
            Comparison::AtLeast => value >= wanted,
            Comparison::Equal => value == wanted,
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Comparison::Less => "less than",
            Comparison::AtMost => "at most",
            Comparison::Greater => "more than",
            Comparison::AtLeast => "at least",
            Comparison::Equal => "exactly",
        }
    }
}

/// Reads conditions, which commas part.
///
/// # Errors
/// What is wrong with the first one that is no condition, as a sentence without a full stop.
pub fn parse(text: &str) -> Result<Vec<Condition>, String> {
    let parts: Vec<&str> = text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    match parts.len() {
        0 => Err("There is no condition. Write one such as `ttfa_median<24h`".to_string()),
        count if count > CONDITIONS => {
            Err(format!("There are {count} conditions, and at most {CONDITIONS} are held"))
        }
        _ => parts.into_iter().map(condition).collect(),
    }
}

/// Whether any of them compares with the base branch.
#[must_use]
pub fn needs_base(conditions: &[Condition]) -> bool {
    conditions.iter().any(|it| !matches!(it.wanted, Wanted::Number(_)))
}

fn condition(text: &str) -> Result<Condition, String> {
    let at = text.find(['<', '>', '=']);
    let (id, rest) = at.map(|at| text.split_at(at)).ok_or_else(|| {
        format!("`{text}` compares nothing. Write a figure, a sign and a number, such as `unanswered<=20`")
    })?;
    let id = id.trim();
    let figure = find(id).ok_or_else(|| {
        let near = suggest::Suggestions::default().nearest(id, FIGURES.iter().map(|figure| figure.id));
        let near = near.map_or_else(String::new, |near| format!(" Did you mean `{near}`?"));
        format!("There is no figure `{id}`.{near} List all figures with `longhouse insight --explain`")
    })?;
    let signs = Comparison::SIGNS.iter();
    let (sign, comparison) =
        signs.clone().find(|(sign, _)| rest.starts_with(sign)).unwrap_or(&("=", Comparison::Equal));
    let written = rest[sign.len()..].trim();
    let wanted = wanted(figure.unit, written)
        .ok_or_else(|| format!("`{written}` in `{text}` is no {}", example(figure.unit)))?;
    Ok(Condition { figure, comparison: *comparison, wanted, text: text.to_string() })
}

/// What may stand after the sign.
fn example(unit: Unit) -> &'static str {
    match unit {
        Unit::Share => {
            "share. Write it in percent, such as `90%`, or compare it with the base branch: `base-2%`"
        }
        Unit::Hours => "time. Write it in hours or days, such as `24h` or `3d`, or as `base+2h`",
        Unit::Days => "number of days. Write it such as `14d`, or as `base+2d`",
        Unit::Count | Unit::People => "number. Write it such as `20`, or as `base+5` or `base+10%`",
    }
}

fn wanted(unit: Unit, text: &str) -> Option<Wanted> {
    let Some(rest) = text.strip_prefix(BASE) else { return number(unit, text).map(Wanted::Number) };
    let rest = rest.trim();
    if rest.is_empty() {
        return Some(Wanted::Base(Decimal::whole(0)));
    }
    let (sign, amount) = rest.split_at_checked(1)?;
    let is_negative = match sign {
        "+" => false,
        "-" | "−" => true,
        _ => return None,
    };
    let amount = amount.trim();
    let signed = |amount: Decimal| if is_negative { amount.negative() } else { amount };
    // Of a share, percents are points: 90 % less 2 % is 88 %.
    match amount.strip_suffix('%').filter(|_| unit != Unit::Share) {
        Some(percent) => Decimal::parse(percent.trim()).map(|it| Wanted::BasePercent(signed(it))),
        None => number(unit, amount).map(|it| Wanted::Base(signed(it))),
    }
}

/// A number with its unit, in that of the figure. Only positive ones make sense.
fn number(unit: Unit, text: &str) -> Option<Decimal> {
    let end = text.find(|it: char| !it.is_ascii_digit() && it != '.').unwrap_or(text.len());
    let (digits, suffix) = (&text[..end], text[end..].trim());
    let number = Decimal::parse(digits)?;
    let hundred = Decimal::whole(100);
    match (unit, suffix) {
        (Unit::Share, "%") => {
            Decimal::fraction(number.units_of_one(), hundred.units_of_one(), Decimal::PLACES)
                .filter(|_| number <= hundred)
        }
        (Unit::Share, "") => Some(number).filter(|it| *it <= Decimal::whole(1)),
        (Unit::Hours, "" | "h") | (Unit::Days, "" | "d") | (Unit::Count | Unit::People, "") => Some(number),
        (Unit::Hours, "d") => Some(number.percent(Decimal::whole(2400))),
        (Unit::Days, "w") => Some(number.percent(Decimal::whole(700))),
        _ => None,
    }
}

/// Holds conditions against the figures of a site, and of the one before where they compare with it.
#[must_use]
pub fn verdicts<'a>(conditions: &'a [Condition], now: &Report, before: Option<&Report>) -> Vec<Verdict<'a>> {
    let verdict = |condition: &'a Condition| {
        let measure = |report: &Report| report.figure(condition.figure.id).cloned().unwrap_or_default();
        let of_now = measure(now);
        let base = before.filter(|_| !matches!(condition.wanted, Wanted::Number(_))).map(measure);
        let value_before = base.as_ref().and_then(|base| base.value);
        let wanted = match condition.wanted {
            Wanted::Number(number) => Some(number),
            Wanted::Base(more) => value_before.map(|value| value.plus(more)),
            Wanted::BasePercent(percent) => value_before.map(|value| value.plus(value.percent(percent))),
        };
        let holds = of_now.value.zip(wanted).map(|(value, wanted)| condition.comparison.holds(value, wanted));
        Verdict { condition, measure: of_now, base, wanted, holds }
    };
    conditions.iter().map(verdict).collect()
}

impl Verdict<'_> {
    /// What the figure is and what it should be, in a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let Condition { figure, comparison, text, .. } = self.condition;
        let is = with_cases(figure, &self.measure);
        let before = self.base.as_ref().map(|base| with_cases(figure, base));
        let before = before.map_or_else(String::new, |before| format!("; on the base branch it is {before}"));
        let wanted = match self.wanted {
            Some(wanted) => format!("{} {}", comparison.words(), show::value(figure.unit, wanted)),
            None => format!("`{text}`"),
        };
        match self.holds {
            Some(true) => format!("`{}` is {is}, as it should be: {wanted}{before}.", figure.id),
            Some(false) => format!("`{}` is {is} and should be {wanted}{before}.", figure.id),
            None => format!("`{}` is {is} and was not compared with {wanted}{before}.", figure.id),
        }
    }

    /// What is wrong, if the condition does not hold.
    #[must_use]
    pub fn problem(&self) -> Option<Diagnostic> {
        let Figure { title, words, direction, .. } = self.condition.figure;
        let failed = self.holds == Some(false);
        let help = || format!("{title}: {words}{}", direction.sentence());
        failed.then(|| {
            let file = Arc::from(root::CONFIG);
            Diagnostic::new(Rule::Health, &file, Span::START, self.sentence()).help(help())
        })
    }
}

fn with_cases(figure: &Figure, measure: &Measure) -> String {
    let detail = show::detail(figure, measure);
    match measure.value {
        Some(_) if detail.is_empty() => show::short(figure, measure),
        Some(_) => format!("{} ({detail})", show::short(figure, measure)),
        None => match (measure.count, measure.of) {
            (Some(count), Some(of)) => format!("unknown ({count} of {of}, {detail})"),
            _ => format!("unknown ({detail})"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(&'static str, Comparison, Wanted)> {
        let read = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        read.into_iter().map(|it| (it.figure.id, it.comparison, it.wanted)).collect()
    }

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).expect("a number")
    }

    #[test]
    fn conditions_are_read_in_the_unit_of_their_figure() {
        assert_eq!(
            read("ttfa_median<24h, answered_rate >= base-2%,within_7d>=0.8, stale==0"),
            [
                ("ttfa_median", Comparison::Less, Wanted::Number(decimal("24"))),
                ("answered_rate", Comparison::AtLeast, Wanted::Base(decimal("-0.02"))),
                ("within_7d", Comparison::AtLeast, Wanted::Number(decimal("0.8"))),
                ("stale", Comparison::Equal, Wanted::Number(decimal("0"))),
            ]
        );
        assert_eq!(read("ttfa_p90<=3d")[0].2, Wanted::Number(decimal("72")));
        assert_eq!(read("ttfa_p90<=base+10%")[0].2, Wanted::BasePercent(decimal("10")));
        assert_eq!(read("unanswered<=base")[0].2, Wanted::Base(decimal("0")));
        assert!(needs_base(&parse("unanswered<=base+3").expect("a condition")));
        assert!(!needs_base(&parse("unanswered<=3").expect("a condition")));
    }

    #[test]
    fn what_is_no_condition_says_how_one_is_written() {
        for (text, part) in [
            ("", "There is no condition"),
            ("answered_rat>=90%", "Did you mean `answered_rate`?"),
            ("answered_rate>=90", "Write it in percent"),
            ("answered_rate", "compares nothing"),
            ("ttfa_median<soon", "Write it in hours or days"),
            ("unanswered<5h", "Write it such as `20`"),
            ("unanswered<base*2", "Write it such as `20`"),
        ] {
            let error = parse(text).expect_err(text);
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
