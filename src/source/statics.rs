//! A file of the folder `static/`. It is the company's, and is published byte for byte as it is.

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;
use std::sync::OnceLock;

use super::extension;
use crate::media::{self, Media, Private};
use crate::page::svg;

/// A larger drawing is not measured.
const MAX_SVG: u64 = 1 << 20;

/// A file that is copied as it is.
#[derive(Debug, Clone)]
pub struct StaticFile {
    /// Where it lies on disk.
    pub path: PathBuf,
    /// Its size in bytes.
    pub len: u64,
    /// The hash of its bytes.
    pub hash: blake3::Hash,
    /// What was found in it, if anybody looked.
    media: OnceLock<Media>,
}

impl PartialEq for StaticFile {
    fn eq(&self, other: &StaticFile) -> bool {
        (&self.path, self.len, self.hash) == (&other.path, other.len, other.hash)
    }
}

impl Eq for StaticFile {}

impl StaticFile {
    /// A file that nobody has looked into yet.
    #[must_use]
    pub const fn new(path: PathBuf, len: u64, hash: blake3::Hash) -> StaticFile {
        StaticFile { path, len, hash, media: OnceLock::new() }
    }

    /// Width and height of a picture in CSS pixels, as it is seen.
    #[must_use]
    pub fn dimensions(&self) -> Option<(u32, u32)> {
        self.media().dimensions
    }

    /// What a picture or a film tells about its maker.
    #[must_use]
    pub fn private(&self) -> Private {
        self.media().private
    }

    fn media(&self) -> &Media {
        self.media.get_or_init(|| self.look().unwrap_or_default())
    }

    fn look(&self) -> Option<Media> {
        let extension = extension(self.path.to_str()?)?;
        let mut file = File::open(&self.path).ok()?;
        if extension != "svg" {
            return media::inspect(&mut file, &extension).ok();
        }
        let mut bytes = Vec::new();
        file.take(MAX_SVG).read_to_end(&mut bytes).ok()?;
        Some(Media { dimensions: svg::svg_size(&bytes), ..Media::default() })
    }
}
