//! What is not taken, whoever sent it. The rules are few and plain, so that somebody who meets one knows what to do.

use std::collections::BTreeSet;

use super::form::Sort;
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

/// The digests in a list of what waits: of branches, as `git ls-remote --heads` prints them or by name alone, or by
/// themselves.
#[must_use]
pub fn digests(list: &str) -> BTreeSet<String> {
    let words = list.split(|c: char| c.is_whitespace() || matches!(c, '/' | '-' | '"' | ','));
    let is_digest = |word: &&str| word.len() == 16 && word.bytes().all(|it| it.is_ascii_hexdigit());
    words.filter(is_digest).map(str::to_ascii_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_known_by_the_names_of_branches() {
        let listed = "0123456789012345678901234567890123456789\trefs/heads/receive/12-00112233445566aa\n\
                      receive/ffeeddccbbaa9988\nmain\n";
        let found: Vec<String> = digests(listed).into_iter().collect();
        assert_eq!(found, ["00112233445566aa", "ffeeddccbbaa9988"]);
    }
}
