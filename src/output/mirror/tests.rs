use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::super::{Sink, Stage};
use super::*;

/// A site that was published into `public`, and the mirror that follows.
struct House {
    top: tempfile::TempDir,
}

impl House {
    fn new() -> House {
        let top = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir_all(top.path().join("content")).expect("a folder");
        House { top }
    }

    fn public(&self) -> PathBuf {
        self.top.path().canonicalize().expect("there").join("public")
    }

    fn publish(&self, files: &[(&str, &str)]) -> Mirror {
        let (content, output) = (self.top.path().join("content"), self.public());
        let grounds = Grounds {
            output: &output,
            root: self.top.path(),
            inputs: &[&content],
            state: None,
            is_tracked: |_| false,
        };
        let stage = Stage::begin(&grounds, &|| ()).expect("a stage");
        for (name, text) in files {
            stage.put(&path(name), (*text).to_owned().into()).expect("it is written");
        }
        stage.publish_and_follow().expect("it is published").1
    }

    fn read(&self) -> BTreeMap<String, String> {
        let public = self.public();
        stage::list(&public)
            .expect("a folder")
            .into_iter()
            .map(|file| {
                let text = fs::read_to_string(public.join(&file)).expect("a text");
                (file.to_string_lossy().into_owned(), text)
            })
            .collect()
    }
}

fn path(path: &str) -> OutputPath {
    OutputPath::new(path).expect("a plain path")
}

fn changes(files: &[(&str, Option<&str>)]) -> Vec<(OutputPath, Option<Content>)> {
    files.iter().map(|(name, text)| (path(name), text.map(|text| text.to_owned().into()))).collect()
}

fn files(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

#[test]
fn what_changed_is_written_and_the_rest_is_not_touched() {
    let house = House::new();
    let mirror = house.publish(&[("index.html", "home"), ("a/index.html", "a"), ("b/c/index.html", "c")]);
    let times = || {
        ["index.html", "a/index.html"].map(|file| {
            let there = fs::metadata(house.public().join(file)).expect("there");
            (there.ino(), there.mtime(), there.mtime_nsec())
        })
    };
    let before = times();
    let applied = mirror
        .apply(&changes(&[
            ("index.html", Some("home")),
            ("a/index.html", Some("b")),
            ("b/c/index.html", None),
            ("new/er/index.html", Some("new")),
            ("never/was.html", None),
        ]))
        .expect("it is ours");
    assert_eq!((applied.written, applied.unchanged, applied.removed, applied.bytes), (2, 1, 1, 4));
    assert!(applied.failed.is_empty(), "{:?}", applied.failed);
    let expected = [("index.html", "home"), ("a/index.html", "b"), ("new/er/index.html", "new")];
    assert_eq!(house.read(), files(&expected));
    assert!(!house.public().join("b").exists(), "empty folders go with their last file");
    let after = times();
    assert_eq!(before[0], after[0]);
    assert_ne!(before[1], after[1]);
}

#[test]
fn a_file_and_a_folder_take_each_others_place() {
    let house = House::new();
    let mirror = house.publish(&[("a", "file"), ("b/index.html", "b"), ("b/more/index.html", "more")]);
    let applied = mirror
        .apply(&changes(&[
            ("a", None),
            ("a/index.html", Some("folder")),
            ("a/one.txt", Some("one")),
            ("b", Some("file now")),
            ("b/index.html", None),
            ("b/more/index.html", None),
        ]))
        .expect("it is ours");
    assert!(applied.failed.is_empty(), "{:?}", applied.failed);
    assert_eq!(house.read(), files(&[("a/index.html", "folder"), ("a/one.txt", "one"), ("b", "file now")]));
}

#[test]
fn names_that_differ_by_case_alone_change_places() {
    let house = House::new();
    let mirror = house.publish(&[("files/Logo.png", "old")]);
    mirror.apply(&changes(&[("files/logo.png", Some("new")), ("files/Logo.png", None)])).expect("it is ours");
    assert_eq!(house.read(), files(&[("files/logo.png", "new")]));
}

#[test]
fn of_a_path_that_is_named_twice_the_last_word_counts() {
    let house = House::new();
    let mirror = house.publish(&[("a.txt", "old")]);
    mirror.apply(&changes(&[("a.txt", None), ("a.txt", Some("new"))])).expect("it is ours");
    assert_eq!(house.read(), files(&[("a.txt", "new")]));
    mirror.apply(&changes(&[("a.txt", Some("newer")), ("a.txt", None)])).expect("it is ours");
    assert_eq!(house.read(), files(&[]));
}

#[test]
fn a_link_in_the_folder_leads_nothing_out_of_it() {
    let house = House::new();
    let mirror = house.publish(&[("a/index.html", "a")]);
    let outside = house.top.path().join("outside");
    fs::create_dir(&outside).expect("a folder");
    fs::write(outside.join("index.html"), "kept").expect("a file");
    fs::remove_dir_all(house.public().join("a")).expect("removed");
    std::os::unix::fs::symlink(&outside, house.public().join("a")).expect("a link");
    std::os::unix::fs::symlink(outside.join("index.html"), house.public().join("b.html")).expect("a link");
    let applied = mirror
        .apply(&changes(&[("a/index.html", Some("mine")), ("b.html", Some("mine"))]))
        .expect("it is ours");
    assert!(applied.failed.is_empty(), "{:?}", applied.failed);
    assert_eq!(fs::read_to_string(outside.join("index.html")).expect("there"), "kept");
    assert_eq!(house.read(), files(&[("a/index.html", "mine"), ("b.html", "mine")]));
}

#[test]
fn one_file_that_fails_does_not_keep_the_others_back() {
    let house = House::new();
    let mirror = house.publish(&[("a.html", "a"), ("logo.png", "old")]);
    let source = house.top.path().join("logo.png");
    fs::write(&source, "changed meanwhile").expect("a file");
    let changes = [
        (path("logo.png"), Some(Content::Source { path: source, len: 3, hash: blake3::hash(b"was") })),
        (path("a.html"), Some("b".to_owned().into())),
    ];
    let applied = mirror.apply(&changes).expect("it is ours");
    assert_eq!(applied.written, 1);
    assert!(matches!(&applied.failed[..], [(failed, _)] if failed.as_str() == "logo.png"));
    assert_eq!(house.read(), files(&[("a.html", "b"), ("logo.png", "old")]));
}

#[test]
fn nobody_builds_into_a_folder_that_is_followed() {
    let house = House::new();
    let mirror = house.publish(&[("a.html", "a")]);
    let said = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        let other = scope.spawn(|| {
            let (content, output) = (house.top.path().join("content"), house.public());
            let grounds = Grounds {
                output: &output,
                root: house.top.path(),
                inputs: &[&content],
                state: None,
                is_tracked: |_| false,
            };
            Stage::begin(&grounds, &|| said.store(true, Ordering::SeqCst)).map(drop)
        });
        let begun = Instant::now();
        while !said.load(Ordering::SeqCst) {
            assert!(begun.elapsed() < Duration::from_secs(300));
            std::thread::sleep(Duration::from_millis(1));
        }
        drop(mirror);
        assert!(other.join().expect("no panic").is_ok());
    });
}

