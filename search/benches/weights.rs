//! Chooses the weights of the ranking on judged sets, by cross-validation.
//!
//! ```console
//! $ cargo bench -p longhouse-search --bench weights -- [--most N] [--set NAME=VALUE …] [--only] SET …
//! ```
//!
//! A SET is a folder with `docs.jsonl` or `documents.jsonl` (id, title, text, perhaps tags and also), a CSV file of
//! questions whose column `document` names the pages that answer (several joined by `|`), and perhaps `longhouse.yaml` with
//! a `language`. The aim is the mean over sets of the mean reciprocal rank among the first five hits, so that a large set
//! counts as much as a small one. From the weights as they are, one after the other is moved as long as that helps. This is
//! done once with all sets, and once for each set without it: what that set then comes to is what weights are worth on
//! questions that nobody has chosen them for.
//!
//! - `--most N`: at most so many questions of each set, evenly spread (300)
//! - `--set NAME=VALUE`: begins with another weight than the engine's
//! - `--only`: tells the figures of the weights that it begins with, and chooses none
//! - `--each`: the same for every value of every weight, the others left as they are

#![expect(clippy::print_stdout, reason = "a table for people")]

mod judged;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;

use longhouse_search::{Document, Index, Options, Request, Weights, write};
use rayon::prelude::*;

use judged::{document, either, language, rows, words};

/// The weights that are chosen, by name, and the values that are tried.
const TRIED: [(&str, &[f32]); 9] = [
    ("saturation", &[0.9, 1.2, 1.5, 2.0]),
    ("length", &[0.4, 0.6, 0.75, 0.9]),
    ("title", &[0.0, 0.1, 0.2, 0.3, 0.45]),
    ("short", &[0.0, 8.0, 12.0, 16.0]),
    ("alike", &[0.0, 0.1, 0.2, 0.3, 0.45, 0.6]),
    ("stop", &[0.0, 0.2, 0.35, 0.5, 0.7]),
    ("pair", &[0.0, 0.1, 0.2, 0.3]),
    ("gram", &[0.5, 0.7, 1.0]),
    ("compound", &[0.0, 0.2, 0.4, 0.6]),
];

/// A step has to be worth this much: less is chance.
const STEP: f64 = 0.0005;

/// Hits that are looked at.
const HITS: usize = 5;

type Values = [f32; TRIED.len()];

struct Set {
    name: String,
    index: Mutex<Option<Index>>,
    questions: Vec<(String, Vec<String>)>,
}

/// Share of questions with the page first, with it among five, and the mean reciprocal rank.
#[derive(Clone, Copy, Default)]
struct Figures {
    first: f64,
    five: f64,
    reciprocal: f64,
}

fn main() {
    let mut most = 300;
    let mut values: Values = TRIED.map(|(name, _)| *weight(&mut Weights::CHOSEN.clone(), name));
    let (mut only, mut each) = (false, false);
    let mut sets = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            // What cargo adds.
            "--bench" => {}
            "--most" => most = arguments.next().and_then(|it| it.parse().ok()).expect("--most N"),
            "--set" => {
                let given = arguments.next().expect("--set NAME=VALUE");
                let (name, value) = given.split_once('=').expect("--set NAME=VALUE");
                let place = TRIED.iter().position(|it| it.0 == name).expect("the name of a weight");
                values[place] = value.parse().expect("a number");
            }
            "--only" => only = true,
            "--each" => each = true,
            folder => sets.push(Set::read(Path::new(folder), most)),
        }
    }
    assert!(!sets.is_empty(), "no set was given");
    let mut known = Known { sets: &sets, figures: BTreeMap::new() };
    let all: Vec<usize> = (0..sets.len()).collect();
    let now = known.figures(&values);
    if each {
        for (place, (name, tried)) in TRIED.iter().enumerate() {
            for value in *tried {
                let mut other = values;
                other[place] = *value;
                let figures = known.figures(&other);
                let row: Vec<String> = figures.iter().map(|it| format!("{:.3}", it.reciprocal)).collect();
                println!("{name:10} {value:5}  {}  mean {:.4}", row.join(" "), mean(&figures, &all));
            }
        }
        return;
    }
    if only {
        table(&sets, &[("as it is", &now)]);
        return;
    }
    let chosen = known.choose(values, &all);
    let with_all = known.figures(&chosen);
    let mut without = Vec::new();
    for (left_out, set) in sets.iter().enumerate() {
        let others: Vec<usize> = all.iter().copied().filter(|other| *other != left_out).collect();
        let chosen = known.choose(values, &others);
        println!("without {:20} {}", set.name, named(&chosen));
        without.push(known.figures(&chosen)[left_out]);
    }
    println!("{:28} {}", "with all", named(&chosen));
    table(&sets, &[("as it is", &now), ("chosen with all", &with_all), ("chosen without it", &without)]);
}

