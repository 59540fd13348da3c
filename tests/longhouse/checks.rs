//! What `check` says beyond a build: advice on texts, what needs care, what a moderator should look at; what fires,
//! and what must not.

use std::sync::Arc;

use longhouse::check;
use longhouse::diagnostic::{Diagnostic, Rule};
use longhouse::site::Visibility;
use longhouse::source::Sources;

use crate::fixture::{Folder, folder, site};

/// Everything that `check` says of a site, on a day.
fn checked(files: &str, today: Option<&str>) -> Vec<Diagnostic> {
    checked_in(&folder(files), today)
}

fn checked_in(folder: &Folder, today: Option<&str>) -> Vec<Diagnostic> {
    let today = today.map(|day| day.parse().expect("a day"));
    let sources = Arc::new(Sources { today, ..Sources::clone(&folder.load()) });
    let (site, mut diagnostics) = longhouse::understand(&sources, Visibility::default(), &|_| {});
    diagnostics.extend(check::thorough(&site));
    diagnostics.sort();
    diagnostics
}

/// `file:line:column` of all problems of one rule, each with its fix.
fn places(diagnostics: &[Diagnostic], rule: Rule) -> Vec<String> {
    let of_rule = diagnostics.iter().filter(|it| it.rule == rule);
    of_rule
        .map(|it| {
            let file = it.file.strip_prefix("content/").unwrap_or(&it.file);
            let fix = it.fix.as_ref().map_or_else(String::new, |fix| format!(" → {fix}"));
            format!("{file}:{}:{}{fix}", it.line, it.column)
        })
        .collect()
}

/// Writes every fix into the files, the last ones first.
fn mend(folder: &Folder, diagnostics: &[Diagnostic]) {
    for problem in diagnostics.iter().rev() {
        let Some(fix) = &problem.fix else { continue };
        let path = folder.root().join(&*problem.file);
        let text = std::fs::read_to_string(&path).expect("a file");
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let line = &mut lines[problem.line as usize - 1];
        let at = |column: u32| line.char_indices().nth(column as usize - 1).map_or(line.len(), |it| it.0);
        let range = at(problem.column)..at(problem.end_column);
        line.replace_range(range, fix);
        folder.write(&problem.file, lines.join("\n") + "\n");
    }
}

