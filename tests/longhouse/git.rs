//! What git says of a site, and what becomes of the site where git cannot be asked, is somebody else's, or is set up
//! so that it says something else.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Output;

use longhouse::diagnostic::Rule;
use longhouse::site::Visibility;
use longhouse::source::{self, LoadOptions};

use crate::fixture::{Rendered, command, render, site};
use crate::repository::{Repository, repository};

const TEXT: &str =
    "One line that is long enough for git to recognise the file by.\nAnd another one of the same sort.\n";

/// The command in the folder of a repository, with these variables.
fn longhouse(repository: &Repository, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    command()
        .arg("--root")
        .arg(repository.folder().root())
        .args(arguments)
        .envs(variables.iter().copied())
        .output()
        .expect("the command runs")
}

/// All that a build wrote.
fn written(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in walkdir::WalkDir::new(folder) {
        let entry = entry.expect("a file");
        if entry.file_type().is_file() {
            let name = entry.path().strip_prefix(folder).expect("a file in it").display().to_string();
            files.insert(name, std::fs::read(entry.path()).expect("its bytes"));
        }
    }
    files
}

#[test]
fn moving_and_reformatting_files_changes_no_date_no_feed_and_no_sitemap() {
    let repository = repository(&format!(
        "=== longhouse.yaml\nbase_url: https://c.example/\n=== content/questions/a.md\n# A?\n\n{TEXT}\
         === content/questions/b.md\n# B?\n\n{TEXT}different\n=== content/questions/b/ana.md\nYes, {TEXT}\n"
    ));
    repository.commit("Ana", "2025-01-01", "add");
    let before = repository.build();
    repository.rename("content/questions/a.md", "content/questions/a/index.md");
    repository.write("content/questions/b.md", &format!("\u{feff}# B?\r\n\r\n\r\n{}different  \r\n", TEXT));
    repository.commit("Bot", "2025-02-01", "reformat");
    let after = repository.build();
    for file in ["feed.xml", "feed.json", "sitemap.xml", "questions/feed.xml"] {
        assert_eq!(after.file(file), before.file(file), "{file}");
    }
    assert_eq!(after.main("/questions/a/"), before.main("/questions/a/"));
    repository.write("content/questions/a/index.md", &format!("# A?\n\n{TEXT}And more.\n"));
    repository.commit("Ana", "2025-03-01", "edit");
    let edited = repository.build();
    assert!(edited.file("sitemap.xml").contains("2025-03-01"), "{}", edited.file("sitemap.xml"));
}

#[test]
fn nobody_is_shown_who_has_not_committed_outside_of_a_preview() {
    let repository = repository("=== content/questions/a.md\n# A?\n");
    repository.commit("Ana", "2025-01-01", "add");
    repository.git("Ana", "2025-01-01", &["config", "user.name", "Local Name"]);
    repository.git("Ana", "2025-01-01", &["config", "user.email", "local@example.com"]);
    repository.write("content/questions/new.md", "# New?\n");
    let published = repository.build();
    let shows = |site: &Rendered, text: &str| site.pages().any(|(_, page)| page.contains(text));
    assert!(!shows(&published, "Local Name") && !shows(&published, "local-name"));
    let preview = || {
        let options = LoadOptions { preview: true, ..LoadOptions::default() };
        let sources = source::load(repository.folder().root(), &options).expect("sources");
        render(&sources, Visibility { drafts: true, preview: true }).expect("a site")
    };
    assert!(shows(&preview(), "Local Name"));
    // What a shallow clone does not know was committed by somebody, who is not the one who builds.
    let head =
        std::fs::read_to_string(repository.folder().root().join(".git/refs/heads/main")).expect("a branch");
    repository.write(".git/shallow", &head);
    assert!(!shows(&preview(), "Local Name"));
}

