//! The files of a published site, as whoever looks at the folder finds them.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use rayon::prelude::*;
use walkdir::WalkDir;

/// Every file below a folder, by its path with `/`: the hash of its bytes.
///
/// # Errors
/// When the folder or a file in it cannot be read.
pub fn hashes(folder: &Path) -> io::Result<BTreeMap<String, blake3::Hash>> {
    let mut files = Vec::new();
    for entry in WalkDir::new(folder).follow_root_links(true) {
        let entry = entry.map_err(io::Error::from)?;
        if !entry.file_type().is_dir() {
            files.push((super::relative(folder, entry.path()), entry.into_path()));
        }
    }
    let hash = |(name, path): (String, std::path::PathBuf)| {
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(fs::File::open(&path)?)?;
        Ok((name.replace(std::path::MAIN_SEPARATOR, "/"), hasher.finalize()))
    };
    files.into_par_iter().map(hash).collect()
}
