//! When the fields `state`, `horizon` and `response` of files changed, as git's history has them: how long it took from an
//! idea to what came of it, since when a promise stands, and how old the company's word is.
//!
//! Only the history of some folders is read, in one pass, and only of a whole clone. What a file said in a commit counts
//! from the day on which that was committed. What a file said when it was added may be older than that: it may have come
//! with others from elsewhere. So it has no day.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::Timestamp;

use super::command;
use crate::page::front_matter::State;

/// The histories of files by their path from the site's root.
pub type FieldHistories = BTreeMap<String, FieldHistory>;

/// When fields of a file changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FieldHistory {
    /// The states that it had, in the order of the history.
    pub states: Vec<StateChange>,
    /// The last horizon, and since when, unless it came with the file.
    pub horizon: Option<(String, Option<Timestamp>)>,
    /// When the line of the response changed last, unless it came with the file.
    pub response: Option<Timestamp>,
}

/// A state that a file came to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StateChange {
    /// When that was committed.
    pub at: Timestamp,
    /// The state.
    pub state: State,
    /// Whether the file said so when it was added.
    pub came_with_file: bool,
}

impl FieldHistory {
    /// Since when a file has the state that it has now: nothing if it came with that, or if git does not know it yet.
    #[must_use]
    pub fn since(&self, state: State) -> Option<Timestamp> {
        let last = self.states.last().filter(|it| it.state == state)?;
        // A line that was written anew with the same word is no change.
        let run = self.states.iter().rev().take_while(|it| it.state == state).last().unwrap_or(last);
        (!run.came_with_file).then_some(run.at)
    }

    /// Since when it has a horizon, under the same conditions.
    #[must_use]
    pub fn horizon_since(&self, horizon: &str) -> Option<Timestamp> {
        self.horizon.as_ref().filter(|(word, _)| word == horizon)?.1
    }
}

/// What stands before the id and the time of a commit.
const COMMIT: char = '\u{1}';

/// Reads when these fields of the files in some folders changed, up to a commit. Commits by these ids changed nothing that
/// counts: they only wrote differently what was there. Nothing where git refuses.
#[must_use]
pub fn states(
    root: &Path,
    commit: &str,
    folders: &[String],
    ignored: &BTreeSet<String>,
) -> Option<FieldHistories> {
    let format = format!("--format={COMMIT}%H %ct");
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
        "--end-of-options",
        commit,
        "--",
    ];
    arguments.extend(folders.iter().map(String::as_str));
    let said = command::read(root, "log", &arguments).ok()?;
    Some(read(&String::from_utf8_lossy(&said), ignored))
}

/// Reads it off the differences, the oldest commit first.
fn read(log: &str, ignored: &BTreeSet<String>) -> FieldHistories {
    let mut histories = FieldHistories::new();
    let (mut when, mut file, mut from) = (None, None::<&str>, None);
    let (mut is_new, mut is_ignored) = (false, false);
    for line in log.lines() {
        if let Some(commit) = line.strip_prefix(COMMIT) {
            let (id, seconds) = commit.split_once(' ').unwrap_or_default();
            when = seconds.trim().parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
            is_ignored = ignored.contains(id);
            file = None;
        } else if line.starts_with("diff --git ") {
            (file, from, is_new) = (None, None, false);
        } else if line.starts_with("new file mode ") && file.is_none() {
            is_new = true;
        } else if let Some(path) = line.strip_prefix("rename from ").filter(|_| file.is_none()) {
            from = Some(path);
        } else if let Some(path) = line.strip_prefix("rename to ").filter(|_| file.is_none()) {
            if let Some(known) = from.take().and_then(|from| histories.remove(from)) {
                histories.insert(path.to_owned(), known);
            }
        } else if let Some(path) = line.strip_prefix("+++ ").filter(|_| file.is_none()) {
            let path = path.trim_end_matches('\t');
            if is_new {
                // A file that was deleted and comes again begins anew.
                histories.remove(path);
            }
            file = Some(path);
        } else if let (Some(file), Some(at), false) = (file, when, is_ignored)
            && let Some((field, value)) = line.strip_prefix('+').and_then(|line| line.split_once(':'))
        {
            take(&mut histories, file, field, value.trim().trim_matches(['"', '\'']), at, is_new);
        }
    }
    histories
}

