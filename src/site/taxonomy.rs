//! What sorts entries: tags (topic folders are tags too) and products.

use std::collections::{BTreeMap, BTreeSet};

use super::classify::Role;
use super::people::People;
use super::suggest::Suggestions;
use super::{Entry, EntryId, Form, PageId};
use crate::config::{self, Config};
use crate::diagnostic::{Diagnostic, Rule, Spanned};
use crate::page::kind::Kind;
use crate::page::{Head, Lead, slug};
use crate::source::Sources;

/// A tag and what bears it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// The name to show.
    pub name: String,
    /// Title and text of a topic of that name.
    pub text: Option<PageId>,
    /// Listed entries that bear it, newest first.
    pub entries: Vec<EntryId>,
}

/// A product and what is about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// The name to show.
    pub name: String,
    /// Its released versions as declared, the newest last.
    pub versions: Vec<String>,
    /// Declared versions that are not released yet, the next first.
    pub coming: Vec<String>,
    /// What people use it for, as declared.
    pub use_cases: Vec<String>,
    /// Listed entries about it, newest first.
    pub entries: Vec<EntryId>,
}

/// A declared version of a product that something is about, which has a page of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductVersion<'a> {
    /// As addresses say it.
    pub slug: String,
    /// As it was declared.
    pub name: &'a str,
    /// Whether it is not released yet.
    pub is_coming: bool,
    /// Listed entries about it, newest first.
    pub entries: Vec<EntryId>,
}

impl Product {
    /// A product of the configuration, about which nothing is known yet.
    fn declared(product: &config::Product) -> Product {
        let (name, versions) = (product.name.clone(), product.versions.clone());
        let (coming, use_cases) = (product.coming.clone(), product.use_cases.clone());
        Product { name, versions, coming, use_cases, entries: Vec::new() }
    }

    /// The declared versions that entries about the product name, in the order of the declaration, those to come last. Of
    /// two that would have one address the first has it.
    pub fn versions_in_use<'v>(
        &self,
        versions_of: impl Fn(EntryId) -> &'v [String],
    ) -> Vec<ProductVersion<'_>> {
        let mut versions: Vec<ProductVersion<'_>> = Vec::new();
        let mut by_name: BTreeMap<&str, usize> = BTreeMap::new();
        let mut slugs: BTreeSet<String> = BTreeSet::new();
        let declared =
            self.versions.iter().map(|it| (it, false)).chain(self.coming.iter().map(|it| (it, true)));
        for (name, is_coming) in declared {
            let slug = folder_slug(name);
            // The further pages of the product's list stand there.
            if !slug.is_empty() && slug != "page" && slugs.insert(slug.clone()) {
                by_name.insert(name, versions.len());
                versions.push(ProductVersion { slug, name, is_coming, entries: Vec::new() });
            }
        }
        for id in &self.entries {
            for at in versions_of(*id).iter().filter_map(|name| by_name.get(name.as_str())) {
                let entries = &mut versions[*at].entries;
                // Somebody may name one version twice.
                if entries.last() != Some(id) {
                    entries.push(*id);
                }
            }
        }
        versions.retain(|version| !version.entries.is_empty());
        versions
    }
}

/// How tags may be written: declared names, and synonyms for them.
#[derive(Debug, Default)]
pub struct TagNames {
    /// What is written, folded, to the slug and the name that it means.
    meant: BTreeMap<String, (String, String)>,
    /// What is written, folded, to the slug of the first who wrote it, where it is written in several ways.
    spellings: Spellings,
}

/// Slugs of tags by their folded form, of those that are written in several ways: `strasse` to `straße`.
pub type Spellings = BTreeMap<String, String>;

/// How the oldest file writes each tag that Unicode folds to other letters, so that `Straße` and `STRASSE` are one tag
/// whose address stays.
#[must_use]
pub fn spellings(sources: &Sources, pages: &[&Head], roles: &[Role]) -> Spellings {
    fn names<'a>(page: &'a Head, role: &'a Role) -> impl Iterator<Item = &'a str> {
        let topics = match role {
            Role::Entry { topics, .. } => topics.as_slice(),
            _ => &[],
        };
        topics.iter().map(String::as_str).chain(page.fields.tags.iter().map(|tag| tag.value.as_str()))
    }
    let entries = || pages.iter().zip(roles).filter(|(_, role)| matches!(role, Role::Entry { .. }));
    let all = entries().flat_map(|(page, role)| names(page, role));
    let mut spelled: BTreeMap<String, ((u32, &str), String)> = BTreeMap::new();
    let keys: BTreeSet<String> = all.filter(|name| !name.is_ascii()).filter_map(respelled).collect();
    if keys.is_empty() {
        return Spellings::new();
    }
    for (page, role) in entries() {
        let order = (sources.age(&page.path), &*page.path);
        for slug in names(page, role).map(folder_slug) {
            let key = slug::fold(&slug);
            if keys.contains(&key) && spelled.get(&key).is_none_or(|(first, _)| order < *first) {
                spelled.insert(key, (order, slug));
            }
        }
    }
    spelled.into_iter().map(|(key, (_, slug))| (key, slug)).collect()
}

