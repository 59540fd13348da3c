//! What people did for others: a site of twelve people, counted by hand.

use std::fs;
use std::sync::Arc;

use jiff::civil::{Date, date};
use longhouse::site::Visibility;

use crate::fixture::{Folder, Rendered, command, folder, render};

/// Ana helps ten people, Cem two, Fay finds a duplicate, Lou and others are new, and Eve wants no page.
const FILES: &str = "\
=== longhouse.yaml
title: The Kiln Club
base_url: https://club.example/help/
team: {gus: staff}
=== content/people/ana.md
---
role: partner
interests: [Raku, wood firing]
expert_in: [frost, glaze]
---
# Ana Silva
=== content/people/cem.md
---
role: customer
interests: [raku]
---
# Cem
=== content/people/eve.md
---
role: customer
interests: [raku]
listed: false
---
# Eve Evergreen
=== content/questions/invoice.md
---
authors: ben
date: 2024-03-01
tags: [billing]
accepted: ana
---
# Where is my invoice?
=== content/questions/invoice/ana.md
---
date: 2024-03-02
---
In the account.
=== content/questions/invoice/cem.md
---
confirms: ana
date: 2024-04-01
---
=== content/questions/invoice/dag.md
---
confirms: ana
date: 2024-04-02
---
=== content/questions/invoice/eve.md
---
confirms: ana
date: 2024-04-03
---
=== content/questions/bill.md
---
authors: hal
date: 2026-01-01
duplicate_of: invoice
---
# Where is my bill?
=== content/questions/bill/fay.md
---
comment: true
date: 2026-01-02
---
See [the invoice](../invoice.md).
=== content/questions/bill/hal.md
---
date: 2026-01-01
---
It is [the invoice](../invoice.md).
=== content/questions/refund.md
---
authors: cem
date: 2025-05-01
tags: [billing]
---
# How do I get a refund?
=== content/questions/refund/ana.md
---
date: 2025-05-02
---
Write to us.
=== content/questions/refund/fay.md
---
confirms: ana
date: 2025-05-03
---
=== content/questions/refund/gus.md
---
confirms: ana
date: 2025-05-04
---
=== content/questions/refund/hal.md
---
confirms: ana
date: 2025-05-05
---
=== content/questions/frost.md
---
authors: dag
date: 2026-10-01
tags: [frost]
accepted: ana
---
# Does it freeze?
=== content/questions/frost/ana.md
---
date: 2026-10-02
---
At night.
=== content/questions/frost/lou.md
---
date: 2026-11-20
---
Sometimes.
=== content/questions/frost/ida.md
---
confirms: ana
date: 2026-10-10
---
=== content/questions/frost/jon.md
---
confirms: ana
date: 2026-10-11
---
=== content/questions/frost/kim.md
---
confirms: ana
date: 2026-10-12
---
=== content/questions/frost/ben.md
---
confirms: ana
date: 2026-10-20
---
=== content/questions/mine.md
---
authors: ana
date: 2025-01-01
tags: [glaze]
accepted: ana
---
# What did I do?
=== content/questions/mine/ana.md
---
date: 2025-01-02
---
This.
=== content/questions/hers.md
---
authors: ana
date: 2026-11-01
tags: [glaze]
accepted: eve
---
# Which glaze?
=== content/questions/hers/eve.md
---
date: 2026-11-02
---
The green one.
=== content/how-tos/back-up.md
---
authors: cem
date: 2026-02-01
---
# Back up

## Steps

1. Copy.
=== content/how-tos/back-up/ana.md
---
confirms: self
date: 2026-02-03
---
=== content/how-tos/back-up/kim.md
---
confirms: self
date: 2026-02-04
---
=== content/stories/workshop.md
---
authors: ben
date: 2026-06-01
---
# A kiln that works

[Ana](../people/ana.md) set it up.
";

fn on(folder: &Folder, today: Date) -> Rendered {
    let mut sources = folder.load();
    Arc::get_mut(&mut sources).expect("nobody else has it").today = Some(today);
    render(&sources, Visibility::default()).expect("a theme without mistakes")
}

fn built() -> Rendered {
    on(&folder(FILES), date(2026, 11, 30))
}

/// What stands between two texts.
fn between<'t>(page: &'t str, from: &str, to: &str) -> &'t str {
    page.split_once(from).and_then(|(_, rest)| rest.split_once(to)).map_or("", |(it, _)| it)
}

/// The names of the people in a part of a page, in order.
fn names(part: &str) -> Vec<&str> {
    part.split("<a href=\"/help/people/").skip(1).map(|row| between(row, "\">", "</a>")).collect()
}

