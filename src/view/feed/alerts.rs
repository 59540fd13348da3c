//! What concerns readers right now, as JSON for apps, screens and chats, and for the script that shows it on every page.
//!
//! The form is a contract: names may be added, nothing is taken away or renamed without another `version`.

use std::cmp::Reverse;

use jiff::Timestamp;
use serde::Serialize;

use super::item::Item;
use crate::diagnostic::Spanned;
use crate::page::date::Date;
use crate::page::kind::Kind;
use crate::site::reader::Reader;
use crate::site::written::{Written, WrittenAs};
use crate::site::{EntryId, alert};
use crate::words::Word;

/// At most this many alerts are told at once.
const ALERTS: usize = 20;

/// At most this many updates of each.
const UPDATES: usize = 5;

#[derive(Serialize)]
struct Alerts {
    version: u32,
    alerts: Vec<Alert>,
}

#[derive(Serialize)]
struct Alert {
    id: String,
    url: String,
    title: String,
    summary: String,
    severity: &'static str,
    places: Vec<Named>,
    products: Vec<Named>,
    /// When it begins to matter, if that is said.
    starts: Option<String>,
    /// The moment at which it is over.
    expires: Option<String>,
    /// The same in words of the site's language.
    until: Option<String>,
    published: Option<String>,
    /// When it or one of its updates was written last.
    updated: Option<String>,
    /// The newest first.
    updates: Vec<Update>,
}

#[derive(Serialize)]
struct Named {
    id: String,
    name: String,
}

#[derive(Serialize)]
struct Update {
    id: String,
    url: String,
    text: String,
    published: Option<String>,
}

/// Every alert that is not over.
pub(super) fn json(site: &Reader<'_>) -> String {
    let alerts = alert::urgent(site).into_iter().take(ALERTS).map(|id| self::alert(site, id)).collect();
    // Strings and lists of strings always have a form in JSON.
    serde_json::to_string(&Alerts { version: 1, alerts }).unwrap_or_default() + "\n"
}

fn alert(site: &Reader<'_>, id: EntryId) -> Alert {
    let entry = site.entry(id);
    let fields = site.fields(entry.page);
    let config = site.config();
    let shown = Item::Entry(id).shown(site);
    let moment = |instant: Option<Timestamp>| instant.map(|it| super::rfc3339(Some(it)));
    let date = |field: &Option<Spanned<Date>>| field.as_ref().map(|it| it.value);
    let until = date(&fields.expires).map(|date| super::super::date_and_time(site, &date).text);
    let places = alert::places(Kind::Announcement, fields).into_iter();
    let product = |id: &String| Named { id: id.clone(), name: site.product_name(id).0.to_string() };
    let mut updates: Vec<Written<'_>> =
        entry.written().filter(|written| written.form == WrittenAs::Response).collect();
    updates.sort_by_key(|update| (Reverse(update.reply.date), &update.reply.anchor));
    Alert {
        id: shown.id,
        url: shown.url,
        title: entry.title.clone(),
        summary: entry.description.clone(),
        severity: "urgent",
        places: places.map(|(id, name)| Named { id, name: name.to_string() }).collect(),
        products: entry.products.iter().map(product).collect(),
        starts: moment(date(&fields.starts).and_then(|date| config.instant(&date))),
        expires: moment(date(&fields.expires).and_then(|date| alert::ends(&date, config))),
        until: until.map(|until| site.words().fill(Word::Until, &[("date", &until)])),
        published: moment(shown.published),
        updated: moment(shown.updated),
        updates: updates.into_iter().take(UPDATES).map(|it| update(site, it)).collect(),
    }
}

fn update(site: &Reader<'_>, written: Written<'_>) -> Update {
    let shown = Item::Reply(written).shown(site);
    let published = shown.published.map(|it| super::rfc3339(Some(it)));
    Update { id: shown.id, url: shown.url, text: shown.summary.into_owned(), published }
}
