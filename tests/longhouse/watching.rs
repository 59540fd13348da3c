//! What is told while somebody writes: every change, at once, once, and nothing else.

#[path = "watching/endurance.rs"]
mod endurance;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use longhouse::watch::{Handle, Note, Options, Wake, watch};
use tempfile::TempDir;

/// Only a test that hangs is ended by this.
const LIMIT: Duration = Duration::from_secs(300);

/// A site that is being watched.
struct Desk {
    folder: TempDir,
    handle: Handle,
    wakes: Receiver<Wake>,
    note: Option<Note>,
    marks: usize,
}

/// What was told, put together. How often depends on the machine; how often at most is tested with time that is driven
/// by hand (`src/watch/debounce.rs`).
#[derive(Debug, Default)]
struct Told {
    paths: BTreeSet<PathBuf>,
    git: bool,
    everything: usize,
    notes: Vec<Note>,
}

fn options(root: &Path) -> Options {
    Options { content: "content".to_owned(), output: Some(root.join("public")), poll: None }
}

/// Watches on a thread that passes on what it is told.
fn watching(root: &Path, options: Options) -> (Handle, Receiver<Wake>, Option<Note>) {
    let (mut watch, note) = watch(root, options).expect("it is watched");
    let handle = watch.handle();
    let (sender, wakes) = mpsc::channel();
    std::thread::spawn(move || {
        while let Some(wake) = watch.next() {
            if sender.send(wake).is_err() {
                return;
            }
        }
    });
    (handle, wakes, note)
}

/// A site with some folders and two pages, in no repository.
fn site() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for made in ["content/questions", "content/stories", "static", "themes/default/templates"] {
        fs::create_dir_all(folder.path().join(made)).expect("a folder");
    }
    for (path, text) in [("content/questions/a.md", "# A?\n"), ("content/questions/b.md", "# B?\n")] {
        fs::write(folder.path().join(path), text).expect("a file");
    }
    folder
}

fn desk() -> Desk {
    watched(site(), |_| {})
}

fn watched(folder: TempDir, change: impl FnOnce(&mut Options)) -> Desk {
    let mut options = options(folder.path());
    change(&mut options);
    let (handle, wakes, note) = watching(folder.path(), options);
    Desk { folder, handle, wakes, note, marks: 0 }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.handle.stop();
    }
}

impl Desk {
    fn root(&self) -> PathBuf {
        self.folder.path().canonicalize().expect("it is there")
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        fs::write(self.path(path), text).unwrap_or_else(|error| panic!("{path}: {error}"));
    }

    /// Puts together what is told until that is enough.
    #[track_caller]
    fn until(&mut self, is_enough: impl Fn(&Told) -> bool) -> Told {
        let mut told = Told::default();
        while !is_enough(&told) {
            match self.wakes.recv_timeout(LIMIT) {
                Ok(wake) => told.take(wake),
                Err(error) => panic!("{error}; told only {told:?}"),
            }
        }
        told
    }

    /// Everything that is told until a new file is, which is taken out again.
    #[track_caller]
    fn all(&mut self) -> Told {
        self.marks += 1;
        let mark = self.path(&format!("content/stories/mark-{}.md", self.marks));
        fs::write(&mark, "# Mark\n").expect("a file");
        let mut told = self.until(|told| told.covers(&mark));
        told.paths.retain(|path| !is_mark(path));
        told
    }
}

impl Told {
    fn take(&mut self, wake: Wake) {
        match wake {
            Wake::Paths { paths, git } => {
                assert!(paths.is_sorted());
                self.paths.extend(paths);
                self.git |= git;
            }
            Wake::Everything { why } => {
                self.everything += 1;
                self.notes.extend(why);
            }
        }
    }

    /// Whether a path was told, by itself or with a folder that it lies in.
    fn covers(&self, path: &Path) -> bool {
        self.everything > 0 || path.ancestors().any(|above| self.paths.contains(above))
    }

    /// Whether nothing was told.
    fn is_nothing(&self) -> bool {
        self.paths.is_empty() && !self.git && self.everything == 0
    }
}

/// Whether this is a file that a test wrote to see what is told before it.
fn is_mark(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("mark-"))
}

