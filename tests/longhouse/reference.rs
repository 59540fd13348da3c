//! The reference in `docs/` and the schemas beside it say what the program does, and nothing else.
//!
//! What is written between `<!-- generated -->` and `<!-- end -->` comes from the program's own tables; so do
//! the schemas and the messages on the pages of the rules. `LONGHOUSE_RENEW=1 cargo test --test longhouse
//! reference` writes all of it anew.

// Some of the files that are wrong can be made on Unix only.
#[cfg(unix)]
#[path = "reference/rules.rs"]
pub(crate) mod rules;
#[path = "reference/views.rs"]
mod views;

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args as _;
use longhouse::cli::search::Filters;
use longhouse::config::Config;
use longhouse::config::keys::{
    BrandKey, CheckKey, CspKey, FooterKey, ImagesKey, MenuKey, ProductKey, RepositoryKey, SearchKey, Setting,
    TagsKey, WriteKey,
};
use longhouse::data::feed::{FeedKey, HeadlineKey};
use longhouse::data::{ModerationKey, ReactionKey, SearchTestKey};
use longhouse::diagnostic::{Diagnostic, Rule};
use longhouse::insight::figures::{Direction, FIGURES, Group, Scope};
use longhouse::page::front_matter::{
    self, Field, common_fields, fields_of, fields_of_replies, synonyms_of, types_of,
};
use longhouse::page::kind::Kind;
use longhouse::page::limits::{BOUNDS, Bound};
use longhouse::schema::Schema;
use longhouse::site::facet::Facet;
use longhouse::view::feed::SORTS;
use longhouse::words::Words;
use longhouse::yaml::key::{Key, Keys, Takes};

/// Reads a file of names and values, and says what is wrong with it.
type Reader = fn(&str) -> Vec<Diagnostic>;

/// Every table of keys: what holds it, its keys, and how its file is read.
const TABLES: &[(&str, &[Key], Reader)] = &[
    ("", Setting::KEYS, config),
    ("brand", BrandKey::KEYS, config),
    ("footer", FooterKey::KEYS, config),
    ("menu", MenuKey::KEYS, config),
    ("csp", CspKey::KEYS, config),
    ("repository", RepositoryKey::KEYS, config),
    ("products", ProductKey::KEYS, config),
    ("tags", TagsKey::KEYS, config),
    ("images", ImagesKey::KEYS, config),
    ("search", SearchKey::KEYS, config),
    ("check", CheckKey::KEYS, config),
    ("write", WriteKey::KEYS, config),
    ("data/moderation.yaml", ModerationKey::KEYS, moderation),
    ("data/reactions.yaml", ReactionKey::KEYS, reactions),
    ("search-tests.yaml", SearchTestKey::KEYS, search_tests),
    ("data/feeds/", FeedKey::KEYS, feed),
    ("headline", HeadlineKey::KEYS, feed),
];

#[test]
fn every_example_of_a_key_is_right_and_no_other_name_is() {
    for (holder, keys, read) in TABLES {
        for key in *keys {
            assert_eq!(read(key.example), [], "{}", key.example);
            let misspelt = key.example.replacen(&format!("{}:", key.name), "nonsense:", 1);
            assert_ne!(misspelt, key.example, "the example of `{}` does not hold it", key.name);
            // Any other name is a token there, or a link.
            if !matches!(*holder, "brand" | "footer") {
                let found = read(&misspelt);
                assert!(found.iter().any(|it| it.message.contains("no setting `nonsense`")), "{misspelt}");
            }
        }
    }
}

