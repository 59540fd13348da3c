//! JSON Schemas of the files that people write, so that editors complete names and explain them, and of the reports that
//! programs read.
//!
//! They are made of the tables that the readers of these files go by. Draft 7, which every editor knows.
//! A schema says how a value is best written; the readers understand more than that, with a warning.

mod alerts;
mod diff;
mod insight;

use serde_json::{Map, Value, json};

use crate::config::keys::{LEVELS, MenuKey, Setting};
use crate::data::feed::{FeedKey, HeadlineKey};
use crate::data::{ModerationKey, ReactionKey, SearchTestKey};
use crate::diagnostic::{Rule, Severity};
use crate::page::front_matter::{
    Field, common_fields, fields_of, fields_of_replies, other_names, synonyms_of, types_of,
};
use crate::page::kind::Kind;
use crate::root;
use crate::yaml::key::{Key, Keys, Takes};

/// A sort of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    /// `longhouse.yaml`.
    Config,
    /// The front matter of an entry.
    Entry(Kind),
    /// The front matter of a reply: an answer, a comment, a confirmation.
    Answer,
    /// `search-tests.yaml`.
    SearchTests,
    /// `data/reactions.yaml`.
    Reactions,
    /// `data/moderation.yaml`.
    Moderation,
    /// `data/feeds/SLUG.yaml`.
    Feed,
    /// What `longhouse diff` prints for programs.
    Diff,
    /// What `longhouse insight` prints for programs.
    Insight,
    /// What `longhouse insight --people` prints for programs.
    InsightPeople,
    /// What a site says of what is urgent.
    Alerts,
}

impl Schema {
    /// Every sort of file.
    pub const ALL: [Schema; 18] = [
        Schema::Config,
        Schema::Entry(Kind::Question),
        Schema::Answer,
        Schema::Entry(Kind::HowTo),
        Schema::Entry(Kind::Story),
        Schema::Entry(Kind::Idea),
        Schema::Entry(Kind::Announcement),
        Schema::Entry(Kind::Person),
        Schema::Entry(Kind::Link),
        Schema::Entry(Kind::Page),
        Schema::SearchTests,
        Schema::Reactions,
        Schema::Moderation,
        Schema::Feed,
        Schema::Diff,
        Schema::Insight,
        Schema::InsightPeople,
        Schema::Alerts,
    ];

    /// Its name on the command line, and that of its file without `.json`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Schema::Config => "config",
            Schema::Entry(kind) => kind.singular(),
            Schema::Answer => "answer",
            Schema::SearchTests => "search-tests",
            Schema::Reactions => "reactions",
            Schema::Moderation => "moderation",
            Schema::Feed => "feed",
            Schema::Diff => "diff",
            Schema::Insight => "insight",
            Schema::InsightPeople => "insight-people",
            Schema::Alerts => "alerts",
        }
    }

    /// The sort that a word means.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Schema> {
        Schema::ALL.into_iter().find(|schema| schema.name() == name)
    }

    /// The schema.
    #[must_use]
    pub fn json(self) -> Value {
        let (title, mut schema) = match self {
            Schema::Config => (root::CONFIG.to_owned(), map(Setting::KEYS)),
            Schema::Entry(kind) => (format!("Front matter of {}", with_article(kind)), entry(kind)),
            Schema::Answer => (
                "Front matter of a reply: an answer, a comment, a confirmation".to_owned(),
                fields(fields_of_replies(), &[]),
            ),
            Schema::SearchTests => {
                let mut test = map(SearchTestKey::KEYS);
                test["required"] = json!([SearchTestKey::KEYS[0].name, SearchTestKey::KEYS[1].name]);
                (root::SEARCH_TESTS.to_owned(), json!({"type": ["array", "null"], "items": test}))
            }
            Schema::Reactions => (
                "data/reactions.yaml: votes from elsewhere, by questions/slug or questions/slug#answer-stem"
                    .to_owned(),
                json!({"type": ["object", "null"], "additionalProperties": {"anyOf": [
                    {"type": "integer"},
                    {"type": "array", "items": takes(&Takes::Text)},
                    map(ReactionKey::KEYS),
                ]}}),
            ),
            Schema::Moderation => {
                let word = takes(&ModerationKey::KEYS[0].takes);
                let mut decision = map(ModerationKey::KEYS);
                decision["required"] = json!([ModerationKey::KEYS[0].name]);
                let either = json!({"anyOf": [decision, word]});
                (
                    "data/moderation.yaml: what happens to a file, by its path".to_owned(),
                    json!({"type": ["object", "null"], "additionalProperties": either}),
                )
            }
            Schema::Feed => {
                let mut headline = map(HeadlineKey::KEYS);
                headline["required"] = json!([HeadlineKey::KEYS[1].name, HeadlineKey::KEYS[2].name]);
                let mut feed = map(FeedKey::KEYS);
                feed["required"] = json!([FeedKey::KEYS[0].name]);
                feed["properties"][FeedKey::KEYS[2].name]["items"] = headline;
                feed["type"] = json!(["object", "null"]);
                ("data/feeds/SLUG.yaml: the last headlines of the feed of a link".to_owned(), feed)
            }
            Schema::Diff => ("The report of `longhouse diff --json`".to_owned(), diff::report()),
            Schema::Insight => ("The report of `longhouse insight --json`".to_owned(), insight::report()),
            Schema::InsightPeople => {
                ("The report of `longhouse insight --people --json`".to_owned(), insight::people())
            }
            Schema::Alerts => ("/alerts.json: what is urgent on a site".to_owned(), alerts::file()),
        };
        let mut whole = Map::new();
        whole.insert("$schema".to_owned(), json!("http://json-schema.org/draft-07/schema#"));
        whole.insert("title".to_owned(), json!(title));
        if let Value::Object(rest) = schema.take() {
            whole.extend(rest);
        }
        Value::Object(whole)
    }

    /// The schema as a file.
    #[must_use]
    pub fn text(self) -> String {
        format!("{:#}\n", self.json())
    }
}

