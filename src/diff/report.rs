//! From what is found at each path to the whole report: which addresses are gone, which pages differ because of their own
//! files, and what is the same on many pages.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::change::{Changes, FileChange};
use super::difference::{self, Change, Compared, Difference, Sort};
use super::html::{self, Region};
use super::side::{Side, Stored, address, is_entry, is_of_search};
use super::{Added, Affected, Changed, Comparison, Everywhere, FileSort, Files, Gone, Moved, What};
use crate::pipeline::BuildError;
use crate::site::revision::{Part, Reads};
use crate::site::url;

/// On so many pages a difference is one of the site where nothing says what it comes from.
const ALIKE: usize = 3;

/// What is found at one path.
pub(super) enum Look {
    Same,
    /// A page that was not there.
    Came {
        address: String,
        title: String,
        redirect: Option<String>,
    },
    /// A page that is not there any more.
    Went {
        address: String,
        title: String,
        redirect: Option<String>,
    },
    Page(Box<PageLook>),
    /// Another file: whether it was there, and whether it is.
    File(bool, bool),
}

/// A page that is on both sides and differs.
pub(super) struct PageLook {
    address: String,
    title: String,
    /// Where the page leads on to, before and now.
    redirects: [Option<String>; 2],
    compared: Compared,
    fragments: Vec<String>,
    /// The files that are the cause by what was read.
    causes: BTreeSet<usize>,
    /// Whether it may show what is made of all files.
    is_list: bool,
    /// Whether it says of itself that it is no list.
    is_article: bool,
}

/// Which files each part of a site tells about.
pub(super) type Labels = BTreeMap<Part, BTreeSet<usize>>;

/// Looks at what both sides have at a path.
pub(super) fn look(
    old: &Side,
    new: &Side,
    key: &str,
    labels: Option<[&Labels; 2]>,
) -> Result<Look, BuildError> {
    let (before, now) = (old.files.get(key), new.files.get(key));
    let is_page = key.ends_with(".html");
    let one = |side: &Side, stored: &Stored| -> Result<(String, String, Option<String>), BuildError> {
        let address = address(&stored.path);
        let page = side.page(key)?.unwrap_or_default();
        Ok((address, page.title, page.redirect))
    };
    let (before, now) = match (before, now) {
        (Some(before), Some(now)) => (before, now),
        (Some(_), None) if !is_page => return Ok(Look::File(true, false)),
        (None, Some(_)) if !is_page => return Ok(Look::File(false, true)),
        (Some(before), None) => {
            let (address, title, redirect) = one(old, before)?;
            return Ok(Look::Went { address, title, redirect });
        }
        (None, Some(now)) => {
            let (address, title, redirect) = one(new, now)?;
            return Ok(Look::Came { address, title, redirect });
        }
        (None, None) => return Ok(Look::Same),
    };
    if let (Some(a), Some(b)) = (old.hash(before), new.hash(now))
        && (a == b || !is_page)
    {
        return Ok(if a == b { Look::Same } else { Look::File(true, true) });
    }
    let ((was, old_reads), (is, new_reads)) = (old.bytes(before)?, new.bytes(now)?);
    if was == is {
        return Ok(Look::Same);
    }
    if !is_page {
        return Ok(Look::File(true, true));
    }
    let address = address(&now.path);
    let [was, is] =
        [(was, old), (is, new)].map(|(bytes, side)| html::Page::read(&bytes, &address, &side.base));
    let mut causes = BTreeSet::new();
    for (reads, labels) in [old_reads, new_reads].iter().zip(labels.iter().flatten()) {
        let parts = reads.iter().flat_map(Reads::parts);
        causes.extend(parts.filter_map(|part| labels.get(part)).flatten().copied());
    }
    let mut compared = difference::compare(&was, &is);
    // Many pages may differ, and only words are told of them.
    (compared.removed, compared.added) = Default::default();
    Ok(Look::Page(Box::new(PageLook {
        compared,
        fragments: was.ids.difference(&is.ids).cloned().collect(),
        title: is.title,
        redirects: [was.redirect, is.redirect],
        causes,
        is_list: !is_entry(new, now),
        is_article: was.is_article || is.is_article,
        address,
    })))
}

