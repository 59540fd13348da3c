//! What `serve` and `watch` do alike: wait for a change, renew the site, say in one line what came of it. The
//! search index follows on a thread of its own, so no page waits for it.

use std::any::Any;
use std::collections::BTreeSet;
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anstream::eprintln;

use super::crash::{self, Crash};
use super::report;
use crate::diagnostic::{Diagnostic, Severity, count};
use crate::output::{Content, OutputPath};
use crate::search::{IncrementalIndex, IndexUpdate};
use crate::source::git::{GitError, History};
use crate::source::reload::Touched;
use crate::watch::{self, Wake};
use crate::workspace::{Rebuild, SharedSite, Stopped, Workspace};

/// Where a renewed site goes.
pub(super) trait Outlet: Send + Sync {
    /// Takes files that are others now.
    ///
    /// # Errors
    /// When they cannot be written.
    fn files(&self, files: Vec<(OutputPath, Option<Content>)>, rebuild: &Rebuild) -> io::Result<()>;

    /// Takes files of the search index that are others now; none where the site has no search.
    ///
    /// # Errors
    /// When they cannot be written.
    fn index(&self, files: Vec<(OutputPath, Option<Content>)>) -> io::Result<()>;

    /// Takes everything that is wrong now, and what stops the site from being renewed.
    fn problems(&self, workspace: &Workspace, problems: &[Diagnostic], stopped: Option<&Stopped>);
}

/// What is told apart from the files.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Options {
    /// Whether the time of every step is printed.
    pub(super) timings: bool,
    /// Look at everything so often instead of being told by the system.
    pub(super) poll: Option<Duration>,
}

/// Something that happened.
enum Message {
    Wake(Wake),
    /// What git said when it was asked for the n-th time.
    History(u64, Result<Option<Arc<History>>, GitError>),
    /// The thread that watches has panicked, with this.
    Crashed(Box<dyn Any + Send>),
}

/// What came since the site was last renewed.
#[derive(Default)]
struct News {
    touched: Touched,
    history: Option<Result<Option<Arc<History>>, GitError>>,
    asks_git: bool,
}

/// Begins with the site as it is, then follows its files until the process ends.
pub(super) fn follow(
    mut workspace: Workspace,
    outlet: &Arc<dyn Outlet>,
    root: &Path,
    output: &Path,
    options: Options,
    sources: Arc<crate::source::Sources>,
) {
    let content = sources.config.content.clone();
    let (sender, messages) = mpsc::channel();
    let index = Indexer::start(Arc::clone(outlet), workspace.site());
    let mut teller = Teller { options, known: BTreeSet::new() };
    let started = Instant::now();
    let begun = crash::contained(|| {
        let rebuild = workspace.open(sources);
        hand_out(&mut workspace, rebuild, outlet, &index, &mut teller, started, true);
    });
    if let Err(crash) = begun {
        stays_as_it_was(&mut workspace, &crash);
    }
    // Watching thousands of folders takes a moment, which the first page need not wait for. What was saved
    // meanwhile is found by looking at everything once.
    let watching = watch_files(root, output, content, options, sender.clone());
    let watching =
        watching.inspect_err(|error| eprintln!("warning: {error}; changes will not be noticed")).ok();
    let started = Instant::now();
    let renewed = crash::contained(|| {
        let rebuild = workspace.apply(Touched { everything: true, ..Touched::default() });
        hand_out(&mut workspace, rebuild, outlet, &index, &mut teller, started, false);
    });
    if let Err(crash) = renewed {
        stays_as_it_was(&mut workspace, &crash);
    }
    // An answer that took longer than a newer one says what was.
    let (mut asked, mut answered) = (0, 0);
    while let Ok(message) = messages.recv() {
        let started = Instant::now();
        // What came meanwhile is looked at together.
        let News { touched, history, asks_git } =
            gather(std::iter::once(message).chain(messages.try_iter()), &mut answered);
        if asks_git {
            asked += 1;
            let prefix = workspace.sources().map(|sources| sources.content_prefix.clone());
            ask_git(root, prefix.unwrap_or_default(), asked, &sender);
        }
        let renewed = crash::contained(|| {
            if let Some(history) = history {
                let rebuild = workspace.apply_history(history);
                hand_out(&mut workspace, rebuild, outlet, &index, &mut teller, started, false);
            }
            if touched.everything || !touched.paths.is_empty() {
                let rebuild = workspace.apply(touched);
                hand_out(&mut workspace, rebuild, outlet, &index, &mut teller, started, false);
            }
        });
        if let Err(crash) = renewed {
            stays_as_it_was(&mut workspace, &crash);
        }
        if let (Some(watching), Some(sources)) = (&watching, workspace.sources()) {
            watching.set_content(&sources.config.content);
        }
    }
}

