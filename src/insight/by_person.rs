//! What people did for others, one row a person: the same facts as on their pages, for those who look after a community.
//! It names people, so nothing of it is published. Who wants no page is not in it.

use std::fmt::Write as _;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::csv::cell;
use crate::site::Site;
use crate::site::expertise::{Evidence, Expertise};
use crate::site::recognition::{Mark, Recognition};

/// Counts up when something is found under another name.
const VERSION: u32 = 1;

/// The first line of CSV.
const HEAD: &str = "handle,name,role,answers,accepted,confirmed,helped,first,last,knows,marks\n";

/// What people did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeopleReport {
    /// The title of the site.
    pub site: String,
    /// The day that counts as today.
    pub today: Option<Date>,
    /// Those who helped most different people first; of equals who answered last, then by handle.
    pub people: Vec<PersonRow>,
}

/// What somebody did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRow {
    /// The handle.
    pub handle: String,
    /// The name.
    pub name: String,
    /// The role in the company's team.
    pub role: Option<&'static str>,
    /// How many answers they gave to others.
    pub answers: usize,
    /// How many of them were accepted.
    pub accepted: usize,
    /// How many different people wrote that it worked.
    pub confirmed: usize,
    /// How many different people they helped.
    pub helped: usize,
    /// When they first gave anything.
    pub first: Option<Date>,
    /// When they answered last.
    pub last: Option<Date>,
    /// The tags that they know, with the evidence, what they know best first.
    pub knows: Vec<(String, Evidence)>,
    /// What happened once: its name, and the address of the reply that shows it.
    pub marks: Vec<(&'static str, String)>,
}

/// Reads it off a site.
#[must_use]
pub fn people(site: &Site) -> PeopleReport {
    let counted = site.counted();
    let recognition = Recognition::new(counted);
    let entries = counted.listed().map(|(_, entry)| entry);
    let expertise = Expertise::new(entries, counted.today(), |handle| counted.is_named(handle));
    let known = expertise.by_person();
    let link = |mark: &Mark| {
        let address = &site.entries()[mark.place.entry].address;
        (mark.kind.id(), site.urls().href_to(address, &mark.place.anchor))
    };
    let row = |handle: &str| {
        let facts = recognition.people.get(handle)?;
        let knows = known.get(handle).into_iter().flatten();
        Some(PersonRow {
            handle: handle.to_string(),
            name: site.people().name(handle).to_string(),
            role: site.people().get(handle).and_then(|person| person.team).map(|role| role.word()),
            answers: facts.answers,
            accepted: facts.accepted,
            confirmed: facts.confirmed,
            helped: facts.helped,
            first: facts.first.as_ref().map(|(first, _)| *first),
            last: facts.last,
            knows: knows.map(|(tag, evidence)| ((*tag).to_string(), (*evidence).clone())).collect(),
            marks: facts.marks.iter().map(link).collect(),
        })
    };
    let helpers = recognition.helpers();
    let others = recognition.people.iter().filter(|(_, facts)| facts.helped == 0);
    let handles = helpers.into_iter().chain(others.map(|(handle, _)| handle.as_str()));
    PeopleReport {
        site: counted.config().title.clone(),
        today: counted.today(),
        people: handles.filter_map(row).collect(),
    }
}

/// The report for programs, as `longhouse schema insight-people` describes it.
#[must_use]
pub fn json(report: &PeopleReport) -> Value {
    let day = |day: Option<Date>| day.map(|day| day.to_string());
    let knows = |(tag, evidence): &(String, Evidence)| {
        json!({
            "tag": tag,
            "answers": evidence.answers,
            "accepted": evidence.accepted,
            "confirmed": evidence.confirmed,
            "last": day(evidence.last),
        })
    };
    let person = |row: &PersonRow| {
        json!({
            "handle": row.handle,
            "name": row.name,
            "role": row.role,
            "answers": row.answers,
            "accepted": row.accepted,
            "confirmed": row.confirmed,
            "helped": row.helped,
            "first": day(row.first),
            "last": day(row.last),
            "knows": row.knows.iter().map(knows).collect::<Value>(),
            "marks": row.marks.iter().map(|(id, url)| json!({"id": id, "url": url})).collect::<Value>(),
        })
    };
    json!({
        "version": VERSION,
        "site": report.site,
        "as_of": day(report.today),
        "people": report.people.iter().map(person).collect::<Value>(),
    })
}

/// The report as a table for spreadsheets, one person a line; tags and marks with spaces between them.
#[must_use]
pub fn csv(report: &PeopleReport) -> String {
    let mut out = HEAD.to_owned();
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    for row in &report.people {
        let knows: Vec<&str> = row.knows.iter().map(|(tag, _)| tag.as_str()).collect();
        let marks: Vec<&str> = row.marks.iter().map(|(id, _)| *id).collect();
        let _ = writeln!(
            out,
            "{},{},{},{},{},{},{},{},{},{},{}",
            cell(&row.handle),
            cell(&row.name),
            row.role.unwrap_or_default(),
            row.answers,
            row.accepted,
            row.confirmed,
            row.helped,
            day(row.first),
            day(row.last),
            cell(&knows.join(" ")),
            cell(&marks.join(" ")),
        );
    }
    out
}
