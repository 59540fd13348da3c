//! Facets: what lists and search are filtered by. Some are made by the site, such as tags and products; all others are
//! fields that the table of front matter marks as facets.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::people::Person;
use super::taxonomy::folder_slug;
use super::{Entry, EntryId, PageId, Site};
use crate::config::Config;
use crate::page::front_matter::{Field, Fields, Role};
use crate::page::kind::Kind;
use crate::page::limits::{FACET_VALUE, FACET_VALUES};
use crate::words::{Word, Words};

/// The value of the role of those who are of the company's team, whichever it is there.
pub const TEAM: &str = "team";

/// What entries are filtered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Facet {
    /// The kind of the entry.
    Kind,
    /// A tag.
    Tag,
    /// A product.
    Product,
    /// A field of front matter.
    Field(Field),
    /// The language of the entry.
    Lang,
    /// Whether a question is answered.
    Is,
}

/// A value of a facet, and what has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetValue {
    /// As addresses say it.
    pub slug: String,
    /// As it is written by most, or the word that the front matter takes.
    pub value: String,
    /// The entries, in the order in which they were given.
    pub entries: Vec<EntryId>,
}

/// The directory by a field of people: the values by how many have them, each with its slug and with handles.
pub type Circles = BTreeMap<Field, Vec<Circle>>;

/// People who say the same of themselves.
#[derive(Debug, PartialEq)]
pub struct Circle {
    /// As addresses say it.
    pub slug: String,
    /// As it is written by most, or the word that the front matter takes.
    pub value: String,
    /// Who has it, in the order of the directory.
    pub handles: Vec<String>,
}

impl Facet {
    /// Every facet, in the order in which people see them.
    pub fn all() -> impl Iterator<Item = Facet> {
        let fields = Field::facets().map(|(field, _)| Facet::Field(field));
        [Facet::Kind, Facet::Tag, Facet::Product].into_iter().chain(fields).chain([Facet::Lang, Facet::Is])
    }

    /// What it is called in the index, in the address of a search and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Facet::Kind => "kind",
            Facet::Tag => "tag",
            Facet::Product => "product",
            Facet::Field(field) => field.facet().unwrap_or(field.name()),
            Facet::Lang => "lang",
            Facet::Is => "is",
        }
    }

    /// Whether an entry may have several of its values.
    #[must_use]
    pub fn is_list(self) -> bool {
        match self {
            Facet::Tag | Facet::Product => true,
            Facet::Field(field) => field.form().is_list(),
            Facet::Kind | Facet::Lang | Facet::Is => false,
        }
    }

    /// The words that are its values, where there are no others.
    #[must_use]
    pub fn words(self) -> Option<Vec<&'static str>> {
        match self {
            Facet::Kind => Some(Kind::ALL.iter().map(|kind| kind.singular()).collect()),
            Facet::Is => Some(vec!["answered"]),
            Facet::Field(field) => field.form().words().map(<[&str]>::to_vec),
            Facet::Tag | Facet::Product | Facet::Lang => None,
        }
    }
}

impl Facet {
    /// What people call it.
    #[must_use]
    pub fn label(self, words: &Words) -> &str {
        words.facet(self.name())
    }

    /// What people call those of its values that do not come from content, by their form in the index.
    #[must_use]
    pub fn texts(self, config: &Config, words: &Words) -> BTreeMap<String, String> {
        let named = |value: &str, text: &str| (longhouse_search::value(value), text.to_string());
        match self {
            Facet::Kind => Kind::ALL.iter().map(|kind| named(kind.singular(), words.kinds(*kind))).collect(),
            Facet::Product => {
                config.products.iter().map(|product| named(&product.id, &product.name)).collect()
            }
            Facet::Field(field) => {
                let all = field.form().words().unwrap_or_default().iter();
                all.map(|word| named(word, words.value(field, word))).collect()
            }
            Facet::Is => BTreeMap::from([named("answered", words.get(Word::SearchAnswered))]),
            Facet::Tag | Facet::Lang => BTreeMap::new(),
        }
    }
}

/// Gives each text or word that a field says of an entry of a kind, or the one that counts where nothing is said.
pub fn each_text<'a>(field: Field, kind: Kind, fields: &'a Fields, mut take: impl FnMut(&'a str)) {
    if !field.is_taken_by(kind) {
        return;
    }
    let mut is_said = false;
    fields.each_text(field, &mut |value| {
        is_said = true;
        take(value);
    });
    if let Some(value) = field.uses().otherwise.filter(|_| !is_said) {
        take(value);
    }
}

/// The same of what can be filtered by, which a sentence cannot.
pub fn each_value<'a>(field: Field, kind: Kind, fields: &'a Fields, mut take: impl FnMut(&'a str)) {
    each_text(field, kind, fields, |value| {
        if value.len() <= FACET_VALUE || value.chars().count() <= FACET_VALUE {
            take(value);
        }
    });
}

/// The word that says how an entry of a kind stands, for lists. Where nothing is said there is one only if lists are
/// filtered by it.
#[must_use]
pub fn mark(kind: Kind, fields: &Fields) -> Option<(Field, &'static str)> {
    let field = Field::marks().find(|field| field.is_own_of(kind))?;
    let mut said = field.uses().otherwise.filter(|_| field.facet().is_some());
    let words = field.form().words().unwrap_or_default();
    fields.each_text(field, &mut |value| said = words.iter().copied().find(|word| *word == value));
    said.map(|word| (field, word))
}

