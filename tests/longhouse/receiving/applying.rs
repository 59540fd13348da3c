//! The second half: a commit on a branch of its own, in whatever state a repository is.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use super::{SITE, issue};
use crate::repository::{Repository, repository};

fn longhouse(root: &Path, arguments: &[&str]) -> Output {
    crate::fixture::command()
        .args(["--root"])
        .arg(root)
        .arg("receive")
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .expect("the command runs")
}

/// A delivery of an issue, made beside the repository.
struct Delivery {
    folder: TempDir,
}

impl Delivery {
    fn of(root: &Path, title: &str, body: &str) -> Delivery {
        let folder = tempfile::tempdir().expect("a folder");
        let event = folder.path().join("event.json");
        fs::write(&event, issue(title, body)).expect("written");
        let delivery = Delivery { folder };
        let out = delivery.path();
        let arguments = [
            "--from",
            "github",
            "--input",
            event.to_str().expect("text"),
            "--out",
            out.to_str().expect("text"),
        ];
        let output = longhouse(root, &arguments);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        delivery
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("delivery")
    }

    fn apply(&self, root: &Path, branch: &str) -> Output {
        longhouse(root, &["--apply", self.path().to_str().expect("text"), "--branch", branch])
    }
}

fn git(root: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git").current_dir(root).args(arguments).output().expect("git");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn begun(files: &str) -> Repository {
    let repository = repository(files);
    repository.commit("Mia", "2026-01-01", "begin");
    repository
}

#[test]
fn a_branch_has_the_new_file_and_nothing_else_changes() {
    let repository = begun(SITE);
    let root = repository.folder().root();
    // Somebody is in the middle of something, and the repository would run something.
    repository
        .write("content/questions/reset.md", "# Changed\n")
        .write("content/questions/new.md", "# New\n");
    repository
        .write(".git/hooks/reference-transaction", "#!/bin/sh\ntouch RAN\n")
        .write(".git/hooks/post-commit", "#!/bin/sh\ntouch RAN\n");
    #[cfg(unix)]
    for hook in ["reference-transaction", "post-commit"] {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(root.join(".git/hooks").join(hook), fs::Permissions::from_mode(0o755))
            .expect("a hook");
    }
    repository.git("Mia", "2026-01-02", &["add", "content/questions/new.md"]);
    repository.git("Mia", "2026-01-02", &["checkout", "--quiet", "--detach"]);
    let _ = fs::remove_file(root.join("RAN"));
    let before = git(root, &["status", "--porcelain"]);
    let output = Delivery::of(root, "Is it hot?", "Very.").apply(root, "receive/12");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "receive/12\n");
    assert_eq!(
        git(root, &["status", "--porcelain"]),
        before,
        "nothing of somebody else's is lost or committed"
    );
    assert_eq!(
        git(root, &["diff", "--name-status", "HEAD", "receive/12"]),
        "A\tcontent/questions/is-it-hot.md\n"
    );
    assert!(!root.join("RAN").exists(), "no hook ran");
    let said = git(root, &["log", "-1", "--format=%an <%ae>%n%B", "receive/12"]);
    let digest =
        git(root, &["log", "-1", "--format=%(trailers:key=Received-digest,valueonly)", "receive/12"]);
    assert!(digest.trim().len() == 16, "the list of branches says what waits: {digest}");
    assert_eq!(
        said.trim_end().replace(digest.trim(), "DIGEST"),
        "longhouse <receive@localhost>\nIs it hot?\n\nReceived from an issue (12).\n\nReceived-digest: DIGEST\nCo-authored-by: ana <42+ana@users.noreply.github.com>"
    );
}

