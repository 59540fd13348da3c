//! What moderators decided, for the public log: every decision of `data/moderation.yaml`, and every page that is hidden by
//! its own file, so that the record is whole. Of what was taken down nothing is said but its kind and its address.
//!
//! People are no part of it: neither the one whose page or reply it is, nor a moderator who wants no page. A story whose
//! customer no longer agrees was not moderated, so it is not here either.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::classify::folder_of_replies;
use super::visibility::is_withdrawn;
use super::{Entry, Moment, PageId, Site};
use crate::page::front_matter::Status;
use crate::page::kind::Kind;
use crate::source::git::Person;

/// Something that was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What became of it.
    pub status: Status,
    /// The kind of the entry; nothing for a file that is not there, or no page.
    pub kind: Option<Kind>,
    /// Whether it is a reply to the entry.
    pub is_reply: bool,
    /// The address of the entry.
    pub address: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// The handle of who decided.
    pub by: Option<String>,
    /// When that was committed, or when the file that says so itself was changed.
    pub when: Option<Moment>,
}

impl Site {
    /// What was decided, the latest first, then what has no day, by address.
    #[must_use]
    pub fn decisions(&self) -> Vec<Decision> {
        let sources = &self.sources;
        let by_path: BTreeMap<&str, PageId> =
            self.pages.iter().enumerate().map(|(id, page)| (&*page.path, id)).collect();
        let entries: BTreeMap<PageId, &Entry> = self.entries.iter().map(|it| (it.page, it)).collect();
        let folders: BTreeMap<String, &Entry> =
            self.entries.iter().map(|it| (folder_of_replies(&self.pages[it.page]), it)).collect();
        let mut decided: BTreeSet<PageId> = BTreeSet::new();
        let mut decisions: Vec<Decision> = Vec::new();
        let of = |path: &str| {
            let entry = by_path.get(path).and_then(|id| entries.get(id));
            let above = path.rsplit_once('/').and_then(|(folder, _)| folders.get(folder));
            entry.map(|entry| (*entry, false)).or_else(|| above.map(|entry| (*entry, true)))
        };
        for it in sources.moderation.iter() {
            let inside = it.path.value.as_str();
            let whole = format!("{}{inside}", sources.content_prefix);
            let path = [inside, &whole].into_iter().find(|path| by_path.contains_key(path));
            let page = path.and_then(|path| by_path.get(path));
            decided.extend(page);
            if page.is_some_and(|id| is_withdrawn(&self.pages[*id])) {
                continue;
            }
            let known = sources.decided.get(inside);
            let by = match &it.by {
                Some(by) => Some(self.people.handle(&by.value)),
                None => known.map(|(_, person)| self.committer(person)),
            };
            let when = known.map(|(when, _)| *when);
            let found = path.and_then(of);
            decisions.push(self.decision(it.status, found, it.reason.clone(), by, when));
        }
        for entry in self.entries.iter().filter(|entry| !decided.contains(&entry.page)) {
            if entry.status != Status::Hidden || is_withdrawn(&self.pages[entry.page]) {
                continue;
            }
            let when = entry.updated.or(entry.date);
            decisions.push(self.decision(
                entry.status,
                Some((entry, false)),
                entry.reason.clone(),
                None,
                when,
            ));
        }
        for (id, page) in self.pages.iter().enumerate() {
            let is_hidden = page.fields.status.as_ref().is_some_and(|status| status.value == Status::Hidden);
            if !is_hidden || decided.contains(&id) || entries.contains_key(&id) || is_withdrawn(page) {
                continue;
            }
            let Some(found) = of(&page.path) else { continue };
            let reason = page.fields.reason.as_ref().map(|reason| reason.value.clone());
            let (added, changed) = sources.committed(&page.path);
            decisions.push(self.decision(Status::Hidden, Some(found), reason, None, changed.or(added)));
        }
        decisions.sort_by(|a, b| {
            let key = |it: &Decision| (Reverse(it.when), it.address.clone(), it.is_reply, it.reason.clone());
            key(a).cmp(&key(b))
        });
        decisions
    }

    fn decision(
        &self,
        status: Status,
        found: Option<(&Entry, bool)>,
        reason: Option<String>,
        by: Option<String>,
        when: Option<Moment>,
    ) -> Decision {
        // Nobody who wants no page is named, nor the one whose page was taken down, nor a story to which its customer no
        // longer agrees.
        let is_shown = |entry: &Entry| {
            !is_withdrawn(&self.pages[entry.page])
                && (entry.kind != Kind::Person || self.people.has_page(&entry.slug))
        };
        Decision {
            status,
            kind: found.map(|(entry, _)| entry.kind),
            is_reply: found.is_some_and(|(_, is_reply)| is_reply),
            address: found.filter(|(entry, _)| is_shown(entry)).map(|(entry, _)| entry.address.clone()),
            reason,
            by: by.filter(|handle| self.people.has_page(handle)),
            when,
        }
    }

    fn committer(&self, person: &Person) -> String {
        person.login().map_or_else(|| self.people.of_name(&person.name), |login| self.people.handle(login))
    }
}
