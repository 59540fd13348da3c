//! A file beside content that is no text: an image, a document to download. It is looked at only when
//! a page refers to it, once, and published only if its first bytes are what its name says. What pictures and films
//! tell about their makers is left out of what is published.

use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use super::extension;
use crate::config::Files;
use crate::file_type::{self, HEAD};
use crate::media::{self, Private, Trouble};
use crate::output::{Content, Piece, PieceReader};
use crate::page::svg;
use crate::page::text::{What, clean};

/// An SVG larger than this is refused: it is read whole to be cleaned.
const MAX_SVG: u64 = 1 << 20;

/// A text larger than this is refused: it is read whole to be looked through.
const MAX_TEXT: u64 = 16 << 20;

/// A file of the content folder that is no text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// Path from the root, with `/`.
    pub path: Arc<str>,
    /// Where it lies on disk.
    pub file: PathBuf,
    /// What the configuration says of such files.
    rules: Arc<Files>,
    facts: OnceLock<Result<Facts, Refusal>>,
}

/// What is known of an asset that may be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Size of the file in bytes.
    pub source_len: u64,
    /// Size of what is published, in bytes.
    pub len: u64,
    /// BLAKE3 of what is published.
    pub hash: blake3::Hash,
    /// Width and height in CSS pixels, as it is seen.
    pub dimensions: Option<(u32, u32)>,
    /// What is published of it, where that is not the whole file.
    pub pieces: Option<Arc<[Piece]>>,
    /// What the file tells about its maker.
    pub private: Private,
    /// Whether that is published all the same.
    pub is_kept: bool,
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
    /// Its type is one that is never published, and why.
    Active(String, &'static str),
    /// It is larger than a file may be, in bytes.
    Size(u64),
    /// It claims more pixels than can be shown.
    Pixels(u64, u64),
    /// It cannot be read as what it is, and why.
    Damaged(&'static str),
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
            Refusal::Active(extension, why) => {
                write!(out, "is of the type .{extension}, which is never published: {why}")
            }
            Refusal::Size(most) => write!(out, "is larger than {}", size(*most)),
            Refusal::Pixels(width, height) => {
                write!(out, "claims to have {width} × {height} pixels, more than can be shown")
            }
            Refusal::Damaged(why) => write!(out, "is damaged: {why}"),
            Refusal::Secret(what) => write!(out, "contains what looks like {what}"),
            Refusal::Svg(reason) => write!(out, "cannot be shown safely: {reason}"),
            Refusal::Unreadable(reason) => write!(out, "cannot be read: {reason}"),
        }
    }
}

impl Refusal {
    /// What to do about it, in plain words.
    #[must_use]
    pub fn help(&self) -> String {
        let help = match self {
            Refusal::Type(extension) if matches!(extension.as_str(), "heic" | "heif") => {
                "Browsers cannot show it. Convert it to jpg, for example with `magick photo.heic photo.jpg`, and use \
                 that."
            }
            Refusal::Type(extension)
                if matches!(extension.as_str(), "tif" | "tiff" | "bmp" | "psd" | "jp2" | "jxl") =>
            {
                "Not all browsers can show it. Convert it to png, jpg, webp or avif."
            }
            Refusal::Type(extension) if matches!(extension.as_str(), "mov" | "avi" | "mkv" | "m4v") => {
                "Convert it to mp4 or webm, which all browsers play."
            }
            Refusal::Type(extension) if !extension.is_empty() => {
                return format!(
                    "Convert it to png, jpg, gif, webp, avif, svg, mp4, webm, mp3, pdf, txt, csv, json or zip, or allow the type in longhouse.yaml: `attachments: [{extension}]`. It is not published."
                );
            }
            Refusal::Active(..) => "Put it into a zip file, or show its text as code on the page.",
            Refusal::Size(_) => {
                "Make it smaller, or host it elsewhere and link to it. `max_file_bytes` in \
                 longhouse.yaml sets the limit."
            }
            Refusal::Pixels(..) => "Scale the picture down, or export it again.",
            Refusal::Svg(_) => "Export it again with fewer effects, or save it as png or webp.",
            Refusal::Damaged(_) => "Export it again from the program that made it.",
            _ => {
                "Give it the right file extension, or convert it to png, jpg, gif, webp, avif, svg, mp4, webm, mp3, \
                 pdf, txt, csv, json or zip."
            }
        };
        format!("{help} It is not published.")
    }
}

