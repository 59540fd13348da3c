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
---
sponsored: SponCo
---
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
    // Who paid is said where nobody is named, too.
    assert!(atom.contains("<name>Acme &amp; People (sponsored by SponCo)</name>"), "{atom}");
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
    let files = feed::sitemap(&site.reader(), &addresses);
    let names: Vec<&str> = files.iter().map(|(address, _)| address.as_str()).collect();
    assert_eq!(names, ["/sitemap-1.xml", "/sitemap-2.xml", "/sitemap-3.xml", "/sitemap.xml"]);
    let counts: Vec<usize> = files.iter().map(|(_, text)| text.matches("<loc>").count()).collect();
    assert_eq!(counts, [50_000, 50_000, 1, 3]);
    assert!(files[3].1.contains("<sitemap><loc>https://x.example/sitemap-3.xml</loc></sitemap>"));
    assert_eq!(feed::sitemap(&site.reader(), &addresses[..50_000]).len(), 1);
}

/// A story with everything that a feed has to make portable.
const RICH: &str = "\
=== longhouse.yaml
title: Acme
base_url: https://x.example/help/
FEEDS
=== content/questions/rich.md
---
date: 2026-01-02
tags: [t]
---
# Rich?
See [other](other.md), [here](#more), ![A lamp](lamp.png) and `code`.[^1]

- [x] done

```rust
fn f() {}
```

<a id=\"own\"></a><script>alert(1)</script>

## More
| a |
|---|
| 1 < 2 & 3 |

[^1]: A note.
=== content/questions/rich/ben.md
Ben's **answer**.
=== content/questions/other.md
---
date: 2026-01-01
---
# Other?
Text.
";

fn rich(feeds: &str) -> Rendered {
    let folder = folder(&RICH.replace("FEEDS", feeds));
    folder.write(
        "content/questions/lamp.png",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89".as_slice(),
    );
    folder.build()
}

#[test]
fn a_feed_carries_the_whole_text_as_html_that_can_stand_anywhere() {
    let rendered = rich("");
    let json: serde_json::Value = serde_json::from_str(&rendered.file("feed.json")).expect("JSON");
    let html = json["items"][0]["content_html"].as_str().expect("a text");
    for part in [
        "<a href=\"https://x.example/help/questions/other/\">other</a>",
        "<a href=\"https://x.example/help/questions/rich/#h-more\">here</a>",
        "<img src=\"https://x.example/help/files/",
        "☑ done",
        "<pre><code>fn f() {}\n</code></pre>",
        "<h2>More</h2>",
        "<th scope=\"col\">a</th>",
        "1 &lt; 2 &amp; 3",
        "A note.",
        "<strong>ben:</strong>",
        "Ben's <strong>answer</strong>.",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    for part in [" id=", " class=", "<script", "<input", "tabindex", "\"/", "\"#", "<h1"] {
        assert!(!html.contains(part), "{part} in {html}");
    }
    assert!(json["items"][0]["content_text"].is_null());
    // The same stands in Atom, escaped once more.
    let atom = rendered.file("feed.xml");
    assert!(atom.contains("<content type=\"html\">"), "{atom}");
    assert!(atom.contains("1 &amp;lt; 2 &amp;amp; 3"), "{atom}");
    assert!(rendered.file("questions/feed.xml").contains("<content type=\"html\">"));
    // A page stands in as many of these as it has tags and authors.
    assert!(!rendered.file("tags/t/feed.xml").contains("<content"));
}

#[test]
fn a_feed_has_descriptions_alone_where_the_site_wants_it() {
    let rendered = rich("feeds: excerpt");
    assert!(!rendered.file("feed.xml").contains("<content"));
    let json: serde_json::Value = serde_json::from_str(&rendered.file("feed.json")).expect("JSON");
    assert!(json["items"][0]["content_html"].is_null());
    assert_eq!(json["items"][0]["content_text"], json["items"][0]["summary"]);
}

#[test]
fn a_feed_stays_small_however_long_its_texts_are() {
    let folder = folder("=== longhouse.yaml\ntitle: X\nbase_url: https://x.example/\n");
    for number in 1..=9 {
        let text = format!("---\ndate: 2026-01-0{number}\n---\n# Page {number}\n{}", "Text. ".repeat(20_000));
        folder.write(&format!("content/questions/q{number}.md"), text);
    }
    let feed = folder.build().file("feed.xml");
    assert_eq!(feed.matches("<entry>").count(), 9);
    assert_eq!(feed.matches("<content ").count(), 4);
    assert!(feed.len() < 520 * 1024, "{}", feed.len());
}

/// What somebody asked, and what others wrote to them.
const ASKED: &str = "\
=== longhouse.yaml
title: Acme
base_url: https://x.example/help/
site_id: acme
team: {mia: staff}
products: [{id: kiln, name: The Kiln}]
=== content/people/ana.md
---
name: Ana Silva
---
=== content/people/cem.md
---
name: Cem
listed: false
---
=== content/questions/craze.md
---
date: 2026-06-01
authors: ana
---
# Why does it craze?
It does.
=== content/questions/craze/ben.md
---
date: 2026-06-05
updated: 2026-06-09
---
Cool it *slowly*.
=== content/questions/craze/cem.md
---
date: 2026-06-06
---
Use another clay.
=== content/questions/craze/ana.md
---
comment: true
on: ben
date: 2026-06-07
---
That was it.
=== content/questions/craze/mallory.md
---
date: 2026-06-08
status: hidden
---
Buy seeds.
=== content/questions/open.md
---
date: 2026-06-02
authors: cem
---
# Nobody knows?
=== content/ideas/timer.md
---
date: 2026-05-01
authors: ana
---
# A timer
=== content/ideas/timer/mia.md
---
response: true
date: 2026-06-10
---
We will.
=== content/stories/mugs.md
---
date: 2026-05-02
authors: ben
products: [kiln]
---
# Mugs
=== content/questions/gone.md
---
date: 2026-06-02
status: hidden
---
# Gone?
";

/// The titles of a feed's entries, in order.
fn titles(feed: &str) -> Vec<&str> {
    let all = feed.split("<entry>\n<title>").skip(1);
    all.map(|it| it.split("</title>").next().unwrap_or_default()).collect()
}

#[test]
fn a_question_is_followed_from_its_first_day_on() {
    let rendered = site(ASKED);
    assert_eq!(titles(&rendered.file("questions/open/feed.xml")), ["Nobody knows?"]);
    let feed = rendered.file("questions/craze/feed.xml");
    assert_eq!(
        titles(&feed),
        [
            "Comment from Ana Silva: Why does it craze?",
            "Answer from Cem: Why does it craze?",
            "Answer from ben: Why does it craze?",
            "Why does it craze?",
        ]
    );
    for part in [
        "<title>Replies to “Why does it craze?” · Acme</title>\n<id>tag:acme,2000:/questions/craze/feed.xml</id>",
        "<id>tag:acme,2000:/questions/craze/answer-ben</id>\n\
         <link href=\"https://x.example/help/questions/craze/#answer-ben\"/>\n\
         <updated>2026-06-09T00:00:00Z</updated>\n<published>2026-06-05T00:00:00Z</published>",
        "<summary>Cool it slowly.</summary>",
        "<updated>2026-06-09T00:00:00Z</updated>\n<generator>",
    ] {
        assert!(feed.contains(part), "{part} in {feed}");
    }
    assert!(!feed.contains("Buy seeds"));
    let page = rendered.page("/questions/craze/");
    let link = "type=\"application/atom+xml\" title=\"Replies\" href=\"/help/questions/craze/feed.xml\">";
    assert!(page.contains(&format!("<link rel=\"alternate\" {link}")), "{page}");
    assert!(page.contains("<summary>Follow this question</summary>"), "{page}");
    // What is gone is followed by nobody.
    assert!(
        !rendered.has("questions/gone/feed.xml") && !rendered.page("/questions/gone/").contains("feed.xml")
    );
    // A story is done when it is told: one follows what it is about.
    assert!(!rendered.has("stories/mugs/feed.xml"));
    let story = rendered.page("/stories/mugs/");
    assert!(
        story.contains("/help/feed/product/kiln.xml") && story.contains("/help/stories/feed.xml"),
        "{story}"
    );
}

#[test]
fn a_person_hears_what_others_wrote_to_them() {
    let rendered = site(ASKED);
    assert_eq!(
        titles(&rendered.file("people/ana/replies.xml")),
        [
            "Response from Mia: A timer",
            "Answer from Cem: Why does it craze?",
            "Answer from ben: Why does it craze?",
        ]
    );
    assert_eq!(
        titles(&rendered.file("people/ben/replies.xml")),
        ["Comment from Ana Silva: Why does it craze?"]
    );
    assert!(rendered.page("/people/ana/").contains("title=\"Replies to Ana Silva\""));
    // Whoever asked the same hears the answers to the question into which theirs was merged.
    let folder = folder(ASKED);
    folder.write("content/people/dora.md", "---\nname: Dora\n---\n");
    folder
        .write("content/questions/again.md", "---\nauthors: dora\nduplicate_of: craze\n---\n# Once more?\n");
    assert_eq!(
        titles(&folder.build().file("people/dora/replies.xml")),
        ["Answer from Cem: Why does it craze?", "Answer from ben: Why does it craze?"]
    );
    assert!(!rendered.paths().iter().any(|path| path.starts_with("people/cem/")));
}

#[test]
fn links_lead_to_feeds_and_a_feed_stays_where_its_page_was() {
    let folder = folder(ASKED);
    folder.write(
        "content/questions/craze.md",
        "---\nauthors: ana\naliases: [/questions/cracks/, /old/]\n---\n# Why does it craze?\n",
    );
    folder
        .write("content/questions/again.md", "---\nauthors: dora\nduplicate_of: craze\n---\n# Once more?\n");
    folder.write("content/links/fair.md", "---\nurl: https://fair.example/\nplace: Porto\n---\n# A fair\n");
    folder.write(
        "content/pages/follow.md",
        "# Follow\n[a](/questions/craze/feed.xml) [b](/feed/place/porto.xml) [c](/feed/product/kiln.xml) \
         [d](/people/ana/replies.xml) [e](/alerts.json) [f](/stories/mugs/feed.xml) [g](/questions/gone/feed.xml)\n",
    );
    let rendered = folder.build();
    let page = rendered.page("/follow/");
    for address in [
        "questions/craze/feed.xml",
        "feed/place/porto.xml",
        "feed/product/kiln.xml",
        "people/ana/replies.xml",
        "alerts.json",
    ] {
        assert!(page.contains(&format!("href=\"/help/{address}\"")), "{address} in {page}");
        assert!(rendered.has(address), "{address}");
    }
    assert_eq!(rendered.of("content/pages/follow.md").len(), 2, "{:?}", rendered.rules());
    // Whoever follows the old address, or the question that was merged, goes on to hear of answers.
    let feed = rendered.file("questions/craze/feed.xml");
    assert_eq!(rendered.file("questions/cracks/feed.xml"), feed);
    assert_eq!(rendered.file("questions/again/feed.xml"), feed);
    assert!(!rendered.has("old/feed.xml"));
}

#[test]
fn a_feed_has_so_many_items_and_no_more() {
    let folder = folder(ASKED);
    for number in 0..40 {
        let reply = format!("---\ndate: 2026-08-{:02}\n---\nAnswer {number}.\n", number % 28 + 1);
        folder.write(&format!("content/questions/craze/p{number}.md"), reply);
    }
    let rendered = folder.build();
    for path in ["questions/craze/feed.xml", "people/ana/replies.xml"] {
        assert_eq!(titles(&rendered.file(path)).len(), feed::NEWEST, "{path}");
    }
    assert_eq!(titles(&rendered.file("questions/craze/feed.xml")).last(), Some(&"Why does it craze?"));
}

/// An element of a document: its name, its attributes, the elements in it and its text.
#[derive(Debug, Default)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    inside: Vec<Element>,
    text: String,
}

impl Element {
    fn all(&self, name: &str) -> Vec<&Element> {
        self.inside.iter().filter(|it| it.name == name).collect()
    }

    #[track_caller]
    fn one(&self, name: &str) -> &Element {
        let all = self.all(name);
        assert_eq!(all.len(), 1, "one {name} in {self:#?}");
        all[0]
    }

    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }
}

