//! `longhouse forget`: replaces a person by a neutral name, and searches what was published for names.

use std::path::{Path, PathBuf};

use anstream::{eprintln, println};

use super::{Failure, Outcome, change, ci, report};
use crate::diagnostic::count;
use crate::edit;
use crate::forget::names::Names;
use crate::forget::published::{self, Report};
use crate::forget::{self, ForgetError, Left, Options, Plan, remains};
use crate::page::text;
use crate::rename;
use crate::root;
use crate::source::LoadOptions;

/// As many files are named of which nobody can say what they show.
const NAMED: usize = 10;

/// What `forget` takes.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Who to forget: a handle or a name; with --check, the published folder [default: `public` in the site's folder]
    #[arg(required_unless_present_any = ["undo", "check"], value_name = "HANDLE|FOLDER")]
    who: Option<String>,
    /// Also change what others wrote: `@handle` and the full name in texts and file names
    #[arg(long)]
    mentions: bool,
    /// Another name of the same person, such as a first name, as others write it; can be given several times
    #[arg(long, value_name = "NAME")]
    also: Vec<String>,
    /// The neutral handle to use [default: `former-member-N`, with the next number]
    #[arg(long = "as", value_name = "HANDLE")]
    former: Option<String>,
    /// Change the files; without it, the plan is only shown
    #[arg(long)]
    apply: bool,
    /// Search the published folder for these names, with commas between them; exit with 1 if one is found
    #[arg(
        long,
        value_name = "NAMES",
        value_delimiter = ',',
        conflicts_with_all = ["mentions", "also", "former", "apply"]
    )]
    check: Vec<String>,
    /// Undo the last `forget`
    #[arg(long, conflicts_with_all = ["who", "mentions", "also", "former", "apply", "check"])]
    undo: bool,
}

/// Shows what would change, changes it, takes it back, or searches.
///
/// # Errors
/// When it cannot be done, and why; when the site cannot be read, or the disk refuses.
pub fn run(root: Option<PathBuf>, arguments: &Arguments) -> Result<Outcome, Failure> {
    if !arguments.check.is_empty() {
        return check(root, arguments);
    }
    let root = change::root(root)?;
    if arguments.undo {
        return change::undo(&root);
    }
    let Some(who) = &arguments.who else {
        return Err(Failure::Usage("Give the handle of the person to forget".to_string()));
    };
    let journal = change::journal(&root)?;
    let options = LoadOptions { output: Some(root.join(root::OUTPUT)), ..ci::defaults() };
    let sources = super::load(&root, &options)?;
    let options = Options {
        who: who.clone(),
        mentions: arguments.mentions,
        also: arguments.also.clone(),
        former: arguments.former.clone(),
    };
    let plan = forget::plan(&sources, &options).map_err(|error| match error {
        ForgetError::Refused(why) => Failure::Usage(why),
        ForgetError::Build(error) => error.into(),
    })?;
    change::show(&plan.change, &plan.notes);
    look_at(&plan);
    println!("\n{}", super::plain(&remains::told(&plan, &arguments.also)));
    if !arguments.apply {
        println!("Nothing was changed. Run it again with `--apply` to do this.");
        return Ok(Outcome::Done);
    }
    edit::begin(&journal, &rename::scope(&sources), &plan.change, edit::forgetting(&plan.person.former))?;
    println!(
        "Done: `{}` is `{}` now.",
        report::visible(&plan.person.handle),
        report::visible(&plan.person.former)
    );
    println!("Build the site, then run: longhouse forget --check {}", names_typed(&plan, &arguments.also));
    if journal.remembers() {
        println!("Undo with: longhouse forget --undo");
    }
    Ok(Outcome::Done)
}