/// A weight by its name.
fn weight<'a>(weights: &'a mut Weights, name: &str) -> &'a mut f32 {
    match name {
        "saturation" => &mut weights.saturation,
        "length" => &mut weights.length,
        "title" => &mut weights.title,
        "short" => &mut weights.short,
        "alike" => &mut weights.alike,
        "stop" => &mut weights.stop,
        "pair" => &mut weights.pair,
        "gram" => &mut weights.gram,
        "compound" => &mut weights.compound,
        _ => panic!("there is no weight {name}"),
    }
}

fn named(values: &Values) -> String {
    let named: Vec<String> =
        TRIED.iter().zip(values).map(|((name, _), value)| format!("{name} {value}")).collect();
    named.join(", ")
}

fn table(sets: &[Set], columns: &[(&str, &[Figures])]) {
    print!("{:20} {:>9}", "set", "questions");
    columns.iter().for_each(|(name, _)| print!("  {name:>22}"));
    println!("\n{:30}{}", "", "   hit@1 hit@5   MRR@5".repeat(columns.len()));
    for (number, set) in sets.iter().enumerate() {
        print!("{:20} {:9}", set.name, set.questions.len());
        for (_, figures) in columns {
            let Figures { first, five, reciprocal } = figures[number];
            print!("    {first:.3} {five:.3}   {reciprocal:.3}  ");
        }
        println!();
    }
    print!("{:30}", "mean");
    let all: Vec<usize> = (0..sets.len()).collect();
    columns.iter().for_each(|(_, figures)| print!("    {:18.4}  ", mean(figures, &all)));
    println!();
}

/// The mean over sets of the mean reciprocal rank.
fn mean(figures: &[Figures], sets: &[usize]) -> f64 {
    sets.iter().map(|set| figures[*set].reciprocal).sum::<f64>() / sets.len() as f64
}

/// Figures of weights that were tried.
struct Known<'a> {
    sets: &'a [Set],
    figures: BTreeMap<String, Vec<Figures>>,
}

impl Known<'_> {
    fn figures(&mut self, values: &Values) -> Vec<Figures> {
        let sets = self.sets;
        let measure = || sets.par_iter().map(|set| set.measure(values)).collect();
        self.figures.entry(named(values)).or_insert_with(measure).clone()
    }

    /// Moves one weight after the other to the value that does best, as long as that helps.
    fn choose(&mut self, mut values: Values, sets: &[usize]) -> Values {
        let mut best = mean(&self.figures(&values), sets);
        loop {
            let before = best;
            for (place, (_, tried)) in TRIED.iter().enumerate() {
                for value in *tried {
                    let mut other = values;
                    other[place] = *value;
                    let reached = mean(&self.figures(&other), sets);
                    if reached > best + STEP {
                        (best, values) = (reached, other);
                    }
                }
            }
            if best - before < STEP {
                return values;
            }
        }
    }
}

impl Set {
    fn read(folder: &Path, most: usize) -> Set {
        let documents: Vec<Document> =
            either(folder, ["docs.jsonl", "documents.jsonl"]).lines().map(document).collect();
        let options = Options { language: Some(language(folder)), ..Options::default() };
        let files = write(&documents, &options).expect("it is written");
        let rows = rows(&either(folder, ["dev.csv", "questions-dev.csv"]));
        let column = |name: &str| rows[0].iter().position(|it| it == name).expect("the file has this column");
        let (question, pages) = (column("question"), column("document"));
        let step = rows.len().div_ceil(most).max(1);
        let questions = rows[1..]
            .iter()
            .step_by(step)
            .map(|row| (words(&row[question]), row[pages].split('|').map(|id| format!("/{id}/")).collect()));
        Set {
            name: folder.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            questions: questions.collect(),
            index: Mutex::new(Some(Index::open(files).expect("it opens"))),
        }
    }

    fn measure(&self, values: &Values) -> Figures {
        let mut weights = Weights::CHOSEN;
        for ((name, _), value) in TRIED.iter().zip(values) {
            *weight(&mut weights, name) = *value;
        }
        let mut place = self.index.lock().expect("no thread fails");
        let index = place.take().expect("it is put back").weighed(weights);
        let ask = |(question, pages): &(String, Vec<String>)| {
            let request = Request { query: question.clone(), limit: HITS, ..Request::default() };
            let hits = index.search(&request).expect("no question fails");
            hits.iter().position(|hit| pages.contains(&hit.url))
        };
        let ranks: Vec<usize> = self.questions.par_iter().filter_map(ask).collect();
        *place = Some(index);
        let all = self.questions.len().max(1) as f64;
        Figures {
            first: ranks.iter().filter(|rank| **rank == 0).count() as f64 / all,
            five: ranks.len() as f64 / all,
            reciprocal: ranks.iter().map(|rank| 1.0 / (rank + 1) as f64).sum::<f64>() / all,
        }
    }
}
