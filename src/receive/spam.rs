//! What is not taken, whoever sent it. The rules are few and plain, so that somebody who meets one knows what to do.

use std::collections::BTreeSet;

use super::form::Sort;
use super::report::issue_branch;
use super::{Reason, Refusal};
use crate::page::kind::Kind;

/// A title of this many characters asks something by itself.
const SAYS_ENOUGH: usize = 12;

/// Makes sure that something is said. Who says that something worked, or wants it too, need not say more.
pub(super) fn not_empty(sort: Sort, title: &str, text: &str, has_pictures: bool) -> Result<(), Refusal> {
    let says_something = text.chars().any(char::is_alphanumeric) || has_pictures;
    let is_asked = sort == Sort::Entry(Kind::Question) && title.chars().count() >= SAYS_ENOUGH;
    let needs_none = matches!(sort, Sort::Confirmation | Sort::Support);
    if says_something || is_asked || needs_none {
        return Ok(());
    }
    Err(Refusal::new(Reason::Empty, "There is no text in it. Send it again with what you want to say."))
}

/// Makes sure that the same does not wait for somebody already.
pub(super) fn not_open(open: &BTreeSet<String>, digest: &str) -> Result<(), Refusal> {
    match open.contains(digest) {
        true => Err(Refusal::new(
            Reason::Duplicate,
            "The same was sent before and is being looked at. Nothing needs to be done.",
        )),
        false => Ok(()),
    }
}

/// Makes sure that a newcomer's text is no list of links.
pub(super) fn few_links(links: &[String], most: usize) -> Result<(), Refusal> {
    if links.len() <= most {
        return Ok(());
    }
    let message = format!(
        "There are {} links to other sites in it. From someone who has not written here before, at most {most} are taken. \
         Send it again with the most important ones.",
        links.len()
    );
    Err(Refusal::new(Reason::Links, message))
}

/// The digests in a list of what waits: branches, one per line, as `git ls-remote --heads` prints them or by name, with
/// what their commits say is in them, or digests by themselves. What waits of the same issue, `own`, does not count: whoever
/// edits it sends it again.
#[must_use]
pub fn digests(list: &str, own: Option<u64>) -> BTreeSet<String> {
    let own = own.map(issue_branch);
    let is_own = |line: &str| {
        let is_it = |word: &str| {
            let word = word.trim_matches('"');
            own.as_deref().is_some_and(|own| {
                word.strip_suffix(own).is_some_and(|before| before.is_empty() || before.ends_with('/'))
            })
        };
        line.split([' ', '\t', ',']).any(is_it)
    };
    let is_digest = |word: &&str| word.len() == 16 && word.bytes().all(|it| it.is_ascii_hexdigit());
    let lines = list.lines().filter(|line| !is_own(line));
    let words =
        lines.flat_map(|line| line.split(|c: char| c.is_whitespace() || matches!(c, '/' | '-' | '"' | ',')));
    words.filter(is_digest).map(str::to_ascii_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_known_by_the_names_of_branches() {
        let listed = "0123456789012345678901234567890123456789\trefs/heads/receive/00112233445566aa\n\
                      origin/receive/issue-12 ffeeddccbbaa9988\nmain\norigin/receive/issue-1 0000000000000001\n";
        let found = |own| digests(listed, own).into_iter().collect::<Vec<String>>();
        assert_eq!(found(None), ["0000000000000001", "00112233445566aa", "ffeeddccbbaa9988"]);
        assert_eq!(found(Some(12)), ["0000000000000001", "00112233445566aa"], "it is the same issue");
        assert_eq!(found(Some(2)), found(None));
    }
}
