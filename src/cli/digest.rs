//! `longhouse digest`: what is new, as a text that any program can send.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anstream::eprintln;
use clap::ValueEnum;
use jiff::civil::Date;

use super::{Failure, Outcome, ci};
use crate::digest::{self, Options};
use crate::page::date;
use crate::page::front_matter::period;
use crate::root;
use crate::site::suggest::Suggestions;
use crate::site::{Site, Visibility, alert, facet, taxonomy};

/// What `digest` takes.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The first day: a date, or how long before today, such as 7d, 2w, 1m
    #[arg(long, value_name = "TIME", default_value = "7d")]
    since: String,
    /// Begin with what was written to this person, by handle or name, and leave out what they wrote themselves
    #[arg(long = "for", value_name = "PERSON")]
    person: Option<String>,
    /// Leave out announcements, groups and events for other places
    #[arg(long, value_name = "PLACE")]
    place: Option<String>,
    /// Leave out what is not about this product
    #[arg(long, value_name = "PRODUCT")]
    product: Option<String>,
    /// The form of the text
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Markdown)]
    format: Format,
    /// The address of the published site, instead of `base_url` in longhouse.yaml
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
}

/// The form of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For issues and chats
    Markdown,
    /// For mail: one document with inline styles
    Html,
    /// For mail: lines of at most 72 columns
    Text,
}

/// Prints what is new. Nothing on standard output means that there is nothing to send.
///
/// # Errors
/// When the site cannot be read or has no address, or there is no such day, person or product.
pub fn run(root: Option<PathBuf>, arguments: &Arguments) -> Result<Outcome, Failure> {
    let root = super::root(root)?;
    let options = ci::options(&root, &root.join(root::OUTPUT), arguments.base_url.as_deref())?;
    let sources = super::load(&root, &options)?;
    if sources.config.base_url.is_none() {
        return Err(Failure::Usage(
            "A digest is read away from the site, so its links need the site’s whole address. Add it to \
             longhouse.yaml:\n\n    base_url: https://community.example.org/\n\nor pass it to the command: \
             --base-url https://community.example.org/"
                .to_string(),
        ));
    }
    ci::tell_day(&sources);
    let since = since(&arguments.since, sources.today)?;
    let (site, _) = crate::pipeline::understand(&sources, Visibility::default(), &|_| {});
    let person = arguments.person.as_deref().map(|person| self::person(&site, person)).transpose()?;
    let place = arguments.place.as_deref().map(|place| self::place(&site, place));
    let product = arguments.product.as_deref().map(|product| self::product(&site, product)).transpose()?;
    let options = Options {
        since,
        until: sources.today,
        person: person.as_deref(),
        place: place.as_deref(),
        product: product.as_deref(),
    };
    let digest = digest::digest(&site, &options);
    if digest.groups.is_empty() {
        eprintln!("Nothing is new: {}. Nothing was printed.", super::plain(&digest.days));
        return Ok(Outcome::Done);
    }
    super::print(&match arguments.format {
        Format::Markdown => digest::markdown(&digest),
        Format::Html => digest::html(&digest),
        Format::Text => digest::text(&digest),
    })?;
    Ok(Outcome::Done)
}

/// The first day of the digest.
fn since(text: &str, today: Option<Date>) -> Result<Date, Failure> {
    let since = match (period(text), today) {
        (Some(every), Some(today)) => every.before(today),
        (Some(_), None) => {
            return Err(Failure::Usage(format!(
                "No day counts as today, so `{text}` before it is unknown. Commit the site to git, set SOURCE_DATE_EPOCH, \
                 or give a date: --since 2026-07-01"
            )));
        }
        (None, _) => match date::parse(text) {
            Ok(date) => date.day,
            Err(_) => {
                return Err(Failure::Usage(format!(
                    "`{text}` is neither a date nor a time. Write a date such as 2026-07-01, or how long before today: \
                     7d, 2w, 1m"
                )));
            }
        },
    };
    match today.filter(|today| since > *today) {
        Some(today) => Err(Failure::Usage(format!(
            "{since} is after today, which is {today}. Today is SOURCE_DATE_EPOCH, or the day of the last commit"
        ))),
        None => Ok(since),
    }
}

fn person(site: &Site, written: &str) -> Result<String, Failure> {
    let people = site.people();
    let handle = people.handle(written);
    if people.get(&handle).is_some() {
        return Ok(handle);
    }
    let near = Suggestions::default().nearest(&handle, people.by_handle.keys().map(String::as_str));
    Err(unknown("person", written, near))
}

fn product(site: &Site, written: &str) -> Result<String, Failure> {
    let id = taxonomy::product_id(&site.sources().config, written);
    if site.products().contains_key(&id) {
        return Ok(id);
    }
    let near = Suggestions::default().nearest(&id, site.products().keys().map(String::as_str));
    Err(unknown("product", written, near))
}

/// The slug of a place. One that nothing names yet is no mistake, but it may be one.
fn place(site: &Site, written: &str) -> String {
    let slug = facet::slug(written);
    let entries = site.listed().map(|(_, entry)| (entry.kind, &site.pages()[entry.page].fields));
    let places: BTreeSet<String> =
        entries.flat_map(|(kind, fields)| alert::places(kind, fields)).map(|(slug, _)| slug).collect();
    if !places.contains(&slug) {
        let near = Suggestions::default().nearest(&slug, places.iter().map(String::as_str));
        let near = near.map_or_else(String::new, |near| format!(" Did you mean `{near}`?"));
        eprintln!("note: No announcement and no link names the place `{}`.{near}", super::plain(written));
    }
    slug
}

fn unknown(what: &str, written: &str, near: Option<String>) -> Failure {
    let near = near.map_or_else(String::new, |near| format!(" Did you mean `{near}`?"));
    Failure::Usage(format!("There is no {what} `{written}` on this site.{near}"))
}