/// The folded form of a tag whose slug is not that already.
#[must_use]
pub fn respelled(name: &str) -> Option<String> {
    let slug = folder_slug(name);
    let key = slug::fold(&slug);
    (key != slug).then_some(key)
}

impl TagNames {
    /// Reads the configuration, which knows better how a tag is written than those who wrote it first.
    #[must_use]
    pub fn new(config: &Config, spellings: &Spellings) -> TagNames {
        let mut meant = BTreeMap::new();
        for name in &config.tags.known {
            let slug = folder_slug(name);
            meant.insert(slug::fold(&slug), (slug, name.clone()));
        }
        for (synonym, name) in &config.tags.synonyms {
            let slug = folder_slug(name);
            let target = meant.entry(slug::fold(&slug)).or_insert_with(|| (slug, name.clone())).clone();
            meant.insert(slug::fold(&folder_slug(synonym)), target);
        }
        TagNames { meant, spellings: spellings.clone() }
    }

    /// The slug of the tag that a name means.
    #[must_use]
    pub fn slug(&self, name: &str) -> String {
        let slug = folder_slug(name);
        if self.meant.is_empty() && self.spellings.is_empty() {
            return slug;
        }
        let key = slug::fold(&slug);
        let meant = self.meant.get(&key).map(|(slug, _)| slug).or_else(|| self.spellings.get(&key));
        meant.cloned().unwrap_or(slug)
    }

    fn name(&self, slug: &str) -> Option<&str> {
        self.meant.get(&slug::fold(slug)).map(|(_, name)| name.as_str())
    }
}

/// Collects tags and products over all entries.
#[expect(clippy::too_many_arguments, reason = "it looks at everything there is")]
pub fn collect(
    sources: &Sources,
    pages: &[&Head],
    roles: &[Role],
    forms: &[Form],
    entries: &[Entry],
    people: &People,
    names: &TagNames,
    diagnostics: &mut Vec<Diagnostic>,
) -> (BTreeMap<String, Tag>, BTreeMap<String, Product>) {
    let mut tags: BTreeMap<String, Tag> = BTreeMap::new();
    let mut products: BTreeMap<String, Product> = sources
        .config
        .products
        .iter()
        .map(|product| (product.id.clone(), Product::declared(product)))
        .collect();
    let declared = !products.is_empty();
    let is_shown = |entry: &Entry| entry.kind != Kind::Person || people.has_page(&entry.slug);
    let listed = entries.iter().enumerate().filter(|(_, entry)| entry.is_listed() && is_shown(entry));
    for (id, entry) in listed {
        // Made with the first tag that nobody had before.
        let mut written = None;
        for tag in &entry.tags {
            let tag = match tags.get_mut(tag) {
                Some(tag) => tag,
                None => {
                    let written = written
                        .get_or_insert_with(|| written_tags(pages[entry.page], &roles[entry.page], names));
                    let name = names.name(tag).or_else(|| written.get(tag).copied()).unwrap_or(tag);
                    let tag_here = Tag { name: name.to_string(), text: None, entries: Vec::new() };
                    tags.entry(tag.clone()).or_insert(tag_here)
                }
            };
            tag.entries.push(id);
        }
        for product in &entry.products {
            products
                .entry(product.clone())
                .or_insert_with(|| Product {
                    name: product.clone(),
                    versions: Vec::new(),
                    coming: Vec::new(),
                    use_cases: Vec::new(),
                    entries: Vec::new(),
                })
                .entries
                .push(id);
        }
    }
    let (mut near_tags, mut near_products) = (Suggestions::default(), Suggestions::default());
    for page in forms.iter().zip(pages).filter(|(form, _)| **form == Form::Entry).map(|(_, page)| page) {
        check_tags(&sources.config, page, names, &mut near_tags, diagnostics);
        if declared {
            check_products(&sources.config, page, &mut near_products, diagnostics);
        }
    }
    for (id, role) in roles.iter().enumerate() {
        let Role::TopicText(folder) = role else { continue };
        if pages[id].place.folders.is_empty() {
            continue;
        }
        let name = folder.rsplit('/').next().unwrap_or(folder);
        if let Some(tag) = tags.get_mut(&names.slug(name)).filter(|tag| tag.text.is_none()) {
            tag.text = Some(id);
            if let Some(title) = title(pages[id]) {
                tag.name = title;
            }
        }
    }
    let newest = |ids: &mut Vec<EntryId>| {
        ids.sort_by(|a, b| entries[*a].list_order().cmp(&entries[*b].list_order()));
    };
    tags.values_mut().for_each(|tag| newest(&mut tag.entries));
    products.values_mut().for_each(|product| newest(&mut product.entries));
    (tags, products)
}

