//! `longhouse mv`: what gets another name takes everything along that leads to it, and comes back by undo.

#[path = "moving/random.rs"]
mod random;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Output;

use walkdir::WalkDir;

use crate::fixture::{Folder, folder};
use crate::repository::repository;

/// Runs `longhouse mv` in the root of a site.
fn mv(site: &Folder, arguments: &[&str]) -> Output {
    mv_from(site, "", arguments)
}

fn mv_from(site: &Folder, stands: &str, arguments: &[&str]) -> Output {
    crate::fixture::command()
        .current_dir(site.root().join(stands))
        .arg("mv")
        .args(arguments)
        .env_remove("SOURCE_DATE_EPOCH")
        .output()
        .expect("the command runs")
}

/// Renames, and says what was printed.
#[track_caller]
fn moved(site: &Folder, old: &str, new: &str) -> String {
    let output = mv(site, &[old, new]);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{errors}");
    String::from_utf8_lossy(&output.stdout).into_owned() + &errors
}

/// Why it cannot be renamed; nothing was touched.
#[track_caller]
fn refused(site: &Folder, old: &str, new: &str) -> String {
    let before = tree(site.root());
    let output = mv(site, &[old, new]);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{}{errors}", String::from_utf8_lossy(&output.stdout));
    assert!(tree(site.root()) == before, "something was touched");
    errors
}

