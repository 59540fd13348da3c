//! How many questions that people asked twice are recognised, and how often a new one is called a duplicate wrongly.
//!
//! ```console
//! $ cargo bench -p longhouse-search --bench duplicates -- SET
//! ```
//!
//! A SET is a folder with `docs.jsonl` (id, title, text) and `dups.jsonl`: questions (title, body) that were asked again,
//! with the ids of those that they repeat (`gold`). Each is asked twice, with the pages that it repeats and without them.
//! What is called the same with them and is one of them is recognised; whatever is called the same without them is a false
//! alarm. Told for each limit from which on two questions are called the same; the engine's is marked. `--half 0` and
//! `--half 1` ask every other question only: one half to choose figures with, the other to quote.

#![expect(clippy::print_stdout, reason = "a table for people")]

mod judged;

use std::collections::BTreeSet;
use std::path::Path;

use longhouse_search::{Asked, Document, Index, Near, Options, SAME, write};
use rayon::prelude::*;

use judged::{document, language, words};

/// The sureness of the surest page that is one of those repeated, of the surest other one, and whether one of those
/// repeated is among the first five.
struct Judged {
    repeated: f32,
    other: f32,
    among_five: bool,
}

fn main() {
    let mut half = None;
    let mut folder = None;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            // What cargo adds.
            "--bench" => {}
            "--half" => half = arguments.next().and_then(|it| it.parse::<usize>().ok()),
            path => folder = Some(path.to_owned()),
        }
    }
    let folder = folder.expect("a SET is given");
    let folder = Path::new(&folder);
    let read = |name| std::fs::read_to_string(folder.join(name)).expect("the folder has this file");
    let documents: Vec<Document> = read("docs.jsonl").lines().map(document).collect();
    let duplicates = read("dups.jsonl");
    let asked: Vec<Duplicate> = duplicates.lines().map(Duplicate::read).collect();
    let options = Options { language: Some(language(folder)), ..Options::default() };
    let open = |documents: &[Document]| {
        Index::open(write(documents, &options).expect("it is written")).expect("it opens")
    };
    let with = open(&documents);
    // Pages are taken out for half of the questions at a time, so that three indexes are enough.
    let without = [0, 1].map(|parity| {
        let gone: BTreeSet<&str> =
            asked.iter().skip(parity).step_by(2).flat_map(|it| &it.repeats).map(String::as_str).collect();
        let left = documents.iter().filter(|document| !gone.contains(document.url.as_str()));
        open(&left.cloned().collect::<Vec<_>>())
    });
    let numbered: Vec<(usize, &Duplicate)> = asked.iter().enumerate().collect();
    let numbered: Vec<_> =
        numbered.into_iter().filter(|(number, _)| half.is_none_or(|half| number % 2 == half)).collect();
    let judge = |(number, it): &(usize, &Duplicate)| {
        let near = it.near(&with);
        let repeats = |near: &&Near| it.repeats.contains(&near.hit.url);
        let surest = |near: &mut dyn Iterator<Item = &Near>| near.map(|near| near.sure).fold(0.0, f32::max);
        Judged {
            repeated: surest(&mut near.iter().filter(repeats)),
            other: surest(&mut it.near(&without[number % 2]).iter()),
            among_five: near.iter().take(5).any(|near| repeats(&near)),
        }
    };
    let judged: Vec<Judged> = numbered.par_iter().map(judge).collect();
    let share = |count: usize| count as f32 / judged.len().max(1) as f32;
    let among_five = share(judged.iter().filter(|it| it.among_five).count());
    println!("{} questions asked again, among the first five {among_five:.3}", judged.len());
    for step in 6..=18 {
        let limit = step as f32 * 0.05;
        let recognised = share(judged.iter().filter(|it| it.repeated >= limit).count());
        let alarms = share(judged.iter().filter(|it| it.other >= limit).count());
        let mark = if (limit - SAME).abs() < 0.01 { "  <- the engine's" } else { "" };
        println!("from {limit:.2}   recognised {recognised:.3}   false alarms {alarms:.3}{mark}");
    }
}

/// A question that was asked again.
struct Duplicate {
    title: String,
    body: String,
    /// Addresses of the pages that it repeats.
    repeats: Vec<String>,
}

impl Duplicate {
    fn read(line: &str) -> Duplicate {
        let it: serde_json::Value = serde_json::from_str(line).expect("each line is an object");
        let text = |name: &str| it[name].as_str().unwrap_or_default();
        let gold = it["gold"].as_array().into_iter().flatten();
        Duplicate {
            title: words(text("title")),
            body: text("body").to_owned(),
            repeats: gold.filter_map(|it| Some(format!("/{}/", it.as_str()?))).collect(),
        }
    }

    fn near(&self, index: &Index) -> Vec<Near> {
        let asked = Asked { title: &self.title, text: &self.body, ..Asked::default() };
        index.similar(&asked, 20).expect("no question fails")
    }
}