/// A size in bytes, for people.
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        0..=9_999 => format!("{bytes} bytes"),
        10_000..=9_999_999 => format!("{} KB", bytes / 1000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}

impl Asset {
    /// An asset that nobody has looked at yet.
    #[must_use]
    pub const fn new(path: Arc<str>, file: PathBuf, rules: Arc<Files>) -> Self {
        Asset { path, file, rules, facts: OnceLock::new() }
    }

    /// An asset that is not there any more, taken for what its name says.
    #[must_use]
    pub fn presumed(path: Arc<str>, file: PathBuf, rules: Arc<Files>) -> Self {
        let extension = extension(&path).unwrap_or_default();
        let facts = may_be_called(&extension, &rules).map(|()| Facts {
            source_len: 0,
            len: 0,
            hash: blake3::Hash::from_bytes([0; blake3::OUT_LEN]),
            dimensions: None,
            pieces: None,
            private: Private::default(),
            is_kept: false,
            svg: None,
        });
        Asset { path, file, rules, facts: OnceLock::from(facts) }
    }

    /// Whether the name alone allows publishing.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        may_be_called(&extension(&self.path).unwrap_or_default(), &self.rules).is_ok()
    }

    /// Whether it is handed out to be saved and never shown: of a type that the configuration added.
    #[must_use]
    pub fn is_download(&self) -> bool {
        extension(&self.path).is_some_and(|it| file_type::published(&it).is_none())
    }

    /// Whether the configuration says the same of both.
    #[must_use]
    pub fn has_rules_of(&self, other: &Asset) -> bool {
        self.rules == other.rules
    }

    /// Whether this is an image that a page can show.
    #[must_use]
    pub fn is_image(&self) -> bool {
        extension(&self.path)
            .is_some_and(|it| matches!(it.as_str(), "png" | "jpg" | "jpeg" | "gif" | "webp" | "avif" | "svg"))
    }

    /// Whether the file is a film (`true`) or a recording (`false`), by its extension.
    #[must_use]
    pub fn is_video(&self) -> Option<bool> {
        match extension(&self.path)?.as_str() {
            "mp4" | "webm" => Some(true),
            "mp3" => Some(false),
            _ => None,
        }
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
        may_be_called(&extension, &self.rules)?;
        let unreadable = |error: io::Error| Refusal::Unreadable(error.to_string());
        // What was a file when the folder was walked may be a link or a pipe by now.
        let mut file = crate::output::open_source(&self.file).map_err(unreadable)?;
        let metadata = file.metadata().map_err(unreadable)?;
        if !metadata.is_file() {
            return Err(Refusal::Unreadable("it is not a file".to_string()));
        }
        let most = self.rules.max_bytes;
        if metadata.len() > most {
            return Err(Refusal::Size(most));
        }
        if extension == "svg" {
            return look_at_svg(file, metadata.len()).unwrap_or_else(|error| Err(unreadable(error)));
        }
        let mut head = Vec::new();
        (&mut file).take(HEAD).read_to_end(&mut head).map_err(unreadable)?;
        let is_right = match file_type::published(&extension) {
            Some(test) => test(&head),
            None => file_type::attachment(&extension, &head),
        };
        if !is_right {
            return Err(Refusal::Bytes(extension));
        }
        let is_text = matches!(extension.as_str(), "csv" | "json" | "txt");
        if is_text || (self.is_download() && file_type::is_text(&head)) {
            return look_at_text(head, file).unwrap_or_else(|error| Err(unreadable(error)));
        }
        look_at_media(file, &extension, most)
    }
}

/// Whether a name may be that of a published file.
fn may_be_called(extension: &str, rules: &Files) -> Result<(), Refusal> {
    if file_type::published(extension).is_some() {
        return Ok(());
    }
    match file_type::refused(extension) {
        Some(why) => Err(Refusal::Active(extension.to_string(), why)),
        None if rules.attachments.contains(extension) => Ok(()),
        None => Err(Refusal::Type(extension.to_string())),
    }
}