/// A comparison in the making.
pub(super) struct Report<'a> {
    comparison: Comparison,
    old: &'a Side,
    new: &'a Side,
    changes: Changes,
    /// Whether the files of both sides are known.
    has_files: bool,
    differing: Vec<PageLook>,
    files: BTreeMap<FileSort, Files>,
}

impl<'a> Report<'a> {
    /// Begins one. Without changes the files of a side are unknown.
    pub(super) fn new(
        old: &'a Side,
        new: &'a Side,
        changes: Option<Changes>,
        comparison: Comparison,
    ) -> Report<'a> {
        Report {
            comparison,
            old,
            new,
            has_files: changes.is_some(),
            changes: changes.unwrap_or_default(),
            differing: Vec::new(),
            files: BTreeMap::new(),
        }
    }

    pub(super) fn take(&mut self, key: &str, look: Look) {
        match look {
            Look::Same => {}
            Look::Came { address, title, redirect } => {
                self.comparison.count += 1;
                // An address that leads on is told with the page that was moved.
                if redirect.is_none() {
                    self.came(address, title);
                }
            }
            Look::Went { address, title, redirect } => {
                self.comparison.count += 1;
                self.went(address, title, redirect.is_some());
            }
            Look::File(was, is) => self.file(key, was, is),
            Look::Page(page) => self.differs(*page),
        }
    }

    fn own(&self, address: &str) -> Vec<FileChange> {
        self.changes.at(address).iter().map(|n| self.changes.files[*n].clone()).collect()
    }

    fn came(&mut self, address: String, title: String) {
        let files = self.own(&address);
        let what = if self.has_files && !self.new.is_entry_at(&address) { What::List } else { What::Page };
        self.comparison.added.push(Added { address, what, title, files });
    }

    fn went(&mut self, address: String, title: String, led_on: bool) {
        let what = match led_on {
            true => What::Redirect,
            false if self.has_files && !self.old.is_entry_at(&address) => What::List,
            false => What::Page,
        };
        // The page's own file comes before those of its replies.
        let own = self
            .old
            .site()
            .and_then(|site| site.pages_at(&address).first().map(|page| page.path.to_string()));
        let is_own = |file: &&FileChange| file.before.as_ref().or(Some(&file.path)) == own.as_ref();
        let file = self.changes.files.iter().filter(|_| what == What::Page).find(is_own);
        let now = file.and_then(|it| it.addresses[1].clone()).filter(|now| *now != address);
        let path = file.map(|it| it.before.clone().unwrap_or_else(|| it.path.clone()));
        self.comparison.gone.push(Gone { address, what, title, file: path, now });
    }

    fn file(&mut self, key: &str, was: bool, is: bool) {
        let what = match key {
            _ if is_of_search(key) => FileSort::Search,
            _ if url::is_feed(key) => FileSort::Feeds,
            _ if key.starts_with(&format!("{}/", url::ASSETS)) => FileSort::Theme,
            _ if key.starts_with(&format!("{}/", url::FILES)) => FileSort::Attachments,
            _ => FileSort::Other,
        };
        let empty = || Files { what, added: Vec::new(), removed: Vec::new(), changed: Vec::new() };
        let files = self.files.entry(what).or_insert_with(empty);
        match (was, is) {
            (true, true) => files.changed.push(key.to_owned()),
            (true, false) => {
                files.removed.push(key.to_owned());
                let what = if what == FileSort::Feeds { What::Feed } else { What::File };
                // Nobody has the address of a piece of the theme or the index.
                if !matches!(files.what, FileSort::Theme | FileSort::Search) {
                    let address = format!("/{key}");
                    self.comparison.gone.push(Gone {
                        address,
                        what,
                        title: String::new(),
                        file: None,
                        now: None,
                    });
                }
            }
            (false, _) => files.added.push(key.to_owned()),
        }
    }

    fn differs(&mut self, page: PageLook) {
        self.comparison.count += 1;
        match &page.redirects {
            [None, Some(to)] => {
                let moved = Moved {
                    address: page.address.clone(),
                    to: to.clone(),
                    title: page.title,
                    files: Vec::new(),
                    differences: Vec::new(),
                };
                self.comparison.moved.push(moved);
            }
            [Some(_), None] => self.came(page.address, page.title),
            _ => self.differing.push(page),
        }
    }

    /// The files that are the cause of what a page shows differently, and whether they are its own.
    fn causes(&self, page: &PageLook) -> (BTreeSet<usize>, bool) {
        let own = self.changes.at(&page.address);
        let is_own = !own.is_empty() || (!self.has_files && page.is_article);
        let because = if own.is_empty() { page.causes.clone() } else { own };
        // What is made of all files, and pages that nothing else explains.
        match because.is_empty() && (page.is_list || self.changes.global.is_empty()) {
            true => ((0..self.changes.files.len()).collect(), is_own),
            false => (because, is_own),
        }
    }

    /// Compares pages that were moved with what they are now.
    fn follow(&mut self) -> Result<(), BuildError> {
        for moved in &mut self.comparison.moved {
            let key = |address: &str| url::output_path(address);
            let target = moved.to.split('#').next().unwrap_or_default();
            let target = percent_encoding::percent_decode_str(target).decode_utf8_lossy().into_owned();
            let files = self.changes.at(&moved.address);
            moved.files = files.iter().map(|n| self.changes.files[*n].clone()).collect();
            let was = self.old.page(&key(&moved.address))?;
            if let Some(was) = &was {
                moved.title.clone_from(&was.title);
            }
            // What had the address before was not moved there.
            if self.old.files.contains_key(&key(&target)) {
                continue;
            }
            if let (Some(was), Some(is)) = (was, self.new.page(&key(&target))?) {
                let compared = difference::compare(&was, &is);
                // Links that name the page itself follow from the move.
                moved.differences = compared
                    .differences
                    .into_iter()
                    .filter(|it| it.region == Region::Main && it.sort == Sort::Text)
                    .collect();
                self.comparison.added.retain(|added| {
                    let is_target = added.address == target;
                    if is_target && moved.files.is_empty() {
                        moved.files.clone_from(&added.files);
                    }
                    !is_target
                });
            }
            moved.to = target;
        }
        Ok(())
    }

    /// The differences in what stands around the text: they come from the configuration or the theme, if one of them
    /// changed, also where a page has a cause of its own.
    fn framed(&self, pages: &[PageLook]) -> BTreeSet<u64> {
        if self.changes.global.is_empty() {
            return BTreeSet::new();
        }
        let all = pages.iter().flat_map(|page| &page.compared.differences);
        all.filter(|it| it.region != Region::Main).map(|it| it.key).collect()
    }

    pub(super) fn finish(mut self) -> Result<Comparison, BuildError> {
        self.follow()?;
        let pages = std::mem::take(&mut self.differing);
        let causes: Vec<(BTreeSet<usize>, bool)> = pages.iter().map(|page| self.causes(page)).collect();
        let mut on: HashMap<u64, Vec<usize>> = HashMap::new();
        for (n, page) in pages.iter().enumerate() {
            let keys: BTreeSet<u64> = page.compared.differences.iter().map(|it| it.key).collect();
            for key in keys {
                on.entry(key).or_default().push(n);
            }
        }
        let framed = self.framed(&pages);
        let is_article: Vec<bool> = pages.iter().map(|page| page.is_article).collect();
        let is_alike = |key: u64| {
            let pages = &on[&key];
            match self.has_files {
                true if framed.contains(&key) && pages.len() >= ALIKE => true,
                true => pages.len() > 1 && pages.iter().any(|n| causes[*n].0.is_empty()),
                // A text that was edited shows in lists, too.
                false => pages.len() >= ALIKE && pages.iter().filter(|n| is_article[**n]).count() != 1,
            }
        };
        let addresses: Vec<String> = pages.iter().map(|page| page.address.clone()).collect();
        let mut told: BTreeMap<u64, usize> = BTreeMap::new();
        let mut groups: BTreeMap<Vec<String>, Group> = BTreeMap::new();
        for (n, page) in pages.into_iter().enumerate() {
            if page.compared.differences.is_empty() {
                self.comparison.unseen += 1;
                continue;
            }
            let (because, is_own) = &causes[n];
            let (alike, own): (Vec<Difference>, Vec<Difference>) =
                page.compared.differences.into_iter().partition(|it| is_alike(it.key));
            for difference in alike {
                if let std::collections::btree_map::Entry::Vacant(free) = told.entry(difference.key) {
                    free.insert(self.comparison.everywhere.len());
                    self.comparison.everywhere.push(Everywhere { difference, pages: Vec::new() });
                }
            }
            if own.is_empty() && (page.compared.more == 0 || !*is_own) {
                continue;
            }
            if *is_own {
                self.comparison.changed.push(Changed {
                    files: self.own(&page.address),
                    address: page.address,
                    title: page.title,
                    differences: most_telling(own),
                    more: page.compared.more,
                    fragments: page.fragments,
                });
                continue;
            }
            let mut names: Vec<String> =
                because.iter().map(|n| self.changes.files[*n].path.clone()).collect();
            // Nobody can tell which of them it was.
            names.extend(self.changes.global.iter().cloned());
            groups.entry(names).or_default().add(page.address, page.title, own);
        }
        for (key, at) in told {
            let pages = on[&key].iter().map(|n| addresses[*n].clone());
            self.comparison.everywhere[at].pages = pages.collect();
        }
        self.comparison.affected = groups.into_iter().map(|(because, group)| group.finish(because)).collect();
        self.comparison
            .affected
            .sort_by(|a, b| b.pages.len().cmp(&a.pages.len()).then_with(|| a.because.cmp(&b.because)));
        self.comparison.everywhere.sort_by_key(|it| (it.difference.sort, std::cmp::Reverse(it.pages.len())));
        self.comparison.gone.sort_by(|a, b| (a.what, &a.address).cmp(&(b.what, &b.address)));
        self.comparison.added.sort_by(|a, b| (a.what, &a.address).cmp(&(b.what, &b.address)));
        self.comparison.site_files = self.changes.global;
        self.comparison.files = self.files.into_values().collect();
        Ok(self.comparison)
    }
}

