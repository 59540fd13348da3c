//! `longhouse verify`: whether what is published is what the files say, and edits are followed rightly.

use std::collections::BTreeMap;
use std::fs;
use std::process::Output;
use std::sync::Arc;

use longhouse::site::Visibility;
use longhouse::verify::{Difference, Edit, Verifier};

use crate::fixture::{Folder, folder};

const SITE: &str = "\
=== longhouse.yaml
base_url: https://x.example/
=== GUIDELINES.md
# Rules
See [a](content/questions/a.md#steps).
=== content/questions/a.md
---
tags: [one]
---
# How does it work?
It works.
## Steps
One.
=== content/questions/a/ben.md
So.
=== content/questions/b.md
# And this?
[Like a](a.md#steps).
=== content/stories/s.md
---
customer: ana
authors: ana
---
# A story
";

fn verify(site: &Folder, arguments: &[&str]) -> (i32, String, String) {
    let mut command = crate::fixture::command();
    let Output { status, stdout, stderr } =
        command.arg("--root").arg(site.root()).args(arguments).output().expect("the command runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (status.code().unwrap_or(-1), text(stdout), text(stderr))
}

#[test]
fn a_published_site_is_compared_with_what_a_build_makes() {
    let site = folder(SITE);
    assert_eq!(verify(&site, &["build", "--quiet"]).0, 0);
    let (code, out, err) = verify(&site, &["verify", "--edits", "0"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("matches a fresh build of the current files"), "{out}");

    let page = site.root().join("public/questions/a/index.html");
    let text = fs::read_to_string(&page).expect("a page");
    fs::write(&page, text.replace("It works.", "It never works."))
        .expect("somebody edits the published page");
    fs::remove_file(site.root().join("public/feed.xml")).expect("a feed");
    site.write("public/hello.html", "Hello");
    let (code, _, err) = verify(&site, &["verify", "--edits", "0", "--quiet"]);
    assert_eq!(code, 1);
    for named in ["questions/a/index.html", "feed.xml", "hello.html"] {
        assert!(err.lines().any(|line| line.trim() == named), "{named}: {err}");
    }

    assert_eq!(verify(&site, &["build", "--quiet"]).0, 0);
    assert_eq!(verify(&site, &["verify", "--edits", "0"]).0, 0);
    assert_eq!(verify(&site, &["verify", "--edits", "0", "--base-url", "https://y.example/"]).0, 1);
    site.write("content/questions/b.md", "# And this?\nEdited since.\n");
    let (code, _, err) = verify(&site, &["verify", "--edits", "0"]);
    assert_eq!(code, 1);
    assert!(err.contains("questions/b/index.html"), "{err}");
}

#[test]
fn a_folder_that_holds_no_site_is_refused_and_without_one_edits_are_tried() {
    let site = folder(SITE);
    assert_eq!(verify(&site, &["verify", "--output", "/nowhere"]).0, 2);
    let before = read(&site);
    let (code, out, err) = verify(&site, &["verify", "--edits", "16", "--seed", "3"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("16 edits on 4 files"), "{out}");
    assert_eq!(read(&site), before, "no file is written");
}

#[test]
fn every_sort_of_edit_is_tried_on_every_file_and_changes_the_site() {
    let sources = folder(SITE).load();
    let mut verifier = Verifier::begin(Arc::clone(&sources), Visibility::default()).expect("a site");
    assert_eq!(verifier.difference(), Difference::default());
    assert_eq!(verifier.edits(20, 5), verifier.edits(20, 5));
    assert_ne!(verifier.edits(20, 5), verifier.edits(20, 6));
    let mut rendered: BTreeMap<Edit, usize> = BTreeMap::new();
    for document in &sources.documents {
        for edit in Edit::ALL {
            let tried = verifier.attempt(edit, &document.path).expect("a site");
            assert!(tried.after.is_empty() && tried.restored.is_empty(), "{tried:#?}");
            *rendered.entry(edit).or_default() += tried.rendered;
        }
    }
    assert!(Edit::ALL.iter().all(|edit| rendered[edit] > 0), "{rendered:?}");
}

fn read(site: &Folder) -> BTreeMap<String, Vec<u8>> {
    let files = walkdir::WalkDir::new(site.root()).into_iter().map(|entry| entry.expect("an entry"));
    files
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| (entry.path().display().to_string(), fs::read(entry.path()).expect("a file")))
        .collect()
}