/// After a mistake of ours the site stays as it was, and the next save begins anew.
fn stays_as_it_was(workspace: &mut Workspace, crash: &Crash) {
    eprintln!("The site was not updated:\n{}", crash.report(&super::typed()));
    workspace.invalidate();
}

/// Puts together what came. `answered` is the number of the last answer of git's that was taken.
///
/// # Panics
/// As the thread that watches did: a site that does not follow its files any more is nothing to go on with.
fn gather(messages: impl Iterator<Item = Message>, answered: &mut u64) -> News {
    let mut news = News::default();
    for message in messages {
        match message {
            Message::History(number, new) if number > *answered => {
                *answered = number;
                news.history = Some(new);
            }
            Message::History(..) => {}
            Message::Wake(Wake::Paths { paths, git }) => {
                news.touched.paths.extend(paths);
                news.asks_git |= git;
            }
            Message::Wake(Wake::Everything { why }) => {
                if let Some(note) = why {
                    eprintln!("note: {note}");
                }
                (news.touched.everything, news.asks_git) = (true, true);
            }
            Message::Crashed(payload) => panic::resume_unwind(payload),
        }
    }
    news
}

/// Watches on a thread that passes on what it is told.
fn watch_files(
    root: &Path,
    output: &Path,
    content: String,
    options: Options,
    sender: Sender<Message>,
) -> io::Result<watch::Handle> {
    let options = watch::Options { content, output: Some(output.to_path_buf()), poll: options.poll };
    let (mut watch, note) = watch::watch(root, options)?;
    if let Some(note) = note {
        eprintln!("note: {note}");
    }
    let handle = watch.handle();
    pass_on(move || watch.next(), sender)?;
    Ok(handle)
}

/// Passes on wakes on a thread of its own, and its panic.
fn pass_on(
    mut next: impl FnMut() -> Option<Wake> + Send + 'static,
    sender: Sender<Message>,
) -> io::Result<()> {
    let pass_on = move || {
        let all = AssertUnwindSafe(|| {
            while let Some(wake) = next() {
                if sender.send(Message::Wake(wake)).is_err() {
                    return;
                }
            }
        });
        if let Err(payload) = panic::catch_unwind(all) {
            // Nobody listens any more when the process ends.
            let _ = sender.send(Message::Crashed(payload));
        }
    };
    thread::Builder::new().name("watch".to_string()).spawn(pass_on).map(drop)
}

/// Asks git on a thread of its own: a long history takes a while, and a save must not wait for it.
fn ask_git(root: &Path, prefix: String, number: u64, sender: &Sender<Message>) {
    let (root, sender) = (root.to_path_buf(), sender.clone());
    let ask = move || {
        // Nobody listens any more when the process ends.
        let _ = sender.send(Message::History(number, Workspace::ask_git(&root, &prefix)));
    };
    let ask = move || crash::told(&super::typed(), ask);
    if let Err(error) = thread::Builder::new().name("git".to_string()).spawn(ask) {
        eprintln!("warning: git could not be read: {error}");
    }
}

