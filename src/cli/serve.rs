//! `longhouse serve`: the site in memory, for the person who writes it.

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anstream::{eprintln, println};

use super::follow::{self, Outlet};
use super::{Failure, Outcome, ci, report};
use crate::diagnostic::Diagnostic;
use crate::output::{Content, OutputPath};
use crate::page::markdown::{Block, BlockKind};
use crate::root;
use crate::server::{
    self, Bound, Current, Origin, Origins, Pages, Problem, Problems, Ribbon, Saved, ServeError, Settings,
    Update,
};
use crate::site::{Site, Visibility};
use crate::source::{self, LoadOptions};
use crate::theme::Names;
use crate::workspace::{Rebuild, SharedSite, Stopped, Workspace};

/// At most this many problems are shown with their lines.
const EXCERPTS: usize = 500;

/// What `serve` takes.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The port to use [default: 4000, or the next free one]
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,
    /// The address to listen on, such as 0.0.0.0 to view the site on a phone [default: 127.0.0.1]
    #[arg(long, value_name = "ADDRESS")]
    host: Option<String>,
    /// Another host name that the preview responds to, such as that of a forwarded port
    #[arg(long = "allow-host", value_name = "NAME")]
    allowed_hosts: Vec<String>,
    /// Open the site in the browser
    #[arg(long)]
    open: bool,
    /// Show each saved page in the browser, scrolled to what changed
    #[arg(long)]
    follow: bool,
    /// Poll for changes every MS milliseconds instead of relying on the system; for network drives
    #[arg(long, value_name = "MS")]
    poll: Option<u64>,
    /// Print how long each step of an update took
    #[arg(long)]
    timings: bool,
}

/// Serves the site until Ctrl-C, and follows its files.
///
/// # Errors
/// When the site cannot be read or the port not be had.
pub fn run(root: Option<PathBuf>, arguments: &Arguments) -> Result<Outcome, Failure> {
    let root = super::root(root)?;
    let root = root.canonicalize().unwrap_or(root);
    let output = root.join(root::OUTPUT);
    let options = LoadOptions { output: Some(output.clone()), preview: true, ..ci::defaults() };
    let config = super::config(&root)?;
    let bound = server::bind(&server::Options {
        host: arguments.host.clone(),
        port: arguments.port,
        allowed_hosts: arguments.allowed_hosts.clone(),
        base_path: config.base_path().to_string(),
        follow: arguments.follow,
        ..server::Options::default()
    })?;
    let url = bound.url();
    // Links in a preview lead to the preview, whatever the site's own address is.
    let options = LoadOptions { base_url: Some(url.clone()), ..options };
    let sources = super::load(&root, &options)?;
    println!("{url}");
    // Anyone who started us through a pipe waits for the address.
    std::io::stdout().flush().map_err(|error| Failure::World(error.to_string()))?;
    if let Some(url) = bound.network_url() {
        eprintln!("On your network: {url}");
    }
    eprintln!("Previewing {}. Press Ctrl-C to stop.", sources.config.title);
    if arguments.open {
        open(&url);
    }
    let current = Arc::new(Current::new());
    let visibility = Visibility { drafts: true, preview: true };
    let workspace = Workspace::new(&root, options, visibility, Names::Plain);
    let outlet: Arc<dyn Outlet> =
        Arc::new(Served { current: Arc::clone(&current), linked: workspace.site() });
    let poll = arguments.poll.map(Duration::from_millis);
    let follow_options = follow::Options { timings: arguments.timings, poll };
    let following = move || follow::follow(workspace, &outlet, &root, &output, follow_options, sources);
    serve_while(bound, current, following)?;
    Ok(Outcome::Done)
}

