//! The noise of the file system, turned into few wakes.
//!
//! A [`Wake`] says no more than "look here": anyone who is woken reads again and compares hashes, so a wake
//! too many costs a little time and never a wrong page. A wake too few would cost one, and that is what
//! most of the code here is for: folders that appear with files in them, files replaced by a rename, a branch
//! switch, a queue of the system that ran over, a limit on the number of watches, network drives.
//!
//! # When it is told
//!
//! notify's debouncer (`system`) hands on a path when it was quiet for a moment; `debounce` tells a single save at once
//! and a storm twice at most, its first file and the rest. While git holds its `index.lock` everything waits, so a
//! branch switch is one wake.
//!
//! # What is watched
//!
//! The content folder, `themes`, `static` and `data`, folder by folder, and the root for the files in
//! it (`scope`). Not the output, so a site of 16,000 files costs no watch. Files are watched through their folder,
//! because editors replace them. Of git: `HEAD` and the refs of this worktree, packed or in a reftable (`git`).
//! Where the system cannot watch, every file is looked at again and again (`poll`).

mod debounce;
mod git;
mod noise;
mod note;
mod poll;
mod scope;
mod system;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant, SystemTime};

use debounce::{Change, Debounce, Next};
pub use note::Note;
use poll::{Polling, Snapshot};
use scope::{Meaning, Scope};
use system::{Connect, System, WATCHES_TREES};

/// The time between two looks where nobody asked for another.
const EVERY: Duration = Duration::from_millis(500);
/// The same for a network drive, beside the system's own telling.
const EVERY_NETWORK: Duration = Duration::from_millis(1000);
/// How often the root is looked for while it is gone.
const ROOT_GONE: Duration = Duration::from_millis(100);
/// How often it is made sure that the root is the one that is watched. Of a folder far above that is renamed nothing
/// tells.
const ROOT_THERE: Duration = Duration::from_secs(2);
/// More errors of the system than these within [`TROUBLE`] are too many.
const MAX_ERRORS: usize = 5;
const TROUBLE: Duration = Duration::from_secs(60);

/// What to watch, and how.
#[derive(Debug, Clone)]
pub struct Options {
    /// The content folder as the configuration names it, from the root. Where there is none of that name,
    /// the root itself is the content.
    pub content: String,
    /// Where the site is written: never watched, never a reason to wake.
    pub output: Option<PathBuf>,
    /// Look at everything so often instead of asking the system to tell, for network drives. The time
    /// between two looks is longer where a look takes more than a twentieth of it.
    pub poll: Option<Duration>,
}

/// What to look at again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wake {
    /// Some paths may have changed.
    Paths {
        /// Files that may have been made, changed or removed, and folders below which anything may have: absolute,
        /// below the canonical root, in order. None lies in another. A path that is not there any more may have been a
        /// file or a folder.
        paths: Vec<PathBuf>,
        /// Whether the last commit may have changed, or what is told of commits (`.mailmap`,
        /// `.git-blame-ignore-revs`).
        git: bool,
    },
    /// Anything may have changed.
    Everything {
        /// What the writer should know about that, if anything. Each note is told once.
        why: Option<Note>,
    },
}

/// A watch on a site. It ends when it is dropped.
pub struct Watch {
    given: PathBuf,
    options: Options,
    scope: Scope,
    connect: Connect,
    /// What tells of changes; nothing where it cannot, or where it shall not.
    system: Option<Box<dyn System>>,
    sender: Sender<Message>,
    messages: Receiver<Message>,
    debounce: Debounce,
    /// Where links of trusted folders lead, with that folder.
    links: BTreeMap<PathBuf, PathBuf>,
    polling: Option<Polling>,
    /// What was there when the system's queue last ran over.
    overflowed: Option<Snapshot>,
    errors: Vec<Instant>,
    /// Whether other folders have to be watched now.
    has_moved: bool,
    /// Whether the system's queue ran over.
    has_overflowed: bool,
    is_gone: bool,
    /// When to make sure again that the root is the one that is watched.
    check: Instant,
}

