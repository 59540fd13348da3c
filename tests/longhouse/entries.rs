//! What a file says of itself: title, fields, the parts of its body, and what it may not be without.

use longhouse::diagnostic::Rule;

use crate::fixture::{folder, render, site};

#[test]
fn a_title_may_stand_in_four_places() {
    let site = site(
        "\
=== content/questions/a.md
# From the heading?
=== content/questions/b.md
---
title: From a field?
---
# Another heading
=== content/questions/c.md
**From a bold line?**

Text.
=== content/questions/d.md
**From a bold line with more?**
The rest of the paragraph.
=== content/questions/2026-01-02-from-the-name.md
Text.
=== content/questions/e.md
---
question: From a synonym?
---
=== content/questions/f.md
---
title: C# #1: tips
---
=== content/questions/g.md
Setext heading?
===============
=== content/questions/h.md
## Only a second-level heading
",
    );
    for (slug, title) in [
        ("a", "From the heading?"),
        ("b", "From a field?"),
        ("c", "From a bold line?"),
        ("d", "From a bold line with more?"),
        ("2026-01-02-from-the-name", "From the name"),
        ("e", "From a synonym?"),
        ("f", "C# #1: tips"),
        ("g", "Setext heading?"),
        ("h", "H"),
    ] {
        let page = site.main(&format!("/questions/{slug}/"));
        assert!(page.contains(&format!("<h1>{title}</h1>")), "{slug}: {page}");
        let again = page.matches(title).count() - usize::from(slug == "d");
        assert!(again == 1 || slug == "h", "{slug}: {page}");
    }
    assert!(site.main("/questions/b/").contains("Another heading"));
    assert!(site.main("/questions/d/").contains("The rest of the paragraph."));
    let untitled: Vec<&str> =
        site.diagnostics.iter().filter(|it| it.rule == Rule::MissingTitle).map(|it| &*it.file).collect();
    assert_eq!(untitled, ["content/questions/2026-01-02-from-the-name.md", "content/questions/h.md"]);
}

#[test]
fn a_body_is_a_form_that_the_front_matter_overrides() {
    let site = site(
        "\
=== content/stories/acme.md
---
why: Because of a field.
---
# Acme
Intro.
## Problem
It was slow.
### Detail
Very slow.
## Why
Because of a heading.
## Outcome
It is fast.
## Anything else
Rest.
=== content/how-tos/backup.md
# Back up
## What you need
- a disk
## Steps
1. Copy.
",
    );
    let page = site.main("/stories/acme/");
    for text in
        ["It was slow.", "Very slow.", "Because of a field.", "Because of a heading.", "It is fast.", "Rest."]
    {
        assert_eq!(page.matches(text).count(), 1, "{text}: {page}");
    }
    let page = site.main("/how-tos/backup/");
    assert!(page.contains("a disk") && page.contains("Copy."), "{page}");
    assert!(page.contains("Back up") && !page.contains("<h2 id=\"h-steps\""), "{page}");
}

#[test]
fn what_a_kind_cannot_be_without_holds_the_page() {
    let site = site(
        "\
=== content/stories/a.md
---
customer: Acme
---
# No consent
=== content/stories/b.md
---
customer: Acme
consent: no, Ana, 2026-01-01
---
# Refused
=== content/stories/c.md
---
customer: Acme
consent: yes, Ana Silva, 2026-01-01
---
# Given
=== content/stories/d.md
---
customer: Ana Silva
authors: [ana]
---
# By herself
=== content/stories/e.md
# Nobody is named
=== content/people/ana.md
---
name: Ana Silva
---
=== content/ideas/a.md
---
state: shipped
---
# Shipped
=== content/ideas/b.md
---
state: shipped
fulfilled_by: 4.2
---
# Shipped in a version
=== content/announcements/a.md
---
severity: urgent
---
# Urgent
=== content/links/a.md
---
title: Nowhere
url:
---
=== content/links/b.md
---
type: blog
---
# Nowhere
",
    );
    let found: Vec<_> = site
        .diagnostics
        .iter()
        .filter(|it| it.rule == Rule::MissingField)
        .map(|it| (&*it.file, it.line, it.column))
        .collect();
    assert_eq!(
        found,
        [
            ("content/announcements/a.md", 2, 11),
            ("content/ideas/a.md", 2, 8),
            ("content/links/a.md", 3, 1),
            ("content/links/b.md", 1, 1),
            ("content/stories/a.md", 2, 11),
            ("content/stories/b.md", 3, 10),
        ],
        "{:#?}",
        site.diagnostics
    );
    for address in ["/stories/c/", "/stories/d/", "/stories/e/", "/ideas/b/"] {
        site.page(address);
    }
    assert!(site.main("/ideas/b/").contains("fulfilled by 4.2"));
    assert_eq!(site.built.left_out.held, 6);
}

