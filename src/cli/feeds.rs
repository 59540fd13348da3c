//! `longhouse feeds pull`: brings in the last headlines of the feeds of links, as files to commit.

use std::path::PathBuf;
use std::time::Duration;

use anstream::{eprintln, println};

use super::{Failure, Outcome, ci, report};
use crate::data::feed::{self, FeedSnapshot};
use crate::feeds::{self, LinkFeed, Options};
use crate::site::Visibility;
use crate::site::suggest::Suggestions;
use crate::source::{LoadOptions, Sources, read_again, unsafe_name};
use crate::{edit, rename, root};

/// How long one feed may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long all may take together.
const LIMIT: Duration = Duration::from_secs(600);

/// What `feeds` takes.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Read the feeds of all links, and write their last headlines to data/feeds/
    Pull(Pull),
}

/// What `feeds pull` takes.
#[derive(Debug, clap::Args)]
pub struct Pull {
    /// Read the feed of this link alone, by its slug. Can be given several times
    #[arg(long, value_name = "SLUG")]
    only: Vec<String>,
    /// Remove the headlines of links that are gone, or no longer have a feed
    #[arg(long, conflicts_with = "only")]
    prune: bool,
}

/// What became of the feeds.
#[derive(Debug, Default)]
struct Count {
    changed: usize,
    same: usize,
    failed: usize,
}

/// Reads feeds and writes what they say.
///
/// # Errors
/// When the site cannot be read, a link is unknown, no feed at all can be read, or the disk refuses.
pub fn run(root: Option<PathBuf>, arguments: &Arguments) -> Result<Outcome, Failure> {
    let Command::Pull(arguments) = &arguments.command;
    let root = super::root(root)?;
    let options = LoadOptions { output: Some(root.join(root::OUTPUT)), by_clock: true, ..ci::defaults() };
    let sources = super::load(&root, &options)?;
    let (site, _) = crate::pipeline::understand(&sources, Visibility::default(), &|_| {});
    let all = feeds::feeds(&site);
    let wanted = wanted(&all, &arguments.only)?;
    let options = Options {
        allowed: super::allowed_hosts(),
        patience: PATIENCE,
        limit: LIMIT,
        today: sources.today,
        timezone: sources.config.timezone.clone(),
    };
    let mut count = Count::default();
    for (link, found) in wanted.iter().zip(feeds::pull(&wanted, &options)) {
        let path = feed::path(&link.slug);
        let items = match found {
            Ok(items) => items,
            Err(trouble) => {
                failed(&mut count, link, &trouble.to_string());
                continue;
            }
        };
        if link.slug.contains('/') || unsafe_name(&path).is_some() {
            failed(&mut count, link, "its slug is no name of a file that every system can store");
            continue;
        }
        let known = sources.feeds.get(&link.slug);
        if known.is_some_and(|known| known.feed == link.feed && known.items == items) {
            count.same += 1;
            continue;
        }
        let now = FeedSnapshot { feed: link.feed.clone(), changed: sources.today, items };
        write(&sources, &path, &now.yaml())?;
        println!("{}", report::visible(&path));
        count.changed += 1;
    }
    // Where nothing could be read, nothing is changed at all.
    if arguments.only.is_empty() && (wanted.is_empty() || count.failed < wanted.len()) {
        left_over(&sources, &all, arguments.prune)?;
    }
    let Count { changed, same, failed } = count;
    if wanted.is_empty() {
        eprintln!("No link has a `feed`, so there is nothing to read");
    } else if failed == wanted.len() {
        return Err(Failure::World("No feed could be read. Nothing was changed".to_string()));
    } else {
        let feeds = if wanted.len() == 1 { "feed" } else { "feeds" };
        eprintln!(
            "{} {feeds}: {changed} with new headlines, {same} unchanged, {failed} failed",
            wanted.len()
        );
    }
    Ok(Outcome::Done)
}

fn failed(count: &mut Count, link: &LinkFeed, why: &str) {
    let [file, feed, why] = [&link.file, &link.feed, why].map(report::visible);
    eprintln!("note: {file}: {feed} was not read: {why}");
    count.failed += 1;
}

/// The feeds that are meant.
fn wanted(all: &[LinkFeed], only: &[String]) -> Result<Vec<LinkFeed>, Failure> {
    if only.is_empty() {
        return Ok(all.to_vec());
    }
    let mut wanted: Vec<LinkFeed> = Vec::new();
    for slug in only {
        let Some(link) = all.iter().find(|link| link.slug == *slug) else {
            let near = Suggestions::default().nearest(slug, all.iter().map(|link| link.slug.as_str()));
            let near = near.map_or_else(String::new, |near| format!(" Did you mean `{near}`?"));
            return Err(Failure::Usage(format!(
                "There is no link `{}` with a feed on this site.{near}",
                super::plain(slug)
            )));
        };
        if !wanted.contains(link) {
            wanted.push(link.clone());
        }
    }
    Ok(wanted)
}

fn write(sources: &Sources, path: &str, text: &str) -> Result<(), Failure> {
    let root = &sources.trusted;
    match read_again(root, path) {
        Some(before) => edit::replace_ours(root, path, &before, text)
            .map_err(|error| Failure::World(format!("{}: {error}", root.join(path).display()))),
        None => Ok(edit::create_in(root, &rename::scope(sources), path, text)?),
    }
}

/// Tells of headlines that no link shows, or removes them.
fn left_over(sources: &Sources, all: &[LinkFeed], prune: bool) -> Result<(), Failure> {
    for slug in sources.feeds.keys().filter(|slug| !all.iter().any(|link| link.slug == **slug)) {
        let path = feed::path(slug);
        if prune {
            edit::remove_ours(&sources.trusted, &path)
                .map_err(|error| Failure::World(format!("{path}: {error}")))?;
            println!("{} was removed", report::visible(&path));
        } else {
            eprintln!(
                "note: {}: no published link of this name has a feed. Remove the file, or let `--prune` do it",
                report::visible(&path)
            );
        }
    }
    Ok(())
}
