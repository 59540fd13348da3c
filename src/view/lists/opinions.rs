//! What those who decide are shown: stories by how they went, what is asked before, and what is criticised. Of the whole
//! site, of each product, and of each version of one.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::sort::List;
use super::{Lists, keys_that_differ, name};
use crate::insight::{self, Answering};
use crate::site::EntryId;
use crate::site::opinion::{EntryOpinion, Opinion};
use crate::site::reader::Reader;
use crate::site::taxonomy::Product;

/// The words for how a story went, in the order in which pages show them; the last is of those that do not say it.
pub(in crate::view) const SENTIMENTS: [&str; 4] = ["happy", "mixed", "critical", ""];

/// Where the critical ones stand among them.
const CRITICAL: usize = 2;

/// What entries say, by the scope that they are about.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Opinions {
    scopes: BTreeMap<String, Scope>,
}

/// What the entries of one scope say.
#[derive(Debug, Default, PartialEq)]
pub(in crate::view) struct Scope {
    /// Whether they are those of the whole site.
    pub(in crate::view) is_whole: bool,
    /// Stories by how they went, as [`SENTIMENTS`]; newest first.
    stories: [List; 4],
    /// How many of the stories somebody paid for.
    pub(in crate::view) sponsored: usize,
    /// How many of the stories the company tells of itself.
    pub(in crate::view) own: usize,
    /// Critical stories of which only the address is left.
    removed: List,
    /// Why critical stories were made drafts by a moderator, of the whole site: these have no page.
    pub(in crate::view) unpublished: Vec<Option<String>>,
    /// How many critical stories are gone because the customer no longer agrees.
    pub(in crate::view) withdrawn: usize,
    /// Questions asked before one buys, newest first.
    before_buying: List,
    /// Questions that criticise, newest first.
    questions: List,
    /// Ideas that many want and the company declined, the most wanted first.
    declined: List,
    /// What is written elsewhere, newest first.
    mentions: List,
}

/// The entries of a scope, before they are in order.
#[derive(Debug, Default)]
struct Gathered<'a> {
    found: Vec<(EntryId, EntryOpinion<'a>)>,
}

/// How many stories there are to read for those who decide, and how many are critical.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoryCount {
    /// All of them.
    pub all: usize,
    /// The critical ones.
    pub critical: usize,
}

/// The versions that something is about, by product.
pub(super) type Versions = BTreeMap<String, Vec<Version>>;

/// A version of a product that something is about.
#[derive(Debug, PartialEq)]
pub struct Version {
    /// As addresses say it.
    pub slug: String,
    /// As it was declared.
    pub name: String,
    /// Whether it is not released yet.
    pub is_coming: bool,
    /// Listed entries about it, newest first.
    list: List,
}

impl Version {
    /// Listed entries about it, newest first.
    #[must_use]
    pub fn entries(&self) -> &[EntryId] {
        &self.list.ids
    }
}

/// The name of a scope: nothing for the whole site, a product, or a version of one by its slug.
#[must_use]
pub(in crate::view) fn scope_of(product: &str, version: Option<&str>) -> String {
    version.map_or_else(|| product.to_string(), |version| format!("{product} {version}"))
}

impl Lists {
    /// What the entries of a scope say to those who decide, if they say anything.
    pub(in crate::view) fn opinions(&self, site: &Reader<'_>, scope: &str) -> Option<&Scope> {
        site.list(name::OPINIONS, scope);
        self.opinions.value.scopes.get(scope)
    }

    /// Whether there are pages for those who decide, and of how many stories.
    #[must_use]
    pub fn decides(&self, site: &Reader<'_>) -> Option<StoryCount> {
        site.list(name::DECIDES, "");
        let count = self.opinions.value.count();
        (count.all >= site.config().decide_floor).then_some(count)
    }

    /// The versions of a product that something is about, in the order of the configuration.
    #[must_use]
    pub fn versions(&self, site: &Reader<'_>, product: &str) -> &[Version] {
        site.list(name::VERSIONS, product);
        self.versions.value.get(product).map_or(&[], Vec::as_slice)
    }

