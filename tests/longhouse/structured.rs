//! What pages say to search engines: the right type for each, all that it requires, nothing that the page does not show.

use std::path::Path;

use longhouse::site::Visibility;
use longhouse::source::LoadOptions;
use scraper::{Html, Selector};
use serde_json::Value;

use crate::fixture::{Rendered, render, site};

/// What Google requires of a type, as of November 2026. One of several is written with a bar between them.
const REQUIRED: &[(&str, &[&str])] = &[
    ("QAPage", &["mainEntity"]),
    ("Question", &["name", "answerCount", "acceptedAnswer|suggestedAnswer"]),
    ("Answer", &["text", "url"]),
    ("Comment", &["text"]),
    ("DiscussionForumPosting", &["author", "datePublished", "text|image|video"]),
    ("Article", &["headline"]),
    ("ProfilePage", &["mainEntity"]),
    ("Person", &["name"]),
    ("Organization", &["name", "url"]),
    ("WebSite", &["name", "url"]),
    ("BreadcrumbList", &["itemListElement"]),
    ("ListItem", &["position", "name", "item"]),
    ("LikeAction", &[]),
    ("WriteAction", &[]),
    ("InteractionCounter", &["interactionType", "userInteractionCount"]),
];

/// The data of a page, without its breadcrumbs.
fn of(page: &str) -> Vec<Value> {
    let data = Selector::parse("script[type=\"application/ld+json\"]").expect("a selector");
    let page = Html::parse_document(page);
    let texts: Vec<String> = page.select(&data).map(|it| it.text().collect()).collect();
    let graphs = texts.iter().map(|text| serde_json::from_str::<Value>(text).expect("JSON"));
    graphs.flat_map(|it| it["@graph"].as_array().cloned().unwrap_or_default()).collect()
}

fn types(site: &Rendered, address: &str) -> Vec<String> {
    of(&site.page(address)).iter().map(|it| it["@type"].as_str().unwrap_or_default().to_string()).collect()
}

/// Everything that has a type, with what it is part of.
fn typed<'a>(value: &'a Value, within: &'a str, all: &mut Vec<(&'a str, &'a Value)>) {
    let of = value["@type"].as_str().unwrap_or(within);
    if value["@type"].is_string() {
        all.push((within, value));
    }
    match value {
        Value::Array(items) => items.iter().for_each(|it| typed(it, of, all)),
        Value::Object(fields) => fields.values().for_each(|it| typed(it, of, all)),
        _ => {}
    }
}

/// What is wrong with the data of a page.
fn flaws(page: &str) -> Vec<String> {
    let shown = {
        let html = Html::parse_document(page);
        let scripts = Selector::parse("body").expect("a selector");
        let text: String = html.select(&scripts).flat_map(|it| it.text()).collect();
        // The data is text of a script, which is no text of the page.
        let text = text.split("{\"@context\"").next().unwrap_or_default().to_string();
        text.split_whitespace().collect::<String>()
    };
    let graph = of(page);
    let mut all = Vec::new();
    graph.iter().for_each(|it| typed(it, "", &mut all));
    let mut flaws = Vec::new();
    for (within, it) in all {
        let name = it["@type"].as_str().unwrap_or_default();
        let Some((_, required)) = REQUIRED.iter().find(|(known, _)| *known == name) else {
            flaws.push(format!("{name} is no type that we use"));
            continue;
        };
        let lacks = |field: &&&str| field.split('|').all(|field| it[field].is_null() || it[field] == "");
        flaws.extend(required.iter().filter(lacks).map(|field| format!("{name} lacks {field}")));
        if name == "Comment" && within == "DiscussionForumPosting" {
            let lacks = ["author", "datePublished"].into_iter().filter(|field| it[field].is_null());
            flaws.extend(lacks.map(|field| format!("a comment lacks {field}")));
        }
        for line in
            ["text", "name", "headline"].iter().filter_map(|field| it[field].as_str()).flat_map(str::lines)
        {
            let line: String = line.split_whitespace().collect();
            let is_of_site = ["WebSite", "Organization", "ListItem"].contains(&name);
            if !is_of_site && !shown.contains(&line) {
                flaws.push(format!("{name}: “{line}” is not on the page"));
            }
        }
    }
    flaws
}

