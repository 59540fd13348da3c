//! What two versions of a page show differently, in words.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde::Serialize;
use similar::{Algorithm, DiffOp, DiffTag, capture_diff_slices};

use super::html::{Atom, Item, Page, Region};

/// At most this many differences of one page are told one by one.
const DIFFERENCES: usize = 20;
/// At most this many characters of a difference are kept.
const CHARS: usize = 600;
/// So many words stand on either side of what changed.
const AROUND: usize = 8;

/// One difference between two versions of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Where it is.
    pub region: Region,
    /// What differs.
    pub sort: Sort,
    /// What stands there, in order.
    pub segments: Vec<Segment>,
    /// The same for the same difference on another page, whatever stands around it.
    pub key: u64,
}

/// What differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sort {
    /// What one reads or sees.
    Text,
    /// Where a link leads.
    Link,
    /// Only tags and their attributes.
    Markup,
}

/// A stretch of text that is in both versions, or in one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// In which.
    pub change: Change,
    /// What it says.
    pub text: String,
}

/// Whether a stretch is in both versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Change {
    /// In both.
    Same,
    /// In the old one.
    Removed,
    /// In the new one.
    Added,
}

/// What two pages show differently.
#[derive(Debug, Default)]
pub struct Compared {
    /// The differences, in the order of the page.
    pub differences: Vec<Difference>,
    /// How many more there are.
    pub more: usize,
    /// The words of the old main part that are gone, by their numbers.
    pub removed: BTreeSet<usize>,
    /// The words of the new main part that were not there.
    pub added: BTreeSet<usize>,
}

/// Compares two versions of a page.
#[must_use]
pub fn compare(old: &Page, new: &Page) -> Compared {
    let mut compared = Compared::default();
    for region in
        [Region::Main, Region::Header, Region::Navigation, Region::Frame, Region::Footer, Region::Metadata]
    {
        let of = |page: &Page| -> (Vec<usize>, Vec<u64>) {
            let items = page.items.iter().enumerate().filter(|(_, item)| item.region == region);
            items.map(|(n, item)| (n, item.hash)).unzip()
        };
        let ((old_at, old_keys), (new_at, new_keys)) = (of(old), of(new));
        if old_keys == new_keys {
            continue;
        }
        for op in capture_diff_slices(Algorithm::Myers, &old_keys, &new_keys) {
            let (tag, before, after) = op.as_tag_tuple();
            if tag == DiffTag::Equal {
                continue;
            }
            let (before, after) = (&old_at[before], &new_at[after]);
            let before: Vec<&Item> = before.iter().map(|n| &old.items[*n]).collect();
            let after: Vec<&Item> = after.iter().map(|n| &new.items[*n]).collect();
            // As many on both sides are the same ones, changed.
            if before.len() == after.len() {
                for (before, after) in before.iter().zip(&after) {
                    compared.add(region, &[before], &[after]);
                }
            } else {
                compared.add(region, &before, &after);
            }
        }
    }
    compared
}

impl Compared {
    fn add(&mut self, region: Region, old: &[&Item], new: &[&Item]) {
        let (old, new) = (flat(old), flat(new));
        let keys = |atoms: &[Option<&Atom>]| -> Vec<u64> {
            atoms.iter().map(|atom| atom.map_or(0, Atom::key)).collect()
        };
        let ops = capture_diff_slices(Algorithm::Myers, &keys(&old), &keys(&new));
        let mut sort = Sort::Markup;
        for (atoms, marks, is_old) in [(&old, &mut self.removed, true), (&new, &mut self.added, false)] {
            let changed = ops.iter().filter(|op| op.tag() != DiffTag::Equal);
            let changed = changed.flat_map(|op| if is_old { op.old_range() } else { op.new_range() });
            for atom in changed.filter_map(|n| atoms[n]) {
                let its = match atom {
                    Atom::Word(_, _, n) => {
                        if region == Region::Main {
                            marks.insert(*n);
                        }
                        Sort::Text
                    }
                    Atom::Picture(..) => Sort::Text,
                    Atom::Link(_) => Sort::Link,
                    Atom::Tag(_) => Sort::Markup,
                };
                sort = sort.min(its);
            }
        }
        let segments = segments(&ops, &old, &new, sort);
        if segments.iter().all(|segment| segment.change == Change::Same) {
            return;
        }
        if self.differences.len() >= DIFFERENCES {
            self.more += 1;
            return;
        }
        let mut hasher = DefaultHasher::new();
        (region, sort).hash(&mut hasher);
        for segment in segments.iter().filter(|segment| segment.change != Change::Same) {
            (segment.change, &segment.text).hash(&mut hasher);
        }
        let key = hasher.finish();
        self.differences.push(Difference { region, sort, segments: shortened(segments), key });
    }
}