/// Pages with the same cause, in the making.
#[derive(Default)]
struct Group {
    pages: Vec<(String, String)>,
    /// By key: the difference as the first page has it, and on how many pages it is.
    differences: BTreeMap<u64, (usize, Difference, usize)>,
}

impl Group {
    fn add(&mut self, address: String, title: String, differences: Vec<Difference>) {
        self.pages.push((address, title));
        for difference in most_telling(differences) {
            let place = self.differences.len();
            self.differences.entry(difference.key).or_insert((place, difference, 0)).2 += 1;
        }
    }

    fn finish(self, because: Vec<String>) -> Affected {
        let mut differences: Vec<(usize, Difference, usize)> = self.differences.into_values().collect();
        differences.sort_by(|a, b| b.2.cmp(&a.2).then(a.0.cmp(&b.0)));
        let differences = differences.into_iter().map(|(_, difference, count)| (difference, count)).collect();
        Affected { because, pages: self.pages, differences }
    }
}

/// The differences of a page, those that people see first, and none twice: a title stands in many places.
fn most_telling(mut differences: Vec<Difference>) -> Vec<Difference> {
    differences.sort_by_key(|it| (it.sort, it.region));
    let is_seen = |it: &Difference| it.region != Region::Metadata && it.sort == Sort::Text;
    let has_seen = differences.iter().any(is_seen);
    let mut known: BTreeSet<Vec<(bool, String)>> = BTreeSet::new();
    differences.retain(|it| {
        let changed = it.segments.iter().filter(|it| it.change != Change::Same);
        let changed = changed.map(|it| (it.change == Change::Added, it.text.trim().to_owned())).collect();
        known.insert(changed) && (!has_seen || is_seen(it))
    });
    differences
}
