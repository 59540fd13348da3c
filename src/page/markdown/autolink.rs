//! Addresses in running text become links, by the rules GitHub gives: `http://`, `https://`,
//! `www.` and e-mail addresses, without the punctuation that belongs to the sentence.
//!
//! They are found in the source, before emphasis is: `__init__` in an address is no bold word. Where GitHub's rules
//! would let an address run on into what is plainly the sentence around it (Chinese punctuation, curly quotation
//! marks), it ends. Every byte is looked at a constant number of times, whatever the text.

use std::ops::Range;

use crate::page::{cjk, text};

/// No name of a host is longer, in bytes.
pub(super) const HOST: usize = 255;

/// An address that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BareAddress {
    /// Where it stands.
    pub at: Range<usize>,
    /// What has to stand before it to make it an address.
    pub scheme: &'static str,
}

/// The address whose `://` or `www.` stands at `at`, within the bytes `within` of a text. `in_brackets` says that a
/// bracket is open before it, so that an unpaired `]` is not part of it.
pub(super) fn address(text: &str, at: usize, within: Range<usize>, in_brackets: bool) -> Option<BareAddress> {
    let bytes = &text.as_bytes()[..within.end];
    let (start, host, scheme) = match bytes.get(at)? {
        b':' if bytes[at..].starts_with(b"://") => (scheme(bytes, at, within.start)?, at + 3, ""),
        b'w' | b'W' if begins_www(text, at, &within) => (at, at, "http://"),
        _ => return None,
    };
    let text = &text[..within.end];
    let host_end = host_end(text, host)?;
    if bytes.get(host) != Some(&b'[') && !is_domain(&bytes[host..host_end], !scheme.is_empty()) {
        return None;
    }
    let end = without_punctuation(bytes, start, path_end(text, host, host_end, in_brackets));
    (end > host).then_some(BareAddress { at: start..end, scheme })
}

/// Adds the e-mail addresses in a run to the addresses that were found in it, in order.
pub(super) fn add_mails(run: &str, out: &mut Vec<BareAddress>) {
    let links = out.len();
    for mut at in text::emails(run) {
        let inside = out[..links].partition_point(|found| found.at.end <= at.start);
        if out[..links].get(inside).is_none_or(|found| found.at.start >= at.end) {
            let mut scheme = "mailto:";
            let before = run.as_bytes()[..at.start].strip_suffix(b"mailto:");
            if before.is_some_and(|before| !before.last().is_some_and(u8::is_ascii_alphanumeric)) {
                at.start -= scheme.len();
                scheme = "";
            }
            out.push(BareAddress { at, scheme });
        }
    }
    out.sort_by_key(|found| found.at.start);
}

/// Where `http`, `https` or `ftp` before the colon begins, if no letter stands before it.
fn scheme(bytes: &[u8], colon: usize, from: usize) -> Option<usize> {
    let before = &bytes[from..colon];
    let letters = before.iter().rev().take(6).take_while(|b| b.is_ascii_alphabetic()).count();
    let start = colon - letters;
    let is_web =
        ["http", "https", "ftp"].iter().any(|it| bytes[start..colon].eq_ignore_ascii_case(it.as_bytes()));
    is_web.then_some(start)
}

/// Whether `www.` stands here, where an address may begin.
pub(super) fn begins_www(text: &str, at: usize, within: &Range<usize>) -> bool {
    let is_www =
        text.as_bytes().get(at..(at + 4).min(within.end)).is_some_and(|it| it.eq_ignore_ascii_case(b"www."));
    is_www
        && text[..at].chars().next_back().is_none_or(|c| {
            c.is_whitespace()
                || matches!(c, '*' | '_' | '~' | '(' | '"' | '\'' | '[' | '|' | '>')
                || cjk::is_cjk(c)
                || cjk::ends_address(c)
        })
}

/// Where a host that begins here ends; nothing where none does.
fn host_end(text: &str, start: usize) -> Option<usize> {
    let rest = &text[start..];
    if rest.starts_with('[') {
        // As in `http://[2001:db8::1]:8080/`.
        let end = rest.bytes().take(60).position(|b| b == b']')?;
        let inner = &rest[1..end];
        let is_address =
            inner.contains(':') && inner.bytes().all(|b| b.is_ascii_hexdigit() || matches!(b, b':' | b'.'));
        return is_address.then_some(start + end + 1);
    }
    let end = start + host_length(rest)?;
    // A name of a top level is of one script: in `https://a.example这里` the sentence goes on.
    let last = text[start..end].rfind('.').map_or(start, |dot| start + dot + 1);
    let latin = text[last..end].find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(end - last);
    let goes_on = text[last + latin..end].chars().next().is_some_and(cjk::is_cjk);
    Some(if latin > 0 && goes_on { last + latin } else { end })
}

/// How many bytes at the beginning of a text may be the name of a host; nothing where it is too long for one.
pub(super) fn host_length(text: &str) -> Option<usize> {
    let is_part = |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(c, '-' | '_' | '.')
            || (!c.is_ascii() && !c.is_whitespace() && !cjk::ends_address(c))
    };
    let length = text.char_indices().take(HOST).find(|(_, c)| !is_part(*c)).map(|(length, _)| length);
    length.or_else(|| (text.len() <= HOST).then_some(text.len()))
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

