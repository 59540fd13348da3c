//! A file beside content that is no text: an image, a document to download. It is looked at only when
//! a page refers to it, once, and published only if its first bytes are what its name says.

use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use super::extension;
use crate::page::svg;
use crate::page::text::{What, clean};

/// An SVG larger than this is refused: it is read whole to be cleaned.
const MAX_SVG: u64 = 1 << 20;

/// A text larger than this is refused: it is read whole to be looked through.
const MAX_TEXT: u64 = 16 << 20;

/// So many bytes tell what a file is.
const HEAD: u64 = 4096;

/// A file of the content folder that is no text.
#[derive(Debug, Clone)]
pub struct Asset {
    /// Path from the root, with `/`.
    pub path: Arc<str>,
    /// Where it lies on disk.
    pub file: PathBuf,
    facts: OnceLock<Result<Facts, Refusal>>,
}

/// What is known of an asset that may be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Size in bytes.
    pub len: u64,
    /// BLAKE3 of its bytes.
    pub hash: blake3::Hash,
    /// Width and height in CSS pixels, for raster images.
    pub dimensions: Option<(u32, u32)>,
    /// The safe part of an SVG, which is published in place of the file.
    pub svg: Option<Arc<[u8]>>,
}

/// Why an asset may not be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Its type is not on the list.
    Type(String),
    /// Its first bytes are not those of its type.
    Bytes(String),
    /// It is larger than its type may be.
    Size,
    /// It is a text that holds what looks like a secret.
    Secret(String),
    /// It is an SVG that cannot be made safe, and why.
    Svg(String),
    /// The disk refuses.
    Unreadable(String),
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Type(extension) if extension.is_empty() => {
                out.write_str("has no type that may be published")
            }
            Refusal::Type(extension) => {
                write!(out, "is of the type .{extension}, which may not be published")
            }
            Refusal::Bytes(extension) => {
                write!(out, "is called .{extension}, but its content is something else")
            }
            Refusal::Size => out.write_str("is too large for its type"),
            Refusal::Secret(what) => write!(out, "holds what looks like {what}"),
            Refusal::Svg(reason) => write!(out, "cannot be shown safely: {reason}"),
            Refusal::Unreadable(reason) => write!(out, "cannot be read: {reason}"),
        }
    }
}

impl Asset {
    /// An asset that nobody has looked at yet.
    #[must_use]
    pub const fn new(path: Arc<str>, file: PathBuf) -> Self {
        Asset { path, file, facts: OnceLock::new() }
    }

    /// An asset that is not there any more, taken for what its name says.
    #[must_use]
    pub fn presumed(path: Arc<str>, file: PathBuf) -> Self {
        let extension = extension(&path).unwrap_or_default();
        let facts = match signature(&extension) {
            Some(_) => {
                let hash = blake3::Hash::from_bytes([0; blake3::OUT_LEN]);
                Ok(Facts { len: 0, hash, dimensions: None, svg: None })
            }
            None => Err(Refusal::Type(extension)),
        };
        Asset { path, file, facts: OnceLock::from(facts) }
    }

    /// Whether the name alone allows publishing.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        extension(&self.path).is_some_and(|extension| signature(&extension).is_some())
    }

    /// What to say of a file whose name does not allow publishing.
    #[must_use]
    pub fn why_not_allowed(&self) -> String {
        Refusal::Type(extension(&self.path).unwrap_or_default()).to_string()
    }

    /// Whether this is an image that a page can show.
    #[must_use]
    pub fn is_image(&self) -> bool {
        extension(&self.path)
            .is_some_and(|it| matches!(it.as_str(), "png" | "jpg" | "jpeg" | "gif" | "webp" | "avif" | "svg"))
    }

    /// Whether the file holds a text that could be a page.
    #[must_use]
    pub fn is_page_text(&self) -> bool {
        let mut bytes = Vec::new();
        let read = crate::output::open_source(&self.file).and_then(|file| {
            if !file.metadata()?.is_file() {
                return Err(io::ErrorKind::InvalidInput.into());
            }
            file.take(super::MAX_DOCUMENT + 1).read_to_end(&mut bytes)
        });
        read.is_ok()
            && bytes.len() as u64 <= super::MAX_DOCUMENT
            && !bytes.trim_ascii().is_empty()
            // A script begins with the program that runs it.
            && !bytes.starts_with(b"#!")
            && super::decode(&self.path, &bytes).is_ok()
    }

    /// What came of looking at the file, if anybody did.
    #[must_use]
    pub fn known_facts(&self) -> Option<&Result<Facts, Refusal>> {
        self.facts.get()
    }

    /// Looks at the file, once.
    ///
    /// # Errors
    /// Why it may not be published.
    pub fn facts(&self) -> Result<&Facts, &Refusal> {
        self.facts.get_or_init(|| self.look()).as_ref()
    }

    fn look(&self) -> Result<Facts, Refusal> {
        let extension = extension(&self.path).unwrap_or_default();
        let is_right = signature(&extension).ok_or_else(|| Refusal::Type(extension.clone()))?;
        let unreadable = |error: io::Error| Refusal::Unreadable(error.to_string());
        // What was a file when the folder was walked may be a link or a pipe by now.
        let mut file = crate::output::open_source(&self.file).map_err(unreadable)?;
        let metadata = file.metadata().map_err(unreadable)?;
        if !metadata.is_file() {
            return Err(Refusal::Unreadable("it is no file".to_string()));
        }
        if extension == "svg" {
            return look_at_svg(file, metadata.len()).unwrap_or_else(|error| Err(unreadable(error)));
        }
        let mut head = Vec::new();
        (&mut file).take(HEAD).read_to_end(&mut head).map_err(unreadable)?;
        if !is_right(&head) {
            return Err(Refusal::Bytes(extension));
        }
        if matches!(extension.as_str(), "csv" | "json" | "txt") {
            return look_at_text(head, file).unwrap_or_else(|error| Err(unreadable(error)));
        }
        let mut hasher = blake3::Hasher::new();
        hasher.update(&head);
        hasher.update_reader(&mut file).map_err(unreadable)?;
        let dimensions = self.is_image().then(|| dimensions(file)).flatten();
        Ok(Facts { len: hasher.count(), hash: hasher.finalize(), dimensions, svg: None })
    }
}

