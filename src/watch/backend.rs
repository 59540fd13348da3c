//! How this system tells of changes, and a stand-in for it in tests.

use std::io;
use std::path::Path;
use std::sync::mpsc::Sender;

use notify::event::{AccessKind, AccessMode};
use notify::{ErrorKind, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::worker::Message;

/// Where watching everything below a folder costs no more than watching the folder, and folder by folder
/// would cost much more. inotify and kqueue watch single folders, whatever a library makes of it.
pub(super) const WATCHES_TREES: bool = cfg!(any(target_os = "macos", windows));
/// Whether the closing of a file that was written is told.
pub(super) const TELLS_CLOSING: bool = cfg!(any(target_os = "linux", target_os = "android"));

/// What tells of changes.
#[derive(Debug)]
pub(super) enum Backend {
    /// The system, by way of notify.
    System(RecommendedWatcher),
    #[cfg(test)]
    Fake(super::tests::Fake),
}

/// Makes a backend that tells the sender.
pub(super) type Make = Box<dyn FnMut(Sender<Message>) -> notify::Result<Backend> + Send>;

/// The system's own.
pub(super) fn system(sender: Sender<Message>) -> notify::Result<Backend> {
    let handler = move |event: notify::Result<notify::Event>| {
        // Reading our own sources is told too, file by file, so that is dropped first of all.
        let is_noise = event.as_ref().is_ok_and(|event| {
            matches!(event.kind, EventKind::Access(kind) if kind != AccessKind::Close(AccessMode::Write))
        });
        if !is_noise {
            // Nobody listens only while a watch ends.
            let _ = sender.send(Message::Event(event));
        }
    };
    notify::recommended_watcher(handler).map(Backend::System)
}

impl Backend {
    /// Watches a folder. One that cannot be found or opened is passed over: it cannot be read either.
    pub(super) fn watch(&mut self, folder: &Path, deep: bool) -> notify::Result<()> {
        let result = match self {
            Backend::System(watcher) => {
                let mode = if deep { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive };
                watcher.watch(folder, mode)
            }
            #[cfg(test)]
            Backend::Fake(fake) => fake.watch(folder),
        };
        match result {
            Err(error) if is_absent(&error) => Ok(()),
            other => other,
        }
    }
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

fn is_absent(error: &notify::Error) -> bool {
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
