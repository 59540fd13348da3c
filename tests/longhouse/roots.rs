//! The root and the content folder as the configuration names them: links, links that lead nowhere, and folders and
//! files that may not be read.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Output;

use longhouse::diagnostic::Rule;
use longhouse::output::OutputPath;
use longhouse::site::Visibility;
use longhouse::source::reload::Touched;
use longhouse::source::{LoadOptions, load};
use longhouse::theme::Names;
use longhouse::workspace::Workspace;

use crate::fixture::{Folder, command, folder};
use crate::repository::repository;

/// A site whose content lies in `elsewhere`, and the same with a link in place of its content folder.
const FILES: &str = "\
=== longhouse.yaml
base_url: https://acme.example/
=== elsewhere/questions/reset.md
# How do I reset it?
Press it. See [other](other.md).
=== elsewhere/questions/reset/ana.md
Hold it for ten seconds.
=== elsewhere/questions/other.md
# What else is there?
See [reset](reset.md) and [nothing](nothing.md).
";

fn linked() -> Folder {
    let site = folder(FILES);
    symlink("elsewhere", site.root().join("content")).expect("a link");
    site
}

#[track_caller]
fn run(root: &Path, arguments: &[&str]) -> (Output, String) {
    let output = command().current_dir(root).args(arguments).output().expect("it runs");
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(!said.contains("panicked") && !said.contains("bug in Longhouse"), "{said}");
    (output, said)
}

#[test]
fn a_content_folder_may_be_a_link_of_any_sort() {
    let outside = tempfile::tempdir().expect("a folder");
    fs::create_dir_all(outside.path().join("questions")).expect("a folder");
    fs::write(outside.path().join("questions/reset.md"), "# How do I reset it?\n").expect("a file");
    let site = folder(FILES);
    let elsewhere = site.root().join("elsewhere");
    let root = site.root().join("site");
    fs::create_dir(&root).expect("a folder");
    fs::create_dir(root.join("docs")).expect("a folder");
    for (content, name, target) in [
        ("", "content", Path::new("../elsewhere")),
        ("", "content", &elsewhere),
        ("", "content", outside.path()),
        ("content: kb\n", "kb", &elsewhere),
        ("content: docs/kb\n", "docs/kb", Path::new("../../elsewhere")),
    ] {
        fs::write(root.join("longhouse.yaml"), format!("base_url: https://a.example/\n{content}"))
            .expect("a file");
        symlink(target, root.join(name)).expect("a link");
        let (output, said) = run(&root, &["build"]);
        assert!(output.status.success(), "{name}: {said}");
        assert!(root.join("public/questions/reset/index.html").exists(), "{name}: {said}");
        let (_, said) = run(&root, &["check", "--format", "json"]);
        assert_eq!(said.contains("nothing.md"), target != outside.path(), "{said}");
        assert!(!said.contains("symlink"), "{said}");
        fs::remove_file(root.join(name)).expect("it goes");
    }
}

#[test]
fn a_whole_site_may_be_reached_by_a_link() {
    let site = folder("=== questions/reset.md\n# How do I reset it?\n=== longhouse.yaml\ncontent: .\n");
    let outside = tempfile::tempdir().expect("a folder");
    let way = outside.path().join("way");
    symlink(site.root(), &way).expect("a link");
    let (output, said) = run(outside.path(), &["build", "--root", "way"]);
    assert!(output.status.success(), "{said}");
    assert!(way.join("public/questions/reset/index.html").exists());
}

#[test]
fn a_link_below_the_content_folder_stays_refused() {
    let site = linked();
    symlink("reset.md", site.root().join("elsewhere/questions/again.md")).expect("a link");
    let rendered = site.build();
    assert_eq!(&*rendered.only(Rule::Symlink).file, "content/questions/again.md");
    assert!(!rendered.has("questions/again/index.html"));
}

#[test]
fn a_content_folder_that_leads_nowhere_or_round_in_circles_is_told() {
    for target in ["gone", "content", ".", "..", "longhouse.yaml"] {
        let site = folder(FILES);
        symlink(target, site.root().join("content")).expect("a link");
        for command in [&["check"][..], &["build"], &["fix"], &["new", "question", "Why?"], &["mv", "a", "b"]]
        {
            let (output, said) = run(site.root(), command);
            assert_eq!(output.status.code(), Some(3), "{target} {command:?}: {said}");
            assert!(said.contains("content"), "{said}");
        }
        assert!(!site.root().join("public").exists());
    }
}

#[test]
fn what_is_saved_below_a_linked_folder_is_followed() {
    let site = linked();
    let root = site.root().canonicalize().expect("a folder");
    let mut preview = Workspace::new(&root, LoadOptions::default(), Visibility::default(), Names::Plain);
    preview.open(load(&root, &LoadOptions::default()).unwrap_or_else(|_| panic!("a site")));
    // A watch names a file as it was reached, or as it lies on the disk.
    for (text, named) in [("Once.", "content"), ("Twice.", "elsewhere")] {
        site.write("elsewhere/questions/reset.md", format!("# How do I reset it?\n{text}\n"));
        let path = root.join(named).join("questions/reset.md");
        let renewal = preview.apply(Touched { paths: [path].into(), everything: false });
        let page = OutputPath::new("questions/reset/index.html").expect("a path");
        let file = renewal.files.iter().find(|(path, _)| *path == page).map(|(_, content)| content.is_some());
        assert_eq!(file, Some(true), "{named}");
    }
}

