//! Slugs and addresses: which file has which, and who keeps one that several want.

use longhouse::diagnostic::Rule;

use crate::fixture::{Rendered, folder};
use crate::repository::repository;

/// Builds a site, and makes sure that every system could store it: no file where a folder must be, no two
/// names that differ only by case or composition.
fn site(files: &str) -> Rendered {
    let site = crate::fixture::site(files);
    let paths = site.paths();
    let names: std::collections::BTreeSet<String> =
        paths.iter().map(|path| longhouse::page::slug::fold(path)).collect();
    assert_eq!(names.len(), paths.len(), "{paths:#?}");
    for path in &names {
        for (at, _) in path.match_indices('/') {
            assert!(!names.contains(&path[..at]), "{path} lies below a file");
        }
    }
    site
}

#[test]
fn the_slug_is_the_file_name_whatever_topic_lies_between() {
    let site = site(
        "\
=== content/questions/How do I Reset.MD
# Reset?
=== content/questions/a/b/Größe_1.5.markdown
# Size?
=== content/announcements/2026-07-01-outage.txt
# Outage
",
    );
    for address in
        ["/questions/how-do-i-reset/", "/questions/größe_1.5/", "/announcements/2026-07-01-outage/"]
    {
        site.page(address);
    }
    assert_eq!(site.rules(), Vec::<String>::new());
}

#[test]
fn the_front_matter_may_give_another_slug() {
    let site = site(
        "\
=== content/questions/a.md
---
slug: Reset Password
---
# How do I reset?
See [the other](b.md) and [the page](../docs/x.md).
=== content/questions/a/ana.md
Like this.
=== content/questions/b.md
---
duplicate_of: reset-password
---
# Reset?
=== content/questions/c/index.md
---
slug: /sea/
---
# Sea?
=== content/docs/x.md
---
slug: intro
---
# X
=== content/people/ana.md
---
slug: ana-silva
name: Ana Silva
---
",
    );
    let page = site.main("/questions/reset-password/");
    assert!(
        page.contains("id=\"answer-ana\"") && page.contains("href=\"/people/ana-silva/\">Ana Silva"),
        "{page}"
    );
    assert!(page.contains("href=\"/docs/intro/\""), "{page}");
    site.page("/questions/sea/");
    assert!(site.page("/questions/b/").contains("/questions/reset-password/"));
    for path in ["questions/a/index.html", "docs/x/index.html", "people/ana/index.html"] {
        assert!(!site.has(path), "{path}");
    }
    assert_eq!(site.rules(), ["content/docs/x.md: unknown-kind"]);
}

#[test]
fn of_two_files_for_one_address_the_first_path_keeps_it_outside_git() {
    let site = site(
        "\
=== content/questions/a/refund.md
# Refund, first?
=== content/questions/b/Refund.md
# Refund, second?
=== content/questions/b/Refund/eve.md
An answer to the second.
=== content/questions/c/refund.md
# Refund, third?
=== content/questions/refund-2.md
# Taken?
",
    );
    let page = site.main("/questions/refund/");
    assert!(page.contains("Refund, first?") && !page.contains("answer-eve"), "{page}");
    let held: Vec<_> = site
        .diagnostics
        .iter()
        .map(|it| (it.rule, &*it.file, it.fix.as_deref().unwrap_or_default()))
        .collect();
    assert_eq!(
        held,
        [
            (Rule::DuplicateAddress, "content/questions/b/Refund.md", "refund-3"),
            (Rule::DuplicateAddress, "content/questions/c/refund.md", "refund-4")
        ]
    );
    assert!(site.diagnostics[0].message.contains("content/questions/a/refund.md"));
}

