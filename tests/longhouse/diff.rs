//! What a change does to the site: `diff` between two commits, a commit and the files, and two published folders.

use std::path::Path;
use std::process::{Command, Output};

use longhouse::checkout::checkout;
use longhouse::diff::change::FileStatus;
use longhouse::diff::difference::{Change, Difference};
use longhouse::diff::html::Region;
use longhouse::diff::{Comparison, Side, What, compare};
use longhouse::source::LoadOptions;
use serde_json::Value;

use crate::fixture::{command, folder};
use crate::repository::{Repository, repository};

const SITE: &str = "\
=== longhouse.yaml
base_url: https://community.example.org/
title: Community
=== content/questions/reset.md
---
tags: [account]
---
# How do I reset my password?

I forgot it.
=== content/questions/invoice.md
---
tags: [billing]
---
# Where is my invoice?

I need it.
=== content/how-tos/export.md
# Export your data

1. Press the button.
";

/// A repository with the site above, by Ana.
fn begun() -> Repository {
    let repository = repository(SITE);
    repository.commit("ana", "2026-01-01", "begin");
    repository
}

/// What the files as they are change since the last commit.
fn changed(repository: &Repository) -> Comparison {
    since(repository, "HEAD")
}

/// What the files as they are change since a commit.
fn since(repository: &Repository, name: &str) -> Comparison {
    let root = repository.folder().root();
    let mut new = Side::made("now", &repository.folder().load(), None, None).expect("a theme");
    let commit = checkout(root, name, &LoadOptions::default()).expect("a commit");
    let sources = std::sync::Arc::clone(&commit.sources);
    let mut old = Side::made(name, &sources, Some(commit), Some(&new)).expect("a theme");
    compare(&mut old, &mut new).expect("both can be made")
}

/// A difference as git shows words.
fn shown(difference: &Difference) -> String {
    let show = |change: Change, text: &str| match change {
        Change::Same => text.to_owned(),
        Change::Removed => format!("[-{}-]", text.trim()),
        Change::Added => format!("{{+{}+}}", text.trim()),
    };
    difference.segments.iter().map(|it| show(it.change, &it.text)).collect::<String>().trim().to_owned()
}

