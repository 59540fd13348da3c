//! Spans of days: the weeks, months, quarters and years of a history, and the last ninety days.

use jiff::civil::{Date, date};
use jiff::{ToSpan, Unit};

/// No more periods than this are shown, the latest ones: dates are what somebody wrote.
const PERIODS: usize = 600;

/// A span of days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The first day.
    pub from: i64,
    /// The last day.
    pub until: i64,
}

/// How long each period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Every {
    /// A week by ISO 8601, from Monday on.
    Week,
    /// A calendar month.
    Month,
    /// A quarter of a year.
    Quarter,
    /// A calendar year.
    Year,
}

/// One of the periods of a history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// What it is called: `2026-W07`, `2026-02`, `2026-Q1`, `2026`.
    pub name: String,
    /// Its days, cut off where the history ends.
    pub window: Window,
    /// The days of the period before.
    pub before: Window,
}

impl Window {
    /// How many days it has.
    #[must_use]
    pub fn days(self) -> i64 {
        self.until - self.from + 1
    }

    /// The span of as many days that ends where this one begins.
    #[must_use]
    pub fn before(self) -> Window {
        Window { from: self.from - self.days(), until: self.from - 1 }
    }
}

impl Every {
    /// All of them, the shortest first.
    pub const ALL: [Every; 4] = [Every::Week, Every::Month, Every::Quarter, Every::Year];

    /// How long periods are for a chart of so many days to be readable.
    #[must_use]
    pub const fn for_days(days: i64) -> Every {
        match days {
            ..=180 => Every::Week,
            181..=1100 => Every::Month,
            1101..=4500 => Every::Quarter,
            _ => Every::Year,
        }
    }

    /// Its name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Every::Week => "week",
            Every::Month => "month",
            Every::Quarter => "quarter",
            Every::Year => "year",
        }
    }

    /// The periods of a history, the oldest first; of a very long one the latest.
    #[must_use]
    pub fn periods(self, history: Window) -> Vec<Period> {
        let mut periods = Vec::new();
        let mut start = self.start_of(day_of(history.until));
        loop {
            let from = day_number(start);
            let before = self.start_of(day_of(from - 1));
            let end = day_number(self.next(start)) - 1;
            periods.push(Period {
                name: self.name_of(start),
                window: Window { from, until: end.min(history.until) },
                before: Window { from: day_number(before), until: from - 1 },
            });
            if from <= history.from || periods.len() == PERIODS || before >= start {
                break;
            }
            start = before;
        }
        periods.reverse();
        periods
    }

    /// The first day of the period that a day lies in.
    #[must_use]
    pub fn start_of(self, day: Date) -> Date {
        match self {
            Every::Week => {
                let since = i64::from(day.weekday().to_monday_zero_offset());
                day.checked_sub(since.days()).unwrap_or(day)
            }
            Every::Month => date(day.year(), day.month(), 1),
            Every::Quarter => date(day.year(), (day.month() - 1) / 3 * 3 + 1, 1),
            Every::Year => date(day.year(), 1, 1),
        }
    }

    fn next(self, start: Date) -> Date {
        let span = match self {
            Every::Week => 7.days(),
            Every::Month => 1.month(),
            Every::Quarter => 3.months(),
            Every::Year => 1.year(),
        };
        start.checked_add(span).unwrap_or(Date::MAX)
    }

    fn name_of(self, start: Date) -> String {
        match self {
            Every::Week => {
                let week = start.iso_week_date();
                format!("{:04}-W{:02}", week.year(), week.week())
            }
            Every::Month => month(start),
            Every::Quarter => format!("{:04}-Q{}", start.year(), (start.month() - 1) / 3 + 1),
            Every::Year => format!("{:04}", start.year()),
        }
    }
}

/// The name of a day's month.
#[must_use]
pub fn month(day: Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

/// How many months lie between the months of two days.
#[must_use]
pub fn months_between(from: Date, to: Date) -> i64 {
    let months = |day: Date| i64::from(day.year()) * 12 + i64::from(day.month());
    months(to) - months(from)
}

/// A day as a number: days since 1970.
#[must_use]
pub fn day_number(day: Date) -> i64 {
    const START: Date = date(1970, 1, 1);
    START.until((Unit::Day, day)).map_or(0, |span| i64::from(span.get_days()))
}

/// The day of a number.
#[must_use]
pub fn day_of(number: i64) -> Date {
    const START: Date = date(1970, 1, 1);
    let end = if number < 0 { Date::MIN } else { Date::MAX };
    jiff::Span::new().try_days(number).ok().and_then(|span| START.checked_add(span).ok()).unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(every: Every, from: Date, until: Date) -> Vec<String> {
        let history = Window { from: day_number(from), until: day_number(until) };
        every.periods(history).into_iter().map(|it| it.name).collect()
    }

    #[test]
    fn periods_cover_the_history_without_a_gap() {
        let (from, until) = (date(2023, 12, 30), date(2024, 3, 1));
        assert_eq!(names(Every::Year, from, until), ["2023", "2024"]);
        assert_eq!(names(Every::Quarter, from, until), ["2023-Q4", "2024-Q1"]);
        assert_eq!(names(Every::Month, from, until), ["2023-12", "2024-01", "2024-02", "2024-03"]);
        assert_eq!(names(Every::Week, from, until)[..2], ["2023-W52", "2024-W01"]);
        for every in Every::ALL {
            let periods = every.periods(Window { from: day_number(from), until: day_number(until) });
            assert!(periods.windows(2).all(|it| it[0].window.until + 1 == it[1].window.from), "{every:?}");
            assert!(periods.windows(2).all(|it| it[1].before.from == it[0].window.from), "{every:?}");
            assert_eq!(periods.last().map(|it| it.window.until), Some(day_number(until)));
        }
    }

    #[test]
    fn no_date_makes_endless_periods() {
        let periods =
            Every::Week.periods(Window { from: day_number(Date::MIN), until: day_number(date(2026, 1, 1)) });
        assert_eq!(periods.len(), PERIODS);
        let ends = Window { from: day_number(Date::MIN), until: day_number(Date::MIN) };
        assert!(Every::ALL.iter().all(|every| !every.periods(ends).is_empty()));
        assert_eq!(day_of(day_number(date(2024, 2, 29))), date(2024, 2, 29));
    }
}
