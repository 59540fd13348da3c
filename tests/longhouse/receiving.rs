//! What people send in becomes a page: issues in every language, what the page for writing makes, forms and files; and
//! what is not taken.

#[path = "receiving/applying.rs"]
mod applying;
#[path = "receiving/fetching.rs"]
mod fetching;
#[path = "receiving/hostile.rs"]
mod hostile;
#[path = "receiving/letters.rs"]
mod letters;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use longhouse::receive::form::{FORMS, FormField, Input};
use longhouse::receive::input::{From, Trouble};
use longhouse::receive::report::Status;
use longhouse::receive::{MAX_LINKS, Options, Reason, Received, delivery, receive};
use longhouse::site::{Site, Visibility};
use longhouse::source::Sources;
use longhouse::words::Words;
use serde_json::json;

use crate::fixture::folder;

pub(crate) const SITE: &str = "\
=== longhouse.yaml
title: Kiln people
base_url: https://kb.example.com/community/
repository: https://github.com/acme/kb
team: {mia: staff}
=== content/questions/reset.md
# How do I reset the kiln?

It is stuck.
=== content/questions/reset/ben.md
Press the red button for ten seconds.
=== content/questions/firing/cracks.md
# Why does it crack?

Always.
=== content/questions/closed.md
---
status: locked
---
# Is this closed?

Yes.
=== content/how-tos/clean.md
# How to clean the kiln

## Steps

1. Wait until it is cold.
=== content/ideas/dark.md
# A dark mode

Please.
=== content/stories/first.md
# Our first year

It went well.
=== content/people/ana.md
# Ana Silva
";

pub(crate) fn site(sources: &Arc<Sources>) -> Site {
    longhouse::understand(sources, Visibility { drafts: true, preview: true }, &|_| {}).0
}

/// What becomes of an input on the site above.
pub(crate) fn take(from: From, input: &[u8]) -> Received {
    take_on(SITE, from, input, None, &BTreeSet::new())
}

pub(crate) fn take_on(
    files: &str,
    from: From,
    input: &[u8],
    path: Option<&str>,
    open: &BTreeSet<String>,
) -> Received {
    let folder = folder(files);
    let sources = folder.load();
    let site = site(&sources);
    let sent = match from.read(input, path) {
        Ok(sent) => sent,
        Err(Trouble::Refused(refusal)) => {
            return longhouse::receive::refused(&longhouse::receive::input::blank(from), &refusal);
        }
        Err(Trouble::Unreadable(why)) => panic!("{why}"),
    };
    let options = Options { max_links: MAX_LINKS, open: open.clone(), fetch: None, similar: &|_| Vec::new() };
    let received = receive(&site, &sent, &options);
    // Whatever we make, we take ourselves; and nothing is made that leads out of the content.
    match delivery::check(&site, &received.files)
        .unwrap_or_else(|why| panic!("{why}\n{:#?}", received.report))
    {
        delivery::Checked::Commit(commit) => {
            assert!(
                commit.files.keys().all(|path| path.starts_with("content/")),
                "{:?}",
                commit.files.keys()
            );
        }
        delivery::Checked::Refused(_) => assert_eq!(received.report.status, Status::Refused),
    }
    received
}

/// The event of GitHub about an issue of Ana's.
pub(crate) fn issue(title: &str, body: &str) -> Vec<u8> {
    json!({
        "action": "opened",
        "issue": {
            "number": 12, "title": title, "body": body, "html_url": "https://github.com/acme/kb/issues/12",
            "user": {"login": "ana", "id": 42, "type": "User", "site_admin": false},
            "labels": [{"name": "question"}],
        },
        "sender": {"login": "mallory"},
    })
    .to_string()
    .into_bytes()
}

/// The file that was made.
pub(crate) fn text(received: &Received) -> (String, String) {
    let found = received.files.iter().find(|(path, _)| path.starts_with("files/") && path.ends_with(".md"));
    let (path, bytes) = found.unwrap_or_else(|| panic!("no file: {:?}", received.report.refused));
    (path["files/".len()..].to_owned(), String::from_utf8(bytes.clone()).expect("text"))
}

fn reason(received: &Received) -> Option<Reason> {
    received.report.refused.as_ref().map(|it| it.reason)
}