#[test]
fn an_edited_issue_replaces_what_it_was_and_nothing_of_anybody_else() {
    let repository = begun(SITE);
    let root = repository.folder().root();
    let apply = |title: &str, body: &str| {
        let delivery = Delivery::of(root, title, body);
        let output = longhouse(root, &["--apply", delivery.path().to_str().expect("text")]);
        assert!(output.stdout.is_empty() || output.stdout == b"receive/issue-12\n");
        (output.status.code(), git(root, &["rev-parse", "receive/issue-12"]))
    };
    let brings = || git(root, &["diff", "--name-status", "HEAD...receive/issue-12"]);
    let (status, first) = apply("Is it hot?", "Very.");
    assert_eq!((status, brings().as_str()), (Some(0), "A\tcontent/questions/is-it-hot.md\n"));
    assert_eq!(apply("Is it hot?", "Very."), (Some(0), first.clone()), "the same again is no new commit");

    // Under another title it is another file, and the former one is gone.
    let (status, second) = apply("Is it cold?", "Very.");
    assert_eq!((status, brings().as_str()), (Some(0), "A\tcontent/questions/is-it-cold.md\n"));
    assert_ne!(first, second);
    assert_eq!(git(root, &["rev-list", "--count", "HEAD..receive/issue-12"]), "1\n");

    // The main branch goes on, and a host merges it into the branch at the press of a button.
    repository.write("content/questions/other.md", "# Another?\n");
    repository.commit("Mia", "2026-01-02", "go on");
    let main = git(root, &["branch", "--show-current"]);
    repository.git("Mia", "2026-01-03", &["checkout", "--quiet", "receive/issue-12"]);
    let (status, _) = apply("Is it warm?", "Very.");
    assert_eq!(status, Some(2), "a branch on which somebody stands is not moved");
    repository.git("Mia", "2026-01-03", &["merge", "--quiet", "--no-edit", main.trim()]);
    repository.git("Mia", "2026-01-03", &["checkout", "--quiet", main.trim()]);
    let (status, third) = apply("Is it warm?", "Very.");
    assert_eq!((status, brings().as_str()), (Some(0), "A\tcontent/questions/is-it-warm.md\n"));
    assert_eq!(git(root, &["rev-parse", "receive/issue-12^1"]), git(root, &["rev-parse", "HEAD"]));

    // Whatever somebody else did on it stays, be it another file or a word in this one.
    for (path, text) in
        [("content/questions/more.md", "# More?\n"), ("content/questions/is-it-warm.md", "# Warm?\n")]
    {
        repository.git(
            "Mia",
            "2026-01-04",
            &["branch", "--quiet", "--force", "receive/issue-12", third.trim()],
        );
        repository.git("Mia", "2026-01-04", &["checkout", "--quiet", "receive/issue-12"]);
        repository.write(path, text);
        repository.commit("Mia", "2026-01-04", "help");
        repository.git("Mia", "2026-01-04", &["checkout", "--quiet", main.trim()]);
        let before = git(root, &["rev-parse", "receive/issue-12"]);
        assert_eq!(apply("Is it tepid?", "Very."), (Some(4), before), "{path}");
    }
    // A branch of this name that was made of something else is not ours either.
    repository.git("Mia", "2026-01-05", &["branch", "--force", "receive/issue-12", "HEAD^"]);
    assert_eq!(apply("Is it tepid?", "Very.").0, Some(4));

    // What was merged has nothing to lose.
    repository.git("Mia", "2026-01-05", &["branch", "--force", "receive/issue-12", third.trim()]);
    repository.git("Mia", "2026-01-05", &["merge", "--quiet", "--no-ff", "--no-edit", "receive/issue-12"]);
    let (status, _) = apply("Is it tepid?", "Very.");
    assert_eq!((status, brings().as_str()), (Some(0), "A\tcontent/questions/is-it-tepid.md\n"));
}

