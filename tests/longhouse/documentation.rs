//! The documentation is a site of our own: nothing is wrong with it, what it says of itself is found, and
//! every command, setting and file that it shows is one that the program understands.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use clap::{CommandFactory, FromArgMatches};
use longhouse::check::{self, search_test};
use longhouse::cli::search::Filters;
use longhouse::config::Config;
use longhouse::diagnostic::{Diagnostic, Rule};
use longhouse::page::front_matter;
use longhouse::site::Visibility;
use longhouse::source::{LoadOptions, Sources, load};
use longhouse::{cli, data};
use longhouse_search::{Index, Request};

use crate::crawl::{assert_safe, assert_whole};
use crate::fixture::{Rendered, render};

/// The documentation, built once for all tests.
static SITE: LazyLock<Rendered> =
    LazyLock::new(|| render(&read("docs"), Visibility::default()).expect("a theme without mistakes"));

/// A code block of the documentation.
struct Block {
    /// Where it stands: file and line.
    place: String,
    /// What stands after the three backticks: a language and what the block is.
    info: String,
    /// Its lines, as far to the left as they were meant.
    text: String,
}

fn root(site: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(site)
}

fn read(site: &str) -> Arc<Sources> {
    load(&root(site), &LoadOptions::default()).unwrap_or_else(|_| panic!("{site} can be read"))
}

/// Every code block of every page, those inside lists too.
fn blocks() -> Vec<Block> {
    let mut blocks = Vec::new();
    for document in &read("docs").documents {
        let mut open: Option<(usize, Block)> = None;
        for (number, line) in (1..).zip(document.text.lines()) {
            let bare = line.trim_start();
            match &mut open {
                Some((indent, block)) if bare.trim_end() == "```" && line.len() - bare.len() <= *indent => {
                    blocks.extend(open.take().map(|(_, block)| block));
                }
                Some((indent, block)) => {
                    block.text.push_str(line.get(*indent..).unwrap_or_default());
                    block.text.push('\n');
                }
                None => {
                    let indent = line.len() - bare.len();
                    open = bare.strip_prefix("```").map(|info| {
                        let place = format!("{}:{number}", document.path);
                        (indent, Block { place, info: info.trim().to_string(), text: String::new() })
                    });
                }
            }
        }
        assert!(open.is_none(), "a code block of {} has no end", document.path);
    }
    assert!(blocks.len() > 50, "a documentation has examples");
    blocks
}

/// The commands of Longhouse in a block of a terminal, each cut into words as a shell does it.
fn commands(block: &Block) -> Vec<Vec<String>> {
    let joined = block.text.replace("\\\n", " ");
    let lines = joined.lines().map(|line| line.strip_prefix("$ ").unwrap_or(line));
    lines
        .filter(|line| line.starts_with("longhouse ") && block.info == "console")
        .map(|line| words(line, &block.place))
        .collect()
}

/// The words of a command line up to a redirection, a pipe or a remark.
fn words(line: &str, place: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for character in line.chars() {
        match quote {
            Some(open) if character == open => quote = None,
            Some(_) => word.get_or_insert_default().push(character),
            None if matches!(character, '"' | '\'') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            None if character == ' ' => words.extend(word.take()),
            None if word.is_none() && matches!(character, '<' | '>' | '|' | '#') => return words,
            None => word.get_or_insert_default().push(character),
        }
    }
    assert!(quote.is_none(), "{place}: a quote has no end: {line}");
    words.extend(word);
    words
}

/// Whether a problem is a link to a part of the reference whose files are not there.
fn is_reference_to_come(problem: &Diagnostic) -> bool {
    ["rules", "configuration", "front-matter", "views"].into_iter().any(|part| {
        let files = [format!("docs/content/reference/{part}"), format!("docs/content/reference/{part}.md")];
        problem.message.contains(&format!("/reference/{part}/"))
            && files.iter().all(|file| !root(file).exists())
    })
}

#[test]
fn nothing_is_wrong_with_it() {
    // How much of the history a clone holds is no matter of the site.
    let problems: Vec<&Diagnostic> = SITE
        .diagnostics
        .iter()
        .filter(|it| it.rule != Rule::ShallowClone && !is_reference_to_come(it))
        .collect();
    assert!(problems.is_empty(), "{problems:#?}");
    let (site, _) = longhouse::understand(&read("docs"), Visibility::default(), &|_| {});
    assert_eq!(check::thorough(&site), []);
    assert_safe(&SITE);
    assert_whole(&SITE, "https://longhouse.example", "/docs");
}

