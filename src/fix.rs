//! What `fix` does, worked out before anything is touched: every problem that says how its place should read is
//! mended, and files are moved to where they belong.
//!
//! Mending one problem may show the next, and a file that strayed has problems of its own. So the site is understood
//! again after each round, in memory, until nothing is left to mend; what comes of it is one change, which `edit` does
//! altogether or not at all. Nothing but the marked places changes, and no file is written over.

pub mod delivery;
pub mod images;
mod patch;
mod place;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::check::stray as stray_names;
use crate::check::thorough;
use crate::diagnostic::{Diagnostic, Rule};
use crate::edit::{Change, Edit, Move, TextChange};
use crate::page::{Lead, front_matter, slug};
use crate::rename;
use crate::site::{Form, Site, Visibility};
use crate::source::{Document, Sources, stray};
use patch::Patch;

/// A site that still changes after this many rounds is left as it is then.
const ROUNDS: usize = 200;

/// What is to be mended.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Files and folders, from the root; all if there are none.
    pub paths: Vec<String>,
    /// Rules; all if there are none.
    pub rules: BTreeSet<Rule>,
    /// Whether what was found by its likeness alone is put in as well: it may not be what was meant.
    pub guesses: bool,
}

/// What is done, worked out.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Fixed {
    /// What is done to the files.
    pub change: Change,
    /// How many problems are mended by it.
    pub mended: usize,
    /// What somebody should look at, in plain words.
    pub notes: Vec<String>,
    /// What is wrong afterwards.
    pub left: Vec<Diagnostic>,
}

/// Whether this program can mend a problem. The company's own files are for the company to change.
#[must_use]
pub fn is_mendable(sources: &Sources, diagnostic: &Diagnostic) -> bool {
    diagnostic.fix.is_some()
        && (diagnostic.replacement().is_none() || sources.text(&diagnostic.file).is_some())
        && (diagnostic.file.starts_with(&sources.content_prefix)
            || diagnostic.rule == Rule::Stray
            || sources.guidelines.as_ref().is_some_and(|it| it.path == diagnostic.file))
}

/// Works out everything that can be mended.
#[must_use]
pub fn plan(sources: &Arc<Sources>, options: &Options) -> Fixed {
    let (site, mut found) = crate::pipeline::understand(sources, Visibility::default(), &|_| {});
    found.extend(thorough(&site));
    let mut frozen = BTreeSet::new();
    loop {
        let mut work = Work {
            sources: Arc::clone(sources),
            options,
            moves: Vec::new(),
            texts: BTreeMap::new(),
            seen: BTreeSet::new(),
            frozen: &frozen,
            circles: BTreeSet::new(),
            blocked: BTreeMap::new(),
            titles: BTreeMap::new(),
            guesses: BTreeMap::new(),
            fixed: Fixed::default(),
        };
        let mut now: Option<(Site, Vec<Diagnostic>)> = None;
        for _ in 0..ROUNDS {
            let (site, found) = now.as_ref().map_or((&site, &found), |(site, found)| (site, found));
            if !work.round(site, found) && !work.takes_heart() {
                break;
            }
            let (site, mut found) =
                crate::pipeline::understand_beside(site, &work.sources, Visibility::default());
            found.extend(thorough(&site));
            now = Some((site, found));
        }
        // What would go round in a circle is not begun. No file is frozen twice, and all that are found in one round
        // are frozen together, so that many of them do not mean as many beginnings.
        if !work.circles.is_empty() {
            frozen.append(&mut std::mem::take(&mut work.circles));
            continue;
        }
        return work.finish(now.map_or(found, |(_, found)| found));
    }
}

