//! Every problem of every file in one run, at its place; a bad page costs no other page.

use longhouse::diagnostic::{Rule, Severity};

use crate::fixture::site;

#[test]
fn all_problems_of_all_files_come_in_one_run() {
    let site = site(
        "\
=== content/questions/a.md
---
tilte: Typo
accepted: nobody
customer: Acme
duplicate_of: nothing
tags: [a, b
---
# A?
=== content/questions/b.md
# B?
[dead](nowhere.md) and ![gone](gone.png)
=== content/links/c.md
---
accepted: ana
---
# C
=== content/questions/fine.md
# Fine?
",
    );
    site.page("/questions/fine/");
    site.page("/questions/b/");
    let found: Vec<String> = site
        .diagnostics
        .iter()
        .map(|it| format!("{}:{}:{}: {}", it.file, it.line, it.column, it.rule))
        .collect();
    assert_eq!(
        found,
        [
            "content/links/c.md:1:1: missing-field",
            "content/links/c.md:2:1: unknown-field",
            "content/questions/a.md:2:1: unknown-field",
            "content/questions/a.md:4:1: unknown-field",
            "content/questions/a.md:6:7: front-matter",
            "content/questions/b.md:2:1: dead-link",
            "content/questions/b.md:2:24: dead-image",
        ],
        "{:#?}",
        site.diagnostics
    );
    assert_eq!(site.of("content/questions/a.md")[0].fix.as_deref(), Some("title"));
}

#[test]
fn a_held_page_is_checked_like_any_other() {
    let site = site(
        "\
=== content/links/a.md
---
title: No address
tags: [x]
---
[dead](nowhere.md) and [alive](b.md)
=== content/links/b.md
---
url: https://example.com/
---
# B
",
    );
    assert_eq!(site.rules(), ["content/links/a.md: missing-field", "content/links/a.md: dead-link"]);
    assert!(!site.main("/links/b/").contains("Pages that link here"));
}

#[test]
fn a_level_changes_the_report_and_nothing_else() {
    let files = |rules: &str| {
        format!(
            "=== longhouse.yaml\nrules: {{{rules}}}\n=== content/questions/a.md\n# A?\n[dead](nowhere.md)\n\
=== content/questions/b/a.md\n# A again?\n=== content/questions/c.md\nText\n"
        )
    };
    let usual = site(&files(""));
    assert_eq!(usual.diagnostics.len(), 3);
    let off = site(&files("dead-link: off, duplicate-address: off, missing-title: error"));
    assert_eq!(off.rules(), ["content/questions/c.md: missing-title"]);
    assert_eq!(off.diagnostics[0].severity, Severity::Error);
    let soft = site(&files("dead-link: warning, duplicate-address: warning"));
    assert!(soft.diagnostics.iter().all(|it| it.severity == Severity::Warning));
    for site in [&usual, &off, &soft] {
        assert!(!site.main("/questions/a/").contains("nowhere.md\""));
        assert_eq!(site.built.left_out.held, 1);
        assert_eq!(site.paths(), usual.paths());
    }
}

#[test]
fn safety_cannot_be_switched_off() {
    for rule in ["missing-field", "secret", "unsafe-link", "symlink", "too-large"] {
        let folder = crate::fixture::folder(&format!("=== longhouse.yaml\nrules: {{{rule}: off}}\n"));
        let read = longhouse::source::load(folder.root(), &longhouse::source::LoadOptions::default());
        let Err(longhouse::source::LoadError::Config(problems)) = read else { panic!("{rule} can be off") };
        assert_eq!((problems[0].rule, problems[0].line), (Rule::Config, 1), "{problems:?}");
    }
}

#[test]
fn an_unknown_field_is_named_with_the_nearest_known_one() {
    let site = site(
        "\
=== content/questions/a.md
---
acepted: ana
sentiment: happy
layout: post
sort_order: 3
id: 7
---
# A?
=== content/stories/b.md
---
custmer: ana
---
# B
=== content/questions/a/ana.md
---
accepted: true
confirmed_by: ben
---
x
",
    );
    let found: Vec<_> = site
        .diagnostics
        .iter()
        .map(|it| (&*it.file, it.line, it.column, it.rule, it.fix.as_deref()))
        .collect();
    assert_eq!(
        found,
        [
            ("content/questions/a.md", 2, 1, Rule::UnknownField, Some("accepted")),
            ("content/questions/a.md", 3, 1, Rule::UnknownField, None),
            ("content/questions/a/ana.md", 2, 1, Rule::UnknownField, None),
            ("content/stories/b.md", 2, 1, Rule::UnknownField, Some("customer")),
        ],
        "{:#?}",
        site.diagnostics
    );
    assert!(site.diagnostics[1].message.contains("story"), "{}", site.diagnostics[1].message);
}
