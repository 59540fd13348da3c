//! Nothing that is in the site is believed because it lies there: records of changes, locks, sites in the making. And
//! no edit ever leaves content, data and configuration.

use std::fs;
use std::path::Path;
use std::process::Output;

use longhouse::check::program_state;
use longhouse::diagnostic::{Diagnostic, Severity};

use crate::fixture::{Folder, STATE, command, folder};
use crate::repository::repository;

const SITE: &str = "\
=== longhouse.yaml
base_url: https://acme.example/
=== content/questions/reset.md
# How do I reset it?
Press it. See [other](other.md).
=== content/questions/other.md
# What else is there?
See [reset](reset.md).
";

#[track_caller]
fn run(site: &Folder, arguments: &[&str]) -> (Output, String) {
    let output = command().current_dir(site.root()).args(arguments).output().expect("it runs");
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output, said)
}

fn found(site: &Folder) -> Vec<Diagnostic> {
    let (site, _) = longhouse::understand(&site.load(), longhouse::site::Visibility::default(), &|_| {});
    program_state::check(&site, &Default::default())
}

/// What an older version would have done with a record of this text: put a helper among git's hooks.
const HOOK: &str = r#"{"said": ["longhouse fix", ""], "content": "", "made": [], "texts": [], "files": [],
"moves": [{"from": ".longhouse-undo/helper", "to": ".git/hooks/post-checkout", "via": null}]}"#;

#[test]
fn a_record_in_a_branch_is_never_read() {
    for name in ["begun.json", "last.json", "undoing.json"] {
        for folder in [".longhouse-undo", ".LONGHOUSE-UNDO"] {
            let repository = repository(SITE);
            let site = repository.folder();
            site.write(&format!("{folder}/{name}"), HOOK).write(&format!("{folder}/helper"), "#!/bin/sh\n");
            repository.commit("Mallory", "2024-01-01", "A record");
            for arguments in [&["fix"][..], &["fix", "--undo"], &["mv", "--undo"], &["mv", "reset", "x"]] {
                let (_, said) = run(site, arguments);
                assert!(said.contains("is ignored"), "{arguments:?}: {said}");
                assert!(!site.root().join(".git/hooks/post-checkout").exists());
                assert!(site.root().join(folder).join("helper").exists());
            }
        }
    }
}

#[test]
fn a_check_names_what_the_program_keeps_in_a_branch() {
    let site = folder(SITE);
    assert_eq!(found(&site), []);
    let brought = [
        ".longhouse-undo/begun.json",
        ".longhouse-undo/helper",
        ".public.longhouse-old-1/index.html",
        ".public.longhouse.lock",
        "content/a/b/.Longhouse-Undo/last.json",
        "docs/.SITE.LONGHOUSE-STAGE-17/questions/x.html",
    ];
    for path in brought {
        site.write(path, "x");
    }
    let found = found(&site);
    let files: Vec<&str> = found.iter().map(|it| &*it.file).collect();
    assert_eq!(files, brought);
    assert!(found.iter().all(|it| it.severity == Severity::Error));
    site.write("longhouse.yaml", "rules: {program-state: off}\n");
    let (output, said) = run(&site, &["check"]);
    assert_eq!(output.status.code(), Some(2), "{said}");
}

#[test]
fn a_check_of_a_branch_names_them_too() {
    let repository = repository(SITE);
    repository.commit("Ana", "2024-01-01", "The site").git(
        "Ana",
        "2024-01-01",
        &["checkout", "-q", "-b", "theirs"],
    );
    repository.write(".longhouse-undo/begun.json", HOOK).commit("Mallory", "2024-01-02", "More");
    let (output, said) = run(repository.folder(), &["check", "--changed-since", "main", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("program-state") && said.contains(".longhouse-undo/begun.json"), "{said}");
}

#[test]
fn a_record_of_another_site_is_none_of_this_one() {
    let [site, other] = [folder(SITE), folder(SITE)];
    let (output, said) = run(&site, &["mv", "reset", "x"]);
    assert!(output.status.success(), "{said}");
    // Remembered for both, and copied from one to the other.
    run(&other, &["mv", "other", "y"]);
    fs::copy(site.remembered().join("last.json"), other.remembered().join("last.json")).expect("a copy");
    let (output, said) = run(&other, &["mv", "--undo"]);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("nothing to undo"), "{said}");
    let (output, said) = run(&site, &["mv", "--undo"]);
    assert!(output.status.success(), "{said}");
}

#[test]
fn a_record_reaches_nothing_but_content_data_and_configuration() {
    for (from, to) in [
        ("content/questions/x.md", ".git/hooks/post-checkout"),
        ("content/questions/x.md", "content/.hidden/x.md"),
        ("content/questions/x.md", "themes/default/templates/base.html"),
        ("content/questions/x.md", "static/app.js"),
        ("content/questions/x.md", "../x.md"),
        ("content/questions/x.md", "/tmp/x.md"),
        (".git/config", "content/questions/config.md"),
    ] {
        let site = folder(SITE);
        site.write("themes/default/keep", "").write("static/keep", "").write(".git/config", "");
        run(&site, &["mv", "reset", "x"]);
        let path = site.remembered().join("last.json");
        let mut record: serde_json::Value =
            serde_json::from_slice(&fs::read(&path).expect("a record")).expect("JSON");
        record["value"]["moves"] = serde_json::json!([{"from": to, "to": from, "via": null}]);
        record["value"]["files"] = serde_json::json!([]);
        record["value"]["texts"] = serde_json::json!([]);
        fs::write(&path, record.to_string()).expect("a record");
        let (output, said) = run(&site, &["mv", "--undo"]);
        assert_eq!(output.status.code(), Some(2), "{from} {to}: {said}");
        assert!(said.contains("is not changed"), "{said}");
        assert!(site.root().join("content/questions/x.md").exists());
    }
}

