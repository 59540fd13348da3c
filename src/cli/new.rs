//! `longhouse new`: begins a page or an answer in the right place, with what it needs.

use std::path::PathBuf;
use std::sync::Arc;

use anstream::println;

use super::{Failure, Outcome, ci};
use crate::diagnostic::nearest;
use crate::edit;
use crate::page::front_matter::Status;
use crate::page::kind::Kind;
use crate::page::slug;
use crate::rename;
use crate::root;
use crate::site::wanted::Want;
use crate::site::{Detail, Visibility, classify, contribution};
use crate::source::{LoadOptions, Sources};
use crate::view::Lists;

/// At most so many questions that wait for an answer are listed.
const WAITING: usize = 20;

/// What `new` takes.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The kind: question, answer, story, how-to, idea, announcement, person, link or page; or `supports` for an idea that
    /// the author wants too
    kind: String,
    /// The title; for an answer, the slug of its question; for `supports`, that of the idea. `new answer` alone lists the questions that wait for one
    title: Option<String>,
    /// The author's handle; required for an answer and for `supports`
    #[arg(long, value_name = "HANDLE")]
    by: Option<String>,
}

/// Makes the file and prints its path.
///
/// # Errors
/// When the kind is unknown, the file is there already, or the disk refuses.
pub fn run(root: Option<PathBuf>, arguments: &Arguments) -> Result<Outcome, Failure> {
    let root = super::root(root)?;
    let sources =
        super::load(&root, &LoadOptions { output: Some(root.join(root::OUTPUT)), ..ci::defaults() })?;
    let is_answer = matches!(arguments.kind.to_lowercase().as_str(), "answer" | "answers");
    let is_support = matches!(arguments.kind.to_lowercase().as_str(), "supports" | "support");
    let (path, text) = match &arguments.title {
        None if is_answer => return Ok(waiting(&sources)),
        None if is_support => return Err(no_idea()),
        None => return Err(no_title(&arguments.kind)),
        Some(title) if is_support => support(&sources, arguments, title)?,
        Some(title) if is_answer => answer(&sources, arguments, title)?,
        Some(title) => entry(&sources, arguments, title)?,
    };
    edit::create_in(&sources.root, &rename::scope(&sources), &path, &text)?;
    println!("{path}");
    Ok(Outcome::Done)
}

/// The file of a new entry and what stands in it.
fn entry(sources: &Sources, arguments: &Arguments, title: &str) -> Result<(String, String), Failure> {
    let Some(kind) = Kind::from_word(&arguments.kind) else {
        let known = Kind::ALL.iter().map(|kind| kind.singular()).chain(["answer", "supports"]);
        let mean = nearest(&arguments.kind, known.clone());
        let mean = mean.map_or_else(String::new, |near| format!(" Did you mean `{near}`?"));
        let known: Vec<&str> = known.collect();
        return Err(Failure::Usage(format!(
            "There is no kind `{}`.{mean} The kinds are: {}",
            arguments.kind,
            known.join(", ")
        )));
    };
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    if !title.contains(char::is_alphanumeric) {
        return Err(no_title(kind.singular()));
    }
    if let Some(by) = arguments.by.as_deref().filter(|by| !by.contains(char::is_alphanumeric)) {
        return Err(no_handle(by));
    }
    let folder = contribution::folder_of_kind(sources, kind);
    let path = |slug: String| format!("{}{folder}/{slug}.md", sources.content_prefix);
    let mut path_of_title = path(slug::slug(&title));
    if sources.text(&path_of_title).is_some() {
        // "C++" beside `c.md` has signs to be told apart by.
        path_of_title = path(slug::spoken(&title));
    }
    Ok((path_of_title, contribution::template(&sources.words, kind, &title, arguments.by.as_deref())))
}

fn no_title(kind: &str) -> Failure {
    Failure::Usage(format!(
        "A title needs words, for example: longhouse new {kind} \"How do I reset my password?\""
    ))
}

/// Lists the questions without an answer, those that wait longest first.
fn waiting(sources: &Arc<Sources>) -> Outcome {
    let (site, _) = crate::pipeline::understand(sources, Visibility::default(), &|_| {});
    let lists = Lists::new(&site);
    let ids = lists.wanted(&site.reader(), "", Want::Answer);
    if ids.is_empty() {
        println!("Every question has an answer.");
        return Outcome::Done;
    }
    println!("These questions have no answer yet, those that wait longest first:\n");
    for id in ids.iter().take(WAITING) {
        let entry = &site.entries()[*id];
        let asked = entry.date.map_or_else(String::new, |asked| format!(" (asked on {})", asked.date));
        println!("{}{asked}\n  longhouse new answer {} --by HANDLE", entry.title, entry.slug);
    }
    if ids.len() > WAITING {
        println!("\nand {} more: see /help-wanted/ on the site", ids.len() - WAITING);
    }
    Outcome::Done
}

