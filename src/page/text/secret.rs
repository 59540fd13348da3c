//! Keys, tokens and private keys by the form their makers gave them. Forms only: no guessing by
//! entropy, which cries wolf over every checksum.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

/// A secret that was found.
pub(super) struct Secret {
    /// What it looks like.
    pub name: &'static str,
    /// Where it is.
    pub at: Range<usize>,
    /// Its first four characters.
    pub shown: String,
    /// What must not be shown of it; ASCII only.
    pub masked: Vec<Range<usize>>,
}

/// How the rest of a token looks after its prefix.
enum Form {
    /// At least this many characters of `[A-Za-z0-9]` and of these.
    Token(usize, &'static [u8]),
    /// Exactly this many of `[A-Z0-9]`.
    Upper(usize),
    /// Three parts of base64url with dots between, the first two of them JSON.
    Jwt,
    /// Lines of base64 up to the closing line.
    Pem,
    /// `= "value"`: at least this many characters of base64 after signs and spaces.
    Assigned(usize),
    /// A user, a colon, a password and an at sign in an address.
    Login,
}

const FORMS: &[(&str, Form, &str)] = &[
    ("AKIA", Form::Upper(16), "an AWS access key"),
    ("ASIA", Form::Upper(16), "an AWS access key"),
    ("aws_secret_access_key", Form::Assigned(40), "an AWS secret key"),
    ("AWS_SECRET_ACCESS_KEY", Form::Assigned(40), "an AWS secret key"),
    ("ghp_", Form::Token(30, b""), "a GitHub token"),
    ("gho_", Form::Token(30, b""), "a GitHub token"),
    ("ghu_", Form::Token(30, b""), "a GitHub token"),
    ("ghs_", Form::Token(30, b""), "a GitHub token"),
    ("ghr_", Form::Token(30, b""), "a GitHub token"),
    ("github_pat_", Form::Token(22, b"_"), "a GitHub token"),
    ("glpat-", Form::Token(20, b"-_"), "a GitLab token"),
    ("xoxa-", Form::Token(20, b"-"), "a Slack token"),
    ("xoxb-", Form::Token(20, b"-"), "a Slack token"),
    ("xoxp-", Form::Token(20, b"-"), "a Slack token"),
    ("xoxr-", Form::Token(20, b"-"), "a Slack token"),
    ("xoxs-", Form::Token(20, b"-"), "a Slack token"),
    ("xapp-", Form::Token(20, b"-"), "a Slack token"),
    ("hooks.slack.com/services/", Form::Token(30, b"/"), "a Slack webhook"),
    ("sk_live_", Form::Token(16, b""), "a Stripe key"),
    ("rk_live_", Form::Token(16, b""), "a Stripe key"),
    ("AIza", Form::Token(35, b"-_"), "a Google key"),
    ("npm_", Form::Token(36, b""), "an npm token"),
    ("pypi-AgE", Form::Token(50, b"-_"), "a PyPI token"),
    ("hf_", Form::Token(34, b""), "a Hugging Face token"),
    ("sk-ant-", Form::Token(30, b"-_"), "an Anthropic key"),
    ("sk-proj-", Form::Token(30, b"-_"), "an OpenAI key"),
    ("dop_v1_", Form::Token(64, b""), "a DigitalOcean token"),
    ("SG.", Form::Token(60, b"-_."), "a SendGrid key"),
    ("eyJ", Form::Jwt, "a signed token (JWT)"),
    ("-----BEGIN ", Form::Pem, "a private key"),
    ("://", Form::Login, "a password in an address"),
];

/// Every prefix in one pass over the text.
static PREFIXES: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostFirst)
        .build(FORMS.iter().map(|(prefix, _, _)| prefix))
        .ok()
});