/// What GitHub makes of a form that was filled in.
fn filled(words: &Words, fields: &[FormField], value: impl Fn(&FormField) -> String) -> String {
    let sections = fields.iter().map(|field| {
        let value = value(field);
        let value = if value.is_empty() { "_No response_".to_owned() } else { value };
        format!("### {}\r\n\r\n{value}", words.get(field.label))
    });
    sections.collect::<Vec<_>>().join("\r\n\r\n")
}

#[test]
fn every_form_in_every_language_makes_a_page_without_errors() {
    for language in ["en", "de", "fr", "es", "ar"] {
        let words = Words::load(language, &BTreeMap::new(), "").expect("no mistakes");
        for form in FORMS {
            let target = match form.name {
                "support" => "https://kb.example.com/community/ideas/dark/",
                _ => "https://kb.example.com/community/questions/reset/#answer-ben",
            };
            let body = filled(&words, form.fields, |field| match (field.name, field.input) {
                ("to", _) => target.to_owned(),
                ("customer", _) => String::new(),
                (_, Input::Choice(choices)) => words.get(choices[2].1).to_owned(),
                (name, Input::Line) => format!("one {name}"),
                (name, Input::Text) => format!("Text of {name}.\r\n\r\nAnd *more*."),
            });
            let received = take(From::Github, &issue("Why is it so hot?", &body));
            let (path, text) = text(&received);
            assert_eq!(
                received.report.status,
                Status::Written,
                "{language} {}: {:?}",
                form.name,
                received.problems
            );
            assert_eq!(received.report.sort, form.name, "{language}: {text}");
            assert!(text.contains("authors: [ana]") && !text.contains("_No response_"), "{text}");
            for field in form.fields.iter().filter(|it| it.input == Input::Text) {
                assert!(
                    text.contains(&format!("Text of {}.\n", field.name)),
                    "{language} {}: {text}",
                    form.name
                );
            }
            let expected = match form.name {
                "support" => "content/ideas/dark/ana.md",
                "answer" | "confirm" | "comment" => "content/questions/reset/ana.md",
                "story" => "content/stories/why-is-it-so-hot.md",
                "how-to" => "content/how-tos/why-is-it-so-hot.md",
                "idea" => "content/ideas/why-is-it-so-hot.md",
                _ => "content/questions/why-is-it-so-hot.md",
            };
            assert_eq!(path, expected, "{language} {}", form.name);
            match form.name {
                "confirm" => assert!(
                    text.contains("confirms: ben\n") && text.contains("version: one version"),
                    "{text}"
                ),
                "comment" => assert!(text.contains("comment: true\non: ben\n"), "{text}"),
                "support" => assert!(text.contains("supports: true\n")),
                "story" => assert!(text.contains("sentiment: critical\n") && text.contains("## "), "{text}"),
                "how-to" => assert!(text.contains("level: one level") && text.contains("## "), "{text}"),
                _ => {}
            }
        }
    }
}

#[test]
fn the_first_heading_of_a_label_wins_and_others_are_text() {
    let body = "### Which question are you answering?\n\nreset\n\n### Your answer\n\nDo this:\n\n```\n### Your answer\n\ncode\n```\n\n\
                ### Which question are you answering?\n\nclosed\n\n### Your answer\n\nagain";
    let (path, text) = text(&take(From::Github, &issue("x", body)));
    assert_eq!(path, "content/questions/reset/ana.md");
    assert!(text.contains("### Your answer\n\ncode\n```"), "{text}");
    assert!(text.contains("closed") && text.trim_end().ends_with("again"), "nothing is lost: {text}");
}

#[test]
fn a_block_of_code_that_nobody_closed_swallows_no_field() {
    let body = "### What was wrong or missing?\n\n```\nlog\n\n### Why did you choose this?\n\nIt was there.\n\n\
                ### What was the result? Include the bad as well as the good. Numbers help.\n\nGood.";
    let (path, text) = text(&take(From::Github, &issue("Our year", body)));
    assert_eq!(path, "content/stories/our-year.md");
    assert!(
        text.contains("```\nlog\n```\n\n## Why\n\nIt was there.") || text.contains("It was there."),
        "{text}"
    );
    assert_eq!(text.matches("```").count() % 2, 0, "{text}");
}