#[test]
fn what_fulfilled_an_idea_is_a_link_where_it_is_a_page() {
    let idea = |name: &str, by: &str| {
        format!("=== content/ideas/{name}.md\n---\nstate: shipped\nfulfilled_by: {by}\n---\n# {name}\n")
    };
    let site = site(&format!(
        "=== content/how-tos/dark-mode.md\n# Switch on dark mode\n\
         === content/announcements/secret.md\n---\nstatus: hidden\nreason: spam\n---\n# A secret\n\
         === content/announcements/secret-draft.md\n---\nstatus: draft\n---\n# A secret draft\n{}{}{}{}{}{}{}{}",
        idea("path", "../how-tos/dark-mode.md"),
        idea("site", "/how-tos/dark-mode/"),
        idea("slug", "dark-mode"),
        idea("text", "Version 4.2, in May"),
        idea("away", "https://example.com/news"),
        idea("dead", "../how-tos/light.md"),
        idea("hidden", "../announcements/secret.md"),
        idea("draft", "../announcements/secret-draft.md"),
    ));
    for name in ["path", "site", "slug"] {
        let page = site.main(&format!("/ideas/{name}/"));
        assert!(page.contains("href=\"/how-tos/dark-mode/\">Switch on dark mode<"), "{name}: {page}");
    }
    assert!(site.main("/ideas/text/").contains("fulfilled by Version 4.2, in May"));
    assert!(site.main("/ideas/away/").contains("href=\"https://example.com/news\""));
    // What cannot be read is not told: no path, and nothing of what is hidden or held.
    for name in ["dead", "hidden", "draft"] {
        let page = site.main(&format!("/ideas/{name}/"));
        let said = ["ulfilled by", "light.md", "secret", "A secret"].iter().find(|it| page.contains(**it));
        assert_eq!(said, None, "{name}: {page}");
    }
    assert!(site.main("/how-tos/dark-mode/").contains("Pages that link here"));
    let found: Vec<_> = site.diagnostics.iter().map(|it| (it.rule, &*it.file, it.line, it.column)).collect();
    assert_eq!(
        found,
        [(Rule::DeadLink, "content/ideas/dead.md", 3, 15), (Rule::DeadLink, "content/ideas/draft.md", 3, 15)]
    );
}

#[test]
fn drafts_and_the_future_wait() {
    let folder = folder(
        "\
=== content/questions/draft.md
---
draft: true
---
# Draft?
=== content/questions/tomorrow.md
---
date: 2026-01-02
---
# Tomorrow?
=== content/questions/today.md
---
date: 2026-01-01
---
# Today?
=== content/questions/today/ana.md
---
status: draft
---
Not yet.
=== content/questions/today/ben.md
---
date: 2026-01-02
---
Tomorrow.
=== content/questions/topic/_index.md
---
status: draft
---
# Secret topic
=== content/questions/topic/x.md
# X?
",
    );
    let mut sources = folder.load();
    std::sync::Arc::make_mut(&mut sources).today = Some("2026-01-01".parse().expect("a day"));
    let site = render(&sources, longhouse::site::Visibility::default()).expect("a site");
    assert!(!site.has("questions/draft/index.html") && !site.has("questions/tomorrow/index.html"));
    let page = site.main("/questions/today/");
    assert!(!page.contains("Not yet.") && !page.contains("Tomorrow."), "{page}");
    assert!(site.main("/questions/unanswered/").contains("Today?"));
    assert!(!site.main("/tags/topic/").contains("Secret"));
    let left_out = site.built.left_out;
    assert_eq!((left_out.drafts, left_out.future, left_out.held), (3, 2, 0));
    let drafts = longhouse::site::Visibility { drafts: true, preview: false };
    let site = render(&sources, drafts).expect("a site");
    assert!(site.has("questions/draft/index.html") && !site.has("questions/tomorrow/index.html"));
    // Without a day nothing is future.
    std::sync::Arc::make_mut(&mut sources).today = None;
    let site = render(&sources, longhouse::site::Visibility::default()).expect("a site");
    assert!(site.has("questions/tomorrow/index.html"));
    let site = folder.preview();
    assert!(site.page("/questions/tomorrow/").contains("Tomorrow?"));
}

