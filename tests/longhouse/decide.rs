//! The pages for people who are deciding whether to buy: counts by hand, nothing critical left out, reasons with the sentences
//! that they are made of.

use std::fmt::Write as _;
use std::sync::Arc;

use longhouse::site::Visibility;

use crate::fixture::{Folder, Rendered, command, folder, render};

/// Twelve stories: six happy, two mixed, three critical, one that does not say; and all else that those who decide are told.
/// Of the critical ones besides, a moderator hid one and made
/// one a draft, its author hid one, and of one the consent was withdrawn.
const FILES: &str = "\
=== longhouse.yaml
title: Kiln people
base_url: https://x.example/
team: {jun: staff}
products:
  - id: kiln
    name: The Kiln
    versions: ['4.1', '4.2', {name: '5.0', state: coming}]
=== data/moderation.yaml
stories/slander.md: {status: hidden, reason: Names a private person., by: greta}
stories/later.md: {status: draft, reason: Is looked into., by: greta}
stories/fine.md: {status: draft, by: greta}
stories/c1/rude.md: {status: draft, reason: A rude reply}
stories/gone.md: {status: draft, reason: Gone away by a secret sentence}
=== content/stories/h1.md
---
sentiment: happy
industry: ceramics
size: 2 people
use_case: raku
authors: ana
date: 2026-01-01
---
# H1
## Why
Because they answer the telephone. It keeps its curve!
=== content/stories/h2.md
---
sentiment: happy
industry: ceramics
authors: ben
date: 2026-01-02
---
# H2
## Why
They answered the telephone on a Sunday.
=== content/stories/h3.md
---
sentiment: happy
industry: schools
authors: cem
date: 2026-01-03
why: It keeps its curve, and it was not the cheapest.
---
# H3
=== content/stories/h4.md
---
sentiment: happy
industry: schools
authors: dag
date: 2026-01-04
sponsored: Acme Clay
affiliation: sells kilns
---
# H4
=== content/stories/h5.md
---
sentiment: happy
authors: jun
date: 2026-01-05
---
# H5
The company tells it.
=== content/stories/h6.md
---
sentiment: happy
authors: jun
customer: Rauma
consent: yes, Rauma, 2026-01-01
date: 2026-01-06
---
# H6
=== content/stories/m1.md
---
sentiment: mixed
products: [kiln]
versions: ['4.1']
authors: eve
date: 2026-01-07
---
# M1
=== content/stories/m2.md
---
sentiment: mixed
authors: eve
date: 2026-01-08
---
# M2
=== content/stories/unsaid.md
---
authors: fay
date: 2026-01-09
---
# Unsaid
=== content/stories/c1.md
---
sentiment: critical
products: [kiln]
versions: ['4.2']
industry: ceramics
authors: gus
date: 2026-02-01
---
# C1 cracked
## Why
It was the cheapest, and I was told to buy it.
## Outcome
Half of it <b>cracked</b>. See [below](#later) and a note[^1].
### Later
More of it.

[^1]: The note.
=== content/stories/c1/jun.md
---
response: true
date: 2026-02-03
---
We [changed it](../../announcements/curve.md), see [the idea](../../ideas/slow.md).
=== content/stories/c1/rude.md
---
sentiment: critical
---
A secret sentence of a reply.
=== content/stories/c2.md
---
sentiment: critical
authors: hal
date: 2026-03-01
problem: It is loud.
---
# C2 is loud
And it hums.
=== content/stories/c3.md
---
sentiment: critical
authors: ida
---
# C3 has no date
=== content/stories/slander.md
---
sentiment: critical
authors: kim
---
# Slander
A secret sentence.
=== content/stories/later.md
---
sentiment: critical
authors: kim
---
# Another secret sentence
=== content/stories/fine.md
---
sentiment: happy
authors: kim
---
# Fine
=== content/stories/regret.md
---
sentiment: critical
authors: lea
status: hidden
---
# Regret
=== content/stories/gone.md
---
sentiment: critical
customer: Mo Pottery
consent: withdrawn
authors: mo
---
# Gone away
=== content/stories/happy-hidden.md
---
sentiment: happy
authors: mo
status: hidden
---
# Happy and hidden
=== content/announcements/curve.md
---
date: 2026-02-02
---
# A slower curve
=== content/ideas/slow.md
---
state: planned
date: 2026-02-04
---
# Slow down at once
=== content/ideas/cheap.md
---
state: declined
response: No, clay costs what it costs.
supporters: [ana, ben, cem]
date: 2026-01-01
---
# Make it cheaper
=== content/ideas/purple.md
---
state: declined
supporters: [ana, ben]
---
# Make it purple
=== content/links/gazette.md
---
url: https://gazette.example/
type: mention
date: 2026-01-20
---
# The Gazette on kilns
=== content/links/post.md
---
url: https://post.example/
type: mention
response: It is true.
---
# The Post on kilns
=== content/links/club.md
---
url: https://club.example/
type: group
---
# The club
=== content/questions/loud.md
---
tags: [critical]
date: 2026-01-10
authors: eve
---
# Why is it so loud?
=== content/questions/smell.md
---
tags: [critical]
date: 2026-01-11
authors: eve
---
# Why does it smell?
=== content/questions/smell/jun.md
---
date: 2026-01-12
---
It is the glue.
=== content/questions/price.md
---
audience: before-you-buy
authors: eve
date: 2026-01-13
---
# What does it cost?
=== content/questions/price/ana.md
---
date: 2026-01-14
---
Much.
=== content/questions/price/gus.md
---
date: 2026-01-14
---
Too much.
=== content/questions/size.md
---
audience: before-you-buy
products: [kiln]
versions: ['5.0']
---
# How large will it be?
=== content/questions/other.md
---
date: 2026-01-15
---
# Which clay?
=== content/questions/other/ana.md
---
date: 2026-01-16
---
Red.
=== content/people/gus.md
---
listed: false
---
# Gus
";

fn site() -> Rendered {
    let mut sources = folder(FILES).load();
    Arc::get_mut(&mut sources).expect("nobody else has it").today = Some(jiff::civil::date(2026, 5, 22));
    render(&sources, Visibility::default()).expect("a theme without mistakes")
}

/// What stands between two texts.
#[track_caller]
fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let (_, rest) = text.split_once(from).unwrap_or_else(|| panic!("{from} in {text}"));
    rest.split(to).next().unwrap_or_default()
}

