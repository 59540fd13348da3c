//! Dates as people type them: `2026-11-21`, `21.11.2026`, `Nov 21, 2026`, with a time or without.
//!
//! No locale and no clock: a text means the same day on every machine. What could mean two days means none.

use std::fmt;

use jiff::civil;
use jiff::tz::Offset;

/// A day, and the time and offset from UTC where they were given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// The day as written, in whatever zone the writer meant.
    pub day: civil::Date,
    /// The time of day.
    pub time: Option<civil::Time>,
    /// The offset from UTC. Never given without a time.
    pub offset: Option<Offset>,
}

/// Why a text is no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoDate {
    /// It can be read as either of these days (day first, month first).
    Ambiguous(civil::Date, civil::Date),
    /// It has the form of a date, but there is no such day or time.
    Impossible,
    /// It does not have the form of a date.
    Unknown,
}

impl Date {
    /// A day without a time.
    #[must_use]
    pub const fn on(day: civil::Date) -> Date {
        Date { day, time: None, offset: None }
    }
}

impl fmt::Display for Date {
    /// ISO 8601, as it should be written: `2026-11-21` or `2026-11-21T10:00:00+01:00`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.day)?;
        if let Some(time) = self.time {
            write!(out, "T{time}")?;
        }
        match self.offset {
            Some(offset) if offset == Offset::UTC => out.write_str("Z"),
            Some(offset) => write!(out, "{offset}"),
            None => Ok(()),
        }
    }
}

/// Reads a date. A month (`2026-11`) is its first day.
///
/// # Errors
/// Says whether the text has two meanings, means no day that exists, or is no date at all.
pub fn parse(text: &str) -> Result<Date, NoDate> {
    let text = text.trim();
    // No date is longer than "Wednesday, 21st of September 2026 at 10:00:00.123456789 +02:00".
    if text.len() > 80 || !text.is_ascii() {
        return Err(NoDate::Unknown);
    }
    if let Some(day) = iso_day(text) {
        return day.map(Date::on);
    }
    let (day_text, clock) = match split_clock(text) {
        Some((day_text, clock_text)) => (day_text, Some(clock(clock_text)?)),
        None => (text, None),
    };
    let day = if day_text.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        day_in_words(day_text)?
    } else {
        day_in_numbers(day_text)?
    };
    let (time, offset) = clock.map_or((None, None), |(time, offset)| (Some(time), offset));
    Ok(Date { day, time, offset })
}

/// Whether the text is written as we recommend: `2026-11-21`, or that with an ISO time.
#[must_use]
pub fn is_canonical(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 10
        && bytes[4] == b'-'
        && bytes[7] == b'-'
        && bytes[..10].iter().filter(|byte| byte.is_ascii_digit()).count() == 8
        && (bytes.len() == 10 || matches!(bytes[10], b'T' | b' '))
}

/// The common form, `YYYY-MM-DD`, without a detour.
fn iso_day(text: &str) -> Option<Result<civil::Date, NoDate>> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    Some(civil_day(number(&text[..4])?, number(&text[5..7])?, number(&text[8..])?))
}

/// Parts a text before its time of day, which is what stands around the first colon.
fn split_clock(text: &str) -> Option<(&str, &str)> {
    let colon = text.find(':')?;
    let start = text[..colon].rfind(|c: char| !c.is_ascii_digit())? + 1;
    let before = text[..start].trim_end();
    // "T" between day and time, or "at", or a comma, or only a space.
    let before = match before.strip_suffix(['T', 't']) {
        Some(day) if day.ends_with(|c: char| c.is_ascii_digit()) => day,
        _ => before,
    };
    let before = before.strip_suffix(" at").unwrap_or(before);
    Some((before.trim_end_matches([',', ' ']), &text[start..]))
}