/// Reads a document as strictly as readers of feeds do.
fn read(xml: &str) -> Element {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(xml);
    let mut open = vec![Element::default()];
    let element = |start: &quick_xml::events::BytesStart<'_>| Element {
        name: start.name().as_ref().to_string(),
        attributes: start
            .attributes()
            .map(|it| it.expect("an attribute"))
            .map(|it| {
                let text = quick_xml::escape::unescape(&it.value).expect("entities").into_owned();
                (it.key.as_ref().to_string(), text)
            })
            .collect(),
        ..Element::default()
    };
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Start(start) => open.push(element(&start)),
            Event::Empty(start) => open.last_mut().expect("a root").inside.push(element(&start)),
            Event::End(_) => {
                let done = open.pop().expect("an element");
                open.last_mut().expect("a root").inside.push(done);
            }
            Event::Text(text) => open.last_mut().expect("a root").text.push_str(text.as_ref()),
            Event::GeneralRef(name) => open.last_mut().expect("a root").text.push_str(name.as_ref()),
            Event::Eof => break,
            _ => {}
        }
    }
    open.pop().expect("a root")
}

/// Whether a text is a moment as RFC 3339 has it.
fn is_moment(text: &str) -> bool {
    text.parse::<jiff::Timestamp>().is_ok()
}

