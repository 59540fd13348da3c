//! Slugs and addresses: which file has which, and who keeps one that several want.

use longhouse::diagnostic::{Rule, Severity};

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
    let led: Vec<_> = site.diagnostics.iter().filter(|it| it.rule == Rule::DuplicateAddress).collect();
    assert!(led.iter().all(|it| it.severity == Severity::Warning), "{led:#?}");
    let led: Vec<_> = led.iter().map(|it| (&*it.file, it.fix.as_deref().unwrap_or_default())).collect();
    assert_eq!(
        led,
        [
            ("content/docs/index.html.md", "index-html"),
            ("content/ideas/feed.xml.md", "feed-xml"),
            ("content/pages/Tags.md", "tags-page"),
            ("content/pages/search.md", "search-page"),
            ("content/questions/page.md", "page-question"),
            ("content/questions/unanswered.md", "unanswered-question"),
        ]
    );
    assert_eq!(site.built.left_out.held, 0);
    for address in
        ["/docs/index-html/", "/ideas/feed-xml/", "/tags-page/", "/search-page/", "/questions/page-question/"]
    {
        site.page(address);
    }
    site.page("/how-tos/unanswered/");
}

#[test]
fn a_folder_named_like_one_of_the_sites_own_is_led_elsewhere() {
    let names = [
        "search",
        "Tags",
        "assets",
        "files",
        "write",
        "products",
        "guidelines",
        "_longhouse",
        "index.html",
        "feed.xml",
        "page",
        "404.html",
        "ＳＥＡＲＣＨ2",
        "people!",
        "Questions",
        "llms.txt",
        "decide",
        "_worker.js",
        "CNAME",
        "cdn-cgi",
    ];
    let mut files = String::new();
    for (n, name) in names.iter().enumerate() {
        files.push_str(&format!(
            "=== content/{name}/hello.md\n# Hello {n}\n[next](other.md) [site](/{name}/other/)\n"
        ));
        files.push_str(&format!("=== content/{name}/other.md\n# Other {n}\n"));
        files.push_str(&format!("=== content/{name}/README.md\n# Folder {n}\n"));
    }
    let site = site(&files);
    assert_eq!(site.built.left_out.held, 0, "{:#?}", site.diagnostics);
    let page = site.main("/search-pages/hello/");
    assert!(
        page.contains("Hello 0") && page.matches("href=\"/search-pages/other/\">").count() >= 3,
        "{page}"
    );
    for address in [
        "/search-pages/",
        "/tags-pages/other/",
        "/assets-pages/hello/",
        "/_longhouse-pages/hello/",
        "/index-html/hello/",
        "/feed-xml/hello/",
        "/page-pages/hello/",
        "/404-html/hello/",
        "/people-pages/hello/",
        "/questions-pages/hello/",
        "/_worker-js/",
        "/cname-pages/hello/",
    ] {
        site.page(address);
    }
    // One warning a folder.
    let said = site.diagnostics.iter().filter(|it| it.rule == Rule::DuplicateAddress);
    let said: Vec<_> = said.filter(|it| it.severity == Severity::Warning).map(|it| &*it.file).collect();
    assert_eq!(said.len(), names.len() - 1, "{said:#?}");
    assert!(site.rules().iter().all(|it| !it.ends_with("dead-link")), "{:#?}", site.rules());
}

#[test]
fn where_a_page_is_led_does_not_depend_on_what_else_there_is() {
    let repository = repository("=== content/search/a.md\n# Reserved\nIts own words.\n");
    repository.commit("Ana", "2025-01-01", "old");
    repository.write("content/search-pages/a.md", "# Younger\nQuite different words.\n");
    repository.commit("Eve", "2025-01-02", "new");
    let site = repository.build();
    assert!(site.main("/search-pages/a/").contains("Reserved"));
    assert!(site.main("/search-pages/a-2/").contains("Younger"));
}

