//! What pages and files are called, for links that name them rather than give their addresses: by their file names
//! with or without folders, by their titles and by their aliases, without regard to case.

use std::collections::HashMap;
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use crate::page::{Head, Lead, Page, slug};
use crate::source::{Sources, is_document};

/// At most this many files of one name are looked at.
const ALIKE: usize = 100;

/// Files by what they are called.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// By the names of files, folded, with their endings and without those of pages.
    files: HashMap<String, Vec<Arc<str>>>,
    /// By titles and aliases, folded.
    titles: HashMap<String, Vec<Arc<str>>>,
}

impl Names {
    pub(super) fn new(sources: &Sources, pages: &[Arc<Page>]) -> Names {
        let mut names = Names::default();
        for page in pages {
            let path = &page.path;
            let name = called(path);
            add(&mut names.files, folded(name), path);
            let slug = slug::slug(name);
            if slug != folded(name) {
                add(&mut names.files, slug, path);
            }
            for title in names_of(page) {
                add(&mut names.titles, title, path);
            }
        }
        for path in sources.assets.keys() {
            add(&mut names.files, folded(last(path)), path);
        }
        names
    }

    /// The files that a name on a page may mean, the nearest first.
    pub(super) fn find(&self, name: &str, from: &str) -> Vec<Arc<str>> {
        let folded = folded(name);
        let bare = match folded.rsplit_once('.') {
            Some((stem, _)) if is_document(&folded) => stem.to_string(),
            _ => folded.clone(),
        };
        let bare = bare.trim_start_matches("./").trim_start_matches("../").trim_start_matches('/');
        let is_below = |path: &&Arc<str>| {
            let path = self::folded(path);
            let stem =
                if is_document(&path) { path.rsplit_once('.').map_or(&*path, |it| it.0) } else { &path };
            let stem = stem
                .strip_suffix("/index")
                .or(stem.strip_suffix("/_index"))
                .or(stem.strip_suffix("/readme"))
                .unwrap_or(stem);
            !bare.contains('/')
                || stem.strip_suffix(bare).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
        };
        let of_files = |name: &str| self.files.get(name).map_or(&[][..], Vec::as_slice);
        let mut found: Vec<Arc<str>> = of_files(last(bare)).iter().filter(is_below).cloned().collect();
        if found.is_empty() {
            found = self.titles.get(&folded).cloned().unwrap_or_default();
        }
        if found.is_empty() && !bare.contains('/') {
            found = of_files(&slug::slug(bare)).to_vec();
        }
        found.sort_by_key(|path| (distance(from, path), path.matches('/').count(), Arc::clone(path)));
        found.dedup();
        found
    }

    /// What pages are called, in order.
    pub(super) fn pages(&self) -> Vec<&str> {
        let is_page = |paths: &[Arc<str>]| paths.iter().any(|path| is_document(path));
        let files = self.files.iter().filter(|(_, paths)| is_page(paths)).map(|(name, _)| name.as_str());
        let mut names: Vec<&str> = files.chain(self.titles.keys().map(String::as_str)).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// How a link on a page names a file: by as little of its path as tells it from all others.
    pub(super) fn name_of(&self, from: &Page, path: &str, content: &str) -> String {
        let whole = path.strip_prefix(content).unwrap_or(path);
        let whole = match whole.rsplit_once('.') {
            Some((stem, _)) if is_document(whole) => stem.strip_suffix("/index").unwrap_or(stem),
            _ => whole,
        };
        let ends = whole.rmatch_indices('/').map(|(at, _)| &whole[at + 1..]);
        let mut ends = ends.chain([whole]);
        let is_exact = |name: &&str| self.find(name, &from.path).len() == 1;
        ends.find(is_exact).unwrap_or(whole).to_string()
    }
}

fn add(names: &mut HashMap<String, Vec<Arc<str>>>, name: String, path: &Arc<str>) {
    let same = names.entry(name).or_default();
    if same.len() < ALIKE && same.last() != Some(path) {
        same.push(Arc::clone(path));
    }
}

/// The titles and the aliases of a page, folded.
pub(in crate::site) fn names_of(page: &Head) -> Vec<String> {
    let fields = &page.fields;
    let title = fields.title.as_ref().map(|title| title.value.as_str()).or(match &page.lead {
        Lead::Heading(title) | Lead::Bold(title) | Lead::BoldLine(title) => Some(title),
        Lead::None => None,
    });
    let aliases = fields.aliases.iter().map(|alias| last(alias.value.trim_matches('/')));
    title.into_iter().chain(aliases).map(folded).filter(|name| !name.is_empty()).collect()
}

/// A name without regard to case and to how its characters are composed.
pub(super) fn folded(name: &str) -> String {
    let name = name.trim();
    if name.is_ascii() { name.to_ascii_lowercase() } else { slug::fold(&name.nfc().collect::<String>()) }
}

/// What a page's file is called: without its ending, and an index as its folder.
fn called(path: &str) -> &str {
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    match stem.rsplit_once('/') {
        Some((folder, name))
            if ["index", "_index", "readme"].iter().any(|it| name.eq_ignore_ascii_case(it)) =>
        {
            last(folder)
        }
        _ => last(stem),
    }
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// How many folders lie between a page and a file.
fn distance(from: &str, to: &str) -> usize {
    let folders = |path: &str| path.rsplit_once('/').map_or("", |(folder, _)| folder).to_string();
    let (from, to) = (folders(from), folders(to));
    let (from, to): (Vec<&str>, Vec<&str>) = (from.split('/').collect(), to.split('/').collect());
    let same = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    from.len() + to.len() - 2 * same
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_of_several_files_is_meant() {
        let mut names = Names::default();
        for path in ["content/a/tea.md", "content/b/Tea.md", "content/b/c/green/index.md", "content/cup.png"]
        {
            let path: Arc<str> = path.into();
            let name = if is_document(&path) { called(&path) } else { last(&path) };
            add(&mut names.files, folded(name), &path);
        }
        let find = |name: &str, from: &str| {
            names.find(name, from).iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(find("TEA", "content/b/x.md"), ["content/b/Tea.md", "content/a/tea.md"]);
        assert_eq!(find("a/tea", "content/b/x.md"), ["content/a/tea.md"]);
        assert_eq!(find("a/tea.md", "content/b/x.md"), ["content/a/tea.md"]);
        assert_eq!(find("c/green", "content/b/x.md"), ["content/b/c/green/index.md"]);
        assert_eq!(find("cup.png", "content/b/x.md"), ["content/cup.png"]);
        assert_eq!(find("ea", "content/b/x.md"), Vec::<String>::new());
    }
}
