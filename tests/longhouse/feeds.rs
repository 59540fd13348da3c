//! Feeds that readers take, ids that stay, a sitemap of any size.

use longhouse::view::feed;

use crate::fixture::{Rendered, folder, site};

fn community(base_url: &str, more: &str) -> Rendered {
    site(&format!(
        "\
=== longhouse.yaml
title: Acme & People
base_url: {base_url}
{more}
=== content/questions/old.md
---
date: 2026-01-01
authors: ana
tags: [a&b]
---
# Old & <b>bold</b>?
Text with \u{c} and \u{fffe} and ]]> in it.
=== content/questions/old/ben.md
---
date: 2026-05-05
---
Still useful.
=== content/questions/new.md
---
date: 2026-02-01T10:00:00Z
updated: 2026-03-01
authors: ana
---
# New?
=== content/announcements/n.md
# No date
=== content/pages/about.md
# About
"
    ))
}

#[test]
fn a_feed_is_well_formed_and_says_when_what_changed() {
    let rendered = community("https://x.example/help/", "");
    let atom = rendered.file("feed.xml");
    let xml = scraper::Html::parse_document(&atom);
    assert!(!xml.root_element().html().is_empty());
    assert!(atom.starts_with(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\""
    ));
    assert!(atom.contains("<title>Acme &amp; People</title>"));
    assert!(atom.contains("<link rel=\"self\" href=\"https://x.example/help/feed.xml\"/>"));
    assert!(atom.contains("]]&gt;") && !atom.contains(['\u{c}', '\u{fffe}']));
    // The newest first; a question changes when somebody answers it.
    let at = |text: &str| atom.find(text).unwrap_or_else(|| panic!("{text} in {atom}"));
    assert!(
        at("<title>New?</title>") < at("<title>Old &amp;")
            && at("<title>Old &amp;") < at("<title>No date</title>")
    );
    assert!(atom.contains("<updated>2026-05-05T00:00:00Z</updated>"), "{atom}");
    assert!(atom.contains("<published>2026-02-01T10:00:00Z</published>"));
    assert!(!atom.contains("About"));
    let json: serde_json::Value = serde_json::from_str(&rendered.file("feed.json")).expect("JSON");
    assert_eq!(json["version"], "https://jsonfeed.org/version/1.1");
    assert_eq!(json["feed_url"], "https://x.example/help/feed.json");
    assert_eq!(json["items"][0]["url"], "https://x.example/help/questions/new/");
    assert_eq!(json["items"][0]["authors"][0]["name"], "ana");
    assert_eq!(json["items"][1]["date_modified"], "2026-05-05T00:00:00Z");
    assert!(rendered.file("people/ben/feed.xml").contains("<title>Old &amp;"));
    assert!(rendered.file("tags/a-b/feed.xml").contains("label=\"a&amp;b\""));
}

#[test]
fn ids_stay_when_the_site_moves() {
    let ids = |rendered: &Rendered| -> Vec<String> {
        rendered.file("feed.xml").lines().filter(|line| line.contains("<id>")).map(str::to_string).collect()
    };
    let (here, there) = (
        community("https://x.example/help/", "site_id: acme.example"),
        community("https://y.example/", "site_id: acme.example"),
    );
    assert_eq!(ids(&here), ids(&there));
    assert_eq!(ids(&here).len(), 4);
    assert!(ids(&here)[1].contains("<id>tag:acme.example,"), "{:?}", ids(&here));
    let mut unique = ids(&here);
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), 4);
}

#[test]
fn the_sitemap_names_what_search_engines_should_know() {
    let rendered = community("https://x.example/help/", "");
    let sitemap = rendered.file("sitemap.xml");
    assert!(
        sitemap.contains("<loc>https://x.example/help/questions/old/</loc><lastmod>2026-05-05"),
        "{sitemap}"
    );
    assert!(sitemap.contains("<loc>https://x.example/help/about/</loc>"));
    for other in ["404", "/search/", "feed"] {
        assert!(!sitemap.contains(other), "{other}: {sitemap}");
    }
    assert!(rendered.file("robots.txt").contains("Sitemap: https://x.example/help/sitemap.xml"));
}

#[test]
fn a_browser_is_told_how_to_search_the_site() {
    let rendered = community("https://x.example/help/", "");
    let description = rendered.file("opensearch.xml");
    let element = |name: &str| {
        let (_, rest) =
            description.split_once(&format!("<{name}>")).unwrap_or_else(|| panic!("{description}"));
        rest.split_once(&format!("</{name}>")).unwrap_or_else(|| panic!("{description}")).0.to_string()
    };
    assert!(
        description.starts_with("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<OpenSearchDescription xmlns=")
    );
    assert!(description.trim_end().ends_with("</OpenSearchDescription>"));
    assert_eq!(element("ShortName"), "Acme &amp; People");
    assert!(element("Description").contains("Acme &amp; People"));
    assert!(
        description.contains("template=\"https://x.example/help/search/?q={searchTerms}\""),
        "{description}"
    );
    assert!(rendered.page("/").contains("href=\"/help/opensearch.xml\""));
    assert!(longhouse::site::reserved::owner("/opensearch.xml/").is_some());
}

#[test]
fn a_site_without_search_has_nothing_of_it() {
    let rendered = community("https://x.example/help/", "search: {enabled: false}");
    let left: Vec<&str> = rendered.paths().into_iter().filter(|path| path.contains("search")).collect();
    assert!(left.is_empty(), "{left:?}");
    for (path, page) in rendered.pages() {
        for word in
            ["type=\"search\"", "role=\"search\"", "search.", "opensearch", "/search/", "wasm-unsafe-eval"]
        {
            assert!(!page.contains(word), "{path} has {word}");
        }
    }
    // With a search all of it is there, so that the names above are the right ones.
    let with = community("https://x.example/help/", "");
    let page = with.page("/questions/old/");
    for word in ["type=\"search\"", "role=\"search\"", "opensearch", "/search/", "wasm-unsafe-eval"] {
        assert!(page.contains(word), "{word}: {page}");
    }
}

#[test]
fn a_sitemap_that_is_too_large_becomes_an_index() {
    let folder =
        folder("=== longhouse.yaml\nbase_url: https://x.example/\n=== content/questions/a.md\n# A\n");
    let sources = folder.load();
    let (site, _) = longhouse::understand(&sources, longhouse::site::Visibility::default(), &|_| {});
    let addresses: Vec<(String, Option<String>)> =
        (0..100_001).map(|n| (format!("/q/{n:06}/"), None)).collect();
    let files = feed::sitemap(&site, &addresses);
    let names: Vec<&str> = files.iter().map(|(address, _)| address.as_str()).collect();
    assert_eq!(names, ["/sitemap-1.xml", "/sitemap-2.xml", "/sitemap-3.xml", "/sitemap.xml"]);
    let counts: Vec<usize> = files.iter().map(|(_, text)| text.matches("<loc>").count()).collect();
    assert_eq!(counts, [50_000, 50_000, 1, 3]);
    assert!(files[3].1.contains("<sitemap><loc>https://x.example/sitemap-3.xml</loc></sitemap>"));
    assert_eq!(feed::sitemap(&site, &addresses[..50_000]).len(), 1);
}