#[test]
fn lists_are_sorted_and_cut_into_pages() {
    let mut files = "=== longhouse.yaml\npage_size: 2\n".to_string();
    for (slug, date) in [("b", "2026-01-01"), ("a", "2026-01-01"), ("new", "2026-05-05")] {
        files.push_str(&format!(
            "=== content/questions/{slug}.md\n---\ndate: {date}\ntags: [t]\n---\n# T {slug}\n"
        ));
    }
    files.push_str("=== content/questions/y.md\n# T y\n=== content/questions/x.md\n# T x\n");
    let site = site(&files);
    let titles = |address: &str| -> Vec<String> {
        let page = site.main(address);
        let rows = page.split("/\">T ").skip(1);
        rows.map(|rest| rest.split('<').next().unwrap_or_default().to_string()).collect()
    };
    assert_eq!(titles("/questions/"), ["new", "a"]);
    assert_eq!(titles("/questions/page/2/"), ["b", "x"]);
    assert_eq!(titles("/questions/page/3/"), ["y"]);
    assert_eq!(titles("/tags/t/page/2/"), ["b"]);
    assert_eq!(titles("/questions/unanswered/page/3/"), ["y"]);
    assert!(!site.has("questions/page/1/index.html") && !site.has("questions/page/4/index.html"));
}

#[test]
fn descriptions_are_sentences() {
    let described = |text: &str| {
        let rendered =
            site(&format!("=== longhouse.yaml\ntitle: X\n=== content/questions/a.md\n# A?\n{text}\n"));
        let page = rendered.page("/questions/a/");
        let (_, rest) = page.split_once("<meta name=\"description\" content=\"").unwrap_or_default();
        rest.split('"').next().unwrap_or_default().to_string()
    };
    for (text, description) in [
        ("You need:\n\n- a key\n- an account, or two", "You need: a key; an account, or two."),
        ("| when | what |\n|---|---|\n| now | this |", "when: what; now: this."),
        ("| a | b |\n|---|---|\n| c | d |\n\nThe text.", "The text."),
        ("## Heading\n\n```sh\ncode\n```\n\nThe text", "The text."),
        ("**Version**\n4.2 on Linux", "Version: 4.2 on Linux."),
        ("**The kiln**\nis hot.", "The kiln is hot."),
        ("> Quoted\n>\n> Again", "Quoted. Again."),
        ("这是中文，\n下一行", "这是中文，下一行。"),
        ("<dl><dt>Who</dt><dd>Ana</dd><dt>What</dt><dd>Glaze</dd></dl>", "Who: Ana. What: Glaze."),
    ] {
        assert_eq!(described(text), description, "{text}");
    }
    let long = format!(
        "{} The end of it all is near, e.g. now. {}",
        "Word ".repeat(18).trim_end(),
        "More ".repeat(40)
    );
    assert_eq!(
        described(&long),
        format!("{} The end of it all is near, e.g. now.", "Word ".repeat(18).trim_end())
    );
    let chinese = described(&"中文没有空格".repeat(60));
    assert!(chinese.chars().count() > 150 && chinese.ends_with('…'), "{chinese}");
}
