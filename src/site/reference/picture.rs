//! What is told of pictures and films that are published: what they say about their makers, and that they are
//! large.

use std::sync::Arc;

use crate::config::Files;
use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::media::Private;
use crate::source::asset::{Asset, size};

/// What is wrong with a file that is published.
pub(super) fn problems(asset: &Asset, files: &Files) -> Vec<Diagnostic> {
    let Ok(facts) = asset.facts() else { return Vec::new() };
    let mut problems = Vec::new();
    if facts.private.is_some() {
        problems.push(match facts.is_kept {
            true => published_metadata(&asset.path, facts.private),
            false => removed_metadata(&asset.path, facts.private),
        });
    }
    if asset.is_image() {
        let pixels = facts.dimensions.map_or(0, |(width, height)| u64::from(width) * u64::from(height));
        if facts.len > files.max_image_bytes {
            problems.push(heavy(&asset.path, facts.len, files.max_image_bytes));
        } else if pixels > files.max_image_pixels && facts.svg.is_none() {
            problems.push(wide(&asset.path, facts.dimensions.unwrap_or_default(), files.max_image_pixels));
        }
    }
    problems
}

fn removed_metadata(path: &Arc<str>, private: Private) -> Diagnostic {
    let message = format!("The file contains {private}; the published copy does not.");
    Diagnostic::new(Rule::PictureMetadata, path, Span::START, message).help(format!(
        "Everyone who can read the repository can read this too. Remove it from the file: {}.",
        command(path)
    ))
}

fn published_metadata(path: &Arc<str>, private: Private) -> Diagnostic {
    let message = format!("A picture in the file contains {private} and is published with it.");
    Diagnostic::new(Rule::PictureMetadata, path, Span::START, message)
        .help("Remove it from the picture, and create the file again.")
}

/// How to remove everything but what a picture is shown by, and a film played by.
pub(crate) fn command(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).as_deref() {
        Some("mp4" | "webm" | "mp3" | "mov" | "m4a" | "m4v") => {
            format!("`ffmpeg -i \"{name}\" -map_metadata -1 -c copy \"clean-{name}\"`")
        }
        _ => format!("`exiftool -all= -tagsfromfile @ -orientation -icc_profile \"{name}\"`"),
    }
}

fn heavy(path: &Arc<str>, len: u64, most: u64) -> Diagnostic {
    let message = format!("The image is {} in size, and every reader downloads it.", size(len));
    Diagnostic::new(Rule::LargeImage, path, Span::START, message).help(format!(
        "Scale it down, or save it as webp or avif, to less than {}. `images: max_bytes` in longhouse.yaml sets the limit.",
        size(most)
    ))
}

fn wide(path: &Arc<str>, (width, height): (u32, u32), most: u64) -> Diagnostic {
    let message = format!("The image has {width} × {height} pixels, more than any screen.");
    Diagnostic::new(Rule::LargeImage, path, Span::START, message).help(format!(
        "Scale it down to fewer than {most} pixels. `images: max_pixels` in longhouse.yaml sets the limit."
    ))
}