/// Everything that an entry of a kind can be filtered by.
#[must_use]
pub fn all_values(kind: Kind, fields: &Fields) -> Vec<(Field, &str)> {
    let mut all = Vec::new();
    for (field, _) in Field::facets() {
        each_value(field, kind, fields, |value| all.push((field, value)));
    }
    all
}

/// The slug of a value, by which one is known however it is written.
#[must_use]
pub fn slug(value: &str) -> String {
    folder_slug(value)
}

/// The values that entries have of a field: words in the order of the table, texts by how many have them. At most
/// [`FACET_VALUES`], the most frequent.
#[must_use]
pub fn values<'a>(
    field: Field,
    entries: impl Iterator<Item = (EntryId, &'a Entry, &'a Fields)>,
) -> Vec<FacetValue> {
    let mut found: BTreeMap<String, (Vec<EntryId>, BTreeMap<&str, usize>)> = BTreeMap::new();
    for (id, entry, fields) in entries {
        each_value(field, entry.kind, fields, |value| {
            let slug = slug(value);
            if slug.is_empty() {
                return;
            }
            let (ids, spellings) = found.entry(slug).or_default();
            // A list may name one value twice.
            if ids.last() != Some(&id) {
                ids.push(id);
            }
            *spellings.entry(value).or_default() += 1;
        });
    }
    let value = |(slug, (entries, spellings)): (String, (Vec<EntryId>, BTreeMap<&str, usize>))| {
        let most = spellings.iter().max_by_key(|(value, count)| (**count, Reverse(**value)));
        let value = most.map_or(String::new(), |(value, _)| (*value).to_owned());
        FacetValue { slug, value, entries }
    };
    let mut values: Vec<FacetValue> = found.into_iter().map(value).collect();
    match field.form().words() {
        Some(words) => values.sort_by_key(|it| words.iter().position(|word| *word == it.value)),
        None => values.sort_by(|a, b| (b.entries.len(), &a.slug).cmp(&(a.entries.len(), &b.slug))),
    }
    values.truncate(FACET_VALUES);
    values
}

/// The values that have a list of their own, of `count` entries of a kind: none where all entries have the only one.
#[must_use]
pub fn lists<'a>(
    field: Field,
    entries: impl Iterator<Item = (EntryId, &'a Entry, &'a Fields)>,
    count: usize,
) -> Vec<FacetValue> {
    let values = values(field, entries);
    if values.len() == 1 && values[0].entries.len() == count { Vec::new() } else { values }
}

impl Site {
    /// The values of a field among some entries, as [`values`].
    #[must_use]
    pub fn facet_values(&self, field: Field, ids: impl Iterator<Item = EntryId>) -> Vec<FacetValue> {
        values(field, self.with_fields(ids))
    }

    /// Entries with what their files say of themselves.
    pub fn with_fields(
        &self,
        ids: impl Iterator<Item = EntryId>,
    ) -> impl Iterator<Item = (EntryId, &Entry, &Fields)> {
        ids.map(|id| (id, &self.entries[id], &self.pages[self.entries[id].page].fields))
    }
}

/// The directory by role and by interest. A value that nobody has is not among them.
#[must_use]
pub fn circles<'a, 'b>(
    people: &'b BTreeMap<String, Person>,
    directory: impl Iterator<Item = &'b str>,
    fields_of: &dyn Fn(PageId) -> &'a Fields,
) -> Circles {
    let mut roles: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut interests: BTreeMap<String, (BTreeMap<&str, usize>, Vec<String>)> = BTreeMap::new();
    for handle in directory {
        let Some(person) = people.get(handle) else { continue };
        let fields = person.page.map(fields_of);
        let said = fields.and_then(|fields| fields.role.as_ref()).map(|role| role.value);
        // Who belongs to the company is said by the configuration, not by the file.
        let role = said.filter(|role| !matches!(role, Role::Staff | Role::Moderator)).map(Role::word);
        if let Some(role) = person.team.map(|_| TEAM).or(role) {
            roles.entry(role).or_default().push(handle.to_string());
        }
        for interest in fields.map_or(&[][..], |fields| &fields.interests) {
            let value = interest.value.as_str();
            let slug = slug(value);
            if slug.is_empty() || value.chars().count() > FACET_VALUE {
                continue;
            }
            let (spellings, handles) = interests.entry(slug).or_default();
            *spellings.entry(value).or_default() += 1;
            // A list may name one interest twice.
            if handles.last().is_none_or(|last| last != handle) {
                handles.push(handle.to_string());
            }
        }
    }
    let order = [Role::Customer, Role::Partner, Role::Supplier].map(Role::word).into_iter().chain([TEAM]);
    let of_role = order.filter_map(|role| {
        let handles = roles.remove(role)?;
        Some(Circle { slug: role.to_string(), value: role.to_string(), handles })
    });
    let mut circles = Circles::from([(Field::Role, of_role.collect::<Vec<_>>())]);
    let of_interest = interests.into_iter().map(|(slug, (spellings, handles))| {
        let most = spellings.iter().max_by_key(|(value, count)| (**count, Reverse(**value)));
        let value = most.map_or_else(|| slug.clone(), |(value, _)| (*value).to_string());
        Circle { slug, value, handles }
    });
    let mut of_interest: Vec<Circle> = of_interest.collect();
    of_interest.sort_by(|a, b| (b.handles.len(), &a.slug).cmp(&(a.handles.len(), &b.slug)));
    of_interest.truncate(FACET_VALUES);
    circles.insert(Field::Interests, of_interest);
    circles.retain(|_, of| !of.is_empty());
    circles
}
