//! Addresses in running text become links, by the rules GitHub gives: `http://`, `https://`,
//! `www.` and e-mail addresses, without the punctuation that belongs to the sentence.
//!
//! Every byte is looked at a constant number of times, whatever the text.

use std::ops::Range;

use crate::page::text;

/// An address that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// Where it stands.
    pub at: Range<usize>,
    /// What has to stand before it to make it an address.
    pub scheme: &'static str,
}

/// The addresses in a text, in order. `mails` says whether e-mail addresses are wanted.
pub(super) fn find(run: &str, mails: bool, out: &mut Vec<Found>) {
    out.clear();
    web(run, out);
    if !mails {
        return;
    }
    let links = out.len();
    for at in text::emails(run) {
        let inside = out[..links].partition_point(|found| found.at.end <= at.start);
        if out[..links].get(inside).is_none_or(|found| found.at.start >= at.end) {
            out.push(Found { at, scheme: "mailto:" });
        }
    }
    out.sort_by_key(|found| found.at.start);
}

fn web(run: &str, out: &mut Vec<Found>) {
    let bytes = run.as_bytes();
    let mut free = 0;
    // `:` and `w` are rarer than letters in general, and each begins or ends what is looked for.
    for at in memchr::memchr3_iter(b':', b'w', b'W', bytes) {
        if at < free {
            continue;
        }
        let candidate = match bytes[at] {
            b':' if bytes[at..].starts_with(b"://") => scheme(run, at, free).map(|start| (start, at + 3, "")),
            b'w' | b'W' if starts_with_www(bytes, at) => Some((at, at, "http://")),
            _ => None,
        };
        let Some((start, domain_at, scheme)) = candidate else { continue };
        let domain = domain_end(bytes, domain_at);
        if !is_domain(&bytes[domain_at..domain], !scheme.is_empty()) {
            continue;
        }
        let rest = run[domain..].find(|c: char| c.is_whitespace() || c == '<').unwrap_or(run.len() - domain);
        let end = without_punctuation(bytes, start, domain + rest);
        free = end.max(domain);
        if end > domain_at {
            out.push(Found { at: start..end, scheme });
        }
    }
}

/// Where `http` or `https` before the colon begins, if no letter stands before it.
fn scheme(run: &str, colon: usize, free: usize) -> Option<usize> {
    let before = &run.as_bytes()[free..colon];
    let letters = before.iter().rev().take(6).take_while(|b| b.is_ascii_alphanumeric()).count();
    let start = colon - letters;
    let is_web =
        run[start..colon].eq_ignore_ascii_case("http") || run[start..colon].eq_ignore_ascii_case("https");
    (is_web && !is_letter_before(run, start)).then_some(start)
}

fn starts_with_www(bytes: &[u8], at: usize) -> bool {
    bytes.get(at..at + 4).is_some_and(|four| four.eq_ignore_ascii_case(b"www."))
        && (at == 0
            || bytes[at - 1].is_ascii_whitespace()
            || matches!(bytes[at - 1], b'*' | b'_' | b'~' | b'(' | b'"' | b'\'' | b'['))
}

fn is_letter_before(run: &str, at: usize) -> bool {
    run[..at].chars().next_back().is_some_and(char::is_alphanumeric)
}

fn domain_end(bytes: &[u8], start: usize) -> usize {
    let is_part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.') || *b >= 0x80;
    bytes[start..].iter().position(|b| !is_part(b)).map_or(bytes.len(), |length| start + length)
}

/// Parts between dots, no underscore in the last two of them.
fn is_domain(domain: &[u8], needs_dot: bool) -> bool {
    let domain = domain.strip_suffix(b".").unwrap_or(domain);
    let mut parts = domain.rsplit(|b| *b == b'.');
    let (last, before) = (parts.next().unwrap_or_default(), parts.next());
    !last.is_empty()
        && !last.contains(&b'_')
        && before.is_none_or(|before| !before.contains(&b'_') && !before.is_empty())
        && (before.is_some() || !needs_dot)
        && !last.starts_with(b"-")
}

/// Takes back what belongs to the sentence: punctuation, a quotation mark, an unpaired bracket,
/// something that looks like an entity.
fn without_punctuation(bytes: &[u8], start: usize, mut end: usize) -> usize {
    let count = |wanted: u8| memchr::memchr_iter(wanted, &bytes[start..end]).count();
    let (opened, mut closed) = (count(b'('), count(b')'));
    while end > start {
        match bytes[end - 1] {
            b'?' | b'!' | b'.' | b',' | b':' | b'*' | b'_' | b'~' | b'\'' | b'"' | b']' => end -= 1,
            b')' if closed > opened => {
                closed -= 1;
                end -= 1;
            }
            b';' => {
                let name =
                    bytes[start..end - 1].iter().rev().take_while(|b| b.is_ascii_alphanumeric()).count();
                let at = end - 1 - name;
                end = if name > 0 && at > start && bytes[at - 1] == b'&' { at - 1 } else { end - 1 };
            }
            _ => break,
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(run: &str) -> Vec<String> {
        let mut found = Vec::new();
        find(run, true, &mut found);
        found.into_iter().map(|found| format!("{}{}", found.scheme, &run[found.at])).collect()
    }

    #[test]
    fn an_address_ends_where_the_sentence_goes_on() {
        for (text, link) in [
            ("see http://a.example/x.", "http://a.example/x"),
            ("(see https://a.example/x_(y))", "https://a.example/x_(y)"),
            ("(https://a.example/x)", "https://a.example/x"),
            ("www.a.example/x?y=1, and", "http://www.a.example/x?y=1"),
            ("\"https://a.example\"", "https://a.example"),
            ("HTTPS://A.example!", "HTTPS://A.example"),
            ("http://localhost:4000/", "http://localhost:4000/"),
            ("https://a.example/?q=c&hl=en", "https://a.example/?q=c&hl=en"),
            ("https://a.example/x&copy;", "https://a.example/x"),
            ("https://bücher.example/ü", "https://bücher.example/ü"),
            ("write to ana@acme.io.", "mailto:ana@acme.io"),
        ] {
            assert_eq!(links(text), [link], "{text}");
        }
    }

    #[test]
    fn what_is_no_address_stays_text() {
        for text in [
            "http://",
            "https://_._",
            "xhttp://a.example",
            "www",
            "www.",
            "ftp://a.example",
            "a:b",
            "git@a.example:x/y",
            "://x",
        ] {
            assert!(links(text).is_empty(), "{text}: {:?}", links(text));
        }
    }

    #[test]
    fn an_e_mail_address_within_an_address_is_part_of_it() {
        assert_eq!(links("https://a.example/ana@acme.io x"), ["https://a.example/ana@acme.io"]);
        assert_eq!(links("https://a.example b@acme.io"), ["https://a.example", "mailto:b@acme.io"]);
    }
}
