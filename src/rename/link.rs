//! Links that would lead elsewhere, written anew in the manner in which they stood there.

use std::collections::BTreeSet;
use std::sync::Arc;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use rayon::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::place::{self, Form, Lines, Written};
use super::{Edits, Scene};
use crate::edit::Edit;
use crate::page::destination::{Destination, classify, named};
use crate::page::markdown::LinkKind;
use crate::page::markdown::definition::{Definition, definitions};
use crate::page::{Page, front_matter};
use crate::site::PageId;
use crate::site::reference::{Lead, LinkDestination, relative_path};
use crate::site::url;
use crate::source::is_document;

/// What cannot stand in the address of a link as it is: it would end the address, or mean something else.
const UNSAFE: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'\'')
    .add(b'<')
    .add(b'>')
    .add(b'(')
    .add(b')')
    .add(b'[')
    .add(b']')
    .add(b'{')
    .add(b'}')
    .add(b'|')
    .add(b'`')
    .add(b'^')
    .add(b'%')
    .add(b'#')
    .add(b'?')
    .add(b'&')
    .add(b'*')
    .add(b'\\');

/// Writes every link and image anew that would lead elsewhere.
pub(super) fn rewrite(scene: &Scene<'_>, edits: &mut Edits) {
    let pages = scene.before.pages().par_iter().enumerate().filter_map(|(id, page)| {
        let now = scene.ids[id]?;
        Some((Arc::clone(&page.path), of_page(scene, Some((id, now)), page, &scene.after.pages()[now])))
    });
    let mut found: Vec<(Arc<str>, Vec<Edit>)> = pages.filter(|(_, edits)| !edits.is_empty()).collect();
    if let (Some((old, _)), Some((new, _))) = (&scene.before.guidelines(), &scene.after.guidelines()) {
        found.push((Arc::clone(&old.path), of_page(scene, None, old, new)));
    }
    for (path, of_page) in found {
        for edit in of_page {
            edits.add(&path, edit);
        }
    }
}

/// Says which links lead elsewhere all the same.
pub(super) fn look_again(scene: &Scene<'_>, edits: &mut Edits) {
    let guidelines = scene.before.guidelines().zip(scene.after.guidelines());
    let guidelines = guidelines.map(|((old, _), (new, _))| (None, &**old, &**new));
    let pages = scene.before.pages().iter().enumerate().filter_map(|(id, page)| {
        let now = scene.ids[id]?;
        Some((Some((id, now)), &**page, &*scene.after.pages()[now]))
    });
    for (ids, old, new) in pages.chain(guidelines) {
        for ((_, before), (span, after)) in targets(old).zip(targets(new)) {
            let then = find(scene, ids.map(|it| it.0), old, &before, true);
            let now = find(scene, ids.map(|it| it.1), new, &after, false);
            let (Some(then), Some(now)) = (then, now) else { continue };
            if !leads_on(scene, &then, &now) {
                edits.notes.push(format!(
                    "{}:{}: This link pointed to {} and no longer does. Correct it by hand.",
                    new.path,
                    span.line,
                    said(&then.place)
                ));
            }
        }
    }
}

/// Another address for what an address in the front matter or in a list leads to; nothing if it can stay.
pub(super) fn address(
    scene: &Scene<'_>,
    ids: Option<(PageId, PageId)>,
    old: &Page,
    new: &Page,
    value: &str,
) -> Option<String> {
    let target = classify(value);
    let then = find(scene, ids.map(|it| it.0), old, &target, true)?;
    if matches!(then.place, LinkDestination::Nowhere | LinkDestination::Away) {
        return None;
    }
    let leads = |target: &Destination| {
        let now = find(scene, ids.map(|it| it.1), new, target, false);
        now.is_some_and(|now| leads_on(scene, &then, &now))
    };
    if leads(&target) {
        return None;
    }
    let end = value.find(['?', '#']).unwrap_or(value.len());
    let mut ways = candidates(scene, ids, old, new, &value[..end], &target, &then, Form::Bracketed);
    // A bare slug stays one.
    if let (LinkDestination::Entry(file), false) =
        (scene.place(&then.place), value.contains('/') || is_document(value))
    {
        ways.splice(0..0, own_slug(scene, &file));
    }
    let tails = fragments(scene, &then, &value[end..]);
    let mut all = ways.iter().flat_map(|way| tails.iter().map(move |tail| format!("{way}{tail}")));
    all.find(|value| leads(&classify(value)))
}

