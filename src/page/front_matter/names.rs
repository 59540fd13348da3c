//! The names that front matter knows: our fields, what other generators call them, and what is passed over.

use crate::page::kind::Kind;
use crate::yaml::Shape;

/// Declares every field once: its variant, its name, what it takes, its meaning.
macro_rules! fields {
    ($($variant:ident = $name:literal, $shape:ident, $about:literal;)+) => {
        /// A field of front matter, by its one right name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Field { $(#[doc = $about] $variant,)+ }

        impl Field {
            /// Every field there is.
            pub const ALL: &'static [Field] = &[$(Field::$variant,)+];

            /// Its name, as people should write it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Field::$variant => $name,)+ }
            }

            /// What it says, in one sentence.
            #[must_use]
            pub const fn about(self) -> &'static str {
                match self { $(Field::$variant => $about,)+ }
            }

            /// Whether it takes one text, several, or something else.
            #[must_use]
            pub const fn shape(self) -> Shape {
                match self { $(Field::$variant => Shape::$shape,)+ }
            }

            /// The field of exactly this name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Field> {
                match name { $($name => Some(Field::$variant),)+ _ => None }
            }
        }
    };
}

fields! {
    Title = "title", Text, "The title, where no first-level heading says it.";
    Tags = "tags", Texts, "Words under which the entry can be found.";
    Products = "products", Texts, "The products it is about, by id or name.";
    Versions = "versions", Texts, "The versions it holds for.";
    Authors = "authors", Texts, "Who wrote it: handles or names.";
    Date = "date", Other, "When it was written; a day to come holds the page until then.";
    Updated = "updated", Other, "When it last changed.";
    Aliases = "aliases", Texts, "Older addresses that lead here.";
    Description = "description", Text, "One or two sentences for search engines and previews.";
    Status = "status", Other, "draft, published, hidden, obsolete or locked.";
    Reason = "reason", Text, "Why it is hidden, obsolete or locked.";
    VerifiedOn = "verified_on", Other, "The day on which somebody last made sure that it is true.";
    ReviewEvery = "review_every", Other, "How often it should be looked at: 30d, 2w, 6m, 1y.";
    Affiliation = "affiliation", Text, "What ties the author to what is written about.";
    Sponsored = "sponsored", Text, "Who paid for it.";
    License = "license", Other, "The licence of this text, as an SPDX name.";
    Lang = "lang", Other, "The language, as in en or pt-BR.";
    Slug = "slug", Other, "The last part of the address, where the file name is not to be it.";
    Accepted = "accepted", Other, "The answer that solved it: the stem of its file, or self.";
    AlsoAsked = "also_asked", Texts, "Other wordings of the same question.";
    DuplicateOf = "duplicate_of", Other, "The question that this one repeats.";
    Audience = "audience", Other, "before-you-buy, for questions that prospects have.";
    Score = "score", Other, "Votes from elsewhere.";
    ConfirmedBy = "confirmed_by", Texts, "Who says that it worked: handle, version, date.";
    Comment = "comment", Other, "true, where a reply to a question is no answer.";
    On = "on", Other, "Whose answer the comment is on.";
    Confirms = "confirms", Other, "Whose answer worked for the author.";
    Version = "version", Other, "The version for which it worked.";
    Supports = "supports", Other, "true, where the author wants the idea too.";
    Response = "response", Text, "The company's word: true on a reply, a text on an idea or a link.";
    Customer = "customer", Text, "Whose story it is.";
    Consent = "consent", Text, "That the customer agreed to publish it: yes, who, when.";
    Industry = "industry", Text, "The customer's industry.";
    Size = "size", Text, "How large the customer is.";
    UseCase = "use_case", Text, "What it is used for.";
    Problem = "problem", Text, "What was wrong before.";
    Why = "why", Text, "Why this solution was chosen.";
    Outcome = "outcome", Text, "What came of it.";
    Type = "type", Other, "What sort of story or link it is.";
    Sentiment = "sentiment", Other, "happy, mixed or critical.";
    Time = "time", Text, "How long it takes.";
    Needs = "needs", Texts, "What one needs for it.";
    Level = "level", Text, "How hard it is.";
    State = "state", Other, "open, planned, shipped or declined.";
    Horizon = "horizon", Other, "now, next or later.";
    FulfilledBy = "fulfilled_by", Text, "What made the idea come true.";
    Supporters = "supporters", Texts, "Who wants it too.";
    Severity = "severity", Other, "info, notice or urgent.";
    Places = "places", Texts, "Where it matters.";
    Starts = "starts", Other, "The day from which it holds.";
    Expires = "expires", Other, "The day after which it no longer matters.";
    Name = "name", Text, "The person's name.";
    Role = "role", Other, "customer, partner or supplier; staff and moderators are named in the configuration.";
    Company = "company", Text, "Where the person works.";
    Gifts = "gifts", Texts, "What the person likes to give to others.";
    Interests = "interests", Texts, "What the person cares about.";
    ExpertIn = "expert_in", Texts, "What the person knows well.";
    Place = "place", Text, "Where it is.";
    Links = "links", Other, "Addresses elsewhere.";
    Listed = "listed", Other, "false, where the person wants no page.";
    Url = "url", Text, "The address it leads to.";
    Feed = "feed", Text, "The address of its feed.";
    When = "when", Text, "When it takes place.";
    Menu = "menu", Other, "true, or the text under which the page stands in the menu.";
    Weight = "weight", Other, "Its place among its neighbours, the lightest first.";
    Id = "id", Other, "An id from another system; it is kept and not shown.";
}

