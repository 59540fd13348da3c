//! The order of replies, which does not change because somebody is called otherwise. Where nothing else decides, the
//! names of files do, so a reply that would move gets a key that stands where its name stood. It is made of those of its
//! neighbours, and says no more of the old name than the order itself does.

use std::collections::{BTreeMap, BTreeSet};

use super::names::Names;
use crate::site::{Reply, Site};

/// The signs that keys are made of, in order.
const SIGNS: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// Lists of replies by where they stand: the path of each, and what decides about its place where nothing else does.
pub(super) type Orders = BTreeMap<String, Vec<(String, String)>>;

/// Every list of replies of a site, with paths as `moved` says.
pub(super) fn orders(site: &Site, moved: &dyn Fn(&str) -> String) -> Orders {
    let mut orders = Orders::new();
    let path = |page: usize| moved(&site.pages()[page].path);
    let list = |replies: &mut dyn Iterator<Item = &Reply>| {
        // The answer in a question's own file has its path, and an empty name.
        replies.map(|reply| (path(reply.page), reply.sort_key().to_string())).collect::<Vec<_>>()
    };
    for entry in site.entries() {
        let owner = path(entry.page);
        let mut add = |what: String, replies: Vec<(String, String)>| {
            if replies.len() > 1 {
                orders.insert(format!("{owner} {what}"), replies);
            }
        };
        let answers = entry.question().map_or(&[][..], |question| &question.answers);
        add("answers".to_string(), list(&mut answers.iter().map(|answer| &answer.reply)));
        for answer in answers {
            let below = format!("comments on {}", path(answer.reply.page));
            add(below, list(&mut answer.comments.iter()));
        }
        add("comments".to_string(), list(&mut entry.comments.iter()));
        add("responses".to_string(), list(&mut entry.responses.iter()));
    }
    orders
}

/// The keys that give replies their places back, by path. `theirs` are the paths of those that got another name.
pub(super) fn keys(
    before: &Orders,
    after: &Orders,
    theirs: &BTreeSet<String>,
    names: &Names,
) -> Result<BTreeMap<String, String>, String> {
    let mut keys = BTreeMap::new();
    for (list, old) in before {
        let new = after.get(list).map(Vec::as_slice).unwrap_or_default();
        if is_same(old, new) {
            continue;
        }
        // What the key must come after.
        let mut low = String::new();
        for (n, (path, key)) in old.iter().enumerate() {
            if !theirs.contains(path) {
                low.clone_from(key);
                continue;
            }
            // Only those that the name of the file stands between were told apart by it. A key that was given before
            // is among them.
            let is_given = n > 0 && keys.contains_key(&old[n - 1].0);
            let below = Some(low.as_str()).filter(|low| is_given || *low < key.as_str());
            let next =
                old[n + 1..].iter().find(|(path, _)| !theirs.contains(path)).map(|(_, key)| key.as_str());
            let above = next.filter(|next| *next > key.as_str());
            let between = between(below.unwrap_or_default(), above, names);
            let between = between.ok_or_else(|| format!("The order of {list} cannot be kept."))?;
            low.clone_from(&between);
            keys.insert(path.clone(), between);
        }
    }
    Ok(keys)
}

/// The first list whose order changed.
pub(super) fn changed<'o>(before: &'o Orders, after: &Orders) -> Option<&'o str> {
    let differs = |(list, old): &(&String, &Vec<(String, String)>)| {
        !is_same(old, after.get(*list).map(Vec::as_slice).unwrap_or_default())
    };
    before.iter().find(differs).map(|(list, _)| list.as_str())
}

fn is_same(old: &[(String, String)], new: &[(String, String)]) -> bool {
    old.len() == new.len() && old.iter().zip(new).all(|(one, other)| one.0 == other.0)
}

/// A short text between two others in which none of the names stands.
fn between(low: &str, high: Option<&str>, names: &Names) -> Option<String> {
    let is_it = |key: &str| key > low && high.is_none_or(|high| key < high) && !names.is_in(key);
    let ends = low.char_indices().map(|(at, _)| at).chain([low.len()]);
    for start in ends.map(|at| &low[..at]) {
        // The middle first, so that there is room on both sides.
        let signs = SIGNS[SIGNS.len() / 2..].iter().chain(&SIGNS[..SIGNS.len() / 2]);
        let one = signs.map(|sign| format!("{start}{}", char::from(*sign)));
        if let Some(key) = one.clone().find(|key| is_it(key)) {
            return Some(key);
        }
        let two = SIGNS.iter().flat_map(|sign| {
            let sign = char::from(*sign);
            SIGNS.iter().map(move |next| format!("{start}{sign}{}", char::from(*next)))
        });
        if let Some(key) = two.clone().find(|key| is_it(key)) {
            return Some(key);
        }
    }
    let longer = SIGNS.iter().map(|sign| format!("{low}-{}", char::from(*sign)));
    longer.into_iter().find(|key| is_it(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn between_two_texts_there_is_a_short_one() {
        let names = Names::new(["ana"]);
        for (low, high) in [
            ("", None),
            ("", Some("ben")),
            ("amy", Some("ben")),
            ("amy", Some("anb")),
            ("am", Some("amb")),
            ("я", None),
        ] {
            let key = between(low, high, &names).unwrap_or_else(|| panic!("{low} {high:?}"));
            assert!(
                *key > *low && high.is_none_or(|high| *key < *high) && !names.is_in(&key),
                "{low} {key} {high:?}"
            );
        }
        assert_eq!(between("a", Some("a0"), &names).as_deref(), Some("a-0"));
    }

    #[test]
    fn replies_keep_their_places() {
        let list = |all: &[&str]| {
            let replies = all.iter().map(|name| (format!("q/{name}.md"), name.to_string())).collect();
            Orders::from([("q answers".to_string(), replies)])
        };
        let before = list(&["amy", "new", "new--2", "ben"]);
        let before = before.into_iter().map(|(list, mut replies)| {
            // Called so before.
            (replies[1].1, replies[2].1) = ("ana".to_string(), "ana--2".to_string());
            (list, replies)
        });
        let before: Orders = before.collect();
        let after = list(&["amy", "ben", "new", "new--2"]);
        let theirs = ["q/new.md".to_string(), "q/new--2.md".to_string()].into();
        let keys = keys(&before, &after, &theirs, &Names::new(["ana"])).expect("there is room");
        let (one, two) = (&keys["q/new.md"], &keys["q/new--2.md"]);
        assert!("amy" < one.as_str() && one < two && two.as_str() < "ben", "{keys:?}");
    }
}
