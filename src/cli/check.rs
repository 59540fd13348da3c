//! `longhouse check`: every problem of every file, in one run.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anstream::eprintln;

use super::apart::Apart;
use super::report::{self, Format};
use super::{Failure, Outcome, ci};
use crate::check;
use crate::check::{explain, possible_duplicate, thorough};
use crate::diagnostic::{Diagnostic, Rule, Severity, count};
use crate::external::cache::{self, Cache};
use crate::external::{self, Options};
use crate::fix::is_mendable;
use crate::insight::health as conditions;
use crate::pipeline::BuildError;
use crate::root;
use crate::site::{Site, Visibility, opinion, url};
use crate::source::git;
use crate::source::git_diff::{Since, since};
use crate::source::{LoadOptions, Sources};
use health::Against;

mod health;

/// What `check` takes.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The format of the report
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Report only problems in the changes since REF, what they break elsewhere, and the claims in them
    #[arg(long, value_name = "REF")]
    changed_since: Option<String>,
    #[command(flatten)]
    apart: Apart,
    /// Check that links to other sites still work
    #[arg(long)]
    external: bool,
    /// Exit with 1 if there are more warnings than this
    #[arg(long, value_name = "N")]
    max_warnings: Option<usize>,
    /// Also fail if a figure of `insight` is not as wanted, such as `ttfa_median<24h, answered_rate>=base-2%`
    #[arg(long, value_name = "CONDITIONS")]
    health: Option<String>,
    /// Explain a rule instead; without a name, list all rules
    #[arg(long, value_name = "RULE", num_args = 0..=1, default_missing_value = ALL)]
    explain: Option<String>,
}

/// How long to wait between two questions to one host.
const PAUSE: Duration = Duration::from_millis(250);

/// How long one question may take.
const TIMEOUT: Duration = Duration::from_secs(10);
/// How long all questions of one run may take.
const LIMIT: Duration = Duration::from_secs(300);

/// What `--explain` takes for every rule.
const ALL: &str = "all";

/// Checks the site.
///
/// # Errors
/// When the site or the templates of its theme cannot be read.
pub fn run(root: Option<PathBuf>, arguments: &Arguments) -> Result<Outcome, Failure> {
    if let Some(rule) = &arguments.explain {
        return explained(rule);
    }
    let conditions =
        arguments.health.as_deref().map(conditions::parse).transpose().map_err(Failure::Usage)?;
    let conditions = conditions.unwrap_or_default();
    let is_for_people = arguments.format == Format::Human;
    let (site, mut diagnostics, changes) = match &arguments.changed_since {
        Some(reference) => {
            let mut brought = brought_since(root, &arguments.apart, reference)?;
            if !conditions.is_empty() {
                let failed = health::held(&conditions, &Against::Since(&brought), is_for_people)?;
                brought.diagnostics.extend(failed);
            }
            let Brought { site, diagnostics, since, .. } = brought;
            (site, diagnostics, Some(since.changes))
        }
        None => {
            let (site, mut found) = everything(root, &arguments.apart)?;
            if !conditions.is_empty() {
                found.extend(health::held(&conditions, &Against::Now(&site, &found), is_for_people)?);
            }
            let new = possible_duplicate::new_files(&site);
            let found = with_duplicates(&site, found, &|path| new.binary_search(&path).is_ok())?;
            (site, found, None)
        }
    };
    if is_for_people && changes.is_none() {
        tell_how_many_stories_are_missing(&site);
    }
    let sources = Arc::clone(site.sources());
    diagnostics.extend(check::program_state::check(&site, &super::kept_beside(&sources.root)));
    diagnostics.sort();
    if arguments.external {
        let concerns = |file: &str| changes.as_ref().is_none_or(|changes| changes.touches(file));
        diagnostics.extend(asked(&site, &concerns));
        diagnostics.sort();
    }
    let prefix = sources.history.as_ref().map_or("", |history| history.prefix.as_str());
    let text = |file: &str| sources.text(file).cloned().or_else(|| sources.trusted_text(file));
    match arguments.format {
        Format::Human if diagnostics.is_empty() => match &arguments.changed_since {
            Some(reference) => {
                eprintln!("No problems in the changes since {}", report::visible(reference))
            }
            None => eprintln!("No problems in {}", count(sources.documents.len(), "file")),
        },
        Format::Human => {
            super::show(&sources, &diagnostics);
            tell_what_can_be_mended(&sources, &diagnostics);
        }
        Format::Json => super::print(&report::json(&diagnostics))?,
        Format::Github => super::print(&report::github(&diagnostics, prefix, text))?,
        Format::Gitlab => super::print(&report::gitlab(&diagnostics, prefix, text))?,
        Format::Sarif => super::print(&report::sarif(&diagnostics, prefix, text))?,
    }
    // What is wrong with somebody else's site makes nothing fail, unless the configuration says so.
    let counts = |it: &&Diagnostic| it.severity == Severity::Warning && it.rule != Rule::ExternalLink;
    let warnings = diagnostics.iter().filter(counts).count();
    let too_many = arguments.max_warnings.is_some_and(|most| warnings > most);
    Ok(if super::has_errors(&diagnostics) || too_many { Outcome::ContentErrors } else { Outcome::Done })
}

