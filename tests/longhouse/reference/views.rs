//! What a template sees: the page is made of the doc comments of the views, and compared with real views.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use longhouse::page::front_matter::Field as FrontMatterField;
use longhouse::site::Visibility;
use longhouse::source::{LoadOptions, load};
use longhouse::view::{self, Lists};
use serde_json::Value;

use super::assert_generated;
use crate::fixture::{folder, render};

/// The files that declare what templates see.
const FILES: [&str; 16] = [
    "src/view.rs",
    "src/view/entry.rs",
    "src/view/tree.rs",
    "src/view/facet.rs",
    "src/view/listing.rs",
    "src/view/links.rs",
    "src/view/generated.rs",
    "src/view/reply.rs",
    "src/view/help_wanted.rs",
    "src/view/ideas.rs",
    "src/view/people.rs",
    "src/view/decide.rs",
    "src/view/insight.rs",
    "src/view/moderation.rs",
    "src/view/write.rs",
    "src/theme/global.rs",
];

/// Each template: the name of its view, and the type.
const TEMPLATES: &[(&str, &str, &str)] = &[
    ("question.html", "entry", "EntryView"),
    ("how-to.html", "entry", "EntryView"),
    ("story.html", "entry", "EntryView"),
    ("idea.html", "entry", "EntryView"),
    ("announcement.html", "entry", "EntryView"),
    ("link.html", "entry", "EntryView"),
    ("page.html", "entry", "EntryView"),
    ("tombstone.html", "entry", "EntryView"),
    ("list.html", "list", "ListView"),
    ("links.html", "list", "LinksView"),
    ("help-wanted.html", "help_wanted", "HelpWantedView"),
    ("shipped.html", "shipped", "ShippedView"),
    ("decide.html", "decide", "DecideView"),
    ("home.html", "home", "HomeView"),
    ("tags.html", "list", "TagsView"),
    ("people.html", "list", "PeopleView"),
    ("person.html", "person", "PersonView"),
    ("thanks.html", "thanks", "ThanksView"),
    ("folder.html", "folder", "FolderView"),
    ("text.html", "text", "TextView"),
    ("search.html", "search", "SearchView"),
    ("404.html", "search", "SearchView"),
    ("insight.html", "insight", "InsightView"),
    ("moderation.html", "moderation", "ModerationView"),
    ("write.html", "write", "WriteView"),
    ("redirect.html", "target", "LinkView"),
];

/// A type that templates see.
struct Struct {
    about: String,
    fields: Vec<Field>,
}

struct Field {
    name: String,
    shape: String,
    about: String,
    /// Its own fields stand in its place.
    flat: bool,
}

#[test]
fn the_reference_of_the_views_names_every_field() {
    let structs = structs();
    let mut templates = String::from("| template | name | what it is |\n| --- | --- | --- |\n");
    for (template, name, shape) in TEMPLATES {
        let _ = writeln!(templates, "| `{template}` | `{name}` | {} |", link(shape));
    }
    let mut queue = vec!["Meta", "Global"];
    queue.extend(TEMPLATES.iter().map(|(_, _, shape)| *shape));
    let mut named: Vec<&str> = Vec::new();
    let mut at = 0;
    while at < queue.len() {
        let name = queue[at];
        at += 1;
        if named.contains(&name) {
            continue;
        }
        named.push(name);
        for field in flat(&structs, name) {
            queue.extend(structs.keys().filter(|it| inner(&field.shape) == it.as_str()).map(String::as_str));
        }
    }
    let mut text = String::new();
    for name in named {
        let about = &structs[name].about;
        let _ = write!(text, "## {name}\n\n{about}\n\n| field | type | meaning |\n| --- | --- | --- |\n");
        for field in flat(&structs, name) {
            assert!(!field.about.is_empty(), "`{}` of {name} has no doc comment", field.name);
            let meaning = field.about.replace('|', "\\|");
            let _ = writeln!(text, "| `{}` | {} | {meaning} |", field.name, type_words(&field.shape));
        }
        text.push('\n');
    }
    // What links in doc comments lead to has a heading of its own on the page.
    let text = structs.keys().fold(text, |text, name| text.replace(&format!("[`{name}`]"), &link(name)));
    let version = format!("These are the views of version {}.\n", view::VERSION);
    assert_generated("content/reference/views.md", &[version, templates, text]);
}