/// The pieces of a text that begin so, each up to where it ends.
fn all<'t>(text: &'t str, from: &str, to: &str) -> Vec<&'t str> {
    text.split(from).skip(1).map(|rest| rest.split(to).next().unwrap_or_default()).collect()
}

/// The titles of the critical stories that stand there in full.
fn critics(page: &str) -> Vec<String> {
    let titles = all(page, "<article class=\"critic\">\n<h3><a href=\"", "</a>");
    titles.into_iter().filter_map(|it| Some(it.split_once("\">")?.1.to_string())).collect()
}

#[test]
fn counts_and_shares_are_those_counted_by_hand() {
    let page = site().main("/decide/");
    let tally = between(&page, "<ul class=\"tally\">", "</ul>");
    let counts = all(tally, "<strong>", "</strong>");
    assert_eq!(counts, ["6", "2", "3", "1"], "happy, mixed, critical, unsaid: {tally}");
    // Of eleven that say how it went: 54.5, 18.2 and 27.3 percent.
    assert_eq!(all(tally, "<span class=\"count\">", "</span>"), ["55 %", "18 %", "27 %"], "{tally}");
    assert!(page.contains("What 12 customer stories on Kiln people say"), "{page}");
    assert!(page.contains("One of these stories is sponsored."), "{page}");
    assert!(page.contains("One of these stories is told by the company itself."), "{page}");
    assert!(
        tally.contains("href=\"#decide-critical\"") && tally.contains("href=\"/stories/sentiment/happy/\"")
    );
}