fn with_article(kind: Kind) -> String {
    let article = if kind.singular().starts_with(['a', 'i']) { "an" } else { "a" };
    format!("{article} {kind}")
}

fn entry(kind: Kind) -> Value {
    let mut schema = fields(fields_of(kind), types_of(kind));
    let needs = |field: Field, word: &str, other: Field| {
        json!({
            "if": {"properties": {field.name(): {"const": word}}, "required": [field.name()]},
            "then": {"required": [other.name()]},
        })
    };
    match kind {
        Kind::Link => schema["required"] = json!([Field::Url.name()]),
        Kind::Idea => schema["allOf"] = json!([needs(Field::State, "shipped", Field::FulfilledBy)]),
        Kind::Announcement => schema["allOf"] = json!([needs(Field::Severity, "urgent", Field::Expires)]),
        _ => {}
    }
    schema
}

/// The fields that every file takes and those of its own.
fn fields(own: impl Iterator<Item = Field>, types: &'static [&'static str]) -> Value {
    let mut properties = Map::new();
    for field in own.chain(common_fields()) {
        let shape = if field == Field::Type { Takes::Word(types) } else { field.takes() };
        let mut schema = described(&shape, field.about());
        if field != Field::Type {
            schema["examples"] = json!([value(field.example())]);
        }
        for name in synonyms_of(field) {
            let mut same = described(&shape, &format!("The same as `{}`. {}", field.name(), field.about()));
            same["doNotSuggest"] = json!(true);
            properties.insert(name.to_owned(), same);
        }
        properties.insert(field.name().to_owned(), schema);
    }
    for name in other_names() {
        properties.insert(
            name.to_owned(),
            json!({"description": "A field of another generator. It is understood or ignored.", "doNotSuggest": true}),
        );
    }
    json!({"type": ["object", "null"], "properties": properties, "additionalProperties": false})
}

fn map(keys: &[Key]) -> Value {
    json!({"type": ["object", "null"], "properties": properties(keys), "additionalProperties": false})
}

fn properties(keys: &[Key]) -> Map<String, Value> {
    let property = |key: &Key| {
        let mut schema = described(&key.takes, key.about);
        if !key.default.is_empty() {
            schema["default"] = value(key.default);
        }
        if let Some(example) = find(&value(key.example), key.name) {
            schema["examples"] = json!([example]);
        }
        (key.name.to_owned(), schema)
    };
    keys.iter().map(property).collect()
}

fn described(shape: &Takes, about: &str) -> Value {
    let mut schema = Map::new();
    schema.insert("description".to_owned(), json!(about));
    if let Value::Object(rest) = takes(shape) {
        schema.extend(rest);
    }
    Value::Object(schema)
}