/// Says how many of the problems `fix` mends.
fn tell_what_can_be_mended(sources: &Sources, diagnostics: &[Diagnostic]) {
    let mendable = || diagnostics.iter().filter(|it| is_mendable(sources, it));
    let guesses = mendable().filter(|it| it.is_guess).count();
    match (mendable().count() - guesses, guesses) {
        (0, 0) => {}
        (0, _) => {
            eprintln!("`longhouse fix --guesses` can fix {guesses} of them by using the nearest name")
        }
        (sure, 0) => eprintln!("`longhouse fix` can fix {sure} of them"),
        (sure, _) => eprintln!("`longhouse fix` can fix {sure} of them, and {guesses} more with `--guesses`"),
    }
}

/// Says how many stories are missing until there is a page for those who decide. That is no problem of anything, and
/// who collects no stories wants no such page.
fn tell_how_many_stories_are_missing(site: &Site) {
    let (stories, floor) = (opinion::stories(site.entries()), site.sources().config.decide_floor);
    if (1..floor).contains(&stories) {
        let missing = floor - stories;
        let word = if missing == 1 { "story is" } else { "stories are" };
        eprintln!("`{}` appears from {floor} stories on: {missing} more {word} missing", url::DECIDE);
    }
}

/// A site beside the one of a commit before.
pub(super) struct Brought {
    /// The site as it is.
    pub(super) site: Site,
    /// The site as it was.
    pub(super) before: Site,
    /// The problems that were brought since, and what is claimed.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// All problems of the site as it is.
    found: Vec<Diagnostic>,
    /// All problems of the site as it was.
    former: Vec<Diagnostic>,
    /// Whether the search tests were run on it.
    former_tests: bool,
    /// What differs.
    pub(super) since: Since,
}

/// Reads a site and finds all that is wrong with it.
fn everything(root: Option<PathBuf>, apart: &Apart) -> Result<(Site, Vec<Diagnostic>), Failure> {
    let root = apart.root(root)?;
    let options = LoadOptions { output: Some(root.join(root::OUTPUT)), ..ci::defaults() };
    let sources = super::load(&root, &apart.on(options))?;
    let (site, mut diagnostics) = crate::pipeline::understand(&sources, Visibility::default(), &|_| {});
    crate::theme::Theme::new(&site, crate::theme::Names::Hashed).map_err(BuildError::Template)?;
    diagnostics.extend(thorough(&site));
    super::search_tests(&site, &mut diagnostics)?;
    Ok((site, diagnostics))
}

/// Reads a site and keeps of what is wrong with it what was brought since a commit, and adds what is claimed.
pub(super) fn brought_since(
    root: Option<PathBuf>,
    apart: &Apart,
    reference: &str,
) -> Result<Brought, Failure> {
    let (site, found) = everything(root, apart)?;
    let since = since(site.sources(), reference).map_err(|error| Failure::Usage(format!("{error}.")))?;
    let (before, mut former) =
        crate::pipeline::understand_beside(&site, &since.sources, Visibility::default());
    former.extend(thorough(&before));
    // An index of the former site is made only if there is a test whose fault may be old.
    let is_elsewhere = |it: &Diagnostic| it.rule == Rule::SearchTest && !since.changes.touches(&it.file);
    let former_tests = found.iter().any(is_elsewhere);
    if former_tests {
        super::search_tests(&before, &mut former)?;
    }
    let brought = check::diff_filter::report(&site, found.clone(), &before, &former, &since.changes);
    let asked = possible_duplicate::asked_since(&site, &before, &since.changes);
    let diagnostics = with_duplicates(&site, brought, &|path| asked.binary_search(&path).is_ok())?;
    Ok(Brought { site, before, diagnostics, found, former, former_tests, since })
}

/// Asks the sites that content links to, and remembers what they said.
fn asked(site: &Site, concerns: &dyn Fn(&str) -> bool) -> Vec<Diagnostic> {
    let now =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default().as_secs();
    let options = Options {
        allowed: super::allowed_hosts(),
        pause: PAUSE,
        timeout: TIMEOUT,
        chain: 2 * TIMEOUT,
        limit: LIMIT,
        now,
    };
    let place = cache::place(|name| std::env::var_os(name).filter(|it| !it.is_empty()).map(PathBuf::from));
    // One that git tracks may have come with somebody's branch.
    let place = place.filter(|place| !git::tracks(place));
    let mut cache = place.as_deref().map(Cache::read).unwrap_or_default();
    let asked = external::check(site, concerns, &options, &mut cache);
    let (open, known) = asked.counts;
    eprintln!("Checked {} on other sites, {known} from earlier results", count(open, "address"));
    if let Some(note) = &asked.note {
        eprintln!("note: {note}");
    }
    if let Some(place) = place
        && let Err(error) = cache.write(&place, now)
    {
        eprintln!("note: The results cannot be saved in {}: {error}", place.display());
    }
    asked.diagnostics
}

/// Adds which of these questions may have been asked before.
fn with_duplicates(
    site: &Site,
    mut found: Vec<Diagnostic>,
    changed: &(dyn Fn(&str) -> bool + Sync),
) -> Result<Vec<Diagnostic>, Failure> {
    found.extend(possible_duplicate::check(site, changed).map_err(BuildError::Index)?);
    found.sort();
    Ok(found)
}

/// Prints what a rule means, on standard output.
fn explained(name: &str) -> Result<Outcome, Failure> {
    let text = match Rule::from_name(name) {
        Some(rule) => explain::rule(rule),
        None if name == ALL => explain::all(),
        None => {
            let near =
                Rule::nearest(name).map_or_else(String::new, |near| format!(" Did you mean `{near}`?"));
            return Err(Failure::Usage(format!(
                "There is no rule `{name}`.{near} List all rules with `longhouse check --explain`"
            )));
        }
    };
    super::print(&text)?;
    Ok(Outcome::Done)
}
