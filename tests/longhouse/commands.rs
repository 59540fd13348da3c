//! The command itself: exit codes, what goes where, what is published.

use std::fs;
use std::process::{Child, Output, Stdio};

use crate::fixture::{Folder, folder, until};

fn longhouse(folder: &Folder, arguments: &[&str]) -> Output {
    crate::fixture::command()
        .arg("--root")
        .arg(folder.root())
        .args(arguments)
        .env_remove("SOURCE_DATE_EPOCH")
        .output()
        .expect("the command runs")
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

#[test]
fn check_reports_json_and_exits_by_what_it_found() {
    let site = folder("=== content/questions/a.md\n---\nacepted: ana\n---\n# Ä?\nSee ÄÖ [x](gone.md).\n");
    let output = longhouse(&site, &["check", "--format", "json"]);
    assert_eq!(code(&output), 1);
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).expect("an array");
    let keys: Vec<&str> = found[0].as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        ["file", "line", "column", "end_line", "end_column", "severity", "rule", "message", "help", "fix"]
    );
    assert_eq!(found[0]["fix"], "accepted");
    assert_eq!(found[0]["severity"], "warning");
    assert_eq!(
        (&found[1]["rule"], &found[1]["line"], &found[1]["column"]),
        (&"dead-link".into(), &5.into(), &8.into())
    );
    assert!(found[1]["fix"].is_null());
    assert_eq!(found.as_array().map(Vec::len), Some(2));

    let human = longhouse(&site, &["check"]);
    assert!(
        human.stdout.is_empty() && String::from_utf8_lossy(&human.stderr).contains("1 error and 1 warning")
    );
    site.write("content/questions/a.md", "---\nacepted: ana\n---\n# A?\n");
    assert_eq!(code(&longhouse(&site, &["check"])), 0);
    assert_eq!(code(&longhouse(&site, &["check", "--max-warnings", "1"])), 0);
    assert_eq!(code(&longhouse(&site, &["check", "--max-warnings", "0"])), 1);
    site.write("content/questions/a.md", "# A?\n");
    let output = longhouse(&site, &["check", "--format", "json"]);
    assert_eq!((code(&output), String::from_utf8_lossy(&output.stdout).trim()), (0, "[]"));
}

#[test]
fn a_rule_is_explained_anywhere_and_an_unknown_one_by_the_nearest_name() {
    let site = folder("");
    let said = |arguments: &[&str]| {
        let output = longhouse(&site, arguments);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (code(&output), text(&output.stdout), text(&output.stderr))
    };
    let (status, text, _) = said(&["check", "--explain", "dead-link"]);
    assert_eq!(status, 0);
    assert!(
        text.starts_with("dead-link\n\nA link points to a page that does not exist on this site.\n"),
        "{text}"
    );
    assert!(text.contains("    See [cooling down](../how-tos/cool-down.md).\n"), "{text}");
    assert!(text.ends_with("    rules:\n      dead-link: warning   # or off\n"), "{text}");
    let (status, text, said_beside) = said(&["check", "--explain", "dead-lnik"]);
    assert_eq!((status, text.as_str()), (2, ""));
    assert!(said_beside.contains("There is no rule `dead-lnik`. Did you mean `dead-link`?"), "{said_beside}");
    let (status, text, _) = said(&["check", "--explain"]);
    assert_eq!((status, &text), (0, &said(&["check", "--explain", "all"]).1));
    assert!(text.contains("\n  secret "), "{text}");
}

