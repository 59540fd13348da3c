//! Every field of front matter, once: what it is called, what it takes, on what it may stand, and what is made of it.
//!
//! All else follows from this table: how a field is read, its schema and its reference, by which facets lists and
//! search are filtered and what they are called, what is in the index, and what the tests of random edits write. So a
//! new field is a line here, a place in a template, and, if its values are words or it is a facet, their texts in
//! `words/*.yaml`.
//!
//! Long because it is a table, and what is asked of it.

use std::sync::LazyLock;

use super::fields::{
    Audience, Confirmation, Consent, Every, Labelled, MarkOrText, Role, State, Status, Text, Urgency, Weight,
};
use super::form::{Form, Slot, Value};
use crate::diagnostic::{Span, Spanned};
use crate::page::date::Date;
use crate::page::kind::Kind;
use crate::page::limits::{Limit, MENU_TEXT, NAME, TITLE};
use crate::yaml::Shape;
use crate::yaml::key::Takes;

/// Every word that `type` may be, of whatever kind.
const TYPES: &[&str] = &["story", "thanks", "unexpected-use", "blog", "group", "event", "mention"];

/// On what a field may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// Every entry and every reply.
    All,
    /// Entries of a kind.
    Entry(Kind),
    /// Replies.
    Reply,
}

/// What is made of a field besides what templates show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Uses {
    /// Whether search finds an entry by the words in it.
    pub searched: bool,
    /// Whether lists and search are filtered by it.
    facet: bool,
    /// Whether it is a matter of its entry alone: what the file is to the others does not depend on it.
    own: bool,
    /// What the facet is called, where it is not called as the field.
    called: Option<&'static str>,
    /// The value that counts where nothing is said.
    pub otherwise: Option<&'static str>,
    /// Whether templates find it among the facts of an entry, as every facet of its kind.
    fact: bool,
    /// Whether the theme has a shape for each of its words, which says how an entry stands.
    pub mark: bool,
    /// Whether somebody without an account may say it: what is sent in is the sender's own to say. Whatever claims more
    /// (what was decided, confirmed by others or agreed to, which address it has, who wrote it and when) is left to those
    /// who look at it.
    pub sendable: bool,
}

impl Uses {
    const NONE: Uses = Uses {
        searched: false,
        facet: false,
        own: false,
        called: None,
        otherwise: None,
        fact: false,
        mark: false,
        sendable: false,
    };

    const fn searched(self) -> Uses {
        Uses { searched: true, ..self }
    }

    const fn facet(self) -> Uses {
        Uses { facet: true, ..self }
    }

    const fn own(self) -> Uses {
        Uses { own: true, ..self }
    }

    const fn fact(self) -> Uses {
        Uses { fact: true, ..self }
    }

    const fn mark(self) -> Uses {
        Uses { fact: true, mark: true, ..self }
    }

    const fn sendable(self) -> Uses {
        Uses { sendable: true, ..self }
    }

    const fn called(self, name: &'static str) -> Uses {
        Uses { called: Some(name), ..self }
    }

    const fn otherwise(self, value: &'static str) -> Uses {
        Uses { otherwise: Some(value), ..self }
    }
}

/// A line of the table.
#[derive(Debug)]
struct Definition {
    name: &'static str,
    form: Form,
    holders: &'static [Holder],
    uses: Uses,
    example: &'static str,
    about: &'static str,
}

macro_rules! holder {
    (all) => {
        Holder::All
    };
    (Reply) => {
        Holder::Reply
    };
    ($kind:ident) => {
        Holder::Entry(Kind::$kind)
    };
}

macro_rules! form {
    (Word($type:ty)) => { Form::Word(<$type>::WORDS) };
    (OneOf($($word:literal),+)) => { Form::Word(&[$($word),+]) };
    ($form:ident $(($($limit:expr),+))?) => { Form::$form $(($($limit),+))? };
}