fn no_handle(written: &str) -> Failure {
    Failure::Usage(format!(
        "`{written}` is not a handle that a file can be named after: use letters and digits, such as `--by ana`"
    ))
}

/// The file of a new answer: in the folder of its question, named after its author.
fn answer(sources: &Arc<Sources>, arguments: &Arguments, title: &str) -> Result<(String, String), Failure> {
    let handle = author(arguments, "An answer is named after its author: add `--by HANDLE`")?;
    if !title.contains(char::is_alphanumeric) {
        return Err(Failure::Usage(
            "Give the slug of the question: longhouse new answer reset-password --by HANDLE".to_string(),
        ));
    }
    let (site, _) = crate::pipeline::understand(sources, Visibility { drafts: true, preview: true }, &|_| {});
    let wanted = slug::slug(title.trim_matches('/').rsplit('/').next().unwrap_or_default());
    let questions = || site.entries().iter().filter(|entry| entry.kind == Kind::Question);
    let Some(question) = questions().find(|entry| entry.slug == wanted) else {
        let near = nearest(&wanted, questions().map(|entry| entry.slug.as_str()));
        let mean = near.map_or_else(String::new, |near| format!(". Did you mean `{near}`?"));
        return Err(Failure::Usage(format!("There is no question `{wanted}`{mean}")));
    };
    let free = free(sources, &classify::folder_of_replies(&site.pages()[question.page]), &handle);
    Ok((free, contribution::answer(&sources.words)))
}

/// The handle of whoever writes a file that is named after them.
fn author(arguments: &Arguments, without: &str) -> Result<String, Failure> {
    let Some(handle) = &arguments.by else { return Err(Failure::Usage(without.to_string())) };
    // A file of such a name in a folder of replies would be the entry itself.
    let is_index = ["index", "readme"].contains(&slug::handle(handle).trim_start_matches('_'));
    if !handle.contains(char::is_alphanumeric) || is_index {
        return Err(no_handle(handle));
    }
    Ok(slug::handle(handle))
}

/// The first name in a folder of replies that its author has not used yet.
fn free(sources: &Sources, folder: &str, handle: &str) -> String {
    (1_u32..)
        .map(|number| if number == 1 { handle.to_string() } else { format!("{handle}--{number}") })
        .map(|stem| format!("{folder}/{stem}.md"))
        .find(|path| sources.text(path).is_none())
        .unwrap_or_default()
}

fn no_idea() -> Failure {
    Failure::Usage("Give the slug of the idea: longhouse new supports dark-mode --by HANDLE".to_string())
}

/// The file that says that somebody wants an idea too: in the folder of the idea, named after them, one line long. Two
/// people write two files, so they are never in conflict.
fn support(sources: &Arc<Sources>, arguments: &Arguments, title: &str) -> Result<(String, String), Failure> {
    let handle = author(arguments, "Support is named after whoever gives it: add `--by HANDLE`")?;
    if !title.contains(char::is_alphanumeric) {
        return Err(no_idea());
    }
    let (site, _) = crate::pipeline::understand(sources, Visibility { drafts: true, preview: true }, &|_| {});
    let wanted = slug::slug(title.trim_matches('/').rsplit('/').next().unwrap_or_default());
    let ideas = || site.entries().iter().filter(|entry| entry.kind == Kind::Idea);
    let Some(entry) = ideas().find(|entry| entry.slug == wanted) else {
        let near = nearest(&wanted, ideas().map(|entry| entry.slug.as_str()));
        let mean = near.map_or_else(String::new, |near| format!(". Did you mean `{near}`?"));
        return Err(Failure::Usage(format!("There is no idea `{wanted}`{mean}")));
    };
    if entry.status == Status::Locked {
        return Err(Failure::Usage(format!("The idea `{wanted}` is locked, so it takes no more replies")));
    }
    let handle = site.people().of_stem(&handle);
    let Detail::Idea(idea) = &entry.detail else { return Err(no_idea()) };
    if idea.supporters.contains(&handle) {
        return Err(Failure::Usage(format!("`{handle}` has said already that they want `{wanted}`")));
    }
    let free = free(sources, &classify::folder_of_replies(&site.pages()[entry.page]), &handle);
    Ok((free, contribution::support()))
}