/// A site on its way.
struct Work<'o> {
    /// What it is made of by now.
    sources: Arc<Sources>,
    options: &'o Options,
    moves: Vec<Move>,
    /// What becomes of texts, by the path of now.
    texts: BTreeMap<String, Patch>,
    /// Every text that a file had on the way.
    seen: BTreeSet<(String, [u8; blake3::OUT_LEN])>,
    /// Files whose texts are left alone, by the path in the beginning.
    frozen: &'o BTreeSet<String>,
    /// The files whose text came back to what it had been.
    circles: BTreeSet<String>,
    /// Places that are left alone, because mending them did not work: how many files had moved by then, and why.
    blocked: BTreeMap<(String, Rule, String), (usize, String)>,
    /// What files were called that a title made the name of, by the path of now.
    titles: BTreeMap<String, String>,
    /// Where one text took another's place because it is like it.
    guesses: BTreeMap<(String, String), Vec<String>>,
    fixed: Fixed,
}

impl Work<'_> {
    /// Does what can be done at once; nothing left is `false`.
    fn round(&mut self, site: &Site, found: &[Diagnostic]) -> bool {
        let untidy = stray_names::untidy(site);
        let mut wanted: Vec<&Diagnostic> =
            found.iter().chain(&untidy).filter(|it| self.is_wanted(it)).collect();
        wanted.sort();
        let is_move = |it: &&&Diagnostic| it.replacement().is_none();
        self.bring(site, wanted.iter().filter(is_move))
            || self.give_titles(site)
            || self.rename(site, wanted.iter().filter(is_move))
            || self.mend(wanted.iter().filter(|it| it.replacement().is_some()))
    }

    fn is_wanted(&self, it: &Diagnostic) -> bool {
        let is_in = |path: &String| {
            let path = path.trim_end_matches('/');
            let was = self.called(&it.file);
            [&*it.file, &was].iter().any(|file| {
                file.strip_prefix(path)
                    .is_some_and(|rest| path.is_empty() || rest.is_empty() || rest.starts_with('/'))
            })
        };
        let key = |fix: &String| (it.file.to_string(), it.rule, fix.clone());
        is_mendable(&self.sources, it)
            && (self.options.guesses || !it.is_guess)
            && (self.options.rules.is_empty() || self.options.rules.contains(&it.rule))
            && (self.options.paths.is_empty() || self.options.paths.iter().any(is_in))
            && !it.fix.as_ref().map(key).is_some_and(|key| self.blocked.contains_key(&key))
    }

    /// Brings files to where they belong of which no page was made yet, so that nothing leads to them.
    fn bring<'d>(&mut self, site: &Site, wanted: impl Iterator<Item = &'d &'d Diagnostic>) -> bool {
        let mut moves: Vec<Move> = Vec::new();
        let mut came: Vec<Document> = Vec::new();
        for it in wanted.filter(|it| site.page_of(&it.file).is_none()) {
            let Some(to) = it.fix.as_deref().filter(|to| to.contains('/')) else { continue };
            let to = self.free(to, &moves);
            let Some(text) = stray::read(&self.sources.root, &self.called(&it.file)) else {
                self.give_up(it, format!("{}: It could not be moved to `{to}`.", it.file));
                continue;
            };
            if let Some(stem) = stem(&it.file).filter(|stem| stem.contains(char::is_whitespace)) {
                self.titles.insert(to.clone(), stem.to_string());
            }
            if !it.file.starts_with(&self.sources.content_prefix) {
                let near = stray::beside(&self.sources, &it.file);
                let folder = to.rsplit_once('/').map_or("", |(folder, _)| folder);
                let along = near.into_iter().map(|from| {
                    let name = from.rsplit('/').next().unwrap_or(&from);
                    Move { to: format!("{folder}/{name}"), from }
                });
                let along: Vec<Move> =
                    along.filter(|it| !moves.contains(it) && self.free(&it.to, &moves) == it.to).collect();
                moves.extend(along);
            }
            came.push(Document { path: to.clone().into(), text: text.text });
            moves.push(Move { from: it.file.to_string(), to });
            self.fixed.mended += 1;
        }
        if moves.is_empty() {
            return false;
        }
        self.apply(&moves, &BTreeMap::new());
        let mut sources = Sources::clone(&self.sources);
        // What was told of the files was that they are not where they belong.
        sources.diagnostics.retain(|it| !moves.iter().any(|moved| *moved.to == *it.file));
        for it in &moves {
            let path: Arc<str> = it.to.as_str().into();
            let assets = Arc::make_mut(&mut sources.assets);
            if came.iter().any(|document| document.path == path) {
                assets.remove(&path);
            } else if !assets.contains_key(&path) {
                let file = self.sources.root.join(&it.from);
                assets.insert(
                    Arc::clone(&path),
                    crate::source::asset::Asset::new(path, file, Arc::clone(&sources.config.files)),
                );
            }
        }
        sources.documents.extend(came);
        sources.documents.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        self.sources = Arc::new(sources);
        true
    }

    /// Writes the title into files that had it for a name, and nowhere else.
    fn give_titles(&mut self, site: &Site) -> bool {
        let mut edits: BTreeMap<Arc<str>, BTreeSet<Edit>> = BTreeMap::new();
        for (path, title) in std::mem::take(&mut self.titles) {
            let Ok(id) = site.pages().binary_search_by(|page| (*page.path).cmp(path.as_str())) else {
                continue;
            };
            let page = &site.pages()[id];
            let Some(text) = site.sources().text(&path) else { continue };
            if site.forms()[id] != Form::Entry || page.lead != Lead::None || page.fields.title.is_some() {
                continue;
            }
            let at = front_matter::parse(&page.path, text).body_at;
            let gap = if text[at..].starts_with('\n') { "\n" } else { "" };
            let rest = if text[at..].trim_start_matches('\n').is_empty() { "" } else { "\n" };
            let to = format!("{gap}# {}\n{rest}", plain(&title));
            let end = at + gap.len();
            edits.insert(Arc::clone(&page.path), BTreeSet::from([Edit { start: at, end, to }]));
        }
        self.apply(&[], &edits);
        !edits.is_empty()
    }

    /// Gives pages other names, and takes along what leads to them.
    fn rename<'d>(&mut self, site: &Site, wanted: impl Iterator<Item = &'d &'d Diagnostic>) -> bool {
        let wanted = wanted.filter(|it| site.page_of(&it.file).is_some());
        let mut wanted: Vec<(&Diagnostic, String)> =
            wanted.filter_map(|it| Some((*it, self.free_name(it, it.fix.as_deref()?)))).collect();
        // One thing gets one name.
        wanted.dedup_by(|a, b| a.0.file == b.0.file);
        if wanted.is_empty() {
            return false;
        }
        let (all, between) = crate::pipeline::link(site.sources(), rename::EVERYTHING, None, &|_| {});
        let mut begin = 0;
        let mut count = wanted.len();
        while begin < wanted.len() {
            let some = &wanted[begin..(begin + count).min(wanted.len())];
            let names: Vec<(&str, &str)> = some.iter().map(|(it, to)| (&*it.file, to.as_str())).collect();
            match rename::plan_all(&all, &between, &names) {
                Ok((plan, done)) if is_content(site, &plan.change) => {
                    self.renamed(plan.change, &some[..done]);
                    return true;
                }
                // The first half may do, and of the other half the next round sees.
                _ if some.len() > 1 => count = some.len() / 2,
                Ok(_) => {
                    let (it, to) = &some[0];
                    let file = &it.file;
                    self.give_up(
                        it,
                        format!("{file}: Run `longhouse mv {file} {to}`: the configuration names this file."),
                    );
                    begin += 1;
                }
                Err(why) => {
                    let (it, to) = &some[0];
                    self.give_up(it, format!("{}: It could not be renamed to `{to}`. {why}", it.file));
                    begin += 1;
                }
            }
        }
        false
    }

    fn renamed(&mut self, change: Change, done: &[(&Diagnostic, String)]) {
        for (it, _) in done {
            // Signs that an address cannot hold are no mistake in a name that another page has without them.
            let says_more = |stem: &&str| {
                stem.contains(char::is_whitespace)
                    || it.rule == Rule::DuplicateAddress && slug::spoken(stem) != slug::slug(stem)
            };
            if let Some(stem) = stem(&it.file).filter(says_more) {
                self.titles.insert(it.file.to_string(), stem.to_string());
            }
        }
        let edits = change.texts.into_iter().map(|it| (Arc::from(it.path), it.edits.into_iter().collect()));
        self.apply(&change.moves, &edits.collect());
        self.fixed.mended += done.len();
    }

    /// Puts in place what should stand there; of two that meet the first, the other in the next round.
    fn mend<'d>(&mut self, wanted: impl Iterator<Item = &'d &'d Diagnostic>) -> bool {
        let is_open = |it: &&Diagnostic| !self.frozen.contains(&self.called(&it.file));
        let wanted: Vec<&Diagnostic> = wanted.copied().filter(is_open).collect();
        let mut edits: BTreeMap<Arc<str>, BTreeSet<Edit>> = BTreeMap::new();
        for of_file in wanted.chunk_by(|a, b| a.file == b.file) {
            let file = &of_file[0].file;
            let Some(text) = self.sources.text(file).cloned() else { continue };
            let spans: Vec<_> = of_file.iter().map(|it| it.span()).collect();
            let mut chosen: Vec<(&Diagnostic, Edit)> = Vec::new();
            for (it, range) in of_file.iter().zip(place::places(&text, &spans)) {
                let (Some(range), Some(fix)) = (range, it.replacement()) else { continue };
                let is_free = chosen.last().is_none_or(|(_, last)| {
                    range.start > last.end
                        || (range.start == last.end && !range.is_empty() && last.start < last.end)
                });
                if is_free && text[range.clone()] != *fix {
                    chosen.push((it, Edit { start: range.start, end: range.end, to: fix.to_string() }));
                }
            }
            let all: Vec<Edit> = chosen.iter().map(|(_, edit)| edit.clone()).collect();
            if all.is_empty() {
                continue;
            }
            let print = |text: &str| (file.to_string(), *blake3::hash(text.as_bytes()).as_bytes());
            self.seen.insert(print(&text));
            if !self.seen.insert(print(&crate::edit::edited(&text, &all))) {
                self.circles.insert(self.called(file));
                continue;
            }
            self.fixed.mended += chosen.len();
            for (it, edit) in chosen.iter().filter(|(it, _)| it.is_guess) {
                let places = self.guesses.entry((text[edit.start..edit.end].to_string(), edit.to.clone()));
                places.or_default().push(format!("{file}:{}", it.line));
            }
            edits.insert(Arc::clone(file), all.into_iter().collect());
        }
        if !self.circles.is_empty() {
            return false;
        }
        self.apply(&[], &edits);
        !edits.is_empty()
    }

    fn apply(&mut self, moves: &[Move], edits: &BTreeMap<Arc<str>, BTreeSet<Edit>>) {
        for (path, edits) in edits {
            let Some(text) = self.sources.text(path) else { continue };
            let patch = self.texts.entry(path.to_string()).or_insert_with(|| Patch::new(text));
            patch.apply(&edits.iter().cloned().collect::<Vec<_>>());
        }
        if moves.is_empty() && edits.is_empty() {
            return;
        }
        self.sources = Arc::new(rename::applied(&self.sources, moves, edits));
        let change = Change { moves: moves.to_vec(), texts: Vec::new() };
        self.texts = std::mem::take(&mut self.texts)
            .into_iter()
            .map(|(path, patch)| (change.moved(&path), patch))
            .collect();
        self.titles = std::mem::take(&mut self.titles)
            .into_iter()
            .map(|(path, title)| (change.moved(&path), title))
            .collect();
        self.moves.extend_from_slice(moves);
    }

    /// Leaves a problem alone.
    fn give_up(&mut self, it: &Diagnostic, why: String) {
        let key = (it.file.to_string(), it.rule, it.fix.clone().unwrap_or_default());
        self.blocked.insert(key, (self.moves.len(), why));
    }

    /// What was in the way of a file may have moved since: then it is tried again.
    fn takes_heart(&mut self) -> bool {
        let before = self.blocked.len();
        let moved = self.moves.len();
        self.blocked.retain(|_, (then, _)| *then == moved);
        self.blocked.len() < before
    }

    /// A name that something in the content gets by `fix`, as a path or a name alone.
    fn free_name(&self, it: &Diagnostic, to: &str) -> String {
        if to.contains('/') {
            return self.free(to, &[]);
        }
        let was_so = |name: &str| self.moves.iter().any(|it| it.from.to_lowercase() == name.to_lowercase());
        let (folder, old) = it.file.rsplit_once('/').unwrap_or(("", &it.file));
        let ending = old.rsplit_once('.').map_or("md", |(_, ending)| ending);
        let path = |name: &str| format!("{folder}/{name}.{ending}");
        let names = (2..).map(|n| format!("{to}-{n}"));
        let free = [to.to_string()].into_iter().chain(names).find(|name| !was_so(&path(name)));
        free.unwrap_or_else(|| to.to_string())
    }

    /// The path, or the first one with a number at which nothing lies or lay: what was interrupted can only be told
    /// from what is done if no name means two files.
    fn free(&self, to: &str, moves: &[Move]) -> String {
        let (stem, ending) = to.rsplit_once('.').unwrap_or((to, "md"));
        let mut taken: BTreeSet<String> = BTreeSet::new();
        taken.extend(self.sources.documents.iter().map(|it| it.path.to_lowercase()));
        taken.extend(self.sources.assets.keys().map(|it| it.to_lowercase()));
        taken.extend(self.sources.diagnostics.iter().map(|it| it.file.to_lowercase()));
        let both = |it: &Move| [it.from.to_lowercase(), it.to.to_lowercase()];
        taken.extend(self.moves.iter().chain(moves).flat_map(both));
        let numbered = (2..).map(|n| format!("{stem}-{n}.{ending}"));
        let mut names = [to.to_string()].into_iter().chain(numbered);
        names.find(|name| !taken.contains(&name.to_lowercase())).unwrap_or_else(|| to.to_string())
    }

    /// What a file was called in the beginning.
    fn called(&self, path: &str) -> String {
        let mut path = path.to_string();
        for Move { from, to } in self.moves.iter().rev() {
            if let Some(rest) = path.strip_prefix(to.as_str())
                && (rest.is_empty() || rest.starts_with('/'))
            {
                path = format!("{from}{rest}");
            }
        }
        path
    }

    fn finish(mut self, mut left: Vec<Diagnostic>) -> Fixed {
        left.sort();
        let texts = std::mem::take(&mut self.texts).into_iter().map(|(path, patch)| TextChange {
            path: self.called(&path),
            text: patch.before().to_string(),
            edits: patch.edits(),
        });
        let mut texts: Vec<TextChange> = texts.filter(|it| !it.edits.is_empty()).collect();
        texts.sort_by(|a, b| a.path.cmp(&b.path));
        let why: BTreeSet<String> = self.blocked.into_values().map(|(_, why)| why).collect();
        self.fixed.notes.extend(why);
        for ((from, to), places) in &self.guesses {
            let (from, to) = (short(from), short(to));
            let first = &places[0];
            self.fixed.notes.push(match places.len() {
                1 => format!("{first}: `{from}` is now `{to}`, which is a guess. Check that it is right."),
                n => format!(
                    "{first}: `{from}` is now `{to}`, here and in {} more places, which is a guess. Check that it is \
                     right.",
                    n - 1
                ),
            });
        }
        self.fixed.change = Change { moves: self.moves, texts };
        self.fixed.left = left;
        self.fixed
    }
}

/// Whether a change stays within what people write: the company's own files are for the company to change.
fn is_content(site: &Site, change: &Change) -> bool {
    change.texts.iter().all(|text| site.sources().text(&text.path).is_some())
}

/// The name of a file without its ending.
fn stem(path: &str) -> Option<&str> {
    let name = path.rsplit('/').next()?;
    let stem = name.strip_suffix(".txt").unwrap_or(name);
    Some(
        stem.rsplit_once('.')
            .filter(|(_, ending)| crate::source::is_document(&format!("a.{ending}")))
            .map_or(stem, |it| it.0),
    )
}

/// A text as markdown that says nothing else.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '#' | '~' | '|') {
            plain.push('\\');
        }
        plain.push(c);
    }
    plain
}

fn short(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_string(),
    }
}
