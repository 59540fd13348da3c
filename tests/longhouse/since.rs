//! What a pull request touches, what it breaks elsewhere, and what it claims: `check --changed-since`.

use std::process::{Command, Output};

use serde_json::Value;

use crate::fixture::folder;
use crate::repository::{Repository, repository};

const SITE: &str = "\
=== longhouse.yaml
base_url: https://community.example.org/
team: {mia: moderator}
=== content/questions/reset.md
# How do I reset my password?

I forgot it.

## And then

It should be short.
=== content/questions/reset/ben.md
Press the button.
=== content/questions/old.md
# What is old?

This [link](nowhere.md) was dead before, see [how](reset.md#and-then).
=== content/ideas/dark.md
# A dark mode

Please.
";

/// A repository with the site above, by Ana, and a branch that begins there.
fn begun() -> Repository {
    let repository = repository(SITE);
    repository.commit("ana", "2026-01-01", "begin");
    repository.git("ana", "2026-01-01", &["branch", "main-then"]);
    repository
}

fn run(repository: &Repository, arguments: &[&str]) -> Output {
    crate::fixture::command()
        .args(["check", "--root"])
        .arg(repository.folder().root())
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env_remove("SOURCE_DATE_EPOCH")
        .output()
        .expect("the command runs")
}

/// `file:line: rule` of everything that is reported since the branch began, with the words of claims.
fn since(repository: &Repository) -> Vec<String> {
    let output = run(repository, &["--changed-since", "main-then", "--format", "json"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{said}");
    let found: Vec<Value> = serde_json::from_slice(&output.stdout).expect("an array");
    let text = |it: &Value, key: &str| it[key].as_str().unwrap_or_default().to_owned();
    let one = |it: &Value| {
        let place = format!("{}:{}: {}", text(it, "file"), it["line"], text(it, "rule"));
        if it["rule"] == "trust" { format!("{place}: {}", text(it, "message")) } else { place }
    };
    found.iter().map(one).collect()
}

#[test]
fn nothing_changed_is_nothing_to_report() {
    let repository = begun();
    assert_eq!(since(&repository), Vec::<String>::new());
    let output = run(&repository, &["--changed-since", "main-then"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), said.trim()), (Some(0), "No problems in the changes since main-then"));
    // The whole site has an old problem all the same.
    assert_eq!(run(&repository, &[]).status.code(), Some(1));
}

#[test]
fn what_a_branch_breaks_is_reported_wherever_it_shows() {
    let repository = begun();
    std::fs::remove_file(repository.folder().root().join("content/questions/reset/ben.md")).expect("a file");
    repository.write("content/questions/reset.md", "# How do I reset my password?\n\n[x](gone.md)\n");
    repository.commit("ana", "2026-01-02", "shorter");
    // Neither a commit nor `git add` is needed to be seen.
    repository.write("content/questions/new.md", "# Is this new?\n\n[y](missing.md)\n");
    assert_eq!(
        since(&repository),
        [
            "content/questions/new.md:3: dead-link",
            "content/questions/old.md:3: dead-fragment",
            "content/questions/reset.md:3: dead-link",
        ]
    );
    // What was wrong with a file before is told when somebody touches it.
    repository
        .write("content/questions/old.md", "# What is old?\n\nThis [link](nowhere.md) was dead before.\n");
    assert!(since(&repository).contains(&"content/questions/old.md:3: dead-link".into()));
}

#[test]
fn a_question_of_a_branch_that_was_asked_before_is_named_and_an_old_one_is_not() {
    let repository = begun();
    repository.write("content/questions/again.md", "# How can I reset my password?\n");
    repository.commit("cem", "2026-01-02", "ask");
    assert_eq!(since(&repository), ["content/questions/again.md:1: possible-duplicate"]);
    repository.git("ana", "2026-01-02", &["branch", "--force", "main-then"]);
    assert_eq!(since(&repository), [""; 0]);
    repository.write("content/questions/again.md", "# How can I reset my password?\n\nStill.\n");
    assert_eq!(since(&repository), [""; 0], "its title is an old one");
    repository.write("content/questions/again.md", "# How can I reset that password of mine?\n");
    assert_eq!(since(&repository), ["content/questions/again.md:1: possible-duplicate"]);
}

#[test]
fn a_renamed_file_is_followed_and_so_is_what_led_to_it() {
    let repository = begun();
    repository.rename("content/questions/old.md", "content/questions/ancient.md");
    repository.commit("ana", "2026-01-02", "rename");
    assert_eq!(since(&repository), ["content/questions/ancient.md:3: dead-link"]);
    let repository = begun();
    repository.rename("content/questions/reset.md", "content/questions/again.md");
    repository.rename("content/questions/reset", "content/questions/again");
    repository.commit("mallory", "2026-01-02", "rename");
    assert_eq!(since(&repository), ["content/questions/old.md:3: dead-link"]);
}

#[test]
fn a_picture_that_went_is_missed_where_it_was_shown() {
    let repository = begun();
    repository.write("content/questions/picture.md", "# Where?\n\n![here](a.gif)\n");
    repository
        .folder()
        .write("content/questions/a.gif", b"GIF89a\x03\x00\x02\x00\x80\x00\x00\x00\x00\x00\xFF\xFF\xFF!");
    repository.commit("ana", "2026-01-02", "picture");
    repository.git("ana", "2026-01-02", &["branch", "--force", "main-then"]);
    assert_eq!(since(&repository), Vec::<String>::new());
    std::fs::remove_file(repository.folder().root().join("content/questions/a.gif")).expect("a file");
    assert_eq!(since(&repository), ["content/questions/picture.md:3: dead-image"]);
}

#[test]
fn a_configuration_that_finds_more_has_found_it_since() {
    let repository = begun();
    repository.write("content/questions/tagged.md", "---\ntags: [odd]\n---\n# Tagged?\n");
    repository.commit("ana", "2026-01-02", "tag");
    repository.git("ana", "2026-01-02", &["branch", "--force", "main-then"]);
    repository.write("longhouse.yaml", "base_url: https://community.example.org/\ntags: {known: [usual]}\n");
    assert_eq!(since(&repository), ["content/questions/tagged.md:2: unknown-tag"]);
}

#[test]
fn people_speak_for_themselves_without_being_asked() {
    let repository = begun();
    repository.write("content/questions/reset/zoe.md", "Wait an hour.\n");
    repository.write("content/questions/reset/zoe--2.md", "---\nconfirms: ben\nversion: \"4.2\"\n---\n");
    repository.write(
        "content/questions/new.md",
        "---\nstatus: draft\naccepted: self\n---\n# New?\n\n## Answer\n\nYes.\n",
    );
    repository.write("content/people/zoe.md", "---\nname: Zoe\nrole: customer\n---\n");
    repository.write("content/ideas/dark/zoe.md", "---\nsupports: true\n---\n");
    repository.write("content/ideas/dark.md", "---\nsupporters: [zoe]\n---\n# A dark mode\n\nPlease.\n");
    repository.write("content/how-tos/a.md", "---\nauthors: [zoe]\n---\n# A\n\n## Steps\n\n1. One\n");
    repository.commit("Z <7+zoe@users.noreply.github.com>", "2026-01-02", "mine");
    assert_eq!(since(&repository), Vec::<String>::new());
    // The one who asked says whose answer helped; the team says what the company does.
    repository.write(
        "content/questions/reset.md",
        "---\naccepted: ben\n---\n# How do I reset my password?\n\nI forgot it.\n\n## And then\n",
    );
    repository.commit("ana", "2026-01-03", "helped");
    repository.write("content/ideas/light.md", "---\nstate: planned\n---\n# A light mode\n\nPlease.\n");
    repository.write("content/questions/reset/mia.md", "---\nresponse: true\n---\nWe know.\n");
    repository.commit("mia", "2026-01-04", "ours");
    assert_eq!(since(&repository), Vec::<String>::new());
}

#[test]
fn every_claim_about_others_is_shown() {
    let repository = begun();
    repository.write(
        "content/questions/reset.md",
        "---\naccepted: ben\nscore: 12\nstatus: hidden\n---\n# How do I reset my password?\n\nI forgot it.\n\n## And then\n",
    );
    repository.write(
        "content/questions/reset/ben.md",
        "---\nconfirmed_by: [ana 4.2 2026-01-02]\nscore: 3\n---\nPress the button.\n",
    );
    repository.write("content/questions/reset/zoe.md", "---\nconfirms: ben\n---\n");
    repository.write("content/questions/reset/mia.md", "---\nresponse: true\n---\nWe pay.\n");
    repository.write(
        "content/ideas/dark.md",
        "---\nstate: shipped\nfulfilled_by: 5.0\nsupporters: [ana, zoe]\nhorizon: now\n---\n# A dark mode\n\nPlease.\n",
    );
    repository.write("content/people/zoe.md", "---\nname: Zoe\nrole: partner\n---\n");
    repository.write("content/announcements/off.md", "---\nseverity: urgent\n---\n# It is off\n");
    repository.write("content/announcements/on.md", "---\nseverity: notice\n---\n# It is on\n");
    repository
        .write("content/how-tos/a.md", "---\nauthors: [mallory, zoe]\n---\n# A\n\n## Steps\n\n1. One\n");
    repository.commit("mallory", "2026-01-02", "all mine");
    let found: Vec<String> = since(&repository).into_iter().filter(|it| it.contains(": trust: ")).collect();
    assert_eq!(
        found,
        [
            "content/announcements/off.md:2: trust: `mallory` sets `severity` to `urgent`.",
            "content/how-tos/a.md:2: trust: `mallory` sets `authors` to `mallory, zoe`.",
            "content/ideas/dark.md:2: trust: `mallory` sets `state` to `shipped`.",
            "content/ideas/dark.md:4: trust: `mallory` sets `supporters` to `ana, zoe`.",
            "content/ideas/dark.md:5: trust: `mallory` sets `horizon` to `now`.",
            "content/people/zoe.md:3: trust: `mallory` sets `role` to `partner`.",
            "content/questions/reset.md:2: trust: `mallory` sets `accepted` to `ben`.",
            "content/questions/reset.md:3: trust: `mallory` sets `score` to `12`.",
            "content/questions/reset.md:4: trust: `mallory` sets `status` to `hidden`.",
            "content/questions/reset/ben.md:2: trust: `mallory` sets `confirmed_by` to `ana 4.2 2026-01-02`.",
            "content/questions/reset/ben.md:3: trust: `mallory` sets `score` to `3`.",
            "content/questions/reset/mia.md:1: trust: `mallory` adds this in the name of `mia`.",
            "content/questions/reset/mia.md:2: trust: `mallory` sets `response` to `true`.",
            "content/questions/reset/zoe.md:1: trust: `mallory` adds this in the name of `zoe`.",
            "content/questions/reset/zoe.md:2: trust: `mallory` sets `confirms` to `ben`.",
        ]
    );
    // Merged, it is believed; what is taken away is told as well.
    repository.git("ana", "2026-01-02", &["branch", "--force", "main-then"]);
    repository.write(
        "content/questions/reset.md",
        "---\naccepted: zoe\nscore: 12\n---\n# How do I reset my password?\n\nI forgot it.\n\n## And then\n",
    );
    repository.rename("content/questions/reset/ben.md", "content/questions/reset/mallory.md");
    std::fs::remove_file(repository.folder().root().join("content/questions/reset/zoe.md")).expect("a file");
    repository.commit("ivo", "2026-01-03", "less");
    let found: Vec<String> = since(&repository).into_iter().filter(|it| it.contains(": trust: ")).collect();
    assert_eq!(
        found,
        [
            "content/questions/reset.md:1: trust: `ivo` removes `status`, which was `hidden`.",
            "content/questions/reset.md:2: trust: `ivo` changes `accepted` from `ben` to `zoe`.",
            "content/questions/reset/mallory.md:1: trust: `ivo` attributes what `ben` wrote to `mallory`.",
            "content/questions/reset/zoe.md:1: trust: `ivo` deletes this file, which said `confirms: ben`.",
        ]
    );
}

#[test]
fn nobody_becomes_somebody_else_in_the_same_pull_request() {
    // By a page about themselves with another's handle, by a name in `.mailmap`, by the team, by switching it off.
    let repository = begun();
    repository.write("content/people/ben.md", "---\nname: Mallory Mask\n---\n");
    repository.write(".mailmap", "ben <ben@example.com> <mallory.mask@example.com>\n");
    repository.write(
        "longhouse.yaml",
        "base_url: https://community.example.org/\nteam: {mallory-mask: staff}\nrules: {trust: off}\n",
    );
    repository.write("content/questions/reset/ben--2.md", "---\nconfirms: ben\n---\n");
    repository.write("content/ideas/dark.md", "---\nstate: declined\n---\n# A dark mode\n\nPlease.\n");
    repository.commit("Mallory Mask", "2026-01-02", "me");
    let found: Vec<String> = since(&repository).into_iter().filter(|it| it.contains(": trust: ")).collect();
    assert_eq!(
        found,
        [
            "content/ideas/dark.md:2: trust: `mallory-mask` sets `state` to `declined`.",
            "content/questions/reset/ben--2.md:1: trust: `mallory-mask` adds this in the name of `ben`.",
            "content/questions/reset/ben--2.md:2: trust: `mallory-mask` sets `confirms` to `ben`.",
        ]
    );
}

#[test]
fn a_site_below_the_top_of_its_repository_sees_its_own_files_only() {
    let repository = repository(&format!("=== README.md\nAll\n{}", SITE.replace("=== ", "=== site/")));
    repository.commit("ana", "2026-01-01", "begin");
    repository.git("ana", "2026-01-01", &["branch", "main-then"]);
    repository.write("README.md", "[dead](gone.md)\n");
    repository.write("site/content/questions/reset/zoe.md", "Wait.\n");
    repository.commit("mallory", "2026-01-02", "more");
    let root = repository.folder().root().join("site");
    let output = crate::fixture::command()
        .args(["check", "--format", "github", "--changed-since", "main-then", "--root"])
        .arg(root)
        .output()
        .expect("the command runs");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.starts_with("::warning file=site/content/questions/reset/zoe.md,line=1,"), "{text}");
    assert!(
        text.contains("`mallory` adds this in the name of `zoe`.") && text.lines().count() == 1,
        "{text}"
    );
}

#[test]
fn what_cannot_be_compared_is_said_with_what_to_do() {
    let says = |repository: &Repository, reference: &str, words: &str| {
        let output = run(repository, &[&format!("--changed-since={reference}")]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{reference}: {said}");
        assert!(said.contains(words), "{reference}: {said}");
        assert!(!said.contains('\u{1b}') && output.stdout.is_empty(), "{reference}: {said}");
    };
    let begun = begun();
    begun.git("ana", "2026-01-01", &["config", "core.hooksPath", "hooks"]);
    for reference in
        ["gone", "", "-h", "--all", "--output=owned", "main-then..HEAD", "HEAD:content", "a b", "\u{1b}[31mx"]
    {
        says(&begun, reference, "Git does not know the commit");
    }
    assert!(!begun.folder().root().join("owned").exists());
    begun.git("ana", "2026-01-01", &["checkout", "--quiet", "--orphan", "other"]);
    begun.commit("ana", "2026-01-05", "other");
    says(&begun, "main-then", "no commit in common");
    begun.write(".git/shallow", &format!("{}\n", head(&begun)));
    says(&begun, "main-then", "fetch-depth: 0");
    let plain = folder(SITE);
    let output = crate::fixture::command()
        .args(["check", "--changed-since", "main", "--root"])
        .arg(plain.root())
        .output()
        .expect("the command runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("not in a git repository"));
}

#[test]
fn nothing_that_a_repository_sets_is_run() {
    let repository = begun();
    let owned = repository.folder().root().join("owned");
    let command = format!("touch {}", owned.display());
    for key in [
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "diff.external",
        "diff.x.textconv",
        "diff.x.command",
        "filter.x.clean",
        "filter.x.smudge",
        "filter.x.process",
        "pager.log",
        "gpg.program",
    ] {
        repository.git("ana", "2026-01-01", &["config", key, &command]);
    }
    repository.git("ana", "2026-01-01", &["config", "log.showSignature", "true"]);
    repository.git("ana", "2026-01-01", &["config", "filter.x.required", "true"]);
    repository.folder().write(".git/info/attributes", "*.md filter=x diff=x\n");
    repository.write(".gitattributes", "*.md filter=x diff=x\n");
    repository.write("content/questions/reset/zoe.md", "Wait.\n");
    repository.write("content/questions/old.md", "# What is old?\n\nSee [how](reset.md).\n");
    assert_eq!(
        since(&repository),
        ["content/questions/reset/zoe.md:1: trust: An unknown person adds this in the name of `zoe`."]
    );
    assert!(!owned.exists());
}

fn head(repository: &Repository) -> String {
    let root = repository.folder().root();
    let output = Command::new("git").arg("-C").arg(root).args(["rev-parse", "HEAD"]).output().expect("git");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