fn git(folder: &Path, arguments: &[&str]) {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["-c", "user.name=Ana", "-c", "user.email=ana@example.org", "-c", "commit.gpgsign=false"])
        .args(["-c", "init.defaultBranch=main", "-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0"])
        .args(arguments)
        .output()
        .expect("git runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_save_is_told_and_nothing_else() {
    let mut desk = desk();
    assert_eq!(desk.note, None);
    let path = desk.path("content/questions/a.md");
    for round in 0..9 {
        desk.write("content/questions/a.md", &format!("# A {round}?\n"));
        let told = desk.until(|told| told.covers(&path));
        assert_eq!((told.paths.len(), told.git, told.everything), (1, false, 0), "{told:?}");
    }
    assert!(desk.all().paths.iter().all(|told| *told == path));
}

#[test]
fn a_file_that_is_replaced_as_editors_do_is_told_by_its_own_name() {
    let mut desk = desk();
    let path = desk.path("content/questions/a.md");
    // Written beside, renamed into place.
    for beside in ["content/questions/.a.md.swp", "content/questions/a.md.tmp", "content/questions/sedAb12Cd"]
    {
        desk.write(beside, "# New?\n");
        fs::rename(desk.path(beside), &path).expect("renamed");
        assert_eq!(desk.all().paths, BTreeSet::from([path.clone()]), "{beside}");
    }
    // The old one moved away, a new one written.
    fs::rename(&path, desk.path("content/questions/a.md~")).expect("renamed");
    desk.write("content/questions/a.md", "# Newer?\n");
    fs::remove_file(desk.path("content/questions/a.md~")).expect("removed");
    assert_eq!(desk.all().paths, BTreeSet::from([path]));
}

#[test]
fn reading_and_noise_do_not_wake() {
    let mut desk = desk();
    fs::create_dir_all(desk.path("public/questions/a")).expect("a folder");
    fs::create_dir_all(desk.path("node_modules/x")).expect("a folder");
    desk.all();
    for path in ["content/questions/a.md", "content/questions/b.md"] {
        fs::read(desk.path(path)).expect("read");
    }
    for path in [
        "public/index.html",
        "public/questions/a/index.html",
        "node_modules/x/readme.md",
        "content/questions/.a.md.swp",
        "content/questions/4913",
        "content/.DS_Store",
        "content/questions/a.md~",
        "notes.txt",
    ] {
        desk.write(path, "noise");
    }
    let told = desk.all();
    assert!(told.is_nothing(), "{told:?}");
}

#[test]
fn all_that_a_build_reads_wakes() {
    let mut desk = desk();
    for path in [
        "longhouse.yaml",
        "GUIDELINES.md",
        "search-tests.yaml",
        "static/logo.png",
        "static/.well-known/security.txt",
        "themes/default/templates/home.html",
        "data/moderation.yaml",
        "content/questions/new.md",
        "content/questions/topic/deep/deeper/page.md",
    ] {
        let path = desk.path(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(&path, "title: A\n").expect("written");
        desk.until(|told| told.covers(&path));
        // Once more, now that its folder is there.
        fs::write(&path, "title: B\n").expect("written");
        desk.until(|told| told.covers(&path));
    }
}

#[test]
fn of_five_thousand_files_none_is_lost() {
    let mut desk = desk();
    let paths: Vec<PathBuf> =
        (0..5000).map(|n| desk.path(&format!("content/stories/{}/{n}.md", n % 50))).collect();
    for path in &paths {
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, "# Story\n").expect("written");
    }
    desk.until(|told| paths.iter().all(|path| told.covers(path)));
}