#[test]
fn what_the_page_for_writing_makes_becomes_the_same_file() {
    let file = "---\ntags: [raku]\nauthors: [somebody]\nstatus: published\n---\n# Why is it so *hot*?\n\nLook:\n\n```text\na `` b\n```\n";
    let body = format!(
        "New file: `content/questions/firing/../../../x.md` `content/questions/firing/hot.md`\r\n\r\n````markdown\r\n{file}````\r\n"
    );
    let received = take(From::Github, &issue("Why is it so hot?", &body));
    let (path, text) = text(&received);
    assert_eq!(
        path, "content/questions/why-is-it-so-hot.md",
        "a path that leads elsewhere is not used at all"
    );
    assert_eq!(
        text,
        "---\ntags: [raku]\nauthors: [ana]\n---\n# Why is it so hot?\n\nLook:\n\n```text\na `` b\n```\n"
    );
    let dropped: Vec<&str> = received.report.dropped.iter().map(|it| it.field.as_str()).collect();
    assert_eq!(dropped, ["authors", "status"]);
    let body = format!(
        "New file: `content/questions/firing/hot.md`\n\n````markdown\n{file}````\n\n![p](https://github.com/user-attachments/assets/1)"
    );
    let (path, text) = self::text(&take(From::Github, &issue("x", &body)));
    assert_eq!(path, "content/questions/firing/why-is-it-so-hot.md", "a topic that is there is kept");
    assert!(text.trim_end().ends_with("![p](https://github.com/user-attachments/assets/1)"), "{text}");
}

#[test]
fn a_reply_of_the_page_for_writing_goes_to_its_question() {
    for (path, file, expected, says) in [
        (
            "content/questions/reset/somebody.md",
            "Turn it off and on.\n",
            "content/questions/reset/ana.md",
            "Turn it off",
        ),
        (
            "content/questions/reset/somebody.md",
            "---\nconfirms: ben\nversion: \"4.10\"\n---\n",
            "content/questions/reset/ana.md",
            "version: \"4.10\"",
        ),
        (
            "content/questions/reset/somebody.md",
            "---\ncomment: true\n---\n\nNice.\n",
            "content/questions/reset/ana.md",
            "comment: true",
        ),
        (
            "content/ideas/dark/somebody.md",
            "---\nsupports: true\n---\n",
            "content/ideas/dark/ana.md",
            "supports: true",
        ),
        (
            "content/how-tos/clean/somebody.md",
            "---\nconfirms: self\n---\n",
            "content/how-tos/clean/ana.md",
            "confirms: self",
        ),
    ] {
        let body = format!("New file: `{path}`\n\n```markdown\n{file}```\n");
        let received = take(From::Github, &issue("x", &body));
        let (path, text) = text(&received);
        assert_eq!(path, expected);
        assert!(text.contains(says), "{text}");
        assert_eq!(received.report.status, Status::Written, "{:?}", received.problems);
    }
}

#[test]
fn whatever_has_no_form_is_a_question() {
    let (path, text) = text(&take(From::Github, &issue("Does it need gas?", "I only have power.")));
    assert_eq!(path, "content/questions/does-it-need-gas.md");
    assert_eq!(text, "---\nauthors: [ana]\n---\n# Does it need gas?\n\nI only have power.\n");
    let received = take(From::Github, &issue("Does it need gas?", ""));
    assert_eq!(received.report.status, Status::Written, "a question may be all there is to say");
    let (_, text) =
        self::text(&take(From::Github, &issue("Look", "![x](https://github.com/user-attachments/assets/7)")));
    assert!(text.contains("![x]("));
    assert_eq!(reason(&take(From::Github, &issue("Hm", " \n"))), Some(Reason::Empty));
}