#[test]
fn the_older_file_by_git_keeps_the_address() {
    let repository = repository("=== content/questions/z/refund.md\n# The old one?\nText of the old one.\n");
    repository.commit("Ana", "2025-01-01", "old");
    repository.write("content/questions/a/refund.md", "# The new one?\nQuite different words here.\n");
    repository.commit("Eve", "2026-01-01", "new");
    let site = repository.build();
    assert!(site.main("/questions/refund/").contains("The old one?"));
    let problem = site.only(Rule::DuplicateAddress);
    assert_eq!((&*problem.file, problem.fix.as_deref()), ("content/questions/a/refund.md", Some("refund-2")));
    // A clock can be set, the order of commits cannot.
    repository.write("content/questions/b/refund.md", "# Backdated?\nYet other words stand here.\n");
    repository.commit("Eve", "2020-01-01", "backdated");
    assert!(repository.build().main("/questions/refund/").contains("The old one?"));
}

#[test]
fn names_that_differ_only_by_composition_are_one() {
    let folder = folder("=== content/questions/x.md\n# X?\n");
    folder.write("content/questions/caf\u{e9}.md", "# Composed?\n");
    folder.write("content/questions/cafe\u{301}.md", "# Decomposed?\n");
    let site = folder.build();
    site.page("/questions/caf\u{e9}/");
    let problem = site.only(Rule::DuplicateAddress);
    assert_eq!(problem.fix.as_deref(), Some("caf\u{e9}-2"));
}

#[test]
fn what_the_site_uses_itself_is_nobodys() {
    let site = site(
        "\
=== content/questions/page.md
# Page?
=== content/questions/unanswered.md
# Unanswered?
=== content/pages/search.md
# Search
=== content/pages/Tags.md
# Tags
=== content/ideas/feed.xml.md
# A feed
=== content/docs/index.html.md
# A file
=== content/docs/index.md
# Docs
=== content/how-tos/unanswered.md
# Fine
",
    );
    let held: Vec<_> = site.diagnostics.iter().filter(|it| it.rule == Rule::DuplicateAddress).collect();
    let held: Vec<_> = held.iter().map(|it| (&*it.file, it.fix.as_deref().unwrap_or_default())).collect();
    assert_eq!(
        held,
        [
            ("content/docs/index.html.md", "index.html-2"),
            ("content/ideas/feed.xml.md", "feed.xml-2"),
            ("content/pages/Tags.md", "tags-2"),
            ("content/pages/search.md", "search-2"),
            ("content/questions/page.md", "page-2"),
            ("content/questions/unanswered.md", "unanswered-2"),
        ]
    );
    site.page("/how-tos/unanswered/");
}

#[test]
fn aliases_lead_on_unless_the_address_is_anothers() {
    let site = site(
        "\
=== longhouse.yaml
base_url: https://help.example.org/docs/
=== static/taken/index.html
mine
=== static/file
mine
=== content/people/ana.md
# Ana
=== content/questions/other.md
# Other?
=== content/questions/x.html.md
# Dotted?
=== content/questions/reset.md
---
aliases:
  - /old/reset/
  - former-slug
  - https://help.example.org/docs/older.html
  - /questions/Other/
  - /questions/x.html
  - /people/ana/
  - /people/ana/feed.xml
  - /tags/x/
  - /taken/
  - /file/below/
  - /older.html/below/
  - /questions/page/2/
  - \"../../etc\"
  - /questions/reset/
---
# Reset?
=== content/questions/z.md
---
redirect_from: [/old/reset/, /b.html/c/, /b.html]
---
# Z?
",
    );
    for address in ["/old/reset/", "/questions/former-slug/", "/older.html", "/b.html/c/"] {
        let page = site.page(address);
        assert!(page.contains("http-equiv=\"refresh\""), "{address}: {page}");
    }
    assert!(site.page("/old/reset/").contains("/docs/questions/reset/"));
    site.page("/questions/reset/");
    site.page("/questions/z/");
    let lines = |file: &str, rule: Rule| -> Vec<u32> {
        site.of(file).iter().filter(|it| it.rule == rule).map(|it| it.line).collect()
    };
    assert_eq!(
        lines("content/questions/reset.md", Rule::DuplicateAddress),
        [6, 7, 8, 9, 10, 11, 12, 13, 14],
        "{:#?}",
        site.diagnostics
    );
    assert_eq!(lines("content/questions/reset.md", Rule::Alias), [15]);
    assert_eq!(lines("content/questions/z.md", Rule::DuplicateAddress), [2, 2]);
    assert_eq!(site.built.left_out.held, 0);
}

