//! E-mail addresses and telephone numbers in running text. Rather one too few than one invented:
//! a warning about a version number teaches people to ignore warnings.

use std::ops::Range;

/// The e-mail addresses in a text, by GitHub's rule for bare ones: letters, digits and `._+-`
/// before the `@`, a domain with a dot after it. `git@host:path` is a repository, not a person.
pub fn emails(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let bytes = text.as_bytes();
    let mut free = 0;
    memchr::memchr_iter(b'@', bytes).filter_map(move |at| {
        let local = bytes[free..at].iter().rev().take(64).take_while(|b| is_local(**b)).count();
        let domain = domain(&bytes[at + 1..])?;
        let range = at - local..at + 1 + domain;
        free = at + 1;
        let before = text[..range.start].chars().next_back();
        let after = bytes.get(range.end).copied();
        let is_path =
            after == Some(b':') && bytes.get(range.end + 1).is_some_and(|b| !b.is_ascii_whitespace());
        let in_address =
            matches!(before, Some('/' | '@')) || before == Some(':') && has_scheme(&bytes[..range.start]);
        if local == 0 || is_path || in_address || matches!(after, Some(b'@' | b'/')) {
            return None;
        }
        free = range.end;
        Some(range)
    })
}

/// Whether an address belongs to somebody: not one of the domains made for examples, and not one
/// that nobody reads.
#[must_use]
pub fn email_is_public(email: &str) -> bool {
    let email = email.to_ascii_lowercase();
    let Some((local, domain)) = email.rsplit_once('@') else { return false };
    let last_two = domain.rmatch_indices('.').nth(1).map_or(domain, |(at, _)| &domain[at + 1..]);
    let top = domain.rsplit('.').next().unwrap_or_default();
    !matches!(last_two, "example.com" | "example.org" | "example.net" | "example.edu")
        && !matches!(top, "example" | "test" | "invalid" | "localhost" | "local")
        && !matches!(local, "git" | "noreply" | "no-reply")
        && domain != "users.noreply.github.com"
}

/// The login at a git host that hides addresses: `ana` for `123+ana@users.noreply.github.com`.
///
/// GitHub writes the number with `+`, GitLab with `-`; both also had addresses without one.
#[must_use]
pub fn hidden_login(email: &str) -> Option<&str> {
    let (local, host) = email.rsplit_once('@')?;
    let is = |known: &str| host.eq_ignore_ascii_case(known);
    let separator = if is("users.noreply.github.com") {
        '+'
    } else if is("users.noreply.gitlab.com") {
        '-'
    } else {
        return None;
    };
    let login = match local.split_once(separator) {
        Some((number, login)) if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) => login,
        _ => local,
    };
    (!login.is_empty()).then_some(login)
}

/// Whether a name holds an e-mail address, which is nobody's to show. A handle with its sign, `@ana`, holds none.
#[must_use]
pub fn holds_email(name: &str) -> bool {
    name.split(is_between).any(is_email)
}

/// What parts the words of a name.
fn is_between(it: char) -> bool {
    it.is_whitespace() || matches!(it, '<' | '>' | '(' | ')' | '[' | ']' | '"' | ',' | ';')
}

fn is_email(word: &str) -> bool {
    word.chars().skip(1).any(|it| matches!(it, '@' | '\u{ff20}'))
}

/// A name without the e-mail addresses in it, in whatever signs they stand. One that a git host made to hide another
/// stands for its login. Nothing but an address leaves nothing.
#[must_use]
pub fn shown_name(name: &str) -> String {
    if !holds_email(name) {
        return name.to_string();
    }
    let mut shown = String::new();
    let mut rest = name;
    while let Some(start) = rest.find(|it| !is_between(it)) {
        let (between, from) = rest.split_at(start);
        let end = from.find(is_between).unwrap_or(from.len());
        let word = from[..end].strip_prefix("mailto:").unwrap_or(&from[..end]);
        shown += between;
        shown += if is_email(word) { hidden_login(word).unwrap_or_default() } else { word };
        rest = &from[end..];
    }
    let words = shown.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric));
    words.collect::<Vec<_>>().join(" ").trim_matches(is_between).to_string()
}

/// The telephone numbers in a text: international ones with `+`, North American ones in their
/// usual forms, and national ones after a word such as `Tel.`.
#[must_use]
pub fn phones(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(step) = bytes[at..].iter().position(|b| b.is_ascii_digit()) {
        let digit = at + step;
        let mut start = digit;
        if start > at && matches!(bytes[start - 1], b'(' | b'+') {
            start -= 1;
        }
        if start > at && bytes[start - 1] == b'+' {
            start -= 1;
        }
        let (end, digits) = number(bytes, start);
        if is_phone(text, start..end, digits) {
            found.push(start..end);
        }
        at = end.max(digit + 1);
    }
    found
}

fn is_local(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'+' | b'-')
}

/// The length of a domain that has a dot and ends in a name of two letters or more.
fn domain(bytes: &[u8]) -> Option<usize> {
    let mut length = bytes
        .iter()
        .take(255)
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
        .count();
    while length > 0 && matches!(bytes[length - 1], b'.' | b'-' | b'_') {
        length -= 1;
    }
    let dot = bytes[..length].iter().rposition(|b| *b == b'.')?;
    let top = &bytes[dot + 1..length];
    (dot > 0 && top.len() >= 2 && top.iter().all(u8::is_ascii_alphabetic)).then_some(length)
}