/// The atoms of several items, with nothing between each two.
fn flat<'a>(items: &[&'a Item]) -> Vec<Option<&'a Atom>> {
    let mut atoms = Vec::new();
    for item in items {
        if !atoms.is_empty() {
            atoms.push(None);
        }
        atoms.extend(item.atoms.iter().map(Some));
    }
    atoms
}

fn segments(ops: &[DiffOp], old: &[Option<&Atom>], new: &[Option<&Atom>], sort: Sort) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    let mut add = |change: Change, atoms: &[Option<&Atom>]| {
        let text = text(atoms, sort, change);
        if text.trim().is_empty() {
            return;
        }
        match segments.last_mut() {
            Some(last) if last.change == change => last.text.push_str(&text),
            _ => segments.push(Segment { change, text }),
        }
    };
    for op in ops {
        match op.tag() {
            DiffTag::Equal => add(Change::Same, &new[op.new_range()]),
            _ => {
                add(Change::Removed, &old[op.old_range()]);
                add(Change::Added, &new[op.new_range()]);
            }
        }
    }
    segments
}

/// What one reads of atoms. Where nothing that one reads differs, what differs is told as it is written.
fn text(atoms: &[Option<&Atom>], sort: Sort, change: Change) -> String {
    let mut text = String::new();
    let is_told = change != Change::Same;
    let mut has_ended = false;
    for atom in atoms {
        // Two elements next to each other stand apart, though no space is written.
        let is_end = matches!(atom, Some(Atom::Tag(tag)) if tag.starts_with("</"));
        let begins = matches!(atom, Some(Atom::Tag(_) | Atom::Link(_))) && !is_end;
        if has_ended && begins && !text.is_empty() && !text.ends_with(' ') {
            text.push(' ');
        }
        has_ended = is_end;
        match atom {
            None if !text.is_empty() && !text.ends_with(" · ") => {
                let end = text.trim_end().len();
                text.truncate(end);
                text.push_str(" · ");
            }
            None => {}
            Some(Atom::Word(word, space, _)) => {
                text.push_str(word);
                if *space {
                    text.push(' ');
                }
            }
            Some(Atom::Picture(alt, from)) if sort == Sort::Text => {
                text.push_str(&format!("[picture {from}: {alt}] "));
            }
            Some(Atom::Link(to)) if sort == Sort::Link && is_told => text.push_str(&format!("→ {to} ")),
            Some(Atom::Tag(tag)) if sort == Sort::Markup && is_told => text.push_str(&format!("{tag} ")),
            Some(_) => {}
        }
    }
    text
}

/// Leaves of what is the same only the words next to what changed, and cuts what is long.
fn shortened(segments: Vec<Segment>) -> Vec<Segment> {
    let count = segments.len();
    let mut left = CHARS;
    let mut short = Vec::with_capacity(count);
    for (n, segment) in segments.into_iter().enumerate() {
        let text = match segment.change {
            Change::Same => around(&segment.text, n > 0, n + 1 < count),
            Change::Removed | Change::Added => segment.text,
        };
        let cut = cut(text, left);
        left = left.saturating_sub(cut.chars().count());
        if !cut.trim().is_empty() {
            short.push(Segment { change: segment.change, text: cut });
        }
        if left == 0 {
            break;
        }
    }
    short
}

/// The first characters of a text, with a sign that there were more.
fn cut(text: String, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

fn around(text: &str, is_after: bool, is_before: bool) -> String {
    let words: Vec<&str> = text.split_inclusive(' ').collect();
    let most = AROUND * (usize::from(is_after) + usize::from(is_before));
    if words.len() <= most + 1 {
        return text.to_owned();
    }
    let first = if is_after { words[..AROUND].concat() } else { String::new() };
    let last = if is_before { words[words.len() - AROUND..].concat() } else { String::new() };
    format!("{first}… {last}")
}