/// Finds what looks like a secret, in order, without overlap.
pub(super) fn find(text: &str) -> Vec<Secret> {
    let mut found: Vec<Secret> = Vec::new();
    let Some(prefixes) = &*PREFIXES else { return found };
    let bytes = text.as_bytes();
    let mut free = 0;
    for prefix in prefixes.find_iter(bytes) {
        let (start, end) = (prefix.start(), prefix.end());
        let (_, form, name) = &FORMS[prefix.pattern().as_usize()];
        if let (Form::Login, true) = (form, start >= free) {
            if let Some(at) = password(text, end) {
                free = at.end;
                found.push(Secret {
                    name,
                    shown: "***".to_owned(),
                    masked: std::iter::once(at.clone()).collect(),
                    at,
                });
            }
            continue;
        }
        if start < free || start.checked_sub(1).is_some_and(|before| bytes[before].is_ascii_alphanumeric()) {
            continue;
        }
        let value = match form {
            Form::Token(least, more) => {
                let length = run(&bytes[end..], |b| b.is_ascii_alphanumeric() || more.contains(&b));
                (length >= *least).then_some(start..end + length)
            }
            Form::Upper(exactly) => {
                let length = run(&bytes[end..], |b| b.is_ascii_alphanumeric());
                let upper = bytes[end..end + length].iter().all(|b| !b.is_ascii_lowercase());
                (length == *exactly && upper).then_some(start..end + length)
            }
            Form::Jwt => jwt(bytes, start),
            Form::Assigned(least) => assigned(bytes, end, *least),
            Form::Login => continue,
            Form::Pem => {
                if let Some(key) = pem(text, start, name) {
                    free = key.at.end;
                    found.push(key);
                }
                continue;
            }
        };
        let Some(at) = value else { continue };
        let secret_from = end.clamp(at.start, at.end);
        // What documentation writes in place of a token is made of these.
        if bytes[secret_from..at.end].iter().all(|b| matches!(b, b'x' | b'X' | b'-' | b'_' | b'/' | b'.')) {
            continue;
        }
        free = at.end;
        let masked = std::iter::once(at.start + 4..at.end).collect();
        found.push(Secret { name, shown: text[at.start..at.start + 4].to_owned(), masked, at });
    }
    found
}

/// The password of `scheme://user:password@host`, whose part after the `://` begins at a byte. What documentation
/// writes in place of one is none, and neither is one for a machine that only its owner can reach.
fn password(text: &str, from: usize) -> Option<Range<usize>> {
    let end =
        text[from..].find(|char: char| char.is_whitespace() || matches!(char, '/' | '"' | '`' | '<' | '>'));
    let login = &text[from..end.map_or(text.len(), |end| from + end)];
    let (account, host) = login.rsplit_once('@')?;
    let (user, password) = account.split_once(':')?;
    let host = host.split(':').next().unwrap_or_default().to_ascii_lowercase();
    let is_reachable = host.contains('.')
        && host.chars().any(char::is_alphabetic)
        && !["example", "test", "local", "localhost", "internal", "invalid"]
            .iter()
            .any(|it| host.split('.').any(|part| part == *it));
    let lower = password.to_ascii_lowercase();
    // A token in its place has a form of its own.
    let is_token = FORMS.iter().any(|(prefix, ..)| password.starts_with(prefix));
    let is_placeholder = password.len() < 6
        || lower.contains(&user.to_ascii_lowercase())
        || password.contains(['$', '{', '}', '*', '[', '%', '('])
        || ["pass", "pwd", "secret", "token", "xxx", "change", "your", "example", "..."]
            .iter()
            .any(|it| lower.contains(it));
    let start = from + user.len() + 1;
    (is_reachable && !is_placeholder && !is_token && password.is_ascii())
        .then_some(start..start + password.len())
}

fn run(bytes: &[u8], belongs: impl Fn(u8) -> bool) -> usize {
    bytes.iter().position(|b| !belongs(*b)).unwrap_or(bytes.len())
}

fn is_base64url(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'-' || b == b'_'
}

fn jwt(bytes: &[u8], start: usize) -> Option<Range<usize>> {
    let header = start + run(&bytes[start..], is_base64url);
    if header - start < 12 || !bytes[header..].starts_with(b".eyJ") {
        return None;
    }
    let body = header + 1 + run(&bytes[header + 1..], is_base64url);
    let end = body + 1 + run(bytes.get(body + 1..)?, is_base64url);
    (bytes[body] == b'.' && end - body > 10).then_some(start..end)
}