/// The id of the product that a name or an id means.
#[must_use]
pub fn product_id(config: &Config, text: &str) -> String {
    let wanted = slug::fold(text.trim());
    let same = |a: &str| slug::fold(a) == wanted;
    let declared = config.products.iter().find(|product| same(&product.id) || same(&product.name));
    declared.map_or_else(|| folder_slug(text), |product| product.id.clone())
}

/// The files that give the lists of kinds a title and a text.
#[must_use]
pub fn kind_texts(pages: &[&Head], roles: &[Role]) -> BTreeMap<Kind, PageId> {
    let mut texts = BTreeMap::new();
    for (id, role) in roles.iter().enumerate() {
        if matches!(role, Role::TopicText(_)) && pages[id].place.folders.is_empty() {
            texts.entry(pages[id].place.kind).or_insert(id);
        }
    }
    texts
}

/// The title that a topic's file gives.
#[must_use]
pub fn title(page: &Head) -> Option<String> {
    match (&page.fields.title, &page.lead) {
        (Some(title), _) => Some(title.value.clone()),
        (None, Lead::Heading(text) | Lead::Bold(text) | Lead::BoldLine(text)) => Some(text.clone()),
        (None, Lead::None) => None,
    }
}

/// The slug of a tag or a product, whose page is a folder that no file of the list above it may meet.
pub(super) fn folder_slug(name: &str) -> String {
    let slug = slug::tag_slug(name);
    if super::reserved::owner(&format!("/-/{slug}/")).is_some() { slug.replace('.', "-") } else { slug }
}

/// The names of an entry's tags as it writes them, by slug; of two the first.
fn written_tags<'a>(page: &'a Head, role: &'a Role, names: &TagNames) -> BTreeMap<String, &'a str> {
    let topics = match role {
        Role::Entry { topics, .. } => topics.as_slice(),
        _ => &[],
    };
    let all = page.fields.tags.iter().map(|it| it.value.as_str()).chain(topics.iter().map(String::as_str));
    let mut written = BTreeMap::new();
    for name in all {
        written.entry(names.slug(name)).or_insert(name.trim());
    }
    written
}

fn check_tags(
    config: &Config,
    page: &Head,
    names: &TagNames,
    suggestions: &mut Suggestions,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if config.tags.known.is_empty() {
        return;
    }
    for tag in &page.fields.tags {
        if names.name(&names.slug(&tag.value)).is_none() {
            let near = suggestions.nearest(&tag.value, config.tags.known.iter().map(String::as_str));
            diagnostics.push(unknown_tag(page, tag, near));
        }
    }
}

fn check_products(
    config: &Config,
    page: &Head,
    suggestions: &mut Suggestions,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for product in &page.fields.products {
        let id = product_id(config, &product.value);
        if !config.products.iter().any(|declared| declared.id == id) {
            let near = suggestions.nearest(&product.value, config.products.iter().map(|it| it.id.as_str()));
            diagnostics.push(unknown_product(page, product, near));
        }
    }
}

fn unknown_tag(page: &Head, tag: &Spanned<String>, near: Option<String>) -> Diagnostic {
    let problem = Diagnostic::new(
        Rule::UnknownTag,
        &page.path,
        tag.span,
        format!("`{}` is not a tag of this site.", tag.value),
    );
    match near {
        Some(near) => problem.guess(near, ""),
        None => problem
            .help("Use a tag that longhouse.yaml declares under `tags: known:`, or add this one there."),
    }
}

fn unknown_product(page: &Head, product: &Spanned<String>, near: Option<String>) -> Diagnostic {
    let problem = Diagnostic::new(
        Rule::UnknownReference,
        &page.path,
        product.span,
        format!("`{}` is not a product of this site.", product.value),
    );
    match near {
        Some(near) => problem.guess(near, ""),
        None => problem.help("Use the id of a product that longhouse.yaml declares under `products:`."),
    }
}
