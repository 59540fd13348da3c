//! What differs between the files of two versions of a site, and which pages show these files.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;

use crate::data;
use crate::page::Page;
use crate::root;
use crate::site::revision::{Key, Part};
use crate::site::{Site, url};
use crate::source::git_diff::renamed;
use crate::source::{Document, Sources};

/// A content file that differs, or about which something else does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileChange {
    /// Its path from the site's root: the new one, or the old one of a file that is gone.
    pub path: String,
    /// Its path before, if that was another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What happened to it.
    pub status: FileStatus,
    /// What differs, in words: `text`, `title`, the names of fields, `moderation`, `author`, `dates`.
    pub changed: Vec<String>,
    /// The addresses that show it: before, and now.
    #[serde(skip)]
    pub(super) addresses: [Option<String>; 2],
}

/// What happened to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileStatus {
    /// It was not there.
    Added,
    /// It is not there any more.
    Removed,
    /// It has another name, and perhaps another text.
    Renamed,
    /// It has another text.
    Changed,
    /// It is the same, and something else is said of it.
    Same,
}

/// All that differs between what two versions are made from.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// Content files, in the order of their paths.
    pub(super) files: Vec<FileChange>,
    /// What concerns every page: the configuration, files of the theme.
    pub(super) global: Vec<String>,
    /// Which of the files show on the page at an address.
    own: BTreeMap<String, BTreeSet<usize>>,
}

/// What an old and a new version are made from differently.
pub(super) fn changes(old: &Site, new: &Site) -> Changes {
    let mut changes = Changes { global: global(old.sources(), new.sources()), ..Changes::default() };
    let [before, now] = [old, new].map(|site| documents(site.sources()));
    let came: Vec<&Document> = now.values().filter(|it| !before.contains_key(&*it.path)).copied().collect();
    let went: Vec<&Document> = before.values().filter(|it| !now.contains_key(&*it.path)).copied().collect();
    let renamed = renamed(&came, &went);
    let moved: BTreeSet<&Arc<str>> = renamed.values().collect();
    for document in now.values() {
        let path = renamed.get(&document.path).map_or(&*document.path, |it| it);
        changes.add(old, new, before.get(path).copied(), Some(document));
    }
    for document in went.into_iter().filter(|it| !moved.contains(&it.path)) {
        changes.add(old, new, Some(document), None);
    }
    changes.files.sort_by(|a, b| a.path.cmp(&b.path));
    for (n, file) in changes.files.iter().enumerate() {
        for address in file.addresses.iter().flatten() {
            changes.own.entry(address.clone()).or_default().insert(n);
        }
    }
    changes
}

/// The texts of a version, by their paths.
fn documents(sources: &Sources) -> BTreeMap<&str, &Document> {
    sources.documents.iter().chain(&sources.guidelines).map(|it| (&*it.path, it)).collect()
}

impl Changes {
    /// The files that stand on the page at an address and differ.
    pub(super) fn at(&self, address: &str) -> BTreeSet<usize> {
        self.own.get(address).cloned().unwrap_or_default()
    }

    fn add(&mut self, old: &Site, new: &Site, before: Option<&Document>, now: Option<&Document>) {
        let status = match (before, now) {
            (None, _) => FileStatus::Added,
            (_, None) => FileStatus::Removed,
            (Some(before), Some(now)) if before.path != now.path => FileStatus::Renamed,
            (Some(before), Some(now)) if before.text != now.text => FileStatus::Changed,
            _ => FileStatus::Same,
        };
        let mut changed = Vec::new();
        if let (Some(before), Some(now)) = (before, now) {
            if before.text != now.text {
                changed = what(old, new, before, now);
            }
            changed.extend(facts(old, new, &before.path, &now.path).map(str::to_owned));
            if status == FileStatus::Same && changed.is_empty() {
                return;
            }
        }
        let Some(document) = now.or(before) else { return };
        let address = |site: &Site, document: Option<&Document>| {
            let document = document?;
            if &*document.path == root::GUIDELINES {
                return Some(url::GUIDELINES_PAGE.to_owned());
            }
            let place = site.place_of(&document.path).map(|(address, _)| address);
            place.or_else(|| site.meant_address(&document.path))
        };
        self.files.push(FileChange {
            path: document.path.to_string(),
            before: before.map(|it| it.path.to_string()).filter(|it| *it != *document.path),
            status,
            changed,
            addresses: [address(old, before), address(new, now)],
        });
    }

    /// Which of the files each part of a version tells about, so that what a page read says why it differs.
    pub(super) fn labels(&self, site: &Site, other: &Site) -> BTreeMap<Part, BTreeSet<usize>> {
        let mut labels: BTreeMap<Part, BTreeSet<usize>> = BTreeMap::new();
        let mut add = |key: Key<'_>, n: usize| {
            labels.entry(key.into()).or_default().insert(n);
        };
        let by_address: BTreeMap<&str, usize> =
            site.entries().iter().enumerate().map(|(id, entry)| (entry.address.as_str(), id)).collect();
        let others: BTreeMap<&str, usize> =
            other.entries().iter().enumerate().map(|(id, entry)| (entry.address.as_str(), id)).collect();
        let [reader, beside] = [site, other].map(Site::reader);
        for (n, file) in self.files.iter().enumerate() {
            for path in [Some(&file.path), file.before.as_ref()].into_iter().flatten() {
                for key in [Key::Page(path), Key::Fields(path), Key::Shown(path), Key::Form(path)] {
                    add(key, n);
                }
            }
            for address in file.addresses.iter().flatten() {
                add(Key::Redirect(address), n);
                add(Key::Plain(address), n);
                let Some(id) = by_address.get(address.as_str()) else { continue };
                let entry = &site.entries()[*id];
                add(Key::Entry(address), n);
                add(Key::File(address), n);
                add(Key::Fulfilment(address), n);
                // What turned out the same is no reason.
                let was = others.get(address.as_str());
                if was.is_none_or(|was| beside.title(*was) != reader.title(*id)) {
                    add(Key::Title(address), n);
                }
                if was.is_none_or(|was| beside.summary(*was) != reader.summary(*id)) {
                    add(Key::Summary(address), n);
                }
                if was.is_none_or(|was| beside.answers(*was) != reader.answers(*id)) {
                    add(Key::Answers(address), n);
                }
                for tag in &entry.tags {
                    add(Key::Tag(tag), n);
                }
                for product in &entry.products {
                    add(Key::Product(product), n);
                }
                let replies = entry.replies().flat_map(|reply| &reply.authors);
                for handle in entry.authors.iter().chain(replies).chain([&entry.slug]) {
                    add(Key::Person(handle), n);
                }
                add(Key::Profile(&entry.slug), n);
            }
        }
        labels
    }
}

