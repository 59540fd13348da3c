//! Facets in views: what an entry says in a word or a few, and what a list is filtered by.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Lists;
use crate::page::front_matter::{Field, Fields};
use crate::page::kind::Kind;
use crate::site::reader::Reader;
use crate::site::{Entry, facet, url};

/// What a field says in a word or a few.
#[derive(Debug, Serialize)]
pub struct Fact {
    /// Its first value, as the front matter says it: `planned`.
    pub value: String,
    /// The same as people read it.
    pub title: String,
    /// What it is called, if lists are filtered by it: `Industry`.
    pub label: Option<String>,
    /// Whether the theme has a shape for each of its words.
    pub mark: bool,
    /// All of its values.
    pub values: Vec<FactValue>,
}

/// A value of a fact.
#[derive(Debug, Serialize)]
pub struct FactValue {
    /// As the front matter says it: `planned`.
    pub value: String,
    /// As people read it.
    pub title: String,
    /// The list of entries that have it, if there is one.
    pub url: Option<String>,
}

/// A facet by which a list is filtered.
#[derive(Debug, Serialize)]
pub struct FacetView {
    /// Its name: `industry`.
    pub name: &'static str,
    /// What people call it: `Industry`.
    pub title: String,
    /// Its values: words in their order, others by how many entries have them.
    pub values: Vec<FacetLink>,
}

/// A value by which a list is filtered.
#[derive(Debug, Serialize)]
pub struct FacetLink {
    /// The value as people read it.
    pub title: String,
    /// The list of entries that have it.
    pub url: String,
    /// How many there are.
    pub count: usize,
    /// Whether this is that list.
    pub current: bool,
    /// The same as it stands in a search: `industry:market-garden`.
    pub filter: String,
}

/// The facts of an entry, by field.
pub(super) fn facts(
    site: &Reader<'_>,
    lists: &Lists,
    entry: &Entry,
    fields: &Fields,
) -> BTreeMap<&'static str, Option<Fact>> {
    let own = Field::ALL.iter().copied().filter(|field| field.is_own_of(entry.kind) && field.is_fact());
    own.map(|field| (field.name(), fact(site, lists, entry, fields, field))).collect()
}

fn fact(site: &Reader<'_>, lists: &Lists, entry: &Entry, fields: &Fields, field: Field) -> Option<Fact> {
    let mut values: Vec<FactValue> = Vec::new();
    facet::each_text(field, entry.kind, fields, |value| {
        let slug = field.facet().map(|_| facet::slug(value));
        let has_list = |slug: &String| entry.is_listed() && lists.has_value(site, entry.kind, field, slug);
        let slug = slug.filter(has_list);
        values.push(FactValue {
            value: value.to_string(),
            title: site.words().value(field, value).to_string(),
            url: slug.map(|slug| site.urls().href(&address(entry.kind, field, &slug))),
        });
    });
    let FactValue { value, title, .. } = values.first()?;
    let (value, title) = (value.clone(), title.clone());
    let label = field.facet().map(|name| site.words().facet(name).to_string());
    Some(Fact { value, title, label, mark: field.uses().mark, values })
}

/// The facets by which the list of a kind is filtered; `now` is the value that this list is of.
pub(super) fn facets(
    site: &Reader<'_>,
    lists: &Lists,
    kind: Kind,
    now: Option<(Field, &str)>,
) -> Vec<FacetView> {
    let view = |field: Field, name: &'static str| {
        let link = |(slug, value, count): (&str, &str, usize)| FacetLink {
            title: site.words().value(field, value).to_string(),
            url: site.urls().href(&address(kind, field, slug)),
            count,
            current: now == Some((field, slug)),
            filter: format!("{name}:{slug}"),
        };
        let values: Vec<FacetLink> = lists.values(site, kind, field).map(link).collect();
        FacetView { name, title: site.words().facet(name).to_string(), values }
    };
    // What only this kind has tells more than what all have.
    let own = Field::facets().filter(|(field, _)| field.is_own_of(kind));
    let common = Field::facets().filter(|(field, _)| field.is_common());
    own.chain(common)
        .map(|(field, name)| view(field, name))
        .filter(|facet| !facet.values.is_empty())
        .collect()
}

/// The address of the list of what has a value.
pub(super) fn address(kind: Kind, field: Field, slug: &str) -> String {
    url::facet(kind, field.facet().unwrap_or(field.name()), slug)
}
