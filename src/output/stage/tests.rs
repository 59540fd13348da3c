//! Long because it is a list of cases.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::output::inside::recover;
use crate::state::State;

/// A folder `site` with `content` in it, for an output folder `site/public`, and a state folder beside it.
struct House {
    top: tempfile::TempDir,
    state: State,
}

impl House {
    fn new() -> House {
        let top = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir_all(top.path().join("site/content/questions")).expect("folders");
        let state = State::at(&top.path().join("state"), &top.path().join("site")).expect("a state folder");
        House { top, state }
    }

    fn root(&self) -> PathBuf {
        self.top.path().join("site")
    }

    fn public(&self) -> PathBuf {
        self.root().join("public")
    }

    fn begin_at(&self, output: &Path) -> Result<Stage, PublishError> {
        let content = self.root().join("content");
        let grounds = Grounds {
            output,
            root: &self.root(),
            inputs: &[&content],
            state: Some(&self.state),
            is_tracked: |_| false,
        };
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
fn a_file_that_did_not_change_keeps_its_time_and_one_that_did_gets_a_new_one() {
    let long = "x".repeat(100_000);
    let other = format!("{}y", "x".repeat(99_999));
    for is_mount in [false, true] {
        let house = House::new();
        house.publish(&[("same.html", &long), ("new/index.html", &long), ("a.css", "1"), ("link.html", "l")]);
        let long_ago = std::time::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        for name in ["same.html", "new/index.html", "a.css", "link.html"] {
            let file = File::options().write(true).open(house.public().join(name)).expect("a file");
            file.set_modified(long_ago).expect("a time");
        }
        #[cfg(unix)]
        {
            fs::remove_file(house.public().join("link.html")).expect("it goes");
            std::os::unix::fs::symlink("same.html", house.public().join("link.html")).expect("a link");
        }
        let source = house.root().join("content/a.css");
        fs::write(&source, "1").expect("a file");
        let stage = house.begin();
        put(&stage, &[("same.html", &long), ("new/index.html", &other), ("link.html", &long)]);
        let content = Content::Source { path: source, len: 1, hash: blake3::hash(b"1") };
        stage.put(&path("a.css"), content).expect("it is copied");
        if is_mount {
            exchange_inside(&stage.place, &stage.ledger, &stage.folder, &|_| Ok(()))
                .expect("it is exchanged");
        } else {
            stage.publish().expect("it is published");
        }
        let is_kept = |name: &str| {
            let facts = fs::symlink_metadata(house.public().join(name)).expect("a file");
            facts.modified().expect("a time") == long_ago
        };
        let names = ["same.html", "a.css", "new/index.html", "link.html"];
        assert_eq!(names.map(is_kept), [true, true, false, false], "{is_mount}");
    }
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
    let grounds = Grounds {
        output: &house.public(),
        root: &root,
        inputs: &[&root],
        state: None,
        is_tracked: |_| false,
    };
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

/// Two sites with all that can differ: files that come, go, stay, become folders, or were folders.
const OLD: [(&str, &str); 5] =
    [("index.html", "1"), ("a/index.html", "a"), ("was-file", "f"), ("was/folder", "f"), ("same.css", "s")];
const NEW: [(&str, &str); 5] = [
    ("index.html", "2"),
    ("b/c/index.html", "b"),
    ("was-file/x", "x"),
    ("was", "file now"),
    ("same.css", "s"),
];

#[test]
fn where_the_output_folder_cannot_be_renamed_what_is_in_it_is_exchanged() {
    let house = House::new();
    house.publish(&OLD);
    let stage = house.begin();
    put(&stage, &NEW);
    exchange_inside(&stage.place, &stage.ledger, &stage.folder, &|_| Ok(())).expect("it is exchanged");
    drop(stage);
    assert_eq!(read(&house.public()), files(&NEW));
    assert!(!house.public().join("a").exists());
    assert_eq!(house.beside(), ["public"]);
}

#[test]
fn an_exchange_that_fails_at_any_step_leaves_the_old_site() {
    for grain in [Grain::Top, Grain::Files] {
        for failing in 0..20 {
            let house = House::new();
            house.publish(&OLD);
            let stage = house.begin();
            put(&stage, &NEW);
            let full = |step: usize| match step == failing {
                true => Err(io::Error::from(io::ErrorKind::StorageFull)),
                false => Ok(()),
            };
            let output = stage.place.output();
            let held = Held::copy(&stage.folder, &output, stage.place.nonce()).expect("a copy");
            let journal = held.plan(grain).expect("a plan");
            let done = held.exchange(&journal, &full);
            held.clear().expect("it is cleared");
            let is_done = done.is_ok();
            assert_eq!(
                read(&house.public()),
                files(if is_done { &NEW } else { &OLD }),
                "{grain:?} {failing}"
            );
            assert!(!matches!(done, Err(Failed::Mixed(_))));
            if is_done {
                assert!(failing > 4);
                break;
            }
        }
    }
}

#[test]
fn an_exchange_that_was_killed_at_any_step_is_taken_back_by_the_next_build() {
    for (grain, steps) in [(Grain::Top, 6), (Grain::Files, 8)] {
        for killed in 0..steps {
            let house = House::new();
            house.publish(&OLD);
            let stage = house.begin();
            put(&stage, &NEW);
            let output = stage.place.output();
            let held = Held::copy(&stage.folder, &output, stage.place.nonce()).expect("a copy");
            let journal = held.plan(grain).expect("a plan");
            let traces = Traces { journal: Some(journal.clone()), ..stage.place.traces() };
            stage.ledger.write(&traces).expect("it is written down");
            let kill = |step: usize| if step == killed { Err(io::ErrorKind::Other.into()) } else { Ok(()) };
            // As a process that is killed leaves it: nothing is put back.
            held.advance(&journal, &kill).expect_err("it is killed");
            recover(&output, &journal).expect("it is put back");
            recover(&output, &journal).expect("twice does no harm");
            assert_eq!(read(&house.public()), files(&OLD), "{grain:?} {killed}");
        }
    }
    let house = House::new();
    house.publish(&OLD);
    let stage = house.begin();
    put(&stage, &NEW);
    let output = stage.place.output();
    let held = Held::copy(&stage.folder, &output, stage.place.nonce()).expect("a copy");
    let journal = held.plan(Grain::Top).expect("a plan");
    stage.ledger.write(&Traces { journal: Some(journal.clone()), ..stage.place.traces() }).expect("written");
    let kill = |step: usize| if step == 3 { Err(io::ErrorKind::Other.into()) } else { Ok(()) };
    held.advance(&journal, &kill).expect_err("it is killed");
    let ledger = stage.ledger.clone();
    drop(stage);
    assert!(ledger.read().journal.is_some());
    drop(house.begin());
    assert_eq!(read(&house.public()), files(&OLD));
    assert_eq!(house.beside(), ["public"]);
}

#[test]
fn a_build_that_died_between_two_renames_is_undone_by_the_next() {
    let house = House::new();
    house.publish(&[("index.html", "one")]);
    let stage = house.begin();
    fs::rename(house.public(), stage.place.aside()).expect("a rename");
    let traces = stage.place.traces();
    let ledger = stage.ledger.clone();
    drop(stage);
    ledger.write(&traces).expect("as the dead one left it");
    drop(house.begin());
    assert_eq!(read(&house.public()), files(&[("index.html", "one")]));
    assert_eq!(house.beside(), ["public"]);
}

#[test]
fn what_a_dead_build_left_is_cleared_away() {
    let house = House::new();
    let stage = house.begin();
    put(&stage, &[("index.html", "half")]);
    let (traces, ledger, folder) = (stage.place.traces(), stage.ledger.clone(), stage.folder.clone());
    drop(stage);
    fs::create_dir_all(folder.join("a")).expect("a folder");
    ledger.write(&traces).expect("as the dead one left it");
    house.publish(&[("index.html", "one")]);
    assert_eq!(house.beside(), ["public"]);
}

#[test]
fn what_a_branch_brought_is_never_taken_for_a_site() {
    let house = House::new();
    let root = house.root();
    let brought = [".public.longhouse-old-18", ".public.longhouse-stage-17"];
    for folder in brought {
        fs::create_dir(root.join(folder)).expect("a folder");
        fs::write(root.join(folder).join("index.html"), "theirs").expect("a file");
        fs::write(root.join(folder).join(MARKER), MARK).expect("a file");
    }
    drop(house.begin());
    assert_eq!(house.beside(), brought);
    let published = house.publish(&[("index.html", "one")]);
    assert_eq!(published.note, Some(Note::Stranger(published.output.with_file_name(brought[0]))));
    assert_eq!(read(&house.public()), files(&[("index.html", "one")]));
    assert_eq!(house.beside(), [brought[0], brought[1], "public"]);
}

#[test]
fn without_a_state_folder_a_site_is_published_all_the_same() {
    let house = House::new();
    let grounds = Grounds {
        output: &house.public(),
        root: &house.root(),
        inputs: &[],
        state: None,
        is_tracked: |_| false,
    };
    let stage = Stage::begin(&grounds, &|| ()).expect("a stage");
    put(&stage, &NEW);
    assert_eq!(house.beside().len(), 2);
    stage.publish().expect("it is published");
    assert_eq!(read(&house.public()), files(&NEW));
    assert_eq!(house.beside(), ["public"]);
}

#[cfg(unix)]
#[test]
fn a_lock_that_a_branch_brought_leads_nowhere() {
    let house = House::new();
    let outside = house.top.path().join("outside");
    let lock = house.root().join(".public.longhouse.lock");
    let begin = |state, is_tracked| {
        let grounds =
            Grounds { output: &house.public(), root: &house.root(), inputs: &[], state, is_tracked };
        Stage::begin(&grounds, &|| ()).map(drop)
    };
    std::os::unix::fs::symlink(&outside, &lock).expect("a link");
    begin(Some(&house.state), |_| false).expect("nobody looks at it");
    let error = begin(None, |_| false).expect_err("it is refused");
    assert!(error.to_string().contains("regular file"), "{error}");
    assert!(!outside.exists());
    fs::remove_file(&lock).expect("it goes");
    fs::write(&lock, "").expect("a file");
    assert!(begin(None, |_| true).expect_err("it is refused").to_string().contains("git tracks it"));
    begin(None, |_| false).expect("an empty file is a lock");
    fs::write(&lock, "text").expect("a file");
    begin(None, |_| false).expect_err("a text is none");
    assert!(lock.exists());
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
    let state = State::at(&root.with_file_name("state"), &root).expect("a state folder");
    let grounds = Grounds {
        output: &root.join("public"),
        root: &root,
        inputs: &[],
        state: Some(&state),
        is_tracked: |_| false,
    };
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
    // On a busy machine the child needs longer to come to publish anything, so it gets twice as long from time to time.
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
        std::thread::sleep(Duration::from_micros((2_000 + round % 25 * 1_370) << (round / 25)));
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