/// What people have to look at themselves.
fn look_at(plan: &Plan) {
    let person = &plan.person;
    let names: Vec<&str> = person.names.iter().map(String::as_str).collect();
    eprintln!("\nPerson: {} ({})", report::visible(&person.handle), super::plain(&names.join(", ")));
    if !plan.files.is_empty() {
        eprintln!(
            "\nPictures and other files of this person. Look at them, and delete those that show who it is:"
        );
        plan.files.iter().for_each(|file| eprintln!("  {}", report::visible(file)));
    }
    if !plan.left.is_empty() {
        eprintln!(
            "\nThe name still stands in these places of the sources. Only you can say whether it is this person:"
        );
        lines(&plan.left);
        if plan.more > 0 {
            eprintln!("  and in {} more", plan.more);
        }
    }
    if !plan.perhaps.is_empty() {
        eprintln!(
            "\nA part of the name stands in these. If it is this person, run it again with `--also` and that part:"
        );
        lines(&plan.perhaps);
    }
    match plan.published.hits.is_empty() {
        true => eprintln!("\nIn what would be published, the name is nowhere."),
        false => {
            eprintln!("\nThe name would still be published:");
            shown(&plan.published);
        }
    }
}

/// Places in the sources, each with its line.
fn lines(places: &[Left]) {
    for Left { file, line, text } in places {
        let file = report::visible(file);
        match line {
            // A secret on the line goes into no log.
            Some(line) => eprintln!("  {file}:{line}: {}", report::visible(&text::without_secrets(text))),
            None => eprintln!("  {file}"),
        }
    }
}

/// The names as they are typed after `--check`.
fn names_typed(plan: &Plan, also: &[String]) -> String {
    let quoted = |name: String| {
        let is_plain = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
        if is_plain { name } else { format!("\"{}\"", name.replace(['"', '\\', '$', '`', ','], " ")) }
    };
    let names: Vec<String> = plan.person.spellings(also).into_iter().map(quoted).collect();
    super::plain(&names.join(","))
}

/// Searches a published folder.
fn check(root: Option<PathBuf>, arguments: &Arguments) -> Result<Outcome, Failure> {
    let names = Names::new(&arguments.check);
    if names.is_empty() {
        return Err(Failure::Usage(
            "Give the names to search for, such as `--check ana,\"Ana Silva\"`".to_string(),
        ));
    }
    let folder = match &arguments.who {
        Some(folder) => PathBuf::from(folder),
        None => change::root(root)?.join(root::OUTPUT),
    };
    let found = published::in_folder(&folder, &names).map_err(|error| unreadable(&folder, &error))?;
    if found.files == 0 {
        return Err(Failure::Usage(format!(
            "There is no file in {}. Run `longhouse build` first",
            folder.display()
        )));
    }
    for place in remains::places(&found) {
        println!("{}", report::visible(&place));
    }
    closed(&found);
    let searched = count(found.files, "file");
    if found.hits.is_empty() {
        eprintln!("No name found in {searched} of {}", folder.display());
    } else {
        eprintln!(
            "Found in {} of {searched} of {}",
            count(found.hits.len() + found.more, "place"),
            folder.display()
        );
    }
    if found.hits.is_empty() && !found.unread.is_empty() {
        let first: Vec<&str> = found.unread.iter().take(NAMED).map(String::as_str).collect();
        return Err(Failure::World(format!(
            "{} could not be read, so nobody knows what they say: {}",
            count(found.unread.len(), "file"),
            first.join(", ")
        )));
    }
    Ok(if found.hits.is_empty() { Outcome::Done } else { Outcome::ContentErrors })
}

fn unreadable(folder: &Path, error: &std::io::Error) -> Failure {
    match error.kind() {
        std::io::ErrorKind::NotFound => Failure::Usage(format!(
            "There is no folder {}. Run `longhouse build` first, or give the published folder",
            folder.display()
        )),
        _ => Failure::World(format!("{}: {error}", folder.display())),
    }
}

/// The places of a report, on standard error.
fn shown(report: &Report) {
    for place in remains::places(report) {
        eprintln!("  {}", super::report::visible(&place));
    }
    if report.more > 0 {
        eprintln!("  and in {} more", count(report.more, "place"));
    }
}

/// Files of which only people can say what they show.
fn closed(report: &Report) {
    if report.closed.is_empty() {
        return;
    }
    let first: Vec<&str> = report.closed.iter().take(NAMED).map(String::as_str).collect();
    let more = match report.closed.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    eprintln!(
        "note: What pictures show, and what is compressed in a file, cannot be searched. Look at these yourself: {}{more}",
        super::report::visible(&first.join(", "))
    );
}
