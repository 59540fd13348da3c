//! What a site was where a branch began: the same inputs as of today, but for the files that were changed since.
//!
//! Texts come from git's store and are compared with those on disk, so changes count whether they are committed or
//! not. A text that is the same stays the same piece of memory.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use super::asset::Asset;
use super::content::{Content, symlink, too_large, unsafe_path};
use super::git::base::{self, Base, Blob, NoBase};
use super::git::{self, Person};
use super::{
    Document, INSTALLED, MAX_DOCUMENT, Sources, StaticFile, decode, extension, is_document, place,
    unsafe_name,
};
use crate::config::Config;
use crate::data;
use crate::diagnostic::Diagnostic;
use crate::root;

/// Of this many files that came, and this many that went, each is compared with each.
const COMPARED: usize = 100;

/// A site where a branch began, and what the branch changed.
#[derive(Debug)]
pub struct Since {
    /// What the site was made from then.
    pub sources: Arc<Sources>,
    /// What is different now.
    pub changes: Changes,
}

/// What is different. Paths are those from the site's root.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files that came, were changed or got another name: the path now, and the one before if there was one.
    pub touched: BTreeMap<Arc<str>, Option<Arc<str>>>,
    /// Files that went.
    pub gone: BTreeSet<Arc<str>>,
    /// Who wrote the commits that touched a file, or the writer on this machine if none did.
    authors: BTreeMap<String, BTreeSet<Person>>,
    writer: Option<Person>,
}

/// Reads what a site was where `reference` and the last commit parted.
///
/// # Errors
/// Why that cannot be said.
pub fn since(now: &Sources, reference: &str) -> Result<Since, NoBase> {
    let mut base = base::base(&now.root, reference)?;
    if let Some(home) = place::linked(&now.root, &now.content_prefix) {
        name_linked(&mut base, now, &home);
    }
    let texts = Texts::read(&now.root, &base)?;
    let config = config(now, &texts);
    let prefix = content_prefix(now, &config, &base);
    let mut content = content(now, &base, &texts, &prefix);
    let mut known = now.documents.iter().map(|it| (&*it.path, &it.text)).collect::<HashMap<_, _>>();
    for document in &mut content.documents {
        if let Some(text) = known.remove(&*document.path).filter(|text| ***text == *document.text) {
            document.text = Arc::clone(text);
        }
    }
    let guidelines = texts
        .of(root::GUIDELINES)
        .and_then(|(file, bytes)| decode(&file, bytes).ok().map(|text| Document { path: file, text }));
    let mut changes = changes(now, &base, &content, guidelines.as_ref(), &texts);
    changes.authors.clone_from(&base.authors);
    changes.writer = git::writer(&now.root);
    let history = now.history.as_ref().map(|history| Arc::new(former_history(history, &changes)));
    let moderation = data(now, &texts, root::MODERATION, data::moderation, &now.moderation);
    let mut moderation = Arc::unwrap_or_clone(moderation);
    for decision in &mut moderation {
        decision.path.value = decision.path.value.nfc().collect();
    }
    moderation.sort_by(|a, b| a.path.value.cmp(&b.path.value));
    let mut diagnostics = config.warnings.clone();
    diagnostics.extend(content.diagnostics);
    diagnostics.sort();
    let sources = Sources {
        content_prefix: prefix,
        documents: content.documents,
        assets: Arc::new(content.assets),
        guidelines,
        statics: Arc::new(statics(now, &base)),
        reactions: data(now, &texts, root::REACTIONS, data::reactions, &now.reactions),
        moderation: Arc::new(moderation),
        search_tests: data(now, &texts, root::SEARCH_TESTS, data::search_tests, &now.search_tests),
        config,
        history,
        diagnostics,
        ..now.clone()
    };
    Ok(Since { sources: Arc::new(sources), changes })
}