#[test]
fn unusual_repositories_get_their_file_where_it_belongs() {
    let below = |folder: &str, config: &str| {
        let files = SITE.replace("=== content/", &format!("=== {folder}/content/"));
        files.replace(
            "=== longhouse.yaml\n",
            &format!("=== other.txt\nx\n=== {folder}/longhouse.yaml\n{config}"),
        )
    };
    let docs = SITE.replace("=== content/", "=== docs/").replace("title: Kiln", "content: docs\ntitle: Kiln");
    let mapped = SITE
        .replace("content/questions/", "content/_fragen/")
        .replace("title: Kiln", "kinds: {_fragen: questions}\ntitle: Kiln");
    let german = SITE.replace("title: Kiln", "language: de\ntitle: Kiln");
    for (files, folder, expected) in [
        (below("site/kb", ""), "site/kb", "site/kb/content/questions/is-it-hot.md"),
        (docs, "", "docs/questions/is-it-hot.md"),
        (mapped, "", "content/_fragen/is-it-hot.md"),
        (german, "", "content/questions/is-it-hot.md"),
    ] {
        let repository = begun(&files);
        let root = repository.folder().root().join(folder);
        let output = Delivery::of(&root, "Is it hot?", "Very.").apply(&root, "receive/x");
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let changed = git(repository.folder().root(), &["diff", "--name-status", "HEAD", "receive/x"]);
        assert_eq!(changed, format!("A\t{expected}\n"));
    }
}

#[test]
fn a_name_of_a_branch_is_no_option_and_no_other_ref() {
    let repository = begun(SITE);
    let root = repository.folder().root();
    let delivery = Delivery::of(root, "Is it hot?", "Very.");
    for branch in ["main", "a..b", "x.lock", "a b", "@{-1}", ""] {
        let output = delivery.apply(root, branch);
        assert_eq!(output.status.code(), Some(2), "{branch}: {}", String::from_utf8_lossy(&output.stderr));
    }
    let output = longhouse(root, &["--apply", delivery.path().to_str().expect("text")]);
    assert_eq!(output.stdout, b"receive/issue-12\n", "the report names one");
}

#[cfg(unix)]
#[test]
fn a_link_in_a_delivery_is_a_reason_to_take_nothing() {
    let repository = begun(SITE);
    let root = repository.folder().root();
    let delivery = Delivery::of(root, "Is it hot?", "Very.");
    let file = delivery.path().join("files/content/questions/is-it-hot.md");
    fs::remove_file(&file).expect("it is there");
    std::os::unix::fs::symlink("/etc/passwd", &file).expect("a link");
    let output = delivery.apply(root, "receive/x");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("is a link"));
    assert_eq!(git(root, &["branch", "--list", "receive/*"]), "");
}

#[test]
fn exit_statuses_say_what_became_of_it() {
    let repository = begun(SITE);
    let root = repository.folder().root();
    let folder = tempfile::tempdir().expect("a folder");
    let run = |name: &str, input: &str, from: &str| {
        let file = folder.path().join("input");
        fs::write(&file, input).expect("written");
        let out = folder.path().join(name);
        let output = longhouse(
            root,
            &["--from", from, "--input", file.to_str().expect("text"), "--out", out.to_str().expect("text")],
        );
        (output.status.code(), out)
    };
    assert_eq!(run("fine", "kind=question&title=Is it hot?&text=Very", "form").0, Some(0));
    let story = "kind=story&title=Theirs&customer=Acme&problem=x&outcome=y";
    assert_eq!(run("story", story, "form").0, Some(1), "a story about somebody else needs their consent");
    let (status, out) = run("empty", "kind=answer&to=reset&text=", "form");
    assert_eq!(status, Some(4));
    let said = fs::read_to_string(out.join("body.md")).expect("it says why");
    assert!(said.contains("no text"), "{said}");
    assert_eq!(run("broken", "{", "github").0, Some(2));
    assert_eq!(
        run("fine", "kind=question&title=Is it hot?&text=Very", "form").0,
        Some(2),
        "the folder is not empty"
    );
    let huge = format!("kind=question&title=Is it hot?&text={}", "x".repeat(1 << 20));
    assert_eq!(run("huge", &huge, "form").0, Some(4));
}
