//! The tree of plain pages and of how-tos: the folders that their files lie in, in the order that authors gave them, and
//! which page comes before and after each.
//!
//! A page shows the folders on the way to it and what lies beside them. Only a small tree is shown whole, so that what all
//! pages show together grows no faster than the content.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{LinkView, Lists};
use crate::page::kind::Kind;
use crate::page::limits;
use crate::site::answers::natural;
use crate::site::reader::Reader;
use crate::site::{EntryId, url};

/// A tree of at most this many pages is shown whole.
const WHOLE: usize = 120;

/// At most this many pages and folders of one folder are shown, the nearest to where the reader is.
const BESIDE: usize = 60;

/// The home page names at most this many pages of each folder.
const SECTION: usize = 6;

/// The kinds whose files lie in folders that people look through.
pub(super) const KINDS: [Kind; 2] = [Kind::HowTo, Kind::Page];

/// A page or a folder in a tree. The nodes of a tree come in the order in which they are shown; what is in a folder
/// follows it.
#[derive(Debug, Clone, Serialize)]
pub struct TreeNode {
    /// What it is called.
    pub title: String,
    /// Where it leads.
    pub url: String,
    /// Whether it is the page that shows the tree.
    pub current: bool,
    /// Whether what is in the folder follows.
    pub folder: bool,
    /// Whether that is shown at once: the folder is on the way to the page.
    pub open: bool,
    /// One number for each folder that ends after this node.
    pub closes: Vec<usize>,
}

/// A folder or a page that a site of plain pages begins with.
#[derive(Debug, Clone, Serialize)]
pub struct HomeSection {
    /// What it is called.
    pub title: String,
    /// Where it leads.
    pub url: String,
    /// The first pages and folders in it.
    pub pages: Vec<LinkView>,
    /// Whether there are more.
    pub is_cut: bool,
}

/// The pages before and after a page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Turn {
    /// The one before.
    pub previous: Option<LinkView>,
    /// The one after.
    pub next: Option<LinkView>,
}

/// The tree of a kind.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Tree {
    /// What is in each folder, by its key: an address of plain pages, a path of topics for how-tos.
    pub(super) folders: BTreeMap<String, Vec<Node>>,
    /// By the address of a page: the keys of the folders on the way to it, the root first.
    pub(super) way: BTreeMap<String, Vec<String>>,
    /// By the address of a page: title and address of the pages before and after it.
    pub(super) turns: BTreeMap<String, [Option<(String, String)>; 2]>,
}

/// A page or a folder in a folder.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    title: String,
    address: String,
    /// The key of the folder, if it is one.
    folder: Option<String>,
}

/// By what nodes are put in order: weight, name.
type NodeOrder = (i64, String);

impl Tree {
    /// The tree of the listed entries of a kind.
    pub(super) fn new(site: &Reader<'_>, kind: Kind, ids: &[EntryId]) -> Tree {
        let mut folders: BTreeMap<String, Vec<(NodeOrder, Node)>> = BTreeMap::new();
        let mut way: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut known: BTreeMap<String, (NodeOrder, Node)> = BTreeMap::new();
        let ways: Vec<Vec<String>> = ids.iter().map(|id| keys(site, kind, *id)).collect();
        let is_folder: BTreeSet<&String> = ways.iter().flatten().collect();
        for (id, keys) in ids.iter().zip(&ways) {
            let (title, address) = (site.title(*id).title.to_string(), site.address(*id).to_string());
            let weight = site.fields(site.page_of(*id)).weight.as_ref();
            // What has no weight comes last, as in the programs where weights come from.
            let weight = weight.map_or(i64::MAX, |it| it.value.thousandths);
            let order = (weight, last_part(&address).to_string());
            way.insert(address.clone(), keys.clone());
            let folder = is_folder.contains(&address).then(|| address.clone());
            let node = Node { title, address: address.clone(), folder };
            if node.folder.is_some() {
                known.insert(address, (order, node));
            } else if let Some(around) = keys.last() {
                folders.entry(around.clone()).or_default().push((order, node));
            }
        }
        let mut placed: BTreeSet<&String> = BTreeSet::new();
        for keys in &ways {
            for pair in keys.windows(2) {
                let [around, key] = pair else { continue };
                if placed.insert(key) {
                    let node = known.remove(key).unwrap_or_else(|| folder(site, kind, key));
                    folders.entry(around.clone()).or_default().push(node);
                }
            }
        }
        // A page that is a folder, too, has itself on the way to what is in it.
        for (address, keys) in &mut way {
            if is_folder.contains(address) {
                keys.push(address.clone());
            }
        }
        let sorted = |mut nodes: Vec<(NodeOrder, Node)>| {
            nodes.sort_by(|(a, x), (b, y)| {
                a.0.cmp(&b.0).then_with(|| natural(&a.1, &b.1)).then_with(|| x.address.cmp(&y.address))
            });
            nodes.into_iter().map(|(_, node)| node).collect()
        };
        let folders = folders.into_iter().map(|(key, nodes)| (key, sorted(nodes))).collect();
        let mut tree = Tree { folders, way, turns: BTreeMap::new() };
        tree.turn(kind);
        tree
    }