/// Gives files of a content folder to which a link leads the names that they have on the site.
fn name_linked(base: &mut Base, now: &Sources, home: &Path) {
    let Ok(inside) = home.strip_prefix(&now.root) else { return };
    let from = format!("{}/", inside.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/"));
    let name = |path: &str| path.strip_prefix(&from).map(|rest| format!("{}{rest}", now.content_prefix));
    fn add<T: Clone>(known: &mut BTreeMap<String, T>, name: impl Fn(&str) -> Option<String>) {
        let named: Vec<(String, T)> =
            known.iter().filter_map(|(path, it)| Some((name(path)?, it.clone()))).collect();
        for (path, it) in named {
            known.entry(path).or_insert(it);
        }
    }
    add(&mut base.files, name);
    add(&mut base.head, name);
    add(&mut base.authors, name);
}

impl Changes {
    /// Whether a file is among what was changed.
    #[must_use]
    pub fn touches(&self, file: &str) -> bool {
        self.touched.contains_key(file) || self.gone.contains(file)
    }

    /// What a file is called now that was called so before; nothing if it went.
    #[must_use]
    pub fn renamed(&self) -> BTreeMap<&str, &str> {
        let renamed = self.touched.iter().filter_map(|(now, before)| Some((&**before.as_ref()?, &**now)));
        renamed.filter(|(before, now)| before != now).collect()
    }

    /// Who changed a file.
    #[must_use]
    pub fn authors(&self, file: &str) -> Vec<&Person> {
        let before = self.touched.get(file).and_then(Option::as_deref);
        let names = [Some(file), before.filter(|before| *before != file)];
        let all: BTreeSet<&Person> =
            names.into_iter().flatten().filter_map(|name| self.authors.get(name)).flatten().collect();
        if all.is_empty() { self.writer.iter().collect() } else { all.into_iter().collect() }
    }
}

/// The bytes of every file of the base that may be read as text.
struct Texts<'a>(BTreeMap<&'a str, Vec<u8>>);

