//! The names that front matter knows besides our own: what other generators call our fields, and what is passed over.

use super::table::Field;
use crate::yaml::Shape;

/// What a name in front matter means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// One of our fields.
    Field(Field),
    /// `draft: true`.
    Draft,
    /// `published: false`.
    Published,
    /// Jekyll's and Zola's own address of a page, which becomes an alias.
    Permalink,
    /// A date, or a map with a date in it, as Docusaurus writes it.
    LastUpdate,
    /// A map of lists of terms.
    Taxonomies,
    /// Something of another generator that means nothing here.
    PassedOver,
}

/// Declares names that mean a field or something else, once for lookups and once for lists.
macro_rules! synonyms {
    ($($($name:literal)|+ => $meaning:expr;)+) => {
        /// Names that other generators use, and what they mean here.
        pub(super) const SYNONYMS: &[(&str, Meaning)] = &[$($(($name, $meaning),)+)+];

        fn synonym(name: &str) -> Option<Meaning> {
            match name { $($($name)|+ => Some($meaning),)+ _ => None }
        }
    };
}

synonyms! {
    "author" => Meaning::Field(Field::Authors);
    "product" => Meaning::Field(Field::Products);
    "categories" | "category" | "keywords" | "keyword" | "tag" => Meaning::Field(Field::Tags);
    "alias" | "redirect_from" => Meaning::Field(Field::Aliases);
    "lastmod" | "last_modified_at" | "modified" | "last_modified" => Meaning::Field(Field::Updated);
    "summary" | "excerpt" => Meaning::Field(Field::Description);
    "question" => Meaning::Field(Field::Title);
    "sort_order" | "nav_order" | "order" | "sidebar_position" => Meaning::Field(Field::Weight);
    "language" => Meaning::Field(Field::Lang);
    "licence" => Meaning::Field(Field::License);
    "mathjax" | "katex" | "use_math" | "usemathjax" => Meaning::Field(Field::Math);
    "draft" => Meaning::Draft;
    "published" => Meaning::Published;
    "permalink" => Meaning::Permalink;
    "last_update" => Meaning::LastUpdate;
    "taxonomies" => Meaning::Taxonomies;
    "extra" | "layout" | "template" | "page_template" | "path" | "sort_by" | "insert_anchor_links"
        | "in_search_index" | "sidebar_label" | "sidebar_class_name" | "pagination_label" | "hide_title"
        | "hide_table_of_contents" | "toc" | "toc_min_heading_level" | "toc_max_heading_level" | "linkTitle"
        | "linktitle" | "isCJKLanguage" | "markup" | "outputs" | "cascade" | "params" | "sitemap" | "header"
        | "parent" | "has_children" | "nav_exclude" | "comments" | "image" | "cover" | "classes"
        | "custom_edit_url" | "publishDate" | "expiryDate" => Meaning::PassedOver;
}

/// The meaning of a name exactly as typed.
pub(super) fn meaning(name: &str) -> Option<Meaning> {
    Field::from_name(name).map(Meaning::Field).or_else(|| synonym(name))
}

/// The names of other generators that mean a field, as they are written there.
pub fn synonyms_of(field: Field) -> impl Iterator<Item = &'static str> {
    SYNONYMS.iter().filter(move |(_, meaning)| *meaning == Meaning::Field(field)).map(|(name, _)| *name)
}

/// The names of other generators that are understood without being one of our fields: `draft: true`,
/// `published: false`, and what is passed over.
pub fn other_names() -> impl Iterator<Item = &'static str> {
    SYNONYMS.iter().filter(|(_, meaning)| !matches!(meaning, Meaning::Field(_))).map(|(name, _)| *name)
}

/// The name as it is most likely meant: in lower case, words joined by `_`.
pub(super) fn usual_form(name: &str) -> String {
    name.trim()
        .chars()
        .map(|c| if matches!(c, ' ' | '-') { '_' } else { c })
        .flat_map(char::to_lowercase)
        .collect()
}

/// What a name as typed, or in its usual form, takes.
pub(super) fn shape(name: &str) -> Shape {
    match meaning(name).or_else(|| meaning(&usual_form(name))) {
        Some(Meaning::Field(field)) => field.shape(),
        _ => Shape::Other,
    }
}

/// Whether a name has a meaning, in its usual form at least.
pub(super) fn is_known(name: &str) -> bool {
    meaning(name).is_some() || (name.len() < 40 && meaning(&usual_form(name)).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_a_name_and_a_meaning() {
        for field in Field::ALL {
            assert_eq!(Field::from_name(field.name()), Some(*field));
            assert!(field.about().ends_with('.'));
        }
    }

    #[test]
    fn words_of_other_generators_are_understood() {
        assert_eq!(meaning("author"), Some(Meaning::Field(Field::Authors)));
        assert_eq!(meaning("sidebar_position"), Some(Meaning::Field(Field::Weight)));
        assert_eq!(meaning("tilte"), None);
        assert!(is_known("Use Case") && is_known("duplicate-of"));
    }
}
