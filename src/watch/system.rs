//! How this system tells of changes: notify, by way of the debouncer of its family.

use std::fmt::Debug;
use std::io;
use std::path::Path;
use std::sync::mpsc::Sender;
use std::time::Duration;

use notify::event::{AccessKind, AccessMode, ModifyKind};
use notify::{
    Config, ErrorKind, Event, EventHandler, EventKind, RecommendedWatcher, RecursiveMode, Watcher,
    WatcherKind,
};
use notify_debouncer_mini::{DebounceEventResult, Debouncer, new_debouncer_opt};

use super::Message;

/// Where watching everything below a folder costs no more than watching the folder. inotify and kqueue watch single
/// folders; what a library makes of that watches folders that are never read, and new ones too late.
pub(super) const WATCHES_TREES: bool = cfg!(any(target_os = "macos", windows));
/// Whether a folder is told as changed whenever something in it is.
const TELLS_FOLDERS: bool = WATCHES_TREES;
/// For how long a path has to be quiet until it is told.
const QUIET_PATH: Duration = Duration::from_millis(2);
/// What an overflow of the system's queue is passed on as: the debouncer passes on errors at once, and would drop an
/// event that names no path.
const OVERFLOW: &str = "the queue of changes overflowed";

/// What tells of changes in the folders that it is given, until it is dropped.
pub(super) trait System: Debug + Send {
    /// Watches a folder, with all below it if `deep`.
    ///
    /// # Errors
    /// When the system cannot.
    fn watch(&mut self, folder: &Path, deep: bool) -> notify::Result<()>;
}

/// Makes a system that tells the sender.
pub(super) type Connect = Box<dyn FnMut(Sender<Message>) -> notify::Result<Box<dyn System>> + Send>;

/// This system.
///
/// # Errors
/// When it cannot tell of changes.
pub(super) fn connect(sender: Sender<Message>) -> notify::Result<Box<dyn System>> {
    let handler = move |result: DebounceEventResult| {
        let message = match result {
            Ok(events) => Message::Changed(events.into_iter().map(|event| event.path).collect()),
            Err(error) => Message::Failed(error),
        };
        // Nobody listens only while a watch ends.
        let _ = sender.send(message);
    };
    let config = notify_debouncer_mini::Config::default().with_timeout(QUIET_PATH).with_batch_mode(false);
    let debouncer: Debouncer<Changes> = new_debouncer_opt(config, handler)?;
    Ok(Box::new(debouncer))
}

impl System for Debouncer<Changes> {
    fn watch(&mut self, folder: &Path, deep: bool) -> notify::Result<()> {
        let mode = if deep { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive };
        self.watcher().watch(folder, mode)
    }
}

/// The recommended watcher without what is no change: reading our own sources is told too, file by file, and the
/// debouncer takes every event for a change.
#[derive(Debug)]
struct Changes(RecommendedWatcher);

impl Watcher for Changes {
    fn new<F: EventHandler>(mut handler: F, config: Config) -> notify::Result<Changes> {
        let changes = move |result: notify::Result<Event>| match result {
            Ok(event) if event.need_rescan() => handler.handle_event(Err(overflow())),
            Ok(event) if !is_change(&event) => {}
            other => handler.handle_event(other),
        };
        RecommendedWatcher::new(changes, config).map(Changes)
    }

    fn watch(&mut self, path: &Path, mode: RecursiveMode) -> notify::Result<()> {
        self.0.watch(path, mode)
    }

    fn unwatch(&mut self, path: &Path) -> notify::Result<()> {
        self.0.unwatch(path)
    }

    fn kind() -> WatcherKind {
        RecommendedWatcher::kind()
    }
}

fn is_change(event: &Event) -> bool {
    match event.kind {
        EventKind::Access(kind) => kind == AccessKind::Close(AccessMode::Write),
        EventKind::Modify(ModifyKind::Any | ModifyKind::Data(_) | ModifyKind::Metadata(_))
            if TELLS_FOLDERS =>
        {
            !event.paths.first().is_some_and(|path| path.is_dir())
        }
        _ => true,
    }
}

/// That the system's queue ran over.
pub(super) fn overflow() -> notify::Error {
    notify::Error::generic(OVERFLOW)
}

pub(super) fn is_overflow(error: &notify::Error) -> bool {
    matches!(&error.kind, ErrorKind::Generic(what) if what == OVERFLOW)
}

/// Whether the system has no more watches, queues or memory for us.
pub(super) fn is_limit(error: &notify::Error) -> bool {
    // EMFILE, ENFILE, ENOSPC, in the numbers of every Unix that has them.
    let code = |error: &io::Error| matches!(error.raw_os_error(), Some(23 | 24 | 28));
    match &error.kind {
        ErrorKind::MaxFilesWatch => true,
        ErrorKind::Io(error) => cfg!(unix) && code(error),
        _ => false,
    }
}

/// Whether a folder cannot be found or opened. It cannot be read either.
pub(super) fn is_absent(error: &notify::Error) -> bool {
    match &error.kind {
        ErrorKind::PathNotFound => true,
        ErrorKind::Io(error) => matches!(
            error.kind(),
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::PermissionDenied
        ),
        _ => false,
    }
}

/// Whether a folder lies on a drive where others can change files without this system knowing.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) fn is_network(folder: &Path) -> bool {
    // NFS, CIFS, SMB 2, SMB, Plan 9 (also WSL and virtual machines), VirtualBox, AFS, Coda, Ceph.
    const NETWORK: [i128; 9] = [
        0x6969,
        0xFF53_4D42,
        0xFE53_4D42,
        0x517B,
        0x0102_1997,
        0x786F_4256,
        0x5346_414F,
        0x7375_7245,
        0x00C3_6400,
    ];
    // The kernel's type has 32 bits here and 64 there, signed and not.
    rustix::fs::statfs(folder)
        .is_ok_and(|system| NETWORK.contains(&(i128::from(system.f_type) & 0xFFFF_FFFF)))
}

/// Whether a folder lies on a drive where others can change files without this system knowing.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(super) fn is_network(_folder: &Path) -> bool {
    false
}
