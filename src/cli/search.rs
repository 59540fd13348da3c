//! `longhouse search`: asks the published index, or one made in memory where there is none.

use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};

use anstream::{eprintln, println};
use anstyle::{AnsiColor, Style};
use longhouse_search::{Answer, Hit, Index, Request, Suggestion};

use super::{Failure, Outcome, report};
use crate::page::kind::Kind;
use crate::page::slug;
use crate::root;
use crate::site::Visibility;
use crate::source::{LoadOptions, index};

/// What `search` takes.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The query, in plain words; `-` reads one per line from standard input
    #[arg(allow_hyphen_values = true)]
    query: String,
    /// Print hits as JSON: one array, or one array per line for `-`
    #[arg(long)]
    json: bool,
    /// The maximum number of hits
    #[arg(long, default_value_t = 10, value_name = "N")]
    limit: usize,
    /// Only pages of this kind
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// Only pages with this tag; can be given several times
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,
    /// Only pages about this product; can be given several times
    #[arg(long = "product", value_name = "ID")]
    products: Vec<String>,
    /// Only questions that have an answer
    #[arg(long)]
    answered: bool,
    /// Where the site was written [default: `public` in the site's folder]
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,
}

/// Searches.
///
/// # Errors
/// When there is neither an index nor a site to make one of.
pub fn run(root: Option<PathBuf>, arguments: &Arguments) -> Result<Outcome, Failure> {
    let kind = arguments.kind.as_deref().and_then(Kind::from_word);
    if let Some(unknown) = arguments.kind.as_ref().filter(|_| kind.is_none()) {
        let known: Vec<&str> = Kind::ALL.iter().map(|kind| kind.singular()).collect();
        return Err(Failure::Usage(format!(
            "There is no kind `{unknown}`. The kinds are: {}",
            known.join(", ")
        )));
    }
    let root = super::root(root)?;
    let output = arguments.output.clone().unwrap_or_else(|| root.join(root::OUTPUT));
    let index = open(&root, &output)?;
    let ask = |query: &str| {
        let request = Request {
            // `ｔａｇ：ｃ＋＋` is what an input method for Chinese or Japanese makes of `tag:c++`.
            query: slug::narrow(query).into_owned(),
            limit: arguments.limit,
            kind: kind.map(|kind| kind.singular().to_string()),
            tags: arguments.tags.iter().map(|tag| slug::narrow(tag).into_owned()).collect(),
            products: arguments.products.clone(),
            answered: arguments.answered,
            lang: None,
            counts: false,
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
    let Answer { hits, suggestions, .. } = ask(&arguments.query)?;
    if arguments.json {
        println!("{}", json(&hits));
    } else if hits.is_empty() {
        eprintln!("Nothing found. Try other words, or fewer words.");
        for Suggestion { from, to } in &suggestions {
            eprintln!("  {} instead of {}?", report::visible(to), report::visible(from));
        }
    } else {
        for hit in &hits {
            println!("{}\n", readable(hit));
        }
    }
    Ok(Outcome::Done)
}

/// The published index, or one made in memory of what is there now.
pub(super) fn open(root: &Path, output: &Path) -> Result<Index, Failure> {
    match index::open(output) {
        Ok(pack) => match Index::open(pack) {
            Ok(index) => return Ok(index),
            Err(error) => {
                eprintln!("The index in {} cannot be read ({error}); searching a new one", output.display())
            }
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            eprintln!("There is no index in {}; searching a new one", output.display());
        }
        Err(error) => {
            eprintln!("The index in {} cannot be read ({error}); searching a new one", output.display());
        }
    }
    let sources =
        super::load(root, &LoadOptions { output: Some(output.to_path_buf()), ..LoadOptions::default() })?;
    let (site, _) = crate::pipeline::understand(&sources, Visibility::default(), &|_| {});
    let failed =
        |error: longhouse_search::Error| Failure::World(format!("The index cannot be made: {error}"));
    Index::open(crate::search::in_memory(&site).map_err(failed)?).map_err(failed)
}

fn json(hits: &[Hit]) -> String {
    serde_json::to_string(hits).unwrap_or_else(|_| "[]".to_string())
}

/// A hit for people: title, kind, address, and the passage with the words in bold.
fn readable(hit: &Hit) -> String {
    let bold = Style::new().bold();
    let quiet = Style::new().fg_color(Some(AnsiColor::BrightBlack.into()));
    let title = report::visible(&hit.title);
    let mut text = format!("{bold}{title}{bold:#}  {quiet}{} {}{quiet:#}\n  ", hit.kind, hit.url);
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
    text.replace('\n', " ").replacen("  ", "\n  ", 2)
}
