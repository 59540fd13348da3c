//! The published search index, read from the output folder as the terminal asks for it.

use std::io;
use std::path::Path;

use longhouse_search::pack::{Manifest, Pack, file_name};

/// The manifest that names the folder of the index; the only file of it that a host may not keep.
pub const MANIFEST: &str = "search/index.json";

/// Opens the index of a published site. Its pieces are read as they are needed.
///
/// # Errors
/// When there is none, when its manifest or its hot bundle cannot be read, or when they are of another version.
pub fn open(output: &Path) -> io::Result<Pack> {
    let manifest = output.join(MANIFEST);
    let read = Manifest::from_json(&std::fs::read(&manifest)?).map_err(io::Error::other)?;
    let folder = manifest.with_file_name(read.folder);
    let fetch = move |number| std::fs::read(folder.join(file_name(number)));
    Pack::fetching(Box::new(fetch)).map_err(io::Error::other)
}