const FILES: &str = "\
=== longhouse.yaml
title: Acme
base_url: https://x.example/help/
timezone: Europe/Lisbon
repository: https://github.com/acme/help
kinds: {faq: faq}
=== content/questions/answered.md
---
authors: ana
date: 2026-07-01
score: 3
accepted: cem
---
# Why </script><script>alert(1)</script>?
It is <b>slow</b> & old.
=== content/questions/answered/ben.md
---
date: 2026-07-02
made_with: ai
---
First.
=== content/questions/answered/cem.md
---
date: 2026-07-03
score: 2
---
Second. ]]> --> \u{2028}
=== content/questions/answered/ana.md
---
date: 2026-07-04
comment: true
on: cem
---
It helped.
=== content/questions/open.md
# Nobody knows?
=== content/questions/locked.md
---
status: locked
---
# Closed?
=== content/questions/locked/ben.md
Yes.
=== content/questions/gone.md
---
status: hidden
reason: Rule 1
---
# Gone secret
=== content/faq/price.md
# What does it cost?
Nothing.
=== content/ideas/dark.md
---
authors: ana
date: 2026-01-01
supporters: [ben, cem]
---
# Dark
Please.
=== content/ideas/dark/ben.md
---
date: 2026-01-02
---
Yes!
=== content/ideas/nobody.md
# By nobody
Please.
=== content/announcements/new.md
---
authors: ana
date: 2026-01-01
---
# New
It is here.
=== content/stories/acme.md
---
authors: ben
date: 2026-01-01
---
# How we did it
=== content/how-tos/wash.md
# Wash
## Steps
1. Rinse.
=== content/pages/about.md
# About
=== content/people/ana.md
# Ana
=== content/people/zed.md
---
listed: false
---
# Zed
";

#[test]
fn each_kind_has_its_type_and_only_where_it_holds() {
    let site = site(FILES);
    for (address, expected) in [
        ("/", vec!["WebSite"]),
        ("/questions/answered/", vec!["QAPage", "BreadcrumbList"]),
        ("/questions/open/", vec!["BreadcrumbList"]),
        ("/questions/locked/", vec!["BreadcrumbList"]),
        ("/questions/price/", vec!["BreadcrumbList"]),
        ("/questions/gone/", vec![]),
        ("/ideas/dark/", vec!["DiscussionForumPosting", "BreadcrumbList"]),
        ("/ideas/nobody/", vec!["BreadcrumbList"]),
        ("/announcements/new/", vec!["Article", "BreadcrumbList"]),
        ("/stories/acme/", vec!["Article", "BreadcrumbList"]),
        ("/how-tos/wash/", vec!["Article", "BreadcrumbList"]),
        ("/about/", vec!["BreadcrumbList"]),
        ("/people/ana/", vec!["ProfilePage", "BreadcrumbList"]),
        ("/questions/", vec!["BreadcrumbList"]),
        ("/search/", vec![]),
    ] {
        assert_eq!(types(&site, address), expected, "{address}");
    }
}

#[test]
fn a_question_says_who_wrote_what_when_and_which_answer_helped() {
    let site = site(FILES);
    let page = site.page("/questions/answered/");
    assert!(!page.contains("<script>alert") && page.matches("</script>").count() >= 1, "{page}");
    let question = &of(&page)[0]["mainEntity"];
    assert_eq!(question["name"], "Why </script><script>alert(1)</script>?");
    assert_eq!(question["text"], "It is slow & old.");
    assert_eq!((&question["answerCount"], &question["upvoteCount"]), (&2.into(), &3.into()));
    assert_eq!(question["datePublished"], "2026-07-01T00:00:00+01:00", "the day that the page shows");
    assert_eq!(question["author"]["name"], "Ana");
    assert_eq!(question["author"]["url"], "https://x.example/help/people/ana/");
    let accepted = &question["acceptedAnswer"];
    assert_eq!(accepted["url"], "https://x.example/help/questions/answered/#answer-cem");
    assert_eq!((&accepted["upvoteCount"], &accepted["commentCount"]), (&2.into(), &1.into()));
    assert_eq!(accepted["comment"][0]["text"], "It helped.");
    let other = &question["suggestedAnswer"][0];
    assert_eq!(other["author"]["name"], "ben");
    assert_eq!(other["digitalSourceType"], "https://schema.org/TrainedAlgorithmicMediaDigitalSource");
    let idea = &of(&site.page("/ideas/dark/"))[0];
    assert_eq!(idea["interactionStatistic"]["userInteractionCount"], 2);
    assert_eq!(idea["comment"][0]["author"]["name"], "ben");
}

#[test]
fn nothing_required_is_missing_and_nothing_is_said_that_the_page_does_not_show() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("example-site");
    let sources = longhouse::source::load(&root, &LoadOptions::default()).expect("the example can be read");
    let example = render(&sources, Visibility::default()).expect("a theme without mistakes");
    for (name, site) in [("hostile", site(FILES)), ("example", example)] {
        let mut found = Vec::new();
        for (path, page) in site.pages() {
            found.extend(flaws(&page).into_iter().map(|flaw| format!("{name}/{path}: {flaw}")));
        }
        assert!(found.is_empty(), "{}", found.join("\n"));
    }
}