#[test]
fn a_build_says_nothing_of_texts_and_upkeep() {
    let files = "\
=== longhouse.yaml
base_url: https://example.org/
check: {words: {oven: kiln}, phrases: {\"1\": [idiot]}, long_paragraph: 50}
=== GUIDELINES.md
1. Be kind.
=== content/questions/a.md
---
date: 2020-01-01
verified_on: 2020-01-01
review_every: 1y
---
# Please help

### The oven

You idiot. ![](a.svg)
=== content/questions/a.svg
<svg xmlns=\"http://www.w3.org/2000/svg\"/>
";
    assert_eq!(site(files).rules(), Vec::<String>::new());
    let found: Vec<Rule> = checked(files, Some("2026-11-22")).iter().map(|it| it.rule).collect();
    let mut expected = vec![
        Rule::Stale,
        Rule::QuestionTitle,
        Rule::Unanswered,
        Rule::HeadingOrder,
        Rule::WordList,
        Rule::Guidelines,
        Rule::AltText,
    ];
    expected.sort();
    let mut found_sorted = found.clone();
    found_sorted.sort();
    assert_eq!(found_sorted, expected, "{found:?}");
}

#[test]
fn what_moderators_took_down_needs_no_advice() {
    let files = |status: &str| {
        format!(
            "=== content/questions/a.md\n---\nstatus: {status}\ndate: 2020-01-01\n---\n# Help\n\n![](b.png)\n"
        )
    };
    let rules = |status: &str| -> Vec<Rule> {
        let all = checked(&files(status), Some("2026-11-22"));
        all.iter().map(|it| it.rule).filter(|it| *it != Rule::DeadImage).collect()
    };
    assert_eq!(rules("hidden"), []);
    assert_eq!(rules("published"), [Rule::QuestionTitle, Rule::Unanswered, Rule::AltText]);
    // A writer wants to know of the text before it is published, but nobody can have answered it.
    assert_eq!(rules("draft"), [Rule::QuestionTitle, Rule::AltText]);
    assert_eq!(rules("locked"), [Rule::QuestionTitle, Rule::AltText]);
}

#[test]
fn each_duplicate_of_a_chain_is_led_to_its_end() {
    let files = folder(
        "\
=== content/questions/cracks.md
# Why does the glaze crack?
=== content/questions/crazing.md
---
duplicate_of: cracks
---
# What is crazing?
=== content/questions/lines.md
---
duplicate_of: questions/crazing.md
---
# Where do the lines come from?
=== content/questions/rings.md
---
duplicate_of: lines
---
# Where do the rings come from?
",
    );
    let found = files.build().diagnostics;
    assert_eq!(
        places(&found, Rule::DuplicateChain),
        ["questions/lines.md:2:15 → cracks", "questions/rings.md:2:15 → cracks"]
    );
    assert!(
        found[1].message.contains("`lines` is itself a duplicate, ultimately of `cracks`"),
        "{}",
        found[1].message
    );
    mend(&files, &found);
    assert_eq!(files.build().diagnostics, []);
    let circle = site(
        "\
=== content/questions/a.md
---
duplicate_of: b
---
# A?
=== content/questions/b.md
---
duplicate_of: a
---
# B?
=== content/questions/c.md
---
duplicate_of: a
---
# C?
",
    );
    assert_eq!(places(&circle.diagnostics, Rule::DuplicateChain), Vec::<String>::new());
}

#[test]
fn a_consent_says_who_and_when() {
    let said = |field: &str| {
        let files = format!(
            "=== content/stories/a.md\n---\ncustomer: Acme\n{field}authors: [acme]\n---\n# A story\n"
        );
        let found = checked(&files, Some("2026-11-22"));
        found.iter().map(|it| format!("{}: {}", it.rule, it.message)).collect::<Vec<_>>()
    };
    for right in [
        "consent: yes, Ana Silva, 2026-11-21\n",
        "consent: yes, Ana Silva, Nov 21, 2026\n",
        "consent: yes, Ana Silva, head of Acme, 2026-11-22\n",
        // Anyone who tells their own story agreed by telling it.
        "",
    ] {
        assert_eq!(said(right), Vec::<String>::new(), "{right}");
    }
    for (wrong, lacks) in [
        ("consent: yes\n", "says neither who agreed nor when"),
        ("consent: yes, 2026-11-21\n", "does not say who agreed"),
        ("consent: yes, Ana Silva\n", "does not say when they agreed"),
        ("consent: yes, Ana Silva, 2027-01-01\n", "is dated in the future"),
        ("consent: no\n", "says no, but the story is published"),
    ] {
        assert_eq!(said(wrong), [format!("consent: The consent {lacks}.")]);
    }
}

#[test]
fn only_the_titles_of_questions_must_ask_and_the_place_is_the_title() {
    let found = checked(
        "\
=== longhouse.yaml
base_url: https://example.org/
kinds: {faqs: faq}
=== content/questions/a.md
---
title: \"Need help\"
---
The pump stands still.
=== content/questions/b.md
**Hello everybody**

The pump stands still.
=== content/questions/c.md
# Pump stands still after the update
=== content/questions/c/ana.md
# Hello

Turn it on.
=== content/faqs/d.md
# Problem

There is none.
=== content/ideas/e.md
# I want a smaller pump
=== content/how-tos/f.md
# Help
=== content/stories/g.md
---
authors: [ana]
---
# We saved the harvest
=== content/questions/h.md
The pump stands still.
",
        None,
    );
    assert_eq!(
        places(&found, Rule::QuestionTitle),
        ["faqs/d.md:1:1", "questions/a.md:2:8", "questions/b.md:1:1"]
    );
}

#[test]
fn headings_go_down_one_level_at_a_time_and_their_fixes_mend_all_of_it() {
    let files = folder(
        "\
=== content/how-tos/jump.md
# Jump

## One

#### Two

##### Three

#### Four

## Five

### Six
=== content/how-tos/begins.md
# Begins

### One

### Two
=== content/how-tos/setext.md
Title
=====

Below
-----

### Fine

> #### A quotation has its own order
=== content/questions/a.md
# Why?
=== content/questions/a/ana.md
#### An answer may begin anywhere

##### And go on

### And come back
=== content/how-tos/field.md
---
title: Without a heading
---
### Nobody knows what stands above
",
    );
    let found = checked_in(&files, None);
    assert_eq!(
        places(&found, Rule::HeadingOrder),
        [
            "how-tos/begins.md:3:1 → ##",
            "how-tos/begins.md:5:1 → ##",
            "how-tos/jump.md:5:1 → ###",
            "how-tos/jump.md:7:1 → ####",
            "how-tos/jump.md:9:1 → ###",
        ]
    );
    mend(&files, &found);
    assert_eq!(places(&checked_in(&files, None), Rule::HeadingOrder), Vec::<String>::new());
}

#[test]
fn an_image_says_what_it_shows_unless_it_is_an_ornament() {
    let found = checked(
        "\
=== content/questions/a.md
# Why?

Here ![](a.svg) and ![The valve](a.svg) and ![IMG_2041.jpg](a.svg).

<img src=\"a.svg\" alt=\"\">

<img src=\"a.svg\">

[![](a.svg)](b.md) and ![elsewhere][r]

[r]: https://images.example.org/x.png
=== content/questions/a/ana.md
![enter image description here](a.svg)
=== content/questions/a/a.svg
<svg xmlns=\"http://www.w3.org/2000/svg\"/>
=== content/questions/a.svg
<svg xmlns=\"http://www.w3.org/2000/svg\"/>
=== content/questions/b.md
# What?
",
        None,
    );
    assert_eq!(
        places(&found, Rule::AltText),
        [
            "questions/a.md:3:6",
            "questions/a.md:3:45",
            "questions/a.md:7:1",
            "questions/a.md:9:2",
            "questions/a/ana.md:1:1",
        ]
    );
}

#[test]
fn the_words_of_the_community_are_put_in_where_they_stand() {
    let files = folder(
        "\
=== longhouse.yaml
base_url: https://example.org/
check:
  words:
    oven: kiln
    github: GitHub
    kiln shelf: batt
=== content/questions/a.md
---
title: An oven
---
Oven, the **oven** and OVENS. GitHub and Github, https://github.com/x, `oven`.

> He said oven.

A kiln
shelf, and a kiln shelf.
=== content/questions/a/ana.md
My [oven](https://example.org/oven).
",
    );
    let found = checked_in(&files, None);
    assert_eq!(
        places(&found, Rule::WordList),
        [
            "questions/a.md:2:11 → kiln",
            "questions/a.md:4:1 → Kiln",
            "questions/a.md:4:13 → kiln",
            "questions/a.md:4:42 → GitHub",
            "questions/a.md:8:3",
            "questions/a.md:9:14 → batt",
            "questions/a/ana.md:1:5 → kiln",
        ]
    );
    mend(&files, &found);
    let left = checked_in(&files, None);
    assert_eq!(places(&left, Rule::WordList), ["questions/a.md:8:3"]);
}

#[test]
fn a_paragraph_is_too_long_from_three_hundred_words_on() {
    let files = |words: usize| {
        let text = "word ".repeat(words);
        format!("=== content/questions/a.md\n# Why?\n\n{text}\n\n```\n{text}{text}\n```\n")
    };
    assert_eq!(places(&checked(&files(299), None), Rule::LongParagraph), Vec::<String>::new());
    assert_eq!(places(&checked(&files(300), None), Rule::LongParagraph), ["questions/a.md:3:1"]);
}

#[test]
fn many_links_are_told_of_newcomers_only() {
    let links =
        |count: usize| (0..count).map(|n| format!("<https://shop.example/{n}>\n")).collect::<String>();
    let many = links(8);
    let few = links(7);
    let own = many.replace("shop.example", "community.example.org");
    let found = checked(
        &format!(
            "\
=== longhouse.yaml
base_url: https://community.example.org/
team: {{jun: staff}}
=== content/questions/a.md
---
authors: [old]
date: 2020-01-01
---
# Why?
=== content/questions/a/kim.md
{many}
=== content/questions/a/few.md
{few}
=== content/questions/a/own.md
{own}
=== content/questions/a/jun.md
{many}
=== content/questions/a/old.md
{many}
=== content/questions/a/day.md
---
date: 2026-11-01
---
{many}
=== content/questions/a/week.md
---
date: 2026-10-01
---
{many}
=== content/questions/a/both.md
---
authors: [kim, old]
---
{many}
=== content/questions/a/four.md
{many}
=== content/questions/a/four--2.md
1
=== content/questions/a/four--3.md
2
=== content/questions/a/four--4.md
3
=== content/people/spam.md
---
name: Spam
---
Nobody reads this.
"
        ),
        Some("2026-11-22"),
    );
    let found = places(&found, Rule::NewcomerLinks);
    assert_eq!(found, ["questions/a/day.md:4:1", "questions/a/kim.md:1:1"]);
}

#[test]
fn a_link_that_seems_to_lead_elsewhere_is_named_by_a_build_too() {
    let found = site(
        "\
=== longhouse.yaml
base_url: https://community.quillfern.example/
check: {hosts: [docs.quillfern.example]}
=== content/questions/a.md
# Why?

[here](https://p\u{430}ypal.com/x) and [here](https://paypal.com/x)
[https://paypal.com/x](https://shop.example.net/x)
[https://www.example.net/](https://shop.example.net/x)
<https://github.com@shop.example.net/>
[https://paypal.com/x](https://docs.quillfern.example/x) by the company's own hosts
[GitHub](https://shop.example.net/) and [node.js](https://nodejs.org/)
https://c0mmunity.quillfern.example/ and https://community.quillfern.example/questions/a/
=== content/links/b.md
---
url: https://rnicrosoft.com/
---
# B
=== content/people/ana.md
---
links: [https://github.com.example.net/ana, https://github.com/ana]
---
# Ana
",
    )
    .diagnostics;
    assert_eq!(
        places(&found, Rule::LookalikeHost),
        [
            "links/b.md:2:6",
            "people/ana.md:2:9",
            "questions/a.md:3:1",
            "questions/a.md:4:1",
            "questions/a.md:6:1",
            "questions/a.md:9:1",
        ],
        "{found:#?}"
    );
    let messages: Vec<&str> = found.iter().map(|it| it.message.as_str()).collect();
    assert!(messages[3].contains("`shop.example.net`, which is shown as `paypal.com`"), "{messages:#?}");
}

#[test]
fn a_question_is_unanswered_after_a_while() {
    let files = "\
=== longhouse.yaml
base_url: https://example.org/
kinds: {faqs: faq}
check: {unanswered_after: 10}
=== content/questions/old.md
---
date: 2026-11-11
---
# Why?
=== content/questions/new.md
---
date: 2026-11-12
---
# When?
=== content/questions/undated.md
# Where?
=== content/questions/self.md
---
date: 2026-01-01
---
# Who?

## Answer

Me.
=== content/questions/hidden.md
---
date: 2026-01-01
---
# Whose?
=== content/questions/hidden/ana.md
---
status: hidden
---
Mine.
=== content/questions/duplicate.md
---
date: 2026-01-01
duplicate_of: self
---
# Which?
=== content/questions/obsolete.md
---
date: 2026-01-01
status: obsolete
---
# What?
=== content/faqs/b.md
---
date: 2026-01-01
---
# How?

So.
";
    let found = checked(files, Some("2026-11-22"));
    assert_eq!(places(&found, Rule::Unanswered), ["questions/hidden.md:4:1", "questions/old.md:4:1"]);
    assert_eq!(places(&checked(files, None), Rule::Unanswered), Vec::<String>::new());
}

#[test]
fn a_page_turns_stale_on_the_day_that_it_names_itself() {
    let files = "\
=== content/how-tos/a.md
---
verified_on: 2026-01-31
review_every: 1m
---
# A
=== content/how-tos/b.md
---
date: 2026-01-01
review_every: 2w
---
# B
=== content/pages/c.md
---
verified_on: 2024-03-01
---
# C
=== content/how-tos/d.md
---
verified_on: 2020-01-01
status: obsolete
---
# D
=== content/how-tos/e.md
---
review_every: 1d
---
# E
";
    let on = |day: &str| places(&checked(files, Some(day)), Rule::Stale);
    assert_eq!(on("2026-01-15"), Vec::<String>::new());
    assert_eq!(on("2026-01-16"), ["how-tos/b.md:3:15"]);
    assert_eq!(on("2026-02-28"), ["how-tos/b.md:3:15"]);
    assert_eq!(on("2026-03-01"), ["how-tos/a.md:2:14", "how-tos/b.md:3:15"]);
    assert_eq!(on("2026-03-02"), ["how-tos/a.md:2:14", "how-tos/b.md:3:15", "pages/c.md:2:14"]);
    assert_eq!(places(&checked(files, None), Rule::Stale), Vec::<String>::new());
}

#[test]
fn a_page_to_which_nothing_leads_is_an_orphan_where_the_others_are_none() {
    let files = |more: &str| {
        format!(
            "\
=== longhouse.yaml
base_url: https://example.org/
page_size: 2
menu: [{{label: M, url: /menu/}}]
products: [{{id: kiln}}]
=== content/questions/tagged.md
---
tags: [x]
---
# Tagged?

See [linked](linked.md).
=== content/questions/linked.md
# Linked?
=== content/questions/topic/inside.md
# Inside?
=== content/questions/product.md
---
product: kiln
---
# Product?
=== content/questions/alone.md
# Alone?

[myself](alone.md)
=== content/pages/menu.md
# Menu
=== content/pages/field.md
---
menu: true
---
# Field
=== content/pages/lost.md
# Lost
=== content/announcements/news.md
# News
{more}"
        )
    };
    let found = checked(&files(""), None);
    assert_eq!(places(&found, Rule::Orphan), ["pages/lost.md:1:1", "questions/alone.md:1:1"]);
    // What is new has had no time to get a tag from those who know the tags.
    let dated = files("").replace("# Alone?", "---\ndate: 2026-03-01\n---\n# Alone?");
    for (today, places_of) in [
        ("2026-03-31", &["pages/lost.md:1:1"][..]),
        ("2026-04-01", &["pages/lost.md:1:1", "questions/alone.md:4:1"]),
    ] {
        assert_eq!(places(&checked(&dated, Some(today)), Rule::Orphan), places_of, "{today}");
    }
    let home = "=== content/README.md\n[a](questions/alone.md), [l](pages/lost.md)\n";
    assert_eq!(places(&checked(&files(home), None), Rule::Orphan), Vec::<String>::new());
    // One list shows all of them, or nobody works with tags: then it is no finding that there are none.
    let short = "=== content/how-tos/a.md\n---\ntags: [x]\n---\n# A\n=== content/how-tos/b.md\n# B\n";
    assert_eq!(places(&checked(short, None), Rule::Orphan), Vec::<String>::new());
    let untagged: String = (0..40).map(|n| format!("=== content/how-tos/a{n}.md\n# A {n}\n")).collect();
    assert_eq!(places(&checked(&untagged, None), Rule::Orphan), Vec::<String>::new());
}

#[test]
fn a_moderator_is_asked_to_look_by_the_rule_of_the_guidelines() {
    let files = |phrases: &str| {
        format!(
            "\
=== longhouse.yaml
base_url: https://example.org/
team: {{greta: moderator}}
check:
  phrases:
{phrases}
=== GUIDELINES.md
# Guidelines

1. Ask.
2. Criticise the kiln, not the person.

## No advertising

Never.
=== content/questions/a.md
# Is the kiln of the other maker better?

Yours broke twice, your support is useless, and I bought a Brennwerk.
=== content/questions/a/ben.md
You **idiot**. Here is my Discount
code. The `idiot` light is on.

> You idiot.
=== content/questions/a/greta.md
Nobody calls anybody an idiot here.
=== content/stories/b.md
---
authors: [ana]
sentiment: critical
---
# We went to the competitor

The kiln was late, and the company lied to us.
"
        )
    };
    let found = checked(&files("    \"2\": [idiot]\n    no-advertising: [discount code]"), None);
    assert_eq!(
        found.iter().map(|it| it.message.as_str()).collect::<Vec<_>>(),
        [
            "A moderator should look at “idiot” because of rule `2` in GUIDELINES.md.",
            "A moderator should look at “Discount code” because of rule `no-advertising` in GUIDELINES.md."
        ]
    );
    assert_eq!(places(&found, Rule::Guidelines), ["questions/a/ben.md:1:7", "questions/a/ben.md:1:27"]);
    assert!(found[0].help.contains("“Criticise the kiln, not the person.”"), "{}", found[0].help);
    let found = checked(&files("    no-advertizing: [discount code]\n    \"7\": [idiot]"), None);
    assert_eq!(
        found.iter().map(|it| (it.rule, &*it.file, it.line, it.fix.as_deref())).collect::<Vec<_>>(),
        [
            (Rule::UnknownReference, "longhouse.yaml", 5, Some("no-advertising")),
            (Rule::UnknownReference, "longhouse.yaml", 6, None)
        ]
    );
}

#[test]
fn a_level_holds_for_advice_too() {
    let files = |level: &str| {
        format!(
            "=== longhouse.yaml\nbase_url: https://example.org/\nrules: {{question-title: {level}}}\n=== content/questions/a.md\n# Help\n"
        )
    };
    let severity =
        |level: &str| checked(&files(level), None).iter().map(|it| it.severity).collect::<Vec<_>>();
    assert_eq!(severity("error"), [longhouse::diagnostic::Severity::Error]);
    assert_eq!(severity("off"), []);
}

#[test]
fn hostile_files_are_looked_at_no_longer_than_others() {
    // Fails by taking minutes where work grows with the square of what is written.
    let folder = folder(
        "=== longhouse.yaml\nbase_url: https://example.org/\ncheck: {words: {a: b, a a: c}, phrases: {\"1\": [x, x x x]}}\n=== GUIDELINES.md\n1. Be kind.\n",
    );
    let written = |name: &str, text: String| {
        folder.write(&format!("content/questions/{name}.md"), text);
    };
    written("images", format!("# I?\n\n{}\n", "<img src=a.png alt=''>".repeat(20_000)));
    written("alts", format!("# L?\n\n{}\n", "![1](a.png) ".repeat(20_000)));
    written("words", format!("# W?\n\n{}\n", "a ".repeat(50_000)));
    written("phrases", format!("# P?\n\n{}\n", "x ".repeat(50_000)));
    written("title", format!("---\ntitle: {}\n---\n", "I have a ".repeat(5_000)));
    written("long", format!("# {}\n", "I have the ".repeat(50_000)));
    written("headings", format!("# H?\n\n{}\n", "###### deep\n\n## up\n\n".repeat(20_000)));
    written("host", format!("# T?\n\n<https://{}com/>\n", "a.".repeat(100_000)));
    written(
        "hosts",
        format!("# S?\n\n{}", (0..20_000).map(|n| format!("<https://h{n}.com/>\n")).collect::<String>()),
    );
    let found = checked_in(&folder, Some("2026-11-22"));
    let count = |rule: Rule| found.iter().filter(|it| it.rule == rule).count();
    assert_eq!(count(Rule::HeadingOrder), 50);
    assert_eq!(count(Rule::AltText), 50);
    // Of a title as much counts as is shown.
    assert!((51..=100).contains(&count(Rule::WordList)), "{}", count(Rule::WordList));
    assert_eq!(count(Rule::Guidelines), 50);
    assert!(
        found.iter().all(
            |it| it.message.len() < 100_000 && (it.rule != Rule::QuestionTitle || it.message.len() < 300)
        )
    );
}
