//! What names somebody or something without an address: `@ana`, and where the repository is known `#12`, `!12`,
//! `GH-12`, `owner/repo#12` and commit hashes.
//!
//! Whether there is such a person only the site knows, so `@ana` is a link that becomes its text, without a word, where
//! it leads nowhere. Everything is found in one walk over a text; a look back is short.

use std::ops::Range;

use crate::page::cjk;

/// No handle is longer, no name of a repository either.
const LONGEST: usize = 100;

/// Where issues, merge requests and commits of the repository are seen, with `{}` for the number or the hash.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Tracker {
    /// `#12`
    pub issue: String,
    /// `!12`, where a host writes it so.
    pub merge_request: Option<String>,
    /// `3f2a91c`
    pub commit: String,
    /// `owner/repo#12`: with `{repo}` for what stands before the `#`.
    pub elsewhere: Option<String>,
}

/// A mention in a text, and the address that it stands for.
pub(super) struct Mention {
    pub at: Range<usize>,
    pub address: String,
}

/// Finds the mentions in a text.
pub(super) fn find(text: &str, tracker: Option<&Tracker>) -> Vec<Mention> {
    let bytes = text.as_bytes();
    let mut found: Vec<Mention> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let free = found.last().map_or(0, |last| last.at.end);
        let mention = match bytes[at] {
            b'@' => person(text, at),
            b'#' => tracker.and_then(|tracker| issue(text, at, free, tracker)),
            b'!' => tracker
                .and_then(|tracker| tracker.merge_request.as_deref())
                .and_then(|pattern| number(text, at, 1, pattern)),
            b'G' if bytes[at..].starts_with(b"GH-") => {
                tracker.and_then(|tracker| number(text, at, "GH-".len(), &tracker.issue))
            }
            b'0'..=b'9' | b'a'..=b'f' if tracker.is_some() && begins_word(bytes, at) => {
                let length = bytes[at..].iter().take(LONGEST).take_while(|b| is_word(**b)).count();
                let commit = tracker.and_then(|tracker| commit(text, at..at + length, tracker));
                if commit.is_none() {
                    at += length;
                    continue;
                }
                commit
            }
            _ => None,
        };
        match mention {
            Some(mention) => {
                at = mention.at.end;
                found.push(mention);
            }
            None => at += 1,
        }
    }
    found
}

/// `@ana`; not `a@b`, `@media (`, `@scope/package`.
fn person(text: &str, at: usize) -> Option<Mention> {
    if !is_free(text, at) {
        return None;
    }
    let rest = &text[at + 1..];
    let is_part = |c: char| c.is_alphanumeric() && !cjk::is_cjk(c) || matches!(c, '-' | '_' | '.');
    let length =
        rest.char_indices().take(LONGEST).find(|(_, c)| !is_part(*c)).map_or(rest.len(), |(at, _)| at);
    let name = rest[..length].trim_end_matches(['-', '_', '.']);
    let behind = &rest[name.len()..];
    let goes_on = behind.starts_with(['/', '@']) || behind.starts_with(" (") || behind.starts_with("::");
    if name.is_empty() || name.len() > LONGEST || goes_on {
        return None;
    }
    let address = format!("/people/{}/", name.to_lowercase());
    Some(Mention { at: at..at + 1 + name.len(), address })
}

/// `#12` and `owner/repo#12`; not `#123456`, which is a colour.
fn issue(text: &str, at: usize, free: usize, tracker: &Tracker) -> Option<Mention> {
    if let Some(mention) = number(text, at, 1, &tracker.issue) {
        return Some(mention);
    }
    let pattern = tracker.elsewhere.as_deref()?;
    let is_part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'/');
    let length = text.as_bytes()[free..at].iter().rev().take(LONGEST).take_while(|b| is_part(b)).count();
    let start = at - length;
    let repository = &text[start..at];
    let is_repository =
        repository.split('/').count() >= 2 && repository.split('/').all(|part| !part.is_empty());
    if !is_repository || !is_free(text, start) {
        return None;
    }
    let end = digits(text, at + 1)?;
    let address = pattern.replace("{repo}", repository).replace("{}", &text[at + 1..end]);
    Some(Mention { at: start..end, address })
}

/// A number behind a sign of so many bytes.
fn number(text: &str, at: usize, sign: usize, pattern: &str) -> Option<Mention> {
    if !is_free(text, at) {
        return None;
    }
    let end = digits(text, at + sign)?;
    Some(Mention { at: at..end, address: pattern.replace("{}", &text[at + sign..end]) })
}

