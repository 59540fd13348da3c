//! Alerts: what is urgent, for whom, and that what is over is nowhere said to be current.

use std::sync::Arc;

use jiff::civil::date;
use longhouse::site::Visibility;
use longhouse::source::Sources;
use serde_json::{Value, json};

use crate::fixture::{Folder, Rendered, folder, render};

const SITE: &str = "\
=== longhouse.yaml
title: Kilns
base_url: https://x.example/help/
site_id: kilns
timezone: Europe/Lisbon
team: {mia: staff}
products: [{id: kiln, name: The Kiln}]
=== content/announcements/outage.md
---
date: 2026-07-01
authors: mia
severity: urgent
places: [Lisbon, lisbon, Faro]
products: [kiln]
starts: 2026-07-01T08:30
expires: 2026-07-03T18:00
---
# Kilns are off
No heat until *Friday*.
=== content/announcements/outage/mia.md
---
response: true
date: 2026-07-01T10:00
---
We know why.
=== content/announcements/outage/mia--2.md
---
response: true
date: 2026-07-02
---
Half of them are back.
=== content/announcements/recall.md
---
date: 2026-06-01
severity: urgent
expires: 2026-07-10
---
# Do not use the old plug
=== content/announcements/news.md
---
date: 2026-06-02
severity: notice
places: [Lisbon]
---
# A fair
=== content/links/meet.md
---
date: 2026-05-01
type: event
url: https://meet.example/
place: Lisbon
---
# Potters meet
=== content/questions/q.md
---
date: 2026-01-01
products: [kiln]
---
# A question?
";

fn on(folder: &Folder, day: jiff::civil::Date) -> Rendered {
    let sources = Arc::new(Sources { today: Some(day), ..Sources::clone(&folder.load()) });
    render(&sources, Visibility::default()).expect("a theme without mistakes")
}

fn alerts(rendered: &Rendered) -> Value {
    serde_json::from_str(&rendered.file("alerts.json")).expect("JSON")
}

/// The titles of the entries of a feed, in order.
fn titles(rendered: &Rendered, path: &str) -> Vec<String> {
    let feed = rendered.file(path);
    let all = feed.split("<entry>\n<title>").skip(1);
    all.map(|it| it.split("</title>").next().unwrap_or_default().to_string()).collect()
}

#[test]
fn what_is_urgent_is_one_small_file_for_other_programs() {
    let rendered = on(&folder(SITE), date(2026, 7, 2));
    assert_eq!(
        alerts(&rendered),
        json!({"version": 1, "alerts": [
            {
                "id": "tag:kilns,2000:/announcements/outage/",
                "url": "https://x.example/help/announcements/outage/",
                "title": "Kilns are off",
                "summary": "No heat until Friday.",
                "severity": "urgent",
                "places": [{"id": "lisbon", "name": "Lisbon"}, {"id": "faro", "name": "Faro"}],
                "products": [{"id": "kiln", "name": "The Kiln"}],
                "starts": "2026-07-01T07:30:00Z",
                "expires": "2026-07-03T17:00:00Z",
                "until": "until 3 July 2026, 18:00 WEST",
                "published": "2026-06-30T23:00:00Z",
                "updated": "2026-07-01T23:00:00Z",
                "updates": [
                    {
                        "id": "tag:kilns,2000:/announcements/outage/comment-mia--2",
                        "url": "https://x.example/help/announcements/outage/#comment-mia--2",
                        "text": "Half of them are back.",
                        "published": "2026-07-01T23:00:00Z",
                    },
                    {
                        "id": "tag:kilns,2000:/announcements/outage/comment-mia",
                        "url": "https://x.example/help/announcements/outage/#comment-mia",
                        "text": "We know why.",
                        "published": "2026-07-01T09:00:00Z",
                    },
                ],
            },
            {
                "id": "tag:kilns,2000:/announcements/recall/",
                "url": "https://x.example/help/announcements/recall/",
                "title": "Do not use the old plug",
                "summary": "",
                "severity": "urgent",
                "places": [],
                "products": [],
                "starts": null,
                // A day lasts until it is over where the site lives.
                "expires": "2026-07-10T23:00:00Z",
                "until": "until 10 July 2026",
                "published": "2026-05-31T23:00:00Z",
                "updated": "2026-05-31T23:00:00Z",
                "updates": [],
            },
        ]})
    );
}

/// Whether a value is what a schema says, which names every field.
fn fits(value: &Value, schema: &Value) -> bool {
    let is_of = |name: &str| match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "null" => value.is_null(),
        _ => false,
    };
    let types = match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        Value::String(name) => vec![name.as_str()],
        _ => return schema["const"] == *value,
    };
    let named = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let named: Vec<&str> = named.collect();
    let fields = || value.as_object().into_iter().flatten();
    types.into_iter().any(is_of)
        && named.len() == fields().count()
        && fields().all(|(name, value)| fits(value, &schema["properties"][name]))
        && value.as_array().into_iter().flatten().all(|value| fits(value, &schema["items"]))
}

#[test]
fn the_schema_says_what_the_file_is() {
    let schema = longhouse::schema::Schema::Alerts.json();
    let mut file = alerts(&on(&folder(SITE), date(2026, 7, 2)));
    assert!(fits(&file, &schema), "{schema:#}");
    file["alerts"][0]["url"] = Value::Null;
    assert!(!fits(&file, &schema));
    assert!(!schema.to_string().contains("additionalProperties"));
}

