//! The sources again, after something changed: what is named is looked at, everything else is taken over.
//!
//! A value that did not change stays the same piece of memory ([`Arc::ptr_eq`]), so that anyone who compares two
//! [`Sources`] need not look inside. Hashes and texts decide what changed, never times.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::content::{Content, take, walk_content};
use super::field_history::field_histories;
use super::{Asset, Document, INSTALLED, LoadError, LoadOptions, Sources, git, path_text, place, today};
use crate::diagnostic::Rule;
use crate::root;

/// What may have changed.
#[derive(Debug, Clone, Default)]
pub struct Touched {
    /// Files and folders, absolute.
    pub paths: BTreeSet<PathBuf>,
    /// Anything at all.
    pub everything: bool,
}

/// Reads again what may have changed. Git is not asked.
///
/// # Errors
/// As [`super::load`]. The sources of before stay what they are.
pub fn reload(
    before: &Arc<Sources>,
    options: &LoadOptions,
    touched: &Touched,
) -> Result<Arc<Sources>, LoadError> {
    let root = &before.root;
    let mut content: BTreeSet<PathBuf> = BTreeSet::new();
    let mut all = touched.everything;
    for path in &touched.paths {
        let named = place::as_named(root, &before.content_prefix, path);
        let Ok(inside) = named.strip_prefix(root) else { continue };
        match is_content(before, options, inside, &named) {
            Some(true) => {
                content.insert(named);
            }
            Some(false) => {}
            None => all = true,
        }
    }
    if all {
        let mut read = Arc::unwrap_or_clone(super::read(root, options, Some(before))?);
        keep_unread(&mut read, before);
        return Ok(Arc::new(adopt(read, before)));
    }
    if content.is_empty() {
        return Ok(Arc::clone(before));
    }
    let mut sources = Sources::clone(before);
    for path in &content {
        look_again(&mut sources, path, options);
    }
    keep_unread(&mut sources, before);
    Ok(Arc::new(adopt(sources, before)))
}

/// The sources with another history, and the day that comes with it. Where git cannot be asked any more, what it said
/// last stays.
#[must_use]
pub fn with_history(
    before: &Arc<Sources>,
    options: &LoadOptions,
    history: Result<Option<Arc<git::History>>, git::GitError>,
) -> Arc<Sources> {
    let mut sources = Sources::clone(before);
    let history = match history {
        Ok(history) => history,
        Err(error) => {
            sources.diagnostics.retain(|problem| !super::facts::is_of_git(problem));
            sources.diagnostics.push(super::facts::git_unreadable(&error));
            return Arc::new(adopt(sources, before));
        }
    };
    sources.today = today(&sources.config, history.as_deref(), options.by_clock);
    sources.diagnostics.retain(|problem| !super::facts::is_of_git(problem));
    sources.diagnostics.extend(history.as_deref().into_iter().flat_map(super::facts::gaps));
    let of_fields = field_histories(
        (&sources.root, &sources.trusted),
        &sources.content_prefix,
        &sources.config,
        history.as_deref(),
        None,
    );
    sources.field_histories = of_fields.map(Arc::new);
    sources.history = history;
    sources.decided = Arc::new(super::decided(
        &sources.trusted,
        &sources.config,
        &sources.moderation,
        sources.history.as_deref(),
    ));
    Arc::new(adopt(sources, before))
}

/// Whether a path lies in the content folder; nothing if it is trusted, so that all may depend on it.
fn is_content(sources: &Sources, options: &LoadOptions, inside: &Path, path: &Path) -> Option<bool> {
    let names: Option<Vec<&str>> = inside
        .components()
        .map(|part| match part {
            Component::Normal(name) => name.to_str(),
            _ => None,
        })
        .collect();
    // A name that is no text is told by a walk.
    let names = names?;
    let first = *names.first()?;
    let output = options.output.as_ref().and_then(|output| output.canonicalize().ok());
    if output.is_some_and(|output| path.starts_with(output)) {
        return Some(false);
    }
    if root::is_trusted(first) {
        return None;
    }
    let prefix = sources.content_prefix.trim_end_matches('/');
    let below = if prefix.is_empty() { inside } else { inside.strip_prefix(prefix).ok()? };
    let hidden = |name: &str| name.starts_with('.') || name == INSTALLED;
    let is_left_out = below.iter().filter_map(|name| name.to_str()).any(hidden);
    let is_output = prefix.is_empty() && root::is_reserved(first);
    // The content folder itself came, went or was exchanged.
    if below.as_os_str().is_empty() {
        return None;
    }
    Some(!is_left_out && !is_output)
}

