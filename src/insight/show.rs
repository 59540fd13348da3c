//! Figures as people read them, in a terminal and on a page: rounded, with their unit, and with the counts of a share.

use super::figures::{Figure, Unit};
use super::measure::{Decimal, Measure, Why};

/// What stands where there is no value.
pub const NOTHING: &str = "–";

/// A value with its unit: `64.8 %`, `2.7 h`, `54`. Long times are shown in days.
#[must_use]
pub fn value(unit: Unit, value: Decimal) -> String {
    match unit {
        Unit::Count | Unit::People => value.to_string(),
        Unit::Share => format!("{} %", percent(value)),
        Unit::Hours if value >= Decimal::whole(48) => {
            let days = Decimal::fraction(value.units_of_one(), 24 * Decimal::whole(1).units_of_one(), 1);
            format!("{} days", days.unwrap_or(value).rounded(1))
        }
        Unit::Hours => format!("{} h", value.rounded(1)),
        Unit::Days => format!("{} days", value.rounded(0)),
    }
}

/// A share in percent, without the sign.
#[must_use]
pub fn percent(value: Decimal) -> String {
    Decimal::fraction(value.units_of_one() * 100, Decimal::whole(1).units_of_one(), 1)
        .unwrap_or(value)
        .rounded(1)
}

/// The main part of a figure, short enough for a column.
#[must_use]
pub fn short(figure: &Figure, measure: &Measure) -> String {
    match (measure.value, figure.unit) {
        (Some(value), unit) => {
            let about = if measure.approximate { "~" } else { "" };
            format!("{about}{}", self::value(unit, value))
        }
        // Few cases have no percentage, but they can be counted.
        (None, Unit::Share) => match (measure.count, measure.of) {
            (Some(count), Some(of)) if of > 0 => format!("{count} of {of}"),
            _ => NOTHING.to_string(),
        },
        (None, _) => NOTHING.to_string(),
    }
}

/// What is said beside it: of how many cases it is made, or why there is none.
#[must_use]
pub fn detail(figure: &Figure, measure: &Measure) -> String {
    let Measure { value, count, of, why, .. } = measure;
    match (value, count, of, why) {
        (Some(_), Some(count), Some(of), _) => format!("{count} of {of}"),
        (Some(_), None, Some(1), _) => "1 case".to_string(),
        (Some(_), None, Some(of), _) if matches!(figure.unit, Unit::Hours | Unit::Days) => {
            format!("{of} cases")
        }
        (None, _, Some(0), Some(Why::TooFew(_))) => Why::None.words(),
        (None, _, _, Some(why)) => why.words(),
        _ => String::new(),
    }
}
