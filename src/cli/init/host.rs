//! `longhouse init --host`: the files with which a git host checks, answers and publishes.

use std::path::{Path, PathBuf};

use anstream::println;
use similar::TextDiff;

use crate::cli::report::visible;
use crate::cli::{Failure, ci, load};
use crate::diagnostic::count;
use crate::edit;
use crate::hosting::{self, Place, Position, Standing};
use crate::source::{self, git};

/// Writes what is not there yet, and with `update` brings up to date what an older version wrote. What somebody changed
/// stays as it is.
pub(super) fn run(folder: &Path, place: Place, update: bool) -> Result<(), Failure> {
    let sources = load(folder, &ci::defaults())?;
    let root = &sources.trusted;
    let (top, prefix) = git::top(root).unwrap_or_else(|| (root.clone(), String::new()));
    let repository = sources.config.repository.as_ref();
    let branch = repository.map_or("main", |it| it.branch.as_str()).to_string();
    let position = Position { prefix, branch };
    let files = hosting::files(place, &position, &sources.words, &sources.config);
    let (mut changed, mut left) = (0, 0);
    for (path, now) in &files {
        let Some(there) = source::read_again(&top, path) else {
            edit::create_first(&top, path, now).map_err(|error| world(&top, path, &error))?;
            println!("{path}");
            changed += 1;
            continue;
        };
        match hosting::standing(&there, now) {
            Standing::Same => {}
            Standing::Old if update => {
                show(path, &there, now);
                edit::replace_ours(&top, path, &there, now).map_err(|error| world(&top, path, &error))?;
                println!("{path} is up to date");
                changed += 1;
            }
            Standing::Old => {
                println!("{path} was written by another version; `--update` brings it up to date");
                left += 1;
            }
            Standing::Theirs => {
                if update {
                    show(path, &there, now);
                }
                println!("{path} was changed by someone and stays as it is");
                left += 1;
            }
        }
    }
    match (changed, left) {
        (0, 0) => println!("Everything is up to date: {}", count(files.len(), "file")),
        (0, _) => println!("Nothing was written"),
        _ => println!("\n{}", next(place, &top)),
    }
    Ok(())
}

/// Shows what differs, as `diff` does.
fn show(path: &str, there: &str, now: &str) {
    let there = there.replace("\r\n", "\n");
    let diff = TextDiff::from_lines(there.as_str(), now);
    let text = diff.unified_diff().header(path, path).to_string();
    for line in text.lines() {
        println!("{}", visible(line));
    }
}

fn world(top: &Path, path: &str, error: &std::io::Error) -> Failure {
    Failure::World(format!("{}: {error}", PathBuf::from(top).join(path).display()))
}

/// What only a person can do, in the settings of the host.
fn next(place: Place, top: &Path) -> String {
    let mut text = match place {
        Place::Github => {
            "On GitHub, in the settings of the repository:\n\
             1. Pages: choose \"GitHub Actions\" as the source.\n\
             2. Actions, General: choose whose workflows wait for approval. Everybody is answered at once in any case.\n\
             3. Actions, General: allow GitHub Actions to create pull requests: of what comes as an issue, and of pictures.\n\
             4. Rules: protect the branch, and require the check \"Check the content\"."
        }
        Place::Gitlab => {
            "On GitLab:\n\
             1. Build, Pipeline schedules: run the default branch every night, for what becomes due.\n\
             2. Settings, CI/CD: mark each variable that is secret as protected.\n\
             3. Settings, CI/CD, Job token permissions: allow Git push requests, if pictures of other sites are to be brought in.\n\
             4. Settings, Repository: protect the default branch."
        }
        Place::Forgejo => {
            "On Forgejo:\n\
             1. Settings, Units: turn Actions on.\n\
             2. Settings, Webhooks: add git-pages for the branch `pages`; on Codeberg its documentation says the address.\n\
             3. Settings, Branches: protect the branch, and require the check."
        }
    }
    .to_string();
    if place == Place::Github && source::read_again(top, ".github/workflows/actions.lock").is_some() {
        text.push_str("\nThis repository locks its actions: run `gh actions-lock` before you commit.");
    }
    text
}
