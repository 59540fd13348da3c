//! `longhouse insight`: what the community looks like in figures.

use std::io::Write;
use std::path::{Path, PathBuf};

use anstream::eprintln;
use clap::builder::PossibleValuesParser;

use super::{Failure, Outcome, ci, report};
use crate::check::possible_duplicate;
use crate::insight::figures::{FIGURES, find};
use crate::insight::window::{Every, day_number};
use crate::insight::{self, Found, Options, Report, by_person, csv, json, page};
use crate::output;
use crate::pipeline::BuildError;
use crate::root;
use crate::site::suggest::Suggestions;
use crate::site::{Site, Visibility};
use crate::source::{LoadOptions, Sources, published};

mod people;
mod table;

/// What `insight` takes.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Print the report as JSON, with the definition of every figure
    #[arg(long)]
    json: bool,
    /// Print the report as CSV, one number per line: date, id, tag, value
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// Write the report as a page with charts, outside of the published folder
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Also show each week, month, quarter or year
    #[arg(long, value_name = "PERIOD", value_parser = PossibleValuesParser::new(Every::ALL.map(Every::name)))]
    by: Option<String>,
    /// Count only what has this tag
    #[arg(long, value_name = "TAG")]
    tag: Option<String>,
    /// Count only what is about this product
    #[arg(long, value_name = "PRODUCT")]
    product: Option<String>,
    /// Count a question as answered only if somebody other than its author answered it
    #[arg(long)]
    strict_answers: bool,
    /// Leave nothing out: count duplicates as questions of their own, and questions too young to be answered in time
    #[arg(long)]
    include_duplicates: bool,
    /// Also run the search tests, and look for questions that were asked before and are not marked; this takes longer
    #[arg(long)]
    search: bool,
    /// Show what people did for others instead, one line per person; with --json or --csv for programs
    #[arg(long, conflicts_with_all = ["html", "by", "tag", "product", "strict_answers", "include_duplicates", "search"])]
    people: bool,
    /// Explain a figure instead; without a name, explain all of them
    #[arg(long, value_name = "FIGURE", num_args = 0..=1, default_missing_value = ALL)]
    explain: Option<String>,
}

/// What is said where ages are unknown.
const NO_DAY: &str =
    "note: No day counts as today, so ages are unknown. Set SOURCE_DATE_EPOCH, or commit the site to git.";

/// What `--explain` takes for every figure.
const ALL: &str = "all";

/// Counts, and prints what came out.
///
/// # Errors
/// When the site cannot be read, there is no such tag or product, or the page cannot be written there.
pub fn run(root: Option<PathBuf>, arguments: &Arguments) -> Result<Outcome, Failure> {
    if let Some(figure) = &arguments.explain {
        return explained(figure);
    }
    let root = super::root(root)?;
    let options = LoadOptions { output: Some(root.join(root::OUTPUT)), ..ci::defaults() };
    let sources = super::load(&root, &options)?;
    if let Some(file) = &arguments.html {
        refuse_published(&root, &sources, file)?;
    }
    let (site, mut problems) = crate::pipeline::understand(&sources, Visibility::default(), &|_| {});
    if arguments.people {
        return of_people(&site, arguments);
    }
    problems.extend(crate::check::thorough(&site));
    if arguments.search {
        super::search_tests(&site, &mut problems)?;
        problems.extend(possible_duplicate::check(&site, &|_| true).map_err(BuildError::Index)?);
    }
    let found = Found {
        problems: &problems,
        search_tests: arguments.search,
        duplicates: arguments.search,
        states: sources.field_histories.as_deref(),
    };
    let mut options = options_of(&site, arguments)?;
    let mut report = insight::report(site.counted(), Some(found), &options);
    if let Some((first, last)) = report.span.filter(|_| arguments.html.is_some() && options.by.is_none()) {
        // Charts need periods.
        options.by = Some(Every::for_days(day_number(last) - day_number(first)));
        report = insight::report(site.counted(), Some(found), &options);
    }
    if report.today.is_none() {
        eprintln!("{NO_DAY}");
    }
    let text = match arguments {
        Arguments { json: true, .. } => {
            let mut text = String::new();
            report::write_json(&mut text, &json::json(&report).to_string());
            text + "\n"
        }
        Arguments { csv: true, .. } => csv::csv(&report),
        _ if arguments.html.is_some() => String::new(),
        _ => table::table(&report),
    };
    if let Some(file) = &arguments.html {
        write(file, &report)?;
    }
    print(&text)
}

