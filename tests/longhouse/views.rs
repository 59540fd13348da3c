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
    let mut views =
        view::plan(&site.reader(), &lists).into_iter().map(|plan| plan.view(&site.reader(), &lists));
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
fn the_way_to_a_plain_page_goes_through_the_pages_of_its_folders() {
    let files = "\
=== content/handbook/index.md
# The handbook
=== content/handbook/bare/rules/voting.md
# Voting
";
    let way = |address: &str| seen(files, address).0["breadcrumbs"].clone();
    assert_eq!(
        each(&way("/handbook/bare/rules/voting/"), "title"),
        ["Home", "The handbook", "Bare", "Rules", "Voting"]
    );
    assert_eq!(each(&way("/handbook/"), "title"), ["Home", "The handbook"]);
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
    assert_eq!(
        entry["question"]["verdict"],
        "Answered by Ana Silva. Worked for 3, latest on 4.2, October 2026."
    );
    assert_eq!(entry["question"]["answer_count"], 2);
    let by = entry["question"]["answers"][0]["confirmations"].as_array().expect("confirmations");
    let by: Vec<&str> = by.iter().map(|it| it["person"]["handle"].as_str().unwrap_or_default()).collect();
    assert_eq!(by, ["dan", "ben", "cem"]);
    assert_eq!(entry["question"]["answers"][0]["authors"][0]["initials"], "AS");
    assert_eq!(entry["question"]["answers"][0]["status"], "published");
    assert_eq!(
        (&entry["question"]["answers"][1]["status"], &entry["question"]["answers"][1]["reason"]),
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
    let confirmed = entry["how_to"]["confirmed_by"].as_array().expect("a list");
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
    assert!(site.main("/people/ben/").contains("Contributed 1 confirmation."));
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
    let lists = view::Lists::new(&site);
    let page = |slug: &str| {
        let id = site.entries().iter().position(|entry| entry.slug == slug).expect("an entry");
        view::entry::view(&site.reader(), &lists, id).page
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
    assert_eq!(rows[0]["authors"], json!([{"name": "ana", "affiliation": null, "url": "/people/ana/"}]));
    let (_, entry) = seen(files, "/questions/b/");
    assert_eq!(entry["related"][0]["dir"], "rtl");
}

/// What stands after `value=` of an address, decoded.
fn prefilled(url: &Value) -> String {
    let url = url.as_str().unwrap_or_default();
    assert!(url.len() <= 6_000, "{url}");
    let value = url.split_once("value=").map_or("", |(_, value)| value);
    percent_encoding::percent_decode_str(value).decode_utf8_lossy().into_owned()
}

#[test]
fn every_door_opens_a_file_that_says_what_was_meant() {
    let files = "\
=== longhouse.yaml
repository: {url: https://github.com/acme/site, branch: main}
products: [{id: app, versions: ['4.9', '4.10']}, {id: hub}]
=== content/questions/a.md
---
product: app
---
# A?
## Answer
My own.
=== content/questions/a/ana.md
Ana's answer.
=== content/questions/b/index.md
---
product: hub
---
# B?
=== content/questions/b/ana--2.md
Ana's answer.
=== content/ideas/c.md
# C
=== content/how-tos/d.md
# D
=== content/questions/locked.md
---
status: locked
---
# L?
=== content/questions/locked/ana.md
x
=== content/pages/about.md
# About
";
    let (_, a) = seen(files, "/questions/a/");
    let file = |url: &Value| url.as_str().and_then(|it| it.split('&').next()).map(str::to_string);
    let own = |name: &str| {
        Some(format!("https://github.com/acme/site/new/main?filename=content%2Fquestions%2F{name}.md"))
    };
    let confirm = |entry: &Value, at: usize| entry["question"]["answers"][at]["confirm_door"]["url"].clone();
    assert_eq!(file(&confirm(&a, 0)), own("a%2Fyour-name"));
    let confirmed = [prefilled(&confirm(&a, 0)), prefilled(&confirm(&a, 1))];
    assert_eq!(
        confirmed,
        ["---\nconfirms: self\nversion: \"4.10\"\n---\n", "---\nconfirms: ana\nversion: \"4.10\"\n---\n"]
    );
    assert_eq!(prefilled(&a["comment_door"]["url"]), "---\ncomment: true\n---\nYour comment.\n");
    assert_eq!(file(&a["new_door"]["url"]), own("your-question"));
    assert!(prefilled(&a["new_door"]["url"]).contains("# Your question in one sentence?\n"));
    let (_, b) = seen(files, "/questions/b/");
    assert_eq!(file(&confirm(&b, 0)), own("b%2Fyour-name"));
    assert_eq!(prefilled(&confirm(&b, 0)), "---\nconfirms: ana--2\n---\n");
    let (_, idea) = seen(files, "/ideas/c/");
    assert_eq!(prefilled(&idea["idea"]["support_door"]["url"]), "---\nsupports: true\n---\n");
    assert_eq!(idea["comment_door"], idea["reply_door"]);
    let (_, how_to) = seen(files, "/how-tos/d/");
    assert_eq!(
        prefilled(&how_to["how_to"]["confirm_door"]["url"]),
        "---\nconfirms: self\nversion: \"4.10\"\n---\n"
    );
    assert!(
        prefilled(&seen(files, "/stories/").1["new_door"]["url"]).contains("consent: yes, WHO AGREED, DATE")
    );
    let (_, locked) = seen(files, "/questions/locked/");
    assert!(locked["reply_door"].is_null() && confirm(&locked, 0).is_null() && !locked["new_door"].is_null());
    assert!(seen(files, "/about/").1["reply_door"].is_null());
    let unhelped =
        |entry: &Value, at: usize| prefilled(&entry["question"]["answers"][at]["unhelped_door"]["url"]);
    assert_eq!(unhelped(&b, 0), "---\ncomment: true\non: ana--2\n---\nThis did not help me.\n");
    assert_eq!(
        prefilled(&how_to["how_to"]["unhelped_door"]["url"]),
        "---\ncomment: true\n---\nThis did not help me.\n"
    );
    // Where the host begins no file, an empty one would be an answer, so only a script opens those doors.
    let gitlab = files.replace("github.com", "gitlab.com");
    let (_, a) = seen(&gitlab, "/questions/a/");
    let door = |door: &Value| (door["paste"].clone(), door["needs_script"].clone(), door["text"].clone());
    let text = "Say what you did, what happened, and which version you used.\n";
    assert_eq!(door(&a["reply_door"]), (true.into(), false.into(), text.into()));
    let text = "---\nconfirms: self\nversion: \"4.10\"\n---\n";
    assert_eq!(door(&a["question"]["answers"][0]["confirm_door"]), (true.into(), true.into(), text.into()));
    assert_eq!(door(&a["comment_door"]).1, true);
}

#[test]
fn similar_stories_are_of_the_same_industry_or_use_and_stand_in_no_other_list() {
    let story = |slug: &str, fields: &str| {
        format!(
            "=== content/stories/{slug}.md\n---\nauthors: [ana]\n{fields}---\n# {slug}\n## Outcome\nIt grew.\n"
        )
    };
    let files = [
        story("a", "industry: Farming\ntags: [rain, soil]\n"),
        story("b", "industry: farming\ncustomer: Beet Ltd\nconsent: yes, Bo\n"),
        story("c", "use_case: Frost\ntags: [rain, soil]\n"),
        story("d", "tags: [rain]\nlang: ar\n"),
        story("e", "tags: [hail]\n"),
        "=== content/how-tos/f.md\n---\ntags: [rain]\n---\n# F\n".to_string(),
    ]
    .concat();
    let (_, entry) = seen(&files, "/stories/a/");
    assert_eq!(each(&entry["story"]["similar"], "title"), ["c", "b", "d"]);
    assert_eq!(
        entry["story"]["similar"][1]["card"],
        json!({"customer": "Beet Ltd", "industry": "farming", "outcome_line": "It grew.", "picture": null})
    );
    assert_eq!(each(&entry["related"], "title"), ["F"]);
}

#[test]
fn a_list_is_also_there_by_kind_with_its_topics_and_who_can_help() {
    let files = "\
=== longhouse.yaml
page_size: 4
tags: {synonyms: {water: [waterworks]}}
=== content/people/ana.md
---
expert_in: [waterworks]
---
# Ana Silva
=== content/people/eve.md
---
expert_in: [water]
listed: false
---
# Eve
=== content/stories/s.md
---
authors: [ana]
tags: [water]
date: 2026-01-05
---
# S
=== content/questions/q.md
---
tags: [water, pump]
accepted: ben
date: 2026-01-04
---
# Q?
=== content/questions/q/ben.md
Ben's.
=== content/questions/q/cem.md
Cem's.
=== content/questions/r.md
---
tags: [water]
date: 2026-01-03
---
# R?
=== content/how-tos/h.md
---
tags: [water, pump]
date: 2026-01-06
---
# H
=== content/questions/t.md
---
tags: [water]
date: 2026-01-01
---
# T?
=== content/questions/t/cem.md
Cem's.
=== content/questions/t/dan.md
Dan's.
";
    let (_, tag) = seen(files, "/tags/water/");
    assert_eq!(each(&tag["groups"], "title"), ["Questions", "How-tos", "Stories"]);
    assert_eq!(each(&tag["groups"][0]["rows"], "title"), ["Q?", "R?"]);
    assert_eq!(each(&tag["rows"], "title"), ["H", "S", "Q?", "R?"]);
    let experts = tag["experts"].as_array().expect("a list");
    let experts: Vec<(&Value, &Value)> =
        experts.iter().map(|it| (&it["person"]["name"], &it["why"])).collect();
    assert_eq!(
        experts,
        [("ben", "1 answer, 1 accepted"), ("cem", "2 answers"), ("Ana Silva", "says they know it well")]
            .map(|(name, why)| (json!(name), json!(why)))
            .each_ref()
            .map(|(name, why)| (name, why))
    );
    assert_eq!(seen(files, "/tags/water/page/2/").1["experts"], json!([]));
    let (_, questions) = seen(files, "/questions/");
    assert_eq!(
        questions["topics"],
        json!([
            {"title": "water", "url": "/tags/water/", "count": 3},
            {"title": "pump", "url": "/tags/pump/", "count": 1},
        ])
    );
    assert_eq!(each(&questions["groups"], "kind"), ["question"]);
    let (_, home) = seen(files, "/");
    assert_eq!(home["story"]["title"], json!("S"));
    let card = ["customer", "outcome_line"].map(|name| &home["story"]["card"][name]);
    assert_eq!(card, [&json!("Ana Silva"), &Value::Null]);
    let gave = home["contributors"].as_array().expect("a list").iter();
    let gave: Vec<(&Value, &Value)> = gave.map(|it| (&it["name"], &it["gave"])).collect();
    assert_eq!(gave[0], (&json!("Ana Silva"), &json!("1 story")));
    assert!(gave.contains(&(&json!("cem"), &json!("2 answers"))));
}

#[test]
fn what_is_urgent_stands_first_on_the_home_page_in_any_language() {
    let mut files = "=== longhouse.yaml\nlanguage: de\n".to_string();
    for (name, severity, date) in [
        ("old", "urgent", "2026-01-01"),
        ("mid", "notice", "2026-02-01"),
        ("a", "info", "2026-03-01"),
        ("b", "info", "2026-03-02"),
        ("c", "info", "2026-03-03"),
    ] {
        files.push_str(&format!(
            "=== content/announcements/{name}.md\n---\nseverity: {severity}\ndate: {date}\nexpires: 2999-01-01\n---\n# {name}\n"
        ));
    }
    let (_, home) = seen(&files, "/");
    assert_eq!(each(&home["notices"], "title"), ["old", "mid", "c"]);
    assert_eq!(each(&home["notices"], "mark"), ["urgent", "notice", "info"]);
}

#[test]
fn votes_may_be_fewer_than_none() {
    let rendered = site(
        "=== content/questions/a.md\n---\nscore: -9223372036854775808\n---\n# A?\n\
         === content/questions/a/ana.md\n---\nscore: -1\n---\nText.\n\
         === content/questions/a/ben.md\n---\nscore: -2\n---\nText.\n",
    );
    let page = rendered.main("/questions/a/");
    assert!(page.contains(">-1 vote<") && page.contains(">-2 votes<"), "{page}");
}

#[test]
fn a_line_of_an_answer_goes_on_until_it_says_something() {
    let long = "word ".repeat(30);
    for (answer, expected) in [
        (
            "A few other factors to consider:\n\n- The grind.\n- The water.\n\nMore.",
            "A few other factors to consider: The grind. The water. More.",
        ),
        ("## First\n\nYes.\n\n```\ncode\n```\n\nHold it down.", "Yes. Hold it down."),
        (&format!("{long}end.\n\nNo more."), &format!("{long}end.")),
        ("```\ncode\n```", "What was asked."),
    ] {
        let files = format!(
            "=== content/questions/a.md\n# A?\n\nWhat was asked.\n=== content/questions/a/ana.md\n{answer}\n"
        );
        let (_, list) = seen(&files, "/questions/");
        assert_eq!(each(&list["rows"], "excerpt"), [expected]);
    }
}

#[test]
fn a_name_of_another_direction_moves_nothing_around_it() {
    let files = "\
=== content/questions/a.md
---
tags: [طقس]
---
# A?
=== content/questions/a/x.md
---
authors: [أمل, Ben]
---
Text.
=== content/stories/s.md
---
customer: أمل
consent: yes, أمل, 2026-01-02
---
# S
";
    let (_, question) = seen(files, "/questions/a/");
    assert_eq!(question["question"]["verdict"], "Answered by \u{2068}أمل\u{2069}, Ben.");
    let (_, story) = seen(files, "/stories/s/");
    assert_eq!(story["story"]["consent"], "\u{2068}أمل\u{2069} approved this story on 2 January 2026.");
    let (page, _) = seen(files, "/tags/طقس/");
    assert_eq!(page["description"], "\u{2068}طقس\u{2069}: one entry on Community");
    let arabic = format!("=== longhouse.yaml\nlanguage: ar\n{files}");
    let (_, question) = seen(&arabic, "/questions/a/");
    let verdict = question["question"]["verdict"].as_str().unwrap_or_default();
    assert!(verdict.contains("أمل") && verdict.contains("\u{2068}Ben\u{2069}"), "{verdict}");
    assert!(!verdict.contains("\u{2068}أمل"), "{verdict}");
}

#[test]
fn a_door_names_an_answer_so_that_it_is_found_whatever_it_is_called() {
    for stem in
        ["ana", "no", "ana #b", "- ana", "[ana", "\u{645}\u{631}\u{64a}\u{645}", "'ana", "a\u{301}na{{x}}"]
    {
        let mut files = format!(
            "=== longhouse.yaml\nrepository: https://github.com/acme/site\n\
             === content/questions/q.md\n# Q?\n=== content/questions/q/{stem}.md\nText.\n"
        );
        let (_, question) = seen(&files, "/questions/q/");
        let text = prefilled(&question["question"]["answers"][0]["confirm_door"]["url"]);
        files.push_str(&format!("=== content/questions/q/someone-else.md\n{text}"));
        let (_, question) = seen(&files, "/questions/q/");
        assert_eq!(question["question"]["answers"][0]["worked_for"], 1, "{stem}: {text}");
    }
}

#[test]
fn people_can_write_where_there_is_somebody_to_hand_it_to() {
    let question = "=== content/questions/a.md\n# A?\n\nText.\n";
    for (config, is_there) in [
        ("", false),
        ("contact: help@acme.example\n", true),
        ("repository: https://github.com/acme/site\n", true),
        ("repository: https://github.com/acme/site\nwrite: false\n", false),
        ("contact: https://acme.example/help\nwrite: {enabled: false}\n", false),
        ("write: true\n", true),
    ] {
        let rendered = site(&format!("=== longhouse.yaml\ntitle: Acme\n{config}{question}"));
        assert_eq!(rendered.has("write/index.html"), is_there, "{config}");
        assert_eq!(rendered.paths().iter().any(|path| path.contains("/write.")), is_there, "{config}");
        assert!(!rendered.file("sitemap.xml").contains("/write/"), "{config}");
        assert_eq!(rendered.page("/questions/a/").contains("data-replies"), is_there, "{config}");
    }
    let config = "=== longhouse.yaml\nrepository: {url: https://github.com/acme/site, path: docs}\nwrite: {issues: false}\n\
                  contact: help@acme.example\nkinds: {guides: how-to}\n=== content/guides/g.md\n# G\n";
    let (page, write) = seen(&format!("{config}{question}"), "/write/");
    assert_eq!(page["noindex"], true);
    assert_eq!(write["contact"]["url"], "mailto:help@acme.example");
    let settings: serde_json::Value =
        serde_json::from_str(write["settings"].as_str().unwrap_or_default()).expect("JSON");
    assert_eq!(settings["root"], "docs/");
    let file = "---\ntags: [{topic}]\ntime: {time}\nauthors: [{by}]\n---\n{title}\n\n\
                ## What you need\n\n{needs}\n\n## Steps\n\n{steps}\n";
    let how_to = serde_json::json!(["how-to", "content/guides", "/how-tos/", file]);
    assert!(settings["kinds"].as_array().is_some_and(|kinds| kinds.contains(&how_to)), "{settings}");
    assert_eq!(settings["issue"], serde_json::Value::Null);
    assert_eq!(settings["mail"], "help@acme.example");
}

#[test]
fn an_answer_written_on_the_site_goes_to_the_folder_of_its_question() {
    let config = "=== longhouse.yaml\nrepository: https://github.com/acme/site\n";
    for (files, address, folder) in [
        ("=== content/questions/login/a.md\n# A?\n", "/questions/a/", Some("content/questions/login/a")),
        ("=== content/questions/a/index.md\n# A?\n", "/questions/a/", Some("content/questions/a")),
        ("=== content/questions/a.md\n---\nstatus: locked\n---\n# A?\n", "/questions/a/", None),
    ] {
        let (_, entry) = seen(&format!("{config}{files}"), address);
        assert_eq!(entry["reply_folder"].as_str(), folder, "{files}");
    }
}
