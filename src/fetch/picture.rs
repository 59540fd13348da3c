//! A picture made anew: what came is decoded, turned as it is seen, and encoded again. What is not seen is not there any
//! more: places, cameras, names, previews, comments, and whatever somebody put behind the picture.
//!
//! Photographs become JPEG, animations stay GIF, everything else becomes PNG; of an animated WebP the first picture stays. Drawings (SVG) and what only newer browsers
//! show (AVIF, HEIC) are refused, and the message says what to do instead.

use std::io::Cursor;
use std::time::Duration;

use image::codecs::gif::{GifDecoder, GifEncoder, Repeat};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{
    AnimationDecoder, DynamicImage, Frame, ImageDecoder, ImageEncoder, ImageFormat, ImageReader, Limits,
};

/// A picture may have at most this many pixels; an animation in all of its frames together.
pub const MAX_PIXELS: u64 = 40_000_000;
/// The endings of what is made.
pub const ENDINGS: [&str; 3] = ["png", "jpg", "gif"];
/// No side may be longer.
const MAX_SIDE: u32 = 16_384;
/// An animation may have at most this many frames.
const MAX_FRAMES: usize = 500;
/// The quality of a JPEG: nobody sees a difference to what came.
const QUALITY: u8 = 88;
/// What a decoder may take, in bytes.
const MAX_MEMORY: u64 = 400 * 1024 * 1024;

/// A picture that may be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The bytes of the file.
    pub bytes: Vec<u8>,
    /// The ending of its name: `png`, `jpg` or `gif`.
    pub ending: &'static str,
    /// How wide it is as it is seen, in pixels.
    pub width: u32,
    /// How high it is, in pixels.
    pub height: u32,
}

/// Makes a picture anew, from the bytes of a file of any name. The same bytes make the same picture.
///
/// # Errors
/// Why not, in words for the one who sent it.
pub fn remade(bytes: &[u8]) -> Result<Picture, String> {
    let format = format(bytes)?;
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits());
    let (width, height) = reader.into_dimensions().map_err(|_| damaged())?;
    if width == 0 || height == 0 || width > MAX_SIDE || height > MAX_SIDE || area(width, height) > MAX_PIXELS
    {
        return Err(format!(
            "it has {width} × {height} pixels, and a picture may have at most {} million: make it smaller",
            MAX_PIXELS / 1_000_000
        ));
    }
    if format == ImageFormat::Gif
        && let Some(made) = animation(bytes, width, height)?
    {
        return Ok(made);
    }
    let image = decoded(bytes, format)?;
    // As PNG, a photograph would be several times as large as it came.
    let is_photograph = matches!(format, ImageFormat::Jpeg | ImageFormat::WebP) && !image.color().has_alpha();
    let made = if is_photograph { photograph(&image)? } else { drawing(&image)? };
    match made.bytes.len() as u64 <= super::MAX_BYTES {
        true => Ok(made),
        false if !image.color().has_alpha() && !is_photograph => photograph(&image),
        false => Err("it is too large: make it smaller".to_owned()),
    }
}

/// Makes sure that bytes are a picture as [`remade`] makes them: of the sort that its ending says, small enough, and with
/// nothing in it but what is seen. Gives back its width and height.
///
/// # Errors
/// What is wrong with it, as the end of a sentence.
pub fn as_made(bytes: &[u8], ending: &str) -> Result<(u32, u32), &'static str> {
    let is_sort =
        ENDINGS.contains(&ending) && crate::file_type::published(ending).is_some_and(|is| is(bytes));
    if bytes.len() as u64 > super::MAX_BYTES || !is_sort {
        return Err("is too large, or is not what its name says");
    }
    let seen = crate::media::inspect(&mut Cursor::new(bytes), ending).ok();
    let seen = seen.filter(|it| it.pieces.is_none() && !it.private.is_some());
    seen.and_then(|it| it.dimensions).ok_or("holds more than what is seen")
}