fn own_slug(scene: &Scene<'_>, file: &str) -> Option<String> {
    let entry = &scene.after.entries()[*scene.entries.get(file)?];
    entry.slug.rsplit('/').next().map(str::to_string)
}

fn of_page(scene: &Scene<'_>, ids: Option<(PageId, PageId)>, old: &Page, new: &Page) -> Vec<Edit> {
    let Some(text) = scene.before.sources().text(&old.path) else { return Vec::new() };
    let mut lines: Option<Lines<'_>> = None;
    let mut defined: Option<Vec<Definition>> = None;
    let mut edits = Vec::new();
    for (written, target, span) in written(old) {
        let Some(then) = find(scene, ids.map(|it| it.0), old, target, true) else { continue };
        if matches!(then.place, LinkDestination::Nowhere | LinkDestination::Away | LinkDestination::Unlisted)
            && !may_move(scene, &then)
        {
            continue;
        }
        let leads = |target: &Destination| {
            let now = find(scene, ids.map(|it| it.1), new, target, false);
            now.is_some_and(|now| leads_on(scene, &then, &now))
        };
        if leads(target) {
            continue;
        }
        let lines = lines.get_or_insert_with(|| Lines::new(text));
        let Some(range) = lines.range(span) else { continue };
        // The address of a link by label stands in its definition, and in no other file.
        let mut places: Vec<(usize, Written)> = Vec::new();
        match place::in_link(&text[range.clone()], written) {
            Some(found) => places.push((range.start, found)),
            None => {
                let defined = defined
                    .get_or_insert_with(|| definitions(text, front_matter::parse(&old.path, text).body_at));
                for definition in defined.iter().filter(|it| it.destination == written) {
                    let found = place::in_definition(&text[definition.at.clone()], written);
                    places.extend(found.map(|found| (definition.at.start, found)));
                }
            }
        }
        for (start, Written { at, form }) in places {
            let at = start + at.start..start + at.end;
            let raw = &text[at.clone()];
            let end = place::end_of_path(raw);
            let path = &written[..written.find(['?', '#']).unwrap_or(written.len())];
            let ways = candidates(scene, ids, old, new, path, target, &then, form);
            let tails = fragments(scene, &then, &raw[end..]);
            let mut all = ways.iter().flat_map(|way| tails.iter().map(move |tail| format!("{way}{tail}")));
            let meaning = |to: &str| if form == Form::Named { named(to) } else { classify(to) };
            if let Some(to) = all.find(|to| leads(&meaning(to))) {
                edits.push(Edit { start: at.start, end: at.end, to });
            }
        }
    }
    edits
}

/// Links and images with what was written, what it means, and the place of the whole.
fn written(page: &Page) -> impl Iterator<Item = (&str, &Destination, crate::diagnostic::Span)> {
    // A name in passing is not an address, and leads to the same person by the alias.
    let links = page.body.links.iter().filter(|it| it.kind != LinkKind::Mention);
    let links = links.map(|it| (&*it.destination.value, &it.target, it.destination.span));
    let images = page.body.images.iter().map(|it| (&*it.source.value, &it.target, it.source.span));
    links.chain(images)
}

fn targets(page: &Page) -> impl Iterator<Item = (crate::diagnostic::Span, Destination)> {
    written(page).map(|(_, target, span)| (span, target.clone()))
}

fn find(
    scene: &Scene<'_>,
    id: Option<PageId>,
    page: &Page,
    target: &Destination,
    before: bool,
) -> Option<Lead> {
    let leads = if before { &scene.leads_before } else { &scene.leads_after };
    leads.find(id, page, target)
}