/// Takes a line of front matter that a commit added.
fn take(histories: &mut FieldHistories, file: &str, field: &str, value: &str, at: Timestamp, is_new: bool) {
    if !matches!(field, "state" | "horizon" | "response") {
        return;
    }
    let history = histories.entry(file.to_owned()).or_default();
    match field {
        "state" => {
            if let Some(state) = State::from_word(value) {
                history.states.push(StateChange { at, state, came_with_file: is_new });
            }
        }
        "horizon" => {
            if history.horizon.as_ref().is_none_or(|(word, _)| word != value) {
                history.horizon = Some((value.to_owned(), (!is_new).then_some(at)));
            }
        }
        _ => history.response = (!is_new).then_some(at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).expect("a time")
    }

    #[test]
    fn states_follow_a_file_through_renames() {
        let log = "\u{1}a 1000\n\ndiff --git ideas/a.md ideas/a.md\nnew file mode 100644\n--- /dev/null\n+++ ideas/a.md\n\
                   @@ -0,0 +1,4 @@\n+---\n+state: open\n+---\n+# A\n\u{1}b 2000\n\ndiff --git ideas/a.md ideas/b.md\n\
                   rename from ideas/a.md\nrename to ideas/b.md\n--- ideas/a.md\n+++ ideas/b.md\n@@ -2 +2 @@\n-state: open\n\
                   +state: \"planned\"\n\u{1}c 3000\n\ndiff --git ideas/b.md ideas/b.md\n--- ideas/b.md\n+++ ideas/b.md\n\
                   @@ -2 +2,2 @@\n-state: planned\n+state: shipped\n++++ not a file\n";
        let found = read(log, &BTreeSet::new());
        let known: Vec<(i64, State, bool)> = found["ideas/b.md"]
            .states
            .iter()
            .map(|it| (it.at.as_second(), it.state, it.came_with_file))
            .collect();
        let expected =
            [(1000, State::Open, true), (2000, State::Planned, false), (3000, State::Shipped, false)];
        assert_eq!(known, expected);
        assert_eq!(found.len(), 1);
        assert_eq!(found["ideas/b.md"].since(State::Shipped), Some(at(3000)));
        assert_eq!(found["ideas/b.md"].since(State::Declined), None, "git does not know it yet");
    }

    #[test]
    fn what_came_with_the_file_has_no_day_and_what_is_written_anew_keeps_its_own() {
        let change = |id: &str, seconds: u32, new: bool, lines: &str| {
            let mode = if new { "new file mode 100644\n" } else { "" };
            format!(
                "\u{1}{id} {seconds}\n\ndiff --git i/a.md i/a.md\n{mode}--- i/a.md\n+++ i/a.md\n@@ -1 +1 @@\n{lines}"
            )
        };
        let born = change("a", 1000, true, "+state: planned\n+horizon: later\n+response: Yes.\n");
        let found = read(&born, &BTreeSet::new());
        let history = &found["i/a.md"];
        assert_eq!(
            (history.since(State::Planned), history.horizon_since("later"), history.response),
            (None, None, None)
        );
        let log = [
            born,
            change("b", 2000, false, "-horizon: later\n+horizon: next\n+response: Soon.\n"),
            change("c", 3000, false, "-horizon: next\n+horizon: \"next\"\n"),
            change("d", 4000, false, "-response: Soon.\n+response: 'Soon.'\n"),
        ]
        .concat();
        let found = read(&log, &BTreeSet::from(["d".to_string()]));
        let history = &found["i/a.md"];
        assert_eq!((history.horizon_since("next"), history.response), (Some(at(2000)), Some(at(2000))));
        assert_eq!(history.horizon_since("now"), None);
    }
}