#[test]
fn the_record_lies_outside_of_the_site() {
    let site = folder(SITE);
    let names = |root: &Path| {
        let mut names: Vec<_> =
            fs::read_dir(root).expect("a folder").map(|it| it.expect("it").file_name()).collect();
        names.sort();
        names
    };
    let before = names(site.root());
    run(&site, &["mv", "reset", "x"]);
    assert_eq!(names(site.root()), before);
    assert!(site.remembered().join("last.json").exists());
    let inside = site.root().join("state");
    let output = command()
        .current_dir(site.root())
        .args(["mv", "x", "z"])
        .env("LONGHOUSE_STATE_DIR", &inside)
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("is inside the site"));
    assert!(!inside.exists());
}

#[test]
fn where_nothing_can_be_remembered_a_change_is_made_and_said_to_be_final() {
    let site = folder(SITE);
    let file = Path::new(STATE).parent().expect("a folder").join("a-file");
    fs::write(&file, "").expect("a file");
    let output = command()
        .current_dir(site.root())
        .args(["mv", "reset", "x"])
        .env("LONGHOUSE_STATE_DIR", file.join("below"))
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    assert!(said.contains("`--undo` is not available here"), "{said}");
    assert!(!String::from_utf8_lossy(&output.stdout).contains("--undo"));
    assert!(site.root().join("content/questions/x.md").exists());
}

#[cfg(unix)]
#[test]
fn a_state_folder_that_others_may_write_is_not_believed() {
    use std::os::unix::fs::PermissionsExt;
    let site = folder(SITE);
    let open = tempfile::tempdir().expect("a folder");
    fs::set_permissions(open.path(), fs::Permissions::from_mode(0o777)).expect("opening it");
    let output = command()
        .current_dir(site.root())
        .args(["mv", "reset", "x"])
        .env("LONGHOUSE_STATE_DIR", open.path())
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(site.root().join("content/questions/reset.md").exists());
}

#[test]
fn a_state_folder_that_git_tracks_is_not_believed() {
    let dotfiles = repository("=== note.txt\nmine\n");
    let state = dotfiles.folder().root().join("state");
    dotfiles.write("state/x/begun.json", HOOK).commit("Ana", "2024-01-01", "My settings");
    let site = folder(SITE);
    let output = command()
        .current_dir(site.root())
        .args(["mv", "reset", "x"])
        .env("LONGHOUSE_STATE_DIR", state)
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_content_folder_may_have_a_hidden_name() {
    let hidden =
        SITE.replace("content/", ".kb/").replace("longhouse.yaml\n", "longhouse.yaml\ncontent: .kb\n");
    let site = folder(&hidden);
    let (output, said) = run(&site, &["mv", "reset", "again"]);
    assert!(output.status.success(), "{said}");
    assert!(site.root().join(".kb/questions/again.md").exists());
}

#[cfg(unix)]
#[test]
fn a_site_is_not_begun_through_a_link() {
    let site = folder("=== note.txt\nmine\n");
    let outside = tempfile::tempdir().expect("a folder");
    std::os::unix::fs::symlink(outside.path(), site.root().join("content")).expect("a link");
    let (output, said) = run(&site, &["init"]);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert_eq!(fs::read_dir(outside.path()).expect("a folder").count(), 0);
}

#[cfg(unix)]
#[test]
fn a_configuration_that_is_a_device_is_not_read_for_ever() {
    for name in ["longhouse.yaml", "search-tests.yaml", "data/moderation.yaml"] {
        let site = folder("=== content/a.md\n# A\n=== data/x\n\n");
        std::os::unix::fs::symlink("/dev/zero", site.root().join(name)).expect("a link");
        let (output, said) = run(&site, &["check"]);
        assert_eq!(output.status.code(), Some(3), "{said}");
        assert!(said.contains("regular file"), "{said}");
    }
}

#[cfg(unix)]
#[test]
fn a_new_page_is_not_written_through_a_link() {
    let site = folder(SITE);
    let outside = tempfile::tempdir().expect("a folder");
    std::os::unix::fs::symlink(outside.path(), site.root().join("content/ideas")).expect("a link");
    let (output, said) = run(&site, &["new", "idea", "Dark mode"]);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("symbolic link"), "{said}");
    assert_eq!(fs::read_dir(outside.path()).expect("a folder").count(), 0);
}

#[cfg(unix)]
#[test]
fn what_a_branch_laid_beside_the_output_folder_is_left_alone() {
    let repository = repository(SITE);
    let site = repository.folder();
    let outside = tempfile::tempdir().expect("a folder");
    let target = outside.path().join("made");
    std::os::unix::fs::symlink(&target, site.root().join(".public.longhouse.lock")).expect("a link");
    site.write(".public.longhouse-old-1/index.html", "theirs");
    site.write(".public.longhouse-old-1/.longhouse", "Written by longhouse. Every build\n");
    repository.commit("Mallory", "2024-01-01", "A site");
    let (output, said) = run(site, &["build"]);
    assert!(output.status.success(), "{said}");
    assert!(said.contains(".public.longhouse-old-1 is next to"), "{said}");
    assert!(!target.exists());
    assert!(site.root().join(".public.longhouse-old-1/index.html").exists());
    assert!(!fs::read_to_string(site.root().join("public/index.html")).expect("a page").contains("theirs"));
}
