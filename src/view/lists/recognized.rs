//! What people did for others and what they know, kept by person, by tag and by product, and the directory by what people
//! say of themselves. An edit makes the pages of those again whose facts are not as they were.

use std::collections::BTreeMap;

use jiff::ToSpan as _;

use super::{Kept, Lists, keys_that_differ, name};
use crate::page::front_matter::Field;
use crate::site::expertise::{Evidence, Expertise};
use crate::site::facet::{self, Circles};
use crate::site::reader::Reader;
use crate::site::recognition::Facts;

/// At most so many people are named who can help with something.
pub(in crate::view) const EXPERTS: usize = 3;

/// At most so many tags that somebody knows are named.
const KNOWN: usize = 6;

/// For so many days somebody is new.
const NEW: i64 = 90;

/// At most so many people of one sort are thanked.
const THANKED: usize = 60;

/// What people did and know.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Recognized {
    /// By handle.
    people: BTreeMap<String, Recognition>,
    /// Handles of those who gave something for the first time lately, and how many there are.
    new: (Vec<String>, usize),
    /// Handles of those who helped most different people, and how many helped somebody.
    helpers: (Vec<String>, usize),
    /// Those who know a tag, by its slug.
    of_tags: Experts,
    /// Those who know a product, by its id.
    of_products: Experts,
}

/// Handles with the evidence, by what they know.
type Experts = BTreeMap<String, Vec<(String, Evidence)>>;

/// What somebody did and knows.
#[derive(Debug, Default, PartialEq)]
pub struct Recognition {
    /// What they did for others.
    pub facts: Facts,
    /// The tags that they know, with the evidence, what they know best first.
    pub knows: Vec<(String, Evidence)>,
}

impl Lists {
    /// What somebody did for others and knows.
    #[must_use]
    pub fn recognition(&self, site: &Reader<'_>, handle: &str) -> Option<&Recognition> {
        site.list(name::RECOGNITION, handle);
        self.recognized.value.people.get(handle)
    }

    /// Handles of those who gave something for the first time lately, the latest first, and how many there are.
    #[must_use]
    pub fn newcomers(&self, site: &Reader<'_>) -> (&[String], usize) {
        site.list(name::THANKS, "");
        let (handles, count) = &self.recognized.value.new;
        (handles, *count)
    }

    /// Handles of those who helped most different people, and how many helped somebody.
    #[must_use]
    pub fn helpers(&self, site: &Reader<'_>) -> (&[String], usize) {
        site.list(name::THANKS, "");
        let (handles, count) = &self.recognized.value.helpers;
        (handles, *count)
    }

    /// Those whose answers show that they know a tag, the strongest first.
    #[must_use]
    pub fn knowing_tag(&self, site: &Reader<'_>, slug: &str) -> &[(String, Evidence)] {
        site.list(name::KNOWING_TAG, slug);
        self.recognized.value.of_tags.get(slug).map_or(&[], Vec::as_slice)
    }

    /// The same of a product.
    #[must_use]
    pub fn knowing_product(&self, site: &Reader<'_>, id: &str) -> &[(String, Evidence)] {
        site.list(name::KNOWING_PRODUCT, id);
        self.recognized.value.of_products.get(id).map_or(&[], Vec::as_slice)
    }

    /// By what the directory is filtered: each field with its values, their slugs and how many people have them.
    pub fn circles(&self, site: &Reader<'_>) -> impl Iterator<Item = (Field, &str, &str, usize)> {
        site.list(name::CIRCLES, "");
        let all = self.circles.value.iter();
        all.flat_map(|(field, circles)| {
            circles.iter().map(|it| (*field, it.slug.as_str(), it.value.as_str(), it.handles.len()))
        })
    }

    /// The value of a slug, and the handles of those who have it, in the order of the directory.
    #[must_use]
    pub fn circle(&self, site: &Reader<'_>, field: Field, slug: &str) -> Option<(&str, &[String])> {
        site.list(name::CIRCLE, &format!("{} {slug}", field.name()));
        let circle = self.circles.value.get(&field)?.iter().find(|it| it.slug == slug)?;
        Some((&circle.value, &circle.handles))
    }
}

impl Recognized {
    pub(super) fn new(site: &Reader<'_>, expertise: &Kept<Expertise>) -> Recognized {
        site.replay(&expertise.reads);
        let expertise = &expertise.value;
        let recognition = site.recognition();
        let since = site.today().and_then(|today| today.checked_sub(NEW.days()).ok());
        let new = since.map_or_else(Vec::new, |since| recognition.new_since(since));
        let helpers = recognition.helpers();
        let capped = |handles: Vec<&str>| {
            let count = handles.len();
            (handles.into_iter().take(THANKED).map(str::to_string).collect(), count)
        };
        let (new, helpers) = (capped(new), capped(helpers));
        let owned = |known: Vec<(&str, &Evidence)>, most: usize| {
            let known = known.into_iter().take(most);
            known.map(|(name, evidence)| (name.to_string(), evidence.clone())).collect::<Vec<_>>()
        };
        let [of_tags, of_products] = expertise.experts().map(|all| {
            all.map(|(what, people)| (what.to_string(), owned(people, EXPERTS))).collect::<Experts>()
        });
        let people = recognition.people.into_iter();
        let mut people: BTreeMap<String, Recognition> =
            people.map(|(handle, facts)| (handle, Recognition { facts, knows: Vec::new() })).collect();
        for (handle, known) in expertise.by_person() {
            if let Some(person) = people.get_mut(handle) {
                person.knows = owned(known, KNOWN);
            }
        }
        Recognized { people, new, helpers, of_tags, of_products }
    }

    /// Tells what is not as it was.
    pub(super) fn differs(&self, now: &Recognized, bump: &mut dyn FnMut(&'static str, &str)) {
        keys_that_differ(&self.people, &now.people, |handle| bump(name::RECOGNITION, handle));
        keys_that_differ(&self.of_tags, &now.of_tags, |slug| bump(name::KNOWING_TAG, slug));
        keys_that_differ(&self.of_products, &now.of_products, |id| bump(name::KNOWING_PRODUCT, id));
        if (&self.new, &self.helpers) != (&now.new, &now.helpers) {
            bump(name::THANKS, "");
        }
    }
}

/// The directory by role and by interest.
pub(super) fn circles(site: &Reader<'_>, directory: &Kept<Vec<String>>) -> Circles {
    site.replay(&directory.reads);
    let handles = directory.value.iter().map(String::as_str);
    facet::circles(site.people(), handles, &|page| site.fields(page))
}

/// Tells which circles are not as they were.
pub(super) fn circles_changed(before: &Circles, now: &Circles, bump: &mut dyn FnMut(&'static str, &str)) {
    if before == now {
        return;
    }
    let by_key = |circles: &Circles| -> BTreeMap<String, (String, Vec<String>)> {
        let all = circles.iter().flat_map(|(field, of)| of.iter().map(move |circle| (field, circle)));
        all.map(|(field, it)| {
            (format!("{} {}", field.name(), it.slug), (it.value.clone(), it.handles.clone()))
        })
        .collect()
    };
    keys_that_differ(&by_key(before), &by_key(now), |key| bump(name::CIRCLE, key));
    let shown = |circles: &Circles| -> Vec<(Field, String, String, usize)> {
        let all = circles.iter().flat_map(|(field, of)| of.iter().map(move |circle| (field, circle)));
        all.map(|(field, it)| (*field, it.slug.clone(), it.value.clone(), it.handles.len())).collect()
    };
    if shown(before) != shown(now) {
        bump(name::CIRCLES, "");
    }
}