#[test]
fn every_word_of_a_key_is_taken_and_no_other_is() {
    for (_, keys, read) in TABLES {
        for key in *keys {
            let mut words = Vec::new();
            words_of(&key.takes, &mut words);
            for words in words {
                let with = |word: &str| {
                    let stands = words.iter().find(|it| key.example.contains(&format!(": {it}")));
                    let stands = stands.unwrap_or_else(|| panic!("no word in {}", key.example));
                    key.example.replacen(&format!(": {stands}"), &format!(": {word}"), 1)
                };
                for word in words {
                    assert_eq!(read(&with(word)), [], "{}", with(word));
                }
                assert_ne!(read(&with("nonsense")), [], "{}", with("nonsense"));
            }
        }
    }
}

#[test]
fn what_is_said_to_hold_without_a_key_does() {
    for (_, key) in Setting::ALL.iter().filter(|(_, key)| !key.default.is_empty()) {
        let text = format!("{}: {}\n", key.name, key.default);
        let said = Config::parse(&Arc::from("longhouse.yaml"), &text).expect("a right default");
        let unsaid = Config { hash: said.hash, ..Config::default() };
        assert_eq!(said, unsaid, "{text}");
    }
}

#[test]
fn a_number_has_its_bounds() {
    for (_, keys, read) in TABLES {
        for key in *keys {
            let Takes::Number(least, most) = key.takes else { continue };
            let with = |number: i64| {
                let at = key.example.find(&format!("{}: ", key.name)).expect("the key") + key.name.len() + 2;
                let rest = key.example[at..].trim_start_matches(|it: char| it.is_ascii_digit());
                format!("{}{number}{rest}", &key.example[..at])
            };
            assert!(read(&with(least)).is_empty() && read(&with(most)).is_empty(), "{}", key.name);
            assert!(!read(&with(least - 1)).is_empty() && !read(&with(most + 1)).is_empty(), "{}", key.name);
        }
    }
}

#[test]
fn every_example_of_a_field_is_right_and_so_are_its_synonyms() {
    for field in Field::ALL {
        for name in std::iter::once(field.name()).chain(synonyms_of(*field)) {
            let found = read_field(name, field.example());
            assert_eq!(found.diagnostics, [], "{name}: {}", field.example());
            assert_eq!(found.fields.present[0].1, Some(*field));
            assert_eq!(found.fields.key_span(*field).map(|span| span.column), Some(1));
            assert_ne!(without_names(found.fields), front_matter::Fields::default(), "{name} is not read");
        }
        if let Takes::Word(words) = field.takes() {
            for word in words {
                assert_eq!(read_field(field.name(), word).diagnostics, [], "{}: {word}", field.name());
            }
        }
    }
}

#[test]
fn a_field_refuses_what_it_does_not_take() {
    for field in Field::ALL {
        let wrong = match field.takes() {
            // What `type` may be is asked where the kind is known.
            Takes::Word(_) if *field == Field::Type => continue,
            Takes::Word(_) | Takes::Day | Takes::Period | Takes::Flag => "nonsense",
            Takes::Number(..) | Takes::Decimal => "many",
            Takes::Language => "no language",
            Takes::Consent => "perhaps",
            Takes::Confirmations => "ben on his old machine",
            Takes::Text | Takes::MarkOrText if *field != Field::Menu => "\n  - one\n  - two",
            Takes::Texts | Takes::People | Takes::Sentences => "{one: 1, two: 2}",
            Takes::Links => "[[one, two]]",
            _ => continue,
        };
        let found = read_field(field.name(), wrong);
        let rules: Vec<Rule> = found.diagnostics.iter().map(|it| it.rule).collect();
        assert_eq!(rules, [Rule::InvalidField], "{}: {wrong}: {:#?}", field.name(), found.diagnostics);
    }
}

#[test]
fn the_words_for_a_type_are_those_of_the_kinds() {
    let of_kinds: Vec<&str> = Kind::ALL.iter().flat_map(|kind| types_of(*kind)).copied().collect();
    assert!(matches!(Field::Type.takes(), Takes::Word(words) if words == of_kinds.as_slice()));
}