#[test]
fn folders_are_followed_wherever_they_come_from() {
    let mut desk = desk();
    // Nested ones with files in them, at once.
    for n in 0..20 {
        let folder = desk.path(&format!("content/questions/t{n}/a/b"));
        fs::create_dir_all(&folder).expect("folders");
        fs::write(folder.join("page.md"), "# Page\n").expect("a file");
    }
    let root = desk.root();
    desk.until(|told| {
        (0..20).all(|n| told.covers(&root.join(format!("content/questions/t{n}/a/b/page.md"))))
    });
    // Renamed within, then changed under the new name.
    fs::rename(desk.path("content/questions/t1"), desk.path("content/stories/t1")).expect("renamed");
    let (old, new) = (desk.path("content/questions/t1"), desk.path("content/stories/t1"));
    desk.until(|told| told.covers(&old) && told.covers(&new));
    desk.write("content/stories/t1/a/b/page.md", "# Changed\n");
    let page = desk.path("content/stories/t1/a/b/page.md");
    desk.until(|told| told.covers(&page));
    // Deleted and made again.
    for round in 0..5 {
        fs::remove_dir_all(desk.path("content/questions/t2")).expect("removed");
        fs::create_dir_all(desk.path("content/questions/t2/a/b")).expect("made");
        desk.write("content/questions/t2/a/b/page.md", &format!("# Again {round}\n"));
        let page = desk.path("content/questions/t2/a/b/page.md");
        desk.until(|told| told.covers(&page));
    }
    desk.all();
    desk.write("content/questions/t2/a/b/page.md", "# And changed\n");
    let page = desk.path("content/questions/t2/a/b/page.md");
    desk.until(|told| told.covers(&page));
    // Moved in from elsewhere.
    let elsewhere = tempfile::tempdir_in(desk.root().parent().expect("a folder")).expect("a folder");
    fs::create_dir_all(elsewhere.path().join("moved/in")).expect("folders");
    fs::rename(elsewhere.path().join("moved"), desk.path("content/moved")).expect("renamed");
    let moved = desk.path("content/moved");
    desk.until(|told| told.covers(&moved));
    desk.write("content/moved/in/page.md", "# Moved\n");
    let page = desk.path("content/moved/in/page.md");
    desk.until(|told| told.covers(&page));
}

#[test]
fn names_that_differ_by_case_alone_make_their_folder_be_looked_at() {
    let mut desk = desk();
    fs::rename(desk.path("content/questions/a.md"), desk.path("content/questions/A.md")).expect("renamed");
    let told = desk.all();
    // A machine that has no time between the two names tells them one by one.
    let [folder, old, new] =
        ["content/questions", "content/questions/a.md", "content/questions/A.md"].map(|path| desk.path(path));
    assert!(told.covers(&folder) || (told.covers(&old) && told.covers(&new)), "{told:?}");
}

#[test]
fn a_commit_is_told_and_git_status_is_not() {
    let folder = site();
    git(folder.path(), &["init", "-q"]);
    git(folder.path(), &["add", "."]);
    let mut desk = watched(folder, |_| {});
    git(&desk.root(), &["commit", "-qm", "First"]);
    let told = desk.until(|told| told.git);
    assert_eq!((told.paths.len(), told.everything), (0, 0), "{told:?}");
    desk.all();
    git(&desk.root(), &["add", "."]);
    git(&desk.root(), &["status"]);
    git(&desk.root(), &["fetch", "-q", "."]);
    let told = desk.all();
    assert!(!told.git, "{told:?}");
    git(&desk.root(), &["checkout", "-qb", "topic/one"]);
    desk.until(|told| told.git);
    git(&desk.root(), &["commit", "-qam", "Second", "--allow-empty"]);
    desk.until(|told| told.git);
    desk.all();
    git(&desk.root(), &["commit", "-q", "--amend", "-m", "Third", "--allow-empty"]);
    desk.until(|told| told.git);
    desk.write(".mailmap", "Ana <ana@example.org>\n");
    desk.until(|told| told.git);
}

#[test]
fn of_a_branch_switch_no_file_is_lost() {
    let folder = site();
    let root = folder.path().to_owned();
    let write = |text: &str| {
        for n in 0..1000 {
            let folder = root.join(format!("content/stories/{}", n % 50));
            fs::create_dir_all(&folder).expect("a folder");
            fs::write(folder.join(format!("{n}.md")), format!("# {text} {n}\n")).expect("a file");
        }
    };
    git(&root, &["init", "-q"]);
    write("One");
    git(&root, &["add", "."]);
    git(&root, &["commit", "-qm", "One"]);
    git(&root, &["checkout", "-qb", "two"]);
    write("Two");
    git(&root, &["commit", "-qam", "Two"]);
    let mut desk = watched(folder, |_| {});
    git(&root, &["checkout", "-q", "main"]);
    let paths: Vec<PathBuf> =
        (0..1000).map(|n| desk.path(&format!("content/stories/{}/{n}.md", n % 50))).collect();
    desk.until(|told| told.git && paths.iter().all(|path| told.covers(path)));
}

