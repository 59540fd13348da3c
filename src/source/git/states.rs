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
        // So many lines around a change that front matter is seen from its beginning. One that is longer says nothing.
        "-U100",
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
    let (mut when, mut from, mut is_new, mut is_ignored) = (None, None, false, false);
    let mut change: Option<Change<'_>> = None;
    for line in log.lines() {
        let is_head = line.starts_with(COMMIT) || line.starts_with("diff --git ");
        if let Some(change) = change.take_if(|_| is_head) {
            change.end(&mut histories);
        }
        if let Some(commit) = line.strip_prefix(COMMIT) {
            let (id, seconds) = commit.split_once(' ').unwrap_or_default();
            when = seconds.trim().parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
            is_ignored = ignored.contains(id);
        } else if is_head {
            (from, is_new) = (None, false);
        } else if let Some(change) = &mut change {
            change.line(line, &mut histories);
        } else if line.starts_with("new file mode ") {
            is_new = true;
        } else if let Some(path) = line.strip_prefix("rename from ") {
            from = Some(path);
        } else if let Some(path) = line.strip_prefix("rename to ") {
            if let Some(known) = from.take().and_then(|from| histories.remove(from)) {
                histories.insert(path.to_owned(), known);
            }
        } else if let Some(path) = line.strip_prefix("+++ ") {
            let path = path.trim_end_matches('\t');
            if is_new {
                // A file that was deleted and comes again begins anew.
                histories.remove(path);
            }
            let at = when.filter(|_| !is_ignored && path != "/dev/null");
            change = at.map(|at| Change {
                path,
                at,
                is_new,
                old: Side::Body,
                new: Side::Body,
                removed: BTreeSet::new(),
                added: BTreeSet::new(),
                in_response: false,
            });
        }
    }
    if let Some(change) = change {
        change.end(&mut histories);
    }
    histories
}

/// What a commit changes of a file.
struct Change<'a> {
    path: &'a str,
    at: Timestamp,
    is_new: bool,
    /// Where the lines that were there stand, and those that are there now.
    old: Side,
    new: Side,
    /// Fields that were taken out, and those that were put in, maybe at another place.
    removed: BTreeSet<&'a str>,
    added: BTreeSet<&'a str>,
    /// Whether the last line began a response, whose text may go on below it.
    in_response: bool,
}

/// Where a line of one side of a difference stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    /// Nothing is known before the first line.
    Start,
    /// In front matter, between lines of these three signs.
    FrontMatter(&'static str),
    /// Below it, or so far down that it cannot be told.
    Body,
}

impl Side {
    /// A difference that begins at this line.
    fn at(number: Option<&str>) -> Side {
        let number = number.and_then(|it| it.split(',').next());
        if matches!(number, Some("0" | "1")) { Side::Start } else { Side::Body }
    }

    /// After a line. Says whether that was front matter, and by which sign its fields and values are told apart.
    fn take(&mut self, text: &str) -> Option<char> {
        let text = text.trim_end();
        match *self {
            Side::Start => {
                let fence = ["---", "+++"].into_iter().find(|fence| *fence == text);
                *self = fence.map_or(Side::Body, Side::FrontMatter);
                None
            }
            Side::FrontMatter(fence) if fence == text => {
                *self = Side::Body;
                None
            }
            Side::FrontMatter(fence) => Some(if fence == "+++" { '=' } else { ':' }),
            Side::Body => None,
        }
    }
}

impl<'a> Change<'a> {
    fn line(&mut self, line: &'a str, histories: &mut FieldHistories) {
        if let Some(place) = line.strip_prefix("@@ -") {
            let mut places = place.split([' ', '+']).filter(|it| !it.is_empty());
            (self.old, self.new) = (Side::at(places.next()), Side::at(places.next()));
            return;
        }
        let Some((sign, text)) = line.split_at_checked(1) else { return };
        let field = |parts: Option<char>| {
            let (field, value) = text.split_once(parts?)?;
            let field = field.trim_end();
            let value = value.trim().trim_matches(['"', '\'']);
            matches!(field, "state" | "horizon" | "response").then_some((field, value))
        };
        match sign {
            "-" => self.removed.extend(field(self.old.take(text)).map(|(field, _)| field)),
            "+" => {
                let place = self.new.take(text);
                if let Some((field, value)) = field(place) {
                    self.added.insert(field);
                    self.put(histories, field, value);
                } else if place.is_some() && self.in_response && text.starts_with([' ', '\t']) {
                    self.put(histories, "response", "");
                }
                self.pass(text);
            }
            _ => {
                self.old.take(text);
                self.new.take(text);
                self.pass(text);
            }
        }
    }

