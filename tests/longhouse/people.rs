//! Who is who: described, known by what they wrote, of the team, or wanting no page.

use longhouse::diagnostic::Rule;

use crate::fixture::site;

#[test]
fn whoever_wrote_something_has_a_page() {
    let site = site(
        "\
=== content/questions/a.md
---
authors: [Zoe Żak, '@ben']
---
# A?
=== content/questions/a/ana.md
x
=== content/questions/a/cem.md
---
confirms: ana
---
",
    );
    for (handle, name, gave) in [
        ("zoe-żak", "Zoe Żak", "Contributed 1 question."),
        ("ben", "ben", "Contributed 1 question."),
        ("ana", "ana", "Contributed 1 answer."),
        ("cem", "cem", "Contributed 1 confirmation."),
    ] {
        let page = site.main(&format!("/people/{handle}/"));
        assert!(page.contains(&format!("<h1>{name}</h1>")) && page.contains(gave), "{handle}: {page}");
        assert!(site.has(&format!("people/{handle}/feed.xml")));
    }
    assert_eq!(site.rules(), Vec::<String>::new());
}

#[test]
fn a_file_joins_names_and_handles_but_takes_over_nobody() {
    let site = site(
        "\
=== content/people/ana.md
---
name: Ana Silva
---
=== content/people/aaa.md
---
name: ben
---
=== content/questions/a.md
---
author: Ana Silva
---
# A?
=== content/questions/a/ben.md
Ben's answer.
",
    );
    assert!(site.main("/questions/a/").contains("href=\"/people/ana/\">Ana Silva<"));
    let page = site.main("/people/ben/");
    assert!(page.contains("Contributed 1 answer."), "{page}");
    assert!(!site.main("/people/aaa/").contains("Contributed"));
}

#[test]
fn only_the_configuration_gives_the_role_of_the_company() {
    let site = site(
        "\
=== longhouse.yaml
team: {tom: staff, mia: moderator}
=== content/people/eve.md
---
name: Eve
role: staff
---
=== content/people/ana.md
---
role: partner
---
# Ana
=== content/questions/a.md
# A?
=== content/questions/a/tom.md
x
=== content/questions/a/eve.md
x
",
    );
    assert!(!site.main("/people/eve/").contains("staff"), "{}", site.main("/people/eve/"));
    assert!(site.main("/people/ana/").contains("partner"));
    assert!(site.main("/people/mia/").contains("moderator"));
    let page = site.main("/questions/a/");
    assert_eq!(page.matches("(staff)").count(), 1, "{page}");
    let problem = site.only(Rule::Claim);
    assert_eq!((&*problem.file, problem.line, problem.column), ("content/people/eve.md", 3, 7));
}

#[test]
fn who_wants_no_page_has_none() {
    let site = site(
        "\
=== content/people/ana.md
---
name: Ana Silva
listed: false
company: Secretive Ltd
tags: [hidden-tag]
---
About me.
=== content/questions/a.md
---
authors: [ana]
---
# A?
[her](../people/ana.md)
=== content/questions/a/ana.md
My answer.
",
    );
    assert!(!site.has("people/ana/index.html") && !site.has("people/ana/feed.xml"));
    assert!(!site.main("/people/").contains("Ana"));
    let page = site.main("/questions/a/");
    assert!(page.contains("Ana Silva") && !page.contains("/people/ana/"), "{page}");
    assert!(!site.has("tags/hidden-tag/index.html"));
    assert!(!site.file("sitemap.xml").contains("people/ana"));
    for (path, content) in site.output.iter() {
        let bytes = crate::fixture::bytes(content);
        assert!(!String::from_utf8_lossy(&bytes).contains("Secretive Ltd"), "{path}");
    }
}

#[test]
fn a_person_who_was_taken_down_leaves_a_tombstone() {
    let site = site(
        "\
=== content/people/eve.md
---
name: Eve Evil
---
Buy my things.
=== content/questions/a.md
# A?
=== content/questions/a/eve.md
x
=== data/moderation.yaml
people/eve.md: {status: hidden, reason: Advertising}
",
    );
    let page = site.main("/people/eve/");
    assert!(page.contains("Advertising") && !page.contains("Buy"), "{page}");
    assert!(!site.main("/people/").contains("eve"));
    assert!(!site.has("people/eve/feed.xml"));
    assert!(!site.main("/questions/a/").contains("/people/eve/"));
}

#[test]
fn whoever_is_named_in_passing_is_linked_to_and_nobody_else_is() {
    let site = site(
        "\
=== longhouse.yaml
repository: https://gitlab.com/kiln/community
=== content/people/ana.md
# Ana
=== content/people/eve.md
---
listed: false
---
# Eve
=== content/questions/a.md
# Who knows?
Ask @ana, @Ana, @eve, @nobody, a@ana.example or `@ana`. See #12, !3, kiln/glaze#4 and 3f2a91c, not #123456.
",
    );
    let page = site.main("/questions/a/");
    assert_eq!(page.matches("<a href=\"/people/ana/\">").count(), 2, "{page}");
    assert!(page.contains("@eve, @nobody, ") && page.contains("<code>@ana</code>"), "{page}");
    for (address, text) in [
        ("community/-/issues/12", "#12"),
        ("community/-/merge_requests/3", "!3"),
        ("glaze/-/issues/4", "kiln/glaze#4"),
        ("community/-/commit/3f2a91c", "3f2a91c"),
    ] {
        let link =
            format!("<a href=\"https://gitlab.com/kiln/{address}\" rel=\"ugc nofollow noopener\">{text}</a>");
        assert!(page.contains(&link), "{link}: {page}");
    }
    assert!(page.contains("not #123456"), "{page}");
    assert!(site.diagnostics.iter().all(|it| it.rule != Rule::DeadLink), "{:?}", site.diagnostics);
}
