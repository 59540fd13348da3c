//! The published search index, read from the output folder as the terminal asks for it.

use std::io::{self, Read};
use std::path::Path;

use longhouse_search::pack::{MANIFEST, Manifest, Pack};

/// A larger piece is none of ours, in bytes.
const LONGEST: u64 = 1 << 30;

/// The bytes of a file that is no link and no device.
fn read_piece(path: &Path) -> io::Result<Vec<u8>> {
    let file = crate::state::open_source(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    let mut bytes = Vec::new();
    file.take(LONGEST).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Opens the index of a published site. Its pieces are read as they are needed.
///
/// # Errors
/// When there is none, when its manifest or its hot bundle cannot be read, or when they are of another version.
pub fn open(output: &Path) -> io::Result<Pack> {
    let manifest = Manifest::from_json(&read_piece(&output.join(MANIFEST))?).map_err(io::Error::other)?;
    let output = output.to_path_buf();
    let fetch = move |number| read_piece(&output.join(manifest.piece(number)));
    Pack::fetching(Box::new(fetch)).map_err(io::Error::other)
}
