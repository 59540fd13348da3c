//! When an event takes place, as far as a text says it: `12 December 2026, 10 to 16`, `2026-12-12`, `every first Friday`.
//!
//! A text is for people. What program and people read alike is a day with its year; whatever else it says, such as a
//! rule by which something comes again, has no day and is never over.

use std::borrow::Cow;

use jiff::civil::Date;

use crate::page::date;

/// No more words of a text are looked at.
const WORDS: usize = 60;

/// English names of the months, which is what dates are read in.
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// What some languages put between a day, its month and its year.
const JOINING: [&str; 3] = ["de", "del", "of"];

/// What makes a day the first of something that goes on, by the first letters in their languages.
const SINCE: [&str; 4] = ["since", "seit", "desde", "depuis"];

/// The first and the last day that a text names, if it names any. `months` are the names of the months in the language
/// of the site.
#[must_use]
pub fn days(text: &str, months: &[String]) -> Option<(Date, Date)> {
    let words: Vec<Cow<'_, str>> = text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')'))
        // Spanish writes "12 de diciembre de 2026", German "am 12.".
        .filter(|word| !word.is_empty() && !JOINING.contains(&word.to_lowercase().as_str()))
        .take(WORDS)
        .map(|word| understood(word, months))
        .collect();
    // "Every Thursday since 3 March 2020" goes on, and "from 12 to 14 December 2026" ends.
    let goes_on = words.iter().any(|word| SINCE.contains(&word.to_lowercase().as_str()));
    let mut found: Option<(Date, Date)> = None;
    let mut at = 0;
    while at < words.len() {
        let (day, length) = match (numeric(&words[at]), words.get(at..at + 3).and_then(in_words)) {
            (Some(day), _) => (day, 1),
            (None, Some(day)) => (day, 3),
            (None, None) => {
                at += 1;
                continue;
            }
        };
        found = Some(found.map_or((day, day), |(first, last)| (first.min(day), last.max(day))));
        at += length;
    }
    found.filter(|(first, last)| !goes_on || first != last)
}

/// A word with its month in English, and of `12–14` the last number.
fn understood<'a>(word: &'a str, months: &[String]) -> Cow<'a, str> {
    let bare = word.trim_end_matches('.');
    if let Some(month) = months.iter().position(|month| is_same(month, bare)) {
        return Cow::Borrowed(MONTHS.get(month).copied().unwrap_or(word));
    }
    let is_day = |part: &str| {
        let digits = part.trim_end_matches('.');
        (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    // French writes the first day of a month as `1er`.
    let word = if word.eq_ignore_ascii_case("1er") { "1" } else { word };
    match word.split_once(['-', '–', '—']) {
        Some((from, until)) if is_day(from) && is_day(until) => Cow::Borrowed(until),
        _ => Cow::Borrowed(word),
    }
}

fn is_same(month: &str, word: &str) -> bool {
    month.trim_end_matches('.').to_lowercase() == word.to_lowercase()
}

/// A day in one word: `2026-12-12`, `12.12.2026`, `2026-12-12T10:00`.
fn numeric(word: &str) -> Option<Date> {
    let is_whole = word.len() >= 8 && word.matches(['-', '.', '/']).count() >= 2;
    let day = is_whole.then(|| date::parse(word).ok())??.day;
    Some(day)
}

/// A day in three words: `12 December 2026`, `December 12 2026`.
fn in_words(words: &[Cow<'_, str>]) -> Option<Date> {
    let has_year = words.iter().any(|word| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit()));
    let has_month = words.iter().any(|word| word.starts_with(char::is_alphabetic));
    let day = (has_year && has_month).then(|| date::parse(&words.join(" ")).ok())??.day;
    Some(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        let german = ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September"];
        let months: Vec<String> = german.iter().map(ToString::to_string).collect();
        let (first, last) = days(text, &months)?;
        Some(if first == last { first.to_string() } else { format!("{first} {last}") })
    }

    #[test]
    fn a_day_is_found_wherever_it_stands() {
        for (text, day) in [
            ("12 December 2026, 10 to 16", "2026-12-12"),
            ("Saturday, December 12, 2026", "2026-12-12"),
            ("2026-12-12", "2026-12-12"),
            ("from 2026-12-12T10:00 on", "2026-12-12"),
            ("12.12.2026, 10 Uhr", "2026-12-12"),
            ("am 3. März 2027 um 18 Uhr", "2027-03-03"),
            ("12–14 December 2026", "2026-12-14"),
            ("2026-12-12 to 2026-12-14", "2026-12-12 2026-12-14"),
            ("30 December 2026 to 2 January 2027", "2026-12-30 2027-01-02"),
            ("el 12 de März de 2026", "2026-03-12"),
            ("1er März 2026", "2026-03-01"),
            ("since 3 March 2026 until 5 March 2026", "2026-03-03 2026-03-05"),
        ] {
            assert_eq!(read(text).as_deref(), Some(day), "{text}");
        }
    }

    #[test]
    fn what_names_no_day_with_its_year_has_none() {
        for text in [
            "",
            "every first Friday, 18:00",
            "every Thursday since 3 March 2020",
            "first Thursday of each month",
            "12 December",
            "December 2026",
            "2026",
            "99 December 2026",
            "10/11/2026",
            "soon",
            "10-16",
            "—",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read(&"a ".repeat(100_000)), None);
    }
}