fn hand_out(
    workspace: &mut Workspace,
    mut rebuild: Rebuild,
    outlet: &Arc<dyn Outlet>,
    index: &Indexer,
    teller: &mut Teller,
    started: Instant,
    is_first: bool,
) {
    if !rebuild.is_news {
        return;
    }
    let mut count = hand(outlet, &mut rebuild);
    let took = started.elapsed();
    workspace.finish(&mut rebuild);
    count += hand(outlet, &mut rebuild);
    if rebuild.stopped.is_none() {
        index.follow();
    }
    let problems = workspace.problems(&mut rebuild);
    outlet.problems(workspace, &problems, rebuild.stopped.as_ref());
    teller.tell(workspace, &rebuild, &problems, count, took, is_first);
}

/// Hands out the files that a rebuild holds, and says how many there were.
fn hand(outlet: &Arc<dyn Outlet>, rebuild: &mut Rebuild) -> usize {
    let files = std::mem::take(&mut rebuild.files);
    let count = files.len();
    if count > 0 {
        if let Err(error) = outlet.files(files, rebuild) {
            eprintln!("error: {error}");
        }
        // What was saved, and where pages went, is told once.
        (rebuild.saved, rebuild.moved) = (None, Vec::new());
    }
    count
}

/// Prints what came of a save.
struct Teller {
    options: Options,
    /// What was wrong before, without its place, so that a problem that moved is no new one.
    known: BTreeSet<(Arc<str>, &'static str, String)>,
}

impl Teller {
    fn tell(
        &mut self,
        workspace: &Workspace,
        rebuild: &Rebuild,
        problems: &[Diagnostic],
        files: usize,
        took: Duration,
        is_first: bool,
    ) {
        if let Some(stopped) = &rebuild.stopped {
            eprintln!("The site was not updated:");
            if let Some(world) = &stopped.world {
                eprintln!("error: {}", super::plain(world));
            }
            let text = |file: &str| {
                let known = stopped.texts.get(file).cloned();
                known.or_else(|| crate::source::read_again(workspace.sources()?.trusted.as_path(), file))
            };
            eprintln!("{}", report::human(&stopped.diagnostics, text, super::colour()));
            return;
        }
        let key = |it: &Diagnostic| (Arc::clone(&it.file), it.rule.name(), it.message.clone());
        let new: Vec<Diagnostic> =
            problems.iter().filter(|it| !self.known.contains(&key(it))).cloned().collect();
        let was = self.known.len();
        self.known = problems.iter().map(key).collect();
        let errors = problems.iter().filter(|it| it.severity == Severity::Error).count();
        let ms = took.as_secs_f64() * 1e3;
        let line = if is_first {
            format!("{} in {ms:.0} ms", count(files, "file"))
        } else {
            let what = match rebuild.changed.iter().as_slice() {
                [] => "Files other than content".to_string(),
                [one] => one.to_string(),
                [one, rest @ ..] => format!("{one} and {} more", rest.len()),
            };
            let pages = count(rebuild.rendered.len(), "page");
            format!("{}: {pages} in {ms:.1} ms", report::visible(&what))
        };
        let mended = was > self.known.len() && new.is_empty();
        let state = match (problems.len(), mended) {
            (0, true) => ". All problems are fixed".to_string(),
            (0, false) => String::new(),
            (all, _) => format!(". Problems: {all} ({errors} of them errors)"),
        };
        eprintln!("{line}{state}");
        if self.options.timings {
            let steps =
                rebuild.took.iter().map(|(what, took)| format!("{what} {:.1}", took.as_secs_f64() * 1e3));
            eprintln!("  ms: {}", steps.collect::<Vec<_>>().join(", "));
        }
        if let Some(sources) = workspace.sources() {
            super::show(sources, &new);
        }
    }
}

/// Makes the search index of the site as it is, on a thread of its own.
struct Indexer {
    /// Whether the site has changed since it was looked at.
    has_changed: Arc<(Mutex<bool>, Condvar)>,
}

impl Indexer {
    fn start(outlet: Arc<dyn Outlet>, site: SharedSite) -> Indexer {
        let has_changed: Arc<(Mutex<bool>, Condvar)> = Arc::default();
        let changed = Arc::clone(&has_changed);
        let work = move || {
            let mut follower = IncrementalIndex::new();
            loop {
                wait(&changed);
                let renewed = crash::contained(|| {
                    // Pages wait as long as this looks.
                    let look = site.lock().as_ref().map(|site| follower.look(site));
                    let Some(look) = look else { return };
                    // What is made of a site that has changed again is made in vain.
                    match follower.make(&look, &|| *lock(&changed.0)) {
                        Ok(Some(renewed)) => {
                            if let Err(error) = outlet.index(others(&renewed)) {
                                eprintln!("error: the search index cannot be written: {error}");
                            }
                        }
                        // The next one is waiting.
                        Ok(None) => {}
                        Err(error) => eprintln!("error: the search index cannot be built: {error}"),
                    }
                });
                if let Err(crash) = renewed {
                    eprintln!("The search was not updated:\n{}", crash.report(&super::typed()));
                    follower = IncrementalIndex::new();
                }
            }
        };
        if let Err(error) = thread::Builder::new().name("index".to_string()).spawn(work) {
            eprintln!("warning: the search was not updated: {error}");
        }
        Indexer { has_changed }
    }

