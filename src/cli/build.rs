//! `longhouse build`: the whole site into a folder, published at once.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anstream::{eprintln, println};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::apart::Apart;
use super::{Failure, Outcome, ci, report};
use crate::diagnostic::{Diagnostic, count};
use crate::output::{self, Published, Stage};
use crate::pipeline::{Built, Event, Step};
use crate::root;
use crate::single_file;
use crate::site::{Site, Visibility};
use crate::source::Sources;
use crate::source::git_diff::since;

/// What `build` takes.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The output folder [default: `public` in the site's folder]
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,
    /// The address of the published site, instead of `base_url` in longhouse.yaml
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    #[command(flatten)]
    apart: Apart,
    /// Include drafts
    #[arg(long)]
    drafts: bool,
    /// Publish nothing and exit with 1 if the content has any error
    #[arg(long)]
    strict: bool,
    /// Build only the pages that were added or changed since REF, into one HTML file that opens from disk
    #[arg(long, value_name = "REF")]
    preview_of: Option<String>,
    /// The file of the preview [default: preview.html]
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = PREVIEW, requires = "preview_of")]
    single_file: Option<PathBuf>,
    /// Print only problems
    #[arg(long, short)]
    quiet: bool,
}

/// The file of a preview where nobody names one.
const PREVIEW: &str = "preview.html";

/// Builds the site.
///
/// # Errors
/// When the site cannot be read, or its folder not written.
pub fn run(root: Option<PathBuf>, arguments: &Arguments) -> Result<Outcome, Failure> {
    let root = arguments.apart.root(root)?;
    let clock = Clock::new(!arguments.quiet);
    let output = arguments.output.clone().unwrap_or_else(|| root.join(root::OUTPUT));
    let base_url = arguments.base_url.as_deref();
    let options = match arguments.preview_of {
        Some(_) => ci::options_unpublished(&output, base_url),
        None => ci::options(&root, &output, base_url)?,
    };
    let options = arguments.apart.on(options);
    let sources = super::load(&root, &options)?;
    clock.read();
    ci::tell_day(&sources);
    if sources.config.base_url.is_none() && arguments.preview_of.is_none() {
        eprintln!(
            "warning: longhouse.yaml has no `base_url`, so links in feeds and sitemaps start with {}",
            crate::site::url::Urls::of(&sources.config).absolute(crate::site::url::HOME)
        );
    }
    let visibility = Visibility { drafts: arguments.drafts, preview: false };
    let (site, mut diagnostics) =
        crate::pipeline::understand(&sources, visibility, &|event| clock.tell(event));
    if arguments.strict {
        super::search_tests(&site, &mut diagnostics)?;
    }
    if arguments.strict && super::has_errors(&diagnostics) {
        clock.clear();
        super::show(&sources, &diagnostics);
        eprintln!("Nothing was published: `--strict` allows no errors.");
        return Ok(Outcome::ContentErrors);
    }
    if let Some(reference) = &arguments.preview_of {
        preview(arguments, &site, &sources, &diagnostics, reference)?;
        return Ok(Outcome::Done);
    }
    let stage = super::on_output(&root, &output, &sources, Stage::begin)?;
    let built = crate::pipeline::build(&site, &stage, &|event| clock.tell(event))?;
    let published = stage.publish()?;
    clock.clear();
    super::show(&sources, &diagnostics);
    for path in &built.overridden {
        eprintln!("note: static/{path} replaces the generated file of the same name");
    }
    if !arguments.quiet {
        println!("{}", summary(&sources, &built, &published, &diagnostics, &clock));
    }
    if let Some(note) = &published.note {
        eprintln!("note: {note}");
    }
    super::all_was_read(&sources)?;
    // The process ends here: taking a hundred thousand pages apart would only cost time.
    std::mem::forget(site);
    std::mem::forget(sources);
    Ok(Outcome::Done)
}

/// Writes the pages that a branch adds or changes into one file.
fn preview(
    arguments: &Arguments,
    site: &Site,
    sources: &Sources,
    diagnostics: &[Diagnostic],
    reference: &str,
) -> Result<(), Failure> {
    let since = since(sources, reference).map_err(|error| Failure::Usage(format!("{error}.")))?;
    let preview = single_file::preview(site, &since.changes)?;
    let file = arguments.single_file.clone().unwrap_or_else(|| PathBuf::from(PREVIEW));
    output::write_file(&file, &preview.html, single_file::MARK).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            Failure::Usage(format!("{error}. Choose another file with `--single-file`."))
        }
        _ => Failure::World(format!("Cannot write {}: {error}", file.display())),
    })?;
    super::show(sources, diagnostics);
    if !arguments.quiet {
        println!(
            "Wrote {}, {:.1} MB, to {}",
            count(preview.pages, "page"),
            preview.html.len() as f64 / 1e6,
            file.display()
        );
    }
    if preview.more > 0 {
        eprintln!("note: {} more had no room in the file", count(preview.more, "changed page"));
    }
    Ok(())
}

