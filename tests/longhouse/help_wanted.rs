//! Where help is wanted: what lacks something, why, and the door to what it lacks.

use std::sync::Arc;

use longhouse::site::Visibility;

use crate::fixture::{Folder, Rendered, folder, render};

/// Each thing that can be lacking once, and beside it one of the same that lacks nothing.
const FILES: &str = "\
=== longhouse.yaml
repository: https://github.com/acme/site
products:
  - id: kiln
    versions: ['4.1', '4.10']
=== content/questions/unanswered.md
---
date: 2026-05-03
authors: ben
tags: [glaze]
---
# Why does it craze?
=== content/questions/older.md
---
date: 2026-04-01
authors: cem
tags: [frost]
---
# Why does it crack?
=== content/questions/unsolved.md
---
date: 2026-05-01
authors: ben
tags: [glaze]
---
# Which cone?
=== content/questions/unsolved/ana.md
---
date: 2026-05-02
---
Six.
=== content/questions/fresh.md
---
date: 2026-05-20
authors: ben
---
# Which clay?
=== content/questions/fresh/ana.md
---
date: 2026-05-21
---
Red.
=== content/questions/solved.md
---
date: 2026-01-01
authors: ben
accepted: ana
tags: [glaze]
---
# Which tongs?
=== content/questions/solved/ana.md
---
date: 2026-01-02
---
Long ones.
=== content/questions/old-version.md
---
date: 2026-01-01
authors: ben
accepted: ana
products: [kiln]
---
# How do I fire?
=== content/questions/old-version/ana.md
---
date: 2026-01-02
---
Slowly.
=== content/questions/old-version/cem.md
---
confirms: ana
version: '4.1'
date: 2026-02-01
---
=== content/how-tos/current.md
---
date: 2026-01-01
products: [kiln]
---
# Clean the kiln

## Steps

1. Sweep.
=== content/how-tos/current/cem.md
---
confirms: self
version: '4.10'
date: 2026-02-01
---
=== content/how-tos/overdue.md
---
date: 2026-01-01
authors: ana
verified_on: 2026-01-01
review_every: 3 months
---
# Mix the glaze

## Steps

1. Stir.
=== content/questions/locked.md
---
date: 2026-01-01
status: locked
---
# Closed?
=== content/questions/frost-1.md
---
date: 2026-02-01
authors: ben
tags: [frost]
---
# Does it freeze?
=== content/questions/frost-2.md
---
date: 2026-02-02
authors: ben
tags: [frost]
---
# When does it freeze?
";

/// The site as of 22 May 2026.
fn built(folder: &Folder) -> Rendered {
    let mut sources = folder.load();
    Arc::get_mut(&mut sources).expect("nobody else has it").today = Some(jiff::civil::date(2026, 5, 22));
    render(&sources, Visibility::default()).expect("a theme without mistakes")
}

/// The titles of a group, in order.
fn titles(page: &str, group: &str) -> Vec<String> {
    let Some((_, group)) = page.split_once(&format!("<section class=\"group\" data-want=\"{group}\">"))
    else {
        return Vec::new();
    };
    let group = group.split("</section>").next().unwrap_or_default();
    let title = |row: &str| row.split_once("\">")?.1.split_once("</a>").map(|(title, _)| title.to_string());
    group.split("<li>").skip(1).filter_map(title).collect()
}

#[test]
fn whatever_lacks_something_stands_there_with_one_sentence_and_one_door() {
    let site = built(&folder(FILES));
    let page = site.main("/help-wanted/");
    assert_eq!(
        titles(&page, "answer"),
        ["Does it freeze?", "When does it freeze?", "Why does it crack?", "Why does it craze?"],
        "what waits longest is first: {page}"
    );
    assert_eq!(titles(&page, "verdict"), ["Which cone?"], "{page}");
    assert_eq!(titles(&page, "version"), ["How do I fire?"], "4.10 is newer than 4.1: {page}");
    assert_eq!(titles(&page, "review"), ["Mix the glaze"], "{page}");
    assert_eq!(titles(&page, "expert"), ["frost"], "somebody knows about glaze: {page}");
    for why in [
        "Asked on 3 May 2026, and nobody has answered.",
        "It has had an answer since 2 May 2026, and nobody has said whether it works.",
        "It works on 4.1. Nobody has said whether it works on 4.10.",
        "Last reviewed on 1 January 2026. Written by ana.",
        "3 questions within a year, and nobody has given answers that worked yet.",
    ] {
        assert!(page.contains(why), "{why}: {page}");
    }
    assert_eq!(page.matches("class=\"do\"").count(), page.matches("<li><a href=").count() - 2, "{page}");
    // A short question on something that somebody knows.
    assert_eq!(page.matches("Good for a first answer").count(), 1, "{page}");
    let feed = site.file("help-wanted.xml");
    assert!(feed.contains("/help-wanted.xml\"/>") && feed.matches("<entry>").count() == 7, "{feed}");
}