    /// A version of a product, by its slug.
    #[must_use]
    pub fn version(&self, site: &Reader<'_>, product: &str, slug: &str) -> Option<&Version> {
        site.list(name::VERSION, &scope_of(product, Some(slug)));
        self.versions.value.get(product)?.iter().find(|version| version.slug == slug)
    }

    /// How questions are answered here, if there is a page that says it.
    #[must_use]
    pub fn answering(&self, site: &Reader<'_>) -> Option<&Answering> {
        site.list(name::ANSWERING, "");
        self.answering.value.as_ref()
    }
}

impl Opinions {
    pub(super) fn new(site: &Reader<'_>) -> Opinions {
        let mut gathered: BTreeMap<String, Gathered<'_>> = BTreeMap::new();
        let mut slugs: BTreeMap<(&str, &str), String> = BTreeMap::new();
        let sorting = site.sorting();
        for (id, product) in site.products() {
            for version in product.versions_in_use(|entry| sorting(entry).versions) {
                slugs.insert((id, version.name), version.slug);
            }
        }
        for (id, opinion) in site.opinions() {
            let mut put = |scope: String| {
                let found = &mut gathered.entry(scope).or_default().found;
                // A version may be named twice, also in other words.
                if found.last().is_none_or(|(last, _)| *last != id) {
                    found.push((id, opinion.clone()));
                }
            };
            put(String::new());
            for product in opinion.products {
                put(product.clone());
                let versions = opinion.versions.iter();
                let known = versions.filter_map(|it| slugs.get(&(product.as_str(), it.as_str())));
                known.for_each(|slug| put(scope_of(product, Some(slug))));
            }
        }
        let scope = |(name, gathered): (String, Gathered<'_>)| (name, gathered.scope(site));
        let mut scopes: BTreeMap<String, Scope> = gathered.into_iter().map(scope).collect();
        let unpublished = site.unpublished_critics();
        if !unpublished.is_empty() {
            let whole = scopes.entry(String::new()).or_default();
            whole.unpublished = unpublished.into_iter().map(|reason| reason.map(str::to_string)).collect();
        }
        if let Some(whole) = scopes.get_mut("") {
            whole.is_whole = true;
        }
        Opinions { scopes }
    }

    /// How many stories the whole site has.
    fn count(&self) -> StoryCount {
        let whole = self.scopes.get("");
        let of = |count: fn(&Scope) -> usize| whole.map_or(0, count);
        StoryCount { all: of(Scope::count), critical: of(|scope| scope.stories[CRITICAL].ids.len()) }
    }

    /// Whether there are enough stories for a page.
    fn decides(&self, floor: usize) -> bool {
        self.count().all >= floor
    }

    /// Tells which scopes are not as they were.
    pub(super) fn differs(&self, now: &Opinions, bump: &mut dyn FnMut(&'static str, &str)) {
        keys_that_differ(&self.scopes, &now.scopes, |scope| bump(name::OPINIONS, scope));
        if self.count() != now.count() {
            bump(name::DECIDES, "");
        }
    }
}

impl Gathered<'_> {
    /// Brings them into order.
    fn scope(mut self, site: &Reader<'_>) -> Scope {
        self.found.sort_by(|(_, a), (_, b)| a.list_order().cmp(&b.list_order()));
        let mut scope = Scope::default();
        let mut stories: [Vec<EntryId>; 4] = Default::default();
        let (mut removed, mut before_buying, mut questions) = (Vec::new(), Vec::new(), Vec::new());
        let (mut declined, mut mentions) = (Vec::new(), Vec::new());
        for (id, it) in &self.found {
            match it.opinion {
                Opinion::Story { sentiment, is_sponsored, is_own } => {
                    let said = sentiment.unwrap_or_default();
                    let at = SENTIMENTS.iter().position(|word| *word == said).unwrap_or(SENTIMENTS.len() - 1);
                    stories[at].push(*id);
                    scope.sponsored += usize::from(is_sponsored);
                    scope.own += usize::from(is_own && site.is_of_team(it.authors));
                }
                Opinion::Removed => removed.push(*id),
                Opinion::Withdrawn => scope.withdrawn += 1,
                Opinion::Question { is_before_buying, is_critical } => {
                    before_buying.extend(is_before_buying.then_some(*id));
                    questions.extend(is_critical.then_some(*id));
                }
                Opinion::Declined => declined.push((Reverse(it.voices), *id)),
                Opinion::Mention => mentions.push(*id),
            }
        }
        // The usual order decides among equals.
        declined.sort_by_key(|(voices, _)| *voices);
        let list = |ids: Vec<EntryId>| List::new(site, ids);
        scope.stories = stories.map(list);
        scope.declined = list(declined.into_iter().map(|(_, id)| id).collect());
        [scope.removed, scope.before_buying, scope.questions, scope.mentions] =
            [removed, before_buying, questions, mentions].map(list);
        scope
    }
}

impl Scope {
    /// How many stories there are.
    pub(in crate::view) fn count(&self) -> usize {
        self.stories.iter().map(|list| list.ids.len()).sum()
    }