    /// Notes which page comes before and after each.
    fn turn(&mut self, kind: Kind) {
        let mut pages: Vec<(String, String)> = Vec::new();
        self.walk(root(kind), &mut pages);
        let at = |n: Option<usize>| n.and_then(|n| pages.get(n)).cloned();
        let turn = |(n, (_, address)): (usize, &(String, String))| {
            (address.clone(), [at(n.checked_sub(1)), at(n.checked_add(1))])
        };
        self.turns = pages.iter().enumerate().map(turn).collect();
    }

    /// Adds title and address of the pages below a folder, in the order of the tree.
    fn walk(&self, key: &str, pages: &mut Vec<(String, String)>) {
        for node in self.folders.get(key).into_iter().flatten() {
            if self.way.contains_key(&node.address) {
                pages.push((node.title.clone(), node.address.clone()));
            }
            if let Some(key) = &node.folder {
                self.walk(key, pages);
            }
        }
    }

    /// Whether the tree is shown whole.
    pub(super) fn is_small(&self) -> bool {
        self.way.len() <= WHOLE
    }

    /// What is in a folder.
    pub(super) fn folder(&self, key: &str) -> &[Node] {
        self.folders.get(key).map_or(&[], Vec::as_slice)
    }

    /// The folders on the way to a page.
    pub(super) fn way(&self, address: &str) -> &[String] {
        self.way.get(address).map_or(&[], Vec::as_slice)
    }
}

/// The tree around a page, or around a folder that no page stands for. Nothing where there is nothing beside it.
pub(super) fn around(site: &Reader<'_>, lists: &Lists, kind: Kind, address: &str) -> Vec<TreeNode> {
    let mut way = lists.way(site, kind, address).to_vec();
    if way.is_empty() {
        way = std::iter::once(root(kind)).chain(url::above(address)).map(str::to_string).collect();
        way.push(address.to_string());
    }
    let mut nodes = Vec::new();
    let is_small = lists.is_small(site, kind);
    // Folders in folders without end would make each page as long as the way to it.
    let from = way[way.len().saturating_sub(limits::FOLDER_CRUMBS)].clone();
    add(site, lists, &Around { kind, address, way: &way, is_small }, &from, 0, &mut nodes);
    if nodes.len() > 2 { nodes } else { Vec::new() }
}

/// The pages before and after a page.
pub(super) fn turn(site: &Reader<'_>, lists: &Lists, kind: Kind, address: &str) -> Turn {
    let link = |it: &Option<(String, String)>| {
        let (title, address) = it.as_ref()?;
        Some(super::link(site, title, address))
    };
    let [previous, next] = lists.turn(site, kind, address);
    Turn { previous: link(previous), next: link(next) }
}

/// What is in a folder that has no page of its own: titles and addresses.
pub(super) fn inside<'l>(site: &Reader<'_>, lists: &'l Lists, address: &str) -> Vec<(&'l str, &'l str)> {
    let nodes = lists.folder(site, Kind::Page, address);
    nodes.iter().map(|node| (&*node.title, &*node.address)).collect()
}

