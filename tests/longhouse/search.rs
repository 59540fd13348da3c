//! What search is told of a site: every page once, in its readers' words, and nothing of what is hidden.

use std::path::Path;

use longhouse::search::{IncrementalIndex, IndexUpdate, documents, in_memory, index};
use longhouse::site::Visibility;
use longhouse::source::{LoadOptions, load};
use longhouse_search::pack::{Manifest, Pack};
use longhouse_search::{Index, Request};

use crate::fixture::{Folder, folder};

#[test]
fn a_document_holds_the_wordings_the_answers_and_their_anchors() {
    let folder = folder(
        "\
=== longhouse.yaml
base_url: https://x.example/help/
products: [{id: app, name: App}]
=== content/questions/billing/invoice.md
---
also_asked: [Where is my bill?]
accepted: ben
products: [app]
---
# Where is my invoice?
I looked everywhere.
=== content/questions/billing/invoice/ana.md
In the drawer.
=== content/questions/billing/invoice/ben.md
In the **mail**.
=== content/questions/bill.md
---
duplicate_of: invoice
---
# Who has my bill?
Not me.
=== content/how-tos/h.md
# Print it
## Steps
Press the button.
=== content/questions/gone.md
---
status: hidden
---
# Gone
=== content/people/ana.md
---
listed: false
---
Secretive.
=== content/people/ben.md
---
expert_in: [printers]
---
",
    );
    let sources = folder.load();
    let (site, _) = longhouse::understand(&sources, Visibility::default(), &|_| {});
    let documents = documents(&site);
    let urls: Vec<&str> = documents.iter().map(|it| it.url.as_str()).collect();
    assert_eq!(urls, ["/help/questions/invoice/", "/help/how-tos/h/", "/help/people/ben/"]);
    let invoice = &documents[0];
    assert_eq!(invoice.alternatives, ["Where is my bill?", "Who has my bill?"]);
    assert_eq!((invoice.tags.as_slice(), invoice.answered), (["billing".to_string()].as_slice(), true));
    let passages: Vec<(&str, &str, bool)> =
        invoice.passages.iter().map(|it| (it.anchor.as_str(), it.text.trim(), it.accepted)).collect();
    assert_eq!(
        passages,
        [
            ("", "I looked everywhere.", false),
            ("answer-ben", "In the mail.", true),
            ("answer-ana", "In the drawer.", false),
            ("asked-bill", "Not me.", false)
        ]
    );
    assert!(documents[1].passages[0].text.contains("Press the button."));
    assert!(documents[2].passages[0].text.contains("printers"));
}

#[test]
fn a_hit_names_who_wrote_it_with_what_is_disclosed() {
    let folder = folder(
        "\
=== longhouse.yaml
title: Acme
=== content/questions/a.md
---
authors: ben
---
# A
=== content/questions/a/ana.md
---
made_with: ai
---
Yes.
=== content/stories/b.md
---
sponsored: Clay Ltd
---
# B
=== content/people/ana.md
---
affiliation: works for Acme
---
# Ana
",
    );
    let (site, _) = longhouse::understand(&folder.load(), Visibility::default(), &|_| {});
    let documents = documents(&site);
    let by: Vec<&str> = documents.iter().flat_map(|it| &it.passages).map(|it| it.by.as_str()).collect();
    let expected = ["ben", "Ana (works for Acme, written with AI)", "Acme (sponsored by Clay Ltd)", ""];
    assert_eq!(by, expected);
}