fn has_scheme(before: &[u8]) -> bool {
    let near = &before[before.len().saturating_sub(80)..];
    let word = near.iter().rposition(u8::is_ascii_whitespace).map_or(0, |space| space + 1);
    memchr::memmem::find(&near[word..], b"://").is_some()
}

/// Where a run of digits and separators that begins here ends, and how many digits are in it.
fn number(bytes: &[u8], start: usize) -> (usize, usize) {
    let mut end = start;
    let mut digits = 0;
    let mut gap = 0;
    for (at, b) in bytes.iter().enumerate().skip(start) {
        match b {
            b'0'..=b'9' => {
                digits += 1;
                gap = 0;
                end = at + 1;
            }
            b'+' if at == start || at == start + 1 => {}
            b' ' | b'-' | b'(' | b')' | b'.' | b'/' if gap < 2 => gap += 1,
            _ => break,
        }
    }
    (end, digits)
}

fn is_phone(text: &str, range: Range<usize>, digits: usize) -> bool {
    let number = &text[range.clone()];
    let before = text[..range.start].chars().next_back();
    let after = text[range.end..].chars().next();
    if before.is_some_and(|c| {
        c.is_alphanumeric() || matches!(c, '+' | '-' | '.' | '/' | '=' | '_' | '$' | '#' | ':')
    }) && !before_is_word(text, range.start)
        || after.is_some_and(|c| c.is_alphanumeric() || matches!(c, '%' | '_' | '='))
    {
        return false;
    }
    if let Some(rest) = number.strip_prefix("(+").or_else(|| number.strip_prefix('+')) {
        let spaced = rest.bytes().any(|b| !b.is_ascii_digit());
        return !rest.starts_with('0') && digits <= 15 && digits >= if spaced { 8 } else { 11 };
    }
    if is_north_american(number) {
        return true;
    }
    (7..=15).contains(&digits) && number.starts_with(['0', '(']) && before_is_word(text, range.start)
}

/// `(212) 555-2368` and `212-555-2368`; numbers from 555-0100 to 555-0199 are nobody's.
fn is_north_american(number: &str) -> bool {
    let form: String = number.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    matches!(form.as_str(), "(000) 000-0000" | "(000)000-0000" | "000-000-0000")
        && digits.as_bytes()[0] >= b'2'
        && digits.as_bytes()[3] >= b'2'
        && &digits[3..8] != "55501"
}

/// Whether the word in front says that a number follows.
fn before_is_word(text: &str, at: usize) -> bool {
    let near = text[..at].trim_end_matches([' ', ':', '.']);
    let word: String = near.chars().rev().take_while(|c| c.is_alphabetic()).take(12).collect();
    let word: String = word.chars().rev().collect::<String>().to_lowercase();
    near.len() < at
        && matches!(
            word.as_str(),
            "tel"
                | "phone"
                | "telephone"
                | "telefon"
                | "mobile"
                | "mobil"
                | "handy"
                | "whatsapp"
                | "fax"
                | "cell"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn emails_in(text: &str) -> Vec<&str> {
        emails(text).map(|range| &text[range]).filter(|email| email_is_public(email)).collect()
    }

    fn phones_in(text: &str) -> Vec<&str> {
        phones(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn addresses_of_people_are_found() {
        assert_eq!(
            emails_in("ask ana.b+c@acme-x.co.uk, or (ben@acme.io)."),
            ["ana.b+c@acme-x.co.uk", "ben@acme.io"]
        );
        assert_eq!(emails_in("mailto:ana@acme.io"), ["ana@acme.io"]);
        assert_eq!(emails_in("a@a@acme.io"), Vec::<&str>::new());
    }

    #[test]
    fn what_only_looks_like_an_address_is_not() {
        for text in [
            "git@github.com:a/b.git",
            "react@18.2.0",
            "@ana said",
            "you@example.com",
            "x@sub.example.org",
            "postgres://user:word@db.acme.io/x",
            "https://medium.com/@ana.b",
            "root@localhost",
            "a @ b.de",
        ] {
            assert!(emails_in(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn telephone_numbers_are_found_in_their_usual_forms() {
        for (text, number) in [
            ("call +49 (0)30 1234567 now", "+49 (0)30 1234567"),
            ("+1-212-736-5000", "+1-212-736-5000"),
            ("+4915112345678", "+4915112345678"),
            ("(212) 736-5000", "(212) 736-5000"),
            ("212-736-5000.", "212-736-5000"),
            ("Tel.: 030 1234567", "030 1234567"),
        ] {
            assert_eq!(phones_in(text), [number]);
        }
    }

    #[test]
    fn other_numbers_are_not_telephones() {
        for text in [
            "2026-11-21 10:30:00",
            "1.2.3-4567",
            "978-3-16-148410-0",
            "192.168.100.200",
            "1234567890",
            "a+12345678",
            "+2147483647",
            "+1 point",
            "+5 000",
            "(212) 555-0142",
            "id 0123456789",
            "4.10-11.12",
            "f(123) 456-7890x",
            "/212-736-5000",
        ] {
            assert!(phones_in(text).is_empty(), "{text}");
        }
    }
}