/// Each mark on a page with where it leads.
fn marks(page: &str) -> Vec<(&str, &str)> {
    let mark = |row| {
        let (id, rest) = str::split_once(row, "\">")?;
        Some((id, between(rest, "<a href=\"/help/questions/", "\"")))
    };
    page.split("<li data-mark=\"").skip(1).filter_map(mark).collect()
}

#[test]
fn a_person_has_facts_and_marks_each_with_the_reply_that_shows_it() {
    let site = built();
    let page = site.main("/people/ana/");
    let facts = between(&page, "<section class=\"recognition\">", "</p>");
    for fact in ["3 answers", "2 accepted", "10 people wrote that it worked", "last in October 2026"] {
        assert!(facts.contains(&format!("<span>{fact}</span>")), "{fact}: {facts}");
    }
    assert_eq!(
        marks(&page),
        [
            ("first-answer", "invoice/#answer-ana"),
            ("first-accepted", "invoice/#answer-ana"),
            ("second-topic", "frost/#answer-ana"),
            ("ten-confirmed", "frost/#answer-ana"),
            ("year-of-helping", "refund/#answer-ana"),
        ],
        "{page}"
    );
    assert!(page.contains("something quite different: frost."), "{page}");
    assert_eq!(marks(&site.main("/people/fay/")), [("found-duplicate", "invoice/#comment-fay-bill")]);
    assert_eq!(marks(&site.main("/people/lou/")), [("first-answer", "frost/#answer-lou")]);
    assert_eq!(marks(&site.main("/people/ben/")), []);
    let hal = site.main("/people/hal/");
    assert_eq!(marks(&hal), [], "he answered what he asked himself, and which was merged");
    assert!(site.main("/questions/invoice/").contains("It is <a"));
}

#[test]
fn whoever_knows_a_topic_is_named_there_with_the_evidence() {
    let site = built();
    let knows = |page: &str| between(page, "as these answers show</h3>", "</ul>").to_string();
    let ana = knows(&site.main("/people/ana/"));
    assert!(ana.contains(">frost</a> <span class=\"count\">1 answer, 1 accepted, 1 worked for others, last in October 2026<"), "{ana}");
    assert!(!ana.contains("billing"), "two old answers are below the floor: {ana}");
    let experts =
        |tag: &str| between(&site.main(&format!("/tags/{tag}/")), "Who can help", "</ul>").to_string();
    assert_eq!(names(&experts("frost")), ["Ana Silva"], "Lou's one answer that nobody judged is too little");
    assert!(experts("frost").contains("1 answer, 1 accepted"), "{}", experts("frost"));
    assert_eq!(experts("billing"), "");
    let glaze = experts("glaze");
    assert_eq!(names(&glaze), ["Ana Silva"], "{glaze}");
    assert!(glaze.contains("<span class=\"count\">says they know it well"), "{glaze}");
}

#[test]
fn answers_to_ones_own_questions_count_nowhere() {
    let mut files =
        "=== longhouse.yaml\ndecide: {floor: 1}\n=== content/stories/s.md\n---\nauthors: ana\nindustry: \
                     mills\nsentiment: happy\n---\n# S\n"
            .to_string();
    for n in 0..3 {
        files.push_str(&format!(
            "=== content/questions/q{n}.md\n---\nauthors: ana\ntags: [pay]\n---\n# How {n}?\n\
             === content/questions/q{n}/ana.md\nSo.\n"
        ));
    }
    let site = folder(&files).build();
    assert!(!site.main("/tags/pay/").contains("Who can help"), "{}", site.main("/tags/pay/"));
    let page = site.main("/decide/");
    assert!(!page.contains("/people/ana/\">ana</a> <span class=\"count\">"), "{page}");
    let badge = site.file("people/ana/badge.svg");
    assert!(badge.contains("3 questions") && !badge.contains("answer"), "{badge}");
}

#[test]
fn thanks_go_to_those_who_are_new_and_then_to_those_who_helped_most_people() {
    let page = built().main("/thanks/");
    let (new, helpers) = page.split_once("Helped the most people").expect("both parts");
    assert_eq!(names(new), ["lou", "jon", "ida"], "{page}");
    assert!(
        new.contains(
            "First contribution on 20 November 2026: <a href=\"/help/questions/frost/#answer-lou\">"
        ),
        "{page}"
    );
    assert_eq!(names(helpers), ["Ana Silva", "Cem"], "{page}");
    for fact in ["helped 10 people", "helped 2 people"] {
        assert!(helpers.contains(&format!("<span>{fact}</span>")), "{fact}: {page}");
    }
}