#[test]
fn what_may_have_been_asked_before_is_not_for_a_newcomer() {
    let asked = |title: &str| {
        let site = built(&folder(&format!(
            "{FILES}=== content/questions/again.md\n---\ndate: 2025-05-03\naccepted: ana\ntags: [glaze]\n---\n# {title}\n\
             === content/questions/again/ana.md\n---\ndate: 2025-05-04\n---\nYes.\n\
             === content/questions/unanswered.md\n---\ndate: 2026-05-03\nauthors: ben\ntags: [glaze]\n---\n\
             # Why does celadon glaze craze?\n"
        )));
        site.main("/help-wanted/").matches("Good for a first answer").count()
    };
    assert_eq!(asked("Why does my celadon craze when glaze is thick?"), 0);
    assert_eq!(asked("Which celadon is food safe?"), 1, "one word in common is a topic");
}

#[test]
fn each_tag_has_a_page_of_what_it_lacks() {
    let site = built(&folder(FILES));
    let page = site.main("/help-wanted/glaze/");
    assert_eq!(titles(&page, "answer"), ["Why does it craze?"], "{page}");
    assert_eq!(titles(&page, "verdict"), ["Which cone?"], "{page}");
    assert!(site.main("/tags/glaze/").contains("href=\"/help-wanted/glaze/\""));
    assert!(
        site.main("/help-wanted/").contains("href=\"/help-wanted/frost/\">frost</a> <span class=\"count\">4")
    );
    let unsolved = site.main("/questions/unsolved/");
    for title in ["Why does it craze?", "Which cone?", "Which clay?"] {
        assert!(unsolved.contains(&format!(">{title}</a>")), "{title}: {unsolved}");
    }
    assert!(!unsolved.contains(">Which tongs?</a>"), "{unsolved}");
}

#[test]
fn a_row_goes_when_the_thing_is_done() {
    let folder = folder(FILES);
    for (path, text, group) in [
        ("content/questions/unanswered/dag.md", "---\ndate: 2026-05-22\n---\nHeat.\n", "answer"),
        ("content/questions/unsolved/dag.md", "---\nconfirms: ana\ndate: 2026-05-22\n---\n", "verdict"),
        ("content/questions/old-version/dag.md", "---\nconfirms: ana\nversion: '4.10'\n---\n", "version"),
        ("content/people/dag.md", "---\nexpert_in: [frost]\n---\n# Dag\n", "expert"),
    ] {
        let before = titles(&built(&folder).main("/help-wanted/"), group);
        let site = built(folder.write(path, text));
        let after = titles(&site.main("/help-wanted/"), group);
        assert_eq!(after.len() + 1, before.len(), "{path}: {before:?} {after:?}");
        assert_eq!(site.of(path).len(), 0, "{path}: {:?}", site.of(path));
    }
}

#[test]
fn a_site_that_lacks_nothing_says_so() {
    let site = built(&folder("=== content/pages/about.md\n# About\n"));
    assert!(site.main("/help-wanted/").contains("Nothing is lacking right now."));
}

#[test]
fn no_age_counts_without_a_day() {
    let page = folder(FILES).build().main("/help-wanted/");
    assert_eq!(titles(&page, "verdict"), Vec::<String>::new());
    assert_eq!(titles(&page, "review"), Vec::<String>::new());
    assert_eq!(titles(&page, "answer").len(), 4);
}