/// The fields that every kind and every reply takes.
pub const COMMON: &[Field] = &[
    Field::Title,
    Field::Tags,
    Field::Products,
    Field::Versions,
    Field::Authors,
    Field::Date,
    Field::Updated,
    Field::Aliases,
    Field::Description,
    Field::Status,
    Field::Reason,
    Field::VerifiedOn,
    Field::ReviewEvery,
    Field::Affiliation,
    Field::Sponsored,
    Field::License,
    Field::Lang,
    Field::Slug,
    Field::Weight,
    Field::Id,
];

/// The fields of replies alone. A file that has one of these, except `score`, `version` and `response`, is meant as a reply.
pub const REPLY: &[Field] = &[
    Field::Score,
    Field::ConfirmedBy,
    Field::Comment,
    Field::On,
    Field::Confirms,
    Field::Version,
    Field::Supports,
    Field::Response,
];

/// The fields that a kind takes beside the common ones.
#[must_use]
pub const fn fields_of(kind: Kind) -> &'static [Field] {
    match kind {
        Kind::Question => &[
            Field::Accepted,
            Field::AlsoAsked,
            Field::DuplicateOf,
            Field::Audience,
            Field::Score,
            Field::ConfirmedBy,
        ],
        Kind::Story => &[
            Field::Customer,
            Field::Consent,
            Field::Industry,
            Field::Size,
            Field::UseCase,
            Field::Problem,
            Field::Why,
            Field::Outcome,
            Field::Type,
            Field::Sentiment,
        ],
        Kind::HowTo => &[Field::Time, Field::Needs, Field::Level],
        Kind::Idea => &[Field::State, Field::Horizon, Field::FulfilledBy, Field::Supporters, Field::Response],
        Kind::Announcement => &[Field::Severity, Field::Places, Field::Starts, Field::Expires],
        Kind::Person => &[
            Field::Name,
            Field::Role,
            Field::Company,
            Field::Gifts,
            Field::Interests,
            Field::ExpertIn,
            Field::Place,
            Field::Links,
            Field::Listed,
        ],
        Kind::Link => &[Field::Url, Field::Type, Field::Feed, Field::Place, Field::When, Field::Response],
        Kind::Page => &[Field::Menu],
    }
}

/// The kinds that take a field, where it is no common one.
pub fn kinds_with(field: Field) -> impl Iterator<Item = Kind> {
    Kind::ALL.into_iter().filter(move |kind| fields_of(*kind).contains(&field))
}

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

/// The meaning of a name exactly as typed.
pub(super) fn meaning(name: &str) -> Option<Meaning> {
    if let Some(field) = Field::from_name(name) {
        return Some(Meaning::Field(field));
    }
    Some(match name {
        "author" => Meaning::Field(Field::Authors),
        "product" => Meaning::Field(Field::Products),
        "categories" | "category" | "keywords" | "keyword" | "tag" => Meaning::Field(Field::Tags),
        "alias" | "redirect_from" => Meaning::Field(Field::Aliases),
        "lastmod" | "last_modified_at" | "modified" | "last_modified" => Meaning::Field(Field::Updated),
        "summary" | "excerpt" => Meaning::Field(Field::Description),
        "question" => Meaning::Field(Field::Title),
        "sort_order" | "nav_order" | "order" | "sidebar_position" => Meaning::Field(Field::Weight),
        "language" => Meaning::Field(Field::Lang),
        "licence" => Meaning::Field(Field::License),
        "draft" => Meaning::Draft,
        "published" => Meaning::Published,
        "permalink" => Meaning::Permalink,
        "last_update" => Meaning::LastUpdate,
        "taxonomies" => Meaning::Taxonomies,
        "extra"
        | "layout"
        | "template"
        | "page_template"
        | "path"
        | "sort_by"
        | "insert_anchor_links"
        | "in_search_index"
        | "sidebar_label"
        | "sidebar_class_name"
        | "pagination_label"
        | "hide_title"
        | "hide_table_of_contents"
        | "toc"
        | "toc_min_heading_level"
        | "toc_max_heading_level"
        | "linkTitle"
        | "linktitle"
        | "isCJKLanguage"
        | "markup"
        | "outputs"
        | "cascade"
        | "params"
        | "sitemap"
        | "header"
        | "parent"
        | "has_children"
        | "nav_exclude"
        | "comments"
        | "image"
        | "cover"
        | "classes"
        | "custom_edit_url"
        | "publishDate"
        | "expiryDate"
        | "mathjax"
        | "math" => Meaning::PassedOver,
        _ => return None,
    })
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
    fn every_field_has_a_name_a_meaning_and_a_place() {
        for field in Field::ALL {
            assert_eq!(Field::from_name(field.name()), Some(*field));
            assert!(field.about().ends_with('.'));
            let taken =
                COMMON.contains(field) || REPLY.contains(field) || kinds_with(*field).next().is_some();
            assert!(taken, "{}", field.name());
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