#[test]
fn two_names_with_one_slug_are_two_pages() {
    let site = site(
        "\
=== content/questions/c.md
# What is C?
See [it](c++.md) and [the sharp one](c%23.md).
=== content/questions/c++.md
# What is C plus plus?
=== content/questions/c++/ben.md
A language.
=== content/questions/c#.md
# What is C sharp?
=== content/questions/what.md
# What?
=== content/questions/what？.md
# What, asked?
=== content/questions/foo-1.md
# Foo one?
=== content/questions/foo (1).md
# Foo, a copy?
=== content/questions/a b.md
# A b?
=== content/questions/a&b.md
# A and b?
=== content/questions/a+b.md
# A plus b?
=== content/questions/twice.md
---
duplicate_of: c++
---
# Asked twice?
",
    );
    assert_eq!(site.built.left_out.held, 0, "{:#?}", site.diagnostics);
    let page = site.main("/questions/c/");
    assert!(
        page.contains("href=\"/questions/c-plus-plus/\"") && page.contains("href=\"/questions/c-sharp/\""),
        "{page}"
    );
    assert!(site.main("/questions/c-plus-plus/").contains("answer-ben"));
    assert!(site.page("/questions/twice/").contains("/questions/c-plus-plus/"));
    let said: Vec<_> = site.diagnostics.iter().filter(|it| it.rule == Rule::DuplicateAddress).collect();
    assert!(said.iter().all(|it| it.severity == Severity::Warning), "{said:#?}");
    let said: Vec<_> = said.iter().map(|it| (&*it.file, it.fix.as_deref().unwrap_or_default())).collect();
    assert_eq!(
        said,
        [
            ("content/questions/a&b.md", "a-and-b"),
            ("content/questions/a+b.md", "a-plus-b"),
            ("content/questions/c#.md", "c-sharp"),
            ("content/questions/c++.md", "c-plus-plus"),
            ("content/questions/foo (1).md", "foo-1-2"),
            ("content/questions/what？.md", "what-question"),
        ]
    );
    assert!(site.of("content/questions/c++.md")[0].help.contains("slug: c-plus-plus"));
}

#[test]
fn who_comes_later_changes_nobodys_address() {
    let repository = repository("=== content/questions/c++.md\n# Plus plus?\nOld words.\n");
    repository.commit("Ana", "2025-01-01", "old");
    assert!(repository.build().main("/questions/c/").contains("Plus plus?"));
    repository.write("content/questions/c.md", "# Only C?\nQuite other words.\n");
    repository.write("content/questions/C.md", "# Only capital?\nNone of the words above.\n");
    repository.write("content/questions/c!.md", "# Surprised?\nSomebody shouts.\n");
    repository.commit("Eve", "2025-01-02", "new");
    repository.write("content/questions/c-2.md", "# Named so?\nIt wants a name that was given.\n");
    repository.commit("Eve", "2025-01-03", "newer");
    let site = repository.build();
    for (address, title) in [
        ("/questions/c/", "Plus plus?"),
        ("/questions/c-2/", "Only capital?"),
        ("/questions/c-exclamation/", "Surprised?"),
        ("/questions/c-2-2/", "Named so?"),
    ] {
        assert!(site.main(address).contains(title), "{address}");
    }
    // Capitals tell no names apart, so somebody must say which file is meant.
    let held: Vec<_> =
        site.diagnostics.iter().filter(|it| it.severity == Severity::Error).map(|it| &*it.file).collect();
    assert_eq!(held, ["content/questions/c.md"]);
}

#[test]
fn folders_with_one_slug_are_two_folders() {
    let site = site(
        "\
=== content/docs/c/intro.md
# C
=== content/docs/c/README.md
# About C
=== content/docs/c++/intro.md
# Plus
[there](../c/intro.md) [here](more.md)
=== content/docs/c++/more.md
# More
=== content/docs/c++/README.md
# About plus
=== content/questions/c/a.md
# In C?
=== content/questions/c++/b.md
# In plus?
",
    );
    assert_eq!(site.built.left_out.held, 0, "{:#?}", site.diagnostics);
    let page = site.main("/docs/c-plus-plus/intro/");
    assert!(
        page.contains("href=\"/docs/c/intro/\"") && page.contains("href=\"/docs/c-plus-plus/more/\""),
        "{page}"
    );
    for address in ["/docs/c/", "/docs/c-plus-plus/", "/tags/c/", "/tags/c-plus-plus/"] {
        site.page(address);
    }
}