fn run(root: &Path, arguments: &[&str]) -> Output {
    let mut command = command();
    command.arg("diff").arg("--root").arg(root).args(arguments).output().expect("the command runs")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn nothing_changed_is_nothing_to_tell() {
    let repository = begun();
    let compared = changed(&repository);
    assert!(compared.is_empty(), "{compared:?}");
    assert_eq!(compared.pages[0], compared.pages[1]);
    let output = run(repository.folder().root(), &["main", "--exit-code"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains("The site does not change."), "{}", said(&output));
    // Nothing was written where the site is.
    let names: Vec<_> = std::fs::read_dir(repository.folder().root()).expect("a folder").collect();
    assert_eq!(names.len(), 3, "{names:?}");
}

#[test]
fn an_answer_changes_its_question_and_what_lists_it() {
    let repository = begun();
    repository.write("content/questions/reset/ben.md", "Press **forgotten**, wait for the mail.\n");
    let compared = changed(&repository);
    let [page] = compared.changed.as_slice() else { panic!("{:?}", compared.changed) };
    assert_eq!(
        (page.address.as_str(), page.title.as_str()),
        ("/questions/reset/", "How do I reset my password?")
    );
    let [file] = page.files.as_slice() else { panic!("{:?}", page.files) };
    assert_eq!((file.path.as_str(), file.status), ("content/questions/reset/ben.md", FileStatus::Added));
    let text: Vec<String> = page.differences.iter().map(shown).collect();
    assert!(text.iter().any(|it| it.contains("Press forgotten, wait for the mail")), "{text:?}");
    // Every other page that differs says why.
    let [affected] = compared.affected.as_slice() else { panic!("{:?}", compared.affected) };
    assert_eq!(affected.because, ["content/questions/reset/ben.md"]);
    let addresses: Vec<&str> = affected.pages.iter().map(|(address, _)| address.as_str()).collect();
    for address in ["/", "/questions/", "/tags/account/"] {
        assert!(addresses.contains(&address), "{address} in {addresses:?}");
    }
    assert!(!addresses.contains(&"/questions/invoice/"), "{addresses:?}");
    // There is one question without an answer less, and one person more.
    let added: Vec<&str> = compared.added.iter().map(|it| it.address.as_str()).collect();
    assert_eq!(added, ["/people/ben/"]);
    assert_eq!(
        compared.gone.len(),
        0,
        "where nothing waits for an answer now there is still a page: {compared:?}"
    );
    assert!(addresses.contains(&"/help-wanted/account/"), "{addresses:?}");
    assert_eq!(compared.everywhere.len(), 0, "{compared:?}");
}

#[test]
fn what_changed_in_a_file_is_named() {
    let repository = begun();
    repository.write(
        "content/questions/reset.md",
        "---\ntags: [account, login]\nversion: 2\n---\n# How do I set a new password?\n\nI forgot it.\n",
    );
    let compared = changed(&repository);
    let [page] = compared.changed.as_slice() else { panic!("{:?}", compared.changed) };
    assert_eq!(page.files[0].changed, ["title", "tags", "version"]);
    let text: Vec<String> = page.differences.iter().map(shown).collect();
    assert!(text.contains(&"How do I [-reset my-]{+set a new+}password?".to_owned()), "{text:?}");
    // A title stands in many places, and is told once.
    assert_eq!(text.iter().filter(|it| it.contains("set a new")).count(), 1, "{text:?}");
    let added: Vec<&str> = compared.added.iter().map(|it| it.address.as_str()).collect();
    assert_eq!(added, ["/help-wanted/login/", "/tags/login/"]);
}

#[test]
fn a_renamed_page_with_a_redirect_has_moved() {
    let repository = begun();
    repository.rename("content/questions/reset.md", "content/questions/password.md");
    repository.write(
        "content/questions/password.md",
        "---\ntags: [account]\naliases: [/questions/reset/]\n---\n# How do I reset my password?\n\nI forgot it again.\n",
    );
    repository.commit("ben", "2026-02-01", "rename");
    let compared = since(&repository, "HEAD~1");
    let [moved] = compared.moved.as_slice() else { panic!("{:?}", compared.moved) };
    assert_eq!((moved.address.as_str(), moved.to.as_str()), ("/questions/reset/", "/questions/password/"));
    assert_eq!(moved.title, "How do I reset my password?");
    let [file] = moved.files.as_slice() else { panic!("{:?}", moved.files) };
    assert_eq!(
        (file.status, file.before.as_deref()),
        (FileStatus::Renamed, Some("content/questions/reset.md"))
    );
    assert_eq!(
        moved.differences.iter().map(shown).collect::<Vec<_>>(),
        ["I forgot it {+again+}.", "{+Changed on 1 February 2026+}"]
    );
    assert_eq!(
        (compared.gone.len(), compared.added.len()),
        (0, 0),
        "{:?} {:?}",
        compared.gone,
        compared.added
    );
}

#[test]
fn an_address_that_leads_nowhere_comes_first_and_says_what_to_do() {
    let repository = begun();
    repository.rename("content/questions/reset.md", "content/questions/password.md");
    repository.git("ana", "2026-01-02", &["rm", "--quiet", "content/how-tos/export.md"]);
    let compared = changed(&repository);
    let gone: Vec<(&str, What, Option<&str>)> =
        compared.gone.iter().map(|it| (it.address.as_str(), it.what, it.now.as_deref())).collect();
    assert_eq!(
        gone[..2],
        [
            ("/how-tos/export/", What::Page, None),
            ("/questions/reset/", What::Page, Some("/questions/password/"))
        ]
    );
    assert_eq!(compared.gone[0].file.as_deref(), Some("content/how-tos/export.md"));
    let output = run(repository.folder().root(), &["main", "--exit-code"]);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("add `aliases: [/questions/reset/]` to it"), "{text}");
    let place = |what: &str| text.find(what).unwrap_or_else(|| panic!("{what} in {text}"));
    assert!(place("no longer lead anywhere") < place("page is new"), "{text}");
    // A redirect that is taken away leaves a dead address, too.
    repository.write("content/questions/password.md", "---\naliases: [/questions/reset/]\n---\n# How?\n");
    repository.commit("ana", "2026-01-02", "redirect");
    repository.write("content/questions/password.md", "# How?\n");
    let compared = changed(&repository);
    let gone: Vec<(&str, What)> = compared.gone.iter().map(|it| (it.address.as_str(), it.what)).collect();
    // So do the feeds of those who follow the question by it.
    let expected = [("/questions/reset/", What::Redirect), ("/questions/reset/feed.xml", What::Feed)];
    assert_eq!(gone, expected);
}

#[test]
fn what_the_theme_changes_on_all_pages_is_told_once() {
    let repository = begun();
    repository.write(
        "longhouse.yaml",
        "base_url: https://community.example.org/\ntitle: Community\nfooter: {text: New here.}\n",
    );
    repository.write("themes/default/static/site.css", "p { color: red; }\n");
    let compared = changed(&repository);
    let [everywhere] = compared.everywhere.as_slice() else { panic!("{:?}", compared.everywhere) };
    assert_eq!(
        (everywhere.difference.region, shown(&everywhere.difference)),
        (Region::Footer, "{+New here.+}".to_owned())
    );
    assert!(everywhere.pages.len() > 10, "{:?}", everywhere.pages);
    assert_eq!(compared.site_files, ["longhouse.yaml", "themes/default/static/site.css"]);
    assert_eq!((compared.changed.len(), compared.affected.len()), (0, 0), "{compared:?}");
    // The new name of the style sheet is no difference of a page; its content is one of the theme.
    assert_eq!(compared.files.iter().flat_map(|it| &it.changed).collect::<Vec<_>>(), ["assets/site.css"]);
}

#[test]
fn what_moderators_decide_is_told_with_its_page() {
    let repository = begun();
    repository
        .write("data/moderation.yaml", "content/questions/invoice.md: {status: hidden, reason: Spam}\n");
    let compared = changed(&repository);
    let [page] = compared.changed.as_slice() else { panic!("{:?}", compared.changed) };
    assert_eq!(page.address, "/questions/invoice/");
    assert_eq!(
        (page.files[0].status, page.files[0].changed.as_slice()),
        (FileStatus::Same, &["moderation".to_owned()][..])
    );
    let [affected] = compared.affected.as_slice() else { panic!("{:?}", compared.affected) };
    assert!(affected.pages.iter().any(|(address, _)| address == "/questions/"), "{affected:?}");
    assert_eq!(
        compared.gone.iter().map(|it| it.address.as_str()).collect::<Vec<_>>(),
        [
            "/help-wanted/billing/",
            "/tags/billing/",
            "/questions/invoice/feed.xml",
            "/tags/billing/feed.json",
            "/tags/billing/feed.xml"
        ]
    );
}

#[test]
fn a_commit_is_built_with_its_own_theme_and_history() {
    let repository = begun();
    repository.write(
        "themes/default/templates/404.html",
        "<!doctype html><title>Nothing</title><main id=\"main\">Nothing.</main>\n",
    );
    repository.write(
        "content/questions/reset.md",
        "---\ntags: [account]\n---\n# How do I reset my password?\n\nI forgot mine.\n",
    );
    repository.commit("ben", "2026-02-01", "theme");
    let commit = checkout(repository.folder().root(), "HEAD~1", &LoadOptions::default()).expect("a commit");
    assert!(commit.sources.theme_files.is_empty());
    let history = commit.sources.history.as_ref().expect("a history");
    let day = |path: &str| history.files[path].changed_at.expect("a change").zoned().date().to_string();
    assert_eq!(day("content/questions/reset.md"), "2026-01-01");
    assert!(commit.sources.text("content/questions/reset.md").expect("a text").contains("I forgot it."));
    let report: Value =
        serde_json::from_slice(&run(repository.folder().root(), &["HEAD~1", "HEAD", "--json"]).stdout)
            .expect("JSON");
    assert_eq!(report["site_files"], serde_json::json!(["themes/default/templates/404.html"]));
    let addresses: Vec<&Value> =
        report["changed"].as_array().expect("a list").iter().map(|it| &it["address"]).collect();
    assert_eq!(addresses, ["/questions/reset/"]);
    assert_eq!(report["old"]["commit"].as_str().map(str::len), Some(40));
}

#[test]
fn a_branch_is_compared_with_where_it_began() {
    let repository = begun();
    repository.git("ana", "2026-01-02", &["checkout", "--quiet", "-b", "topic"]);
    repository.write("content/questions/new.md", "# Is this new?\n");
    repository.commit("ben", "2026-01-02", "new");
    repository.git("ana", "2026-01-02", &["checkout", "--quiet", "main"]);
    repository.write("content/questions/other.md", "# Something else?\n");
    repository.commit("ana", "2026-01-03", "other");
    repository.git("ana", "2026-01-03", &["checkout", "--quiet", "topic"]);
    let added = |arguments: &[&str], what: &str| -> Vec<String> {
        let output = run(repository.folder().root(), &[arguments, &["--json"]].concat());
        let report: Value =
            serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", said(&output)));
        let pages = report[what].as_array().expect("a list").iter().filter(|it| it["what"] == "page");
        pages.map(|it| it["address"].as_str().expect("an address").to_owned()).collect()
    };
    assert_eq!(added(&["main"], "added"), ["/questions/new/"]);
    assert_eq!(added(&["main"], "gone"), [""; 0]);
    assert_eq!(added(&["main", "topic", "--merge-base"], "gone"), [""; 0]);
    // Two names are what they say.
    assert_eq!(added(&["main", "topic"], "gone"), ["/questions/other/"]);
}

#[test]
fn two_published_folders_are_compared_as_they_are() {
    let site = folder(SITE);
    let publish = |name: &str| {
        let output = site.root().join(name);
        let built = command()
            .args(["build", "--quiet", "--root"])
            .arg(site.root())
            .arg("--output")
            .arg(&output)
            .output();
        assert!(built.expect("the command runs").status.success());
        output
    };
    let before = publish("before");
    site.write("content/questions/reset.md", "# How do I reset my password?\n\nI lost it.\n");
    site.write("longhouse.yaml", "base_url: https://community.example.org/\ntitle: Forum\n");
    let after = publish("after");
    let elsewhere = tempfile::tempdir().expect("a folder");
    let [before, after] = [before, after].map(|it| it.to_string_lossy().into_owned());
    let output = run(elsewhere.path(), &[&before, &after, "--json"]);
    let report: Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", said(&output)));
    let page =
        report["changed"].as_array().expect("a list").iter().find(|it| it["address"] == "/questions/reset/");
    let page = page.unwrap_or_else(|| panic!("{report:#}"));
    assert!(
        page["differences"].as_array().expect("a list").iter().any(|it| it["new"] == "I lost it."),
        "{page:#}"
    );
    let everywhere = report["everywhere"].as_array().expect("a list");
    assert!(everywhere.iter().any(|it| it["where"] == "header" && it["new"] == "Forum"), "{everywhere:#?}");
    assert!(
        report["files"].as_array().expect("a list").iter().any(|it| it["what"] == "search"),
        "{report:#}"
    );
    assert!(report["gone"].as_array().expect("a list").iter().any(|it| it["address"] == "/tags/account/"));
    // A folder and what the files would become now.
    let output = run(site.root(), &[&after, "--exit-code"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}

#[test]
fn nothing_that_a_commit_brings_is_run_or_followed() {
    let repository = begun();
    let root = repository.folder().root().to_owned();
    let secret = folder("=== secret.txt\nsecret\n");
    #[cfg(unix)]
    {
        std::fs::create_dir_all(root.join("static")).expect("a folder");
        std::os::unix::fs::symlink(secret.root().join("secret.txt"), root.join("static/secret.txt"))
            .expect("a link");
        std::os::unix::fs::symlink("../content/questions/reset.md", root.join("static/inside.md"))
            .expect("a link");
    }
    repository.write(".gitattributes", "*.md filter=evil eol=crlf ident\n");
    repository.commit("mallory", "2026-01-02", "links");
    let mark = secret.root().join("ran").display().to_string();
    for (key, value) in [
        ("filter.evil.smudge", format!("touch {mark}")),
        ("filter.evil.process", format!("touch {mark}")),
        ("core.fsmonitor", format!("touch {mark}")),
        ("diff.external", format!("touch {mark}")),
    ] {
        repository.git("ana", "2026-01-02", &["config", key, &value]);
    }
    let commit = checkout(&root, "HEAD", &LoadOptions::default()).expect("a commit");
    assert!(!Path::new(&mark).exists());
    let statics: Vec<&String> = commit.sources.statics.keys().collect();
    assert_eq!(statics, if cfg!(unix) { vec!["inside.md"] } else { vec![] });
    assert!(!commit.sources.text("content/questions/reset.md").expect("a text").contains('\r'));
}

#[test]
fn what_cannot_be_compared_is_explained() {
    let repository = begun();
    let root = repository.folder().root();
    let cases: [(&[&str], &str); 4] = [
        (&["nowhere"], "Git does not know the commit `nowhere`"),
        (&["--output=x"], "unexpected argument"),
        (&["content"], "neither a site that Longhouse has published nor the folder of a site"),
        (&["main", ".", "--merge-base"], "`--merge-base` compares two commits"),
    ];
    for (arguments, expected) in cases {
        let output =
            command().arg("diff").args(arguments).current_dir(root).output().expect("the command runs");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", said(&output));
        assert!(said(&output).contains(expected), "{arguments:?}: {}", said(&output));
    }
    let plain = folder(SITE);
    let output = run(plain.root(), &["main"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("the site is not in a git repository"), "{}", said(&output));
    // A configuration of then that cannot be read is shown with its place.
    repository.write("longhouse.yaml", "menu: [\n");
    repository.commit("ana", "2026-01-02", "broken");
    repository.write("longhouse.yaml", "title: Whole\n");
    let output = run(root, &["HEAD"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(
        said(&output).contains("The site at the commit") && said(&output).contains("longhouse.yaml:1"),
        "{}",
        said(&output)
    );
}

#[test]
fn a_shallow_clone_says_what_to_fetch() {
    let repository = begun();
    repository.write("content/questions/new.md", "# New?\n");
    repository.commit("ana", "2026-01-02", "new");
    let clone = tempfile::tempdir().expect("a folder");
    let from = format!("file://{}", repository.folder().root().display());
    let git =
        Command::new("git").args(["clone", "--quiet", "--depth", "1", &from]).arg(clone.path()).output();
    assert!(git.expect("git runs").status.success());
    let output = run(clone.path(), &["HEAD~1"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("git fetch"), "{}", said(&output));
    // The commit that is there can be built.
    let output = run(clone.path(), &["HEAD", "--exit-code"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}

#[test]
fn what_content_says_steers_no_terminal_no_comment_and_no_log() {
    let repository = begun();
    repository.write(
        "content/questions/evil.md",
        "# </details><script>alert(1)</script> `` @ana #12 ::set-output name=a::b \u{1b}[31m\u{202e} [x](javascript:y)?\n",
    );
    let root = repository.folder().root();
    for format in ["human", "json", "markdown"] {
        let output = run(root, &["HEAD", "--format", format]);
        let text = String::from_utf8(output.stdout.clone()).expect("a text");
        assert!(output.status.success(), "{}", said(&output));
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{format}: {text:?}");
        assert!(!text.lines().any(|line| line.trim_start().starts_with("::")), "{format}: {text}");
        assert_eq!(output.stdout, run(root, &["HEAD", "--format", format]).stdout, "the same each time");
    }
    let markdown = String::from_utf8(run(root, &["HEAD", "--format", "markdown"]).stdout).expect("a text");
    let rendered = {
        let mut html = String::new();
        pulldown_cmark::html::push_html(&mut html, pulldown_cmark::Parser::new(&markdown));
        html
    };
    let outside: Vec<&str> =
        rendered.split("<code>").map(|it| it.rsplit("</code>").next().unwrap_or(it)).collect();
    let outside = outside.concat();
    for what in ["script", "@ana", "#12", "javascript", "details"] {
        assert!(!outside.contains(what), "{what} in {outside}");
    }
}

#[test]
fn the_page_shows_both_versions_and_runs_and_loads_nothing() {
    let repository = begun();
    repository
        .folder()
        .write("content/questions/dot.gif", b"GIF89a\x03\x00\x02\x00\x80\x00\x00\x00\x00\x00\xFF\xFF\xFF!");
    repository.write(
        "content/questions/reset.md",
        "---\ntags: [account]\n---\n# How do I </title><script>alert(1)</script> reset my password?\n\nI lost it.\n\n![A dot](dot.gif)\n\n\
         [Elsewhere](https://elsewhere.example/) and [here](invoice.md)\n\n## Then\n\nWait.\n",
    );
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("changes.html");
    let write = || {
        let output = run(repository.folder().root(), &["HEAD", "--html", &file.to_string_lossy()]);
        assert!(output.status.success(), "{}", said(&output));
        std::fs::read_to_string(&file).expect("a page")
    };
    let html = write();
    assert_eq!(html, write(), "the same each time");
    let page = scraper::Html::parse_document(&html);
    let find = |selector: &str| -> Vec<scraper::ElementRef<'_>> {
        page.select(&scraper::Selector::parse(selector).expect("a selector")).collect()
    };
    let text = |it: &scraper::ElementRef<'_>| it.text().collect::<String>();
    assert_eq!(find("script, iframe, form, input, object, link, base, video").len(), 0);
    let policy = find("meta[http-equiv=Content-Security-Policy]")[0].attr("content").expect("a policy");
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    for element in find("*") {
        for (name, value) in element.value().attrs() {
            assert!(!name.starts_with("on") && name != "style" && name != "srcdoc", "{name}={value}");
            assert!(name != "src" || value.starts_with("data:image/"), "{name}={value}");
            assert!(
                name != "href" || value.starts_with("https://") || value.starts_with('#'),
                "{name}={value}"
            );
        }
    }
    let mut ids: Vec<&str> = find("[id]").iter().filter_map(|it| it.attr("id")).collect();
    ids.sort_unstable();
    let count = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), count, "{ids:?}");
    let labels: Vec<String> = find("#changed .d-label").iter().map(text).collect();
    assert_eq!(labels, ["Old", "New"]);
    assert!(find("#changed .d-shown del").iter().any(|it| text(it) == "forgot"));
    assert!(find("#changed .d-shown ins").iter().any(|it| text(it) == "lost"));
    assert_eq!(find("#changed .d-shown img[alt='A dot']").len(), 1);
    // Links lead to where the site is.
    assert_eq!(find("#changed .d-shown a[href='https://community.example.org/questions/invoice/']").len(), 1);
    let output = run(repository.folder().root(), &["HEAD", "--html", &folder.path().to_string_lossy()]);
    assert_eq!(output.status.code(), Some(3), "a folder is no file: {}", said(&output));
}

#[test]
fn the_report_for_programs_is_as_its_schema_says() {
    let repository = begun();
    repository.rename("content/how-tos/export.md", "content/how-tos/exports.md");
    repository.rename("content/questions/invoice.md", "content/questions/bill.md");
    repository.write("content/questions/bill.md", "---\ntags: [billing]\naliases: [/questions/invoice/]\n---\n# Where is my invoice?\n\nI need it now.\n");
    repository.write("content/questions/reset/ben.md", "Press the button.\n");
    repository.write("longhouse.yaml", "base_url: https://community.example.org/\ntitle: Forum\n");
    let output = run(repository.folder().root(), &["HEAD", "--json"]);
    let report: Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", said(&output)));
    for part in ["gone", "moved", "added", "changed", "affected", "everywhere", "site_files", "files"] {
        assert!(!report[part].as_array().expect("a list").is_empty(), "{part}: {report:#}");
    }
    let schema = longhouse::schema::Schema::Diff.json();
    let mut wrong = Vec::new();
    fits(&report, &schema, "", &mut wrong);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Says where a value is not what the parts of JSON Schema that are used here say.
fn fits(value: &Value, schema: &Value, at: &str, wrong: &mut Vec<String>) {
    let name = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let is_type = match &schema["type"] {
        Value::String(one) => one == name,
        Value::Array(several) => several.iter().any(|it| it == name),
        _ => schema["enum"].as_array().is_some_and(|it| it.contains(value)) || schema["const"] == *value,
    };
    if !is_type {
        wrong.push(format!("{at} is {value}"));
    }
    for (n, item) in value.as_array().into_iter().flatten().enumerate() {
        fits(item, &schema["items"], &format!("{at}[{n}]"), wrong);
    }
    for (key, item) in value.as_object().into_iter().flatten() {
        match &schema["properties"][key] {
            Value::Null => wrong.push(format!("{at}.{key} is not described")),
            own => fits(item, own, &format!("{at}.{key}"), wrong),
        }
    }
    if value.is_object() {
        let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        wrong.extend(required.filter(|it| value.get(it).is_none()).map(|it| format!("{at}.{it} is missing")));
    }
}

#[test]
fn a_site_below_the_top_of_its_repository_is_compared_alone() {
    let repository = repository(
        "=== site/longhouse.yaml\nrepository: {url: \"https://github.com/a/b\", path: site}\n=== src/main.rs\nfn main() {}\n\
         === site/content/questions/a.md\n# A?\n\nSee [the code](../../../src/main.rs).\n",
    );
    repository.commit("ana", "2026-01-01", "begin");
    let root = repository.folder().root().join("site");
    let output = run(&root, &["main", "--exit-code"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    // What the commit had is what its links lead to, whatever is there now.
    std::fs::remove_file(repository.folder().root().join("src/main.rs")).expect("a file");
    let report: Value = serde_json::from_slice(&run(&root, &["main", "--json"]).stdout).expect("JSON");
    assert_eq!(report["affected"][0]["pages"][0]["address"], "/questions/a/", "{report:#}");
}

#[cfg(unix)]
#[test]
fn content_to_which_a_link_leads_is_compared_too() {
    let repository =
        repository("=== longhouse.yaml\ntitle: T\n=== docs/pages/questions/a.md\n# A?\n\nOld.\n");
    std::os::unix::fs::symlink("docs/pages", repository.folder().root().join("content")).expect("a link");
    repository.commit("ana", "2026-01-01", "begin");
    assert!(changed(&repository).is_empty(), "{:?}", changed(&repository));
    repository.write("docs/pages/questions/a.md", "# A?\n\nNew.\n");
    let compared = changed(&repository);
    let [page] = compared.changed.as_slice() else { panic!("{compared:?}") };
    assert_eq!(page.differences.iter().map(shown).collect::<Vec<_>>(), ["[-Old-]{+New+}."]);
}

#[test]
fn a_submodule_is_built_at_the_commit_that_belongs_there() {
    let module = repository("=== questions/a.md\n# A?\n\nOld.\n");
    module.commit("ana", "2026-01-01", "begin");
    let repository = repository("=== longhouse.yaml\ntitle: T\n");
    let from = module.folder().root().display().to_string();
    repository.git(
        "ana",
        "2026-01-01",
        &["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", &from, "content"],
    );
    repository.commit("ana", "2026-01-01", "begin");
    assert!(changed(&repository).is_empty(), "{:?}", changed(&repository));
    repository.write("content/questions/a.md", "# A?\n\nNew.\n");
    repository.git("ana", "2026-01-02", &["-C", "content", "commit", "--quiet", "--all", "-m", "new"]);
    let compared = changed(&repository);
    let [page] = compared.changed.as_slice() else { panic!("{compared:?}") };
    assert!(page.differences.iter().map(shown).any(|it| it == "[-Old-]{+New+}."), "{compared:?}");
}
