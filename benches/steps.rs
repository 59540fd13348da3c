//! How long each step of a build takes on a generated community of a thousand entries, a third of them
//! questions with an answer: `cargo bench`, or `ENTRIES=10000 cargo bench -- link`.
//!
//! The community is made of invented words and is the same at every run.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use divan::Bencher;
use longhouse::output::Gather;
use longhouse::site::{Site, Visibility};
use longhouse::source::{self, LoadOptions, Sources};
use longhouse::view::{self, Lists};
use longhouse::{page, search, site, theme};
use longhouse_search::{Document, Incremental, Options};
use tempfile::TempDir;

fn main() {
    divan::main();
}

#[divan::bench]
fn read(bencher: Bencher<'_, '_>) {
    let community = Community::new();
    bencher.bench_local(|| community.load());
}

#[divan::bench]
fn parse(bencher: Bencher<'_, '_>) {
    let sources = Community::new().load();
    bencher.bench_local(|| pages(&sources));
}

#[divan::bench]
fn link(bencher: Bencher<'_, '_>) {
    let sources = Community::new().load();
    let pages = pages(&sources);
    bencher.with_inputs(|| pages.clone()).bench_local_values(|pages| drop(linked(&sources, pages)));
}

#[divan::bench]
fn render(bencher: Bencher<'_, '_>) {
    let sources = Community::new().load();
    let site = linked(&sources, pages(&sources));
    let theme =
        theme::Theme::new(&site, longhouse::theme::Names::Hashed).expect("the default theme is right");
    let lists = Lists::new(&site);
    let plans = view::plan(&site.reader(), &lists);
    bencher.bench_local(|| {
        let mut page = Vec::new();
        for plan in &plans {
            theme.render(&plan.view(&site.reader(), &lists), &mut page).expect("every page can be rendered");
        }
    });
}

#[divan::bench]
fn index(bencher: Bencher<'_, '_>) {
    let sources = Community::new().load();
    let site = linked(&sources, pages(&sources));
    bencher.bench_local(|| search::index(&site).expect("the index can be made"));
}

/// The index again after one document has changed, came or went; before it, every document is known.
#[divan::bench(args = ["text", "title", "new word", "added", "removed"])]
fn index_again(bencher: Bencher<'_, '_>, edit: &str) {
    let sources = Community::new().load();
    let mut documents = search::documents(&linked(&sources, pages(&sources)));
    let mut keys: Vec<u128> = documents.iter().map(Document::key).collect();
    let mut index = Incremental::new(&Options::default());
    index.update(&keys, &|place| Cow::Borrowed(&documents[place]), &|| false).expect("the index can be made");
    let mut words = Words(11);
    bencher.bench_local(|| {
        let place = words.number(documents.len());
        let document = &mut documents[place];
        match edit {
            "text" => document.passages[0].text.push_str(&words.sentence(5)),
            "title" => document.title = words.sentence(5),
            "new word" => document.passages[0].text.push_str(&words.sentence(8).replace(' ', "")),
            "added" => {
                let title = words.sentence(5);
                let new = Document { title, ..document.clone() };
                documents.insert(place, new);
                keys.insert(place, 0);
            }
            _ => {
                documents.remove(place);
                keys.remove(place);
            }
        }
        let place = place.min(documents.len() - 1);
        keys[place] = documents[place].key();
        index
            .update(&keys, &|place| Cow::Borrowed(&documents[place]), &|| false)
            .expect("the index can be made")
    });
}

#[divan::bench]
fn whole_build_in_memory(bencher: Bencher<'_, '_>) {
    let community = Community::new();
    bencher.bench_local(|| {
        let sources = community.load();
        let (site, _) = longhouse::understand(&sources, Visibility::default(), &|_| {});
        let gather = Gather::default();
        longhouse::build(&site, &gather, &|_| {}).expect("the site can be built");
        gather.finish().len()
    });
}