#[test]
fn what_moved_is_where_it_is_said_to_be() {
    let structs = structs();
    let changes =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("CHANGELOG.md")).expect("text");
    for (old, new) in view::MOVED {
        assert!(structs["EntryView"].fields.iter().all(|field| field.name != *old), "{old} is still there");
        let row = format!("| `entry.{old}` | `entry.{new}` |");
        assert!(changes.contains(&row), "CHANGELOG.md lacks {row}");
        let mut shape = "EntryView".to_owned();
        let mut steps = new.split('.');
        while let Some(step) = steps.next() {
            let field = flat(&structs, &shape).into_iter().find(|field| field.name == step);
            let field = field.unwrap_or_else(|| panic!("{shape} has no {step}"));
            shape = inner(&field.shape).to_owned();
            if let Some(name) = by_name(&field.shape).and_then(|_| steps.next()) {
                assert!(
                    FrontMatterField::ALL.iter().any(|field| field.name() == name && field.is_fact()),
                    "{name}"
                );
            }
        }
    }
}

#[test]
fn what_templates_get_is_what_the_reference_says() {
    let structs = structs();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("example-site");
    let sources = load(&root, &LoadOptions::default()).unwrap_or_else(|_| panic!("the example site"));
    let (site, _) = longhouse::understand(&sources, Visibility::default(), &|_| {});
    let lists = Lists::new(&site);
    let mut seen = BTreeSet::new();
    for plan in view::plan(&site.reader(), &lists) {
        let view = plan.view(&site.reader(), &lists);
        let shape =
            TEMPLATES.iter().find(|(template, name, _)| (*template, *name) == (view.template, view.name));
        let (.., shape) = shape.unwrap_or_else(|| panic!("{} with `{}`", view.template, view.name));
        let json = |value: Result<Value, serde_json::Error>| value.expect("a view is plain data");
        assert_shape(&structs, shape, &json(serde_json::to_value(&view.data)), &view.address, &mut seen);
        assert_shape(&structs, "Meta", &json(serde_json::to_value(&view.page)), &view.address, &mut seen);
    }
    for (_, _, shape) in TEMPLATES {
        assert!(seen.contains(*shape), "the example site has no {shape}");
    }
}

#[test]
fn what_every_template_sees_of_the_configuration_is_what_the_reference_says() {
    let folder = folder(
        "=== longhouse.yaml\nbase_url: https://a.example/\n\
         === themes/default/templates/404.html\n{{ site.nonsense }}\n=== content/questions/a.md\n# A?\n",
    );
    let Err(error) = render(&folder.load(), Visibility::default()) else { panic!("there is no such field") };
    let error = error.to_string();
    let (_, available) = error.rsplit_once("`site` has ").unwrap_or_else(|| panic!("{error}"));
    let available = available.split('.').next().unwrap_or_default();
    let available: BTreeSet<&str> = available.split('`').skip(1).step_by(2).collect();
    let structs = structs();
    let said: BTreeSet<&str> = structs["Global"].fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(said, available);
}

/// That a value has the fields that a type says, and no others, all the way down.
fn assert_shape(
    structs: &BTreeMap<String, Struct>,
    shape: &str,
    value: &Value,
    place: &str,
    seen: &mut BTreeSet<String>,
) {
    let wrong = || panic!("{place}: {value} is no {shape}");
    if let Some(shape) = wrapped(shape, "Option") {
        if !value.is_null() {
            assert_shape(structs, shape, value, place, seen);
        }
        return;
    }
    if let Some(shape) = wrapped(shape, "Shared") {
        assert_shape(structs, shape, value, place, seen);
        return;
    }
    if let Some(shape) = by_name(shape) {
        let Value::Object(pairs) = value else { wrong() };
        pairs.values().for_each(|value| assert_shape(structs, shape, value, place, seen));
        return;
    }
    if let Some(shape) = wrapped(shape, "Vec") {
        let Value::Array(items) = value else { wrong() };
        items.iter().for_each(|item| assert_shape(structs, shape, item, place, seen));
        return;
    }
    match shape {
        "String" | "&'static str" => assert!(value.is_string(), "{place}: {value}"),
        "bool" => assert!(value.is_boolean(), "{place}: {value}"),
        "usize" | "i64" | "u32" | "u64" => assert!(value.is_number(), "{place}: {value}"),
        shape => {
            let Value::Object(pairs) = value else { wrong() };
            let fields = flat(structs, shape);
            let said: BTreeSet<&str> = fields.iter().map(|field| field.name.as_str()).collect();
            let given: BTreeSet<&str> = pairs.keys().map(String::as_str).collect();
            assert_eq!(said, given, "{place}: {shape}");
            seen.insert(shape.to_owned());
            fields
                .iter()
                .for_each(|field| assert_shape(structs, &field.shape, &pairs[&field.name], place, seen));
        }
    }
}