macro_rules! value {
    (Word($type:ty)) => { Option<Spanned<$type>> };
    (OneOf($($word:literal),+)) => { Option<Spanned<&'static str>> };
    (Names $limit:tt) => { Vec<Text> };
    (Texts $limit:tt) => { Vec<Text> };
    (Sentences $limit:tt) => { Vec<Text> };
    (People $limit:tt) => { Vec<Text> };
    (Confirmations $limit:tt) => { Vec<Spanned<Confirmation>> };
    (Links $limit:tt) => { Vec<Labelled> };
    (Consent $limit:tt) => { Option<Spanned<Consent>> };
    (MarkOrText $limit:tt) => { Option<Spanned<MarkOrText>> };
    (Menu $limit:tt) => { Option<Spanned<MarkOrText>> };
    (Day) => { Option<Spanned<Date>> };
    (Flag) => { Option<Spanned<bool>> };
    (Number) => { Option<Spanned<i64>> };
    (Decimal) => { Option<Spanned<Weight>> };
    (Period) => { Option<Spanned<Every>> };
    ($text:ident $($limit:tt)?) => { Option<Text> };
}

/// Declares every field once: its variant, the part of [`Fields`] that holds it, its name, what it takes and how much
/// of that counts, on what it stands, what it is used for, an example of a value, and its meaning.
macro_rules! fields {
    ($(
        $variant:ident($member:ident) = $name:literal, $form:ident $(($($limit:tt)+))?, [$($holder:ident),+],
            {$($use:ident $(($as:literal))?),*}, $example:literal, $about:literal;
    )+) => {
        /// A field of front matter, by its one right name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Field { $(#[doc = $about] $variant,)+ }

        /// Everything that a front matter says. A field that is missing or could not be understood is empty.
        #[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
        pub struct Fields {
            $(#[doc = $about] pub $member: value!($form $(($($limit)+))?),)+
            /// Every name that was written, as typed, and the field that it means.
            pub present: Vec<(Spanned<String>, Option<Field>)>,
        }

        impl Fields {
            /// What decides what the file is to the others: without the fields that are a matter of its entry alone. A
            /// field counts unless the table says so.
            #[must_use]
            pub fn without_own(&self) -> Fields {
                let mut fields = self.clone();
                $(if Field::$variant.definition().uses.own {
                    fields.$member = Default::default();
                })+
                fields
            }
        }

        impl Field {
            /// Every field there is.
            pub const ALL: &'static [Field] = &[$(Field::$variant,)+];

            const fn definition(self) -> &'static Definition {
                match self {
                    $(Field::$variant => const {
                        &Definition {
                            name: $name,
                            form: form!($form $(($($limit)+))?),
                            holders: &[$(holder!($holder)),+],
                            uses: Uses::NONE$(.$use($($as)?))*,
                            example: $example,
                            about: $about,
                        }
                    },)+
                }
            }

            /// The field of exactly this name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Field> {
                match name { $($name => Some(Field::$variant),)+ _ => None }
            }
        }

        impl Fields {
            fn slot(&self, field: Field) -> &dyn Slot {
                match field { $(Field::$variant => &self.$member,)+ }
            }

            fn slot_mut(&mut self, field: Field) -> &mut dyn Slot {
                match field { $(Field::$variant => &mut self.$member,)+ }
            }
        }
    };
}