#[test]
fn a_folder_that_went_away_is_made_again_and_somebody_elses_is_refused() {
    let house = House::new();
    let mirror = house.publish(&[("a.html", "a"), ("b.html", "b")]);
    let output: Output = [("a.html", "a"), ("c/index.html", "c")]
        .into_iter()
        .map(|(name, text)| (path(name), Content::from(text.to_owned())))
        .collect();
    // Equal again, whatever stood there.
    fs::write(house.public().join(".longhouse-99999-7"), "left by a killed write").expect("a file");
    let applied = mirror.equal(&output).expect("it is ours");
    assert_eq!((applied.written, applied.unchanged, applied.removed), (1, 1, 2));
    assert_eq!(house.read(), files(&[("a.html", "a"), ("c/index.html", "c")]));
    fs::remove_dir_all(house.public()).expect("removed");
    assert!(mirror.apply(&changes(&[("a.html", Some("b"))])).is_err_and(|error| !error.is_refusal()));
    mirror.equal(&output).expect("made again");
    assert_eq!(house.read(), files(&[("a.html", "a"), ("c/index.html", "c")]));
    fs::remove_file(house.public().join(MARKER)).expect("removed");
    let error = mirror.apply(&changes(&[("a.html", Some("b"))])).expect_err("it is not ours");
    assert!(error.is_refusal(), "{error}");
    assert_eq!(house.read()["a.html"], "a");
}

