//! Who changed each line of one trusted file last, and when, as git tells it: of a short file that records what people
//! decided, so that nobody writes down twice when that was.

use std::path::Path;

use jiff::Timestamp;

use super::{Person, command};

/// Who changed each line of a file last, and when, from the first line on; nothing for lines that nobody has committed.
/// Nothing at all where git does not know the file.
#[must_use]
pub fn lines(root: &Path, file: &str) -> Option<Vec<Option<(Timestamp, Person)>>> {
    let said = command::read(root, "blame", &["--line-porcelain", "-w", "--no-textconv", "--", file]).ok()?;
    Some(read(&String::from_utf8_lossy(&said)))
}

/// Reads it off what `git blame --line-porcelain` says: for each line its commit, what is known of that, and after a tab
/// the line itself.
fn read(said: &str) -> Vec<Option<(Timestamp, Person)>> {
    let mut lines = Vec::new();
    let (mut person, mut when, mut is_committed) = (Person::default(), None, false);
    let mut is_first = true;
    for line in said.split('\n') {
        if line.starts_with('\t') {
            lines.push(when.take().filter(|_| is_committed).map(|when| (when, person.clone())));
            is_first = true;
        } else if is_first {
            // A line that is not committed yet has an id of zeros.
            is_committed = line.split(' ').next().is_some_and(|id| id.bytes().any(|digit| digit != b'0'));
            person = Person::default();
            is_first = false;
        } else if let Some(name) = line.strip_prefix("author ") {
            person.name = name.to_string();
        } else if let Some(email) = line.strip_prefix("author-mail ") {
            person.email = email.trim_matches(['<', '>']).to_string();
        } else if let Some(seconds) = line.strip_prefix("author-time ") {
            when = seconds.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_has_the_one_who_changed_it_last() {
        let said = "1b2c 1 1 1\nauthor Greta\nauthor-mail <greta@a.example>\nauthor-time 1000\nauthor-tz +0100\n\
                    summary S\nfilename data/moderation.yaml\n\ta.md: hidden\n\
                    0000 2 2 1\nauthor Not Committed Yet\nauthor-mail <not.committed.yet>\nauthor-time 2000\n\tb.md: hidden\n";
        let lines = read(said);
        let greta = Person { name: "Greta".to_string(), email: "greta@a.example".to_string() };
        assert_eq!(lines, [Some((Timestamp::from_second(1000).expect("a time"), greta)), None]);
    }
}
