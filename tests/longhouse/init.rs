//! `longhouse init`: what somebody starts from is without a mistake, and nothing of theirs is lost.

use std::fs;
use std::path::Path;
use std::process::Output;

fn longhouse(arguments: &[&str], root: &Path) -> Output {
    let mut command = crate::fixture::command();
    command.args(arguments).arg("--root").arg(root).env_remove("SOURCE_DATE_EPOCH");
    command.output().expect("the command runs")
}

#[track_caller]
fn is_right(root: &Path) {
    let output = longhouse(&["check", "--max-warnings", "0"], root);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_smallest_site_has_no_problem_and_names_the_large_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = longhouse(&["init", "--title", "Ada's \"tea\" \\ house"], folder.path());
    assert!(output.status.success());
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.lines().last().is_some_and(|line| line.contains("longhouse init --example")), "{said}");
    is_right(folder.path());
}

#[test]
fn the_example_becomes_a_site_of_ones_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = longhouse(&["init", "--example", "--title", "Tea: house"], folder.path());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    is_right(folder.path());
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("example-site");
    let config = fs::read_to_string(folder.path().join("longhouse.yaml")).expect("a configuration");
    assert!(config.contains("title: \"Tea: house\"\n"), "{config}");
    for (key, is_setting) in
        [("base_url:", false), ("repository:", false), ("  url: https://", false), ("brand:", true)]
    {
        assert_eq!(config.lines().any(|line| line.starts_with(key)), is_setting, "{key} in {config}");
    }
    assert!(config.contains("# base_url: ") && config.contains("#   url: "), "{config}");
    // Every other file is the example's, byte for byte, pictures too.
    let mut files = 0;
    let mut folders = vec![example.clone()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).expect("a folder").flatten() {
            let inside = entry.path().strip_prefix(&example).expect("inside").to_path_buf();
            if inside == Path::new("longhouse.yaml") || inside == Path::new("public") {
                continue;
            }
            if entry.path().is_dir() {
                folders.push(entry.path());
                continue;
            }
            files += 1;
            let bytes =
                fs::read(folder.path().join(&inside)).unwrap_or_else(|error| panic!("{inside:?}: {error}"));
            assert_eq!(bytes, fs::read(entry.path()).expect("a file"), "{inside:?}");
        }
    }
    assert!(files > 50, "{files}");
    let again = longhouse(&["init", "--example"], folder.path());
    assert_eq!(again.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&again.stderr).contains("This folder already has a site"));
}

#[test]
fn an_editor_finds_the_schema_beside_the_configuration() {
    for more in [&[][..], &["--example"]] {
        let folder = tempfile::tempdir().expect("a folder");
        let output = longhouse(&[&["init"], more].concat(), folder.path());
        assert!(output.status.success());
        let config = fs::read_to_string(folder.path().join("longhouse.yaml")).expect("a configuration");
        let first = config.lines().next().expect("a line");
        let name = first.strip_prefix("# yaml-language-server: $schema=").expect("a schema is named");
        let schema = fs::read(folder.path().join(name)).expect("the schema is there");
        let printed = crate::fixture::command().args(["schema", "config"]).output();
        assert_eq!(schema, printed.expect("the command runs").stdout);
    }
}

#[test]
fn what_was_there_stays() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("GUIDELINES.md"), "# Ours\n").expect("a file");
    let output = longhouse(&["init", "--example"], folder.path());
    assert!(output.status.success());
    assert!(String::from_utf8_lossy(&output.stdout).contains("GUIDELINES.md already exists"));
    assert_eq!(fs::read_to_string(folder.path().join("GUIDELINES.md")).expect("a file"), "# Ours\n");
}

#[test]
fn the_files_for_a_host_are_added_kept_and_brought_up_to_date() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("site");
    let init = |arguments: &[&str]| {
        let mut all = vec!["init"];
        all.extend(arguments);
        let output = longhouse(&all, &root);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let said = init(&["--title", "Acme", "--host", "github"]);
    assert!(said.contains("longhouse.yaml\n") && said.contains(".github/workflows/check.yml"), "{said}");
    assert!(init(&["--host", "github"]).contains("Everything is up to date"));

    let check = root.join(".github/workflows/check.yml");
    let now = fs::read_to_string(&check).expect("a workflow");
    fs::write(&check, now.replace("timeout-minutes: 15", "timeout-minutes: 20")).expect("it is changed");
    fs::remove_file(root.join(".github/workflows/publish.yml")).expect("it is removed");
    let said = init(&["--host", "github", "--update"]);
    assert!(
        said.contains("+    timeout-minutes: 15") && said.contains("check.yml was changed by someone"),
        "{said}"
    );
    assert!(said.contains(".github/workflows/publish.yml\n"), "what is missing is written: {said}");
    assert!(
        fs::read_to_string(&check).expect("a workflow").contains("timeout-minutes: 20"),
        "it stays as it is"
    );

    // As another version wrote it: the hash in the first line is that of the rest.
    let rest = "on: pull_request\n";
    let hash = &blake3::hash(rest.as_bytes()).to_hex()[..16];
    fs::write(&check, format!("# Written by `longhouse init --host github`, version 0.0.9: {hash}\n{rest}"))
        .expect("it is written");
    let said = init(&["--host", "github"]);
    assert!(said.contains("written by another version"), "{said}");
    let said = init(&["--host", "github", "--update"]);
    assert!(said.contains("-on: pull_request") || said.contains("check.yml is up to date"), "{said}");
    assert_eq!(fs::read_to_string(&check).expect("a workflow"), now);
}

#[test]
fn the_files_for_a_site_in_a_folder_stand_at_the_top_of_its_repository() {
    let repository = crate::repository::repository(
        "=== docs/longhouse.yaml\ntitle: X\ncontent: pages\n=== docs/pages/a.md\n# A\n",
    );
    let root = repository.folder().root().join("docs");
    let output = longhouse(&["init", "--host", "github"], &root);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let check = repository.folder().root().join(".github/workflows/check.yml");
    let check = fs::read_to_string(check).expect("at the top of the repository");
    assert!(check.contains("--content \"theirs/docs/pages\" --trusted \"base/docs\""), "{check}");
    assert!(!root.join(".github").exists());
}
