//! What somebody means by the name of something: a path, as one sees it from where one stands; a slug; an
//! address.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

use crate::page::{Page, PagePath, slug};
use crate::site::classify::{self, Role};
use crate::site::suggest::{Budget, Names};
use crate::site::{PageId, Site, url};

/// What is to be moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Thing {
    /// A text of the content folder.
    Page(PageId),
    /// Any other file of it, by its path.
    File(String),
    /// A folder that no entry owns, by its path.
    Folder(String),
}

/// Every file of a site, for looking up paths.
pub(super) struct Paths<'a> {
    pub(super) site: &'a Site,
    pub(super) all: BTreeSet<&'a str>,
}

impl<'a> Paths<'a> {
    pub(super) fn new(site: &'a Site) -> Paths<'a> {
        let sources = site.sources();
        let documents = sources.documents.iter().map(|it| &*it.path);
        let unread = sources.diagnostics.iter().map(|it| &*it.file);
        let all = documents.chain(sources.assets.keys().map(|it| &**it)).chain(unread);
        let inside = all.filter(|path| path.starts_with(&sources.content_prefix));
        Paths { site, all: inside.collect() }
    }

    pub(super) fn is_file(&self, path: &str) -> bool {
        self.all.contains(path)
    }

    pub(super) fn is_folder(&self, path: &str) -> bool {
        path.is_empty() || self.below(path).next().is_some()
    }

    /// The files in a folder and its folders.
    pub(super) fn below(&self, folder: &str) -> impl Iterator<Item = &'a str> {
        let start = format!("{folder}/");
        let all = self.all.range::<str, _>((std::ops::Bound::Included(&*start), std::ops::Bound::Unbounded));
        let found: Vec<&'a str> = all.copied().take_while(|path| path.starts_with(&start)).collect();
        found.into_iter()
    }

    pub(super) fn page(&self, path: &str) -> Option<PageId> {
        self.site.pages().binary_search_by(|page| (*page.path).cmp(path)).ok()
    }

    /// What lies at a path, with or without extension.
    pub(super) fn at(&self, path: &str) -> Option<Thing> {
        let is_folder_meant = path.ends_with('/');
        let path = path.trim_end_matches('/');
        if path.is_empty() {
            return None;
        }
        if let Some(page) = self.page(path) {
            return Some(Thing::Page(page));
        }
        if self.is_file(path) {
            return Some(Thing::File(path.to_string()));
        }
        let beside =
            || ["md", "markdown", "MD", "txt"].iter().find_map(|it| self.page(&format!("{path}.{it}")));
        let index =
            || ["index.md", "index.markdown"].iter().find_map(|it| self.page(&format!("{path}/{it}")));
        let folder = || self.is_folder(path).then(|| Thing::Folder(path.to_string()));
        let owner = |page: &PageId| {
            let it = &self.site.pages()[*page];
            !it.place.is_plain() && !it.place.faq && classify::folder_of_replies(it) == path
        };
        if is_folder_meant {
            let owner = index().or_else(|| beside().filter(owner));
            return owner.map(Thing::Page).or_else(folder);
        }
        beside().or_else(index).map(Thing::Page).or_else(folder)
    }
}

/// What an old name means. `here` is the folder in which somebody stands, from the root.
pub(super) fn find(paths: &Paths<'_>, here: &str, old: &str) -> Result<Thing, String> {
    let site = paths.site;
    let text = tidy(site, old);
    if text.is_empty() || text == "." {
        return Err("Give what to move: a path, a slug or an address.".to_string());
    }
    let inside = format!("{}{}", site.sources().content_prefix, text.trim_start_matches('/'));
    let mut places: Vec<String> = Vec::new();
    if text.starts_with('/') {
        if let Some(page) = of_address(site, &text) {
            return Ok(Thing::Page(page));
        }
        places.push(text.trim_start_matches('/').to_string());
    } else {
        places.extend(join(here, &text));
        places.extend(join("", &text));
    }
    places.push(inside);
    let prefix = site.sources().content_prefix.trim_end_matches('/');
    for place in &places {
        if place.trim_end_matches('/') == prefix {
            return Err(
                "The content folder itself cannot be moved here. Rename it by hand and change `content:` in longhouse.yaml."
                    .to_string(),
            );
        }
        let is_inside = place.starts_with(&site.sources().content_prefix);
        if let Some(thing) = paths.at(place).filter(|_| is_inside) {
            return is_movable(paths, thing);
        }
    }
    if let Some(page) = of_address(site, &format!("/{}/", text.trim_matches('/'))) {
        return Ok(Thing::Page(page));
    }
    let wanted = slug::slug(text.trim_matches('/'));
    let named: Vec<PageId> = (0..site.pages().len())
        .filter(|id| matches!(&site.roles()[*id], Role::Entry { slug, .. } if last(slug) == wanted))
        .collect();
    match named[..] {
        [page] if !text.contains('/') => Ok(Thing::Page(page)),
        [_, _, ..] if !text.contains('/') => {
            let files: Vec<String> = named.iter().map(|it| format!("`{}`", site.pages()[*it].path)).collect();
            Err(format!(
                "Several pages are called `{text}`: {}. Give the path of the one you mean.",
                files.join(", ")
            ))
        }
        _ => Err(nothing(paths, &text)),
    }
}

