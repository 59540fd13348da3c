//! What a figure comes to: a number that is the same on every machine, with the cases that it was made of.
//!
//! All arithmetic is of whole numbers. A value is rounded once, half away from zero, when it is made.

/// No percentage is given of fewer cases than this: the counts are shown instead.
pub const FLOOR: u64 = 10;

/// A number with a fixed number of decimal places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decimal {
    /// The number, times ten to the power of [`Decimal::PLACES`].
    units: i64,
}

/// What a figure comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Measure {
    /// The value. Nothing where there are too few cases, or nothing can be said.
    pub value: Option<Decimal>,
    /// Of a share: how many are so.
    pub count: Option<u64>,
    /// Of a share: of how many. Of a median: how many cases there are.
    pub of: Option<u64>,
    /// Whether some cases are known to the day only, so that hours are rounded up to whole days.
    pub approximate: bool,
    /// Why there is no value.
    pub why: Option<Why>,
    /// The parts of a figure that has some, in order.
    pub rows: Vec<Row>,
}

/// Why a figure has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// There are fewer cases than this.
    TooFew(u64),
    /// There is no case at all.
    None,
    /// The window is longer than half of the history.
    ShortHistory,
    /// No day counts as today: the site is in no repository, and nobody said which day it is.
    NoDay,
    /// Git does not know when it changed, or was not asked.
    NoHistory,
    /// Nobody looked for problems.
    NotChecked,
    /// Nobody is under `team:`, so nobody can be told from customers.
    NoTeam,
}

/// One part of a figure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// What it is about: an age, a tag, a month.
    pub name: String,
    /// Its numbers by their names, the main one first.
    pub numbers: Vec<(&'static str, Decimal)>,
    /// Its series, where it has one: the months after the first of a cohort.
    pub series: Vec<u64>,
}

impl Decimal {
    /// How many decimal places there are.
    pub const PLACES: u32 = 4;
    const ONE: i64 = 10_i64.pow(Self::PLACES);

    /// A whole number.
    #[must_use]
    pub fn whole(number: u64) -> Decimal {
        Decimal { units: i64::try_from(number).unwrap_or(i64::MAX).saturating_mul(Self::ONE) }
    }

    /// A fraction, rounded to a number of places. Nothing of nothing.
    #[must_use]
    pub fn fraction(numerator: i128, denominator: i128, places: u32) -> Option<Decimal> {
        if denominator == 0 {
            return None;
        }
        let scale = 10_i128.pow(places.min(Self::PLACES));
        let doubled = numerator.checked_mul(scale)?.checked_mul(2)?;
        let sign = if (doubled < 0) == (denominator < 0) { 1 } else { -1 };
        let rounded = sign * ((doubled.abs() + denominator.abs()) / (2 * denominator.abs()));
        let rest = i128::from(Self::ONE) / scale;
        Some(Decimal { units: i64::try_from(rounded * rest).ok()? })
    }

    /// Reads a number such as `24`, `0.95` or `-2`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Decimal> {
        let (is_negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let fits = !whole.is_empty() && whole.len() <= 12 && fraction.len() <= Self::PLACES as usize;
        if !fits || !is_number(whole) || !is_number(fraction) || (digits.contains('.') && fraction.is_empty())
        {
            return None;
        }
        let places = format!("{fraction:0<width$}", width = Self::PLACES as usize);
        let units = whole.parse::<i64>().ok()? * Self::ONE + places.parse::<i64>().ok()?;
        Some(Decimal { units: if is_negative { -units } else { units } })
    }

    /// The sum of two.
    #[must_use]
    pub fn plus(self, other: Decimal) -> Decimal {
        Decimal { units: self.units.saturating_add(other.units) }
    }

    /// The same below zero.
    #[must_use]
    pub fn negative(self) -> Decimal {
        Decimal { units: -self.units }
    }