#[test]
fn every_critical_story_is_there_in_full_with_what_was_said_to_it() {
    let site = site();
    for address in ["/decide/", "/critical/"] {
        let page = site.main(address);
        assert_eq!(critics(&page), ["C2 is loud", "C1 cracked", "C3 has no date"], "{address}: {page}");
        let c1 = between(&page, "C1 cracked", "</article>");
        for text in [
            "Half of it <b>cracked</b>.",
            "href=\"/stories/c1/#h-later\"",
            "The note.",
            "<h4>Why</h4>",
            "<h5>Later</h5>",
            "Response from the company",
            "3 February 2026",
            "href=\"/announcements/curve/\"",
            "<a href=\"/ideas/slow/\">Slow down at once</a> <span class=\"state planned\">planned</span>",
        ] {
            assert!(c1.contains(text), "{text}: {c1}");
        }
        assert!(!c1.contains("id=\""), "ids are of the page itself: {c1}");
        let c2 = between(&page, "C2 is loud", "</article>");
        assert!(c2.contains("It is loud.") && c2.contains("And it hums."), "{c2}");
        assert!(c2.contains("No answer from the company yet. Waiting since 1 March 2026."), "{c2}");
        let c3 = between(&page, "C3 has no date", "</article>");
        assert!(c3.contains("No answer from the company yet.</p>"), "{c3}");
    }
}

#[test]
fn what_was_taken_down_is_counted_with_its_reason_and_nothing_of_its_text() {
    let site = site();
    let page = site.main("/decide/");
    assert!(page.contains("3 critical stories were removed:"), "{page}");
    assert!(
        page.contains("<a href=\"/stories/slander/\" rel=\"nofollow\">Names a private person.</a>"),
        "{page}"
    );
    assert!(page.contains("<li>Is looked into."), "a draft has no page: {page}");
    let regret = "<a href=\"/stories/regret/\" rel=\"nofollow\">No reason was given.</a>";
    assert!(page.contains(regret), "no moderator hid it: {page}");
    assert!(site.main("/stories/slander/").contains("Names a private person."));
    assert!(
        page.contains("One critical story is gone because its customer withdrew their consent."),
        "{page}"
    );
    for secret in [
        "secret sentence",
        "rude reply",
        "Slander",
        "Regret",
        "Gone away",
        "Mo Pottery",
        "stories/gone",
        "happy-hidden",
    ] {
        assert!(!page.contains(secret), "{secret}: {page}");
    }
    let drafts = Visibility { drafts: true, ..Visibility::default() };
    let page = render(&folder(FILES).load(), drafts).expect("a theme without mistakes").main("/decide/");
    assert!(
        page.contains("Another secret sentence") && page.contains("2 critical stories were removed:"),
        "{page}"
    );
    assert!(!page.contains("Is looked into."), "it stands there in full: {page}");
}

#[test]
fn no_setting_leaves_out_a_critical_story() {
    for settings in [
        "page_size: 1",
        "rules: {consent: off, missing-title: off}",
        "menu: [{label: Home, url: /}]",
        "search: false",
        "feeds: excerpt",
        "trust: git",
        "decide: {floor: 1}",
        "language: de",
        "kinds: {handbook: story}",
        "tags: {synonyms: {praise: [critical]}}",
    ] {
        let files = FILES.replace("title: Kiln people\n", &format!("title: Kiln people\n{settings}\n"));
        let page = folder(&files).build().main("/decide/");
        assert_eq!(critics(&page).len(), 3, "{settings}: {page}");
    }
}

#[test]
fn more_critical_stories_than_fit_are_named_all_the_same() {
    let mut files = String::new();
    for n in 0..30 {
        let date = format!("2026-01-{:02}", n + 1);
        let _ = write!(
            files,
            "=== content/stories/s{n}.md\n---\nsentiment: critical\ndate: {date}\n---\n# Bad {n}\nNo.\n"
        );
    }
    let site = folder(&files).build();
    let page = site.main("/decide/");
    assert_eq!(critics(&page).len(), 20);
    for n in 0..30 {
        assert!(page.contains(&format!("href=\"/stories/s{n}/\"")), "{n}: {page}");
    }
}

