//! Which files get neutral names: what describes somebody, their replies, what they wrote under a name of theirs, and
//! pictures that are called after them.

use std::collections::BTreeSet;

use super::names::{Names, folded};
use super::person::{self, Person};
use crate::edit::Move;
use crate::page::kind::Kind;
use crate::page::slug;
use crate::site::classify::{Role, folder_of_replies};
use crate::site::reference::LinkDestination;
use crate::site::{PageId, Site};

/// Files that get other names.
#[derive(Debug, Default)]
pub(super) struct Moves {
    /// What gets another name, in order.
    pub moves: Vec<Move>,
    /// Pages whose front matter says a slug with the name in it, and the slug without.
    pub slugs: Vec<(PageId, String)>,
    /// Pictures and other files beside what they wrote, as they are called before.
    pub files: BTreeSet<String>,
    /// The paths that are taken, afterwards.
    taken: BTreeSet<String>,
}

/// Works out the names. `mentions` says whether what others wrote is called otherwise too, where its name holds a full
/// name or one of `also`.
pub(super) fn plan(site: &Site, person: &Person, mentions: bool, also: &[String]) -> Moves {
    let sources = site.sources();
    let documents = sources.documents.iter().map(|it| &*it.path);
    let all = documents.chain(sources.assets.keys().map(|it| &**it));
    let mut moves = Moves { taken: all.map(folded).collect(), ..Moves::default() };
    let own = Names::new(person.spellings(also));
    let clear = Names::new(person.full_names().chain(also.iter().map(String::as_str)));
    let pages: Vec<PageId> = (0..site.pages().len()).collect();
    let wrote = wrote(site, person);
    for &page in pages.iter().filter(|page| is_profile(site, **page, person)) {
        profile(site, page, person, &mut moves);
    }
    for &page in &pages {
        let path = &site.pages()[page].path;
        if moves.moved(path) != **path && !is_reply(site, page) {
            continue;
        }
        if is_reply(site, page) && person::is_of(site, page, &person.handle) {
            let number = number(site, page, &person.handle);
            moves.give(path, |_| format!("{}{number}", person.former));
            continue;
        }
        let Role::Entry { .. } = &site.roles()[page] else { continue };
        let names = if wrote.contains(&page) { Some(&own) } else { mentions.then_some(&clear) };
        if let Some(names) = names {
            entry(site, page, person, names, &mut moves);
        }
    }
    shown(site, person, &wrote, &mut moves);
    files(site, person, &own, mentions.then_some(&clear), &mut moves);
    moves
}

impl Moves {
    /// Where a path leads with the moves so far.
    fn moved(&self, path: &str) -> String {
        let mut path = path.to_string();
        for Move { from, to } in &self.moves {
            let rest =
                path.strip_prefix(from.as_str()).filter(|rest| rest.is_empty() || rest.starts_with('/'));
            if let Some(rest) = rest {
                path = format!("{to}{rest}");
            }
        }
        path
    }

    /// Gives a file another name in its folder, a free one.
    fn give(&mut self, path: &str, name: impl Fn(&str) -> String) {
        let from = self.moved(path);
        let (folder, file) = from.rsplit_once('/').map_or(("", &*from), |(folder, file)| (folder, file));
        let (stem, ending) = file.rsplit_once('.').map_or((file, ""), |(stem, ending)| (stem, ending));
        let stem = name(stem);
        let path = |stem: &str| {
            let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
            let ending = if ending.is_empty() { String::new() } else { format!(".{ending}") };
            format!("{folder}{stem}{ending}")
        };
        let plain = stem.rsplit_once("--").map_or(&*stem, |(plain, _)| plain);
        let mut to = path(&stem);
        let mut number = 1;
        while to != from && self.taken.contains(&folded(&to)) {
            number += 1;
            to = path(&format!("{plain}--{number}"));
        }
        if to != from {
            self.taken.insert(folded(&to));
            self.moves.push(Move { from, to });
        }
    }

    /// Gives a folder another name, if it is there and the name is free.
    fn give_folder(&mut self, folder: &str, to: &str) {
        let is_below = |folder: &str, taken: &BTreeSet<String>| {
            let start = format!("{}/", folded(folder));
            taken.range(start.clone()..).next().is_some_and(|path| path.starts_with(&start))
        };
        let from = self.moved(folder);
        if from != to && is_below(folder, &self.taken) && !is_below(to, &self.taken) {
            self.moves.push(Move { from, to: to.to_string() });
        }
    }
}

fn is_reply(site: &Site, page: PageId) -> bool {
    match &site.roles()[page] {
        Role::Reply { .. } => true,
        Role::Held => site.pages()[page].place.kind != Kind::Person,
        _ => false,
    }
}

/// Whether a file describes the person.
pub(super) fn is_profile(site: &Site, page: PageId, person: &Person) -> bool {
    let of = &site.pages()[page];
    let is_called = || match &site.roles()[page] {
        Role::Entry { slug, .. } => *slug == person.handle,
        Role::Held => slug::slug(&of.place.stem) == person.handle,
        _ => false,
    };
    of.place.kind == Kind::Person && is_called()
}