#[test]
fn the_index_follows_edits_and_is_always_that_of_a_clean_build() {
    let folder = folder(
        "\
=== longhouse.yaml
title: X
=== content/questions/invoice.md
# Where is my invoice?
I looked everywhere.
=== content/questions/invoice/ben.md
In the mail.
=== content/how-tos/print.md
# Print it
Press the button.
",
    );
    let mut follower = IncrementalIndex::new();
    let first = follow(&folder, &mut follower);
    assert_eq!(found(&first, "invoice"), ["/questions/invoice/"]);
    assert_eq!(found(&first, "drawer"), [""; 0]);
    assert_eq!(first.changed.len(), first.files.len());

    let same = follow(&folder, &mut follower);
    assert!(same.changed.is_empty() && same.gone.is_empty() && same.files == first.files);

    folder.write("content/questions/invoice/ben.md", "In the drawer.");
    let edited = follow(&folder, &mut follower);
    assert_eq!(found(&edited, "drawer"), ["/questions/invoice/#answer-ben"]);
    assert_eq!(found(&edited, "mail"), [""; 0]);
    assert!(edited.changed.contains(&"search/index.json".to_owned()));
    assert!(edited.changed.iter().all(|path| edited.files.contains_key(path)));
    assert!(edited.gone.iter().all(|path| same.files.contains_key(path) && !edited.files.contains_key(path)));

    folder.write("content/how-tos/new.md", "# Open a drawer\nPull.\n");
    folder.write("content/people/ben.md", "---\nname: Benedikt\n---\n");
    let added = follow(&folder, &mut follower);
    assert_eq!(found(&added, "drawer"), ["/how-tos/new/", "/questions/invoice/#answer-ben"]);

    folder.write("longhouse.yaml", "title: X\nlanguage: de\n");
    follow(&folder, &mut follower);
    folder.write("longhouse.yaml", "title: X\nsearch: {enabled: false}\n");
    let sources = folder.load();
    let (site, _) = longhouse::understand(&sources, Visibility::default(), &|_| {});
    let none = follower.look(&site);
    let none = follower.make(&none, &|| false).expect("nothing to make").expect("not stopped");
    assert!(none.files.is_empty() && !none.gone.is_empty());
}

#[test]
fn an_index_that_nobody_waits_for_is_not_finished() {
    let folder = folder("=== longhouse.yaml\ntitle: X\n=== content/questions/a.md\n# A\nWord.\n");
    let mut follower = IncrementalIndex::new();
    let sources = folder.load();
    let (site, _) = longhouse::understand(&sources, Visibility::default(), &|_| {});
    let look = follower.look(&site);
    assert!(follower.make(&look, &|| true).expect("no error").is_none());
    assert_eq!(found(&follow(&folder, &mut follower), "word"), ["/questions/a/"]);
}

/// The index of the folder as it is now, which is that of a build.
fn follow(folder: &Folder, follower: &mut IncrementalIndex) -> IndexUpdate {
    let sources = folder.load();
    let (site, _) = longhouse::understand(&sources, Visibility::default(), &|_| {});
    let look = follower.look(&site);
    let renewed = follower.make(&look, &|| false).expect("it can be made").expect("nobody stopped it");
    assert!(*renewed.files == index(&site).expect("it can be made"), "the same as a build makes");
    renewed
}

/// The addresses that a search in the published files finds.
fn found(renewed: &IndexUpdate, query: &str) -> Vec<String> {
    let files = renewed.files.clone();
    let manifest = Manifest::from_json(&files["search/index.json"]).expect("a manifest");
    let fetch = move |number| Ok(files[&manifest.piece(number)].to_vec());
    let index = Index::open(Pack::fetching(Box::new(fetch)).expect("a pack")).expect("an index");
    let request = Request { query: query.to_owned(), limit: 10, ..Request::default() };
    index.search(&request).expect("an answer").into_iter().map(|hit| hit.url).collect()
}

/// What is typed as it stands over a page finds that page first, whatever else has its words; so does any other wording of
/// its question.
#[test]
fn an_exact_title_is_always_first() {
    let mut asked = 0;
    for name in ["example-site", "docs"] {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        let sources = load(&root, &LoadOptions::default()).expect("the site can be read");
        let (site, _) = longhouse::understand(&sources, Visibility::default(), &|_| {});
        let documents = documents(&site);
        let index = Index::open(in_memory(&site).expect("it can be made")).expect("it opens");
        let mut wrong = Vec::new();
        for document in &documents {
            for title in std::iter::once(&document.title).chain(&document.alternatives) {
                let request = Request { query: title.clone(), limit: 3, ..Request::default() };
                let hits = index.search(&request).expect("no question fails");
                let first = hits.first().map(|hit| hit.url.split('#').next().unwrap_or_default());
                let is_it = |url: &str| {
                    let same =
                        documents.iter().filter(|it| it.title == *title || it.alternatives.contains(title));
                    same.into_iter().any(|it| it.url == url)
                };
                asked += 1;
                if !first.is_some_and(is_it) {
                    wrong.push(format!("{title}: {first:?} instead of {}", document.url));
                }
            }
        }
        assert!(wrong.is_empty(), "{name}:\n{}", wrong.join("\n"));
    }
    assert!(asked > 200, "{asked}");
}