/// What differs between two texts of a file.
fn what(old: &Site, new: &Site, before: &Document, now: &Document) -> Vec<String> {
    let fields = |site: &Site, document: &Document| -> (BTreeMap<String, String>, String) {
        let page = match site.page_of(&document.path) {
            Some(page) => page,
            None => match site.guidelines().filter(|(page, _)| page.path == document.path) {
                Some((page, _)) => page,
                None => return (BTreeMap::new(), document.text.to_string()),
            },
        };
        (written(page, document), body(document))
    };
    let ((old_fields, old_text), (new_fields, new_text)) = (fields(old, before), fields(new, now));
    let title = |text: &str| text.lines().find(|line| line.starts_with("# ")).map(str::to_owned);
    let mut changed = Vec::new();
    let (old_title, new_title) = (title(&old_text), title(&new_text));
    if old_title != new_title {
        changed.push("title".to_owned());
    }
    let rest = |text: &str, title: &Option<String>| match title {
        Some(title) => text.replacen(title.as_str(), "", 1).trim().to_owned(),
        None => text.trim().to_owned(),
    };
    if rest(&old_text, &old_title) != rest(&new_text, &new_title) {
        changed.push("text".to_owned());
    }
    let names: BTreeSet<&String> = old_fields.keys().chain(new_fields.keys()).collect();
    changed.extend(names.into_iter().filter(|name| old_fields.get(*name) != new_fields.get(*name)).cloned());
    let mut seen = BTreeSet::new();
    changed.retain(|it| seen.insert(it.clone()));
    changed
}

/// The fields of a file by their names, each with the lines in which it is written.
fn written(page: &Page, document: &Document) -> BTreeMap<String, String> {
    let lines: Vec<&str> = document.text.lines().collect();
    let mut keys: Vec<(usize, String)> = page
        .fields
        .present
        .iter()
        .map(|(key, field)| {
            let name = field.map_or_else(|| key.value.clone(), |field| field.name().to_owned());
            (usize::try_from(key.span.line).unwrap_or(0), name)
        })
        .collect();
    keys.sort();
    let mut fields = BTreeMap::new();
    for (n, (line, name)) in keys.iter().enumerate() {
        let end = keys.get(n + 1).map_or(lines.len(), |(next, _)| next - 1);
        let own = lines.get(line.saturating_sub(1)..end).unwrap_or_default();
        let own: Vec<&str> =
            own.iter().take_while(|it| !matches!(it.trim_end(), "---" | "+++")).copied().collect();
        fields.insert(name.clone(), own.join("\n"));
    }
    fields
}

/// The text of a file without its front matter.
fn body(document: &Document) -> String {
    let at = crate::page::front_matter::parse(&document.path, &document.text).body_at;
    document.text.get(at..).unwrap_or_default().to_owned()
}

/// What else is said of a file: by moderators, and by git.
fn facts<'a>(old: &Site, new: &Site, before: &str, now: &str) -> impl Iterator<Item = &'a str> {
    let [was, is] = [(old, before), (new, now)]
        .map(|(site, path)| site.sources().moderation(path).map(|it| (it.status, it.reason.clone())));
    let [then, today] = [(old, before), (new, now)].map(|(site, path)| {
        site.sources().history.as_ref().and_then(|history| history.files.get(path).cloned())
    });
    let known = then.zip(today);
    let is_other = known.as_ref().is_some_and(|(then, today)| then.added_by != today.added_by);
    let is_later = known
        .as_ref()
        .is_some_and(|(then, today)| (then.added_at, then.changed_at) != (today.added_at, today.changed_at));
    let found = [("moderation", was != is), ("author", is_other), ("dates", is_later)];
    found.into_iter().filter(|(_, is_so)| *is_so).map(|(what, _)| what)
}

/// What concerns every page and differs.
fn global(old: &Sources, new: &Sources) -> Vec<String> {
    let mut global = Vec::new();
    if old.config != new.config {
        global.push(root::CONFIG.to_owned());
    }
    let (before, now) = (&old.theme_files, &new.theme_files);
    let names: BTreeSet<&String> = before.keys().chain(now.keys()).collect();
    let differ = names.into_iter().filter(|name| before.get(*name) != now.get(*name));
    global.extend(differ.map(|name| format!("{}/{}/{name}", root::THEMES, new.config.theme)));
    if old.reactions != new.reactions {
        global.push(root::REACTIONS.to_owned());
    }
    let (before, now) = (&old.feeds, &new.feeds);
    let slugs: BTreeSet<&String> = before.keys().chain(now.keys()).collect();
    let differ = slugs.into_iter().filter(|slug| before.get(*slug) != now.get(*slug));
    global.extend(differ.map(|slug| data::feed::path(slug)));
    global
}