/// Steers a [`Watch`] from another thread.
#[derive(Debug, Clone)]
pub struct Handle(Sender<Message>);

/// What a watch is told.
#[derive(Debug)]
enum Message {
    /// Paths changed and are quiet now.
    Changed(Vec<PathBuf>),
    /// The system cannot tell.
    Failed(notify::Error),
    /// The content folder has this name now.
    Content(String),
    /// To end.
    End,
}

/// Watches the site at `root`.
///
/// Where the system cannot watch, the site is polled instead, and a [`Note`] says so.
///
/// # Errors
/// When there is no folder at `root`.
pub fn watch(root: &Path, options: Options) -> io::Result<(Watch, Option<Note>)> {
    watch_with(root, options, Box::new(system::connect))
}

fn watch_with(root: &Path, options: Options, connect: Connect) -> io::Result<(Watch, Option<Note>)> {
    let scope = Scope::find(root, &options.content, options.output.as_deref())?;
    let (sender, messages) = mpsc::channel();
    let mut watch = Watch {
        given: std::path::absolute(root)?,
        options,
        scope,
        connect,
        system: None,
        sender,
        messages,
        debounce: Debounce::default(),
        links: BTreeMap::new(),
        polling: None,
        overflowed: None,
        errors: Vec::new(),
        has_moved: false,
        has_overflowed: false,
        is_gone: false,
        check: Instant::now() + ROOT_THERE,
    };
    let note = watch.start();
    Ok((watch, note))
}

impl Watch {
    /// Waits until something may have changed and the disk has come to rest; nothing once the watch was
    /// stopped.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "a loop over wakes hides that it waits")]
    pub fn next(&mut self) -> Option<Wake> {
        loop {
            self.settle()?;
            let lock = self.scope.lock();
            let wait = match self.debounce.next(Instant::now(), || age(lock.as_deref()?)) {
                Next::Wake(wake) => return Some(wake),
                Next::At(at) => Some(at),
                Next::Idle => None,
            };
            let look = self.polling.as_ref().map_or(self.check, |polling| polling.next.min(self.check));
            let until = wait.map_or(look, |wait| wait.min(look));
            match self.messages.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(message) => self.take(message)?,
                Err(RecvTimeoutError::Timeout) => {}
                // We hold a sender ourselves.
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
    }

    /// A handle with which any thread can steer this watch.
    #[must_use]
    pub fn handle(&self) -> Handle {
        Handle(self.sender.clone())
    }

    /// Takes what has happened already, so that it is told with what is due, and does what is due by the clock. Nothing
    /// if it is to end.
    fn settle(&mut self) -> Option<()> {
        while let Ok(message) = self.messages.try_recv() {
            self.take(message)?;
        }
        let now = Instant::now();
        let polls = self.polling.as_ref().is_some_and(|polling| now >= polling.next);
        let checks = polls || now >= self.check;
        if checks {
            self.has_moved |= if self.is_gone { self.given.is_dir() } else { self.scope.has_moved() };
        }
        if polls {
            self.look_at_all();
        }
        // However often it happened, once is enough.
        if std::mem::take(&mut self.has_overflowed) && !self.has_moved {
            self.overflow();
        }
        if std::mem::take(&mut self.has_moved) {
            self.restart();
        }
        if checks {
            self.check = Instant::now() + if self.is_gone { ROOT_GONE } else { ROOT_THERE };
        }
        Some(())
    }

    /// Takes a message. Nothing if it is to end.
    fn take(&mut self, message: Message) -> Option<()> {
        match message {
            Message::Changed(paths) => self.changed(&paths),
            Message::Failed(error) => self.failed(&error),
            Message::Content(content) if self.options.content != content => {
                self.options.content = content;
                self.has_moved = true;
            }
            Message::Content(_) => {}
            Message::End => {
                // Anyone who asks again gets the same answer.
                let _ = self.sender.send(Message::End);
                return None;
            }
        }
        Some(())
    }

    /// Takes paths that changed. What is there by now decides, not what was said.
    fn changed<'a>(&mut self, paths: impl IntoIterator<Item = &'a PathBuf>) {
        let now = Instant::now();
        for path in paths {
            let meaning = self.scope.meaning(path);
            if matches!(meaning, Meaning::Input | Meaning::Git) {
                self.follow(path);
            }
            match meaning {
                Meaning::Input => self.debounce.add(Change::Path(path.clone()), now),
                Meaning::Git => self.debounce.add(Change::Git, now),
                Meaning::Layout => self.has_moved = true,
                Meaning::Ignored => {}
            }
            let linked = path.ancestors().find_map(|above| self.links.get(above));
            if let Some(trusted) = linked.filter(|trusted| !path.starts_with(trusted)) {
                self.debounce.add(Change::Path(trusted.clone()), now);
            }
        }
    }