/// Looks through a picture or a film, and reads what is published of it once.
fn look_at_media(mut file: File, extension: &str, most: u64) -> Result<Facts, Refusal> {
    let unreadable = |error: io::Error| Refusal::Unreadable(error.to_string());
    let media = media::inspect(&mut file, extension).map_err(|trouble| match trouble {
        Trouble::Damaged(why) => Refusal::Damaged(why),
        Trouble::Pixels(width, height) => Refusal::Pixels(width, height),
        Trouble::Unreadable(error) => unreadable(error),
    })?;
    let source_len = file.seek(SeekFrom::End(0)).map_err(unreadable)?;
    file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    let mut hasher = blake3::Hasher::new();
    // The file may grow while it is read.
    match &media.pieces {
        Some(pieces) => {
            let reader = PieceReader::new(BufReader::new(file), Arc::clone(pieces));
            hasher.update_reader(reader.take(most.saturating_mul(2))).map_err(unreadable)?
        }
        None => hasher.update_reader(file.take(source_len)).map_err(unreadable)?,
    };
    Ok(Facts {
        source_len,
        len: hasher.count(),
        hash: hasher.finalize(),
        dimensions: media.dimensions,
        pieces: media.pieces,
        private: media.private,
        is_kept: media.is_kept,
        svg: None,
    })
}

impl Facts {
    /// What is published, of the file that it was read from.
    #[must_use]
    pub fn content(&self, file: &std::path::Path) -> Content {
        let path = file.to_path_buf();
        match (&self.svg, &self.pieces) {
            (Some(clean), _) => Arc::clone(clean).into(),
            (None, None) => Content::Source { path, len: self.len, hash: self.hash },
            (None, Some(pieces)) => Content::Pieces {
                path,
                pieces: Arc::clone(pieces),
                source_len: self.source_len,
                len: self.len,
                hash: self.hash,
            },
        }
    }

    fn of_bytes(bytes: &[u8], dimensions: Option<(u32, u32)>, svg: Option<Arc<[u8]>>) -> Facts {
        Facts {
            source_len: bytes.len() as u64,
            len: bytes.len() as u64,
            hash: blake3::hash(bytes),
            dimensions,
            pieces: None,
            private: Private::default(),
            is_kept: false,
            svg,
        }
    }
}

/// Cleans an SVG; the outer error is the disk's.
fn look_at_svg(file: File, len: u64) -> io::Result<Result<Facts, Refusal>> {
    if len > MAX_SVG {
        return Ok(Err(Refusal::Size(MAX_SVG)));
    }
    let mut bytes = Vec::new();
    file.take(MAX_SVG).read_to_end(&mut bytes)?;
    Ok(match svg::sanitize_svg(&bytes) {
        Err(why) => Err(Refusal::Svg(why)),
        Ok(clean) => {
            let clean: Arc<[u8]> = Arc::from(clean);
            Ok(Facts::of_bytes(&clean, svg::svg_size(&bytes), Some(Arc::clone(&clean))))
        }
    })
}

/// Reads a text whole: a secret in it would be as public as one on a page. The outer error is the disk's.
fn look_at_text(head: Vec<u8>, file: File) -> io::Result<Result<Facts, Refusal>> {
    let mut bytes = head;
    file.take(MAX_TEXT + 1 - bytes.len() as u64).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_TEXT {
        return Ok(Err(Refusal::Size(MAX_TEXT)));
    }
    let secret = clean(&String::from_utf8_lossy(&bytes)).findings.into_iter().find_map(|it| match it.what {
        What::Secret { name, .. } => Some(name.to_string()),
        What::Bidi(_) | What::ZeroWidth(_) => None,
    });
    Ok(match secret {
        Some(what) => Err(Refusal::Secret(what)),
        None => Ok(Facts::of_bytes(&bytes, None, None)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asset(name: &str, bytes: &[u8]) -> (tempfile::TempDir, Asset) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(name);
        std::fs::write(&file, bytes).unwrap();
        (folder, Asset::new(Arc::from(name), file, Arc::default()))
    }

    #[test]
    fn a_picture_is_measured_and_an_impostor_refused() {
        let gif = b"GIF89a\x03\x00\x02\x00\x80\x00\x00\x00\x00\x00\xFF\xFF\xFF!";
        let (_folder, picture) = asset("a.gif", gif);
        assert_eq!(picture.facts().unwrap().dimensions, Some((3, 2)));
        let (_folder, page) = asset("a.png", b"<html><script>alert(1)</script>");
        assert_eq!(page.facts().unwrap_err(), &Refusal::Bytes("png".into()));
        let (_folder, page) = asset("a.html", b"<html>");
        assert_eq!(
            page.facts().unwrap_err(),
            &Refusal::Active("html".into(), file_type::refused("html").unwrap())
        );
        let (_folder, page) = asset("a.csv", b" <html><script>alert(1)</script>");
        assert_eq!(page.facts().unwrap_err(), &Refusal::Bytes("csv".into()));
    }
}