/// Takes out what was known of a path and of everything below it, and puts in what is there now.
fn look_again(sources: &mut Sources, path: &Path, options: &LoadOptions) {
    let Some(name) = path_text(&sources.root, path) else { return };
    let below = format!("{name}/");
    let is_meant = |known: &str| known == &*name || known.starts_with(&below);
    let found = if is_reached(sources, path) {
        let output = options.output.as_ref().and_then(|output| output.canonicalize().ok());
        let output = output.map(|it| place::as_named(&sources.root, &sources.content_prefix, &it));
        let mut found = Content::default();
        for entry in walk_content(&sources.root, &sources.content_prefix, output.as_deref(), path, usize::MAX)
        {
            if !entry.as_ref().is_ok_and(|entry| entry.file_type().is_dir()) {
                let files = &sources.config.files;
                take(&sources.root, &sources.content_prefix, entry, files, &mut found);
            }
        }
        found
    } else {
        Content::default()
    };
    let at = sources.documents.partition_point(|document| *document.path < *name);
    let same = [&sources.documents.get(at)].iter().any(|it| it.is_some_and(|it| *it.path == *name));
    match (found.documents.as_slice(), same) {
        // The usual case: one file that was there is there, and nothing lies below a file.
        ([document], true) if *document.path == *name => sources.documents[at].clone_from(document),
        _ => {
            sources.documents.retain(|document| !is_meant(&document.path));
            sources.documents.extend(found.documents);
            sources.documents.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        }
    }
    if !found.assets.is_empty() || sources.assets.keys().any(|known| is_meant(known)) {
        let assets = Arc::make_mut(&mut sources.assets);
        assets.retain(|known, _| !is_meant(known));
        assets.extend(found.assets);
    }
    sources.diagnostics.retain(|it| !is_meant(&it.file));
    sources.diagnostics.extend(found.diagnostics);
    sources.unread.retain(|it| !is_meant(it));
    sources.unread.extend(found.unread);
    sources.unread.sort_unstable();
}

/// Keeps what was known of files and folders that are there and that the disk does not show any more: a permission
/// that somebody took away for a moment takes no page away.
fn keep_unread(now: &mut Sources, before: &Sources) {
    for path in &now.unread {
        let said = now.diagnostics.iter_mut().filter(|it| it.file == *path && it.rule == Rule::Encoding);
        said.for_each(|it| {
            it.help =
                "Check its permissions. Until then the site shows its last readable version.".to_string()
        });
        let below = format!("{path}/");
        let is_meant = |known: &str| known == &**path || known.starts_with(&below);
        let is_new =
            |it: &&Document| now.documents.binary_search_by(|known| known.path.cmp(&it.path)).is_err();
        let kept: Vec<Document> =
            before.documents.iter().filter(|it| is_meant(&it.path)).filter(is_new).cloned().collect();
        if !kept.is_empty() {
            now.documents.extend(kept);
            now.documents.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        }
        if before.assets.keys().any(|known| is_meant(known) && !now.assets.contains_key(known)) {
            let kept = before.assets.iter().filter(|(known, _)| is_meant(known));
            let kept: Vec<_> = kept.map(|(path, asset)| (Arc::clone(path), asset.clone())).collect();
            let assets = Arc::make_mut(&mut now.assets);
            for (path, asset) in kept {
                assets.entry(path).or_insert(asset);
            }
        }
    }
}

/// Whether a walk would come to a path: it is there, and no folder above it in the content is a link.
fn is_reached(sources: &Sources, path: &Path) -> bool {
    let top = sources.root.join(sources.content_prefix.trim_end_matches('/'));
    let above = path.ancestors().skip(1).take_while(|above| *above != top);
    let is_folder = |above: &Path| fs::symlink_metadata(above).is_ok_and(|it| it.is_dir());
    fs::symlink_metadata(path).is_ok() && above.into_iter().all(is_folder)
}