/// Cleans an SVG; the outer error is the disk's.
fn look_at_svg(file: File, len: u64) -> io::Result<Result<Facts, Refusal>> {
    if len > MAX_SVG {
        return Ok(Err(Refusal::Size));
    }
    let mut bytes = Vec::new();
    file.take(MAX_SVG).read_to_end(&mut bytes)?;
    Ok(match svg::sanitize_svg(&bytes) {
        Err(why) => Err(Refusal::Svg(why)),
        Ok(clean) => Ok(Facts {
            len: clean.len() as u64,
            hash: blake3::hash(&clean),
            dimensions: svg::svg_size(&bytes),
            svg: Some(Arc::from(clean)),
        }),
    })
}

/// Reads a text whole: a secret in it would be as public as one on a page. The outer error is the disk's.
fn look_at_text(head: Vec<u8>, file: File) -> io::Result<Result<Facts, Refusal>> {
    let mut bytes = head;
    file.take(MAX_TEXT + 1 - bytes.len() as u64).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_TEXT {
        return Ok(Err(Refusal::Size));
    }
    let secret = clean(&String::from_utf8_lossy(&bytes)).findings.into_iter().find_map(|it| match it.what {
        What::Secret { name, .. } => Some(name.to_string()),
        What::Bidi(_) | What::ZeroWidth(_) => None,
    });
    Ok(match secret {
        Some(what) => Err(Refusal::Secret(what)),
        None => {
            Ok(Facts { len: bytes.len() as u64, hash: blake3::hash(&bytes), dimensions: None, svg: None })
        }
    })
}

/// Width and height of a raster image, from its first bytes: what a bomb unpacks to is never unpacked.
fn dimensions(mut file: File) -> Option<(u32, u32)> {
    file.seek(SeekFrom::Start(0)).ok()?;
    let size = imagesize::reader_size(BufReader::new(file)).ok()?;
    Some((u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?))
}

/// The test of the first bytes for a type that may be published.
fn signature(extension: &str) -> Option<fn(&[u8]) -> bool> {
    Some(match extension {
        "png" => |head| head.starts_with(b"\x89PNG\r\n\x1a\n"),
        "jpg" | "jpeg" => |head| head.starts_with(b"\xFF\xD8\xFF"),
        "gif" => |head| head.starts_with(b"GIF87a") || head.starts_with(b"GIF89a"),
        "webp" => |head| head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP"),
        "avif" => |head| {
            head.get(4..8) == Some(b"ftyp") && head.get(8..32).is_some_and(|brands| contains(brands, b"avi"))
        },
        "mp4" => |head| head.get(4..8) == Some(b"ftyp"),
        "webm" => |head| head.starts_with(b"\x1A\x45\xDF\xA3"),
        "mp3" => {
            |head| head.starts_with(b"ID3") || (head.len() > 1 && head[0] == 0xFF && head[1] & 0xE0 == 0xE0)
        }
        "pdf" => |head| head.starts_with(b"%PDF-"),
        "zip" => |head| head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06"),
        "svg" => |head| contains(head, b"<svg"),
        "csv" | "json" | "txt" => is_plain_text,
        _ => return None,
    })
}

/// Text that no browser could take for a page.
fn is_plain_text(head: &[u8]) -> bool {
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    !head.contains(&0) && !text.starts_with(b"<")
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asset(name: &str, bytes: &[u8]) -> (tempfile::TempDir, Asset) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(name);
        std::fs::write(&file, bytes).unwrap();
        (folder, Asset::new(Arc::from(name), file))
    }

    #[test]
    fn a_picture_is_measured_and_an_impostor_refused() {
        let gif = b"GIF89a\x03\x00\x02\x00\x80\x00\x00\x00\x00\x00\xFF\xFF\xFF!";
        let (_folder, picture) = asset("a.gif", gif);
        assert_eq!(picture.facts().unwrap().dimensions, Some((3, 2)));
        let (_folder, page) = asset("a.png", b"<html><script>alert(1)</script>");
        assert_eq!(page.facts().unwrap_err(), &Refusal::Bytes("png".into()));
        let (_folder, page) = asset("a.html", b"<html>");
        assert_eq!(page.facts().unwrap_err(), &Refusal::Type("html".into()));
        let (_folder, page) = asset("a.csv", b" <html><script>alert(1)</script>");
        assert_eq!(page.facts().unwrap_err(), &Refusal::Bytes("csv".into()));
    }
}