    /// Notes which field the next lines belong to, if they stand deeper than their fields.
    fn pass(&mut self, text: &str) {
        if !text.starts_with([' ', '\t']) {
            self.in_response = text.starts_with("response");
        }
    }

    /// Takes a line of front matter that the commit added.
    fn put(&self, histories: &mut FieldHistories, field: &str, value: &str) {
        let history = histories.entry(self.path.to_owned()).or_default();
        let at = (!self.is_new).then_some(self.at);
        match field {
            "state" => {
                if let Some(state) = State::from_word(value) {
                    history.states.push(StateChange { at: self.at, state, came_with_file: self.is_new });
                }
            }
            "horizon" => {
                if history.horizon.as_ref().is_none_or(|(word, _)| word != value) {
                    history.horizon = Some((value.to_owned(), at));
                }
            }
            _ => history.response = at,
        }
    }

    /// What was taken out is not there any more: if it comes again, it counts from then on.
    fn end(self, histories: &mut FieldHistories) {
        let Some(history) = histories.get_mut(self.path) else { return };
        for field in self.removed.difference(&self.added) {
            match *field {
                "state" => history.states.push(StateChange {
                    at: self.at,
                    // What an idea is that names no state.
                    state: State::Open,
                    came_with_file: false,
                }),
                "horizon" => history.horizon = None,
                _ => history.response = None,
            }
        }
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
                   rename from ideas/a.md\nrename to ideas/b.md\n--- ideas/a.md\n+++ ideas/b.md\n@@ -1,4 +1,4 @@\n ---\n-state: open\n\
                   +state: \"planned\"\n ---\n # A\n\u{1}c 3000\n\ndiff --git ideas/b.md ideas/b.md\n--- ideas/b.md\n+++ ideas/b.md\n\
                   @@ -1,4 +1,5 @@\n ---\n-state: planned\n+state: shipped\n ---\n # A\n++++ not a file\n";
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
                "\u{1}{id} {seconds}\n\ndiff --git i/a.md i/a.md\n{mode}--- i/a.md\n+++ i/a.md\n@@ -1,9 +1,9 @@\n ---\n{lines} ---\n"
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

    #[test]
    fn what_was_taken_out_counts_anew_and_what_the_text_shows_does_not_count() {
        let change = |seconds: u32, place: &str, lines: &str| {
            format!(
                "\u{1}a {seconds}\n\ndiff --git i/a.md i/a.md\n--- i/a.md\n+++ i/a.md\n@@ {place} @@\n{lines}"
            )
        };
        let log = [
            change(1000, "-1,4 +1,6", " ---\n+horizon: next\n+state: shipped\n title: A\n ---\n"),
            change(2000, "-1,6 +1,4", " ---\n-horizon: next\n-state: shipped\n title: A\n ---\n"),
            change(3000, "-1,4 +1,6", " ---\n title: A\n+horizon: next\n+state: shipped\n ---\n"),
            change(4000, "-1,5 +1,7", " ---\n title: A\n ---\n # A\n+response: 200\n+horizon: now\n"),
            change(5000, "-200 +200,2", "+response: 404\n+state: declined\n"),
        ]
        .concat();
        let history = &read(&log, &BTreeSet::new())["i/a.md"];
        assert_eq!(history.horizon_since("next"), Some(at(3000)));
        assert_eq!((history.since(State::Shipped), history.response), (Some(at(3000)), None));
        let moved = change(6000, "-1,5 +1,5", " ---\n+horizon: next\n title: A\n-horizon: next\n ---\n");
        let history = &read(&format!("{log}{moved}"), &BTreeSet::new())["i/a.md"];
        assert_eq!(history.horizon_since("next"), Some(at(3000)), "it only stands elsewhere");
        let lines = change(7000, "-1,6 +1,6", " ---\n response: >\n-  No.\n+  Yes.\n ---\n");
        assert_eq!(read(&lines, &BTreeSet::new())["i/a.md"].response, Some(at(7000)), "its text goes on");
        let toml = change(1000, "-0,0 +1,3", "++++\n+state = \"planned\"\n++++\n");
        assert_eq!(read(&toml, &BTreeSet::new())["i/a.md"].since(State::Planned), Some(at(1000)));
    }
}