/// Where what follows the host ends, punctuation of the sentence included.
fn path_end(text: &str, host: usize, host_end: usize, in_brackets: bool) -> usize {
    let bytes = text.as_bytes();
    let port = bytes[host_end..]
        .strip_prefix(b":")
        .map_or(0, |rest| rest.iter().take_while(|b| b.is_ascii_digit()).count());
    let authority = host_end + if port > 0 { port + 1 } else { 0 };
    match text[authority..].chars().next() {
        // `https://a.example's` is a page of somebody, and `https://a.example:80和` is a sentence.
        Some('\'') => return authority,
        Some(c) if cjk::is_cjk(c) && authority > host => return authority,
        _ => {}
    }
    let mut open = 0usize;
    for (step, c) in text[host_end..].char_indices() {
        match c {
            '<' => return host_end + step,
            // A footnote that belongs to the address.
            '[' if bytes.get(host_end + step + 1) == Some(&b'^') => return host_end + step,
            '[' => open += 1,
            ']' if open > 0 => open -= 1,
            ']' if in_brackets => return host_end + step,
            c if c.is_whitespace() || (!c.is_ascii() && cjk::ends_address(c)) => return host_end + step,
            _ => {}
        }
    }
    text.len()
}

/// Takes back what belongs to the sentence: punctuation, a quotation mark, an unpaired bracket,
/// something that looks like an entity.
fn without_punctuation(bytes: &[u8], start: usize, mut end: usize) -> usize {
    let count = |wanted: u8| memchr::memchr_iter(wanted, &bytes[start..end]).count();
    let (opened, mut closed) = (count(b'('), count(b')'));
    let (squares, mut closed_squares) = (count(b'['), count(b']'));
    while end > start {
        match bytes[end - 1] {
            b'?' | b'!' | b'.' | b',' | b':' | b'*' | b'_' | b'~' | b'\'' | b'"' => end -= 1,
            b')' if closed > opened => {
                closed -= 1;
                end -= 1;
            }
            b']' if closed_squares > squares => {
                closed_squares -= 1;
                end -= 1;
            }
            b';' => {
                let name =
                    bytes[start..end - 1].iter().rev().take_while(|b| b.is_ascii_alphanumeric()).count();
                let at = end - 1 - name;
                end = if name > 0 && at > start && bytes[at - 1] == b'&' { at - 1 } else { end - 1 };
            }
            // A right quotation mark, a dash or an ellipsis.
            0x93 | 0x94 | 0x98 | 0x99 | 0xa6 if bytes[..end].ends_with(&[0xe2, 0x80, bytes[end - 1]]) => {
                end -= 3
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
        let mut free = 0;
        for at in 0..run.len() {
            if at >= free
                && matches!(run.as_bytes()[at], b':' | b'w' | b'W')
                && let Some(it) = address(run, at, free..run.len(), false)
            {
                free = it.at.end;
                found.push(it);
            }
        }
        add_mails(run, &mut found);
        found.into_iter().map(|found| format!("{}{}", found.scheme, &run[found.at])).collect()
    }

    #[test]
    fn an_address_ends_where_the_sentence_goes_on() {
        for (text, link) in [
            ("see http://a.example/x.", "http://a.example/x"),
            ("(see https://a.example/x_(y))", "https://a.example/x_(y)"),
            ("(https://a.example/x)", "https://a.example/x"),
            ("[https://a.example/x]", "https://a.example/x"),
            ("https://a.example/?a[0]=1&b[1]", "https://a.example/?a[0]=1&b[1]"),
            ("www.a.example/x?y=1, and", "http://www.a.example/x?y=1"),
            ("\"https://a.example\"", "https://a.example"),
            ("“https://a.example/x”", "https://a.example/x"),
            ("«https://a.example/x».", "https://a.example/x"),
            ("‘https://a.example/x’", "https://a.example/x"),
            ("https://a.example/x…", "https://a.example/x"),
            ("HTTPS://A.example!", "HTTPS://A.example"),
            ("http://localhost:4000/", "http://localhost:4000/"),
            ("http://[::1]:8080/x.", "http://[::1]:8080/x"),
            ("https://a.example/?q=c&hl=en", "https://a.example/?q=c&hl=en"),
            ("https://a.example/x&copy;", "https://a.example/x"),
            ("https://bücher.example/ü", "https://bücher.example/ü"),
            ("https://a.example/x#:~:text=a,-b", "https://a.example/x#:~:text=a,-b"),
            ("https://a.example's page", "https://a.example"),
            ("https://a.example/McDonald's", "https://a.example/McDonald's"),
            ("请看https://a.example/b。然后", "https://a.example/b"),
            ("（见https://a.example/b）", "https://a.example/b"),
            ("「https://a.example/b」", "https://a.example/b"),
            ("访问https://a.example这里", "https://a.example"),
            ("http://localhost:80和", "http://localhost:80"),
            ("https://zh.a.example/wiki/中文", "https://zh.a.example/wiki/中文"),
            ("https://例え.テスト/パス", "https://例え.テスト/パス"),
            ("请看www.a.example，", "http://www.a.example"),
            ("write to ana@acme.io.", "mailto:ana@acme.io"),
            ("mailto:ana@acme.io", "mailto:ana@acme.io"),
        ] {
            assert_eq!(links(text), [link], "{text}");
        }
    }

    #[test]
    fn what_is_no_address_stays_text() {
        for text in
            ["http://", "https://_._", "xhttp://a.example", "www", "www.", "a:b", "git@a.example:x/y", "://x"]
        {
            assert!(links(text).is_empty(), "{text}: {:?}", links(text));
        }
    }

    #[test]
    fn an_e_mail_address_within_an_address_is_part_of_it() {
        assert_eq!(links("https://a.example/ana@acme.io x"), ["https://a.example/ana@acme.io"]);
        assert_eq!(links("https://a.example b@acme.io"), ["https://a.example", "mailto:b@acme.io"]);
    }
}
