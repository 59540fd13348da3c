//! Items of feeds made headlines: titles that are one line of text, addresses of the web, days, the newest first.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, fmt::rfc2822};
use url::Url;

use super::text;
use crate::data::feed::{Headline, address, line};
use crate::page::date;
use crate::page::limits::{self, HEADLINE, HEADLINES};

/// No more of a text is looked at to make a title of it, in bytes.
const MAX_TEXT: usize = 8_000;
/// A text that stands in for a title is cut after so many characters.
const EXCERPT: usize = 100;

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Markup {
    /// Text as it is.
    Plain,
    /// HTML.
    Html,
    /// Text or HTML: the format does not say it.
    Either,
}

/// An item as it stands in a feed.
#[derive(Debug, Default)]
pub(super) struct Item {
    /// The title.
    pub(super) title: Option<(String, Markup)>,
    /// The text, or the beginning of it, for items without a title.
    pub(super) text: Option<(String, Markup)>,
    /// The address, against which base it is to be read.
    pub(super) url: Option<Url>,
    /// When it was published, as written.
    pub(super) date: Option<String>,
}

/// The newest of the items that have a title and an address, each address once. What has no day comes last, in the
/// order of the feed.
pub(super) fn headlines(items: Vec<Item>, today: Option<Date>, zone: &TimeZone) -> Vec<Headline> {
    let dated = |item: Item| {
        let moment = item.date.as_deref().and_then(|text| moment(text, zone));
        // A day in the future would stand first until it comes, and nobody has read it yet.
        let moment = moment.filter(|(day, _)| today.is_none_or(|today| *day <= today));
        (moment, item)
    };
    let mut items: Vec<(Option<(Date, Timestamp)>, Item)> = items.into_iter().map(dated).collect();
    items.sort_by_key(|(moment, _)| (moment.is_none(), Reverse(moment.map(|(_, instant)| instant))));
    let mut known = BTreeSet::new();
    let headline = |(moment, item): (Option<(Date, Timestamp)>, Item)| {
        let url = address(item.url?.as_str())?;
        if known.contains(&url) {
            return None;
        }
        let title = title(item.title, HEADLINE).or_else(|| title(item.text, EXCERPT))?;
        known.insert(url.clone());
        Some(Headline { date: moment.map(|(day, _)| day), title, url })
    };
    items.into_iter().filter_map(headline).take(HEADLINES).collect()
}

/// One line of text, if anything is left of it.
fn title(text: Option<(String, Markup)>, most: usize) -> Option<String> {
    let (mut text, markup) = text?;
    text.truncate(text.floor_char_boundary(MAX_TEXT));
    let is_html = match markup {
        Markup::Plain => false,
        Markup::Html => true,
        Markup::Either => text::is_html(&text),
    };
    let line = line(&if is_html { text::of_html(&text) } else { text });
    let line = limits::cut(&line, most).unwrap_or(line);
    (!line.is_empty()).then_some(line)
}

/// The day of a date where the site lives, and the moment that sorts it. Feeds write dates as RFC 3339 or RFC 2822, or
/// nearly so.
fn moment(text: &str, zone: &TimeZone) -> Option<(Date, Timestamp)> {
    let text = text.trim();
    let instant = text.parse::<Timestamp>().ok();
    let instant = instant.or_else(|| rfc2822::DateTimeParser::new().parse_timestamp(text).ok());
    if let Some(instant) = instant {
        return Some((instant.to_zoned(zone.clone()).date(), instant));
    }
    let date = date::parse(text).ok()?;
    let there = date.offset.map_or_else(|| zone.clone(), TimeZone::fixed);
    let time = date.time.unwrap_or(jiff::civil::Time::midnight());
    let moment = date.day.to_datetime(time).to_zoned(there).ok()?;
    let day = if date.offset.is_some() { moment.with_time_zone(zone.clone()).date() } else { date.day };
    Some((day, moment.timestamp()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Option<String> {
        moment(text, &TimeZone::get("Europe/Berlin").expect("a zone")).map(|(day, _)| day.to_string())
    }

    #[test]
    fn the_day_is_that_of_the_place_where_the_site_lives() {
        for (text, expected) in [
            ("2026-11-10T23:30:00Z", "2026-11-11"),
            ("2026-11-10T10:00:00+01:00", "2026-11-10"),
            ("Tue, 10 Nov 2026 23:30:00 GMT", "2026-11-11"),
            ("Tue, 10 Nov 2026 10:00:00 EST", "2026-11-10"),
            ("Wed, 10 Nov 2026 10:00:00 +0100", "2026-11-10"),
            ("10 Nov 2026", "2026-11-10"),
            ("2026-11-10", "2026-11-10"),
            ("2026-11-10 10:00:00", "2026-11-10"),
        ] {
            assert_eq!(day(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["", "yesterday", "2026-13-45", "10/11/2026", "0"] {
            assert_eq!(day(text), None, "{text}");
        }
    }
}