#[test]
fn after_any_changes_the_folder_is_the_site() {
    // Files where folders were and the other way round, empty folders, many at once.
    const NAMES: [&str; 9] =
        ["a", "a/index.html", "a/b", "a/b/index.html", "a/b/c.txt", "B", "B/x.json", "c.html", "d/e/f/g.png"];
    let clashes = |site: &Output| {
        site.iter().any(|(one, _)| {
            site.iter().any(|(other, _)| other.as_str().starts_with(&format!("{}/", one.as_str())))
        })
    };
    let house = House::new();
    let mirror = house.publish(&[]);
    let mut site = Output::default();
    let mut random = 7_u64;
    let mut pick = |below: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        usize::try_from(random % 1_000_000).expect("small") % below
    };
    let mut applied = 0;
    while applied < 300 {
        let mut next = site.clone();
        for _ in 0..=pick(6) {
            let name = NAMES[pick(NAMES.len())];
            if pick(3) == 0 {
                next.remove(name);
            } else {
                next.insert(path(name), format!("{}", pick(4)).into());
            }
        }
        if clashes(&next) {
            continue;
        }
        let gone = site.iter().filter(|(path, _)| next.get(path.as_str()).is_none());
        let mut changes: Vec<_> = gone.map(|(path, _)| (path.clone(), None)).collect();
        let new = next.iter().filter(|(path, content)| site.get(path.as_str()) != Some(content));
        changes.extend(new.map(|(path, content)| (path.clone(), Some(content.clone()))));
        let done = mirror.apply(&changes).expect("it is ours");
        assert!(done.failed.is_empty(), "{:?}", done.failed);
        // What gave way to a file or folder of its name is not removed once more.
        assert!(done.written + done.removed <= changes.len() && done.unchanged == 0, "{done:?}");
        site = next;
        applied += 1;
        let expected: BTreeMap<String, String> = site
            .iter()
            .map(|(path, content)| match content {
                Content::Bytes(bytes) => (path.to_string(), String::from_utf8_lossy(bytes).into_owned()),
                Content::Source { .. } | Content::Pieces { .. } => unreachable!("no file was referred to"),
            })
            .collect();
        assert_eq!(house.read(), expected);
    }
    let empty = walkdir::WalkDir::new(house.public()).min_depth(1).into_iter().flatten().filter(|entry| {
        entry.file_type().is_dir()
            && fs::read_dir(entry.path()).is_ok_and(|mut inside| inside.next().is_none())
    });
    assert_eq!(empty.count(), 0, "no empty folder stays");
}

#[test]
fn a_process_that_is_killed_leaves_every_file_old_or_new() {
    const FILES: usize = 200;
    let text = |round: usize| format!("{round}:").repeat(20_000);
    if let Ok(root) = std::env::var("LONGHOUSE_TEST_MIRROR") {
        // The process that will be killed.
        let root = PathBuf::from(root);
        let output = root.join("public");
        let grounds =
            Grounds { output: &output, root: &root, inputs: &[], state: None, is_tracked: |_| false };
        let mirror = Mirror::open(&grounds, &|| ()).expect("a mirror");
        for round in 1.. {
            let text = text(round % 9);
            let changes: Vec<_> =
                (0..FILES).map(|n| (path(&format!("{n}/index.html")), Some(text.clone().into()))).collect();
            mirror.apply(&changes).expect("applied");
        }
    }
    let house = House::new();
    let names: Vec<String> = (0..FILES).map(|n| format!("{n}/index.html")).collect();
    let first = text(0);
    drop(house.publish(&names.iter().map(|name| (name.as_str(), first.as_str())).collect::<Vec<_>>()));
    for milliseconds in [3, 17, 40] {
        let mut child = Command::new(std::env::current_exe().expect("this program"))
            .args(["--exact", "output::mirror::tests::a_process_that_is_killed_leaves_every_file_old_or_new"])
            .env("LONGHOUSE_TEST_MIRROR", house.top.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let begun = Instant::now();
        let page = || fs::read_to_string(house.public().join("0/index.html")).expect("there at every moment");
        let before = page();
        while page() == before {
            assert!(begun.elapsed() < Duration::from_secs(300), "it writes nothing");
        }
        // Any moment will do, and three are better than one.
        std::thread::sleep(Duration::from_millis(milliseconds));
        child.kill().expect("killed");
        child.wait().expect("gone");
        let allowed: BTreeSet<String> = (0..9).map(text).collect();
        let read = house.read();
        for name in &names {
            assert!(allowed.contains(&read[name]), "{name} is a mix");
        }
    }
    let (output, root) = (house.public(), house.top.path());
    let grounds = Grounds { output: &output, root, inputs: &[], state: None, is_tracked: |_| false };
    let mirror = Mirror::open(&grounds, &|| ()).expect("a mirror");
    let site: Output = names.iter().map(|name| (path(name), Content::from(first.clone()))).collect();
    mirror.equal(&site).expect("ours");
    assert_eq!(house.read().len(), FILES, "and what was on its way is cleared away");
}
