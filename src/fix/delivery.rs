//! Pictures between the job that downloads them and the job that may write: a folder with the bytes, by their addresses.
//!
//! Whoever takes it believes nothing of it. There is no text in it that could get into a page: what changes in the texts is
//! worked out anew from the pages themselves ([`super::images::plan`]).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::fetch::{self, Picture};

/// The file that says which picture is from where.
const LIST: &str = "pictures.json";
/// The version of its form: it counts up when a part changes its meaning.
const VERSION: u32 = 1;

/// At most this many pictures are brought in by one run; more wait for the next one.
pub const MAX_PICTURES: usize = 200;
/// A folder may have at most this many files.
pub const MAX_FILES: usize = MAX_PICTURES + 1;
/// A folder may hold at most this many bytes.
pub const MAX_BYTES: u64 = 100 * 1024 * 1024;
/// The longest address, in bytes.
pub const MAX_ADDRESS: usize = 2048;
/// What the list may take of that, with room for the signs around addresses and names.
const MAX_LIST: usize = 2 * MAX_PICTURES * MAX_ADDRESS;

/// The room for the bytes of pictures.
pub const ROOM: u64 = MAX_BYTES - MAX_LIST as u64;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    version: u32,
    /// The names of the files, by the addresses.
    pictures: BTreeMap<String, String>,
}

/// The files of a folder with pictures, by their addresses.
#[must_use]
pub fn pack(pictures: &BTreeMap<String, Picture>) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut list = List { version: VERSION, pictures: BTreeMap::new() };
    for (address, picture) in pictures {
        let name = name(&picture.bytes, picture.ending);
        files.insert(name.clone(), picture.bytes.clone());
        list.pictures.insert(address.clone(), name);
    }
    let json = serde_json::to_string_pretty(&list).unwrap_or_default();
    files.insert(LIST.to_owned(), format!("{json}\n").into_bytes());
    files
}

/// The name of a picture in the folder, which its bytes make.
fn name(bytes: &[u8], ending: &str) -> String {
    fetch::name("picture", bytes, ending)
}

/// The pictures of a folder by their addresses, if it is one that [`pack`] makes and every picture is one that
/// [`fetch::remade`] makes. `may_ask` says which addresses may be brought in at all.
///
/// # Errors
/// Why nothing of it may be taken, in plain words.
pub fn check(
    files: &BTreeMap<String, Vec<u8>>,
    may_ask: &dyn Fn(&str) -> bool,
) -> Result<BTreeMap<String, Picture>, String> {
    let list = files.get(LIST).ok_or_else(|| format!("`{LIST}` is missing."))?;
    let list: List = serde_json::from_slice(list).map_err(|error| format!("`{LIST}`: {error}."))?;
    if list.version != VERSION {
        return Err(format!(
            "`{LIST}` has version {}, and this program knows version {VERSION}.",
            list.version
        ));
    }
    if list.pictures.len() > MAX_PICTURES {
        return Err(format!("`{LIST}` names more than {MAX_PICTURES} pictures."));
    }
    let is_named = |file: &String| file == LIST || list.pictures.values().any(|it| it == file);
    if let Some(other) = files.keys().find(|file| !is_named(file)) {
        return Err(format!("`{other}` does not belong there."));
    }
    let mut pictures = BTreeMap::new();
    for (address, file) in &list.pictures {
        if !may_ask(address) {
            return Err(format!("Pictures from {address} may not be brought in."));
        }
        let bytes = files.get(file).ok_or_else(|| format!("`{file}` is missing."))?;
        let ending = fetch::ENDINGS.into_iter().find(|ending| *file == name(bytes, ending));
        let ending = ending.ok_or_else(|| format!("`{file}` is not named as this program names it."))?;
        let (width, height) = fetch::as_made(bytes, ending).map_err(|why| format!("`{file}` {why}."))?;
        pictures.insert(address.clone(), Picture { bytes: bytes.clone(), ending, width, height });
    }
    Ok(pictures)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{DynamicImage, ImageFormat};

    fn picture() -> Picture {
        let mut bytes = std::io::Cursor::new(Vec::new());
        DynamicImage::new_rgb8(9, 7).write_to(&mut bytes, ImageFormat::Png).expect("a picture");
        fetch::remade(bytes.get_ref()).expect("a picture")
    }

    #[test]
    fn what_is_packed_is_taken_and_nothing_else_is() {
        let address = "https://github.com/user-attachments/assets/1";
        let packed = pack(&BTreeMap::from([(address.to_owned(), picture())]));
        assert_eq!(
            check(&packed, &|it| it == address),
            Ok(BTreeMap::from([(address.to_owned(), picture())]))
        );
        let why = |files: &BTreeMap<String, Vec<u8>>| check(files, &|it| it == address).expect_err("refused");
        let with = |name: &str, bytes: &[u8]| {
            let mut files = packed.clone();
            files.insert(name.to_owned(), bytes.to_vec());
            files
        };
        assert!(check(&packed, &|_| false).is_err(), "a host that may not be asked");
        assert!(why(&with("more.md", b"# Hello")).contains("does not belong"));
        assert!(why(&with(LIST, b"{\"version\": 2, \"pictures\": {}}")).contains("version 2"));
        assert!(why(&with(LIST, b"{\"version\": 1, \"pictures\": {}, \"run\": \"x\"}")).contains("run"));
        let file = packed.keys().next().expect("a picture").clone();
        assert!(why(&with(&file, b"<svg/>")).contains("not named"));
        let mut files = packed.clone();
        files.remove(&file);
        assert!(why(&files).contains("is missing"));

        // Named by its bytes, and yet no picture of ours: a page, or a picture with more behind it.
        let behind = [&picture().bytes[..], b"<script>"].concat();
        for bytes in [b"<html>".to_vec(), behind] {
            let name = name(&bytes, "png");
            let list = format!("{{\"version\": 1, \"pictures\": {{\"{address}\": \"{name}\"}}}}");
            let files = BTreeMap::from([(LIST.to_owned(), list.into_bytes()), (name, bytes)]);
            assert!(why(&files).contains("is"), "{}", why(&files));
        }
    }
}
