//! Who wrote a page and when, as git tells it.

use longhouse::diagnostic::Rule;

use crate::repository::repository;

const LONG: &str =
    "One line that is long enough for git to recognise the file by.\nAnd another one of the same sort.\n";

#[test]
fn authors_and_dates_come_from_the_commit_that_added_the_file() {
    let repository = repository(&format!(
        "=== .mailmap\nZoe Żak <zoe@example.com> <z@old.example.com>\n\
=== content/people/ana.md\n---\nname: Ana Silva\n---\n\
=== content/questions/a.md\n# A?\n{LONG}=== content/questions/topic/b.md\n# B?\n{LONG}different\n"
    ));
    repository.commit(
        "Ana Silva",
        "2025-01-01",
        "add\n\nCo-authored-by: Ben <7+benny@users.noreply.github.com>",
    );
    repository.write("content/questions/c.md", "# C?\nText.\n");
    repository.commit("Z <z@old.example.com>", "2025-02-01", "add");
    repository.write("content/questions/a.md", &format!("# A, changed?\n{LONG}"));
    repository.commit("Eve", "2025-03-01", "change\n\nCo-authored-by: Cem <cem@example.com>");
    repository.rename("content/questions/topic/b.md", "content/questions/other/bee.md");
    repository.commit("Eve", "2025-04-01", "move");
    let site = repository.build();
    let page = site.main("/questions/a/");
    assert!(page.contains("/people/ana/\">Ana Silva<") && page.contains("/people/benny/\">Ben<"), "{page}");
    assert!(!page.contains("Eve") && !page.contains("Cem"));
    assert!(page.contains("1 January 2025") && page.contains("datetime=\"2025-03-01\""));
    let page = site.main("/questions/bee/");
    assert!(page.contains("Ana Silva") && page.contains("1 January 2025") && !page.contains("Eve"), "{page}");
    assert!(
        site.main("/questions/c/").contains("/people/zoe-%C5%BCak/\">Zoe Żak<"),
        "{}",
        site.main("/questions/c/")
    );
    assert!(!site.has("people/eve/index.html"));
    assert_eq!(site.rules(), Vec::<String>::new());
}

#[test]
fn the_file_says_more_than_its_stem_and_the_stem_more_than_git() {
    let repository = repository(
        "\
=== content/questions/a.md
---
authors: [zoe]
date: 21.11.2024
---
# A?
=== content/questions/a/ana.md
Ana's.
=== content/questions/a/ben.md
---
author: cem
---
Cem's, in Ben's file.
",
    );
    repository.commit("Maintainer", "2025-01-01", "import");
    let site = repository.build();
    let page = site.main("/questions/a/");
    assert!(page.contains("/people/zoe/") && page.contains("21 November 2024"), "{page}");
    assert!(page.contains("/people/ana/") && page.contains("/people/cem/") && !page.contains("/people/ben/"));
    assert!(!page.contains("Maintainer"));
}

#[test]
fn whoever_calls_a_file_as_the_host_calls_them_has_the_name_of_the_commit() {
    let files = "=== content/questions/a.md\n# A?\n=== content/questions/a/ben-k.md\nIt does.\n\
                 === content/questions/a/eve.md\nIt does not.\n=== content/how-tos/h.md\n---\nauthors: [ben-k]\n---\n# H\n";
    let repository = repository(files);
    repository.commit("Ben Kato <7+ben-k@users.noreply.github.com>", "2025-01-01", "add");
    let site = repository.build();
    assert!(site.main("/how-tos/h/").contains("/people/ben-k/\">Ben Kato<"), "{}", site.main("/how-tos/h/"));
    let page = site.main("/questions/a/");
    assert!(page.contains("/people/ben-k/\">Ben Kato<"), "{page}");
    // Somebody else's file, which Ben only brought along.
    assert!(page.contains("/people/eve/\">eve<"), "{page}");
}

#[test]
fn with_trust_in_git_only_commits_prove_who_wrote_something() {
    let repository = repository(
        "\
=== longhouse.yaml
trust: git
team: {tom: staff}
=== content/questions/a.md
---
authors: [ana]
---
# A?
",
    );
    repository.commit("Ana", "2025-01-01", "add");
    repository.write("content/questions/a/tom.md", "---\nresponse: true\n---\nWe say so.\n");
    repository.write("content/questions/a/eve.md", "My own answer.\n");
    repository.commit("Eve", "2025-02-01", "add");
    let site = repository.build();
    let page = site.main("/questions/a/");
    assert!(page.contains("/people/ana/") && !page.contains("(staff)"), "{page}");
    assert!(!page.contains("company&#x27;s response") && page.contains("We say so."));
    assert!(!site.main("/people/tom/").contains("comment"));
    let claims: Vec<_> = site.diagnostics.iter().map(|it| (&*it.file, it.rule, it.line)).collect();
    assert_eq!(
        claims,
        [("content/questions/a/tom.md", Rule::Claim, 1), ("content/questions/a/tom.md", Rule::Claim, 2)]
    );
}

#[test]
fn today_is_the_day_of_the_last_commit() {
    let repository = repository("=== content/questions/a.md\n---\ndate: 2025-01-02\n---\n# A?\n");
    repository.commit("Ana", "2025-01-01", "add");
    // The tests must not be run with SOURCE_DATE_EPOCH.
    assert!(!repository.build().has("questions/a/index.html"));
    repository.commit("Ana", "2025-01-02", "nothing");
    assert!(repository.build().has("questions/a/index.html"));
}
