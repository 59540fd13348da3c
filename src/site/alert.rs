//! When and where an announcement matters: until which moment, at which places, and which ones are urgent today.

use jiff::{Timestamp, ToSpan};

use super::EntryId;
use super::facet;
use super::reader::Reader;
use crate::config::Config;
use crate::page::date::Date;
use crate::page::front_matter::{Fields, Urgency};
use crate::page::kind::Kind;

/// The moment until which something lasts: a day lasts until it is over.
#[must_use]
pub fn ends(date: &Date, config: &Config) -> Option<Timestamp> {
    let next = || Some(Date { day: date.day.checked_add(1.day()).ok()?, ..*date });
    config.instant(&if date.time.is_none() { next()? } else { *date })
}

/// The places that an announcement or a link names, each with its slug, and once however it is spelled.
#[must_use]
pub fn places(kind: Kind, fields: &Fields) -> Vec<(String, &str)> {
    let of_announcement = fields.places.iter().filter(|_| kind == Kind::Announcement);
    let of_link = fields.place.iter().filter(|_| kind == Kind::Link);
    let mut places: Vec<(String, &str)> = Vec::new();
    for place in of_announcement.chain(of_link) {
        let slug = facet::slug(&place.value);
        if !slug.is_empty() && places.iter().all(|(known, _)| *known != slug) {
            places.push((slug, &place.value));
        }
    }
    places
}

/// Whether an announcement was over before today.
#[must_use]
pub fn is_over(site: &Reader<'_>, id: EntryId) -> bool {
    match (site.summary(id).expires, site.today()) {
        (Some(expires), Some(today)) => expires.day < today,
        _ => false,
    }
}

/// Urgent announcements that are not over, the newest first.
#[must_use]
pub fn urgent(site: &Reader<'_>) -> Vec<EntryId> {
    let announcements = site.listed().filter(|(_, entry)| entry.kind == Kind::Announcement);
    let is_urgent = |id: &EntryId| site.summary(*id).severity == Some(Urgency::Urgent) && !is_over(site, *id);
    let mut urgent: Vec<EntryId> = announcements.map(|(id, _)| id).filter(is_urgent).collect();
    urgent.sort_by_key(|id| site.summary(*id).list_order());
    urgent
}