#[test]
fn the_schemas_in_the_documentation_are_those_that_the_program_prints() {
    let mut there: Vec<String> = fs::read_dir(docs("static/schema"))
        .expect("a folder of schemas")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    let mut wanted: Vec<String> =
        Schema::ALL.iter().map(|schema| format!("{}.json", schema.name())).collect();
    for schema in Schema::ALL {
        assert_same(&format!("static/schema/{}.json", schema.name()), &schema.text());
    }
    there.sort();
    wanted.sort();
    if std::env::var_os("LONGHOUSE_RENEW").is_none() {
        assert_eq!(there, wanted);
    }
}

#[test]
fn a_schema_says_what_the_reader_refuses() {
    let config = Schema::Config.json();
    assert_eq!(config["additionalProperties"], false);
    assert_eq!(config["properties"]["page_size"]["maximum"], 1000);
    assert_eq!(config["properties"]["page_size"]["default"], 20);
    let levels = |rule: Rule| config["properties"]["rules"]["properties"][rule.name()]["enum"].clone();
    assert_eq!(levels(Rule::DeadLink), serde_json::json!(["error", "warning", "off"]));
    assert_eq!(levels(Rule::Secret), serde_json::json!(["error", "warning"]));
    let story = Schema::Entry(Kind::Story).json();
    assert_eq!(story["properties"]["type"]["enum"], serde_json::json!(types_of(Kind::Story)));
    assert!(story["properties"]["accepted"].is_null() && !story["properties"]["author"].is_null());
    for schema in Schema::ALL {
        assert_eq!(Schema::from_name(schema.name()), Some(schema));
    }
}

#[test]
fn the_reference_of_the_configuration_names_every_key() {
    let mut text = String::new();
    for key in Setting::KEYS {
        section(&mut text, "##", key.name, key);
        for (_, keys, _) in TABLES.iter().filter(|(holder, ..)| *holder == key.name) {
            for inner in *keys {
                section(&mut text, "###", &format!("{}.{}", key.name, inner.name), inner);
            }
        }
    }
    assert_generated("content/reference/configuration.md", &[text]);
}

#[test]
fn the_reference_of_the_data_files_names_every_key() {
    let of = |name: &str| {
        let mut text = String::new();
        let (_, keys, _) = TABLES.iter().find(|(holder, ..)| *holder == name).expect("a table");
        for key in *keys {
            section(&mut text, "###", key.name, key);
        }
        text
    };
    assert_generated(
        "content/reference/data-files.md",
        &[
            of("search-tests.yaml"),
            of("data/moderation.yaml"),
            of("data/reactions.yaml"),
            of("data/feeds/"),
            of("headline"),
        ],
    );
}

#[test]
fn the_reference_of_front_matter_names_every_field() {
    let of = |fields: Vec<Field>, types: &'static [&'static str]| {
        let mut text = String::new();
        for field in fields {
            field_section(&mut text, field, types);
        }
        text
    };
    let mut blocks = vec![of(common_fields().collect(), &[])];
    for schema in Schema::ALL {
        match schema {
            Schema::Entry(kind) => blocks.push(of(fields_of(kind).collect(), types_of(kind))),
            Schema::Answer => blocks.push(of(fields_of_replies().collect(), &[])),
            _ => {}
        }
    }
    let others: Vec<String> = front_matter::other_names().map(|name| format!("`{name}`")).collect();
    blocks.push(format!("{}.\n", others.join(", ")));
    assert_generated("content/reference/front-matter.md", &blocks);
}