#[test]
fn replies_and_people_are_told_apart_by_their_signs() {
    let site = site(
        "\
=== content/people/c.md
---
name: Cecil
---
=== content/people/c++.md
---
name: Bjarne
---
=== content/questions/a.md
# A?
=== content/questions/a/c.md
By Cecil.
=== content/questions/a/c++.md
By Bjarne.
=== content/questions/b.md
# B?
=== content/questions/b/c++.md
By Bjarne, alone.
",
    );
    assert_eq!(site.built.left_out.held, 0, "{:#?}", site.diagnostics);
    let page = site.main("/questions/a/");
    assert!(page.contains("id=\"answer-c\"") && page.contains("id=\"answer-c-plus-plus\""), "{page}");
    let page = site.main("/questions/b/");
    assert!(page.contains("/people/c-plus-plus/") && !page.contains("Cecil"), "{page}");
}

#[test]
fn of_two_files_for_one_reply_the_older_one_stays() {
    let repository =
        repository("=== content/questions/a.md\n# A?\nText.\n=== content/questions/a/ana.md\nBy Ana.\n");
    repository.commit("Ana", "2025-01-01", "old");
    repository.write("content/questions/a/@ana.md", "Put before it.\n");
    repository.write("content/questions/a/Ana.md", "And before that, in other words.\n");
    repository.commit("Eve", "2025-01-02", "new");
    let site = repository.build();
    let page = site.main("/questions/a/");
    assert!(page.contains("By Ana.") && !page.contains("before"), "{page}");
    let rules =
        ["content/questions/a/@ana.md: duplicate-address", "content/questions/a/Ana.md: duplicate-address"];
    assert_eq!(site.rules(), rules);
}

#[test]
fn a_tag_is_found_however_it_is_written() {
    let folder =
        folder("=== content/questions/a.md\n---\ntags: [Ｃ＋＋, İstanbul, Straße]\n---\n# Boats?\nText.\n");
    let rendered = folder.build();
    assert!(rendered.has("tags/c-plus-plus/index.html") && rendered.has("tags/straße/index.html"));
    let (site, _) = longhouse::understand(&folder.load(), Default::default(), &|_| {});
    let documents = longhouse::search::documents(&site);
    assert_eq!(documents[0].tags, ["C++", "İstanbul", "Straße"]);
}

#[test]
fn a_thousand_names_with_one_slug_cost_a_number_each() {
    let mut files = String::new();
    for n in 0..1000 {
        files.push_str(&format!(
            "=== content/questions/c{}.md\n# Q{n}?\nText {n}.\n",
            "(".repeat(n % 10 + 1) + &")".repeat(n / 10)
        ));
    }
    let site = site(&files);
    assert_eq!(site.built.left_out.held, 0);
    site.page("/questions/c-1000/");
}

