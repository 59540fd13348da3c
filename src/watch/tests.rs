//! Watching with a system that fails on command.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex};

use notify::ErrorKind;
use tempfile::TempDir;

use super::*;

/// A system that tells what it is told to tell, and lets so many folders be watched.
#[derive(Debug, Clone)]
struct Fake {
    limit: usize,
    watched: Arc<Mutex<Vec<PathBuf>>>,
    sender: Arc<Mutex<Option<Sender<Message>>>>,
}

impl System for Fake {
    fn watch(&mut self, folder: &Path, _deep: bool) -> notify::Result<()> {
        let mut watched = self.watched.lock().expect("no panic");
        if watched.len() >= self.limit {
            return Err(notify::Error::new(ErrorKind::MaxFilesWatch));
        }
        watched.push(folder.to_owned());
        Ok(())
    }
}

impl Fake {
    fn new(limit: usize) -> Fake {
        Fake { limit, watched: Arc::default(), sender: Arc::default() }
    }

    fn tell(&self, message: Message) {
        let sender = self.sender.lock().expect("no panic");
        sender.as_ref().expect("it was asked").send(message).expect("somebody listens");
    }

    fn start(&self, root: &Path) -> (Watch, Option<Note>) {
        let fake = self.clone();
        let options =
            Options { content: "content".to_owned(), output: Some(root.join("public")), poll: None };
        let connect = move |sender| {
            *fake.sender.lock().expect("no panic") = Some(sender);
            fake.watched.lock().expect("no panic").clear();
            Ok(Box::new(fake.clone()) as Box<dyn System>)
        };
        let (watch, note) = watch_with(root, options, Box::new(connect)).expect("it is watched");
        let handle = watch.handle();
        // Only a test that hangs is ended by this.
        std::thread::spawn(move || {
            std::thread::sleep(Duration::from_secs(300));
            handle.stop();
        });
        (watch, note)
    }
}

fn site() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path().canonicalize().expect("it is there");
    fs::create_dir_all(root.join("content/questions")).expect("a folder");
    fs::write(root.join("content/questions/a.md"), "# A\n").expect("a file");
    (folder, root)
}

fn next(watch: &mut Watch) -> Wake {
    watch.next().expect("something is told")
}

/// What there is to do after everything that was told, a long time later.
fn later(watch: &mut Watch) -> Next {
    watch.settle().expect("nobody ends it");
    watch.debounce.next(Instant::now() + Duration::from_secs(60), || None)
}

fn paths(path: &Path) -> Wake {
    Wake::Paths { paths: vec![path.to_owned()], git: false }
}

#[test]
fn a_site_that_the_system_cannot_watch_is_polled_and_that_is_said() {
    let (_folder, root) = site();
    let (mut watch, note) = Fake::new(2).start(&root);
    assert!(matches!(note, Some(Note::Limit { .. })), "{note:?}");
    assert!(note.expect("a note").to_string().contains("fs.inotify.max_user_watches"));
    let path = root.join("content/questions/a.md");
    fs::write(&path, "# B\n").expect("written");
    while next(&mut watch) != paths(&path) {}
}

#[test]
fn the_limit_may_be_reached_later() {
    let (_folder, root) = site();
    let fake = Fake::new(6);
    let (mut watch, note) = fake.start(&root);
    assert_eq!(note, None);
    let watched = fake.watched.lock().expect("no panic").len();
    for n in watched..8 {
        let folder = root.join(format!("content/{n}"));
        fs::create_dir(&folder).expect("a folder");
        fake.tell(Message::Changed(vec![folder]));
    }
    while !matches!(next(&mut watch), Wake::Everything { why: Some(Note::Limit { .. }) }) {}
    let path = root.join("content/7/page.md");
    fs::write(&path, "# Page\n").expect("written");
    while next(&mut watch) != paths(&path) {}
}

#[test]
fn when_the_queue_of_the_system_runs_over_everything_is_looked_at_and_then_what_differs() {
    let (_folder, root) = site();
    let fake = Fake::new(100);
    let (mut watch, _) = fake.start(&root);
    let overflow = || fake.tell(Message::Failed(system::overflow()));
    overflow();
    assert_eq!(next(&mut watch), Wake::Everything { why: None });
    // By the reading of everything alone: nobody changed a file, so nobody is woken.
    overflow();
    assert_eq!(later(&mut watch), Next::Idle);
    // And by a change that was lost in it.
    let path = root.join("content/questions/b.md");
    fs::write(&path, "# B\n").expect("written");
    overflow();
    assert_eq!(later(&mut watch), Next::Wake(paths(&path)));
}

#[test]
fn an_error_is_answered_by_a_look_at_everything_and_many_by_polling() {
    let (_folder, root) = site();
    let fake = Fake::new(100);
    let (mut watch, _) = fake.start(&root);
    fake.tell(Message::Failed(notify::Error::generic("a loose cable")));
    assert_eq!(next(&mut watch), Wake::Everything { why: None });
    for _ in 0..6 {
        fake.tell(Message::Failed(notify::Error::generic("a loose cable")));
    }
    loop {
        if let Wake::Everything { why: Some(note) } = next(&mut watch) {
            assert!(matches!(&note, Note::Unwatchable { why, .. } if why == "a loose cable"), "{note:?}");
            break;
        }
    }
}