/// Whether a link leads where it led, as surely as it did.
fn leads_on(scene: &Scene<'_>, then: &Lead, now: &Lead) -> bool {
    if matches!(then.place, LinkDestination::Nowhere) {
        return true;
    }
    let id = then.id.as_ref().map(|id| scene.anchor(&then.place, id));
    let same_place = now.place == then.place && matches!(then.place, LinkDestination::Address(_))
        || now.place == scene.place(&then.place);
    same_place && (id.is_none() || id == now.id) && (then.is_guess || !now.is_guess)
}

/// Somebody without a page may get another handle all the same.
fn may_move(scene: &Scene<'_>, then: &Lead) -> bool {
    matches!(then.place, LinkDestination::Unlisted) && !scene.moves.is_empty()
}

/// What may stand after the path: what stands there, and the same with the new name of an answer.
fn fragments(scene: &Scene<'_>, then: &Lead, tail: &str) -> Vec<String> {
    let mut tails = vec![tail.to_string()];
    if let (Some((before, fragment)), LinkDestination::Entry(_)) = (tail.split_once('#'), &then.place) {
        let decoded = percent_decode_str(fragment).decode_utf8_lossy();
        let renamed = scene.anchor(&then.place, &decoded);
        if *renamed != *decoded {
            tails.push(format!("{before}#{renamed}"));
        }
    }
    tails
}

/// Ways to write the path of an address that leads to the same as before, the most alike first.
#[expect(clippy::too_many_arguments, reason = "all of it is the one link")]
fn candidates(
    scene: &Scene<'_>,
    ids: Option<(PageId, PageId)>,
    old: &Page,
    new: &Page,
    path: &str,
    target: &Destination,
    then: &Lead,
    form: Form,
) -> Vec<String> {
    let mut ways: Vec<String> = Vec::new();
    let style = Style { form, is_encoded: path.contains('%') };
    match target {
        Destination::Fragment(_) => ways.push(String::new()),
        Destination::Relative { .. } => {
            let decoded: String = percent_decode_str(path).decode_utf8_lossy().nfc().collect();
            if decoded.starts_with('/') {
                from_root(scene, then, &decoded, &mut ways);
            } else {
                relative(scene, ids, old, new, then, &decoded, &mut ways);
            }
            let dotted = decoded.starts_with("./");
            for way in &mut ways {
                *way = style.encode(way);
                if dotted && !way.starts_with('.') && !way.starts_with('/') {
                    way.insert_str(0, "./");
                }
            }
        }
        Destination::Absolute(address) => absolute(scene, then, path, address, &mut ways),
        Destination::Named { name, .. } => by_name(scene, then, name, &mut ways),
        Destination::Mail(_) | Destination::Unsafe(_) => {}
    }
    let mut seen = BTreeSet::new();
    ways.retain(|way| seen.insert(way.clone()));
    ways
}

fn relative(
    scene: &Scene<'_>,
    ids: Option<(PageId, PageId)>,
    old: &Page,
    new: &Page,
    then: &Lead,
    path: &str,
    ways: &mut Vec<String>,
) {
    let folder = old.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    if let Some(named) = url::join(folder, path) {
        ways.extend(same_way(scene, path, &named));
        for file in files(scene, &named, path.ends_with('/')) {
            let way = relative_path(&new.path, &file);
            let way = if way.is_empty() || way == "/" { "./".to_string() } else { way };
            ways.push(way);
        }
    }
    // A path from the page's own address, as a browser would follow it.
    if let Some((id, now)) = ids
        && let (Some((was, ..)), Some((is, ..))) =
            (scene.leads_before.stand(id), scene.leads_after.stand(now))
        && let Some(address) = address_of(scene, then)
        && url::join(was, path).is_some()
    {
        let way = relative_path(&format!("{is}index.html"), &address);
        ways.push(if way.is_empty() { "./".to_string() } else { way });
    }
    let file = match scene.place(&then.place) {
        LinkDestination::Entry(file) | LinkDestination::File(file) => Some(file.to_string()),
        LinkDestination::Held(file) => Some(file),
        _ => None,
    };
    ways.extend(file.map(|file| relative_path(&new.path, &file)));
}