#[test]
fn a_linked_content_is_moved_mended_and_begun_as_any_other() {
    let site = linked();
    let (output, said) = run(&site.root().join("content/questions"), &["mv", "reset.md", "again.md"]);
    assert!(output.status.success(), "{said}");
    assert!(site.root().join("elsewhere/questions/again/ana.md").exists());
    let (output, said) = run(site.root(), &["mv", "--undo"]);
    assert!(output.status.success(), "{said}");
    assert!(site.root().join("elsewhere/questions/reset.md").exists());
    let (output, said) = run(site.root(), &["new", "question", "Why is it so?"]);
    assert!(output.status.success(), "{said}");
    assert!(site.root().join("elsewhere/questions/why-is-it-so.md").exists());
    site.write("elsewhere/questions/Odd name.md", "# Is this odd?\n");
    let (output, said) = run(site.root(), &["fix", "content/questions/Odd name.md"]);
    assert!(output.status.success(), "{said}");
    assert!(site.root().join("elsewhere/questions/odd-name.md").exists(), "{said}");
    assert!(fs::symlink_metadata(site.root().join("content")).is_ok_and(|it| it.is_symlink()));
}

#[test]
fn git_knows_who_wrote_what_lies_behind_a_link() {
    let repository = repository(FILES);
    symlink("elsewhere", repository.folder().root().join("content")).expect("a link");
    repository.commit("Ana", "2024-03-01", "The site");
    let rendered = repository.build();
    assert!(rendered.main("/questions/reset/").contains("2024"), "{}", rendered.main("/questions/reset/"));
    repository.git("Ana", "2024-03-01", &["checkout", "-q", "-b", "more"]);
    repository.write("elsewhere/questions/new.md", "# What is new?\n[dead](gone.md)\n");
    repository.commit("Ben", "2024-03-02", "More");
    let arguments = ["check", "--changed-since", "main", "--format", "json"];
    let (_, said) = run(repository.folder().root(), &arguments);
    assert!(said.contains("content/questions/new.md") && !said.contains("nothing.md"), "{said}");
}

/// Runs a command as somebody who is not the superuser; nothing where that cannot be tried.
fn as_somebody(root: &Path, arguments: &[&str]) -> Option<(Output, String)> {
    let mut command = command();
    command.current_dir(root).args(arguments).env("LONGHOUSE_STATE_DIR", root.join("../none"));
    // Anyone who may read everything becomes nobody.
    if fs::read_dir("/proc/1/fd").is_ok() {
        command.uid(65534).gid(65534);
    }
    let output = command.output().ok()?;
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    Some((output, said))
}

/// A site that anybody may write to.
fn open_site() -> Folder {
    let site = folder(&FILES.replace("elsewhere/", "content/"));
    let open =
        |path: &Path| fs::set_permissions(path, fs::Permissions::from_mode(0o777)).expect("opening it");
    open(site.root());
    site
}

fn close(path: &Path) {
    fs::set_permissions(path, fs::Permissions::from_mode(0o000)).expect("closing it");
}

#[test]
fn a_content_folder_that_may_not_be_read_is_no_site_without_pages() {
    let site = open_site();
    close(&site.root().join("content"));
    for command in ["check", "build"] {
        let Some((output, said)) = as_somebody(site.root(), &[command]) else { return };
        assert_eq!(output.status.code(), Some(3), "{said}");
        assert!(said.contains("content") && said.to_lowercase().contains("permission"), "{said}");
    }
    assert!(!site.root().join("public").exists());
    fs::set_permissions(site.root().join("content"), fs::Permissions::from_mode(0o755)).expect("opening it");
}

#[test]
fn a_file_or_a_folder_that_may_not_be_read_is_told_and_the_build_is_not_done() {
    for closed in ["content/questions/reset.md", "content/questions/reset", "content/questions"] {
        let site = open_site();
        close(&site.root().join(closed));
        let Some((output, said)) = as_somebody(site.root(), &["check"]) else { return };
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(closed) && said.to_lowercase().contains("permission denied"), "{said}");
        let Some((output, said)) = as_somebody(site.root(), &["build"]) else { return };
        assert_eq!(output.status.code(), Some(3), "{said}");
        assert!(said.contains(closed) && said.contains("is incomplete"), "{said}");
        let is_other_there = site.root().join("public/questions/other/index.html").exists();
        assert_eq!(is_other_there, closed != "content/questions");
        fs::set_permissions(site.root().join(closed), fs::Permissions::from_mode(0o755)).expect("opening it");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_mistake() {
    let site = folder(&FILES.replace("elsewhere/", "content/"));
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let output = command()
        .current_dir(site.root())
        .args(["search", "reset"])
        .stdout(writer)
        .stderr(std::process::Stdio::piped())
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(!said.contains("mistake") && !said.contains("panicked"), "{said}");
}

#[test]
fn a_published_index_is_not_read_through_a_link() {
    let site = folder(&FILES.replace("elsewhere/", "content/"));
    fs::create_dir_all(site.root().join("public/search")).expect("a folder");
    symlink("/dev/zero", site.root().join("public/search/index.json")).expect("a link");
    let (output, said) = run(site.root(), &["search", "reset"]);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("so a new one is used"), "{said}");
}