    fn follow(&self) {
        *lock(&self.has_changed.0) = true;
        self.has_changed.1.notify_one();
    }
}

/// Waits until the site has changed.
fn wait(changed: &(Mutex<bool>, Condvar)) {
    let mut has_changed = lock(&changed.0);
    while !std::mem::take(&mut *has_changed) {
        has_changed = changed.1.wait(has_changed).unwrap_or_else(PoisonError::into_inner);
    }
}

fn lock(changed: &Mutex<bool>) -> MutexGuard<'_, bool> {
    changed.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The files that are others now, and those that are gone.
fn others(renewed: &IndexUpdate) -> Vec<(OutputPath, Option<Content>)> {
    let new = renewed.changed.iter().map(|path| (path, renewed.files.get(path)));
    let new = new.map(|(path, bytes)| (path, bytes.map(|bytes| Content::Bytes(Arc::clone(bytes)))));
    let all = new.chain(renewed.gone.iter().map(|path| (path, None)));
    all.filter_map(|(path, content)| Some((OutputPath::new(path).ok()?, content))).collect()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn what_came_meanwhile_is_looked_at_together() {
        let paths =
            |names: &[&str], git| Wake::Paths { paths: names.iter().map(PathBuf::from).collect(), git };
        let messages = [paths(&["a"], false), paths(&["b", "a"], true)].map(Message::Wake);
        let mut answered = 2;
        let old = Message::History(1, Ok(None));
        let news = gather(messages.into_iter().chain([old]), &mut answered);
        assert_eq!(news.touched.paths.iter().collect::<Vec<_>>(), ["a", "b"].map(Path::new).map(|it| it));
        assert!(news.asks_git && !news.touched.everything && news.history.is_none());
        let everything = Message::Wake(Wake::Everything { why: None });
        let news = gather([everything, Message::History(3, Ok(None))].into_iter(), &mut answered);
        assert!(news.asks_git && news.touched.everything && news.history.is_some());
        assert_eq!(answered, 3);
    }

    #[test]
    fn a_panic_of_the_thread_that_watches_ends_whoever_follows() {
        let (sender, messages) = mpsc::channel();
        let mut wakes = 0;
        let next = move || {
            wakes += 1;
            assert!(wakes < 2, "a loose cable");
            Some(Wake::Everything { why: None })
        };
        pass_on(next, sender).expect("a thread");
        let ended = crash::contained(|| gather(messages.iter(), &mut 0));
        let crash = ended.err().expect("it panics");
        assert!(crash.report("longhouse watch").contains("a loose cable"));
    }
}
