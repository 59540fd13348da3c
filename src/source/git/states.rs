//! When the field `state` of files changed, as git's history has it: how long it took from an idea to what came of it.
//!
//! Only the history of some folders is read, and only of a whole clone. What a file said in a commit counts from the day on
//! which that was committed.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;

use super::{command, find};
use crate::page::front_matter::State;

/// The states of files by their path from the site's root: since when, in the order of the history.
pub type States = BTreeMap<String, Vec<(Timestamp, State)>>;

/// What stands before the time of a commit.
const COMMIT: char = '\u{1}';

/// Reads when the states of the files in some folders changed; nothing where the history is unknown or cut off.
#[must_use]
pub fn states(root: &Path, folders: &[String]) -> Option<States> {
    let repository = find(root).ok()??;
    if repository.shallow || folders.is_empty() {
        return None;
    }
    let format = format!("--format={COMMIT}%ct");
    let mut arguments = vec![
        "--reverse",
        "--relative",
        "--no-color",
        "--no-ext-diff",
        "--no-textconv",
        "--no-prefix",
        "-M",
        "-p",
        "-U0",
        &format,
        "HEAD",
        "--",
    ];
    arguments.extend(folders.iter().map(String::as_str));
    let said = command::read(root, "log", &arguments).ok()?;
    Some(read(&String::from_utf8_lossy(&said)))
}

/// Reads it off the differences, the oldest commit first.
fn read(log: &str) -> States {
    let mut states = States::new();
    let (mut when, mut file, mut from) = (None, None::<&str>, None);
    for line in log.lines() {
        if let Some(seconds) = line.strip_prefix(COMMIT) {
            when = seconds.trim().parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
            file = None;
        } else if line.starts_with("diff --git ") {
            (file, from) = (None, None);
        } else if let Some(path) = line.strip_prefix("rename from ") {
            from = Some(path);
        } else if let Some(path) = line.strip_prefix("rename to ") {
            if let Some(known) = from.take().and_then(|from| states.remove(from)) {
                states.insert(path.to_owned(), known);
            }
        } else if let Some(path) = line.strip_prefix("+++ ").filter(|_| file.is_none()) {
            file = Some(path.trim_end_matches('\t'));
        } else if let (Some(file), Some(when), Some(state)) = (file, when, line.strip_prefix("+state:")) {
            let word = state.trim().trim_matches(['"', '\'']);
            if let Some(state) = State::from_word(word) {
                states.entry(file.to_owned()).or_default().push((when, state));
            }
        }
    }
    states
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_follow_a_file_through_renames() {
        let log = "\u{1}1000\n\ndiff --git ideas/a.md ideas/a.md\nnew file mode 100644\n--- /dev/null\n+++ ideas/a.md\n\
                   @@ -0,0 +1,4 @@\n+---\n+state: open\n+---\n+# A\n\u{1}2000\n\ndiff --git ideas/a.md ideas/b.md\n\
                   rename from ideas/a.md\nrename to ideas/b.md\n--- ideas/a.md\n+++ ideas/b.md\n@@ -2 +2 @@\n-state: open\n\
                   +state: \"planned\"\n\u{1}3000\n\ndiff --git ideas/b.md ideas/b.md\n--- ideas/b.md\n+++ ideas/b.md\n\
                   @@ -2 +2,2 @@\n-state: planned\n+state: shipped\n++++ not a file\n";
        let found = read(log);
        let known: Vec<(i64, State)> =
            found["ideas/b.md"].iter().map(|(at, state)| (at.as_second(), *state)).collect();
        assert_eq!(known, [(1000, State::Open), (2000, State::Planned), (3000, State::Shipped)]);
        assert_eq!(found.len(), 1);
    }
}
