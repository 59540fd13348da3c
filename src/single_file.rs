//! Pages of a site in one HTML file that opens from disk and on a phone: what somebody's branch adds or changes, for those
//! who look it over.
//!
//! Each page is rendered as the site renders it, and what stands in its `<main>` is taken over. Styles are inside, small
//! pictures as well; there is no script, and nothing is asked of any host. Links to pages in the file lead there, all
//! others to the published site.

mod rewrite;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;

use crate::pipeline::BuildError;
use crate::site::Site;
use crate::source::git_diff::Changes;
use crate::theme::{Names, Theme};
use crate::view::single_file::{PreviewPage, SingleFileView, single_file};
use crate::view::{self, Lists, Plan, View};
use rewrite::{Frame, Target};

/// What a file of ours begins with, after its type.
pub const MARK: &[u8] = b"<!-- longhouse preview -->";

/// At most this many pages are in one file. A branch that changes more is no contribution to be read at once.
const MOST_PAGES: usize = 60;

/// The pictures of a file have together at most this many bytes.
const MOST_PICTURES: u64 = 8 << 20;

/// One picture has at most this many bytes.
const LARGEST_PICTURE: u64 = 2 << 20;

/// What only this file has of styles.
const STYLE: &str = include_str!("single_file/style.css");

/// A preview of what was changed.
#[derive(Debug)]
pub struct Preview {
    /// The file.
    pub html: Vec<u8>,
    /// How many pages are in it.
    pub pages: usize,
    /// How many pages there was no room for.
    pub more: usize,
}

/// Which files stand on a page.
#[derive(Default)]
struct Touched {
    files: Vec<Arc<str>>,
    is_new: bool,
}

/// Renders the pages on which something was changed into one file.
///
/// # Errors
/// When a template is wrong.
pub fn preview(site: &Site, changes: &Changes) -> Result<Preview, BuildError> {
    let theme = Theme::new(site, Names::Hashed).map_err(BuildError::Template)?;
    let (touched, held) = touched(site, changes);
    let lists = Lists::new(site);
    let reader = site.reader();
    let plans: Vec<Plan> = view::plan(&reader, &lists)
        .into_iter()
        .filter(|plan| touched.contains_key(&*plan.address(&reader)))
        .collect();
    let shown = &plans[..plans.len().min(MOST_PAGES)];
    let ids: BTreeMap<String, String> = shown
        .iter()
        .zip(1..)
        .map(|(plan, n)| (plan.address(&reader).into_owned(), format!("p{n}")))
        .collect();

    let mut pictures = Pictures { site, left: MOST_PICTURES, known: BTreeMap::new() };
    let mut sheets: BTreeSet<String> = BTreeSet::new();
    let mut pages = Vec::with_capacity(shown.len());
    let mut bytes = Vec::new();
    for plan in shown {
        let view = render(&theme, plan.view(&site.reader(), &lists), &mut bytes)?;
        let id = &ids[&view.address];
        let mut frame = Frame {
            prefix: format!("{id}-"),
            link: &|href| target(site, &ids, href),
            picture: &mut |src| pictures.data(src),
        };
        let taken = rewrite::main(&String::from_utf8_lossy(&bytes), &mut frame);
        sheets.extend(taken.sheets);
        let of = &touched[&view.address];
        pages.push(PreviewPage {
            id: id.clone(),
            title: view.page.title,
            url: site.urls().absolute(&view.address),
            is_new: of.is_new,
            files: of.files.iter().map(ToString::to_string).collect(),
            address: view.address,
            body: taken.body,
        });
    }
    let sheet = |href: &String| {
        let address = address(site, href)?;
        theme.files.get(&address).map(|bytes| String::from_utf8_lossy(bytes).into_owned())
    };
    let mut style: String = sheets.iter().filter_map(sheet).collect();
    style.push_str(STYLE);
    let more = plans.len() - shown.len();
    let data = SingleFileView {
        // What would end the element cannot stand in a style sheet that anybody wants.
        style: style.replace("</", "<\\/"),
        held,
        removed: changes.gone.iter().map(ToString::to_string).collect(),
        pages,
        more,
    };
    let count = data.pages.len();
    render(&theme, single_file(&site.reader(), data), &mut bytes)?;
    Ok(Preview { html: bytes, pages: count, more })
}

