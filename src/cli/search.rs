//! `longhouse search`: asks the published index, or one made in memory where there is none.

use std::collections::BTreeMap;
use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};

use anstream::{eprintln, println};
use anstyle::{AnsiColor, Style};
use clap::{Arg, ArgAction};
use longhouse_search::{Answer, Hit, Index, Request, Suggestion};

use super::{Failure, Outcome, ci, report};
use crate::page::kind::Kind;
use crate::page::slug;
use crate::root;
use crate::site::Visibility;
use crate::site::facet::Facet;
use crate::source::{LoadOptions, index};

/// What `search` takes.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The query, in plain words; `-` reads one per line from standard input
    #[arg(allow_hyphen_values = true)]
    query: String,
    /// Print results as JSON: one array, or one array per line for `-`
    #[arg(long)]
    json: bool,
    /// The maximum number of results
    #[arg(long, default_value_t = 10, value_name = "N")]
    limit: usize,
    #[command(flatten)]
    filters: Filters,
    /// The output folder of the site [default: `public` in the site's folder]
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,
}

/// What pages are filtered by: an option for each facet, by its name.
#[derive(Debug, Clone, Default)]
pub struct Filters {
    /// What was given, by facet.
    pub given: BTreeMap<&'static str, Vec<String>>,
}

impl Filters {
    /// What was given, as the index is asked for it.
    ///
    /// # Errors
    /// When a facet has no such value.
    pub fn checked(&self) -> Result<BTreeMap<String, Vec<String>>, Failure> {
        let mut facets = BTreeMap::new();
        for (name, given) in &self.given {
            let facet = Facet::all().find(|facet| facet.name() == *name);
            let words = facet.and_then(Facet::words);
            let value = |value: &String| {
                let Some(words) = &words else { return Ok(slug::narrow(value).into_owned()) };
                let known = match facet {
                    Some(Facet::Kind) => Kind::from_word(value).map(Kind::singular),
                    _ => words.iter().copied().find(|word| word.eq_ignore_ascii_case(value.trim())),
                };
                let unknown = || {
                    let known = words.join(", ");
                    Failure::Usage(format!("There is no {} `{value}`. Known values: {known}", label(name)))
                };
                known.map(str::to_string).ok_or_else(unknown)
            };
            facets.insert((*name).to_string(), given.iter().map(value).collect::<Result<_, _>>()?);
        }
        Ok(facets)
    }

    /// The option for a facet.
    fn option(facet: Facet) -> Arg {
        let name = facet.name();
        let several = if facet.is_list() { "; can be given several times" } else { "" };
        let help = match facet {
            Facet::Is => {
                return Arg::new(ANSWERED)
                    .long(ANSWERED)
                    .action(ArgAction::SetTrue)
                    .help("Only questions that have an answer");
            }
            Facet::Kind => "Only pages of this kind".to_string(),
            Facet::Lang => "Only pages in this language".to_string(),
            Facet::Product => format!("Only pages about this product{several}"),
            Facet::Tag | Facet::Field(_) => match facet.words() {
                Some(words) => format!("Only pages with this {}: {}", label(name), words.join(", ")),
                None => format!("Only pages with this {}{several}", label(name)),
            },
        };
        let action = if facet.is_list() { ArgAction::Append } else { ArgAction::Set };
        let value = if facet == Facet::Product { "ID".to_string() } else { name.to_uppercase() };
        let option = Arg::new(name).long(name.replace('_', "-")).value_name(value).action(action).help(help);
        // The name itself is understood too.
        if name.contains('_') { option.alias(name) } else { option }
    }
}

/// The option for what is answered.
const ANSWERED: &str = "answered";

/// The name of a facet in a sentence.
fn label(name: &str) -> String {
    name.replace('_', " ")
}

impl clap::Args for Filters {
    fn augment_args(command: clap::Command) -> clap::Command {
        // `--version` is that of a page here.
        command.disable_version_flag(true).args(Facet::all().map(Filters::option))
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Filters::augment_args(command)
    }
}

impl clap::FromArgMatches for Filters {
    fn from_arg_matches(matches: &clap::ArgMatches) -> Result<Filters, clap::Error> {
        let mut filters = Filters::default();
        filters.update_from_arg_matches(matches)?;
        Ok(filters)
    }

    fn update_from_arg_matches(&mut self, matches: &clap::ArgMatches) -> Result<(), clap::Error> {
        for facet in Facet::all() {
            let given: Vec<String> = match facet {
                Facet::Is if matches.get_flag(ANSWERED) => vec![ANSWERED.to_string()],
                Facet::Is => continue,
                facet => matches.get_many(facet.name()).unwrap_or_default().cloned().collect(),
            };
            if !given.is_empty() {
                self.given.insert(facet.name(), given);
            }
        }
        Ok(())
    }
}