impl<'a> Texts<'a> {
    fn read(root: &Path, base: &'a Base) -> Result<Texts<'a>, NoBase> {
        let is_read = |(path, blob): &(&String, &Blob)| {
            let is_small = blob.len.is_some_and(|len| len <= MAX_DOCUMENT) && !blob.is_link;
            let is_data = [root::CONFIG, root::SEARCH_TESTS].contains(&path.as_str())
                || (root::inside(root::DATA, path).is_some()
                    && extension(path).is_some_and(|it| it == "yaml"));
            is_small && (is_data || is_document(path))
        };
        let wanted: Vec<(&String, &Blob)> = base.files.iter().filter(is_read).collect();
        let blobs: Vec<&Blob> = wanted.iter().map(|(_, blob)| *blob).collect();
        let bytes = base::read(root, &blobs)?;
        Ok(Texts(wanted.into_iter().map(|(path, _)| path.as_str()).zip(bytes).collect()))
    }

    fn of(&self, name: &str) -> Option<(Arc<str>, &[u8])> {
        self.0.get(name).map(|bytes| (Arc::from(name), bytes.as_slice()))
    }
}

/// The configuration of then; that of now where it is the same or could not be read.
fn config(now: &Sources, texts: &Texts<'_>) -> Arc<Config> {
    let Some((file, bytes)) = texts.of(root::CONFIG) else { return Arc::new(Config::default()) };
    let Ok(text) = decode(&file, bytes) else { return Arc::clone(&now.config) };
    if now.trusted_text(root::CONFIG).is_some_and(|it| it == text) {
        return Arc::clone(&now.config);
    }
    Config::parse(&file, &text).map_or_else(|_| Arc::clone(&now.config), Arc::new)
}

type Parse<T> = fn(&Arc<str>, &str) -> Result<data::Data<T>, Vec<Diagnostic>>;

/// A data file of then.
fn data<T: Clone>(
    now: &Sources,
    texts: &Texts<'_>,
    name: &str,
    parse: Parse<T>,
    today: &Arc<Vec<T>>,
) -> Arc<Vec<T>> {
    let Some((file, bytes)) = texts.of(name) else { return Arc::default() };
    let Ok(text) = decode(&file, bytes) else { return Arc::clone(today) };
    if now.trusted_text(name).is_some_and(|it| it == text) {
        return Arc::clone(today);
    }
    parse(&file, &text).map_or_else(|_| Arc::clone(today), |data| Arc::new(data.entries))
}

fn content_prefix(now: &Sources, config: &Config, base: &Base) -> String {
    if config.content == now.config.content {
        return now.content_prefix.clone();
    }
    let prefix = format!("{}/", config.content);
    let is_there = !config.content.is_empty() && base.files.keys().any(|path| path.starts_with(&prefix));
    if is_there { prefix } else { String::new() }
}

/// The content of then, told apart as on disk.
fn content(now: &Sources, base: &Base, texts: &Texts<'_>, prefix: &str) -> Content {
    let mut content = Content::default();
    for (name, blob) in &base.files {
        let Some(inside) = name.strip_prefix(prefix) else { continue };
        let mut names = inside.split('/');
        let is_left_out = inside.split('/').any(|name| name.starts_with('.') || name == INSTALLED)
            || (prefix.is_empty() && names.next().is_some_and(root::is_reserved))
            || (blob.len.is_none() && !blob.is_link);
        if is_left_out {
            continue;
        }
        let path: Arc<str> = match name.is_ascii() {
            true => name.as_str().into(),
            false => name.nfc().collect::<String>().into(),
        };
        if let Some(reason) = unsafe_name(&path[prefix.len()..]) {
            content.diagnostics.push(unsafe_path(&path, &reason));
            continue;
        }
        if blob.is_link {
            content.diagnostics.push(symlink(&path));
            continue;
        }
        if !is_document(&path) || extension(&path).is_some_and(|it| it == "txt") {
            let asset = now.assets.get(&path).filter(|_| is_same(name, blob, base)).cloned();
            let file = now.root.join(&*path);
            content.assets.insert(
                Arc::clone(&path),
                asset.unwrap_or_else(|| {
                    Asset::presumed(Arc::clone(&path), file, Arc::clone(&now.config.files))
                }),
            );
        }
        if is_document(&path) {
            match texts.of(name).map(|(_, bytes)| decode(&path, bytes)) {
                Some(Ok(text)) => content.documents.push(Document { path, text }),
                Some(Err(problem)) => content.diagnostics.push(problem),
                None => content.diagnostics.push(too_large(&path)),
            }
        }
    }
    content.documents.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    content
}

/// Whether the last commit has a file as it was.
fn is_same(path: &str, blob: &Blob, base: &Base) -> bool {
    base.head.get(path).is_some_and(|head| *head == blob.id)
}

fn statics(now: &Sources, base: &Base) -> BTreeMap<String, StaticFile> {
    let no_hash = blake3::Hash::from_bytes([0; blake3::OUT_LEN]);
    let presumed = |name: &str| StaticFile::new(PathBuf::from(name), 0, no_hash);
    let names = base.files.keys().filter_map(|path| root::inside(root::STATIC, path));
    names
        .map(|name| (name.to_owned(), now.statics.get(name).cloned().unwrap_or_else(|| presumed(name))))
        .collect()
}

fn changes(
    now: &Sources,
    base: &Base,
    before: &Content,
    guidelines: Option<&Document>,
    texts: &Texts<'_>,
) -> Changes {
    let mut changes = Changes::default();
    let former: HashMap<&str, &Arc<str>> =
        before.documents.iter().chain(guidelines).map(|it| (&*it.path, &it.text)).collect();
    let mut came: Vec<&Document> = Vec::new();
    let mut here: BTreeSet<&str> = BTreeSet::new();
    for document in now.documents.iter().chain(&now.guidelines) {
        here.insert(&document.path);
        match former.get(&*document.path) {
            Some(text) if ***text == *document.text => {}
            Some(_) => {
                changes.touched.insert(Arc::clone(&document.path), Some(Arc::clone(&document.path)));
            }
            None => came.push(document),
        }
    }
    let went: Vec<&Document> =
        before.documents.iter().filter(|document| !here.contains(&*document.path)).collect();
    let renamed = renamed(&came, &went);
    changes.touched.extend(came.iter().map(|it| (Arc::clone(&it.path), renamed.get(&*it.path).cloned())));
    let kept: BTreeSet<&Arc<str>> = renamed.values().collect();
    changes.gone.extend(went.iter().map(|it| &it.path).filter(|path| !kept.contains(path)).cloned());
    // What is no page: by the ids that git has of it, and by its size where it is not committed yet.
    for (path, asset) in now.assets.iter().filter(|(path, _)| !here.contains(&***path)) {
        let blob = base.files.get(&**path);
        let is_as_committed = |blob: &Blob| {
            let len = std::fs::symlink_metadata(&asset.file).ok().map(|it| it.len());
            blob.len.is_none() || blob.len == len
        };
        if !blob.is_some_and(|blob| is_same(path, blob, base) && is_as_committed(blob)) {
            changes.touched.insert(Arc::clone(path), blob.map(|_| Arc::clone(path)));
        }
    }
    changes.gone.extend(before.assets.keys().filter(|path| !now.assets.contains_key(*path)).cloned());
    let found = now.diagnostics.iter().map(|it| &it.file);
    let unreadable = found.filter(|file| !here.contains(&***file) && !changes.touched.contains_key(*file));
    let unreadable: Vec<Arc<str>> = unreadable.cloned().collect();
    let trusted =
        now.theme_files.keys().map(|name| format!("{}/{}/{name}", root::THEMES, now.config.theme).into());
    let data = [root::CONFIG, root::SEARCH_TESTS, root::REACTIONS, root::MODERATION];
    for file in unreadable.into_iter().chain(trusted).chain(data.map(Arc::from)) {
        let text = now.trusted_text(&file);
        let is_same = match (text.filter(|_| data.contains(&&*file)), texts.of(&file)) {
            (Some(text), Some((_, bytes))) => decode(&file, bytes).is_ok_and(|it| it == text),
            (Some(_), None) => false,
            (None, _) => base.files.get(&*file).is_none_or(|blob| is_same(&file, blob, base)),
        };
        if !is_same {
            changes.touched.insert(Arc::clone(&file), base.files.get(&*file).map(|_| file));
        }
    }
    changes
}

/// Which of the files that came are files that went, under another name: the same text, else the one with the most
/// lines in common, at least half.
pub(crate) fn renamed(came: &[&Document], went: &[&Document]) -> BTreeMap<Arc<str>, Arc<str>> {
    let mut left: BTreeMap<&Arc<str>, &Document> = went.iter().map(|it| (&it.path, *it)).collect();
    let mut renamed: BTreeMap<Arc<str>, Arc<str>> = BTreeMap::new();
    let mut same: HashMap<&str, Vec<&Arc<str>>> = HashMap::new();
    for document in went.iter().rev().filter(|it| !it.text.trim().is_empty()) {
        same.entry(&document.text).or_default().push(&document.path);
    }
    for document in came {
        if let Some(before) = same.get_mut(&*document.text).and_then(Vec::pop) {
            left.remove(before);
            renamed.insert(Arc::clone(&document.path), Arc::clone(before));
        }
    }
    let rest: Vec<&&Document> = came.iter().filter(|it| !renamed.contains_key(&it.path)).collect();
    if rest.len() > COMPARED || left.len() > COMPARED {
        return renamed;
    }
    for document in rest {
        let best =
            left.values().filter_map(|before| Some((alike(&before.text, &document.text)?, &before.path)));
        // Of two that are as near the first counts.
        let best = best.max_by(|a, b| a.0.cmp(&b.0).then_with(|| b.1.cmp(a.1)));
        if let Some(before) = best.map(|(_, before)| Arc::clone(before)) {
            left.remove(&before);
            renamed.insert(Arc::clone(&document.path), before);
        }
    }
    renamed
}

/// How many bytes two texts have in common, in whole lines; nothing if it is less than half of the longer one.
fn alike(before: &str, after: &str) -> Option<usize> {
    let longest = before.len().max(after.len());
    if before.len().min(after.len()) * 2 < longest {
        return None;
    }
    let mut lines: HashMap<&str, usize> = HashMap::new();
    for line in before.split_inclusive('\n') {
        *lines.entry(line).or_default() += 1;
    }
    let mut common = 0;
    for line in after.split_inclusive('\n') {
        if let Some(count) = lines.get_mut(line).filter(|count| **count > 0) {
            *count -= 1;
            common += line.len();
        }
    }
    (common > 0 && common * 2 >= longest).then_some(common)
}

/// What git knows of the files under the names that they had.
fn former_history(history: &git::History, changes: &Changes) -> git::History {
    let mut former = history.clone();
    for (now, before) in &changes.touched {
        if let Some(before) = before.as_ref().filter(|before| *before != now)
            && let Some(life) = former.files.get(&**now).cloned()
        {
            former.files.insert(before.to_string(), life);
        }
    }
    former
}