/// What RFC 4287 asks of a feed.
fn is_valid(path: &str, text: &str) {
    let document = read(text);
    let feed = document.one("feed");
    assert_eq!(feed.attribute("xmlns"), Some("http://www.w3.org/2005/Atom"), "{path}");
    let own: Vec<&Element> =
        feed.all("link").into_iter().filter(|it| it.attribute("rel") == Some("self")).collect();
    assert!(own.len() == 1 && own[0].attribute("href").is_some_and(|it| it.ends_with(path)), "{path}");
    let entries = feed.all("entry");
    assert!(entries.len() <= feed::NEWEST, "{path}");
    let mut ids = vec![feed.one("id").text.clone()];
    for part in std::iter::once(&feed).chain(&entries) {
        assert!(is_moment(&part.one("updated").text), "{path}: {part:#?}");
        assert!(!part.one("title").text.trim().is_empty(), "{path}: {part:#?}");
        assert!(part.one("id").text.starts_with("tag:"), "{path}: {part:#?}");
        let links = part.all("link");
        let alternate: Vec<_> = links.into_iter().filter(|it| it.attribute("rel").is_none()).collect();
        assert!(alternate.len() == 1, "{path}: {part:#?}");
        assert!(alternate[0].attribute("href").is_some_and(|it| it.starts_with("https://")), "{path}");
    }
    for entry in entries {
        assert!(entry.all("author").iter().all(|it| !it.one("name").text.is_empty()), "{path}");
        assert!(!entry.all("author").is_empty() && entry.all("published").len() <= 1, "{path}: {entry:#?}");
        entry.one("summary");
        ids.push(entry.one("id").text.clone());
    }
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count, "{path} has an id twice");
}

