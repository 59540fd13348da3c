//! The branch of a stranger: its content is read as data, everything else comes from the folder that is trusted.

use std::fs;
use std::process::Output;

use crate::fixture::command;
use crate::repository::{Repository, repository};

const BASE: &str = "\
=== longhouse.yaml
title: Garden
base_url: https://garden.example/
team: {greta: moderator}
=== GUIDELINES.md
# Be kind
=== static/logo.txt
ours
=== content/questions/watering.md
# How often?
=== content/questions/watering/ben.md
Daily.
";

/// The trusted folder, and the clone of a branch in which somebody changed more than content.
fn base_and_branch(branch: &str) -> (Repository, Repository) {
    let base = repository(BASE);
    base.commit("Greta", "2026-01-01", "begin");
    let theirs = repository(BASE);
    theirs.commit("Greta", "2026-01-01", "begin");
    for file in branch.split("=== ").filter(|file| !file.is_empty()) {
        let (path, text) = file.split_once('\n').expect("a path and a text");
        theirs.write(path, text);
    }
    theirs.commit("Mallory <mallory@example.com>", "2026-02-01", "change");
    (base, theirs)
}

fn run(base: &Repository, theirs: &Repository, arguments: &[&str]) -> Output {
    let mut command = command();
    command.args(arguments).arg("--content").arg(theirs.folder().root().join("content"));
    command.arg("--trusted").arg(base.folder().root());
    command.output().expect("the command runs")
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn a_branch_is_built_with_the_configuration_theme_and_files_of_the_base() {
    let (base, theirs) = base_and_branch(
        "=== longhouse.yaml\ntitle: Owned\nteam: {mallory: staff}\nimages: {allow_hosts: [evil.example]}\n=== GUIDELINES.md\n# Obey\n\
         === static/logo.txt\ntheirs\n=== static/evil.js\nalert(1)\n=== themes/default/templates/question.html\nowned\n\
         === data/moderation.yaml\nquestions/watering.md: hidden\n=== content/questions/watering/mallory.md\n---\nresponse: true\n---\nWeekly.\n",
    );
    let output = run(&base, &theirs, &["build", "--strict"]);
    assert!(output.status.success(), "{}", said(&output));
    let public = base.folder().root().join("public");
    let read = |path: &str| fs::read_to_string(public.join(path)).unwrap_or_default();
    let page = read("questions/watering/index.html");
    assert!(page.contains("Weekly.") && page.contains("Daily.") && page.contains("Garden"), "{page}");
    assert!(!page.contains("Owned") && !page.contains("owned"));
    assert_eq!(read("logo.txt").trim(), "ours");
    assert!(!public.join("evil.js").exists());
    assert!(read("guidelines/index.html").contains("Be kind"));
    assert!(!theirs.folder().root().join("public").exists(), "nothing is written into the branch");
}

#[test]
fn a_branch_is_checked_against_where_it_began_and_its_claims_are_told() {
    let (base, theirs) = base_and_branch(
        "=== longhouse.yaml\nrules: {trust: off, dead-link: off}\n=== .mailmap\nBen <ben@example.com> Mallory <mallory@example.com>\n\
         === content/questions/watering/ben--2.md\nI am Ben, see [x](gone.md).\n",
    );
    let output = run(&base, &theirs, &["check", "--changed-since", "HEAD~1", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).expect("an array");
    let rules: Vec<&str> =
        found.as_array().expect("an array").iter().filter_map(|it| it["rule"].as_str()).collect();
    assert!(rules.contains(&"dead-link") && rules.contains(&"trust"), "{rules:?}");
    assert!(
        found
            .as_array()
            .expect("an array")
            .iter()
            .all(|it| it["file"] == "content/questions/watering/ben--2.md")
    );
}

#[test]
fn a_mailmap_of_the_branch_makes_nobody_somebody_else() {
    let (base, theirs) = base_and_branch(
        "=== .mailmap\nGreta <greta@example.com> Mallory <mallory@example.com>\n=== content/questions/new.md\n# New?\n",
    );
    let output = run(&base, &theirs, &["build"]);
    assert!(output.status.success(), "{}", said(&output));
    let page =
        fs::read_to_string(base.folder().root().join("public/questions/new/index.html")).expect("a page");
    assert!(page.contains("/people/mallory/") && !page.contains("/people/greta/"), "{page}");
}

#[test]
fn the_folder_of_the_content_is_no_link_and_is_called_as_the_configuration_says() {
    let (base, theirs) = base_and_branch("=== content/questions/new.md\n# New?\n");
    let content = theirs.folder().root().join("content");
    fs::rename(&content, theirs.folder().root().join("elsewhere")).expect("it is moved");
    let output = run(&base, &theirs, &["build"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("does not exist"), "{}", said(&output));
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("/etc", &content).expect("a link");
        let output = run(&base, &theirs, &["build"]);
        assert_eq!(output.status.code(), Some(2));
        assert!(said(&output).contains("symbolic link"), "{}", said(&output));
    }
    let other = command()
        .args(["check", "--content"])
        .arg(theirs.folder().root().join("elsewhere"))
        .arg("--root")
        .arg(base.folder().root())
        .output()
        .expect("the command runs");
    assert_eq!(other.status.code(), Some(2));
    assert!(said(&other).contains("calls the content folder `content`"), "{}", said(&other));
}

#[test]
fn the_pages_of_a_branch_are_one_file_that_asks_no_host_and_runs_nothing() {
    let (base, theirs) = base_and_branch(
        "=== content/questions/new.md\n# <b>New</b> & shiny?\nSee [watering](watering.md) and [itself](#more).\n\n## More\n\n\
         <img src=x onerror=alert(1)> ![far](https://evil.example/x.png)\n\n</section></main><script>alert(1)</script>\n\
         === content/questions/watering/ana.md\nWeekly. </style><script>alert(1)</script>\n=== content/questions/broken.md\n---\ntitle: [x\n---\n",
    );
    let file = base.folder().root().join("out/preview.html");
    let build = || {
        run(
            &base,
            &theirs,
            &["build", "--preview-of", "HEAD~1", "--single-file", file.to_str().expect("a path")],
        )
    };
    let output = build();
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("Wrote 2 pages"), "{}", said(&output));
    let html = fs::read_to_string(&file).expect("the file");
    for part in [
        "default-src 'none'",
        "href=\"#p1\"",
        "Weekly.",
        "content/questions/watering/ana.md",
        "content/questions/broken.md",
        "https://garden.example/questions/",
        "id=\"p1-h-more\"",
        "href=\"#p1-h-more\"",
    ] {
        assert!(html.contains(part), "{part}");
    }
    for part in ["<script", "onerror=", "src=\"http", "src=\"/", "<link", "href=\"/"] {
        assert!(!html.contains(part), "{part}");
    }
    assert_eq!((html.matches("</main>").count(), html.matches("</style>").count()), (1, 1));
    assert!(!base.folder().root().join("public").exists(), "nothing else is written");
    assert!(build().status.success(), "a file of ours is replaced");
    fs::write(&file, "Dear Ana").expect("a letter");
    let refused = build();
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
    assert_eq!(fs::read_to_string(&file).expect("a letter"), "Dear Ana");
}

#[test]
fn what_is_said_of_a_branch_begins_with_what_to_do_and_quotes_as_code() {
    let (base, theirs) = base_and_branch(
        "=== content/questions/new.md\n---\nacepted: self\n---\n# New @everyone #1 <b>x</b>?\nSee [gone](gone.md) and <https://other.example/page>.\n\
         === content/questions/watering/ben--2.md\nI am Ben.\n",
    );
    let review = |format: &str| {
        let output = run(&base, &theirs, &["review", "HEAD~1", "--format", format]);
        assert!(output.status.success(), "{}", said(&output));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let comment = review("comment");
    assert!(comment.starts_with("<!-- longhouse review -->\n**Please look at 1 place.**"), "{comment}");
    for part in [
        "`content/questions/new.md`, line 5",
        "`https://other.example/page`",
        "`mallory`: this is their first contribution",
        "`content/questions/watering/ben--2.md`",
        "Corrected line: `accepted: self`",
    ] {
        assert!(comment.contains(part), "{part}: {comment}");
    }
    let outside: String = comment.split('`').step_by(2).collect();
    assert!(!outside.contains('@') && !outside.contains("#1") && !outside.contains("<b>"), "{outside}");

    let suggestions: serde_json::Value = serde_json::from_str(&review("suggestions")).expect("JSON");
    assert_eq!(suggestions["event"], "COMMENT");
    let first = &suggestions["comments"][0];
    assert_eq!((&first["path"], &first["line"]), (&"content/questions/new.md".into(), &2.into()));
    assert!(
        first["body"].as_str().expect("a text").contains("```suggestion\naccepted: self\n```"),
        "{first}"
    );

    let live = review("live");
    assert!(live.contains("Live: <https://garden.example/questions/new/>"), "{live}");
    assert!(!live.contains('@'), "nobody has a login: {live}");
}