#[test]
fn each_of_the_three_users_is_one_click_from_their_start() {
    let home = SITE.main("/");
    for start in ["/how-tos/first-contribution/", "/how-tos/start-a-site/", "/how-tos/a-writers-day/"] {
        assert!(home.contains(&format!("href=\"/docs{start}\"")), "{start}");
    }
}

#[test]
fn what_people_ask_in_plain_words_is_found() {
    let sources = read("docs");
    assert!(sources.search_tests.len() >= 15);
    let (site, _) = longhouse::understand(&sources, Visibility::default(), &|_| {});
    let problems = search_test::check(&site).expect("an index");
    assert!(problems.is_empty(), "{problems:#?}");
}

#[test]
fn every_command_that_is_shown_is_one() {
    let mut shown = 0;
    for block in &blocks() {
        for words in commands(block) {
            let parsed = cli::Arguments::command().try_get_matches_from(&words);
            assert!(parsed.is_ok(), "{}: {words:?}: {}", block.place, parsed.unwrap_err());
            shown += 1;
        }
    }
    assert!(shown > 30, "a documentation shows commands");
}

#[test]
fn every_search_of_the_example_site_finds_something() {
    let sources = read("example-site");
    let (site, _) = longhouse::understand(&sources, Visibility::default(), &|_| {});
    let index = Index::open(longhouse::search::in_memory(&site).expect("an index")).expect("an index");
    let mut asked = 0;
    for block in &blocks() {
        for words in commands(block).iter().filter(|words| words.iter().any(|word| word == "example-site")) {
            let matches = cli::Arguments::command().get_matches_from(words);
            let Some(("search", matches)) = matches.subcommand() else { continue };
            let request = Request {
                query: matches.get_one::<String>("query").cloned().unwrap_or_default(),
                limit: 1,
                facets: Filters::from_arg_matches(matches).expect("filters").checked().expect("values"),
                ..Request::default()
            };
            if request.query != "-" {
                asked += 1;
                assert!(!index.search(&request).expect("hits").is_empty(), "{}: {words:?}", block.place);
            }
        }
    }
    assert!(asked > 2, "the search is shown with examples");
}

#[test]
fn every_file_that_is_shown_is_understood() {
    let mut shown = 0;
    for Block { place, info, text } in &blocks() {
        let file: Arc<str> = Arc::from(place.as_str());
        let problems = match info.as_str() {
            "yaml longhouse.yaml" => match Config::parse(&file, text) {
                Ok(config) => config.warnings,
                Err(problems) => problems,
            },
            "yaml data/moderation.yaml" => {
                data::moderation(&file, text).map_or_else(|it| it, |it| it.warnings)
            }
            "yaml data/reactions.yaml" => data::reactions(&file, text).map_or_else(|it| it, |it| it.warnings),
            "yaml search-tests.yaml" => {
                data::search_tests(&file, text).map_or_else(|it| it, |it| it.warnings)
            }
            "yaml front matter" => front_matter::parse(&file, &format!("---\n{text}---\n")).diagnostics,
            "markdown" => front_matter::parse(&file, text).diagnostics,
            _ => continue,
        };
        shown += 1;
        assert!(problems.is_empty(), "{place}: {problems:#?}");
    }
    assert!(shown > 25, "a documentation shows files");
}

#[test]
fn every_command_and_option_is_in_the_reference() {
    let reference = fs::read_to_string(root("docs/content/reference/commands.md")).expect("the reference");
    let mut missing = Vec::new();
    for command in cli::Arguments::command().get_subcommands() {
        let heading = format!("\n## {}\n", command.get_name());
        let Some((_, rest)) = reference.split_once(&heading) else {
            missing.push(command.get_name().to_string());
            continue;
        };
        let section = rest.split("\n## ").next().unwrap_or(rest);
        let options = command.get_arguments().filter_map(|argument| argument.get_long());
        missing.extend(
            options
                .filter(|option| !section.contains(&format!("`--{option}")))
                .map(|option| format!("{} --{option}", command.get_name())),
        );
    }
    assert!(missing.is_empty(), "not in the reference: {missing:?}");
}