/// The folders of plain pages, each with the first of what is in it, and the pages beside them if they are asked for.
/// Then a folder in which all the others lie is passed by.
pub(super) fn sections(site: &Reader<'_>, lists: &Lists, with_pages: bool) -> Vec<HomeSection> {
    let folder = |key: &str| lists.folder(site, Kind::Page, key);
    let mut key = root(Kind::Page);
    while let [Node { folder: Some(inside), .. }] = folder(key)
        && with_pages
    {
        key = inside;
    }
    let link = |node: &Node| super::link(site, &node.title, &node.address);
    let section = |node: &Node| {
        let inside = node.folder.as_ref().map_or(&[][..], |key| folder(key));
        let pages = inside.iter().take(SECTION).map(link).collect();
        let LinkView { title, url } = link(node);
        HomeSection { title, url, pages, is_cut: inside.len() > SECTION }
    };
    let nodes = folder(key).iter().filter(|node| with_pages || node.folder.is_some());
    nodes.take(WHOLE).map(section).collect()
}

/// Around which page a tree is shown.
struct Around<'a> {
    kind: Kind,
    address: &'a str,
    way: &'a [String],
    is_small: bool,
}

fn add(
    site: &Reader<'_>,
    lists: &Lists,
    around: &Around<'_>,
    key: &str,
    depth: usize,
    nodes: &mut Vec<TreeNode>,
) {
    let beside = lists.folder(site, around.kind, key);
    let is_on_way = |node: &Node| node.folder.as_ref().is_some_and(|key| around.way.contains(key));
    let is_here = |node: &Node| node.address == around.address || is_on_way(node);
    let here = beside.iter().position(is_here).unwrap_or(0);
    let from = here.saturating_sub(BESIDE / 2).min(beside.len().saturating_sub(BESIDE));
    for node in beside.iter().skip(from).take(BESIDE) {
        let open = is_on_way(node);
        let folder =
            node.folder.as_ref().filter(|_| depth < limits::FOLDER_CRUMBS && (open || around.is_small));
        nodes.push(TreeNode {
            title: node.title.clone(),
            url: site.urls().href(&node.address),
            current: node.address == around.address,
            folder: folder.is_some(),
            open,
            closes: Vec::new(),
        });
        if let Some(key) = folder {
            add(site, lists, around, key, depth + 1, nodes);
            if let Some(last) = nodes.last_mut() {
                last.closes.push(last.closes.len());
            }
        }
    }
    let left = beside.len().saturating_sub(BESIDE);
    if left > 0 {
        let more = crate::words::Word::AllOfThem;
        let list = if around.kind == Kind::Page { key.to_string() } else { url::list(around.kind, 1) };
        nodes.push(TreeNode {
            title: site.words().get(more).to_string(),
            url: site.urls().href(&list),
            current: false,
            folder: false,
            open: false,
            closes: Vec::new(),
        });
    }
}

/// The key of the folder that all others of a kind lie in.
fn root(kind: Kind) -> &'static str {
    if kind == Kind::Page { url::HOME } else { "" }
}

/// The keys of the folders on the way to an entry, the root first.
fn keys(site: &Reader<'_>, kind: Kind, id: EntryId) -> Vec<String> {
    let mut keys = vec![root(kind).to_string()];
    if kind == Kind::Page {
        keys.extend(url::above(site.address(id)).map(str::to_string));
        return keys;
    }
    let place = site.place(id);
    let topics = place.folders.len() - usize::from(place.is_index());
    let mut key = String::new();
    for topic in &place.folders[..topics] {
        key.push_str(topic);
        key.push('/');
        keys.push(key.clone());
    }
    keys
}

/// The node of a folder that no page stands for.
fn folder(site: &Reader<'_>, kind: Kind, key: &str) -> (NodeOrder, Node) {
    let name = last_part(key);
    let (title, address) = if kind == Kind::Page {
        (site.page_folders().get(key).cloned().unwrap_or_else(|| name.to_string()), key.to_string())
    } else {
        let (tag, _) = site.meant_by(name);
        let address = if site.has_tag(&tag) { url::tag(&tag) } else { url::list(kind, 1) };
        (site.tag_name(&tag).to_string(), address)
    };
    ((i64::MAX, name.to_string()), Node { title, address, folder: Some(key.to_string()) })
}

fn last_part(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}