#[test]
fn a_file_of_static_is_not_pushed_away_by_a_page() {
    let site = site("=== static/about\nmine\n=== content/pages/about.md\n# About\n");
    assert!(site.has("about") && !site.has("about/index.html"));
    assert_eq!(site.only(Rule::DuplicateAddress).fix.as_deref(), Some("about-2"));
}

#[test]
fn tags_and_products_cannot_be_called_like_a_file_of_the_site() {
    let site =
        site("=== content/questions/a.md\n---\ntags: [index.html]\nproducts: [index.html]\n---\n# A?\n");
    site.page("/tags/");
    site.page("/tags/index-html/");
    site.page("/products/index-html/");
}

#[test]
fn an_address_that_cannot_be_stored_costs_only_its_page() {
    let long = ["a".repeat(110).as_str(); 10].join("/");
    let site = site(&format!("=== content/docs/{long}/x.md\n# X\n=== content/docs/y.md\n# Y\n"));
    site.page("/docs/y/");
    assert_eq!(site.built.left_out.held, 1);
    site.only(Rule::UnsafePath);
}

#[test]
fn of_two_aliases_the_older_page_keeps_it() {
    let repository =
        repository("=== content/questions/z.md\n---\naliases: [/old/]\n---\n# The old one?\nIts text.\n");
    repository.commit("Ana", "2025-01-01", "old");
    repository.write("content/questions/a.md", "---\naliases: /old/\n---\n# The new one?\nOther words.\n");
    repository.commit("Eve", "2025-01-02", "new");
    let site = repository.build();
    assert!(site.page("/old/").contains("url=/questions/z/"));
    assert_eq!(&*site.only(Rule::DuplicateAddress).file, "content/questions/a.md");
}

#[test]
fn a_question_beside_and_inside_its_folder_is_there_twice() {
    let site = site(
        "=== content/questions/a.md\n# Beside?\n=== content/questions/a/index.md\n# Inside?\n=== content/questions/a/ana.md\nAnswer.\n",
    );
    let page = site.main("/questions/a/");
    assert!(page.contains("Beside?") && page.contains("answer-ana"), "{page}");
    assert_eq!(site.rules(), ["content/questions/a/index.md: duplicate-address"]);
}

#[test]
fn whatever_strangers_call_their_things_the_site_can_be_stored() {
    let names =
        ["index.html", "feed.xml", "feed.json", "page", "404.html", "con", "Straße", "STRASSE", "a.", "..."];
    let mut files = "=== static/people/fay/index.html\nmine\n".to_string();
    for (n, name) in names.iter().enumerate() {
        let list =
            format!("tags: ['{name}', x{n}]\nproducts: ['{name}']\nauthors: ['{name}', '@{name}', Fay]");
        files
            .push_str(&format!("=== content/questions/q{n}.md\n---\n{list}\nslug: '{name}'\n---\n# Q{n}?\n"));
        files.push_str(&format!("=== content/how-tos/t{n}/{n}.md\n---\naliases: ['{name}', '/{name}', '/people/{name}/', '/tags/{name}/', '/q/{name}/index.html', '/q/{name}/b.html/']\n---\n# H{n}\n"));
        files.push_str(&format!("=== content/people/p{n}.md\n---\nslug: '{name}'\nname: '{name}'\n---\n"));
        files.push_str(&format!("=== content/docs/d{n}.md\n---\nslug: '{name}'\n---\n# D{n}\n"));
        files.push_str(&format!("=== content/d{n}.md\n---\nslug: '{name}'\n---\n# E{n}\n"));
    }
    let site = site(&files);
    site.page("/questions/straße/");
}
