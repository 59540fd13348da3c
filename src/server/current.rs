//! What is served now, and how the next state takes its place.
//!
//! Anyone who builds calls [`Current::publish`] with what changed. It takes effect at once and as a whole: an
//! answer is of the state before it or of the state after it. Then the open pages are told.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};

use super::events::{Changes, Listeners};
use super::problems::{CurrentProblems, Problems};
use crate::output::{Content, Output, OutputPath};

/// One rebuild: what is different now. What is left out is as it was.
///
/// Addresses begin with `/` at the root of the site, whatever the base path, and are not percent-encoded:
/// `/questions/refund/`.
#[derive(Debug, Default)]
pub struct Update {
    /// Files that changed, with their new content, or nothing where they are gone. Files whose content is the
    /// same as before may be among them and count as unchanged. The first update brings the whole site.
    pub files: Vec<(OutputPath, Option<Content>)>,
    /// Pages that have another address now, and where a tab that shows them goes. Without a place to go to the
    /// page is gone for good, and the tab goes to the nearest page above it.
    pub moved: Vec<(String, Option<String>)>,
    /// What was saved, for tabs that follow the writer; nothing if it was no page, or many.
    pub saved: Option<Saved>,
    /// Everything that is wrong now.
    pub problems: Option<Problems>,
    /// The pages that only the preview shows, in the order in which they are listed.
    pub ribbons: Option<Vec<Ribbon>>,
    /// Where blocks of pages come from.
    pub origins: Option<Arc<dyn Origins>>,
    /// What the configuration says about the preview.
    pub settings: Option<Settings>,
}

/// The page whose source was saved, and the place on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// The address of the page that shows it.
    pub address: String,
    /// The id of the part of the page that shows it, such as that of an answer, without `#`.
    pub fragment: Option<String>,
    /// The first words of the first block that changed, as they read on the page; may be empty.
    pub words: String,
}

/// A page that is in the preview and not on the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ribbon {
    /// Where it is.
    pub address: String,
    /// The id of the part of the page that is meant, such as that of an answer, without `#`.
    pub fragment: Option<String>,
    /// Its title.
    pub title: String,
    /// What the ribbon says, as in `draft`.
    pub words: String,
}

/// What the preview needs of the configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// How the address that opens a file in the writer's editor is made, with `{path}`, `{line}` and `{column}`
    /// still in it; nothing if none is set.
    pub editor: Option<String>,
    /// The folder of the site, absolute, to which the names of files in problems and origins are relative.
    pub root: std::path::PathBuf,
}

/// Tells where on the disk a page comes from. Asked rarely: when somebody wants to edit.
pub trait Origins: Send + Sync {
    /// The blocks of the page at an address in the order in which they stand in their files, each file's own
    /// beginning first; the file of the page itself before those of its replies. Empty if no file makes the page.
    fn of(&self, address: &str) -> Vec<Origin>;
}

/// A block of a file that stands on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The file, from the root of the site, with `/`.
    pub file: Arc<str>,
    /// The line on which the block begins, from 1.
    pub line: u32,
    /// The text of the block as it reads on the page, without markup; empty for the beginning of a file. Spaces
    /// and line ends count as one space each, however many there are.
    pub text: String,
}

/// The site that is served now. Any thread may publish; updates are applied one after the other.
#[derive(Debug)]
pub struct Current {
    state: RwLock<State>,
    /// Held while an update is applied and told, so that tabs hear of updates in their order.
    publishing: Mutex<()>,
    listeners: Listeners,
    is_ready: tokio::sync::watch::Sender<bool>,
}

/// Everything that answers are made of.
#[derive(Default)]
pub(super) struct State {
    pub(super) files: BTreeMap<OutputPath, Content>,
    pub(super) problems: CurrentProblems,
    pub(super) ribbons: Vec<Ribbon>,
    pub(super) origins: Option<Arc<dyn Origins>>,
    pub(super) settings: Settings,
    /// Where pages went whose address changed since the preview began, for tabs that were not told of it.
    moved: BTreeMap<String, String>,
}

/// So many moved pages are remembered.
const MOVED: usize = 10_000;

impl State {
    /// Where the page went that was at an address.
    pub(super) fn moved_to(&self, address: &str) -> Option<&str> {
        self.moved.get(address).map(String::as_str)
    }

    fn move_on(&mut self, moved: &[(String, Option<String>)]) {
        if self.moved.len() + moved.len() > MOVED {
            self.moved.clear();
        }
        for (from, to) in moved {
            let Some(to) = to else { continue };
            // Whoever knows an older address goes there at once, and nobody in a circle.
            self.moved.values_mut().filter(|it| *it == from).for_each(|it| it.clone_from(to));
            self.moved.remove(to);
            self.moved.insert(from.clone(), to.clone());
        }
    }
}

impl Current {
    /// Begins with nothing. Requests wait until the first update has come.
    #[must_use]
    pub fn new() -> Current {
        Current {
            state: RwLock::default(),
            publishing: Mutex::default(),
            listeners: Listeners::default(),
            is_ready: tokio::sync::watch::Sender::new(false),
        }
    }

    /// Applies one rebuild, then tells the open pages. The lock that answers wait for is held while the changed
    /// files are put in, no longer.
    pub fn publish(&self, update: Update) {
        let _one = self.publishing.lock().unwrap_or_else(PoisonError::into_inner);
        let Update { files, moved, saved, problems, ribbons, origins, settings } = update;
        let files = self.different(files);
        let changed: Vec<OutputPath> = files.iter().map(|(path, _)| path.clone()).collect();
        let mut old = Vec::with_capacity(files.len());
        let mut has_news;
        {
            let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
            for (path, content) in files {
                old.push(match content {
                    Some(content) => state.files.insert(path, content),
                    None => state.files.remove(&path),
                });
            }
            state.move_on(&moved);
            has_news = problems.is_some_and(|problems| state.problems.renew(problems));
            if let Some(ribbons) = ribbons
                && ribbons != state.ribbons
            {
                state.ribbons = ribbons;
                has_news = true;
            }
            if let Some(origins) = origins {
                state.origins = Some(origins);
            }
            if let Some(settings) = settings {
                state.settings = settings;
            }
        }
        // Giving back the memory of a whole site takes a while, which nobody has to wait for.
        drop(old);
        let was_ready = self.is_ready.send_replace(true);
        if was_ready {
            self.listeners.tell(&Changes { files: changed, moved, saved, has_news });
        }
    }

    /// Without the files that are already served as they shall be.
    fn different(&self, files: Vec<(OutputPath, Option<Content>)>) -> Vec<(OutputPath, Option<Content>)> {
        let state = self.state();
        files.into_iter().filter(|(path, content)| state.files.get(path) != content.as_ref()).collect()
    }

    pub(super) fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn listeners(&self) -> &Listeners {
        &self.listeners
    }

    /// Ready once there is a site.
    pub(super) async fn ready(&self) {
        let mut is_ready = self.is_ready.subscribe();
        // The sender lives as long as we do.
        let _ = is_ready.wait_for(|is_ready| *is_ready).await;
    }
}

impl Default for Current {
    fn default() -> Current {
        Current::new()
    }
}

impl From<Output> for Current {
    /// Begins with a whole site.
    fn from(output: Output) -> Current {
        let files = output.iter().map(|(path, content)| (path.clone(), Some(content.clone()))).collect();
        let current = Current::new();
        current.publish(Update { files, ..Update::default() });
        current
    }
}

impl fmt::Debug for State {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("State").field("files", &self.files.len()).field("problems", &self.problems).finish()
    }
}

impl fmt::Debug for dyn Origins {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Origins")
    }
}