#[test]
fn every_field_is_in_the_reference() {
    fn names(value: &Value, found: &mut std::collections::BTreeSet<String>) {
        if let Some(fields) = value.as_object() {
            found.extend(fields.keys().cloned());
            fields.values().for_each(|value| names(value, found));
        }
        value.as_array().into_iter().flatten().for_each(|value| names(value, found));
    }
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/content/reference/feeds.md");
    let page = std::fs::read_to_string(page).expect("the reference");
    let (_, rest) = page.split_once("```json\n").expect("an example");
    let (example, table) = rest.split_once("```").expect("its end");
    let (mut shown, mut made) = Default::default();
    names(&serde_json::from_str(example).expect("JSON"), &mut shown);
    names(&alerts(&on(&folder(SITE), date(2026, 7, 2))), &mut made);
    assert_eq!(shown, made);
    for name in &made {
        assert!(table.contains(&format!("`{name}`")), "{name}");
    }
}

#[test]
fn what_is_over_is_nowhere_said_to_be_current() {
    let folder = folder(SITE);
    let (during, after) = (on(&folder, date(2026, 7, 3)), on(&folder, date(2026, 7, 4)));
    let feeds = ["feed.xml", "announcements/feed.xml", "feed/place/lisbon.xml", "feed/product/kiln.xml"];
    for path in feeds {
        let is_there = |rendered: &Rendered| titles(rendered, path).contains(&"Kilns are off".to_string());
        assert!(is_there(&during), "{path}");
        assert!(!is_there(&after), "{path}");
        assert!(!after.file(path).contains("Half of them"), "{path}");
        // Whoever reads it later sees that it is over.
        assert!(during.file(path).contains("<summary>Until 3 July 2026, 18:00 WEST. No heat"), "{path}");
    }
    assert_eq!(alerts(&during)["alerts"].as_array().map(Vec::len), Some(2));
    assert_eq!(alerts(&after)["alerts"][0]["title"], "Do not use the old plug");
    assert!(during.page("/").contains("Kilns are off") && !after.page("/").contains("Kilns are off"));
    assert!(after.page("/announcements/outage/").contains("Half of them are back."));
    // The file stays where programs ask for it, and says that nothing is urgent.
    let none = on(&folder, date(2026, 8, 1));
    assert_eq!(none.file("alerts.json"), "{\"version\":1,\"alerts\":[]}\n");
}

#[test]
fn a_place_and_a_product_have_feeds_with_updates_as_items_of_their_own() {
    let rendered = on(&folder(SITE), date(2026, 7, 2));
    assert_eq!(
        titles(&rendered, "feed/place/lisbon.xml"),
        ["Update: Kilns are off", "Update: Kilns are off", "Kilns are off", "A fair", "Potters meet"]
    );
    assert_eq!(
        titles(&rendered, "feed/product/kiln.xml"),
        ["Update: Kilns are off", "Update: Kilns are off", "Kilns are off", "A question?"]
    );
    assert_eq!(titles(&rendered, "feed/place/faro.xml").len(), 3);
    let page = rendered.page("/announcements/outage/");
    for feed in [
        "announcements/outage/feed.xml",
        "feed/place/lisbon.xml",
        "feed/place/faro.xml",
        "feed/product/kiln.xml",
    ] {
        assert!(page.contains(&format!("<a href=\"/help/{feed}\" type=\"application/atom+xml\">")), "{feed}");
    }
    assert!(rendered.page("/links/meet/").contains("/help/feed/place/lisbon.xml"));
    assert!(rendered.page("/announcements/").contains("/help/feed/place/faro.xml"));
    assert!(rendered.page("/products/kiln/").contains("/help/feed/product/kiln.xml"));
}

#[test]
fn the_newest_update_stands_first_on_the_page_and_times_are_said() {
    let page = on(&folder(SITE), date(2026, 7, 2)).main("/announcements/outage/");
    let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} in {page}"));
    assert!(at("<h2>Updates</h2>") < at("Half of them") && at("Half of them") < at("We know why."));
    assert!(at("We know why.") < at("No heat until"));
    assert!(
        page.contains("<time datetime=\"2026-07-03T17:00:00Z\">3 July 2026, 18:00 WEST</time>"),
        "{page}"
    );
}

#[test]
fn pages_load_a_script_only_while_something_is_urgent() {
    let folder = folder(SITE);
    let (during, none) = (on(&folder, date(2026, 7, 2)), on(&folder, date(2026, 8, 1)));
    let loads =
        |rendered: &Rendered| rendered.pages().filter(|(_, page)| page.contains("/assets/alerts.")).count();
    assert!(loads(&during) > 10);
    assert_eq!(loads(&none), 0);
    for (path, page) in none.pages() {
        assert!(!page.contains("alerts.json"), "{path}");
    }
    // Without a script a reader finds the alert on the home page, with the places and the end of it.
    let home = during.page("/");
    assert!(
        home.contains("data-alert=\"/help/announcements/outage/\" data-expires=\"2026-07-03T17:00:00Z\""),
        "{home}"
    );
    assert!(home.contains("Lisbon, Faro, The Kiln, until"), "{home}");
    let script =
        during.paths().into_iter().find(|path| path.starts_with("assets/alerts.")).expect("the script");
    let first = during.file(script).lines().next().map(str::to_string);
    assert!(first.is_some_and(|line| line.ends_with("\"alertsAt\":\"/help/alerts.json\"};")));
}