#[test]
fn the_reference_of_facets_names_every_one() {
    let options = Filters::augment_args(clap::Command::new("search"));
    let mut of_command = String::from("| option | what it does |\n| --- | --- |\n");
    for option in options.get_arguments() {
        let name = option.get_long().expect("an option");
        let value = option.get_value_names().filter(|_| option.get_action().takes_values());
        let value = value.and_then(<[_]>::first).map_or(String::new(), |value| format!(" {value}"));
        let help = option.get_help().expect("its help").to_string();
        let _ = writeln!(of_command, "| `--{name}{value}` | {} |", help.replacen("Only", "only", 1));
    }
    let words = Words::english();
    let mut table = String::from("| facet | called | of | comes from |\n| --- | --- | --- | --- |\n");
    for facet in Facet::all() {
        let (of, from) = match facet {
            Facet::Field(field) if field.is_common() => ("all pages".into(), field_link(field)),
            Facet::Field(field) => {
                let kinds = front_matter::kinds_with(field).map(|kind| words.kinds(kind).to_lowercase());
                (kinds.collect::<Vec<_>>().join(", "), field_link(field))
            }
            Facet::Kind => ("all pages".into(), "the folder".into()),
            Facet::Tag => ("all pages".into(), format!("topics and {}", field_link(Field::Tags))),
            Facet::Product => ("all pages".into(), field_link(Field::Products)),
            Facet::Lang => ("all pages".into(), format!("{}, or the configuration", field_link(Field::Lang))),
            Facet::Is => ("questions".into(), "answers: `answered`, `accepted`".into()),
        };
        let _ = writeln!(table, "| `{}` | {} | {of} | {from} |", facet.name(), facet.label(&words));
    }
    assert_generated("content/reference/facets.md", &[table]);
    assert_generated("content/reference/commands.md", &[of_command]);
}

#[test]
fn the_reference_of_feeds_names_every_one() {
    let mut table = String::from("| feed of | address | what is in it |\n| --- | --- | --- |\n");
    for sort in SORTS {
        let more = match (sort.json, sort.whole) {
            (true, true) => " Whole texts, unless the configuration says `feeds: excerpt`. Also JSON.",
            (true, false) => " Also JSON.",
            (false, _) => "",
        };
        let _ = writeln!(table, "| {} | `{}` | {}{more} |", sort.of, sort.address, sort.holds);
    }
    assert_generated("content/reference/feeds.md", &[table]);
}

#[test]
fn the_reference_of_figures_defines_every_one() {
    let mut text = String::new();
    for group in Group::ALL {
        let _ = write!(
            text,
            "### {}\n\n| figure | what it is | unit | better |\n| --- | --- | --- | --- |\n",
            group.title()
        );
        for figure in FIGURES.iter().filter(|figure| figure.group == group) {
            let better = match figure.direction {
                Direction::Neither => "",
                known => known.name(),
            };
            let of = match figure.scope {
                Scope::Window => "",
                Scope::Recent => " *Of the last 90 days, or of each period.*",
                Scope::Today => " *Of today only.*",
            };
            let _ = writeln!(
                text,
                "| `{}` | **{}.** {}{of} | {} | {better} |",
                figure.id,
                figure.title,
                figure.words,
                figure.unit.name()
            );
        }
        text.push('\n');
    }
    assert_generated("content/reference/insight.md", &[text]);
}

fn field_link(field: Field) -> String {
    format!("[`{name}`](front-matter.md#{name})", name = field.name())
}

#[test]
fn the_limits_in_the_documentation_are_those_that_hold() {
    let mut text = "| what | at most | the rest |\n| --- | --- | --- |\n".to_owned();
    for Bound { most, what, beyond } in BOUNDS {
        let _ = writeln!(text, "| {what} | {most} | {beyond} |");
    }
    text.push_str("\n| field | values | characters of each | what is longer |\n| --- | --- | --- | --- |\n");
    for field in Field::ALL {
        let limit = field.limit();
        let Some(characters) = limit.characters() else { continue };
        let longer = if limit.can_be_cut() { "is cut off" } else { "is left out" };
        let _ = writeln!(text, "| `{}` | {} | {characters} | {longer} |", field.name(), limit.items());
    }
    assert_generated("content/safety/limits.md", &[text]);
}