/// Prints what people did for others.
fn of_people(site: &Site, arguments: &Arguments) -> Result<Outcome, Failure> {
    let report = by_person::people(site);
    if report.today.is_none() {
        eprintln!("{NO_DAY}");
    }
    let text = match arguments {
        Arguments { json: true, .. } => {
            let mut text = String::new();
            report::write_json(&mut text, &by_person::json(&report).to_string());
            text + "\n"
        }
        Arguments { csv: true, .. } => by_person::csv(&report),
        _ => people::table(&report),
    };
    print(&text)
}

/// Prints a report on standard output; what is no terminal gets no colours.
fn print(text: &str) -> Result<Outcome, Failure> {
    let mut out = anstream::stdout().lock();
    out.write_all(text.as_bytes()).map_err(|error| Failure::World(error.to_string()))?;
    Ok(Outcome::Done)
}

/// What is counted, with names as the site writes them.
fn options_of(site: &Site, arguments: &Arguments) -> Result<Options, Failure> {
    let by = arguments.by.as_deref().and_then(|name| Every::ALL.into_iter().find(|by| by.name() == name));
    let options = Options {
        strict_answers: arguments.strict_answers,
        include_duplicates: arguments.include_duplicates,
        by,
        ..Options::default()
    };
    let options = options.named(site, arguments.tag.as_deref(), arguments.product.as_deref());
    known("tag", arguments.tag.as_deref(), options.tag.as_deref(), site.tags().keys())?;
    known("product", arguments.product.as_deref(), options.product.as_deref(), site.products().keys())?;
    Ok(options)
}

fn known<'a>(
    what: &str,
    written: Option<&str>,
    meant: Option<&str>,
    all: impl Iterator<Item = &'a String> + Clone,
) -> Result<(), Failure> {
    let (Some(written), Some(meant)) = (written, meant) else { return Ok(()) };
    if all.clone().any(|it| it == meant) {
        return Ok(());
    }
    let near = Suggestions::default().nearest(meant, all.map(String::as_str));
    let near = near.map_or_else(String::new, |near| format!(". Did you mean `{near}`?"));
    Err(Failure::Usage(format!("There is no {what} `{written}` on this site{near}")))
}

/// Refuses to write the page where the site is made from or published: it is for those who look after the community.
fn refuse_published(root: &Path, sources: &Sources, file: &Path) -> Result<(), Failure> {
    let folder = match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let folder = real(folder);
    let content = sources.content_prefix.trim_end_matches('/');
    let inputs = root::TRUSTED_FOLDERS.into_iter().chain([content]).filter(|name| !name.is_empty());
    let inside = inputs.chain([root::OUTPUT]).find(|name| folder.starts_with(real(&root.join(name))));
    let is_site = folder.ancestors().any(published::is_site);
    // Where the root itself is the content, every markdown file below it is; a page is not, but it may be published.
    let why = match inside {
        Some(root::OUTPUT) => "is in the folder that is published",
        Some(_) => "is in a folder that the site is made from",
        None if is_site => "is in a folder that is published",
        None => return Ok(()),
    };
    Err(Failure::Usage(format!(
        "{} {why}. The report is not meant for the public, so write it somewhere else",
        file.display()
    )))
}

fn write(file: &Path, report: &Report) -> Result<(), Failure> {
    let written = output::write_report(file, &page::page(report));
    written.map_err(|error| Failure::World(format!("{}: {error}", file.display())))?;
    eprintln!("Wrote {}", file.display());
    Ok(())
}

/// Prints what a figure means, on standard output.
fn explained(id: &str) -> Result<Outcome, Failure> {
    let text = match find(id) {
        Some(figure) => table::explained(figure),
        None if id == ALL => FIGURES.iter().map(table::explained).collect::<Vec<_>>().join("\n"),
        None => {
            let near = Suggestions::default().nearest(id, FIGURES.iter().map(|figure| figure.id));
            let near = near.map_or_else(String::new, |near| format!(" Did you mean `{near}`?"));
            return Err(Failure::Usage(format!(
                "There is no figure `{id}`.{near} List all figures with `longhouse insight --explain`"
            )));
        }
    };
    super::print(&text)?;
    Ok(Outcome::Done)
}
