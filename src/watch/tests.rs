//! Watching with a system that fails on command.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use notify::event::{CreateKind, Flag};
use notify::{ErrorKind, Event, EventKind};
use tempfile::TempDir;

use super::backend::Backend;
use super::worker::Message;
use super::*;

const LIMIT: Duration = Duration::from_secs(20);

/// A system that tells what it is told to tell, and lets so many folders be watched.
#[derive(Debug, Clone)]
pub(super) struct Fake {
    limit: usize,
    watched: Arc<Mutex<Vec<PathBuf>>>,
    sender: Arc<Mutex<Option<Sender<Message>>>>,
}

impl Fake {
    fn new(limit: usize) -> Fake {
        Fake { limit, watched: Arc::default(), sender: Arc::default() }
    }

    pub(super) fn watch(&mut self, folder: &Path) -> notify::Result<()> {
        let mut watched = self.watched.lock().expect("no panic");
        if watched.len() >= self.limit {
            return Err(notify::Error::new(ErrorKind::MaxFilesWatch));
        }
        watched.push(folder.to_owned());
        Ok(())
    }

    fn tell(&self, event: notify::Result<Event>) {
        let sender = self.sender.lock().expect("no panic");
        sender.as_ref().expect("it was asked").send(Message::Event(event)).expect("somebody listens");
    }

    fn start(&self, root: &Path) -> (Watch, Vec<Note>) {
        let fake = self.clone();
        let options =
            Options { content: "content".to_owned(), output: Some(root.join("public")), poll: None };
        let make = move |sender| {
            *fake.sender.lock().expect("no panic") = Some(sender);
            fake.watched.lock().expect("no panic").clear();
            Ok(Backend::Fake(fake.clone()))
        };
        watch_with(root, options, Box::new(make)).expect("it is watched")
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
    let begun = Instant::now();
    loop {
        if let Some(wake) = watch.try_next() {
            return wake;
        }
        assert!(begun.elapsed() < LIMIT, "nothing is told");
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_site_that_the_system_cannot_watch_is_polled_and_that_is_said() {
    let (_folder, root) = site();
    let (mut watch, notes) = Fake::new(2).start(&root);
    assert!(matches!(notes[..], [Note::Limit { .. }]), "{notes:?}");
    assert!(notes[0].to_string().contains("fs.inotify.max_user_watches"), "{}", notes[0]);
    let path = root.join("content/questions/a.md");
    fs::write(&path, "# B\n").expect("written");
    assert_eq!(next(&mut watch), Wake::Paths { paths: vec![path], folders: Vec::new(), git: false });
}

#[test]
fn the_limit_may_be_reached_later() {
    let (_folder, root) = site();
    let fake = Fake::new(6);
    let (mut watch, notes) = fake.start(&root);
    assert_eq!(notes, []);
    let watched = fake.watched.lock().expect("no panic").len();
    for n in watched..8 {
        let folder = root.join(format!("content/{n}"));
        fs::create_dir(&folder).expect("a folder");
        fake.tell(Ok(Event::new(EventKind::Create(CreateKind::Folder)).add_path(folder)));
    }
    let begun = Instant::now();
    while !matches!(next(&mut watch), Wake::Everything { why: Some(Note::Limit { .. }) }) {
        assert!(begun.elapsed() < LIMIT);
    }
    let path = root.join("content/7/page.md");
    fs::write(&path, "# Page\n").expect("written");
    assert_eq!(next(&mut watch), Wake::Paths { paths: vec![path], folders: Vec::new(), git: false });
}

#[test]
fn when_the_queue_of_the_system_runs_over_everything_is_looked_at_and_then_what_differs() {
    let (_folder, root) = site();
    let fake = Fake::new(100);
    let (mut watch, _) = fake.start(&root);
    let overflow = || fake.tell(Ok(Event::new(EventKind::Other).set_flag(Flag::Rescan)));
    overflow();
    assert_eq!(next(&mut watch), Wake::Everything { why: None });
    // By the reading of everything alone: nobody changed a file, so nobody is woken.
    overflow();
    // And by a change that was lost in it.
    let path = root.join("content/questions/b.md");
    fs::write(&path, "# B\n").expect("written");
    overflow();
    assert_eq!(next(&mut watch), Wake::Paths { paths: vec![path], folders: Vec::new(), git: false });
}

#[test]
fn an_error_is_answered_by_a_look_at_everything_and_many_by_polling() {
    let (_folder, root) = site();
    let fake = Fake::new(100);
    let (mut watch, _) = fake.start(&root);
    fake.tell(Err(notify::Error::generic("a loose cable")));
    assert_eq!(next(&mut watch), Wake::Everything { why: None });
    for _ in 0..6 {
        fake.tell(Err(notify::Error::generic("a loose cable")));
    }
    let begun = Instant::now();
    loop {
        if let Wake::Everything { why: Some(note) } = next(&mut watch) {
            assert!(matches!(&note, Note::Unwatchable { why, .. } if why == "a loose cable"), "{note:?}");
            break;
        }
        assert!(begun.elapsed() < LIMIT);
    }
}
