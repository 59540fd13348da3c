//! What the address of a link or image means, before anybody looks at the site.
//!
//! This is where `javascript:` and its relatives end, in every disguise a browser would undo. It
//! knows nothing of pages: a relative address stays as it was written, still percent-encoded.

use std::fmt;

use url::Url;

use crate::page::markdown::slug;

/// What an address is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// A path, from the folder of the file or, with a leading `/`, from the root of the site.
    /// Everything is as written, percent-encoding included; `\` has become `/`.
    Relative {
        /// The path without query and fragment; may be empty where there is a query.
        path: String,
        /// What follows `?`, without it.
        query: Option<String>,
        /// What follows `#`, without it.
        fragment: Option<String>,
    },
    /// An address on the web: http or https, `//host` included, as https.
    Absolute(Url),
    /// The address of a `mailto:` link, without the scheme and as written.
    Mail(String),
    /// A page or a file by its name, as wikis link: `[[name]]`.
    Named {
        /// The name as it was written: of a file, with or without its folders and its ending, or a title.
        name: String,
        /// The heading that follows `#`, as its id.
        fragment: Option<String>,
    },
    /// A place on the same page, without `#`. Empty means the top.
    Fragment(String),
    /// An address that is not followed.
    Unsafe(Reason),
}

/// Why an address is not followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// A scheme that runs something, reads files or that nobody can follow; in lower case.
    Scheme(String),
    /// It has the form of a web address, but none can be read from it.
    Unreadable,
}

impl Reason {
    /// Whether it is the path of a file on somebody's disk, such as `C:\\Users` or `file:///home`.
    #[must_use]
    pub fn is_local(&self) -> bool {
        matches!(self, Reason::Scheme(scheme) if scheme == "file" || scheme.len() == 1)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            _ if self.is_local() => out.write_str("it is on your own computer, where no one else can see it"),
            Reason::Scheme(scheme) => write!(out, "addresses that start with `{scheme}:` are not allowed"),
            Reason::Unreadable => out.write_str("this address cannot be read"),
        }
    }
}

/// Says what an address means. Give it the address as a browser would see it: entities decoded.
#[must_use]
pub fn classify(destination: &str) -> Destination {
    let kept: String;
    let mut address = destination.trim_matches(is_ignored);
    if address.contains(is_ignored_inside) {
        kept = address.chars().filter(|c| !is_ignored_inside(*c)).collect();
        address = &kept;
    }
    if let Some(fragment) = address.strip_prefix('#') {
        return Destination::Fragment(fragment.to_owned());
    }
    if let Some((scheme, rest)) = scheme(address) {
        return match scheme.as_str() {
            "http" | "https" => absolute(&scheme, rest),
            "mailto" => Destination::Mail(rest.trim_matches(is_ignored).to_owned()),
            _ => Destination::Unsafe(Reason::Scheme(scheme)),
        };
    }
    if address.starts_with(['/', '\\']) && address[1..].starts_with(['/', '\\']) {
        return absolute("https", address);
    }
    // As GitHub reads it in a text: nobody has a folder of that name.
    if address.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www."))
        && !address[4..].starts_with('.')
    {
        return absolute("https", &format!("//{address}"));
    }
    relative(address)
}

/// Says what the name means that stands in a link of a wiki.
#[must_use]
pub fn named(written: &str) -> Destination {
    let written = written.trim();
    if written.contains("://")
        || scheme(written).is_some_and(|(scheme, _)| {
            scheme.len() > 1 && matches!(&*scheme, "mailto" | "javascript" | "data" | "vbscript" | "file")
        })
    {
        return classify(written);
    }
    let (name, place) = written.split_once('#').map_or((written, None), |(name, place)| (name, Some(place)));
    // Of several headings the last one is meant, and a block has no name here.
    let place = place.map(|place| place.rsplit('#').next().unwrap_or(place).trim());
    let place = place.filter(|place| !place.is_empty() && !place.starts_with('^')).map(slug);
    match (name.trim(), place) {
        ("", place) => Destination::Fragment(place.unwrap_or_default()),
        (name, fragment) => Destination::Named { name: name.to_owned(), fragment },
    }
}

/// What stands before the first colon, if a browser or a careless program could take it for a
/// scheme. Spaces in it are ignored, although browsers don't: `java script:` is nobody's file.
fn scheme(address: &str) -> Option<(String, &str)> {
    let end = address.find([':', '/', '\\', '?', '#'])?;
    let (before, rest) = address.split_at(end);
    let rest = rest.strip_prefix(':')?;
    let scheme: String =
        before.chars().filter(|c| !is_ignored(*c)).map(|c| c.to_ascii_lowercase()).take(32).collect();
    let valid = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    valid.then_some((scheme, rest))
}

