//! What a template may see: the facts of a view, whatever a theme makes of them.

use longhouse::diagnostic::Rule;
use longhouse::site::Visibility;
use longhouse::view::{self, Lists};
use serde_json::{Value, json};

use crate::fixture::{folder, site};

/// What the template of the page at an address sees: `page`, and the rest.
#[track_caller]
fn seen(files: &str, address: &str) -> (Value, Value) {
    let sources = folder(files).load();
    let (site, _) = longhouse::understand(&sources, Visibility::default(), &|_| {});
    let lists = Lists::new(&site);
    let mut views = view::plan(&site, &lists).into_iter().map(|plan| plan.view(&site, &lists));
    let view = views.find(|view| view.address == address).unwrap_or_else(|| panic!("{address} is no page"));
    let value = |part: Result<Value, serde_json::Error>| part.expect("views have a form in JSON");
    (value(serde_json::to_value(&view.page)), value(serde_json::to_value(&view.data)))
}

/// The texts of a list of objects under one name.
fn each<'a>(list: &'a Value, name: &str) -> Vec<&'a str> {
    list.as_array().into_iter().flatten().map(|it| it[name].as_str().unwrap_or_default()).collect()
}

#[test]
fn people_have_initials_of_their_own_script() {
    for (name, initials) in [
        ("Ana Maria da Silva", "AS"),
        ("ana", "A"),
        ("Jean-Luc Picard", "JP"),
        ("“Zoe” Żak", "ZŻ"),
        ("E\u{301}mile Zola", "E\u{301}Z"),
        ("مريم حداد", "م"),
        ("山田 太郎", "山"),
        ("Li 小龙", "L"),
        ("- 7 -", "7"),
        ("ßeta straße", "ßS"),
        ("", ""),
        ("…", ""),
    ] {
        assert_eq!(view::initials(name), initials, "{name}");
    }
}