/// Every type that the files declare, with the words of its doc comments.
fn structs() -> BTreeMap<String, Struct> {
    let mut structs = BTreeMap::new();
    for file in FILES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{file}: {error}"));
        let (mut about, mut flat, mut renamed) = (String::new(), false, None);
        let mut open: Option<(String, Struct)> = None;
        for line in text.lines() {
            let bare = line.trim_start();
            let bare =
                ["pub ", "pub(super) "].into_iter().find_map(|it| bare.strip_prefix(it)).unwrap_or(bare);
            if let Some(more) = bare.strip_prefix("///") {
                let blank = if about.is_empty() { "" } else { " " };
                about.push_str(blank);
                about.push_str(more.trim());
                continue;
            } else if bare.starts_with("#[") {
                flat |= bare == "#[serde(flatten)]";
                let name = bare.strip_prefix("#[serde(rename = \"").and_then(|it| it.strip_suffix("\")]"));
                renamed = name.map(str::to_owned).or(renamed);
                continue;
            }
            let about = std::mem::take(&mut about);
            let flat = std::mem::take(&mut flat);
            if line == "}" {
                structs.extend(open.take());
            } else if let Some((_, one)) = &mut open {
                let Some((name, shape)) = bare.strip_suffix(',').and_then(|it| it.split_once(": ")) else {
                    continue;
                };
                let name = renamed.take().unwrap_or(name.to_owned());
                one.fields.push(Field { name, shape: shape.to_owned(), about, flat });
            } else if let Some(name) = bare.strip_prefix("struct ").and_then(|it| it.strip_suffix(" {")) {
                open = Some((name.to_owned(), Struct { about, fields: Vec::new() }));
            }
        }
    }
    structs
}

/// The fields of a type, with those of others that stand in its place.
fn flat<'s>(structs: &'s BTreeMap<String, Struct>, name: &str) -> Vec<&'s Field> {
    let one = structs.get(name).unwrap_or_else(|| panic!("there is no type {name} in {FILES:?}"));
    let fields = one.fields.iter();
    fields.flat_map(|it| if it.flat { flat(structs, &it.shape) } else { vec![it] }).collect()
}

fn wrapped<'s>(shape: &'s str, by: &str) -> Option<&'s str> {
    shape.strip_prefix(by)?.strip_prefix('<')?.strip_suffix('>')
}

/// The type of the values of a map from names.
fn by_name(shape: &str) -> Option<&str> {
    wrapped(shape, "BTreeMap")?.strip_prefix("&'static str, ")
}

/// The type inside lists and options.
fn inner(shape: &str) -> &str {
    if let Some(shape) = by_name(shape) {
        return inner(shape);
    }
    match ["Option", "Vec", "Shared"].into_iter().find_map(|by| wrapped(shape, by)) {
        Some(shape) => inner(shape),
        None => shape,
    }
}

fn type_words(shape: &str) -> String {
    if let Some(shape) = wrapped(shape, "Option") {
        return format!("{}, or nothing", type_words(shape));
    }
    if let Some(shape) = by_name(shape) {
        return format!("by name: {}", type_words(shape));
    }
    if let Some(shape) = wrapped(shape, "Vec") {
        return format!("list of {}", type_words(shape).replace("text", "texts"));
    }
    if let Some(shape) = wrapped(shape, "Shared") {
        return type_words(shape);
    }
    match shape {
        "String" | "&'static str" => "text".to_owned(),
        "bool" => "`true` or `false`".to_owned(),
        "usize" | "i64" | "u32" | "u64" => "number".to_owned(),
        shape => link(shape),
    }
}

fn link(shape: &str) -> String {
    format!("[{shape}](#{})", shape.to_lowercase())
}