#[test]
fn people_are_listed_by_role_and_by_interest() {
    let site = built();
    for (list, expected) in [
        ("role/partner", &["Ana Silva"][..]),
        ("role/customer", &["Cem"]),
        ("role/team", &["Gus"]),
        ("interests/raku", &["Ana Silva", "Cem"]),
    ] {
        let page = site.main(&format!("/people/{list}/"));
        assert_eq!(names(between(&page, "<ul class=\"rows people\">", "</ul>")), expected, "{page}");
    }
    let page = site.main("/people/");
    for link in [
        "/help/people/role/partner/\">partner</a> <span class=\"count\">1<",
        "/help/people/role/team/\">team</a> <span class=\"count\">1<",
        "/help/people/interests/raku/\">",
    ] {
        assert!(page.contains(link), "{link}: {page}");
    }
    // Links may lead to those that there are, and to badges of those who gave something.
    let folder = folder(FILES);
    folder.write("content/people/zed.md", "---\nname: Zed\n---\n");
    folder.write(
        "content/pages/leads.md",
        "# Where it leads\n\n[a](/people/role/partner/) [b](/people/interests/raku/) [c](/people/ana/badge.svg)\n\n\
         [d](/people/role/supplier/) [e](/people/interests/none/) [f](/people/zed/badge.svg)\n",
    );
    let linked = folder.build();
    let lines: Vec<u32> = linked.of("content/pages/leads.md").iter().map(|it| it.line).collect();
    assert_eq!(lines, [5, 5, 5], "{:?}", linked.rules());
    assert!(!linked.has("people/zed/badge.svg"));
    let ana = site.main("/people/ana/");
    let stories = between(&ana, "Stories that mention Ana Silva", "</section>");
    assert!(stories.contains("A kiln that works"), "{ana}");
}

#[test]
fn a_badge_says_the_community_and_one_fact() {
    let site = built();
    let badge = site.file("people/ana/badge.svg");
    for text in [
        ">The Kiln Club</text>",
        ">helped 10 people</text>",
        "<title id=\"t\">Ana Silva · The Kiln Club</title>",
        "<desc id=\"d\">Ana Silva on The Kiln Club: helped 10 people</desc>",
    ] {
        assert!(badge.contains(text), "{text}: {badge}");
    }
    assert!(badge.len() < 1500 && !badge.contains("href") && !badge.contains("style"), "{badge}");
    let page = site.main("/people/ana/");
    for text in [
        "&lt;a href=&quot;https://club.example/help/people/ana/&quot;&gt;",
        "(https://club.example/help/people/ana/badge.svg)](https://club.example/help/people/ana/)",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    let nowhere = folder(&FILES.replace("base_url: https://club.example/help/\n", "")).build();
    assert!(
        !nowhere.main("/people/ana/").contains("For your own page"),
        "nobody knows where the site stands"
    );
    let nasty = folder(
        "=== longhouse.yaml\ntitle: \"<script>&\\\"'\"\n=== content/questions/a.md\n# A?\n=== content/questions/a/ana.md\nx\n",
    );
    let badge = nasty.build().file("people/ana/badge.svg");
    assert!(badge.contains("&lt;script&gt;&amp;&quot;'") && !badge.contains("<script"), "{badge}");
}

#[test]
fn who_wants_no_page_is_in_no_list_count_or_picture() {
    let site = built();
    assert!(!site.has("people/eve/badge.svg"));
    for path in ["thanks/index.html", "people/index.html", "people/role/customer/index.html"] {
        assert!(!site.file(path).to_lowercase().contains("eve"), "{path}");
    }
    assert!(site.main("/people/").contains("<span>11 people</span>"), "{}", site.main("/people/"));
    assert!(site.main("/people/role/customer/").contains("<span>1 person</span>"));
    assert!(!between(&site.main("/tags/glaze/"), "Who can help", "</ul>").contains("Eve"));
    // What she confirmed is still there for all to see, and counts for the one whom she thanks.
    assert!(site.main("/questions/invoice/").contains("Eve Evergreen"));
}

#[test]
fn who_was_forgotten_is_thanked_by_no_name() {
    let folder = folder(FILES);
    let output = command()
        .current_dir(folder.root())
        .args(["forget", "lou", "--apply"])
        .output()
        .expect("the command runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let output =
        command().current_dir(folder.root()).args(["forget", "ana", "--mentions", "--apply"]).output();
    assert!(output.expect("the command runs").status.success());
    let site = on(&folder, date(2026, 11, 30));
    assert!(site.has("people/former-member-1/index.html"), "whoever wrote something has a page");
    for former in ["former-member-1", "former-member-2"] {
        assert!(!site.has(&format!("people/{former}/badge.svg")));
        for address in ["/thanks/", "/people/role/customer/", "/people/interests/raku/"] {
            let page = site.main(address);
            assert!(!page.contains(&format!("/people/{former}/")), "{address}: {page}");
        }
        let tag = site.main("/tags/frost/");
        assert!(!between(&tag, "Who can help", "</ul>").contains(former), "{tag}");
    }
    for (path, content) in site.output.iter() {
        let text = String::from_utf8_lossy(&crate::fixture::bytes(content)).into_owned();
        assert!(!text.contains("Ana Silva"), "{path}");
    }
    // What the forgotten ones confirmed and asked still helped somebody.
    assert!(site.main("/thanks/").contains("<span>helped 2 people</span>"));
}

#[test]
fn a_moved_file_moves_no_fact() {
    let folder = folder(FILES);
    let shown = |folder: &Folder| {
        let site = on(folder, date(2026, 11, 30));
        ["people/ana/index.html", "thanks/index.html", "people/ana/badge.svg"].map(|path| site.file(path))
    };
    let before = shown(&folder);
    let questions = folder.root().join("content/questions");
    fs::rename(questions.join("refund.md"), questions.join("refund/index.md")).expect("a file");
    fs::rename(questions.join("frost.md"), questions.join("frost/index.md")).expect("a file");
    let after = shown(&folder);
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before, after);
    }
}

