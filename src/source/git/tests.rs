//! Long because it is a list of cases.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::*;

/// A small repository in a temporary folder, made with fixed clocks and nobody's settings.
struct Repo {
    folder: tempfile::TempDir,
}

impl Repo {
    fn new() -> Repo {
        let repo = Repo { folder: tempfile::tempdir().expect("a temporary folder") };
        repo.git(&["init", "--quiet", "--initial-branch=main", "."]);
        repo
    }

    fn path(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    fn git_as(&self, who: &str, when: &str, arguments: &[&str]) -> String {
        let email = if who.contains('@') { who.to_owned() } else { format!("{who}@example.com") };
        let mut git = Command::new("git");
        for (name, _) in std::env::vars_os() {
            if name.as_encoded_bytes().starts_with(b"GIT_") {
                git.env_remove(name);
            }
        }
        let output = git
            .current_dir(self.folder.path())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_AUTHOR_NAME", who)
            .env("GIT_AUTHOR_EMAIL", &email)
            .env("GIT_AUTHOR_DATE", when)
            .env("GIT_COMMITTER_NAME", "Maintainer")
            .env("GIT_COMMITTER_EMAIL", "maintainer@example.com")
            .env("GIT_COMMITTER_DATE", when)
            .args(["-c", "commit.gpgSign=false", "-c", "merge.renames=true"])
            .args(arguments)
            .output()
            .expect("git");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    fn git(&self, arguments: &[&str]) -> String {
        self.git_as("nobody", "2020-01-01T00:00:00Z", arguments)
    }

    fn write(&self, path: &str, text: &str) -> &Repo {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        fs::write(path, text).expect("a file");
        self
    }

    fn commit(&self, who: &str, when: &str, message: &str) -> String {
        self.git(&["add", "--all"]);
        self.git_as(who, when, &["commit", "--quiet", "--allow-empty", "-m", message]);
        self.git(&["rev-parse", "HEAD"])
    }

    fn history(&self) -> History {
        self.history_of(&self.path())
    }

    fn history_of(&self, root: &Path) -> History {
        history(root, "", Rules::Believed).expect("git answers").expect("a repository")
    }
}

/// Who, when first and when last, in one line.
fn life(history: &History, path: &str) -> String {
    let Some(file) = history.files.get(path) else { return "nothing".to_owned() };
    let people: Vec<&str> = file.added_by.iter().map(|person| person.name.as_str()).collect();
    let date = |moment: Option<Moment>| {
        moment.map_or("never".to_owned(), |moment| moment.zoned().date().to_string())
    };
    format!("{} {} {}", people.join("+"), date(file.added_at), date(file.changed_at))
}

/// Ten lines that only this word's file has.
fn text(word: &str) -> String {
    (0..10).map(|n| format!("{word} says line {n}\n")).collect()
}

#[test]
fn a_file_has_its_first_author_and_its_first_and_last_date() {
    let repo = Repo::new();
    repo.write("a.md", "one").commit("ana", "2021-03-04T23:30:00-0500", "a");
    repo.write("a.md", "two").commit("ben", "2022-05-06T01:00:00+0930", "b");
    repo.write("c.md", "never committed");
    let history = repo.history();
    assert_eq!(life(&history, "a.md"), "ana 2021-03-04 2022-05-06");
    assert_eq!(life(&history, "c.md"), "nothing");
    assert_eq!(history.files["a.md"].committer.name, "Maintainer");
    let head = history.head.expect("a commit").zoned();
    assert_eq!(head.to_string(), "2022-05-06T01:00:00+09:30[+09:30]");
    assert_eq!(history.head_id, repo.git(&["rev-parse", "HEAD"]));
    assert!(!history.shallow && history.prefix.is_empty());
}

#[test]
fn a_file_keeps_its_author_through_renames_moves_and_edits() {
    let repo = Repo::new();
    repo.write("q/refund.md", &text("refund")).write("q/Case.md", &text("case"));
    repo.commit("ana", "2021-01-01T00:00:00Z", "two questions");
    fs::create_dir_all(repo.path().join("q/billing")).expect("a folder");
    repo.git(&["mv", "q/refund.md", "q/billing/refund.md"]);
    repo.git(&["mv", "q/Case.md", "q/case.md"]);
    repo.commit("ben", "2021-02-01T00:00:00Z", "a topic");
    repo.git(&["mv", "q/billing/refund.md", "q/billing/index.tmp"]);
    fs::create_dir_all(repo.path().join("q/billing/refund")).expect("a folder");
    repo.git(&["mv", "q/billing/index.tmp", "q/billing/refund/index.md"]);
    repo.write("q/billing/refund/index.md", &(text("refund") + "and one more\n"));
    repo.commit("cem", "2021-03-01T00:00:00Z", "a folder of its own, edited too");
    let history = repo.history();
    assert_eq!(life(&history, "q/billing/refund/index.md"), "ana 2021-01-01 2021-03-01");
    assert_eq!(life(&history, "q/case.md"), "ana 2021-01-01 2021-01-01");
    assert_eq!(history.files.len(), 2);
}

#[test]
fn co_authors_of_the_first_commit_count_and_the_mailmap_joins_names() {
    let repo = Repo::new();
    let message = "a\n\nText.\n\nCo-authored-by: Ben B <ben@old.example>\n\
                   co-Authored-By: ANA <ana@example.com>\nCo-authored-by: Cem\nReviewed-by: Dora <d@x>";
    repo.write("a.md", "one").commit("ana", "2021-01-01T00:00:00Z", message);
    repo.write("a.md", "two").commit("eve", "2021-01-02T00:00:00Z", "b\n\nCo-authored-by: Eve <eve@x>");
    assert_eq!(life(&repo.history(), "a.md"), "ana+Ben B+Cem 2021-01-01 2021-01-02");
    repo.write(".mailmap", "Ana Lima <ana@example.com>\nBenjamin <ben@new.example> <ben@old.example>\n");
    let history = repo.history();
    assert_eq!(life(&history, "a.md"), "Ana Lima+Benjamin+Cem 2021-01-01 2021-01-02");
    assert_eq!(history.files["a.md"].added_by[1].email, "ben@new.example");
}

#[test]
fn a_file_that_was_deleted_and_added_again_begins_anew() {
    let repo = Repo::new();
    repo.write("a.md", "one").write("b.md", "other").commit("ana", "2021-01-01T00:00:00Z", "a");
    repo.git(&["rm", "--quiet", "a.md"]);
    repo.commit("ben", "2021-02-01T00:00:00Z", "gone");
    repo.write("a.md", "quite new").commit("cem", "2021-03-01T00:00:00Z", "again");
    assert_eq!(life(&repo.history(), "a.md"), "cem 2021-03-01 2021-03-01");
}

#[test]
fn bulk_commits_leave_no_dates() {
    let repo = Repo::new();
    repo.write("a.md", &text("a")).commit("ana", "2021-01-01T00:00:00Z", "a");
    repo.write("a.md", &(text("a") + "more\n")).commit("ben", "2021-02-01T00:00:00Z", "b");
    repo.write("bulk.md", "x").write("a.md", &text("A"));
    fs::rename(repo.path().join("a.md"), repo.path().join("c.md")).expect("a rename");
    repo.write("c.md", &(text("a") + "more\r\n"));
    let bulk = repo.commit("bot", "2021-03-01T00:00:00Z", "all line ends");
    repo.write(".git-blame-ignore-revs", &format!("# line ends\n{bulk} # all\nnonsense\n"));
    repo.commit("bot", "2021-04-01T00:00:00Z", "ignore it");
    let history = repo.history();
    assert_eq!(life(&history, "c.md"), "ana 2021-01-01 2021-02-01");
    assert_eq!(life(&history, "bulk.md"), "bot never never");
}

#[test]
fn a_merged_branch_counts_as_it_came_in_whatever_its_clocks_say() {
    let repo = Repo::new();
    repo.write("old.md", &text("old")).commit("ana", "2021-01-01T00:00:00Z", "first");
    repo.git(&["checkout", "--quiet", "-b", "branch"]);
    repo.write("new.md", &text("new")).commit("eve", "1990-01-01T00:00:00Z", "backdated");
    repo.write("old.md", &(text("old") + "eve\n")).commit("eve", "2021-06-01T00:00:00Z", "on the branch");
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("main.md", &text("main")).commit("ben", "2021-02-01T00:00:00Z", "meanwhile");
    repo.git(&["mv", "old.md", "moved.md"]);
    repo.commit("ben", "2021-03-01T00:00:00Z", "moved meanwhile");
    repo.git_as("ben", "2021-07-01T00:00:00Z", &["merge", "--quiet", "--no-ff", "-m", "merge", "branch"]);
    let history = repo.history();
    assert_eq!(life(&history, "new.md"), "eve 1990-01-01 1990-01-01");
    assert_eq!(life(&history, "moved.md"), "ana 2021-01-01 2021-06-01");
    let rank = |path: &str| history.files[path].rank;
    assert!(rank("moved.md") < rank("main.md") && rank("main.md") < rank("new.md"));
}

#[test]
fn a_file_that_only_a_merge_added_is_its_authors() {
    let repo = Repo::new();
    repo.write("a.md", "a").commit("ana", "2021-01-01T00:00:00Z", "a");
    repo.git(&["checkout", "--quiet", "-b", "branch"]);
    repo.write("b.md", "b").commit("ben", "2021-02-01T00:00:00Z", "b");
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("c.md", "c").commit("cem", "2021-03-01T00:00:00Z", "c");
    repo.git(&["merge", "--quiet", "--no-commit", "--no-ff", "branch"]);
    repo.write("evil.md", "e").write("b.md", "b, changed in the merge");
    repo.commit("eve", "2021-04-01T00:00:00Z", "merge");
    let history = repo.history();
    assert_eq!(life(&history, "evil.md"), "eve 2021-04-01 2021-04-01");
    assert_eq!(life(&history, "b.md"), "ben 2021-02-01 2021-02-01");
    assert_eq!(life(&history, "c.md"), "cem 2021-03-01 2021-03-01");
}

#[test]
fn a_site_in_a_folder_of_a_repository_sees_its_own_files() {
    let repo = Repo::new();
    repo.write("top.md", "t").write("sub/dir/content/a.md", &text("a"));
    repo.commit("ana", "2021-01-01T00:00:00Z", "a");
    repo.write("sub/dir/longhouse.yaml", "").commit("ben", "2021-02-01T00:00:00Z", "b");
    repo.write("elsewhere.md", "e").commit("cem", "2022-02-01T00:00:00Z", "elsewhere");
    let history = repo.history_of(&repo.path().join("sub/dir"));
    assert_eq!(history.prefix, "sub/dir/");
    assert_eq!(life(&history, "content/a.md"), "ana 2021-01-01 2021-01-01");
    assert_eq!(history.files.len(), 2);
    assert_eq!(history.head.expect("a commit").zoned().date().to_string(), "2022-02-01");
    fs::create_dir(repo.path().join("unknown")).expect("a folder");
    assert_eq!(super::history(&repo.path().join("unknown"), "", Rules::Believed), Ok(None));
}

#[test]
fn a_worktree_is_a_repository_like_any_other() {
    let repo = Repo::new();
    repo.write("a.md", "a").commit("ana", "2021-01-01T00:00:00Z", "a");
    let tree = repo.path().join("tree");
    repo.git(&["worktree", "add", "--quiet", "-b", "other", "tree"]);
    assert_eq!(life(&repo.history_of(&tree), "a.md"), "ana 2021-01-01 2021-01-01");
}

#[test]
fn a_shallow_clone_says_so_and_claims_nothing() {
    let repo = Repo::new();
    repo.write("a.md", "a").commit("ana", "2021-01-01T00:00:00Z", "a");
    repo.write("b.md", "b").commit("ben", "2021-02-01T00:00:00Z", "b");
    let from = format!("file://{}", repo.path().display());
    repo.git(&["clone", "--quiet", "--depth=1", &from, "clone"]);
    let history = repo.history_of(&repo.path().join("clone"));
    assert!(history.shallow && history.files.is_empty());
    assert_eq!(history.head.expect("a commit").zoned().date().to_string(), "2021-02-01");
}

#[test]
fn moves_and_reformatting_are_no_change() {
    let repo = Repo::new();
    for name in
        ["moved", "mode", "crlf", "cr", "blanks", "lines", "bom", "final", "both", "edited", "indented"]
    {
        repo.write(&format!("q/{name}.md"), &text(name));
    }
    repo.commit("ana", "2021-01-01T00:00:00Z", "all");
    repo.git(&["mv", "q/moved.md", "moved.md"]);
    repo.git(&["update-index", "--chmod=+x", "q/mode.md"]);
    repo.git(&["commit", "--quiet", "-m", "modes"]);
    repo.write("q/crlf.md", &text("crlf").replace('\n', "\r\n"))
        .write("q/cr.md", &text("cr").replace('\n', "\r"))
        .write("q/blanks.md", &text("blanks").replace('\n', " \t\n"))
        .write("q/lines.md", &(String::from("\n") + &text("lines").replace('\n', "\n\n \n")))
        .write("q/bom.md", &(String::from("\u{feff}") + &text("bom")))
        .write("q/final.md", text("final").trim_end())
        .write("q/edited.md", &(text("edited") + "more\n"))
        .write("q/indented.md", &text("indented").replacen('\n', "\n    ", 1));
    fs::remove_file(repo.path().join("q/both.md")).expect("a file");
    repo.write("both.md", &text("both").replace('\n', "\r\n"));
    repo.commit("ben", "2021-02-01T00:00:00Z", "reformat");
    repo.write("q/edited.md", &(text("edited") + "more\n\n")).commit("cem", "2021-03-01T00:00:00Z", "again");
    let history = repo.history();
    for name in ["moved", "q/mode", "q/crlf", "q/cr", "q/blanks", "q/lines", "q/bom", "q/final", "both"] {
        assert_eq!(life(&history, &format!("{name}.md")), "ana 2021-01-01 2021-01-01", "{name}");
    }
    for name in ["q/edited", "q/indented"] {
        assert_eq!(life(&history, &format!("{name}.md")), "ana 2021-01-01 2021-02-01", "{name}");
    }
}

#[test]
fn a_change_is_found_below_any_number_of_reformatting_commits() {
    let repo = Repo::new();
    repo.write("a.md", &text("a")).commit("ana", "2021-01-01T00:00:00Z", "a");
    repo.write("a.md", &(text("a") + "ben\n")).commit("ben", "2021-02-01T00:00:00Z", "a change");
    for day in 1..=11 {
        let blank = if day % 2 == 0 { "\n" } else { "\n\n" };
        repo.write("a.md", &(text("a") + "ben" + blank));
        repo.commit("bot", &format!("2021-03-{day:02}T00:00:00Z"), "reformat");
    }
    assert_eq!(life(&repo.history(), "a.md"), "ana 2021-01-01 2021-02-01");
}

#[test]
fn files_that_exchange_their_names_stay_who_they_are() {
    let repo = Repo::new();
    for (name, who) in [("a", "ana"), ("b", "ben"), ("c", "cem")] {
        repo.write(&format!("{name}.md"), &text(name)).commit(who, "2021-01-01T00:00:00Z", name);
    }
    // Each goes where another was, and none is where it was.
    repo.git(&["mv", "c.md", "d.md"]);
    repo.git(&["mv", "b.md", "c.md"]);
    repo.git(&["mv", "a.md", "b.md"]);
    repo.commit("eve", "2021-02-01T00:00:00Z", "shift");
    let history = repo.history();
    assert_eq!(life(&history, "b.md"), "ana 2021-01-01 2021-01-01");
    assert_eq!(life(&history, "c.md"), "ben 2021-01-01 2021-01-01");
    assert_eq!(life(&history, "d.md"), "cem 2021-01-01 2021-01-01");
}

#[test]
fn what_was_taken_away_and_put_back_as_it_was_is_the_same_file() {
    let repo = Repo::new();
    repo.write("a.md", &text("a")).write("b.md", &text("b")).commit("ana", "2021-01-01T00:00:00Z", "a");
    repo.git(&["rm", "--quiet", "a.md"]);
    repo.commit("ben", "2021-02-01T00:00:00Z", "gone");
    repo.write("a.md", &text("a")).commit("cem", "2021-03-01T00:00:00Z", "back");
    assert_eq!(life(&repo.history(), "a.md"), "ana 2021-01-01 2021-01-01");
    repo.write("a.md", &(text("a") + "more\n")).commit("dora", "2021-04-01T00:00:00Z", "more");
    assert_eq!(life(&repo.history(), "a.md"), "ana 2021-01-01 2021-04-01");
}

/// A clone that leaves out what the filter says, without the files of the last commit unless they are needed.
fn partial_clone(repo: &Repo, filter: &str) -> PathBuf {
    repo.git(&["config", "uploadpack.allowFilter", "true"]);
    let from = format!("file://{}", repo.path().display());
    repo.git(&["clone", "--quiet", "--no-checkout", filter, &from, "clone"]);
    repo.path().join("clone")
}

#[test]
fn a_partial_clone_fetches_nothing_and_takes_nobody_for_somebody_else() {
    let repo = Repo::new();
    repo.write("a.md", &text("a")).write("b.md", &text("b")).write("gone.md", &text("gone"));
    repo.commit("ana", "2021-01-01T00:00:00Z", "a");
    repo.git(&["mv", "a.md", "moved.md"]);
    repo.git(&["mv", "b.md", "edited.md"]);
    repo.write("edited.md", &(text("b") + "more\n")).commit("ben", "2021-02-01T00:00:00Z", "b");
    repo.write("new.md", &text("new")).commit("cem", "2021-03-01T00:00:00Z", "new");
    repo.write("edited.md", &(text("b") + "much more\n")).commit("dora", "2021-04-01T00:00:00Z", "more");
    let history = repo.history_of(&partial_clone(&repo, "--filter=blob:none"));
    assert_eq!(history.gaps, [Gap::Partial { files: Some(1), dates: true }]);
    assert_eq!(life(&history, "moved.md"), "ana 2021-01-01 2021-01-01");
    assert_eq!(life(&history, "edited.md"), " never 2021-04-01");
    assert_eq!(life(&history, "new.md"), "cem 2021-03-01 2021-03-01");
}

#[test]
fn a_clone_without_folders_claims_nothing() {
    let repo = Repo::new();
    repo.write("a.md", &text("a")).commit("ana", "2021-01-01T00:00:00Z", "a");
    repo.write("q/b.md", &text("b")).commit("ben", "2021-02-01T00:00:00Z", "b");
    let history = repo.history_of(&partial_clone(&repo, "--filter=tree:0"));
    assert_eq!(history.gaps, [Gap::Partial { files: None, dates: true }]);
    assert!(history.files.is_empty() && !history.knows_of("a.md"));
    assert_eq!(history.head.expect("a commit").zoned().date().to_string(), "2021-02-01");
}

#[test]
fn a_submodule_has_its_own_history() {
    let (inner, middle, outer) = (Repo::new(), Repo::new(), Repo::new());
    inner.write("a.md", &text("a")).commit("ana", "2021-01-01T00:00:00Z", "a");
    middle.write("b.md", &text("b")).commit("ben", "2021-02-01T00:00:00Z", "b");
    outer.write("longhouse.yaml", "").commit("cem", "2021-03-01T00:00:00Z", "c");
    let add = |to: &Repo, from: &Repo, path: &str| {
        let from = from.path().display().to_string();
        to.git(&["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", &from, path]);
        to.commit("maintainer", "2021-04-01T00:00:00Z", "a submodule");
    };
    add(&middle, &inner, "deep");
    add(&outer, &middle, "content/docs");
    let update =
        ["-c", "protocol.file.allow=always", "submodule", "--quiet", "update", "--init", "--recursive"];
    outer.git(&update);
    let history = super::history(&outer.path(), "content/", Rules::Believed)
        .expect("git answers")
        .expect("a repository");
    assert_eq!(life(&history, "content/docs/b.md"), "ben 2021-02-01 2021-02-01");
    assert_eq!(life(&history, "content/docs/deep/a.md"), "ana 2021-01-01 2021-01-01");
    assert_eq!(history.gaps, []);
    assert_eq!(history.head.expect("a commit").zoned().date().to_string(), "2021-04-01");
    let rank = |path: &str| history.files[path].rank;
    assert!(rank("longhouse.yaml") < rank("content/docs/b.md"));
    outer.git(&["submodule", "--quiet", "deinit", "--force", "content/docs"]);
    let history = super::history(&outer.path(), "content/", Rules::Believed)
        .expect("git answers")
        .expect("a repository");
    assert_eq!(history.gaps, [Gap::Module { path: "content/docs".to_owned(), why: NoModule::Missing }]);
    assert!(!history.knows_of("content/docs/b.md") && history.knows_of("content/new.md"));
}

#[test]
fn a_content_folder_that_is_a_clone_has_its_own_history() {
    let (site, content) = (Repo::new(), Repo::new());
    content.write("a.md", &text("a")).commit("ana", "2021-01-01T00:00:00Z", "a");
    site.write("longhouse.yaml", "").write(".gitignore", "content\n");
    site.commit("cem", "2021-03-01T00:00:00Z", "c");
    let from = content.path().display().to_string();
    site.git(&["clone", "--quiet", &from, "content"]);
    let of = |root: &Path| {
        super::history(root, "content/", Rules::Believed).expect("git answers").expect("a repository")
    };
    assert_eq!(life(&of(&site.path()), "content/a.md"), "ana 2021-01-01 2021-01-01");
    fs::remove_dir_all(site.path().join(".git")).expect("a folder");
    let history = of(&site.path());
    assert_eq!(life(&history, "content/a.md"), "ana 2021-01-01 2021-01-01");
    assert_eq!(history.head.expect("a commit").zoned().date().to_string(), "2021-01-01");
}

#[test]
fn a_repository_that_cannot_be_read_is_told_as_what_it_is() {
    let broken = |how: &dyn Fn(&Repo)| {
        let repo = Repo::new();
        repo.write("a.md", "a").commit("ana", "2021-01-01T00:00:00Z", "a");
        how(&repo);
        super::history(&repo.path(), "", Rules::Believed).expect_err("nothing to be believed")
    };
    let is_broken = |error: GitError| assert!(matches!(error, GitError::Broken(_)), "{error:?}");
    is_broken(broken(&|repo| {
        repo.write(".git/HEAD", "junk");
    }));
    is_broken(broken(&|repo| fs::remove_file(repo.path().join(".git/HEAD")).expect("a file")));
    is_broken(broken(&|repo| drop(repo.git(&["config", "core.bare", "true"]))));
    is_broken(broken(&|repo| {
        fs::remove_dir_all(repo.path().join(".git")).expect("a folder");
        repo.write(".git", "gitdir: ../nowhere\n");
    }));
    let is_newer = |error: GitError| assert!(matches!(error, GitError::Newer(_)), "{error:?}");
    is_newer(broken(&|repo| drop(repo.git(&["config", "core.repositoryformatversion", "99"]))));
    is_newer(broken(&|repo| {
        repo.git(&["config", "extensions.unheardOf", "true"]);
        repo.git(&["config", "core.repositoryformatversion", "1"]);
    }));
    let is_failure = |error: GitError| assert!(matches!(error, GitError::Failed { .. }), "{error:?}");
    is_failure(broken(&|repo| {
        repo.write(".git/refs/heads/main", "junk");
    }));
    is_failure(broken(&|repo| {
        repo.write(".git/refs/heads/main", &"1".repeat(40));
    }));
    is_failure(broken(&|repo| {
        repo.write(".git/config", "[x");
    }));
    is_failure(broken(&|repo| {
        fs::remove_dir_all(repo.path().join(".git/objects")).expect("a folder");
        fs::create_dir(repo.path().join(".git/objects")).expect("a folder");
    }));
}

#[test]
fn a_name_that_is_an_address_is_not_shown() {
    let name = |name: &str| Person::new(name, "x@example.com").name;
    assert_eq!(name("Ana Lima"), "Ana Lima");
    assert_eq!(name("ana@example.com"), "");
    assert_eq!(name("Ana Lima <ana@example.com>"), "Ana Lima");
    assert_eq!(name("Ana (mailto:ana@intranet) Lima"), "Ana Lima");
    assert_eq!(name("\"ana\u{ff20}example.com\""), "");
    assert_eq!(name("12+ana@users.noreply.github.com"), "ana");
    assert_eq!(name("@ana"), "@ana");
}

#[test]
fn outside_of_git_and_before_the_first_commit_nothing_is_known() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    assert_eq!(super::history(folder.path(), "", Rules::Believed), Ok(None));
    assert_eq!(super::history(&folder.path().join("missing"), "", Rules::Believed).ok().flatten(), None);
    let repo = Repo::new();
    repo.write("a.md", "a");
    let history = repo.history();
    assert_eq!((history.head, history.files.len()), (None, 0));
    assert_eq!(super::history(&repo.path().join(".git"), "", Rules::Believed), Ok(None));
}

#[test]
fn names_of_every_kind_are_read_as_they_are() {
    let repo = Repo::new();
    let names =
        ["naïve café.md", "日本語/質問.md", "with\nbreak.md", "tab\t\"quote\".md", "A", "R100", "-x.md"];
    for name in names {
        repo.write(name, name);
    }
    repo.write(&"0".repeat(40), "a file named like a commit");
    let odd = "Co-authored-by: \u{1b}[31mred <r@x>\nCo-authored-by: <<x>> <\nCo-authored-by: \nCo-authored-by: O K <o@k>";
    repo.commit("M\u{1f}oe", "2021-01-01T00:00:00Z", &format!("A\n\nA\n\n{odd}"));
    let history = repo.history();
    for name in names {
        assert_eq!(life(&history, name), "M\u{1f}oe+O K 2021-01-01 2021-01-01", "{name:?}");
    }
    assert_eq!(history.files.len(), names.len() + 1);
}

#[cfg(unix)]
#[test]
fn nothing_of_the_repositorys_is_run_and_no_setting_changes_the_answer() {
    use std::os::unix::fs::PermissionsExt;
    let repo = Repo::new();
    let (trap, ran) = (repo.path().join("trap.sh"), repo.path().join("ran"));
    repo.write("trap.sh", &format!("#!/bin/sh\ntouch '{}'\ncat\n", ran.display()));
    fs::set_permissions(&trap, fs::Permissions::from_mode(0o755)).expect("making it run");
    repo.write(".gitattributes", "*.md diff=trap filter=trap\n");
    repo.write("a.md", &text("a")).commit("ana", "2021-01-01T00:00:00Z", "a");
    repo.git(&["mv", "a.md", "b.md"]);
    repo.write("b.md", &(text("a") + "more\n")).commit("ben", "2021-02-01T00:00:00Z", "b");
    let trap = trap.to_string_lossy().into_owned();
    for setting in [
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "core.editor",
        "diff.external",
        "diff.trap.textconv",
        "diff.trap.command",
        "filter.trap.smudge",
        "filter.trap.clean",
        "gpg.program",
        "pager.log",
        "pager.rev-parse",
        "alias.log",
        "interactive.diffFilter",
    ] {
        repo.git(&["config", setting, &trap]);
    }
    for (setting, value) in [
        ("diff.renames", "false"),
        ("diff.renameLimit", "1"),
        ("diff.relative", "true"),
        ("log.follow", "true"),
        ("log.showSignature", "true"),
        ("log.showRoot", "false"),
        ("log.date", "relative"),
        ("log.diffMerges", "separate"),
        ("log.decorate", "full"),
        ("log.abbrevCommit", "true"),
        ("core.quotePath", "true"),
        ("core.abbrev", "4"),
        ("format.pretty", "oneline"),
        ("color.ui", "always"),
        ("diff.noprefix", "true"),
        ("diff.mnemonicPrefix", "true"),
        ("log.mailmap", "false"),
        ("notes.displayRef", "*"),
        ("mailmap.file", "/nonexistent"),
        ("mailmap.blob", "HEAD:none"),
        ("diff.submodule", "log"),
        ("log.graphColors", "red"),
        ("column.ui", "always"),
        ("i18n.logOutputEncoding", "UTF-16"),
        ("diff.statGraphWidth", "1"),
        ("diff.algorithm", "patience"),
        ("log.initialDecorationSet", "all"),
    ] {
        repo.git(&["config", setting, value]);
    }
    fs::create_dir_all(repo.path().join(".git/hooks")).expect("a folder");
    for hook in ["post-index-change", "reference-transaction", "fsmonitor-watchman"] {
        fs::copy(&trap, repo.path().join(".git/hooks").join(hook)).expect("a hook");
    }
    let _ = fs::remove_file(&ran);
    let history = repo.history();
    assert_eq!(life(&history, "b.md"), "ana 2021-01-01 2021-02-01");
    assert!(!ran.exists(), "something of the repository's was run");
}

#[test]
fn a_hidden_address_gives_the_login() {
    let login =
        |email: &str| Person { name: String::new(), email: email.to_owned() }.login().map(str::to_owned);
    assert_eq!(login("123+ana@users.noreply.github.com").as_deref(), Some("ana"));
    assert_eq!(login("ana-b@users.noreply.github.com").as_deref(), Some("ana-b"));
    assert_eq!(login("77-ben@users.noreply.gitlab.com").as_deref(), Some("ben"));
    assert_eq!(login("dependabot[bot]@Users.NoReply.GitHub.com").as_deref(), Some("dependabot[bot]"));
    assert_eq!(login("ana@example.com"), None);
    assert_eq!(login("@users.noreply.github.com"), None);
}

#[test]
fn clocks_that_nobody_has_are_no_dates() {
    let date = |raw: &str| Moment::parse(raw).map(|moment| moment.zoned().to_string());
    assert_eq!(date("0 +0000").as_deref(), Some("1970-01-01T00:00:00+00:00[UTC]"));
    assert_eq!(date("0 -0330").as_deref(), Some("1969-12-31T20:30:00-03:30[-03:30]"));
    assert!(date("1700000000 +999999999").is_some());
    assert!(date("1700000000 what").is_some());
    assert_eq!(date("99999999999999999 +0000"), None);
    assert_eq!(date(""), None);
}