#[test]
fn no_report_shows_a_secret_wherever_it_stands() {
    let token = format!("ghp_{}", "7Yk2Qm9Xc4".repeat(4));
    let site = folder("");
    site.write("GUIDELINES.md", "1. Be kind.\n");
    site.write(
        "longhouse.yaml",
        "base_url: https://example.org/\ntags: {known: [a]}\nproducts: [{id: p}]\ncheck: {words: {token: key}, phrases: {\"1\": [my], x: [y]}}\n",
    );
    let field_by_field = "\
---
title: I use my token TOKEN and nothing works
tags: [TOKEN]
products: TOKEN
status: TOKEN
accepted: TOKEN
TOKEN: yes
date: TOKEN
duplicate_of: TOKEN
aliases: [/TOKEN/]
authors: [TOKEN]
---
## my TOKEN token

#### my TOKEN token

![](https://example.com/TOKEN.png) ![TOKEN](b.png) [x](nope-TOKEN.md) [y](#TOKEN) [z](javascript:TOKEN)
[https://paypal.com/TOKEN](https://example.net/TOKEN) https://rnicrosoft.com/TOKEN ![x.png](TOKEN.png)
";
    site.write("content/questions/fields.md", field_by_field.replace("TOKEN", &token));
    site.write("content/questions/broken.md", format!("---\ntitle: \"my {token}\nauthors: [a\n---\nText\n"));
    site.write(
        "content/stories/a.md",
        format!("---\ncustomer: {token}\nconsent: yes {token}\n---\n# {token}\n"),
    );
    for format in ["human", "json", "github", "gitlab", "sarif"] {
        let output = longhouse(&site, &["check", "--format", format]);
        let said =
            [output.stdout, output.stderr].map(|it| String::from_utf8_lossy(&it).into_owned()).join("");
        for rule in ["secret", "front-matter", "dead-link", "unknown-tag", "heading-order", "lookalike-host"]
        {
            assert!(said.contains(rule), "{rule} in {said}");
        }
        assert!(!said.contains("7Yk2Qm9Xc4"), "{said}");
    }
}

#[test]
fn build_publishes_what_it_can_and_strictly_nothing() {
    let site = folder(
        "=== content/questions/a.md\n# A?\n[x](gone.md)\n=== content/questions/d.md\n---\ndraft: true\n---\n# D?\n",
    );
    let output = longhouse(&site, &["build", "--strict"]);
    assert_eq!(code(&output), 1);
    assert!(!site.root().join("public").exists());
    let output = longhouse(&site, &["build", "--drafts"]);
    assert_eq!(code(&output), 0, "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 error"));
    assert!(site.root().join("public/questions/d/index.html").is_file());
    assert_eq!(code(&longhouse(&site, &["build"])), 0);
    assert!(!site.root().join("public/questions/d").exists());
    // A failed strict build leaves the last site as it is.
    assert_eq!(code(&longhouse(&site, &["build", "--strict", "--drafts"])), 1);
    assert!(site.root().join("public/questions/a/index.html").is_file());
}

#[test]
fn what_the_company_got_wrong_exits_2() {
    let site = folder("=== longhouse.yaml\ntitel: X\n=== content/questions/a.md\n# A?\n");
    for command in [&["build"][..], &["check"], &["search", "a"]] {
        let output = longhouse(&site, command);
        assert_eq!(code(&output), 2, "{command:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("title"), "{command:?}");
    }
    assert!(!site.root().join("public").exists());
    site.write("longhouse.yaml", "title: X\n");
    site.write("data/moderation.yaml", "a.md: nonsense\n");
    assert_eq!(code(&longhouse(&site, &["check"])), 2);
    site.write("data/moderation.yaml", "");
    site.write("public/precious.txt", "mine");
    assert_eq!(code(&longhouse(&site, &["build"])), 2);
    assert_eq!(code(&longhouse(&site, &["build", "--no-such-option"])), 2);
}

#[test]
fn what_the_world_refuses_exits_3() {
    let site = folder("=== content/questions/a.md\n# A?\n=== blocked\nA file where a folder must be.\n");
    let output = site.root().join("blocked/below/public");
    let output = longhouse(&site, &["build", "--output", &output.to_string_lossy()]);
    assert_eq!(code(&output), 3, "{}", String::from_utf8_lossy(&output.stderr));
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port().to_string();
    assert_eq!(code(&longhouse(&site, &["serve", "--port", &port])), 3);
}

#[test]
fn search_tests_are_part_of_a_check() {
    let site = folder(
        "\
=== content/questions/reset.md
# How do I reset my password?
Use the link.
=== content/questions/billing.md
# Where is my invoice?
In your account.
=== search-tests.yaml
- query: reset password
  page: /questions/reset/
- query: invoice
  page: questions/billing.md
  within: 1
- page: /questions/reset/
  query: invoice
- query: anything
  page: /questions/gone/
",
    );
    let output = longhouse(&site, &["check", "--format", "json"]);
    assert_eq!(code(&output), 1);
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).expect("an array");
    let found: Vec<_> = found
        .as_array()
        .expect("an array")
        .iter()
        .map(|it| (it["file"].as_str(), it["line"].as_u64(), it["column"].as_u64(), it["rule"].as_str()))
        .collect();
    let failed = |line, column| (Some("search-tests.yaml"), Some(line), Some(column), Some("search-test"));
    assert_eq!(found, [failed(7, 10), failed(9, 9)]);
    assert_eq!(code(&longhouse(&site, &["build", "--strict"])), 1);
    assert_eq!(code(&longhouse(&site, &["build"])), 0);
    site.write("longhouse.yaml", "rules: {search-test: off}\n");
    assert_eq!(code(&longhouse(&site, &["check"])), 0);
}

#[test]
fn a_frequently_asked_question_is_a_question() {
    let site = folder(
        "=== longhouse.yaml\nkinds: {_faq: faq}\n=== content/_faq/late.md\n# Can I join late?\nYes.\n",
    );
    for kind in ["question", "questions"] {
        let output = longhouse(&site, &["search", "join late", "--json", "--kind", kind, "--answered"]);
        let hits: serde_json::Value = serde_json::from_slice(&output.stdout).expect("an array");
        assert_eq!(
            (&hits[0]["kind"], &hits[0]["url"]),
            (&"question".into(), &"/questions/late/".into()),
            "{hits}"
        );
    }
    assert_eq!(code(&longhouse(&site, &["search", "x", "--kind", "recipe"])), 2);
}

#[test]
fn a_tag_is_found_as_input_methods_write_it() {
    let site = folder(
        "=== content/questions/a.md\n---\ntags: [Ｃ＋＋, İstanbul, Straße]\n---\n# Which boats?\n\nThose there.\n",
    );
    assert_eq!(code(&longhouse(&site, &["build"])), 0);
    for query in ["tag:c++", "ｔａｇ：Ｃ＋＋", "tag:istanbul", "tag:İSTANBUL", "tag:STRASSE", "tag:straße"]
    {
        let output = longhouse(&site, &["search", &format!("{query} boats"), "--json"]);
        assert!(String::from_utf8_lossy(&output.stdout).contains("/questions/a/"), "{query}");
    }
    let output = longhouse(&site, &["search", "boats", "--tag", "Ｃ＋＋", "--json"]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("/questions/a/"));
}

#[test]
fn completions_know_every_command() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let output =
            crate::fixture::command().args(["completions", shell]).output().expect("the command runs");
        assert_eq!((code(&output), output.stderr.is_empty()), (0, true), "{shell}");
        let script = String::from_utf8_lossy(&output.stdout);
        for word in ["longhouse", "build", "serve", "watch", "verify", "completions", "--root"] {
            // Fish completes long options without their dashes.
            assert!(script.contains(word.trim_start_matches('-')), "{word} in {shell}");
        }
    }
    let output = crate::fixture::command().args(["completions", "tcsh"]).output().expect("the command runs");
    assert_eq!(code(&output), 2);
}