/// Takes over from before whatever is the same.
fn adopt(mut now: Sources, before: &Sources) -> Sources {
    fn keep<T: PartialEq>(now: &mut Arc<T>, before: &Arc<T>) {
        if !Arc::ptr_eq(now, before) && **now == **before {
            *now = Arc::clone(before);
        }
    }
    if !now.config.has_title {
        place::name_site(Arc::make_mut(&mut now.config), &now.documents, &now.content_prefix);
    }
    keep(&mut now.config, &before.config);
    keep(&mut now.statics, &before.statics);
    keep(&mut now.theme_files, &before.theme_files);
    keep(&mut now.reactions, &before.reactions);
    keep(&mut now.moderation, &before.moderation);
    keep(&mut now.decided, &before.decided);
    keep(&mut now.search_tests, &before.search_tests);
    keep(&mut now.feeds, &before.feeds);
    if now.config.language == before.config.language && words(&now).eq(words(before)) {
        now.words = Arc::clone(&before.words);
    }
    if let (Some(history), Some(known)) = (&mut now.history, &before.history) {
        keep(history, known);
    }
    if let (Some(histories), Some(known)) = (&mut now.field_histories, &before.field_histories) {
        keep(histories, known);
    }
    let same_assets = Arc::ptr_eq(&now.assets, &before.assets)
        || now.assets.len() == before.assets.len()
            && now.assets.iter().zip(before.assets.iter()).all(|(a, b)| is_same_asset(a.1, b.1));
    if same_assets {
        now.assets = Arc::clone(&before.assets);
    }
    // A text that is the same need not be understood again.
    let mut known = before.documents.iter().peekable();
    for document in &mut now.documents {
        if known.next_if(|it| is_same_document(it, document)).is_some() {
            continue;
        }
        while known.next_if(|it| it.path < document.path).is_some() {}
        let Some(same) = known.next_if(|it| it.path == document.path) else { continue };
        document.path = Arc::clone(&same.path);
        if same.text == document.text {
            document.text = Arc::clone(&same.text);
        }
    }
    now.diagnostics.sort();
    now
}

/// The files of the theme that words are read from.
fn words(sources: &Sources) -> impl Iterator<Item = (&String, &Vec<u8>)> {
    sources.theme_files.iter().filter(|(name, _)| name.starts_with("words/"))
}

/// Whether two files are the same, told without looking into them.
#[must_use]
pub fn is_same_document(a: &Document, b: &Document) -> bool {
    Arc::ptr_eq(&a.path, &b.path) && Arc::ptr_eq(&a.text, &b.text)
}

/// Whether a file beside content is what it was, as far as anybody looked at it.
fn is_same_asset(now: &Asset, before: &Asset) -> bool {
    (&now.path, &now.file) == (&before.path, &before.file)
        && now.has_rules_of(before)
        && before.known_facts().is_none_or(|facts| now.facts() == facts.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::load;

    #[test]
    fn what_the_disk_does_not_show_any_more_stays_as_it_was() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path().canonicalize().expect("it is there");
        let content = root.join("content/questions");
        fs::create_dir_all(&content).expect("a folder");
        for name in ["a.md", "b.md", "b/ana.md", "b/x.png", "c.md"] {
            let file = content.join(name);
            fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            fs::write(file, "# Why?\n").expect("a file");
        }
        let before = load(&root, &LoadOptions::default()).expect("a site");
        fs::write(content.join("c.md"), "# What?\n").expect("a file");
        for name in ["a.md", "b/ana.md", "b/x.png"] {
            fs::remove_file(content.join(name)).expect("it goes");
        }
        // As if a file and a folder could not be read.
        let mut now = Sources::clone(&load(&root, &LoadOptions::default()).expect("a site"));
        now.unread = ["content/questions/a.md", "content/questions/b"].map(Arc::from).to_vec();
        keep_unread(&mut now, &before);
        let paths: Vec<&str> = now.documents.iter().map(|it| &*it.path).collect();
        let kept = ["content/questions/a.md", "content/questions/b.md", "content/questions/b/ana.md"];
        assert_eq!(paths[..3], kept);
        assert!(now.text("content/questions/c.md").is_some_and(|text| &**text == "# What?\n"));
        assert!(now.assets.contains_key("content/questions/b/x.png"));
    }
}