fn pages(sources: &Sources) -> Vec<Arc<page::Page>> {
    let templates = longhouse::site::placeholder::templates(&sources.words);
    let parse = |document| {
        Arc::new(page::parse(document, sources.config.page_settings(), &sources.content_prefix, &templates))
    };
    sources.documents.iter().map(parse).collect()
}

fn linked(sources: &Arc<Sources>, pages: Vec<Arc<page::Page>>) -> Site {
    site::link(sources, pages, Visibility::default(), None).0
}

/// A site on disk, removed when it is dropped.
struct Community {
    folder: TempDir,
}

impl Community {
    fn new() -> Community {
        let folder = tempfile::tempdir().expect("there is a temporary folder");
        let entries = std::env::var("ENTRIES").ok().and_then(|text| text.parse().ok()).unwrap_or(1000);
        let mut words = Words(7);
        for number in 0..entries {
            write_entry(folder.path(), number, entries, &mut words);
        }
        write(folder.path(), "longhouse.yaml", "title: Measured\nbase_url: https://example.org/\n");
        Community { folder }
    }

    fn load(&self) -> Arc<Sources> {
        source::load(self.folder.path(), &LoadOptions::default()).expect("the site can be read")
    }
}

fn write_entry(root: &Path, number: usize, entries: usize, words: &mut Words) {
    let kind = ["questions", "how-tos", "stories"][number % 3];
    let topic = number / 3 % 20;
    let (author, helper) = (number * 13 % 60, (number * 29 + 5) % 60);
    let tags: Vec<String> = (0..3).map(|_| format!("tag-{}", words.number(200))).collect();
    let mut text = format!(
        "---\ntags: [{}]\ndate: 2024-01-{:02}\nauthors: [person-{author}]\n",
        tags.join(", "),
        number % 28 + 1
    );
    if kind == "questions" {
        let _ = writeln!(text, "accepted: person-{helper}");
    }
    let _ = writeln!(text, "---\n# {} ({number})\n", words.sentence(5));
    text.push_str(&body(entries, words));
    let place = format!("content/{kind}/topic-{topic}/p{number:06}");
    write(root, &format!("{place}.md"), &text);
    if kind == "questions" {
        write(root, &format!("{place}/person-{helper}.md"), &body(entries, words));
    }
}

fn body(entries: usize, words: &mut Words) -> String {
    let mut text = String::new();
    for part in 0..3 {
        let _ = writeln!(text, "## {}\n", words.sentence(3));
        for _ in 0..2 {
            let _ = writeln!(text, "{}. {}.\n", words.sentence(30), words.sentence(25));
        }
        let other = words.number(entries);
        let kind = ["questions", "how-tos", "stories"][other % 3];
        let _ = writeln!(text, "See [{}](/{kind}/p{other:06}/).\n", words.sentence(4));
        if part == 1 {
            let _ = writeln!(
                text,
                "```rust\nfn {}(input: &str) -> usize {{\n    input.len() + {part} // {}\n}}\n```\n",
                words.word(),
                words.sentence(4)
            );
        }
    }
    text
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("every file has a folder")).expect("the folder can be made");
    fs::write(path, text).expect("the file can be written");
}

/// Invented words from a fixed sequence of numbers (Knuth's MMIX generator).
struct Words(u64);

impl Words {
    fn number(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % below
    }

    fn word(&mut self) -> String {
        const SYLLABLES: [&str; 16] = [
            "ba", "cho", "dri", "fe", "glu", "ka", "lin", "mo", "nu", "pra", "qui", "ros", "ste", "tam",
            "vi", "zo",
        ];
        // Few words are frequent and many are rare, as in a language.
        let rank = self.number(4000) * self.number(4000) / 4000;
        [SYLLABLES[rank % 16], SYLLABLES[rank / 16 % 16], SYLLABLES[rank / 256]].concat()
    }

    fn sentence(&mut self, words: usize) -> String {
        (0..words).map(|_| self.word()).collect::<Vec<_>>().join(" ")
    }
}