/// `https:host`, `https:/host` and `https:\\host` all go to the host in a browser.
fn absolute(scheme: &str, rest: &str) -> Destination {
    let rest = rest.trim_start_matches(['/', '\\']);
    match Url::parse(&format!("{scheme}://{rest}")) {
        Ok(url) if url.has_host() => Destination::Absolute(strict(url)),
        _ => Destination::Unsafe(Reason::Unreadable),
    }
}

/// Browsers take signs such as `|` in an address as they are, but no standard allows them.
fn strict(mut url: Url) -> Url {
    const LOOSE: &[char] = &['|', '^', '`', '{', '}', '[', ']', '\\'];
    let encoded = |text: &str| {
        let hex = |sign: char| format!("%{:02X}", u32::from(sign));
        text.chars()
            .map(|sign| if LOOSE.contains(&sign) { hex(sign) } else { sign.to_string() })
            .collect::<String>()
    };
    if url.path().contains(LOOSE) {
        url.set_path(&encoded(url.path()));
    }
    if url.query().is_some_and(|query| query.contains(LOOSE)) {
        url.set_query(url.query().map(encoded).as_deref());
    }
    if url.fragment().is_some_and(|fragment| fragment.contains(LOOSE)) {
        url.set_fragment(url.fragment().map(encoded).as_deref());
    }
    url
}

fn relative(address: &str) -> Destination {
    let (before, fragment) = match address.split_once('#') {
        Some((before, fragment)) => (before, Some(fragment.to_owned())),
        None => (address, None),
    };
    let (path, query) = match before.split_once('?') {
        Some((path, query)) => (path, Some(query.to_owned())),
        None => (before, None),
    };
    Destination::Relative { path: path.replace('\\', "/"), query, fragment }
}

/// What a browser strips from both ends, and what nobody sees.
fn is_ignored(c: char) -> bool {
    c.is_control()
        || c.is_whitespace()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// What disappears from the middle as well: everything invisible but spaces.
fn is_ignored_inside(c: char) -> bool {
    c != ' ' && !matches!(c, '\u{a0}' | '\u{3000}' | '\u{200c}' | '\u{200d}') && is_ignored(c)
}

/// An address from the front matter, if one may follow it.
#[must_use]
pub fn safe_url(text: &str) -> Option<String> {
    match classify(text) {
        Destination::Absolute(url) => Some(url.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relative(path: &str, query: Option<&str>, fragment: Option<&str>) -> Destination {
        Destination::Relative {
            path: path.into(),
            query: query.map(str::to_owned),
            fragment: fragment.map(str::to_owned),
        }
    }

    fn host(address: &str) -> Option<String> {
        match classify(address) {
            Destination::Absolute(url) => url.host_str().map(str::to_owned),
            _ => None,
        }
    }

    #[test]
    fn paths_stay_as_they_were_written() {
        assert_eq!(classify("../how%20tos/b.md#x"), relative("../how%20tos/b.md", None, Some("x")));
        assert_eq!(classify("/a/?q=1"), relative("/a/", Some("q=1"), None));
        assert_eq!(classify("..\\a\\b.md"), relative("../a/b.md", None, None));
        assert_eq!(classify(" a:b/c "), Destination::Unsafe(Reason::Scheme("a".into())));
        assert_eq!(classify("./a:b.md"), relative("./a:b.md", None, None));
        assert_eq!(classify(""), relative("", None, None));
        assert_eq!(classify("#Top"), Destination::Fragment("Top".into()));
        assert_eq!(classify("mailto:ana@example.com"), Destination::Mail("ana@example.com".into()));
    }

    #[test]
    fn an_address_on_the_web_is_found_in_every_form_a_browser_takes() {
        for address in [
            "https://a.example/x",
            "//a.example",
            "\\\\a.example",
            "/\\a.example",
            "/\t/a.example",
            "https:a.example",
            "HTTPS:/a.example",
            "\u{1}https://a.example",
            "ht\ntps://a.example",
        ] {
            assert_eq!(host(address).as_deref(), Some("a.example"), "{address:?}");
        }
        assert_eq!(classify("http://"), Destination::Unsafe(Reason::Unreadable));
        assert_eq!(classify("https://a b/"), Destination::Unsafe(Reason::Unreadable));
    }

    #[test]
    fn no_disguise_makes_a_script_an_address() {
        for address in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            " \u{1}\u{1f}javascript:x",
            "java\nscript:x",
            "java\tscript\r:x",
            "java script:x",
            "\u{200b}javascript:x",
            "java\u{ad}script\u{0}:x",
            "vbscript:x",
            "data:text/html,<script>",
            "file:///etc/passwd",
            "blob:x",
            "view-source:x",
            "tel:+1",
            "C:\\x",
        ] {
            match classify(address) {
                Destination::Unsafe(_) => {}
                // A soft hyphen is a character like any other: browsers see a relative path.
                Destination::Relative { path, .. } => assert!(path.contains('\u{ad}'), "{address:?}"),
                other => panic!("{address:?} became {other:?}"),
            }
        }
    }
}