#[test]
fn reasons_are_counted_once_for_each_customer_and_open_their_sentences() {
    let page = site().main("/decide/");
    let reasons = between(&page, "<ul class=\"reasons\">", "</section>");
    assert_eq!(all(reasons, "<q>", "</q>"), ["keeps its curve", "answered the telephone"], "{reasons}");
    assert_eq!(all(reasons, "</q> <span class=\"count\">", "</span>"), ["2 customers", "2 customers"]);
    let telephone = between(reasons, "answered the telephone</q>", "</details>");
    for text in [
        "<blockquote>They answered the telephone on a Sunday.</blockquote>",
        "<blockquote>Because they answer the telephone.</blockquote>",
        "href=\"/stories/h2/\"",
        "href=\"/stories/h1/\"",
    ] {
        assert!(telephone.contains(text), "{text}: {telephone}");
    }
    assert!(!reasons.contains("<q>cheapest"), "one of them says that it was not: {reasons}");
}

#[test]
fn questions_people_and_facets_stand_beside_the_stories() {
    let page = site().main("/decide/");
    let asked = between(&page, "<section id=\"decide-asked\">", "</section>");
    assert!(asked.contains("What does it cost?") && asked.contains("2 answers"), "{asked}");
    assert!(asked.contains("How large will it be?") && asked.contains("no answer yet"), "{asked}");
    assert!(!asked.contains("Which clay?"), "{asked}");
    let people = between(&page, "<section class=\"answerers\">", "</section>");
    assert!(
        people.contains(
            "ceramics</a></dt><dd><a href=\"/people/ana/\">ana</a> <span class=\"count\">2 answers"
        ),
        "{people}"
    );
    assert!(!people.contains("gus"), "he wants no page: {people}");
    assert!(
        !people.contains("jun") && !people.contains("schools"),
        "nobody of these answers as a customer: {people}"
    );
    assert!(
        page.contains("<a href=\"/stories/industry/ceramics/\">ceramics</a> <span class=\"count\">3</span>"),
        "{page}"
    );
}

#[test]
fn what_else_is_criticised_has_an_answer_or_waits() {
    let page = site().main("/critical/");
    let group = |id: &str| between(&page, &format!("data-critical=\"{id}\""), "</section>").to_string();
    let ideas = group("ideas");
    assert!(ideas.contains("Make it cheaper") && ideas.contains("clay costs what it costs"), "{ideas}");
    assert!(ideas.contains("3 want this") && !ideas.contains("purple"), "two are not many: {ideas}");
    let mentions = group("mentions");
    assert!(
        mentions.contains("The Gazette on kilns") && mentions.contains("Waiting since 20 January 2026."),
        "{mentions}"
    );
    assert!(mentions.contains("It is true.") && !mentions.contains("The club"), "{mentions}");
    let questions = group("questions");
    assert!(questions.contains("Waiting since 10 January 2026."), "{questions}");
    assert!(questions.contains("The company answered on 12 January 2026."), "{questions}");
}

#[test]
fn products_and_versions_show_the_same_of_themselves() {
    let site = site();
    let page = site.main("/products/kiln/");
    assert_eq!(
        all(between(&page, "<ul class=\"tally\">", "</ul>"), "<strong>", "</strong>"),
        ["1", "1"],
        "{page}"
    );
    assert_eq!(critics(&page), ["C1 cracked"], "{page}");
    for link in [
        "/products/kiln/4.1/\">4.1<",
        "/products/kiln/4.2/\">4.2<",
        "/products/kiln/5.0/\">5.0 (not released yet)<",
    ] {
        assert!(page.contains(link), "{link}: {page}");
    }
    let page = site.main("/products/kiln/4.1/");
    assert!(critics(&page).is_empty() && page.contains("M1") && !page.contains("C1"), "{page}");
    assert_eq!(critics(&site.main("/products/kiln/4.2/")), ["C1 cracked"]);
    let page = site.main("/products/kiln/5.0/");
    assert!(
        page.contains("This version is not released yet.") && page.contains("How large will it be?"),
        "{page}"
    );
    assert!(!page.contains("Critical stories"), "there is no story yet: {page}");
}