fn section(text: &mut String, level: &str, title: &str, key: &Key) {
    let _ = write!(text, "{level} `{title}`\n\n{}\n\n- Takes: {}\n", key.about, words(&key.takes));
    match key.default {
        "" => {}
        "[]" | "{}" => text.push_str("- Without it: none\n"),
        default => {
            let _ = writeln!(text, "- Without it: `{default}`");
        }
    }
    let _ = write!(text, "\n```yaml\n{}\n```\n\n", key.example);
}

fn field_section(text: &mut String, field: Field, types: &'static [&'static str]) {
    let takes = if field == Field::Type { Takes::Word(types) } else { field.takes() };
    let example = if field == Field::Type { types[1] } else { field.example() };
    let _ = write!(text, "### `{}`\n\n{}\n\n- Takes: {}\n", field.name(), field.about(), words(&takes));
    let synonyms: Vec<String> = synonyms_of(field).map(|name| format!("`{name}`")).collect();
    if !synonyms.is_empty() {
        let _ = writeln!(text, "- Understood too: {}", synonyms.join(", "));
    }
    let _ = write!(text, "\n```yaml\n{}: {example}\n```\n\n", field.name());
}

/// What belongs after a name, in words.
fn words(takes: &Takes) -> String {
    match takes {
        Takes::Text => "a text, kept as typed".to_owned(),
        Takes::Texts => "a list of texts, or one text with commas".to_owned(),
        Takes::Person => "a handle".to_owned(),
        Takes::People => "a list of handles, or one text with commas".to_owned(),
        Takes::Sentences => "a list of texts, or one text".to_owned(),
        Takes::Flag => "`true` or `false`".to_owned(),
        Takes::Number(i64::MIN, _) => "a whole number".to_owned(),
        Takes::Number(least, most) => format!("a whole number from {least} to {most}"),
        Takes::Decimal => "a number".to_owned(),
        Takes::Word([only]) => format!("the word `{only}`"),
        Takes::Word(words) => {
            let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
            format!("one of {}", words.join(", "))
        }
        Takes::Day => "a day: year, month, day, with a time behind it or without".to_owned(),
        Takes::Period => "a number of days, weeks, months or years: `30d`, `2w`, `6m`, `1y`".to_owned(),
        Takes::Language => "a language tag such as `en` or `pt-BR`".to_owned(),
        Takes::Languages => "a list of language tags such as `en` or `pt-BR`".to_owned(),
        Takes::TimeZone => "a time zone: a region and a city, or `UTC`".to_owned(),
        Takes::Address => "an address that begins with `https://` or `http://`".to_owned(),
        Takes::Addresses => "a list of addresses that begin with `https://` or `http://`".to_owned(),
        Takes::Origins => "a list of addresses of hosts, without a path".to_owned(),
        Takes::Hosts => "a list of hosts".to_owned(),
        Takes::FolderName => "the name of a folder below `themes/`".to_owned(),
        Takes::Folder => "the path of a folder, with `/` between names".to_owned(),
        Takes::Pattern => "an address with `{path}` or `{file}` in it".to_owned(),
        Takes::MarkOrText => "`true`, or a text".to_owned(),
        Takes::Consent => "`yes`, who agreed, and when, with commas between".to_owned(),
        Takes::Confirmations => {
            "a list, in each line a handle, a version and a day; the last two if known".to_owned()
        }
        Takes::Links => "a list of addresses, or of `Name: address`".to_owned(),
        Takes::Menu => "a list of texts with their addresses".to_owned(),
        Takes::Map(_) => "the names below".to_owned(),
        Takes::Open(_) => "the names below, and design tokens".to_owned(),
        Takes::Named(what, each) => format!("for each {what}, {}", words(each)),
        Takes::List(_) => "a list, each with the names below".to_owned(),
        Takes::Rules => "for each rule, one of `error`, `warning`, `off`".to_owned(),
        Takes::Either(shapes) => shapes.iter().map(words).collect::<Vec<_>>().join("; or "),
    }
}