/// The same way, with other names for what was renamed on it: `../a/b.md` is `../a/c.md`, not `c.md`.
fn same_way(scene: &Scene<'_>, path: &str, named: &str) -> Option<String> {
    let end = if path.ends_with('/') { "/" } else { "" };
    let now = files(scene, named, !end.is_empty()).into_iter().next()?;
    let (old, new) = (format!("{named}{end}"), now);
    let same: usize = old
        .split_inclusive('/')
        .zip(new.split_inclusive('/'))
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len())
        .sum();
    let before = path.strip_suffix(&old[same..]).filter(|it| it.is_empty() || it.ends_with('/'))?;
    Some(format!("{before}{}", &new[same..]))
}

/// The names of what a link of a wiki leads to: as short as it was, else by folders.
fn by_name(scene: &Scene<'_>, then: &Lead, name: &str, ways: &mut Vec<String>) {
    let (LinkDestination::Entry(file) | LinkDestination::File(file)) = scene.place(&then.place) else {
        return;
    };
    let prefix = &scene.after.sources().content_prefix;
    let path = file.strip_prefix(prefix.as_str()).unwrap_or(&file);
    let is_bare = is_document(path) && !is_document(name);
    let end = |path: &str| match path.rsplit_once('.') {
        Some((stem, _)) if is_bare => stem.strip_suffix("/index").unwrap_or(stem).to_string(),
        _ => path.to_string(),
    };
    let whole = end(path);
    if !name.contains('/') {
        ways.extend(whole.rsplit('/').next().map(str::to_string));
    }
    // From the shortest end of the path to all of it.
    let slashes: Vec<usize> = whole.match_indices('/').map(|(at, _)| at).collect();
    let deep = name.matches('/').count();
    let mut ends: Vec<String> = slashes.iter().map(|at| whole[at + 1..].to_string()).rev().collect();
    ends.sort_by_key(|it| it.matches('/').count().abs_diff(deep));
    ways.extend(ends);
    ways.push(whole);
}

fn from_root(scene: &Scene<'_>, then: &Lead, path: &str, ways: &mut Vec<String>) {
    let base = scene.before.urls().base_path();
    let below = path.strip_prefix(base).filter(|rest| !base.is_empty() && rest.starts_with('/'));
    let prefix = &scene.before.sources().content_prefix;
    let typed = path.trim_start_matches('/').trim_end_matches('/');
    let slash = path.ends_with('/');
    let mut of_files: Vec<String> =
        files(scene, typed, slash).iter().map(|file| format!("/{file}")).collect();
    let inside = files(scene, &format!("{prefix}{typed}"), slash);
    of_files
        .extend(inside.iter().filter_map(|file| Some(format!("/{}", file.strip_prefix(prefix.as_str())?))));
    let mut of_addresses = Vec::new();
    if let Some(address) = address_of(scene, then) {
        let alike = in_manner_of(path, &address);
        of_addresses.extend(below.map(|_| format!("{base}{alike}")));
        of_addresses.push(alike);
    }
    // What has no extension was meant as an address, although it may be read as a file.
    let (first, second) = if is_document(path) { (of_files, of_addresses) } else { (of_addresses, of_files) };
    ways.extend(first.into_iter().chain(second));
}