/// The files that were changed by the pages on which they stand, and those that stand on none because they are held.
fn touched(site: &Site, changes: &Changes) -> (BTreeMap<String, Touched>, Vec<String>) {
    let mut touched: BTreeMap<String, Touched> = BTreeMap::new();
    let mut held = Vec::new();
    for (path, before) in &changes.touched {
        match site.place_of(path) {
            Some((address, fragment)) => {
                let of = touched.entry(address).or_default();
                of.files.push(Arc::clone(path));
                of.is_new |= before.is_none() && fragment.is_empty();
            }
            None if site.page_of(path).is_some() => held.push(path.to_string()),
            // What is no page has no place of its own: pictures are seen where they are shown.
            None => {}
        }
    }
    (touched, held)
}

/// Renders a page, and hands its view back.
fn render(theme: &Theme, view: View, bytes: &mut Vec<u8>) -> Result<View, BuildError> {
    match theme.render(&view, bytes) {
        Ok(()) => Ok(view),
        Err(fault) => Err(BuildError::Template(theme.explain(&[(*fault, view)]))),
    }
}

/// The address on the site that a link leads to; nothing if it leads elsewhere.
fn address(site: &Site, href: &str) -> Option<String> {
    let path = href.split(['#', '?']).next()?;
    let path = percent_decode_str(path).decode_utf8().ok()?;
    let inside = path.strip_prefix(site.urls().base_path())?;
    Some(format!("/{}", inside.trim_start_matches('/')))
}

/// Where a link leads from the file.
fn target(site: &Site, ids: &BTreeMap<String, String>, href: &str) -> Target {
    if !href.starts_with('/') || href.starts_with("//") {
        return Target::Elsewhere(href.to_string());
    }
    let known = address(site, href).and_then(|address| ids.get(&address));
    match (known, href.split_once('#')) {
        (Some(id), Some((_, fragment))) if !fragment.is_empty() => Target::Here(format!("{id}-{fragment}")),
        (Some(id), _) => Target::Here(id.clone()),
        (None, _) if site.sources().config.base_url.is_none() => Target::Nowhere,
        (None, _) => Target::Elsewhere(site.urls().whole(href)),
    }
}

/// The pictures of a file, as addresses that hold them.
struct Pictures<'a> {
    site: &'a Site,
    /// How many bytes there is room for.
    left: u64,
    known: BTreeMap<String, Option<String>>,
}

impl Pictures<'_> {
    /// A picture of the site as an address that holds it, if it is small enough.
    fn data(&mut self, src: &str) -> Option<String> {
        let address = address(self.site, src)?;
        if let Some(known) = self.known.get(&address) {
            return known.clone();
        }
        let data = self.read(&address);
        self.known.insert(address, data.clone());
        data
    }

    fn read(&mut self, address: &str) -> Option<String> {
        let kind = media_type(address)?;
        let content = self.site.assets().get(address)?.content();
        if content.len() > LARGEST_PICTURE.min(self.left) {
            return None;
        }
        let mut bytes = Vec::new();
        content.open().ok()?.take(LARGEST_PICTURE).read_to_end(&mut bytes).ok()?;
        self.left -= content.len();
        Some(format!("data:{kind};base64,{}", STANDARD.encode(&bytes)))
    }
}

/// The types of pictures that may stand in the file.
fn media_type(address: &str) -> Option<&'static str> {
    Some(match crate::page::extension(address)?.as_str() {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "svg" => "image/svg+xml",
        _ => return None,
    })
}
