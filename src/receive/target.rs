//! Which page somebody means: by the address of the page or of an answer on it, by the file, or by its name.

use url::Url;

use super::form::Sort;
use crate::page::kind::Kind;
use crate::page::slug;
use crate::site::{Detail, Entry, Reply, Site, classify};

/// What a reply belongs to.
#[derive(Debug, Clone)]
pub(super) struct Target<'s> {
    /// The entry.
    pub(super) entry: &'s Entry,
    /// The stem of the answer that is meant, if it is one; `self` for one in the file of the question.
    pub(super) answer: Option<String>,
    /// The folder in which the reply belongs, from the root.
    pub(super) folder: String,
}

/// Finds what somebody means. Nothing if there is no such page, or more than one.
pub(super) fn find<'s>(site: &'s Site, typed: &str, sort: Sort) -> Option<Target<'s>> {
    let typed = typed.trim().trim_matches(['<', '>', '"', '\'', '`']);
    // `[title](address)`, as it is copied from elsewhere.
    let typed = typed.rsplit_once("](").map_or(typed, |(_, rest)| rest.trim_end_matches(')'));
    let config = &site.sources().config;
    let (path, fragment) = match Url::parse(typed) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => {
            let fragment = url.fragment().map(str::to_owned);
            let file = config.repository.as_ref().and_then(|it| it.strip_view_url(typed));
            (file.or_else(|| site.urls().own(&url))?, fragment)
        }
        _ => {
            let (path, fragment) =
                typed.split_once('#').map_or((typed, None), |(path, it)| (path, Some(it.to_owned())));
            (percent_encoding::percent_decode_str(path).decode_utf8_lossy().into_owned(), fragment)
        }
    };
    let answer = fragment
        .as_deref()
        .and_then(|it| it.strip_prefix("answer"))
        .map(|it| it.trim_start_matches('-').to_owned());
    let of_file = file(site, &path);
    let (entry, answer) = match of_file {
        Some((entry, of_file)) => (entry, of_file.or(answer)),
        None => (by_address(site, &path).or_else(|| by_slug(site, &path, sort))?, answer),
    };
    let answer = answer.map(|stem| if stem.is_empty() { "self".to_owned() } else { stem });
    let page = &site.pages()[entry.page];
    Some(Target { entry, answer, folder: classify::folder_of_replies(page) })
}

/// The entry whose replies lie in a folder below the content folder.
pub(super) fn of_folder<'s>(site: &'s Site, folder: &str) -> Option<&'s Entry> {
    site.entries().iter().find(|entry| {
        entry.kind != Kind::Page && classify::folder_of_replies(&site.pages()[entry.page]) == folder
    })
}

/// The entry of a file, or the entry and the answer whose file it is.
fn file<'s>(site: &'s Site, path: &str) -> Option<(&'s Entry, Option<String>)> {
    let path = path.trim_start_matches('/').trim_start_matches("./");
    if !path.ends_with(".md") {
        return None;
    }
    let prefix = &site.sources().content_prefix;
    let full = if path.starts_with(prefix.as_str()) { path.to_owned() } else { format!("{prefix}{path}") };
    let is_it = |page: usize| *site.pages()[page].path == *full;
    site.entries().iter().find_map(|entry| {
        if is_it(entry.page) {
            return Some((entry, None));
        }
        replies(entry).find(|reply| is_it(reply.page)).map(|reply| (entry, Some(reply.stem.clone())))
    })
}

fn replies(entry: &Entry) -> impl Iterator<Item = &Reply> {
    let answers = match &entry.detail {
        Detail::Question(question) => question.answers.as_slice(),
        _ => &[],
    };
    answers.iter().map(|answer| &answer.reply).chain(&entry.comments).chain(&entry.responses)
}

fn by_address<'s>(site: &'s Site, path: &str) -> Option<&'s Entry> {
    let address = format!("/{}/", path.trim_matches('/').trim_end_matches("index.html").trim_matches('/'));
    let of = |address: &str| site.entries().iter().find(|entry| entry.address == address);
    of(&address).or_else(|| {
        let led = site.redirects().get(&address)?;
        let href = led.to.split('#').next().unwrap_or_default();
        let below = href.strip_prefix(site.urls().base_path()).unwrap_or(href);
        of(&percent_encoding::percent_decode_str(below).decode_utf8_lossy())
    })
}

/// The only entry of this name or title that such a reply can belong to.
fn by_slug<'s>(site: &'s Site, typed: &str, sort: Sort) -> Option<&'s Entry> {
    let name = typed.trim_matches('/').rsplit('/').next().unwrap_or_default();
    let wanted = slug::slug(name);
    let title = slug::fold(typed);
    let fits = |entry: &&Entry| match sort {
        Sort::Answer => entry.kind == Kind::Question,
        Sort::Support => entry.kind == Kind::Idea,
        _ => !matches!(entry.kind, Kind::Person | Kind::Page),
    };
    let mut found =
        site.entries().iter().filter(fits).filter(|it| it.slug == wanted || slug::fold(&it.title) == title);
    found.next().filter(|_| found.next().is_none())
}
