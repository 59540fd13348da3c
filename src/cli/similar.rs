//! `longhouse similar`: what on the site is like a question that somebody is about to ask.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use anstyle::{AnsiColor, Style};
use longhouse_search::{Hit, Near};
use serde::Serialize;

use super::{Failure, Outcome, ci, report};
use crate::root;
use crate::similar::{self, Question};
use crate::site::Visibility;
use crate::source::{self, LoadOptions};

/// What `similar` takes.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The question in plain words, or a file that asks it; `-` reads standard input: a file, or one question per line
    #[arg(allow_hyphen_values = true, value_name = "TEXT|FILE")]
    question: String,
    /// Print the results as JSON: one array, or one array per line
    #[arg(long)]
    json: bool,
    /// The maximum number of pages
    #[arg(long, default_value_t = 5, value_name = "N")]
    limit: usize,
    /// The output folder of the site [default: `public` in the site's folder]
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,
}

/// A page that is similar, for programs: what `search --json` says of a hit, and more.
#[derive(Debug, Serialize)]
struct SimilarHit<'a> {
    #[serde(flatten)]
    hit: &'a Hit,
    /// `same` or `near`.
    sure: &'static str,
    /// From 0 to 1.
    likeness: f32,
    /// Words of the question that stand on the page.
    shared: &'a [String],
}

/// Finds what is similar.
///
/// # Errors
/// When the file cannot be read, or there is neither an index nor a site to make one of.
pub fn run(root: Option<PathBuf>, arguments: &Arguments) -> Result<Outcome, Failure> {
    let root = super::root(root)?;
    let output = arguments.output.clone().unwrap_or_else(|| root.join(root::OUTPUT));
    let questions = questions(&root, &output, &arguments.question)?;
    let index = super::search::open(&root, &output)?;
    let mut out = std::io::BufWriter::new(anstream::stdout().lock());
    let several = questions.len() > 1;
    for question in &questions {
        let near = similar::near(&index, question, false, arguments.limit)
            .map_err(|error| Failure::World(format!("The index cannot be read: {error}")))?;
        let text = match (arguments.json, several) {
            (true, _) => json(&near) + "\n",
            (false, true) => format!("{}\n\n{}", report::visible(&question.title), readable(&near)),
            (false, false) => readable(&near),
        };
        out.write_all(text.as_bytes()).map_err(|error| Failure::World(error.to_string()))?;
    }
    out.flush().map_err(|error| Failure::World(error.to_string()))?;
    Ok(Outcome::Done)
}

/// What is asked: one question, or those on the lines of standard input.
fn questions(root: &Path, output: &Path, named: &str) -> Result<Vec<Question>, Failure> {
    if named == "-" {
        let mut text = String::new();
        let read = std::io::stdin().lock().read_to_string(&mut text);
        read.map_err(|error| Failure::World(format!("Standard input: {error}")))?;
        let config = super::config(root)?;
        let is_file =
            ["---", "+++", "# "].iter().any(|start| text.trim_start_matches('\u{feff}').starts_with(start));
        if is_file {
            return Ok(vec![similar::of_text(&text, &config)]);
        }
        return Ok(text.lines().map(|line| similar::of_text(line, &config)).collect());
    }
    let file = Path::new(named);
    if !file.is_file() {
        return Ok(vec![similar::of_text(named, &super::config(root)?)]);
    }
    // A file of the site is what the site makes of it, and is not like itself.
    if let Some(path) = source::path_in(root, file) {
        let options = LoadOptions { output: Some(output.to_path_buf()), ..ci::defaults() };
        let sources = super::load(root, &options)?;
        let (site, _) =
            crate::pipeline::understand(&sources, Visibility { drafts: true, preview: true }, &|_| {});
        if let Some(question) = similar::of_file(&site, &path) {
            return Ok(vec![question]);
        }
    }
    let document = source::document(file).map_err(|problem| {
        Failure::Usage(format!("{}: {}", file.display(), report::visible(&problem.message)))
    })?;
    let templates = crate::site::placeholder::templates(&crate::words::Words::english());
    Ok(vec![similar::of_page(&crate::page::parse(
        &document,
        super::config(root)?.page_settings(),
        "",
        &templates,
    ))])
}

fn json(near: &[Near]) -> String {
    let found: Vec<SimilarHit> = near
        .iter()
        .map(|it| SimilarHit { hit: &it.hit, sure: how_sure(it).0, likeness: it.sure, shared: &it.shared })
        .collect();
    serde_json::to_string(&found).unwrap_or_else(|_| "[]".to_string())
}

/// How sure it is that a page asks the same: in a word, and for people.
fn how_sure(near: &Near) -> (&'static str, &'static str) {
    if near.is_same() { ("same", "the same question") } else { ("near", "near") }
}

/// What was found, for people: title, kind and address, how sure that is and why.
fn readable(near: &[Near]) -> String {
    if near.is_empty() {
        return "No similar pages on this site.\n\n".to_string();
    }
    let bold = Style::new().bold();
    let quiet = Style::new().fg_color(Some(AnsiColor::BrightBlack.into()));
    let mut text = String::new();
    for it in near {
        let title = report::visible(&it.hit.title);
        let Hit { kind, url, .. } = &it.hit;
        let shared: Vec<_> = it.shared.iter().map(|word| report::visible(word)).collect();
        let why = if shared.is_empty() { String::new() } else { format!(": {}", shared.join(", ")) };
        text +=
            &format!("{bold}{title}{bold:#}  {quiet}{kind} {url}{quiet:#}\n  {}{why}\n\n", how_sure(it).1);
    }
    text
}