/// What was built: pages by kind, what is not shown, files, time, problems.
fn summary(
    sources: &Sources,
    built: &Built,
    published: &Published,
    diagnostics: &[Diagnostic],
    clock: &Clock,
) -> String {
    let mut kinds: Vec<String> = Vec::new();
    for (kind, count) in &built.pages {
        kinds.push(format!(
            "{count} {}",
            if *count == 1 { kind.singular().to_string() } else { kind.plural().to_string() }
        ));
    }
    if built.answers > 0 {
        kinds.push(count(built.answers, "answer"));
    }
    let mut text = format!(
        "{}: {}\n",
        sources.config.title,
        if kinds.is_empty() { "no pages yet".to_string() } else { kinds.join(", ") }
    );
    let left_out = built.left_out;
    let skipped = [
        (left_out.held, "file", " with errors"),
        (left_out.drafts, "draft", ""),
        (left_out.future, "file", " dated in the future"),
        (left_out.hidden, "file", " hidden by moderators"),
    ];
    let skipped = skipped.iter().filter(|(files, ..)| *files > 0);
    let skipped: Vec<String> = skipped.map(|(files, what, why)| count(*files, what) + why).collect();
    if !skipped.is_empty() {
        text.push_str(&format!("Skipped: {}\n", skipped.join(", ")));
    }
    text.push_str(&format!(
        "Wrote {}, {:.1} MB, to {}\n",
        count(usize::try_from(published.files).unwrap_or(usize::MAX), "file"),
        published.bytes as f64 / 1e6,
        published.output.display()
    ));
    text.push_str(&clock.summary());
    text.push_str(&format!("\n{}", capital(&report::summary(diagnostics))));
    text
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// Times every step, and shows on a terminal how far it is.
struct Clock {
    started: Instant,
    steps: Mutex<BTreeMap<Step, (Instant, Duration)>>,
    read: Mutex<Duration>,
    bar: ProgressBar,
}

impl Clock {
    fn new(visible: bool) -> Clock {
        let bar = ProgressBar::new(0);
        let target = if visible && std::io::stderr().is_terminal() {
            ProgressDrawTarget::stderr_with_hz(10)
        } else {
            ProgressDrawTarget::hidden()
        };
        bar.set_draw_target(target);
        if let Ok(style) = ProgressStyle::with_template("{msg:9} {wide_bar} {pos}/{len}") {
            bar.set_style(style);
        }
        Clock { started: Instant::now(), steps: Mutex::default(), read: Mutex::default(), bar }
    }

    fn read(&self) {
        *self.read.lock().unwrap_or_else(PoisonError::into_inner) = self.started.elapsed();
    }

    fn tell(&self, event: Event) {
        match event {
            Event::Done(_) => self.bar.inc(1),
            Event::Begin(step, count) => {
                if step != Step::Index {
                    self.bar.reset();
                    self.bar.set_length(count as u64);
                    self.bar.set_message(name(step));
                }
                self.steps().insert(step, (Instant::now(), Duration::ZERO));
            }
            Event::End(step) => {
                if let Some((begun, took)) = self.steps().get_mut(&step) {
                    *took = begun.elapsed();
                }
            }
        }
    }

    fn clear(&self) {
        self.bar.finish_and_clear();
    }

    fn steps(&self) -> std::sync::MutexGuard<'_, BTreeMap<Step, (Instant, Duration)>> {
        self.steps.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn summary(&self) -> String {
        let read = *self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let mut parts = vec![format!("reading {}", milliseconds(read))];
        parts.extend(
            self.steps().iter().map(|(step, (_, took))| format!("{} {}", name(*step), milliseconds(*took))),
        );
        format!("Took {}: {}", milliseconds(self.started.elapsed()), parts.join(", "))
    }
}

const fn name(step: Step) -> &'static str {
    match step {
        Step::Parse => "parsing",
        Step::Link => "linking",
        Step::Render => "rendering",
        Step::Index => "indexing",
    }
}

fn milliseconds(duration: Duration) -> String {
    format!("{} ms", duration.as_millis())
}
