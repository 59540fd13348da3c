//! What others do elsewhere: `/links/` in its groups with who runs what, the headlines of a committed snapshot, the
//! feeds as OPML, and mentions with the company's answer.

use std::sync::Arc;

use jiff::civil::{Date, date};
use longhouse::site::Visibility;
use longhouse::source::Sources;

use crate::fixture::{Folder, Rendered, folder, render};

const TODAY: Date = date(2026, 11, 20);

/// Two of each sort and one of none, with everything that a row may say and nothing that it need not.
const FILES: &str = "\
=== longhouse.yaml
title: Kiln & friends
base_url: https://kiln.example.org/
team: {greta: staff}
=== content/links/_index.md
# Elsewhere
Diaries and tables.
=== content/links/diary.md
---
authors: greta
date: 2026-04-02
url: https://www.diary.example.org/
feed: https://diary.example.org/feed.xml
type: blog
run_by: [mirela, Ottilie Varga, ghost, mirela]
lang: fr
---
# A clearing diary
Once a week.
=== content/links/notes.md
---
authors: tomasz
date: 2026-05-01
url: https://notes.example.org/
feed: https://notes.example.org/feed.json?a=1&b=2
type: blog
---
# Notes <b>&amp; \"more\"</b>
=== content/links/open-day.md
---
authors: greta
date: 2026-01-05
url: https://kiln.example.org/open-day/
type: event
place: Rauma
when: 12 December 2026, 10 to 16
---
# Open day
=== content/links/fair.md
---
authors: greta
date: 2026-01-04
url: https://fair.example.org/
type: event
when: 2026-11-28
---
# The fair
=== content/links/today.md
---
authors: greta
date: 2026-01-03
url: https://today.example.org/
type: event
when: 18–20 November 2026
---
# Three days
=== content/links/table.md
---
authors: ottilie
date: 2026-01-06
url: https://table.example.org/
type: event
when: every first Thursday
---
# The table
=== content/links/last-year.md
---
authors: greta
date: 2025-12-01
url: https://old.example.org/
type: event
when: 12 December 2025
---
# Last year's open day
=== content/links/group.md
---
authors: ottilie
date: 2026-02-14
url: https://group.example.org/
type: group
run_by: mirela
---
# River growers
=== content/links/post.md
---
authors: greta
date: 2026-05-16
url: https://post.example.org/
type: mention
response: The article is right.
---
# The Valley Post
=== content/links/box.md
---
authors: noor
date: 2026-10-21
url: https://box.example.org/
type: mention
---
# What I gave back
=== content/links/box2.md
---
authors: noor
date: 2026-10-20
url: https://box2.example.org/
type: mention
---
# What I kept
=== content/links/box2/greta.md
---
response: true
date: 2026-10-22
---
Thank you.
=== content/links/thing.md
---
authors: noor
date: 2026-10-21
url: https://thing.example.org/
---
# A thing
=== content/links/secret.md
---
authors: noor
url: https://secret.example.org/
feed: https://secret.example.org/feed.xml
type: blog
run_by: mirela
status: hidden
reason: Gone.
---
# Secret
=== content/people/mirela.md
---
name: Mirela Ionescu
---
=== content/people/ottilie.md
---
name: Ottilie Varga
listed: false
---
=== data/feeds/diary.yaml
feed: https://diary.example.org/feed.xml
changed: 2026-11-12
items:
  - {date: 2026-11-10, title: \"Leeks <i>in</i> the frost\", url: \"https://diary.example.org/leeks?a=1&b=2\"}
  - {date: 2026-11-03, title: \"مرحبا 🌱\", url: https://diary.example.org/hello}
  - {title: Undated, url: https://diary.example.org/undated}
  - {title: Bad, url: \"javascript:alert(1)\"}
  - {title: Fourth, url: https://diary.example.org/fourth}
=== data/feeds/notes.yaml
feed: https://elsewhere.example.org/feed.xml
changed: 2026-11-12
items: [{title: Of another feed, url: https://elsewhere.example.org/a}]
=== data/feeds/secret.yaml
feed: https://secret.example.org/feed.xml
items: [{title: Of a hidden link, url: https://secret.example.org/a}]
";

fn built(folder: &Folder) -> Rendered {
    let sources = Arc::new(Sources { today: Some(TODAY), ..Sources::clone(&folder.load()) });
    render(&sources, Visibility::default()).expect("a theme without mistakes")
}

/// Each group by its id, with the titles of its rows.
fn groups(page: &str) -> Vec<(String, Vec<String>)> {
    let parts = page.split("data-links=").skip(1);
    parts
        .map(|part| {
            let id = part.split(['"', '>', ' ']).find(|it| !it.is_empty()).unwrap_or_default().to_string();
            let rows = part.split("<li><a href=").skip(1).filter(|row| !row.starts_with("\"http"));
            let title = |row: &str| {
                row.split_once('>').and_then(|(_, rest)| rest.split_once('<')).map(|it| it.0.to_string())
            };
            (id, rows.filter_map(title).collect())
        })
        .collect()
}

fn row<'a>(page: &'a str, title: &str) -> &'a str {
    let at = page.find(&format!(">{title}</a>")).unwrap_or_else(|| panic!("no row `{title}` in {page}"));
    let rest = &page[at..];
    rest.split("<li><a href=\"/links/").next().unwrap_or(rest).split("</section>").next().unwrap_or(rest)
}

#[test]
fn links_stand_in_groups_and_what_is_to_come_stands_first() {
    let page = built(&folder(FILES)).main("/links/");
    let expected: [(&str, &[&str]); 6] = [
        ("events", &["Three days", "The fair", "Open day", "The table"]),
        ("blogs", &["Notes &lt;b&gt;&amp;amp;", "A clearing"]),
        ("groups", &["River growers"]),
        ("mentions", &["What I gave back", "What I kept", "The Valley Post"]),
        ("others", &["A thing"]),
        ("past", &["Last year"]),
    ];
    let found = groups(&page);
    let ids: Vec<&str> = found.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(ids, expected.map(|it| it.0));
    for ((id, titles), (_, wanted)) in found.iter().zip(expected) {
        assert_eq!(titles.len(), wanted.len(), "{id}: {titles:?}");
        for (title, wanted) in titles.iter().zip(wanted) {
            assert!(title.starts_with(wanted) || wanted.starts_with("Notes"), "{id}: {titles:?}");
        }
    }
    assert!(page.contains("12 entries") && page.contains("Diaries and tables."), "{page}");
    assert!(!page.contains("Secret"), "a hidden link is nowhere");
    // Without a day that counts as today, nothing is over.
    let site = folder(FILES);
    let undated = Arc::new(Sources { today: None, ..Sources::clone(&site.load()) });
    let page = render(&undated, Visibility::default()).expect("a theme").main("/links/");
    assert!(!page.contains("data-links=\"past\"") && page.contains("Last year"), "{page}");
}

#[test]
fn who_runs_a_place_is_named_and_whoever_added_it_is_no_more_than_that() {
    let site = built(&folder(FILES));
    let page = site.main("/links/");
    let diary = row(&page, "A clearing diary");
    let people = "Run by <a href=\"/people/mirela/\">Mirela Ionescu</a>, Ottilie Varga, ghost";
    assert!(diary.contains(people) && !diary.contains("Added by"), "{diary}");
    assert!(diary.contains(">diary.example.org</a>") && diary.contains("Language: fr"), "{diary}");
    assert!(row(&page, "A thing").contains("Added by <a href=\"/people/noor/\">noor</a>"));
    let open = row(&page, "Open day");
    assert!(open.contains("12 December 2026, 10 to 16") && open.contains("Rauma"), "{open}");
    let own = site.main("/links/diary/");
    assert!(own.contains(people), "{own}");
    let person = site.main("/people/mirela/");
    let runs = person.split("<h2>Runs elsewhere</h2>").nth(1).expect("what she runs");
    let runs = runs.split("</section>").next().unwrap_or_default();
    assert_eq!(runs.matches("<li").count(), 2, "{runs}");
    assert!(runs.contains("/links/diary/") && runs.contains("/links/group/"), "{runs}");
    assert!(!site.main("/people/noor/").contains("Runs elsewhere"));
    // Nothing stands on a page twice because its author runs it, too.
    let own =
        "=== content/links/a.md\n---\nurl: https://a.example.org/\nauthors: ana\nrun_by: ana\n---\n# A\n";
    let ana = crate::fixture::site(own).main("/people/ana/");
    assert_eq!(ana.matches("href=\"/links/a/\"").count(), 1, "{ana}");
}

#[test]
fn headlines_are_those_of_the_snapshot_as_text_and_no_others() {
    let site = built(&folder(FILES));
    let page = site.main("/links/");
    let diary = row(&page, "A clearing diary");
    assert!(diary.contains("Headlines of 12 November 2026"), "{diary}");
    assert!(
        diary.contains(
            "<a href=\"https://diary.example.org/leeks?a=1&amp;b=2\" rel=\"ugc nofollow noopener\" dir=\"auto\">\
             Leeks &lt;i&gt;in&lt;&#x2F;i&gt; the frost</a>"
        ) || diary.contains("Leeks &lt;i&gt;in&lt;/i&gt; the frost</a>"),
        "{diary}"
    );
    assert!(diary.contains("<time datetime=\"2026-11-10\">10 November 2026</time>"), "{diary}");
    assert!(diary.contains("مرحبا 🌱") && diary.contains("Undated") && !diary.contains("Fourth"), "{diary}");
    assert_eq!(diary.matches("dir=\"auto\"").count(), 3, "{diary}");
    assert!(
        !page.contains("javascript:") && !page.contains("Of another feed") && !page.contains("Of a hidden")
    );
    // The link's own page shows all that there is.
    let own = site.main("/links/diary/");
    assert!(own.contains("Fourth") && own.matches("dir=\"auto\"").count() == 4, "{own}");
    assert!(!site.main("/links/notes/").contains("Of another feed"));
    assert!(!site.page("/search/").contains("Leeks"));
}

#[test]
fn the_feeds_of_all_links_are_one_file_for_feed_readers() {
    let site = built(&folder(FILES));
    let opml = site.file("links.opml");
    assert_eq!(
        opml,
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<opml version=\"2.0\">\n<head>\n\
         <title>Feeds of Kiln &amp; friends</title>\n</head>\n<body>\n<outline text=\"Blogs\">\n\
         <outline type=\"rss\" text=\"Notes &amp; &quot;more&quot;\" title=\"Notes &amp; &quot;more&quot;\" \
         xmlUrl=\"https://notes.example.org/feed.json?a=1&amp;b=2\" htmlUrl=\"https://notes.example.org/\"/>\n\
         <outline type=\"rss\" text=\"A clearing diary\" title=\"A clearing diary\" \
         xmlUrl=\"https://diary.example.org/feed.xml\" htmlUrl=\"https://www.diary.example.org/\"/>\n\
         </outline>\n</body>\n</opml>\n"
    );
    assert!(site.main("/links/").contains("<a href=\"/links.opml\">"));
    let empty = crate::fixture::site("=== content/links/a.md\n---\nurl: https://a.example.org/\n---\n# A\n");
    assert!(!empty.has("links.opml") && !empty.main("/links/").contains("opml"));
}

#[test]
fn a_mention_has_the_companys_answer_or_waits_and_says_so_alike_wherever_it_stands() {
    let mut files = FILES.replace("title: Kiln", "decide: {floor: 1}\ntitle: Kiln");
    files.push_str("=== content/stories/s.md\n---\nauthors: ana\nsentiment: critical\n---\n# S\n");
    let built = built(&folder(&files));
    let page = built.main("/links/");
    let critical = built.main("/critical/");
    for (title, says) in [
        ("What I gave back", "Waiting since 21 October 2026."),
        ("What I kept", "The company answered on 22 October 2026."),
        ("The Valley Post", "The company answered."),
    ] {
        for page in [&page, &critical] {
            let rest = page.split(title).nth(1).unwrap_or_default();
            assert!(rest.split("<li>").next().unwrap_or_default().contains(says), "{title}: {page}");
        }
    }
    let waits = "No answer from the company yet. Waiting since 21 October 2026.";
    assert!(row(&page, "What I gave back").contains(waits));
    assert!(row(&page, "What I kept").contains("The company answered on 22 October 2026."));
    let answered = row(&page, "The Valley Post");
    assert!(
        answered.contains("The article is right.") && answered.contains("The company answered."),
        "{answered}"
    );
    assert!(built.main("/links/box/").contains(waits));
    assert!(
        !built.main("/links/post/").contains("Waiting") && !built.main("/links/box2/").contains("Waiting")
    );
    for address in ["/links/thing/", "/links/diary/"] {
        assert!(!built.main(address).contains("No answer"), "{address}");
    }
}

#[test]
fn many_links_stand_on_pages_in_the_same_order_and_each_group_says_where_it_begins() {
    let mut files = "=== longhouse.yaml\npage_size: 2\n".to_string();
    for (name, kind) in [("a", "group"), ("b", "blog"), ("c", "blog"), ("d", "mention"), ("e", "blog")] {
        files.push_str(&format!(
            "=== content/links/{name}.md\n---\nurl: https://{name}.example.org/\ntype: {kind}\n---\n# Link {name}\n"
        ));
    }
    let site = crate::fixture::site(&files);
    let found: Vec<_> = (1..=3)
        .map(|number| {
            let address = if number == 1 { "/links/".into() } else { format!("/links/page/{number}/") };
            groups(&site.main(&address))
        })
        .collect();
    let titles = |of: &[&str]| of.iter().map(|it| format!("Link {it}")).collect::<Vec<_>>();
    let group = |id: &str, of: &[&str]| (id.to_string(), titles(of));
    assert_eq!(
        found,
        [
            vec![group("blogs", &["b", "c"])],
            vec![group("blogs", &["e"]), group("groups", &["a"])],
            vec![group("mentions", &["d"])],
        ]
    );
    let first = site.main("/links/");
    for (url, count) in
        [("/links/#links-blogs", 3), ("/links/page/2/#links-groups", 1), ("/links/page/3/#links-mentions", 1)]
    {
        assert!(first.contains(&format!("<a href=\"{url}\">")), "{url}: {first}");
        let part = first.split(&format!("\"{url}\"")).nth(1).unwrap_or_default();
        assert!(part.split("</span>").next().unwrap_or_default().ends_with(&format!(">{count}")), "{part}");
    }
    assert!(!site.has("links/page/4/index.html"));
}

#[test]
fn a_site_without_links_and_one_with_a_single_link_have_a_page_too() {
    let none = crate::fixture::site("=== content/questions/a.md\n# A?\n");
    assert!(none.main("/links/").contains("Nothing here yet") || none.main("/links/").contains("0 entries"));
    let one = crate::fixture::site("=== content/links/a.md\n---\nurl: https://a.example.org/\n---\n# A\n");
    let page = one.main("/links/");
    assert_eq!(groups(&page), [("others".to_string(), vec!["A".to_string()])]);
    assert!(!page.contains("class=\"sorts\""), "{page}");
}

#[test]
fn a_snapshot_that_cannot_be_read_is_told_with_its_place() {
    let site = folder(
        "=== content/links/a.md\n---\nurl: https://a.example.org/\n---\n# A\n=== data/feeds/a.yaml\nfeed: x\nitmes: []\n",
    );
    let done =
        crate::fixture::command().args(["build", "--root"]).arg(site.root()).output().expect("it runs");
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!(done.status.code(), Some(2), "{said}");
    assert!(said.contains("data/feeds/a.yaml:2") && said.contains("items"), "{said}");
}
