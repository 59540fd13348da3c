//! EXIF, XMP and IPTC: which way a picture is turned, and what else they tell. Nothing of them is published but the
//! first, so what is not understood here is not missed; it only goes unreported.

use super::Private;

/// At most this many entries of a directory are looked at.
const MAX_ENTRIES: usize = 512;

/// The letters before EXIF in a JPEG, and sometimes elsewhere.
pub(super) const PREFIX: &[u8] = b"Exif\0\0";

/// What EXIF says.
#[derive(Debug, Default)]
pub(super) struct Exif {
    /// From 1 to 8; 0 where nothing is said.
    pub(super) orientation: u8,
    pub(super) private: Private,
}

/// Whether width and height change places.
pub(super) fn is_turned(orientation: u8) -> bool {
    (5..=8).contains(&orientation)
}

/// Whether a picture has to be turned at all.
pub(super) fn is_told(orientation: u8) -> bool {
    (2..=8).contains(&orientation)
}

/// Reads EXIF, with or without the letters before it.
pub(super) fn read(bytes: &[u8]) -> Exif {
    let tiff = Tiff::new(bytes.strip_prefix(PREFIX).unwrap_or(bytes));
    let mut exif = Exif::default();
    let Some(tiff) = tiff else { return exif };
    let Some(first) = tiff.u32(4) else { return exif };
    // The directory of the picture, and those of the camera and of the position that it names.
    let mut directories = vec![(first, Directory::Picture)];
    for step in 0..4 {
        let Some(&(at, directory)) = directories.get(step) else { break };
        for entry in tiff.entries(at) {
            match (directory, entry.tag) {
                (Directory::Picture, 0x0112) => {
                    let value = entry.short(&tiff);
                    exif.orientation = u8::try_from(value).ok().filter(|it| *it <= 8).unwrap_or(0);
                }
                (Directory::Picture, 0x8769) => directories.extend(Some((entry.value, Directory::Camera))),
                (Directory::Picture, 0x8825) => directories.extend(Some((entry.value, Directory::Position))),
                (Directory::Picture, 0x010F | 0x0110 | 0xC62F) => exif.private.camera = true,
                (Directory::Picture, 0x013B | 0x9C9D) => exif.private.person = true,
                (Directory::Camera, 0x9003 | 0x9004 | 0x927C | 0xA431..=0xA435) => {
                    exif.private.camera = true;
                }
                (Directory::Camera, 0xA430) => exif.private.person = true,
                // Latitude, longitude, and the names of places. A version alone says nothing.
                (Directory::Position, 2 | 4 | 20 | 22 | 27 | 28) => exif.private.position = true,
                _ => {}
            }
        }
    }
    exif
}

/// EXIF that says nothing but the way a picture is turned, without the letters before it.
pub(super) fn only_orientation(orientation: u8) -> Vec<u8> {
    let mut bytes = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    bytes.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    bytes
}

/// What XMP tells, as far as its text is in the clear.
pub(super) fn read_xmp(bytes: &[u8]) -> Private {
    let has = |names: &[&str]| names.iter().any(|name| holds(bytes, name.as_bytes()));
    Private {
        position: has(&[
            "GPSLatitude",
            "GPSLongitude",
            "GPSCoordinates",
            "photoshop:City",
            "Iptc4xmpCore:Location",
            "LocationCreated",
            "LocationShown",
        ]),
        camera: has(&["tiff:Make", "tiff:Model", "aux:", "exifEX:", "exif:DateTimeOriginal", "GCamera:"]),
        person: has(&["dc:creator", "photoshop:Credit", "OwnerName", "CreatorContactInfo", "PersonInImage"]),
    }
}

/// What an IPTC record tells.
pub(super) fn read_iptc(bytes: &[u8]) -> Private {
    let has = |kinds: &[u8]| bytes.windows(3).any(|it| it[..2] == [0x1C, 2] && kinds.contains(&it[2]));
    Private { position: has(&[26, 27, 90, 92, 95, 101]), camera: has(&[55, 60]), person: has(&[80, 85, 122]) }
}

pub(super) fn holds(haystack: &[u8], needle: &[u8]) -> bool {
    memchr::memmem::find(haystack, needle).is_some()
}

#[derive(Clone, Copy)]
enum Directory {
    Picture,
    Camera,
    Position,
}

/// The container of EXIF, in either order of bytes.
struct Tiff<'a> {
    bytes: &'a [u8],
    is_big: bool,
}

struct Entry {
    tag: u16,
    /// Where it stands.
    at: usize,
    /// Its value, or where that stands.
    value: u32,
}

impl Entry {
    /// Its value as a number of two bytes.
    fn short(&self, tiff: &Tiff<'_>) -> u16 {
        tiff.u16(self.at + 8).unwrap_or(0)
    }
}

impl<'a> Tiff<'a> {
    fn new(bytes: &'a [u8]) -> Option<Self> {
        let is_big = match bytes.get(..4)? {
            b"II*\0" => false,
            b"MM\0*" => true,
            _ => return None,
        };
        Some(Tiff { bytes, is_big })
    }

    fn u16(&self, at: usize) -> Option<u16> {
        let two = self.bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if self.is_big { u16::from_be_bytes(two) } else { u16::from_le_bytes(two) })
    }

    fn u32(&self, at: usize) -> Option<u32> {
        let four = self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if self.is_big { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) })
    }

    fn entries(&self, at: u32) -> Vec<Entry> {
        let at = usize::try_from(at).unwrap_or(usize::MAX);
        let count = self.u16(at).map_or(0, usize::from).min(MAX_ENTRIES);
        let entry = |n: usize| {
            let at = at.checked_add(2 + n * 12)?;
            Some(Entry { tag: self.u16(at)?, at, value: self.u32(at + 8)? })
        };
        (0..count).map_while(entry).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_says_only_the_orientation() {
        for orientation in 1..=8 {
            let exif = read(&only_orientation(orientation));
            assert_eq!((exif.orientation, exif.private.is_some()), (orientation, false));
        }
    }

    #[test]
    fn directories_that_lead_nowhere_or_in_circles_end() {
        for bytes in [&b"II*\0"[..], b"MM\0*\xFF\xFF\xFF\xFF", b"II*\0\x08\0\0\0\xFF\xFF", b"", b"Exif\0\0"] {
            assert_eq!(read(bytes).orientation, 0);
        }
        let circle =
            b"II*\0\x08\0\0\0\x02\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0\x25\x88\x04\0\x01\0\0\0\x08\0\0\0";
        assert!(!read(circle).private.position);
    }
}