#[test]
fn names_that_are_taken_get_a_number() {
    let received = take(From::Github, &issue("Reset", "What is it?"));
    assert_eq!(text(&received).0, "content/questions/reset--2.md");
    // The name of a folder would make a question of a topic.
    assert_eq!(
        text(&take(From::Github, &issue("Firing", "What is it?"))).0,
        "content/questions/firing--2.md"
    );
    assert_eq!(text(&take(From::Github, &issue("???", "What is it?"))).0, "content/questions/what-is-it.md");
    let answer = issue("x", "### Which question are you answering?\n\nreset\n\n### Your answer\n\nThis.");
    let with_ana = format!("{SITE}=== content/questions/reset/ana.md\nFirst.\n");
    assert_eq!(
        text(&take_on(&with_ana, From::Github, &answer, None, &BTreeSet::new())).0,
        "content/questions/reset/ana--2.md"
    );
}

#[test]
fn a_target_is_found_however_it_is_named() {
    for (to, expected) in [
        ("https://kb.example.com/community/questions/reset/", Some("content/questions/reset/ana.md")),
        (
            "http://kb.example.com/community/questions/reset/#answer-ben",
            Some("content/questions/reset/ana.md"),
        ),
        (
            "https://github.com/acme/kb/blob/main/content/questions/reset.md",
            Some("content/questions/reset/ana.md"),
        ),
        (
            "https://github.com/acme/kb/blob/main/content/questions/reset/ben.md",
            Some("content/questions/reset/ana.md"),
        ),
        ("/questions/reset/", Some("content/questions/reset/ana.md")),
        ("questions/reset.md", Some("content/questions/reset/ana.md")),
        ("reset", Some("content/questions/reset/ana.md")),
        ("How do I reset the kiln?", Some("content/questions/reset/ana.md")),
        (
            "[How](https://kb.example.com/community/questions/cracks/)",
            Some("content/questions/firing/cracks/ana.md"),
        ),
        ("https://elsewhere.example.com/questions/reset/", None),
        ("https://kb.example.com/community/questions/nothing/", None),
        ("../../.github/workflows/x.yml", None),
        ("", None),
    ] {
        let body = format!("### Which question are you answering?\n\n{to}\n\n### Your answer\n\nThis.");
        let received = take(From::Github, &issue("x", &body));
        match expected {
            Some(path) => assert_eq!(text(&received).0, path, "{to}"),
            None => assert_eq!(reason(&received), Some(Reason::Target), "{to}"),
        }
    }
    // The only answer is the one that worked; where there is none, nobody knows which.
    let (_, made) = text(&take(From::Form, b"kind=confirm&to=reset&name=Eva"));
    assert!(made.contains("confirms: ben"), "{made}");
    assert_eq!(reason(&take(From::Form, b"kind=confirm&to=cracks&name=Eva")), Some(Reason::Target));
    let body = "### Which question are you answering?\n\nclosed\n\n### Your answer\n\nThis.";
    assert_eq!(reason(&take(From::Github, &issue("x", body))), Some(Reason::Locked));
}

#[test]
fn forms_of_programs_are_read_by_the_names_of_their_fields() {
    let (path, text) = text(&take(
        From::Form,
        b"kind=answer&to=reset&text=Pull+the+plug.%0D%0ATwice.&name=Ben+%3Cben%40acme.io%3E&link=https%3A%2F%2Fkb.example.com%2Fx&status=published",
    ));
    assert_eq!(path, "content/questions/reset/ben--2.md", "ben wrote before");
    assert_eq!(text, "---\nauthors: [ben]\n---\nPull the plug.\nTwice.\n\n<https://kb.example.com/x>\n");
    let payload = json!({"action": "x", "client_payload": {"kind": "how-to", "title": "Clean it", "steps": "Wait.\nWipe.", "needs": "a rag", "name": "Zoë"}});
    let (path, text) = self::text(&take(From::Form, payload.to_string().as_bytes()));
    assert_eq!(path, "content/how-tos/clean-it.md");
    assert!(
        text.contains("authors: [zoë]") && text.contains("- a rag") && text.contains("1. Wait.\n2. Wipe."),
        "{text}"
    );
    let received = take(From::Form, b"kind=announcement&title=Free+beer&text=Yes");
    assert_eq!(reason(&received), Some(Reason::Kind));
    let received = take(From::Form, b"kind=question&title=Is+this+me%3F&text=Yes&name=Mia");
    assert!(
        self::text(&received).1.contains("authors: [guest-mia]"),
        "nobody becomes one of the team by a name"
    );
}