#[test]
fn an_alias_is_refused_as_what_hosts_serve_for_it() {
    let refused = [
        "/search.html",
        "/Search.HTML",
        "/search.htm",
        "/search%2Ehtml",
        "/tags.html",
        "/questions.html",
        "/404.html",
        "/docs/404.html",
        "/_worker.js",
        "/_headers",
        "/_redirects",
        "/_routes.json",
        "/CNAME",
        "/staticwebapp.config.json",
        "/vercel.json",
        "/netlify.toml",
        "/web.config",
        "/index.php",
        "/functions/x",
        "/_next/x.html",
        "/cdn-cgi/x",
        "/service-worker.js",
        "/sw.js",
        "/favicon.ico",
        "/manifest.json",
        "/questions/alpha.html",
        "/questions/ALPHA.html",
        "/questions/alpha/index.html",
        "/about.html",
        "/people/ana.html",
        "/file.html",
        "/taken.html",
        "/feed.xml",
        "/llms.txt",
        "/help-wanted/",
        "/questions/unanswered.html",
        "/questions/page.html",
        "/sitemap.xml",
    ];
    let allowed =
        ["/2020/01/post.html", "/questions/mine.html", "/old/page.php", "/old/post/", "/old/post.html"];
    let list: String = refused.iter().chain(&allowed).map(|alias| format!("  - \"{alias}\"\n")).collect();
    let site = site(&format!(
        "=== static/file.html\nx\n=== content/pages/about.md\n# About\n=== content/people/ana.md\n# Ana\n\
=== content/questions/alpha.md\n---\naliases: [/taken/]\n---\n# Alpha?\n\
=== content/questions/mine.md\n---\naliases:\n{list}---\n# Mine?\n"
    ));
    let lines: Vec<u32> = site.of("content/questions/mine.md").iter().map(|it| it.line).collect();
    let wanted: Vec<u32> = (3..).take(refused.len()).collect();
    assert_eq!(lines, wanted, "{:#?}", site.of("content/questions/mine.md"));
    for address in ["/2020/01/post.html", "/questions/mine.html", "/old/post/", "/old/post.html"] {
        assert!(site.page(address).contains("/questions/mine/"), "{address}");
    }
    let help = &site.of("content/questions/mine.md")[0].help;
    assert!(help.contains("/search.html") && help.contains("/search/"), "{help}");
}

#[test]
fn a_page_that_a_host_would_serve_for_another_gets_an_address_of_its_own() {
    let site = site(
        "\
=== content/pages/_worker.js.md
# Worker
=== content/404.md
# Not found
=== content/questions/foo.md
# Foo?
=== content/questions/foo.html.md
# Foo, exported?
=== content/questions/404.md
# Why do I get a 404?
=== content/pages/x.md
---
slug: search.html
---
# Search
",
    );
    assert_eq!(site.built.left_out.held, 0, "{:#?}", site.diagnostics);
    for address in [
        "/_worker-js/",
        "/404-page/",
        "/questions/foo/",
        "/questions/foo-html/",
        "/questions/404/",
        "/search-html/",
    ] {
        site.page(address);
    }
}

#[test]
fn one_name_in_other_letters_is_one_tag() {
    let site = site(
        "\
=== content/questions/a.md
---
tags: [İstanbul, ＡＢＣ, ﬁlter, Straße, ΟΔΟΣ, Ｃ＋＋, ısı]
---
# A?
=== content/questions/b.md
---
tags: [istanbul, abc, filter, STRASSE, οδος, c++, isi]
---
# B?
",
    );
    for tag in ["istanbul", "abc", "filter", "straße", "οδος", "c-plus-plus"] {
        let page = site.main(&format!("/tags/{tag}/"));
        assert!(page.contains("A?") && page.contains("B?"), "{tag}: {page}");
    }
    assert!(!site.has("tags/strasse/index.html"));
    for tag in ["ısı", "isi"] {
        site.page(&format!("/tags/{tag}/"));
    }
    // Shown is what the first one wrote.
    assert!(site.main("/tags/istanbul/").contains("İstanbul"));
}

#[test]
fn titles_from_file_names_keep_their_capitals() {
    let site = site(
        "\
=== content/how-tos/API-reference.md
Text.
=== content/docs/macOS-setup.md
Text.
=== content/docs/iOS/README.md
Text.
=== content/docs/HTTP2.md
Text.
=== content/questions/C++.md
Text.
",
    );
    for (address, title) in [
        ("/how-tos/api-reference/", "API reference"),
        ("/docs/macos-setup/", "macOS setup"),
        ("/docs/ios/", "iOS"),
        ("/docs/http2/", "HTTP2"),
        ("/questions/c/", "C++"),
    ] {
        let page = site.page(address);
        assert!(page.contains(&format!(">{title}</h1>")), "{address}: {page}");
    }
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
    assert_eq!(site.only(Rule::DuplicateAddress).fix.as_deref(), Some("about-page"));
    site.page("/about-page/");
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
