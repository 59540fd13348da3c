//! What somebody could try with a text, and with a delivery on its way from one job to the other.

use std::collections::{BTreeMap, BTreeSet};

use longhouse::receive::input::From;
use longhouse::receive::{Received, delivery};
use proptest::prelude::*;
use serde_json::Value;

use super::{SITE, issue, site, take, take_on, text};
use crate::fixture::folder;

#[test]
fn a_text_says_nothing_but_what_it_says() {
    for (title, body) in [
        ("Hello\n::set-output name=x::y", "::add-mask::x\n\n::set-env name=PATH::/tmp"),
        ("${{ github.token }} `id` $(id)", "${{ secrets.TOKEN }}\n\n{{ 7*7 }} {% raw %}"),
        (
            "@everyone @acme/all fixes #1, GH-2, acme/kb#3",
            "@everyone\n\nfixes #1 closes https://github.com/acme/kb/issues/1",
        ),
        ("<script>alert(1)</script>", "<script>alert(1)</script>\n\n<img src=x onerror=alert(1)>"),
        ("a\u{202e}txt.exe\u{0}\u{1b}[31m", "a\u{202e}b\u{0}c\u{1b}[31m\u{200b}"),
        ("---\ntitle: x\n---", "---\nstatus: published\naccepted: self\nscore: 1000\n---\n\nText"),
        ("../../.github/workflows/x", "New file: `content/../.github/workflows/x.md`\n\n```\non: push\n```"),
        (
            "x",
            "New file: `.github/workflows/x.md`\n\n```markdown\n---\nrole: staff\nresponse: true\naliases: [/]\nslug: ../x\nredirect_from: /\npermalink: /\nstate: shipped\nconsent: yes, me, today\nconfirmed_by: [a]\nsupporters: [a]\ndate: 2000-01-01\nupdated: 2000-01-01\nverified_on: 2000-01-01\nstatus: locked\nreason: x\naccepted: self\nscore: 9\nweight: 1\nmenu: true\n---\n# All of them\n\nText\n```",
        ),
        (
            "x",
            "New file: `content/questions/x.md`\n\n```markdown\n---\ntags: &a [*a, *a]\n---\n# Bomb\n\nText\n```",
        ),
        ("Con", "AUX"),
        ("```` markdown", "``````\n`````\n@ana"),
    ] {
        let received = take(From::Github, &issue(title, body));
        let (path, text) = text(&received);
        assert!(path.starts_with("content/questions/") && path.matches('/').count() == 2, "{path}");
        assert!(!text.contains(['\0', '\u{1b}', '\u{202e}']), "{text:?}");
        let file = |name: &str| String::from_utf8(received.files[name].clone()).expect("text");
        for name in ["title", "message"] {
            let said = file(name);
            let said = said.replace("Co-authored-by: ana <42+ana@users.noreply.github.com>", "");
            assert!(
                !said.contains("@e") && !said.contains("#1") && !said.contains("::") && !said.contains("://"),
                "{said}"
            );
            assert!(!said.contains(|c: char| c.is_control() && c != '\n'), "{said:?}");
        }
        assert_eq!(file("title").lines().count(), 1);
        let front = text.split("---\n").nth(1).expect("front matter");
        let names: Vec<&str> = front.lines().filter_map(|line| line.split(':').next()).collect();
        assert!(names.iter().all(|name| ["tags", "authors"].contains(name)), "{front}");
    }
}

#[test]
fn every_field_that_stays_or_goes_is_told() {
    let fields = "title: T\ntags: [a]\nversions: [4.10]\nrole: staff\nresponse: true\naliases: [/x]\nslug: y\nstate: open\nconsent: yes\ndate: 2026-01-01\nstatus: published\nconfirms: ben\ntime: 5 minutes\nmade_up: 1";
    let body = format!("New file: `content/questions/x.md`\n\n```markdown\n---\n{fields}\n---\n\nText\n```");
    let received = take(From::Github, &issue("x", &body.replace("confirms: ben\n", "")));
    let (_, text) = text(&received);
    assert!(text.starts_with("---\ntags: [a]\nversions: [\"4.10\"]\nauthors: [ana]\n---\n# T\n"), "{text}");
    let dropped: BTreeSet<&str> = received.report.dropped.iter().map(|it| it.field.as_str()).collect();
    let all =
        ["aliases", "consent", "date", "made_up", "response", "role", "slug", "state", "status", "time"];
    assert_eq!(dropped, BTreeSet::from(all));
}

/// A delivery of ours with one thing changed.
fn tampered(change: impl Fn(&mut BTreeMap<String, Vec<u8>>)) -> Result<delivery::Commit, String> {
    let folder = folder(SITE);
    let site = site(&folder.load());
    let mut files = take(From::Github, &issue("Is it hot?", "Very.")).files;
    change(&mut files);
    delivery::check(&site, &files)
}

fn in_report(files: &mut BTreeMap<String, Vec<u8>>, change: impl Fn(&mut Value)) {
    let mut report: Value = serde_json::from_slice(&files["report.json"]).expect("JSON");
    change(&mut report);
    files.insert("report.json".to_owned(), report.to_string().into_bytes());
}

const DOCUMENT: &str = "files/content/questions/is-it-hot.md";

/// Puts the text at another path, and says so in the report.
fn moved(files: &mut BTreeMap<String, Vec<u8>>, path: &str) {
    let text = files.remove(DOCUMENT).expect("the file");
    files.insert(format!("files/{path}"), text);
    in_report(files, |report| report["files"] = serde_json::json!([path]));
}