fn absolute(scene: &Scene<'_>, then: &Lead, path: &str, address: &::url::Url, ways: &mut Vec<String>) {
    let encode = |text: &str| {
        if path.is_ascii() {
            url::encode(text)
        } else {
            Style { form: Form::Bare, is_encoded: false }.encode(text)
        }
    };
    // How the end of the written path was, and all that stands before it stays.
    let sources = scene.before.sources();
    let before_end = |inside: &str| {
        path.char_indices().map(|(at, _)| at).chain([path.len()]).find(|at| {
            let is_start = *at > 0;
            is_start
                && *percent_decode_str(&path[*at..]).decode_utf8_lossy().nfc().collect::<String>() == *inside
        })
    };
    let own = scene.before.urls().own(address);
    let former =
        || sources.config.former_urls.iter().find_map(|it| crate::site::url::Urls::new(it).own(address));
    if let Some(own) = own.or_else(former) {
        if let (Some(at), Some(address)) = (before_end(&own), address_of(scene, then)) {
            ways.push(format!("{}{}", &path[..at], encode(&in_manner_of(&own, &address))));
        }
        return;
    }
    let Some(repository) = &sources.config.repository else { return };
    let Some(file) = repository.strip_view_url(address.as_str()) else { return };
    let Some(at) = before_end(&file).or_else(|| before_end(&format!("{file}/"))) else { return };
    for now in files(scene, &file, path.ends_with('/')) {
        ways.push(format!("{}{}", &path[..at], encode(&now)));
    }
}

/// The new paths of what a path names: a file, a file without its extension, a folder with its page.
fn files(scene: &Scene<'_>, named: &str, slash: bool) -> Vec<String> {
    let end = if slash { "/" } else { "" };
    let named = named.trim_end_matches('/');
    if scene.paths.is_file(named) {
        return vec![scene.moved(named)];
    }
    let bare = |path: &str| path.strip_suffix(".md").map(|path| format!("{path}{end}"));
    let of_index = |path: &str| path.strip_suffix("/index.md").map(|path| format!("{path}{end}"));
    let mut ways = Vec::new();
    for ending in [".md", "/index.md"] {
        let file = format!("{named}{ending}");
        if scene.paths.is_file(&file) {
            let now = scene.moved(&file);
            ways.extend(of_index(&now));
            ways.extend(bare(&now));
            ways.push(now);
            return ways;
        }
    }
    if scene.paths.is_folder(named) {
        ways.push(format!("{}{end}", scene.moved(named)));
    }
    ways
}

/// The new address of what a link leads to.
fn address_of(scene: &Scene<'_>, then: &Lead) -> Option<String> {
    match scene.place(&then.place) {
        LinkDestination::Entry(file) => {
            Some(scene.after.entries()[*scene.entries.get(&*file)?].address.clone())
        }
        LinkDestination::Address(address) => Some(address),
        LinkDestination::File(path) => Some(scene.leads_after.address_of_file(&path).to_string()),
        LinkDestination::Held(_)
        | LinkDestination::Away
        | LinkDestination::Unlisted
        | LinkDestination::Nowhere => None,
    }
}

/// An address with the same end as one that somebody wrote: `index.html`, `.html`, no slash.
fn in_manner_of(written: &str, address: &str) -> String {
    let bare = address.trim_end_matches('/');
    if !address.ends_with('/') || written.ends_with('/') {
        address.to_string()
    } else if written.ends_with("/index.html") {
        format!("{address}index.html")
    } else if written.ends_with(".html") {
        format!("{bare}.html")
    } else {
        bare.to_string()
    }
}

/// How a path may be written.
struct Style {
    form: Form,
    is_encoded: bool,
}

impl Style {
    fn encode(&self, path: &str) -> String {
        if self.is_encoded {
            return url::encode(path);
        }
        let encoded = utf8_percent_encode(path, UNSAFE).to_string();
        // Between `<` and `>` a space and parentheses are what they are.
        match self.form {
            Form::Bracketed => encoded.replace("%20", " ").replace("%28", "(").replace("%29", ")"),
            Form::Bare | Form::Quoted | Form::Named => encoded,
        }
    }
}

fn said(place: &LinkDestination) -> String {
    match place {
        LinkDestination::Entry(it) | LinkDestination::File(it) => format!("`{it}`"),
        LinkDestination::Held(it) | LinkDestination::Address(it) => format!("`{it}`"),
        LinkDestination::Away => "another site".to_string(),
        LinkDestination::Unlisted => "somebody".to_string(),
        LinkDestination::Nowhere => "nothing".to_string(),
    }
}