/// Answers until Ctrl-C, while the site is followed on a thread of its own.
///
/// # Panics
/// As that thread does: a preview that does not follow any more shows what is not so.
fn serve_while(
    bound: Bound,
    current: Arc<Current>,
    following: impl FnOnce() + Send + 'static,
) -> Result<(), Failure> {
    // Dropped when the thread ends, however it does.
    let (alive, ended) = tokio::sync::oneshot::channel::<()>();
    let following = move || {
        let _alive = alive;
        following();
    };
    let following = std::thread::Builder::new()
        .name("follow".to_string())
        .spawn(following)
        .map_err(|error| Failure::World(error.to_string()))?;
    let mut has_ended = false;
    bound.run(current, async {
        let _ = ended.await;
        has_ended = true;
    })?;
    if has_ended && let Err(payload) = following.join() {
        std::panic::resume_unwind(payload);
    }
    Ok(())
}

/// The site that is served.
struct Served {
    current: Arc<Current>,
    linked: SharedSite,
}

impl Outlet for Served {
    fn files(&self, files: Vec<(OutputPath, Option<Content>)>, rebuild: &Rebuild) -> io::Result<()> {
        let saved = rebuild.saved.as_ref().map(|saved| Saved {
            address: saved.address.clone(),
            fragment: saved.fragment.clone(),
            words: saved.words.clone(),
        });
        self.current.publish(Update { files, moved: rebuild.moved.clone(), saved, ..Update::default() });
        Ok(())
    }

    fn index(&self, files: Vec<(OutputPath, Option<Content>)>) -> io::Result<()> {
        self.current.publish(Update { files, ..Update::default() });
        Ok(())
    }

    fn problems(&self, workspace: &Workspace, problems: &[Diagnostic], stopped: Option<&Stopped>) {
        let Some(sources) = workspace.sources() else { return };
        let text = |file: &str| sources.text(file).cloned().or_else(|| sources.trusted_text(file));
        let linked = self.linked.lock();
        let mut list = Vec::new();
        if let Some(stopped) = stopped {
            let own = |file: &str| {
                stopped.texts.get(file).cloned().or_else(|| source::read_again(&sources.trusted, file))
            };
            let excerpts = report::excerpts(&stopped.diagnostics, own, EXCERPTS);
            list.extend(stopped.diagnostics.iter().zip(excerpts).map(|(diagnostic, excerpt)| Problem {
                diagnostic: diagnostic.clone(),
                excerpt,
                pages: Pages::Every,
                stops: true,
            }));
        }
        let excerpts = report::excerpts(problems, text, EXCERPTS);
        list.extend(problems.iter().zip(excerpts).map(|(diagnostic, excerpt)| {
            let place = linked.as_ref().and_then(|site| {
                site.place_of(&diagnostic.file)
                    .map(|(address, _)| address)
                    .or_else(|| site.meant_address(&diagnostic.file))
            });
            let pages = Pages::These(place.into_iter().collect());
            Problem { diagnostic: diagnostic.clone(), excerpt, pages, stops: false }
        }));
        let ribbons = linked.as_ref().map(ribbons);
        let settings = Settings { editor: sources.config.editor.clone(), root: sources.root.clone() };
        self.current.publish(Update {
            problems: Some(Problems { list }),
            ribbons,
            origins: Some(Arc::new(SiteOrigins(self.linked.clone()))),
            settings: Some(settings),
            ..Update::default()
        });
    }
}

/// The pages that only a preview shows.
fn ribbons(site: &Site) -> Vec<Ribbon> {
    let shown = site.entries().iter().filter_map(|entry| {
        let words = site.words().ribbon(entry.ribbon?).to_string();
        Some(Ribbon { address: entry.address.clone(), fragment: None, title: entry.title.clone(), words })
    });
    shown.collect()
}

/// Where pages come from, looked up in the site as it is.
struct SiteOrigins(SharedSite);