#[test]
fn an_e_mail_address_is_nobodys_name() {
    let repository = repository(
        "=== content/questions/a.md\n# A?\n=== content/questions/a/cem.lee@secret.example.md\nYes.\n\
         === content/questions/b.md\n---\nauthors: [ben.roe@secret.example, Dora Li <dora@secret.example>]\n---\n# B?\n\
         === content/questions/b/ana.md\n---\nconfirmed_by: [eve.poe@secret.example 4.2, ben]\n---\nIt works.\n\
         === content/ideas/c.md\n---\nsupporters: [finn.orr@secret.example]\n---\n# C\n\
         === content/people/zoe.md\n---\nname: zoe.ray@secret.example\n---\n# zoe.ray@secret.example\n",
    );
    let message = "add\n\nCo-authored-by: gil.kay@secret.example\n\
                   Co-authored-by: Hal <hal.may@secret.example>\nCo-authored-by: \"ida.nox@secret.example\" <ida@x>";
    repository.commit("ana.bee@secret.example <ana.bee@secret.example>", "2025-01-01", message);
    let site = repository.build();
    let names =
        ["ana.bee", "ben.roe", "cem.lee", "dora@", "eve.poe", "finn.orr", "gil.kay", "hal.may", "ida.nox"];
    let is_text =
        |path: &&str| [".html", ".xml", ".json", ".js", ".txt"].iter().any(|end| path.ends_with(end));
    for path in site.paths().into_iter().filter(is_text) {
        let text = site.file(path).to_lowercase();
        let shown = names.into_iter().chain(["ana-bee", "ben-roe", "gil-kay"]);
        let shown: Vec<&str> = shown.filter(|name| text.contains(name) || path.contains(name)).collect();
        assert!(shown.is_empty(), "{path} shows {shown:?}");
    }
    assert!(site.main("/questions/a/").contains(">Hal<"), "{}", site.main("/questions/a/"));
    assert!(site.main("/questions/b/").contains("Dora Li"));
    let told = |file: &str| site.of(file).iter().filter(|it| it.rule == Rule::Email).count();
    assert_eq!(told("content/questions/b.md"), 2);
    assert_eq!(told("content/questions/a.md"), 0, "who helped is named");
    repository.write("content/questions/d.md", "# D?\n").commit(
        "ana.bee@secret.example <ana.bee@secret.example>",
        "2025-01-02",
        "by an address alone",
    );
    let site = repository.build();
    assert!(site.of("content/questions/d.md").iter().any(|it| it.rule == Rule::Email));
    assert!(!site.main("/questions/d/").contains("/people/"), "{}", site.main("/questions/d/"));
    assert_eq!(told("content/questions/a/cem.lee@secret.example.md"), 1);
}

#[test]
fn a_repository_that_git_cannot_read_is_told_and_the_site_is_published() {
    let repository = repository("=== content/questions/a.md\n# A?\n");
    repository.commit("Ana", "2025-01-01", "add");
    repository.write(".git/HEAD", "nothing");
    let site = repository.build();
    assert!(site.has("questions/a/index.html"));
    let problem = site.only(Rule::Git);
    assert!(problem.message.contains("git does not accept it as a repository"), "{problem:?}");
}

#[test]
fn outside_of_git_nothing_is_said_of_it() {
    let site = site("=== content/questions/a.md\n# A?\n");
    assert!(site.diagnostics.iter().all(|it| it.rule != Rule::Git), "{:?}", site.diagnostics);
}

/// A folder for programs, in which `git` is this script.
#[cfg(unix)]
fn programs(repository: &Repository, script: Option<&str>) -> String {
    use std::os::unix::fs::PermissionsExt;
    let folder = repository.folder().root().join(".programs");
    std::fs::create_dir_all(&folder).expect("a folder");
    if let Some(script) = script {
        let git = folder.join("git");
        std::fs::write(&git, format!("#!/bin/sh\n{script}\n")).expect("a script");
        std::fs::set_permissions(&git, std::fs::Permissions::from_mode(0o755)).expect("making it run");
    }
    folder.display().to_string()
}

#[cfg(unix)]
#[test]
fn a_git_that_is_missing_fails_or_hangs_is_told_and_the_site_is_published() {
    let repository = repository("=== content/questions/a.md\n# A?\n");
    repository.commit("Ana", "2025-01-01", "add");
    let build = |script: Option<&str>, patience: &str| {
        let path = programs(&repository, script);
        let variables = [("PATH", path.as_str()), ("LONGHOUSE_GIT_TIMEOUT", patience)];
        let output = longhouse(&repository, &["build"], &variables);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{said}");
        assert!(repository.folder().root().join("public/questions/a/index.html").is_file(), "{said}");
        said
    };
    assert!(build(None, "300").contains("git is not installed"));
    assert!(build(Some("echo 'fatal: it is on fire' >&2; exit 128"), "300").contains("it is on fire"));
    assert!(build(Some("kill -9 $$"), "300").contains("it gave no reason"));
    // It hangs, and so does what it started, which would go on without it.
    let late = repository.folder().root().join("late");
    let go = repository.folder().root().join("go");
    let script = format!(
        "(while [ ! -e '{}' ]; do /bin/sleep 0.05; done; echo > '{}') &\n/bin/sleep 600",
        go.display(),
        late.display()
    );
    assert!(build(Some(&script), "1").contains("did not respond for 1 second"));
    std::fs::write(&go, "").expect("a file");
    std::thread::sleep(std::time::Duration::from_secs(1));
    assert!(!late.exists(), "what git started goes on");
    // Anyone who left the group and holds the pipe keeps nobody waiting.
    assert!(build(Some("/usr/bin/setsid /bin/sleep 20 & exit 1"), "1").contains("`git rev-parse`"));
}

