//! Every address of the contract, below a base path, and what the head of each page says.

use longhouse::output::Content;

use crate::crawl::{assert_safe, assert_whole, attributes, text_of};
use crate::fixture::{Rendered, site};

fn community() -> Rendered {
    site(
        "\
=== longhouse.yaml
title: Acme People
base_url: https://x.example/sub/dir/
page_size: 2
tags: {synonyms: {billing: [money]}}
products: [{id: app, name: App}]
=== GUIDELINES.md
# Our rules
=== static/logo.png
x
=== content/questions/a.md
---
tags: [C++, .NET, money]
products: [app]
aliases: [old-a, /legacy/a.html]
authors: Ana Silva
date: 2026-03-01
description: \"One & <only>\"
---
# Where is A?
=== content/questions/a/ben.md
Here.
=== content/questions/b.md
# B?
=== content/questions/c.md
# C?
=== content/questions/twice.md
---
duplicate_of: a
---
# A again?
=== content/stories/s.md
# S
=== content/how-tos/h.md
# H
=== content/ideas/i.md
# I
=== content/announcements/n.md
# N
=== content/links/l.md
---
url: https://y.example/
---
# L
=== content/pages/about.md
# About
=== content/people/ana-silva.md
---
name: Ana Silva
---
I am Ana.
=== content/questions/gone.md
---
status: hidden
reason: It was spam.
---
# Buy this
",
    )
}

#[test]
fn every_address_of_the_contract_is_there() {
    let rendered = community();
    assert_whole(&rendered, "https://x.example", "/sub/dir");
    assert_safe(&rendered);
    for path in [
        ".nojekyll",
        "404.html",
        "about/index.html",
        "announcements/index.html",
        "announcements/n/index.html",
        "feed.json",
        "feed.xml",
        "guidelines/index.html",
        "how-tos/h/index.html",
        "ideas/i/index.html",
        "index.html",
        "legacy/a.html",
        "links/index.html",
        "links/l/index.html",
        "logo.png",
        "people/ana-silva/feed.json",
        "people/ana-silva/feed.xml",
        "people/ana-silva/index.html",
        "people/ben/index.html",
        "people/feed.xml",
        "people/index.html",
        "products/app/index.html",
        "questions/a/index.html",
        "questions/feed.json",
        "questions/feed.xml",
        "questions/gone/index.html",
        "questions/index.html",
        "questions/old-a/index.html",
        "questions/page/2/index.html",
        "questions/twice/index.html",
        "questions/unanswered/index.html",
        "robots.txt",
        "search/index.html",
        "sitemap.xml",
        "stories/s/index.html",
        "tags/billing/feed.xml",
        "tags/billing/index.html",
        "tags/c-plus-plus/index.html",
        "tags/dot-net/index.html",
        "tags/index.html",
    ] {
        assert!(rendered.has(path), "{path} does not exist");
    }
    for path in rendered.paths() {
        let is_page = path.ends_with(".html") && !matches!(path, "404.html" | "legacy/a.html");
        assert!(!is_page || path.ends_with("index.html"), "{path} is no folder with an index.html");
    }
}

#[test]
fn the_head_of_a_page_says_what_it_is() {
    let rendered = community();
    let page = rendered.page("/questions/a/");
    assert_eq!(text_of(&page, "title"), "Where is A? · Acme People");
    assert_eq!(attributes(&page, "meta[name=description]", "content"), ["One & <only>"]);
    assert_eq!(attributes(&page, "link[rel=canonical]", "href"), ["https://x.example/sub/dir/questions/a/"]);
    assert_eq!(attributes(&page, "meta[property='og:title']", "content"), ["Where is A?"]);
    assert_eq!(
        attributes(&page, "meta[property='og:url']", "content"),
        ["https://x.example/sub/dir/questions/a/"]
    );
    assert_eq!(attributes(&page, "meta[property='og:type']", "content"), ["article"]);
    assert_eq!(attributes(&page, "html", "lang"), ["en"]);
    let crumbs = attributes(&page, "nav[aria-label=Breadcrumbs] a, nav.breadcrumbs a, nav.crumbs a", "href");
    assert_eq!(crumbs.first().map(String::as_str), Some("/sub/dir/"), "{crumbs:?}");
    assert_eq!(text_of(&rendered.page("/"), "title"), "Acme People");
    assert_eq!(text_of(&rendered.page("/questions/page/2/"), "title"), "Questions, page 2 · Acme People");
    assert_eq!(text_of(&rendered.page("/tags/billing/"), "title"), "billing · Acme People");
    for (path, text) in rendered.pages() {
        let hashed = attributes(&text, "link[rel=stylesheet]", "href");
        assert!(hashed.iter().all(|href| href.starts_with("/sub/dir/assets/")), "{path}: {hashed:?}");
        assert!(!text_of(&text, "title").trim().is_empty(), "{path} has no title");
        assert_eq!(attributes(&text, "link[rel=canonical]", "href").len(), 1, "{path}");
    }
}

#[test]
fn an_alias_leads_on_without_a_script() {
    let rendered = community();
    for address in ["/questions/old-a/", "/legacy/a.html", "/questions/twice/"] {
        let page = rendered.page(address);
        assert_eq!(
            attributes(&page, "meta[http-equiv=refresh]", "content"),
            ["0; url=/sub/dir/questions/a/"]
        );
        assert_eq!(
            attributes(&page, "link[rel=canonical]", "href"),
            ["https://x.example/sub/dir/questions/a/"]
        );
        assert_eq!(attributes(&page, "meta[name=robots]", "content"), ["noindex"]);
    }
}

#[test]
fn a_hidden_page_is_a_tombstone_and_in_no_other_output() {
    let rendered = community();
    let page = rendered.page("/questions/gone/");
    assert!(text_of(&page, "main").contains("It was spam."), "{page}");
    assert_eq!(attributes(&page, "meta[name=robots]", "content"), ["noindex"]);
    for (path, content) in rendered.output.iter() {
        let Content::Bytes(bytes) = content else { continue };
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains("Buy this"), "{path}");
        assert!(path.as_str() == "questions/gone/index.html" || !text.contains("/gone/"), "{path}");
    }
}

#[test]
fn a_preview_shows_what_is_not_published_yet() {
    let folder = crate::fixture::folder(
        "\
=== content/questions/draft.md
---
status: draft
---
# Draft
=== content/questions/hidden.md
---
status: hidden
---
# Hidden
[x](draft.md)
",
    );
    let rendered = folder.preview();
    assert_whole(&rendered, "http://127.0.0.1:4000", "");
    assert!(rendered.page("/questions/draft/").contains("draft"));
    assert!(rendered.main("/questions/hidden/").contains("<a href=\"/questions/draft/\">x</a>"));
}