    /// Stories that went so: a word of [`SENTIMENTS`].
    pub(in crate::view) fn stories(&self, sentiment: &str) -> &[EntryId] {
        let at = SENTIMENTS.iter().position(|word| *word == sentiment);
        at.map_or(&[], |at| &self.stories[at].ids)
    }

    /// All stories, newest first.
    pub(in crate::view) fn all_stories(&self, site: &Reader<'_>) -> Vec<EntryId> {
        let mut ids: Vec<EntryId> = self.stories.iter().flat_map(|list| list.ids.iter().copied()).collect();
        ids.sort_by_key(|id| site.summary(*id).list_order());
        ids
    }

    /// Critical stories of which only the address is left, newest first.
    pub(in crate::view) fn removed(&self) -> &[EntryId] {
        &self.removed.ids
    }

    /// Questions asked before one buys, newest first.
    pub(in crate::view) fn before_buying(&self) -> &[EntryId] {
        &self.before_buying.ids
    }

    /// Questions that criticise, newest first.
    pub(in crate::view) fn questions(&self) -> &[EntryId] {
        &self.questions.ids
    }

    /// Ideas that many want and the company declined, the most wanted first.
    pub(in crate::view) fn declined(&self) -> &[EntryId] {
        &self.declined.ids
    }

    /// What is written elsewhere, newest first.
    pub(in crate::view) fn mentions(&self) -> &[EntryId] {
        &self.mentions.ids
    }
}

/// The versions that something is about, by product.
pub(super) fn versions(site: &Reader<'_>) -> Versions {
    let sorting = site.sorting();
    let of = |product: &Product| {
        let all = product.versions_in_use(|entry| sorting(entry).versions).into_iter();
        all.map(|it| Version {
            slug: it.slug,
            name: it.name.to_string(),
            is_coming: it.is_coming,
            list: List::new(site, it.entries),
        })
        .collect()
    };
    site.products().iter().map(|(id, product)| (id.clone(), of(product))).collect()
}

/// Tells which versions are not as they were, and of which products the versions are others.
pub(super) fn versions_differ(before: &Versions, now: &Versions, bump: &mut dyn FnMut(&'static str, &str)) {
    fn by_scope(all: &Versions) -> BTreeMap<String, &Version> {
        let mut scopes = BTreeMap::new();
        for (id, versions) in all {
            scopes.extend(versions.iter().map(|version| (scope_of(id, Some(&version.slug)), version)));
        }
        scopes
    }
    fn named(all: &Versions) -> BTreeMap<String, Vec<(&str, &str, bool, usize)>> {
        all.iter()
            .map(|(id, of)| {
                (
                    id.clone(),
                    of.iter().map(|it| (&*it.slug, &*it.name, it.is_coming, it.list.ids.len())).collect(),
                )
            })
            .collect()
    }
    keys_that_differ(&by_scope(before), &by_scope(now), |scope| bump(name::VERSION, scope));
    keys_that_differ(&named(before), &named(now), |id| bump(name::VERSIONS, id));
}

/// How questions are answered. It is counted only where a page says it.
pub(super) fn answering(site: &Reader<'_>, opinions: &super::Kept<Opinions>) -> Option<Answering> {
    site.replay(&opinions.reads);
    let is_shown = opinions.value.decides(site.config().decide_floor);
    is_shown.then(|| insight::answering(site.counted()))
}