fields! {
    Title(title) = "title", Text(TITLE), [all], {own, sendable}, "How do I reset my password?",
        "The title. It takes precedence over a first-level heading.";
    Tags(tags) = "tags", Names(100, 100), [all], {own, sendable}, "[backup, restore]",
        "Words that help people find the entry.";
    Products(products) = "products", Names(100, 100), [all], {own, sendable}, "[kiln]",
        "The products it is about, by id or name.";
    Versions(versions) = "versions", Names(100, 100), [all], {own, facet, called("version"), sendable}, "[4.1, 4.2]",
        "The versions it applies to, as typed: 4.10 is not 4.1.";
    Authors(authors) = "authors", People(50, 100), [all], {}, "[ana, ben]",
        "Who wrote it: handles or names. Without it, the author comes from the file name of a reply, or from git.";
    Date(date) = "date", Day, [all], {}, "2026-11-21",
        "When it was written; a future date holds the page until then. Without it, the date comes from git.";
    Updated(updated) = "updated", Day, [all], {own}, "2026-11-21",
        "When it last changed. Without it, the date comes from git.";
    Aliases(aliases) = "aliases", Names(100, 500), [all], {}, "[/old/password/]",
        "Older addresses that lead here.";
    Description(description) = "description", Text(1_000), [all], {own, searched}, "What to do when the mail does not come.",
        "One or two sentences for search engines and previews.";
    Status(status) = "status", Word(Status), [all], {}, "obsolete",
        "draft (shown only in previews), published, hidden (withdrawn: its address remains and says why), obsolete \
         (out of date) or locked (accepts no more replies).";
    Reason(reason) = "reason", Text(1_000), [all], {}, "Replaced by version 4.2.",
        "Why it is hidden, obsolete or locked.";
    VerifiedOn(verified_on) = "verified_on", Day, [all], {own}, "2026-11-21",
        "The day on which someone last verified that it is correct.";
    ReviewEvery(review_every) = "review_every", Period, [all], {}, "6m",
        "How often it should be reviewed: 30d, 2w, 6m, 1y, counted from `verified_on`, or else from the last \
         change. `check` reports it as `stale` when that time has passed.";
    Affiliation(affiliation) = "affiliation", Text(300), [all], {sendable}, "works for a reseller",
        "The author's connection to the subject.";
    Sponsored(sponsored) = "sponsored", Sponsor(300), [all], {sendable}, "Example Clay Ltd",
        "Who paid for it.";
    MadeWith(made_with) = "made_with", OneOf("ai", "bot"), [all], {own, sendable}, "ai",
        "ai if it was written with the help of AI, bot if a program posted it. Shown as a label.";
    License(license) = "license", Name(100), [all], {}, "CC-BY-4.0",
        "The licence of this text, as an SPDX name, if it is not the site's licence.";
    Lang(lang) = "lang", Language, [all], {sendable}, "de",
        "The language, such as en or pt-BR, if it is not the site's language.";
    Slug(slug) = "slug", Name(250), [all], {}, "reset-password",
        "The last part of the address, if it should differ from the file name.";
    Weight(weight) = "weight", Decimal, [all], {}, "1.5",
        "The position of a plain page in the menu, lowest first.";
    Math(math) = "math", Flag, [all], {own, sendable}, "false",
        "Whether `$…$` is a formula on this page, if that differs from the configuration.";
    Id(id) = "id", Name(100), [all], {}, "4711",
        "An id from another system; it is kept and not shown.";
    Accepted(accepted) = "accepted", Reply(250), [Question], {own}, "ana",
        "The answer that solved it: the name of its file without .md, or self for the one in the question's own file.";
    AlsoAsked(also_asked) = "also_asked", Sentences(100, TITLE), [Question], {own}, "[I lost my password]",
        "Other wordings of the same question. The search uses them too.";
    DuplicateOf(duplicate_of) = "duplicate_of", Name(500), [Question], {}, "reset-password",
        "The question that this one repeats, by its slug. Its address redirects there, and its answers are shown \
         there too.";
    Audience(audience) = "audience", Word(Audience), [Question], {}, "before-you-buy",
        "before-you-buy, for questions of prospective customers.";
    Score(score) = "score", Number, [Question, Reply], {own}, "12",
        "Votes from elsewhere.";
    ConfirmedBy(confirmed_by) = "confirmed_by", Confirmations(500, 200), [Question, Reply], {}, "[ben 4.2 2026-11-21]",
        "Who it worked for: handle, version, date; written by imports. People confirm with a file of their own that \
         contains confirms.";
    SortKey(sort_key) = "sort_key", Name(250), [Reply], {own}, "m",
        "What decides between replies where nothing else does, instead of the name of the file. `longhouse forget` \
         writes it so that no reply changes its place.";
    Comment(comment) = "comment", Flag, [Reply], {sendable}, "true",
        "true if a reply to a question is not an answer.";
    On(on) = "on", Reply(250), [Reply], {sendable}, "ben",
        "Whose answer the comment is on, by the name of its file.";
    Confirms(confirms) = "confirms", Reply(250), [Reply], {sendable}, "ben",
        "Whose answer worked for the author, by the name of its file. Nobody can confirm their own.";
    Version(version) = "version", Name(100), [Reply], {sendable}, "4.2",
        "The version for which it worked.";
    Supports(supports) = "supports", Flag, [Reply], {sendable}, "true",
        "true if the author wants the idea too.";
    Customer(customer) = "customer", Person(200), [Story], {searched, sendable}, "Rauma Pottery",
        "Whose story it is, if that is not the author.";
    Consent(consent) = "consent", Consent(500), [Story], {}, "yes, Ana Silva, 2026-11-21",
        "The customer's consent to publish it: yes, who, when. `withdrawn` hides the story at once.";
    Industry(industry) = "industry", Text(200), [Story], {own, facet, searched, sendable}, "ceramics",
        "The customer's industry.";
    Size(size) = "size", Text(200), [Story], {own, facet, sendable}, "12 people",
        "How large the customer is.";
    UseCase(use_case) = "use_case", Text(300), [Story], {own, facet, searched, sendable}, "raku firing",
        "What it is used for.";
    Problem(problem) = "problem", Text(5_000), [Story], {own, searched, sendable}, "Half of every load cracked.",
        "What was wrong before. For a longer text, use a heading `## Problem`.";
    Why(why) = "why", Text(5_000), [Story], {own, searched, sendable}, "It keeps its curve.",
        "Why this solution was chosen. For a longer text, use a heading `## Why`.";
    Outcome(outcome) = "outcome", Text(1_000), [Story], {own, searched, sendable}, "One load in fifty cracks.",
        "The result. For a longer text, use a heading `## Outcome`.";
    Url(url) = "url", Reference(2_000), [Link], {}, "https://blog.example.org/",
        "The address of the link.";
    Type(type_) = "type", Type(TYPES), [Story, Link], {}, "thanks",
        "The type of story or link.";
    Sentiment(sentiment) = "sentiment", OneOf("happy", "mixed", "critical"), [Story], {own, facet, mark, sendable}, "critical",
        "happy, mixed or critical.";
    Time(time) = "time", Text(100), [HowTo], {own, fact, sendable}, "20 minutes",
        "How long it takes.";
    Needs(needs) = "needs", Texts(100, 500), [HowTo], {own, searched, sendable}, "[a screwdriver, the admin password]",
        "What is needed. For a longer text, use a heading `## What you need`.";
    Level(level) = "level", Text(100), [HowTo], {own, facet, sendable}, "beginner",
        "How difficult it is.";
    State(state) = "state", Word(State), [Idea], {facet, mark, otherwise("open")}, "planned",
        "open, planned, shipped or declined.";
    Horizon(horizon) = "horizon", OneOf("now", "next", "later"), [Idea], {own, facet}, "next",
        "now, next or later.";
    HorizonSince(horizon_since) = "horizon_since", Day, [Idea], {}, "2026-11-21",
        "The day on which the horizon was set. Without it, git's history of the line `horizon` says it.";
    FulfilledBy(fulfilled_by) = "fulfilled_by", Reference(2_000), [Idea], {}, "../how-tos/dark-mode.md",
        "What fulfilled the idea: a page, or a version.";
    Supporters(supporters) = "supporters", People(1_000, 100), [Idea], {}, "[ana, ben]",
        "Who wants it too, by handle. People add themselves with a file of their own that contains supports.";
    Severity(severity) = "severity", Word(Urgency), [Announcement], {mark, otherwise("info")}, "notice",
        "info, notice or urgent.";
    Places(places) = "places", Texts(100, 200), [Announcement], {fact}, "[Rauma, online]",
        "Where it applies.";
    Starts(starts) = "starts", Day, [Announcement], {}, "2026-11-21",
        "The first day on which it applies, or the time at which it begins: `2026-11-21T08:30`.";
    Expires(expires) = "expires", Day, [Announcement], {}, "2026-12-31",
        "The last day on which it matters, or the time at which it ends: `2026-12-31T18:00`.";
    Name(name) = "name", Person(NAME), [Person], {}, "Ana Silva",
        "The person's name.";
    Role(role) = "role", Word(Role), [Person], {}, "partner",
        "customer, partner or supplier; staff and moderators are named in the configuration.";
    Company(company) = "company", Text(200), [Person], {searched}, "Rauma Pottery",
        "Where the person works.";
    Gifts(gifts) = "gifts", Texts(100, 200), [Person], {searched}, "[time on Sundays]",
        "What the person is happy to help with.";
    Interests(interests) = "interests", Texts(100, 200), [Person], {searched}, "[raku, wood firing]",
        "What the person is interested in.";
    ExpertIn(expert_in) = "expert_in", Texts(100, 200), [Person], {searched}, "[glazes]",
        "What the person knows well.";
    Place(place) = "place", Text(200), [Person, Link], {fact}, "Rauma",
        "Where the person lives, or where the event takes place.";
    Links(links) = "links", Links(100, 2_000), [Person], {}, "[\"https://ana.example.org/\"]",
        "The person's addresses elsewhere.";
    Listed(listed) = "listed", Flag, [Person], {}, "false",
        "false if the person wants no page, no feed and no entry in the directory.";
    Feed(feed) = "feed", Reference(2_000), [Link], {}, "https://blog.example.org/feed.xml",
        "The address of its feed.";
    When(when) = "when", Text(300), [Link], {fact}, "every first Friday, 18:00",
        "When it takes place.";
    RunBy(run_by) = "run_by", People(50, 100), [Link], {}, "[ana, ben]",
        "Who runs it, by handle or name. Without it, the page says only who added the link.";
    Response(response) = "response", MarkOrText(10_000), [Idea, Link, Reply], {}, "true",
        "The company's response: true on a reply by a team member, a text on an idea or a link.";
    Menu(menu) = "menu", Menu(MENU_TEXT), [Page], {}, "true",
        "true, or the label of the page in the menu.";
}