fn words_of(takes: &Takes, found: &mut Vec<&'static [&'static str]>) {
    match takes {
        Takes::Word(words) => found.push(words),
        Takes::Named(_, each) => words_of(each, found),
        Takes::Either(shapes) => shapes.iter().for_each(|shape| words_of(shape, found)),
        _ => {}
    }
}

fn config(text: &str) -> Vec<Diagnostic> {
    match Config::parse(&Arc::from("longhouse.yaml"), text) {
        Ok(config) => config.warnings,
        Err(problems) => problems,
    }
}

fn reactions(text: &str) -> Vec<Diagnostic> {
    match longhouse::data::reactions(&Arc::from("data/reactions.yaml"), text) {
        Ok(data) => data.warnings,
        Err(problems) => problems,
    }
}

fn moderation(text: &str) -> Vec<Diagnostic> {
    match longhouse::data::moderation(&Arc::from("data/moderation.yaml"), text) {
        Ok(data) => data.warnings,
        Err(problems) => problems,
    }
}

fn search_tests(text: &str) -> Vec<Diagnostic> {
    match longhouse::data::search_tests(&Arc::from("search-tests.yaml"), text) {
        Ok(data) => data.warnings,
        Err(problems) => problems,
    }
}

/// An example of one key stands in a file with the others that it needs.
fn feed(text: &str) -> Vec<Diagnostic> {
    let text =
        if text.starts_with("feed:") { text.to_owned() } else { format!("feed: https://a.example/\n{text}") };
    match longhouse::data::feed::feed(&Arc::from("data/feeds/a.yaml"), &text) {
        Ok(data) => data.warnings,
        Err(problems) => problems,
    }
}

fn read_field(name: &str, value: &str) -> front_matter::FrontMatter {
    front_matter::parse(&Arc::from("a.md"), &format!("---\n{name}: {value}\n---\n"))
}

fn without_names(mut fields: front_matter::Fields) -> front_matter::Fields {
    fields.present.clear();
    fields
}

/// A path in the documentation's site.
fn docs(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs").join(path)
}

/// That a file of the documentation has this text; or gives it to it.
#[track_caller]
fn assert_same(path: &str, text: &str) {
    let file = docs(path);
    let there = fs::read_to_string(&file).unwrap_or_default();
    if there == text {
        return;
    }
    if std::env::var_os("LONGHOUSE_RENEW").is_some() {
        fs::write(&file, text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        return;
    }
    let line = there.lines().zip(text.lines()).take_while(|(there, wanted)| there == wanted).count();
    panic!(
        "docs/{path} differs from what the program says in line {}:\n  {}\nshould be\n  {}\n\
         `LONGHOUSE_RENEW=1 cargo test --test longhouse reference` writes it anew",
        line + 1,
        there.lines().nth(line).unwrap_or_default(),
        text.lines().nth(line).unwrap_or_default(),
    );
}

/// That the generated blocks of a page are these, in order.
#[track_caller]
fn assert_generated(path: &str, blocks: &[String]) {
    const FROM: &str = "<!-- generated -->\n";
    const TO: &str = "<!-- end -->\n";
    let page = fs::read_to_string(docs(path)).unwrap_or_else(|error| panic!("docs/{path}: {error}"));
    let mut text = String::new();
    let mut rest = page.as_str();
    for block in blocks {
        let (before, behind) =
            rest.split_once(FROM).unwrap_or_else(|| panic!("docs/{path} has too few blocks"));
        let (_, behind) = behind.split_once(TO).unwrap_or_else(|| panic!("docs/{path}: a block has no end"));
        let _ = write!(text, "{before}{FROM}\n{}\n\n{TO}", block.trim_end());
        rest = behind;
    }
    assert!(!rest.contains(FROM), "docs/{path} has too many blocks");
    text.push_str(rest);
    assert_same(path, &text);
}
