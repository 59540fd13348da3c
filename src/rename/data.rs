//! The company's own files that name pages: votes, moderation, search tests, the menu, the footer, the team.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::place::Lines;
use super::{Edits, Scene, field, moved};
use crate::config::Config;
use crate::diagnostic::{Rule, Span};
use crate::edit::{Edit, Move};
use crate::page::slug;
use crate::root;
use crate::source::Sources;
use crate::yaml::{self, Dialect, Node, NodeKind, Shape};

/// Changes what names something by its old name. What is only mentioned in a theme is said.
pub(super) fn rewrite(scene: &Scene<'_>, edits: &mut Edits) {
    votes(scene, edits);
    moderation(scene, edits);
    search_tests(scene, edits);
    configuration(scene, edits);
    theme(scene, edits);
}

/// The path of a decision of moderators, afterwards: from the root or from the content folder, as it was.
pub(super) fn moderated(sources: &Sources, moves: &[Move], path: &str) -> String {
    let prefix = sources.content_prefix.as_str();
    if path.starts_with(prefix) {
        return moved(moves, path);
    }
    let now = moved(moves, &format!("{prefix}{path}"));
    now.strip_prefix(prefix).map_or_else(|| now.clone(), str::to_string)
}

/// Reads again what the edits change of the company's own files, as far as pages show it. What cannot be read
/// any more stays as it was.
pub(super) fn read_again(sources: &mut Sources, edits: &BTreeMap<Arc<str>, BTreeSet<Edit>>) {
    let text = |name: &str| {
        let edits: Vec<Edit> = edits.get(name)?.iter().cloned().collect();
        Some(crate::edit::edited(&sources.trusted_text(name)?, &edits))
    };
    let config = text(root::CONFIG).and_then(|text| Config::parse(&Arc::from(root::CONFIG), &text).ok());
    let votes = text(root::REACTIONS);
    let votes = votes.and_then(|text| crate::data::reactions(&Arc::from(root::REACTIONS), &text).ok());
    if let Some(mut config) = config {
        config.base_url.clone_from(&sources.config.base_url);
        sources.config = Arc::new(config);
    }
    if let Some(votes) = votes {
        sources.reactions = Arc::new(votes.entries);
    }
}

fn votes(scene: &Scene<'_>, edits: &mut Edits) {
    let file = File::read(scene, root::REACTIONS);
    let Some(file) = file else { return };
    let stems = field::stems(scene);
    let owners =
        stems.keys().filter_map(|owner| Some((slug::fold(scene.before.address_of(*owner)?), *owner)));
    let owners: BTreeMap<String, usize> = owners.collect();
    let handles = field::handles(scene);
    for reaction in scene.before.sources().reactions.iter() {
        for by in &reaction.by {
            if let Some(new) = handles.get(&by.value) {
                field::replace(edits, &file.name, &file.text, by.span, &by.value, new);
            }
        }
        let entry = &reaction.entry;
        let old = format!("/{}/", entry.value);
        let owner = owners.get(&slug::fold(&old)).copied();
        let stem = owner.zip(reaction.answer.as_ref()).and_then(|(owner, answer)| {
            let known = stems.get(&owner)?;
            known.iter().find(|(old, _)| old == answer).map(|(_, new)| (answer, new))
        });
        let new = file.address(&old);
        if new.is_none() && stem.is_none() {
            continue;
        }
        let Some(written) = file.slice(entry.span) else { continue };
        let mut text = written.to_string();
        if let Some(new) = new {
            text = text.replacen(&entry.value, new.trim_matches('/'), 1);
        }
        if let Some((old, new)) = stem
            && let Some((before, answer)) = text.split_once('#')
        {
            text = format!("{before}#{}", answer.replacen(old.as_str(), new, 1));
        }
        file.put(entry.span, &text, edits);
    }
}

fn moderation(scene: &Scene<'_>, edits: &mut Edits) {
    let Some(file) = File::read(scene, root::MODERATION) else { return };
    let handles = field::handles(scene);
    for decision in scene.before.sources().moderation.iter() {
        let path = &decision.path;
        let now = moderated(scene.before.sources(), scene.moves, &path.value);
        if now != path.value {
            field::replace(edits, &file.name, &file.text, path.span, &path.value, &now);
        }
        if let Some((by, new)) = decision.by.as_ref().and_then(|by| Some((by, handles.get(&by.value)?))) {
            field::replace(edits, &file.name, &file.text, by.span, &by.value, new);
        }
    }
}