/// Searches.
///
/// # Errors
/// When there is neither an index nor a site to make one of.
pub fn run(root: Option<PathBuf>, arguments: &Arguments) -> Result<Outcome, Failure> {
    let facets = arguments.filters.checked()?;
    let root = super::root(root)?;
    let output = arguments.output.clone().unwrap_or_else(|| root.join(root::OUTPUT));
    let index = open(&root, &output)?;
    let ask = |query: &str| {
        let request = Request {
            // `ｔａｇ：ｃ＋＋` is what an input method for Chinese or Japanese makes of `tag:c++`.
            query: slug::narrow(query).into_owned(),
            limit: arguments.limit,
            facets: facets.clone(),
            ..Request::default()
        };
        index.answer(&request).map_err(|error| Failure::World(format!("The index cannot be read: {error}")))
    };
    if arguments.query == "-" {
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        for line in std::io::stdin().lock().lines() {
            let line = line.map_err(|error| Failure::World(format!("Standard input: {error}")))?;
            let hits = ask(&line)?.hits;
            writeln!(out, "{}", json(&hits)).map_err(|error| Failure::World(error.to_string()))?;
        }
        out.flush().map_err(|error| Failure::World(error.to_string()))?;
        return Ok(Outcome::Done);
    }
    let Answer { hits, suggestions, doubtful, excluded, loosened, .. } = ask(&arguments.query)?;
    if !hits.is_empty() {
        for phrase in &loosened {
            let phrase = report::visible(phrase);
            eprintln!("No page has “{phrase}” word for word, so its words are searched for.");
        }
    }
    if !excluded.is_empty() {
        let named: Vec<String> = excluded.iter().map(|it| report::visible(&it[1..]).into_owned()).collect();
        eprintln!("Left out: {}. To search with it, leave out the minus.", named.join(", "));
    }
    if arguments.json {
        println!("{}", json(&hits));
    } else if hits.is_empty() {
        eprintln!("No results. Try other words, or fewer.");
        for Suggestion { from, to } in &suggestions {
            eprintln!("  {} instead of {}?", report::visible(to), report::visible(from));
        }
    } else {
        if doubtful {
            eprintln!("This is perhaps not answered here yet. The closest pages:\n");
        }
        for hit in &hits {
            println!("{}\n", readable(hit));
        }
    }
    if !arguments.json && (doubtful || hits.is_empty()) && root.join(root::CONFIG).is_file() {
        eprintln!("To ask it: longhouse new question {}", quoted(&report::visible(&arguments.query)));
    }
    Ok(Outcome::Done)
}

/// A text as one argument of a command that is to be copied into a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// The published index, or one made in memory of what is there now.
pub(super) fn open(root: &Path, output: &Path) -> Result<Index, Failure> {
    match index::open(output) {
        Ok(pack) => match Index::open(pack) {
            Ok(index) => return Ok(index),
            Err(error) => {
                eprintln!("The index in {} cannot be read ({error}), so a new one is used", output.display())
            }
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            eprintln!("There is no index in {}, so a new one is used", output.display());
        }
        Err(error) => {
            eprintln!("The index in {} cannot be read ({error}), so a new one is used", output.display());
        }
    }
    let sources = super::load(root, &LoadOptions { output: Some(output.to_path_buf()), ..ci::defaults() })?;
    let (site, _) = crate::pipeline::understand(&sources, Visibility::default(), &|_| {});
    let failed =
        |error: longhouse_search::Error| Failure::World(format!("The index cannot be built: {error}"));
    Index::open(crate::search::in_memory(&site).map_err(failed)?).map_err(failed)
}

fn json(hits: &[Hit]) -> String {
    serde_json::to_string(hits).unwrap_or_else(|_| "[]".to_string())
}

/// A hit for people: title, kind, address and who wrote it, and the passage with the words in bold.
fn readable(hit: &Hit) -> String {
    let bold = Style::new().bold();
    let quiet = Style::new().fg_color(Some(AnsiColor::BrightBlack.into()));
    let title = report::visible(&hit.title);
    let by = if hit.by.is_empty() { String::new() } else { format!(" by {}", report::visible(&hit.by)) };
    let head = [format!("{bold}{title}{bold:#}"), format!("{quiet}{} {}{by}{quiet:#}", hit.kind, hit.url)];
    let mut text = String::new();
    let snippet: Vec<char> = report::visible(&hit.snippet).chars().collect();
    let mut at = 0;
    for [from, to] in &hit.marks {
        text.extend(&snippet[at.min(snippet.len())..(*from).min(snippet.len())]);
        text.push_str(&bold.to_string());
        text.extend(&snippet[(*from).min(snippet.len())..(*to).min(snippet.len())]);
        text.push_str(&format!("{bold:#}"));
        at = *to;
    }
    text.extend(&snippet[at.min(snippet.len())..]);
    let lines = head.into_iter().chain([text]).map(|line| line.replace('\n', " "));
    lines.collect::<Vec<_>>().join("\n  ")
}
