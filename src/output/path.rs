//! The one path type that can be written: inside the site, storable on every system.

use std::borrow::Borrow;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::MARKER;

/// The longest part between two slashes, in bytes: what common file systems store.
const PART_BYTES: usize = 255;
/// The longest path, in bytes, so that the folder before it still fits what systems open.
const PATH_BYTES: usize = 1024;

/// A place in the site: relative, separated by `/`, inside the root, and storable on every system.
///
/// Two of them may still differ by case or by the composition of a letter alone; anyone who gives out
/// addresses keeps those apart, because they know which page was there first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OutputPath(Arc<str>);

/// Why a text is no [`OutputPath`]. Shown, it completes a sentence that begins with the path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnsafePath {
    /// Nothing at all, or nothing between two slashes, or a slash at an end.
    Empty,
    /// A part is `.` or `..`.
    Dots,
    /// A character that some system refuses in a name.
    Character(char),
    /// A part begins with a space or ends with a space or a full stop, which Windows drops silently.
    Edge(String),
    /// A part is a name that Windows keeps for devices, such as `aux` or `con.txt`.
    Device(String),
    /// The path is the marker of the output folder.
    Marker,
    /// A part is longer than 255 bytes.
    LongPart,
    /// The whole is longer than 1,024 bytes.
    Long,
}

impl OutputPath {
    /// Takes a path apart and refuses everything that could leave the site or not be stored.
    ///
    /// # Errors
    /// Says the first thing that is wrong with it.
    pub fn new(path: &str) -> Result<OutputPath, UnsafePath> {
        if path.len() > PATH_BYTES {
            return Err(UnsafePath::Long);
        }
        if path.eq_ignore_ascii_case(MARKER) {
            return Err(UnsafePath::Marker);
        }
        path.split('/').try_for_each(check_part)?;
        Ok(OutputPath(path.into()))
    }

    /// The path as text, as in `questions/refund/index.html`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where it lies in a folder.
    #[must_use]
    pub fn within(&self, folder: &Path) -> PathBuf {
        let mut whole = PathBuf::with_capacity(folder.as_os_str().len() + 1 + self.0.len());
        whole.push(folder);
        if cfg!(windows) {
            whole.extend(self.0.split('/'))
        } else {
            whole.push(&*self.0)
        }
        whole
    }
}

impl fmt::Display for OutputPath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl AsRef<str> for OutputPath {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for OutputPath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UnsafePath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            UnsafePath::Empty => out.write_str("has an empty part"),
            UnsafePath::Dots => out.write_str("has a part made of dots only"),
            UnsafePath::Character(c) if c.is_control() => {
                write!(out, "contains the invisible character U+{:04X}", u32::from(*c))
            }
            UnsafePath::Character(c) => {
                write!(out, "contains the character `{c}`, which some systems cannot store")
            }
            UnsafePath::Edge(part) => {
                write!(out, "has a part that starts or ends with a space, or ends with a full stop: `{part}`")
            }
            UnsafePath::Device(part) => {
                write!(out, "has the part `{part}`, a name reserved by Windows")
            }
            UnsafePath::Marker => write!(out, "is `{MARKER}`, which is reserved for Longhouse"),
            UnsafePath::LongPart => write!(out, "has a part that is longer than {PART_BYTES} bytes"),
            UnsafePath::Long => write!(out, "is longer than {PATH_BYTES} bytes"),
        }
    }
}

impl std::error::Error for UnsafePath {}

fn check_part(part: &str) -> Result<(), UnsafePath> {
    if part.is_empty() {
        return Err(UnsafePath::Empty);
    }
    if part.bytes().all(|byte| byte == b'.') {
        return Err(UnsafePath::Dots);
    }
    if part.len() > PART_BYTES {
        return Err(UnsafePath::LongPart);
    }
    let refused = |c: char| matches!(c, '\\' | ':' | '<' | '>' | '"' | '|' | '?' | '*') || c.is_control();
    if let Some(c) = part.chars().find(|c| refused(*c)) {
        return Err(UnsafePath::Character(c));
    }
    if part.starts_with(' ') || part.ends_with([' ', '.']) {
        return Err(UnsafePath::Edge(part.to_owned()));
    }
    if is_device(part) { Err(UnsafePath::Device(part.to_owned())) } else { Ok(()) }
}

/// Whether Windows takes the name for a device, whatever stands after the first full stop.
fn is_device(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or(part).trim_end_matches(' ');
    let is = |name: &str| stem.eq_ignore_ascii_case(name);
    if ["con", "prn", "aux", "nul", "conin$", "conout$"].into_iter().any(is) {
        return true;
    }
    let mut rest = stem.chars();
    let port: String = rest.by_ref().take(3).collect();
    (port.eq_ignore_ascii_case("com") || port.eq_ignore_ascii_case("lpt"))
        && matches!(rest.next(), Some('0'..='9' | '¹' | '²' | '³'))
        && rest.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_site_has_can_be_written() {
        let long = "ä".repeat(127);
        for path in [
            "index.html",
            "questions/reset-password/index.html",
            ".nojekyll",
            ".well-known/security.txt",
            "a/.longhouse",
            "tags/日本語/index.html",
            "files/My Report (2).pdf",
            "questions/v2.1/index.html",
            "com10/index.html",
            "console/auxiliary.html",
            long.as_str(),
        ] {
            assert_eq!(OutputPath::new(path).as_ref().map(OutputPath::as_str), Ok(path));
        }
    }

    #[test]
    fn what_leaves_the_site_or_cannot_be_stored_is_refused() {
        for path in ["", "/", "/etc/passwd", "a//b", "a/"] {
            assert_eq!(OutputPath::new(path), Err(UnsafePath::Empty), "{path}");
        }
        for path in ["..", "a/../b", "./a", "a/.../b"] {
            assert_eq!(OutputPath::new(path), Err(UnsafePath::Dots), "{path}");
        }
        for path in ["a\\b", "C:/x", "a\0b", "a\nb", "what?", "a*", "a\u{85}b", "a\u{7f}"] {
            assert!(matches!(OutputPath::new(path), Err(UnsafePath::Character(_))), "{path:?}");
        }
        for path in ["a /b", "a./b", " a", "b."] {
            assert!(matches!(OutputPath::new(path), Err(UnsafePath::Edge(_))), "{path:?}");
        }
        for path in ["con", "aux.html", "x/NUL/index.html", "Com1", "lpt¹.txt", "prn.a.b", "con .txt"] {
            assert!(matches!(OutputPath::new(path), Err(UnsafePath::Device(_))), "{path:?}");
        }
        assert_eq!(OutputPath::new(".LongHouse"), Err(UnsafePath::Marker));
        assert_eq!(OutputPath::new(&"a".repeat(256)), Err(UnsafePath::LongPart));
        assert_eq!(OutputPath::new(&"a/".repeat(600)), Err(UnsafePath::Long));
    }

    #[test]
    fn a_path_lies_in_its_folder() {
        let path = OutputPath::new("a/b.html").expect("a plain path");
        assert_eq!(path.within(Path::new("/srv/site")), Path::new("/srv/site/a/b.html"));
    }
}