#[test]
fn a_version_to_come_is_not_the_newest() {
    let files = "\
=== longhouse.yaml
products: [{id: kiln, versions: ['4.2', {name: '5.0', state: coming}]}]
=== content/questions/a.md
---
products: [kiln]
---
# A?
=== content/questions/a/ana.md
---
date: 2026-01-01
---
New.
=== content/questions/a/ben.md
---
date: 2026-01-02
---
Old.
=== content/questions/a/cem.md
---
confirms: ben
version: '4.2'
---
=== content/questions/a/dag.md
---
confirms: ana
version: '5.0'
---
";
    let page = folder(files).build().main("/questions/a/");
    assert!(page.find("Old.") < page.find("New."), "ben's answer is known to work on the newest one: {page}");
    let page = folder(files).build().main("/help-wanted/");
    assert!(!page.contains("5.0"), "{page}");
}

#[test]
fn below_the_floor_there_is_no_page_and_check_says_what_is_missing() {
    let files = "=== content/stories/a.md\n# A\nOnce.\n=== content/stories/b.md\n# B\nTwice.\n";
    let site = folder(files).build();
    assert!(!site.has("decide/index.html") && !site.has("critical/index.html"));
    assert!(!site.page("/").contains("/decide/") && !site.page("/stories/").contains("/decide/"));
    assert!(
        said(&folder(files)).contains("`/decide/` appears from 8 stories on: 6 more stories are missing")
    );
    let floor = format!("=== longhouse.yaml\ndecide: {{floor: 2}}\n{files}");
    let site = folder(&floor).build();
    assert!(site.main("/decide/").contains("Nobody has told a critical story yet."));
    assert!(site.main("/critical/").contains("Nobody has told a critical story yet."));
    assert!(site.main("/").contains("href=\"/decide/\">Deciding? Read what 2 customer stories say.</a>"));
    assert!(site.main("/stories/").contains("href=\"/decide/\""));
    assert!(!said(&folder(&floor)).contains("/decide/"));
    assert!(!said(&folder("=== content/pages/a.md\n# A\n")).contains("/decide/"), "it wants none");
    // Links of the content lead there as soon as it is there.
    let link = "=== content/pages/about.md\n# About\n[Decide](/decide/)\n";
    assert!(!folder(&format!("{files}{link}")).build().main("/about/").contains("href=\"/decide/\""));
    assert!(folder(&format!("{floor}{link}")).build().main("/about/").contains("href=\"/decide/\""));
}

/// What `check` says on the error output.
fn said(folder: &Folder) -> String {
    let output = command().arg("check").arg("--root").arg(folder.root()).output().expect("the program runs");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn what_is_disclosed_stands_beside_names_in_lists_and_feeds() {
    let site = folder(
        "\
=== content/questions/a.md
---
authors: ana
date: 2026-01-01
affiliation: sells kilns
sponsored: Acme Clay
made_with: ai
---
# A?
Text.
=== content/questions/a/ben.md
---
date: 2026-01-02
made_with: bot
sponsored: Other Clay
---
An answer.
=== content/stories/s.md
---
authors: ben
date: 2026-01-01
sponsored: Acme Clay
---
# S
=== content/people/ben.md
---
affiliation: works for Acme
---
# Ben
",
    )
    .build();
    for address in ["/questions/", "/questions/a/", "/people/ana/"] {
        let page = site.main(address);
        for text in ["sells kilns", "sponsored by Acme Clay", "written with AI"] {
            assert!(page.contains(text), "{address}: {text}: {page}");
        }
    }
    let page = site.main("/questions/a/");
    for text in ["Ben</a> (works for Acme)", "posted by a bot", "sponsored by Other Clay"] {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert!(site.main("/stories/").contains("works for Acme"), "{}", site.main("/stories/"));
    let atom = site.file("questions/feed.xml");
    let name = "ana (sells kilns, sponsored by Acme Clay, written with AI)";
    assert!(atom.contains(&format!("<name>{name}</name>")), "{atom}");
    assert!(atom.contains("Ben (works for Acme, sponsored by Other Clay, posted by a bot)"), "{atom}");
    assert!(site.file("questions/feed.json").contains(name));
}