    /// So many percent of it.
    #[must_use]
    pub fn percent(self, percent: Decimal) -> Decimal {
        let product = i128::from(self.units) * i128::from(percent.units);
        let of_hundred = 100 * i128::from(Self::ONE);
        let units = Decimal::fraction(product, of_hundred * i128::from(Self::ONE), Self::PLACES);
        units.unwrap_or(Decimal { units: 0 })
    }

    /// The number for JSON, which has the fewest digits that mean it.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "no figure has more than 15 digits")]
    pub fn number(self) -> f64 {
        self.units as f64 / Self::ONE as f64
    }

    /// Whether it has no decimal places.
    #[must_use]
    pub fn is_whole(self) -> bool {
        self.units % Self::ONE == 0
    }

    /// The number times the same as that of every other one, for arithmetic.
    #[must_use]
    pub fn units_of_one(self) -> i128 {
        i128::from(self.units)
    }

    /// The part before the point.
    #[must_use]
    pub fn whole_part(self) -> i64 {
        self.units / Self::ONE
    }

    /// The number with a fixed number of places, as tables show it.
    #[must_use]
    pub fn rounded(self, places: u32) -> String {
        let places = places.min(Self::PLACES);
        let shown = Decimal::fraction(i128::from(self.units), i128::from(Self::ONE), places);
        let units = shown.unwrap_or(self).units;
        let sign = if units < 0 { "-" } else { "" };
        let (whole, rest) = (units.abs() / Self::ONE, units.abs() % Self::ONE);
        if places == 0 {
            return format!("{sign}{whole}");
        }
        let rest = format!("{rest:04}");
        format!("{sign}{whole}.{}", &rest[..places as usize])
    }
}

impl std::fmt::Display for Decimal {
    /// With the fewest digits that mean it: `0.6481`, `54`.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = self.rounded(Self::PLACES);
        out.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

impl Why {
    /// The reason in words, to follow "because" or a dash.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Why::TooFew(floor) => format!("fewer than {floor} cases"),
            Why::None => "no case".to_string(),
            Why::ShortHistory => "the history is shorter than two windows".to_string(),
            Why::NoDay => "no day counts as today; set SOURCE_DATE_EPOCH".to_string(),
            Why::NoHistory => "git does not know when it changed".to_string(),
            Why::NotChecked => "not checked".to_string(),
            Why::NoTeam => "nobody is under `team:`".to_string(),
        }
    }
}

impl Measure {
    /// A number of things.
    #[must_use]
    pub fn count(count: usize) -> Measure {
        Measure { value: Some(Decimal::whole(count as u64)), ..Measure::default() }
    }

    /// How many of how many, as a fraction of 1. There is no value below the floor.
    #[must_use]
    pub fn share(count: usize, of: usize) -> Measure {
        Measure::share_from(count, of, FLOOR)
    }

    /// The same with a floor of its own.
    #[must_use]
    pub fn share_from(count: usize, of: usize, floor: u64) -> Measure {
        let (count, of) = (count as u64, of as u64);
        let is_enough = of >= floor;
        let value = || Decimal::fraction(i128::from(count), i128::from(of), Decimal::PLACES);
        Measure {
            value: is_enough.then(value).flatten(),
            count: Some(count),
            of: Some(of),
            why: (!is_enough).then_some(Why::TooFew(floor)),
            ..Measure::default()
        }
    }

    /// A percentile of times in milliseconds, in units of so many milliseconds, to two places.
    #[must_use]
    pub fn percentile(sorted: &[i64], percent: u32, unit: i64) -> Measure {
        let value = percentile(sorted, percent)
            .and_then(|hundredfold| Decimal::fraction(hundredfold, i128::from(unit) * 100, 2));
        Measure {
            why: value.is_none().then_some(Why::None),
            value,
            of: Some(sorted.len() as u64),
            ..Measure::default()
        }
    }

