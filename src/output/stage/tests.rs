use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use super::*;

/// A folder `site` with `content` in it, for an output folder `site/public`.
struct House {
    top: tempfile::TempDir,
}

impl House {
    fn new() -> House {
        let top = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir_all(top.path().join("site/content/questions")).expect("folders");
        House { top }
    }

    fn root(&self) -> PathBuf {
        self.top.path().join("site")
    }

    fn public(&self) -> PathBuf {
        self.root().join("public")
    }

    fn begin_at(&self, output: &Path) -> Result<Stage, PublishError> {
        let content = self.root().join("content");
        let grounds = Grounds { output, root: &self.root(), inputs: &[&content] };
        Stage::begin(&grounds, &|| ())
    }

    fn begin(&self) -> Stage {
        self.begin_at(&self.public()).expect("a stage")
    }

    fn publish(&self, files: &[(&str, &str)]) -> Published {
        let stage = self.begin();
        put(&stage, files);
        stage.publish().expect("it is published")
    }

    /// Everything that lies in the root beside the content.
    fn beside(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.root())
            .expect("the root")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .filter(|name| name != "content")
            .collect();
        names.sort();
        names
    }
}

fn path(path: &str) -> OutputPath {
    OutputPath::new(path).expect("a plain path")
}

fn put(stage: &Stage, files: &[(&str, &str)]) {
    for (name, text) in files {
        stage.put(&path(name), (*text).to_owned().into()).expect("it is written");
    }
}

/// A folder as a map from path to text, the marker left out.
fn read(folder: &Path) -> BTreeMap<String, String> {
    list(folder)
        .expect("a folder")
        .into_iter()
        .map(|file| {
            let text = fs::read_to_string(folder.join(&file)).expect("a text");
            (file.to_string_lossy().into_owned(), text)
        })
        .collect()
}

fn files(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

#[test]
fn a_site_replaces_the_one_before_and_leaves_nothing_beside() {
    let house = House::new();
    let first = [("index.html", "one"), ("questions/a/index.html", "a"), ("old/page/index.html", "gone")];
    let published = house.publish(&first);
    assert_eq!((published.files, published.bytes, published.note), (3, 8, None));
    assert_eq!(read(&house.public()), files(&first));
    let second = [("index.html", "two"), ("questions/b/index.html", "b")];
    house.publish(&second);
    assert_eq!(read(&house.public()), files(&second));
    assert_eq!(house.beside(), ["public"]);
}

#[test]
fn the_same_site_is_the_same_bytes_marker_included() {
    let marker = || {
        let house = House::new();
        house.publish(&[("index.html", "one")]);
        fs::read(house.public().join(MARKER)).expect("a marker")
    };
    assert_eq!(marker(), marker());
}

#[test]
fn a_stage_that_is_dropped_leaves_the_old_site_and_nothing_else() {
    let house = House::new();
    house.publish(&[("index.html", "one")]);
    let stage = house.begin();
    put(&stage, &[("index.html", "two")]);
    drop(stage);
    assert_eq!(read(&house.public()), files(&[("index.html", "one")]));
    assert_eq!(house.beside(), ["public"]);
}

#[test]
fn an_empty_folder_is_taken_and_a_foreign_one_refused_untouched() {
    let house = House::new();
    fs::create_dir(house.public()).expect("a folder");
    house.publish(&[("index.html", "one")]);
    let thesis = house.root().join("thesis");
    fs::create_dir(&thesis).expect("a folder");
    fs::write(thesis.join("chapter.txt"), "years").expect("a file");
    let error = house.begin_at(&thesis).expect_err("it is refused");
    assert!(error.is_refusal());
    assert!(error.to_string().contains("chapter.txt"), "{error}");
    assert_eq!(read(&thesis), files(&[("chapter.txt", "years")]));
    assert_eq!(house.beside(), ["public", "thesis"]);
}

#[test]
fn a_folder_that_becomes_foreign_during_the_build_is_refused_at_the_end() {
    let house = House::new();
    let stage = house.begin();
    put(&stage, &[("index.html", "one")]);
    fs::create_dir(house.public()).expect("a folder");
    fs::write(house.public().join("letter.txt"), "dear").expect("a file");
    assert!(stage.publish().expect_err("it is refused").is_refusal());
    assert_eq!(read(&house.public()), files(&[("letter.txt", "dear")]));
    assert_eq!(house.beside(), ["public"]);
}

#[test]
fn a_repository_in_the_output_folder_is_not_thrown_away() {
    let house = House::new();
    house.publish(&[("index.html", "one")]);
    fs::create_dir(house.public().join(".git")).expect("a folder");
    let error = house.begin_at(&house.public()).expect_err("it is refused");
    assert!(error.is_refusal() && error.to_string().contains(".git"), "{error}");
}

#[test]
fn sources_are_never_written_over() {
    let house = House::new();
    let root = house.root();
    let content = root.join("content");
    for output in [
        root.clone(),
        root.join("."),
        root.join("content/.."),
        house.top.path().to_owned(),
        content.clone(),
        content.join("public"),
        content.join("new/public"),
        PathBuf::from("/"),
    ] {
        let error = house.begin_at(&output).expect_err("it is refused");
        assert!(error.is_refusal(), "{} gave {error}", output.display());
    }
    assert_eq!(house.beside(), Vec::<String>::new());
    assert!(!content.join("new").exists());
    // Where the root itself is read, as in any folder of markdown, the output may still lie in it.
    let grounds = Grounds { output: &house.public(), root: &root, inputs: &[&root] };
    assert!(Stage::begin(&grounds, &|| ()).is_ok());
}

#[cfg(unix)]
#[test]
fn a_link_is_not_followed_out_of_the_site() {
    let house = House::new();
    let elsewhere = house.top.path().join("elsewhere");
    fs::create_dir(&elsewhere).expect("a folder");
    std::os::unix::fs::symlink(&elsewhere, house.public()).expect("a link");
    let error = house.begin_at(&house.public()).expect_err("it is refused");
    assert!(error.is_refusal() && error.to_string().contains("symbolic link"), "{error}");
    // A link further up is how temporary folders and home folders are often reached.
    std::os::unix::fs::symlink(house.root(), house.top.path().join("link")).expect("a link");
    assert!(house.begin_at(&house.top.path().join("link/out")).is_ok());
}

#[test]
fn a_parent_that_cannot_be_written_is_trouble_with_the_world() {
    let house = House::new();
    let file = house.top.path().join("file");
    fs::write(&file, "").expect("a file");
    let error = house.begin_at(&file.join("public")).expect_err("no folder there");
    assert!(!error.is_refusal(), "{error}");
    assert!(error.to_string().contains("file"), "{error}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let closed = house.top.path().join("closed");
        fs::create_dir(&closed).expect("a folder");
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o555)).expect("closing it");
        // The superuser may write anywhere; then there is nothing to see here.
        if fs::write(closed.join("probe"), "").is_err() {
            let error = house.begin_at(&closed.join("public")).expect_err("it is closed");
            assert!(!error.is_refusal(), "{error}");
        }
    }
}