/// Where a number ends that can be that of an issue.
fn digits(text: &str, at: usize) -> Option<usize> {
    let bytes = &text.as_bytes()[at..];
    let length = bytes.iter().take(10).take_while(|b| b.is_ascii_digit()).count();
    let goes_on = bytes.get(length).is_some_and(|b| is_word(*b) || *b == b'-')
        || (bytes.get(length) == Some(&b'.') && bytes.get(length + 1).is_some_and(u8::is_ascii_digit));
    ((1..=8).contains(&length) && length != 6 && bytes[0] != b'0' && !goes_on).then_some(at + length)
}

/// A word of 7 to 40 hexadecimal digits, among them a letter and a digit.
fn commit(text: &str, word: Range<usize>, tracker: &Tracker) -> Option<Mention> {
    let hash = &text[word.clone()];
    let is_hash = (7..=40).contains(&hash.len())
        && hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
        && hash.bytes().any(|b| b.is_ascii_digit())
        && hash.bytes().any(|b| b.is_ascii_alphabetic());
    let before = text[..word.start].chars().next_back();
    let behind = &text[word.end..];
    let is_apart = before
        .is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '[' | ',' | '"' | '\'') || cjk::is_cjk(c))
        && !behind.starts_with(['-', '/', '@', '=', ':'])
        && !behind.strip_prefix('.').is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
    (is_hash && is_apart).then(|| Mention { address: tracker.commit.replace("{}", hash), at: word })
}

/// Whether a mention may begin here.
fn is_free(text: &str, at: usize) -> bool {
    text[..at].chars().next_back().is_none_or(|c| {
        cjk::is_cjk(c)
            || !(c.is_alphanumeric()
                || matches!(c, '_' | '/' | '.' | '@' | '#' | '&' | '!' | '-' | '`' | '\\' | '=' | '$'))
    })
}

fn begins_word(bytes: &[u8], at: usize) -> bool {
    at == 0 || !is_word(bytes[at - 1])
}

fn is_word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_' || b >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mentions(text: &str) -> Vec<(String, String)> {
        let tracker = Tracker {
            issue: "i/{}".to_owned(),
            merge_request: Some("m/{}".to_owned()),
            commit: "c/{}".to_owned(),
            elsewhere: Some("{repo}/i/{}".to_owned()),
        };
        find(text, Some(&tracker)).into_iter().map(|it| (text[it.at].to_owned(), it.address)).collect()
    }

    #[test]
    fn people_issues_and_commits_are_named_in_passing() {
        for (text, name, address) in [
            ("ask @ana.", "@ana", "/people/ana/"),
            ("(@Ana-B, @x)", "@Ana-B", "/people/ana-b/"),
            ("请问@ana吧", "@ana", "/people/ana/"),
            ("see #12.", "#12", "i/12"),
            ("(#7)", "#7", "i/7"),
            ("see GH-12.", "GH-12", "i/12"),
            ("merged !3", "!3", "m/3"),
            ("kiln/glaze#12", "kiln/glaze#12", "kiln/glaze/i/12"),
            ("since 3f2a91c it", "3f2a91c", "c/3f2a91c"),
        ] {
            let found = mentions(text);
            assert_eq!(found.first(), Some(&(name.to_owned(), address.to_owned())), "{text}: {found:?}");
        }
    }

    #[test]
    fn what_only_looks_so_stays_text() {
        for text in [
            "a@b.example",
            "@scope/pkg",
            "@media (print)",
            "@",
            "@@x",
            "a/@x",
            "#",
            "#123456",
            "#1a2b3c",
            "&#12;",
            "C#7",
            "#0",
            "x#12",
            "XGH-12",
            "GH-",
            "GH-12a",
            "page.md#12",
            "!",
            "!x",
            "a!3",
            "1234567",
            "deadbeef",
            "3f2504e0-4f89-11d3",
            "0x3f2a91c",
            "3f2a91c.example",
            "3F2A91C",
            "v3f2a91cz",
            "##12",
            "#12a",
            "#12-b",
            "= 3f2a91c=",
        ] {
            assert!(mentions(text).is_empty(), "{text}: {:?}", mentions(text));
        }
        assert!(find("#12 and 3f2a91c", None).is_empty());
    }
}