// Long because it is a table: of each value what editors are told.
fn takes(shape: &Takes) -> Value {
    const DATE: &str = r"^\d{4}-\d{2}-\d{2}([T ].*)?$";
    const PERIOD: &str = "^[1-9][0-9]* ?(d|days?|w|weeks?|m|mo|months?|y|years?)$";
    const LANGUAGE: &str = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$";
    let text = || json!({"type": ["string", "number", "boolean", "null"]});
    let several = |one: Value| json!({"anyOf": [{"type": ["array", "null"], "items": one.clone()}, one]});
    let matching = |pattern: &str| json!({"type": "string", "pattern": pattern});
    match shape {
        Takes::Text | Takes::Person | Takes::MarkOrText | Takes::TimeZone => text(),
        Takes::Texts
        | Takes::People
        | Takes::Sentences
        | Takes::Confirmations
        | Takes::Origins
        | Takes::Hosts => several(text()),
        Takes::Flag => json!({"enum": [true, false, "yes", "no", "on", "off"]}),
        Takes::Number(least, most) => {
            let mut number = json!({"type": "integer"});
            if *least != i64::MIN {
                number["minimum"] = json!(least);
                number["maximum"] = json!(most);
            }
            number
        }
        Takes::Decimal => json!({"type": "number"}),
        Takes::Word(words) => json!({"enum": words}),
        Takes::Day => matching(DATE),
        Takes::Period => matching(PERIOD),
        Takes::Language => matching(LANGUAGE),
        Takes::Languages => several(matching(LANGUAGE)),
        Takes::Address => matching("^https?://"),
        Takes::Addresses => several(matching("^https?://")),
        Takes::FolderName => matching("^[^./\\\\][^/\\\\]*$"),
        Takes::Folder => matching(r"^[^\\:]*$"),
        Takes::Pattern => matching(r"^https?://.*\{(path|file)\}"),
        Takes::Consent => json!({"type": ["string", "boolean"]}),
        Takes::Links => {
            let one = json!({"type": ["string", "object"], "additionalProperties": {"type": "string"}});
            several(one)
        }
        Takes::Menu => {
            let mut item = json!({"type": "object", "minProperties": 1});
            item["properties"] = json!(properties(MenuKey::KEYS));
            item["additionalProperties"] = text();
            let pairs = json!({"type": "object", "additionalProperties": text()});
            json!({"anyOf": [{"type": ["array", "null"], "items": item}, pairs]})
        }
        Takes::Map(keys) => map(keys),
        Takes::Open(keys) => {
            let mut open = map(keys);
            open["additionalProperties"] = text();
            open
        }
        Takes::Named(what, shape) => {
            let mut of_each = takes(shape);
            of_each["title"] = json!(what);
            json!({"type": ["object", "null"], "additionalProperties": of_each})
        }
        Takes::List(keys) => {
            let either = json!({"anyOf": [map(keys), text()]});
            json!({"type": ["array", "null"], "items": either})
        }
        Takes::Rules => {
            let rule = |rule: &Rule| {
                let levels: Vec<&str> =
                    LEVELS.iter().copied().filter(|level| *level != "off" || rule.can_be_off()).collect();
                let default = match rule.default_severity() {
                    Severity::Error => "error",
                    Severity::Warning => "warning",
                };
                let schema =
                    json!({"description": rule.meaning().trim(), "enum": levels, "default": default});
                (rule.name().to_owned(), schema)
            };
            let rules: Map<String, Value> = Rule::ALL.iter().map(rule).collect();
            json!({"type": ["object", "null"], "properties": rules, "additionalProperties": false})
        }
        Takes::Either(shapes) => {
            let each: Vec<Value> = shapes.iter().map(takes).collect();
            json!({"anyOf": each})
        }
    }
}

/// A value of one of our own tables as editors read it, for whom `off` and `yes` are texts.
fn value(yaml: &str) -> Value {
    serde_yaml::from_str_with_options(yaml, serde_yaml::options! { strict_booleans: true })
        .unwrap_or_else(|_| json!(yaml))
}

/// What stands under a name, the outermost first.
fn find(value: &Value, name: &str) -> Option<Value> {
    match value {
        Value::Object(pairs) => {
            pairs.get(name).cloned().or_else(|| pairs.values().find_map(|value| find(value, name)))
        }
        Value::Array(items) => items.iter().find_map(|item| find(item, name)),
        _ => None,
    }
}