#[test]
fn one_path_is_written_once() {
    let house = House::new();
    let stage = house.begin();
    put(&stage, &[("a/index.html", "one")]);
    let error = stage.put(&path("a/index.html"), "two".to_owned().into()).expect_err("it is taken");
    assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
}

#[test]
fn a_source_file_is_copied_and_one_that_changed_meanwhile_is_not() {
    let house = House::new();
    let picture = house.root().join("content/a.png");
    let bytes = vec![7; 200_000];
    fs::write(&picture, &bytes).expect("a file");
    let source = Content::Source { path: picture.clone(), len: 200_000, hash: blake3::hash(&bytes) };
    let stage = house.begin();
    stage.put(&path("img/a.png"), source.clone()).expect("it is copied");
    fs::write(&picture, vec![8; 200_000]).expect("a file");
    let error = stage.put(&path("img/b.png"), source.clone()).expect_err("it has changed");
    assert!(error.to_string().contains("build again"), "{error}");
    #[cfg(unix)]
    {
        fs::remove_file(&picture).expect("removing it");
        std::os::unix::fs::symlink("/etc/hostname", &picture).expect("a link");
        assert!(stage.put(&path("img/c.png"), source).is_err());
    }
    drop(stage);
    assert_eq!(house.beside(), Vec::<String>::new());
}

#[test]
fn where_folders_cannot_be_exchanged_files_are_replaced_one_by_one() {
    let house = House::new();
    house.publish(&[("index.html", "1"), ("a/index.html", "a"), ("was-file", "f"), ("was/folder", "f")]);
    let new = [("index.html", "2"), ("b/c/index.html", "b"), ("was-file/x", "x"), ("was", "file now")];
    let stage = house.begin();
    put(&stage, &new);
    replace_files(&stage.folder, &house.public()).expect("they are replaced");
    drop(stage);
    assert_eq!(read(&house.public()), files(&new));
    assert!(!house.public().join("a").exists());
    assert_eq!(house.beside(), ["public"]);
}