#[test]
fn nothing_of_a_delivery_is_believed() {
    assert!(tampered(|_| {}).is_ok());
    for path in [
        ".github/workflows/x.md",
        "content/../.github/x.md",
        "../x.md",
        "/etc/x.md",
        "longhouse.yaml",
        "GUIDELINES.md",
        "themes/x.md",
        "content/questions/index.md",
        "content/questions/_index.md",
        "content/questions/reset/index.md",
        "content/questions/.hidden/x.md",
        "content/questions/a/b/c/d.md",
        "content/questions/reset.md",
        "content/questions/RESET.md",
        "content/announcements/x.md",
        "content/people/ana/x.yml",
        "content/pages/x.md",
        "content/x.md",
        "content/questions/x.html",
        "content/questions/$(id).md",
        "content/questions/a\nb.md",
    ] {
        assert!(tampered(|files| moved(files, path)).is_err(), "{path}");
    }
    let set = |name: &'static str, text: &'static str| {
        tampered(move |files| drop(files.insert(name.to_owned(), text.as_bytes().to_vec())))
    };
    for (name, text) in [
        ("extra", "x"),
        ("files/content/questions/other.md", "---\nauthors: [ana]\n---\nx"),
        ("files/.git/config", "x"),
        ("title", "Another\n"),
        ("message", "Another\n\nCo-authored-by: mia <1+mia@users.noreply.github.com>\n"),
        ("body.md", "@everyone"),
        ("body.md", "closes #1"),
        ("body.md", "<img src=x>"),
        ("body.md", "![x](https://x.example.org/)"),
        ("report.json", "{}"),
        ("report.json", "not json"),
        (DOCUMENT, "no front matter"),
        (DOCUMENT, "---\nauthors: [mia]\n---\n# x\n"),
        (DOCUMENT, "---\nauthors: [ana, mia]\n---\n# x\n"),
        (DOCUMENT, "---\nauthors: [ana]\nstatus: locked\n---\n# x\n"),
        (DOCUMENT, "---\nauthors: [ana]\naliases: [/]\n---\n# x\n"),
        (DOCUMENT, "---\nauthors: [ana]\nunknown: 1\n---\n# x\n"),
        (DOCUMENT, "---\nauthors: [ana]\n---\n# x\n\nme@acme.io\n"),
        (DOCUMENT, "---\nauthors: [ana]\n---\n# x\n\n\u{202e}\n"),
        (DOCUMENT, "---\nauthors: [ana]\ntags: [a\n---\n# x\n"),
    ] {
        assert!(set(name, text).is_err(), "{name}: {text}");
    }
    assert!(tampered(|files| drop(files.remove("report.json"))).is_err());
    assert!(tampered(|files| drop(files.remove(DOCUMENT))).is_err());
    for (pointer, value) in [
        ("/version", serde_json::json!(2)),
        ("/title", serde_json::json!("a\nb")),
        ("/title", serde_json::json!("fixes #1")),
        ("/branch", serde_json::json!("main")),
        ("/digest", serde_json::json!("0000000000000000")),
        ("/author/login", serde_json::json!("mia")),
        ("/author/login", serde_json::json!("ana>\nCo-authored-by: mia <mia@acme.io")),
        ("/author/address", serde_json::json!("mia@acme.io")),
        ("/author/handle", serde_json::json!("mia")),
        ("/source/url", serde_json::json!("https://github.com/acme/kb/issues/1 @everyone")),
        ("/source/from", serde_json::json!("x\ny")),
        ("/status", serde_json::json!("refused")),
        ("/more", serde_json::json!(1)),
    ] {
        let changed = tampered(|files| {
            in_report(files, |report| match report.pointer_mut(pointer) {
                Some(place) => *place = value.clone(),
                None => drop(
                    report.as_object_mut().expect("an object").insert(pointer[1..].to_owned(), value.clone()),
                ),
            });
        });
        assert!(changed.is_err(), "{pointer}: {value}");
    }
}

#[test]
fn a_picture_is_what_it_seems_or_nothing_is_taken() {
    let with = |name: &'static str, bytes: Vec<u8>| {
        tampered(move |files| {
            files.insert(format!("files/content/questions/{name}"), bytes.clone());
            let text = format!("---\nauthors: [ana]\n---\n# Is it hot?\n\n![x]({name})\n");
            files.insert(DOCUMENT.to_owned(), text.into_bytes());
            in_report(files, |report| {
                report["files"] = serde_json::json!([
                    "content/questions/is-it-hot.md",
                    format!("content/questions/{name}")
                ]);
            });
        })
    };
    let png = super::letters::png();
    for name in ["is-it-hot-00000000.png", "x.png", "is-it-hot-00000000.svg", "is-it-hot.exe"] {
        assert!(with(name, png.clone()).is_err(), "{name}");
    }
    assert!(with("is-it-hot-00000000.png", b"<svg onload=alert(1)>".to_vec()).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// Whatever is in an issue, we take what we make of it, and it lies where it may.
    #[test]
    fn what_is_made_of_any_text_can_be_applied(
        title in "[ -~\u{0}\u{a0}-\u{ff}\u{202e}\u{4e00}\n]{0,40}",
        body in "([ -~\n]{0,30}|```\n|### Details\n|\n---\n|# x\n|@ana |<!--|`content/questions/a.md`\n){0,12}",
    ) {
        let received: Received = take_on(SITE, From::Github, &issue(&title, &body), None, &BTreeSet::new());
        if let Some(path) = received.report.files.first() {
            prop_assert!(path.starts_with("content/") && path.split('/').all(|part| part != ".."), "{path}");
        }
    }
}