    /// Nothing, and why.
    #[must_use]
    pub fn nothing(why: Why) -> Measure {
        Measure { why: Some(why), ..Measure::default() }
    }

    /// The same with parts.
    #[must_use]
    pub fn with_rows(self, rows: Vec<Row>) -> Measure {
        Measure { rows, ..self }
    }
}

impl Row {
    /// A part with one number, which is a count.
    #[must_use]
    pub fn count(name: impl Into<String>, count: usize) -> Row {
        Row { name: name.into(), numbers: vec![("count", Decimal::whole(count as u64))], ..Row::default() }
    }

    /// The same with one more.
    #[must_use]
    pub fn and(mut self, name: &'static str, count: usize) -> Row {
        self.numbers.push((name, Decimal::whole(count as u64)));
        self
    }
}

/// A percentile times 100, linear between ranks: of 5 numbers the median is the third, of 4 it lies half-way between the
/// second and the third.
fn percentile(sorted: &[i64], percent: u32) -> Option<i128> {
    let last = sorted.len().checked_sub(1)?;
    let place = last * percent as usize;
    let (rank, rest) = (place / 100, place % 100);
    let (low, high) = (i128::from(sorted[rank]), i128::from(sorted[(rank + 1).min(last)]));
    Some(low * 100 + (high - low) * rest as i128)
}

/// How many people it takes, those with most first, for half of all: the contributor absence factor of CHAOSS.
#[must_use]
pub fn absence_factor(mut counts: Vec<usize>) -> Option<usize> {
    counts.sort_unstable_by(|a, b| b.cmp(a));
    let all: usize = counts.iter().sum();
    let mut sum = 0;
    counts
        .iter()
        .position(|count| {
            sum += count;
            sum * 2 >= all && all > 0
        })
        .map(|place| place + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_linear_between_ranks() {
        let median = |values: &[i64]| Measure::percentile(values, 50, 1).value.map(|it| it.to_string());
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[7]).as_deref(), Some("7"));
        assert_eq!(median(&[1, 2]).as_deref(), Some("1.5"));
        assert_eq!(median(&[1, 2, 9]).as_deref(), Some("2"));
        let p90 = Measure::percentile(&[0, 10, 20, 30, 40], 90, 1);
        assert_eq!(p90.value.map(|it| it.to_string()).as_deref(), Some("36"));
    }

    #[test]
    fn a_share_of_few_is_none() {
        let few = Measure::share(3, 9);
        assert_eq!((few.value, few.count, few.of, few.why), (None, Some(3), Some(9), Some(Why::TooFew(10))));
        assert_eq!(Measure::share(35, 54).value.map(|it| it.to_string()).as_deref(), Some("0.6481"));
        assert_eq!(Measure::share(0, 0).value, None);
    }

    #[test]
    fn numbers_are_read_and_shown_exactly() {
        let shown = |text: &str| Decimal::parse(text).map(|it| it.to_string());
        assert_eq!(shown("24").as_deref(), Some("24"));
        assert_eq!(shown("0.90").as_deref(), Some("0.9"));
        assert_eq!(shown("-2.5").as_deref(), Some("-2.5"));
        for wrong in ["", ".", "1.", "1.23456", "1e3", "--1", "99999999999999"] {
            assert_eq!(shown(wrong), None, "{wrong}");
        }
        let half = Decimal::fraction(-1, 2, 0).expect("a number");
        assert_eq!(half.to_string(), "-1", "half away from zero");
        assert_eq!(Decimal::parse("2.715").expect("a number").rounded(2), "2.72");
        assert_eq!(Decimal::whole(50).percent(Decimal::parse("-2").expect("a number")).to_string(), "-1");
    }

    #[test]
    fn half_of_all_is_enough() {
        assert_eq!(absence_factor(vec![1, 1, 1, 1]), Some(2));
        assert_eq!(absence_factor(vec![5, 1, 1]), Some(1));
        assert_eq!(absence_factor(vec![]), None);
    }
}