#[test]
fn a_lock_of_gits_that_was_left_keeps_nothing_back() {
    let folder = site();
    git(folder.path(), &["init", "-q"]);
    let mut desk = watched(folder, |_| {});
    let lock = desk.path(".git/index.lock");
    let path = desk.path("content/questions/a.md");
    // Held, then let go.
    fs::write(&lock, "").expect("a lock");
    desk.write("content/questions/a.md", "# Other?\n");
    fs::remove_file(&lock).expect("let go");
    desk.until(|told| told.covers(&path));
    // Left by a git that died.
    let left = fs::File::create(&lock).expect("a lock");
    left.set_modified(std::time::SystemTime::UNIX_EPOCH).expect("it is ours");
    desk.write("content/questions/a.md", "# Once more?\n");
    desk.until(|told| told.covers(&path));
}

#[test]
fn a_commit_in_a_worktree_is_told_there() {
    let main = site();
    git(main.path(), &["init", "-q"]);
    git(main.path(), &["add", "."]);
    git(main.path(), &["commit", "-qm", "First"]);
    let side = tempfile::tempdir().expect("a folder");
    let tree = side.path().join("tree");
    git(main.path(), &["worktree", "add", "-q", "-b", "side", tree.to_str().expect("text")]);
    let mut desk = watched(side, |_| {});
    desk.handle.stop();
    (desk.handle, desk.wakes, _) = watching(&tree, options(&tree));
    fs::write(tree.join("content/questions/a.md"), "# Changed\n").expect("written");
    let path = tree.canonicalize().expect("there").join("content/questions/a.md");
    desk.until(|told| told.covers(&path));
    git(&tree, &["commit", "-qam", "Second"]);
    desk.until(|told| told.git);
}

#[test]
fn a_root_that_goes_and_comes_back_is_followed() {
    let above = tempfile::tempdir().expect("a folder");
    let root = above.path().canonicalize().expect("there").join("site");
    let make = |text: &str| {
        fs::create_dir_all(root.join("content/questions")).expect("a folder");
        fs::write(root.join("content/questions/a.md"), text).expect("a file");
    };
    make("# A\n");
    let (_handle, wakes, _) = watching(&root, options(&root));
    let next = |is_it: &dyn Fn(&Wake) -> bool| while !is_it(&wakes.recv_timeout(LIMIT).expect("a wake")) {};
    fs::rename(&root, above.path().join("away")).expect("renamed");
    next(&|wake| matches!(wake, Wake::Everything { why: Some(Note::RootGone(_)) }));
    fs::rename(above.path().join("away"), &root).expect("renamed");
    next(&|wake| matches!(wake, Wake::Everything { why: Some(Note::RootBack(_)) }));
    fs::remove_dir_all(&root).expect("removed");
    next(&|wake| matches!(wake, Wake::Everything { why: Some(Note::RootGone(_)) }));
    make("# Again\n");
    next(&|wake| matches!(wake, Wake::Everything { .. }));
    fs::write(root.join("content/questions/a.md"), "# Changed\n").expect("written");
    next(
        &|wake| matches!(wake, Wake::Paths { paths, .. } if paths.contains(&root.join("content/questions/a.md"))),
    );
}

#[test]
fn without_a_content_folder_the_root_is_watched_until_there_is_one() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("readme.md"), "# Hello\n").expect("a file");
    let mut desk = watched(folder, |_| {});
    desk.write("readme.md", "# Hello again\n");
    let path = desk.path("readme.md");
    desk.until(|told| told.covers(&path));
    fs::create_dir_all(desk.path("content/questions")).expect("folders");
    desk.until(|told| told.everything > 0);
    desk.write("content/questions/a.md", "# A\n");
    let path = desk.path("content/questions/a.md");
    desk.until(|told| told.covers(&path));
}