    /// Watches a folder that appeared with all below it, or where a link leads.
    fn follow(&mut self, path: &Path) {
        let Ok(there) = fs::symlink_metadata(path) else { return };
        let folder = match self.scope.trusted(path) {
            _ if there.is_dir() => path.to_owned(),
            Some(trusted) if there.is_symlink() => trusted,
            _ => return,
        };
        let Some(system) = &mut self.system else { return };
        match watch_below(&mut **system, &self.scope, &folder) {
            Ok(links) => self.links.extend(links),
            Err(error) => self.failed(&error),
        }
    }

    /// Looks for the root and its folders, and watches them all anew. Then everything is told: what changed between the
    /// reading of other folders and their watching would be lost.
    fn restart(&mut self) {
        let found = Scope::find(&self.given, &self.options.content, self.options.output.as_deref());
        let note = match found {
            Ok(scope) => {
                self.scope = scope;
                let note = self.start();
                let was_gone = std::mem::take(&mut self.is_gone);
                note.or_else(|| was_gone.then(|| Note::RootBack(self.given.clone())))
            }
            Err(_) if self.is_gone => return,
            Err(_) => {
                (self.system, self.is_gone) = (None, true);
                Some(Note::RootGone(self.given.clone()))
            }
        };
        self.debounce.add(note.map_or(Change::Everything, Change::Note), Instant::now());
    }

    /// Watches or polls what is in scope. Says so if it is not as was asked.
    fn start(&mut self) -> Option<Note> {
        if let Some(every) = self.options.poll {
            self.poll(every);
            return None;
        }
        // A system that gave up once is not asked again.
        if self.polling.is_some() && self.system.is_none() && !self.is_gone {
            return None;
        }
        match self.watch_all() {
            Ok(()) if self.polling.is_none() && system::is_network(self.scope.root()) => {
                Some(Note::Network { every: self.poll(EVERY_NETWORK) })
            }
            Ok(()) => None,
            Err(error) => Some(self.give_up(&error)),
        }
    }

    /// Watches every folder in scope with a new connection to the system. The old one is let go afterwards, so that
    /// nothing happens between the two.
    fn watch_all(&mut self) -> notify::Result<()> {
        let mut system = (self.connect)(self.sender.clone())?;
        let mut links = BTreeMap::new();
        let root = self.scope.root();
        for (folder, deep) in self.scope.starts().into_iter().filter(|(folder, _)| folder.is_dir()) {
            if WATCHES_TREES && (folder == root || !folder.starts_with(root)) {
                watch_folder(&mut *system, &folder, deep || folder == root)?;
            } else if !WATCHES_TREES && !deep {
                watch_folder(&mut *system, &folder, false)?;
            }
            if deep {
                links.extend(watch_below(&mut *system, &self.scope, &folder)?);
            }
        }
        (self.system, self.links) = (Some(system), links);
        Ok(())
    }

    /// The system cannot tell what happens: once is an accident, a limit or a habit is not.
    fn failed(&mut self, error: &notify::Error) {
        let now = Instant::now();
        if self.system.is_none() {
            return;
        }
        if system::is_overflow(error) {
            self.has_overflowed = true;
            return;
        }
        self.errors.retain(|at| now.duration_since(*at) < TROUBLE);
        self.errors.push(now);
        if system::is_limit(error) || self.errors.len() > MAX_ERRORS {
            let note = self.give_up(error);
            self.debounce.add(Change::Note(note), now);
        } else {
            self.has_moved = true;
        }
    }

