//! What is remembered of addresses, so that a check a minute later asks nobody anything.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::{Deserialize, Serialize};

use super::Answer;

/// What leads somewhere is asked again after so many seconds: a week.
const FINE_FOR: u64 = 7 * 24 * 3600;
/// What leads nowhere after so many: a day, for it may have been mended.
const DEAD_FOR: u64 = 24 * 3600;
/// No more than so many addresses are remembered, the latest ones.
const MOST: usize = 50_000;
/// A larger file is none of ours, in bytes.
const LONGEST: u64 = 32 << 20;

/// Addresses, and what is known of them.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cache {
    links: BTreeMap<String, CachedAnswer>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct CachedAnswer {
    /// When it was asked, in seconds since 1970.
    at: u64,
    /// How it leads nowhere; nothing if it leads somewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    dead: Option<String>,
}

impl Cache {
    /// Reads a cache. What cannot be read is as good as none.
    #[must_use]
    pub fn read(file: &Path) -> Cache {
        let is_ours = fs::metadata(file).is_ok_and(|it| it.is_file() && it.len() <= LONGEST);
        let text = is_ours.then(|| fs::read(file).ok()).flatten();
        text.and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default()
    }

    /// Writes a cache in one step. What is too old goes.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write(&mut self, file: &Path, now: u64) -> io::Result<()> {
        self.links.retain(|_, known| known.is_fresh(now));
        if self.links.len() > MOST {
            let mut times: Vec<u64> = self.links.values().map(|known| known.at).collect();
            times.sort_unstable();
            let oldest = times[times.len() - MOST];
            self.links.retain(|_, known| known.at > oldest);
        }
        let folder = file.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        let mut beside = tempfile::NamedTempFile::new_in(folder)?;
        serde_json::to_writer(&mut beside, self).map_err(io::Error::other)?;
        beside.persist(file).map(drop).map_err(|error| error.error)
    }

    /// What is known of an address, if that is not too old.
    pub(super) fn get(&self, url: &str, now: u64) -> Option<Answer> {
        let known = self.links.get(url).filter(|known| known.is_fresh(now))?;
        Some(known.dead.clone().map_or(Answer::Fine, Answer::Dead))
    }

    /// Remembers what was answered. A host in trouble may be back in a minute.
    pub(super) fn put(&mut self, url: &str, answer: &Answer, at: u64) {
        let dead = match answer {
            Answer::Fine => None,
            Answer::Dead(how) => Some(how.clone()),
            Answer::Odd(_) | Answer::Away(_) | Answer::Private => return,
        };
        self.links.insert(url.to_string(), CachedAnswer { at, dead });
    }
}

impl CachedAnswer {
    fn is_fresh(&self, now: u64) -> bool {
        let age = if self.dead.is_some() { DEAD_FOR } else { FINE_FOR };
        // A clock that was wrong must not make anything last for ever.
        self.at <= now && now - self.at < age
    }
}

/// Where it is kept: the folder that `LONGHOUSE_CACHE` names, else the user's own for such things. Never in the site:
/// a pull request could bring one along.
#[must_use]
pub fn place(variable: impl Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    let own = variable("LONGHOUSE_CACHE");
    let users = || {
        let usual = variable("XDG_CACHE_HOME").filter(|it| it.is_absolute());
        let windows = || variable("LOCALAPPDATA");
        let home = || Some(variable("HOME")?.join(".cache"));
        usual.or_else(windows).or_else(home).map(|folder| folder.join("longhouse"))
    };
    own.or_else(users).map(|folder| folder.join("links.json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_answered_is_known_for_a_while() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("below/links.json");
        let mut cache = Cache::default();
        cache.put("https://a.org/", &Answer::Fine, 1000);
        cache.put("https://b.org/", &Answer::Dead("is gone".into()), 1000);
        cache.put("https://c.org/", &Answer::Away("is away".into()), 1000);
        cache.write(&file, 1000).expect("a file");
        let cache = Cache::read(&file);
        assert_eq!(cache.get("https://a.org/", 1000 + DEAD_FOR), Some(Answer::Fine));
        assert_eq!(cache.get("https://b.org/", 1001), Some(Answer::Dead("is gone".into())));
        assert_eq!(cache.get("https://b.org/", 1000 + DEAD_FOR), None);
        assert_eq!(cache.get("https://a.org/", 1000 + FINE_FOR), None);
        assert_eq!((cache.get("https://a.org/", 999), cache.get("https://c.org/", 1000)), (None, None));
        fs::write(&file, "{\"links\": 7").expect("a file");
        assert_eq!(Cache::read(&file), Cache::default());
    }

    #[test]
    fn it_lies_where_the_user_keeps_such_things_and_never_in_the_site() {
        let at = |known: &[(&str, &str)]| {
            place(|name| known.iter().find(|(it, _)| *it == name).map(|(_, path)| PathBuf::from(path)))
        };
        assert_eq!(at(&[]), None);
        assert_eq!(at(&[("HOME", "/home/a")]), Some("/home/a/.cache/longhouse/links.json".into()));
        assert_eq!(
            at(&[("HOME", "/a"), ("XDG_CACHE_HOME", "rel")]),
            Some("/a/.cache/longhouse/links.json".into())
        );
        assert_eq!(at(&[("HOME", "/a"), ("XDG_CACHE_HOME", "/c")]), Some("/c/longhouse/links.json".into()));
        assert_eq!(at(&[("HOME", "/a"), ("LONGHOUSE_CACHE", "/k")]), Some("/k/links.json".into()));
    }
}