#[track_caller]
fn undone(site: &Folder) {
    let output = mv(site, &["--undo"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Every file of a site, with its bytes.
fn tree(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = WalkDir::new(root).into_iter().map(|it| it.expect("a file that can be seen"));
    let files = files.filter(|it| it.file_type().is_file()).map(|it| {
        let path = it.path().strip_prefix(root).expect("inside").to_string_lossy().replace('\\', "/");
        let bytes = fs::read(it.path()).expect("a file that can be read");
        (path, bytes)
    });
    files.collect()
}

#[track_caller]
fn text(site: &Folder, path: &str) -> String {
    fs::read_to_string(site.root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

const COMMUNITY: &str = "\
=== longhouse.yaml
base_url: https://acme.example/help/
repository: {host: github, url: 'https://github.com/acme/site'}
menu:
  - {label: Reset, url: /questions/reset/}
=== content/questions/reset.md
# How do I reset it?
See ![the lamp](reset/lamp.png) and [Ben's](reset/ben.md).
=== content/questions/reset/ana.md
Press it. It is [on the back](lamp.png); [why](../why.md#because).
=== content/questions/reset/ben.md
---
comment: true
on: ana
---
Worked.
=== content/questions/why.md
---
duplicate_of: other
---
# Why?
## Because
=== content/questions/other.md
# Another?
[1](reset.md \"reset.md\"), [2](reset.md#h-ana), [3](/questions/reset/#answer-ana), [4][r],
<https://acme.example/help/questions/reset/>, [6](https://github.com/acme/site/blob/main/content/questions/reset.md#L3),
[7](../questions/reset), [8](./reset/ana.md), <a href='/help/questions/reset'>9</a>, `[no](reset.md)`

> [r]: <reset.md> 'reset.md'
=== content/questions/reset/lamp.png
";

fn community() -> Folder {
    let site = folder(COMMUNITY);
    site.write("content/questions/reset/lamp.png", PNG);
    site
}

/// A picture of one pixel.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";

#[test]
fn a_question_takes_its_answers_its_pictures_and_every_link_along() {
    let site = community();
    let before = tree(site.root());
    let problems = site.build().rules();
    let said = moved(&site, "reset", "start again");
    assert!(said.contains("content/questions/reset.md -> content/questions/start-again.md"), "{said}");
    assert!(said.contains("longhouse mv --undo"), "{said}");
    assert_eq!(
        text(&site, "content/questions/start-again.md"),
        "---\naliases: [/questions/reset/]\n---\n# How do I reset it?\n\
         See ![the lamp](start-again/lamp.png) and [Ben's](start-again/ben.md).\n"
    );
    assert_eq!(
        text(&site, "content/questions/start-again/ana.md"),
        "Press it. It is [on the back](lamp.png); [why](../why.md#because).\n"
    );
    assert_eq!(
        text(&site, "content/questions/other.md"),
        "# Another?\n[1](start-again.md \"reset.md\"), [2](start-again.md#h-ana), [3](/questions/start-again/#answer-ana), [4][r],\n\
         <https://acme.example/help/questions/start-again/>, [6](https://github.com/acme/site/blob/main/content/questions/start-again.md#L3),\n\
         [7](../questions/start-again), [8](./start-again/ana.md), <a href='/help/questions/start-again'>9</a>, `[no](reset.md)`\n\
         \n> [r]: <start-again.md> 'reset.md'\n"
    );
    assert!(text(&site, "longhouse.yaml").contains("url: /questions/start-again/}"));
    let rules: Vec<String> = problems.iter().map(|it| it.replace("reset", "start-again")).collect();
    assert_eq!(site.build().rules(), rules);
    assert!(site.build().page("/questions/reset/").contains("/help/questions/start-again/"));
    undone(&site);
    assert!(tree(site.root()) == before, "undo gives the same bytes");
}

#[test]
fn a_topic_is_a_folder_and_breaks_no_address() {
    let site = community();
    moved(&site, "/questions/reset/", "questions/hardware/");
    assert_eq!(
        text(&site, "content/questions/hardware/reset.md"),
        "# How do I reset it?\nSee ![the lamp](reset/lamp.png) and [Ben's](reset/ben.md).\n"
    );
    assert!(text(&site, "content/questions/hardware/reset/ana.md").contains("[why](../../why.md#because)"));
    assert!(text(&site, "content/questions/other.md").contains("[3](/questions/reset/#answer-ana)"));
    assert!(text(&site, "content/questions/other.md").contains("[8](./hardware/reset/ana.md)"));
    assert!(!site.root().join("content/questions/reset").exists());
    // And the topic gets another name.
    moved(&site, "content/questions/hardware/", "content/questions/devices/");
    assert!(text(&site, "content/questions/other.md").contains("[1](devices/reset.md"));
    assert!(!site.root().join("content/questions/hardware").exists());
    undone(&site);
    assert!(site.root().join("content/questions/hardware/reset.md").is_file());
    assert!(!site.root().join("content/questions/devices").exists());
}

#[test]
fn whoever_decided_as_a_moderator_is_named_by_the_new_handle() {
    let site = folder(
        "\
=== content/people/ana.md
# Ana
=== content/questions/a.md
# A?
=== data/moderation.yaml
questions/a.md: {status: locked, reason: \"ana, said so\", by: ana}
",
    );
    moved(&site, "people/ana.md", "anna");
    assert_eq!(
        text(&site, "data/moderation.yaml"),
        "questions/a.md: {status: locked, reason: \"ana, said so\", by: anna}\n"
    );
}

#[test]
fn a_folder_with_an_index_moves_as_one_and_may_change_its_form() {
    let site = folder(
        "\
=== content/questions/a/index.md
# A?
![p](p.png) [b](../b.md)
=== content/questions/a/ana.md
Yes: [b](../b.md)
=== content/questions/b.md
# B?
[1](a/index.md) [2](a/) [3](a/ana.md) ![p](a/p.png)
",
    );
    site.write("content/questions/a/p.png", PNG);
    moved(&site, "a", "c");
    assert_eq!(
        text(&site, "content/questions/b.md"),
        "# B?\n[1](c/index.md) [2](c/) [3](c/ana.md) ![p](c/p.png)\n"
    );
    moved(&site, "content/questions/c/index.md", "content/questions/d.md");
    assert_eq!(
        text(&site, "content/questions/b.md"),
        "# B?\n[1](d.md) [2](d/) [3](d/ana.md) ![p](d/p.png)\n"
    );
    let body = text(&site, "content/questions/d.md");
    assert!(body.ends_with("# A?\n![p](d/p.png) [b](b.md)\n"), "{body}");
    assert!(body.contains("/questions/a/, /questions/c/"), "{body}");
    moved(&site, "d", "content/questions/d/index.md");
    assert!(text(&site, "content/questions/d/index.md").ends_with("![p](p.png) [b](../b.md)\n"));
    assert_eq!(site.build().rules(), Vec::<String>::new());
}

#[test]
fn an_idea_that_came_true_becomes_a_how_to() {
    let site = folder(
        "\
=== content/ideas/timer.md
# A timer
[a](../questions/a.md)
=== content/questions/a.md
# A?
[t](../ideas/timer.md) [u](/ideas/timer/)
",
    );
    moved(&site, "timer", "/how-tos/set-a-timer/");
    assert_eq!(
        text(&site, "content/how-tos/set-a-timer.md"),
        "---\naliases: [/ideas/timer/]\n---\n# A timer\n[a](../questions/a.md)\n"
    );
    assert_eq!(
        text(&site, "content/questions/a.md"),
        "# A?\n[t](../how-tos/set-a-timer.md) [u](/how-tos/set-a-timer/)\n"
    );
    assert_eq!(site.build().rules(), Vec::<String>::new());
}

#[test]
fn what_names_a_page_by_its_slug_follows() {
    let site = folder(
        "\
=== content/questions/a.md
---
accepted: ana
tags: [x]
---
# A?
=== content/questions/a/ana.md
Yes.
=== content/questions/a/ben.md
---
confirms: ana
---
=== content/questions/twin.md
---
duplicate_of: \"a\"
---
# A again?
=== content/ideas/i.md
---
state: shipped
fulfilled_by: a
---
# I
=== search-tests.yaml
- {query: again, page: /questions/a/}
- {query: again, page: questions/a.md}
=== data/reactions.yaml
questions/a: 3
'questions/a#answer-ana': 5
=== data/moderation.yaml
questions/a/ana.md: {status: published}
content/questions/a.md: {status: locked, reason: done}
=== longhouse.yaml
footer:
  links:
    - {label: A, url: '/questions/a/#answer-ana'}
",
    );
    let before = tree(site.root());
    let problems = site.build().diagnostics.len();
    moved(&site, "questions/a.md", "b.md");
    assert!(text(&site, "content/questions/b.md").contains("tags: [x]\naliases: [/questions/a/]\n---\n"));
    assert!(text(&site, "content/questions/twin.md").contains("duplicate_of: \"b\""));
    assert!(text(&site, "content/ideas/i.md").contains("fulfilled_by: b\n"));
    assert_eq!(
        text(&site, "search-tests.yaml"),
        "- {query: again, page: /questions/b/}\n- {query: again, page: questions/b.md}\n"
    );
    assert_eq!(text(&site, "data/reactions.yaml"), "questions/b: 3\n'questions/b#answer-ana': 5\n");
    assert!(text(&site, "data/moderation.yaml").starts_with("questions/b/ana.md: "));
    assert!(text(&site, "data/moderation.yaml").contains("content/questions/b.md: "));
    assert!(text(&site, "longhouse.yaml").contains("'/questions/b/#answer-ana'"));
    assert_eq!(site.build().diagnostics.len(), problems);
    undone(&site);
    assert!(tree(site.root()) == before);
    // An answer gets another name.
    moved(&site, "content/questions/a/ana.md", "zoe");
    assert!(text(&site, "content/questions/a.md").contains("accepted: zoe\n"));
    assert!(text(&site, "content/questions/a/ben.md").contains("confirms: zoe\n"));
    assert_eq!(text(&site, "data/reactions.yaml"), "questions/a: 3\n'questions/a#answer-zoe': 5\n");
    assert_eq!(site.build().diagnostics.len(), problems);
}

#[test]
fn somebody_gets_another_handle() {
    let site = folder(
        "\
=== longhouse.yaml
team: {ana: staff}
=== content/people/ana.md
---
name: Ana
---
=== content/questions/a.md
---
authors: [ana, ben]
accepted: ana
---
# A?
[1](a/ana.md) [2](#answer-ana) [3](a.md#h-ana-how) [4](/people/ana/)
=== content/questions/a/ana.md
## How
=== content/questions/a/ana--2.md
More.
=== content/questions/a/ben.md
---
confirms: ana
---
",
    );
    let before = tree(site.root());
    moved(&site, "content/people/ana.md", "anna-b");
    assert_eq!(
        text(&site, "content/questions/a.md"),
        "---\nauthors: [anna-b, ben]\naccepted: anna-b\n---\n# A?\n\
         [1](a/anna-b.md) [2](#answer-anna-b) [3](a.md#h-anna-b-how) [4](/people/anna-b/)\n"
    );
    assert!(text(&site, "content/questions/a/ben.md").contains("confirms: anna-b"));
    assert!(site.root().join("content/questions/a/anna-b--2.md").is_file());
    assert_eq!(text(&site, "longhouse.yaml"), "team: {anna-b: staff}\n");
    assert!(text(&site, "content/people/anna-b.md").contains("aliases: [/people/ana/]"));
    assert_eq!(site.build().rules(), Vec::<String>::new());
    undone(&site);
    assert!(tree(site.root()) == before);
}

#[test]
fn a_picture_takes_its_references_along() {
    let site = community();
    moved(&site, "content/questions/reset/lamp.png", "red lamp");
    assert!(site.root().join("content/questions/reset/red lamp.png").is_file());
    assert!(text(&site, "content/questions/reset.md").contains("![the lamp](reset/red%20lamp.png)"));
    assert!(text(&site, "content/questions/reset/ana.md").contains("[on the back](red%20lamp.png)"));
    assert_eq!(site.build().rules(), ["content/questions/other.md: dead-fragment"; 2]);
    moved(&site, "content/questions/reset/red lamp.png", "content/pictures/");
    assert!(
        text(&site, "content/questions/reset.md").contains("![the lamp](../pictures/red%20lamp.png)"),
        "{}",
        text(&site, "content/questions/reset.md")
    );
}

#[test]
fn front_matter_keeps_its_style() {
    for (front, expected) in [
        ("", "---\naliases: [/questions/a/]\n---\n"),
        ("---\ntags: [x]\n---\n", "---\ntags: [x]\naliases: [/questions/a/]\n---\n"),
        ("---\naliases: []\n---\n", "---\naliases: [/questions/a/]\n---\n"),
        ("---\naliases:\ntags: [x]\n---\n", "---\naliases: [/questions/a/]\ntags: [x]\n---\n"),
        ("---\naliases: [/old/]\n---\n", "---\naliases: [/old/, /questions/a/]\n---\n"),
        (
            "---\naliases: [ \"/old/\" ] # kept\n---\n",
            "---\naliases: [ \"/old/\", /questions/a/ ] # kept\n---\n",
        ),
        (
            "---\naliases:\n  - /old/\ntags: [x]\n---\n",
            "---\naliases:\n  - /old/\n  - /questions/a/\ntags: [x]\n---\n",
        ),
        ("---\nredirect_from: /old/\n---\n", "---\nredirect_from: [/old/, /questions/a/]\n---\n"),
        ("---\naliases: /old/, /older/\n---\n", "---\naliases: /old/, /older/, /questions/a/\n---\n"),
        ("+++\ntags = [\"x\"]\n+++\n", "+++\ntags = [\"x\"]\naliases = [\"/questions/a/\"]\n+++\n"),
        ("---\r\ntags: [x]\r\n---\r\n", "---\r\ntags: [x]\r\naliases: [/questions/a/]\r\n---\r\n"),
        ("---\naliases: [/questions/a/]\n---\n", "---\naliases: [/questions/a/]\n---\n"),
        ("---\nstatus: draft\n---\n", "---\nstatus: draft\n---\n"),
    ] {
        let site = folder("=== content/questions/b.md\n# B?\n");
        site.write("content/questions/a.md", format!("{front}# A?\n"));
        moved(&site, "a", "c");
        assert_eq!(text(&site, "content/questions/c.md"), format!("{expected}# A?\n"));
    }
}

#[test]
fn a_name_is_understood_from_where_one_stands() {
    let site = community();
    for (stands, old, new) in [
        ("content/questions", "reset.md", "x.md"),
        ("content/questions/reset", "../reset", "../x.md"),
        ("content", "questions/reset.md", "questions/x.md"),
        ("", "https://acme.example/help/questions/reset/", "/questions/x/"),
        ("", "https://github.com/acme/site/blob/main/content/questions/reset.md", "x"),
        ("", "/help/questions/reset/#answer-ana", "content/questions/x"),
        ("content", "questions/reset/", "questions/x"),
    ] {
        let output = mv_from(&site, stands, &[old, new]);
        assert!(output.status.success(), "{old} {new}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(site.root().join("content/questions/x/ana.md").is_file(), "{old} {new}");
        assert!(site.root().join("content/questions/x.md").is_file(), "{old} {new}");
        undone(&site);
    }
    let said = refused(&site, "rest", "x");
    assert!(said.contains("Did you mean `reset`?"), "{said}");
}

#[test]
fn nothing_is_written_over_and_nothing_leaves_the_content() {
    let site = community();
    site.write("content/how-tos/other.md", "# Other\n");
    site.write("content/how-tos/old.md", "---\naliases: [/questions/taken/]\n---\n# Old\n");
    for (old, new, why) in [
        ("reset", "why", "already"),
        ("reset", "why.md", "already"),
        ("reset", "../../outside.md", "outside"),
        ("reset", "content/../data/x.md", "outside"),
        ("reset", "content/questions/con.md", "Windows"),
        ("reset", "content/questions/a:b.md", "Windows"),
        ("reset", "content/questions/.hidden.md", "never content"),
        ("reset", "content/questions/index.md", "topic"),
        ("reset", "content/questions/reset/x.md", "itself"),
        ("reset", "content/questions/why/reset.md", "contains the replies"),
        ("reset", "reset", "already"),
        ("reset", "taken", "would break something"),
        ("reset", "content/questions/topic/why.md", "both claim the address"),
        ("reset", "/questions/unanswered/", "address"),
        ("other", "x", "Several pages"),
        ("content/questions/", "content/faq/", "kinds:"),
        ("content", "texts", "content folder"),
        ("content/", "texts", "content folder"),
        ("content/questions/reset/ana.md", "ben", "already"),
        ("content/questions/reset/ana.md", "content/questions/", "page of its own"),
    ] {
        let said = refused(&site, old, new);
        assert!(said.contains(why), "{old} {new}: {said}");
    }
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_is_not_followed() {
    let site = community();
    let outside = tempfile::tempdir().expect("a temporary folder");
    std::os::unix::fs::symlink(outside.path(), site.root().join("content/questions/topic")).expect("a link");
    let said = refused(&site, "reset", "content/questions/topic/");
    assert!(said.contains("symbolic link") || said.contains("already"), "{said}");
    let said = refused(&site, "reset", "content/questions/topic/below/x.md");
    assert!(said.contains("symbolic link") || said.contains("is a file"), "{said}");
    assert_eq!(fs::read_dir(outside.path()).expect("a folder").count(), 0);
}

#[test]
fn a_name_may_change_in_nothing_but_its_case() {
    let site = community();
    moved(&site, "content/questions/reset.md", "Reset.md");
    assert!(text(&site, "content/questions/other.md").contains("[1](Reset.md"));
    assert!(site.root().join("content/questions/Reset/ana.md").is_file());
    assert!(!text(&site, "content/questions/Reset.md").contains("aliases"));
    undone(&site);
    assert!(site.root().join("content/questions/reset/ana.md").is_file());
}

#[test]
fn a_dry_run_only_shows() {
    let site = community();
    let before = tree(site.root());
    let output = mv(&site, &["reset", "x", "--dry-run"]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("+++ b/content/questions/other.md"), "{said}");
    assert!(said.contains("+[1](x.md \"reset.md\")") || said.contains("\n+[1](x.md"), "{said}");
    assert!(tree(site.root()) == before);
    assert_eq!(mv(&site, &["--undo"]).status.code(), Some(2));
}

#[test]
fn what_was_written_since_is_not_taken_back() {
    let site = community();
    moved(&site, "reset", "x");
    let now = tree(site.root());
    for (path, text) in [
        ("content/questions/x.md", "# New\n"),
        ("content/questions/x/ana.md", "New.\n"),
        ("content/questions/other.md", "# New?\n"),
        ("content/questions/x/zoe.md", "Added.\n"),
        ("content/questions/reset.md", "# There again?\n"),
    ] {
        site.write(path, text);
        let before = tree(site.root());
        let output = mv(&site, &["--undo"]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{path}: {said}");
        assert!(said.contains(path), "{path}: {said}");
        assert!(tree(site.root()) == before, "{path}");
        match now.get(path) {
            Some(bytes) => {
                site.write(path, bytes);
            }
            None => fs::remove_file(site.root().join(path)).expect("it was there"),
        }
    }
    undone(&site);
    let output = mv(&site, &["--undo"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("nothing to undo"));
}

#[test]
fn whatever_was_interrupted_can_be_finished_or_taken_back() {
    let site = community();
    let before = tree(site.root());
    moved(&site, "reset", "x");
    let after = tree(site.root());
    let record = fs::read(site.remembered().join("last.json")).expect("a record");
    let steps: Vec<(String, Option<&Vec<u8>>)> = {
        let changed = ["content/questions/x.md", "content/questions/other.md", "longhouse.yaml"];
        changed.iter().map(|path| ((*path).to_string(), after.get(*path))).collect()
    };
    undone(&site);
    // Killed at every moment: this many names changed, this many texts written.
    for names in 0..=2 {
        for texts in 0..=(if names == 2 { steps.len() } else { 0 }) {
            for finish in [true, false] {
                fs::write(site.remembered().join("begun.json"), &record).expect("a record");
                let root = site.root().join("content/questions");
                if names > 0 {
                    fs::rename(root.join("reset"), root.join("x")).expect("a step");
                }
                if names > 1 {
                    fs::rename(root.join("reset.md"), root.join("x.md")).expect("a step");
                }
                for (path, bytes) in &steps[..texts] {
                    site.write(path, bytes.expect("it is there"));
                }
                let other = mv(&site, &["why", "y"]);
                assert!(String::from_utf8_lossy(&other.stderr).contains("interrupted"));
                if finish {
                    moved(&site, "reset", "x");
                    assert!(tree(site.root()) == after, "{names} {texts}");
                }
                undone(&site);
                assert!(tree(site.root()) == before, "{names} {texts}");
            }
        }
    }
}

#[test]
fn what_could_not_be_found_before_is_left_as_it_was() {
    let site = folder(
        "\
=== content/questions/a.md
---
titel: A
---
# A?
[dead](gone.md) [far](https://b.example/a.md) [mail](mailto:a@b.example) [top](#a)
=== content/questions/b.md
# B?
\\[a](a.md) <!-- [a](a.md) --> [a](a.md)
",
    );
    moved(&site, "a", "questions/t/c.md");
    assert!(text(&site, "content/questions/t/c.md").ends_with(
        "# A?\n[dead](gone.md) [far](https://b.example/a.md) [mail](mailto:a@b.example) [top](#a)\n"
    ));
    assert_eq!(text(&site, "content/questions/b.md"), "# B?\n\\[a](a.md) <!-- [a](a.md) --> [a](t/c.md)\n");
}

#[test]
fn links_of_every_other_sort_follow() {
    let site = folder(
        "\
=== longhouse.yaml
base_url: https://acme.example/
former_urls: [https://old.example/community/]
repository: {host: gitlab, url: 'https://gitlab.com/acme/site', branch: live/now}
=== GUIDELINES.md
# Rules
[a](content/questions/a.md) and [b](/questions/a/)
=== content/README.md
# Welcome
[a](questions/a.md)
=== content/questions/_index.md
[a](a.md)
=== content/questions/c.md
# C?
=== content/questions/a.md
# A?
## Part
",
    );
    site.write(
        "content/questions/b.md",
        "\u{feff}# B?\r\n[1](https://old.example/community/questions/a/#part)\r\n[2](../a/)\r\n\
         [3](https://gitlab.com/acme/site/-/blob/live/now/content/questions/a.md?ref_type=heads#L1)\r\n\
         [4](/content/questions/a.md) [5](/questions/a.md) [6](/questions/a.html#part)\r\n\
         [7](a&#46;md) [8](a.md?plain=1#part) [![x](x.png)](a.md) [x] [Y][]\r\n\r\n[X]: a.md\r\n[y]:\r\n  a.md 'A'\r\n",
    );
    let problems = site.build().diagnostics.len();
    moved(&site, "a", "content/how-tos/t/z.md");
    assert_eq!(
        text(&site, "content/questions/b.md"),
        "\u{feff}# B?\r\n[1](https://old.example/community/how-tos/z/#part)\r\n[2](../../how-tos/z/)\r\n\
         [3](https://gitlab.com/acme/site/-/blob/live/now/content/how-tos/t/z.md?ref_type=heads#L1)\r\n\
         [4](/content/how-tos/t/z.md) [5](/how-tos/t/z.md) [6](/how-tos/z.html#part)\r\n\
         [7](../how-tos/t/z.md) [8](../how-tos/t/z.md?plain=1#part) [![x](x.png)](../how-tos/t/z.md) [x] [Y][]\r\n\r\n\
         [X]: ../how-tos/t/z.md\r\n[y]:\r\n  ../how-tos/t/z.md 'A'\r\n"
    );
    assert_eq!(text(&site, "GUIDELINES.md"), "# Rules\n[a](content/how-tos/t/z.md) and [b](/how-tos/z/)\n");
    assert!(text(&site, "content/README.md").contains("[a](how-tos/t/z.md)"));
    assert!(text(&site, "content/questions/_index.md").contains("[a](../how-tos/t/z.md)"));
    assert_eq!(site.build().diagnostics.len(), problems);
}

#[test]
fn any_folder_of_markdown_will_do() {
    let site = folder(
        "\
=== longhouse.yaml
=== README.md
[a](guide/a.md) [g](guide/)
=== guide/README.md
# Guide
=== guide/a.md
# A
[b](b.md)
=== guide/b.md
# B
",
    );
    moved(&site, "guide/a.md", "c");
    assert_eq!(text(&site, "README.md"), "[a](guide/c.md) [g](guide/)\n");
    assert!(text(&site, "guide/c.md").contains("aliases: [/guide/a/]"));
    moved(&site, "guide/", "manual/");
    assert_eq!(text(&site, "README.md"), "[a](manual/c.md) [g](manual/)\n");
    assert!(text(&site, "manual/b.md").contains("aliases: [/guide/b/]"));
    assert!(text(&site, "manual/c.md").contains("aliases: [/guide/a/, /guide/c/]"));
    assert!(refused(&site, "manual/b.md", "static/b.md").contains("not content"));
    undone(&site);
    assert!(site.root().join("guide/c.md").is_file() && !site.root().join("manual").exists());
}

#[test]
fn what_only_a_person_can_decide_is_said() {
    let site = folder(
        "\
=== themes/default/templates/foot.html
<a href=\"/questions/a/\">
=== content/ideas/i.md
---
state: open
---
# I
=== content/questions/a.md
# A?
",
    );
    let said = moved(&site, "a", "b");
    assert!(
        said.contains(
            "themes/default/templates/foot.html:1: This mentions /questions/a/. Write /questions/b/."
        ),
        "{said}"
    );
    let said = moved(&site, "i", "/how-tos/i/");
    assert!(said.contains("note: content/how-tos/i.md:2: `state`"), "{said}");
    let said = refused(&site, "b", "/links/b/");
    assert!(said.contains("This would break something: A link needs an address."), "{said}");
}

#[test]
fn git_sees_a_rename_and_a_short_file_keeps_its_author() {
    let long =
        "A line that is long enough for git to know the file by.\nAnd a second one of the same sort.\n";
    let repository = repository(&format!(
        "=== longhouse.yaml\n=== content/questions/long.md\n# Long?\n{long}=== content/questions/short.md\n# S?\n"
    ));
    repository.commit("Ana Silva", "2025-01-01", "add");
    let said = moved(repository.folder(), "long", "longer");
    assert!(!said.contains("note:"), "{said}");
    repository.commit("Eve", "2025-03-01", "rename");
    let page = repository.build().main("/questions/longer/");
    assert!(page.contains("Ana Silva") && page.contains("1 January 2025") && !page.contains("Eve"), "{page}");
    let said = moved(repository.folder(), "short", "shorter");
    assert!(said.contains("Write `authors: [ana-silva]` and `date: 2025-01-01` at its top"), "{said}");
}