#[test]
fn a_file_goes_where_it_wants_to_be_if_it_may() {
    for (path, expected) in [
        (Some("content/how-tos/x.md"), "content/how-tos/what-now.md"),
        (Some("content/questions/firing/x.md"), "content/questions/firing/what-now.md"),
        (Some("content/questions/new-topic/x.md"), "content/questions/what-now.md"),
        (Some("content/questions/x/index.md"), "content/questions/what-now.md"),
        (Some("content/questions/_index.md"), "content/questions/what-now.md"),
        (Some("../x.md"), "content/questions/what-now.md"),
        (Some("/etc/passwd.md"), "content/questions/what-now.md"),
        (Some(".github/workflows/x.md"), "content/questions/what-now.md"),
        (Some("C:\\x\\y.md"), "content/questions/what-now.md"),
        (None, "content/questions/what-now.md"),
    ] {
        let received = take_on(SITE, From::File, b"# What now?\n\nText.\n", path, &BTreeSet::new());
        assert_eq!(text(&received).0, expected, "{path:?}");
    }
    let received = take_on(
        SITE,
        From::File,
        b"# Sale\n\nText.\n",
        Some("content/announcements/sale.md"),
        &BTreeSet::new(),
    );
    assert_eq!(reason(&received), Some(Reason::Kind));
}

#[test]
fn gitlab_and_gitea_say_who_it_was() {
    let hook = json!({
        "object_kind": "issue", "user": {"id": 7, "username": "ana.s", "email": "ana@acme.io"},
        "object_attributes": {"iid": 3, "title": "Is it hot?", "description": "Very.", "url": "https://gitlab.example.com/a/b/-/issues/3"},
    });
    let received = take(From::Gitlab, hook.to_string().as_bytes());
    assert_eq!(received.report.author.address.as_deref(), Some("7-ana.s@users.noreply.gitlab.example.com"));
    assert_eq!(received.report.source.url.as_deref(), Some("https://gitlab.example.com/a/b/-/issues/3"));
    let api = json!({"iid": 3, "title": "Is it hot?", "description": null, "web_url": "https://gitlab.com/a/b/-/issues/3", "author": {"id": 7, "username": "ana"}});
    assert_eq!(take(From::Gitlab, api.to_string().as_bytes()).report.author.login.as_deref(), Some("ana"));
    let event = json!({"issue": {"number": 3, "title": "Is it hot?", "body": "Yes", "html_url": "https://codeberg.org/a/b/issues/3", "user": {"login": "Ana", "id": 3}}});
    let received = take(From::Gitea, event.to_string().as_bytes());
    assert_eq!(received.report.author.address.as_deref(), Some("Ana@noreply.codeberg.org"));
    assert!(text(&received).1.contains("authors: [ana]"));
    // These hosts write only part of the address of what is dropped into their editors.
    let with_picture = json!({"issue": {"number": 3, "title": "Is it hot?", "body": "![a](/attachments/1f)", "html_url": "https://codeberg.org/a/b/issues/3", "user": {"login": "Ana", "id": 3}}});
    assert_eq!(
        take(From::Gitea, with_picture.to_string().as_bytes()).report.pictures[0].from,
        "https://codeberg.org/attachments/1f"
    );
    let with_picture = json!({"iid": 3, "title": "Is it hot?", "description": "![a](/uploads/1f/a.png)", "web_url": "https://gitlab.com/a/b/-/issues/3", "author": {"id": 7, "username": "ana"}});
    assert_eq!(
        take(From::Gitlab, with_picture.to_string().as_bytes()).report.pictures[0].from,
        "https://gitlab.com/a/b/uploads/1f/a.png"
    );
    // A program that opens issues for others has no account that anybody means.
    let bot = json!({"issue": {"number": 3, "title": "Is it hot?", "body": "Yes", "html_url": "https://github.com/a/b/issues/3", "user": {"login": "relay[bot]", "id": 3, "type": "Bot"}}});
    assert_eq!(take(From::Github, bot.to_string().as_bytes()).report.author.login, None);
}