fn is_movable(paths: &Paths<'_>, thing: Thing) -> Result<Thing, String> {
    let site = paths.site;
    match &thing {
        Thing::Folder(folder) => {
            let inside = format!("{}/x.md", &folder[site.sources().content_prefix.len()..]);
            let place = PagePath::of(&inside, &site.sources().config.kinds);
            if !place.unknown && place.folders.is_empty() {
                return Err(format!(
                    "`{folder}/` contains all pages of a kind. To give it another name, rename it by hand and \
                     declare the new name under `kinds:` in longhouse.yaml; no address changes."
                ));
            }
        }
        Thing::File(path) => {
            if !site.sources().assets.contains_key(path.as_str()) {
                return Err(format!("`{path}` cannot be read. Run `longhouse check` to find out why."));
            }
        }
        Thing::Page(_) => {}
    }
    Ok(thing)
}

fn nothing(paths: &Paths<'_>, text: &str) -> String {
    let site = paths.site;
    let prefix = site.sources().content_prefix.len();
    let slugs = site.roles().iter().filter_map(|role| match role {
        Role::Entry { slug, .. } => Some(last(slug)),
        _ => None,
    });
    let names = if text.trim_matches('/').contains('/') {
        Names::new(paths.all.iter().map(|path| &path[prefix..]))
    } else {
        Names::new(slugs)
    };
    let mean = names.nearest(text.trim_matches('/'), &mut Budget::default());
    let mean = mean.map_or_else(String::new, |near| format!(" Did you mean `{near}`?"));
    format!("No page, file or folder is called `{text}`.{mean}")
}

/// A typed name: `/` between folders, composed, without this site's own host before it.
pub(super) fn tidy(site: &Site, text: &str) -> String {
    let text: String = text.trim().nfc().collect();
    if let Ok(address) = ::url::Url::parse(&text)
        && address.has_host()
    {
        let of_file =
            || site.sources().config.repository.as_ref().and_then(|it| it.strip_view_url(address.as_str()));
        if let Some(own) = site.urls().own(&address).or_else(of_file) {
            return own;
        }
    }
    let text = text.replace('\\', "/");
    let root = site.sources().root.to_string_lossy().replace('\\', "/");
    if let Some(inside) = text.strip_prefix(&root).and_then(|rest| rest.strip_prefix('/')) {
        return inside.to_string();
    }
    let below_base = text.strip_prefix(site.urls().base_path()).filter(|rest| rest.starts_with('/'));
    below_base.map_or(text.clone(), str::to_string)
}

/// The page of an address; of one that leads on because its question was merged too.
fn of_address(site: &Site, text: &str) -> Option<PageId> {
    let path = text.split(['?', '#']).next().unwrap_or(text);
    let path = path.strip_suffix("index.html").unwrap_or(path);
    let wanted = slug::fold(&format!("/{}/", path.trim_matches('/')));
    let is_it = |id: &PageId| site.address_of(*id).is_some_and(|it| slug::fold(it) == wanted);
    (0..site.pages().len()).find(is_it)
}

pub(super) fn is_index(page: &Page) -> bool {
    page.place.is_index()
}

pub(super) fn join(folder: &str, path: &str) -> Option<String> {
    let joined = url::join(folder, path)?;
    Some(if path.ends_with('/') { format!("{joined}/") } else { joined })
}

pub(super) fn within(folder: &str, name: &str) -> String {
    match (folder.is_empty(), name.is_empty()) {
        (true, _) => name.to_string(),
        (_, true) => folder.to_string(),
        _ => format!("{folder}/{name}"),
    }
}

pub(super) fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

pub(super) fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