/// A time of day and its offset: `10:00`, `10:00:00.5Z`, `10:00:00 +0200`, `10:00 pm`, `10:00 UTC`.
fn clock(text: &str) -> Result<(civil::Time, Option<Offset>), NoDate> {
    let end = text.find(|c: char| !matches!(c, '0'..='9' | ':' | '.')).unwrap_or(text.len());
    let (digits, mut rest) = (&text[..end], text[end..].trim());
    let mut parts = digits.split(':');
    let mut hour = parts.next().and_then(number).ok_or(NoDate::Unknown)?;
    let minute = parts.next().and_then(number).ok_or(NoDate::Unknown)?;
    let (second, nanosecond) = match parts.next() {
        Some(seconds) => {
            let (whole, fraction) = seconds.split_once('.').unwrap_or((seconds, ""));
            let fraction = &fraction[..fraction.len().min(9)];
            let nanosecond = if fraction.is_empty() {
                0
            } else {
                let digits = number(fraction).ok_or(NoDate::Unknown)?;
                digits * 10_i32.pow(9 - u32::try_from(fraction.len()).unwrap_or(9))
            };
            (number(whole).ok_or(NoDate::Unknown)?, nanosecond)
        }
        None => (0, 0),
    };
    if parts.next().is_some() {
        return Err(NoDate::Unknown);
    }
    let half = rest.get(..2).map(str::to_ascii_lowercase);
    if let Some(half @ ("am" | "pm")) = half.as_deref() {
        if !(1..=12).contains(&hour) {
            return Err(NoDate::Impossible);
        }
        hour = hour % 12 + if half == "pm" { 12 } else { 0 };
        rest = rest[2..].trim();
    }
    let time = civil::Time::new(small(hour)?, small(minute)?, small(second.min(59))?, nanosecond)
        .map_err(|_| NoDate::Impossible)?;
    if second > 60 {
        return Err(NoDate::Impossible);
    }
    Ok((time, zone(rest)?))
}

/// An offset: nothing, `Z`, `UTC`, `GMT`, `+02:00`, `+0200`, `-2`.
fn zone(text: &str) -> Result<Option<Offset>, NoDate> {
    if text.is_empty() {
        return Ok(None);
    }
    if ["z", "utc", "gmt"].iter().any(|name| text.eq_ignore_ascii_case(name)) {
        return Ok(Some(Offset::UTC));
    }
    let text = text.strip_prefix("UTC").or_else(|| text.strip_prefix("GMT")).unwrap_or(text);
    let (sign, digits) = match text.split_at_checked(1) {
        Some(("+", digits)) => (1, digits),
        Some(("-", digits)) => (-1, digits),
        _ => return Err(NoDate::Unknown),
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some((hours, minutes)) => (hours, minutes),
        None if digits.len() == 4 => digits.split_at(2),
        None => (digits, "0"),
    };
    let (hours, minutes) = (number(hours).ok_or(NoDate::Unknown)?, number(minutes).ok_or(NoDate::Unknown)?);
    if hours > 23 || minutes > 59 {
        return Err(NoDate::Impossible);
    }
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).map(Some).map_err(|_| NoDate::Impossible)
}

/// `2026-11-21`, `2026/1/5`, `2026-11`, `20261121`, `21.11.2026`, `11/21/2026`, `21-11-2026`.
fn day_in_numbers(text: &str) -> Result<civil::Date, NoDate> {
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let part = |from: usize, to: usize| number(&text[from..to]).ok_or(NoDate::Unknown);
        return civil_day(part(0, 4)?, part(4, 6)?, part(6, 8)?);
    }
    let separator = text.chars().find(|c| matches!(c, '-' | '/' | '.')).ok_or(NoDate::Unknown)?;
    let mut fields = [""; 3];
    let mut count = 0;
    for part in text.split(separator) {
        *fields.get_mut(count).ok_or(NoDate::Unknown)? = part.trim();
        count += 1;
    }
    let mut numbers = [1; 3];
    for (value, field) in numbers.iter_mut().zip(&fields[..count]) {
        *value = number(field).ok_or(NoDate::Unknown)?;
    }
    let [first, second, third] = numbers;
    if fields[0].len() == 4 && separator != '.' {
        return civil_day(first, second, third);
    }
    if count != 3 || fields[2].len() != 4 {
        return Err(NoDate::Unknown);
    }
    let day_first = civil_day(third, second, first);
    if separator == '.' {
        return day_first;
    }
    match (day_first, civil_day(third, first, second)) {
        (Ok(day_first), Ok(month_first)) if day_first != month_first => {
            Err(NoDate::Ambiguous(day_first, month_first))
        }
        (Ok(day), _) | (_, Ok(day)) => Ok(day),
        (Err(_), Err(_)) => Err(NoDate::Impossible),
    }
}

