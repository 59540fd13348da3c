//! The names that front matter knows: our fields, what other generators call them, and what is passed over.

use super::fields::{Audience, Horizon, Role, Sentiment, State, Status, Urgency};
use crate::page::kind::Kind;
use crate::page::limits::{Limit, MENU_TEXT, NAME, TITLE};
use crate::yaml::Shape;
use crate::yaml::key::Takes;

/// Every word that `type` may be, of whatever kind.
const TYPES: &[&str] = &["story", "thanks", "unexpected-use", "blog", "group", "event", "mention"];

/// Declares every field once: its variant, its name, how its value is mended, what it takes, how much of it
/// counts, an example of a value, its meaning.
macro_rules! fields {
    ($($variant:ident = $name:literal, $shape:ident, $takes:expr, $limit:expr, $example:literal, $about:literal;)+) => {
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

            /// What belongs after it. What `type` may be depends on the kind: [`types_of`](super::types_of).
            #[must_use]
            pub const fn takes(self) -> Takes {
                match self { $(Field::$variant => $takes,)+ }
            }

            /// How much of it counts.
            #[must_use]
            pub const fn limit(self) -> Limit {
                match self { $(Field::$variant => $limit,)+ }
            }

            /// A value that it takes, as YAML.
            #[must_use]
            pub const fn example(self) -> &'static str {
                match self { $(Field::$variant => $example,)+ }
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
    Title = "title", Text, Takes::Text, Limit::Text(TITLE), "How do I reset my password?",
        "The title. It takes precedence over a first-level heading.";
    Tags = "tags", Texts, Takes::Texts, Limit::Names(100, 100), "[backup, restore]",
        "Words by which the entry can be found.";
    Products = "products", Texts, Takes::Texts, Limit::Names(100, 100), "[kiln]",
        "The products it is about, by id or name.";
    Versions = "versions", Texts, Takes::Texts, Limit::Names(100, 100), "[4.1, 4.2]",
        "The versions it applies to, as typed: 4.10 is not 4.1.";
    Authors = "authors", Texts, Takes::Texts, Limit::Names(50, 100), "[ana, ben]",
        "Who wrote it: handles or names. Without it, the author comes from the file name of a reply, or from git.";
    Date = "date", Other, Takes::Day, Limit::Closed, "2026-11-21",
        "When it was written; a future date holds the page until then. Without it, the date comes from git.";
    Updated = "updated", Other, Takes::Day, Limit::Closed, "2026-11-21",
        "When it last changed. Without it, the date comes from git.";
    Aliases = "aliases", Texts, Takes::Texts, Limit::Names(100, 500), "[/old/password/]",
        "Older addresses that lead here.";
    Description = "description", Text, Takes::Text, Limit::Text(1_000), "What to do when the mail does not come.",
        "One or two sentences for search engines and previews.";
    Status = "status", Other, Takes::Word(Status::WORDS), Limit::Closed, "obsolete",
        "draft (shown only in previews), published, hidden (withdrawn: its address remains and says why), obsolete \
         (no longer true) or locked (accepts no more replies).";
    Reason = "reason", Text, Takes::Text, Limit::Text(1_000), "Replaced by version 4.2.",
        "Why it is hidden, obsolete or locked.";
    VerifiedOn = "verified_on", Other, Takes::Day, Limit::Closed, "2026-11-21",
        "The day on which somebody last verified that it is true.";
    ReviewEvery = "review_every", Other, Takes::Period, Limit::Closed, "6m",
        "How often it should be reviewed: 30d, 2w, 6m, 1y, counted from `verified_on`, or else from the last \
         change. `check` reports it as `stale` when that time has passed.";
    Affiliation = "affiliation", Text, Takes::Text, Limit::Text(300), "works for a reseller",
        "The author's connection to the subject.";
    Sponsored = "sponsored", Text, Takes::Text, Limit::Text(300), "Example Clay Ltd",
        "Who paid for it.";
    License = "license", Other, Takes::Text, Limit::Name(100), "CC-BY-4.0",
        "The licence of this text, as an SPDX name, if it is not the site's licence.";
    Lang = "lang", Other, Takes::Language, Limit::Closed, "de",
        "The language, such as en or pt-BR, if it is not the site's language.";
    Slug = "slug", Other, Takes::Text, Limit::Name(250), "reset-password",
        "The last part of the address, if it should differ from the file name.";
    Accepted = "accepted", Other, Takes::Text, Limit::Name(250), "ana",
        "The answer that solved it: the name of its file without .md, or self for the one in the question's own file.";
    AlsoAsked = "also_asked", Texts, Takes::Sentences, Limit::Texts(100, TITLE), "[I lost my password]",
        "Other wordings of the same question. The search finds the question by them too.";
    DuplicateOf = "duplicate_of", Other, Takes::Text, Limit::Name(500), "reset-password",
        "The question that this one repeats, by its slug. Its address leads there, and its answers are shown there \
         too.";
    Audience = "audience", Other, Takes::Word(Audience::WORDS), Limit::Closed, "before-you-buy",
        "before-you-buy, for questions that prospective customers have.";
    Score = "score", Other, Takes::Number(i64::MIN, i64::MAX), Limit::Closed, "12",
        "Votes from elsewhere.";
    ConfirmedBy = "confirmed_by", Texts, Takes::Confirmations, Limit::Names(500, 200), "[ben 4.2 2026-11-21]",
        "Who it worked for: handle, version, date; written by imports. People confirm with a file of their own that \
         contains confirms.";
    Comment = "comment", Other, Takes::Flag, Limit::Closed, "true",
        "true if a reply to a question is not an answer.";
    On = "on", Other, Takes::Text, Limit::Name(250), "ben",
        "Whose answer the comment is on, by the name of its file.";
    Confirms = "confirms", Other, Takes::Text, Limit::Name(250), "ben",
        "Whose answer worked for the author, by the name of its file. Nobody can confirm their own.";
    Version = "version", Other, Takes::Text, Limit::Name(100), "4.2",
        "The version for which it worked.";
    Supports = "supports", Other, Takes::Flag, Limit::Closed, "true",
        "true if the author wants the idea too.";
    Response = "response", Text, Takes::MarkOrText, Limit::Text(10_000), "true",
        "The company's response: true on a reply by a team member, a text on an idea or a link.";
    Customer = "customer", Text, Takes::Text, Limit::Text(200), "Rauma Pottery",
        "Whose story it is, if that is not the author.";
    Consent = "consent", Text, Takes::Consent, Limit::Text(500), "yes, Ana Silva, 2026-11-21",
        "That the customer agreed to publish it: yes, who, when.";
    Industry = "industry", Text, Takes::Text, Limit::Text(200), "ceramics",
        "The customer's industry.";
    Size = "size", Text, Takes::Text, Limit::Text(200), "12 people",
        "How large the customer is.";
    UseCase = "use_case", Text, Takes::Text, Limit::Text(300), "raku firing",
        "What it is used for.";
    Problem = "problem", Text, Takes::Text, Limit::Text(5_000), "Half of every load cracked.",
        "What was wrong before. A heading `## Problem` can say it at greater length.";
    Why = "why", Text, Takes::Text, Limit::Text(5_000), "It keeps its curve.",
        "Why this solution was chosen. A heading `## Why` can say it at greater length.";
    Outcome = "outcome", Text, Takes::Text, Limit::Text(1_000), "One load in fifty cracks.",
        "The result. A heading `## Outcome` can say it at greater length.";
    Type = "type", Other, Takes::Word(TYPES), Limit::Closed, "thanks",
        "The type of story or link.";
    Sentiment = "sentiment", Other, Takes::Word(Sentiment::WORDS), Limit::Closed, "critical",
        "happy, mixed or critical.";
    Time = "time", Text, Takes::Text, Limit::Text(100), "20 minutes",
        "How long it takes.";
    Needs = "needs", Texts, Takes::Texts, Limit::Texts(100, 500), "[a screwdriver, the admin password]",
        "What is needed. A heading `## What you need` can say it at greater length.";
    Level = "level", Text, Takes::Text, Limit::Text(100), "beginner",
        "How difficult it is.";
    State = "state", Other, Takes::Word(State::WORDS), Limit::Closed, "planned",
        "open, planned, shipped or declined.";
    Horizon = "horizon", Other, Takes::Word(Horizon::WORDS), Limit::Closed, "next",
        "now, next or later.";
    FulfilledBy = "fulfilled_by", Text, Takes::Text, Limit::Name(2_000), "../how-tos/dark-mode.md",
        "What fulfilled the idea: a page, or a version.";
    Supporters = "supporters", Texts, Takes::Texts, Limit::Names(1_000, 100), "[ana, ben]",
        "Who wants it too, by handle. People add themselves with a file of their own that contains supports.";
    Severity = "severity", Other, Takes::Word(Urgency::WORDS), Limit::Closed, "notice",
        "info, notice or urgent.";
    Places = "places", Texts, Takes::Texts, Limit::Texts(100, 200), "[Rauma, online]",
        "Where it applies.";
    Starts = "starts", Other, Takes::Day, Limit::Closed, "2026-11-21",
        "The first day on which it applies.";
    Expires = "expires", Other, Takes::Day, Limit::Closed, "2026-12-31",
        "The day after which it no longer matters.";
    Name = "name", Text, Takes::Text, Limit::Text(NAME), "Ana Silva",
        "The person's name.";
    Role = "role", Other, Takes::Word(Role::WORDS), Limit::Closed, "partner",
        "customer, partner or supplier; staff and moderators are named in the configuration.";
    Company = "company", Text, Takes::Text, Limit::Text(200), "Rauma Pottery",
        "Where the person works.";
    Gifts = "gifts", Texts, Takes::Texts, Limit::Texts(100, 200), "[time on Sundays]",
        "What the person likes to give to others.";
    Interests = "interests", Texts, Takes::Texts, Limit::Texts(100, 200), "[raku, wood firing]",
        "What the person cares about.";
    ExpertIn = "expert_in", Texts, Takes::Texts, Limit::Texts(100, 200), "[glazes]",
        "What the person knows well.";
    Place = "place", Text, Takes::Text, Limit::Text(200), "Rauma",
        "Where the person lives, or where the event takes place.";
    Links = "links", Other, Takes::Links, Limit::Names(100, 2_000), "[\"https://ana.example.org/\"]",
        "Addresses elsewhere.";
    Listed = "listed", Other, Takes::Flag, Limit::Closed, "false",
        "false if the person wants no page, no feed and no entry in the directory.";
    Url = "url", Text, Takes::Text, Limit::Name(2_000), "https://blog.example.org/",
        "The address it leads to.";
    Feed = "feed", Text, Takes::Text, Limit::Name(2_000), "https://blog.example.org/feed.xml",
        "The address of its feed.";
    When = "when", Text, Takes::Text, Limit::Text(300), "every first Friday, 18:00",
        "When it takes place.";
    Menu = "menu", Other, Takes::MarkOrText, Limit::Text(MENU_TEXT), "true",
        "true, or the label of the page in the menu.";
    Weight = "weight", Other, Takes::Decimal, Limit::Closed, "1.5",
        "The position of a plain page in the menu, the lightest first.";
    Id = "id", Other, Takes::Text, Limit::Name(100), "4711",
        "An id from another system; it is kept and not shown.";
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
        | "custom_edit_url" | "publishDate" | "expiryDate" | "mathjax" | "math" => Meaning::PassedOver;
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