#[test]
fn every_feed_of_the_example_is_valid_and_stands_in_the_table() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("example-site");
    let sources = longhouse::source::load(&root, &longhouse::source::LoadOptions::default()).expect("a site");
    let (site, _) = longhouse::understand(&sources, longhouse::site::Visibility::default(), &|_| {});
    let lists = longhouse::view::Lists::new(&site);
    let reader = site.reader();
    let plans = feed::plan(&reader, &lists);
    let mut seen = Vec::new();
    for plan in &plans {
        let (addresses, files) = (plan.addresses(&reader), plan.files(&reader, &lists));
        assert_eq!(addresses.len(), files.len(), "{plan:?}");
        assert_eq!(
            addresses.last().is_some_and(|it| it.ends_with("/feed.json")),
            plan.sort().json,
            "{plan:?}"
        );
        // The address has the form that the reference gives.
        let (form, address) = (plan.sort().address.split('/'), addresses[0].split('/'));
        assert_eq!(form.clone().count(), address.clone().count(), "{plan:?}");
        for (form, part) in form.zip(address) {
            let (name, ending) = form.split_once('.').unwrap_or((form, ""));
            let is_any = !name.is_empty() && name.chars().all(|it| it.is_ascii_uppercase());
            assert!(
                if is_any { part.ends_with(ending) } else { form == part },
                "{plan:?}: {form} and {part}"
            );
        }
        if addresses[0].ends_with(".xml") {
            is_valid(&addresses[0], &files[0]);
        }
        for (address, file) in addresses.iter().zip(&files).filter(|(address, _)| address.ends_with(".json"))
        {
            let json: serde_json::Value = serde_json::from_str(file).unwrap_or_else(|_| panic!("{address}"));
            assert!(json["items"].is_array() || json["alerts"].is_array(), "{address}");
        }
        if !seen.contains(&plan.sort()) {
            seen.push(plan.sort());
        }
        // Nothing in content takes its place.
        for address in &addresses {
            assert!(longhouse::site::reserved::owner(address).is_some(), "{address}");
        }
    }
    for sort in feed::SORTS {
        assert!(seen.contains(&sort), "the example has no feed of {}", sort.of);
    }
}