    /// The system's queue ran over. Reading a large site fills it by itself, and what that did not change must not be
    /// read again, or it would never end.
    fn overflow(&mut self) {
        if let Err(error) = self.watch_all() {
            let note = self.give_up(&error);
            return self.debounce.add(Change::Note(note), Instant::now());
        }
        let seen = self.snapshot(self.scope.all().files);
        let differences = self.overflowed.as_ref().map(|before| seen.differences(before));
        self.overflowed = Some(seen);
        match differences {
            Some(paths) => self.changed(&paths),
            None => self.debounce.add(Change::Everything, Instant::now()),
        }
    }

    /// Polls from now on.
    fn give_up(&mut self, error: &notify::Error) -> Note {
        self.system = None;
        let every = self.poll(EVERY);
        if system::is_limit(error) {
            Note::Limit { every }
        } else {
            Note::Unwatchable { why: error.to_string(), every }
        }
    }

    /// Begins to look at every file each so often, or as often as is reasonable.
    fn poll(&mut self, every: Duration) -> Duration {
        let begun = Instant::now();
        let all = self.scope.all();
        self.links.extend(all.links);
        let seen = self.snapshot(all.files);
        let now = Instant::now();
        let polling = Polling::begin(seen, every, now - begun, (now, SystemTime::now()));
        self.polling.insert(polling).every()
    }

    fn snapshot(&self, files: Vec<PathBuf>) -> Snapshot {
        Snapshot::take(files, |path| matches!(self.scope.meaning(path), Meaning::Input))
    }

    fn look_at_all(&mut self) {
        let begun = Instant::now();
        let mut told = BTreeSet::new();
        if self.polling.is_some() && !self.is_gone {
            let all = self.scope.all();
            self.links.extend(all.links);
            let seen = self.snapshot(all.files);
            let look = |polling: &mut Polling| polling.look(seen, SystemTime::now());
            told = self.polling.as_mut().map(look).unwrap_or_default();
        }
        self.changed(&told);
        let usual = if self.system.is_some() { EVERY_NETWORK } else { EVERY };
        let now = Instant::now();
        if let Some(polling) = &mut self.polling {
            polling.rest(self.options.poll.unwrap_or(usual), now - begun, now);
        }
    }
}

impl Handle {
    /// Ends the watch: [`Watch::next`] returns nothing from now on, also to who waits in it.
    pub fn stop(&self) {
        // A watch that is gone has ended.
        let _ = self.0.send(Message::End);
    }

    /// The content folder has this name in the configuration now. Costs nothing if it had it before;
    /// else everything is told once the folder is watched.
    pub fn set_content(&self, content: &str) {
        let _ = self.0.send(Message::Content(content.to_owned()));
    }
}

/// Watches a folder. One that cannot be found or opened is passed over: it cannot be read either.
fn watch_folder(system: &mut dyn System, folder: &Path, deep: bool) -> notify::Result<()> {
    system.watch(folder, deep).or_else(|error| if system::is_absent(&error) { Ok(()) } else { Err(error) })
}

/// Watches a folder and all below it that is read, and says where links lead from there.
fn watch_below(
    system: &mut dyn System,
    scope: &Scope,
    folder: &Path,
) -> notify::Result<BTreeMap<PathBuf, PathBuf>> {
    let found = scope.walk(folder, &mut |folder| {
        let is_watched = WATCHES_TREES && folder.starts_with(scope.root());
        if is_watched { Ok(()) } else { watch_folder(system, folder, false) }
    });
    Ok(found?.links)
}

/// How old a file is.
fn age(path: &Path) -> Option<Duration> {
    let modified = fs::symlink_metadata(path).and_then(|there| there.modified()).ok()?;
    Some(SystemTime::now().duration_since(modified).unwrap_or_default())
}
