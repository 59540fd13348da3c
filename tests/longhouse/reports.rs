//! What `check` tells machines: annotations, Code Quality, SARIF. The forms themselves are tried beside the code,
//! and held against schemas by `tests/browser/reports.mjs`.

use std::process::Output;

use serde_json::Value;

use crate::fixture::Folder;
use crate::repository::repository;

fn check(folder: &Folder, root: &str, arguments: &[&str]) -> Output {
    crate::fixture::command()
        .args(["check", "--root"])
        .arg(folder.root().join(root))
        .args(arguments)
        .env_remove("SOURCE_DATE_EPOCH")
        .output()
        .expect("the command runs")
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

#[test]
fn machines_read_standard_output_and_paths_begin_at_the_top_of_the_repository() {
    let repository = repository(
        "\
=== community/longhouse.yaml
base_url: https://community.example.org/
=== community/content/questions/ä b.md
---
acepted: ana
---
# Why?

See [x](gone.md).
",
    );
    repository.commit("ana", "2026-01-02", "all");
    let folder = repository.folder();
    for format in ["github", "gitlab", "sarif"] {
        let output = check(folder, "community", &["--format", format]);
        assert_eq!(output.status.code(), Some(1), "{format}");
        assert!(output.stderr.is_empty(), "{format}: {}", String::from_utf8_lossy(&output.stderr));
    }
    let github = said(&check(folder, "community", &["--format", "github"]));
    let lines: Vec<&str> = github.lines().collect();
    let path = "file=community/content/questions/ä b.md";
    assert!(
        lines[0]
            .starts_with(&format!("::error {path},line=6,col=5,endLine=6,endColumn=17,title=dead-link::"))
    );
    assert!(
        lines[1].starts_with(&format!("::warning {path},line=2,col=1,endLine=2,endColumn=8,title=unknown-"))
    );
    assert!(lines[1].ends_with("%0ACorrected: accepted: ana"), "{github}");
    assert_eq!(lines.len(), 2);

    let gitlab: Value =
        serde_json::from_str(&said(&check(folder, "community", &["--format", "gitlab"]))).expect("JSON");
    assert_eq!(gitlab[0]["location"]["path"], "community/content/questions/ä b.md");
    assert_eq!((&gitlab[0]["severity"], &gitlab[1]["severity"]), (&"minor".into(), &"major".into()));

    let sarif: Value =
        serde_json::from_str(&said(&check(folder, "community", &["--format", "sarif"]))).expect("JSON");
    let run = &sarif["runs"][0];
    assert_eq!((&sarif["version"], &run["columnKind"]), (&"2.1.0".into(), &"unicodeCodePoints".into()));
    let place = &run["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "community/content/questions/%C3%A4%20b.md");
    assert_eq!(place["region"]["endColumn"], 8);
    let change = &run["results"][0]["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(
        (&change["insertedContent"]["text"], &change["deletedRegion"]["startColumn"]),
        (&"accepted".into(), &1.into())
    );
    assert!(run["results"][1].get("fixes").is_none());
}

#[test]
fn nothing_wrong_is_an_empty_report() {
    let folder = crate::fixture::folder(
        "=== longhouse.yaml\nbase_url: https://community.example.org/\n=== content/questions/a.md\n# A?\n",
    );
    let reports = ["json", "gitlab", "github", "sarif"].map(|format| {
        let output = check(&folder, "", &["--format", format]);
        assert_eq!(output.status.code(), Some(0), "{format}");
        said(&output)
    });
    assert_eq!((reports[0].trim(), reports[1].trim(), reports[2].trim()), ("[]", "[]", ""));
    let sarif: Value = serde_json::from_str(&reports[3]).expect("JSON");
    assert_eq!(sarif["runs"][0]["results"], serde_json::json!([]));
}