#[cfg(unix)]
#[test]
fn no_setting_of_the_user_and_no_variable_changes_a_byte() {
    let repository = repository(&format!(
        "=== longhouse.yaml\nbase_url: https://c.example/\n=== content/questions/a.md\n# A?\n\n{TEXT}\
         === content/questions/b.md\n# B?\n\n{TEXT}different\n"
    ));
    let message = "add\n\nText.\n\nCo-authored-by: Ben <ben@example.com>\nX-Other: y";
    repository.commit("Ana Żak", "2025-01-01", message);
    repository.rename("content/questions/b.md", "content/questions/topic/b.md");
    repository.write("content/questions/topic/b.md", &format!("# B?\n\n{TEXT}changed\n"));
    repository.commit("Eve", "2025-02-01", "move");
    let build = |variables: &[(&str, &str)]| {
        let output = longhouse(&repository, &["build"], variables);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        assert!(!said.contains("warning"), "{said}");
        written(&repository.folder().root().join("public"))
    };
    let home = repository.folder().root().join(".home");
    std::fs::create_dir_all(&home).expect("a folder");
    let home = home.display().to_string();
    let plain = build(&[("HOME", &home), ("XDG_CONFIG_HOME", &home)]);
    assert!(plain["questions/a/index.html"].windows(3).any(|it| it == b"Ben"));
    let hostile = "[core]\nquotePath = true\npager = false\nabbrev = 4\nhooksPath = .\nfsmonitor = false\n\
        [format]\npretty = nonsense\n[trailer]\nseparators = \"#\"\n[trailer \"co\"]\nkey = \"X-Other\"\n\
        ifmissing = doNothing\n[log]\nshowSignature = true\nmailmap = false\nfollow = true\ndate = relative\n\
        decorate = full\nshowRoot = false\ndiffMerges = separate\nabbrevCommit = true\n[diff]\nrenames = false\n\
        renameLimit = 1\nnoprefix = true\norderFile = /nonexistent\nrelative = true\nexternal = false\n\
        algorithm = patience\nignoreSubmodules = all\n[color]\nui = always\n[i18n]\nlogOutputEncoding = UTF-16\n\
        [mailmap]\nfile = /nonexistent\nblob = HEAD:longhouse.yaml\n[alias]\nlog = !false\n[submodule]\nrecurse = true\n\
        [column]\nui = always\n[user]\nname = Somebody Else\n[safe]\nbareRepository = all\n[notes]\ndisplayRef = *\n";
    std::fs::write(Path::new(&home).join(".gitconfig"), hostile).expect("settings");
    assert!(build(&[("HOME", &home), ("XDG_CONFIG_HOME", &home)]) == plain, "the user's settings");
    std::fs::write(Path::new(&home).join(".gitconfig"), "[broken").expect("settings");
    assert!(build(&[("HOME", &home), ("XDG_CONFIG_HOME", &home)]) == plain, "settings that git cannot read");
    let variables = [
        ("GIT_DIR", "/nonexistent"),
        ("GIT_WORK_TREE", "/"),
        ("GIT_INDEX_FILE", "/nonexistent"),
        ("GIT_OBJECT_DIRECTORY", "/nonexistent"),
        ("GIT_CONFIG_PARAMETERS", "'format.pretty=nonsense'"),
        ("GIT_CONFIG_COUNT", "1"),
        ("GIT_CONFIG_KEY_0", "diff.renames"),
        ("GIT_CONFIG_VALUE_0", "false"),
        ("GIT_EXTERNAL_DIFF", "false"),
        ("GIT_NAMESPACE", "other"),
        ("GIT_TRACE", "1"),
        ("GIT_PAGER", "false"),
        ("GIT_LITERAL_PATHSPECS", "0"),
        ("GIT_DEFAULT_HASH", "sha256"),
        ("GIT_AUTHOR_NAME", "Somebody Else"),
        ("LC_ALL", "de_DE.UTF-8"),
        ("LANGUAGE", "de"),
        ("TZ", "Pacific/Auckland"),
    ];
    assert!(build(&variables) == plain, "variables");
    for (setting, value) in [
        ("format.pretty", "nonsense"),
        ("diff.orderFile", "/nonexistent"),
        ("diff.renames", "false"),
        ("log.date", "nonsense"),
        ("log.showSignature", "true"),
        ("trailer.separators", "#"),
        ("trailer.co.key", "X-Other"),
        ("mailmap.blob", "HEAD:longhouse.yaml"),
    ] {
        repository.git("Ana", "2025-01-01", &["config", setting, value]);
    }
    let head =
        std::fs::read_to_string(repository.folder().root().join(".git/refs/heads/main")).expect("a branch");
    repository.write(".git/info/grafts", &head);
    assert!(build(&[]) == plain, "the repository's settings");
}