#[test]
fn polling_finds_what_changed() {
    let mut desk = watched(site(), |options| options.poll = Some(Duration::from_millis(20)));
    let path = desk.path("content/questions/a.md");
    for round in 0..5 {
        // As long as the one before, in the same tick of the clock perhaps.
        desk.write("content/questions/a.md", &format!("# {round}?\n"));
        desk.until(|told| told.covers(&path));
    }
    fs::create_dir_all(desk.path("content/questions/new/er")).expect("folders");
    desk.write("content/questions/new/er/page.md", "# Page\n");
    let page = desk.path("content/questions/new/er/page.md");
    desk.until(|told| told.covers(&page));
    fs::remove_dir_all(desk.path("content/questions/new")).expect("removed");
    desk.until(|told| told.covers(&page));
    desk.write("longhouse.yaml", "title: New\n");
    let path = desk.path("longhouse.yaml");
    desk.until(|told| told.covers(&path));
    git(&desk.root(), &["init", "-q"]);
    desk.until(|told| told.everything > 0 || told.git);
    git(&desk.root(), &["add", "."]);
    git(&desk.root(), &["commit", "-qm", "First"]);
    desk.until(|told| told.git);
}

#[test]
fn who_waits_can_be_told_to_stop() {
    let folder = site();
    let (mut watch, _) = watch(folder.path(), options(folder.path())).expect("it is watched");
    let handle = watch.handle();
    let waiting = std::thread::spawn(move || (watch.next(), watch.next()));
    handle.stop();
    assert_eq!(waiting.join().expect("no panic"), (None, None));
}

#[test]
fn the_content_folder_can_get_another_name() {
    let mut desk = desk();
    fs::create_dir_all(desk.path("docs/questions")).expect("folders");
    desk.write("docs/questions/a.md", "# A\n");
    assert!(desk.all().is_nothing());
    desk.handle.set_content("content");
    assert!(desk.all().is_nothing());
    desk.handle.set_content("docs");
    desk.until(|told| told.everything > 0);
    desk.write("docs/questions/a.md", "# B\n");
    let path = desk.path("docs/questions/a.md");
    let told = desk.until(|told| told.covers(&path));
    assert_eq!(told.paths.len(), 1, "{told:?}");
}

#[cfg(unix)]
#[test]
fn links_are_followed_where_a_build_follows_them() {
    let outside = tempfile::tempdir().expect("a folder");
    let outside = outside.path().canonicalize().expect("there");
    fs::create_dir(outside.join("pictures")).expect("a folder");
    fs::write(outside.join("pictures/logo.svg"), "<svg/>").expect("a file");
    fs::write(outside.join("brand.css"), "a{}").expect("a file");
    let folder = site();
    let link = |target: &str, name: &str| {
        std::os::unix::fs::symlink(outside.join(target), folder.path().join(name)).expect("a link");
    };
    link("pictures", "static/pictures");
    link("brand.css", "static/brand.css");
    // Nobody may make us run in circles.
    std::os::unix::fs::symlink(folder.path().join("static"), folder.path().join("static/circle"))
        .expect("a link");
    // In content links are not followed.
    link("pictures", "content/questions/pictures");
    // The site itself is named by a link.
    let name = outside.join("site");
    std::os::unix::fs::symlink(folder.path(), &name).expect("a link");
    let mut desk = watched(folder, |_| {});
    desk.handle.stop();
    (desk.handle, desk.wakes, _) = watching(&name, options(&name));
    let statics = desk.path("static");
    fs::write(outside.join("pictures/logo.svg"), "<svg></svg>").expect("written");
    desk.until(|told| told.covers(&statics));
    fs::write(outside.join("new.css"), "b{}").expect("written");
    fs::rename(outside.join("new.css"), outside.join("brand.css")).expect("renamed");
    desk.until(|told| told.covers(&statics));
    desk.write("content/questions/a.md", "# B\n");
    let path = desk.path("content/questions/a.md");
    desk.until(|told| told.covers(&path));
    // The name leads to another site.
    let other = site();
    fs::remove_file(&name).expect("removed");
    std::os::unix::fs::symlink(other.path(), &name).expect("a link");
    desk.until(|told| told.everything > 0);
    let path = other.path().canonicalize().expect("there").join("content/questions/a.md");
    fs::write(&path, "# Elsewhere\n").expect("written");
    desk.until(|told| told.covers(&path));
}