impl Field {
    /// Its name, as people should write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.definition().name
    }

    /// What it says, in one sentence.
    #[must_use]
    pub const fn about(self) -> &'static str {
        self.definition().about
    }

    /// How its value is read.
    #[must_use]
    pub const fn form(self) -> Form {
        self.definition().form
    }

    /// Whether it takes one text, several, or something else.
    #[must_use]
    pub const fn shape(self) -> Shape {
        self.form().shape()
    }

    /// What it takes. What `type` may be depends on the kind: [`types_of`](super::types_of).
    #[must_use]
    pub const fn takes(self) -> Takes {
        self.form().takes()
    }

    /// How much of it counts.
    #[must_use]
    pub const fn limit(self) -> Limit {
        self.form().limit()
    }

    /// A value that it takes, as YAML.
    #[must_use]
    pub const fn example(self) -> &'static str {
        self.definition().example
    }

    /// What is made of it besides what templates show.
    #[must_use]
    pub const fn uses(self) -> &'static Uses {
        &self.definition().uses
    }

    /// What the facet is called by which lists and search are filtered, if it is one.
    #[must_use]
    pub const fn facet(self) -> Option<&'static str> {
        match self.uses() {
            Uses { facet: false, .. } => None,
            Uses { called: Some(name), .. } => Some(*name),
            _ => Some(self.name()),
        }
    }

    /// Whether templates find it among the facts of an entry.
    #[must_use]
    pub const fn is_fact(self) -> bool {
        self.uses().fact || self.uses().facet
    }

    /// The fields by which lists and search are filtered.
    pub fn facets() -> impl Iterator<Item = (Field, &'static str)> {
        static FACETS: LazyLock<Vec<(Field, &'static str)>> =
            LazyLock::new(|| Field::ALL.iter().filter_map(|field| Some((*field, field.facet()?))).collect());
        FACETS.iter().copied()
    }

    /// The fields whose words say how an entry stands.
    pub fn marks() -> impl Iterator<Item = Field> {
        static MARKS: LazyLock<Vec<Field>> = LazyLock::new(|| Field::all_with(|uses| uses.mark));
        MARKS.iter().copied()
    }

    /// The fields by whose words search finds an entry.
    pub fn searched() -> impl Iterator<Item = Field> {
        static SEARCHED: LazyLock<Vec<Field>> = LazyLock::new(|| Field::all_with(|uses| uses.searched));
        SEARCHED.iter().copied()
    }

    fn all_with(is: impl Fn(&Uses) -> bool) -> Vec<Field> {
        Field::ALL.iter().copied().filter(|field| is(field.uses())).collect()
    }

    /// Whether somebody without an account may say it on an entry of a kind, or without a kind on a reply.
    #[must_use]
    pub fn is_sendable(self, kind: Option<Kind>) -> bool {
        let takes = match kind {
            Some(kind) => self.is_taken_by(kind),
            None => self.is_common() || self.is_own_of_replies(),
        };
        self.uses().sendable && takes
    }

    /// Whether every entry and every reply takes it.
    #[must_use]
    pub fn is_common(self) -> bool {
        self.definition().holders.contains(&Holder::All)
    }

    /// Whether entries of a kind take it and others need not.
    #[must_use]
    pub fn is_own_of(self, kind: Kind) -> bool {
        self.definition().holders.contains(&Holder::Entry(kind))
    }

    /// Whether replies take it and entries need not.
    #[must_use]
    pub fn is_own_of_replies(self) -> bool {
        self.definition().holders.contains(&Holder::Reply)
    }

    /// Whether entries of a kind take it.
    #[must_use]
    pub fn is_taken_by(self, kind: Kind) -> bool {
        self.is_common() || self.is_own_of(kind)
    }
}