#[test]
fn a_year_later_nothing_differs_but_what_has_an_age() {
    let folder = folder(FILES);
    let [now, later] = [date(2026, 11, 30), date(2027, 11, 30)].map(|today| on(&folder, today));
    let [now_ana, later_ana] = [&now, &later].map(|site| site.main("/people/ana/"));
    assert_eq!(marks(&now_ana), marks(&later_ana));
    let facts = |page: &str| between(page, "<section class=\"recognition\">", "</p>").to_string();
    assert_eq!(facts(&now_ana), facts(&later_ana));
    assert!(!later_ana.contains("as these answers show"), "{later_ana}");
    assert_eq!(now.file("people/ana/badge.svg"), later.file("people/ana/badge.svg"));
    let [now, later] = [&now, &later].map(|site| site.main("/thanks/"));
    assert!(!later.contains("Here for the first time"), "{later}");
    let helpers = |page: &str| names(between(page, "Helped the most people", "</section>")).join(", ");
    assert_eq!(helpers(&now), helpers(&later));
}

#[test]
fn nothing_is_new_without_a_day_and_an_empty_site_thanks_nobody() {
    let page = folder(FILES).build().main("/thanks/");
    assert!(!page.contains("Here for the first time"), "{page}");
    let page = folder("=== content/pages/about.md\n# About\n").build().main("/thanks/");
    assert!(page.contains("Nobody yet."), "{page}");
}

#[test]
fn the_command_prints_the_same_facts_and_names_nobody_who_wants_no_page() {
    let folder = folder(FILES);
    let run = |arguments: &[&str]| {
        let mut command = command();
        command.arg("--root").arg(folder.root()).args(["insight", "--people"]).args(arguments);
        // 30 November 2026.
        let output = command.env("SOURCE_DATE_EPOCH", "1796040000").output().expect("the command runs");
        (output.status.code(), String::from_utf8(output.stdout).expect("text"))
    };
    let (status, table) = run(&[]);
    assert_eq!(status, Some(0), "{table}");
    assert!(table.contains("Ana Silva      10        3         2         10  2026-10-02  frost"), "{table}");
    let (_, csv) = run(&["--csv"]);
    let ana = "ana,Ana Silva,,3,2,10,10,2024-03-02,2026-10-02,frost,\
               first-answer first-accepted second-topic ten-confirmed year-of-helping\n";
    assert!(csv.contains(ana), "{csv}");
    assert!(csv.contains("gus,Gus,staff,0,0,0,0,2025-05-04,,,\n"), "{csv}");
    assert!(!csv.contains("eve") && csv.lines().count() == 12, "{csv}");
    let (_, json) = run(&["--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["people"][0]["marks"][2]["url"], "/help/questions/frost/#answer-ana");
    assert_eq!(json["people"][0]["knows"][0]["accepted"], 1);
    assert_eq!(run(&["--by", "year"]).0, Some(2), "there are no periods of it");
}
