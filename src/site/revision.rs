//! When each part of a site changed last, so that a page whose parts are all as old as the page need not be made again.
//!
//! A *part* is one value that pages read through a [`Reader`](super::reader::Reader): an entry, its line in lists, what
//! fills the slots of a file, the name of a person. Linking compares each part that may have changed with its value
//! before, by the equality that its type derives, and gives the ones that differ the revision of today. The idea is
//! that of incremental compilers (salsa, comemo), without their databases: parts are few and made in one pass.

use std::collections::BTreeMap;
use std::collections::HashSet;
use std::hash::{BuildHasherDefault, DefaultHasher, Hash, Hasher};

use crate::page::kind::Kind;

/// A part of a site, as the hash of its [`Key`]. Two keys with one hash would only make a page once too often: when
/// either part changes, so does the revision of both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Part(u64);

/// Which part: what sort of value, and whose. Entries are known by their addresses, files by their paths, people by
/// their handles, so that a key means the same after other files came and went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the reader's functions of the same names say what each part is")]
pub enum Key<'a> {
    Config,
    Words,
    Today,
    NewDoors,
    Folder(Kind),
    Page(&'a str),
    Fields(&'a str),
    Shown(&'a str),
    Form(&'a str),
    Entry(&'a str),
    Summary(&'a str),
    Title(&'a str),
    Answers(&'a str),
    /// What an idea says of itself.
    Idea(&'a str),
    /// What an entry lacks, and who answered it.
    Need(&'a str),
    /// Which file an entry is made of.
    File(&'a str),
    Neighbours(&'a str),
    Fulfilment(&'a str),
    /// Of all entries, by what lists are sorted, and which there are.
    Sorting,
    /// The same of all entries.
    Needs,
    /// The same of all ideas.
    Ideas,
    /// The headlines of the feed of a link, by its slug.
    Headlines(&'a str),
    /// Of all entries, what they tell those who decide.
    Opinions,
    /// Of all entries, what they can be filtered by.
    Facets,
    /// Which entry has which id.
    EntryIds,
    Profile(&'a str),
    Person(&'a str),
    /// Everybody.
    People,
    /// Who wants no page.
    Unlisted,
    TagName(&'a str),
    Tag(&'a str),
    /// All tags.
    Tags,
    ProductName(&'a str),
    Product(&'a str),
    /// All products.
    Products,
    Redirect(&'a str),
    /// All addresses that lead on.
    Redirects,
    Plain(&'a str),
    /// Folders of plain pages that have no page of their own.
    PageFolders,
    /// How tags are spelled.
    Spellings,
    KindText(Kind),
    HomeText,
    Guidelines,
    /// What moderators decided.
    Moderation,
    /// The words of all texts.
    Texts,
    /// Of all entries, who did what and when, without their texts.
    Activity,
    /// A list that pages share: its name, and whose it is.
    List(&'static str, &'a str),
}

/// Parts that somebody read, in order and each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reads(Box<[Part]>);

/// Parts that changed.
pub type Changed = HashSet<Part, BuildHasherDefault<PartHasher>>;

/// The revisions of all parts.
#[derive(Debug, Clone, Default)]
pub struct Revisions {
    now: u64,
    /// By part, if it ever changed.
    changed: BTreeMap<Part, u64>,
}

impl From<Key<'_>> for Part {
    fn from(key: Key<'_>) -> Part {
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        Part(hasher.finish())
    }
}

impl Reads {
    /// Brings what was read into order.
    #[must_use]
    pub fn new(mut parts: Vec<Part>) -> Reads {
        parts.sort_unstable();
        parts.dedup();
        Reads(parts.into_boxed_slice())
    }

    /// The parts.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.0
    }

    /// Whether none of them changed.
    #[must_use]
    pub fn are_fresh(&self, changed: &Changed) -> bool {
        changed.is_empty() || !self.0.iter().any(|part| changed.contains(part))
    }
}

impl Revisions {
    /// The revision of the site as it is.
    #[must_use]
    pub fn now(&self) -> u64 {
        self.now
    }

    /// What changed after a revision.
    #[must_use]
    pub fn changed_since(&self, revision: u64) -> Changed {
        self.changed.iter().filter(|(_, changed)| **changed > revision).map(|(part, _)| *part).collect()
    }

    /// Begins the next revision.
    pub(super) fn begin(&mut self) {
        self.now += 1;
    }

    /// Marks a part as changed. Before the first revision begins nobody has read anything, so there is nothing to mark.
    pub(super) fn bump(&mut self, key: Key<'_>) {
        if self.now == 0 {
            return;
        }
        self.changed.insert(key.into(), self.now);
    }

    /// Marks a part as changed unless its value is as it was.
    pub(super) fn compare<T: PartialEq + ?Sized>(&mut self, key: Key<'_>, before: &T, now: &T) {
        if before != now {
            self.bump(key);
        }
    }

    /// Compares the values of two maps key by key, and marks those that differ, came or went.
    pub(super) fn compare_maps<'a, K: Ord, V>(
        &mut self,
        before: &'a BTreeMap<K, V>,
        now: &'a BTreeMap<K, V>,
        is_same: impl Fn(&V, &V) -> bool,
        key: impl Fn(&'a K) -> Key<'a>,
    ) -> bool {
        let mut all_same = true;
        let mut old = before.iter().peekable();
        for (name, value) in now {
            while let Some((gone, _)) = old.next_if(|(it, _)| *it < name) {
                self.bump(key(gone));
                all_same = false;
            }
            let was = old.next_if(|(it, _)| *it == name);
            if !was.is_some_and(|(_, was)| is_same(was, value)) {
                self.bump(key(name));
                all_same = false;
            }
        }
        for (gone, _) in old {
            self.bump(key(gone));
            all_same = false;
        }
        all_same
    }
}

/// A part is a hash already.
#[derive(Debug, Default)]
pub struct PartHasher(u64);

impl Hasher for PartHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}