#[test]
fn a_build_server_says_the_day_and_the_address_or_the_build_asks_for_it() {
    let site = folder(
        "=== content/questions/a.md\n---\ndate: 2020-01-01\n---\n# Past?\n=== content/questions/b.md\n---\ndate: 2999-01-01\n---\n# Future?\n",
    );
    let build = |variables: &[(&str, &str)], arguments: &[&str]| {
        let mut command = crate::fixture::command();
        for name in ["GITHUB_ACTIONS", "GITLAB_CI", "NETLIFY", "CF_PAGES", "VERCEL"] {
            command.env_remove(name);
        }
        command.arg("--root").arg(site.root()).arg("build").args(arguments).envs(variables.iter().copied());
        let output = command.output().expect("the command runs");
        (code(&output), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let page = || fs::read_to_string(site.root().join("public/questions/a/index.html")).unwrap_or_default();

    let (status, said) = build(&[("CI", "true")], &[]);
    assert_eq!(status, 2, "{said}");
    assert!(said.contains("base_url: https://") && said.contains("--base-url https://"), "{said}");
    assert!(!site.root().join("public").exists(), "nothing is published");

    let host = [("CI", "true"), ("GITLAB_CI", "true"), ("CI_PAGES_URL", "https://acme.gitlab.example/help")];
    let (status, said) = build(&host, &[]);
    assert_eq!(status, 0, "{said}");
    assert!(
        said.contains("CI_PAGES_URL says that the site will be at https://acme.gitlab.example/help/"),
        "{said}"
    );
    assert!(said.contains("CI is set, so today is"), "{said}");
    assert!(page().contains("https://acme.gitlab.example/help/questions/a/"));
    assert!(!site.root().join("public/questions/b").exists(), "it is not due yet");

    let (_, said) = build(
        &[host.as_slice(), &[("SOURCE_DATE_EPOCH", "32503680000")]].concat(),
        &["--base-url", "https://x.example/"],
    );
    assert!(!said.contains("CI_PAGES_URL") && !said.contains("today is"), "{said}");
    assert!(page().contains("https://x.example/questions/a/"));
    assert!(site.root().join("public/questions/b").exists(), "it is due in the year 3000");

    let (status, said) = build(&[("CI", "false")], &[]);
    assert_eq!((status, said.contains("no `base_url`")), (0, true), "{said}");
}

/// A process that is ended with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = (self.0.kill(), self.0.wait());
    }
}

#[test]
fn watch_writes_the_site_and_then_what_is_saved() {
    let site = folder("=== content/questions/a.md\n# First?\n=== content/questions/b.md\n# Other?\n");
    let public = site.root().join("public");
    let reads = |path: &str| fs::read_to_string(public.join(path)).unwrap_or_default();
    let child = crate::fixture::command()
        .arg("--root")
        .arg(site.root())
        .arg("watch")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the command runs");
    let mut child = Running(child);
    until("the first page", || reads("questions/a/index.html").contains("First?"));
    // Until it watches, a save is found by the look at everything that follows.
    site.write("content/questions/a.md", "# Second?\n");
    until("the page that was saved", || reads("questions/a/index.html").contains("Second?"));
    site.write("content/questions/new/c.md", "# Third?\n");
    until("the page in a new folder", || reads("questions/c/index.html").contains("Third?"));
    fs::remove_file(site.root().join("content/questions/b.md")).expect("removed");
    until("the end of a page", || !public.join("questions/b/index.html").exists());
    assert!(child.0.try_wait().expect("a process").is_none(), "it goes on until it is ended");
}