/// What the first bytes say.
fn format(bytes: &[u8]) -> Result<ImageFormat, String> {
    let is = |ending: &str| {
        crate::file_type::published(ending).is_some_and(|test| test(&bytes[..bytes.len().min(4096)]))
    };
    if is("png") {
        Ok(ImageFormat::Png)
    } else if is("jpg") {
        Ok(ImageFormat::Jpeg)
    } else if is("gif") {
        Ok(ImageFormat::Gif)
    } else if is("webp") {
        Ok(ImageFormat::WebP)
    } else if is("svg") {
        Err("it is an SVG, which can run code: save it as PNG".to_owned())
    } else if bytes.get(4..8) == Some(b"ftyp") {
        Err("it is a film, or a picture as AVIF or HEIC: save it as PNG, JPEG, GIF or WebP".to_owned())
    } else {
        Err("it is not a picture: use PNG, JPEG, GIF or WebP".to_owned())
    }
}

fn damaged() -> String {
    "the picture is damaged: open it, save it anew and send that".to_owned()
}

const fn area(width: u32, height: u32) -> u64 {
    width as u64 * height as u64
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_MEMORY);
    limits
}

/// The picture as it is seen, turned if it says so.
fn decoded(bytes: &[u8], format: ImageFormat) -> Result<DynamicImage, String> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits());
    let mut decoder = reader.into_decoder().map_err(|_| damaged())?;
    let turned = decoder.orientation().map_err(|_| damaged())?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(|_| damaged())?;
    image.apply_orientation(turned);
    Ok(image)
}

fn photograph(image: &DynamicImage) -> Result<Picture, String> {
    let mut made = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut made, QUALITY);
    let encoded = match image.color().has_color() {
        true => image.to_rgb8().write_with_encoder(encoder),
        false => image.to_luma8().write_with_encoder(encoder),
    };
    encoded.map_err(|_| damaged())?;
    Ok(Picture { bytes: made, ending: "jpg", width: image.width(), height: image.height() })
}

fn drawing(image: &DynamicImage) -> Result<Picture, String> {
    let mut made = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut made, CompressionType::Best, FilterType::Adaptive);
    let (width, height) = (image.width(), image.height());
    let (bytes, colour) = match (image.color().has_alpha(), image.color().has_color()) {
        (true, _) => (image.to_rgba8().into_raw(), image::ExtendedColorType::Rgba8),
        (false, true) => (image.to_rgb8().into_raw(), image::ExtendedColorType::Rgb8),
        (false, false) => (image.to_luma8().into_raw(), image::ExtendedColorType::L8),
    };
    encoder.write_image(&bytes, width, height, colour).map_err(|_| damaged())?;
    Ok(Picture { bytes: made, ending: "png", width, height })
}

/// An animation with its frames and their times; nothing if there is one frame alone.
fn animation(bytes: &[u8], width: u32, height: u32) -> Result<Option<Picture>, String> {
    let mut decoder = GifDecoder::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    decoder.set_limits(limits()).map_err(|_| damaged())?;
    let mut frames: Vec<Frame> = Vec::new();
    for frame in decoder.into_frames() {
        if frames.len() >= MAX_FRAMES || area(width, height) * (frames.len() as u64 + 1) > MAX_PIXELS {
            return Err("the animation is too long or too large: shorten it, or make it smaller".to_owned());
        }
        frames.push(frame.map_err(|_| damaged())?);
    }
    if frames.len() < 2 {
        return Ok(None);
    }
    let mut made = Vec::new();
    {
        let mut encoder = GifEncoder::new_with_speed(&mut made, 10);
        encoder.set_repeat(Repeat::Infinite).map_err(|_| damaged())?;
        for frame in frames {
            // What is shown for no time at all is shown as browsers do.
            let time = Duration::from(frame.delay()).max(Duration::from_millis(20));
            let delay = image::Delay::from_saturating_duration(time);
            encoder
                .encode_frame(Frame::from_parts(frame.into_buffer(), 0, 0, delay))
                .map_err(|_| damaged())?;
        }
    }
    Ok(Some(Picture { bytes: made, ending: "gif", width, height }))
}