#[test]
fn what_comes_twice_or_is_a_list_of_links_is_not_taken() {
    let sent = issue("Is it hot?", "Is it?");
    let first = take(From::Github, &sent);
    assert_eq!(first.report.branch, "receive/issue-12");
    let listed = format!("origin/{} {}\n", first.report.branch, first.report.digest);
    let open = longhouse::receive::digests(&listed, Some(12));
    assert_eq!(
        reason(&take_on(SITE, From::Github, &sent, None, &open)),
        None,
        "it is an edit of the same issue"
    );
    let open = longhouse::receive::digests(&listed, Some(13));
    assert_eq!(reason(&take_on(SITE, From::Github, &sent, None, &open)), Some(Reason::Duplicate));
    let other = issue("Is it hot?", "Is it,  really?");
    assert_eq!(reason(&take_on(SITE, From::Github, &other, None, &open)), None);
    // Two people for whom the same worked say the same.
    let worked = |name: &str| format!("kind=confirm&to=clean&name={name}").into_bytes();
    let open = BTreeSet::from([take(From::Form, &worked("Eva")).report.digest]);
    assert_eq!(reason(&take_on(SITE, From::Form, &worked("Tom"), None, &open)), None);
    assert_eq!(reason(&take_on(SITE, From::Form, &worked("Eva"), None, &open)), Some(Reason::Duplicate));

    let links =
        |count: usize| (0..count).map(|n| format!("https://shop{n}.example.org/ ")).collect::<String>();
    let form = |count: usize| {
        format!("kind=question&title=Buy+this+now&text={}&name=Spam", links(count)).into_bytes()
    };
    assert_eq!(reason(&take(From::Form, &form(MAX_LINKS))), None);
    assert_eq!(reason(&take(From::Form, &form(MAX_LINKS + 1))), Some(Reason::Links));
    let known = take(From::Github, &issue("Where to buy?", &links(9)));
    assert_eq!(reason(&known), None, "Ana is known here, and GitHub says that it is Ana");
    let by_name = format!("kind=question&title=Buy+this+now&text={}&name=ana", links(9)).into_bytes();
    assert_eq!(reason(&take(From::Form, &by_name)), Some(Reason::Links), "anybody can write a name");
}

#[test]
fn a_long_text_is_taken_and_an_endless_one_is_not() {
    let text = "word ".repeat(40_000);
    assert_eq!(reason(&take(From::Github, &issue("Long?", &text))), None);
    assert_eq!(reason(&take(From::Github, &issue("Long?", &text.repeat(2)))), Some(Reason::TooLarge));
}

#[test]
fn a_description_template_of_gitlab_is_read_like_a_form() {
    let words = Words::load("de", &BTreeMap::new(), "").expect("no mistakes");
    let config = longhouse::config::Config::default();
    let files = longhouse::receive::form::files(longhouse::config::Host::GitLab, &words, &config);
    let template = &files[".gitlab/issue_templates/answer.md"];
    let mut parts = template.split("### ");
    let mut body = parts.next().unwrap_or_default().to_owned();
    for (part, value) in parts.zip(["reset", "Drück den Knopf."]) {
        body += &format!("### {}\n\n{value}\n\n", part.trim_end());
    }
    let hook = json!({
        "user": {"id": 7, "username": "ana"},
        "object_attributes": {"iid": 3, "title": "Antwort", "description": body, "url": "https://gitlab.com/a/b/-/issues/3"},
    });
    let (path, text) = text(&take(From::Gitlab, hook.to_string().as_bytes()));
    assert_eq!(path, "content/questions/reset/ana.md");
    assert_eq!(text, "---\nauthors: [ana]\n---\nDrück den Knopf.\n", "no hint of the template stays");
}

#[test]
fn the_documentation_names_every_part_of_the_report() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/content/reference/receive.md");
    let page = std::fs::read_to_string(page).expect("the page");
    let report =
        serde_json::to_value(take(From::Github, &issue("Is it hot?", "Very.")).report).expect("JSON");
    let keys = report.as_object().expect("an object").keys().cloned();
    let reasons =
        Reason::ALL.map(|it| serde_json::to_value(it).expect("JSON").as_str().expect("a word").to_owned());
    for name in keys.chain(reasons) {
        assert!(page.contains(&format!("| `{name}` |")), "{name}");
    }
}