/// `Nov 21, 2026`, `21. November 2026`, `Saturday, 21st of Nov 2026`, `November 2026`, `21-Nov-2026`.
fn day_in_words(text: &str) -> Result<civil::Date, NoDate> {
    let (mut year, mut month, mut day) = (None, None, None);
    for word in text.split([' ', ',', '-', '/', '.']).filter(|word| !word.is_empty()) {
        if let Some(value) = number(word.trim_end_matches(|c: char| c.is_ascii_alphabetic())) {
            let ending = word.trim_start_matches(|c: char| c.is_ascii_digit());
            if !["", "st", "nd", "rd", "th"].iter().any(|known| ending.eq_ignore_ascii_case(known)) {
                return Err(NoDate::Unknown);
            }
            let slot = if word.len() == 4 && ending.is_empty() { &mut year } else { &mut day };
            if slot.replace(value).is_some() {
                return Err(NoDate::Unknown);
            }
        } else if let Some(number) = month_named(word) {
            if month.replace(number).is_some() {
                return Err(NoDate::Unknown);
            }
        } else if !is_filler(word) {
            return Err(NoDate::Unknown);
        }
    }
    civil_day(year.ok_or(NoDate::Unknown)?, month.ok_or(NoDate::Unknown)?, day.unwrap_or(1))
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

fn month_named(word: &str) -> Option<i32> {
    let at = MONTHS.iter().position(|month| is_name_or_start(word, month))?;
    i32::try_from(at + 1).ok()
}

fn is_filler(word: &str) -> bool {
    word.eq_ignore_ascii_case("of")
        || word.eq_ignore_ascii_case("the")
        || WEEKDAYS.iter().any(|day| is_name_or_start(word, day))
}

/// Whether a word is a name or at least its first three letters.
fn is_name_or_start(word: &str, name: &str) -> bool {
    word.len() >= 3 && name.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

fn number(digits: &str) -> Option<i32> {
    if digits.is_empty() || digits.len() > 9 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}

fn civil_day(year: i32, month: i32, day: i32) -> Result<civil::Date, NoDate> {
    let year = i16::try_from(year).map_err(|_| NoDate::Impossible)?;
    civil::Date::new(year, small(month)?, small(day)?).map_err(|_| NoDate::Impossible)
}

fn small(value: i32) -> Result<i8, NoDate> {
    i8::try_from(value).map_err(|_| NoDate::Impossible)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_same_day_in_every_way_people_write_it() {
        for text in [
            "2026-11-21",
            "2026/11/21",
            "2026-11-21 ",
            "21.11.2026",
            "21. 11. 2026",
            "Nov 21, 2026",
            "nov 21 2026",
            "21 November 2026",
            "21. November 2026",
            "November 21st, 2026",
            "Saturday, 21st of November 2026",
            "21-Nov-2026",
            "11/21/2026",
            "21/11/2026",
            "21-11-2026",
            "20261121",
        ] {
            assert_eq!(parse(text), Ok(Date::on(date(2026, 11, 21))), "{text}");
        }
        assert_eq!(parse("2026-11"), Ok(Date::on(date(2026, 11, 1))));
        assert_eq!(parse("Sept 2026"), Ok(Date::on(date(2026, 9, 1))));
        assert_eq!(parse("11/11/2026"), Ok(Date::on(date(2026, 11, 11))));
    }

    #[test]
    fn a_time_and_its_offset_are_kept() {
        for (text, expected) in [
            ("2026-11-21T10:00:00Z", "2026-11-21T10:00:00Z"),
            ("2026-11-21 10:00", "2026-11-21T10:00:00"),
            ("2026-11-21T10:00:00.5+02:00", "2026-11-21T10:00:00.5+02"),
            ("2026-11-21 10:00:00 -0530", "2026-11-21T10:00:00-05:30"),
            ("Sat, 21 Nov 2026 10:00:00 GMT", "2026-11-21T10:00:00Z"),
            ("Nov 21, 2026 at 9:05 pm", "2026-11-21T21:05:00"),
            ("21.11.2026, 10:00", "2026-11-21T10:00:00"),
        ] {
            assert_eq!(parse(text).map(|date| date.to_string()), Ok(expected.to_owned()), "{text}");
        }
    }

    #[test]
    fn a_date_with_two_meanings_names_both() {
        assert_eq!(parse("11/12/2026"), Err(NoDate::Ambiguous(date(2026, 12, 11), date(2026, 11, 12))));
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for text in ["2026-02-30", "32.1.2026", "2026-13-01", "13/13/2026", "2026-11-21T25:00"] {
            assert_eq!(parse(text), Err(NoDate::Impossible), "{text}");
        }
        for text in
            ["", "soon", "21.11.26", "2026", "Nov 2026 2027", "1:2", ":", "2026-11-21-11", "21st Foo 2026"]
        {
            assert_eq!(parse(text), Err(NoDate::Unknown), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,90}|[0-9T:. +/a-zA-Z,-]{0,40}") {
            if let Ok(date) = parse(&text) {
                prop_assert_eq!(parse(&date.to_string()), Ok(date));
            }
        }
    }
}
