//! What pictures, films and sound hold beside what is seen and heard: where they were recorded, with which camera,
//! by whom. [`inspect`] walks the structure of a file and says which of its bytes are published: an allow-list, so that
//! whatever is not known to be needed is left out. What is seen and heard stays byte by byte as it is, and so do
//! colour profiles, animation and the way a picture is turned.
//!
//! Nothing is unpacked, and a file is read in small windows, so that neither memory nor time depend on what it claims.
//! A file that ends too early keeps what it has of its known parts. There is no disk here, only something to read.

mod bmff;
mod embedded;
mod exif;
mod gif;
mod heif;
mod input;
mod jpeg;
mod movie;
mod mp3;
mod pdf;
mod png;
mod recipe;
mod webm;
mod webp;

use std::fmt;
use std::io::{self, Read, Seek};
use std::sync::Arc;

use crate::output::Piece;
pub use embedded::clean_embedded;
use input::Input;
use recipe::Recipe;

/// Neither side of a picture may be longer, in pixels: no browser shows more, and a page would be as high.
pub const MAX_SIDE: u32 = 65_535;

/// A picture may have at most this many pixels: half a gigabyte where it is shown.
pub const MAX_PIXELS: u64 = 1 << 27;

/// What is shorter holds nothing.
const SHORTEST: u64 = 12;

/// What a file holds that says more about a person than what is seen or heard.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Private {
    /// Where it was recorded.
    pub position: bool,
    /// The camera or telephone, and when it recorded this.
    pub camera: bool,
    /// Who recorded it or owns the camera.
    pub person: bool,
}

impl Private {
    /// Whether there is anything to tell.
    #[must_use]
    pub fn is_some(self) -> bool {
        self.position || self.camera || self.person
    }

    fn add(&mut self, other: Private) {
        self.position |= other.position;
        self.camera |= other.camera;
        self.person |= other.person;
    }
}

impl fmt::Display for Private {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = [
            (self.position, "the GPS position where it was recorded"),
            (self.camera, "data about the camera"),
            (self.person, "the name of a person"),
        ];
        let found: Vec<&str> = all.into_iter().filter_map(|(holds, what)| holds.then_some(what)).collect();
        match found.as_slice() {
            [] => Ok(()),
            [one] => out.write_str(one),
            [more @ .., last] => write!(out, "{} and {last}", more.join(", ")),
        }
    }
}

/// What was found out about a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Media {
    /// What is published, in order, where that is not the whole file.
    pub pieces: Option<Arc<[Piece]>>,
    /// What the source holds.
    pub private: Private,
    /// Whether that is published all the same, for the file cannot be changed.
    pub is_kept: bool,
    /// Width and height as it is seen, turned if it says so, in pixels.
    pub dimensions: Option<(u32, u32)>,
}

/// Why a file cannot be published.
#[derive(Debug)]
pub enum Trouble {
    /// Its structure makes no sense, in plain words.
    Damaged(&'static str),
    /// It claims more pixels than anybody can see.
    Pixels(u64, u64),
    /// It cannot be read.
    Unreadable(io::Error),
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Trouble::Unreadable(error)
    }
}

/// Looks through a file whose name has this ending; one of any other type is published as it is.
///
/// # Errors
/// When nothing of it can be published.
pub fn inspect(file: &mut (impl Read + Seek), extension: &str) -> Result<Media, Trouble> {
    let mut input = Input::new(file)?;
    if input.len() < SHORTEST {
        return Ok(Media::default());
    }
    let mut found = match extension {
        "jpg" | "jpeg" => jpeg::walk(&mut input)?,
        "png" => png::walk(&mut input)?,
        "gif" => gif::walk(&mut input)?,
        "webp" => webp::walk(&mut input)?,
        "avif" => heif::walk(&mut input)?,
        "mp4" | "m4v" | "mov" | "m4a" => movie::walk(&mut input)?,
        "webm" => webm::walk(&mut input)?,
        "mp3" => mp3::walk(&mut input)?,
        "pdf" => pdf::walk(&mut input)?,
        _ => return Ok(Media::default()),
    };
    if exif::is_turned(found.orientation) {
        found.size = found.size.map(|(width, height)| (height, width));
    }
    if let Some((width, height)) = found.size {
        let side = u64::from(MAX_SIDE);
        if width > side || height > side || width.saturating_mul(height) > MAX_PIXELS {
            return Err(Trouble::Pixels(width, height));
        }
    }
    let whole = |size: (u64, u64)| Some((u32::try_from(size.0).ok()?, u32::try_from(size.1).ok()?));
    Ok(Media {
        pieces: found.recipe.finish(input.len()),
        private: found.private,
        is_kept: found.is_kept,
        dimensions: found.size.filter(|it| it.0 > 0 && it.1 > 0).and_then(whole),
    })
}

/// What a walk through a file gives.
#[derive(Debug, Default)]
struct Walked {
    recipe: Recipe,
    private: Private,
    is_kept: bool,
    /// As in EXIF, from 1 to 8; 0 where nothing is said.
    orientation: u8,
    /// Width and height as stored.
    size: Option<(u64, u64)>,
}
