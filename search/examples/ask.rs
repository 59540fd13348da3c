//! Asks an index of documents from a file, and says how long it took.
//!
//! `ask DOCUMENTS [QUERIES]`: documents as JSON lines in the form of `Document`; queries one a line, from a
//! file or standard input. Prints one JSON array of hits a line, and figures to standard error.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to its caller")]

use std::error::Error;
use std::io::Read as _;
use std::time::Instant;

use longhouse_search::{Document, Index, Options, Request, write};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("usage: ask DOCUMENTS [QUERIES]")?;
    let documents: Vec<Document> =
        std::fs::read_to_string(path)?.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let queries = match arguments.next() {
        Some(path) => std::fs::read_to_string(path)?,
        None => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text)?;
            text
        }
    };
    let start = Instant::now();
    let files = write(&documents, &Options::default())?;
    eprintln!("{} documents indexed in {:?}", documents.len(), start.elapsed());
    for (name, bytes) in &files {
        eprintln!("{:>10}  {name}", bytes.len());
    }
    drop(documents);
    let start = Instant::now();
    let index = Index::open(files)?;
    eprintln!("opened in {:?}", start.elapsed());
    let mut times = Vec::new();
    for query in queries.lines() {
        let start = Instant::now();
        let hits = index.search(&Request { query: query.to_owned(), limit: 10, ..Request::default() })?;
        times.push(start.elapsed());
        println!("{}", serde_json::to_string(&hits)?);
    }
    times.sort_unstable();
    if let (Some(median), Some(last)) = (times.get(times.len() / 2), times.last()) {
        eprintln!("{} queries, median {median:?}, slowest {last:?}", times.len());
    }
    Ok(())
}