fn search_tests(scene: &Scene<'_>, edits: &mut Edits) {
    let Some(file) = File::read(scene, root::SEARCH_TESTS) else { return };
    let prefix = &scene.before.sources().content_prefix;
    for test in scene.before.sources().search_tests.iter() {
        let written = test.page.value.trim();
        let bare = written.trim_matches('/');
        let path =
            if bare.starts_with(prefix.as_str()) { bare.to_string() } else { format!("{prefix}{bare}") };
        let now = moved(scene.moves, &path);
        let to = if scene.paths.is_file(&path) {
            let inside = now.strip_prefix(prefix.as_str()).unwrap_or(&now);
            (now != path)
                .then(|| if bare.starts_with(prefix.as_str()) { now.clone() } else { inside.to_string() })
        } else {
            file.written_address(scene, written)
        };
        if let Some(to) = to {
            let written = if to.starts_with('/') { written } else { written.trim_start_matches('/') };
            field::replace(edits, &file.name, &file.text, test.page.span, written, &to);
        }
    }
}

fn configuration(scene: &Scene<'_>, edits: &mut Edits) {
    let Some(file) = File::read(scene, root::CONFIG) else { return };
    let dialect =
        Dialect { rule: Rule::Config, limit: 1 << 20, shape: |_| Shape::Other, is_known: |_| false };
    let document = yaml::read(&file.name, &file.text, 0..file.text.len(), &dialect);
    let NodeKind::Map(pairs) = &document.root.kind else { return };
    let handles = field::handles(scene);
    for (name, node) in pairs {
        match &*name.value {
            "menu" | "footer" => addresses(scene, &file, node, edits),
            "team" => {
                let NodeKind::Map(team) = &node.kind else { continue };
                for (handle, _) in team {
                    if let Some(new) = handles.get(&slug::handle(&handle.value)) {
                        field::replace(edits, &file.name, &file.text, handle.span, &handle.value, new);
                    }
                }
            }
            _ => {}
        }
    }
}

/// The addresses in a value of the configuration.
fn addresses(scene: &Scene<'_>, file: &File, node: &Node<'_>, edits: &mut Edits) {
    match &node.kind {
        NodeKind::Scalar { text, .. } => {
            if let Some(to) = file.written_address(scene, text) {
                field::replace(edits, &file.name, &file.text, node.span, text, &to);
            }
        }
        NodeKind::List(items) => items.iter().for_each(|it| addresses(scene, file, it, edits)),
        NodeKind::Map(pairs) => pairs.iter().for_each(|(_, it)| addresses(scene, file, it, edits)),
        NodeKind::Null => {}
    }
}

/// Templates are written by people who know what they do: they are told, not corrected.
fn theme(scene: &Scene<'_>, edits: &mut Edits) {
    let sources = scene.before.sources();
    for (path, bytes) in sources.theme_files.iter() {
        let Ok(text) = std::str::from_utf8(bytes) else { continue };
        for (n, line) in text.lines().enumerate() {
            for (old, new) in scene.addresses.iter().filter(|(old, _)| line.contains(old.as_str())) {
                edits.notes.push(format!(
                    "themes/{}/{path}:{}: This mentions {old}. Write {new}.",
                    sources.config.theme,
                    n + 1
                ));
            }
        }
    }
}

/// A file of the company with its text.
struct File {
    name: Arc<str>,
    text: Arc<str>,
    /// New addresses by old ones, folded.
    addresses: BTreeMap<String, String>,
}

impl File {
    fn read(scene: &Scene<'_>, name: &str) -> Option<File> {
        if scene.addresses.is_empty() && scene.moves.is_empty() {
            return None;
        }
        let text = scene.before.sources().trusted_text(name)?;
        let addresses = scene.addresses.iter().map(|(old, new)| (slug::fold(old), new.clone())).collect();
        Some(File { name: Arc::from(name), text, addresses })
    }

    fn slice(&self, span: Span) -> Option<&str> {
        Some(&self.text[Lines::new(&self.text).range(span)?])
    }

    fn put(&self, span: Span, to: &str, edits: &mut Edits) {
        if let Some(at) = Lines::new(&self.text).range(span) {
            edits.add(&self.name, Edit { start: at.start, end: at.end, to: to.to_string() });
        }
    }

    /// The new address of an old one, whatever its case.
    fn address(&self, old: &str) -> Option<&str> {
        self.addresses.get(&slug::fold(old)).map(String::as_str)
    }

    /// An address as somebody wrote it, with its host, its fragment and its end, as it is afterwards.
    fn written_address(&self, scene: &Scene<'_>, written: &str) -> Option<String> {
        let end = written.find(['?', '#']).unwrap_or(written.len());
        let (path, tail) = written.split_at(end);
        let own = ::url::Url::parse(path).ok().and_then(|it| scene.before.urls().own(&it));
        let address = own.as_deref().unwrap_or(path);
        let new = self.address(&format!("/{}/", address.trim_matches('/')))?;
        let start = path.len() - address.len().min(path.len());
        let before = if path.ends_with(address) { &path[..start] } else { return None };
        let new = new.trim_matches('/');
        let slash = |has: bool| if has { "/" } else { "" };
        Some(format!(
            "{before}{}{new}{}{tail}",
            slash(address.starts_with('/')),
            slash(address.ends_with('/'))
        ))
    }
}