#[test]
fn the_way_to_an_entry_goes_through_its_product_and_its_topic() {
    let files = "\
=== longhouse.yaml
products: [{id: app, name: The App}, {id: hub, name: The Hub}]
repository: {url: https://github.com/acme/site}
=== content/questions/billing/_index.md
# Bills and money
=== content/questions/billing/abroad/a.md
---
products: [hub, app]
tags: [money]
---
# A?
=== content/questions/b.md
# B?
=== content/pages/about.md
# About
";
    let (page, entry) = seen(files, "/questions/a/");
    assert_eq!(each(&page["breadcrumbs"], "title"), ["Home", "Questions", "The Hub", "abroad", "A?"]);
    assert_eq!(
        each(&page["breadcrumbs"], "url"),
        ["/", "/questions/", "/products/hub/", "/tags/abroad/", "/questions/a/"]
    );
    assert_eq!(
        entry["history_url"],
        "https://github.com/acme/site/commits/main/content/questions/billing/abroad/a.md"
    );
    assert_eq!(each(&seen(files, "/questions/b/").0["breadcrumbs"], "title"), ["Home", "Questions", "B?"]);
    assert_eq!(each(&seen(files, "/about/").0["breadcrumbs"], "title"), ["Home", "About"]);
    let moved = files.replace("billing/abroad/", "billing/");
    assert_eq!(seen(&moved, "/questions/a/").0["breadcrumbs"][3]["title"], "Bills and money");
}

#[test]
fn the_verdict_is_one_line_and_the_latest_word_comes_first() {
    let files = "\
=== content/people/ana.md
# Ana Silva
=== content/questions/a.md
---
accepted: ana
---
# A?
=== content/questions/a/ana.md
---
confirmed_by: [ben 4.1 2026-01-02, cem]
---
Text.
=== content/questions/a/dan.md
---
confirms: ana
version: 4.2
date: 2026-10-03
---
=== content/questions/a/eve.md
---
status: obsolete
reason: Only up to 3.9.
---
Older text.
";
    let (_, entry) = seen(files, "/questions/a/");
    assert_eq!(entry["verdict"], "Answered by Ana Silva. Worked for 3, latest on 4.2, October 2026.");
    assert_eq!(entry["answer_count"], 2);
    let by = entry["answers"][0]["confirmations"].as_array().expect("confirmations");
    let by: Vec<&str> = by.iter().map(|it| it["person"]["handle"].as_str().unwrap_or_default()).collect();
    assert_eq!(by, ["dan", "ben", "cem"]);
    assert_eq!(entry["answers"][0]["authors"][0]["initials"], "AS");
    assert_eq!(entry["answers"][0]["status"], "published");
    assert_eq!(
        (&entry["answers"][1]["status"], &entry["answers"][1]["reason"]),
        (&json!("obsolete"), &json!("Only up to 3.9."))
    );
}

#[test]
fn a_how_to_is_confirmed_by_those_who_did_not_write_it() {
    let files = "\
=== content/how-tos/a.md
---
authors: [ana]
---
# A
=== content/how-tos/a/ben.md
---
confirms: self
version: '4.2'
date: 2026-10-03
---
=== content/how-tos/a/cem.md
---
confirms: ana
---
It worked at once.
=== content/how-tos/a/ana.md
---
confirms: self
---
=== content/how-tos/a/dan.md
---
confirms: ben
---
";
    let (_, entry) = seen(files, "/how-tos/a/");
    let confirmed = entry["confirmed_by"].as_array().expect("a list");
    let by: Vec<&Value> = confirmed.iter().map(|it| &it["person"]["handle"]).collect();
    assert_eq!(by, ["ben", "cem"]);
    assert_eq!(
        (&confirmed[0]["version"], &confirmed[0]["date"]["iso"]),
        (&json!("4.2"), &json!("2026-10-03"))
    );
    assert_eq!(entry["comments"].as_array().map(Vec::len), Some(1));
    let site = site(files);
    assert_eq!(site.rules(), ["content/how-tos/a/ana.md: claim", "content/how-tos/a/dan.md: unknown-field"]);
    assert_eq!(site.only(Rule::UnknownField).fix.as_deref(), Some("self"));
    assert!(site.main("/people/ben/").contains("Gave 1 confirmation."));
}

#[test]
fn a_card_shows_the_first_picture_of_the_page_itself() {
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x20\0\0\0\x10\x08\x06\0\0\0";
    let folder = folder(
        "\
=== longhouse.yaml
base_url: https://acme.example/help/
images: {allow_hosts: [img.example]}
=== content/questions/a.md
# A?
![far](https://img.example/x.png) ![drawing](d.svg) ![A red lamp](lamp.png)
=== content/questions/d.svg
<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><rect width=\"9\" height=\"9\"/></svg>
=== content/questions/b.md
# B?
",
    );
    folder.write("content/questions/lamp.png", png);
    let sources = folder.load();
    let (site, _) = longhouse::understand(&sources, Visibility::default(), &|_| {});
    let page = |slug: &str| {
        let id = site.entries.iter().position(|entry| entry.slug == slug).expect("an entry");
        view::entry::view(&site, id).page
    };
    let a = page("a");
    assert_eq!(a.image.as_deref(), Some("https://acme.example/help/files/questions/lamp.png"));
    assert_eq!(a.image_alt.as_deref(), Some("A red lamp"));
    assert_eq!((a.image_width, a.image_height), (Some(32), Some(16)));
    assert_eq!(page("b").image, None);
}

#[test]
fn a_person_shows_what_others_wrote_to_them() {
    let files = "\
=== longhouse.yaml
team: {ana: staff}
=== content/people/ana.md
# Ana Silva
I answer.
=== content/people/ana/ben.md
Thank you!
";
    let (_, person) = seen(files, "/people/ana/");
    assert_eq!((&person["initials"], &person["team"]), (&json!("AS"), &json!("staff")));
    assert!(person["comments"][0]["body"].as_str().is_some_and(|body| body.contains("Thank you!")));
}

#[test]
fn a_row_says_its_kind_and_its_language_where_it_is_another() {
    let files = "\
=== content/how-tos/a.md
---
lang: ar
tags: [x]
authors: [ana]
---
# A
=== content/questions/b.md
---
tags: [x]
---
# A b?
=== content/questions/b/ana.md
Answer.
";
    let (_, list) = seen(files, "/tags/x/");
    let rows = list["rows"].as_array().expect("rows");
    let facts: Vec<[&Value; 4]> =
        rows.iter().map(|row| ["kind_name", "answers", "lang", "dir"].map(|name| &row[name])).collect();
    assert_eq!(
        facts,
        [
            [&json!("How-to"), &json!(0), &json!("ar"), &json!("rtl")],
            [&json!("Question"), &json!(1), &Value::Null, &Value::Null],
        ]
    );
    assert_eq!(rows[0]["authors"], json!([{"name": "ana", "url": "/people/ana/"}]));
    let (_, entry) = seen(files, "/questions/b/");
    assert_eq!(entry["related"][0]["dir"], "rtl");
}