impl Origins for SiteOrigins {
    fn of(&self, address: &str) -> Vec<Origin> {
        let linked = self.0.lock();
        let Some(site) = linked.as_ref() else { return Vec::new() };
        let mut origins = Vec::new();
        for page in site.pages_at(address) {
            let origin = |line, text: String| Origin { file: Arc::clone(&page.path), line, text };
            origins.push(origin(1, String::new()));
            let source = site.sources().text(&page.path);
            for block in &page.body.blocks {
                let text = page.body.text_at(block.text.clone());
                origins.push(origin(block.span.line, text.to_string()));
                for (line, text) in source.into_iter().flat_map(|source| inner_lines(block, source)) {
                    origins.push(origin(line, text));
                }
            }
        }
        origins
    }
}

/// The lines inside a list, a quotation or a table, and those of a table by its cells, as they read on the page: near
/// enough to be told from one another, for inner marks are left in place of links and the like.
fn inner_lines<'a>(block: &Block, source: &'a str) -> impl Iterator<Item = (u32, String)> + use<'a> {
    let is_made_of_others = matches!(
        block.kind,
        BlockKind::List { .. } | BlockKind::Quote | BlockKind::Alert(_) | BlockKind::Table
    );
    let lines = if is_made_of_others { block.span.line..block.span.end_line + 1 } else { 0..0 };
    let is_table = matches!(block.kind, BlockKind::Table);
    let first = usize::try_from(lines.start).unwrap_or_default().saturating_sub(1);
    lines.zip(source.lines().skip(first)).flat_map(move |(number, line)| {
        let cells: Vec<String> =
            if is_table { line.split('|').map(plain).collect() } else { vec![plain(line)] };
        cells.into_iter().filter(|text| !text.is_empty()).map(move |text| (number, text))
    })
}

/// A line without what marks it as an item or a quotation, and without marks of emphasis and code.
fn plain(line: &str) -> String {
    let mut rest = line.trim();
    loop {
        let bare = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let bare = if bare.len() < rest.len() { bare.strip_prefix(['.', ')']) } else { None };
        let item = ["- ", "* ", "+ ", ">"].iter().find_map(|mark| rest.strip_prefix(mark));
        match bare.filter(|bare| bare.starts_with(' ')).or(item) {
            Some(inner) => rest = inner.trim_start(),
            None => break,
        }
    }
    rest.replace(['*', '`'], "")
}

impl From<ServeError> for Failure {
    fn from(error: ServeError) -> Failure {
        Failure::World(error.to_string())
    }
}

/// Asks the system to show an address. If it will not, the address stands in the terminal.
fn open(url: &str) {
    let command = if cfg!(target_os = "macos") {
        "open"
    } else if cfg!(windows) {
        "explorer"
    } else {
        "xdg-open"
    };
    if let Err(error) = std::process::Command::new(command).arg(url).spawn() {
        eprintln!("note: `{command}` cannot be started ({error}); open the address in your browser");
    }
}

#[cfg(test)]
mod tests {
    use std::process::ExitCode;

    use super::*;

    #[test]
    fn a_panic_of_the_thread_that_follows_is_told_and_ends_the_preview_with_status_3() {
        let bound = server::bind(&server::Options::default()).expect("a port");
        let current = Arc::new(Current::new());
        let ended = super::super::crash::contained(|| {
            serve_while(bound, current, || panic!("a page without end")).map(|()| ExitCode::SUCCESS)
        });
        let mut told = String::new();
        let status = super::super::status(ended.map(|it| it.expect("a port")), |text| told.push_str(text));
        assert_eq!(format!("{status:?}"), format!("{:?}", ExitCode::from(3)));
        for part in ["bug in Longhouse", "a page without end"] {
            assert!(told.contains(part), "{told}");
        }
    }

    #[test]
    fn a_line_of_a_list_reads_as_on_the_page() {
        for (line, text) in [
            ("- one", "one"),
            ("   - inner *one* `code`", "inner one code"),
            ("12. twelfth", "twelfth"),
            ("> - quoted", "quoted"),
            ("2026 was the year", "2026 was the year"),
            ("3.5 volts", "3.5 volts"),
            ("-", "-"),
        ] {
            assert_eq!(plain(line), text, "{line}");
        }
    }
}