/// The fields that every kind and every reply takes.
pub fn common_fields() -> impl Iterator<Item = Field> {
    Field::ALL.iter().copied().filter(|field| field.is_common())
}

/// The fields that a kind takes beside the common ones.
pub fn fields_of(kind: Kind) -> impl Iterator<Item = Field> {
    Field::ALL.iter().copied().filter(move |field| field.is_own_of(kind))
}

/// The fields that replies take beside the common ones. A file that has one of these, except `score`, `version` and
/// `response`, is meant as a reply.
pub fn fields_of_replies() -> impl Iterator<Item = Field> {
    Field::ALL.iter().copied().filter(|field| field.is_own_of_replies())
}

/// The kinds that take a field, where it is no common one.
pub fn kinds_with(field: Field) -> impl Iterator<Item = Kind> {
    Kind::ALL.into_iter().filter(move |kind| field.is_own_of(*kind))
}

impl Fields {
    /// The place where a field's name stands, if it was written.
    #[must_use]
    pub fn key_span(&self, field: Field) -> Option<Span> {
        self.present.iter().find(|(_, canonical)| *canonical == Some(field)).map(|(key, _)| key.span)
    }

    /// Gives each text, word or flag of any field, as it was understood; nothing of what is none of these, such as a day.
    pub fn each_text<'a>(&'a self, field: Field, take: &mut dyn FnMut(&'a str)) {
        self.slot(field).each_text(take);
    }

    /// Gives who or what is named in each value of any field, with the place of the value: a text as it is, of a
    /// confirmation or a consent whoever gave it.
    pub fn each_name<'a>(&'a self, field: Field, take: &mut dyn FnMut(&'a str, Span)) {
        self.slot(field).each_name(take);
    }

    /// How many values a field has.
    pub(super) fn count(&self, field: Field) -> usize {
        self.slot(field).count()
    }

    /// Takes a value of a field; `false` where one is there already and there can be no more.
    pub(super) fn take(&mut self, field: Field, value: Value) -> bool {
        self.slot_mut(field).take(value)
    }
}