fn assigned(bytes: &[u8], end: usize, least: usize) -> Option<Range<usize>> {
    let signs = run(&bytes[end..], |b| matches!(b, b' ' | b'=' | b':' | b'"' | b'\'' | b'>'));
    let start = end + signs;
    let length = run(&bytes[start..], |b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'+'));
    (signs > 0 && signs < 8 && length >= least).then_some(start..start + length)
}

/// A private key between its lines. Where the closing line is missing it ends with the first line
/// that is not base64. What stands before the base64 (`> `, indentation) is left alone.
fn pem(text: &str, start: usize, name: &'static str) -> Option<Secret> {
    let first = text[start..].lines().next()?;
    let label = first.strip_prefix("-----BEGIN ")?;
    let label = &label[..label.find("-----")?];
    if !label.ends_with("PRIVATE KEY") && !label.ends_with("PRIVATE KEY BLOCK") {
        return None;
    }
    let mut masked = Vec::new();
    let mut end = start + "-----BEGIN ".len() + label.len() + "-----".len();
    // A key pasted on one line, perhaps with `\n` typed out, is masked up to its closing dashes.
    if let Some(rest) = text[end..].lines().next().filter(|rest| !rest.trim().is_empty()) {
        let to = end + rest.find("-----END").unwrap_or(rest.len());
        masked.extend(ascii_words(text, end..to));
        end = to;
    } else {
        let mut at = end;
        for line in text[end..].split_inclusive('\n') {
            let value = line.trim_matches(|c: char| c.is_whitespace() || c == '>' || c == '"');
            let is_key = value.is_empty()
                || value.starts_with("Proc-Type:")
                || value.starts_with("DEK-Info:")
                || value.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='));
            if !is_key {
                break;
            }
            masked.extend(ascii_words(text, at..at + line.len()));
            at += line.len();
            if !value.is_empty() {
                end = at;
            }
        }
    }
    masked.retain(|range| range.start < end);
    (!masked.is_empty()).then(|| Secret { name, at: start..end, shown: "----".to_owned(), masked })
}

fn ascii_words(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut start = None;
    for at in range.clone() {
        let b = text.as_bytes()[at];
        let inside = b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=');
        match (inside, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                words.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        words.push(from..range.end);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<&'static str> {
        find(text).into_iter().map(|secret| secret.name).collect()
    }

    // The tokens are put together here, so that no scanner finds one in this file.
    #[test]
    fn tokens_are_known_by_their_form() {
        let letters = "aB3dE5gH7j".repeat(7);
        for (prefix, length) in [
            ("AKIA", 0),
            ("ghp_", 36),
            ("github_pat_", 60),
            ("glpat-", 20),
            ("xoxb-", 40),
            ("sk_live_", 24),
            ("AIza", 35),
            ("npm_", 36),
        ] {
            let rest = if length == 0 { "IOSFODNN7EXAMPLE" } else { &letters[..length] };
            assert_eq!(names(&format!("x ({prefix}{rest})")).len(), 1, "{prefix}");
            assert!(names(&format!("x{prefix}{rest}")).is_empty(), "{prefix} within a word");
        }
        let part = &letters[..20];
        assert_eq!(names(&format!("eyJ{part}.eyJ{part}.{part}")), ["a signed token (JWT)"]);
        assert_eq!(names(&format!("aws_secret_access_key = \"{}\"", &letters[..40])), ["an AWS secret key"]);
    }

    #[test]
    fn what_documentation_writes_instead_is_left_alone() {
        for text in [
            "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "npm_config_registry",
            "AKIAshort",
            "eyJ.eyJ.",
            "ghp_",
            "-----BEGIN CERTIFICATE-----\nabc",
        ] {
            assert!(names(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_private_key_is_masked_line_by_line() {
        let text = "> -----BEGIN RSA PRIVATE KEY-----\n> MIIEabc+/=\n> zzzz\n> -----END RSA PRIVATE KEY-----\nand MIIE";
        let secrets = find(text);
        assert_eq!(secrets.len(), 1);
        let masked: Vec<&str> = secrets[0].masked.iter().map(|range| &text[range.clone()]).collect();
        assert_eq!(masked, ["MIIEabc+/=", "zzzz"]);
    }
}