/// The file that describes somebody, or the folder that it owns, and the folder of what others wrote below it.
fn profile(site: &Site, page: PageId, person: &Person, moves: &mut Moves) {
    let of = &site.pages()[page];
    let folder = folder_of_replies(of);
    let parent = folder.rsplit_once('/').map_or("", |(parent, _)| parent);
    let to = if parent.is_empty() { person.former.clone() } else { format!("{parent}/{}", person.former) };
    moves.give_folder(&folder, &to);
    if !of.place.is_index() {
        moves.give(&of.path, |_| person.former.clone());
    }
}

/// What stands behind the handle in the name of a reply, if it is not the first of somebody.
fn number(site: &Site, page: PageId, handle: &str) -> String {
    let Role::Reply { stem, .. } = &site.roles()[page] else { return String::new() };
    let rest = stem.strip_prefix(handle).unwrap_or_default().trim_start_matches('-');
    let is_number = !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { format!("--{rest}") } else { String::new() }
}

/// The entries that somebody wrote, and stories of theirs.
fn wrote(site: &Site, person: &Person) -> BTreeSet<PageId> {
    let written = site.entries().iter().filter(|entry| entry.authors.contains(&person.handle));
    let is_customer = |page: &PageId| {
        let customer = site.pages()[*page].fields.customer.as_ref();
        customer.is_some_and(|customer| person.is(site, &customer.value))
    };
    written.map(|entry| entry.page).chain((0..site.pages().len()).filter(is_customer)).collect()
}

/// An entry whose address holds a name.
fn entry(site: &Site, page: PageId, person: &Person, names: &Names, moves: &mut Moves) {
    let of = &site.pages()[page];
    if let Some(own) = &of.fields.slug
        && names.is_in(&own.value)
    {
        moves.slugs.push((page, without(&own.value, names, &person.former)));
    }
    if of.place.is_index() {
        let folder = folder_of_replies(of);
        let (parent, name) = folder.rsplit_once('/').unwrap_or(("", &folder));
        if names.is_in(name) {
            moves.give_folder(&folder, &format!("{parent}/{}", without(name, names, &person.former)));
        }
    } else if names.is_in(&of.place.stem) {
        let folder = folder_of_replies(of);
        let (parent, name) = folder.rsplit_once('/').unwrap_or(("", &folder));
        moves.give_folder(&folder, &format!("{parent}/{}", without(name, names, &person.former)));
        moves.give(&of.path, |stem| without(stem, names, &person.former));
    }
}

/// A name of a file with a neutral one in the place of each name of somebody.
fn without(text: &str, names: &Names, former: &str) -> String {
    let mut out = String::new();
    let mut copied = 0;
    let mut places = Vec::new();
    names.find(text, &mut |found| places.push(found.at));
    places.sort_by_key(|at| at.start);
    for at in places {
        if at.start >= copied {
            out.push_str(&text[copied..at.start]);
            out.push_str(former);
            copied = at.end;
        }
    }
    out + &text[copied..]
}

/// Lists the files beside content that what somebody wrote shows.
fn shown(site: &Site, person: &Person, wrote: &BTreeSet<PageId>, moves: &mut Moves) {
    let leads = site.leads();
    for (id, page) in site.pages().iter().enumerate() {
        let is_theirs =
            person::is_of(site, id, &person.handle) || is_profile(site, id, person) || wrote.contains(&id);
        if !is_theirs {
            continue;
        }
        let links = page.body.links.iter().map(|link| &link.target);
        for target in links.chain(page.body.images.iter().map(|image| &image.target)) {
            if let Some(LinkDestination::File(path)) =
                leads.find(Some(id), page, target).map(|lead| lead.place)
            {
                moves.files.insert(path.to_string());
            }
        }
    }
}

/// Gives files beside content that are called after somebody another name. `clear` are the names that are nobody else's,
/// for files that others show.
fn files(site: &Site, person: &Person, own: &Names, clear: Option<&Names>, moves: &mut Moves) {
    let described = site.pages().iter().filter(|page| page.place.kind == Kind::Person);
    let folders =
        described.filter_map(|page| page.path.rsplit_once('/').map(|(folder, _)| format!("{folder}/")));
    let folders: BTreeSet<String> = folders.collect();
    for path in site.sources().assets.keys() {
        let name = path.rsplit('/').next().unwrap_or(path);
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let is_theirs = moves.files.contains(&**path)
            || own.is(stem)
            || folders.iter().any(|folder| path.starts_with(folder.as_str()));
        let names = if is_theirs { Some(own) } else { clear };
        if let Some(names) = names.filter(|names| names.is_in(stem)) {
            moves.files.insert(path.to_string());
            moves.give(path, |stem| without(stem, names, &person.former));
        }
    }
}