#[test]
fn a_build_that_died_between_two_renames_is_undone_by_the_next() {
    let house = House::new();
    house.publish(&[("index.html", "one")]);
    fs::rename(house.public(), house.root().join(".public.longhouse-old-1")).expect("a rename");
    drop(house.begin());
    assert_eq!(read(&house.public()), files(&[("index.html", "one")]));
    assert_eq!(house.beside(), ["public"]);
}

#[test]
fn only_what_a_dead_build_left_is_cleared_away() {
    let house = House::new();
    let root = house.root();
    for (folder, is_ours) in [
        (".public.longhouse-stage-17", true),
        (".public.longhouse-old-18", true),
        (".public.longhouse-stage-notes", true),
        (".other.longhouse-stage-17", true),
        (".public.longhouse-stage-19", false),
    ] {
        fs::create_dir(root.join(folder)).expect("a folder");
        fs::write(root.join(folder).join("page"), "").expect("a file");
        if is_ours {
            fs::write(root.join(folder).join(MARKER), MARK).expect("a file");
        }
    }
    fs::create_dir(root.join(".public.longhouse-stage-20")).expect("a folder");
    for (folder, start) in [(".public.longhouse-stage-21", ""), (".public.longhouse-stage-22", "Written by")]
    {
        fs::create_dir(root.join(folder)).expect("a folder");
        fs::write(root.join(folder).join(MARKER), start).expect("a file");
    }
    house.publish(&[("index.html", "one")]);
    assert_eq!(
        house.beside(),
        [
            ".other.longhouse-stage-17",
            ".public.longhouse-stage-19",
            ".public.longhouse-stage-notes",
            "public"
        ]
    );
}

#[test]
fn builds_at_once_follow_each_other_and_each_site_is_whole() {
    let house = Arc::new(House::new());
    std::thread::scope(|scope| {
        for builder in 0..4 {
            let house = Arc::clone(&house);
            scope.spawn(move || {
                for _ in 0..5 {
                    let text = builder.to_string();
                    let names: Vec<String> = (0..20).map(|n| format!("{n}/index.html")).collect();
                    let all: Vec<(&str, &str)> =
                        names.iter().map(|name| (name.as_str(), text.as_str())).collect();
                    house.publish(&all);
                }
            });
        }
    });
    let texts: std::collections::BTreeSet<String> = read(&house.public()).into_values().collect();
    assert_eq!(texts.len(), 1);
    assert_eq!(house.beside(), ["public"]);
}

/// Not a test of its own: the process that the next test kills. It publishes one site after the
/// other, each with one text in all its files.
#[test]
#[ignore = "is run, and killed, by another test"]
fn child_that_publishes_until_it_is_killed() {
    let Some(root) = std::env::var_os("LONGHOUSE_TEST_ROOT").map(PathBuf::from) else { return };
    let grounds = Grounds { output: &root.join("public"), root: &root, inputs: &[] };
    for round in 0.. {
        let stage = Stage::begin(&grounds, &|| ()).expect("a stage");
        for n in 0..50 {
            stage.put(&path(&format!("{n}/index.html")), round.to_string().into()).expect("it is written");
        }
        stage.publish().expect("it is published");
    }
}

#[test]
fn a_build_killed_at_any_moment_leaves_a_whole_site_and_the_next_needs_no_cleaning() {
    let house = House::new();
    let whole = |text: &str| -> BTreeMap<String, String> {
        (0..50).map(|n| (format!("{n}/index.html"), text.to_owned())).collect()
    };
    let first: Vec<(String, String)> = whole("first").into_iter().collect();
    let first: Vec<(&str, &str)> = first.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    house.publish(&first);
    let mut texts = std::collections::BTreeSet::new();
    // On a busy machine the child needs longer to come to publish anything.
    for round in 0_u64.. {
        if round >= 25 && texts.len() > 1 {
            break;
        }
        assert!(round < 300, "the child never came to publish anything");
        let mut child = Command::new(std::env::current_exe().expect("this test"))
            .args(["--exact", "--ignored", "output::stage::tests::child_that_publishes_until_it_is_killed"])
            .env("LONGHOUSE_TEST_ROOT", house.root())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a child");
        std::thread::sleep(Duration::from_micros(2_000 + round % 25 * 1_370 * (1 + round / 25)));
        child.kill().expect("killing it");
        child.wait().expect("its end");
        let site = read(&house.public());
        let text = site.values().next().expect("a site").clone();
        assert_eq!(site, whole(&text));
        texts.insert(text);
    }
    house.publish(&[("index.html", "last")]);
    assert_eq!(read(&house.public()), files(&[("index.html", "last")]));
    assert_eq!(house.beside(), ["public"]);
}
